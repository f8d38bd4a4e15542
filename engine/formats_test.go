package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/doctest"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
)

// judged is what is found of a document, but for where the figures stand.
func judged(t *testing.T, name string, content []byte) map[string]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := engine.Check(context.Background(), []string{path}, engine.Options{Period: "2023", Options: run.Options{All: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range result.Diagnostics {
		t.Error(d)
	}
	found := map[string]string{}
	for _, f := range result.Report.Findings {
		if f.Verdict == finding.NotApplicable {
			continue
		}
		s := fmt.Sprintf("%s %s %s", f.Verdict, f.Severity, f.Difference)
		for _, o := range f.Operands {
			s += " " + o.Text + o.Unit
		}
		found[f.Rule+" "+f.Instance] = s
	}
	return found
}

// original reads a document that others are made of.
func original(t *testing.T, path string) *document.Document {
	t.Helper()
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here: published reports lie beside the project", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	d, list := reader.Document(context.Background(), source.New(path, content), document.Usual)
	if d == nil || len(list) > 0 {
		t.Fatal(list)
	}
	return d
}

// tables is what a workbook holds of a document: its tables, and the short lines above each.
func tables(d *document.Document) *document.Document {
	out := *d
	out.Blocks, out.Source = nil, ""
	for i, b := range d.Blocks {
		above := b.Grid == nil && i+1 < len(d.Blocks) && (d.Blocks[i+1].Grid != nil || i+2 < len(d.Blocks) && d.Blocks[i+2].Grid != nil)
		if b.Grid != nil || above && b.Kind == document.Paragraph {
			out.Blocks = append(out.Blocks, b)
		}
	}
	return &out
}

// TestFormats makes one report into every format that is read: the same is found in each.
func TestFormats(t *testing.T) {
	for _, path := range []string{"testdata/documents/部门决算.html", "../../shared/seed/report.txt"} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			d := original(t, path)
			want := judged(t, "公开.docx", doctest.Docx(d))
			errors := 0
			for _, s := range want {
				if s[:4] == "fail" {
					errors++
				}
			}
			if len(want) < 30 || errors < 3 {
				t.Errorf("only %d findings, %d of them fails", len(want), errors)
			}
			made := []struct {
				name    string
				content []byte
			}{
				{"公开.html", doctest.HTML(d)}, {"公开.pdf", doctest.Pdf(d, "部门决算公开")}, {"公开.txt", []byte(d.Text())},
			}
			if d.Source == "" {
				for _, to := range []string{"doc", "odt", "pdf"} {
					if content := converted(t, doctest.Docx(d), to); content != nil {
						made = append(made, struct {
							name    string
							content []byte
						}{"公开-LibreOffice." + to, content})
					}
				}
			}
			for _, m := range made {
				if diff := cmp.Diff(want, judged(t, m.name, m.content)); diff != "" {
					t.Errorf("%s (-docx +%[1]s)\n%s", m.name, diff)
				}
			}
		})
	}
}

// TestTablesOfFormats makes the tables of a report into a workbook: the same is found in it as in a document of them.
func TestTablesOfFormats(t *testing.T) {
	d := tables(original(t, "testdata/documents/部门决算.html"))
	o := map[string]string{}
	for _, name := range []string{"表.docx", "表.xlsx"} {
		content := doctest.Xlsx(d)
		if filepath.Ext(name) == ".docx" {
			content = doctest.Docx(d)
		}
		found := judged(t, "东川市水务局2023年度"+name, content)
		if len(o) == 0 {
			o = found
		}
		if diff := cmp.Diff(o, found); diff != "" || len(found) < 20 {
			t.Errorf("%s: %d findings\n%s", name, len(found), diff)
		}
	}
}

// converted is a Word document as LibreOffice writes it in another format, nil where it is not installed.
func converted(t *testing.T, content []byte, to string) []byte {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Logf("LibreOffice is not installed: no .%s is tried", to)
		return nil
	}
	dir := t.TempDir()
	in := filepath.Join(dir, "x.docx")
	if err := os.WriteFile(in, content, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-env:UserInstallation=file://"+dir+"/p", "--headless", "--convert-to", to, "--outdir", dir+"/out", in).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	made, err := os.ReadFile(filepath.Join(dir, "out", "x."+to))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestContents: the pages of a table of contents are no figures, whatever sets them apart from the titles.
func TestContents(t *testing.T) {
	const report = "二、收入决算情况说明\n本年收入合计500.00万元，其中：财政拨款收入450.00万元，占90.00%；事业收入50.00万元，占10.00%。\n"
	entries := []string{
		"第一部分 部门概况", "一、主要职能", "二、机构设置", "第二部分 2023年度部门决算表", "一、收入支出决算总表", "二、收入决算表",
		"第三部分 2023年度部门决算情况说明", "一、收入支出决算总体情况说明", "二、收入决算情况说明", "（一）“三公”经费支出决算情况说明", "第四部分 名词解释",
	}
	for n, between := range []string{"……………………", " ........................ ", "\t", "  ", " ····· ", "  - ", "（"} {
		text := "东川市水务局2023年度部门决算\n\n目　录\n\n"
		d := &document.Document{Blocks: []document.Block{paragraphOf("东川市水务局2023年度部门决算"), paragraphOf("目录")}}
		table := &document.Grid{Rows: len(entries), Cols: 2}
		for i, entry := range entries {
			page := fmt.Sprint(3 + i*2)
			line := entry + between + page
			switch between {
			case "  - ":
				line += " -"
			case "（":
				line += "）"
			}
			text += line + "\n"
			d.Blocks = append(d.Blocks, paragraphOf(line))
			for k, s := range []string{entry, page} {
				table.Cells = append(table.Cells, document.Cell{Row: i, Col: k, RowSpan: 1, ColSpan: 1, Text: document.Text{S: s}})
			}
		}
		body := []document.Block{paragraphOf(strings.Split(report, "\n")[0]), paragraphOf(strings.Split(report, "\n")[1])}
		tabled := &document.Document{Blocks: append([]document.Block{d.Blocks[0], d.Blocks[1], {Kind: document.Table, Grid: table}}, body...)}
		d.Blocks = append(d.Blocks, body...)
		made := map[string][]byte{"公开.txt": []byte(text + "\n" + report), "公开.docx": doctest.Docx(d), "公开.html": doctest.HTML(d)}
		if n < 3 {
			made["公开.pdf"] = doctest.Pdf(d, "")
		}
		if n == 0 {
			made["表格.docx"], made["表格.html"], made["表格.pdf"], made["表格.xlsx"] = doctest.Docx(tabled), doctest.HTML(tabled), doctest.Pdf(tabled, ""), doctest.Xlsx(tabled)
		}
		for name, content := range made {
			path := filepath.Join(t.TempDir(), name)
			write(t, path, string(content))
			read, _, err := engine.ReadDocument(context.Background(), path, engine.Options{})
			if err != nil || read == nil {
				t.Fatal(name, err)
			}
			for _, f := range read.Reading.Facts {
				if !strings.Contains("500.00 450.00 90.00 50.00 10.00", f.Text) || f.Decimals != 2 {
					t.Errorf("%s, %q between title and page: %s is taken for a figure of %s", name, between, f.Text, f.Subject)
				}
			}
			if n := len(read.Reading.Facts); filepath.Ext(name) != ".xlsx" && n < 5 {
				t.Errorf("%s, %q between title and page: only %d figures are read of the text", name, between, n)
			}
		}
	}
}

func paragraphOf(s string) document.Block {
	return document.Block{Kind: document.Paragraph, Text: document.Text{S: s}}
}
