package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/rule"
)

// listFormat is one way of listing the rules of a pack.
type listFormat struct {
	// name is what a user types to choose it.
	name string
	doc  text
	// write loads the pack of that name and writes its rules; several says that it is one of several.
	write func(a *app, ctx context.Context, w io.Writer, pack string, several bool) error
}

// listFormats holds every format, in the order in which help lists them; the first is the default.
var listFormats = []listFormat{
	{"text", docText, (*app).listText},
	{"markdown", docMarkdown, (*app).listMarkdown},
}

func listCommand(a *app) *cobra.Command {
	var fields bool
	var format string
	var names []string
	var rows [][]string
	for _, f := range listFormats {
		names = append(names, f.name)
		rows = append(rows, []string{f.name, f.doc.in(a.lang)})
	}
	c := &cobra.Command{
		Use:   "list [PACK]",
		Short: a.say(shortList),
		Long:  a.say(longList) + "\n\n" + a.say(headFormats) + "\n" + align(rows, 2),
		Args:  a.argCount(0, 1),
		RunE: func(c *cobra.Command, packs []string) error {
			i := slices.Index(names, format)
			if i < 0 {
				return a.unknown(wordFormat, format, names)
			}
			write := listFormats[i].write
			if fields {
				if i > 0 {
					return a.problem(textOnlyText)
				}
				write = (*app).listFields
			}
			if len(packs) == 0 {
				packs = engine.Shipped().Names()
			}
			return a.print(func(w io.Writer) error {
				for i, name := range packs {
					if i > 0 {
						fmt.Fprintln(w)
					}
					if err := write(a, c.Context(), w, name, len(packs) > 1); err != nil {
						return err
					}
				}
				return nil
			})
		},
		ValidArgsFunction: shippedPacks,
	}
	c.Flags().BoolVar(&fields, "fields", false, a.say(flagFields))
	c.Flags().StringVarP(&format, "format", "f", names[0], a.sayf(flagFormat, names[0], a.list(names)))
	// The help texts name the defaults.
	c.Flags().Lookup("format").DefValue = ""
	a.complete(c, "format", names)
	return c
}

// listText writes one rule a line.
func (a *app) listText(_ context.Context, w io.Writer, pack string, several bool) error {
	return a.listRows(w, pack, several, a.ruleRows)
}

// listFields writes one field of the schema a line.
func (a *app) listFields(_ context.Context, w io.Writer, pack string, several bool) error {
	return a.listRows(w, pack, several, func(p *plan.Plan) [][]string { return a.fieldRows(p.Pack.Schema.Root) })
}

func (a *app) listRows(w io.Writer, pack string, several bool, rows func(*plan.Plan) [][]string) error {
	p, err := a.load(pack)
	if err != nil {
		return err
	}
	if several {
		fmt.Fprintf(w, "%s %s\n", p.Pack.ID, p.Pack.Title)
	}
	_, err = io.WriteString(w, align(rows(p), 0))
	return err
}

// listMarkdown writes a page about the pack. Its tests are run for the examples, whether they come out or not.
func (a *app) listMarkdown(ctx context.Context, w io.Writer, pack string, _ bool) error {
	p, result, err := a.runTests(ctx, pack)
	if err != nil {
		return err
	}
	if result == nil {
		return a.problem(textPackErrors, pack)
	}
	return a.packPage(w, p, result.Report)
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
	for _, r := range p.All() {
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
