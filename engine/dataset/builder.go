package dataset

import (
	"maps"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

// Builder builds one dataset after another, all of one schema, for readers of formats in which a great many lie together.
// It takes fields as they come, without a document in between, and makes the same dataset of them as Build. What is wrong
// with a dataset it does not tell: it says that something is, and the reader leaves the record to Build.
//
// A Builder of values reads less: its datasets have their facts read when somebody asks for them. It also says that
// something is wrong with a dataset that only takes facts to read.
//
// One goroutine uses a Builder at a time.
type Builder struct {
	b      *builder
	schema *Schema
	// statements holds those of all facts, those of one fact side by side.
	statements []Statement
	// entity and period are the fields of the schema that the header fills.
	entity, period *Field
	// decimals are those of the last dataset, which the next one shares where it has the same; spare is room for its own.
	decimals, spare map[string]int
	// facts reads those of the dataset that was built last.
	facts func() []Fact
}

// NewBuilder makes a builder of datasets of a schema.
func NewBuilder(s *Schema) *Builder {
	b := &Builder{b: newBuilder(s), schema: s}
	for _, f := range s.Root.Fields {
		switch {
		case f.Header && f.Type == Date:
			b.period = f
		case f.Header:
			b.entity = f
		}
	}
	return b
}

// NewValues makes a builder of datasets of a schema that hold values alone. facts reads those of the dataset that was built
// last, by a builder of facts.
func NewValues(s *Schema, facts func() []Fact) *Builder {
	b := NewBuilder(s)
	b.b.values, b.facts = &values{}, facts
	return b
}

// Start begins a dataset. Where reuse is set it takes the memory of the last one, which must not be used any more.
func (b *Builder) Start(h Header, f *source.File, reuse bool) {
	d, last := b.b.d, b.b.d
	if reuse {
		*d = Dataset{
			Cells: d.Cells[:0], Texts: d.Texts[:0], Lists: d.Lists[:0], Restated: d.Restated[:0], Aligned: d.Aligned, facts: d.facts[:0],
		}
		b.statements = b.statements[:0]
	} else {
		d = &Dataset{
			Cells: make([]number.Number, 0, len(last.Cells)), Texts: make([]string, 0, len(last.Cells)), Lists: make([]Rows, 0, len(last.Lists)),
		}
		if b.b.values == nil {
			d.facts = make([]Fact, 0, len(last.facts))
			b.statements = make([]Statement, 0, len(b.statements))
		}
	}
	d.Schema, d.Header, d.File = b.schema, h, f
	b.b.d, b.b.list = d, nil
	if b.b.values != nil {
		d.facts, d.later = nil, b.facts
		b.b.prepare()
	} else {
		b.b.units, b.b.siblings = b.b.units[:0], b.b.siblings[:0]
	}
	b.b.grow(d.Schema.Root, 1, -1)
}

// Turn gives a dataset of values another header and file, and the facts that are read next.
func (b *Builder) Turn(d *Dataset, h Header, f *source.File) {
	d.Header, d.File, d.facts, d.later = h, f, nil, b.facts
}

// Head tells where the entity and the period of the header stand; the fields of that name get them.
func (b *Builder) Head(entity, period source.Span) {
	b.b.head(b.entity, entity)
	b.b.head(b.period, period)
}

// Rows gives a list n rows, in the record or group that begins at a frame. It is false when the list was given already.
func (b *Builder) Rows(f *Field, at Frame, n int) (Rows, bool) {
	list := int(at.List) + f.List
	if b.b.d.Lists[list].Present {
		return Rows{}, false
	}
	return b.b.open(f, list, n), true
}

// Row gives a list one row more. Its rows hold no lists, and nothing but its rows was read since Rows.
func (b *Builder) Row(f *Field, at Frame) Frame {
	list := int(at.List) + f.List
	b.b.grow(f, 1, list)
	rows := &b.b.d.Lists[list]
	rows.Count++
	return rows.Row(f, int(rows.Count)-1)
}

// Add gives a field one more statement: the text as printed, with its place behind it where it has one. All statements of
// a field are added one after another. It is false when the text is not what the field takes.
func (b *Builder) Add(f *Field, at Frame, text string, span source.Span) bool {
	if b.b.values != nil {
		return b.b.valuedOf(f, int(at.Cell)+f.Cell, text)
	}
	st := b.next()
	st.Span = span
	if !b.b.read(f, st, text) {
		return false
	}
	b.take(f, at, st)
	return true
}

// Quoted gives a field one more statement, as Add does, from a text that stands between quotes: s begins behind the first
// of them, whose offset in the file is start. The length is that of what stands before the second one. It is 0, and
// nothing is added, when this is no figure or text of a common form: then its reader finds the quote, and Add has the last word.
func (b *Builder) Quoted(f *Field, at Frame, s string, start int) (length int) {
	if f.Type == Text {
		n := strings.IndexByte(s, '"')
		if n <= 0 || strings.IndexByte(s[:n], '\\') >= 0 || !b.text(f, at, s[:n], source.Span{File: b.b.d.File, Start: start, End: start + n + 2}) {
			return 0
		}
		return n
	}
	if !f.Plain() {
		return 0
	}
	n, end := scan(s, 0, len(s))
	if end == 0 || signAt(s, end) != '"' || !b.figure(f, at, n, s[:end], source.Span{File: b.b.d.File, Start: start, End: start + end + 2}) {
		return 0
	}
	return end
}

// Cell gives a field one more statement, as Add does, from a text that stands by itself. It is false, and nothing is added,
// when this is no figure or text of a common form: then Add has the last word.
func (b *Builder) Cell(f *Field, at Frame, s string, span source.Span) bool {
	return b.Within(f, at, s, 0, len(s), span)
}

// Within is Cell for a text from one offset of another to another one. What stands behind it makes it faster to read.
func (b *Builder) Within(f *Field, at Frame, s string, from, to int, span source.Span) bool {
	if f.Type == Text {
		return b.text(f, at, s[from:to], span)
	}
	if !f.Plain() {
		return false
	}
	n, end := scan(s, from, to)
	return end > 0 && end == to && b.figure(f, at, n, s[from:to], span)
}

// Number gives a field one more statement, a figure without a unit of its own, of which nobody printed a text: n has the
// digits that would be behind its point for Decimals. It is false, and nothing is added, where facts are read and where the
// field takes no such figure: then the reader prints it, and Cell and Add have the last word.
func (b *Builder) Number(f *Field, at Frame, n number.Number) bool {
	if b.b.values == nil || !f.Plain() || n.Has(f.Refused()) {
		return false
	}
	n.Flags &^= number.Percent | number.Restated
	b.value(f, int(at.Cell)+f.Cell, n)
	return true
}

// figure adds a figure of a plain field that was read, with its place behind it. It is false where the field takes no such figure.
func (b *Builder) figure(f *Field, at Frame, n number.Number, text string, span source.Span) bool {
	if n.Has(f.Refused()) {
		return false
	}
	if b.b.values != nil {
		n.Flags &^= number.Percent
		b.value(f, int(at.Cell)+f.Cell, n)
		return true
	}
	text, place, _ := strings.Cut(text, " @")
	st := b.next()
	st.Text, st.Span, st.Own, st.Blank = text, span, int(n.Scale), n.Has(number.Blank)
	st.Number = number.Number{Coef: n.Coef, Scale: n.Scale}
	if place != "" {
		st.Place.Line, st.Place.Column, _ = readPlace(place, 0)
	}
	if st.Unit = "%"; f.Type != Percent {
		st.Unit = b.b.unit(f)
	}
	b.b.d.Figures++
	b.take(f, at, st)
	return true
}

// value adds a figure to a dataset of values.
func (b *Builder) value(f *Field, cell int, n number.Number) {
	b.b.d.Figures++
	if !b.b.d.first(cell, n) {
		b.b.valued(f, cell, n, "")
	}
}

// Factor is what makes the aligned value of a figure of a plain field of its coefficient, at a scale; 0 where that cannot be. The
// figure is one of the dataset of values that was begun last.
func (b *Builder) Factor(f *Field, scale uint8) int64 {
	n := number.Number{Coef: 1, Scale: scale}.Shift(int(b.b.emptyOf(f.Record()).terms.cells[f.Cell].power))
	if v := n.Aligned(); v != number.Unaligned {
		return v
	}
	return 0
}

// Values are the cells of a record or group of a dataset of values; of one of facts there are none. A reader may put figures
// itself into those of plain fields that are missing, as ScanFigure reads them but for Percent, and tells with Count how many.
func (b *Builder) Values(at Frame) []number.Number {
	if b.b.values == nil {
		return nil
	}
	return b.b.d.Cells[at.Cell:]
}

// Count counts figures that a reader put into Values.
func (b *Builder) Count(n int) { b.b.d.Figures += n }

// text adds a text of a common form.
func (b *Builder) text(f *Field, at Frame, s string, span source.Span) bool {
	if !common(s) {
		return false
	}
	if b.b.values != nil {
		b.b.valued(f, int(at.Cell)+f.Cell, number.Number{}, s)
		return true
	}
	st := b.next()
	st.Text, st.Span = s, span
	b.take(f, at, st)
	return true
}

// common reports whether a text is one of Chinese characters, letters and digits, which neither holds a place nor is blank.
func common(s string) bool {
	return s != "" && folded(s) == len(s) && (s[0] == '(' || s[0] >= '0') && s[0] != '@'
}

// next is the place of the next statement.
func (b *Builder) next() *Statement {
	n := len(b.statements)
	if n < cap(b.statements) {
		b.statements = b.statements[:n+1]
		b.statements[n] = Statement{}
	} else {
		b.statements = append(b.statements, Statement{})
	}
	return &b.statements[n]
}

// take makes the last statement one of a field.
func (b *Builder) take(f *Field, at Frame, st *Statement) {
	cell := int(at.Cell) + f.Cell
	fact := &b.b.d.facts[cell]
	n, end := len(fact.Statements), len(b.statements)
	fact.Statements = b.statements[end-n-1 : end : end]
	if n > 0 && !st.Blank && fact.Statements[fact.Chosen].Blank {
		fact.Chosen = n
	}
	b.b.stated(cell, st)
}

// read reads a statement from its text.
func (b *builder) read(f *Field, st *Statement, text string) bool {
	// Whatever is no UTF-8 is no figure either.
	if !utf8.ValidString(text) {
		return false
	}
	cut, p, ok := source.CutPlace(text)
	if !ok && f.Type.Numeric() && misplaced(text) {
		return false
	}
	st.Text, st.Place = strings.TrimSpace(cut), p
	code, _ := b.value(f, st)
	return code == ""
}

// End finishes the dataset. It is false when something is wrong with it.
func (b *Builder) End() (*Dataset, bool) {
	d := b.b.d
	if b.spare == nil {
		b.spare = map[string]int{}
	}
	d.Decimals = b.spare
	settled := true
	if b.b.values != nil {
		settled = b.b.settleValues()
	} else {
		b.b.settle()
	}
	if maps.Equal(d.Decimals, b.decimals) {
		d.Decimals = b.decimals
		clear(b.spare)
	} else {
		b.decimals, b.spare = d.Decimals, nil
	}
	return d, settled && len(b.b.list) == 0
}
