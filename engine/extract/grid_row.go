package extract

import (
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
)

// outline is where the rows of one side stand in their list.
type outline struct {
	// above are the labels that the next rows may belong to, ranked by their numbering.
	above []ranked
	// plain is the last label without a number, first the numbers that began a list.
	plain string
	first map[string]bool
	// accounts are the names of accounts by their codes.
	accounts map[string]string
}

// label is what the row of a side says.
type rowLabel struct {
	head
	code string
	path []string
	// parent is what the label alone does not tell: the row that its list belongs to.
	parent string
}

// data reads a row below heads.
func (g *sheet) data(row int) {
	p := g.part
	at, moved := g.columnsOf(row)
	cells := make([]*cell, len(p.columns))
	for _, c := range g.cells[row] {
		if c != nil && (c.Row >= p.below || !g.words.columnCodes.has(c.s)) {
			if col := at(c); col < len(cells) && cells[col] == nil {
				cells[col] = c
			}
		}
	}
	unit, sign := "", ""
	for col, c := range cells {
		if c == nil || c.shape != shapeWord {
			continue
		}
		switch p.columns[col].role {
		case units:
			if unit = g.words.unitNamed(c.s); unit == "" {
				unit = c.name
			}
		case operators:
			if g.words.operators.has(c.s) {
				sign = c.name
			}
		}
	}
	labels := map[int]*rowLabel{}
	first := len(g.Facts)
	for _, c := range g.starting(row) {
		col := at(c)
		if col >= len(p.columns) {
			continue
		}
		in := p.columns[col]
		label := labels[in.side]
		if label == nil {
			label = g.label(&in, cells, moved)
			labels[in.side] = label
		}
		switch in.role {
		case names, levels:
			if c.shape == shapeWord {
				g.points(c)
			}
			if c.shape == shapeProse && strings.Contains(c.s, "。") {
				g.prose(c, g.about)
			}
		case texts, operators, units:
			if c.shape == shapeProse {
				g.prose(c, g.subject(label, &in))
			}
		case reasons:
			g.remark(c, label)
		case figures:
			g.figure(c, in, label, unit, sign)
		}
	}
	// What came true is Final beside its budget, and Value where that is left blank.
	planned := slices.ContainsFunc(g.Facts[first:], func(f Fact) bool { return f.Measure == Budget })
	for i := first; i < len(g.Facts) && !planned && !p.rated; i++ {
		if f := &g.Facts[i]; f.Row >= 0 && f.Measure == Final {
			f.Measure = Value
		}
	}
	g.links(first)
}

// remark reads the words beside the figures of a row. What they tell is told in passing.
func (g *sheet) remark(c *cell, label *rowLabel) {
	first := len(g.Facts)
	g.prose(c, g.join(label.text))
	for i := first; i < len(g.Facts); i++ {
		g.Facts[i].Reason = true
	}
}

// figure reads a cell in a column of figures.
func (g *sheet) figure(c *cell, in column, label *rowLabel, unit, sign string) {
	t := c.t
	switch c.shape {
	case shapeNumber:
		if g.dated(&in, t, unit) {
			return
		}
	default:
		one := g.quantity(c)
		if one == nil || in.measure != Target && in.measure != Actual {
			if c.shape == shapeProse || one != nil || g.several(c) {
				g.prose(c, g.subject(label, &in))
			}
			return
		}
		t = *one
		if c.sign == "" {
			c.sign = g.words.operators.suffix(c.f.s[:t.from])
		}
	}
	if label.measure != "" && (in.measure == "" || in.measure == Final && label.measure != Final) {
		in.measure, in.word, in.falls = label.measure, label.word, label.falls
		if in.basis == "" {
			in.basis = label.basis
		}
		if label.unit == "%" {
			in.unit = "%"
		}
	}
	if (in.measure == Target || in.measure == Actual) && t.unit == "" {
		in.unit = unit
	} else if label.unit != "" && (in.measure == "" || in.measure == Budget || in.measure == Final || in.measure == Change) && g.holds(&in, label.unit) {
		in.unit = label.unit
	} else if unit != "" && in.unit == "" && in.measure != Weight && in.measure != Score {
		in.unit = unit
	}
	if c.sign == "" && in.measure == Target {
		c.sign = sign
	}
	in.things = in.things || t.decimals == 0 && g.words.counted(label.text) && g.words.moneyWords.suffix(in.text) == ""
	g.emit(c, t, in, label.path, label.code, g.subject(label, &in))
}

// holds reports whether the unit that a row tells is that of a column: where some columns hold quantities, one of things
// is theirs alone.
func (g *sheet) holds(in *column, unit string) bool {
	if _, money := dataset.Convert(unit, "元"); money || unit == "%" || in.things {
		return true
	}
	return !slices.ContainsFunc(g.part.columns, func(c column) bool { return c.things && c.side == in.side })
}

// dated reports whether a figure of an indicator is a date: 12 月.
func (g *sheet) dated(in *column, t token, unit string) bool {
	if in.measure != Target && in.measure != Actual || t.unit != "" || t.decimals > 0 {
		return false
	}
	n := t.value.IntPart()
	switch unit {
	case "年", "年度":
		return n >= 1990 && n < 2100
	case "月", "月份":
		return n >= 1 && n <= 12
	case "日", "号", "年月", "年月日", "月日":
		return true
	}
	return false
}

// quantity is the one figure of a cell that says it in words: 已完成12场. nil when there is none, or more.
func (g *sheet) quantity(c *cell) *token {
	if c.shape == shapeBlank || len(c.s) > 120 {
		return nil
	}
	var one *token
	tokens := g.words.tokens(c.f.s)
	for i := range tokens {
		t := &tokens[i]
		if t.unit == "" || g.words.dates.has(t.unit) || g.words.limits.has(t.unit) {
			if t.figure || t.unit == "" {
				return nil
			}
			continue
		}
		if one != nil {
			return nil
		}
		one = t
	}
	return one
}

// several reports whether a cell holds figures among words.
func (g *sheet) several(c *cell) bool {
	return slices.ContainsFunc(g.words.tokens(c.f.s), func(t token) bool { return t.figure })
}

// label reads the labels that a row has for a column. A row that was moved has none from the rows above.
func (g *sheet) label(in *column, cells []*cell, moved bool) *rowLabel {
	p := g.part
	l := &rowLabel{}
	o := p.outline[in.side]
	if o == nil {
		o = &outline{first: map[string]bool{}, accounts: map[string]string{}}
		p.outline[in.side] = o
	}
	var levelsAbove []string
	var last *cell
	// parent is the level right above the label, unless it names the whole part.
	parent := ""
	for i, col := range in.labels {
		c := cells[col]
		blank := c == nil || c.shape == shapeBlank
		switch role := p.columns[col].role; {
		case role == orders:
			continue
		case role == codes:
			if !blank {
				l.code = joinCode(l.code, c.s)
			}
			if blank || c.shape == shapeNumber || digits(c.s) == len(c.s) {
				continue
			}
		}
		if blank {
			if i < len(in.labels)-1 && p.filled[col] != "" && !moved {
				parent = p.filled[col]
				levelsAbove = append(levelsAbove, parent)
			}
			continue
		}
		if c.shape == shapeNumber && c.year() == "" {
			continue
		}
		if last != nil && last != c {
			levelsAbove = append(levelsAbove, last.name)
			if !slices.ContainsFunc(in.labels[:i], func(col int) bool { return slices.Contains(p.columns[col].heads, last) }) {
				parent = last.name
			}
		}
		last = c
		if p.filled[col] != c.name {
			p.filled[col] = c.name
			for _, right := range in.labels[i+1:] {
				delete(p.filled, right)
			}
		}
	}
	if last == nil {
		l.path = levelsAbove
		return l
	}
	l.head = g.words.head(last.name)
	if y := last.year(); y != "" {
		l.head = head{year: y + "年", text: y}
	}
	if l.code == "" {
		l.code = l.head.code
	}
	l.path = append(levelsAbove, g.place(o, l, last)...)
	if l.parent == "" && parent != "" && (g.words.rowsTotal.has(g.words.Fold(l.text)) || g.words.generic.has(g.words.Fold(l.text))) {
		l.parent = g.words.head(parent).text
	}
	return l
}

// joinCode adds to the code of an account what the next column of codes says: 208 | 05 | 06, or 208 | 20805.
func joinCode(code, s string) string {
	if strings.HasPrefix(s, code) {
		return s
	}
	return code + s
}

// place finds where a label stands in the list of its side. It returns the labels above it and the label.
func (g *sheet) place(o *outline, l *rowLabel, c *cell) []string {
	var path []string
	if n := len(l.code); n >= 3 && digits(l.code) == n {
		for k := 3; k < n; k += 2 {
			if above := o.accounts[l.code[:k]]; above != "" {
				path = append(path, above)
			}
		}
		o.accounts[l.code] = l.text
		return append(path, c.name)
	}
	s := c.s
	part := strings.HasPrefix(s, "其中")
	if part {
		s = strings.TrimLeft(strings.TrimPrefix(s, "其中"), ":")
	}
	rank, n := numbering(s)
	switch {
	case rank == 0 && part:
	case rank == 0:
		o.above, o.plain = nil, l.text
		return []string{c.name}
	default:
		number := s[:n]
		for k := len(o.above); k > 0 && o.above[k-1].rank >= rank; k-- {
			o.above = o.above[:k-1]
		}
		if strings.ContainsAny(number, "一1①") && len(number) <= len("(一)、") && !strings.ContainsAny(number, "二三四五六七八九十02345678") {
			if o.first[number] && len(o.above) == 0 && o.plain != "" && !g.words.rowsTotal.has(g.words.Fold(o.plain)) {
				o.above = append(o.above, ranked{title: o.plain})
			}
			o.first[number] = true
		}
	}
	for _, a := range o.above {
		path = append(path, a.title)
		if l.unit == "" && a.unit != "" && g.words.moneyWords.suffix(g.words.Fold(l.text)) == "" {
			l.unit = a.unit
		}
	}
	if part && len(path) == 0 && o.plain != "" {
		path = append(path, o.plain)
	}
	if len(o.above) > 0 && o.above[0].rank == 0 {
		l.parent = o.above[0].title
	}
	if rank > 0 {
		o.above = append(o.above, ranked{rank, l.text, l.unit})
	}
	return append(path, c.name)
}

// subject is what a figure is of.
func (g *sheet) subject(l *rowLabel, in *column) string {
	var path []string
	year := l.year
	if year == "" {
		year = in.year
	}
	prior := year != "" && digits(year) == 0
	if year != "" && !prior && year != g.year+"年" {
		path = append(path, year)
	}
	text := l.text
	if l.year != "" || l.measure != "" && !g.words.rowsTotal.has(g.words.Fold(text)) && (in.measure == l.measure || l.measure == Value) {
		text = l.rest
	}
	path = append(path, l.parent, text)
	if in.rest != "" && !(g.part.rated && in.measure != "" && text != "") {
		path = append(path, in.rest)
	}
	if s := strings.Join(slices.DeleteFunc(slices.Clone(path), func(s string) bool { return s == "" }), "/"); s == "" || s == year {
		path = append(path, l.text)
		if l.year != "" {
			path = path[:len(path)-1]
		}
	}
	if prior {
		path = append(path, year)
	}
	return g.join(path...)
}

// links ties the changes, rates and shares of a row to its amounts.
func (g *sheet) links(first int) {
	for i := first; i < len(g.Facts); i++ {
		f := &g.Facts[i]
		if f.Row < 0 || f.Base != None || f.Measure != Change && f.Measure != ChangeRate && f.Measure != Share && f.Measure != CompletionRate {
			continue
		}
		for k := i - 1; k >= 0 && g.Facts[k].Block == g.block; k-- {
			of := &g.Facts[k]
			if of.Subject == f.Subject && (of.Measure == Final || of.Measure == Value && f.Measure != CompletionRate || of.Measure == Actual) && of.Unit != "%" {
				f.Base = k
				break
			}
		}
	}
}

// columnsOf gives the column of each cell of a row, and says whether that is another than its own. Where merged cells were
// lost a row may have fewer cells than there are heads; they belong to the columns that suit them best, the rightmost
// where several do.
func (g *sheet) columnsOf(row int) (of func(*cell) int, moved bool) {
	same := func(c *cell) int { return c.Col }
	columns := g.part.columns
	for len(columns) > 0 && len(columns[len(columns)-1].heads) == 0 {
		columns = columns[:len(columns)-1]
	}
	heads := 0
	for col := range columns {
		if h := columns[col].heads; col == 0 || !slices.Equal(h, columns[col-1].heads) {
			heads++
		}
	}
	var cells []*cell
	misfit := false
	for col, c := range g.cells[row] {
		if c == nil || c.Col != col {
			continue
		}
		if c.Row != row {
			heads--
			continue
		}
		cells = append(cells, c)
		misfit = misfit || col < len(columns) && suits(c, &columns[col], g.words) < 0
	}
	if !misfit || len(cells) >= heads {
		return same, false
	}
	// best[i][k] is the best that the cells from i on can do in the columns from k on.
	n, m := len(cells), len(columns)
	const out = -1 << 30
	best := make([][]int, n+1)
	for i := range best {
		best[i] = make([]int, m+1)
		for k := range best[i] {
			if i < n && m-k < n-i {
				best[i][k] = out
			}
		}
	}
	worth := func(i, k int) int { return suits(cells[i], &columns[k], g.words)*1000 + k + best[i+1][k+1] }
	for i := n - 1; i >= 0; i-- {
		for k := m - (n - i); k >= 0; k-- {
			best[i][k] = max(best[i][k+1], worth(i, k))
		}
	}
	to := map[*cell]int{}
	for i, k := 0, 0; i < n; k++ {
		if worth(i, k) == best[i][k] {
			to[cells[i]] = k
			i++
		}
	}
	return func(c *cell) int { return to[c] }, true
}

// suits rates a cell below a head, negative where it does not belong there.
func suits(c *cell, in *column, w *Words) int {
	if c.shape == shapeBlank {
		return 0
	}
	number := c.shape == shapeNumber
	switch in.role {
	case figures:
		switch {
		case number && (c.t.kind == percent) != (in.unit == "%") && in.measure != Target && in.measure != Actual && c.t.kind == percent:
			return -2
		case number:
			return 2
		case w.operates(c.s), w.unitNamed(c.s) != "":
			return -2
		case in.measure == Target || in.measure == Actual:
			return 0
		}
		return -1
	case names, levels:
		if number || w.operates(c.s) || w.unitNamed(c.s) != "" {
			return -2
		}
		return 1
	case codes:
		if coded(c.s) {
			return 2
		}
	case orders:
		if number {
			return 1
		}
	case units:
		if w.unitNamed(c.s) != "" {
			return 2
		}
	case operators:
		if w.operates(c.s) {
			return 2
		}
		if !number {
			return 0
		}
	case reasons, texts:
		switch {
		case c.shape == shapeProse:
			return 1
		case number:
			return -1
		}
		return 0
	}
	return -2
}

// operates reports whether a cell holds an operator or says what kind of indicator its row is.
func (w *Words) operates(s string) bool { return w.operators.has(s) || w.natures.has(s) }
