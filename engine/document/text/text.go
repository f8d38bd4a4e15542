// Package text reads plain text files as documents. Their places are the lines and columns of the file.
//
// Text has no tables of its own; how programs write them down as text is known to table.go and columns.go. Everything
// else is paragraphs, one a line: which lines belong together is for Document.Flow to find out.
package text

import (
	"bytes"
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// Is reports whether the content is text in one of the encodings that Read knows.
func Is(content []byte) bool {
	_, ok := decode(content)
	return ok
}

// Read reads text in UTF-8, GB18030, or UTF-16 with a byte order mark.
func Read(ctx context.Context, f *source.File, l document.Limits) (*document.Document, diag.List) {
	whole := source.Span{File: source.New(f.Path, nil)}
	if int64(len(f.Content)) > l.Bytes {
		return nil, diag.List{diag.New(diag.DocumentLimit, whole, document.Size(l.Bytes))}
	}
	content, ok := decode(f.Content)
	if !ok {
		return nil, diag.List{diag.New(diag.DocumentDamaged, whole, "neither UTF-8 nor GB18030")}
	}
	if len(content) > l.Text {
		return nil, diag.List{diag.New(diag.DocumentLimit, whole, document.Size(int64(l.Text)))}
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, diag.List{diag.New(diag.DocumentEmpty, whole)}
	}
	r := &reader{file: source.New(f.Path, content), doc: &document.Document{Path: f.Path, Format: "txt"}, cells: l.Cells}
	for n := 1; n <= r.file.Lines(); n++ {
		r.lines = append(r.lines, r.file.Line(n))
	}
	r.doc.Source = strings.Join(r.lines, "\n") + "\n"
	for r.at < len(r.lines) && ctx.Err() == nil && r.cells >= 0 {
		if !r.table() {
			r.paragraph()
		}
	}
	switch {
	case ctx.Err() != nil:
		return nil, diag.List{diag.New(diag.DocumentLimit, whole, document.Duration(l.Time))}
	case r.cells < 0:
		return nil, diag.List{diag.New(diag.DocumentLimit, whole, document.Cells(l.Cells))}
	}
	return r.doc, nil
}

// decode brings text to UTF-8 and line breaks to "\n". GB18030 gives a meaning to nearly every byte, so that what it is
// taken for must hold no control characters, as other files do.
func decode(content []byte) ([]byte, bool) {
	out, err := content, error(nil)
	switch {
	case bytes.HasPrefix(content, []byte{0xff, 0xfe}) || bytes.HasPrefix(content, []byte{0xfe, 0xff}):
		out, err = utf16.UTF16(utf16.LittleEndian, utf16.UseBOM).NewDecoder().Bytes(content)
	case !utf8.Valid(content):
		out, err = simplifiedchinese.GB18030.NewDecoder().Bytes(content)
		if bytes.ContainsRune(out, utf8.RuneError) {
			return nil, false
		}
	}
	if err != nil || bytes.ContainsFunc(out, control) {
		return nil, false
	}
	if bytes.IndexByte(out, '\n') < 0 {
		out = bytes.ReplaceAll(out, []byte("\r"), []byte("\n"))
	}
	return out, true
}

// control reports whether a character has no business in text: a control character other than those of lines and pages.
func control(c rune) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' || c == 0x7f
}

// reader goes through the lines of a file.
type reader struct {
	file  *source.File
	lines []string
	doc   *document.Document
	// at is the index of the next line.
	at int
	// tables counts the tables so far; cells is how many more there may be.
	tables, cells int
	// none holds, for each shape of tables, the line before which none begins.
	none [6]int
}

// text is part of a line from one byte offset to another, without the space around it. It has a place even where it is
// empty.
func (r *reader) text(n, from, to int) document.Text {
	line := r.lines[n]
	s := strings.TrimLeftFunc(line[from:to], unicode.IsSpace)
	column := utf8.RuneCountInString(line[:to-len(s)]) + 1
	if s == "" {
		column = utf8.RuneCountInString(line[:from]) + 1
	}
	return document.Text{
		S:     strings.TrimRightFunc(s, unicode.IsSpace),
		Marks: []document.Mark{{Place: source.Place{Line: n + 1, Column: column}}},
	}
}

func (r *reader) paragraph() {
	if line := r.lines[r.at]; !blank(line) {
		r.doc.Blocks = append(r.doc.Blocks, document.Block{Kind: document.Paragraph, Text: r.text(r.at, 0, len(line))})
	}
	r.at++
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
