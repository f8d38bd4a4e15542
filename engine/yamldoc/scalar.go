package yamldoc

import (
	"math"
	"unicode/utf8"
)

// This file reads a scalar a second time, for its places. yaml.v3 has found what the scalar says and where it begins;
// the scanner undoes quotes, escapes and folding once more from there, and compares each character with what is wanted.
// A difference means that the two readings disagree, and then no place is better than a wrong one. Knowing what is
// wanted also answers what depends on the surroundings: a plain scalar ends where all of it was seen, and an indentation
// is right when it gives the wanted text.

// scanner reads one scalar.
type scanner struct {
	src  []byte
	want string

	pos  int // next byte of src
	seen int // bytes of want seen
	bad  bool

	// places, where not nil, are those of the runes of want that were seen.
	places []offsets
}

// offsets are the bytes [start, end) of src.
type offsets struct {
	start, end int
}

// scan reads the scalar at body and returns the offset of its end, and whether it says what is wanted.
func (s *scanner) scan(style Style, body int) (end int, exact bool) {
	s.pos = body
	switch style {
	case SingleQuoted:
		s.quoted('\'')
	case DoubleQuoted:
		s.quoted('"')
	case Literal, Folded:
		return s.block(style == Folded, body)
	default:
		s.plain()
	}
	return s.pos, !s.bad && s.seen == len(s.want)
}

// emit says that the bytes [start, end) produced r.
func (s *scanner) emit(r rune, start, end int) {
	wanted, size := utf8.DecodeRuneInString(s.want[s.seen:])
	if size == 0 || wanted != r {
		s.bad = true
		return
	}
	s.seen += size
	if s.places != nil {
		s.places = append(s.places, offsets{start, end})
	}
}

// copy emits the character at pos as it is.
func (s *scanner) copy() {
	r, size := rune(s.src[s.pos]), 1
	if r >= utf8.RuneSelf {
		r, size = utf8.DecodeRune(s.src[s.pos:])
	}
	s.emit(r, s.pos, s.pos+size)
	s.pos += size
}

func (s *scanner) plain() {
	for s.seen < len(s.want) && s.pos < len(s.src) && !s.bad {
		if blankOrBreak(s.src, s.pos) {
			s.space(false)
		} else {
			s.copy()
		}
	}
}

// space emits a run of blanks and line breaks as plain and quoted scalars fold it: blanks alone stay, a line break is a
// space, and of several line breaks the first one and all blanks vanish. continued says that the run follows an escaped
// line break, which is the first one and gives nothing itself.
func (s *scanner) space(continued bool) {
	start := s.pos
	var first lineBreak
	var firstAt int
	more := continued
run:
	for s.pos < len(s.src) {
		b := breakAt(s.src, s.pos)
		switch {
		case b.size == 0 && !isBlank(s.src[s.pos]):
			break run
		case b.size == 0:
			s.pos++
			continue
		case first.size == 0 && !continued:
			first, firstAt = b, s.pos
		default:
			if first.size > 0 && !more && first.char != '\n' {
				s.emit(first.char, firstAt, firstAt+first.size)
			}
			more = true
			s.emit(b.char, s.pos, s.pos+b.size)
		}
		s.pos += b.size
	}
	switch {
	case more:
	case first.size == 0:
		for i := start; i < s.pos; i++ {
			s.emit(rune(s.src[i]), i, i+1)
		}
	case first.char == '\n':
		s.emit(' ', firstAt, firstAt+first.size)
	default:
		s.emit(first.char, firstAt, firstAt+first.size)
	}
}

func (s *scanner) quoted(quote byte) {
	if s.pos >= len(s.src) || s.src[s.pos] != quote {
		s.bad = true
		return
	}
	s.pos++
	for s.pos < len(s.src) && !s.bad {
		c := s.src[s.pos]
		next := s.pos + 1
		switch {
		case c == quote && quote == '\'' && next < len(s.src) && s.src[next] == quote:
			s.emit('\'', s.pos, s.pos+2)
			s.pos += 2
		case c == quote:
			s.pos++
			return
		case c == '\\' && quote == '"':
			if next < len(s.src) && breakAt(s.src, next).size > 0 {
				s.pos = next + breakAt(s.src, next).size
				s.space(true)
			} else {
				s.escape()
			}
		case blankOrBreak(s.src, s.pos):
			s.space(false)
		default:
			s.copy()
		}
	}
	s.bad = true // not closed
}

// escape emits what the escape sequence at pos stands for.
func (s *scanner) escape() {
	if s.pos+1 >= len(s.src) {
		s.bad = true
		return
	}
	start := s.pos
	s.pos += 2
	if n := hexDigits(s.src[start+1]); n > 0 {
		var r rune
		for i := 0; i < n; i, s.pos = i+1, s.pos+1 {
			if s.pos >= len(s.src) {
				s.bad = true
				return
			}
			r = r<<4 | hexValue(s.src[s.pos])
		}
		s.emit(r, start, s.pos)
		return
	}
	r, ok := escapes[s.src[start+1]]
	s.bad = s.bad || !ok
	s.emit(r, start, s.pos)
}

// escapes are the escape sequences of one letter.
var escapes = map[byte]rune{
	'0': 0, 'a': '\a', 'b': '\b', 't': '\t', '\t': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r', 'e': 0x1B,
	' ': ' ', '"': '"', '\'': '\'', '\\': '\\', 'N': 0x85, '_': 0xA0, 'L': 0x2028, 'P': 0x2029,
}

// hexDigits returns the number of hexadecimal digits after an escape letter, 0 for a letter that takes none.
func hexDigits(letter byte) int {
	switch letter {
	case 'x':
		return 2
	case 'u':
		return 4
	case 'U':
		return 8
	default:
		return 0
	}
}

// hexValue returns the value of a hexadecimal digit. yaml.v3 has made sure that it is one.
func hexValue(c byte) rune {
	switch {
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	default:
		return rune(c - '0')
	}
}

// maxIndicator is the greatest indentation tried for a block scalar with an indentation indicator: the indicator counts
// from the indentation of the parent, which is at most this less 9 in any file that people write.
const maxIndicator = 1000

// block reads a block scalar.
func (s *scanner) block(folded bool, body int) (end int, exact bool) {
	s.pos++ // | or >
	chomp, indicator := byte(0), false
	for ; s.pos < len(s.src); s.pos++ {
		c := s.src[s.pos]
		if c == '+' || c == '-' {
			chomp = c
		} else if c >= '1' && c <= '9' {
			indicator = true
		} else {
			break
		}
	}
	header := s.pos
	for s.pos < len(s.src) && breakAt(s.src, s.pos).size == 0 {
		s.pos++
	}
	if s.pos < len(s.src) {
		s.pos += breakAt(s.src, s.pos).size
	}
	start := s.pos

	try := func(indent int) bool {
		s.pos, s.seen, s.places, s.bad = start, 0, s.places[:0], false
		end = max(s.blockLines(folded, chomp, indent), header)
		exact = !s.bad && s.seen == len(s.want)
		return exact
	}
	least := s.indentation(start)
	indent := least
	if indicator {
		indent, least = min(indent, maxIndicator), 1
	}
	for ; indent >= least; indent-- {
		if try(indent) {
			return end, exact
		}
	}
	// This is for a scalar without any text, before a line that is indented less than its text would be.
	try(math.MaxInt)
	return end, exact
}

// indentation returns the indentation of the first line at start that is not blank, or that of a blank line before it if
// that is greater, and at least 1.
func (s *scanner) indentation(start int) int {
	indent := 1
	for i := start; i < len(s.src); {
		line := i
		for i < len(s.src) && s.src[i] == ' ' {
			i++
		}
		indent = max(indent, i-line)
		if i == len(s.src) || breakAt(s.src, i).size == 0 {
			break
		}
		i += breakAt(s.src, i).size
	}
	return indent
}

// blockLines reads the lines of a block scalar and returns the end of the last one that is not blank, 0 when there is
// none.
func (s *scanner) blockLines(folded bool, chomp byte, indent int) (end int) {
	var last offsets // the line break of the last line, not yet emitted
	var lastBreak lineBreak
	var breaks []offsets // those of the blank lines after it
	var afterBlank bool  // the last line began with a blank
	emitBreaks := func() {
		for _, b := range breaks {
			s.emit(breakAt(s.src, b.start).char, b.start, b.end)
		}
	}
	for {
		breaks = breaks[:0]
		column := 0
		for s.pos < len(s.src) {
			for column < indent && s.pos < len(s.src) && s.src[s.pos] == ' ' {
				s.pos++
				column++
			}
			if s.pos == len(s.src) {
				break
			}
			b := breakAt(s.src, s.pos)
			if b.size == 0 {
				break
			}
			breaks = append(breaks, offsets{s.pos, s.pos + b.size})
			s.pos += b.size
			column = 0
		}
		if column != indent || s.pos == len(s.src) || s.bad {
			break
		}
		blank := isBlank(s.src[s.pos])
		switch {
		case lastBreak.size == 0:
		case !folded || afterBlank || blank || lastBreak.char != '\n':
			s.emit(lastBreak.char, last.start, last.end)
		case len(breaks) == 0:
			s.emit(' ', last.start, last.end)
		}
		emitBreaks()
		afterBlank = blank
		for s.pos < len(s.src) && breakAt(s.src, s.pos).size == 0 && !s.bad {
			s.copy()
		}
		end = s.pos
		lastBreak = lineBreak{}
		if s.pos < len(s.src) {
			lastBreak = breakAt(s.src, s.pos)
			last = offsets{s.pos, s.pos + lastBreak.size}
			s.pos = last.end
		}
	}
	if chomp != '-' && lastBreak.size > 0 {
		s.emit(lastBreak.char, last.start, last.end)
	}
	if chomp == '+' {
		emitBreaks()
	}
	return end
}
