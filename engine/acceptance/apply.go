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
	type target struct{ rule, instance string }
	found := map[target][]*finding.Finding{}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Told() {
			k := target{f.Rule, f.Instance}
			found[k] = append(found[k], f)
		}
	}
	var list diag.List
	for _, s := range scopes {
		for i, e := range s.Entries {
			var all []*finding.Finding
			for _, f := range found[target{e.Rule, e.Instance}] {
				if e.Of(f) && (s.Input == "" || s.Input == f.Input) {
					all = append(all, f)
				}
			}
			if j := slices.IndexFunc(s.Entries[:i], e.same); j >= 0 {
				list.Add(diag.New(diag.AcceptedTwice, e.span(), e.Name()).WithRelated(diag.FirstDefined, s.Entries[j].span()))
			}
			if len(all) == 0 {
				list.Add(unneeded(r, s, e, run)...)
			} else {
				list.Add(e.cover(all, run.Today)...)
			}
		}
	}
	return list
}

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
func unneeded(r *finding.Report, s Scope, e *Entry, run Run) diag.List {
	if known, suggestion := run.Known(e.Rule); !known {
		return diag.List{diag.New(diag.AcceptedNoRule, e.span(), e.Rule).WithSuggestion(suggestion)}
	}
	ran := false
	for _, in := range r.Inputs {
		if (s.Input == "" || s.Input == in.Path) && (e.Entity == "" || e.Entity == in.Entity) && (e.Period == "" || e.Period == in.Period) {
			ran = ran || run.Ran(in.Path, e.Rule)
		}
	}
	if !ran {
		return nil
	}
	var instances []string
	meant := ""
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Rule != e.Rule || !f.Told() || s.Input != "" && s.Input != f.Input {
			continue
		}
		if Calls(r, f, e.Instance) {
			meant = f.Instance
		}
		instances = append(instances, f.Instance)
	}
	if meant == "" {
		meant = diag.Suggest(e.Instance, instances)
	}
	return diag.List{diag.New(diag.AcceptedUnneeded, e.span(), e.Name()).WithSuggestion(meant)}
}

// Calls reports whether a name means the instance of a finding: its own name, the one that reports show, or the key of
// its row.
func Calls(r *finding.Report, f *finding.Finding, name string) bool {
	return name == f.Instance || name != "" && (name == r.Labels[f.Instance] || strings.HasSuffix(f.Instance, "["+name+"]"))
}
