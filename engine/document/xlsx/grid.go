package xlsx

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
	"github.com/gouji/gouji/engine/document/numfmt"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

const (
	maxRows   = 1 << 20
	maxCols   = 1 << 14
	maxMerges = 1 << 16
)

// grid is one sheet.
type grid struct {
	*book
	name string
	// zeros: cells of the value 0 show it.
	zeros bool
	rows  []row
	// merges are areas whose cells are one.
	merges []area
	// hidden are the columns that are not shown.
	hidden map[int]bool
	// concealed tells that something with text was hidden, formulas how many of them have no result.
	concealed bool
	formulas  int
}

// row is the cells of one row, those that have a text or a border, from left to right.
type row struct {
	at     int
	cells  []cell
	hidden bool
}

type cell struct {
	col      int
	text     string
	value    string
	number   bool
	bordered bool
	// right and bottom are where the cell ends.
	right, bottom int
}

// area is a rectangle of cells, its ends included.
type area struct{ top, left, bottom, right int }

func (g *grid) read(x *archive.XML) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "s:sheetViews":
			return x.Each(func(e archive.Element) error {
				g.zeros = e.Attr("showZeros") != "0" && e.Attr("showZeros") != "false"
				return nil
			})
		case "s:cols":
			return x.Each(func(e archive.Element) error {
				if width := strings.Trim(e.Attr("width"), "0."); on(e, "hidden") || width == "" && e.Attr("width") != "" {
					from, _ := e.Int("min")
					to, _ := e.Int("max")
					for col := max(from-1, 0); col < min(to, maxCols); col++ {
						g.hidden[col] = true
					}
				}
				return nil
			})
		case "s:sheetData":
			return g.data(x)
		case "s:mergeCells":
			return x.Each(func(e archive.Element) error {
				from, to, _ := strings.Cut(e.Attr("ref"), ":")
				top, left, ok := position(from)
				bottom, right, both := position(to)
				if ok && both && top <= bottom && left <= right {
					g.merges = append(g.merges, area{top, left, bottom, right})
				}
				if len(g.merges) > maxMerges {
					return archive.Beyond(document.Count(maxMerges, "个合并单元格（一张表内）", "merged cells in a sheet"))
				}
				return nil
			})
		}
		return nil
	})
}

func (g *grid) data(x *archive.XML) error {
	next := 0
	return x.Each(func(e archive.Element) error {
		r := row{at: next}
		if n, ok := e.Int("r"); ok {
			r.at = n - 1
		}
		if r.at < next || r.at >= maxRows {
			// Rows stand in their order in every sound file.
			return nil
		}
		next = r.at + 1
		hidden := on(e, "hidden") || e.Attr("ht") == "0"
		col := 0
		err := x.Each(func(e archive.Element) error {
			if e.Name != "s:c" {
				return nil
			}
			if ref := e.Attr("r"); ref != "" {
				if _, at, ok := position(ref); ok {
					col = at
				}
			}
			if g.cells--; g.cells < 0 {
				return archive.Beyond(document.Cells(g.limits.Cells))
			}
			c, err := g.cell(x, e)
			if c.col = col; c.text != "" || c.bordered {
				switch n := len(r.cells); {
				case hidden:
					g.concealed = g.concealed || c.text != ""
				case col < maxCols && (n == 0 || r.cells[n-1].col < col):
					r.cells = append(r.cells, c)
				}
			}
			col++
			return err
		})
		if r.hidden = hidden; hidden || len(r.cells) > 0 {
			g.rows = append(g.rows, r)
		}
		if err == nil && g.headed && g.head() != nil {
			return errHead
		}
		return err
	})
}

// errHead ends reading where only the head of a sheet is wanted.
var errHead = errors.New("head")

// head is the texts of the first row that shows any.
func (g *grid) head() (texts []string) {
	for _, r := range g.rows {
		for _, c := range r.cells {
			if c.text != "" && !g.hidden[c.col] {
				texts = append(texts, c.text)
			}
		}
		if texts != nil {
			return texts
		}
	}
	return nil
}

func (g *grid) cell(x *archive.XML, e archive.Element) (cell, error) {
	var c cell
	var st style
	if n, ok := e.Int("s"); ok && n >= 0 && n < len(g.styles) {
		st = g.styles[n]
	}
	c.bordered = st.bordered
	stored, inline, formula, saved := "", "", false, false
	err := x.Each(func(e archive.Element) (err error) {
		switch e.Name {
		case "s:v":
			saved = true
			stored, err = x.Text()
		case "s:is":
			inline, err = rich(x)
		case "s:f":
			formula = true
		}
		return err
	})
	switch t := e.Attr("t"); t {
	case "s":
		if n, err := strconv.Atoi(strings.TrimSpace(stored)); err == nil && n >= 0 && n < len(g.strings) {
			c.text = st.format.Text(g.strings[n])
		}
	case "str":
		c.text = st.format.Text(unescape(stored))
	case "inlineStr":
		c.text = st.format.Text(inline)
	case "b":
		c.text = map[string]string{"1": "TRUE", "0": "FALSE"}[stored]
	case "e", "d":
		c.text = stored
	default:
		g.number(&c, strings.TrimSpace(stored), st.format)
	}
	if formula && !saved {
		g.formulas++
	}
	c.text = strings.TrimSpace(c.text)
	if g.text -= len(c.text); g.text < 0 {
		return c, archive.Beyond(document.Size(int64(g.limits.Text)))
	}
	return c, err
}

// number fills a cell with a number as it is stored and shown.
func (g *grid) number(c *cell, stored string, f numfmt.Format) {
	v, ok := numfmt.Read(stored)
	if !ok {
		c.text = stored
		return
	}
	if v.IsZero() && !g.zeros {
		return
	}
	c.number = true
	c.text, c.value = f.Number(v, g.epoch1904)
}

// position reads the name of a cell.
func position(ref string) (row, col int, ok bool) {
	ref = strings.ReplaceAll(ref, "$", "")
	digits := strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	letters := ref[:len(ref)-len(digits)]
	row, err := strconv.Atoi(digits)
	if err != nil || letters == "" || len(letters) > 3 || row < 1 || row > maxRows {
		return 0, 0, false
	}
	for i := range len(letters) {
		col = col*26 + int(letters[i]-'A') + 1
	}
	return row - 1, col - 1, col <= maxCols
}

// emit adds what the sheet shows to the document.
func (g *grid) emit() error {
	if err := g.resolve(); err != nil {
		return err
	}
	if g.concealed {
		g.note(diag.DocumentHidden, g.name)
	}
	if g.formulas > 0 {
		g.note(diag.DocumentUncomputed, strconv.Itoa(g.formulas), g.name)
	}
	for _, rows := range g.regions() {
		if err := g.region(rows); err != nil {
			return err
		}
	}
	return nil
}

// resolve gives the text of a merged area to its first cell that is shown, and leaves out what is not.
func (g *grid) resolve() error {
	merged := newMerged(g.merges)
	for i := range g.rows {
		if g.ctx.Err() != nil {
			return archive.Beyond(document.Duration(g.limits.Time))
		}
		r := &g.rows[i]
		over := merged.of(r)
		kept := r.cells[:0]
		for k, c := range r.cells {
			c.right, c.bottom = c.col, r.at
			if m := over[k]; m != nil && (m.top != r.at || m.left != c.col) {
				c.text = ""
			} else if m != nil {
				c.right, c.bottom = m.right, m.bottom
				for c.col < c.right && g.hidden[c.col] {
					c.col++
				}
			}
			if g.hidden[c.col] {
				g.concealed = g.concealed || c.text != ""
			} else if c.text != "" || c.bordered {
				kept = append(kept, c)
			}
		}
		r.cells = kept
	}
	return nil
}

// merged finds the areas over the cells of rows that are asked for from the top down.
type merged struct {
	// all are sorted by their tops, next is the first that no row has come to; open are those that reach the last row, in
	// the order of the file.
	all  []ordered
	next int
	open []ordered
}

type ordered struct {
	area
	order int
}

func newMerged(areas []area) *merged {
	m := &merged{}
	for i, a := range areas {
		m.all = append(m.all, ordered{a, i})
	}
	slices.SortStableFunc(m.all, func(a, b ordered) int { return a.top - b.top })
	return m
}

// of are the areas over the cells of a row, nil where there is none. Where several overlap the first of the file counts.
func (m *merged) of(r *row) []*area {
	over := make([]*area, len(r.cells))
	m.open = slices.DeleteFunc(m.open, func(a ordered) bool { return a.bottom < r.at })
	for ; m.next < len(m.all) && m.all[m.next].top <= r.at; m.next++ {
		if m.all[m.next].bottom >= r.at {
			m.open = append(m.open, m.all[m.next])
		}
	}
	slices.SortFunc(m.open, func(a, b ordered) int { return a.order - b.order })
	// free is, for each cell, the first one from there on that no area is over.
	free := make([]int, len(r.cells)+1)
	for i := range free {
		free[i] = i
	}
	find := func(i int) int {
		for free[i] != i {
			free[i] = free[free[i]]
			i = free[i]
		}
		return i
	}
	for k := range m.open {
		a := &m.open[k].area
		first, _ := slices.BinarySearchFunc(r.cells, a.left, func(c cell, col int) int { return c.col - col })
		for i := find(first); i < len(r.cells) && r.cells[i].col <= a.right; i = find(i + 1) {
			found := *a
			over[i], free[i] = &found, i+1
		}
	}
	return over
}

// filled are the cells of a row that show something.
func (r row) filled() []cell {
	var out []cell
	for _, c := range r.cells {
		if c.text != "" {
			out = append(out, c)
		}
	}
	return out
}

// regions parts the rows of the sheet into tables, at titles and at blank rows: rows without text and without borders.
// Figures behind a blank row still belong to the table above it.
func (g *grid) regions() [][]row {
	var regions [][]row
	var open []row
	blank, next := false, 0
	for _, r := range g.rows {
		blank = blank || r.at > next
		next = r.at + 1
		filled := r.filled()
		switch {
		case r.hidden:
			continue
		case len(filled) == 0:
			if blank = blank || len(r.cells) < 2; !blank && len(open) > 0 {
				open = append(open, r)
			}
			continue
		case len(open) > 0 && (blank && !slices.ContainsFunc(filled, func(c cell) bool { return numeric(c) }) || titled(filled) && len(open) > 2):
			regions, open = append(regions, open), nil
		}
		blank = false
		open = append(open, r)
	}
	if len(open) > 0 {
		regions = append(regions, open)
	}
	return regions
}

// numeric reports whether a cell holds a figure, be it stored as text.
func numeric(c cell) bool {
	if c.number {
		return true
	}
	p, err := number.Parse(c.text)
	return err == nil && !p.Blank
}

// titled reports whether a row is the title of a table, by its one wide cell.
func titled(filled []cell) bool {
	c := filled[0]
	return len(filled) == 1 && c.right-c.col >= 2 && strings.HasSuffix(strings.TrimRight(c.text, "）)"), "表")
}

// unitLine is what stands above tables between their title and their head.
var unitLine = regexp.MustCompile(`^(?:填报|编制|预算|金额|公开)?(?:单位|部门)(?:名称)?[：:]|单位[：:].{0,8}元|^[（(]?公开\s*\d+\s*表`)

// footnote is what stands below tables.
var footnote = regexp.MustCompile(`^(?:注|备注|附注|说明|填表|制表|填报人|单位负责人|审核)\s*\d*\s*[：:]`)

// line reports whether a row is a line of text, and no part of the table that it stands beside.
func line(r row, pattern *regexp.Regexp) bool {
	filled := r.filled()
	for _, c := range filled {
		if c.bottom > r.at || c.number {
			return false
		}
	}
	return len(filled) == 1 && pattern == unitLine || len(filled) > 0 && len(filled) <= 4 &&
		slices.ContainsFunc(filled, func(c cell) bool { return pattern.MatchString(c.text) })
}

// region adds one table, the lines above and below it as paragraphs.
func (g *grid) region(rows []row) error {
	var below []row
	for len(rows) > 0 && line(rows[0], unitLine) {
		g.paragraph(rows[0])
		rows = rows[1:]
	}
	for n := len(rows); n > 0 && (len(rows[n-1].filled()) == 0 || line(rows[n-1], footnote)); n-- {
		below = append(below, rows[n-1])
		rows = rows[:n-1]
	}
	if len(rows) > 0 {
		if err := g.table(rows); err != nil {
			return err
		}
	}
	for _, r := range slices.Backward(below) {
		g.paragraph(r)
	}
	return nil
}

// place is where a cell stands.
func (g *grid) place(row, col int) []document.Mark {
	return []document.Mark{{Place: source.Place{Cell: g.name + "!" + document.CellName(row, col)}}}
}

// paragraph adds the cells of a line as paragraphs, those behind a colon together with what stands before it.
func (g *grid) paragraph(r row) {
	var t document.Text
	for _, c := range r.filled() {
		if t.S != "" && !strings.HasSuffix(t.S, "：") && !strings.HasSuffix(t.S, ":") {
			g.lines.Paragraph(0, t)
			t = document.Text{}
		}
		t.Append(document.Text{S: c.text, Marks: g.place(r.at, c.col)})
	}
	g.lines.Paragraph(0, t)
}

// table adds rows as one table. Columns in which no text begins are no columns of it.
func (g *grid) table(rows []row) error {
	var cols []int
	for _, r := range rows {
		for _, c := range r.filled() {
			cols = append(cols, c.col)
		}
	}
	slices.Sort(cols)
	cols = slices.Compact(cols)
	if g.cells -= len(rows) * len(cols); g.cells < 0 || g.ctx.Err() != nil {
		return archive.Beyond(document.Cells(g.limits.Cells))
	}
	out := &document.Grid{Rows: len(rows), Cols: len(cols), Name: g.name}
	taken := make([]bool, len(rows)*len(cols))
	for i, r := range rows {
		cells := r.filled()
		for k, col := range cols {
			c := cell{right: col, bottom: r.at}
			if len(cells) > 0 && cells[0].col == col {
				c, cells = cells[0], cells[1:]
			}
			if taken[i*len(cols)+k] {
				continue
			}
			down, across := 1, 1
			for k+across < len(cols) && cols[k+across] <= c.right && !taken[i*len(cols)+k+across] {
				across++
			}
			for i+down < len(rows) && rows[i+down].at <= c.bottom {
				down++
			}
			for y := i; y < i+down; y++ {
				for x := k; x < k+across; x++ {
					taken[y*len(cols)+x] = true
				}
			}
			out.Cells = append(out.Cells, document.Cell{
				Row: i, Col: k, RowSpan: down, ColSpan: across, Value: c.value,
				Text: document.Text{S: c.text, Marks: g.place(r.at, col)},
			})
		}
	}
	g.lines.Grid(document.Table, out)
	return nil
}
