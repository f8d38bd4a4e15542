package diag_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
)

// span returns the place of the n-th occurrence, counted from 0, of text in a file.
func span(f *source.File, text string, n int) source.Span {
	start := 0
	for i := range n + 1 {
		if i > 0 {
			start++
		}
		next := strings.Index(string(f.Content[start:]), text)
		if next < 0 {
			panic(text + " is not in the file")
		}
		start += next
	}
	return source.Span{File: f, Start: start, End: start + len(text)}
}

func render(t *testing.T, lang diag.Lang, list ...diag.Diagnostic) string {
	t.Helper()
	var b bytes.Buffer
	if err := diag.Render(&b, lang, false, list); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRender compares whole renderings with testdata/render.txt. UPDATE_GOLDEN=1 rewrites it.
func TestRender(t *testing.T) {
	f := source.New("rules/收入.yaml", []byte("- id: a\n  标题: 收入\tchek: 甲 == 乙\n  check: >-\n    收入 ==\n    支出\n\n  x: \x1b[31m\u202e\n"))
	none := source.New("data/empty.yaml", []byte{})
	long := source.New("rules/long.yaml", []byte(strings.Repeat("收入 + ", 60)+"支出 == "+strings.Repeat("x", 200)))
	list := []diag.Diagnostic{
		diag.New(diag.UnknownKey, span(f, "chek", 0), "chek").WithSuggestion("check"),
		diag.New(diag.DuplicateKey, span(f, "乙", 0), "乙").WithRelated(diag.FirstDefined, span(f, "甲", 0)).WithRelated(diag.FirstDefined, span(long, "支出", 0)),
		diag.New(diag.YAMLColon, span(f, "收入 ==\n    支出", 0)),
		diag.New(diag.YAMLTab, span(f, "入\tchek", 0)),
		diag.New(diag.YAMLTab, span(f, "\t", 0)),
		diag.New(diag.YAMLEmpty, source.Span{File: f, Start: len("- id: a"), End: len("- id: a")}),
		diag.New(diag.YAMLEmpty, source.Span{File: f, Start: span(f, "\n\n", 0).Start + 1, End: span(f, "\n\n", 0).End}),
		diag.New(diag.YAMLControl, span(f, "\x1b[31m\u202e", 0), '\x1b'),
		diag.New(diag.YAMLEmpty, source.Span{File: none}),
		diag.New(diag.YAMLColon, span(long, "支出", 0)),
		diag.New(diag.YAMLColon, span(long, "收入", 1)),
		diag.New(diag.YAMLColon, source.Span{File: long, Start: len(long.Content), End: len(long.Content)}),
		diag.New("no-such-code", source.Span{}, "a", 1).WithSuggestion("b"),
	}
	got := render(t, diag.English, list...) + "\n" + render(t, diag.Chinese, list...)
	const golden = "testdata/render.txt"
	want, err := os.ReadFile(golden)
	diff := cmp.Diff(string(want), got)
	switch {
	case err == nil && diff == "":
	case os.Getenv("UPDATE_GOLDEN") != "":
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestRenderCapsEachFile(t *testing.T) {
	a, b := source.New("a.yaml", []byte(strings.Repeat("x\n", 150))), source.New("b.yaml", []byte("x\n"))
	var list []diag.Diagnostic
	for i := range 130 {
		list = append(list, diag.New(diag.UnknownKey, source.Span{File: a, Start: 2 * i, End: 2*i + 1}, "x"))
	}
	list = append(list, diag.New(diag.UnknownKey, source.Span{File: b, End: 1}, "x"))
	got := render(t, diag.English, list...)
	if n := strings.Count(got, "a.yaml:"); n != 101 {
		t.Errorf("%d lines name a.yaml, want 100 diagnostics and a line with the rest", n)
	}
	if want := "a.yaml: 30 more\nb.yaml:1:1: error"; !strings.Contains(got, want) {
		t.Errorf("%q is missing in:\n%s", want, got)
	}
	if got := render(t, diag.Chinese, list[:101]...); !strings.HasSuffix(got, "a.yaml: 另有 1 条\n") {
		t.Errorf("got the end %q", got[len(got)-60:])
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestRenderReturnsErrors(t *testing.T) {
	if err := diag.Render(brokenWriter{}, diag.English, false, diag.List{diag.New(diag.YAMLEmpty, source.Span{})}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}

// FuzzRender checks that the underline stands under the line and that nothing but text is printed.
func FuzzRender(f *testing.F) {
	f.Add("收入: 1\t\x1b[2J\n", 2, 9)
	f.Add(strings.Repeat("万", 300), 400, 700)
	f.Add("\xff\u0301\u200d\r\n\x00", 0, 3)
	f.Fuzz(func(t *testing.T, content string, start, end int) {
		file := source.New("a.yaml", []byte(content))
		start = min(max(start, 0), len(file.Content))
		end = min(max(end, start), len(file.Content))
		got := render(t, diag.Chinese, diag.New(diag.YAMLTab, source.Span{File: file, Start: start, End: end}))
		lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
		if len(lines) == 2 { // A blank line is not shown.
			return
		}
		if len(lines) != 4 {
			t.Fatalf("%d lines:\n%s", len(lines), got)
		}
		caret := strings.TrimLeft(lines[2], " \t")
		if !strings.HasPrefix(caret, "^") || strings.Trim(caret[1:], "~\t") != "" {
			t.Errorf("caret line %q", lines[2])
		}
		for _, r := range got {
			if r != '\n' && r != '\t' && (r < ' ' || 0x7F <= r && r < 0xA0 || 0x200B <= r && r <= 0x200F || 0x2028 <= r && r <= 0x202E) {
				t.Errorf("%U is printed", r)
			}
		}
	})
}

func TestList(t *testing.T) {
	a, b := source.New("a.yaml", []byte("甲: 1\n乙: 2\n")), source.New("b.yaml", []byte("x"))
	var list diag.List
	if list.HasErrors() || list.Err() != nil {
		t.Error("an empty list has errors")
	}
	warning := diag.New(diag.UnknownKey, span(a, "甲", 0), "甲")
	warning.Severity = diag.Warning
	list.Add(diag.New(diag.UnknownKey, span(b, "x", 0), "x"), diag.New(diag.UnknownKey, span(a, "乙", 0), "乙"),
		diag.New(diag.DuplicateKey, span(a, "乙", 0), "乙"), warning, diag.New(diag.UnknownKey, span(b, "x", 0), "second"))
	list.Sort()
	var got []string
	for _, d := range list {
		got = append(got, d.String())
	}
	want := []string{
		`a.yaml:1:1: warning: unknown key "甲" [unknown-key]`,
		`a.yaml:2:1: error: the key "乙" occurs twice [duplicate-key]`,
		`a.yaml:2:1: error: unknown key "乙" [unknown-key]`,
		`b.yaml:1:1: error: unknown key "x" [unknown-key]`,
		`b.yaml:1:1: error: unknown key "second" [unknown-key]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if list[:1].HasErrors() || list[:1].Err() != nil {
		t.Error("a warning counts as an error")
	}
	err := fmt.Errorf("load: %w", list.Err())
	if got, want := err.Error(), `load: a.yaml:2:1: the key "乙" occurs twice (and 3 more)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := list[:2].Err().Error(), `a.yaml:2:1: the key "乙" occurs twice`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var listError *diag.ListError
	if !errors.As(err, &listError) || len(listError.List) != 5 {
		t.Errorf("the error does not hold the list")
	}
}

func TestSortIsStable(t *testing.T) {
	var list diag.List
	for i := range 1000 {
		code := []diag.Code{diag.UnknownKey, diag.DuplicateKey}[i*i%7%2]
		list.Add(diag.New(code, source.Span{}, i))
	}
	list.Sort()
	for i, d := range list[1:] {
		if before := list[i]; before.Code == d.Code && before.Args[0].(int) > d.Args[0].(int) {
			t.Fatalf("number %d comes before number %d", before.Args[0], d.Args[0])
		}
	}
}

// TestWithRelatedCopies guards against two diagnostics that share the places added to them.
func TestWithRelatedCopies(t *testing.T) {
	d := diag.New(diag.DuplicateKey, source.Span{}, "a").WithRelated("x", source.Span{}).WithRelated("y", source.Span{}).WithRelated("z", source.Span{})
	first, second := d.WithRelated("first", source.Span{}), d.WithRelated("second", source.Span{})
	if first.Related[3].Code != "first" || second.Related[3].Code != "second" {
		t.Errorf("got %s and %s", first.Related[3].Code, second.Related[3].Code)
	}
}

func TestUnreadable(t *testing.T) {
	for content, want := range map[string]string{
		"a\xff":      "a.yaml:1:2: error: the file is not UTF-8 from here on [invalid-utf8]",
		"a\x00":      "a.yaml:1:2: error: a NUL byte: this is not a text file [nul-byte]",
		"\xff\xfe..": "a.yaml:1:1: error: the file is in UTF-16 [utf16]",
	} {
		f := source.New("a.yaml", []byte(content))
		if got := diag.Unreadable(f, f.Check()).String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	keys := []string{"id", "title", "severity", "near", "rounding", "check", "when", "each", "let", "hint"}
	tests := []struct {
		name       string
		candidates []string
		want       string
	}{
		{"chek", keys, "check"},
		{"severty", keys, "severity"},
		{"tilte", keys, "title"}, // a swap is one edit
		{"SEVERITY", keys, "severity"},
		{"wehn", keys, "when"},
		{"message", keys, ""},
		{"check", keys, ""},
		{"i", keys, "id"},
		{"x", []string{"y"}, ""}, // nothing of the name is left
		{"", keys, ""},
		{"本年收入合记", []string{"本年支出合计", "本年收入合计"}, "本年收入合计"},
		{"收如", []string{"支出", "收入"}, "收入"},
		{"ab", []string{"ac", "aa", "ad"}, "aa"}, // equally near: alphabetical
		{"abcdef", []string{"abcd", "abxdxf"}, "abcd"},
		{"abcde", []string{"abc"}, ""},
	}
	for _, test := range tests {
		if got := diag.Suggest(test.name, test.candidates); got != test.want {
			t.Errorf("Suggest(%q, %q) = %q, want %q", test.name, test.candidates, got, test.want)
		}
	}
}
