package acceptance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/source"
)

const input = "甲/2023.yaml"

// wrong is a fail of the rule sum at an instance, with these printed figures of the fields a, b, ….
func wrong(instance, difference string, texts ...string) finding.Finding {
	f := finding.Finding{
		Pack: "p", Rule: "sum", Instance: instance, Input: input, Entity: "甲", Period: "2023", Verdict: finding.Fail,
		Severity: finding.Error, Difference: difference, Fingerprint: finding.Fingerprint("p", "sum", "甲", "2023", instance),
	}
	for i, text := range texts {
		f.Operands = append(f.Operands, finding.Operand{Field: string(rune('a' + i)), Text: text})
	}
	return f
}

// entries reads acceptances that have no faults.
func entries(t *testing.T, content string) []*acceptance.Entry {
	t.Helper()
	all, list := acceptance.ReadFile(source.New(input+acceptance.Suffix, []byte("accepted:\n"+content)))
	if len(list) > 0 {
		t.Fatal(list)
	}
	return all
}

// apply marks the findings of a report by what is accepted and by a baseline, in a run of the rule sum.
func apply(r *finding.Report, scopes []acceptance.Scope, b *acceptance.Baseline) (diag.List, *acceptance.Outcome) {
	own := map[string][]*acceptance.Entry{}
	var everywhere [][]*acceptance.Entry
	for _, s := range scopes {
		if s.Input == "" {
			everywhere = append(everywhere, s.Entries)
		} else {
			own[s.Input] = s.Entries
		}
	}
	inputs := slices.Clone(r.Inputs)
	for _, f := range r.Findings {
		if !slices.ContainsFunc(inputs, func(in finding.Input) bool { return in.Path == f.Input }) {
			inputs = append(inputs, finding.Input{Path: f.Input})
		}
	}
	a := acceptance.Apply(everywhere, b, everything)
	var list diag.List
	for _, in := range inputs {
		out := finding.Outcome{Input: in}
		var at []int
		for i, f := range r.Findings {
			if f.Input == in.Path {
				out.Findings, at = append(out.Findings, f), append(at, i)
			}
		}
		list = append(list, a.Input(&out, own[in.Path], func(rule string) bool { return rule == "sum" })...)
		for i, f := range out.Findings {
			r.Findings[at[i]] = f
		}
	}
	last, kept := a.End()
	return append(list, last...), kept
}

// everything is a run of all rules of a pack with the rules sum and rate.
var everything = acceptance.Run{
	Today: "2026-06-30",
	Known: func(rule string) (bool, string) {
		return rule == "sum" || rule == "rate", diag.Suggest(rule, []string{"sum", "rate"})
	},
}

// outcome is who is accepted, then what is told: the line, the text that is pointed at, the code and its arguments.
func outcome(r *finding.Report, list diag.List) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Accepted != nil {
			out = append(out, f.Instance+": "+f.Accepted.Reason)
		}
	}
	for _, d := range list {
		out = append(out, strings.TrimSpace(fmt.Sprint(d.Span.Position().Line, " ", d.Span.Text(), " ", d.Code, " ", d.Args, " ", d.Suggestion)))
	}
	return out
}

func TestApply(t *testing.T) {
	restated := wrong("r", "0.01")
	restated.Operands = []finding.Operand{{Field: "a", Text: "1.00"}, {Field: "a", Text: "1.01"}}
	open := wrong("o", "")
	open.Verdict, open.Missing, open.Severity = finding.NotEvaluated, []string{"c"}, finding.Info
	wrapped := wrong("w", "", "第一 行")
	for _, test := range []struct {
		name    string
		finding finding.Finding
		entry   string
		want    string
	}{
		{"same figures", wrong("x", "0.01", "1.00", "2"), "{rule: sum, instance: x, reason: 是, verdict: fail, difference: 0.01, values: {a: 1.00, b: 2}}", "x: 是"},
		{"whatever is found", wrong("x", "0.01", "1.00"), "{rule: sum, instance: x, reason: 是}", "x: 是"},
		{"no instance", wrong("", "", "1.00"), "{rule: sum, reason: 是, values: {a: 1.00}}", ": 是"},
		{"the printed text, not the value", wrong("x", "", "1.0"), "{rule: sum, instance: x, reason: 是, values: {a: 1.00}}",
			"2 1.00 accepted-changed [sum x a 1.00 1.0]"},
		{"a figure more", wrong("x", "", "1.0", "2"), "{rule: sum, instance: x, reason: 是, values: {a: 1.0}}",
			"2 sum accepted-changed [sum x b — 2]"},
		{"a figure less", wrong("x", "", "1.0"), "{rule: sum, instance: x, reason: 是, values: {a: 1.0, b: 2}}",
			"2 2 accepted-changed [sum x b 2 —]"},
		{"another verdict", wrong("x", "", "1"), "{rule: sum, instance: x, reason: 是, verdict: rounding, values: {a: 1}}",
			"2 rounding accepted-changed [sum x verdict rounding fail]"},
		{"another difference at the same figures", wrong("x", "5", "1"), "{rule: sum, instance: x, reason: 是, difference: 4, values: {a: 1}}",
			"2 4 accepted-changed [sum x difference 4 5]"},
		{"a difference where there was none", wrong("x", "5", "1"), "{rule: sum, instance: x, reason: 是, values: {a: 1}}",
			"2 sum accepted-changed [sum x difference — 5]"},
		{"statements", restated, "{rule: sum, instance: r, reason: 是, difference: 0.01, values: {a: [1.00, 1.01]}}", "r: 是"},
		{"another statement", restated, "{rule: sum, instance: r, reason: 是, difference: 0.01, values: {a: [1.00, 1.02]}}",
			"2 [1.00, 1.02] accepted-changed [sum r a 1.00 | 1.02 1.00 | 1.01]"},
		{"a missing figure", open, "{rule: sum, instance: o, reason: 是, verdict: not_evaluated, values: {c: }}", "o: 是"},
		{"a missing figure that was there", open, "{rule: sum, instance: o, reason: 是, verdict: not_evaluated, values: {c: 1}}",
			"2 1 accepted-changed [sum o c 1 —]"},
		{"text wrapped otherwise", wrapped, "{rule: sum, instance: w, reason: 是, values: {a: \"第一\\n  行\"}}", "w: 是"},
		{"the last day", wrong("x", "", "1"), "{rule: sum, instance: x, reason: 是, until: 2026-06-30}", "x: 是"},
		{"the day after", wrong("x", "", "1"), "{rule: sum, instance: x, reason: 是, until: 2026-06-29}",
			"2 2026-06-29 accepted-expired [sum x 2026-06-29]"},
		{"nothing there", wrong("items[科技]", "", "1"), "{rule: sum, instance: 'rows[x]', reason: 是}", "2 sum accepted-unneeded [sum rows[x]]"},
		{"nothing there, but nearby", wrong("items[科技培训]", "", "1"), "{rule: sum, instance: 'items[科技培]', reason: 是}",
			"2 sum accepted-unneeded [sum items[科技培]] items[科技培训]"},
		{"a row called by its key", wrong("items[科技培训]", "", "1"), "{rule: sum, instance: 科技培训, reason: 是}",
			"2 sum accepted-unneeded [sum 科技培训] items[科技培训]"},
		{"a rule that did not run", wrong("x", "", "1"), "{rule: rate, reason: 是}", ""},
		{"no rule", wrong("x", "", "1"), "{rule: rat, reason: 是}", "2 rat accepted-no-rule [rat] rate"},
		{"another unit", wrong("x", "", "1"), "{rule: sum, instance: x, entity: 乙, reason: 是}", ""},
		{"another year", wrong("x", "", "1"), "{rule: sum, instance: x, entity: 甲, period: 2022, reason: 是}", ""},
		{"this unit and year", wrong("x", "", "1"), "{rule: sum, instance: x, entity: 甲, period: 2023, reason: 是}", "x: 是"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &finding.Report{Inputs: []finding.Input{{Path: input, Entity: "甲", Period: "2023"}}, Findings: []finding.Finding{test.finding}}
			list, _ := apply(r, []acceptance.Scope{{Input: input, Entries: entries(t, "- "+test.entry)}}, nil)
			if diff := cmp.Diff(test.want, strings.Join(outcome(r, list), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An acceptance is bound to whatever the state of a finding holds: after StateOf it covers, and after any change it does not.
func TestApplyIsBoundToTheWholeState(t *testing.T) {
	f := wrong("x", "0.01", "1.00", "2.00")
	f.Missing = []string{"c"}
	for name, change := range map[string]func(*finding.Finding){
		"nothing":     func(*finding.Finding) {},
		"the message": func(f *finding.Finding) { f.Message, f.Title, f.Severity, f.Cause = "m", "t", finding.Info, "c" },
		"a peer": func(f *finding.Finding) {
			f.Operands = append(f.Operands, finding.Operand{Field: "z", Text: "1", Peer: true})
		},
		"a text":     func(f *finding.Finding) { f.Operands[1].Text = "2.0" },
		"a field":    func(f *finding.Finding) { f.Operands[1].Field = "z" },
		"a further":  func(f *finding.Finding) { f.Operands = append(f.Operands, finding.Operand{Field: "z", Text: "1"}) },
		"less":       func(f *finding.Finding) { f.Operands = f.Operands[:1] },
		"missing":    func(f *finding.Finding) { f.Missing = nil },
		"verdict":    func(f *finding.Finding) { f.Verdict = finding.Rounding },
		"difference": func(f *finding.Finding) { f.Difference = "0.02" },
	} {
		now := wrong("x", "0.01", "1.00", "2.00")
		now.Missing = []string{"c"}
		change(&now)
		e := entries(t, "- {rule: sum, instance: x, reason: 是}")
		e[0].State = acceptance.StateOf(&f)
		r := &finding.Report{Findings: []finding.Finding{now}}
		list, _ := apply(r, []acceptance.Scope{{Entries: e}}, nil)
		covered, free := r.Findings[0].Accepted != nil, name == "nothing" || name == "the message" || name == "a peer"
		if covered != free || covered == (len(list) > 0) {
			t.Errorf("%s: covered %v, told %v", name, covered, list)
		}
	}
}

func TestApplyScopes(t *testing.T) {
	other := wrong("x", "", "2")
	other.Input, other.Entity = "乙/2023.yaml", "乙"
	r := &finding.Report{
		Inputs:   []finding.Input{{Path: input, Entity: "甲", Period: "2023"}, {Path: other.Input, Entity: "乙", Period: "2023"}},
		Findings: []finding.Finding{wrong("x", "", "1"), other},
	}
	// One entry for both units, in a file of its own, ends in neither as long as it holds in one; that of an input is only
	// for it, and the first of two counts.
	list, _ := apply(r, []acceptance.Scope{
		{Entries: entries(t, "- {rule: sum, instance: x, reason: 甲乙, values: {a: 2}}")},
		{Input: input, Entries: entries(t, "- {rule: sum, instance: x, reason: 甲}\n- {rule: sum, instance: x, reason: 又}")},
	}, nil)
	want := []string{"x: 甲", "x: 甲乙", "3 sum accepted-twice [sum x]"}
	if diff := cmp.Diff(want, outcome(r, list)); diff != "" {
		t.Error(diff)
	}
	if at := r.Findings[0].Accepted.Place; at != (finding.Place{Path: input + acceptance.Suffix, Line: 2, Column: 10}) {
		t.Errorf("the place is %v", at)
	}
}

func TestReadFaults(t *testing.T) {
	for _, test := range []struct{ content, want string }{
		{"", ""},
		{"# 尚无\n", ""},
		{"accepted:\n", ""},
		{"accepted: []\n", ""},
		{"- rule: sum\n", "1 - rule: sum want-accepted []"},
		{"rule: sum\nreason: 是\n", "1 rule want-accepted []\n2 reason want-accepted []"},
		{"accepted: {rule: sum}\n", "1 {rule: sum} want-list []"},
		{"accepted:\n- sum\n", "2 sum want-mapping []"},
		{"accepted:\n- rule: sum\n", "2 rule: sum missing-key [reason]"},
		{"accepted:\n- rule: sum\n  reason:\n", "2 rule: sum\n  reason: missing-key [reason]"},
		{"accepted:\n- reason: 是\n", "2 reason: 是 missing-key [rule]"},
		{"accepted:\n- {rule: sum, reason: 是, resaon: 否}\n", "2 resaon unknown-key [resaon] reason"},
		{"accepted:\n- {rule: sum, reason: 是, until: 2026-02-30}\n", "2 2026-02-30 want-day [2026-02-30]"},
		{"accepted:\n- {rule: sum, reason: 是, until: 明年}\n", "2 明年 want-day [明年]"},
		{"accepted:\n- {rule: sum, reason: 是, verdict: fails}\n", "2 fails unknown-word [fails fail, rounding, not_evaluated] fail"},
		{"accepted:\n- {rule: sum, reason: 是, verdict: pass}\n", "2 pass unknown-word [pass fail, rounding, not_evaluated]"},
		{"accepted:\n- {rule: sum, reason: 是, values: [1]}\n", "2 [1] want-mapping []"},
		{"accepted:\n- {rule: sum, reason: 是, values: {a: {b: 1}}}\n", "2 {b: 1} want-text []"},
		{"accepted:\n- {rule: [sum], reason: 是}\n", "2 [sum] want-text []\n2 {rule: [sum], reason: 是} missing-key [rule]"},
	} {
		all, list := acceptance.ReadFile(source.New("f", []byte(test.content)))
		if got := strings.Join(outcome(&finding.Report{}, list), "\n"); got != test.want {
			t.Errorf("%q: %s, want %s", test.content, got, test.want)
		}
		if len(all) > 0 {
			t.Errorf("%q: an entry was read in spite of its faults", test.content)
		}
	}
}
