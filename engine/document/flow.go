package document

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Flow is the document with lines that were broken to fit a page joined to paragraphs, and tables that go on behind a
// page break joined to one. A document whose paragraphs are whole is returned as it is.
func (d *Document) Flow() *Document {
	margin := d.margin()
	joins := func(a, b *Block) bool {
		switch {
		case a.Kind == Paragraph && b.Kind == Paragraph:
			return margin > 0 && broken(a, b, margin)
		case a.Kind == Table && b.Kind == Table:
			return continued(a.Grid, b.Grid)
		}
		return false
	}
	out := *d
	out.Blocks = nil
	// last is the line that the next one may go on from: the joined paragraph says nothing of where its last line ended.
	var last *Block
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if last != nil && joins(last, b) {
			joined := &out.Blocks[len(out.Blocks)-1]
			if b.Kind == Table {
				joined.Grid = extended(joined.Grid, b.Grid)
			} else {
				joined.Text.Marks = slices.Clip(joined.Text.Marks)
				if latin(joined.Text.S, b.Text.S) {
					joined.Text.Append(Text{S: " "})
				}
				joined.Text.Append(b.Text)
			}
		} else {
			out.Blocks = append(out.Blocks, *b)
		}
		last = b
	}
	return &out
}

// margin is the width at which the lines of a document were broken, 0 when they were not: its widest lines are of one
// width, narrow enough for a page, and some of them end within a sentence.
func (d *Document) margin() int {
	var widths []int
	for i := range d.Blocks {
		if b := &d.Blocks[i]; b.Kind == Paragraph {
			widths = append(widths, columns(b.Text.S))
		}
	}
	if len(widths) < 4 {
		return 0
	}
	slices.Sort(widths)
	// A few lines may stick out.
	most := widths[len(widths)-1-len(widths)/50]
	if most > 130 {
		return 0
	}
	full := 0
	for i := range d.Blocks {
		if b := &d.Blocks[i]; b.Kind == Paragraph && columns(b.Text.S) >= most-most/8 && !ended(b.Text.S) {
			full++
		}
	}
	if full < 3 || full*8 < len(widths) {
		return 0
	}
	return most
}

// opening begins a heading or an item of a list.
var opening = regexp.MustCompile(`^\s*(?:第[一二三四五六七八九十]+(?:部分|章|节)|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d{1,2}(?:[、．]|\.(?:\D|$))|[（(]\d{1,2}[）)]|[①-⑳]|[图表]\s*\d|附[件表])`)

// broken reports whether b is the rest of a.
func broken(a, b *Block, margin int) bool {
	if opening.MatchString(b.Text.S) || ended(a.Text.S) {
		return false
	}
	if opening.MatchString(a.Text.S) && !strings.ContainsAny(a.Text.S, "，。；：,;:") && columns(a.Text.S) < margin-margin/8 {
		return false
	}
	from, to := a.Text.At(0), b.Text.At(0)
	if to.Page == from.Page && to.Line-from.Line > 1 {
		return false
	}
	// A paragraph begins with an indent where the lines below it have none.
	if to.Column-from.Column >= 2 {
		return false
	}
	return columns(a.Text.S)+from.Column-1 >= margin-margin/8
}

// ended reports whether a line ends a sentence.
func ended(s string) bool {
	c, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(s, unicode.IsSpace))
	return strings.ContainsRune("。！？!?", c)
}

// latin reports whether two lines break between words that a space parts.
func latin(a, b string) bool {
	x, _ := utf8.DecodeLastRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	letter := func(c rune) bool { return c < 0x80 && unicode.IsLetter(c) }
	return letter(x) && letter(y)
}

// columns is the width of a line on a terminal.
func columns(s string) int {
	n := 0
	for _, c := range s {
		n++
		if k := width.LookupRune(c).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

// continued reports whether b is the rest of a, behind a page break: a table of as many columns, right behind it.
func continued(a, b *Grid) bool {
	if a.Cols != b.Cols || a.Rows == 0 || b.Rows == 0 || len(a.Cells) == 0 || len(b.Cells) == 0 {
		return false
	}
	return b.Cells[0].Text.At(0).Page == a.Cells[len(a.Cells)-1].Text.At(0).Page+1
}

// extended is a table with the rows of its rest, less the heads that the rest repeats.
func extended(a, b *Grid) *Grid {
	out := &Grid{Rows: a.Rows, Cols: a.Cols, Name: a.Name, Cells: slices.Clone(a.Cells)}
	repeated := 0
	for repeated < b.Rows && repeated < a.Rows && slices.Equal(row(a, repeated), row(b, repeated)) {
		repeated++
	}
	for _, c := range b.Cells {
		if c.Row >= repeated {
			c.Row += a.Rows - repeated
			out.Cells = append(out.Cells, c)
		}
	}
	out.Rows += b.Rows - repeated
	return out
}

func row(g *Grid, n int) []string {
	var texts []string
	for _, c := range g.Cells {
		if c.Row == n {
			texts = append(texts, strings.Join(strings.Fields(c.Text.S), ""))
		}
	}
	return texts
}
