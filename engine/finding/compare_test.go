package finding_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/finding"
)

// compared writes a comparison shortly: kind, instance, why else, and what differs.
func compared(c finding.Comparison) []string {
	out := []string{}
	for _, change := range c.Changes {
		f := change.New
		if f == nil {
			f = change.Old
		}
		line := change.Kind.String() + " " + f.Instance
		if change.Elsewhere != "" {
			line += " (" + change.Elsewhere + ")"
		}
		for _, a := range change.Aspects {
			line += fmt.Sprintf(", %s: %s > %s", a.Name, a.Was, a.Is)
		}
		out = append(out, line)
	}
	return append(out, fmt.Sprint("same ", c.Same))
}

func TestCompare(t *testing.T) {
	figure := func(field, text string) finding.Operand { return finding.Operand{Field: field, Text: text} }
	base := func() finding.Finding {
		f := fail("r", "x", finding.Warning)
		f.Verdict, f.Difference, f.Entity, f.Period = finding.Rounding, "-0.02", "e", "2023"
		f.Operands = []finding.Operand{figure("a", "1.00"), figure("b", "2.00")}
		return f
	}
	in := []finding.Input{{Path: "a", Entity: "e", Period: "2023"}}
	rules := []finding.Rule{{ID: "r"}}
	for _, test := range []struct {
		name     string
		old, now func(f *finding.Finding)
		want     string
	}{
		{"alike", nil, func(f *finding.Finding) { f.Message, f.Title, f.Input, f.Cause = "m", "t", "moved", "c" }, ""},
		{"a peer", nil, func(f *finding.Finding) {
			f.Operands = append(f.Operands, finding.Operand{Field: "c", Text: "3", Peer: true})
		}, ""},
		{"a figure", nil, func(f *finding.Finding) { f.Operands[1].Text = "2.01" }, "changed x, b: 2.00 > 2.01"},
		{"a figure less, one more", nil, func(f *finding.Finding) { f.Operands[1] = figure("c", "3") }, "changed x, c:  > 3, b: 2.00 > "},
		{"another statement", nil, func(f *finding.Finding) { f.Operands = append(f.Operands, figure("a", "1.01")) }, "changed x, a: 1.00 > 1.00 | 1.01"},
		{"less of a difference", nil, func(f *finding.Finding) { f.Difference = "0.01" }, "changed x, difference: -0.02 > 0.01"},
		{"more of it", nil, func(f *finding.Finding) { f.Difference = "0.021…" }, "worse x, difference: -0.02 > 0.021…"},
		{"a fail", nil, func(f *finding.Finding) { f.Verdict = finding.Fail }, "worse x, verdict: rounding > fail"},
		{"no fail any more", func(f *finding.Finding) { f.Verdict = finding.Fail }, nil, "changed x, verdict: fail > rounding"},
		{"a higher severity", nil, func(f *finding.Finding) { f.Severity = finding.Error }, "worse x, severity: warning > error"},
		{"accepted", nil, func(f *finding.Finding) { f.Accepted = &finding.Acceptance{Reason: "是"} }, "changed x, accepted:  > 是"},
		{"not accepted any more", func(f *finding.Finding) { f.Accepted = &finding.Acceptance{Baseline: true} }, nil, "worse x, accepted: baseline > "},
		{"settled", nil, func(f *finding.Finding) { f.Verdict = finding.Pass }, "gone x"},
		{"begun", func(f *finding.Finding) { f.Verdict = finding.NotApplicable }, nil, "new x"},
	} {
		old, now := base(), base()
		if test.old != nil {
			test.old(&old)
		}
		if test.now != nil {
			test.now(&now)
		}
		got := compared(finding.Compare(&finding.Report{Inputs: in, Rules: rules, Findings: []finding.Finding{old}}, &finding.Report{Inputs: in, Rules: rules, Findings: []finding.Finding{now}}))
		want := []string{test.want, "same 0"}
		if test.want == "" {
			want = []string{"same 1"}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestCompareReports(t *testing.T) {
	at := func(instance, input, entity string, s finding.Severity) finding.Finding {
		f := fail("r", instance, s)
		f.Input, f.Entity, f.Period = input, entity, "2023"
		return f
	}
	inputs := func(entities ...string) (all []finding.Input) {
		for _, e := range entities {
			all = append(all, finding.Input{Path: e, Entity: e, Period: "2023"})
		}
		return all
	}
	data, document := at("both", "a", "e", finding.Error), at("both", "a.docx", "e", finding.Error)
	data.Difference, document.Difference = "1", "2"
	// The document comes first now; each is compared with itself all the same.
	old := &finding.Report{Inputs: inputs("e", "left"), Rules: []finding.Rule{{ID: "r"}}, Findings: []finding.Finding{data, document, at("1", "left", "left", finding.Error)}}
	now := &finding.Report{Inputs: inputs("e", "joined"), Findings: []finding.Finding{document, data, at("2", "joined", "joined", finding.Warning), at("3", "a", "e", finding.Info)}}
	c := finding.Compare(old, now)
	want := []string{"new 2 (input)", "new 3", "gone 1 (input)", "same 2"}
	if diff := cmp.Diff(want, compared(c)); diff != "" {
		t.Error(diff)
	}
	if c.Worst() != finding.Warning || c.Of(finding.New) != 2 {
		t.Errorf("worst %v, %d new", c.Worst(), c.Of(finding.New))
	}
	back := finding.Compare(now, old)
	if diff := cmp.Diff([]string{"new 1 (input)", "gone 2 (input)", "gone 3", "same 2"}, compared(back)); diff != "" {
		t.Error(diff)
	}
	now.Findings[2].Accepted = &finding.Acceptance{Reason: "是"}
	if c := finding.Compare(old, now); c.Worst() != finding.Info {
		t.Errorf("with the new one accepted the worst is %v", c.Worst())
	}
}
