package extract

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/rule"
)

// This file binds what a text says of the indicators of a form. The text calls them by other words, so each figure goes
// to the row whose name is most like its subject.

// alternative is a row that a figure may be of.
type alternative struct {
	fact    int
	subject string
	// unit is that of the fact, or "" where the row's is another one.
	unit  string
	row   *record
	leaf  *dataset.Field
	by    *rule.Select
	id    string
	score float64
}

// passage is a paragraph or a cell.
type passage struct{ block, row, col int }

// alike binds the facts that selectors with `like` wait for: the likest pairs first, each row once in a passage.
func (b *binder) alike() {
	passages := map[passage][]alternative{}
	for i := range b.Reading.Facts {
		f := &b.Reading.Facts[i]
		if b.spots[i] != nil || f.Reason {
			continue
		}
		for _, scope := range b.holding(f.Section, f.Block) {
			for _, s := range scope.Fields {
				if !s.Like {
					continue
				}
				if leaf := b.leaf(s, i); leaf != nil {
					at := passage{f.Block, f.Row, f.Col}
					passages[at] = append(passages[at], b.alternatives(i, leaf, s, scope)...)
				}
			}
		}
	}
	var all []alternative
	for _, found := range passages {
		weigh(found)
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(x, y alternative) int { return cmp.Or(cmp.Compare(y.score, x.score), x.fact-y.fact) })
	type told struct {
		passage
		row *record
	}
	taken := map[told]bool{}
	for _, a := range all {
		f := &b.Reading.Facts[a.fact]
		at := told{passage{f.Block, f.Row, f.Col}, a.row}
		if a.score >= likeEnough && b.spots[a.fact] == nil && !taken[at] && b.take(a.fact, a.row, a.leaf, a.by, a.id) {
			taken[at] = true
		}
	}
}

// alternatives are the rows that have a unit like that of a fact.
func (b *binder) alternatives(i int, leaf *dataset.Field, s *rule.Select, scope scoped) []alternative {
	f := &b.Reading.Facts[i]
	subject := b.subject(f.Subject).Folded
	subject = subject[strings.LastIndexByte(subject, '/')+1:]
	var found []alternative
	for _, row := range b.locate(s.Field.Record(), scope.keys, f.Section, nil).rows[s.Field] {
		unit := ""
		if leaf.UnitFrom != nil && len(row.leaves[leaf.UnitFrom]) > 0 {
			unit = row.leaves[leaf.UnitFrom][0].text
		}
		if counts(unit) != counts(f.Unit) {
			continue
		}
		a := alternative{fact: i, subject: subject, row: row, leaf: leaf, by: s, id: scope.id}
		if a.score = like(subject, b.subject(row.key()).Folded); unit == f.Unit {
			a.unit = unit
		}
		found = append(found, a)
	}
	return found
}

// likeEnough is how like two names must be.
const likeEnough = 2.0 / 3

// weigh raises the scores of a passage's facts and rows that share what no other fact or row there has: their end, as in
// 满意度, or their unit and some of their name.
func weigh(all []alternative) {
	type trait struct {
		end  bool
		text string
	}
	facts, rows := map[trait]map[int]bool{}, map[trait]map[*record]bool{}
	add := func(a *alternative, t trait) {
		if facts[t] == nil {
			facts[t], rows[t] = map[int]bool{}, map[*record]bool{}
		}
		facts[t][a.fact], rows[t][a.row] = true, true
	}
	shared := func(a *alternative) []trait {
		var traits []trait
		if e := end(a.subject); e == end(a.row.key()) {
			traits = append(traits, trait{true, e})
		}
		if a.unit != "" && a.score >= someOf {
			traits = append(traits, trait{false, a.unit})
		}
		return traits
	}
	for i := range all {
		a := &all[i]
		for _, t := range shared(a) {
			add(a, t)
		}
	}
	for i := range all {
		a := &all[i]
		for _, t := range shared(a) {
			if len(facts[t]) == 1 && len(rows[t]) == 1 {
				a.score = max(a.score, likeEnough)
			}
		}
	}
}

// someOf is how like two names must be that share a unit which nothing else has.
const someOf = 0.5

// end is the end of a name, which says what it is: 满意度, 合格率.
func end(s string) string {
	r := []rune(s)
	return string(r[max(0, len(r)-3):])
}

// like is the share of the shorter name's characters that stand in the longer one in the same order, a little less the
// more the longer one has beside them.
func like(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 2 {
		return 0
	}
	common := make([]int, len(y)+1)
	for _, r := range x {
		before := 0
		for j, s := range y {
			above := common[j+1]
			if r == s {
				common[j+1] = before + 1
			} else {
				common[j+1] = max(above, common[j])
			}
			before = above
		}
	}
	n := common[len(y)]
	return (float64(n) + float64(n)/float64(len(y)*1000)) / float64(len(x))
}

// counts is what a unit counts: money, shares, people, time or things.
func counts(unit string) string {
	unit = strings.TrimLeft(strings.TrimSpace(unit), "万亿")
	if _, money := dataset.Convert(unit, "元"); money {
		return "元"
	}
	switch unit {
	case "", "%", "‰":
		return unit
	case "人", "名", "位", "人次":
		return "人"
	case "天", "小时", "月", "个月", "年", "日", "学时", "课时":
		return "天"
	}
	return "个"
}
