package expression

import (
	"math/bits"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
)

// The rows of a list are tried together, as many as a word has bits. A figure of theirs is a column, of equal steps in
// memory, so that a comparison is a short loop over numbers; and what conditions say of all rows is combined in a few
// operations on words. What this leaves open in a row is asked of that row alone.

// Block is the number of rows that are tried together.
const Block = 64

// block is up to Block rows, or groups of one type that lie at equal steps.
type block struct {
	// frame is the one in which the row stands that is looked at.
	frame       int
	first, step dataset.Frame
	n           int
	// stacked: it is the n datasets of a stack instead, and no frame is theirs.
	stacked bool
}

// every is the bits of the rows.
func (b *block) every() uint64 { return ^uint64(0) >> (Block - uint(b.n)) }

// enter stands at the i-th row.
func (b *block) enter(e *Env, i int) {
	e.frames[b.frame] = dataset.Frame{Cell: b.first.Cell + int32(i)*b.step.Cell, List: b.first.List + int32(i)*b.step.List}
}

// verdicts are what a condition says of the rows of a block, a bit for each. A row that is in neither is left open.
type verdicts struct{ yes, no uint64 }

// put notes what is said of the rows of some bits.
func (v *verdicts) put(t truth, rows uint64) {
	switch t {
	case yes:
		v.yes |= rows
	case no:
		v.no |= rows
	}
}

// only is what is said of some rows.
func (v verdicts) only(rows uint64) verdicts { return verdicts{v.yes & rows, v.no & rows} }

// block is the rows of a list from the i-th on.
func (s *stream) block(rows *dataset.Rows, i int) block {
	list := s.rows.field
	step := dataset.Frame{Cell: int32(list.Cells), List: int32(list.Lists)}
	return block{frame: s.frame, first: rows.Row(list, i), step: step, n: min(int(rows.Count)-i, Block)}
}

// block is the rows or groups of the loop from the i-th of n on; ok is false where they do not lie at equal steps.
func (l *Loop) block(e *Env, i, n int) (b block, ok bool) {
	b = block{frame: l.Frame, step: l.step, n: min(n-i, Block)}
	if l.List != nil {
		b.step = dataset.Frame{Cell: int32(l.List.Cells), List: int32(l.List.Lists)}
	}
	l.Enter(e, i)
	b.first = e.frames[l.Frame]
	return b, b.step != dataset.Frame{}
}

// over asks the test of some rows of a block.
func (t *test) over(e *Env, b *block, rows uint64) (v verdicts) {
	switch {
	case rows == 0:
		return verdicts{}
	case b.stacked && t.common:
		v.put(t.eval(e), rows)
		return v
	}
	switch t.way {
	case byParts:
		return t.connectOver(e, b, rows)
	case byChoice:
		return t.chooseOver(e, b, rows)
	case byOpposite:
		return t.oppositeOver(e, b, rows)
	}
	if b.stacked {
		return t.stacked(e, b, rows)
	}
	switch t.way {
	case byPair, byFigures:
		return t.compareOver(e, b, rows)
	case byRatio:
		if !t.ratio.folds() {
			return t.ratioOver(e, b, rows)
		}
	}
	for ; rows != 0; rows &= rows - 1 {
		i := bits.TrailingZeros64(rows)
		b.enter(e, i)
		v.put(t.eval(e), 1<<i)
	}
	return v
}

// through asks filters of some rows of a block one after another, each only of the rows that are through the ones before:
// a row at which a filter is unknown stays open, whatever those behind it say.
func through(filters []test, e *Env, b *block, rows uint64) verdicts {
	v := verdicts{yes: rows}
	for i := range filters {
		w := filters[i].over(e, b, v.yes)
		v.yes, v.no = w.yes, v.no|w.no
	}
	return v
}

// allOver asks several tests of some rows: yes are those of which all are true.
func allOver(tests []test, e *Env, b *block, rows uint64) verdicts {
	v := verdicts{yes: rows}
	for i := range tests {
		w := tests[i].over(e, b, rows&^v.no)
		v.yes, v.no = v.yes&w.yes, v.no|w.no
	}
	return v
}

func (t *test) connectOver(e *Env, b *block, rows uint64) verdicts {
	if t.outcome[0] == no {
		return allOver(t.parts, e, b, rows)
	}
	v := verdicts{no: rows}
	for i := range t.parts {
		w := t.parts[i].over(e, b, rows&^v.yes)
		v.yes, v.no = v.yes|w.yes, v.no&w.no
	}
	return v
}

func (t *test) chooseOver(e *Env, b *block, rows uint64) verdicts {
	c := t.parts[0].over(e, b, rows)
	x, y := t.parts[1].over(e, b, c.yes), t.parts[2].over(e, b, c.no)
	return verdicts{x.yes | y.yes, x.no | y.no}
}

func (t *test) oppositeOver(e *Env, b *block, rows uint64) verdicts {
	v := t.parts[0].over(e, b, rows)
	return verdicts{v.no, v.yes}
}

// column is where a figure stands in the rows: the place of its first aligned value, and the step from one to the next, 0
// for a figure that is none of the rows'.
func (b *block) column(e *Env, f figure) (at, step int) {
	if f.frame() == b.frame {
		return int(b.first.Cell) + f.place(), int(b.step.Cell)
	}
	return int(e.frames[f.frame()].Cell) + f.place(), 0
}

// sum adds up figures in each row; open are the rows of whose figures one cannot be aligned, the last one at the top.
func (b *block) sum(e *Env, p *pair, terms []term, sums *[Block]int64) (open uint64) {
	into := sums[:b.n]
	x, dx := b.column(e, p.plus)
	y, dy := b.column(e, p.less)
	open = subtract(into, p.constant, e.aligned, x, dx, y, dy)
	for _, t := range terms {
		x, dx := b.column(e, t.figure)
		open |= add(into, e.aligned, x, dx, int64(t.sign))
	}
	return open
}

// The loops over rows stand alone, where what they need finds room in registers. Their bits are shifted in from above.

// top is the bit that is shifted in.
const top = 1 << (Block - 1)

//go:noinline
func subtract(into []int64, constant int64, values []int64, x, dx, y, dy int) (open uint64) {
	for i := range into {
		v, w := values[x], values[y]
		into[i] = constant + v - w
		open = open>>1 | uint64(v|w)<<(Block-1)
		x, y = x+dx, y+dy
	}
	return open
}

//go:noinline
func add(into, values []int64, x, dx int, sign int64) (open uint64) {
	for i := range into {
		v := values[x]
		into[i] += v * sign
		open = open>>1 | uint64(v)<<(Block-1)
		x += dx
	}
	return open
}

//go:noinline
func signs(sums []int64) (below, above uint64) {
	for _, s := range sums {
		below = below>>1 | uint64(s)&top
		above = above>>1 | uint64(-s)&top
	}
	return below, above
}

// against compares n values with one: the bits of those below and above it.
//
//go:noinline
func against(value int64, values []int64, x, dx, n int) (below, above, open uint64) {
	for ; n > 0; n-- {
		v := values[x]
		below = below>>1 | uint64(v-value)&top
		above = above>>1 | uint64(value-v)&top
		open = open>>1 | uint64(v)<<(Block-1)
		x += dx
	}
	return below, above, open
}

// compared tells in which rows the sum is below and above zero; of those that are open it tells nothing.
func (t *test) compared(e *Env, b *block) (below, above, open uint64) {
	x, dx := b.column(e, t.plus)
	y, dy := b.column(e, t.less)
	alone := t.way == byPair && t.outcome[0] != unfit
	switch {
	case alone && dy == 0 && e.aligned[y] != number.Unaligned:
		below, above, open = against(e.aligned[y]-t.constant, e.aligned, x, dx, b.n)
	case alone && dx == 0 && e.aligned[x] != number.Unaligned:
		above, below, open = against(e.aligned[x]+t.constant, e.aligned, y, dy, b.n)
	default:
		open = b.sum(e, &t.pair, t.terms, &e.sums[0])
		below, above = signs(e.sums[0][:b.n])
	}
	shift := Block - b.n
	return below >> shift, above >> shift, open >> shift
}

// told is what the test says of some rows of which sums are below and above zero.
func (t *test) told(below, above, rows uint64) (v verdicts) {
	v.put(t.outcome[0], below)
	v.put(t.outcome[1], ^(below | above))
	v.put(t.outcome[2], above)
	return v.only(rows)
}

// compareOver compares sums of figures with zero.
func (t *test) compareOver(e *Env, b *block, rows uint64) (v verdicts) {
	below, above, open := t.compared(e, b)
	rows &^= open
	v = t.told(below, above, rows)
	if t.outcome[0] == unfit {
		v.put(t.apart, apart(&e.sums[0], e.apart, rows&^(v.yes|v.no)))
	}
	return v
}

// apart are those of some rows whose sum no rounding brings to zero, from a size on.
func apart(sums *[Block]int64, from int64, rows uint64) (far uint64) {
	for ; rows != 0; rows &= rows - 1 {
		i := bits.TrailingZeros64(rows)
		if s := sums[i]; s >= from || s <= -from {
			far |= 1 << i
		}
	}
	return far
}

// folds reports whether the ratio has sums over rows.
func (r *ratio) folds() bool { return r.more != nil && len(r.more[0].folds)+len(r.more[1].folds) > 0 }

func (t *test) ratioOver(e *Env, b *block, rows uint64) (v verdicts) {
	r, num, den := t.ratio, &e.sums[0], &e.sums[1]
	more := r.more
	if more == nil {
		more = &[2]others{}
	}
	rows &^= (b.sum(e, &r.num, more[0].terms, num) | b.sum(e, &r.den, more[1].terms, den)) >> (Block - b.n)
	at, step := b.column(e, r.figure)
	var agreed, decided uint64
	for i := range b.n {
		if den[i] == 0 {
			continue
		}
		agree, ok := number.AgreeRatio(num[i], den[i], uint64(r.factor), e.cells[at-1+i*step], e.mode)
		agreed |= uint64(truthOf(agree)) << (i & (Block - 1))
		decided |= uint64(truthOf(ok)) << (i & (Block - 1))
	}
	v.put(t.outcome[1], agreed&decided)
	v.put(t.outcome[0], decided&^agreed)
	return v.only(rows)
}
