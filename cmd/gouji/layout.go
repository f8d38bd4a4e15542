package main

import (
	"strings"
	"unicode"

	"github.com/gouji/gouji/engine/report"
)

// align writes rows as columns that stand below one another, behind an indent of spaces; the last column is not padded.
func align(rows [][]string, indent int) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], report.Measure(cell))
		}
	}
	var s strings.Builder
	for _, row := range rows {
		line := strings.Repeat(" ", indent)
		for i, cell := range row {
			line += cell
			if widths[i] > 0 {
				line += strings.Repeat(" ", widths[i]-report.Measure(cell)+2)
			}
		}
		s.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return s.String()
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
