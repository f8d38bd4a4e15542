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
// One goroutine uses a Builder at a time.
type Builder struct {
	b      *builder
	schema *Schema
	// statements holds those of all facts, those of one fact side by side.
	statements []Statement
	// entity and period are the fields of the schema that the header fills.
	entity, period *Field
	// decimals are those of the last dataset, which the next one shares where it has the same.
	decimals map[string]int
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

// Start begins a dataset. Where reuse is set it takes the memory of the last one, which must not be used any more.
func (b *Builder) Start(h Header, f *source.File, reuse bool) {
	last := b.b.d
	d := &Dataset{}
	if reuse {
		d = last
		*d = Dataset{Cells: d.Cells[:0], Facts: d.Facts[:0], Lists: d.Lists[:0], Restated: d.Restated[:0], Aligned: d.Aligned}
		b.statements = b.statements[:0]
	} else {
		d.Cells = make([]number.Number, 0, len(last.Cells))
		d.Facts = make([]Fact, 0, len(last.Facts))
		d.Lists = make([]Rows, 0, len(last.Lists))
		b.statements = make([]Statement, 0, len(b.statements))
	}
	d.Schema, d.Header, d.File = b.schema, h, f
	b.b.d, b.b.list, b.b.units, b.b.siblings = d, nil, b.b.units[:0], b.b.siblings[:0]
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
	st := b.next()
	st.Span = span
	return b.b.read(f, st, text) && b.take(f, at, st)
}

// Quoted gives a field one more statement, as Add does, from a text that stands between quotes: s begins behind the first
// of them, whose offset in the file is start. The length is that of what stands before the second one. It is 0, and
// nothing is added, when this is no figure or text of a common form: then its reader finds the quote, and Add has the last word.
func (b *Builder) Quoted(f *Field, at Frame, s string, start int) (length int) {
	if f.Type == Text {
		return b.quotedText(f, at, s, start)
	}
	if !f.Type.Numeric() || f.UnitFrom != nil {
		return 0
	}
	st := b.next()
	i := b.figure(f, st, s)
	if i == 0 || i >= len(s) || s[i] != '"' {
		b.statements = b.statements[:len(b.statements)-1]
		return 0
	}
	st.Span = source.Span{File: b.b.d.File, Start: start, End: start + i + 2}
	b.b.d.Figures++
	b.take(f, at, st)
	return i
}

// Cell gives a field one more statement, as Add does, from a text that stands by itself. It is false, and nothing is added,
// when this is no figure or text of a common form: then Add has the last word.
func (b *Builder) Cell(f *Field, at Frame, s string, span source.Span) bool {
	if f.Type == Text {
		if !common(s) {
			return false
		}
		st := b.next()
		st.Text, st.Span = s, span
		return b.take(f, at, st)
	}
	if !f.Type.Numeric() || f.UnitFrom != nil {
		return false
	}
	st := b.next()
	if i := b.figure(f, st, s); i == 0 || i < len(s) {
		b.statements = b.statements[:len(b.statements)-1]
		return false
	}
	st.Span = span
	b.b.d.Figures++
	return b.take(f, at, st)
}

// figure reads a figure of a common form, with the place behind it, at the beginning of a text. The length is 0 when there
// is none.
func (b *Builder) figure(f *Field, st *Statement, s string) (length int) {
	n, percent, i := number.Scan(s)
	blank := i == 0
	if blank {
		if i = 1; s == "" || s[0] != '-' {
			return 0
		}
	}
	if percent && f.Type != Percent {
		return 0
	}
	st.Text, st.Number, st.Own, st.Blank = s[:i], n, int(n.Scale), blank
	if i+2 < len(s) && s[i] == ' ' && s[i+1] == '@' {
		if st.Place.Line, i = digits(s, i+2); st.Place.Line == 0 {
			return 0
		}
		if i < len(s) && s[i] == ':' {
			if st.Place.Column, i = digits(s, i+1); st.Place.Column == 0 {
				return 0
			}
		}
	}
	if st.Unit = "%"; f.Type != Percent {
		st.Unit = b.b.unit(f)
	}
	return i
}

// quotedText adds a text of a common form.
func (b *Builder) quotedText(f *Field, at Frame, s string, start int) (length int) {
	n := strings.IndexByte(s, '"')
	if n <= 0 || !common(s[:n]) || strings.IndexByte(s[:n], '\\') >= 0 {
		return 0
	}
	st := b.next()
	st.Text, st.Span = s[:n], source.Span{File: b.b.d.File, Start: start, End: start + n + 2}
	b.take(f, at, st)
	return n
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
func (b *Builder) take(f *Field, at Frame, st *Statement) bool {
	cell := int(at.Cell) + f.Cell
	fact := &b.b.d.Facts[cell]
	n, end := len(fact.Statements), len(b.statements)
	fact.Statements = b.statements[end-n-1 : end : end]
	if n > 0 && !st.Blank && fact.Statements[fact.Chosen].Blank {
		fact.Chosen = n
	}
	b.b.stated(cell, st)
	return true
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
	d.Decimals = map[string]int{}
	b.b.settle()
	if maps.Equal(d.Decimals, b.decimals) {
		d.Decimals = b.decimals
	} else {
		b.decimals = d.Decimals
	}
	return d, len(b.b.list) == 0
}
