package extract_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/text"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
	"github.com/gouji/gouji/rules"
)

// TestBind reads the document of each archive of testdata/bind with the pack beside it and tells what dataset it makes.
// Whatever is made must be read back without a fault. UPDATE_GOLDEN=1 rewrites what is wanted.
func TestBind(t *testing.T) {
	files, err := filepath.Glob("testdata/bind/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	words := extract.ShippedWords()
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			folder := fstest.MapFS{"p/pack.yaml": &fstest.MapFile{Data: []byte("id: p\n")}}
			var doc *document.Document
			got := &txtar.Archive{Comment: archive.Comment}
			for _, f := range archive.Files {
				switch f.Name {
				case "want":
					continue
				case "report.txt":
					doc, _ = text.Read(context.Background(), source.New(f.Name, f.Data), document.Usual)
				default:
					folder["p/"+f.Name] = &fstest.MapFile{Data: f.Data}
				}
				got.Files = append(got.Files, f)
			}
			pack, list, err := rule.Load(folder, "p", "p", nil)
			if err != nil {
				t.Fatal(err)
			}
			_, wrong := pack.Selectors()
			report(t, append(list, wrong...))
			h := dataset.Header{Entity: "某市教育中心", Period: "2024"}
			data := extract.Data(extract.Read(doc, words), pack, h, words)
			readBack(t, data, pack.Schema)
			// The header and the headings have tests of their own.
			_, fields, _ := strings.Cut(string(data), "\nsections:\n")
			for strings.HasPrefix(fields, " ") {
				_, fields, _ = strings.Cut(fields, "\n")
			}
			got.Files = append(got.Files, txtar.File{Name: "want", Data: []byte(strings.TrimPrefix(fields, "\n"))})
			diff := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(got)))
			switch {
			case diff == "":
			case os.Getenv("UPDATE_GOLDEN") == "":
				t.Errorf("(-want +got):\n%s", diff)
			default:
				if err := os.WriteFile(name, txtar.Format(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func report(t *testing.T, list diag.List) {
	t.Helper()
	for _, d := range list {
		t.Error(d)
	}
}

// readBack builds the dataset that was written.
func readBack(t *testing.T, data []byte, s *dataset.Schema) *dataset.Dataset {
	t.Helper()
	doc, list := yamldoc.Parse(source.New("read.yaml", data))
	report(t, list)
	if doc == nil {
		t.Fatalf("no dataset:\n%s", data)
	}
	h, list := dataset.ReadHeader(doc, false)
	report(t, list)
	d, list := dataset.Build(doc, h, s)
	report(t, list)
	return d
}

// FuzzBind reads any text with the shipped pack: what is written is a dataset that is read back without a fault, and
// each bound fact is one of its statements.
func FuzzBind(f *testing.F) {
	files, err := filepath.Glob("testdata/bind/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name == "report.txt" {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte("一、“三公”经费\n公务接待费: # 0.00万元，{与上年} 持平，原因：\"无\\，\n项目支出绩效自评表\n项目名称\t a: b\n三级指标\t指标值\n- #\t3\n"))
	f.Add([]byte("项目支出绩效自评表\n项目名称\t甲\n三级指标\t计量单位\t指标值\t得分\n乙\t人\t90%\t30H\n"))
	pack, _, err := rule.Load(rules.Packs, "juesuan", "juesuan", nil)
	if err != nil {
		f.Fatal(err)
	}
	words := extract.ShippedWords()
	f.Fuzz(func(t *testing.T, content []byte) {
		doc, _ := text.Read(context.Background(), source.New("report.txt", content), document.Usual)
		if doc == nil {
			t.Skip("no document")
		}
		r := extract.Read(doc, words)
		data := extract.Data(r, pack, dataset.Header{Entity: "某局", Period: "2024"}, words)
		d := readBack(t, data, pack.Schema)
		addresses := map[string]bool{}
		for i, fact := range d.Facts() {
			if len(fact.Statements) > 0 {
				addresses[d.Address(i)] = true
			}
		}
		for _, fact := range r.Facts {
			if fact.Field != "" && !addresses[fact.Field] {
				t.Errorf("%s is bound to %s, which the dataset does not hold:\n%s", fact.Text, fact.Field, data)
			}
		}
		if t.Failed() {
			t.Logf("%s", data)
		}
	})
}
