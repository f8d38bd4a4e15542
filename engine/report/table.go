package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// This file writes for people: what is wrong first, input by input, then the roundings in one line per rule, then what
// could not be checked and why, and last, where a terminal stops, the summary.

const (
	defaultWidth = 100
	leastWidth   = 40
	// Below this width rules and places get no columns of their own in the findings table but lines beside the message:
	// measured on real findings, five columns then take a quarter more lines and break names and numbers apart.
	foldWidth = 90
	// How many places and differences a gathered line tells.
	gathered = 5
	// Stands before rules that decided nothing at all.
	neverMark = "* "
)

// page is a text report in the making. Write errors cannot happen before the end: everything goes to memory first.
type page struct {
	bytes.Buffer
	*finding.Report
	Options
}

func writeTable(w io.Writer, r *finding.Report, o Options) error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	o.Width = max(o.Width, leastWidth)
	p := &page{Report: r, Options: o}
	if o.Lang == "zh" {
		p.Report = labelledReport(r)
	}
	if err := p.write(); err != nil {
		return err
	}
	_, err := w.Write(p.Bytes())
	return err
}

// labelledReport is the report with the labels of its fields and rows instead of their paths.
func labelledReport(r *finding.Report) *finding.Report {
	label := func(path string) string { return cmp.Or(r.Labels[path], path) }
	all := func(paths []string) []string {
		labels := make([]string, len(paths))
		for i, path := range paths {
			labels[i] = label(path)
		}
		return labels
	}
	c := *r
	c.Findings, c.Rules = slices.Clone(r.Findings), slices.Clone(r.Rules)
	for i := range c.Findings {
		f := &c.Findings[i]
		f.Instance, f.Missing = label(f.Instance), all(f.Missing)
	}
	for i := range c.Rules {
		c.Rules[i].Unbound.Missing = all(c.Rules[i].Unbound.Missing)
	}
	return &c
}

func (p *page) write() error {
	inputs := p.inputs()
	findings := slices.Clone(p.Findings)
	finding.Sort(findings, inputs)
	for _, in := range inputs {
		var own []finding.Finding
		for _, f := range findings {
			if f.Input == in.Path {
				own = append(own, f)
			}
		}
		if err := p.input(in, own); err != nil {
			return err
		}
	}
	if err := p.notEvaluated(inputs, findings); err != nil {
		return err
	}
	if err := p.unbound(findings); err != nil {
		return err
	}
	return p.summary(inputs, findings)
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

// line writes one paragraph; its continuation lines stand a little to the right.
func (p *page) line(spaces int, text string) { p.WriteString(indent(text, spaces, p.Width)) }

// head begins a section.
func (p *page) head(text string) {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
	p.line(0, text)
}

// input writes one input: what it is, how it came out, and its findings.
func (p *page) input(in finding.Input, findings []finding.Finding) error {
	where, documents := newLocator(p.Lang, findings)
	p.head(cmp.Or(strings.TrimSpace(in.Entity+" "+in.Period), in.Path))
	about := []string{p.sayf(textData, in.Path)}
	if in.Figures > 0 {
		about = append(about, p.sayf(textFigures, in.Figures))
	}
	if len(in.Decimals) > 0 {
		var units []string
		for _, unit := range slices.Sorted(maps.Keys(in.Decimals)) {
			units = append(units, p.sayf(textDecimal, unit, in.Decimals[unit]))
		}
		about = append(about, p.labelled(textDecimals, p.list(units)))
	}
	p.line(2, strings.Join(about, p.say(wordComma)))
	for _, d := range documents {
		if d != "" {
			p.line(2, p.sayf(textPublished, d))
		}
	}
	if text := p.outcome(findings); text != "" {
		p.line(2, text)
	}

	var alone, roundings []finding.Finding
	for _, f := range findings {
		switch {
		case f.Verdict == finding.NotEvaluated:
			// Told once for all inputs, in a section of its own.
		case f.Verdict == finding.Rounding && !f.Unlikely && f.Severity <= finding.Info && !p.All:
			roundings = append(roundings, f)
		default:
			alone = append(alone, f)
		}
	}
	// What holds or does not apply is shown for completeness: it comes after all that may be wrong.
	slices.SortStableFunc(alone, func(a, b finding.Finding) int { return cmp.Compare(holds(a), holds(b)) })
	if err := p.findings(where, alone); err != nil {
		return err
	}
	return p.roundings(where, roundings)
}

// holds is 0 for a finding that asks for attention, 1 for one that does not.
func holds(f finding.Finding) int {
	if f.Verdict == finding.Pass || f.Verdict == finding.NotApplicable {
		return 1
	}
	return 0
}

// outcome is one sentence on an input: 不符 3（错误 1、警告 2），尾差 24，未能检查 5。
func (p *page) outcome(findings []finding.Finding) string {
	var tally finding.Tally
	fails := map[finding.Severity]int{}
	for _, f := range findings {
		tally.Add(f.Verdict)
		if f.Verdict == finding.Fail {
			fails[f.Severity]++
		}
	}
	var parts []string
	if tally.Fail > 0 {
		parts = append(parts, p.sayf(textFails, tally.Fail, p.severities(fails)))
	}
	for _, v := range []finding.Verdict{finding.Rounding, finding.NotEvaluated} {
		if n := tally.Of(v); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", p.say(VerdictText(v)), n))
		}
	}
	text := strings.Join(parts, p.say(wordComma))
	if tally.Fail > 0 {
		return text + p.say(wordStop)
	}
	if text != "" {
		text += p.say(wordStop)
	}
	// Where no rule decided anything, "nothing is wrong" would sound like a success.
	if !p.Summary.Bound() {
		return text
	}
	return strings.TrimRight(p.say(textNoFail)+p.say(wordGap)+text, " ")
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

// findings writes a table with one row per finding.
func (p *page) findings(where locator, findings []finding.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	result := wordWrong
	if p.All {
		result = wordFinding
	}
	g := grid{columns: []column{
		{head: p.say(wordLevel)},
		{head: p.say(wordRule), weight: 4},
		{head: p.say(result), weight: 8},
		{head: p.say(wordDifference), right: true},
		{head: p.say(wordWhere), weight: 4},
	}, ruled: true}
	fold := p.Width < foldWidth
	if fold {
		g.columns = []column{g.columns[0], g.columns[2], g.columns[3]}
	}
	for i := range findings {
		f := &findings[i]
		message := p.message(f)
		places := append(where.published(f.Operands, 0), where.data(f.Operands, 0)...)
		if fold {
			if len(places) > 0 {
				message = append(message, p.labelled(wordWhere, strings.Join(places, p.say(wordSemicolon))))
			}
			message = append([]string{named(f.Title, f.Rule)}, message...)
			g.rows = append(g.rows, []string{p.level(f), strings.Join(message, "\n"), f.Difference})
			continue
		}
		g.rows = append(g.rows, []string{
			p.level(f), titled(f), strings.Join(message, "\n"), f.Difference, strings.Join(places, "\n"),
		})
	}
	return g.write(p, p.Width)
}

// level is how bad a finding is; what is no fail says so.
func (p *page) level(f *finding.Finding) string {
	switch f.Verdict {
	case finding.Fail:
		return p.say(SeverityText(f.Severity))
	case finding.Rounding:
		return strings.TrimSpace(p.say(SeverityText(f.Severity)) + "\n" + p.say(VerdictText(f.Verdict)))
	case finding.NotApplicable:
		return p.say(textNoInstance)
	}
	return p.say(VerdictText(f.Verdict))
}

// titled is the rule's title above its id.
func titled(f *finding.Finding) string {
	return strings.Join(distinct([]string{f.Title, f.Rule}), "\n")
}

// message is the rule's sentence and what helps to judge it, one line each.
func (p *page) message(f *finding.Finding) []string {
	text := f.Message
	if text == "" && f.Left+f.Right != "" {
		text = p.sayf(textLeft, f.Left, f.Right)
	}
	lines := []string{text}
	if f.Instance != "" {
		lines = append(lines, p.labelled(textInstance, f.Instance))
	}
	if len(f.Missing) > 0 {
		lines = append(lines, p.labelled(textMissing, p.list(f.Missing)))
	}
	if f.Near {
		lines = append(lines, p.say(textNear)+p.say(wordStop))
	}
	if f.Unlikely {
		lines = append(lines, p.say(textUnlikely)+p.say(wordStop))
	}
	if f.Verdict == finding.Fail || f.Verdict == finding.Rounding {
		if allowed := p.interval(f.Allowed); allowed != "" {
			lines = append(lines, p.labelled(textAllowed, allowed))
		}
		if f.Tolerance != "" && f.Tolerance != "rounding" {
			lines = append(lines, p.labelled(textTolerance, toleranceText(f.Tolerance, p.Lang)))
		}
		// Missing fields were named above, better than the bare word would.
		if f.Cause != "" && !(f.Cause == "missing" && len(f.Missing) > 0) {
			lines = append(lines, p.labelled(textCause, CauseText(f.Cause, p.Lang)))
		}
		if f.Hint != "" {
			lines = append(lines, p.labelled(textHint, f.Hint))
		}
		if f.Basis != "" {
			lines = append(lines, p.labelled(textBasis, f.Basis))
		}
	}
	return distinct(lines)
}

// interval is the allowed differences in words: -0.015 至 0.015（不含上限）. An end that is not known is left out.
func (p *page) interval(in *finding.Interval) string {
	if in == nil {
		return ""
	}
	var excluded Text
	switch {
	case in.Low == "" && in.High == "":
		return ""
	case in.Low == "" && in.HighOpen:
		return p.sayf(textBelow, in.High)
	case in.Low == "":
		return p.sayf(textAtMost, in.High)
	case in.High == "" && in.LowOpen:
		return p.sayf(textAbove, in.Low)
	case in.High == "":
		return p.sayf(textAtLeast, in.Low)
	case in.LowOpen && in.HighOpen:
		excluded = textNoEnds
	case in.LowOpen:
		excluded = textNoLow
	case in.HighOpen:
		excluded = textNoHigh
	}
	return p.sayf(textBetween, in.Low, in.High) + p.say(excluded)
}

// roundings writes roundings gathered, one row per rule.
func (p *page) roundings(where locator, findings []finding.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	p.line(2, p.sayf(textRoundings, len(findings))+p.say(wordStop))
	g := grid{columns: []column{
		{head: p.say(wordRule), weight: 3},
		{head: p.say(wordCount), right: true},
		{head: p.say(wordDifference), weight: 2},
		{head: p.say(wordWhere), weight: 3},
	}, ruled: true}
	for _, same := range groupBy(findings, func(f finding.Finding) string { return f.Pack + "\x00" + f.Rule }) {
		var differences []string
		var operands []finding.Operand
		for _, f := range same {
			differences = append(differences, f.Difference)
			operands = append(operands, f.Operands...)
		}
		places := where.published(operands, gathered)
		if len(places) == 0 {
			places = where.data(operands, gathered)
		}
		g.rows = append(g.rows, []string{
			titled(&same[0]),
			fmt.Sprint(len(same)), p.some(differences), strings.Join(places, "\n"),
		})
	}
	return g.write(p, p.Width)
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

// skipped is one rule that could not be evaluated for one reason, in some inputs.
type skipped struct {
	reason, rule, inputs string
}

// notEvaluated writes what could not be checked: rules that lack the same fields in the same inputs share a row.
func (p *page) notEvaluated(inputs []finding.Input, findings []finding.Finding) error {
	var open []finding.Finding
	for _, f := range findings {
		if f.Verdict == finding.NotEvaluated {
			open = append(open, f)
		}
	}
	if len(open) == 0 {
		return nil
	}
	never := map[string]bool{}
	for _, r := range p.Rules {
		never[r.ID] = r.Unbound.Reason != ""
	}

	// The instances of a rule that one input leaves open for one cause become one; they add up what they lack.
	var ruled []finding.Finding
	count := map[string]int{}
	instances := map[string][]string{}
	key := func(f finding.Finding) string {
		return strings.Join([]string{f.Pack, f.Rule, p.openReason(f)}, "\x00")
	}
	for _, same := range groupBy(open, func(f finding.Finding) string {
		return strings.Join([]string{f.Pack, f.Rule, f.Cause, f.Severity.String(), f.Input}, "\x00")
	}) {
		f := same[0]
		var missing []string
		for _, x := range same {
			missing = append(missing, x.Missing...)
		}
		f.Missing = distinct(missing)
		ruled = append(ruled, f)
		count[key(f)] += len(same)
		for _, x := range same {
			instances[key(f)] = append(instances[key(f)], x.Instance)
		}
	}

	names := shortNames(inputs)
	var rows []skipped
	marked := false
	for _, same := range groupBy(ruled, key) {
		f := same[0]
		rule := named(f.Title, f.Rule)
		if never[f.Rule] {
			rule = neverMark + rule
			marked = true
		}
		if n := count[key(f)]; n > 1 {
			rule += p.sayf(textTimes, n)
		}
		if p.All {
			rule = strings.Join(append([]string{rule}, distinct(instances[key(f)])...), "\n")
		}
		var in []string
		for _, x := range same {
			in = append(in, names[x.Input])
		}
		rows = append(rows, skipped{p.openReason(f), rule, p.some(in)})
	}

	p.head(p.sayf(headNotEvaluated, len(open)))
	g := grid{columns: []column{{head: p.say(wordReason), weight: 2}, {head: p.say(wordRule), weight: 3}}, ruled: true}
	if len(inputs) > 1 {
		g.columns = append(g.columns, column{head: p.say(wordInput), weight: 2})
	}
	for _, same := range groupBy(rows, func(s skipped) string { return s.reason + "\x00" + s.inputs }) {
		var rules []string
		for _, s := range same {
			rules = append(rules, s.rule)
		}
		g.rows = append(g.rows, []string{same[0].reason, strings.Join(rules, "\n"), same[0].inputs}[:len(g.columns)])
	}
	if err := g.write(p, p.Width); err != nil {
		return err
	}
	if marked {
		p.line(2, neverMark+p.say(textNever))
	}
	return nil
}

// openReason is why a finding was not evaluated, behind its severity where that is more than info.
func (p *page) openReason(f finding.Finding) string {
	s := p.reason(f.Cause, f.Missing)
	if f.Severity > finding.Info {
		return p.say(SeverityText(f.Severity)) + "\n" + s
	}
	return s
}

// some lists words, the first few of many: a、b、c 等 24 个. With All it lists every one.
func (p *page) some(words []string) string {
	words = distinct(words)
	if n := len(words); n > gathered && !p.All {
		return p.list(words[:gathered]) + p.sayf(wordMore, n)
	}
	return p.list(words)
}

// reason is why a rule was not evaluated or not bound, with the fields that it lacks.
func (p *page) reason(cause string, missing []string) string {
	if len(missing) == 0 {
		return CauseText(cmp.Or(cause, "missing"), p.Lang)
	}
	fields := p.labelled(textMissing, p.some(missing))
	if cause == "" || cause == "missing" {
		return fields
	}
	return CauseText(cause, p.Lang) + "\n" + fields
}

func named(title, id string) string {
	if title == "" || title == id {
		return id
	}
	return title + " " + id
}

// unbound writes the rules that decided nothing, save those that stand under "not evaluated" with their reason.
func (p *page) unbound(findings []finding.Finding) error {
	told := map[string]bool{}
	for _, f := range findings {
		if f.Verdict == finding.NotEvaluated {
			told[f.Rule] = true
		}
	}
	var idle []finding.Rule
	for _, r := range p.Rules {
		if r.Unbound.Reason != "" && !told[r.ID] {
			idle = append(idle, r)
		}
	}
	if len(idle) == 0 {
		return nil
	}
	p.head(p.sayf(headUnbound, len(idle)))
	g := grid{columns: []column{{head: p.say(wordReason), weight: 2}, {head: p.say(wordRule), weight: 5}}, ruled: true}
	reason := func(r finding.Rule) string { return p.reason(r.Unbound.Reason, r.Unbound.Missing) }
	for _, same := range groupBy(idle, reason) {
		var rules []string
		for _, r := range same {
			rules = append(rules, named(r.Title, r.ID))
		}
		g.rows = append(g.rows, []string{reason(same[0]), strings.Join(rules, "\n")})
	}
	return g.write(p, p.Width)
}

// summary writes the counts of the whole run, and a line per input where there are several.
func (p *page) summary(inputs []finding.Input, findings []finding.Finding) error {
	p.head(p.say(headSummary))
	if len(inputs) > 1 {
		if err := p.overview(inputs, findings); err != nil {
			return err
		}
	}
	total := 0
	var parts []string
	for _, v := range finding.Verdicts {
		n := p.Summary.Of(v)
		total += n
		parts = append(parts, fmt.Sprintf("%s %d", p.say(VerdictText(v)), n))
	}
	if len(inputs) == 0 && total == 0 {
		p.line(2, p.say(textNothing))
		return nil
	}
	noted := 0
	counts := p.BySeverity()
	for _, n := range counts {
		noted += n
	}
	if p.Summary.Bound() && p.Summary.Fail == 0 && noted > 0 {
		p.line(2, p.say(textNoFail))
	}
	p.line(2, p.sayf(textInstances, total)+p.say(wordColon)+strings.Join(parts, p.say(wordComma))+p.say(wordStop))
	if len(p.Rules) > 0 {
		text := p.sayf(textRules, len(p.Rules))
		idle := 0
		for _, r := range p.Rules {
			if r.Unbound.Reason != "" {
				idle++
			}
		}
		if idle > 0 {
			text += p.say(wordComma) + p.sayf(textUnbound, idle)
		}
		p.line(2, text+p.say(wordStop))
	}
	switch {
	case !p.Summary.Bound():
		p.line(2, p.say(textNotBound))
	case noted == 0:
		p.line(2, p.sayf(textClean, p.Summary.Pass))
	default:
		p.line(2, p.labelled(textSeverities, p.severities(counts))+p.say(wordStop))
	}
	return nil
}

// overview is one row of counts per input.
func (p *page) overview(inputs []finding.Input, findings []finding.Finding) error {
	verdicts := []finding.Verdict{finding.Fail, finding.Rounding, finding.NotEvaluated}
	g := grid{columns: []column{{head: p.say(wordInput), weight: 1}}}
	for _, s := range finding.Severities {
		g.columns = append(g.columns, column{head: p.say(SeverityText(s)), right: true})
	}
	for _, v := range verdicts {
		g.columns = append(g.columns, column{head: p.say(VerdictText(v)), right: true})
	}
	for _, in := range inputs {
		own := finding.Report{}
		var tally finding.Tally
		for _, f := range findings {
			if f.Input == in.Path {
				own.Findings = append(own.Findings, f)
				tally.Add(f.Verdict)
			}
		}
		row := []string{cmp.Or(strings.TrimSpace(in.Entity+" "+in.Period), in.Path)}
		counts := own.BySeverity()
		for _, s := range finding.Severities {
			row = append(row, fmt.Sprint(counts[s]))
		}
		for _, v := range verdicts {
			row = append(row, fmt.Sprint(tally.Of(v)))
		}
		g.rows = append(g.rows, row)
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
