package plan

import (
	"slices"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/rule"
)

// Peers is what a rule holds against the datasets of like entities, compiled.
type Peers struct {
	*rule.Peers
	Value *expression.Term
	// By is what like entities have in common.
	By []By
}

// By is something that like entities have in common: a text, or what Word says.
type By struct {
	*expression.Term
	// Word is rule.ByParent or rule.ByRegion where there is no text, else "".
	Word string
}

// Sides are the placeholders of a message that stand for what a comparison comes to.
var (
	checkSides = []string{"left", "right", "difference"}
	peersSides = map[rule.PeersKind][]string{
		rule.Outlier: {"left", "right", "difference", "low", "high", "mad", "units"},
		rule.Unique:  {"left", "units", "others"},
	}
)

// sides are the placeholders for what the comparison of a rule comes to.
func sides(r *rule.Rule) []string {
	if r.Peers != nil {
		return peersSides[r.Peers.Kind]
	}
	return checkSides
}

// peers compiles what a rule holds against the datasets of like entities.
func peers(scope *expression.Scope, r *rule.Rule, loops []*expression.Loop) (*Peers, diag.List) {
	p := &Peers{Peers: r.Peers}
	var list diag.List
	if r.Peers.Kind == rule.Outlier {
		p.Value, list = scope.Figure(r.Outlier, r.Missing == rule.Zero)
		for i, l := range loops {
			if l.List != nil && l.List.Key == nil {
				list.Add(diag.New(diag.PeersWithoutKey, r.Each[i].Span))
			}
		}
	} else {
		p.Value, list = scope.Term(r.Unique, r.Missing == rule.Zero)
	}
	for _, n := range r.Peers.By {
		if (n.Value == rule.ByParent || n.Value == rule.ByRegion) && !scope.Knows(n.Value) {
			p.By = append(p.By, By{Word: n.Value})
			continue
		}
		term, wrong := scope.Text(n)
		list = append(list, wrong...)
		p.By = append(p.By, By{Term: term})
	}
	return p, list
}

// peersFaults are the faults of a rule about like entities. That it names another dataset is told as such.
func peersFaults(r *rule.Rule, faults diag.List) diag.List {
	faults = slices.Clone(faults)
	for i, d := range faults {
		if namesPartner(d) {
			faults[i] = diag.New(diag.PeersPartner, d.Span, r.Peers.Kind.Name(), d.Span.Text())
		}
	}
	return faults
}

// reads calls note for the fields by which a rule is decided.
func (r *Rule) reads(note func(*dataset.Field)) {
	for _, l := range r.Loops {
		l.Needs(note)
	}
	if r.When != nil {
		r.When.Needs(note)
	}
	if r.Peers == nil {
		r.Check.Needs(note)
		return
	}
	r.Peers.Value.Needs(note)
	for _, by := range r.Peers.By {
		if by.Word == "" {
			by.Needs(note)
		}
	}
}

// tells calls note for the fields that its message shows.
func (r *Rule) tells(note func(*dataset.Field)) {
	for _, part := range r.Message {
		if part.Value != nil {
			part.Value.Needs(note)
		}
	}
}
