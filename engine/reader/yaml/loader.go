package yaml

import (
	"math"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/reader/keys"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Loader reads datasets of one schema from YAML texts, one after another, in the shape that gouji itself writes: the header
// first, then groups two spaces further in than their keys, lists of rows that begin with a dash or stand in braces, figures
// and texts on one line, lists of them in brackets where a figure is printed more than once. It makes the same datasets as
// Read with dataset.Build, in a fraction of the time, and leaves to these whatever else there is: other shapes, and
// everything that is wrong.
//
// One goroutine uses a Loader at a time.
type Loader struct {
	root *keys.Record
}

// NewLoader makes a loader of datasets of a schema.
func NewLoader(s *dataset.Schema) *Loader {
	return &Loader{root: keys.Of(s.Root, "", func(name string) string { return name + ":" })}
}

// ReadHead reads the header of the dataset in f, whose content is text. It is false when that has another shape, or is
// no dataset.
func ReadHead(f *source.File, text string) (keys.Head, bool) {
	h, ok := readHead(f, text)
	return h, ok && yamldoc.Common(f.Content[:h.Rest])
}

func readHead(f *source.File, text string) (keys.Head, bool) {
	h := keys.NewHead()
	s := scanner{file: f, text: text}
	for s.line() == 0 {
		h.Rest = s.at
		key := s.key()
		if key == "" {
			return h, false
		}
		if s.at < len(text) && text[s.at] == '\n' {
			// A group: the figures have begun.
			return h, h.Complete()
		}
		s.at++
		from := s.at
		value, span, ok := s.scalar(false)
		known, fresh := h.Set(key, strings.TrimSpace(value), span)
		if !known {
			return h, h.Complete()
		}
		if !ok || !fresh || from == s.at || !s.ends(0) {
			return h, false
		}
	}
	return h, false
}

// Load reads the dataset in f, whose content is text, behind its header. It is false when the text has another shape or
// something is wrong with it. With reuse the dataset takes the memory of the last one of the builder, which must not be used
// any more.
func (l *Loader) Load(to *dataset.Builder, f *source.File, text string, h keys.Head, reuse bool) (*dataset.Dataset, bool) {
	s := scanner{file: f, text: text, at: h.Rest, build: to}
	to.Start(h.Header, f, reuse)
	if !s.block(l.root, dataset.Frame{}, 0) || s.line() >= 0 {
		return nil, false
	}
	to.Head(h.EntitySpan, h.PeriodSpan)
	return to.End()
}

// scanner reads one text. Its methods are false when the text has another shape than theirs. What is no character of a text in YAML is
// looked for in comments and in values alone: all else has to be what it is compared with.
type scanner struct {
	file  *source.File
	text  string
	at    int
	build *dataset.Builder
}

// line goes to the next line that says something and tells its indentation, -1 at the end. The scanner is at the beginning
// of a line, or within its indentation.
func (s *scanner) line() int {
	for {
		start := s.at
		for s.at < len(s.text) && s.text[s.at] == ' ' {
			s.at++
		}
		if s.at == len(s.text) {
			return -1
		}
		switch s.text[s.at] {
		case '\n':
			s.at++
		case '#':
			from := s.at
			if s.at = s.lineEnd(); !yamldoc.Common(s.file.Content[from:s.at]) {
				return elsewhere
			}
		default:
			return s.at - start
		}
	}
}

// elsewhere is an indentation at which nothing stands.
const elsewhere = math.MaxInt

// lineEnd is where the line ends.
func (s *scanner) lineEnd() int {
	if n := strings.IndexByte(s.text[s.at:], '\n'); n >= 0 {
		return s.at + n
	}
	return len(s.text)
}

// peek is the indentation of the next line that says something, -1 at the end.
func (s *scanner) peek() int {
	at := s.at
	n := s.line()
	s.at = at
	return n
}

// ends ends a line. What stands further in than the line would belong to it.
func (s *scanner) ends(indent int) bool {
	for s.at < len(s.text) && s.text[s.at] == ' ' {
		s.at++
	}
	if s.at < len(s.text) && s.text[s.at] != '\n' {
		return false
	}
	if s.at < len(s.text) {
		s.at++
	}
	return s.peek() <= indent
}

// key reads a plain key and its colon, behind which stands a space or the end of the line.
func (s *scanner) key() string {
	for i := s.at; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == ':':
			if i+1 == len(s.text) || i == s.at || !s.behind(i+1) {
				return ""
			}
			key := s.text[s.at:i]
			s.at = i + 1
			return key
		case c < '0' && c != '(' && c != ')' && c != '-' || c > '9' && c < 'A' || c >= '[' && c <= '^' || c == '`' || c >= '{' && c <= '~':
			return ""
		case i == s.at && c == '-':
			return ""
		}
	}
	return ""
}

// behind reports whether what stands behind a colon makes it one of a key.
func (s *scanner) behind(i int) bool {
	return i < len(s.text) && (s.text[i] == ' ' || s.text[i] == '\n')
}

// field reads the next key of a record.
func (s *scanner) field(r *keys.Record, walk *keys.Walk) *keys.Key {
	k := walk.Next()
	if k != nil && strings.HasPrefix(s.text[s.at:], k.Text) && s.behind(s.at+len(k.Text)) {
		s.at += len(k.Text)
	} else if k = r.Keys[s.key()]; k == nil {
		return nil
	}
	if !walk.Take(k) {
		return nil
	}
	return k
}

// block reads a mapping whose keys stand at an indentation. The scanner is at the first of them, behind its indentation or
// before it.
func (s *scanner) block(r *keys.Record, at dataset.Frame, indent int) bool {
	walk, ok := r.Walk()
	if !ok {
		return false
	}
	for first := true; ; first = false {
		before := s.at
		if n := s.line(); n != indent && !(first && n == 0) {
			// The line belongs to what is around the mapping, if to anything.
			s.at = before
			return n < indent && !first
		}
		k := s.field(r, &walk)
		if k == nil || !s.value(k, at, indent) {
			return false
		}
	}
}

// value reads what stands behind the key of a block, to the end of its lines.
func (s *scanner) value(k *keys.Key, at dataset.Frame, indent int) bool {
	if s.text[s.at] == '\n' {
		s.at++
		switch {
		case k.Within == nil || s.peek() != indent+2:
			return false
		case k.Field.Type == dataset.Group:
			return s.block(k.Within, at, indent+2)
		}
		return s.rows(k, at, indent+2)
	}
	s.at++
	switch {
	case k.Within == nil:
		return s.fact(k.Field, at, false) && s.ends(indent)
	case k.Field.Type == dataset.Group:
		return s.flow(k.Within, at) && s.ends(indent)
	}
	if !strings.HasPrefix(s.text[s.at:], "[]") {
		return false
	}
	s.at += 2
	_, ok := s.build.Rows(k.Field, at, 0)
	return ok && s.ends(indent)
}

// rows reads a list whose dashes stand at an indentation. Rows with lists of their own have another shape.
func (s *scanner) rows(k *keys.Key, at dataset.Frame, indent int) bool {
	if k.Field.Lists > 0 {
		return false
	}
	if _, ok := s.build.Rows(k.Field, at, 0); !ok {
		return false
	}
	for {
		before := s.at
		if n := s.line(); n != indent {
			s.at = before
			return n < indent
		}
		if !strings.HasPrefix(s.text[s.at:], "- ") {
			return false
		}
		s.at += 2
		row := s.build.Row(k.Field, at)
		if s.at < len(s.text) && s.text[s.at] == '{' {
			if !s.flow(k.Within, row) || !s.ends(indent) {
				return false
			}
		} else if !s.block(k.Within, row, indent+2) {
			return false
		}
	}
}

// flow reads a mapping in braces on one line.
func (s *scanner) flow(r *keys.Record, at dataset.Frame) bool {
	walk, ok := r.Walk()
	if !ok || !s.take('{') {
		return false
	}
	for {
		k := s.field(r, &walk)
		if k == nil || s.text[s.at] != ' ' {
			return false
		}
		s.at++
		switch {
		case k.Within == nil:
			if !s.fact(k.Field, at, true) {
				return false
			}
		case k.Field.Type != dataset.Group || !s.flow(k.Within, at):
			return false
		}
		if s.take('}') {
			return true
		}
		if !s.take(',') || !s.take(' ') {
			return false
		}
	}
}

// take reads one sign.
func (s *scanner) take(c byte) bool {
	if s.at >= len(s.text) || s.text[s.at] != c {
		return false
	}
	s.at++
	return true
}

// fact reads the statements of a field: one value, or a list of them in brackets.
func (s *scanner) fact(f *dataset.Field, at dataset.Frame, within bool) bool {
	if !s.take('[') {
		return s.statement(f, at, within)
	}
	for {
		if !s.statement(f, at, true) {
			return false
		}
		if s.take(']') {
			return true
		}
		if !s.take(',') || !s.take(' ') {
			return false
		}
	}
}

// statement reads one value as a statement of a field.
func (s *scanner) statement(f *dataset.Field, at dataset.Frame, within bool) bool {
	if s.at < len(s.text) && s.text[s.at]-'0' <= 9 && f.Type.Numeric() {
		// A figure of a common form holds nothing that means more in YAML.
		end := s.at + 1
		if !within {
			end = s.lineEnd()
		} else {
			for end < len(s.text) && !closes[s.text[end]] {
				end++
			}
		}
		if s.build.Within(f, at, s.text, s.at, end, source.Span{File: s.file, Start: s.at, End: end}) {
			s.at = end
			return true
		}
	}
	text, span, ok := s.scalar(within)
	return ok && (s.build.Cell(f, at, text, span) || yamldoc.Common(s.file.Content[span.Start:span.End]) && s.build.Add(f, at, text, span))
}

// closes are the signs at which a value within braces or brackets ends, or the line.
var closes = [256]bool{',': true, ']': true, '}': true, '\n': true}

// scalar reads a plain text, or one between double quotes without escapes, on one line. Within braces or brackets it ends
// where these go on. What YAML takes for more than its text, or for nothing, has another shape.
func (s *scanner) scalar(within bool) (string, source.Span, bool) {
	start := s.at
	span := func() source.Span { return source.Span{File: s.file, Start: start, End: s.at} }
	if s.take('"') {
		for i := s.at; i < len(s.text); i++ {
			switch s.text[i] {
			case '"':
				text := s.text[s.at:i]
				s.at = i + 1
				return text, span(), true
			case '\\', '\n':
				return "", span(), false
			}
		}
		return "", span(), false
	}
	for i := s.at; ; i++ {
		if i == len(s.text) || s.text[i] == '\n' || within && (s.text[i] == ',' || s.text[i] == ']' || s.text[i] == '}') {
			s.at = i
			break
		}
		switch c := s.text[i]; {
		case c == ':' && s.behind(i+1), c == '#' && i > start && s.text[i-1] == ' ', within && (c == '[' || c == '{' || c == ':' && i+1 < len(s.text) && strings.IndexByte(",]}", s.text[i+1]) >= 0):
			return "", span(), false
		}
	}
	for s.at > start && s.text[s.at-1] == ' ' {
		s.at--
	}
	text := s.text[start:s.at]
	switch {
	case text == "" || strings.IndexByte(notPlain, text[0]) >= 0 || text == "-" || strings.HasPrefix(text, "- ") || text[len(text)-1] == ':':
		return "", span(), false
	case text == "~" || len(text) == 4 && strings.EqualFold(text, "null"):
		return "", span(), false
	}
	return text, span(), true
}

// notPlain cannot begin a plain text, or might mean something else there.
const notPlain = " ?:,[]{}#&*!|>'\"%@`~=<"
