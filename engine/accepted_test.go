package engine_test

import (
	"bytes"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
)

const wrongDocument = `甲局2023年度单位决算公开

一、收入决算情况说明
甲局2023年度本年收入合计500.00万元，其中：一般公共预算财政拨款收入450.00万元，占90.00%；事业收入50.00万元，占11.00%。
甲局全年举办活动12场，其中：讲座5场、展览6场。
`

// open lists the fails that count, and what was told of acceptances.
func open(r *engine.Result) []string {
	var out []string
	for _, f := range r.Report.Findings {
		if f.Verdict == finding.Fail && f.Open() {
			out = append(out, f.Pack+" "+f.Rule+" "+f.Instance)
		}
	}
	for _, d := range r.Diagnostics {
		out = append(out, fmt.Sprint(d.Span.Position().Line, " ", d.Code))
	}
	return out
}

// TestAccepted accepts findings of documents, also what they claim by their own wording, where no disk is, and with any
// number of workers.
func TestAccepted(t *testing.T) {
	files := fstest.MapFS{}
	write := func(name, content string) { files[name] = &fstest.MapFile{Data: []byte(content), Mode: 0o644} }
	write("甲.txt", wrongDocument)
	check := func(paths []string, o engine.Options) *engine.Result {
		t.Helper()
		o.Files = files
		result, err := engine.Check(t.Context(), paths, o)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	found := check([]string{"甲.txt"}, engine.Options{})
	before := open(found)
	list, claims := "accepted:\n- {rule: parts-sum, reason: 是}\n- {rule: income-share, instance: income.business, reason: 印错}\n", 0
	for _, f := range found.Report.Findings {
		if f.Pack == "tongyong" && f.Verdict == finding.Fail {
			list += "- {rule: " + f.Rule + ", instance: '" + f.Instance + "', reason: 另有一场}\n"
			claims++
		}
	}
	if claims == 0 || len(before) != claims+1 {
		t.Fatalf("the document has other faults: %v", before)
	}
	write("甲.txt.accepted.yaml", list)
	want := []string{"2 accepted-no-rule"}
	if diff := cmp.Diff(want, open(check([]string{"."}, engine.Options{}))); diff != "" {
		t.Errorf("a folder: %s", diff)
	}
	if diff := cmp.Diff(want, open(check([]string{"甲.txt.accepted.yaml"}, engine.Options{}))); diff != "" {
		t.Errorf("by the name of what is accepted: %s", diff)
	}
	// By a pack that does not look at what documents claim, that acceptance is neither needed nor not.
	if diff := cmp.Diff(want, open(check([]string{"甲.txt"}, engine.Options{Rules: "juesuan"}))); diff != "" {
		t.Errorf("by one pack: %s", diff)
	}
	one := check([]string{"甲.txt"}, engine.Options{Options: run.Options{Only: []string{"income-share"}}})
	if got := open(one); len(got) != 1 || got[0] != want[0] {
		t.Errorf("of one rule: %v", got)
	}
	var outputs []string
	for _, jobs := range []int{1, 2, 16} {
		var out bytes.Buffer
		r := check([]string{"."}, engine.Options{Options: run.Options{Jobs: jobs}})
		format, _ := report.Lookup("json")
		if err := format.Write(&out, r.Report, report.Options{}); err != nil {
			t.Fatal(err)
		}
		outputs = append(outputs, out.String())
	}
	if outputs[0] != outputs[1] || outputs[0] != outputs[2] {
		t.Error("the report depends on the number of workers")
	}
	// A fault of the list shows, and no finding hides behind it.
	write("甲.txt.accepted.yaml", "accepted:\n- {rule: income-share, instance: income.business}\n")
	if diff := cmp.Diff(append(before, "2 missing-key"), open(check([]string{"甲.txt"}, engine.Options{}))); diff != "" {
		t.Errorf("without a reason: %s", diff)
	}
}
