package dataset

import (
	"encoding/binary"
	"errors"

	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

// ErrDamaged says that bytes are none that Append wrote.
var ErrDamaged = errors.New("damaged dataset")

// Append writes a dataset of the projection behind buf, so that Read makes a like one of it: its header, the statements
// that rules read, and where these stand. The bytes are for the same program to read, with the same schema, and for
// nobody else. Texts are written once each.
func (p *Projection) Append(buf []byte, d *Dataset) []byte {
	w := writer{buf: buf, texts: map[string]int{}}
	for _, text := range []string{d.Entity, d.Period, d.Kind, d.Parent, d.Pack, d.Unit, d.Source, fileOf(d.File).Path} {
		w.text(text)
	}
	w.uint(int(d.Rounding))
	w.uint(d.Figures)
	w.uint(len(d.Decimals))
	for _, unit := range sortedKeys(d.Decimals) {
		w.text(unit)
		w.int(d.Decimals[unit])
	}
	w.record(p.root, d, Frame{})
	return w.buf
}

// fileOf is a file, an empty one where there is none.
func fileOf(f *source.File) *source.File {
	if f == nil {
		return &source.File{}
	}
	return f
}

type writer struct {
	buf   []byte
	texts map[string]int
}

func (w *writer) uint(n int) { w.buf = binary.AppendUvarint(w.buf, uint64(n)) }
func (w *writer) int(n int)  { w.buf = binary.AppendVarint(w.buf, int64(n)) }

// text writes a text, or the number of the one like it that was written before.
func (w *writer) text(s string) {
	if s == "" {
		w.uint(0)
		return
	}
	if i, ok := w.texts[s]; ok {
		w.uint(i)
		return
	}
	w.texts[s] = len(w.texts) + 1
	w.uint(len(w.texts))
	w.uint(len(s))
	w.buf = append(w.buf, s...)
}

func (w *writer) record(c *copying, d *Dataset, at Frame) {
	// What is missing is most of it: how many fields are, before each one that is not.
	missing, facts := 0, d.Facts()
	for _, leaf := range c.leaves {
		st := facts[int(at.Cell)+leaf.to].Statement()
		if st == nil {
			missing++
			continue
		}
		w.uint(missing)
		missing = 0
		w.statement(d, st)
		w.text(d.Texts[int(at.Cell)+leaf.to])
	}
	w.uint(missing)
	for _, list := range c.lists {
		rows := d.Lists[int(at.List)+list.to]
		if !rows.Present {
			w.uint(0)
			continue
		}
		w.uint(1)
		w.uint(int(rows.Count))
		for i := range int(rows.Count) {
			w.record(list.rows, d, rows.Row(list.field, i))
		}
	}
}

// What stands in the flags of a statement.
const (
	isBlank = 1 << iota
	isWide
	isPlaced
)

func (w *writer) statement(d *Dataset, st *Statement) {
	flags := 0
	if st.Blank {
		flags |= isBlank
	}
	if st.wide != nil {
		flags |= isWide
	}
	if !st.Place.IsZero() {
		flags |= isPlaced
	}
	w.uint(flags)
	w.text(st.Text)
	w.text(st.In)
	w.text(st.Unit)
	w.uint(st.Own)
	w.int(int(st.Number.Coef))
	w.buf = append(w.buf, st.Number.Scale, byte(st.Number.Decimals), byte(st.Number.Flags))
	if st.wide != nil {
		wide, _ := st.wide.MarshalBinary()
		w.text(string(wide))
	}
	f, at := fileOf(st.Span.File), st.Span.Position()
	w.text(f.Path)
	sheet := ""
	if f.Cells != nil {
		sheet = f.Cells.Sheet
	}
	w.text(sheet)
	w.uint(at.Line)
	w.uint(at.Column)
	if p := st.Place; !p.IsZero() {
		w.uint(p.Line)
		w.uint(p.Column)
		w.uint(p.Page)
		w.text(p.Cell)
		w.text(d.Section(p))
	}
}

// Read makes a dataset of what Append wrote at the beginning of data. The dataset keeps nothing of data.
func (p *Projection) Read(data []byte) (*Dataset, error) {
	b := filling(p.Schema, p.empty)
	r := reader{data: data, texts: []string{""}, b: b, sections: map[source.Place]bool{}, files: map[fileName]*source.File{}}
	d := b.d
	path := ""
	for _, text := range []*string{&d.Entity, &d.Period, &d.Kind, &d.Parent, &d.Pack, &d.Unit, &d.Source, &path} {
		*text = r.text()
	}
	d.Rounding, d.Figures = number.Mode(r.uint()), r.uint()
	n := r.count()
	d.Decimals = make(map[string]int, min(n, 8))
	for range n {
		unit := r.text()
		d.Decimals[unit] = r.int()
	}
	b.grow(p.Schema.Root, 1, -1)
	r.record(p.root, Frame{})
	if r.damaged || len(r.data) > 0 {
		return nil, ErrDamaged
	}
	d.File = source.Known(path, "")
	d.indexSections()
	d.Aligned = number.Align(d.Cells, nil)
	return d, nil
}

// fileName tells files apart, and sheets of them.
type fileName struct{ path, sheet string }

type reader struct {
	data  []byte
	texts []string
	b     *builder
	files map[fileName]*source.File
	// statements are those of the facts, some side by side.
	statements []Statement
	sections   map[source.Place]bool
	damaged    bool
}

func (r *reader) uint() int {
	n, size := binary.Uvarint(r.data)
	return r.took(int(n), size)
}

func (r *reader) int() int {
	n, size := binary.Varint(r.data)
	return r.took(int(n), size)
}

func (r *reader) took(n, size int) int {
	if size <= 0 {
		r.damaged, r.data = true, nil
		return 0
	}
	r.data = r.data[size:]
	return n
}

// bytes are the next n bytes.
func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.damaged, r.data = true, nil
		return make([]byte, max(min(n, 3), 0))
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

// count is a number of things, each of which takes a byte at least.
func (r *reader) count() int {
	n := r.uint()
	if n < 0 || n > len(r.data) {
		r.damaged, r.data = true, nil
		return 0
	}
	return n
}

func (r *reader) text() string {
	i := r.uint()
	if i == len(r.texts) && i > 0 {
		r.texts = append(r.texts, string(r.bytes(r.count())))
	}
	if i < 0 || i >= len(r.texts) {
		r.damaged, r.data = true, nil
		return ""
	}
	return r.texts[i]
}

func (r *reader) record(c *copying, at Frame) {
	for i := 0; !r.damaged; i++ {
		missing := r.uint()
		if i += missing; missing < 0 || i > len(c.leaves) {
			r.damaged = true
			return
		}
		if i == len(c.leaves) {
			break
		}
		st := r.statement()
		if len(r.statements) == cap(r.statements) {
			r.statements = make([]Statement, 0, max(len(c.leaves), 8))
		}
		r.statements = append(r.statements, st)
		last := len(r.statements)
		cell := int(at.Cell) + c.leaves[i].to
		r.b.d.Cells[cell] = st.Number
		r.b.d.facts[cell].Statements, r.b.d.Texts[cell] = r.statements[last-1:last:last], r.text()
	}
	for _, list := range c.lists {
		if r.uint() == 0 || r.damaged {
			continue
		}
		n := r.count()
		rows := r.b.open(list.field, int(at.List)+list.to, n)
		for i := range n {
			r.record(list.rows, rows.Row(list.field, i))
		}
	}
}

func (r *reader) statement() Statement {
	flags := r.uint()
	st := Statement{Blank: flags&isBlank != 0, Text: r.text(), In: r.text(), Unit: r.text(), Own: r.uint()}
	st.Number.Coef = int64(r.int())
	rest := r.bytes(3)
	if r.damaged {
		return st
	}
	st.Number.Scale, st.Number.Decimals, st.Number.Flags = rest[0], int8(rest[1]), number.Flags(rest[2])
	if flags&isWide != 0 {
		st.wide = &number.Decimal{}
		r.damaged = r.damaged || st.wide.UnmarshalBinary([]byte(r.text())) != nil
	}
	st.Span = r.file(fileName{r.text(), r.text()}).Mark(source.Position{Line: r.uint(), Column: r.uint()})
	if flags&isPlaced == 0 {
		return st
	}
	st.Place = source.Place{Line: r.uint(), Column: r.uint(), Page: r.uint(), Cell: r.text()}
	if path := r.text(); path != "" && !r.sections[st.Place] {
		r.sections[st.Place] = true
		r.b.d.Sections = append(r.b.d.Sections, Section{Place: st.Place, Path: path})
	}
	return st
}

func (r *reader) file(name fileName) *source.File {
	f := r.files[name]
	if f == nil {
		f = source.Known(name.path, name.sheet)
		r.files[name] = f
	}
	return f
}
