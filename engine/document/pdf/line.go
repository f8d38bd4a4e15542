package pdf

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is the characters of one visual line, from left to right.
type line struct {
	glyphs []glyph
	box    rect
	// em is the size of the type.
	em float64
}

// newLine takes characters in any order. It keeps their slice.
func newLine(glyphs []glyph) line {
	slices.SortStableFunc(glyphs, func(a, b glyph) int { return cmp.Compare(a.box.centre(), b.box.centre()) })
	l := line{box: glyphs[0].box, glyphs: glyphs[:0]}
	ems := make([]float64, 0, len(glyphs))
	for _, g := range glyphs {
		// Bold type is sometimes made by printing twice.
		if n := len(l.glyphs); n > 0 && l.glyphs[n-1].text == g.text &&
			math.Abs(l.glyphs[n-1].box.centre()-g.box.centre()) < 0.15*g.em() {
			continue
		}
		l.glyphs = append(l.glyphs, g)
		l.box = l.box.with(g.box)
		ems = append(ems, g.em())
	}
	slices.Sort(ems)
	l.em = ems[len(ems)/2]
	return l
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Clone(values)
	slices.Sort(values)
	return values[len(values)/2]
}

// lines puts characters together to lines, from top to bottom.
func lines(glyphs []glyph) []line {
	glyphs = slices.Clone(glyphs)
	slices.SortStableFunc(glyphs, func(a, b glyph) int { return cmp.Compare(a.box.middle(), b.box.middle()) })
	type row struct {
		glyphs []glyph
		middle float64
		height float64
	}
	var rows []row
	for _, g := range glyphs {
		h := g.box.height()
		found := false
		for i := len(rows) - 1; i >= max(0, len(rows)-8) && !found; i-- {
			r := &rows[i]
			if found = min(h, r.height) > 0.7*max(h, r.height) && math.Abs(g.box.middle()-r.middle) <= 0.3*min(h, r.height); found {
				r.glyphs = append(r.glyphs, g)
			}
		}
		if !found {
			rows = append(rows, row{[]glyph{g}, g.box.middle(), h})
		}
	}
	// Smaller type on the line, and raised or lowered: punctuation, superscripts, figures in another font.
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(b.height, a.height) })
	for i := 0; i < len(rows); i++ {
		for k := i + 1; k < len(rows); {
			if math.Abs(rows[k].middle-rows[i].middle) < 0.4*rows[i].height && apart(rows[i].glyphs, rows[k].glyphs) {
				rows[i].glyphs = append(rows[i].glyphs, rows[k].glyphs...)
				rows = slices.Delete(rows, k, k+1)
			} else {
				k++
			}
		}
	}
	out := make([]line, len(rows))
	for i, r := range rows {
		out[i] = newLine(r.glyphs)
	}
	slices.SortStableFunc(out, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.box.middle(), b.box.middle()), cmp.Compare(a.box.l, b.box.l))
	})
	return out
}

// apart reports whether two groups of characters hardly cover one another from left to right.
func apart(a, b []glyph) bool {
	covered := 0
	for _, g := range b {
		if slices.ContainsFunc(a, func(o glyph) bool { return o.box.l < g.box.centre() && g.box.centre() < o.box.r }) {
			covered++
		}
	}
	return covered*5 <= len(b)
}

// split cuts a line where the gap between two characters is at least so many times its type.
func (l line) split(gap float64) []line {
	var parts []line
	from := 0
	for i := 1; i <= len(l.glyphs); i++ {
		if i == len(l.glyphs) || l.glyphs[i].box.l-l.glyphs[i-1].box.r >= gap*l.em {
			parts = append(parts, newLine(slices.Clone(l.glyphs[from:i])))
			from = i
		}
	}
	return parts
}

// piece is a run of characters of a line, figures apart from words, and where it stands.
type piece struct {
	s   string
	box rect
}

// pieces is the text of a line. Blanks stand where the gap between two characters asks for one: layouts spread Chinese
// text, and set figures off from the ideographs beside them.
func (l line) pieces() []piece {
	var gaps []float64
	for i := 1; i < len(l.glyphs); i++ {
		if gap := l.glyphs[i].box.l - l.glyphs[i-1].box.r; gap < l.em {
			gaps = append(gaps, max(gap, 0))
		}
	}
	usual := median(gaps)
	var out []piece
	// alone: every part of the line up to here is a single ideograph, as in a title that is spread over its width.
	alone, length := true, 0
	for i, g := range l.glyphs {
		blank := false
		if i > 0 {
			before := l.glyphs[i-1]
			least := 0.45
			switch wides := before.wide() != g.wide(); {
			case !before.wide() && !wides:
				least = 0.18
			case wides:
				least = 0.6
			}
			blank = g.box.l-before.box.r > least*l.em+usual
			if blank && alone && length == 1 && before.wide() && g.wide() {
				blank, length = false, 0
			} else if blank {
				alone = false
			}
		}
		length++
		if n := len(out); n == 0 || figure(g) != figure(l.glyphs[i-1]) {
			if blank {
				out[n-1].s += " "
			}
			out = append(out, piece{g.text, g.box})
		} else {
			if blank {
				out[n-1].s += " "
			}
			out[n-1].s += g.text
			out[n-1].box = out[n-1].box.with(g.box)
		}
	}
	return out
}

// leading is how wide that is which a line break may not part at the beginning of the line: a word, a number, a character.
func (l line) leading() float64 {
	box := l.glyphs[0].box
	for i := 1; i < len(l.glyphs) && !l.glyphs[i-1].wide() && !l.glyphs[i].wide(); i++ {
		box = box.with(l.glyphs[i].box)
	}
	return box.width()
}

func figure(g glyph) bool {
	r, _ := utf8.DecodeRuneInString(g.text)
	return unicode.IsDigit(r) || strings.ContainsRune(".,%．％", r)
}

func (l line) text() string {
	var b strings.Builder
	for _, p := range l.pieces() {
		b.WriteString(p.s)
	}
	return b.String()
}
