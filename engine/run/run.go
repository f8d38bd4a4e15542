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
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
)

// Options says what to run. The zero value runs every rule on all processors.
type Options struct {
	// Only and Skip are ids of rules; an empty Only means all.
	Only, Skip []string
	// All makes a finding of every instance, passed ones too.
	All bool
	// Strict gives what could not be evaluated its rule's severity instead of info.
	Strict bool
	// Suspects looks for figures that explain several fails at once.
	Suspects bool
	// Formulas is the language in which findings tell the check with its figures; "" leaves that out.
	Formulas diag.Lang
	// Jobs is the number of workers; 0 means one a processor.
	Jobs int
	// Version is the version of the tool, for the report.
	Version string
}

// Runs reports whether the rule of that id is to run.
func (o *Options) Runs(id string) bool {
	return (len(o.Only) == 0 || slices.Contains(o.Only, id)) && !slices.Contains(o.Skip, id)
}

// Item is one dataset with the plan that judges it. A nil Item is left out.
type Item struct {
	Plan    *plan.Plan
	Dataset *dataset.Dataset
	// Path names the dataset; SHA256 is the hash of its file in hex.
	Path, SHA256 string
	// Document: the dataset was read from the published document at Path and has no file of its own.
	Document bool
	// Pack names the pack that judges it, where readers have to be told.
	Pack string
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
	checkers := make([]checker, min(jobs, n))
	for w := range checkers {
		wait.Go(func() {
			c := &checkers[w]
			c.options = o
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
	return gather(results, checkers, o), nil
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
	// A text of the dataset may be a part of that of its file, all of which the report would keep in memory.
	decimals := make(map[string]int, len(d.Decimals))
	for unit, n := range d.Decimals {
		decimals[strings.Clone(unit)] = n
	}
	return c.check(item.Plan, d, finding.Input{
		Path: item.Path, SHA256: item.SHA256, Entity: strings.Clone(d.Entity), Period: strings.Clone(d.Period), Figures: d.Figures, Decimals: decimals,
		Document: item.Document, Pack: item.Pack, Unbound: len(d.Unbound),
	}), nil
}

// gather adds up the outcomes in the order of the inputs.
func gather(results []*result, checkers []checker, o Options) *finding.Report {
	report := &finding.Report{Version: o.Version, Labels: map[string]string{}}
	index := map[string]int{}
	place := func(id string) *finding.Rule { return &report.Rules[index[id]] }
	plans := map[*plan.Plan]bool{}
	for _, r := range results {
		if r == nil {
			continue
		}
		report.Inputs = append(report.Inputs, r.input)
		report.Findings = append(report.Findings, r.findings...)
		report.Suspects = append(report.Suspects, r.suspects...)
		maps.Copy(report.Labels, r.labels)
		if !plans[r.plan] {
			plans[r.plan] = true
			for i := range 1 + len(r.plan.Rules) {
				if !o.has(r.plan, i) {
					continue
				}
				one := described(r.plan, i)
				if _, known := index[one.ID]; !known {
					index[one.ID] = len(report.Rules)
					report.Rules = append(report.Rules, one)
				}
				// Sums are the same in any order of the workers.
				for w := range checkers {
					if tallies := checkers[w].tallies[r.plan]; tallies != nil {
						place(one.ID).Tally.Merge(tallies[i])
						report.Summary.Merge(tallies[i])
					}
				}
			}
		}
	}
	for _, r := range results {
		if r == nil {
			continue
		}
		for _, u := range r.unbound {
			if one := place(described(r.plan, u.rule).ID); !one.Tally.Bound() && one.Unbound.Reason == "" {
				one.Unbound = u.why
			}
		}
	}
	finding.Sort(report.Findings, report.Inputs)
	return report
}

// described is what a report says of the rule of an index among the tallies, before anything is counted.
func described(p *plan.Plan, i int) finding.Rule {
	if i == 0 {
		return finding.Rule{ID: rule.RestatedID, Title: restatedTitle, Severity: p.Pack.Restated}
	}
	r := p.Rules[i-1]
	return finding.Rule{ID: r.ID, Title: r.Title, Severity: r.Severity}
}
