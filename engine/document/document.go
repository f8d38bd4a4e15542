// Package document holds published documents as their readers understood them: headings, paragraphs, tables and charts
// in the order of the document, and for every character the place where it stands.
//
// It knows no file format; the packages below it read one each. What the words and figures mean is for package extract.
package document

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/source"
)

// Document is one published document.
type Document struct {
	// Path names the file; Format is the name of the format that it was read as: txt, html, docx, xlsx or pdf.
	Path, Format string
	Blocks       []Block
	// Pages is the number of pages, 0 where the format has none.
	Pages int
	// Source is the text that lines and columns count, where the file is one; "" in other formats, for which Text
	// makes it.
	Source string
}

// Kind says what a block is.
type Kind uint8

const (
	// Paragraph is running text. A heading that the format does not mark is a paragraph as well.
	Paragraph Kind = iota + 1
	// Heading is what the format itself marks as one.
	Heading
	// Table is rows of cells.
	Table
	// Chart is the data behind a chart.
	Chart
)

// Block is one piece of a document. Text belongs to paragraphs and headings, Grid to tables and charts.
type Block struct {
	Kind Kind
	// Level is the level of a heading, from 1.
	Level int
	Text  Text
	// Grid holds the cells of a table. A chart is a grid as well: its first row names the series, its first column the
	// categories.
	Grid *Grid
}

// Text is characters and where they stand. Within a Text, "\n" is a line break of the document.
type Text struct {
	S string
	// Marks say where runs of characters begin, in the order of their offsets; the first is at 0. Within a run the column
	// grows by one with each character.
	Marks []Mark
}

// Mark is the place of the character at a byte offset.
type Mark struct {
	Offset int
	Place  source.Place
	// Box is where the run stands on its page; zero where unknown.
	Box Box
}

// Box is a rectangle on a page, in points from its left upper corner.
type Box struct{ Left, Top, Right, Bottom float32 }

// At is the place of the character at a byte offset, the zero place in a Text without marks.
func (t Text) At(offset int) source.Place {
	m := t.mark(offset)
	if m == nil {
		return source.Place{}
	}
	p := m.Place
	p.Column += strings.Count(t.S[m.Offset:min(offset, len(t.S))], "") - 1
	return p
}

// BoxAt is the box of the run at a byte offset.
func (t Text) BoxAt(offset int) Box {
	if m := t.mark(offset); m != nil {
		return m.Box
	}
	return Box{}
}

func (t Text) mark(offset int) *Mark {
	i, found := slices.BinarySearchFunc(t.Marks, offset, func(m Mark, offset int) int { return m.Offset - offset })
	if !found {
		i--
	}
	if i < 0 {
		return nil
	}
	return &t.Marks[i]
}

// Append adds the characters of another text behind those of t.
func (t *Text) Append(other Text) {
	for _, m := range other.Marks {
		m.Offset += len(t.S)
		t.Marks = append(t.Marks, m)
	}
	t.S += other.S
}

// Slice is the part of the text between two byte offsets, with its places.
func (t Text) Slice(from, to int) Text {
	part := Text{S: t.S[from:to]}
	if from == to || len(t.Marks) == 0 {
		return part
	}
	part.Marks = append(part.Marks, Mark{0, t.At(from), t.BoxAt(from)})
	for _, m := range t.Marks {
		if from < m.Offset && m.Offset < to {
			m.Offset -= from
			part.Marks = append(part.Marks, m)
		}
	}
	return part
}

// Grid is rows and columns of cells, merged ones resolved.
type Grid struct {
	Rows, Cols int
	// Cells stand row by row, each once, at its first row and column. Positions that no cell covers are empty.
	Cells []Cell
	// Name is what places in the grid are called by: the sheet's name, or 表 and the number of the table in the document.
	Name string
}

// Cell is one cell. Row and Col are 0-based.
type Cell struct {
	Row, Col int
	// RowSpan and ColSpan are how many rows and columns the cell covers, at least 1.
	RowSpan, ColSpan int
	// Text is what the cell shows.
	Text Text
	// Value is the exact number behind what is shown and in its unit, 56.825 behind 56.83%, where the format keeps one;
	// "" elsewhere.
	Value string
}

// At is the cell that covers a position, nil when none does.
func (g *Grid) At(row, col int) *Cell {
	for i := range g.Cells {
		c := &g.Cells[i]
		if c.Row <= row && row < c.Row+c.RowSpan && c.Col <= col && col < c.Col+c.ColSpan {
			return c
		}
	}
	return nil
}

// Lay lays the cells out: the cell that covers row r and column c stands at [r][c], nil where there is none.
func (g *Grid) Lay() [][]*Cell {
	laid := make([][]*Cell, g.Rows)
	all := make([]*Cell, g.Rows*g.Cols)
	for r := range laid {
		laid[r], all = all[:g.Cols:g.Cols], all[g.Cols:]
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		for r := c.Row; r < min(c.Row+c.RowSpan, g.Rows); r++ {
			for k := c.Col; k < min(c.Col+c.ColSpan, g.Cols); k++ {
				laid[r][k] = c
			}
		}
	}
	return laid
}

// CellName is the name of a position as spreadsheets give it: B4 for the fourth row of the second column.
func CellName(row, col int) string {
	var letters []byte
	for n := col + 1; n > 0; n = (n - 1) / 26 {
		letters = append(letters, byte('A'+(n-1)%26))
	}
	slices.Reverse(letters)
	return string(letters) + strconv.Itoa(row+1)
}
