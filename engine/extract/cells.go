package extract

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/pattern"
	"github.com/gouji/gouji/engine/rule"
)

// This file binds what tables state: by the labels of their rows and the headers of their columns.

// table is a grid being bound.
type table struct {
	block int
	laid  [][]*document.Cell
	// facts are those in each cell, used the cells that went to a field.
	facts map[*document.Cell][]int
	used  map[*document.Cell]bool
	// label are the texts of cells as they are compared.
	label map[*document.Cell]pattern.Text
	// heads are the headers of the figures as the grammar found them.
	heads map[*document.Cell][]pattern.Text
}

// tables binds the cells of all tables.
func (b *binder) tables() {
	for i, block := range b.Reading.Document.Blocks {
		if block.Grid == nil {
			continue
		}
		scopes := b.holding(b.sections[i], i)
		if len(scopes) == 0 {
			continue
		}
		t := b.table(i)
		for _, scope := range scopes {
			k := maps.Clone(scope.keys)
			for _, key := range scope.Keys {
				if c := t.beside(key.Labels); c != nil {
					k[key.Field] = clean(c.Text.S)
				}
			}
			for _, s := range scope.Fields {
				switch {
				case s.Like:
				case len(s.Rows) > 0:
					b.rowsOf(t, s, k, scope.id)
				case s.Field.Type == dataset.List:
					b.listOf(t, s, k, scope.id)
				default:
					b.formOf(t, s, k, scope.id)
				}
			}
		}
	}
}

func (b *binder) table(block int) *table {
	if t := b.grids[block]; t != nil {
		return t
	}
	g := b.Reading.Document.Blocks[block].Grid
	t := &table{block, g.Lay(), map[*document.Cell][]int{}, map[*document.Cell]bool{}, map[*document.Cell]pattern.Text{}, map[*document.Cell][]pattern.Text{}}
	for i := range g.Cells {
		c := &g.Cells[i]
		t.label[c] = b.subjects.Fold(b.years.Replace(unnumbered(c.Text.S)))
	}
	for i := range b.Reading.Facts {
		if f := &b.Reading.Facts[i]; f.Block == block && f.Row >= 0 {
			if c := g.At(f.Row, f.Col); c != nil {
				t.facts[c] = append(t.facts[c], i)
				for _, head := range f.ColPath {
					t.heads[c] = append(t.heads[c], b.subjects.Fold(b.years.Replace(unnumbered(head))))
				}
			}
		}
	}
	b.grids[block] = t
	return t
}

// unnumbered is a label without what orders it among others: 一、, （二）, 3., 其中：.
func unnumbered(s string) string {
	s = strings.TrimSpace(s)
	for {
		rest := s
		for _, word := range []string{"其中", "减：", "加：", "减:", "加:"} {
			rest = strings.TrimPrefix(rest, word)
		}
		opened := strings.TrimLeft(rest, "（(")
		digits := strings.TrimLeft(opened, "一二三四五六七八九十0123456789")
		if len(digits) < len(opened) {
			if _, size := utf8.DecodeRuneInString(digits); strings.IndexAny(digits, "、.．)）") == 0 {
				rest = digits[size:]
			}
		}
		rest = strings.TrimLeft(rest, ":： \t\n\u3000")
		if rest == s || rest == "" {
			return s
		}
		s = rest
	}
}

// number reports whether a cell shows a number and nothing else, blank whether it shows nothing.
func (t *table) number(c *document.Cell) bool {
	p, err := number.Parse(c.Text.S)
	return err == nil && !p.Blank
}

func (t *table) blank(c *document.Cell) bool { return c == nil || number.IsBlank(c.Text.S) }

func (t *table) is(patterns []rule.Pattern, c *document.Cell) bool {
	if c == nil || len(patterns) == 0 || t.label[c].Folded == "" {
		return false
	}
	_, ok := match(patterns, t.label[c])
	return ok
}

// beside is the cell to the right of the first one with one of the labels, nil when there is none.
func (t *table) beside(labels []rule.Pattern) *document.Cell {
	for r := range t.laid {
		for k, c := range t.laid[r] {
			if c == nil || c.Row != r || c.Col != k || !t.is(labels, c) {
				continue
			}
			if next := k + c.ColSpan; next < len(t.laid[r]) && !t.blank(t.laid[r][next]) {
				return t.laid[r][next]
			}
		}
	}
	return nil
}

// headed reports whether one of the headers stands above a cell: a text above it, with no other text between them but
// such that belong to the same head of the table.
func (t *table) headed(headers []rule.Pattern, row, col int) bool {
	// A head over several columns may be written once, without being merged.
	for _, head := range t.heads[t.laid[row][col]] {
		if _, ok := match(headers, head); ok {
			return true
		}
	}
	texts := 0
	var last *document.Cell
	for r := row - 1; r >= 0; r-- {
		c := t.laid[r][col]
		if c == nil || c == last || c.Row+c.RowSpan > row {
			continue
		}
		last = c
		if t.blank(c) || t.number(c) {
			if texts > 0 {
				return false
			}
			continue
		}
		if t.is(headers, c) {
			return true
		}
		if texts++; texts == 4 {
			return false
		}
	}
	return false
}

// rowsOf binds the rows of a table that carry one of a selector's labels.
func (b *binder) rowsOf(t *table, s *rule.Select, k keys, id string) {
	for r := range t.laid {
		for col, c := range t.laid[r] {
			if c == nil || c.Row != r || c.Col != col || t.blank(c) || t.label[c].Folded == "" {
				continue
			}
			own, ok := match(s.Rows, t.label[c])
			if !ok {
				continue
			}
			for field, text := range k {
				if _, taken := own[field]; !taken {
					own[field] = text
				}
			}
			var at *record
			record := func() *record {
				if at == nil {
					at = b.locate(s.Field, own, b.sections[t.block], nil)
				}
				return at
			}
			// The cells of the label reach to the next label of the row, as in tables with two sides.
			var values []*document.Cell
			bound, empty := false, false
			// A blank cell right of a label may stand in the column of names; it counts where no number follows.
			var nothing *document.Cell
			for next := c.Col + c.ColSpan; next < len(t.laid[r]); next++ {
				v := t.laid[r][next]
				if v == nil || v.Col != next {
					continue
				}
				if !t.blank(v) && !t.number(v) {
					if len(values) > 0 || empty {
						break
					}
					continue
				}
				if t.number(v) && len(t.facts[v]) == 0 {
					// It counts or codes the rows.
					continue
				}
				empty = empty || t.blank(v)
				if t.number(v) || len(values) > 0 {
					values = append(values, v)
				}
				for _, l := range s.Leaves {
					if t.used[v] || len(l.Columns) > 0 && !t.headed(l.Columns, r, next) {
						continue
					}
					if len(l.Columns) == 0 && t.blank(v) {
						if nothing == nil {
							nothing = v
						}
						continue
					}
					if b.cell(t, v, l, s, record, id) {
						if bound = true; len(l.Columns) == 0 || l.Field == s.Field {
							return
						}
					}
				}
			}
			for _, l := range s.Leaves {
				if !bound && nothing != nil && !t.used[nothing] && len(l.Columns) == 0 && len(values) == 0 {
					bound = b.cell(t, nothing, l, s, record, id)
				}
			}
			// Where cells were merged and nothing tells it, a row may not stand below its headers. Then it has them in order,
			// unless another field found one of them.
			if slices.ContainsFunc(values, func(c *document.Cell) bool { return t.used[c] }) {
				continue
			}
			values = slices.DeleteFunc(values, t.blank)
			for j, l := range s.Leaves {
				if !bound && len(values) == len(s.Leaves) && !t.used[values[j]] {
					b.cell(t, values[j], l, s, record, id)
				}
			}
		}
	}
}

// listOf binds the rows of a table as those of a list: those below the header of the column that holds their key. A
// table with two sides has such a column on each.
func (b *binder) listOf(t *table, s *rule.Select, k keys, id string) {
	var key *rule.Leaf
	for i := range s.Leaves {
		if l := &s.Leaves[i]; l.Field == s.Field.Key && len(l.Columns) > 0 {
			key = l
		}
	}
	if key == nil {
		return
	}
	var sides []side
	for r := range t.laid {
		if heads := t.columns(r, key.Columns); len(heads) > 0 {
			sides = sides[:0]
			for i, head := range heads {
				from, to := head, len(t.laid[r])
				if i == 0 {
					from = 0
				}
				if i+1 < len(heads) {
					to = heads[i+1]
				}
				sides = append(sides, t.side(s, r, head, from, to))
			}
			continue
		}
		for i := range sides {
			b.rowOf(t, s, key, k, &sides[i], r, id)
		}
	}
}

// side is the part of a table that belongs to one of the columns that hold the key of a list.
type side struct {
	// key is the column of the key and width how many its header spans; columns are those of the other leaves, -1 for none.
	key, width int
	columns    []int
	// above are the cells that group the rows, printed before the first of them.
	above []*document.Cell
}

// side finds the columns of a list between two columns of the head that row r belongs to.
func (t *table) side(s *rule.Select, r, key, from, to int) side {
	found := side{key, t.laid[r][key].ColSpan, make([]int, len(s.Leaves)), make([]*document.Cell, len(s.Leaves))}
	for i, l := range s.Leaves {
		found.columns[i] = -1
		for in := max(r-1, 0); in <= min(r+2, len(t.laid)-1) && found.columns[i] < 0; in++ {
			for _, col := range t.columns(in, l.Columns) {
				if col >= from && col < to && found.columns[i] < 0 {
					found.columns[i] = col
				}
			}
		}
	}
	return found
}

// rowOf binds a row of a list on one side of a table.
func (b *binder) rowOf(t *table, s *rule.Select, key *rule.Leaf, k keys, on *side, r int, id string) {
	if on.key >= len(t.laid[r]) {
		return
	}
	name := t.laid[r][on.key]
	if t.blank(name) || name.Row != r || name.ColSpan > on.width {
		return
	}
	if told := len(key.Texts) > 0; told && !t.is(key.Texts, name) || !told && t.number(name) {
		return
	}
	own := maps.Clone(k)
	own[s.Field.Key] = clean(name.Text.S)
	at := b.locate(s.Field, own, b.sections[t.block], nil)
	for i, l := range s.Leaves {
		col := on.columns[i]
		if l.Field == s.Field.Key || col < 0 || col >= len(t.laid[r]) {
			continue
		}
		c := t.laid[r][col]
		if col < name.Col {
			// What stands before the name groups the rows, and is printed once.
			if t.blank(c) {
				c = on.above[i]
			}
			on.above[i] = c
		}
		if c != nil && (col < name.Col || !t.used[c]) {
			b.cell(t, c, l, s, func() *record { return at }, id)
		}
	}
}

// columns are those of a row whose cells carry the first of the headers that any carries.
func (t *table) columns(r int, headers []rule.Pattern) []int {
	var found []int
	for i := range headers {
		for col, c := range t.laid[r] {
			if c != nil && c.Col == col && t.is(headers[i:i+1], c) {
				found = append(found, col)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found
}

// column is the first of columns, -1 for none.
func (t *table) column(r int, headers []rule.Pattern) int {
	if found := t.columns(r, headers); len(found) > 0 {
		return found[0]
	}
	return -1
}

// formOf binds single cells: those beside a label, and those below a header.
func (b *binder) formOf(t *table, s *rule.Select, k keys, id string) {
	for _, l := range s.Leaves {
		c := t.beside(l.Labels)
		if len(l.Under) > 0 {
			c = t.under(l.Columns, l.Under)
		}
		for r := 0; r < len(t.laid)-1 && c == nil && len(l.Columns) > 0 && len(l.Under) == 0; r++ {
			if col := t.column(r, l.Columns); col >= 0 {
				head := t.laid[r][col]
				c = t.laid[min(r+head.RowSpan, len(t.laid)-1)][col]
			}
		}
		if c != nil && !t.used[c] {
			b.cell(t, c, l, s, func() *record { return b.locate(s.Field, k, b.sections[t.block], nil) }, id)
		}
	}
}

// under is the cell of the last row of numbers below a header of each kind, whichever stands above the other; nil when
// there is none.
func (t *table) under(headers, others []rule.Pattern) *document.Cell {
	for r := len(t.laid) - 1; r > 0; r-- {
		if !t.figures(r) {
			continue
		}
		for col, c := range t.laid[r] {
			if c != nil && c.Col == col && t.headed(headers, r, col) && t.headed(others, r, col) {
				return c
			}
		}
		return nil
	}
	return nil
}

// figures reports whether a row shows numbers that do not merely count its columns (栏次).
func (t *table) figures(r int) bool {
	n, counts := 0, true
	for col, c := range t.laid[r] {
		if c == nil || c.Col != col || !t.number(c) {
			continue
		}
		n++
		counts = counts && strings.TrimSpace(c.Text.S) == strconv.Itoa(n)
	}
	return n > 0 && !counts
}

// cell makes what a cell shows a statement of a field, where it can be one.
func (b *binder) cell(t *table, c *document.Cell, l rule.Leaf, s *rule.Select, at func() *record, id string) bool {
	text := strings.Join(strings.Fields(c.Text.S), " ")
	if len(l.Texts) > 0 {
		if _, ok := match(l.Texts, t.label[c]); !ok {
			return false
		}
	}
	start := max(0, strings.IndexFunc(c.Text.S, func(r rune) bool { return !unicode.IsSpace(r) }))
	said := statement{text, b.Reading.cite(c.Text.At(start), t.block, c.Row, c.Col, start), t.block, c.Row<<16 + c.Col}
	switch {
	case t.blank(c):
		if !l.Field.BlankZero {
			return false
		}
		said.text = "—"
	case l.Field.Type.Numeric():
		if !t.number(c) {
			return false
		}
		if facts := t.facts[c]; len(facts) == 1 {
			f := &b.Reading.Facts[facts[0]]
			// A cell that shows a bare number may count, whatever unit the table's amounts are in.
			if p, err := number.Parse(text); !fits(f, l) && f.Unit != "" && (l.Field.Type == dataset.Amount || err != nil || p.Unit != "" || p.Percent) {
				return false
			}
			if !b.take(facts[0], at(), l.Field, s, id) {
				return false
			}
			t.used[c] = true
			return true
		}
		var ok bool
		if said.text, ok = b.fitted(text, l.Field); !ok {
			return false
		}
	case l.Field.Type == dataset.Date:
		if _, ok := dataset.ParseDate(text); !ok {
			return false
		}
	}
	r := at()
	here := spot{r, l.Field, s}
	if owner, taken := b.owners[here]; taken && owner != id || len(r.leaves[l.Field]) > 0 && !l.Field.Type.Numeric() {
		return false
	}
	b.owners[here] = id
	r.add(l.Field, said)
	t.used[c] = true
	return true
}
