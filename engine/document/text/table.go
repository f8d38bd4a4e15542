package text

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/document"
)

// row is the cells of one row as they are written, each with its place.
type row []document.Text

// table reads a table in one of the shapes, from the next line on, and reports whether there is one. A shape gives the
// grid and the line behind it, or no grid and the line up to which none of its shape begins.
func (r *reader) table() bool {
	if g := r.chart(); g != nil {
		r.add(document.Chart, g, r.at+1)
		return true
	}
	for i, shape := range []func() (*document.Grid, int){r.lined, r.boxed, r.barred, r.barLined, r.tabbed, r.spaced} {
		if r.at < r.none[i] {
			continue
		}
		g, next := shape()
		if g != nil {
			r.add(document.Table, g, next)
			return true
		}
		r.none[i] = next
	}
	return false
}

// add ends a table or chart, whose lines end before next.
func (r *reader) add(kind document.Kind, g *document.Grid, next int) {
	if kind == document.Table {
		r.tables++
		g.Name = "表" + strconv.Itoa(r.tables)
	}
	r.cells -= len(g.Cells)
	r.doc.Blocks = append(r.doc.Blocks, document.Block{Kind: kind, Grid: g})
	r.at = next
}

// lined reads a table with a cell on each line: the line begins with a tab, a further line of a cell does not, and a blank
// line ends the row.
func (r *reader) lined() (*document.Grid, int) {
	var rows []row
	n := r.at
	for n < len(r.lines) && begins(r.lines[n]) {
		var cells row
		for ; n < len(r.lines) && r.lines[n] != "" && (begins(r.lines[n]) || !blank(r.lines[n])); n++ {
			line := r.lines[n]
			if begins(line) {
				cells = append(cells, r.text(n, 1, len(line)))
				continue
			}
			last := &cells[len(cells)-1]
			if last.S != "" {
				last.Append(document.Text{S: "\n"})
			} else {
				last.Marks = nil
			}
			last.Append(r.text(n, 0, len(line)))
		}
		rows = append(rows, cells)
		if n+1 < len(r.lines) && begins(r.lines[n+1]) {
			n++
		}
	}
	end := n
	// Paragraphs that are indented with a tab look like cells.
	for len(rows) > 0 && len(rows[len(rows)-1]) == 1 {
		last := rows[len(rows)-1][0]
		n = last.Marks[0].Place.Line - 1
		rows = rows[:len(rows)-1]
	}
	if !tabular(rows) {
		return nil, end
	}
	return grid(rows), n
}

// begins reports whether a line is a cell: a tab at its beginning and no other.
func begins(line string) bool {
	return strings.HasPrefix(line, "\t") && !strings.Contains(strings.TrimRight(line[1:], "\t "), "\t")
}

// tabular reports whether rows are those of a table rather than prose between tabs: two rows of cells that are no
// sentences, or one of three.
func tabular(rows []row) bool {
	wide, cells, prose := 0, 0, 0
	for _, cs := range rows {
		if len(cs) > 1 {
			wide++
		}
		if len(rows) == 1 && len(cs) > 2 {
			wide++
		}
		for _, c := range cs {
			if c.S != "" {
				cells++
			}
			if utf8.RuneCountInString(c.S) > 50 || strings.HasSuffix(c.S, "。") || strings.HasSuffix(c.S, "；") {
				prose++
			}
		}
	}
	return wide >= 2 && cells >= 3 && prose*2 < cells
}

// barred reads rows whose cells stand between bars. Where a cell covers several rows, the later ones begin with their
// second cell and are filled up with empty ones at their end.
func (r *reader) barred() (*document.Grid, int) {
	n := r.at
	var rows []row
	for ; n < len(r.lines) && strings.Count(r.lines[n], "|") >= 2; n++ {
		if cells := r.split(n, '|'); len(cells) > 0 && !ruled(cells) {
			rows = append(rows, cells)
		}
	}
	if n-r.at < 2 || !tabular(rows) {
		return nil, n
	}
	return grid(shifted(rows)), n
}

// ruled reports whether a row is the rule below a head, as in Markdown.
func ruled(cells row) bool {
	return !slices.ContainsFunc(cells, func(c document.Text) bool { return strings.Trim(c.S, "-:=") != "" })
}

// tabbed reads rows whose cells stand between tabs.
func (r *reader) tabbed() (*document.Grid, int) {
	n := r.at
	var rows []row
	width := 0
	for ; n < len(r.lines) && strings.Contains(strings.TrimSpace(r.lines[n]), "\t"); n++ {
		rows = append(rows, r.split(n, '\t'))
		width = max(width, len(rows[len(rows)-1]))
	}
	for i, cells := range rows {
		// A row that is written out to the width of the table has blank cells at its end.
		line := r.lines[r.at+i]
		if strings.Count(line, "\t")+1 >= width && len(cells) > 1 {
			for len(cells) < width {
				cells = append(cells, r.text(r.at+i, len(line), len(line)))
			}
			rows[i] = cells
		}
	}
	// Where every row has as many tabs they say where each cell stands, be it empty.
	tabs := func(line string) int { return strings.Count(line, "\t") }
	if whole := r.lines[r.at:n]; len(whole) > 1 && !slices.ContainsFunc(whole, func(line string) bool { return tabs(line) != tabs(whole[0]) }) {
		for i := range rows {
			for k := len(rows[i]); k <= tabs(whole[i]); k++ {
				rows[i] = append(rows[i], r.text(r.at+i, len(whole[i]), len(whole[i])))
			}
		}
	}
	numbered := func(cells row) bool { return numbering.MatchString(cells[0].S) }
	if len(rows) < 2 || !tabular(rows) || !slices.ContainsFunc(rows, func(cells row) bool { return !numbered(cells) }) {
		return nil, n
	}
	return grid(rows), n
}

// numbering is a heading's or item's number alone, which a tab parts from what it numbers.
var numbering = regexp.MustCompile(`^(?:第.{1,3}部分|[（(]?[一二三四五六七八九十]+[、）)]?|[（(]?\d{1,2}[.、）)．]|[①-⑳●•◆■])$`)

// split cuts a line into cells. Those behind the last one with text are dropped, and an empty one before the first bar.
func (r *reader) split(n int, at byte) row {
	line := r.lines[n]
	var cells row
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
		cells = append(cells, text)
		if text.S != "" {
			filled = len(cells)
		}
		from += to + 1
	}
	return cells[:filled]
}

// chart reads the data of a chart in one line: labels between tabs, then as many numbers.
func (r *reader) chart() *document.Grid {
	tabs := func(n int) bool { return n >= 0 && n < len(r.lines) && strings.Contains(r.lines[n], "\t") }
	if !tabs(r.at) || tabs(r.at-1) || tabs(r.at+1) {
		return nil
	}
	cells := r.split(r.at, '\t')
	n := len(cells) / 2
	if n < 2 || len(cells) != 2*n {
		return nil
	}
	g := &document.Grid{Rows: n + 1, Cols: 2}
	for i := range n {
		if cells[i].S == "" || numeric(cells[i].S) || !numeric(cells[n+i].S) {
			return nil
		}
		g.Cells = append(g.Cells,
			document.Cell{Row: i + 1, Col: 0, RowSpan: 1, ColSpan: 1, Text: cells[i]},
			document.Cell{Row: i + 1, Col: 1, RowSpan: 1, ColSpan: 1, Text: cells[n+i]})
	}
	if k := len(r.doc.Blocks); k > 0 && r.doc.Blocks[k-1].Kind == document.Paragraph {
		g.Name = r.doc.Blocks[k-1].Text.S
	}
	return g
}

// numeric reports whether a cell holds a number alone.
func numeric(s string) bool {
	s = strings.TrimRight(strings.TrimSpace(s), "%％")
	return strings.ContainsAny(s, "0123456789０１２３４５６７８９") && strings.Trim(s, "0123456789０１２３４５６７８９.,．，-－−+ ") == ""
}

// barLined reads cells on lines of their own with a bar on a line between them.
func (r *reader) barLined() (*document.Grid, int) {
	var cells row
	n := r.at
	for n+1 < len(r.lines) && strings.TrimSpace(r.lines[n+1]) == "|" && !strings.Contains(r.lines[n], "|") {
		cells = append(cells, r.text(n, 0, len(r.lines[n])))
		n += 2
	}
	if len(cells) < 4 {
		return nil, n
	}
	return cut(cells), n
}
