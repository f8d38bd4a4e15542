package extract_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/source"
)

const linksFile = "testdata/links.txt"

// linked writes facts with what ties them to others, and notes.
func linked(r *extract.Reading) string {
	var b strings.Builder
	for i, f := range r.Facts {
		fmt.Fprintf(&b, "%d: %s%s %s %s", i, f.Value, f.Unit, f.Measure, f.Subject)
		if f.Basis != "" {
			fmt.Fprintf(&b, " 比 %s", f.Basis)
		}
		if f.Base >= 0 {
			fmt.Fprintf(&b, ", of %d", f.Base)
		}
		if f.Total >= 0 {
			fmt.Fprintf(&b, ", part of %d", f.Total)
		}
		for _, flag := range []struct {
			set  bool
			name string
		}{{f.Open, "open"}, {f.Reason, "reason"}, {f.About, "about"}} {
			if flag.set {
				b.WriteString(", " + flag.name)
			}
		}
		if len(f.Section) > 0 {
			fmt.Fprintf(&b, " [%s]", strings.Join(f.Section, " › "))
		}
		b.WriteByte('\n')
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "%s: %s | %s", n.Kind, n.Text, n.Subject)
		if n.Basis != "" {
			fmt.Fprintf(&b, " 比 %s", n.Basis)
		}
		if n.Base >= 0 {
			fmt.Fprintf(&b, ", of %d", n.Base)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestLinks reads the documents of the file: lines that begin with "> " are paragraphs; what is read of them follows.
func TestLinks(t *testing.T) {
	content, err := os.ReadFile(linksFile)
	if err != nil {
		t.Fatal(err)
	}
	w := extract.ShippedWords()
	var out strings.Builder
	for i, entry := range strings.Split(strings.TrimSpace(string(content)), "\n\n") {
		if i > 0 {
			out.WriteByte('\n')
		}
		doc := &document.Document{}
		want := ""
		for n, line := range strings.Split(entry, "\n") {
			text, ok := strings.CutPrefix(line, "> ")
			if !ok {
				if !strings.HasPrefix(line, "#") {
					want += line + "\n"
				} else {
					out.WriteString(line + "\n")
				}
				continue
			}
			out.WriteString(line + "\n")
			doc.Blocks = append(doc.Blocks, document.Block{Kind: document.Paragraph, Text: document.Text{
				S: text, Marks: []document.Mark{{Place: source.Place{Line: n + 1, Column: 1}}},
			}})
		}
		if len(doc.Blocks) == 0 {
			continue
		}
		got := linked(extract.Read(doc, w))
		out.WriteString(got)
		if diff := cmp.Diff(want, got); diff != "" && os.Getenv("UPDATE_GOLDEN") == "" {
			t.Errorf("%s\n%s", doc.Blocks[0].Text.S, diff)
		}
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(linksFile, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
