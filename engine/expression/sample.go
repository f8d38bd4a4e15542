package expression

import (
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
)

// sampleRows is how many rows each list of a sample has: more than the figures that a multilinear comparison may fix,
// so that a comparison whose parts grow with a list is found out.
const sampleRows = maxFixed + 1

// sample is a dataset of a schema on which the shape of rules is examined: every field is there, every list has
// rows, and all figures differ, so that none cancels another by chance. Lists within lists have fewer rows.
func sample(s *dataset.Schema) *dataset.Dataset {
	d := &dataset.Dataset{Schema: s, Decimals: map[string]int{}}
	var facts []dataset.Fact
	printed := []dataset.Statement{{Text: "1"}}
	var leaves func(f *dataset.Field)
	leaves = func(f *dataset.Field) {
		for _, c := range f.Fields {
			switch {
			case c.Link:
			case c.Type == dataset.Group:
				leaves(c)
			case c.Type == dataset.List:
			default:
				n := number.Int(int64(1000 + 7*len(d.Cells)))
				n.Decimals = 2
				d.Cells = append(d.Cells, n)
				facts = append(facts, dataset.Fact{Field: c, Statements: printed})
			}
		}
	}
	grow := func(record *dataset.Field, n int) dataset.Frame {
		at := dataset.Frame{Cell: int32(len(d.Cells)), List: int32(len(d.Lists))}
		for range n {
			leaves(record)
			d.Lists = append(d.Lists, make([]dataset.Rows, record.Lists)...)
		}
		return at
	}
	var fill func(f *dataset.Field, at dataset.Frame, rows int)
	fill = func(f *dataset.Field, at dataset.Frame, rows int) {
		for _, c := range f.Fields {
			switch {
			case c.Link:
			case c.Type == dataset.Group:
				fill(c, at, rows)
			case c.Type == dataset.List:
				begin := grow(c, rows)
				r := dataset.Rows{Present: true, Cell: begin.Cell, List: begin.List, Count: int32(rows)}
				d.Lists[int(at.List)+c.List] = r
				for i := range rows {
					fill(c, r.Row(c, i), 2)
				}
			}
		}
	}
	cells, lists := sampleSize(s.Root, sampleRows)
	d.Cells, facts = make([]number.Number, 0, cells), make([]dataset.Fact, 0, cells)
	d.Lists = make([]dataset.Rows, 0, lists)
	fill(s.Root, grow(s.Root, 1), sampleRows)
	d.Texts = make([]string, len(d.Cells))
	d.State(facts)
	return d
}

// sampleSize counts the cells and lists of a record with that many rows in each of its lists.
func sampleSize(record *dataset.Field, rows int) (cells, lists int) {
	cells, lists = record.Cells, record.Lists
	var visit func(f *dataset.Field)
	visit = func(f *dataset.Field) {
		for _, c := range f.Fields {
			switch {
			case c.Link:
			case c.Type == dataset.Group:
				visit(c)
			case c.Type == dataset.List:
				inner, more := sampleSize(c, 2)
				cells, lists = cells+rows*inner, lists+rows*more
			}
		}
	}
	visit(record)
	return cells, lists
}
