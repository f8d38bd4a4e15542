package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/yamldoc"
)

// formulaWidth is the number of columns of a line of a formula.
const formulaWidth = 100

// packPage writes the rules of a pack as a page in Markdown: a table of all rules, then a section for each topic.
// tests is what is found in the pack's own tests: the first fail of a rule there is its example.
func (a *app) packPage(w io.Writer, p *plan.Plan, tests *finding.Report) error {
	rules := p.All()
	if p.Pack.Restated != 0 {
		rules = append(slices.Clone(rules), a.restatedRule(p.Pack))
	}
	list := "gouji list " + p.Pack.Dir
	var s strings.Builder
	fmt.Fprintf(&s, "# %s\n\n", markdown(a.sayf(headPage, p.Pack.Title, p.Pack.ID)))
	fmt.Fprintf(&s, "%s\n\n", a.sayf(textPage, len(rules), code(list+" --fields"), code(list+" -f markdown")))
	fmt.Fprintf(&s, "| %s | %s | %s |\n|---|---|---|\n", a.say(wordRuleName), a.say(columnTitle), a.say(aspectSeverity))
	topic := ""
	for _, r := range rules {
		if r.Topic != topic {
			topic = r.Topic
			fmt.Fprintf(&s, "| **%s** | | |\n", markdown(topic))
		}
		fmt.Fprintf(&s, "| [%s](#%[1]s) | %s | %s |\n", r.ID, markdown(r.Title), report.SeverityText(r.Severity).In(a.lang))
	}
	topic = ""
	for _, r := range rules {
		if r.Topic != topic {
			topic = r.Topic
			fmt.Fprintf(&s, "\n## %s\n", markdown(topic))
		}
		a.ruleSection(&s, r, tests)
	}
	_, err := io.WriteString(w, s.String())
	return err
}

// restatedRule is the built-in rule as a pack would write it.
func (a *app) restatedRule(p *rule.Pack) *plan.Rule {
	return &plan.Rule{Rule: &rule.Rule{
		ID: rule.RestatedID, Title: a.say(textRestated), Topic: a.say(headBuiltIn), Severity: p.Restated, Near: p.RestatedNear,
		Rounding: finding.Info, Check: &yamldoc.Node{Value: a.say(textRestatedCheck)},
	}}
}

// ruleSection writes what one rule says.
func (a *app) ruleSection(s *strings.Builder, r *plan.Rule, tests *finding.Report) {
	fmt.Fprintf(s, "\n### %s\n\n%s\n\n%s\n", r.ID, markdown(r.Title), fenced(a.formula(r)))
	tolerance, missing, years := "", "", ""
	if r.Tolerance.Kind != rule.Rounding {
		tolerance = a.tolerance(r.Tolerance)
	}
	if r.Missing != rule.Skip {
		missing = a.say(missings[r.Missing])
	}
	if r.Since > 0 || r.Until > 0 {
		years = year(r.Since) + "–" + year(r.Until)
	}
	for _, one := range []struct {
		name text
		line string
	}{
		{aspectSeverity, markdown(a.severities(r))},
		{aspectTolerance, markdown(tolerance)},
		{aspectMissing, markdown(missing)},
		{aspectYears, markdown(years)},
		{aspectBasis, markdown(r.Basis)},
		{aspectHint, markdown(r.Hint)},
		{aspectTags, markdown(a.list(r.Tags))},
		{aspectExample, a.example(r.ID, tests)},
	} {
		if one.line != "" {
			fmt.Fprintf(s, "- %s%s%s\n", a.say(one.name), a.say(wordColon), one.line)
		}
	}
}

// formula is what a rule says in words, each part behind what it is for.
func (a *app) formula(r *plan.Rule) string {
	var rows [][]string
	add := func(name text, formula string) {
		head := a.say(name)
		for _, line := range report.Wrap(visible(formula), formulaWidth) {
			rows = append(rows, []string{head, line})
			head = ""
		}
	}
	if r.Check == nil && r.Peers == nil {
		// The built-in rule has no expression.
		add(aspectCheck, r.Rule.Check.Value)
		return align(rows, 0)
	}
	lang := diag.Lang(a.lang)
	for _, l := range r.Loops {
		add(aspectEach, l.Formula(lang))
	}
	if r.When != nil {
		add(aspectWhen, r.When.Formula(r.Loops, lang))
	}
	add(aspectCheck, a.asks(r))
	if r.Peers != nil {
		add(aspectPeers, a.likeUnits(r))
	}
	return align(rows, 0)
}

// severities is the severity of a rule, with that of statements one unit apart and of roundings where they matter.
func (a *app) severities(r *plan.Rule) string {
	level := func(s finding.Severity) string { return report.SeverityText(s).In(a.lang) }
	switch {
	case strings.Contains(r.Asks().Value, "same(") && r.Near != r.Severity:
		return a.sayf(textSeveritiesSame, level(r.Severity), level(r.Near))
	case r.Rounding != finding.Info:
		return a.sayf(textSeverities, level(r.Severity), level(r.Rounding))
	}
	return level(r.Severity)
}

// example is the first fail of a rule in the tests, one that has figures to show if there is one; "" when none fails it.
func (a *app) example(id string, tests *finding.Report) string {
	var first *finding.Finding
	for i := range tests.Findings {
		f := &tests.Findings[i]
		if f.Rule != id || f.Verdict != finding.Fail {
			continue
		}
		if first == nil || len(first.Missing) > 0 && len(f.Missing) == 0 {
			first = f
		}
	}
	if first == nil {
		return ""
	}
	at := ""
	if first.Instance != "" {
		at = tests.Labels[first.Instance] + a.say(wordColon)
	}
	cause := ""
	if first.Cause != "" {
		cause = a.sayf(textCause, report.CauseText(first.Cause, a.lang))
	}
	return a.sayf(textExample, report.VerdictText(first.Verdict).In(a.lang), report.SeverityText(first.Severity).In(a.lang),
		markdown(at+first.Message+cause))
}

// markdown is text on one line in which no character means anything to Markdown, in tables as well.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range visible(s) {
		if strings.ContainsRune("\\`*_[]<>|~&#$", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code is text in a line as it is written.
func code(s string) string {
	ticks := strings.Repeat("`", backticks(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// fenced is lines as they are written.
func fenced(s string) string {
	fence := strings.Repeat("`", max(backticks(s)+1, 3))
	return fence + "text\n" + s + fence + "\n"
}

// backticks is the length of the longest run of backticks.
func backticks(s string) int {
	longest, run := 0, 0
	for _, r := range s {
		if run++; r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}
