package extract

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/document"
)

// above finds the title and the unit of a table in the lines above it. Charts and forms name themselves, and so do sheets
// that hold no title.
func (g *sheet) above(b document.Block) {
	title := ""
	if b.Kind == document.Chart || !strings.HasPrefix(b.Grid.Name, "表") || digits(strings.TrimPrefix(b.Grid.Name, "表")) == 0 {
		g.title = b.Grid.Name
	}
	for i := g.block - 1; i >= 0 && i >= g.block-5; i-- {
		above := &g.Document.Blocks[i]
		if above.Grid != nil {
			break
		}
		own := above.Text.At(0).Table()
		if own != "" && own != b.Grid.Name {
			// It is of another sheet.
			break
		}
		s := g.words.Fold(above.Text.S)
		if g.unit == "" {
			g.unit = g.words.unitIn(s)
		}
		if title == "" && (g.title == "" || own != "") && g.titled(s) {
			title = strings.Join(strings.Fields(above.Text.S), "")
		}
		if utf8.RuneCountInString(s) > 60 {
			break
		}
	}
	g.title = cmp.Or(title, g.title)
	if n := len(g.headings); g.title == "" && n > 0 {
		g.title = g.headings[n-1].title
	}
}

// titled reports whether a line may be the title of a table.
func (g *sheet) titled(s string) bool {
	if s == "" || utf8.RuneCountInString(s) > 50 || strings.ContainsAny(s, "。;") || g.words.unitIn(s) != "" || g.words.captionWords.prefix(s) != "" {
		return false
	}
	bare := strings.Trim(s, "()")
	if m := yearly.FindString(bare); m != "" && len(m) == len(bare) {
		return false
	}
	return !strings.HasSuffix(s, ":") || strings.HasSuffix(s, "表:")
}

// caption reads a row that is no part of the table's body: its title, its unit, a note.
func (g *sheet) caption(row int, cells []*cell) bool {
	for _, c := range cells {
		if c.shape == shapeNumber || len(cells) > 4 {
			return false
		}
		if u := g.words.unitIn(c.s); u != "" && g.words.tableUnits.prefix(c.s) != "" || u != "" && len(cells) == 1 {
			g.unit = u
			return true
		}
	}
	first := cells[0]
	if len(cells) > 1 {
		return g.words.captionWords.prefix(first.s) != ""
	}
	if g.words.captionWords.prefix(first.s) != "" && first.shape == shapeWord && !g.words.worded(first.s) {
		return true
	}
	covered := false
	for _, c := range g.cells[row] {
		covered = covered || c != nil && c.Row < row && c.shape != shapeBlank
	}
	wide := first.ColSpan == len(g.cells[row]) || first.Col == 0 && g.alone(row)
	switch {
	case covered:
		return false
	case first.shape == shapeProse || g.words.notes.prefix(first.s) != "":
		g.prose(first, g.about)
		g.deny(first.Text, first.s, first.Row, first.Col, g.block)
		return true
	case !wide || first.ColSpan == 1 && g.part != nil && g.words.titleEnds.suffix(g.bare(first.s)) == "":
		return false
	}
	if g.words.titleEnds.suffix(g.bare(first.s)) != "" {
		g.title, g.part, g.about = first.name, nil, ""
	} else if g.part == nil && g.title == "" {
		g.title = first.name
	}
	g.points(first)
	return true
}

// bare is a title without the brackets at its end: 自评表(2023年度).
func (g *sheet) bare(s string) string {
	if strings.HasSuffix(s, ")") {
		if open := strings.LastIndexByte(s, '('); open > 0 {
			return s[:open]
		}
	}
	return s
}

// alone reports whether nothing stands behind the first cell of a row.
func (g *sheet) alone(row int) bool {
	for _, c := range g.cells[row][1:] {
		if c != nil && c.shape != shapeBlank && c != g.cells[row][0] {
			return false
		}
	}
	return true
}

// empty looks for the words below a table without figures that say why: 故本表无数据.
func (g *sheet) empty() {
	for i := g.block + 1; i < len(g.Document.Blocks) && i <= g.block+4; i++ {
		b := &g.Document.Blocks[i]
		if b.Grid != nil || g.deny(b.Text, g.words.Fold(b.Text.S), -1, -1, i) {
			break
		}
	}
}

// deny notes that a text says that the table holds no figures.
func (g *sheet) deny(text document.Text, s string, row, col, block int) bool {
	if at, _ := g.words.tableEmpty.in(s); at < 0 {
		return false
	}
	g.Notes = append(g.Notes, Note{
		Kind: noteAbsence, Text: strings.TrimSpace(text.S), Subject: g.title, Section: g.section, Place: text.At(0),
		Block: block, From: 0, To: len(text.S), Row: row, Col: col, Base: None,
	})
	return true
}
