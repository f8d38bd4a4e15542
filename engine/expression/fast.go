package expression

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
)

// truth is the value of a condition on printed values.
type truth uint8

const (
	no truth = iota
	yes
	// unknown: a figure is missing or a denominator is zero.
	unknown
	// unfit: a number does not fit; ask the exact evaluation.
	unfit
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// opposite is what `not` makes of it.
func (t truth) opposite() truth {
	if t <= yes {
		return no + yes - t
	}
	return t
}

type (
	numberFunc func(*Env) number.Number
	truthFunc  func(*Env) truth
	textFunc   func(*Env) (text string, ok bool)
	// quotientFunc gives numerator and denominator.
	quotientFunc func(*Env) (num, den number.Number)
)

var overflow = number.Number{Flags: number.Overflow}

var one = number.Int(1)

// fastTruth compiles a condition.
func fastTruth(n *node) truthFunc {
	switch n.op {
	case opLiteral:
		value := truthOf(n.num.Coef != 0)
		return func(*Env) truth { return value }
	case opField:
		return func(e *Env) truth {
			c := e.cells[e.cell(n)]
			if c.Has(number.Missing) {
				return unknown
			}
			return truthOf(c.Coef != 0)
		}
	case opEq, opNe, opLt, opLe, opGt, opGe:
		return fastCompare(n)
	case opAnd, opOr, opIf, opNot, opAll, opAny:
		t := testOf(n)
		return t.eval
	case opSame:
		return fastSame(n)
	case opPresent, opBlank, opExplained:
		return fastState(n)
	case opContains, opStartsWith, opEndsWith, opMatches:
		return fastTextTest(n)
	case opCoalesce:
		x, v := fastTruth(n.args[0]), fastTruth(n.args[1])
		field := n.args[0]
		return func(e *Env) truth {
			if e.cells[e.cell(field)].Flags&(number.Missing|number.Blank) != 0 {
				return v(e)
			}
			return x(e)
		}
	}
	// Whatever is rare is left to the exact evaluation.
	return func(*Env) truth { return unfit }
}

// enter stands at the i-th row and says whether it passes the filters. No other walk that is under way has the
// stream's frame, so that there is nothing to restore afterwards.
func (s *stream) enter(e *Env, rows *dataset.Rows, i int, filters []test) truth {
	e.frames[s.frame] = rows.Row(s.rows.field, i)
	for i := range filters {
		if t := filters[i].eval(e); t != yes {
			return t
		}
	}
	return yes
}

// quantify is the answer of a quantifier.
func (t *test) quantify(e *Env) truth {
	s, decided := t.whole.stream, t.outcome[0]
	rows := &e.lists[e.rows(s.rows)]
	if !rows.Present {
		return unknown
	}
	result := t.blocks(e, rows)
	if result <= yes {
		return result
	}
	result = decided.opposite()
	for i := range int(rows.Count) {
		r := s.enter(e, rows, i, t.parts[1:])
		if r == no {
			continue
		}
		if r == yes {
			r = t.parts[0].eval(e)
		}
		if r == decided {
			return decided
		}
		// Another row may still decide.
		result = doubt(result, r)
	}
	return result
}

// blocks is the answer of a quantifier as far as whole blocks of rows tell; else it is unfit.
func (t *test) blocks(e *Env, rows *dataset.Rows) truth {
	decided := t.outcome[0]
	for i := 0; i < int(rows.Count); i += Block {
		b := t.whole.stream.block(rows, i)
		f := through(t.parts[1:], e, &b, b.every())
		v := t.parts[0].over(e, &b, f.yes)
		if decided == no && v.no != 0 || decided == yes && v.yes != 0 {
			return decided
		}
		if f.no|v.yes|v.no != b.every() {
			return unfit
		}
	}
	return decided.opposite()
}

// doubt is a result after t: a doubt remains, and the greater one counts.
func doubt(result, t truth) truth {
	if t == unfit || t == unknown && result != unfit {
		return t
	}
	return result
}

func fastState(n *node) truthFunc {
	f := n.args[0]
	switch {
	case n.op == opPresent && f.op == opRows:
		return func(e *Env) truth { return truthOf(e.lists[e.rows(f)].Present) }
	case n.op == opPresent && f.op == opGroup:
		cells := f.field.Cells
		return func(e *Env) truth {
			at := e.cell(f)
			for _, c := range e.cells[at : at+cells] {
				if c.Flags&(number.Missing|number.Blank) == 0 {
					return yes
				}
			}
			return no
		}
	case n.op == opPresent || n.op == opBlank:
		want := n.op == opPresent
		return func(e *Env) truth {
			return truthOf((e.cells[e.cell(f)].Flags&(number.Missing|number.Blank) == 0) == want)
		}
	}
	return func(e *Env) truth { return truthOf(dataset.Explains(e.texts[e.cell(f)])) }
}

func fastText(n *node) textFunc {
	switch n.op {
	case opLiteral:
		return func(*Env) (string, bool) { return n.str, true }
	case opField:
		return func(e *Env) (string, bool) {
			i := e.cell(n)
			return e.texts[i], !e.cells[i].Has(number.Missing)
		}
	}
	return nil
}

func fastTextTest(n *node) truthFunc {
	a, b := fastText(n.args[0]), fastText(n.args[1])
	if a == nil || b == nil {
		return func(*Env) truth { return unfit }
	}
	test := textTestOf(n)
	return func(e *Env) truth {
		x, okx := a(e)
		y, oky := b(e)
		if !okx || !oky {
			return unknown
		}
		return truthOf(test(x, y))
	}
}

// textTestOf is the test of two folded texts.
func textTestOf(n *node) func(a, b string) bool {
	switch n.op {
	case opContains:
		return strings.Contains
	case opStartsWith:
		return strings.HasPrefix
	case opEndsWith:
		return strings.HasSuffix
	case opMatches:
		return func(a, _ string) bool { return n.re.MatchString(a) }
	case opNe:
		return func(a, b string) bool { return a != b }
	}
	return func(a, b string) bool { return a == b }
}

// ordered is what a comparison says when the left side is smaller, equal or greater.
func (o op) ordered(c int) bool {
	switch o {
	case opEq:
		return c == 0
	case opNe:
		return c != 0
	case opLt:
		return c < 0
	case opLe:
		return c <= 0
	case opGt:
		return c > 0
	}
	return c >= 0
}

func fastCompare(n *node) truthFunc {
	a, b := n.args[0], n.args[1]
	switch a.kind {
	case kindText:
		return fastTextTest(n)
	case kindDate:
		x, y := fastNumber(a), fastNumber(b)
		return func(e *Env) truth {
			dx, dy := x(e), y(e)
			if flags := dx.Flags | dy.Flags; flags&number.Overflow != 0 {
				return unfit
			} else if flags&number.Missing != 0 {
				return unknown
			}
			return truthOf(n.op.ordered(dataset.CompareDates(dx, dy)))
		}
	case kindBool:
		x, y := fastTruth(a), fastTruth(b)
		return func(e *Env) truth {
			tx, ty := x(e), y(e)
			if tx == unfit || ty == unfit {
				return unfit
			}
			if tx == unknown || ty == unknown {
				return unknown
			}
			return truthOf((tx == ty) == (n.op == opEq))
		}
	}
	t := testOf(n)
	return t.eval
}

func fastCompareNumbers(n *node) truthFunc {
	a, b := n.args[0], n.args[1]
	if quotient(a) || quotient(b) {
		return fastCompareQuotients(n)
	}
	if n.op == opEq || n.op == opNe {
		return fastEqual(n)
	}
	x, y := fastNumber(a), fastNumber(b)
	return func(e *Env) truth {
		vx, vy := x(e), y(e)
		c, ok := vx.Cmp(vy)
		if !ok {
			return unknownOrUnfit(vx.Flags | vy.Flags)
		}
		return truthOf(n.op.ordered(c))
	}
}

// unknownOrUnfit says why two numbers could not be compared.
func unknownOrUnfit(flags number.Flags) truth {
	// A missing figure stays missing however large the others are.
	if flags&number.Missing != 0 {
		return unknown
	}
	return unfit
}

// bareness says whether a side of an equality is one figure that does not occur on the other side.
type bareness struct {
	figure *node
	// aliases are figures of the other side that may be the same cell, at the rows where the loops stand.
	aliases []*node
	// walked: the other side walks rows that may hold the figure; only an evaluation can tell.
	walked bool
}

func bare(n, other *node) bareness {
	if !n.figure() {
		return bareness{}
	}
	if n.op == opConvert {
		n = n.args[0]
	}
	b := bareness{figure: n}
	var walks []int
	other.visit(func(m *node) {
		if m.stream != nil {
			walks = append(walks, m.stream.frame)
		}
	})
	other.visit(func(m *node) {
		if m.op != opField || m.kind != kindNumber || m.field.Record() != n.field.Record() {
			return
		}
		switch {
		case slices.Contains(walks, m.frame):
			b.walked = b.walked || m.field == n.field
		case m.frame != n.frame || m.cell == n.cell:
			b.aliases = append(b.aliases, m)
		}
	})
	return b
}

// is decides the question at the rows where the loops stand.
func (b *bareness) is(e *Env) bool {
	if b.figure == nil {
		return false
	}
	cell := e.cell(b.figure)
	for _, a := range b.aliases {
		if e.cell(a) == cell {
			return false
		}
	}
	return true
}

// visit calls f for the node and everything in it.
func (n *node) visit(f func(*node)) {
	f(n)
	for _, a := range n.args {
		a.visit(f)
	}
	if n.unitOf != nil {
		n.unitOf.visit(f)
	}
	if n.stream != nil {
		if n.stream.rows != nil {
			n.stream.rows.visit(f)
		}
		for _, g := range n.stream.filters {
			g.visit(f)
		}
	}
}

func fastEqual(n *node) truthFunc {
	left, right := bare(n.args[0], n.args[1]), bare(n.args[1], n.args[0])
	if left.walked || right.walked {
		return func(*Env) truth { return unfit }
	}
	x, y := fastNumber(n.args[0]), fastNumber(n.args[1])
	equal := n.op == opEq
	return func(e *Env) truth {
		vx, vy := x(e), y(e)
		agree, ok := agreeFast(vx, vy, left.is(e), right.is(e), e.mode)
		if !ok {
			return unknownOrUnfit(vx.Flags | vy.Flags)
		}
		return truthOf(agree == equal)
	}
}

func agreeFast(x, y number.Number, left, right bool, m number.Mode) (agree, ok bool) {
	switch {
	case left && right:
		return number.AgreeRounded(x, y, min(x.Decimals, y.Decimals), m)
	case left:
		return number.Agree(y, x, x.Decimals, m)
	case right:
		return number.Agree(x, y, y.Decimals, m)
	}
	c, ok := x.Cmp(y)
	return c == 0, ok
}

// quotient reports whether a division decides the node's value.
func quotient(n *node) bool {
	switch n.op {
	case opDiv:
		return true
	case opNeg, opMul, opAdd, opConvert:
		for _, a := range n.args {
			if quotient(a) {
				return true
			}
		}
	case opIf:
		return quotient(n.args[1]) || quotient(n.args[2])
	case opRound:
		return quotient(n.args[0])
	}
	return false
}

// fastQuotient compiles a number that may hold divisions; nil when it is rarer than that.
func fastQuotient(n *node) quotientFunc {
	if !quotient(n) {
		f := fastNumber(n)
		return func(e *Env) (number.Number, number.Number) { return f(e), one }
	}
	args := make([]quotientFunc, len(n.args))
	for i, a := range n.args {
		if n.op == opIf && i == 0 {
			continue
		}
		if args[i] = fastQuotient(a); args[i] == nil {
			return nil
		}
	}
	switch n.op {
	case opDiv:
		return func(e *Env) (number.Number, number.Number) {
			an, ad := args[0](e)
			bn, bd := args[1](e)
			if bd.Coef == 0 {
				// A zero denominator must not be lost in the numerator.
				return an, bd
			}
			return an.Mul(bd), ad.Mul(bn)
		}
	case opMul:
		return func(e *Env) (number.Number, number.Number) {
			an, ad := args[0](e)
			bn, bd := args[1](e)
			return an.Mul(bn), ad.Mul(bd)
		}
	case opNeg:
		return func(e *Env) (number.Number, number.Number) {
			an, ad := args[0](e)
			return an.Neg(), ad
		}
	case opAdd:
		neg := n.neg
		return func(e *Env) (number.Number, number.Number) {
			num, den := number.Number{}, one
			for i, a := range args {
				an, ad := a(e)
				if neg[i] {
					an = an.Neg()
				}
				num, den = num.Mul(ad).Add(an.Mul(den)), den.Mul(ad)
			}
			return num, den
		}
	case opIf:
		test := fastTruth(n.args[0])
		return func(e *Env) (number.Number, number.Number) {
			switch test(e) {
			case yes:
				return args[1](e)
			case no:
				return args[2](e)
			}
			return overflow, one
		}
	}
	return nil
}

func fastCompareQuotients(n *node) truthFunc {
	left, right := bare(n.args[0], n.args[1]), bare(n.args[1], n.args[0])
	a, b := fastQuotient(n.args[0]), fastQuotient(n.args[1])
	if left.walked || right.walked || a == nil || b == nil {
		return func(*Env) truth { return unfit }
	}
	equality, equal := n.op == opEq || n.op == opNe, n.op == opEq
	return func(e *Env) truth {
		an, ad := a(e)
		bn, bd := b(e)
		flags := an.Flags | ad.Flags | bn.Flags | bd.Flags
		if flags&(number.Missing|number.Overflow) != 0 {
			return unknownOrUnfit(flags)
		}
		if ad.Coef == 0 || bd.Coef == 0 {
			return unknown
		}
		var agree, ok bool
		switch {
		case equality && left.is(e):
			agree, ok = number.AgreeQuotient(bn, bd, an, an.Decimals, e.mode)
		case equality && right.is(e):
			agree, ok = number.AgreeQuotient(an, ad, bn, bn.Decimals, e.mode)
		default:
			c, fits := an.Mul(bd).Cmp(bn.Mul(ad))
			if (ad.Coef < 0) != (bd.Coef < 0) {
				c = -c
			}
			if !fits {
				return unfit
			}
			return truthOf(n.op.ordered(c))
		}
		if !ok {
			return unfit
		}
		return truthOf(agree == equal)
	}
}

func fastSame(n *node) truthFunc {
	args := make([]numberFunc, len(n.args))
	for i, a := range n.args {
		args[i] = fastNumber(a)
	}
	return func(e *Env) truth {
		first := args[0](e)
		d, flags := number.Exact, number.Flags(0)
		for i, f := range args {
			v := f(e)
			flags |= v.Flags
			// Only figures have decimals; computed sides are exact.
			if n.args[i].figure() {
				d = min(d, v.Decimals)
			}
		}
		if flags&(number.Missing|number.Overflow) != 0 {
			return unknownOrUnfit(flags)
		}
		for _, f := range args[1:] {
			agree, ok := number.AgreeRounded(first, f(e), d, roundingOf(e.mode))
			if !ok {
				return unfit
			}
			if !agree {
				return no
			}
		}
		return yes
	}
}

// roundingOf is the mode in which statements of one quantity are brought to the same decimals: nearest has no
// direction at the half, so that it rounds half up here.
func roundingOf(m number.Mode) number.Mode {
	if m == number.Nearest {
		return number.HalfUp
	}
	return m
}

// fastNumber compiles a number without divisions; what is rare says Overflow, so that the exact evaluation answers.
func fastNumber(n *node) numberFunc {
	switch n.op {
	case opLiteral:
		v := n.num
		return func(*Env) number.Number { return v }
	case opField:
		frame, cell := n.frame, n.cell
		if frame == 0 {
			return func(e *Env) number.Number { return e.cells[cell] }
		}
		return func(e *Env) number.Number { return e.cells[int(e.frames[frame].Cell)+cell] }
	case opAdd:
		args := fastNumbers(n.args)
		neg := n.neg
		return func(e *Env) number.Number {
			total := number.Number{}
			for i, a := range args {
				v := a(e)
				if neg[i] {
					v = v.Neg()
				}
				total = total.Add(v)
			}
			return total
		}
	case opMul:
		a, b := fastNumber(n.args[0]), fastNumber(n.args[1])
		return func(e *Env) number.Number { return a(e).Mul(b(e)) }
	case opNeg:
		a := fastNumber(n.args[0])
		return func(e *Env) number.Number { return a(e).Neg() }
	case opAbs:
		a := fastNumber(n.args[0])
		return func(e *Env) number.Number {
			v := a(e)
			if v.Coef < 0 {
				return v.Neg()
			}
			return v
		}
	case opMin, opMax:
		args := fastNumbers(n.args)
		sign := -1
		if n.op == opMax {
			sign = 1
		}
		return func(e *Env) number.Number {
			best := args[0](e)
			for _, a := range args[1:] {
				v := a(e)
				c, ok := v.Cmp(best)
				if !ok {
					return number.Number{Flags: (v.Flags | best.Flags | number.Overflow)}
				}
				if c == sign {
					best = v
				}
			}
			return best
		}
	case opSum, opCount:
		return fastFold(n)
	case opLen:
		f := fastText(n.args[0])
		if f == nil {
			break
		}
		return func(e *Env) number.Number {
			s, ok := f(e)
			if !ok {
				return number.Number{Flags: number.Missing}
			}
			return number.Int(int64(utf8.RuneCountInString(s)))
		}
	case opDecimals:
		f := n.args[0]
		return func(e *Env) number.Number {
			st := e.fact(e.cell(f)).Statement()
			if st == nil || st.Blank {
				return number.Number{Flags: number.Missing}
			}
			return number.Int(int64(st.Own))
		}
	case opIf:
		test, a, b := fastTruth(n.args[0]), fastNumber(n.args[1]), fastNumber(n.args[2])
		return func(e *Env) number.Number {
			switch test(e) {
			case yes:
				return a(e)
			case no:
				return b(e)
			}
			return overflow
		}
	case opCoalesce:
		x, v := n.args[0], fastNumber(n.args[1])
		if x.op != opField {
			break
		}
		return func(e *Env) number.Number {
			if c := e.cells[e.cell(x)]; c.Flags&(number.Missing|number.Blank) == 0 {
				return c
			}
			return v(e)
		}
	case opConvert:
		a, arg := n.args[0], n
		if a.op != opField {
			break
		}
		return func(e *Env) number.Number {
			i := e.cell(a)
			if e.cells[i].Has(number.Missing) {
				return e.cells[i]
			}
			st := e.fact(i).Statement()
			if arg.unitOf == nil && st != nil && st.In == arg.unit {
				return e.cells[i]
			}
			return overflow
		}
	}
	return func(*Env) number.Number { return overflow }
}

func fastNumbers(nodes []*node) []numberFunc {
	fs := make([]numberFunc, len(nodes))
	for i, n := range nodes {
		fs[i] = fastNumber(n)
	}
	return fs
}

// fastFold compiles sums and counts over rows.
func fastFold(n *node) numberFunc {
	s, filters := n.stream, testsOf(n.stream.filters)
	var counted test
	var term numberFunc
	if n.op == opCount {
		counted = testOf(n.args[0])
	} else {
		term = fastNumber(n.args[0])
	}
	return func(e *Env) number.Number {
		rows := &e.lists[e.rows(s.rows)]
		if !rows.Present {
			return number.Number{Flags: number.Missing}
		}
		total, count, result := number.Number{}, int64(0), yes
		for i := range int(rows.Count) {
			t := s.enter(e, rows, i, filters)
			switch {
			case t != yes:
			case term != nil:
				total = total.Add(term(e))
			default:
				if t = counted.eval(e); t == yes {
					count++
				}
			}
			result = doubt(result, t)
		}
		if n.op == opCount {
			total = number.Int(count)
		}
		return foldResult(total, result)
	}
}

func foldResult(n number.Number, t truth) number.Number {
	switch t {
	case unknown:
		n.Flags |= number.Missing
	case unfit:
		n.Flags |= number.Overflow
	}
	return n
}
