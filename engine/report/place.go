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

// spans writes places of one file shortly: a line that is named once with its column (62:40), a line that holds several
// places without it (39), and three or more lines in a row as a range (50–57). A column is told where there is no
// more than one line. Places without a line are left out.
func spans(places []finding.Place, columns bool) []string {
	places = slices.Clone(places)
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
	var out []string
	for i := 0; i < len(lines); {
		j := i + 1
		for j < len(lines) && lines[j].Line == lines[j-1].Line+1 {
			j++
		}
		switch {
		case j-i >= 3:
			out = append(out, fmt.Sprintf("%d–%d", lines[i].Line, lines[j-1].Line))
			i = j
		case columns && lines[i].Column > 0:
			out = append(out, fmt.Sprintf("%d:%d", lines[i].Line, lines[i].Column))
			i++
		default:
			out = append(out, strconv.Itoa(lines[i].Line))
			i++
		}
	}
	return out
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
		s := spans(file, columns)
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
