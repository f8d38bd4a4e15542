package engine_test

import (
	"context"
	"io"
	"testing"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
)

// BenchmarkCheck is `gouji check` on the shipped datasets but for the start of the process: the pack is read and compiled
// anew each time, nothing is kept.
func BenchmarkCheck(b *testing.B) {
	format, _ := report.Lookup("table")
	b.ReportAllocs()
	for b.Loop() {
		result, err := engine.Check(context.Background(), []string{"../datasets"}, engine.Options{Options: run.Options{Suspects: true}})
		if err != nil || result.Report == nil {
			b.Fatal("not checked: ", err)
		}
		if err := format.Write(io.Discard, result.Report, report.Options{Lang: "zh", Width: 100}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoad reads and compiles the pack alone.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if p, list, err := engine.Load("juesuan"); p == nil {
			b.Fatal(list, err)
		}
	}
}
