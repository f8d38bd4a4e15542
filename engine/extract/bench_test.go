package extract_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/text"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/source"
)

// BenchmarkRead reads a report of about thirty pages: the sentences of the test file, forty times.
func BenchmarkRead(b *testing.B) {
	texts, _ := sentences(b)
	content := strings.Repeat(strings.Join(texts, "\n")+"\n", 8)
	if report, err := os.ReadFile(filepath.Join(shared, "seed/report.txt")); err == nil {
		content = string(report)
	}
	doc, _ := text.Read(context.Background(), source.New("report.txt", []byte(content)), document.Usual)
	w := extract.ShippedWords()
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		extract.Read(doc, w)
	}
}

func BenchmarkWords(b *testing.B) {
	for b.Loop() {
		extract.ShippedWords()
	}
}
