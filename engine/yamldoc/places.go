package yamldoc

import (
	"unicode/utf8"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
)

// places turns the lines and columns of yaml.v3 into offsets. They are not those of package source: in YAML a lone CR,
// NEL, LS and PS end a line, too.
type places struct {
	content []byte
	lines   []int // offset at which each line begins

	// The place asked for last. Nodes come in the order of the file, and from here the next one on the same line is
	// near, also when a whole file stands on one line.
	line, column, at int
}

func newPlaces(content []byte) places {
	p := places{content: content, lines: []int{0}}
	for i := 0; i < len(content); {
		if n := breakAt(content, i).size; n > 0 {
			i += n
			p.lines = append(p.lines, i)
			continue
		}
		i++
	}
	return p
}

// offset returns the offset of the character at a 1-based line and column. A place outside the file counts as the
// nearest one in it.
func (p *places) offset(line, column int) int {
	line = min(max(line, 1), len(p.lines))
	if line != p.line || column < p.column {
		p.line, p.column, p.at = line, 1, p.lines[line-1]
	}
	for p.column < column && p.at < len(p.content) {
		if p.content[p.at] < utf8.RuneSelf {
			p.at++
		} else {
			_, size := utf8.DecodeRune(p.content[p.at:])
			p.at += size
		}
		p.column++
	}
	return p.at
}

// lineEnd returns the offset at which the line of offset i ends, before its line break.
func (p *places) lineEnd(i int) int {
	for i < len(p.content) && breakAt(p.content, i).size == 0 {
		i++
	}
	return i
}

// properties skips the tag and the anchor at start. It returns where the node itself begins, where the properties end
// (start when there are none), and whether there is a tag.
func (p *places) properties(start int) (body, end int, tag bool) {
	body, end = start, start
	for body < len(p.content) && (p.content[body] == '!' || p.content[body] == '&') {
		isTag := p.content[body] == '!'
		tag = tag || isTag
		// To yaml.v3 a tag ends at a blank or a line break alone, even in brackets.
		for end = body + 1; end < len(p.content); end++ {
			if isTag && blankOrBreak(p.content, end) || !isTag && !isAnchor(p.content[end]) {
				break
			}
		}
		body = end
		for body < len(p.content) {
			if p.content[body] == '#' && body > end {
				body = p.lineEnd(body)
			} else if n := breakAt(p.content, body).size; n > 0 {
				body += n
			} else if isBlank(p.content[body]) {
				body++
			} else {
				break
			}
		}
	}
	return body, end, tag
}

// controlCharacter returns the diagnostic for the first character that may only be written as an
// escape.
func controlCharacter(f *source.File) (diag.Diagnostic, bool) {
	for i := 0; i < len(f.Content); {
		c := f.Content[i]
		if c >= ' ' && c < 0x7F || c == '\n' || c == '\t' || c == '\r' {
			i++
			continue
		}
		r, size := utf8.DecodeRune(f.Content[i:])
		switch {
		case r < ' ', r == 0x7F, 0x80 <= r && r < 0xA0 && r != 0x85, r == 0xFFFE, r == 0xFFFF, r == 0xFEFF:
			// A byte order mark inside a file, the seam of two files, is allowed in YAML. But nobody sees it, and yaml.v3
			// may skip it, or another character because of it.
			return diag.New(diag.YAMLControl, source.Span{File: f, Start: i, End: i + size}, r), true
		}
		i += size
	}
	return diag.Diagnostic{}, false
}

// lineBreak is a line break of YAML: the character it is read as and its size in bytes, 0 when it is none.
type lineBreak struct {
	char rune
	size int
}

// breakAt returns the line break at offset i.
func breakAt(content []byte, i int) lineBreak {
	switch content[i] {
	case '\n':
		return lineBreak{'\n', 1}
	case '\r':
		if i+1 < len(content) && content[i+1] == '\n' {
			return lineBreak{'\n', 2}
		}
		return lineBreak{'\n', 1}
	case 0xC2:
		if i+1 < len(content) && content[i+1] == 0x85 { // NEL
			return lineBreak{'\n', 2}
		}
	case 0xE2:
		if i+2 < len(content) && content[i+1] == 0x80 {
			switch content[i+2] {
			case 0xA8:
				return lineBreak{'\u2028', 3}
			case 0xA9:
				return lineBreak{'\u2029', 3}
			}
		}
	}
	return lineBreak{}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// isAnchor reports whether c may stand in the name of an anchor.
func isAnchor(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '_' || c == '-'
}

func blankOrBreak(content []byte, i int) bool {
	return isBlank(content[i]) || breakAt(content, i).size > 0
}

func startsCharacter(c byte) bool { return utf8.RuneStart(c) }

// characterBefore returns the offset of the character before offset i, which is not 0.
func characterBefore(content []byte, i int) int {
	_, size := utf8.DecodeLastRune(content[:i])
	return i - size
}
