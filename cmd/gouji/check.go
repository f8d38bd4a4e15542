package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/store"
)

// datasetsFolder is what is checked when no path is named.
const datasetsFolder = "datasets"

// never as --fail-on: no finding fails the run.
const never = "never"

// checkFlags are the flags of gouji check.
type checkFlags struct {
	rules, output, failOn string
	formats               []string
	entity, period, since string
	only, skip            []string
	all, strict, join     bool
	jobs                  int
	cache                 string
	resume                bool
	entities              string
	standing
}

func checkCommand(a *app) *cobra.Command {
	var o checkFlags
	c := &cobra.Command{
		Use:   "check [PATH…]",
		Short: a.say(shortCheck),
		Long:  a.say(longCheck) + "\n\n" + a.say(headFormats) + "\n" + a.formats() + "\n" + a.say(longStatus),
		RunE: func(c *cobra.Command, paths []string) error {
			return a.check(c.Context(), paths, &o, c.InOrStdin())
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.rules, "rules", "r", "", a.say(flagRules))
	f.StringArrayVarP(&o.formats, "format", "f", nil, a.sayf(flagReport, report.Names()[0]))
	f.StringVarP(&o.output, "output", "o", "", a.say(flagSave))
	f.StringVar(&o.failOn, "fail-on", finding.Error.String(), a.sayf(flagFailOn, a.list(failOns())))
	ruleFlags(a, c, &o.only, &o.skip)
	f.BoolVar(&o.all, "all", false, a.say(flagAll))
	f.BoolVar(&o.strict, "strict", false, a.say(flagStrict))
	joinFlag(a, c, &o.join)
	f.IntVarP(&o.jobs, "jobs", "j", 0, a.say(flagJobs))
	f.StringVar(&o.since, "since", "", a.say(flagSince))
	f.StringVar(&o.cache, "cache", "", a.say(flagCache))
	f.BoolVar(&o.resume, "resume", false, a.say(flagResume))
	standingFlags(a, c, &o.standing)
	entitiesFlag(a, c, &o.entities)
	headerFlags(a, c, &o.entity, &o.period)
	// The help texts name the defaults.
	f.Lookup("fail-on").DefValue = ""
	_ = c.RegisterFlagCompletionFunc("format", func(_ *cobra.Command, _ []string, value string) ([]string, cobra.ShellCompDirective) {
		if strings.Contains(value, "=") {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return formatNames(), cobra.ShellCompDirectiveNoFileComp
	})
	a.complete(c, "fail-on", failOns())
	completePacks(c)
	return c
}

// entitiesFlag is the flag of every command that judges rules across datasets.
func entitiesFlag(a *app, c *cobra.Command, file *string) {
	c.Flags().StringVar(file, "entities", "", a.say(flagEntities))
}

// joinFlag is the flag that has tables put together.
func joinFlag(a *app, c *cobra.Command, join *bool) {
	c.Flags().BoolVar(join, "join", false, a.say(flagJoin))
}

// withFlag is the flag that names other data beside those that are asked about.
func withFlag(a *app, c *cobra.Command, with *[]string) {
	c.Flags().StringArrayVar(with, "with", nil, a.say(flagWith))
}

// at tells which inputs stand at a path: others were read for rules across datasets alone.
func at(ctx context.Context, path string, o engine.Options) (func(*finding.Input) bool, error) {
	files, _, err := engine.List(ctx, []string{path}, o)
	return func(in *finding.Input) bool { return slices.Contains(files, cmp.Or(in.Within, in.Path)) }, err
}

// ruleFlags are the flags that choose rules.
func ruleFlags(a *app, c *cobra.Command, only, skip *[]string) {
	c.Flags().StringSliceVar(only, "only", nil, a.say(flagOnly))
	c.Flags().StringSliceVar(skip, "skip", nil, a.say(flagSkip))
	for _, name := range []string{"only", "skip"} {
		_ = c.RegisterFlagCompletionFunc(name, func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return completeRules(c), cobra.ShellCompDirectiveNoFileComp
		})
	}
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
	for _, k := range store.Kinds {
		rows = append(rows, []string{k.Name, k.Doc.In(a.lang)})
	}
	return align(rows, 2)
}

func (a *app) check(ctx context.Context, paths []string, o *checkFlags, stdin io.Reader) error {
	outputs, err := a.outputs(o.formats, o.output)
	if err != nil {
		return err
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
	if err := a.day(o.asOf); err != nil {
		return err
	}
	if len(paths) == 0 {
		if _, err := os.Stat(datasetsFolder); errors.Is(err, fs.ErrNotExist) {
			return a.problem(textNoFolder, datasetsFolder)
		}
		paths = []string{datasetsFolder}
	}
	var holds, documents, suspects, sums bool
	for _, out := range outputs {
		holds, documents, suspects = holds || out.format.Holds, documents || out.format.Documents, suspects || out.format.Suspects
		sums = sums || out.format.Sums || out.store != nil
		if out.path != "" && out.store == nil {
			// What cannot be written is told before the work, not after it.
			if _, err := a.target(out.path, paths); err != nil {
				return named(out.path, err)
			}
		}
	}
	options := engine.Options{Rules: o.rules, Packs: rulesFolder, Entity: o.entity, Period: o.period, EntityList: o.entities, Join: o.join, Keep: documents, Sums: sums,
		Accepted: o.accepted, Baseline: o.baseline, Today: o.asOf, Options: run.Options{
			Only: only, Skip: skip, All: o.all || holds, Strict: o.strict, Jobs: o.jobs, Version: buildVersion(), Suspects: suspects,
		}}
	if o.since != "" {
		if paths, err = a.since(ctx, o.since, paths, &options); err != nil {
			return err
		}
	}
	if o.failOn == never {
		failOn = finding.Error + 1
	}
	results, err := a.keep(o, paths, &options)
	if err != nil {
		return err
	}
	whole := false
	defer func() {
		if err := results.end(whole); err != nil {
			a.complain(ctx, err)
		}
	}()
	var result *engine.Result
	ropts := report.Options{Lang: a.lang, All: o.all, FailOn: failOn, Document: func(path string) *document.Document { return result.Document(path) }}
	sink := &feeds{app: a}
	for _, out := range outputs {
		if out.store != nil {
			f, err := a.store(ctx, out, o)
			if err != nil {
				sink.end(ctx, nil)
				return err
			}
			sink.feeds = append(sink.feeds, f)
			continue
		}
		ropts := ropts
		if out.path == "" {
			ropts.Width, ropts.Color = textWidth(a.stdout), a.painter(a.stdout)
		} else {
			ropts.Width, ropts.Link = textWidth(nil), linksFrom(out.path)
		}
		sink.feeds = append(sink.feeds, a.feed(ctx, out, ropts))
	}
	watched := a.progress()
	options.Progress, options.Stdin = watched.show, stdin
	result, err = interruptible(ctx, func() (*engine.Result, error) { return engine.Stream(ctx, paths, options, sink) })
	watched.done()
	if problem := a.judged(result, err, sink, o.since); problem != nil {
		sink.end(ctx, nil)
		if errors.Is(problem, errUnfinished) {
			return nil
		}
		return problem
	}
	r := result.Report
	whole = sink.end(ctx, r)
	a.drift(result.Baseline)
	if sink.worst >= failOn {
		a.raise(found)
	}
	if sink.bad > 0 {
		a.tell(a.sayf(textSomeBad, sink.bad, sink.inputs), "")
	}
	if sink.inputs > 0 && !r.Summary.Bound() {
		a.raise(unusable)
		a.tell(a.say(textNotBound), "")
	}
	return nil
}

// judged tells why a check gives no report; nil where it does.
func (a *app) judged(result *engine.Result, err error, sink *feeds, since string) error {
	switch {
	case err != nil:
		return err
	case result.BadPack:
		return a.problem(textBadPack)
	case result.BadList:
		return a.problem(textBadList)
	case sink.inputs > 0:
	case since != "" && a.status == success:
		a.tell(a.sayf(textNotChanged, since), "")
	default:
		return a.problem(textNothingRead)
	}
	return nil
}

// linksFrom gives the addresses of files as seen from the folder of a report.
func linksFrom(report string) func(path string) string {
	folder, err := filepath.Abs(filepath.Dir(report))
	return func(file string) string {
		abs, wrong := filepath.Abs(filepath.FromSlash(file))
		if err != nil || wrong != nil {
			return ""
		}
		rel, wrong := filepath.Rel(folder, abs)
		if wrong != nil {
			// It lies on another disk.
			rel = abs
		}
		return filepath.ToSlash(rel)
	}
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
	if result.BadList {
		return a.problem(textBadList)
	}
	return nil
}

// badFiles are the data files that have faults and were not checked.
func badFiles(result *engine.Result) map[string]bool {
	bad := map[string]bool{}
	for _, d := range result.Diagnostics {
		if d.Severity == diag.Error && d.Span.File != nil {
			bad[d.Span.File.Path] = true
		}
	}
	return bad
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
