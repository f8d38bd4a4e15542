package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/ruletest"
	"github.com/gouji/gouji/engine/run"
)

func explainCommand(a *app) *cobra.Command {
	var rules, entities string
	var with []string
	var join bool
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
			return a.explainData(c.Context(), args[0], rules, entities, args[1], with, join)
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return completeRules(c), cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().StringVarP(&rules, "rules", "r", "", a.say(flagRules))
	withFlag(a, c, &with)
	entitiesFlag(a, c, &entities)
	joinFlag(a, c, &join)
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
			return a.print(func(w io.Writer) error { a.restated(w, p.Pack); return nil })
		}
		for _, r := range p.All() {
			if r.ID == id {
				return a.print(func(w io.Writer) error { a.definition(w, p.Pack, r, cases); return nil })
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
func (a *app) aspects(w io.Writer, title string, all []aspect) {
	const indent = 2
	left := 0
	for _, one := range all {
		left = max(left, report.Measure(a.say(one.name)))
	}
	space := max(textWidth(a.stdout)-indent-left-2, 30)
	fmt.Fprintln(w, strings.Join(report.Wrap(title, textWidth(a.stdout)), "\n"))
	for _, one := range all {
		name := a.say(one.name)
		for _, text := range one.lines {
			if strings.TrimSpace(text) == "" {
				continue
			}
			for _, line := range report.Wrap(visible(text), space) {
				fmt.Fprintf(w, "%*s%s%*s%s\n", indent, "", name, left-report.Measure(name)+2, "", line)
				name = ""
			}
		}
	}
}

// definition tells what a rule says: first for people, then where and how it is written.
func (a *app) definition(w io.Writer, p *rule.Pack, r *plan.Rule, cases []ruletest.Case) {
	lang := diag.Lang(a.lang)
	var each, when, lets []string
	for _, e := range r.Let {
		lets = append(lets, e.Key.Value+" = "+e.Value.Value)
	}
	for _, l := range r.Loops {
		each = append(each, l.Formula(lang))
	}
	if r.When != nil {
		when = []string{r.When.Formula(r.Loops, lang)}
	}
	tests := map[finding.Verdict][]string{}
	for _, c := range cases {
		for _, want := range c.Wants {
			if want.Rule == r.ID && !slices.Contains(tests[want.Verdict], c.Name) {
				tests[want.Verdict] = append(tests[want.Verdict], c.Name)
			}
		}
	}
	var tested []string
	for _, v := range finding.Verdicts {
		if names := tests[v]; len(names) > 0 {
			tested = append(tested, report.VerdictText(v).In(a.lang)+a.say(wordColon)+strings.Join(names, a.say(wordSemicolon)))
		}
	}
	years := ""
	if r.Since > 0 || r.Until > 0 {
		years = year(r.Since) + "–" + year(r.Until)
	}
	formula, tolerance := a.asks(r), a.tolerance(r.Tolerance)
	if r.Peers != nil || r.Tolerance.Kind == rule.Rounding && !strings.ContainsAny(formula, "=≤≥") {
		// Nothing is there to be rounded.
		tolerance = ""
	}
	a.aspects(w, r.ID+" "+visible(r.Title), []aspect{
		{aspectCheck, []string{formula}},
		{aspectEach, each},
		{aspectWhen, when},
		{aspectPeers, []string{a.likeUnits(r)}},
		{aspectTolerance, []string{tolerance}},
		{aspectMissing, []string{a.say(missings[r.Missing])}},
		{aspectSeverity, []string{a.severities(r)}},
		{aspectYears, []string{years}},
		{aspectHint, []string{r.Hint}},
		{aspectBasis, []string{r.Basis}},
		{aspectTags, []string{a.list(r.Tags)}},
		{aspectWritten, append(lets, r.Asks().Value, r.Span.String())},
		{aspectPack, []string{strings.TrimSpace(p.ID + " " + p.Title)}},
		{aspectTests, tested},
	})
}

// asks is what a rule asks, in words.
func (a *app) asks(r *plan.Rule) string {
	lang := diag.Lang(a.lang)
	if r.Peers == nil {
		return r.Check.Formula(r.Loops, lang)
	}
	value := r.Peers.Value.Formula(r.Loops, lang)
	if r.Peers.Kind == rule.Unique {
		return a.sayf(textUnique, value)
	}
	return a.sayf(textOutlier, value, r.Peers.Limit.String())
}

// likeUnits says which units are alike to a rule that holds them against one another; "" for others.
func (a *app) likeUnits(r *plan.Rule) string {
	if r.Peers == nil {
		return ""
	}
	same := []string{a.say(textPeersBy)}
	for _, by := range r.Peers.By {
		switch by.Word {
		case rule.ByParent:
			same = append(same, a.say(textPeersParent))
		case rule.ByRegion:
			same = append(same, a.say(textPeersRegion))
		default:
			same = append(same, by.Formula(r.Loops, diag.Lang(a.lang)))
		}
	}
	switch {
	case r.Peers.Kind == rule.Outlier:
		return a.sayf(textOutlierPeers, a.list(same), r.Peers.Least)
	case r.Peers.Value.IsText():
		return a.sayf(textUniquePeers, a.list(same), r.Peers.Length)
	}
	return a.sayf(textPeersAlike, a.list(same))
}

// restated describes the built-in rule.
func (a *app) restated(w io.Writer, p *rule.Pack) {
	severity := a.say(textOff)
	if p.Restated != 0 {
		severity = a.sayf(textSeveritiesSame, report.SeverityText(p.Restated).In(a.lang), report.SeverityText(p.RestatedNear).In(a.lang))
	}
	a.aspects(w, rule.RestatedID+" "+a.say(textRestated), []aspect{
		{aspectCheck, []string{a.say(textRestatedFormula)}},
		{aspectSeverity, []string{severity}},
		{aspectPack, []string{strings.TrimSpace(p.ID + " " + p.Title)}},
	})
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
func (a *app) explainData(ctx context.Context, id, pack, entities, path string, with []string, join bool) error {
	options := engine.Options{
		Rules: pack, EntityList: entities, Join: join, Keep: true, Options: run.Options{Only: []string{id}, All: true, Formulas: diag.Lang(a.lang)},
	}
	result, err := interruptible(ctx, func() (*engine.Result, error) { return engine.Check(ctx, append([]string{path}, with...), options) })
	if err != nil {
		return err
	}
	if err := a.troubles(result); err != nil {
		return err
	}
	own := func(*finding.Input) bool { return true }
	if len(with) > 0 {
		if own, err = at(ctx, path, options); err != nil {
			return err
		}
	}
	return a.print(func(w io.Writer) error {
		// A rule across datasets has figures of others.
		all := map[finding.Place]string{}
		for i, in := range result.Report.Inputs {
			maps.Copy(all, a.trueValues(result.Datasets[i], in.Document))
		}
		for i, in := range result.Report.Inputs {
			if !own(&in) {
				continue
			}
			if err := a.outcomes(w, in, result.Datasets[i], result.Report, all); err != nil {
				return err
			}
		}
		return nil
	})
}

// outcomes writes how the rule came out on one dataset, worst first; all are the true values of all datasets.
func (a *app) outcomes(w io.Writer, in finding.Input, d *dataset.Dataset, r *finding.Report, all map[finding.Place]string) error {
	fmt.Fprintln(w)
	published := d.Source
	if in.Document {
		published = ""
	}
	a.aspects(w, in.Path+" "+in.Entity+" "+in.Period, []aspect{{wordPublished, []string{published}}})
	label := func(path string) string { return visible(cmp.Or(r.Labels[path], path)) }
	own := a.trueValues(d, in.Document)
	trueValue := func(at finding.Place) string { return cmp.Or(own[at], all[at]) }
	var idle, plain []string
	n := 0
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Input != in.Path {
			continue
		}
		n++
		// What the rule does not apply to has no figures to tell.
		if f.Verdict == finding.NotApplicable && f.Instance != "" && f.Cause == "" {
			idle = append(idle, label(f.Instance))
			continue
		}
		// Statements that agree need no more words.
		if f.Verdict == finding.Pass && f.Formula == "" {
			plain = append(plain, label(f.Instance))
			continue
		}
		if err := a.outcome(w, f, cmp.Or(in.Within, in.Path), label, trueValue); err != nil {
			return err
		}
	}
	for _, rest := range []struct {
		verdict   finding.Verdict
		instances []string
	}{{finding.Pass, plain}, {finding.NotApplicable, idle}} {
		if len(rest.instances) > 0 {
			fmt.Fprintln(w)
			a.aspects(w, report.VerdictText(rest.verdict).In(a.lang)+a.say(wordColon)+a.say(meanings[rest.verdict]),
				[]aspect{{aspectInstances, []string{a.list(rest.instances)}}})
		}
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

// outcome writes one instance: the check with its figures, what to think of it, and every figure.
func (a *app) outcome(w io.Writer, f *finding.Finding, file string, label func(string) string, trueValue func(finding.Place) string) error {
	title := report.VerdictText(f.Verdict).In(a.lang)
	if f.Verdict == finding.Fail || f.Unlikely {
		title += a.sayf(textLevel, report.SeverityText(f.Severity).In(a.lang))
	}
	if f.Instance != "" {
		title = label(f.Instance) + a.say(wordColon) + title
	}
	missing := make([]string, len(f.Missing))
	for i, path := range f.Missing {
		missing[i] = label(path)
	}
	cause := ""
	if f.Cause != "" {
		cause = report.CauseText(f.Cause, a.lang)
	}
	all := []aspect{
		{aspectFormula, []string{f.Formula}},
		{aspectVerdict, []string{a.why(f)}},
		{aspectCause, []string{cause}},
		{aspectLacking, []string{a.list(missing)}},
	}
	if acceptance := f.Accepted; acceptance != nil {
		words := slices.DeleteFunc([]string{acceptance.Reason, acceptance.By, acceptance.Until}, func(s string) bool { return s == "" })
		all = append(all, aspect{aspectAccepted, []string{a.list(words)}})
	}
	fmt.Fprintln(w)
	a.aspects(w, title, all)
	var rows [][]string
	figures := slices.ContainsFunc(f.Operands, func(o finding.Operand) bool { return o.Value != "" })
	for i := range f.Operands {
		o := &f.Operands[i]
		// Beside figures, texts are the names by which they were found.
		if figures && o.Value == "" {
			continue
		}
		printed := visible(o.Text)
		if o.Unit != "" && !strings.HasSuffix(printed, o.Unit) {
			printed += " " + o.Unit
		}
		decimals := ""
		if o.Value != "" {
			decimals = a.say(textExact)
			if o.Decimals >= 0 {
				decimals = strconv.Itoa(o.Decimals)
			}
		}
		where := a.place(o)
		if other := o.Data.Path; other != "" && other != file {
			where += " " + visible(other)
		}
		rows = append(rows, []string{visible(o.Label), printed, decimals, trueValue(figure(o.Data, o.Place)), where})
	}
	if len(rows) == 0 {
		return nil
	}
	where := a.say(headPlace)
	if !slices.ContainsFunc(f.Operands, func(o finding.Operand) bool { return o.Data != finding.Place{} }) {
		where = a.say(headWhere)
	}
	return report.Table(w, textWidth(a.stdout), []report.Column{
		{Head: a.say(headFigure), Weight: 3}, {Head: a.say(headPrinted), Weight: 2, Right: true}, {Head: a.say(headDecimals), Right: true},
		{Head: a.say(headTrueValue), Weight: 3}, {Head: where, Weight: 2},
	}, rows)
}

// why says in a sentence why an instance came out so.
func (a *app) why(f *finding.Finding) string {
	byRounding := strings.HasPrefix(f.Tolerance, "rounding") || strings.HasPrefix(f.Tolerance, "cap")
	allowed := a.interval(f.Allowed)
	var why string
	switch {
	case f.Verdict == finding.NotApplicable && f.Cause != "":
		// The cause says it.
		return ""
	case f.Near:
		why = a.sayf(textNear, f.Difference)
	case f.Verdict == finding.Pass && f.Difference != "" && strings.Trim(f.Difference, "-0.") != "" && f.Allowed == nil && strings.Contains(f.Formula, " = "):
		why = a.sayf(textAgrees, f.Difference)
	case allowed == "" || f.Difference == "" || f.Verdict != finding.Fail && f.Verdict != finding.Rounding:
		why = a.say(meanings[f.Verdict])
	case f.Verdict == finding.Fail && strings.Trim(f.Allowed.Low+f.Allowed.High, "0.") == "":
		why = a.sayf(textUnequal, f.Difference)
	case f.Verdict == finding.Fail && byRounding:
		why = a.sayf(textImpossible, allowed, f.Difference)
	case f.Verdict == finding.Fail:
		why = a.sayf(textBeyond, allowed, f.Difference)
	case byRounding:
		why = a.sayf(textPossible, allowed, f.Difference)
	default:
		why = a.sayf(textTolerated, allowed, f.Difference)
	}
	if f.Unlikely {
		why += a.say(textUnlikely)
	}
	return why
}

// place is where a figure stands: 三、支出说明 62:40 (35).
func (a *app) place(o *finding.Operand) string {
	var parts []string
	if o.Place != o.Data {
		if titles := o.Place.Headings(); len(titles) > 0 {
			parts = append(parts, visible(titles[len(titles)-1]))
		}
		parts = append(parts, visible(report.Spot(o.Place, a.lang)))
	}
	if o.Data != (finding.Place{}) {
		parts = append(parts, "("+cmp.Or(report.Spot(o.Data, a.lang), o.Data.Path)+")")
	}
	return strings.Join(parts, " ")
}

// figure tells figures apart: by their places in the data file, or in the document where that itself was read.
func figure(data, published finding.Place) finding.Place {
	if data != (finding.Place{}) {
		return data
	}
	return finding.Place{Line: published.Line, Column: published.Column, Page: published.Page, Cell: published.Cell}
}

// trueValues says, for each figure of a dataset, which true values print so, in the
// field's unit.
func (a *app) trueValues(d *dataset.Dataset, document bool) map[finding.Place]string {
	out := map[finding.Place]string{}
	facts := d.Facts()
	for i := range facts {
		fact := &facts[i]
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
			lo, hi := number.Interval(number.RatOf(st.Value()), decimals, d.Rounding)
			at := st.Span.Position()
			place := finding.Place{Path: st.Span.File.Path, Line: at.Line, Column: at.Column, Cell: st.Span.Cell()}
			if document {
				p := st.Place
				place = figure(finding.Place{}, finding.Place{Line: p.Line, Column: p.Column, Page: p.Page, Cell: p.Cell})
			}
			if lo.Value.Cmp(hi.Value) == 0 {
				out[place] = lo.Value.String()
				continue
			}
			out[place] = a.interval(&finding.Interval{
				Low: lo.Value.String(), High: hi.Value.String(), LowOpen: !lo.Closed, HighOpen: !hi.Closed,
			})
		}
	}
	return out
}

// interval is an interval in words: 866.995 至 867.005（不含上限）. An end that is not known is left out.
func (a *app) interval(in *finding.Interval) string {
	switch {
	case in == nil || in.Low == "" && in.High == "":
		return ""
	case in.Low == "" && in.HighOpen:
		return a.sayf(textBelow, in.High)
	case in.Low == "":
		return a.sayf(textAtMost, in.High)
	case in.High == "" && in.LowOpen:
		return a.sayf(textAbove, in.Low)
	case in.High == "":
		return a.sayf(textAtLeast, in.Low)
	case in.LowOpen && in.HighOpen:
		return a.sayf(textBetween, in.Low, in.High) + a.say(textNoEnds)
	case in.LowOpen:
		return a.sayf(textBetween, in.Low, in.High) + a.say(textNoLow)
	case in.HighOpen:
		return a.sayf(textBetween, in.Low, in.High) + a.say(textNoHigh)
	}
	return a.sayf(textBetween, in.Low, in.High)
}
