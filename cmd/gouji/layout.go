package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// align writes rows as columns that stand below one another, behind an indent of spaces; the last column is not padded.
func align(rows [][]string, indent int) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	var s strings.Builder
	for _, row := range rows {
		line := strings.Repeat(" ", indent)
		for i, cell := range row {
			line += cell
			if widths[i] > 0 {
				line += strings.Repeat(" ", widths[i]-columns(cell)+2)
			}
		}
		s.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return s.String()
}

// columns is the number of terminal columns that a text takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// visible makes text from files safe to show on one line: a control character could repaint the terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// fold breaks text into lines of at most limit columns, at spaces and around wide characters. A longer word stays whole.
func fold(text string, limit int) []string {
	var lines []string
	runes := []rune(visible(text))
	start, cut, used := 0, 0, 0
	for i, r := range runes {
		if i > 0 && breakable(runes[i-1], r) {
			cut = i
		}
		if used+runeColumns(r) > limit && cut > start && r != ' ' {
			lines = append(lines, strings.TrimRight(string(runes[start:cut]), " "))
			start, used = cut, columns(string(runes[cut:i]))
		}
		used += runeColumns(r)
	}
	return append(lines, strings.TrimRight(string(runes[start:]), " "))
}

// breakable reports whether a line may end between two characters.
func breakable(before, after rune) bool {
	const closers, openers = " ，。、；：？！）》」』】〕〉,.;:?!)]}%", "（《「『【〔〈([{"
	if strings.ContainsRune(closers, after) || strings.ContainsRune(openers, before) {
		return false
	}
	return before == ' ' || runeColumns(before) == 2 || runeColumns(after) == 2
}
