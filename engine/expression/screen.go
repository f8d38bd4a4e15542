package expression

import "github.com/gouji/gouji/engine/number"

// Screen is the fast evaluation of a rule, its condition and its check together: most rules hold on the printed figures,
// which is told without allocating anything. What it does not tell is left to Eval and Judge.
type Screen struct {
	// tests are the parts of the condition, the first when of them, and those of the check: all must hold.
	tests []test
	when  int
	// looped: the rule has loops. zero takes missing figures as zero.
	looped, zero bool
}

// NewScreen compiles the fast evaluation of a rule that has loops; when is nil where it always applies.
func NewScreen(loops []*Loop, when *Condition, check *Check) Screen {
	s := Screen{looped: len(loops) > 0, zero: check.zero}
	var parts []*node
	if when != nil {
		parts = when.node.conjuncts(nil)
		s.when = len(parts)
	}
	s.tests = testsOf(check.node.conjuncts(parts))
	return s
}

// conjuncts appends what `and` joins.
func (n *node) conjuncts(to []*node) []*node {
	if n.op != opAnd {
		return append(to, n)
	}
	for _, a := range n.args {
		to = a.conjuncts(to)
	}
	return to
}

// Passing counts the screens, from the first one on, whose rules have no loops and pass: most rules do.
func Passing(e *Env, screens []Screen) int {
	for i := range screens {
		s := &screens[i]
		if s.looped {
			return i
		}
		for j := range s.tests {
			t := &s.tests[j]
			if t.way == byChoice {
				switch t.parts[0].eval(e) {
				case yes:
					t = &t.parts[1]
				case no:
					t = &t.parts[2]
				}
			}
			holds := false
			switch t.way {
			case byPair:
				a, b := e.aligned[t.plus], e.aligned[t.less]
				holds = (a|b)&number.Unaligned == 0 && t.outcome[1+sign(t.constant+a-b)] == yes
			case byFigures:
				holds = t.holds(e.aligned, e.apart)
			case byRatio:
				holds = t.ratio.more == nil && t.ratio.holds(e, t.outcome[1] == yes)
			}
			if !holds && t.eval(e) != yes {
				return i
			}
		}
	}
	return len(screens)
}

// holds reports whether a sum of the dataset's own figures is as the test wants it; where that cannot be told, it is
// false. It calls nothing, so that what it needs stays in registers.
func (t *test) holds(values []int64, apart int64) bool {
	a, b := values[t.plus], values[t.less]
	sum, bits := t.constant+a-b, a|b
	if t.way == byFigures {
		for _, f := range t.terms {
			v := values[f.figure]
			sum, bits = sum+v*int64(f.sign), bits|v
		}
	}
	o := t.outcome[1+sign(sum)]
	if o == unfit && (sum >= apart || sum <= -apart) {
		o = t.apart
	}
	return o == yes && bits&number.Unaligned == 0
}

// holds reports whether one of the dataset's own figures is the ratio of pairs of others, or is not where that is wanted;
// where it cannot be told, it is false.
func (r *ratio) holds(e *Env, wanted bool) bool {
	values := e.aligned
	a, b, c, d := values[r.num.plus], values[r.num.less], values[r.den.plus], values[r.den.less]
	num, den := r.num.constant+a-b, r.den.constant+c-d
	if (a|b|c|d)&number.Unaligned != 0 || den == 0 {
		return false
	}
	agree, ok := number.AgreeRatio(num, den, uint64(r.factor), e.cells[r.figure-1], e.mode)
	return ok && agree == wanted
}

// Outcome is what a screen tells of a rule at the rows where the loops stand.
type Outcome uint8

const (
	// Open: not even whether the rule applies.
	Open Outcome = iota
	// Applies: the condition holds, and the check is to be judged.
	Applies
	// Passed: both hold.
	Passed
	// Unmet: the condition does not hold.
	Unmet
	// Doubted: the condition is unknown.
	Doubted
)

// Try evaluates the rule where the loops stand.
func (s *Screen) Try(e *Env) Outcome {
	switch applies := joined(s.tests[:s.when], no, e); {
	case applies == no:
		return Unmet
	case applies == unknown && !s.zero:
		return Doubted
	case applies != yes:
		return Open
	case joined(s.tests[s.when:], no, e) == yes:
		return Passed
	}
	return Applies
}

// Over evaluates the rule at up to Block rows or groups of a loop together, from the i-th of n on: passed has a bit for
// each one at which the rule passes, unmet for each one at which its condition does not hold. What is in neither is left
// to Try.
func (s *Screen) Over(e *Env, l *Loop, i, n int) (passed, unmet uint64) {
	b, ok := l.block(e, i, n)
	if !ok {
		return 0, 0
	}
	when := allOver(s.tests[:s.when], e, &b, b.every())
	return allOver(s.tests[s.when:], e, &b, when.yes).yes, when.no
}

// Blind is a screen that tells nothing of a rule: all is left to Eval and Judge. It is for datasets joined of such whose
// figures were rounded in different ways.
func Blind() *Screen { return &Screen{tests: make([]test, 2), when: 1, looped: true} }
