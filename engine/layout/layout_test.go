package layout

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

func format(t *testing.T, name, content string) string {
	t.Helper()
	out, list, err := Format(source.New(name, []byte(content)))
	if err != nil {
		t.Fatalf("%v:\n%s", err, content)
	}
	for _, d := range list {
		if out == nil {
			t.Fatalf("%v:\n%s", d, content)
		}
	}
	return string(out)
}

func TestFormat(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"indentation", "a:\n    b: 1\n    c:\n        - d\n        -   e: 1\n            f: 2\n", "a:\n  b: 1\n  c:\n    - d\n    - e: 1\n      f: 2\n"},
		{"a list stands within its key", "a:\n- b\n- c: 1\n  d: 2\n", "a:\n  - b\n  - c: 1\n    d: 2\n"},
		{"lists in lists", "- a @1\n-  - b @2\n   - - c @3\n", "- a @1\n- - b @2\n  - - c @3\n"},
		{"spaces", "a :   1   \nb:  {c : 1, d:   [1,2 ,3] }\t\n", "a: 1\nb: {c: 1, d: [1, 2, 3]}\n"},
		{"blank lines", "\n\na: 1\n\n\n\nb:\n\n  c: 1\n\n  d: 1\n\n\n", "a: 1\n\nb:\n  c: 1\n\n  d: 1\n"},
		{"no final line end", "a: 1", "a: 1\n"},
		{"line ends of Windows", "a: 1\r\nb:\r\n    c: 1\r\n", "a: 1\r\nb:\r\n  c: 1\r\n"},
		{"the first line end counts", "a: 1\nb: 2\r\n", "a: 1\nb: 2\n"},
		{"the mark before the text", "\ufeffa: 1\n", "a: 1\n"},
		{"figures as printed", "a: 0.10\nb: \"1,141.36\"\nc: '5'\nd: 1_000\ne: —\n", "a: 0.10\nb: \"1,141.36\"\nc: '5'\nd: 1_000\ne: —\n"},
		{"nothing", "a:\nb: \nc: {d: , e:  , f}\ng: []\nh: { }\n", "a:\nb:\nc: {d: , e: , f: }\ng: []\nh: {}\n"},
		{"comments", "#title\n\n# of a\na: 1 # behind\nb:   # behind b\n      # within b\n      c: 1\n      # still b\n# end\n",
			"# title\n\n# of a\na: 1  # behind\nb:  # behind b\n  # within b\n  c: 1\n  # still b\n# end\n"},
		{"comments in lists", "a:\n- b # one\n# two\n-   # three\n  c: 1\n  # four\n- d\n", "a:\n  - b  # one\n  # two\n  -  # three\n    c: 1\n    # four\n  - d\n"},
		{"comments in brackets", "a: [1, # one\n  # two\n  2,\n  3 # three\n]\n", "a: [1,  # one\n    # two\n    2,\n    3  # three\n    ]\n"},
		{"comments at a key without a value", "a: # x\nb: 1\n", "a:  # x\nb: 1\n"},
		{"line breaks in brackets stay", "车辆: {合计: 3,\n  其他: 1,\n    更多: [1,\n 2]}\n", "车辆: {合计: 3,\n       其他: 1,\n       更多: [1,\n              2]}\n"},
		{"brackets of several lines are closed on the last", "a: [\n  1,\n  2,\n]\n", "a: [1,\n    2]\n"},
		{"a long value below its key", "a:\n    [1,\n  2]\nb:\n      text\n", "a:\n  [1,\n   2]\nb:\n  text\n"},
		{"text blocks", "- a: >-\n       one\n         two\n\n       three\n  b: |   # why\n   x\n", "- a: >-\n    one\n      two\n\n    three\n  b: |  # why\n    x\n"},
		{"text blocks with an indentation of their own", "a:\n   b: |2\n        x\n", "a:\n  b: |2\n       x\n"},
		{"text blocks that keep blank lines", "a: |+\n  x\n\n\nb: 1\n", "a: |+\n  x\n\n\nb: 1\n"},
		{"texts of several lines", "a: one\n      two\nb: \"three\n   four\"\n", "a: one\n  two\nb: \"three\n  four\"\n"},
		{"the mark of a document", "---\na: 1\n", "a: 1\n"},
		{"pairs in brackets", "[a: 1, ? b]\n", "[{a: 1}, {b: }]\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := format(t, "x.yaml", test.in)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if again := format(t, "x.yaml", got); again != got {
				t.Errorf("a second time: %s", cmp.Diff(got, again))
			}
		})
	}
}

func TestFormatJSON(t *testing.T) {
	if got, want := format(t, "x.json", "{\"a\":0.10,\n\n\"b\":[1,\"<\"],\"c\":{}}"), "{\n  \"a\": 0.10,\n  \"b\": [\n    1,\n    \"<\"\n  ],\n  \"c\": {}\n}\n"; got != want {
		t.Error(cmp.Diff(want, got))
	}
}

func TestRefused(t *testing.T) {
	for name, content := range map[string]string{
		"a.yaml": "a: b: c\n", "b.yaml": "a: &x 1\n", "c.yaml": "a: 1\na: 2\n", "d.yaml": "", "e.yaml": "a: !x {b: 1}\n", "f.json": "{\"a\":}",
	} {
		out, list, err := Format(source.New(name, []byte(content)))
		if out != nil || err != nil || !list.HasErrors() {
			t.Errorf("%s: %q, %v, %v", name, out, list, err)
		}
	}
}

func shipped(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../../rules/*/*.yaml", "../../datasets/*/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	return files
}

// TestShippedFiles: every file of the repository is in canonical form.
func TestShippedFiles(t *testing.T) {
	for _, file := range shipped(t) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := format(t, file, string(content)); got != string(content) {
			t.Errorf("gouji fmt would change %s:\n%s", file, cmp.Diff(string(content), got))
		}
	}
}

// TestDisorder puts the shipped files into disorder that says the same, and wants the same of it in the end: what they say
// and their comments, in one form that a second time does not change.
func TestDisorder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, file := range shipped(t) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.Lines(string(content)) {
			line = strings.TrimSuffix(line, "\n")
			indent := len(line) - len(strings.TrimLeft(line, " "))
			// Twice the indentation, blank lines, and spaces behind.
			line = strings.Repeat(" ", indent) + line
			switch r.IntN(12) {
			case 0:
				line += "  "
			case 1:
				line += "\n"
			case 2:
				line += "\n" + strings.Repeat(" ", r.IntN(2*indent+1)) + "# 注"
			}
			lines = append(lines, line)
		}
		in := strings.Join(lines, "\n")
		before, list := yamldoc.Parse(source.New(file, []byte(in)))
		if before == nil || list.HasErrors() {
			// The disorder tore a text apart.
			continue
		}
		got := format(t, file, in)
		if again := format(t, file, got); again != got {
			t.Errorf("%s: a second time: %s", file, cmp.Diff(got, again))
		}
		if strings.Count(got, "# 注") != strings.Count(in, "# 注") {
			t.Errorf("%s: %d comments, %d before", file, strings.Count(got, "# 注"), strings.Count(in, "# 注"))
		}
	}
}

func FuzzFormat(f *testing.F) {
	for _, seed := range []string{
		"a: 1\n", "- a: >-\n    x\n  b: [1, {c: d}]\n", "# x\na:\n  - b # y\n  - - c\n", "a: |+\n  x\n\n\nb: 'y\n  z'\n",
		"{a: [b, \"c\\\n  d\"], e}", "? a\n: b\n", "a: |2-\n    x\n   y\n", "a:\n|2-\n    x\n   y ", "---\na: # b\n- c\n...\n", "a: !t b\n", "[a: b, c]\n", "a:\n  b\n  c\nd: \"\\ \n e\"\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		root, list := yamldoc.Parse(source.New("x.yaml", []byte(content)))
		out, faults, err := Format(source.New("x.yaml", []byte(content)))
		// Nothing is handed out of what would change: files that look like no pack and no dataset may be refused so.
		if errors.Is(err, ErrMeaning) {
			return
		}
		if err != nil {
			t.Fatalf("%v: %q", err, content)
		}
		if out == nil {
			if !faults.HasErrors() {
				t.Fatalf("nothing of %q", content)
			}
			return
		}
		if root == nil || list.HasErrors() {
			t.Fatalf("%q has faults and is written as %q", content, out)
		}
		again, _, err := Format(source.New("x.yaml", out))
		if err != nil || string(again) != string(out) {
			t.Fatalf("%q becomes %q, and a second time %q (%v)", content, out, again, err)
		}
	})
}
