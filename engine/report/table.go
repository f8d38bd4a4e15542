package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/color"
	"github.com/gouji/gouji/engine/finding"
)

// This file writes for people, shortly: what is wrong first, input by input, the roundings of a rule in one line, then
// what could not be checked and why, and last, where a terminal stops, the summary. Everything else about a finding is
// for gouji explain and the formats for programs.

const (
	defaultWidth = 100
	leastWidth   = 40
	// How many places, differences, rules or findings of one rule are told before the rest is only counted. Errors
	// always are told.
	gathered = 6
)

// page is a text report in the making. Write errors cannot happen before the end: everything goes to memory first.
type page struct {
	bytes.Buffer
	*finding.Report
	Options
}

// newPage begins a page for people.
func newPage(r *finding.Report, o Options) *page {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	o.Width = max(o.Width, leastWidth)
	return &page{Report: r, Options: o}
}

func writeTable(w io.Writer, r *finding.Report, o Options) error {
	p := newPage(r, o)
	inputs, units := p.inputs(), p.units()
	var findings []finding.Finding
	for _, u := range units {
		own := u.values()
		if err := p.input(u.input, own); err != nil {
			return err
		}
		findings = append(findings, own...)
	}
	p.notEvaluated(inputs, findings)
	if err := p.roll(); err != nil {
		return err
	}
	p.unbound()
	if err := p.summary(units); err != nil {
		return err
	}
	_, err := w.Write(p.Bytes())
	return err
}

// inputs is the report's inputs, and one for each path that only findings name: no finding is ever lost.
func (p *page) inputs() []finding.Input {
	inputs := slices.Clone(p.Inputs)
	known := map[string]bool{}
	for _, in := range inputs {
		known[in.Path] = true
	}
	for _, f := range p.Findings {
		if !known[f.Input] {
			known[f.Input] = true
			inputs = append(inputs, finding.Input{Path: f.Input, Entity: f.Entity, Period: f.Period})
		}
	}
	return inputs
}

func (p *page) say(t Text) string                { return t.In(p.Lang) }
func (p *page) sayf(t Text, args ...any) string  { return fmt.Sprintf(t.In(p.Lang), args...) }
func (p *page) labelled(t Text, s string) string { return p.say(t) + p.say(wordColon) + s }
func (p *page) list(words []string) string       { return strings.Join(words, p.say(wordList)) }

// label is the name for people of what a path names.
func (p *page) label(path string) string { return cmp.Or(p.Labels[path], path) }

// line writes one paragraph; its continuation lines stand a little to the right.
func (p *page) line(spaces int, text string) { p.WriteString(indent(text, spaces, p.Width)) }

// head begins a section.
func (p *page) head(text string) {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
	p.line(0, text)
}

// title begins the section of an input.
func (p *page) title(text string) {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
	for line := range strings.Lines(indent(text, 0, p.Width)) {
		p.WriteString(p.Color.Paint(color.Strong, strings.TrimSuffix(line, "\n")) + "\n")
	}
}

// severityStyles are how severities are set off.
var severityStyles = map[finding.Severity]color.Style{
	finding.Error: color.Error, finding.Warning: color.Warning, finding.Info: color.Info,
}

// paintLevel sets off the severity that a drawn row begins with. The table is measured before.
func (p *page) paintLevel(line string) string {
	for _, s := range finding.Severities {
		word := p.say(SeverityText(s))
		if rest, ok := strings.CutPrefix(line, word); ok && (rest == "" || strings.HasPrefix(rest, between)) {
			return p.Color.Paint(severityStyles[s], word) + rest
		}
	}
	return line
}

// input writes one input: what it is, how it came out, and its findings.
func (p *page) input(in finding.Input, findings []finding.Finding) error {
	where, documents := newLocator(p.Lang, in.Path, findings)
	p.title(titleOf(in))
	about := []string{p.sayf(textData, in.Path)}
	if in.Document {
		about[0] = p.sayf(textDocument, in.Path)
	}
	if in.Pack != "" {
		about = append(about, p.sayf(textPack, in.Pack))
	}
	if in.Figures > 0 {
		about = append(about, p.sayf(textFigures, in.Figures))
	}
	if in.Unbound > 0 {
		about = append(about, p.sayf(textLeftOver, in.Unbound))
	}
	if len(in.Decimals) > 0 {
		var units []string
		sorted := slices.Sorted(maps.Keys(in.Decimals))
		groups := groupBy(sorted, func(unit string) string { return fmt.Sprint(in.Decimals[unit]) })
		for _, same := range groups {
			name := p.list(same)
			if len(groups) == 1 {
				name = ""
			}
			units = append(units, strings.TrimSpace(p.sayf(textDecimal, name, in.Decimals[same[0]])))
		}
		about = append(about, p.sayf(textDecimals, p.list(units)))
	}
	p.line(2, strings.Join(about, p.say(wordComma)))
	for _, d := range documents {
		if text := p.published(in, d, findings); text != "" {
			p.line(2, text)
		}
	}
	if text := p.outcome(findings); text != "" {
		p.line(2, text)
	}

	g := grid{columns: []Column{
		{Head: p.say(wordLevel)},
		{Head: p.say(wordFinding), Weight: 5},
		{Head: p.say(wordDifference), Right: true},
		{Head: p.say(wordWhere), Weight: 1},
	}}
	g.paint = p.paintLevel
	if in.Document {
		g.columns[3].Head = p.say(wordPlace)
	}
	findings = slices.DeleteFunc(slices.Clone(findings), p.unheard)
	for _, e := range finding.Entries(findings, p.Suspects) {
		g.rows = append(g.rows, p.entry(where, e)...)
	}
	if len(g.rows) == 0 {
		return nil
	}
	return g.write(p, p.Width)
}

// published names a published document and says how its places are written, unless they speak for themselves.
func (p *page) published(in finding.Input, document string, findings []finding.Finding) string {
	var parts []string
	if document != "" && document != in.Path {
		parts = append(parts, p.sayf(textPublished, document))
	}
	lines := func(o finding.Operand) bool {
		return published(&o) && o.Place.Path == document && o.Place.Page == 0 && o.Place.Cell == ""
	}
	if slices.ContainsFunc(findings, func(f finding.Finding) bool { return slices.ContainsFunc(f.Operands, lines) }) {
		text := p.say(textLines)
		if in.Document && !strings.EqualFold(path.Ext(document), ".txt") {
			text += p.say(textOfText)
		}
		parts = append(parts, text)
	}
	if document == "" {
		return ""
	}
	return strings.Join(parts, p.say(wordComma))
}

// unheard reports whether a finding has no place among the others: what was accepted is only counted, and what could not
// be evaluated, where that is no more than information, is told once for all inputs.
func (p *page) unheard(f finding.Finding) bool {
	return (f.Accepted != nil || f.Verdict == finding.NotEvaluated && f.Severity <= finding.Info) && !p.All
}

// outcome is one sentence on an input: 不符 3（错误 1、警告 2），尾差 24，未能检查 5，另已接受 1。
func (p *page) outcome(findings []finding.Finding) string {
	var tally finding.Tally
	whole := finding.Report{Findings: findings}
	fails := map[finding.Severity]int{}
	harmless, clean := true, textNoFail
	for _, f := range findings {
		if f.Accepted != nil {
			if f.Verdict == finding.Fail {
				clean = textNoMore
			}
			continue
		}
		tally.Add(f.Verdict)
		harmless = harmless && !f.Unlikely
		if f.Verdict == finding.Fail {
			fails[f.Severity]++
		}
	}
	var parts []string
	if tally.Fail > 0 {
		parts = append(parts, p.sayf(textFails, tally.Fail, p.severities(fails)))
	}
	if tally.Rounding > 0 {
		parts = append(parts, fmt.Sprintf("%s %d", p.say(VerdictText(finding.Rounding)), tally.Rounding))
		if harmless {
			parts[len(parts)-1] += p.say(textHarmless)
		}
	}
	if tally.NotEvaluated > 0 {
		parts = append(parts, fmt.Sprintf("%s %d", p.say(VerdictText(finding.NotEvaluated)), tally.NotEvaluated))
	}
	parts = append(parts, p.accepted(whole.Accepted())...)
	text := strings.Join(parts, p.say(wordComma))
	if text != "" {
		text += p.say(wordStop)
	}
	// Where no rule decided anything, "nothing is wrong" would sound like a success.
	if tally.Fail > 0 || !p.Summary.Bound() {
		return text
	}
	return strings.TrimRight(p.say(clean)+p.say(wordGap)+text, " ")
}

// accepted counts what was accepted, and what a baseline holds.
func (p *page) accepted(reasoned, baseline int) []string {
	var parts []string
	if reasoned > 0 {
		parts = append(parts, p.sayf(textAccepted, reasoned))
	}
	if baseline > 0 {
		parts = append(parts, p.sayf(textOld, baseline))
	}
	return parts
}

// severities is the counts that are not zero, worst first.
func (p *page) severities(counts map[finding.Severity]int) string {
	var parts []string
	for _, s := range finding.Severities {
		if n := counts[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", p.say(SeverityText(s)), n))
		}
	}
	return p.list(parts)
}

// entry is the rows of one entry: what it is about, and the findings in it.
func (p *page) entry(where locator, e finding.Entry) [][]string {
	f := &e.Findings[0]
	level := p.level(f)
	if p.gathers(f) {
		return [][]string{p.gather(where, level, e.Findings)}
	}
	// The sentence alone tells what is wrong; of an error the rule itself is told as well.
	plain := e.Suspect == nil && f.Severity < finding.Error && f.Message != "" && f.Message != f.Title
	if e.Suspect == nil && len(e.Findings) == 1 {
		if plain {
			text := lines(p.message(f)+" "+f.Rule, p.accepting(f), p.heading(where, e.Findings))
			place := cmp.Or(where.places(f.Operands))
			if f.Severity > finding.Info {
				place = lines(where.places(f.Operands))
			}
			return [][]string{{level, text, difference(f), place}}
		}
		text := lines(named(f.Title, f.Rule), p.message(f), p.accepting(f), where.under(f.Operands))
		return [][]string{{level, text, difference(f), lines(where.places(f.Operands))}}
	}
	head := []string{level, named(f.Title, f.Rule), "", ""}
	rows := [][]string{head}
	told := groupBy(e.Findings, p.alike)
	tell := func(same []finding.Finding) []string {
		f := &same[0]
		return []string{"", lines(bullet+p.together(same), p.accepting(f)), cut(f.Difference), cmp.Or(where.places(operands(same)))}
	}
	if s := e.Suspect; s != nil {
		head[1] = p.sayf(textSuspect, s.Figure.Label, s.Figure.Text, s.Value, len(e.Findings))
		head[1] = lines(head[1], where.under([]finding.Operand{s.Figure}))
		head[3] = cmp.Or(where.places([]finding.Operand{s.Figure}))
		told = groupBy(e.Findings, func(f finding.Finding) string { return f.Fingerprint + f.Rule + f.Instance })
		tell = func(same []finding.Finding) []string {
			return []string{"", bullet + p.suspected(s, &same[0]), cut(same[0].Difference), ""}
		}
	}
	// Where few headings hold for all of them, they are told once.
	under, inner := p.heading(where, e.Findings), ""
	if e.Suspect == nil && len(where.headings(operands(e.Findings))) > mostPlaces {
		under = ""
		inner = p.heading(where, told[0])
		tell = func(same []finding.Finding) []string {
			text := lines(bullet+p.together(same), p.accepting(&same[0]), p.heading(where, same))
			return []string{"", text, cut(same[0].Difference), cmp.Or(where.places(operands(same)))}
		}
	}
	switch {
	case plain:
		// The rule's name stands behind the first sentence.
		first := tell(told[0])
		text := p.together(told[0]) + " " + f.Rule
		if len(told) > 1 {
			text = bullet + text
		}
		first[0], first[1] = level, lines(text, p.accepting(f), cmp.Or(under, inner))
		rows, told = [][]string{first}, told[1:]
	case e.Suspect == nil:
		head[1] = lines(head[1], under)
	}
	for i, same := range told {
		if f := &same[0]; i >= gathered && f.Severity < finding.Error && !p.All {
			rest := 0
			for _, same := range told[i:] {
				rest += len(same)
			}
			return append(rows, []string{"", bullet + p.sayf(textRest, rest), "", ""})
		}
		rows = append(rows, tell(same))
	}
	return rows
}

// heading is what findings of one rule stand under, where it is worth a line.
func (p *page) heading(where locator, findings []finding.Finding) string {
	if findings[0].Severity < finding.Warning {
		return ""
	}
	return where.under(operands(findings))
}

// operands are those of several findings.
func operands(findings []finding.Finding) []finding.Operand {
	var all []finding.Operand
	for i := range findings {
		all = append(all, findings[i].Operands...)
	}
	return all
}

// subject cuts the sentence of a finding, 某项目：没有说明原因, behind the row that it is about; name is "" when it does
// not begin so.
func (p *page) subject(f *finding.Finding) (name, rest string) {
	text := p.message(f)
	for _, colon := range []string{wordColon.ZH, wordColon.EN} {
		if name, rest, ok := strings.Cut(text, colon); ok && name != "" && strings.Contains(p.instance(f), name) {
			return name, rest
		}
	}
	return "", text
}

// alike is the same for findings of one rule that say the same of different rows: these are told together.
func (p *page) alike(f finding.Finding) string {
	name, rest := p.subject(&f)
	if name == "" || f.Difference != "" || f.Accepted != nil || p.All {
		return "\x00" + f.Fingerprint + f.Instance + f.Message
	}
	return rest
}

// together is the message of findings that are alike: 没有说明原因：甲、乙.
func (p *page) together(same []finding.Finding) string {
	if len(same) == 1 {
		return p.message(&same[0])
	}
	var names []string
	rest := ""
	for i := range same {
		var name string
		name, rest = p.subject(&same[i])
		names = append(names, name)
	}
	names = distinct(names)
	more := ""
	if n := len(names); n > gathered && same[0].Severity < finding.Error {
		names, more = names[:gathered], p.sayf(wordMore, n)
	}
	// The names may hold the sign of lists.
	return rest + p.say(wordColon) + strings.Join(names, p.say(wordSemicolon)) + more
}

// suspected is a fail that a suspect figure would settle, in a line: the rule, and the row unless it is the figure's own.
func (p *page) suspected(s *finding.Suspect, f *finding.Finding) string {
	text := named(f.Title, f.Rule)
	if at := p.instance(f); at != "" && !strings.Contains(s.Figure.Label, at) {
		text = at + p.say(wordColon) + text
	}
	return text
}

const bullet = "· "

// gathers reports whether a rounding goes into the one line of its rule.
func (p *page) gathers(f *finding.Finding) bool {
	return f.Verdict == finding.Rounding && !f.Unlikely && f.Severity <= finding.Info && !p.All
}

// gather is the roundings of a rule in one row.
func (p *page) gather(where locator, level string, findings []finding.Finding) []string {
	var differences []string
	for _, f := range findings {
		differences = append(differences, cut(f.Difference))
	}
	title := named(findings[0].Title, findings[0].Rule)
	if len(findings) > 1 {
		title += p.sayf(textTimes, len(findings))
	}
	differences = distinct(differences)
	difference := strings.Join(differences, "")
	switch {
	case len(differences) == 2 && differences[0] == "-"+differences[1]:
		difference = "±" + differences[1]
	case len(differences) == 2 && "-"+differences[0] == differences[1]:
		difference = "±" + differences[0]
	case len(differences) > 1:
		title += p.say(wordColon) + p.some(differences)
		difference = ""
	}
	return []string{level, title, difference, cmp.Or(where.places(operands(findings)))}
}

// lines writes what there is, one a line.
func lines(parts ...string) string { return strings.Join(distinct(parts), "\n") }

// levels are severities in the narrow column of the table.
var levels = map[finding.Severity]Text{
	finding.Error: {"错误", "error"}, finding.Warning: {"警告", "warn"}, finding.Info: {"提示", "info"},
}

// level is how bad a finding is; what is no fail says so.
func (p *page) level(f *finding.Finding) string {
	switch {
	case f.Accepted != nil && f.Accepted.Baseline:
		return p.say(wordOld)
	case f.Accepted != nil:
		return p.say(wordAccepted)
	case f.Verdict == finding.Fail || f.Verdict == finding.NotEvaluated || f.Verdict == finding.Rounding && f.Severity > finding.Info:
		return p.say(levels[f.Severity])
	case f.Verdict == finding.Rounding:
		return p.say(textRounded)
	case f.Verdict == finding.NotApplicable:
		return p.say(textNoInstance)
	}
	return p.say(VerdictText(f.Verdict))
}

// message is the rule's sentence, of which row it speaks, and what helps to judge it.
func (p *page) message(f *finding.Finding) string {
	text := f.Message
	switch {
	case f.Verdict == finding.NotEvaluated:
		text = p.labelled(VerdictText(f.Verdict), p.reason(f.Cause, f.Missing))
	case text == "" && f.Left+f.Right != "":
		text = p.sayf(textLeft, f.Left, f.Right)
	case text == f.Title:
		text = ""
	}
	if at := p.instance(f); at != "" && !strings.Contains(text, telling(at)) {
		text = strings.TrimSuffix(at+p.say(wordColon)+text, p.say(wordColon))
	}
	parts := []string{text}
	if f.Near {
		parts = append(parts, p.say(textNear))
	}
	if f.Unlikely {
		parts = append(parts, p.say(textUnlikely))
	}
	if f.Verdict == finding.Fail {
		if len(f.Missing) > 0 {
			parts = append(parts, p.reason("", f.Missing))
		} else if f.Cause != "" {
			parts = append(parts, p.labelled(textCause, CauseText(f.Cause, p.Lang)))
		}
	}
	return strings.Join(distinct(parts), p.say(wordSemicolon))
}

// accepting is why a finding may stand, who said so and until when; "" where nobody gave a reason.
func (p *page) accepting(f *finding.Finding) string {
	a := f.Accepted
	if a == nil || a.Baseline {
		return ""
	}
	var more []string
	if a.By != "" {
		more = append(more, a.By)
	}
	if a.Until != "" {
		more = append(more, p.sayf(textUntil, a.Until))
	}
	text := p.labelled(textReason, a.Reason)
	if len(more) == 0 {
		return text
	}
	return text + p.sayf(textTitle, strings.Join(more, p.say(wordComma)))
}

// instance is the name of the row or group that a finding is about.
func (p *page) instance(f *finding.Finding) string { return p.label(f.Instance) }

// telling is the part of a name that tells what is meant in a sentence: its end, where that is no common word.
func telling(name string) string {
	end := name[strings.LastIndex(name, "·")+len("·"):]
	if strings.HasSuffix(name, "·"+end) && utf8.RuneCountInString(end) < 3 {
		return name
	}
	return end
}

// difference is the difference of a finding, and below it how far it might go without being wrong, where that matters.
func difference(f *finding.Finding) string {
	text := cut(f.Difference)
	if f.Verdict != finding.Fail || f.Severity == finding.Info || f.Allowed == nil || text == "" {
		return text
	}
	limit := f.Allowed.High
	if strings.HasPrefix(text, "-") && f.Allowed.Low != "" || limit == "" {
		limit = f.Allowed.Low
	}
	return text + "\n(" + cutAt(limit, 3) + ")"
}

// cut leaves four decimals of a number that does not end, unless they would all be zeros.
func cut(number string) string { return cutAt(number, 4) }

func cutAt(number string, decimals int) string {
	whole, fraction, _ := strings.Cut(number, ".")
	if digits := strings.TrimSuffix(fraction, "…"); digits != fraction && len(digits) > decimals && strings.Trim(digits[:decimals], "0") != "" {
		return whole + "." + digits[:decimals] + "…"
	}
	return number
}

// some lists words, the first few of many: a、b、c 等 24 个. With All it lists every one.
func (p *page) some(words []string) string { return p.first(words, gathered) }

// first lists words, unless all are asked for the first of them.
func (p *page) first(words []string, most int) string {
	words = distinct(words)
	if n := len(words); n > most && !p.All {
		return p.list(words[:most]) + p.sayf(wordMore, n)
	}
	return p.list(words)
}

// reason is why a rule was not evaluated or not bound, with the fields that it lacks.
func (p *page) reason(cause string, missing []string) string {
	if len(missing) == 0 {
		return CauseText(cmp.Or(cause, "missing"), p.Lang)
	}
	labels := make([]string, len(missing))
	for i, path := range missing {
		labels[i] = p.label(path)
	}
	fields := p.sayf(textMissing, p.first(labels, gathered/2))
	if cause == "" || cause == "missing" {
		return fields
	}
	return CauseText(cause, p.Lang) + p.say(wordSemicolon) + fields
}

func named(title, id string) string {
	if title == "" || title == id {
		return id
	}
	return title + " " + id
}

// notEvaluated writes why rules that otherwise decided something could not be evaluated here and there, one line a
// reason.
func (p *page) notEvaluated(inputs []finding.Input, findings []finding.Finding) {
	unbound := map[string]bool{}
	for _, r := range p.Rules {
		unbound[r.ID] = r.Unbound.Reason != ""
	}
	names := shortNames(inputs)
	absent := map[string][]string{}
	for _, in := range inputs {
		absent[in.Path] = in.Absent
	}
	var told []idle
	for _, f := range findings {
		if !p.unheard(f) || f.Accepted != nil || unbound[f.Rule] {
			continue
		}
		one := idle{reason: p.reason(f.Cause, f.Missing), rule: f.Rule, absent: lacking(f.Cause, f.Missing, absent[f.Input])}
		if len(inputs) > 1 {
			one.input = names[f.Input] + p.say(wordColon)
		}
		told = append(told, one)
	}
	p.reasons(p.sayf(headNotEvaluated, len(told)), told)
}

// unbound writes the rules that decided nothing, one line a reason.
func (p *page) unbound() {
	// What no dataset gives at all.
	var absent []string
	for _, in := range p.Inputs {
		absent = append(absent, in.Absent...)
	}
	absent = slices.DeleteFunc(distinct(absent), func(part string) bool {
		return slices.ContainsFunc(p.Inputs, func(in finding.Input) bool { return !inside(part, in.Absent) })
	})
	inapplicable := 0
	for _, r := range p.Rules {
		if r.Unbound.Reason == "not-applicable" {
			inapplicable++
		}
	}
	var told []idle
	for _, r := range p.Rules {
		if u := r.Unbound; u.Reason != "" {
			if u.Reason == "few-peers" && inapplicable > gathered && !p.All {
				// Where those that do not apply are only counted, these are too.
				u.Reason = "not-applicable"
			}
			told = append(told, idle{reason: p.reason(u.Reason, u.Missing), rule: r.ID, absent: lacking(u.Reason, u.Missing, absent)})
		}
	}
	p.reasons(p.sayf(headUnbound, len(p.Rules), len(told)), told)
}

// lacking are the parts of the data that a rule lacks altogether: those of a dataset, or other datasets.
func lacking(cause string, missing, absent []string) []string {
	if cause != "no-partner" {
		return within(missing, absent)
	}
	others := make([]string, len(missing))
	for i, path := range missing {
		others[i], _, _ = strings.Cut(path, "[")
	}
	return others
}

// within are the parts that one of the paths lies in.
func within(paths, parts []string) []string {
	var in []string
	for _, part := range parts {
		if slices.ContainsFunc(paths, func(path string) bool { return inside(path, []string{part}) }) {
			in = append(in, part)
		}
	}
	return in
}

// inside reports whether a path is one of the parts or lies in one.
func inside(path string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool {
		rest, ok := strings.CutPrefix(path, part)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// idle is a rule and why it decided nothing.
type idle struct {
	// input names the data, where there are several.
	input, reason, rule string
	// absent are the parts that the data lack altogether and that the rule needs.
	absent []string
}

// reasons writes a section of idle rules. Those that lack whole parts of the data are told together, and where they are
// many only counted, as are those that do not apply: what is not there needs no line for each rule.
func (p *page) reasons(head string, all []idle) {
	if len(all) == 0 {
		return
	}
	var told, counts []string
	for _, same := range groupBy(all, func(i idle) string {
		if len(i.absent) > 0 {
			return i.input
		}
		return i.input + i.reason
	}) {
		text := same[0].input + same[0].reason
		countable := same[0].reason == CauseText("not-applicable", p.Lang)
		var parts, rules []string
		for _, one := range same {
			rules = append(rules, one.rule)
			for _, part := range one.absent {
				parts = append(parts, p.label(part))
			}
		}
		if len(parts) > 0 {
			text, countable = same[0].input+p.sayf(textAbsent, p.some(parts)), true
		}
		rules = distinct(rules)
		if countable && len(rules) > gathered && !p.All {
			if len(parts) == 0 {
				text = same[0].input + p.say(VerdictText(finding.NotApplicable))
			}
			counts = append(counts, text+p.sayf(textCounted, len(rules)))
			continue
		}
		told = append(told, text+p.say(wordColon)+p.some(rules))
	}
	if len(counts) > 0 {
		told = slices.Insert(told, 0, strings.Join(counts, p.say(wordSemicolon)))
	}
	if len(told) == 1 {
		p.head(head + p.say(wordColon) + told[0])
		return
	}
	p.head(head)
	for i, text := range told {
		if i == gathered && !p.All {
			p.line(2, p.sayf(textReasons, len(told)-i))
			return
		}
		p.line(2, text)
	}
}

// groupBy gathers what has the same key, in order of first appearance.
func groupBy[T any](all []T, key func(T) string) [][]T {
	at := map[string]int{}
	var groups [][]T
	for _, x := range all {
		k := key(x)
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], x)
	}
	return groups
}

// summary writes the counts of the whole run, and a line per input where there are several.
func (p *page) summary(units []unit) error {
	reasoned, baseline := p.Accepted()
	p.total(len(units), reasoned, baseline)
	if len(units) > 1 {
		if err := p.overview(units); err != nil {
			return err
		}
	}
	p.notBound()
	return nil
}

// notBound says so where no rule decided anything.
func (p *page) notBound() {
	if !p.Summary.Bound() {
		p.line(0, p.say(textNotBound))
	}
}

// total writes how all instances in the inputs came out, and how many findings were accepted.
func (p *page) total(inputs, reasoned, baseline int) {
	total, parts := p.tally()
	text := p.sayf(textInstances, total)
	if len(parts) > 0 {
		text += p.say(wordColon) + strings.Join(parts, p.say(wordComma))
	}
	if parts := p.accepted(reasoned, baseline); len(parts) > 0 {
		text += p.sayf(textAmong, strings.Join(parts, p.say(wordComma)))
	}
	text += p.say(wordStop)
	idle := slices.ContainsFunc(p.Rules, func(r finding.Rule) bool { return r.Unbound.Reason != "" })
	if len(p.Rules) > 0 && !idle {
		text += p.say(wordGap) + p.sayf(textRules, len(p.Rules)) + p.say(wordStop)
	}
	if inputs == 0 && total == 0 {
		text = p.say(textNothing)
	}
	if idle {
		// The rules that decided nothing belong to the counts.
		p.line(0, text)
	} else {
		p.head(text)
	}
}

// overview is one row of counts per input; a column for what was accepted is there where something was.
func (p *page) overview(units []unit) error {
	heads, rows := p.counts(units)
	if reasoned, baseline := p.Accepted(); reasoned+baseline == 0 {
		last := len(heads) - 1
		heads = heads[:last]
		for i := range rows {
			rows[i] = rows[i][:last]
		}
	}
	g := grid{columns: []Column{{Head: heads[0], Weight: 1}}, rows: rows}
	for _, head := range heads[1:] {
		g.columns = append(g.columns, Column{Head: head, Right: true})
	}
	return g.write(p, p.Width)
}

// shortNames gives each input the shortest end of its path that no other input has.
func shortNames(inputs []finding.Input) map[string]string {
	names := make(map[string]string, len(inputs))
	ends := map[string]int{}
	each := func(path string, do func(end string)) {
		path = strings.ReplaceAll(path, `\`, "/")
		for i := len(path) - 1; i >= 0; i-- {
			if path[i] == '/' {
				do(path[i+1:])
			}
		}
		do(path)
	}
	for _, in := range inputs {
		each(in.Path, func(end string) { ends[end]++ })
	}
	for _, in := range inputs {
		each(in.Path, func(end string) {
			if _, done := names[in.Path]; !done && ends[end] == 1 && end != "" {
				names[in.Path] = end
			}
		})
		if names[in.Path] == "" {
			names[in.Path] = in.Path
		}
	}
	return names
}
