// Package doctest writes documents in the formats that are read, for tests.
package doctest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/document"
)

const (
	declared  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relations = declared + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	relation  = `<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`
	word      = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
		`xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ` +
		`xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"`
)

// Docx writes a Word document with the headings, paragraphs, tables and charts of a document.
func Docx(d *document.Document) []byte {
	parts := map[string]string{}
	var body, charts strings.Builder
	for i := range d.Blocks {
		switch b := &d.Blocks[i]; b.Kind {
		case document.Table:
			table(&body, b.Grid)
		case document.Chart:
			name := fmt.Sprintf("chart%d", i)
			fmt.Fprintf(&charts, relation, name, "chart", "charts/"+name+".xml")
			fmt.Fprintf(&body, `<w:p><w:r><w:drawing><a:graphic><a:graphicData><c:chart r:id="%s"/></a:graphicData></a:graphic></w:drawing></w:r></w:p>`, name)
			parts["word/charts/"+name+".xml"] = chart(b.Grid)
		default:
			paragraph(&body, b.Level, bodySize, b.Text.S)
		}
	}
	var styles strings.Builder
	for level := 1; level <= 9; level++ {
		fmt.Fprintf(&styles, `<w:style w:type="paragraph" w:styleId="h%d"><w:name w:val="heading %[1]d"/><w:pPr><w:outlineLvl w:val="%d"/></w:pPr></w:style>`, level, level-1)
	}
	parts["word/document.xml"] = declared + `<w:document ` + word + `><w:body>` + body.String() + `</w:body></w:document>`
	parts["word/styles.xml"] = declared + `<w:styles ` + word + `>` + styles.String() + `</w:styles>`
	parts["word/_rels/document.xml.rels"] = fmt.Sprintf(relations, fmt.Sprintf(relation, "styles", "styles", "styles.xml")+charts.String())
	parts["_rels/.rels"] = fmt.Sprintf(relations, fmt.Sprintf(relation, "main", "officeDocument", "word/document.xml"))
	const kind = "application/vnd.openxmlformats-officedocument."
	types := `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		of := ""
		switch {
		case name == "word/document.xml":
			of = "wordprocessingml.document.main+xml"
		case name == "word/styles.xml":
			of = "wordprocessingml.styles+xml"
		case strings.HasPrefix(name, "word/charts/"):
			of = "drawingml.chart+xml"
		default:
			continue
		}
		types += `<Override PartName="/` + name + `" ContentType="` + kind + of + `"/>`
	}
	parts["[Content_Types].xml"] = declared + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` + types + `</Types>`
	return Zip(parts)
}

// Zip packs files by their names.
func Zip(parts map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		// Writing to memory does not fail.
		w, _ := z.Create(name)
		_, _ = w.Write([]byte(parts[name]))
	}
	_ = z.Close()
	return out.Bytes()
}

func escaped(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s))
	return out.String()
}

// paragraph writes a paragraph in type of a size in points.
func paragraph(out *strings.Builder, level int, size float64, s string) {
	out.WriteString("<w:p>")
	if level > 0 {
		fmt.Fprintf(out, `<w:pPr><w:pStyle w:val="h%d"/></w:pPr>`, level)
	}
	fmt.Fprintf(out, `<w:r><w:rPr><w:sz w:val="%d"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, int(2*size), escaped(s))
}

// table writes cells with those of the rows below that a merged one covers.
func table(out *strings.Builder, g *document.Grid) {
	out.WriteString("<w:tbl><w:tblPr><w:tblBorders>")
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(out, `<w:%s w:val="single" w:sz="4"/>`, side)
	}
	out.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	// Widths are twentieths of a point.
	widths := columnWidths(g)
	width := func(from, to int) int {
		sum := 0.0
		for _, w := range widths[from:to] {
			sum += w
		}
		return int(20 * sum)
	}
	for i := range widths {
		fmt.Fprintf(out, `<w:gridCol w:w="%d"/>`, width(i, i+1))
	}
	out.WriteString("</w:tblGrid>")
	for r, row := range g.Lay() {
		out.WriteString("<w:tr>")
		for k := 0; k < len(row); {
			c := row[k]
			if c == nil {
				fmt.Fprintf(out, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr><w:p/></w:tc>`, width(k, k+1))
				k++
				continue
			}
			fmt.Fprintf(out, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:gridSpan w:val="%d"/>`, width(k, k+c.ColSpan), c.ColSpan)
			switch {
			case c.Row < r:
				out.WriteString("<w:vMerge/></w:tcPr><w:p/>")
			case c.RowSpan > 1:
				out.WriteString(`<w:vMerge w:val="restart"/></w:tcPr>`)
			default:
				out.WriteString("</w:tcPr>")
			}
			if c.Row == r {
				for line := range strings.SplitSeq(c.Text.S, "\n") {
					paragraph(out, 0, cellSize, line)
				}
			}
			out.WriteString("</w:tc>")
			k += c.ColSpan
		}
		out.WriteString("</w:tr>")
	}
	out.WriteString("</w:tbl>")
}

// chart writes a part that keeps the figures of a chart.
func chart(g *document.Grid) string {
	var out strings.Builder
	rows := g.Lay()
	points := func(name string, col, from, to int) {
		fmt.Fprintf(&out, "<c:%s><c:strRef><c:strCache>", name)
		for r := from; r < to; r++ {
			if c := rows[r][col]; c != nil {
				fmt.Fprintf(&out, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, r-from, escaped(c.Text.S))
			}
		}
		fmt.Fprintf(&out, "</c:strCache></c:strRef></c:%s>", name)
	}
	figures := func(col int) {
		out.WriteString("<c:val><c:numRef><c:numCache><c:formatCode>General</c:formatCode>")
		for r := 1; r < g.Rows; r++ {
			if c := rows[r][col]; c != nil {
				value, code, ok := stored(c.Text.S)
				if !ok {
					value, code = c.Text.S, "General"
				}
				fmt.Fprintf(&out, `<c:pt idx="%d" formatCode="%s"><c:v>%s</c:v></c:pt>`, r-1, code, escaped(value))
			}
		}
		out.WriteString("</c:numCache></c:numRef></c:val>")
	}
	out.WriteString(declared + "<c:chartSpace " + word + "><c:chart><c:plotArea><c:barChart>")
	for col := 1; col < g.Cols; col++ {
		out.WriteString("<c:ser>")
		points("tx", col, 0, 1)
		points("cat", 0, 1, g.Rows)
		figures(col)
		out.WriteString("</c:ser>")
	}
	out.WriteString("</c:barChart></c:plotArea></c:chart></c:chartSpace>")
	return out.String()
}
