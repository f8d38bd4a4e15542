package plan

import (
	"slices"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Across are the rules of a plan that look at other datasets. They are compiled against joined datasets, and of each
// dataset only a part is kept, that which they read.
type Across struct {
	Rules   []*Rule
	Screens []expression.Screen
	// Peers stand beside Rules: those about like entities as they are for a dataset by itself, nil for all others.
	Peers []*Rule
	// Projection is what is kept of every dataset, and Join joins what is kept.
	Projection *dataset.Projection
	Join       *dataset.Join
}

// Has reports whether one of the rules has an id; there are none where a is nil.
func (a *Across) Has(id string) bool {
	return a != nil && slices.ContainsFunc(a.Rules, func(r *Rule) bool { return r.ID == id })
}

// acrossCompiler gathers the rules across datasets of a pack. They are compiled twice: against everything that the
// schema has, to find what is wrong and what they read, and then against that.
type acrossCompiler struct {
	schema *dataset.Schema
	// join and names are those of the whole schema, made for the first rule.
	join  *dataset.Join
	names *expression.Names
	rules []*Rule
	needs map[*dataset.Field]bool
}

// mentions reports whether faults of a rule say that it calls a partner by a name that the schema does not have.
func (a *acrossCompiler) mentions(faults diag.List) bool {
	return slices.ContainsFunc(faults, namesPartner)
}

// namesPartner reports whether a fault is that a partner is called by a name that the schema does not have.
func namesPartner(d diag.Diagnostic) bool {
	if d.Code != diag.UnknownField && d.Code != diag.UnknownPlaceholder {
		return false
	}
	text := d.Span.Text()
	return slices.ContainsFunc(dataset.Partners, func(p dataset.Partner) bool { return text == p.Name() || text == p.Label() })
}

// keep takes a rule, and notes what it reads; of is the field of the schema that a field of the rule is, nil for none.
func (a *acrossCompiler) keep(r *Rule, of func(*dataset.Field) *dataset.Field) {
	if a.needs == nil {
		a.needs = map[*dataset.Field]bool{}
	}
	need := func(f *dataset.Field) {
		if f = of(f); f != nil {
			a.needs[f] = true
		}
	}
	r.reads(need)
	r.tells(need)
	a.rules = append(a.rules, r)
}

// compile binds a rule to joined datasets, and keeps it where nothing is wrong.
func (a *acrossCompiler) compile(r *rule.Rule) diag.List {
	if a.names == nil {
		a.join = dataset.NewJoin(a.schema, dataset.Partners...)
		// What is wrong with the names of the schema was told.
		a.names, _ = expression.NewNames(a.join.Schema)
	}
	c, wrong := compile(a.names, r)
	if len(wrong) > 0 || slices.ContainsFunc(r.Let, func(e yamldoc.Entry) bool { return e.Value == nil }) {
		return wrong
	}
	c.reads(func(f *dataset.Field) {
		if p := partnerOf(f); p != 0 && !slices.Contains(c.Partners, p) {
			c.Partners = append(c.Partners, p)
		}
	})
	slices.Sort(c.Partners)
	a.keep(c, func(f *dataset.Field) *dataset.Field { return f.Of })
	return nil
}

// partnerOf is the partner whose dataset holds a field; 0 for the dataset's own.
func partnerOf(f *dataset.Field) dataset.Partner {
	for ; f != nil; f = f.Parent {
		if f.Partner != 0 && !f.Link {
			return f.Partner
		}
	}
	return 0
}

// finish compiles the rules against what they read; nil when there are none.
func (a *acrossCompiler) finish() (*Across, diag.List) {
	if len(a.rules) == 0 {
		return nil, nil
	}
	var partners []dataset.Partner
	for _, r := range a.rules {
		partners = append(partners, r.Partners...)
	}
	if slices.Contains(partners, dataset.Earlier) {
		partners = append(partners, dataset.Prior)
	}
	across := &Across{Projection: dataset.NewProjection(a.schema, a.needs)}
	across.Join = dataset.NewJoin(across.Projection.Schema, partners...)
	names, _ := expression.NewNames(across.Join.Schema)
	var list diag.List
	for _, r := range a.rules {
		c, wrong := compile(names, r.Rule)
		c.Partners = r.Partners
		list = append(list, wrong...)
		across.Rules = append(across.Rules, c)
		if r.Peers == nil {
			r = nil
		}
		across.Peers = append(across.Peers, r)
	}
	if len(list) > 0 {
		return nil, list
	}
	across.Screens = screens(across.Rules)
	return across, list
}
