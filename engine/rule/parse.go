package rule

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// ruleKeys are the keys of a rule, in the order in which rules are written.
var ruleKeys = []string{
	"id", "title", "severity", "near", "rounding", "each", "when", "let", "check", "outlier", "unique", "peers", "tolerance", "missing",
	"message", "hint", "basis", "tags", "since", "until",
}

// parser gathers what is wrong while packs are read.
type parser struct{ list diag.List }

func (p *parser) add(code diag.Code, span source.Span, args ...any) {
	p.list.Add(diag.New(code, span, args...))
}

func (p *parser) keys(n *yamldoc.Node, known ...string) bool {
	if n.Kind != yamldoc.Mapping {
		p.add(diag.WantMapping, n.Span)
		return false
	}
	for _, e := range n.Entries {
		if !slices.Contains(known, e.Key.Value) {
			p.list.Add(diag.New(diag.UnknownKey, e.Key.Span, e.Key.Value).WithSuggestion(diag.Suggest(e.Key.Value, known)))
		}
	}
	return true
}

func (p *parser) text(n *yamldoc.Node) string {
	if n.Kind != yamldoc.Scalar || n.Null || n.Tag != "" {
		p.add(diag.WantText, n.Span)
		return ""
	}
	return n.Value
}

// expression accepts a scalar that holds an expression whole; nil when it does not.
func (p *parser) expression(n *yamldoc.Node) *yamldoc.Node {
	switch {
	case n.Tag != "":
		p.add(diag.ExpressionTag, n.Span, n.Tag)
		return nil
	case n.Kind != yamldoc.Scalar || n.Null || strings.TrimSpace(n.Value) == "":
		p.add(diag.WantExpression, n.Span)
		return nil
	}
	if span, cut := n.CutByComment(); cut {
		p.add(diag.ExpressionCut, span)
		return nil
	}
	return n
}

// expressions accepts one expression or a list of them; there are none where n is nil.
func (p *parser) expressions(n *yamldoc.Node) []*yamldoc.Node {
	if n == nil {
		return nil
	}
	items := []*yamldoc.Node{n}
	if n.Kind == yamldoc.Sequence {
		items = n.Items
	}
	var all []*yamldoc.Node
	for _, item := range items {
		if item = p.expression(item); item != nil {
			all = append(all, item)
		}
	}
	return all
}

// rules reads one topic file.
func (l *loader) rules(pack string, doc *yamldoc.Node) []*Rule {
	if doc.Kind != yamldoc.Sequence {
		l.add(diag.WantList, doc.Span)
		return nil
	}
	var rules []*Rule
	for _, item := range doc.Items {
		if !l.keys(item, ruleKeys...) {
			continue
		}
		r := l.rule(item)
		r.Pack = pack
		// A rule whose id is wrong is kept, so that its expressions are looked at.
		switch first, taken := l.seen[r.ID]; {
		case taken && r.ID != "":
			l.list.Add(diag.New(diag.DuplicateRule, r.Span, r.ID).WithRelated(diag.FirstDefined, first))
		case r.ID == RestatedID:
			l.add(diag.ReservedName, r.Span, r.ID)
		default:
			l.seen[r.ID] = r.Span
		}
		if r.Asks() != nil {
			rules = append(rules, r)
		}
	}
	return rules
}

func (l *loader) rule(n *yamldoc.Node) *Rule {
	r := &Rule{Severity: finding.Error, Near: finding.Warning, Rounding: finding.Info, Span: n.Span}
	for _, required := range []string{"id", "title", "check"} {
		if n.Get(required) == nil && (required != "check" || n.Get("outlier") == nil && n.Get("unique") == nil) {
			l.add(diag.MissingKey, n.Span, required)
		}
	}
	l.peers(r, n)
	if id := n.Get("id"); id != nil {
		r.ID, r.Span = l.text(id), id.Span
		if !validID(r.ID) {
			l.add(diag.BadID, id.Span, r.ID)
		}
	}
	for key, into := range map[string]*string{"title": &r.Title, "hint": &r.Hint, "basis": &r.Basis} {
		if v := n.Get(key); v != nil {
			*into = strings.TrimSpace(l.text(v))
		}
	}
	l.severities(r, n)
	r.Each = l.expressions(n.Get("each"))
	if v := n.Get("when"); v != nil {
		r.When = l.expression(v)
	}
	if v := n.Get("check"); v != nil && r.Peers == nil {
		r.Check = l.expression(v)
	}
	if v := n.Get("let"); v != nil && v.Kind != yamldoc.Mapping {
		l.add(diag.WantMapping, v.Span)
	} else if v != nil {
		for _, e := range v.Entries {
			r.Let = append(r.Let, yamldoc.Entry{Key: e.Key, Value: l.expression(e.Value)})
		}
	}
	if v := n.Get("message"); v != nil {
		l.text(v)
		r.Message = v
	}
	if v := n.Get("tolerance"); v != nil {
		r.Tolerance = l.tolerance(v)
	}
	if v := n.Get("missing"); v != nil {
		i := slices.Index([]string{"skip", "fail", "zero"}, v.Value)
		if i < 0 {
			l.add(diag.UnknownWord, v.Span, v.Value, "skip, fail, zero")
		}
		r.Missing = Missing(max(i, 0))
	}
	if v := n.Get("tags"); v != nil && v.Kind != yamldoc.Sequence {
		l.add(diag.WantList, v.Span)
	} else if v != nil {
		for _, t := range v.Items {
			r.Tags = append(r.Tags, l.text(t))
		}
	}
	for key, into := range map[string]*int{"since": &r.Since, "until": &r.Until} {
		if v := n.Get(key); v != nil {
			year, err := strconv.Atoi(v.Value)
			if err != nil || year < 1900 || year > 9999 {
				l.add(diag.WantYear, v.Span, v.Value)
			}
			*into = year
		}
	}
	return r
}

// peers reads what a rule holds against datasets of like entities, where it does.
func (l *loader) peers(r *Rule, n *yamldoc.Node) {
	apart := func(key string, others ...string) {
		for _, other := range others {
			if i := slices.IndexFunc(n.Entries, func(e yamldoc.Entry) bool { return e.Key.Value == other }); i >= 0 {
				l.add(diag.KeysTogether, n.Entries[i].Key.Span, other, key)
			}
		}
	}
	p := &Peers{Kind: Outlier, Least: 8, Limit: number.NewRat(7, 2), Length: 10}
	switch value := n.Get(Outlier.Name()); {
	case value != nil:
		r.Outlier = l.expression(value)
		apart(Outlier.Name(), "check", Unique.Name(), "tolerance", "near", "rounding")
	case n.Get(Unique.Name()) != nil:
		p.Kind, r.Unique = Unique, l.expression(n.Get(Unique.Name()))
		apart(Unique.Name(), "check", "tolerance", "near", "rounding")
	default:
		apart("check", "peers")
		return
	}
	r.Peers, r.Severity = p, finding.Info
	group := n.Get("peers")
	if group == nil || !l.keys(group, map[PeersKind][]string{Outlier: {"by", "least", "limit"}, Unique: {"by", "length"}}[p.Kind]...) {
		return
	}
	p.By = l.expressions(group.Get("by"))
	for _, count := range []struct {
		key   string
		into  *int
		least int
	}{{"least", &p.Least, 3}, {"length", &p.Length, 1}} {
		if v := group.Get(count.key); v != nil {
			i, err := strconv.Atoi(v.Value)
			if err != nil || i < count.least {
				l.add(diag.WantCount, v.Span, v.Value, count.least)
				continue
			}
			*count.into = i
		}
	}
	if v := group.Get("limit"); v != nil {
		limit, err := number.Parse(v.Value)
		if err != nil || limit.Blank || limit.Unit != "" || limit.Percent || !limit.Value().IsPositive() {
			l.add(diag.WantLimit, v.Span, v.Value)
			return
		}
		p.Limit = number.RatOf(limit.Value())
	}
}

func (p *parser) severities(r *Rule, n *yamldoc.Node) {
	for key, into := range map[string]*finding.Severity{
		"severity": &r.Severity, "near": &r.Near, "rounding": &r.Rounding,
	} {
		if v := n.Get(key); v != nil {
			s, ok := finding.ParseSeverity(v.Value)
			if !ok {
				p.add(diag.UnknownWord, v.Span, v.Value, "error, warning, info")
				continue
			}
			*into = s
		}
	}
}

func (p *parser) tolerance(n *yamldoc.Node) Tolerance {
	const words = "rounding, exact, {abs: …}, {rel: …}, {cap: …}"
	if n.Kind == yamldoc.Scalar {
		i := slices.Index([]string{"rounding", "exact"}, n.Value)
		if i < 0 {
			p.add(diag.UnknownWord, n.Span, n.Value, words)
		}
		return Tolerance{Kind: ToleranceKind(max(i, 0))}
	}
	if n.Kind == yamldoc.Mapping && len(n.Entries) == 1 {
		e := n.Entries[0]
		kinds := map[string]ToleranceKind{"abs": Abs, "rel": Rel, "cap": Cap}
		if kind, ok := kinds[e.Key.Value]; ok {
			if e.Value.Kind != yamldoc.Scalar {
				p.add(diag.WantText, e.Value.Span)
				return Tolerance{}
			}
			return Tolerance{Kind: kind, Amount: e.Value}
		}
	}
	p.add(diag.UnknownWord, n.Span, strings.TrimSpace(firstLine(n.Span.Text())), words)
	return Tolerance{}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
