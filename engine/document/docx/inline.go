package docx

import (
	"strings"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
	"github.com/gouji/gouji/engine/document/drawing"
	"github.com/gouji/gouji/engine/words"
)

// inline reads a run, or whatever else stands in a paragraph.
func (p *paragraph) inline(x *archive.XML, e archive.Element) error {
	if e.Name != "w:r" {
		return p.shown(x, e)
	}
	// A run says first whether it is hidden.
	var off *bool
	return children(x, func(e archive.Element) error {
		if e.Name == "w:rPr" {
			return x.Each(func(e archive.Element) error {
				switch e.Name {
				case "w:vanish":
					on := e.On()
					off = &on
				case "w:rStyle":
					if s := p.styles.get(e.Attr("val")); off == nil {
						off = s.hidden
					}
				}
				return nil
			})
		}
		if off == nil {
			off = p.styles.get(p.style).hidden
		}
		if off != nil && *off {
			return nil
		}
		return p.shown(x, e)
	})
}

// shown reads what one element of a paragraph shows.
func (p *paragraph) shown(x *archive.XML, e archive.Element) error {
	switch e.Name {
	case "w:t", "m:t":
		s, err := x.Text()
		p.write(strings.Map(func(c rune) rune {
			switch c {
			case '\n', '\t', '\r':
				return ' '
			case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad':
				return -1
			}
			return c
		}, s))
		return err
	case "w:tab", "w:ptab":
		p.write(" ")
	case "w:br", "w:cr":
		p.write("\n")
	case "w:noBreakHyphen":
		p.write("-")
	case "w:fldChar":
		p.fields.char(e.Attr("fldCharType"))
	case "w:footnoteReference", "w:endnoteReference":
		kind := strings.TrimSuffix(e.Name, "Reference")
		// A note stands where it is first referred to.
		id := kind + e.Attr("id")
		p.tied = append(p.tied, p.notes[id]...)
		delete(p.notes, id)
	case "w:txbxContent":
		// What stands in a box is no part of the paragraph that the box is tied to.
		outer, carried := p.fields, p.carried
		p.fields, p.carried = fields{}, nil
		err := p.content(x, func(piece piece) { p.tied = append(p.tied, piece) })
		p.fields, p.carried = outer, carried
		return err
	case "c:chart":
		return p.chart(p.relations[e.Attr("r:id")].Part)
	case "cx:chart":
		p.omit(words.Text{ZH: "一幅图表", EN: "a chart"}, words.Text{ZH: "此类图表的数据无法读取", EN: "it is of a kind whose figures are not read"})
	case "w:instrText", "w:delText", "w:delInstrText", "w:rt", "w:pPr", "w:rPr", "pic:pic", "w:fldData", "w:objectEmbed":
	default:
		return children(x, func(e archive.Element) error { return p.inline(x, e) })
	}
	return nil
}

// write adds text, less that of the codes of fields.
func (p *paragraph) write(s string) {
	if p.fields.codes > 0 {
		return
	}
	p.out.WriteString(s)
}

// chart reads the figures that a chart was drawn from last.
func (p *paragraph) chart(part string) error {
	if part == "" {
		return nil
	}
	var c drawing.Chart
	x, err := p.archive.XML(part)
	if err == nil {
		_, err = x.Root()
	}
	if err == nil {
		err = c.Read(x)
	}
	if err != nil {
		return p.part(part, err)
	}
	if title := strings.TrimSpace(c.Title); title != "" {
		p.tied = append(p.tied, piece{text: title})
	}
	if g := c.Grid(false); g != nil {
		if p.cells += len(g.Cells); p.cells > p.limits.Cells {
			return archive.Beyond(document.Cells(p.limits.Cells))
		}
		p.tied = append(p.tied, piece{kind: document.Chart, grid: g})
	}
	return nil
}
