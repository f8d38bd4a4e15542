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

// paragraph is a document of one paragraph that begins in line 1, column 1.
func paragraph(s string) *document.Document {
	var t document.Text
	for i, line := range strings.SplitAfter(s, "\n") {
		t.Append(document.Text{S: line, Marks: []document.Mark{{Place: source.Place{Line: i + 1, Column: 1}}}})
	}
	return &document.Document{Blocks: []document.Block{{Kind: document.Paragraph, Text: t}}}
}

// told writes facts in the form of the test file.
func told(facts []extract.Fact) string {
	var b strings.Builder
	for _, f := range facts {
		subject := f.Subject
		if subject == "" {
			subject = "-"
		}
		fmt.Fprintf(&b, "%s | %s | %s | %s", f.Value, f.Unit, f.Measure, subject)
		if f.Basis != "" {
			fmt.Fprintf(&b, " | %s", f.Basis)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// sentences are those of the test file, and the rows wanted for each.
func sentences(t testing.TB) (texts, wants []string) {
	content, err := os.ReadFile("testdata/sentences.txt")
	if err != nil {
		t.Fatal(err)
	}
	for entry := range strings.SplitSeq(string(content), "\n\n") {
		text, rows, _ := strings.Cut(strings.TrimSpace(entry), "\n")
		if !strings.HasPrefix(text, "> ") {
			continue
		}
		if rows != "" {
			rows += "\n"
		}
		texts = append(texts, strings.ReplaceAll(text[2:], "⏎", "\n"))
		wants = append(wants, rows)
	}
	return texts, wants
}

func TestSentences(t *testing.T) {
	w := extract.ShippedWords()
	texts, wants := sentences(t)
	if len(texts) < 60 {
		t.Fatalf("only %d sentences", len(texts))
	}
	for i, s := range texts {
		got := told(extract.Read(paragraph(s), w).Facts)
		if diff := cmp.Diff(strings.ReplaceAll(wants[i], "  ", " "), got); diff != "" {
			t.Errorf("%s\n%s", s, diff)
		}
	}
}
