// Package parquet reads datasets from tables in Parquet: columns of texts, DECIMAL and integers, each value as it would be
// printed. Binary floating point is refused, since it does not hold amounts of money.
//
// A wide table is read side by side in spans of rows, several of a row group. A long one is read from its beginning, since a dataset
// may go on from one span to the next.
package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/big"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

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
	cells   *source.Cells
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
		f.columns[i].numeric = f.columns[i].exact
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

// column is one column, whose values text prints.
type column struct {
	index   int
	levels  byte
	text    func(v *values, i int) string
	ignored bool
	// scale is how many decimals the numbers of a column have that holds numbers of 32 or 64 bits; exact says that it does.
	scale int8
	exact bool
	// narrow: these are of 32 bits.
	narrow bool
	// numeric: they are figures, which need no texts.
	numeric bool
}

// columnOf tells how the values of a column are printed. It is false where they cannot be printed exactly.
func columnOf(c *parquet.Column) (column, bool) {
	one := column{index: c.Index(), levels: byte(c.MaxDefinitionLevel()), narrow: c.Type().Kind() == parquet.Int32}
	var logical any
	if l := c.Type().LogicalType(); l != nil {
		logical = l.Value
	}
	if d, ok := logical.(*format.DecimalType); ok {
		scale := int(d.Scale)
		if scale < 0 || scale > 64 {
			return one, false
		}
		one.scale, one.exact = int8(scale), scale <= 18
		switch c.Type().Kind() {
		case parquet.Int32:
			one.text = func(v *values, i int) string { return v.decimal(int64(v.int32s[i]), scale) }
		case parquet.Int64:
			one.text = func(v *values, i int) string { return v.decimal(v.int64s[i], scale) }
		case parquet.ByteArray, parquet.FixedLenByteArray:
			one.text = func(v *values, i int) string { return v.wide(v.bytes(i), scale) }
			one.exact = false
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
		one.text = func(v *values, i int) string { return text(v.bytes(i)) }
	case parquet.Int32:
		one.exact = !unsigned
		one.text = func(v *values, i int) string {
			if unsigned {
				return v.decimal(int64(uint32(v.int32s[i])), 0)
			}
			return v.decimal(int64(v.int32s[i]), 0)
		}
	case parquet.Int64:
		one.exact = !unsigned
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
	read = s.from
	var arena arena
	columns, end, failed := s.values(&arena)
	b := newBlock(len(columns))
	// told are the columns that tell texts.
	var told []int
	for i := range columns {
		if c := columns[i].column; !c.ignored && !c.numeric {
			told = append(told, i)
		}
	}
	for read < end {
		b.rows, b.large = min(blockRows, end-read), false
		for i := range columns {
			if v := &columns[i]; !v.column.ignored {
				if err := v.fill(b, i); err != nil {
					return read, false, err
				}
			}
		}
		for row := range b.rows {
			at := row * len(columns)
			cells := t.Next(s.group.before + read + row)
			for _, i := range told {
				cells[i].Text = b.texts[at+i]
			}
			for i := 0; b.large && i < len(cells); i++ {
				cells[i].Text = b.texts[at+i]
			}
			t.Numbers = b.numbers[at : at+len(columns)]
			if !t.Add(yield) {
				return read, false, nil
			}
		}
		read += b.rows
	}
	return read, true, failed
}

// block is some rows, whose values stand row by row. They are read column by column, since what is needed for a column is at
// hand then.
type block struct {
	rows    int
	texts   []string
	numbers []number.Number
	// large: some numbers are so large that texts tell them.
	large bool
}

// blockRows is how many rows are read together.
const blockRows = 16

func newBlock(width int) *block {
	b := &block{texts: make([]string, blockRows*width), numbers: make([]number.Number, blockRows*width)}
	for i := range b.numbers {
		b.numbers[i] = absent
	}
	return b
}

// absent is the number of a cell that has none.
var absent = number.Number{Flags: number.Missing, Decimals: number.Exact}

var errEnd = errors.New("it does not end as Parquet does")

var errShort = errors.New("a column has fewer values than there are rows")

// fill reads the next values into the column of a block that begins at an index.
func (v *values) fill(b *block, at int) error {
	width := len(b.texts) / blockRows
	for range b.rows {
		if v.left == 0 {
			if err := v.next(); err != nil {
				return err
			}
		}
		there := v.column.levels == 0 || v.levels[len(v.levels)-v.left] == v.column.levels
		v.left--
		i := v.at
		if there {
			v.at++
			if v.indexes != nil {
				i = int(v.indexes[i])
			}
		}
		switch {
		case !there:
			if b.numbers[at] = absent; b.texts[at] != "" {
				b.texts[at] = ""
			}
		case v.column.numeric:
			text, n := v.number(i)
			if b.numbers[at] = n; text != "" || b.texts[at] != "" {
				b.texts[at], b.large = text, b.large || text != ""
			}
		default:
			b.texts[at] = v.column.text(v, i)
		}
		at += width
	}
	return nil
}

// number is a value of a numeric column, and its text where it is too large for a number.
func (v *values) number(i int) (string, number.Number) {
	var n int64
	if v.column.narrow {
		n = int64(v.int32s[i])
	} else if n = v.int64s[i]; n == math.MinInt64 {
		return v.column.text(v, i), absent
	}
	return "", number.Number{Coef: n, Scale: uint8(v.column.scale), Decimals: v.column.scale}
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

// wide prints a number in two's complement, the highest byte first.
func (v *values) wide(b []byte, scale int) string {
	if len(b) == 0 {
		return ""
	}
	for len(b) > 8 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:]
	}
	if len(b) <= 8 {
		n := int64(int8(b[0]))
		for _, c := range b[1:] {
			n = n<<8 | int64(c)
		}
		return v.decimal(n, scale)
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
