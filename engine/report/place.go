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
// places without it (39), and three or more lines in a row as a range (50–57). Places without a line are left out.
// columns false leaves out all columns.
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
		if !columns {
			p.Column = 0
		}
		lines = append(lines, p)
	}
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
		case lines[i].Column > 0:
			out = append(out, fmt.Sprintf("%d:%d", lines[i].Line, lines[i].Column))
			i++
		default:
			out = append(out, strconv.Itoa(lines[i].Line))
			i++
		}
	}
	return out
}

// locator writes the places of operands for people.
type locator struct {
	lang string
	// names holds what each published document is called; its path where it is not held.
	names map[string]string
}

// newLocator names the published documents of one input: the only one is just "the report".
func newLocator(lang string, findings []finding.Finding) (l locator, documents []string) {
	var all []string
	for i := range findings {
		for k := range findings[i].Operands {
			if o := &findings[i].Operands[k]; published(o) {
				all = append(all, o.Place.Path)
			}
		}
	}
	documents = distinct(all)
	l = locator{lang: lang, names: map[string]string{"": wordReport.In(lang)}}
	if len(documents) == 1 {
		l.names[documents[0]] = wordReport.In(lang)
	}
	return l, documents
}

// published is the places of operands in the published documents, one line a document: 报告 62:40、63–67.
// most limits the places told of one document; 0 is no limit.
func (l locator) published(operands []finding.Operand, most int) []string {
	return l.lines(operands, most, true, func(o *finding.Operand) (finding.Place, string, bool) {
		name, ok := l.names[o.Place.Path]
		if !ok {
			name = o.Place.Path
		}
		return o.Place, name + " ", published(o)
	})
}

// data is the places of operands in the data files: 2023.yaml:31、35–39.
func (l locator) data(operands []finding.Operand, most int) []string {
	return l.lines(operands, most, false, func(o *finding.Operand) (finding.Place, string, bool) {
		return o.Data, base(o.Data.Path) + ":", o.Data.Path != ""
	})
}

func (l locator) lines(operands []finding.Operand, most int, columns bool, of func(*finding.Operand) (finding.Place, string, bool)) []string {
	var names []string
	places := map[string][]finding.Place{}
	for i := range operands {
		p, name, ok := of(&operands[i])
		if !ok {
			continue
		}
		if _, seen := places[name]; !seen {
			names = append(names, name)
		}
		places[name] = append(places[name], p)
	}
	var out []string
	for _, name := range names {
		s := spans(places[name], columns)
		more := ""
		if n := len(s); most > 0 && n > most {
			s, more = s[:most], fmt.Sprintf(wordMore.In(l.lang), n)
		}
		// A file or document without lines is still worth naming.
		if len(s) == 0 {
			name = strings.TrimRight(name, " :")
		}
		out = append(out, name+strings.Join(s, wordList.In(l.lang))+more)
	}
	return out
}
