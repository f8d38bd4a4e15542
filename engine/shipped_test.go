package engine_test

import (
	"context"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
)

// TestShippedPacks runs the tests of every shipped pack, as `gouji test` does.
func TestShippedPacks(t *testing.T) {
	for _, name := range engine.Shipped().Names() {
		t.Run(name, func(t *testing.T) {
			result, list, err := engine.Test(context.Background(), name)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range list {
				t.Error(d)
			}
			if result == nil {
				return
			}
			for _, f := range result.Failures {
				t.Errorf("%v: %s: rule %s, instance %q: %s is %q, want %q", f.Span, f.Case, f.Rule, f.Instance, f.Key, f.Got, f.Want)
			}
			if len(result.NeverFails) > 0 {
				t.Errorf("no case fails these rules: %v", result.NeverFails)
			}
			if len(result.NeverPasses) > 0 {
				t.Errorf("no case passes these rules: %v", result.NeverPasses)
			}
		})
	}
}

// A report of a unit is read on two screens of 40 lines, in either language and in terminals of all widths.
func TestTwoScreens(t *testing.T) {
	// As a user stands, since the paths are lines of the report too.
	t.Chdir("..")
	result, err := engine.Check(t.Context(), []string{"datasets"}, engine.Options{Options: run.Options{Suspects: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh", "en"} {
		for _, width := range []int{80, 100, 160} {
			var out strings.Builder
			if err := report.Formats[0].Write(&out, result.Report, report.Options{Lang: lang, Width: width}); err != nil {
				t.Fatal(err)
			}
			if lines := strings.Count(out.String(), "\n"); lines > 80*len(result.Report.Inputs) {
				t.Errorf("%s, %d columns: %d lines", lang, width, lines)
			}
		}
	}
}
