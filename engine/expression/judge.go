package expression

import (
	"slices"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Condition is a compiled `when`.
type Condition struct {
	node *node
	// zero takes missing figures as zero.
	zero bool
}

// Truth is what a condition says of printed values.
type Truth uint8

const (
	False Truth = iota
	True
	// Unknown: a figure is missing or a denominator is zero.
	Unknown
)

// Condition compiles a condition; with zero, missing figures count as zero.
func (s *Scope) Condition(n *yamldoc.Node, zero bool) (*Condition, diag.List) {
	root, list := s.compileAs(n, kindBool)
	if len(list) > 0 || root.kind == kindBad {
		return nil, list
	}
	return &Condition{node: root, zero: zero}, nil
}

func (s *Scope) compileAs(n *yamldoc.Node, k kind) (*node, diag.List) {
	root, list := s.compile(n)
	if len(list) > 0 || root.kind == kindBad || root.kind == k {
		return root, list
	}
	l := s.lowerer(n)
	l.want(root, k)
	return bad(place{text: n}), l.list
}

// Eval evaluates the condition.
func (c *Condition) Eval(e *Env) Truth {
	x := exact{Env: e, zero: c.zero}
	return Truth(x.truth(c.node))
}

func (n *node) fields(note func(*dataset.Field)) {
	n.visit(func(m *node) {
		if m.op == opField {
			note(m.field)
		}
	})
}

// Obstacles names the fields that keep the condition unknown, and the cause.
func (c *Condition) Obstacles(e *Env) (cause string, missing []string) {
	x := exact{Env: e, zero: c.zero}
	x.truth(c.node)
	return x.cause(), x.missing()
}

// Reads are the cells that the condition reads, in order.
func (c *Condition) Reads(e *Env) []int {
	x := exact{Env: e, zero: c.zero}
	x.truth(c.node)
	return x.touched
}

// missing names the fields that are missing, each once, in the order in which they were sought.
func (x *exact) missing() []string {
	names := []string{}
	for _, p := range x.problems {
		name := ""
		switch {
		case p.cell >= 0:
			name = x.data.Address(p.cell)
		case p.list >= 0:
			name = x.data.ListAddress(p.list)
		default:
			continue
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Tolerance says how far the sides of the comparisons ==, <= and >= of a check may lie apart.
type Tolerance struct {
	Kind ToleranceKind
	// Amount is the limit of Abs and Cap in the left side's unit, and for Rel the share of the larger side.
	Amount number.Rat
}

// ToleranceKind is a kind of tolerance.
type ToleranceKind uint8

const (
	// Rounding: as far as true values that print so allow.
	Rounding ToleranceKind = iota
	// Exactly: not at all.
	Exactly
	// Abs: by an amount.
	Abs
	// Rel: by a share of the larger side.
	Rel
	// Cap: as Rounding, but not beyond an amount.
	Cap
)

// Check is a compiled `check`.
type Check struct {
	node      *node
	tolerance Tolerance
	// zero takes missing figures as zero.
	zero bool
}

// Check compiles a check. A comparison whose true values could not be decided is refused at its place.
func (s *Scope) Check(n *yamldoc.Node, tolerance Tolerance, zero bool) (*Check, diag.List) {
	root, list := s.compileAs(n, kindBool)
	if len(list) > 0 || root.kind == kindBad {
		return nil, list
	}
	if (tolerance.Kind == Rounding || tolerance.Kind == Cap) && !root.plain() {
		if list := s.examine(root); len(list) > 0 {
			return nil, list
		}
	}
	return &Check{node: root, tolerance: tolerance, zero: zero}, nil
}

// maxBranches bounds the conditionals of one comparison, since each choice of branches has a form of its own.
const maxBranches = 6

// examine finds comparisons that are no form that can be decided, by building their forms over sample data.
func (s *Scope) examine(root *node) diag.List {
	var list diag.List
	env := &Env{}
	env.Reset(s.names.sample())
	// Walks over one list stand at rows of their own, as far as there are as many.
	apart := func(frame, rows int, enter func(i int)) {
		for i := range rows {
			if enter(i); !env.standsIn(frame) {
				return
			}
		}
	}
	for _, l := range s.loops {
		n, _ := l.Len(env)
		apart(l.Frame, n, func(i int) { l.Enter(env, i) })
	}
	var visit func(n *node)
	visit = func(n *node) {
		switch n.op {
		case opAnd, opOr:
			for _, a := range n.args {
				visit(a)
			}
		case opIf:
			visit(n.args[1])
			visit(n.args[2])
		case opAll, opAny:
			rows := env.lists[env.rows(n.stream.rows)]
			apart(n.stream.frame, int(rows.Count), func(i int) {
				env.frames[n.stream.frame] = rows.Row(n.stream.rows.field, i)
			})
			visit(n.args[0])
		case opEq, opLe, opGe:
			if n.args[0].kind == kindNumber {
				if r := shape(env, n); r != nil {
					list.Add(diag.New(r.code, r.node.span.source()))
				}
			}
		}
	}
	visit(root)
	return list
}

// plain reports whether all comparisons are linear, or of a figure with a quotient of others, as most are: these can be
// decided whatever the data.
func (n *node) plain() bool {
	switch n.op {
	case opAnd, opOr:
		return !slices.ContainsFunc(n.args, func(a *node) bool { return !a.plain() })
	case opIf:
		return n.args[1].plain() && n.args[2].plain()
	case opAll, opAny:
		return n.args[0].plain()
	case opEq, opLe, opGe:
		a, b := n.args[0], n.args[1]
		return a.kind != kindNumber || a.linear() && b.linear() || a.figure() && b.quotientWithout(a) || b.figure() && a.quotientWithout(b)
	}
	return true
}

// linear reports whether a number is a sum of figures with constant coefficients.
func (n *node) linear() bool {
	switch n.op {
	case opLiteral, opField, opCount, opLen, opDecimals, opDays:
		return true
	case opConvert, opNeg, opAdd, opSum, opCoalesce:
		return !slices.ContainsFunc(n.args, func(a *node) bool { return !a.linear() })
	case opMul:
		return n.args[0].op == opLiteral && n.args[1].linear() || n.args[1].op == opLiteral && n.args[0].linear()
	case opDiv:
		return n.args[1].op == opLiteral && n.args[0].linear()
	}
	return false
}

// quotientWithout reports whether a number is a quotient of linear ones in which a figure does not occur.
func (n *node) quotientWithout(figure *node) bool {
	switch n.op {
	case opMul:
		return n.args[0].op == opLiteral && n.args[1].quotientWithout(figure) || n.args[1].op == opLiteral && n.args[0].quotientWithout(figure)
	case opDiv:
		if n.args[1].op == opLiteral {
			return n.args[0].quotientWithout(figure)
		}
		if figure.op == opConvert {
			figure = figure.args[0]
		}
		without := n.args[0].linear() && n.args[1].linear()
		// Groups of one type have fields of the same names.
		n.fields(func(f *dataset.Field) { without = without && f.Name != figure.field.Name })
		return without
	}
	return false
}

// shape builds the form of a comparison for every choice of its conditionals' branches.
func shape(env *Env, n *node) *refusal {
	var tests []*node
	var find func(n *node)
	find = func(n *node) {
		if n.op == opIf {
			if !slices.Contains(tests, n.args[0]) {
				tests = append(tests, n.args[0])
			}
			find(n.args[1])
			find(n.args[2])
			return
		}
		for _, a := range n.args {
			if n.op != opCount {
				find(a)
			}
		}
	}
	find(n)
	if len(tests) > maxBranches {
		return &refusal{n, diag.TooManyBranches}
	}
	for choice := range 1 << len(tests) {
		x := exact{Env: env, pick: func(test *node) truth {
			i := slices.Index(tests, test)
			return truthOf(i < 0 || choice>>i&1 == 1)
		}}
		if _, refused := x.decide(n, true); refused != nil {
			return refused
		}
	}
	return nil
}

// Judgement is the verdict of a check and what there is to say about it.
type Judgement struct {
	Verdict        finding.Verdict
	Near, Unlikely bool
	// Left, Right and Difference are the sides of the deciding comparison of figures, "" where there is none.
	Left, Right, Difference string
	Allowed                 *finding.Interval
	// Cause explains a fail, or says why the check is not evaluated.
	Cause string
	// Operands are the cells that the deciding part read, in order.
	Operands []int
	Missing  []string
}

// Judge gives the verdict of a check with everything a finding tells.
func (c *Check) Judge(e *Env) Judgement {
	x := exact{Env: e, zero: c.zero}
	return c.judge(&x, c.node)
}

// Verdict is Judge for who asks for the verdict alone: of the rest it gives the cause why a check is not evaluated.
func (c *Check) Verdict(e *Env) Judgement {
	x := exact{Env: e, zero: c.zero, brief: true}
	return c.judge(&x, c.node)
}

// judge decides one part of a check. Parts of `and` and `all` count by the greatest verdict, of `or` and `any` by the
// least; the first part with that verdict is told. Where all parts of an `or` fail, any of them might have held: they
// tell their operands together.
func (c *Check) judge(x *exact, n *node) Judgement {
	switch n.op {
	case opAnd, opOr:
		best := c.judge(x, n.args[0])
		for _, a := range n.args[1:] {
			j := c.judge(x, a)
			if n.op == opOr && best.Verdict == finding.Fail && j.Verdict == finding.Fail {
				best.Operands = union(best.Operands, j.Operands)
				continue
			}
			best = worse(n.op == opAnd, best, j)
		}
		return best
	case opAll, opAny:
		var best *Judgement
		walked := x.walk(n.stream, func() {
			j := c.judge(x, n.args[0])
			if best != nil {
				j = worse(n.op == opAll, *best, j)
			}
			best = &j
		})
		unknownRows := x.notEvaluated(CauseMissing)
		x.problems = nil
		switch {
		case best == nil && walked && n.op == opAll:
			return Judgement{Verdict: finding.Pass}
		case best == nil && walked:
			return Judgement{Verdict: finding.Fail}
		case best == nil:
			return unknownRows
		case !walked:
			return worse(n.op == opAll, *best, unknownRows)
		}
		return *best
	case opIf:
		switch x.truth(n.args[0]) {
		case yes:
			return c.judge(x, n.args[1])
		case no:
			return c.judge(x, n.args[2])
		}
		undecided := x.notEvaluated(x.cause())
		x.problems = nil
		a, b := c.judge(x, n.args[1]), c.judge(x, n.args[2])
		switch {
		case a.Verdict != b.Verdict:
			return undecided
		case a.Verdict == finding.NotEvaluated:
			a = worse(true, undecided, a)
		}
		return worse(true, a, b)
	}
	leaf := exact{Env: x.Env, zero: x.zero, brief: x.brief}
	j := c.leaf(&leaf, n)
	numbers := n.op == opSame || n.op >= opEq && n.op <= opGe && n.args[0].kind == kindNumber
	if leaf.zero && numbers && leaf.nothing() {
		// Zeros alone would agree with one another.
		for _, cell := range leaf.touched {
			leaf.problem(CauseMissing, cell, -1)
		}
		j = leaf.notEvaluated(CauseMissing)
	}
	j.Operands = leaf.touched
	return j
}

// nothing reports whether values were read and all of them are missing.
func (x *exact) nothing() bool {
	return len(x.touched) > 0 && !slices.ContainsFunc(x.touched, func(cell int) bool { return !x.cells[cell].Has(number.Missing) })
}

// worse is the judgement that counts: the greater verdict for all parts, the lesser for any. What keeps parts from
// being evaluated is told of all of them.
func worse(all bool, a, b Judgement) Judgement {
	switch {
	case a.Verdict == b.Verdict && a.Verdict == finding.NotEvaluated:
		if b.Cause == CauseMissing {
			a.Cause = CauseMissing
		}
		for _, name := range b.Missing {
			if !slices.Contains(a.Missing, name) {
				a.Missing = append(a.Missing, name)
			}
		}
	case a.Verdict != b.Verdict && (b.Verdict > a.Verdict) == all:
		return b
	}
	return a
}

// union is the cells of a, and those of b that are not among them.
func union(a, b []int) []int {
	for _, cell := range b {
		if !slices.Contains(a, cell) {
			a = append(a, cell)
		}
	}
	return a
}

func (x *exact) notEvaluated(cause string) Judgement {
	if len(x.problems) > 0 {
		cause = x.cause()
	}
	j := Judgement{Verdict: finding.NotEvaluated, Cause: cause}
	if !x.brief {
		j.Missing = x.missing()
	}
	return j
}

func verdictOf(t truth) finding.Verdict {
	switch t {
	case yes:
		return finding.Pass
	case no:
		return finding.Fail
	}
	return finding.NotEvaluated
}

// leaf decides a part that is not made of parts.
func (c *Check) leaf(x *exact, n *node) Judgement {
	switch {
	case n.op == opSame:
		return x.judgeSame(n)
	case n.op >= opEq && n.op <= opGe && n.args[0].kind == kindNumber:
		return c.compare(x, n)
	}
	t := x.truth(n)
	if t == unknown {
		return x.notEvaluated(CauseMissing)
	}
	j := Judgement{Verdict: verdictOf(t)}
	if !x.brief && (n.op == opEq || n.op == opNe) {
		j.Left, j.Right = x.show(n.args[0]), x.show(n.args[1])
	}
	return j
}

// show writes a text or date as printed.
func (x *exact) show(n *node) string {
	if n.op == opField && n.kind != kindBool {
		if st := x.fact(x.cell(n)).Statement(); st != nil {
			return st.Text
		}
	}
	if n.kind == kindText {
		s, _ := x.text(n)
		return s
	}
	return ""
}

func (x *exact) judgeSame(n *node) Judgement {
	agree, near, ok := x.same(n)
	if !ok {
		return x.notEvaluated(CauseMissing)
	}
	j := Judgement{Verdict: verdictOf(truthOf(agree)), Near: near}
	if x.brief {
		return j
	}
	// The first statement against the one farthest from it.
	first, _ := x.number(n.args[0])
	other, second := n.args[1], first
	for _, a := range n.args[1:] {
		if v, _ := x.number(a); first.Sub(v).CmpAbs(first.Sub(second)) > 0 {
			other, second = a, v
		}
	}
	x.sides(&j, n.args[0], other, first, second, x.comparisonDecimals(n.args[0], other))
	return j
}

// sides writes both sides, with what they come to, and their difference, at d decimals.
func (x *exact) sides(j *Judgement, left, right *node, a, b number.Rat, d int) {
	j.Left, j.Right = x.sideText(left, a, d), x.sideText(right, b, d)
	j.Difference = number.FormatFixed(a.Sub(b), d, d+4)
}

// comparisonDecimals is the number of decimals at which a comparison is told: that of its bare sides, else the
// greatest among its figures.
func (x *exact) comparisonDecimals(left, right *node) int {
	d := -1
	for _, n := range []*node{left, right} {
		if n.figure() {
			f := n
			if n.op == opConvert {
				f = n.args[0]
			}
			if own := x.sideDecimals(n, x.cell(f)); own != number.Exact {
				d = max(d, int(own))
			}
		}
	}
	if d >= 0 {
		return d
	}
	if counted(left) && counted(right) {
		return 0
	}
	for _, cell := range x.touched {
		if f := x.fact(cell).Field; f.Type.Numeric() && f.Type != dataset.Count && x.decimals(cell) != number.Exact {
			d = max(d, int(x.decimals(cell)))
		}
	}
	return max(d, 0)
}

// counted reports whether a side only counts: rows, characters, digits.
func counted(n *node) bool {
	switch n.op {
	case opLiteral, opCount, opLen, opDecimals, opDays:
		return true
	case opAdd, opNeg, opMul:
		return !slices.ContainsFunc(n.args, func(a *node) bool { return !counted(a) })
	}
	return false
}

// sideText writes a side that comes to v: a bare figure as printed, else its value with d decimals and as many more as it
// needs, cut at d+4.
func (x *exact) sideText(n *node, v number.Rat, d int) string {
	if text := x.printedText(n); text != "" {
		return text
	}
	if n.op == opLiteral {
		return number.FormatFixed(v, 0, 18)
	}
	return number.FormatFixed(v, d, d+4)
}

// printedText is a bare figure as printed, "" for all else.
func (x *exact) printedText(n *node) string {
	if n.op == opField {
		if st := x.fact(x.cell(n)).Statement(); st != nil {
			return st.Text
		}
	}
	return ""
}

// compare decides a comparison of numbers.
func (c *Check) compare(x *exact, n *node) Judgement {
	left, okl := x.number(n.args[0])
	right, okr := x.number(n.args[1])
	if !okl || !okr {
		return x.notEvaluated(CauseMissing)
	}
	difference := left.Sub(right)
	var j Judgement
	decimals := 0
	if !x.brief {
		decimals = x.comparisonDecimals(n.args[0], n.args[1])
		x.sides(&j, n.args[0], n.args[1], left, right, decimals)
	}
	passes := n.op.ordered(difference.Sign())
	if n.op == opEq || n.op == opNe {
		passes = x.agree(n, left, right) == (n.op == opEq)
	}
	if passes {
		return j
	}
	j.Verdict = finding.Fail
	// linear is left − right where that is linear.
	var linear *poly
	if n.op != opEq && n.op != opLe && n.op != opGe {
		return j
	}
	excess := difference
	if n.op == opEq {
		excess = difference.Abs()
	} else if n.op == opGe {
		excess = difference.Neg()
	}
	switch t := c.tolerance; t.Kind {
	case Exactly:
	case Abs, Rel:
		limit := t.Amount
		if t.Kind == Rel {
			larger := left
			if right.CmpAbs(left) > 0 {
				larger = right
			}
			limit = larger.Abs().Mul(t.Amount)
		}
		if excess.Cmp(limit) <= 0 {
			j.Verdict = finding.Rounding
		}
		if x.brief {
			return j
		}
		j.allow(n.op, &span{inf: limit.Neg(), sup: limit, infIn: true, supIn: true}, decimals)
	default:
		x.problems = nil
		d, refused := x.decide(n, false)
		if n.args[0].op != opRound && n.args[1].op != opRound {
			linear = d.linear
		}
		if refused != nil {
			// The shape was examined when the rule was compiled; what varies with the data is the number of rows, and
			// which of them meet.
			d.cause = CauseUndecidable
			if refused.code == diag.TooManyProducts {
				d.cause = CauseTooManyProducts
			}
		}
		if d.cause != "" {
			j.Verdict, j.Cause, j.Missing = finding.NotEvaluated, d.cause, x.missing()
			return j
		}
		within := t.Kind != Cap || excess.Cmp(t.Amount) <= 0
		if d.possible && within {
			j.Verdict = finding.Rounding
		}
		if x.brief {
			return j
		}
		if j.Verdict == finding.Rounding {
			j.Unlikely = d.linear != nil && x.unlikely(d.linear)
		}
		if d.span != nil {
			// Differences that would not be a fail: δ − sup F to δ − inf F.
			allowed := point(difference).plus(d.span.neg())
			if t.Kind == Cap {
				allowed = allowed.capped(t.Amount)
			}
			j.allow(n.op, &allowed, decimals)
		}
	}
	if j.Verdict == finding.Fail && n.op == opEq && !x.brief {
		j.Near = linear != nil && x.near(linear, difference)
		j.Cause = c.cause(x, n, left, right, linear)
	}
	return j
}

// near reports two figures that state one quantity, one unit of the last digit apart: the form is one less the other. A
// sum of one row is its figure.
func (x *exact) near(f *poly, difference number.Rat) bool {
	if len(f.linear) != 2 || f.constant.Sign() != 0 {
		return false
	}
	a, b := f.linear[0], f.linear[1]
	d := min(x.decimals(a.cell), x.decimals(b.cell))
	return a.coef.CmpAbs(plusOne) == 0 && a.coef.Cmp(b.coef.Neg()) == 0 && d != number.Exact && difference.CmpAbs(number.Pow10(-int(d))) == 0
}

// capped is the part of the range within ±limit.
func (s span) capped(limit number.Rat) span {
	if s.noSup || s.sup.Cmp(limit) > 0 {
		s.sup, s.supIn, s.noSup = limit, true, false
	}
	if least := limit.Neg(); s.noInf || s.inf.Cmp(least) < 0 {
		s.inf, s.infIn, s.noInf = least, true, false
	}
	return s
}

// allow writes the range of differences that would not be a fail; inequalities are open on one side.
func (j *Judgement) allow(o op, s *span, d int) {
	a := &finding.Interval{}
	if o != opLe && !s.noInf {
		a.Low, a.LowOpen = number.FormatFixed(s.inf, d, d+4), !s.infIn
	}
	if o != opGe && !s.noSup {
		a.High, a.HighOpen = number.FormatFixed(s.sup, d, d+4), !s.supIn
	}
	if a.Low != "" || a.High != "" {
		j.Allowed = a
	}
}

// unlikely reports a rounding that genuine rounding hardly explains: beyond three standard deviations of the sum of
// the figures' rounding errors, 12·δ² > 9·Σ(c·10^−d)². δ is left − right of the figures as printed: a round that true
// values go through unrounded does not count.
func (x *exact) unlikely(f *poly) bool {
	var variance number.Rat
	for _, t := range f.linear {
		u := t.coef.Mul(number.Pow10(-int(x.decimals(t.cell))))
		variance = variance.Add(u.Mul(u))
	}
	off := x.printed(f)
	return off.Mul(off).Mul(number.NewRat(12, 9)).Cmp(variance) > 0
}
