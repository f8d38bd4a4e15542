package yaml_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/reader/yaml"
	"github.com/gouji/gouji/engine/source"
)

func TestSplit(t *testing.T) {
	for content, want := range map[string]string{
		"":                           "0:",
		"a: 1\n":                     "0:a: 1\n",
		"# x\n---\na: 1\n":           "0:# x\n---\na: 1\n",
		"a: 1\n---\nb: 2":            "0:a: 1\n|1:---\nb: 2",
		"---\na: 1\n---\r\nb: 2\n":   "0:---\na: 1\n|2:---\r\nb: 2\n",
		"--- {a: 1}\n--- {b: 2}\n":   "0:--- {a: 1}\n|1:--- {b: 2}\n",
		"a: 1\n---\n---\n# x\n":      "0:a: 1\n",
		"a: 1\n...\n---\nb: 2\n":     "0:a: 1\n...\n|2:---\nb: 2\n",
		"a: |\n  ---\n  x\nb: ---\n": "0:a: |\n  ---\n  x\nb: ---\n",
		"---a: 1\n----\n":            "0:---a: 1\n----\n",
		"%YAML 1.2\n---\na: 1\n":     "0:%YAML 1.2\n---\na: 1\n",
		"# nothing\n":                "0:# nothing\n",
	} {
		var got []string
		for _, c := range yaml.Split([]byte(content)) {
			got = append(got, fmt.Sprint(c.Before, ":", string(c.Content)))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q is split into %q, want %q", content, strings.Join(got, "|"), want)
		}
	}
}

// FuzzSplit: each document reads as it does within the file, as far as one of its own does.
func FuzzSplit(f *testing.F) {
	f.Add("a: 1\n---\nb: |\n  x\n---\n- c\n")
	f.Add("--- {a: 1}\n--- 'x\n  y'\n")
	f.Fuzz(func(t *testing.T, content string) {
		parts := yaml.Split([]byte(content))
		if len(parts) == 1 {
			if string(parts[0].Content) != content && string(parts[0].Content)+content[len(parts[0].Content):] != content {
				t.Fatalf("%q becomes %q", content, parts[0].Content)
			}
			return
		}
		lines := strings.SplitAfter(content, "\n")
		for _, p := range parts {
			if want := strings.Join(lines[p.Before:], ""); !strings.HasPrefix(want, string(p.Content)) {
				t.Fatalf("%q: behind %d lines stands no %q", content, p.Before, p.Content)
			}
			file := &source.File{Path: "x.yaml", Content: p.Content, Before: p.Before}
			if doc, _ := yaml.Read(file); doc != nil && doc.Span.Position().Line <= p.Before {
				t.Fatalf("%q: a document behind %d lines begins in line %d", content, p.Before, doc.Span.Position().Line)
			}
		}
	})
}
