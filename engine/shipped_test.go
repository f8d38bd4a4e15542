package engine_test

import (
	"context"
	"testing"

	"github.com/gouji/gouji/engine"
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
