package expression

import (
	"math"
	"slices"

	"github.com/gouji/gouji/engine/number"
)

// Most rules hold, and most are sums, comparisons and ratios of figures. For these a comparison is tried on aligned
// values first: whole numbers, all of one scale. What such a comparison cannot tell (a figure is missing, has more
// digits, or the sides differ in digits that do not count) is left to the closures over numbers.

// alignedScale is the scale of aligned values: figures in 万元 down to the hundredth of a 元.
const alignedScale = 6

// Up to maxAligned values below alignedLimit add up without overflow. Values are doubled: the last bit is set in what
// has no aligned value, and remains set when bits are put together.
const (
	alignedLimit = 1 << 53
	maxAligned   = 1 << 9
	unaligned    = 1
)

// alignment holds, for each scale, the factor that aligns a coefficient and the largest one that it may align.
var alignment = [alignedScale + 1]struct{ factor, limit int64 }{
	{2_000_000, alignedLimit / 2_000_000}, {200_000, alignedLimit / 200_000}, {20_000, alignedLimit / 20_000},
	{2_000, alignedLimit / 2_000}, {200, alignedLimit / 200}, {20, alignedLimit / 20}, {2, alignedLimit / 2},
}

func aligned(n number.Number) int64 {
	if n.Scale > alignedScale || n.Has(number.Missing|number.Overflow) {
		return unaligned
	}
	a := &alignment[n.Scale]
	if n.Coef > a.limit || n.Coef < -a.limit {
		return unaligned
	}
	return n.Coef * a.factor
}

// align gives every cell its aligned value.
func (e *Env) align() {
	e.aligned = slices.Grow(e.aligned[:0], len(e.cells))[:len(e.cells)]
	decimals := int8(alignedScale)
	for i, c := range e.cells {
		e.aligned[i] = aligned(c)
		decimals = min(decimals, c.Decimals)
	}
	// Two figures that round to the same differ by less than two units of the last decimal.
	e.apart = math.MaxInt64
	if decimals >= 0 {
		e.apart = 2 * alignment[decimals].factor
	}
}

// linear is a sum of figures and of columns of rows.
type linear struct {
	constant int64
	parts    []part
	folds    []fold
	// scale is that of the constant as written.
	scale uint8
}

// part is the part of a sum that stands in one frame: the cells that are added and those that are subtracted.
type part struct {
	frame      int
	plus, less []int32
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

// linearOf compiles left - right; nil when that is not linear.
func linearOf(left, right *node) *linear {
	l := &linear{}
	if !l.add(left, false) || right != nil && !l.add(right, true) {
		return nil
	}
	n := 1 + len(l.folds)
	for _, p := range l.parts {
		n += len(p.plus) + len(p.less)
	}
	if n > maxAligned {
		return nil
	}
	return l
}

// add collects n, subtracted where neg is set, and reports whether it is linear.
func (l *linear) add(n *node, neg bool) bool {
	switch n.op {
	case opLiteral:
		v := aligned(n.num)
		if v == unaligned || l.constant != 0 {
			return false
		}
		if neg {
			v = -v
		}
		l.constant, l.scale = v, max(l.scale, n.num.Scale)
		return true
	case opField:
		i := slices.IndexFunc(l.parts, func(p part) bool { return p.frame == n.frame })
		if i < 0 {
			i = len(l.parts)
			l.parts = append(l.parts, part{frame: n.frame})
		}
		if p := &l.parts[i]; neg {
			p.less = append(p.less, int32(n.cell))
		} else {
			p.plus = append(p.plus, int32(n.cell))
		}
		return true
	case opNeg:
		return l.add(n.args[0], !neg)
	case opAdd:
		for i, a := range n.args {
			if !l.add(a, neg != n.neg[i]) {
				return false
			}
		}
		return true
	case opSum:
		body := linearOf(n.args[0], nil)
		if body == nil {
			return false
		}
		f := fold{stream: n.stream, filters: fastFilters(n.stream), body: body, neg: neg}
		f.columns = len(f.filters) == 0 && len(body.folds) == 0 && body.constant == 0 &&
			len(body.parts) == 1 && body.parts[0].frame == n.stream.frame
		l.folds = append(l.folds, f)
		return true
	}
	return false
}

// value is the sum; ok is false when aligned values do not tell it.
func (l *linear) value(e *Env) (sum int64, ok bool) {
	sum = l.constant
	var bits int64
	for i := range l.parts {
		p := &l.parts[i]
		cells := e.aligned[e.frames[p.frame].Cell:]
		for _, c := range p.plus {
			sum += cells[c]
			bits |= cells[c]
		}
		for _, c := range p.less {
			sum -= cells[c]
			bits |= cells[c]
		}
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
	return sum, bits&unaligned == 0
}

func (f *fold) value(e *Env) (sum int64, ok bool) {
	rows := &e.lists[e.rows(f.stream.rows)]
	if !rows.Present || rows.Count > maxAligned {
		return 0, false
	}
	record, n := f.stream.rows.field, int(rows.Count)
	if f.columns && n > 0 {
		var bits int64
		cells := e.aligned[rows.Cell:]
		for _, c := range f.body.parts[0].plus {
			v, b := column(cells[c:], record.Cells, n)
			sum, bits = sum+v, bits|b
		}
		for _, c := range f.body.parts[0].less {
			v, b := column(cells[c:], record.Cells, n)
			sum, bits = sum-v, bits|b
		}
		return sum, bits&unaligned == 0 && -alignedLimit < sum && sum < alignedLimit
	}
	saved := e.frames[f.stream.frame]
	defer func() { e.frames[f.stream.frame] = saved }()
rows:
	for i := range n {
		e.frames[f.stream.frame] = rows.Row(record, i)
		for _, filter := range f.filters {
			switch filter(e) {
			case no:
				continue rows
			case unknown, unfit:
				return 0, false
			}
		}
		v, ok := f.body.value(e)
		if !ok || v <= -alignedLimit || v >= alignedLimit {
			return 0, false
		}
		sum += v
	}
	return sum, -alignedLimit < sum && sum < alignedLimit
}

// column adds n values that stand stride apart, and puts their bits together.
func column(values []int64, stride, n int) (sum, bits int64) {
	for at := 0; n > 0; n, at = n-1, at+stride {
		sum += values[at]
		bits |= values[at]
	}
	return sum, bits
}

// counts reports whether every digit of the sum's figures and constants counts, so that rounding changes nothing.
func (l *linear) counts(e *Env) bool {
	scale, decimals := l.scale, number.Exact
	for _, p := range l.parts {
		for _, cells := range [...][]int32{p.plus, p.less} {
			for _, c := range cells {
				v := e.cells[e.frames[p.frame].Cell+c]
				scale, decimals = max(scale, v.Scale), min(decimals, v.Decimals)
			}
		}
	}
	return len(l.folds) == 0 && int(scale) <= int(decimals)
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
		smaller, same, greater := truthOf(whole.op.ordered(-1)), truthOf(whole.op.ordered(0)), truthOf(whole.op.ordered(1))
		return func(e *Env) truth {
			sum, ok := l.value(e)
			switch {
			case !ok:
				return otherwise(e)
			case sum < 0:
				return smaller
			case sum > 0:
				return greater
			}
			return same
		}
	}
	switch {
	case whole.op != opEq && whole.op != opNe:
	case left == whole.args[0] && left.op == opField:
		return alignedRatio(whole.op, bare(left, whole.args[1]), right, otherwise)
	case right == whole.args[1] && right.op == opField:
		return alignedRatio(whole.op, bare(right, whole.args[0]), left, otherwise)
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

// maxFactor bounds the literals by which a ratio is multiplied.
const maxFactor = 1_000_000

// alignedRatio compiles figure == factor·N/D for linear N and D.
func alignedRatio(o op, side bareness, other *node, otherwise truthFunc) truthFunc {
	if side.walked || len(side.aliases) > 0 {
		return nil
	}
	quotient, outer := factorOf(other)
	if quotient.op != opDiv {
		return nil
	}
	dividend, inner := factorOf(quotient.args[0])
	num, den := linearOf(dividend, nil), linearOf(quotient.args[1], nil)
	if num == nil || den == nil || outer*inner > maxFactor {
		return nil
	}
	figure := side.figure
	factor := uint64(outer * inner)
	equal, unequal := truthOf(o == opEq), truthOf(o == opNe)
	return func(e *Env) truth {
		n, okn := num.value(e)
		d, okd := den.value(e)
		if !okn || !okd || d == 0 {
			return otherwise(e)
		}
		switch agree, ok := number.AgreeRatio(n, d, factor, e.cells[e.cell(figure)], e.mode); {
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
	return func(e *Env) truth {
		first := e.aligned[e.cell(args[0])]
		for _, a := range args[1:] {
			if first == unaligned || e.aligned[e.cell(a)] != first {
				return otherwise(e)
			}
		}
		return yes
	}
}
