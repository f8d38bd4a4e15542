package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/number"
)

// A table is read row by row. Rows above the figures that name what the columns hold are its heads; a form consists of
// several parts, each with heads of its own. A figure is of what the labels of its row and the heads above it say
// together, less the words that only say how it is measured.

// sheet is one table or chart being read.
type sheet struct {
	*reading
	block   int
	section []string
	cells   [][]*cell
	// title is the table's, unit that of its amounts, about the project that its row 项目名称 names.
	title, unit, about string
	// part is the part of the form that is being read, nil before the first heads.
	part *part
}

// shape is what a cell looks like.
type shape uint8

const (
	// A cell is empty or holds strokes, holds one number with its sign, operator and unit, a label, or sentences.
	shapeBlank shape = iota
	shapeNumber
	shapeWord
	shapeProse
)

// cell is a cell of a table as it is read.
type cell struct {
	*document.Cell
	f *folded
	// s is the folded text, name the text as printed, without white space.
	s, name string
	shape   shape
	// t is the number of a figure and sign the operator printed with it.
	t    token
	sign string
}

// grid reads a table or a chart.
func (r *reading) grid(block int, b document.Block) {
	if b.Grid == nil {
		return
	}
	g := &sheet{reading: r, block: block, section: r.section()}
	g.lay(b.Grid)
	if g.contents() {
		return
	}
	g.above(b)
	first := len(r.Facts)
	for row := 0; row < len(g.cells); {
		row += g.row(row)
	}
	if len(r.Facts) == first {
		g.empty()
	}
}

// lay reads the cells and lays them out.
func (g *sheet) lay(grid *document.Grid) {
	made := map[*document.Cell]*cell{}
	for _, row := range grid.Lay() {
		cells := make([]*cell, len(row))
		for col, c := range row {
			if c == nil {
				continue
			}
			if made[c] == nil {
				made[c] = g.words.cell(c)
			}
			cells[col] = made[c]
		}
		g.cells = append(g.cells, cells)
	}
}

// cell reads one cell.
func (w *Words) cell(c *document.Cell) *cell {
	out := &cell{Cell: c, f: w.fold(c.Text.S)}
	out.s = strings.Trim(out.f.s, "\t ")
	out.name = out.f.part(c.Text.S, 0, len(out.f.s))
	switch {
	case out.s == "" || number.IsBlank(out.s):
	case w.figureCell(out):
		out.shape = shapeNumber
	case strings.ContainsAny(out.s, "。;") || strings.ContainsAny(out.s, ",，") && utf8.RuneCountInString(out.s) > 16 || utf8.RuneCountInString(out.s) > 60:
		out.shape = shapeProse
	default:
		out.shape = shapeWord
	}
	return out
}

// figureCell reads a cell that holds one figure and nothing more.
func (w *Words) figureCell(c *cell) bool {
	s := c.f.s
	at := len(w.operators.prefix(s))
	c.sign = s[:at]
	minus := strings.HasPrefix(s[at:], "-")
	if minus || strings.HasPrefix(s[at:], "+") {
		at++
	}
	n := numeral(s[at:])
	if n == 0 {
		return false
	}
	t := token{from: at, to: at + n, end: at + n, kind: bare, minus: minus}
	p, err := number.Parse(s[t.from:t.to])
	if err != nil {
		return false
	}
	t.value, t.decimals = p.Value(), p.Decimals
	if rest := strings.TrimRight(s[t.to:], "\t "); rest != "" {
		w.unit(s, &t)
		if u := w.unitNamed(rest); u != "" {
			t.unit, t.end = u, len(s)
		} else if w.dates.has(t.unit) || w.limits.has(t.unit) || t.unit == "" {
			return false
		}
		if rest = s[t.end:]; rest != "" {
			if after := w.limitsAfter.prefix(rest); after != rest || c.sign != "" {
				return false
			}
			c.sign = rest
		}
		if t.unit == "%" && strings.HasPrefix(rest, "%") {
			t.kind = percent
		}
	}
	c.t = t
	return true
}

// year is the year that a cell holds and nothing else, "" for none.
func (c *cell) year() string {
	if year4(c.s) {
		return c.s
	}
	return ""
}

// year4 reports whether text is a year in four digits.
func year4(s string) bool {
	return len(s) == 4 && digits(s) == 4 && (s[:2] == "20" || s[:2] == "19")
}

// starting are the cells that begin in a row and show something.
func (g *sheet) starting(row int) []*cell {
	var all []*cell
	for col, c := range g.cells[row] {
		if c != nil && c.Row == row && c.Col == col && c.shape != shapeBlank {
			all = append(all, c)
		}
	}
	return all
}

// row reads what begins in a row and says how many rows that took.
func (g *sheet) row(row int) int {
	cells := g.starting(row)
	if len(cells) == 0 || g.caption(row, cells) {
		return 1
	}
	if g.pairs(cells) {
		g.part = nil
		g.beside(cells)
		return 1
	}
	if n := g.heads(row); n > 0 {
		g.open(row, row+n)
		return n
	}
	if g.part == nil {
		g.beside(cells)
	} else {
		g.data(row)
	}
	return 1
}

// pairs reports whether a row begins with a word and what it stands for: 项目名称 | 某项目.
func (g *sheet) pairs(cells []*cell) bool {
	key := g.words.head(cells[0].name).text
	if cells[0].shape != shapeWord || !g.words.captions.has(key) && !g.words.rowKeys.has(key) {
		return false
	}
	if len(cells) == 1 {
		return true
	}
	next := g.words.head(cells[1].name)
	return next.role == 0 && next.measure == "" || cells[1].shape == shapeProse
}

// beside reads a row in which each figure stands beside its label.
func (g *sheet) beside(cells []*cell) {
	var label head
	var labels []string
	for _, c := range cells {
		switch c.shape {
		case shapeNumber:
			if g.words.columnOrders.has(label.text) || label.role == codes || label.role == texts || coded(c.s) && len(labels) == 0 {
				continue
			}
			in := column{head: label, rest: label.rest}
			if in.rest == "" && (g.about == "" || g.words.rowsTotal.has(label.text)) {
				in.rest = label.text
			}
			g.emit(c, c.t, in, labels, "", g.join(in.rest))
		case shapeWord:
			if g.words.captions.has(label.text) {
				g.about = uncoded(c.name)
			}
			label = g.words.head(c.name)
			labels = append(labels[:len(labels):len(labels)], c.name)
			g.points(c)
			if g.words.worded(c.s) {
				g.prose(c, g.join(label.rest))
			}
		case shapeProse:
			if g.words.captions.has(label.text) {
				g.about = uncoded(c.name)
			} else if label.role != reasons {
				g.prose(c, g.about)
			}
		}
	}
}

// worded reports whether a short text holds figures in words: 得分：95分.
func (w *Words) worded(s string) bool {
	return strings.Contains(s, ":") && slices.ContainsFunc(w.tokens(s), func(t token) bool { return t.figure })
}

// prose reads the sentences of a cell.
func (g *sheet) prose(c *cell, subject string) {
	first := len(g.Facts)
	g.sentences(c.Text, where{g.block, c.Row, c.Col, g.section}, subject)
	for i := first; i < len(g.Facts); i++ {
		g.Facts[i].Table = g.title
	}
}

// join is a subject with the project that the table is about.
func (g *sheet) join(levels ...string) string {
	var path []string
	for _, level := range append([]string{g.about}, levels...) {
		if level != "" {
			path = append(path, level)
		}
	}
	return strings.Join(path, "/")
}

// points keeps the points that a label gives to what stands below it: 绩效指标（90分）.
func (g *sheet) points(c *cell) {
	if !strings.Contains(c.s, "分)") {
		return
	}
	for _, t := range g.words.tokens(c.f.s) {
		if t.unit == "分" && t.from > 0 && c.f.s[t.from-1] == '(' && strings.HasPrefix(c.f.s[t.end:], ")") {
			h := g.words.head(c.name)
			subject := h.text
			if h.measure != "" {
				// The head of a column of points: it is of what stands before it.
				if subject = ""; c.Col > 0 && g.cells[c.Row][c.Col-1] != nil {
					subject = g.words.head(g.cells[c.Row][0].label()).text
				}
			}
			g.emit(c, t, column{head: head{measure: Weight, unit: "分"}}, nil, "", g.join(subject))
		}
	}
}

func (c *cell) label() string {
	if c == nil {
		return ""
	}
	return c.name
}

// emit keeps a figure.
func (g *sheet) emit(c *cell, t token, in column, row []string, code, subject string) {
	f := Fact{
		Text: c.f.part(c.Text.S, t.from, t.to), Value: t.value, Decimals: t.decimals, Unit: t.unit, Measure: in.measure, Basis: in.basis,
		Word: in.word, Subject: subject, Section: g.section, Block: g.block, Row: c.Row, Col: c.Col, Base: None, Total: None, About: t.about,
		Table: g.title, RowPath: row, ColPath: in.path, Code: code, From: c.f.from[t.from], To: c.f.to[t.to-1],
	}
	if f.Measure == "" || f.Measure == Final && (g.part == nil || !g.part.plans) {
		f.Measure = Value
	}
	if t.minus {
		f.From = c.f.from[t.from-1]
		f.Text = c.f.part(c.Text.S, t.from-1, t.to)
	}
	if t.minus || in.falls && (f.Measure == Change || f.Measure == ChangeRate) {
		f.Value = f.Value.Abs().Neg()
	}
	f.Place = c.Text.At(f.From)
	if c.sign != "" {
		f.Word = c.sign
	}
	if f.Unit == "" {
		f.Unit = g.unitOf(&in, c)
	}
	if f.Subject == "" {
		f.Subject = g.title
	}
	if f.Unit == "" && (f.Measure == Value || f.Measure == Budget || f.Measure == Final) && g.words.moneyed(&f) {
		g.unitless = append(g.unitless, len(g.Facts))
	}
	g.Facts = append(g.Facts, f)
}

// unitOf is the unit of a figure that is printed without one.
func (g *sheet) unitOf(in *column, c *cell) string {
	switch in.measure {
	case Weight, Score:
		if in.unit != "" {
			return in.unit
		}
		return "分"
	case Share, ChangeRate, CompletionRate:
		return "%"
	case Target, Actual:
		return in.unit
	}
	if in.unit != "" || in.things {
		return in.unit
	}
	if g.part != nil && g.part.unit != "" {
		return g.part.unit
	}
	if g.unit != "" && !g.words.counted(in.rest) {
		return g.unit
	}
	return ""
}

// settleUnits gives amounts of tables that print no unit the one that the document uses most.
func (r *reading) settleUnits() {
	most, counts := "", map[string]int{}
	for i := range r.Facts {
		if f := &r.Facts[i]; isMoney(f) {
			counts[f.Unit]++
			if n := counts[f.Unit]; n > counts[most] || n == counts[most] && f.Unit < most {
				most = f.Unit
			}
		}
	}
	for _, i := range r.unitless {
		r.Facts[i].Unit = most
	}
}

// moneyed reports whether a figure without a unit is an amount of money, by what it is of.
func (w *Words) moneyed(f *Fact) bool {
	s := w.Fold(f.Subject)
	if w.counted(s) {
		return false
	}
	return f.Measure != Value || f.Decimals == 2 || w.moneyWords.suffix(s) != "" || slices.ContainsFunc(f.ColPath, func(h string) bool { return w.moneyWords.suffix(w.head(h).text) != "" })
}

// counted reports whether a label names a number of things: 接待人次, 车辆数.
func (w *Words) counted(label string) bool {
	return w.countWords.suffix(w.Fold(label)) != ""
}

// coded reports whether a cell is the code of an account.
func coded(s string) bool {
	return (len(s) == 3 || len(s) == 5 || len(s) == 7) && digits(s) == len(s)
}

// uncoded is a name without the code before it: 51092324T000010263357-某项目.
func uncoded(s string) string {
	code, name, ok := strings.Cut(s, "-")
	if ok && name != "" && len(code) >= 6 && strings.Trim(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == "" {
		return name
	}
	return s
}
