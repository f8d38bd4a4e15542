// Package run takes plans over datasets and gathers what they find.
//
// Datasets are loaded and judged by several workers; the report does not depend on their number, since every dataset's
// outcome is put at its place before anything is added up. A rule that panics is a fault of the program: the run stops
// with an error that names the rule and the dataset, and never counts it as passed.
package run

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
)

// Options says what to run. The zero value runs every rule on all processors.
type Options struct {
	// Only and Skip are ids of rules; an empty Only means all.
	Only, Skip []string
	// All makes a finding of every instance, passed ones too.
	All bool
	// Strict gives what could not be evaluated its rule's severity instead of info.
	Strict bool
	// Jobs is the number of workers; 0 means one a processor.
	Jobs int
	// Version is the version of the tool, for the report.
	Version string
}

func (o *Options) runs(id string) bool {
	return (len(o.Only) == 0 || slices.Contains(o.Only, id)) && !slices.Contains(o.Skip, id)
}

// Item is one dataset with the plan that judges it. A nil Item is left out.
type Item struct {
	Plan    *plan.Plan
	Dataset *dataset.Dataset
	// Path names the dataset; SHA256 is the hash of its file in hex.
	Path, SHA256 string
}

// Fault is a rule that failed to run: an error of the program.
type Fault struct {
	Rule, Path string
	Panic      any
	Stack      []byte
}

func (f *Fault) Error() string {
	return fmt.Sprintf("internal fault: rule %s on %s: %v", f.Rule, f.Path, f.Panic)
}

// Run loads n datasets and judges them. load is called by several goroutines, once for each index; it may return nil
// for a dataset that could not be read, which it reports elsewhere. Run stops when ctx is done.
func Run(ctx context.Context, n int, load func(i int) (*Item, error), o Options) (*finding.Report, error) {
	results := make([]*result, n)
	jobs := o.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(jobs, n) {
		wait.Go(func() {
			c := checker{options: o}
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				item, err := load(i)
				if err == nil && item != nil {
					results[i], err = c.guarded(item)
				}
				if err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wait.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return gather(results, o), nil
}

// guarded judges one dataset and turns a panic into a fault.
func (c *checker) guarded(item *Item) (r *result, err error) {
	defer func() {
		if p := recover(); p != nil {
			f := &Fault{Path: item.Path, Panic: p, Stack: debug.Stack()}
			if c.rule != nil {
				f.Rule = c.rule.ID
			}
			err = f
		}
	}()
	d := item.Dataset
	return c.check(item.Plan, d, finding.Input{
		Path: item.Path, SHA256: item.SHA256, Entity: d.Entity, Period: d.Period, Figures: d.Figures, Decimals: d.Decimals,
	}), nil
}

// gather adds up the outcomes in the order of the inputs.
func gather(results []*result, o Options) *finding.Report {
	report := &finding.Report{Version: o.Version, Labels: map[string]string{}}
	index := map[string]int{}
	for _, r := range results {
		if r == nil {
			continue
		}
		report.Inputs = append(report.Inputs, r.input)
		report.Findings = append(report.Findings, r.findings...)
		maps.Copy(report.Labels, r.labels)
		for _, one := range r.rules {
			i, ok := index[one.ID]
			if !ok {
				i = len(report.Rules)
				index[one.ID] = i
				report.Rules = append(report.Rules, one)
			} else {
				sum := &report.Rules[i]
				sum.Tally.Merge(one.Tally)
				if sum.Tally.Bound() {
					sum.Unbound = finding.Unbound{}
				} else if sum.Unbound.Reason == "" {
					sum.Unbound = one.Unbound
				}
			}
			report.Summary.Merge(one.Tally)
		}
	}
	finding.Sort(report.Findings, report.Inputs)
	return report
}
