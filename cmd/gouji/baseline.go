package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
)

// baselineFlags are the flags of gouji baseline.
type baselineFlags struct {
	rules, entity, period string
	entities              string
	output, severity      string
	only, skip            []string
	strict, prune, join   bool
	jobs                  int
	standing
}

func baselineCommand(a *app) *cobra.Command {
	var o baselineFlags
	c := &cobra.Command{
		Use:   "baseline [PATH…]",
		Short: a.say(shortBaseline),
		Long:  a.say(longBaseline),
		RunE: func(c *cobra.Command, paths []string) error {
			return a.writeBaseline(c.Context(), paths, &o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.output, "output", "o", "", a.say(flagBaselineOutput))
	f.StringVar(&o.severity, "severity", finding.Info.String(), a.sayf(flagBaselineSeverity, a.list(failOns()[:len(finding.Severities)])))
	f.BoolVar(&o.prune, "prune", false, a.say(flagBaselinePrune))
	f.StringVarP(&o.rules, "rules", "r", "", a.say(flagRules))
	ruleFlags(a, c, &o.only, &o.skip)
	f.BoolVar(&o.strict, "strict", false, a.say(flagStrict))
	f.StringArrayVar(&o.accepted, "accepted", nil, a.say(flagAccepted))
	f.StringVar(&o.asOf, "as-of", "", a.say(flagAsOf))
	f.IntVarP(&o.jobs, "jobs", "j", 0, a.say(flagJobs))
	entitiesFlag(a, c, &o.entities)
	joinFlag(a, c, &o.join)
	headerFlags(a, c, &o.entity, &o.period)
	f.Lookup("severity").DefValue = ""
	a.complete(c, "severity", failOns()[:len(finding.Severities)])
	completePacks(c)
	return c
}

// writeBaseline writes what is found now as a baseline. Of one that is there already it says what changes; it must be a
// baseline, so that no other file is lost.
func (a *app) writeBaseline(ctx context.Context, paths []string, o *baselineFlags) error {
	least, ok := finding.ParseSeverity(o.severity)
	if !ok {
		return a.unknown(wordSeverity, o.severity, failOns()[:len(finding.Severities)])
	}
	if err := a.day(o.asOf); err != nil {
		return err
	}
	if o.jobs < 0 {
		return a.problem(textBadValue, o.jobs, "--jobs")
	}
	if len(paths) == 0 {
		if _, err := os.Stat(datasetsFolder); errors.Is(err, fs.ErrNotExist) {
			return a.problem(textNoFolder, datasetsFolder)
		}
		paths = []string{datasetsFolder}
	}
	old, err := a.oldBaseline(o)
	if err != nil {
		return err
	}
	options := engine.Options{
		Rules: o.rules, Packs: rulesFolder, Entity: o.entity, Period: o.period, EntityList: o.entities, Join: o.join, Accepted: o.accepted, Today: o.asOf,
		Options: run.Options{Only: ids(o.only), Skip: ids(o.skip), Strict: o.strict, Jobs: o.jobs, Version: buildVersion()},
	}
	if old != nil {
		options.Baseline = o.output
	}
	watched := a.progress()
	options.Progress = watched.show
	result, err := interruptible(ctx, func() (*engine.Result, error) { return engine.Check(ctx, paths, options) })
	watched.done()
	if err != nil {
		return err
	}
	if err := a.troubles(result); err != nil {
		return err
	}
	if len(result.Report.Inputs) == 0 {
		return a.problem(textNothingRead)
	}
	if a.status != success {
		// The findings of a file that could not be read would seem new the next time.
		return a.problem(textNoBaseline)
	}
	next := acceptance.NewBaseline(result.Report, least)
	if o.prune {
		next = old.Prune(result.Baseline)
	}
	var inputs []string
	for _, in := range result.Report.Inputs {
		inputs = append(inputs, in.Path)
	}
	if o.output == "" {
		return a.printed(ctx, next.Write)
	}
	if err := a.save(ctx, o.output, inputs, next.Write); err != nil {
		return err
	}
	return a.print(func(w io.Writer) error {
		text := a.sayf(textBaselineWritten, visible(o.output), len(next.Old))
		if old != nil {
			renewed, both := len(result.Baseline.Worse)+len(result.Baseline.Changed), kept(next, old)
			if o.prune {
				renewed = 0
			}
			text += a.say(wordSemicolon) + a.sayf(textBaselineNews, len(next.Old)-both, renewed, len(old.Old)-both)
		}
		_, err := fmt.Fprintln(w, text)
		return err
	})
}

// oldBaseline reads the baseline that is to be replaced; it is nil where there is none.
func (a *app) oldBaseline(o *baselineFlags) (*acceptance.Baseline, error) {
	if o.output == "" && o.prune {
		return nil, a.problem(textNoValue, "--output")
	}
	if info, err := os.Stat(o.output); o.output == "" || errors.Is(err, fs.ErrNotExist) && !o.prune || err == nil && !info.Mode().IsRegular() {
		return nil, nil
	}
	content, err := os.ReadFile(o.output)
	if err != nil {
		return nil, err
	}
	old, list := acceptance.ReadBaseline(source.New(filepath.ToSlash(o.output), content))
	if old == nil {
		return nil, errors.Join(a.diagnostics(a.stderr, list), a.problem(textNotOverwritten, o.output))
	}
	return old, nil
}

// kept counts the findings that stand in both baselines.
func kept(a, b *acceptance.Baseline) int {
	in := map[string]int{}
	for i := range b.Old {
		in[b.Old[i].Fingerprint]++
	}
	n := 0
	for i := range a.Old {
		if id := a.Old[i].Fingerprint; in[id] > 0 {
			in[id]--
			n++
		}
	}
	return n
}
