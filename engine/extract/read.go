package extract

import (
	"github.com/gouji/gouji/engine/document"
)

// Read finds out what a document says, by the words that its language uses for it.
func Read(doc *document.Document, w *Words) *Reading {
	r := &reading{Reading: Reading{Document: doc.Flow()}, words: w}
	r.year = r.Header().Period
	for i, b := range r.Document.Blocks {
		switch b.Kind {
		case document.Heading, document.Paragraph:
			r.paragraph(i, b)
		case document.Table, document.Chart:
			r.grid(i, b)
		}
	}
	r.settleUnits()
	return &r.Reading
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
	// unitless are the facts of tables whose unit nothing near them tells.
	unitless []int
}
