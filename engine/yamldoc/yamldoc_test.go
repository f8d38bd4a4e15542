package yamldoc_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

func parse(t *testing.T, text string) *yamldoc.Node {
	t.Helper()
	root, list := yamldoc.Parse(source.New("test.yaml", []byte(text)))
	if err := list.Err(); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return root
}

// TestDiagnostics renders what is wrong with each file of testdata in both languages. UPDATE_GOLDEN=1 rewrites what is
// wanted.
func TestDiagnostics(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			input, _, ok := bytes.Cut(data, []byte("-- want/en --\n"))
			content, found := bytes.CutPrefix(input, []byte("-- in.yaml --\n"))
			if !ok || !found {
				t.Fatal("the sections are not in.yaml, want/en and want/zh")
			}
			_, list := yamldoc.Parse(source.New("in.yaml", content))
			got := bytes.NewBuffer(bytes.Clone(input))
			for _, lang := range []diag.Lang{diag.English, diag.Chinese} {
				got.WriteString("-- want/" + string(lang) + " --\n")
				if err := diag.Render(got, lang, false, list); err != nil {
					t.Fatal(err)
				}
			}
			diff := cmp.Diff(string(data), got.String())
			switch {
			case diff == "":
			case os.Getenv("UPDATE_GOLDEN") == "":
				t.Errorf("(-want +got):\n%s", diff)
			default:
				if err := os.WriteFile(name, got.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// outline is a node as a value that cmp can compare: every scalar is "value" style text, with the text of its span.
func outline(n *yamldoc.Node) any {
	switch n.Kind {
	case yamldoc.Mapping:
		m := []any{"mapping " + n.Span.String() + " " + n.Span.Text()}
		for _, e := range n.Entries {
			m = append(m, []any{outline(e.Key), outline(e.Value)})
		}
		return m
	case yamldoc.Sequence:
		s := []any{"sequence " + n.Span.String() + " " + n.Span.Text()}
		for _, item := range n.Items {
			s = append(s, outline(item))
		}
		return s
	default:
		return scalar{n.Style, n.Value, n.Null, n.Tag, n.Span.Position().String(), n.Span.Text()}
	}
}

type scalar struct {
	Style    yamldoc.Style
	Value    string
	Null     bool
	Tag      string
	At, Text string
}

func TestParse(t *testing.T) {
	plain := func(value, at string) scalar { return scalar{Value: value, At: at, Text: value} }
	tests := []struct {
		name, text string
		want       any
	}{
		{"numbers stay as written", "[0.10, 1_000, 0o17, no, 12345678901234567890123]",
			[]any{"sequence test.yaml:1:1 [0.10, 1_000, 0o17, no, 12345678901234567890123]",
				plain("0.10", "1:2"), plain("1_000", "1:8"), plain("0o17", "1:15"), plain("no", "1:21"), plain("12345678901234567890123", "1:25")}},
		{"nulls", "- ~\n- null\n-\n- \"\"\n- 'null'\n",
			[]any{"sequence test.yaml:1:1 - ~\n- null\n-\n- \"\"\n- 'null'",
				scalar{Value: "~", Null: true, At: "1:3", Text: "~"},
				scalar{Value: "null", Null: true, At: "2:3", Text: "null"},
				scalar{Null: true, At: "3:2"},
				scalar{Style: yamldoc.DoubleQuoted, At: "4:3", Text: `""`},
				scalar{Style: yamldoc.SingleQuoted, Value: "null", At: "5:3", Text: `'null'`}}},
		{"tags", "- !a b\n- !!str 1\n- ! c\n- !d\n- !e # 注释\n  f",
			[]any{"sequence test.yaml:1:1 - !a b\n- !!str 1\n- ! c\n- !d\n- !e # 注释\n  f",
				scalar{Tag: "!a", Value: "b", At: "1:3", Text: "!a b"},
				scalar{Tag: "!!str", Value: "1", At: "2:3", Text: "!!str 1"},
				scalar{Tag: "!", Value: "c", At: "3:3", Text: "! c"},
				scalar{Tag: "!d", Null: true, At: "4:3", Text: "!d"},
				scalar{Tag: "!e", Value: "f", At: "5:3", Text: "!e # 注释\n  f"}}},
		{"collections", "甲:\n  乙: [一, {二: 三 , }, # 四]\n    ]\n  丙:\n  - 五 # 六\n丁: !x {}\n",
			[]any{"mapping test.yaml:1:1 甲:\n  乙: [一, {二: 三 , }, # 四]\n    ]\n  丙:\n  - 五 # 六\n丁: !x {}",
				[]any{plain("甲", "1:1"), []any{"mapping test.yaml:2:3 乙: [一, {二: 三 , }, # 四]\n    ]\n  丙:\n  - 五",
					[]any{plain("乙", "2:3"), []any{"sequence test.yaml:2:6 [一, {二: 三 , }, # 四]\n    ]",
						plain("一", "2:7"), []any{"mapping test.yaml:2:10 {二: 三 , }", []any{plain("二", "2:11"), plain("三", "2:14")}}}},
					[]any{plain("丙", "4:3"), []any{"sequence test.yaml:5:3 - 五", plain("五", "5:5")}}}},
				[]any{plain("丁", "6:1"), []any{"mapping test.yaml:6:4 !x {}"}}}},
		{"empty values stand behind their key", "甲:   \n\n乙: {丙, 丁: , 戊}\n",
			[]any{"mapping test.yaml:1:1 甲:   \n\n乙: {丙, 丁: , 戊}",
				[]any{plain("甲", "1:1"), scalar{Null: true, At: "1:3"}},
				[]any{plain("乙", "3:1"), []any{"mapping test.yaml:3:4 {丙, 丁: , 戊}",
					[]any{plain("丙", "3:5"), scalar{Null: true, At: "3:6"}},
					[]any{plain("丁", "3:8"), scalar{Null: true, At: "3:10"}},
					[]any{plain("戊", "3:13"), scalar{Null: true, At: "3:14"}}}}}},
		{"blocks", "甲: >- # 注释\n  一\n  二\n\n乙: |+\n 三\n\n",
			[]any{"mapping test.yaml:1:1 甲: >- # 注释\n  一\n  二\n\n乙: |+\n 三",
				[]any{plain("甲", "1:1"), scalar{Style: yamldoc.Folded, Value: "一 二", At: "1:4", Text: ">- # 注释\n  一\n  二"}},
				[]any{plain("乙", "5:1"), scalar{Style: yamldoc.Literal, Value: "三\n\n", At: "5:4", Text: "|+\n 三"}}}},
		{"block without text before a line that is indented less than its text would be", "甲:\n  乙: |\n\n  丙: 1",
			[]any{"mapping test.yaml:1:1 甲:\n  乙: |\n\n  丙: 1",
				[]any{plain("甲", "1:1"), []any{"mapping test.yaml:2:3 乙: |\n\n  丙: 1",
					[]any{plain("乙", "2:3"), scalar{Style: yamldoc.Literal, At: "2:6", Text: "|"}},
					[]any{plain("丙", "4:3"), plain("1", "4:6")}}}}},
		{"CRLF and a byte order mark", "\uFEFF甲: 一\r\n乙: '二\r\n  三'\r\n",
			[]any{"mapping test.yaml:1:1 甲: 一\r\n乙: '二\r\n  三'",
				[]any{plain("甲", "1:1"), plain("一", "1:4")},
				[]any{plain("乙", "2:1"), scalar{Style: yamldoc.SingleQuoted, Value: "二 三", At: "2:4", Text: "'二\r\n  三'"}}}},
		// To YAML, U+2028 ends a line.
		{"other line breaks", "甲: '一\u2028 二'\n乙: 三",
			[]any{"mapping test.yaml:1:1 甲: '一\u2028 二'\n乙: 三",
				[]any{plain("甲", "1:1"), scalar{Style: yamldoc.SingleQuoted, Value: "一\u2028二", At: "1:4", Text: "'一\u2028 二'"}},
				[]any{plain("乙", "2:1"), plain("三", "2:4")}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := parse(t, test.text)
			if diff := cmp.Diff(test.want, outline(root)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			walk(root, func(n *yamldoc.Node) {
				if n.Kind == yamldoc.Scalar {
					checkScalar(t, n)
				}
			})
		})
	}
}

func TestSubSpan(t *testing.T) {
	tests := []struct {
		name, text string // the value of the last key is looked at
		from, to   int
		wantAt     string
		want       string
	}{
		{"plain", "说明: 收入 == 支出", 6, 8, "1:11", "支出"},
		{"plain over lines", "a: 收入\n  == \t\n  支出", 3, 7, "2:3", "== \t\n  支"},
		{"plain fold", "a: 收入\n  == \t\n  支出", 2, 3, "1:6", "\n"},
		{"plain blank lines", "a: 收入\n\n\n  支出", 3, 4, "3:1", "\n"},
		{"single quoted", "a: '它''s'", 1, 2, "1:6", "''"},
		{"single quoted after one", "a: '它''s'", 2, 3, "1:8", "s"},
		{"double quoted", `a: "\u6536\x41\t入"`, 0, 1, "1:5", `\u6536`},
		{"double quoted after escapes", `a: "\u6536\x41\t入"`, 3, 4, "1:17", "入"},
		{"double quoted continuation", "a: \"收\\\n   入\"", 1, 2, "2:4", "入"},
		{"double quoted fold", "a: \"收 \n   入\"", 1, 2, "1:7", "\n"},
		{"literal", "a: |\n   收入\n     == 1\n", 5, 7, "3:6", "=="},
		{"literal with indicator", "a: |2\n    收入\n", 2, 4, "2:5", "收入"},
		{"literal last break", "a: |\n  收入\n\n\nb: |\n  支出\n\n", 2, 3, "6:5", "\n"},
		{"folded", "甲:\n- 乙: >-\n    收入\n    ==\n\n    支出", 3, 5, "4:5", "=="},
		{"folded space", "甲: >-\n    收入\n    ==\n\n    支出", 2, 3, "2:7", "\n"},
		{"folded blank line", "甲: >-\n    收入\n    ==\n\n    支出", 5, 6, "4:1", "\n"},
		{"CRLF", "甲: >-\r\n    收入\r\n    ==\r\n", 2, 3, "2:7", "\r\n"},
		{"after a tag", "a: !x  收入", 1, 2, "1:9", "入"},
		{"empty range", "a: 收入", 1, 1, "1:5", ""},
		{"after the end", "a: '收入'", 2, 9, "1:7", ""},
		{"before the beginning", "a: 收入", -3, 1, "1:4", "收"},
		{"backwards", "a: 收入", 1, 0, "1:5", ""},
		{"empty text", "a: ''", 0, 5, "1:5", ""},
		{"no scalar", "a: [收, 入]", 1, 2, "1:4", "[收, 入]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := parse(t, test.text)
			for n.Kind == yamldoc.Mapping || n.Kind == yamldoc.Sequence && n.Items[0].Kind == yamldoc.Mapping {
				if n.Kind == yamldoc.Mapping {
					n = n.Entries[len(n.Entries)-1].Value
				} else {
					n = n.Items[0]
				}
			}
			s := n.SubSpan(test.from, test.to)
			if at := s.Position().String(); at != test.wantAt || s.Text() != test.want {
				t.Errorf("SubSpan(%d, %d) of %q = %s %q, want %s %q", test.from, test.to, n.Value, at, s.Text(), test.wantAt, test.want)
			}
		})
	}
}

func TestGet(t *testing.T) {
	n := parse(t, "收入: {\"合计\": 1.00}")
	if got := n.Get("收入").Get("合计"); got == nil || got.Value != "1.00" {
		t.Errorf("got %v", got)
	}
	if got := n.Get("支出").Get("合计").Get("x"); got != nil {
		t.Errorf("got %v for an absent key", got)
	}
	if got := n.Get("收入").Get("合计").Get("x"); got != nil {
		t.Errorf("got %v from a scalar", got)
	}
}

func TestCutByComment(t *testing.T) {
	tests := []struct{ text, want string }{
		{"a: b # c", "# c"},
		{"a: b\t #c \r\nd: e", "#c "},
		{"a: # c", "# c"},
		{"a:\n  b\n  c #d", "#d"},
		{"a: b\n# c", ""},
		{"a: b#c", ""},
		{"a: 'b' # c", ""},
		{"a: |\n  b\n  # c", ""},
		{"a: [b] # c", ""},
		{"{\"a\"#c\n}", ""},
	}
	for _, test := range tests {
		s, ok := parse(t, test.text).Get("a").CutByComment()
		if ok != (test.want != "") || s.Text() != test.want {
			t.Errorf("%q: got %q, %v, want %q", test.text, s.Text(), ok, test.want)
		}
	}
}

// TestRefused holds what needs no rendering or does not fit a text file.
func TestRefused(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", []string{"1:1 yaml-empty"}},
		{"empty document", "---\n# 注释\n...\n", []string{"1:1 yaml-empty"}},
		{"GBK", "a: \xca\xd5\n", []string{"1:4 invalid-utf8"}},
		{"UTF-16", "\xff\xfea\x00", []string{"1:1 utf16"}},
		{"NUL", "a: 1\nb\x00", []string{"2:2 nul-byte"}},
		{"second byte order mark", "\uFEFF\uFEFFa: 1", []string{"1:1 yaml-control-character"}},
		{"depth at the limit", deep(yamldoc.MaxDepth), nil},
		{"depth beyond the limit", deep(yamldoc.MaxDepth + 1), []string{"1:101 yaml-too-deep"}},
		{"depth beyond the limit twice", strings.Repeat("[", yamldoc.MaxDepth) + "a, b" + strings.Repeat("]", yamldoc.MaxDepth), []string{"1:101 yaml-too-deep"}},
		{"depth beyond what yaml.v3 reads", "甲: 乙\nx: " + deep(30000), []string{"2:10004 yaml-too-deep"}},
		{"depth of indentation beyond it", "x:\n" + strings.Repeat("- ", 30000) + "a", []string{"2:20001 yaml-too-deep"}},
		{"size", strings.Repeat("#", yamldoc.MaxSize+1), []string{"1:1 yaml-too-large"}},
		{"all faults of a tree", "a: *b\n", []string{"1:4 yaml-alias"}},
		{"several faults", "a: &x 1\nb: {a: 1, a: 2, [c]: 3}\n<<: 4\n",
			[]string{"1:4 yaml-alias", "2:11 duplicate-key", "2:17 yaml-key", "3:1 yaml-merge"}},
		{"alias as a key", "a: &x 1\n*x : 2\n", []string{"1:4 yaml-alias", "2:1 yaml-alias"}},
		{"a bomb", "a: &a [x]\nb: &b [*a, *a]\n", []string{"1:4 yaml-alias", "2:4 yaml-alias", "2:8 yaml-alias", "2:12 yaml-alias"}},
		{"text after the root", "\"a\" b\n", []string{"1:5 yaml-after-value"}},
		{"text after an item", "- 'a' b\n", []string{"1:7 yaml-after-value"}},
		{"brackets in front of an expression", "check: [a] == b\n", []string{"1:12 yaml-after-value"}},
		{"condition", "check: ? a\n", []string{"1:8 yaml-reserved"}},
		{"tab after text", "a:\n  b:\n  \tc: 1\n", []string{"3:3 yaml-tab"}},
		{"tab in a block", "a: |\n\tb\n", []string{"2:1 yaml-tab"}},
		{"escape without digits", "a: \"\\x41\\x4g\"\n", []string{"1:9 yaml-escape"}},
		{"quote with another one inside", "a: ['b', \"c it's\n", []string{"1:10 yaml-quote"}},
		{"quote at the end", "a: 'b\n", []string{"1:4 yaml-quote"}},
		{"unknown to the table", "%FOO\n---\na\n", []string{"1:1 yaml-syntax"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, list := yamldoc.Parse(source.New("test.yaml", []byte(test.text)))
			var got []string
			for _, d := range list {
				got = append(got, d.Span.Position().String()+" "+string(d.Code))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnchorSpans(t *testing.T) {
	_, list := yamldoc.Parse(source.New("test.yaml", []byte("[&x, !t &y 1, *x, *y]")))
	var got []string
	for _, d := range list {
		got = append(got, d.Span.Text())
	}
	if diff := cmp.Diff([]string{"&x", "!t &y", "*x", "*y"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPlacesInLargeFiles finds the place of an error far from where yaml.v3 says it is, and one in a file that is too
// large to search.
func TestPlacesInLargeFiles(t *testing.T) {
	lines := strings.Repeat("  甲: 1\n", 3000)
	lines = strings.ReplaceAll(lines, "甲", "- 甲")
	_, list := yamldoc.Parse(source.New("test.yaml", []byte("a:\n"+lines+" b: 1\n"+lines)))
	if len(list) != 1 || list[0].Span.String() != "test.yaml:3002:2" {
		t.Errorf("got %v, want one at line 3002", list)
	}
	_, list = yamldoc.Parse(source.New("test.yaml", []byte("a: b: c\n"+strings.Repeat("# 注释\n", 1<<18))))
	if len(list) != 1 || list[0].Span.Text() != "a: b: c" {
		t.Errorf("got %v, want one at the first line", list)
	}
}

// TestOneLongLine fails by taking minutes when finding places on one line takes quadratic time.
func TestOneLongLine(t *testing.T) {
	const n = 200000
	root := parse(t, "["+strings.Repeat("收, ", n)+"]")
	last := root.Items[n-1].Span
	if got, want := last.Position(), (source.Position{Line: 1, Column: 3*n - 1}); got != want {
		t.Errorf("the last item is at %v, want %v", got, want)
	}
	for _, item := range root.Items {
		item.Span.Position()
	}
}
