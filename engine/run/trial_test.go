package run

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
	packs "github.com/gouji/gouji/rules"
)

// TestTrialsAreWhole: a trial judges only the rules that read the figure, and comes out as if it judged all of them.
func TestTrialsAreWhole(t *testing.T) {
	pack, list, err := rule.Load(packs.Packs, "juesuan", "juesuan", nil)
	if err != nil || list.HasErrors() {
		t.Fatal(list, err)
	}
	p, list := plan.Compile(pack)
	if list.HasErrors() {
		t.Fatal(list)
	}
	files, _ := filepath.Glob("../../datasets/*/2023.yaml")
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := yamldoc.Parse(source.New("2023.yaml", content))
	header, _ := dataset.ReadHeader(doc, false)
	d, list := dataset.Build(doc, header, pack.Schema)
	if list.HasErrors() {
		t.Fatal(list)
	}
	all := make([]int, 1+len(p.Rules))
	for i := range all {
		all[i] = i
	}
	full := checker{options: Options{Formulas: "zh"}}
	r := full.judge(p, d, finding.Input{Path: "2023.yaml"})
	c := checker{brief: true}
	now := found(r)
	if again := outcomeOf(c.some(r, d, all)); !maps.Equal(now.fails, again.fails) || now.tally != again.tally || len(now.fails) == 0 {
		t.Errorf("%d fails and %+v were found, judging briefly finds %d and %+v", len(now.fails), now.tally, len(again.fails), again.tally)
	}
	readers := readersOf(p)
	other, err := number.Parse("987.65")
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	// A tenth of the figures will do, and all of those that are stated twice.
	for cell, fact := range d.Facts() {
		st := fact.Statement()
		if st == nil || cell%10 > 0 && !d.IsRestated(cell) || !fact.Field.Type.Numeric() || st.Number.Has(number.Missing) {
			continue
		}
		part := &trial{cell: cell, data: d.With(cell, other.Value(), nil)}
		read := readers.of(part)
		part.outcome = now.but(read, c.some(r, part.data, read))
		whole := outcomeOf(c.some(r, part.data, all))
		if !maps.Equal(part.fails, whole.fails) || part.tally != whole.tally {
			t.Errorf("%s: %+v of some rules, %+v of all", d.Address(cell), part.tally, whole.tally)
		}
		if whole.tally != now.tally || !maps.Equal(whole.fails, now.fails) {
			changed++
		}
	}
	if changed < 30 {
		t.Errorf("only %d figures made a difference", changed)
	}
}
