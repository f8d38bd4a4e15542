package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/cache"
	"github.com/gouji/gouji/engine/run"
)

// acrossFiles is a pack with rules across datasets, and datasets in several files and forms.
func acrossFiles() fstest.MapFS {
	return fstest.MapFS{
		"p/pack.yaml":   {Data: []byte("id: p\n")},
		"p/schema.yaml": {Data: []byte("fields: {opening: {type: amount, label: 年初}, closing: {type: amount, label: 年末}, total: {type: amount, label: 合计}}\n")},
		"p/rules.yaml": {Data: []byte(`
- {id: opening, title: 年初数衔接, check: "same(opening, prior.closing)"}
- {id: below, title: 汇总, check: "total == sum(children, .total)"}
- {id: plain, title: 一份, check: closing >= 0}
`)},
		"d/局.jsonl": {Data: []byte(`{"entity": "局", "period": "2022", "closing": "5.00"}
{"entity": "局", "period": "2023", "opening": "7.00", "closing": "1.00", "total": "3.00"}
`)},
		"d/甲.yaml": {Data: []byte("entity: 甲\nperiod: 2023\nparent: 局\ntotal: 1.00\n---\nentity: 甲\nperiod: 2024\nopening: 1.00\naccepted:\n  - {rule: opening, reason: 待查}\n")},
		"d/乙.json": {Data: []byte(`{"entity": "乙", "period": "2023", "parent": "局", "total": "1.00", "closing": "1.00"}`)},
	}
}

// TestAcross: a check finds what rules across datasets say of data in any form, each finding with its input, beside those
// of the other rules; what is accepted of them is, and acceptances that are needed no more are told.
func TestAcross(t *testing.T) {
	files := acrossFiles()
	told := func(r *engine.Result) []string {
		var lines []string
		for _, f := range r.Report.Findings {
			line := fmt.Sprintf("%s %s %s", f.Input, f.Rule, f.Verdict)
			if f.Accepted != nil {
				line += " accepted"
			}
			if len(f.Missing) > 0 {
				line += " " + strings.Join(f.Missing, ",")
			}
			lines = append(lines, line)
		}
		return lines
	}
	check := func(o engine.Options) *engine.Result {
		t.Helper()
		o.Files, o.Rules, o.Today = files, "p", "2026-01-01"
		r, err := engine.Check(context.Background(), []string{"d"}, o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := check(engine.Options{})
	want := []string{
		"d/乙.json opening not_evaluated prior[乙 2022]",
		"d/局.jsonl:1 opening not_evaluated prior[局 2021]",
		"d/局.jsonl:2 opening fail",
		"d/局.jsonl:2 below fail",
		"d/甲.yaml:1 plain not_evaluated closing",
		"d/甲.yaml:1 opening not_evaluated prior[甲 2022]",
		"d/甲.yaml:5 plain not_evaluated closing",
		"d/甲.yaml:5 opening not_evaluated accepted prior.closing",
	}
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(r.Diagnostics) > 0 {
		t.Errorf("%v", r.Diagnostics)
	}
	// What is taken from a cache has the same partners.
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
	var rules []string
	for _, one := range r.Report.Rules {
		rules = append(rules, fmt.Sprint(one.ID, " ", one.Tally, " ", one.Unbound.Reason))
	}
	if diff := cmp.Diff([]string{"restated {0 0 0 0 0} not-applicable", "plain {3 0 0 0 2} ", "opening {0 0 1 0 4} ", "below {0 0 1 4 0} "}, rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if s := r.Report.Summary; s.Pass != 3 || s.Fail != 2 || s.NotEvaluated != 6 || s.NotApplicable != 4 {
		t.Errorf("summary %+v", s)
	}
	for _, o := range []run.Options{{Jobs: 1}, {Jobs: 7}} {
		if diff := cmp.Diff(told(r), told(check(engine.Options{Options: o}))); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", o, diff)
		}
	}
	if got := told(check(engine.Options{Options: run.Options{Only: []string{"below"}}})); !slices.Equal(got, []string{"d/局.jsonl:2 below fail"}) {
		t.Errorf("only below: %v", got)
	}
	if got := told(check(engine.Options{Options: run.Options{Skip: []string{"opening", "below"}}})); len(got) != 2 {
		t.Errorf("without them: %v", got)
	}
	// What is accepted of a finding that is gone is told, once.
	files["d/甲.yaml"] = &fstest.MapFile{Data: []byte("entity: 甲\nperiod: 2024\nopening: 1.00\naccepted:\n  - {rule: opening, reason: 待查}\n---\nentity: 甲\nperiod: 2023\nclosing: 1.00\n---\nentity: 甲\nperiod: 2023年度\nkind: 预算\n---\nentity: 甲\nperiod: 2023年度\nkind: 预算\n")}
	r = check(engine.Options{})
	var codes []string
	for _, d := range r.Diagnostics {
		codes = append(codes, fmt.Sprint(d.Span, " ", d.Code))
	}
	if diff := cmp.Diff([]string{"d/甲.yaml:15:9 dataset-twice", "d/甲.yaml:5:12 accepted-unneeded"}, codes); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

// TestAcrossTable: the column 上级 of a table says to which department a unit belongs.
func TestAcrossTable(t *testing.T) {
	files := acrossFiles()
	files["w/units.csv"] = &fstest.MapFile{Data: []byte("单位,期间,上级,合计\n局,2023,,10.00\n甲,2023,局,4.00\n乙,2023,局,5.00\n")}
	r, err := engine.Check(context.Background(), []string{"w"}, engine.Options{Files: files, Rules: "p", Options: run.Options{Only: []string{"below"}}})
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Report.Findings; len(f) != 1 || f[0].Difference != "1.00" || f[0].Entity != "局" || f[0].Operands[1].Data.Line != 4 {
		t.Errorf("%+v", f)
	}
}
