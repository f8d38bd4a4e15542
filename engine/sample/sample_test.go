package sample_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/sample"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Datasets of a seed keep the rules, but one of a hundred, whatever they are written in.
func TestRulesHoldButInOneOfAHundred(t *testing.T) {
	pack, list, err := rule.Load(sample.Pack(), sample.PackName, sample.PackName, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, wrong := plan.Compile(pack)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	const n = 200
	csv := func(u *sample.Unit, b []byte) []byte { return u.AppendCSV(append(b, sample.CSVHead()...)) }
	for name, write := range map[string]func(*sample.Unit, []byte) []byte{
		"x.json": (*sample.Unit).AppendJSON, "x.yaml": (*sample.Unit).AppendYAML, "x.csv": csv,
	} {
		broken := 0
		report, err := run.Run(context.Background(), n, func(i int) (*run.Item, error) {
			u := sample.New(7, i)
			doc, list := read(t, name, write(u, nil), p.Pack.Schema)
			if len(list) > 0 {
				t.Error(list)
				return nil, nil
			}
			h, list := dataset.ReadHeader(doc, false)
			d, wrong := dataset.Build(doc, h, p.Pack.Schema)
			if list = append(list, wrong...); len(list) > 0 {
				t.Error(list)
				return nil, nil
			}
			if u.Broken {
				broken++
			}
			return &run.Item{Plan: p, Dataset: d, Path: u.Entity}, nil
		}, run.Options{Jobs: 1})
		if err != nil {
			t.Fatal(err)
		}
		s := report.Summary
		if s.Fail != 2*broken || s.Rounding+s.NotEvaluated > 0 || broken < 1 || broken > 8 {
			t.Errorf("%s: %+v with %d broken", name, s, broken)
			for _, f := range report.Findings[:min(5, len(report.Findings))] {
				t.Log(f.Rule, f.Verdict, f.Input, f.Left, f.Right, f.Missing)
			}
		}
		if restated := report.Rules[0].Tally; restated.Pass < n*sample.Figures/15 {
			t.Errorf("%s: %+v restated", name, restated)
		}
	}
}

// read reads the one dataset of a file.
func read(t *testing.T, name string, content []byte, s *dataset.Schema) (*yamldoc.Node, diag.List) {
	format, _ := reader.Lookup(name)
	if format.Read != nil {
		return format.Read(source.New(name, content))
	}
	for piece, err := range format.Pieces(reader.Stream{Path: name, Reader: bytes.NewReader(content)}) {
		if err != nil {
			t.Fatal(err)
		}
		for r := range piece.Records() {
			if r.Row == nil {
				return nil, r.List
			}
			return r.Row.Doc(s)
		}
	}
	t.Fatalf("%s holds nothing", name)
	return nil, nil
}
