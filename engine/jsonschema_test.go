package engine_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/dataset"
	schemas "github.com/gouji/gouji/engine/jsonschema"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// kindOf is the kind of a file of a pack.
func kindOf(name string) string {
	switch {
	case name == "pack.yaml" || name == "schema.yaml" || name == "select.yaml" || name == "words.yaml":
		return strings.TrimSuffix(name, ".yaml")
	case rule.IsTest(name):
		return "test"
	}
	return "rules"
}

// schemaText is the schema of a kind; pack is "" for none.
func schemaText(t *testing.T, kind, pack string) []byte {
	t.Helper()
	var of *rule.Pack
	if pack != "" {
		p, _, err := engine.Pack(pack)
		if err != nil {
			t.Fatal(err)
		}
		of = p
	}
	kinds := schemas.Kinds()
	k := kinds[slices.IndexFunc(kinds, func(k schemas.Kind) bool { return k.Name == kind })]
	text, err := k.Schema(of, "zh")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func jsonSchema(t *testing.T, kind, pack string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText(t, kind, pack)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:gouji", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("urn:gouji")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

var coreNumber = regexp.MustCompile(`^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$`)

// asJSON is a YAML document as an editor hands it to a schema: plain scalars by the core schema of YAML 1.2.
func asJSON(n *yamldoc.Node) any {
	switch n.Kind {
	case yamldoc.Mapping:
		m := map[string]any{}
		for _, e := range n.Entries {
			m[e.Key.Value] = asJSON(e.Value)
		}
		return m
	case yamldoc.Sequence:
		items := []any{}
		for _, item := range n.Items {
			items = append(items, asJSON(item))
		}
		return items
	}
	switch {
	case n.Null:
		return nil
	case n.Style == yamldoc.Plain && (n.Value == "true" || n.Value == "false"):
		return n.Value == "true"
	case n.Style == yamldoc.Plain && coreNumber.MatchString(n.Value):
		s := strings.TrimPrefix(n.Value, "+")
		if strings.HasPrefix(s, ".") {
			s = "0" + s
		}
		return json.Number(strings.TrimSuffix(s, "."))
	}
	return n.Value
}

// fit holds YAML against a schema.
func fit(t *testing.T, schema *jsonschema.Schema, name, content string) error {
	t.Helper()
	doc, list := yamldoc.Parse(source.New(name, []byte(content)))
	for _, d := range list {
		t.Error(d)
	}
	if doc == nil {
		t.FailNow()
	}
	return schema.Validate(asJSON(doc))
}

// TestShippedFilesFitTheirSchemas holds every file of the shipped packs and datasets against the schemas, those of the
// packs with the names of the pack and without.
func TestShippedFilesFitTheirSchemas(t *testing.T) {
	files, err := filepath.Glob("../rules/*/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	type key struct{ kind, pack string }
	compiled := map[key]*jsonschema.Schema{}
	fits := func(kind, pack, file string) {
		k := key{kind, pack}
		if compiled[k] == nil {
			compiled[k] = jsonSchema(t, kind, pack)
		}
		if err := fit(t, compiled[k], file, page(t, file)); err != nil {
			t.Errorf("%s does not fit the schema %s %s: %v", file, kind, pack, err)
		}
	}
	for _, file := range files {
		kind, pack := kindOf(filepath.Base(file)), filepath.Base(filepath.Dir(file))
		fits(kind, pack, file)
		if kind != "test" {
			fits(kind, "", file)
		}
	}
	data, err := filepath.Glob("../datasets/*/*.yaml")
	if err != nil || len(data) == 0 {
		t.Fatalf("%d datasets: %v", len(data), err)
	}
	for _, file := range data {
		fits("dataset", "juesuan", file)
	}
}

// TestExamplesFitTheirSchemas holds the files that the pages show against the schemas.
func TestExamplesFitTheirSchemas(t *testing.T) {
	for _, file := range []string{readme, rulesReadme} {
		dir := t.TempDir()
		for _, name := range packs(t, file, dir) {
			files, err := os.ReadDir(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				if f.IsDir() || path.Ext(f.Name()) != ".yaml" {
					continue
				}
				at := filepath.Join(dir, name, f.Name())
				if err := fit(t, jsonSchema(t, kindOf(f.Name()), filepath.Join(dir, name)), at, page(t, at)); err != nil {
					t.Errorf("%s/%s: %v", name, f.Name(), err)
				}
			}
		}
		for _, f := range fences(t, file) {
			pack, ok := f.of("pack")
			if !ok {
				continue
			}
			if err := fit(t, jsonSchema(t, "dataset", filepath.Join(dir, pack)), file, f.text); err != nil {
				t.Errorf("%s:%d: %v", file, f.line, err)
			}
		}
	}
	schema := jsonSchema(t, "dataset", "juesuan")
	shown := 0
	for _, f := range fences(t, dataReadme) {
		_, list := f.of("entities")
		switch {
		case list:
		case slices.Contains(f.info, "yaml"):
			if err := fit(t, schema, dataReadme, f.text); err != nil {
				t.Errorf("%s:%d: %v", dataReadme, f.line, err)
			}
		case slices.Contains(f.info, "json"):
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(f.text))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s:%d: %v", dataReadme, f.line, err)
			}
		default:
			continue
		}
		shown++
	}
	if shown < 5 {
		t.Errorf("only %d datasets", shown)
	}
}

// TestWrongFilesAreRefused: what gouji refuses and can be told of one value alone, the schemas refuse, at its place.
func TestWrongFilesAreRefused(t *testing.T) {
	const data = "entity: 某单位\nperiod: 2023\n"
	const item = "- id: a\n  title: a\n  check: 1 == 1\n"
	for _, test := range []struct{ kind, content, at string }{
		{"dataset", "period: 2023\n", "/"},
		{"dataset", "entity:\nperiod: 2023\n", "/entity"},
		{"dataset", "entity: ' '\nperiod: 2023\n", "/entity"},
		{"dataset", "- 1\n", "/"},
		{"dataset", data + "收人: {}\n", "/"},
		{"dataset", data + "收入: {本年收入: 1}\n", "/收入"},
		{"dataset", data + "编制单位: 某单位\n", "/"},
		{"dataset", data + "收入: 5\n", "/收入"},
		{"dataset", data + "收入: []\n", "/收入"},
		{"dataset", data + "收入: {本年收入合计: 一百}\n", "/收入/本年收入合计"},
		{"dataset", data + "收入: {本年收入合计: '1,14.36'}\n", "/收入/本年收入合计"},
		{"dataset", data + "收入: {本年收入合计: 减少-5}\n", "/收入/本年收入合计"},
		{"dataset", data + "收入: {本年收入合计: 5%}\n", "/收入/本年收入合计"},
		{"dataset", data + "收入: {本年收入合计: 5个}\n", "/收入/本年收入合计"},
		{"dataset", data + "收入: {本年收入合计: 5 @0:a}\n", "/收入/本年收入合计"},
		{"dataset", data + "收入: {本年收入合计: true}\n", "/收入/本年收入合计"},
		{"dataset", data + "收入: {本年收入合计: [5, 6万]}\n", "/收入/本年收入合计/1"},
		{"dataset", data + "收入: {本年收入合计: [[5]]}\n", "/收入/本年收入合计/0"},
		{"dataset", data + "收入: {本年收入合计: {at: '5:1'}}\n", "/收入/本年收入合计"},
		{"dataset", data + "收入: {本年收入合计: {text: 5, at: 五}}\n", "/收入/本年收入合计/at"},
		{"dataset", data + "收入: {本年收入合计: {text: 5, place: '5:1'}}\n", "/收入/本年收入合计"},
		{"dataset", data + "收入: {事业收入: {占比: 5元}}\n", "/收入/事业收入/占比"},
		{"dataset", data + "收入: {}\nincome: {}\n", "/income"},
		{"dataset", data + "单位构成: {单位: {名称: 甲}}\n", "/单位构成/单位"},
		{"dataset", data + "单位构成: {单位: [甲]}\n", "/单位构成/单位/0"},
		{"dataset", data + "unit: 角\n", "/unit"},
		{"dataset", data + "rounding: up\n", "/rounding"},
		{"dataset", data + "decimals: 2\n", "/decimals"},
		{"dataset", data + "decimals: {万元: 19}\n", "/decimals/万元"},
		{"dataset", data + "sections: [一、收入]\n", "/sections/0"},
		{"dataset", data + "sections: [一、收入 @1, [二、支出]]\n", "/sections/1/0"},
		{"dataset", data + "unbound: [{名称: 甲}]\n", "/unbound/0"},

		{"pack", "title: 无名\n", "/"},
		{"pack", "id: 甲\n", "/id"},
		{"pack", "id: a\nname: a\n", "/"},
		{"pack", "id: a\nschema: a/b.yaml\n", "/schema"},
		{"pack", "id: a\nrules: {b: on}\n", "/rules/b"},
		{"pack", "id: a\nrules: {b: {severity: bad}}\n", "/rules/b/severity"},

		{"schema", "types: {}\n", "/"},
		{"schema", "fields: {a: {type: money}}\n", "/fields/a/type"},
		{"schema", "fields: {甲: {type: amount}}\n", ""},
		{"schema", "fields: {a: {label: 甲}}\n", "/fields/a"},
		{"schema", "fields: {a: {type: amount, fields: {b: {type: text}}}}\n", "/fields/a/fields"},
		{"schema", "fields: {a: {use: b, fields: {b: {type: text}}}}\n", "/fields/a/fields"},
		{"schema", "fields: {a: {type: list}}\n", "/fields/a"},
		{"schema", "fields: {a: {type: amount, key: b}}\n", "/fields/a/key"},
		{"schema", "fields: {a: {type: amount, unit: {of: b}}}\n", "/fields/a/unit"},
		{"schema", "fields: {a: {type: amount, blank: 0}}\n", "/fields/a/blank"},
		{"schema", "types: {a: {field: {}}}\nfields: {a: {use: a}}\n", "/types/a"},

		{"rules", "id: a\n", "/"},
		{"rules", "- {id: a, title: a}\n", "/0"},
		{"rules", "- {id: restated, title: a, check: 1 == 1}\n", "/0/id"},
		{"rules", "- {id: A, title: a, check: 1 == 1}\n", "/0/id"},
		{"rules", "- {id: a, title: a, check: }\n", "/0/check"},
		{"rules", item + "  chek: 1\n", "/0"},
		{"rules", item + "  each: p of projects\n", "/0/each"},
		{"rules", item + "  severity: fatal\n", "/0/severity"},
		{"rules", item + "  tolerance: none\n", "/0/tolerance"},
		{"rules", item + "  tolerance: {abs: 1, rel: 2}\n", "/0/tolerance"},
		{"rules", item + "  missing: pass\n", "/0/missing"},
		{"rules", item + "  tags: one\n", "/0/tags"},
		{"rules", item + "  since: 23\n", "/0/since"},
		{"rules", item + "  let: [a]\n", "/0/let"},

		{"select", "selects: []\n", "/"},
		{"select", "select: {section: a}\n", "/select"},
		{"select", "select: [{sections: a}]\n", "/select/0"},
		{"select", "select: [{whole: false}]\n", "/select/0/whole"},
		{"select", "select: [{fields: {a: {subjects: b}}}]\n", "/select/0/fields/a"},
		{"select", "select: [{fields: {a: {note: b}}}]\n", "/select/0/fields/a/note"},
		{"select", "types: {a: {b: worth}}\n", "/types/a/b"},
		{"select", "types: {a: {b: {measure: worth}}}\n", "/types/a/b/measure"},
		{"select", "select: [{sentences: [{set: {a: b}}]}]\n", "/select/0/sentences/0"},

		{"test", "- {name: a, data: {}}\n", "/0"},
		{"test", "- {name: a, data: {}, want: {no-such-rule: pass}}\n", "/0/want"},
		{"test", "- {name: a, data: {}, want: {income-share: good}}\n", "/0/want/income-share"},
		{"test", "- {name: a, data: {}, want: {income-share: {收入: {severity: error}}}}\n", "/0/want/income-share/收入"},
		{"test", "- {name: a, data: {}, want: {income-share: {verdict: fail, severe: error}}}\n", "/0/want/income-share"},
		{"test", "- {name: a, data: {收入: {本年收入合计: 一百}}, want: {}}\n", "/0/data/收入/本年收入合计"},
	} {
		t.Run(test.kind+" "+test.content, func(t *testing.T) {
			pack := ""
			if test.kind == "dataset" || test.kind == "test" {
				pack = "juesuan"
			}
			err := fit(t, wrongSchema(t, test.kind, pack), "wrong.yaml", test.content)
			if err == nil {
				t.Fatal("fits")
			}
			var at []string
			leaves(err.(*jsonschema.ValidationError), &at)
			if test.at != "" && !slices.Contains(at, test.at) {
				t.Errorf("refused at %v, want %s", at, test.at)
			}
		})
	}
}

// TestSchemasKnowEveryKey: a key that the readers know is one of the schema.
func TestSchemasKnowEveryKey(t *testing.T) {
	for _, test := range []struct {
		kind, pack, part string
		keys             []string
	}{
		{"dataset", "juesuan", "", dataset.HeaderKeys()},
		{"pack", "", "", literals(t, "rule/rule.go", `!l\.keys\(head, `)},
		{"schema", "", "", literals(t, "dataset/schema.go", `!p\.keys\(doc, `)},
		{"schema", "", "definitions/field", literals(t, "dataset/schema.go", `var fieldKeys = \[\]string\{`)},
		{"rules", "", "items", literals(t, "rule/parse.go", `var ruleKeys = \[\]string\{`)},
		{"select", "", "", literals(t, "rule/select.go", `read\.keys\(doc, `)},
		{"select", "", "properties/select/items", literals(t, "rule/select.go", `!p\.keys\(n, `)},
		{"select", "", "definitions/leaf", literals(t, "rule/select.go", `leafKeys   = \[\]string\{`)},
		{"select", "", "definitions/select", literals(t, "rule/select.go", `selectKeys = append\(\[\]string\{`)},
		{"dataset", "juesuan", "properties/unbound/items", literals(t, "dataset/sections.go", `var unboundKeys = \[\]string\{`)},
	} {
		var schema any
		if err := json.Unmarshal(schemaText(t, test.kind, test.pack), &schema); err != nil {
			t.Fatal(err)
		}
		for _, step := range strings.FieldsFunc(test.part, func(r rune) bool { return r == '/' }) {
			schema = schema.(map[string]any)[step]
		}
		if len(test.keys) == 0 {
			t.Errorf("%s: no keys", test.kind)
		}
		for _, key := range test.keys {
			property, ok := schema.(map[string]any)["properties"].(map[string]any)[key].(map[string]any)
			if !ok || property["description"] == nil {
				t.Errorf("the schema %s %s lacks or does not describe %q", test.kind, test.part, key)
			}
		}
	}
}

var wrongSchemas = map[string]*jsonschema.Schema{}

func wrongSchema(t *testing.T, kind, pack string) *jsonschema.Schema {
	t.Helper()
	if wrongSchemas[kind] == nil {
		wrongSchemas[kind] = jsonSchema(t, kind, pack)
	}
	return wrongSchemas[kind]
}

// leaves gathers where the innermost errors stand.
func leaves(err *jsonschema.ValidationError, at *[]string) {
	if len(err.Causes) == 0 {
		*at = append(*at, "/"+strings.Join(err.InstanceLocation, "/"))
	}
	for _, c := range err.Causes {
		leaves(c, at)
	}
}
