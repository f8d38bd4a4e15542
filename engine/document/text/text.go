// Package text reads plain text files as documents. Their places are the lines and columns of the file.
package text

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// Is reports whether the content is text.
func Is(content []byte) bool { return utf8.Valid(content) }

// Read makes every line that is not blank a paragraph.
func Read(_ context.Context, f *source.File, _ document.Limits) (*document.Document, diag.List) {
	doc := &document.Document{Path: f.Path, Format: "txt"}
	for n := 1; n <= f.Lines(); n++ {
		line := f.Line(n)
		if strings.TrimSpace(line) == "" {
			continue
		}
		doc.Blocks = append(doc.Blocks, document.Block{Kind: document.Paragraph, Text: document.Text{
			S: line, Marks: []document.Mark{{Place: source.Place{Line: n, Column: 1}}},
		}})
	}
	return doc, nil
}
