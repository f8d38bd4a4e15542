package number_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/number"
)

// sameRat holds all that a Rat does against big.Rat, of one pair of numbers.
func sameRat(t *testing.T, x, y *big.Rat) {
	t.Helper()
	a, b := number.RatOfBig(x), number.RatOfBig(y)
	check := func(name string, got number.Rat, want *big.Rat) {
		t.Helper()
		if got.Big().Cmp(want) != 0 {
			t.Fatalf("%s of %s and %s is %s, want %s", name, x, y, got.Big(), want)
		}
		// What two words hold is held there, in lowest terms.
		num, den := want.Num(), want.Denom()
		if fits := num.IsInt64() && den.IsInt64() && num.Int64() != math.MinInt64; fits == got.Wide() || !got.Alike(number.RatOfBig(want)) {
			t.Fatalf("%s of %s and %s, %s, is held as %+v", name, x, y, want, got)
		}
		if got.Sign() != want.Sign() || got.IsInt() != want.IsInt() {
			t.Fatalf("%s of %s and %s: sign %d, whole %t", name, x, y, got.Sign(), got.IsInt())
		}
		if i, ok := got.Int64(); ok != (want.IsInt() && num.IsInt64() && num.Int64() != math.MinInt64) || ok && i != num.Int64() {
			t.Fatalf("%s of %s and %s, %s, is the int64 %d, %t", name, x, y, want, i, ok)
		}
		if text, ok := new(big.Rat).SetString(got.String()); !ok || text.Cmp(want) != 0 {
			t.Fatalf("%s of %s and %s, %s, is written as %s", name, x, y, want, got)
		}
	}
	check("the first", a, x)
	check("the sum", a.Add(b), new(big.Rat).Add(x, y))
	check("the difference", a.Sub(b), new(big.Rat).Sub(x, y))
	check("the product", a.Mul(b), new(big.Rat).Mul(x, y))
	check("the opposite", a.Neg(), new(big.Rat).Neg(x))
	check("the absolute", a.Abs(), new(big.Rat).Abs(x))
	floor := new(big.Rat).SetInt(new(big.Int).Div(x.Num(), x.Denom()))
	check("the floor", a.Floor(), floor)
	check("the truncation", a.Trunc(), new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom())))
	if y.Sign() != 0 {
		check("the quotient", a.Quo(b), new(big.Rat).Quo(x, y))
		check("the inverse", b.Inv(), new(big.Rat).Inv(y))
	}
	// Whatever was wide comes back.
	check("the sum less one", a.Add(b).Sub(b), x)
	if got, want := a.Cmp(b), x.Cmp(y); got != want {
		t.Fatalf("%s and %s compare as %d, want %d", x, y, got, want)
	}
	if got, want := a.CmpAbs(b), new(big.Rat).Abs(x).Cmp(new(big.Rat).Abs(y)); got != want {
		t.Fatalf("%s and %s without signs compare as %d, want %d", x, y, got, want)
	}
	// Nothing that was done changed the numbers.
	check("the first afterwards", a, x)
	check("the second afterwards", b, y)
}

// rational makes numbers as sums and shares of figures lead to, at the edges of int64, and beyond.
func (g generator) rational() *big.Rat {
	den := int64(1)
	switch g.IntN(5) {
	case 0:
		den = 1 + g.Int64N(1000)
	case 1:
		for den = edges[g.IntN(len(edges))]; den == 0; den = edges[g.IntN(len(edges))] {
		}
	case 2, 3:
		den = number.Pow10(g.IntN(19)).Big().Num().Int64()
	}
	x := new(big.Rat).SetFrac64(g.coef(), den)
	switch g.IntN(12) {
	case 0:
		x.Mul(x, number.Pow10(g.IntN(60)-30).Big())
	case 1:
		x.Add(x, number.NewRat(1, math.MaxInt64).Big())
	case 2:
		x.SetInt64(math.MinInt64)
	}
	return x
}

func TestRat(t *testing.T) {
	g := newGenerator()
	for range rounds {
		x, y := g.rational(), g.rational()
		switch g.IntN(8) {
		case 0:
			y.Neg(x)
		case 1:
			// Next to it.
			y.Add(x, new(big.Rat).SetFrac64(g.Int64N(3)-1, x.Denom().Int64()|1))
		}
		sameRat(t, x, y)
	}
	for _, a := range edges {
		for _, b := range edges {
			sameRat(t, big.NewRat(a, 1), big.NewRat(b, 1))
			if b != 0 {
				sameRat(t, big.NewRat(a, b), big.NewRat(b, 100))
				if x := big.NewRat(a, b); number.NewRat(a, b).Big().Cmp(x) != 0 {
					t.Errorf("NewRat(%d, %d) is %s", a, b, number.NewRat(a, b))
				}
			}
		}
	}
}

func FuzzRat(f *testing.F) {
	f.Add(int64(1), int64(3), uint8(0), int64(-2), int64(200), uint8(0))
	f.Add(int64(math.MinInt64), int64(math.MaxInt64), uint8(1), int64(1e18), int64(-1), uint8(70))
	f.Add(int64(math.MaxInt64), int64(math.MinInt64), uint8(63), int64(196187), int64(100), uint8(0))
	f.Fuzz(func(t *testing.T, a, b int64, c uint8, d, e int64, g uint8) {
		if b == 0 || e == 0 {
			return
		}
		shifted := func(num, den int64, by uint8) *big.Rat {
			x := big.NewRat(num, den)
			return x.SetFrac(new(big.Int).Lsh(x.Num(), uint(by)), x.Denom())
		}
		sameRat(t, shifted(a, b, c), shifted(d, e, g))
	})
}

func TestPow10(t *testing.T) {
	for e := -80; e <= 80; e++ {
		want, _ := new(big.Rat).SetString("1e" + big.NewInt(int64(e)).String())
		if got := number.Pow10(e); got.Big().Cmp(want) != 0 || got.Wide() != (e < -18 || e > 18) {
			t.Errorf("10^%d is %s", e, got)
		}
	}
}

// The zero value is 0, and 0 is written without a point.
func TestZeroRat(t *testing.T) {
	var zero number.Rat
	if zero.Sign() != 0 || zero.Cmp(number.NewRat(0, -7)) != 0 || zero.String() != "0" || zero.Add(number.NewRat(1, 2)).String() != "0.5" {
		t.Error("the zero value is not 0")
	}
	defer func() {
		if recover() == nil {
			t.Error("1/0 is a number")
		}
	}()
	zero.Inv()
}

func TestRatString(t *testing.T) {
	for _, want := range []string{"0", "-3", "0.5", "-0.005", "1200", "1/3", "-22/7", "0.0000000000000000001", "123456789012345678901234567890.5", "1/30", strings.Repeat("9", 40)} {
		x, _ := new(big.Rat).SetString(want)
		if got := number.RatOfBig(x).String(); got != want {
			t.Errorf("%s is written as %s", want, got)
		}
	}
}

// BenchmarkRat is the sum of 24 figures with their last digits' halves, and the same with big.Rat.
func BenchmarkRat(b *testing.B) {
	g := newGenerator()
	figures := make([]number.Rat, 24)
	for i := range figures {
		figures[i] = number.NewRat(g.Int64N(1_000_000), 100)
	}
	b.Run("rat", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var sum number.Rat
			for _, x := range figures {
				lo, _ := number.Interval(x, 2, number.HalfUp)
				sum = sum.Add(lo.Value)
			}
		}
	})
	b.Run("big", func(b *testing.B) {
		half := big.NewRat(1, 200)
		wide := make([]*big.Rat, len(figures))
		for i, x := range figures {
			wide[i] = x.Big()
		}
		b.ReportAllocs()
		for b.Loop() {
			sum := new(big.Rat)
			for _, x := range wide {
				sum.Add(sum, new(big.Rat).Sub(x, half))
			}
		}
	})
}
