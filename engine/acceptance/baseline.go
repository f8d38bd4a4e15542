package acceptance

import (
	"bufio"
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/source"
)

// This file reads and writes baselines: what was found before anyone looked, so that only what is new counts from then
// on. The file is JSON with one finding a line, in an order of its own, so that two of them compare well line by line.

// baselineFormat is the version of the format; it changes when a key goes away or changes its meaning.
const baselineFormat = "gouji.baseline/1"

// BaselineSchema is the JSON Schema (draft 2020-12) of the format gouji.baseline/1.
//
//go:embed baseline.schema.json
var BaselineSchema string

// Baseline is a list of old findings.
type Baseline struct {
	Path string
	Old  []Old
}

// Old is one finding of a baseline.
type Old struct {
	// Fingerprint names the rule instance; Entity, Period, Rule and Instance say for people which one that is.
	Fingerprint, Entity, Period, Rule, Instance string
	Severity                                    finding.Severity
	Verdict                                     finding.Verdict
	State
	// Place is the line of the file.
	Place finding.Place
}

// oldLine is a finding as it is written. The order of the fields is that of the keys.
type oldLine struct {
	Entity      string              `json:"entity"`
	Period      string              `json:"period"`
	Rule        string              `json:"rule"`
	Instance    string              `json:"instance"`
	Verdict     string              `json:"verdict"`
	Severity    string              `json:"severity"`
	Difference  string              `json:"difference"`
	Values      map[string][]string `json:"values"`
	Fingerprint string              `json:"fingerprint"`
}

// NewBaseline takes the findings of a report that nobody has accepted with a reason, of this severity or worse.
func NewBaseline(r *finding.Report, least finding.Severity) *Baseline {
	b := &Baseline{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.Told() || f.Accepted != nil && !f.Accepted.Baseline || f.Severity < least {
			continue
		}
		b.Old = append(b.Old, Old{
			Fingerprint: f.Fingerprint, Entity: f.Entity, Period: f.Period, Rule: f.Rule, Instance: f.Instance,
			Severity: f.Severity, Verdict: f.Verdict, State: StateOf(f),
		})
	}
	return b
}

// Write writes the baseline: the same findings always give the same bytes, whatever their order.
func (b *Baseline) Write(w io.Writer) error {
	type sorted struct {
		old  *Old
		line string
	}
	lines := make([]sorted, len(b.Old))
	for i := range b.Old {
		o := &b.Old[i]
		values := map[string][]string{}
		for _, v := range o.Values {
			values[v.Field] = append([]string{}, v.Texts...)
		}
		var text strings.Builder
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(oldLine{
			o.Entity, o.Period, o.Rule, o.Instance, o.Verdict.String(), o.Severity.String(), o.Difference, values, o.Fingerprint,
		}); err != nil {
			return err
		}
		lines[i] = sorted{o, strings.TrimSuffix(text.String(), "\n")}
	}
	slices.SortFunc(lines, func(a, b sorted) int {
		return cmp.Or(
			cmp.Compare(a.old.Entity, b.old.Entity), cmp.Compare(a.old.Period, b.old.Period), cmp.Compare(a.old.Rule, b.old.Rule),
			cmp.Compare(a.old.Instance, b.old.Instance), cmp.Compare(a.line, b.line),
		)
	})
	lines = slices.CompactFunc(lines, func(a, b sorted) bool { return a.line == b.line })
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "{\n  \"format\": %q,\n  \"findings\": [", baselineFormat)
	for i, l := range lines {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n    " + l.line)
	}
	if len(lines) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	return out.Flush()
}

// ReadBaseline reads a baseline. It is nil when the file is none.
func ReadBaseline(f *source.File) (*Baseline, diag.List) {
	r := &baselineReader{file: f, dec: json.NewDecoder(bytes.NewReader(f.Content)), into: &Baseline{Path: f.Path}}
	if err := r.read(); err != nil {
		at := r.start()
		code, args := diag.JSONSyntax, []any{err.Error()}
		if errors.Is(err, errNoBaseline) {
			code, args = diag.WantBaseline, nil
		}
		return nil, diag.List{diag.New(code, source.Span{File: f, Start: at, End: min(at+1, len(f.Content))}, args...)}
	}
	return r.into, nil
}

// errNoBaseline says that a file is JSON, but no baseline.
var errNoBaseline = errors.New("no baseline")

type baselineReader struct {
	file *source.File
	dec  *json.Decoder
	into *Baseline
}

// start is where the next value begins: behind blanks, commas and colons.
func (r *baselineReader) start() int {
	i := int(r.dec.InputOffset())
	for i < len(r.file.Content) && bytes.IndexByte([]byte(" \t\r\n,:"), r.file.Content[i]) >= 0 {
		i++
	}
	return i
}

func (r *baselineReader) read() error {
	if err := r.delimiter('{'); err != nil {
		return err
	}
	formatted, listed := false, false
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return err
		}
		switch key {
		case "format":
			if format, err := r.dec.Token(); err != nil || format != baselineFormat {
				return cmp.Or(err, errNoBaseline)
			}
			formatted = true
		case "findings":
			if err := r.findings(); err != nil {
				return err
			}
			listed = true
		default:
			// A later version may say more.
			var skipped json.RawMessage
			if err := r.dec.Decode(&skipped); err != nil {
				return err
			}
		}
	}
	if err := r.delimiter('}'); err != nil {
		return err
	}
	if !formatted || !listed {
		return errNoBaseline
	}
	return nil
}

func (r *baselineReader) delimiter(want json.Delim) error {
	token, err := r.dec.Token()
	if err == nil && token != want {
		return errNoBaseline
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (r *baselineReader) findings() error {
	if err := r.delimiter('['); err != nil {
		return err
	}
	for r.dec.More() {
		at := r.file.Position(r.start())
		var line oldLine
		if err := r.dec.Decode(&line); err != nil {
			return err
		}
		o := Old{
			Fingerprint: line.Fingerprint, Entity: line.Entity, Period: line.Period, Rule: line.Rule, Instance: line.Instance,
			State: State{Difference: line.Difference, Values: []Value{}},
			Place: finding.Place{Path: r.file.Path, Line: at.Line, Column: at.Column},
		}
		var known [2]bool
		o.Verdict, known[0] = finding.ParseVerdict(line.Verdict)
		o.Severity, known[1] = finding.ParseSeverity(line.Severity)
		if !known[0] || !known[1] || line.Fingerprint == "" {
			return errNoBaseline
		}
		for _, field := range slices.Sorted(maps.Keys(line.Values)) {
			o.Values = append(o.Values, Value{Field: field, Texts: line.Values[field]})
		}
		r.into.Old = append(r.into.Old, o)
	}
	return r.delimiter(']')
}

// Drift is an old finding that is not what it was.
type Drift struct {
	Finding finding.Finding
	Old     *Old
	Change  Change
}

// Outcome is what has become of a baseline.
type Outcome struct {
	Path string
	// Kept counts the findings that it keeps quiet.
	Kept int
	// Worse are those whose verdict, severity or difference grew at the same figures, Changed those with other figures. They
	// count like new ones.
	Worse, Changed []Drift
	// Gone are the old findings that do not occur any more, though their rule ran on their unit.
	Gone []*Old
}

// comparing holds a baseline against findings, input by input.
type comparing struct {
	baseline *Baseline
	out      *Outcome
	// old are those of a fingerprint, of those of an entity and period.
	old map[string][]*aged
	of  map[[2]string][]*aged
}

// aged is what has become of an old finding: it was found again, and its rule ran on its unit.
type aged struct {
	*Old
	found, ran bool
}

func compare(b *Baseline) *comparing {
	c := &comparing{baseline: b, out: &Outcome{Path: b.Path}, old: map[string][]*aged{}, of: map[[2]string][]*aged{}}
	for i := range b.Old {
		o := &aged{Old: &b.Old[i]}
		unit := [2]string{o.Entity, o.Period}
		c.old[o.Fingerprint], c.of[unit] = append(c.old[o.Fingerprint], o), append(c.of[unit], o)
	}
	return c
}

// see marks the findings of an input that the baseline holds, unless somebody accepted them for a reason.
func (c *comparing) see(out *finding.Outcome, ran func(rule string) bool) {
	for _, o := range c.of[[2]string{out.Input.Entity, out.Input.Period}] {
		o.ran = o.ran || ran(o.Rule)
	}
	for i := range out.Findings {
		f := &out.Findings[i]
		if !f.Told() {
			continue
		}
		candidates := c.old[f.Fingerprint]
		for _, o := range candidates {
			o.found = true
		}
		if f.Accepted != nil {
			continue
		}
		for i, o := range candidates {
			change, worse, same := o.against(f)
			if same {
				f.Accepted = &finding.Acceptance{Baseline: true, Place: o.Place}
				c.out.Kept++
				break
			}
			// What differs from the last one differs from all.
			if drift := (Drift{*f, o.Old, change}); i+1 < len(candidates) {
				continue
			} else if worse {
				c.out.Worse = append(c.out.Worse, drift)
			} else {
				c.out.Changed = append(c.out.Changed, drift)
			}
		}
	}
}

func (c *comparing) end() *Outcome {
	for i := range c.baseline.Old {
		old := &c.baseline.Old[i]
		for _, o := range c.old[old.Fingerprint] {
			if o.Old == old && o.ran && !o.found {
				c.out.Gone = append(c.out.Gone, old)
			}
		}
	}
	return c.out
}

// Prune is the baseline without what is gone.
func (b *Baseline) Prune(o *Outcome) *Baseline {
	// The outcome may be that of the same file read once more.
	gone := map[finding.Place]bool{}
	for _, old := range o.Gone {
		gone[old.Place] = true
	}
	left := slices.DeleteFunc(slices.Clone(b.Old), func(o Old) bool { return gone[o.Place] })
	return &Baseline{Path: b.Path, Old: left}
}

// against compares an old finding with what is found now. It is the same as long as its figures are, and neither its
// verdict nor its severity nor its difference is greater.
func (o *Old) against(f *finding.Finding) (change Change, worse, same bool) {
	now := StateOf(f)
	figures := State{Values: o.Values, Difference: now.Difference}
	if c, changed := figures.changed(now); changed {
		return c, false, false
	}
	switch {
	case f.Verdict > o.Verdict:
		return Change{Field: fieldVerdict, Was: o.Verdict.String(), Is: f.Verdict.String()}, true, false
	case f.Severity > o.Severity:
		return Change{Field: fieldSeverity, Was: o.Severity.String(), Is: f.Severity.String()}, true, false
	case finding.Greater(f.Difference, o.Difference):
		return Change{Field: fieldDifference, Was: o.Difference, Is: f.Difference}, true, false
	}
	return Change{}, false, true
}
