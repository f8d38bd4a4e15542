package number

import (
	"math"
	"slices"
)

// Aligned holds numbers once more as whole numbers of one scale, so that they can be added and compared without
// looking at each one's scale and flags. Values are doubled: the last bit is set in what cannot be aligned (a missing
// number, one with too many digits), and stays set when the bits of several values are put together.
type Aligned struct {
	// Values begin with a zero, for the terms that a sum does not have. The value of number i is at 1+i.
	Values []int64
	// Apart is a difference between two values from which on no rounding to the decimals of any of the numbers makes
	// them equal.
	Apart int64
}

const (
	// AlignedLimit is the bound of an aligned value, and MaxAligned the number of values that may be added.
	AlignedLimit = 1 << 53
	MaxAligned   = 1 << 9
	// Unaligned is the value of what cannot be aligned, and the bit that tells it.
	Unaligned = 1
)

// alignedScale is the scale of aligned values: figures in 万元 down to the hundredth of a 元.
const alignedScale = 6

// alignment holds, for each scale, the factor that aligns a coefficient and the largest one that it may align.
var alignment = [alignedScale + 1]struct{ factor, limit int64 }{
	{2_000_000, AlignedLimit / 2_000_000}, {200_000, AlignedLimit / 200_000}, {20_000, AlignedLimit / 20_000},
	{2_000, AlignedLimit / 2_000}, {200, AlignedLimit / 200}, {20, AlignedLimit / 20}, {2, AlignedLimit / 2},
}

// Aligned is the aligned value of one number.
func (a *Number) Aligned() int64 {
	if a.Scale > alignedScale || a.Flags&(Missing|Overflow) != 0 {
		return Unaligned
	}
	by := &alignment[a.Scale]
	if a.Coef > by.limit || a.Coef < -by.limit {
		return Unaligned
	}
	return a.Coef * by.factor
}

// OfAligned is the number of an aligned value, with the scale, decimals and flags of another number.
func OfAligned(value int64, like Number) Number {
	like.Coef = value / alignment[like.Scale].factor
	return like
}

// AlignAll aligns coefficients by a factor, that of a number of the coefficient 1. There is room for all in values.
func AlignAll(values, coefs []int64, factor int64) {
	values = values[:len(coefs)]
	if factor <= 0 || factor > AlignedLimit {
		for i := range values {
			values[i] = Unaligned
		}
		return
	}
	limit := AlignedLimit / factor
	beyond := int64(0)
	for i, c := range coefs {
		values[i] = c * factor
		beyond |= (limit - c) | (limit + c)
	}
	if beyond >= 0 {
		return
	}
	for i, c := range coefs {
		if c > limit || c < -limit {
			values[i] = Unaligned
		}
	}
}

// AlignedBounds are the aligned values around a range: the last one not above lo and the first one above hi. ok is
// false when they do not fit.
func AlignedBounds(lo, hi Rat) (below, above int64, ok bool) {
	factor := Rat{num: alignment[0].factor}
	below, okl := lo.Mul(factor).Floor().Int64()
	above, okh := hi.Mul(factor).Floor().Int64()
	return below, above + 1, okl && okh && above < math.MaxInt64
}

// Align aligns numbers. It takes the memory of values where that is large enough.
func Align(numbers []Number, values []int64) Aligned {
	a := Aligned{Values: slices.Grow(values[:0], 1+len(numbers))[:1+len(numbers)]}
	a.Values[0] = 0
	decimals, aligned := int8(alignedScale), a.Values[1:]
	for i := range aligned {
		n := &numbers[i]
		aligned[i] = n.Aligned()
		decimals = min(decimals, n.Decimals)
	}
	a.Apart = Apart(decimals)
	return a
}

// Apart is a difference between two aligned values from which on no rounding to that many decimals, or to more, makes them
// equal.
func Apart(decimals int8) int64 {
	if decimals < 0 {
		return math.MaxInt64
	}
	// What rounds to the same, the zero between both signs included, differs by less than two units.
	return 2 * alignment[min(decimals, alignedScale)].factor
}
