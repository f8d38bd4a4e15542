package engine_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/finding"
)

// TestQuiet: reports in the wordings and tables of several regions, in which everything ties, give no error. Each with one
// figure changed gives one, so that it is not for want of checking.
func TestQuiet(t *testing.T) {
	changed := map[string]struct{ old, new string }{
		"anhui.txt":       {"占80.8%", "占88.8%"},
		"assets.txt":      {"货物支出800.00", "货物支出820.00"},
		"budgets.txt":     {"支出决算为75万元", "支出决算为57万元"},
		"changes.txt":     {"减少2.20", "减少2.30"},
		"comparisons.txt": {"增长5%", "增长15%"},
		"hebei.txt":       {"降低5.26%", "降低5.62%"},
		"henan.txt":       {"完成年初预算的85%", "完成年初预算的58%"},
		"hubei.txt":       {"下降10.0%", "下降11.0%"},
		"information.txt": {"（一）车辆数合计（辆）\t10\t3", "（一）车辆数合计（辆）\t10\t4"},
		"lists.txt":       {"公用经费100.00", "公用经费110.00"},
		"shares.txt":      {"占33.33%", "占33.88%"},
		"tables.txt":      {"一、一般公共预算财政拨款收入\t1\t", "一、一般公共预算财政拨款收入\t1\t1"},
		"zhejiang.txt":    {"占收入合计95.83%", "占收入合计93.15%"},
	}
	errors := func(path string) []string {
		result, err := engine.Check(context.Background(), []string{path}, engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range result.Diagnostics {
			t.Error(d)
		}
		var all []string
		for _, f := range result.Report.Findings {
			if f.Verdict == finding.Fail && f.Severity == finding.Error {
				all = append(all, f.Rule+": "+f.Message)
			}
		}
		return all
	}
	paths, _ := filepath.Glob("testdata/quiet/*.txt")
	var names []string
	for _, path := range paths {
		name := filepath.Base(path)
		names = append(names, name)
		t.Run(name, func(t *testing.T) {
			for _, e := range errors(path) {
				t.Errorf("everything ties, and yet: %s", e)
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c := changed[name]
			wrong := strings.Replace(string(content), c.old, c.new, 1)
			if c.old == "" || wrong == string(content) {
				t.Fatalf("%q is not there to be changed", c.old)
			}
			at := filepath.Join(t.TempDir(), name)
			write(t, at, wrong)
			if len(errors(at)) == 0 {
				t.Errorf("%q instead of %q is not noticed", c.new, c.old)
			}
		})
	}
	if !slices.Equal(names, slices.Sorted(maps.Keys(changed))) {
		t.Errorf("the documents are %v", names)
	}
}
