package expression

import (
	"math/bits"
	"slices"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
)

// Datasets of one layout are evaluated together as the rows of a list are: a figure of theirs is a column, and what
// conditions say of them are the bits of a word. Lists are the same in all, so that their rows are walked one by one, and
// what reads the coefficient of no figure is asked once. What needs the numbers themselves stays open.

// column is a figure's aligned values in all datasets of a stack, or sums of them.
type column [dataset.Height]int64

// Stack turns to datasets that lie one upon another.
func (e *Env) Stack(s *dataset.Stack) {
	e.Reset(s.Lowest)
	columns := 1 + len(s.Lowest.Cells)
	e.stack, e.unaligned = s, slices.Grow(e.unaligned[:0], columns)[:columns]
	for i := range e.unaligned {
		values, open := s.Aligned[i*dataset.Height:][:s.N], uint64(0)
		if either(values)&number.Unaligned != 0 {
			for k, v := range values {
				open |= uint64(v&number.Unaligned) << k
			}
		}
		e.unaligned[i] = open
	}
}

// either puts the bits of values together.
func either(values []int64) (bits int64) {
	for ; len(values) >= 8; values = values[8:] {
		bits |= values[0] | values[1] | values[2] | values[3] | values[4] | values[5] | values[6] | values[7]
	}
	for _, v := range values {
		bits |= v
	}
	return bits
}

// Through evaluates the rule, at the rows where the loops stand, in all datasets of the stack: passed has a bit for each
// one in which the rule passes, unmet for each one in which its condition does not hold. What is in neither is left to
// Try.
func (s *Screen) Through(e *Env) (passed, unmet uint64) {
	b := block{n: e.stack.N, stacked: true}
	when := allOver(s.tests[:s.when], e, &b, b.every())
	return allOver(s.tests[s.when:], e, &b, when.yes).yes, when.no
}

// coefficients reports whether the node reads the coefficient of a figure, or how one is printed.
func (n *node) coefficients() bool {
	switch {
	case n.op == opPresent || n.op == opBlank || n.op == opExplained:
		return false
	case n.figure() || n.op == opDecimals || n.op == opConvert:
		return true
	}
	return slices.ContainsFunc(n.args, (*node).coefficients) ||
		n.stream != nil && slices.ContainsFunc(n.stream.filters, (*node).coefficients)
}

// place is that of a figure among the aligned values of a dataset.
func (e *Env) place(f figure) int { return int(e.frames[f.frame()].Cell) + f.place() }

// column is a figure in all datasets; in the open ones it cannot be aligned.
func (e *Env) column(f figure) (c *column, open uint64) {
	at := e.place(f)
	return (*column)(e.stack.Aligned[at*dataset.Height:]), e.unaligned[at]
}

// stacked asks a test that has no parts in some datasets of the stack.
func (t *test) stacked(e *Env, b *block, rows uint64) (v verdicts) {
	switch t.way {
	case byPair:
		return t.pairStacked(e, b, rows)
	case byFigures, bySum:
		return t.sumStacked(e, b, rows)
	case byRatio:
		return t.ratioStacked(e, b, rows)
	case byRows:
		return t.rowsStacked(e, b, rows)
	}
	return v
}

func (t *test) pairStacked(e *Env, b *block, rows uint64) (v verdicts) {
	x, openx := e.column(t.plus)
	y, openy := e.column(t.less)
	rows &^= openx | openy
	switch {
	case t.always(x, y, b.n):
		return verdicts{yes: rows}
	case t.outcome[0] == unfit:
		return t.sumStacked(e, b, rows)
	}
	below, above := ordered(t.constant, x, y, b.n)
	return t.told(below, above, rows)
}

// always reports whether a pair is as the test wants it in all datasets, as most are, which takes less than to tell in
// which. Where it is false, it may still be.
func (t *test) always(x, y *column, n int) bool {
	constant, beyond := t.constant, t.outcome[2]
	if beyond != yes {
		constant, x, y, beyond = -constant, y, x, t.outcome[0]
	}
	switch {
	case beyond != yes:
		return t.outcome[1] == yes && eitherSum(constant, x, y, n) == 0
	case t.outcome[1] != yes:
		constant--
	}
	return eitherSum(constant, x, y, n) >= 0
}

func (t *test) sumStacked(e *Env, b *block, rows uint64) (v verdicts) {
	var sums column
	rows &^= e.total(b, &t.pair, &t.others, &sums)
	var below, above uint64
	if either(sums[:b.n]) != 0 {
		below, above = ordered(0, &sums, e.zeros(), b.n)
	}
	v = t.told(below, above, rows)
	if rows &^= v.yes | v.no; t.outcome[0] == unfit && rows != 0 {
		v.put(t.apart, apart((*[Block]int64)(&sums), t.apartHere(e), rows))
	}
	return v
}

// apartHere is the difference between the sides from which on no rounding makes them equal: they are rounded to the
// decimals of a figure that is a side of its own, if at all.
func (t *test) apartHere(e *Env) int64 {
	decimals := number.Exact
	figures := func(f figure) {
		if f != 0 {
			decimals = min(decimals, e.cells[e.place(f)-1].Decimals)
		}
	}
	figures(t.plus)
	figures(t.less)
	for _, term := range t.terms {
		figures(term.figure)
	}
	return number.Apart(decimals)
}

func (t *test) ratioStacked(e *Env, b *block, rows uint64) (v verdicts) {
	r, more := t.ratio, t.ratio.more
	if more == nil {
		more = &[2]others{}
	}
	var sums [2]column
	figures, open := e.column(r.figure)
	num, unaligned := e.alone(&r.num, &more[0])
	if open |= unaligned; num == nil {
		num = &sums[0]
		open |= e.total(b, &r.num, &more[0], num)
	}
	den, unaligned := e.alone(&r.den, &more[1])
	if open |= unaligned; den == nil {
		den = &sums[1]
		open |= e.total(b, &r.den, &more[1], den)
	}
	if rows &^= open; rows == 0 {
		return v
	}
	q := number.Quotients{
		Num: (*[Block]int64)(num), Den: (*[Block]int64)(den), Aligned: (*[Block]int64)(figures), N: b.n,
		Factor: uint64(r.factor), Like: e.cells[e.place(r.figure)-1],
	}
	agreed, decided := q.Agree(e.mode)
	v.put(t.outcome[1], agreed)
	v.put(t.outcome[0], decided&^agreed)
	return v.only(rows)
}

// rowsStacked asks a quantifier: one row after another, as long as it is not decided.
func (t *test) rowsStacked(e *Env, b *block, rows uint64) (v verdicts) {
	s := t.whole.stream
	list := &e.lists[e.rows(s.rows)]
	if !list.Present {
		return v
	}
	decides := t.outcome[0]
	left, open := rows, uint64(0)
	for i := 0; i < int(list.Count) && left != 0; i++ {
		e.frames[s.frame] = list.Row(s.rows.field, i)
		f := through(t.parts[1:], e, b, left)
		w := t.parts[0].over(e, b, f.yes)
		decided := w.no
		if decides == yes {
			decided = w.yes
		}
		// Where a row is open another one may still decide.
		open |= left &^ (f.no | w.yes | w.no)
		left &^= decided
	}
	v.put(decides, rows&^left)
	v.put(decides.opposite(), left&^open)
	return v
}

// alone is the column of a sum of one figure, which needs no adding; nil of any other.
func (e *Env) alone(p *pair, o *others) (sums *column, open uint64) {
	if p.less == 0 && p.constant == 0 && o.none() {
		return e.column(p.plus)
	}
	return nil, 0
}

// total adds up a pair and what a sum has beside it; open are the datasets whose sum that does not tell.
func (e *Env) total(b *block, p *pair, o *others, sums *column) (open uint64) {
	plus, openx := e.column(p.plus)
	less, openy := e.column(p.less)
	constant, terms := p.constant, o.terms
	open = openx | openy
	for {
		four, sign, n := e.four(), int32(1), 0
		for n < len(four) && n < len(terms) && (n == 0 || terms[n].sign == sign) {
			c, unaligned := e.column(terms[n].figure)
			four[n], sign, open = c, terms[n].sign, open|unaligned
			n++
		}
		sumColumns(sums, constant, plus, less, &four, int64(sign), b.n)
		if terms = terms[n:]; len(terms) == 0 {
			break
		}
		plus, less, constant = sums, e.zeros(), 0
	}
	for i := range o.folds {
		open |= o.folds[i].stacked(e, b, sums)
	}
	return open
}

func (e *Env) zeros() *column { return (*column)(e.stack.Aligned) }

// four are the columns that are added together: zeros, before there are others.
func (e *Env) four() [4]*column {
	zeros := e.zeros()
	return [...]*column{zeros, zeros, zeros, zeros}
}

// stacked adds the sum over the rows to that of each dataset.
func (f *fold) stacked(e *Env, b *block, sums *column) (open uint64) {
	s := f.stream
	list := &e.lists[e.rows(s.rows)]
	if !list.Present {
		return b.every()
	}
	var added column
	for from := 0; from < int(list.Count) && open != b.every(); from += Block {
		to := min(from+Block, int(list.Count))
		if f.own && len(f.filters) == 0 {
			open |= f.allStacked(e, b, list, from, to, &added)
		} else {
			for i := from; i < to; i++ {
				e.frames[s.frame] = list.Row(s.rows.field, i)
				taken := through(f.filters, e, b, b.every())
				open |= b.every() &^ (taken.yes | taken.no)
				open |= f.addStacked(e, b, taken.yes, &added)
			}
		}
		open |= beyond(&added, b.n)
	}
	for i, v := range added[:b.n] {
		sums[i] += v * f.sign
	}
	return open
}

// allStacked adds the columns of some rows in all datasets.
func (f *fold) allStacked(e *Env, b *block, list *dataset.Rows, from, to int, sums *column) (open uint64) {
	s := f.stream
	e.frames[s.frame] = list.Row(s.rows.field, from)
	for _, t := range f.columns {
		at := e.place(t.figure)
		for i := from; i < to; {
			four := e.four()
			for k := 0; k < len(four) && i < to; k++ {
				four[k] = (*column)(e.stack.Aligned[at*dataset.Height:])
				open |= e.unaligned[at]
				i, at = i+1, at+s.rows.field.Cells
			}
			addColumns(sums, &four, int64(t.sign), b.n)
		}
	}
	if c := f.body.constant * int64(to-from); c != 0 {
		addWhere(sums, e.zeros(), c, 0, b.every())
	}
	return open
}

// addStacked adds the body, at the row where its stream stands, in some datasets.
func (f *fold) addStacked(e *Env, b *block, in uint64, sums *column) (open uint64) {
	switch {
	case in == 0:
	case f.own:
		if c := f.body.constant; c != 0 {
			addWhere(sums, e.zeros(), c, 0, in)
		}
		for _, t := range f.columns {
			c, unaligned := e.column(t.figure)
			open |= unaligned & in
			addWhere(sums, c, 0, int64(t.sign), in)
		}
	default:
		var body column
		open = e.total(b, &f.body.pair, &f.body.others, &body)
		open = (open | beyond(&body, b.n)) & in
		addWhere(sums, &body, 0, 1, in)
	}
	return open
}

// The loops over datasets stand alone, where what they need finds room in registers.

//go:noinline
func sumColumns(into *column, constant int64, x, y *column, four *[4]*column, sign int64, n int) {
	sums, plus, less := into[:n], x[:n], y[:n]
	a, b, c, d := four[0][:n], four[1][:n], four[2][:n], four[3][:n]
	for i := range sums {
		sums[i] = constant + plus[i] - less[i] + (a[i]+b[i]+c[i]+d[i])*sign
	}
}

//go:noinline
func addColumns(into *column, four *[4]*column, sign int64, n int) {
	sums, a, b, c, d := into[:n], four[0][:n], four[1][:n], four[2][:n], four[3][:n]
	for i := range sums {
		sums[i] += (a[i] + b[i] + c[i] + d[i]) * sign
	}
}

// eitherSum puts the bits of sums together.
//
//go:noinline
func eitherSum(constant int64, x, y *column, n int) (bits int64) {
	plus, less := x[:n], y[:n]
	for i, v := range plus {
		bits |= constant + v - less[i]
	}
	return bits
}

// addWhere adds a constant and values in some datasets.
func addWhere(into, values *column, constant, sign int64, in uint64) {
	for ; in != 0; in &= in - 1 {
		i := bits.TrailingZeros64(in) & (dataset.Height - 1)
		into[i] += constant + values[i]*sign
	}
}

// ordered tells in which datasets a sum is below and above zero.
//
//go:noinline
func ordered(constant int64, x, y *column, n int) (below, above uint64) {
	plus, less := x[:n], y[:n]
	for i := len(plus) - 1; i >= 0; i-- {
		s := constant + plus[i] - less[i]
		below = below<<1 + uint64(s)>>63
		above = above<<1 + uint64(-s)>>63
	}
	return below, above
}

// beyond are the datasets whose sum is no aligned value.
func beyond(sums *column, n int) (bits uint64) {
	for i, s := range sums[:n] {
		if s <= -number.AlignedLimit || s >= number.AlignedLimit {
			bits |= 1 << i
		}
	}
	return bits
}
