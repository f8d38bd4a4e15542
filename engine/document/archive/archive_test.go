package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
)

func zipped(t *testing.T, names ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(name))
	}
	z.Close()
	return out.Bytes()
}

// TestNames: nothing that leads out of the archive, or could stand for another file, is opened.
func TestNames(t *testing.T) {
	for _, names := range [][]string{
		{"../x"}, {"/x"}, {"a/../../x"}, {`a\x`}, {"C:x"}, {"a//x"}, {"./x"}, {"a\x00"}, {"word/a.xml", "WORD/A.xml"},
	} {
		_, err := archive.Open(context.Background(), zipped(t, names...), document.Usual)
		var f *archive.Fault
		if !errors.As(err, &f) || f.Code != diag.DocumentUnsafe || !archive.Fatal(err) {
			t.Errorf("%q: %v", names, err)
		}
	}
	a, err := archive.Open(context.Background(), zipped(t, "word/", "word/文档.xml"), document.Usual)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := a.Read("Word/文档.xml"); err != nil || string(s) != "word/文档.xml" {
		t.Errorf("%q, %v", s, err)
	}
}

// TestRelations: parts lie within the file, wherever their names lead.
func TestRelations(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, _ := z.Create("word/_rels/a.xml.rels")
	w.Write([]byte(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
		<Relationship Id="1" Type="x/chart" Target="../../../../etc/passwd"/><Relationship Id="2" Type="x/image" Target="http://example.invalid/" TargetMode="External"/>
		<Relationship Id="3" Type="x/styles" Target="s.xml"/></Relationships>`))
	z.Close()
	a, err := archive.Open(context.Background(), out.Bytes(), document.Usual)
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Relations("word/a.xml")
	if err != nil || r["1"].Part != "etc/passwd" || r["2"].Part != "" || r["3"].Part != "word/s.xml" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestLanguages: what is wrong, and why, is told in the language of the message.
func TestLanguages(t *testing.T) {
	limits := document.Usual
	limits.Depth = 3
	x := archive.NewXML(context.Background(), "a.xml", []byte(strings.Repeat("<a>", 9)), limits)
	var err error
	for err == nil {
		_, err = x.Root()
	}
	d := archive.Diagnose("公开.docx", err)
	if zh, en := d.Message(diag.Chinese), d.Message(diag.English); !strings.Contains(zh, "3 层嵌套") || !strings.Contains(en, "3 levels") {
		t.Errorf("%s / %s", zh, en)
	}
	left := diag.New(diag.DocumentOmitted, d.Span, "a.xml", archive.Why(err))
	if zh := left.Message(diag.Chinese); !strings.Contains(zh, "文档超出限制") {
		t.Error(zh)
	}
}
