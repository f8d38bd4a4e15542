package report_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

// holding is a fail, a warning, a rounding, what could not be evaluated, what was accepted, and what holds.
func holding() *finding.Report {
	passes := roundingTotal()
	passes.Verdict, passes.Rule, passes.Title, passes.Difference = finding.Pass, "total", "合计成立", ""
	never := passes
	never.Verdict, never.Rule = finding.NotApplicable, "never"
	ok := accepted()[0]
	ok.Rule, ok.Title = "accepted-rule", "已接受的规则"
	return tallied(1, []finding.Input{input2023}, wrongSum(), nearSame(), roundingTotal(), zeroBase(), ok, passes, never)
}

func TestJUnit(t *testing.T) {
	golden(t, "junit.golden", render(t, "junit", holding(), report.Options{Lang: "zh"}))
	golden(t, "junit-english-all.golden", render(t, "junit", holding(), report.Options{All: true, FailOn: finding.Warning}))
}

// TestJUnitCounts: the counts are those of the tests, and a test fails when the run does.
func TestJUnitCounts(t *testing.T) {
	type counts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	for _, failOn := range []finding.Severity{0, finding.Error, finding.Warning, finding.Info, finding.Error + 1} {
		r := realistic()
		var got struct {
			counts
			Suites []struct {
				counts
				Cases []struct {
					Class   string    `xml:"classname,attr"`
					Failure *struct{} `xml:"failure"`
					Skipped *struct{} `xml:"skipped"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal([]byte(render(t, "junit", r, report.Options{FailOn: failOn})), &got); err != nil {
			t.Fatal(err)
		}
		var sum counts
		failed := map[string]bool{}
		for _, s := range got.Suites {
			var own counts
			for _, c := range s.Cases {
				own.Tests++
				if c.Failure != nil {
					own.Failures++
					failed[c.Class] = true
				}
				if c.Skipped != nil {
					own.Skipped++
				}
			}
			if own != s.counts {
				t.Errorf("a suite says %+v of %+v", s.counts, own)
			}
			sum.Tests, sum.Failures, sum.Skipped = sum.Tests+own.Tests, sum.Failures+own.Failures, sum.Skipped+own.Skipped
		}
		if sum != got.counts {
			t.Errorf("the whole says %+v of %+v", got.counts, sum)
		}
		for _, f := range r.Findings {
			if want := f.Severity >= max(failOn, finding.Info); want && failOn > 0 && !failed["juesuan."+f.Rule] {
				t.Errorf("%s does not fail from %s on", f.Rule, failOn)
			}
		}
		if (len(failed) > 0) != (failOn <= finding.Error) {
			t.Errorf("from %d on %d tests fail", failOn, len(failed))
		}
	}
}

func TestGitHub(t *testing.T) {
	golden(t, "github.golden", render(t, "github", holding(), report.Options{Lang: "zh"}))
	golden(t, "github-english-all.golden", render(t, "github", word(holding().Findings...), report.Options{All: true}))
}

// TestGitHubLimit: of each level no more are annotated than are shown; the others are in the log and counted.
func TestGitHubLimit(t *testing.T) {
	const n = 1000
	out := render(t, "github", many(n), report.Options{})
	for level, want := range map[string]int{"::error ": 10, "::warning ": 10, "::notice ": 0} {
		got := 0
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, level) {
				got++
			}
		}
		if got != want {
			t.Errorf("%d of %s", got, level)
		}
	}
	for _, want := range []string{"errors that are not shown here: 91", "warnings that are not shown here: 891", "982 that are no annotations"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said", want)
		}
	}
	if got := strings.Count(out, "expenditure-share"); got != n-n/10 {
		t.Errorf("%d warnings are told, want %d", got, n-n/10)
	}
	// Ten fit as they are.
	r := many(100)
	if out := render(t, "github", r, report.Options{}); strings.Count(out, "::error ") != 10 || strings.Contains(out, "errors that are not shown") {
		t.Errorf("ten errors are not ten annotations:\n%s", out)
	}
}

func TestGitLab(t *testing.T) {
	golden(t, "gitlab.golden", render(t, "gitlab", holding(), report.Options{Lang: "zh"}))
	golden(t, "gitlab-english-all.golden", render(t, "gitlab", pdf(holding().Findings...), report.Options{All: true}))
	var issues []struct{ Fingerprint, Severity string }
	if err := json.Unmarshal([]byte(render(t, "gitlab", many(1000), report.Options{})), &issues); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range issues {
		if seen[i.Fingerprint] || i.Severity != "critical" && i.Severity != "major" {
			t.Errorf("%+v", i)
		}
		seen[i.Fingerprint] = true
	}
}
