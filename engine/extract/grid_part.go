package extract

import (
	"slices"
	"strconv"
	"strings"
)

// part is the part of a table below one set of heads.
type part struct {
	columns []column
	// below is the first row below the heads.
	below int
	// unit is what a head that stands above no figures says of all: 项目资金（万元）.
	unit string
	// plans: budgets stand among the figures. rated: it is about indicators.
	plans, rated bool
	// outline is where the rows of each side stand in their list.
	outline map[int]*outline
	// filled are the labels that go on downwards, where merged cells were written once.
	filled map[int]string
}

// column is a column of a part.
type column struct {
	head
	// path are its heads as printed, outermost first; rest what they say of the subject.
	path []string
	rest string
	// labels are the columns with the labels of its rows; side numbers the sides of the table from 0.
	labels []int
	side   int
	// alone: no other column of its side holds figures. things: its figures are numbers of things.
	alone, things bool
	// heads are the cells above it; known: their words told its role.
	heads []*cell
	known bool
}

// heads is the number of rows from this one on that are heads, 0 when it is none.
func (g *sheet) heads(row int) int {
	if !g.opens(row) {
		return 0
	}
	end := row + 1
	for end < len(g.cells) && g.continues(row, end) {
		end++
	}
	for end < len(g.cells) && g.numbered(end) {
		end++
	}
	return end - row
}

// opens reports whether heads begin in a row.
func (g *sheet) opens(row int) bool {
	cells := g.starting(row)
	if len(cells) < 2 || !g.labels(cells) {
		return false
	}
	known := g.known(cells)
	if known >= 2 && known*2 >= len(cells) {
		return true
	}
	if g.part != nil && known == 0 {
		return false
	}
	// Else they stand above figures, in rows that have labels.
	below := row + 1
	for below < len(g.cells) && (len(g.starting(below)) == 0 || g.continues(row, below) || g.numbered(below)) {
		below++
	}
	if below == len(g.cells) {
		return false
	}
	numbers, under, labelled := 0, 0, false
	for col, c := range g.cells[below] {
		if c == nil || c.Row != below || c.Col != col {
			continue
		}
		switch {
		case c.shape == shapeNumber && (col > 0 || c.year() == ""):
			numbers++
			if above := g.cells[row][col]; above != nil && (above.shape == shapeWord || above.year() != "") {
				under++
			}
		case c.shape == shapeWord || c.year() != "":
			labelled = true
		}
	}
	return under > 0 && under*2 >= numbers && (labelled || known > 0)
}

// labels reports whether cells are labels all, or years.
func (g *sheet) labels(cells []*cell) bool {
	long := 0
	for _, c := range cells {
		switch {
		case c.shape == shapeNumber && c.year() == "":
			return false
		case c.shape == shapeProse:
			long++
		}
	}
	return long == 0 || long == 1 && len(cells) > 4
}

// known counts the cells whose words are those of heads.
func (g *sheet) known(cells []*cell) int {
	n := 0
	for _, c := range cells {
		h := g.words.head(c.name)
		switch {
		case h.role != 0, h.measure != "", h.year != "" && c.Col > 0, h.text != "" && h.rest == "", c.Col > 0 && g.words.rowsTotal.has(h.text):
			n++
		}
	}
	return n
}

// continues reports whether a row is one more row of the heads that begin at top.
func (g *sheet) continues(top, row int) bool {
	cells := g.starting(row)
	if len(cells) == 0 || !g.labels(cells) || g.pairs(cells) || row-top > 4 {
		return false
	}
	for _, c := range g.cells[row] {
		if c != nil && c.Row >= top && c.Row < row && c.RowSpan <= 4 && c.shape == shapeWord {
			// A head from above goes on beside it.
			return true
		}
	}
	if first := g.cells[row][0]; first == nil || first.shape == shapeBlank {
		// What stands under the heads of several columns.
		return len(cells) >= 2 && (g.known(cells) > 0 || g.over(row, cells)) || g.divided(top, row)
	}
	if g.words.columnOrders.has(cells[0].s) {
		return true
	}
	known := g.known(cells)
	return known > 0 && known*2 >= len(cells) && (g.divided(top, row) || len(cells) > g.width(top)) || row == top+1 && g.spread(top, row)
}

// spread reports whether the heads of a row stand over the columns of the next one, each written once and not merged:
// 预算数 | | 决算数 | over 合计 | 接待费 | 合计 | 接待费.
func (g *sheet) spread(top, row int) bool {
	over, under := g.starting(top), g.starting(row)
	if len(over) < 2 || len(under) < 2*len(over) || g.known(over) < len(over) {
		return false
	}
	for i, c := range over {
		if c.ColSpan > 1 || i+1 < len(over) && over[i+1].Col == c.Col+1 {
			return false
		}
	}
	return over[0].Col == under[0].Col
}

// over reports whether cells stand right above figures.
func (g *sheet) over(row int, cells []*cell) bool {
	if row+1 == len(g.cells) {
		return false
	}
	return !slices.ContainsFunc(cells, func(c *cell) bool {
		below := g.cells[row+1][c.Col]
		return below == nil || below.shape != shapeNumber
	})
}

// divided reports whether the cells of a row stand below one cell of the row above that covers them.
func (g *sheet) divided(top, row int) bool {
	under := map[*cell]int{}
	for _, c := range g.starting(row) {
		if above := g.cells[row-1][c.Col]; above != nil && above.Row >= top && above.ColSpan > 1 {
			under[above]++
		}
	}
	return len(under) > 0
}

// width is the number of cells of a row.
func (g *sheet) width(row int) int { return len(g.starting(row)) }

// numbered reports whether a row only numbers the columns: 栏次 | 1 | 2 | 3.
func (g *sheet) numbered(row int) bool {
	want, words := 0, 0
	for _, c := range g.starting(row) {
		switch {
		case c.shape == shapeNumber && c.t.decimals == 0 && c.t.unit == "":
			n, err := strconv.Atoi(c.s)
			if err != nil || want > 0 && n != want || n > 2 && want == 0 {
				return false
			}
			want = n + 1
		case c.shape == shapeWord && (g.words.columnOrders.has(c.s) || formula.FindString(c.s) == c.s || strings.ContainsAny(c.s, "=+") || len(c.s) == 1):
			words++
		case c.shape == shapeWord && g.words.columnCodes.has(c.s):
			// 类 | 款 | 项 | 栏次 | 1 | 2
		default:
			return false
		}
	}
	return want > 2 || want == 2 && words > 0
}

// open begins a part below the heads in the rows [from, to).
func (g *sheet) open(from, to int) {
	p := &part{below: to, outline: map[int]*outline{}, filled: map[int]string{}}
	g.part = p
	p.columns = make([]column, len(g.cells[from]))
	for col := range p.columns {
		p.columns[col].heads = g.above1(from, to, col)
	}
	end := to
	for end < len(g.cells) && (end == to || !g.opens(end)) {
		end++
	}
	for col := range p.columns {
		g.describe(&p.columns[col])
	}
	for col := range p.columns {
		if c := &p.columns[col]; c.measure == Target || c.measure == Weight || c.measure == Score {
			p.rated = true
		}
	}
	for col := range p.columns {
		g.judge(&p.columns[col], col, to, end)
	}
	g.sides()
	for col := range p.columns {
		c := &p.columns[col]
		p.plans = p.plans || c.role == figures && c.measure == Budget
		for _, h := range c.heads {
			if u := g.words.head(h.name); c.role != figures && u.unit != "" && p.unit == "" {
				p.unit = u.unit
			}
		}
	}
	for row := to; row < end && !p.plans; row++ {
		for _, c := range g.starting(row) {
			p.plans = p.plans || c.shape == shapeWord && g.words.head(c.name).measure == Budget
		}
	}
	for row := from; row < to; row++ {
		for _, c := range g.starting(row) {
			g.points(c)
		}
	}
}

// above1 are the cells above a column, the outermost first. Where merged cells were written once, a head goes on to the
// right as long as heads stand below it.
func (g *sheet) above1(from, to, col int) []*cell {
	var heads []*cell
	for row := from; row < to; row++ {
		c := g.cells[row][col]
		if (c == nil || c.shape == shapeBlank) && g.lower(row, to, col) {
			for left := col - 1; left >= 0 && g.lower(row, to, left); left-- {
				if over := g.cells[row][left]; over != nil && over.shape == shapeWord {
					if over.Row+over.RowSpan <= row+1 && over.ColSpan == 1 {
						c = over
					}
					break
				}
			}
		}
		if c != nil && c.shape != shapeBlank && !slices.Contains(heads, c) && !g.counts(c, row) {
			heads = append(heads, c)
		}
	}
	return heads
}

// counts reports whether a cell of the heads only numbers the columns, or says that its row does: 1, 栏次.
func (g *sheet) counts(c *cell, row int) bool {
	return g.numberedCell(c) || c.Row == row && g.words.columnOrders.has(c.s) && g.numbered(row)
}

// lower reports whether a head stands below a row of the heads.
func (g *sheet) lower(row, to, col int) bool {
	for row++; row < to; row++ {
		if c := g.cells[row][col]; c != nil && c.shape == shapeWord {
			return true
		}
	}
	return false
}

func (g *sheet) numberedCell(c *cell) bool { return c.shape == shapeNumber && c.year() == "" }

// describe reads the heads of a column.
func (g *sheet) describe(c *column) {
	for i, cell := range c.heads {
		h := g.words.head(cell.name)
		if y := cell.year(); y != "" {
			h = head{year: y + "年"}
		}
		last := i == len(c.heads)-1
		c.path = append(c.path, cell.name)
		if h.unit != "" {
			c.unit = h.unit
		}
		if h.measure != "" {
			c.measure, c.basis, c.word, c.falls = h.measure, h.basis, h.word, h.falls
			if h.unit == "" && (h.measure == Weight || h.measure == Score) {
				c.unit = "分"
			}
		}
		if h.formula != "" {
			c.formula = h.formula
		}
		if h.year != "" {
			c.year = h.year
		}
		if last || c.role == 0 && h.role == codes {
			if h.role != 0 || c.role != codes {
				c.role = h.role
			}
			c.text = h.text
		}
	}
	c.things = g.words.counted(c.text)
	c.known = c.role != 0
	if c.measure != "" {
		c.role, c.known = figures, true
	}
}

// judge settles what a column is for by what stands in it, in the rows [from, to).
func (g *sheet) judge(c *column, col, from, to int) {
	numbers, words, accounts, next, ordinals := 0, 0, 0, 1, true
	unitsIn := 0
	for row := from; row < to; row++ {
		cell := g.cells[row][col]
		if cell == nil || cell.Row != row || cell.Col != col {
			continue
		}
		switch cell.shape {
		case shapeNumber:
			numbers++
			if coded(cell.s) {
				accounts++
			}
			ordinals = ordinals && cell.s == strconv.Itoa(next)
			next++
		case shapeWord, shapeProse:
			words++
			if g.words.unitNamed(cell.s) != "" {
				unitsIn++
			}
		}
	}
	switch {
	case c.role == texts && g.part.rated && g.words.columnDone.has(c.text):
		c.role, c.measure, c.word = figures, Actual, c.text
	case c.measure == Final && g.part.rated && slices.ContainsFunc(g.part.columns, func(c column) bool { return c.measure == Target }):
		c.measure = Actual
	case c.role == units && words > 0 && unitsIn*2 < words && c.text == "单位":
		c.role = names
	case (c.role == names || c.role == levels) && numbers > 0 && words == 0 && accounts < numbers && !g.words.columnYears.has(c.text):
		c.role = figures
	}
	if c.role == figures && numbers == 0 && words > 0 && c.measure != Target && c.measure != Actual {
		c.role = names
	}
	if c.role != 0 {
		return
	}
	switch {
	case numbers+words == 0 && len(c.heads) == 0:
		c.role = texts
	case numbers+words == 0:
		// It is a label's where it stands before the figures, see sides.
	case len(c.heads) == 0 && ordinals && numbers > 2:
		c.role = orders
	case numbers > 0 && accounts == numbers && numbers > 1 && col+1 < len(g.part.columns) && g.part.columns[col+1].role == names:
		c.role = codes
	case words > numbers:
		c.role = names
	default:
		c.role = figures
	}
}

// sides finds for each column of figures the columns with its labels. A table with two sides has labels again behind
// the figures.
func (g *sheet) sides() {
	p := g.part
	sides := [][]int{nil}
	open := true
	for col := range p.columns {
		c := &p.columns[col]
		if c.role == 0 {
			c.role = figures
			if open {
				c.role = levels
			}
		}
		switch c.role {
		case names, levels, codes, orders:
			if !open {
				labels := sides[len(sides)-1]
				if !c.known && (len(labels) == 0 || c.text != p.columns[labels[0]].text) {
					c.role = texts
					break
				}
				sides, open = append(sides, nil), true
			}
			sides[len(sides)-1] = append(sides[len(sides)-1], col)
		case figures:
			open = false
		}
		c.side = len(sides) - 1
	}
	for col := range p.columns {
		p.columns[col].labels = sides[p.columns[col].side]
	}
	for col := range p.columns {
		c := &p.columns[col]
		if c.role != figures {
			continue
		}
		beside := p.beside(c)
		c.alone = len(beside) == 1
		var rest []string
		for _, cell := range c.heads {
			h := g.words.head(cell.name)
			if cell.year() != "" || h.year != "" && h.year == c.year || h.rest == "" || g.covers(cell, c.labels) || len(beside) > 1 && g.spans(cell, beside) {
				continue
			}
			rest = append(rest, h.rest)
		}
		if len(rest) > 0 && !(c.alone && len(c.labels) > 0 && c.measure == "") {
			c.rest = strings.Join(rest, "/")
		}
		if c.measure == CompletionRate && c.basis == "" {
			c.basis = g.plan(col)
		}
	}
}

// beside are the columns of figures on the side of a column.
func (p *part) beside(c *column) []int {
	var all []int
	for col := range p.columns {
		if o := &p.columns[col]; o.role == figures && o.side == c.side {
			all = append(all, col)
		}
	}
	return all
}

// covers reports whether a head stands above one of the columns.
func (g *sheet) covers(c *cell, columns []int) bool {
	return slices.ContainsFunc(columns, func(col int) bool { return slices.Contains(g.part.columns[col].heads, c) })
}

// spans reports whether a head stands above all of the columns.
func (g *sheet) spans(c *cell, columns []int) bool {
	return !slices.ContainsFunc(columns, func(col int) bool { return !slices.Contains(g.part.columns[col].heads, c) })
}

// plan is the budget that the rate of completion in a column is relative to: the one of its formula, else the last one
// before it.
func (g *sheet) plan(rate int) string {
	c := &g.part.columns[rate]
	_, divisor, _ := strings.Cut(strings.ReplaceAll(c.formula, "÷", "/"), "/")
	divisor = strings.TrimRight(divisor, "*×%10")
	basis := ""
	for col := range g.part.columns {
		o := &g.part.columns[col]
		if o.measure != Budget || o.side != c.side {
			continue
		}
		if divisor != "" && o.formula == divisor {
			return unnumber(o.word)
		}
		if col < rate || basis == "" {
			basis = unnumber(o.word)
		}
	}
	return basis
}
