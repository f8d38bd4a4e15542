package expression

import (
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Value is a field, loop variable's field or let that a message shows.
type Value struct{ node *node }

// Value resolves the dotted path that stands from the rune at an offset of a scalar; also are words that could have been meant.
func (s *Scope) Value(n *yamldoc.Node, path string, from int, also []string) (*Value, diag.List) {
	l := s.lowerer(n)
	at := from
	unknown := func(span source.Span) diag.Diagnostic {
		return diag.New(diag.UnknownPlaceholder, span, path, "{"+strings.Join(also, "} {")+"}")
	}
	var value *node
	for i, name := range strings.Split(path, ".") {
		length := utf8.RuneCountInString(name)
		span := func() source.Span { return n.SubSpan(at, at+max(length, 1)) }
		switch {
		case i == 0 && s.vars[name] != nil:
			value = s.vars[name]
		case i == 0 && s.lets[name] != nil:
			value = s.lets[name].node
		default:
			if i == 0 {
				value = &node{op: opGroup, kind: kindGroup, field: s.names.schema.Root}
			}
			if value.kind == kindBad {
				return nil, nil
			}
			if value.kind != kindGroup {
				return nil, diag.List{unknown(span())}
			}
			c := value.field.Child(name)
			if c == nil {
				known := value.field.Names()
				if i == 0 {
					known = append(known, also...)
					known = append(append(known, sortedKeys(s.vars)...), sortedKeys(s.lets)...)
				}
				return nil, diag.List{unknown(span()).WithSuggestion(diag.Suggest(name, known))}
			}
			value = l.child(value, c, place{text: n})
		}
		at += length + 1
	}
	whole := func() source.Span { return n.SubSpan(from, from+utf8.RuneCountInString(path)) }
	switch value.kind {
	case kindBad:
		return nil, nil
	case kindNumber, kindText, kindDate, kindBool:
		if value.mixedFold() != nil {
			return nil, diag.List{diag.New(diag.VaryingUnits, whole())}
		}
		return &Value{value}, nil
	}
	return nil, diag.List{unknown(whole())}
}

// Reads are the cells that the value is made of, in order.
func (v *Value) Reads(e *Env) []int {
	x := exact{Env: e}
	switch n := v.node; {
	case n.op == opField:
		return []int{e.cell(n)}
	case n.kind == kindNumber:
		x.number(n)
	case n.kind == kindText:
		x.text(n)
	}
	return x.touched
}

// Text is the value as printed, or with all the digits that it needs when it is computed; "" when it is missing.
func (v *Value) Text(e *Env) string {
	x := exact{Env: e}
	switch n := v.node; {
	case n.op == opField:
		if st := e.fact(e.cell(n)).Statement(); st != nil {
			return st.Text
		}
	case n.kind == kindNumber:
		value, ok := x.number(n)
		if !ok {
			return ""
		}
		d := 0
		for _, cell := range x.touched {
			if x.fact(cell).Field.Type != dataset.Count && x.decimals(cell) != number.Exact {
				d = max(d, int(x.decimals(cell)))
			}
		}
		return number.FormatFixed(value, d, d+4)
	case n.kind == kindText:
		s, _ := x.text(n)
		return s
	}
	return ""
}
