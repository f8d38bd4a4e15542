// Package plan binds rule packs to their schema: every expression is compiled and checked, before any data is read.
package plan

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Plan is a pack ready to run. It is not changed after Compile and may be used by many goroutines.
type Plan struct {
	Pack *rule.Pack
	// Rules are those that look at one dataset.
	Rules []*Rule
	// Screens are the fast evaluations of the rules, in their order.
	Screens []expression.Screen
	// Dated: there are rules that hold for some years only. Named: there are some that read the entity or the period.
	Dated, Named bool
	// Across are the rules that look at several datasets; nil where there are none.
	Across *Across
}

// Rule is one rule, compiled.
type Rule struct {
	*rule.Rule
	// Loops are the clauses of `each`, outermost first.
	Loops []*expression.Loop
	// When is nil for a rule that always applies.
	When *expression.Condition
	// Check is nil for a rule about like entities, which has Peers instead.
	Check   *expression.Check
	Peers   *Peers
	Message Message
	// Reads are the fields that When and Check read; where loops walk groups, those of the first group.
	Reads []*dataset.Field
	// Partners are the other datasets that a rule across datasets needs.
	Partners []dataset.Partner
}

// Message is a sentence with placeholders.
type Message []Part

// Part is a piece of text, or what stands for one of left, right, difference or a value.
type Part struct {
	Text string
	// Side is what stands for a part of the comparison, such as "left" or "difference"; "" for others.
	Side  string
	Value *expression.Value
}

// Compile binds a pack to its schema. All faults of all rules are in the list; the plan holds the rules without fault.
func Compile(pack *rule.Pack) (*Plan, diag.List) {
	names, list := expression.NewNames(pack.Schema)
	p := &Plan{Pack: pack}
	across := acrossCompiler{schema: pack.Schema}
	for _, r := range pack.Rules {
		c, wrong := compile(names, r)
		cut := slices.ContainsFunc(r.Let, func(e yamldoc.Entry) bool { return e.Value == nil })
		if r.Peers != nil {
			list = append(list, peersFaults(r, wrong)...)
			if len(wrong) == 0 && !cut {
				across.keep(c, func(f *dataset.Field) *dataset.Field { return f })
			}
			continue
		}
		if across.mentions(wrong) {
			list = append(list, across.compile(r)...)
			continue
		}
		list = append(list, wrong...)
		if len(wrong) == 0 && !cut {
			p.Rules = append(p.Rules, c)
		}
	}
	p.Screens = screens(p.Rules)
	for _, r := range p.Rules {
		p.Dated = p.Dated || r.Since > 0 || r.Until > 0
		p.Named = p.Named || slices.ContainsFunc(r.Reads, func(f *dataset.Field) bool { return f.Header })
	}
	var wrong diag.List
	p.Across, wrong = across.finish()
	list = append(list, wrong...)
	list.Sort()
	return p, list
}

// screens are the fast evaluations of rules. Made at a stretch, they and what they read lie together in memory: fetched
// from all over, it makes a rule that passes a fifth dearer.
func screens(rules []*Rule) []expression.Screen {
	all := make([]expression.Screen, len(rules))
	for i, r := range rules {
		if r.Peers != nil {
			all[i] = *expression.Blind()
			continue
		}
		all[i] = expression.NewScreen(r.Loops, r.When, r.Check)
	}
	return all
}

// All are the rules of the plan, those across datasets among them, in the order of the pack.
func (p *Plan) All() []*Rule {
	if p.Across == nil {
		return p.Rules
	}
	compiled := map[*rule.Rule]*Rule{}
	for _, r := range slices.Concat(p.Rules, p.Across.Rules) {
		compiled[r.Rule] = r
	}
	var all []*Rule
	for _, r := range p.Pack.Rules {
		if c := compiled[r]; c != nil {
			all = append(all, c)
		}
	}
	return all
}

// Has reports whether the plan has a rule of that id, the built-in one among them.
func (p *Plan) Has(id string) bool {
	if id == rule.RestatedID {
		return p.Pack.Restated != 0
	}
	return slices.ContainsFunc(p.All(), func(r *Rule) bool { return r.ID == id })
}

func compile(names *expression.Names, r *rule.Rule) (*Rule, diag.List) {
	scope := names.NewScope()
	c := &Rule{Rule: r}
	var list diag.List
	for _, clause := range r.Each {
		loop, named, wrong := scope.Loop(clause)
		list = append(list, wrong...)
		if !named {
			return c, list
		}
		if loop != nil {
			c.Loops = append(c.Loops, loop)
		}
	}
	list = append(list, scope.Lets(r.Let)...)
	if r.When != nil {
		when, wrong := scope.Condition(r.When, r.Missing == rule.Zero)
		c.When, list = when, append(list, wrong...)
	}
	var wrong diag.List
	if r.Peers != nil {
		c.Peers, wrong = peers(scope, r, c.Loops)
		list = append(list, wrong...)
	} else {
		var tolerance expression.Tolerance
		tolerance, wrong = toleranceOf(r.Tolerance)
		list = append(list, wrong...)
		c.Check, wrong = scope.Check(r.Check, tolerance, r.Missing == rule.Zero)
		list = append(list, wrong...)
	}
	c.Reads = scope.Reads()
	if r.Message != nil {
		message, wrong := parseMessage(scope, r.Message, sides(r))
		c.Message, list = message, append(list, wrong...)
	}
	return c, list
}

func toleranceOf(t rule.Tolerance) (expression.Tolerance, diag.List) {
	kinds := map[rule.ToleranceKind]expression.ToleranceKind{
		rule.Rounding: expression.Rounding, rule.Exact: expression.Exactly, rule.Abs: expression.Abs,
		rule.Rel: expression.Rel, rule.Cap: expression.Cap,
	}
	c := expression.Tolerance{Kind: kinds[t.Kind]}
	if t.Amount == nil {
		return c, nil
	}
	p, err := number.Parse(t.Amount.Value)
	if err != nil || p.Blank || p.Value().IsNegative() || p.Unit != "" || p.Percent && t.Kind != rule.Rel {
		return c, diag.List{diag.New(diag.BadAmount, t.Amount.Span, t.Amount.Value)}
	}
	c.Amount = number.RatOf(p.Value())
	if p.Percent {
		c.Amount = c.Amount.Mul(number.NewRat(1, 100))
	}
	return c, nil
}

// parseMessage splits a message at its placeholders: those for sides, and {path}. {{ and }} are braces.
func parseMessage(scope *expression.Scope, n *yamldoc.Node, sides []string) (Message, diag.List) {
	var m Message
	var list diag.List
	// text is that before a placeholder, as far as braces cut it into pieces.
	var text string
	for at := 0; ; {
		i := strings.IndexAny(n.Value[at:], "{}")
		if i < 0 {
			text += n.Value[at:]
			break
		}
		i += at
		brace := n.Value[i]
		text += n.Value[at:i]
		at = i + 1
		if strings.HasPrefix(n.Value[at:], string(brace)) {
			text += string(brace)
			at++
			continue
		}
		if brace == '}' {
			text += "}"
			continue
		}
		length := strings.IndexByte(n.Value[at:], '}')
		from := utf8.RuneCountInString(n.Value[:at])
		if length < 0 {
			list.Add(diag.New(diag.BadPlaceholder, n.SubSpan(from-1, from)))
			break
		}
		if text != "" {
			m = append(m, Part{Text: text})
			text = ""
		}
		if name := n.Value[at : at+length]; slices.Contains(sides, name) {
			m = append(m, Part{Side: name})
		} else {
			v, wrong := scope.Value(n, name, from, sides)
			list = append(list, wrong...)
			m = append(m, Part{Value: v})
		}
		at += length + 1
	}
	if text != "" {
		m = append(m, Part{Text: text})
	}
	return m, list
}
