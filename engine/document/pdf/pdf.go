// Package pdf reads PDF documents: lines of text, and tables, as they stand on their pages.
//
// A PDF knows neither lines nor tables. It says which character stands where, and which lines are drawn; all else is
// found out here. What is not text is not read: pictures of text get a diagnostic that names their pages. Words that
// repeat on most pages outside the text are kept once, page numbers never.
package pdf

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/words"
)

// Is reports whether the content is a PDF.
func Is(content []byte) bool {
	return bytes.Contains(content[:min(len(content), 1024)], []byte("%PDF-"))
}

// Read reads a document. Each visual line is a paragraph and a line of the document's text, as is each row of a table.
func Read(ctx context.Context, f *source.File, l document.Limits) (*document.Document, diag.List) {
	if l.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, l.Time)
		defer cancel()
	}
	r := &reader{doc: &document.Document{Path: f.Path, Format: "pdf"}, limits: l, span: source.Span{File: source.New(f.Path, nil)}}
	if int64(len(f.Content)) > l.Bytes {
		return r.limit(document.Size(l.Bytes))
	}
	m, err := start(ctx, l.Expanded)
	if err != nil {
		if ctx.Err() != nil {
			return r.limit(document.Duration(l.Time))
		}
		return nil, diag.List{diag.New(diag.DocumentOmitted, r.span, f.Path, err.Error())}
	}
	defer m.close()
	return r.read(ctx, m, f.Content)
}

// reader is one call of Read.
type reader struct {
	doc    *document.Document
	limits document.Limits
	span   source.Span
	diags  diag.List
	// line is the last line of the text, tables and cells are counts.
	line, tables, cells, text int
}

func (r *reader) limit(what words.Text) (*document.Document, diag.List) {
	return nil, append(r.diags, diag.New(diag.DocumentLimit, r.span, what))
}

func (r *reader) damaged(err error) (*document.Document, diag.List) {
	return nil, append(r.diags, diag.New(diag.DocumentDamaged, r.span, err))
}

func (r *reader) read(ctx context.Context, m *machine, content []byte) (*document.Document, diag.List) {
	f, err := m.open(content)
	switch {
	case ctx.Err() != nil:
		return r.limit(document.Duration(r.limits.Time))
	case errors.Is(err, errLocked):
		return nil, diag.List{diag.New(diag.DocumentLocked, r.span)}
	case err != nil:
		return r.damaged(err)
	}
	defer f.close()
	if f.pages > r.limits.Pages {
		return r.limit(document.Count(r.limits.Pages, "页", "pages"))
	}
	r.doc.Pages = f.pages
	var layouts []*layout
	var broken []int
	for i := range f.pages {
		s, err := f.sheet(i)
		if ctx.Err() != nil {
			return r.limit(document.Duration(r.limits.Time))
		}
		if err != nil {
			broken = append(broken, i+1)
			s = &sheet{shown: func(r rect) rect { return r }}
		}
		layouts = append(layouts, lay(s, f.pages))
	}
	if len(broken) > 0 && len(broken) == f.pages {
		return r.damaged(words.Errorf(words.Text{ZH: "没有一页可以读取", EN: "no page can be read"}))
	}
	for _, pages := range ranges(broken) {
		r.diags = append(r.diags, diag.New(diag.DocumentOmitted, r.span, pageNames(pages), words.Text{ZH: "文件在此处损坏", EN: "the file is damaged there"}))
	}
	furniture(layouts)
	continuing(layouts)
	margins := margins(layouts)
	var scanned, lost []int
	for i, l := range layouts {
		if l.lost {
			lost = append(lost, i+1)
		}
		if l.empty() && l.painted {
			scanned = append(scanned, i+1)
		}
		if beyond, ok := r.page(i+1, l, margins); !ok {
			return r.limit(beyond)
		}
	}
	for _, pages := range ranges(scanned) {
		r.diags = append(r.diags, diag.New(diag.DocumentNoText, r.span, pages))
	}
	for _, pages := range ranges(lost) {
		r.diags = append(r.diags, diag.New(diag.DocumentOmitted, r.span, pageNames(pages), words.Text{ZH: "个别字符的字体没有嵌入文件", EN: "single characters are of a font that the file does not carry"}))
	}
	if len(r.doc.Blocks) == 0 && len(scanned) == 0 {
		return nil, append(r.diags, diag.New(diag.DocumentEmpty, r.span))
	}
	return r.doc, r.diags
}

// pageNames names pages by their numbers.
func pageNames(pages string) words.Text {
	return words.Text{ZH: "第 " + pages + " 页", EN: "page " + pages}
}

// ranges writes numbers of pages, those that follow one another as 3–5.
func ranges(pages []int) []string {
	var out []string
	for i := 0; i < len(pages); {
		k := i
		for k+1 < len(pages) && pages[k+1] == pages[k]+1 {
			k++
		}
		s := strconv.Itoa(pages[i])
		if k > i {
			s += "–" + strconv.Itoa(pages[k])
		}
		out = append(out, s)
		i = k + 1
	}
	return out
}

// page writes the blocks of a page; not ok: they go beyond a limit.
func (r *reader) page(number int, l *layout, margins map[int]float64) (beyond words.Text, ok bool) {
	left := margins[int(l.width)]
	pitch := l.pitch()
	var last *line
	for _, it := range l.items {
		if it.table != nil {
			last = nil
			r.table(number, l, it.table)
		} else {
			r.line++
			if last != nil && it.line.box.middle()-last.box.middle() > 1.6*pitch {
				// Space between paragraphs is a blank line, as it is in a text file.
				r.line++
			}
			last = it.line
			column := 1
			if indent := int((it.line.box.l-max(left, it.left))/max(it.line.em, 1) + 0.3); indent > 0 {
				column += min(indent, 100)
			}
			text := r.compose(document.Text{}, *it.line, l, source.Place{Line: r.line, Column: column, Page: number})
			r.doc.Blocks = append(r.doc.Blocks, document.Block{Kind: document.Paragraph, Text: text})
		}
		if r.text > r.limits.Text {
			return document.Size(int64(r.limits.Text)), false
		}
		if r.cells > r.limits.Cells {
			return document.Cells(r.limits.Cells), false
		}
	}
	return beyond, true
}

// compose adds a line to a text, from a place on.
func (r *reader) compose(t document.Text, ln line, l *layout, at source.Place) document.Text {
	for _, p := range ln.pieces() {
		t.Marks = append(t.Marks, document.Mark{Offset: len(t.S), Place: at, Box: box(l.shown(p.box))})
		t.S += p.s
		at.Column += strings.Count(p.s, "") - 1
	}
	r.text += len(t.S)
	return t
}

func box(r rect) document.Box {
	return document.Box{Left: float32(r.l), Top: float32(r.t), Right: float32(r.r), Bottom: float32(r.b)}
}

// table writes a table: a line for each row, with tabs between the cells.
func (r *reader) table(number int, l *layout, t *table) {
	r.tables++
	g := &document.Grid{Rows: t.rows(), Cols: t.cols(), Name: "表" + strconv.Itoa(r.tables)}
	row, before := -1, 0
	for _, c := range t.cells {
		if c.row != row {
			r.line += c.row - row
			row, before = c.row, 0
		}
		place := source.Place{Line: r.line, Column: before + c.col + 1, Page: number, Cell: g.Name + "!" + document.CellName(c.row, c.col)}
		text := r.content(c, l, place)
		g.Cells = append(g.Cells, document.Cell{Row: c.row, Col: c.col, RowSpan: c.rowSpan, ColSpan: c.colSpan, Text: text})
		before += strings.Count(text.S, "") - 1
	}
	r.line += t.rows() - 1 - row
	r.cells += len(g.Cells)
	r.doc.Blocks = append(r.doc.Blocks, document.Block{Kind: document.Table, Grid: g})
}

// content is the text of a cell. Its lines are joined, but for those that begin an item of their own.
func (r *reader) content(c cell, l *layout, at source.Place) document.Text {
	if len(c.lines) == 0 {
		return document.Text{Marks: []document.Mark{{Place: at, Box: box(l.shown(c.box))}}}
	}
	var t document.Text
	column := at.Column
	for i, ln := range c.lines {
		if i > 0 {
			t.S += c.between(i)
		}
		at.Column = column + strings.Count(t.S, "") - 1
		t = r.compose(t, ln, l, at)
	}
	return t
}
