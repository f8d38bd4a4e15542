package doctest

import (
	"fmt"
	"html"
	"strings"

	"github.com/gouji/gouji/engine/document"
)

// HTML writes a page with the headings, paragraphs and tables of a document; charts are tables.
func HTML(d *document.Document) []byte {
	var out strings.Builder
	text := func(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") }
	out.WriteString("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>\n")
	for i := range d.Blocks {
		b := &d.Blocks[i]
		switch {
		case b.Grid != nil:
			out.WriteString("<table>")
			for r, row := range b.Grid.Lay() {
				out.WriteString("<tr>")
				for k, c := range row {
					switch {
					case c == nil:
						out.WriteString("<td></td>")
					case c.Row == r && c.Col == k:
						fmt.Fprintf(&out, `<td rowspan="%d" colspan="%d">%s</td>`, c.RowSpan, c.ColSpan, text(c.Text.S))
					}
				}
				out.WriteString("</tr>\n")
			}
			out.WriteString("</table>\n")
		case b.Kind == document.Heading:
			fmt.Fprintf(&out, "<h%d>%s</h%[1]d>\n", min(max(b.Level, 1), 6), text(b.Text.S))
		default:
			fmt.Fprintf(&out, "<p>%s</p>\n", text(b.Text.S))
		}
	}
	out.WriteString("</body></html>\n")
	return []byte(out.String())
}
