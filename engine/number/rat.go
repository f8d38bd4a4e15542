package number

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// Rat is a rational number. It is a plain value: the zero value is 0, arithmetic makes new ones and never overflows.
//
// Nearly all numbers that figures lead to are held in two words, in lowest terms. One that these do not hold is a *big.Rat
// that nothing else refers to, and what comes of it goes back into two words as soon as it fits, since a sum that was large
// once need not stay slow. So equal numbers are held alike; but Cmp tells whether two are equal, and the compiler refuses ==,
// which would compare pointers.
type Rat struct {
	_ [0]func()
	// num is the numerator, never the least int64, which has no opposite.
	num int64
	// less is one less than the denominator, so that the zero value has one.
	less int64
	// wide is the number where it is not nil, and the others are 0 then.
	wide *big.Rat
}

// NewRat is num/den; den is not 0.
func NewRat(num, den int64) Rat {
	if num == math.MinInt64 || den == math.MinInt64 {
		return settled(big.NewRat(num, den))
	}
	if den < 0 {
		num, den = -num, -den
	}
	return reduced(num, den)
}

// RatOf is the exact value of d.
func RatOf(d Decimal) Rat {
	if n := Of(d, Exact); !n.Has(Overflow) {
		return n.Rat()
	}
	r := new(big.Rat).SetInt(d.Coefficient())
	return settled(r).Mul(Pow10(int(d.Exponent())))
}

// Pow10 is 10^e.
func Pow10(e int) Rat {
	switch {
	case 0 <= e && e <= maxScale:
		return Rat{num: pow10[e]}
	case -maxScale <= e && e < 0:
		return Rat{num: 1, less: pow10[-e] - 1}
	}
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(e, -e))), nil)
	r := new(big.Rat).SetInt(p)
	if e < 0 {
		r.Inv(r)
	}
	return Rat{wide: r}
}

// reduced is num/den in lowest terms; den is greater than 0, and num not the least int64.
func reduced(num, den int64) Rat {
	if g := gcd(abs(num), den); g > 1 {
		num, den = num/g, den/g
	}
	return Rat{num: num, less: den - 1}
}

// settled is a number that nothing else refers to, in two words where these hold it.
func settled(r *big.Rat) Rat {
	if n, d := r.Num(), r.Denom(); n.IsInt64() && d.IsInt64() && n.Int64() != math.MinInt64 {
		return Rat{num: n.Int64(), less: d.Int64() - 1}
	}
	return Rat{wide: r}
}

// big is the number for reading.
func (a Rat) big() *big.Rat {
	if a.wide != nil {
		return a.wide
	}
	return big.NewRat(a.num, a.less+1)
}

// fraction is the numerator and the denominator, which nothing else refers to.
func (a Rat) fraction() (num, den *big.Int) {
	if a.wide != nil {
		return new(big.Int).Set(a.wide.Num()), new(big.Int).Set(a.wide.Denom())
	}
	return big.NewInt(a.num), big.NewInt(a.less + 1)
}

// Add is a+b.
func (a Rat) Add(b Rat) Rat {
	if a.wide == nil && b.wide == nil {
		if sum, ok := a.plus(b); ok {
			return sum
		}
	}
	return settled(new(big.Rat).Add(a.big(), b.big()))
}

// plus is a+b where two words hold all that comes up.
func (a Rat) plus(b Rat) (sum Rat, ok bool) {
	if a.less > b.less {
		a, b = b, a
	}
	da, db := a.less+1, b.less+1
	// With g what divides both denominators, the sum is (a·db/g + b·da/g) over da·(db/g), and what divides both of these
	// divides g. Mostly one denominator divides the other.
	g, fa, fb := da, db/da, int64(1)
	if db%da != 0 {
		g = gcd(uint64(db), da)
		fa, fb = db/g, da/g
	}
	x, okx := mul(a.num, fa)
	y, oky := mul(b.num, fb)
	n := x + y
	if !okx || !oky || overflows(x, y, n) {
		return Rat{}, false
	}
	if h := gcd(abs(n), g); h > 1 {
		n, db = n/h, db/h
	}
	d, ok := mul(db, fb)
	return Rat{num: n, less: d - 1}, ok
}

// overflows reports whether c is not a+b, or the least int64.
func overflows(a, b, c int64) bool { return (a^c)&(b^c) < 0 || c == math.MinInt64 }

// Sub is a-b.
func (a Rat) Sub(b Rat) Rat { return a.Add(b.Neg()) }

// Neg is -a.
func (a Rat) Neg() Rat {
	if a.wide != nil {
		return Rat{wide: new(big.Rat).Neg(a.wide)}
	}
	return Rat{num: -a.num, less: a.less}
}

// Abs is a without its sign.
func (a Rat) Abs() Rat {
	if a.Sign() < 0 {
		return a.Neg()
	}
	return a
}

// Mul is a·b.
func (a Rat) Mul(b Rat) Rat {
	if a.wide == nil && b.wide == nil {
		da, db := a.less+1, b.less+1
		x, y := a.num, b.num
		if g := gcd(abs(x), db); g > 1 {
			x, db = x/g, db/g
		}
		if g := gcd(abs(y), da); g > 1 {
			y, da = y/g, da/g
		}
		n, okn := mul(x, y)
		d, okd := mul(da, db)
		if okn && okd {
			return Rat{num: n, less: d - 1}
		}
	}
	return settled(new(big.Rat).Mul(a.big(), b.big()))
}

// Quo is a/b. It panics where b is 0.
func (a Rat) Quo(b Rat) Rat { return a.Mul(b.Inv()) }

// Inv is 1/a. It panics where a is 0.
func (a Rat) Inv() Rat {
	switch {
	case a.wide != nil:
		return settled(new(big.Rat).Inv(a.wide))
	case a.num > 0:
		return Rat{num: a.less + 1, less: a.num - 1}
	case a.num < 0:
		return Rat{num: -a.less - 1, less: -a.num - 1}
	}
	panic("number: division by zero")
}

// Cmp is -1, 0 or 1 as a is below, at or above b.
func (a Rat) Cmp(b Rat) int {
	if a.wide != nil || b.wide != nil {
		return a.big().Cmp(b.big())
	}
	if a.less == b.less || (a.num < 0) != (b.num < 0) {
		return cmp.Compare(a.num, b.num)
	}
	ahi, alo := bits.Mul64(abs(a.num), uint64(b.less+1))
	bhi, blo := bits.Mul64(abs(b.num), uint64(a.less+1))
	c := cmp.Or(cmp.Compare(ahi, bhi), cmp.Compare(alo, blo))
	if a.num < 0 {
		return -c
	}
	return c
}

// CmpAbs is Cmp without the signs.
func (a Rat) CmpAbs(b Rat) int { return a.Abs().Cmp(b.Abs()) }

// Sign is -1, 0 or 1 as a is below, at or above 0.
func (a Rat) Sign() int {
	if a.wide != nil {
		return a.wide.Sign()
	}
	return cmp.Compare(a.num, 0)
}

// IsInt reports whether a is a whole number.
func (a Rat) IsInt() bool {
	if a.wide != nil {
		return a.wide.IsInt()
	}
	return a.less == 0
}

// Int64 is a as an int64; ok is false when it is none.
func (a Rat) Int64() (i int64, ok bool) { return a.num, a.wide == nil && a.less == 0 }

// Floor is the greatest whole number not above a.
func (a Rat) Floor() Rat {
	if a.wide != nil {
		// Euclidean division floors, since denominators are positive.
		return settled(new(big.Rat).SetInt(new(big.Int).Div(a.wide.Num(), a.wide.Denom())))
	}
	q, r := a.num/(a.less+1), a.num%(a.less+1)
	if r < 0 {
		q--
	}
	return Rat{num: q}
}

// Trunc is a without what is behind its point.
func (a Rat) Trunc() Rat {
	if a.Sign() < 0 {
		return a.Neg().Floor().Neg()
	}
	return a.Floor()
}

// Round brings a to d decimals: cut towards zero when the mode truncates, else half away from zero. With d Exact it is a.
func (a Rat) Round(d int8, m Mode) Rat {
	if d == Exact {
		return a
	}
	scaled := a.Mul(Pow10(int(d)))
	if scaled.IsInt() {
		return a
	}
	switch {
	case m == Truncate:
	case a.Sign() < 0:
		scaled = scaled.Sub(half)
	default:
		scaled = scaled.Add(half)
	}
	return scaled.Trunc().Mul(Pow10(-int(d)))
}

var half = Rat{num: 1, less: 1}

// String writes a number with all its digits, and one whose digits have no end as a fraction.
func (a Rat) String() string {
	if a.wide == nil {
		for d, p := range pow10 {
			if p%(a.less+1) == 0 {
				return FormatFixed(a, d, d)
			}
		}
	}
	r := a.big()
	if digits, ok := r.FloatPrec(); ok {
		return r.FloatString(digits)
	}
	return r.RatString()
}

// gcd is the greatest number that divides both; b is greater than 0.
func gcd(a uint64, b int64) int64 {
	if b == 1 {
		return 1
	}
	// Denominators are small beside what they meet, or divide it.
	x, y := a%uint64(b), uint64(b)
	if x == 0 {
		return b
	}
	shift := bits.TrailingZeros64(x | y)
	x >>= bits.TrailingZeros64(x)
	for y >>= bits.TrailingZeros64(y); x != y; {
		if x > y {
			x, y = y, x
		}
		y -= x
		y >>= bits.TrailingZeros64(y)
	}
	return int64(x << shift)
}

// whole are the digits of a whole number, without its sign.
func (a Rat) whole() string {
	if a.wide != nil {
		return new(big.Int).Abs(a.wide.Num()).String()
	}
	return strconv.FormatUint(abs(a.num), 10)
}
