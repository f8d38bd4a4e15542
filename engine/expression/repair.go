package expression

import "github.com/gouji/gouji/engine/number"

// Repair is a value of one figure that may settle a check that fails.
type Repair struct {
	Cell  int
	Value number.Rat
}

// Repairs proposes, for each figure of the comparisons that do not hold, the values that would make them hold. They
// are proposals: what they do to the check as a whole, and to other rules, is for the caller to try.
func (c *Check) Repairs(e *Env) []Repair {
	x := exact{Env: e, zero: c.zero}
	var all []Repair
	var visit func(n *node)
	visit = func(n *node) {
		switch {
		case n.op == opAnd || n.op == opOr:
			for _, a := range n.args {
				visit(a)
			}
		case n.op == opAll || n.op == opAny:
			x.walk(n.stream, func() { visit(n.args[0]) })
		case n.op == opIf && x.truth(n.args[0]) == yes:
			visit(n.args[1])
		case n.op == opIf:
			visit(n.args[2])
		case n.op == opSame || n.op >= opEq && n.op <= opGe && n.args[0].kind == kindNumber:
			all = append(all, c.repairs(e, n)...)
		}
	}
	visit(c.node)
	return all
}

// repairs are those of one comparison.
func (c *Check) repairs(e *Env, n *node) []Repair {
	x := exact{Env: e, zero: c.zero}
	if x.truth(n) != no {
		return nil
	}
	var all []Repair
	slopes, now := x.slopes(n)
	for _, cell := range x.touched {
		if !x.fact(cell).Field.Type.Numeric() || x.cells[cell].Has(number.Missing|number.Overflow) {
			continue
		}
		d := x.decimals(cell)
		if d == number.Exact {
			d = 0
		}
		propose := func(root number.Rat) {
			all = append(all, Repair{cell, root.Round(d, roundingOf(x.mode))})
		}
		if k := slopes.coef(cell); k.Sign() != 0 {
			propose(e.cells[cell].Rat().Sub(now.Quo(k)))
			continue
		}
		for i := 1; i < len(n.args); i++ {
			if root, ok := c.root(e, n.args[0], n.args[i], cell); ok {
				propose(root)
			}
		}
	}
	return all
}

// slopes are, for a comparison of sums or of a figure with a quotient of sums, how much the difference between its sides
// grows with each figure, and that difference, both times the denominator; none for others.
func (x *exact) slopes(n *node) (slopes poly, now number.Rat) {
	if n.op == opSame {
		return slopes, now
	}
	a, b := n.args[0], n.args[1]
	if b.figure() && !a.figure() {
		a, b = b, a
	}
	quotient := a.figure() && b.quotientWithout(a) && !b.selective()
	if !quotient && (!a.linear() || !b.linear() || a.selective() || b.selective()) {
		return slopes, now
	}
	left, _ := x.form(a)
	right, _ := x.form(b)
	if left == nil || right == nil {
		return slopes, now
	}
	if right.den == nil {
		left.num.add(&right.num, minusOne)
		return left.num, x.printed(&left.num)
	}
	// p = N ÷ D where N − p·D = 0
	slopes = right.num.plus(right.den, x.printed(&left.num).Neg())
	now = x.printed(&slopes)
	slopes.add(&left.num, x.printed(right.den).Neg())
	return slopes, now
}

// selective reports whether the values of figures choose which ones count.
func (n *node) selective() bool {
	found := false
	n.visit(func(m *node) { found = found || m.stream != nil && (m.op != opSum || len(m.stream.filters) > 0) })
	return found
}

// root is the value of one figure for which two sides are equal. Their difference is, in any one figure, a quotient
// (αs + β) ÷ (γs + 1) of the change s; three values of it give its coefficients. Where it is none, as with abs, the
// root is none either, and trying it will tell.
func (c *Check) root(e *Env, left, right *node, cell int) (root number.Rat, ok bool) {
	now := e.cells[cell].Rat()
	var f [3]number.Rat
	for s := range f {
		x := exact{Env: e, zero: c.zero, tried: &Repair{cell, now.Add(number.NewRat(int64(s), 1))}}
		a, oka := x.number(left)
		b, okb := x.number(right)
		if !oka || !okb {
			return root, false
		}
		f[s] = a.Sub(b)
	}
	step := f[1].Sub(f[2])
	if step.Sign() == 0 {
		return root, false
	}
	// γ = (f₂ − 2f₁ + f₀) ÷ 2(f₁ − f₂), α = f₁(γ + 1) − f₀, s = −f₀ ÷ α
	gamma := f[0].Sub(f[1]).Sub(step).Quo(step.Add(step))
	alpha := gamma.Add(plusOne).Mul(f[1]).Sub(f[0])
	if alpha.Sign() == 0 {
		return root, false
	}
	return now.Sub(f[0].Quo(alpha)), true
}
