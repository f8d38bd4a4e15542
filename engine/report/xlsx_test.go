package report_test

import (
	"bytes"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

// book reads a workbook back.
func book(t *testing.T, out string) *excelize.File {
	t.Helper()
	b, err := excelize.OpenReader(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// cells calls a function for every cell of a workbook.
func cells(t *testing.T, out string, each func(sheet, ref, cell string, b *excelize.File)) {
	t.Helper()
	b := book(t, out)
	for _, sheet := range b.GetSheetList() {
		all, err := b.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range all {
			for c, cell := range row {
				ref, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err != nil {
					t.Fatal(err)
				}
				each(sheet, ref, cell, b)
			}
		}
	}
}

// table is a sheet as lists of its cells, as they are shown.
func table(t *testing.T, b *excelize.File, sheet string) [][]string {
	t.Helper()
	all, err := b.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestXLSX(t *testing.T) {
	b := book(t, render(t, "xlsx", holding(), report.Options{Lang: "zh", Link: func(path string) string { return "../" + path }}))
	var text strings.Builder
	for _, sheet := range b.GetSheetList() {
		fmt.Fprintf(&text, "[%s]\n", sheet)
		for _, row := range table(t, b, sheet) {
			fmt.Fprintln(&text, strings.ReplaceAll(strings.Join(row, " | "), "\n", "⏎"))
		}
	}
	golden(t, "xlsx.golden", text.String())
	for cell, want := range map[string]string{"A2": "'检查结果'!A2", "C2": "../" + path2023} {
		if ok, to, err := b.GetCellHyperLink("按单位", cell); !ok || to != want || err != nil {
			t.Errorf("%s leads to %q (%v), want %q", cell, to, err, want)
		}
	}
	panes, err := b.GetPanes("检查结果")
	tables, wrong := b.GetTables("检查结果")
	if err != nil || wrong != nil || !panes.Freeze || panes.YSplit != 1 || len(tables) != 1 {
		t.Errorf("the head does not stay and filter: %+v, %+v (%v, %v)", panes, tables, err, wrong)
	}
}

// TestXLSXHoldsEveryFinding: one row a finding, in every language, with and without what holds.
func TestXLSXHoldsEveryFinding(t *testing.T) {
	r := realistic()
	for _, o := range []report.Options{{}, {Lang: "zh"}, {All: true}} {
		b := book(t, render(t, "xlsx", r, o))
		got := table(t, b, b.GetSheetList()[0])
		if len(got) != len(r.Findings)+1 {
			t.Errorf("%d rows for %d findings", len(got)-1, len(r.Findings))
		}
	}
}

// TestXLSXFigures: figures are shown as printed; those that are numbers are exactly those numbers.
func TestXLSXFigures(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	all := []string{
		"867.00", "0.00", "0", "-0.01", "1,113.00", "-1,141.36", "47.20%", "-56.83%", "0.3333…", "+12", "—", "007", "1,14", "1e5", "=1+1", "１２",
		"123456789012345", "1234567890123456", "0.1234567890123456", "99999999999999.9", "9999999999999.99", "0.000000000000001", "-0", "1,234,567.8",
	}
	for range 300 {
		whole := big.NewInt(r.Int64N(1_000_000_000_000)).String()
		whole = whole[:1+r.IntN(len(whole))]
		text := []string{"", "-"}[r.IntN(2)] + whole
		if n := r.IntN(8); n > 0 {
			text += "." + fmt.Sprintf("%08d", r.IntN(100_000_000))[:n]
		}
		all = append(all, text)
	}
	report1 := &finding.Report{Inputs: []finding.Input{input2023}}
	for i, text := range all {
		f := wrongSum()
		f.Left, f.Instance = text, fmt.Sprint(i)
		report1.Findings = append(report1.Findings, f)
	}
	b := book(t, render(t, "xlsx", report1, report.Options{}))
	numbers := 0
	for i, text := range all {
		ref := fmt.Sprintf("H%d", i+2)
		raw, err := b.GetCellValue("Findings", ref, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		kind, err := b.GetCellType("Findings", ref)
		if err != nil {
			t.Fatal(err)
		}
		if kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
			if raw != text {
				t.Errorf("%q is written as the text %q", text, raw)
			}
			continue
		}
		numbers++
		want, ok := new(big.Rat).SetString(strings.TrimSuffix(strings.ReplaceAll(text, ",", ""), "%"))
		got, fine := new(big.Rat).SetString(raw)
		if !ok || !fine || want.Cmp(got) != 0 {
			t.Errorf("%q is written as the number %q", text, raw)
		}
		if shown, err := b.GetCellValue("Findings", ref); err != nil || shown != text {
			t.Errorf("%q is shown as %q (%v)", text, shown, err)
		}
	}
	// Those with words, without an end, with a plus or with too many digits are text: few.
	if numbers < len(all)/2 {
		t.Errorf("%d of %d are numbers", numbers, len(all))
	}
	if diff := cmp.Diff([]string{"007", "0.3333…"}, []string{value(t, b, "H13"), value(t, b, "H10")}); diff != "" {
		t.Error(diff)
	}
}

func value(t *testing.T, b *excelize.File, ref string) string {
	t.Helper()
	v, err := b.GetCellValue("Findings", ref)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestXLSXSize: cells hold no more than a workbook can.
func TestXLSXSize(t *testing.T) {
	f := wrongSum()
	f.Message = strings.Repeat("长", 40_000)
	var out bytes.Buffer
	format, _ := report.Lookup("xlsx")
	if err := format.Write(&out, tallied(1, nil, f), report.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := []rune(value(t, book(t, out.String()), "G2")); len(got) != 32_767 || got[len(got)-1] != '…' {
		t.Errorf("a cell of %d characters", len(got))
	}
}
