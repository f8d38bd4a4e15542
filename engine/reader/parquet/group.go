package parquet

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"

	"github.com/gouji/gouji/engine/dataset"
)

const (
	// spanBytes is about how much a span holds before compression, and spanRows how many rows at most.
	spanBytes, spanRows = 4 << 20, 1 << 14
	// A file may tell lies: no more than so many rows of a group are believed, and it has no more than so many spans.
	mostRows, mostSpans = 1 << 40, 1 << 16
)

// group is a row group, of which several goroutines read spans of rows. The pages of a column are decoded once, in their order, by
// whoever needs the next one, and stay in memory until the spans before their end are done.
type group struct {
	file *file
	// index is that of the group, before counts the rows of those before it, and rows its own; a span is so many of them.
	index, before, rows, span int

	mu sync.Mutex
	// done are the spans that nobody reads any more, and low counts those that come before the first other one.
	done []bool
	low  int
	// columns are those of the file.
	columns []pages
	chunks  func() []parquet.ColumnChunk
	sum     func() ([]byte, error)
}

// span is some rows of a group.
type span struct {
	group    *group
	from, to int
}

func (f *file) group(index, before int) *group {
	meta := &f.in.Metadata().RowGroups[index]
	g := &group{file: f, index: index, before: before, rows: int(min(max(meta.NumRows, 0), mostRows))}
	g.chunks = sync.OnceValue(func() []parquet.ColumnChunk { return f.in.RowGroups()[index].ColumnChunks() })
	g.sum = sync.OnceValues(g.hash)
	parts := min(max(1, int(meta.TotalByteSize/spanBytes), g.rows/spanRows), mostSpans)
	// Rows are read in blocks.
	g.span = (g.rows/parts/dataset.Height + 1) * dataset.Height
	g.done = make([]bool, (g.rows+g.span-1)/g.span)
	g.columns = make([]pages, len(f.columns))
	for i := range g.columns {
		g.columns[i].group, g.columns[i].column = g, &f.columns[i]
	}
	return g
}

// spans are all of the group.
func (g *group) spans() []span {
	all := make([]span, len(g.done))
	for i := range all {
		all[i] = span{g, i * g.span, min((i+1)*g.span, g.rows)}
	}
	return all
}

// finish says that a span is not read any more.
func (s span) finish() {
	g := s.group
	g.mu.Lock()
	g.done[s.from/g.span] = true
	low := g.low
	for low < len(g.done) && g.done[low] {
		low++
	}
	moved := low > g.low
	g.low = low
	g.mu.Unlock()
	if !moved {
		return
	}
	for i := range g.columns {
		g.columns[i].drop(min(low*g.span, g.rows))
	}
}

// hash is that of all that the group holds.
func (g *group) hash() (sum []byte, err error) {
	defer caught(&err)
	to := sha256.New()
	meta := &g.file.in.Metadata().RowGroups[g.index]
	fmt.Fprintln(to, meta.NumRows)
	for i := range meta.Columns {
		m := &meta.Columns[i].MetaData
		at := m.DataPageOffset
		if m.DictionaryPageOffset > 0 {
			at = min(at, m.DictionaryPageOffset)
		}
		fmt.Fprintln(to, m.Codec, m.NumValues, m.TotalCompressedSize)
		if _, err := io.Copy(to, io.NewSectionReader(g.file.from, at, m.TotalCompressedSize)); err != nil {
			return nil, err
		}
	}
	return to.Sum(nil), nil
}

// values are those of a span, by the columns, as far as all columns can be read: up to the row end. The error says why not
// further. It is nil as well where what is wrong stands in an earlier span, which tells it.
func (s span) values(arena *arena) (all []values, end int, err error) {
	var waiting []*pages
	for i := range s.group.columns {
		// Workers that begin at the same time decode different columns.
		if c := &s.group.columns[i]; c.column.ignored {
			continue
		} else if c.mu.TryLock() {
			c.decode(s.to)
			c.mu.Unlock()
		} else {
			waiting = append(waiting, c)
		}
	}
	for _, c := range waiting {
		c.mu.Lock()
		c.decode(s.to)
		c.mu.Unlock()
	}
	all, end = make([]values, len(s.group.columns)), s.to
	for i := range all {
		c := &s.group.columns[i]
		if all[i] = (values{column: c.column, arena: arena}); c.column.ignored {
			continue
		}
		var failed error
		rows := 0
		if all[i].pages, rows, failed = c.of(s.from, s.to); rows < end {
			end, err = rows, failed
		}
		all[i].seek(s.from)
	}
	if end < s.from {
		return nil, s.from, nil
	}
	return all, end, err
}

// pages are those of a column in a group. A column of one value in each row has as many values as there are rows.
type pages struct {
	group  *group
	column *column

	mu sync.Mutex
	// from is nil before anything was read. What is read begins behind the row end; failed says why nothing more is.
	from   parquet.Pages
	end    int
	failed error
	// pages are those that were decoded and end behind the row low.
	pages []*page
	low   int
}

// decode reads pages up to a row.
func (c *pages) decode(to int) {
	for c.end < to && c.failed == nil {
		p := &page{begin: c.end}
		if c.failed = c.read(p); c.failed != nil {
			return
		}
		if c.end = p.end; p.end > max(c.low, p.begin) {
			c.pages = append(c.pages, p)
		} else {
			p.release()
		}
	}
}

// read reads the next page.
func (c *pages) read(p *page) (err error) {
	defer caught(&err)
	if c.from == nil {
		c.from = c.group.chunks()[c.column.index].Pages()
	}
	in, err := c.from.ReadPage()
	if errors.Is(err, io.EOF) {
		return errShort
	}
	if err != nil {
		return err
	}
	return p.decode(in, c.column)
}

// of are the pages that hold some rows, and the row up to which there are any.
func (c *pages) of(from, to int) (some []*page, end int, failed error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pages {
		if p.end > from && p.begin < to {
			some = append(some, p)
		}
	}
	return some, c.end, c.failed
}

// drop forgets the pages that end before a row.
func (c *pages) drop(low int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.low = max(c.low, low)
	c.pages = slices.DeleteFunc(c.pages, func(p *page) bool {
		if p.end > low {
			return false
		}
		p.release()
		return true
	})
	if low == c.group.rows && c.from != nil {
		_ = c.from.Close()
		c.from, c.failed = nil, io.EOF
	}
}

// page are values of a column that stand together.
type page struct {
	// in is what they were read as.
	in parquet.Page
	// They are of the rows from begin up to end.
	begin, end int
	levels     []byte
	// present counts the values that are there before every presentEvery-th row.
	present []int
	// indexes are those into the values of a dictionary, nil where there is none.
	indexes []int32
	int32s  []int32
	int64s  []int64
	data    []byte
	offsets []uint32
	size    int
}

const presentEvery = 1 << 10

// decode takes the values of a page of the library.
func (p *page) decode(in parquet.Page, c *column) error {
	n := int(in.NumValues())
	p.in, p.end = in, p.begin+n
	data := in.Data()
	if d := in.Dictionary(); d != nil {
		p.indexes = data.Int32()
		data = d.Page().Data()
	}
	switch data.Kind() {
	case encoding.Int32:
		p.int32s = data.Int32()
	case encoding.Int64:
		p.int64s = data.Int64()
	case encoding.ByteArray:
		p.data, p.offsets = data.ByteArray()
	case encoding.FixedLenByteArray:
		p.data, p.size = data.FixedLenByteArray()
	case encoding.Boolean:
		p.data = data.Boolean()
	}
	if c.levels == 0 {
		return nil
	}
	if p.levels = in.DefinitionLevels(); len(p.levels) != n {
		return errShort
	}
	there := 0
	for at := 0; at < n; at += presentEvery {
		p.present = append(p.present, there)
		there += bytes.Count(p.levels[at:min(at+presentEvery, n)], []byte{c.levels})
	}
	return nil
}

// release gives the memory of the page back, unless texts refer to it.
func (p *page) release() {
	if p.offsets == nil || p.indexes != nil {
		parquet.Release(p.in)
	}
}

// before counts the values that are there before the n-th row.
func (p *page) before(n int, levels byte) int {
	if p.levels == nil {
		return n
	}
	return p.present[n/presentEvery] + bytes.Count(p.levels[n-n%presentEvery:n], []byte{levels})
}

// values are those of some rows of a column, one after the other.
type values struct {
	column *column
	arena  *arena
	// page is the one at hand, and pages are those behind it.
	*page
	pages []*page
	// left counts the values of the page that were not read, absent ones too; at is the next one among those that are there.
	left, at int
	// room is for numbers that do not stand in the page as they are.
	room []int64
}

// seek begins with the first page, at a row.
func (v *values) seek(row int) {
	if len(v.pages) == 0 {
		return
	}
	v.page, v.pages = v.pages[0], v.pages[1:]
	v.left, v.at = v.page.end-row, v.page.before(row-v.page.begin, v.column.levels)
}

// next goes on with the next page that has values.
func (v *values) next() error {
	for v.left == 0 {
		if len(v.pages) == 0 {
			return errShort
		}
		v.page, v.pages = v.pages[0], v.pages[1:]
		v.left, v.at = v.page.end-v.page.begin, 0
	}
	return nil
}
