// Package json reads datasets written as JSON, one dataset a file. Numbers keep the text they are written in.
package json

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Name is the name of the format.
const Name = "json"

// Read reads a file. The node is nil when nothing could be read.
func Read(f *source.File) (*yamldoc.Node, diag.List) {
	p := parser{file: f}
	switch defect := f.Check(); {
	case len(f.Content) > yamldoc.MaxSize:
		p.add(diag.YAMLTooLarge, 0, 0, yamldoc.MaxSize>>20)
		return nil, p.list
	case defect != nil:
		return nil, diag.List{diag.Unreadable(f, defect)}
	case len(bytes.TrimSpace(f.Content)) == 0:
		p.add(diag.YAMLEmpty, 0, 0)
		return nil, p.list
	}
	p.dec = stdjson.NewDecoder(bytes.NewReader(f.Content))
	p.dec.UseNumber()
	root, err := p.value(1)
	if err == nil {
		// A second value would be ignored silently.
		start := p.start()
		if _, err = p.dec.Token(); err == nil {
			p.add(diag.YAMLDocuments, start, start+1)
			return nil, p.list
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	if err != nil {
		p.fault(err)
	}
	if p.list.HasErrors() {
		return nil, p.list
	}
	return root, p.list
}

type parser struct {
	file *source.File
	dec  *stdjson.Decoder
	list diag.List
}

func (p *parser) add(code diag.Code, from, to int, args ...any) {
	p.list.Add(diag.New(code, source.Span{File: p.file, Start: from, End: to}, args...))
}

// errReported stops reading after a diagnostic.
var errReported = errors.New("reported")

// fault places an error at the token that could not be read.
func (p *parser) fault(err error) {
	at := p.start()
	switch {
	case errors.Is(err, errReported):
		return
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		at, err = len(bytes.TrimRight(p.file.Content, " \t\r\n")), io.ErrUnexpectedEOF
	}
	p.add(diag.JSONSyntax, at, min(at+1, len(p.file.Content)), err.Error())
}

// start is where the next token begins: behind blanks, commas and colons.
func (p *parser) start() int {
	i := int(p.dec.InputOffset())
	for i < len(p.file.Content) && bytes.IndexByte([]byte(" \t\r\n,:"), p.file.Content[i]) >= 0 {
		i++
	}
	return i
}

func (p *parser) value(depth int) (*yamldoc.Node, error) {
	start := p.start()
	if depth > yamldoc.MaxDepth {
		p.add(diag.YAMLTooDeep, start, start+1, yamldoc.MaxDepth)
		return nil, errReported
	}
	token, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	n := &yamldoc.Node{}
	switch t := token.(type) {
	case stdjson.Delim:
		if t == '{' {
			err = p.object(n, depth)
		} else {
			err = p.array(n, depth)
		}
		if err != nil {
			return nil, err
		}
		// The closing bracket.
		if _, err = p.dec.Token(); err != nil {
			return nil, err
		}
	case string:
		n.Value, n.Style = t, yamldoc.DoubleQuoted
	case stdjson.Number:
		n.Value = t.String()
	case bool:
		n.Value = "false"
		if t {
			n.Value = "true"
		}
	case nil:
		n.Value, n.Null = "null", true
	}
	n.Span = source.Span{File: p.file, Start: start, End: int(p.dec.InputOffset())}
	return n, nil
}

func (p *parser) object(n *yamldoc.Node, depth int) error {
	n.Kind = yamldoc.Mapping
	seen := map[string]source.Span{}
	for p.dec.More() {
		key, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		if first, twice := seen[key.Value]; twice {
			p.list.Add(diag.New(diag.DuplicateKey, key.Span, key.Value).WithRelated(diag.FirstDefined, first))
			continue
		}
		seen[key.Value] = key.Span
		n.Entries = append(n.Entries, yamldoc.Entry{Key: key, Value: value})
	}
	return nil
}

func (p *parser) array(n *yamldoc.Node, depth int) error {
	n.Kind = yamldoc.Sequence
	for p.dec.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
	return nil
}
