package docx

import (
	"strings"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
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
		switch last := len(p.fields) - 1; e.Attr("fldCharType") {
		case "begin":
			p.fields = append(p.fields, false)
		case "separate":
			if last >= 0 {
				p.fields[last] = true
			}
		case "end":
			if last >= 0 {
				p.fields = p.fields[:last]
			}
		}
	case "w:footnoteReference", "w:endnoteReference":
		kind := strings.TrimSuffix(e.Name, "Reference")
		p.tied = append(p.tied, p.notes[kind+e.Attr("id")]...)
	case "w:txbxContent":
		// What stands in a box is no part of the paragraph that the box is tied to.
		fields, carried := p.fields, p.carried
		p.fields, p.carried = nil, ""
		err := p.content(x, func(piece piece) { p.tied = append(p.tied, piece) })
		p.fields, p.carried = fields, carried
		return err
	case "c:chart":
		return p.chart(p.relations[e.Attr("r:id")].Part)
	case "w:instrText", "w:delText", "w:delInstrText", "w:rt", "w:pPr", "w:rPr", "pic:pic", "w:fldData", "w:objectEmbed":
	default:
		return children(x, func(e archive.Element) error { return p.inline(x, e) })
	}
	return nil
}

// write adds text, less that of the codes of fields.
func (p *paragraph) write(s string) {
	for _, result := range p.fields {
		if !result {
			return
		}
	}
	p.out.WriteString(s)
}

// chart reads the figures that a chart was drawn from last.
func (p *paragraph) chart(part string) error {
	if part == "" {
		return nil
	}
	x, err := p.archive.XML(part)
	if err == nil {
		_, err = x.Root()
	}
	c := &chart{}
	if err == nil {
		err = c.read(x)
	}
	if err != nil {
		return p.part(part, err)
	}
	if title := strings.TrimSpace(c.title); title != "" {
		p.tied = append(p.tied, piece{text: title})
	}
	if g := c.grid(); g != nil {
		p.tied = append(p.tied, piece{kind: document.Chart, grid: g})
	}
	return nil
}

// chart is the figures of a chart.
type chart struct {
	title  string
	series []series
}

// series is one row of figures and what they are of. Points are found by their numbers.
type series struct {
	name           map[int]string
	labels, values map[int]string
}

// maxPoints is how many points of a series are read.
const maxPoints = 10_000

func (c *chart) read(x *archive.XML) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "c:title":
			if c.title == "" {
				return titled(x, &c.title)
			}
		case "c:ser":
			s := series{map[int]string{}, map[int]string{}, map[int]string{}}
			err := x.Each(func(e archive.Element) error {
				switch e.Name {
				case "c:tx":
					return points(x, s.name, 0)
				case "c:cat", "c:xVal":
					return points(x, s.labels, 0)
				case "c:val", "c:yVal":
					return points(x, s.values, 0)
				}
				return nil
			})
			c.series = append(c.series, s)
			return err
		case "c:catAx", "c:valAx", "c:dateAx", "c:serAx", "c:legend":
		default:
			return c.read(x)
		}
		return nil
	})
}

func titled(x *archive.XML, to *string) error {
	return x.Each(func(e archive.Element) error {
		if e.Name == "a:t" || e.Name == "c:v" {
			s, err := x.Text()
			*to += s
			return err
		}
		return titled(x, to)
	})
}

// points reads the values kept of a reference to cells.
func points(x *archive.XML, to map[int]string, at int) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "c:v":
			s, err := x.Text()
			if _, had := to[at]; had {
				s = to[at] + " " + s
			}
			to[at] = s
			return err
		case "c:pt":
			i, ok := e.Int("idx")
			if !ok || i < 0 || i >= maxPoints {
				return nil
			}
			return points(x, to, i)
		}
		return points(x, to, at)
	})
}

// grid is the chart as a table: a column for each series.
func (c *chart) grid() *document.Grid {
	rows := 0
	for _, s := range c.series {
		for i := range s.values {
			rows = max(rows, i+1)
		}
	}
	if rows == 0 {
		return nil
	}
	g := &document.Grid{Rows: rows + 1, Cols: len(c.series) + 1}
	add := func(row, col int, s, value string) {
		g.Cells = append(g.Cells, document.Cell{Row: row, Col: col, RowSpan: 1, ColSpan: 1, Text: document.Text{S: s}, Value: value})
	}
	add(0, 0, "", "")
	for k, s := range c.series {
		add(0, k+1, s.name[0], "")
	}
	for i := range rows {
		add(i+1, 0, c.series[0].labels[i], "")
		for k, s := range c.series {
			add(i+1, k+1, s.values[i], s.values[i])
		}
	}
	return g
}
