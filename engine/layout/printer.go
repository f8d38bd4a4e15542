package layout

import (
	"bytes"
	"math"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/yamldoc"
)

// printer writes a document anew: its scalars as they stand in the file, everything between them by the rules of the
// layout. Comments stand between scalars too: whatever is passed over on the way to the next scalar or bracket is searched
// for them.
type printer struct {
	src []byte
	out bytes.Buffer
	// pos is the byte of src up to which everything is written.
	pos int
	// levels are the blocks that are open, and those within them that have just ended: a comment behind them may be theirs.
	levels []level
	// comments are those that were met.
	comments []string
	// keep: the last scalar keeps the blank lines behind it.
	keep bool
}

// level is a block: the column in which its lines begin in the file, and that in which they shall.
type level struct{ from, to int }

// note is a comment or a blank line.
type note struct {
	text string
	// column is where the comment begins in the file; behind says that it stands behind something on its line.
	column int
	behind bool
}

func (p *printer) document(root *yamldoc.Node) {
	if p.flow(root) || root.Kind == yamldoc.Scalar {
		p.levels = []level{{0, 0}}
		p.between(root.Span.Start, 1, 0)
		p.value(root, 0, 0)
	} else {
		p.block(root, 0, false)
	}
	notes := p.gap(len(p.src))
	for len(notes) > 0 && notes[len(notes)-1].text == "" && !p.keep {
		notes = notes[:len(notes)-1]
	}
	p.write(notes, 1)
	if p.column() > 0 {
		p.out.WriteByte('\n')
	}
}

// flow reports whether a collection is written in brackets.
func (p *printer) flow(n *yamldoc.Node) bool {
	return n.Kind != yamldoc.Scalar && n.Span.Start < len(p.src) && (p.src[n.Span.Start] == '{' || p.src[n.Span.Start] == '[')
}

// gap passes over src up to an offset and returns the comments and blank lines there.
func (p *printer) gap(to int) []note {
	var notes []note
	text := p.src[p.pos:max(to, p.pos)]
	start := p.pos
	p.pos += len(text)
	first, blank := true, start == 0
	for len(text) > 0 {
		line, rest, more := bytes.Cut(text, []byte("\n"))
		at := bytes.IndexByte(line, '#')
		switch {
		case at >= 0:
			c := note{text: strings.TrimRight(string(line[at:]), " \t"), column: at, behind: first && start > 0}
			if rest := strings.TrimLeft(c.text, "#"); rest != "" && rest[0] != ' ' && rest[0] != '!' {
				c.text = c.text[:len(c.text)-len(rest)] + " " + rest
			}
			p.comments = append(p.comments, c.text)
			notes = append(notes, c)
		case more && blank && len(bytes.TrimSpace(line)) == 0 && (!first || start == 0):
			notes = append(notes, note{})
		}
		first, blank, text = false, true, rest
	}
	return notes
}

// column is the column, in those of a terminal, in which the next character is written.
func (p *printer) column() int {
	out := p.out.Bytes()
	return diag.Width(string(out[bytes.LastIndexByte(out, '\n')+1:]))
}

func (p *printer) newline(indent int) {
	if p.column() > 0 {
		p.out.WriteByte('\n')
	}
	p.out.WriteString(strings.Repeat(" ", indent))
}

// write writes comments and blank lines; those on lines of their own stand with the block whose column they have, but no
// further out than depth blocks.
func (p *printer) write(notes []note, depth int) {
	for i, n := range notes {
		switch {
		case n.behind:
			p.out.WriteString("  " + n.text)
		case n.text == "":
			last := i > 0 && notes[i-1].text == "" && !notes[i-1].behind
			if (!last || p.keep) && p.out.Len() > 0 {
				if p.column() > 0 {
					p.out.WriteByte('\n')
				}
				p.out.WriteByte('\n')
			}
		default:
			at := min(depth, len(p.levels)) - 1
			for j := at + 1; j < len(p.levels); j++ {
				if p.levels[j].from <= n.column {
					at = j
				}
			}
			p.newline(p.levels[at].to)
			p.out.WriteString(n.text)
		}
	}
}

// between writes what stands before the next part of a block and begins its line.
func (p *printer) between(to, depth, indent int) {
	notes := p.gap(to)
	p.write(notes, depth)
	p.levels = p.levels[:depth]
	p.keep = false
	p.newline(indent)
}

// sourceColumn is the column of an offset of the file.
func (p *printer) sourceColumn(at int) int { return at - bytes.LastIndexByte(p.src[:at], '\n') - 1 }

// block writes a mapping or sequence that has no brackets. inline: its first line has begun, behind a dash.
func (p *printer) block(n *yamldoc.Node, indent int, inline bool) {
	p.levels = append(p.levels, level{p.sourceColumn(n.Span.Start), indent})
	depth := len(p.levels)
	begin := func(i, start int) {
		switch {
		case i == 0 && inline:
			p.gap(start)
		case i == 0:
			p.first(start, depth, indent)
		default:
			p.between(start, depth, indent)
		}
	}
	if n.Kind == yamldoc.Sequence {
		for i, item := range n.Items {
			begin(i, p.dash(item))
			p.out.WriteByte('-')
			p.pos++
			p.inside(item, indent, true)
		}
		return
	}
	for i, e := range n.Entries {
		begin(i, e.Key.Span.Start)
		p.scalar(e.Key, indent, indent)
		p.out.WriteByte(':')
		p.inside(e.Value, indent, false)
	}
}

// first begins the first line of a block: blank lines before it do not count.
func (p *printer) first(start, depth, indent int) {
	var notes []note
	for _, n := range p.gap(start) {
		if n.text != "" || len(notes) > 0 || p.out.Len() == 0 {
			notes = append(notes, n)
		}
	}
	p.write(notes, depth)
	p.newline(indent)
}

// dash is where the dash of an item stands: the last one before it that is not in a comment.
func (p *printer) dash(item *yamldoc.Node) int {
	found := p.pos
	for i := p.pos; i < len(p.src) && i <= item.Span.Start; i++ {
		switch p.src[i] {
		case '-':
			// Those of "---" are none.
			if bytes.HasPrefix(p.src[i:], []byte("---")) && (i == 0 || p.src[i-1] == '\n') {
				i += 2
				continue
			}
			return i
		case '#':
			for i < len(p.src) && p.src[i] != '\n' {
				i++
			}
		}
	}
	return found
}

// inside writes what stands behind a dash or the colon of a key.
func (p *printer) inside(n *yamldoc.Node, indent int, dash bool) {
	switch {
	case n.Kind == yamldoc.Scalar && n.Span.Start == n.Span.End:
		// Nothing stands there. The comment behind belongs to the line.
		return
	case n.Kind != yamldoc.Scalar && !p.flow(n):
		inline := dash && !bytes.Contains(p.src[p.pos:n.Span.Start], []byte("#"))
		if inline {
			p.out.WriteByte(' ')
		}
		p.block(n, indent+step, inline)
		return
	}
	// The block that holds the value, from whose column a text block may count its own.
	column := p.levels[len(p.levels)-1].from
	before := p.src[p.pos:n.Span.Start]
	if !bytes.Contains(before, []byte("\n")) {
		p.gap(n.Span.Start)
		p.out.WriteByte(' ')
		p.value(n, indent, column)
		return
	}
	// A long value may begin on a line of its own.
	p.levels = append(p.levels, level{p.sourceColumn(n.Span.Start), indent + step})
	p.first(n.Span.Start, len(p.levels), indent+step)
	p.value(n, indent, column)
}

// value writes a scalar or a collection in brackets that stands in a block of the file's column.
func (p *printer) value(n *yamldoc.Node, indent, column int) {
	if n.Kind == yamldoc.Scalar {
		p.scalar(n, indent, column)
		return
	}
	p.brackets(n)
}

// scalar writes a scalar as it stands. The lines after the first begin a step further in.
func (p *printer) scalar(n *yamldoc.Node, indent, column int) {
	text := string(p.src[n.Span.Start:n.Span.End])
	p.pos = n.Span.End
	lines := strings.Split(text, "\n")
	if n.Style != yamldoc.Literal && n.Style != yamldoc.Folded {
		for i, line := range lines {
			if i > 0 {
				p.out.WriteByte('\n')
				line = strings.TrimLeft(line, " \t")
				if line != "" {
					line = strings.Repeat(" ", indent+step) + line
				}
			}
			if i < len(lines)-1 && n.Style != yamldoc.DoubleQuoted {
				line = strings.TrimRight(line, " \t")
			}
			p.out.WriteString(line)
		}
		return
	}
	head, remark, _ := strings.Cut(lines[0], "#")
	head = strings.TrimRight(head, " \t")
	p.out.WriteString(head)
	if remark != "" {
		p.comments = append(p.comments, "#"+strings.TrimRight(remark, " \t"))
		p.out.WriteString("  #" + strings.TrimRight(remark, " \t"))
	}
	p.keep = strings.Contains(head, "+")
	to, from := indent+step, math.MaxInt
	if i := strings.IndexAny(head, "123456789"); i >= 0 {
		digit := int(head[i] - '0')
		to, from = indent+digit, column+digit
	} else {
		for _, line := range lines[1:] {
			if text := strings.TrimLeft(line, " "); text != "" {
				from = min(from, len(line)-len(text))
			}
		}
	}
	for _, line := range lines[1:] {
		p.out.WriteByte('\n')
		if line = line[min(from, len(line)):]; line != "" {
			p.out.WriteString(strings.Repeat(" ", to) + line)
		}
	}
}

// brackets writes a collection in brackets. It keeps its line breaks between items; each line begins below the first item.
func (p *printer) brackets(n *yamldoc.Node) {
	opening, closing := byte('['), byte(']')
	if n.Kind == yamldoc.Mapping {
		opening, closing = '{', '}'
	}
	p.pos = n.Span.Start
	if p.flow(n) {
		p.pos++
	}
	p.out.WriteByte(opening)
	column := p.column()
	before := func(i, start int) {
		broken := i > 0 && bytes.Contains(p.src[p.pos:max(start, p.pos)], []byte("\n"))
		notes := p.gap(start)
		if i > 0 {
			p.out.WriteByte(',')
		}
		if !p.inner(notes, column) && !broken {
			if i > 0 {
				p.out.WriteByte(' ')
			}
			return
		}
		p.newline(column)
	}
	for i, item := range n.Items {
		before(i, item.Span.Start)
		p.nested(item, column)
	}
	for i, e := range n.Entries {
		before(i, e.Key.Span.Start)
		p.scalar(e.Key, column, column)
		p.out.WriteByte(':')
		if e.Value.Kind == yamldoc.Scalar && e.Value.Span.Start == e.Value.Span.End {
			p.out.WriteByte(' ')
			continue
		}
		if p.inner(p.gap(e.Value.Span.Start), column) {
			p.newline(column)
		} else {
			p.out.WriteByte(' ')
		}
		p.nested(e.Value, column)
	}
	end := n.Span.End
	if p.flow(n) {
		end--
	}
	if p.inner(p.gap(end), column) {
		p.newline(column)
	}
	p.out.WriteByte(closing)
	p.pos = n.Span.End
}

// nested writes a value within brackets.
func (p *printer) nested(n *yamldoc.Node, column int) {
	if n.Kind == yamldoc.Scalar {
		p.scalar(n, column-step, column)
		return
	}
	p.brackets(n)
}

// inner writes the comments between brackets and reports whether there were any, so that the line has to end.
func (p *printer) inner(notes []note, column int) bool {
	any := false
	for _, n := range notes {
		switch {
		case n.text == "":
			continue
		case n.behind:
			p.out.WriteString("  " + n.text)
		default:
			p.newline(column)
			p.out.WriteString(n.text)
		}
		any = true
	}
	return any
}
