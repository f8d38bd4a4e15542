package reader_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// TestFormatsAgree holds every format to the same meaning: the same dataset gives the same document.
func TestFormatsAgree(t *testing.T) {
	files := map[string]string{
		"yaml": "entity: 某单位\nperiod: 2023\n收入:\n  合计: 867.01 @49:40\n  项:\n    - {名称: 一, 金额: \"1,141.36\"}\n    - 名称: 二\n      金额: '-'\n",
		"json": `{"entity": "某单位", "period": 2023, "收入": {"合计": "867.01 @49:40",
			"项": [{"名称": "一", "金额": "1,141.36"}, {"名称": "二", "金额": "-"}]}}`,
	}
	files["csv"] = "entity,period,收入.合计,收入.项[一].金额,收入.项[二].金额\n某单位,2023,867.01 @49:40,\"1,141.36\",-\n"
	files["parquet"] = columns(t, map[string]string{
		"entity": "某单位", "period": "2023", "收入.合计": "867.01 @49:40", "收入.项[一].金额": "1,141.36", "收入.项[二].金额": "-",
	})
	files["jsonl"] = strings.ReplaceAll(files["json"], "\n", " ") + "\n\n{}\n"
	s := schema(t)
	var want any
	for _, f := range reader.Formats {
		content, ok := files[f.Name]
		if !ok {
			t.Fatalf("no example of format %s", f.Name)
		}
		for _, ext := range f.Extensions {
			found, ok := reader.Lookup("dir/名称" + ext)
			if !ok || found.Name != f.Name {
				t.Errorf("%s is not found by %s", f.Name, ext)
			}
			for _, packed := range reader.Compressed {
				if found, ok := reader.Lookup("dir/名称" + ext + packed); !ok || found.Name != f.Name {
					t.Errorf("%s is not found by %s%s", f.Name, ext, packed)
				}
			}
		}
		n, list := first(t, f, "x"+f.Extensions[0], content, s)
		if len(list) > 0 {
			t.Fatal(list)
		}
		got := values(n, s.Root)
		if want == nil {
			want = got
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s differs from %s\n%s", f.Name, reader.Formats[0].Name, diff)
		}
	}
	if _, ok := reader.Lookup("report.docx"); ok {
		t.Error("a format was found for a file that cannot be read")
	}
}

// first reads the first dataset of a file.
func first(t *testing.T, f reader.Format, name, content string, s *dataset.Schema) (*yamldoc.Node, diag.List) {
	if f.Pieces == nil {
		return f.Read(source.New(name, []byte(content)))
	}
	for piece, err := range f.Pieces(reader.Stream{Path: name, Reader: strings.NewReader(content)}) {
		if err != nil {
			t.Fatal(err)
		}
		for r := range piece.Records() {
			if r.File != nil {
				return f.Read(r.File)
			}
			if r.Row == nil {
				return nil, r.List
			}
			return r.Row.Doc(s)
		}
	}
	t.Fatalf("%s holds nothing", name)
	return nil, nil
}

// columns is a file in Parquet with one row.
func columns(t *testing.T, values map[string]string) string {
	nodes, row := parquet.Group{}, parquet.Row{}
	for name := range values {
		nodes[name] = parquet.String()
	}
	for i, name := range slices.Sorted(maps.Keys(values)) {
		row = append(row, parquet.ValueOf(values[name]).Level(0, 0, i))
	}
	var out strings.Builder
	w := parquet.NewGenericWriter[any](&out, parquet.NewSchema("x", nodes))
	if _, err := w.WriteRows([]parquet.Row{row}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// schema is that of the examples.
func schema(t *testing.T) *dataset.Schema {
	doc, list := yamldoc.Parse(source.New("schema.yaml", []byte(`fields:
  income:
    label: 收入
    fields:
      total: {type: amount, label: 合计}
      items:
        type: list
        label: 项
        key: name
        fields: {name: {type: text, label: 名称}, amount: {type: amount, label: 金额}}
`)))
	s, wrong := dataset.ParseSchema(doc)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	return s
}

// values are those of a document, fields by their names.
func values(n *yamldoc.Node, f *dataset.Field) any {
	switch {
	case n.Kind == yamldoc.Mapping:
		m := map[string]any{}
		for _, e := range n.Entries {
			key, within := e.Key.Value, f
			if c := f.Child(key); c != nil {
				key, within = c.Name, c
			}
			m[key] = values(e.Value, within)
		}
		return m
	case n.Kind == yamldoc.Sequence:
		var s []any
		for _, i := range n.Items {
			s = append(s, values(i, f))
		}
		return s
	case n.Null:
		return nil
	}
	return n.Value
}
