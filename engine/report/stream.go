package report

import (
	"io"
	"maps"

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
	return &whole{format: f, w: w, options: o, report: newReport()}
}

// whole gathers a report and writes it at the end.
type whole struct {
	format  Format
	w       io.Writer
	options Options
	report  *finding.Report
	// across: findings came that stand behind those of other inputs.
	across bool
}

func newReport() *finding.Report { return &finding.Report{Labels: map[string]string{}} }

func (s *whole) Add(o *finding.Outcome) error {
	s.report.Add(o)
	return nil
}

func (s *whole) Across(o *finding.Outcome) error {
	s.across = s.across || len(o.Findings) > 0
	s.report.Findings = append(s.report.Findings, o.Findings...)
	maps.Copy(s.report.Labels, o.Labels)
	return nil
}

// gathered is the report, as far as it was counted.
func (s *whole) gathered(counted *finding.Report) *finding.Report {
	s.report.Version, s.report.Rules, s.report.Summary = counted.Version, counted.Rules, counted.Summary
	if s.across {
		finding.Sort(s.report.Findings, s.report.Inputs)
	}
	return s.report
}

func (s *whole) End(counted *finding.Report) error {
	return s.format.Write(s.w, s.gathered(counted), s.options)
}

func (s *whole) Close() error { return nil }
