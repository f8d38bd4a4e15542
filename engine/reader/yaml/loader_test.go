package yaml_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/dataset/datasettest"
	"github.com/gouji/gouji/engine/reader/yaml"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/sample"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/rules"
)

func schemaOf(t testing.TB) *dataset.Schema {
	pack, list, err := rule.Load(sample.Pack(), sample.PackName, sample.PackName, nil)
	if err != nil || len(list) > 0 {
		t.Fatal(list, err)
	}
	return pack.Schema
}

// loaders read datasets of a schema, with facts and without.
type loaders struct {
	schema   *dataset.Schema
	keys     *yaml.Loader
	builders *datasettest.Builders
}

func loadersOf(s *dataset.Schema) *loaders {
	return &loaders{s, yaml.NewLoader(s), datasettest.NewBuilders(s)}
}

// load compares what loaders read with the general reading, diagnostics too: there are none where they read. It reports
// whether they do, and whether they read its values alone.
func (l *loaders) load(t *testing.T, text string, reuse bool) (loaded, valued bool) {
	t.Helper()
	f := source.New("x.yaml", []byte(text))
	h, ok := yaml.ReadHead(f, text)
	if !ok {
		return false, false
	}
	var want *dataset.Dataset
	doc, list := yaml.Read(f)
	if doc != nil {
		header, wrong := dataset.ReadHeader(doc, false)
		list = append(list, wrong...)
		want, wrong = dataset.Build(doc, header, l.schema)
		if list = append(list, wrong...); len(list) > 0 {
			want = nil
		}
	}
	return l.builders.Load(t, want, text, func(to *dataset.Builder) (*dataset.Dataset, bool) {
		return l.keys.Load(to, f, text, h, reuse)
	})
}

func TestLoaderReadsAsBuild(t *testing.T) {
	s := schemaOf(t)
	l := loadersOf(s)
	for i := range 8 {
		text := string(sample.New(3, i).AppendYAML(nil))
		if loaded, valued := l.load(t, text, i%3 > 0); !loaded || !valued {
			t.Fatalf("loaded: %v, valued: %v: %s", loaded, valued, text)
		}
	}
}

const head = "entity: 甲\nperiod: 2023\n"

// What the loader must read, and what it must leave to the general reading.
func TestLoaderShapes(t *testing.T) {
	s := schemaOf(t)
	l := loadersOf(s)
	for text, want := range map[string]bool{
		"# 注\n\nentity: 甲\nperiod: \"2023\"\n\n教育:\n  合计: 5.10 @3:4\n\n  # 注\n  基本支出: \"1,234.50\"\n项目: []\n": true,
		head + "unit: 元\n教育: {合计: 5.10, 基本支出: [3, \"4,000 @2\"]}\n":                                           true,
		head + "教育:\n  合计: 5.10":                     true,
		head + "教育:\n  合计: 1,234.50  \n  基本支出: -3\n": true,
		head + "项目:\n  - {名称: 甲, 年初预算: 5.00}\n  - 名称: 乙\n    年初预算: 6.00\n教育:\n  合计: 5\n": true,
		head + "项目:\n  - 名称: 甲\n    年初预算:\n":                                             false,
		head + "教育:\n  合计: 5\n  合计: 5\n":                                                 false,
		head + "教育:\n  合计: 5\n    6\n":                                                   false,
		head + "教育:\n  合计: 5 # 注\n":                                                      false,
		head + "教育:\n   合计: 5\n":                                                         false,
		head + "教育:\n  合计: 五\n":                                                          false,
		head + "教育:\n  合计: '5'\n":                                                        false,
		head + "教育:\n  合计: \"5\\n\"\n":                                                   false,
		head + "教育:\n  合计: ~\n":                                                          false,
		head + "教育:\n  合计: -\n":                                                          false,
		head + "教育:\n\t合计: 5\n":                                                          false,
		head + "教育:\r\n  合计: 5\r\n":                                                      false,
		head + "教育:\n  合计: 5\n---\nentity: 乙\n":                                          false,
		head + "教育: {合计: 5, }\n":                                                         false,
		head + "教育: {合计: [5,6]}\n":                                                       false,
		head + "教育: {合计: 1,234}\n":                                                       false,
		head + "教育:\n  合计: [5, 6\n]\n":                                                   false,
		head + "教育:\n合计: 5\n":                                                            false,
		head + "和计: 5\n":                                                                 false,
		head + "项目:\n- {名称: 甲}\n":                                                        false,
		head + "项目: [{名称: 甲}]\n":                                                         false,
		head + "accepted: []\n":                                                          false,
		"entity: 甲\n教育:\n  合计: 5\n":                                                      false,
		"entity: 甲\nentity: 乙\nperiod: 2023\n教育:\n  合计: 5\n":                             false,
		// What is no character of a text.
		"# \xff\n" + head + "教育:\n  合计: 5\n":              false,
		head + "# \u0085\n教育:\n  合计: 5\n":                 false,
		head + "教育:\n  合计: 5\n# \xff":                     false,
		head + "项目:\n  - {名称: 甲\xff}\n":                   false,
		head + "项目:\n  - {名称: \"甲\u2028乙\"}\n":            false,
		head + "项目:\n  - 名称: 甲 乙\n":                       true,
		head + "教育:\n  合计: \"5\uFEFF\"\n":                 false,
		head + "教育:\n  合计: \"5\x00\"\n":                   false,
		"entity: \xff\nperiod: \"2023\"\n教育:\n  合计: 5\n":  false,
		"entity: 甲\x00\nperiod: \"2023\"\n教育:\n  合计: 5\n": false,
		head + "source: \"x\u0080\"\n教育:\n  合计: 5\n":      false,
		"":    false,
		"- 5": false,
	} {
		if got, _ := l.load(t, text, false); got != want {
			t.Errorf("loaded: %t, want %t: %q", got, want, text)
		}
	}
}

// FuzzLoader: whatever the loader reads, the general reading reads alike and without a fault.
func FuzzLoader(f *testing.F) {
	for _, seed := range []string{
		head + "教育:\n  合计: 5.10 @3:4\n  基本支出: [3, \"4,000 @2\"]\n项目:\n  - {名称: 甲, 年初预算: 5.00}\n  - 名称: 乙\n    年初预算: 6.00\n",
		head + "unit: 元\n教育: {合计: 5.10, 占比: 5%}\n项目: []\n", "# x\n" + head + "教育:\n  合计: 减少5 # x\n",
		head + "# \xff\n项目:\n  - {名称: 甲\u0085, 年初预算: 5.00 @3:4}\n  - {名称: \"\xff\", 年初预算: [1,234, 5]}\n",
	} {
		f.Add(seed)
	}
	s := schemaOf(f)
	l := loadersOf(s)
	f.Fuzz(func(t *testing.T, text string) { l.load(t, text, len(text)%2 > 0) })
}

// TestShipped: the datasets of the project are read as the general reading reads them, as far as they have the shape.
func TestShipped(t *testing.T) {
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
		l.load(t, string(content), false)
		// Each part by itself as well: more of them have the shape.
		parts := strings.Split(string(content), "\n\n")
		for i, part := range parts {
			if loaded, _ := l.load(t, head+part+"\n", i%2 > 0); loaded && testing.Verbose() {
				fmt.Printf("%.20q is loaded\n", part)
			}
		}
	}
}
