package csv

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"unicode/utf8"
	"unsafe"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/reader/chunk"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/source"
)

// Line is a row of a table that holds no datasets. It is overwritten by the next one, the texts of its cells too.
type Line struct {
	Cells []table.Cell
	// Wrong are its faults; the cells are those in front of them.
	Wrong diag.List

	path   string
	text   []byte
	before int
}

// Len counts the cells of the row.
func (l *Line) Len() int { return len(l.Cells) }

// Text is what stands in a cell.
func (l *Line) Text(i int) string { return l.Cells[i].Text }

// Span is where a cell stands, for good.
func (l *Line) Span(i int) source.Span { return l.span(l.Cells[i].Start, l.Cells[i].End) }

// Whole is where the row stands, for good.
func (l *Line) Whole() source.Span {
	return l.span(l.Cells[0].Start, l.Cells[len(l.Cells)-1].End)
}

func (l *Line) span(start, end int) source.Span {
	return source.Span{File: &source.File{Path: l.path, Content: bytes.Clone(l.text), Before: l.before}, Start: start, End: end}
}

// Position is where a cell stands.
func (l *Line) Position(i int) source.Position {
	front := l.text[:l.Cells[i].Start]
	start := bytes.LastIndexByte(front, '\n') + 1
	return source.Position{Line: l.before + bytes.Count(front, newline) + 1, Column: utf8.RuneCount(front[start:]) + 1}
}

// Lines reads the rows of any table, the names of its columns first, and leaves out those that are blank. What it reads is
// not kept in memory. The error, with which it ends, is that of reading.
func Lines(path string, r io.Reader) iter.Seq2[*Line, error] {
	return func(yield func(*Line, error) bool) {
		in := decoded(r, false)
		l := &Line{path: path}
		var separator byte
		for lines := 0; ; lines += bytes.Count(l.text, newline) {
			var err error
			l.before = lines
			if l.text, err = line(in, l.text[:0]); err != nil && !errors.Is(err, io.EOF) {
				var long *chunk.TooLongError
				if errors.As(err, &long) {
					long.Line = lines + 1
				}
				yield(nil, err)
				return
			}
			if lines == 0 {
				l.text = bytes.TrimPrefix(l.text, []byte("\uFEFF"))
			}
			if !l.rows(&separator, yield) || err != nil {
				return
			}
		}
	}
}

// rows yields the rows in the text: several where a quote is not closed. It is false when no more is wanted or can be read.
func (l *Line) rows(separator *byte, yield func(*Line, error) bool) bool {
	if !utf8.Valid(l.text) || bytes.IndexByte(l.text, 0) >= 0 {
		at := l.span(0, 0)
		l.Wrong = diag.List{diag.Unreadable(at.File, at.File.Check())}
		yield(l, nil)
		return false
	}
	s := scanner{text: unsafe.String(unsafe.SliceData(l.text), len(l.text))}
	for s.at < len(s.text) {
		if s.separator = *separator; s.separator == 0 {
			s.separator = separatorOf(l.text)
		}
		var ok bool
		if l.Cells, ok = s.row(l.Cells[:0]); !ok {
			l.Wrong = diag.List{diag.New(diag.TableQuote, l.span(s.quote, s.quote+1))}
		} else if l.Wrong = nil; blank(l.Cells, nil) {
			continue
		}
		if *separator = s.separator; !yield(l, nil) {
			return false
		}
	}
	return true
}

// line reads on to a line break outside quotes, unless the quotes are that far apart that one is not closed.
func line(in *bufio.Reader, text []byte) ([]byte, error) {
	open := false
	for {
		part, err := in.ReadSlice('\n')
		text = append(text, part...)
		open = open != (bytes.Count(part, quote)%2 > 0)
		switch {
		case errors.Is(err, bufio.ErrBufferFull) && len(text) <= maxHead:
		case errors.Is(err, bufio.ErrBufferFull):
			return text, &chunk.TooLongError{}
		case err != nil:
			return text, err
		case !open || len(text) > maxQuoted:
			return text, nil
		}
	}
}
