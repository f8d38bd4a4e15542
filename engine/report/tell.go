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
	total, parts := p.tally()
	text := p.sayf(textInputs, len(p.inputs())) + p.say(wordComma) + p.sayf(textInstances, total)
	if len(parts) > 0 {
		text += p.say(wordColon) + strings.Join(parts, p.say(wordComma))
	}
	if parts := p.accepted(p.Accepted()); len(parts) > 0 {
		text += p.sayf(textAmong, strings.Join(parts, p.say(wordComma)))
	}
	out := []string{text + p.say(wordStop)}
	switch {
	case total == 0:
		out = []string{p.say(textNothing)}
	case !p.Summary.Bound():
		out = append(out, p.say(textNotBound))
	}
	return out
}

// tally is how many instances were judged, and how each kind came out, in words.
func (p *page) tally() (total int, parts []string) {
	for _, v := range finding.Verdicts {
		if n := p.Summary.Of(v); n > 0 {
			total += n
			parts = append(parts, fmt.Sprintf("%s %d", p.say(VerdictText(v)), n))
		}
	}
	return total, parts
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
	return titleOf(u.input)
}

// values is the findings themselves.
func (u *unit) values() []finding.Finding {
	out := make([]finding.Finding, len(u.findings))
	for i, f := range u.findings {
		out[i] = *f
	}
	return out
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
	case ".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".csv", ".txt":
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

// counts is a table of one row per input: how many have to be looked at, how many are open of
// each kind, and how many were accepted.
func (p *page) counts(units []unit) (heads []string, rows [][]string) {
	verdicts := []finding.Verdict{finding.Fail, finding.Rounding, finding.NotEvaluated}
	heads = []string{p.say(wordInput)}
	for _, s := range finding.Severities {
		heads = append(heads, p.say(SeverityText(s)))
	}
	for _, v := range verdicts {
		heads = append(heads, p.say(VerdictText(v)))
	}
	heads = append(heads, p.say(wordAccepted))
	for _, u := range units {
		var tally finding.Tally
		severities := map[finding.Severity]int{}
		accepted := 0
		for _, f := range u.findings {
			switch {
			case f.Accepted != nil:
				accepted++
			case f.Told():
				tally.Add(f.Verdict)
				if loud(f) {
					severities[f.Severity]++
				}
			}
		}
		row := []string{cmp.Or(u.title(), "–")}
		for _, s := range finding.Severities {
			row = append(row, fmt.Sprint(severities[s]))
		}
		for _, v := range verdicts {
			row = append(row, fmt.Sprint(tally.Of(v)))
		}
		rows = append(rows, append(row, fmt.Sprint(accepted)))
	}
	return heads, rows
}

// escapeMarkdown writes text so that Markdown shows it as it is, on one line: no markup, no HTML, no link, no picture,
// no mention of a user or an issue, and no cell of a table ends.
func escapeMarkdown(text string) string {
	var out strings.Builder
	runes := []rune(line(text))
	digit := func(i int) bool { return i >= 0 && i < len(runes) && '0' <= runes[i] && runes[i] <= '9' }
	for i, r := range runes {
		switch {
		case r == '&':
			out.WriteString("&amp;")
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '@' || r == '#' && digit(i+1):
			// Names are looked for in what is shown, so that no escape helps: a joiner, which has no width, parts them.
			out.WriteString(string(r) + "\u2060")
		case r == ':' && (i+1 == len(runes) || runes[i+1] == ' ' || digit(i-1) && digit(i+1)):
			// It begins no address and no name of a picture: as in places, 62:40.
			out.WriteRune(r)
		case strings.ContainsRune("\\`*_{}[]|~!#$:^", r), r == '.' && i >= 3 && strings.EqualFold(string(runes[i-3:i]), "www"):
			out.WriteString(`\` + string(r))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
