package document

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Text is the text that the places of the document count: one line for each paragraph and each row of a table, with a
// tab between cells, or the file itself where the document is plain text. The character at a line and column of it is the
// one that stands at this place.
func (d *Document) Text() string {
	if d.Source != "" {
		return d.Source
	}
	var runs []run
	for i := range d.Blocks {
		b := &d.Blocks[i]
		runs = append(runs, runsOf(&b.Text, ' ')...)
		if b.Grid != nil {
			for k := range b.Grid.Cells {
				runs = append(runs, runsOf(&b.Grid.Cells[k].Text, '\t')...)
			}
			runs = append(runs, b.Grid.ends()...)
		}
	}
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Or(a.line-b.line, a.column-b.column) })
	var out strings.Builder
	line, column := 1, 1
	for _, r := range runs {
		if line < r.line {
			out.WriteString(strings.Repeat("\n", r.line-line))
			line, column = r.line, 1
		}
		if column < r.column {
			out.WriteString(strings.Repeat(string(r.gap), r.column-column))
			column = r.column
		}
		out.WriteString(r.s)
		column += utf8.RuneCountInString(r.s)
	}
	if len(runs) > 0 {
		out.WriteString("\n")
	}
	return out.String()
}

// ends are runs of nothing behind the last cells of rows, so that every row has as many tabs.
func (g *Grid) ends() []run {
	var runs []run
	for i := range g.Cells {
		c := &g.Cells[i]
		if i+1 < len(g.Cells) && g.Cells[i+1].Row == c.Row {
			continue
		}
		if at := c.Text.At(0); at.Line > 0 {
			runs = append(runs, run{at.Line, at.Column + utf8.RuneCountInString(c.Text.S) + g.Cols - 1 - c.Col, "", '\t'})
		}
	}
	return runs
}

// run is characters that stand side by side on one line; gap fills what is free before them.
type run struct {
	line, column int
	s            string
	gap          rune
}

// runsOf cuts a text into runs, at its marks and its line breaks. A line break within a run takes up a column.
func runsOf(t *Text, gap rune) []run {
	var runs []run
	for i, m := range t.Marks {
		end := len(t.S)
		if i+1 < len(t.Marks) {
			end = t.Marks[i+1].Offset
		}
		column := m.Place.Column
		for piece := range strings.SplitSeq(t.S[m.Offset:end], "\n") {
			if piece != "" && m.Place.Line > 0 {
				runs = append(runs, run{m.Place.Line, column, piece, gap})
				gap = ' '
			}
			column += utf8.RuneCountInString(piece) + 1
		}
	}
	return runs
}
