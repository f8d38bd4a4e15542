package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/rule"
)

func listCommand(a *app) *cobra.Command {
	var fields bool
	c := &cobra.Command{
		Use:   "list [PACK]",
		Short: a.say(shortList),
		Long:  a.say(longList),
		Args:  a.argCount(0, 1),
		RunE: func(_ *cobra.Command, packs []string) error {
			if len(packs) == 0 {
				packs = engine.Shipped().Names()
			}
			for i, name := range packs {
				p, err := a.load(name)
				if err != nil {
					return err
				}
				err = a.print(func(w io.Writer) error {
					if i > 0 {
						fmt.Fprintln(w)
					}
					if len(packs) > 1 {
						fmt.Fprintf(w, "%s %s\n", p.Pack.ID, p.Pack.Title)
					}
					rows := a.ruleRows(p)
					if fields {
						rows = a.fieldRows(p.Pack.Schema.Root)
					}
					_, err := io.WriteString(w, align(rows, 0))
					return err
				})
				if err != nil {
					return err
				}
			}
			return nil
		},
		ValidArgsFunction: shippedPacks,
	}
	c.Flags().BoolVar(&fields, "fields", false, a.say(flagFields))
	return c
}

// load is a pack that is in order; what is wrong with it is told on stderr.
func (a *app) load(name string) (*plan.Plan, error) {
	p, list, err := engine.Load(name)
	if err != nil {
		return nil, err
	}
	if err := a.diagnostics(a.stderr, list); err != nil {
		return nil, err
	}
	if p == nil {
		return nil, a.problem(textPackErrors, name)
	}
	return p, nil
}

// ruleRows is one row a rule, the built-in one first.
func (a *app) ruleRows(p *plan.Plan) [][]string {
	var rows [][]string
	if p.Pack.Restated != 0 {
		rows = append(rows, []string{rule.RestatedID, report.SeverityText(p.Pack.Restated).In(a.lang), a.say(textRestated)})
	}
	for _, r := range p.Rules {
		rows = append(rows, []string{r.ID, report.SeverityText(r.Severity).In(a.lang), visible(r.Title)})
	}
	return rows
}

// fieldRows is one row a field of a group or list and of what is in them.
func (a *app) fieldRows(f *dataset.Field) [][]string {
	var rows [][]string
	for _, c := range f.Fields {
		kind, unit := c.Type.String(), c.Unit
		if c.Key != nil {
			kind += "(" + c.Key.Name + ")"
		}
		switch {
		case c.Type == dataset.Percent:
			unit = "%"
		case c.UnitFrom != nil:
			unit = a.sayf(textUnitFrom, c.UnitFrom.Name)
		}
		names := visible(c.Label)
		if len(c.Aliases) > 0 {
			names += " " + a.sayf(textAliases, visible(strings.Join(c.Aliases, a.say(wordComma))))
		}
		rows = append(rows, []string{c.Path(), kind, unit, strings.TrimSpace(names)})
		rows = append(rows, a.fieldRows(c)...)
	}
	return rows
}

// shippedPacks offers the names of shipped packs, and folders, as arguments.
func shippedPacks(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return engine.Shipped().Names(), cobra.ShellCompDirectiveDefault
}

// completePacks offers them as values of --rules.
func completePacks(c *cobra.Command) {
	_ = c.RegisterFlagCompletionFunc("rules", shippedPacks)
}
