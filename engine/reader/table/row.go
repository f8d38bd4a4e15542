package table

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Cell is one value, without the space around it, and where it stands in the file of its row. An empty one says nothing.
type Cell struct {
	Text       string
	Start, End int
}

// Row is one dataset of a table. It holds until the next one is read, and one goroutine uses it.
type Row struct {
	// Head is that of the table.
	Head *Head
	// File is what the cells stand in.
	File *source.File
	// Text is the content of the file, where that is a text.
	Text string
	// Cells are those of a wide table, as many as there are columns.
	Cells []Cell
	// Numbers stand beside Cells where a reader has read figures: each has the digits that are printed behind its point for
	// Decimals, and is Missing where the cell tells. The text of a cell with a number is taken from Text or Block when somebody asks
	// for it.
	Numbers []number.Number
	// Again stand beside Numbers too: what else the cells say of which these say Restated.
	Again [][]number.Number
	// Block is the one whose row At it is, nil where it is of none. Its numbers are taken from there when they are needed.
	Block *Block
	At    int
	// Figures are the rows of a long table, as many cells in each as there are columns.
	Figures [][]Cell
	// More are the rows of the same dataset in other tables, which Join finds. abreast is all of them as one row, nil where
	// that cannot be.
	More    []*Row
	abreast *Row
	// seams are where the cells or figures of each row begin in one that was made of several.
	seams []seam
	// shape is that of the figures.
	shape *shape
	// placed takes where the numbers of the columns come to stand, where that is wanted.
	placed []placed
}

// Record is one dataset as a reader gives it: a row, or what is wrong with it.
type Record struct {
	// Line is where it begins, from 1.
	Line int
	Row  *Row
	List diag.List
	// Unit is of which unit a row with faults is.
	Unit Unit
}

// Unit is an entity and a period, as far as they are known.
type Unit struct{ Entity, Period string }

// shape is the sequence of fields of a dataset in a long table, most often that of the one before it too.
type shape struct {
	fields   []string
	bindings map[*dataset.Schema]*Binding
}

// divider stands between the statements of one figure in a cell.
const divider = '|'

// begin is the cells of the header.
func (r *Row) begin() []Cell {
	if r.Head.Long {
		return r.Figures[0]
	}
	return r.Cells
}

// seam is where the cells of a table, or the figures of a row of a long one, begin in a row, and what they stand in.
type seam struct {
	from int
	file *source.File
}

// where is where the cell of a column of the binding stands.
func (r *Row) where(c *Cell, column int) source.Span {
	span := r.Span(c)
	if r.seams == nil {
		return span
	}
	if !r.Head.Long {
		column = r.Head.columns[column]
	}
	i, found := slices.BinarySearchFunc(r.seams, column, func(s seam, column int) int { return s.from - column })
	if !found {
		i--
	}
	span.File = r.seams[i].file
	return span
}

// Span is where a cell stands.
func (r *Row) Span(c *Cell) source.Span {
	return source.Span{File: r.File, Start: c.Start, End: c.End}
}

// Header is what stands before the figures. It is false where something is wrong with it, and where rows of several tables
// are to be read one by one.
func (r *Row) Header() (dataset.Header, bool) {
	if r.More != nil {
		return r.sameHeader()
	}
	h := dataset.Header{Pack: dataset.DefaultPack}
	cells := r.begin()
	for i, into := range []*string{&h.Entity, &h.Period, &h.Kind, &h.Parent, &h.Pack, &h.Unit, &h.Source} {
		if at := r.Head.header[i]; at >= 0 && cells[at].Text != "" {
			*into = cells[at].Text
			if !utf8.ValidString(*into) || strings.IndexByte(*into, 0) >= 0 {
				return h, false
			}
		}
	}
	return h, h.Entity != "" && h.Period != "" && (h.Unit == "" || dataset.IsMoney(h.Unit))
}

// Print gives the cells of numbers their texts.
func (r *Row) Print() {
	r.gather()
	for i := range r.Numbers {
		r.print(i)
	}
	r.Numbers, r.Block = nil, nil
}

// print gives the cell of a number its text.
func (r *Row) print(i int) {
	c, n := &r.Cells[i], r.Numbers[i]
	switch {
	case c.Text != "" || n.Has(number.Missing):
	case r.Block == nil:
		if c.Text = r.Text[c.Start:c.End]; c.Text[0] == '"' {
			c.Text = c.Text[1 : len(c.Text)-1]
		}
	case r.Block.Columns[i].Texts != nil:
		c.Text = r.Block.Columns[i].Texts[r.At]
	default:
		c.Text = printed(n)
	}
}

// printed is a number as it would be printed.
func printed(n number.Number) string { return n.Decimal().StringFixed(int32(n.Decimals)) }

// Bind finds the fields of the columns.
func (r *Row) Bind(s *dataset.Schema) *Binding {
	if !r.Head.Long {
		return r.Head.Bind(s)
	}
	at := r.Head.at[field]
	same := r.shape != nil && len(r.shape.fields) == len(r.Figures)
	for i := 0; same && i < len(r.Figures); i++ {
		same = r.shape.fields[i] == r.Figures[i][at].Text
	}
	if !same {
		r.shape = &shape{bindings: map[*dataset.Schema]*Binding{}}
		for _, f := range r.Figures {
			r.shape.fields = append(r.shape.fields, f[at].Text)
		}
	}
	b := r.shape.bindings[s]
	if b == nil {
		b = bind(s, r.shape.fields, true)
		r.shape.bindings[s] = b
	}
	return b
}

// Faulty reports whether something is wrong with the names of the columns.
func (b *Binding) Faulty() bool { return len(b.faults) > 0 }

// cell is what a column of the binding says.
func (r *Row) cell(column int) *Cell {
	if r.Head.Long {
		return &r.Figures[column][r.Head.at[value]]
	}
	return &r.Cells[r.Head.columns[column]]
}

// beside is what stands beside a figure of a long table.
func (r *Row) beside(column int, p part) string {
	if at, ok := r.Head.at[p]; ok && r.Head.Long {
		return r.Figures[column][at].Text
	}
	return ""
}

// name is where a column of the binding is named.
func (r *Row) name(column int) source.Span {
	if r.Head.Long {
		return r.where(&r.Figures[column][r.Head.at[field]], column)
	}
	return r.Head.names[r.Head.columns[column]].Span
}

// says reports whether one of the columns has a value. In a long table all have: that a row is there says something.
func (r *Row) says(columns []int) bool {
	return r.Head.Long || slices.ContainsFunc(columns, func(i int) bool {
		return r.cell(i).Text != "" || r.Numbers != nil && !r.Numbers[r.Head.columns[i]].Has(number.Missing)
	})
}

// Doc is the dataset as a document of the schema, for dataset.BuildParts; with no schema it is the header alone. Of a table
// whose columns are wrong it is nil, and of a long one the list tells what is wrong with them.
func (r *Row) Doc(s *dataset.Schema) (*yamldoc.Node, diag.List) {
	var list diag.List
	all := r.All()
	for _, one := range all {
		one.Print()
		list = append(list, one.unreadable()...)
	}
	if list != nil {
		return nil, list
	}
	doc, list := header(all)
	if s == nil {
		return doc, list
	}
	var sides []side
	faulty := false
	for _, one := range all {
		b := one.Bind(s)
		sides, faulty = append(sides, side{one, b.root}), faulty || b.Faulty()
		for i := range b.faults {
			if one.Head.Long {
				list.Add(b.faults[i].tell(one.name))
			}
		}
	}
	if faulty {
		return nil, list
	}
	doc.Entries = append(doc.Entries, entries(s.Root, sides)...)
	return doc, nil
}

// unreadable tells what of the row is no text.
func (r *Row) unreadable() diag.List {
	if d := r.File.Check(); d != nil {
		return diag.List{diag.Unreadable(r.File, d)}
	}
	if r.File.Cells != nil {
		for _, row := range append(r.Figures[:len(r.Figures):len(r.Figures)], r.Cells) {
			for i := range row {
				if !utf8.ValidString(row[i].Text) {
					return diag.List{diag.New(diag.InvalidUTF8, r.Span(&row[i]))}
				}
			}
		}
	}
	return nil
}

func scalar(text string, at source.Span) *yamldoc.Node {
	return &yamldoc.Node{Style: yamldoc.DoubleQuoted, Value: text, Span: at}
}

// side is what a row of one table says of a record. A dataset that stands in several tables has several sides.
type side struct {
	*Row
	in *record
}

// entries are what the sides of a record say of the fields of a group, or of the record itself.
func entries(group *dataset.Field, sides []side) []yamldoc.Entry {
	var entries []yamldoc.Entry
	for _, f := range group.Fields {
		if v := node(f, sides); v != nil {
			entries = append(entries, yamldoc.Entry{Key: scalar(f.Name, v.Span), Value: v})
		}
	}
	return entries
}

func node(f *dataset.Field, sides []side) *yamldoc.Node {
	switch f.Type {
	case dataset.Group:
		if within := entries(f, sides); len(within) > 0 {
			return &yamldoc.Node{Kind: yamldoc.Mapping, Span: within[0].Value.Span, Entries: within}
		}
		return nil
	case dataset.List:
		return list(f, sides)
	}
	var items []*yamldoc.Node
	for i := range sides {
		// What names a row is the same on all sides.
		if f.Parent.Key != f || len(items) == 0 {
			items = sides[i].statements(f, items)
		}
	}
	switch len(items) {
	case 0:
		return nil
	case 1:
		return items[0]
	}
	return &yamldoc.Node{Kind: yamldoc.Sequence, Span: items[0].Span, Items: items}
}

// list is what the sides of a record say of a list. Rows of one name on several sides are one; the second of that name on
// a side is called as columns would call it, 甲#2.
func list(f *dataset.Field, sides []side) *yamldoc.Node {
	var all [][]side
	var lists []*rows
	at := map[string]int{}
	for _, p := range sides {
		i := slices.IndexFunc(p.in.lists, func(l *rows) bool { return l.field == f })
		if i < 0 {
			continue
		}
		count := map[string]int{}
		lists = append(lists, p.in.lists[i])
		for _, row := range p.in.lists[i].rows {
			if row.key >= 0 && !p.says(row.columns) {
				continue
			}
			called := dataset.Fold(row.called)
			if row.key >= 0 {
				called = dataset.Fold(p.cell(row.key).Text)
			}
			if count[called]++; called != "" && count[called] > 1 {
				called = fmt.Sprintf("%s#%d", called, count[called])
			}
			i, known := at[called]
			if !known || called == "" {
				i = len(all)
				at[called], all = i, append(all, nil)
			}
			all[i] = append(all[i], side{p.Row, row})
		}
	}
	// A row of which no side says anything is not there.
	all = slices.DeleteFunc(all, func(sides []side) bool {
		return !slices.ContainsFunc(sides, func(p side) bool { return p.says(p.in.columns) })
	})
	if len(all) == 0 {
		return nil
	}
	known := func(name string) bool {
		return slices.ContainsFunc(lists, func(l *rows) bool { return l.at[name] != nil })
	}
	n := &yamldoc.Node{Kind: yamldoc.Sequence}
	for _, sides := range all {
		first := sides[0]
		item := &yamldoc.Node{Kind: yamldoc.Mapping, Span: first.name(first.in.named)}
		if f.Key != nil && !slices.ContainsFunc(sides, func(p side) bool { return p.in.key >= 0 }) {
			item.Entries = append(item.Entries, yamldoc.Entry{Key: scalar(f.Key.Name, item.Span), Value: scalar(nameOf(first.in.called, known), item.Span)})
		}
		item.Entries = append(item.Entries, entries(f, sides)...)
		n.Items = append(n.Items, item)
	}
	n.Span = n.Items[0].Span
	return n
}

// statements adds what the side says of a field.
func (p side) statements(f *dataset.Field, items []*yamldoc.Node) []*yamldoc.Node {
	at := slices.IndexFunc(p.in.fields, func(one fact) bool { return one.field == f })
	if at < 0 {
		return items
	}
	for _, i := range p.in.fields[at].columns {
		c := p.cell(i)
		span := p.Span(c)
		unit, place := p.beside(i, unit), p.beside(i, place)
		switch {
		case c.Text == "" && !p.Head.Long:
		case unit != "" || place != "":
			n := &yamldoc.Node{Kind: yamldoc.Mapping, Span: span, Entries: []yamldoc.Entry{{Key: scalar("text", span), Value: scalar(c.Text, span)}}}
			if unit != "" {
				n.Entries = append(n.Entries, yamldoc.Entry{Key: scalar("unit", span), Value: scalar(unit, span)})
			}
			if place != "" {
				n.Entries = append(n.Entries, yamldoc.Entry{Key: scalar("at", span), Value: scalar(strings.TrimPrefix(place, "@"), span)})
			}
			items = append(items, n)
		case f.Type.Numeric() && strings.ContainsRune(c.Text, divider):
			for text := range strings.SplitSeq(c.Text, string(divider)) {
				items = append(items, scalar(strings.TrimSpace(text), span))
			}
		default:
			items = append(items, scalar(c.Text, span))
		}
	}
	return items
}

// Load reads the dataset in the shape that nearly all have, as Doc and dataset.Build do. It is false when something is
// wrong with it, or when figures have units or places beside them. With reuse the dataset takes the memory of the last one
// of the builder, which must not be used any more.
func (r *Row) Load(to *dataset.Builder, h dataset.Header, s *dataset.Schema, reuse bool) (*dataset.Dataset, bool) {
	r.gather()
	in := r
	if r.More != nil {
		in = r.abreast
	}
	b := in.Bind(s)
	if b.Faulty() || b.apart || in.Head.Long && in != r && (b.named || b.unfolded) {
		return nil, false
	}
	to.Start(h, r.File, reuse)
	if !in.load(to, b.root, dataset.Frame{}) {
		return nil, false
	}
	cells := r.begin()
	to.Head(r.Span(&cells[r.Head.header[0]]), r.Span(&cells[r.Head.header[1]]))
	return to.End()
}

func (r *Row) load(to *dataset.Builder, in *record, at dataset.Frame) bool {
	facts := in.fields
	if values := to.Values(at); values != nil && r.Numbers != nil {
		if !r.figures(to, in, at, values) {
			return false
		}
		facts = in.others
	}
	for i := range facts {
		for _, column := range facts[i].columns {
			if !r.statement(to, facts[i].field, at, column) {
				return false
			}
		}
	}
	for _, l := range in.lists {
		if !r.list(to, l, at) {
			return false
		}
	}
	return true
}

// figures puts the numbers of a record into its cells, which are missing so far, and adds what else the columns of figures say.
func (r *Row) figures(to *dataset.Builder, in *record, at dataset.Frame, values []number.Number) bool {
	count := 0
	for rest := in.figures; ; rest = rest[1:] {
		n := put(values, r.Numbers, rest)
		count += n
		if rest = rest[n:]; len(rest) == 0 {
			break
		}
		f := &rest[0]
		if r.Numbers[f.column].Has(number.Missing) && r.Cells[f.column].Text == "" {
			continue
		}
		if one := &in.fields[f.fact]; !r.statement(to, one.field, at, one.columns[0]) {
			return false
		}
	}
	to.Count(count)
	if r.placed != nil {
		for i := range in.figures {
			f := &in.figures[i]
			r.placed[f.column] = placed{at.Cell + int32(f.cell), in.fields[f.fact].field}
		}
	}
	return true
}

// put puts numbers into the cells of figures, up to the first figure that takes more, and tells how many. It stands alone,
// where what it needs finds room in registers.
//
//go:noinline
func put(values, numbers []number.Number, figures []figured) int {
	for i := range figures {
		f := &figures[i]
		n := &numbers[f.column]
		if n.Flags&f.refused != 0 {
			return i
		}
		to := &values[f.cell]
		to.Coef, to.Scale, to.Decimals, to.Flags = n.Coef, n.Scale, n.Decimals, n.Flags&^number.Percent
	}
	return len(figures)
}

// statement adds what one column says.
func (r *Row) statement(to *dataset.Builder, f *dataset.Field, in dataset.Frame, column int) bool {
	if r.Numbers != nil {
		if i := r.Head.columns[column]; !r.Numbers[i].Has(number.Missing) {
			n := r.Numbers[i]
			if to.Number(f, in, n) {
				return !n.Has(number.Restated) || !slices.ContainsFunc(r.Again[i], func(n number.Number) bool { return !to.Number(f, in, n) })
			}
			r.print(i)
		}
	}
	if r.Head.Long && (r.beside(column, unit) != "" || r.beside(column, place) != "") {
		return false
	}
	c := r.cell(column)
	if c.Text == "" && !r.Head.Long {
		return true
	}
	at := r.where(c, column)
	if !f.Type.Numeric() {
		return one(to, f, in, c.Text, 0, len(c.Text), at)
	}
	text, from, end := r.within(c)
	for {
		n := strings.IndexByte(text[from:end], divider)
		if n < 0 {
			return one(to, f, in, text, from, end, at)
		}
		if !one(to, f, in, text, from, from+n, at) {
			return false
		}
		from += n + 1
	}
}

// within is where the text of a cell begins and ends in a longer one.
func (r *Row) within(c *Cell) (text string, from, end int) {
	if from, end = c.Start, c.End; end <= len(r.Text) && from < end {
		if r.Text[from] == '"' {
			from, end = from+1, end-1
		}
		if end-from == len(c.Text) {
			return r.Text, from, end
		}
	}
	return c.Text, 0, len(c.Text)
}

// one adds a statement from a part of a text.
func one(to *dataset.Builder, f *dataset.Field, in dataset.Frame, text string, from, end int, at source.Span) bool {
	for from < end && text[from] == ' ' {
		from++
	}
	for from < end && text[end-1] == ' ' {
		end--
	}
	return to.Within(f, in, text, from, end, at) || to.Add(f, in, strings.TrimSpace(text[from:end]), at)
}

// list adds the rows of a list that say something.
func (r *Row) list(to *dataset.Builder, l *rows, at dataset.Frame) bool {
	n := 0
	for _, row := range l.rows {
		if r.says(row.columns) {
			n++
		}
	}
	if n == 0 {
		return true
	}
	within, ok := to.Rows(l.field, at, n)
	if !ok {
		return false
	}
	i := 0
	for _, row := range l.rows {
		if !r.says(row.columns) {
			continue
		}
		frame := within.Row(l.field, i)
		i++
		if key := l.field.Key; key != nil && row.key < 0 {
			name := r.name(row.named)
			if !to.Cell(key, frame, row.name, name) && !to.Add(key, frame, row.name, name) {
				return false
			}
		}
		if !r.load(to, row, frame) {
			return false
		}
	}
	return true
}
