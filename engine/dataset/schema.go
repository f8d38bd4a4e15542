// Package dataset holds published figures bound to a schema: the fields a pack knows, the facts of one entity and
// period, every printed statement of each fact, and the places where they stand.
//
// It reads figures exactly as printed, converts units and settles the decimals of the dataset; it judges nothing.
package dataset

import (
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Type is what a field holds.
type Type uint8

const (
	// Amount is a rounded sum of money or another measured quantity.
	Amount Type = iota + 1
	// Percent is a rounded percentage; its value is the number before the sign.
	Percent
	// Score is exact where true values are considered; its decimals count when sides are compared as printed.
	Score
	// Count is exact.
	Count
	Text
	Date
	Bool
	// List is a list of rows, each with the same fields.
	List
	// Group gathers fields under one name.
	Group
)

var typeNames = []string{
	Amount: "amount", Percent: "percent", Score: "score", Count: "count",
	Text: "text", Date: "date", Bool: "bool", List: "list", Group: "group",
}

func (t Type) String() string { return typeNames[t] }

// TypeNames lists the names of the types.
func TypeNames() []string { return slices.Clone(typeNames[1:]) }

// Numeric reports whether values of the type are figures.
func (t Type) Numeric() bool { return t >= Amount && t <= Count }

// Field is one entry of a schema.
type Field struct {
	Name, Label string
	Type        Type
	// BlankZero reads a blank cell as zero.
	BlankZero bool
	// OwnDecimals keeps each figure's printed decimals whatever the rest of the dataset shows.
	OwnDecimals bool
	// UnitFrom is the sibling text field whose value is the unit, or nil.
	UnitFrom *Field
	// Cell and List say where the field's values stand, counted from the start of the record around it
	// (the root or a list row). A group's are those of its first child.
	Cell, List int
	// Cells and Lists are how many of each a record takes; for groups, how many the group takes.
	Cells, Lists int

	Aliases []string
	// Unit is the unit of the values; "" for percents, texts and whatever takes its unit from UnitFrom.
	Unit string
	// Key is the child field that names a row of a list, or nil.
	Key *Field
	// Fields are the children of a list or group.
	Fields []*Field
	// Parent is the group or list around the field; nil for the root.
	Parent *Field
	// Use is the named type the group was made of, "" for none. Groups of one named type are laid out alike.
	Use string
	// Header marks entity and period, which every schema has and every dataset gives before its figures.
	Header bool
	// Of is the field that this one repeats in a joined schema or a part of one; nil elsewhere.
	Of *Field
	// Partner is set in a joined schema for the group or list that stands for another dataset.
	Partner Partner
	// Link marks a further way to fields of a joined schema that stand elsewhere.
	Link bool
	// Short is the label that tells the field from the others of its record.
	Short string
	// Span is where the schema defines the field.
	Span source.Span
	// spans are where its label and aliases stand.
	spans map[string]source.Span
}

// Child finds a child by name, label or alias; nil when there is none.
func (f *Field) Child(name string) *Field {
	for _, c := range f.Fields {
		if c.Name == name || c.Label == name || slices.Contains(c.Aliases, name) {
			return c
		}
	}
	return nil
}

// NameSpan is where a name of the field, its label or an alias stands.
func (f *Field) NameSpan(name string) source.Span {
	if at, ok := f.spans[name]; ok {
		return at
	}
	return f.Span
}

// Names lists the names, labels and aliases of the children.
func (f *Field) Names() []string {
	var names []string
	for _, c := range f.Fields {
		names = append(names, c.Name)
		if c.Label != "" {
			names = append(names, c.Label)
		}
		names = append(names, c.Aliases...)
	}
	return names
}

// Record is the list row or root whose cells hold the field.
func (f *Field) Record() *Field {
	r := f.Parent
	for r != nil && r.Type == Group && r.Parent != nil {
		r = r.Parent
	}
	return r
}

// Path is the field's path from the root, lists named without rows.
func (f *Field) Path() string {
	if f.Parent == nil || f.Parent.Parent == nil {
		return f.Name
	}
	return f.Parent.Path() + "." + f.Name
}

// Title is the field's label, or its name where it has none.
func (f *Field) Title() string {
	if f.Label != "" {
		return f.Label
	}
	return f.Name
}

// Schema is what a pack knows of its datasets.
type Schema struct {
	// Root is the group of all top-level fields.
	Root *Field
	// Units holds the finest decimals of units, where the schema says more than the units built in.
	Units map[string]int
	// Types are the names of its types, in the order of the schema.
	Types []string
}

// Decimals is the finest number of decimals of a unit; ok is false when it is not limited.
func (s *Schema) Decimals(unit string) (d int, ok bool) {
	if d, ok = s.Units[unit]; ok {
		return d, true
	}
	if u, known := units[unit]; known {
		return u.decimals, true
	}
	return 0, false
}

// Label is the name for people of what a path names, as short as it can be told from others: the keys of the rows that
// it leads through, then the field, as in 科学技术支出·科技奖励·决算 for
// general_public.classes[科学技术支出].items[科技奖励].final. A path that the schema does not know is returned as it is.
func (s *Schema) Label(path string) string {
	field := s.Root
	var keys []string
	last, partner := "", ""
	for rest := path; rest != ""; {
		name, key := rest, ""
		if i := strings.IndexAny(rest, ".["); i >= 0 {
			name = rest[:i]
		}
		rest = rest[len(name):]
		if field = field.Child(name); field == nil {
			return path
		}
		last = field.Short
		if field.Partner != 0 {
			partner = field.Partner.Label()
		}
		if strings.HasPrefix(rest, "[") {
			// A key may hold brackets of its own.
			depth, end := 0, -1
			for i, r := range rest {
				if r == '[' {
					depth++
				} else if r == ']' {
					depth--
				}
				if depth == 0 {
					end = i
					break
				}
			}
			if end < 0 {
				return path
			}
			key, rest = rest[:end+1], rest[end+1:]
			if field.Key != nil {
				key = key[1 : len(key)-1]
			} else {
				key = field.Short + key
			}
			if len(keys) == 0 && partner != "" && field.Partner == 0 {
				keys = append(keys, partner)
			}
			keys, last = append(keys, key), ""
		}
		rest = strings.TrimPrefix(rest, ".")
	}
	if last != "" {
		keys = append(keys, last)
	}
	return strings.Join(keys, labelDot)
}

// labelDot stands between the parts of a label.
const labelDot = "·"

// shorten gives the fields of a record their short labels: their titles behind those of as many groups as it takes to
// tell them apart, where a field goes before those that stand deeper. The amount of an item goes by the name of the item.
func shorten(record *Field) {
	type titled struct {
		*Field
		title string
		depth int
	}
	var fields []titled
	// ends are the ends of titles: how many groups the fields stand in that have one at the least, and how many do so.
	type end struct{ depth, fields int }
	ends := map[string]end{}
	var visit func(in *Field, title string, depth int)
	visit = func(in *Field, title string, depth int) {
		for _, f := range in.Fields {
			if f.Name == "amount" && in.Type == Group && in != record {
				continue
			}
			t := titled{f, f.Title(), depth}
			if title != "" {
				t.title = title + labelDot + t.title
			}
			fields = append(fields, t)
			for text, more := t.title, true; more; _, text, more = strings.Cut(text, labelDot) {
				switch e := ends[text]; {
				case e.fields == 0 || depth < e.depth:
					ends[text] = end{depth, 1}
				case depth == e.depth:
					ends[text] = end{e.depth, e.fields + 1}
				}
			}
			switch f.Type {
			case Group:
				visit(f, t.title, depth+1)
			case List:
				shorten(f)
			}
		}
	}
	visit(record, "", 1)
	for _, f := range fields {
		f.Short = f.title
		for text, more := f.title, true; more; _, text, more = strings.Cut(text, labelDot) {
			if ends[text] == (end{f.depth, 1}) {
				f.Short = text
			}
		}
		for _, c := range f.Fields {
			if c.Short == "" && f.Type == Group {
				c.Short = f.Short
			}
		}
	}
}

// unit describes a unit that converts: its dimension, and its size as a power of ten of the dimension's base.
type unit struct {
	dimension string
	power     int
	decimals  int
}

// units are the units whose decimals are known or that convert into one another.
var units = map[string]unit{
	"元":   {"money", 0, 2},
	"千元":  {"money", 3, 2},
	"万元":  {"money", 4, 2},
	"百万元": {"money", 6, 2},
	"亿元":  {"money", 8, 2},
	"分":   {"score", 0, 2},
}

// IsMoney reports whether a unit is one of money.
func IsMoney(name string) bool { return units[name].dimension == "money" }

// Convert says by which power of ten a value in unit from is multiplied to be in unit to.
func Convert(from, to string) (power int, ok bool) {
	if from == to {
		return 0, true
	}
	f, okf := units[from]
	t, okt := units[to]
	if !okf || !okt || f.dimension != t.dimension {
		return 0, false
	}
	return f.power - t.power, true
}

// ParseSchema reads a schema; the schema is usable as far as it was understood.
func ParseSchema(doc *yamldoc.Node) (*Schema, diag.List) {
	p := schemaParser{types: map[string]*yamldoc.Node{}}
	s := &Schema{Root: &Field{Type: Group}, Units: map[string]int{}}
	if doc == nil || !p.keys(doc, "units", "types", "fields") {
		return s, p.list
	}
	if n := doc.Get("units"); n != nil && p.isMapping(n) {
		for _, e := range n.Entries {
			if d, ok := p.decimals(e.Value); ok {
				s.Units[e.Key.Value] = d
			}
		}
	}
	if n := doc.Get("types"); n != nil && p.isMapping(n) {
		for _, e := range n.Entries {
			p.types[e.Key.Value] = e.Value
			s.Types = append(s.Types, e.Key.Value)
		}
	}
	s.Root.Span = doc.Span
	if n := doc.Get("fields"); n != nil {
		p.fields(s.Root, n)
	} else {
		p.add(diag.MissingKey, doc.Span, "fields")
	}
	for _, f := range headerFields() {
		f.Parent, f.Header = s.Root, true
		s.Root.Fields = append(s.Root.Fields, f)
	}
	layout(s.Root)
	shorten(s.Root)
	return s, p.list
}

// headerFields are what rules may ask of a dataset's header. They stand behind the fields of the schema, so that a
// label of the schema goes before theirs.
func headerFields() []*Field {
	return []*Field{{Name: "entity", Label: "编制单位", Type: Text}, {Name: "period", Label: "决算年度", Type: Date}}
}

type schemaParser struct {
	list  diag.List
	types map[string]*yamldoc.Node
	// using holds the named types being expanded, to find cycles.
	using []string
}

func (p *schemaParser) add(code diag.Code, span source.Span, args ...any) {
	p.list = append(p.list, diag.New(code, span, args...))
}

func (p *schemaParser) suggest(code diag.Code, span source.Span, name string, known []string) {
	d := diag.New(code, span, name)
	d.Suggestion = diag.Suggest(name, known)
	p.list = append(p.list, d)
}

func (p *schemaParser) isMapping(n *yamldoc.Node) bool {
	if n.Kind != yamldoc.Mapping {
		p.add(diag.WantMapping, n.Span)
		return false
	}
	return true
}

func (p *schemaParser) keys(n *yamldoc.Node, known ...string) bool {
	if !p.isMapping(n) {
		return false
	}
	for _, e := range n.Entries {
		if !slices.Contains(known, e.Key.Value) {
			p.suggest(diag.UnknownKey, e.Key.Span, e.Key.Value, known)
		}
	}
	return true
}

func (p *schemaParser) text(n *yamldoc.Node) (string, bool) {
	if n.Kind != yamldoc.Scalar || n.Null || n.Tag != "" {
		p.add(diag.WantText, n.Span)
		return "", false
	}
	return n.Value, true
}

func (p *schemaParser) decimals(n *yamldoc.Node) (int, bool) {
	d, ok := decimalsOf(n)
	if !ok {
		p.add(diag.BadDecimals, n.Span)
	}
	return d, ok
}

// decimalsOf reads a number of decimals between 0 and 18.
func decimalsOf(n *yamldoc.Node) (int, bool) {
	if n.Kind != yamldoc.Scalar || n.Value == "" || len(n.Value) > 2 {
		return 0, false
	}
	d := 0
	for _, r := range n.Value {
		if r < '0' || r > '9' {
			return 0, false
		}
		d = d*10 + int(r-'0')
	}
	return d, d <= 18
}

var fieldKeys = []string{"type", "label", "aliases", "unit", "blank", "decimals", "key", "fields", "use"}

// fields reads the children of a group or list and holds their names apart.
func (p *schemaParser) fields(parent *Field, n *yamldoc.Node) {
	if !p.isMapping(n) {
		return
	}
	from := map[*Field]*yamldoc.Node{}
	spans := map[string]source.Span{}
	claim := func(name string, span source.Span) {
		if first, taken := spans[name]; taken {
			d := diag.New(diag.DuplicateName, span, name)
			d.Related = append(d.Related, diag.Related{Span: first, Code: diag.FirstDefined})
			p.list = append(p.list, d)
			return
		}
		spans[name] = span
	}
	for _, e := range n.Entries {
		f := &Field{Name: e.Key.Value, Parent: parent, Span: e.Key.Span}
		if !validName(f.Name) {
			p.add(diag.BadName, e.Key.Span, f.Name)
		}
		if !p.keys(e.Value, fieldKeys...) {
			continue
		}
		parent.Fields = append(parent.Fields, f)
		claim(f.Name, e.Key.Span)
		p.field(f, e.Value, claim)
		if u := e.Value.Get("unit"); u != nil {
			if u.Kind == yamldoc.Mapping {
				from[f] = u
			} else if t, ok := p.text(u); ok {
				f.Unit = t
			}
		} else if f.Type == Amount {
			f.Unit = "万元"
		} else if f.Type == Score {
			f.Unit = "分"
		}
	}
	for _, f := range parent.Fields {
		if u := from[f]; u != nil && p.keys(u, "from") {
			if name := u.Get("from"); name == nil {
				p.add(diag.MissingKey, u.Span, "from")
			} else if f.UnitFrom = parent.Child(name.Value); f.UnitFrom == nil {
				p.suggest(diag.UnknownField, name.Span, name.Value, parent.Names())
			} else if f.UnitFrom.Type != Text {
				p.add(diag.WantTextField, name.Span, name.Value)
			}
		}
	}
}

func (p *schemaParser) field(f *Field, n *yamldoc.Node, claim func(string, source.Span)) {
	for _, key := range []string{"label", "aliases"} {
		v := n.Get(key)
		if v == nil {
			continue
		}
		items := []*yamldoc.Node{v}
		if key == "aliases" {
			if v.Kind != yamldoc.Sequence {
				p.add(diag.WantList, v.Span)
				continue
			}
			items = v.Items
		}
		for _, item := range items {
			t, ok := p.text(item)
			if !ok {
				continue
			}
			if t != f.Name {
				claim(t, item.Span)
				if f.spans == nil {
					f.spans = map[string]source.Span{}
				}
				f.spans[t] = item.Span
			}
			if key == "label" {
				f.Label = t
			} else {
				f.Aliases = append(f.Aliases, t)
			}
		}
	}
	children := n.Get("fields")
	// lost: the type to use is wrong, which is reported; that there are no fields is no fault of its own.
	lost := false
	if use := n.Get("use"); use != nil {
		lost = true
		name, _ := p.text(use)
		switch t := p.types[name]; {
		case t == nil:
			p.suggest(diag.UnknownType, use.Span, name, sortedKeys(p.types))
		case slices.Contains(p.using, name):
			p.add(diag.Cycle, use.Span, strings.Join(append(p.using, name), " → "))
		case p.keys(t, "fields"):
			f.Use = name
			if t.Get("fields") == nil {
				p.add(diag.MissingKey, t.Span, "fields")
				break
			}
			lost = false
			// A type is read anew for each use; only its first reading may complain.
			before := len(p.list)
			p.using = append(p.using, name)
			p.fields(f, t.Get("fields"))
			p.using = p.using[:len(p.using)-1]
			p.list = dropRepeated(p.list, before)
		}
		if children != nil {
			p.add(diag.UseAndFields, children.Span)
			children = nil
		}
	}
	f.Type = Group
	if t := n.Get("type"); t != nil {
		name, _ := p.text(t)
		i := slices.Index(typeNames, name)
		if i <= 0 {
			p.suggest(diag.UnknownType, t.Span, name, typeNames[1:])
			i = int(Text)
		}
		f.Type = Type(i)
	} else if children == nil && f.Use == "" && !lost {
		p.add(diag.MissingKey, n.Span, "type")
		f.Type = Text
	}
	nested := f.Type == List || f.Type == Group
	if nested && children != nil {
		p.fields(f, children)
	}
	if nested && len(f.Fields) == 0 && !lost {
		p.add(diag.NoFields, f.Span, f.Name)
	}
	if !nested && (children != nil || f.Use != "") {
		p.add(diag.LeafWithFields, f.Span, f.Name, f.Type.String())
		f.Fields = nil
	}
	p.options(f, n)
}

func (p *schemaParser) options(f *Field, n *yamldoc.Node) {
	word := func(key, want string) bool {
		v := n.Get(key)
		if v == nil {
			return false
		}
		if v.Value != want {
			p.add(diag.WantWord, v.Span, key, want)
		}
		return v.Value == want
	}
	f.BlankZero = word("blank", "zero")
	f.OwnDecimals = word("decimals", "own")
	if key := n.Get("key"); key != nil {
		if f.Type != List {
			p.add(diag.KeyOutsideList, key.Span)
		} else if f.Key = f.Child(key.Value); f.Key == nil {
			p.suggest(diag.UnknownField, key.Span, key.Value, f.Names())
		} else if f.Key.Type != Text {
			p.add(diag.WantTextField, key.Span, key.Value)
			f.Key = nil
		}
	}
}

// dropRepeated removes from list[from:] what stands in list[:from] already.
func dropRepeated(list diag.List, from int) diag.List {
	kept := list[:from]
	for _, d := range list[from:] {
		if !slices.ContainsFunc(kept, func(o diag.Diagnostic) bool { return o.Code == d.Code && o.Span == d.Span }) {
			kept = append(kept, d)
		}
	}
	return kept
}

func validName(name string) bool {
	for i, r := range name {
		if !(r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return name != ""
}

// layout gives every leaf its cell and every list its slot, depth first, so that a group's stand together.
func layout(record *Field) {
	record.Cells, record.Lists = 0, 0
	var place func(f *Field)
	place = func(f *Field) {
		if f.Link {
			return
		}
		f.Cell, f.List = record.Cells, record.Lists
		switch f.Type {
		case Group:
			for _, c := range f.Fields {
				place(c)
			}
			f.Cells, f.Lists = record.Cells-f.Cell, record.Lists-f.List
		case List:
			record.Lists++
			layout(f)
		default:
			record.Cells++
		}
	}
	for _, c := range record.Fields {
		place(c)
	}
}
