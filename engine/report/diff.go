package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/source"
)

// This file reads reports in the json format again, and writes what differs between two of them.

// ReadJSON reads a report in the json format, gouji.report/1. It is nil when the file is none. Keys that are not known are
// passed over: a later version of the tool may say more.
func ReadJSON(f *source.File) (*finding.Report, diag.List) {
	var in jsonReport
	dec := json.NewDecoder(bytes.NewReader(f.Content))
	err := dec.Decode(&in)
	if err == nil && in.Format == formatName {
		return in.report(), nil
	}
	at := int(dec.InputOffset())
	if wrong := (*json.SyntaxError)(nil); errors.As(err, &wrong) {
		at = int(wrong.Offset) - 1
	}
	at = min(max(at, 0), len(f.Content))
	span := source.Span{File: f, Start: at, End: min(at+1, len(f.Content))}
	if wrong := (*json.UnmarshalTypeError)(nil); err == nil || errors.As(err, &wrong) {
		return nil, diag.List{diag.New(diag.WantReport, source.Span{File: f, Start: 0, End: min(1, len(f.Content))})}
	}
	return nil, diag.List{diag.New(diag.JSONSyntax, span, err.Error())}
}

func (r *jsonReport) report() *finding.Report {
	out := &finding.Report{Version: r.Tool.Version, Summary: finding.Tally(r.Summary.jsonTally)}
	for _, in := range r.Inputs {
		out.Inputs = append(out.Inputs, finding.Input{
			Path: in.Path, Within: in.Within, SHA256: in.SHA256, Entity: in.Entity, Period: in.Period, Figures: in.Figures, Unbound: in.Unbound, Decimals: in.Decimals,
		})
	}
	for _, f := range r.Files {
		out.Files = append(out.Files, finding.File(f))
	}
	for _, rule := range r.Rules {
		severity, _ := finding.ParseSeverity(rule.Severity)
		one := finding.Rule{ID: rule.ID, Title: rule.Title, Severity: severity, Tally: finding.Tally(rule.jsonTally)}
		if u := rule.Unbound; u != nil {
			one.Unbound = finding.Unbound{Reason: u.Reason, Missing: u.Missing}
		}
		out.Rules = append(out.Rules, one)
	}
	for i := range r.Findings {
		out.Findings = append(out.Findings, r.Findings[i].finding())
	}
	return out
}

func (j *jsonFinding) finding() finding.Finding {
	f := finding.Finding{
		Rule: j.Rule, Title: j.Title, Pack: j.Pack, Near: j.Near, Unlikely: j.Unlikely, Message: j.Message, Input: j.Input,
		Entity: j.Entity, Period: j.Period, Instance: j.Instance, Left: j.Left, Right: j.Right, Difference: j.Difference,
		Tolerance: j.Tolerance, Cause: j.Cause, Missing: j.Missing, Basis: j.Basis, Hint: j.Hint, Fingerprint: j.Fingerprint,
	}
	f.Severity, _ = finding.ParseSeverity(j.Severity)
	f.Verdict, _ = finding.ParseVerdict(j.Verdict)
	if a := j.Allowed; a != nil {
		f.Allowed = &finding.Interval{Low: a.Low, High: a.High, LowOpen: a.LowOpen, HighOpen: a.HighOpen}
	}
	if a := j.Accepted; a != nil {
		f.Accepted = &finding.Acceptance{Reason: a.Reason, By: a.By, Until: a.Until, Baseline: a.Baseline, Place: a.Place.place()}
	}
	for _, o := range j.Operands {
		decimals := -1
		if o.Decimals != nil {
			decimals = *o.Decimals
		}
		f.Operands = append(f.Operands, finding.Operand{
			Field: o.Field, Label: o.Label, Text: o.Text, Value: o.Value, Unit: o.Unit, Decimals: decimals, Place: o.Place.place(), Data: o.Data.place(),
			Peer: o.Peer,
		})
	}
	return f
}

func (p *jsonPlace) place() finding.Place {
	if p == nil {
		return finding.Place{}
	}
	return finding.Place{Path: p.Path, Line: p.Line, Column: p.Column, Page: p.Page, Cell: p.Cell, Section: strings.Join(p.Section, "\n")}
}

// DiffFormat is one way of writing what differs between two reports.
type DiffFormat struct {
	Name  string
	Doc   Text
	Write func(w io.Writer, c *finding.Comparison, o DiffOptions) error
}

// DiffFormats holds every format of comparisons; the first is the default.
var DiffFormats = []DiffFormat{
	{"table", Text{"供人阅读的表格", "tables for people"}, writeDiffTable},
	{"json", Text{"完整的结果，gouji.diff/1", "the whole result, gouji.diff/1"}, writeDiffJSON},
}

// DiffOptions says how a comparison is written.
type DiffOptions struct {
	Options
	// Version is the version of the tool.
	Version string
	// Labels are the names for people of the fields and rows that findings name.
	Labels map[string]string
}

// diffFormatName is the version of the format; it changes when a key goes away or changes its meaning.
const diffFormatName = "gouji.diff/1"

// DiffSchema is the JSON Schema (draft 2020-12) of the format gouji.diff/1. It refers to Schema.
//
//go:embed diff.schema.json
var DiffSchema string

type jsonDiff struct {
	Format  string       `json:"format"`
	Tool    jsonTool     `json:"tool"`
	Summary jsonChanges  `json:"summary"`
	Changes []jsonChange `json:"changes"`
}

type jsonChanges struct {
	New     int `json:"new"`
	Worse   int `json:"worse"`
	Changed int `json:"changed"`
	Gone    int `json:"gone"`
	Same    int `json:"same"`
}

type jsonChange struct {
	Kind      string       `json:"kind"`
	Elsewhere string       `json:"elsewhere"`
	Aspects   []jsonAspect `json:"aspects"`
	Old       *jsonFinding `json:"old"`
	New       *jsonFinding `json:"new"`
}

type jsonAspect struct {
	Name string `json:"name"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

func writeDiffJSON(w io.Writer, c *finding.Comparison, o DiffOptions) error {
	known := func(f *finding.Finding) *jsonFinding {
		if f == nil {
			return nil
		}
		j := newJSONFinding(*f)
		return &j
	}
	out := jsonDiff{
		Format: diffFormatName, Tool: jsonTool{"gouji", o.Version},
		Summary: jsonChanges{c.Of(finding.New), c.Of(finding.Worse), c.Of(finding.Changed), c.Of(finding.Gone), c.Same},
		Changes: each(c.Changes, func(change finding.Change) jsonChange {
			aspects := each(change.Aspects, func(a finding.Aspect) jsonAspect { return jsonAspect(a) })
			return jsonChange{change.Kind.String(), change.Elsewhere, aspects, known(change.Old), known(change.New)}
		}),
	}
	enc := newEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// writeDiffTable writes a section for each kind of change. Roundings and what could not be evaluated, where they are no more
// than information, are only counted unless all is asked for.
func writeDiffTable(w io.Writer, c *finding.Comparison, o DiffOptions) error {
	p := &page{Report: &finding.Report{Labels: o.labels(c)}, Options: o.Options}
	p.Width = max(cmp.Or(p.Width, defaultWidth), leastWidth)
	for _, kind := range finding.ChangeKinds {
		if err := p.changes(c, kind); err != nil {
			return err
		}
	}
	var parts []string
	for _, kind := range finding.ChangeKinds {
		if n := c.Of(kind); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", p.say(changeTexts[kind]), n))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, p.say(textNothingChanged))
	}
	parts = append(parts, p.sayf(textSame, c.Same))
	p.head(strings.Join(parts, p.say(wordComma)) + p.say(wordStop))
	_, err := w.Write(p.Bytes())
	return err
}

// labels are the names for people that the options know, and those that operands have themselves.
func (o *DiffOptions) labels(c *finding.Comparison) map[string]string {
	labels := map[string]string{}
	for _, change := range c.Changes {
		for _, f := range []*finding.Finding{change.Old, change.New} {
			if f == nil {
				continue
			}
			for i := range f.Operands {
				if label := f.Operands[i].Label; label != "" {
					labels[f.Operands[i].Field] = label
				}
			}
		}
	}
	maps.Copy(labels, o.Labels)
	return labels
}

// changes writes the changes of one kind.
func (p *page) changes(c *finding.Comparison, kind finding.ChangeKind) error {
	g := grid{columns: []Column{
		{Head: p.say(wordLevel)}, {Head: p.say(wordFinding), Weight: 5}, {Head: p.say(textDifference), Right: true}, {Head: p.say(wordWhere), Weight: 1},
	}}
	quiet, n := 0, 0
	last := ""
	for i := range c.Changes {
		change := &c.Changes[i]
		if change.Kind != kind {
			continue
		}
		n++
		f := change.New
		if f == nil {
			f = change.Old
		}
		if !p.All && f.Verdict != finding.Fail && f.Severity <= finding.Info && (kind == finding.New || kind == finding.Gone) {
			quiet++
			continue
		}
		if of := strings.TrimSpace(f.Entity + " " + f.Period); of != last {
			last = of
			g.rows = append(g.rows, []string{"", of, "", ""})
		}
		g.rows = append(g.rows, p.changed(change, f))
	}
	if n == 0 {
		return nil
	}
	p.head(fmt.Sprintf("%s %d", p.say(changeTexts[kind]), n))
	if len(g.rows) > 0 {
		if err := g.write(p, p.Width); err != nil {
			return err
		}
	}
	if quiet > 0 {
		p.line(2, p.sayf(textMinor, quiet))
	}
	return nil
}

// mostAspects is how many aspects of a change are told.
const mostAspects = 6

// changed is the row of a change.
func (p *page) changed(change *finding.Change, f *finding.Finding) []string {
	where, _ := newLocator(p.Lang, f.Input, []finding.Finding{*f})
	text := []string{named(f.Title, f.Rule), p.message(f), p.accepting(f)}
	for i, a := range change.Aspects {
		if i == mostAspects && !p.All {
			text = append(text, p.sayf(textRest, len(change.Aspects)-i))
			break
		}
		text = append(text, p.aspect(a))
	}
	switch change.Elsewhere {
	case "input":
		text = append(text, p.say(elsewhereInput[change.Kind == finding.New]))
	case "rule":
		text = append(text, p.say(elsewhereRule[change.Kind == finding.New]))
	}
	return []string{p.level(f), lines(text...), cut(f.Difference), lines(where.places(f.Operands))}
}

// aspect tells what changed.
func (p *page) aspect(a finding.Aspect) string {
	was, is := a.Was, a.Is
	name := p.label(a.Name)
	switch a.Name {
	case "verdict":
		name = p.say(aspectVerdict)
		was, is = p.verdict(a.Was), p.verdict(a.Is)
	case "severity":
		name = p.say(wordLevel)
		was, is = p.severity(a.Was), p.severity(a.Is)
	case "difference":
		name = p.say(textDifference)
	case "accepted":
		name = p.say(wordAccepted)
	}
	return bullet + name + p.say(wordColon) + cmp.Or(was, "—") + " → " + cmp.Or(is, "—")
}

func (p *page) verdict(name string) string {
	v, _ := finding.ParseVerdict(name)
	return p.say(VerdictText(v))
}

func (p *page) severity(name string) string {
	s, _ := finding.ParseSeverity(name)
	return p.say(SeverityText(s))
}
