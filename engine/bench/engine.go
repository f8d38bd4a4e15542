package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/sample"
	"github.com/gouji/gouji/engine/source"
)

// byEngine judges the datasets as they are published: with places, mixed decimals, and figures that are printed twice, which
// a rule of its own compares.
func byEngine(units []*sample.Unit) (func(func(unit, rule int)) error, error) {
	pack, list, err := rule.Load(sample.Pack(), sample.PackName, sample.PackName, nil)
	if err != nil {
		return nil, err
	}
	p, wrong := plan.Compile(pack)
	if list = append(list, wrong...); len(list) > 0 {
		return nil, fmt.Errorf("%v", list)
	}
	b := &batch{plan: p, datasets: make([]*dataset.Dataset, len(units))}
	format, _ := reader.Lookup("x.json")
	for i, u := range units {
		doc, list := format.Read(source.New("x.json", u.AppendJSON(nil)))
		if len(list) > 0 {
			return nil, fmt.Errorf("%v", list)
		}
		h, list := dataset.ReadHeader(doc, false)
		d, wrong := dataset.Build(doc, h, p.Pack.Schema)
		if list = append(list, wrong...); len(list) > 0 {
			return nil, fmt.Errorf("%v", list)
		}
		b.datasets[i] = d
	}
	return func(fail func(unit, rule int)) error {
		b.fail = fail
		return run.Stream(context.Background(), func(yield func(*batch, error) bool) { yield(b, nil) }, run.Options{Jobs: 1},
			func(*batch, *run.Counts) error { return nil })
	}, nil
}

// batch are all datasets, which one worker judges.
type batch struct {
	plan     *plan.Plan
	datasets []*dataset.Dataset
	fail     func(unit, rule int)
}

func (b *batch) Judge(j run.Judge, _ func() error) error {
	for i, d := range b.datasets {
		out, err := j.Dataset(&run.Item{Plan: b.plan, Dataset: d})
		if err != nil {
			return err
		}
		for _, f := range out.Findings {
			n, err := strconv.Atoi(strings.TrimPrefix(f.Rule, "r"))
			if err != nil {
				return fmt.Errorf("unexpected finding: %+v", f)
			}
			b.fail(i, n)
		}
	}
	return nil
}

func (*batch) Counted(c *run.Counts) (*run.Counts, error) { return c, nil }
