package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
)

// acceptFlags are the flags of gouji accept.
type acceptFlags struct {
	rules, entity, period   string
	reason, by, until       string
	file, asOf, entities    string
	with                    []string
	all, dryRun, join       bool
	remove, fill, prune     bool
	rule, instance, subject string
}

func acceptCommand(a *app) *cobra.Command {
	var o acceptFlags
	c := &cobra.Command{
		Use:   "accept RULE [INSTANCE] PATH",
		Short: a.say(shortAccept),
		Long:  a.say(longAccept),
		RunE: func(c *cobra.Command, args []string) error {
			return a.accept(c, args, &o)
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return completeRules(c), cobra.ShellCompDirectiveNoFileComp
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.reason, "reason", "", a.say(flagReason))
	f.StringVar(&o.by, "by", "", a.say(flagBy))
	f.StringVar(&o.until, "until", "", a.say(flagUntil))
	f.BoolVar(&o.all, "all", false, a.say(flagAcceptAll))
	f.BoolVar(&o.dryRun, "dry-run", false, a.say(flagDryRun))
	f.BoolVar(&o.remove, "remove", false, a.say(flagRemove))
	f.BoolVar(&o.fill, "fill", false, a.say(flagFill))
	f.BoolVar(&o.prune, "prune", false, a.say(flagAcceptPrune))
	f.StringVar(&o.file, "accepted", "", a.say(flagAcceptInto))
	f.StringVar(&o.asOf, "as-of", "", a.say(flagAsOf))
	f.StringVarP(&o.rules, "rules", "r", "", a.say(flagRules))
	withFlag(a, c, &o.with)
	entitiesFlag(a, c, &o.entities)
	joinFlag(a, c, &o.join)
	headerFlags(a, c, &o.entity, &o.period)
	completePacks(c)
	return c
}

// accept writes what may stand, and why, into the data or beside it.
func (a *app) accept(c *cobra.Command, args []string, o *acceptFlags) error {
	ctx := c.Context()
	var modes []string
	for _, m := range []struct {
		flag string
		set  bool
	}{{"--remove", o.remove}, {"--fill", o.fill}, {"--prune", o.prune}} {
		if m.set {
			modes = append(modes, m.flag)
		}
	}
	// Filling in and pruning are of a whole file.
	whole := o.fill || o.prune
	for _, flag := range []string{"reason", "by", "until", "all"} {
		if len(modes) > 0 && c.Flags().Changed(flag) && (flag != "all" || whole) {
			modes = append(modes, "--"+flag)
		}
	}
	if len(modes) > 1 {
		return a.problem(textTogether, modes[0], modes[1])
	}
	least, most := 2, 3
	if whole {
		least, most = 1, 1
	}
	if err := a.argCount(least, most)(c, args); err != nil {
		return err
	}
	if o.subject = args[len(args)-1]; !whole {
		o.rule = args[0]
	}
	if len(args) == 3 {
		o.instance = args[1]
	}
	if o.all && o.instance != "" {
		return a.problem(textAllAndOne, o.instance)
	}
	if err := a.day(o.asOf); err != nil {
		return err
	}
	if o.asOf == "" {
		o.asOf = time.Now().Format(time.DateOnly)
	}
	if o.until != "" && o.until != never {
		if !acceptance.IsDay(o.until) || o.until < o.asOf {
			p := a.problem(textBadValue, o.until, "--until")
			p.hint = a.say(textUntilDay)
			return p
		}
	}
	if o.reason = strings.TrimSpace(o.reason); o.reason == "" && c.Flags().Changed("reason") {
		return a.problem(textNoValue, "--reason")
	}
	if info, err := os.Stat(o.subject); err == nil && info.IsDir() && !o.join {
		return a.problem(textWantFile, o.subject)
	}
	options := engine.Options{
		Rules: o.rules, Packs: rulesFolder, Entity: o.entity, Period: o.period, EntityList: o.entities, Join: o.join, Today: o.asOf, Options: run.Options{Version: buildVersion()},
	}
	if o.file != "" {
		if _, err := os.Stat(o.file); err == nil {
			options.Accepted = []string{o.file}
		}
	}
	result, err := interruptible(ctx, func() (*engine.Result, error) {
		return engine.Check(ctx, append([]string{o.subject}, o.with...), options)
	})
	if err != nil {
		return err
	}
	if len(o.with) > 0 {
		if err := onlyAt(ctx, result.Report, o.subject, options); err != nil {
			return err
		}
	}
	pruned := result.Diagnostics
	result.Diagnostics = onlyErrors(result.Diagnostics)
	if err := a.troubles(result); err != nil {
		return err
	}
	if len(result.Report.Inputs) == 0 || a.status != success {
		return a.problem(textNothingAccepted)
	}
	e := &accepting{app: a, flags: o, report: result.Report}
	if err := e.open(); err != nil {
		return err
	}
	switch {
	case o.remove:
		err = e.drop()
	case o.fill:
		err = e.complete()
	case o.prune:
		err = e.cut(pruned)
	default:
		err = e.put()
	}
	if err != nil {
		return err
	}
	return e.write(ctx)
}

// onlyAt leaves of a report what is said of the inputs at a path.
func onlyAt(ctx context.Context, r *finding.Report, path string, o engine.Options) error {
	own, err := at(ctx, path, o)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	r.Inputs = slices.DeleteFunc(r.Inputs, func(in finding.Input) bool {
		kept[in.Path] = own(&in)
		return !kept[in.Path]
	})
	r.Findings = slices.DeleteFunc(r.Findings, func(f finding.Finding) bool { return !kept[f.Input] })
	return nil
}

// accepting is one call of gouji accept.
type accepting struct {
	*app
	flags  *acceptFlags
	report *finding.Report
	// texts are the files that hold acceptances of the input, or may; before is what they held.
	texts  []*acceptance.Text
	before [][]byte
	exists []bool
}

// open reads the dataset, the file beside the input, and the file of the flag, as far as they are there.
func (e *accepting) open() error {
	in := e.report.Inputs[0]
	var names []string
	// What is accepted of one of many datasets in a file stands beside the file.
	if !in.Document && in.Within == "" {
		names = append(names, in.Path)
	}
	names = append(names, cmp.Or(in.Within, in.Path)+acceptance.Suffix)
	if e.flags.file != "" {
		names = append(names, e.flags.file)
	}
	for _, name := range names {
		text, list, err := engine.OpenAccepted(name, name == e.flags.file)
		there := err == nil
		switch {
		case errors.Is(err, fs.ErrNotExist):
			text = engine.NewAccepted(name)
		case err != nil:
			return err
		case text == nil:
			return errors.Join(e.diagnostics(e.stderr, list), e.problem(textNothingAccepted))
		}
		e.texts, e.before, e.exists = append(e.texts, text), append(e.before, text.Bytes()), append(e.exists, there)
	}
	return nil
}

// entry is where an acceptance stands: in a text, at an index.
type entry struct {
	text, index int
	*acceptance.Entry
}

func (e *accepting) entries() []entry {
	var all []entry
	for i, t := range e.texts {
		for k, one := range t.Entries() {
			all = append(all, entry{i, k, one})
		}
	}
	return all
}

// target is the text that takes a new entry.
func (e *accepting) target() int {
	if e.flags.file != "" {
		return len(e.texts) - 1
	}
	return slices.IndexFunc(e.texts, (*acceptance.Text).Holds)
}

// put accepts the findings that the arguments name.
func (e *accepting) put() error {
	findings, err := e.findings()
	if err != nil {
		return err
	}
	for _, f := range findings {
		old := entry{e.target(), -1, &acceptance.Entry{Rule: f.Rule, Instance: f.Instance}}
		if e.flags.file != "" || e.report.Inputs[0].Within != "" {
			old.Entity, old.Period = f.Entity, f.Period
		}
		for _, one := range e.entries() {
			if one.Of(f) {
				old = one
				break
			}
		}
		next := *old.Entry
		next.Title, next.State = f.Title, acceptance.StateOf(f)
		if e.flags.reason != "" {
			next.Reason = e.flags.reason
		}
		if e.flags.by != "" {
			next.By = e.flags.by
		}
		switch {
		case e.flags.until == never:
			next.Until = ""
		case e.flags.until != "":
			next.Until = e.flags.until
		case next.Expired(e.flags.asOf):
			return e.problem(textStillExpired, next.Name(), next.Until)
		}
		if next.Reason == "" {
			p := e.problem(textNoReason, next.Name())
			p.hint = e.say(hintReason)
			return p
		}
		if err := e.change(old.text, old.index, &next); err != nil {
			return err
		}
	}
	return nil
}

// change writes an entry into a text, or over the one at an index.
func (e *accepting) change(text, index int, next *acceptance.Entry) error {
	t, err := e.texts[text].Put(index, next)
	if err != nil {
		return e.problem(textUnsafe, e.texts[text].File.Path)
	}
	e.texts[text] = t
	return nil
}

// findings are those that the arguments name. When they name none, or more than one without --all, the problem says which
// there are.
func (e *accepting) findings() ([]*finding.Finding, error) {
	var of, all []*finding.Finding
	var rules []string
	for i := range e.report.Findings {
		f := &e.report.Findings[i]
		if !f.Told() || !e.means(f) {
			continue
		}
		if !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
		if f.Rule != e.flags.rule {
			continue
		}
		of = append(of, f)
		if e.flags.instance == "" || acceptance.Calls(e.report.Labels, f, e.flags.instance) {
			all = append(all, f)
		}
	}
	// A whole name goes before the end of one.
	if exact := slices.DeleteFunc(slices.Clone(all), func(f *finding.Finding) bool { return f.Instance != e.flags.instance }); e.flags.instance != "" && len(exact) > 0 {
		all = exact
	}
	switch {
	case len(of) == 0:
		return nil, e.noFinding(rules)
	case len(all) == 0:
		p := e.problem(textNoInstanceFound, e.flags.rule, e.flags.instance)
		p.hint = e.meant(e.flags.instance, instances(of))
		return nil, e.listed(p, e.findingLines(of))
	case len(all) > 1 && !e.flags.all:
		p := e.problem(textSeveral, e.flags.rule, len(all))
		p.hint = e.say(hintSeveral)
		return nil, e.listed(p, e.findingLines(all))
	}
	return all, nil
}

// means reports whether a finding is of the entity and the period that the flags name, of those that a file holds.
func (e *accepting) means(f *finding.Finding) bool {
	return (e.flags.entity == "" || e.flags.entity == f.Entity) && (e.flags.period == "" || e.flags.period == f.Period)
}

// noFinding says that a rule has found nothing: there is no such rule, or it holds.
func (e *accepting) noFinding(rules []string) error {
	var known []string
	for _, r := range e.report.Rules {
		known = append(known, r.ID)
	}
	if !slices.Contains(known, e.flags.rule) {
		p := e.problem(textUnknown, e.say(wordRuleName), e.flags.rule)
		p.hint = e.meant(e.flags.rule, known) + e.say(textSeeList)
		return p
	}
	p := e.problem(textNothingFound, e.flags.rule, e.flags.subject)
	decided := func(r finding.Rule) bool { return r.ID == e.flags.rule && r.Tally.Decided() > 0 }
	if e.flags.rule != rule.RestatedID && len(e.flags.with) == 0 && !slices.ContainsFunc(e.report.Rules, decided) {
		p.hint = e.say(hintWith)
	}
	return e.listed(p, rules)
}

func instances(findings []*finding.Finding) []string {
	var names []string
	for _, f := range findings {
		names = append(names, f.Instance)
	}
	return names
}

// findingLines tells findings shortly, one a line.
func (e *accepting) findingLines(findings []*finding.Finding) []string {
	var lines []string
	for _, f := range findings {
		line := orDash(f.Instance)
		if f.Message != "" && f.Message != f.Title {
			line += "  " + f.Message
		}
		lines = append(lines, line)
	}
	return lines
}

// mostListed is how many findings or rules are named when none was meant.
const mostListed = 30

// listed tells a problem and what there is instead.
func (e *accepting) listed(p *problem, lines []string) error {
	for i, line := range lines {
		if i == mostListed {
			p.lines = append(p.lines, e.sayf(textMore, len(lines)-i))
			break
		}
		p.lines = append(p.lines, line)
	}
	return p
}

// drop takes away the acceptances that the arguments name.
func (e *accepting) drop() error {
	var of, all []entry
	for _, one := range e.entries() {
		if e.relevant(one) && one.Rule == e.flags.rule {
			of = append(of, one)
			if e.flags.instance == "" || one.Instance == e.flags.instance || strings.HasSuffix(one.Instance, "["+e.flags.instance+"]") {
				all = append(all, one)
			}
		}
	}
	var lines []string
	for _, one := range of {
		lines = append(lines, fmt.Sprintf("%s  %s", orDash(one.Instance), one.Reason))
	}
	switch {
	case len(all) == 0:
		return e.listed(e.problem(textNotAccepted, acceptance.Name(e.flags.rule, e.flags.instance), e.flags.subject), lines)
	case len(all) > 1 && !e.flags.all:
		p := e.problem(textSeveral, e.flags.rule, len(all))
		p.hint = e.say(hintSeveral)
		return e.listed(p, lines)
	}
	return e.dropAll(all)
}

// relevant reports whether an entry may be about the input: a file for several units has others too.
func (e *accepting) relevant(one entry) bool {
	in := e.report.Inputs[0]
	return (one.Entity == "" || one.Entity == in.Entity) && (one.Period == "" || one.Period == in.Period)
}

// dropAll takes entries away, the last first, so that the indexes of the others stay.
func (e *accepting) dropAll(all []entry) error {
	slices.Reverse(all)
	for _, one := range all {
		t, err := e.texts[one.text].Drop(one.index)
		if err != nil {
			return e.problem(textUnsafe, e.texts[one.text].File.Path)
		}
		e.texts[one.text] = t
	}
	return nil
}

// complete fills in what was found where an acceptance does not say it.
func (e *accepting) complete() error {
	for _, one := range e.entries() {
		if one.Bound() {
			continue
		}
		for i := range e.report.Findings {
			f := &e.report.Findings[i]
			if !f.Told() || !one.Of(f) {
				continue
			}
			next := *one.Entry
			next.Title, next.State = f.Title, acceptance.StateOf(f)
			if err := e.change(one.text, one.index, &next); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// cut takes away the acceptances of which the check said that nothing is found there any more. Where it has an idea what
// was meant, somebody has to look.
func (e *accepting) cut(told diag.List) error {
	var gone []entry
	for _, one := range e.entries() {
		at := one.Node.Get("rule").Span
		if slices.ContainsFunc(told, func(d diag.Diagnostic) bool {
			return d.Code == diag.AcceptedUnneeded && d.Suggestion == "" && d.Span.String() == at.String()
		}) {
			gone = append(gone, one)
		}
	}
	return e.dropAll(gone)
}

// write shows what changed and, unless it was only asked for, writes it.
func (e *accepting) write(ctx context.Context) error {
	changed := false
	for i, t := range e.texts {
		content := t.Bytes()
		if bytes.Equal(content, e.before[i]) {
			continue
		}
		changed = true
		path := t.File.Path
		// A file of acceptances without any goes away.
		empty := len(bytes.TrimSpace(content)) == 0
		if !e.flags.dryRun {
			var err error
			if empty {
				err = os.Remove(path)
			} else {
				err = e.save(ctx, path, nil, func(w io.Writer) error { _, err := w.Write(content); return err })
			}
			if err != nil {
				return err
			}
		}
		head := textWritten
		switch {
		case e.flags.dryRun:
			head = textWouldWrite
		case empty:
			head = textFileGone
		}
		if err := e.print(func(w io.Writer) error {
			fmt.Fprintln(w, e.sayf(head, visible(path)))
			_, err := io.WriteString(w, changedLines(string(e.before[i]), string(content)))
			return err
		}); err != nil {
			return err
		}
	}
	if !changed {
		return e.print(func(w io.Writer) error { _, err := fmt.Fprintln(w, e.say(textNothingToWrite)); return err })
	}
	return nil
}

// changedLines are the lines that differ between two texts, each with its number, behind + or -.
func changedLines(before, after string) string {
	split := func(s string) []string {
		lines := strings.SplitAfter(s, "\n")
		if lines[len(lines)-1] == "" {
			lines = lines[:len(lines)-1]
		}
		return lines
	}
	old, now := split(before), split(after)
	// The usual change is short: what is alike before and behind it is left out first.
	from := 0
	for from < min(len(old), len(now)) && old[from] == now[from] {
		from++
	}
	to := 0
	for to < min(len(old), len(now))-from && old[len(old)-1-to] == now[len(now)-1-to] {
		to++
	}
	a, b := old[from:len(old)-to], now[from:len(now)-to]
	common := alike(a, b)
	var s strings.Builder
	line := func(sign string, n int, text string) {
		fmt.Fprintf(&s, "%6d %s %s\n", n, sign, visible(strings.TrimRight(text, "\r\n")))
	}
	i, k := 0, 0
	for _, pair := range append(common, [2]int{len(a), len(b)}) {
		for ; i < pair[0]; i++ {
			line("-", from+i+1, a[i])
		}
		for ; k < pair[1]; k++ {
			line("+", from+k+1, b[k])
		}
		i, k = pair[0]+1, pair[1]+1
	}
	return s.String()
}

// alike is a longest common subsequence of two texts, as pairs of indexes. Of long ones it is none, so that all of both
// is shown.
func alike(a, b []string) [][2]int {
	if len(a)*len(b) > 1<<22 {
		return nil
	}
	longest := make([][]int, len(a)+1)
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for k := len(b) - 1; k >= 0; k-- {
			if a[i] == b[k] {
				longest[i][k] = longest[i+1][k+1] + 1
			} else {
				longest[i][k] = max(longest[i+1][k], longest[i][k+1])
			}
		}
	}
	var pairs [][2]int
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] == b[k]:
			pairs = append(pairs, [2]int{i, k})
			i, k = i+1, k+1
		case longest[i+1][k] >= longest[i][k+1]:
			i++
		default:
			k++
		}
	}
	return pairs
}
