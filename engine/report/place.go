package report

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// published reports whether an operand's place is in the published document and not just in the data file.
func published(o *finding.Operand) bool { return o.Place != o.Data && o.Place != finding.Place{} }

// base is the last part of a path, whichever way its slashes lean.
func base(p string) string { return path.Base(strings.ReplaceAll(p, `\`, "/")) }

// spans writes places of one file shortly: lines of a text, pages, and cells of sheets and tables.
func spans(lang string, places []finding.Place, columns bool) []string {
	var text, pages, cells []finding.Place
	for _, p := range places {
		switch {
		case p.Page > 0:
			pages = append(pages, p)
		case p.Cell != "":
			cells = append(cells, p)
		default:
			text = append(text, p)
		}
	}
	return slices.Concat(lineSpans(text, columns), pageSpans(lang, pages), cellSpans(cells))
}

// lineSpans writes a line that is named once with its column (62:40), a line that holds several places without it (39),
// and three or more lines in a row as a range (50–57). A column is told where there is no more than one line. Places
// without a line are left out.
func lineSpans(places []finding.Place, columns bool) []string {
	slices.SortFunc(places, func(a, b finding.Place) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	places = slices.Compact(slices.DeleteFunc(places, func(p finding.Place) bool { return p.Line == 0 }))
	// One entry a line, without a column where it holds several.
	var lines []finding.Place
	for _, p := range places {
		if n := len(lines); n > 0 && lines[n-1].Line == p.Line {
			lines[n-1].Column = 0
			continue
		}
		lines = append(lines, p)
	}
	columns = columns && len(lines) == 1
	return ranges(lines, func(p finding.Place) int { return p.Line }, func(from, to finding.Place) string {
		switch {
		case from != to:
			return fmt.Sprintf("%d–%d", from.Line, to.Line)
		case columns && from.Column > 0:
			return fmt.Sprintf("%d:%d", from.Line, from.Column)
		}
		return strconv.Itoa(from.Line)
	})
}

// pageSpans writes pages, with the cell where there is one on the page.
func pageSpans(lang string, places []finding.Place) []string {
	slices.SortStableFunc(places, func(a, b finding.Place) int { return cmp.Compare(a.Page, b.Page) })
	var pages []finding.Place
	for _, same := range groupBy(places, func(p finding.Place) string { return strconv.Itoa(p.Page) }) {
		pages = append(pages, same[0])
		if slices.ContainsFunc(same, func(p finding.Place) bool { return p.Cell != same[0].Cell }) {
			pages[len(pages)-1].Cell = ""
		}
	}
	return ranges(pages, func(p finding.Place) int { return p.Page }, func(from, to finding.Place) string {
		if from != to {
			return fmt.Sprintf(textPages.In(lang), from.Page, to.Page)
		}
		return strings.TrimSpace(fmt.Sprintf(textPage.In(lang), from.Page) + wordGap.In(lang) + from.Cell)
	})
}

// cellSpans writes cells, the name of the sheet or table once for those that follow one another.
func cellSpans(places []finding.Place) []string {
	var out []string
	for _, same := range groupBy(places, table) {
		var refs []string
		for _, p := range same {
			refs = append(refs, p.Cell[strings.LastIndexByte(p.Cell, '!')+1:])
		}
		refs = distinct(refs)
		refs[0] = same[0].Cell
		out = append(out, refs...)
	}
	return out
}

// table is the name of the sheet or table that a place is in.
func table(p finding.Place) string { return p.Cell[:max(strings.LastIndexByte(p.Cell, '!'), 0)] }

// ranges writes places in order, three or more whose numbers follow one another as one.
func ranges(places []finding.Place, number func(finding.Place) int, text func(from, to finding.Place) string) []string {
	var out []string
	for i := 0; i < len(places); {
		j := i + 1
		for j < len(places) && number(places[j]) == number(places[j-1])+1 {
			j++
		}
		if j-i < 3 {
			j = i + 1
		}
		out = append(out, text(places[i], places[j-1]))
		i = j
	}
	return out
}

// Spot is a place in its file as a person looks it up: the line and column of a text, the page, the cell. It is "" where
// nothing is known.
func Spot(p finding.Place, lang string) string {
	return strings.Join(spans(lang, []finding.Place{p}, true), "")
}

// mostPlaces is how many places of one file are told.
const mostPlaces = 2

// locator writes the places of operands for people.
type locator struct {
	lang string
	// known are the one published document and the data file of an input: their places need no name.
	known []string
}

// newLocator looks for the published documents of one input.
func newLocator(lang, input string, findings []finding.Finding) (l locator, documents []string) {
	var all []string
	for i := range findings {
		for k := range findings[i].Operands {
			if o := &findings[i].Operands[k]; published(o) {
				all = append(all, o.Place.Path)
			}
		}
	}
	l = locator{lang: lang, known: []string{input}}
	if documents = distinct(all); len(documents) == 1 {
		l.known = append(l.known, documents[0])
	}
	return l, documents
}

// places is where operands stand: in the published documents, 62:40、63–67, and in brackets the lines of the data
// files, (31、35–39). Beside figures, and what stands in a document, other texts are left out: they are mostly names by
// which these were found.
func (l locator) places(operands []finding.Operand) (report, data string) {
	var inReport, inData []finding.Place
	matters := func(o finding.Operand) bool { return published(&o) || o.Value != "" }
	all := !slices.ContainsFunc(operands, matters)
	for i := range operands {
		o := &operands[i]
		if !all && !matters(*o) {
			continue
		}
		if published(o) {
			inReport = append(inReport, o.Place)
		}
		inData = append(inData, o.Data)
	}
	if data = l.text(inData, false); data != "" {
		data = "(" + data + ")"
	}
	return l.text(inReport, true), data
}

// text is places by their files.
func (l locator) text(places []finding.Place, columns bool) string {
	var out []string
	for _, file := range groupBy(places, func(p finding.Place) string { return p.Path }) {
		s := spans(l.lang, file, columns)
		more := ""
		if n := len(s); n > mostPlaces {
			s, more = s[:mostPlaces], "…"
		}
		text := strings.Join(s, wordList.In(l.lang)) + more
		if name := file[0].Path; name != "" && !slices.Contains(l.known, name) {
			text = strings.TrimSpace(base(name) + " " + text)
		}
		out = append(out, text)
	}
	return strings.Join(distinct(out), wordSemicolon.In(l.lang))
}

// headings are the headings that operands stand under in the published documents, and the titles of their tables:
// “三、支出决算情况说明”、表3（收入决算表）.
func (l locator) headings(operands []finding.Operand) []string {
	var out []string
	for i := range operands {
		o := &operands[i]
		titles := o.Place.Headings()
		if !published(o) || o.Value == "" || len(titles) == 0 {
			continue
		}
		name, title := table(o.Place), titles[len(titles)-1]
		switch {
		case name == "":
			// Two levels tell （一）总体情况 of one chapter from that of another.
			out = append(out, "“"+strings.Join(titles[max(len(titles)-2, 0):], " › ")+"”")
		case name != title:
			// The name itself stands in the place.
			out = append(out, name+fmt.Sprintf(textTitle.In(l.lang), title))
		}
	}
	return distinct(out)
}

// under says which headings operands stand under; "" where nothing says so.
func (l locator) under(operands []finding.Operand) string {
	all := l.headings(operands)
	if len(all) == 0 {
		return ""
	}
	more := ""
	if len(all) > mostPlaces {
		all, more = all[:mostPlaces], "…"
	}
	return fmt.Sprintf(textUnder.In(l.lang), strings.Join(all, wordList.In(l.lang))) + more
}
