package engine_test

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
)

// shippedReport is the real report that lies in the repository, with every instance of every rule.
func shippedReport(t *testing.T) *finding.Report {
	t.Helper()
	result, err := engine.Check(context.Background(), []string{"../datasets"}, engine.Options{Options: run.Options{All: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range result.Diagnostics {
		t.Error(d)
	}
	for _, err := range result.Unreadable {
		t.Error(err)
	}
	if result.Report == nil {
		t.Fatal("no report")
	}
	return result.Report
}

func readCSV(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(path, "../../shared") {
		t.Skipf("%s is not here: the truth about the report lies beside the project", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var records []map[string]string
	for _, row := range rows[1:] {
		r := map[string]string{}
		for i, name := range rows[0] {
			r[name] = row[i]
		}
		records = append(records, r)
	}
	return records
}

// TestTruth holds every rule instance that judges a relation of the 2023 report against the verdict and severity it
// must have, and every other finding against being no error.
func TestTruth(t *testing.T) {
	report := shippedReport(t)
	type key struct{ rule, instance string }
	judged := map[key]bool{}
	for _, r := range readCSV(t, "testdata/truth_2023.csv") {
		if r["rule"] == "" {
			continue
		}
		found := false
		for i := range report.Findings {
			f := &report.Findings[i]
			// rows[*] are all rows of a list.
			rows, all := strings.CutSuffix(r["instance"], "*]")
			if f.Rule != r["rule"] || f.Instance != r["instance"] && !(all && strings.HasPrefix(f.Instance, rows)) {
				continue
			}
			found, judged[key{f.Rule, f.Instance}] = true, true
			if f.Verdict.String() != r["expected"] {
				t.Errorf("relation %s: %s %q is %s (%s | %s), want %s", r["n"], f.Rule, f.Instance, f.Verdict, f.Left, f.Right, r["expected"])
			}
			if want := r["severity"]; want != "" && f.Severity.String() != want {
				t.Errorf("relation %s: %s %q is of severity %s, want %s", r["n"], f.Rule, f.Instance, f.Severity, want)
			}
		}
		if !found {
			t.Errorf("relation %s: no instance %q of rule %s", r["n"], r["instance"], r["rule"])
		}
	}
	for _, f := range report.Findings {
		if f.Verdict == finding.Fail && !judged[key{f.Rule, f.Instance}] {
			t.Errorf("%s %q fails (%s), which no relation wants: %s", f.Rule, f.Instance, f.Severity, f.Message)
		}
	}
}

// TestTruthIsWhole holds our table of relations against the truth about the report: the worst verdict among the
// instances that judge a relation is the one expected, with its severity.
func TestTruthIsWhole(t *testing.T) {
	truth := map[string]map[string]string{}
	for _, r := range readCSV(t, "../../shared/seed/truth.csv") {
		truth[r["n"]] = r
	}
	worst, later := map[string]map[string]string{}, map[string]bool{}
	rank := func(verdict string) int {
		v, ok := finding.ParseVerdict(verdict)
		if !ok || v == finding.NotApplicable {
			return -1
		}
		return int(v)
	}
	for _, r := range readCSV(t, "testdata/truth_2023.csv") {
		if r["rule"] == "" {
			later[r["n"]] = r["reason"] != ""
			continue
		}
		if have := worst[r["n"]]; have == nil || cmp.Compare(rank(r["expected"]), rank(have["expected"])) > 0 {
			worst[r["n"]] = r
		}
	}
	for n, r := range worst {
		want := truth[n]
		if want == nil {
			t.Errorf("relation %s is not in the truth", n)
			continue
		}
		if r["expected"] != want["expected"] {
			t.Errorf("relation %s is expected to be %s, the truth says %s", n, r["expected"], want["expected"])
		}
		if want["severity"] != "" && !strings.Contains(want["severity"], r["severity"]) {
			t.Errorf("relation %s is expected to be of severity %s, the truth says %s", n, r["severity"], want["severity"])
		}
	}
	for n, want := range truth {
		if worst[n] == nil && !later[n] {
			t.Errorf("relation %s (%s) is judged by no rule, and nothing says why", n, want["relation"])
		}
	}
}

// TestPlaces holds every figure of the shipped dataset that names its place against the published report.
func TestPlaces(t *testing.T) {
	content, err := os.ReadFile("../../shared/seed/report.txt")
	if err != nil {
		t.Skip("the report does not lie beside the project")
	}
	lines := strings.Split(string(content), "\n")
	checked := map[finding.Place]bool{}
	for _, f := range shippedReport(t).Findings {
		for _, o := range f.Operands {
			if o.Value == "" || o.Place == o.Data || checked[o.Place] {
				continue
			}
			checked[o.Place] = true
			digits := strings.TrimLeft(o.Text, "增加减少长下降上升提高低-")
			digits = strings.TrimRight(digits, "%")
			if o.Place.Line > len(lines) {
				t.Errorf("%s: line %d is beyond the report", o.Field, o.Place.Line)
				continue
			}
			line := []rune(strings.TrimRight(lines[o.Place.Line-1], "\r"))
			if o.Place.Column < 1 || o.Place.Column > len(line) || !strings.HasPrefix(string(line[o.Place.Column-1:]), digits) {
				t.Errorf("%s: %s does not stand at %d:%d of the report", o.Field, o.Text, o.Place.Line, o.Place.Column)
			}
		}
	}
	if len(checked) < 100 {
		t.Errorf("only %d places were looked at", len(checked))
	}
}
