// Package docx reads Word documents as what a reader of the printed document sees: the numbers of headings and lists that
// Word counts itself stand in the text, insertions are kept, deletions and hidden text are not, and a text box or chart
// stands behind the paragraph that it is tied to.
package docx

import (
	"bytes"
	"context"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/words"
)

// Is reports whether the content is a Word document, or an office file that is protected by a password.
func Is(content []byte) bool {
	return locked(content) || archive.Holds(content, func(name string) bool {
		name = strings.ToLower(name)
		return strings.HasPrefix(name, "word/document") && strings.HasSuffix(name, ".xml")
	})
}

// locked reports whether the content is an office file that is packed up in another one for its password.
func locked(content []byte) bool {
	return bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) &&
		bytes.Contains(content, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"))
}

// Read reads a Word document. Parts that are damaged are left out, which is said.
func Read(ctx context.Context, f *source.File, l document.Limits) (*document.Document, diag.List) {
	if locked(f.Content) {
		return nil, diag.List{archive.Diagnose(f.Path, &archive.Fault{Code: diag.DocumentLocked})}
	}
	r := &reader{path: f.Path, limits: l, styles: &styles{named: map[string]*style{}}, notes: map[string][]piece{}}
	r.numbering = newNumbering(r.styles)
	r.lines.Path, r.lines.Format = f.Path, "docx"
	err := r.read(ctx, f.Content)
	if err != nil && (archive.Fatal(err) || len(r.lines.Blocks) == 0) {
		return nil, diag.List{archive.Diagnose(f.Path, err)}
	}
	if err != nil {
		r.omit(words.Text{ZH: "其余部分", EN: "the rest"}, archive.Why(err))
	}
	if len(r.lines.Blocks) == 0 {
		return nil, append(r.left, archive.Diagnose(f.Path, &archive.Fault{Code: diag.DocumentEmpty}))
	}
	return &r.lines.Document, r.left
}

// piece is a paragraph, or a table or chart.
type piece struct {
	level int
	text  string
	kind  document.Kind
	grid  *document.Grid
}

// reader is one call of Read.
type reader struct {
	path      string
	archive   *archive.Archive
	limits    document.Limits
	relations map[string]archive.Relation
	styles    *styles
	numbering *numbering
	lines     document.Lines
	// notes are the footnotes and endnotes by their kind and id.
	notes map[string][]piece
	// left says what was left out.
	left diag.List
	// cells and text count those so far.
	cells, text int
	fields      fields
	// carried is the text of paragraphs whose ends were deleted.
	carried []byte
}

func (r *reader) omit(what, why any) {
	r.left = append(r.left, diag.New(diag.DocumentOmitted, source.Span{File: source.New(r.path, nil)}, what, why))
}

func (r *reader) read(ctx context.Context, content []byte) error {
	a, err := archive.Open(ctx, content, r.limits)
	if err != nil {
		return err
	}
	r.archive = a
	main := "word/document.xml"
	whole, err := a.Relations("")
	if err := r.part("_rels/.rels", err); err != nil {
		return err
	}
	if part := archive.Of(whole, "officeDocument"); part != "" {
		main = part
	}
	r.relations, err = a.Relations(main)
	if err := r.part(main, err); err != nil {
		return err
	}
	for _, part := range []struct {
		kind string
		read func(*archive.XML) error
	}{
		{"styles", r.styles.read}, {"numbering", r.numbering.read},
		{"footnotes", r.readNotes}, {"endnotes", r.readNotes},
	} {
		name := archive.Of(r.relations, part.kind)
		if name == "" {
			continue
		}
		x, err := a.XML(name)
		if err == nil {
			err = part.read(x)
		}
		if err := r.part(name, err); err != nil {
			return err
		}
	}
	x, err := a.XML(main)
	if err != nil {
		return err
	}
	if _, err := x.Root(); err != nil {
		return err
	}
	return x.Each(func(e archive.Element) error {
		if e.Name != "w:body" {
			return nil
		}
		return r.content(x, func(p piece) {
			if p.grid != nil {
				r.lines.Grid(p.kind, p.grid)
				return
			}
			for line := range strings.SplitSeq(p.text, "\n") {
				r.lines.Paragraph(p.level, document.Text{S: line})
			}
		})
	})
}

// part passes on what is wrong with the whole file, and notes what is wrong with one part.
func (r *reader) part(name string, err error) error {
	if err == nil || archive.Fatal(err) {
		return err
	}
	r.omit(name, archive.Why(err))
	return nil
}

// readNotes reads the footnotes or endnotes.
func (r *reader) readNotes(x *archive.XML) error {
	if _, err := x.Root(); err != nil {
		return err
	}
	return x.Each(func(e archive.Element) error {
		// Those with a type are the lines between text and notes.
		if _, special := e.Find("w:type"); special {
			return nil
		}
		var pieces []piece
		err := r.content(x, func(p piece) { pieces = append(pieces, p) })
		r.notes[e.Name+e.Attr("id")] = pieces
		return err
	})
}

// children calls f at each child, and at the children of those that only enclose what stands in them: content controls,
// custom XML, insertions and one variant of alternative content. Deletions are passed over.
func children(x *archive.XML, f func(archive.Element) error) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag":
			return children(x, f)
		case "mc:AlternateContent":
			// Choices hold what every program of today shows, the fallback the same for older ones.
			taken := false
			return x.Each(func(e archive.Element) error {
				if taken {
					return nil
				}
				taken = true
				return children(x, f)
			})
		case "w:del", "w:moveFrom", "w:sdtPr", "w:sdtEndPr":
			return nil
		}
		return f(e)
	})
}

// content reads paragraphs and tables.
func (r *reader) content(x *archive.XML, emit func(piece)) error {
	return children(x, func(e archive.Element) error {
		switch e.Name {
		case "w:p":
			return r.paragraph(x, emit)
		case "w:tbl":
			return r.table(x, emit)
		case "w:altChunk", "w:subDoc":
			r.omit(words.Text{ZH: "嵌入的文档", EN: "an embedded document"}, words.Text{ZH: "它不在本文档的正文之内", EN: "it is no part of this document's text"})
		}
		return nil
	})
}

// paragraph reads a paragraph; what is tied to it comes behind it.
func (r *reader) paragraph(x *archive.XML, emit func(piece)) error {
	// No code of a field reaches beyond its paragraph.
	if r.fields.codes > 0 {
		r.fields = fields{}
	}
	p := &paragraph{reader: r, own: style{level: -1, at: -1}}
	err := children(x, func(e archive.Element) error {
		if e.Name == "w:pPr" {
			return p.properties(x)
		}
		return p.inline(x, e)
	})
	p.resolve()
	carried := append(r.carried, p.out.String()...)
	r.carried = nil
	number := ""
	if p.joined {
		r.carried = carried
	} else if p.own.number != "" && p.own.number != "0" {
		at := p.own.at
		if at < 0 {
			at = r.numbering.levelOf(p.own.number, p.style)
		}
		if number = r.numbering.next(p.own.number, at); len(bytes.TrimSpace(carried)) == 0 {
			number = ""
		}
	}
	if r.text += len(number) + p.out.Len(); r.text > r.limits.Text {
		return archive.Beyond(document.Size(int64(r.limits.Text)))
	}
	if !p.joined {
		emit(piece{level: max(p.own.level, 0), text: number + string(carried)})
	}
	for _, piece := range p.tied {
		emit(piece)
	}
	return err
}

// fields are the open fields: whether their results have begun, and how many show their codes.
type fields struct {
	begun []bool
	codes int
}

func (f *fields) char(kind string) {
	last := len(f.begun) - 1
	switch {
	case kind == "begin":
		f.begun = append(f.begun, false)
		f.codes++
	case last >= 0 && (kind == "separate" || kind == "end"):
		if !f.begun[last] {
			f.begun[last] = true
			f.codes--
		}
		if kind == "end" {
			f.begun = f.begun[:last]
		}
	}
}

// paragraph is one that is being read.
type paragraph struct {
	*reader
	style string
	own   style
	out   strings.Builder
	// tied are the text boxes, charts and notes.
	tied []piece
	// joined: its end was deleted, so that the next one goes on in it.
	joined bool
}

func (p *paragraph) properties(x *archive.XML) error {
	return x.Each(func(e archive.Element) error {
		switch e.Name {
		case "w:pStyle":
			p.style = e.Attr("val")
		case "w:outlineLvl":
			p.own.outline(e)
		case "w:numPr":
			return p.own.numbered(x)
		case "w:rPr":
			return x.Each(func(e archive.Element) error {
				p.joined = p.joined || e.Name == "w:del" || e.Name == "w:moveFrom"
				return nil
			})
		}
		return nil
	})
}

// resolve fills in what the style of the paragraph says.
func (p *paragraph) resolve() {
	id := p.style
	if id == "" {
		id = p.styles.usual
	}
	s := p.styles.get(id)
	p.own.fill(&s)
}
