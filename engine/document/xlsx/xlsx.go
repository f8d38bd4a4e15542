// Package xlsx reads workbooks as documents: what their sheets show, table by table, and the exact number behind each
// figure.
//
// The shown text of a number is made here, exactly, from the digits that the file holds and the cell's number format.
// Hidden sheets, rows and columns are not shown and so no part of the document. Formulas count as the program that saved
// the file computed them.
package xlsx

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
	"github.com/gouji/gouji/engine/document/numfmt"
	"github.com/gouji/gouji/engine/source"
)

// Is reports whether the content is a workbook.
func Is(content []byte) bool {
	return archive.Holds(content, func(name string) bool { return strings.EqualFold(name, "xl/workbook.xml") })
}

// Read reads a workbook.
func Read(ctx context.Context, f *source.File, l document.Limits) (*document.Document, diag.List) {
	a, err := archive.Open(ctx, f.Content, l)
	if err != nil {
		return nil, diag.List{archive.Diagnose(f.Path, err)}
	}
	b := &book{Archive: a, ctx: ctx, limits: l, file: source.New(f.Path, nil), cells: l.Cells, text: l.Text}
	b.lines.Document = document.Document{Path: f.Path, Format: "xlsx"}
	if err := b.read(); err != nil {
		return nil, diag.List{archive.Diagnose(f.Path, err)}
	}
	if len(b.lines.Blocks) == 0 {
		if len(b.list) == 0 {
			b.note(diag.DocumentEmpty)
		}
		return nil, b.list
	}
	return &b.lines.Document, b.list
}

// Heads are the texts in the first row of each sheet that shows any, as Read reads them. What follows is not read.
func Heads(ctx context.Context, content []byte, l document.Limits) [][]string {
	a, err := archive.Open(ctx, content, l)
	if err != nil {
		return nil
	}
	b := &book{Archive: a, ctx: ctx, limits: l, file: source.New("", nil), cells: l.Cells, text: l.Text, headed: true}
	// What is wrong with it is told when it is read.
	_ = b.read()
	return b.heads
}

// book is one call of Read or Heads.
type book struct {
	*archive.Archive
	ctx    context.Context
	limits document.Limits
	file   *source.File
	lines  document.Lines
	list   diag.List

	strings []string
	styles  []style
	// headed: nothing but the heads of sheets is read.
	headed bool
	heads  [][]string
	// epoch1904: days are counted from 1904.
	epoch1904 bool
	// cells and text are how many more cells and bytes there may be.
	cells, text int
}

// style is how the cells of one style show.
type style struct {
	format   numfmt.Format
	bordered bool
}

func (b *book) note(code diag.Code, args ...any) {
	b.list = append(b.list, diag.New(code, source.Span{File: b.file}, args...))
}

// sheetRef is a sheet as the workbook lists it.
type sheetRef struct {
	name, id string
	hidden   bool
}

func (b *book) read() error {
	whole, err := b.Relations("")
	if err != nil && archive.Fatal(err) {
		return err
	}
	part := archive.Of(whole, "officeDocument")
	if !b.Has(part) {
		part = "xl/workbook.xml"
	}
	sheets, err := b.workbook(part)
	if err != nil {
		return err
	}
	parts, err := b.Relations(part)
	if err != nil {
		return err
	}
	for _, p := range []struct {
		kind string
		read func(*archive.XML) error
	}{{"sharedStrings", b.readStrings}, {"styles", b.readStyles}} {
		name := archive.Of(parts, p.kind)
		if name == "" {
			continue
		}
		// Without these nothing else can be told right.
		if err := b.part(name, p.read); err != nil {
			return err
		}
	}
	for _, s := range sheets {
		r := parts[s.id]
		switch {
		case r.Type == "dialogsheet" || r.Type == "xlMacrosheet":
			continue
		case s.hidden:
			b.note(diag.DocumentHidden, s.name)
			continue
		}
		g := &grid{book: b, name: s.name, zeros: true, hidden: map[int]bool{}}
		err := b.part(r.Part, g.read)
		if errors.Is(err, errHead) {
			b.heads = append(b.heads, g.head())
			continue
		}
		if err := b.omit(s.name, err); err != nil {
			return err
		}
		if err := g.emit(); err != nil {
			return err
		}
		if err := b.omit(s.name, g.drawings(r.Part)); err != nil {
			return err
		}
	}
	return nil
}

// omit notes what is wrong with one part, and passes on what is wrong with the whole file.
func (b *book) omit(name string, err error) error {
	if err == nil || archive.Fatal(err) {
		return err
	}
	b.note(diag.DocumentOmitted, name, archive.Why(err))
	return nil
}

// part reads a part of the file behind its root element.
func (b *book) part(name string, read func(*archive.XML) error) error {
	x, err := b.XML(name)
	if err != nil {
		return err
	}
	if _, err := x.Root(); err != nil {
		return err
	}
	return read(x)
}

func (b *book) workbook(part string) ([]sheetRef, error) {
	var sheets []sheetRef
	err := b.part(part, func(x *archive.XML) error {
		return x.Each(func(e archive.Element) error {
			switch e.Name {
			case "s:workbookPr":
				b.epoch1904 = on(e, "date1904")
			case "s:sheets":
				return x.Each(func(e archive.Element) error {
					state := e.Attr("state")
					sheets = append(sheets, sheetRef{e.Attr("name"), e.Attr("r:id"), state == "hidden" || state == "veryHidden"})
					return nil
				})
			}
			return nil
		})
	})
	return sheets, err
}

// on reports whether an attribute is true.
func on(e archive.Element, name string) bool {
	v := e.Attr(name)
	return v == "1" || v == "true"
}

func (b *book) readStrings(x *archive.XML) error {
	return x.Each(func(e archive.Element) error {
		s, err := rich(x)
		if b.text -= len(s); b.text < 0 {
			return archive.Beyond(document.Size(int64(b.limits.Text)))
		}
		b.strings = append(b.strings, s)
		return err
	})
}

// rich is the text of a string without how it is pronounced.
func rich(x *archive.XML) (string, error) {
	var out strings.Builder
	err := x.Each(func(e archive.Element) error {
		switch e.Name {
		case "s:t":
			s, err := x.Text()
			out.WriteString(s)
			return err
		case "s:r":
			return x.Each(func(e archive.Element) error {
				if e.Name != "s:t" {
					return nil
				}
				s, err := x.Text()
				out.WriteString(s)
				return err
			})
		}
		return nil
	})
	return unescape(out.String()), err
}

// unescape resolves characters that are written as _x000D_, and ends lines with \n alone.
func unescape(s string) string {
	if strings.Contains(s, "_x") {
		var out strings.Builder
		for s != "" {
			if len(s) >= 7 && strings.HasPrefix(s, "_x") && s[6] == '_' {
				if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil && utf8.ValidRune(rune(n)) {
					out.WriteRune(rune(n))
					s = s[7:]
					continue
				}
			}
			_, size := utf8.DecodeRuneInString(s)
			out.WriteString(s[:size])
			s = s[size:]
		}
		s = out.String()
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(s)
}

func (b *book) readStyles(x *archive.XML) error {
	codes := map[int]string{}
	parsed := map[int]numfmt.Format{}
	var bordered []bool
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "s:numFmts":
			return x.Each(func(e archive.Element) error {
				if id, ok := e.Int("numFmtId"); ok {
					codes[id] = e.Attr("formatCode")
				}
				return nil
			})
		case "s:borders":
			return x.Each(func(archive.Element) error {
				any := false
				err := x.Each(func(side archive.Element) error {
					s := side.Attr("style")
					any = any || s != "" && s != "none"
					return nil
				})
				bordered = append(bordered, any)
				return err
			})
		case "s:cellXfs":
			return x.Each(func(e archive.Element) error {
				var s style
				id, _ := e.Int("numFmtId")
				code, own := codes[id]
				if !own {
					code, own = numfmt.Builtin[id]
				}
				if _, known := parsed[id]; own && !known {
					parsed[id] = numfmt.Parse(code)
				}
				s.format = parsed[id]
				if border, ok := e.Int("borderId"); ok && border >= 0 && border < len(bordered) {
					s.bordered = bordered[border]
				}
				b.styles = append(b.styles, s)
				return nil
			})
		}
		return nil
	})
}
