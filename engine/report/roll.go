package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// This file tells of which entities of a list no dataset came. The list may be long: people are told of some, programs of all.

type jsonRoll struct {
	Path     string           `json:"path"`
	Listed   int              `json:"listed"`
	Unlisted jsonUnlisted     `json:"unlisted"`
	Periods  []jsonRollPeriod `json:"periods"`
}

type jsonUnlisted struct {
	Datasets int      `json:"datasets"`
	Examples []string `json:"examples"`
}

type jsonRollPeriod struct {
	Period   string           `json:"period"`
	Budget   bool             `json:"budget"`
	Absent   int              `json:"absent"`
	Entities []jsonRollEntity `json:"entities"`
}

type jsonRollEntity struct {
	Name   string     `json:"name"`
	Parent string     `json:"parent"`
	Region string     `json:"region"`
	Place  *jsonPlace `json:"place"`
}

// roll writes what there is of a list of entities; all of them would be too much to keep.
func (m *members) roll(r *finding.Roll) {
	if r == nil {
		m.value("roll", nil)
		return
	}
	m.key("roll")
	m.object(func(m *members) {
		m.value("path", r.Path)
		m.value("listed", r.Listed)
		m.value("unlisted", jsonUnlisted{r.Unlisted, orEmpty(r.Examples)})
		m.key("periods")
		m.array(func(item func(func(*members)) bool) {
			for _, p := range r.Periods {
				item(func(m *members) {
					m.object(func(m *members) {
						m.value("period", p.Period)
						m.value("budget", p.Budget)
						m.value("absent", p.Absent)
						m.key("entities")
						m.array(func(item func(func(*members)) bool) {
							for e := range p.Entities {
								if !item(func(m *members) { m.write(compact(jsonRollEntity{e.Name, e.Parent, e.Region, newJSONPlace(e.Place)})) }) {
									return
								}
							}
						})
					})
				})
			}
		})
	})
}

// roll tells of the latest period which entities are absent, and of the others how many.
func (p *page) roll() error {
	r := p.Roll
	if r == nil {
		return nil
	}
	p.head(p.sayf(headRoll, r.Path, r.Listed))
	for i, period := range r.Periods {
		kind := textAccounts
		if period.Budget {
			kind = textBudgets
		}
		p.line(2, p.sayf(kind, period.Period)+p.say(wordColon)+p.sayf(textRoll, r.Listed-period.Absent, period.Absent))
		if i > 0 || period.Absent == 0 {
			continue
		}
		if err := p.absent(&period); err != nil {
			return err
		}
	}
	if r.Unlisted > 0 {
		var names []string
		for _, name := range r.Examples[:min(len(r.Examples), gathered)] {
			names = append(names, line(name))
		}
		if len(r.Examples) > gathered {
			names = append(names, "…")
		}
		p.line(2, p.sayf(textNotListed, r.Unlisted)+p.say(wordColon)+p.list(names))
	}
	return nil
}

// absent lists the entities of which there is no dataset, or where they belong when they are many.
func (p *page) absent(period *finding.RollPeriod) error {
	if period.Absent > digestRows && !p.All {
		return p.absentRegions(period)
	}
	g := grid{columns: []Column{
		{Head: p.say(wordAbsent), Weight: 2}, {Head: p.say(wordParent), Weight: 1}, {Head: p.say(wordRegion), Weight: 1}, {Head: p.say(wordListed), Right: true},
	}}
	for e := range period.Entities {
		g.rows = append(g.rows, []string{line(e.Name), line(e.Parent), line(e.Region), fmt.Sprint(e.Place.Line)})
	}
	return g.write(p, p.Width)
}

// absentRegions counts the absent entities by their regions, or those above them, most first.
func (p *page) absentRegions(period *finding.RollPeriod) error {
	type region struct {
		name, example string
		n             int
	}
	regions := map[string]*region{}
	for e := range period.Entities {
		name := cmp.Or(e.Region, e.Parent)
		if regions[name] == nil && len(regions) >= digestFolders {
			name = "…"
		}
		if regions[name] == nil {
			regions[name] = &region{name: name, example: e.Name}
		}
		regions[name].n++
	}
	rows := slices.SortedFunc(maps.Values(regions), func(a, b *region) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.name, b.name))
	})
	g := grid{columns: []Column{{Head: p.say(wordFolder), Weight: 2}, {Head: p.say(wordAbsent), Right: true}, {Head: p.say(wordExample), Weight: 1}}}
	for _, r := range rows[:min(len(rows), digestRows)] {
		g.rows = append(g.rows, []string{line(r.name), fmt.Sprint(r.n), line(r.example)})
	}
	if err := g.write(p, p.Width); err != nil {
		return err
	}
	if n := len(rows) - len(g.rows); n > 0 {
		p.line(2, p.sayf(textUnlisted, n)+p.say(wordStop))
	}
	p.line(2, p.say(textRollJSON)+p.say(wordStop))
	return nil
}

// compact is a value on one line.
func compact(v any) string {
	var text strings.Builder
	// Texts and numbers always encode.
	_ = newEncoder(&text).Encode(v)
	return strings.TrimSuffix(text.String(), "\n")
}
