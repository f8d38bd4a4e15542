package csv

import (
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/reader/chunk"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/source"
)

// Piece is a part of a file, with some of its datasets.
type Piece struct {
	file *file
	chunk.Chunk
	// list is what is wrong with the file; there are no rows then.
	list diag.List
}

// Text writes what the datasets of the piece are made of, the first row of the file before them, and tells how many lines are
// before it.
func (p *Piece) Text(to io.Writer) (before int, err error) {
	_, err = to.Write(p.file.row)
	if err == nil {
		_, err = to.Write(p.Content)
	}
	return p.Before, err
}

// Records are its datasets in their order.
func (p *Piece) Records() iter.Seq[table.Record] {
	return func(yield func(table.Record) bool) {
		if p.list != nil {
			yield(table.Record{Line: max(p.file.lines, 1), List: p.list})
			return
		}
		// The content of a file does not change.
		text := unsafe.String(unsafe.SliceData(p.Content), len(p.Content))
		r := &table.Row{Head: p.file.head}
		for g := range p.file.groups(text) {
			// The text of a dataset is a file of its own, so that finding a place in it takes no longer than it is long.
			f := &source.File{Path: p.file.path, Content: p.Content[g.start:g.end:g.end], Before: p.Before + g.before}
			out := table.Record{Line: f.Before + 1}
			for _, fault := range g.faults {
				out.List.Add(diag.New(fault.code, source.Span{File: f, Start: fault.from - g.start, End: fault.to - g.start}, fault.args...))
			}
			if out.List != nil {
				out.Unit = p.file.head.Unit(g.rows[0])
			} else {
				if r.File = f; r.Head.Long {
					r.Figures = g.rows
				} else {
					r.Cells, r.Numbers, r.Again, r.Text = g.rows[0], g.numbers, g.again, text[g.start:g.end]
				}
				out.Row = r
			}
			if !yield(out) {
				return
			}
		}
	}
}

// group is the rows of one dataset, or a row with faults. Cells count from its start.
type group struct {
	start, end int
	// before counts the lines before it.
	before int
	rows   [][]table.Cell
	// numbers and again are those of a row of a wide table.
	numbers []number.Number
	again   [][]number.Number
	faults  []fault
}

// fault is what is wrong with a row.
type fault struct {
	code     diag.Code
	from, to int
	args     []any
}

// groups are the datasets of a text. What they hold is overwritten by the next one.
func (f *file) groups(text string) iter.Seq[*group] {
	return func(yield func(*group) bool) {
		s := scanner{
			text: text, separator: f.separator, figures: f.figures,
			numbers: slices.Repeat([]number.Number{missing}, len(f.figures)), again: make([][]number.Number, len(f.figures)),
		}
		var g group
		var key, next []string
		var cells []table.Cell
		for s.at < len(text) {
			start, before := s.at, s.lines
			if !f.head.Long || len(g.rows) == 0 && g.faults == nil {
				cells, g = cells[:0], group{start: start, before: before, rows: g.rows[:0], numbers: s.numbers, again: s.again}
				s.base = start
			}
			from := len(cells)
			var ok bool
			cells, ok = s.row(cells)
			row := cells[from:]
			if ok && blank(row, s.numbers) {
				cells = cells[:from]
				continue
			}
			var wrong []fault
			width := f.head.Width()
			for len(row) > width && row[len(row)-1].Text == "" {
				row = row[:len(row)-1]
			}
			switch {
			case !ok:
				wrong = []fault{{diag.TableQuote, s.quote, s.quote + 1, nil}}
			case len(row) != width:
				wrong = []fault{{diag.TableWidth, start, start + len(strings.TrimRight(text[start:s.at], "\r\n")), []any{len(row), width}}}
			}
			if f.head.Long {
				var known bool
				if next, known = f.head.Key(row); !known {
					next = key
				}
				if (len(g.rows) > 0 || g.faults != nil) && !slices.Equal(next, key) {
					if !yield(&g) {
						return
					}
					// The row begins the next dataset, from which its cells count.
					moved := start - g.start
					cells = append(cells[:0], row...)
					for i := range cells {
						cells[i].Start -= moved
						cells[i].End -= moved
					}
					row, s.base = cells, start
					g = group{start: start, before: before, rows: g.rows[:0]}
				}
				key = next
			}
			g.end, g.faults = s.at, append(g.faults, wrong...)
			// Memory that grew has moved; what stands in it is the same.
			g.rows = append(g.rows, row[:min(len(row), width):min(len(row), width)])
			if !f.head.Long && !yield(&g) {
				return
			}
		}
		if f.head.Long && (len(g.rows) > 0 || g.faults != nil) {
			yield(&g)
		}
	}
}

// scanner reads the rows of a text.
type scanner struct {
	text      string
	separator byte
	at        int
	// lines counts those that were read.
	lines int
	// base is the offset from which cells count.
	base int
	// quote is where the last quote is that was not closed.
	quote int
	// figures tell how many columns of figures begin with each one; numbers are those of the row that was read last, as far as they
	// are read with its cells, and again what more these say. All are empty where nobody asks for them.
	figures []int
	numbers []number.Number
	again   [][]number.Number
}

// row reads the next row and appends its cells. It is false when a quote is not closed; the row then ends with the line of
// the quote.
func (s *scanner) row(cells []table.Cell) ([]table.Cell, bool) {
	text, separator := s.text, s.separator
	eol := lineEnd(text, s.at)
	for column := 0; ; column++ {
		if column < len(s.figures) {
			n := s.figures[column]
			cells = slices.Grow(cells, n)
			into := cells[len(cells):][:n]
			clear(into)
			n = s.read(into, s.numbers[column:][:n], column)
			cells, column = cells[:len(cells)+n], column+n
		}
		start := s.at
		for start < len(text) && text[start] == ' ' {
			start++
		}
		var c table.Cell
		i := start
		if i < len(text) && text[i] == '"' {
			var ok bool
			if c.Text, i, ok = s.quoted(start); !ok {
				s.quote = start
				s.at = len(text)
				if end := strings.IndexByte(text[start:], '\n'); end >= 0 {
					s.at = start + end + 1
					s.lines++
				}
				return cells, false
			}
			if c.End = i; i > eol {
				s.lines += strings.Count(text[start:i], "\n")
				eol = lineEnd(text, i)
			}
			i = end(text, i, eol, separator)
		} else {
			i = end(text, i, eol, separator)
			if c.Text = text[start:i]; start < i && (spacious(text[start]) || spacious(text[i-1])) {
				c.Text = table.Trimmed(c.Text)
			}
			c.End = start + len(c.Text)
		}
		c.Start, c.End = start-s.base, c.End-s.base
		cells = append(cells, c)
		if s.at = i + 1; i >= len(text) {
			s.at = i
			return cells, true
		}
		if text[i] == '\n' {
			s.lines++
			return cells, true
		}
	}
}

// missing is the number of a cell that tells none.
var missing = number.Number{Flags: number.Missing}

// read reads numbers as long as cells hold figures of common forms, tells where these stand, and how many there are. It stops where
// another one stands, and before the last cell of the row: most figures tell their end, which is not to be looked for then.
func (s *scanner) read(cells []table.Cell, numbers []number.Number, column int) (n int) {
	numbers = numbers[:len(cells)]
	for i := range cells {
		at, text := s.at, s.text
		quote, closing := 0, s.separator
		if at < len(text) && text[at] == '"' {
			quote, closing = 1, '"'
		}
		from := at + quote
		n, end := dataset.ScanShort(text, from, closing != ',')
		if end == 0 || text[end] != closing {
			n, end = s.statements(column+i, from, closing, n, end)
		}
		behind := end + quote
		if end == 0 || behind >= len(text) || text[behind] != s.separator {
			numbers[i] = missing
			return i
		}
		numbers[i] = n
		cells[i].Start, cells[i].End = at-s.base, behind-s.base
		s.at = behind + 1
	}
	return len(cells)
}

// between stands between two statements of a cell, as it is most often written.
const between = " | "

// statements reads the figures of a cell that a sign closes, more than the first one into again. What ScanShort makes of the first
// one is known. end is 0 where the cell holds anything else.
func (s *scanner) statements(column, from int, closing byte, n number.Number, end int) (number.Number, int) {
	text, again := s.text, s.again[column][:0]
	var first number.Number
	for more := false; ; more = true {
		if end == 0 {
			n, end = dataset.ScanFigure(text, from, len(text), closing != ',')
		}
		if end == 0 || end == len(text) {
			return first, 0
		}
		if !more {
			first = n
		} else {
			first.Flags |= number.Restated
			again = append(again, n)
		}
		if text[end] == closing {
			s.again[column] = again
			return first, end
		}
		if !strings.HasPrefix(text[end:], between) {
			return first, 0
		}
		from = end + len(between)
		n, end = dataset.ScanShort(text, from, closing != ',')
	}
}

// spacious reports whether a sign may be of a space.
func spacious(c byte) bool { return c-'!' >= utf8.RuneSelf-'!' }

// lineEnd is where the line ends that an offset stands in.
func lineEnd(text string, from int) int {
	if n := strings.IndexByte(text[from:], '\n'); n >= 0 {
		return from + n
	}
	return len(text)
}

// end is where a value ends that goes on at an offset: at a separator, or at the end of the line.
func end(text string, i, eol int, separator byte) int {
	if n := strings.IndexByte(text[i:eol], separator); n >= 0 {
		return i + n
	}
	return eol
}

// quoted reads a value between quotes. end is behind the closing one, behind which nothing but space may stand before the
// next value.
func (s *scanner) quoted(start int) (value string, end int, ok bool) {
	text := s.text
	escaped := false
	i := start + 1
	for {
		n := strings.IndexByte(text[i:], '"')
		if n < 0 {
			return "", 0, false
		}
		if i += n + 1; i >= len(text) || text[i] != '"' {
			break
		}
		escaped = true
		i++
	}
	value, end = text[start+1:i-1], i
	for i < len(text) && (text[i] == ' ' || text[i] == '\r') {
		i++
	}
	if i < len(text) && text[i] != s.separator && text[i] != '\n' {
		return "", 0, false
	}
	if escaped {
		value = strings.ReplaceAll(value, `""`, `"`)
	}
	return table.Trimmed(value), end, true
}

// blank reports whether all cells are empty. Of one that has a number the text may not have been taken.
func blank(row []table.Cell, numbers []number.Number) bool {
	return !slices.ContainsFunc(row, func(c table.Cell) bool { return c.Text != "" }) &&
		!slices.ContainsFunc(numbers[:min(len(numbers), len(row))], func(n number.Number) bool { return !n.Has(number.Missing) })
}
