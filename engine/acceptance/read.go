package acceptance

import (
	"slices"
	"strings"
	"time"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// keys are the keys of an entry, in the order in which they are written.
var keys = []string{"rule", "instance", "entity", "period", "reason", "by", "until", "verdict", "difference", "values"}

// Read reads the list under Key. An entry with faults is left out.
func Read(n *yamldoc.Node) ([]*Entry, diag.List) {
	if n == nil || n.Null {
		return nil, nil
	}
	var list diag.List
	if n.Kind != yamldoc.Sequence {
		list.Add(diag.New(diag.WantList, n.Span))
		return nil, list
	}
	var entries []*Entry
	for _, item := range n.Items {
		e, wrong := readEntry(item)
		list.Add(wrong...)
		if !wrong.HasErrors() {
			entries = append(entries, e)
		}
	}
	return entries, list
}

// ReadFile reads a file of acceptances: YAML with the one key Key. A file that holds comments alone holds none.
func ReadFile(f *source.File) ([]*Entry, diag.List) {
	root, list := yamldoc.Parse(f)
	if root == nil {
		if len(list) == 1 && list[0].Code == diag.YAMLEmpty {
			return nil, nil
		}
		return nil, list
	}
	if root.Kind != yamldoc.Mapping {
		list.Add(diag.New(diag.WantAccepted, root.Span))
		return nil, list
	}
	for _, e := range root.Entries {
		if e.Key.Value != Key {
			list.Add(diag.New(diag.WantAccepted, e.Key.Span))
		}
	}
	entries, wrong := Read(root.Get(Key))
	return entries, append(list, wrong...)
}

func readEntry(n *yamldoc.Node) (*Entry, diag.List) {
	var list diag.List
	e := &Entry{Node: n}
	if n.Kind != yamldoc.Mapping {
		list.Add(diag.New(diag.WantMapping, n.Span))
		return nil, list
	}
	texts := map[string]*string{
		"rule": &e.Rule, "instance": &e.Instance, "entity": &e.Entity, "period": &e.Period, "reason": &e.Reason, "by": &e.By,
		"until": &e.Until, "verdict": &e.Verdict, "difference": &e.Difference,
	}
	for _, entry := range n.Entries {
		key, value := entry.Key.Value, entry.Value
		if key == "values" {
			values, wrong := readValues(value)
			list.Add(wrong...)
			e.Values = values
			continue
		}
		text := texts[key]
		switch {
		case text == nil:
			list.Add(diag.New(diag.UnknownKey, entry.Key.Span, key).WithSuggestion(diag.Suggest(key, keys)))
		case value.Kind != yamldoc.Scalar || value.Tag != "":
			list.Add(diag.New(diag.WantText, value.Span))
		case !value.Null:
			*text = strings.TrimSpace(value.Value)
		}
	}
	for _, key := range []string{"rule", "reason"} {
		if *texts[key] == "" {
			list.Add(diag.New(diag.MissingKey, n.Span, key))
		}
	}
	if e.Until != "" && !IsDay(e.Until) {
		list.Add(diag.New(diag.WantDay, n.Get("until").Span, e.Until))
	}
	if e.Verdict != "" && !slices.Contains(verdicts, e.Verdict) {
		list.Add(diag.New(diag.UnknownWord, n.Get("verdict").Span, e.Verdict, strings.Join(verdicts, ", ")).WithSuggestion(diag.Suggest(e.Verdict, verdicts)))
	}
	return e, list
}

// verdicts are those that can be accepted.
var verdicts = []string{finding.Fail.String(), finding.Rounding.String(), finding.NotEvaluated.String()}

// IsDay reports whether a text is a day, as in 2026-12-31.
func IsDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// readValues reads what was printed when a finding was accepted. It is never nil where something is written.
func readValues(n *yamldoc.Node) ([]Value, diag.List) {
	var list diag.List
	values := []Value{}
	switch {
	case n.Null:
		return nil, nil
	case n.Kind != yamldoc.Mapping:
		list.Add(diag.New(diag.WantMapping, n.Span))
		return values, list
	}
	for _, e := range n.Entries {
		v := Value{Field: e.Key.Value, Node: e.Value}
		statements := []*yamldoc.Node{e.Value}
		if e.Value.Kind == yamldoc.Sequence {
			statements = e.Value.Items
		}
		for _, s := range statements {
			switch {
			case s.Kind != yamldoc.Scalar || s.Tag != "":
				list.Add(diag.New(diag.WantText, s.Span))
			case !s.Null:
				v.Texts = append(v.Texts, squeeze(s.Value))
			}
		}
		values = append(values, v)
	}
	return values, list
}
