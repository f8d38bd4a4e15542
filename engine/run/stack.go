package run

import (
	"math/bits"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
)

// Most datasets pass. Of such as lie upon another a rule is asked once for all, column by column; those in which each rule passes, or
// does not apply, are done with that. The others are judged by themselves, as if nothing had been asked. So are all where rules read
// whose dataset it is, which is not the same in all, or look at other datasets.

// Stacked is what was found of datasets that lie upon another.
type Stacked struct {
	// Passed has a bit for each dataset in which all rules pass or do not apply.
	Passed uint64

	checker *checker
	plan    *plan.Plan
	// asked are the answers of the rules, instance by instance.
	asked []answer
	// given has a bit for each dataset whose outcome was asked for and is not counted yet.
	given uint64
	// unmet counts the instances to which rules do not apply, by datasets.
	unmet [dataset.Height]int
	// idle are the rules that apply nowhere in some datasets.
	idle []idle
}

// answer is what an instance of a rule, of an index among the tallies, says: a bit for each dataset in which it passes or does not apply.
type answer struct {
	rule          int
	passed, unmet uint64
}

// idle is a rule that applies nowhere in some datasets.
type idle struct {
	rule int
	in   uint64
}

// stack asks all rules of a plan of datasets that lie upon another.
func (c *checker) stack(p *plan.Plan, s *dataset.Stack) *Stacked {
	out := &c.stacked
	out.count()
	*out = Stacked{checker: c, plan: p, asked: out.asked[:0], idle: out.idle[:0]}
	o := &c.options
	if p.Across != nil || p.Dated || p.Named || o.All || len(o.Only)+len(o.Skip) > 0 {
		return out
	}
	c.env.Stack(s)
	out.Passed = s.In
	if p.Pack.Restated != 0 {
		// No table of numbers says one twice.
		out.idle = append(out.idle, idle{0, out.Passed})
	}
	for i, r := range p.Rules {
		c.rule = r
		if out.rule(&c.env, i); out.Passed == 0 {
			return out
		}
	}
	out.unmets()
	return out
}

// rule asks the rule of an index.
func (s *Stacked) rule(e *expression.Env, i int) {
	from := len(s.asked)
	s.instances(e, i, 0)
	undecided := s.Passed
	for _, a := range s.asked[from:] {
		undecided &^= a.passed
	}
	if undecided != 0 {
		s.idle = append(s.idle, idle{1 + i, undecided})
	}
}

// instances asks a rule at all rows of its loops from a depth on.
func (s *Stacked) instances(e *expression.Env, i, depth int) {
	r := s.plan.Rules[i]
	if depth == len(r.Loops) {
		passed, unmet := s.plan.Screens[i].Through(e)
		s.asked = append(s.asked, answer{1 + i, passed, unmet})
		s.Passed &= passed | unmet
		return
	}
	l := r.Loops[depth]
	n, ok := l.Len(e)
	if !ok || n == 0 {
		// No table says that a list is empty.
		s.Passed = 0
	}
	for row := 0; row < n && s.Passed != 0; row++ {
		l.Enter(e, row)
		s.instances(e, i, depth+1)
	}
}

// unmets counts the instances to which rules do not apply in the datasets that pass.
func (s *Stacked) unmets() {
	for _, a := range s.asked {
		for unmet := a.unmet & s.Passed; unmet != 0; unmet &= unmet - 1 {
			s.unmet[bits.TrailingZeros64(unmet)]++
		}
	}
}

// count counts what the rules say of the datasets whose outcomes were asked for: of a row that is no dataset nobody asks.
func (s *Stacked) count() {
	if s.given == 0 {
		return
	}
	tallies := s.checker.counts.of(s.plan, false).tallies
	for _, a := range s.asked {
		t := &tallies[a.rule]
		t.Pass += bits.OnesCount64(a.passed & s.given)
		t.NotApplicable += bits.OnesCount64(a.unmet & s.given)
	}
	s.given = 0
}

// Outcome is that of the i-th dataset, which passes. It is asked for in the order in which the datasets are judged.
func (s *Stacked) Outcome(i int, item *Item) *finding.Outcome {
	s.given |= 1 << i
	unbound := s.checker.counts.of(s.plan, false).unbound
	for _, one := range s.idle {
		if u := &unbound[one.rule]; one.in>>i&1 > 0 && u.Reason == "" {
			u.Reason = notApplicable
		}
	}
	return &finding.Outcome{
		Input: s.checker.input(item),
		Tally: finding.Tally{Pass: len(s.asked) - s.unmet[i], NotApplicable: s.unmet[i]},
	}
}
