// Package parquet reads datasets from tables in Parquet: columns of texts, DECIMAL and integers, each value as it would be
// printed. Binary floating point is refused, since it does not hold amounts of money.
//
// A wide table is read side by side in spans of rows, several of a row group. A long one is read from its beginning, since a dataset
// may go on from one span to the next.
package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/source"
)

// Name is the name of the format.
const Name = "parquet"

// File is an open file, which is closed when nothing of it is read any more.
type File struct {
	io.ReaderAt
	Size  int64
	Close func() error
}

// Read reads a file piece by piece.
func Read(path string, open File) iter.Seq2[*Piece, error] {
	return func(yield func(*Piece, error) bool) {
		f := &file{path: path, from: open}
		f.users.Store(1)
		defer f.done()
		f.begin()
		if f.head == nil {
			yield(f.piece(nil, f.list), nil)
			return
		}
		var all []span
		before := 0
		for i := range f.in.RowGroups() {
			g := f.group(i, before)
			spans := g.spans()
			before += g.rows
			if f.head.Long {
				all = append(all, spans...)
				continue
			}
			for k := range spans {
				if !yield(f.piece(spans[k:k+1], nil), nil) {
					return
				}
			}
		}
		switch {
		case before == 0:
			yield(f.piece(nil, diag.List{diag.New(diag.TableNoRows, f.head.Span())}), nil)
		case f.head.Long:
			yield(f.piece(all, nil), nil)
		}
	}
}

type file struct {
	path string
	// users counts the pieces that are not read, and the one who makes them.
	users atomic.Int32
	from  File
	in    *parquet.File
	// head is nil where the columns are not those of datasets; list says why.
	head    *table.Head
	list    diag.List
	columns []column
	// told are the columns of texts that are no figures, and rows how many rows are read together.
	told  []int
	rows  int
	cells *source.Cells
}

func (f *file) done() {
	if f.users.Add(-1) == 0 && f.from.Close != nil {
		// Nothing was written.
		_ = f.from.Close()
	}
}

func (f *file) piece(spans []span, list diag.List) *Piece {
	f.users.Add(1)
	return &Piece{file: f, spans: spans, list: list}
}

// damaged is the diagnostic for what cannot be read.
func (f *file) damaged(err error) diag.Diagnostic {
	return diag.New(diag.DocumentDamaged, source.Span{File: &source.File{Path: f.path}}, err)
}

// caught makes an error of a panic: the library takes what a file says of itself for granted.
func caught(err *error) {
	if wrong := recover(); wrong != nil {
		*err = fmt.Errorf("%v", wrong)
	}
}

// begin reads which columns there are.
func (f *file) begin() {
	if err := f.open(f.from); err != nil {
		f.list.Add(f.damaged(err))
		return
	}
	var names []table.Name
	at := &source.File{Path: f.path}
	var visit func(c *parquet.Column, repeated bool)
	visit = func(c *parquet.Column, repeated bool) {
		for _, child := range c.Columns() {
			repeated := repeated || child.Repeated()
			if !child.Leaf() {
				visit(child, repeated)
				continue
			}
			name := strings.TrimSpace(strings.Join(child.Path(), "."))
			one, ok := columnOf(child)
			if (!ok || repeated) && !strings.HasPrefix(name, "#") {
				kind := child.Type().String()
				if repeated {
					kind = "LIST"
				}
				f.list.Add(diag.New(diag.ColumnType, source.Span{File: at}, name, kind))
			}
			one.ignored = strings.HasPrefix(name, "#")
			f.columns = append(f.columns, one)
			names = append(names, table.Name{Text: name, Span: source.Span{File: at}})
		}
	}
	visit(f.in.Root(), false)
	if f.list.HasErrors() {
		return
	}
	f.cells = &source.Cells{Width: len(names)}
	f.head, f.list = table.NewHead(names, source.Span{File: at})
	if f.head == nil {
		return
	}
	f.columns = f.columns[:f.head.Width()]
	for _, i := range f.head.Figures() {
		f.columns[i].numeric = f.columns[i].coef != nil || f.columns[i].texts
	}
	f.rows = dataset.Height
	for i := range f.columns {
		switch c := &f.columns[i]; {
		case c.ignored:
		case !c.numeric:
			f.told = append(f.told, i)
		case c.texts:
			f.rows = textRows
		}
	}
}

func (f *file) open(open File) (err error) {
	defer caught(&err)
	// The library takes as much memory as the end of a file asks for.
	var end [8]byte
	if _, err := open.ReadAt(end[:], max(open.Size-8, 0)); err != nil {
		return err
	}
	if n := int64(binary.LittleEndian.Uint32(end[:])); string(end[4:]) != "PAR1" || n > open.Size-12 {
		return errEnd
	}
	f.in, err = parquet.OpenFile(open, open.Size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	return err
}

// textRows is how many rows are read together where figures are texts: not more, since numbers and texts take more memory than the
// nearest one has.
const textRows = 16

// column is one column, whose values text prints.
type column struct {
	index   int
	levels  byte
	text    func(v *values, i int) string
	ignored bool
	// coef is the coefficient of a value of a column of numbers, false where it is larger than such are; nil of another column. scale
	// is how many decimals the numbers have.
	coef  func(v *values, i int) (int64, bool)
	scale uint8
	// texts: the values are texts.
	texts bool
	// numeric: they are figures, of which numbers are read.
	numeric bool
}

// columnOf tells how the values of a column are printed. It is false where they cannot be printed exactly.
func columnOf(c *parquet.Column) (column, bool) {
	one := column{index: c.Index(), levels: byte(c.MaxDefinitionLevel())}
	short := func(v *values, i int) (int64, bool) { return int64(v.int32s[i]), true }
	long := func(v *values, i int) (int64, bool) { return v.int64s[i], v.int64s[i] != math.MinInt64 }
	var logical any
	if l := c.Type().LogicalType(); l != nil {
		logical = l.Value
	}
	if d, ok := logical.(*format.DecimalType); ok {
		scale := int(d.Scale)
		if scale < 0 || scale > 64 {
			return one, false
		}
		one.scale = uint8(scale)
		switch c.Type().Kind() {
		case parquet.Int32:
			one.coef = short
			one.text = func(v *values, i int) string { return v.decimal(int64(v.int32s[i]), scale) }
		case parquet.Int64:
			one.coef = long
			one.text = func(v *values, i int) string { return v.decimal(v.int64s[i], scale) }
		case parquet.ByteArray, parquet.FixedLenByteArray:
			one.coef = func(v *values, i int) (int64, bool) { return complement(v.bytes(i)) }
			one.text = func(v *values, i int) string { return v.wide(v.bytes(i), scale) }
		}
		if scale > 18 {
			one.coef = nil
		}
		return one, one.text != nil
	}
	unsigned := false
	switch l := logical.(type) {
	case nil, *format.StringType, *format.EnumType, *format.JsonType:
	case *format.IntType:
		unsigned = !l.IsSigned
	case *format.DateType:
		one.text = func(v *values, i int) string {
			return time.Unix(int64(v.int32s[i])*24*60*60, 0).UTC().Format(time.DateOnly)
		}
		return one, true
	default:
		return one, false
	}
	switch c.Type().Kind() {
	case parquet.ByteArray:
		one.texts = true
		one.text = func(v *values, i int) string { return text(v.bytes(i)) }
	case parquet.Int32:
		if !unsigned {
			one.coef = short
		}
		one.text = func(v *values, i int) string {
			if unsigned {
				return v.decimal(int64(uint32(v.int32s[i])), 0)
			}
			return v.decimal(int64(v.int32s[i]), 0)
		}
	case parquet.Int64:
		if !unsigned {
			one.coef = long
		}
		one.text = func(v *values, i int) string {
			if unsigned && v.int64s[i] < 0 {
				return strconv.FormatUint(uint64(v.int64s[i]), 10)
			}
			return v.decimal(v.int64s[i], 0)
		}
	case parquet.Boolean:
		one.text = func(v *values, i int) string {
			return strconv.FormatBool(v.data[i/8]>>(i%8)&1 == 1)
		}
	}
	return one, one.text != nil
}

// Piece is a part of a file, with some of its datasets.
type Piece struct {
	file *file
	// spans are its rows.
	spans []span
	// list is what is wrong with the file; there are no rows then.
	list diag.List
}

// Content writes what the datasets of the piece are made of, and tells how many rows are before it. What is wrong with the
// file is no content.
func (p *Piece) Content(to io.Writer) (before int, err error) {
	defer caught(&err)
	if p.list != nil {
		return 0, errors.ErrUnsupported
	}
	if _, err := io.WriteString(to, p.file.in.Schema().String()); err != nil {
		return 0, err
	}
	for _, s := range p.spans {
		// A page may hold values of several spans.
		sum, err := s.group.sum()
		if err != nil {
			return 0, err
		}
		if _, err := fmt.Fprintf(to, "%x %d %d\n", sum, s.from, s.to); err != nil {
			return 0, err
		}
	}
	return p.spans[0].group.before + p.spans[0].from, nil
}

// Skip leaves the piece unread.
func (p *Piece) Skip() {
	for _, s := range p.spans {
		s.finish()
	}
	p.file.done()
}

// Records are its datasets in their order. They are read once.
func (p *Piece) Records() iter.Seq[table.Record] {
	return func(yield func(table.Record) bool) {
		defer p.Skip()
		if p.list != nil {
			yield(table.Record{Line: 1, List: p.list})
			return
		}
		t := table.Rows{Head: p.file.head, Path: p.file.path, Cells: p.file.cells}
		for _, s := range p.spans {
			read, more, err := s.records(&t, yield)
			if err != nil {
				yield(table.Record{Line: s.group.before + read + 1, List: diag.List{p.file.damaged(err)}})
				return
			}
			if !more {
				return
			}
			s.finish()
		}
		t.End(yield)
	}
}

// records reads the rows of a span. It tells up to which row of the group they were read.
func (s span) records(t *table.Rows, yield func(table.Record) bool) (read int, more bool, err error) {
	defer caught(&err)
	f := s.group.file
	read = s.from
	var arena arena
	columns, end, failed := s.values(&arena)
	b := table.Block{Head: f.head, Path: f.path, Names: f.cells, Columns: make([]table.Column, len(columns)), Told: f.told}
	for more = true; more && read < end; read += b.Rows {
		b.Before, b.Rows = s.group.before+read, min(f.rows, end-read)
		for i := range columns {
			if err := columns[i].read(&b.Columns[i], b.Rows); err != nil {
				return read, false, err
			}
		}
		if !f.head.Long {
			more = b.Each(yield)
			continue
		}
		for row := 0; more && row < b.Rows; row++ {
			cells := t.Next(b.Before + row)
			for _, i := range f.told {
				cells[i].Text = b.Columns[i].Texts[row]
			}
			more = t.Add(yield)
		}
	}
	return read, more, failed
}

var errEnd = errors.New("it does not end as Parquet does")

var errShort = errors.New("a column has fewer values than there are rows")

// read reads the next values into a column of so many rows.
func (v *values) read(to *table.Column, rows int) error {
	if v.column.ignored {
		return nil
	}
	to.Here = 0
	clear(to.Large)
	for row := 0; row < rows; {
		n, levels, err := v.ahead(rows - row)
		if err != nil {
			return err
		}
		switch {
		case !v.column.numeric:
			v.tell(to, row, n, levels)
		case v.column.coef != nil:
			v.coefs(to, row, n, rows, levels)
		default:
			v.figures(to, row, n, levels)
		}
		row += n
	}
	return nil
}

// ahead is how many values stand together in a page, at most some. levels are theirs where some of them are absent.
func (v *values) ahead(most int) (n int, levels []byte, err error) {
	if v.left == 0 {
		if err := v.next(); err != nil {
			return 0, nil, err
		}
	}
	n = min(v.left, most)
	if there := v.column.levels; there > 0 {
		levels = v.levels[len(v.levels)-v.left:][:n]
		if bytes.Count(levels, []byte{there}) == n {
			levels = nil
		}
	}
	v.left -= n
	return n, levels, nil
}

// take is the index of the next value, if the k-th is there.
func (v *values) take(k int, levels []byte) (i int, there bool) {
	if levels != nil && levels[k] != v.column.levels {
		return 0, false
	}
	i = v.at
	if v.at++; v.indexes != nil {
		i = int(v.indexes[i])
	}
	return i, true
}

// tell reads n values as texts, from a row on.
func (v *values) tell(to *table.Column, row, n int, levels []byte) {
	to.Texts = slices.Grow(to.Texts[:row], n)[:row+n]
	for k := range n {
		text := ""
		if i, there := v.take(k, levels); there {
			text = v.column.text(v, i)
		}
		to.Texts[row+k] = text
	}
}

// coefs reads n values of the numbers of so many rows.
func (v *values) coefs(to *table.Column, row, n, rows int, levels []byte) {
	c := v.column
	if to.Scale = c.scale; n == rows && levels == nil && v.indexes == nil && v.int64s != nil {
		to.Coefs, to.Here = v.int64s[v.at:v.at+n], ^uint64(0)>>(dataset.Height-n)
		v.at += n
		return
	}
	if v.room == nil {
		v.room = make([]int64, dataset.Height)
	}
	to.Coefs = v.room[:rows]
	for k := range n {
		i, there := v.take(k, levels)
		if !there {
			continue
		}
		coef, ok := c.coef(v, i)
		if !ok {
			text := c.text(v, i)
			if text == "" {
				continue
			}
			if coef = math.MinInt64; to.Large == nil {
				to.Large = map[int]string{}
			}
			to.Large[row+k] = text
		}
		to.Here |= 1 << (row + k)
		to.Coefs[row+k] = coef
	}
}

// figures reads n values as texts, and the figures of a common form among them.
func (v *values) figures(to *table.Column, row, n int, levels []byte) {
	to.Texts, to.Numbers = slices.Grow(to.Texts[:row], n)[:row+n], slices.Grow(to.Numbers[:row], n)[:row+n]
	// The content of a page does not change.
	data := unsafe.String(unsafe.SliceData(v.data), len(v.data))
	for k := range n {
		text, one := "", number.Number{Flags: number.Missing}
		if i, there := v.take(k, levels); there {
			from, to := int(v.offsets[i]), int(v.offsets[i+1])
			read, end := dataset.ScanFigure(data, from, to, true)
			if text = data[from:to]; end > 0 && end == to {
				one = read
			} else {
				text = table.Trimmed(text)
			}
		}
		to.Texts[row+k], to.Numbers[row+k] = text, one
	}
}

func (v *values) bytes(i int) []byte {
	if v.offsets == nil {
		return v.data[i*v.size : (i+1)*v.size]
	}
	return v.data[v.offsets[i]:v.offsets[i+1]]
}

// text is a text without the space around it, in the memory of the page.
func text(b []byte) string {
	return table.Trimmed(unsafe.String(unsafe.SliceData(b), len(b)))
}

// decimal prints a number with some decimals.
func (v *values) decimal(n int64, scale int) string {
	b := v.arena.room(96)
	u := uint64(n)
	if n < 0 {
		b = append(b, '-')
		u = -u
	}
	return v.arena.keep(pointed(b, u, scale))
}

// pointed appends a number with some decimals.
func pointed(b []byte, u uint64, scale int) []byte {
	var digits [96]byte
	i := len(digits)
	for n := 0; u > 0 || n <= scale; n++ {
		if n == scale && scale > 0 {
			i--
			digits[i] = '.'
		}
		i--
		digits[i] = byte('0' + u%10)
		u /= 10
	}
	return append(b, digits[i:]...)
}

// complement is a number in two's complement, the highest byte first; false where it is larger than numbers of 64 bits are, or is none.
func complement(b []byte) (n int64, ok bool) {
	for len(b) > 8 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 8 {
		return 0, false
	}
	n = int64(int8(b[0]))
	for _, c := range b[1:] {
		n = n<<8 | int64(c)
	}
	return n, n != math.MinInt64
}

// wide prints a number in two's complement, the highest byte first.
func (v *values) wide(b []byte, scale int) string {
	if n, ok := complement(b); ok {
		return v.decimal(n, scale)
	}
	if len(b) == 0 {
		return ""
	}
	n := new(big.Int).SetBytes(b)
	if b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
	}
	s := n.Abs(n).String()
	if scale == 0 {
		return sign + s
	}
	s = strings.Repeat("0", max(scale+1-len(s), 0)) + s
	return sign + s[:len(s)-scale] + "." + s[len(s)-scale:]
}

// arena is memory for many small texts.
type arena struct{ free []byte }

// room is memory for a text of at most n bytes.
func (a *arena) room(n int) []byte {
	if cap(a.free) < n {
		a.free = make([]byte, 0, 1<<15)
	}
	return a.free[:0]
}

// keep is what was written into the room.
func (a *arena) keep(b []byte) string {
	a.free = b[len(b):cap(b)][:0]
	return unsafe.String(unsafe.SliceData(b), len(b))
}
