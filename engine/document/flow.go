package document

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Flow is the document with lines that were broken to fit a page joined to paragraphs, and tables that go on behind a
// page break joined to one. What was broken is told from the document itself: its lines end near one margin and within
// sentences. Where they do not, paragraphs stay as they are.
func (d *Document) Flow() *Document {
	f := flow{lines: make([]flowLine, len(d.Blocks))}
	unit := d.unit()
	for i := range d.Blocks {
		f.lines[i] = newLine(&d.Blocks[i], unit)
	}
	f.stretches()
	out := *d
	out.Blocks = nil
	// whole is the index of the block that the next one may go on, last that of its last line before joining, parts what
	// belongs to it.
	whole, last := -1, -1
	var parts []Text
	// grown is the last table that was joined, and belongs to out alone.
	var grown *Grid
	end := func() {
		if len(parts) > 1 {
			out.Blocks[whole].Text = concat(parts)
		}
		parts = nil
	}
	for i := range d.Blocks {
		b := &d.Blocks[i]
		switch {
		case last >= 0 && furniture(b) && i+1 < len(d.Blocks) && !furniture(&d.Blocks[i+1]):
			// The number of a page may stand within a paragraph or table that goes on behind it.
			out.Blocks = append(out.Blocks, *b)
			continue
		case last >= 0 && b.Kind == Paragraph && f.broken(last, i):
			parts = append(parts, b.Text)
		case last >= 0 && b.Kind == Table && d.Blocks[last].Kind == Table && continued(out.Blocks[whole].Grid, b.Grid):
			if g := out.Blocks[whole].Grid; g != grown {
				grown = &Grid{Rows: g.Rows, Cols: g.Cols, Name: g.Name, Cells: slices.Clone(g.Cells)}
				out.Blocks[whole].Grid = grown
			}
			grown.extend(b.Grid)
		default:
			end()
			whole = len(out.Blocks)
			out.Blocks = append(out.Blocks, *b)
			parts = []Text{b.Text}
		}
		last = i
	}
	end()
	return &out
}

// concat is several lines as one. Between two words of letters a space stands where the line broke.
func concat(lines []Text) Text {
	var s strings.Builder
	var out Text
	for i, line := range lines {
		if i > 0 {
			x, _ := utf8.DecodeLastRuneInString(lines[i-1].S)
			y, _ := utf8.DecodeRuneInString(line.S)
			if latin(x) && latin(y) {
				s.WriteByte(' ')
			}
		}
		for _, m := range line.Marks {
			m.Offset += s.Len()
			out.Marks = append(out.Marks, m)
		}
		s.WriteString(line.S)
	}
	out.S = s.String()
	return out
}

func latin(c rune) bool { return c < 0x80 && unicode.IsLetter(c) }

// flow is what Flow knows of the lines of a document.
type flow struct {
	lines []flowLine
}

// flowLine is a paragraph as a line on a page; left and right are in columns of half a Chinese character.
type flowLine struct {
	s           string
	left, right float64
	height      float32
	line, page  int
	*stretch
}

// stretch is lines that were set together.
type stretch struct {
	// margin is where lines were broken, 0 where they were not.
	margin float64
	// flush is where lines begin that go on a paragraph; indented: those that begin one stand further right.
	flush    float64
	indented bool
	// pitch is the distance from one line to the next, 2 where blank lines stand between all.
	pitch int
}

// widest is how many columns a line on paper has at most, slack how far from the margin a full line may end.
const widest = 150

func (s *stretch) slack() float64 { return s.margin / 8 }

// unit is the width of half a Chinese character in most lines of a document whose lines have places on a page, in points;
// 0 for others. A line alone does not show it: figures and marks are set closer than their columns.
func (d *Document) unit() float64 {
	var units []float64
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if n := columns(b.Text.S); b.Kind == Paragraph && n >= 20 {
			if left, right, ok := b.Text.across(); ok {
				units = append(units, (right-left)/float64(n))
			}
		}
	}
	if len(units) == 0 {
		return 0
	}
	slices.Sort(units)
	return units[len(units)/2]
}

// across is from where to where a line goes on its page, in points.
func (t *Text) across() (left, right float64, ok bool) {
	if len(t.Marks) == 0 {
		return 0, 0, false
	}
	first, last := t.Marks[0].Box, t.Marks[len(t.Marks)-1].Box
	return float64(first.Left), float64(last.Right), first.Right > first.Left && last.Right > last.Left
}

// newLine measures a paragraph; other blocks are lines of no width.
func newLine(b *Block, unit float64) flowLine {
	if b.Kind != Paragraph || b.Text.S == "" || strings.Contains(b.Text.S, "\n") {
		return flowLine{}
	}
	at := b.Text.At(0)
	columns := float64(columns(b.Text.S))
	l := flowLine{s: b.Text.S, line: at.Line, page: at.Page, left: float64(max(at.Column-1, 0))}
	l.right = l.left + columns
	if left, right, ok := b.Text.across(); ok {
		if unit == 0 {
			unit = (right - left) / columns
		}
		l.left, l.right, l.height = left/unit, right/unit, b.Text.Marks[0].Box.Bottom-b.Text.Marks[0].Box.Top
	}
	return l
}

// columns is the width of a line in type: what may be wide or narrow, such as “ and —, is wide in Chinese type.
func columns(s string) int {
	n := 0
	for _, c := range s {
		n++
		switch width.LookupRune(c).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianAmbiguous:
			n++
		}
	}
	return n
}

// stretches finds the stretches of lines between tables and lines too long for a page.
func (f *flow) stretches() {
	for from := 0; from < len(f.lines); {
		to := from
		for to < len(f.lines) && f.lines[to].s != "" && f.lines[to].right-f.lines[to].left <= widest {
			to++
		}
		s := measure(f.lines[from:to])
		for i := from; i < to; i++ {
			f.lines[i].stretch = s
		}
		from = to + 1
	}
}

// opening begins a heading or an item of a list. A number that goes on behind its point does not. Datasets need neither
// this nor page, which are compiled for the first document.
var opening = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:第[一二三四五六七八九十\d]+(?:部分|章|节|條|条)|[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十]+[）)]|\d{1,2}(?:[、．]|\.(?:[^\d]|$))|[（(]\d{1,2}[）)]|[①-⑳●•◆■▲★]|[图圖表]\s*\d|附[件表图]|[注說说][:：]|[說说]明[:：]|[備备][注註][:：]|单位[:：]|其中[:：]$)`)
})

// closing are characters that no line begins with unless it goes on another.
const closing = "，。、；：！？”’）》」』】％,.;:!?%)"

// measure finds out how the lines of a stretch were set.
func measure(lines []flowLine) *stretch {
	s := &stretch{pitch: 1}
	if len(lines) < 2 {
		return s
	}
	// inner are lines that end within a sentence, of those that something follows which is no heading.
	var inner []float64
	near := 0
	for i := range lines[:len(lines)-1] {
		a, b := &lines[i], &lines[i+1]
		if gap := b.line - a.line; gap == 2 && a.page == b.page {
			near--
		} else if gap == 1 {
			near++
		}
		if !ended(a.s) && !opening().MatchString(b.s) && !page().MatchString(a.s) && !page().MatchString(b.s) {
			inner = append(inner, a.right)
		}
	}
	if near < 0 {
		s.pitch = 2
	}
	slices.Sort(inner)
	most := 0
	for i, right := range inner {
		from, _ := slices.BinarySearch(inner, right-right/8)
		if n := i + 1 - from; right >= 36 && n >= most {
			s.margin, most = right, n
		}
	}
	full, over := 0, 0
	for i := range lines {
		switch l := &lines[i]; {
		case l.right > s.margin+s.slack():
			over++
		case l.right >= s.margin-s.slack():
			full++
		}
	}
	// A paragraph of two lines shows nothing; lines that come near each other by chance end sentences.
	if most < 2 || most*3 < full || over*4 > full || most*12 < len(lines) {
		s.margin = 0
		return s
	}
	var lefts []float64
	for i := range lines[:len(lines)-1] {
		if a := &lines[i]; a.right >= s.margin-s.slack() && !ended(a.s) && !opening().MatchString(lines[i+1].s) {
			lefts = append(lefts, lines[i+1].left)
		}
	}
	slices.Sort(lefts)
	s.flush = lefts[len(lefts)/2]
	flush, further := 0, 0
	for i := range lines {
		switch in := lines[i].left - s.flush; {
		case math.Abs(in) < 1.5:
			flush++
		case in < 10 && in > 0:
			further++
		}
	}
	s.indented = flush > 1 && further > 1
	return s
}

// broken reports whether line b goes on line a.
func (f *flow) broken(a, b int) bool {
	x, y := &f.lines[a], &f.lines[b]
	if x.stretch == nil || x.stretch != y.stretch || x.margin == 0 {
		return false
	}
	if strings.Trim(y.s, closing) == "" {
		// A mark that found no room hangs below its line.
		y.left, y.right = x.left, x.right
		return true
	}
	if opening().MatchString(y.s) || page().MatchString(x.s) {
		return false
	}
	if x.height > 0 && math.Abs(float64(x.height-y.height)) > float64(x.height)/4 {
		return false
	}
	if x.page == y.page && b == a+1 && y.line-x.line > x.pitch && (ended(x.s) || y.line-x.line > 3) {
		return false
	}
	indent := y.left - x.flush
	if indent >= 2 && (x.indented || y.left-x.left >= 2) {
		return false
	}
	// The line ends where no more of the next one went on it.
	room := x.margin - x.right - float64(columns(y.s[:leading(y.s)]))
	switch {
	case room >= x.slack():
		return false
	case !ended(x.s):
		return true
	case x.indented:
		return indent < 1.5
	}
	c, _ := utf8.DecodeLastRuneInString(x.s)
	return (c == '；' || c == '：' || c == ';' || c == ':') && room < 2
}

// leading is how many bytes at the beginning of a line may not be parted from each other: a word or number, or one
// character, with the marks behind it.
func leading(s string) int {
	word := func(c rune) bool { return c < 0x80 && (unicode.IsLetter(c) || unicode.IsDigit(c) || c == '.') }
	first, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		c, size := utf8.DecodeRuneInString(s[n:])
		if !strings.ContainsRune(closing, c) && !(word(first) && word(c)) {
			break
		}
		n += size
	}
	return n
}

// ended reports whether a line ends a sentence or a clause that may end a paragraph.
func ended(s string) bool {
	c, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(s, unicode.IsSpace))
	return strings.ContainsRune("。！？!?；;：:", c)
}

// page is the number of a page, alone on its line.
var page = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[-—–－·]?\s*\d{1,4}\s*[-—–－·]?|第\s*\d+\s*页.{0,10})$`)
})

// furniture reports whether a block is what stands on every page.
func furniture(b *Block) bool { return b.Kind == Paragraph && page().MatchString(b.Text.S) }

// continued reports whether b is the rest of a, behind a page break: a table of as many columns, right behind it.
func continued(a, b *Grid) bool {
	if a.Cols != b.Cols || len(a.Cells) == 0 || len(b.Cells) == 0 {
		return false
	}
	from := a.Cells[len(a.Cells)-1].Text.At(0).Page
	return from > 0 && b.Cells[0].Text.At(0).Page == from+1
}

// extend adds the rows of its rest to a table, less the heads that the rest repeats.
func (g *Grid) extend(rest *Grid) {
	x, y := rowTexts(g, rest.Rows), rowTexts(rest, rest.Rows)
	repeated := 0
	for repeated < min(len(x), len(y)) && slices.Equal(x[repeated], y[repeated]) {
		repeated++
	}
	for _, c := range rest.Cells {
		if c.Row >= repeated {
			c.Row += g.Rows - repeated
			g.Cells = append(g.Cells, c)
		}
	}
	g.Rows += rest.Rows - repeated
}

// rowTexts are the texts of the first rows, without space.
func rowTexts(g *Grid, most int) [][]string {
	rows := make([][]string, min(g.Rows, most))
	for _, c := range g.Cells {
		if c.Row >= len(rows) {
			break
		}
		rows[c.Row] = append(rows[c.Row], strings.Join(strings.Fields(c.Text.S), ""))
	}
	return rows
}
