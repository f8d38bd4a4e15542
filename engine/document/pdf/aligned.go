package pdf

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// amount is a cell that holds a figure, or says that there is none.
var amount = regexp.MustCompile(`^(?:[-−－+(（]?[\d,，.．]*\d[)）]?[%％]?|[-—–－/]+)$`)

// units names the unit of the amounts of the table below it.
var units = regexp.MustCompile(`单位[:：]`)

func isAmount(l line) bool { return amount.MatchString(l.text()) }

// strip is what stands at one height of a table: for each column the part of the line in it, nil for none. A part that
// goes over several columns stands at its first.
type strip struct {
	parts []*line
	spans []int
	box   rect
}

// figures reports whether a strip holds an amount beyond its first column.
func (s strip) figures() bool {
	return slices.ContainsFunc(s.parts[1:], func(l *line) bool { return l != nil && isAmount(*l) })
}

// only is the column of the one part of a strip, -1 where there are more.
func (s strip) only() int {
	found := -1
	for c, p := range s.parts {
		if p != nil && found >= 0 {
			return -1
		}
		if p != nil {
			found = c
		}
	}
	return found
}

// opening begins an item of its own: it is no rest of the line above.
var opening = regexp.MustCompile(`^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]?|其中|[①-⑳])`)

// rows puts the strips of a table together to rows. A strip with a single text is the rest of a cell, or a row without
// figures.
func rows(strips []strip) [][]strip {
	var anchors []float64
	first := len(strips)
	for i, s := range strips {
		if s.figures() {
			first = min(first, i)
			anchors = append(anchors, s.box.middle())
		}
	}
	var pitches []float64
	for i := 1; i < len(anchors); i++ {
		pitches = append(pitches, anchors[i]-anchors[i-1])
	}
	pitch := median(pitches)
	edges := map[int]float64{}
	for _, s := range strips {
		for c, p := range s.parts {
			if p != nil {
				edges[c] = max(edges[c], p.box.r)
			}
		}
	}
	var out [][]strip
	// pending are strips that belong to the row below them.
	var pending []strip
	for i, s := range strips {
		up, down := math.Inf(1), math.Inf(1)
		if i > 0 {
			up = s.box.middle() - strips[i-1].box.middle()
		}
		if i+1 < len(strips) {
			down = strips[i+1].box.middle() - s.box.middle()
		}
		c := s.only()
		switch {
		case i < first:
			// A head: its lines stand closer than rows do.
			if len(out) > 0 && up < 1.5*em(s) && !slices.ContainsFunc(append(s.spans, strips[i-1].spans...), func(n int) bool { return n > 1 }) {
				out[len(out)-1] = append(out[len(out)-1], s)
				continue
			}
		case s.figures() || c < 0:
		case pitch > 0 && min(up, down) < 0.8*pitch && down < 0.8*up:
			pending = append(pending, s)
			continue
		case len(out) > 0 && len(pending) == 0 && pitch > 0 && up < 0.8*pitch,
			len(out) > 0 && len(pending) == 0 && up < 1.6*em(s) && full(strips[i-1].parts[c], edges[c]) && !opening.MatchString(s.parts[c].text()):
			out[len(out)-1] = append(out[len(out)-1], s)
			continue
		}
		out = append(out, append(pending, s))
		pending = nil
	}
	if len(pending) > 0 {
		out = append(out, pending)
	}
	return out
}

func em(s strip) float64 {
	for _, p := range s.parts {
		if p != nil {
			return p.em
		}
	}
	return 0
}

// full reports whether a line goes to the edge of its column.
func full(l *line, edge float64) bool { return l != nil && l.box.r > edge-1.2*l.em }

// spread gives the rows of a table that rules part from one another less often than they should: in a row between two
// rules several figures stand below one another.
func (t *table) spread() {
	for r := 0; r < t.rows(); r++ {
		var stacked, numbers int
		for _, c := range t.cells {
			if c.row != r || c.rowSpan > 1 || len(c.lines) < 2 {
				continue
			}
			stacked++
			amounts, broken := 0, true
			for i, l := range c.lines {
				if isAmount(l) {
					amounts++
				}
				broken = broken && (i == 0 || c.between(i) == "")
			}
			if !broken && amounts > 1 && amounts*5 >= len(c.lines)*3 {
				numbers++
			}
		}
		if numbers > 0 && stacked > 1 {
			r += t.respread(r)
		}
	}
}

// respread cuts a row into those that its lines show, and returns how many it is more.
func (t *table) respread(r int) int {
	var strips []strip
	var boxes [][2]int
	var all []line
	for i, c := range t.cells {
		if c.row == r && c.rowSpan == 1 {
			for k, l := range c.lines {
				boxes, all = append(boxes, [2]int{i, k}), append(all, l)
			}
		}
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(all[a].box.middle(), all[b].box.middle()) })
	for _, i := range order {
		c := t.cells[boxes[i][0]]
		n := len(strips) - 1
		if n < 0 || all[i].box.middle()-strips[n].box.middle() > 0.6*all[i].em || strips[n].parts[c.col] != nil {
			strips = append(strips, strip{parts: make([]*line, t.cols()), spans: make([]int, t.cols()), box: all[i].box})
			n++
		}
		strips[n].parts[c.col], strips[n].spans[c.col] = &all[i], c.colSpan
		strips[n].box = strips[n].box.with(all[i].box)
	}
	grouped := rows(strips)
	more := len(grouped) - 1
	if more == 0 {
		return 0
	}
	var edges []float64
	for i := 1; i < len(grouped); i++ {
		above := grouped[i-1][len(grouped[i-1])-1].box.b
		edges = append(edges, (above+grouped[i][0].box.t)/2)
	}
	var cells []cell
	for _, c := range t.cells {
		switch {
		case c.row > r:
			c.row += more
		case c.row+c.rowSpan > r+1 || c.row < r && c.row+c.rowSpan > r:
			c.rowSpan += more
		case c.row == r:
			for i, g := range grouped {
				part := c
				part.row += i
				part.lines = nil
				for _, s := range g {
					if s.parts[c.col] != nil {
						part.lines = append(part.lines, *s.parts[c.col])
					}
				}
				if i > 0 {
					part.box.t = edges[i-1]
				}
				if i < more {
					part.box.b = edges[i]
				}
				cells = append(cells, part)
			}
			continue
		}
		cells = append(cells, c)
	}
	slices.SortStableFunc(cells, func(a, b cell) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) })
	t.cells = cells
	t.ys = slices.Insert(t.ys, r+1, edges...)
	return more
}

// gap is how many times its type the parts of a line must be apart to stand in columns of a table.
const gap = 1.2

// narrow is the same where the lines above and below have a gap as well.
const narrow = 0.35

// aligned finds tables that no rules draw: lines in parts that stand below one another, with figures in some column. It
// returns the lines that are in none. The pages of the document are needed to tell a table of contents.
func aligned(ls []line, rules []rule, pages int) ([]*table, []line) {
	split := make([][]line, len(ls))
	tabular := make([]bool, len(ls))
	for i, l := range ls {
		split[i] = l.split(gap)
		single := !slices.ContainsFunc(split[i], func(p line) bool { return len(p.glyphs) > 1 })
		tabular[i] = len(split[i]) > 1 && !single && !units.MatchString(strings.ReplaceAll(l.text(), " ", ""))
	}
	var tables []*table
	var rest []line
	for i := 0; i < len(ls); {
		if !tabular[i] {
			rest = append(rest, ls[i])
			i++
			continue
		}
		end, box := i+1, ls[i].box
		for k := i + 1; k < len(ls) && k-end < 3; k++ {
			if ls[k].box.t-ls[k-1].box.b > 3*ls[k].em || !tabular[k] && (ls[k].box.width() > 0.6*box.width() || len(split[k]) > 1) {
				break
			}
			if tabular[k] {
				end, box = k+1, box.with(ls[k].box)
			}
		}
		for end > i+1 && signature(split[end-1]) {
			end--
		}
		for end < len(ls) && !tabular[end] && goesOn(split[end-1], ls[end]) {
			end++
		}
		t := arranged(ls[i:end], tabular[i:end], framing(rules, box), pages)
		if t == nil {
			rest = append(rest, ls[i])
			i++
			continue
		}
		tables = append(tables, t)
		i = end
	}
	return tables, rest
}

// signature reports whether every part of a line names something to be filled in, as below a table.
func signature(parts []line) bool {
	return !slices.ContainsFunc(parts, func(p line) bool { return !strings.ContainsAny(p.text(), ":：") })
}

// remark begins a line below a table that is not part of it.
var remark = regexp.MustCompile(`^(?:注|备注|说明|附注|资料来源|数据来源)`)

// goesOn reports whether a line is the rest of the cell above it, in the last row of a table.
func goesOn(above []line, l line) bool {
	text := l.text()
	return !opening.MatchString(text) && !remark.MatchString(text) && slices.ContainsFunc(above, func(p line) bool {
		return l.box.t-p.box.b < 0.8*l.em && l.box.r <= p.box.r+1.2*l.em &&
			(math.Abs(p.box.l-l.box.l) < l.em || math.Abs(p.box.centre()-l.box.centre()) < l.em)
	})
}

// framing counts the rules that go over the breadth of a box and lie at it.
func framing(rules []rule, box rect) int {
	n := 0
	for _, r := range rules {
		if box.t-30 < r.at && r.at < box.b+30 && min(r.to, box.r)-max(r.from, box.l) > 0.9*box.width() {
			n++
		}
	}
	return n
}

// arranged makes a table of lines if they are one.
func arranged(ls []line, tabular []bool, rules, pages int) *table {
	if len(ls) < 3 && (len(ls) < 2 || rules < 2) {
		return nil
	}
	xs := columns(ls, tabular)
	if len(xs) < 3 {
		return nil
	}
	cols := len(xs) - 1
	var strips []strip
	for _, l := range ls {
		s := strip{parts: make([]*line, cols), spans: make([]int, cols), box: l.box}
		for _, p := range l.cut(xs) {
			from, to := step(xs, p.box.l+0.2*p.em), step(xs, p.box.r-0.2*p.em)
			// What only reaches into a column stands beside it.
			for to > from && p.box.r-xs[to] < 0.5*p.em {
				to--
			}
			for s.parts[from] != nil && from < to {
				from++
			}
			if s.parts[from] != nil {
				return nil
			}
			s.parts[from], s.spans[from] = &p, to-from+1
		}
		strips = append(strips, s)
	}
	if !tabulates(strips, rules, pages) {
		return nil
	}
	grouped := rows(strips)
	t := &table{xs: xs, box: strips[0].box, ys: []float64{strips[0].box.t}}
	for r, g := range grouped {
		bottom := g[len(g)-1].box.b
		if r+1 < len(grouped) {
			bottom = (bottom + grouped[r+1][0].box.t) / 2
		}
		t.ys = append(t.ys, bottom)
		taken := 0
		for c := 0; c < cols; c++ {
			one := cell{row: r, col: c, rowSpan: 1, colSpan: 1}
			for _, s := range g {
				t.box = t.box.with(s.box)
				if s.parts[c] != nil {
					one.lines = append(one.lines, *s.parts[c])
					one.colSpan = max(one.colSpan, s.spans[c])
				}
			}
			one.box = rect{xs[c], t.ys[r], xs[min(c+one.colSpan, cols)], bottom}
			if c >= taken || len(one.lines) > 0 {
				t.cells = append(t.cells, one)
				taken = c + one.colSpan
			}
		}
	}
	return t
}

// columns finds the edges of columns: where hardly a line has text.
func columns(ls []line, tabular []bool) []float64 {
	type edge struct {
		x     float64
		delta int
	}
	var all []edge
	n, ems := 0, []float64{}
	for i, l := range ls {
		if !tabular[i] {
			continue
		}
		n++
		for _, p := range l.split(narrow) {
			all = append(all, edge{p.box.l, 1}, edge{p.box.r, -1})
			ems = append(ems, p.em)
		}
	}
	slices.SortFunc(all, func(a, b edge) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(b.delta, a.delta)) })
	few, least := n*15/100, narrow*median(ems)
	first, last := all[0].x, all[len(all)-1].x
	xs := []float64{first - 1}
	cover, from := 0, first
	for _, e := range all {
		before := cover
		cover += e.delta
		switch {
		case before > few && cover <= few:
			from = e.x
		case before <= few && cover > few && from > first && e.x-from >= least:
			xs = append(xs, (from+e.x)/2)
		}
	}
	return append(xs, last+1)
}

// cut cuts a line at the edges of columns, where a gap lies at one.
func (l line) cut(xs []float64) []line {
	var parts []line
	from := 0
	for i := 1; i <= len(l.glyphs); i++ {
		if i < len(l.glyphs) {
			left, right := l.glyphs[i-1].box.r, l.glyphs[i].box.l
			crosses := slices.ContainsFunc(xs, func(x float64) bool { return left-0.3*l.em <= x && x <= right+0.3*l.em })
			if right-left < gap*l.em && (!crosses || right-left < narrow*l.em) {
				continue
			}
		}
		parts = append(parts, newLine(slices.Clone(l.glyphs[from:i])))
		from = i
	}
	return parts
}

// tabulates tells a table from prose in columns, from lists and from a table of contents: some column holds figures for
// the most part, unless rules frame it.
func tabulates(strips []strip, rules, pages int) bool {
	cols := len(strips[0].parts)
	texts, runes := 0, 0
	found := false
	for c := range cols {
		amounts, others := 0, 0
		pagination, last := true, 0
		for i, s := range strips {
			p := s.parts[c]
			if p == nil {
				continue
			}
			text := p.text()
			if amount.MatchString(text) {
				amounts++
				n, err := strconv.Atoi(text)
				pagination = pagination && err == nil && n >= last && n <= pages
				last = n
				continue
			}
			texts++
			runes += utf8.RuneCountInString(text)
			if i > 2 || amounts > 0 {
				others++
			}
		}
		if c > 0 && amounts >= 2 && amounts >= others && !(pagination && cols == 2) {
			found = true
		}
	}
	if texts > 0 && runes > 25*texts {
		return false
	}
	return found || rules >= 2 && cols >= 2 && runes <= 12*texts && len(strips) >= 2
}
