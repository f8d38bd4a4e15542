package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/doctest"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/source"
)

// tableFacts writes down what the tables of a document say.
func tableFacts(d *document.Document) []string {
	r := extract.Read(d, extract.ShippedWords())
	var facts []string
	for _, f := range r.Facts {
		if r.Document.Blocks[f.Block].Kind == document.Table {
			facts = append(facts, fmt.Sprintf("%s %s%s %s %v", f.Subject, f.Text, f.Unit, f.Measure, f.Value))
		}
	}
	return facts
}

// TestWorkbooksSayTheSame holds tables read from a workbook against those that it was made of.
func TestWorkbooksSayTheSame(t *testing.T) {
	for _, path := range []string{"../../shared/samples/19-sh-putuo-shehuigongzuobu-2024.pdf", "../../shared/seed/report.txt"} {
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("%s is not here: published reports lie beside the project", path)
		}
		made, list := reader.Document(context.Background(), source.New(path, content), document.Usual)
		if made == nil {
			t.Fatal(list)
		}
		made = made.Flow()
		read, list := reader.Document(context.Background(), source.New("表.xlsx", doctest.Xlsx(made)), document.Usual)
		if read == nil || len(list) > 0 {
			t.Fatal(list)
		}
		want := tableFacts(made)
		if len(want) < 100 {
			t.Errorf("%s says only %d things", path, len(want))
		}
		if diff := cmp.Diff(want, tableFacts(read)); diff != "" {
			t.Errorf("%s\n%s", path, diff)
		}
	}
}

// TestWorkbook reads a workbook as units publish it: a title, the number of the table and the unit stand above the head.
func TestWorkbook(t *testing.T) {
	x := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	rows := map[string][]any{
		"A1": {"2023年度收入决算表"},
		"A2": {"部门：某某局", nil, nil, nil, "公开02表"},
		"E3": {"单位：万元"},
		"A4": {"项目", nil, "本年收入合计", "财政拨款收入", "其他收入"},
		"A5": {"科目编码", "科目名称"},
		"A6": {"合计", nil, 120.5, 100.25, 20.25},
		"A7": {2050205, "农村小学教育", 120.5, 100.25, 20.25},
		"A8": {"注：本表反映本年度取得的各项收入。"},
	}
	for at, row := range rows {
		must(x.SetSheetRow("Sheet1", at, &row))
	}
	for _, m := range [][2]string{{"A1", "E1"}, {"A4", "B4"}, {"C4", "C5"}, {"D4", "D5"}, {"E4", "E5"}, {"A6", "B6"}} {
		must(x.MergeCell("Sheet1", m[0], m[1]))
	}
	code := "#,##0.00"
	style, err := x.NewStyle(&excelize.Style{CustomNumFmt: &code})
	must(err)
	must(x.SetCellStyle("Sheet1", "C6", "E7", style))
	var out bytes.Buffer
	must(x.Write(&out))
	file := filepath.Join(t.TempDir(), "表.xlsx")
	must(os.WriteFile(file, out.Bytes(), 0o644))

	d, list, err := engine.ReadDocument(context.Background(), file, engine.Options{})
	if err != nil || d == nil || len(list) > 0 {
		t.Fatal(err, list)
	}
	var got []string
	for i := range d.Reading.Facts {
		f := &d.Reading.Facts[i]
		got = append(got, fmt.Sprintf("%s %s %s %s%s @%s", f.Table, f.Subject, f.Measure, f.Text, f.Unit, d.Reading.Cite(f)))
	}
	want := []string{
		"2023年度收入决算表 合计/本年收入合计 value 120.50万元 @Sheet1!C6",
		"2023年度收入决算表 合计/财政拨款收入 value 100.25万元 @Sheet1!D6",
		"2023年度收入决算表 合计/其他收入 value 20.25万元 @Sheet1!E6",
		"2023年度收入决算表 农村小学教育/本年收入合计 value 120.50万元 @Sheet1!C7",
		"2023年度收入决算表 农村小学教育/财政拨款收入 value 100.25万元 @Sheet1!D7",
		"2023年度收入决算表 农村小学教育/其他收入 value 20.25万元 @Sheet1!E7",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if h := d.Header; h.Period != "2023" || h.Entity != "某某局" {
		t.Errorf("it is of %q, %q", h.Entity, h.Period)
	}
}
