package yamldoc_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// walk calls f for a node and everything below it.
func walk(n *yamldoc.Node, f func(*yamldoc.Node)) {
	f(n)
	for _, e := range n.Entries {
		walk(e.Key, f)
		walk(e.Value, f)
	}
	for _, item := range n.Items {
		walk(item, f)
	}
}

// produces reports whether a scalar of the given style reads the characters text of a file as r.
func produces(style yamldoc.Style, text string, r rune) bool {
	if text == string(r) {
		return true
	}
	switch text {
	case "\n", "\r", "\r\n", "\u0085":
		// A literal block keeps its line breaks; everywhere else the first of several becomes a space.
		return r == '\n' || r == ' ' && style != yamldoc.Literal
	case "''":
		return style == yamldoc.SingleQuoted && r == '\''
	}
	if style != yamldoc.DoubleQuoted || len(text) < 2 || text[0] != '\\' {
		return false
	}
	switch text[1:] {
	case "0":
		return r == 0
	case "e":
		return r == 0x1B
	case " ", "'", "\t":
		return string(r) == text[1:]
	case "N":
		return r == 0x85
	case "_":
		return r == 0xA0
	case "L":
		return r == 0x2028
	case "P":
		return r == 0x2029
	}
	if digits := text[2:]; digits != "" {
		code, err := strconv.ParseUint(digits, 16, 32)
		return err == nil && rune(code) == r && len(digits) == map[byte]int{'x': 2, 'u': 4, 'U': 8}[text[1]]
	}
	// The other escapes are those of Go.
	unquoted, err := strconv.Unquote(`"` + text + `"`)
	return err == nil && unquoted == string(r)
}

// checkScalar verifies the places of a scalar, character by character.
func checkScalar(t *testing.T, n *yamldoc.Node) {
	t.Helper()
	content := n.Span.File.Content
	if !yamldoc.Exact(n) {
		t.Errorf("in %q: no exact places for %q", content, n.Value)
		return
	}
	end := n.Span.Start
	runes := []rune(n.Value)
	for i, r := range runes {
		s := n.SubSpan(i, i+1)
		if s.Start < end {
			t.Errorf("in %q: character %d of %q begins at %d, before the end %d of the one before it", content, i, n.Value, s.Start, end)
		}
		if !produces(n.Style, s.Text(), r) {
			t.Errorf("in %q: character %d of %q is %q in the file", content, i, n.Value, s.Text())
		}
		if s.End > n.Span.End && !strings.ContainsRune("\n\u2028\u2029", r) {
			t.Errorf("in %q: character %d of %q ends at %d, after the node's end %d", content, i, n.Value, s.End, n.Span.End)
		}
		end = s.End
	}
	if len(runes) > 0 {
		first, last, all := n.SubSpan(0, 1), n.SubSpan(len(runes)-1, len(runes)), n.SubSpan(0, len(runes))
		if all.Start != first.Start || all.End != last.End {
			t.Errorf("in %q: all of %q is %d–%d, its ends are %d and %d", content, n.Value, all.Start, all.End, first.Start, last.End)
		}
	}
}

// pieces of scalars: each style reads some of them in its own way.
var pieces = []string{
	"a", "b", "支出", "元", "，", "😀", "é", "0", ".", "-", "+", "*", "#", "&", "(", ")", "=", "/", "\\", "!", "%",
	" ", " ", "  ", "\t", "\n", "\n", "\n\n", "\n \n", " \n", "\u00a0", "\u3000",
	"'", "''", `"`, `\n`, `\t`, `\"`, `\\`, `\u4e2d`, `\U0001F600`, `\x41`, `\_`, `\N`, `\L`, `\P`, `\0`, `\e`, `\ `, `\a`, "\\\n", "\\\n\n",
	":", ",", "[", "]", "{", "}", "?", "|", ">", ": ", " #", "\u2028", "\u2029", "\u0085",
}

// randomScalar returns the text of a scalar in one of the styles. Lines after the first are indented by n spaces.
func randomScalar(rng *rand.Rand, n int) string {
	var b strings.Builder
	style := yamldoc.Style(rng.IntN(5))
	for range rng.IntN(12) {
		p := pieces[rng.IntN(len(pieces))]
		if style != yamldoc.DoubleQuoted && strings.HasPrefix(p, "\\") && rng.IntN(4) > 0 {
			continue
		}
		b.WriteString(p)
	}
	text := b.String()
	indent := strings.Repeat(" ", n)
	lines := strings.ReplaceAll(text, "\n", "\n"+indent)
	switch style {
	case yamldoc.SingleQuoted:
		return "'" + strings.ReplaceAll(lines, "'", "''") + "'"
	case yamldoc.DoubleQuoted:
		return `"` + strings.ReplaceAll(lines, `"`, `\"`) + `"`
	case yamldoc.Literal, yamldoc.Folded:
		header := "|"
		if style == yamldoc.Folded {
			header = ">"
		}
		header += []string{"", "-", "+"}[rng.IntN(3)]
		switch rng.IntN(4) {
		case 0:
			header += strconv.Itoa(rng.IntN(3) + 1)
		case 1:
			header += " # 注释"
		}
		return header + "\n" + indent + lines + strings.Repeat("\n", rng.IntN(3))
	default:
		return "a" + lines
	}
}

// TestSubSpanOfRandomScalars reads scalars of every style in every surrounding.
func TestSubSpanOfRandomScalars(t *testing.T) {
	frames := []struct {
		format string
		indent int
	}{
		{"%s\n", 1},
		{"--- %s\n", 2},
		{"键: %s\n下一个: 1\n", 1},
		{"键:\n  子: %s\n  # 注释\n  下一个: 1\n", 4},
		{"键:\n  子: %s\n后: 1", 3},
		{"- %s\n- b\n", 2},
		{"- - 汉: %s\n    b: 1\n", 6},
		{"键:\n- %s\n- b\n", 3},
		{"{支: 1, 键: %s, b: 2}\n", 2},
		{"键: [支, %s, b]\n", 3},
		{"键: !tag %s\n下一个: 1\n", 1},
		{"键: !tag # 注释\n  %s\n", 2},
		{"? %s\n: b\n", 2},
	}
	rng := rand.New(rand.NewPCG(1, 2))
	valid := map[yamldoc.Style]int{}
	for range 60000 {
		frame := frames[rng.IntN(len(frames))]
		text := fmt.Sprintf(frame.format, randomScalar(rng, frame.indent))
		switch rng.IntN(6) {
		case 0:
			text = strings.ReplaceAll(text, "\n", "\r\n")
		case 1:
			text = strings.ReplaceAll(text, "\n", "\r")
		case 2:
			text = "\uFEFF" + text
		}
		root, list := yamldoc.Parse(source.New("test.yaml", []byte(text)))
		if root == nil || len(list) > 0 {
			continue
		}
		walk(root, func(n *yamldoc.Node) {
			if n.Kind == yamldoc.Scalar {
				valid[n.Style]++
				checkScalar(t, n)
			}
		})
		if t.Failed() {
			return
		}
	}
	for style := yamldoc.Plain; style <= yamldoc.Folded; style++ {
		if valid[style] < 1000 {
			t.Errorf("only %d scalars of style %d were read", valid[style], style)
		}
	}
}

// FuzzParse holds every document against the rules that all of them keep.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "---\n", "# 注释\n", "a: 1\nb: [x, {y: z}]\n", "a: |2-\n   x\n\n  y\n", "a: >+\n 支出\n 收入\n\n",
		"a: 'it''s'\nb: \"\\u4e2d\\\n  \\x41\"\n", "a: &x 1\nb: *x\n<<: *x\n", "a: b: c", "- !foo bar\n- ! baz\n- !!str 1\n",
		"a: x # y\nb:\n", "a\r\nb\r\n", "? a\n? b\n: c\n", "{a, b: , c: [d: e]}", "a: 1\n---\nb: 2\n", "\ta: 1", "a: `", "a: \"\\q\"",
		"[[[[[[[[[[", "a:\n  - b\n c", "|\n a\n...\n", "%YAML 1.1\n---\na\n", "a: !x\nb: !y &z\n", "a: \"x", "*x", "\xff\xfe", "a\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 4<<10 {
			return
		}
		file := source.New("test.yaml", content)
		size := len(file.Content)
		inside := func(what string, s source.Span) {
			if s.File != file || s.Start < 0 || s.Start > s.End || s.End > size {
				t.Fatalf("%s: span %d–%d of %d bytes", what, s.Start, s.End, size)
			}
		}
		root, list := yamldoc.Parse(file)
		for _, d := range list {
			inside(string(d.Code), d.Span)
			for _, r := range d.Related {
				inside(string(r.Code), r.Span)
			}
			if d.Code == "yaml-internal" {
				t.Error(d)
			}
		}
		if root == nil {
			if !list.HasErrors() {
				t.Fatal("neither a node nor an error")
			}
			return
		}
		walk(root, func(n *yamldoc.Node) {
			inside("node", n.Span)
			switch n.Kind {
			case yamldoc.Mapping:
				for _, e := range n.Entries {
					if n.Get(e.Key.Value) != e.Value {
						t.Errorf("Get(%q) is not the value of the key", e.Key.Value)
					}
				}
			case yamldoc.Scalar:
				if s, ok := n.CutByComment(); ok && (s.Start < n.Span.End || !strings.HasPrefix(s.Text(), "#")) {
					t.Errorf("comment %q at %d after a node that ends at %d", s.Text(), s.Start, n.Span.End)
				}
				inside("scalar", n.SubSpan(0, utf8.RuneCountInString(n.Value)))
				if len(list) > 0 {
					return
				}
				if text := n.Span.Text(); n.Style == yamldoc.Plain && n.Tag == "" && !strings.ContainsAny(text, "\n\r\u0085\u2028\u2029") && text != n.Value {
					t.Errorf("the plain scalar %q is %q in the file", n.Value, text)
				}
				checkScalar(t, n)
			}
		})
	})
}
