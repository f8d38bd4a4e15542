package expression

import (
	"slices"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Term is a compiled figure or text, for rules that hold it against those of other datasets. It is evaluated as printed.
type Term struct {
	node *node
	// zero takes missing figures as zero.
	zero bool
}

// Figure compiles a number whose unit is the same in every dataset; with zero, missing figures count as zero.
func (s *Scope) Figure(n *yamldoc.Node, zero bool) (*Term, diag.List) {
	return s.term(n, zero, kindNumber)
}

// Text compiles a text.
func (s *Scope) Text(n *yamldoc.Node) (*Term, diag.List) { return s.term(n, false, kindText) }

// Term compiles what Figure or Text does.
func (s *Scope) Term(n *yamldoc.Node, zero bool) (*Term, diag.List) {
	return s.term(n, zero, kindText, kindNumber)
}

// term compiles an expression of one of some kinds; what is of none is told to be none of the first.
func (s *Scope) term(n *yamldoc.Node, zero bool, kinds ...kind) (*Term, diag.List) {
	root, list := s.compile(n)
	switch {
	case len(list) > 0 || root.kind == kindBad:
		return nil, list
	case !slices.Contains(kinds, root.kind):
		l := s.lowerer(n)
		l.want(root, kinds[0])
		return nil, l.list
	case root.varying != nil || root.mixed || root.mixedFold() != nil:
		return nil, diag.List{diag.New(diag.VaryingUnits, root.span.source())}
	}
	return &Term{node: root, zero: zero}, nil
}

// IsText reports whether the term is a text.
func (t *Term) IsText() bool { return t.node.kind == kindText }

// Number is the value of a figure. Where it is not known, ok is false, and the judgement says why.
func (t *Term) Number(e *Env) (v number.Rat, j Judgement, ok bool) {
	x := exact{Env: e, zero: t.zero}
	v, ok = x.number(t.node)
	if ok && x.zero && x.nothing() {
		for _, cell := range x.touched {
			x.problem(CauseMissing, cell, -1)
		}
		ok = false
	}
	if !ok {
		j = x.notEvaluated(CauseMissing)
	}
	j.Operands = x.touched
	return v, j, ok
}

// Folded is the value of a text, as texts are compared. Where it is not known, ok is false, and the judgement says why.
func (t *Term) Folded(e *Env) (text string, j Judgement, ok bool) {
	x := exact{Env: e}
	if text, ok = x.text(t.node); !ok {
		j = x.notEvaluated(CauseMissing)
	}
	j.Operands = x.touched
	return text, j, ok
}

// Show writes the term: what is one figure or text as printed, else its value.
func (t *Term) Show(e *Env) string {
	x := exact{Env: e, zero: t.zero}
	if t.IsText() {
		return x.show(t.node)
	}
	v, ok := x.number(t.node)
	if !ok {
		return x.printedText(t.node)
	}
	return x.sideText(t.node, v, x.comparisonDecimals(t.node, t.node))
}

// Format writes a number with the decimals of a figure, and at most so many more.
func (t *Term) Format(e *Env, v number.Rat, more int) string {
	x := exact{Env: e, zero: t.zero}
	x.number(t.node)
	d := x.comparisonDecimals(t.node, t.node)
	return number.FormatFixed(v, d, d+more)
}

// Needs is Condition.Needs for a term.
func (t *Term) Needs(note func(*dataset.Field)) { t.node.needs(note) }

// Formula is the term with the labels of its fields; loops are those of its rule.
func (t *Term) Formula(loops []*Loop, lang diag.Lang) string {
	w := formula{lang: lang, loops: loops}
	return w.write(t.node, lowest)
}

// Among is the term with the figures as printed, and the median of those that it stands among.
func (t *Term) Among(e *Env, lang diag.Lang, units int, median string) string {
	w := formula{lang: lang}
	return w.say("among", t.Filled(e, lang), units, median)
}

// Shared is the text as printed, and who else has it: so many, and the names of some.
func (t *Term) Shared(e *Env, lang diag.Lang, units int, others string) string {
	w := formula{lang: lang}
	return w.say("shared", t.Filled(e, lang), units, others)
}

// Filled is the term with the figures as printed, and its value behind them where it is computed.
func (t *Term) Filled(e *Env, lang diag.Lang) string {
	x := &exact{Env: e, zero: t.zero}
	if !t.IsText() {
		x.number(t.node)
	}
	w := formula{lang: lang, exact: &exact{Env: e, zero: t.zero}}
	w.units = x.mixed(x.touched)
	text := w.write(t.node, lowest)
	if t.IsText() || t.node.figure() {
		return text
	}
	if value := t.Show(e); value != "" && value != text {
		text += " = " + value
	}
	return text
}
