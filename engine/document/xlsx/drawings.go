package xlsx

import (
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
	"github.com/gouji/gouji/engine/document/drawing"
)

// drawings adds the text boxes and charts of a sheet, behind its tables.
func (g *grid) drawings(sheet string) error {
	relations, err := g.Relations(sheet)
	if err != nil {
		return err
	}
	part := archive.Of(relations, "drawing")
	if part == "" {
		return nil
	}
	inside, err := g.Relations(part)
	if err != nil {
		return err
	}
	d := drawn{grid: g, relations: inside}
	return g.part(part, d.read)
}

// drawn is the drawings of one sheet as they are read.
type drawn struct {
	*grid
	relations map[string]archive.Relation
	// row and col are the cell that a shape hangs on.
	row, col int
}

func (d *drawn) read(x *archive.XML) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "xdr:twoCellAnchor", "xdr:oneCellAnchor", "xdr:absoluteAnchor":
			d.row, d.col = 0, 0
		case "xdr:from":
			return d.from(x)
		case "xdr:sp":
			return d.shape(x)
		case "c:chart":
			return d.omit(d.name, d.chart(d.relations[e.Attr("r:id")].Part))
		case "mc:AlternateContent":
			// Its first choice is what every program of today shows.
			taken := false
			return x.Each(func(archive.Element) error {
				if taken {
					return nil
				}
				taken = true
				return d.read(x)
			})
		case "xdr:pic":
			return nil
		}
		return d.read(x)
	})
}

func (d *drawn) from(x *archive.XML) error {
	return x.Each(func(e archive.Element) error {
		to := &d.row
		switch e.Name {
		case "xdr:col":
			to = &d.col
		case "xdr:row":
		default:
			return nil
		}
		s, err := x.Text()
		if n, ok := count(s); ok {
			*to = n
		}
		return err
	})
}

// shape reads a text box, a paragraph for each of its own.
func (d *drawn) shape(x *archive.XML) error {
	paragraphs, err := drawing.Text(x)
	for _, s := range paragraphs {
		if d.text -= len(s); d.text < 0 {
			return archive.Beyond(document.Size(int64(d.limits.Text)))
		}
		d.lines.Paragraph(0, document.Text{S: s, Marks: d.place(d.row, d.col)})
	}
	return err
}

// chart adds the title and the figures of a chart.
func (d *drawn) chart(part string) error {
	if part == "" {
		return nil
	}
	var c drawing.Chart
	if err := d.part(part, c.Read); err != nil {
		return err
	}
	if title := strings.TrimSpace(c.Title); title != "" {
		d.lines.Paragraph(0, document.Text{S: title, Marks: d.place(d.row, d.col)})
	}
	if g := c.Grid(d.epoch1904); g != nil {
		if d.cells -= len(g.Cells); d.cells < 0 {
			return archive.Beyond(document.Cells(d.limits.Cells))
		}
		d.lines.Grid(document.Chart, g)
	}
	return nil
}

// count reads a number from 0.
func count(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return n, err == nil && n >= 0 && n < maxRows
}
