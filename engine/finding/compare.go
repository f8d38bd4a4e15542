package finding

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
)

// ChangeKind says what became of a finding between two reports.
type ChangeKind uint8

const (
	// New: it was not there before.
	New ChangeKind = iota + 1
	// Worse: its verdict, severity or difference grew, or it counts now and did not before.
	Worse
	// Changed: something else about it changed, such as a figure.
	Changed
	// Gone: it is there no more.
	Gone
)

// ChangeKinds lists every kind, what needs attention first.
var ChangeKinds = []ChangeKind{New, Worse, Changed, Gone}

// String is the kind's name in JSON.
func (k ChangeKind) String() string {
	return [...]string{New: "new", Worse: "worse", Changed: "changed", Gone: "gone"}[k]
}

// Change is a rule instance that came out otherwise in two reports.
type Change struct {
	Kind ChangeKind
	// Old and New are the finding in either report; nil where it is none.
	Old, New *Finding
	// Aspects are what differs between the two.
	Aspects []Aspect
	// Elsewhere tells why a finding is new or gone though its figures need not have changed: "input" when the other report
	// has no input of its unit and year, "rule" when its rule decided nothing there; "" for neither.
	Elsewhere string
}

// Aspect is one thing that differs between two findings.
type Aspect struct {
	// Name is "verdict", "severity", "difference", "accepted", or the field whose printed text changed.
	Name string
	// Was and Is are both sides; "" where there is nothing.
	Was, Is string
}

// Comparison is what differs between two reports.
type Comparison struct {
	// Changes are in the order of their kinds, then in that of the reports.
	Changes []Change
	// Same counts the findings in which nothing that is compared differs.
	Same int
}

// Of counts the changes of a kind.
func (c *Comparison) Of(kind ChangeKind) int {
	n := 0
	for i := range c.Changes {
		if c.Changes[i].Kind == kind {
			n++
		}
	}
	return n
}

// Worst is the greatest severity among what is new or worse and counts; 0 when there is none.
func (c *Comparison) Worst() Severity {
	var worst Severity
	for _, change := range c.Changes {
		if f := change.New; f != nil && f.Open() && (change.Kind == New || change.Kind == Worse) {
			worst = max(worst, f.Severity)
		}
	}
	return worst
}

// Compare tells which findings are new, gone or not what they were. Instances that hold or to which a rule does not apply
// are none. A finding is known by its fingerprint; where several inputs of a unit and year have it, by their paths as well.
func Compare(old, now *Report) Comparison {
	var c Comparison
	before := map[string][]*Finding{}
	for i := range old.Findings {
		if f := &old.Findings[i]; f.Told() {
			before[f.Fingerprint] = append(before[f.Fingerprint], f)
		}
	}
	lackedBefore, lackedNow := old.lacking(), now.lacking()
	was := make([]*Finding, len(now.Findings))
	// Those of the same path belong together; what is left over is compared in order.
	for _, anywhere := range []bool{false, true} {
		for i := range now.Findings {
			f := &now.Findings[i]
			candidates := before[f.Fingerprint]
			k := slices.IndexFunc(candidates, func(o *Finding) bool { return anywhere || o.Input == f.Input })
			if f.Told() && was[i] == nil && k >= 0 {
				was[i] = candidates[k]
				before[f.Fingerprint] = slices.Delete(candidates, k, k+1)
			}
		}
	}
	for i := range now.Findings {
		f := &now.Findings[i]
		switch o := was[i]; {
		case !f.Told():
		case o == nil:
			c.Changes = append(c.Changes, Change{Kind: New, New: f, Elsewhere: lackedBefore(f)})
		default:
			if change := (Change{Kind: Changed, Old: o, New: f, Aspects: aspects(o, f)}); len(change.Aspects) == 0 {
				c.Same++
			} else {
				if f.worseThan(o) {
					change.Kind = Worse
				}
				c.Changes = append(c.Changes, change)
			}
		}
	}
	for i := range old.Findings {
		f := &old.Findings[i]
		if f.Told() && slices.Contains(before[f.Fingerprint], f) {
			c.Changes = append(c.Changes, Change{Kind: Gone, Old: f, Elsewhere: lackedNow(f)})
		}
	}
	slices.SortStableFunc(c.Changes, func(a, b Change) int { return cmp.Compare(a.Kind, b.Kind) })
	return c
}

// worseThan reports whether a finding is worse than it was.
func (f *Finding) worseThan(o *Finding) bool {
	return f.Verdict > o.Verdict || f.Severity > o.Severity || Greater(f.Difference, o.Difference) || f.Open() && !o.Open()
}

// aspects are what differs between two findings of one rule instance.
func aspects(o, f *Finding) []Aspect {
	var all []Aspect
	add := func(name, was, is string) {
		if was != is {
			all = append(all, Aspect{name, was, is})
		}
	}
	accepted := func(f *Finding) string {
		switch {
		case f.Accepted == nil:
			return ""
		case f.Accepted.Baseline:
			return "baseline"
		}
		return f.Accepted.Reason
	}
	add("verdict", o.Verdict.String(), f.Verdict.String())
	add("severity", o.Severity.String(), f.Severity.String())
	add("difference", o.Difference, f.Difference)
	add("accepted", accepted(o), accepted(f))
	was, is := printed(o), printed(f)
	for _, name := range f.fields() {
		add(name, was[name], is[name])
		delete(was, name)
	}
	for _, name := range o.fields() {
		if _, left := was[name]; left {
			add(name, was[name], "")
		}
	}
	return all
}

// fields are the fields that took part or were missing, each once.
func (f *Finding) fields() []string {
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for i := range f.Operands {
		if !f.Operands[i].Peer {
			add(f.Operands[i].Field)
		}
	}
	for _, name := range f.Missing {
		add(name)
	}
	return names
}

// printed are the printed texts of each field, several statements of one behind one another.
func printed(f *Finding) map[string]string {
	texts := map[string]string{}
	for i := range f.Operands {
		o := &f.Operands[i]
		if o.Peer {
			continue
		}
		if t := texts[o.Field]; t != "" {
			texts[o.Field] = t + " | " + o.Text
		} else {
			texts[o.Field] = o.Text
		}
	}
	for _, name := range f.Missing {
		texts[name] += ""
	}
	return texts
}

// lacking tells why a report cannot have a finding of another one.
func (r *Report) lacking() func(f *Finding) string {
	inputs, rules := map[[2]string]bool{}, map[string]bool{}
	for _, in := range r.Inputs {
		inputs[[2]string{in.Entity, in.Period}] = true
	}
	for i := range r.Rules {
		rules[r.Rules[i].ID] = true
	}
	return func(f *Finding) string {
		switch {
		case !inputs[[2]string{f.Entity, f.Period}]:
			return "input"
		case !rules[f.Rule]:
			return "rule"
		}
		return ""
	}
}

// Greater reports whether a difference is greater than another one, whatever their signs. What is no number is 0.
func Greater(a, b string) bool {
	size := func(s string) *big.Rat {
		if r, ok := new(big.Rat).SetString(strings.TrimSuffix(s, "…")); ok {
			return r.Abs(r)
		}
		return new(big.Rat)
	}
	return size(a).Cmp(size(b)) > 0
}
