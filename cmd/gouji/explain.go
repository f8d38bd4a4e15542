package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/ruletest"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/yamldoc"
)

func explainCommand(a *app) *cobra.Command {
	var rules string
	c := &cobra.Command{
		Use:   "explain RULE [PATH]",
		Short: a.say(shortExplain),
		Long:  a.say(longExplain),
		Args:  a.argCount(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.explainRule(args[0], rules); err != nil {
				return err
			}
			if len(args) == 1 {
				return nil
			}
			return a.explainData(c.Context(), args[0], rules, args[1])
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return completeRules(c), cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().StringVarP(&rules, "rules", "r", "", a.say(flagRules))
	completePacks(c)
	return c
}

// explainRule tells what a rule says, in the words of its pack. Without a pack all shipped ones are searched.
func (a *app) explainRule(id, pack string) error {
	packs := []string{pack}
	if pack == "" {
		packs = engine.Shipped().Names()
	}
	known := []string{rule.RestatedID}
	for _, name := range packs {
		p, cases, list, err := engine.Tests(name)
		if err != nil {
			return err
		}
		if err := a.diagnostics(a.stderr, list); err != nil {
			return err
		}
		if p == nil {
			return a.problem(textPackErrors, name)
		}
		if id == rule.RestatedID {
			return a.print(func(w io.Writer) error { return a.restated(w, p.Pack) })
		}
		for _, r := range p.Rules {
			if r.ID == id {
				return a.print(func(w io.Writer) error { return a.definition(w, p.Pack, r, cases) })
			}
			known = append(known, r.ID)
		}
	}
	slices.Sort(known)
	p := a.unknown(wordRuleName, id, known)
	p.hint += a.say(textSeeList)
	return p
}

// aspect is one line of a description: what it is about, and what there is to say, possibly in several lines.
type aspect struct {
	name  text
	lines []string
}

// aspects writes the aspects that there is something to say about, names and contents in two columns.
func (a *app) aspects(w io.Writer, title string, all []aspect) error {
	const indent = 2
	left := 0
	for _, one := range all {
		left = max(left, columns(a.say(one.name)))
	}
	space := max(textWidth(a.stdout)-indent-left-2, 30)
	var s strings.Builder
	s.WriteString(title + "\n")
	for _, one := range all {
		name := a.say(one.name)
		for _, text := range one.lines {
			if strings.TrimSpace(text) == "" {
				continue
			}
			for _, line := range fold(text, space) {
				s.WriteString(strings.TrimRight(fmt.Sprintf("%*s%s%*s%s", indent, "", name, left-columns(name)+2, "", line), " ") + "\n")
				name = ""
			}
		}
	}
	_, err := io.WriteString(w, s.String())
	return err
}

func (a *app) definition(w io.Writer, p *rule.Pack, r *plan.Rule, cases []ruletest.Case) error {
	var each, lets, tests []string
	for _, n := range r.Each {
		each = append(each, n.Value)
	}
	for _, e := range r.Let {
		lets = append(lets, e.Key.Value+" = "+e.Value.Value)
	}
	for _, c := range cases {
		for _, want := range c.Wants {
			if want.Rule != r.ID {
				continue
			}
			line := report.VerdictText(want.Verdict).In(a.lang) + a.say(wordColon) + c.Name
			if want.Instance != "" {
				line += " [" + want.Instance + "]"
			}
			tests = append(tests, line+" "+want.Span.String())
		}
	}
	severity := a.sayf(textSeverities, report.SeverityText(r.Severity).In(a.lang), report.SeverityText(r.Rounding).In(a.lang))
	if strings.Contains(r.Rule.Check.Value, "same(") {
		severity = a.sayf(textSeveritiesSame, report.SeverityText(r.Severity).In(a.lang), report.SeverityText(r.Near).In(a.lang))
	}
	years := ""
	if r.Since > 0 || r.Until > 0 {
		years = year(r.Since) + "–" + year(r.Until)
	}
	return a.aspects(w, r.ID+" "+visible(r.Title), []aspect{
		{aspectPack, []string{strings.TrimSpace(p.ID + " " + p.Title)}},
		{aspectPlace, []string{r.Span.String()}},
		{aspectSeverity, []string{severity}},
		{aspectEach, each},
		{aspectWhen, written(r.Rule.When)},
		{aspectLet, lets},
		{aspectCheck, written(r.Rule.Check)},
		{aspectTolerance, []string{a.tolerance(r.Tolerance)}},
		{aspectMissing, []string{a.say(missings[r.Missing])}},
		{aspectYears, []string{years}},
		{aspectMessage, written(r.Rule.Message)},
		{aspectHint, []string{r.Hint}},
		{aspectBasis, []string{r.Basis}},
		{aspectTags, []string{a.list(r.Tags)}},
		{aspectTests, tests},
	})
}

// restated describes the built-in rule.
func (a *app) restated(w io.Writer, p *rule.Pack) error {
	severity := a.say(textOff)
	if p.Restated != 0 {
		severity = a.sayf(textSeveritiesSame, report.SeverityText(p.Restated).In(a.lang), report.SeverityText(p.RestatedNear).In(a.lang))
	}
	return a.aspects(w, rule.RestatedID+" "+a.say(textRestated), []aspect{
		{aspectPack, []string{strings.TrimSpace(p.ID + " " + p.Title)}},
		{aspectSeverity, []string{severity}},
		{aspectCheck, []string{a.say(textRestatedCheck)}},
	})
}

func written(n *yamldoc.Node) []string {
	if n == nil {
		return nil
	}
	return []string{n.Value}
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

func (a *app) tolerance(t rule.Tolerance) string {
	if t.Amount == nil {
		return a.say(tolerances[t.Kind])
	}
	return a.sayf(tolerances[t.Kind], t.Amount.Value)
}

// explainData tells how the rule came out on datasets, figure by figure.
func (a *app) explainData(ctx context.Context, id, pack, path string) error {
	result, err := interruptible(ctx, func() (*engine.Result, error) {
		return engine.Check(ctx, []string{path}, engine.Options{
			Rules: pack, Keep: true, Options: run.Options{Only: []string{id}, All: true},
		})
	})
	if err != nil {
		return err
	}
	if err := a.troubles(result); err != nil {
		return err
	}
	return a.print(func(w io.Writer) error {
		for i, in := range result.Report.Inputs {
			if err := a.outcomes(w, in, result.Datasets[i], result.Report); err != nil {
				return err
			}
		}
		return nil
	})
}

// outcomes writes how the rule came out on one dataset.
func (a *app) outcomes(w io.Writer, in finding.Input, d *dataset.Dataset, r *finding.Report) error {
	fmt.Fprintf(w, "\n%s %s %s\n", in.Path, visible(in.Entity), visible(in.Period))
	if d.Source != "" {
		fmt.Fprintf(w, "  %s%s\n", a.say(wordPublished), visible(d.Source))
	}
	intervals := intervalsOf(d)
	var idle []string
	n := 0
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Input != in.Path {
			continue
		}
		n++
		// What the rule does not apply to has no figures to tell.
		if f.Verdict == finding.NotApplicable && f.Instance != "" {
			idle = append(idle, f.Instance)
			continue
		}
		if err := a.outcome(w, f, intervals); err != nil {
			return err
		}
	}
	if len(idle) > 0 {
		return a.aspects(w, "\n"+report.VerdictText(finding.NotApplicable).In(a.lang), []aspect{
			{aspectVerdict, []string{a.say(meanings[finding.NotApplicable])}}, {aspectInstances, idle},
		})
	}
	if n > 0 {
		return nil
	}
	why := a.say(textNoInstances)
	for _, one := range r.Rules {
		if one.Unbound.Reason != "" {
			why = report.CauseText(one.Unbound.Reason, a.lang)
		}
	}
	_, err := fmt.Fprintf(w, "  %s\n", why)
	return err
}

// outcome writes one instance.
func (a *app) outcome(w io.Writer, f *finding.Finding, intervals map[finding.Place]string) error {
	var rows [][]string
	for i := range f.Operands {
		o := &f.Operands[i]
		label := visible(o.Label)
		// Figures of the same name, as in a sum over a list, are told apart by their paths.
		namesake := func(x finding.Operand) bool { return x.Label == o.Label && x.Field != o.Field }
		if slices.ContainsFunc(f.Operands, namesake) {
			label = visible(o.Field)
		}
		decimals := ""
		if o.Value != "" {
			decimals = a.say(textExact)
			if o.Decimals >= 0 {
				decimals = a.sayf(textDecimals, o.Decimals)
			}
		}
		place := a.sayf(textData, short(o.Data))
		if o.Place != o.Data {
			place = a.sayf(textReport, short(o.Place)) + a.say(wordComma) + place
		}
		rows = append(rows, []string{label, visible(o.Text), visible(o.Unit), decimals, intervals[o.Data], place})
	}
	title := report.VerdictText(f.Verdict).In(a.lang)
	if f.Instance != "" {
		title = visible(f.Instance) + a.say(wordColon) + title
	}
	var lines []aspect
	add := func(name text, words string) { lines = append(lines, aspect{name, []string{words}}) }
	if f.Left+f.Right != "" {
		add(aspectLeft, f.Left)
		add(aspectRight, f.Right)
		add(aspectDifference, f.Difference)
	}
	add(aspectAllowed, interval(f.Allowed))
	why := a.say(meaning(f))
	if f.Near {
		why += a.say(textNear)
	}
	if f.Unlikely {
		why += a.say(textUnlikely)
	}
	add(aspectVerdict, why)
	if f.Cause != "" {
		add(aspectCause, report.CauseText(f.Cause, a.lang))
	}
	add(aspectLacking, a.list(f.Missing))
	if f.Verdict == finding.Fail || f.Verdict == finding.Rounding {
		add(aspectMessage, f.Message)
		add(aspectSeverity, report.SeverityText(f.Severity).In(a.lang))
	}
	var s strings.Builder
	if err := a.aspects(&s, title, lines); err != nil {
		return err
	}
	head, rest, _ := strings.Cut(s.String(), "\n")
	_, err := fmt.Fprintf(w, "\n%s\n%s%s", head, a.figures(rows), rest)
	return err
}

// meaning is what a verdict means under the tolerance that was used.
func meaning(f *finding.Finding) text {
	trueValues := strings.HasPrefix(f.Tolerance, "rounding") || strings.HasPrefix(f.Tolerance, "cap")
	switch {
	case f.Verdict == finding.Rounding && !trueValues:
		return textTolerated
	case f.Verdict == finding.Fail && (!trueValues || f.Allowed == nil):
		return textBroken
	}
	return meanings[f.Verdict]
}

// figures writes one figure a line, or its name on a line of its own where that would be too long for a line.
func (a *app) figures(rows [][]string) string {
	s := align(rows, 2)
	limit := textWidth(a.stdout)
	if !slices.ContainsFunc(strings.Split(s, "\n"), func(line string) bool { return columns(line) > limit }) {
		return s
	}
	var folded strings.Builder
	var figures [][]string
	for _, row := range rows {
		figures = append(figures, row[1:])
	}
	lines := strings.SplitAfter(align(figures, 4), "\n")
	for i, row := range rows {
		folded.WriteString("  " + row[0] + "\n" + lines[i])
	}
	return folded.String()
}

// short is a place without its file.
func short(p finding.Place) string {
	if p.Line == 0 {
		return p.Path
	}
	if p.Column == 0 {
		return strconv.Itoa(p.Line)
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}

// intervalsOf writes, for each figure of a dataset by its place in the data file, the interval of true values that print
// so: [866.995, 867.005), in the field's unit.
func intervalsOf(d *dataset.Dataset) map[finding.Place]string {
	out := map[finding.Place]string{}
	for i := range d.Facts {
		fact := &d.Facts[i]
		if !fact.Field.Type.Numeric() {
			continue
		}
		for k := range fact.Statements {
			st := &fact.Statements[k]
			if st.Number.Has(number.Missing) {
				continue
			}
			decimals := st.Number.Decimals
			if st.Number.Has(number.Point) {
				decimals = number.Exact
			}
			lo, hi := number.Interval(number.RatOf(st.Value), decimals, d.Rounding)
			at := st.Span.Position()
			place := finding.Place{Path: d.File.Path, Line: at.Line, Column: at.Column}
			if lo.Value.Cmp(hi.Value) == 0 {
				out[place] = exactText(lo.Value)
				continue
			}
			out[place] = interval(&finding.Interval{
				Low: exactText(lo.Value), High: exactText(hi.Value), LowOpen: !lo.Closed, HighOpen: !hi.Closed,
			})
		}
	}
	return out
}

// exactText is a decimal with all its digits and no more.
func exactText(x *big.Rat) string {
	digits, _ := x.FloatPrec()
	return x.FloatString(digits)
}

// interval writes an interval as mathematics does; an end that is not known is infinite.
func interval(in *finding.Interval) string {
	if in == nil || in.Low == "" && in.High == "" {
		return ""
	}
	left, right := "[", "]"
	if in.LowOpen || in.Low == "" {
		left = "("
	}
	if in.HighOpen || in.High == "" {
		right = ")"
	}
	return left + cmp.Or(in.Low, "-∞") + ", " + cmp.Or(in.High, "∞") + right
}
