package report

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// This file measures, wraps and draws. Its rules are:
//   - East Asian wide characters take two columns, ambiguous ones (… – “) one, as modern terminals show them.
//   - Nothing is ever clipped. Cells are wrapped here before they are drawn, because tablewriter breaks only at spaces,
//     which Chinese does not have, and would cut a number wherever the column ends.
//   - A number or word stays whole wherever its column is wide enough for it.

// Column is one column of a table.
type Column struct {
	Head string
	// Weight is the column's claim on space that not all columns can have; 0 makes it rigid: it gets what it wants
	// as long as anyone has space to give.
	Weight int
	// Right aligns what stands in it to the right.
	Right bool
}

// Table draws rows of cells, whose lines are wrapped where they are too long, below one another within a width.
func Table(w io.Writer, width int, columns []Column, rows [][]string) error {
	g := grid{columns: columns, rows: rows}
	return g.write(w, width)
}

// grid is a table before it is drawn; cells hold lines separated by \n, not yet wrapped.
type grid struct {
	columns []Column
	rows    [][]string
	// paint sets a drawn line off; nil leaves it as it is.
	paint func(line string) string
}

// write draws the grid within a width.
func (g *grid) write(w io.Writer, width int) error {
	n := len(g.columns)
	widths := g.widths(width - len(between)*(n-1))
	heads := make([]string, n)
	aligns := make([]tw.Align, n)
	padding := make([]tw.Padding, n)
	for i, c := range g.columns {
		heads[i] = strings.Join(Wrap(c.Head, widths[i]), "\n")
		aligns[i] = tw.AlignLeft
		padding[i] = tw.Padding{Right: between, Overwrite: true}
		if c.Right {
			aligns[i] = tw.AlignRight
		}
	}
	padding[n-1].Right = ""
	var out bytes.Buffer
	t := tablewriter.NewTable(&out,
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{Global: tw.AlignLeft, PerColumn: aligns}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{Global: tw.AlignLeft, PerColumn: aligns}),
		tablewriter.WithTrimLine(tw.Off),
		tablewriter.WithHeaderPaddingPerColumn(padding),
		tablewriter.WithRowPaddingPerColumn(padding),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Symbols:  tw.NewSymbols(tw.StyleLight),
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off}},
		})),
	)
	t.Header(heads)
	for _, row := range g.rows {
		cells := make([]string, n)
		for i, cell := range row {
			cells[i] = strings.Join(Wrap(cell, widths[i]), "\n")
		}
		if err := t.Append(cells); err != nil {
			return err
		}
	}
	if err := t.Render(); err != nil {
		return err
	}
	for line := range strings.Lines(out.String()) {
		line = strings.TrimRight(line, " \n")
		if g.paint != nil {
			line = g.paint(line)
		}
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// between stands between the columns.
const between = "  "

// widths shares the columns available for text among the columns of the grid.
func (g *grid) widths(available int) []int {
	n := len(g.columns)
	got, want := make([]int, n), make([]int, n)
	total := 0
	for i, c := range g.columns {
		cells := []string{c.Head}
		for _, row := range g.rows {
			cells = append(cells, row[i])
		}
		// A column starts from its head and its longest word and is never narrower than one wide character.
		got[i] = max(2, Measure(clean(c.Head)))
		for _, cell := range cells {
			for line := range strings.SplitSeq(clean(cell), "\n") {
				want[i] = max(want[i], Measure(line))
				for _, a := range atoms(line) {
					got[i] = max(got[i], Measure(a.text))
				}
			}
		}
		if c.Weight == 0 {
			got[i] = max(got[i], want[i])
		}
		total += got[i]
	}
	for ; total > available; total-- {
		widest := 0
		for i := range got {
			if got[i] > got[widest] {
				widest = i
			}
		}
		got[widest]--
	}
	for ; total < available; total++ {
		next := -1
		for i, c := range g.columns {
			if got[i] < want[i] && c.Weight > 0 && (next < 0 || got[i]*g.columns[next].Weight < got[next]*c.Weight) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		got[next]++
	}
	return got
}

// Measure is the number of terminal columns that a line takes.
func Measure(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

// clean makes text safe to show: control characters (an escape could repaint the terminal) become spaces, invisible
// ones are dropped, line ends stay.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

// atom is a piece of a line that is not broken.
type atom struct {
	text string
	// spaced: a space stands before it unless it begins a line.
	spaced bool
	// rest is the width of the rest of the same name, which is kept on one line where it fits.
	rest int
}

// Characters that may not begin, or not end, a line.
const (
	closers = "，。、；：？！）》」』】〕〉％‰…—～·’”,.;:?!)]}%"
	openers = "（《「『【〔〈“‘([{"
)

// atoms cuts one line of text at the places where it may be broken: at spaces, around wide characters, and, if need be,
// inside long names such as expenditure-parts-sum or classes[206].items; never inside a number.
func atoms(line string) []atom {
	var out []atom
	for word := range strings.FieldsSeq(line) {
		runes := []rune(word)
		first, start := len(out), 0
		for i := 1; i <= len(runes); i++ {
			if i < len(runes) && !breakable(runes, i) && !hyphen(runes, i) {
				continue
			}
			out = append(out, atom{text: string(runes[start:i]), spaced: start == 0 && first > 0})
			start = i
			if i < len(runes) && !breakable(runes, i) {
				continue
			}
			// The name ends here: tell its pieces what follows them.
			for k, rest := len(out)-1, 0; k >= first; k-- {
				out[k].rest = rest
				rest += Measure(out[k].text)
			}
			first = len(out)
		}
	}
	return out
}

// breakable reports whether a line may end before runes[i].
func breakable(runes []rune, i int) bool {
	prev, cur := runes[i-1], runes[i]
	if ordinary(prev) && ordinary(cur) {
		return prev > unicode.MaxASCII || cur > unicode.MaxASCII
	}
	if prev > unicode.MaxASCII && strings.ContainsRune(openers, prev) ||
		strings.ContainsRune(closers, cur) || Measure(string(cur)) == 0 {
		return false
	}
	return !joins(prev) || !joins(cur)
}

// ordinary reports whether r is a letter or digit of ASCII or a Chinese character, as most are: then breakable need not look
// it up.
func ordinary(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || '一' <= r && r <= '鿿'
}

// hyphen reports whether a name may be broken before runes[i] when it is too long for a line.
func hyphen(runes []rune, i int) bool {
	if i < 2 {
		return false
	}
	named := unicode.IsLetter(runes[i-2]) || runes[i-2] == ']'
	switch runes[i-1] {
	case '-', '_', '.':
		return named && unicode.IsLetter(runes[i])
	case '/':
		return named && joins(runes[i])
	}
	return false
}

// joins reports whether a character belongs to the one beside it: all but wide ones, and the full-width ones of numbers.
func joins(r rune) bool {
	switch {
	case '０' <= r && r <= '９', r == '．', r == '－', r == '＋':
		return true
	}
	return Measure(string(r)) < 2
}

// Wrap breaks text into lines no wider than width, which is at least 2. Only a word that is wider than that is broken
// inside. The result has at least one line.
func Wrap(text string, width int) []string {
	var lines []string
	for par := range strings.SplitSeq(clean(text), "\n") {
		line, used := "", 0
		for _, a := range atoms(par) {
			piece, size := a.text, Measure(a.text)
			if a.spaced && used > 0 {
				piece, size = " "+piece, size+1
			}
			whole := size + a.rest
			if whole > width {
				whole = size
			}
			if used > 0 && used+whole > width {
				lines = append(lines, line)
				line, used = "", 0
				piece, size = a.text, Measure(a.text)
			}
			if size > width {
				// At most what takes no space stands on the line yet.
				piece, line = line+piece, ""
			}
			for size > width {
				head := fill(piece, width)
				lines = append(lines, head)
				piece = piece[len(head):]
				size = Measure(piece)
			}
			line, used = line+piece, used+size
		}
		lines = append(lines, line)
	}
	return lines
}

// fill is the longest beginning of s that fits into width, at least one character.
func fill(s string, width int) string {
	used := 0
	for i, r := range s {
		used += Measure(string(r))
		if used > width && i > 0 {
			return s[:i]
		}
	}
	return s
}

// indent wraps text to width with its first line behind a prefix of spaces and the others behind two more.
func indent(text string, spaces, width int) string {
	lines := Wrap(text, width-spaces)
	if len(lines) > 1 {
		lines = Wrap(text, width-spaces-2)
	}
	for i := range lines {
		more := 0
		if i > 0 {
			more = 2
		}
		lines[i] = strings.Repeat(" ", spaces+more) + lines[i]
	}
	return strings.Join(lines, "\n") + "\n"
}

// distinct keeps the first of equal strings and drops empty ones.
func distinct(all []string) []string {
	var out []string
	for _, s := range all {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
