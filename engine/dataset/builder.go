package dataset

import (
	"maps"
	"math/bits"
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
	// span is where the figure stands that is being read.
	span source.Span
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
	last := b.b.d
	d := &Dataset{}
	if reuse {
		d = last
		*d = Dataset{
			Cells: d.Cells[:0], Texts: d.Texts[:0], Lists: d.Lists[:0], Restated: d.Restated[:0], Aligned: d.Aligned, facts: d.facts[:0],
		}
		b.statements = b.statements[:0]
	} else {
		d.Cells, d.Texts = make([]number.Number, 0, len(last.Cells)), make([]string, 0, len(last.Cells))
		d.Lists = make([]Rows, 0, len(last.Lists))
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
	return b.Figure(f, at, s, start)
}

// Cell gives a field one more statement, as Add does, from a text that stands by itself. It is false, and nothing is added,
// when this is no figure or text of a common form: then Add has the last word.
func (b *Builder) Cell(f *Field, at Frame, s string, span source.Span) bool {
	if f.Type == Text {
		return b.text(f, at, s, span)
	}
	b.span = span
	return b.Figure(f, at, s, unquoted) > 0
}

// Number gives a field one more statement, a figure without a unit of its own, of which nobody printed a text: n has the
// digits that would be behind its point for Decimals. It is false, and nothing is added, where facts are read and where the
// field takes no such figure: then the reader prints it, and Cell and Add have the last word.
func (b *Builder) Number(f *Field, at Frame, n number.Number) bool {
	if b.b.values == nil || !f.Type.Numeric() || f.UnitFrom != nil {
		return false
	}
	b.b.d.Figures++
	if cell := int(at.Cell) + f.Cell; !b.b.d.first(cell, n) {
		b.b.valued(f, cell, n, "")
	}
	return true
}

// unquoted is the offset of a text that stands by itself, at the span of the builder.
const unquoted = -1

// Figure is Quoted for figures: it adds nothing of a field of another type.
func (b *Builder) Figure(f *Field, at Frame, s string, start int) (length int) {
	if !f.Type.Numeric() || f.UnitFrom != nil {
		return 0
	}
	coef, scale, text := number.Scan(s)
	n := number.Number{Coef: coef, Scale: scale, Decimals: int8(scale)}
	if text == 0 {
		if s == "" || s[0] != '-' {
			return 0
		}
		n.Flags, text = number.Blank, 1
	} else if text < len(s) && s[text] == '%' {
		if f.Type != Percent {
			return 0
		}
		text++
	}
	end := text
	if end < len(s) && s[end] == ' ' {
		if end = placed(s, end); end == 0 {
			return 0
		}
	}
	if start == unquoted {
		if end < len(s) {
			return 0
		}
	} else if end >= len(s) || s[end] != '"' {
		return 0
	}
	if b.b.values == nil {
		if start != unquoted {
			b.span = source.Span{File: b.b.d.File, Start: start, End: start + end + 2}
		}
		b.figure(f, at, n, s[:text], s[text:end])
		return end
	}
	b.b.d.Figures++
	if cell := int(at.Cell) + f.Cell; !b.b.d.first(cell, n) {
		b.b.valued(f, cell, n, "")
	}
	return end
}

// placed is where the place behind a figure ends, before which stands a space at an offset; 0 is none. A line and a column whose
// digits and colon are seven signs at most are looked at together, as number.Scan does.
func placed(s string, from int) (end int) {
	if from+2 >= len(s) || s[from+1] != '@' {
		return 0
	}
	w := number.SignsOf(s[from+2:])
	others := w.Others()
	where, zero := int(others.Index()), byte(w) == '0'
	if w.At(others) == ':' {
		where += 1 << 8
		behind := w >> 8
		zero = zero || behind.At(others) == '0'
	}
	if length := int(placeLengths[where&(len(placeLengths)-1)]); length > 0 && !zero {
		return from + 2 + length
	}
	_, _, end = readPlace(s, from)
	return end
}

// placeLengths are the lengths of places by where signs stand that are no digits, a bit for each of eight; the second half is for
// those of which the first is a colon. 0 is none, or one that may go on.
var placeLengths = func() (all [2 << 8]uint8) {
	for where := uint(1); where < 1<<8; where++ {
		first := bits.TrailingZeros(where)
		all[where] = uint8(first)
		if second := bits.TrailingZeros(where & (where - 1)); first > 0 && second > first+1 && second < 8 {
			all[1<<8+where] = uint8(second)
		}
	}
	return all
}()

// readPlace reads a place by line and column behind a figure. end is 0 where something is wrong with it.
func readPlace(s string, from int) (line, column, end int) {
	if line, end = digits(s, from+len(" @")); line == 0 {
		return 0, 0, 0
	}
	if end < len(s) && s[end] == ':' {
		if column, end = digits(s, end+1); column == 0 {
			return 0, 0, 0
		}
	}
	return line, column, end
}

// figure adds a figure that was read, with what stands behind it, at the span of the builder.
func (b *Builder) figure(f *Field, at Frame, n number.Number, text, place string) {
	st := b.next()
	st.Text, st.Span, st.Own, st.Blank = text, b.span, int(n.Scale), n.Has(number.Blank)
	st.Number = number.Number{Coef: n.Coef, Scale: n.Scale}
	if place != "" {
		st.Place.Line, st.Place.Column, _ = readPlace(place, 0)
	}
	if st.Unit = "%"; f.Type != Percent {
		st.Unit = b.b.unit(f)
	}
	b.b.d.Figures++
	b.take(f, at, st)
}

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

// digits reads a number from 1 of at most eight digits at an offset; it is 0 when there is none.
func digits(s string, i int) (n, end int) {
	for from := i; i < len(s) && s[i]-'0' <= 9 && i-from < 8; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n, i
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
