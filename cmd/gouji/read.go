package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
)

// readFlags are the flags of gouji read.
type readFlags struct {
	rules, entity, period, output string
	force, facts, text, coverage  bool
}

func readCommand(a *app) *cobra.Command {
	var o readFlags
	c := &cobra.Command{
		Use:   "read DOC",
		Short: a.say(shortRead),
		Long:  a.say(longRead),
		Args:  a.argCount(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.read(c.Context(), args[0], &o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.output, "output", "o", "", a.say(flagOutput))
	f.BoolVar(&o.force, "force", false, a.say(flagForce))
	f.BoolVar(&o.facts, "facts", false, a.say(flagFacts))
	f.BoolVar(&o.text, "text", false, a.say(flagText))
	f.BoolVar(&o.coverage, "coverage", false, a.say(flagCoverage))
	f.StringVarP(&o.rules, "rules", "r", "", a.say(flagReadRules))
	headerFlags(a, c, &o.entity, &o.period)
	completePacks(c)
	return c
}

// headerFlags are the flags for what documents do not say of themselves.
func headerFlags(a *app, c *cobra.Command, entity, period *string) {
	c.Flags().StringVar(entity, "entity", "", a.say(flagEntity))
	c.Flags().StringVar(period, "period", "", a.say(flagPeriod))
}

// read writes what a document says, in the form that the flags ask for.
func (a *app) read(ctx context.Context, file string, o *readFlags) error {
	var forms []string
	for _, form := range []struct {
		flag string
		set  bool
	}{{"--facts", o.facts}, {"--text", o.text}, {"--coverage", o.coverage}} {
		if form.set {
			forms = append(forms, form.flag)
		}
	}
	if len(forms) > 1 {
		return a.problem(textTogether, forms[0], forms[1])
	}
	if info, err := os.Stat(o.output); err == nil && info.Mode().IsRegular() && !o.force {
		return a.problem(textExists, o.output)
	}
	d, err := interruptible(ctx, func() (*engine.Document, error) {
		d, list, err := engine.ReadDocument(ctx, file, engine.Options{Rules: o.rules, Packs: rulesFolder, Entity: o.entity, Period: o.period})
		return d, errors.Join(err, a.diagnostics(a.stderr, list))
	})
	if err != nil {
		return err
	}
	if d == nil {
		return a.problem(textNothingInDocument)
	}
	var render func(w io.Writer) error
	switch {
	case o.text:
		render = func(w io.Writer) error { _, err := io.WriteString(w, d.Text.Text()); return err }
	case o.facts:
		render = func(w io.Writer) error { return facts(w, d.Reading) }
	case o.coverage:
		used, err := interruptible(ctx, func() (int, error) { return d.Used(ctx, run.Options{}) })
		if err != nil {
			return err
		}
		render = func(w io.Writer) error { return a.coverage(w, d, used) }
	default:
		data, list := d.Data()
		if err := a.diagnostics(a.stderr, list); err != nil || data == nil {
			return err
		}
		render = func(w io.Writer) error { _, err := w.Write(data); return err }
	}
	if o.output == "" {
		return a.print(render)
	}
	return a.save(ctx, o.output, []string{file}, render)
}

// fact is one line of gouji read --facts. The order of the fields is that of the keys.
type fact struct {
	Line    int     `json:"line"`
	Column  int     `json:"column"`
	Text    string  `json:"text"`
	Value   string  `json:"value"`
	Unit    string  `json:"unit"`
	Subject string  `json:"subject"`
	Measure string  `json:"measure"`
	Basis   string  `json:"basis"`
	Section string  `json:"section"`
	Field   *string `json:"field"`
	Page    int     `json:"page,omitempty"`
	Sheet   string  `json:"sheet,omitempty"`
	Cell    string  `json:"cell,omitempty"`
}

// facts writes the figures of a document as JSON, one a line.
func facts(w io.Writer, r *extract.Reading) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range r.Facts {
		f := &r.Facts[i]
		line := fact{
			Line: f.Place.Line, Column: f.Place.Column, Text: f.Text, Value: f.Value.StringFixed(int32(max(f.Decimals, 0))), Unit: f.Unit,
			Subject: f.Subject, Measure: string(f.Measure), Basis: f.Basis, Section: innermost(f.Section),
			Page: f.Place.Page, Sheet: f.Place.Table(), Cell: f.Place.Ref(),
		}
		if f.Field != "" {
			line.Field = &f.Field
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

func innermost(headings []string) string {
	if len(headings) == 0 {
		return ""
	}
	return headings[len(headings)-1]
}

// coverage writes how far the figures of a document were understood, and which were left out.
func (a *app) coverage(w io.Writer, d *engine.Document, used int) error {
	c := d.Reading.Coverage()
	fmt.Fprintf(w, "%s %s\n", visible(d.Header.Entity), visible(d.Header.Period))
	io.WriteString(w, align([][]string{
		{a.say(coverageNumbers), strconv.Itoa(c.Numbers)},
		{a.say(coverageValues), strconv.Itoa(c.Values)},
		{a.say(coverageLabelled), strconv.Itoa(c.Labelled)},
		{a.say(coverageBound), strconv.Itoa(c.Bound)},
		{a.say(coverageUsed), strconv.Itoa(used)},
	}, 2))
	var rows [][]string
	for i := range d.Reading.Facts {
		f := &d.Reading.Facts[i]
		if f.Field != "" {
			continue
		}
		at := d.Reading.Cite(f)
		place := finding.Place{Line: at.Line, Column: at.Column, Page: at.Page, Cell: at.Cell}
		of := strings.Join(append(append([]string{f.Subject}, f.ColPath...), f.Word), " ")
		rows = append(rows, []string{
			report.Spot(place, a.lang), visible(f.Text + f.Unit), visible(cmp.Or(strings.TrimSpace(of), "—")),
			visible(cmp.Or(innermost(f.Section), f.Table)),
		})
	}
	if len(rows) == 0 {
		return nil
	}
	fmt.Fprintf(w, "\n%s\n", a.sayf(coverageLeft, len(rows)))
	return report.Table(w, textWidth(a.stdout), []report.Column{
		{Head: a.say(headWhere)}, {Head: a.say(headPrinted), Right: true}, {Head: a.say(headLabel), Weight: 3}, {Head: a.say(headSection), Weight: 2},
	}, rows)
}
