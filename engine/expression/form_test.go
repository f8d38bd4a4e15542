package expression

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/number"
)

// TestPoly: sums and products of polys come to those of what they come to, whatever the figures; and their terms stand in
// order, each once.
func TestPoly(t *testing.T) {
	const figures = 6
	r := rand.New(rand.NewPCG(1, 2))
	few := func() number.Rat { return number.NewRat(r.Int64N(5)-2, 1+r.Int64N(2)) }
	random := func(from, to, terms int) poly {
		p := constantPoly(few())
		for range r.IntN(terms) {
			var cells []int
			for c := from; c < to; c++ {
				if r.IntN(to-from) == 0 {
					cells = append(cells, c)
				}
			}
			p.addTerm(cells, few())
		}
		return p
	}
	var at [figures]number.Rat
	value := func(p *poly) number.Rat {
		var v number.Rat
		for _, term := range p.terms() {
			k := term.coef
			for _, c := range term.cells {
				k = k.Mul(at[c])
			}
			v = v.Add(k)
		}
		return v
	}
	check := func(name string, p *poly, want number.Rat) {
		t.Helper()
		if got := value(p); got.Cmp(want) != 0 {
			t.Fatalf("%s comes to %s, want %s", name, got, want)
		}
		for i, term := range p.terms() {
			if term.coef.Sign() == 0 || i > 0 && len(p.terms()[i-1].cells) == len(term.cells) && slices.Compare(p.terms()[i-1].cells, term.cells) >= 0 {
				t.Fatalf("%s has %v", name, p.terms())
			}
		}
		for c := range figures {
			stands := slices.ContainsFunc(p.terms(), func(q product) bool { return slices.Contains(q.cells, c) })
			alone := slices.IndexFunc(p.terms(), func(q product) bool { return slices.Equal(q.cells, []int{c}) })
			coef := p.coef(c)
			if p.has(c) != stands || (alone >= 0) != (coef.Sign() != 0) || alone >= 0 && p.terms()[alone].coef.Cmp(coef) != 0 {
				t.Fatalf("%s: figure %d has the coefficient %s in %v", name, c, coef, p.terms())
			}
		}
	}
	multiplied := 0
	for range 5000 {
		for i := range at {
			at[i] = number.NewRat(r.Int64N(2000)-1000, 100)
		}
		p, q, k := random(0, figures, 8), random(0, figures, 8), few()
		vp, vq := value(&p), value(&q)
		check("a poly", &p, vp)
		sum := p.plus(&q, k)
		check("the sum", &sum, vp.Add(vq.Mul(k)))
		nothing := sum.plus(&sum, minusOne)
		if check("the difference to itself", &nothing, number.Rat{}); !nothing.isConstant() {
			t.Fatalf("what is taken off itself leaves %v", nothing.terms())
		}
		scaled := q.times(k)
		check("a multiple", &scaled, vq.Mul(k))
		check("the first afterwards", &p, vp)
		check("the second afterwards", &q, vq)
		apart := [2]poly{random(0, figures/2, 5), random(figures/2, figures, 5)}
		prod, ok := apart[0].multiplied(&apart[1])
		if !ok {
			t.Fatal("figures that are apart do not stand twice in a product")
		}
		check("the product", &prod, value(&apart[0]).Mul(value(&apart[1])))
		shared := slices.ContainsFunc(p.terms(), func(a product) bool {
			return slices.ContainsFunc(q.terms(), func(b product) bool {
				return slices.ContainsFunc(a.cells, func(c int) bool { return slices.Contains(b.cells, c) })
			})
		})
		prod, ok = p.multiplied(&q)
		if ok == shared {
			t.Fatalf("%v times %v is told: %t", p.terms(), q.terms(), ok)
		}
		if ok {
			multiplied++
			check("the product of any two", &prod, vp.Mul(vq))
		}
	}
	if multiplied < 100 {
		t.Errorf("only %d products of any two", multiplied)
	}
}

// Each figure of a long list is told once, in the order in which it is read.
func TestOperandsOfManyRows(t *testing.T) {
	b := newBench(t, read(t, "schema.yaml"), []byte("a: 1.00\npartial: ["+strings.Repeat("{x: 0.01}, ", 150)+"{x: 0.02}]\n"))
	check, list := b.names.NewScope().Check(scalar("a == sum(partial, .x) + sum(partial, .x)"), Tolerance{}, false)
	if len(list) > 0 {
		t.Fatal(list)
	}
	read := check.Judge(b.env).Operands
	rows := read[1:]
	if len(rows) != 151 || !slices.IsSorted(rows) || len(slices.Compact(slices.Clone(rows))) != 151 {
		t.Errorf("%d operands: %v", len(read), read)
	}
}
