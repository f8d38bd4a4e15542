package docx_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/doctest"
	"github.com/gouji/gouji/engine/document/docx"
	"github.com/gouji/gouji/engine/document/html"
	"github.com/gouji/gouji/engine/source"
)

const word = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

func read(content []byte) (*document.Document, diag.List) {
	return docx.Read(context.Background(), source.New("报告.docx", content), document.Usual)
}

func body(s string) map[string]string {
	return map[string]string{
		"word/document.xml": `<w:document ` + word + `><w:body>` + s + `</w:body></w:document>`,
		"word/_rels/document.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
			<Relationship Id="a" Type="x/numbering" Target="numbering.xml"/><Relationship Id="b" Type="x/footnotes" Target="footnotes.xml"/></Relationships>`,
		"word/numbering.xml": `<w:numbering ` + word + `><w:abstractNum w:abstractNumId="0">
			<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
			<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
			<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
			</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
		"word/footnotes.xml": `<w:footnotes ` + word + `><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>
			<w:footnote w:id="1"><w:p><w:r><w:t>注一</w:t></w:r></w:p></w:footnote></w:footnotes>`,
	}
}

func p(s string) string { return `<w:p>` + s + `</w:p>` }
func t(s string) string { return `<w:r><w:t>` + s + `</w:t></w:r>` }
func item(level, s string) string {
	return p(`<w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="1"/></w:numPr></w:pPr>` + t(s))
}

func TestText(test *testing.T) {
	field := func(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	for name, c := range map[string]struct{ in, want string }{
		"numbering": {item("0", "收入") + item("1", "甲") + item("1", "乙") + item("2", "丙") + item("0", "支出") + item("1", "丁"),
			"一、收入\n（一）甲\n（二）乙\n1. 丙\n二、支出\n（一）丁\n"},
		"tracked": {p(t("收入") + `<w:ins>` + t("8") + `</w:ins><w:del><w:r><w:delText>7</w:delText></w:r></w:del>` + t("元")), "收入8元\n"},
		"moved":   {p(`<w:moveFrom>`+t("甲")+`</w:moveFrom>`) + p(`<w:moveTo>`+t("甲")+`</w:moveTo>`), "甲\n"},
		"joined":  {p(`<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>`+t("甲")) + p(t("乙")), "甲乙\n"},
		"box": {p(t("甲") + `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent>` + p(t("框")) +
			`</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>` + p(t("框")) + `</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>` + t("乙")),
			"甲乙\n框\n"},
		"field":               {p(field("begin") + t("码") + `<w:r><w:instrText>PAGE</w:instrText></w:r>` + field("separate") + t("3") + field("end") + t("页")), "3页\n"},
		"hidden":              {p(t("甲") + `<w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>`), "甲\n"},
		"footnote":            {p(t("甲") + `<w:r><w:footnoteReference w:id="1"/></w:r>`), "甲\n注一\n"},
		"footnote told twice": {p(t("甲")+`<w:r><w:footnoteReference w:id="1"/></w:r>`) + p(t("乙")+`<w:r><w:footnoteReference w:id="1"/></w:r>`), "甲\n注一\n乙\n"},
		"field in a field": {p(field("begin") + t("码") + field("begin") + t("码") + field("separate") + t("1") + field("end") + field("separate") + t("2") +
			field("begin") + t("码") + field("end") + t("3") + field("end") + field("end") + t("页")), "23页\n"},
		"field left open": {p(field("begin")+t("码")) + p(t("乙")), "乙\n"},
		"joined often":    {strings.Repeat(p(`<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>`+t("甲")), 3) + item("0", "乙"), "一、甲甲甲乙\n"},
		"control":         {`<w:sdt><w:sdtContent>` + p(t("甲")) + `</w:sdtContent></w:sdt>`, "甲\n"},
		"break":           {p(`<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r>`), "甲\n乙\n"},
		"nested": {`<w:tbl><w:tr><w:tc>` + p(t("甲")) + `<w:tbl><w:tr><w:tc>` + p(t("1")) + `</w:tc><w:tc>` + p(t("2")) +
			`</w:tc></w:tr></w:tbl></w:tc><w:tc>` + p(t("乙")) + `</w:tc><w:tc>` + p(t("丙")) + `</w:tc></w:tr></w:tbl>`, "甲\t乙\t丙\n1\t2\n"},
		"side by side": {`<w:tbl><w:tr><w:tc>` + p(t("甲")) + `<w:tbl><w:tr><w:tc>` + p(t("1")) + `</w:tc><w:tc>` + p(t("2")) + `</w:tc></w:tr></w:tbl></w:tc><w:tc>` +
			p(t("乙")) + `<w:tbl><w:tr><w:tc>` + p(t("3")) + `</w:tc><w:tc>` + p(t("4")) + `</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>`,
			"甲\n1\t2\n乙\n3\t4\n"},
		"sections side by side": {`<w:tbl><w:tr><w:tc>` + p(`<w:pPr><w:outlineLvl w:val="0"/></w:pPr>`+t("一、收入")) + p(t("收入1元。")) + `</w:tc><w:tc>` + p(t("支出2元。")) + `</w:tc></w:tr></w:tbl>`,
			"一、收入\n收入1元。\n支出2元。\n"},
		"frame": {`<w:tbl><w:tr><w:tc>` + p(t("甲")) + p(t("乙")) + `</w:tc></w:tr></w:tbl>`, "甲\n乙\n"},
	} {
		d, list := read(doctest.Zip(body(c.in)))
		if d == nil || len(list) > 0 {
			test.Errorf("%s: %v", name, list)
			continue
		}
		if diff := cmp.Diff(c.want, d.Text()); diff != "" {
			test.Errorf("%s\n%s", name, diff)
		}
	}
}

const page = `<h1>一、收入</h1><p>收入合计12.50万元。</p>
<table border=1><tr><td rowspan=2>科目</td><td colspan=2>金额</td></tr><tr><td>上年</td><td>本年</td></tr>
<tr><td>合计</td><td>10.00</td><td>12.50</td></tr></table><h2>（一）说明</h2><p>甲</p>`

func parse(t *testing.T) *document.Document {
	d, list := html.Read(context.Background(), source.New("x.html", []byte(page)), document.Usual)
	if d == nil {
		t.Fatal(list)
	}
	return d
}

// TestRoundTrip reads what was written of a document.
func TestRoundTrip(t *testing.T) {
	d := parse(t)
	d.Blocks = append(d.Blocks, document.Block{Kind: document.Chart, Grid: &document.Grid{Rows: 2, Cols: 3, Cells: []document.Cell{
		{Row: 0, Col: 1, RowSpan: 1, ColSpan: 1, Text: document.Text{S: "本年"}},
		{Row: 1, Col: 0, RowSpan: 1, ColSpan: 1, Text: document.Text{S: "合计"}},
		{Row: 1, Col: 1, RowSpan: 1, ColSpan: 1, Text: document.Text{S: "12.50"}},
		{Row: 0, Col: 2, RowSpan: 1, ColSpan: 1, Text: document.Text{S: "占比"}},
		{Row: 1, Col: 2, RowSpan: 1, ColSpan: 1, Text: document.Text{S: "29%"}},
	}}})
	got, list := read(doctest.Docx(d))
	if len(list) > 0 {
		t.Fatal(list)
	}
	same(t, d, got)
	last := got.Blocks[len(got.Blocks)-1]
	if last.Kind != document.Chart || last.Grid.At(1, 1).Text.S != "12.50" || last.Grid.At(0, 1).Text.S != "本年" ||
		last.Grid.At(1, 2).Text.S != "29%" || last.Grid.At(1, 2).Value != "29" {
		t.Errorf("chart: %+v", last)
	}
}

// same compares the headings, paragraphs and tables of documents.
func same(t *testing.T, want, got *document.Document) {
	t.Helper()
	show := func(d *document.Document) (all []any) {
		for _, b := range d.Blocks {
			if b.Kind == document.Chart {
				continue
			}
			all = append(all, b.Kind, b.Level, b.Text.S)
			if b.Grid != nil {
				for _, c := range b.Grid.Cells {
					all = append(all, c.Row, c.Col, c.RowSpan, c.ColSpan, c.Text.S, c.Text.At(0))
				}
			}
		}
		return all
	}
	if diff := cmp.Diff(show(want), show(got)); diff != "" {
		t.Error(diff)
	}
}

// TestLibreOffice reads what another program writes.
func TestLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed")
	}
	dir := t.TempDir()
	in := filepath.Join(dir, "x.docx")
	d := parse(t)
	if err := os.WriteFile(in, doctest.Docx(d), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "docx", "--outdir", filepath.Join(dir, "out"), in).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	content, err := os.ReadFile(filepath.Join(dir, "out", "x.docx"))
	if err != nil {
		t.Fatal(err)
	}
	got, list := read(content)
	if got == nil {
		t.Fatal(list)
	}
	same(t, d, got)
}

func TestHostile(t *testing.T) {
	whole := doctest.Zip(body(p("<w:r><w:t>甲</w:t></w:r>")))
	with := func(name, content string) []byte {
		parts := body(item("0", "甲"))
		parts[name] = content
		return doctest.Zip(parts)
	}
	for name, c := range map[string]struct {
		in   []byte
		want diag.Code
		read bool
	}{
		"cut off":  {whole[:len(whole)/2], diag.DocumentDamaged, false},
		"password": {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), strings.Join(strings.Split("EncryptedPackage", ""), "\x00")+"\x00"...), diag.DocumentLocked, false},
		"path":     {with("../x", ""), diag.DocumentUnsafe, false},
		"entity":   {with("word/document.xml", `<!DOCTYPE x [<!ENTITY a "b">]><w:document `+word+`/>`), diag.DocumentUnsafe, false},
		"bomb":     {with("word/document.xml", strings.Repeat(" ", 64<<20)), diag.DocumentUnsafe, false},
		"depth":    {with("word/document.xml", strings.Repeat("<w:p>", 1000)), diag.DocumentLimit, false},
		"empty":    {with("word/document.xml", `<w:document `+word+`><w:body/></w:document>`), diag.DocumentEmpty, false},
		// What is told once and counted on every use would fill the memory.
		"a number of any length": {with("word/numbering.xml", `<w:numbering `+word+`><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val="`+strings.Repeat("x", 1<<20)+
			`"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`), "", true},
		"columns": {with("word/document.xml", `<w:document `+word+`><w:body><w:tbl><w:tr>`+strings.Repeat(`<w:tc><w:tcPr><w:gridSpan w:val="1000"/></w:tcPr></w:tc>`, 20)), diag.DocumentLimit, false},
		"part":    {with("word/numbering.xml", "<w:numbering"), diag.DocumentOmitted, true},
		"rest":    {with("word/document.xml", `<w:document `+word+`><w:body><w:p><w:r><w:t>甲</w:t></w:r></w:p><w:p>`), diag.DocumentOmitted, true},
	} {
		if !docx.Is(c.in) {
			t.Errorf("%s: not told to be a Word document", name)
		}
		d, list := read(c.in)
		if c.want == "" && d != nil && len(list) == 0 {
			continue
		}
		if (d != nil) != c.read || len(list) != 1 || list[0].Code != c.want {
			t.Errorf("%s: %v", name, list)
		}
	}
}

// FuzzRead reads any XML as a document: something is read or something is said. Where it seems to stall, Go makes inputs
// shorter, up to a minute each: -fuzzminimizetime=1x.
func FuzzRead(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>甲</w:t></w:r></w:p>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge w:val="restart"/></w:tcPr><w:p/></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>`)
	f.Fuzz(func(t *testing.T, s string) {
		d, list := read(doctest.Zip(body(s)))
		if d == nil && len(list) == 0 {
			t.Fatal("nothing was read and nothing is said of it")
		}
		if d == nil {
			return
		}
		d.Text()
		d.Flow()
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
		}
	})
}
