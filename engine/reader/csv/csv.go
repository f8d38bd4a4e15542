// Package csv reads datasets from tables of values with commas, semicolons or tabs between them, in UTF-8 or GB18030, as
// spreadsheets and databases write them. Which sign it is, the first row tells: the one that it has most of.
//
// Values that hold a separator, a quote or a line break stand between quotes, and quotes within these are written twice.
// A quote within a value that begins with none is a sign like any other.
package csv

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"slices"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/reader/chunk"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/source"
)

// Name is the name of the format.
const Name = "csv"

// file is what the first row of a file tells.
type file struct {
	path string
	// row is the first row, and separator stands between values.
	row       []byte
	separator byte
	// head is nil where the first row names no columns of datasets; figures tell of a wide table how many columns of figures begin
	// with each one.
	head    *table.Head
	figures []int
	// list is what is wrong with the first row, and lines how many there are up to its end.
	list  diag.List
	lines int
}

// Read reads a file piece by piece. The error, with which it ends, is that of reading.
func Read(path string, r io.Reader, live bool, memory *sync.Pool) iter.Seq2[*Piece, error] {
	return func(yield func(*Piece, error) bool) {
		f := &file{path: path}
		in, err := f.begin(r, live)
		if err != nil {
			yield(nil, err)
			return
		}
		if f.list != nil && !yield(&Piece{file: f, list: f.list}, nil) || f.head == nil {
			return
		}
		some := false
		for c, err := range chunk.Cut(in, live, f.last, memory) {
			c.Before += f.lines
			if err != nil {
				var long *chunk.TooLongError
				if errors.As(err, &long) {
					long.Line += f.lines
				}
				yield(nil, err)
				return
			}
			some = some || len(bytes.Trim(c.Content, "\"\r\n\t ,;")) > 0
			if !yield(&Piece{file: f, Chunk: c}, nil) {
				return
			}
		}
		if !some {
			yield(&Piece{file: f, list: diag.List{diag.New(diag.TableNoRows, f.head.Span())}}, nil)
		}
	}
}

// maxHead is the longest first row.
const maxHead = 16 << 20

// decoded reads a text in UTF-8: what is none at its beginning is GB18030.
func decoded(r io.Reader, live bool) *bufio.Reader {
	in := bufio.NewReaderSize(r, 1<<16)
	if live {
		return in
	}
	text, err := in.Peek(in.Size())
	if err == nil {
		// The last character may have been cut.
		for range utf8.UTFMax - 1 {
			if r, size := utf8.DecodeLastRune(text); r == utf8.RuneError && size == 1 {
				text = text[:len(text)-1]
			}
		}
	}
	if utf8.Valid(text) {
		return in
	}
	return bufio.NewReaderSize(simplifiedchinese.GB18030.NewDecoder().Reader(in), 1<<16)
}

// begin reads the first row that is not blank. What follows is in UTF-8.
func (f *file) begin(r io.Reader, live bool) (*bufio.Reader, error) {
	in := decoded(r, live)
	var row []byte
	before := 0
	for {
		line, err := in.ReadSlice('\n')
		if row = append(row, line...); before == 0 {
			row = bytes.TrimPrefix(row, []byte("\uFEFF"))
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull) && len(row) < maxHead:
			continue
		case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case err == nil && bytes.Count(row, quote)%2 > 0 && len(row) < maxHead:
			continue
		}
		n := bytes.Count(row, newline)
		f.lines = before + n
		if f.first(row, before) || err != nil {
			return in, nil
		}
		before, row = f.lines, row[:0]
	}
}

var newline, quote = []byte("\n"), []byte(`"`)

// first reads the first row. It is false when the row is blank.
func (f *file) first(row []byte, before int) bool {
	at := &source.File{Path: f.path, Content: bytes.Clone(row), Before: before}
	whole := source.Span{File: at, End: len(bytes.TrimRight(at.Content, "\r\n"))}
	f.row, f.separator = at.Content, separatorOf(row)
	s := scanner{text: string(row), separator: f.separator}
	cells, ok := s.row(nil)
	f.list = nil
	switch defect := at.Check(); {
	case defect != nil:
		f.list.Add(diag.Unreadable(at, defect))
	case !ok:
		f.list.Add(diag.New(diag.TableQuote, source.Span{File: at, Start: s.quote, End: s.quote + 1}))
	case blank(cells, nil):
		f.list.Add(diag.New(diag.YAMLEmpty, source.Span{File: &source.File{Path: f.path}}))
		return false
	default:
		names := make([]table.Name, len(cells))
		for i, c := range cells {
			names[i] = table.Name{Text: c.Text, Span: source.Span{File: at, Start: c.Start, End: c.End}}
		}
		if f.head, f.list = table.NewHead(names, whole); f.head != nil && !f.head.Long {
			f.figures = make([]int, f.head.Width())
			for _, i := range slices.Backward(f.head.Figures()) {
				if f.figures[i] = 1; i+1 < len(f.figures) {
					f.figures[i] += f.figures[i+1]
				}
			}
		}
	}
	return true
}

// separatorOf is the sign that a row has most of outside quotes.
func separatorOf(row []byte) byte {
	var count [256]int
	quoted := false
	for _, c := range row {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			count[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

// maxQuoted is how far apart the quotes around line breaks may be; what goes on for longer is a quote that is not closed.
const maxQuoted = chunk.Size

// last is how much of a text is whole datasets.
func (f *file) last(text []byte) int {
	n := ended(text)
	if !f.head.Long || n == 0 {
		return n
	}
	// The last dataset may go on.
	last := 0
	for g := range f.groups(string(text[:n])) {
		last = g.start
	}
	return last
}

// ended is how much of a text is whole rows: up to a line break outside quotes, which is one with an even number of
// quotes before it.
func ended(text []byte) int {
	all := bytes.LastIndexByte(text, '\n') + 1
	n, odd := all, bytes.Count(text[:all], quote)%2 > 0
	for odd && n > 0 {
		before := bytes.LastIndexByte(text[:n-1], '\n') + 1
		if bytes.Count(text[before:n], quote)%2 > 0 {
			odd = false
		}
		n = before
	}
	if n == 0 && len(text) >= maxQuoted {
		return all
	}
	return n
}
