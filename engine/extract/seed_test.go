package extract

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/text"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

// labelled is a reading whose facts are the figures labelled by hand, for tests of what comes after the grammar.
func labelled(t *testing.T, report, figures string) *Reading {
	t.Helper()
	content, err := os.ReadFile(report)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here: reports lie beside the project", report)
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := text.Read(context.Background(), source.New(report, content), document.Usual)
	blocks := map[int]int{}
	for i, b := range doc.Blocks {
		blocks[b.Text.At(0).Line] = i
	}
	f, err := os.Open(figures)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := &Reading{Document: doc}
	section := ""
	for _, row := range rows[1:] {
		line, _ := strconv.Atoi(row[0])
		column, _ := strconv.Atoi(row[1])
		block, ok := blocks[line]
		if !ok {
			t.Fatalf("line %d is blank", line)
		}
		if row[8] != section {
			section = row[8]
			r.Headings = append(r.Headings, Heading{Level: 1, Title: section, Place: source.Place{Line: line, Column: 1}, Block: block})
		}
		if row[5] == "date" || row[5] == "threshold" {
			continue
		}
		p, err := number.Parse(row[3])
		if err != nil {
			t.Fatal(err)
		}
		s := doc.Blocks[block].Text.S
		from := len(string([]rune(s)[:column-1]))
		before := s[:from]
		reason := strings.LastIndex(before, "原因：") > strings.LastIndex(before, "；")
		r.Facts = append(r.Facts, Fact{
			Text: row[2], Value: p.Value, Unit: row[4], Measure: Measure(row[5]), Subject: row[6], Basis: row[7], Section: []string{section},
			Place: source.Place{Line: line, Column: column}, Block: block, From: from, To: from + len(row[2]), Row: -1, Col: -1,
			Base: -1, Total: -1, Reason: reason && !slices.Contains([]string{"97.87"}, row[2]),
		})
	}
	return r
}
