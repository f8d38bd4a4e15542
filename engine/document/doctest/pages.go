package doctest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/document"
)

// Sizes of what Pdf sets, in points.
const (
	margin     = 72.0
	bodySize   = 12.0
	cellSize   = 9.0
	leading    = 1.6
	cellAround = 3.0
)

// Pdf sets a document on pages of A4, as a word processor does: paragraphs that are indented and broken to lines, ruled
// tables whose merged cells go on behind a page break, the head and the number of the page on every page. Charts are
// tables as well.
func Pdf(d *document.Document, head string) []byte {
	s := &setting{head: head}
	s.turn()
	for i := range d.Blocks {
		if b := &d.Blocks[i]; b.Grid != nil {
			s.table(b.Grid)
		} else {
			s.paragraph(b)
		}
	}
	return s.Bytes()
}

type setting struct {
	PDF
	head string
	// y is where the next line may begin.
	y float64
}

const bottom = A4Height - margin

// turn begins a page.
func (s *setting) turn() {
	s.Page(A4Width, A4Height, 0)
	if s.head != "" {
		s.Text(margin, margin/2, cellSize, s.head)
		s.Line(margin, margin/2+4, A4Width-margin, margin/2+4)
	}
	number := fmt.Sprintf("- %d -", len(s.pages))
	s.Text((A4Width-Width(number, cellSize))/2, A4Height-margin/2, cellSize, number)
	s.y = margin
}

func (s *setting) paragraph(b *document.Block) {
	size, indent := bodySize, 2*bodySize
	if b.Kind == document.Heading {
		size = 14
	}
	for text := range strings.SplitSeq(b.Text.S, "\n") {
		for i, line := range wrapped(strings.TrimSpace(text), A4Width-2*margin, indent, size) {
			if s.y+size*leading > bottom {
				s.turn()
			}
			s.y += size * leading
			x := margin
			if i == 0 {
				x += indent
			}
			s.Text(x, s.y, size, line)
		}
	}
}

// wrapped breaks a text to lines, the first of which is indented: not before a closing mark, and not within a word or
// number.
func wrapped(s string, width, indent, size float64) []string {
	var lines []string
	line, room := "", width-indent
	for s != "" {
		n := unbroken(s)
		if Width(s[:n], size) > room && line != "" {
			lines = append(lines, line)
			line, room = "", width
			continue
		}
		room -= Width(s[:n], size)
		line += s[:n]
		s = s[n:]
	}
	return append(lines, line)
}

// unbroken is how many bytes at the beginning of a text stand together.
func unbroken(s string) int {
	word := func(c rune) bool { return c > ' ' && c < 0x80 }
	first, n := utf8.DecodeRuneInString(s)
	for n < len(s) && n < 40 {
		c, size := utf8.DecodeRuneInString(s[n:])
		if !strings.ContainsRune("，。、；：！？”’）》」』】％", c) && !(word(first) && word(c)) && (c != '—' || first != '—') {
			break
		}
		n += size
	}
	return n
}

// table sets a table as broad as the text. Rows that share a cell stay on one page where they fit on one.
func (s *setting) table(g *document.Grid) {
	widths := columnWidths(g)
	left := make([]float64, g.Cols+1)
	left[0] = margin
	for i, w := range widths {
		left[i+1] = left[i] + w
	}
	heights := make([]float64, g.Rows)
	for i := range heights {
		heights[i] = cellSize*leading + cellAround
	}
	lines := make([][]string, len(g.Cells))
	for _, spanning := range []bool{false, true} {
		for i := range g.Cells {
			c := &g.Cells[i]
			if c.RowSpan > 1 != spanning {
				continue
			}
			for text := range strings.SplitSeq(c.Text.S, "\n") {
				lines[i] = append(lines[i], wrapped(strings.TrimSpace(text), left[c.Col+c.ColSpan]-left[c.Col]-2*cellAround, 0, cellSize)...)
			}
			have := 0.0
			for r := c.Row; r < c.Row+c.RowSpan; r++ {
				have += heights[r]
			}
			heights[c.Row+c.RowSpan-1] += max(float64(len(lines[i]))*cellSize*leading+cellAround-have, 0)
		}
	}
	s.y += 6
	laid := g.Lay()
	for r := 0; r < g.Rows; {
		// together are rows that share cells.
		end := r + 1
		for i := r; i < end; i++ {
			for _, c := range laid[i] {
				if c != nil {
					end = max(end, c.Row+c.RowSpan)
				}
			}
		}
		height := 0.0
		for _, h := range heights[r:end] {
			height += h
		}
		if s.y+height > bottom && height < bottom-margin || s.y+heights[r] > bottom {
			s.turn()
		}
		s.rows(g, left, heights, lines, r, end)
		r = end
	}
	s.y += 6
}

// rows sets the rows from r to end.
func (s *setting) rows(g *document.Grid, left, heights []float64, lines [][]string, from, end int) {
	for from < end {
		// What fits on this page.
		to, height := from, 0.0
		for to < end && (to == from || s.y+height+heights[to] <= bottom) {
			height += heights[to]
			to++
		}
		for i := range g.Cells {
			c := &g.Cells[i]
			a, b := max(c.Row, from), min(c.Row+c.RowSpan, to)
			if a >= b {
				continue
			}
			top := s.y
			for _, h := range heights[from:a] {
				top += h
			}
			bottom := top
			for _, h := range heights[a:b] {
				bottom += h
			}
			l, r := left[c.Col], left[c.Col+c.ColSpan]
			s.Line(l, top, r, top)
			s.Line(l, bottom, r, bottom)
			s.Line(l, top, l, bottom)
			s.Line(r, top, r, bottom)
			y := top + cellSize*leading - cellAround
			for len(lines[i]) > 0 && y < bottom {
				s.Text(l+cellAround, y, cellSize, lines[i][0])
				lines[i] = lines[i][1:]
				y += cellSize * leading
			}
		}
		s.y += height
		if from = to; from < end {
			s.turn()
		}
	}
}

// columnWidths gives each column room for its longest word, and shares the rest out by how much its cells hold.
func columnWidths(g *document.Grid) []float64 {
	widths, more := make([]float64, g.Cols), make([]float64, g.Cols)
	for i := range widths {
		widths[i] = 2 * cellSize
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		if c.ColSpan > 1 {
			continue
		}
		for s := c.Text.S; s != ""; {
			n := unbroken(s)
			widths[c.Col] = max(widths[c.Col], Width(s[:n], cellSize)+2*cellAround)
			s = s[n:]
		}
		more[c.Col] = max(more[c.Col], min(Width(c.Text.S, cellSize), 12*cellSize))
	}
	left, wanted := A4Width-2*margin, 0.0
	for i := range widths {
		left -= widths[i]
		more[i] = max(more[i]+2*cellAround-widths[i], 0)
		wanted += more[i]
	}
	for i := range widths {
		if wanted > 0 {
			widths[i] += left * more[i] / wanted
		} else {
			widths[i] += left / float64(g.Cols)
		}
	}
	return widths
}
