package json_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/dataset/datasettest"
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

// loaders read datasets of a schema, with facts and without.
type loaders struct {
	schema   *dataset.Schema
	keys     *json.Loader
	builders *datasettest.Builders
}

func loadersOf(s *dataset.Schema) *loaders {
	return &loaders{s, json.NewLoader(s), datasettest.NewBuilders(s)}
}

// load compares what loaders read with the general reading. It reports whether they read it, and whether they read its
// values alone.
func (l *loaders) load(t *testing.T, text string, reuse bool) (loaded, valued bool) {
	t.Helper()
	f := source.New("x.json", []byte(text))
	h, ok := json.ReadHead(f, text)
	if !ok {
		return false, false
	}
	want := build(f, l.schema)
	return l.builders.Load(t, want, text, func(to *dataset.Builder) (*dataset.Dataset, bool) {
		return l.keys.Load(to, f, text, h, reuse)
	})
}

func TestLoaderReadsAsBuild(t *testing.T) {
	s := schemaOf(t)
	l := loadersOf(s)
	for i := range 8 {
		text := string(sample.New(3, i).AppendJSON(nil))
		if loaded, valued := l.load(t, text, i%3 > 0); !loaded || !valued {
			t.Fatalf("loaded: %v, valued: %v: %s", loaded, valued, text)
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
	l := loadersOf(pack.Schema)
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
		if loaded, valued := l.load(t, text.String(), true); !loaded || !valued {
			t.Errorf("%s is loaded: %v, with values alone: %v", file, loaded, valued)
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
	l := loadersOf(s)
	for text, want := range map[string]bool{
		head + `"教育": {"合计": 5.10, "基本支出": -3, "项目支出": null, "完成率": "5%"}}`:                                  true,
		head + `"教育":{"合计":["5.10 @3:4", 5.1,"5.1"]},"项目":[{"名称":"甲"},{"名称": "乙 @4:2", "执行数": "1,234.5"}]} `: true,
		head + `"教育": {"total": "5.10 @7/3:4", "stated": "5 @表3!B4:17", "basic": "5元"}, "项目": []}`:           true,
		head + `"教育": {"合计": "５．１０"}, "projects": [ {"rate": "增长5%"} , {} ]}`:                                true,
		head + `"项目": [{"名称": "　甲　@3"}, {"名称": "乙@3"}]}`:                                                     true,

		head + `"教育": {"合计": -0.50, "基本支出": 123456789.25, "项目支出": 0, "完成率": 12.5}}`: true,

		head + `"教育": {"合计": 5,123}}`:                                     false,
		head + `"教育": {"合计": 5,123, "基本支出": 1}}`:                          false,
		head + `"教育": {"合计": -, "基本支出": 1}}`:                              false,
		head + `"教育": {"合计": .5, "基本支出": 1}}`:                             false,
		head + `"教育": {"合计": 5%, "基本支出": 1}}`:                             false,
		head + `"教育": {"合计": 增加5, "基本支出": 1}}`:                            false,
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
		// The second time the keys are expected; so they are where they are written without spaces.
		for _, text := range []string{text, text, strings.NewReplacer(", ", ",", ": ", ":").Replace(text)} {
			if got, _ := l.load(t, text, false); got != want {
				t.Errorf("loaded: %t, want %t: %s", got, want, text)
			}
		}
	}
}

// A dataset that is kept is not changed by those that are loaded after it.
func TestLoaderKeeps(t *testing.T) {
	s := schemaOf(t)
	l := loadersOf(s)
	text := string(sample.New(3, 1).AppendJSON(nil))
	f := source.New("x.json", []byte(text))
	h, _ := json.ReadHead(f, text)
	d, _ := l.keys.Load(l.builders.Facts, f, text, h, false)
	for i := range 3 {
		l.load(t, string(sample.New(4, i).AppendJSON(nil)), i > 0)
	}
	if diff := datasettest.Diff(build(f, s), d); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func FuzzLoader(f *testing.F) {
	s := schemaOf(f)
	f.Add(head + `"教育": {"合计": ["5.10 @3:4", 5.1], "h": null}, "项目": [{"名称": "甲", "执行数": "1,234.5"}, {}]}`)
	f.Add(`{"entity": "甲", "period": "2023年", "unit": "元", "source": "报告", "教育": {"变动率": "下降5.10%", "合计": "(5)"}}`)
	f.Add(string(sample.New(3, 1).AppendJSON(nil)[:2000]) + "}}")
	f.Add(head + `"教育":{"合计":5.10,"基本支出":-3,"项目支出":null,"完成率":"5%"},"科技":{"合计": 1,"基本支出":2}}`)
	l := loadersOf(s)
	f.Fuzz(func(t *testing.T, text string) {
		// The second time the keys are expected.
		l.load(t, text, len(text)%2 == 0)
		l.load(t, text, true)
	})
}

// What datasets in the shape of the sample take: many of them, as one alone is soon known to the processor by heart.
func BenchmarkLoader(b *testing.B) {
	l := loadersOf(schemaOf(b))
	texts, size := make([]string, 256), 0
	for i := range texts {
		texts[i] = string(sample.New(3, i).AppendJSON(nil))
		size += len(texts[i])
	}
	for name, to := range map[string]*dataset.Builder{"facts": l.builders.Facts, "values": l.builders.Values} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size / len(texts)))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				text := texts[i%len(texts)]
				f := source.New("x.json", nil)
				h, _ := json.ReadHead(f, text)
				if _, ok := l.keys.Load(to, f, text, h, true); !ok {
					b.Fatal("not loaded")
				}
			}
		})
	}
}
