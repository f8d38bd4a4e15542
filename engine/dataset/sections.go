package dataset

import (
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// This file reads what a dataset keeps of its published document beside the figures: its headings, and the figures that
// no field took.

// sections reads the headings: texts with their places, and behind each a list of those below it.
func (b *builder) sections(n *yamldoc.Node) {
	if n == nil || n.Null {
		return
	}
	b.headings(n, "")
	b.d.indexSections()
}

// indexSections makes the headings be found by places below them.
func (d *Dataset) indexSections() {
	d.tables = map[string]int{}
	for i, s := range d.Sections {
		if s.Place.Cell == "" {
			d.lines = append(d.lines, i)
		} else if _, twice := d.tables[s.Place.Table()]; !twice {
			d.tables[s.Place.Table()] = i
		}
	}
	slices.SortStableFunc(d.lines, func(i, j int) int { return inText(d.Sections[i].Place, d.Sections[j].Place) })
}

func (b *builder) headings(n *yamldoc.Node, above string) {
	if n.Kind != yamldoc.Sequence {
		b.add(diag.WantList, n.Span)
		return
	}
	path := above
	for _, item := range n.Items {
		switch {
		case item.Kind == yamldoc.Sequence:
			b.headings(item, path)
			continue
		case item.Kind != yamldoc.Scalar || item.Null || item.Tag != "":
			b.add(diag.WantText, item.Span)
			continue
		}
		title, p, ok := source.CutPlace(item.Value)
		title = strings.Join(strings.Fields(title), " ")
		if !ok || title == "" {
			b.add(diag.WantPlace, item.Span, item.Value)
			continue
		}
		if path = title; above != "" {
			path = above + "\n" + title
		}
		b.d.Sections = append(b.d.Sections, Section{Title: title, Place: p, Path: path})
	}
}

// unboundKeys are the keys of a figure that no field took.
var unboundKeys = []string{"label", "measure", "text", "at", "section"}

func (b *builder) unbound(n *yamldoc.Node) {
	if n == nil || n.Null {
		return
	}
	if n.Kind != yamldoc.Sequence {
		b.add(diag.WantList, n.Span)
		return
	}
	for _, item := range n.Items {
		if item.Kind != yamldoc.Mapping {
			b.add(diag.WantMapping, item.Span)
			continue
		}
		var u Unbound
		texts := map[string]*string{"label": &u.Label, "measure": &u.Measure, "text": &u.Text, "section": &u.Section}
		for _, e := range item.Entries {
			text := texts[e.Key.Value]
			switch {
			case text == nil && e.Key.Value != "at":
				b.list.Add(diag.New(diag.UnknownKey, e.Key.Span, e.Key.Value).WithSuggestion(diag.Suggest(e.Key.Value, unboundKeys)))
			case e.Value.Kind != yamldoc.Scalar || e.Value.Tag != "":
				b.add(diag.WantText, e.Value.Span)
			case text == nil:
				u.Place = b.place(e.Value)
			case !e.Value.Null:
				*text = strings.TrimSpace(e.Value.Value)
			}
		}
		b.d.Unbound = append(b.d.Unbound, u)
	}
}
