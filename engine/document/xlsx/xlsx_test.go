package xlsx_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/doctest"
	"github.com/gouji/gouji/engine/document/xlsx"
	"github.com/gouji/gouji/engine/source"
)

func read(content []byte) (*document.Document, diag.List) {
	return xlsx.Read(context.Background(), source.New("表.xlsx", content), document.Usual)
}

// show writes a document down: a table with ^ and < where a cell reaches from above and from the left.
func show(d *document.Document) string {
	var out strings.Builder
	for _, b := range d.Blocks {
		if b.Grid == nil {
			out.WriteString(b.Text.S + "\n")
			continue
		}
		for r, row := range b.Grid.Lay() {
			var cells []string
			for k, c := range row {
				switch {
				case c.Row != r:
					cells = append(cells, "^")
				case c.Col != k:
					cells = append(cells, "<")
				default:
					cells = append(cells, strings.ReplaceAll(c.Text.S, "\n", "⏎"))
				}
			}
			out.WriteString("  " + strings.Join(cells, "|") + "\n")
		}
	}
	return out.String()
}

// workbook makes a workbook whose one sheet, 收入表, is filled by f.
func workbook(t *testing.T, f func(x *excelize.File, set func(cell string, value any))) []byte {
	t.Helper()
	x := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(x.SetSheetName("Sheet1", "收入表"))
	f(x, func(cell string, value any) {
		t.Helper()
		must(x.SetCellValue("收入表", cell, value))
	})
	var out bytes.Buffer
	must(x.Write(&out))
	return out.Bytes()
}

func TestSheets(t *testing.T) {
	for name, c := range map[string]struct {
		fill  func(x *excelize.File, set func(string, any))
		want  string
		notes []diag.Code
	}{
		"title, unit and note": {func(x *excelize.File, set func(string, any)) {
			set("A1", "收入决算表")
			x.MergeCell("收入表", "A1", "C1")
			set("A2", "编制单位：")
			set("B2", "某局")
			set("C2", "单位：万元")
			set("A3", "科目")
			set("B3", "金额")
			x.MergeCell("收入表", "A3", "A4")
			x.MergeCell("收入表", "B3", "C3")
			set("B4", "预算")
			set("C4", "决算")
			set("A5", "水费")
			set("B5", 1.5)
			set("C5", "1,129.96")
			set("A6", "注：四舍五入。")
		}, "收入决算表\n编制单位：某局\n单位：万元\n  科目|金额|<\n  ^|预算|决算\n  水费|1.5|1,129.96\n注：四舍五入。\n", nil},
		"a head of two rows": {func(x *excelize.File, set func(string, any)) {
			for i, cell := range []string{"A1", "B2", "A3", "B3"} {
				set(cell, []any{"科目", "金额", "水费", 1}[i])
			}
			x.MergeCell("收入表", "A1", "A2")
		}, "  科目|\n  ^|金额\n  水费|1\n", nil},
		"tables apart": {func(x *excelize.File, set func(string, any)) {
			for i, cell := range []string{"B2", "C2", "B3", "C3", "B5", "C5", "B8", "C8", "B9", "C9"} {
				set(cell, []any{"科目", "金额", "水费", 1, "电费", 2, "项目", "数量", "车辆", 3}[i])
			}
		}, "  科目|金额\n  水费|1\n  电费|2\n  项目|数量\n  车辆|3\n", nil},
		"a title parts tables": {func(x *excelize.File, set func(string, any)) {
			for i, cell := range []string{"A1", "B1", "C1", "A2", "B2", "C2", "A3", "B3", "C3", "A4", "A5", "B5", "A6", "B6"} {
				set(cell, []any{"科目", "甲", "乙", "水费", 1, 2, "电费", 3, 4, "支出表", "项目", "丙", "油费", 5}[i])
			}
			x.MergeCell("收入表", "A4", "C4")
		}, "  科目|甲|乙\n  水费|1|2\n  电费|3|4\n支出表\n  项目|丙\n  油费|5\n", nil},
		"hidden": {func(x *excelize.File, set func(string, any)) {
			for i, cell := range []string{"A1", "B1", "C1", "A2", "B2", "C2", "A3", "B3", "C3"} {
				set(cell, []any{"科目", "暗", "金额", "藏", 1, 2, "水费", 3, 4}[i])
			}
			x.SetColVisible("收入表", "B", false)
			x.SetRowVisible("收入表", 2, false)
			x.NewSheet("底稿")
			x.SetCellValue("底稿", "A1", "草稿")
			x.SetSheetVisible("底稿", false)
		}, "  科目|金额\n  水费|4\n", []diag.Code{diag.DocumentHidden, diag.DocumentHidden}},
		"a title over a hidden column": {func(x *excelize.File, set func(string, any)) {
			set("A1", "支出表")
			x.MergeCell("收入表", "A1", "C1")
			for i, cell := range []string{"B2", "C2", "B3", "C3"} {
				set(cell, []any{"科目", "金额", "水费", 4}[i])
			}
			x.SetColVisible("收入表", "A", false)
		}, "支出表\n  科目|金额\n  水费|4\n", nil},
		"formulas": {func(x *excelize.File, set func(string, any)) {
			set("A1", "合计")
			set("B1", 3)
			x.SetCellFormula("收入表", "B1", "1+2")
			set("A2", "差")
			x.SetCellFormula("收入表", "B2", "1-2")
		}, "  合计|3\n  差|\n", []diag.Code{diag.DocumentUncomputed}},
		"zeros not shown": {func(x *excelize.File, set func(string, any)) {
			off := false
			x.SetSheetView("收入表", 0, &excelize.ViewOptions{ShowZeros: &off})
			set("A1", "水费")
			set("B1", 0)
			set("C1", 5)
			set("A2", "电费")
			set("B2", 7)
		}, "  水费||5\n  电费|7|\n", nil},
		"rich text and line breaks": {func(x *excelize.File, set func(string, any)) {
			x.SetCellRichText("收入表", "A1", []excelize.RichTextRun{{Text: "政府"}, {Text: "采购\n支出"}})
			set("B1", "是")
			set("A2", true)
			set("B2", 2)
		}, "  政府采购⏎支出|是\n  TRUE|2\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			content := workbook(t, c.fill)
			if !xlsx.Is(content) {
				t.Error("not taken for a workbook")
			}
			d, list := read(content)
			if d == nil {
				t.Fatal(list)
			}
			if diff := cmp.Diff(c.want, show(d)); diff != "" {
				t.Error(diff)
			}
			var notes []diag.Code
			for _, n := range list {
				notes = append(notes, n.Code)
			}
			if diff := cmp.Diff(c.notes, notes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDrawings: text boxes and charts stand behind the tables of their sheet, whether the sheet has cells or not.
func TestDrawings(t *testing.T) {
	content := workbook(t, func(x *excelize.File, set func(string, any)) {
		for i, cell := range []string{"A1", "B1", "A2", "B2"} {
			set(cell, []any{"科目", "占比", "水费", 0.29}[i])
		}
		percent := "0%"
		style, err := x.NewStyle(&excelize.Style{CustomNumFmt: &percent})
		if err != nil {
			t.Fatal(err)
		}
		x.SetCellStyle("收入表", "B2", "B2", style)
		if err := x.AddShape("收入表", &excelize.Shape{Cell: "D4", Type: "rect", Paragraph: []excelize.RichTextRun{{Text: "单位：万元"}}}); err != nil {
			t.Fatal(err)
		}
		if err := x.AddChart("收入表", "D8", &excelize.Chart{Type: excelize.Pie, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: "支出结构"}}},
			Series: []excelize.ChartSeries{{Name: "收入表!$B$1", Categories: "收入表!$A$2", Values: "收入表!$B$2"}}}); err != nil {
			t.Fatal(err)
		}
	})
	// excelize keeps no figures in charts, other programs do.
	content = with(t, content, "xl/charts/chart1.xml", func(s string) string {
		s = regexp.MustCompile(`<numCache>.*?</numCache>|<numCache/>`).ReplaceAllString(s, "")
		return strings.Replace(s, "</numRef></val>", `<numCache><formatCode>0%</formatCode><pt idx="0"><v>0.29</v></pt></numCache></numRef></val>`, 1)
	})
	d, list := read(content)
	if d == nil || len(list) > 0 {
		t.Fatal(list)
	}
	if diff := cmp.Diff("  科目|占比\n  水费|29%\n单位：万元\n支出结构\n  |\n  |29%\n", show(d)); diff != "" {
		t.Error(diff)
	}
	if at := d.Blocks[1].Text.At(0); at.Cell != "收入表!D4" {
		t.Errorf("the box stands at %v", at)
	}
}

// with changes one part of a file.
func with(t *testing.T, content []byte, name string, change func(string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		s, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(s)
	}
	files[name] = change(files[name])
	return parts(files)
}

func TestPlacesAndValues(t *testing.T) {
	d, _ := read(workbook(t, func(x *excelize.File, set func(string, any)) {
		code := "0.00"
		style, _ := x.NewStyle(&excelize.Style{CustomNumFmt: &code})
		set("B8", "科目")
		set("C8", "金额")
		set("B9", "水费")
		x.SetCellDefault("收入表", "C9", "0.0123456")
		x.SetCellStyle("收入表", "C9", "C9", style)
		x.SetCellDefault("收入表", "D9", "1141.3599999999999")
	}))
	c := d.Blocks[0].Grid.At(1, 1)
	if c.Text.S != "0.01" || c.Value != "0.0123456" {
		t.Errorf("the figure is %q, exactly %q", c.Text.S, c.Value)
	}
	if v := d.Blocks[0].Grid.At(1, 2).Value; v != "1141.36" {
		t.Errorf("the figure of seventeen digits is %q", v)
	}
	want := source.Place{Line: 2, Column: 4, Cell: "收入表!C9"}
	if got := c.Text.At(0); got != want {
		t.Errorf("it stands at %+v, want %+v", got, want)
	}
	if want := "科目\t金额\t\n水费\t0.01\t1141.36\n"; d.Text() != want {
		t.Errorf("the text is %q", d.Text())
	}
}

// TestMade holds the reader to what is made of a document: the same tables.
func TestMade(t *testing.T) {
	cell := func(row, col, rows, cols int, s string) document.Cell {
		return document.Cell{Row: row, Col: col, RowSpan: rows, ColSpan: cols, Text: document.Text{S: s}}
	}
	var l document.Lines
	l.Paragraph(0, document.Text{S: "收支总表"})
	l.Paragraph(0, document.Text{S: "单位：万元"})
	l.Grid(document.Table, &document.Grid{Rows: 4, Cols: 3, Cells: []document.Cell{
		cell(0, 0, 2, 1, "科目"), cell(0, 1, 1, 2, "决算"), cell(1, 1, 1, 1, "金额"), cell(1, 2, 1, 1, "比例"),
		cell(2, 0, 1, 1, "2050205"), cell(2, 1, 1, 1, "-1,141.36"), cell(2, 2, 1, 1, "56.80%"),
		cell(3, 0, 1, 1, "020"), cell(3, 1, 1, 1, "0.00"), cell(3, 2, 1, 1, "—"),
	}})
	content := doctest.Xlsx(&l.Document)
	d, list := read(content)
	if len(list) > 0 {
		t.Fatal(list)
	}
	if diff := cmp.Diff(show(&l.Document), show(d)); diff != "" {
		t.Error(diff)
	}
	if v := d.Blocks[2].Grid.At(2, 2).Value; v != "56.8" {
		t.Errorf("the percentage is %q", v)
	}
}

// parts makes a workbook of parts.
func parts(files map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range files {
		w, _ := z.Create(name)
		w.Write([]byte(content))
	}
	z.Close()
	return out.Bytes()
}

// sheet makes a workbook of one sheet.
func sheet(xml string) []byte { return sheetWith(xml, "</styleSheet>", "</sst>") }

// sheetWith makes a workbook of one sheet, with styles and strings.
func sheetWith(xml, styles, strings string) []byte {
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	return parts(map[string]string{
		"xl/workbook.xml": `<workbook ` + ns + `><workbookPr date1904="1"/><sheets><sheet name="甲" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="x/worksheet" Target="worksheets/a.xml"/>` +
			`<Relationship Id="r2" Type="x/styles" Target="/xl/styles.xml"/><Relationship Id="r3" Type="x/sharedStrings" Target="strings.xml"/></Relationships>`,
		"xl/styles.xml":       `<styleSheet ` + ns + `>` + styles,
		"xl/strings.xml":      `<sst ` + ns + `>` + strings,
		"xl/worksheets/a.xml": `<worksheet ` + ns + `>` + xml,
	})
}

func TestBad(t *testing.T) {
	good := workbook(t, func(_ *excelize.File, set func(string, any)) { set("A1", "水费"); set("B1", 1) })
	small := document.Usual
	small.Cells = 3
	for name, c := range map[string]struct {
		limits  document.Limits
		content []byte
		want    diag.Code
	}{
		"cut off":   {document.Usual, good[:len(good)/2], diag.DocumentDamaged},
		"empty":     {document.Usual, sheet(`<sheetData/></worksheet>`), diag.DocumentEmpty},
		"no sheets": {document.Usual, parts(map[string]string{"xl/workbook.xml": "<a"}), diag.DocumentDamaged},
		"entities":  {document.Usual, parts(map[string]string{"xl/workbook.xml": `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`}), diag.DocumentUnsafe},
		"path":      {document.Usual, parts(map[string]string{"xl/workbook.xml": "<a/>", "../x": ""}), diag.DocumentUnsafe},
		"cells":     {small, sheet(`<sheetData><row><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row></sheetData></worksheet>`), diag.DocumentLimit},
		"far apart": {small, sheet(`<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>`), diag.DocumentLimit},
		"bomb":      {document.Usual, sheet(strings.Repeat("<row/>", 10_000_000)), diag.DocumentUnsafe},
		"nothing":   {document.Usual, sheet(`<sheetData><row><c><v>1</v`), ""},
	} {
		d, list := xlsx.Read(context.Background(), source.New("", c.content), c.limits)
		if name == "nothing" {
			if d != nil && len(d.Blocks) > 1 || len(list) != 1 || list[0].Code != diag.DocumentOmitted {
				t.Errorf("%s: %v", name, list)
			}
			continue
		}
		if d != nil || len(list) != 1 || list[0].Code != c.want {
			t.Errorf("%s: %v", name, list)
		}
	}
	// What stands before the damage is read.
	d, list := read(sheet(`<sheetData><row><c><v>7</v></c><c><v>8</v></c></row><row><c`))
	if d == nil || show(d) != "  7|8\n" || len(list) != 1 || list[0].Code != diag.DocumentOmitted {
		t.Errorf("damaged: %v", list)
	}
	// Merged cells as large as sheets may be cost nothing.
	d, list = read(sheet(`<sheetData><row><c><v>7</v></c><c><v>8</v></c></row><row r="9"><c r="A9"><v>1</v></c><c r="B9"><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="B1:XFD1048576"/><mergeCell ref="A1:B2"/></mergeCells></worksheet>`))
	if d == nil || len(list) > 0 {
		t.Fatal(list)
	}
}

func TestCells(t *testing.T) {
	const styles = `<numFmts><numFmt numFmtId="14" formatCode="yyyy-mm-dd"/></numFmts><borders><border/><border><left style="thin"/></border></borders>` +
		`<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="4"/><xf borderId="1"/></cellXfs></styleSheet>`
	const strings = `<si><t>甲_x000D_
乙</t></si><si><r><t>丙</t></r><rPh><t>拼音</t></rPh><r><t xml:space="preserve"> 丁</t></r></si></sst>`
	for cells, want := range map[string]string{
		`<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>`:                             "  甲⏎乙|丙 丁\n",
		`<row><c s="1"><v>0</v></c><c s="2"><v>1234</v></c></row>`:                          "  1904-01-01|1,234.00\n",
		`<row><c t="e"><v>#DIV/0!</v></c><c t="b"><v>0</v></c><c t="s"><v>99</v></c></row>`: "  #DIV/0!|FALSE\n",
		`<row><c t="d"><v>2023-12-31</v></c><c s="99"><v>x</v></c></row>`:                   "  2023-12-31|x\n",
		// A blank row with borders is of its table, one without them is not.
		`<row><c><v>1</v></c><c><v>2</v></c></row><row><c s="3"/><c s="3"/></row><row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>`: "  1|2\n  |\n  a|b\n",
		`<row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c/></row><row><c t="str"><v>合计</v></c><c t="str"><v>３</v></c></row>`:            "  1|2\n  合计|３\n",
	} {
		d, list := read(sheetWith("<sheetData>"+cells+"</sheetData></worksheet>", styles, strings))
		if d == nil || len(list) > 0 {
			t.Fatal(list)
		}
		if diff := cmp.Diff(want, show(d)); diff != "" {
			t.Errorf("%s\n%s", cells, diff)
		}
	}
}

func TestMerged(t *testing.T) {
	const rows = `<sheetData><row><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c><c><v>5</v></c><c><v>6</v></c></row><row><c><v>7</v></c><c><v>8</v></c><c><v>9</v></c></row></sheetData>`
	for merges, want := range map[string]string{
		// What a merged cell covers is not shown.
		`<mergeCell ref="A1:B1"/>`:                         "  1|<|3\n  4|5|6\n  7|8|9\n",
		`<mergeCell ref="B2:C3"/>`:                         "  1|2|3\n  4|5|<\n  7|^|^\n",
		`<mergeCell ref="A2:C2"/><mergeCell ref="A1:C1"/>`: "  1|<|<\n  4|<|<\n  7|8|9\n",
		// Cells that overlap share nothing.
		`<mergeCell ref="B1:B3"/><mergeCell ref="A2:C2"/>`: "  1|2|3\n  4|^|\n  7|^|9\n",
		`<mergeCell ref="C3:A1"/><mergeCell ref="x"/>`:     "  1|2|3\n  4|5|6\n  7|8|9\n",
	} {
		d, list := read(sheet(rows + "<mergeCells>" + merges + "</mergeCells></worksheet>"))
		if d == nil || len(list) > 0 {
			t.Fatal(list)
		}
		sound(t, d)
		if diff := cmp.Diff(want, show(d)); diff != "" {
			t.Errorf("%s\n%s", merges, diff)
		}
	}
}

// FuzzRead holds the reader to its promises on sheets of any content.
func FuzzRead(f *testing.F) {
	f.Add(`<sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>甲</t></is></c><c r="C2"><v>1.5</v></c></row></sheetData><mergeCells><mergeCell ref="B2:C3"/></mergeCells></worksheet>`, `<cellXfs><xf numFmtId="4"/></cellXfs></styleSheet>`, `</sst>`)
	f.Add(`<cols><col min="1" max="2" hidden="1"/></cols><sheetData><row><c t="str"><v>乙</v></c><c><f>1</f></c><c t="b"><v>1</v></c></row><row hidden="1"><c><v>1</v></c></row></sheetData></worksheet>`, `<numFmts><numFmt numFmtId="200" formatCode="0.0;;"/></numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>`, `<si><t>_x0041_</t></si></sst>`)
	f.Fuzz(func(t *testing.T, xml, styles, strings string) {
		d, list := read(sheetWith(xml, styles, strings))
		if d == nil {
			if len(list) == 0 {
				t.Fatal("nothing was read and nothing is said of it")
			}
			return
		}
		sound(t, d)
	})
}

// sound reports cells that overlap or stick out, and positions without a cell.
func sound(t *testing.T, d *document.Document) {
	t.Helper()
	for _, b := range d.Blocks {
		if b.Grid == nil {
			continue
		}
		covered := map[[2]int]bool{}
		for _, c := range b.Grid.Cells {
			for r := c.Row; r < c.Row+c.RowSpan; r++ {
				for k := c.Col; k < c.Col+c.ColSpan; k++ {
					if covered[[2]int{r, k}] || r >= b.Grid.Rows || k >= b.Grid.Cols {
						t.Fatalf("cells overlap or stick out at %d, %d", r, k)
					}
					covered[[2]int{r, k}] = true
				}
			}
		}
		if len(covered) != b.Grid.Rows*b.Grid.Cols {
			t.Fatal("a position has no cell")
		}
	}
}
