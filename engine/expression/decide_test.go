package expression

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/number"
)

// TestQuotientSpan: the range of a quotient ends where num − λ·den has no more than zero, and with unbounded quotients it
// says so. The figures are of very different sizes, so that the steps have far to go.
func TestQuotientSpan(t *testing.T) {
	const figures = 20
	schema, data := "fields:\n", ""
	r := rand.New(rand.NewPCG(5, 6))
	for i := range figures {
		schema += fmt.Sprintf("  f%d: {type: amount, decimals: own}\n", i)
		data += fmt.Sprintf("f%d: %s%d.%0*d\n", i, []string{"", "-"}[r.IntN(2)], r.Int64N(1<<r.IntN(50)), 1+r.IntN(6), 0)
	}
	bounded, unbounded := 0, 0
	for _, mode := range []string{"half-up", "nearest", "truncate"} {
		b := newBench(t, []byte(schema), []byte("rounding: "+mode+"\n"+data))
		x := exact{Env: b.env}
		random := func() poly {
			p := constantPoly(number.NewRat(r.Int64N(2000)-1000, 1+r.Int64N(9)))
			for range 1 + r.IntN(figures) {
				p.addLinear(r.IntN(figures), number.NewRat(r.Int64N(1<<r.IntN(40))-1<<20, 1+r.Int64N(1000)))
			}
			return p
		}
		for range 250 {
			num, den := random(), random()
			s := x.linearSpan(&den)
			if r.IntN(3) == 0 {
				// The denominator comes as close to zero as one likes.
				den.constant = den.constant.Sub(s.inf)
				s = x.linearSpan(&den)
			}
			if s.below() && s.above() {
				continue
			}
			if s.below() {
				den = den.times(minusOne)
				s = x.linearSpan(&den)
			}
			q := x.quotientSpan(num, den)
			for _, end := range []struct {
				name     string
				value    number.Rat
				in, none bool
				sign     number.Rat
			}{{"greatest", q.sup, q.supIn, q.noSup, plusOne}, {"least", q.inf, q.infIn, q.noInf, minusOne}} {
				signed := num.times(end.sign)
				if end.none {
					unbounded++
					if s.inf.Sign() != 0 || x.linearSpan(&signed).sup.Sign() <= 0 {
						t.Fatalf("%s: no %s, though the denominator is %s at least", mode, end.name, s.inf)
					}
					continue
				}
				bounded++
				rest := signed.plus(&den, end.value.Mul(end.sign).Neg())
				if g := x.linearSpan(&rest); g.sup.Sign() != 0 || g.supIn != end.in {
					t.Fatalf("%s: %s %s %t, and beyond it %s %t", mode, end.name, end.value, end.in, g.sup, g.supIn)
				}
			}
		}
	}
	if bounded < 300 || unbounded < 30 {
		t.Errorf("%d ends with a bound, %d without", bounded, unbounded)
	}
}

// Sums that no number holds are exact all the same.
func TestSumsBeyondNumbers(t *testing.T) {
	const most = "92233720368547758.07"
	b := newBench(t, read(t, "schema.yaml"), []byte("a: "+most+"\nb: -"+most+"\nc: 1.00\npartial: ["+strings.Repeat("{x: "+most+"}, ", 5)+"{x: 0.01}]\n"))
	for expression, want := range map[string]string{
		"sum(partial, .x)":         "461168601842738790.36",
		"a + c":                    "92233720368547759.07",
		"b - a - a + c - 0.0001":   "-276701161105643273.2101",
		"sum(partial, .x) - a * 5": "0.01",
	} {
		if got := b.outcome(t, expression); got != want {
			t.Errorf("%s is %s, want %s", expression, got, want)
		}
	}
}
