package engine_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/sample"
)

// TestManyAndOne: datasets in one file come out as they do in files of their own, whoever reads them and in whatever
// memory, with facts at hand and without.
func TestManyAndOne(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	files := packed(t)
	var lines []string
	for i := range 40 {
		text := string(sample.New(3, i).AppendJSON(nil))
		switch i % 4 {
		case 1:
			// Digits change: there is something to find.
			changed := []byte(text)
			for at := 200 + r.IntN(len(text)-200); at < len(text); at++ {
				if c := changed[at]; c >= '1' && c <= '9' && r.IntN(400) == 0 {
					changed[at] = '1' + (c-'0')%9
				}
			}
			text = string(changed)
		case 2:
			// Another shape, which another reader takes.
			text = strings.Replace(text, `"period": "2023"`, `"period": 2023`, 1)
		case 3:
			// Figures are printed in other ways.
			text = printed.ReplaceAllStringFunc(text, func(figure string) string {
				other := []string{
					`["-", $]`, `[$, "-"]`, `[$, $]`, `[$, "1"]`, `null`, `"-"`, `[null, null]`, `" １，２３４．５ @3"`, `"12.5 @表3!B4"`, `"0"`, `[$, $, "7.777"]`,
				}
				n := r.IntN(20 * len(other))
				if i%8 == 3 && n >= 3 || n >= len(other) {
					return figure
				}
				return ": " + strings.ReplaceAll(other[n], "$", figure[2:])
			})
		}
		lines = append(lines, text)
		files[fmt.Sprintf("one/%03d.json", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	files["many/all.jsonl"] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n") + "\n")}
	for _, all := range []bool{false, true} {
		var reports []*finding.Report
		for _, folder := range []string{"one", "many"} {
			for _, jobs := range []int{1, 3} {
				result, err := engine.Check(context.Background(), []string{folder}, engine.Options{
					Files: files, Rules: "packs/sample", Options: run.Options{Jobs: jobs, All: all, Suspects: true}, Keep: folder == "one" && jobs == 3,
				})
				if err != nil || len(result.Diagnostics) > 0 {
					t.Fatal(err, result.Diagnostics)
				}
				if n := len(result.Report.Inputs); n != len(lines) {
					t.Fatalf("%d inputs of %d", n, len(lines))
				}
				reports = append(reports, unnamed(result.Report))
			}
		}
		if len(reports[0].Findings) < 50 || len(reports[0].Suspects) == 0 {
			t.Fatalf("%d findings and %d suspects prove little", len(reports[0].Findings), len(reports[0].Suspects))
		}
		for i, other := range reports[1:] {
			if diff := cmp.Diff(reports[0], other); diff != "" {
				t.Errorf("report %d differs\n%.3000s", i+1, diff)
			}
		}
	}
}

// printed is the only figure of a field, with its place, behind the key.
var printed = regexp.MustCompile(`: "[0-9.,]+ @[0-9:]+"`)

// TestMemoryServesAgain: what is told of a dataset stays as it is when others are read into the memory that its text stood in.
func TestMemoryServesAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	files := packed(t)
	var lines, rows []byte
	rows = append(rows, sample.CSVHead()...)
	for i := range 600 {
		lines, rows = append(sample.New(4, i).AppendJSON(lines), '\n'), sample.New(4, i).AppendCSV(rows)
	}
	for name, text := range map[string][]byte{"many/a.jsonl": lines, "many/b.csv": rows} {
		for at := 4000; at < len(text); at++ {
			if c := text[at]; c >= '1' && c <= '9' && r.IntN(4000) == 0 {
				text[at] = '1' + (c-'0')%9
			}
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	var reports []*finding.Report
	for _, keep := range []bool{true, false} {
		for _, jobs := range []int{1, 3} {
			result, err := engine.Check(context.Background(), []string{"many"}, engine.Options{
				Files: files, Rules: "packs/sample", Options: run.Options{Jobs: jobs, Suspects: true}, Keep: keep,
			})
			if err != nil || len(result.Report.Inputs) != 1200 || len(result.Report.Findings) < 1000 {
				t.Fatal(err, len(result.Report.Inputs), len(result.Report.Findings))
			}
			reports = append(reports, result.Report)
		}
	}
	for _, other := range reports[1:] {
		if diff := cmp.Diff(reports[0], other); diff != "" {
			t.Fatalf("(-kept +served again):\n%s", diff)
		}
	}
}

// packed is a file system with the pack of package sample.
func packed(t testing.TB) fstest.MapFS {
	files := fstest.MapFS{}
	for name, f := range sample.Pack().(fstest.MapFS) {
		files["packs/"+name] = f
	}
	return files
}

// unnamed is a report without what tells one file from another.
func unnamed(r *finding.Report) *finding.Report {
	numbers := map[string]string{}
	for i := range r.Inputs {
		in := &r.Inputs[i]
		numbers[in.Path] = fmt.Sprint(i)
		in.Path, in.Within, in.SHA256 = fmt.Sprint(i), "", ""
	}
	place := func(p *finding.Place) {
		if p.Path != "" {
			p.Path = "data"
		}
		p.Line = min(p.Line, 1)
	}
	operands := func(all []finding.Operand) {
		for i := range all {
			place(&all[i].Data)
			if all[i].Place.Path != "" {
				place(&all[i].Place)
			}
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Input = numbers[f.Input]
		operands(f.Operands)
	}
	for i := range r.Suspects {
		s := &r.Suspects[i]
		s.Input = numbers[s.Input]
		operands([]finding.Operand{s.Figure})
		s.Figure.Data, s.Figure.Place = finding.Place{}, finding.Place{}
	}
	return r
}

// refusing is a sink that fails after some outcomes.
type refusing struct {
	counting
	after int
}

var errFull = errors.New("full")

func (f *refusing) Found(o *finding.Outcome) error {
	if f.inputs == f.after {
		return errFull
	}
	return f.counting.Found(o)
}

// TestStreamEnds: an error of the sink, and a context that is done, end the work early, whatever there is left to do.
func TestStreamEnds(t *testing.T) {
	files := packed(t)
	line := append(sample.New(1, 0).AppendJSON(nil), '\n')
	endless := func() io.Reader { return &repeated{text: line} }
	o := engine.Options{Files: files, Rules: "packs/sample", Stdin: endless()}
	if _, err := engine.Stream(context.Background(), []string{engine.Stdin}, o, &refusing{after: 500}); !errors.Is(err, errFull) {
		t.Errorf("the sink's error is %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	o.Stdin = endless()
	o.Progress = func(p engine.Progress) {
		if p.Datasets > 300 {
			cancel()
		}
	}
	if _, err := engine.Stream(ctx, []string{engine.Stdin}, o, &counting{}); !errors.Is(err, context.Canceled) {
		t.Errorf("the context's error is %v", err)
	}
}

// TestReadError: what can be read before an error is judged, and the error is told with its file.
func TestReadError(t *testing.T) {
	files := packed(t)
	line := append(sample.New(1, 0).AppendJSON(nil), '\n')
	broken := errors.New("broken disk")
	sink := &recording{}
	if _, err := engine.Stream(context.Background(), []string{engine.Stdin}, engine.Options{
		Files: files, Rules: "packs/sample",
		Stdin: io.MultiReader(strings.NewReader(string(line)+string(line)+string(line[:100])), iotest.ErrReader(broken)),
	}, sink); err != nil {
		t.Fatal(err)
	}
	if sink.inputs != 2 || sink.troubles != 1 || !errors.Is(sink.err, broken) || !strings.HasPrefix(sink.err.Error(), "-: ") {
		t.Errorf("%d inputs, %d troubles, %v", sink.inputs, sink.troubles, sink.err)
	}
}

type recording struct {
	counting
	err error
}

func (r *recording) Unreadable(err error) error {
	r.err = err
	return r.counting.Unreadable(err)
}

// repeated is a text without an end.
type repeated struct {
	text []byte
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// TestSums: a report tells the hashes of files of many datasets that were read from beginning to end, as they lie on the
// disk, and only where these are wanted.
func TestSums(t *testing.T) {
	line := string(sample.New(1, 1).AppendJSON(nil)) + "\n"
	var packed, parquet bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(line)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	if err := sample.WriteParquet(&parquet, 1, 3, true); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{
		"data/a.jsonl": {Data: []byte(line + line)}, "data/b.jsonl.gz": {Data: packed.Bytes()}, "data/c.csv": {Data: []byte("no columns\n1\n")},
		"data/d.jsonl.gz": {Data: packed.Bytes()[:packed.Len()-4]}, "data/e.json": {Data: []byte(line)}, "data/f.parquet": {Data: parquet.Bytes()},
	}
	if err := addPack(files); err != nil {
		t.Fatal(err)
	}
	for _, join := range []bool{false, true} {
		r, err := engine.Check(t.Context(), []string{"data", engine.Stdin}, engine.Options{Files: files, Rules: "packs/sample", Sums: true, Join: join, Stdin: strings.NewReader(line)})
		if err != nil {
			t.Fatal(err)
		}
		var want []finding.File
		for _, name := range []string{"data/a.jsonl", "data/b.jsonl.gz", "data/c.csv"} {
			want = append(want, finding.File{Path: name, SHA256: fmt.Sprintf("%x", sha256.Sum256(files[name].Data))})
		}
		want = append(want, finding.File{Path: engine.Stdin, SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(line)))})
		if diff := cmp.Diff(want, r.Report.Files); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	r, err := engine.Check(t.Context(), []string{"data"}, engine.Options{Files: files, Rules: "packs/sample"})
	if err != nil || len(r.Report.Files) > 0 {
		t.Errorf("%v, %v though nobody asked", r.Report.Files, err)
	}
}
