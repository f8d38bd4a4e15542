package sheet_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/xlsx"
	"github.com/gouji/gouji/engine/reader/sheet"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/source"
)

// outline is what a workbook holds: a line for each dataset and each fault. It is "document" where it holds no datasets.
func outline(t *testing.T, fill func(x *excelize.File)) string {
	t.Helper()
	x := excelize.NewFile()
	fill(x)
	var content bytes.Buffer
	if err := x.Write(&content); err != nil {
		t.Fatal(err)
	}
	d, list := xlsx.Read(context.Background(), source.New("x.xlsx", content.Bytes()), document.Usual)
	if d == nil || len(list) > 0 {
		t.Fatal(list)
	}
	b := sheet.Of(d)
	if b == nil {
		return "document"
	}
	var out strings.Builder
	for r := range b.Records() {
		for _, d := range r.List {
			fmt.Fprintln(&out, d)
		}
		if r.Row == nil {
			continue
		}
		fmt.Fprintf(&out, "%d:", r.Line)
		figures := r.Row.Figures
		if !r.Row.Head.Long {
			figures = [][]table.Cell{r.Row.Cells}
		}
		for _, row := range figures {
			for i := range row {
				if row[i].Text != "" {
					fmt.Fprintf(&out, " %s=%s", r.Row.Span(&row[i]).Cell(), row[i].Text)
				}
			}
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func set(t *testing.T, x *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	if i, err := x.GetSheetIndex(sheet); err != nil {
		t.Fatal(err)
	} else if i < 0 {
		if _, err := x.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
	}
	for i, row := range rows {
		if err := x.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBook(t *testing.T) {
	for name, test := range map[string]struct {
		fill func(x *excelize.File)
		want string
	}{
		"wide": {func(x *excelize.File) {
			set(t, x, "Sheet1", []any{"单位", "期间", "收入.合计", "完成率"}, []any{"甲", 2023, 867.01, "5% @3:4"}, nil, []any{"乙", "2023", nil, "-"})
			style, err := x.NewStyle(&excelize.Style{NumFmt: 4})
			if err != nil {
				t.Fatal(err)
			}
			if err := x.SetCellStyle("Sheet1", "C2", "C2", style); err != nil {
				t.Fatal(err)
			}
			if err := x.SetCellFloat("Sheet1", "C2", 1867.1, -1, 64); err != nil {
				t.Fatal(err)
			}
		}, "2: Sheet1!A2=甲 Sheet1!B2=2023 Sheet1!C2=1,867.10 Sheet1!D2=5% @3:4\n4: Sheet1!A4=乙 Sheet1!B4=2023 Sheet1!D4=-\n"},
		"several sheets": {func(x *excelize.File) {
			set(t, x, "Sheet1", []any{"说明", "单位：万元"})
			set(t, x, "收入", []any{"entity", "period", "x"}, []any{"甲", 2023, 5})
			set(t, x, "支出", []any{"entity", "period", "y"}, []any{"甲", 2023, 6})
		}, "2: 收入!A2=甲 收入!B2=2023 收入!C2=5\n2: 支出!A2=甲 支出!B2=2023 支出!C2=6\n"},
		"long": {func(x *excelize.File) {
			set(t, x, "Sheet1", []any{"单位", "期间", "字段", "数值"}, []any{"甲", 2023, "a", 5}, []any{"甲", 2023, "b", 6}, []any{"乙", 2023, "a", 7, 8}, []any{"乙", 2023, "b", 7},
				[]any{"丙", 2023, "a", 7})
		}, "2: Sheet1!A2=甲 Sheet1!B2=2023 Sheet1!C2=a Sheet1!D2=5 Sheet1!A3=甲 Sheet1!B3=2023 Sheet1!C3=b Sheet1!D3=6\n" +
			"x.xlsx:Sheet1!E4: error: the row has 5 values, and there are 4 columns [table-width]\n6: Sheet1!A6=丙 Sheet1!B6=2023 Sheet1!C6=a Sheet1!D6=7\n"},
		"a value in no column": {func(x *excelize.File) {
			set(t, x, "Sheet1", []any{"entity", "period", "x"}, []any{"甲", 2023, 5, nil, 6}, []any{"乙", 2023, 5})
		}, "x.xlsx:Sheet1!E2: error: the row has 5 values, and there are 3 columns [table-width]\n3: Sheet1!A3=乙 Sheet1!B3=2023 Sheet1!C3=5\n"},
		"no rows": {func(x *excelize.File) { set(t, x, "Sheet1", []any{"entity", "period", "x"}) },
			"x.xlsx:Sheet1!A1: warning: there are no rows below the names of the columns [table-no-rows]\n"},
		"a column twice": {func(x *excelize.File) { set(t, x, "Sheet1", []any{"entity", "period", "单位"}, []any{"甲", 1, 2}) },
			"x.xlsx:Sheet1!C1: error: \"单位\" names a field that has a column already [column-twice]\n"},
		"a report": {func(x *excelize.File) {
			set(t, x, "Sheet1", []any{"收入决算表"}, []any{"编制单位：某单位", nil, "单位：万元"}, []any{"项目", "金额"}, []any{"合计", 5})
		}, "document"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := outline(t, test.fill); got != test.want {
				t.Errorf("%s, want\n%s", got, test.want)
			}
		})
	}
}
