package html

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/words"
)

// cell is one cell as it is written.
type cell struct {
	row, col, rows, cols int
	node                 *html.Node
	// lines are its paragraphs; nested the tables in it, whose text is not among them.
	lines  []string
	nested []*html.Node
}

// table reads a table: as a grid, or, when it only arranges the page, as what stands in its cells.
func (w *walker) table(n *html.Node, depth int) {
	var rows, last []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case hidden(c):
		case c.DataAtom == atom.Caption:
			w.walk(c, depth+1)
		case c.DataAtom == atom.Tfoot:
			last = append(last, sectionRows(c)...)
		case c.DataAtom == atom.Thead || c.DataAtom == atom.Tbody:
			rows = append(rows, sectionRows(c)...)
		}
	}
	rows = append(rows, last...)
	cells, cols := w.lay(rows, depth)
	if w.beyond != (words.Text{}) || w.ctx.Err() != nil {
		return
	}
	if attr(n, "role") == "presentation" || arranges(cells, cols) {
		for i := range cells {
			w.flush()
			for c := cells[i].node.FirstChild; c != nil; c = c.NextSibling {
				w.walk(c, depth+3)
			}
		}
		w.flush()
		return
	}
	w.grid(cells, len(rows), cols)
	for i := range cells {
		for _, nested := range cells[i].nested {
			w.table(nested, depth+3)
		}
	}
}

// sectionRows are the rows of a section that are shown.
func sectionRows(section *html.Node) []*html.Node {
	var rows []*html.Node
	for c := section.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Tr && !hidden(c) {
			rows = append(rows, c)
		}
	}
	return rows
}

// lay gives every cell its row and column.
func (w *walker) lay(rows []*html.Node, depth int) ([]cell, int) {
	var cells []cell
	// covered holds, for each column, the first row that no cell from above covers.
	var covered []int
	for r, tr := range rows {
		left := 1
		for next := r + 1; next < len(rows) && rows[next].Parent == tr.Parent; next++ {
			left++
		}
		col := 0
		for td := tr.FirstChild; td != nil; td = td.NextSibling {
			if (td.DataAtom != atom.Td && td.DataAtom != atom.Th) || hidden(td) {
				continue
			}
			for col < len(covered) && covered[col] > r {
				col++
			}
			c := cell{row: r, col: col, rows: span(td, "rowspan", left), cols: span(td, "colspan", 1000), node: td}
			if w.cells--; w.cells < 0 || len(rows)*(col+c.cols) > w.limits.Cells {
				w.beyond = document.Cells(w.limits.Cells)
				return nil, 0
			}
			for k := range c.cols {
				if col+k == len(covered) {
					covered = append(covered, 0)
				} else if covered[col+k] > r {
					c.cols = k
					break
				}
				covered[col+k] = r + c.rows
			}
			col += c.cols
			in := walker{page: w.page, nested: &c.nested, emit: func(_ int, s string) {
				if s = strings.TrimSpace(s); s != "" {
					c.lines = append(c.lines, s)
				}
			}}
			for n := td.FirstChild; n != nil; n = n.NextSibling {
				in.walk(n, depth+3)
			}
			in.flush()
			cells = append(cells, c)
		}
	}
	return narrow(cells, len(covered))
}

// narrow takes out the columns in which no cell begins: spans often reach over more columns than there are.
func narrow(cells []cell, cols int) ([]cell, int) {
	begins := make([]int, cols+1)
	for _, c := range cells {
		begins[c.col+1] = 1
	}
	for i := range cols {
		begins[i+1] += begins[i]
	}
	for i := range cells {
		c := &cells[i]
		from, to := begins[c.col], begins[c.col+c.cols]
		c.col, c.cols = from, to-from
	}
	return cells, begins[cols]
}

// span is how many rows or columns a cell covers, at most as many as there are.
func span(td *html.Node, key string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(attr(td, key)))
	switch {
	case err != nil || n < 0:
		return 1
	case n == 0 && key == "rowspan":
		return most
	}
	return min(max(n, 1), most)
}

// arranges reports whether a table only arranges the page: it has one column, or paragraphs and tables in few cells.
func arranges(cells []cell, cols int) bool {
	filled, paragraphs, nested := 0, 0, 0
	for i := range cells {
		c := &cells[i]
		if len(c.lines) > 0 {
			filled++
		}
		nested += len(c.nested)
		long := 0
		for _, line := range c.lines {
			if utf8.RuneCountInString(line) > 40 {
				long++
			}
		}
		if long > 1 || len(c.lines) > 4 && long > 0 {
			paragraphs++
		}
	}
	return cols < 2 || filled < 4 && (nested > 0 || paragraphs > 0) || paragraphs*2 > filled
}

// grid adds a table with a line for each row and a tab between cells.
func (w *walker) grid(cells []cell, rows, cols int) {
	filled := false
	for i := range cells {
		filled = filled || len(cells[i].lines) > 0
	}
	if !filled {
		return
	}
	w.tables++
	g := &document.Grid{Rows: rows, Cols: cols, Name: "表" + strconv.Itoa(w.tables)}
	// A character stands behind all tabs of the columns before its own and all text of its row before it.
	row, before := 0, 0
	for i := range cells {
		c := &cells[i]
		if c.row != row {
			row, before = c.row, 0
		}
		s := strings.Join(c.lines, "\n")
		g.Cells = append(g.Cells, document.Cell{
			Row: c.row, Col: c.col, RowSpan: c.rows, ColSpan: c.cols,
			Text: document.Text{S: s, Marks: []document.Mark{{Place: source.Place{
				Line: w.line + c.row + 1, Column: before + c.col + 1, Cell: g.Name + "!" + document.CellName(c.row, c.col),
			}}}},
		})
		before += utf8.RuneCountInString(s)
	}
	w.line += rows
	w.doc.Blocks = append(w.doc.Blocks, document.Block{Kind: document.Table, Grid: g})
}
