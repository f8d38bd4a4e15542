package expression

import (
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
)

// Env is what expressions are evaluated over: one dataset and the rows that the loops stand at.
// It is used by one goroutine at a time and may be used again for another dataset of the same schema.
type Env struct {
	data   *dataset.Dataset
	cells  []number.Number
	texts  []string
	lists  []dataset.Rows
	mode   number.Mode
	frames [Frames]dataset.Frame
	// aligned are the aligned values of the cells.
	aligned []int64
	// apart is the difference between two sides from which on no rounding makes them equal.
	apart int64
	// compiled are comparisons that aligned values did not tell.
	compiled map[*node]truthFunc
	// sums are those of the rows of a block, while these are compared.
	sums [2][Block]int64
	// stack is the datasets that Through evaluates. unaligned are bits for each of its columns: the datasets whose value
	// cannot be aligned.
	stack     *dataset.Stack
	unaligned []uint64
}

// Reset turns to another dataset.
func (e *Env) Reset(d *dataset.Dataset) {
	e.data, e.cells, e.texts, e.lists, e.mode = d, d.Cells, d.Texts, d.Lists, d.Rounding
	e.frames[0] = dataset.Frame{}
	e.aligned, e.apart = d.Aligned.Values, d.Aligned.Apart
}

// Data is the dataset.
func (e *Env) Data() *dataset.Dataset { return e.data }

// fact is what is printed of the field of a cell.
func (e *Env) fact(cell int) *dataset.Fact { return &e.data.Facts()[cell] }

func (e *Env) cell(n *node) int { return int(e.frames[n.frame].Cell) + n.cell }

// rows is the index of the list that a node names, at the rows where the loops stand.
func (e *Env) rows(n *node) int { return int(e.frames[n.frame].List) + n.list }

// Len is the number of rows or groups the loop walks now; ok is false when its list is missing.
func (l *Loop) Len(e *Env) (n int, ok bool) {
	if l.List == nil {
		return len(l.Groups), true
	}
	rows := &e.lists[e.rows(l.rows)]
	return int(rows.Count), rows.Present
}

// Enter moves the loop to its i-th row or group.
func (l *Loop) Enter(e *Env, i int) {
	at := &e.frames[l.Frame]
	if l.List == nil {
		g := l.at[i]
		from := e.frames[g.frame]
		*at = dataset.Frame{Cell: from.Cell + int32(g.cell), List: from.List + int32(g.list)}
		return
	}
	*at = e.lists[e.rows(l.rows)].Row(l.List, i)
}

// Cells are the cells of the row or group where the loop stands, its i-th.
func (l *Loop) Cells(e *Env, i int) []int {
	of := l.List
	if of == nil {
		of = l.Groups[i]
	}
	cells := make([]int, of.Cells)
	for k := range cells {
		cells[k] = int(e.frames[l.Frame].Cell) + k
	}
	return cells
}

// Name names the i-th row or group: the list's path with the row's key, or the group's path. Without a row, -1, it names
// the list.
func (l *Loop) Name(e *Env, i int) string {
	switch {
	case l.List == nil:
		return e.data.AddressOf(l.Groups[i], int(e.frames[l.at[i].frame].Cell))
	case i < 0:
		return e.data.ListAddress(e.rows(l.rows))
	}
	return e.data.RowAddress(l.List, e.rows(l.rows), i)
}
