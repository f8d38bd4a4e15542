package diag

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/gouji/gouji/engine/color"
	"github.com/gouji/gouji/engine/source"
)

// This file writes diagnostics for people. The rules are:
//
//   - the first line, path:line:column: severity: message [code], is one that editors can parse;
//   - the source line follows, with the exact characters underlined; text of a file never reaches the terminal as a
//     control sequence;
//   - everything that belongs to a diagnostic is indented by two spaces.

const (
	// maxPerFile is the number of diagnostics shown for one file.
	maxPerFile = 100
	// maxWidth is the width of a source line, in columns of a terminal, beyond which it is clipped.
	maxWidth = 100
	// tabWidth is the width that a tab counts for when a line is clipped. How wide a terminal shows it does not matter
	// for the underline, which repeats the tab.
	tabWidth = 4

	indent   = "  "
	ellipsis = "…"
)

// Render writes the list for people, sorted as by List.Sort. It shows the first 100 diagnostics of each file and how
// many more there are.
func Render(w io.Writer, lang Lang, paint color.Painter, list List) error {
	list = slices.Clone(list)
	list.Sort()
	b := bufio.NewWriter(w)
	for len(list) > 0 {
		p := path(list[0].Span)
		n := slices.IndexFunc(list, func(d Diagnostic) bool { return path(d.Span) != p })
		if n < 0 {
			n = len(list)
		}
		for _, d := range list[:min(n, maxPerFile)] {
			renderOne(b, lang, paint, d)
		}
		if n > maxPerFile {
			if p != "" {
				p += ": "
			}
			fmt.Fprintf(b, pick(lang, "%s%d more\n", "%s另有 %d 条\n"), p, n-maxPerFile)
		}
		list = list[n:]
	}
	return b.Flush()
}

// severityStyles are how severities are set off.
var severityStyles = map[Severity]color.Style{Error: color.Error, Warning: color.Warning}

func renderOne(b *bufio.Writer, lang Lang, paint color.Painter, d Diagnostic) {
	style := severityStyles[d.Severity]
	b.WriteString(d.line(lang, paint) + "\n")
	renderSnippet(b, paint, style, d.Span)
	if hint := d.Hint(lang); hint != "" {
		b.WriteString(indent + paint.Paint(color.Info, pick(lang, "hint: ", "提示：")) + hint + "\n")
	}
	for _, r := range d.Related {
		b.WriteString(indent + place(r.Span) + paint.Paint(color.Info, pick(lang, "note: ", "参见：")) + r.Message(lang) + "\n")
		renderSnippet(b, paint, color.Info, r.Span)
	}
}

// renderSnippet writes the first line of a span and its underline. It writes nothing for no place and for a blank line,
// which would show nothing.
func renderSnippet(b *bufio.Writer, paint color.Painter, style color.Style, s source.Span) {
	if s.IsZero() {
		return
	}
	start, end, ok := s.File.LineBounds(s.Position().Line)
	if !ok {
		return
	}
	line := string(s.File.Content[start:end])
	if strings.TrimSpace(line) == "" {
		return
	}
	from := min(max(s.Start, start), end) - start
	to := max(min(s.End, end)-start, from)
	text, caret := snippet(line, from, to)
	mark := strings.TrimLeft(caret, " \t")
	b.WriteString(indent + text + "\n" + indent + strings.TrimSuffix(caret, mark) + paint.Paint(style, mark) + "\n")
}

// snippet returns a line as shown and the line under it that marks the bytes from up to to.
func snippet(line string, from, to int) (text, caret string) {
	low, high := clip(line, from)
	var t, c strings.Builder
	if low > 0 {
		t.WriteString(ellipsis)
		c.WriteString(" ")
	}
	marked := false
	mark := func(n int) {
		if !marked && n > 0 {
			c.WriteByte('^')
			marked = true
			n--
		}
		c.WriteString(strings.Repeat("~", n))
	}
	for i, r := range line[low:high] {
		i += low
		if r == '\t' {
			t.WriteByte('\t')
			// A tab is as wide as the terminal likes: it is repeated, and marked only when nothing before it is.
			if i >= from && i <= to && !marked {
				mark(1)
			}
			if i < from || i+1 < to {
				c.WriteByte('\t')
			}
			continue
		}
		r = visible(r)
		t.WriteRune(r)
		switch n := runeWidth(r); {
		case i < from:
			c.WriteString(strings.Repeat(" ", n))
		case i < to:
			mark(n)
		}
	}
	if !marked {
		mark(1)
	}
	if high < len(line) {
		t.WriteString(ellipsis)
	}
	return t.String(), strings.TrimRight(c.String(), " \t")
}

// clip returns the bytes of line to show so that the character at byte from is among them and the width stays within
// maxWidth, with a third of a clipped line before that character, or more where the line ends soon after it.
func clip(line string, from int) (low, high int) {
	if Width(line) <= maxWidth {
		return 0, len(line)
	}
	low, high = from, from
	total := 0
	before := func(limit int) {
		for low > 0 {
			r, size := utf8.DecodeLastRuneInString(line[:low])
			w := runeWidth(visible(r))
			if total+w > limit {
				return
			}
			total += w
			low -= size
		}
	}
	before(maxWidth / 3)
	for high < len(line) {
		r, size := utf8.DecodeRuneInString(line[high:])
		w := runeWidth(visible(r))
		if total+w > maxWidth {
			break
		}
		total += w
		high += size
	}
	before(maxWidth)
	return low, high
}

// visible returns r, or U+FFFD for a character that a terminal would act upon rather than show: control characters,
// and format characters such as those that reverse the direction of writing.
func visible(r rune) rune {
	if r == '\t' || unicode.IsGraphic(r) {
		return r
	}
	return utf8.RuneError
}

// Width is the number of columns that a terminal gives to a text.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(visible(r))
	}
	return n
}

// runeWidth returns the columns that a terminal gives to a visible character. Characters of ambiguous width, such as
// the ellipsis, count as narrow.
func runeWidth(r rune) int {
	switch {
	case r == '\t':
		return tabWidth
	case r < utf8.RuneSelf:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}
