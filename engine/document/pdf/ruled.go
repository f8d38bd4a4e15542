package pdf

import (
	"cmp"
	"math"
	"slices"
)

// table is a grid on a sheet.
type table struct {
	box rect
	// xs and ys are the edges of its columns and rows.
	xs, ys []float64
	cells  []cell
	// drawn: rules part its cells.
	drawn bool
}

func (t *table) cols() int { return len(t.xs) - 1 }
func (t *table) rows() int { return len(t.ys) - 1 }

// cell holds the lines of a cell, from top to bottom.
type cell struct {
	row, col, rowSpan, colSpan int
	box                        rect
	lines                      []line
}

// rule is a straight line along an axis: where it lies across that axis, and from where to where it goes.
type rule struct{ at, from, to float64 }

const (
	// near is how far apart, in points, two rules may be that are meant as one, or that are meant to meet.
	near = 4
	// shortest is the least height and width of a cell.
	shortest = 6
	// More rules or slots than these are a drawing.
	mostRules = 4000
	mostSlots = 200_000
)

// rulings sorts rules into those across and those down, and joins what lies in one line.
func rulings(boxes []rect) (across, down []rule) {
	for _, r := range boxes {
		if r.width() >= r.height() {
			across = append(across, rule{r.middle(), r.l, r.r})
		} else {
			down = append(down, rule{r.centre(), r.t, r.b})
		}
	}
	return joined(across), joined(down)
}

func joined(rules []rule) []rule {
	// Rules of one line differ by rounding: they are ordered by whole points first.
	slices.SortFunc(rules, func(a, b rule) int {
		return cmp.Or(cmp.Compare(math.Round(a.at), math.Round(b.at)), cmp.Compare(a.from, b.from))
	})
	var out []rule
	for _, r := range rules {
		merged := false
		for i := len(out) - 1; i >= max(0, len(out)-64) && r.at-out[i].at < 2.5 && !merged; i-- {
			if o := &out[i]; math.Abs(r.at-o.at) < 1.5 && r.from <= o.to+3 && o.from <= r.to+3 {
				o.from, o.to = min(o.from, r.from), max(o.to, r.to)
				merged = true
			}
		}
		if !merged {
			out = append(out, r)
		}
	}
	return slices.DeleteFunc(out, func(r rule) bool { return r.to-r.from < shortest })
}

// ruled finds the tables that rules draw, puts the characters that stand in them into their cells, and returns the rest.
func ruled(s *sheet) ([]*table, []glyph) {
	across, down := rulings(s.rules)
	if len(across)+len(down) > mostRules {
		return nil, s.glyphs
	}
	rest := s.glyphs
	var tables []*table
	for _, group := range meeting(across, down) {
		t := frame(group.across, group.down)
		if t == nil {
			continue
		}
		var inside, outside []glyph
		for _, g := range rest {
			if t.box.holds(g.box) {
				inside = append(inside, g)
			} else {
				outside = append(outside, g)
			}
		}
		if len(inside) == 0 {
			continue
		}
		t.fill(inside)
		rest = outside
		tables = append(tables, t)
	}
	return tables, rest
}

// group is rules that hang together.
type group struct{ across, down []rule }

// meeting groups rules that meet. Rules across that no rule down meets are left out.
func meeting(across, down []rule) []group {
	parent := make([]int, len(across)+len(down))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, a := range across {
		for k, d := range down {
			if a.from-near <= d.at && d.at <= a.to+near && d.from-near <= a.at && a.at <= d.to+near {
				parent[find(len(across)+k)] = find(i)
			}
		}
	}
	members := map[int]*group{}
	var order []int
	of := func(i int) *group {
		root := find(i)
		if members[root] == nil {
			members[root] = &group{}
			order = append(order, root)
		}
		return members[root]
	}
	for i, a := range across {
		g := of(i)
		g.across = append(g.across, a)
	}
	for k, d := range down {
		g := of(len(across) + k)
		g.down = append(g.down, d)
	}
	var out []group
	for _, root := range order {
		if g := members[root]; len(g.across) > 0 && len(g.down) > 0 {
			out = append(out, *g)
		}
	}
	return out
}

// edges are the places of rules, those of nearly the same place taken as one.
func edges(rules []rule) []float64 {
	var all []float64
	for _, r := range rules {
		all = append(all, r.at)
	}
	return clustered(all, near)
}

// clustered is the middles of groups of values that are no farther apart than a width.
func clustered(values []float64, width float64) []float64 {
	slices.Sort(values)
	var out []float64
	for i := 0; i < len(values); {
		k := i
		for k < len(values) && values[k]-values[i] <= width {
			k++
		}
		out = append(out, (values[i]+values[k-1])/2)
		i = k
	}
	return out
}

// sides adds the edges of an open table: where two rules of the other direction, or more, go beyond its last edge.
func sides(edges []float64, others []rule) []float64 {
	if len(edges) == 0 {
		return nil
	}
	var before, after []float64
	for _, o := range others {
		if o.from < edges[0]-shortest {
			before = append(before, o.from)
		}
		if o.to > edges[len(edges)-1]+shortest {
			after = append(after, o.to)
		}
	}
	if len(before) > 1 {
		edges = slices.Insert(edges, 0, slices.Min(before))
	}
	if len(after) > 1 {
		edges = append(edges, slices.Max(after))
	}
	return edges
}

// frame makes a table of rules: slots between neighbouring rules, joined to one cell where no rule parts them. It is nil
// when the rules part nothing: a box around text, a line below a heading.
func frame(across, down []rule) *table {
	xs, ys := sides(edges(down), across), sides(edges(across), down)
	cols, rows := len(xs)-1, len(ys)-1
	if cols < 2 || rows < 1 || cols*rows > mostSlots {
		return nil
	}
	t := &table{drawn: true, xs: xs, ys: ys, box: rect{xs[0], ys[0], xs[cols], ys[rows]}}
	// right[r][c]: a rule stands right of the slot; below[r][c]: one lies below it.
	right, below := parting(down, xs, ys), parting(across, ys, xs)
	taken := make([]bool, rows*cols)
	for r := range rows {
		for c := range cols {
			if taken[r*cols+c] {
				continue
			}
			w := 1
			for c+w < cols && !taken[r*cols+c+w] && !right[c+w][r] {
				w++
			}
			h := 1
			for r+h < rows && open(below[r+h], c, w) && closed(right, c, w, r+h) && !slices.Contains(taken[(r+h)*cols+c:(r+h)*cols+c+w], true) {
				h++
			}
			for i := r; i < r+h; i++ {
				for k := c; k < c+w; k++ {
					taken[i*cols+k] = true
				}
			}
			t.cells = append(t.cells, cell{row: r, col: c, rowSpan: h, colSpan: w, box: rect{xs[c], ys[r], xs[c+w], ys[r+h]}})
		}
	}
	if len(t.cells) < 2 {
		return nil
	}
	return t
}

// parting reports for each edge and each step along it whether a rule lies there for the most part.
func parting(rules []rule, edges, steps []float64) [][]bool {
	out := make([][]bool, len(edges))
	for e := range edges {
		out[e] = make([]bool, len(steps)-1)
		for _, r := range rules {
			if math.Abs(r.at-edges[e]) > near {
				continue
			}
			for s := range out[e] {
				covered := min(r.to, steps[s+1]) - max(r.from, steps[s])
				out[e][s] = out[e][s] || covered > 0.6*(steps[s+1]-steps[s])
			}
		}
	}
	return out
}

// open reports that nothing parts w slots from those above.
func open(edge []bool, c, w int) bool { return !slices.Contains(edge[c:c+w], true) }

// closed reports that the slots of a row from c on are parted from those beside them as the first row of a cell is, and
// not from one another.
func closed(right [][]bool, c, w, r int) bool {
	for k := c + 1; k < c+w; k++ {
		if right[k][r] {
			return false
		}
	}
	last := len(right) - 1
	return (c == 0 || right[c][r]) && (c+w == last || right[c+w][r])
}

// fill puts characters into the cells that they stand in. Characters without a gap between them stand in one cell, even
// where they stick out of it.
func (t *table) fill(glyphs []glyph) {
	slots := make([]*cell, t.rows()*t.cols())
	for i := range t.cells {
		c := &t.cells[i]
		for r := c.row; r < c.row+c.rowSpan; r++ {
			for k := c.col; k < c.col+c.colSpan; k++ {
				slots[r*t.cols()+k] = c
			}
		}
	}
	at := func(g glyph) *cell {
		return slots[step(t.ys, g.box.middle())*t.cols()+step(t.xs, g.box.centre())]
	}
	content := map[*cell][]glyph{}
	for i := 0; i < len(glyphs); {
		end := i + 1
		for end < len(glyphs) && adjoining(glyphs[end-1], glyphs[end]) {
			end++
		}
		votes := map[*cell]int{}
		for k := i; k < end; k++ {
			votes[at(glyphs[k])]++
		}
		var most *cell
		for k := i; k < end; k++ {
			if c := at(glyphs[k]); most == nil || votes[c] > votes[most] {
				most = c
			}
		}
		content[most] = append(content[most], glyphs[i:end]...)
		i = end
	}
	for i := range t.cells {
		if c := &t.cells[i]; len(content[c]) > 0 {
			c.lines = lines(content[c])
		}
	}
}

// step is the index of the step between two edges in which a value lies, the nearest one for values beyond them.
func step(edges []float64, value float64) int {
	i, found := slices.BinarySearch(edges, value)
	if !found {
		i--
	}
	return min(max(i, 0), len(edges)-2)
}

// adjoining reports whether a character follows another without a gap, in one line.
func adjoining(a, b glyph) bool {
	gap := b.box.l - a.box.r
	return math.Abs(a.box.middle()-b.box.middle()) < 0.3*a.box.height() && -0.5*a.em() < gap && gap < 0.08*a.em()
}

// continuing gives tables that go on over a page break the columns of all their parts: each page shows only the edges that
// its own rows have.
func continuing(layouts []*layout) {
	var chain []*table
	finish := func() {
		if len(chain) > 1 {
			var xs []float64
			for _, t := range chain {
				xs = append(xs, t.xs...)
			}
			xs = clustered(xs, near)
			for i, t := range chain {
				if t.widen(xs); i > 0 {
					chain[i-1].takeRest(t)
				}
			}
		}
		chain = nil
	}
	for _, l := range layouts {
		if len(l.items) == 0 {
			finish()
			continue
		}
		first, last := l.items[0].table, l.items[len(l.items)-1].table
		if len(chain) > 0 && first != nil && first.goesOn(chain[len(chain)-1]) {
			chain = append(chain, first)
			if first == last {
				continue
			}
		}
		finish()
		if last != nil && last.drawn {
			chain = []*table{last}
		}
	}
	finish()
}

// goesOn reports whether a table is as broad as the one before it.
func (t *table) goesOn(before *table) bool {
	return t.drawn && math.Abs(t.box.l-before.box.l) < near && math.Abs(t.box.r-before.box.r) < near
}

// takeRest moves the rest of the last row, which a page break parts, from the next table: a row without figures in which
// every text goes on a cell whose last line is full.
func (t *table) takeRest(next *table) {
	if t.cols() != next.cols() || next.rows() < 2 {
		return
	}
	above := map[int]*cell{}
	for i := range t.cells {
		if c := &t.cells[i]; c.row+c.rowSpan == t.rows() {
			above[c.col] = c
		}
	}
	// spanning are cells of several rows that the page break parts in the midst of their text.
	var rest, spanning []*cell
	for i := range next.cells {
		c := &next.cells[i]
		if c.row > 0 || len(c.lines) == 0 {
			continue
		}
		a := above[c.col]
		whole := a == nil || a.colSpan != c.colSpan || len(a.lines) == 0 || opening.MatchString(c.lines[0].text()) || isAmount(c.lines[0]) ||
			a.lines[len(a.lines)-1].box.r+c.lines[0].glyphs[0].box.width()+0.5*c.lines[0].em < a.box.r-2
		switch {
		case !whole && c.rowSpan > 1:
			spanning = append(spanning, c)
		case !whole:
			rest = append(rest, c)
		case c.rowSpan == 1:
			return
		}
	}
	if len(rest) == 0 {
		return
	}
	for _, c := range append(rest, spanning...) {
		above[c.col].lines, c.lines = append(above[c.col].lines, c.lines...), nil
	}
	next.cells = slices.DeleteFunc(next.cells, func(c cell) bool { return c.row == 0 && c.rowSpan == 1 })
	for i := range next.cells {
		if c := &next.cells[i]; c.row == 0 {
			c.rowSpan--
		} else {
			c.row--
		}
	}
	slices.SortStableFunc(next.cells, func(a, b cell) int { return cmp.Or(a.row-b.row, a.col-b.col) })
	next.ys = next.ys[1:]
	next.box.t = next.ys[0]
}

// widen parts a table into more columns.
func (t *table) widen(xs []float64) {
	nearest := func(x float64) int {
		best := 0
		for i := range xs {
			if math.Abs(xs[i]-x) < math.Abs(xs[best]-x) {
				best = i
			}
		}
		return best
	}
	at := make([]int, len(t.xs))
	for i, x := range t.xs {
		if at[i] = nearest(x); i > 0 && at[i] <= at[i-1] {
			return
		}
	}
	for i := range t.cells {
		c := &t.cells[i]
		from, to := at[c.col], at[c.col+c.colSpan]
		c.col, c.colSpan = from, to-from
	}
	t.xs = xs
}
