package acceptance

import (
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
)

// Scope is a list of acceptances and the input that they are for.
type Scope struct {
	// Input is the path of the dataset or document; "" means every one, as for a file that was named by itself.
	Input   string
	Entries []*Entry
}

// Run is what a check tells of itself beside its report.
type Run struct {
	// Today is the day of the check, as 2026-12-31.
	Today string
	// Ran reports whether a rule ran on an input.
	Ran func(input, rule string) bool
	// Known reports whether there is a rule of that name; where there is not, suggestion may be what was meant.
	Known func(rule string) (known bool, suggestion string)
}

// Apply marks the findings that are accepted. The diagnostics tell which acceptances have ended, and which are needed no
// more. An acceptance of a rule that did not run is left alone. Of several that cover a finding the first counts.
func Apply(r *finding.Report, scopes []Scope, run Run) diag.List {
	a := applying{Run: run, report: r, found: map[target][]*finding.Finding{}, inputs: map[string][]finding.Input{"": r.Inputs}}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Told() {
			for _, input := range []string{f.Input, ""} {
				k := target{input, f.Rule}
				a.found[k] = append(a.found[k], f)
			}
		}
	}
	for _, in := range r.Inputs {
		a.inputs[in.Path] = append(a.inputs[in.Path], in)
	}
	var list diag.List
	for _, s := range scopes {
		for i, e := range s.Entries {
			if j := slices.IndexFunc(s.Entries[:i], e.same); j >= 0 {
				list.Add(diag.New(diag.AcceptedTwice, e.span(), e.Name()).WithRelated(diag.FirstDefined, s.Entries[j].span()))
			}
			var all []*finding.Finding
			for _, f := range a.found[target{s.Input, e.Rule}] {
				if e.Of(f) {
					all = append(all, f)
				}
			}
			if len(all) == 0 {
				list.Add(a.unneeded(s, e)...)
			} else {
				list.Add(e.cover(all, run.Today)...)
			}
		}
	}
	return list
}

// applying is one call of Apply.
type applying struct {
	Run
	report *finding.Report
	// found are the findings of a rule, inputs those of a path; "" stands for every input.
	found  map[target][]*finding.Finding
	inputs map[string][]finding.Input
}

type target struct{ input, rule string }

// same reports whether two entries are about the same findings.
func (e *Entry) same(other *Entry) bool {
	return e.Rule == other.Rule && e.Instance == other.Instance && e.Entity == other.Entity && e.Period == other.Period
}

// cover marks those of the findings of an entry that it covers, and tells when it covers none.
func (e *Entry) cover(all []*finding.Finding, today string) diag.List {
	if e.Expired(today) {
		return diag.List{diag.New(diag.AcceptedExpired, e.Node.Get("until").Span, e.Name(), e.Until)}
	}
	var change Change
	covers := false
	for _, f := range all {
		c, changed := e.changed(StateOf(f))
		if changed {
			change = c
			continue
		}
		covers = true
		if f.Accepted == nil {
			f.Accepted = e.accepted()
		}
	}
	if covers {
		return nil
	}
	at := e.span()
	if n := change.Node; n != nil {
		at = n.Span
	} else if n := e.Node.Get(change.Field); n != nil && (change.Field == fieldVerdict || change.Field == fieldDifference) {
		at = n.Span
	}
	dash := func(s string) string {
		if s == "" {
			return "—"
		}
		return s
	}
	return diag.List{diag.New(diag.AcceptedChanged, at, e.Name(), change.Field, dash(change.Was), dash(change.Is))}
}

// Expired reports whether the last day of an entry has passed.
func (e *Entry) Expired(today string) bool { return e.Until != "" && today > e.Until }

// unneeded tells of an entry for which nothing was found, unless its rule did not run where it could have.
func (a *applying) unneeded(s Scope, e *Entry) diag.List {
	if known, suggestion := a.Known(e.Rule); !known {
		return diag.List{diag.New(diag.AcceptedNoRule, e.span(), e.Rule).WithSuggestion(suggestion)}
	}
	if !slices.ContainsFunc(a.inputs[s.Input], func(in finding.Input) bool {
		return (e.Entity == "" || e.Entity == in.Entity) && (e.Period == "" || e.Period == in.Period) && a.Ran(in.Path, e.Rule)
	}) {
		return nil
	}
	var instances []string
	meant := ""
	for _, f := range a.found[target{s.Input, e.Rule}] {
		if Calls(a.report, f, e.Instance) {
			meant = f.Instance
		}
		instances = append(instances, f.Instance)
	}
	if meant == "" {
		meant = diag.Suggest(e.Instance, instances)
	}
	return diag.List{diag.New(diag.AcceptedUnneeded, e.span(), e.Name()).WithSuggestion(meant)}
}

// Open tells of the acceptances that do not say what was found: they would cover whatever comes of the figures.
func Open(scopes []Scope) diag.List {
	var list diag.List
	for _, s := range scopes {
		for _, e := range s.Entries {
			if !e.Bound() {
				list.Add(diag.New(diag.AcceptedOpen, e.span(), e.Name()))
			}
		}
	}
	return list
}

// Calls reports whether a name means the instance of a finding: its own name, the one that reports show, or the key of
// its row.
func Calls(r *finding.Report, f *finding.Finding, name string) bool {
	return name == f.Instance || name != "" && (name == r.Labels[f.Instance] || strings.HasSuffix(f.Instance, "["+name+"]"))
}
