package report

import (
	"encoding/json"
	"io"

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
	Summary  jsonSummary   `json:"summary"`
	Rules    []jsonRule    `json:"rules"`
	Findings []jsonFinding `json:"findings"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonInput struct {
	Path     string         `json:"path"`
	SHA256   string         `json:"sha256"`
	Entity   string         `json:"entity"`
	Period   string         `json:"period"`
	Figures  int            `json:"figures"`
	Unbound  int            `json:"unbound"`
	Decimals map[string]int `json:"decimals"`
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
}

type jsonPlace struct {
	Path    string   `json:"path"`
	Line    int      `json:"line"`
	Column  int      `json:"column"`
	Page    int      `json:"page"`
	Cell    string   `json:"cell"`
	Section []string `json:"section"`
}

func writeJSON(w io.Writer, r *finding.Report, _ Options) error {
	severities := r.BySeverity()
	reasoned, baseline := r.Accepted()
	out := jsonReport{
		Format: formatName,
		Tool:   jsonTool{"gouji", r.Version},
		Inputs: each(r.Inputs, func(in finding.Input) jsonInput {
			decimals := in.Decimals
			if decimals == nil {
				decimals = map[string]int{}
			}
			return jsonInput{in.Path, in.SHA256, in.Entity, in.Period, in.Figures, in.Unbound, decimals}
		}),
		Summary: jsonSummary{
			jsonTally(r.Summary),
			jsonSeverities{severities[finding.Error], severities[finding.Warning], severities[finding.Info]},
			jsonAccepted{reasoned, baseline},
		},
		Rules: each(r.Rules, func(rule finding.Rule) jsonRule {
			var unbound *jsonUnbound
			if rule.Unbound.Reason != "" {
				unbound = &jsonUnbound{rule.Unbound.Reason, orEmpty(rule.Unbound.Missing)}
			}
			return jsonRule{rule.ID, rule.Title, rule.Severity.String(), jsonTally(rule.Tally), unbound}
		}),
		Findings: each(r.Findings, newJSONFinding),
	}
	enc := newEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

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
			return jsonOperand{o.Field, o.Label, o.Text, o.Value, o.Unit, decimals, newJSONPlace(o.Place), newJSONPlace(o.Data)}
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
