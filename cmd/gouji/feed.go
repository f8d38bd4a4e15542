package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/store"
)

// This file hands what a check finds to the reports that were asked for, as it comes. Each report is written by a goroutine
// of its own; what goes wrong with one does not keep the others from being written.

// feed is one report in the making.
type feed struct {
	output
	in chan *finding.Outcome
	// end is closed when nothing more comes; counted, set before, is nil where the report is not to be finished.
	end     chan struct{}
	counted *finding.Report
	// bad is the count of the sink, set with counted; stored is what has become of the run in a store.
	bad    int
	stored store.Stored
	// refused is why the report must not be written; guard tells it of an input that has no outcome.
	refused error
	guard   func(finding.Input) error
	done    chan struct{}
	err     error
}

// next is the next outcome; nil when there is none left.
func (f *feed) next() *finding.Outcome {
	select {
	case o := <-f.in:
		return o
	case <-f.end:
	}
	select {
	case o := <-f.in:
		return o
	default:
		return nil
	}
}

// waiting is how many outcomes may wait for a report.
const waiting = 64

// errUnfinished ends a report whose check did not come to its end. It is told elsewhere why.
var errUnfinished = errors.New("unfinished")

func newFeed(out output, guard func(finding.Input) error) *feed {
	return &feed{output: out, in: make(chan *finding.Outcome, waiting), end: make(chan struct{}), guard: guard, done: make(chan struct{})}
}

// give gives an outcome to a report or a store.
func give(to interface {
	Add(*finding.Outcome) error
	Across(*finding.Outcome) error
}, o *finding.Outcome) error {
	if o.Across {
		return to.Across(o)
	}
	return to.Add(o)
}

// feed begins a report.
func (a *app) feed(ctx context.Context, out output, options report.Options) *feed {
	f := newFeed(out, a.guard(out.path))
	// That of the feed is asked by another goroutine.
	guard := a.guard(out.path)
	render := func(w io.Writer) error {
		s := out.format.Begin(w, options)
		defer s.Close()
		for o := f.next(); o != nil; o = f.next() {
			if err := guard(o.Input); err != nil {
				return err
			}
			if !options.All && !out.format.Holds {
				// What holds is there for the sake of another format.
				told := *o
				told.Findings = slices.DeleteFunc(slices.Clone(o.Findings), func(f finding.Finding) bool { return !f.Told() })
				o = &told
			}
			if err := give(s, o); err != nil {
				return err
			}
			if b, ok := w.(interface{ Flush() error }); ok && len(f.in) == 0 {
				// Whoever reads along sees what is found now.
				if err := b.Flush(); err != nil {
					return err
				}
			}
		}
		if f.counted == nil {
			return errUnfinished
		}
		if f.refused != nil {
			return f.refused
		}
		return s.End(f.counted)
	}
	go func() {
		defer close(f.done)
		if out.path == "" {
			f.err = a.printed(ctx, render)
		} else {
			f.err = a.save(ctx, out.path, nil, render)
		}
	}()
	return f
}

// guard keeps a file that is there from being replaced by a report when it turns out to be an input of it.
func (a *app) guard(path string) func(finding.Input) error {
	old, err := os.Stat(path)
	if path == "" || err != nil || !old.Mode().IsRegular() {
		return func(finding.Input) error { return nil }
	}
	last := ""
	return func(in finding.Input) error {
		file := in.Within
		if file == "" {
			file = in.Path
		}
		if file == last {
			return nil
		}
		last = file
		if info, err := os.Stat(filepath.FromSlash(file)); err == nil && os.SameFile(info, old) {
			return a.problem(textIsInput, path)
		}
		return nil
	}
}

// feeds is a sink for all reports of a check. It counts what the exit status and the summary need.
type feeds struct {
	app   *app
	feeds []*feed
	// inputs counts the outcomes, bad the datasets and files without one.
	inputs, bad int
	worst       finding.Severity
}

func (s *feeds) Found(o *finding.Outcome) error {
	s.inputs++
	return s.hand(o)
}

func (s *feeds) Across(o *finding.Outcome) error { return s.hand(o) }

// hand gives an outcome to all reports.
func (s *feeds) hand(o *finding.Outcome) error {
	for i := range o.Findings {
		if f := &o.Findings[i]; f.Open() {
			s.worst = max(s.worst, f.Severity)
		}
	}
	alive := false
	for _, f := range s.feeds {
		select {
		case f.in <- o:
			alive = true
		case <-f.done:
		}
	}
	if !alive {
		return errUnfinished
	}
	return nil
}

func (s *feeds) Wrong(list diag.List) error {
	files := map[*source.File]bool{}
	for _, d := range list {
		if d.Severity == diag.Error && d.Span.File != nil && !files[d.Span.File] {
			files[d.Span.File] = true
			s.bad++
			for _, f := range s.feeds {
				f.refused = errors.Join(f.refused, f.guard(finding.Input{Path: d.Span.File.Path}))
			}
		}
	}
	return s.app.diagnostics(s.app.stderr, list)
}

func (s *feeds) Unreadable(err error) error {
	s.bad++
	s.app.unreadable(err)
	return nil
}

// end ends the reports, with what is counted over all inputs, and tells what went wrong with them; counted is nil where the
// check came to no end, and then only what has been written to stdout stays. It reports whether all are written.
func (s *feeds) end(ctx context.Context, counted *finding.Report) bool {
	for _, f := range s.feeds {
		f.counted, f.bad = counted, s.bad
		close(f.end)
	}
	// An interruption is told once.
	told := counted == nil
	whole := true
	for _, f := range s.feeds {
		<-f.done
		whole = whole && f.err == nil
		if f.stored.Again && f.err == nil {
			s.app.tell(s.app.sayf(textAgain, f.shown(), f.stored.Run, f.stored.First), "")
		}
		interrupted := errors.Is(f.err, errInterrupted)
		if f.err == nil || errors.Is(f.err, errUnfinished) || interrupted && told {
			continue
		}
		told = told || interrupted
		s.app.complain(ctx, f.err)
	}
	return whole
}
