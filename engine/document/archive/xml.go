package archive

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/words"
)

// prefixes are short names of the namespaces of office files; those of the strict variants are the same as the usual ones.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":           "w",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                       "w",
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main":              "s",
	"http://purl.oclc.org/ooxml/spreadsheetml/main":                          "s",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":    "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                "r",
	"http://schemas.openxmlformats.org/package/2006/relationships":           "rel",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                  "a",
	"http://purl.oclc.org/ooxml/drawingml/main":                              "a",
	"http://schemas.openxmlformats.org/drawingml/2006/chart":                 "c",
	"http://purl.oclc.org/ooxml/drawingml/chart":                             "c",
	"http://schemas.openxmlformats.org/drawingml/2006/diagram":               "dgm",
	"http://purl.oclc.org/ooxml/drawingml/diagram":                           "dgm",
	"http://schemas.openxmlformats.org/drawingml/2006/picture":               "pic",
	"http://purl.oclc.org/ooxml/drawingml/picture":                           "pic",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
	"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":             "wp",
	"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing":    "xdr",
	"http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing":                "xdr",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":             "m",
	"http://purl.oclc.org/ooxml/officeDocument/math":                         "m",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":            "mc",
	"http://schemas.microsoft.com/office/drawing/2014/chartex":               "cx",
	"urn:schemas-microsoft-com:office:office":                                "o",
	"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0":                     "manifest",
	"http://www.w3.org/XML/1998/namespace":                                   "xml",
	"xml":                                                                    "xml",
}

// Element is the beginning of an element. Names of elements and attributes carry the usual prefix of their namespace,
// whichever the file uses: w:p. Those of other namespaces have the prefix ?.
type Element struct {
	Name  string
	attrs []xml.Attr
}

// Attr is an attribute by its name, "" where there is none. Prefixes of attributes may be left out.
func (e Element) Attr(name string) string {
	value, _ := e.Find(name)
	return value
}

// Find is an attribute by its name, and whether there is one.
func (e Element) Find(name string) (string, bool) {
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		prefix, local = "", name
	}
	for _, a := range e.attrs {
		if a.Name.Local == local && (prefix == "" || prefixes[a.Name.Space] == prefix) {
			return a.Value, true
		}
	}
	return "", false
}

// Int is an attribute that is a number, and whether there is one.
func (e Element) Int(name string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(e.Attr(name)))
	return n, err == nil
}

// On is what an element that switches something says: on unless its w:val says otherwise.
func (e Element) On() bool {
	switch e.Attr("val") {
	case "0", "false", "off", "none":
		return false
	}
	return true
}

// XML reads the elements of one part in their order.
type XML struct {
	ctx    context.Context
	limits document.Limits
	name   string
	dec    *xml.Decoder
	depth  int
	tokens int
	names  map[xml.Name]string
}

// XML opens a part.
func (a *Archive) XML(name string) (*XML, error) {
	content, err := a.Read(name)
	if err != nil {
		return nil, err
	}
	return NewXML(a.ctx, name, content, a.limits), nil
}

// NewXML reads XML that stands alone.
func NewXML(ctx context.Context, name string, content []byte, l document.Limits) *XML {
	if bytes.HasPrefix(content, []byte{0xff, 0xfe}) || bytes.HasPrefix(content, []byte{0xfe, 0xff}) {
		// What cannot be decoded cannot be parsed either.
		content, _ = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(content)
	}
	x := &XML{ctx: ctx, limits: l, name: name, dec: xml.NewDecoder(bytes.NewReader(content)), names: map[xml.Name]string{}}
	x.dec.CharsetReader = func(charset string, r io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(charset), "utf-16") {
			return r, nil
		}
		return nil, words.Errorf(words.Text{ZH: "无法识别编码 %s", EN: "the encoding %s"}, charset)
	}
	return x
}

// Root goes to the root element.
func (x *XML) Root() (Element, error) {
	for {
		t, err := x.token()
		if err != nil {
			return Element{}, err
		}
		if start, ok := t.(xml.StartElement); ok {
			return x.element(start), nil
		}
	}
}

// Each calls f at each child of the element that was come to last; what f leaves of the child is passed over.
func (x *XML) Each(f func(e Element) error) error {
	own := x.depth
	for x.depth >= own {
		t, err := x.token()
		if err != nil {
			return err
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if err := f(x.element(start)); err != nil {
			return err
		}
		if err := x.leave(own); err != nil {
			return err
		}
	}
	return nil
}

// Text is all text within the element that was come to last.
func (x *XML) Text() (string, error) {
	var out strings.Builder
	for own := x.depth; x.depth >= own; {
		t, err := x.token()
		if err != nil {
			return "", err
		}
		if c, ok := t.(xml.CharData); ok {
			out.Write(c)
		}
	}
	return out.String(), nil
}

// leave passes over what is left until no more than depth elements are open.
func (x *XML) leave(depth int) error {
	for x.depth > depth {
		if _, err := x.token(); err != nil {
			return err
		}
	}
	return nil
}

func (x *XML) token() (xml.Token, error) {
	if x.tokens++; x.tokens%1024 == 0 && x.ctx.Err() != nil {
		return nil, Beyond(document.Duration(x.limits.Time))
	}
	t, err := x.dec.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fault(diag.DocumentDamaged, words.Text{ZH: "%s：%v", EN: "%s: %v"}, x.name, err)
	}
	switch t.(type) {
	case xml.StartElement:
		if x.depth++; x.depth > x.limits.Depth {
			return nil, Beyond(document.Count(x.limits.Depth, "层嵌套", "levels of elements"))
		}
	case xml.EndElement:
		x.depth--
	case xml.Directive:
		return nil, fault(diag.DocumentUnsafe, words.Text{ZH: "%s 中有带实体的文档类型", EN: "a document type with entities in %s"}, x.name)
	}
	return t, nil
}

func (x *XML) element(start xml.StartElement) Element {
	name, ok := x.names[start.Name]
	if !ok {
		prefix, known := prefixes[start.Name.Space]
		if !known {
			prefix = "?"
		}
		name = prefix + ":" + start.Name.Local
		if len(x.names) < 1<<12 {
			x.names[start.Name] = name
		}
	}
	return Element{Name: name, attrs: start.Attr}
}
