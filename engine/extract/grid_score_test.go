package extract_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestScoreTables scores what stands in tables and charts; TestScoreReport and TestScoreSamples score the rest.
func TestScoreTables(t *testing.T) {
	for _, s := range []struct {
		path  string
		least float64
	}{
		{"seed/report", 95},
		{"samples/30-zj-qujiang-sangong-2016", 95},
		{"samples/40-sc-daying-sifaju-jixiao-2023", 95},
	} {
		t.Run(filepath.Base(s.path), func(t *testing.T) {
			labelled := s.path + ".figures.csv"
			if s.path == "seed/report" {
				labelled = "seed/figures.csv"
			}
			rows := labels(t, filepath.Join(shared, labelled))
			lines := lines(t, filepath.Join(shared, s.path+".txt"))
			sum := score(t, rows, read(t, filepath.Join(shared, s.path+".txt")).Facts, func(r row) bool { return !prose(lines[r.line-1]) || strings.HasPrefix(lines[r.line-1], "\t") })
			t.Logf("%d of %d right: %.1f %%, %d false, %d stray", sum.right, sum.rows, sum.percent(), sum.falseFacts, sum.stray)
			if sum.percent() < s.least || sum.falseFacts > 0 {
				t.Errorf("of the tables %.1f %% are right and %d facts false", sum.percent(), sum.falseFacts)
			}
		})
	}
}
