package number_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/gouji/gouji/engine/number"
)

// printsAs says independently of the package whether x, brought to d decimals in mode m, is v: by where x lies around
// v, as the definitions of the modes say it.
func printsAs(x, v *big.Rat, d int8, m number.Mode) bool {
	if d == number.Exact {
		return x.Cmp(v) == 0
	}
	ulp := number.Pow10(-int(d)).Big()
	diff := new(big.Rat).Sub(x, v)
	diff.Quo(diff, ulp)
	half, one := big.NewRat(1, 2), big.NewRat(1, 1)
	if v.Sign() < 0 {
		// A negative figure is the mirror of a positive one.
		diff.Neg(diff)
	}
	low, high := new(big.Rat).Neg(half), half
	lowIn, highIn := true, false
	switch {
	case m == number.Nearest:
		highIn = true
	case m == number.Truncate:
		low, high = new(big.Rat), one
		if v.Sign() == 0 {
			low, lowIn = big.NewRat(-1, 1), false
		}
	case v.Sign() == 0:
		lowIn = false
	}
	above := diff.Cmp(low) > 0 || diff.Cmp(low) == 0 && lowIn
	below := diff.Cmp(high) < 0 || diff.Cmp(high) == 0 && highIn
	return above && below
}

// near gives a figure v that ends at d decimals, and an x that lies at, just before or just after one of the places
// where rounding turns.
func (g generator) near(d int8) (x, v *big.Rat) {
	ulp := number.Pow10(-int(d)).Big()
	k := g.Int64N(2001) - 1000
	if g.IntN(5) == 0 {
		k = 0
	}
	v = new(big.Rat).Mul(ulp, big.NewRat(k, 1))
	step := big.NewRat(int64(g.IntN(9)-4), 4)
	step.Add(step, big.NewRat(int64(g.IntN(3)-1), 1_000))
	return new(big.Rat).Add(v, step.Mul(step, ulp)), v
}

// TestRound holds Rat.Round against what rounding means: the result ends at d decimals, and x prints as it.
func TestRound(t *testing.T) {
	g := newGenerator()
	for range rounds {
		d, m := g.decimals(), g.mode()
		x, _ := g.near(d)
		if g.IntN(3) == 0 {
			x = new(big.Rat).SetFrac64(g.coef(), 1+g.Int64N(999))
		}
		got := number.RatOfBig(x).Round(d, m).Big()
		if scaled := new(big.Rat).Mul(got, number.Pow10(int(d)).Big()); !scaled.IsInt() {
			t.Fatalf("%s at %d decimals is %s", x, d, got)
		}
		want := m
		if m == number.Nearest {
			// Nearest has no direction at the half; Round goes away from zero.
			want = number.HalfUp
		}
		if !printsAs(x, got, d, want) {
			t.Fatalf("%s at %d decimals, %s, is %s", x, d, m, got)
		}
	}
	if x := number.NewRat(1, 3); x.Round(number.Exact, number.HalfUp).Cmp(x) != 0 {
		t.Error("an exact value was rounded")
	}
}

func TestAgree(t *testing.T) {
	g := newGenerator()
	agreed := 0
	for range rounds {
		d, m := g.decimals(), g.mode()
		x, v := g.near(d)
		want := printsAs(x, v, d, m)
		if got := number.AgreeRat(number.RatOfBig(x), number.RatOfBig(v), d, m); got != want {
			t.Fatalf("AgreeRat(%s, %s, %d, %s) = %t", x, v, d, m, got)
		}
		nx, okx := fit(x)
		nv, okv := fit(v)
		if !okx || !okv {
			continue
		}
		got, ok := number.Agree(nx, nv, d, m)
		if !ok {
			if d >= 0 && d <= 4 {
				t.Fatalf("Agree(%s, %s, %d, %s) does not fit", x, v, d, m)
			}
			continue
		}
		if got {
			agreed++
		}
		if got != want {
			t.Fatalf("Agree(%s, %s, %d, %s) = %t", x, v, d, m, got)
		}
	}
	if agreed < rounds/20 {
		t.Errorf("only %d figures agreed", agreed)
	}
}

// fit is a number of at most 18 decimals.
func fit(x *big.Rat) (number.Number, bool) {
	for scale := uint8(0); scale <= 18; scale++ {
		if scaled := new(big.Rat).Mul(x, number.Pow10(int(scale)).Big()); scaled.IsInt() && scaled.Num().IsInt64() {
			return number.Number{Coef: scaled.Num().Int64(), Scale: scale}, true
		}
	}
	return number.Number{}, false
}

// TestAgreeNeverWrongSilently throws operands at the edges of int64 at the comparisons: they answer as rationals do, or
// say that they cannot.
func TestAgreeNeverWrongSilently(t *testing.T) {
	g := newGenerator()
	for range rounds {
		d, m := g.decimals(), g.mode()
		x, v := g.number(), g.number()
		// v's digits must end at d.
		onGrid := v.Rat().Round(d, number.Truncate).Big()
		w, fits := fit(onGrid)
		if !fits {
			continue
		}
		if got, ok := number.Agree(x, w, d, m); ok && got != printsAs(x.Rat().Big(), onGrid, d, m) {
			t.Fatalf("Agree(%v, %v, %d, %s) = %t", x, w, d, m, got)
		}
		a, b := x, v
		if got, ok := number.AgreeRounded(a, b, d, m); ok {
			want := a.Rat().Round(d, m).Big().Cmp(b.Rat().Round(d, m).Big()) == 0
			if m == number.Nearest {
				want = printsAs(a.Rat().Big(), b.Rat().Big(), d, m)
			}
			if got != want {
				t.Fatalf("AgreeRounded(%v, %v, %d, %s) = %t", a, b, d, m, got)
			}
			if rat := number.AgreeRoundedRat(a.Rat(), b.Rat(), d, m); rat != want {
				t.Fatalf("AgreeRoundedRat(%v, %v, %d, %s) = %t", a, b, d, m, rat)
			}
		}
	}
}

func TestAgreeQuotient(t *testing.T) {
	g := newGenerator()
	agreed, answered := 0, 0
	for range rounds {
		d, m := int8(g.IntN(5)), g.mode()
		den := g.number()
		if den.Coef == 0 {
			continue
		}
		n, v := g.number(), g.number()
		if g.IntN(2) == 0 {
			// n so that n/den comes near a figure.
			den = number.Number{Coef: g.Int64N(20_000) - 10_000, Scale: 2}
			if den.Coef == 0 {
				continue
			}
			x, figure := g.near(d)
			w, _ := fit(figure)
			v = w
			c := new(big.Rat).Mul(x, big.NewRat(den.Coef, 1))
			n = number.Number{Coef: new(big.Int).Quo(c.Num(), c.Denom()).Int64() + g.Int64N(3) - 1, Scale: 2}
		}
		onGrid := v.Rat().Round(d, number.Truncate).Big()
		w, fits := fit(onGrid)
		if !fits {
			continue
		}
		got, ok := number.AgreeQuotient(n, den, w, d, m)
		if !ok {
			if small(n, den, w) {
				t.Fatalf("AgreeQuotient(%v, %v, %v, %d, %s) does not fit", n, den, w, d, m)
			}
			continue
		}
		answered++
		if got {
			agreed++
		}
		if want := printsAs(new(big.Rat).Quo(n.Rat().Big(), den.Rat().Big()), onGrid, d, m); got != want {
			t.Fatalf("AgreeQuotient(%v, %v, %v, %d, %s) = %t", n, den, w, d, m, got)
		}
	}
	if agreed < answered/20 {
		t.Errorf("only %d of %d agreed", agreed, answered)
	}
}

// TestAgreeQuotientWraps has quotients that are just below 2⁶⁴ units of the last digit: rounded up they must not come
// around to zero.
func TestAgreeQuotientWraps(t *testing.T) {
	for _, m := range []number.Mode{number.HalfUp, number.Nearest, number.Truncate} {
		n := number.Number{Coef: 3_504_881_374_004_814_807}
		if agree, ok := number.AgreeQuotient(n, number.Int(19), number.Int(0), 2, m); ok && agree {
			t.Errorf("%s: 1.8e17 agrees with 0", m)
		}
	}
	if agree, ok := number.AgreeQuotient(number.Int(math.MaxInt64), number.Int(1), number.Int(0), 2, number.HalfUp); ok && agree {
		t.Error("9.2e18 agrees with 0")
	}
}

func TestAgreeRefuses(t *testing.T) {
	missing := number.Number{Flags: number.Missing}
	overflow := number.Number{Flags: number.Overflow}
	for _, flagged := range []number.Number{missing, overflow} {
		if _, ok := number.Agree(flagged, number.Int(0), 2, number.HalfUp); ok {
			t.Errorf("Agree answers about %v", flagged)
		}
		if _, ok := number.Agree(number.Int(0), flagged, 2, number.HalfUp); ok {
			t.Errorf("Agree answers about %v", flagged)
		}
		if _, ok := number.AgreeRounded(flagged, number.Int(0), 2, number.HalfUp); ok {
			t.Errorf("AgreeRounded answers about %v", flagged)
		}
		if _, ok := number.AgreeQuotient(flagged, number.Int(1), number.Int(0), 2, number.HalfUp); ok {
			t.Errorf("AgreeQuotient answers about %v", flagged)
		}
		if _, ok := number.AgreeQuotient(number.Int(1), flagged, number.Int(0), 2, number.HalfUp); ok {
			t.Errorf("AgreeQuotient answers about %v", flagged)
		}
	}
}

// TestInterval: the interval of a figure holds exactly the values that print as it.
func TestInterval(t *testing.T) {
	g := newGenerator()
	inside := 0
	for range rounds {
		d, m := g.decimals(), g.mode()
		x, v := g.near(d)
		lo, hi := number.Interval(number.RatOfBig(v), d, m)
		from, to := x.Cmp(lo.Value.Big()), x.Cmp(hi.Value.Big())
		above := from > 0 || from == 0 && lo.Closed
		below := to < 0 || to == 0 && hi.Closed
		if above && below {
			inside++
		}
		if want := printsAs(x, v, d, m); (above && below) != want {
			t.Fatalf("%s in the interval of %s at %d decimals, %s: %t", x, v, d, m, !want)
		}
	}
	if inside < rounds/10 {
		t.Errorf("only %d values inside", inside)
	}
	v := number.NewRat(7, 3)
	if lo, hi := number.Interval(v, number.Exact, number.HalfUp); lo.Value.Cmp(v) != 0 || hi.Value.Cmp(v) != 0 || !lo.Closed || !hi.Closed {
		t.Error("an exact value is no point")
	}
}

// TestIntervalTable spells out the contract's table of intervals.
func TestIntervalTable(t *testing.T) {
	tests := []struct {
		v    string
		d    int8
		m    number.Mode
		want string
	}{
		{"56.83", 2, number.HalfUp, "[56.825, 56.835)"},
		{"-56.83", 2, number.HalfUp, "(-56.835, -56.825]"},
		{"0", 2, number.HalfUp, "(-0.005, 0.005)"},
		{"56.83", 2, number.Nearest, "[56.825, 56.835]"},
		{"-56.83", 2, number.Nearest, "[-56.835, -56.825]"},
		{"0", 2, number.Nearest, "[-0.005, 0.005]"},
		{"56.83", 2, number.Truncate, "[56.83, 56.84)"},
		{"-56.83", 2, number.Truncate, "(-56.84, -56.83]"},
		{"0", 2, number.Truncate, "(-0.01, 0.01)"},
		{"1200", -2, number.HalfUp, "[1150, 1250)"},
		{"3", number.Exact, number.HalfUp, "[3, 3]"},
	}
	for _, tt := range tests {
		p, err := number.Parse(tt.v)
		if err != nil {
			t.Fatal(err)
		}
		lo, hi := number.Interval(number.RatOf(p.Value()), tt.d, tt.m)
		open, closing := "(", ")"
		if lo.Closed {
			open = "["
		}
		if hi.Closed {
			closing = "]"
		}
		if got := open + number.Format(lo.Value, 9) + ", " + number.Format(hi.Value, 9) + closing; got != tt.want {
			t.Errorf("%s at %d decimals, %s: %s, want %s", tt.v, tt.d, tt.m, got, tt.want)
		}
	}
}

func TestModes(t *testing.T) {
	for _, name := range number.Modes() {
		m, err := number.ParseMode(name)
		if err != nil || m.String() != name {
			t.Errorf("%q is %v, %v", name, m, err)
		}
	}
	if m, err := number.ParseMode("half-even"); err == nil {
		t.Errorf("half-even is %v", m)
	}
	var zero number.Mode
	if zero != number.HalfUp {
		t.Error("the zero mode is not half-up")
	}
}

// TestAgreeRatio is TestAgreeQuotient for the form that needs no Number: factor·n/den against a figure.
func TestAgreeRatio(t *testing.T) {
	g := newGenerator()
	agreed, answered := 0, 0
	for range rounds {
		d, m := int8(g.IntN(19)), g.mode()
		zeros := g.IntN(4) * 2
		factor := number.Pow10(zeros).Big().Num().Uint64()
		n, den := g.coef(), g.coef()
		k := g.Int64N(2001) - 1000
		if g.IntN(2) == 0 {
			// n so that the quotient comes near the figure.
			d = int8(g.IntN(3))
			den = g.Int64N(2_000_000) - 1_000_000
			x, v := g.near(d)
			k = new(big.Rat).Mul(v, number.Pow10(int(d)).Big()).Num().Int64()
			x.Mul(x, big.NewRat(den, int64(factor)))
			n = new(big.Int).Quo(x.Num(), x.Denom()).Int64() + g.Int64N(3) - 1
		}
		if den == 0 {
			continue
		}
		v := number.Number{Coef: k, Scale: uint8(d), Decimals: d}
		got, ok := number.AgreeRatio(n, den, factor, v, m)
		if ok != (int(d)+zeros <= 18) {
			t.Fatalf("AgreeRatio(%d, %d, %d, %v, %s) answers: %t", n, den, factor, v, m, ok)
		}
		if !ok {
			continue
		}
		answered++
		if got {
			agreed++
		}
		x := new(big.Rat).SetFrac(big.NewInt(n), big.NewInt(den))
		x.Mul(x, new(big.Rat).SetInt64(int64(factor)))
		if want := printsAs(x, v.Rat().Big(), d, m); got != want {
			t.Fatalf("AgreeRatio(%d, %d, %d, %v, %s) = %t", n, den, factor, v, m, got)
		}
	}
	if agreed < answered/20 {
		t.Errorf("only %d of %d agreed", agreed, answered)
	}
	for _, v := range []number.Number{
		{Flags: number.Missing}, {Flags: number.Overflow}, {Decimals: -1}, {Decimals: 19}, {Decimals: number.Exact},
	} {
		if _, ok := number.AgreeRatio(1, 1, 1, v, number.HalfUp); ok {
			t.Errorf("AgreeRatio answers about %+v", v)
		}
	}
}

// TestQuotients: many ratios together are what each is alone.
func TestQuotients(t *testing.T) {
	g := newGenerator()
	all, together := 0, 0
	for range rounds / 20 {
		d, m := int8(g.IntN(4)), g.mode()
		if g.IntN(10) == 0 {
			d = int8(g.IntN(10) - 1)
		}
		scale := min(6, max(0, int(d)-g.IntN(2)))
		if g.IntN(20) == 0 {
			scale = min(6, max(0, int(d))+1)
		}
		q := number.Quotients{
			Num: new([64]int64), Den: new([64]int64), Aligned: new([64]int64), N: 1 + g.IntN(64),
			Factor: []uint64{1, 2, 100, 100, 100, 1_000_000}[g.IntN(6)], Like: number.Number{Scale: uint8(scale), Decimals: d},
		}
		if g.IntN(50) == 0 {
			q.Like.Flags = number.Missing
		}
		sides, coefs := 1<<(20+g.IntN(25)), 1<<(4+g.IntN(20))
		for i := range q.N {
			v := number.Number{Coef: g.Int64N(int64(2*coefs)) - int64(coefs)/2, Scale: uint8(scale)}
			q.Aligned[i] = v.Aligned()
			if q.Aligned[i] == number.Unaligned {
				q.Aligned[i] = 0
			}
			v = number.OfAligned(q.Aligned[i], q.Like)
			den := g.Int64N(int64(sides))
			if g.IntN(20) == 0 {
				den = -den
			}
			// The numerator is that of a ratio near the figure, or half a unit from it.
			x := big.NewRat(v.Coef, 1)
			if g.IntN(4) == 0 {
				x.Add(x, big.NewRat(2*g.Int64N(2)-1, 2))
			}
			x.Mul(x, number.Pow10(-scale).Big())
			x.Mul(x, big.NewRat(den, int64(q.Factor)))
			num := new(big.Int).Quo(x.Num(), x.Denom()).Int64() + g.Int64N(3) - 1
			switch g.IntN(200) {
			case 0:
				num = g.Int64N(1<<62) - 1<<61
			case 1:
				den = 0
			case 2:
				// 2^64 and nothing, where the factor has four twos.
				num += 1 << 60
			case 3:
				// So is what the coefficient has more times this.
				num, den = 0, 1<<38
				more := number.Number{Coef: 1 << 26, Scale: uint8(max(0, min(6, d)))}
				q.Aligned[i] = more.Aligned()
			}
			q.Num[i], q.Den[i] = num, den
		}
		agreed, decided := q.Agree(m)
		if (agreed|decided)>>(q.N-1)>>1 != 0 {
			t.Fatalf("%+v of %d: %b agree, of %b", q, q.N, agreed, decided)
		}
		for i := range q.N {
			agree, ok := false, false
			if q.Den[i] != 0 {
				agree, ok = number.AgreeRatio(q.Num[i], q.Den[i], q.Factor, number.OfAligned(q.Aligned[i], q.Like), m)
			}
			if got, told := agreed>>i&1 == 1, decided>>i&1 == 1; told != ok || got && !ok || ok && got != agree {
				t.Fatalf("%d·%d/%d against %+v (%s): together %t %t, alone %t %t", q.Factor, q.Num[i], q.Den[i], number.OfAligned(q.Aligned[i], q.Like), m, got, told, agree, ok)
			}
			if all++; agree {
				together++
			}
		}
	}
	if together < all/5 {
		t.Errorf("%d of %d agree", together, all)
	}
}
