package engine_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
)

// readReport reads a published report into a dataset, and checks that.
func readReport(t *testing.T, path string, h dataset.Header) (yaml string, report *finding.Report) {
	t.Helper()
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here: published reports lie beside the project", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, list := reader.Document(context.Background(), source.New(path, content), document.Usual)
	for _, d := range list {
		t.Error(d)
	}
	plan, list, err := engine.Load("juesuan")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		t.Error(d)
	}
	words := extract.ShippedWords()
	data := extract.Data(extract.Read(doc, words), plan.Pack, h, words)
	file := filepath.Join(t.TempDir(), "read.yaml")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	result, err := engine.Check(context.Background(), []string{file}, engine.Options{Options: run.Options{All: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range result.Diagnostics {
		t.Error(d)
	}
	if result.Report == nil || len(result.Report.Inputs) == 0 {
		t.Fatalf("what was read is no dataset:\n%s", data)
	}
	return string(data), result.Report
}

// TestDocument holds what the published report of 2023 says, read as text, against the dataset that people made of it:
// every relation of the truth about it must be judged alike, and nothing else may be an error.
func TestDocument(t *testing.T) {
	h := dataset.Header{Entity: "内蒙古自治区鄂尔多斯市科技事业服务中心", Period: "2023", Pack: "juesuan"}
	yaml, read := readReport(t, "../../shared/seed/report.txt", h)
	if out := os.Getenv("GOUJI_READ"); out != "" {
		os.WriteFile(out, []byte(yaml), 0o644)
	}
	type key struct{ rule, instance string }
	verdicts := map[key]finding.Finding{}
	for _, f := range read.Findings {
		verdicts[key{f.Rule, f.Instance}] = f
	}
	judged := map[key]bool{}
	same, total := 0, 0
	for _, r := range readCSV(t, "testdata/truth_2023.csv") {
		if r["rule"] == "" {
			continue
		}
		rows, all := strings.CutSuffix(r["instance"], "*]")
		found := false
		for k, f := range verdicts {
			if k.rule != r["rule"] || k.instance != r["instance"] && !(all && strings.HasPrefix(k.instance, rows)) {
				continue
			}
			found, judged[k] = true, true
			total++
			if f.Verdict.String() != r["expected"] || r["severity"] != "" && f.Severity.String() != r["severity"] {
				t.Errorf("relation %s: %s %q is %s, %s (%s | %s; missing %v), want %s %s", r["n"], f.Rule, f.Instance, f.Verdict, f.Severity, f.Left, f.Right, f.Missing, r["expected"], r["severity"])
			} else {
				same++
			}
		}
		if !found {
			total++
			t.Errorf("relation %s: no instance %q of rule %s", r["n"], r["instance"], r["rule"])
		}
	}
	t.Logf("%d of %d alike", same, total)
	for k, f := range verdicts {
		if f.Verdict == finding.Fail && f.Severity == finding.Error && !judged[k] {
			t.Errorf("%s %q fails (%s), which no relation wants: %s", f.Rule, f.Instance, f.Severity, f.Message)
		}
	}
}
