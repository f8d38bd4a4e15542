package dataset

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/number"
)

// Partner says which other dataset a part of a joined one is of.
type Partner uint8

const (
	// Prior is the same entity's dataset of the period before, Earlier that of two periods before.
	Prior Partner = iota + 1
	Earlier
	// Budget is the budget of the same entity and period.
	Budget
	// Children are the datasets of the entities below it, of the same period.
	Children
)

// Partners lists the partners in the order in which they stand in a joined schema.
var Partners = []Partner{Prior, Earlier, Budget, Children}

// partnerNames are the names and labels of the fields for partners. Earlier is the prior of Prior.
var partnerNames = [...]struct{ name, label string }{
	Prior: {"prior", "上期"}, Earlier: {"prior", "上上期"}, Budget: {"budget", "预算"}, Children: {"children", "下级"},
}

// Name is the name of the partner in rules, Label that for people.
func (p Partner) Name() string { return partnerNames[p].name }

func (p Partner) Label() string { return partnerNames[p].label }

// Path is the way to the partner from the root of a joined schema.
func (p Partner) Path() string {
	if p == Earlier {
		return Prior.Name() + "." + p.Name()
	}
	return p.Name()
}

// Join is a schema of joined datasets: one dataset, with others of the same schema in groups at its root, and those of the
// entities below it as the rows of a list. Groups outside of lists have a further way to their like in the period before:
// q.prior is for the group q what prior is for the dataset.
type Join struct {
	// Schema is that of the joined datasets. The fields of all datasets are copies, whose Of are those of the schema joined.
	Schema *Schema
	// blocks are the dataset's own fields and those of the partners, each with how they are filled.
	blocks []block
	empty  map[*Field]*empty
}

// block is where one dataset stands in a joined one.
type block struct {
	partner Partner
	// at is the group or list of the partner, the root for the dataset itself.
	at *Field
	*copying
}

// NewJoin joins a schema with partners. A partner whose name is that of a field of the schema is left out, and its label
// where that is one.
func NewJoin(s *Schema, partners ...Partner) *Join {
	j := &Join{Schema: &Schema{Units: s.Units, Types: s.Types}}
	root := &Field{Type: Group, Span: s.Root.Span, Cells: s.Root.Cells, Lists: s.Root.Lists}
	j.Schema.Root = root
	own := cloned(root, s.Root, "", nil)
	root.Fields = own.Fields
	groups := map[Partner]*Field{}
	for _, p := range Partners {
		if !slices.Contains(partners, p) || s.Root.Child(p.Name()) != nil {
			continue
		}
		g := &Field{Name: p.Name(), Type: Group, Parent: root, Partner: p, Span: s.Root.Span}
		if s.Root.Child(p.Label()) == nil {
			g.Label = p.Label()
		}
		g.Short = p.Label()
		prefix := p.Label() + labelDot
		switch p {
		case Earlier:
			// Its way leads through the period before.
			if g.Parent = groups[Prior]; g.Parent == nil {
				continue
			}
			g.Label = Prior.Label()
		case Children:
			g.Type, prefix = List, ""
		}
		groups[p] = g
		of := cloned(g, s.Root, prefix, nil)
		g.Fields = of.Fields
		if p == Children {
			g.Key = g.Child("entity")
		}
	}
	for _, p := range Partners {
		if g := groups[p]; g != nil {
			g.Parent.Fields = append(g.Parent.Fields, g)
		}
	}
	layout(root)
	j.empty = emptyRecords(root)
	j.blocks = append(j.blocks, block{at: root, copying: newCopying(root)})
	for _, p := range Partners {
		if g := groups[p]; g != nil {
			j.blocks = append(j.blocks, block{partner: p, at: g, copying: newCopying(g)})
		}
	}
	if prior := groups[Prior]; prior != nil {
		if earlier := groups[Earlier]; earlier != nil {
			linkGroups(prior.Fields, earlier.Fields)
		}
		linkGroups(root.Fields, prior.Fields)
	}
	return j
}

// Has reports whether the joined datasets have a partner.
func (j *Join) Has(p Partner) bool {
	return slices.ContainsFunc(j.blocks, func(b block) bool { return b.partner == p })
}

// cloned copies a field with all below it into a parent, whose own copy it is where both are roots. keep says what is
// copied; nil is everything. Short labels get a prefix, but for those of rows.
func cloned(parent, f *Field, prefix string, keep func(*Field) bool) *Field {
	c := *f
	c.Of, c.Parent, c.Fields = f, parent, nil
	if f.Parent == nil {
		c = Field{Of: f}
	} else {
		c.Short = prefix + f.Short
	}
	if f.Type == List {
		prefix = ""
	}
	below := &c
	if f.Parent == nil {
		below = parent
	}
	for _, child := range f.Fields {
		if child.Link || keep != nil && !keep(child) {
			continue
		}
		c.Fields = append(c.Fields, cloned(below, child, prefix, keep))
	}
	like := func(of *Field) *Field {
		for _, child := range c.Fields {
			if of != nil && child.Of == of {
				return child
			}
		}
		return nil
	}
	c.Key = like(f.Key)
	for _, child := range c.Fields {
		child.UnitFrom = like(child.UnitFrom)
	}
	return &c
}

// linkGroups gives each group a way to its like.
func linkGroups(fields, others []*Field) {
	for i, f := range fields {
		if f.Type != Group || f.Partner != 0 || f.Link || i >= len(others) {
			continue
		}
		other := others[i]
		linkGroups(f.Fields, other.Fields)
		if f.Child(Prior.Name()) != nil {
			continue
		}
		link := *other
		link.Name, link.Label, link.Aliases, link.Link, link.Partner = Prior.Name(), "", nil, true, Prior
		if f.Child(Prior.Label()) == nil {
			link.Label = Prior.Label()
		}
		f.Fields = append(f.Fields, &link)
	}
}

// Together are datasets to be joined to one.
type Together struct {
	// Prior, Earlier and Budget are nil where there are none.
	Prior, Earlier, Budget *Dataset
	Children               []*Dataset
}

// cells are about as many as the joined datasets have.
func (t *Together) cells(own *Dataset) int {
	n := len(own.Cells)
	for _, d := range append([]*Dataset{t.Prior, t.Earlier, t.Budget}, t.Children...) {
		if d != nil {
			n += len(d.Cells)
		} else {
			n += own.Schema.Root.Cells
		}
	}
	return n
}

func (t *Together) of(p Partner) *Dataset {
	switch p {
	case Prior:
		return t.Prior
	case Earlier:
		return t.Earlier
	}
	return t.Budget
}

// Dataset joins datasets to one. The header is its own. Children are given in the order of their rows.
func (j *Join) Dataset(own *Dataset, others Together) *Dataset {
	b := filling(j.Schema, j.empty)
	d := b.d
	n := others.cells(own)
	d.Cells, d.Texts, d.facts = make([]number.Number, 0, n), make([]string, 0, n), make([]Fact, 0, n)
	d.Header, d.File, d.Decimals, d.Figures = own.Header, own.File, own.Decimals, own.Figures
	b.grow(j.Schema.Root, 1, -1)
	for _, part := range j.blocks {
		switch of := others.of(part.partner); {
		case part.partner == 0:
			b.join(part.copying, own, Frame{}, 0)
		case part.partner == Children:
			rows := b.open(part.at, part.at.List, len(others.Children))
			for i, child := range others.Children {
				b.join(part.copying, child, rows.Row(part.at, i), int(rows.Row(part.at, i).Cell))
			}
		case of != nil:
			b.join(part.copying, of, Frame{}, part.at.Cell)
		default:
			d.origins = append(d.origins, origin{part.at.Cell, own})
		}
	}
	slices.SortStableFunc(d.origins, func(a, b origin) int { return cmp.Compare(a.cell, b.cell) })
	d.Aligned = number.Align(d.Cells, nil)
	return d
}

// join copies a dataset whose record begins at a frame, with its first cell at cell.
func (b *builder) join(c *copying, from *Dataset, at Frame, cell int) {
	d := b.d
	d.origins = append(d.origins, origin{cell, from})
	rows := len(d.Cells)
	b.copy(c, at, from, Frame{})
	if len(d.Cells) > rows {
		d.origins = append(d.origins, origin{rows, from})
	}
}

// origin says of which dataset the cells from one on are.
type origin struct {
	cell int
	of   *Dataset
}

// Origin is the dataset that a cell of a joined dataset is of; that of any other is the dataset itself.
func (d *Dataset) Origin(cell int) *Dataset {
	if len(d.origins) == 0 {
		return d
	}
	i, found := slices.BinarySearchFunc(d.origins, cell, func(o origin, cell int) int { return cmp.Compare(o.cell, cell) })
	if !found {
		i--
	}
	return d.origins[i].of
}

// Mode is how the publisher of a cell rounded.
func (d *Dataset) Mode(cell int) number.Mode { return d.Origin(cell).Rounding }

// Mixed reports whether the publishers of joined datasets rounded in different ways.
func (d *Dataset) Mixed() bool {
	return slices.ContainsFunc(d.origins, func(o origin) bool { return o.of.Rounding != d.Rounding })
}

// Projection is a part of a schema: the fields that some rules read, in their order.
type Projection struct {
	// Schema holds the part. Its fields have the short labels of the whole.
	Schema *Schema
	root   *copying
	empty  map[*Field]*empty
}

// NewProjection takes the fields of a schema for which needed is set, with what holds them and what names and measures
// them. Of a group and of a list that is needed, the fields below have to be needed themselves. Groups of one named type
// stay alike.
func NewProjection(s *Schema, needed map[*Field]bool) *Projection {
	kept := closure(s, needed)
	p := &Projection{Schema: &Schema{Units: s.Units, Types: s.Types, Root: &Field{Type: Group, Span: s.Root.Span}}}
	p.Schema.Root.Fields = cloned(p.Schema.Root, s.Root, "", func(f *Field) bool { return kept[f] || f.Header }).Fields
	layout(p.Schema.Root)
	p.root, p.empty = newCopying(p.Schema.Root), emptyRecords(p.Schema.Root)
	return p
}

// closure adds to the needed fields whatever these need.
func closure(s *Schema, needed map[*Field]bool) map[*Field]bool {
	kept := map[*Field]bool{}
	var keep func(f *Field)
	keep = func(f *Field) {
		if f == nil || f.Parent == nil || kept[f] {
			return
		}
		kept[f] = true
		keep(f.UnitFrom)
		keep(f.Key)
		keep(f.Parent)
	}
	for f := range needed {
		keep(f)
	}
	var groups []*Field
	var gather func(in *Field)
	gather = func(in *Field) {
		for _, f := range in.Fields {
			if f.Type == Group && f.Use != "" {
				groups = append(groups, f)
			}
			gather(f)
		}
	}
	gather(s.Root)
	// Groups of one type that are there have the same fields.
	var like func(a, b *Field)
	like = func(a, b *Field) {
		for i, f := range a.Fields {
			if kept[f] {
				keep(b.Fields[i])
				like(f, b.Fields[i])
			}
		}
	}
	for before := -1; before < len(kept); {
		before = len(kept)
		for _, a := range groups {
			for _, b := range groups {
				if a != b && a.Use == b.Use && kept[a] && kept[b] {
					like(a, b)
				}
			}
		}
	}
	return kept
}

// Dataset is the part of a dataset of the whole schema. Of each field it has the statement that rules read.
func (p *Projection) Dataset(d *Dataset) *Dataset {
	b := filling(p.Schema, p.empty)
	b.d.Header, b.d.File, b.d.Decimals, b.d.Figures = d.Header, d.File, d.Decimals, d.Figures
	b.d.Sections, b.d.lines, b.d.tables = d.Sections, d.lines, d.tables
	b.grow(p.Schema.Root, 1, -1)
	b.copy(p.root, Frame{}, d, Frame{})
	b.d.Aligned = number.Align(b.d.Cells, nil)
	return b.d
}

// copying says where the fields of a record stand in a dataset, and where those that they are copies of stand in another.
type copying struct {
	leaves []leafCopy
	lists  []listCopy
}

type leafCopy struct {
	to, from int
	field    *Field
}

type listCopy struct {
	to, from int
	field    *Field
	rows     *copying
}

// newCopying describes the copies below a record, or below a group that stands for a whole one.
func newCopying(record *Field) *copying {
	c := &copying{}
	var visit func(in *Field)
	visit = func(in *Field) {
		for _, f := range in.Fields {
			switch {
			case f.Link || f.Partner != 0:
			case f.Type == Group:
				visit(f)
			case f.Type == List:
				c.lists = append(c.lists, listCopy{f.List, f.Of.List, f, newCopying(f)})
			default:
				c.leaves = append(c.leaves, leafCopy{f.Cell, f.Of.Cell, f})
			}
		}
	}
	visit(record)
	return c
}

// copy fills the record at a frame from one of another dataset.
func (b *builder) copy(c *copying, to Frame, d *Dataset, from Frame) {
	facts := d.Facts()
	for _, leaf := range c.leaves {
		at, source := int(to.Cell)+leaf.to, int(from.Cell)+leaf.from
		b.d.Cells[at], b.d.Texts[at] = d.Cells[source], d.Texts[source]
		fact := facts[source]
		if len(fact.Statements) > 0 {
			fact.Statements, fact.Chosen = fact.Statements[fact.Chosen:fact.Chosen+1:fact.Chosen+1], 0
		}
		fact.Field = leaf.field
		b.d.facts[at] = fact
	}
	for _, list := range c.lists {
		rows := d.Lists[int(from.List)+list.from]
		if !rows.Present {
			continue
		}
		copies := b.open(list.field, int(to.List)+list.to, int(rows.Count))
		for i := range int(rows.Count) {
			b.copy(list.rows, copies.Row(list.field, i), d, rows.Row(list.field.Of, i))
		}
	}
}

// Kind is what a dataset publishes, as far as partners go by it.
type Kind struct {
	Budget bool
	// Of is what it is of, as in 单位 of 单位决算; "" where that is not told.
	Of string
}

// What a dataset is of: a unit by itself, or a department with its units.
const (
	OfUnit       = "单位"
	OfDepartment = "部门"
)

// BudgetKind is a kind that is a budget, of whatever.
const BudgetKind = "预算"

// KindOf reads the kind of a header: 部门预算 is a budget, 单位决算 and whatever says neither are accounts.
func KindOf(text string) Kind {
	text = strings.ToLower(Fold(text))
	budget := (strings.Contains(text, "预算") || strings.Contains(text, "budget")) && !strings.Contains(text, "决算")
	return Kind{Budget: budget, Of: strings.TrimSpace(kindWords.Replace(text))}
}

// kindWords say what is published, and not of what.
var kindWords = strings.NewReplacer("预算", "", "决算", "", "公开", "", "报告", "", "budget", "", "accounts", "")
