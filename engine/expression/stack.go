package expression

import "github.com/gouji/gouji/engine/dataset"

// Stack turns to datasets that lie one upon another.
func (e *Env) Stack(s *dataset.Stack) {
	e.Reset(s.Lowest)
	e.stack = s
}

// Through evaluates the rule, at the rows where the loops stand, in all datasets of the stack: passed has a bit for each
// one in which the rule passes, unmet for each one in which its condition does not hold. What is in neither is left to
// Try.
func (s *Screen) Through(e *Env) (passed, unmet uint64) { return 0, 0 }
