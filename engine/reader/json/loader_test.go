package json_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/reader/json"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/sample"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
	"github.com/gouji/gouji/rules"
)

func schemaOf(t testing.TB) *dataset.Schema {
	pack, list, err := rule.Load(sample.Pack(), sample.PackName, sample.PackName, nil)
	if err != nil || len(list) > 0 {
		t.Fatal(list, err)
	}
	return pack.Schema
}

// build reads a dataset the general way; it is nil when something is wrong with it.
func build(f *source.File, s *dataset.Schema) *dataset.Dataset {
	doc, list := json.Read(f)
	if doc == nil {
		return nil
	}
	h, wrong := dataset.ReadHeader(doc, false)
	list = append(list, wrong...)
	d, wrong := dataset.Build(doc, h, s)
	if list = append(list, wrong...); len(list) > 0 {
		return nil
	}
	return d
}

// same compares datasets field by field; the schema and the file they share.
var same = cmp.Options{
	cmp.AllowUnexported(dataset.Dataset{}, dataset.Statement{}),
	cmp.Comparer(func(a, b *dataset.Field) bool { return a == b }),
	cmp.Comparer(func(a, b *dataset.Schema) bool { return a == b }),
	cmp.Comparer(func(a, b *source.File) bool { return a == b }),
	cmpopts.EquateEmpty(),
}

// load compares what a loader reads with the general reading. It reports whether the loader read it.
func load(t *testing.T, l *json.Loader, s *dataset.Schema, text string, reuse bool) bool {
	t.Helper()
	f := source.New("x.json", []byte(text))
	h, ok := json.ReadHead(f, text)
	if !ok {
		return false
	}
	d, ok := l.Load(f, text, h, reuse)
	if !ok {
		return false
	}
	want := build(f, s)
	if want == nil {
		t.Fatalf("loaded although it is wrong: %s", text)
	}
	if diff := cmp.Diff(want, d, same); diff != "" {
		t.Fatalf("(-want +got)\n%s\n%s", diff, text)
	}
	return true
}

func TestLoaderReadsAsBuild(t *testing.T) {
	s := schemaOf(t)
	l := json.NewLoader(s)
	for i := range 8 {
		if text := string(sample.New(3, i).AppendJSON(nil)); !load(t, l, s, text, i%3 > 0) {
			t.Fatalf("not loaded: %s", text)
		}
	}
}

// The datasets of the project, written as JSON, are read as well: lists within lists, texts of all kinds.
func TestLoaderReadsPublished(t *testing.T) {
	pack, list, err := rule.Load(rules.Packs, "juesuan", "juesuan", nil)
	if err != nil || len(list) > 0 {
		t.Fatal(list, err)
	}
	files, err := filepath.Glob("../../../datasets/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no datasets", err)
	}
	l := json.NewLoader(pack.Schema)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, list := yamldoc.Parse(source.New(file, content))
		if len(list) > 0 {
			t.Fatal(list)
		}
		var text strings.Builder
		write(&text, doc)
		if !load(t, l, pack.Schema, text.String(), true) {
			t.Errorf("%s is not loaded", file)
		}
	}
}

// write writes a YAML document as JSON, every scalar as a string.
func write(w *strings.Builder, n *yamldoc.Node) {
	switch n.Kind {
	case yamldoc.Mapping:
		for i, e := range n.Entries {
			w.WriteString(", "[:min(2*i, 2)])
			if i == 0 {
				w.WriteByte('{')
			}
			fmt.Fprintf(w, "%q: ", e.Key.Value)
			write(w, e.Value)
		}
		w.WriteByte('}')
	case yamldoc.Sequence:
		w.WriteByte('[')
		for i, item := range n.Items {
			w.WriteString(", "[:min(2*i, 2)])
			write(w, item)
		}
		w.WriteByte(']')
	default:
		fmt.Fprintf(w, "%q", n.Value)
	}
}

const head = `{"entity": "甲", "period": 2023, `

// What the loader must read, and what it must leave to the general reading.
func TestLoaderShapes(t *testing.T) {
	s := schemaOf(t)
	l := json.NewLoader(s)
	for text, want := range map[string]bool{
		head + `"教育": {"合计": 5.10, "基本支出": -3, "项目支出": null, "完成率": "5%"}}`:                                  true,
		head + `"教育":{"合计":["5.10 @3:4", 5.1,"5.1"]},"项目":[{"名称":"甲"},{"名称": "乙 @4:2", "执行数": "1,234.5"}]} `: true,
		head + `"教育": {"total": "5.10 @7/3:4", "stated": "5 @表3!B4:17", "basic": "5元"}, "项目": []}`:           true,
		head + `"教育": {"合计": "５．１０"}, "projects": [ {"rate": "增长5%"} , {} ]}`:                                true,
		head + `"项目": [{"名称": "　甲　@3"}, {"名称": "乙@3"}]}`:                                                     true,

		head + `"教育": {"合计": 5, "合计": 5}}`:                                false,
		head + `"教育": {"合计": 5, "total": 5}}`:                             false,
		head + `"教育": {"合计": 5}, "s2": {"基本支出": 5}}`:                      false,
		head + `"项目": [], "项目": []}`:                                      false,
		head + `"教育": {"合计": "5 @x"}}`:                                    false,
		head + `"教育": {"合计": "五"}}`:                                       false,
		head + `"教育": {"合计": 05}}`:                                        false,
		head + `"教育": {"合计": 5.}}`:                                        false,
		head + `"教育": {"合计": 5e1}}`:                                       false,
		head + `"教育": {"合计": "5\u0030"}}`:                                 false,
		head + `"教育": {"合计": []}}`:                                        false,
		head + `"教育": {"合计": {"text": "5", "at": "3:4"}}}`:                false,
		head + `"教育": {"合计": 5},}`:                                        false,
		head + `"教育": {"合计": 5}} {}`:                                      false,
		head + `"教育": {"合计": 5}`:                                          false,
		head + `"教育": {"和计": 5}}`:                                         false,
		head + `"教育": {"合计": "5%"}}`:                                      false,
		head + "\"项目\": [{\"名称\": \"\xff\"}]}":                            false,
		head + "\"项目\": [{\"名称\": \"甲\x01\"}]}":                           false,
		head + "\"项目\": [{\"名称\": \"甲 @'\xff'!A1\"}]}":                    false,
		head + `"项目": [5]}`:                                               false,
		head + `"unbound": []}`:                                           false,
		`{"entity": "甲", "教育": {"合计": 5}}`:                                false,
		`{"entity": "甲", "period": "", "教育": {"合计": 5}}`:                  false,
		`{"entity": "甲", "entity": "乙", "period": 2023, "教育": {"合计": 5}}`: false,
		`{"entity": "甲", "period": 2023, "unit": "个", "教育": {"合计": 5}}`:   false,
		`[]`: false,
		``:   false,
	} {
		if got := load(t, l, s, text, false); got != want {
			t.Errorf("loaded: %t, want %t: %s", got, want, text)
		}
	}
}

// A dataset that is kept is not changed by those that are loaded after it.
func TestLoaderKeeps(t *testing.T) {
	s := schemaOf(t)
	l := json.NewLoader(s)
	text := string(sample.New(3, 1).AppendJSON(nil))
	f := source.New("x.json", []byte(text))
	h, _ := json.ReadHead(f, text)
	d, _ := l.Load(f, text, h, false)
	for i := range 3 {
		load(t, l, s, string(sample.New(4, i).AppendJSON(nil)), i > 0)
	}
	if diff := cmp.Diff(build(f, s), d, same); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func FuzzLoader(f *testing.F) {
	s := schemaOf(f)
	f.Add(head + `"教育": {"合计": ["5.10 @3:4", 5.1], "h": null}, "项目": [{"名称": "甲", "执行数": "1,234.5"}, {}]}`)
	f.Add(`{"entity": "甲", "period": "2023年", "unit": "元", "source": "报告", "教育": {"变动率": "下降5.10%", "合计": "(5)"}}`)
	f.Add(string(sample.New(3, 1).AppendJSON(nil)[:2000]) + "}}")
	l := json.NewLoader(s)
	f.Fuzz(func(t *testing.T, text string) { load(t, l, s, text, len(text)%2 == 0) })
}

// What a dataset in the shape of the sample takes.
func BenchmarkLoader(b *testing.B) {
	s := schemaOf(b)
	l := json.NewLoader(s)
	text := string(sample.New(3, 1).AppendJSON(nil))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		f := source.New("x.json", nil)
		h, _ := json.ReadHead(f, text)
		if _, ok := l.Load(f, text, h, true); !ok {
			b.Fatal("not loaded")
		}
	}
}
