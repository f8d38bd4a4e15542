package pdf

import (
	"math"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// rect is a rectangle: left, top, right, bottom. On a sheet y grows downwards, so that t ≤ b.
type rect struct{ l, t, r, b float64 }

func (r rect) width() float64  { return r.r - r.l }
func (r rect) height() float64 { return r.b - r.t }
func (r rect) middle() float64 { return (r.t + r.b) / 2 }
func (r rect) centre() float64 { return (r.l + r.r) / 2 }

// with is the least rectangle that holds both.
func (r rect) with(o rect) rect {
	return rect{min(r.l, o.l), min(r.t, o.t), max(r.r, o.r), max(r.b, o.b)}
}

// holds reports whether the centre of another rectangle lies within r.
func (r rect) holds(o rect) bool {
	return r.l <= o.centre() && o.centre() < r.r && r.t <= o.middle() && o.middle() < r.b
}

// glyph is one readable character. Blanks are none: they follow from the gaps.
type glyph struct {
	text string
	// box is as wide as the character's advance and as high as its font.
	box rect
	// angle is how far it is turned clockwise, in radians.
	angle float64
}

// em is the size of the type, as far as a single character shows it.
func (g glyph) em() float64 {
	if g.wide() {
		return max(g.box.width(), g.box.height()*0.6)
	}
	return g.box.height() * 0.8
}

func (g glyph) wide() bool { return wide(firstRune(g.text)) }

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// wide reports whether a character is as wide as it is high.
func wide(r rune) bool {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return true
	case width.EastAsianAmbiguous:
		return r > 0x2000
	}
	return false
}

// sheet is what stands on a page, turned so that most of its text is upright, in points from the left upper corner.
type sheet struct {
	width, height float64
	glyphs        []glyph
	// turned are characters that stand in another direction.
	turned []glyph
	// rules are straight lines along the axes, as thin rectangles.
	rules []rect
	// painted: the page has pictures or drawings. lost: some of its characters could not be read.
	painted, lost bool
	// shown maps a rectangle to where it is seen on the page.
	shown func(rect) rect
}

// raw is a page as the file has it: y grows upwards, and the rotation is that in which it is shown, in quarter turns
// clockwise.
type raw struct {
	frame    rect
	rotation int
	glyphs   []glyph
	rules    []rect
	painted  bool
	lost     bool
}

// upright turns a page by the direction of its text, not by the rotation in which it is shown: a broad table is often
// printed sideways.
func upright(p raw) *sheet {
	var quarters [4]int
	for _, g := range p.glyphs {
		if q, ok := quarter(g.angle); ok {
			quarters[q]++
		}
	}
	main, turn := -1, p.rotation
	for q, n := range quarters {
		if n > 0 && (main < 0 || n > quarters[main]) {
			main, turn = q, (4-q)%4
		}
	}
	s := &sheet{painted: p.painted, lost: p.lost}
	s.width, s.height = p.frame.width(), p.frame.height()
	if turn%2 == 1 {
		s.width, s.height = s.height, s.width
	}
	to := turning(p.frame, turn)
	s.glyphs, s.rules = make([]glyph, 0, len(p.glyphs)), make([]rect, 0, len(p.rules))
	for _, g := range p.glyphs {
		if !finite(g.box) {
			continue
		}
		g.box = to.box(g.box)
		if q, ok := quarter(g.angle); ok && q == main {
			s.glyphs = append(s.glyphs, g)
		} else {
			s.turned = append(s.turned, g)
		}
	}
	for _, r := range p.rules {
		if finite(r) {
			s.rules = append(s.rules, to.box(r))
		}
	}
	back := turning(rect{0, 0, s.width, s.height}, (p.rotation-turn+4)%4)
	s.shown = func(r rect) rect {
		// The sheet's y grows downwards, that of a page upwards.
		return back.box(rect{r.l, s.height - r.b, r.r, s.height - r.t})
	}
	return s
}

// turning maps what stands in a frame, y upwards, to what it is after so many quarter turns clockwise, y downwards.
func turning(frame rect, quarters int) matrix {
	switch quarters {
	case 1:
		return matrix{b: 1, c: 1, e: -frame.t, f: -frame.l}
	case 2:
		return matrix{a: -1, d: 1, e: frame.r, f: -frame.t}
	case 3:
		return matrix{b: -1, c: -1, e: frame.b, f: frame.r}
	}
	return matrix{a: 1, d: -1, e: -frame.l, f: frame.b}
}

// quarter is an angle in quarter turns; false for oblique text such as a watermark. Slanted type counts as upright.
func quarter(angle float64) (int, bool) {
	turns := angle / (math.Pi / 2)
	q := math.Round(turns)
	return (int(q)%4 + 4) % 4, math.Abs(turns-q) < 0.3
}

// readable reports whether a character says anything. Characters for private use are those that the font alone knows.
func readable(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != unicode.ReplacementChar && r != 0x3164
}

// normal is a character as it is usually written: fonts map ideographs to radicals and to doubles kept for older
// character sets, and letters to ligatures.
func normal(r rune) string {
	switch {
	case r >= 0x2E80 && r <= 0x2EFF:
		for i := 0; i+1 < len(radicals); i += 2 {
			if radicals[i] == r {
				return string(radicals[i+1])
			}
		}
		return norm.NFKC.String(string(r))
	case r >= 0x2F00 && r <= 0x2FDF, r >= 0xF900 && r <= 0xFB06, r >= 0x2F800 && r <= 0x2FA1F:
		return norm.NFKC.String(string(r))
	}
	return string(r)
}

// radicals are pairs of a radical that Unicode tells nothing about and the ideograph of the same shape.
var radicals = []rune("⺠民⺫目⺬示⺸羊⻁虎⻄西⻅见⻆角⻇角⻉贝⻋车⻌辶⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻯竜⻰龙")
