package expression

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/gouji/gouji/engine/number"
)

// Most rules hold, and most are sums, comparisons and ratios of figures. For these a comparison is tried on aligned
// values first: whole numbers, all of one scale. What such a comparison cannot tell (a figure is missing, has more
// digits, or the sides differ in digits that do not count) is left to the closures over numbers.

// figure is a cell's aligned value: the frame in the upper bits, and the place from its beginning. The zero figure is
// zero. What stands in no row has frame 0, and is the place itself.
type figure uint32

// placeBits are those of a place: no schema has as many fields.
const placeBits = 27

func figureOf(n *node) figure { return figure(n.frame<<placeBits | 1 + n.cell) }

func (f figure) frame() int { return int(f >> placeBits & (Frames - 1)) }

// place is the figure's among those of its frame.
func (f figure) place() int { return int(f & (1<<placeBits - 1)) }

func (f figure) value(e *Env) int64 { return e.aligned[int(e.frames[f.frame()].Cell)+f.place()] }

// cell is the figure itself.
func (f figure) cell(e *Env) number.Number { return e.cells[int(e.frames[f.frame()].Cell)+f.place()-1] }

// pair is the sum constant + plus - less.
type pair struct {
	plus, less figure
	constant   int64
}

// sum adds up, and puts the bits of the values together.
func (p *pair) sum(e *Env) (sum, bits int64) {
	a, b := p.plus.value(e), p.less.value(e)
	return p.constant + a - b, a | b
}

// term is a figure of a sum and its sign, 1 or -1.
type term struct {
	figure
	sign int32
}

// linear is a sum of figures and of columns of rows: that of the pair, which is all of many sums, and the others.
type linear struct {
	pair
	others
}

// others are what a sum has beside its pair.
type others struct {
	terms []term
	folds []fold
}

// fold is the sum of a linear body over the rows of a stream.
type fold struct {
	stream  *stream
	filters []test
	body    *linear
	sign    int64
	// columns are the terms of the body. own: they are few, and figures of the rows themselves, so that columns can be
	// added.
	columns []term
	own     bool
}

// linearOf compiles left - right; nil when that is not linear.
func linearOf(left, right *node) *linear {
	l := &linear{}
	ok := l.gather(left, 1) && (right == nil || l.gather(right, -1))
	if !ok || len(l.terms)+len(l.folds) >= number.MaxAligned {
		return nil
	}
	l.plus, l.less = l.take(1), l.take(-1)
	l.terms = slices.Clone(l.terms)
	// Those of one sign stand together.
	slices.SortStableFunc(l.terms, func(a, b term) int { return cmp.Compare(b.sign, a.sign) })
	return l
}

// take moves the first term of a sign to the pair; the zero figure when there is none.
func (l *linear) take(sign int32) figure {
	i := slices.IndexFunc(l.terms, func(t term) bool { return t.sign == sign })
	if i < 0 {
		return 0
	}
	f := l.terms[i].figure
	l.terms = slices.Delete(l.terms, i, i+1)
	return f
}

// all are the terms, those of the pair included.
func (l *linear) all() []term {
	all := slices.Clone(l.terms)
	for _, t := range []term{{l.plus, 1}, {l.less, -1}} {
		if t.figure != 0 {
			all = append(all, t)
		}
	}
	return all
}

// gather collects the terms of n with a sign, and reports whether n is linear.
func (l *linear) gather(n *node, sign int32) bool {
	switch n.op {
	case opLiteral:
		v := n.num.Aligned()
		if v == number.Unaligned || l.constant != 0 {
			return false
		}
		l.constant = v * int64(sign)
	case opField:
		l.terms = append(l.terms, term{figureOf(n), sign})
	case opNeg:
		return l.gather(n.args[0], -sign)
	case opAdd:
		for i, a := range n.args {
			s := sign
			if n.neg[i] {
				s = -s
			}
			if !l.gather(a, s) {
				return false
			}
		}
	case opSum:
		body := linearOf(n.args[0], nil)
		if body == nil {
			return false
		}
		l.folds = append(l.folds, foldOf(n.stream, n.stream.filters, body, sign))
	case opCount:
		// Each row that satisfies the predicate as well counts one.
		filters := append(slices.Clip(n.stream.filters), n.args[0])
		l.folds = append(l.folds, foldOf(n.stream, filters, &linear{pair: pair{constant: one.Aligned()}}, sign))
	default:
		return false
	}
	return true
}

// value is the sum; ok is false when aligned values do not tell it.
func (l *linear) value(e *Env) (sum int64, ok bool) {
	sum, bits := l.pair.sum(e)
	if !l.others.none() {
		rest, b := l.others.sum(e)
		sum, bits = sum+rest, bits|b
	}
	return sum, bits&number.Unaligned == 0
}

func (o *others) none() bool { return len(o.terms)+len(o.folds) == 0 }

// figures is the sum of the terms.
func (o *others) figures(e *Env) (sum, bits int64) {
	for _, t := range o.terms {
		v := t.value(e)
		sum, bits = sum+v*int64(t.sign), bits|v
	}
	return sum, bits
}

func (o *others) sum(e *Env) (sum, bits int64) {
	sum, bits = o.figures(e)
	for i := range o.folds {
		f := &o.folds[i]
		v, ok := f.value(e)
		if !ok {
			return 0, number.Unaligned
		}
		sum += v * f.sign
	}
	return sum, bits
}

func foldOf(s *stream, filters []*node, body *linear, sign int32) fold {
	f := fold{stream: s, filters: testsOf(filters), body: body, sign: int64(sign), columns: body.all()}
	other := func(t term) bool { return t.frame() != s.frame }
	f.own = Block*(1+len(f.columns)) <= number.MaxAligned && len(body.folds) == 0 && !slices.ContainsFunc(f.columns, other)
	return f
}

func (f *fold) value(e *Env) (sum int64, ok bool) {
	rows := &e.lists[e.rows(f.stream.rows)]
	if !rows.Present {
		return 0, false
	}
	for i := 0; i < int(rows.Count); i += Block {
		b := f.stream.block(rows, i)
		taken := through(f.filters, e, &b, b.every())
		if taken.yes|taken.no != b.every() {
			return 0, false
		}
		v, ok := f.added(e, &b, taken.yes)
		if sum += v; !ok || sum <= -number.AlignedLimit || sum >= number.AlignedLimit {
			return 0, false
		}
	}
	return sum, true
}

// added adds up the body at some rows of a block.
func (f *fold) added(e *Env, b *block, rows uint64) (sum int64, ok bool) {
	if !f.own {
		for ; rows != 0; rows &= rows - 1 {
			b.enter(e, bits.TrailingZeros64(rows))
			v, ok := f.body.value(e)
			if !ok || v <= -number.AlignedLimit || v >= number.AlignedLimit {
				return 0, false
			}
			sum += v
		}
		return sum, true
	}
	sum = f.body.constant * int64(bits.OnesCount64(rows))
	either := int64(0)
	for _, c := range f.columns {
		at, step := b.column(e, c.figure)
		if rows == b.every() {
			v, w := addUp(e.aligned[at:], step, b.n)
			sum, either = sum+v*int64(c.sign), either|w
			continue
		}
		for open := rows; open != 0; open &= open - 1 {
			v := e.aligned[at+bits.TrailingZeros64(open)*step]
			sum, either = sum+v*int64(c.sign), either|v
		}
	}
	return sum, either&number.Unaligned == 0
}

// addUp adds n values that stand stride apart, and puts their bits together.
func addUp(values []int64, stride, n int) (sum, bits int64) {
	at := 0
	for ; n >= 4; n -= 4 {
		a, b, c, d := values[at], values[at+stride], values[at+2*stride], values[at+3*stride]
		sum, bits = sum+(a+b)+(c+d), bits|a|b|c|d
		at += 4 * stride
	}
	for ; n > 0; n-- {
		sum, bits = sum+values[at], bits|values[at]
		at += stride
	}
	return sum, bits
}

// test is a condition. What most rules ask is told by data: whether a sum of figures is below, at or above zero, or a
// figure a ratio; both and either, and which of two in one case or the other. It needs no call, lies together in memory
// with the tests beside it, and can be asked of many rows at once. All else is a closure. The zero test says unfit.
type test struct {
	way way
	// outcome is what is said of a sum below zero, of zero and above, apart of one that no rounding brings to zero.
	outcome [3]truth
	apart   truth
	// common: it reads the coefficient of no figure, so that all datasets of a stack have one answer.
	common bool
	pair
	*rest
}

// rest is what a test has beside its pair.
type rest struct {
	others
	// ratio is that of a comparison with one: outcome[0] is what is said when it does not agree, outcome[1] when it does.
	ratio *ratio
	// parts are those of `and` and `or`, which outcome[0] decides; or the condition, and the test of either case; or what is
	// turned around; or what a quantifier asks of a row, where outcome[0] decides it, and then the filters of its rows.
	parts   []test
	closure truthFunc
	// whole is the comparison of numbers, asked when aligned values do not tell; or the quantifier.
	whole *node
}

type way uint8

const (
	byNothing way = iota
	byClosure
	byPair
	byFigures
	bySum
	byRatio
	// byWhole leaves it to the comparison of numbers.
	byWhole
	byParts
	byChoice
	byOpposite
	byRows
)

func (t *test) eval(e *Env) truth {
	var sum, bits int64
	switch t.way {
	case byNothing:
		return unfit
	case byClosure:
		return t.closure(e)
	case byPair:
		sum, bits = t.pair.sum(e)
	case byFigures:
		sum, bits = t.pair.sum(e)
		more, b := t.others.figures(e)
		sum, bits = sum+more, bits|b
	case bySum:
		sum, bits = t.pair.sum(e)
		more, b := t.others.sum(e)
		sum, bits = sum+more, bits|b
	case byRatio:
		if agree, ok := t.ratio.agrees(e); ok {
			return t.outcome[truthOf(agree)]
		}
		return e.general(t.whole)
	case byWhole:
		return e.general(t.whole)
	case byParts:
		return joined(t.parts, t.outcome[0], e)
	case byChoice:
		return t.choose(e)
	case byOpposite:
		return t.parts[0].eval(e).opposite()
	case byRows:
		return t.quantify(e)
	}
	if bits&number.Unaligned == 0 {
		if o := t.outcome[1+sign(sum)]; o != unfit {
			return o
		}
		if sum >= e.apart || sum <= -e.apart {
			return t.apart
		}
	}
	return e.general(t.whole)
}

// general compares numbers. The closures are compiled when they are first needed: for most rules they never are.
func (e *Env) general(n *node) truth {
	f := e.compiled[n]
	if f == nil {
		if e.compiled == nil {
			e.compiled = map[*node]truthFunc{}
		}
		if n.op == opSame {
			f = fastSame(n)
		} else {
			f = fastCompareNumbers(n)
		}
		e.compiled[n] = f
	}
	return f(e)
}

// testOf compiles a condition.
func testOf(n *node) test {
	t := n.test()
	t.common = !n.coefficients()
	return t
}

func (n *node) test() test {
	switch {
	case n.compares():
		return alignedCompare(n, n.args[0], n.args[1])
	case n.op == opSame && len(n.args) == 2 && n.args[0].op == opField && n.args[1].op == opField && n.args[0].kind == kindNumber:
		// Equal values are equal at any decimals.
		p := pair{plus: figureOf(n.args[0]), less: figureOf(n.args[1])}
		return test{way: byPair, pair: p, outcome: [3]truth{unfit, yes, unfit}, apart: unfit, rest: &rest{whole: n}}
	case n.op == opAnd || n.op == opOr:
		return test{way: byParts, outcome: [3]truth{truthOf(n.op == opOr)}, rest: &rest{parts: testsOf(n.args)}}
	case n.op == opIf:
		return test{way: byChoice, rest: &rest{parts: testsOf(n.args)}}
	case n.op == opNot:
		return test{way: byOpposite, rest: &rest{parts: testsOf(n.args)}}
	case n.op == opAll || n.op == opAny:
		// One row decides `all` by saying no, and `any` by saying yes.
		parts := testsOf(append(slices.Clip(n.args), n.stream.filters...))
		return test{way: byRows, outcome: [3]truth{truthOf(n.op == opAny)}, rest: &rest{parts: parts, whole: n}}
	}
	return test{way: byClosure, rest: &rest{closure: fastTruth(n)}}
}

func testsOf(nodes []*node) []test {
	tests := make([]test, len(nodes))
	for i, n := range nodes {
		tests[i] = testOf(n)
	}
	return tests
}

// compares reports whether the node compares numbers.
func (n *node) compares() bool { return n.op >= opEq && n.op <= opGe && n.args[0].kind == kindNumber }

// alignedCompare compiles the comparison of left and right, which are the sides of whole or what remains of them in
// one branch of a conditional.
func alignedCompare(whole, left, right *node) test {
	switch {
	case left.op == opIf:
		return alignedChoice(whole, left.args[0], alignedCompare(whole, left.args[1], right), alignedCompare(whole, left.args[2], right))
	case right.op == opIf:
		return alignedChoice(whole, right.args[0], alignedCompare(whole, left, right.args[1]), alignedCompare(whole, left, right.args[2]))
	}
	if l := linearOf(left, right); l != nil {
		return l.compare(whole)
	}
	if r := ratioOf(whole, left, right); r != nil {
		equal := whole.op == opEq
		return test{way: byRatio, outcome: [3]truth{truthOf(!equal), truthOf(equal)}, rest: &rest{ratio: r, whole: whole}}
	}
	return test{way: byWhole, rest: &rest{whole: whole}}
}

func alignedChoice(whole, condition *node, a, b test) test {
	return test{way: byChoice, rest: &rest{whole: whole, parts: []test{testOf(condition), a, b}}}
}

// choose tells what the branch says for which the condition decides.
func (t *test) choose(e *Env) truth {
	switch c := t.parts[0].eval(e); {
	case c == yes:
		return t.parts[1].eval(e)
	case c == no:
		return t.parts[2].eval(e)
	case t.whole != nil:
		return e.general(t.whole)
	case c == unfit:
		return unfit
	}
	a, b := t.parts[1].eval(e), t.parts[2].eval(e)
	switch {
	case a == b:
		return a
	case a == unfit || b == unfit:
		return unfit
	}
	return unknown
}

// joined tells what parts say together of which one decides by saying so.
func joined(parts []test, decided truth, e *Env) truth {
	result := no + yes - decided
	for i := range parts {
		switch p := parts[i].eval(e); p {
		case decided:
			return decided
		case no, yes:
		default:
			// Another part may still decide.
			result = doubt(result, p)
		}
	}
	return result
}

// compare compiles the comparison of the sum with zero.
func (l *linear) compare(whole *node) test {
	o := whole.op
	t := test{way: byPair, pair: l.pair, rest: &rest{others: l.others, whole: whole}}
	switch {
	case len(l.folds) > 0:
		t.way = bySum
	case len(l.terms) > 0:
		t.way = byFigures
	}
	t.outcome = [...]truth{truthOf(o.ordered(-1)), truthOf(o.ordered(0)), truthOf(o.ordered(1))}
	// Of one figure all digits count, and none but zero agrees with zero. Other sides may agree once they are rounded.
	if single := l.constant == 0 && len(l.terms)+len(l.folds) == 0 && (l.plus == 0) != (l.less == 0); !single && (o == opEq || o == opNe) {
		t.apart, t.outcome[0], t.outcome[2] = t.outcome[0], unfit, unfit
	}
	return t
}

// sign is -1, 0 or 1, without a branch.
func sign(v int64) int64 { return v>>63 | int64(uint64(-v)>>63) }

// maxFactor bounds the literals by which a ratio is multiplied.
const maxFactor = 1_000_000

// ratio is figure == factor·num/den.
type ratio struct {
	num, den pair
	figure   figure
	factor   uint32
	// more is what num and den have beside their pairs; nil where that is nothing.
	more *[2]others
}

// ratioOf finds the ratio in the equality of left and right, the sides of whole or what remains of them; nil when it is
// none.
func ratioOf(whole, left, right *node) *ratio {
	if whole.op != opEq && whole.op != opNe {
		return nil
	}
	var side bareness
	switch {
	case left == whole.args[0] && left.op == opField:
		side = bare(left, whole.args[1])
	case right == whole.args[1] && right.op == opField:
		side, right = bare(right, whole.args[0]), left
	default:
		return nil
	}
	quotient, outer := factorOf(right)
	if side.walked || len(side.aliases) > 0 || quotient.op != opDiv {
		return nil
	}
	dividend, inner := factorOf(quotient.args[0])
	num, den := linearOf(dividend, nil), linearOf(quotient.args[1], nil)
	if num == nil || den == nil || outer*inner > maxFactor {
		return nil
	}
	r := &ratio{num: num.pair, den: den.pair, figure: figureOf(side.figure), factor: uint32(outer * inner)}
	if !num.none() || !den.none() {
		r.more = &[2]others{num.others, den.others}
	}
	return r
}

// agrees tells whether the figure is the ratio; ok is false when aligned values do not tell.
func (r *ratio) agrees(e *Env) (agree, ok bool) {
	n, bits := r.num.sum(e)
	d, b := r.den.sum(e)
	if bits |= b; r.more != nil {
		over, a := r.more[0].sum(e)
		under, b := r.more[1].sum(e)
		n, d, bits = n+over, d+under, bits|a|b
	}
	if bits&number.Unaligned != 0 || d == 0 {
		return false, false
	}
	return number.AgreeRatio(n, d, uint64(r.factor), r.figure.cell(e), e.mode)
}

// factorOf takes positive whole literals out of a product.
func factorOf(n *node) (rest *node, factor int64) {
	factor = 1
	for n.op == opMul {
		i := 0
		if n.args[0].op != opLiteral {
			i = 1
		}
		v := n.args[i].num
		if n.args[i].op != opLiteral || v.Has(number.Overflow) || v.Scale != 0 || v.Coef < 1 || v.Coef > maxFactor/factor {
			break
		}
		n, factor = n.args[1-i], factor*v.Coef
	}
	return n, factor
}
