// Package number holds figures as published: exact values, the decimals at which they were printed, and the
// interval of true values that print so.
//
// Two representations of one value stand side by side. Number is 16 bytes without a pointer, for the passes over
// many figures; when it cannot hold a result it says Overflow and the caller computes again on Rat, which
// holds everything. Nothing here ever rounds silently and nothing passes through a binary float.
package number

import (
	"math"
	"math/bits"

	"github.com/shopspring/decimal"
)

// Decimal is the exact decimal of the public API and of reports.
type Decimal = decimal.Decimal

// Exact as a number of decimals says that a value is exact: every digit counts and it rounds to nothing.
const Exact int8 = 127

// Flags say what a Number is beside its value.
type Flags uint8

const (
	// Missing: there is no value, because the field is absent or blank.
	Missing Flags = 1 << iota
	// Overflow: the value does not fit; compute it on rationals.
	Overflow
	// Blank: the cell is printed empty. With a value it was read as zero, else Missing is set too.
	Blank
	// Point: the true value is the printed one (counts and scores).
	Point
	// Percent: a percent sign is printed behind it. Readers say so of figures whose field they do not know; cells do not.
	Percent
	// Restated: it is the first of several that are printed together. Readers say so; cells do not.
	Restated
)

// Number is Coef·10^-Scale with Scale in 0..18. Decimals is the place of the last digit that counts, Exact for
// values that are not rounded, and may be negative for figures published in a larger unit.
// Arithmetic keeps Missing and Overflow and leaves Decimals and the other flags of its left operand meaningless.
type Number struct {
	Coef     int64
	Scale    uint8
	Decimals int8
	Flags    Flags
}

const maxScale = 18

// pow10 holds the powers of ten that fit an int64.
var pow10 = [maxScale + 1]int64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
}

// Of makes a Number of a decimal; it says Overflow when the value does not fit.
func Of(d Decimal, decimals int8) Number {
	n := Number{Decimals: decimals}
	coef, exp := d.Coefficient(), d.Exponent()
	if !coef.IsInt64() || coef.Int64() == math.MinInt64 || exp < -maxScale || exp > maxScale {
		n.Flags = Overflow
		return n
	}
	n.Coef = coef.Int64()
	if exp <= 0 {
		n.Scale = uint8(-exp)
		return n
	}
	c, ok := mul(n.Coef, pow10[exp])
	if !ok {
		n.Flags = Overflow
	}
	n.Coef = c
	return n
}

// Int is an exact whole number.
func Int(i int64) Number { return Number{Coef: i, Decimals: Exact, Flags: Point} }

// Has reports whether any of the flags is set.
func (a Number) Has(f Flags) bool { return a.Flags&f != 0 }

// Decimal is the value; it must be neither Missing nor Overflow.
func (a Number) Decimal() Decimal { return decimal.New(a.Coef, -int32(a.Scale)) }

// Rat is the value; it must be neither Missing nor Overflow.
func (a Number) Rat() Rat { return NewRat(a.Coef, pow10[a.Scale]) }

// Add is a+b.
func (a Number) Add(b Number) Number {
	flags := (a.Flags | b.Flags) & (Missing | Overflow)
	if a.Scale != b.Scale {
		var ok bool
		if a, b, ok = align(a, b); !ok {
			flags |= Overflow
		}
	}
	c := a.Coef + b.Coef
	if (a.Coef^c)&(b.Coef^c) < 0 {
		flags |= Overflow
	}
	return Number{Coef: c, Scale: a.Scale, Flags: flags}
}

// Sub is a-b.
func (a Number) Sub(b Number) Number { return a.Add(b.Neg()) }

// Neg is -a.
func (a Number) Neg() Number {
	if a.Coef == math.MinInt64 {
		a.Flags |= Overflow
	}
	a.Coef = -a.Coef
	return a
}

// Mul is a·b.
func (a Number) Mul(b Number) Number {
	flags := (a.Flags | b.Flags) & (Missing | Overflow)
	c, ok := mul(a.Coef, b.Coef)
	s := a.Scale + b.Scale
	for s > maxScale && ok && c%10 == 0 {
		c, s = c/10, s-1
	}
	if !ok || s > maxScale {
		return Number{Flags: flags | Overflow}
	}
	return Number{Coef: c, Scale: s, Flags: flags}
}

// Shift is a·10^power, for a power of at most 18 either way. Decimals and other flags than Missing and Overflow stay.
func (a Number) Shift(power int) Number {
	scale, coef, ok := int(a.Scale)-power, a.Coef, true
	if scale < 0 {
		if scale >= -maxScale {
			coef, ok = mul(coef, pow10[-scale])
		} else {
			ok = coef == 0
		}
		scale = 0
	}
	if !ok || scale > maxScale {
		a.Flags |= Overflow
		return a
	}
	a.Coef, a.Scale = coef, uint8(scale)
	return a
}

// Cmp compares the values; ok is false when they cannot be compared without overflow or one of them is missing.
func (a Number) Cmp(b Number) (c int, ok bool) {
	if (a.Flags|b.Flags)&(Missing|Overflow) != 0 {
		return 0, false
	}
	if a.Scale != b.Scale {
		if a, b, ok = align(a, b); !ok {
			return 0, false
		}
	}
	switch {
	case a.Coef < b.Coef:
		return -1, true
	case a.Coef > b.Coef:
		return 1, true
	}
	return 0, true
}

// align gives both the larger scale.
func align(a, b Number) (Number, Number, bool) {
	var ok bool
	if a.Scale < b.Scale {
		a.Coef, ok = mul(a.Coef, pow10[b.Scale-a.Scale])
		a.Scale = b.Scale
	} else {
		b.Coef, ok = mul(b.Coef, pow10[a.Scale-b.Scale])
		b.Scale = a.Scale
	}
	return a, b, ok
}

func mul(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(abs(a), abs(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func abs(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}
