package document_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// text is a Text of two runs: line 3 from column 5, then line 4 from column 1.
func text() document.Text {
	t := document.Text{S: "收入\n", Marks: []document.Mark{{Offset: 0, Place: source.Place{Line: 3, Column: 5}}}}
	t.Append(document.Text{S: "867.01万元", Marks: []document.Mark{{Offset: 0, Place: source.Place{Line: 4, Column: 1, Page: 7}}}})
	return t
}

func TestPlaces(t *testing.T) {
	whole := text()
	for offset, want := range map[int]source.Place{
		0:  {Line: 3, Column: 5},
		3:  {Line: 3, Column: 6},
		7:  {Line: 4, Column: 1, Page: 7},
		13: {Line: 4, Column: 7, Page: 7},
	} {
		if got := whole.At(offset); got != want {
			t.Errorf("offset %d stands at %+v, want %+v", offset, got, want)
		}
	}
	part := whole.Slice(3, 16)
	if part.S != "入\n867.01万" {
		t.Fatalf("the part is %q", part.S)
	}
	for offset := range part.S {
		if got, want := part.At(offset), whole.At(offset+3); got != want {
			t.Errorf("offset %d of the part stands at %+v, want %+v", offset, got, want)
		}
	}
	if got := (document.Text{S: "无"}).At(0); !got.IsZero() {
		t.Errorf("a text without marks stands at %+v", got)
	}
}

func TestGrid(t *testing.T) {
	g := document.Grid{Rows: 2, Cols: 3, Cells: []document.Cell{
		{Row: 0, Col: 0, RowSpan: 2, ColSpan: 1}, {Row: 0, Col: 1, RowSpan: 1, ColSpan: 2}, {Row: 1, Col: 2, RowSpan: 1, ColSpan: 1},
	}}
	laid := g.Lay()
	for r := range g.Rows {
		for c := range g.Cols {
			if laid[r][c] != g.At(r, c) {
				t.Errorf("row %d, column %d: laid out otherwise than found", r, c)
			}
		}
	}
	if laid[1][0] != &g.Cells[0] || laid[0][2] != &g.Cells[1] || laid[1][1] != nil {
		t.Errorf("merged cells are laid out wrongly")
	}
	var names []string
	for _, col := range []int{0, 25, 26, 701, 702} {
		names = append(names, document.CellName(3, col))
	}
	if diff := cmp.Diff([]string{"A4", "Z4", "AA4", "ZZ4", "AAA4"}, names); diff != "" {
		t.Error(diff)
	}
}
