package extract

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// Wording is a piece of text that should not stand in a published report. One of the texts is set, and Original with Copied.
type Wording struct {
	// Name is the heading above it.
	Name string
	// Residue is left over from a template, Percent lacks its percent sign, Year is not the report's, Unit differs from
	// the other amounts of its section, Sign is a negative number after a word of direction.
	Residue, Percent, Year, Unit, Sign string
	// Repeated is a phrase that stands twice in a row, Copied one that lacks a character of the Original elsewhere.
	Repeated, Copied string
	Place            source.Place
	Original         string
	OriginalPlace    source.Place
}

// wordingPatterns find such pieces. They are compiled when the first document is read: datasets need none.
var wordingPatterns = sync.OnceValue(func() *struct{ residue, unsigned, signed, compared *regexp.Regexp } {
	return &struct{ residue, unsigned, signed, compared *regexp.Regexp }{
		residue:  regexp.MustCompile(`[Xx×]{2,}|增加[（(/、或]+减少[）)]?|减少[（(/、或]+增加[）)]?|增长[（(/、或]+下降[）)]?|下降[（(/、或]+(?:增长|上升)[）)]?|上升[（(/、或]+下降[）)]?|大小于|多少于|大于[（(/、或]+小于[）)]?|小于[（(/、或]+大于[）)]?|[（(]\d+字(?:以内|左右)[）)]|占\s*%|_{2,}\s*(?:万?元|%)`),
		unsigned: regexp.MustCompile(`(?:占[^，。；、,;\d]{0,16}|增长|下降|降低|上升)了?为?[\s:：]*\d+(?:\.\d+)?\s*[，。；;]`),
		signed:   regexp.MustCompile(`(?:占[^，。；、,;\d]{0,16}|增长|下降|降低|上升)了?为?[\s:：]*\d+(?:\.\d+)?\s*[，。；;]`),
		compared: regexp.MustCompile(`^\s*(20\d\d)年度?[^。；]{0,60}?(?:同比|比上年|较上年|与上年)`),
	}
})

// wordings looks for such pieces in the running text.
func (x *relating) wordings() {
	heading, next := "", 0
	year := x.period
	patterns := wordingPatterns()
	for i, b := range x.Document.Blocks {
		for next < len(x.Headings) && x.Headings[next].Block <= i {
			heading = x.Headings[next].Title
			next++
		}
		if b.Kind != document.Paragraph && b.Kind != document.Heading {
			continue
		}
		for _, kind := range []struct {
			pattern *regexp.Regexp
			set     func(*Wording, string)
		}{
			{patterns.residue, func(w *Wording, s string) { w.Residue = s }},
			{patterns.unsigned, func(w *Wording, s string) { w.Percent = strings.TrimRight(s, "，。；; ") }},
			{patterns.signed, func(w *Wording, s string) { w.Sign = s }},
		} {
			for _, at := range kind.pattern.FindAllStringIndex(b.Text.S, -1) {
				w := Wording{Name: heading, Place: b.Text.At(at[0])}
				kind.set(&w, b.Text.S[at[0]:at[1]])
				x.Wordings = append(x.Wordings, w)
			}
		}
		if m := patterns.compared.FindStringSubmatchIndex(b.Text.S); m != nil && year != "" && b.Text.S[m[2]:m[3]] != year && !strings.Contains(b.Text.S[m[0]:m[1]], year) {
			x.Wordings = append(x.Wordings, Wording{Name: heading, Year: b.Text.S[m[2]:m[3]] + "年", Place: b.Text.At(m[2])})
		}
	}
	x.units()
}

// units finds the odd amount in a section whose other amounts, at least four, are all in another unit.
func (x *relating) units() {
	sections := map[string][]int{}
	var order []string
	for i := range x.Facts {
		f := &x.Facts[i]
		if !isMoney(f) || f.Row >= 0 || f.Reason {
			continue
		}
		name := strings.Join(f.Section, "/")
		if sections[name] == nil {
			order = append(order, name)
		}
		sections[name] = append(sections[name], i)
	}
	for _, name := range order {
		facts := sections[name]
		for _, i := range facts {
			f := &x.Facts[i]
			others := slices.ContainsFunc(facts, func(k int) bool { return k != i && x.Facts[k].Unit == f.Unit })
			if others || len(facts) < 5 {
				continue
			}
			unit := x.Facts[facts[0]].Unit
			if facts[0] == i {
				unit = x.Facts[facts[1]].Unit
			}
			if !slices.ContainsFunc(facts, func(k int) bool { return k != i && x.Facts[k].Unit != unit }) {
				w := Wording{Unit: f.Text + f.Unit, Place: f.Place}
				if len(f.Section) > 0 {
					w.Name = f.Section[len(f.Section)-1]
				}
				x.Wordings = append(x.Wordings, w)
			}
		}
	}
}
