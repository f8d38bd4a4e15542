package dataset

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Dataset is one entity's figures of one period. It is not changed after it was built.
type Dataset struct {
	Header
	Schema *Schema
	// File is what the dataset was read from.
	File *source.File
	// Cells hold the values of all leaf fields: the root's first, then list rows, each row's cells together.
	// Texts have Coef 0; a Missing flag says that they are absent or blank.
	Cells []number.Number
	// Aligned are the aligned values of Cells.
	Aligned number.Aligned
	// Texts stand beside Cells and hold the texts of fields that are no figures, in the form in which texts are compared: NFKC,
	// trimmed. They are "" where there is none.
	Texts []string
	// Lists hold the lists of the root first, then of the rows.
	Lists []Rows
	// Decimals holds, for each published unit, the decimals at which amounts and scores are taken.
	Decimals map[string]int
	// Restated are the cells with more than one statement that is not blank.
	Restated []Restatement
	// Figures counts the statements of figures.
	Figures int
	// Sections are the headings of the published document and the titles of its tables, in its order.
	Sections []Section
	// Unbound are figures of the published document that are no statements of any field. They are never judged.
	Unbound []Unbound
	// Accepted is what the file lists as accepted findings, for package acceptance; nil where it lists none.
	Accepted *yamldoc.Node

	// facts stand beside Cells; nil until they are asked for, where later reads them.
	facts []Fact
	later func() []Fact
	// lines are the indexes of the sections that begin at a line, in the order of their places; tables those of tables,
	// by their names.
	lines  []int
	tables map[string]int
	// origins say of which dataset the cells of a joined one are, by their first cells; nil of any other.
	origins []origin
}

// Restatement is a figure or text that is printed more than once.
type Restatement struct {
	Cell int
	// Agree: all statements agree, which a look tells. Where it does not, large numbers may still do.
	Agree bool
}

// Facts stand beside Cells and hold what was printed of each field. Most datasets are judged without them: those of a
// Builder may read them when they are asked for the first time, and so are used by one goroutine at a time.
func (d *Dataset) Facts() []Fact {
	if d.facts == nil && d.later != nil {
		d.facts = d.later()
	}
	return d.facts
}

// State gives a dataset that no Builder made its facts.
func (d *Dataset) State(facts []Fact) { d.facts = facts }

// IsRestated reports whether a cell has more than one statement that is not blank.
func (d *Dataset) IsRestated(cell int) bool {
	return slices.ContainsFunc(d.Restated, func(r Restatement) bool { return r.Cell == cell })
}

// Section is a heading of a published document, or the title of a table.
type Section struct {
	Title string
	// Place is where the heading stands; of a table it is one of its cells.
	Place source.Place
	// Path is the title and those of the headings above it, outermost first, one a line.
	Path string
}

// Unbound is a figure that is no statement of any field.
type Unbound struct {
	// Label says what it is of and Measure what it measures, as far as the document tells; Text is what is printed,
	// Section the heading that it stands under.
	Label, Measure, Text, Section string
	Place                         source.Place
}

// Section is the headings that a place of the published document stands under, outermost first, one a line; in a table
// the last is its title. It is "" where the dataset does not say.
func (d *Dataset) Section(p source.Place) string {
	if p.Cell != "" {
		if i, ok := d.tables[p.Table()]; ok {
			return d.Sections[i].Path
		}
		return ""
	}
	n, found := slices.BinarySearchFunc(d.lines, p, func(i int, p source.Place) int { return inText(d.Sections[i].Place, p) })
	if found {
		n++
	}
	if n == 0 || p.Line == 0 {
		return ""
	}
	return d.Sections[d.lines[n-1]].Path
}

// StandUnder gives a dataset the headings of another one of the same document.
func (d *Dataset) StandUnder(other *Dataset) {
	d.Sections, d.lines, d.tables = other.Sections, other.lines, other.tables
}

// inText orders places by where they stand in the document's text.
func inText(a, b source.Place) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// Header is what stands before the figures.
type Header struct {
	Entity, Period, Kind, Pack string
	// Parent is the entity above this one, "" where the dataset does not say.
	Parent string
	// Unit is the unit in which amounts are published; "" means each field's own.
	Unit string
	// Source names the published document in which the figures' places are.
	Source   string
	Rounding number.Mode
	// Declared holds the decimals of units as the dataset declares them.
	Declared map[string]int
}

// Year is the year of the period, 0 when it does not begin with one.
func (h Header) Year() int {
	n := 0
	for n < len(h.Period) && h.Period[n] >= '0' && h.Period[n] <= '9' {
		n++
	}
	if n != 4 {
		return 0
	}
	year, _ := strconv.Atoi(h.Period[:n])
	return year
}

// Fact is what was printed of one field.
type Fact struct {
	Field *Field
	// Statements are the places where the quantity is printed, in the dataset's order; empty when missing.
	Statements []Statement
	// Chosen is the index of the statement that rules read: the first that is not blank.
	Chosen int
}

// Statement is one printed occurrence of a quantity.
type Statement struct {
	// Text is the figure or text as printed.
	Text string
	// In is the unit of the value: the field's unit, or for a field whose unit stands beside it, that unit.
	In string
	// Own counts the digits printed after the point, in the published unit.
	Own int
	// Number is the value for rules, its decimals settled.
	Number number.Number
	// wide is the value where Number says Overflow.
	wide *number.Decimal
	// Unit is the published unit.
	Unit  string
	Blank bool
	// Place says where the statement stands in the published document; zero when the dataset does not say.
	Place source.Place
	// Span is where it stands in the data file.
	Span source.Span
}

// Value is the exact value in In.
func (s *Statement) Value() number.Decimal {
	if s.wide != nil {
		return *s.wide
	}
	return s.Number.Decimal()
}

// set gives the statement a value, which all tells where the number cannot hold it.
func (s *Statement) set(n number.Number, all func() number.Decimal) {
	s.Number, s.wide = n, nil
	if n.Has(number.Overflow) {
		d := all()
		s.wide = &d
	}
}

// Statement is the statement that rules read; nil when the field is missing.
func (f *Fact) Statement() *Statement {
	if len(f.Statements) == 0 {
		return nil
	}
	return &f.Statements[f.Chosen]
}

// Absent are the parts of the schema of which the dataset gives nothing, in the order of the schema: groups and lists of
// the root, and the groups in these that have groups or lists of their own.
func (d *Dataset) Absent() []string {
	part := func(f *Field) bool { return f.Type == Group || f.Type == List }
	given := func(f *Field) bool {
		cells, lists := f.Cells, f.Lists
		if f.Type == List {
			// What its rows take is not the root's.
			cells, lists = 0, 1
		}
		has := func(n number.Number) bool { return !n.Has(number.Missing) }
		return slices.ContainsFunc(d.Cells[f.Cell:f.Cell+cells], has) ||
			slices.ContainsFunc(d.Lists[f.List:f.List+lists], func(l Rows) bool { return l.Present })
	}
	var absent []string
	for _, f := range d.Schema.Root.Fields {
		if !part(f) {
			continue
		}
		if !given(f) {
			absent = append(absent, f.Name)
			continue
		}
		for _, g := range f.Fields {
			if f.Type == Group && g.Type == Group && slices.ContainsFunc(g.Fields, part) && !given(g) {
				absent = append(absent, f.Name+"."+g.Name)
			}
		}
	}
	return absent
}

// Rows says where a list's rows stand: row i has its cells at Cell + i·field.Cells and its lists at
// List + i·field.Lists.
type Rows struct {
	Present           bool
	Cell, List, Count int32
	// Field is the list; In is the index in Lists of the list within whose row At it stands, -1 for the root's.
	Field  *Field
	In, At int32
}

// Frame is where a record or a group within one begins.
type Frame struct{ Cell, List int32 }

// Row is the frame of the i-th row of a list.
func (r Rows) Row(list *Field, i int) Frame {
	return Frame{r.Cell + int32(i*list.Cells), r.List + int32(i*list.Lists)}
}

// With is the dataset with another value, in the unit of the statement, where rules read a figure that is not missing.
// It takes the memory of spare, one that With made and nobody needs any more; nil for none.
func (d *Dataset) With(cell int, v number.Decimal, spare *Dataset) *Dataset {
	if spare == nil {
		spare = &Dataset{}
	}
	c := *d
	c.Cells, c.facts = append(spare.Cells[:0], d.Cells...), append(spare.facts[:0], d.Facts()...)
	fact := &c.facts[cell]
	fact.Statements = slices.Clone(fact.Statements)
	st := fact.Statement()
	old := st.Number
	st.Text = v.String()
	if old.Decimals != number.Exact {
		st.Text = v.StringFixed(int32(max(0, old.Decimals)))
	}
	st.set(number.Of(v, old.Decimals), func() number.Decimal { return v })
	st.Number.Flags |= old.Flags & number.Point
	c.Cells[cell] = st.Number
	if i := slices.IndexFunc(d.Restated, func(r Restatement) bool { return r.Cell == cell }); i >= 0 {
		c.Restated = slices.Clone(d.Restated)
		c.Restated[i].Agree, _ = fact.agree(d.Rounding)
	}
	c.Aligned = number.Align(c.Cells, spare.Aligned.Values)
	return &c
}

// Address names a cell or a row: the field's path from the root with list rows by their keys, as in
// projects[科技培训经费].executed.
func (d *Dataset) Address(cell int) string { return d.AddressOf(d.Facts()[cell].Field, cell) }

// AddressOf names a field or group of the record that holds a cell.
func (d *Dataset) AddressOf(f *Field, cell int) string {
	record := f.Record()
	if record.Parent == nil {
		return f.Path()
	}
	list, row := d.rowOf(record, cell)
	return d.RowAddress(record, list, row) + f.Path()[len(record.Path()):]
}

// rowOf finds the list (by its index in Lists) and row that hold a cell of one of its rows.
func (d *Dataset) rowOf(field *Field, cell int) (list, row int) {
	for i, rows := range d.Lists {
		end := int(rows.Cell) + int(rows.Count)*field.Cells
		if rows.Field == field && cell >= int(rows.Cell) && cell < end {
			return i, (cell - int(rows.Cell)) / field.Cells
		}
	}
	return -1, -1
}

// RowAddress names row i of the list at an index in Lists.
func (d *Dataset) RowAddress(field *Field, list, i int) string {
	return d.ListAddress(list) + "[" + d.RowKey(field, d.Lists[list], i) + "]"
}

// ListAddress names the list at an index in Lists.
func (d *Dataset) ListAddress(list int) string {
	rows := d.Lists[list]
	path := rows.Field.Path()
	if rows.In < 0 {
		return path
	}
	outer := d.Lists[rows.In].Field
	return d.RowAddress(outer, int(rows.In), int(rows.At)) + path[len(outer.Path()):]
}

// RowKey names row i among the rows of its list: by its key, or by its number where it has none. What an earlier row is
// called gets the first of #2, #3, … that makes a name no row has.
func (d *Dataset) RowKey(field *Field, rows Rows, i int) string {
	if field.Key == nil {
		return strconv.Itoa(i + 1)
	}
	key := func(i int) string { return d.Texts[int(rows.Row(field, i).Cell)+field.Key.Cell] }
	printed := func(name string) (row int) {
		for j := range int(rows.Count) {
			if key(j) == name {
				return j
			}
		}
		return -1
	}
	name := func(i int) string { return cmp.Or(key(i), strconv.Itoa(i+1)) }
	own := name(i)
	first := printed(own)
	if first == i || first < 0 {
		return own
	}
	same := 0
	for j := range i + 1 {
		if j != first && name(j) == own {
			same++
		}
	}
	for n := 2; ; n++ {
		numbered := fmt.Sprintf("%s#%d", own, n)
		if printed(numbered) < 0 {
			same--
		}
		if same == 0 {
			return numbered
		}
	}
}

// ZeroDecimals is the number of decimals of a zero that stands for a missing figure of the field.
func (d *Dataset) ZeroDecimals(f *Field) int8 {
	if f.Type != Amount && f.Type != Score {
		return 0
	}
	published := f.Unit
	if _, ok := Convert(d.Unit, f.Unit); ok && f.Type == Amount {
		published = d.Unit
	}
	power, _ := Convert(published, f.Unit)
	return int8(d.Decimals[published] - power)
}
