package finding_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/finding"
)

// What was accepted is counted apart, stands behind what was not, and is no cause for alarm.
func TestAccepted(t *testing.T) {
	reasoned, old := fail("a", "1", finding.Error), fail("b", "1", finding.Error)
	reasoned.Accepted = &finding.Acceptance{Reason: "核对过"}
	old.Accepted = &finding.Acceptance{Baseline: true}
	passes := fail("d", "1", finding.Error)
	passes.Verdict = finding.Pass
	r := finding.Report{Findings: []finding.Finding{passes, reasoned, old, fail("c", "1", finding.Warning), fail("a", "2", finding.Info)}}

	finding.Sort(r.Findings, nil)
	var order []string
	for _, f := range r.Findings {
		order = append(order, f.Rule+f.Instance)
	}
	if diff := cmp.Diff([]string{"c1", "a2", "a1", "b1", "d1"}, order); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[finding.Severity]int{finding.Warning: 1, finding.Info: 1}, r.BySeverity()); diff != "" {
		t.Error(diff)
	}
	if got := r.Worst(); got != finding.Warning {
		t.Errorf("worst is %v", got)
	}
	if a, b := r.Accepted(); a != 1 || b != 1 {
		t.Errorf("%d accepted, %d in the baseline", a, b)
	}
	// Of one rule, what was accepted is no entry with what was not, and a suspect figure says nothing of it.
	suspect := finding.Suspect{Input: "a", Figure: finding.Operand{Text: "9"}, Settles: []string{reasoned.Fingerprint, fail("c", "1", finding.Warning).Fingerprint}}
	want := []string{"[9] w:c1", " i:a2", " e:a1", " e:b1", " e:d1"}
	if diff := cmp.Diff(want, told(finding.Entries(r.Findings, []finding.Suspect{suspect}))); diff != "" {
		t.Error(diff)
	}
}
