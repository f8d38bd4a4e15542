package docx

import (
	"strings"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
)

// maxSpan is how many columns a table of Word may have, with room to spare.
const maxSpan = 1000

// maxCols is how many columns a row may come to before it is no table of Word.
const maxCols = 10_000

// table reads a table, behind it those in its cells. A table that only lays out what stands in it, because it has one column
// or holds headings or other tables side by side, is none: its cells follow one another.
func (r *reader) table(x *archive.XML, emit func(piece)) error {
	g := &document.Grid{}
	var inside, nested []piece
	// above holds, for each column, the cell that goes on below where the next one says so.
	above := map[int]int{}
	filled, framing, heading := 0, 0, false
	err := children(x, func(e archive.Element) error {
		if e.Name != "w:tr" {
			return nil
		}
		row, col, deleted := g.Rows, 0, false
		g.Rows++
		err := children(x, func(e archive.Element) error {
			switch e.Name {
			case "w:trPr":
				return x.Each(func(e archive.Element) error {
					switch e.Name {
					case "w:gridBefore":
						n, _ := e.Int("val")
						col = min(max(n, 0), maxSpan)
					case "w:del":
						deleted = true
					}
					return nil
				})
			case "w:tc":
				if deleted {
					return nil
				}
				c, merged, pieces, err := r.cell(x)
				c.Row, c.Col = row, col
				col += c.ColSpan
				g.Cols = max(g.Cols, col)
				if r.cells++; r.cells > r.limits.Cells || g.Rows*g.Cols > r.limits.Cells || g.Cols > maxCols {
					return archive.Beyond(document.Cells(r.limits.Cells))
				}
				if i, ok := above[c.Col]; merged == "continue" && ok {
					if a := &g.Cells[i]; a.Row+a.RowSpan == row && a.ColSpan == c.ColSpan {
						a.RowSpan++
						return err
					}
				}
				delete(above, c.Col)
				if merged != "" {
					above[c.Col] = len(g.Cells)
				}
				var lines []string
				frames := false
				for _, p := range pieces {
					if p.grid != nil {
						nested = append(nested, p)
						frames = true
					} else if s := strings.TrimSpace(p.text); s != "" {
						lines = append(lines, s)
						heading = heading || p.level > 0
					}
				}
				if frames {
					framing++
				}
				if frames || len(lines) > 0 {
					filled++
				}
				inside = append(inside, pieces...)
				c.Text.S = strings.Join(lines, "\n")
				g.Cells = append(g.Cells, c)
				return err
			}
			return nil
		})
		if deleted {
			g.Rows--
		}
		return err
	})
	if narrow(g); g.Cols < 2 || heading || framing > 0 && 2*framing >= filled {
		nested = inside
	} else {
		emit(piece{kind: document.Table, grid: g})
	}
	for _, p := range nested {
		emit(p)
	}
	return err
}

// cell reads a cell and how it is merged with the one above.
func (r *reader) cell(x *archive.XML) (document.Cell, string, []piece, error) {
	c := document.Cell{RowSpan: 1, ColSpan: 1}
	merged := ""
	var pieces []piece
	emit := func(p piece) { pieces = append(pieces, p) }
	err := children(x, func(e archive.Element) error {
		switch e.Name {
		case "w:tcPr":
			return x.Each(func(e archive.Element) error {
				switch e.Name {
				case "w:gridSpan":
					n, _ := e.Int("val")
					c.ColSpan = min(max(n, 1), maxSpan)
				case "w:vMerge":
					if merged = e.Attr("val"); merged == "" {
						merged = "continue"
					}
				}
				return nil
			})
		case "w:p":
			return r.paragraph(x, emit)
		case "w:tbl":
			return r.table(x, emit)
		}
		return nil
	})
	return c, merged, pieces, err
}

// narrow takes out the columns in which no cell begins.
func narrow(g *document.Grid) {
	begins := make([]int, g.Cols+1)
	for _, c := range g.Cells {
		begins[c.Col+1] = 1
	}
	for i := range g.Cols {
		begins[i+1] += begins[i]
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		from, to := begins[c.Col], begins[c.Col+c.ColSpan]
		c.Col, c.ColSpan = from, to-from
	}
	g.Cols = begins[g.Cols]
}
