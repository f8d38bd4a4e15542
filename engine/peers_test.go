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

// TestPeers: what rules about like units find of data in several forms is the same from a cache, with more workers and in
// another order of the files; it can be accepted, and asked for alone.
func TestPeers(t *testing.T) {
	files := fstest.MapFS{
		"p/pack.yaml":   {Data: []byte("id: p\n")},
		"p/schema.yaml": {Data: []byte("fields: {total: {type: amount, label: 合计}, reason: {type: text, label: 原因}}\n")},
		"p/rules.yaml": {Data: []byte(`
- {id: usual, title: 合计相近, outlier: total}
- {id: own, title: 原因不雷同, when: explained(reason), unique: reason, message: "与{others}相同，共 {units} 家"}
`)},
	}
	var many, other strings.Builder
	for i := range 9 {
		fmt.Fprintf(&many, `{"entity": "单位%d", "period": "2023", "total": "%d.00", "reason": "第%d家说的与众不同的原因"}`+"\n", i, 10+i, i)
		fmt.Fprintf(&other, "单位%d,2024,%d.00\n", i, 5)
	}
	files["d/many.jsonl"] = &fstest.MapFile{Data: []byte(many.String())}
	files["d/table.csv"] = &fstest.MapFile{Data: []byte("单位,期间,合计\n" + other.String())}
	files["d/甲.yaml"] = &fstest.MapFile{Data: []byte("entity: 甲\nperiod: 2023\ntotal: 9999.00\nreason: 第3家说的与众不同的原因\naccepted:\n  - {rule: usual, reason: 新建的医院}\n")}
	check := func(o engine.Options, paths ...string) *finding.Report {
		t.Helper()
		o.Files, o.Rules, o.Today = files, "p", "2026-01-01"
		if paths == nil {
			paths = []string{"d"}
		}
		r, err := engine.Check(context.Background(), paths, o)
		if err != nil || len(r.Diagnostics) > 0 {
			t.Fatal(err, r.Diagnostics)
		}
		return r.Report
	}
	told := func(r *finding.Report) []string {
		var lines []string
		for _, f := range r.Findings {
			line := fmt.Sprint(f.Input, " ", f.Rule, " ", f.Severity, " ", f.Verdict, " ", f.Message)
			if f.Accepted != nil {
				line += " accepted"
			}
			for _, o := range f.Operands {
				line += fmt.Sprintf(" %s:%d", o.Data.Path, o.Data.Line)
			}
			lines = append(lines, line)
		}
		for _, one := range r.Rules {
			lines = append(lines, fmt.Sprint(one.ID, " ", one.Tally, " ", one.Unbound.Reason))
		}
		return lines
	}
	want := []string{
		"d/many.jsonl:4 own info fail 与甲相同，共 1 家 d/many.jsonl:4 d/甲.yaml:4",
		"d/甲.yaml own info fail 与单位3相同，共 1 家 d/甲.yaml:4 d/many.jsonl:4",
		"d/甲.yaml usual info fail 合计相近: 9999.00 | 14.50 (1.5274… – 27.4725…, 10) accepted d/甲.yaml:3",
		"restated {0 0 0 0 0} not-applicable",
		"usual {9 0 1 9 0} ",
		"own {8 0 2 9 0} ",
	}
	first := check(engine.Options{})
	if diff := cmp.Diff(want, told(first)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	results, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer results.Close()
	for range 2 {
		if diff := cmp.Diff(first, check(engine.Options{Cache: results})); diff != "" {
			t.Errorf("with a cache (-without +with):\n%s", diff)
		}
	}
	for _, jobs := range []int{1, 16} {
		if diff := cmp.Diff(first, check(engine.Options{Options: run.Options{Jobs: jobs}})); diff != "" {
			t.Errorf("with %d workers (-want +got):\n%s", jobs, diff)
		}
	}
	turned := check(engine.Options{}, "d/甲.yaml", "d/table.csv", "d/many.jsonl")
	finding.Sort(turned.Findings, first.Inputs)
	if diff := cmp.Diff(first.Findings, turned.Findings); diff != "" {
		t.Errorf("in another order (-want +got):\n%s", diff)
	}
	if got := told(check(engine.Options{Options: run.Options{Only: []string{"own"}}})); len(got) != 3 {
		t.Errorf("only own: %q", got)
	}
	if got := told(check(engine.Options{Options: run.Options{Skip: []string{"own", "restated"}}})); len(got) != 2 {
		t.Errorf("without it: %q", got)
	}
}
