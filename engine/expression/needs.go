package expression

import "github.com/gouji/gouji/engine/dataset"

// Needs calls note for whatever the condition reads of a dataset: figures, texts and dates, lists that it walks or asks
// for, and all that stands in a group that it asks for. Fields of the group or row that a loop walks are those of the first.
func (c *Condition) Needs(note func(*dataset.Field)) { c.node.needs(note) }

// Needs is Condition.Needs for a check.
func (c *Check) Needs(note func(*dataset.Field)) { c.node.needs(note) }

// Needs is Condition.Needs for a value.
func (v *Value) Needs(note func(*dataset.Field)) { v.node.needs(note) }

// Needs is Condition.Needs for a loop: its list, or its groups without what is in them.
func (l *Loop) Needs(note func(*dataset.Field)) {
	if l.rows != nil {
		l.rows.needs(note)
	}
	for _, g := range l.Groups {
		note(g)
	}
}

func (n *node) needs(note func(*dataset.Field)) {
	n.visit(func(m *node) {
		switch {
		case m.op == opField || m.op == opRows:
			note(m.field)
		case m.op == opPresent && m.args[0].op == opGroup:
			everything(m.args[0].field, note)
		}
		if m.varying != nil {
			note(m.varying.field)
		}
		if m.from != nil {
			note(m.from.field)
		}
	})
}

// everything notes what stands in a group.
func everything(in *dataset.Field, note func(*dataset.Field)) {
	for _, f := range in.Fields {
		switch {
		case f.Link:
		case f.Type == dataset.Group:
			everything(f, note)
		default:
			note(f)
		}
	}
}
