package expression

import (
	"cmp"
	"slices"

	"github.com/gouji/gouji/engine/number"
)

// Most rules hold, and most are sums, comparisons and ratios of figures. For these a comparison is tried on aligned
// values first: whole numbers, all of one scale. What such a comparison cannot tell (a figure is missing, has more
// digits, or the sides differ in digits that do not count) is left to the closures over numbers.

// figure is a cell's aligned value: the frame, and the place from its beginning. The zero figure is zero.
type figure struct{ frame, at int32 }

func figureOf(n *node) figure { return figure{int32(n.frame), int32(1 + n.cell)} }

func (f figure) value(e *Env) int64 {
	return e.aligned[int(e.frames[f.frame&(Frames-1)].Cell)+int(f.at)]
}

// linear is a sum of figures and of columns of rows.
type linear struct {
	// few: the sum is that of the pair.
	few bool
	pair
	// first holds the terms of most sums; those in other frames, or beyond its size, are in more.
	first part
	more  []part
	folds []fold
	// scale is that of the constant as written.
	scale uint8
}

// part is the terms of a sum in one frame: plus terms that are added, then those that are subtracted, n in all. They
// stand together in memory, for that is what most of the time goes into.
type part struct {
	frame   int32
	plus, n int32
	terms   [12]int32
}

// fold is the sum of a linear body over the rows of a stream.
type fold struct {
	stream  *stream
	filters []truthFunc
	body    *linear
	neg     bool
	// columns: the body is made of the rows' own figures alone, so that their columns can be added.
	columns bool
}

// term is one figure of a sum while the sum is gathered.
type term struct {
	figure
	neg bool
}

// linearOf compiles left - right; nil when that is not linear.
func linearOf(left, right *node) *linear {
	l := &linear{}
	terms, ok := l.gather(nil, left, false)
	if ok && right != nil {
		terms, ok = l.gather(terms, right, true)
	}
	if !ok || len(terms)+len(l.folds) >= number.MaxAligned {
		return nil
	}
	l.pairUp(terms)
	slices.SortStableFunc(terms, func(a, b term) int { return cmp.Compare(a.frame, b.frame) })
	for len(terms) > 0 {
		p := part{frame: terms[0].frame}
		n := 0
		for n < len(terms) && n < len(p.terms) && terms[n].frame == p.frame {
			n++
		}
		for _, neg := range []bool{false, true} {
			for _, t := range terms[:n] {
				if t.neg == neg {
					p.terms[p.n] = t.at
					p.n++
				}
			}
			if !neg {
				p.plus = p.n
			}
		}
		if terms = terms[n:]; l.first.n == 0 {
			l.first = p
		} else {
			l.more = append(l.more, p)
		}
	}
	return l
}

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

// pairUp notes a sum of at most one figure that is added and one that is subtracted.
func (l *linear) pairUp(terms []term) {
	l.few = len(l.folds) == 0
	for _, t := range terms {
		side := &l.plus
		if t.neg {
			side = &l.less
		}
		l.few = l.few && *side == figure{}
		*side = t.figure
	}
}

// gather collects the terms of n, subtracted where neg is set, and reports whether it is linear.
func (l *linear) gather(terms []term, n *node, neg bool) ([]term, bool) {
	switch n.op {
	case opLiteral:
		v := n.num.Aligned()
		if v == number.Unaligned || l.constant != 0 {
			return nil, false
		}
		if neg {
			v = -v
		}
		l.constant, l.scale = v, max(l.scale, n.num.Scale)
		return terms, true
	case opField:
		return append(terms, term{figureOf(n), neg}), true
	case opNeg:
		return l.gather(terms, n.args[0], !neg)
	case opAdd:
		ok := true
		for i, a := range n.args {
			if terms, ok = l.gather(terms, a, neg != n.neg[i]); !ok {
				return nil, false
			}
		}
		return terms, true
	case opSum:
		body := linearOf(n.args[0], nil)
		if body == nil {
			return nil, false
		}
		f := fold{stream: n.stream, filters: fastFilters(n.stream), body: body, neg: neg}
		f.columns = len(f.filters) == 0 && body.plain() && body.constant == 0 && int(body.first.frame) == n.stream.frame
		l.folds = append(l.folds, f)
		return terms, true
	}
	return nil, false
}

// plain: the first part holds all terms.
func (l *linear) plain() bool { return len(l.more) == 0 && len(l.folds) == 0 }

// value is the sum; ok is false when aligned values do not tell it.
func (l *linear) value(e *Env) (sum int64, ok bool) {
	if l.few {
		sum, bits := l.pair.sum(e)
		return sum, bits&number.Unaligned == 0
	}
	sum, bits := l.first.sum(e)
	if sum += l.constant; !l.plain() {
		rest, ok := l.rest(e)
		return sum + rest, ok && bits&number.Unaligned == 0
	}
	return sum, bits&number.Unaligned == 0
}

// sum adds the terms and puts their bits together.
func (p *part) sum(e *Env) (sum, bits int64) {
	cells := e.aligned[e.frames[p.frame&(Frames-1)].Cell:]
	for _, c := range p.terms[:p.plus] {
		sum += cells[c]
		bits |= cells[c]
	}
	for _, c := range p.terms[p.plus:p.n] {
		sum -= cells[c]
		bits |= cells[c]
	}
	return sum, bits
}

// rest is the sum of what is not in the first part.
func (l *linear) rest(e *Env) (sum int64, ok bool) {
	var bits int64
	for i := range l.more {
		v, b := l.more[i].sum(e)
		sum, bits = sum+v, bits|b
	}
	for i := range l.folds {
		f := &l.folds[i]
		v, ok := f.value(e)
		if !ok {
			return 0, false
		}
		if f.neg {
			v = -v
		}
		sum += v
	}
	return sum, bits&number.Unaligned == 0
}

func (f *fold) value(e *Env) (sum int64, ok bool) {
	rows := &e.lists[e.rows(f.stream.rows)]
	if !rows.Present || rows.Count > number.MaxAligned {
		return 0, false
	}
	if p := &f.body.first; f.columns && rows.Count > 0 {
		if rows.Count*p.n > number.MaxAligned {
			return 0, false
		}
		var bits int64
		cells := e.aligned[rows.Cell:]
		for i, c := range p.terms[:p.n] {
			v, b := column(cells[c:], f.stream.rows.field.Cells, int(rows.Count))
			if i >= int(p.plus) {
				v = -v
			}
			sum, bits = sum+v, bits|b
		}
		return sum, bits&number.Unaligned == 0 && -number.AlignedLimit < sum && sum < number.AlignedLimit
	}
	for i := range int(rows.Count) {
		switch f.stream.enter(e, rows, i, f.filters) {
		case no:
			continue
		case unknown, unfit:
			return 0, false
		}
		v, ok := f.body.value(e)
		if !ok || v <= -number.AlignedLimit || v >= number.AlignedLimit {
			return 0, false
		}
		sum += v
	}
	return sum, -number.AlignedLimit < sum && sum < number.AlignedLimit
}

// column adds n values that stand stride apart, and puts their bits together.
func column(values []int64, stride, n int) (sum, bits int64) {
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

// counts reports whether every digit of the sum's figures and constants counts, so that rounding changes nothing.
func (l *linear) counts(e *Env) bool {
	scale, decimals := l.scale, number.Exact
	p := &l.first
	for _, c := range p.terms[:p.n] {
		v := &e.cells[e.frames[p.frame].Cell+c-1]
		scale, decimals = max(scale, v.Scale), min(decimals, v.Decimals)
	}
	return l.plain() && int(scale) <= int(decimals)
}

// alignedCompare compiles the comparison of left and right, which are the sides of whole or what remains of them in
// one branch of a conditional; nil when it is no form of aligned values. What they cannot tell is left to otherwise.
func alignedCompare(whole, left, right *node, otherwise truthFunc) truthFunc {
	switch {
	case left.op == opIf:
		return alignedChoice(fastTruth(left.args[0]), alignedCompare(whole, left.args[1], right, otherwise),
			alignedCompare(whole, left.args[2], right, otherwise), otherwise)
	case right.op == opIf:
		return alignedChoice(fastTruth(right.args[0]), alignedCompare(whole, left, right.args[1], otherwise),
			alignedCompare(whole, left, right.args[2], otherwise), otherwise)
	}
	if l := linearOf(left, right); l != nil {
		if whole.op == opEq || whole.op == opNe {
			return alignedEqual(l, whole.op, otherwise)
		}
		return alignedOrder(l, whole.op, otherwise)
	}
	if r := ratioOf(whole, left, right); r != nil {
		return alignedRatio(r, whole.op, otherwise)
	}
	return nil
}

func alignedChoice(test, a, b, otherwise truthFunc) truthFunc {
	if a == nil || b == nil {
		return nil
	}
	return func(e *Env) truth {
		switch test(e) {
		case yes:
			return a(e)
		case no:
			return b(e)
		}
		return otherwise(e)
	}
}

// alignedEqual compiles sum == 0.
func alignedEqual(l *linear, o op, otherwise truthFunc) truthFunc {
	equal, unequal := truthOf(o == opEq), truthOf(o == opNe)
	return func(e *Env) truth {
		sum, ok := l.value(e)
		switch {
		case !ok:
		case sum == 0:
			return equal
		case sum >= e.apart || sum <= -e.apart || l.counts(e):
			return unequal
		}
		return otherwise(e)
	}
}

// alignedOrder compiles sum < 0 and its like.
func alignedOrder(l *linear, o op, otherwise truthFunc) truthFunc {
	outcome := [...]truth{truthOf(o.ordered(-1)), truthOf(o.ordered(0)), truthOf(o.ordered(1))}
	return func(e *Env) truth {
		sum, ok := l.value(e)
		if !ok {
			return otherwise(e)
		}
		return outcome[1+sign(sum)]
	}
}

// sign is -1, 0 or 1, without a branch.
func sign(v int64) int64 { return v>>63 | int64(uint64(-v)>>63) }

// maxFactor bounds the literals by which a ratio is multiplied.
const maxFactor = 1_000_000

// ratio is figure == factor·num/den.
type ratio struct {
	figure   *node
	num, den *linear
	factor   uint64
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
	return &ratio{side.figure, num, den, uint64(outer * inner)}
}

func alignedRatio(r *ratio, o op, otherwise truthFunc) truthFunc {
	equal, unequal := truthOf(o == opEq), truthOf(o == opNe)
	return func(e *Env) truth {
		n, okn := r.num.value(e)
		d, okd := r.den.value(e)
		if !okn || !okd || d == 0 {
			return otherwise(e)
		}
		switch agree, ok := number.AgreeRatio(n, d, r.factor, e.cells[e.cell(r.figure)], e.mode); {
		case !ok:
			return otherwise(e)
		case agree:
			return equal
		}
		return unequal
	}
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

// alignedSame compiles same(a, b, …) of figures: equal values are equal at any decimals.
func alignedSame(args []*node, otherwise truthFunc) truthFunc {
	for _, a := range args {
		if a.op != opField {
			return otherwise
		}
	}
	first := figureOf(args[0])
	var others []figure
	for _, a := range args[1:] {
		others = append(others, figureOf(a))
	}
	return func(e *Env) truth {
		v := first.value(e)
		for _, f := range others {
			if v == number.Unaligned || f.value(e) != v {
				return otherwise(e)
			}
		}
		return yes
	}
}
