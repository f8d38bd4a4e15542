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

// Run is what a check tells of itself.
type Run struct {
	// Today is the day of the check, as 2026-12-31.
	Today string
	// Known reports whether there is a rule of that name; where there is not, suggestion may be what was meant.
	Known func(rule string) (known bool, suggestion string)
}

// Applying marks the findings that are accepted, or that a baseline holds, input by input. Whatever is said of every
// input ends when the last one was seen.
type Applying struct {
	run Run
	// everywhere are the entries for every input of a file, or for all where that is "", list by list.
	everywhere []scope
	// joined are the files whose datasets are put together.
	joined   map[string]bool
	baseline *comparing
}

// Apply begins with what is accepted of every input, each list as it stands in its file, and with a baseline, which may
// be nil.
func Apply(everywhere [][]*Entry, b *Baseline, run Run) *Applying {
	a := &Applying{run: run}
	for _, entries := range everywhere {
		a.Scope("", entries)
	}
	if b != nil {
		a.baseline = compare(b)
	}
	return a
}

// scope is what is accepted of the inputs within a file, "" for all.
type scope struct {
	file string
	uses []*use
}

// Scope adds what is accepted of the inputs within a file, before the first of them; "" stands for every input.
func (a *Applying) Scope(file string, entries []*Entry) {
	if len(entries) > 0 {
		a.everywhere = append(a.everywhere, scope{file, uses(entries)})
	}
}

// Join tells that the datasets of a file are put together with those of others: what is accepted beside one of these files
// is of all that come of them.
func (a *Applying) Join(file string) {
	if a.joined == nil {
		a.joined = map[string]bool{}
	}
	a.joined[file] = true
}

// Input marks the findings of an input; own is what is accepted of it alone, and ran tells whether a rule ran on it. Of
// several entries that cover a finding the first counts. The diagnostics tell which of its own acceptances have ended,
// and which are needed no more; one of a rule that did not run is left alone.
func (a *Applying) Input(out *finding.Outcome, own []*Entry, ran func(rule string) bool) diag.List {
	mine := uses(own)
	for _, s := range append(slices.Clip(a.everywhere), scope{uses: mine}) {
		if s.file != "" && s.file != out.Input.Within && !(a.joined[s.file] && a.joined[out.Input.Within]) {
			continue
		}
		for _, u := range s.uses {
			u.see(out, ran, a.run.Today)
		}
	}
	if a.baseline != nil {
		a.baseline.see(out, ran)
	}
	return a.conclude(mine)
}

// End tells what has become of the acceptances of every input, as Input does of those of one, and of the baseline.
func (a *Applying) End() (diag.List, *Outcome) {
	var list diag.List
	for _, s := range a.everywhere {
		list = append(list, a.conclude(s.uses)...)
	}
	if a.baseline == nil {
		return list, nil
	}
	return list, a.baseline.end()
}

// use is what has become of an entry so far.
type use struct {
	*Entry
	// twice is the entry before it in its list that says the same.
	twice *Entry
	// found: there is a finding that it is of, though it may be of other figures: change says in what.
	found, covers bool
	change        Change
	// ran: its rule ran on an input that it can be of.
	ran bool
	// instances are some of those that its rule was broken at, and meant the last one that its instance calls.
	instances []string
	meant     string
}

// instancesKept is how many instances are kept for a suggestion.
const instancesKept = 1000

func uses(entries []*Entry) []*use {
	all := make([]*use, len(entries))
	for i, e := range entries {
		all[i] = &use{Entry: e}
		if j := slices.IndexFunc(entries[:i], e.same); j >= 0 {
			all[i].twice = entries[j]
		}
	}
	return all
}

// see marks those of the findings of an input that the entry covers.
func (u *use) see(out *finding.Outcome, ran func(rule string) bool, today string) {
	if (u.Entity == "" || u.Entity == out.Input.Entity) && (u.Period == "" || u.Period == out.Input.Period) {
		u.ran = u.ran || ran(u.Rule)
	}
	for i := range out.Findings {
		f := &out.Findings[i]
		if !f.Told() || f.Rule != u.Rule {
			continue
		}
		if !u.Of(f) {
			if Calls(out.Labels, f, u.Instance) {
				u.meant = f.Instance
			}
			if len(u.instances) < instancesKept {
				u.instances = append(u.instances, f.Instance)
			}
			continue
		}
		u.found = true
		if u.Expired(today) {
			continue
		}
		if c, changed := u.changed(StateOf(f)); changed {
			u.change = c
			continue
		}
		u.covers = true
		if f.Accepted == nil {
			f.Accepted = u.accepted()
		}
	}
}

// conclude tells which entries have ended, and which are needed no more.
func (a *Applying) conclude(uses []*use) diag.List {
	var list diag.List
	for _, u := range uses {
		if u.twice != nil {
			list.Add(diag.New(diag.AcceptedTwice, u.span(), u.Name()).WithRelated(diag.FirstDefined, u.twice.span()))
		}
		switch {
		case !u.found:
			list.Add(a.unneeded(u)...)
		case u.Expired(a.run.Today):
			list.Add(diag.New(diag.AcceptedExpired, u.Node.Get("until").Span, u.Name(), u.Until))
		case !u.covers:
			list.Add(u.ended())
		}
	}
	return list
}

// same reports whether two entries are about the same findings.
func (e *Entry) same(other *Entry) bool {
	return e.Rule == other.Rule && e.Instance == other.Instance && e.Entity == other.Entity && e.Period == other.Period
}

// ended tells of an entry whose findings are of other figures.
func (u *use) ended() diag.Diagnostic {
	change, at := u.change, u.span()
	if n := change.Node; n != nil {
		at = n.Span
	} else if n := u.Node.Get(change.Field); n != nil && (change.Field == fieldVerdict || change.Field == fieldDifference) {
		at = n.Span
	}
	dash := func(s string) string {
		if s == "" {
			return "—"
		}
		return s
	}
	return diag.New(diag.AcceptedChanged, at, u.Name(), change.Field, dash(change.Was), dash(change.Is))
}

// Expired reports whether the last day of an entry has passed.
func (e *Entry) Expired(today string) bool { return e.Until != "" && today > e.Until }

// unneeded tells of an entry for which nothing was found, unless its rule did not run where it could have.
func (a *Applying) unneeded(u *use) diag.List {
	if known, suggestion := a.run.Known(u.Rule); !known {
		return diag.List{diag.New(diag.AcceptedNoRule, u.span(), u.Rule).WithSuggestion(suggestion)}
	}
	if !u.ran {
		return nil
	}
	meant := u.meant
	if meant == "" {
		meant = diag.Suggest(u.Instance, u.instances)
	}
	return diag.List{diag.New(diag.AcceptedUnneeded, u.span(), u.Name()).WithSuggestion(meant)}
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

// Calls reports whether a name means the instance of a finding: its own name, the one among the labels of a report, or the key of
// its row.
func Calls(labels map[string]string, f *finding.Finding, name string) bool {
	return name == f.Instance || name != "" && (name == labels[f.Instance] || strings.HasSuffix(f.Instance, "["+name+"]"))
}
