package text

import (
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/document"
)

// bars are the characters that part the cells of a table drawn with lines; rules are those of the lines between its rows.
const (
	bars  = "│┃║｜|"
	rules = "─━═-=+┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝┠┨┯┷┝┥╞╡╟╢╤╧"
)

// boxed reads a table drawn with lines: rules between its rows, bars between its cells. Where rules part most rows from the
// next, a line without figures goes on with the row above it.
func (r *reader) boxed() (*document.Grid, int) {
	n := r.at
	var rows []row
	var starts []bool // whether a rule stands above
	rule, inner := false, 0
	for ; n < len(r.lines); n++ {
		line := strings.TrimSpace(r.lines[n])
		if line == "" || strings.IndexAny(line, bars+rules) != 0 {
			break
		}
		if strings.Trim(line, bars+rules+" \t") == "" && strings.ContainsAny(line, rules) && !strings.ContainsAny(line, "0123456789") {
			if rule = true; len(rows) > 0 {
				inner++
			}
			continue
		}
		cells := r.between(n)
		if len(cells) < 2 {
			break
		}
		rows, starts = append(rows, cells), append(starts, rule)
		rule = false
	}
	if len(rows) < 2 || inner == 0 || !strings.ContainsAny(r.lines[r.at], rules) {
		return nil, max(n, r.at+1)
	}
	apart := 0
	for _, rule := range starts {
		if rule {
			apart++
		}
	}
	if apart*2 > len(rows) {
		var joined []row
		for i, cells := range rows {
			last := len(joined) - 1
			figures := slices.ContainsFunc(cells, func(t document.Text) bool { return numeric(t.S) })
			if starts[i] || figures || last < 0 || len(joined[last]) != len(cells) {
				joined = append(joined, cells)
				continue
			}
			for k, text := range cells {
				switch {
				case text.S == "":
				case joined[last][k].S == "":
					joined[last][k] = text
				default:
					joined[last][k].Append(text)
				}
			}
		}
		rows = joined
	}
	if !tabular(rows) {
		return nil, n
	}
	return grid(rows), n
}

// between are the cells of a line between bars.
func (r *reader) between(n int) row {
	line := r.lines[n]
	var cells row
	from := -1
	for i, c := range line {
		if !strings.ContainsRune(bars, c) {
			continue
		}
		if from >= 0 {
			cells = append(cells, r.text(n, from, i))
		}
		from = i + len(string(c))
	}
	return cells
}
