package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// Cite is the place of a fact as datasets tell it. In a plain text that is its line; elsewhere a figure of a table is
// told by its cell, with the column in the cell where something else stands before it.
func (r *Reading) Cite(f *Fact) source.Place { return r.cite(f.Place, f.Block, f.Row, f.Col, f.From) }

func (r *Reading) cite(p source.Place, block, row, col, from int) source.Place {
	if p.Cell == "" || r.Document.Format == "txt" {
		p.Cell = ""
		return p
	}
	p.Line, p.Column = 0, 0
	grid := r.Document.Blocks[block].Grid
	if grid == nil {
		return p
	}
	i, found := slices.BinarySearchFunc(grid.Cells, [2]int{row, col}, func(c document.Cell, at [2]int) int {
		return cmp.Or(cmp.Compare(c.Row, at[0]), cmp.Compare(c.Col, at[1]))
	})
	if !found {
		return p
	}
	before := grid.Cells[i].Text.S[:min(from, len(grid.Cells[i].Text.S))]
	if strings.TrimSpace(before) != "" {
		p.Column = utf8.RuneCountInString(before) + 1
	}
	return p
}

// Coverage says how far the figures of a document were understood.
type Coverage struct {
	// Numbers counts all numbers of the text, dates and numbering too; Values those that say how much or how many.
	Numbers, Values int
	// Labelled counts the values of which is known what they are of, Bound those that are statements of a field.
	Labelled, Bound int
}

var anyNumber = regexp.MustCompile(`[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?`)

// Coverage counts what was understood.
func (r *Reading) Coverage() Coverage {
	c := Coverage{Values: len(r.Facts)}
	count := func(text string) {
		c.Numbers += len(anyNumber.FindAllStringIndex(norm.NFKC.String(text), -1))
	}
	for _, b := range r.Document.Blocks {
		if b.Grid == nil {
			count(b.Text.S)
			continue
		}
		for _, cell := range b.Grid.Cells {
			count(cell.Text.S)
		}
	}
	for i := range r.Facts {
		if r.Facts[i].Subject != "" {
			c.Labelled++
		}
		if r.Facts[i].Field != "" {
			c.Bound++
		}
	}
	return c
}
