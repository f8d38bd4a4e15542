// Package source holds text files in memory and names places in them: offsets, positions (line and column) and spans.
//
// A place is kept as byte offsets, which are cheap and exact, and turned into a line and a column only where somebody
// reads it. Lines and columns are 1-based, and columns count characters, whatever the reader of a format counts.
//
// The package reads no files from disk, decodes no other encodings than UTF-8 and knows no file format.
package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sort"
	"strconv"
	"sync"
	"unicode/utf8"
)

// File is a text file held in memory. Create it with New; a File must not be copied, and its fields must not change
// once a position was asked for. Its methods may be called concurrently.
type File struct {
	// Path names the file in messages. It may be empty.
	Path string
	// Content is the text without a leading byte order mark. Offsets everywhere are bytes into it.
	Content []byte
	// Before counts the lines that stand in front of Content, where this is a part of what the path names.
	Before int
	// Cells, unless nil, says that this is part of a table and no text: there is no Content, and offsets count cells, row by
	// row.
	Cells *Cells

	// known are the positions of a file whose content is gone; the first is that of no place.
	known []Position

	once  sync.Once
	lines []int  // offset at which each line begins
	marks []mark // the line starts and points inside long lines, by offset
}

// Cells is what the cells of a table are called. The line of a cell is its row, and the column that in its row.
type Cells struct {
	// Width counts the cells of a row.
	Width int
	// Sheet is the name of the sheet; "" where the table is none.
	Sheet string
}

// mark is an offset whose line and column are known. Marks inside long lines keep Position fast in files that are one
// long line.
type mark struct {
	offset, line, column int
}

// markDistance is the number of bytes after which a line gets a further mark.
const markDistance = 1 << 10

// Known returns a File without content, of which some positions are known: those that Mark gives it. A sheet has a name.
func Known(path, sheet string) *File {
	f := &File{Path: path, known: []Position{{}}}
	if sheet != "" {
		f.Cells = &Cells{Sheet: sheet}
	}
	return f
}

// Mark adds a position to those that are known of a file, and returns the place there.
func (f *File) Mark(p Position) Span {
	f.known = append(f.known, p)
	return Span{f, len(f.known) - 1, len(f.known) - 1}
}

// HasPlaces reports whether there are lines and columns to tell, beyond the name of the file.
func (f *File) HasPlaces() bool { return f.Content != nil || f.Cells != nil || f.known != nil }

var utf8BOM = []byte("\uFEFF")

// New returns a File with the given content, less a leading UTF-8 byte order mark. It keeps content and does not copy it.
func New(path string, content []byte) *File {
	return &File{Path: path, Content: bytes.TrimPrefix(content, utf8BOM)}
}

// index builds the tables of lines and marks once.
func (f *File) index() {
	f.once.Do(func() {
		last := mark{0, 1, 1}
		f.lines, f.marks = append(f.lines, 0), append(f.marks, last)
		for last.offset < len(f.Content) {
			rest := f.Content[last.offset:]
			n := min(markDistance, len(rest))
			if end := bytes.IndexByte(rest[:n], '\n'); end >= 0 {
				last = mark{last.offset + end + 1, last.line + 1, 1}
				f.lines = append(f.lines, last.offset)
			} else {
				// No character goes on beyond the beginning of another.
				for n < len(rest) && !utf8.RuneStart(rest[n]) {
					n++
				}
				last = mark{last.offset + n, last.line, last.column + characters(rest[:n])}
			}
			f.marks = append(f.marks, last)
		}
	})
}

// characters counts characters as utf8.RuneCount does, most of which are ASCII, or of three bytes as Chinese ones are.
func characters(text []byte) (n int) {
	for len(text) > 0 {
		switch {
		case len(text) >= 8 && binary.LittleEndian.Uint64(text)&0x8080808080808080 == 0:
			text = text[8:]
			n += 8
		case text[0] < utf8.RuneSelf:
			text = text[1:]
			n++
		case len(text) >= 3 && text[0] > 0xE0 && text[0] < 0xF0 && text[0] != 0xED && text[1]&0xC0 == 0x80 && text[2]&0xC0 == 0x80:
			text = text[3:]
			n++
		default:
			_, size := utf8.DecodeRune(text)
			text = text[size:]
			n++
		}
	}
	return n
}

// Position returns the line and column of the character that holds the byte at offset. An offset outside the file
// counts as its nearest end; the end of the file is a position of its own, right after the last character.
func (f *File) Position(offset int) Position {
	if f.known != nil {
		return f.known[min(max(offset, 0), len(f.known)-1)]
	}
	if c := f.Cells; c != nil {
		return Position{Line: f.Before + offset/c.Width + 1, Column: offset%c.Width + 1}
	}
	offset = min(max(offset, 0), len(f.Content))
	f.index()
	i := sort.Search(len(f.marks), func(i int) bool { return f.marks[i].offset > offset }) - 1
	m := f.marks[i]
	at := offset
	for at > m.offset && at < len(f.Content) && !utf8.RuneStart(f.Content[at]) {
		at--
	}
	column := m.column + characters(f.Content[m.offset:at])
	for ; at < offset; column++ {
		_, size := utf8.DecodeRune(f.Content[at:])
		if at+size > offset {
			break
		}
		at += size
	}
	return Position{Line: f.Before + m.line, Column: column}
}

// Lines returns the number of the last line. A line ending at the very end of the file does not begin a further line, and an
// empty file has none.
func (f *File) Lines() int {
	f.index()
	n := len(f.lines)
	if f.lines[n-1] == len(f.Content) {
		n--
	}
	return f.Before + n
}

// Line returns the text of line n, counted from 1, without its line ending ("\n" or "\r\n"). It is "" when the file has
// no such line.
func (f *File) Line(n int) string {
	start, end, ok := f.LineBounds(n)
	if !ok {
		return ""
	}
	return string(f.Content[start:end])
}

// LineBounds returns the offsets of the first byte of line n, counted from 1, and of the end of its text, before its
// line ending. The position after a final line ending counts as an empty line here. ok is false when there is no such
// line.
func (f *File) LineBounds(n int) (start, end int, ok bool) {
	f.index()
	if n -= f.Before; n < 1 || n > len(f.lines) {
		return 0, 0, false
	}
	start, end = f.lines[n-1], len(f.Content)
	if n < len(f.lines) {
		end = f.lines[n] - 1
		if end > start && f.Content[end-1] == '\r' {
			end--
		}
	}
	return start, end, true
}

// Position is a place for people: a 1-based line and a 1-based column that counts characters. The zero Position means
// that the place is unknown.
type Position struct {
	Line, Column int
}

// String returns "line:column".
func (p Position) String() string {
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// Span is a run of characters of a file: the bytes from Start up to but not including End. A Span with Start == End is
// the place between two characters. A Span without a File is no place at all.
type Span struct {
	File       *File
	Start, End int
}

// IsZero reports whether s is no place at all.
func (s Span) IsZero() bool { return s.File == nil }

// Position returns the position of the first character, and the zero Position when s is no place.
func (s Span) Position() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.Start)
}

// EndPosition returns the position right after the last character, and the zero Position when s is no place.
func (s Span) EndPosition() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.End)
}

// Cell is the cell, as in 收入表!C9, of a span in a sheet, and "" elsewhere.
func (s Span) Cell() string {
	if s.File == nil || s.File.Cells == nil || s.File.Cells.Sheet == "" {
		return ""
	}
	p := s.Position()
	letters := ""
	for n := p.Column; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return s.File.Cells.Sheet + "!" + letters + strconv.Itoa(p.Line)
}

// String returns "path:line:column" of the first character, or "path:cell" in a sheet, less the path when the file has none, and "" when s is no
// place.
func (s Span) String() string {
	switch {
	case s.File == nil:
		return ""
	case s.File.Path == "":
		return s.Position().String()
	case s.Cell() != "":
		return s.File.Path + ":" + Place{Cell: s.Cell()}.String()
	default:
		return s.File.Path + ":" + s.Position().String()
	}
}

// Text returns the characters of the span, and "" when s is no place. Ends outside the file count as the file's ends.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	n := len(s.File.Content)
	start, end := min(max(s.Start, 0), n), min(max(s.End, 0), n)
	if start >= end {
		return ""
	}
	return string(s.File.Content[start:end])
}

// DefectKind says why content cannot be read as text. The zero DefectKind is invalid.
type DefectKind int

// The kinds of defects.
const (
	// InvalidUTF8 is a byte that is no part of a character in UTF-8, such as in a file saved as GBK.
	InvalidUTF8 DefectKind = iota + 1
	// NUL is a zero byte, the sign of a binary file.
	NUL
	// UTF16 is a byte order mark of UTF-16 at the beginning of the file.
	UTF16
)

// String returns the name of the kind in English.
func (k DefectKind) String() string {
	switch k {
	case InvalidUTF8:
		return "invalid UTF-8"
	case NUL:
		return "NUL byte"
	case UTF16:
		return "UTF-16"
	default:
		return fmt.Sprintf("DefectKind(%d)", int(k))
	}
}

// Defect is the first thing that makes content unreadable as text.
type Defect struct {
	// Offset is that of the offending byte.
	Offset int
	Kind   DefectKind
}

// Check returns the first thing that makes the content unreadable as text, and nil when there is none. The other
// methods of a File with a defect still work and count each invalid byte as one character.
func (f *File) Check() *Defect {
	if bytes.HasPrefix(f.Content, []byte{0xFF, 0xFE}) || bytes.HasPrefix(f.Content, []byte{0xFE, 0xFF}) {
		return &Defect{Offset: 0, Kind: UTF16}
	}
	text := f.Content
	nul := bytes.IndexByte(text, 0)
	if nul >= 0 {
		text = text[:nul]
	}
	if !utf8.Valid(text) {
		for i := 0; ; {
			r, size := utf8.DecodeRune(text[i:])
			if r == utf8.RuneError && size <= 1 {
				return &Defect{Offset: i, Kind: InvalidUTF8}
			}
			i += size
		}
	}
	if nul >= 0 {
		return &Defect{Offset: nul, Kind: NUL}
	}
	return nil
}
