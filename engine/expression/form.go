package expression

import (
	"cmp"
	"slices"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
)

// This file turns the two sides of a comparison into forms over figures as unknowns. A figure is its cell, however
// often it occurs; counts, scores and literals are constants.

// poly is a sum of products of figures, no figure twice in one product.
type poly struct {
	constant number.Rat
	// linear are the figures that stand alone, in order, each once.
	linear []summand
	// products hold two figures or more, in order, equal ones collected.
	products []product
}

// summand is a figure with a coefficient that is not zero.
type summand struct {
	cell int
	coef number.Rat
}

type product struct {
	cells []int // sorted
	coef  number.Rat
}

var (
	plusOne  = number.NewRat(1, 1)
	minusOne = number.NewRat(-1, 1)
)

func constantPoly(v number.Rat) poly { return poly{constant: v} }

func (p *poly) isConstant() bool { return len(p.linear) == 0 && len(p.products) == 0 }
func (p *poly) isLinear() bool   { return len(p.products) == 0 }

// find is where a figure stands alone, or would stand.
func (p *poly) find(cell int) (at int, ok bool) {
	if n := len(p.linear); n == 0 || p.linear[n-1].cell < cell {
		return n, false
	}
	return slices.BinarySearchFunc(p.linear, cell, func(t summand, cell int) int { return t.cell - cell })
}

// coef is the coefficient of a figure that stands alone, 0 where it does not.
func (p *poly) coef(cell int) number.Rat {
	i, ok := p.find(cell)
	if !ok {
		return number.Rat{}
	}
	return p.linear[i].coef
}

// has reports whether a figure occurs.
func (p *poly) has(cell int) bool {
	coef := p.coef(cell)
	return coef.Sign() != 0 || slices.ContainsFunc(p.products, func(q product) bool { return slices.Contains(q.cells, cell) })
}

// clone is a poly of the same terms, to which others can be added.
func (p *poly) clone() poly {
	return poly{p.constant, slices.Clone(p.linear), slices.Clone(p.products)}
}

// plus is p + k·q.
func (p *poly) plus(q *poly, k number.Rat) poly {
	sum := p.clone()
	sum.add(q, k)
	return sum
}

// add makes p + k·q of p, whose terms no other poly holds. Terms are mostly met in order, and then put behind the others.
func (p *poly) add(q *poly, k number.Rat) {
	if k.Sign() == 0 {
		return
	}
	p.constant = p.constant.Add(q.constant.Mul(k))
	from := 0
	if len(q.linear) > 0 {
		from, _ = p.find(q.linear[0].cell)
	}
	p.linear = slices.Grow(p.linear, len(q.linear))
	// What stands behind the first new term is merged with the new ones.
	var behind []summand
	if from < len(p.linear) {
		behind = slices.Clone(p.linear[from:])
		p.linear = p.linear[:from]
	}
	for _, t := range q.linear {
		for len(behind) > 0 && behind[0].cell < t.cell {
			p.linear, behind = append(p.linear, behind[0]), behind[1:]
		}
		c := t.coef.Mul(k)
		if len(behind) > 0 && behind[0].cell == t.cell {
			c, behind = c.Add(behind[0].coef), behind[1:]
		}
		if c.Sign() != 0 {
			p.linear = append(p.linear, summand{t.cell, c})
		}
	}
	p.linear = append(p.linear, behind...)
	for _, t := range q.products {
		p.addProduct(t.cells, t.coef.Mul(k))
	}
}

// addLinear adds a figure that stands alone.
func (p *poly) addLinear(cell int, coef number.Rat) {
	if coef.Sign() == 0 {
		return
	}
	i, ok := p.find(cell)
	if !ok {
		p.linear = slices.Insert(p.linear, i, summand{cell, coef})
		return
	}
	c := &p.linear[i].coef
	if *c = c.Add(coef); c.Sign() == 0 {
		p.linear = slices.Delete(p.linear, i, i+1)
	}
}

func (p *poly) addProduct(cells []int, coef number.Rat) {
	i, ok := slices.BinarySearchFunc(p.products, cells, func(t product, cells []int) int { return slices.Compare(t.cells, cells) })
	if ok {
		coef = coef.Add(p.products[i].coef)
	}
	switch {
	case coef.Sign() == 0 && ok:
		p.products = slices.Delete(p.products, i, i+1)
	case coef.Sign() == 0:
	case ok:
		p.products[i].coef = coef
	default:
		p.products = slices.Insert(p.products, i, product{cells, coef})
	}
}

func (p *poly) times(k number.Rat) poly {
	var none poly
	return none.plus(p, k)
}

// multiplied is p·q; ok is false when a figure would stand twice in one product.
func (p *poly) multiplied(q *poly) (r poly, ok bool) {
	for _, a := range p.terms() {
		for _, b := range q.terms() {
			coef := a.coef.Mul(b.coef)
			cells := slices.Sorted(slices.Values(slices.Concat(a.cells, b.cells)))
			for i := 1; i < len(cells); i++ {
				if cells[i] == cells[i-1] {
					return r, false
				}
			}
			r.addTerm(cells, coef)
		}
	}
	return r, true
}

// addTerm adds a product of any number of figures.
func (p *poly) addTerm(cells []int, coef number.Rat) {
	switch len(cells) {
	case 0:
		p.constant = p.constant.Add(coef)
	case 1:
		p.addLinear(cells[0], coef)
	default:
		p.addProduct(cells, coef)
	}
}

// terms lists the parts of p.
func (p *poly) terms() []product {
	var ts []product
	if p.constant.Sign() != 0 {
		ts = append(ts, product{nil, p.constant})
	}
	for _, t := range p.linear {
		ts = append(ts, product{[]int{t.cell}, t.coef})
	}
	return append(ts, p.products...)
}

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
		f := &form{}
		if !x.addFigure(&f.num, x.cell(n), plusOne) {
			return nil, nil
		}
		return f, nil
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
		return scaleForm(f, minusOne), nil
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

func scaleForm(f *form, k number.Rat) *form {
	if f.mono != nil {
		return &form{mono: f.mono.times(k)}
	}
	return &form{num: f.num.times(k), den: f.den}
}

// times is k·m, with k brought down to the leaves.
func (m *mono) times(k number.Rat) *mono {
	switch {
	case m.op == opLiteral:
		return &mono{op: opLiteral, leaf: m.leaf.times(k)}
	case m.op == opAbs && k.Sign() < 0:
		return &mono{op: opNeg, parts: []*mono{m.times(k.Neg())}}
	case m.op == opNeg && k.Sign() < 0:
		return m.parts[0].times(k.Neg())
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

// addForms is a + k·b. It may be made of a, which is not to be used any more.
func addForms(a, b *form, k number.Rat) (*form, *refusal) {
	switch {
	case a.mono != nil || b.mono != nil:
		ma, mb := a.asMono(), scaleForm(b, k).asMono()
		if ma == nil || mb == nil {
			return nil, &refusal{code: diag.NotMonotone}
		}
		return &form{mono: &mono{op: opAdd, parts: []*mono{ma, mb}}}, nil
	case a.den == nil && b.den == nil:
		a.num.add(&b.num, k)
		return a, nil
	case a.den != nil && b.den == nil && b.num.isConstant():
		return &form{num: a.num.plus(a.den, b.num.constant.Mul(k)), den: a.den}, nil
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
	total := &form{}
	known := true
	for i, a := range n.args {
		k := plusOne
		if n.neg[i] {
			k = minusOne
		}
		if a.op == opField && total.mono == nil && total.den == nil {
			// As most are. It needs no form of its own.
			known = x.addFigure(&total.num, x.cell(a), k) && known
			continue
		}
		f, refused := x.form(a)
		if refused != nil {
			return nil, refused
		}
		if f == nil {
			known = false
			continue
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

// addFigure adds k times a figure; false when it is unknown.
func (x *exact) addFigure(p *poly, cell int, k number.Rat) bool {
	v, ok := x.figure(cell)
	if x.point(cell) {
		p.constant = p.constant.Add(v.Mul(k))
	} else {
		p.addLinear(cell, k)
	}
	return ok
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
		return scaleForm(a, b.num.constant.Inv()), nil
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
				if sum, refused = addForms(sum, forms[i+1], plusOne); refused != nil {
					return nil, refused.at(n)
				}
			}
			forms[i/2] = sum
		}
		forms = forms[:(len(forms)+1)/2]
	}
	if len(forms) == 0 {
		return &form{}, nil
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
	constant, best := true, extreme{greatest: m.op == opMax}
	for _, f := range forms {
		part := f.asMono()
		if part == nil {
			return nil, &refusal{n, diag.NotMonotone}
		}
		m.parts = append(m.parts, part)
		if constant = constant && part.op == opLiteral && part.leaf.isConstant(); constant {
			best.take(part.leaf.constant)
		}
	}
	switch {
	case !constant:
		return &form{mono: m}, nil
	case m.op == opAbs:
		best.value = best.value.Abs()
	}
	return &form{num: constantPoly(best.value)}, nil
}

// directions notes for each figure whether the tree grows (1) or falls (2) with it, or both.
func (m *mono) directions(falling bool, into map[int]int) {
	switch m.op {
	case opLiteral:
		for _, t := range m.leaf.linear {
			bit := 1
			if (t.coef.Sign() < 0) != falling {
				bit = 2
			}
			into[t.cell] |= bit
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
type dual struct{ value, slope number.Rat }

func (a dual) cmp(b dual) int { return cmp.Or(a.value.Cmp(b.value), a.slope.Cmp(b.slope)) }

// plus is a + k·b.
func (a dual) plus(b dual, k number.Rat) dual {
	return dual{a.value.Add(b.value.Mul(k)), a.slope.Add(b.slope.Mul(k))}
}

func (m *mono) eval(at func(cell int) dual) dual {
	if m.op == opLiteral {
		total := dual{value: m.leaf.constant}
		for _, t := range m.leaf.linear {
			total = total.plus(at(t.cell), t.coef)
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
			total = total.plus(v, plusOne)
		case (v.cmp(total) > 0) == (m.op == opMax):
			total = v
		}
	}
	if m.op == opNeg || m.op == opAbs && total.cmp(dual{}) < 0 {
		return dual{}.plus(total, minusOne)
	}
	return total
}
