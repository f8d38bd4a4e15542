// Package run takes plans over datasets and gathers what they find.
//
// Datasets are loaded and judged by several workers; what comes out does not depend on their number, since every
// dataset's outcome is taken in its turn. A rule that panics is a fault of the program: the run stops
// with an error that names the rule and the dataset, and never counts it as passed.
package run

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/entities"
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
	// Partial: some of the data were left out, so that nothing is said of all datasets below another one and of all like units.
	Partial bool
	// Suspects looks for figures that explain several fails at once.
	Suspects bool
	// Formulas is the language in which findings tell the check with its figures; "" leaves that out.
	Formulas diag.Lang
	// Jobs is the number of workers; 0 means one a processor.
	Jobs int
	// Version is the version of the tool, for the report.
	Version string
	// Entities says what stands above entities, before what their datasets say; nil says nothing.
	Entities *entities.List
}

// Runs reports whether the rule of that id is to run.
func (o *Options) Runs(id string) bool {
	return (len(o.Only) == 0 || slices.Contains(o.Only, id)) && !slices.Contains(o.Skip, id)
}

// judgesAcross reports whether a rule across datasets is judged with the data that there are.
func (o *Options) judgesAcross(r *plan.Rule) bool {
	return !o.Partial || r.Peers == nil && !slices.Contains(r.Partners, dataset.Children)
}

// Item is one dataset with the plan that judges it. A nil Item is left out.
type Item struct {
	Plan    *plan.Plan
	Dataset *dataset.Dataset
	// Path names the dataset; Within is the file that holds it among others, "" where Path is the file.
	Path, Within string
	// SHA256 is the hash of the file in hex, "" where that is not read as a whole.
	SHA256 string
	// Document: the dataset was read from the published document at Path and has no file of its own.
	Document bool
	// Pack names the pack that judges it, where readers have to be told.
	Pack string
	// Claims: it holds what a document claims by its own wording. What decides nothing of these is neither told nor counted.
	Claims bool
	// Unsuspected: no figures are sought that explain several fails, whatever the options say.
	Unsuspected bool
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

// Batch is a part of the data that one worker judges at a time, such as a file.
type Batch interface {
	// Judge loads the datasets of the batch and has them judged, one after another. A dataset is not used any more once it
	// was judged. What goes wrong with the work itself, as the judge and part tell it too, ends the run.
	//
	// A batch of which much comes calls part from time to time, which gives it to emit as it is, when it is its turn, and
	// waits until emit has taken what has come of it.
	Judge(j Judge, part func() error) error
	// Counted takes what is counted over the batch, since its last part, once it is judged, and gives what is to be counted of it.
	Counted(*Counts) (*Counts, error)
}

// Judge judges datasets. One goroutine uses it.
type Judge interface {
	// Dataset judges one.
	Dataset(*Item) (*finding.Outcome, error)
	// Stack asks the rules of a plan of datasets that lie upon another. What comes of it holds until the next ones are asked.
	Stack(*plan.Plan, *dataset.Stack) (*Stacked, error)
}

// Stream has batches judged by several workers, and gives them back one by one in their order, or part by part, with what was
// counted in them. Only a few are in work at a time, however many there are. The first error of the batches, of a Batch or of emit
// ends it, as does ctx. What is counted is emit's until it returns.
func Stream[B Batch](ctx context.Context, batches iter.Seq2[B, error], o Options, emit func(B, *Counts) error) error {
	jobs := o.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	type came struct {
		counts *Counts
		part   bool
	}
	type task struct {
		batch B
		// come are the parts and the end of the batch; a part was taken before the next one.
		come  chan came
		taken chan struct{}
	}
	// A slow batch keeps the workers from the rest only when all of the window is done.
	work, order := make(chan task), make(chan task, batchesAhead*jobs)
	free := make(chan *Counts, cap(order)+jobs)
	var wait sync.WaitGroup
	defer wait.Wait()
	wait.Go(func() {
		defer close(order)
		defer close(work)
		defer func() {
			if p := recover(); p != nil {
				cancel(&Fault{Panic: p, Stack: debug.Stack()})
			}
		}()
		for b, err := range batches {
			if err != nil {
				cancel(err)
				return
			}
			t := task{b, make(chan came, 1), make(chan struct{})}
			for _, into := range []chan task{order, work} {
				select {
				case into <- t:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	for range jobs {
		wait.Go(func() {
			c := checker{options: o}
			for t := range work {
				select {
				case c.counts = <-free:
					c.counts.reset()
				default:
					c.counts = &Counts{}
				}
				err := t.batch.Judge(&c, func() error {
					c.stacked.count()
					t.come <- came{c.counts, true}
					select {
					case <-t.taken:
						c.counts.reset()
						return nil
					case <-ctx.Done():
						return context.Cause(ctx)
					}
				})
				c.stacked.count()
				counts := c.counts
				if err == nil {
					counts, err = t.batch.Counted(counts)
				}
				if err != nil {
					cancel(err)
					return
				}
				t.come <- came{counts, false}
			}
		})
	}
	for t := range order {
		for part := true; part; {
			select {
			case now := <-t.come:
				if err := emit(t.batch, now.counts); err != nil {
					cancel(err)
					return err
				}
				if part = now.part; part {
					t.taken <- struct{}{}
					continue
				}
				select {
				case free <- now.counts:
				default:
				}
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	}
	return context.Cause(ctx)
}

// batchesAhead is how many batches for each worker may be done before the first one of them is.
const batchesAhead = 4

// Run loads n datasets, judges them and gathers what is found. load is called by several goroutines, once for each index;
// it may return nil for a dataset that could not be read, which it reports elsewhere. Run stops when ctx is done.
func Run(ctx context.Context, n int, load func(i int) (*Item, error), o Options) (*finding.Report, error) {
	var all finding.Gathering
	var counts Counts
	err := Stream(ctx, func(yield func(*single, error) bool) {
		for i := range n {
			if !yield(&single{load: load, index: i}, nil) {
				return
			}
		}
	}, o, func(s *single, one *Counts) error {
		counts.Add(one)
		if s.outcome != nil {
			all.Add(s.outcome)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	counted := &finding.Report{Version: o.Version}
	counts.Tell(counted, o)
	return all.Report(counted), nil
}

// single is a batch of one dataset.
type single struct {
	load    func(i int) (*Item, error)
	index   int
	outcome *finding.Outcome
}

func (s *single) Judge(j Judge, _ func() error) error {
	item, err := s.load(s.index)
	if item != nil && err == nil {
		s.outcome, err = j.Dataset(item)
	}
	return err
}

func (s *single) Counted(c *Counts) (*Counts, error) { return c, nil }

// guard turns a panic into a fault.
func (c *checker) guard(path string, err *error) {
	if p := recover(); p != nil {
		f := &Fault{Path: path, Panic: p, Stack: debug.Stack()}
		if c.rule != nil {
			f.Rule = c.rule.ID
		}
		*err = f
	}
}

// Dataset judges one dataset.
func (c *checker) Dataset(item *Item) (out *finding.Outcome, err error) {
	defer c.guard(item.Path, &err)
	c.claims, c.unsuspected = item.Claims, item.Claims || item.Unsuspected
	r := c.check(item.Plan, item.Dataset, c.input(item))
	if item.Claims {
		r.Findings = slices.DeleteFunc(r.Findings, func(f finding.Finding) bool {
			return f.Verdict == finding.NotEvaluated || f.Verdict == finding.NotApplicable
		})
	}
	r.Outcome.Sort()
	return &r.Outcome, nil
}

// Stack asks all rules of datasets that lie upon another.
func (c *checker) Stack(p *plan.Plan, s *dataset.Stack) (out *Stacked, err error) {
	defer c.guard(s.Lowest.File.Path, &err)
	return c.stack(p, s), nil
}

// input is what an outcome tells of its dataset.
func (c *checker) input(item *Item) finding.Input {
	d := item.Dataset
	// A text of the dataset may be a part of that of its file, all of which the report would keep in memory. Inputs share
	// what is alike.
	if c.decimals == nil || !maps.Equal(c.decimals, d.Decimals) {
		c.decimals = make(map[string]int, len(d.Decimals))
		for unit, n := range d.Decimals {
			c.decimals[strings.Clone(unit)] = n
		}
	}
	in := finding.Input{
		Path: item.Path, Within: item.Within, SHA256: item.SHA256, Entity: strings.Clone(d.Entity), Period: strings.Clone(d.Period), Kind: strings.Clone(d.Kind),
		Figures: d.Figures, Decimals: c.decimals, Document: item.Document, Pack: item.Pack, Unbound: len(d.Unbound),
	}
	in.Parent, in.Region = c.options.Entities.Above(in.Entity, strings.Clone(d.Parent))
	return in
}
