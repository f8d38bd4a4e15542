// Package yamldoc reads YAML as text with places: every node knows the characters it stands in, and every character of
// a scalar knows the characters that produced it, whatever the quoting, folding and indentation.
//
// Scalars are never converted: 0.10, 1_000 and 23 digits come out as they were written, and whether "no" is a text is
// the caller's business. A file holds one document. Anchors, aliases and merge keys are refused, since they make a file
// hard to read and small files huge; so are keys that are no scalars, keys that occur twice, and absurd size and depth.
// Explicit tags are kept, for the caller to refuse.
//
// The package is the only importer of gopkg.in/yaml.v3, which finds the nodes. Their places are then found by reading
// each scalar a second time from the line and column that yaml.v3 gives (scalar.go). What packs and datasets usually look
// like is read without it, a good ten times faster and to the same nodes (direct.go).
package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
)

// The limits of a file.
const (
	// MaxSize is the size in bytes that a file may have.
	MaxSize = 64 << 20
	// MaxDepth is how deep nodes may be nested; the root counts as 1.
	MaxDepth = 100
)

// Kind says what a node is.
type Kind uint8

// The kinds of nodes.
const (
	Scalar Kind = iota
	Mapping
	Sequence
)

// String returns the name of the kind in English.
func (k Kind) String() string {
	switch k {
	case Scalar:
		return "scalar"
	case Mapping:
		return "mapping"
	case Sequence:
		return "sequence"
	default:
		return fmt.Sprintf("Kind(%d)", int(k))
	}
}

// Style says how a scalar is written. It is Plain for mappings and sequences.
type Style uint8

// The styles of scalars.
const (
	Plain        Style = iota // text
	SingleQuoted              // 'text'
	DoubleQuoted              // "text"
	Literal                   // | and lines
	Folded                    // > and lines
)

// Node is a scalar, a mapping or a sequence. Nodes may be read concurrently.
type Node struct {
	Kind  Kind
	Style Style
	// Null is set for a plain scalar that is empty, ~ or null. Value still holds what was written.
	Null bool

	exact bool // reading the scalar a second time gave Value

	// Value is the text of a scalar after quotes, escapes and folding are undone. It is never converted.
	Value string
	// Tag is an explicit tag, such as "!foo", "!!str" or "!" alone. It is "" when there is none.
	Tag string
	// Span holds the characters of the node, from an explicit tag and the opening quote or bracket on. A block mapping
	// reaches from the first key, and a block sequence from the first dash, to the end of the last value. A block
	// scalar reaches from its | or > to the end of its last line that is not blank. An empty node is a place between
	// two characters.
	Span source.Span
	// Entries are those of a mapping in the order of the file. No key occurs twice.
	Entries []Entry
	// Items are those of a sequence.
	Items []*Node

	body int // offset at which the scalar itself begins, after a tag
}

// Entry is a key of a mapping and its value. Neither is nil, and the key is a scalar.
type Entry struct {
	Key, Value *Node
}

// Get returns the value of a key, and nil when n is nil, no mapping, or does not have the key.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for _, e := range n.Entries {
		if e.Key.Value == key {
			return e.Value
		}
	}
	return nil
}

// Parse reads the document of a file. The node is nil when the file is empty or is no YAML; else it is usable in spite
// of diagnostics: whatever was refused is left out, or is an empty node where something has to be.
func Parse(f *source.File) (root *Node, list diag.List) {
	if len(f.Content) > MaxSize {
		list.Add(diag.New(diag.YAMLTooLarge, source.Span{File: f}, MaxSize>>20))
		return nil, list
	}
	if root := readDirect(f); root != nil {
		return root, nil
	}
	return parse(f)
}

// parse reads any file.
func parse(f *source.File) (root *Node, list diag.List) {
	if d := f.Check(); d != nil {
		list.Add(diag.Unreadable(f, d))
		return nil, list
	}
	if d, found := controlCharacter(f); found {
		list.Add(d)
		return nil, list
	}
	// yaml.v3 panics on faults of its own.
	defer func() {
		if r := recover(); r != nil {
			root = nil
			list.Add(diag.New(diag.YAMLInternal, source.Span{File: f}, fmt.Sprint(r)))
		}
	}()
	b := builder{places: newPlaces(f.Content), file: f}
	docs, err := decode(f.Content)
	switch {
	case len(docs) == 2:
		start := b.offset(docs[1].Line, docs[1].Column)
		b.list.Add(diag.New(diag.YAMLDocuments, b.word(start)))
		return nil, b.list
	case err != nil:
		b.list.Add(syntaxError(f, b.places, err))
		return nil, b.list
	case len(docs) == 0 || len(docs[0].Content) == 0 || isEmpty(docs[0].Content[0]):
		b.list.Add(diag.New(diag.YAMLEmpty, source.Span{File: f}))
		return nil, b.list
	}
	root = b.node(docs[0].Content[0], 1)
	return root, b.list
}

// decode returns the first documents of content, at most two, as yaml.v3 sees them.
func decode(content []byte) ([]*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(content))
	var docs []*yaml.Node
	for len(docs) < 2 {
		var doc yaml.Node
		switch err := dec.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return docs, err
		}
		docs = append(docs, &doc)
	}
	return docs, nil
}

// isNull reports whether a plain scalar says that there is no value.
func isNull(value string) bool {
	switch value {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}

func isEmpty(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Value == "" && y.Style == 0 && y.Anchor == ""
}

// builder turns nodes of yaml.v3 into ours.
type builder struct {
	places
	file    *source.File
	list    diag.List
	tooDeep bool // reported once
}

func (b *builder) span(start, end int) source.Span {
	return source.Span{File: b.file, Start: start, End: end}
}

// word returns the span of the characters at an offset up to the next blank or line break.
func (b *builder) word(start int) source.Span {
	end := start
	for end < len(b.content) && !blankOrBreak(b.content, end) {
		end++
	}
	return b.span(start, end)
}

func (b *builder) node(y *yaml.Node, depth int) *Node {
	start := b.offset(y.Line, y.Column)
	body, properties, bang := b.properties(start)
	n := &Node{Span: b.span(start, properties), body: body}
	switch {
	case y.Style&yaml.TaggedStyle != 0:
		n.Tag = y.Tag
	case bang:
		n.Tag = "!"
	}
	if y.Kind == yaml.AliasNode {
		n.Null = true
		n.Span = b.span(start, start+len("*")+len(y.Value))
		b.list.Add(diag.New(diag.YAMLAlias, n.Span))
		return n
	}
	if y.Anchor != "" {
		b.list.Add(diag.New(diag.YAMLAlias, b.span(start, properties)))
	}
	if depth > MaxDepth {
		if !b.tooDeep {
			b.tooDeep = true
			b.list.Add(diag.New(diag.YAMLTooDeep, n.Span, MaxDepth))
		}
		n.Null = true
		return n
	}
	switch y.Kind {
	case yaml.MappingNode:
		b.mapping(n, y, depth)
	case yaml.SequenceNode:
		b.sequence(n, y, depth)
	default:
		b.scalar(n, y)
	}
	return n
}

func (b *builder) mapping(n *Node, y *yaml.Node, depth int) {
	n.Kind = Mapping
	n.Entries = make([]Entry, 0, len(y.Content)/2)
	end := n.body
	first := make(map[string]*Node, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := b.node(y.Content[i], depth+1)
		value := b.node(y.Content[i+1], depth+1)
		end = max(end, key.Span.End, value.Span.End)
		switch {
		case y.Content[i].Kind == yaml.AliasNode:
			// Reported already.
			continue
		case key.Kind != Scalar:
			b.list.Add(diag.New(diag.YAMLKey, key.Span))
			continue
		case key.Style == Plain && key.Value == "<<" && key.Tag == "":
			b.list.Add(diag.New(diag.YAMLMerge, key.Span))
			continue
		}
		if earlier := first[key.Value]; earlier != nil {
			b.list.Add(diag.New(diag.DuplicateKey, key.Span, key.Value).WithRelated(diag.FirstDefined, earlier.Span))
			continue
		}
		first[key.Value] = key
		n.Entries = append(n.Entries, Entry{Key: key, Value: value})
	}
	n.Span.End = b.closing(n.body, end, '{', '}')
}

func (b *builder) sequence(n *Node, y *yaml.Node, depth int) {
	n.Kind = Sequence
	n.Items = make([]*Node, 0, len(y.Content))
	end := n.body
	for _, c := range y.Content {
		item := b.node(c, depth+1)
		end = max(end, item.Span.End)
		n.Items = append(n.Items, item)
	}
	n.Span.End = b.closing(n.body, end, '[', ']')
}

// closing returns the offset after the bracket that closes a collection whose last child ends at end, and end itself
// when the collection is not in brackets.
func (b *builder) closing(body, end int, opening, closing byte) int {
	if body >= len(b.content) || b.content[body] != opening {
		return end
	}
	for i := max(end, body+1); i < len(b.content); {
		switch c := b.content[i]; {
		case c == closing:
			return i + 1
		case c == '#':
			i = b.lineEnd(i)
		case c == ',' || c == ':' || c == '?' || blankOrBreak(b.content, i):
			i++
			for i < len(b.content) && !startsCharacter(b.content[i]) {
				i++
			}
		default:
			return end
		}
	}
	return end
}

func (b *builder) scalar(n *Node, y *yaml.Node) {
	n.Value = y.Value
	switch {
	case y.Style&yaml.SingleQuotedStyle != 0:
		n.Style = SingleQuoted
	case y.Style&yaml.DoubleQuotedStyle != 0:
		n.Style = DoubleQuoted
	case y.Style&yaml.LiteralStyle != 0:
		n.Style = Literal
	case y.Style&yaml.FoldedStyle != 0:
		n.Style = Folded
	}
	if n.Style == Plain {
		n.Null = isNull(n.Value)
		if n.Value == "" {
			n.exact = true
			if n.Span.End > n.Span.Start {
				// Only a tag stands here.
				n.body = n.Span.End
				return
			}
			// yaml.v3 may put an empty value where the next token begins.
			start := n.Span.Start
			for start > 0 && blankOrBreak(b.content, characterBefore(b.content, start)) {
				start = characterBefore(b.content, start)
			}
			n.body = start
			n.Span = b.span(start, start)
			return
		}
	}
	s := scanner{src: b.content, want: n.Value}
	n.Span.End, n.exact = s.scan(n.Style, n.body)
	if !n.exact {
		n.Span.End = b.lineEnd(n.body)
	}
}

// SubSpan returns the characters of the file that produced the characters [from, to) of Value, counted in runes: an
// escape for what it stands for, a line break for the space or line break it was folded into. When from == to it is the
// place before that character, or after the last one. Positions outside Value count as its nearest end. Of a node that
// is no scalar it is the whole span.
func (n *Node) SubSpan(from, to int) source.Span { return n.Places().SubSpan(from, to) }

// Places are where the characters of a scalar stand in its file.
type Places struct {
	node *Node
	at   []offsets
}

// Places reads the scalar once for all its SubSpans.
func (n *Node) Places() Places {
	p := Places{node: n}
	if n.Kind == Scalar && n.exact && n.Value != "" {
		s := scanner{src: n.Span.File.Content, want: n.Value, places: make([]offsets, 0, utf8.RuneCountInString(n.Value))}
		s.scan(n.Style, n.body)
		p.at = s.places
	}
	return p
}

// SubSpan is that of the scalar.
func (p Places) SubSpan(from, to int) source.Span {
	n := p.node
	if n.Kind != Scalar || !n.exact {
		return n.Span
	}
	from = max(from, 0)
	to = max(from, to)
	at := source.Span{File: n.Span.File, Start: n.body, End: n.body}
	switch runes := len(p.at); {
	case runes == 0:
		if n.Style == SingleQuoted || n.Style == DoubleQuoted {
			at.Start++
			at.End++
		}
	case from >= runes:
		at.Start = p.at[runes-1].end
		at.End = at.Start
	case from == to:
		at.Start = p.at[from].start
		at.End = at.Start
	default:
		at.Start, at.End = p.at[from].start, p.at[min(to, runes)-1].end
	}
	return at
}

// CutByComment returns the comment that follows a plain scalar on its last line. There a text that was meant to hold
// " #" has been cut off.
func (n *Node) CutByComment() (source.Span, bool) {
	if n.Kind != Scalar || n.Style != Plain || n.Span.IsZero() {
		return source.Span{}, false
	}
	content := n.Span.File.Content
	start := n.Span.End
	for start < len(content) && isBlank(content[start]) {
		start++
	}
	if start == len(content) || content[start] != '#' {
		return source.Span{}, false
	}
	end := start
	for end < len(content) && breakAt(content, end).size == 0 {
		end++
	}
	return source.Span{File: n.Span.File, Start: start, End: end}, true
}
