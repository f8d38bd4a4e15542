package reader

import (
	"context"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/docx"
	"github.com/gouji/gouji/engine/document/html"
	"github.com/gouji/gouji/engine/document/office"
	"github.com/gouji/gouji/engine/document/pdf"
	"github.com/gouji/gouji/engine/document/text"
	"github.com/gouji/gouji/engine/document/xlsx"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/words"
)

// DocumentFormat is one format of published documents.
type DocumentFormat struct {
	Name string
	// Extensions are the usual ends of the names of its files; only searching folders goes by them.
	Extensions []string
	// Is reports whether a file is of the format, by its content.
	Is func(content []byte) bool
	// Read reads a document; it is nil when nothing could be read.
	Read func(context.Context, *source.File, document.Limits) (*document.Document, diag.List)
}

// Workbooks are the usual ends of the names of workbooks, which may hold tables.
var Workbooks = []string{".xlsx", ".xlsm", ".xltx"}

// modern are the formats that those of older programs are converted to.
var modern = []DocumentFormat{
	{"xlsx", Workbooks, xlsx.Is, xlsx.Read},
	{"docx", []string{".docx"}, docx.Is, docx.Read},
}

// DocumentFormats lists the formats of documents, in the order in which they are tried.
var DocumentFormats = append(slices.Clip(modern), []DocumentFormat{
	{"html", []string{".html", ".htm"}, html.Is, html.Read},
	{"pdf", []string{".pdf"}, pdf.Is, pdf.Read},
	{"office", office.Extensions, office.Is, convert},
	{"txt", []string{".txt"}, text.Is, text.Read},
}...)

// Document reads a published document in whichever format its content shows.
func Document(ctx context.Context, f *source.File, l document.Limits) (*document.Document, diag.List) {
	for _, format := range DocumentFormats {
		if format.Is(f.Content) {
			return format.Read(ctx, f, l)
		}
	}
	var known []string
	for _, format := range DocumentFormats {
		known = append(known, format.Extensions...)
	}
	return nil, diag.List{diag.New(diag.DocumentUnknown, source.Span{File: source.New(f.Path, nil)}, strings.Join(known, ", "))}
}

// HoldsTables reports whether a file is a workbook of datasets, without reading all of it.
func HoldsTables(ctx context.Context, content []byte, l document.Limits) bool {
	return xlsx.Is(content) && slices.ContainsFunc(xlsx.Heads(ctx, content, l), func(texts []string) bool {
		names := make([]table.Name, len(texts))
		for i, text := range texts {
			names[i].Text = table.Trimmed(text)
		}
		return table.Names(names)
	})
}

// convert reads a document as what it converts to.
func convert(ctx context.Context, f *source.File, l document.Limits) (*document.Document, diag.List) {
	made, list := office.Convert(ctx, f, l)
	if made == nil {
		return nil, list
	}
	for _, format := range modern {
		if format.Is(made.Content) {
			return format.Read(ctx, made, l)
		}
	}
	return nil, diag.List{diag.New(diag.DocumentConverted, source.Span{File: source.New(f.Path, nil)}, words.Text{ZH: "没有得到结果", EN: "no result"})}
}
