package expression

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// lowerer turns the tree of one expression into nodes and gathers everything wrong with it.
type lowerer struct {
	*Scope
	text *yamldoc.Node
	list diag.List
	// elements are what # means, innermost last; meanings are the same while names are resolved.
	elements []*node
	meanings []meaning
}

func (s *Scope) lowerer(n *yamldoc.Node) *lowerer { return &lowerer{Scope: s, text: n} }

// lower turns a parsed expression into nodes: first the names, then expr's checker, then the meaning.
func (s *Scope) lower(n *yamldoc.Node, tree ast.Node) (*node, diag.List) {
	l := s.lowerer(n)
	l.resolve(tree)
	if len(l.list) > 0 {
		return bad(place{text: n}), l.list
	}
	if list := s.check(n, tree); len(list) > 0 {
		return bad(place{text: n}), list
	}
	root := l.lower(tree)
	if len(l.list) > 0 {
		return bad(place{text: n}), l.list
	}
	return root, nil
}

// compile reads an expression from its text to nodes.
func (s *Scope) compile(n *yamldoc.Node) (*node, diag.List) {
	tree, list := s.parse(n)
	if tree == nil {
		return bad(place{text: n}), list
	}
	root, list := s.lower(n, tree)
	if fold := root.mixedFold(); fold != nil {
		return bad(place{text: n}), diag.List{diag.New(diag.VaryingUnits, fold.args[0].span.source())}
	}
	return root, list
}

func (l *lowerer) add(code diag.Code, at place, args ...any) {
	l.list.Add(diag.New(code, at.source(), args...))
}

func (l *lowerer) fail(code diag.Code, at place, args ...any) *node {
	l.add(code, at, args...)
	return bad(at)
}

// span is where a part of the expression stands, from its first to its last character.
func (l *lowerer) span(n ast.Node) place { return place{text: l.text, tree: n} }

// calleeSpan is where the name of a function or the sign of an operator stands.
func (l *lowerer) calleeSpan(n ast.Node) place { return place{text: l.text, tree: n, head: true} }

// place is where a part of an expression stands. Few are ever asked for, so that they are worked out then.
type place struct {
	text *yamldoc.Node
	// tree is the part, nil for the whole expression; with head it is only the token that the part is named for.
	tree ast.Node
	head bool
}

// source is the place in the file.
func (p place) source() source.Span {
	if p.text == nil {
		return source.Span{}
	}
	if p.tree == nil {
		return p.text.Span
	}
	length := utf8.RuneCountInString(p.text.Value)
	e := extent{from: length}
	if loc := p.tree.Location(); p.head && loc.To > loc.From {
		e = extent{loc.From, loc.To}
	} else {
		ast.Walk(&p.tree, &e)
	}
	if e.from >= e.to {
		return p.text.Span
	}
	return p.text.SubSpan(e.from, min(e.to, length))
}

// extent is the union of the places of a tree.
type extent struct{ from, to int }

func (e *extent) Visit(n *ast.Node) {
	loc := (*n).Location()
	switch (*n).(type) {
	case *ast.ConditionalNode, *ast.PredicateNode:
		// expr leaves the place of the token behind them here.
		return
	}
	if loc.To > loc.From {
		e.from, e.to = min(e.from, loc.From), max(e.to, loc.To)
	}
}

// meaning is what a part of an expression leads to, as far as names below it depend on that: a group, the rows of a list or
// a walk over them; kindBad for what was reported, and of no kind where it cannot be told.
type meaning struct {
	kind  kind
	field *dataset.Field
	// walk is that of a let.
	walk *stream
}

// unclear is the kind of what cannot be told.
const unclear = kindStream + 1

func meaningOf(n *node) meaning {
	if n == nil {
		return meaning{kind: unclear}
	}
	return meaning{kind: n.kind, field: n.field, walk: n.stream}
}

// of is the meaning of a field.
func (m meaning) of(f *dataset.Field) meaning {
	kind := unclear
	switch f.Type {
	case dataset.Group:
		kind = kindGroup
	case dataset.List:
		kind = kindRows
	}
	return meaning{kind: kind, field: f}
}

// resolve finds what every name means, turns labels into names for expr's checker and reports names that are
// unknown.
func (l *lowerer) resolve(n ast.Node) meaning {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if v := l.vars[n.Value]; v != nil {
			return meaningOf(v)
		}
		if let := l.lets[n.Value]; let != nil {
			return meaningOf(let.node)
		}
		c := l.names.schema.Root.Child(n.Value)
		if c == nil {
			l.unknownName(n, nil)
			return meaning{kind: kindBad}
		}
		n.Value = c.Name
		return meaning{}.of(c)
	case *ast.PointerNode:
		if n.Name != "" {
			l.add(diag.UnsupportedName, l.span(n), "#"+n.Name)
			return meaning{kind: kindBad}
		}
		if len(l.meanings) > 0 {
			return l.meanings[len(l.meanings)-1]
		}
	case *ast.MemberNode:
		base := l.resolve(n.Node)
		name, ok := n.Property.(*ast.StringNode)
		if !ok || base.kind != kindGroup {
			break
		}
		c := base.field.Child(name.Value)
		if c == nil {
			l.unknown(diag.UnknownField, l.span(name), name.Value, base.field.Names())
			return meaning{kind: kindBad}
		}
		name.Value = c.Name
		return base.of(c)
	case *ast.ChainNode:
		return l.resolve(n.Node)
	case *ast.BuiltinNode:
		return l.resolveCall(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			return l.resolveCall(n, id.Value, n.Arguments)
		}
		l.add(diag.UnsupportedExpression, l.span(n.Callee))
	case *ast.ArrayNode:
		first := meaning{kind: unclear}
		for i, e := range n.Nodes {
			if r := l.resolve(e); i == 0 {
				first = r
			}
		}
		return first
	case *ast.PredicateNode:
		return l.resolve(n.Node)
	case *ast.UnaryNode:
		l.resolve(n.Node)
	case *ast.BinaryNode:
		if slices.Contains(unsupported, n.Operator) {
			l.add(diag.UnsupportedOperator, l.calleeSpan(n), n.Operator)
		}
		l.resolve(n.Left)
		l.resolve(n.Right)
	case *ast.ConditionalNode:
		l.resolve(n.Cond)
		a := l.resolve(n.Exp1)
		l.resolve(n.Exp2)
		return a
	}
	return meaning{kind: unclear}
}

// unknownName reports a name that is no field; also are names that could have been meant besides.
func (l *lowerer) unknownName(n *ast.IdentifierNode, also []string) {
	if slices.Contains(l.names.schema.Types, n.Value) {
		l.add(diag.TypeAsField, l.span(n), n.Value)
		return
	}
	known := slices.Concat(l.names.schema.Root.Names(), also, slices.Collect(maps.Keys(l.vars)), slices.Collect(maps.Keys(l.lets)))
	l.unknown(diag.UnknownField, l.span(n), n.Value, known)
}

func (l *lowerer) resolveCall(n ast.Node, name string, args []ast.Node) meaning {
	if _, ok := l.names.functions[name]; !ok {
		l.unknown(diag.UnknownFunction, l.calleeSpan(n), name, Functions())
	}
	first := meaning{kind: unclear}
	for i, a := range args {
		if _, predicate := a.(*ast.PredicateNode); predicate {
			element := first
			switch {
			case element.kind == kindRows:
				element.kind = kindGroup
			case element.kind == kindStream && element.walk.rows != nil:
				element = meaningOf(element.walk.element())
			}
			l.meanings = append(l.meanings, element)
			r := l.resolve(a)
			l.meanings = l.meanings[:len(l.meanings)-1]
			if name == "map" {
				first = r
			}
			continue
		}
		if r := l.resolve(a); i == 0 {
			first = r
		}
	}
	if name == "filter" || name == "map" {
		return first
	}
	return meaning{kind: unclear}
}

func (l *lowerer) unknown(code diag.Code, at place, name string, known []string) {
	l.list.Add(diag.New(code, at.source(), name).WithSuggestion(diag.Suggest(name, known)))
}

// child addresses a field of a group. Of base it needs the place of the group alone.
func (l *lowerer) child(base *node, c *dataset.Field, span place) *node {
	n := base.step(c)
	n.span = span
	switch c.Type {
	case dataset.Group:
		n.op, n.kind = opGroup, kindGroup
	case dataset.List:
		n.op, n.kind = opRows, kindRows
	case dataset.Text:
		n.kind = kindText
	case dataset.Bool:
		n.kind = kindBool
	case dataset.Date:
		n.kind = kindDate
	default:
		n.kind = kindNumber
		n.unit = c.Unit
		if c.UnitFrom != nil {
			n.varying = &n
		}
		if c.Type == dataset.Percent {
			n.unit = "%"
		}
	}
	if n.op == opField && !slices.Contains(l.reads, c) {
		l.reads = append(l.reads, c)
	}
	return &n
}

// step moves from a group to one of its fields.
func (n *node) step(c *dataset.Field) node {
	baseCell, baseList := 0, 0
	if n.field.Type == dataset.Group && n.field.Parent != nil {
		baseCell, baseList = n.field.Cell, n.field.List
	}
	return node{op: opField, field: c, frame: n.frame, cell: n.cell + c.Cell - baseCell, list: n.list + c.List - baseList}
}

// lower gives the meaning of a tree whose names and types are known to be right.
func (l *lowerer) lower(t ast.Node) *node {
	span := l.span(t)
	switch t := t.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return l.literal(t, span)
	case *ast.BoolNode:
		return boolLiteral(t.Value, span)
	case *ast.StringNode:
		return &node{op: opLiteral, kind: kindText, str: dataset.Fold(t.Value), span: span}
	case *ast.IdentifierNode:
		n := l.vars[t.Value]
		if let := l.lets[t.Value]; n == nil && let != nil {
			if n = let.node; n == nil {
				return bad(span)
			}
		}
		if n != nil {
			if n.kind == kindBad {
				return bad(span)
			}
			return n.at(span)
		}
		c := l.names.schema.Root.Child(t.Value)
		if c == nil {
			l.unknownName(t, nil)
			return bad(span)
		}
		return l.child(&node{field: l.names.schema.Root}, c, span)
	case *ast.PointerNode:
		if len(l.elements) == 0 || l.elements[len(l.elements)-1] == nil {
			return bad(span)
		}
		return l.elements[len(l.elements)-1].at(span)
	case *ast.MemberNode:
		name, ok := t.Property.(*ast.StringNode)
		if ok && !t.Optional && !t.Method {
			if group, known := l.group(t.Node); known {
				if c := group.field.Child(name.Value); c != nil {
					return l.child(&group, c, span)
				}
			}
		}
		base := l.lower(t.Node)
		switch {
		case base.kind == kindBad:
			return base
		case !ok || base.kind != kindGroup || t.Optional || t.Method:
			return l.fail(diag.UnsupportedExpression, span)
		}
		c := base.field.Child(name.Value)
		if c == nil {
			l.unknown(diag.UnknownField, l.span(name), name.Value, base.field.Names())
			return bad(span)
		}
		return l.child(base, c, span)
	case *ast.UnaryNode:
		return l.unaryOperator(t, span)
	case *ast.BinaryNode:
		return l.binary(t, span)
	case *ast.ConditionalNode:
		return l.conditional(l.truth(t.Cond), l.lower(t.Exp1), l.lower(t.Exp2), span)
	case *ast.BuiltinNode:
		return l.call(t, t.Name, t.Arguments, span)
	case *ast.CallNode:
		if id, ok := t.Callee.(*ast.IdentifierNode); ok {
			return l.call(t, id.Value, t.Arguments, span)
		}
	case *ast.ArrayNode:
		s := &stream{}
		for _, e := range t.Nodes {
			s.elements = append(s.elements, element{value: l.lower(e)})
		}
		return &node{kind: kindStream, stream: s, span: span}
	}
	return l.fail(diag.UnsupportedExpression, span)
}

// group is the group that a dotted path leads to, without a node for each step. What it does not know lower tells.
func (l *lowerer) group(t ast.Node) (group node, ok bool) {
	switch t := t.(type) {
	case *ast.IdentifierNode:
		if v := l.vars[t.Value]; v != nil {
			return *v, v.kind == kindGroup
		}
		if l.lets[t.Value] != nil {
			return node{}, false
		}
		if c := l.names.schema.Root.Child(t.Value); c != nil && c.Type == dataset.Group {
			return (&node{field: l.names.schema.Root}).step(c), true
		}
	case *ast.PointerNode:
		if n := len(l.elements); n > 0 && l.elements[n-1] != nil {
			return *l.elements[n-1], l.elements[n-1].kind == kindGroup
		}
	case *ast.MemberNode:
		name, named := t.Property.(*ast.StringNode)
		if !named || t.Optional || t.Method {
			break
		}
		if group, ok = l.group(t.Node); ok {
			if c := group.field.Child(name.Value); c != nil && c.Type == dataset.Group {
				return group.step(c), true
			}
		}
	}
	return node{}, false
}

// at is the same node as it stands elsewhere in the text.
func (n *node) at(span place) *node {
	c := *n
	c.span = span
	return &c
}

// literal reads a number from the text, never from expr's float.
func (l *lowerer) literal(n ast.Node, span place) *node {
	text := l.text.Value
	if loc := n.Location(); loc.To > loc.From {
		text = runesOf(text, loc.From, loc.To)
	}
	d, err := number.ParseLiteral(text)
	if err != nil {
		if errors.Is(err, number.ErrTooLong) {
			return l.fail(diag.NumberTooLong, span, text)
		}
		return l.fail(diag.BadLiteral, span, text)
	}
	return &node{op: opLiteral, kind: kindNumber, num: number.Of(d, number.Exact), rat: number.RatOf(d), span: span}
}

// runesOf are the runes [from, to) of a text.
func runesOf(text string, from, to int) string {
	start, i := len(text), 0
	for at := range text {
		if i == from {
			start = at
		}
		if i == to {
			return text[start:at]
		}
		i++
	}
	return text[start:]
}

func boolLiteral(b bool, span place) *node {
	n := &node{op: opLiteral, kind: kindBool, span: span, num: number.Int(0)}
	if b {
		n.num.Coef = 1
	}
	return n
}

func numberLiteral(i int64, span place) *node {
	d := number.Int(i)
	return &node{op: opLiteral, kind: kindNumber, num: d, rat: d.Rat(), span: span}
}

// want reports a part that is not of the kind it must be. expr's checker finds most of these first.
func (l *lowerer) want(n *node, k kind) *node {
	if n.kind == k || n.kind == kindBad {
		return n
	}
	codes := map[kind]diag.Code{
		kindNumber: diag.WantNumber, kindBool: diag.WantCondition, kindText: diag.WantTextExpression, kindDate: diag.WantDateExpression,
	}
	return l.fail(codes[k], n.span)
}

func (l *lowerer) number(t ast.Node) *node { return l.want(l.lower(t), kindNumber) }
func (l *lowerer) truth(t ast.Node) *node  { return l.want(l.lower(t), kindBool) }

func anyBad(nodes ...*node) bool {
	return slices.ContainsFunc(nodes, func(n *node) bool { return n.kind == kindBad })
}

func (l *lowerer) unaryOperator(t *ast.UnaryNode, span place) *node {
	switch t.Operator {
	case "not", "!":
		return l.negate(l.truth(t.Node))
	case "+":
		return l.number(t.Node)
	}
	n := l.number(t.Node)
	if n.kind == kindBad {
		return n
	}
	return (&node{op: opNeg, kind: kindNumber, args: []*node{n}, span: span}).in(n)
}

// negate is the opposite of a condition, pushed down to its comparisons.
func (l *lowerer) negate(n *node) *node {
	if n.kind == kindBad {
		return n
	}
	opposite := map[op]op{opEq: opNe, opNe: opEq, opLt: opGe, opGe: opLt, opGt: opLe, opLe: opGt, opAnd: opOr, opOr: opAnd, opAll: opAny, opAny: opAll}
	c := *n
	c.args = slices.Clone(n.args)
	switch n.op {
	case opEq, opNe, opLt, opLe, opGt, opGe:
		c.op = opposite[n.op]
	case opAnd, opOr:
		c.op = opposite[n.op]
		for i, a := range n.args {
			c.args[i] = l.negate(a)
		}
	case opAll, opAny:
		c.op = opposite[n.op]
		c.args[0] = l.negate(n.args[0])
	case opIf:
		c.args[1], c.args[2] = l.negate(n.args[1]), l.negate(n.args[2])
	case opNot:
		return n.args[0]
	case opSame:
		return l.fail(diag.NotSame, n.span)
	default:
		return &node{op: opNot, kind: kindBool, args: []*node{n}, span: n.span}
	}
	if anyBad(c.args...) {
		return bad(n.span)
	}
	return &c
}

// unsupported are the operators of expr that rules do not have. They are told before expr's checker finds fault with
// what they are given.
var unsupported = []string{"%", "**", "^", ".."}

var comparisons = map[string]op{"==": opEq, "!=": opNe, "<": opLt, "<=": opLe, ">": opGt, ">=": opGe}

var textTests = map[string]op{"contains": opContains, "startsWith": opStartsWith, "endsWith": opEndsWith, "matches": opMatches}

func (l *lowerer) binary(t *ast.BinaryNode, span place) *node {
	if cmp, ok := comparisons[t.Operator]; ok {
		return l.compare(cmp, l.lower(t.Left), l.lower(t.Right), span)
	}
	if test, ok := textTests[t.Operator]; ok {
		return l.textTest(test, l.want(l.lower(t.Left), kindText), t.Right, span)
	}
	switch t.Operator {
	case "and", "&&", "or", "||":
		o := opAnd
		if t.Operator == "or" || t.Operator == "||" {
			o = opOr
		}
		return connect(o, span, l.truth(t.Left), l.truth(t.Right))
	case "+", "-":
		a, b := l.unify(l.number(t.Left), l.number(t.Right))
		if anyBad(a, b) {
			return bad(span)
		}
		return sumOf(span, []*node{a, b}, []bool{false, t.Operator == "-"})
	case "*":
		return l.product(l.number(t.Left), l.number(t.Right), span)
	case "/":
		a, b := l.number(t.Left), l.number(t.Right)
		if anyBad(a, b) {
			return bad(span)
		}
		n := &node{op: opDiv, kind: kindNumber, span: span}
		_, convert := dataset.Convert(a.unit, b.unit)
		switch {
		case b.unitless():
			n.in(a)
		case a.unitless():
		case convert || !a.fixed() || !b.fixed():
			if a, b = l.unify(a, b); anyBad(a, b) {
				return bad(span)
			}
		}
		n.args = []*node{a, b}
		return n
	case "??":
		a, b := l.lower(t.Left), l.lower(t.Right)
		if a.kind == kindNumber && b.kind == kindNumber {
			a, b = l.unify(a, b)
		}
		if anyBad(a, b) {
			return bad(span)
		}
		if a.op != opField && a.op != opConvert {
			return l.fail(diag.CoalesceField, a.span)
		}
		if a.kind != b.kind {
			return l.fail(diag.UnsupportedExpression, span)
		}
		return (&node{op: opCoalesce, kind: a.kind, args: []*node{a, b}, span: span}).in(a, b)
	case "in":
		return l.in(t, span)
	}
	return l.fail(diag.UnsupportedOperator, l.calleeSpan(t), t.Operator)
}

// sumOf adds terms, those of inner sums among them.
func sumOf(span place, terms []*node, neg []bool) *node {
	n := &node{op: opAdd, kind: kindNumber, span: span}
	n.in(terms...)
	for i, t := range terms {
		if t.op != opAdd {
			n.args, n.neg = append(n.args, t), append(n.neg, neg[i])
			continue
		}
		n.args = append(n.args, t.args...)
		for _, inner := range t.neg {
			n.neg = append(n.neg, inner != neg[i])
		}
	}
	return n
}

func connect(o op, span place, parts ...*node) *node {
	if anyBad(parts...) {
		return bad(span)
	}
	n := &node{op: o, kind: kindBool, span: span}
	for _, p := range parts {
		if p.op == o {
			n.args = append(n.args, p.args...)
		} else {
			n.args = append(n.args, p)
		}
	}
	return n
}

func (l *lowerer) product(a, b *node, span place) *node {
	if anyBad(a, b) {
		return bad(span)
	}
	n := &node{op: opMul, kind: kindNumber, args: []*node{a, b}, span: span}
	plain := func(n *node) bool { return n.unitless() || n.unit == "%" }
	switch {
	case plain(a):
		return n.in(b)
	case plain(b):
		return n.in(a)
	}
	return n
}

// unify brings two numbers that meet to one unit. Numbers without a unit meet any.
func (l *lowerer) unify(a, b *node) (*node, *node) {
	list := l.unified(a, b)
	return list[0], list[1]
}

// unified brings numbers that meet to one unit: that of the first whose unit is fixed, else of the first whose unit
// stands beside it. Numbers without a unit stay as they are.
func (l *lowerer) unified(numbers ...*node) []*node {
	if anyBad(numbers...) {
		return numbers
	}
	var to *node
	for _, n := range numbers {
		if n.fixed() && (to == nil || !to.fixed()) || n.varying != nil && to == nil {
			to = n
		}
	}
	out := slices.Clone(numbers)
	for i, n := range out {
		if to != nil && n != to && !n.unitless() {
			out[i] = l.bring(n, to)
		}
	}
	return out
}

// bring converts a number to the unit of another.
func (l *lowerer) bring(n, to *node) *node {
	switch {
	case n.mixed:
		return l.bringRows(n, to)
	case n.varying != nil:
		if to.varying != nil && n.varying.field.UnitFrom == to.varying.field.UnitFrom && n.varying.frame == to.varying.frame {
			return n
		}
		return (&node{op: opConvert, kind: kindNumber, args: []*node{n}, from: n.varying, unitOf: to.varying, span: n.span}).in(to)
	case n.unit == to.unit:
		return n
	}
	power, ok := dataset.Convert(n.unit, to.unit)
	if !ok {
		return l.fail(diag.UnitMismatch, n.span, to.unit, n.unit)
	}
	if n.op == opField {
		// It stays one figure.
		return &node{op: opConvert, kind: kindNumber, args: []*node{n}, from: n, unit: to.unit, span: n.span}
	}
	factor := number.Pow10(power)
	d, _ := number.ParseLiteral("1e" + itoa(power))
	scale := &node{op: opLiteral, kind: kindNumber, num: number.Of(d, number.Exact), rat: factor, span: n.span}
	return &node{op: opMul, kind: kindNumber, args: []*node{n, scale}, unit: to.unit, span: n.span}
}

// bringRows converts each row of the folds that make a number.
func (l *lowerer) bringRows(n, to *node) *node {
	c := *n
	c.unit, c.varying, c.mixed = to.unit, to.varying, false
	c.args = slices.Clone(n.args)
	for i, a := range n.args {
		if a.kind == kindNumber && (a.mixed || n.stream != nil) {
			c.args[i] = l.bring(a, to)
		}
	}
	if anyBad(c.args...) {
		return bad(n.span)
	}
	return &c
}

// mixedFold finds a fold over rows of varying units that met no unit; nil when there is none.
func (n *node) mixedFold() *node {
	var found *node
	n.visit(func(m *node) {
		if found == nil && m.mixed && m.stream != nil {
			found = m
		}
	})
	return found
}

func (l *lowerer) compare(o op, a, b *node, span place) *node {
	if anyBad(a, b) {
		return bad(span)
	}
	if a.kind != b.kind {
		return l.fail(diag.UnsupportedExpression, span)
	}
	switch a.kind {
	case kindNumber:
		if a, b = l.unify(a, b); anyBad(a, b) {
			return bad(span)
		}
	case kindDate:
	case kindText, kindBool:
		if o != opEq && o != opNe {
			return l.fail(diag.UnorderedKind, span)
		}
	default:
		return l.fail(diag.UnsupportedExpression, span)
	}
	return &node{op: o, kind: kindBool, args: []*node{a, b}, span: span}
}

func (l *lowerer) conditional(test, a, b *node, span place) *node {
	if anyBad(test, a, b) {
		return bad(span)
	}
	if a.kind == kindNumber && b.kind == kindNumber {
		if a, b = l.unify(a, b); anyBad(a, b) {
			return bad(span)
		}
	}
	if a.kind != b.kind || a.kind == kindRows || a.kind == kindGroup || a.kind == kindStream {
		return l.fail(diag.UnsupportedExpression, span)
	}
	return (&node{op: opIf, kind: a.kind, args: []*node{test, a, b}, span: span}).in(a, b)
}

func (l *lowerer) textTest(o op, a *node, right ast.Node, span place) *node {
	b := l.want(l.lower(right), kindText)
	if anyBad(a, b) {
		return bad(span)
	}
	n := &node{op: o, kind: kindBool, args: []*node{a, b}, span: span}
	if o == opMatches {
		s, ok := right.(*ast.StringNode)
		if !ok {
			return l.fail(diag.WantPattern, b.span)
		}
		re, err := regexp.Compile(s.Value)
		if err != nil {
			return l.fail(diag.BadPattern, b.span, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		n.re = re
	}
	return n
}

// in is x in [a, b]: equal to one of them.
func (l *lowerer) in(t *ast.BinaryNode, span place) *node {
	a, b := l.lower(t.Left), l.lower(t.Right)
	if anyBad(a, b) {
		return bad(span)
	}
	if b.kind != kindStream || b.stream.elements == nil {
		return l.fail(diag.UnsupportedExpression, b.span)
	}
	n := &node{op: opOr, kind: kindBool, span: span}
	for _, e := range b.stream.elements {
		c := l.compare(opEq, a, e.value, span)
		if c.kind == kindBad {
			return c
		}
		n.args = append(n.args, c)
	}
	return n
}

// call is a function call as written.
type call struct {
	name string
	args []ast.Node
	span place
}

func (l *lowerer) call(t ast.Node, name string, args []ast.Node, span place) *node {
	f, ok := l.names.functions[name]
	if !ok {
		l.unknown(diag.UnknownFunction, l.calleeSpan(t), name, Functions())
		return bad(span)
	}
	return f.lower(l, &call{name: name, args: args, span: span})
}
