// Package jsonschema writes JSON Schemas of the files that people write: packs, their tests and datasets. Editors check
// and complete files by them while these are written.
//
// A schema accepts whatever the readers of gouji accept. It refuses what can be told of one value alone: unknown keys,
// words and forms of figures; what values mean together is for gouji to say.
//
// The schemas are of draft-07, which every editor knows: yaml-language-server reads 2020-12 too since its version 1.19,
// but older ones, the JSON of VS Code and the IDEs of JetBrains know the whole of draft-07 alone. errorMessage,
// patternErrorMessage and doNotSuggest are words of these editors that validators pass over.
package jsonschema

import (
	"bytes"
	"encoding/json"

	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/words"
)

// draft is the dialect of all schemas.
const draft = "http://json-schema.org/draft-07/schema#"

// Kind is a kind of file.
type Kind struct {
	Name string
	// Doc says which files it is about.
	Doc words.Text
	// NeedsPack: there is a schema for each pack only. Of the other kinds that of a pack knows its names as well.
	NeedsPack bool
	build     func(b *builder) object
}

// Kinds lists every kind, datasets first.
func Kinds() []Kind {
	return []Kind{
		{"dataset", docDataset, true, (*builder).dataset},
		{"test", docTest, true, (*builder).test},
		{"rules", docRules, false, (*builder).rules},
		{"schema", docSchema, false, (*builder).schema},
		{"select", docSelect, false, (*builder).selects},
		{"words", docGrammar, false, (*builder).grammar},
		{"pack", docPack, false, (*builder).pack},
	}
}

// Schema is the JSON Schema of a kind of file in one language, "zh" or "en". pack is nil for none.
func (k Kind) Schema(pack *rule.Pack, lang string) ([]byte, error) {
	b := &builder{of: pack, lang: lang, refs: map[string]bool{}}
	schema := object{{"$schema", draft}}
	title := "gouji " + k.Name
	if pack != nil {
		title += " " + pack.ID
	}
	schema.set("title", title)
	schema.set("description", k.Doc.In(lang))
	schema = append(schema, k.build(b)...)
	if len(b.definitions) > 0 {
		schema.set("definitions", b.definitions)
	}
	compact, err := marshal(schema)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, compact, "", " "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// builder builds one schema.
type builder struct {
	of   *rule.Pack
	lang string
	// definitions are the parts that stand in several places; refs are their names.
	definitions object
	refs        map[string]bool
	// units are those of figures that have a definition.
	units []string
}

// define gives a part that is built once a name and refers to it. A part may refer to itself.
func (b *builder) define(name string, build func() object) object {
	if !b.refs[name] {
		b.refs[name] = true
		i := len(b.definitions)
		b.definitions.set(name, nil)
		b.definitions[i].value = build()
	}
	return object{{"$ref", "#/definitions/" + name}}
}

// say describes a part. Editors show what stands beside a reference, validators pass it over.
func (b *builder) say(part object, t words.Text) object {
	return append(part[:len(part):len(part)], member{"description", t.In(b.lang)})
}

// with adds keywords to a part. Beside a reference draft-07 reads nothing but what describes.
func with(part object, more ...member) object {
	if len(part) > 0 && part[0].name == "$ref" {
		part = append(object{{"allOf", []object{part[:1]}}}, part[1:]...)
	}
	return append(part[:len(part):len(part)], more...)
}

// property is a key with its part.
func (b *builder) property(name string, part object, t words.Text) member {
	return member{name, b.say(part, t)}
}

// closed is an object with these keys and no others.
func closed(properties object, required ...string) object {
	o := object{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}}
	if len(required) > 0 {
		o.set("required", required)
	}
	return o
}

// mapOf is an object with keys of any name.
func mapOf(values object) object {
	return object{{"type", "object"}, {"additionalProperties", values}}
}

func listOf(items object) object { return object{{"type", "array"}, {"items", items}} }

// word is one of some words.
func word(names ...string) object { return object{{"enum", names}} }

// scalar is any text: YAML takes some for numbers and for true or false.
func scalar() object { return object{{"type", []string{"string", "number", "boolean"}}} }

// text is a text that is not blank.
func (b *builder) text() object {
	return b.define("text", func() object {
		return append(scalar(), member{"pattern", `[^\s\p{Z}]`}, member{"patternErrorMessage", errorText.In(b.lang)})
	})
}

// texts is a text or a list of texts.
func (b *builder) texts() object {
	return b.define("texts", func() object {
		return object{{"type", []string{"string", "number", "boolean", "array"}}, {"items", scalar()}}
	})
}

// flag is a key that is true or absent.
func flag() object { return object{{"enum", []any{true, "true"}}} }
