package yamldoc_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// difference says where two trees differ; "" when they do not.
func difference(a, b *yamldoc.Node) string {
	switch {
	case a.Kind != b.Kind || a.Style != b.Style || a.Null != b.Null || a.Value != b.Value || a.Tag != b.Tag ||
		a.Span.Start != b.Span.Start || a.Span.End != b.Span.End || yamldoc.Body(a) != yamldoc.Body(b) ||
		yamldoc.Exact(a) != yamldoc.Exact(b):
		return fmt.Sprintf("%s %d %q %d–%d (%t %t %d) is %s %d %q %d–%d (%t %t %d)",
			a.Kind, a.Style, a.Value, a.Span.Start, a.Span.End, a.Null, yamldoc.Exact(a), yamldoc.Body(a),
			b.Kind, b.Style, b.Value, b.Span.Start, b.Span.End, b.Null, yamldoc.Exact(b), yamldoc.Body(b))
	case len(a.Entries) != len(b.Entries) || len(a.Items) != len(b.Items):
		return fmt.Sprintf("%d entries and %d items are %d and %d", len(a.Entries), len(a.Items), len(b.Entries), len(b.Items))
	}
	for i := range a.Entries {
		if d := difference(a.Entries[i].Key, b.Entries[i].Key); d != "" {
			return d
		}
		if d := difference(a.Entries[i].Value, b.Entries[i].Value); d != "" {
			return d
		}
	}
	for i := range a.Items {
		if d := difference(a.Items[i], b.Items[i]); d != "" {
			return d
		}
	}
	return ""
}

// sameAsYAML3 compares what is read directly with what yaml.v3 reads, and reports whether the file was read directly.
func sameAsYAML3(t *testing.T, content string) bool {
	t.Helper()
	direct := yamldoc.ReadDirect(source.New("test.yaml", []byte(content)))
	if direct == nil {
		return false
	}
	root, list := yamldoc.ParseWithYAML3(source.New("test.yaml", []byte(content)))
	if len(list) > 0 || root == nil {
		t.Errorf("%q was read directly; yaml.v3 finds fault: %v", content, list)
		return true
	}
	if d := difference(direct, root); d != "" {
		t.Errorf("%q: directly %s", content, d)
	}
	return true
}

// TestDirectReadsShippedFiles: the packs, their tests and the datasets do not need yaml.v3.
func TestDirectReadsShippedFiles(t *testing.T) {
	n := 0
	for _, root := range []string{"../../rules", "../../datasets", "../extract"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".yaml" {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if n++; !sameAsYAML3(t, string(content)) {
				t.Errorf("%s was left to yaml.v3", path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 20 {
		t.Errorf("only %d files", n)
	}
}

// fragments of YAML that is read directly, and of YAML that is not.
var fragments = []string{
	"a", "b", "键", "值，", "1.50", "-1", "~", "null", "- ", "- - ", "-", ": ", ": ", ":", ":\n", "\n", "\n", "\n  ", "\n    ", "\n\n", "\n- ", "\n  - ",
	" ", "  ", " # c", "#", "\n# c\n", "\n  # c\n  ", "[", "]", "{", "}", ", ", ",", "{a: 1, b: [x, y]}", "[a, {b: c}]", "'x'", "''", "'it''s'", "\"x\"",
	`"a\"b"`, `"\n"`, `"\x41"`, "\"a \\\n  b\\\n\n c\"", "\"x\n y\"", "'x\n\n y'", ">-\n", "|\n", ">\n  a\n  b\n", "|+\n    x\n\n", ">-\n    a\n\n    b\n     c\n    d\n", "|2\n", "&a ", "*a",
	"!t ", "? ", "%", "@", "`", "<<", "---", "...", "\t", "\r\n", "\u0085", "\u2028", "\uFEFF", "a: 1\n", "b: 2\n", "c:\n", "c:\n  d: x\n", "c:\n- d\n- e: f\n  g: h\n", "x y z", "a#b", "a:b",
}

// TestDirectOnRandomText puts fragments together at random.
func TestDirectOnRandomText(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	read := 0
	for range 100000 {
		var b strings.Builder
		for range 1 + rng.IntN(8) {
			b.WriteString(fragments[rng.IntN(len(fragments))])
		}
		if sameAsYAML3(t, b.String()) {
			read++
		}
		if t.Failed() {
			return
		}
	}
	if read < 5000 {
		t.Errorf("only %d texts were read directly", read)
	}
}

// TestDirectOnDamagedFiles changes, drops and doubles pieces of files as people write them.
func TestDirectOnDamagedFiles(t *testing.T) {
	var texts []string
	for _, name := range []string{"../../rules/juesuan/sangong.yaml", "../../rules/juesuan/schema.yaml", "../../rules/juesuan/funds_test.yaml", "../../rules/juesuan/pack.yaml"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(content))
	}
	rng := rand.New(rand.NewPCG(5, 6))
	read, left := 0, 0
	for range 6000 {
		text := texts[rng.IntN(len(texts))]
		lines := strings.SplitAfter(text, "\n")
		from := rng.IntN(len(lines))
		text = strings.Join(lines[from:min(len(lines), from+1+rng.IntN(25))], "")
		for range 1 + rng.IntN(3) {
			i, j := rng.IntN(len(text)+1), rng.IntN(len(text)+1)
			switch i, j = min(i, j), max(i, j); rng.IntN(4) {
			case 0:
				text = text[:i] + fragments[rng.IntN(len(fragments))] + text[i:]
			case 1:
				text = text[:i] + text[min(i+1+rng.IntN(4), len(text)):]
			case 2:
				text = text[:j] + text[i:min(j, i+8)] + text[j:]
			case 3:
				text = text[:j]
			}
		}
		if sameAsYAML3(t, text) {
			read++
		} else {
			left++
		}
		if t.Failed() {
			return
		}
	}
	if read < 500 || left < 500 {
		t.Errorf("%d texts were read directly, %d were not", read, left)
	}
}

// FuzzDirect holds that what is read directly is what yaml.v3 reads, with the same places.
func FuzzDirect(f *testing.F) {
	for _, seed := range []string{
		"a: 1\nb: [x, {y: z}]\n", "a: >-\n  b\n  c\n", "- a: 'it''s'\n  b: \"x\\n\"\n", "a:\n- b\n-\n- - c\n  - d\n", "# c\na: b # d\n  # e\nf:\n",
		"{a: , b: [], 'c':1,\n  d: e\n f}", "a: |+\n x\n\n  y\n \n\nb: z", "- {名称: 鄂尔多斯 @19:2, 金额: 1,234.50 @20:2}\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		if len(content) <= 4<<10 {
			sameAsYAML3(t, content)
		}
	})
}

// BenchmarkParse reads a shipped pack and a dataset, directly and with yaml.v3.
func BenchmarkParse(b *testing.B) {
	readers := []struct {
		name string
		read func(*source.File) (*yamldoc.Node, diag.List)
	}{{"direct", yamldoc.Parse}, {"yaml3", yamldoc.ParseWithYAML3}}
	for _, kind := range []struct{ name, pattern string }{{"pack", "../../rules/juesuan/*.yaml"}, {"dataset", "../../datasets/*/2023.yaml"}} {
		files, size := [][]byte(nil), 0
		names, _ := filepath.Glob(kind.pattern)
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				b.Fatal(err)
			}
			files, size = append(files, content), size+len(content)
		}
		for _, r := range readers {
			b.Run(kind.name+"/"+r.name, func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					for _, content := range files {
						r.read(source.New("test.yaml", content))
					}
				}
			})
		}
	}
}
