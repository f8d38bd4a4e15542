package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/number"
)

// grid reads a table or a chart. A form of several parts has heads in its midst: rows without figures, whose words say
// what the columns below them hold.
func (r *reading) grid(block int, b document.Block) {
	g := &sheet{reading: r, block: block, cells: b.Grid.Lay(), title: r.caption(block, b.Grid), section: r.section()}
	if b.Kind == document.Chart {
		g.columns = []column{{role: names}, {role: figures, measure: Value, plain: true}}
		g.unit = r.usual()
		for row := range g.cells {
			g.data(row)
		}
		return
	}
	g.unit = r.tableUnit(block)
	for row := 0; row < len(g.cells); row++ {
		switch kind := g.kind(row); kind {
		case headRow:
			g.head(row)
		case pairRow:
			g.pairs(row)
		case dataRow:
			g.data(row)
		}
	}
}

// sheet is one table being read.
type sheet struct {
	*reading
	block   int
	cells   [][]*document.Cell
	title   string
	section []string
	// about is what the whole table is about, as its row 项目名称 says.
	about string
	// unit is the unit of money of the table, from the line above it, partUnit that of the part being read.
	unit, partUnit string
	columns        []column
	// upper is the head row right above, of which the next may be the lower one.
	upper []string
	// plans: the part has a column of budgets.
	plans bool
}

type rowKind uint8

const (
	emptyRow rowKind = iota
	headRow
	pairRow
	dataRow
)

// shown is the text of a cell in one line, "" where there is none, or one that an earlier column or row shows.
func (g *sheet) shown(row, col int) string {
	if col >= len(g.cells[row]) {
		return ""
	}
	c := g.cells[row][col]
	if c == nil {
		return ""
	}
	return strings.Join(strings.Fields(c.Text.S), "")
}

// numeric reads a cell that holds one figure and nothing more, but an operator before it and its unit.
func (g *sheet) numeric(row, col int) (*token, bool) {
	c := g.cells[row][col]
	if c == nil || number.IsBlank(c.Text.S) {
		return nil, false
	}
	f := g.words.fold(c.Text.S)
	found := g.words.tokens(f.s)
	if len(found) != 1 {
		return nil, false
	}
	t := &found[0]
	before := strings.TrimSpace(f.s[:t.from])
	if sign := strings.TrimRight(before, "-"); sign != before {
		t.minus, before = true, sign
	}
	if before != "" && !g.words.operators.has(before) {
		return nil, false
	}
	p, err := number.Parse(f.s[t.from:t.to])
	if err != nil {
		return nil, false
	}
	t.value, t.decimals = p.Value, p.Decimals
	rest := strings.TrimSpace(f.s[t.to:])
	if rest != "" && g.words.unitNamed(rest) == "" {
		return nil, false
	}
	t.unit = g.words.unitNamed(rest)
	return t, true
}

// kind tells heads, data and pairs of a word and what it stands for apart.
func (g *sheet) kind(row int) rowKind {
	filled, numbers, known, long := 0, 0, 0, 0
	for col := range g.cells[row] {
		s := g.shown(row, col)
		if s == "" || col > 0 && g.cells[row][col] == g.cells[row][col-1] {
			continue
		}
		filled++
		if _, ok := g.numeric(row, col); ok {
			numbers++
		}
		if c := g.words.column([]string{s}); c.role != figures || c.measure != Value {
			known++
		}
		if utf8.RuneCountInString(s) > 30 {
			long++
		}
	}
	switch {
	case filled == 0:
		return emptyRow
	case numbers > 0:
		return dataRow
	case g.words.captions.has(g.words.unbracketed(g.first(row))):
		return pairRow
	case filled >= 2 && long == 0 && (known > 0 || len(g.columns) == 0 || g.upper != nil):
		return headRow
	case long > 0 || len(g.columns) > 0:
		return dataRow
	}
	return emptyRow
}

// first is the first text of a row.
func (g *sheet) first(row int) string {
	for col := range g.cells[row] {
		if s := g.shown(row, col); s != "" {
			return s
		}
	}
	return ""
}

// pairs reads a row of a word and what it stands for.
func (g *sheet) pairs(row int) {
	g.columns, g.upper = nil, nil
	named := false
	for col := range g.cells[row] {
		if col > 0 && g.cells[row][col] == g.cells[row][col-1] {
			continue
		}
		switch s := g.shown(row, col); {
		case s == "":
		case named:
			g.about = uncoded(s)
			return
		default:
			named = g.words.captions.has(g.words.unbracketed(s))
		}
	}
}

// uncoded is a name without the code before it: 51092324T000010263357-某项目.
func uncoded(s string) string {
	code, name, ok := strings.Cut(s, "-")
	if ok && name != "" && utf8.RuneCountInString(code) >= 6 && strings.Trim(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == "" {
		return name
	}
	return s
}

// head takes in a row of heads: those of a new part, or the lower ones of the row above.
func (g *sheet) head(row int) {
	heads := make([]string, len(g.cells[row]))
	for col := range heads {
		heads[col] = g.shown(row, col)
	}
	paths := make([][]string, len(heads))
	over := ""
	for col := range heads {
		if col < len(g.upper) && g.upper[col] != "" {
			over = g.upper[col]
		}
		upper := over
		if heads[col] == "" && col < len(g.upper) {
			upper = g.upper[col]
		}
		if g.upper != nil && upper != "" && upper != heads[col] {
			paths[col] = append(paths[col], strings.Split(upper, "/")...)
		}
		if heads[col] != "" {
			paths[col] = append(paths[col], heads[col])
		}
	}
	g.columns, g.upper, g.plans, g.partUnit = make([]column, len(paths)), make([]string, len(paths)), false, ""
	for col, path := range paths {
		g.columns[col] = g.words.column(path)
		g.upper[col] = strings.Join(path, "/")
		if c := &g.columns[col]; c.measure == Budget {
			g.plans = true
		} else if c.unit != "" && c.role != figures || col == 0 && c.unit != "" {
			g.partUnit = c.unit
		}
	}
	g.weights(row)
}

// weights reads the points that a head gives to what stands below it: 绩效指标（90分）.
func (g *sheet) weights(row int) {
	for col, c := range g.cells[row] {
		if c == nil || col > 0 && g.cells[row][col-1] == c {
			continue
		}
		f := g.words.fold(c.Text.S)
		for _, t := range g.words.tokens(f.s) {
			if t.unit == "分" && t.from > 0 && f.s[t.from-1] == '(' && strings.HasPrefix(f.s[t.end:], ")") {
				g.emit(row, col, &t, f, g.words.unbracketed(c.Text.S), column{measure: Weight, unit: "分"}, "")
			}
		}
	}
}

// data reads a row of figures.
func (g *sheet) data(row int) {
	g.upper = nil
	shift := g.shift(row)
	at := func(col int) *column {
		if col+shift < len(g.columns) {
			return &g.columns[col+shift]
		}
		return &column{}
	}
	name, code, unit := "", "", ""
	for col := range g.cells[row] {
		if s := g.shown(row, col); at(col).role == units && s != "" {
			unit = g.words.unitNamed(g.words.Fold(s))
			if unit == "" {
				unit = s
			}
		}
	}
	total, seen := false, 0
	for col, c := range g.cells[row] {
		s := g.shown(row, col)
		if s == "" || col > 0 && g.cells[row][col-1] == c {
			continue
		}
		t, figure := g.numeric(row, col)
		in := at(col)
		switch {
		case in.role == codes || in.role == 0 && figure && coded(s) && name == "":
			code = s
		case in.role == orders, in.role == units, in.role == operators, in.role == levels && !g.named(row, col, shift):
		case figure && in.role != names && in.role != texts && in.role != reasons:
			column := *in
			if total && len(g.columns) > 0 && (column.role != figures || column.measure == Value) {
				column = g.points(row, seen)
			}
			seen++
			g.emit(row, col, t, g.words.fold(c.Text.S), name, column, unit)
			g.last(code)
		case figure && in.role == names && year4(s):
			name = s + "年"
		case !figure && !g.prose(s) && !number.IsBlank(s) && in.role != reasons && in.role != texts && in.measure != Target && in.measure != Actual && seen == 0 && !g.words.operators.has(g.words.Fold(s)):
			name = g.label(s)
			total = g.words.rowsTotal.has(g.words.unbracketed(s))
		case !figure && !number.IsBlank(s):
			if g.prose(s) && in.role != reasons {
				g.sentences(c.Text, where{g.block, row, col, g.section}, "")
			}
		}
		if in.role == names && col+1 < len(g.cells[row]) && at(col+1).role == names {
			// Two sides: what stands to the left is over.
			seen = 0
		}
		if figure && col+1 < len(g.cells[row]) && (at(col+1).role == names || at(col+1).role == codes) {
			name, code, seen, total = "", "", 0, false
		}
	}
	g.links(row)
}

// named reports whether a cell in a column of levels is the row's name, since no cell behind it is one.
func (g *sheet) named(row, col, shift int) bool {
	for next := col + 1; next < len(g.cells[row]); next++ {
		if next+shift < len(g.columns) && (g.columns[next+shift].role == names || g.columns[next+shift].role == levels) && g.shown(row, next) != "" {
			if _, figure := g.numeric(row, next); !figure {
				return false
			}
		}
	}
	return true
}

// label is a row's name without 其中 and its like, and without the ordinal of a list.
func (g *sheet) label(s string) string {
	f := g.words.fold(s)
	from := 0
	if word := g.words.parts.prefix(f.s); word != "" {
		from = len(word)
	}
	if _, n := numbering(f.s[from:]); n > 0 && from+n < len(f.s) {
		from += n
	}
	rest := strings.TrimLeft(f.s[from:], ":、. ")
	return f.part(s, len(f.s)-len(rest), len(f.s))
}

// prose reports whether a cell holds sentences.
func (g *sheet) prose(s string) bool {
	return strings.Contains(s, "。") || utf8.RuneCountInString(s) > 16 && strings.ContainsAny(s, "，；,;")
}

// coded reports whether a cell is the code of an account.
func coded(s string) bool {
	return (len(s) == 3 || len(s) == 5 || len(s) == 7) && strings.Trim(s, "0123456789") == ""
}

func year4(s string) bool { return len(s) == 4 && year(s) }

// points is the column of a figure in a row of totals, whose cells stand closer than those of other rows: the points
// to win come first, then those won.
func (g *sheet) points(row, seen int) column {
	left := 0
	for col := range g.cells[row] {
		if _, ok := g.numeric(row, col); ok {
			left++
		}
	}
	measure := Score
	if left > 1 && seen == 0 {
		measure = Weight
	}
	if !slices.ContainsFunc(g.columns, func(c column) bool { return c.measure == Score || c.measure == Weight }) {
		measure = Value
	}
	unit := ""
	if measure != Value {
		unit = "分"
	}
	return column{role: figures, measure: measure, unit: unit, plain: true}
}

// shift is by how many columns a row has moved to the left below its heads, as where a merged first cell is written once
// only: that with which the cells fit the heads best.
func (g *sheet) shift(row int) int {
	best, most := 0, -1<<30
	for shift := range 3 {
		if shift > 0 && len(g.columns) == 0 {
			break
		}
		points := -shift
		for col := range g.cells[row] {
			s := g.shown(row, col)
			if number.IsBlank(s) {
				continue
			}
			if col+shift >= len(g.columns) {
				points--
				continue
			}
			points += g.fits(row, col, s, &g.columns[col+shift])
		}
		if points > most {
			best, most = shift, points
		}
	}
	return best
}

// fits rates a cell below a head.
func (g *sheet) fits(row, col int, s string, c *column) int {
	_, figure := g.numeric(row, col)
	switch {
	case c.role == operators && g.words.operators.has(g.words.Fold(s)), c.role == units && g.words.unitNamed(g.words.Fold(s)) != "",
		c.role == reasons && g.prose(s), c.role == codes && coded(s):
		return 2
	case figure && c.role == figures:
		if strings.HasSuffix(g.words.Fold(s), "%") && c.unit != "%" && c.measure != Target && c.measure != Actual {
			return -2
		}
		return 1
	case figure && (c.role == names || c.role == levels || c.role == reasons || c.role == operators || c.role == units):
		return -2
	case !figure && c.role == figures && g.prose(s):
		return -2
	case !figure && (c.role == names || c.role == levels):
		return 1
	case !figure && c.role == operators, !figure && c.role == units:
		return -2
	}
	return 0
}

// emit keeps the figure of a cell.
func (g *sheet) emit(row, col int, t *token, f *folded, name string, in column, unit string) {
	c := g.cells[row][col]
	fact := Fact{
		Text: f.part(c.Text.S, t.from, t.to), Value: t.value, Decimals: t.decimals, Measure: in.measure, Basis: in.basis, Word: in.word,
		Section: g.section, Block: g.block, Row: row, Col: col, Base: -1, Total: -1, Table: g.title, ColPath: in.head,
		From: f.from[t.from], To: f.to[t.to-1],
	}
	if fact.Measure == "" {
		fact.Measure = Value
	}
	if name != "" {
		fact.RowPath = []string{name}
	}
	fact.Place = c.Text.At(fact.From)
	if t.minus {
		fact.Value = fact.Value.Neg()
		if sign := strings.LastIndexAny(c.Text.S[:fact.From], "-−－"); sign >= 0 {
			fact.From = sign
			fact.Text, fact.Place = strings.TrimSpace(c.Text.S[sign:fact.To]), c.Text.At(sign)
		}
	}
	if fact.Measure == Final && !g.plans {
		fact.Measure = Value
	}
	// A row of changes: 2016年比2015年增减%.
	if folded := g.words.unbracketed(name); fact.Measure == Value && g.words.compares(folded) && g.words.basisIn(folded) != "" {
		row := g.words.column([]string{name})
		fact.Measure, fact.Basis, name = row.measure, row.basis, ""
		if row.unit != "" {
			unit = row.unit
		}
	}
	fact.Subject = g.subject(name, &in)
	switch {
	case t.unit != "":
		fact.Unit = t.unit
	case fact.Measure == Target || fact.Measure == Actual:
		fact.Unit = unit
	case in.unit != "":
		fact.Unit = in.unit
	case unit != "":
		fact.Unit = unit
	case g.partUnit != "":
		fact.Unit = g.partUnit
	default:
		fact.Unit = g.unit
	}
	if fact.Measure == CompletionRate && fact.Basis == "" {
		fact.Basis = g.plan()
	}
	g.Facts = append(g.Facts, fact)
}

// subject is what a figure is of: the row's name, with that of the table before it, and the column's where it says more
// than how the figure is measured.
func (g *sheet) subject(name string, in *column) string {
	var path []string
	if g.about != "" {
		path = append(path, g.about)
	}
	if digits := strings.TrimSuffix(strings.TrimSuffix(name, "度"), "年"); digits != name && year4(digits) && !in.plain {
		// A row for each year.
		if digits != g.year {
			path = append(path, digits+"年")
		}
		return strings.Join(append(path, in.head...), "/")
	}
	if name != "" {
		path = append(path, name)
	}
	if !in.plain || len(path) == 0 {
		path = append(path, in.head...)
	}
	return strings.Join(path, "/")
}

// plan is the budget that rates of completion in this part are relative to: the last one of its heads.
func (g *sheet) plan() string {
	basis := ""
	for _, c := range g.columns {
		if c.measure == Budget && c.role == figures {
			basis = strings.TrimSuffix(g.words.unbracketed(c.head[len(c.head)-1]), "数")
		}
	}
	return basis
}

// last gives the row's code to the last fact.
func (g *sheet) last(code string) { g.Facts[len(g.Facts)-1].Code = code }

// links ties the rates of a row to its amounts.
func (g *sheet) links(row int) {
	for i := len(g.Facts) - 1; i >= 0 && g.Facts[i].Block == g.block && g.Facts[i].Row == row; i-- {
		f := &g.Facts[i]
		if f.Measure != CompletionRate && f.Measure != Share && f.Measure != Change && f.Measure != ChangeRate {
			continue
		}
		for k := i - 1; k >= 0 && g.Facts[k].Block == g.block && g.Facts[k].Row == row; k-- {
			if of := &g.Facts[k]; of.Subject == f.Subject && (of.Measure == Final || of.Measure == Value) {
				f.Base = k
				break
			}
		}
	}
}

// caption is the title of a table: the name of its sheet, else the line above it that is not about units.
func (r *reading) caption(block int, grid *document.Grid) string {
	for i := block - 1; i >= 0 && i >= block-3; i-- {
		b := &r.Document.Blocks[i]
		if b.Grid != nil {
			break
		}
		s := strings.Join(strings.Fields(b.Text.S), "")
		if s != "" && r.words.unitIn(s) == "" && utf8.RuneCountInString(s) <= 60 && !strings.HasSuffix(s, "。") {
			return s
		}
	}
	return grid.Name
}

// tableUnit is the unit of money that a line right above a table gives, else what the document uses.
func (r *reading) tableUnit(block int) string {
	for i := block - 1; i >= 0 && i >= block-3; i-- {
		b := &r.Document.Blocks[i]
		if b.Grid != nil {
			break
		}
		for _, word := range r.words.tableUnits {
			if _, u, ok := strings.Cut(strings.Join(strings.Fields(r.words.Fold(b.Text.S)), ""), word+":"); ok {
				if money := r.words.money.prefix(u); money != "" {
					return r.words.unitNamed(money)
				}
			}
		}
	}
	return r.usual()
}

// usual is the unit of money that the document has used most so far, 万元 when it has used none.
func (r *reading) usual() string {
	count := map[string]int{"万元": 0}
	best := "万元"
	for i := range r.Facts {
		if f := &r.Facts[i]; isMoney(f) {
			count[f.Unit]++
			if count[f.Unit] > count[best] {
				best = f.Unit
			}
		}
	}
	if _, ok := dataset.Convert(best, "元"); !ok {
		return "万元"
	}
	return best
}
