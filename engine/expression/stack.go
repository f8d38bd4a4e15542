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
	return s.over(e, &block{n: e.stack.N, stacked: true})
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

// stacked asks the test in some datasets of the stack.
func (t *test) stacked(e *Env, b *block, rows uint64) verdicts {
	switch t.way {
	case byPair, byFigures, bySum:
		return t.compareStacked(e, b, rows)
	case byRatio:
		return t.ratioStacked(e, b, rows)
	case byRows:
		return t.rowsStacked(e, b, rows)
	}
	return verdicts{}
}

func (t *test) compareStacked(e *Env, b *block, rows uint64) verdicts {
	if t.way == byPair && t.outcome[0] != unfit {
		x, openx := e.column(t.plus)
		y, openy := e.column(t.less)
		below, above := ordered(t.constant, x, y, b.n)
		return t.told(below, above, rows&^(openx|openy), nil, 0)
	}
	var sums column
	rows &^= e.total(b, &t.pair, &t.others, &sums)
	if either(sums[:b.n]) == 0 {
		return t.told(0, 0, rows, nil, 0)
	}
	below, above := ordered(0, &sums, (*column)(e.stack.Aligned), b.n)
	return t.told(below, above, rows, (*[Block]int64)(&sums), t.apartHere(e))
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
	var num, den column
	figures, open := e.column(r.figure)
	rows &^= open | e.total(b, &r.num, &more[0], &num) | e.total(b, &r.den, &more[1], &den)
	if rows == 0 {
		return v
	}
	like := e.cells[e.place(r.figure)-1]
	agreed, decided := number.AgreeRatios((*[Block]int64)(&num), (*[Block]int64)(&den), (*[Block]int64)(figures), b.n, uint64(r.factor), like, e.mode)
	v.put(t.outcome[1], agreed)
	v.put(t.outcome[0], decided&^agreed)
	return v.only(rows)
}

// rowsStacked asks a quantifier: one row after another, as long as it is not decided.
func (t *test) rowsStacked(e *Env, b *block, rows uint64) (v verdicts) {
	list := &e.lists[e.rows(t.stream.rows)]
	if !list.Present {
		return v
	}
	decides := t.outcome[0]
	left, open := rows, uint64(0)
	for i := 0; i < int(list.Count) && left != 0; i++ {
		e.frames[t.stream.frame] = list.Row(t.stream.rows.field, i)
		f := through(t.filters, e, b, left)
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

// total adds up a pair and what a sum has beside it; open are the datasets whose sum that does not tell.
func (e *Env) total(b *block, p *pair, o *others, sums *column) (open uint64) {
	x, openx := e.column(p.plus)
	y, openy := e.column(p.less)
	subtractColumn(sums, p.constant, x, y, b.n)
	open = openx | openy
	// Up to four at a time; where there are less, zeros stand in their place.
	zeros := (*column)(e.stack.Aligned)
	for terms := o.terms; len(terms) > 0; {
		columns, sign, n := [4]*column{zeros, zeros, zeros, zeros}, terms[0].sign, 0
		for n < len(columns) && n < len(terms) && terms[n].sign == sign {
			c, unaligned := e.column(terms[n].figure)
			columns[n], open = c, open|unaligned
			n++
		}
		terms = terms[n:]
		addColumns(sums, &columns, int64(sign), b.n)
	}
	for i := range o.folds {
		open |= o.folds[i].stacked(e, b, sums)
	}
	return open
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
		for i := from; i < min(from+Block, int(list.Count)); i++ {
			e.frames[s.frame] = list.Row(s.rows.field, i)
			taken := through(f.filters, e, b, b.every())
			open |= b.every() &^ (taken.yes | taken.no)
			open |= f.addStacked(e, b, taken.yes, &added)
		}
		open |= beyond(&added, b.n)
	}
	addColumn(sums, &added, f.sign, b.n)
	return open
}

// addStacked adds the body, at the row where its stream stands, in some datasets.
func (f *fold) addStacked(e *Env, b *block, in uint64, sums *column) (open uint64) {
	switch {
	case in == 0:
	case f.own:
		if f.body.constant != 0 {
			addWhere(sums, (*column)(e.stack.Aligned), f.body.constant, 0, in)
		}
		for _, t := range f.columns {
			c, unaligned := e.column(t.figure)
			open |= unaligned & in
			if in == b.every() {
				addColumn(sums, c, int64(t.sign), b.n)
			} else {
				addWhere(sums, c, 0, int64(t.sign), in)
			}
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
func subtractColumn(into *column, constant int64, x, y *column, n int) {
	for i := range into[:n] {
		into[i] = constant + x[i] - y[i]
	}
}

//go:noinline
func addColumns(into *column, columns *[4]*column, sign int64, n int) {
	a, b, c, d := columns[0], columns[1], columns[2], columns[3]
	for i := range into[:n] {
		into[i] += (a[i] + b[i] + c[i] + d[i]) * sign
	}
}

//go:noinline
func addColumn(into, values *column, sign int64, n int) {
	for i := range into[:n] {
		into[i] += values[i] * sign
	}
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
