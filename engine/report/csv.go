package report

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/source"
)

// csvColumns is the columns of the csv format, in order.
var csvColumns = []struct {
	name string
	cell func(f *finding.Finding) string
}{
	{"severity", func(f *finding.Finding) string { return f.Severity.String() }},
	{"verdict", func(f *finding.Finding) string { return f.Verdict.String() }},
	{"rule", func(f *finding.Finding) string { return f.Rule }},
	{"title", func(f *finding.Finding) string { return f.Title }},
	{"input", func(f *finding.Finding) string { return f.Input }},
	{"entity", func(f *finding.Finding) string { return f.Entity }},
	{"period", func(f *finding.Finding) string { return f.Period }},
	{"instance", func(f *finding.Finding) string { return f.Instance }},
	{"message", func(f *finding.Finding) string { return f.Message }},
	{"left", func(f *finding.Finding) string { return f.Left }},
	{"right", func(f *finding.Finding) string { return f.Right }},
	{"difference", func(f *finding.Finding) string { return f.Difference }},
	{"allowed_low", func(f *finding.Finding) string { return allowed(f).Low }},
	{"allowed_high", func(f *finding.Finding) string { return allowed(f).High }},
	{"tolerance", func(f *finding.Finding) string { return f.Tolerance }},
	{"cause", func(f *finding.Finding) string { return f.Cause }},
	{"operands", func(f *finding.Finding) string { return joinOperands(f, csvOperand) }},
	{"places", func(f *finding.Finding) string { return joinOperands(f, csvPlace) }},
	{"sections", func(f *finding.Finding) string { return joinOperands(f, csvSection) }},
	{"missing", func(f *finding.Finding) string { return strings.Join(f.Missing, "; ") }},
	{"basis", func(f *finding.Finding) string { return f.Basis }},
	{"hint", func(f *finding.Finding) string { return f.Hint }},
	{"fingerprint", func(f *finding.Finding) string { return f.Fingerprint }},
	{"accepted", func(f *finding.Finding) string {
		return accepted(f, func(a *finding.Acceptance) string { return a.Reason })
	}},
	{"accepted_by", func(f *finding.Finding) string {
		return accepted(f, func(a *finding.Acceptance) string { return a.By })
	}},
	{"accepted_until", func(f *finding.Finding) string {
		return accepted(f, func(a *finding.Acceptance) string { return a.Until })
	}},
}

// writeCSV writes one row per finding after a row of names, as RFC 4180 says (commas, lines end in CR LF). A byte order
// mark comes first: Excel takes the file for the local code page without it.
//
// Names and sentences come from published files, and a spreadsheet runs a cell that begins with = + - @ as a formula.
// Cells that begin with one of these, with their full-width forms, or with a tab or line end get an apostrophe in
// front, unless the cell is a plain number such as -0.01, -1,141.36 or -0.3333… (one that was cut).
//
// Operands, their places and the headings above these stand in one cell each, in the same order, with "; " between them.
func writeCSV(w io.Writer, r *finding.Report, o Options) error {
	out := streamCSV(w, o)
	if err := out.Add(&finding.Outcome{Findings: r.Findings}); err != nil {
		return err
	}
	return out.End(r)
}

// csvRows writes the findings of each input as they come.
type csvRows struct {
	w     io.Writer
	out   *csv.Writer
	row   []string
	begun bool
}

func streamCSV(w io.Writer, _ Options) Stream {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &csvRows{w: w, out: out, row: make([]string, len(csvColumns))}
}

func (s *csvRows) Add(o *finding.Outcome) error {
	if err := s.begin(); err != nil {
		return err
	}
	for i := range o.Findings {
		for k, c := range csvColumns {
			s.row[k] = harmless(c.cell(&o.Findings[i]))
		}
		if err := s.out.Write(s.row); err != nil {
			return err
		}
	}
	s.out.Flush()
	return s.out.Error()
}

// Across writes findings behind those of all inputs.
func (s *csvRows) Across(o *finding.Outcome) error { return s.Add(o) }

// begin writes the names of the columns, once.
func (s *csvRows) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	if _, err := io.WriteString(s.w, "\uFEFF"); err != nil {
		return err
	}
	for i, c := range csvColumns {
		s.row[i] = c.name
	}
	return s.out.Write(s.row)
}

func (s *csvRows) End(*finding.Report) error {
	if err := s.begin(); err != nil {
		return err
	}
	s.out.Flush()
	return s.out.Error()
}

func (s *csvRows) Close() error { return nil }

var plainNumber = regexp.MustCompile(`^[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?…?%?$`)

// harmless keeps a spreadsheet from running a cell.
func harmless(cell string) string {
	if cell == "" || plainNumber.MatchString(cell) {
		return cell
	}
	if strings.ContainsAny(string([]rune(cell)[0]), "=+-@\t\r\n＝＋－＠") {
		return "'" + cell
	}
	return cell
}

func allowed(f *finding.Finding) finding.Interval {
	if f.Allowed == nil {
		return finding.Interval{}
	}
	return *f.Allowed
}

// accepted is what a finding's acceptance says; of an old finding that a baseline holds the reason is "baseline".
func accepted(f *finding.Finding, of func(*finding.Acceptance) string) string {
	a := f.Accepted
	if a == nil {
		return ""
	}
	if a.Baseline {
		a = &finding.Acceptance{Reason: "baseline"}
	}
	return of(a)
}

func joinOperands(f *finding.Finding, of func(o *finding.Operand) string) string {
	parts := make([]string, len(f.Operands))
	for i := range f.Operands {
		parts[i] = of(&f.Operands[i])
	}
	if strings.Join(parts, "") == "" {
		return ""
	}
	return strings.Join(parts, "; ")
}

// csvOperand is an operand with its unit, which percents carry themselves: 本年支出合计 867.00 万元.
func csvOperand(o *finding.Operand) string {
	name := o.Label
	if name == "" {
		name = o.Field
	}
	text := name + " " + o.Text
	if o.Unit != "" {
		text += " " + o.Unit
	}
	return text
}

// csvPlace is where an operand stands, as far as it is known: path:line:column, path:page/line:column or
// path:sheet!cell.
func csvPlace(o *finding.Operand) string {
	p := o.Place
	if p == (finding.Place{}) {
		p = o.Data
	}
	at := source.Place{Line: p.Line, Column: p.Column, Page: p.Page, Cell: p.Cell}.String()
	if at == "" {
		return p.Path
	}
	return p.Path + ":" + at
}

// csvSection is the headings above an operand, outermost first.
func csvSection(o *finding.Operand) string { return strings.Join(o.Place.Headings(), " › ") }
