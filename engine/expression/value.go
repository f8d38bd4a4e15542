package expression

import (
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Value is a field, loop variable's field or let that a message shows.
type Value struct{ node *node }

// Value resolves the dotted path that stands at the runes [from, to) of a scalar.
func (s *Scope) Value(n *yamldoc.Node, from, to int) (*Value, diag.List) {
	l := s.lowerer(n)
	at := from
	var value *node
	for i, name := range strings.Split(string(l.runes[from:to]), ".") {
		end := at + len([]rune(name))
		span := l.places.SubSpan(at, max(end, at+1))
		at = end + 1
		switch {
		case i == 0 && s.vars[name] != nil:
			value = s.vars[name]
			continue
		case i == 0 && s.lets[name] != nil:
			value = s.lets[name].node
			continue
		case i == 0:
			value = &node{op: opGroup, kind: kindGroup, field: s.names.schema.Root}
		}
		if value.kind == kindBad {
			return nil, nil
		}
		if value.kind != kindGroup {
			return nil, diag.List{diag.New(diag.UnknownPlaceholder, span, string(l.runes[from:to]))}
		}
		c := value.field.Child(name)
		if c == nil {
			known := value.field.Names()
			if i == 0 {
				known = append(known, "left", "right", "difference")
				known = append(append(known, sortedKeys(s.vars)...), sortedKeys(s.lets)...)
			}
			return nil, diag.List{diag.New(diag.UnknownPlaceholder, span, string(l.runes[from:to])).
				WithSuggestion(diag.Suggest(name, known))}
		}
		value = l.child(value, c, span)
	}
	switch value.kind {
	case kindBad:
		return nil, nil
	case kindNumber, kindText, kindDate, kindBool:
		if value.mixedFold() != nil {
			return nil, diag.List{diag.New(diag.VaryingUnits, n.SubSpan(from, to))}
		}
		return &Value{value}, nil
	}
	return nil, diag.List{diag.New(diag.UnknownPlaceholder, l.places.SubSpan(from, to), string(l.runes[from:to]))}
}

// Text is the value as printed, or with all the digits that it needs when it is computed; "" when it is missing.
func (v *Value) Text(e *Env) string {
	x := exact{Env: e}
	switch n := v.node; {
	case n.op == opField:
		if st := e.facts[e.cell(n)].Statement(); st != nil {
			return st.Text
		}
	case n.kind == kindNumber:
		value, ok := x.number(n)
		if !ok {
			return ""
		}
		d := 0
		for _, cell := range x.touched {
			if x.facts[cell].Field.Type != dataset.Count && x.decimals(cell) != number.Exact {
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
