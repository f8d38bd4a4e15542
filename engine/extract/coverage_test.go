package extract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// tables are a paragraph and the two tables below it, with a figure in the paragraph and three in the tables.
func tables(format string) *Reading {
	text := func(s string, p source.Place) document.Text {
		return document.Text{S: s, Marks: []document.Mark{{Place: p}}}
	}
	grid := func(name string, cells ...document.Cell) *document.Grid {
		for i := range cells {
			cells[i].RowSpan, cells[i].ColSpan = 1, 1
		}
		return &document.Grid{Rows: 2, Cols: 2, Name: name, Cells: cells}
	}
	doc := &document.Document{Format: format, Blocks: []document.Block{
		{Kind: document.Paragraph, Text: text("2023年收入１，000.50万元", source.Place{Line: 1, Column: 1})},
		{Kind: document.Table, Grid: grid("表1",
			document.Cell{Text: text("合计", source.Place{Line: 2, Column: 1, Cell: "表1!A1"})},
			document.Cell{Row: 1, Text: text("约 12 户，30人", source.Place{Line: 3, Column: 1, Cell: "表1!A2"})},
			document.Cell{Row: 1, Col: 1, Text: text(" 7.5", source.Place{Line: 3, Column: 12, Cell: "表1!B2"})},
		)},
		{Kind: document.Table, Grid: grid("表2", document.Cell{Text: text("8", source.Place{Line: 5, Column: 1, Cell: "表2!A1"})})},
	}}
	fact := func(block, row, col, from int, shown string) Fact {
		b := doc.Blocks[block]
		f := Fact{Text: shown, Subject: "户", Block: block, Row: row, Col: col, From: from, To: from + len(shown)}
		if b.Grid == nil {
			f.Place = b.Text.At(from)
		} else {
			f.Place = b.Grid.At(row, col).Text.At(from)
			f.Table = "附表" + b.Grid.Name
		}
		return f
	}
	r := &Reading{Document: doc, Facts: []Fact{
		fact(0, -1, -1, strings.Index(doc.Blocks[0].Text.S, "１"), "１，000.50"),
		fact(1, 1, 0, strings.Index("约 12 户，30人", "12"), "12"),
		fact(1, 1, 0, strings.Index("约 12 户，30人", "30"), "30"),
		fact(1, 1, 1, 1, "7.5"),
		fact(2, 0, 0, 0, "8"),
	}, Headings: []Heading{{Level: 1, Number: "第一部分", Title: "收入", Place: source.Place{Line: 1, Column: 1}}}}
	r.Facts[0].Field, r.Facts[4].Subject = "income.total", ""
	return r
}

func TestCite(t *testing.T) {
	cite := func(format string) (out []string) {
		r := tables(format)
		for i := range r.Facts {
			out = append(out, r.Cite(&r.Facts[i]).String())
		}
		return out
	}
	if diff := cmp.Diff([]string{"1:8", "表1!A2:3", "表1!A2:8", "表1!B2", "表2!A1"}, cite("docx")); diff != "" {
		t.Errorf("in a document with tables (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1:8", "3:3", "3:8", "3:13", "5:1"}, cite("txt")); diff != "" {
		t.Errorf("in a text (-want +got):\n%s", diff)
	}
}

func TestCoverage(t *testing.T) {
	want := Coverage{Numbers: 6, Values: 5, Labelled: 4, Bound: 1}
	if diff := cmp.Diff(want, tables("docx").Coverage()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSectionsAreWritten(t *testing.T) {
	w := &writer{}
	w.sections(tables("docx"))
	want := "\nsections:\n  - 第一部分 收入 @1:1\n  - 附表表1 @表1!A1\n  - 附表表2 @表2!A1\n"
	if diff := cmp.Diff(want, w.b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
