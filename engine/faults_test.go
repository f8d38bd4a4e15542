package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/sample"
)

// odd is files one of which opens as it likes.
type odd struct {
	fstest.MapFS
	name string
	open func() (fs.File, error)
}

func (o odd) Open(name string) (fs.File, error) {
	if name == o.name {
		return o.open()
	}
	return o.MapFS.Open(name)
}

// large is a file of a gigabyte that nobody should read to its end.
type large struct {
	t *testing.T
	fs.File
	text io.Reader
	// sized: it tells how large it is.
	sized bool
	read  int64
}

func (l *large) Stat() (fs.FileInfo, error) {
	info, err := l.File.Stat()
	if l.sized {
		info = gigabyte{info}
	}
	return info, err
}

func (l *large) Read(p []byte) (int, error) {
	n, err := l.text.Read(p)
	if l.read += int64(n); l.read > 300<<20 {
		l.t.Error("it is read on and on")
		return 0, io.EOF
	}
	return n, err
}

type gigabyte struct{ fs.FileInfo }

func (gigabyte) Size() int64 { return 1 << 30 }

// codes are what a sink was told.
type codes struct {
	counting
	all        []diag.Code
	places     []string
	unreadable []error
}

func (c *codes) Wrong(list diag.List) error {
	for _, d := range list {
		place, _, _ := strings.Cut(d.String(), ": ")
		c.all, c.places = append(c.all, d.Code), append(c.places, place)
	}
	return nil
}

func (c *codes) Unreadable(err error) error {
	c.unreadable = append(c.unreadable, err)
	return nil
}

// TestLarge: a dataset of a gigabyte is told, as a file and as a line, and the rest is judged.
func TestLarge(t *testing.T) {
	good := string(sample.New(1, 0).AppendJSON(nil)) + "\n"
	for name, text := range map[string]func() io.Reader{
		"data/b.json": func() io.Reader { return &repeated{text: []byte("[")} },
		"data/b.jsonl": func() io.Reader {
			return io.MultiReader(strings.NewReader(good), io.LimitReader(&repeated{text: []byte(`"x`)}, 100<<20), strings.NewReader("\n"+good))
		},
	} {
		files := packed(t)
		files[name] = &fstest.MapFile{}
		files["data/a.json"] = &fstest.MapFile{Data: []byte(good)}
		files["data/c.json"] = files["data/a.json"]
		var sink codes
		if _, err := engine.Stream(context.Background(), []string{"data"}, engine.Options{
			Rules: "packs/sample", Files: odd{files, name, func() (fs.File, error) {
				f, err := files.Open(name)
				return &large{t: t, File: f, text: text(), sized: strings.HasSuffix(name, "n")}, err
			}},
		}, &sink); err != nil {
			t.Fatal(err)
		}
		want, inputs := name, 2
		if strings.HasSuffix(name, "l") {
			want, inputs = name+":2:1", 4
		}
		if sink.inputs != inputs || len(sink.all) != 1 || sink.all[0] != diag.DocumentLimit || sink.places[0] != want {
			t.Errorf("%s: %d inputs, %v at %v", name, sink.inputs, sink.all, sink.places)
		}
	}
}

// TestVanishing: a file that is gone when it is its turn is told, and the rest is judged.
func TestVanishing(t *testing.T) {
	for _, name := range []string{"data/b.json", "data/b.jsonl"} {
		files := packed(t)
		for _, file := range []string{"data/a.json", name, "data/c.json"} {
			files[file] = &fstest.MapFile{Data: append(sample.New(1, 0).AppendJSON(nil), '\n')}
		}
		var sink codes
		if _, err := engine.Stream(context.Background(), []string{"data"}, engine.Options{
			Rules: "packs/sample", Files: odd{files, name, func() (fs.File, error) {
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}},
		}, &sink); err != nil {
			t.Fatal(err)
		}
		if sink.inputs != 2 || len(sink.unreadable) != 1 || !errors.Is(sink.unreadable[0], fs.ErrNotExist) {
			t.Errorf("%s: %d inputs, %v", name, sink.inputs, sink.unreadable)
		}
	}
}

// changing is a file that is longer or shorter than it was when it was opened.
type changing struct {
	fs.File
	size int64
}

func (c *changing) Stat() (fs.FileInfo, error) {
	info, err := c.File.Stat()
	return resized{info, c.size}, err
}

type resized struct {
	fs.FileInfo
	size int64
}

func (r resized) Size() int64 { return r.size }

// TestChanging: what was written to a file since it was opened is read; of one that became shorter that is told, though
// what is left may look whole, and no half of a dataset is judged.
func TestChanging(t *testing.T) {
	line := string(sample.New(1, 0).AppendJSON(nil)) + "\n"
	for _, c := range []struct {
		name, text string
		size       int
		inputs     int
		cut        bool
	}{
		{"data/b.jsonl", line + line, len(line), 4, false},
		{"data/b.jsonl", line, 2 * len(line), 3, true},
		{"data/b.jsonl", line + line[:100], 2 * len(line), 3, true},
		{"data/b.json", line, 10, 3, false},
		{"data/b.json", line, len(line) + 10, 2, true},
		{"data/b.csv", "entity,period\n甲,2023\n乙,2023\n丙,20", 1000, 4, true},
	} {
		files := packed(t)
		files[c.name] = &fstest.MapFile{Data: []byte(c.text)}
		files["data/a.json"] = &fstest.MapFile{Data: []byte(line)}
		files["data/c.json"] = files["data/a.json"]
		var sink codes
		if _, err := engine.Stream(context.Background(), []string{"data"}, engine.Options{
			Rules: "packs/sample", Files: odd{files, c.name, func() (fs.File, error) {
				f, err := files.Open(c.name)
				return &changing{f, int64(c.size)}, err
			}},
		}, &sink); err != nil {
			t.Fatal(err)
		}
		if cut := len(sink.unreadable) == 1 && errors.Is(sink.unreadable[0], io.ErrUnexpectedEOF); sink.inputs != c.inputs || cut != c.cut {
			t.Errorf("%s of %d bytes, %d when it was opened: %d inputs, %v, %v", c.name, len(c.text), c.size, sink.inputs, sink.unreadable, sink.all)
		}
	}
}

// TestLoops: links to folders lead nowhere, so that a folder in a circle is walked once; a link to itself is told.
func TestLoops(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a", "b", "one.yaml"), "entity: 甲\nperiod: 2023\n收入: {本年收入合计: 1.00}\n")
	for link, to := range map[string]string{"a/b/up": "../..", "a/all": dir, "itself": "itself", "a/gone.yaml": "nothing.yaml", "a/again.yaml": "b/one.yaml"} {
		if err := os.Symlink(filepath.FromSlash(to), filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Skip(err)
		}
	}
	for _, path := range []string{dir, filepath.Join(dir, "a", "b", "up")} {
		result, err := engine.Check(context.Background(), []string{path}, engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		// The file itself, and the link to it.
		if len(result.Report.Inputs) != 2 || len(result.Unreadable) != 1 || !errors.Is(result.Unreadable[0], fs.ErrNotExist) {
			t.Errorf("%s: %d inputs, unreadable %v", path, len(result.Report.Inputs), result.Unreadable)
		}
	}
	result, err := engine.Check(context.Background(), []string{filepath.Join(dir, "itself")}, engine.Options{})
	if err != nil || len(result.Unreadable) != 1 || len(result.Report.Inputs) > 0 {
		t.Errorf("a link to itself: %+v, %v", result, err)
	}
}

// TestEmptyFiles: nothing is each time told with its file.
func TestEmptyFiles(t *testing.T) {
	files := packed(t)
	const n = 5000
	for i := range n {
		files[fmt.Sprintf("data/%d/%d.%s", i%7, i, []string{"yaml", "json", "jsonl"}[i%3])] = &fstest.MapFile{}
	}
	var sink codes
	if _, err := engine.Stream(context.Background(), []string{"data"}, engine.Options{Rules: "packs/sample", Files: files, Options: run.Options{Jobs: 40}}, &sink); err != nil {
		t.Fatal(err)
	}
	// A file of lines without any is no fault.
	if want := n - n/3; sink.inputs != 0 || len(sink.all) != want {
		t.Errorf("%d inputs, %d faults, want %d", sink.inputs, len(sink.all), want)
	}
}

// TestManyFindings: ten thousand findings in one dataset are all told, once each.
func TestManyFindings(t *testing.T) {
	files := fstest.MapFS{
		"p/pack.yaml":   {Data: []byte("id: p\n")},
		"p/schema.yaml": {Data: []byte("fields: {rows: {type: list, key: name, label: 明细, fields: {name: {type: text, label: 名称}, amount: {type: amount, label: 金额}}}}\n")},
		"p/rules.yaml":  {Data: []byte("- {id: positive, title: 不为负, each: r in rows, check: r.amount >= 0}\n")},
	}
	const n = 10_000
	var data strings.Builder
	data.WriteString("entity: 甲\nperiod: 2023\n明细:\n")
	for i := range n {
		fmt.Fprintf(&data, "  - {名称: 第%d行, 金额: -%d.00}\n", i, i+1)
	}
	files["data/a.yaml"] = &fstest.MapFile{Data: []byte(data.String())}
	result, err := engine.Check(context.Background(), []string{"data"}, engine.Options{Rules: "p", Files: files, Options: run.Options{Suspects: true}})
	if err != nil || len(result.Diagnostics) > 0 {
		t.Fatal(err, result.Diagnostics)
	}
	prints := map[string]bool{}
	for _, f := range result.Report.Findings {
		if prints[f.Fingerprint] = true; f.Verdict != finding.Fail {
			t.Fatal(f)
		}
	}
	if len(result.Report.Findings) != n || len(prints) != n || result.Report.Summary.Fail != n {
		t.Errorf("%d findings, %d of them different, %d counted", len(result.Report.Findings), len(prints), result.Report.Summary.Fail)
	}
}
