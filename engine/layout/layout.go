// Package layout brings packs and datasets into one form, so that a change of a file shows what was meant and nothing
// else. What a file says stays the same to the letter: only the space between its parts changes, and each result is read
// back and compared before it is handed out. rules/README.md describes the form.
package layout

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/reader/json"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// ErrMeaning is a fault of the package: the result would say something else than the file. Nothing is handed out then.
var ErrMeaning = errors.New("the layout would change what the file says")

// step is the indentation of what stands within something else.
const step = 2

// Format is the content of a file in canonical form; its name tells YAML from JSON. Of a file with faults there is none,
// and the list says what they are. The line endings are those of the first line.
func Format(f *source.File) ([]byte, diag.List, error) {
	if strings.EqualFold(path.Ext(f.Path), ".json") {
		return formatJSON(f)
	}
	content := bytes.TrimPrefix(f.Content, []byte("\uFEFF"))
	crlf := false
	if i := bytes.IndexByte(content, '\n'); i > 0 {
		crlf = content[i-1] == '\r'
	}
	content = bytes.ReplaceAll(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	// Faults are told at their places in the file as it is.
	root, list := yamldoc.Parse(f)
	if root == nil || list.HasErrors() {
		return nil, list, nil
	}
	plain := source.New(f.Path, content)
	if root, list = yamldoc.Parse(plain); root == nil || list.HasErrors() {
		return nil, list, nil
	}
	if list = odd(root); len(list) > 0 {
		return nil, list, nil
	}
	p := &printer{src: content}
	p.document(root)
	out := p.out.Bytes()
	if !p.says(f.Path, root, out) {
		// A text block that ends the file without a line end would gain one.
		if out = bytes.TrimSuffix(out, []byte("\n")); !p.says(f.Path, root, out) {
			return nil, nil, ErrMeaning
		}
	}
	if crlf {
		out = bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))
	}
	return out, list, nil
}

// says reports whether a layout of a document says what the document does.
func (p *printer) says(name string, root *yamldoc.Node, out []byte) bool {
	again, list := yamldoc.Parse(source.New(name, out))
	return again != nil && !list.HasErrors() && same(root, again) && slices.Equal(p.comments, commentsOf(out, again))
}

func formatJSON(f *source.File) ([]byte, diag.List, error) {
	root, list := json.Read(f)
	if root == nil || list.HasErrors() {
		return nil, list, nil
	}
	var out bytes.Buffer
	if err := stdjson.Indent(&out, bytes.TrimSpace(bytes.TrimPrefix(f.Content, []byte("\uFEFF"))), "", "  "); err != nil {
		return nil, nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), list, nil
}

// odd lists what YAML allows and nothing that gouji reads has: explicit tags, and keys that are empty or
// take several lines.
func odd(n *yamldoc.Node) diag.List {
	var list diag.List
	if n.Tag != "" {
		list.Add(diag.New(diag.UnknownTag, n.Span, n.Tag))
	}
	for _, e := range n.Entries {
		if text := e.Key.Span.Text(); text == "" || strings.Contains(text, "\n") {
			list.Add(diag.New(diag.YAMLKey, e.Key.Span))
		}
	}
	for _, c := range children(n) {
		list = append(list, odd(c)...)
	}
	return list
}

func children(n *yamldoc.Node) []*yamldoc.Node {
	all := slices.Clone(n.Items)
	for _, e := range n.Entries {
		all = append(all, e.Key, e.Value)
	}
	return all
}

// same reports whether two documents say the same in the same way.
func same(a, b *yamldoc.Node) bool {
	if a.Kind != b.Kind || a.Value != b.Value || a.Null != b.Null || a.Tag != b.Tag || a.Style != b.Style ||
		len(a.Entries) != len(b.Entries) || len(a.Items) != len(b.Items) {
		return false
	}
	x, y := children(a), children(b)
	for i := range x {
		if !same(x[i], y[i]) {
			return false
		}
	}
	return true
}

// commentsOf lists the comments of a document.
func commentsOf(content []byte, root *yamldoc.Node) []string {
	p := &printer{src: content}
	p.document(root)
	return p.comments
}
