package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/sample"
)

// counting is a sink that keeps nothing.
type counting struct{ inputs, findings, troubles int }

func (c *counting) Found(o *finding.Outcome) error {
	c.inputs++
	c.findings += len(o.Findings)
	return nil
}
func (c *counting) Wrong(l diag.List) error {
	c.troubles += len(l)
	return nil
}
func (c *counting) Unreadable(error) error {
	c.troubles++
	return nil
}
func (c *counting) Across(*finding.Outcome) error { return nil }

// bureau is a folder with the pack of package sample and the datasets of n units in files of the given format.
func bureau(b *testing.B, format string, n int) fstest.MapFS {
	files := packed(b)
	var all bytes.Buffer
	for i := range n {
		switch u := sample.New(1, i); format {
		case "jsonl":
			all.Write(append(u.AppendJSON(nil), '\n'))
		case "csv":
			if i == 0 {
				all.WriteString(sample.CSVHead())
			}
			all.Write(u.AppendCSV(nil))
		case "yaml":
			files[fmt.Sprintf("data/%d.yaml", i)] = &fstest.MapFile{Data: u.AppendYAML(nil)}
		}
	}
	if name, decimals := strings.CutSuffix(format, "-decimal.parquet"); name != format || format == "parquet" {
		if err := sample.WriteParquet(&all, 1, n, decimals); err != nil {
			b.Fatal(err)
		}
	}
	if all.Len() > 0 {
		files["data/all."+format] = &fstest.MapFile{Data: all.Bytes()}
	}
	return files
}

// BenchmarkStream judges the datasets of package sample, by one worker. The figures are those of one dataset.
func BenchmarkStream(b *testing.B) {
	for _, format := range []string{"jsonl", "csv", "yaml", "parquet", "all-decimal.parquet"} {
		b.Run(format, func(b *testing.B) {
			const n = 2000
			files := bureau(b, format, n)
			b.ReportAllocs()
			for i := 0; i < b.N; i += n {
				var sink counting
				if _, err := engine.Stream(context.Background(), []string{"data"}, engine.Options{
					Files: files, Rules: "packs/sample", Options: run.Options{Jobs: 1},
				}, &sink); err != nil || sink.inputs != n || sink.troubles > 0 {
					b.Fatal(sink, err)
				}
			}
		})
	}
}
