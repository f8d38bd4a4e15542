package extract

import (
	"cmp"
	"strings"

	"github.com/gouji/gouji/engine/document"
)

// Read finds out what a document says, by the words that its language uses for it.
func Read(doc *document.Document, w *Words) *Reading {
	r := &reading{Reading: Reading{Document: doc.Flow()}, words: w}
	r.year = r.commonYear()
	for i, b := range r.Document.Blocks {
		switch b.Kind {
		case document.Heading, document.Paragraph:
			r.paragraph(i, b)
		case document.Table, document.Chart:
			r.grid(i, b)
		}
	}
	return &r.Reading
}

// commonYear is the year that a document is about: the one that it names most often, where it says so with 年度; ""
// for none.
func (r *reading) commonYear() string {
	years, other := map[string]int{}, map[string]int{}
	best, second := "", ""
	for _, b := range r.Document.Blocks {
		for rest := r.words.Fold(b.Text.S); ; {
			at := strings.Index(rest, "年")
			if at < 0 {
				break
			}
			if year := rest[max(0, at-4):at]; digits(year) == 4 {
				if other[year]++; other[year] > other[second] {
					second = year
				}
				if strings.HasPrefix(rest[at:], "年度") {
					if years[year]++; years[year] > years[best] {
						best = year
					}
				}
			}
			rest = rest[at+len("年"):]
		}
	}
	return cmp.Or(best, second)
}

// reading is one call of Read: what was found, and the headings that hold at the block being read.
type reading struct {
	Reading
	words    *Words
	headings []ranked
	// year is the report's; frames are the lists whose parts stand in paragraphs of their own; rank is the numbering of
	// the paragraph being read.
	year   string
	frames []*frame
	rank   int
}
