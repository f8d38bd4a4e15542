package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/cache"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
)

// rolled is what a report says of a list of entities.
func rolled(r *finding.Roll) []string {
	lines := []string{fmt.Sprintf("%s: %d listed, %d unlisted %v", r.Path, r.Listed, r.Unlisted, r.Examples)}
	for _, p := range r.Periods {
		line := fmt.Sprintf("%s budget=%v without=%d", p.Period, p.Budget, p.Absent)
		for e := range p.Entities {
			line += fmt.Sprintf(" %s<%s@%s:%d", e.Name, e.Parent, e.Region, e.Place.Line)
		}
		lines = append(lines, line)
	}
	return lines
}

// TestEntities: a list says what is above entities and where they belong, before their datasets do, and of which there is
// no dataset; rules about the units below are judged when all that are listed are there.
func TestEntities(t *testing.T) {
	files := acrossFiles()
	files["list.csv"] = &fstest.MapFile{Data: []byte("单位,上级,地区,别名\n局,,市,市局\n甲,局,,\n乙,局,区,\n丙,局,,\n")}
	files["e/局.yaml"] = &fstest.MapFile{Data: []byte("entity: 市局\nperiod: 2023\ntotal: 6.00\n")}
	files["e/甲.yaml"] = &fstest.MapFile{Data: []byte("entity: 甲\nperiod: 2023\nkind: 单位决算\nparent: 他局\ntotal: 1.00\n---\nentity: 甲\nperiod: 2024\nkind: 预算\n---\nentity: 甲\nperiod: 某时\n")}
	files["e/乙.yaml"] = &fstest.MapFile{Data: []byte("entity: 乙\nperiod: 2023\nparent: 局\ntotal: 2.00\n---\nentity: 丁\nperiod: 2023\nparent: 局\ntotal: 3.00\n---\nentity: 丁\nperiod: 2022\n")}
	check := func(o engine.Options) *engine.Result {
		t.Helper()
		o.Files, o.Rules, o.EntityList, o.Only = files, "p", "list.csv", []string{"below"}
		r, err := engine.Check(context.Background(), []string{"e"}, o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	told := func(r *engine.Result) []string {
		lines := rolled(r.Report.Roll)
		for _, in := range r.Report.Inputs {
			lines = append(lines, fmt.Sprintf("%s %s<%s@%s", in.Path, in.Entity, in.Parent, in.Region))
		}
		for _, f := range r.Report.Findings {
			lines = append(lines, fmt.Sprint(f.Entity, " ", f.Verdict, " ", f.Missing))
		}
		for _, d := range r.Diagnostics {
			lines = append(lines, fmt.Sprint(d, " ", d.Related[0].Span))
		}
		return lines
	}
	want := []string{
		"list.csv: 4 listed, 2 unlisted [丁]",
		"2024 budget=true without=3 局<@市:2 乙<局@区:4 丙<局@市:5",
		"2023 budget=false without=1 丙<局@市:5",
		"2022 budget=false without=4 局<@市:2 甲<局@市:3 乙<局@区:4 丙<局@市:5",
		"e/乙.yaml:1 乙<局@区", "e/乙.yaml:5 丁<局@", "e/乙.yaml:10 丁<@",
		"e/局.yaml 市局<@市",
		"e/甲.yaml:1 甲<局@市", "e/甲.yaml:6 甲<局@市", "e/甲.yaml:10 甲<局@市",
		"市局 not_evaluated [children[丙 2023]]", "甲 not_evaluated [period]",
		`e/甲.yaml:1:9: warning: "甲" names "他局" as its parent, but the list of entities has "局", which counts [entity-parent] list.csv:3:1`,
	}
	for _, jobs := range []int{1, 4} {
		if diff := cmp.Diff(want, told(check(engine.Options{Options: run.Options{Jobs: jobs}}))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	// When all are there the sum is judged, and what is kept of a run with another list does not count.
	results, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer results.Close()
	for range 2 {
		if diff := cmp.Diff(want, told(check(engine.Options{Cache: results}))); diff != "" {
			t.Errorf("with a cache (-want +got):\n%s", diff)
		}
	}
	files["list.csv"] = &fstest.MapFile{Data: []byte("单位,上级,地区,别名\n局,,省,市局\n甲,局,,\n乙,,区,\n")}
	for range 2 {
		r := check(engine.Options{Cache: results})
		if f := r.Report.Findings; len(f) != 1 || f[0].Period != "某时" || r.Report.Summary.Pass != 1 {
			t.Errorf("%+v, %+v", f, r.Report.Summary)
		}
		if in := r.Report.Inputs[4]; in.Region != "省" || in.Parent != "局" {
			t.Errorf("%+v", in)
		}
	}
	// What is above an entity may not be known for want of a list.
	files["list.csv"] = &fstest.MapFile{Data: []byte("单位,上级\n局,甲\n甲,局\n")}
	if r := check(engine.Options{}); !r.BadList || r.Report != nil || len(r.Diagnostics) != 1 {
		t.Errorf("%+v", r)
	}
	delete(files, "list.csv")
	if _, err := engine.Check(context.Background(), []string{"e"}, engine.Options{Files: files, Rules: "p", EntityList: "list.csv"}); err == nil {
		t.Error("a list that is not there is none")
	}
	// Of a choice of files nobody is absent.
	files["list.csv"] = &fstest.MapFile{Data: []byte("单位\n局\n")}
	if r := check(engine.Options{Take: func(string, string) bool { return true }}); r.Report.Roll != nil {
		t.Errorf("%+v", r.Report.Roll)
	}
}

// TestManyPeriods: of more periods than are noted the latest are.
func TestManyPeriods(t *testing.T) {
	files := acrossFiles()
	files["list.csv"] = &fstest.MapFile{Data: []byte("单位\n局\n")}
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(&text, "{\"entity\": \"甲\", \"period\": \"%d\"}\n", 1900+i*77%200)
	}
	files["y/all.jsonl"] = &fstest.MapFile{Data: []byte(text.String())}
	r, err := engine.Check(context.Background(), []string{"y"}, engine.Options{Files: files, Rules: "p", EntityList: "list.csv"})
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Report.Roll.Periods; len(p) != 64 || p[0].Period != "2099" || p[63].Period != "2036" {
		t.Errorf("%d periods from %s to %s", len(p), p[0].Period, p[len(p)-1].Period)
	}
}
