package number

import (
	"fmt"
	"math/bits"
)

// Mode is how the publisher rounded.
type Mode uint8

const (
	// HalfUp rounds half away from zero.
	HalfUp Mode = iota
	// Nearest allows either direction at the half.
	Nearest
	// Truncate cuts towards zero.
	Truncate
)

var modeNames = [...]string{HalfUp: "half-up", Nearest: "nearest", Truncate: "truncate"}

// Modes lists the names of all modes.
func Modes() []string { return modeNames[:] }

func (m Mode) String() string { return modeNames[m] }

// ParseMode finds a mode by its name.
func ParseMode(name string) (Mode, error) {
	for m, n := range modeNames {
		if n == name {
			return Mode(m), nil
		}
	}
	return 0, fmt.Errorf("unknown rounding mode %q", name)
}

// Agree reports whether the exact value x, brought to d decimals in mode m, is v, whose digits end at d.
// With d Exact the two must be equal. ok is false when the question overflows or a value is missing.
func Agree(x, v Number, d int8, m Mode) (agree, ok bool) {
	if (x.Flags|v.Flags)&(Missing|Overflow) != 0 {
		return false, false
	}
	if x.Scale != v.Scale {
		if x, v, ok = align(x, v); !ok {
			return false, false
		}
	}
	if x.Coef == v.Coef {
		return true, true
	}
	if d == Exact || int(d) >= int(x.Scale) {
		return false, true
	}
	shift := int(x.Scale) - int(d)
	if shift > maxScale {
		return false, false
	}
	unit := pow10[shift]
	diff := x.Coef - v.Coef
	if (x.Coef^v.Coef)&(x.Coef^diff) < 0 {
		return false, false
	}
	return within(diff, x.Coef, v.Coef, unit, m), true
}

// within reports whether x = v+diff comes to v on a grid of the given unit.
func within(diff, x, v, unit int64, m Mode) bool {
	switch m {
	case Nearest:
		return abs(diff) <= uint64(unit)/2
	case Truncate:
		return x/unit*unit == v
	}
	// Half away from zero: v-½ < x < v+½, and the half itself goes away from zero.
	half := uint64(unit) / 2
	a := abs(diff)
	return a < half || a == half && (diff > 0) == (x < 0)
}

// AgreeRounded reports whether a and b, both brought to d decimals, are equal.
func AgreeRounded(a, b Number, d int8, m Mode) (agree, ok bool) {
	if d == Exact || m == Nearest {
		return Agree(a, b, d, m)
	}
	ra, oka := a.round(d, m)
	rb, okb := b.round(d, m)
	if !oka || !okb {
		return false, false
	}
	c, ok := ra.Cmp(rb)
	return c == 0, ok
}

// round brings a to d decimals, half away from zero unless the mode truncates.
func (a Number) round(d int8, m Mode) (Number, bool) {
	if a.Flags&(Missing|Overflow) != 0 {
		return a, false
	}
	shift := int(a.Scale) - int(d)
	if d == Exact || shift <= 0 {
		return a, true
	}
	if shift > maxScale {
		return a, false
	}
	unit := pow10[shift]
	q, r := a.Coef/unit, a.Coef%unit
	if m != Truncate && abs(r) >= uint64(unit)/2 {
		if r > 0 {
			q++
		} else {
			q--
		}
	}
	// |q·unit| may pass the largest int64 by rounding up.
	c, ok := mul(q, unit)
	a.Coef = c
	return a, ok
}

// AgreeQuotient reports whether n/den, brought to d decimals in mode m, is v. den must not be zero.
func AgreeQuotient(n, den, v Number, d int8, m Mode) (agree, ok bool) {
	if (n.Flags|den.Flags)&(Missing|Overflow) != 0 || d == Exact {
		return false, false
	}
	if n.Scale != den.Scale {
		if n, den, ok = align(n, den); !ok {
			return false, false
		}
	}
	v.Decimals = d
	return AgreeRatio(n.Coef, den.Coef, 1, v, m)
}

// smallSide and smallCoef are bounds of a ratio's sides and of its coefficient, below which 64 bits hold their products.
const smallSide, smallCoef = 1 << 40, 1 << 22

// AgreeRatio reports whether factor·n/den, brought to the decimals of v in mode m, is v. den must not be zero. ok is
// false when v is missing, or the factor with as many zeros as v has decimals is beyond 10^18.
func AgreeRatio(n, den int64, factor uint64, v Number, m Mode) (agree, ok bool) {
	if v.Flags&(Missing|Overflow) != 0 || v.Decimals < 0 || v.Decimals > maxScale || factor > uint64(pow10[maxScale-v.Decimals]) {
		return false, false
	}
	k, by := v.Coef, factor*uint64(pow10[v.Decimals])
	if int(v.Scale) == int(v.Decimals) && m != Truncate && by < smallCoef && uint64(k+smallCoef) < 2*smallCoef && uint64(n+smallSide) < 2*smallSide && uint64(den+smallSide) < 2*smallSide {
		// As nearly always, 64 bits hold it all. Only at the half itself the mode matters.
		if twice, unit := 2*abs(n*int64(by)-k*den), abs(den); twice != unit {
			return twice < unit, true
		}
	}
	if int(v.Scale) != int(v.Decimals) {
		if k, ok = v.at(v.Decimals); !ok {
			return false, false
		}
	}
	if n != 0 && k != 0 && ((n < 0) != (den < 0)) != (k < 0) {
		return false, true
	}
	// Instead of dividing: how far |n|·by may lie from |k|·|den|, in 128 bits. The half itself goes away from zero.
	ud := abs(den)
	below, reach := ud/2, ud-1
	switch m {
	case Truncate:
		below = 0
	case Nearest:
		reach = ud &^ 1
	}
	hi, lo := bits.Mul64(abs(n), by)
	lo, carry := bits.Add64(lo, below, 0)
	khi, klo := bits.Mul64(abs(k), ud)
	lo, borrow := bits.Sub64(lo, klo, 0)
	hi, _ = bits.Sub64(hi+carry, khi, borrow)
	return hi == 0 && lo <= reach, true
}

// Quotients are up to 64 numbers that may be ratios of others, as AgreeRatio asks of one. They have the scale, decimals and
// flags of one number, and are told by their aligned values.
type Quotients struct {
	Num, Den, Aligned *[64]int64
	// N is how many there are.
	N      int
	Factor uint64
	Like   Number
}

// Agree has a bit for each number: in decided where that can be told, and in agreed where it is the ratio. What has a zero
// below is not decided.
func (q *Quotients) Agree(m Mode) (agreed, decided uint64) {
	agreed = q.within(m)
	decided = agreed
	for rest := ^agreed & (^uint64(0) >> (64 - q.N)); rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		if q.Den[i] == 0 {
			continue
		}
		agree, ok := AgreeRatio(q.Num[i], q.Den[i], q.Factor, OfAligned(q.Aligned[i], q.Like), m)
		if ok {
			decided |= 1 << i
		}
		if agree {
			agreed |= 1 << i
		}
	}
	return agreed, decided
}

// within are bits of numbers that are the ratio; of others nothing is told. It is for those that have room in 64 bits, as
// nearly always.
func (q *Quotients) within(m Mode) uint64 {
	d := q.Like.Decimals
	if q.Like.Flags&(Missing|Overflow) != 0 || d < int8(q.Like.Scale) || d > alignedScale || m == Truncate || q.Factor >= smallCoef {
		return 0
	}
	by := int64(q.Factor) * pow10[d]
	var coefs [64]int64
	if by >= smallCoef || !coefficients(q.Aligned[:q.N], alignment[d].factor, &coefs) {
		return 0
	}
	return withinHalf(q.Num[:q.N], q.Den[:q.N], &coefs, by)
}

// coefficients divides values by the factor that aligned them, and reports whether all that come of it are below half of
// smallCoef.
func coefficients(values []int64, factor int64, coefs *[64]int64) bool {
	// The factor is a power of two times an odd number. To divide by that is to multiply by its inverse, since nothing is left.
	twos := bits.TrailingZeros64(uint64(factor))
	odd := factor >> twos
	inverse := odd
	for range 5 {
		inverse *= 2 - odd*inverse
	}
	either, into := uint64(0), coefs[:len(values)]
	for i, v := range values {
		k := v >> (twos & 63) * inverse
		into[i] = k
		either |= uint64(k + smallCoef/2)
	}
	return either < smallCoef
}

// withinHalf are bits of ratios by·n/den that differ from the coefficients by less than a half. One whose den is negative
// or zero is none, and where one has no room none is: a den may be twice as large as smallSide, as the coefficients are below
// half of smallCoef.
func withinHalf(n, den []int64, coefs *[64]int64, by int64) (agreed uint64) {
	sides := uint64(0)
	den, k := den[:len(n)], coefs[:len(n)]
	for i := len(n) - 1; i >= 0; i-- {
		x, d := n[i], den[i]
		diff, half := x*by-k[i]*d, (d-1)>>1
		agreed = agreed<<1 + uint64(^((half-diff)|(half+diff)))>>63
		sides |= uint64(x+smallSide) | uint64(d)
	}
	if sides >= 2*smallSide {
		return 0
	}
	return agreed
}

// at is the coefficient of a at exactly d decimals.
func (a Number) at(d int8) (int64, bool) {
	if int(a.Scale) <= int(d) {
		return mul(a.Coef, pow10[int(d)-int(a.Scale)])
	}
	unit := pow10[int(a.Scale)-int(d)]
	if a.Coef%unit != 0 {
		return 0, false
	}
	return a.Coef / unit, true
}

// AgreeRat is Agree on rationals.
func AgreeRat(x, v Rat, d int8, m Mode) bool {
	if d != Exact && m == Nearest {
		return x.Sub(v).CmpAbs(halfUnit(d)) <= 0
	}
	return x.Round(d, m).Cmp(v) == 0
}

// halfUnit is half of the place of d decimals.
func halfUnit(d int8) Rat {
	if 0 <= d && d <= maxScale {
		return Rat{num: 1, less: 2*pow10[d] - 1}
	}
	return half.Mul(Pow10(-int(d)))
}

// AgreeRoundedRat is AgreeRounded on rationals.
func AgreeRoundedRat(a, b Rat, d int8, m Mode) bool {
	if d == Exact || m == Nearest {
		return AgreeRat(a, b, d, m)
	}
	return a.Round(d, m).Cmp(b.Round(d, m)) == 0
}

// Bound is an end of a range; a closed one belongs to it.
type Bound struct {
	Value  Rat
	Closed bool
}

// Interval holds the true values that print as v with d decimals in mode m; a point when d is Exact.
func Interval(v Rat, d int8, m Mode) (lo, hi Bound) {
	if d == Exact {
		return Bound{v, true}, Bound{v, true}
	}
	reach := halfUnit(d)
	if m == Truncate {
		reach = Pow10(-int(d))
	}
	below, above := v.Sub(reach), v.Add(reach)
	sign := v.Sign()
	switch {
	case m == Nearest:
		return Bound{below, true}, Bound{above, true}
	case sign == 0:
		return Bound{below, false}, Bound{above, false}
	case m == Truncate && sign > 0:
		return Bound{v, true}, Bound{above, false}
	case m == Truncate:
		return Bound{below, false}, Bound{v, true}
	case sign > 0:
		return Bound{below, true}, Bound{above, false}
	}
	return Bound{below, false}, Bound{above, true}
}
