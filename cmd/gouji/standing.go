package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine/acceptance"
)

// standing says what may stand: the flags of every command that judges figures.
type standing struct {
	accepted []string
	baseline string
	asOf     string
}

func standingFlags(a *app, c *cobra.Command, s *standing) {
	f := c.Flags()
	f.StringArrayVar(&s.accepted, "accepted", nil, a.say(flagAccepted))
	f.StringVar(&s.baseline, "baseline", "", a.say(flagBaseline))
	f.StringVar(&s.asOf, "as-of", "", a.say(flagAsOf))
}

// day refuses what is no day as the value of --as-of.
func (a *app) day(asOf string) error {
	if asOf == "" || acceptance.IsDay(asOf) {
		return nil
	}
	p := a.problem(textBadValue, asOf, "--as-of")
	p.hint = a.say(textDay)
	return p
}

// mostDrifts is how many findings that have left a baseline are named.
const mostDrifts = 10

// drift tells what has become of a baseline, where there is news.
func (a *app) drift(o *acceptance.Outcome) {
	if o == nil || len(o.Worse)+len(o.Changed)+len(o.Gone) == 0 {
		return
	}
	news := a.sayf(textDrift, o.Path, o.Kept)
	for _, part := range []struct {
		text text
		n    int
	}{{textWorse, len(o.Worse)}, {textOther, len(o.Changed)}, {textGone, len(o.Gone)}} {
		if part.n > 0 {
			news += a.say(wordSemicolon) + a.sayf(part.text, part.n)
		}
	}
	hint := ""
	if len(o.Gone) > 0 {
		hint = a.sayf(textPrune, o.Path)
	}
	a.tell(news, hint)
	drifts := append(append([]acceptance.Drift{}, o.Worse...), o.Changed...)
	for i, d := range drifts {
		if i == mostDrifts {
			fmt.Fprintf(a.stderr, "  %s\n", a.sayf(textMore, len(drifts)-i))
			return
		}
		f := d.Finding
		fmt.Fprintf(a.stderr, "  %s:%d:%d: %s\n", visible(d.Old.Place.Path), d.Old.Place.Line, d.Old.Place.Column, visible(
			a.sayf(textDrifted, f.Entity, f.Period, acceptance.Name(f.Rule, f.Instance), d.Change.Field, orDash(d.Change.Was), orDash(d.Change.Is))))
	}
}

// orDash shows an empty value as a dash.
func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
