package run

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
)

// TestCountsAgain: counts that are taken again tell what was counted since, and of no plan that was not.
func TestCountsAgain(t *testing.T) {
	planOf := func(id string) *plan.Plan {
		return &plan.Plan{Pack: &rule.Pack{}, Rules: []*plan.Rule{{Rule: &rule.Rule{ID: id}}}}
	}
	a, b := planOf("a"), planOf("b")
	var c Counts
	note := func(p *plan.Plan, v finding.Verdict) {
		one := c.of(p, false)
		one.tallies[1].Add(v)
		one.unbound[1] = finding.Unbound{Reason: "missing"}
	}
	note(a, finding.Pass)
	note(b, finding.Fail)
	note(a, finding.Pass)
	c.reset()
	if len(c.Plans()) > 0 {
		t.Errorf("nothing was counted: %v", c.Plans())
	}
	note(b, finding.Rounding)
	var total Counts
	total.Add(&c)
	var r finding.Report
	total.Tell(&r, Options{})
	want := []finding.Rule{{ID: "b", Tally: finding.Tally{Rounding: 1}}}
	if diff := cmp.Diff(want, r.Rules); diff != "" {
		t.Error(diff)
	}
}
