package expression

import (
	"slices"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
)

// This file decides whether figures have true values, one each, that make a comparison true: step 2 of a verdict.

// maxFixed is how many figures of a multilinear comparison may be fixed at their ends.
const maxFixed = 12

// span is the range of a form over the true values of its figures; an end is in it when it is attained. Only ranges of
// quotients can be without bound: noInf and noSup say so.
type span struct {
	inf, sup     number.Rat
	infIn, supIn bool
	noInf, noSup bool
}

// point is the range of a constant.
func point(v number.Rat) span { return span{inf: v, sup: v, infIn: true, supIn: true} }

// plus is the range of the sum of two forms that share no figure.
func (s span) plus(t span) span {
	return span{
		s.inf.Add(t.inf), s.sup.Add(t.sup), s.infIn && t.infIn, s.supIn && t.supIn, s.noInf || t.noInf, s.noSup || t.noSup,
	}
}

// neg is the range of the opposite.
func (s span) neg() span {
	return span{s.sup.Neg(), s.inf.Neg(), s.supIn, s.infIn, s.noSup, s.noInf}
}

// below reports whether a value ≤ 0 is in the range, above a value ≥ 0.
func (s *span) below() bool { return s.inf.Sign() < 0 || s.inf.Sign() == 0 && s.infIn }
func (s *span) above() bool { return s.sup.Sign() > 0 || s.sup.Sign() == 0 && s.supIn }

// holds reports whether the comparison "form ⋈ 0" holds somewhere.
func (s *span) holds(o op) bool {
	switch o {
	case opLe:
		return s.below()
	case opGe:
		return s.above()
	}
	return s.below() && s.above()
}

// decision is the outcome of step 2. It is unknown when a cause is given.
type decision struct {
	possible bool
	cause    string
	// span is the range of left − right, nil when it is not computed.
	span *span
	// linear is what true values make of left − right when that is linear, else nil. A whole side's round is not in it.
	linear *poly
}

// decide examines a comparison ==, <= or >=. With examine it stops before the figures' values matter: only the
// refusal counts then.
func (x *exact) decide(n *node, examine bool) (decision, *refusal) {
	left, right := n.args[0], n.args[1]
	// figure == round(e, k): the rounding is that of printing.
	if n.op == opEq {
		if left.op == opRound && right.figure() {
			left = left.args[0]
		} else if right.op == opRound && left.figure() {
			right = right.args[0]
		}
	}
	if u, e, ok := absoluteBound(n); ok {
		return x.decideAbsolute(u, e, examine)
	}
	l, refused := x.form(left)
	if refused != nil {
		return decision{}, refused
	}
	r, refused := x.form(right)
	if l == nil || r == nil {
		return decision{cause: x.cause()}, refused
	}
	switch {
	case l.mono != nil || r.mono != nil:
		f, refused := addForms(l, r, minusOne)
		if refused != nil {
			return decision{}, refused.at(n)
		}
		return x.decideMono(n, f.mono, examine)
	case l.den == nil && r.den == nil:
		l.num.add(&r.num, minusOne)
		return x.decidePoly(n, &l.num, examine)
	case l.den != nil && r.den != nil:
		return decision{}, &refusal{n, diag.NotRatio}
	case l.den != nil:
		return x.decideRatio(n, n.op.mirrored(), &r.num, l, true, examine)
	}
	return x.decideRatio(n, n.op, &l.num, r, false, examine)
}

// mirrored is the comparison read from right to left.
func (o op) mirrored() op {
	switch o {
	case opLe:
		return opGe
	case opGe:
		return opLe
	}
	return o
}

// cause names what kept a value unknown.
func (x *exact) cause() string {
	if len(x.problems) == 0 {
		return CauseMissing
	}
	for _, p := range x.problems {
		if p.cause == CauseMissing {
			return CauseMissing
		}
	}
	return x.problems[0].cause
}

// linearSpan is the range of a linear form.
func (x *exact) linearSpan(p *poly) span {
	s := point(p.constant)
	for _, t := range p.linear {
		lo, hi := x.interval(t.cell)
		if t.coef.Sign() < 0 {
			lo, hi = hi, lo
		}
		s = s.plus(span{inf: t.coef.Mul(lo.Value), sup: t.coef.Mul(hi.Value), infIn: lo.Closed, supIn: hi.Closed})
	}
	return s
}

func (x *exact) decidePoly(n *node, f *poly, examine bool) (decision, *refusal) {
	if f.isLinear() {
		if examine {
			return decision{}, nil
		}
		s := x.linearSpan(f)
		return decision{possible: s.holds(n.op), span: &s, linear: f}, nil
	}
	parts := components(f)
	total := point(f.constant)
	for _, p := range parts {
		fixed := toFix(p)
		if len(fixed) > maxFixed {
			if !examine {
				return decision{cause: CauseTooManyProducts}, nil
			}
			return decision{}, &refusal{n, diag.TooManyProducts}
		}
		if !examine {
			total = total.plus(x.corners(p, fixed))
		}
	}
	if examine {
		return decision{}, nil
	}
	return decision{possible: total.holds(n.op), span: &total}, nil
}

// components splits a poly into parts that share no figure, without its constant.
func components(f *poly) []*poly {
	parent := map[int]int{}
	var find func(int) int
	find = func(c int) int {
		if p, ok := parent[c]; ok && p != c {
			parent[c] = find(p)
			return parent[c]
		}
		parent[c] = c
		return c
	}
	for _, t := range f.linear {
		find(t.cell)
	}
	for _, p := range f.products {
		for _, c := range p.cells[1:] {
			parent[find(c)] = find(p.cells[0])
		}
	}
	parts := map[int]*poly{}
	part := func(cell int) *poly {
		root := find(cell)
		if parts[root] == nil {
			parts[root] = &poly{}
		}
		return parts[root]
	}
	for _, t := range f.linear {
		p := part(t.cell)
		p.linear = append(p.linear, t)
	}
	for _, p := range f.products {
		q := part(p.cells[0])
		q.products = append(q.products, p)
	}
	var list []*poly
	for _, root := range sortedKeys(parts) {
		list = append(list, parts[root])
	}
	return list
}

// toFix chooses figures such that the part is linear in the rest: of each product at most one is left.
func toFix(p *poly) []int {
	var fixed []int
	for {
		count := map[int]int{}
		for _, t := range p.products {
			free := slices.DeleteFunc(slices.Clone(t.cells), func(c int) bool { return slices.Contains(fixed, c) })
			if len(free) < 2 {
				continue
			}
			for _, c := range free {
				count[c]++
			}
		}
		if len(count) == 0 {
			return fixed
		}
		best := -1
		for _, c := range sortedKeys(count) {
			if best < 0 || count[c] > count[best] {
				best = c
			}
		}
		fixed = append(fixed, best)
	}
}

// corner is the part with the fixed figures at one choice of ends: a linear rest.
type corner struct {
	rest     poly
	inf, sup number.Rat
}

// corners bounds a multilinear part: over all choices of ends of the fixed figures it is linear in the rest.
func (x *exact) corners(p *poly, fixed []int) span {
	lo, hi := make([]number.Bound, len(fixed)), make([]number.Bound, len(fixed))
	for i, c := range fixed {
		lo[i], hi[i] = x.interval(c)
	}
	list := make([]corner, 1<<len(fixed))
	var s span
	for choice := range list {
		var rest poly
		for _, t := range p.terms() {
			coef, left := t.coef, []int(nil)
			for _, cell := range t.cells {
				i := slices.Index(fixed, cell)
				switch {
				case i < 0:
					left = append(left, cell)
				case choice>>i&1 == 1:
					coef = coef.Mul(hi[i].Value)
				default:
					coef = coef.Mul(lo[i].Value)
				}
			}
			rest.addTerm(left, coef)
		}
		r := x.linearSpan(&rest)
		list[choice] = corner{rest, r.inf, r.sup}
		if choice == 0 || r.inf.Cmp(s.inf) < 0 {
			s.inf = r.inf
		}
		if choice == 0 || r.sup.Cmp(s.sup) > 0 {
			s.sup = r.sup
		}
	}
	s.infIn = x.attained(list, lo, hi, func(c *corner) bool { return c.inf.Cmp(s.inf) == 0 }, 1)
	s.supIn = x.attained(list, lo, hi, func(c *corner) bool { return c.sup.Cmp(s.sup) == 0 }, -1)
	return s
}

// attained reports whether an extreme is reached inside the ranges: for some choice of lo, hi or free for each fixed
// figure, every corner of it has the extreme, the chosen ends are closed, and the ends that the rest uses there agree
// where a coefficient is not zero and are closed. sign is 1 for the least value, -1 for the greatest.
func (x *exact) attained(list []corner, lo, hi []number.Bound, extreme func(*corner) bool, sign int) bool {
	// choices are the extreme corners of the face chosen so far, on which free figures are free: in the end all its
	// corners must be among them.
	var try func(i, free int, choices []int) bool
	try = func(i, free int, choices []int) bool {
		if len(choices) < 1<<free {
			return false
		}
		if i < len(lo) {
			at := func(end int) []int {
				return slices.DeleteFunc(slices.Clone(choices), func(c int) bool { return c>>i&1 != end })
			}
			low, high := at(0), at(1)
			return lo[i].Closed && try(i+1, free, low) || hi[i].Closed && try(i+1, free, high) ||
				try(i+1, free+1, choices)
		}
		ends := map[int]int{}
		for _, c := range choices {
			for _, t := range list[c].rest.linear {
				end := t.coef.Sign() * sign
				if used := ends[t.cell]; used != 0 && used != end {
					return false
				}
				ends[t.cell] = end
			}
		}
		for cell, end := range ends {
			l, h := x.interval(cell)
			if end > 0 && !l.Closed || end < 0 && !h.Closed {
				return false
			}
		}
		return true
	}
	var all []int
	for c := range list {
		if extreme(&list[c]) {
			all = append(all, c)
		}
	}
	return try(0, 0, all)
}

// decideRatio decides p ⋈ num/den; swapped says that the ratio stands on the left.
func (x *exact) decideRatio(n *node, o op, p *poly, ratio *form, swapped, examine bool) (decision, *refusal) {
	num, den := &ratio.num, ratio.den
	if !p.isLinear() || len(p.linear) > 1 {
		return decision{}, &refusal{n, diag.NotRatio}
	}
	for _, t := range p.linear {
		if num.has(t.cell) || den.has(t.cell) {
			return decision{}, &refusal{n, diag.NotRatio}
		}
	}
	if examine {
		return decision{}, nil
	}
	d := x.linearSpan(den)
	printed := x.printed(den)
	switch {
	case printed.Sign() == 0:
		return decision{cause: CauseZeroDenominator}, nil
	case d.below() && d.above():
		return decision{cause: CauseMayBeZero}, nil
	}
	s := number.NewRat(int64(printed.Sign()), 1)
	// g is s·(num − e·den) for an end e of p.
	g := func(e number.Rat) span {
		f := num.plus(den, e.Neg())
		f = f.times(s)
		return x.linearSpan(&f)
	}
	side := x.linearSpan(p)
	low, high := g(side.inf), g(side.sup)
	above := low.sup.Sign() > 0 || low.sup.Sign() == 0 && low.supIn && side.infIn
	below := high.inf.Sign() < 0 || high.inf.Sign() == 0 && high.infIn && side.supIn
	possible := above && below
	switch o {
	case opLe:
		possible = above
	case opGe:
		possible = below
	}
	if x.brief {
		return decision{possible: possible}, nil
	}
	r := x.quotientSpan(num.times(s), den.times(s))
	f := side.plus(r.neg())
	if swapped {
		f = f.neg()
	}
	return decision{possible: possible, span: &f}, nil
}

// printed is the value of a linear form at the printed figures.
func (x *exact) printed(p *poly) number.Rat {
	v := p.constant
	for _, t := range p.linear {
		f, _ := x.figure(t.cell)
		v = v.Add(t.coef.Mul(f))
	}
	return v
}

// quotientSpan is the range of num/den, den being positive throughout (Dinkelbach: each step goes to the vertex that
// is best for num − λ·den, until that is zero). Every step but the last finds a vertex with a greater quotient, so that
// none comes twice and the steps end; they are few, since the denominators of the vertices fall as well. Where den comes
// as close to zero as one likes, an end may have no bound.
func (x *exact) quotientSpan(num, den poly) span {
	// figure has the coefficients of a figure, its ends, and the one at which it stands.
	type figure struct {
		num, den   number.Rat
		lo, hi, at number.Bound
	}
	var figures []figure
	add := func(cell int) {
		lo, hi := x.interval(cell)
		figures = append(figures, figure{num: num.coef(cell), den: den.coef(cell), lo: lo, hi: hi})
	}
	for _, t := range num.linear {
		add(t.cell)
	}
	for _, t := range den.linear {
		if !num.has(t.cell) {
			add(t.cell)
		}
	}
	values := func(sign number.Rat) (n, d number.Rat) {
		n, d = num.constant, den.constant
		for i := range figures {
			f := &figures[i]
			n, d = n.Add(f.num.Mul(f.at.Value)), d.Add(f.den.Mul(f.at.Value))
		}
		return n.Mul(sign), d
	}
	// greatest is that of sign·num/den; none says that there is none.
	greatest := func(sign number.Rat) (sup number.Rat, in, none bool) {
		// The vertex with the greatest denominator, which is not zero.
		for i := range figures {
			f := &figures[i]
			if f.at = f.lo; f.den.Sign() > 0 {
				f.at = f.hi
			}
		}
		n, d := values(sign)
		for {
			sup, in = n.Quo(d), true
			for i := range figures {
				f := &figures[i]
				c := f.num.Mul(sign).Sub(f.den.Mul(sup)).Sign()
				if c == 0 {
					continue
				}
				if f.at = f.lo; c > 0 {
					f.at = f.hi
				}
				in = in && f.at.Closed
			}
			n, d = values(sign)
			switch {
			case n.Cmp(d.Mul(sup)) <= 0:
				return sup, in, false
			case d.Sign() == 0:
				return sup, false, true
			}
		}
	}
	var s span
	s.sup, s.supIn, s.noSup = greatest(plusOne)
	s.inf, s.infIn, s.noInf = greatest(minusOne)
	s.inf = s.inf.Neg()
	return s
}

// decideMono decides a comparison of least, greatest or absolute values, in which every figure pulls one way.
func (x *exact) decideMono(n *node, m *mono, examine bool) (decision, *refusal) {
	directions := map[int]int{}
	m.directions(false, directions)
	for _, d := range directions {
		if d == 3 {
			return decision{}, &refusal{n, diag.NotMonotone}
		}
	}
	if examine {
		return decision{}, nil
	}
	extreme := func(least bool) (number.Rat, bool) {
		v := m.eval(func(cell int) dual {
			lo, hi := x.interval(cell)
			end, slope := hi, minusOne
			if (directions[cell] == 1) == least {
				end, slope = lo, plusOne
			}
			if end.Closed {
				slope = number.Rat{}
			}
			return dual{end.Value, slope}
		})
		return v.value, v.slope.Sign() == 0
	}
	var s span
	s.inf, s.infIn = extreme(true)
	s.sup, s.supIn = extreme(false)
	return decision{possible: s.holds(n.op), span: &s}, nil
}

// absoluteBound recognizes abs(u) <= e and e >= abs(u).
func absoluteBound(n *node) (u, e *node, ok bool) {
	switch {
	case n.op == opLe && n.args[0].op == opAbs:
		return n.args[0].args[0], n.args[1], true
	case n.op == opGe && n.args[1].op == opAbs:
		return n.args[1].args[0], n.args[0], true
	}
	return nil, nil, false
}

// decideAbsolute decides abs(u) <= e, that is u <= e and −u <= e for the same true values. Where both are linear, these
// exist exactly when every mean of the two has some: μ·u <= e for −1 <= μ <= 1 (the least of the greater of both sides is
// the greatest of the least of their means). That is piecewise linear in μ, and turns only where a figure's coefficient
// vanishes. Otherwise the two are decided one by one.
func (x *exact) decideAbsolute(u, e *node, examine bool) (decision, *refusal) {
	fu, refused := x.form(u)
	if refused != nil {
		return decision{}, refused
	}
	fe, refused := x.form(e)
	if fu == nil || fe == nil {
		return decision{cause: x.cause()}, refused
	}
	linear := func(f *form) bool { return f.mono == nil && f.den == nil && f.num.isLinear() }
	if linear(fu) && linear(fe) {
		return decision{possible: !examine && x.boundHolds(&fu.num, &fe.num)}, nil
	}
	minus := &node{op: opNeg, kind: kindNumber, args: []*node{u}, span: u.span}
	d := decision{possible: true}
	for _, side := range []*node{u, minus} {
		half, refused := x.decide(&node{op: opLe, kind: kindBool, args: []*node{side, e}, span: u.span}, examine)
		if refused != nil || half.cause != "" {
			return half, refused
		}
		d.possible = d.possible && half.possible
	}
	return d, nil
}

// boundHolds reports whether |u| <= e holds somewhere.
func (x *exact) boundHolds(u, e *poly) bool {
	turns := []number.Rat{minusOne, plusOne}
	for _, t := range u.linear {
		if c := e.coef(t.cell); c.CmpAbs(t.coef) < 0 {
			turns = append(turns, c.Quo(t.coef))
		}
	}
	for _, turn := range turns {
		mean := u.times(turn)
		mean.add(e, minusOne)
		if s := x.linearSpan(&mean); !s.below() {
			return false
		}
	}
	return true
}
