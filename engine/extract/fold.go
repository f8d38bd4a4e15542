package extract

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed traditional.txt
var traditional string

// simplified maps traditional characters to simplified ones.
func simplified() map[rune]rune {
	m := make(map[rune]rune, len(traditional)/7)
	for pair := range strings.FieldsSeq(traditional) {
		from, size := utf8.DecodeRuneInString(pair)
		m[from], _ = utf8.DecodeRuneInString(pair[size:])
	}
	return m
}

// folded is text in one spelling: simplified characters, narrow digits and signs, no spaces, no line breaks, no stray
// pinyin. Every byte of s knows the bytes of the original that it stands for.
type folded struct {
	s        string
	from, to []int
}

// part is the original of the folded bytes [from, to), without the spaces and line breaks in it.
func (f *folded) part(original string, from, to int) string {
	if from >= to {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if blank(r) {
			return -1
		}
		return r
	}, original[f.from[from]:f.to[to-1]])
}

// Fold writes text in the one spelling in which words are compared.
func (w *Words) Fold(s string) string { return w.fold(s).s }

func (w *Words) fold(s string) *folded {
	f := &folded{from: make([]int, 0, len(s)), to: make([]int, 0, len(s))}
	var b strings.Builder
	b.Grow(len(s))
	emit := func(r rune, from, to int) {
		start := b.Len()
		b.WriteRune(r)
		for range b.Len() - start {
			f.from, f.to = append(f.from, from), append(f.to, to)
		}
	}
	last := rune(0)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if n := pinyin(s[i:]); n > 0 && unicode.Is(unicode.Han, last) {
			i += n
			continue
		}
		if blank(r) {
			from := i
			for i < len(s) && blank(r) {
				i += size
				r, size = utf8.DecodeRuneInString(s[i:])
			}
			if gap := f.gap(b.String(), s[from:i], w.narrow(r), s[i:]); gap != 0 {
				emit(gap, from, i)
				last = gap
			}
			continue
		}
		last = w.narrow(r)
		emit(last, i, i+size)
		i += size
	}
	f.s = b.String()
	return f
}

// gap is what stands for white space in folded text: nothing, except between two numbers, and a tab for cells.
func (f *folded) gap(before, space string, next rune, after string) rune {
	if strings.ContainsRune(space, '\t') {
		return '\t'
	}
	if before == "" || !digit(next) {
		return 0
	}
	switch last := rune(before[len(before)-1]); {
	case digit(last):
		// A number that was broken over two lines is one; a year on the next line is another.
		if strings.ContainsRune(space, '\n') && !year(after) {
			return 0
		}
		return ' '
	case last == '.' && strings.TrimRight(before[:len(before)-1], "0123456789") == "" && len(before) < 4:
		return ' '
	case last == '.' && year(after):
		return ' '
	}
	return 0
}

// year reports whether text begins with a year or another part of a date.
func year(s string) bool {
	rest := strings.TrimLeftFunc(s, func(r rune) bool { return digit(r) || '０' <= r && r <= '９' })
	rest = strings.TrimLeftFunc(rest, blank)
	return strings.HasPrefix(rest, "年") || strings.HasPrefix(rest, "月") || strings.HasPrefix(rest, "日")
}

func digit(r rune) bool { return '0' <= r && r <= '9' }

func letter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// blank reports whether a character shows nothing.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u00ad' || r == '\u2060'
}

// narrow is the one spelling of a character.
func (w *Words) narrow(r rune) rune {
	if r < 0x80 {
		return r
	}
	if s, ok := w.simple[r]; ok {
		return s
	}
	switch {
	case '！' <= r && r <= '～':
		return r - '！' + '!'
	case r == '−' || r == '‐' || r == '‑' || r == '－' || r == '﹣':
		return '-'
	case r == '﹪':
		return '%'
	case r == '∶' || r == '︰' || r == '﹕':
		return ':'
	case r == '﹐':
		return ','
	case r == '﹒':
		return '.'
	case r == '﹔':
		return ';'
	case r == '﹙' || r == '❨':
		return '('
	case r == '﹚' || r == '❩':
		return ')'
	case r == '｡':
		return '。'
	case r == '､':
		return '、'
	}
	return r
}

// pinyin is the length of a bracket that holds nothing but the sound of the character before it, 0 where none stands.
func pinyin(s string) int {
	rest, open := strings.CutPrefix(s, "(")
	if !open {
		if rest, open = strings.CutPrefix(s, "（"); !open {
			return 0
		}
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r == ')' || r == '）' })
	if end < 1 || end > 12 {
		return 0
	}
	accented := false
	for _, r := range rest[:end] {
		if !unicode.Is(unicode.Latin, r) || unicode.IsUpper(r) {
			return 0
		}
		accented = accented || r >= 0x80
	}
	if !accented && rest[:end] != "de" && rest[:end] != "le" && rest[:end] != "men" {
		return 0
	}
	_, size := utf8.DecodeRuneInString(rest[end:])
	return len(s) - len(rest) + end + size
}
