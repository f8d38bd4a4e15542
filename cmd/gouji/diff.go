package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
)

// diffFlags are the flags of gouji diff.
type diffFlags struct {
	rules, format, output, failOn, asOf string
	entities                            string
	all, strict, join                   bool
	jobs                                int
}

func diffCommand(a *app) *cobra.Command {
	var o diffFlags
	c := &cobra.Command{
		Use:   "diff OLD NEW [PATH…]",
		Short: a.say(shortDiff),
		Long:  a.say(longDiff) + "\n\n" + a.say(headFormats) + "\n" + a.diffFormats() + "\n" + a.say(longDiffStatus),
		Args:  a.argCount(2, -1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.diff(c.Context(), args, &o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.format, "format", "f", report.DiffFormats[0].Name, a.sayf(flagReport, report.DiffFormats[0].Name))
	f.StringVarP(&o.output, "output", "o", "", a.say(flagOutput))
	f.StringVar(&o.failOn, "fail-on", finding.Error.String(), a.sayf(flagDiffFailOn, a.list(failOns())))
	f.BoolVar(&o.all, "all", false, a.say(flagDiffAll))
	f.StringVarP(&o.rules, "rules", "r", "", a.say(flagRules))
	f.BoolVar(&o.strict, "strict", false, a.say(flagStrict))
	entitiesFlag(a, c, &o.entities)
	joinFlag(a, c, &o.join)
	f.StringVar(&o.asOf, "as-of", "", a.say(flagAsOf))
	f.IntVarP(&o.jobs, "jobs", "j", 0, a.say(flagJobs))
	f.Lookup("format").DefValue, f.Lookup("fail-on").DefValue = "", ""
	a.complete(c, "format", diffFormatNames())
	a.complete(c, "fail-on", failOns())
	completePacks(c)
	return c
}

func diffFormatNames() []string {
	var names []string
	for _, f := range report.DiffFormats {
		names = append(names, f.Name)
	}
	return names
}

// diffFormats tells what each format of comparisons is for.
func (a *app) diffFormats() string {
	var rows [][]string
	for _, f := range report.DiffFormats {
		rows = append(rows, []string{f.Name, f.Doc.In(a.lang)})
	}
	return align(rows, 2)
}

// diff compares two reports, or what is found in two revisions.
func (a *app) diff(ctx context.Context, args []string, o *diffFlags) error {
	var format *report.DiffFormat
	for i := range report.DiffFormats {
		if report.DiffFormats[i].Name == o.format {
			format = &report.DiffFormats[i]
		}
	}
	if format == nil {
		return a.unknown(wordFormat, o.format, diffFormatNames())
	}
	failOn, ok := finding.ParseSeverity(o.failOn)
	if !ok && o.failOn != never {
		return a.unknown(wordSeverity, o.failOn, failOns())
	}
	if err := a.day(o.asOf); err != nil {
		return err
	}
	if o.jobs < 0 {
		return a.problem(textBadValue, o.jobs, "--jobs")
	}
	read := a.revisions
	if isFile(args[0]) && isFile(args[1]) {
		if read = a.readReports; len(args) > 2 {
			return a.problem(textTooMany, args[2])
		}
	}
	old, now, err := read(ctx, args, o)
	if err != nil {
		return err
	}
	comparison := finding.Compare(old, now)
	labels := map[string]string{}
	maps.Copy(labels, old.Labels)
	maps.Copy(labels, now.Labels)
	options := report.DiffOptions{Options: report.Options{Lang: a.lang, All: o.all}, Version: buildVersion(), Labels: labels}
	render := func(w io.Writer) error { return format.Write(w, &comparison, options) }
	if o.output == "" {
		options.Width = textWidth(a.stdout)
		err = a.printed(ctx, render)
	} else {
		options.Width = textWidth(nil)
		err = a.save(ctx, o.output, args[:2], render)
	}
	if o.failOn != never && comparison.Worst() >= failOn {
		a.raise(found)
	}
	return err
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

// readReports reads two reports in the json format.
func (a *app) readReports(_ context.Context, args []string, _ *diffFlags) (old, now *finding.Report, err error) {
	reports := make([]*finding.Report, 2)
	for i, name := range args[:2] {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		r, list := report.ReadJSON(source.New(filepath.ToSlash(name), content))
		if r == nil {
			if err := a.diagnostics(a.stderr, list); err != nil {
				return nil, nil, err
			}
			return nil, nil, a.problem(textNotCompared, name)
		}
		reports[i] = r
	}
	return reports[0], reports[1], nil
}

// revisions checks two revisions of the repository, each with the packs and the list of entities that it holds itself. A
// folder that a revision does not have holds nothing, and one of them may have no list.
func (a *app) revisions(ctx context.Context, args []string, o *diffFlags) (old, now *finding.Report, err error) {
	repo, err := a.repository(ctx)
	if err != nil {
		return nil, nil, err
	}
	paths := args[2:]
	if len(paths) == 0 {
		paths = []string{datasetsFolder}
	}
	below := func(name string) (string, error) {
		at, ok := repo.Path(name)
		if !ok {
			return "", a.problem(textOutside, name)
		}
		return at, nil
	}
	var names []string
	for _, p := range paths {
		name, err := below(p)
		if err != nil {
			return nil, nil, err
		}
		names = append(names, name)
	}
	packs, err := below(rulesFolder)
	if err != nil {
		return nil, nil, err
	}
	rules := o.rules
	if rules != "" && !isShipped(rules) {
		if rules, err = below(rules); err != nil {
			return nil, nil, err
		}
		rules = "./" + rules
	}
	list := ""
	if o.entities != "" {
		if list, err = below(o.entities); err != nil {
			return nil, nil, err
		}
	}
	reports := make([]*finding.Report, 2)
	judged, listed := false, list == ""
	for i, revision := range args[:2] {
		tree, err := repo.Tree(ctx, revision)
		if err != nil {
			return nil, nil, a.gitTrouble(err)
		}
		defer tree.Close()
		options := engine.Options{
			Files: tree, Rules: rules, Packs: packs, Join: o.join, Today: o.asOf, Options: run.Options{Strict: o.strict, Jobs: o.jobs, Version: buildVersion()},
		}
		if list != "" {
			if _, err = fs.Stat(tree, list); err == nil {
				options.EntityList, listed = list, true
			} else if !errors.Is(err, fs.ErrNotExist) || i == 1 && !listed {
				return nil, nil, err
			}
		}
		there := make([]string, 0, len(names))
		for _, name := range names {
			if _, err := fs.Stat(tree, name); err == nil {
				there = append(there, name)
			}
		}
		if len(there) == 0 {
			reports[i] = &finding.Report{}
			continue
		}
		result, err := interruptible(ctx, func() (*engine.Result, error) { return engine.Check(ctx, there, options) })
		if err != nil {
			return nil, nil, err
		}
		// Warnings of either are told by gouji check.
		result.Diagnostics = onlyErrors(result.Diagnostics)
		if n := len(badFiles(result)) + len(result.Unreadable); n > 0 {
			a.tell(a.sayf(textInRevision, revision, n), "")
		}
		if err := a.troubles(result); err != nil {
			return nil, nil, err
		}
		reports[i] = result.Report
		judged = judged || result.Report.Summary.Bound()
	}
	if !judged {
		return nil, nil, a.problem(textNotBound)
	}
	return reports[0], reports[1], nil
}
