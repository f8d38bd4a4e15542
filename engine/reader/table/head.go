// Package table reads datasets that stand in tables, whatever the tables are written in: CSV, sheets, Parquet.
//
// A wide table has one dataset a row, and a column for each field, called by its address: 收入.合计, 项目[甲].预算. A long
// table has one figure a row, with the columns entity, period, field and value; rows of one entity and period that stand
// together are one dataset. The names of columns are bound to the fields of a schema once for a table.
//
// A reader of a format gives the names of the columns and the rows; what the fields take is for package dataset.
package table

import (
	"slices"
	"strings"
	"sync"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
)

// Name is the name of a column, and where it stands.
type Name struct {
	Text string
	Span source.Span
}

// part is what a column says of a dataset.
type part int

const (
	figure part = iota
	entity
	period
	kind
	parent
	pack
	unit
	published
	// Of long tables alone:
	field
	value
	place
	// ignored is a column that is not read.
	ignored
)

// words are the names of columns that are no fields.
var words = map[part][]string{
	entity:    {"entity", "单位", "单位名称", "编制单位"},
	period:    {"period", "期间", "年度", "决算年度"},
	kind:      {"kind", "类型"},
	parent:    {"parent", "上级", "上级单位", "主管部门"},
	pack:      {"pack", "规则包"},
	unit:      {"unit", "计量单位", "金额单位"},
	published: {"source", "来源"},
	field:     {"field", "字段"},
	value:     {"value", "数值"},
	place:     {"place", "位置"},
}

// headerKey is a part of the header and its key.
type headerKey struct {
	part
	key string
}

// keys are the header keys of the parts, in the order in which they are read.
var keys = []headerKey{{entity, "entity"}, {period, "period"}, {kind, "kind"}, {parent, "parent"}, {pack, "pack"}, {unit, "unit"}, {published, "source"}}

// mark begins the name of a column that is not read.
const mark = "#"

// Head is the names of the columns of a table. It may be used by several goroutines.
type Head struct {
	// Long: one figure a row.
	Long bool
	// names are those of all columns, which stand in whole.
	names []Name
	whole source.Span
	// at are the columns of what is no figure; those that are not there have none.
	at map[part]int
	// header are the columns of the header, in the order of keys; -1 for none.
	header []int
	// columns are those of figures in a wide table.
	columns []int
	// sides are the tables that stand side by side; nil of a table by itself. Their columns begin at seams.
	sides []*Head
	seams []int
	// bindings holds a *Binding for each *dataset.Schema.
	bindings sync.Map
}

// NewHead reads the names of columns. It is nil where they are not those of datasets.
func NewHead(names []Name, whole source.Span) (*Head, diag.List) {
	for len(names) > 0 && names[len(names)-1].Text == "" {
		names = names[:len(names)-1]
	}
	h := &Head{names: names, whole: whole, at: map[part]int{}}
	parts := make([]part, len(names))
	count := map[part]int{}
	for i, n := range names {
		parts[i] = meaning(n.Text)
		count[parts[i]]++
	}
	h.Long = count[field] > 0 && count[value] > 0
	var list diag.List
	for i, n := range names {
		p := parts[i]
		if !h.Long && (p == field || p == value || p == place) {
			p = figure
		}
		switch {
		case p == ignored:
		case p == figure && h.Long:
			list.Add(diag.New(diag.UnknownColumn, n.Span, n.Text).WithSuggestion(diag.Suggest(n.Text, headerNames())))
		case p == figure:
			h.columns = append(h.columns, i)
		default:
			if first, twice := h.at[p]; twice {
				list.Add(diag.New(diag.ColumnTwice, n.Span, n.Text).WithRelated(diag.FirstDefined, names[first].Span))
				continue
			}
			h.at[p] = i
		}
	}
	for _, k := range keys {
		i, ok := h.at[k.part]
		if !ok || k.part == unit && h.Long {
			i = -1
		}
		h.header = append(h.header, i)
	}
	for i, k := range keys[:2] {
		if h.header[i] < 0 {
			list.Add(diag.New(diag.TableNoColumn, whole, k.key))
		}
	}
	if list.HasErrors() {
		return nil, list
	}
	return h, list
}

// Names reports whether these are the names of the columns of datasets: an entity and a period are among them.
func Names(names []Name) bool {
	has := func(p part) bool {
		return slices.ContainsFunc(names, func(n Name) bool { return meaning(n.Text) == p })
	}
	return has(entity) && has(period)
}

// Figures are the columns of figures in a wide table.
func (h *Head) Figures() []int { return h.columns }

// differs reports whether a column tells of the header what differs from one dataset to the next without a difference to rules.
func (h *Head) differs(column int) bool {
	for i, at := range h.header {
		if p := keys[i].part; at == column && p != unit && p != pack {
			return true
		}
	}
	return false
}

// Width is the number of columns.
func (h *Head) Width() int { return len(h.names) }

// Span is where the names stand.
func (h *Head) Span() source.Span { return h.whole }

// Key tells the datasets of a long table apart: the header of each row. It is false when the row is too short to have one.
func (h *Head) Key(row []Cell) ([]string, bool) {
	key := make([]string, len(h.header))
	for i, at := range h.header {
		if at >= len(row) {
			return nil, false
		}
		if at >= 0 {
			key[i] = row[at].Text
		}
	}
	return key, true
}

// Unit is of which unit a row is that may be too short to say so.
func (h *Head) Unit(row []Cell) (u Unit) {
	for i, into := range []*string{&u.Entity, &u.Period} {
		if at := h.header[i]; at < len(row) {
			*into = strings.Clone(row[at].Text)
		}
	}
	return u
}

// meaning is what a column of that name says.
func meaning(name string) part {
	if strings.HasPrefix(name, mark) {
		return ignored
	}
	name = strings.ToLower(dataset.Fold(name))
	for p, all := range words {
		for _, w := range all {
			if w == name {
				return p
			}
		}
	}
	return figure
}

// headerNames are the names of columns of a long table.
func headerNames() []string {
	var all []string
	for _, w := range words {
		all = append(all, w...)
	}
	return all
}
