package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/cache"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
)

// handing is a sink that notes how many outcomes of a file it was given before what is wrong with the next.
type handing struct {
	gathering
	found []string
}

func (h *handing) Found(o *finding.Outcome) error {
	h.found = append(h.found, fmt.Sprint(o.Index, " ", o.Input.Path))
	return h.gathering.Found(o)
}

func (h *handing) Across(o *finding.Outcome) error {
	h.found = append(h.found, fmt.Sprint(o.Index, " ", o.Input.Path, " across"))
	return h.gathering.Across(o)
}

// TestParts: a file of which much comes is handed on in parts, and the same comes of it in the same order.
func TestParts(t *testing.T) {
	var lines, table strings.Builder
	table.WriteString("单位,期间,年初,年末\n")
	for i := range 40 {
		period := 2020 + i%2
		switch {
		case i%11 == 5:
			fmt.Fprintf(&lines, "{\"entity\": \"第%d号\", \"period\": %d, \"closing\": \"五\"}\n", i/2, period)
		case i%11 == 6:
			lines.WriteString("{\n")
		default:
			fmt.Fprintf(&lines, "{\"entity\": \"第%d号\", \"period\": %d, \"opening\": \"%d.00\", \"closing\": \"%d.00\"}\n", i/2, period, i%5, i%3-1)
		}
		fmt.Fprintf(&table, "乙%d,%d,%d.00,%d.00\n", i/2, period, i%5, i%3-1)
	}
	files := fstest.MapFS{
		"p/pack.yaml":   {Data: []byte("id: p\n")},
		"p/schema.yaml": {Data: []byte("fields: {opening: {type: amount, label: 年初}, closing: {type: amount, label: 年末}}\n")},
		"p/rules.yaml": {Data: []byte(`
- {id: opening, title: 年初数衔接, check: opening == prior.closing}
- {id: plain, title: 不为负, check: closing >= 0}
`)},
		"data/a.jsonl":               {Data: []byte(lines.String())},
		"data/a.jsonl.accepted.yaml": {Data: []byte("- {input: 第2号, rule: plain, reason: 待查}\n")},
		"data/b.csv":                 {Data: []byte(table.String())},
		"data/c.yaml":                {Data: []byte("entity: 丙\nperiod: 2020\nclosing: 1.00\n---\nentity: 丙\nperiod: 2021\nopening: 2.00\nclosing: -1.00\n")},
	}
	check := func(most int, o Options) ([]string, *finding.Report, []string) {
		t.Helper()
		o.Files, o.Rules, o.Today = files, "p", "2026-01-01"
		c := newChecking(o)
		h := &handing{}
		c.sink, c.most = h, most
		if err := c.stream(context.Background(), []string{"data"}); err != nil {
			t.Fatal(err)
		}
		var wrong []string
		for _, d := range h.list {
			wrong = append(wrong, d.String())
		}
		return h.found, h.all.Report(c.result.Report), wrong
	}
	found, report, wrong := check(mostInMemory, Options{})
	if len(report.Findings) < 50 || len(wrong) < 6 {
		t.Fatalf("%d findings and %q prove little", len(report.Findings), wrong)
	}
	kept, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	for name, o := range map[string]Options{
		"one worker": {Options: run.Options{Jobs: 1}}, "four": {Options: run.Options{Jobs: 4}},
		"empty cache": {Cache: kept, Engine: "1"}, "cache": {Cache: kept, Engine: "1"},
	} {
		for _, most := range []int{1, 3, 20} {
			again, parts, told := check(most, o)
			if diff := cmp.Diff(found, again); diff != "" {
				t.Errorf("%s, %d at a time (-together +in parts)\n%s", name, most, diff)
			}
			if diff := cmp.Diff(report, parts); diff != "" {
				t.Errorf("%s, %d at a time (-together +in parts)\n%s", name, most, diff)
			}
			if diff := cmp.Diff(wrong, told); diff != "" {
				t.Errorf("%s, %d at a time (-together +in parts)\n%s", name, most, diff)
			}
		}
	}
}
