package csv

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/reader/chunk"
)

// datasets are those of the pieces of a text: their lines, and what they say.
func datasets(f *file, pieces ...chunk.Chunk) []string {
	var all []string
	for _, c := range pieces {
		for r := range (&Piece{file: f, Chunk: c}).Records() {
			one := fmt.Sprint(r.Line, r.List)
			if r.Row != nil {
				one += fmt.Sprint(r.Row.Cells, r.Row.Figures)
			}
			all = append(all, one)
		}
	}
	return all
}

// Wherever a text is cut, its datasets are the same: line breaks between quotes do not end them, nor do rows of one long
// dataset.
func TestCut(t *testing.T) {
	for _, text := range []string{
		"entity,period,合计\n甲,1,5\n乙,1,\"5\"\n\"丙\n\n丁\",1,\"a\"\"\n,\n\"\"b\"\n戊,1,5\r\n\n己,1,5",
		"entity,period,field,value\n甲,1,a,5\n甲,1,b,\"5\n6\"\n乙,1,a,5\n\n乙,1,b,5\n丙,1\n丙,1,a,5\n丁,1,a,5",
	} {
		f := &file{path: "x.csv"}
		in, err := f.begin(strings.NewReader(text), false)
		if err != nil || f.head == nil {
			t.Fatal(err, f.list)
		}
		rest, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		want := datasets(f, chunk.Chunk{Content: rest})
		if len(want) < 4 {
			t.Errorf("only %q", want)
		}
		cuts := map[int]bool{}
		for i := range rest {
			n := f.last(rest[:i])
			cuts[n] = true
			got := datasets(f, chunk.Chunk{Content: rest[:n]}, chunk.Chunk{Content: rest[n:], Before: strings.Count(string(rest[:n]), "\n")})
			if !slices.Equal(got, want) {
				t.Errorf("cut at %d of %d:\n%q, want\n%q", n, i, got, want)
			}
		}
		if len(cuts) < 3 {
			t.Errorf("cut only at %v", cuts)
		}
	}
}

// A quote that is never closed takes no more than its row, however long the text is.
func TestOpenQuote(t *testing.T) {
	text := "entity,period,合计\n甲,1,\"5\n" + strings.Repeat("乙,1,5\n", 400_000)
	rows, faults := 0, 0
	for p, err := range Read("x.csv", strings.NewReader(text), false, nil) {
		if err != nil {
			t.Fatal(err)
		}
		for r := range p.Records() {
			if rows++; r.List != nil {
				if faults++; r.Line != 2 {
					t.Errorf("%d: %v", r.Line, r.List)
				}
			}
		}
	}
	if rows != 400_001 || faults != 1 {
		t.Errorf("%d rows, %d faults", rows, faults)
	}
}
