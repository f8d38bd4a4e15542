package document

import (
	"bufio"
	"io"
	"strings"
)

// WriteText writes the text of which places count the lines and columns: each paragraph on its line, the cells of a row
// with tabs between them.
func (d *Document) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	line, column := 1, 1
	put := func(t Text) {
		for offset, r := range t.S {
			if p := t.At(offset); p.Line > line {
				out.WriteString(strings.Repeat("\n", p.Line-line))
				line, column = p.Line, 1
			}
			if p := t.At(offset); p.Column > column {
				out.WriteString("\t" + strings.Repeat(" ", p.Column-column-1))
				column = p.Column
			}
			if r != '\n' {
				out.WriteRune(r)
				column++
			}
		}
	}
	for _, b := range d.Blocks {
		put(b.Text)
		if b.Grid != nil {
			for _, c := range b.Grid.Cells {
				put(c.Text)
			}
		}
	}
	out.WriteByte('\n')
	return out.Flush()
}
