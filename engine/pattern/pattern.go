// Package pattern matches what documents print against patterns that people write: literal words, * for any words, and
// slots in braces that take out what stands there.
//
// Width, spaces, quotation marks and traditional characters do not count, nor do words that the caller says to leave
// out. A match knows which characters of the document it took.
package pattern

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Folding says how texts are made comparable. The zero value folds width, spaces and quotation marks.
type Folding struct {
	// Ignore are words left out wherever they stand, the longest first.
	Ignore []string
	// Simple is the simplified form of a character; nil leaves characters as they are.
	Simple func(rune) rune
}

// Text is a text made comparable.
type Text struct {
	// Source is the text as printed, Folded as it is compared.
	Source, Folded string
	// at holds, for each byte of Folded, the offset in Source of the character that it comes from.
	at []int32
}

// Fold makes a text comparable.
func (f *Folding) Fold(s string) Text {
	t := Text{Source: s, at: make([]int32, 0, len(s))}
	folded := make([]byte, 0, len(s))
	for i, r := range s {
		if unicode.IsSpace(r) || strings.ContainsRune("“”‘’\"'`「」『』＂＇\u200b\ufeff", r) {
			continue
		}
		if f.Simple != nil {
			r = f.Simple(r)
		}
		before := len(folded)
		if folded = norm.NFKC.AppendString(folded, string(r)); r == '•' || r == '∙' {
			folded = append(folded[:before], "·"...)
		}
		for range len(folded) - before {
			t.at = append(t.at, int32(i))
		}
	}
	t.Folded = string(folded)
	t.leaveOut(f.Ignore)
	return t
}

// leaveOut takes words out, and the readings of characters that some mirrors print behind them: 经(jīng)费.
func (t *Text) leaveOut(words []string) {
	kept := make([]byte, 0, len(t.Folded))
	at := t.at[:0]
	for i := 0; i < len(t.Folded); {
		n := reading(t.Folded[i:])
		for _, w := range words {
			if n == 0 && w != "" && strings.HasPrefix(t.Folded[i:], w) {
				n = len(w)
			}
		}
		if n > 0 {
			i += n
			continue
		}
		_, size := utf8.DecodeRuneInString(t.Folded[i:])
		kept = append(kept, t.Folded[i:i+size]...)
		at = append(at, t.at[i:i+size]...)
		i += size
	}
	t.Folded, t.at = string(kept), at
}

// reading is the length of the reading of a character, such as (jīng), at the beginning of s.
func reading(s string) int {
	rest, ok := strings.CutPrefix(s, "(")
	if !ok {
		return 0
	}
	end := strings.IndexByte(rest, ')')
	if end < 1 || end > 12 || strings.ContainsFunc(rest[:end], func(r rune) bool {
		return !unicode.Is(unicode.Latin, r) || !unicode.IsLower(r)
	}) {
		return 0
	}
	return len("(") + end + len(")")
}

// Span is the part of Source that the bytes [from, to) of Folded come from.
func (t Text) Span(from, to int) (start, end int) {
	if from >= to || from >= len(t.at) {
		return len(t.Source), len(t.Source)
	}
	start = int(t.at[from])
	end = int(t.at[to-1])
	_, size := utf8.DecodeRuneInString(t.Source[end:])
	return start, end + size
}

// Slot is a slot of a pattern.
type Slot struct {
	Name, Kind string
	// From and To are where it stands in the pattern, in characters, without its braces.
	From, To int
}

// Pattern is a pattern ready to match.
type Pattern struct {
	Source string
	Slots  []Slot
	// literal is the folded text of a pattern for whole texts that has neither wildcards nor slots; expr is nil then.
	literal string
	expr    *regexp.Regexp
}

// The ways in which a pattern is wrong.
var (
	ErrBrace = errors.New("a brace without its other one")
	ErrEmpty = errors.New("a pattern or a slot that says nothing")
	ErrKind  = errors.New("unknown kind of slot")
)

// Error says what is wrong with a pattern: the characters [From, To).
type Error struct {
	Err      error
	From, To int
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Number and Date are what slots of numbers and dates take.
const (
	Number = `[-+−]?[0-9][0-9,]*(?:\.[0-9]+)?`
	Date   = `[0-9]{4}(?:年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|-[0-9]{1,2}(?:-[0-9]{1,2})?)`
)

// Kinds gives the expression of what a slot of a kind takes, in folded characters.
type Kinds func(kind string) (expr string, ok bool)

// Parse compiles a pattern for whole texts.
func Parse(source string, f *Folding, kinds Kinds) (*Pattern, *Error) {
	return parse(source, f, kinds, ".*?", ".+?", true)
}

// ParsePart compiles a pattern for pieces of running text: its wildcards end with the sentence, its slots with the
// clause.
func ParsePart(source string, f *Folding, kinds Kinds) (*Pattern, *Error) {
	return parse(source, f, kinds, "[^。;]*?", "[^。;,:、]+?", false)
}

func parse(source string, f *Folding, kinds Kinds, any, some string, whole bool) (*Pattern, *Error) {
	p := &Pattern{Source: source}
	var expr strings.Builder
	var literal []rune
	said := false
	flush := func() {
		folded := f.Fold(string(literal)).Folded
		expr.WriteString(regexp.QuoteMeta(folded))
		p.literal += folded
		said = said || folded != ""
		literal = literal[:0]
	}
	plain := whole
	runes := []rune(source)
	for i := 0; i < len(runes); i++ {
		switch runes[i] {
		case '*':
			flush()
			expr.WriteString(any)
			said, plain = true, false
		case '{':
			end := slices.Index(runes[i:], '}')
			if end < 0 {
				return nil, &Error{ErrBrace, i, i + 1}
			}
			flush()
			s := Slot{From: i + 1, To: i + end}
			s.Name, s.Kind, _ = strings.Cut(string(runes[s.From:s.To]), ":")
			if s.Name == "" {
				return nil, &Error{ErrEmpty, s.From, s.To}
			}
			takes := some
			if s.Kind != "" {
				var ok bool
				if takes, ok = kinds(s.Kind); !ok {
					return nil, &Error{ErrKind, s.From + utf8.RuneCountInString(s.Name) + 1, s.To}
				}
			}
			expr.WriteString("(" + takes + ")")
			p.Slots = append(p.Slots, s)
			said, plain = true, false
			i += end
		case '}':
			return nil, &Error{ErrBrace, i, i + 1}
		default:
			literal = append(literal, runes[i])
		}
	}
	flush()
	switch {
	case !said:
		return nil, &Error{ErrEmpty, 0, len(runes)}
	case whole && !plain:
		p.expr = regexp.MustCompile("^(?s:" + expr.String() + ")$")
	case !whole:
		p.expr = regexp.MustCompile(expr.String())
	}
	return p, nil
}

// Capture is what a slot took: the bytes [From, To) of the text's source.
type Capture struct {
	Slot     *Slot
	From, To int
}

// Match reports whether the text is as a pattern for whole texts says.
func (p *Pattern) Match(t Text) ([]Capture, bool) {
	if p.expr == nil {
		return nil, t.Folded == p.literal
	}
	m := p.expr.FindStringSubmatchIndex(t.Folded)
	if m == nil {
		return nil, false
	}
	return p.captures(t, m), true
}

// Found is one place where a pattern matches within a text.
type Found struct {
	// From and To are the bytes of the text's source that it takes.
	From, To int
	Captures []Capture
}

// Find finds where a pattern for pieces matches within a text.
func (p *Pattern) Find(t Text) []Found {
	var found []Found
	for _, m := range p.expr.FindAllStringSubmatchIndex(t.Folded, -1) {
		f := Found{Captures: p.captures(t, m)}
		f.From, f.To = t.Span(m[0], m[1])
		found = append(found, f)
	}
	return found
}

func (p *Pattern) captures(t Text, m []int) []Capture {
	var taken []Capture
	for i := range p.Slots {
		from, to := t.Span(m[2*i+2], m[2*i+3])
		taken = append(taken, Capture{&p.Slots[i], from, to})
	}
	return taken
}

// Words is the expression that takes one of the words.
func Words(words []string, f *Folding) string {
	quoted := make([]string, 0, len(words))
	for _, w := range words {
		quoted = append(quoted, regexp.QuoteMeta(f.Fold(w).Folded))
	}
	slices.SortFunc(quoted, func(a, b string) int { return len(b) - len(a) })
	return strings.Join(quoted, "|")
}
