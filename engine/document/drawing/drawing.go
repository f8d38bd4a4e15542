// Package drawing reads what the drawings of office files say: the text of boxes and the figures that charts were drawn
// from.
package drawing

import (
	"strings"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
	"github.com/gouji/gouji/engine/document/numfmt"
)

// Text reads the paragraphs of the shape that was come to last.
func Text(x *archive.XML) ([]string, error) {
	var out []string
	err := text(x, &out)
	return out, err
}

func text(x *archive.XML, to *[]string) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "a:p":
			var s strings.Builder
			err := runs(x, &s)
			*to = append(*to, s.String())
			return err
		case "xdr:cNvPr":
			return nil
		}
		return text(x, to)
	})
}

func runs(x *archive.XML, to *strings.Builder) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "a:t":
			s, err := x.Text()
			to.WriteString(s)
			return err
		case "a:br":
			to.WriteString("\n")
		case "a:r", "a:fld":
			return runs(x, to)
		}
		return nil
	})
}

// Chart is the figures of a chart, as they were when it was drawn last.
type Chart struct {
	Title  string
	series []series
}

// series is one row of figures and what they are of.
type series struct {
	name, labels, values points
	// shown is the number format of the labels beside the figures, "" where they show them as their cells do.
	shown string
}

// points are values by their numbers.
type points struct {
	values map[int]string
	// code is the number format of all, codes those of single ones.
	code  string
	codes map[int]string
}

// maxPoints is how many points of a series are read.
const maxPoints = 10_000

// Read reads a part that holds a chart, behind its root element.
func (c *Chart) Read(x *archive.XML) error {
	return c.read(x, new(string))
}

// read reads the series of one kind of chart; shown is the number format that labels have where their series says nothing.
func (c *Chart) read(x *archive.XML, shown *string) error {
	first := len(c.series)
	err := x.Each(func(e archive.Element) error {
		switch e.Name {
		case "c:title":
			if c.Title == "" {
				return titled(x, &c.Title)
			}
		case "c:ser":
			var s series
			err := x.Each(func(e archive.Element) error {
				switch e.Name {
				case "c:tx":
					return s.name.read(x, 0)
				case "c:cat", "c:xVal":
					return s.labels.read(x, 0)
				case "c:val", "c:yVal":
					return s.values.read(x, 0)
				case "c:dLbls":
					return labels(x, &s.shown)
				}
				return nil
			})
			c.series = append(c.series, s)
			return err
		case "c:dLbls":
			return labels(x, shown)
		case "c:catAx", "c:valAx", "c:dateAx", "c:serAx", "c:legend":
		default:
			return c.read(x, new(string))
		}
		return nil
	})
	for i := range c.series[first:] {
		if s := &c.series[first+i]; s.shown == "" {
			s.shown = *shown
		}
	}
	return err
}

// labels reads the number format of the labels beside figures, where it is their own.
func labels(x *archive.XML, to *string) error {
	return x.Each(func(e archive.Element) error {
		if e.Name == "c:numFmt" {
			if linked := e.Attr("sourceLinked"); linked != "1" && linked != "true" {
				*to = e.Attr("formatCode")
			}
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

// read reads the values kept of a reference to cells.
func (p *points) read(x *archive.XML, at int) error {
	if p.values == nil {
		p.values, p.codes = map[int]string{}, map[int]string{}
	}
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "c:formatCode":
			s, err := x.Text()
			p.code = s
			return err
		case "c:v":
			s, err := x.Text()
			// Labels of several levels stand one after another.
			if had, ok := p.values[at]; ok {
				s = had + " " + s
			}
			p.values[at] = s
			return err
		case "c:pt":
			i, ok := e.Int("idx")
			if !ok || i < 0 || i >= maxPoints {
				return nil
			}
			if code := e.Attr("formatCode"); code != "" {
				p.codes[i] = code
			}
			return p.read(x, i)
		}
		return p.read(x, at)
	})
}

// at is how a point is shown and the exact number behind it; own is the format that it is shown in before its own.
func (p *points) at(i int, own string, epoch1904 bool) (shown, exact string) {
	stored := strings.TrimSpace(p.values[i])
	code := own
	if code == "" {
		code = p.codes[i]
	}
	if code == "" {
		code = p.code
	}
	v, ok := numfmt.Read(stored)
	if !ok {
		return stored, ""
	}
	if code == "" {
		// Text that looks like a number, as that of years, has no format.
		return stored, stored
	}
	return numfmt.Parse(code).Number(v, epoch1904)
}

// Grid is the chart as a table: a column for each series; nil where it has no figures. epoch1904: the file counts days from
// 1904.
func (c *Chart) Grid(epoch1904 bool) *document.Grid {
	rows := 0
	for _, s := range c.series {
		for i := range s.values.values {
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
		name, _ := s.name.at(0, "", epoch1904)
		add(0, k+1, name, "")
	}
	for i := range rows {
		label, _ := c.series[0].labels.at(i, "", epoch1904)
		add(i+1, 0, label, "")
		for k, s := range c.series {
			shown, exact := s.values.at(i, s.shown, epoch1904)
			add(i+1, k+1, shown, exact)
		}
	}
	return g
}
