// Package html reads web pages as documents: headings, paragraphs and tables as a browser without style sheets shows them.
//
// Nothing that a page refers to is looked up. Scripts, styles and hidden elements are no text. A table that only arranges
// the page, which has one column or whole paragraphs and tables in its cells, is read as what stands in it.
package html

import (
	"bytes"
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/words"
)

// opening is what pages begin with, behind declarations and comments.
var opening = regexp.MustCompile(`(?is)^\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|(?:html|head|body|meta|title|table|div|p|pre|ol|ul|dl|span|b|strong|center|h[1-6]|section|article|main|header|nav|font|style|script|link)\b)`)

// Is reports whether the content is a web page or a piece of one.
func Is(content []byte) bool {
	head := content[:min(len(content), 4096)]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		head = bytes.ReplaceAll(head[2:], []byte{0}, nil)
	}
	return opening.Match(bytes.TrimPrefix(head, []byte("\ufeff"))) && bytes.IndexByte(head, 0) < 0
}

// Read reads a web page.
func Read(ctx context.Context, f *source.File, l document.Limits) (*document.Document, diag.List) {
	fault := func(code diag.Code, args ...any) (*document.Document, diag.List) {
		return nil, diag.List{diag.New(code, source.Span{File: source.New(f.Path, nil)}, args...)}
	}
	if int64(len(f.Content)) > l.Bytes {
		return fault(diag.DocumentLimit, document.Size(l.Bytes))
	}
	content, err := encodingOf(f.Content).NewDecoder().Bytes(f.Content)
	if err != nil {
		return fault(diag.DocumentDamaged, err.Error())
	}
	if len(content) > l.Text {
		return fault(diag.DocumentLimit, document.Size(int64(l.Text)))
	}
	root, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		// The parser stops at elements that nest too deeply and at nothing else.
		return fault(diag.DocumentLimit, document.Count(l.Depth, "层嵌套", "levels of elements"))
	}
	p := &page{ctx: ctx, limits: l, cells: l.Cells, doc: &document.Document{Path: f.Path, Format: "html"}}
	w := &walker{page: p, emit: p.block}
	w.walk(root, 0)
	w.flush()
	switch {
	case ctx.Err() != nil:
		return fault(diag.DocumentLimit, document.Duration(l.Time))
	case p.beyond != (words.Text{}):
		return fault(diag.DocumentLimit, p.beyond)
	case len(p.doc.Blocks) == 0:
		return fault(diag.DocumentEmpty)
	}
	return p.doc, nil
}

// encodingOf is the encoding of a page. What is right as UTF-8 is UTF-8 whatever it says, and a page that says nothing and
// is not is Chinese.
func encodingOf(content []byte) encoding.Encoding {
	e, name, certain := charset.DetermineEncoding(content, "")
	switch {
	case bytes.HasPrefix(content, []byte{0xff, 0xfe}) || bytes.HasPrefix(content, []byte{0xfe, 0xff}):
		return utf16.UTF16(utf16.LittleEndian, utf16.UseBOM)
	case utf8.Valid(content):
		return utf16.UTF8BOM
	case !certain || name == "utf-8" || name == "gbk":
		if out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content); name != "utf-8" || err == nil && !bytes.ContainsRune(out, utf8.RuneError) {
			return simplifiedchinese.GB18030
		}
	}
	return e
}

// page is one call of Read.
type page struct {
	ctx    context.Context
	limits document.Limits
	doc    *document.Document
	// line is the number of lines so far, tables that of tables, cells how many more cells there may be.
	line, tables, cells int
	// beyond names the limit that the page goes beyond.
	beyond words.Text
}

// block adds a heading or paragraph as a line of its own.
func (p *page) block(level int, s string) {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	text := strings.TrimLeftFunc(s, unicode.IsSpace)
	if text == "" {
		return
	}
	p.line++
	b := document.Block{Kind: document.Paragraph, Text: document.Text{S: text, Marks: []document.Mark{
		{Place: source.Place{Line: p.line, Column: utf8.RuneCountInString(s[:len(s)-len(text)]) + 1}},
	}}}
	// Whole paragraphs are marked as headings for their looks.
	if level > 0 && utf8.RuneCountInString(text) <= 60 && !strings.HasSuffix(text, "。") {
		b.Kind, b.Level = document.Heading, level
	}
	p.doc.Blocks = append(p.doc.Blocks, b)
}

// walker goes through the elements of a page, or of a cell, and puts their text together to paragraphs.
type walker struct {
	*page
	// emit takes each paragraph; level is that of a heading, 0 for others.
	emit func(level int, s string)
	// nested collects the tables within a cell; a walker of a page has none.
	nested *[]*html.Node

	out   strings.Builder
	last  rune
	level int
	// pre: white space counts. space and broken: white space is due before the next character, and holds a line break.
	pre, space, broken bool
	// marker is the number of a list's item, due before its first character.
	marker string
}

// flush ends a paragraph.
func (w *walker) flush() {
	if w.out.Len() > 0 {
		w.emit(w.level, w.out.String())
		w.out.Reset()
	}
	w.last, w.space, w.broken = 0, false, false
}

// text adds the characters of a text node, white space folded.
func (w *walker) text(s string) {
	for _, c := range s {
		switch c {
		case ' ', '\t', '\n', '\r', '\f':
			switch {
			case !w.pre:
				w.space, w.broken = true, w.broken || c == '\n'
			case c == '\n':
				w.flush()
			case c != '\r':
				w.out.WriteRune(c)
			}
			continue
		case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad':
			continue
		}
		if w.marker != "" && !unicode.IsSpace(c) {
			// Many items are numbered by hand as well.
			if !numbered.MatchString(strings.TrimSpace(s)) {
				w.out.WriteString(w.marker)
			}
			w.marker = ""
		}
		// A line break of the source between Chinese characters shows no space.
		if w.space && w.last != 0 && !(w.broken && c > 0x2e80 && w.last > 0x2e80) {
			w.out.WriteByte(' ')
		}
		w.space, w.broken = false, false
		w.out.WriteRune(c)
		w.last = c
	}
}

var numbered = regexp.MustCompile(`^[（(]?[\d一二三四五六七八九十]+[）)、.．]`)

func (w *walker) walk(n *html.Node, depth int) {
	if depth > w.limits.Depth {
		w.beyond = document.Count(w.limits.Depth, "层嵌套", "levels of elements")
	}
	if w.beyond != (words.Text{}) || w.ctx.Err() != nil {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
		return
	case html.ElementNode:
		if hidden(n) {
			return
		}
	case html.DocumentNode:
	default:
		return
	}
	children := func() {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			w.walk(c, depth+1)
		}
	}
	switch n.DataAtom {
	case atom.Br, atom.Hr:
		w.flush()
	case atom.Table:
		w.flush()
		if w.nested != nil {
			*w.nested = append(*w.nested, n)
			return
		}
		w.table(n, depth)
	case atom.Pre, atom.Listing, atom.Textarea:
		w.flush()
		w.pre = true
		children()
		w.flush()
		w.pre = false
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.flush()
		w.level = int(n.Data[1] - '0')
		children()
		w.flush()
		w.level = 0
	case atom.Ol, atom.Ul, atom.Menu:
		w.flush()
		w.list(n, depth)
		w.flush()
	default:
		if !blocks[n.DataAtom] {
			children()
			return
		}
		w.flush()
		children()
		w.flush()
	}
}

// blocks are the elements that stand on lines of their own.
var blocks = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Caption: true,
	atom.Center: true, atom.Dd: true, atom.Details: true, atom.Dialog: true, atom.Dir: true, atom.Div: true, atom.Dl: true,
	atom.Dt: true, atom.Fieldset: true, atom.Figcaption: true, atom.Figure: true, atom.Footer: true, atom.Form: true,
	atom.Header: true, atom.Hgroup: true, atom.Html: true, atom.Legend: true, atom.Li: true, atom.Main: true, atom.Nav: true,
	atom.P: true, atom.Section: true, atom.Summary: true, atom.Tbody: true, atom.Td: true, atom.Th: true, atom.Tr: true,
}

// hidden reports whether an element shows no text of the document.
func hidden(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Embed, atom.Svg, atom.Canvas,
		atom.Audio, atom.Video, atom.Select, atom.Datalist, atom.Button, atom.Rt, atom.Rp, atom.Noframes, atom.Map:
		return true
	}
	// What leads to other pages is shown, and no part of this one.
	if n.DataAtom == atom.Nav {
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "role":
			if a.Val == "navigation" || a.Val == "search" {
				return true
			}
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all") {
				return true
			}
		}
	}
	return false
}

// list walks through a list and numbers the items of an ordered one.
func (w *walker) list(n *html.Node, depth int) {
	style := attr(n, "type")
	for _, s := range strings.Split(attr(n, "style"), ";") {
		if name, value, _ := strings.Cut(s, ":"); strings.HasPrefix(strings.TrimSpace(name), "list-style") {
			style = strings.TrimSpace(value)
		}
	}
	next, step := 1, 1
	if start, err := strconv.Atoi(strings.TrimSpace(attr(n, "start"))); err == nil {
		next = start
	}
	if has(n, "reversed") {
		step = -1
		if !has(n, "start") {
			next = 0
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if c.DataAtom == atom.Li {
					next++
				}
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if n.DataAtom == atom.Ol && c.DataAtom == atom.Li && !hidden(c) {
			if value, err := strconv.Atoi(strings.TrimSpace(attr(c, "value"))); err == nil {
				next = value
			}
			w.flush()
			w.marker = marker(style, next)
			next += step
		}
		w.walk(c, depth+1)
		w.marker = ""
	}
}

// marker is the number of an item as a browser shows it.
func marker(style string, n int) string {
	switch {
	case strings.Contains(style, "none"), style == "disc", style == "circle", style == "square":
		return ""
	case n < 1:
	case style == "a" || strings.Contains(style, "lower-alpha") || strings.Contains(style, "lower-latin"):
		return strings.ToLower(strings.TrimRight(document.CellName(0, n-1), "1")) + ". "
	case style == "A" || strings.Contains(style, "upper-alpha") || strings.Contains(style, "upper-latin"):
		return strings.TrimRight(document.CellName(0, n-1), "1") + ". "
	case style == "i" || strings.Contains(style, "lower-roman"):
		return strings.ToLower(roman(n)) + ". "
	case style == "I" || strings.Contains(style, "upper-roman"):
		return roman(n) + ". "
	case strings.Contains(style, "cjk") || strings.Contains(style, "chinese"):
		return chinese(n) + "、"
	}
	return strconv.Itoa(n) + ". "
}

func roman(n int) string {
	if n > 3999 {
		return strconv.Itoa(n)
	}
	var out strings.Builder
	for _, d := range []struct {
		value  int
		letter string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.value; n -= d.value {
			out.WriteString(d.letter)
		}
	}
	return out.String()
}

func chinese(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + digits[n-10]
	case n < 100:
		return digits[n/10] + "十" + digits[n%10]
	}
	return strconv.Itoa(n)
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
