package report_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

// golden compares got with testdata/name; UPDATE_GOLDEN=1 rewrites the file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); UPDATE_GOLDEN=1 rewrites it\n%s", name, diff)
	}
}

func render(t *testing.T, format string, r *finding.Report, o report.Options) string {
	t.Helper()
	f, ok := report.Lookup(format)
	if !ok {
		t.Fatalf("no format %q", format)
	}
	var out bytes.Buffer
	if err := f.Write(&out, r, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFormats(t *testing.T) {
	names := report.Names()
	if len(names) != len(report.Formats) {
		t.Fatalf("%d names for %d formats", len(names), len(report.Formats))
	}
	for i, f := range report.Formats {
		if slices.Index(names, f.Name) != i {
			t.Errorf("name %q stands twice or not at all in %q", f.Name, names)
		}
		if f.Doc.In("zh") == "" || f.Doc.In("en") == "" {
			t.Errorf("%s: help is missing in one language", f.Name)
		}
		if got, ok := report.Lookup(f.Name); !ok || got.Name != f.Name {
			t.Errorf("Lookup(%q) = %q, %v", f.Name, got.Name, ok)
		}
	}
	if _, ok := report.Lookup("Table"); ok {
		t.Error("Lookup knows a format that does not exist")
	}
}

// full is a disk that takes so many bytes and no more.
type full struct{ left int }

var errFull = errors.New("disk full")

func (w *full) Write(p []byte) (int, error) {
	if len(p) > w.left {
		n := w.left
		w.left = 0
		return n, errFull
	}
	w.left -= len(p)
	return len(p), nil
}

func TestWriteErrors(t *testing.T) {
	for _, f := range report.Formats {
		t.Run(f.Name, func(t *testing.T) {
			r := realistic()
			size := len(render(t, f.Name, r, report.Options{}))
			for n := range size {
				// Every place near the ends, a sample in between.
				if n > 20 && n < size-20 && n%(size/20) != 0 {
					continue
				}
				// A workbook is written in one go.
				if f.Binary && n > 0 && n != size/2 && n != size-1 {
					continue
				}
				if err := f.Write(&full{n}, r, report.Options{}); !errors.Is(err, errFull) {
					t.Fatalf("%d of %d bytes written, error %v", n, size, err)
				}
			}
			if err := f.Write(&full{size}, r, report.Options{}); err != nil {
				t.Errorf("with just enough space: %v", err)
			}
		})
	}
}

func TestSameReportSameBytes(t *testing.T) {
	for _, f := range report.Formats {
		r := realistic()
		want := render(t, f.Name, r, report.Options{Lang: "zh"})
		for range 5 {
			if got := render(t, f.Name, r, report.Options{Lang: "zh"}); got != want {
				t.Fatalf("%s: output differs from run to run:\n%s", f.Name, cmp.Diff(want, got))
			}
		}
		if diff := cmp.Diff(realistic(), r); diff != "" {
			t.Errorf("%s changes the report:\n%s", f.Name, diff)
		}
	}
}

func TestEmptyReport(t *testing.T) {
	for _, f := range report.Formats {
		got := render(t, f.Name, &finding.Report{}, report.Options{})
		if !strings.HasSuffix(got, "\n") && got != "" && !f.Binary {
			t.Errorf("%s: last line has no end: %q", f.Name, got)
		}
	}
}
