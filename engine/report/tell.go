package report

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// This file holds what formats for other tools share: which findings they tell, in what words and at which place.

// loud reports whether a reader has to look at a finding: a fail, or what counts as much as one.
func loud(f *finding.Finding) bool {
	return f.Verdict == finding.Fail || f.Told() && f.Severity >= finding.Warning
}

// worthTelling is the findings that a reader has to look at, in their order; and what is left out, of which nobody accepted
// anything. With All that is every one. A format that can say of a finding that it was accepted tells those in any case, and
// with All what holds as well; one that can only complain does not.
func (p *page) worthTelling(complaints bool) (told []*finding.Finding, quiet finding.Tally) {
	all := slices.Clone(p.Findings)
	finding.Sort(all, p.inputs())
	for i := range all {
		switch f := &all[i]; {
		case complaints && !f.Told():
		case p.All, f.Accepted == nil && loud(f), f.Accepted != nil && !complaints:
			told = append(told, f)
		case f.Accepted == nil:
			quiet.Add(f.Verdict)
		}
	}
	return told, quiet
}

// worst keeps the n worst of findings, in their order.
func worst(all []*finding.Finding, n int) []*finding.Finding {
	if len(all) <= n {
		return all
	}
	at := make([]int, len(all))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(i, j int) int { return all[i].Compare(all[j]) })
	at = at[:n]
	slices.Sort(at)
	kept := make([]*finding.Finding, n)
	for i, k := range at {
		kept[i] = all[k]
	}
	return kept
}

// quietly tells how much is not listed; "" for nothing.
func (p *page) quietly(quiet finding.Tally) string {
	var parts []string
	for _, v := range []finding.Verdict{finding.Rounding, finding.NotEvaluated} {
		if n := quiet.Of(v); n > 0 {
			text := fmt.Sprintf("%s %d", p.say(VerdictText(v)), n)
			if v == finding.Rounding {
				text += p.say(textHarmless)
			}
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return p.sayf(textQuiet, strings.Join(parts, p.say(wordComma)))
}

// totals is the outcome of the whole run, in sentences: the counts, and whether anything was decided.
func (p *page) totals() []string {
	var parts []string
	for _, v := range finding.Verdicts {
		if n := p.Summary.Of(v); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", p.say(VerdictText(v)), n))
		}
	}
	text := p.sayf(textInputs, len(p.inputs())) + p.say(wordComma) + p.sayf(textInstances, p.instances())
	if len(parts) > 0 {
		text += p.say(wordColon) + strings.Join(parts, p.say(wordComma))
	}
	if parts := p.accepted(p.Accepted()); len(parts) > 0 {
		text += p.sayf(textAmong, strings.Join(parts, p.say(wordComma)))
	}
	out := []string{text + p.say(wordStop)}
	switch {
	case p.instances() == 0:
		out = []string{p.say(textNothing)}
	case !p.Summary.Bound():
		out = append(out, p.say(textNotBound))
	}
	return out
}

// instances counts what was judged.
func (p *page) instances() int {
	n := 0
	for _, v := range finding.Verdicts {
		n += p.Summary.Of(v)
	}
	return n
}

// acceptance is why a finding may stand, with what a baseline holds; "" for one that nobody accepted.
func (p *page) acceptance(f *finding.Finding) string {
	if f.Accepted != nil && f.Accepted.Baseline {
		return p.say(wordOld)
	}
	return p.accepting(f)
}

// fails reports whether a finding fails the run.
func (p *page) fails(f *finding.Finding) bool {
	return f.Open() && f.Severity >= cmp.Or(p.FailOn, finding.Error)
}

// unit is one input with its findings, in their order.
type unit struct {
	input    finding.Input
	findings []*finding.Finding
}

func (u *unit) title() string {
	return cmp.Or(strings.TrimSpace(u.input.Entity+" "+u.input.Period), u.input.Path)
}

// units is the inputs with all their findings.
func (p *page) units() []unit {
	inputs := p.inputs()
	at := make(map[string]int, len(inputs))
	out := make([]unit, len(inputs))
	for i, in := range inputs {
		at[in.Path] = i
		out[i].input = in
	}
	all := slices.Clone(p.Findings)
	finding.Sort(all, inputs)
	for i := range all {
		u := &out[at[all[i].Input]]
		u.findings = append(u.findings, &all[i])
	}
	return out
}

// sentence says what is wrong; it is never empty.
func (p *page) sentence(f *finding.Finding) string { return cmp.Or(p.message(f), f.Title, f.Rule) }

// line is a text on one line, without what could act on a terminal.
func line(s string) string { return strings.ReplaceAll(clean(s), "\n", " ") }

// fileOf is where an operand stands in a file that the run has read: of a dataset the data file, of a document itself. The
// line is 0 where the file is no text whose lines could be counted.
func fileOf(o *finding.Operand) finding.Place {
	p := o.Data
	if p.Path == "" {
		p = o.Place
	}
	switch strings.ToLower(path.Ext(p.Path)) {
	case ".yaml", ".yml", ".json", ".txt":
	default:
		p.Line, p.Column = 0, 0
	}
	return p
}

// place is the first place in a file of a finding's figures; that of the input where none is known.
func place(f *finding.Finding) finding.Place {
	for i := range f.Operands {
		if at := fileOf(&f.Operands[i]); at.Path != "" {
			return at
		}
	}
	return finding.Place{Path: f.Input}
}
