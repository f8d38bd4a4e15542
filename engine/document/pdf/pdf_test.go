package pdf_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/doctest"
	"github.com/gouji/gouji/engine/document/pdf"
	"github.com/gouji/gouji/engine/source"
)

func read(content []byte) (*document.Document, diag.List) {
	return pdf.Read(context.Background(), source.New("公开.pdf", content), document.Usual)
}

// page begins a page of A4 and writes lines on it, from the upper edge down.
func page(p *doctest.PDF, lines ...string) {
	p.Page(doctest.A4Width, doctest.A4Height, 0)
	for i, s := range lines {
		if s != "" {
			p.Text(72, 100+20*float64(i), 12, s)
		}
	}
}

// box draws the rules around cells and writes their text: each row gives its texts, "<" goes on the cell before.
func box(p *doctest.PDF, x, y float64, widths []float64, rows ...[]string) {
	for r, row := range rows {
		top := y + 20*float64(r)
		at := x
		for c := 0; c < len(row); c++ {
			width := widths[c]
			s := row[c]
			for c+1 < len(row) && row[c+1] == "<" {
				c++
				width += widths[c]
			}
			p.Line(at, top, at+width, top)
			p.Line(at, top+20, at+width, top+20)
			p.Line(at, top, at, top+20)
			p.Line(at+width, top, at+width, top+20)
			p.Text(at+3, top+14, 10, s)
			at += width
		}
	}
}

func codes(list diag.List) []diag.Code {
	var out []diag.Code
	for _, d := range list {
		out = append(out, d.Code)
	}
	return out
}

// TestPages reads what pages show, in the order in which people read it.
func TestPages(t *testing.T) {
	widths := []float64{150, 100, 100}
	for name, c := range map[string]struct {
		set   func(p *doctest.PDF)
		want  string
		notes []diag.Code
	}{
		"lines": {func(p *doctest.PDF) {
			page(p, "一、收入决算情况", "收入合计12.50万元，“占”29.00%。")
		}, "一、收入决算情况\n收入合计12.50万元，“占”29.00%。\n", nil},
		"heads, feet and numbers of pages": {func(p *doctest.PDF) {
			for i := range 4 {
				page(p, fmt.Sprintf("第%d段收入%d万元。", i+1, 10+i))
				p.Text(72, 40, 9, "某局2023年度部门决算")
				p.Text(280, 810, 9, fmt.Sprintf("- %d -", i+1))
			}
		}, "某局2023年度部门决算\n第1段收入10万元。\n第2段收入11万元。\n第3段收入12万元。\n第4段收入13万元。\n", nil},
		"a figure at the lower edge is no number of a page": {func(p *doctest.PDF) {
			page(p, "单位：万元")
			p.Text(72, 780, 12, "12.50")
			page(p, "乙")
		}, "单位：万元\n12.50\n乙\n", nil},
		"two columns": {func(p *doctest.PDF) {
			p.Page(doctest.A4Width, doctest.A4Height, 0)
			for i := range 8 {
				p.Text(60, 100+20*float64(i), 12, fmt.Sprintf("左边第%d行收入支出决算情况说明", i))
				p.Text(320, 100+20*float64(i), 12, fmt.Sprintf("右边第%d行收入支出决算情况说明", i))
			}
		}, columns(), nil},
		"sideways, shown upright": {func(p *doctest.PDF) {
			p.Page(doctest.A4Width, doctest.A4Height, 90)
			p.Upwards(100, 800, 12, "收入决算表")
			p.Upwards(120, 800, 12, "合计12.50万元")
		}, "收入决算表\n合计12.50万元\n", nil},
		"sideways, shown sideways": {func(p *doctest.PDF) {
			p.Page(doctest.A4Width, doctest.A4Height, 0)
			p.Upwards(100, 800, 12, "收入决算表")
			p.Upwards(120, 800, 12, "合计12.50万元")
		}, "收入决算表\n合计12.50万元\n", nil},
		"a scan": {func(p *doctest.PDF) {
			page(p, "甲")
			for range 2 {
				p.Page(doctest.A4Width, doctest.A4Height, 0)
				p.Picture(0, 0, doctest.A4Width, doctest.A4Height)
			}
		}, "甲\n", []diag.Code{diag.DocumentNoText}},
		"a scan with its text behind it": {func(p *doctest.PDF) {
			p.Page(doctest.A4Width, doctest.A4Height, 0)
			p.Picture(0, 0, doctest.A4Width, doctest.A4Height)
			p.Unseen(72, 100, 12, "收入12.50万元")
		}, "收入12.50万元\n", nil},
		"text that nobody sees": {func(p *doctest.PDF) {
			page(p, "收入合计为12.50万元，支出合计为11.00万元。")
			p.Unseen(72, 300, 12, "草稿99")
		}, "收入合计为12.50万元，支出合计为11.00万元。\n", nil},
		"merged cells": {func(p *doctest.PDF) {
			p.Page(doctest.A4Width, doctest.A4Height, 0)
			box(p, 72, 100, widths, []string{"收入", "<", "支出"}, []string{"甲", "1.00", "2.00"}, []string{"合计", "3.00", "<"})
		}, "收入\t\t支出\n甲\t1.00\t2.00\n合计\t3.00\t\n", nil},
		"lines within a cell": {func(p *doctest.PDF) {
			p.Page(doctest.A4Width, doctest.A4Height, 0)
			for _, x := range []float64{72, 132, 232} {
				p.Line(x, 100, x, 180)
			}
			for _, y := range []float64{100, 150, 180} {
				p.Line(72, y, 232, y)
			}
			p.Text(75, 114, 10, "社会保障")
			p.Text(75, 128, 10, "和就业支")
			p.Text(75, 142, 10, "出")
			p.Text(135, 125, 10, "10.00")
			p.Text(75, 164, 10, "合计")
			p.Text(135, 164, 10, "10.00")
		}, "社会保障和就业支出\t10.00\n合计\t10.00\n", nil},
		"a range broken within a cell, and an item of its own": {func(p *doctest.PDF) {
			p.Page(doctest.A4Width, doctest.A4Height, 0)
			for _, x := range []float64{72, 152, 232} {
				p.Line(x, 100, x, 180)
			}
			for _, y := range []float64{100, 140, 180} {
				p.Line(72, y, 232, y)
			}
			for i, s := range []string{"2023、1-", "2023、12", "1.水费", "2.电费"} {
				p.Text(75, []float64{114, 128, 154, 168}[i], 10, s)
			}
			p.Text(155, 114, 10, "5")
			p.Text(155, 154, 10, "7")
		}, "2023、1-2023、12\t5\n1.水费 2.电费\t7\n", nil},
		"figures broken within a cell, and figures one below another": {func(p *doctest.PDF) {
			p.Page(doctest.A4Width, doctest.A4Height, 0)
			for _, x := range []float64{72, 132, 158, 184} {
				p.Line(x, 100, x, 180)
			}
			for _, y := range []float64{100, 140, 180} {
				p.Line(72, y, 184, y)
			}
			for i, s := range []string{"总分", "97.7", "9"} {
				p.Text([]float64{75, 135, 135}[i], []float64{114, 114, 128}[i], 10, s)
			}
			p.Text(161, 114, 10, "100")
			p.Text(161, 128, 10, "0")
			p.Text(75, 154, 10, "合计")
			p.Text(135, 154, 10, "1.00")
			p.Text(135, 168, 10, "2.50")
		}, "总分\t97.79\t1000\n合计\t1.00 2.50\t\n", nil},
		"rows without rules": {func(p *doctest.PDF) {
			p.Page(doctest.A4Width, doctest.A4Height, 0)
			for i, row := range [][]string{{"项目", "预算数", "决算数"}, {"行政运行", "10.00", "9.00"}, {"事业运行", "5.00", "4.50"}, {"其他支出", "3.00", "2.00"}, {"合计", "18.00", "15.50"}} {
				for k, s := range row {
					p.Text(72+150*float64(k), 100+20*float64(i), 10, s)
				}
			}
		}, "项目\t预算数\t决算数\n行政运行\t10.00\t9.00\n事业运行\t5.00\t4.50\n其他支出\t3.00\t2.00\n合计\t18.00\t15.50\n", nil},
		"type that the file lacks": {func(p *doctest.PDF) {
			p.Standard = true
			page(p, "收入合计12.50万元")
		}, "收入合计12.50万元\n", nil},
		"single characters of type that the file lacks": {func(p *doctest.PDF) {
			p.Standard = true
			page(p, "收入合计12.50万元", "元")
		}, "收入合计12.50万元\n", []diag.Code{diag.DocumentOmitted}},
	} {
		t.Run(name, func(t *testing.T) {
			var p doctest.PDF
			c.set(&p)
			d, list := read(p.Bytes())
			if d == nil {
				t.Fatal(list)
			}
			if diff := cmp.Diff(c.notes, codes(list)); diff != "" {
				t.Errorf("%s%v", diff, list)
			}
			if diff := cmp.Diff(c.want, d.Text()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func columns() string {
	var left, right strings.Builder
	for i := range 8 {
		fmt.Fprintf(&left, "左边第%d行收入支出决算情况说明\n", i)
		fmt.Fprintf(&right, "右边第%d行收入支出决算情况说明\n", i)
	}
	return left.String() + right.String()
}

// TestPlaces: figures stand on their pages, in their cells, in their boxes.
func TestPlaces(t *testing.T) {
	var p doctest.PDF
	page(&p, "甲")
	page(&p, "收入12.50万元")
	box(&p, 72, 200, []float64{100, 100}, []string{"项目", "金额"}, []string{"水费", "7.00"})
	d, list := read(p.Bytes())
	if d == nil || len(list) > 0 || d.Pages != 2 {
		t.Fatal(list)
	}
	if at := d.Blocks[1].Text.At(len("收入")); at != (source.Place{Page: 2, Line: 2, Column: 3}) {
		t.Errorf("the figure stands at %+v", at)
	}
	if b := d.Blocks[1].Text.BoxAt(len("收入")); b.Left < 94 || b.Left > 98 || b.Top > 100 || b.Bottom < 100 {
		t.Errorf("its box is %+v", b)
	}
	if at := d.Blocks[2].Grid.At(1, 1).Text.At(0); at.Page != 2 || at.Cell != "表1!B2" {
		t.Errorf("the cell stands at %+v", at)
	}
}

// TestFlow: what a page breaks is one: a paragraph, a table whose head the next page repeats, one whose pages show
// different edges of its columns.
func TestFlow(t *testing.T) {
	var p doctest.PDF
	page(&p, "东川市水务局二〇二三年度收入合计为一千五百万元，比上年增长百分之七，其中",
		"一般公共预算财政拨款收入为一千四百五十万元，事业收入为五十万元，经营收入",
		"没有发生，附属单位上缴收入没有发生，其他收入没有发生，以前年度结转的资金")
	page(&p, "为十万元。")
	widths := []float64{150, 100, 100, 100}
	head := []string{"项目", "合计", "基本支出", "项目支出"}
	box(&p, 72, 600, widths, head, []string{"行政运行", "3.00", "2.00", "1.00"})
	p.Text(290, 810, 9, "- 2 -")
	p.Page(doctest.A4Width, doctest.A4Height, 0)
	box(&p, 72, 72, widths, head, []string{"合计", "<", "<", "3.00"})
	p.Text(290, 810, 9, "- 3 -")
	p.Page(doctest.A4Width, doctest.A4Height, 0)
	box(&p, 72, 72, widths, []string{"说明", "本年没有其他支出", "<", "<"})
	d, list := read(p.Bytes())
	if d == nil || len(list) > 0 {
		t.Fatal(list)
	}
	d = d.Flow()
	if len(d.Blocks) != 2 {
		t.Fatalf("%d blocks:\n%s", len(d.Blocks), d.Text())
	}
	if s := d.Blocks[0].Text.S; !strings.Contains(s, "其中一般公共") || !strings.HasSuffix(s, "资金为十万元。") {
		t.Errorf("the paragraph is %q", s)
	}
	var rows []string
	for _, row := range d.Blocks[1].Grid.Lay() {
		var cells []string
		for _, c := range row {
			cells = append(cells, c.Text.S)
		}
		rows = append(rows, strings.Join(slices.Compact(cells), "|"))
	}
	if diff := cmp.Diff([]string{"项目|合计|基本支出|项目支出", "行政运行|3.00|2.00|1.00", "合计|3.00", "说明|本年没有其他支出"}, rows); diff != "" {
		t.Error(diff)
	}
}

// TestPartedRow: a row that a page break parts is one, one that only has no figures is not.
func TestPartedRow(t *testing.T) {
	widths := []float64{58, 100, 100}
	for name, c := range map[string]struct {
		last, first []string
		want        string
	}{
		"a label goes on":       {[]string{"社会保障和", "5.00", "专户管理"}, []string{"就业支出", "", ""}, "社会保障和就业支出\t5.00\t专户管理\n合计\t9.00\t\n"},
		"a label is whole":      {[]string{"水费", "5.00", "专户管理"}, []string{"电费", "", ""}, "水费\t5.00\t专户管理\n电费\t\t\n合计\t9.00\t\n"},
		"an item of its own":    {[]string{"一、外交支", "5.00", ""}, []string{"二、国防", "", ""}, "一、外交支\t5.00\t\n二、国防\t\t\n合计\t9.00\t\n"},
		"a row with its figure": {[]string{"社会保障和", "5.00", ""}, []string{"就业支出", "4.00", ""}, "社会保障和\t5.00\t\n就业支出\t4.00\t\n合计\t9.00\t\n"},
	} {
		var p doctest.PDF
		p.Page(doctest.A4Width, doctest.A4Height, 0)
		box(&p, 72, 700, widths, []string{"项目", "金额", "备注"}, c.last)
		p.Page(doctest.A4Width, doctest.A4Height, 0)
		box(&p, 72, 72, widths, c.first, []string{"合计", "9.00", ""})
		d, list := read(p.Bytes())
		if d == nil || len(list) > 0 {
			t.Fatal(list)
		}
		if diff := cmp.Diff("项目\t金额\t备注\n"+c.want, d.Text()); diff != "" {
			t.Errorf("%s\n%s", name, diff)
		}
		if d = d.Flow(); len(d.Blocks) != 1 {
			t.Errorf("%s: %d blocks", name, len(d.Blocks))
		}
	}
}

// TestPartedSpan: the page break parts a row of which one cell goes on in the rows below it.
func TestPartedSpan(t *testing.T) {
	widths := []float64{58, 58, 58}
	var p doctest.PDF
	p.Page(doctest.A4Width, doctest.A4Height, 0)
	box(&p, 72, 700, widths, []string{"名称", "养老保险", "<"}, []string{"项目资金（", "全年执行（", "分值"})
	p.Page(doctest.A4Width, doctest.A4Height, 0)
	for _, l := range [][4]float64{
		{72, 72, 246, 72}, {130, 92, 246, 92}, {72, 112, 246, 112}, {72, 132, 246, 132},
		{72, 72, 72, 132}, {130, 72, 130, 132}, {188, 72, 188, 132}, {246, 72, 246, 132},
	} {
		p.Line(l[0], l[1], l[2], l[3])
	}
	for i, s := range []string{"万元）", "率）", "5.00", "10", "合计", "5.00", "10"} {
		p.Text([]float64{75, 133, 133, 191, 75, 133, 191}[i], []float64{86, 86, 106, 106, 126, 126, 126}[i], 10, s)
	}
	d, list := read(p.Bytes())
	if d == nil || len(list) > 0 {
		t.Fatal(list)
	}
	if diff := cmp.Diff("名称\t养老保险\t\n项目资金（万元）\t全年执行（率）\t分值\n\t5.00\t10\n合计\t5.00\t10\n", d.Text()); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	var p doctest.PDF
	page(&p, "甲")
	page(&p, "乙")
	box(&p, 72, 300, []float64{100, 100}, []string{"项目", "金额"}, []string{"水费", "7.00"})
	whole := p.Bytes()
	var blank doctest.PDF
	page(&blank)
	// The file asks for a password that nobody knows.
	locked := bytes.Replace(whole, []byte("trailer<<"), []byte(fmt.Sprintf("trailer<</ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>",
		strings.Repeat("41", 32), strings.Repeat("42", 32))), 1)
	limit := func(change func(l *document.Limits)) document.Limits {
		l := document.Usual
		change(&l)
		return l
	}
	for name, c := range map[string]struct {
		content []byte
		limits  document.Limits
		want    diag.Code
	}{
		"no pages":  {[]byte("%PDF-1.4\nnothing"), document.Usual, diag.DocumentDamaged},
		"cut off":   {whole[:300], document.Usual, diag.DocumentDamaged},
		"blank":     {blank.Bytes(), document.Usual, diag.DocumentEmpty},
		"password":  {locked, document.Usual, diag.DocumentLocked},
		"bytes":     {whole, limit(func(l *document.Limits) { l.Bytes = 100 }), diag.DocumentLimit},
		"pages":     {whole, limit(func(l *document.Limits) { l.Pages = 1 }), diag.DocumentLimit},
		"cells":     {whole, limit(func(l *document.Limits) { l.Cells = 3 }), diag.DocumentLimit},
		"text":      {whole, limit(func(l *document.Limits) { l.Text = 5 }), diag.DocumentLimit},
		"time":      {whole, limit(func(l *document.Limits) { l.Time = time.Nanosecond }), diag.DocumentLimit},
		"memory":    {whole, limit(func(l *document.Limits) { l.Expanded = 1 << 20 }), diag.DocumentOmitted},
		"a picture": {[]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Count 1/Kids[1 0 R]>>endobj trailer<</Root 1 0 R>>"), document.Usual, diag.DocumentDamaged},
	} {
		d, list := pdf.Read(context.Background(), source.New("公开.pdf", c.content), c.limits)
		if d != nil || len(list) != 1 || list[0].Code != c.want {
			t.Errorf("%s: %v", name, list)
		}
	}
}

// TestStopped: time that is up stops pdfium in the middle of a page. That page draws forms that draw forms, and so on.
func TestStopped(t *testing.T) {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 10 0 R/Resources<</XObject<</F 10 0 R>>>>>>endobj\n")
	content := strings.Repeat("/F Do ", 20)
	for n := 10; n < 30; n++ {
		fmt.Fprintf(&b, "%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>/Length %d>>stream\n%s\nendstream endobj\n",
			n, n+1, len(content), content)
	}
	b.WriteString("trailer<</Root 1 0 R>>\n%%EOF\n")
	// pdfium may have to be compiled first.
	read(nil)
	limits := document.Usual
	limits.Time = time.Second
	begun := time.Now()
	d, list := pdf.Read(context.Background(), source.New("公开.pdf", []byte(b.String())), limits)
	if d != nil || len(list) != 1 || list[0].Code != diag.DocumentLimit {
		t.Errorf("%v, %v", d, list)
	}
	// Left alone, it goes on until its memory is full: half a minute.
	if took := time.Since(begun); took > 10*limits.Time {
		t.Errorf("it was stopped after %v", took)
	}
}

// TestDamagedPage: one page that cannot be read does not keep the others from it.
func TestDamagedPage(t *testing.T) {
	var p doctest.PDF
	page(&p, "甲")
	page(&p, "乙")
	whole := p.Bytes()
	at := bytes.LastIndex(whole, []byte("/Type/Page/"))
	broken := slices.Concat(whole[:at], []byte("/Type/Nope/"), whole[at+len("/Type/Page/"):])
	d, list := read(broken)
	if d == nil || !strings.HasPrefix(d.Text(), "甲\n") {
		t.Fatalf("%v", list)
	}
}

// TestSample reads published reports that lie beside the project.
func TestSample(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/samples/*.pdf")
	if len(files) == 0 {
		t.Skip("the samples are not here: published reports lie beside the project")
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, list := read(content)
		if d == nil || len(list) > 0 {
			t.Fatalf("%s: %v", file, list)
		}
		tables := 0
		for _, b := range d.Blocks {
			if b.Grid != nil {
				tables++
			} else if s := strings.Trim(b.Text.S, "-—– "); s != "" && strings.Trim(s, "0123456789") == "" {
				t.Errorf("%s: the number of page %d is taken for text: %q", file, b.Text.At(0).Page, b.Text.S)
			}
		}
		if tables < 9 {
			t.Errorf("%s: %d tables", file, tables)
		}
	}
}

// FuzzRead holds the reader to an end and to saying something, whatever stands on a page.
func FuzzRead(f *testing.F) {
	f.Add("0.5 w 72 700 m 300 700 l S 72 680 m 300 680 l S 72 660 m 300 660 l S 72 700 m 72 660 l S 200 700 m 200 660 l S 300 700 m 300 660 l S BT /F 10 Tf 1 0 0 1 75 685 Tm <6536> Tj ET")
	f.Add("q 0 1 -1 0 100 100 cm BT /F 12 Tf 3 Tr <00310032> Tj ET Q BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI")
	f.Fuzz(func(t *testing.T, content string) {
		var p doctest.PDF
		p.Page(doctest.A4Width, doctest.A4Height, 0)
		p.Raw(content)
		d, list := read(p.Bytes())
		if d == nil && len(list) == 0 {
			t.Fatal("nothing was read and nothing is said of it")
		}
		if d != nil {
			d.Flow()
			d.Text()
		}
	})
}
