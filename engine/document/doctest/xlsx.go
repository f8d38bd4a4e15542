// Package doctest makes files of documents, for tests of their readers.
package doctest

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/gouji/gouji/engine/document"
)

// plain is a figure that spreadsheets keep as a number.
var plain = regexp.MustCompile(`^-?(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(?:\.(\d+))?(%?)$`)

// Xlsx makes a workbook of the tables of a document, one sheet each, with the short lines above a table in its first rows.
// Figures become numbers that show as they are printed, everything else text.
func Xlsx(d *document.Document) []byte {
	f := excelize.NewFile()
	w := workbook{File: f, styles: map[string]int{}}
	for i, b := range d.Blocks {
		if b.Kind == document.Table {
			w.table(b.Grid, above(d.Blocks[:i]))
		}
	}
	if w.sheets > 0 {
		w.check(f.DeleteSheet("Sheet1"))
	}
	var out bytes.Buffer
	w.check(f.Write(&out))
	return out.Bytes()
}

// above are the short paragraphs that end blocks.
func above(blocks []document.Block) []string {
	var lines []string
	for i := len(blocks) - 1; i >= 0 && len(lines) < 3; i-- {
		s := blocks[i].Text.S
		if blocks[i].Grid != nil || utf8.RuneCountInString(s) > 40 || strings.ContainsAny(s, "。；，") {
			break
		}
		lines = append([]string{s}, lines...)
	}
	return lines
}

type workbook struct {
	*excelize.File
	styles map[string]int
	sheets int
}

// check stops at errors, which only a mistake of this package can cause.
func (w *workbook) check(err error) {
	if err != nil {
		panic(err)
	}
}

func (w *workbook) table(g *document.Grid, above []string) {
	w.sheets++
	name := g.Name
	if i, err := w.GetSheetIndex(name); err != nil || i >= 0 || name == "Sheet1" {
		name = "表 " + strconv.Itoa(w.sheets)
	}
	_, err := w.NewSheet(name)
	w.check(err)
	for i, line := range above {
		w.check(w.SetCellStr(name, document.CellName(i, 0), line))
		if g.Cols > 1 {
			w.check(w.MergeCell(name, document.CellName(i, 0), document.CellName(i, g.Cols-1)))
		}
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		row := c.Row + len(above)
		at := document.CellName(row, c.Col)
		w.cell(name, at, c.Text.S)
		if c.RowSpan > 1 || c.ColSpan > 1 {
			w.check(w.MergeCell(name, at, document.CellName(row+c.RowSpan-1, c.Col+c.ColSpan-1)))
		}
	}
}

func (w *workbook) cell(sheet, at, s string) {
	stored, code, ok := stored(s)
	if !ok {
		w.check(w.SetCellStr(sheet, at, s))
		return
	}
	style, known := w.styles[code]
	if !known {
		var err error
		style, err = w.NewStyle(&excelize.Style{CustomNumFmt: &code, Border: []excelize.Border{{Type: "left", Style: 1}}})
		w.check(err)
		w.styles[code] = style
	}
	w.check(w.SetCellDefault(sheet, at, stored))
	w.check(w.SetCellStyle(sheet, at, at, style))
}

// stored is a printed figure as office files store it, and the number format that prints it so; ok is false where it is
// kept as text.
func stored(s string) (value, code string, ok bool) {
	m := plain.FindStringSubmatch(s)
	digits := strings.NewReplacer(",", "", ".", "", "-", "", "%", "").Replace(s)
	if m == nil || len(digits) > 15 || strings.Trim(digits, "0") == "" && strings.HasPrefix(s, "-") {
		return "", "", false
	}
	code = "0"
	if strings.Contains(s, ",") {
		code = "#,##0"
	}
	if m[1] != "" {
		code += "." + strings.Repeat("0", len(m[1]))
	}
	value = strings.NewReplacer(",", "", "%", "").Replace(s)
	if code += m[2]; m[2] != "" {
		value += "E-2"
	}
	return value, code, true
}
