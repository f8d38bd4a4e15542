package rule

import (
	"errors"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/pattern"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Selectors say where published documents state the fields of a schema. rules/README.md describes their language.
type Selectors struct {
	// Titles and Subjects are how headings, and everything else that is matched whole, are made comparable.
	Titles, Subjects pattern.Folding
	// Scopes are tried in this order: those of the pack itself, then those of the packs that it extends.
	Scopes []*Scope
}

// Scope is a part of documents and what is stated there.
type Scope struct {
	// Sections are headings and Tables titles of tables, one of which must hold; empty means anywhere.
	Sections, Tables []Pattern
	// Whole: everything below the section is the scope's, whatever the headings below are called.
	Whole bool
	// Keys name rows of lists by what stands beside a label in the table.
	Keys      []Key
	Fields    []*Select
	Sentences []*Sentence
	// Pack counts the packs from the one that is loaded to the one that it extends: 0, 1, …
	Pack int
}

// Key is a text of a list row and the labels of the cell that gives it.
type Key struct {
	Field  *dataset.Field
	Labels []Pattern
}

// Pattern is a pattern whose slots are bound to fields.
type Pattern struct {
	*pattern.Pattern
	// Fields are what the slots fill, nil for parts of a fact.
	Fields []*dataset.Field
}

// Select says how to tell the statements of a field, or of the fields of a group or list row.
type Select struct {
	Field *dataset.Field
	// Subjects are what the figures are of; Rows are labels of the rows of tables that they stand in.
	Subjects, Rows []Pattern
	// Of is the group whose parts the rows of the list are; nil for none.
	Of *dataset.Field
	// Like: the rows are there already, and the subject is like the key of one.
	Like bool
	// Reason: the figures are told in passing, in a clause that gives a reason.
	Reason bool
	// Leaves are the fields that figures go to, each with what tells its figures from those of the others.
	Leaves []Leaf
}

// Leaf says which figures of a subject are those of a field.
type Leaf struct {
	Field *dataset.Field
	// Measures are words of the kind of extract.Measure; empty for texts.
	Measures []string
	// Basis and Words are patterns, one of which must hold; empty means any.
	Basis, Words []Pattern
	Units        []string
	// Under are headers that must stand above as well, for cells in the one row below several heads.
	Under []Pattern
	// Columns are headers above, Labels labels beside the cell of a table that holds the field, Texts what it may hold.
	Columns, Labels, Texts []Pattern
	// Note is the kind of note that a text is, "" for figures; "unit" is the unit of a figure of the same row.
	Note string
}

// Sentence is a pattern for a piece of running text, tried before anything else.
type Sentence struct {
	Pattern
	// Set are fields with the text that they get where the pattern holds.
	Set []Constant
}

// Constant is a text for a field.
type Constant struct {
	Field *dataset.Field
	Text  string
}

// Measures lists the words that say what a figure measures.
func Measures() []string {
	return []string{
		"value", "budget", "final", "change", "change_rate", "share", "completion_rate", "target", "actual", "weight", "score",
	}
}

// Notes lists the kinds of notes.
func Notes() []string { return []string{"reason", "wording", "item", "absence", "unit"} }

// FactSlots lists the parts of a fact that the slots of a sentence may fill beside fields. A measure takes a number.
func FactSlots() []string { return append([]string{"subject", "basis"}, Measures()...) }

const selectFile = "select.yaml"

// Selectors say where published documents state the fields of the pack, with what is wrong in them. They are read when
// they are first asked for: datasets need none.
func (p *Pack) Selectors() (*Selectors, diag.List) { return p.selectors() }

// readSelectors reads the files of selectors, those of the pack itself first, over the pack's schema.
func (p *Pack) readSelectors() (*Selectors, diag.List) {
	read := &parser{}
	s := &selectorParser{
		parser: read, schema: p.Schema, types: map[string][]*yamldoc.Node{}, words: map[string][]string{}, result: &Selectors{},
	}
	var docs []*yamldoc.Node
	for _, f := range p.selects {
		doc, list := yamldoc.Parse(f)
		read.list = append(read.list, list...)
		if doc != nil && read.keys(doc, "ignore", "words", "types", "select") {
			docs = append(docs, doc)
		}
	}
	for _, doc := range docs {
		s.head(doc)
	}
	longest := func(a, b string) int { return len(b) - len(a) }
	slices.SortStableFunc(s.result.Titles.Ignore, longest)
	slices.SortStableFunc(s.result.Subjects.Ignore, longest)
	for i, doc := range docs {
		if n := doc.Get("select"); n != nil && read.isList(n) {
			for _, item := range n.Items {
				s.scope(item, i)
			}
		}
	}
	s.unused(p.Schema.Root)
	// A type is read for each of its groups, and its faults are told once.
	read.list.Sort()
	read.list = slices.CompactFunc(read.list, func(a, b diag.Diagnostic) bool { return a.Code == b.Code && a.Span == b.Span })
	return s.result, read.list
}

// unused looks for faults in types of which no field is sought.
func (p *selectorParser) unused(in *dataset.Field) {
	for _, f := range in.Fields {
		p.leaves(f)
		p.unused(f)
	}
}

func (p *parser) isList(n *yamldoc.Node) bool {
	if n.Kind != yamldoc.Sequence {
		p.add(diag.WantList, n.Span)
		return false
	}
	return true
}

type selectorParser struct {
	*parser
	schema *dataset.Schema
	// types hold what tells the children of a type or a path apart, the pack's own first.
	types  map[string][]*yamldoc.Node
	words  map[string][]string
	result *Selectors
}

// head reads what stands before the scopes.
func (p *selectorParser) head(doc *yamldoc.Node) {
	if n := doc.Get("ignore"); n != nil && p.keys(n, "titles", "subjects") {
		for key, into := range map[string]*[]string{"titles": &p.result.Titles.Ignore, "subjects": &p.result.Subjects.Ignore} {
			if v := n.Get(key); v != nil {
				*into = append(*into, p.texts(v)...)
			}
		}
	}
	if n := doc.Get("words"); n != nil && p.mapping(n) {
		for _, e := range n.Entries {
			if _, taken := p.words[e.Key.Value]; !taken {
				p.words[e.Key.Value] = p.texts(e.Value)
			}
		}
	}
	if n := doc.Get("types"); n != nil && p.mapping(n) {
		for _, e := range n.Entries {
			if !slices.Contains(p.schema.Types, e.Key.Value) && p.field(e.Key, 0, e.Key.Value) == nil {
				continue
			}
			if p.mapping(e.Value) {
				p.types[e.Key.Value] = append(p.types[e.Key.Value], e.Value)
			}
		}
	}
}

func (p *parser) mapping(n *yamldoc.Node) bool {
	if n.Kind != yamldoc.Mapping {
		p.add(diag.WantMapping, n.Span)
		return false
	}
	return true
}

// texts reads one text or a list of them.
func (p *parser) texts(n *yamldoc.Node) []string {
	items := []*yamldoc.Node{n}
	if n.Kind == yamldoc.Sequence {
		items = n.Items
	}
	var texts []string
	for _, item := range items {
		if t := p.text(item); t != "" {
			texts = append(texts, t)
		}
	}
	return texts
}

// field finds a field by its path, which stands in the characters of n from the given one on.
func (p *selectorParser) field(n *yamldoc.Node, from int, path string) *dataset.Field {
	f := p.schema.Root
	for _, name := range strings.Split(path, ".") {
		c := f.Child(name)
		if c == nil || c.Header {
			p.list.Add(diag.New(diag.UnknownField, n.SubSpan(from, from+len([]rune(name))), name).WithSuggestion(diag.Suggest(name, f.Names())))
			return nil
		}
		f, from = c, from+len([]rune(name))+1
	}
	return f
}

func (p *selectorParser) scope(n *yamldoc.Node, pack int) {
	if !p.keys(n, "section", "whole", "table", "key", "fields", "sentences") {
		return
	}
	s := &Scope{Pack: pack, Whole: p.flag(n, "whole")}
	for key, into := range map[string]*[]Pattern{"section": &s.Sections, "table": &s.Tables} {
		if v := n.Get(key); v != nil {
			*into = p.patterns(v, &p.result.Titles, p.rowSlot)
		}
	}
	if v := n.Get("key"); v != nil && p.mapping(v) {
		for _, e := range v.Entries {
			if f := p.field(e.Key, 0, e.Key.Value); f != nil {
				s.Keys = append(s.Keys, Key{f, p.patterns(e.Value, &p.result.Subjects, p.noSlot)})
			}
		}
	}
	if v := n.Get("fields"); v != nil && p.mapping(v) {
		for _, e := range v.Entries {
			if f := p.field(e.Key, 0, e.Key.Value); f != nil {
				s.Fields = append(s.Fields, p.selects(f, e)...)
			}
		}
	}
	if v := n.Get("sentences"); v != nil && p.isList(v) {
		for _, item := range v.Items {
			s.Sentences = append(s.Sentences, p.sentence(item)...)
		}
	}
	p.result.Scopes = append(p.result.Scopes, s)
}

// slot finds the field that a slot fills; ok is false when it can fill nothing, which was told.
type slot func(n *yamldoc.Node, s pattern.Slot) (f *dataset.Field, ok bool)

// rowSlot is a slot of the key of a row, by its path from the root.
func (p *selectorParser) rowSlot(n *yamldoc.Node, s pattern.Slot) (*dataset.Field, bool) {
	if s.Name == "_" {
		return nil, true
	}
	f := p.field(n, s.From, s.Name)
	if f != nil && (f.Type != dataset.Text || f.Record().Parent == nil) {
		p.add(diag.UnknownSlot, n.SubSpan(s.From, s.To), s.Name)
		f = nil
	}
	return f, f != nil
}

// within is a slot of a text of the row that a field is in or is, by its path from any of the groups around the field.
func (p *selectorParser) within(field *dataset.Field) slot {
	return func(n *yamldoc.Node, s pattern.Slot) (*dataset.Field, bool) {
		if s.Name == "_" {
			return nil, true
		}
		for in := field; in != nil; in = in.Parent {
			f := in
			for _, name := range strings.Split(s.Name, ".") {
				if f != nil {
					f = f.Child(name)
				}
			}
			if f != nil && f.Type == dataset.Text && f.Record().Parent != nil {
				return f, true
			}
		}
		p.add(diag.UnknownSlot, n.SubSpan(s.From, s.To), s.Name)
		return nil, false
	}
}

// noSlot refuses slots but those that take nothing, {_:code}.
func (p *selectorParser) noSlot(n *yamldoc.Node, s pattern.Slot) (*dataset.Field, bool) {
	if s.Name == "_" {
		return nil, true
	}
	p.add(diag.UnknownSlot, n.SubSpan(s.From, s.To), s.Name)
	return nil, false
}

// patterns reads one pattern or a list of them.
func (p *selectorParser) patterns(n *yamldoc.Node, f *pattern.Folding, fill slot) []Pattern {
	return p.compiled(pattern.Parse, n, f, fill)
}

// compiler is pattern.Parse or pattern.ParsePart.
type compiler func(string, *pattern.Folding, pattern.Kinds) (*pattern.Pattern, *pattern.Error)

func (p *selectorParser) compiled(parse compiler, n *yamldoc.Node, f *pattern.Folding, fill slot) []Pattern {
	items := []*yamldoc.Node{n}
	if n.Kind == yamldoc.Sequence {
		items = n.Items
	}
	var all []Pattern
	for _, item := range items {
		if c := p.pattern(parse, item, f, fill); c != nil {
			all = append(all, *c)
		}
	}
	return all
}

func (p *selectorParser) pattern(parse compiler, n *yamldoc.Node, f *pattern.Folding, fill slot) *Pattern {
	source := p.text(n)
	if source == "" {
		return nil
	}
	c, err := parse(source, f, func(kind string) (string, bool) { return p.kind(kind, f) })
	if err != nil {
		at := n.SubSpan(err.From, err.To)
		switch {
		case errors.Is(err, pattern.ErrBrace):
			p.add(diag.BadBrace, at)
		case errors.Is(err, pattern.ErrKind):
			p.add(diag.UnknownKind, at, string([]rune(source)[err.From:err.To]), strings.Join(p.kinds(), ", "))
		default:
			p.add(diag.EmptyPattern, at)
		}
		return nil
	}
	bound := &Pattern{Pattern: c}
	for _, s := range c.Slots {
		field, ok := fill(n, s)
		if !ok {
			return nil
		}
		bound.Fields = append(bound.Fields, field)
	}
	return bound
}

// kinds lists the kinds of slots.
func (p *selectorParser) kinds() []string {
	kinds := []string{"number", "date", "year", "money", "%", "code"}
	for name := range p.words {
		kinds = append(kinds, name)
	}
	slices.Sort(kinds)
	return kinds
}

func (p *selectorParser) kind(name string, f *pattern.Folding) (string, bool) {
	switch name {
	case "number":
		return pattern.Number, true
	case "code":
		// 类, 款, 项, 目 of an account
		return "[0-9]{3}(?:[0-9]{2}){0,3}", true
	case "year":
		return "[0-9]{4}年", true
	case "money":
		return pattern.Number + "(?:亿元|百万元|万元|千元|元)", true
	case "%":
		return pattern.Number + "%", true
	case "date":
		return pattern.Date, true
	}
	words, ok := p.words[name]
	return pattern.Words(words, f), ok && len(words) > 0
}

var (
	leafKeys   = []string{"measure", "basis", "word", "unit", "column", "under", "label", "text", "note"}
	selectKeys = append([]string{"subject", "row", "of", "like", "reason"}, leafKeys...)
)

// selects reads what is said of one field. A list of mappings is several ways to find it.
func (p *selectorParser) selects(f *dataset.Field, e yamldoc.Entry) []*Select {
	items := []*yamldoc.Node{e.Value}
	if e.Value.Kind == yamldoc.Sequence && len(e.Value.Items) > 0 && e.Value.Items[0].Kind == yamldoc.Mapping {
		items = e.Value.Items
	}
	var all []*Select
	for _, item := range items {
		if s := p.selectOf(f, e.Key, item); s != nil {
			all = append(all, s)
		}
	}
	return all
}

func (p *selectorParser) selectOf(f *dataset.Field, key, n *yamldoc.Node) *Select {
	s := &Select{Field: f}
	subject := n
	if n.Kind == yamldoc.Mapping {
		if !p.keys(n, selectKeys...) {
			return nil
		}
		subject = n.Get("subject")
		if v := n.Get("of"); v != nil {
			s.Of = p.field(v, 0, p.text(v))
		}
		s.Like, s.Reason = p.flag(n, "like"), p.flag(n, "reason")
		if v := n.Get("row"); v != nil {
			s.Rows = p.patterns(v, &p.result.Subjects, p.within(f))
		}
	}
	switch f.Type {
	case dataset.Group, dataset.List:
		s.Leaves = p.leaves(f)
		if len(s.Leaves) == 0 {
			p.add(diag.NoChildren, key.Span, key.Value)
		}
	default:
		s.Leaves = []Leaf{p.leaf(f, n, nil)}
	}
	cells := len(s.Rows) > 0 || slices.ContainsFunc(s.Leaves, func(l Leaf) bool { return l.Field == f && len(l.Columns)+len(l.Labels) > 0 })
	switch {
	case subject != nil && !subject.Null:
		s.Subjects = p.patterns(subject, &p.result.Subjects, p.within(f))
	case s.Like || cells || f.Type == dataset.List:
	default:
		for _, name := range append([]string{f.Label}, f.Aliases...) {
			c, err := pattern.Parse(name, &p.result.Subjects, nil)
			if err == nil {
				s.Subjects = append(s.Subjects, Pattern{Pattern: c})
			}
		}
		if len(s.Subjects) == 0 {
			p.add(diag.NoSubject, key.Span, key.Value)
		}
	}
	return s
}

// flag reports whether a key is set: it is true or absent.
func (p *parser) flag(n *yamldoc.Node, key string) bool {
	v := n.Get(key)
	if v != nil && v.Value != "true" {
		p.add(diag.WantWord, v.Span, key, "true")
	}
	return v != nil
}

// leaves are those of a group or a list row, as told for its path or its type.
func (p *selectorParser) leaves(f *dataset.Field) []Leaf {
	nodes := p.types[f.Path()]
	if f.Use != "" {
		nodes = append(slices.Clone(nodes), p.types[f.Use]...)
	}
	var all []Leaf
	for _, n := range nodes {
		for _, e := range n.Entries {
			c := f.Child(e.Key.Value)
			if c == nil || c.Type == dataset.Group || c.Type == dataset.List {
				p.list.Add(diag.New(diag.UnknownField, e.Key.Span, e.Key.Value).WithSuggestion(diag.Suggest(e.Key.Value, f.Names())))
				continue
			}
			all = append(all, p.leaf(c, e.Value, e.Value))
		}
	}
	return all
}

// leaf reads what tells the figures of a leaf. measure is the node that names the measures unless n is a mapping, which
// has a key for them.
func (p *selectorParser) leaf(f *dataset.Field, n, measure *yamldoc.Node) Leaf {
	l := Leaf{Field: f}
	if n.Kind == yamldoc.Mapping {
		if measure == n && !p.keys(n, leafKeys...) {
			return l
		}
		measure = n.Get("measure")
		for key, into := range map[string]*[]Pattern{
			"basis": &l.Basis, "word": &l.Words, "column": &l.Columns, "under": &l.Under, "label": &l.Labels, "text": &l.Texts,
		} {
			if v := n.Get(key); v != nil {
				*into = p.patterns(v, &p.result.Subjects, p.noSlot)
			}
		}
		if v := n.Get("unit"); v != nil {
			l.Units = p.texts(v)
		}
		if v := n.Get("note"); v != nil {
			if l.Note = p.text(v); !slices.Contains(Notes(), l.Note) {
				p.add(diag.UnknownWord, v.Span, v.Value, strings.Join(Notes(), ", "))
			}
		}
	}
	if measure != nil && !measure.Null {
		for _, m := range p.texts(measure) {
			if !slices.Contains(Measures(), m) {
				p.add(diag.UnknownWord, measure.Span, m, strings.Join(Measures(), ", "))
			}
			l.Measures = append(l.Measures, m)
		}
	}
	if len(l.Measures) == 0 && f.Type.Numeric() {
		l.Measures = usualMeasures(f.Type)
	}
	return l
}

// usualMeasures are those of a field that names none.
func usualMeasures(t dataset.Type) []string {
	switch t {
	case dataset.Percent:
		return []string{"share", "completion_rate"}
	case dataset.Score:
		return []string{"score"}
	}
	return []string{"value", "final"}
}

// sentence reads a pattern for running text.
func (p *selectorParser) sentence(n *yamldoc.Node) []*Sentence {
	text := n
	var set []Constant
	if n.Kind == yamldoc.Mapping {
		if !p.keys(n, "text", "set") {
			return nil
		}
		if text = n.Get("text"); text == nil {
			p.add(diag.MissingKey, n.Span, "text")
			return nil
		}
		if v := n.Get("set"); v != nil && p.mapping(v) {
			for _, e := range v.Entries {
				if f := p.field(e.Key, 0, e.Key.Value); f != nil {
					set = append(set, Constant{f, p.text(e.Value)})
				}
			}
		}
	}
	var all []*Sentence
	for _, c := range p.compiled(pattern.ParsePart, text, &pattern.Folding{}, p.sentenceSlot) {
		all = append(all, &Sentence{Pattern: c, Set: set})
	}
	return all
}

// sentenceSlot is a slot of a part of a fact, or of a field by its path from the root.
func (p *selectorParser) sentenceSlot(n *yamldoc.Node, s pattern.Slot) (*dataset.Field, bool) {
	if s.Name == "_" || slices.Contains(FactSlots(), s.Name) {
		return nil, true
	}
	f := p.field(n, s.From, s.Name)
	if f != nil && (f.Type == dataset.Group || f.Type == dataset.List) {
		p.add(diag.UnknownSlot, n.SubSpan(s.From, s.To), s.Name)
		f = nil
	}
	return f, f != nil
}
