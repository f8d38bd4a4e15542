package run

import (
	"slices"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
)

// Counts are what is counted over inputs: of each rule how its instances came out, and why it decided nothing. The zero
// value counts none. One goroutine uses it at a time.
type Counts struct {
	// plans are in the order of their first inputs; last is the one that was asked for last.
	plans []*counted
	last  *counted
	// spare are those of plans that were counted before the counts were reset.
	spare []*counted
}

// counted is what is counted of one plan: first the built-in rule's, then one for each rule of the plan.
type counted struct {
	plan *plan.Plan
	// claims: the inputs are what documents claim by their own wording.
	claims  bool
	tallies []finding.Tally
	// unbound are the first reasons for which a rule decided nothing in an input.
	unbound []finding.Unbound
}

// of is what is counted of a plan.
func (c *Counts) of(p *plan.Plan, claims bool) *counted {
	if c.last != nil && c.last.plan == p && c.last.claims == claims {
		return c.last
	}
	for _, one := range c.plans {
		if one.plan == p && one.claims == claims {
			c.last = one
			return one
		}
	}
	if i := slices.IndexFunc(c.spare, func(one *counted) bool { return one.plan == p && one.claims == claims }); i >= 0 {
		c.last = c.spare[i]
		c.spare = slices.Delete(c.spare, i, i+1)
		clear(c.last.tallies)
		clear(c.last.unbound)
	} else {
		n := 1 + len(p.Rules)
		c.last = &counted{plan: p, claims: claims, tallies: make([]finding.Tally, n), unbound: make([]finding.Unbound, n)}
	}
	c.plans = append(c.plans, c.last)
	return c.last
}

// reset counts anew, in the same memory.
func (c *Counts) reset() {
	c.spare = append(c.spare, c.plans...)
	c.plans, c.last = c.plans[:0], nil
}

// Add adds what is counted over later inputs.
func (c *Counts) Add(later *Counts) {
	for _, more := range later.plans {
		one := c.of(more.plan, more.claims)
		for i := range more.tallies {
			one.tallies[i].Merge(more.tallies[i])
			if one.unbound[i].Reason == "" {
				one.unbound[i] = more.unbound[i]
			}
		}
	}
}

// Tell puts the rules that the options let run into a report, with what is counted of them, and adds it all up.
func (c *Counts) Tell(r *finding.Report, o Options) {
	index := map[string]int{}
	for _, claims := range []bool{false, true} {
		for _, one := range c.plans {
			if one.claims == claims {
				one.tell(r, o, index)
			}
		}
	}
	for i := range r.Rules {
		if r.Rules[i].Tally.Bound() {
			r.Rules[i].Unbound = finding.Unbound{}
		}
	}
}

// tell puts the rules of one plan into a report; index says where those with an id stand there.
func (c *counted) tell(r *finding.Report, o Options, index map[string]int) {
	for i, tally := range c.tallies {
		if !o.has(c.plan, i) {
			continue
		}
		if c.claims {
			// What is claimed by wording is judged where it can be, and nothing is missing elsewhere.
			if tally.NotApplicable, tally.NotEvaluated = 0, 0; !tally.Bound() {
				continue
			}
		}
		one := described(c.plan, i)
		at, known := index[one.ID]
		if !known {
			at = len(r.Rules)
			index[one.ID] = at
			r.Rules = append(r.Rules, one)
		}
		rule := &r.Rules[at]
		rule.Tally.Merge(tally)
		r.Summary.Merge(tally)
		if rule.Unbound.Reason == "" {
			rule.Unbound = c.unbound[i]
		}
	}
}

// described is what a report says of the rule of an index among the tallies, before anything is counted.
func described(p *plan.Plan, i int) finding.Rule {
	if i == 0 {
		return finding.Rule{ID: rule.RestatedID, Title: restatedTitle, Severity: p.Pack.Restated}
	}
	r := p.Rules[i-1]
	return finding.Rule{ID: r.ID, Title: r.Title, Severity: r.Severity}
}

// Counted is what is counted of one plan.
type Counted struct {
	Plan *plan.Plan
	// Claims: the inputs are what documents claim by their own wording.
	Claims bool
	// Tallies and Unbound are of the built-in rule first, then one for each rule of the plan.
	Tallies []finding.Tally
	Unbound []finding.Unbound
}

// Plans is what is counted, plan by plan. Both lists are those of the counts.
func (c *Counts) Plans() []Counted {
	all := make([]Counted, len(c.plans))
	for i, one := range c.plans {
		all[i] = Counted{one.plan, one.claims, one.tallies, one.unbound}
	}
	return all
}

// CountsOf is the counts that Plans tells. The lists are as long as the plans ask for.
func CountsOf(all []Counted) *Counts {
	c := &Counts{}
	for _, one := range all {
		c.plans = append(c.plans, &counted{plan: one.Plan, claims: one.Claims, tallies: one.Tallies, unbound: one.Unbound})
	}
	return c
}
