package report

import (
	"io"

	"github.com/gouji/gouji/engine/finding"
)

// Stream writes a report of inputs that come one by one. What it has written is a report only after End. One goroutine
// uses it at a time.
type Stream interface {
	// Add takes the outcome of the next input. It keeps neither the outcome nor its findings.
	Add(*finding.Outcome) error
	// Across takes what rules across datasets find of an input that was added, when all were.
	Across(*finding.Outcome) error
	// End takes what is counted over all inputs; the report has no inputs and findings. It is the last call.
	End(*finding.Report) error
	// Close frees what the stream has taken. It may be called at any time, and ends it.
	Close() error
}

// Begin begins a report. Streams of formats that need all findings at once keep them.
func (f Format) Begin(w io.Writer, o Options) Stream {
	if f.stream != nil {
		return f.stream(w, o)
	}
	return &whole{format: f, w: w, options: o}
}

// whole gathers a report and writes it at the end.
type whole struct {
	format  Format
	w       io.Writer
	options Options
	all     finding.Gathering
}

func (s *whole) Add(o *finding.Outcome) error {
	s.all.Add(o)
	return nil
}

func (s *whole) Across(o *finding.Outcome) error {
	s.all.Across(o)
	return nil
}

func (s *whole) End(counted *finding.Report) error {
	return s.format.Write(s.w, s.all.Report(counted), s.options)
}

func (s *whole) Close() error { return nil }
