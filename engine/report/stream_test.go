package report_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

// outcomes takes a report apart into the outcomes that it was made of.
func outcomes(r *finding.Report) []*finding.Outcome {
	var all []*finding.Outcome
	for _, in := range r.Inputs {
		o := &finding.Outcome{Input: in, Labels: r.Labels}
		for _, f := range r.Findings {
			if f.Input == in.Path {
				o.Findings = append(o.Findings, f)
				o.Tally.Add(f.Verdict)
			}
		}
		for _, s := range r.Suspects {
			if s.Input == in.Path {
				o.Suspects = append(o.Suspects, s)
			}
		}
		all = append(all, o)
	}
	return all
}

// streamed writes a report input by input.
func streamed(t *testing.T, format string, r *finding.Report, o report.Options) string {
	t.Helper()
	f, _ := report.Lookup(format)
	var out bytes.Buffer
	s := f.Begin(&out, o)
	for _, one := range outcomes(r) {
		if err := s.Add(one); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.End(&finding.Report{Version: r.Version, Rules: r.Rules, Summary: r.Summary, Roll: r.Roll}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestStreamed: a report that is written input by input is that of all inputs, in every format.
func TestStreamed(t *testing.T) {
	r := realistic()
	for _, f := range report.Formats {
		if f.Binary {
			continue
		}
		o := report.Options{Lang: "zh"}
		if diff := cmp.Diff(render(t, f.Name, r, o), streamed(t, f.Name, r, o)); diff != "" {
			t.Errorf("%s (-whole +streamed)\n%s", f.Name, diff)
		}
	}
}

// bureau is a report of n units in three folders, of which every tenth breaks a rule and every fifteenth has nothing to check.
func bureau(n int) *finding.Report {
	r := &finding.Report{
		Version: "1.0", Labels: map[string]string{},
		Rules: []finding.Rule{
			{ID: "sum", Title: "合计等于各项之和", Severity: finding.Error},
			{ID: "rate", Title: "执行率等于执行数除以预算数", Severity: finding.Warning},
			{ID: "prior", Title: "年初数等于上年年末数", Severity: finding.Error, Unbound: finding.Unbound{Reason: "missing", Missing: []string{"prior.closing"}}},
		},
	}
	for i := range n {
		in := finding.Input{Path: fmt.Sprintf("data/%d/%04d.yaml", i%3, i), Entity: fmt.Sprintf("第%d号单位", i), Period: "2023", Figures: 10}
		if i%7 == 0 {
			in.Parent = "某局"
		}
		r.Inputs = append(r.Inputs, in)
		if i%15 == 1 {
			continue
		}
		add := func(rule int, v finding.Verdict, s finding.Severity) {
			r.Rules[rule].Tally.Add(v)
			r.Summary.Add(v)
			r.Findings = append(r.Findings, finding.Finding{
				Rule: r.Rules[rule].ID, Title: r.Rules[rule].Title, Verdict: v, Severity: s, Input: in.Path, Entity: in.Entity, Period: in.Period,
				Message: "10 ≠ 11", Fingerprint: fmt.Sprint(rule, in.Path),
			})
		}
		switch {
		case i%10 == 0:
			for range 1 + i/100 {
				add(0, finding.Fail, finding.Error)
			}
			add(1, finding.Rounding, finding.Info)
		case i%10 == 5:
			add(1, finding.Fail, finding.Warning)
		default:
			add(0, finding.Pass, 0)
		}
	}
	return r
}

// TestDigest: of many inputs the table tells which rules, folders and units are worst, and never more than fits.
func TestDigest(t *testing.T) {
	for _, o := range []report.Options{{Lang: "zh", Width: 80}, {Lang: "en", Width: 100}} {
		got := streamed(t, "table", bureau(1000), o)
		golden(t, "digest."+o.Lang+".golden", got)
		for line := range strings.Lines(got) {
			if n := report.Measure(strings.TrimSuffix(line, "\n")); n > o.Width {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
	// As long as they are few, each is told by itself.
	r := bureau(20)
	if diff := cmp.Diff(render(t, "table", r, report.Options{}), streamed(t, "table", r, report.Options{})); diff != "" {
		t.Error(diff)
	}
}

// TestSpill: what does not fit into memory is written as what does.
func TestSpill(t *testing.T) {
	r := bureau(3000)
	for i := range r.Findings {
		r.Findings[i].Hint = strings.Repeat("提示", 1000)
	}
	t.Setenv("TMPDIR", t.TempDir())
	if render(t, "json", r, report.Options{}) != streamed(t, "json", r, report.Options{}) {
		t.Error("they differ")
	}
	if left, _ := filepath.Glob(filepath.Join(t.TempDir(), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestAcross: what rules across datasets find, behind all inputs, is told as if it had been found with them.
func TestAcross(t *testing.T) {
	across := func(f *finding.Finding) bool { return f.Rule == "sum" && f.Verdict == finding.Fail }
	apart := func(format string, r *finding.Report, o report.Options) string {
		t.Helper()
		f, _ := report.Lookup(format)
		var out bytes.Buffer
		s := f.Begin(&out, o)
		all := outcomes(r)
		later := make([]*finding.Outcome, len(all))
		for i, one := range all {
			later[i] = &finding.Outcome{Input: one.Input, Index: i, Across: true, Labels: one.Labels}
			now := *one
			now.Index, now.Findings = i, nil
			for _, f := range one.Findings {
				to := &now
				if across(&f) {
					to = later[i]
				}
				to.Findings = append(to.Findings, f)
			}
			if err := s.Add(&now); err != nil {
				t.Fatal(err)
			}
		}
		for _, one := range later {
			if err := s.Across(one); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.End(&finding.Report{Version: r.Version, Rules: r.Rules, Summary: r.Summary, Roll: r.Roll}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	for _, n := range []int{5, 100, 1000} {
		r := bureau(n)
		o := report.Options{Lang: "zh", Width: 80}
		for _, f := range report.Formats {
			if f.Binary {
				continue
			}
			want, got := streamed(t, f.Name, r, o), apart(f.Name, r, o)
			if f.Name == "jsonl" || f.Name == "csv" || f.Name == "json" {
				// They are written as they come.
				sorted := func(text string) string {
					lines := strings.Split(strings.ReplaceAll(text, "},\n", "}\n"), "\n")
					slices.Sort(lines)
					return strings.Join(lines, "\n")
				}
				want, got = sorted(want), sorted(got)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s of %d inputs (-with the inputs +behind them)\n%s", f.Name, n, diff)
			}
		}
	}
}
