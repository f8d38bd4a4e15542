package run_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/finding"
)

// Fourier–Motzkin elimination decides linear comparisons, and ratios after the substitution of Charnes and Cooper,
// exactly and without knowing anything of ends of intervals beyond the inequalities that describe them.

// inequality is Σ c[i]·x[i] + k ≥ 0, or > 0 when strict; a nil coefficient is 0.
type inequality struct {
	c      []*big.Rat
	k      *big.Rat
	strict bool
}

// system is a set of inequalities over n variables.
type system struct {
	n    int
	rows []inequality
}

func (s *system) add(strict bool, k *big.Rat, c ...*big.Rat) {
	row := inequality{make([]*big.Rat, s.n), k, strict}
	copy(row.c, c)
	for i, v := range row.c {
		if v != nil && v.Sign() == 0 {
			row.c[i] = nil
		}
	}
	s.rows = append(s.rows, row)
}

// equal adds Σ c[i]·x[i] + k = 0.
func (s *system) equal(k *big.Rat, c ...*big.Rat) {
	s.add(false, k, c...)
	minus := make([]*big.Rat, len(c))
	for i, v := range c {
		if v != nil {
			minus[i] = new(big.Rat).Neg(v)
		}
	}
	s.add(false, new(big.Rat).Neg(k), minus...)
}

// eliminate removes a variable: each of its lower bounds lies below each of its upper bounds.
func eliminate(rows []inequality, j int) []inequality {
	var above, below, out []inequality
	for _, r := range rows {
		switch {
		case r.c[j] == nil:
			out = append(out, r)
		case r.c[j].Sign() > 0:
			above = append(above, r)
		default:
			below = append(below, r)
		}
	}
	for _, a := range above {
		for _, b := range below {
			fa, fb := new(big.Rat).Neg(b.c[j]), a.c[j]
			r := inequality{make([]*big.Rat, len(a.c)), mix(a.k, fa, b.k, fb), a.strict || b.strict}
			for i := range a.c {
				if i != j && (a.c[i] != nil || b.c[i] != nil) {
					if v := mix(a.c[i], fa, b.c[i], fb); v.Sign() != 0 {
						r.c[i] = v
					}
				}
			}
			out = append(out, r)
		}
	}
	return tidy(out)
}

// mix is a·fa + b·fb.
func mix(a, fa, b, fb *big.Rat) *big.Rat {
	total := new(big.Rat)
	if a != nil {
		total.Mul(a, fa)
	}
	if b != nil {
		total.Add(total, new(big.Rat).Mul(b, fb))
	}
	return total
}

// tidy drops inequalities that always hold and, when there are many, all but the tightest of those with the same
// coefficients.
func tidy(rows []inequality) []inequality {
	tightest := map[string]int{}
	var out []inequality
	many := len(rows) > 16
	for _, r := range rows {
		var key strings.Builder
		var scale *big.Rat
		for i, c := range r.c {
			if c == nil {
				continue
			}
			if scale == nil {
				scale = new(big.Rat).Inv(c)
				scale.Abs(scale)
			}
			if !many {
				break
			}
			fmt.Fprintf(&key, "%d:%s ", i, new(big.Rat).Mul(c, scale).RatString())
		}
		if scale == nil {
			if r.k.Sign() > 0 || r.k.Sign() == 0 && !r.strict {
				continue
			}
			return []inequality{r}
		}
		if !many {
			out = append(out, r)
			continue
		}
		n := inequality{make([]*big.Rat, len(r.c)), new(big.Rat).Mul(r.k, scale), r.strict}
		for i, c := range r.c {
			if c != nil {
				n.c[i] = new(big.Rat).Mul(c, scale)
			}
		}
		at, seen := tightest[key.String()]
		if !seen {
			tightest[key.String()] = len(out)
			out = append(out, n)
			continue
		}
		if o := n.k.Cmp(out[at].k); o < 0 || o == 0 && n.strict {
			out[at] = n
		}
	}
	return out
}

// project eliminates every variable but keep, those first that make the fewest inequalities; -1 keeps none.
func (s *system) project(keep int) []inequality {
	rows := tidy(slices.Clone(s.rows))
	left := map[int]bool{}
	for i := range s.n {
		left[i] = i != keep
	}
	for {
		best, cost := -1, 0
		for i := range s.n {
			if !left[i] {
				continue
			}
			above, below := 0, 0
			for _, r := range rows {
				if r.c[i] != nil && r.c[i].Sign() > 0 {
					above++
				} else if r.c[i] != nil {
					below++
				}
			}
			if c := above*below - above - below; best < 0 || c < cost {
				best, cost = i, c
			}
		}
		if best < 0 {
			return rows
		}
		left[best] = false
		rows = eliminate(rows, best)
	}
}

// feasible reports whether the system has a solution.
func (s *system) feasible() bool {
	for _, r := range s.project(-1) {
		if r.k.Sign() < 0 || r.k.Sign() == 0 && r.strict {
			return false
		}
	}
	return true
}

// limits is a range; a nil end is unbounded.
type limits struct {
	lo, hi         *big.Rat
	loOpen, hiOpen bool
}

// rangeOf is the range of one variable of a system that has solutions.
func (s *system) rangeOf(keep int) limits {
	var out limits
	for _, r := range s.project(keep) {
		c := r.c[keep]
		v := new(big.Rat).Quo(new(big.Rat).Neg(r.k), c)
		if c.Sign() > 0 {
			if out.lo == nil || v.Cmp(out.lo) > 0 || v.Cmp(out.lo) == 0 && r.strict {
				out.lo, out.loOpen = v, r.strict
			}
		} else if out.hi == nil || v.Cmp(out.hi) < 0 || v.Cmp(out.hi) == 0 && r.strict {
			out.hi, out.hiOpen = v, r.strict
		}
	}
	return out
}

func (l limits) has(v *big.Rat) bool {
	return (l.lo == nil || v.Cmp(l.lo) > 0 || v.Cmp(l.lo) == 0 && !l.loOpen) &&
		(l.hi == nil || v.Cmp(l.hi) < 0 || v.Cmp(l.hi) == 0 && !l.hiOpen)
}

// differ says how a finding's allowed differences are not these; "" when they are.
func (l limits) differ(f finding.Finding, op string) string {
	a := f.Allowed
	if a == nil {
		return "no allowed differences are told"
	}
	wrong := func(got string, gotOpen bool, want *big.Rat, wantOpen bool) bool {
		if want == nil {
			return got != ""
		}
		return !shows(got, want) || gotOpen != wantOpen
	}
	if op != "<=" && wrong(a.Low, a.LowOpen, l.lo, l.loOpen) || op != ">=" && wrong(a.High, a.HighOpen, l.hi, l.hiOpen) {
		return fmt.Sprintf("allowed %+v, want %v (open %v) to %v (open %v)", *a, l.lo, l.loOpen, l.hi, l.hiOpen)
	}
	return ""
}

// shows reports whether a text is a value, or its first digits with … behind.
func shows(text string, v *big.Rat) bool {
	digits, isCut := strings.CutSuffix(text, "…")
	got, ok := new(big.Rat).SetString(digits)
	if !ok || !isCut {
		return ok && got.Cmp(v) == 0
	}
	_, fraction, _ := strings.Cut(digits, ".")
	return cut(v, len(fraction)).Cmp(got) == 0 && got.Cmp(v) != 0
}

// Linear forms.

// linear is k + Σ c·figure; terms are collected, those that cancel keep a coefficient of 0.
type linear struct {
	k *big.Rat
	c map[*figure]*big.Rat
}

func (a linear) plus(b linear, f *big.Rat) linear {
	out := linear{new(big.Rat).Add(a.k, new(big.Rat).Mul(b.k, f)), map[*figure]*big.Rat{}}
	for x, c := range a.c {
		out.c[x] = c
	}
	for x, c := range b.c {
		v := new(big.Rat).Mul(c, f)
		if have := out.c[x]; have != nil {
			v.Add(v, have)
		}
		out.c[x] = v
	}
	return out
}

func (a linear) constant() bool {
	for _, c := range a.c {
		if c.Sign() != 0 {
			return false
		}
	}
	return true
}

func (a linear) figures() []*figure {
	var all []*figure
	for x := range a.c {
		all = append(all, x)
	}
	slices.SortFunc(all, func(x, y *figure) int { return strings.Compare(x.name, y.name) })
	return all
}

// fraction is num/den, den nil for linear forms.
type fraction struct {
	num linear
	den *linear
}

var unity = big.NewRat(1, 1)

// fraction brings an expression to one; it panics when the expression is none.
func (s *scope) fraction(n *node) fraction {
	constant := func(v *big.Rat) linear { return linear{v, map[*figure]*big.Rat{}} }
	zero := constant(new(big.Rat))
	scaled := func(f fraction, k *big.Rat) fraction { return fraction{zero.plus(f.num, k), f.den} }
	switch n.op {
	case "fig":
		f := s.figure(n.name)
		if f.point() {
			return fraction{num: constant(f.value)}
		}
		return fraction{num: linear{new(big.Rat), map[*figure]*big.Rat{f: unity}}}
	case "lit":
		return fraction{num: constant(n.value)}
	case "let":
		return s.fraction(s.let(n.name))
	case "?:":
		return s.fraction(s.choice(n))
	case "??":
		return s.fraction(s.fallback(n))
	case "neg":
		return scaled(s.fraction(n.args[0]), big.NewRat(-1, 1))
	case "rows":
		total := fraction{num: zero}
		for _, r := range s.chosen(n) {
			in := s.within(r)
			total.num = total.num.plus(in.fraction(figureNode("."+n.name)).num, unity)
		}
		return total
	case "+":
		total := fraction{num: zero}
		for i, a := range n.args {
			sign := unity
			if n.minus[i] {
				sign = big.NewRat(-1, 1)
			}
			f := scaled(s.fraction(a), sign)
			switch {
			case f.den == nil && total.den == nil:
				total.num = total.num.plus(f.num, unity)
			case f.den == nil:
				total.num = total.num.plus(*total.den, f.num.k)
			default:
				total = fraction{f.num.plus(*f.den, total.num.k), f.den}
			}
		}
		return total
	case "*":
		a, b := s.fraction(n.args[0]), s.fraction(n.args[1])
		if a.den == nil && a.num.constant() {
			return scaled(b, a.num.k)
		}
		return scaled(a, b.num.k)
	case "/":
		a, b := s.fraction(n.args[0]), s.fraction(n.args[1])
		if b.num.constant() {
			return scaled(a, new(big.Rat).Inv(b.num.k))
		}
		return fraction{a.num, &b.num}
	}
	panic("no fraction: " + n.op)
}

// absolute is |u| − e for a comparison abs(u) <= e or e >= abs(u); ok is false for others.
func (c *comparison) absolute() (u, e *node, ok bool) {
	switch {
	case c.op == "<=" && c.left.op == "abs":
		return c.left.args[0], c.right, true
	case c.op == ">=" && c.right.op == "abs":
		return c.right.args[0], c.left, true
	}
	return nil, nil, false
}

// absoluteProblem is u − e ≤ F and −u − e ≤ F as a system: both hold at the same true values.
func (s *scope) absoluteProblem(u, e *node) *system {
	a, b := s.fraction(u).num, s.fraction(e).num
	all := a.plus(b, new(big.Rat))
	figures := all.figures()
	p := &system{n: 1 + len(figures)}
	p.boxes(figures)
	for _, sign := range []*big.Rat{unity, big.NewRat(-1, 1)} {
		// F − sign·u + e ≥ 0.
		c := make([]*big.Rat, p.n)
		c[0] = unity
		f := b.plus(a, new(big.Rat).Neg(sign))
		for i, x := range figures {
			c[1+i] = f.c[x]
		}
		p.add(false, f.k, c...)
	}
	return p
}

// problem is F = left − right as a system: variable 0 is F, the others stand for figures.
func (s *scope) problem(c *comparison) (p *system, cause string) {
	left, right := c.left, c.right
	if c.op == "==" && right.op == "round" {
		right = right.args[0]
	} else if c.op == "==" && left.op == "round" {
		left = left.args[0]
	}
	a, b := s.fraction(left), s.fraction(right)
	switch {
	case a.den == nil && b.den == nil:
		f := a.num.plus(b.num, big.NewRat(-1, 1))
		return boxed(f), ""
	case a.den != nil:
		return s.ratioProblem(b.num, a, big.NewRat(-1, 1))
	}
	return s.ratioProblem(a.num, b, unity)
}

// boxed is the system of F = f with every figure in its interval.
func boxed(f linear) *system {
	figures := f.figures()
	p := &system{n: 1 + len(figures)}
	sum := make([]*big.Rat, p.n)
	sum[0] = big.NewRat(-1, 1)
	for i, x := range figures {
		sum[1+i] = f.c[x]
	}
	p.boxes(figures)
	p.equal(f.k, sum...)
	return p
}

// boxes holds the variables from 1 on in the intervals of figures.
func (s *system) boxes(figures []*figure) {
	for i, x := range figures {
		bound := make([]*big.Rat, s.n)
		bound[1+i] = unity
		s.add(!x.lo.closed, new(big.Rat).Neg(x.lo.v), bound...)
		bound = make([]*big.Rat, s.n)
		bound[1+i] = big.NewRat(-1, 1)
		s.add(!x.hi.closed, x.hi.v, bound...)
	}
}

// ratioProblem is the system of F = sign·(side − num/den). With t = 1/|den| and y = x·t both num·t and den·t are linear
// in y and t.
func (s *scope) ratioProblem(side linear, r fraction, sign *big.Rat) (p *system, cause string) {
	if boxed(*r.den).rangeOf(0).has(new(big.Rat)) {
		return nil, "denominator-may-be-zero"
	}
	d := new(big.Rat).Set(r.den.k)
	for x, c := range r.den.c {
		d.Add(d, new(big.Rat).Mul(c, x.value))
	}
	positive := big.NewRat(int64(d.Sign()), 1)

	inner := r.num.plus(*r.den, new(big.Rat)).figures()
	outer := side.figures()
	p = &system{n: 2 + len(inner) + len(outer)}
	const t = 1
	unit := func(i int, v *big.Rat) []*big.Rat {
		c := make([]*big.Rat, p.n)
		c[i] = v
		return c
	}
	p.add(true, new(big.Rat), unit(t, unity)...)
	// F = sign·side − sign·positive·num(y, t).
	f := unit(0, big.NewRat(-1, 1))
	k := new(big.Rat).Mul(sign, positive)
	f[t] = new(big.Rat).Neg(new(big.Rat).Mul(k, r.num.k))
	whole := unit(t, new(big.Rat).Mul(positive, r.den.k))
	for i, x := range inner {
		y := 2 + i
		if c := r.num.c[x]; c != nil {
			f[y] = new(big.Rat).Neg(new(big.Rat).Mul(k, c))
		}
		if c := r.den.c[x]; c != nil {
			whole[y] = new(big.Rat).Mul(positive, c)
		}
		// lo·t ≤ y ≤ hi·t.
		low := unit(y, unity)
		low[t] = new(big.Rat).Neg(x.lo.v)
		p.add(!x.lo.closed, new(big.Rat), low...)
		high := unit(y, big.NewRat(-1, 1))
		high[t] = x.hi.v
		p.add(!x.hi.closed, new(big.Rat), high...)
	}
	for i, x := range outer {
		v := 2 + len(inner) + i
		f[v] = new(big.Rat).Mul(sign, side.c[x])
		p.add(!x.lo.closed, new(big.Rat).Neg(x.lo.v), unit(v, unity)...)
		p.add(!x.hi.closed, x.hi.v, unit(v, big.NewRat(-1, 1))...)
	}
	p.equal(new(big.Rat).Mul(sign, side.k), f...)
	p.equal(big.NewRat(-1, 1), whole...)
	return p, ""
}

// fourierMotzkin is step 2 by elimination.
func fourierMotzkin(s *scope, c *comparison) outcome {
	if u, e, ok := c.absolute(); ok {
		p := s.absoluteProblem(u, e)
		p.add(false, new(big.Rat), big.NewRat(-1, 1))
		if p.feasible() {
			return outcome{verdict: finding.Rounding}
		}
		return outcome{verdict: finding.Fail}
	}
	p, cause := s.problem(c)
	if cause != "" {
		return outcome{verdict: finding.NotEvaluated, cause: cause}
	}
	f := p.rangeOf(0)
	difference, _ := s.difference(c)
	allowed := limits{loOpen: f.hiOpen, hiOpen: f.loOpen}
	if f.hi != nil {
		allowed.lo = new(big.Rat).Sub(difference, f.hi)
	}
	if f.lo != nil {
		allowed.hi = new(big.Rat).Sub(difference, f.lo)
	}
	out := outcome{verdict: finding.Fail, allowed: &allowed}
	if s.figures["u"] != nil {
		// The sides may be counted in 元, differences here are in 万元.
		out.allowed = nil
	}
	// The question itself: is there a solution with F = 0, F ≤ 0 or F ≥ 0?
	if c.op != ">=" {
		p.add(false, new(big.Rat), big.NewRat(-1, 1))
	}
	if c.op != "<=" {
		p.add(false, new(big.Rat), unity)
	}
	if p.feasible() {
		out.verdict = finding.Rounding
	}
	return out
}

// Random linear rules and ratios.

// leaf is a figure or constant of a linear rule.
func (d dice) leaf(pool []string) *node {
	name := pool[d.IntN(len(pool))]
	switch name {
	case "lit":
		return literal(d.one("0", "1", "2", "0.5", "10", "0.01", "0.005", "3.25", "100"))
	case "rows v", "rows w", "rows g":
		n := &node{op: "rows", name: strings.TrimPrefix(name, "rows ")}
		if d.chance(25) {
			n.atLeast = 1 + d.IntN(3)
		}
		return n
	}
	return figureNode(name)
}

func (d dice) term(pool []string, f *form) *node {
	leaf := d.leaf(pool)
	switch d.IntN(16) {
	case 0, 1:
		return times(literal(d.one("2", "3", "0.5", "0.1", "10", "1.25")), leaf)
	case 2:
		return times(leaf, literal(d.one("2", "4", "0.25")))
	case 3:
		return over(leaf, literal(d.one("2", "4", "5", "3", "8")))
	case 4:
		return times(leaf, figureNode(d.one("n", "m")))
	case 5:
		return &node{op: "neg", args: []*node{leaf}}
	case 6:
		inner := sumNode(leaf, d.leaf(pool))
		inner.minus[1] = d.chance(50)
		if d.chance(50) {
			return times(literal(d.one("2", "0.5", "3")), inner)
		}
		return inner
	case 7:
		inner := sumNode(leaf, d.leaf(pool), d.leaf(pool))
		inner.list = true
		return inner
	case 8:
		if len(f.lets) < 2 {
			name := fmt.Sprintf("let%d", len(f.lets))
			body := leaf
			if d.chance(60) {
				body = sumNode(leaf, d.leaf(pool))
				body.minus[1] = d.chance(40)
			}
			f.lets = append(f.lets, let{name, body})
		}
		return &node{op: "let", name: f.lets[len(f.lets)-1].name}
	case 9:
		if d.chance(30) {
			test := &comparison{d.one("==", "<=", ">", "!="), d.leaf(pool), d.leaf(pool)}
			return &node{op: "?:", test: test, args: []*node{leaf, d.leaf(pool)}}
		}
	case 10:
		if leaf.op == "fig" && d.chance(30) {
			return &node{op: "??", args: []*node{leaf, d.leaf(pool)}}
		}
	case 11:
		return over(leaf, figureNode("n"))
	}
	return leaf
}

func (d dice) side(pool []string, f *form, most int) *node {
	terms := 1 + d.IntN(most)
	if terms == 1 {
		return d.term(pool, f)
	}
	n := sumNode()
	for range terms {
		n.args, n.minus = append(n.args, d.term(pool, f)), append(n.minus, d.chance(30))
	}
	n.minus[0] = false
	return n
}

// pool is the figures that a rule draws from: few, so that they repeat.
func (d dice) pool(f *form, percents bool) []string {
	all := []string{"a", "b", "c", "d", "e", "f", "o", "z", "s", "n", "lit", "rows v"}
	if f.each == "" && d.chance(12) {
		// Numbers without a unit would count in either.
		all = []string{"a", "b", "o", "s", "u", "u", "u", "rows v"}
	}
	if percents {
		all = []string{"p", "q", "n", "lit", "rows w"}
	}
	switch {
	case f.each == "rows" && percents:
		all = append(all, "x.w", "x.w")
	case f.each == "rows":
		all = append(all, "x.v", "x.v", "x.v", "x.g")
	case f.each == "groups" && percents:
		all = append(all, "q.t", "g1.t")
	case f.each == "groups":
		all = append(all, "q.x", "q.x", "q.y", "g1.x", "g2.x")
	}
	d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(len(all), 2+d.IntN(5))]
}

func (d dice) operator() string {
	return []string{"==", "==", "==", "==", "==", "<=", "<=", ">=", ">=", "<", ">", "!="}[d.IntN(12)]
}

// absoluteForm is a random rule abs(u) <= e, with points in u and e for planting. Figures of u may stand in e.
func (d dice) absoluteForm() *form {
	f := &form{subject: figureNode("s")}
	pool := []string{"a", "b", "c", "o", "rows v"}
	u := sumNode(d.leaf(pool), d.leaf(pool), figureNode("s2"))
	u.minus[1], u.minus[2] = d.chance(60), true
	if d.chance(30) {
		u.args[1] = times(literal(d.one("2", "3", "0.5")), u.args[1])
	}
	e := figureNode("s")
	if d.chance(60) {
		e = sumNode(times(literal(d.one("0.1", "0.5", "1", "2")), d.leaf(pool)), e)
		e.minus[0] = d.chance(30)
	}
	c := &comparison{"<=", &node{op: "abs", args: []*node{u}}, e}
	if d.chance(30) {
		c = &comparison{">=", e, c.left}
	}
	f.parts = []*comparison{c}
	return f
}

// linearForm is a random rule of linear comparisons.
func (d dice) linearForm() *form {
	if d.chance(6) {
		return d.absoluteForm()
	}
	f := &form{}
	switch d.IntN(8) {
	case 0:
		f.each = "rows"
	case 1:
		f.each = "groups"
	}
	percents := d.chance(15)
	parts := 1
	if d.chance(12) {
		parts, f.join, f.not = 2, d.one("and", "or"), d.chance(30)
	}
	for range parts {
		pool := d.pool(f, percents)
		c := &comparison{op: d.operator(), left: d.side(pool, f, 3), right: d.side(pool, f, 4)}
		if d.chance(45) {
			bare := d.one("a", "b", "c", "o", "z")
			if percents {
				bare = d.one("p", "q")
			}
			c.left = figureNode(bare)
			switch {
			case f.each == "rows" && !percents && d.chance(70):
				c.left = figureNode("x.v")
			case f.each == "groups" && !percents && d.chance(70):
				c.left = figureNode("q.x")
			case d.chance(10) && c.op == "==" && !slices.Contains(pool, "u"):
				c.right = &node{op: "round", args: []*node{c.right}, digits: d.IntN(3)}
			}
		}
		if slices.Contains(pool, "u") && d.chance(40) {
			c.left, c.right = figureNode("u"), figureNode(d.one("a", "s", "o"))
		} else if !percents && d.chance(50) && c.right.op != "round" {
			c.right = sumNode(c.right, figureNode("s"))
		}
		if d.chance(25) && !(c.left.op == "fig" && c.right.op == "fig") {
			c.left, c.right = c.right, c.left
		}
		f.parts = append(f.parts, c)
	}
	return f
}

// ratioForm is a random rule p ⋈ m·N/D.
func (d dice) ratioForm() *form {
	f := &form{}
	if d.chance(12) {
		f.each = "groups"
	}
	inner := []string{"a", "b", "c", "d", "n", "lit", "s"}
	if f.each == "groups" {
		inner = []string{"q.x", "q.y", "a", "lit", "n"}
	}
	d.Shuffle(len(inner), func(i, j int) { inner[i], inner[j] = inner[j], inner[i] })
	inner = inner[:2+d.IntN(3)]
	part := func(must string, most int) *node {
		n := sumNode(figureNode(must))
		for range d.IntN(most) {
			leaf := d.leaf(inner)
			if d.chance(20) {
				leaf = times(literal(d.one("2", "0.5", "3")), leaf)
			}
			n.args, n.minus = append(n.args, leaf), append(n.minus, d.chance(40))
		}
		if len(n.args) == 1 {
			return n.args[0]
		}
		return n
	}
	first := "a"
	if f.each == "groups" {
		first = "q.x"
	}
	den := part(d.one(first, "b"), 3)
	num := part(d.one(first, "c"), 3)
	if d.chance(15) {
		num = d.leaf([]string{"n", "lit", "s"})
	}
	r := over(num, den)
	if d.chance(20) {
		f.lets = append(f.lets, let{"base", den})
		r = over(num, &node{op: "let", name: "base"})
	}
	switch d.IntN(5) {
	case 0, 1:
		r = times(r, literal("100"))
	case 2:
		r = times(literal(d.one("10", "-1", "0.5", "2")), r)
	case 3:
		r = over(r, literal(d.one("2", "3")))
	}
	if d.chance(10) {
		r = sumNode(r, literal(d.one("1", "0.5", "-100")))
		r.minus[1] = d.chance(50)
	}
	f.subject = figureNode(d.one("p", "p", "e", "o", "s2", "s2", "m"))
	side := f.subject
	switch d.IntN(12) {
	case 0:
		side = times(literal("2"), side)
	case 1:
		side = sumNode(side, literal("1"))
	case 2:
		side = minusNode(literal("100"), side)
	case 3:
		side = literal(d.one("1", "0.5", "100", "2"))
		f.subject = nil
	}
	c := &comparison{op: d.operator(), left: side, right: r}
	if d.chance(25) {
		c.left, c.right = r, side
	}
	if c.op == "==" && c.left.op == "fig" && d.chance(8) {
		c.right = &node{op: "round", args: []*node{c.right}, digits: d.IntN(3)}
	}
	f.parts = []*comparison{c}
	return f
}

// plant moves a figure of the first instance so that its comparison holds just so, or just does not: the extreme of F
// is 0 at its end, or the sides agree up to a digit.
func (d dice) plant(s *sheet, f *form, group int) {
	if d.chance(20) {
		return
	}
	scopes, _, _ := f.instances(s, group)
	if len(scopes) == 0 {
		return
	}
	sc := scopes[d.IntN(len(scopes))]
	c := f.parts[0]
	if u, e, ok := c.absolute(); ok {
		d.plantAbsolute(s, sc, u, e)
		return
	}
	for range 2 {
		difference, known := sc.difference(c)
		if !known {
			return
		}
		p, cause := sc.problem(c)
		if cause != "" {
			return
		}
		rest, coef := d.handle(sc, f, c)
		if rest == nil || coef.Sign() == 0 {
			return
		}
		fs := p.rangeOf(0)
		by := difference
		switch d.IntN(4) {
		case 0, 1:
			by = fs.hi
		case 2:
			by = fs.lo
		}
		if by == nil {
			return
		}
		before := rest.value.Sign()
		s.move(rest, new(big.Rat).Sub(rest.value, new(big.Rat).Quo(by, coef)))
		if rest.point() || rest.value.Sign() == before {
			return
		}
		// Another sign has other true values.
	}
}

// plantAbsolute brings u near zero and then puts the point s of e where |u| ≤ e just can be.
func (d dice) plantAbsolute(s *sheet, sc *scope, u, e *node) {
	near, bound := sc.figures["s2"], sc.figures["s"]
	v, w := sc.eval(u), sc.eval(e)
	if near == nil || bound == nil || v == nil || w == nil {
		return
	}
	if d.chance(70) {
		s.move(near, new(big.Rat).Add(near.value, v))
	}
	least := sc.absoluteProblem(u, e).rangeOf(0).lo
	s.move(bound, new(big.Rat).Add(bound.value, least))
}

// handle is a figure that plant can move, and its coefficient in F.
func (d dice) handle(sc *scope, f *form, c *comparison) (*figure, *big.Rat) {
	coefficient := func(x *figure) *big.Rat {
		// Points are constants in a linear form: their slope is found by moving them.
		before, known := sc.difference(c)
		saved := x.value
		x.value = new(big.Rat).Add(saved, unity)
		after, still := sc.difference(c)
		x.value = saved
		if !known || !still {
			return new(big.Rat)
		}
		return after.Sub(after, before)
	}
	if f.subject != nil {
		x := sc.figure(f.subject.name)
		if !x.known {
			return nil, nil
		}
		return x, coefficient(x)
	}
	names := []string{"s", "s", "s", "a", "b", "x.v", "q.x", "p"}
	d.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		x := sc.figures[name]
		if x == nil {
			x = sc.loop[name]
		}
		if x != nil && x.known {
			if c := coefficient(x); c.Sign() != 0 {
				return x, c
			}
		}
	}
	return nil, nil
}

// newBench makes rules and datasets for them.
func (d dice) newBench(rules, sheets int, draw func() *form, plant func(*sheet, *form, int)) *bench {
	b := &bench{}
	for range rules {
		b.forms = append(b.forms, draw())
	}
	for range sheets {
		s := d.newSheet(b.forms)
		for i, f := range b.forms {
			plant(s, f, i)
		}
		s.settle()
		b.sheets = append(b.sheets, s)
	}
	return b
}

// oracleRun compares n cases and demands that each verdict is among them.
func oracleRun(t *testing.T, n int, stream uint64, draw func(dice) *form, plant func(dice, *sheet, *form, int), step2 oracle) {
	t.Helper()
	seed := seedOf(t)
	const rules, sheets = 40, 30
	rounds := (n + rules*sheets - 1) / (rules * sheets)
	counts := make([]map[finding.Verdict]int, rounds)
	t.Run("rounds", func(t *testing.T) {
		for i := range rounds {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				d := newDice(seed, stream<<32+uint64(i))
				b := d.newBench(rules, sheets, func() *form { return draw(d) }, func(s *sheet, f *form, i int) { plant(d, s, f, i) })
				counts[i] = b.compare(t, seed, step2)
			})
		}
	})
	total := map[finding.Verdict]int{}
	cases := 0
	for _, c := range counts {
		for v, n := range c {
			total[v] += n
			cases += n
		}
	}
	t.Logf("seed %d, %d cases: %v", seed, cases, total)
	for _, v := range []finding.Verdict{finding.Pass, finding.Rounding, finding.Fail, finding.NotEvaluated} {
		if total[v]*50 < cases {
			t.Errorf("only %d of %d cases are %v", total[v], cases, v)
		}
	}
}

func TestLinearAgainstFourierMotzkin(t *testing.T) {
	oracleRun(t, casesOf(20_000), 1, dice.linearForm, dice.plant, fourierMotzkin)
}

func TestRatioAgainstFourierMotzkin(t *testing.T) {
	oracleRun(t, casesOf(8_000), 2, dice.ratioForm, dice.plant, fourierMotzkin)
}
