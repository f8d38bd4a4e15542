package expression

import (
	"cmp"
	"math"
	"math/big"
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
// figure or more than one explanation. linear is left − right where that is linear, else nil, and difference what it
// comes to.
func (c *Check) cause(x *exact, n *node, linear *poly, difference *big.Rat) string {
	s := search{exact: x, node: n, linear: linear, difference: difference, slack: new(big.Rat), found: map[explanation]bool{}}
	cells := slices.Clone(x.touched)
	s.rates = slices.ContainsFunc(cells, func(cell int) bool { return x.fact(cell).Field.Type == dataset.Percent })
	bare := map[*node]int{}
	for i, side := range n.args {
		if cell, ok := x.bareCell(side, n.args[1-i]); ok {
			bare[side] = cell
			if d := x.sideDecimals(side, cell); d != number.Exact && number.Pow10(-int(d)).Cmp(s.slack) > 0 {
				s.slack = number.Pow10(-int(d))
			}
		}
	}
	for i, side := range n.args {
		if cell, ok := bare[side]; ok && side.op == opField {
			if y, known := x.number(n.args[1-i]); known {
				s.bare(cell, y)
			}
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
	var all []explanation
	for e := range s.found {
		all = append(all, e)
	}
	if len(all) == 0 {
		return ""
	}
	least := slices.MinFunc(all, func(a, b explanation) int {
		return cmp.Compare(slices.Index(unusual, a.cause), slices.Index(unusual, b.cause))
	})
	for _, e := range all {
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
	difference *big.Rat
	// slack is beyond what any rounding of a bare side bridges.
	slack *big.Rat
	// rates: some of the figures are rates.
	rates bool
	found map[explanation]bool
}

// try notes a cause when the equality holds with one figure replaced.
func (s *search) try(cause string, cell int, value *big.Rat) {
	if s.linear != nil && !s.exact.point(cell) {
		c := s.linear.linear[cell]
		if c == nil {
			return
		}
		now, _ := s.exact.figure(cell)
		left := new(big.Rat).Sub(value, now)
		if left.Mul(left, c).Add(left, s.difference); cmpAbs(left, s.slack) > 0 {
			return
		}
	}
	x := exact{Env: s.exact.Env, zero: s.exact.zero, replaced: map[int]*big.Rat{cell: value}}
	if now, _ := s.exact.figure(cell); now.Cmp(value) != 0 && x.compare(s.node) == yes {
		s.found[explanation{cause, cell}] = true
	}
}

// reach gives the aligned values that a figure may be replaced with for the equality to hold, and a few around them. It
// spares most trials. What is not linear tells nothing.
func (s *search) reach(cell int) (lo, hi int64) {
	lo, hi = math.MinInt64, math.MaxInt64
	if s.linear == nil || s.exact.point(cell) {
		return lo, hi
	}
	c := s.linear.linear[cell]
	if c == nil {
		return 0, -1
	}
	v, _ := s.exact.figure(cell)
	at, slack := new(big.Rat).Quo(s.difference, c), new(big.Rat).Quo(s.slack, c)
	at.Sub(v, at)
	slack.Abs(slack)
	if below, above, ok := number.AlignedBounds(new(big.Rat).Sub(at, slack), at.Add(at, slack)); ok {
		return below, above
	}
	return lo, hi
}

// bare looks at a bare side whose other side comes to y.
func (s *search) bare(cell int, y *big.Rat) {
	x := s.exact
	v, _ := x.figure(cell)
	d := x.decimals(cell)
	fact := x.fact(cell)
	st := fact.Statement()
	if st == nil || d == number.Exact {
		return
	}
	exactly := number.RoundRat(y, d, number.HalfUp)
	if x.data.Mode(cell) != number.Truncate && number.RoundRat(y, d, number.Truncate).Cmp(v) == 0 {
		s.try(CauseTruncated, cell, exactly)
	}
	if st.Own > 0 && strings.HasSuffix(digits(st.Text), "0") && number.RoundRat(y, d-1, number.HalfUp).Cmp(v) == 0 {
		s.try(CausePadded, cell, exactly)
	}
	if fact.Field.Type != dataset.Percent {
		return
	}
	if rest, n := s.siblings(cell); n > 0 && new(big.Rat).Add(rest, v).Cmp(big.NewRat(100, 1)) == 0 {
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
func (s *search) wrongBase(cell int, v, exactly *big.Rat) {
	x := s.exact
	for _, side := range s.node.args {
		f, _ := x.form(side)
		if f == nil || f.mono != nil || f.den == nil || len(f.num.linear) != 1 || len(f.den.linear) != 2 {
			continue
		}
		for change, m := range f.num.linear {
			if f.den.linear[change] == nil {
				continue
			}
			for current, k := range f.den.linear {
				c, _ := x.figure(change)
				base, _ := x.figure(current)
				if current == change || base.Sign() == 0 {
					continue
				}
				wrong := new(big.Rat).Quo(new(big.Rat).Mul(m, c), new(big.Rat).Mul(k, base))
				if number.AgreeRat(wrong, v, x.decimals(cell), x.data.Mode(cell)) {
					s.try(CauseWrongBase, cell, exactly)
				}
			}
		}
	}
}

// siblings adds up the other shares beside a share: the same field of the other rows, or of the groups of the same
// type beside its group.
func (s *search) siblings(cell int) (rest *big.Rat, n int) {
	x := s.exact
	field := x.fact(cell).Field
	rest = new(big.Rat)
	add := func(other int) {
		if other != cell && !x.cells[other].Has(number.Missing|number.Overflow) {
			rest.Add(rest, x.cells[other].Rat())
			n++
		}
	}
	group := field.Parent
	if group.Type == dataset.List {
		for _, rows := range x.lists {
			for i := range int(rows.Count) {
				at := int(rows.Row(group, i).Cell) + field.Cell
				if at < len(x.cells) && cell >= int(rows.Cell) && cell < int(rows.Cell)+int(rows.Count)*group.Cells && x.fact(at).Field == field {
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
		s.try(CauseSign, cell, new(big.Rat).Neg(v))
	}
	if x.fact(cell).Field.Type == dataset.Amount {
		if near(a * slip) {
			s.try(CauseUnitSlip, cell, new(big.Rat).Mul(v, big.NewRat(slip, 1)))
		}
		// A figure that comes to nothing when it is slipped would stand for any part left out.
		if near(a/slip) || near(a/slip-1) || near(a/slip+1) {
			if slipped := new(big.Rat).Mul(v, big.NewRat(1, slip)); number.RoundRat(slipped, x.decimals(cell), number.HalfUp).Sign() != 0 {
				s.try(CauseUnitSlip, cell, slipped)
			}
		}
		s.stale(cell, v)
	}
	if st == nil {
		return
	}
	// Swapped digits: each pair of neighbours of the printed digits.
	shown := []byte(digits(st.Text))
	scale := number.Pow10(-st.Own)
	// What a unit of the last digit comes to, aligned; 0 when that is no whole number.
	var unit int64
	if !v.IsInt() || v.Sign() != 0 {
		if printed, ok := new(big.Int).SetString(string(shown), 10); ok && printed.Sign() != 0 {
			// The printed digits may stand for a value in another unit.
			scale = new(big.Rat).Quo(v, new(big.Rat).SetInt(printed))
			if len(shown) <= maxSwapped && a%printed.Int64() == 0 {
				unit = a / printed.Int64()
			}
		}
	}
	for i := len(shown) - 2; i >= 0; i-- {
		// The two digits change places: a difference of nine times theirs.
		change := 9 * (int64(shown[i+1]) - int64(shown[i])) * unit
		unit *= 10
		if shown[i] == shown[i+1] || unit != 0 && !near(a+change) {
			continue
		}
		swapped := slices.Clone(shown)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		coef, ok := new(big.Int).SetString(string(swapped), 10)
		if !ok {
			return
		}
		s.try(CauseDigitSwap, cell, new(big.Rat).Mul(new(big.Rat).SetInt(coef), scale))
	}
}

// stale tries the current value where the printed one is the base of a change printed beside it. Rates are left out:
// a rate on the wrong base looks the same.
func (s *search) stale(cell int, v *big.Rat) {
	x := s.exact
	group := x.fact(cell).Field.Parent
	if s.rates || group == nil || group.Parent == nil {
		return
	}
	first := cell - x.fact(cell).Field.Cell
	if group.Type == dataset.Group {
		first += group.Cell
	}
	for other := first; other < first+group.Cells; other++ {
		st := x.fact(other).Statement()
		if other == cell || st == nil || x.fact(other).Field.Type != dataset.Amount || !number.Directed(st.Text) {
			continue
		}
		if change, ok := x.figure(other); ok {
			s.try(CauseStale, cell, new(big.Rat).Add(v, change))
		}
	}
}

// missingPart looks for a figure beside the operands that is exactly the difference.
func (s *search) missingPart(operands []int) {
	x := s.exact
	a, oka := x.number(s.node.args[0])
	b, okb := x.number(s.node.args[1])
	if !oka || !okb {
		return
	}
	difference := new(big.Rat).Sub(a, b)
	difference.Abs(difference)
	lo, hi, ok := number.AlignedBounds(difference, difference)
	groups := map[int]*dataset.Field{}
	for _, cell := range operands {
		f := x.fact(cell).Field
		if f.Type != dataset.Amount {
			continue
		}
		first := cell - f.Cell
		group := f.Parent
		if group.Type == dataset.Group && group.Parent != nil {
			first += group.Cell
			if group.Use != "" {
				// A named type is one item; its parts stand in the group around it.
				if outer := group.Parent; outer.Type == dataset.Group {
					if outer.Parent != nil {
						first += outer.Cell - group.Cell
					} else {
						first -= group.Cell
					}
					group = outer
				}
			}
		}
		groups[first] = group
	}
	for _, first := range sortedKeys(groups) {
		for cell := first; cell < first+groups[first].Cells; cell++ {
			if slices.Contains(operands, cell) || x.fact(cell).Field.Type != dataset.Amount ||
				x.cells[cell].Has(number.Missing|number.Overflow) {
				continue
			}
			if v := max(x.aligned[1+cell], -x.aligned[1+cell]); ok && v != number.Unaligned && (v < lo || v > hi) {
				continue
			}
			if st := x.fact(cell).Statement(); st != nil && number.Directed(st.Text) {
				// The amount of a change is no part.
				continue
			}
			if v := x.cells[cell].Rat(); v.Sign() != 0 && v.Abs(v).Cmp(difference) == 0 {
				s.found[explanation{CauseMissingPart, cell}] = true
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
