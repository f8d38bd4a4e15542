// Package sheet reads datasets from the tables of workbooks. A workbook is one of datasets when the first row of one of its
// sheets names an entity and a period; any other is a published document. Its cells hold what they show, as they do in documents.
package sheet

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/source"
)

// Format is the format of the documents that may hold tables of datasets.
const Format = "xlsx"

// Book is a workbook of datasets.
type Book struct {
	path   string
	sheets []*sheet
}

// sheet is what is written in the cells of a sheet, by row and column, counted from 0.
type sheet struct {
	name  string
	rows  map[int]map[int]string
	width int
}

// Of is the workbook of datasets in a document, nil where it is none.
func Of(d *document.Document) *Book {
	if d.Format != Format {
		return nil
	}
	b := bookOf(d)
	b.sheets = slices.DeleteFunc(b.sheets, func(s *sheet) bool {
		names, _ := s.names(b.path)
		return !table.Names(names)
	})
	if len(b.sheets) == 0 {
		return nil
	}
	return b
}

// bookOf is the sheets of a document, whatever they hold.
func bookOf(d *document.Document) *Book {
	b := &Book{path: d.Path}
	for _, block := range d.Blocks {
		b.add(block.Text)
		if block.Grid != nil {
			for i := range block.Grid.Cells {
				b.add(block.Grid.Cells[i].Text)
			}
		}
	}
	return b
}

// Row is a row of a sheet that holds no datasets.
type Row struct {
	file  *source.File
	texts []string
}

// Rows are the rows of the first sheet of a document whose first row is as asked for, that one first; nil where there is none.
func Rows(d *document.Document, is func(first *Row) bool) []*Row {
	b := bookOf(d)
	for _, s := range b.sheets {
		var rows []*Row
		for _, at := range slices.Sorted(maps.Keys(s.rows)) {
			r := &Row{file: &source.File{Path: b.path, Before: at, Cells: s.cells()}, texts: make([]string, s.width)}
			for column, text := range s.rows[at] {
				r.texts[column] = table.Trimmed(text)
			}
			if len(rows) == 0 && !is(r) {
				break
			}
			rows = append(rows, r)
		}
		if rows != nil {
			return rows
		}
	}
	return nil
}

// Len counts the cells of the row.
func (r *Row) Len() int { return len(r.texts) }

// Text is what a cell shows.
func (r *Row) Text(i int) string { return r.texts[i] }

// Span is where a cell stands.
func (r *Row) Span(i int) source.Span { return source.Span{File: r.file, Start: i, End: i + 1} }

// Position is the row and column of a cell.
func (r *Row) Position(i int) source.Position { return r.file.Position(i) }

// Whole is where the row stands.
func (r *Row) Whole() source.Span { return source.Span{File: r.file, End: len(r.texts)} }

// add takes the text of a cell, or of several that were put together.
func (b *Book) add(t document.Text) {
	for i, m := range t.Marks {
		end := len(t.S)
		if i+1 < len(t.Marks) {
			end = t.Marks[i+1].Offset
		}
		row, column, ok := position(m.Place.Ref())
		if m.Place.Cell == "" || !ok {
			continue
		}
		s := b.sheet(m.Place.Table())
		if s.rows[row] == nil {
			s.rows[row] = map[int]string{}
		}
		s.rows[row][column] += t.S[m.Offset:end]
		s.width = max(s.width, column+1)
	}
}

func (b *Book) sheet(name string) *sheet {
	for _, s := range b.sheets {
		if s.name == name {
			return s
		}
	}
	s := &sheet{name: name, rows: map[int]map[int]string{}}
	b.sheets = append(b.sheets, s)
	return s
}

// position is the row and column of a cell, from 0.
func position(ref string) (row, column int, ok bool) {
	digits := strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	for _, c := range ref[:len(ref)-len(digits)] {
		column = column*26 + int(c-'A') + 1
	}
	for _, c := range digits {
		if c < '0' || c > '9' || row > 1e8 {
			return 0, 0, false
		}
		row = row*10 + int(c-'0')
	}
	return row - 1, column - 1, row > 0 && column > 0
}

// cells are what the cells of the sheet are called.
func (s *sheet) cells() *source.Cells { return &source.Cells{Width: s.width, Sheet: s.name} }

// names are those in the first row, which stands at.
func (s *sheet) names(path string) (names []table.Name, at int) {
	at = slices.Min(slices.Collect(maps.Keys(s.rows)))
	f := &source.File{Path: path, Before: at, Cells: s.cells()}
	for column := range s.width {
		names = append(names, table.Name{Text: table.Trimmed(s.rows[at][column]), Span: source.Span{File: f, Start: column, End: column + 1}})
	}
	return names, at
}

// Records are the datasets of all sheets whose first rows name an entity and a period.
func (b *Book) Records() iter.Seq[table.Record] {
	return func(yield func(table.Record) bool) {
		for _, s := range b.sheets {
			if !b.records(s, yield) {
				return
			}
		}
	}
}

func (b *Book) records(s *sheet, yield func(table.Record) bool) bool {
	names, at := s.names(b.path)
	whole := names[0].Span
	head, list := table.NewHead(names, whole)
	if head != nil && len(s.rows) == 1 {
		list.Add(diag.New(diag.TableNoRows, whole))
	}
	if list != nil && !yield(table.Record{Line: at + 1, List: list}) {
		return false
	}
	if head == nil {
		return true
	}
	t := table.Rows{Head: head, Path: b.path, Cells: s.cells()}
	for _, row := range slices.Sorted(maps.Keys(s.rows))[1:] {
		cells := t.Next(row)
		// last is the last column that has a value.
		last := 0
		for column, text := range s.rows[row] {
			if text = table.Trimmed(text); text == "" {
				continue
			}
			if last = max(last, column); column < len(cells) {
				cells[column].Text = text
			}
		}
		var more bool
		if last >= len(cells) {
			f := &source.File{Path: b.path, Before: row, Cells: s.cells()}
			span := source.Span{File: f, Start: last, End: last + 1}
			more = t.Fault(diag.New(diag.TableWidth, span, last+1, len(cells)), yield)
		} else {
			more = t.Add(yield)
		}
		if !more {
			return false
		}
	}
	return t.End(yield)
}
