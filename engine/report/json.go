package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// This file writes the public format gouji.report/1, which report.schema.json describes. The order of the fields of
// these types is the order of the keys in the file. A reader must be able to rely on every key being there: an unknown
// value is "", null or [], as the schema says, never an absent key.

// formatName is the version of the format; it changes when a key goes away or changes its meaning.
const formatName = "gouji.report/1"

type jsonReport struct {
	Format   string        `json:"format"`
	Tool     jsonTool      `json:"tool"`
	Inputs   []jsonInput   `json:"inputs"`
	Files    []jsonFile    `json:"files"`
	Summary  jsonSummary   `json:"summary"`
	Rules    []jsonRule    `json:"rules"`
	Roll     *jsonRoll     `json:"roll"`
	Findings []jsonFinding `json:"findings"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonInput struct {
	Path     string         `json:"path"`
	Within   string         `json:"within"`
	SHA256   string         `json:"sha256"`
	Entity   string         `json:"entity"`
	Period   string         `json:"period"`
	Kind     string         `json:"kind"`
	Parent   string         `json:"parent"`
	Region   string         `json:"region"`
	Figures  int            `json:"figures"`
	Unbound  int            `json:"unbound"`
	Decimals map[string]int `json:"decimals"`
}

type jsonFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

type jsonTally struct {
	Pass          int `json:"pass"`
	Rounding      int `json:"rounding"`
	Fail          int `json:"fail"`
	NotApplicable int `json:"not_applicable"`
	NotEvaluated  int `json:"not_evaluated"`
}

type jsonSummary struct {
	jsonTally
	BySeverity jsonSeverities `json:"by_severity"`
	Accepted   jsonAccepted   `json:"accepted"`
}

type jsonAccepted struct {
	Reasoned int `json:"reasoned"`
	Baseline int `json:"baseline"`
}

type jsonSeverities struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Info    int `json:"info"`
}

type jsonRule struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	jsonTally
	Unbound *jsonUnbound `json:"unbound"`
}

type jsonUnbound struct {
	Reason  string   `json:"reason"`
	Missing []string `json:"missing"`
}

type jsonFinding struct {
	Rule        string        `json:"rule"`
	Title       string        `json:"title"`
	Pack        string        `json:"pack"`
	Severity    string        `json:"severity"`
	Verdict     string        `json:"verdict"`
	Near        bool          `json:"near"`
	Unlikely    bool          `json:"unlikely"`
	Message     string        `json:"message"`
	Input       string        `json:"input"`
	Entity      string        `json:"entity"`
	Period      string        `json:"period"`
	Instance    string        `json:"instance"`
	Left        string        `json:"left"`
	Right       string        `json:"right"`
	Difference  string        `json:"difference"`
	Allowed     *jsonInterval `json:"allowed"`
	Tolerance   string        `json:"tolerance"`
	Cause       string        `json:"cause"`
	Operands    []jsonOperand `json:"operands"`
	Missing     []string      `json:"missing"`
	Basis       string        `json:"basis"`
	Hint        string        `json:"hint"`
	Accepted    *jsonAccept   `json:"accepted"`
	Fingerprint string        `json:"fingerprint"`
}

type jsonAccept struct {
	Reason   string     `json:"reason"`
	By       string     `json:"by"`
	Until    string     `json:"until"`
	Baseline bool       `json:"baseline"`
	Place    *jsonPlace `json:"place"`
}

type jsonInterval struct {
	Low      string `json:"low"`
	High     string `json:"high"`
	LowOpen  bool   `json:"low_open"`
	HighOpen bool   `json:"high_open"`
}

type jsonOperand struct {
	Field    string     `json:"field"`
	Label    string     `json:"label"`
	Text     string     `json:"text"`
	Value    string     `json:"value"`
	Unit     string     `json:"unit"`
	Decimals *int       `json:"decimals"`
	Place    *jsonPlace `json:"place"`
	Data     *jsonPlace `json:"data"`
	Peer     bool       `json:"peer,omitempty"`
}

type jsonPlace struct {
	Path    string   `json:"path"`
	Line    int      `json:"line"`
	Column  int      `json:"column"`
	Page    int      `json:"page"`
	Cell    string   `json:"cell"`
	Section []string `json:"section"`
}

func writeJSON(w io.Writer, r *finding.Report, o Options) error {
	s := streamJSON(w, o)
	defer s.Close()
	// Findings may name inputs that the report does not have.
	for _, in := range r.Inputs {
		if err := s.Add(&finding.Outcome{Input: in}); err != nil {
			return err
		}
	}
	if err := s.(*jsonStream).add(r.Findings); err != nil {
		return err
	}
	return s.End(r)
}

// jsonStream keeps inputs and findings as they are to be written until what stands before them is known.
type jsonStream struct {
	w                io.Writer
	inputs, findings spill
	counts           counts
}

func streamJSON(w io.Writer, _ Options) Stream { return &jsonStream{w: w} }

func (s *jsonStream) Add(o *finding.Outcome) error {
	in := o.Input
	decimals := in.Decimals
	if decimals == nil {
		decimals = map[string]int{}
	}
	if err := element(&s.inputs, jsonInput{in.Path, in.Within, in.SHA256, in.Entity, in.Period, in.Kind, in.Parent, in.Region, in.Figures, in.Unbound, decimals}); err != nil {
		return err
	}
	return s.add(o.Findings)
}

// Across puts findings behind those of all inputs.
func (s *jsonStream) Across(o *finding.Outcome) error { return s.add(o.Findings) }

func (s *jsonStream) add(findings []finding.Finding) error {
	for i := range findings {
		s.counts.add(&findings[i])
		if err := element(&s.findings, newJSONFinding(findings[i])); err != nil {
			return err
		}
	}
	return nil
}

// element writes a value as one of a list that is a value of the report.
func element(into *spill, v any) error {
	start := ",\n    "
	if into.empty() {
		start = "\n    "
	}
	var text bytes.Buffer
	text.WriteString(start)
	enc := newEncoder(&text)
	enc.SetIndent("    ", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := into.Write(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
	return err
}

func (s *jsonStream) End(r *finding.Report) error {
	c := &s.counts
	out := &members{w: s.w}
	// In the order of jsonReport.
	out.value("format", formatName)
	out.value("tool", jsonTool{"gouji", r.Version})
	out.list("inputs", &s.inputs)
	out.value("files", each(r.Files, func(f finding.File) jsonFile { return jsonFile(f) }))
	out.value("summary", jsonSummary{
		jsonTally(r.Summary),
		jsonSeverities{c.severities[finding.Error], c.severities[finding.Warning], c.severities[finding.Info]},
		jsonAccepted{c.reasoned, c.baseline},
	})
	out.value("rules", each(r.Rules, func(rule finding.Rule) jsonRule {
		var unbound *jsonUnbound
		if rule.Unbound.Reason != "" {
			unbound = &jsonUnbound{rule.Unbound.Reason, orEmpty(rule.Unbound.Missing)}
		}
		return jsonRule{rule.ID, rule.Title, rule.Severity.String(), jsonTally(rule.Tally), unbound}
	}))
	out.roll(r.Roll)
	out.list("findings", &s.findings)
	return out.end()
}

// members writes an object key by key. The first error is that of end.
type members struct {
	w io.Writer
	// indent stands in front of the object.
	indent string
	begun  bool
	err    error
}

func (m *members) write(text string) {
	if m.err == nil {
		_, m.err = io.WriteString(m.w, text)
	}
}

func (m *members) key(name string) {
	if !m.begun {
		m.write("{")
	} else {
		m.write(",")
	}
	m.begun = true
	m.write("\n" + m.indent + "  \"" + name + "\": ")
}

func (m *members) value(key string, v any) {
	m.key(key)
	var text bytes.Buffer
	enc := newEncoder(&text)
	enc.SetIndent(m.indent+"  ", "  ")
	if err := enc.Encode(v); m.err == nil {
		m.err = err
	}
	m.write(strings.TrimSuffix(text.String(), "\n"))
}

// within writes what stands a step further in.
func (m *members) within(write func(*members)) {
	in := &members{w: m.w, indent: m.indent + "  ", err: m.err}
	write(in)
	m.err = in.err
}

// object writes an object, of one member at least, as the value of the last key.
func (m *members) object(write func(*members)) {
	m.within(write)
	m.write("\n" + m.indent + "  }")
}

// array writes an array as the value of the last key. item writes one element, and is false when no more can be written.
func (m *members) array(items func(item func(func(*members)) bool)) {
	m.write("[")
	some := false
	m.within(func(in *members) {
		items(func(write func(*members)) bool {
			if some {
				in.write(",")
			}
			some = true
			in.write("\n" + in.indent + "  ")
			write(in)
			return in.err == nil
		})
	})
	if some {
		m.write("\n" + m.indent + "  ")
	}
	m.write("]")
}

// list writes the elements that a spill holds.
func (m *members) list(key string, elements *spill) {
	m.key(key)
	if elements.empty() {
		m.write("[]")
		return
	}
	m.write("[")
	if m.err == nil {
		_, m.err = elements.WriteTo(m.w)
	}
	m.write("\n  ]")
}

func (m *members) end() error {
	m.write("\n}\n")
	return m.err
}

func (s *jsonStream) Close() error { return errors.Join(s.inputs.Close(), s.findings.Close()) }

// newEncoder leaves < > & as they are: the output is read by people too and is no part of a page.
func newEncoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}

func newJSONFinding(f finding.Finding) jsonFinding {
	var allowed *jsonInterval
	if f.Allowed != nil {
		allowed = &jsonInterval{f.Allowed.Low, f.Allowed.High, f.Allowed.LowOpen, f.Allowed.HighOpen}
	}
	var accepted *jsonAccept
	if a := f.Accepted; a != nil {
		accepted = &jsonAccept{a.Reason, a.By, a.Until, a.Baseline, newJSONPlace(a.Place)}
	}
	return jsonFinding{
		Rule: f.Rule, Title: f.Title, Pack: f.Pack,
		Severity: f.Severity.String(), Verdict: f.Verdict.String(), Near: f.Near, Unlikely: f.Unlikely,
		Message: f.Message, Input: f.Input, Entity: f.Entity, Period: f.Period, Instance: f.Instance,
		Left: f.Left, Right: f.Right, Difference: f.Difference, Allowed: allowed, Tolerance: f.Tolerance, Cause: f.Cause,
		Operands: each(f.Operands, func(o finding.Operand) jsonOperand {
			var decimals *int
			if o.Decimals >= 0 {
				decimals = &o.Decimals
			}
			return jsonOperand{o.Field, o.Label, o.Text, o.Value, o.Unit, decimals, newJSONPlace(o.Place), newJSONPlace(o.Data), o.Peer}
		}),
		Missing: orEmpty(f.Missing), Basis: f.Basis, Hint: f.Hint, Accepted: accepted, Fingerprint: f.Fingerprint,
	}
}

// newJSONPlace is null for a place of which nothing is known.
func newJSONPlace(p finding.Place) *jsonPlace {
	if p == (finding.Place{}) {
		return nil
	}
	return &jsonPlace{p.Path, p.Line, p.Column, p.Page, p.Cell, orEmpty(p.Headings())}
}

// each maps a list; the result is never nil, so that JSON shows [] and not null.
func each[From, To any](from []From, f func(From) To) []To {
	to := make([]To, len(from))
	for i, x := range from {
		to[i] = f(x)
	}
	return to
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
