// Package text reads plain text files as documents. Their places are the lines and columns of the file.
//
// Text has no tables of its own. Three ways in which programs write tables down as text are known: a cell on each line,
// rows of cells between tabs, and rows of cells between strokes. Everything else is paragraphs, one a line.
package text

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// Is reports whether the content is text in one of the encodings that Read knows.
func Is(content []byte) bool {
	_, ok := decode(content)
	return ok
}

// Read reads text in UTF-8, GB18030, or UTF-16 with a byte order mark.
func Read(_ context.Context, f *source.File, l document.Limits) (*document.Document, diag.List) {
	whole := source.Span{File: source.New(f.Path, nil)}
	if int64(len(f.Content)) > l.Bytes {
		return nil, diag.List{diag.New(diag.DocumentLimit, whole, fmt.Sprintf("%d MiB", l.Bytes>>20))}
	}
	content, ok := decode(f.Content)
	if !ok {
		return nil, diag.List{diag.New(diag.DocumentDamaged, whole, "neither UTF-8 nor GB18030")}
	}
	r := &reader{file: source.New(f.Path, content), doc: &document.Document{Path: f.Path, Format: "txt"}}
	r.read()
	if len(r.doc.Blocks) == 0 {
		return nil, diag.List{diag.New(diag.DocumentEmpty, whole)}
	}
	return r.doc, nil
}

// decode brings text to UTF-8. GB18030 gives a meaning to nearly every byte, so that what it is taken for must hold
// Chinese and no control characters.
func decode(content []byte) ([]byte, bool) {
	if bytes.HasPrefix(content, []byte{0xff, 0xfe}) || bytes.HasPrefix(content, []byte{0xfe, 0xff}) {
		out, err := utf16.UTF16(utf16.LittleEndian, utf16.UseBOM).NewDecoder().Bytes(content)
		return out, err == nil && plain(out)
	}
	if utf8.Valid(content) {
		return content, plain(content)
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content)
	return out, err == nil && plain(out) && !bytes.ContainsRune(out, utf8.RuneError)
}

// plain reports whether decoded content has no control characters but those of lines and pages.
func plain(content []byte) bool {
	return !bytes.ContainsFunc(content, func(c rune) bool {
		return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' || c == 0x7f
	})
}

// reader goes through the lines of a file.
type reader struct {
	file   *source.File
	doc    *document.Document
	line   int
	tables int
}

func (r *reader) read() {
	for r.line = 1; r.line <= r.file.Lines(); {
		for _, shape := range []func() bool{r.cells, r.strokes, r.stroked, r.chart, r.tabs} {
			if shape() {
				goto next
			}
		}
		r.paragraph()
	next:
	}
}

// text is part of a line from a byte offset in it, without the space around it.
func (r *reader) text(n, from, to int) document.Text {
	s := r.file.Line(n)[from:to]
	lead := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	s = strings.TrimSpace(s)
	column := utf8.RuneCountInString(r.file.Line(n)[:from+lead]) + 1
	return document.Text{S: s, Marks: []document.Mark{{Place: source.Place{Line: n, Column: column}}}}
}

func (r *reader) paragraph() {
	if line := r.file.Line(r.line); strings.TrimSpace(line) != "" {
		r.doc.Blocks = append(r.doc.Blocks, document.Block{Kind: document.Paragraph, Text: r.text(r.line, 0, len(line))})
	}
	r.line++
}

// table ends a table of rows of cells.
func (r *reader) table(rows [][]document.Text) {
	r.tables++
	g := &document.Grid{Rows: len(rows), Name: "表" + strconv.Itoa(r.tables)}
	for i, row := range rows {
		g.Cols = max(g.Cols, len(row))
		for k, text := range row {
			g.Cells = append(g.Cells, document.Cell{Row: i, Col: k, RowSpan: 1, ColSpan: 1, Text: text})
		}
	}
	r.doc.Blocks = append(r.doc.Blocks, document.Block{Kind: document.Table, Grid: g})
}

// cells reads a table with a cell on each line: the line begins with a tab, a further line of a cell does not, and a blank
// line ends the row. It needs two rows, or two cells.
func (r *reader) cells() bool {
	if !begins(r.file.Line(r.line)) {
		return false
	}
	var rows [][]document.Text
	n := r.line
	for begins(r.file.Line(n)) {
		var row []document.Text
		for n <= r.file.Lines() {
			line := r.file.Line(n)
			switch {
			case begins(line):
				row = append(row, r.text(n, 1, len(line)))
			case strings.TrimSpace(line) != "":
				last := &row[len(row)-1]
				last.Append(document.Text{S: "\n"})
				last.Append(r.text(n, 0, len(line)))
			}
			if strings.TrimSpace(line) == "" && !begins(line) {
				break
			}
			n++
		}
		rows = append(rows, row)
		if next := n + 1; next <= r.file.Lines() && begins(r.file.Line(next)) {
			n = next
		}
	}
	if len(rows) < 2 && len(rows[0]) < 2 {
		return false
	}
	r.table(rows)
	r.line = n
	return true
}

// begins reports whether a line is a cell: a tab at its beginning and no other.
func begins(line string) bool {
	return strings.HasPrefix(line, "\t") && !strings.Contains(strings.TrimRight(line[1:], "\t "), "\t")
}

// strokes reads rows whose cells stand between strokes, at least two lines of at least two.
func (r *reader) strokes() bool {
	var rows [][]document.Text
	n := r.line
	for ; n <= r.file.Lines() && strings.Count(r.file.Line(n), "|") >= 2; n++ {
		rows = append(rows, r.split(n, '|'))
	}
	if len(rows) < 2 {
		return false
	}
	r.table(rows)
	r.line = n
	return true
}

// tabs reads rows whose cells stand between tabs, at least two lines.
func (r *reader) tabs() bool {
	var rows [][]document.Text
	n := r.line
	for ; n <= r.file.Lines() && strings.Contains(strings.TrimSpace(r.file.Line(n)), "\t"); n++ {
		rows = append(rows, r.split(n, '\t'))
	}
	if len(rows) < 2 {
		return false
	}
	r.table(rows)
	r.line = n
	return true
}

// split cuts a line into cells. Those behind the last one with text are dropped, and an empty one before the first stroke.
func (r *reader) split(n int, at byte) []document.Text {
	line := r.file.Line(n)
	var row []document.Text
	filled, from := 0, 0
	if at == '|' && strings.HasPrefix(strings.TrimSpace(line), "|") {
		from = strings.IndexByte(line, '|') + 1
	}
	for from <= len(line) {
		to := strings.IndexByte(line[from:], at)
		if to < 0 {
			to = len(line) - from
		}
		text := r.text(n, from, from+to)
		row = append(row, text)
		if text.S != "" {
			filled = len(row)
		}
		from += to + 1
	}
	return row[:filled]
}

// chart reads the data of a chart in one line: labels between tabs, then as many numbers.
func (r *reader) chart() bool {
	line := r.file.Line(r.line)
	if strings.Count(line, "\t") < 3 {
		return false
	}
	row := r.split(r.line, '\t')
	n := len(row) / 2
	if n < 2 || len(row) != 2*n {
		return false
	}
	for i := range n {
		if row[i].S == "" || numeric(row[i].S) || !numeric(row[n+i].S) {
			return false
		}
	}
	g := &document.Grid{Rows: n + 1, Cols: 2}
	add := func(row, col int, text document.Text) {
		g.Cells = append(g.Cells, document.Cell{Row: row, Col: col, RowSpan: 1, ColSpan: 1, Text: text})
	}
	if k := len(r.doc.Blocks); k > 0 && r.doc.Blocks[k-1].Kind == document.Paragraph {
		g.Name = r.doc.Blocks[k-1].Text.S
	}
	for i := range n {
		add(i+1, 0, row[i])
		add(i+1, 1, row[n+i])
	}
	r.doc.Blocks = append(r.doc.Blocks, document.Block{Kind: document.Chart, Grid: g})
	r.line++
	return true
}

// numeric reports whether a cell holds a number alone.
func numeric(s string) bool {
	s = strings.TrimRight(strings.TrimSpace(s), "%％")
	return s != "" && strings.Trim(s, "0123456789.,-−") == ""
}

// stroked reads cells on lines of their own with a stroke on a line between them. Nothing tells where a row ends, but
// that rows of figures are alike: a label and as many numbers.
func (r *reader) stroked() bool {
	var cells []document.Text
	n := r.line
	for n < r.file.Lines() && strings.TrimSpace(r.file.Line(n+1)) == "|" {
		line := r.file.Line(n)
		if strings.Contains(line, "|") {
			return false
		}
		cells = append(cells, r.text(n, 0, len(line)))
		n += 2
	}
	if len(cells) < 4 {
		return false
	}
	r.table(rowsOf(cells))
	r.line = n
	return true
}

// rowsOf cuts cells into rows.
func rowsOf(cells []document.Text) [][]document.Text {
	// The first label right before a number begins the first row of figures.
	first := 0
	for first+1 < len(cells) && !numeric(cells[first+1].S) {
		first++
	}
	width := 1
	for first+width < len(cells) && numeric(cells[first+width].S) {
		width++
	}
	if first+width > len(cells) || width < 2 {
		return [][]document.Text{cells}
	}
	var rows [][]document.Text
	head := cells[:first]
	if below := len(head) - width; below > 0 {
		// More heads than columns: the last ones stand below a head of their own.
		for i := len(head) - 1; i > 0; i-- {
			if s := head[i].S; (s == "合计" || s == "小计") && len(head)-i < width {
				lower := make([]document.Text, width-(len(head)-i), width)
				rows = append(rows, head[:i], append(lower, head[i:]...))
				head = nil
				break
			}
		}
	}
	if head != nil {
		rows = append(rows, head)
	}
	for rest := cells[first:]; len(rest) > 0; {
		k := min(width, len(rest))
		rows = append(rows, rest[:k])
		rest = rest[k:]
	}
	return rows
}
