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
	b.b.d, b.b.list = d, nil
	b.b.grow(d.Schema.Root, 1, -1)
}

// Head tells where the entity and the period of the header stand; the fields of that name get them.
func (b *Builder) Head(entity, period source.Span) {
	b.b.head(b.entity, entity)
	b.b.head(b.period, period)
}

// Rows gives a list n rows, in the record or group that begins at a frame. It is false when the list has rows.
func (b *Builder) Rows(f *Field, at Frame, n int, span source.Span) (Rows, bool) {
	list := int(at.List) + f.List
	if b.b.d.Lists[list].Present {
		return Rows{}, false
	}
	return b.b.open(f, list, n, span), true
}

// Add gives a field one more statement: the text as printed, with its place behind it where it has one. All statements of
// a field are added one after another. It is false when the text is not what the field takes.
func (b *Builder) Add(f *Field, at Frame, text string, span source.Span) bool {
	fact := &b.b.d.Facts[int(at.Cell)+f.Cell]
	n := len(fact.Statements)
	b.statements = append(b.statements, Statement{Span: span})
	end := len(b.statements)
	fact.Statements = b.statements[end-n-1 : end : end]
	st := &fact.Statements[n]
	if !b.b.read(f, st, text) {
		return false
	}
	if n > 0 && !st.Blank && fact.Statements[fact.Chosen].Blank {
		fact.Chosen = n
	}
	return true
}

// read reads a statement from its text.
func (b *builder) read(f *Field, st *Statement, text string) bool {
	if !cutPlain(text, st) {
		if !utf8.ValidString(text) {
			return false
		}
		cut, p, ok := source.CutPlace(text)
		if !ok && f.Type.Numeric() && misplaced(text) {
			return false
		}
		st.Text, st.Place = strings.TrimSpace(cut), p
	}
	// Whatever is no UTF-8 is no figure either.
	if !f.Type.Numeric() && !utf8.ValidString(st.Text) {
		return false
	}
	code, _ := b.value(f, st)
	return code == ""
}

// cutPlain cuts a place of a line, or of a line and a column, off a text: the common one. It reports whether the text is
// read with that; others are for source.CutPlace.
func cutPlain(text string, st *Statement) bool {
	i := len(text)
	var numbers [2]int
	for n := range numbers {
		end, power := i, 1
		for ; i > 0 && text[i-1]-'0' <= 9 && end-i < 8; i-- {
			numbers[n] += int(text[i-1]-'0') * power
			power *= 10
		}
		if i == end || i == 0 || numbers[n] == 0 {
			return false
		}
		switch i--; {
		case text[i] == ':' && n == 0:
		case text[i] == '@' && i > 1 && text[i-1] == ' ' && text[i-2] > ' ' && text[i-2] < utf8.RuneSelf:
			st.Text = text[:i-1]
			st.Place.Line = numbers[n]
			if n == 1 {
				st.Place.Column = numbers[0]
			}
			// What begins with a space is trimmed elsewhere: wide ones begin with a lesser byte than the words of direction.
			return text[0] > ' ' && (text[0] < utf8.RuneSelf || text[0] >= 0xE4)
		default:
			return false
		}
	}
	return false
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
