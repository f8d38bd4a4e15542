package extract

import (
	"maps"
	"slices"
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
	t := &table{block, g.Lay(), map[*document.Cell][]int{}, map[*document.Cell]bool{}, map[*document.Cell]pattern.Text{}}
	for i := range g.Cells {
		c := &g.Cells[i]
		t.label[c] = b.subjects.Fold(b.years.Replace(unnumbered(c.Text.S)))
	}
	for i := range b.Reading.Facts {
		if f := &b.Reading.Facts[i]; f.Block == block && f.Row >= 0 {
			if c := g.At(f.Row, f.Col); c != nil {
				t.facts[c] = append(t.facts[c], i)
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
			bound := false
			for next := c.Col + c.ColSpan; next < len(t.laid[r]); next++ {
				v := t.laid[r][next]
				if v == nil || v.Col != next {
					continue
				}
				if !t.blank(v) && !t.number(v) {
					if len(values) > 0 {
						break
					}
					continue
				}
				if t.number(v) || len(values) > 0 {
					values = append(values, v)
				}
				for _, l := range s.Leaves {
					if t.used[v] || len(l.Columns) > 0 && !t.headed(l.Columns, r, next) {
						continue
					}
					if b.cell(t, v, l, s, record, id) {
						if bound = true; len(l.Columns) == 0 {
							return
						}
					}
				}
			}
			// Where cells were merged and nothing tells it, a row may not stand below its headers. Then it has them in order.
			values = slices.DeleteFunc(values, t.blank)
			for j, l := range s.Leaves {
				if !bound && len(values) == len(s.Leaves) && !t.used[values[j]] {
					b.cell(t, values[j], l, s, record, id)
				}
			}
		}
	}
}

// listOf binds the rows of a table as those of a list: those below the header of the column that holds their key.
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
	head := -1
	columns := make([]int, len(s.Leaves))
	above := make([]*document.Cell, len(s.Leaves))
	for r := range t.laid {
		if col := t.column(r, key.Columns); col >= 0 {
			head = r
			clear(above)
			for i, l := range s.Leaves {
				columns[i] = -1
				for in := max(r-1, 0); in <= min(r+2, len(t.laid)-1) && columns[i] < 0; in++ {
					columns[i] = t.column(in, l.Columns)
				}
			}
			continue
		}
		if head < 0 {
			continue
		}
		var name *document.Cell
		for i := range s.Leaves {
			if col := columns[i]; &s.Leaves[i] == key && col >= 0 && col < len(t.laid[r]) {
				name = t.laid[r][col]
			}
		}
		if t.blank(name) || t.number(name) || name.Row != r || name.ColSpan > 1 {
			continue
		}
		own := maps.Clone(k)
		own[s.Field.Key] = clean(name.Text.S)
		at := b.locate(s.Field, own, b.sections[t.block], nil)
		for i, l := range s.Leaves {
			if l.Field == s.Field.Key || columns[i] < 0 {
				continue
			}
			c := t.laid[r][columns[i]]
			if columns[i] < name.Col {
				// What stands before the name groups the rows, and is printed once.
				if t.blank(c) {
					c = above[i]
				}
				above[i] = c
			}
			if c != nil && (columns[i] < name.Col || !t.used[c]) {
				b.cell(t, c, l, s, func() *record { return at }, id)
			}
		}
	}
}

// column is the first column of a row whose cell carries one of the headers, -1 for none.
func (t *table) column(r int, headers []rule.Pattern) int {
	for col, c := range t.laid[r] {
		if c != nil && c.Col == col && t.is(headers, c) {
			return col
		}
	}
	return -1
}

// formOf binds single cells: those beside a label, and those below a header.
func (b *binder) formOf(t *table, s *rule.Select, k keys, id string) {
	for _, l := range s.Leaves {
		c := t.beside(l.Labels)
		for r := 0; r < len(t.laid)-1 && c == nil && len(l.Columns) > 0; r++ {
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
