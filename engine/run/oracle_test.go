package run_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// The tests of this package that are called oracles ask whether the engine's verdicts are right, not whether they are
// what they were. They write rules and datasets as text, let the engine judge them, and find the verdict again by other
// means: what a figure is and when a comparison passes is written once more in this file from the definition of the
// verdicts, and whether true values exist is left to Fourier–Motzkin elimination or to an SMT solver. Nothing of
// packages number and expression is used here.
//
// ORACLE_SEED and ORACLE_CASES choose other cases and more of them.

func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv("ORACLE_SEED"), 10, 64)
	if err != nil {
		seed = 20230601
	}
	return seed
}

func casesOf(n int) int {
	if more, err := strconv.Atoi(os.Getenv("ORACLE_CASES")); err == nil {
		return more
	}
	return n
}

// Expressions.

// node is an expression. Its op is one of
//
//	fig      a figure by its name
//	lit      a literal
//	+        a sum, minus marking subtracted terms; list writes it as sum([…])
//	* / neg  as usual
//	rows     the sum of a figure over the rows of the list, of those with g >= atLeast when that is above 0
//	rowprod  the sum over the rows of an expression in .v, .w and .g
//	let      a let by its name
//	?:       a conditional
//	??       a figure, or something else where that is missing or blank
//	round    rounded half away from zero to digits, only as a whole side
//	min max abs
type node struct {
	op      string
	name    string
	text    string
	value   *big.Rat
	args    []*node
	minus   []bool
	list    bool
	atLeast int
	digits  int
	test    *comparison
}

type comparison struct {
	op          string
	left, right *node
}

func figureNode(name string) *node { return &node{op: "fig", name: name} }

func literal(text string) *node {
	v, ok := new(big.Rat).SetString(text)
	if !ok {
		panic("no number: " + text)
	}
	return &node{op: "lit", text: text, value: v}
}

func sumNode(args ...*node) *node { return &node{op: "+", args: args, minus: make([]bool, len(args))} }

func minusNode(a, b *node) *node {
	return &node{op: "+", args: []*node{a, b}, minus: []bool{false, true}}
}

func times(a, b *node) *node { return &node{op: "*", args: []*node{a, b}} }

func over(a, b *node) *node { return &node{op: "/", args: []*node{a, b}} }

// write writes the expression as rules do; prefix is the path of the group that holds the case's figures.
func (n *node) write(prefix string) string {
	args := func(sep string) string {
		var s []string
		for _, a := range n.args {
			s = append(s, a.inner(prefix))
		}
		return strings.Join(s, sep)
	}
	switch n.op {
	case "fig":
		return pathOf(prefix, n.name)
	case "lit":
		return n.text
	case "+":
		if n.list {
			return "sum([" + args(", ") + "])"
		}
		var s strings.Builder
		for i, a := range n.args {
			switch {
			case n.minus[i] && i == 0:
				s.WriteString("-")
			case n.minus[i]:
				s.WriteString(" - ")
			case i > 0:
				s.WriteString(" + ")
			}
			s.WriteString(a.inner(prefix))
		}
		return s.String()
	case "*":
		return args(" * ")
	case "/":
		return args(" / ")
	case "neg":
		return "-" + args("")
	case "rows":
		rows := prefix + "rows"
		if n.atLeast > 0 {
			rows = fmt.Sprintf("filter(%s, .g >= %d)", rows, n.atLeast)
		}
		return "sum(" + rows + ", ." + n.name + ")"
	case "rowprod":
		return "sum(" + prefix + "rows, " + n.args[0].write(prefix) + ")"
	case "let":
		return n.name
	case "?:":
		return n.test.write(prefix) + " ? " + n.args[0].inner(prefix) + " : " + n.args[1].inner(prefix)
	case "??":
		return args(" ?? ")
	case "round":
		return fmt.Sprintf("round(%s, %d)", n.args[0].write(prefix), n.digits)
	}
	return n.op + "(" + args(", ") + ")"
}

func (n *node) inner(prefix string) string {
	s := n.write(prefix)
	switch n.op {
	case "fig", "lit", "rows", "rowprod", "let", "min", "max", "abs", "round":
		if !strings.HasPrefix(s, "-") {
			return s
		}
	case "+":
		if n.list {
			return s
		}
	}
	return "(" + s + ")"
}

// pathOf is the path of a figure in a rule. Loop variables and elements keep their names.
func pathOf(prefix, name string) string {
	switch {
	case strings.HasPrefix(name, "x."), strings.HasPrefix(name, "q."), strings.HasPrefix(name, "."):
		return name
	}
	return prefix + name
}

func (c *comparison) write(prefix string) string {
	side := func(n *node) string {
		if n.op == "?:" || n.op == "??" {
			return n.inner(prefix)
		}
		return n.write(prefix)
	}
	return side(c.left) + " " + c.op + " " + side(c.right)
}

// Rules.

type let struct {
	name string
	body *node
}

// form is a rule: its comparisons, joined by and or or.
type form struct {
	// each is "", "rows" or "groups".
	each  string
	lets  []let
	parts []*comparison
	join  string
	// not negates the whole check.
	not bool
	// subject is the ratio's other side, nil for linear rules; planting moves it.
	subject *node
	// ties are points that planting puts where figures end.
	ties []tie
}

// tie is a point to be put at an end or at the middle of a figure, less that of another where minus is not "".
type tie struct{ point, of, minus string }

func (f *form) write(id, prefix string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "- id: %s\n  title: %s\n", id, id)
	switch f.each {
	case "rows":
		fmt.Fprintf(&s, "  each: \"x in %srows\"\n", prefix)
	case "groups":
		fmt.Fprintf(&s, "  each: \"q in [%sg1, %sg2]\"\n", prefix, prefix)
	}
	if len(f.lets) > 0 {
		s.WriteString("  let:\n")
		for _, l := range f.lets {
			fmt.Fprintf(&s, "    %s: %q\n", l.name, l.body.write(prefix))
		}
	}
	var parts []string
	for _, p := range f.parts {
		parts = append(parts, p.write(prefix))
	}
	check := parts[0]
	if len(parts) > 1 {
		check = "(" + strings.Join(parts, ") "+f.join+" (") + ")"
	}
	if f.not {
		check = "not (" + check + ")"
	}
	fmt.Fprintf(&s, "  check: %q\n", check)
	return s.String()
}

// names gathers the figures that an expression may read, lists as "rows".
func (f *form) names() []string {
	seen := map[string]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		switch n.op {
		case "fig":
			seen[n.name] = true
		case "rows", "rowprod":
			seen["rows"] = true
		}
		for _, a := range n.args {
			visit(a)
		}
		if n.test != nil {
			visit(n.test.left)
			visit(n.test.right)
		}
	}
	for _, p := range f.parts {
		visit(p.left)
		visit(p.right)
	}
	for _, l := range f.lets {
		visit(l.body)
	}
	if f.each == "rows" {
		seen["rows"] = true
	}
	var names []string
	for name := range seen {
		if !strings.Contains(name, ".") || strings.HasPrefix(name, "g1.") || strings.HasPrefix(name, "g2.") {
			names = append(names, name)
		}
	}
	if f.each == "groups" {
		for _, g := range []string{"g1.x", "g1.y", "g1.t", "g2.x", "g2.y", "g2.t"} {
			if !seen[g] {
				names = append(names, g)
			}
		}
	}
	slices.Sort(names)
	return names
}

// Figures.

type figure struct {
	name string
	kind fieldKind
	// coef·10^-digits is what is printed; published is its unit, "" for the field's.
	coef      *big.Int
	digits    int
	published string
	// state is "", "missing" or "blank".
	state string

	// What settle finds: the value and the decimals in the base unit, 万元 for amounts.
	value    *big.Rat
	decimals int
	known    bool
	lo, hi   end
}

// end is an end of an interval of true values.
type end struct {
	v      *big.Rat
	closed bool
}

// exactly stands for the decimals of exact values.
const exactly = 1 << 20

type fieldKind struct {
	// kind is amount, percent, score or count.
	kind string
	// unit is the field's unit.
	unit      string
	own, zero bool
}

var fields = map[string]fieldKind{
	"a": {"amount", "万元", false, false}, "b": {"amount", "万元", false, false}, "c": {"amount", "万元", false, false},
	"d": {"amount", "万元", false, false}, "e": {"amount", "万元", false, false}, "f": {"amount", "万元", false, false},
	"o": {"amount", "万元", true, false}, "z": {"amount", "万元", false, true}, "u": {"amount", "元", false, false},
	"p": {"percent", "", false, false}, "q": {"percent", "", false, false},
	"s": {"score", "万元", false, false}, "s2": {"score", "万元", false, false}, "s3": {"score", "万元", false, false},
	"n": {"count", "", false, false}, "m": {"count", "", false, false},
	"g1.x": {"amount", "万元", false, false}, "g1.y": {"amount", "万元", false, false}, "g1.t": {"percent", "", false, false},
	"g2.x": {"amount", "万元", false, false}, "g2.y": {"amount", "万元", false, false}, "g2.t": {"percent", "", false, false},
}

var rowFields = map[string]fieldKind{
	"v": {"amount", "万元", false, false}, "w": {"percent", "", false, false}, "g": {"count", "", false, false},
}

// schemaText is the schema of a pack with one group of figures for each rule.
func schemaText(groups int) string {
	var s strings.Builder
	s.WriteString(`types:
  pair:
    fields:
      x: {type: amount, unit: 万元}
      y: {type: amount, unit: 万元}
      t: {type: percent}
  box:
    fields:
      a: {type: amount, unit: 万元}
      b: {type: amount, unit: 万元}
      c: {type: amount, unit: 万元}
      d: {type: amount, unit: 万元}
      e: {type: amount, unit: 万元}
      f: {type: amount, unit: 万元}
      o: {type: amount, unit: 万元, decimals: own}
      z: {type: amount, unit: 万元, blank: zero}
      u: {type: amount, unit: 元}
      p: {type: percent}
      q: {type: percent}
      s: {type: score, unit: 万元}
      s2: {type: score, unit: 万元}
      s3: {type: score, unit: 万元}
      n: {type: count}
      m: {type: count}
      g1: {use: pair}
      g2: {use: pair}
      rows:
        type: list
        key: k
        fields:
          k: {type: text}
          v: {type: amount, unit: 万元}
          w: {type: percent}
          g: {type: count}
fields:
`)
	for i := range groups {
		fmt.Fprintf(&s, "  r%d: {use: box}\n", i)
	}
	return s.String()
}

// moneyPower is the size of a unit of money as a power of ten of 元.
var moneyPower = map[string]int{"元": 0, "万元": 4, "亿元": 8}

func pow10(e int) *big.Rat {
	n := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(e, -e))), nil)
	if e < 0 {
		return new(big.Rat).SetFrac(big.NewInt(1), n)
	}
	return new(big.Rat).SetInt(n)
}

// facts are the figures of one rule in one dataset.
type facts struct {
	figures map[string]*figure
	// rows is nil when the list is missing.
	rows []map[string]*figure
	list bool
}

func (f *facts) all() []*figure {
	var all []*figure
	for _, name := range sorted(f.figures) {
		all = append(all, f.figures[name])
	}
	for _, r := range f.rows {
		for _, name := range sorted(r) {
			all = append(all, r[name])
		}
	}
	return all
}

func sorted[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// sheet is one dataset.
type sheet struct {
	mode string
	// unit is that of the header, declared the decimals it declares; -1 for none.
	unit     string
	declared int
	facts    []*facts
	// decimals of the published units, as settle found them.
	decimals map[string]int
}

func (s *sheet) publishedUnit(f *figure) string {
	switch {
	case f.kind.kind == "percent", f.kind.kind == "count":
		return ""
	case f.published != "" && f.state == "":
		return f.published
	case f.kind.kind == "amount" && s.unit != "":
		return s.unit
	}
	return f.kind.unit
}

// settle finds decimals, values and intervals of all figures.
func (s *sheet) settle() {
	decimals := map[string]int{}
	for _, group := range s.facts {
		for _, f := range group.all() {
			if unit := s.publishedUnit(f); unit != "" && f.state == "" {
				decimals[unit] = max(decimals[unit], min(f.digits, 2))
			}
		}
	}
	if s.declared >= 0 {
		for unit := range moneyPower {
			decimals[unit] = s.declared
		}
	}
	s.decimals = decimals
	for _, group := range s.facts {
		for _, f := range group.all() {
			s.figure(f)
		}
	}
}

func (s *sheet) figure(f *figure) {
	f.known = f.state == "" || f.state == "blank" && f.kind.zero
	if !f.known {
		return
	}
	f.value, f.decimals = new(big.Rat), 0
	if f.state == "" {
		f.value.Mul(new(big.Rat).SetInt(f.coef), pow10(-f.digits))
		f.decimals = f.digits
	}
	if unit := s.publishedUnit(f); unit != "" {
		if !f.kind.own {
			f.decimals = max(f.decimals, s.decimals[unit])
		}
		// Everything is counted in 万元 here.
		shift := moneyPower[unit] - moneyPower["万元"]
		f.value.Mul(f.value, pow10(shift))
		f.decimals -= shift
	}
	if f.kind.kind == "count" {
		f.decimals = exactly
	}
	f.interval(s.mode)
}

func (f *figure) point() bool { return f.kind.kind == "count" || f.kind.kind == "score" }

// interval finds the true values that print so.
func (f *figure) interval(mode string) {
	if f.point() {
		f.lo, f.hi = end{f.value, true}, end{f.value, true}
		return
	}
	ulp := pow10(-f.decimals)
	half := new(big.Rat).Quo(ulp, big.NewRat(2, 1))
	less := func(h *big.Rat) *big.Rat { return new(big.Rat).Sub(f.value, h) }
	more := func(h *big.Rat) *big.Rat { return new(big.Rat).Add(f.value, h) }
	sign := f.value.Sign()
	switch mode {
	case "nearest":
		f.lo, f.hi = end{less(half), true}, end{more(half), true}
	case "truncate":
		f.lo, f.hi = end{less(ulp), false}, end{more(ulp), false}
		if sign > 0 {
			f.lo = end{f.value, true}
		} else if sign < 0 {
			f.hi = end{f.value, true}
		}
	default:
		f.lo, f.hi = end{less(half), sign > 0}, end{more(half), sign < 0}
	}
}

// text is the figure as printed.
func (f *figure) text() string {
	if f.state == "blank" {
		return "-"
	}
	s := decimalText(f.coef, f.digits)
	if f.kind.kind == "percent" {
		return s + "%"
	}
	return s + f.published
}

func decimalText(coef *big.Int, digits int) string {
	s := new(big.Int).Abs(coef).String()
	for len(s) <= digits {
		s = "0" + s
	}
	if digits > 0 {
		s = s[:len(s)-digits] + "." + s[len(s)-digits:]
	}
	if coef.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// write writes the dataset.
func (s *sheet) write(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "entity: %s\nperiod: 2023\nrounding: %s\n", name, s.mode)
	if s.unit != "" {
		fmt.Fprintf(&b, "unit: %s\n", s.unit)
	}
	if s.declared >= 0 {
		fmt.Fprintf(&b, "decimals: {元: %d, 万元: %d, 亿元: %d}\n", s.declared, s.declared, s.declared)
	}
	for i, group := range s.facts {
		fmt.Fprintf(&b, "r%d:\n", i)
		b.WriteString(group.write("  "))
	}
	return b.String()
}

func (f *facts) write(indent string) string {
	var b strings.Builder
	inner := map[string][]string{}
	for _, name := range sorted(f.figures) {
		fig := f.figures[name]
		if fig.state == "missing" {
			continue
		}
		if group, field, ok := strings.Cut(name, "."); ok {
			inner[group] = append(inner[group], fmt.Sprintf("%s: %q", field, fig.text()))
			continue
		}
		fmt.Fprintf(&b, "%s%s: %q\n", indent, name, fig.text())
	}
	for _, group := range sorted(inner) {
		fmt.Fprintf(&b, "%s%s: {%s}\n", indent, group, strings.Join(inner[group], ", "))
	}
	if f.list && len(f.rows) == 0 {
		fmt.Fprintf(&b, "%srows: []\n", indent)
	} else if f.list {
		fmt.Fprintf(&b, "%srows:\n", indent)
		for i, r := range f.rows {
			fmt.Fprintf(&b, "%s  - {k: k%d", indent, i)
			for _, name := range sorted(r) {
				if r[name].state != "missing" {
					fmt.Fprintf(&b, ", %s: %q", name, r[name].text())
				}
			}
			b.WriteString("}\n")
		}
	}
	return b.String()
}

// Verdicts by the definition.

// scope is one instance of a rule: what its names mean.
type scope struct {
	mode string
	facts
	// loop is the row or group of the loop, under the names x.… or q.….
	loop map[string]*figure
	lets []let
	// trouble is what was in the way of a value.
	missing, zero bool
}

// instances lists the rule's instances with their names; ok is false when their list is missing.
func (f *form) instances(s *sheet, group int) (scopes []*scope, names []string, ok bool) {
	of := s.facts[group]
	prefix := fmt.Sprintf("r%d.", group)
	add := func(name string, loop map[string]*figure) {
		scopes = append(scopes, &scope{mode: s.mode, facts: *of, loop: loop, lets: f.lets})
		names = append(names, name)
	}
	switch f.each {
	case "rows":
		for i, r := range of.rows {
			loop := map[string]*figure{}
			for name, fig := range r {
				loop["x."+name] = fig
			}
			add(fmt.Sprintf("%srows[k%d]", prefix, i), loop)
		}
		return scopes, names, of.list
	case "groups":
		for _, g := range []string{"g1", "g2"} {
			loop := map[string]*figure{}
			for _, field := range []string{"x", "y", "t"} {
				loop["q."+field] = of.figures[g+"."+field]
			}
			add(prefix+g, loop)
		}
		return scopes, names, true
	}
	add("", nil)
	return scopes, names, true
}

func (s *scope) figure(name string) *figure {
	if f, ok := s.loop[name]; ok {
		return f
	}
	if f := s.figures[name]; f != nil {
		return f
	}
	panic("no figure " + name)
}

func (s *scope) let(name string) *node {
	for _, l := range s.lets {
		if l.name == name {
			return l.body
		}
	}
	panic("no let " + name)
}

// chosen lists the rows that a sum counts.
func (s *scope) chosen(n *node) []map[string]*figure {
	if !s.list {
		s.missing = true
		return nil
	}
	var rows []map[string]*figure
	for _, r := range s.rows {
		if n.op == "rows" && n.atLeast > 0 {
			if !r["g"].known {
				s.missing = true
				continue
			}
			if r["g"].value.Cmp(big.NewRat(int64(n.atLeast), 1)) < 0 {
				continue
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// within is the scope of a row.
func (s *scope) within(row map[string]*figure) *scope {
	in := *s
	in.loop = map[string]*figure{}
	for name, f := range s.loop {
		in.loop[name] = f
	}
	for name, f := range row {
		in.loop["."+name] = f
	}
	return &in
}

// eval is the value on printed figures; nil when it is unknown.
func (s *scope) eval(n *node) *big.Rat {
	var args []*big.Rat
	if n.op != "?:" && n.op != "??" && n.op != "rowprod" {
		for _, a := range n.args {
			args = append(args, s.eval(a))
		}
		if slices.Contains(args, nil) {
			return nil
		}
	}
	switch n.op {
	case "fig":
		f := s.figure(n.name)
		if !f.known {
			s.missing = true
			return nil
		}
		return f.value
	case "lit":
		return n.value
	case "+":
		total := new(big.Rat)
		for i, v := range args {
			if n.minus[i] {
				v = new(big.Rat).Neg(v)
			}
			total.Add(total, v)
		}
		return total
	case "*":
		return new(big.Rat).Mul(args[0], args[1])
	case "/":
		if args[1].Sign() == 0 {
			s.zero = true
			return nil
		}
		return new(big.Rat).Quo(args[0], args[1])
	case "neg":
		return new(big.Rat).Neg(args[0])
	case "abs":
		return new(big.Rat).Abs(args[0])
	case "min", "max":
		best := args[0]
		for _, v := range args[1:] {
			if (v.Cmp(best) < 0) == (n.op == "min") {
				best = v
			}
		}
		return best
	case "rows":
		total := new(big.Rat)
		for _, r := range s.chosen(n) {
			if !r[n.name].known {
				s.missing = true
				continue
			}
			total.Add(total, r[n.name].value)
		}
		if s.missing {
			return nil
		}
		return total
	case "rowprod":
		total := new(big.Rat)
		for _, r := range s.chosen(n) {
			in := s.within(r)
			v := in.eval(n.args[0])
			s.missing, s.zero = s.missing || in.missing, s.zero || in.zero
			if v != nil {
				total.Add(total, v)
			}
		}
		if s.missing || s.zero {
			return nil
		}
		return total
	case "let":
		return s.eval(s.let(n.name))
	case "?:":
		c := s.choice(n)
		if c == nil {
			return nil
		}
		return s.eval(c)
	case "??":
		return s.eval(s.fallback(n))
	case "round":
		return roundAway(args[0], n.digits)
	}
	panic("eval " + n.op)
}

// difference is left − right on printed figures.
func (s *scope) difference(c *comparison) (v *big.Rat, known bool) {
	l, r := s.eval(c.left), s.eval(c.right)
	if l == nil || r == nil {
		return nil, false
	}
	return new(big.Rat).Sub(l, r), true
}

// choice is the branch of a conditional, nil when its test is unknown.
func (s *scope) choice(n *node) *node {
	holds, known := s.passes(n.test)
	switch {
	case !known:
		return nil
	case holds:
		return n.args[0]
	}
	return n.args[1]
}

func (s *scope) fallback(n *node) *node {
	if s.figure(n.args[0].name).state == "" {
		return n.args[0]
	}
	return n.args[1]
}

// roundAway rounds half away from zero, cut cuts towards zero.
func roundAway(v *big.Rat, d int) *big.Rat {
	half := big.NewRat(1, 2)
	if v.Sign() < 0 {
		half.Neg(half)
	}
	scaled := new(big.Rat).Mul(v, pow10(d))
	return new(big.Rat).Mul(cut(scaled.Add(scaled, half), 0), pow10(-d))
}

func cut(v *big.Rat, d int) *big.Rat {
	scaled := new(big.Rat).Mul(v, pow10(d))
	whole := new(big.Int).Quo(scaled.Num(), scaled.Denom())
	return new(big.Rat).Mul(new(big.Rat).SetInt(whole), pow10(-d))
}

// bare is the figure that a side is, nil when it is not bare.
func (s *scope) bare(side, other *node) *figure {
	for side.op == "let" {
		side = s.let(side.name)
	}
	if side.op != "fig" {
		return nil
	}
	f := s.figure(side.name)
	if s.occurs(f, other) {
		return nil
	}
	return f
}

func (s *scope) occurs(f *figure, n *node) bool {
	switch n.op {
	case "fig":
		return s.figure(n.name) == f
	case "let":
		return s.occurs(f, s.let(n.name))
	case "rows":
		for _, r := range s.chosen(n) {
			if r[n.name] == f {
				return true
			}
		}
		return false
	case "rowprod":
		// A figure of the body occurs even when there is no row.
		rows := append([]map[string]*figure{{"v": nil, "w": nil, "g": nil}}, s.chosen(n)...)
		for _, r := range rows {
			if s.within(r).occurs(f, n.args[0]) {
				return true
			}
		}
		return false
	case "?:":
		if s.occurs(f, n.test.left) || s.occurs(f, n.test.right) {
			return true
		}
	}
	for _, a := range n.args {
		if s.occurs(f, a) {
			return true
		}
	}
	return false
}

// equal is step 1 of an equality whose sides come to l and r.
func (s *scope) equal(c *comparison, l, r *big.Rat) bool {
	left, right := s.bare(c.left, c.right), s.bare(c.right, c.left)
	d := exactly
	if left != nil {
		d = min(d, left.decimals)
	}
	if right != nil {
		d = min(d, right.decimals)
	}
	if d == exactly {
		return l.Cmp(r) == 0
	}
	to := roundAway
	switch s.mode {
	case "nearest":
		difference := new(big.Rat).Sub(l, r)
		twice := difference.Mul(difference.Abs(difference), big.NewRat(2, 1))
		return twice.Cmp(pow10(-d)) <= 0
	case "truncate":
		to = cut
	}
	switch {
	case left != nil && right != nil:
		return to(l, d).Cmp(to(r, d)) == 0
	case left != nil:
		return to(r, d).Cmp(l) == 0
	}
	return to(l, d).Cmp(r) == 0
}

// passes is step 1.
func (s *scope) passes(c *comparison) (holds, known bool) {
	l, r := s.eval(c.left), s.eval(c.right)
	if l == nil || r == nil {
		return false, false
	}
	order := l.Cmp(r)
	switch c.op {
	case "==":
		return s.equal(c, l, r), true
	case "!=":
		return !s.equal(c, l, r), true
	case "<=":
		return order <= 0, true
	case ">=":
		return order >= 0, true
	case "<":
		return order < 0, true
	case ">":
		return order > 0, true
	}
	panic(c.op)
}

// outcome is what an oracle says of one comparison or of a whole check.
type outcome struct {
	verdict finding.Verdict
	cause   string
	// allowed holds the differences that would be no fail; nil where the oracle does not say.
	allowed *limits
}

// oracle decides step 2 of a comparison whose figures are all known and which does not pass.
type oracle func(s *scope, c *comparison) outcome

// judge gives the verdict of one comparison.
func (s *scope) judge(c *comparison, step2 oracle) outcome {
	s.missing, s.zero = false, false
	holds, known := s.passes(c)
	switch {
	case !known && s.missing:
		return outcome{verdict: finding.NotEvaluated, cause: "missing"}
	case !known:
		return outcome{verdict: finding.NotEvaluated, cause: "zero-denominator"}
	case holds:
		return outcome{verdict: finding.Pass}
	case c.op != "==" && c.op != "<=" && c.op != ">=":
		return outcome{verdict: finding.Fail}
	}
	return step2(s, c)
}

var negated = map[string]string{"==": "!=", "!=": "==", "<=": ">", ">": "<=", ">=": "<", "<": ">="}

// verdict gives the verdict of a rule's instance.
func (f *form) verdict(s *scope, step2 oracle) outcome {
	join := f.join
	var all []outcome
	for _, c := range f.parts {
		if f.not {
			turned := *c
			turned.op = negated[c.op]
			c = &turned
		}
		all = append(all, s.judge(c, step2))
	}
	if f.not {
		join = map[string]string{"and": "or", "or": "and", "": ""}[join]
	}
	best := all[0]
	for _, o := range all[1:] {
		if join == "and" && o.verdict > best.verdict || join == "or" && o.verdict < best.verdict {
			best = o
		}
	}
	if len(all) > 1 {
		best.cause, best.allowed = "", nil
	}
	return best
}

// The engine.

// bench is a pack of rules and datasets, group i of each dataset holding the figures of rule i.
type bench struct {
	forms  []*form
	sheets []*sheet
}

func (b *bench) rules() string {
	var s strings.Builder
	for i, f := range b.forms {
		s.WriteString(f.write(fmt.Sprintf("r-%d", i), fmt.Sprintf("r%d.", i)))
	}
	return s.String()
}

// compile binds rules to the schema; every rule must compile.
func compile(t *testing.T, schema, rules string) *plan.Plan {
	t.Helper()
	pack := fstest.MapFS{
		"p/pack.yaml":   {Data: []byte("id: p\ntitle: p\nversion: \"1\"\n")},
		"p/schema.yaml": {Data: []byte(schema)},
		"p/topic.yaml":  {Data: []byte(rules)},
	}
	loaded, list, err := rule.Load(pack, "p", "p", nil)
	if err != nil {
		t.Fatal(err)
	}
	p, wrong := plan.Compile(loaded)
	for _, d := range append(list, wrong...) {
		t.Errorf("%v\n%s", d, d.Span.Text())
	}
	if t.Failed() {
		t.Fatalf("the pack does not compile:\n%s", rules)
	}
	return p
}

// build reads a dataset.
func build(t *testing.T, p *plan.Plan, name, text string) *run.Item {
	t.Helper()
	doc, list := yamldoc.Parse(source.New(name, []byte(text)))
	if doc == nil {
		t.Fatalf("no document:\n%s", text)
	}
	header, wrong := dataset.ReadHeader(doc, false)
	list = append(list, wrong...)
	d, wrong := dataset.Build(doc, header, p.Pack.Schema)
	for _, one := range append(list, wrong...) {
		t.Errorf("%v", one)
	}
	if t.Failed() {
		t.Fatalf("the dataset is not read:\n%s", text)
	}
	return &run.Item{Plan: p, Dataset: d, Path: name}
}

type place struct {
	sheet          int
	rule, instance string
}

// judged runs the bench twice: with every instance told, which the exact evaluation answers, and without, where the
// fast one comes first. Both must tell the same.
func (b *bench) judged(t *testing.T) map[place]finding.Finding {
	t.Helper()
	p := compile(t, schemaText(len(b.forms)), b.rules())
	items := make([]*run.Item, len(b.sheets))
	for i, s := range b.sheets {
		items[i] = build(t, p, fmt.Sprintf("d%d.yaml", i), s.write(fmt.Sprintf("d%d", i)))
	}
	report := func(all bool) *finding.Report {
		r, err := run.Run(context.Background(), len(items), func(i int) (*run.Item, error) { return items[i], nil },
			run.Options{All: all})
		if err != nil {
			b.blame(t, err)
		}
		return r
	}
	every, few := report(true), report(false)
	for i, r := range few.Rules {
		if r.Tally != every.Rules[i].Tally {
			t.Errorf("rule %s: the fast evaluation counts %+v, the exact one %+v\n%s", r.ID, r.Tally, every.Rules[i].Tally, b.rules())
		}
	}
	index := func(path string) int {
		i, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(path, "d"), ".yaml"))
		return i
	}
	found := map[place]finding.Finding{}
	for _, f := range every.Findings {
		found[place{index(f.Input), f.Rule, f.Instance}] = f
	}
	for _, f := range few.Findings {
		if e := found[place{index(f.Input), f.Rule, f.Instance}]; e.Verdict != f.Verdict || e.Difference != f.Difference {
			t.Errorf("%s %s %q: the fast evaluation says %v, the exact one %v", f.Input, f.Rule, f.Instance, f.Verdict, e.Verdict)
		}
	}
	return found
}

// blame stops the test for a fault of the engine, told with the one rule and dataset that cause it.
func (b *bench) blame(t *testing.T, err error) {
	t.Helper()
	var fault *run.Fault
	if f, ok := err.(*run.Fault); ok {
		fault = f
	}
	if fault == nil {
		t.Fatal(err)
	}
	var r, d int
	fmt.Sscanf(fault.Rule, "r-%d", &r)
	fmt.Sscanf(fault.Path, "d%d.yaml", &d)
	t.Fatalf("%v\n%s\n%s", err, b.show(r, d), fault.Stack)
}

// show writes one rule and its figures so that the case can be tried again.
func (b *bench) show(r, d int) string {
	s := b.sheets[d]
	one := &sheet{mode: s.mode, unit: s.unit, declared: s.declared}
	prefix := fmt.Sprintf("r%d.", r)
	text := b.forms[r].write(fmt.Sprintf("r-%d", r), prefix) + one.write("x") + strings.TrimSuffix(prefix, ".") + ":\n" +
		s.facts[r].write("  ")
	if s.declared < 0 {
		text += "# decimals over the whole dataset:"
		for _, f := range s.facts[r].all() {
			if f.known {
				text += fmt.Sprintf(" %s %d", f.name, f.decimals)
			}
		}
	}
	return text
}

// compare holds the engine's verdicts against an oracle's and returns how many of each there were.
func (b *bench) compare(t *testing.T, seed uint64, step2 oracle) map[finding.Verdict]int {
	t.Helper()
	found := b.judged(t)
	counts := map[finding.Verdict]int{}
	for d, s := range b.sheets {
		for r, f := range b.forms {
			id := fmt.Sprintf("r-%d", r)
			scopes, names, ok := f.instances(s, r)
			if !ok {
				got := found[place{d, id, fmt.Sprintf("r%d.rows", r)}]
				// The one finding of a missing list has the list's name or none.
				for p, one := range found {
					if p.sheet == d && p.rule == id {
						got = one
					}
				}
				if got.Verdict != finding.NotEvaluated {
					t.Errorf("seed %d: verdict %v, want not_evaluated for the missing list\n%s", seed, got.Verdict, b.show(r, d))
				}
				continue
			}
			for i, sc := range scopes {
				want := f.verdict(sc, step2)
				if want.verdict == finding.NotApplicable {
					continue
				}
				counts[want.verdict]++
				got, ok := found[place{d, id, names[i]}]
				switch {
				case !ok:
					t.Errorf("seed %d: no finding for instance %q\n%s", seed, names[i], b.show(r, d))
				case got.Verdict != want.verdict:
					t.Errorf("seed %d: instance %q: verdict %v (cause %q, difference %s), want %v (cause %q)\n%s",
						seed, names[i], got.Verdict, got.Cause, got.Difference, want.verdict, want.cause, b.show(r, d))
				case want.verdict == finding.NotEvaluated && want.cause != "" && want.cause != got.Cause:
					t.Errorf("seed %d: instance %q: cause %q, want %q\n%s", seed, names[i], got.Cause, want.cause, b.show(r, d))
				case want.allowed != nil:
					if wrong := want.allowed.differ(got, f.parts[0].op); wrong != "" {
						t.Errorf("seed %d: instance %q: %s\n%s", seed, names[i], wrong, b.show(r, d))
					}
				}
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	}
	return counts
}

// Random cases.

type dice struct{ *rand.Rand }

func newDice(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

func (d dice) one(names ...string) string { return names[d.IntN(len(names))] }

// chance is true in n of 100 cases.
func (d dice) chance(n int) bool { return d.IntN(100) < n }

// number is a printed number of a class: small figures within ±20 of few digits, so that ends of ranges often touch,
// larger ones, and ones that no machine word holds.
func (d dice) number(class string) (*big.Int, int) {
	digits := []int{0, 0, 1, 1, 2, 2, 2, 3}[d.IntN(8)]
	switch class {
	case "huge":
		digits = d.IntN(12)
		if d.chance(40) {
			// About the limits of machine words and of doubles.
			limit := new(big.Int).Lsh(big.NewInt(1), []uint{52, 53, 62, 63, 64}[d.IntN(5)])
			limit.Quo(limit, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.IntN(7))), nil))
			limit.Add(limit, big.NewInt(int64(d.IntN(5)-2)))
			if d.chance(50) {
				limit.Neg(limit)
			}
			return limit, digits
		}
		coef := big.NewInt(d.Int64N(1e18))
		for range d.IntN(3) {
			coef.Mul(coef, big.NewInt(1+d.Int64N(1e9)))
		}
		if d.chance(50) {
			coef.Neg(coef)
		}
		return coef, digits
	case "medium":
		return big.NewInt(d.Int64N(400_000) - 100_000), digits
	case "coarse":
		return big.NewInt(d.Int64N(21) - 10), 0
	}
	switch d.IntN(6) {
	case 0:
		return big.NewInt(0), digits
	case 1, 2:
		return big.NewInt(d.Int64N(9) - 4), digits
	}
	limit := int64(20)
	for range digits {
		limit *= 10
	}
	return big.NewInt(d.Int64N(2*limit+1) - limit), digits
}

func (d dice) newFigure(name string, kind fieldKind, class string) *figure {
	f := &figure{name: name, kind: kind}
	f.coef, f.digits = d.number(class)
	switch {
	case kind.kind == "count":
		f.coef, f.digits = big.NewInt(int64(d.IntN(8)-2)), 0
	case kind.kind == "amount" && d.chance(3):
		f.published = d.one("元", "亿元", "万元")
	}
	switch {
	case kind.zero && d.chance(50):
		f.state = "blank"
	case d.chance(1):
		f.state = d.one("blank", "missing")
	}
	return f
}

// fill makes figures for the names that a rule uses.
func (d dice) fill(f *form, class string) *facts {
	out := &facts{figures: map[string]*figure{}}
	for _, name := range f.names() {
		if name == "rows" {
			out.list = !d.chance(2)
			if out.list {
				for range d.IntN(4) {
					row := map[string]*figure{}
					for _, field := range sorted(rowFields) {
						row[field] = d.newFigure(field, rowFields[field], class)
					}
					out.rows = append(out.rows, row)
				}
			}
			continue
		}
		out.figures[name] = d.newFigure(name, fields[name], class)
	}
	return out
}

// newSheet is a dataset for the rules.
func (d dice) newSheet(forms []*form) *sheet {
	s := &sheet{mode: []string{"half-up", "half-up", "nearest", "truncate"}[d.IntN(4)], declared: -1}
	class := []string{"small", "small", "small", "small", "medium", "coarse", "huge"}[d.IntN(7)]
	if d.chance(75) {
		s.declared = d.IntN(4)
	}
	if d.chance(12) {
		s.unit = d.one("元", "亿元", "万元")
	}
	for _, f := range forms {
		s.facts = append(s.facts, d.fill(f, class))
	}
	s.settle()
	return s
}

// move gives a figure another value, as near as it can be printed. The decimals of the dataset are settled again at the
// end.
func (s *sheet) move(f *figure, to *big.Rat) {
	if f.state != "" {
		return
	}
	printed := new(big.Rat).Set(to)
	if unit := s.publishedUnit(f); unit != "" {
		printed.Mul(printed, pow10(moneyPower["万元"]-moneyPower[unit]))
	}
	digits := f.digits
	if f.point() {
		// Points may have as many digits as they need.
		for digits < 12 && !new(big.Rat).Mul(printed, pow10(digits)).IsInt() {
			digits++
		}
	} else if s.declared > digits && f.kind.kind != "percent" {
		digits = s.declared
	}
	if f.kind.kind == "count" {
		digits = 0
	}
	coef := new(big.Int).Set(roundAway(new(big.Rat).Mul(printed, pow10(digits)), 0).Num())
	if len(coef.String()) > 60 {
		return
	}
	f.coef, f.digits = coef, digits
	s.figure(f)
}
