package yamldoc

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/source"
)

// This file reads in one pass the YAML that packs and datasets are written in: mappings and sequences in blocks and in
// brackets, plain, quoted and folded scalars, comments. It knows nothing of errors. Whatever it does not know for certain
// to be right (tags, anchors, tabs, several documents, keys in brackets, keys that occur twice, …) it leaves to yaml.v3,
// whose reading counts: FuzzDirect holds that both give the same nodes with the same places.

// direct reads one file. Its methods return nil or false for what they leave to yaml.v3.
type direct struct {
	file *source.File
	// text is the content and some line breaks, so that looking ahead needs no end; size is that of the content.
	text string
	size int
	// pos is the offset of the next character, line that of its line.
	pos, line int

	// The nodes and lists of a file are cut from few pieces of memory.
	nodes   []Node
	entries []Entry
	items   []*Node
	// unfinished are those of the collections around pos.
	unfinishedEntries []Entry
	unfinishedItems   []*Node
	// keys finds keys that occur twice in a large mapping.
	keys map[string]bool
}

// readDirect reads a file that is text without control characters; nil leaves it to yaml.v3.
func readDirect(f *source.File) *Node {
	if !Common(f.Content) {
		return nil
	}
	var text strings.Builder
	text.Grow(len(f.Content) + len(sentinel))
	text.Write(f.Content)
	text.WriteString(sentinel)
	d := direct{file: f, text: text.String(), size: len(f.Content)}
	if d.next() < 0 {
		return nil
	}
	root := d.block(-1, 1, false)
	if root == nil || root.Kind == Scalar || d.next() != endOfFile {
		return nil
	}
	return root
}

const sentinel = "\n\n\n\n"

// Common reports whether content is UTF-8 without the characters that YAML forbids, and without tabs and all line breaks
// but \n.
func Common(content []byte) bool {
	rest := content
	for ; len(rest) >= 8; rest = rest[8:] {
		if controls(binary.LittleEndian.Uint64(rest)) {
			return false
		}
	}
	var last [8]byte
	for copy(last[:], "        "); len(rest) > 0; rest = rest[1:] {
		last[len(rest)-1] = rest[0]
	}
	if controls(binary.LittleEndian.Uint64(last[:])) || !utf8.Valid(content) {
		return false
	}
	return !follows(content, 0xC2, func(next []byte) bool { return next[0] < 0xA0 }) && // C1 control characters, NEL among them
		!follows(content, 0xE2, func(next []byte) bool { return next[0] == 0x80 && next[1]|1 == 0xA9 }) && // LS and PS
		!follows(content, 0xEF, func(next []byte) bool { // the byte order mark and what is no character
			return next[0] == 0xBB && next[1] == 0xBF || next[0] == 0xBF && next[1] >= 0xBE
		})
}

// controls reports whether there is a control character of ASCII but \n among eight bytes.
func controls(b uint64) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	low := b &^ high
	blank := low + 0x60*each                 // the high bit is set in bytes from 0x20 on,
	newline := (low ^ '\n'*each) + 0x7F*each // in bytes that are not \n,
	deleted := low + each                    // and in 0x7F.
	return (^blank&newline|deleted)&^b&high != 0
}

// follows reports whether the first byte of a character occurs in valid UTF-8 with bytes after it of which is says so.
func follows(content []byte, first byte, is func(next []byte) bool) bool {
	for {
		i := bytes.IndexByte(content, first)
		if i < 0 {
			return false
		}
		content = content[i+1:]
		if is(content) {
			return true
		}
	}
}

// What next returns instead of a column.
const (
	endOfFile        = -1
	documentFollows  = -2
	documentStart    = "---"
	documentEnd      = "..."
	notAtStart       = "&*!|>%@`?:,[]{}#\"'" // of a plain scalar; of - it depends on what follows
	longestSimpleKey = 1024
	smallMapping     = 12
)

// next skips blanks, comments and line breaks and returns the column of what follows, counted from 0.
func (d *direct) next() int {
	i := d.pos
	for {
		for d.text[i] == ' ' {
			i++
		}
		if d.text[i] == '#' {
			i += strings.IndexByte(d.text[i:], '\n')
		}
		if d.text[i] != '\n' {
			break
		}
		if i >= d.size {
			d.pos = d.size
			return endOfFile
		}
		i++
		d.line = i
	}
	d.pos = i
	if i == d.line && d.atDocument(i) {
		return documentFollows
	}
	return i - d.line
}

// atDocument reports whether the line that begins at i may begin or end a document.
func (d *direct) atDocument(i int) bool {
	return strings.HasPrefix(d.text[i:], documentStart) || strings.HasPrefix(d.text[i:], documentEnd)
}

// lineEnds reports whether nothing but a comment follows on the line.
func (d *direct) lineEnds() bool {
	i := d.pos
	for d.text[i] == ' ' {
		i++
	}
	return d.text[i] == '\n' || d.text[i] == '#' && i > d.pos
}

// blankAt reports whether a blank, a line break or the end of the file is at i.
func (d *direct) blankAt(i int) bool { return d.text[i] == ' ' || d.text[i] == '\n' }

func (d *direct) dash() bool { return d.text[d.pos] == '-' && d.blankAt(d.pos+1) }

// chunk is the number of things to take memory for at once when there is one for some nodes.
func (d *direct) chunk(nodes int) int {
	// A node takes about 10 bytes of text in datasets, and 20 to 30 in packs. What is left over of a chunk is lost.
	return min(max((d.size-d.pos)/24, 8), 512) / nodes
}

func (d *direct) node(kind Kind, start, end int) *Node {
	if len(d.nodes) == 0 {
		d.nodes = make([]Node, d.chunk(1))
	}
	n := &d.nodes[0]
	d.nodes = d.nodes[1:]
	n.Kind, n.body = kind, start
	n.Span = source.Span{File: d.file, Start: start, End: end}
	return n
}

func (d *direct) scalar(style Style, value string, start, end int) *Node {
	n := d.node(Scalar, start, end)
	n.Style, n.Value, n.exact = style, value, true
	n.Null = style == Plain && isNull(value)
	return n
}

// block reads what stands at pos in a block of the column in. inline: a key stands before it on its line.
func (d *direct) block(in, depth int, inline bool) *Node {
	if depth > MaxDepth {
		return nil
	}
	column := d.pos - d.line
	switch d.text[d.pos] {
	case '[', '{':
		n := d.flow(depth)
		if n == nil || !d.lineEnds() {
			return nil
		}
		return n
	case '|', '>':
		return d.blockScalar(in)
	case '-':
		if d.blankAt(d.pos + 1) {
			if inline {
				return nil
			}
			return d.sequence(column, depth)
		}
	}
	n, key := d.blockLine(in)
	switch {
	case n == nil || key && inline:
		return nil
	case key:
		return d.mapping(n, column, depth)
	}
	return n
}

// blockLine reads a plain or quoted scalar, and whether it is a key: then pos is at the colon after it.
func (d *direct) blockLine(in int) (n *Node, key bool) {
	start := d.pos
	switch quote := d.text[start]; quote {
	case '"', '\'':
		line := d.line
		if n = d.quoted(quote); n == nil {
			return nil, false
		}
		i := d.pos
		for d.text[i] == ' ' {
			i++
		}
		if d.text[i] == ':' && d.blankAt(i+1) {
			if line != d.line || i-start > longestSimpleKey {
				return nil, false
			}
			d.pos = i
			return n, true
		}
		if !d.lineEnds() {
			return nil, false
		}
		return n, false
	}
	n, stop := d.plain(in, false)
	if stop != ':' {
		return n, false
	}
	if n == nil || d.pos != n.Span.End || d.pos-start > longestSimpleKey {
		return nil, false
	}
	return n, true
}

// mapping reads a block mapping from the colon after its first key.
func (d *direct) mapping(key *Node, column, depth int) *Node {
	n := d.node(Mapping, key.Span.Start, 0)
	first := len(d.unfinishedEntries)
	for {
		if depth >= MaxDepth || key.Style == Plain && key.Value == "<<" {
			return nil
		}
		d.pos++
		value := d.blockValue(column, depth+1, true)
		if value == nil {
			return nil
		}
		d.unfinishedEntries = append(d.unfinishedEntries, Entry{key, value})
		n.Span.End = value.Span.End
		at := d.next()
		if at > column {
			return nil
		}
		if at < column {
			break
		}
		if d.dash() {
			return nil
		}
		var colon bool
		if key, colon = d.blockLine(column - 1); key == nil || !colon {
			return nil
		}
	}
	return d.finishMapping(n, first)
}

// blockValue reads what belongs to the colon or dash before pos.
func (d *direct) blockValue(column, depth int, mapping bool) *Node {
	after := d.pos
	for d.text[d.pos] == ' ' {
		d.pos++
	}
	if c := d.text[d.pos]; c != '\n' && c != '#' {
		return d.block(column, depth, mapping)
	}
	at := d.next()
	switch {
	case at > column:
		return d.block(column, depth, false)
	case at == column && mapping && d.dash():
		return d.sequence(column, depth)
	}
	return d.scalar(Plain, "", after, after)
}

// sequence reads a block sequence from its first dash.
func (d *direct) sequence(column, depth int) *Node {
	if depth >= MaxDepth {
		return nil
	}
	n := d.node(Sequence, d.pos, 0)
	first := len(d.unfinishedItems)
	for {
		d.pos++
		item := d.blockValue(column, depth+1, false)
		if item == nil {
			return nil
		}
		d.unfinishedItems = append(d.unfinishedItems, item)
		n.Span.End = item.Span.End
		at := d.next()
		if at > column {
			return nil
		}
		if at < column || !d.dash() {
			break
		}
	}
	return d.finishSequence(n, first)
}

// finishMapping gives a mapping the entries that were read since the first.
func (d *direct) finishMapping(n *Node, first int) *Node {
	read := d.unfinishedEntries[first:]
	if len(read) > len(d.entries) {
		d.entries = make([]Entry, max(len(read), d.chunk(2)))
	}
	n.Entries = d.entries[:len(read):len(read)]
	d.entries = d.entries[len(read):]
	copy(n.Entries, read)
	d.unfinishedEntries = d.unfinishedEntries[:first]
	if d.repeats(n.Entries) {
		return nil
	}
	return n
}

func (d *direct) finishSequence(n *Node, first int) *Node {
	read := d.unfinishedItems[first:]
	if len(read) > len(d.items) {
		d.items = make([]*Node, max(len(read), d.chunk(4)))
	}
	n.Items = d.items[:len(read):len(read)]
	d.items = d.items[len(read):]
	copy(n.Items, read)
	d.unfinishedItems = d.unfinishedItems[:first]
	return n
}

// repeats reports whether a key occurs twice.
func (d *direct) repeats(entries []Entry) bool {
	if len(entries) <= smallMapping {
		for i, e := range entries {
			for _, earlier := range entries[:i] {
				if e.Key.Value == earlier.Key.Value {
					return true
				}
			}
		}
		return false
	}
	if d.keys == nil {
		d.keys = make(map[string]bool, len(entries))
	}
	clear(d.keys)
	for _, e := range entries {
		d.keys[e.Key.Value] = true
	}
	return len(d.keys) < len(entries)
}

// flow reads a collection in brackets.
func (d *direct) flow(depth int) *Node {
	if depth >= MaxDepth {
		return nil
	}
	if d.text[d.pos] == '{' {
		return d.flowMapping(depth)
	}
	n := d.node(Sequence, d.pos, 0)
	first := len(d.unfinishedItems)
	for d.pos++; ; d.pos++ {
		c, _ := d.flowNext()
		if c == ']' {
			break
		}
		item := d.flowNode(c, depth+1)
		if item == nil {
			return nil
		}
		d.unfinishedItems = append(d.unfinishedItems, item)
		if c, _ = d.flowNext(); c == ']' {
			break
		}
		if c != ',' {
			return nil
		}
	}
	d.pos++
	n.Span.End = d.pos
	return d.finishSequence(n, first)
}

func (d *direct) flowMapping(depth int) *Node {
	n := d.node(Mapping, d.pos, 0)
	first := len(d.unfinishedEntries)
	for d.pos++; ; d.pos++ {
		c, _ := d.flowNext()
		if c == '}' {
			break
		}
		key := d.flowKey(c)
		if key == nil || key.Style == Plain && key.Value == "<<" {
			return nil
		}
		d.pos++
		after := d.pos
		var value *Node
		c, comment := d.flowNext()
		switch {
		case c != ',' && c != '}':
			value = d.flowNode(c, depth+1)
		case !comment:
			value = d.scalar(Plain, "", after, after)
		}
		if value == nil {
			return nil
		}
		d.unfinishedEntries = append(d.unfinishedEntries, Entry{key, value})
		if c, _ = d.flowNext(); c == '}' {
			break
		}
		if c != ',' {
			return nil
		}
	}
	d.pos++
	n.Span.End = d.pos
	return d.finishMapping(n, first)
}

// flowKey reads a key in brackets that begins with c, up to its colon.
func (d *direct) flowKey(c byte) *Node {
	start, line := d.pos, d.line
	var n *Node
	switch c {
	case 0:
		return nil
	case '"', '\'':
		if n = d.quoted(c); n == nil {
			return nil
		}
		for d.text[d.pos] == ' ' {
			d.pos++
		}
	default:
		if n, _ = d.plain(0, true); n == nil || d.pos != n.Span.End {
			return nil
		}
	}
	if d.text[d.pos] != ':' || line != d.line || d.pos-start > longestSimpleKey {
		return nil
	}
	return n
}

// flowNext is next within brackets: it returns the character that follows, 0 for what is left to yaml.v3, and whether a
// comment was skipped.
func (d *direct) flowNext() (c byte, comment bool) {
	i := d.pos
	for {
		for d.text[i] == ' ' {
			i++
		}
		if d.text[i] == '#' {
			if !d.blankAt(i - 1) {
				return 0, false
			}
			comment = true
			i += strings.IndexByte(d.text[i:], '\n')
		}
		if d.text[i] != '\n' {
			break
		}
		if i >= d.size {
			return 0, false
		}
		i++
		d.line = i
	}
	d.pos = i
	if i == d.line && d.atDocument(i) {
		return 0, false
	}
	return d.text[i], comment
}

// flowNode reads what begins with c in brackets.
func (d *direct) flowNode(c byte, depth int) *Node {
	if depth > MaxDepth {
		return nil
	}
	switch c {
	case 0:
		return nil
	case '[', '{':
		return d.flow(depth)
	case '"', '\'':
		return d.quoted(c)
	}
	n, _ := d.plain(0, true)
	return n
}

// What characters mean in a plain scalar.
const (
	endsLine  = 1 << iota // they may end the line or what counts of it
	endsFlow              // they end it in brackets
	cantStart             // it cannot begin with them
)

var meanings = func() (m [256]uint8) {
	for _, c := range []byte(" \n:") {
		m[c] |= endsLine
	}
	for _, c := range []byte(",?[]{}") {
		m[c] |= endsFlow
	}
	for _, c := range []byte(notAtStart) {
		m[c] |= cantStart
	}
	return m
}()

// plain reads a plain scalar in a block of the column in, or within brackets. stop is the character that ended it.
func (d *direct) plain(in int, flow bool) (n *Node, stop byte) {
	start := d.pos
	c := d.text[start]
	if meanings[c]&cantStart != 0 || c == '-' && d.blankAt(start+1) || start >= d.size {
		return nil, 0
	}
	ends := uint8(endsLine)
	if flow {
		ends |= endsFlow
	}
	end := d.plainLine(ends)
	if stop = d.text[d.pos]; stop != '\n' || d.pos >= d.size {
		return d.scalar(Plain, d.text[start:end], start, end), stop
	}
	// Does it go on in the next line?
	var folded strings.Builder
	for d.text[d.pos] == '\n' {
		i, line, breaks := d.pos, d.line, 0
		for d.text[i] == '\n' && i < d.size {
			i++
			line = i
			breaks++
			for d.text[i] == ' ' {
				i++
			}
		}
		if i >= d.size || d.text[i] == '#' || !flow && i-line <= in {
			break
		}
		if i == line && d.atDocument(i) {
			return nil, 0
		}
		d.pos, d.line = i, line
		from := i
		if at := d.plainLine(ends); at > from {
			if folded.Len() == 0 {
				folded.WriteString(d.text[start:end])
			}
			fold(&folded, breaks)
			folded.WriteString(d.text[from:at])
			end = at
		} else {
			break
		}
	}
	value := d.text[start:end]
	if folded.Len() > 0 {
		value = folded.String()
	}
	n = d.scalar(Plain, value, start, end)
	if stop = d.text[d.pos]; stop == ':' {
		return nil, stop // a key of several lines
	}
	return n, stop
}

// fold writes what line breaks between two lines of a scalar are read as.
func fold(b *strings.Builder, breaks int) {
	if breaks == 1 {
		b.WriteByte(' ')
	}
	for range breaks - 1 {
		b.WriteByte('\n')
	}
}

// plainLine moves pos to where a line of a plain scalar ends: its line break, the blanks before a comment, the colon after
// a key or a bracket. It returns the end of what counts. Nothing counts of a line that begins with one of these.
func (d *direct) plainLine(ends uint8) (end int) {
	i := d.pos
	for {
		c := d.text[i]
		if meanings[c]&ends == 0 {
			i++
			continue
		}
		switch c {
		case ' ':
			end = i
			for d.text[i] == ' ' {
				i++
			}
			switch {
			case d.text[i] == '\n':
				d.pos = i
				return end
			case d.text[i] == '#':
				d.pos = end
				return end
			case meanings[d.text[i]]&ends != 0 && (d.text[i] != ':' || d.blankAt(i+1)):
				d.pos = i
				return end
			}
			i++
		case ':':
			if d.blankAt(i + 1) {
				d.pos = i
				return i
			}
			i++
		default:
			d.pos = i
			return i
		}
	}
}

// quoted reads a scalar in quotes.
func (d *direct) quoted(quote byte) *Node {
	start := d.pos
	i := start + 1
	from := i
	style := SingleQuoted
	if quote == '"' {
		style = DoubleQuoted
	}
	var b strings.Builder
	for {
		switch c := d.text[i]; {
		case c == quote:
			if quote == '\'' && d.text[i+1] == quote {
				b.WriteString(d.text[from : i+1])
				i += 2
				from = i
				continue
			}
			value := d.text[from:i]
			if b.Cap() > 0 {
				b.WriteString(value)
				value = b.String()
			}
			d.pos = i + 1
			return d.scalar(style, value, start, i+1)
		case c == '\n':
			end := i
			for end > from && d.text[end-1] == ' ' {
				end--
			}
			b.WriteString(d.text[from:end])
			breaks := 0
			if i, breaks = d.breaks(i); breaks == 0 {
				return nil
			}
			fold(&b, breaks)
			from = i
		case c == '\\' && quote == '"' && d.text[i+1] == '\n':
			b.WriteString(d.text[from:i])
			breaks := 0
			if i, breaks = d.breaks(i + 1); breaks == 0 {
				return nil
			}
			for range breaks - 1 {
				b.WriteByte('\n')
			}
			from = i
		case c == '\\' && quote == '"':
			r, ok := escapes[d.text[i+1]]
			if !ok {
				return nil // of several digits, or wrong
			}
			b.WriteString(d.text[from:i])
			b.WriteRune(r)
			i += 2
			from = i
		default:
			i++
		}
	}
}

// breaks skips the line breaks at i within quotes and the blanks around them, and counts the breaks. The count is 0 for what
// is left to yaml.v3.
func (d *direct) breaks(i int) (end, n int) {
	for d.text[i] == '\n' {
		if i >= d.size {
			return 0, 0
		}
		i++
		d.line = i
		n++
		if d.atDocument(i) {
			return 0, 0
		}
		for d.text[i] == ' ' {
			i++
		}
	}
	return i, n
}

// blockScalar reads a scalar of whole lines, which must be indented more than in.
func (d *direct) blockScalar(in int) *Node {
	start := d.pos
	style := Literal
	if d.text[start] == '>' {
		style = Folded
	}
	i := start + 1
	chomp := d.text[i]
	if chomp == '-' || chomp == '+' {
		i++
	}
	for d.text[i] == ' ' {
		i++
	}
	if d.text[i] != '\n' || i >= d.size {
		return nil
	}
	i++
	indent := 0
	var b strings.Builder
	end, breaks := start, 0 // line breaks since the last line that has characters
	ended, afterBlank := false, false
	for {
		line := i
		for d.text[i] == ' ' && (indent == 0 || i-line < indent) {
			i++
		}
		switch {
		case d.text[i] == '\n' && i < d.size:
			if indent == 0 && i > line {
				return nil // blanks before the first line may set the indentation
			}
			i++
			breaks++
			continue
		case indent == 0:
			if indent = i - line; indent <= max(in, 0) || i >= d.size {
				return nil
			}
		case i-line < indent || i >= d.size:
			d.pos, d.line = line, line
			if ended && chomp != '-' {
				b.WriteByte('\n')
			}
			if chomp == '+' {
				for range breaks - 1 {
					b.WriteByte('\n')
				}
			}
			return d.scalar(style, b.String(), start, end)
		}
		blank := d.text[i] == ' '
		switch {
		case !ended: // the first line
			for range breaks {
				b.WriteByte('\n')
			}
		case style == Folded && !blank && !afterBlank:
			fold(&b, breaks)
		default:
			for range breaks {
				b.WriteByte('\n')
			}
		}
		afterBlank = blank
		from := i
		i += strings.IndexByte(d.text[i:], '\n')
		b.WriteString(d.text[from:i])
		end, ended, breaks = i, i < d.size, 0
		if !ended {
			d.pos, d.line = i, line
			return d.scalar(style, b.String(), start, end)
		}
		i++
		breaks = 1
	}
}
