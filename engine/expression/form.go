package expression

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
)

// This file turns the two sides of a comparison into forms over figures as unknowns. A figure is its cell, however
// often it occurs; counts, scores and literals are constants.

// poly is a sum of products of figures, no figure twice in one product.
type poly struct {
	constant *big.Rat
	// linear holds the coefficients of single figures, none of them zero.
	linear map[int]*big.Rat
	// products hold two figures or more, equal ones collected.
	products []product
}

type product struct {
	cells []int // sorted
	coef  *big.Rat
}

func constantPoly(v *big.Rat) poly { return poly{constant: v, linear: map[int]*big.Rat{}} }

func figurePoly(cell int) poly {
	return poly{constant: new(big.Rat), linear: map[int]*big.Rat{cell: big.NewRat(1, 1)}}
}

func (p *poly) isConstant() bool { return len(p.linear) == 0 && len(p.products) == 0 }
func (p *poly) isLinear() bool   { return len(p.products) == 0 }

// has reports whether a figure occurs.
func (p *poly) has(cell int) bool {
	if p.linear[cell] != nil {
		return true
	}
	return slices.ContainsFunc(p.products, func(q product) bool { return slices.Contains(q.cells, cell) })
}

// plus is p + k·q.
func (p *poly) plus(q *poly, k *big.Rat) poly {
	sum := poly{constant: new(big.Rat).Mul(q.constant, k), linear: maps.Clone(p.linear), products: slices.Clone(p.products)}
	sum.constant.Add(sum.constant, p.constant)
	for cell, c := range q.linear {
		v := new(big.Rat).Mul(c, k)
		if have := sum.linear[cell]; have != nil {
			v.Add(v, have)
		}
		if v.Sign() == 0 {
			delete(sum.linear, cell)
		} else {
			sum.linear[cell] = v
		}
	}
	for _, t := range q.products {
		sum.addProduct(t.cells, new(big.Rat).Mul(t.coef, k))
	}
	return sum
}

func (p *poly) addProduct(cells []int, coef *big.Rat) {
	i := slices.IndexFunc(p.products, func(t product) bool { return slices.Equal(t.cells, cells) })
	switch {
	case i < 0 && coef.Sign() != 0:
		p.products = append(p.products, product{cells, coef})
	case i >= 0:
		if coef = new(big.Rat).Add(coef, p.products[i].coef); coef.Sign() == 0 {
			p.products = slices.Delete(p.products, i, i+1)
		} else {
			p.products[i] = product{cells, coef}
		}
	}
}

func (p *poly) times(k *big.Rat) poly {
	zero := constantPoly(new(big.Rat))
	return zero.plus(p, k)
}

// multiplied is p·q; ok is false when a figure would stand twice in one product.
func (p *poly) multiplied(q *poly) (r poly, ok bool) {
	r = constantPoly(new(big.Rat))
	for _, a := range p.terms() {
		for _, b := range q.terms() {
			coef := new(big.Rat).Mul(a.coef, b.coef)
			cells := slices.Sorted(slices.Values(slices.Concat(a.cells, b.cells)))
			for i := 1; i < len(cells); i++ {
				if cells[i] == cells[i-1] {
					return r, false
				}
			}
			switch len(cells) {
			case 0:
				r.constant.Add(r.constant, coef)
			case 1:
				one := poly{constant: new(big.Rat), linear: map[int]*big.Rat{cells[0]: coef}}
				r = r.plus(&one, big.NewRat(1, 1))
			default:
				r.addProduct(cells, coef)
			}
		}
	}
	return r, true
}

// terms lists the parts of p in a fixed order.
func (p *poly) terms() []product {
	var ts []product
	if p.constant.Sign() != 0 {
		ts = append(ts, product{nil, p.constant})
	}
	for _, cell := range p.cells() {
		ts = append(ts, product{[]int{cell}, p.linear[cell]})
	}
	return append(ts, p.products...)
}

// cells lists the figures that stand alone, in order.
func (p *poly) cells() []int { return slices.Sorted(maps.Keys(p.linear)) }

// form is one side of a comparison: num, or num/den, or a tree of least, greatest and absolute values.
type form struct {
	num  poly
	den  *poly
	mono *mono
}

// mono is a tree of linear polys under sums and least or greatest values: monotone when no figure pulls both ways.
type mono struct {
	op    op // opLiteral for leaf, else opAdd, opMin, opMax, opAbs, opNeg
	leaf  poly
	parts []*mono
}

// refusal says that a comparison is none of the forms that can be decided, and which part of it is to blame.
type refusal struct {
	node *node
	code diag.Code
}

func (r *refusal) at(n *node) *refusal {
	if r.node == nil {
		r.node = n
	}
	return r
}

var unit = big.NewRat(1, 1)

// form is the side as a form. It is nil without a refusal when a figure or denominator keeps it unknown.
func (x *exact) form(n *node) (*form, *refusal) {
	constant := func() (*form, *refusal) {
		v, ok := x.number(n)
		if !ok {
			return nil, nil
		}
		return &form{num: constantPoly(v)}, nil
	}
	switch n.op {
	case opLiteral, opCount, opLen, opDecimals, opDays:
		return constant()
	case opField:
		cell := x.cell(n)
		v, ok := x.figure(cell)
		if !ok {
			return nil, nil
		}
		if x.point(cell) {
			return &form{num: constantPoly(v)}, nil
		}
		return &form{num: figurePoly(cell)}, nil
	case opConvert:
		power, ok := x.conversion(n)
		f, refused := x.form(n.args[0])
		if !ok || f == nil {
			return nil, refused
		}
		return scaleForm(f, number.Pow10(power)), nil
	case opNeg:
		f, refused := x.form(n.args[0])
		if f == nil {
			return nil, refused
		}
		return scaleForm(f, big.NewRat(-1, 1)), nil
	case opAdd:
		return x.formSum(n)
	case opMul:
		return x.formProduct(n)
	case opDiv:
		return x.formQuotient(n)
	case opIf:
		chosen, ok := x.branch(n)
		if !ok {
			return nil, nil
		}
		return x.form(chosen)
	case opCoalesce:
		return x.form(x.coalesce(n))
	case opSum, opLeast, opGreatest:
		return x.formFold(n)
	case opMin, opMax, opAbs:
		return x.formExtreme(n, n.args)
	case opRound, opFloor, opCeil:
		f, refused := x.form(n.args[0])
		if f == nil {
			return nil, refused
		}
		if f.mono == nil && f.den == nil && f.num.isConstant() {
			return &form{num: constantPoly(monadic(n, f.num.constant))}, nil
		}
		return nil, &refusal{n, diag.NotMonotone}
	}
	return nil, &refusal{n, diag.NotMonotone}
}

func scaleForm(f *form, k *big.Rat) *form {
	if f.mono != nil {
		return &form{mono: f.mono.times(k)}
	}
	return &form{num: f.num.times(k), den: f.den}
}

// times is k·m, with k brought down to the leaves.
func (m *mono) times(k *big.Rat) *mono {
	switch {
	case m.op == opLiteral:
		return &mono{op: opLiteral, leaf: m.leaf.times(k)}
	case m.op == opAbs && k.Sign() < 0:
		return &mono{op: opNeg, parts: []*mono{m.times(new(big.Rat).Neg(k))}}
	case m.op == opNeg && k.Sign() < 0:
		return m.parts[0].times(new(big.Rat).Neg(k))
	}
	c := &mono{op: m.op}
	if k.Sign() < 0 {
		c.op = map[op]op{opMin: opMax, opMax: opMin, opAdd: opAdd}[m.op]
	}
	for _, p := range m.parts {
		c.parts = append(c.parts, p.times(k))
	}
	return c
}

// addForms is a + k·b.
func addForms(a, b *form, k *big.Rat) (*form, *refusal) {
	switch {
	case a.mono != nil || b.mono != nil:
		ma, mb := a.asMono(), scaleForm(b, k).asMono()
		if ma == nil || mb == nil {
			return nil, &refusal{code: diag.NotMonotone}
		}
		return &form{mono: &mono{op: opAdd, parts: []*mono{ma, mb}}}, nil
	case a.den == nil && b.den == nil:
		return &form{num: a.num.plus(&b.num, k)}, nil
	case a.den != nil && b.den == nil && b.num.isConstant():
		return &form{num: a.num.plus(a.den, new(big.Rat).Mul(b.num.constant, k)), den: a.den}, nil
	case b.den != nil && a.den == nil && a.num.isConstant():
		scaled := b.num.times(k)
		return &form{num: scaled.plus(b.den, a.num.constant), den: b.den}, nil
	}
	return nil, &refusal{code: diag.NotRatio}
}

// asMono is a linear form as a leaf, nil when the form is none.
func (f *form) asMono() *mono {
	switch {
	case f.mono != nil:
		return f.mono
	case f.den == nil && f.num.isLinear():
		return &mono{op: opLiteral, leaf: f.num}
	}
	return nil
}

func (x *exact) formSum(n *node) (*form, *refusal) {
	total := &form{num: constantPoly(new(big.Rat))}
	known := true
	for i, a := range n.args {
		f, refused := x.form(a)
		if refused != nil {
			return nil, refused
		}
		if f == nil {
			known = false
			continue
		}
		k := unit
		if n.neg[i] {
			k = big.NewRat(-1, 1)
		}
		if total, refused = addForms(total, f, k); refused != nil {
			return nil, refused.at(n)
		}
	}
	if !known {
		return nil, nil
	}
	return total, nil
}

func (x *exact) formProduct(n *node) (*form, *refusal) {
	a, refused := x.form(n.args[0])
	if refused != nil {
		return nil, refused
	}
	b, refused := x.form(n.args[1])
	if a == nil || b == nil {
		return nil, refused
	}
	if a.mono == nil && a.den == nil && a.num.isConstant() {
		a, b = b, a
	}
	if b.mono == nil && b.den == nil && b.num.isConstant() {
		return scaleForm(a, b.num.constant), nil
	}
	if a.mono != nil || b.mono != nil {
		return nil, &refusal{n, diag.NotMonotone}
	}
	if a.den != nil || b.den != nil {
		return nil, &refusal{n, diag.NotRatio}
	}
	p, ok := a.num.multiplied(&b.num)
	if !ok {
		return nil, &refusal{n, diag.NotMultilinear}
	}
	return &form{num: p}, nil
}

func (x *exact) formQuotient(n *node) (*form, *refusal) {
	a, refused := x.form(n.args[0])
	if refused != nil {
		return nil, refused
	}
	b, refused := x.form(n.args[1])
	if a == nil || b == nil {
		return nil, refused
	}
	if b.mono != nil || b.den != nil {
		return nil, &refusal{n, diag.NotRatio}
	}
	if b.num.isConstant() {
		if b.num.constant.Sign() == 0 {
			x.problem(CauseZeroDenominator, -1, -1)
			return nil, nil
		}
		return scaleForm(a, new(big.Rat).Inv(b.num.constant)), nil
	}
	if a.mono != nil || a.den != nil || !a.num.isLinear() || !b.num.isLinear() {
		return nil, &refusal{n, diag.NotRatio}
	}
	return &form{num: a.num, den: &b.num}, nil
}

func (x *exact) formFold(n *node) (*form, *refusal) {
	var forms []*form
	var refused *refusal
	known := true
	walked := x.walk(n.stream, func() {
		f, r := x.form(n.args[0])
		if refused == nil {
			refused = r
		}
		if f == nil {
			known = false
		}
		forms = append(forms, f)
	})
	if refused != nil || !known || !walked {
		return nil, refused
	}
	if n.op != opSum {
		if len(forms) == 0 {
			x.problem(CauseEmptyList, -1, x.rows(n.stream.rows))
			return nil, nil
		}
		return extremeForm(n, forms)
	}
	// Neighbours are added first: a sum that grows with each row would be copied as often as there are rows.
	for len(forms) > 1 {
		for i := 0; i < len(forms); i += 2 {
			sum := forms[i]
			if i+1 < len(forms) {
				if sum, refused = addForms(sum, forms[i+1], unit); refused != nil {
					return nil, refused.at(n)
				}
			}
			forms[i/2] = sum
		}
		forms = forms[:(len(forms)+1)/2]
	}
	if len(forms) == 0 {
		return &form{num: constantPoly(new(big.Rat))}, nil
	}
	return forms[0], nil
}

func (x *exact) formExtreme(n *node, args []*node) (*form, *refusal) {
	var forms []*form
	known := true
	for _, a := range args {
		f, refused := x.form(a)
		if refused != nil {
			return nil, refused
		}
		known = known && f != nil
		forms = append(forms, f)
	}
	if !known {
		return nil, nil
	}
	return extremeForm(n, forms)
}

func extremeForm(n *node, forms []*form) (*form, *refusal) {
	m := &mono{op: map[op]op{opMin: opMin, opLeast: opMin, opMax: opMax, opGreatest: opMax, opAbs: opAbs}[n.op]}
	constant := true
	var best *big.Rat
	for _, f := range forms {
		part := f.asMono()
		if part == nil {
			return nil, &refusal{n, diag.NotMonotone}
		}
		m.parts = append(m.parts, part)
		if constant = constant && part.op == opLiteral && part.leaf.isConstant(); constant {
			best = extreme(m.op == opMax, best, part.leaf.constant)
		}
	}
	if constant {
		if m.op == opAbs {
			best = new(big.Rat).Abs(best)
		}
		return &form{num: constantPoly(best)}, nil
	}
	return &form{mono: m}, nil
}

// directions notes for each figure whether the tree grows (1) or falls (2) with it, or both.
func (m *mono) directions(falling bool, into map[int]int) {
	switch m.op {
	case opLiteral:
		for cell, c := range m.leaf.linear {
			bit := 1
			if (c.Sign() < 0) != falling {
				bit = 2
			}
			into[cell] |= bit
		}
		return
	case opNeg:
		falling = !falling
	}
	for _, p := range m.parts {
		p.directions(falling, into)
		if m.op == opAbs {
			p.directions(!falling, into)
		}
	}
}

// dual is a value and how it moves when every open end is left by a little; compared in this order.
type dual struct{ value, slope *big.Rat }

func (a dual) cmp(b dual) int {
	return cmp.Or(a.value.Cmp(b.value), a.slope.Cmp(b.slope))
}

func (m *mono) eval(at func(cell int) dual) dual {
	if m.op == opLiteral {
		total := dual{new(big.Rat).Set(m.leaf.constant), new(big.Rat)}
		for cell, c := range m.leaf.linear {
			v := at(cell)
			total.value.Add(total.value, new(big.Rat).Mul(c, v.value))
			total.slope.Add(total.slope, new(big.Rat).Mul(c, v.slope))
		}
		return total
	}
	var total dual
	for i, p := range m.parts {
		v := p.eval(at)
		switch {
		case i == 0:
			total = v
		case m.op == opAdd:
			total = dual{new(big.Rat).Add(total.value, v.value), new(big.Rat).Add(total.slope, v.slope)}
		case (v.cmp(total) > 0) == (m.op == opMax):
			total = v
		}
	}
	negative := m.op == opAbs && total.cmp(dual{new(big.Rat), new(big.Rat)}) < 0
	if m.op == opNeg || negative {
		total = dual{new(big.Rat).Neg(total.value), new(big.Rat).Neg(total.slope)}
	}
	return total
}
