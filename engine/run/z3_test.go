package run_test

import (
	"bufio"
	"fmt"
	"io"
	"math/big"
	"os/exec"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/finding"
)

// An SMT solver decides whether true values exist where figures are multiplied with each other, and in least, greatest
// and absolute values: it is told the comparison as it stands and the interval of every figure.

// solver is one z3 process that reads SMT-LIB and answers.
type solver struct {
	in      io.WriteCloser
	out     *bufio.Reader
	unknown int
}

// startSolver starts z3; the test is skipped where there is none.
func startSolver(t *testing.T) *solver {
	t.Helper()
	path, err := exec.LookPath("z3")
	if err != nil {
		t.Skip("z3 is not installed: multilinear verdicts are not compared with an SMT solver")
	}
	cmd := exec.Command(path, "-in", "-smt2")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("z3: %v", err)
		}
	})
	s := &solver{in: in, out: bufio.NewReader(out)}
	fmt.Fprintln(in, "(set-option :timeout 4000)\n(set-logic QF_NRA)")
	return s
}

// satisfiable asks whether there are values for the figures of a script.
func (z *solver) satisfiable(script *smt, claim string) (sat, known bool) {
	fmt.Fprintf(z.in, "(push)\n%s(assert %s)\n(check-sat)\n(pop)\n", script.text.String(), claim)
	answer, err := z.out.ReadString('\n')
	switch answer = strings.TrimSpace(answer); {
	case err != nil:
		panic(err)
	case answer == "sat":
		return true, true
	case answer == "unsat":
		return false, true
	case answer == "unknown" || answer == "timeout":
		z.unknown++
		return false, false
	}
	panic("z3 says " + answer + " to\n" + script.text.String() + claim)
}

// smt is the declarations of one comparison.
type smt struct {
	*scope
	text    strings.Builder
	figures map[*figure]string
	// divisors are the denominators, as terms.
	divisors []string
}

func smtNumber(v *big.Rat) string {
	s := fmt.Sprintf("(/ %s.0 %s.0)", new(big.Int).Abs(v.Num()), v.Denom())
	if v.Sign() < 0 {
		return "(- " + s + ")"
	}
	return s
}

func (m *smt) figure(f *figure) string {
	if f.point() {
		return smtNumber(f.value)
	}
	name, ok := m.figures[f]
	if !ok {
		name = fmt.Sprintf("x%d", len(m.figures))
		m.figures[f] = name
		below := map[bool]string{true: "<=", false: "<"}
		fmt.Fprintf(&m.text, "(declare-const %s Real)\n(assert (%s %s %s))\n(assert (%s %s %s))\n", name,
			below[f.lo.closed], smtNumber(f.lo.v), name, below[f.hi.closed], name, smtNumber(f.hi.v))
	}
	return name
}

// term writes an expression.
func (m *smt) term(n *node) string {
	var args []string
	if n.op != "?:" && n.op != "??" && n.op != "rowprod" {
		for _, a := range n.args {
			args = append(args, m.term(a))
		}
	}
	sum := func(terms []string) string {
		return "(+ 0.0 0.0 " + strings.Join(terms, " ") + ")"
	}
	switch n.op {
	case "fig":
		return m.figure(m.scope.figure(n.name))
	case "lit":
		return smtNumber(n.value)
	case "+":
		for i := range args {
			if n.minus[i] {
				args[i] = "(- " + args[i] + ")"
			}
		}
		return sum(args)
	case "*":
		return "(* " + strings.Join(args, " ") + ")"
	case "neg":
		return "(- " + args[0] + ")"
	case "/":
		m.divisors = append(m.divisors, args[1])
		return "(/ " + args[0] + " " + args[1] + ")"
	case "abs":
		return fmt.Sprintf("(ite (>= %s 0.0) %s (- %s))", args[0], args[0], args[0])
	case "min", "max":
		less := map[string]string{"min": "<=", "max": ">="}[n.op]
		best := args[0]
		for _, a := range args[1:] {
			best = fmt.Sprintf("(ite (%s %s %s) %s %s)", less, best, a, best, a)
		}
		return best
	case "rows":
		var terms []string
		for _, r := range m.chosen(n) {
			terms = append(terms, m.figure(r[n.name]))
		}
		return sum(terms)
	case "rowprod":
		var terms []string
		outer := m.scope
		for _, r := range outer.chosen(n) {
			m.scope = outer.within(r)
			terms = append(terms, m.term(n.args[0]))
		}
		m.scope = outer
		return sum(terms)
	case "let":
		return m.term(m.let(n.name))
	case "?:":
		return m.term(m.choice(n))
	case "??":
		return m.term(m.fallback(n))
	}
	panic("no term: " + n.op)
}

// decide is step 2 by the solver. Where it does not know, the case is passed over as not applicable.
func (z *solver) decide(s *scope, c *comparison) outcome {
	m := &smt{scope: s, figures: map[*figure]string{}}
	left, right := c.left, c.right
	if c.op == "==" && right.op == "round" {
		right = right.args[0]
	}
	l, r := m.term(left), m.term(right)
	unsure := outcome{verdict: finding.NotApplicable}
	for _, d := range m.divisors {
		zero, known := z.satisfiable(m, fmt.Sprintf("(= %s 0.0)", d))
		if !known {
			return unsure
		}
		if zero {
			return outcome{verdict: finding.NotEvaluated, cause: "denominator-may-be-zero"}
		}
		fmt.Fprintf(&m.text, "(assert (not (= %s 0.0)))\n", d)
	}
	op := map[string]string{"==": "=", "<=": "<=", ">=": ">="}[c.op]
	possible, known := z.satisfiable(m, fmt.Sprintf("(%s %s %s)", op, l, r))
	if !known {
		return unsure
	}
	out := outcome{verdict: finding.Fail, allowed: z.allowed(m, c, l, r)}
	if possible {
		out.verdict = finding.Rounding
	}
	return out
}

// allowed finds the bounds of F at the corners and asks whether they are attained.
func (z *solver) allowed(m *smt, c *comparison, l, r string) *limits {
	least, greatest := m.corners(c)
	difference, _ := m.difference(c)
	if least == nil || c.left.op == "abs" || c.right.op == "abs" {
		return nil
	}
	reached := func(v *big.Rat) (open, known bool) {
		sat, known := z.satisfiable(m, fmt.Sprintf("(= (- %s %s) %s)", l, r, smtNumber(v)))
		return !sat, known
	}
	lowOpen, known := reached(greatest)
	highOpen, still := reached(least)
	if !known || !still {
		return nil
	}
	return &limits{new(big.Rat).Sub(difference, greatest), new(big.Rat).Sub(difference, least), lowOpen, highOpen}
}

// corners is the least and greatest value of F when every figure stands at one of its ends: for a multilinear F, or one
// in which each figure pulls one way, its bounds.
func (s *scope) corners(c *comparison) (least, greatest *big.Rat) {
	var all []*figure
	for _, f := range s.facts.all() {
		if f.known && !f.point() {
			all = append(all, f)
		}
	}
	values := make([]*big.Rat, len(all))
	for i, f := range all {
		values[i] = f.value
	}
	defer func() {
		for i, f := range all {
			f.value = values[i]
		}
	}()
	if len(all) > 7 {
		return nil, nil
	}
	for choice := range 1 << len(all) {
		for i, f := range all {
			f.value = f.lo.v
			if choice>>i&1 == 1 {
				f.value = f.hi.v
			}
		}
		v, known := s.difference(c)
		if !known {
			return nil, nil
		}
		if least == nil || v.Cmp(least) < 0 {
			least = v
		}
		if greatest == nil || v.Cmp(greatest) > 0 {
			greatest = v
		}
	}
	return least, greatest
}

// productForm is a random rule that multiplies figures.
func (d dice) productForm() *form {
	f := &form{}
	names := []string{"a", "b", "c", "d", "e", "o"}
	d.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	fig := func(i int) *node { return figureNode(names[i]) }
	coefficient := func(n *node) *node {
		if d.chance(30) {
			return times(literal(d.one("2", "0.5", "-1", "3")), n)
		}
		return n
	}
	signed := func(args ...*node) *node {
		n := sumNode(args...)
		for i := range n.args {
			n.minus[i] = i > 0 && d.chance(40)
		}
		return n
	}
	c := &comparison{op: d.one("==", "==", "==", "<=", ">=")}
	f.parts = []*comparison{c}
	switch d.IntN(13) {
	case 11:
		return d.absoluteForm()
	case 12:
		// One factor symmetric about zero, or half open: its other end is as good.
		f.ties = []tie{{"s2", names[0], ""}, {"s3", names[1], ""}}
		c.left, c.right = times(minusNode(fig(0), figureNode("s2")), minusNode(fig(1), figureNode("s3"))), figureNode("s")
		if d.chance(40) {
			c.left = times(c.left, fig(2))
		}
		return f
	case 0:
		// Products, with the same figures standing alone.
		c.left = signed(times(fig(0), fig(1)), coefficient(fig(d.IntN(3))))
		c.right = signed(coefficient(times(fig(1), fig(2))), fig(d.IntN(4)))
	case 1:
		c.left = fig(0)
		c.right = signed(times(times(fig(1), fig(2)), fig(3)), coefficient(times(fig(1), fig(2))), coefficient(fig(d.IntN(4))))
	case 2:
		// A share, the other way round.
		c.left = fig(0)
		c.right = over(times(figureNode("p"), signed(fig(1), fig(d.IntN(4)))), literal("100"))
	case 3:
		f.each = d.one("", "rows")
		c.left = fig(0)
		c.right = &node{op: "rowprod", args: []*node{times(figureNode(".v"), figureNode(".w"))}}
		if f.each == "rows" {
			c.left = figureNode("x.v")
		}
		if d.chance(40) {
			c.right.args[0] = times(c.right.args[0], figureNode(".g"))
		}
		if d.chance(30) {
			c.right = signed(c.right, coefficient(times(fig(0), fig(1))))
		}
	case 4:
		c.left = fig(0)
		c.right = &node{op: "rowprod", args: []*node{times(figureNode(".v"), signed(fig(0), fig(1)))}}
	case 5, 6:
		// Factors that reach zero at an end: there the other figures have no influence.
		factor := func(point string, i int) *node {
			if d.chance(50) {
				return minusNode(figureNode(point), fig(i))
			}
			return minusNode(fig(i), figureNode(point))
		}
		f.ties = []tie{{"s2", names[0], ""}, {"s3", names[1], ""}}
		product := times(factor("s2", 0), factor("s3", 1))
		switch d.IntN(4) {
		case 0:
			product = times(product, fig(2))
		case 1:
			product = times(product, signed(fig(2), fig(3)))
		case 2:
			product = times(product, signed(fig(2), coefficient(figureNode("f"))))
		}
		if d.chance(30) {
			product = signed(product, coefficient(fig(d.IntN(5))))
		}
		c.left, c.right = product, literal("0")
		if d.chance(30) {
			c.left, c.right = c.right, c.left
		}
	case 7:
		least := &node{op: d.one("min", "max"), args: []*node{fig(0), signed(fig(1), coefficient(fig(2)))}}
		if d.chance(40) {
			least.args = append(least.args, literal(d.one("0", "1", "0.5")))
		}
		c.left, c.right = least, signed(fig(3), coefficient(fig(4)))
		if d.chance(40) {
			c.right = &node{op: d.one("min", "max"), args: []*node{fig(3), fig(4)}}
		}
		if d.chance(50) {
			// Two arguments with a common end.
			f.ties = []tie{{"s2", names[0], names[1]}}
			least.args = []*node{fig(0), sumNode(fig(1), figureNode("s2"))}
			d.Shuffle(2, func(i, j int) { least.args[i], least.args[j] = least.args[j], least.args[i] })
		}
	case 8:
		inner := signed(fig(0), coefficient(fig(1)))
		switch d.IntN(6) {
		case 0:
			inner = times(fig(0), fig(1))
		case 1:
			inner = times(over(fig(0), signed(fig(0), fig(3))), literal("10"))
		case 2:
			inner = signed(inner, figureNode("s"))
		}
		bound := literal(d.one("0", "0.01", "0.5", "1", "-0.5"))
		if d.chance(60) {
			// A bound that is itself a figure, perhaps one of those within.
			i := 2
			if inner.op == "+" && d.chance(60) {
				i = d.IntN(2)
			}
			bound = coefficient(fig(i))
		}
		c.op, c.left, c.right = "<=", &node{op: "abs", args: []*node{inner}}, bound
		if d.chance(40) {
			c.op, c.left, c.right = ">=", c.right, c.left
		}
		return f
	case 9:
		c.left = figureNode("p")
		c.right = times(over(fig(0), signed(fig(0), fig(1), fig(2))), literal("100"))
		f.subject = c.left
		return f
	case 10:
		c.left = signed(times(fig(0), figureNode("p")), times(fig(1), figureNode("q")))
		c.right = times(signed(fig(0), fig(1)), literal(d.one("10", "50", "1")))
	}
	if d.chance(75) && c.right.op != "lit" && c.left.op != "lit" {
		c.right = sumNode(c.right, figureNode("s"))
	} else if c.left.op == "lit" {
		c.left = figureNode("s")
	} else if c.right.op == "lit" && d.chance(50) {
		c.right = figureNode("s")
	}
	return f
}

// plantProduct puts points at ends of figures and the extreme of F at zero.
func (d dice) plantProduct(s *sheet, f *form, group int) {
	of := s.facts[group]
	for _, tied := range f.ties {
		point, end := of.figures[tied.point], s.end(d, of.figures[tied.of])
		if end == nil || point == nil || !point.known || d.chance(10) {
			continue
		}
		if tied.minus != "" {
			less := s.end(d, of.figures[tied.minus])
			if less == nil {
				continue
			}
			end = new(big.Rat).Sub(end, less)
		}
		s.move(point, end)
	}
	if d.chance(15) {
		return
	}
	if f.subject != nil {
		d.plant(s, f, group)
		return
	}
	scopes, _, _ := f.instances(s, group)
	point := of.figures["s"]
	if len(scopes) == 0 || point == nil || !point.known {
		return
	}
	sc := scopes[d.IntN(len(scopes))]
	coef := new(big.Rat)
	if _, coef = d.handle(sc, &form{subject: figureNode("s")}, f.parts[0]); coef.Sign() == 0 {
		return
	}
	least, greatest := sc.corners(f.parts[0])
	by := least
	if d.chance(50) {
		by = greatest
	}
	if by == nil {
		return
	}
	s.move(point, new(big.Rat).Sub(point.value, new(big.Rat).Quo(by, coef)))
}

// end is an end of a figure, or now and then its middle; nil when the figure is not known.
func (s *sheet) end(d dice, f *figure) *big.Rat {
	switch {
	case f == nil || !f.known:
		return nil
	case d.chance(30):
		middle := new(big.Rat).Add(f.lo.v, f.hi.v)
		return middle.Quo(middle, big.NewRat(2, 1))
	case d.chance(50):
		return f.lo.v
	}
	return f.hi.v
}

func TestProductsAgainstSolver(t *testing.T) {
	z := startSolver(t)
	seed := seedOf(t)
	total := map[finding.Verdict]int{}
	cases := 0
	for round := uint64(0); cases < casesOf(1_600); round++ {
		d := newDice(seed, 3<<32+round)
		b := d.newBench(20, 10, d.productForm, func(s *sheet, f *form, i int) { d.plantProduct(s, f, i) })
		for v, c := range b.compare(t, seed, z.decide) {
			total[v] += c
			cases += c
		}
	}
	t.Logf("seed %d, %d cases: %v, %d unknown to the solver", seed, cases, total, z.unknown)
	if z.unknown*20 > cases {
		t.Errorf("the solver knows no answer to %d of %d cases", z.unknown, cases)
	}
	for _, v := range []finding.Verdict{finding.Pass, finding.Rounding, finding.Fail} {
		if total[v]*50 < cases {
			t.Errorf("only %d of %d cases are %v", total[v], cases, v)
		}
	}
}

// TestSolverAgainstFourierMotzkin holds the two oracles against each other.
func TestSolverAgainstFourierMotzkin(t *testing.T) {
	z := startSolver(t)
	seed := seedOf(t)
	d := newDice(seed, 4<<32)
	asked := 0
	both := func(s *scope, c *comparison) outcome {
		want, got := fourierMotzkin(s, c), z.decide(s, c)
		if got.verdict != finding.NotApplicable && got.verdict != want.verdict {
			t.Fatalf("seed %d: Fourier–Motzkin says %v, the solver %v", seed, want.verdict, got.verdict)
		}
		asked++
		return want
	}
	for _, draw := range []func() *form{d.linearForm, d.ratioForm} {
		d.newBench(20, 15, draw, d.plant).compare(t, seed, both)
	}
	if asked < 100 {
		t.Errorf("only %d comparisons were decided by both", asked)
	}
}
