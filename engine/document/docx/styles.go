package docx

import (
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/document/archive"
)

// style is what a style says of paragraphs and runs.
type style struct {
	based string
	// level is that of a heading, from 1; 0 for running text and -1 where the style does not say.
	level int
	// number is the list that its paragraphs are items of, 0 for none and "" where it does not say; at is their level there,
	// -1 where the list says.
	number string
	at     int
	hidden *bool
}

// styles are those of a document, what they are based on resolved.
type styles struct {
	named map[string]*style
	usual string
}

func (s *styles) read(x *archive.XML) error {
	if _, err := x.Root(); err != nil {
		return err
	}
	return x.Each(func(e archive.Element) error {
		if e.Name != "w:style" {
			return nil
		}
		st := &style{level: -1, at: -1}
		id := e.Attr("styleId")
		s.named[id] = st
		if d := e.Attr("default"); e.Attr("type") == "paragraph" && (d == "1" || d == "true" || d == "on") {
			s.usual = id
		}
		name := ""
		err := x.Each(func(e archive.Element) error {
			switch e.Name {
			case "w:name":
				name = strings.ToLower(e.Attr("val"))
			case "w:basedOn":
				st.based = e.Attr("val")
			case "w:pPr":
				return st.paragraph(x)
			case "w:rPr":
				return hidden(x, &st.hidden)
			}
			return nil
		})
		if n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(name, "heading"))); st.level < 0 && err == nil && strings.HasPrefix(name, "heading") && n > 0 && n <= 9 {
			st.level = n
		}
		return err
	})
}

// paragraph reads what w:pPr says of headings and lists.
func (s *style) paragraph(x *archive.XML) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "w:outlineLvl":
			s.outline(e)
		case "w:numPr":
			return s.numbered(x)
		}
		return nil
	})
}

func (s *style) outline(e archive.Element) {
	if n, ok := e.Int("val"); ok {
		// The tenth level is running text.
		if s.level = n + 1; n < 0 || n > 8 {
			s.level = 0
		}
	}
}

func (s *style) numbered(x *archive.XML) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "w:ilvl":
			if n, ok := e.Int("val"); ok {
				s.at = n
			}
		case "w:numId":
			s.number = e.Attr("val")
		}
		return nil
	})
}

// hidden reads whether w:rPr hides text.
func hidden(x *archive.XML, to **bool) error {
	return x.Each(func(e archive.Element) error {
		if e.Name == "w:vanish" {
			on := e.On()
			*to = &on
		}
		return nil
	})
}

// get is a style with what it does not say itself filled in from those that it is based on.
func (s *styles) get(id string) style {
	all := style{level: -1, at: -1}
	for range 32 {
		st := s.named[id]
		if st == nil {
			break
		}
		all.fill(st)
		id = st.based
	}
	return all
}

func (s *style) fill(from *style) {
	if s.level < 0 {
		s.level = from.level
	}
	if s.number == "" {
		s.number = from.number
	}
	if s.at < 0 {
		s.at = from.at
	}
	if s.hidden == nil {
		s.hidden = from.hidden
	}
}
