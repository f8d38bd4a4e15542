package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/ruletest"
)

func testCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "test [DIR…]",
		Short: a.say(shortTest),
		Long:  a.say(longTest),
		RunE: func(c *cobra.Command, args []string) error {
			packs, rest, err := a.packs(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return &engine.NoPackError{Name: rest[0], Folder: true}
			}
			for _, name := range packs {
				if err := a.test(c.Context(), name); err != nil {
					return err
				}
			}
			return nil
		},
		ValidArgsFunction: shippedPacks,
	}
}

// test runs the tests of one pack and tells how they came out.
func (a *app) test(ctx context.Context, name string) error {
	p, result, err := a.runTests(ctx, name)
	if err != nil {
		return err
	}
	if result == nil {
		a.tell(a.sayf(textPackErrors, name), "")
		return nil
	}
	if !result.OK() {
		a.raise(found)
	}
	return a.print(func(w io.Writer) error { return a.tested(w, p, result) })
}

// runTests runs the tests of a pack. The result is nil when the pack or its tests have errors, which stderr tells.
func (a *app) runTests(ctx context.Context, name string) (*plan.Plan, *ruletest.Result, error) {
	p, _, list, err := engine.Tests(name)
	if err != nil {
		return nil, nil, err
	}
	if err := a.diagnostics(a.stderr, list); err != nil || list.HasErrors() {
		return nil, nil, err
	}
	result, err := interruptible(ctx, func() (*ruletest.Result, error) {
		r, _, err := engine.Test(ctx, name)
		return r, err
	})
	return p, result, err
}

// tested writes the outcome of the tests of a pack: one line for each failure, in the form that editors can follow.
func (a *app) tested(w io.Writer, p *plan.Plan, r *ruletest.Result) error {
	var s strings.Builder
	for _, f := range r.Failures {
		instance := ""
		if f.Instance != "" {
			instance = "[" + visible(f.Instance) + "]"
		}
		fmt.Fprintf(&s, "%s: %s: %s%s: %s\n", f.Span, visible(f.Case), f.Rule, instance, a.disagreement(&f))
	}
	for _, lacking := range []struct {
		ids  []string
		text text
	}{{r.NeverFails, textNeverFails}, {r.NeverPasses, textNeverPasses}} {
		for _, rule := range p.All() {
			for _, id := range lacking.ids {
				if rule.ID == id {
					fmt.Fprintf(&s, "%s: %s: %s\n", rule.Span, id, a.say(lacking.text))
				}
			}
		}
	}
	if r.OK() {
		fmt.Fprintln(&s, a.sayf(textTestsPass, p.Pack.ID, r.Cases, len(p.All())))
	} else {
		fmt.Fprintln(&s, a.sayf(textTestsFail, p.Pack.ID, r.Cases, len(r.Failures), len(r.NeverFails), len(r.NeverPasses)))
	}
	_, err := io.WriteString(w, s.String())
	return err
}

func (a *app) disagreement(f *ruletest.Failure) string {
	switch {
	case f.Want == "":
		return a.sayf(textUnwanted, f.Key, f.Got)
	case f.Key == "instance":
		return a.sayf(textNoInstance, f.Want)
	}
	return a.sayf(textDisagree, f.Key, f.Got, f.Want)
}
