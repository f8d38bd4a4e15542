package acceptance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// This file changes the list of acceptances in the text of a file. Whatever else the file holds stays as it is, byte for
// byte: comments, order, quotes, line ends. What was written is read again before anyone sees it, and has to say the same
// but for the one entry.

// Text is a file that holds acceptances, or is to hold some: a dataset, or a file of their own. It is not changed.
type Text struct {
	File *source.File
	// JSON: the file is JSON, else it is YAML.
	JSON bool
	// read parses the file.
	read    func(*source.File) (*yamldoc.Node, diag.List)
	root    *yamldoc.Node
	entries []*Entry
	bom     bool
	eol     string
}

// ErrText says that a file is written in a way that cannot be changed safely.
var ErrText = errors.New("cannot be changed safely")

// NewText reads a file, with the reader of its format. A file that is empty or holds comments alone has no entries.
func NewText(path string, content []byte, json bool, read func(*source.File) (*yamldoc.Node, diag.List)) (*Text, diag.List) {
	t := &Text{File: source.New(path, content), JSON: json, read: read, eol: "\n"}
	t.bom = len(t.File.Content) < len(content)
	if i := bytes.IndexByte(content, '\n'); i > 0 && content[i-1] == '\r' {
		t.eol = "\r\n"
	}
	root, list := read(t.File)
	if root == nil && !json && len(list) == 1 && list[0].Code == diag.YAMLEmpty {
		return t, nil
	}
	if root == nil || list.HasErrors() {
		return nil, list
	}
	t.root = root
	t.entries, list = Read(root.Get(Key))
	if list.HasErrors() {
		return nil, list
	}
	return t, nil
}

// Bytes is the content of the file.
func (t *Text) Bytes() []byte {
	if t.bom {
		return append([]byte("\uFEFF"), t.File.Content...)
	}
	return t.File.Content
}

// Entries are the acceptances in it.
func (t *Text) Entries() []*Entry { return t.entries }

// Holds reports whether a new entry can be written into the file: into every one but those whose list would have to be
// made in a file that is one pair of brackets.
func (t *Text) Holds() bool {
	return t.root == nil || t.root.Kind == yamldoc.Mapping && (!t.inBrackets(t.root) || t.list() != nil && !t.list().Null)
}

// list is the node of the list; nil where there is none.
func (t *Text) list() *yamldoc.Node { return t.root.Get(Key) }

func (t *Text) inBrackets(n *yamldoc.Node) bool {
	c := t.File.Content
	return n.Span.Start < len(c) && (c[n.Span.Start] == '{' || c[n.Span.Start] == '[')
}

// Put is the text with an entry in the place of the one at an index, or with a further one at the end for -1.
func (t *Text) Put(index int, e *Entry) (*Text, error) {
	want := slices.Clone(t.entries)
	if index >= 0 {
		want[index] = e
		return t.edited(t.update(t.entries[index].Node, e), want)
	}
	if !t.Holds() {
		return nil, ErrText
	}
	want = append(want, e)
	return t.either(func(apart bool) []edit { return t.add(e, apart) }, want)
}

// Drop is the text without the entry at an index.
func (t *Text) Drop(index int) (*Text, error) {
	want := slices.Delete(slices.Clone(t.entries), index, index+1)
	return t.either(func(apart bool) []edit { return t.remove(index, apart) }, want)
}

// either edits with a blank line that sets the list apart, or without it: a text before it may take it for its own.
func (t *Text) either(edits func(apart bool) []edit, want []*Entry) (*Text, error) {
	next, err := t.edited(edits(true), want)
	if err != nil {
		next, err = t.edited(edits(false), want)
	}
	return next, err
}

// edit puts a text in the place of some bytes.
type edit struct {
	from, to int
	text     string
}

// edited applies edits and reads the outcome, which must hold the wanted entries and else the same as before.
func (t *Text) edited(edits []edit, want []*Entry) (*Text, error) {
	// At one place, what is put in stands before what is taken out.
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		if e.from < at {
			return nil, ErrText
		}
		out.Write(t.File.Content[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(t.File.Content[at:])
	next, list := NewText(t.File.Path, out.Bytes(), t.JSON, t.read)
	if next == nil || list.HasErrors() || !sameBut(t.root, next.root) || !slices.EqualFunc(next.entries, want, (*Entry).equal) {
		return nil, ErrText
	}
	next.bom, next.eol = t.bom, t.eol
	return next, nil
}

// sameBut reports whether two files say the same beside their lists of acceptances.
func sameBut(a, b *yamldoc.Node) bool {
	rest := func(n *yamldoc.Node) []yamldoc.Entry {
		if n == nil {
			return nil
		}
		return slices.DeleteFunc(slices.Clone(n.Entries), func(e yamldoc.Entry) bool { return e.Key.Value == Key })
	}
	return slices.EqualFunc(rest(a), rest(b), func(a, b yamldoc.Entry) bool { return same(a.Key, b.Key) && same(a.Value, b.Value) })
}

func same(a, b *yamldoc.Node) bool {
	return a.Kind == b.Kind && a.Value == b.Value && a.Style == b.Style && a.Null == b.Null && a.Tag == b.Tag &&
		slices.EqualFunc(a.Items, b.Items, same) &&
		slices.EqualFunc(a.Entries, b.Entries, func(a, b yamldoc.Entry) bool { return same(a.Key, b.Key) && same(a.Value, b.Value) })
}

// equal reports whether two entries say the same.
func (e *Entry) equal(other *Entry) bool {
	return e.same(other) && e.Reason == other.Reason && e.By == other.By && e.Until == other.Until && e.Verdict == other.Verdict &&
		e.Difference == other.Difference && e.Bound() == other.Bound() &&
		slices.EqualFunc(e.sorted(), other.sorted(), func(a, b Value) bool { return a.Field == b.Field && slices.Equal(a.Texts, b.Texts) })
}

func (e *Entry) sorted() []Value {
	return slices.SortedFunc(slices.Values(e.Values), func(a, b Value) int { return cmp.Compare(a.Field, b.Field) })
}

// member is one key of an entry as it is to be written.
type member struct {
	key, text string
	// comment says for people what the key names.
	comment string
}

// members are the keys of an entry but for its values.
func (e *Entry) members() []member {
	var all []member
	for _, m := range []member{
		{"rule", e.Rule, e.Title}, {"instance", e.Instance, ""}, {"entity", e.Entity, ""}, {"period", e.Period, ""},
		{"reason", e.Reason, ""}, {"by", e.By, ""}, {"until", e.Until, ""}, {"verdict", e.Verdict, ""}, {"difference", e.Difference, ""},
	} {
		if m.text != "" {
			all = append(all, m)
		}
	}
	return all
}

// add writes an entry as the last one. A new list at the end of the file may stand apart, behind a blank line.
func (t *Text) add(e *Entry, apart bool) []edit {
	content := t.File.Content
	list := t.list()
	switch {
	case list == nil:
		indent, at := 0, len(content)
		if t.root != nil {
			indent = t.root.Entries[0].Key.Span.Position().Column - 1
			at = t.end()
		}
		text := ""
		if at > 0 && content[at-1] != '\n' {
			text = t.eol
		}
		if apart && t.root != nil && !blankBefore(content, at) {
			text += t.eol
		}
		key := strings.Repeat(" ", indent)
		return []edit{{at, at, text + key + Key + ":" + t.eol + t.block(e, indent+2)}}
	case list.Null || !t.inBrackets(list):
		// The list goes on behind its last item, or begins on the line after the key.
		at, indent := t.nextLine(t.key().Span.End), t.key().Span.Position().Column+1
		var edits []edit
		if n := len(list.Items); n > 0 {
			at, indent = t.nextLine(list.Items[n-1].Span.End), list.Span.Position().Column-1
		} else if list.Span.Start < list.Span.End {
			// A null that is written out.
			edits = append(edits, edit{list.Span.Start, list.Span.End, ""})
		}
		return t.insert(edits, at, t.block(e, indent))
	case len(list.Items) > 0:
		last := list.Items[len(list.Items)-1]
		gap := " "
		if start := t.lineStart(last.Span.Start); strings.TrimLeft(string(content[start:last.Span.Start]), " \t") == "" {
			gap = t.eol + string(content[start:last.Span.Start])
		}
		return []edit{{last.Span.End, last.Span.End, "," + gap + t.flow(e)}}
	case t.JSON || t.inBrackets(t.root):
		return []edit{{list.Span.Start, list.Span.End, "[" + t.flow(e) + "]"}}
	}
	// An empty pair of brackets makes way for lines.
	from := len(bytes.TrimRight(content[:list.Span.Start], " "))
	at := t.nextLine(list.Span.End)
	return t.insert([]edit{{from, list.Span.End, ""}}, at, t.block(e, t.key().Span.Position().Column+1))
}

// insert puts lines before the line that begins at an offset, behind those that were put there before.
func (t *Text) insert(edits []edit, at int, lines string) []edit {
	if lines == "" {
		return edits
	}
	for i := range edits {
		if edits[i].from == at && edits[i].to == at {
			edits[i].text += lines
			return edits
		}
	}
	if c := t.File.Content; at > 0 && c[at-1] != '\n' {
		lines = t.eol + lines
	}
	return append(edits, edit{at, at, lines})
}

// key is the key of the list.
func (t *Text) key() *yamldoc.Node {
	i := slices.IndexFunc(t.root.Entries, func(e yamldoc.Entry) bool { return e.Key.Value == Key })
	return t.root.Entries[i].Key
}

// end is where something can be written behind all that the file holds: at its end, unless a line there ends the document.
func (t *Text) end() int {
	at := t.nextLine(t.root.Span.End)
	for rest := t.File.Content[at:]; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		if text := bytes.TrimSpace(line); len(text) > 0 && text[0] != '#' {
			return at
		}
		rest = after
	}
	return len(t.File.Content)
}

// blankBefore reports whether the line before an offset is blank.
func blankBefore(content []byte, at int) bool {
	before := bytes.TrimSuffix(bytes.TrimSuffix(content[:at], []byte("\n")), []byte("\r"))
	return len(bytes.TrimSpace(before[bytes.LastIndexByte(before, '\n')+1:])) == 0
}

func (t *Text) lineStart(at int) int { return bytes.LastIndexByte(t.File.Content[:at], '\n') + 1 }

// nextLine is where the line after that of an offset begins.
func (t *Text) nextLine(at int) int {
	if i := bytes.IndexByte(t.File.Content[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(t.File.Content)
}

// block writes an entry in lines.
func (t *Text) block(e *Entry, indent int) string {
	var s strings.Builder
	pad := strings.Repeat(" ", indent)
	for i, m := range e.members() {
		mark := "  "
		if i == 0 {
			mark = "- "
		}
		s.WriteString(pad + mark + t.line(m.key, Scalar(m.text, false), m.comment))
	}
	s.WriteString(t.values(e, indent+2))
	return s.String()
}

// values writes what was found in lines, with their key.
func (t *Text) values(e *Entry, indent int) string {
	pad := strings.Repeat(" ", indent)
	switch {
	case !e.Bound():
		return ""
	case len(e.Values) == 0:
		return pad + "values: {}" + t.eol
	}
	var s strings.Builder
	s.WriteString(pad + "values:" + t.eol)
	for _, v := range e.Values {
		s.WriteString(pad + "  " + t.value(v))
	}
	return s.String()
}

func (t *Text) value(v Value) string {
	return t.line(Scalar(v.Field, false), statements(v, Scalar), v.Label)
}

// statements writes the texts of a value; nothing for a missing one.
func statements(v Value, scalar func(s string, within bool) string) string {
	switch len(v.Texts) {
	case 0:
		return ""
	case 1:
		return scalar(v.Texts[0], false)
	}
	var all []string
	for _, text := range v.Texts {
		all = append(all, scalar(text, true))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// line is a key and its value, with a comment behind them.
func (t *Text) line(key, text, comment string) string {
	line := key + ":"
	if text != "" {
		line += " " + text
	}
	if comment = squeeze(printable(comment)); comment != "" {
		line += "  # " + comment
	}
	return line + t.eol
}

// printable makes a text fit for a comment.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}

// flow writes an entry between braces.
func (t *Text) flow(e *Entry) string {
	scalar := Scalar
	key := func(s string) string { return Scalar(s, true) }
	if t.JSON {
		scalar = func(s string, _ bool) string { return quoted(s) }
		key = quoted
	}
	var parts []string
	pair := func(k, text string) string { return key(k) + ": " + text }
	for _, m := range e.members() {
		parts = append(parts, pair(m.key, scalar(m.text, true)))
	}
	if e.Bound() {
		var values []string
		for _, v := range e.Values {
			text := statements(v, func(s string, _ bool) string { return scalar(s, true) })
			values = append(values, pair(v.Field, cmp.Or(text, "null")))
		}
		parts = append(parts, pair("values", "{"+strings.Join(values, ", ")+"}"))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// update writes an entry over an older one: keys that say the same stay as they are.
func (t *Text) update(n *yamldoc.Node, e *Entry) []edit {
	if t.inBrackets(n) {
		return []edit{{n.Span.Start, n.Span.End, t.flow(e)}}
	}
	indent := n.Entries[0].Key.Span.Position().Column - 1
	pad := strings.Repeat(" ", indent)
	var edits []edit
	// What is new stands behind what comes before it in an entry.
	at := t.nextLine(n.Entries[0].Value.Span.End)
	insert := func(lines string) { edits = t.insert(edits, at, lines) }
	want := map[string]member{}
	for _, m := range e.members() {
		want[m.key] = m
	}
	for _, key := range keys[:len(keys)-1] {
		m, wanted := want[key]
		old := t.entryOf(n, key)
		switch {
		case old == nil && wanted:
			insert(pad + t.line(key, Scalar(m.text, false), ""))
		case old == nil:
		case !wanted && old.Key == n.Entries[0].Key:
			// Its line holds the dash: it stays, and says nothing.
			edits = append(edits, t.replace(old.Value, "null"))
		case !wanted:
			edits = append(edits, edit{t.lineStart(old.Key.Span.Start), t.nextLine(old.Value.Span.End), ""})
		default:
			if strings.TrimSpace(old.Value.Value) != m.text || old.Value.Null {
				edits = append(edits, t.replace(old.Value, Scalar(m.text, false)))
			}
			at = max(at, t.nextLine(old.Value.Span.End))
		}
	}
	old := t.entryOf(n, "values")
	switch {
	case old == nil:
		insert(t.values(e, indent))
	case old.Value.Null || len(old.Value.Entries) == 0 || len(e.Values) == 0 || t.inBrackets(old.Value):
		var values []string
		for _, v := range e.Values {
			text := statements(v, func(s string, _ bool) string { return Scalar(s, true) })
			values = append(values, Scalar(v.Field, true)+": "+cmp.Or(text, "null"))
		}
		edits = append(edits, t.replace(old.Value, "{"+strings.Join(values, ", ")+"}"))
	default:
		edits = append(edits, t.updateValues(old.Value, e.Values)...)
	}
	return edits
}

// updateValues writes values over older ones.
func (t *Text) updateValues(n *yamldoc.Node, values []Value) []edit {
	var edits []edit
	pad := strings.Repeat(" ", n.Entries[0].Key.Span.Position().Column-1)
	// Where nothing of the old stays, all lines make way.
	at := t.lineStart(n.Entries[0].Key.Span.Start)
	kept := map[*yamldoc.Node]bool{}
	for _, v := range values {
		old := t.entryOf(n, v.Field)
		if old == nil {
			edits = t.insert(edits, at, pad+t.value(v))
			continue
		}
		kept[old.Key] = true
		if was, _ := readValues(n); !slices.ContainsFunc(was, func(o Value) bool { return o.Field == v.Field && slices.Equal(o.Texts, v.Texts) }) {
			edits = append(edits, t.replace(old.Value, cmp.Or(statements(v, Scalar), "null")))
		}
		at = t.nextLine(old.Value.Span.End)
	}
	for _, old := range n.Entries {
		if !kept[old.Key] {
			edits = append(edits, edit{t.lineStart(old.Key.Span.Start), t.nextLine(old.Value.Span.End), ""})
		}
	}
	return edits
}

// replace writes a value in the place of another one. Nothing at all stands right behind the colon.
func (t *Text) replace(n *yamldoc.Node, text string) edit {
	if n.Span.Start == n.Span.End {
		text = " " + text
	}
	return edit{n.Span.Start, n.Span.End, text}
}

func (t *Text) entryOf(n *yamldoc.Node, key string) *yamldoc.Entry {
	for i := range n.Entries {
		if n.Entries[i].Key.Value == key {
			return &n.Entries[i]
		}
	}
	return nil
}

// remove takes an entry out, and with the last one the list. A list at the end of the file may take the blank line with it
// that sets it apart.
func (t *Text) remove(index int, apart bool) []edit {
	content := t.File.Content
	list := t.list()
	item := t.entries[index].Node
	i := slices.Index(list.Items, item)
	if t.inBrackets(list) {
		switch {
		case len(list.Items) == 1:
			return []edit{{list.Span.Start, list.Span.End, "[]"}}
		case i+1 < len(list.Items):
			return []edit{{item.Span.Start, list.Items[i+1].Span.Start, ""}}
		}
		return []edit{{list.Items[i-1].Span.End, item.Span.End, ""}}
	}
	if len(list.Items) == 1 {
		from, to := t.lineStart(t.key().Span.Start), t.nextLine(item.Span.End)
		if apart && to == len(content) && from > 0 && blankBefore(content, from) {
			from = t.lineStart(from - 1)
		}
		return []edit{{from, to, ""}}
	}
	dash := len(bytes.TrimRight(content[:item.Span.Start], " \t\r\n")) - 1
	if dash < 0 || content[dash] != '-' {
		// Who reads this again finds the entry still there.
		return nil
	}
	return []edit{{t.lineStart(dash), t.nextLine(item.Span.End), ""}}
}

// Scalar writes a text so that YAML reads it back: plain where it can be, else in double quotes. within says that it stands
// between braces or brackets.
func Scalar(s string, within bool) string {
	first, _ := utf8.DecodeRuneInString(s)
	plain := s != "" && s == strings.TrimSpace(s) && !strings.ContainsRune("!&*-?|>@%{}[],#\"'`:~=<", first) &&
		!strings.Contains(s, ": ") && !strings.Contains(s, " #") && !strings.HasSuffix(s, ":") &&
		!slices.Contains([]string{"null", "Null", "NULL", "---", "..."}, s) && !(within && strings.ContainsAny(s, ",[]{}:?")) &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
	// A negative number needs no quotes, though a dash may begin a list.
	if !plain && len(s) > 1 && s[0] == '-' && strings.Trim(s[1:], "0123456789.…%") == "" {
		plain = true
	}
	if plain {
		return s
	}
	return quoted(s)
}

// quoted writes a text as JSON does, which YAML reads as well.
func quoted(s string) string {
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	// Strings always encode.
	_ = enc.Encode(s)
	return strings.NewReplacer("\n", "", "\u007f", `\u007f`, "\u0085", `\u0085`, "\ufeff", `\ufeff`).Replace(out.String())
}
