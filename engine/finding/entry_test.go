package finding_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/finding"
)

func fail(rule, instance string, s finding.Severity) finding.Finding {
	return finding.Finding{
		Pack: "p", Rule: rule, Instance: instance, Severity: s, Verdict: finding.Fail, Input: "a",
		Fingerprint: finding.Fingerprint("p", rule, "e", "2023", instance),
	}
}

// told writes entries shortly: what a suspect settles in brackets, then rule and instances.
func told(entries []finding.Entry) []string {
	var out []string
	for _, e := range entries {
		s := ""
		if e.Suspect != nil {
			s = "[" + e.Suspect.Figure.Text + "]"
		}
		for _, f := range e.Findings {
			s += " " + f.Severity.String()[:1] + ":" + f.Rule + f.Instance
		}
		out = append(out, s)
	}
	return out
}

func TestEntries(t *testing.T) {
	passes := fail("c", "3", finding.Error)
	passes.Verdict = finding.Pass
	all := []finding.Finding{
		fail("a", "1", finding.Error), fail("b", "1", finding.Error), fail("a", "2", finding.Error),
		fail("c", "1", finding.Warning), fail("b", "2", finding.Warning), fail("c", "2", finding.Warning),
		passes,
	}
	suspect := func(text string, settles ...int) finding.Suspect {
		s := finding.Suspect{Input: "a", Figure: finding.Operand{Text: text}}
		for _, i := range settles {
			s.Settles = append(s.Settles, all[i].Fingerprint)
		}
		return s
	}
	for _, test := range []struct {
		name     string
		suspects []finding.Suspect
		want     []string
	}{
		{"one entry a rule and severity", nil, []string{" e:a1 e:a2", " e:b1", " w:c1 w:c2", " w:b2", " e:c3"}},
		{"a suspect stands before the rules that are as bad", []finding.Suspect{suspect("9.00", 1, 3)},
			[]string{"[9.00] e:b1 w:c1", " e:a1 e:a2", " w:b2", " w:c2", " e:c3"}},
		{"and after worse ones", []finding.Suspect{suspect("9.00", 4, 5)},
			[]string{" e:a1 e:a2", " e:b1", "[9.00] w:b2 w:c2", " w:c1", " e:c3"}},
		{"what two settle is the first one's; what holds is no one's", []finding.Suspect{suspect("9.00", 0, 1), suspect("8.00", 1, 2, 6)},
			[]string{"[9.00] e:a1 e:b1", "[8.00] e:a2", " w:c1 w:c2", " w:b2", " e:c3"}},
		{"another input's settles nothing here", []finding.Suspect{{Input: "b", Settles: []string{all[0].Fingerprint}}},
			[]string{" e:a1 e:a2", " e:b1", " w:c1 w:c2", " w:b2", " e:c3"}},
	} {
		if diff := cmp.Diff(test.want, told(finding.Entries(all, test.suspects))); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
}

// Whatever is suspected, every finding is in exactly one entry, worst first, and in its order within the entry.
func TestEntriesKeepEveryFinding(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 2000 {
		var all []finding.Finding
		for i := range r.IntN(20) {
			f := fail(string(rune('a'+r.IntN(4))), fmt.Sprint(i), finding.Severity(1+r.IntN(3)))
			f.Verdict = finding.Verdicts[r.IntN(len(finding.Verdicts))]
			all = append(all, f)
		}
		finding.Sort(all, []finding.Input{{Path: "a"}})
		suspects := make([]finding.Suspect, r.IntN(3))
		for i := range suspects {
			suspects[i].Input = "a"
			for range r.IntN(6) {
				if len(all) > 0 {
					suspects[i].Settles = append(suspects[i].Settles, all[r.IntN(len(all))].Fingerprint)
				}
			}
		}
		var seen []string
		var firsts []finding.Finding
		for _, e := range finding.Entries(all, suspects) {
			firsts = append(firsts, e.Findings[0])
			at := -1
			for _, f := range e.Findings {
				i := slices.IndexFunc(all, func(x finding.Finding) bool { return x.Fingerprint == f.Fingerprint })
				if i <= at {
					t.Fatalf("out of order: %v", told([]finding.Entry{e}))
				}
				at = i
				seen = append(seen, f.Fingerprint)
				if e.Suspect == nil && (f.Rule != e.Findings[0].Rule || f.Verdict != e.Findings[0].Verdict || f.Severity != e.Findings[0].Severity) {
					t.Fatalf("not alike: %v", told([]finding.Entry{e}))
				}
			}
		}
		sorted := slices.Clone(firsts)
		finding.Sort(sorted, []finding.Input{{Path: "a"}})
		if diff := cmp.Diff(sorted, firsts); diff != "" {
			t.Fatalf("not worst first:\n%s", diff)
		}
		slices.Sort(seen)
		if len(seen) != len(all) || len(slices.Compact(seen)) != len(all) {
			t.Fatalf("%d findings, %d in entries", len(all), len(seen))
		}
	}
}

// A suspect figure says nothing of what was accepted, and nothing at all where it explains one fail alone.
func TestSettle(t *testing.T) {
	var all []finding.Finding
	s := finding.Suspect{Input: "a"}
	for i := range 3 {
		f := fail("r", fmt.Sprint(i), finding.Error)
		all = append(all, f)
		s.Settles = append(s.Settles, f.Fingerprint)
	}
	whole := slices.Clone(s.Settles)
	for accepted, want := range [][]string{whole, whole[1:], nil} {
		r := finding.Outcome{Findings: slices.Clone(all), Suspects: []finding.Suspect{s}}
		for i := range accepted {
			r.Findings[i].Accepted = &finding.Acceptance{Reason: "是"}
		}
		r.Settle()
		var got []string
		for _, s := range r.Suspects {
			got = append(got, s.Settles...)
		}
		if accepted > 0 && r.Findings[2].Accepted == nil {
			t.Error("what was accepted does not stand last")
		}
		if !slices.Equal(got, want) {
			t.Errorf("with %d accepted: %v, want %v", accepted, got, want)
		}
	}
	if !slices.Equal(s.Settles, whole) {
		t.Error("the list it began with was changed")
	}
}
