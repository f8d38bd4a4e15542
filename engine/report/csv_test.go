package report_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

func TestCSV(t *testing.T) {
	got := render(t, "csv", tallied(180, []finding.Input{input2023}, wrongRate(), accepted()[1], zeroBase()), report.Options{})
	// What an editor or git would hide or change is spelled out.
	golden(t, "report.csv.golden", strings.NewReplacer("\uFEFF", "<BOM>", "\r\n", "<CR>\n").Replace(got))
}

// rows reads CSV back as a spreadsheet does.
func rows(t *testing.T, text string) []map[string]string {
	t.Helper()
	text, marked := strings.CutPrefix(text, "\uFEFF")
	if !marked {
		t.Error("no byte order mark")
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range all[1:] {
		cells := map[string]string{}
		for i, cell := range row {
			cells[all[0][i]] = cell
		}
		out = append(out, cells)
	}
	return out
}

func TestCSVHoldsEveryFinding(t *testing.T) {
	r := realistic()
	got := rows(t, render(t, "csv", r, report.Options{}))
	if len(got) != len(r.Findings) {
		t.Fatalf("%d rows for %d findings", len(got), len(r.Findings))
	}
	for i, row := range got {
		f := &r.Findings[i]
		if row["rule"] != f.Rule || row["message"] != f.Message || row["left"] != f.Left || row["difference"] != f.Difference || row["fingerprint"] != f.Fingerprint {
			t.Errorf("row %d is not finding %s: %v", i+1, f.Rule, row)
		}
	}
}

func TestCSVPlaces(t *testing.T) {
	for _, test := range []struct {
		report           *finding.Report
		places, sections string
	}{
		{tallied(180, nil, nearSame()), published + ":45:12; " + published + ":62:40", ""},
		{word(nearSame()), "决算公开.docx:62:40; 决算公开.docx:表3!C5", "第二部分 决算情况说明 › 三、支出决算情况说明; 第四部分 附表 › 支出决算表"},
		{pdf(nearSame()), "决算公开.pdf:7/212:9; 决算公开.pdf:19/表3!C5", "第二部分 决算情况说明 › 三、支出决算情况说明; "},
		{tallied(1, nil, about(finding.Finding{Rule: "r", Operands: []finding.Operand{{}}})), "", ""},
	} {
		row := rows(t, render(t, "csv", test.report, report.Options{}))[0]
		if row["places"] != test.places || row["sections"] != test.sections {
			t.Errorf("%q under %q, want %q under %q", row["places"], row["sections"], test.places, test.sections)
		}
	}
}

func TestCSVCellsAreNoFormulas(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"合计", "合计"},
		{"-0.01", "-0.01"},
		{"+12", "+12"},
		{"-1,141.36", "-1,141.36"},
		{"-56.83%", "-56.83%"},
		{"-0.3333…", "-0.3333…"},
		{"-", "'-"},
		{"-1+2", "'-1+2"},
		{"-1,14", "'-1,14"},
		{"+SUM(A1)", "'+SUM(A1)"},
		{`=HYPERLINK("x")`, `'=HYPERLINK("x")`},
		{"@SUM(1)", "'@SUM(1)"},
		{"\t=1", "'\t=1"},
		{"\n=1", "'\n=1"},
		{"＝1+1", "'＝1+1"},
		{"－1+1", "'－1+1"},
		{"1=1", "1=1"},
	} {
		f := wrongSum()
		f.Message = test.text
		got := rows(t, render(t, "csv", tallied(1, nil, f), report.Options{}))[0]["message"]
		if got != test.want {
			t.Errorf("%q is written as %q, want %q", test.text, got, test.want)
		}
	}
}
