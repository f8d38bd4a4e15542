package extract

import (
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/document"
)

// The ranks of numbering, from the outermost. A heading that only its format marks stands between them.
const (
	rankPart    = 10
	rankChapter = 20
	rankSection = 30
	rankItem    = 40
	rankSub     = 50
	rankCircle  = 60
	rankPlain   = 99
)

const chinese = "一二三四五六七八九十百零〇两"

// numbering reads the number at the start of folded text: its rank and its length, 0 for none.
func numbering(s string) (rank, length int) {
	first, size := utf8.DecodeRuneInString(s)
	switch {
	case first == '第':
		n := len(s[size:]) - len(strings.TrimLeft(s[size:], chinese+"0123456789"))
		if n == 0 {
			return 0, 0
		}
		for _, word := range []string{"部分", "章", "篇", "编"} {
			if strings.HasPrefix(s[size+n:], word) {
				return rankPart, size + n + len(word) + stops(s[size+n+len(word):])
			}
		}
	case '①' <= first && first <= '⑳':
		return rankCircle, size
	case '⒈' <= first && first <= '⒛':
		return rankItem, size
	case '㈠' <= first && first <= '㈩':
		return rankSection, size
	case first == '(':
		inner := s[1:]
		n := len(inner) - len(strings.TrimLeft(inner, chinese))
		rank = rankSection
		if n == 0 {
			n, rank = digits(inner), rankSub
		}
		if n > 0 && n <= 12 && strings.HasPrefix(inner[n:], ")") {
			return rank, n + 2 + stops(inner[n+1:])
		}
	case strings.ContainsRune(chinese, first):
		n := len(s) - len(strings.TrimLeft(s, chinese))
		if k := stops(s[n:]); k > 0 && n <= 12 {
			return rankChapter, n + k
		}
	case digit(first):
		n := digits(s)
		if n > 2 {
			return 0, 0
		}
		if rest := s[n:]; strings.HasPrefix(rest, ")") {
			return rankSub, n + 1
		} else if k := stops(rest); k > 0 && !(rest[0] == '.' && len(rest) > 1 && digit(rune(rest[1])) && !year(rest[1:])) {
			return rankItem, n + k
		}
	}
	return 0, 0
}

// stops is the length of the stop behind a number of a heading: 、 . , : or a space.
func stops(s string) int {
	for _, stop := range []string{"、", ". ", ".", ",", "，", ":", " "} {
		if strings.HasPrefix(s, stop) {
			return len(stop)
		}
	}
	return 0
}

// ranked is a heading that holds, and its rank.
type ranked struct {
	rank  int
	title string
	// unit is what the label of a row says that it and its parts are counted in.
	unit string
}

// paragraph reads running text and keeps the stack of headings.
func (r *reading) paragraph(block int, b document.Block) {
	f := r.words.fold(b.Text.S)
	rank, skip := numbering(f.s)
	end, alone := r.title(f.s, skip, rank, b.Kind == document.Heading)
	if rank == 0 && strings.HasPrefix(f.s, "“") {
		// “某某”项目绩效自评综述:
		if title, _, ok := strings.Cut(f.s, ":"); ok && strings.HasSuffix(title, "综述") && !r.figuresIn(title) && utf8.RuneCountInString(title) <= 60 {
			rank, end = rankSub+5, len(title)
			alone = end+1 == len(f.s)
		}
	}
	text := b.Text
	r.descend(rank)
	if end > skip {
		if rank == 0 {
			rank = min(10*max(b.Level, 1)+5, rankPlain-1)
		}
		r.heading(block, rank, f, b.Text, skip, end)
		skip = end
	}
	if alone {
		if n := len(r.headings); n > 0 {
			r.await(r.words.key(r.headings[n-1].title))
		}
		return
	}
	subject := ""
	if n := len(r.headings); n > 0 {
		subject = r.headingSubject(r.headings[n-1].title)
	}
	at := where{block: block, row: -1, col: -1, section: r.section()}
	from := len(text.S)
	if skip < len(f.s) {
		from = f.from[skip]
	}
	r.prose(text, from, at, subject)
}

// prose reads the sentences of a text from an offset on.
func (r *reading) prose(text document.Text, from int, at where, subject string) {
	first := len(r.Facts)
	notes := len(r.Notes)
	r.sentences(text.Slice(from, len(text.S)), at, subject)
	for i := first; i < len(r.Facts); i++ {
		r.Facts[i].From += from
		r.Facts[i].To += from
	}
	for i := notes; i < len(r.Notes); i++ {
		r.Notes[i].From += from
		r.Notes[i].To += from
	}
}

// title finds where the title that begins at from ends, and whether it is all that the text says. It is empty when
// the text is no heading.
func (r *reading) title(s string, from, rank int, marked bool) (end int, alone bool) {
	rest := s[from:]
	if rest == "" || rank == 0 && !marked {
		return from, false
	}
	stop := strings.IndexAny(rest, "。:;")
	if stop >= 0 {
		// IndexAny finds characters; all three are whole ones.
		title := rest[:stop]
		behind := strings.TrimLeft(rest[stop:], "。:;")
		short := utf8.RuneCountInString(title) <= 60 && !r.figuresIn(title) && !strings.ContainsAny(title, ",，")
		named := r.words.headingMarks.suffix(title) != ""
		if short && (named || marked && behind == "") {
			return from + stop, behind == ""
		}
		return from, false
	}
	if utf8.RuneCountInString(rest) > 60 || r.figuresIn(rest) || strings.ContainsAny(rest, ",\t") && !marked {
		return from, false
	}
	return len(s), true
}

// figuresIn reports whether folded text holds figures.
func (r *reading) figuresIn(s string) bool {
	for _, t := range r.words.tokens(s) {
		if t.figure {
			return true
		}
	}
	return false
}

// heading notes a heading and ends those of its rank and below.
func (r *reading) heading(block, rank int, f *folded, text document.Text, from, to int) {
	for n := len(r.headings); n > 0 && r.headings[n-1].rank >= rank; n-- {
		r.headings = r.headings[:n-1]
	}
	title := f.part(text.S, from, to)
	r.headings = append(r.headings, ranked{rank: rank, title: title})
	r.Headings = append(r.Headings, Heading{
		Level: len(r.headings), Title: title, Number: strings.TrimRight(f.part(text.S, 0, from), ""), Place: text.At(f.from[0]), Block: block,
	})
}

// section are the titles that hold, the outermost first.
func (r *reading) section() []string {
	titles := make([]string, len(r.headings))
	for i, h := range r.headings {
		titles[i] = h.title
	}
	return titles
}

// headingSubject is what a section is of: “某项目”自评综述 is of 某项目.
func (r *reading) headingSubject(title string) string {
	folded := r.words.Fold(title)
	tail := r.words.headingEnds.suffix(folded)
	n := utf8.RuneCountInString(title) - utf8.RuneCountInString(tail)
	if n <= 0 || strings.HasSuffix(folded, ")") {
		return title
	}
	return strings.Trim(string([]rune(title)[:n]), "“”\"")
}
