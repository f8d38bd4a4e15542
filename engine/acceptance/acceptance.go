// Package acceptance holds findings that may stand: those that somebody accepted for a reason, written beside the
// figures, and the old ones that a baseline holds.
//
// Either is bound to what was found: the printed text of every figure, the verdict and the difference. When one of these
// changes, the acceptance ends by itself, and the finding counts again. Nothing here judges figures or reads the clock;
// what day it is, and which rules ran, the caller says.
package acceptance

import (
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Key is the header key of a dataset, and the only key of a file of its own, under which acceptances stand.
const Key = "accepted"

// Suffix makes of the name of a document or dataset the name of the file beside it that holds what was accepted of it.
const Suffix = "." + Key + ".yaml"

// Entry is one acceptance as it is written.
type Entry struct {
	// Rule and Instance say which finding, as findings name them. An instance goes by the keys of its rows.
	Rule, Instance string
	// Entity and Period limit the entry to one unit and year; "" is any. Only files for several inputs need them.
	Entity, Period string
	// Reason is why, By who says so, Until the last day on which it counts, as 2026-12-31; only Reason must be there.
	Reason, By, Until string
	// Title is the rule's, which is written behind it for people, and never read.
	Title string
	// State is what was accepted. An entry that was written by hand may leave it out and then covers whatever is found.
	State
	// Node is the entry in its file.
	Node *yamldoc.Node
}

// State is what a finding says, as far as an acceptance is bound to it.
type State struct {
	// Verdict is "" where it is not told.
	Verdict string
	// Difference is left − right, "" where there is none.
	Difference string
	// Values are the figures and texts that took part, in the order of the finding; nil where they are not told.
	Values []Value
}

// Value is what was printed of one field.
type Value struct {
	// Field is the path from the dataset's root, rows named by their keys.
	Field string
	// Texts are the statements as printed: one, or several where these are what is compared. None means that the field
	// was missing.
	Texts []string
	// Label is the field's name for people, "" where it is not known.
	Label string
	// Node is the value in its file; nil where there is none.
	Node *yamldoc.Node
}

// StateOf is the state that a finding is in.
func StateOf(f *finding.Finding) State {
	s := State{Verdict: f.Verdict.String(), Difference: f.Difference, Values: []Value{}}
	at := map[string]int{}
	for _, o := range f.Operands {
		if o.Peer {
			continue
		}
		i, known := at[o.Field]
		if !known {
			i = len(s.Values)
			at[o.Field] = i
			s.Values = append(s.Values, Value{Field: o.Field, Label: o.Label})
		}
		s.Values[i].Texts = append(s.Values[i].Texts, squeeze(o.Text))
	}
	for _, field := range f.Missing {
		if _, known := at[field]; !known {
			at[field] = len(s.Values)
			s.Values = append(s.Values, Value{Field: field})
		}
	}
	return s
}

// squeeze makes any run of blanks and line ends one space: how a text is wrapped is no part of what it says.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

// Bound reports whether the state tells what was accepted.
func (s *State) Bound() bool { return s.Values != nil }

// Change is the first thing that differs between two states.
type Change struct {
	// Field is the field whose text changed, "verdict", "difference" or, of a baseline, "severity".
	Field string
	// Was and Is are both sides; "" where there is nothing.
	Was, Is string
	// Node is where it stands in the file of the earlier state; nil where it stands nowhere.
	Node *yamldoc.Node
}

// What changes beside figures.
const (
	fieldVerdict    = "verdict"
	fieldDifference = "difference"
	fieldSeverity   = "severity"
)

// changed compares the state of an entry with that in which a finding is now. Figures come first: what follows from them
// is no news.
func (s *State) changed(now State) (Change, bool) {
	if s.Bound() {
		was := map[string]*Value{}
		for i := range s.Values {
			was[s.Values[i].Field] = &s.Values[i]
		}
		for _, v := range now.Values {
			old := was[v.Field]
			if old == nil {
				return Change{Field: v.Field, Is: shown(v.Texts)}, true
			}
			if !slices.Equal(old.Texts, v.Texts) {
				return Change{v.Field, shown(old.Texts), shown(v.Texts), old.Node}, true
			}
			delete(was, v.Field)
		}
		for _, v := range s.Values {
			if was[v.Field] != nil {
				return Change{Field: v.Field, Was: shown(v.Texts), Node: v.Node}, true
			}
		}
	}
	if s.Verdict != "" && s.Verdict != now.Verdict {
		return Change{Field: fieldVerdict, Was: s.Verdict, Is: now.Verdict}, true
	}
	if (s.Bound() || s.Difference != "") && s.Difference != now.Difference {
		return Change{Field: fieldDifference, Was: s.Difference, Is: now.Difference}, true
	}
	return Change{}, false
}

// shown writes the statements of a value in a message.
func shown(texts []string) string {
	if len(texts) == 0 {
		return "—"
	}
	return strings.Join(texts, " | ")
}

// Name is what messages call what an entry is of: the rule, and the instance where there is one.
func (e *Entry) Name() string { return Name(e.Rule, e.Instance) }

// Name is what messages call a finding.
func Name(rule, instance string) string {
	if instance == "" {
		return rule
	}
	return rule + " " + instance
}

// Of reports whether the entry is about a rule instance of a unit and year, whatever its figures.
func (e *Entry) Of(f *finding.Finding) bool {
	return e.Rule == f.Rule && e.Instance == f.Instance && (e.Entity == "" || e.Entity == f.Entity) && (e.Period == "" || e.Period == f.Period)
}

// span is where an entry is told to stand.
func (e *Entry) span() source.Span {
	if e.Node == nil {
		return source.Span{}
	}
	if n := e.Node.Get("rule"); n != nil {
		return n.Span
	}
	return e.Node.Span
}

// accepted is what a finding says of its entry.
func (e *Entry) accepted() *finding.Acceptance {
	a := &finding.Acceptance{Reason: e.Reason, By: e.By, Until: e.Until}
	if s := e.span(); !s.IsZero() {
		at := s.Position()
		a.Place = finding.Place{Path: s.File.Path, Line: at.Line, Column: at.Column}
	}
	return a
}
