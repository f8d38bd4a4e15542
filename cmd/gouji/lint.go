package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/ruletest"
)

func lintCommand(a *app) *cobra.Command {
	var rules string
	var join bool
	c := &cobra.Command{
		Use:   "lint [DIR…]",
		Short: a.say(shortLint),
		Long:  a.say(longLint),
		RunE: func(c *cobra.Command, args []string) error {
			packs, data, err := a.packs(args)
			if err != nil {
				return err
			}
			for _, name := range packs {
				if err := a.lintPack(c.Context(), name); err != nil {
					return err
				}
			}
			if len(data) == 0 {
				return nil
			}
			return a.lintData(c.Context(), data, rules, join)
		},
		ValidArgsFunction: shippedPacks,
	}
	c.Flags().StringVarP(&rules, "rules", "r", "", a.say(flagRules))
	joinFlag(a, c, &join)
	completePacks(c)
	return c
}

// lintPack tells everything that is wrong with a pack, and what could be better.
func (a *app) lintPack(ctx context.Context, name string) error {
	p, _, list, err := engine.Tests(name)
	if err != nil {
		return err
	}
	if p != nil {
		list = append(list, schemaWarnings(p.Pack.Schema)...)
		list = append(list, letWarnings(p)...)
	}
	if p != nil && !list.HasErrors() {
		result, err := interruptible(ctx, func() (*ruletest.Result, error) {
			r, _, err := engine.Test(ctx, name)
			return r, err
		})
		if err != nil {
			return err
		}
		list = append(list, coverageWarnings(p, result)...)
	}
	return a.print(func(w io.Writer) error {
		if err := a.diagnostics(w, list); err != nil {
			return err
		}
		errors := 0
		for _, d := range list {
			if d.Severity == diag.Error {
				errors++
			}
		}
		_, err := fmt.Fprintln(w, a.sayf(textLinted, name, errors, len(list)-errors))
		return err
	})
}

// lintData tells whether datasets fit the schema of their packs.
func (a *app) lintData(ctx context.Context, paths []string, rules string, join bool) error {
	result, err := interruptible(ctx, func() (*engine.Result, error) {
		return engine.Check(ctx, paths, engine.Options{Rules: rules, Packs: rulesFolder, Join: join})
	})
	if err != nil {
		return err
	}
	bad := len(badFiles(result)) + len(result.Unreadable)
	if result.BadPack {
		return a.troubles(result)
	}
	for _, err := range result.Unreadable {
		a.unreadable(err)
	}
	list := append(result.Diagnostics, acceptance.Open(result.Accepted)...)
	return a.print(func(w io.Writer) error {
		if err := a.diagnostics(w, list); err != nil {
			return err
		}
		_, err := fmt.Fprintln(w, a.sayf(textLintedData, len(result.Report.Inputs), bad))
		return err
	})
}

// schemaWarnings names lists without a key and fields without a label.
func schemaWarnings(s *dataset.Schema) diag.List {
	var list diag.List
	add := func(code diag.Code, f *dataset.Field) {
		// The fields of a type are met at each use and told once.
		if !slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Code == code && d.Span == f.Span }) {
			list.Add(diag.New(code, f.Span, f.Name))
		}
	}
	var visit func(f *dataset.Field)
	visit = func(f *dataset.Field) {
		for _, c := range f.Fields {
			if c.Label == "" {
				add(diag.NoLabel, c)
			}
			if c.Type == dataset.List && c.Key == nil {
				add(diag.ListWithoutKey, c)
			}
			visit(c)
		}
	}
	visit(s.Root)
	return list
}

// letWarnings names lets that nothing uses. Rules taken over from other packs are linted there.
func letWarnings(p *plan.Plan) diag.List {
	var list diag.List
	for _, r := range p.All() {
		if r.Pack != p.Pack.ID {
			continue
		}
		used := map[string]bool{}
		for _, text := range expressions(r.Rule) {
			for _, name := range names(text) {
				used[name] = true
			}
		}
		for _, e := range r.Let {
			if !used[e.Key.Value] {
				list.Add(diag.New(diag.UnusedLet, e.Key.Span, e.Key.Value))
			}
		}
	}
	return list
}

// expressions are the texts of a rule in which a let may be used.
func expressions(r *rule.Rule) []string {
	var texts []string
	for _, e := range r.Let {
		texts = append(texts, e.Value.Value)
	}
	if r.When != nil {
		texts = append(texts, r.When.Value)
	}
	texts = append(texts, r.Asks().Value)
	if r.Peers != nil {
		for _, by := range r.Peers.By {
			texts = append(texts, by.Value)
		}
	}
	if r.Message != nil {
		texts = append(texts, r.Message.Value)
	}
	return texts
}

// names lists the words of an expression that do not follow a dot: its variables, and words that do no harm here.
func names(text string) []string {
	var out []string
	runes := []rune(text)
	letter := func(r rune) bool {
		return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r > 127
	}
	for i := 0; i < len(runes); {
		if !letter(runes[i]) {
			i++
			continue
		}
		start := i
		for i < len(runes) && letter(runes[i]) {
			i++
		}
		if start == 0 || runes[start-1] != '.' {
			out = append(out, string(runes[start:i]))
		}
	}
	return out
}

// coverageWarnings names rules that no test shows failing, or passing.
func coverageWarnings(p *plan.Plan, r *ruletest.Result) diag.List {
	var list diag.List
	for _, one := range p.All() {
		if slices.Contains(r.NeverFails, one.ID) {
			list.Add(diag.New(diag.NeverFails, one.Span, one.ID))
		}
		if slices.Contains(r.NeverPasses, one.ID) {
			list.Add(diag.New(diag.NeverPasses, one.Span, one.ID))
		}
	}
	return list
}
