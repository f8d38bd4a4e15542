package table

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
)

// Rows makes datasets of the rows of a table whose cells are no text: a sheet, or a long table of values.
type Rows struct {
	Head *Head
	Path string
	// Cells is what the cells are called.
	Cells *source.Cells

	row Row
	// first is the row of the first cell, and figures are the rows of a long dataset so far.
	first   int
	line    int
	cells   []Cell
	figures [][]Cell
	key     []string
	// list is what is wrong with the long dataset so far.
	list diag.List
}

// Next is the memory for the cells of a row, all empty; before counts the rows above it.
func (r *Rows) Next(before int) []Cell {
	width := r.Head.Width()
	if r.line = before; r.cells == nil || r.Head.Long {
		r.cells = make([]Cell, width)
	}
	clear(r.cells)
	return r.cells
}

// Add takes the row that Next was filled with. It is false when no more is wanted.
func (r *Rows) Add(yield func(Record) bool) bool {
	if !slices.ContainsFunc(r.cells, func(c Cell) bool { return c.Text != "" }) {
		return true
	}
	if !r.Head.Long {
		r.first = r.line
		r.place(r.cells)
		r.row.Cells = r.cells
		return r.yield(yield)
	}
	key, _ := r.Head.Key(r.cells)
	if len(r.figures) > 0 && !slices.Equal(key, r.key) && !r.End(yield) {
		return false
	}
	if r.key = key; len(r.figures) == 0 {
		r.first = r.line
	}
	r.place(r.cells)
	r.figures = append(r.figures, r.cells)
	return true
}

// Fault takes a row that something is wrong with. A long dataset that it stands in is left out.
func (r *Rows) Fault(d diag.Diagnostic, yield func(Record) bool) bool {
	if key, _ := r.Head.Key(r.cells); r.Head.Long && len(r.figures) > 0 && !slices.Equal(key, r.key) && !r.End(yield) {
		return false
	} else if r.Head.Long {
		if r.key = key; len(r.figures) == 0 {
			r.first = r.line
		}
		r.place(r.cells)
		r.figures = append(r.figures, r.cells)
		r.list.Add(d)
		return true
	}
	return yield(Record{Line: r.line + 1, List: diag.List{d}, Unit: r.Head.Unit(r.cells)})
}

// End takes the last dataset of a long table.
func (r *Rows) End(yield func(Record) bool) bool {
	if len(r.figures) == 0 {
		return true
	}
	r.row.Figures = r.figures
	r.figures = nil
	return r.yield(yield)
}

// place numbers the cells of a row.
func (r *Rows) place(cells []Cell) {
	from := (r.line - r.first) * r.Cells.Width
	for i := range cells {
		cells[i].Start, cells[i].End = from+i, from+i+1
	}
}

func (r *Rows) yield(yield func(Record) bool) bool {
	if list := r.list; list != nil {
		r.list = nil
		return yield(Record{Line: r.first + 1, List: list, Unit: r.Head.Unit(r.row.Figures[0])})
	}
	r.row.Head, r.row.File = r.Head, &source.File{Path: r.Path, Before: r.first, Cells: r.Cells}
	return yield(Record{Line: r.first + 1, Row: &r.row})
}

// Trimmed is a text without the space around it.
func Trimmed(s string) string {
	if s == "" {
		return s
	}
	first, last := s[0], s[len(s)-1]
	if first > ' ' && first < utf8.RuneSelf && last > ' ' && last < utf8.RuneSelf {
		return s
	}
	return strings.TrimFunc(s, unicode.IsSpace)
}
