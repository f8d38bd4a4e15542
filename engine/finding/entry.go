package finding

import (
	"cmp"
	"slices"
)

// Suspect is one figure that, printed otherwise, would settle several fails at once and break nothing. Fails that were
// accepted are none of them.
type Suspect struct {
	// Input is the path of the dataset.
	Input  string
	Figure Operand
	// Value is what would settle them.
	Value string
	// Settles are the fingerprints of the fails.
	Settles []string
}

// Settle takes out of the suspects the fails that were accepted, and with them figures that explain no more than one of
// the others. Then it orders the findings.
func (o *Outcome) Settle() {
	accepted := map[string]bool{}
	for i := range o.Findings {
		if f := &o.Findings[i]; f.Accepted != nil {
			accepted[f.Fingerprint] = true
		}
	}
	if len(accepted) == 0 {
		return
	}
	var left []Suspect
	for _, s := range o.Suspects {
		s.Settles = slices.DeleteFunc(slices.Clone(s.Settles), func(id string) bool { return accepted[id] })
		if len(s.Settles) > 1 {
			left = append(left, s)
		}
	}
	o.Suspects = left
	o.Sort()
}

// Entry is what people read as one thing: the fails that one suspect figure would settle, or the findings of one rule
// that came out alike.
type Entry struct {
	// Suspect is nil for the findings of a rule.
	Suspect  *Suspect
	Findings []Finding
}

// Entries gathers the findings of one input that Sort has ordered. They stay in that order, worst first; among the
// equally bad, suspect figures come first. Every finding is in exactly one entry.
func Entries(findings []Finding, suspects []Suspect) []Entry {
	type key struct {
		suspect    int
		pack, rule string
		verdict    Verdict
		severity   Severity
		input      string
		// What was accepted stands apart from what was not.
		accepted bool
	}
	at := map[key]int{}
	var entries []Entry
	for _, f := range findings {
		k := key{suspect: slices.IndexFunc(suspects, func(s Suspect) bool { return s.settles(&f) })}
		if k.suspect < 0 {
			k = key{-1, f.Pack, f.Rule, f.Verdict, f.Severity, f.Input, f.Accepted != nil}
		}
		i, known := at[k]
		if !known {
			i = len(entries)
			at[k] = i
			entries = append(entries, Entry{})
			if k.suspect >= 0 {
				entries[i].Suspect = &suspects[k.suspect]
			}
		}
		entries[i].Findings = append(entries[i].Findings, f)
	}
	plain := func(e Entry) int {
		if e.Suspect == nil {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(worse(&a.Findings[0], &b.Findings[0]), cmp.Compare(plain(a), plain(b)))
	})
	return entries
}

func (s *Suspect) settles(f *Finding) bool {
	return f.Verdict == Fail && f.Accepted == nil && f.Input == s.Input && slices.Contains(s.Settles, f.Fingerprint)
}
