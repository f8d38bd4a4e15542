package report_test

import (
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

func TestChecklist(t *testing.T) {
	golden(t, "checklist.golden", render(t, "checklist", holding(), report.Options{Lang: "zh", Width: 80}))
	golden(t, "checklist-english-all.golden", render(t, "checklist", holding(), report.Options{All: true}))
	golden(t, "checklist.md.golden", render(t, "checklist-markdown", word(holding().Findings...), report.Options{Lang: "zh"}))
	golden(t, "checklist.csv.golden", strings.NewReplacer("\uFEFF", "<BOM>", "\r\n", "<CR>\n").Replace(render(t, "checklist-csv", holding(), report.Options{Lang: "zh"})))
}

// TestChecklistAnswers: one row for each rule that applies, whose worst finding answers.
func TestChecklistAnswers(t *testing.T) {
	about := func(v finding.Verdict, s finding.Severity, accepted bool) finding.Finding {
		f := roundingTotal()
		f.Verdict, f.Severity = v, s
		if accepted {
			f.Accepted = &finding.Acceptance{Reason: "因故"}
		}
		return f
	}
	pass, never := about(finding.Pass, finding.Error, false), about(finding.NotApplicable, finding.Error, false)
	fail, hint := about(finding.Fail, finding.Error, false), about(finding.Fail, finding.Info, false)
	open, strict := about(finding.NotEvaluated, finding.Info, false), about(finding.NotEvaluated, finding.Warning, false)
	for _, test := range []struct {
		want     string
		findings []finding.Finding
	}{
		{"是", []finding.Finding{pass, never}},
		{"是", []finding.Finding{about(finding.Rounding, finding.Info, false)}},
		{"是", []finding.Finding{pass, open}},
		{"否", []finding.Finding{pass, hint, fail}},
		{"否", []finding.Finding{about(finding.Rounding, finding.Warning, false)}},
		{"否", []finding.Finding{strict, pass}},
		{"请核对", []finding.Finding{pass, hint, open}},
		{"已接受", []finding.Finding{pass, about(finding.Fail, finding.Error, true)}},
		{"否", []finding.Finding{fail, about(finding.Fail, finding.Error, true)}},
		{"未能检查", []finding.Finding{open, never}},
		{"", []finding.Finding{never, never}},
	} {
		got := rows(t, render(t, "checklist-csv", tallied(0, []finding.Input{input2023}, test.findings...), report.Options{Lang: "zh"}))
		if len(got) > 1 || test.want == "" != (len(got) == 0) || len(got) == 1 && got[0]["是否合格"] != test.want {
			t.Errorf("%v, want %q", got, test.want)
		}
	}
}

func TestMarkdown(t *testing.T) {
	golden(t, "markdown.golden", render(t, "markdown", realistic(), report.Options{Lang: "zh"}))
	golden(t, "markdown-english-all.golden", render(t, "markdown", holding(), report.Options{All: true}))
}
