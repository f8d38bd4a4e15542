package text

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/document"
)

// grid lays rows of cells out. Text does not say which cells are merged; what it lets one know is used:
//
//   - a row of one cell covers all columns;
//   - a short row within rows of figures stands where its figures stand below figures;
//   - else the last cell of a short row reaches to the end;
//   - empty cells at the beginning of a row go on what stands above them, where that is labels alone.
func grid(rows []row) *document.Grid {
	g := &document.Grid{Rows: len(rows)}
	for _, cells := range rows {
		g.Cols = max(g.Cols, len(cells))
	}
	// above holds, for each column, the index of the cell above in rows as long as this one.
	var above []int
	for i, cells := range rows {
		stretch := len(cells) - 1
		lone := (i == 0 || len(rows[i-1]) != len(cells)) && (i+1 == len(rows) || len(rows[i+1]) != len(cells))
		if lone && i > 0 && len(rows[i-1]) > len(cells) {
			stretch = fit(cells, alike(rows[:i]))
		}
		if i == 0 || len(rows[i-1]) != len(cells) {
			above = nil
		}
		covered := 0
		for above != nil && covered+1 < len(cells) && cells[covered].S == "" && label(g.Cells[above[covered]].Text.S) {
			covered++
		}
		if above != nil && covered+1 < len(cells) && cells[covered].S == "" {
			covered = 0
		}
		next := make([]int, len(cells))
		col := 0
		for k, text := range cells {
			cols := 1
			if k == stretch {
				cols += g.Cols - len(cells)
			}
			col += cols
			if k < covered {
				next[k] = above[k]
				g.Cells[above[k]].RowSpan++
			} else {
				next[k] = len(g.Cells)
				g.Cells = append(g.Cells, document.Cell{Row: i, Col: col - cols, RowSpan: 1, ColSpan: cols, Text: text})
			}
		}
		above = next
	}
	return g
}

func label(s string) bool { return s != "" && !numeric(s) }

// alike are the last rows of one length.
func alike(rows []row) []row {
	n := len(rows) - 1
	for n > 0 && len(rows[n-1]) == len(rows[n]) {
		n--
	}
	return rows[n:]
}

// fit is the index of the cell of a short row that reaches over the columns which it has less than the rows above, so
// that figures stand below figures.
func fit(cells row, above []row) int {
	cols := len(above[0])
	best, most := len(cells)-1, 0
	for at := range cells {
		n := 0
		for k, c := range cells {
			if k == at || !numeric(c.S) {
				continue
			}
			col := k
			if k > at {
				col += cols - len(cells)
			}
			for _, r := range above {
				if numeric(r[col].S) {
					n++
				}
			}
		}
		if n > most {
			best, most = at, n
		}
	}
	return best
}

// shifted gives rows that leave out cells covered from above their empty first cells back: a row of labels heads the rows
// below, which have fewer cells than it, and what they hold says which of its columns they begin at.
func shifted(rows []row) []row {
	var out []row
	for i := 0; i < len(rows); {
		head := rows[i]
		out = append(out, head)
		i++
		if len(head) < 4 || slices.ContainsFunc(head, func(c document.Text) bool { return numeric(c.S) }) {
			continue
		}
		from := i
		for i < len(rows) && len(rows[i]) > 2 && len(rows[i]) < len(head) && slices.ContainsFunc(rows[i], func(c document.Text) bool { return numeric(c.S) }) {
			i++
		}
		below := rows[from:i]
		longest := 0
		for _, cells := range below {
			longest = max(longest, len(cells))
		}
		best, most := 0, -1
		for by := 0; by <= min(2, len(head)-longest); by++ {
			n := 0
			for _, cells := range below {
				for k, c := range cells {
					n += suits(head[by+k].S, c.S)
				}
			}
			if n > most {
				best, most = by, n
			}
		}
		for _, cells := range below {
			full := make(row, len(head))
			copy(full[best:], cells)
			out = append(out, full)
		}
	}
	return out
}

// suits rates how well a cell goes with the head of its column.
func suits(head, cell string) int {
	head = strings.TrimRight(strings.Split(strings.ReplaceAll(head, "(", "（"), "（")[0], "数數")
	is := func(ends ...string) bool {
		return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(head, end) })
	}
	switch {
	case strings.HasSuffix(cell, "%") || strings.HasSuffix(cell, "％"):
		if is("率", "比", "比例", "占比", "%") {
			return 3
		}
	case numeric(cell):
		if is("值", "率", "分", "权重", "權重", "额", "額", "金", "预算", "預算", "决算", "決算", "数量", "执行", "執行", "合计", "合計", "总计", "支出", "收入") {
			return 2
		}
	case is("单位", "單位", "性质", "指标", "名称", "内容", "原因", "说明", "备注", "方向"):
		return 1
	default:
		return 0
	}
	return -1
}

// cut cuts cells that nothing but a bar parts into rows. Rows of figures are alike, a label and as many numbers; what
// stands before them heads the columns, over two lines where it has more cells than there are columns.
func cut(cells row) *document.Grid {
	first := 0
	for first+1 < len(cells) && !numeric(cells[first+1].S) {
		first++
	}
	width := 1
	for first+width < len(cells) && numeric(cells[first+width].S) {
		width++
	}
	if width < 2 {
		return grid([]row{cells})
	}
	head := cells[:first]
	var rows []row
	for rest := cells[first:]; len(rest) > 0; {
		n := min(width, len(rest))
		rows = append(rows, rest[:n])
		rest = rest[n:]
	}
	if len(head) != width+1 || len(head) < 4 {
		if len(head) > 0 {
			rows = append([]row{head}, rows...)
		}
		return grid(rows)
	}
	// One cell more than columns: one covers the last ones, which stand below it.
	g := grid(rows)
	for i := range g.Cells {
		g.Cells[i].Row += 2
	}
	g.Rows += 2
	over, lower := parted(head)
	below := len(head) - lower
	var heads []document.Cell
	for k, text := range head {
		c := document.Cell{Col: k, RowSpan: 2, ColSpan: 1, Text: text}
		switch {
		case k >= lower:
			c.Row, c.Col, c.RowSpan = 1, over+k-lower, 1
		case k == over:
			c.RowSpan, c.ColSpan = 1, below
		case k > over:
			c.Col += below - 1
		}
		heads = append(heads, c)
	}
	slices.SortStableFunc(heads, func(a, b document.Cell) int { return cmp.Or(a.Row-b.Row, a.Col-b.Col) })
	g.Cells = append(heads, g.Cells...)
	return g
}

// parted finds the cell of a head that covers others and the first of these: they are the last ones, and share words with
// it.
func parted(head row) (over, lower int) {
	most := -1
	for first := 2; first <= len(head)-2; first++ {
		for k := 1; k < first; k++ {
			n := 0
			for _, c := range head[first:] {
				same := 0
				for _, x := range c.S {
					if strings.ContainsRune(head[k].S, x) {
						same++
					}
				}
				switch {
				case c.S == head[first].S && total(c.S):
					n += 3
				case total(c.S):
					n -= 3
				case same*2 >= len([]rune(c.S)):
					n += 2
				default:
					n--
				}
			}
			if n >= most {
				over, lower, most = k, first, n
			}
		}
	}
	return over, lower
}

func total(s string) bool { return s == "合计" || s == "小计" || s == "合計" || s == "小計" }
