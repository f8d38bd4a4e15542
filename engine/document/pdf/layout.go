package pdf

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// layout is a page in the order in which it is read.
type layout struct {
	*sheet
	items []item
}

// item is a line or a table.
type item struct {
	line  *line
	table *table
	// left is where the lines of its column begin, in the second of two columns of text.
	left float64
}

func (it item) box() rect {
	if it.table != nil {
		return it.table.box
	}
	return it.line.box
}

func (l *layout) empty() bool { return len(l.items) == 0 }

// pitch is the usual distance between the lines of the page.
func (l *layout) pitch() float64 {
	var all []float64
	for i := 1; i < len(l.items); i++ {
		if a, b := l.items[i-1].line, l.items[i].line; a != nil && b != nil && b.box.middle() > a.box.middle() {
			all = append(all, b.box.middle()-a.box.middle())
		}
	}
	if len(all) == 0 {
		return math.Inf(1)
	}
	return median(all)
}

// lay finds the tables and the lines of a sheet.
func lay(s *sheet, pages int) *layout {
	l := &layout{sheet: s}
	drawn, rest := ruled(s)
	for _, t := range drawn {
		t.spread()
	}
	across, _ := rulings(slices.DeleteFunc(slices.Clone(s.rules), func(r rect) bool {
		return slices.ContainsFunc(drawn, func(t *table) bool { return t.box.holds(r) })
	}))
	tables, ls := aligned(lines(rest), across, pages)
	for _, t := range append(drawn, tables...) {
		l.items = append(l.items, item{table: t})
	}
	for i := range ls {
		l.items = append(l.items, item{line: &ls[i]})
	}
	l.order()
	for _, t := range lines(s.turned) {
		l.items = append(l.items, item{line: &t})
	}
	return l
}

// order puts the items into the order in which they are read: from top to bottom, and where the page has two columns of
// text, first one and then the other.
func (l *layout) order() {
	slices.SortStableFunc(l.items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.box().t, b.box().t), cmp.Compare(a.box().l, b.box().l))
	})
	gutter, ok := l.gutter()
	if !ok {
		return
	}
	var out, left, right []item
	flush := func() {
		for i := range right {
			right[i].left = slices.MinFunc(right, func(a, b item) int { return cmp.Compare(a.box().l, b.box().l) }).box().l
		}
		out = append(append(out, left...), right...)
		left, right = nil, nil
	}
	for _, it := range l.items {
		parts := []item{it}
		if it.line != nil {
			parts = nil
			for _, p := range it.line.split(gap) {
				parts = append(parts, item{line: &p})
			}
			// A line with a part across the gutter is one line.
			if slices.ContainsFunc(parts, func(p item) bool { return p.box().l < gutter && gutter < p.box().r }) {
				parts = []item{it}
			}
		}
		for _, p := range parts {
			switch b := p.box(); {
			case b.r <= gutter:
				left = append(left, p)
			case b.l >= gutter:
				right = append(right, p)
			default:
				flush()
				out = append(out, p)
			}
		}
	}
	flush()
	l.items = out
}

// gutter is the middle of the space between two columns of text: enough lines, and long ones, on both sides, and hardly
// one across.
func (l *layout) gutter() (float64, bool) {
	var parts []line
	for _, it := range l.items {
		if it.line != nil {
			parts = append(parts, it.line.split(gap)...)
		}
	}
	if len(parts) < 10 {
		return 0, false
	}
	for _, at := range []float64{0.5, 0.45, 0.55, 0.4, 0.6} {
		x := l.width * at
		var left, right, crossing int
		var runes int
		from, to := 0.0, l.width
		for _, p := range parts {
			switch {
			case p.box.r <= x:
				left++
				from = max(from, p.box.r)
				runes += len(p.glyphs)
			case p.box.l >= x:
				right++
				to = min(to, p.box.l)
				runes += len(p.glyphs)
			default:
				crossing++
			}
		}
		if min(left, right) >= 5 && crossing*5 < left+right && runes >= 10*(left+right) {
			return (from + to) / 2, true
		}
	}
	return 0, false
}

// pageNumber is a line that counts pages and says nothing else.
var pageNumber = regexp.MustCompile(`^[-—–－~·•|\s]*(?:第\s*)?(?:[\divxIVX]{1,5}|[一二三四五六七八九十百]+)(?:\s*页)?(?:\s*[/,，、共of-]*\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?[-—–－~·•|\s]*$`)

// furniture takes out page numbers, and what stands at the upper or lower edge of most pages: a head is kept where it
// first stands, a foot where it last does.
func furniture(layouts []*layout) {
	for _, foot := range []bool{false, true} {
		order := slices.Clone(layouts)
		if foot {
			slices.Reverse(order)
		}
		// Each round takes one more line, from the edge inwards.
		for range 3 {
			counts := map[string]int{}
			for _, l := range layouts {
				if _, key := l.edge(foot); key != "" {
					counts[key]++
				}
			}
			seen, taken := map[string]bool{}, false
			for _, l := range order {
				i, key := l.edge(foot)
				if key == "" || counts[key] < 2 || counts[key]*5 < len(layouts)*2 {
					continue
				}
				if seen[key] || key == numbered {
					l.items = slices.Delete(l.items, i, i+1)
					taken = true
				}
				seen[key] = true
			}
			if !taken {
				break
			}
		}
	}
}

// numbered is the key of all page numbers.
const numbered = "#"

// edge is the outermost line at an edge of the page, and what it is compared by with those of other pages: text and
// height. The key is "" where the line belongs to the text.
func (l *layout) edge(foot bool) (int, string) {
	found := -1
	for i, it := range l.items {
		if found < 0 || foot && it.box().b > l.items[found].box().b || !foot && it.box().t < l.items[found].box().t {
			found = i
		}
	}
	if found < 0 || l.items[found].line == nil {
		return 0, ""
	}
	ln := l.items[found].line
	distance := ln.box.middle()
	if foot {
		distance = l.height - distance
	}
	text := strings.ReplaceAll(ln.text(), " ", "")
	if distance > 0.15*l.height || units.MatchString(text) {
		return 0, ""
	}
	if pageNumber.MatchString(text) {
		return found, numbered
	}
	return found, text + "\x00" + string(rune(int(distance/6)))
}

// margins are the left edges of the text, for pages by their width: the leftmost that several lines have.
func margins(layouts []*layout) map[int]float64 {
	lefts := map[int][]float64{}
	for _, l := range layouts {
		for _, it := range l.items {
			if it.line != nil && it.left == 0 {
				lefts[int(l.width)] = append(lefts[int(l.width)], it.line.box.l)
			}
		}
	}
	out := map[int]float64{}
	for width, all := range lefts {
		slices.Sort(all)
		out[width] = all[0]
		need := max(3, len(all)*3/100)
		for i, x := range all {
			if k := i + need - 1; k < len(all) && all[k]-x < 2 {
				out[width] = x
				break
			}
		}
	}
	return out
}

// parted is a figure whose decimals found no room on its line: at most one stands before the break.
var parted = regexp.MustCompile(`^[-−－]?[\d,，]+[.．]\d?\n\d{1,2}[%％]?$`)

// unfinished are characters that something follows: a range, a list, what stands in brackets.
const unfinished = "-－–—~～至、，,（(/"

// between is what stands between two lines of a cell: nothing where the cell is too narrow for one, a blank between
// words, a line break before an item of its own and between figures.
func (c cell) between(i int) string {
	before, after := c.lines[i-1], c.lines[i]
	a, b := before.text(), after.text()
	x, _ := utf8.DecodeLastRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	edge := c.box.r - 2
	for _, l := range c.lines {
		edge = max(edge, l.box.r)
	}
	room := edge - before.box.r - 0.5*after.em
	fits := after.glyphs[0].box.width() < room
	switch {
	case isAmount(before) && isAmount(after) && (fits || strings.ContainsAny(a, ".．") && !parted.MatchString(a+"\n"+b)),
		fits && strings.ContainsRune("。；;！？", x),
		after.leading() < room && opening.MatchString(b) && !isAmount(after) && !strings.ContainsRune(unfinished, x):
		return "\n"
	case unicode.IsLetter(x) && !wide(x) && unicode.IsLetter(y) && !wide(y):
		return " "
	}
	return ""
}
