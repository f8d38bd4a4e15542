package expression

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
)

// Probable causes of a fail.
const (
	CauseTruncated    = "truncated"
	CausePadded       = "padded"
	CausePlugged      = "plugged"
	CauseDigitSwap    = "digit-swap"
	CauseSign         = "sign"
	CauseUnitSlip     = "unit-slip"
	CauseAmountCopied = "amount-copied"
	CauseWrongBase    = "wrong-base"
	CauseStale        = "stale"
	CauseMissingPart  = "missing-part"
)

// Forgivable reports whether a cause lowers an error to a warning: the figure was computed right and brought to its
// decimals in an unusual way.
func Forgivable(cause string) bool { return slices.Contains(unusual, cause) }

// unusual are the ways in which figures are brought to their decimals but by rounding.
var unusual = []string{CauseTruncated, CausePadded, CausePlugged}

// cause looks for the one figure that, printed otherwise, makes a failed equality hold. It is "" when there is no such
// figure or more than one explanation. left and right are what the sides come to, and linear is their difference where that
// is linear, else nil.
func (c *Check) cause(x *exact, n *node, left, right number.Rat, linear *poly) string {
	s := search{exact: x, node: n, linear: linear, difference: left.Sub(right)}
	cells := slices.Clone(x.touched)
	s.rates = slices.ContainsFunc(cells, func(cell int) bool { return x.fact(cell).Field.Type == dataset.Percent })
	// bare is the cell of each side that is bare, else -1.
	bare := [2]int{-1, -1}
	for i, side := range n.args {
		if cell, ok := x.bareCell(side, n.args[1-i]); ok {
			bare[i] = cell
			if d := x.sideDecimals(side, cell); d != number.Exact {
				if place := number.Pow10(-int(d)); place.Cmp(s.slack) > 0 {
					s.slack = place
				}
			}
		}
	}
	for i, y := range []number.Rat{right, left} {
		if bare[i] >= 0 && n.args[i].op == opField {
			s.bare(bare[i], y)
		}
	}
	for _, cell := range cells {
		// Without a linear form each trial is an evaluation of the whole rule.
		if (linear == nil || x.point(cell)) && len(cells) > maxMisprints {
			continue
		}
		if x.fact(cell).Field.Type.Numeric() && !x.cells[cell].Has(number.Missing) {
			s.misprint(cell)
		}
	}
	s.missingPart(cells)
	return s.only()
}

// only is the one cause that was found. A share may be cut off and fill the list up to 100 at once: ways to bring one figure
// to its decimals do not stand against each other, and the first is told.
func (s *search) only() string {
	if len(s.found) == 0 {
		return ""
	}
	least := slices.MinFunc(s.found, func(a, b explanation) int {
		return cmp.Compare(slices.Index(unusual, a.cause), slices.Index(unusual, b.cause))
	})
	for _, e := range s.found {
		if e != least && (e.cell != least.cell || !Forgivable(least.cause) || !Forgivable(e.cause)) {
			return ""
		}
	}
	return least.cause
}

// maxMisprints bounds the figures that are tried one by one where each trial takes an evaluation of the whole rule.
const maxMisprints = 64

type explanation struct {
	cause string
	cell  int
}

// search gathers explanations of one failed equality.
type search struct {
	exact *exact
	node  *node
	// linear is left − right, nil when that is not linear; difference is what it comes to.
	linear     *poly
	difference number.Rat
	// slack is beyond what any rounding of a bare side bridges.
	slack number.Rat
	// rates: some of the figures are rates.
	rates bool
	found []explanation
	// changes are what changesIn gave last.
	changes struct {
		first, cells int
		list         []int
	}
}

// try notes a cause when the equality holds with one figure replaced.
func (s *search) try(cause string, cell int, value number.Rat) {
	now, _ := s.exact.figure(cell)
	change := value.Sub(now)
	if change.Sign() == 0 {
		return
	}
	if s.linear != nil && !s.exact.point(cell) {
		c := s.linear.coef(cell)
		if c.Sign() == 0 || change.Mul(c).Add(s.difference).CmpAbs(s.slack) > 0 {
			return
		}
	}
	x := exact{Env: s.exact.Env, zero: s.exact.zero, tried: &Repair{cell, value}}
	if x.compare(s.node) == yes {
		s.note(cause, cell)
	}
}

func (s *search) note(cause string, cell int) {
	// More than the unusual ones of one figure stand against each other, whatever comes.
	if e := (explanation{cause, cell}); len(s.found) <= len(unusual) && !slices.Contains(s.found, e) {
		s.found = append(s.found, e)
	}
}

// reach gives the aligned values that a figure may be replaced with for the equality to hold, and a few around them. It
// spares most trials. What is not linear tells nothing.
func (s *search) reach(cell int) (lo, hi int64) {
	lo, hi = math.MinInt64, math.MaxInt64
	if s.linear == nil || s.exact.point(cell) {
		return lo, hi
	}
	c := s.linear.coef(cell)
	if c.Sign() == 0 {
		return 0, -1
	}
	v, _ := s.exact.figure(cell)
	at, slack := v.Sub(s.difference.Quo(c)), s.slack.Quo(c).Abs()
	if below, above, ok := number.AlignedBounds(at.Sub(slack), at.Add(slack)); ok {
		return below, above
	}
	return lo, hi
}

// bare looks at a bare side whose other side comes to y.
func (s *search) bare(cell int, y number.Rat) {
	x := s.exact
	v, _ := x.figure(cell)
	d := x.decimals(cell)
	fact := x.fact(cell)
	st := fact.Statement()
	if st == nil || d == number.Exact {
		return
	}
	exactly := y.Round(d, number.HalfUp)
	if x.data.Mode(cell) != number.Truncate && y.Round(d, number.Truncate).Cmp(v) == 0 {
		s.try(CauseTruncated, cell, exactly)
	}
	if st.Own > 0 && strings.HasSuffix(digits(st.Text), "0") && y.Round(d-1, number.HalfUp).Cmp(v) == 0 {
		s.try(CausePadded, cell, exactly)
	}
	if fact.Field.Type != dataset.Percent {
		return
	}
	if rest, n := s.siblings(cell); n > 0 && rest.Add(v).Cmp(number.NewRat(100, 1)) == 0 {
		s.try(CausePlugged, cell, exactly)
	}
	text := digits(st.Text)
	for _, other := range x.touched {
		if f := x.fact(other); f.Field.Type == dataset.Amount && f.Statement() != nil && digits(f.Statement().Text) == text {
			s.try(CauseAmountCopied, cell, exactly)
		}
	}
	s.wrongBase(cell, v, exactly)
}

// wrongBase recognizes change ÷ current where change ÷ (current − change) is meant.
func (s *search) wrongBase(cell int, v, exactly number.Rat) {
	x := s.exact
	for _, side := range s.node.args {
		f, _ := x.form(side)
		if f == nil || f.mono != nil || f.den == nil || len(f.num.linear) != 1 || len(f.den.linear) != 2 {
			continue
		}
		change := f.num.linear[0]
		if !f.den.has(change.cell) {
			continue
		}
		c, _ := x.figure(change.cell)
		for _, current := range f.den.linear {
			base, _ := x.figure(current.cell)
			if current.cell == change.cell || base.Sign() == 0 {
				continue
			}
			wrong := change.coef.Mul(c).Quo(current.coef.Mul(base))
			if number.AgreeRat(wrong, v, x.decimals(cell), x.data.Mode(cell)) {
				s.try(CauseWrongBase, cell, exactly)
			}
		}
	}
}

// siblings adds up the other shares beside a share: the same field of the other rows, or of the groups of the same
// type beside its group.
func (s *search) siblings(cell int) (rest number.Rat, n int) {
	x := s.exact
	field := x.fact(cell).Field
	add := func(other int) {
		if other != cell && !x.cells[other].Has(number.Missing|number.Overflow) {
			rest = rest.Add(x.cells[other].Rat())
			n++
		}
	}
	group := field.Parent
	if group.Type == dataset.List {
		for _, rows := range x.lists {
			if cell < int(rows.Cell) || cell >= int(rows.Cell)+int(rows.Count)*group.Cells {
				continue
			}
			for i := range int(rows.Count) {
				at := int(rows.Row(group, i).Cell) + field.Cell
				if at < len(x.cells) && x.fact(at).Field == field {
					add(at)
				}
			}
		}
		return rest, n
	}
	if group.Parent == nil || group.Use == "" {
		return rest, 0
	}
	for _, g := range group.Parent.Fields {
		if g.Use == group.Use {
			add(cell + g.Cell - group.Cell)
		}
	}
	return rest, n
}

const (
	// slip is the factor between 元 and 万元, maxSlipped the largest aligned value that may be multiplied by it.
	slip       = 10_000
	maxSlipped = math.MaxInt64 / slip
	// maxSwapped is the number of digits up to which swaps are tried on aligned values first.
	maxSwapped = 12
)

// misprint tries what often happens to one figure: digits swapped, the sign, the unit, or last year's figure.
func (s *search) misprint(cell int) {
	x := s.exact
	v, _ := x.figure(cell)
	st := x.fact(cell).Statement()
	lo, hi := s.reach(cell)
	a := x.aligned[1+cell]
	if a == number.Unaligned || a > maxSlipped || a < -maxSlipped {
		lo, hi = math.MinInt64, math.MaxInt64
	}
	near := func(v int64) bool { return lo <= v && v <= hi }
	if near(-a) {
		s.try(CauseSign, cell, v.Neg())
	}
	if x.fact(cell).Field.Type == dataset.Amount {
		if near(a * slip) {
			s.try(CauseUnitSlip, cell, v.Mul(number.NewRat(slip, 1)))
		}
		// A figure that comes to nothing when it is slipped would stand for any part left out.
		if near(a/slip) || near(a/slip-1) || near(a/slip+1) {
			if slipped := v.Mul(number.NewRat(1, slip)); slipped.Round(x.decimals(cell), number.HalfUp).Sign() != 0 {
				s.try(CauseUnitSlip, cell, slipped)
			}
		}
		s.stale(cell, v)
	}
	if st == nil {
		return
	}
	// Swapped digits: each pair of neighbours of the printed digits.
	shown := digits(st.Text)
	printed, ok := whole(shown)
	if !ok {
		return
	}
	scale := number.Pow10(-st.Own)
	// What a unit of the last digit comes to, aligned; 0 when that is no whole number.
	var unit int64
	if v.Sign() != 0 && printed.Sign() != 0 {
		// The printed digits may stand for a value in another unit.
		scale = v.Quo(printed)
		if p, small := printed.Int64(); small && len(shown) <= maxSwapped && a%p == 0 {
			unit = a / p
		}
	}
	for i := len(shown) - 2; i >= 0; i-- {
		// The two digits change places: a difference of nine times theirs.
		change := 9 * (int64(shown[i+1]) - int64(shown[i])) * unit
		unit *= 10
		if shown[i] == shown[i+1] || unit != 0 && !near(a+change) {
			continue
		}
		swapped := []byte(shown)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		value, _ := whole(string(swapped))
		s.try(CauseDigitSwap, cell, value.Mul(scale))
	}
}

// whole is the number that digits are; ok is false where there are none or too many.
func whole(digits string) (v number.Rat, ok bool) {
	p, err := number.Parse(digits)
	if err != nil || p.Blank {
		return v, false
	}
	return number.RatOf(p.Value()), true
}

// stale tries the current value where the printed one is the base of a change printed beside it. Rates are left out:
// a rate on the wrong base looks the same.
func (s *search) stale(cell int, v number.Rat) {
	x := s.exact
	group := x.fact(cell).Field.Parent
	if s.rates || group == nil || group.Parent == nil {
		return
	}
	first := cell - x.fact(cell).Field.Cell
	if group.Type == dataset.Group {
		first += group.Cell
	}
	for _, other := range s.changesIn(first, group.Cells) {
		// The rule need not read it: it is no operand.
		if change := x.cells[other]; other != cell && !change.Has(number.Missing|number.Overflow) {
			s.try(CauseStale, cell, v.Add(change.Rat()))
		}
	}
}

// changesIn are the amounts of changes among the cells of a group. Most figures of a comparison are of one group.
func (s *search) changesIn(first, cells int) []int {
	if c := &s.changes; c.first != first || c.cells != cells {
		c.first, c.cells, c.list = first, cells, c.list[:0]
		for cell := first; cell < first+cells; cell++ {
			fact := s.exact.fact(cell)
			if st := fact.Statement(); st != nil && fact.Field.Type == dataset.Amount && number.Directed(st.Text) {
				c.list = append(c.list, cell)
			}
		}
	}
	return s.changes.list
}

// missingPart looks for a figure beside the operands that is exactly the difference.
func (s *search) missingPart(operands []int) {
	x := s.exact
	difference := s.difference.Abs()
	lo, hi, ok := number.AlignedBounds(difference, difference)
	// group is one whose figures are looked at, from its first cell on; they are in order.
	type group struct {
		first int
		field *dataset.Field
	}
	var groups []group
	for _, cell := range operands {
		f := x.fact(cell).Field
		if f.Type != dataset.Amount {
			continue
		}
		first := cell - f.Cell
		in := f.Parent
		if in.Type == dataset.Group && in.Parent != nil {
			first += in.Cell
			if in.Use != "" {
				// A named type is one item; its parts stand in the group around it.
				if outer := in.Parent; outer.Type == dataset.Group {
					if outer.Parent != nil {
						first += outer.Cell - in.Cell
					} else {
						first -= in.Cell
					}
					in = outer
				}
			}
		}
		i, known := slices.BinarySearchFunc(groups, first, func(g group, first int) int { return g.first - first })
		if !known {
			groups = slices.Insert(groups, i, group{first: first})
		}
		groups[i].field = in
	}
	for _, g := range groups {
		for cell := g.first; cell < g.first+g.field.Cells; cell++ {
			if v := max(x.aligned[1+cell], -x.aligned[1+cell]); ok && v != number.Unaligned && (v < lo || v > hi) {
				continue
			}
			if x.fact(cell).Field.Type != dataset.Amount || x.cells[cell].Has(number.Missing|number.Overflow) || slices.Contains(operands, cell) {
				continue
			}
			if st := x.fact(cell).Statement(); st != nil && number.Directed(st.Text) {
				// The amount of a change is no part.
				continue
			}
			if v := x.cells[cell].Rat(); v.Sign() != 0 && v.CmpAbs(difference) == 0 {
				s.note(CauseMissingPart, cell)
			}
		}
	}
}

// digits are the digits of a printed figure, without sign, point and separators.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, dataset.Fold(text))
}
