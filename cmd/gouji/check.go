package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
)

// datasetsFolder is what is checked when no path is named.
const datasetsFolder = "datasets"

// never as --fail-on: no finding fails the run.
const never = "never"

// checkFlags are the flags of gouji check.
type checkFlags struct {
	rules, format, output, failOn string
	entity, period                string
	only, skip                    []string
	all, strict                   bool
	jobs                          int
}

func checkCommand(a *app) *cobra.Command {
	var o checkFlags
	c := &cobra.Command{
		Use:   "check [PATH…]",
		Short: a.say(shortCheck),
		Long:  a.say(longCheck) + "\n\n" + a.say(headFormats) + "\n" + a.formats() + "\n" + a.say(longStatus),
		RunE: func(c *cobra.Command, paths []string) error {
			return a.check(c.Context(), paths, &o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.rules, "rules", "r", "", a.say(flagRules))
	f.StringVarP(&o.format, "format", "f", report.Formats[0].Name, a.sayf(flagReport, report.Names()[0]))
	f.StringVarP(&o.output, "output", "o", "", a.say(flagOutput))
	f.StringVar(&o.failOn, "fail-on", finding.Error.String(), a.sayf(flagFailOn, a.list(failOns())))
	f.StringSliceVar(&o.only, "only", nil, a.say(flagOnly))
	f.StringSliceVar(&o.skip, "skip", nil, a.say(flagSkip))
	f.BoolVar(&o.all, "all", false, a.say(flagAll))
	f.BoolVar(&o.strict, "strict", false, a.say(flagStrict))
	f.IntVarP(&o.jobs, "jobs", "j", 0, a.say(flagJobs))
	headerFlags(a, c, &o.entity, &o.period)
	// The help texts name the defaults.
	f.Lookup("format").DefValue, f.Lookup("fail-on").DefValue = "", ""
	a.complete(c, "format", report.Names())
	a.complete(c, "fail-on", failOns())
	for _, name := range []string{"only", "skip"} {
		_ = c.RegisterFlagCompletionFunc(name, func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return completeRules(c), cobra.ShellCompDirectiveNoFileComp
		})
	}
	completePacks(c)
	return c
}

// failOns lists the values of --fail-on.
func failOns() []string {
	var names []string
	for _, s := range finding.Severities {
		names = append(names, s.String())
	}
	return append(names, never)
}

// formats tells what each format is for.
func (a *app) formats() string {
	var rows [][]string
	for _, f := range report.Formats {
		rows = append(rows, []string{f.Name, f.Doc.In(a.lang)})
	}
	return align(rows, 2)
}

func (a *app) check(ctx context.Context, paths []string, o *checkFlags) error {
	format, ok := report.Lookup(o.format)
	if !ok {
		return a.unknown(wordFormat, o.format, report.Names())
	}
	failOn, ok := finding.ParseSeverity(o.failOn)
	if !ok && o.failOn != never {
		return a.unknown(wordSeverity, o.failOn, failOns())
	}
	if o.jobs < 0 {
		return a.problem(textBadValue, o.jobs, "--jobs")
	}
	only, skip := ids(o.only), ids(o.skip)
	if len(o.only) > 0 && len(only) == 0 {
		// Only commas must not mean every rule.
		return a.problem(textNoValue, "--only")
	}
	if len(paths) == 0 {
		if _, err := os.Stat(datasetsFolder); errors.Is(err, fs.ErrNotExist) {
			return a.problem(textNoFolder, datasetsFolder)
		}
		paths = []string{datasetsFolder}
	}
	result, err := interruptible(ctx, func() (*engine.Result, error) {
		return engine.Check(ctx, paths, engine.Options{Rules: o.rules, Packs: rulesFolder, Entity: o.entity, Period: o.period, Keep: format.Holds, Options: run.Options{
			Only: only, Skip: skip, All: o.all || format.Holds, Strict: o.strict, Jobs: o.jobs, Version: buildVersion(),
			Suspects: format.Suspects,
		}})
	})
	if err != nil {
		return err
	}
	if err := a.troubles(result); err != nil {
		return err
	}
	r := result.Report
	if len(r.Inputs) == 0 {
		return a.problem(textNothingRead)
	}
	options := report.Options{Lang: a.lang, All: o.all, Document: result.Document}
	if o.output == "" {
		options.Width = textWidth(a.stdout)
		err = a.print(func(w io.Writer) error { return format.Write(w, r, options) })
	} else {
		options.Width = textWidth(nil)
		err = a.save(ctx, o.output, r.Inputs, func(w io.Writer) error { return format.Write(w, r, options) })
	}
	if o.failOn != never && r.Worst() >= failOn {
		a.raise(found)
	}
	if n := badFiles(result); n > 0 {
		a.tell(a.sayf(textSomeBad, n, len(r.Inputs)), "")
	}
	if !r.Summary.Bound() {
		a.raise(unusable)
		a.tell(a.say(textNotBound), "")
	}
	return err
}

// troubles tells what is wrong with packs, data files and paths. A bad pack is an error.
func (a *app) troubles(result *engine.Result) error {
	if err := a.diagnostics(a.stderr, result.Diagnostics); err != nil {
		return err
	}
	for _, err := range result.Unreadable {
		a.unreadable(err)
	}
	if result.BadPack {
		return a.problem(textBadPack)
	}
	return nil
}

// badFiles counts the data files and paths that were not checked.
func badFiles(result *engine.Result) int {
	bad := map[string]bool{}
	for _, d := range result.Diagnostics {
		if d.Severity == diag.Error && d.Span.File != nil {
			bad[d.Span.File.Path] = true
		}
	}
	return len(bad) + len(result.Unreadable)
}

// ids drops what is blank among names separated by commas.
func ids(names []string) []string {
	var out []string
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" {
			out = append(out, n)
		}
	}
	return out
}
