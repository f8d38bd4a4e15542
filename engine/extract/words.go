package extract

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

//go:embed words.yaml
var shippedWords []byte

// list is words of one kind, the longest first.
type list []string

// Words are the word lists of the grammar: units, words of change, roles, headings. words.yaml says what each holds.
type Words struct {
	money, percent, points, score, counts, dates, limits, more           list
	ordinals, limitsBefore, limitsAfter, ranges                          list
	up, down, either, to, from, greater, less, equal                     list
	budget, planned, final, flows, share, done, completion               list
	pointsWon, pointsFull                                                list
	against, basis, againstAfter, samePeriod                             list
	parts, open, reasons, causes, notCauses, results, purposes           list
	beforeNumber, aboutBefore, aboutAfter, adverbs, pronouns, acts       list
	labelEnds, generic, remarks, scopes, headingEnds, headingMarks, flat list
	absent, absentNot, items, notBeforeNumber, basisParts, labelStarts   list
	columnNames, columnLevels, columnCodes, columnOrders, columnUnits    list
	columnOperators, columnReasons, columnTargets, columnActuals         list
	columnTexts, columnDone, columnYears, columnPlain, priors            list
	rowsTotal, captions, rowKeys, tableUnits, captionWords, titleEnds    list
	notes, tableEmpty, moneyWords, countWords, operators, natures        list
	light, notCounts, notOpen, target, actual, amounts, idioms           list
	// simple maps traditional characters to simplified ones.
	simple map[rune]rune
}

// lists names the lists as the file does.
func (w *Words) lists() map[string]*list {
	return map[string]*list{
		"money": &w.money, "percent": &w.percent, "points": &w.points, "score": &w.score, "counts": &w.counts,
		"dates": &w.dates, "limits": &w.limits, "more": &w.more, "ordinals": &w.ordinals, "limits_before": &w.limitsBefore,
		"limits_after": &w.limitsAfter, "ranges": &w.ranges, "up": &w.up, "down": &w.down, "either": &w.either, "to": &w.to,
		"from": &w.from, "greater": &w.greater, "less": &w.less, "equal": &w.equal, "budget": &w.budget, "planned": &w.planned,
		"final": &w.final, "flows": &w.flows, "share": &w.share, "done": &w.done, "completion": &w.completion,
		"points_won": &w.pointsWon, "points_full": &w.pointsFull, "against": &w.against, "basis": &w.basis,
		"against_after": &w.againstAfter, "same_period": &w.samePeriod, "parts": &w.parts, "open": &w.open,
		"reasons": &w.reasons, "causes": &w.causes, "not_causes": &w.notCauses, "results": &w.results, "purposes": &w.purposes,
		"before_number": &w.beforeNumber, "about_before": &w.aboutBefore, "about_after": &w.aboutAfter, "adverbs": &w.adverbs,
		"pronouns": &w.pronouns, "acts": &w.acts, "label_ends": &w.labelEnds, "generic": &w.generic, "remarks": &w.remarks,
		"scopes": &w.scopes, "heading_ends": &w.headingEnds, "heading_marks": &w.headingMarks, "flat": &w.flat,
		"absent": &w.absent, "absent_not": &w.absentNot, "items": &w.items,
		"column_names": &w.columnNames, "column_levels": &w.columnLevels, "column_codes": &w.columnCodes,
		"column_orders": &w.columnOrders, "column_units": &w.columnUnits, "column_operators": &w.columnOperators,
		"column_reasons": &w.columnReasons, "column_targets": &w.columnTargets, "column_actuals": &w.columnActuals,
		"column_texts": &w.columnTexts, "column_done": &w.columnDone, "column_years": &w.columnYears,
		"column_plain": &w.columnPlain, "priors": &w.priors, "rows_total": &w.rowsTotal, "captions": &w.captions,
		"row_keys": &w.rowKeys, "table_units": &w.tableUnits, "caption_words": &w.captionWords,
		"title_ends": &w.titleEnds, "notes": &w.notes, "table_empty": &w.tableEmpty, "money_words": &w.moneyWords,
		"not_before_number": &w.notBeforeNumber, "basis_parts": &w.basisParts, "label_starts": &w.labelStarts, "light": &w.light, "not_counts": &w.notCounts, "not_open": &w.notOpen,
		"target": &w.target, "actual": &w.actual, "amounts": &w.amounts, "idioms": &w.idioms,
		"count_words": &w.countWords, "operators": &w.operators, "natures": &w.natures,
	}
}

// WordLists are the names of the lists, sorted.
func WordLists() []string { return slices.Sorted(maps.Keys((&Words{}).lists())) }

// ShippedWords are the words of Chinese reports.
func ShippedWords() *Words {
	w := &Words{simple: simplified()}
	if problems := w.Add(source.New("words.yaml", shippedWords)); len(problems) > 0 {
		panic(fmt.Sprintf("the shipped words are broken: %v", problems[0]))
	}
	return w
}

// WordsOf are the shipped words and those that a pack adds to them.
func WordsOf(p *rule.Pack) (*Words, diag.List) {
	w := ShippedWords()
	var problems diag.List
	for _, f := range p.Words {
		problems = append(problems, w.Add(f)...)
	}
	return w, problems
}

// Add puts the words of a file to those of w. The file is a mapping from the names of lists to words; names that no
// list has and values that are no list of words are left out, and said.
func (w *Words) Add(f *source.File) diag.List {
	root, problems := yamldoc.Parse(f)
	switch {
	case root == nil:
		return problems
	case root.Kind != yamldoc.Mapping:
		return append(problems, diag.New(diag.WantMapping, root.Span))
	}
	lists := w.lists()
	for _, e := range root.Entries {
		l := lists[e.Key.Value]
		if l == nil {
			problems = append(problems, diag.New(diag.UnknownKey, e.Key.Span, e.Key.Value).
				WithSuggestion(diag.Suggest(e.Key.Value, slices.Sorted(maps.Keys(lists)))))
			continue
		}
		if e.Value.Kind != yamldoc.Sequence {
			problems = append(problems, diag.New(diag.WantList, e.Value.Span))
			continue
		}
		for _, item := range e.Value.Items {
			word := w.Fold(item.Value)
			if item.Kind != yamldoc.Scalar || word == "" {
				problems = append(problems, diag.New(diag.WantText, item.Span))
				continue
			}
			*l = append(*l, word)
		}
		slices.SortStableFunc(*l, func(a, b string) int { return len(b) - len(a) })
		*l = slices.Compact(*l)
	}
	return problems
}

// has reports whether the list holds exactly this word.
func (l list) has(s string) bool { return slices.Contains(l, s) }

// prefix is the longest word that s begins with, "" for none.
func (l list) prefix(s string) string {
	for _, w := range l {
		if strings.HasPrefix(s, w) {
			return w
		}
	}
	return ""
}

// suffix is the longest word that s ends with, "" for none.
func (l list) suffix(s string) string {
	for _, w := range l {
		if strings.HasSuffix(s, w) {
			return w
		}
	}
	return ""
}

// in is where the first of the words stands in s, and the word: the longest of those that stand there. -1 for none.
func (l list) in(s string) (at int, word string) {
	at = -1
	for _, w := range l {
		if i := strings.Index(s, w); i >= 0 && (at < 0 || i < at) {
			at, word = i, w
		}
	}
	return at, word
}
