package table

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/sorter"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Join puts together what several tables say of one entity and period: the rows of all tables are added first, in any
// order and by any number of goroutines, and sorted, in files where memory is short. Then they come unit by unit, in the
// order of entities and periods.
//
// Rows that say no kind or no pack go with those that do, where these all say the same.
type Join struct {
	sorter *sorter.Sorter
	rows   atomic.Int64

	mu     sync.Mutex
	tables []joined
	at     map[*Head]int
	// abreast are tables side by side, by the indexes of these.
	abreast map[string]*Head
}

// joined is a table of which rows were added.
type joined struct {
	head  *Head
	path  string
	cells *source.Cells
	// sum is that of all that rows take from the table.
	sum [sha256.Size]byte
}

// JoinMemory is how many bytes of rows stay in memory while they are sorted.
const JoinMemory = 32 << 20

// NewJoin begins. Files are written in dir, the system's folder for temporary files where that is "", when the rows take
// more than memory bytes.
func NewJoin(dir string, memory int) *Join {
	return &Join{sorter: sorter.New(dir, memory), at: map[*Head]int{}, abreast: map[string]*Head{}}
}

// Close removes what was written.
func (j *Join) Close() error { return j.sorter.Close() }

// Rows counts the rows that were added.
func (j *Join) Rows() int { return int(j.rows.Load()) }

// key is what rows are sorted by: an entity and a period, as they are compared, and the number of the row.
func (u Unit) key(number uint64) []byte {
	key := append([]byte(dataset.NameKey(u.Entity)), 0)
	if date, ok := dataset.ParseDate(u.Period); ok {
		key = binary.BigEndian.AppendUint64(append(key, 0), uint64(date.Coef))
	} else {
		key = append(append(append(key, 1), dataset.NameKey(u.Period)...), 0)
	}
	return binary.BigEndian.AppendUint64(key, number)
}

// unitOf is the key of a row less its number.
func unitOf(key []byte) []byte { return key[:len(key)-8] }

// Add takes a row of a unit, whose header has no faults. Numbers put the rows of a unit in order.
func (j *Join) Add(number uint64, u Unit, r *Row) error {
	j.rows.Add(1)
	return j.sorter.Add(u.key(number), r.append(binary.AppendUvarint(nil, uint64(j.table(r)+1))))
}

// Fault takes the unit of a row that cannot be read: what other tables say of it would not be all.
func (j *Join) Fault(number uint64, u Unit) error {
	if u.Entity == "" || u.Period == "" {
		return nil
	}
	j.rows.Add(1)
	return j.sorter.Add(u.key(number), []byte{0})
}

// table is the index of the table of a row.
func (j *Join) table(r *Row) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	i, known := j.at[r.Head]
	if !known {
		i = len(j.tables)
		t := joined{head: r.Head, path: r.File.Path, cells: r.File.Cells}
		sum := sha256.New()
		fmt.Fprintf(sum, "%q %+v\n", t.path, t.cells)
		for _, n := range r.Head.names {
			fmt.Fprintf(sum, "%q %v %s\n", n.Text, n.Span.Position(), n.Span.Cell())
		}
		sum.Sum(t.sum[:0])
		j.at[r.Head], j.tables = i, append(j.tables, t)
	}
	return i
}

// append writes a row behind buf, without its table.
func (r *Row) append(buf []byte) []byte {
	r.Print()
	rows := r.Figures
	if !r.Head.Long {
		rows = [][]Cell{r.Cells}
	}
	number := func(n int) { buf = binary.AppendUvarint(buf, uint64(n)) }
	number(r.File.Before)
	number(len(r.File.Content))
	buf = append(buf, r.File.Content...)
	number(len(rows))
	at := 0
	for _, row := range rows {
		for i := range row {
			c := &row[i]
			// Cells follow one another; what they say stands there, unless it was quoted.
			number(c.Start - at)
			number(c.End - c.Start)
			at = c.Start
			if c.End <= len(r.File.Content) && c.Text == text(r.File.Content[c.Start:c.End]) {
				number(0)
				continue
			}
			number(len(c.Text) + 1)
			buf = append(buf, c.Text...)
		}
	}
	return buf
}

func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

var errDamaged = errors.New("damaged row")

// read reads what append wrote, which must not change any more.
func (r *Row) read(data []byte, t *joined) error {
	failed := false
	number := func() int {
		n, size := binary.Uvarint(data)
		if size <= 0 || n > 1<<40 {
			failed, data = true, nil
			return 0
		}
		data = data[size:]
		return int(n)
	}
	bytes := func(n int) []byte {
		if n > len(data) {
			failed, data = true, nil
			return nil
		}
		b := data[:n:n]
		data = data[n:]
		return b
	}
	r.Head = t.head
	r.File = &source.File{Path: t.path, Before: number(), Cells: t.cells}
	if content := bytes(number()); len(content) > 0 {
		r.File.Content = content
	}
	width, rows := t.head.Width(), number()
	if failed || rows > len(data) && width > 0 {
		return errDamaged
	}
	at := 0
	cells := make([]Cell, rows*width)
	for i := range cells {
		at += number()
		c := &cells[i]
		c.Start, c.End = at, at+number()
		if n := number(); n > 0 {
			c.Text = text(bytes(n - 1))
		} else if c.End <= len(r.File.Content) {
			c.Text = text(r.File.Content[c.Start:c.End])
		}
	}
	if failed || len(data) > 0 {
		return errDamaged
	}
	if r.Cells, r.Figures = nil, nil; !t.head.Long {
		r.Cells = cells
		return nil
	}
	for ; len(cells) > 0; cells = cells[width:] {
		r.Figures = append(r.Figures, cells[:width:width])
	}
	return nil
}

// Batch is some units, one after another.
type Batch struct {
	join    *Join
	entries []entry
	// Rows counts the rows up to the end of the batch.
	Rows int
}

// entry is a row. unit is nil where it is of the unit of the one before.
type entry struct{ unit, row []byte }

const (
	// batchUnits and batchBytes are how many units are in a batch at most, and how much they take, unless one takes more.
	batchUnits = 256
	batchBytes = 1 << 20
)

// Batches are all units. They come once, when all rows were added.
func (j *Join) Batches() iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		b := &Batch{join: j}
		var last []byte
		units, size := 0, 0
		err := j.sorter.Sorted(func(key, value []byte) error {
			unit := unitOf(key)
			one := entry{row: bytes.Clone(value)}
			if !bytes.Equal(unit, last) {
				if units == batchUnits || size >= batchBytes {
					if !yield(b, nil) {
						return errEnough
					}
					b = &Batch{join: j, Rows: b.Rows}
					units, size = 0, 0
				}
				one.unit = bytes.Clone(unit)
				last = one.unit
				units++
			}
			b.entries = append(b.entries, one)
			b.Rows++
			size += len(value)
			return nil
		})
		switch {
		case errors.Is(err, errEnough):
		case err != nil:
			yield(nil, err)
		case len(b.entries) > 0:
			yield(b, nil)
		}
	}
}

// errEnough ends sorting where no more is wanted.
var errEnough = errors.New("enough")

// Content writes all that the datasets of the batch are made of.
func (b *Batch) Content(to io.Writer) error {
	var head []byte
	for _, e := range b.entries {
		table, size := binary.Uvarint(e.row)
		head = append(binary.AppendUvarint(head[:0], uint64(len(e.unit))), e.unit...)
		if head = binary.AppendUvarint(head, uint64(len(e.row)-size)); table > 0 {
			head = append(head, b.join.sum(int(table)-1)...)
		}
		for _, part := range [][]byte{head, e.row[size:]} {
			if _, err := to.Write(part); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *Join) sum(table int) []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.tables[table].sum[:]
}

// Records are the datasets of the batch in their order: rows with the further ones of the same dataset in other tables, or what is wrong with them.
func (b *Batch) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		// Rows of a long table have the fields of those before them, most often.
		shapes := map[*Head]*Row{}
		var before *Row
		for from := 0; from < len(b.entries); {
			to := from + 1
			for to < len(b.entries) && b.entries[to].unit == nil {
				to++
			}
			rows, ok := b.rows(b.entries[from:to], shapes)
			if from = to; !ok {
				continue
			}
			for one := range joinedRows(rows) {
				if one.Row != nil && one.Row.More != nil {
					all := b.join.sideBySide(one.Row.All())
					if one.Row.abreast = all; all != nil && all.Head.Long {
						if before != nil {
							all.shape = before.shape
						}
						before = all
					}
				}
				if !yield(one) {
					return
				}
			}
		}
	}
}

// rows reads the rows of a unit. It is false where one of them could not be read.
func (b *Batch) rows(entries []entry, shapes map[*Head]*Row) ([]*Row, bool) {
	var rows []*Row
	for _, e := range entries {
		table, size := binary.Uvarint(e.row)
		if table == 0 {
			return nil, false
		}
		b.join.mu.Lock()
		t := b.join.tables[table-1]
		b.join.mu.Unlock()
		r := &Row{}
		if err := r.read(e.row[size:], &t); err != nil {
			// The program wrote it itself.
			panic(err)
		}
		if before := shapes[t.head]; before != nil {
			r.shape = before.shape
		}
		shapes[t.head] = r
		rows = append(rows, r)
	}
	return rows, true
}

// joinedRows are the datasets in the rows of an entity and period: those of each kind, and of these those of each pack.
func joinedRows(rows []*Row) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		kinds, list := apart(rows, kind)
		for _, alike := range kinds {
			packs, wrong := apart(alike, pack)
			list = append(list, wrong...)
			for _, one := range packs {
				r := one[0]
				r.More = one[1:]
				if !yield(Record{Line: r.File.Before + 1, Row: r}) {
					return
				}
			}
		}
		if list != nil {
			yield(Record{Line: rows[0].File.Before + 1, List: list})
		}
	}
}

// apart tells apart rows of which a part of the header says different things. Those that say nothing go with the others
// where these say the same; else the list tells of them, and there are no sets.
func apart(rows []*Row, p part) (sets [][]*Row, list diag.List) {
	at := map[string]int{}
	var silent []*Row
	for _, r := range rows {
		c := r.said(p)
		if c == nil {
			silent = append(silent, r)
			continue
		}
		text := dataset.Fold(c.Text)
		i, known := at[text]
		if !known {
			i = len(sets)
			at[text], sets = i, append(sets, nil)
		}
		sets[i] = append(sets[i], r)
	}
	switch {
	case len(sets) < 2:
		return [][]*Row{rows}, nil
	case len(silent) == 0:
		return sets, nil
	}
	for _, r := range silent {
		d := diag.New(diag.JoinUnclear, r.Span(r.said(entity)), r.said(entity).Text, r.said(period).Text, keyOf(p))
		for _, set := range sets[:2] {
			c := set[0].said(p)
			d = d.WithRelated(diag.JoinSays, set[0].Span(c), keyOf(p), c.Text)
		}
		list.Add(d)
	}
	return nil, list
}

func keyOf(p part) string { return keys[indexOf(p)].key }

func indexOf(p part) int {
	return slices.IndexFunc(keys, func(k headerKey) bool { return k.part == p })
}

// said is the cell of a part of the header, nil where that says nothing.
func (r *Row) said(p part) *Cell {
	at := r.Head.header[indexOf(p)]
	if at < 0 {
		return nil
	}
	if c := &r.begin()[at]; c.Text != "" {
		return c
	}
	return nil
}

// All are the rows of the dataset: the row itself and those in other tables.
func (r *Row) All() []*Row { return append([]*Row{r}, r.More...) }

// Units are the units in which the other rows print amounts, as far as these are not that of the row itself.
func (r *Row) Units() map[*source.File]string {
	units := map[*source.File]string{}
	for _, one := range r.All() {
		text := ""
		if c := one.said(unit); c != nil {
			text = c.Text
		}
		units[one.File] = text
	}
	own := units[r.File]
	maps.DeleteFunc(units, func(_ *source.File, text string) bool { return text == own })
	return units
}

// header is the header of the rows of a dataset: each key as the first row says it that does; of the sources all.
func header(rows []*Row) (*yamldoc.Node, diag.List) {
	first := rows[0]
	doc := &yamldoc.Node{Kind: yamldoc.Mapping, Span: source.Span{File: first.File}}
	if c := first.said(entity); c != nil {
		doc.Span = first.Span(c)
	}
	var list diag.List
	for _, k := range keys {
		var value *yamldoc.Node
		for _, r := range rows {
			c := r.said(k.part)
			switch {
			case c == nil:
			case value == nil && (k.part != unit || r == first):
				value = scalar(c.Text, r.Span(c))
			case value != nil && k.part == published && !slices.Contains(strings.Split(value.Value, sources), c.Text):
				value.Value += sources + c.Text
			case value != nil && k.part == parent && dataset.Fold(c.Text) != dataset.Fold(value.Value):
				list.Add(diag.New(diag.JoinDiffers, r.Span(c), k.key, c.Text).WithRelated(diag.JoinSays, value.Span, k.key, value.Value))
			case k.part == unit && r != first && !dataset.IsMoney(c.Text):
				list.Add(diag.New(diag.UnknownUnit, r.Span(c), c.Text, strings.Join(dataset.MoneyUnits(), "、")))
			}
		}
		if value != nil {
			doc.Entries = append(doc.Entries, yamldoc.Entry{Key: scalar(k.key, value.Span), Value: value})
		}
	}
	at := map[*Head]*Row{}
	for _, r := range rows {
		before := at[r.Head]
		if at[r.Head] = r; before != nil && !r.Head.Long {
			list.Add(diag.New(diag.JoinTwice, r.Span(r.said(entity)), r.said(entity).Text, r.said(period).Text).WithRelated(diag.FirstDefined, before.Span(before.said(entity))))
		}
	}
	return doc, list
}

// sources stands between the titles of several published documents.
const sources = "、"

// sameHeader is the header of rows that can be read as one: they do not say different things. It is false of others.
func (r *Row) sameHeader() (dataset.Header, bool) {
	if r.abreast == nil {
		return dataset.Header{}, false
	}
	first := *r
	first.More = nil
	h, ok := first.Header()
	for _, one := range r.More {
		other, also := one.Header()
		ok = ok && also && other.Unit == h.Unit
		if one.said(pack) != nil {
			h.Pack = other.Pack
		}
		for _, text := range []struct {
			of  *string
			now string
		}{{&h.Kind, other.Kind}, {&h.Parent, other.Parent}, {&h.Source, other.Source}} {
			ok = ok && (text.now == "" || *text.of == "" || *text.of == text.now)
			*text.of = cmp.Or(*text.of, text.now)
		}
	}
	return h, ok
}

// mostAbreast is how many sets of tables are read side by side: units may be missing in some tables in many ways.
const mostAbreast = 1000

// sideBySide makes one row of those of a dataset in several tables; nil where that cannot be.
func (j *Join) sideBySide(rows []*Row) *Row {
	if rows[0].Head.Long {
		return oneBehindAnother(rows)
	}
	var tables []byte
	all := &Row{File: rows[0].File}
	for i, r := range rows {
		if r.Head.Long || slices.ContainsFunc(rows[:i], func(other *Row) bool { return other.Head == r.Head }) {
			return nil
		}
		tables = binary.AppendUvarint(tables, uint64(j.table(r)))
		all.seams = append(all.seams, seam{len(all.Cells), r.File})
		all.Cells = append(all.Cells, r.Cells...)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if all.Head = j.abreast[string(tables)]; all.Head == nil && len(j.abreast) < mostAbreast {
		h := &Head{}
		for _, r := range rows {
			for _, c := range r.Head.columns {
				h.columns = append(h.columns, len(h.names)+c)
			}
			h.sides, h.seams = append(h.sides, r.Head), append(h.seams, len(h.names))
			h.names = append(h.names, r.Head.names...)
		}
		all.Head, j.abreast[string(tables)] = h, h
	}
	if all.Head == nil {
		return nil
	}
	return all
}

// oneBehindAnother makes one row of those of a dataset in long tables with the same columns; nil where these are others.
func oneBehindAnother(rows []*Row) *Row {
	first := rows[0]
	all := &Row{Head: first.Head, File: first.File}
	for _, r := range rows {
		if r.Head != first.Head && (!r.Head.Long || !maps.Equal(r.Head.at, first.Head.at)) {
			return nil
		}
		all.seams = append(all.seams, seam{len(all.Figures), r.File})
		all.Figures = append(all.Figures, r.Figures...)
	}
	return all
}

// side is of which of the tables side by side a column of figures is.
func (h *Head) side(column int) int {
	at, found := slices.BinarySearch(h.seams, h.columns[column])
	if !found {
		at--
	}
	return at
}
