package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine"
)

// TestPackPages holds the page of each shipped pack against the pack. UPDATE_GOLDEN=1 writes it anew. A pack that extends
// another has a page written by hand: the rules that it takes over have theirs.
func TestPackPages(t *testing.T) {
	for _, name := range engine.Shipped().Names() {
		t.Run(name, func(t *testing.T) {
			head, err := os.ReadFile(filepath.Join("..", "..", "rules", name, "pack.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(head, []byte("\nextends:")) {
				t.Skip("it extends another pack")
			}
			var out, errs bytes.Buffer
			a := &app{stdout: &out, stderr: &errs}
			if s := a.main(context.Background(), []string{"list", name, "-f", "markdown", "--lang", "zh"}); s != success {
				t.Fatalf("status %d, stderr %q", s, errs.String())
			}
			path := filepath.Join("..", "..", "rules", name, "README.md")
			if os.Getenv("UPDATE_GOLDEN") != "" {
				if err := os.WriteFile(path, out.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			page, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(out.String(), string(page)); diff != "" {
				t.Errorf("%s is not what the pack says now (-want +got); UPDATE_GOLDEN=1 rewrites it\n%s", path, diff)
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	for _, c := range []struct{ text, plain, code, fenced string }{
		{"合计 1.00", "合计 1.00", "`合计 1.00`", "```text\n合计 1.00```\n"},
		{"a|b <i> *x* _y_ [z](u) #1 \\ ~ & $", `a\|b \<i\> \*x\* \_y\_ \[z\](u) \#1 \\ \~ \& \$`, "`a|b <i> *x* _y_ [z](u) #1 \\ ~ & $`",
			"```text\na|b <i> *x* _y_ [z](u) #1 \\ ~ & $```\n"},
		{"`a` ```b", "\\`a\\` \\`\\`\\`b", "```` `a` ```b ````", "````text\n`a` ```b````\n"},
		{"a\nb\x1b", "a b\ufffd", "`a\nb\x1b`", "```text\na\nb\x1b```\n"},
	} {
		if got := markdown(c.text); got != c.plain {
			t.Errorf("%q as text is %s, want %s", c.text, got, c.plain)
		}
		if got := code(c.text); got != c.code {
			t.Errorf("%q as code is %s, want %s", c.text, got, c.code)
		}
		if got := fenced(c.text); got != c.fenced {
			t.Errorf("%q in a fence is %s, want %s", c.text, got, c.fenced)
		}
	}
}
