package table

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

// Block is some rows of a wide table that stands in columns of values. Datasets that differ in numbers alone can be judged column by
// column (Row.Stack), and nothing is made of the rows then.
type Block struct {
	Head *Head
	Path string
	// Names is what the cells are called.
	Names *source.Cells
	// Before counts the rows above it, and Rows its own, at most dataset.Height.
	Before, Rows int
	// Columns are those of the table; Told are the columns of texts that are no figures.
	Columns []Column
	Told    []int

	row     Row
	cells   []Cell
	numbers []number.Number
	placed  []placed
}

// Column is what a column says in the rows of a block. One that is not read has nothing.
type Column struct {
	// Texts are those of a column of texts. Of figures, Numbers stand beside them, Missing where the text tells.
	Texts   []string
	Numbers []number.Number
	// Coefs are the coefficients of a column of numbers, and Scale counts the digits behind their points. Here has a bit for each
	// row that has one. Of a number that is too large, Large has the text and Coefs the least number.
	Coefs []int64
	Scale uint8
	Here  uint64
	Large map[int]string
}

// says reports whether the column says something in a row.
func (c *Column) says(row int) bool {
	return c.Here>>row&1 > 0 || c.Texts != nil && c.Texts[row] != ""
}

// placed is where the number of a column stands in a dataset.
type placed struct {
	cell  int32
	field *dataset.Field
}

// Each hands on the rows that say something. It is false when no more is wanted.
func (b *Block) Each(yield func(Record) bool) bool {
	if b.cells == nil {
		b.cells = make([]Cell, len(b.Columns))
		for i := range b.cells {
			b.cells[i].Start, b.cells[i].End = i, i+1
		}
		b.numbers = make([]number.Number, len(b.Columns))
	}
	for i := range b.Rows {
		says := false
		for _, k := range b.Told {
			b.cells[k].Text = b.Columns[k].Texts[i]
			says = says || b.cells[k].Text != ""
		}
		if !says && !slices.ContainsFunc(b.Columns, func(c Column) bool { return c.says(i) }) {
			continue
		}
		b.row = Row{
			Head: b.Head, File: &source.File{Path: b.Path, Before: b.Before + i, Cells: b.Names}, Cells: b.cells, Block: b, At: i,
		}
		if !yield(Record{Line: b.Before + i + 1, Row: &b.row}) {
			return false
		}
	}
	return true
}

// gather takes the numbers of a row from the columns of its block.
func (r *Row) gather() {
	if r.Block == nil || r.Numbers != nil {
		return
	}
	r.Numbers = r.Block.numbers
	for i := range r.Block.Columns {
		c := &r.Block.Columns[i]
		n := missing
		switch {
		case c.Numbers != nil:
			if n, r.Cells[i].Text = c.Numbers[r.At], ""; n.Has(number.Missing) {
				r.Cells[i].Text = c.Texts[r.At]
			}
		case c.Coefs != nil:
			if r.Cells[i].Text = ""; c.Here>>r.At&1 == 0 {
				break
			}
			n = number.Number{Coef: c.Coefs[r.At], Scale: c.Scale, Decimals: int8(c.Scale)}
			if n.Coef == math.MinInt64 {
				n, r.Cells[i].Text = missing, cmp.Or(c.Large[r.At], printed(n))
			}
		}
		r.Numbers[i] = n
	}
}

// missing is no number.
var missing = number.Number{Flags: number.Missing}

// Stack reads the datasets of a block as such as lie upon another, the first of which the row is. Those do not that have other texts, or
// numbers in other columns; whose figures they are may differ. It is false where none do.
func (r *Row) Stack(to *dataset.Builder, h dataset.Header, s *dataset.Schema, into *dataset.Stack) bool {
	b := r.Block
	if b == nil || r.At > 0 {
		return false
	}
	if into.In = b.alike(); bits.OnesCount64(into.In) < 2 {
		return false
	}
	b.placed = slices.Grow(b.placed[:0], len(b.Columns))[:len(b.Columns)]
	clear(b.placed)
	r.placed = b.placed
	d, ok := r.Load(to, h, s, true)
	r.placed = nil
	if !ok || len(d.Restated) > 0 {
		return false
	}
	into.Lowest, into.N = d, b.Rows
	size := (1 + len(d.Cells)) * dataset.Height
	into.Aligned = slices.Grow(into.Aligned[:0], size)[:size]
	for cell, v := range d.Aligned.Values {
		column := into.Aligned[cell*dataset.Height:][:dataset.Height]
		for i := range column {
			column[i] = v
		}
	}
	// What the columns say takes the place of what the first row does.
	for i := range b.Columns {
		c, at := &b.Columns[i], b.placed[i]
		switch {
		case c.Here&1 == 0:
		case at.field == nil:
			return false
		default:
			number.AlignAll(into.Aligned[(1+int(at.cell))*dataset.Height:], c.Coefs[:b.Rows], to.Factor(at.field, c.Scale))
		}
	}
	return true
}

// alike has a bit for each row that differs from the first in numbers alone, but for whose they are.
func (b *Block) alike() uint64 {
	rows := ^uint64(0) >> (dataset.Height - b.Rows)
	// Where all differ, most do in the first column.
	for i := 0; i < len(b.Columns) && rows&(rows-1) != 0; i++ {
		c := &b.Columns[i]
		switch {
		case c.Here&1 > 0:
			rows &= c.Here
			for row := range c.Large {
				// It may have more digits than figures have.
				rows &^= 1 << row
			}
		case c.Coefs != nil:
			rows &^= c.Here
		case c.Texts != nil && !b.Head.differs(i):
			for k, text := range c.Texts[:b.Rows] {
				if text != c.Texts[0] {
					rows &^= 1 << k
				}
			}
		}
	}
	return rows
}
