package expression

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/expr-lang/expr/ast"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
)

func itoa(i int) string { return strconv.Itoa(i) }

// stream is the walk that an argument stands for: a list, an array literal, filter or map.
func (l *lowerer) stream(t ast.Node) *stream {
	n := l.lower(t)
	switch n.kind {
	case kindStream:
		return n.stream
	case kindRows:
		frame := l.frames
		if l.frames++; l.frames > Frames {
			l.add(diag.TooDeep, n.span)
			return nil
		}
		return &stream{rows: n, frame: frame}
	case kindBad:
		return nil
	}
	l.add(diag.WantListExpression, n.span)
	return nil
}

// release gives back the frames of a walk that is over. A let keeps its own: it may be used within other walks.
func (l *lowerer) release(frames int) {
	if !l.inLet {
		l.frames = frames
	}
}

// element is what # means in a predicate over the stream's rows.
func (s *stream) element() *node {
	if s.value != nil {
		return s.value
	}
	return &node{op: opGroup, kind: kindGroup, field: s.rows.field, frame: s.frame, span: s.rows.span}
}

// within lowers a predicate with # standing for element.
func (l *lowerer) within(element *node, predicate ast.Node) *node {
	if p, ok := predicate.(*ast.PredicateNode); ok {
		predicate = p.Node
	}
	l.elements = append(l.elements, element)
	defer func() { l.elements = l.elements[:len(l.elements)-1] }()
	return l.lower(predicate)
}

// rowsOf is filter(list, condition) and map(list, expression).
func (l *lowerer) rowsOf(c *call) *node {
	s := l.stream(c.args[0])
	if s == nil {
		return bad(c.span)
	}
	out := &stream{rows: s.rows, frame: s.frame, value: s.value, filters: s.filters}
	for _, e := range s.elements {
		v := l.within(e.value, c.args[1])
		if c.name == "filter" {
			if v = l.want(v, kindBool); e.guard != nil {
				v = connect(opAnd, c.span, e.guard, v)
			}
			e.guard = v
		} else {
			e.value = v
		}
		if v.kind == kindBad {
			return v
		}
		out.elements = append(out.elements, e)
	}
	if s.elements == nil {
		v := l.within(s.element(), c.args[1])
		if c.name == "filter" {
			v = l.want(v, kindBool)
			out.filters = append(out.filters[:len(out.filters):len(out.filters)], v)
		} else {
			out.value = v
		}
		if v.kind == kindBad {
			return v
		}
	}
	return &node{kind: kindStream, stream: out, span: c.span}
}

// fold lowers f(list) or f(list, expression): a node over the stream for rows, or what join makes of the parts of an
// array literal.
func (l *lowerer) fold(c *call, of, result kind, k op, join func(values, guards []*node) *node) *node {
	defer l.release(l.frames)
	s := l.stream(c.args[0])
	if s == nil {
		return bad(c.span)
	}
	body := func(element *node) *node {
		if len(c.args) > 1 {
			return l.want(l.within(element, c.args[1]), of)
		}
		return l.want(element, of)
	}
	if s.elements != nil || s.rows == nil {
		var values, guards []*node
		for _, e := range s.elements {
			v := body(e.value)
			if v.kind == kindBad {
				return v
			}
			values, guards = append(values, v), append(guards, e.guard)
		}
		return join(values, guards)
	}
	b := body(s.element())
	if b.kind == kindBad {
		return b
	}
	n := &node{op: k, kind: result, stream: s, args: []*node{b}, span: c.span}
	if b.varying != nil && b.varying.frame == s.frame {
		n.mixed = true
		return n
	}
	return n.in(b)
}

func (l *lowerer) sum(c *call) *node {
	return l.fold(c, kindNumber, kindNumber, opSum, func(values, guards []*node) *node {
		if len(values) == 0 {
			return numberLiteral(0, c.span)
		}
		if values = l.unified(values...); anyBad(values...) {
			return bad(c.span)
		}
		for i, v := range values {
			if guards[i] != nil {
				v = l.conditional(guards[i], v, numberLiteral(0, v.span), v.span)
			}
			values[i] = v
		}
		return sumOf(c.span, values, make([]bool, len(values)))
	})
}

// count is count(list), of a list of conditions, and count(list, condition).
func (l *lowerer) count(c *call) *node {
	n := l.fold(c, kindBool, kindNumber, opCount, func(values, guards []*node) *node {
		var ones []*node
		for i, v := range values {
			if guards[i] != nil {
				v = connect(opAnd, v.span, guards[i], v)
			}
			ones = append(ones, l.conditional(v, numberLiteral(1, v.span), numberLiteral(0, v.span), v.span))
		}
		return sumOf(c.span, ones, make([]bool, len(ones)))
	})
	n.unit = ""
	return n
}

// extreme is min and max, of numbers or of a list of numbers.
func (l *lowerer) extreme(c *call) *node {
	two, many := opMin, opLeast
	if c.name == "max" {
		two, many = opMax, opGreatest
	}
	if len(c.args) == 1 {
		return l.fold(c, kindNumber, kindNumber, many, func(values, guards []*node) *node {
			return l.extremeOf(c, two, values, guards)
		})
	}
	var values []*node
	for _, a := range c.args {
		values = append(values, l.number(a))
	}
	return l.extremeOf(c, two, values, make([]*node, len(values)))
}

func (l *lowerer) extremeOf(c *call, o op, values, guards []*node) *node {
	if anyBad(values...) {
		return bad(c.span)
	}
	if len(values) == 0 {
		return l.fail(diag.UnsupportedExpression, c.span)
	}
	for i := range values {
		if guards[i] != nil {
			return l.fail(diag.UnsupportedExpression, values[i].span)
		}
	}
	if values = l.unified(values...); anyBad(values...) {
		return bad(c.span)
	}
	return (&node{op: o, kind: kindNumber, args: values, span: c.span}).in(values...)
}

func (l *lowerer) unary(c *call) *node {
	n := l.number(c.args[0])
	if n.kind == kindBad {
		return n
	}
	o := map[string]op{"abs": opAbs, "floor": opFloor, "ceil": opCeil}[c.name]
	return (&node{op: o, kind: kindNumber, args: []*node{n}, span: c.span}).in(n)
}

// round is round(x) and round(x, k), half away from zero; k is a literal.
func (l *lowerer) round(c *call) *node {
	n := l.number(c.args[0])
	if n.kind == kindBad {
		return n
	}
	k := int64(0)
	if len(c.args) > 1 {
		d := l.lower(c.args[1])
		if d.kind == kindBad {
			return d
		}
		if d.op != opLiteral || d.num.Has(number.Overflow) || d.num.Scale != 0 || d.num.Coef < 0 || d.num.Coef > 18 {
			return l.fail(diag.BadDecimals, d.span)
		}
		k = d.num.Coef
	}
	return (&node{op: opRound, kind: kindNumber, args: []*node{n}, num: number.Int(k), span: c.span}).in(n)
}

// len is the number of rows of a list, or of characters of a text.
func (l *lowerer) len(c *call) *node {
	if n := l.lower(c.args[0]); n.kind == kindText {
		return &node{op: opLen, kind: kindNumber, args: []*node{n}, span: c.span}
	} else if n.kind == kindBad {
		return n
	}
	defer l.release(l.frames)
	s := l.stream(c.args[0])
	if s == nil {
		return bad(c.span)
	}
	if s.rows != nil {
		return &node{op: opCount, kind: kindNumber, stream: s, args: []*node{boolLiteral(true, c.span)}, span: c.span}
	}
	terms := []*node{}
	for _, e := range s.elements {
		one := numberLiteral(1, c.span)
		if e.guard != nil {
			one = l.conditional(e.guard, one, numberLiteral(0, c.span), c.span)
		}
		terms = append(terms, one)
	}
	return sumOf(c.span, terms, make([]bool, len(terms)))
}

// quantifier is all, any and none.
func (l *lowerer) quantifier(c *call) *node {
	o, join := opAll, opAnd
	if c.name == "any" {
		o, join = opAny, opOr
	}
	n := l.fold(c, kindBool, kindBool, o, func(values, guards []*node) *node {
		if len(values) == 0 {
			return boolLiteral(c.name != "any", c.span)
		}
		for i, v := range values {
			if c.name == "none" {
				v = l.negate(v)
			}
			switch {
			case guards[i] != nil && join == opAnd:
				v = connect(opOr, v.span, l.negate(guards[i]), v)
			case guards[i] != nil:
				v = connect(opAnd, v.span, guards[i], v)
			}
			values[i] = v
		}
		return connect(join, c.span, values...)
	})
	if c.name == "none" && n.op == opAll {
		n.args[0] = l.negate(n.args[0])
		if n.args[0].kind == kindBad {
			return bad(c.span)
		}
	}
	return n
}

// same is same(a, b, …): statements of one quantity.
func (l *lowerer) same(c *call) *node {
	n := &node{op: opSame, kind: kindBool, span: c.span}
	for _, a := range c.args {
		n.args = append(n.args, l.number(a))
	}
	if n.args = l.unified(n.args...); anyBad(n.args...) {
		return bad(c.span)
	}
	return n
}

// state is present, blank and explained: questions about a field that are never unknown.
func (l *lowerer) state(c *call) *node {
	n := l.lower(c.args[0])
	if n.kind == kindBad {
		return n
	}
	o := map[string]op{"present": opPresent, "blank": opBlank, "explained": opExplained}[c.name]
	if n.op != opField && n.op != opRows && n.op != opGroup || o == opBlank && n.op != opField ||
		o == opExplained && n.kind != kindText {
		return l.fail(diag.WantField, n.span, c.name)
	}
	return &node{op: o, kind: kindBool, args: []*node{n}, span: c.span}
}

// value is a number without its unit.
func (l *lowerer) value(c *call) *node {
	n := l.number(c.args[0])
	if n.mixed {
		return l.fail(diag.VaryingUnits, n.span)
	}
	n = n.at(n.span)
	n.unit, n.varying = "", nil
	return n
}

// decimals is the number of digits printed after the point of a figure.
func (l *lowerer) decimals(c *call) *node {
	n := l.lower(c.args[0])
	if n.kind == kindBad {
		return n
	}
	if n.op != opField || n.kind != kindNumber {
		return l.fail(diag.WantField, n.span, c.name)
	}
	return &node{op: opDecimals, kind: kindNumber, args: []*node{n}, span: c.span}
}

// distinct reports whether the values of a list all differ.
func (l *lowerer) distinct(c *call) *node {
	defer l.release(l.frames)
	s := l.stream(c.args[0])
	if s == nil {
		return bad(c.span)
	}
	n := &node{op: opDistinct, kind: kindBool, stream: s, span: c.span}
	scalar := func(v *node) *node {
		if v.kind != kindNumber && v.kind != kindText && v.kind != kindDate && v.kind != kindBad {
			return l.fail(diag.WantListExpression, v.span)
		}
		return v
	}
	if s.rows != nil {
		v := scalar(s.element())
		if v.mixed || v.varying != nil && v.varying.frame == s.frame {
			return l.fail(diag.VaryingUnits, v.span)
		}
		n.args = []*node{v}
	}
	for i, e := range s.elements {
		if e.guard != nil {
			return l.fail(diag.UnsupportedExpression, c.span)
		}
		v := scalar(e.value)
		if i > 0 && v.kind != s.elements[0].value.kind {
			v = l.fail(diag.UnsupportedExpression, v.span)
		}
		n.args = append(n.args, v)
	}
	if s.rows == nil {
		n.stream = nil
		n.args = l.unified(n.args...)
	}
	if anyBad(n.args...) {
		return bad(c.span)
	}
	return n
}

// date is date("2023-12"), with the precision it is written in.
func (l *lowerer) date(c *call) *node {
	n := l.lower(c.args[0])
	if n.kind == kindBad {
		return n
	}
	d, ok := dataset.ParseDate(n.str)
	if n.op != opLiteral || n.kind != kindText || !ok {
		return l.fail(diag.BadDate, n.span)
	}
	return &node{op: opLiteral, kind: kindDate, num: d, span: c.span}
}

// days is the number of days from one date to another.
func (l *lowerer) days(c *call) *node {
	n := &node{op: opDays, kind: kindNumber, span: c.span}
	for _, a := range c.args {
		n.args = append(n.args, l.want(l.lower(a), kindDate))
	}
	if anyBad(n.args...) {
		return bad(c.span)
	}
	return n
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
