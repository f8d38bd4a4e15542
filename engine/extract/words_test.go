package extract

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

func TestShippedWords(t *testing.T) {
	for name, words := range ShippedWords().lists() {
		if len(*words) == 0 {
			t.Errorf("words.yaml has no list %s", name)
		}
		for i, w := range *words {
			if i > 0 && len(w) > len((*words)[i-1]) {
				t.Errorf("%s: %s stands behind a shorter word", name, w)
			}
			if folded := (&Words{simple: simplified()}).Fold(w); folded != w {
				t.Errorf("%s: %s is compared with folded text, in which it is %s", name, w, folded)
			}
		}
	}
}

func TestTraditional(t *testing.T) {
	seen := map[rune]bool{}
	simple := simplified()
	for pair := range strings.FieldsSeq(traditional) {
		if utf8.RuneCountInString(pair) != 2 {
			t.Fatalf("%q is no pair", pair)
		}
		from, _ := utf8.DecodeRuneInString(pair)
		if seen[from] {
			t.Errorf("%c stands twice", from)
		}
		seen[from] = true
		if again, ok := simple[simple[from]]; ok {
			t.Errorf("%c becomes %c, which becomes %c", from, simple[from], again)
		}
	}
}

func TestAddWords(t *testing.T) {
	w := ShippedWords()
	read := func() []Fact {
		doc := &document.Document{Blocks: []document.Block{{Kind: document.Paragraph, Text: document.Text{S: "收苹果3筐，"}}}}
		return Read(doc, w).Facts
	}
	if facts := read(); len(facts) != 0 {
		t.Fatalf("筐 is a unit already: %v", facts)
	}
	problems := w.Add(source.New("more.yaml", []byte("counts: [筐]\nfruit: [苹果]\nmoney: 镑\nscore: [[分]]\n")))
	var codes []diag.Code
	for _, p := range problems {
		codes = append(codes, p.Code)
	}
	if want := []diag.Code{diag.UnknownKey, diag.WantList, diag.WantText}; !slices.Equal(codes, want) {
		t.Errorf("lists that nothing reads, and what is none: %v, want %v", codes, want)
	}
	for _, wrong := range []string{"- 筐\n", "筐\n"} {
		if problems := ShippedWords().Add(source.New("more.yaml", []byte(wrong))); !problems.HasErrors() {
			t.Errorf("%q is taken for words", wrong)
		}
	}
	if facts := read(); len(facts) != 1 || facts[0].Unit != "筐" || facts[0].Subject != "收苹果" {
		t.Errorf("with a pack's words the reading is %v", facts)
	}
}
