package number_test

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/number"
)

// TestOrdered: numbers that lie close together and far apart, great and small, come back, and their bytes compare as they do.
func TestOrdered(t *testing.T) {
	long, _ := new(big.Rat).SetString(strings.Repeat("7", 400))
	numbers := []*big.Rat{new(big.Rat), long, new(big.Rat).Neg(long), new(big.Rat).Inv(long)}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		x := big.NewRat(random.Int64N(2001)-1000, 1+random.Int64N(30))
		if random.IntN(4) == 0 {
			x.Add(x, big.NewRat(1, 1+random.Int64()))
		}
		if random.IntN(8) == 0 {
			x.Mul(x, long)
		}
		numbers = append(numbers, x)
	}
	for _, x := range numbers {
		a := number.AppendOrdered([]byte("before"), number.RatOfBig(x))[len("before"):]
		back, rest, ok := number.CutOrdered(append(bytes.Clone(a), "behind"...))
		if !ok || back.Big().Cmp(x) != 0 || string(rest) != "behind" {
			t.Fatalf("%v comes back as %v, before %q", x, back, rest)
		}
		for _, y := range numbers {
			b := number.AppendOrdered(nil, number.RatOfBig(y))
			if got, want := bytes.Compare(a, b), x.Cmp(y); got != want {
				t.Fatalf("%v and %v compare as %d, their bytes as %d", x, y, want, got)
			}
			if len(a) < len(b) && bytes.HasPrefix(b, a) {
				t.Fatalf("the bytes of %v begin those of %v", x, y)
			}
		}
	}
}

// FuzzOrdered: so do any others; and bytes that are no number do no harm.
func FuzzOrdered(f *testing.F) {
	f.Add([]byte{1, 2}, []byte{3}, []byte{200, 1}, []byte{7}, false)
	f.Add([]byte{0x81, 0x05, 0x00}, []byte{0xF0, 0xFF, 0xFF, 0xFF, 0xFF}, []byte{}, []byte{}, true)
	f.Fuzz(func(t *testing.T, a, b, c, d []byte, negative bool) {
		rational := func(num, den []byte) *big.Rat {
			num, den = num[:min(len(num), 60)], den[:min(len(den), 60)]
			below := new(big.Int).SetBytes(den)
			return new(big.Rat).SetFrac(new(big.Int).SetBytes(num), below.Add(below, big.NewInt(1)))
		}
		x, y := rational(a, b), rational(c, d)
		if negative {
			y.Neg(y)
		}
		bx, by := number.AppendOrdered(nil, number.RatOfBig(x)), number.AppendOrdered(nil, number.RatOfBig(y))
		if got, want := bytes.Compare(bx, by), x.Cmp(y); got != want {
			t.Errorf("%v and %v compare as %d, their bytes as %d", x, y, want, got)
		}
		for _, z := range []struct {
			of *big.Rat
			as []byte
		}{{x, bx}, {y, by}} {
			if back, rest, ok := number.CutOrdered(z.as); !ok || back.Big().Cmp(z.of) != 0 || len(rest) > 0 {
				t.Errorf("%v comes back as %v", z.of, back)
			}
		}
		for _, damaged := range [][]byte{a, b, append(bytes.Clone(a), b...), bx[:len(bx)-1]} {
			number.CutOrdered(damaged[:min(len(damaged), 300)])
		}
	})
}

func BenchmarkOrdered(b *testing.B) {
	x := number.NewRat(1234567, 8901)
	buf := number.AppendOrdered(nil, x)
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			number.AppendOrdered(buf[:0], x)
		}
	})
	b.Run("cut", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			number.CutOrdered(buf)
		}
	})
}
