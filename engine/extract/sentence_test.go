package extract_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

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
		if diff := cmp.Diff(wants[i], got); diff != "" {
			t.Errorf("%s\n%s", s, diff)
		}
	}
}

// FuzzSentences: reading never fails, what a fact says stands at its place, and facts only point at facts.
func FuzzSentences(f *testing.F) {
	w := extract.ShippedWords()
	texts, _ := sentences(f)
	for _, s := range texts {
		f.Add(s)
	}
	for _, s := range []string{"", "（", "）5万元", "(((5万元", "其中：", "比5", "占%", "1.1.1", "5万元（其中", "-5%，-", "⒈5万元", "由5万元", "分别为5", "与5万元相比", "＝0元"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("no text")
		}
		doc := paragraph(s)
		r := extract.Read(doc, w)
		check(t, doc.Blocks[0].Text, r)
	})
}

// check reports what is wrong with a reading of one paragraph, whatever it says.
func check(t *testing.T, text document.Text, r *extract.Reading) {
	t.Helper()
	for i, f := range r.Facts {
		if f.From < 0 || f.To > len(text.S) || f.From >= f.To {
			t.Fatalf("fact %d at [%d, %d) of %d bytes", i, f.From, f.To, len(text.S))
		}
		if printed := strings.Join(strings.Fields(text.S[f.From:f.To]), ""); strings.Join(strings.Fields(f.Text), "") != printed {
			t.Fatalf("fact %d is %q, but %q stands there", i, f.Text, printed)
		}
		if f.Place != text.At(f.From) {
			t.Fatalf("fact %d at %v, which is not %v", i, f.Place, text.At(f.From))
		}
		if f.Base >= len(r.Facts) || f.Total >= len(r.Facts) || f.Base == i || f.Total == i {
			t.Fatalf("fact %d of base %d and total %d", i, f.Base, f.Total)
		}
	}
	for i, n := range r.Notes {
		if n.From < 0 || n.To > len(text.S) || n.From >= n.To || n.Place != text.At(n.From) || n.Base >= len(r.Facts) {
			t.Fatalf("note %d %q at [%d, %d), %v, of fact %d", i, n.Text, n.From, n.To, n.Place, n.Base)
		}
	}
}

// TestForms: how characters are written changes nothing of what is read.
func TestForms(t *testing.T) {
	w := extract.ShippedWords()
	wide := func(s string) string {
		return strings.Map(func(r rune) rune {
			if '!' <= r && r <= '~' {
				return r - '!' + '！'
			}
			return r
		}, s)
	}
	spaced := func(s string) string {
		var b strings.Builder
		runes := []rune(s)
		for i, r := range runes {
			b.WriteRune(r)
			// Spaces between digits part numbers, and behind a full stop one may number a heading.
			if i+1 < len(runes) && unicode.Is(unicode.Han, r) != unicode.Is(unicode.Han, runes[i+1]) {
				b.WriteByte(' ')
			}
		}
		return b.String()
	}
	plain := func(facts []extract.Fact) string { return w.Fold(strings.ReplaceAll(told(facts), "\n", ";")) }
	texts, _ := sentences(t)
	for _, s := range texts {
		s = strings.ReplaceAll(s, "\n", "")
		if strings.ContainsAny(s, "(.@") && strings.ContainsAny(s, "ù/") {
			continue
		}
		want := plain(extract.Read(paragraph(s), w).Facts)
		for _, form := range []func(string) string{wide, spaced} {
			if got := plain(extract.Read(paragraph(form(s)), w).Facts); got != want {
				t.Errorf("%s\n%s", form(s), cmp.Diff(want, got))
			}
		}
	}
}
