package docx

import (
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/document/archive"
)

const (
	// levels is how many levels a list has.
	levels = 9
	// maxText is how long the text of a number may be, in bytes.
	maxText = 1024
)

// level is how one level of a list is numbered.
type level struct {
	start   int
	format  string
	text    string
	nothing bool
	decimal bool
	// restart is the level, counted from 1, after which this one begins anew; 0 for never, -1 for any above it.
	restart int
	style   string
}

// list is the definition of a list, or a link to that of a style.
type list struct {
	levels [levels]level
	link   string
}

// number is a use of a list: w:num.
type number struct {
	list  string
	start map[int]int
	own   map[int]level
}

// numbering counts the items of the lists of a document.
type numbering struct {
	styles  *styles
	lists   map[string]*list
	numbers map[string]*number
	counts  map[string]*counts
	begun   map[string]bool
}

// counts is where a list has got to. Levels that were not reached since the last restart are not seen.
type counts struct {
	at   [levels]int
	seen [levels]bool
}

func newNumbering(s *styles) *numbering {
	return &numbering{
		styles: s, lists: map[string]*list{}, numbers: map[string]*number{}, counts: map[string]*counts{}, begun: map[string]bool{},
	}
}

func (n *numbering) read(x *archive.XML) error {
	if _, err := x.Root(); err != nil {
		return err
	}
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "w:abstractNum":
			l := &list{}
			for i := range l.levels {
				l.levels[i] = level{format: "decimal", restart: -1}
			}
			n.lists[e.Attr("abstractNumId")] = l
			return x.Each(func(e archive.Element) error {
				switch e.Name {
				case "w:numStyleLink":
					l.link = e.Attr("val")
				case "w:lvl":
					if i, ok := e.Int("ilvl"); ok && 0 <= i && i < levels {
						return readLevel(x, &l.levels[i])
					}
				}
				return nil
			})
		case "w:num":
			num := &number{start: map[int]int{}, own: map[int]level{}}
			n.numbers[e.Attr("numId")] = num
			return x.Each(func(e archive.Element) error {
				switch e.Name {
				case "w:abstractNumId":
					num.list = e.Attr("val")
				case "w:lvlOverride":
					return num.override(x, e)
				}
				return nil
			})
		}
		return nil
	})
}

func (n *number) override(x *archive.XML, e archive.Element) error {
	i, ok := e.Int("ilvl")
	if !ok || i < 0 || i >= levels {
		return nil
	}
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "w:startOverride":
			n.start[i], _ = e.Int("val")
		case "w:lvl":
			l := level{format: "decimal", restart: -1}
			err := readLevel(x, &l)
			n.own[i] = l
			return err
		}
		return nil
	})
}

func readLevel(x *archive.XML, l *level) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "w:start":
			l.start, _ = e.Int("val")
		case "w:numFmt":
			l.format = e.Attr("val")
		case "w:lvlText":
			// Programs write no longer ones.
			if l.text = e.Attr("val"); len(l.text) > maxText {
				l.text = ""
			}
		case "w:suff":
			l.nothing = e.Attr("val") == "nothing"
		case "w:isLgl":
			l.decimal = e.On()
		case "w:lvlRestart":
			l.restart, _ = e.Int("val")
		case "w:pStyle":
			l.style = e.Attr("val")
		case "mc:AlternateContent":
			// Formats that older programs do not know: the fallback is what everyone shows.
			return x.Each(func(e archive.Element) error {
				if e.Name != "mc:Fallback" {
					return nil
				}
				return x.Each(func(e archive.Element) error {
					if e.Name == "w:numFmt" {
						l.format = e.Attr("val")
					}
					return nil
				})
			})
		}
		return nil
	})
}

// find is the use of a list and its definition, links to styles followed; nil where there is none.
func (n *numbering) find(id string) (*number, *list, string) {
	num := n.numbers[id]
	if num == nil {
		return nil, nil, ""
	}
	key := num.list
	for range 8 {
		l := n.lists[key]
		if l == nil || l.link == "" {
			return num, l, key
		}
		linked := n.numbers[n.styles.get(l.link).number]
		if linked == nil {
			return num, l, key
		}
		key = linked.list
	}
	return nil, nil, ""
}

// levelOf is the level that a list gives to the paragraphs of a style.
func (n *numbering) levelOf(id, style string) int {
	if _, l, _ := n.find(id); l != nil && style != "" {
		for i := range l.levels {
			if l.levels[i].style == style {
				return i
			}
		}
	}
	return 0
}

// next counts a paragraph and returns the number that stands before it.
func (n *numbering) next(id string, at int) string {
	num, l, key := n.find(id)
	if l == nil || at < 0 || at >= levels {
		return ""
	}
	// All uses of a list count on, but one that says where to start.
	c := n.counts[key]
	if c == nil {
		c = &counts{}
		n.counts[key] = c
	}
	level := func(i int) *level {
		if own, ok := num.own[i]; ok {
			return &own
		}
		return &l.levels[i]
	}
	begin := id + "/" + string(rune('0'+at))
	start, override := num.start[at]
	switch {
	case override && !n.begun[begin]:
		c.at[at] = start
	case !c.seen[at]:
		c.at[at] = level(at).start
		if override {
			c.at[at] = start
		}
	case c.at[at] < 1<<30:
		c.at[at]++
	}
	n.begun[begin], c.seen[at] = true, true
	for below := at + 1; below < levels; below++ {
		if r := level(below).restart; r < 0 || r > 0 && at < r {
			c.seen[below] = false
		}
	}
	own := level(at)
	if own.format == "bullet" {
		return ""
	}
	var out strings.Builder
	for rest := own.text; rest != ""; {
		if len(rest) > 1 && rest[0] == '%' && '1' <= rest[1] && rest[1] <= '9' {
			i := int(rest[1] - '1')
			of := level(i)
			value := c.at[i]
			if !c.seen[i] {
				value = of.start
			}
			format := of.format
			if own.decimal {
				format = "decimal"
			}
			out.WriteString(numeral(format, value))
			rest = rest[2:]
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		out.WriteRune(r)
		rest = rest[size:]
	}
	label := out.String()
	// A gap shows behind 1. as behind 一、, but only there it parts what would run together.
	if r, _ := utf8.DecodeLastRuneInString(label); label != "" && !own.nothing && r < 0x2e80 {
		label += " "
	}
	return label
}
