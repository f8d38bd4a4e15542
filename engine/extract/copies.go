package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// phrase is a piece of text between two punctuation marks.
type phrase struct {
	// s is the text without spaces and line breaks, of n characters.
	s     string
	n     int
	place source.Place
	// cell: it stands in a table.
	cell bool
	// heading is the title above it.
	heading string
	// previous and next are its neighbours in the same paragraph or cell, nil at the ends.
	previous, next *phrase
}

// Phrases of fewer characters than enough are repeated for good reasons. Those that are looked through for a missing
// character have at most long, so that they stay few.
const enough, long = 8, 60

// copies finds phrases that stand twice in a row, and phrases of a paragraph and of a table's cell that are one text but
// for a character that one of them lacks. That the two are one text is taken from a phrase beside them that is the same.
func (x *relating) copies() {
	told := map[string]bool{}
	same := map[string][]*phrase{}
	var order []string
	for first := range x.phrases() {
		for c := first; c != nil; c = c.next {
			if c.n < enough {
				continue
			}
			if c.next != nil && c.next.s == c.s && !told[c.s] {
				told[c.s] = true
				x.Wordings = append(x.Wordings, Wording{Name: c.heading, Repeated: c.s, Place: c.next.place})
			}
			if same[c.s] == nil {
				order = append(order, c.s)
			}
			same[c.s] = append(same[c.s], c)
		}
	}
	for _, s := range order {
		if len(same[s]) > 1 {
			x.miscopied(same[s], func(c *phrase) *phrase { return c.previous }, told)
			x.miscopied(same[s], func(c *phrase) *phrase { return c.next }, told)
		}
	}
}

// miscopied finds neighbours of equal phrases that are one text but for a character.
func (x *relating) miscopied(equal []*phrase, neighbour func(*phrase) *phrase, told map[string]bool) {
	type text struct {
		s    string
		cell bool
	}
	beside := map[text]*phrase{}
	var order []*phrase
	for _, c := range equal {
		if b := neighbour(c); b != nil && enough <= b.n && b.n <= long && beside[text{b.s, b.cell}] == nil {
			beside[text{b.s, b.cell}] = b
			order = append(order, b)
		}
	}
	if len(order) < 2 {
		return
	}
	for _, whole := range order {
		for i, r := range whole.s {
			if optional(r) {
				continue
			}
			s := whole.s[:i] + whole.s[i+utf8.RuneLen(r):]
			if lacking := beside[text{s, !whole.cell}]; lacking != nil && !told[s] {
				told[s] = true
				x.Wordings = append(x.Wordings, Wording{
					Name: lacking.heading, Copied: s, Place: lacking.place, Original: whole.s, OriginalPlace: whole.place,
				})
			}
		}
	}
}

// optional reports whether a text says the same without a character, or something else: figures are not dropped by
// mistake in copying, they are other figures.
func optional(r rune) bool {
	return strings.ContainsRune("的了为是共约等及和与年月日", r) || !unicode.IsLetter(r)
}

// phrases calls yield with the first phrase of every paragraph and of every cell.
func (x *relating) phrases() func(yield func(*phrase) bool) {
	return func(yield func(*phrase) bool) {
		heading, next := "", 0
		for i, b := range x.Document.Blocks {
			for next < len(x.Headings) && x.Headings[next].Block <= i {
				heading = x.Headings[next].Title
				next++
			}
			switch b.Kind {
			case document.Paragraph:
				if c := phrasesOf(b.Text, false, heading); c != nil && !yield(c) {
					return
				}
			case document.Table:
				for k := range b.Grid.Cells {
					if c := phrasesOf(b.Grid.Cells[k].Text, true, heading); c != nil && !yield(c) {
						return
					}
				}
			}
		}
	}
}

// phrasesOf divides a text at its punctuation and gives the first, nil where there is none.
func phrasesOf(t document.Text, cell bool, heading string) *phrase {
	if len(t.S) < enough {
		return nil
	}
	var first, last *phrase
	var s strings.Builder
	n, from := 0, 0
	end := func() {
		if n > 0 {
			c := &phrase{s: s.String(), n: n, place: t.At(from), cell: cell, heading: heading, previous: last}
			if last == nil {
				first = c
			} else {
				last.next = c
			}
			last = c
		}
		s.Reset()
		n = 0
	}
	for i, r := range t.S {
		switch {
		case unicode.IsSpace(r):
		case strings.ContainsRune("，。；：！？;:!?", r), r == ',' && !digitAt(t.S, i+1):
			end()
		default:
			if n == 0 {
				from = i
			}
			s.WriteRune(r)
			n++
		}
	}
	end()
	return first
}

// digitAt reports whether a digit stands at an offset, as behind the comma in 1,234.
func digitAt(s string, i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }
