package number_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/gouji/gouji/engine/number"
)

// The properties below hold the fast arithmetic against big.Rat: a result is the rational one, or says that it does
// not fit.

// rounds is how many random operands each property tries.
const rounds = 20_000

// edges are coefficients at which int64 arithmetic goes wrong.
var edges = []int64{
	0, 1, -1, 2, 5, -5, 9, 10, 49, 50, 51, 99, 100, 999_999_999, 1_000_000_000, math.MaxInt32, math.MinInt32,
	4_611_686_018_427_387_904, -4_611_686_018_427_387_904, 922_337_203_685_477_580, 922_337_203_685_477_581,
	1_000_000_000_000_000_000, -1_000_000_000_000_000_000, 3_037_000_499, 3_037_000_500,
	math.MaxInt64, math.MaxInt64 - 1, math.MinInt64 + 1, math.MinInt64 + 2,
}

// generator makes operands: edges, small figures as they are printed, and anything.
type generator struct{ *rand.Rand }

func newGenerator() generator { return generator{rand.New(rand.NewPCG(1, 2))} }

func (g generator) coef() int64 {
	switch g.IntN(4) {
	case 0:
		return edges[g.IntN(len(edges))]
	case 1:
		return int64(g.Uint64())
	}
	return g.Int64N(2_000_000) - 1_000_000
}

func (g generator) number() number.Number {
	c := g.coef()
	if c == math.MinInt64 {
		c++
	}
	scale := uint8(g.IntN(5))
	if g.IntN(4) == 0 {
		scale = uint8(g.IntN(19))
	}
	return number.Number{Coef: c, Scale: scale}
}

// decimals is a place of rounding, often that of printed figures.
func (g generator) decimals() int8 {
	if g.IntN(3) > 0 {
		return int8(g.IntN(4))
	}
	return int8(g.IntN(27) - 8)
}

func (g generator) mode() number.Mode { return number.Mode(g.IntN(3)) }

// small reports whether a number is of a size at which no operation may overflow.
func small(ns ...number.Number) bool {
	for _, n := range ns {
		if n.Coef > 1_000_000 || n.Coef < -1_000_000 || n.Scale > 4 {
			return false
		}
	}
	return true
}

func TestArithmeticIsExact(t *testing.T) {
	operations := []struct {
		name  string
		fast  func(a, b number.Number) number.Number
		exact func(z, a, b *big.Rat) *big.Rat
	}{
		{"Add", number.Number.Add, (*big.Rat).Add},
		{"Sub", number.Number.Sub, (*big.Rat).Sub},
		{"Mul", number.Number.Mul, (*big.Rat).Mul},
		{"Neg", func(a, _ number.Number) number.Number { return a.Neg() }, func(z, a, _ *big.Rat) *big.Rat { return z.Neg(a) }},
	}
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			g := newGenerator()
			fits := 0
			for range rounds {
				a, b := g.number(), g.number()
				got := op.fast(a, b)
				if got.Has(number.Overflow) {
					if small(a, b) {
						t.Fatalf("%v %s %v overflows", a, op.name, b)
					}
					continue
				}
				fits++
				if want := op.exact(new(big.Rat), a.Rat().Big(), b.Rat().Big()); got.Rat().Big().Cmp(want) != 0 {
					t.Fatalf("%v %s %v = %v, want %s", a, op.name, b, got, want)
				}
			}
			if fits < rounds/3 {
				t.Errorf("only %d of %d results fit", fits, rounds)
			}
		})
	}
}

// TestArithmeticAtTheEdges names the results that int64 only just holds or does not.
func TestArithmeticAtTheEdges(t *testing.T) {
	n := func(c int64, scale uint8) number.Number { return number.Number{Coef: c, Scale: scale} }
	tests := []struct {
		name string
		got  number.Number
		want string // "" for overflow
	}{
		{"the greatest sum", n(math.MaxInt64-1, 0).Add(n(1, 0)), "9223372036854775807"},
		{"one beyond it", n(math.MaxInt64, 0).Add(n(1, 0)), ""},
		{"one below the least", n(-math.MaxInt64, 0).Sub(n(2, 0)), ""},
		{"aligning overflows", n(math.MaxInt64, 0).Add(n(1, 1)), ""},
		{"aligning just fits", n(922_337_203_685_477_580, 0).Add(n(7, 1)), "922337203685477580.7"},
		{"a negative one below the alignment", n(-922_337_203_685_477_580, 0).Sub(n(9, 1)), ""},
		{"the greatest product", n(math.MaxInt64, 0).Mul(n(-1, 0)), "-9223372036854775807"},
		{"a product beyond", n(3_037_000_500, 0).Mul(n(3_037_000_500, 0)), ""},
		{"scales beyond 18 with zeros to drop", n(500, 10).Mul(n(2, 10)), "0.00000000000000001"},
		{"scales beyond 18 without", n(7, 10).Mul(n(3, 10)), ""},
		{"zero keeps its value at any scale", n(0, 18).Mul(n(7, 18)), "0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if !tt.got.Has(number.Overflow) {
				got = number.Format(tt.got.Rat(), 40)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFlagsSpread(t *testing.T) {
	whole := number.Int(3)
	missing := number.Number{Flags: number.Missing}
	overflow := number.Number{Flags: number.Overflow}
	operations := map[string]func(a, b number.Number) number.Number{
		"Add": number.Number.Add, "Sub": number.Number.Sub, "Mul": number.Number.Mul,
	}
	for name, op := range operations {
		for _, flagged := range []number.Number{missing, overflow} {
			for _, got := range []number.Number{op(flagged, whole), op(whole, flagged), op(flagged, number.Int(0)), op(number.Int(0), flagged)} {
				if !got.Has(flagged.Flags) {
					t.Errorf("%s loses %v", name, flagged.Flags)
				}
			}
			if _, ok := flagged.Cmp(whole); ok {
				t.Errorf("%v was compared", flagged)
			}
			if _, ok := whole.Cmp(flagged); ok {
				t.Errorf("%v was compared", flagged)
			}
		}
		if got := op(whole, whole); got.Has(number.Missing | number.Overflow | number.Point | number.Blank) {
			t.Errorf("%s: %v has flags of its own", name, got)
		}
	}
	if !missing.Neg().Has(number.Missing) {
		t.Error("Neg loses Missing")
	}
}

func TestCmp(t *testing.T) {
	g := newGenerator()
	for range rounds {
		a, b := g.number(), g.number()
		if g.IntN(4) == 0 {
			b = number.Number{Coef: a.Coef, Scale: a.Scale}
			if b.Scale < 18 && a.Coef < math.MaxInt64/10 && a.Coef > math.MinInt64/10 {
				b.Coef, b.Scale = b.Coef*10+g.Int64N(3)-1, b.Scale+1
			}
		}
		c, ok := a.Cmp(b)
		if !ok {
			if small(a, b) {
				t.Fatalf("%v and %v were not compared", a, b)
			}
			continue
		}
		if want := a.Rat().Big().Cmp(b.Rat().Big()); c != want {
			t.Fatalf("%v against %v is %d, want %d", a, b, c, want)
		}
	}
}

func TestOf(t *testing.T) {
	tests := []struct {
		text string
		fits bool
	}{
		{"0", true}, {"-0.00", true}, {"867.01", true}, {"1e18", true}, {"9e18", true}, {"1e19", false},
		{"9223372036854775807", true}, {"-9223372036854775807", true}, {"9223372036854775808", false},
		{"-9223372036854775808", false}, {"0.000000000000000001", true}, {"0.0000000000000000001", false},
		{"123456789012345678901234567890", false},
	}
	for _, tt := range tests {
		p, err := number.Parse(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		n := number.Of(p.Value(), 2)
		if n.Has(number.Overflow) == tt.fits {
			t.Errorf("%s: overflow is %t", tt.text, !tt.fits)
		}
		if tt.fits && (n.Rat().Cmp(number.RatOf(p.Value())) != 0 || n.Decimal().Cmp(p.Value()) != 0 || n.Decimals != 2) {
			t.Errorf("%s became %v", tt.text, n)
		}
	}
}

// TestAlign: an aligned value is the number itself, or says that it is not; values that are apart round to nothing
// equal.
func TestAlign(t *testing.T) {
	g := newGenerator()
	for range rounds / 10 {
		numbers := make([]number.Number, 1+g.IntN(4))
		for i := range numbers {
			numbers[i] = g.number()
			numbers[i].Decimals = int8(g.IntN(4))
			if g.IntN(20) == 0 {
				numbers[i].Decimals = int8(g.IntN(12) - 4)
			}
			if g.IntN(10) == 0 {
				numbers[i].Flags = number.Missing
			}
		}
		a := number.Align(numbers, nil)
		if len(a.Values) != len(numbers)+1 || a.Values[0] != 0 {
			t.Fatalf("%v aligned: %v", numbers, a.Values)
		}
		for i, n := range numbers {
			v := a.Values[i+1]
			switch aligned := v&number.Unaligned == 0; {
			case !aligned && small(n) && !n.Has(number.Missing):
				t.Fatalf("%v is not aligned", n)
			case aligned && (n.Has(number.Missing) || new(big.Rat).SetFrac64(v, 2_000_000).Cmp(n.Rat().Big()) != 0):
				t.Fatalf("%v is aligned to %d", n, v)
			case !aligned:
				continue
			}
			for j, m := range numbers {
				w := a.Values[j+1]
				if w&number.Unaligned != 0 || v-w < a.Apart && w-v < a.Apart {
					continue
				}
				for _, mode := range []number.Mode{number.HalfUp, number.Nearest, number.Truncate} {
					for _, d := range []int8{n.Decimals, m.Decimals} {
						if number.AgreeRoundedRat(n.Rat(), m.Rat(), d, mode) {
							t.Fatalf("%v and %v are apart and agree at %d decimals", n, m, d)
						}
					}
				}
			}
		}
	}
}

// A column of coefficients is aligned as each of its numbers is.
func TestAlignAll(t *testing.T) {
	g := newGenerator()
	edges := []int64{0, 1, -1, number.AlignedLimit, -number.AlignedLimit, math.MaxInt64, math.MinInt64 + 1}
	for range rounds / 10 {
		scale := uint8(g.IntN(19))
		factor := number.Number{Coef: 1, Scale: scale}
		coefs := make([]int64, 1+g.IntN(5))
		for i := range coefs {
			coefs[i] = edges[g.IntN(len(edges))] + int64(g.IntN(3)-1)
			if g.IntN(2) == 0 {
				coefs[i] = number.AlignedLimit/factor.Aligned()*int64(1-2*g.IntN(2)) + int64(g.IntN(5)-2)
			}
		}
		values := make([]int64, len(coefs)+1)
		by := factor.Aligned()
		if by == number.Unaligned {
			by = 0
		}
		number.AlignAll(values, coefs, by)
		for i, c := range coefs {
			n := number.Number{Coef: c, Scale: scale}
			if got, want := values[i], n.Aligned(); got != want {
				t.Fatalf("%v is aligned to %d, by itself to %d", n, got, want)
			}
		}
		if values[len(coefs)] != 0 {
			t.Fatalf("what is behind %d coefficients changed", len(coefs))
		}
	}
}
