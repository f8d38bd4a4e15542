package reader_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/doctest"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/source"
)

// TestConverted reads a document of an older program as what another program makes of it.
func TestConverted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the other program is a shell script")
	}
	var l document.Lines
	l.Grid(document.Table, &document.Grid{Rows: 1, Cols: 2, Name: "收入表", Cells: []document.Cell{
		{RowSpan: 1, ColSpan: 1, Text: document.Text{S: "水费"}}, {Col: 1, RowSpan: 1, ColSpan: 1, Text: document.Text{S: "12.50"}},
	}})
	dir := t.TempDir()
	made, program := filepath.Join(dir, "made"), filepath.Join(dir, "soffice")
	script := fmt.Sprintf("#!/bin/sh\nwhile [ \"$1\" != --outdir ]; do shift; done\nmkdir \"$2\" && cp '%s' \"$2/document.xlsx\"\n", made)
	for name, content := range map[string]string{made: string(doctest.Xlsx(&l.Document)), program: script} {
		if err := os.WriteFile(name, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	const old = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	// The name tells nothing.
	d, list := reader.Document(context.Background(), source.New("表.txt", []byte(old+"W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00\x00\x00")), document.Usual)
	if d == nil || len(list) > 0 {
		t.Fatal(list)
	}
	if want := "水费\t12.50\n"; d.Text() != want || d.Path != "表.txt" {
		t.Errorf("%s holds %q, want %q", d.Path, d.Text(), want)
	}
	if err := os.WriteFile(made, []byte("else"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, list = reader.Document(context.Background(), source.New("表.et", []byte(old+"B\x00o\x00o\x00k\x00\x00\x00")), document.Usual)
	if d != nil || len(list) != 1 || list[0].Code != diag.DocumentConverted {
		t.Errorf("what is no document was read: %v", list)
	}
}
