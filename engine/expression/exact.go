package expression

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
)

// Causes why something could not be evaluated.
const (
	CauseMissing           = "missing"
	CauseZeroDenominator   = "zero-denominator"
	CauseMayBeZero         = "denominator-may-be-zero"
	CauseIncompatibleUnits = "incompatible-units"
	CauseEmptyList         = "empty-list"
	// CauseImpreciseDate: a date names no day where days are counted.
	CauseImpreciseDate   = "imprecise-date"
	CauseTooManyProducts = "too-many-products"
	// CauseUndecidable: the rows are such that a figure stands where it could not be decided about.
	CauseUndecidable = "undecidable"
)

// exact evaluates on rationals. It answers everything, and remembers which cells it read and what stood in its way.
type exact struct {
	*Env
	// zero takes missing figures as zero.
	zero bool
	// tried is another value that a figure is taken to have, nil when none is.
	tried *Repair
	// brief: only the verdict is asked for.
	brief bool
	// touched are the cells that were read, in order; among many, the bits of seen tell which.
	touched []int
	seen    []uint64
	// problems are what kept a value from being known.
	problems []problem
	// pick decides tests while the shape of a rule is examined without data; nil with data.
	pick func(*node) truth
}

// problem is one obstacle; cell or list is what it concerns, -1 for neither.
type problem struct {
	cause      string
	cell, list int
}

func (x *exact) problem(cause string, cell, list int) {
	x.problems = append(x.problems, problem{cause, cell, list})
}

func (x *exact) touch(cell int) {
	const some, many = 16, 32
	switch {
	case x.touched == nil:
		x.touched = make([]int, 0, some)
	case x.seen != nil:
		if x.seen[cell/64]>>(cell%64)&1 != 0 {
			return
		}
		x.seen[cell/64] |= 1 << (cell % 64)
	case slices.Contains(x.touched, cell):
		return
	case len(x.touched) == many:
		x.seen = make([]uint64, len(x.cells)/64+1)
		for _, c := range append(x.touched, cell) {
			x.seen[c/64] |= 1 << (c % 64)
		}
	}
	x.touched = append(x.touched, cell)
}

// figure is the value of a cell.
func (x *exact) figure(cell int) (number.Rat, bool) {
	x.touch(cell)
	if x.tried != nil && x.tried.Cell == cell {
		return x.tried.Value, true
	}
	c := x.cells[cell]
	switch {
	case c.Has(number.Missing) && x.zero:
		return number.Rat{}, true
	case c.Has(number.Missing):
		x.problem(CauseMissing, cell, -1)
		return number.Rat{}, false
	case c.Has(number.Overflow):
		return number.RatOf(x.fact(cell).Statement().Value()), true
	}
	return c.Rat(), true
}

// decimals is the place of the last digit of a cell that counts.
func (x *exact) decimals(cell int) int8 {
	c := x.cells[cell]
	f := x.fact(cell).Field
	if c.Has(number.Missing) && f.Type != dataset.Count {
		return x.data.Origin(cell).ZeroDecimals(f)
	}
	return c.Decimals
}

// point reports whether a cell's true value is the printed one.
func (x *exact) point(cell int) bool {
	t := x.fact(cell).Field.Type
	return t == dataset.Count || t == dataset.Score
}

// interval holds the true values of a cell.
func (x *exact) interval(cell int) (lo, hi number.Bound) {
	v, _ := x.figure(cell)
	if x.point(cell) {
		return number.Interval(v, number.Exact, x.mode)
	}
	return number.Interval(v, x.decimals(cell), x.data.Mode(cell))
}

// conversion is the power of ten that brings a figure of varying unit to the wanted one.
func (x *exact) conversion(n *node) (power int, ok bool) {
	if x.pick != nil {
		// Units do not matter to the shape of a rule.
		return 0, true
	}
	cell := x.cell(n.from)
	unit := func(cell int) (string, bool) {
		st := x.fact(cell).Statement()
		if st == nil {
			x.problem(CauseMissing, cell, -1)
			return "", false
		}
		return st.In, true
	}
	from, ok := unit(cell)
	if !ok {
		return 0, x.zero
	}
	to := n.unit
	if n.unitOf != nil {
		if to, ok = unit(x.cell(n.unitOf)); !ok {
			return 0, x.zero
		}
	}
	if power, ok = dataset.Convert(from, to); !ok {
		x.touch(cell)
		x.problem(CauseIncompatibleUnits, cell, -1)
	}
	return power, ok
}

// test is the value of a condition that steers an evaluation.
func (x *exact) test(n *node) truth {
	if x.pick != nil {
		return x.pick(n)
	}
	return x.truth(n)
}

// walk calls visit for each row of a stream that passes its filters; false when the rows cannot be told.
func (x *exact) walk(s *stream, visit func()) bool {
	list := x.rows(s.rows)
	rows := x.lists[list]
	if !rows.Present {
		x.problem(CauseMissing, -1, list)
		return false
	}
	saved := x.frames[s.frame]
	defer func() { x.frames[s.frame] = saved }()
	ok := true
rows:
	for i := range int(rows.Count) {
		x.frames[s.frame] = rows.Row(s.rows.field, i)
		if x.pick != nil && len(s.filters) > 0 && x.standsIn(s.frame) {
			// A filter may well leave out the row that a loop stands at.
			continue
		}
		for _, f := range s.filters {
			switch x.test(f) {
			case no:
				continue rows
			case unknown:
				ok = false
				continue rows
			}
		}
		visit()
	}
	return ok
}

// standsIn reports whether a frame holds the row of a frame outside it.
func (e *Env) standsIn(frame int) bool {
	return slices.Contains(e.frames[1:frame], e.frames[frame])
}

// number is the value of a node; ok is false when it is unknown, and the reason is among the problems.
func (x *exact) number(n *node) (v number.Rat, ok bool) {
	switch n.op {
	case opLiteral:
		return n.rat, true
	case opField:
		return x.figure(x.cell(n))
	case opConvert:
		power, ok := x.conversion(n)
		v, okv := x.number(n.args[0])
		if !ok || !okv {
			return number.Rat{}, false
		}
		return v.Mul(number.Pow10(power)), true
	case opAdd:
		var t total
		ok := true
		for i, a := range n.args {
			ok = x.add(&t, a, n.neg[i]) && ok
		}
		return t.rat(), ok
	case opMul, opDiv:
		a, oka := x.number(n.args[0])
		b, okb := x.number(n.args[1])
		if !oka || !okb {
			return number.Rat{}, false
		}
		if n.op == opMul {
			return a.Mul(b), true
		}
		if b.Sign() == 0 {
			x.problem(CauseZeroDenominator, -1, -1)
			return number.Rat{}, false
		}
		return a.Quo(b), true
	case opNeg, opAbs, opRound, opFloor, opCeil:
		a, ok := x.number(n.args[0])
		if !ok {
			return number.Rat{}, false
		}
		return monadic(n, a), true
	case opMin, opMax:
		best := extreme{greatest: n.op == opMax}
		ok := true
		for _, a := range n.args {
			v, known := x.number(a)
			if ok = known && ok; known {
				best.take(v)
			}
		}
		return best.value, ok
	case opSum, opCount, opLeast, opGreatest:
		return x.fold(n)
	case opLen:
		s, ok := x.text(n.args[0])
		return number.NewRat(int64(utf8.RuneCountInString(s)), 1), ok
	case opDecimals:
		cell := x.cell(n.args[0])
		x.touch(cell)
		st := x.fact(cell).Statement()
		if st == nil || st.Blank {
			x.problem(CauseMissing, cell, -1)
			return number.Rat{}, false
		}
		return number.NewRat(int64(st.Own), 1), true
	case opDays:
		from, oka := x.date(n.args[0])
		to, okb := x.date(n.args[1])
		if !oka || !okb {
			return number.Rat{}, false
		}
		days, ok := dataset.Days(from, to)
		if !ok {
			x.problem(CauseImpreciseDate, -1, -1)
			return number.Rat{}, false
		}
		return number.NewRat(days, 1), true
	case opIf:
		chosen, ok := x.branch(n)
		if !ok {
			return number.Rat{}, false
		}
		return x.number(chosen)
	case opCoalesce:
		return x.number(x.coalesce(n))
	}
	panic("expression: not a number")
}

// total is a sum. Numbers are added up as such as long as they fit, since to add rationals takes longer.
type total struct {
	few  number.Number
	rest number.Rat
}

func (t *total) rat() number.Rat { return t.rest.Add(t.few.Rat()) }

// add adds a number to a sum, or takes it off; false when it is unknown.
func (x *exact) add(t *total, n *node, off bool) bool {
	v, plain := x.plain(n)
	if !plain {
		v, ok := x.number(n)
		if off {
			v = v.Neg()
		}
		t.rest = t.rest.Add(v)
		return ok
	}
	if off {
		v = v.Neg()
	}
	sum := t.few.Add(v)
	if sum.Has(number.Overflow) {
		t.rest, sum = t.rat(), v
	}
	t.few = sum
	return true
}

// plain is the value of a figure or literal that a number holds, and its negative too; ok is false for all else, and where
// a value is tried.
func (x *exact) plain(n *node) (v number.Number, ok bool) {
	switch n.op {
	case opLiteral:
		v, ok = n.num, !n.num.Has(number.Overflow)
	case opField:
		v = x.cells[x.cell(n)]
		ok = x.tried == nil && !v.Has(number.Missing|number.Overflow)
	}
	if ok = ok && v.Coef != math.MinInt64; ok && n.op == opField {
		x.touch(x.cell(n))
	}
	return v, ok
}

// monadic is a function of one number.
func monadic(n *node, a number.Rat) number.Rat {
	switch n.op {
	case opNeg:
		return a.Neg()
	case opAbs:
		return a.Abs()
	case opRound:
		return a.Round(int8(n.num.Coef), number.HalfUp)
	case opFloor:
		return a.Floor()
	}
	return a.Neg().Floor().Neg()
}

// extreme is the least of the numbers that it takes, or the greatest.
type extreme struct {
	greatest bool
	// any: there is a number.
	any   bool
	value number.Rat
}

func (e *extreme) take(v number.Rat) {
	if c := v.Cmp(e.value); !e.any || c != 0 && (c > 0) == e.greatest {
		e.any, e.value = true, v
	}
}

// branch is the part of a conditional that counts.
func (x *exact) branch(n *node) (*node, bool) {
	switch x.test(n.args[0]) {
	case yes:
		return n.args[1], true
	case no:
		return n.args[2], true
	}
	return nil, false
}

// coalesce is the field of x ?? v when it is printed, else v.
func (x *exact) coalesce(n *node) *node {
	field := n.args[0]
	if field.op == opConvert {
		field = field.args[0]
	}
	if x.cells[x.cell(field)].Flags&(number.Missing|number.Blank) == 0 {
		return n.args[0]
	}
	return n.args[1]
}

func (x *exact) fold(n *node) (number.Rat, bool) {
	var t total
	count, ok := int64(0), true
	best := extreme{greatest: n.op == opGreatest}
	walked := x.walk(n.stream, func() {
		switch n.op {
		case opCount:
			switch x.truth(n.args[0]) {
			case yes:
				count++
			case unknown:
				ok = false
			}
		case opSum:
			ok = x.add(&t, n.args[0], false) && ok
		default:
			v, known := x.number(n.args[0])
			if ok = known && ok; known {
				best.take(v)
			}
		}
	})
	if !walked || !ok {
		return number.Rat{}, false
	}
	switch n.op {
	case opSum:
		return t.rat(), true
	case opCount:
		return number.NewRat(count, 1), true
	}
	if !best.any {
		x.problem(CauseEmptyList, -1, x.rows(n.stream.rows))
	}
	return best.value, best.any
}

// text is the value of a text.
func (x *exact) text(n *node) (string, bool) {
	switch n.op {
	case opLiteral:
		return n.str, true
	case opField:
		cell := x.cell(n)
		x.touch(cell)
		if x.cells[cell].Has(number.Missing) {
			x.problem(CauseMissing, cell, -1)
			return "", false
		}
		return x.texts[cell], true
	case opIf:
		chosen, ok := x.branch(n)
		if !ok {
			return "", false
		}
		return x.text(chosen)
	case opCoalesce:
		return x.text(x.coalesce(n))
	}
	panic("expression: not a text")
}

func (x *exact) date(n *node) (number.Number, bool) {
	switch n.op {
	case opLiteral:
		return n.num, true
	case opField:
		cell := x.cell(n)
		x.touch(cell)
		if x.cells[cell].Has(number.Missing) {
			x.problem(CauseMissing, cell, -1)
			return number.Number{}, false
		}
		return x.cells[cell], true
	case opIf:
		chosen, ok := x.branch(n)
		if !ok {
			return number.Number{}, false
		}
		return x.date(chosen)
	case opCoalesce:
		return x.date(x.coalesce(n))
	}
	panic("expression: not a date")
}

// truth is the value of a condition on printed values: yes, no or unknown.
func (x *exact) truth(n *node) truth {
	switch n.op {
	case opLiteral:
		return truthOf(n.num.Coef != 0)
	case opField:
		cell := x.cell(n)
		x.touch(cell)
		if x.cells[cell].Has(number.Missing) {
			x.problem(CauseMissing, cell, -1)
			return unknown
		}
		return truthOf(x.cells[cell].Coef != 0)
	case opEq, opNe, opLt, opLe, opGt, opGe:
		return x.compare(n)
	case opAnd, opOr:
		before := len(x.problems)
		decided := yes
		if n.op == opAnd {
			decided = no
		}
		result := yes - decided
		for _, a := range n.args {
			switch t := x.truth(a); t {
			case decided:
				x.problems = x.problems[:before]
				return decided
			case unknown:
				result = unknown
			}
		}
		return result
	case opNot:
		switch x.truth(n.args[0]) {
		case yes:
			return no
		case no:
			return yes
		}
		return unknown
	case opIf:
		before := len(x.problems)
		switch x.truth(n.args[0]) {
		case yes:
			return x.truth(n.args[1])
		case no:
			return x.truth(n.args[2])
		}
		if t := x.truth(n.args[1]); t != unknown && t == x.truth(n.args[2]) {
			x.problems = x.problems[:before]
			return t
		}
		return unknown
	case opCoalesce:
		return x.truth(x.coalesce(n))
	case opAll, opAny:
		before := len(x.problems)
		decided := no
		if n.op == opAny {
			decided = yes
		}
		result := yes - decided
		found := false
		walked := x.walk(n.stream, func() {
			switch x.truth(n.args[0]) {
			case decided:
				found = true
			case unknown:
				result = unknown
			}
		})
		switch {
		case found:
			x.problems = x.problems[:before]
			return decided
		case !walked:
			return unknown
		}
		return result
	case opSame:
		agree, _, ok := x.same(n)
		if !ok {
			return unknown
		}
		return truthOf(agree)
	case opPresent, opBlank, opExplained:
		return x.state(n)
	case opContains, opStartsWith, opEndsWith, opMatches:
		return x.textTest(n)
	case opDistinct:
		return x.distinct(n)
	}
	panic("expression: not a condition")
}

func (x *exact) state(n *node) truth {
	f := n.args[0]
	if f.op == opField {
		x.touch(x.cell(f))
	}
	if n.op == opPresent && f.op == opGroup {
		for i := range f.field.Cells {
			x.touch(x.cell(f) + i)
		}
	}
	return fastState(n)(x.Env)
}

func (x *exact) textTest(n *node) truth {
	a, oka := x.text(n.args[0])
	b, okb := x.text(n.args[1])
	if !oka || !okb {
		return unknown
	}
	return truthOf(textTestOf(n)(a, b))
}

// compare decides a comparison on printed values.
func (x *exact) compare(n *node) truth {
	switch n.args[0].kind {
	case kindText:
		return x.textTest(n)
	case kindDate:
		a, oka := x.date(n.args[0])
		b, okb := x.date(n.args[1])
		if !oka || !okb {
			return unknown
		}
		return truthOf(n.op.ordered(dataset.CompareDates(a, b)))
	case kindBool:
		a, b := x.truth(n.args[0]), x.truth(n.args[1])
		if a == unknown || b == unknown {
			return unknown
		}
		return truthOf((a == b) == (n.op == opEq))
	}
	a, oka := x.number(n.args[0])
	b, okb := x.number(n.args[1])
	if !oka || !okb {
		return unknown
	}
	if n.op == opEq || n.op == opNe {
		return truthOf(x.agree(n, a, b) == (n.op == opEq))
	}
	return truthOf(n.op.ordered(a.Cmp(b)))
}

// bareCell is the cell of a side that is bare; ok is false when the side is not.
func (x *exact) bareCell(n, other *node) (cell int, ok bool) {
	b := bare(n, other)
	if !b.is(x.Env) {
		return 0, false
	}
	cell = x.cell(b.figure)
	if b.walked {
		// Only walking the rows tells whether the figure is among them.
		inner := exact{Env: x.Env, zero: x.zero, tried: x.tried}
		inner.number(other)
		if slices.Contains(inner.touched, cell) {
			return 0, false
		}
	}
	return cell, true
}

// sideDecimals is the number of decimals to which a bare side brings the other.
func (x *exact) sideDecimals(n *node, cell int) int8 {
	d := x.decimals(cell)
	if n.op == opConvert && d != number.Exact {
		power, _ := x.conversion(n)
		d -= int8(power)
	}
	return d
}

// agree is step 1: whether the sides of an equality agree as printed.
func (x *exact) agree(n *node, a, b number.Rat) bool {
	left, okl := x.bareCell(n.args[0], n.args[1])
	right, okr := x.bareCell(n.args[1], n.args[0])
	switch {
	case okl && okr:
		// The finer figure is rounded as the coarser one was.
		d, mode := x.sideDecimals(n.args[0], left), x.data.Mode(left)
		if other := x.sideDecimals(n.args[1], right); other < d {
			d, mode = other, x.data.Mode(right)
		}
		return number.AgreeRoundedRat(a, b, d, mode)
	case okl:
		return number.AgreeRat(b, a, x.sideDecimals(n.args[0], left), x.data.Mode(left))
	case okr:
		return number.AgreeRat(a, b, x.sideDecimals(n.args[1], right), x.data.Mode(right))
	}
	return a.Cmp(b) == 0
}

// same compares statements of one quantity at the lowest decimals among them; near says that they are one unit of
// the last digit apart.
func (x *exact) same(n *node) (agree, near, ok bool) {
	d, mode := number.Exact, x.mode
	var values []number.Rat
	ok = true
	for _, a := range n.args {
		v, known := x.number(a)
		if !known {
			ok = false
			continue
		}
		values = append(values, v)
		if a.figure() {
			figure := a
			if a.op == opConvert {
				figure = a.args[0]
			}
			if cell := x.cell(figure); x.sideDecimals(a, cell) < d {
				d, mode = x.sideDecimals(a, cell), x.data.Mode(cell)
			}
		}
	}
	if !ok {
		return false, false, false
	}
	agree, near = Same(values, d, mode)
	return agree, near, true
}

// Same reports whether statements of one quantity are equal at d decimals, and when not, whether the farthest two
// are one unit of the last digit apart.
func Same(values []number.Rat, d int8, m number.Mode) (agree, near bool) {
	least, greatest := extreme{}, extreme{greatest: true}
	for _, v := range values {
		v = v.Round(d, roundingOf(m))
		least.take(v)
		greatest.take(v)
	}
	spread := greatest.value.Sub(least.value)
	if spread.Sign() == 0 {
		return true, false
	}
	return false, d != number.Exact && spread.Cmp(number.Pow10(-int(d))) == 0
}

func (x *exact) distinct(n *node) truth {
	seen := map[string]bool{}
	// Dates compare at the coarser precision: one may equal two that differ.
	var dates []number.Number
	repeated, known := false, true
	visit := func(v *node) {
		var key string
		ok := true
		switch v.kind {
		case kindNumber:
			var r number.Rat
			if r, ok = x.number(v); ok {
				key = r.String()
			}
		case kindText:
			key, ok = x.text(v)
		case kindDate:
			var d number.Number
			if d, ok = x.date(v); ok {
				repeated = repeated || slices.ContainsFunc(dates, func(o number.Number) bool { return dataset.CompareDates(d, o) == 0 })
				dates = append(dates, d)
			}
			known = known && ok
			return
		}
		known = known && ok
		repeated = repeated || ok && seen[key]
		seen[key] = true
	}
	if n.stream == nil {
		for _, a := range n.args {
			visit(a)
		}
	} else {
		known = x.walk(n.stream, func() { visit(n.args[0]) }) && known
	}
	switch {
	case repeated:
		return no
	case !known:
		return unknown
	}
	return yes
}
