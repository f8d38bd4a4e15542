package document

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/source"
)

// Lines puts a document together from text that has no lines of its own: it gives each paragraph and each row of a table
// the next line.
type Lines struct {
	Document
	// used counts the lines so far, tables and charts those.
	used, tables, charts int
}

// Paragraph adds a paragraph, or a heading where level is not 0. Blank ones are left out. What looks like a paragraph is
// one, whatever it is marked as: many are marked for their looks.
func (l *Lines) Paragraph(level int, t Text) {
	s := strings.TrimRightFunc(t.S, unicode.IsSpace)
	lead := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	if lead == len(s) {
		return
	}
	l.used++
	t = place(t, l.used, 1).Slice(lead, len(s))
	b := Block{Kind: Paragraph, Text: t}
	if level > 0 && utf8.RuneCountInString(t.S) <= 60 && !strings.HasSuffix(t.S, "。") {
		b.Kind, b.Level = Heading, level
	}
	l.Blocks = append(l.Blocks, b)
}

// Grid adds a table or chart, a line for each row and a tab between cells. Cells that have no place yet are called by the
// number of the table, and the grid by it where it has no name. One without any text is left out.
func (l *Lines) Grid(kind Kind, g *Grid) {
	filled := false
	for i := range g.Cells {
		filled = filled || strings.TrimSpace(g.Cells[i].Text.S) != ""
	}
	if !filled {
		return
	}
	var name string
	if kind == Chart {
		l.charts++
		name = "图" + strconv.Itoa(l.charts)
	} else {
		l.tables++
		name = "表" + strconv.Itoa(l.tables)
	}
	if g.Name == "" {
		g.Name = name
	}
	// A character stands behind all tabs of the columns before its own and all text of its row before it.
	row, before := 0, 0
	for i := range g.Cells {
		c := &g.Cells[i]
		if c.Row != row {
			row, before = c.Row, 0
		}
		if len(c.Text.Marks) == 0 {
			c.Text.Marks = []Mark{{Place: source.Place{Cell: name + "!" + CellName(c.Row, c.Col)}}}
		}
		c.Text = place(c.Text, l.used+c.Row+1, before+c.Col+1)
		before += utf8.RuneCountInString(c.Text.S)
	}
	l.used += g.Rows
	l.Blocks = append(l.Blocks, Block{Kind: kind, Grid: g})
}

// place is a text whose first character stands at a line and column.
func place(t Text, line, column int) Text {
	if len(t.Marks) == 0 {
		t.Marks = []Mark{{}}
	}
	for i := range t.Marks {
		m := &t.Marks[i]
		m.Place.Line, m.Place.Column = line, column+utf8.RuneCountInString(t.S[:m.Offset])
	}
	return t
}
