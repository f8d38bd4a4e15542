package jsonschema

import (
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/ruletest"
	"github.com/gouji/gouji/engine/words"
)

// idPattern is the pattern of the ids of packs and rules.
const idPattern = `^[a-z0-9][a-z0-9-]*$`

func (b *builder) id() object {
	return b.define("id", func() object {
		return object{{"type", []string{"string", "number"}}, {"pattern", idPattern}, {"patternErrorMessage", errorID.In(b.lang)}}
	})
}

func severities() object {
	var names []string
	for _, s := range finding.Severities {
		names = append(names, s.String())
	}
	return word(names...)
}

// pack is the schema of pack.yaml.
func (b *builder) pack() object {
	change := object{
		{"type", []string{"string", "object"}},
		{"pattern", "^off$"},
		{"patternErrorMessage", errorOff.In(b.lang)},
		{"examples", []string{"off"}},
		{"properties", object{
			b.property("severity", severities(), docSeverity),
			b.property("near", severities(), docNear),
			b.property("rounding", severities(), docRoundingSeverity),
		}},
		{"additionalProperties", false},
	}
	changes := mapOf(change)
	if b.of != nil {
		rules := object{b.property(rule.RestatedID, change, docRestated)}
		for _, r := range b.of.Rules {
			rules.set(r.ID, append(change[:len(change):len(change)], member{"description", r.Title}))
		}
		// A rule that is switched off is none of the pack any more.
		changes = object{{"type", "object"}, {"properties", rules}, {"additionalProperties", change}}
	}
	return closed(object{
		b.property("id", b.id(), docPackID),
		b.property("title", b.text(), docPackTitle),
		b.property("version", b.text(), docPackVersion),
		b.property("region", b.text(), docPackRegion),
		b.property("years", b.text(), docPackYears),
		b.property("schema", object{{"type", "string"}, {"pattern", `^[^/\\]+$`}}, docPackSchema),
		b.property("extends", b.text(), docPackExtends),
		b.property("topics", listOf(b.text()), docPackTopics),
		b.property("rules", changes, docPackRules),
	}, "id")
}

// schema is the schema of schema.yaml.
func (b *builder) schema() object {
	group := closed(object{b.property("fields", b.fields(), docFields)}, "fields")
	return closed(object{
		b.property("units", mapOf(decimals()), docUnits),
		b.property("types", mapOf(group), docTypes),
		b.property("fields", b.fields(), docFields),
	}, "fields")
}

// fields are the fields of a group by their names.
func (b *builder) fields() object {
	return b.define("fields", func() object {
		return object{
			{"type", "object"},
			{"propertyNames", object{{"pattern", "^[A-Za-z_][A-Za-z0-9_]*$"}, {"patternErrorMessage", errorName.In(b.lang)}}},
			{"additionalProperties", b.schemaField()},
			{"minProperties", 1},
		}
	})
}

func (b *builder) schemaField() object {
	return b.define("field", func() object {
		unit := object{
			{"type", []string{"string", "number", "object"}},
			{"examples", dataset.MoneyUnits()},
			{"properties", object{b.property("from", b.text(), docUnitFrom)}},
			{"required", []string{"from"}},
			{"additionalProperties", false},
		}
		o := closed(object{
			b.property("type", word(dataset.TypeNames()...), docType),
			b.property("label", b.text(), docLabel),
			b.property("aliases", listOf(b.text()), docAliases),
			b.property("unit", unit, docFieldUnit),
			b.property("blank", word("zero"), docBlank),
			b.property("decimals", word("own"), docOwnDecimals),
			b.property("key", b.text(), docKey),
			b.property("fields", b.fields(), docFields),
			b.property("use", b.text(), docUse),
		})
		has := func(key string) object { return object{{"required", []string{key}}} }
		is := func(types ...string) object {
			return object{{"properties", object{{"type", word(types...)}}}, {"required", []string{"type"}}}
		}
		leaves := []string{}
		for _, name := range dataset.TypeNames() {
			if name != dataset.List.String() && name != dataset.Group.String() {
				leaves = append(leaves, name)
			}
		}
		o.set("allOf", []object{
			{{"if", is(leaves...)}, {"then", object{{"properties", object{{"fields", false}, {"use", false}}}}}},
			{{"if", object{{"not", is("list")}}}, {"then", object{{"properties", object{{"key", false}}}}}},
			{{"if", has("use")}, {"then", object{{"properties", object{{"fields", false}}}}}},
			{
				{"if", object{{"not", object{{"anyOf", []object{has("fields"), has("use")}}}}}},
				{"then", has("type")},
			},
			{
				{"if", is("list", "group")},
				{"then", object{{"if", object{{"not", has("use")}}}, {"then", has("fields")}}},
			},
		})
		return o
	})
}

// rules is the schema of a topic file.
func (b *builder) rules() object {
	one := closed(object{
		b.property("id", with(b.id(), member{"not", object{{"const", rule.RestatedID}}}), docRuleID),
		b.property("title", b.text(), docTitle),
		b.property("severity", severities(), docSeverity),
		b.property("near", severities(), docNear),
		b.property("rounding", severities(), docRoundingSeverity),
		b.property("each", b.each(), docEach),
		b.property("when", b.text(), docWhen),
		b.property("let", mapOf(b.text()), docLet),
		b.property("check", b.text(), docCheck),
		b.property("outlier", b.text(), docOutlier),
		b.property("unique", b.text(), docUnique),
		b.property("peers", b.peers(), docPeers),
		b.property("tolerance", b.tolerance(), docTolerance),
		b.property("missing", word("skip", "fail", "zero"), docMissing),
		b.property("message", scalar(), docMessage),
		b.property("hint", scalar(), docHint),
		b.property("basis", scalar(), docBasis),
		b.property("tags", listOf(scalar()), docTags),
		b.property("since", year(), docSince),
		b.property("until", year(), docUntil),
	}, "id", "title")
	has := func(key string) object { return object{{"required", []string{key}}} }
	without := func(keys ...string) object {
		var none object
		for _, key := range keys {
			none = append(none, member{key, false})
		}
		return object{{"properties", none}}
	}
	ofCheck := []string{"check", "tolerance", "near", "rounding"}
	one.set("if", has(rule.Outlier.Name()))
	one.set("then", without(append(ofCheck, rule.Unique.Name())...))
	one.set("else", object{
		{"if", has(rule.Unique.Name())},
		{"then", without(ofCheck...)},
		{"else", append(has("check"), without("peers")...)},
	})
	return listOf(one)
}

// peers says which entities are alike.
func (b *builder) peers() object {
	atLeast := func(n int) object {
		return object{{"type", []string{"integer", "string"}}, {"minimum", n}, {"pattern", "^[0-9]+$"}}
	}
	return closed(object{
		b.property("by", b.texts(), docPeersBy),
		b.property("least", atLeast(3), docPeersLeast),
		b.property("limit", object{{"type", []string{"string", "number"}}}, docPeersLimit),
		b.property("length", atLeast(1), docPeersLength),
	})
}

func (b *builder) each() object {
	return b.define("each", func() object {
		clause := object{
			{"pattern", `^\s*[^\s]+\s+in\s+[^\s]`},
			{"patternErrorMessage", errorEach.In(b.lang)},
		}
		one := append(object{{"type", "string"}}, clause...)
		return append(append(object{{"type", []string{"string", "array"}}}, clause...), member{"items", one})
	})
}

func (b *builder) tolerance() object {
	limit := object{{"type", []string{"string", "number"}}}
	return object{
		{"type", []string{"string", "object"}},
		{"pattern", "^(?:rounding|exact)$"},
		{"patternErrorMessage", errorTolerance.In(b.lang)},
		{"examples", []string{"exact"}},
		{"properties", object{
			b.property("abs", limit, docAbs), b.property("rel", limit, docRel), b.property("cap", limit, docCap),
		}},
		{"additionalProperties", false},
		{"minProperties", 1},
		{"maxProperties", 1},
	}
}

func year() object {
	return object{{"type", []string{"integer", "string"}}, {"minimum", 1900}, {"maximum", 9999}, {"pattern", "^(?:19|[2-9][0-9])[0-9]{2}$"}}
}

// grammar is the schema of words.yaml.
func (b *builder) grammar() object {
	var lists object
	for _, name := range extract.WordLists() {
		lists = append(lists, member{name, object{{"type", "array"}, {"items", object{{"type", "string"}, {"minLength", 1}}}}})
	}
	return object{{"type", "object"}, {"properties", lists}, {"additionalProperties", false}}
}

// selects is the schema of select.yaml. Of a pack it offers the paths of the fields.
func (b *builder) selects() object {
	leaf := object{
		b.property("measure", b.words(rule.Measures()), docMeasure),
		b.property("basis", b.texts(), docSelectBasis),
		b.property("word", b.texts(), docWord),
		b.property("unit", b.texts(), docSelectUnit),
		b.property("column", b.texts(), docColumn),
		b.property("under", b.texts(), docUnder),
		b.property("label", b.texts(), docCellLabel),
		b.property("text", b.texts(), docCellText),
		b.property("note", word(rule.Notes()...), docNote),
	}
	leaves := b.define("leaf", func() object {
		// Without a mapping it names measures.
		return object{
			{"type", []string{"string", "array", "object", "null"}},
			{"pattern", "^(?:" + strings.Join(rule.Measures(), "|") + ")$"},
			{"patternErrorMessage", errorMeasure.Format(b.lang, strings.Join(rule.Measures(), textComma.In(b.lang)))},
			{"examples", rule.Measures()},
			{"items", word(rule.Measures()...)},
			{"properties", leaf},
			{"additionalProperties", false},
		}
	})
	field := b.define("select", func() object {
		properties := append(object{
			b.property("subject", object{{"type", []string{"string", "number", "boolean", "array", "null"}}, {"items", scalar()}}, docSubject),
			b.property("row", b.texts(), docRow),
			b.property("of", b.text(), docOf),
			b.property("like", flag(), docLike),
			b.property("reason", flag(), docReason),
		}, leaf...)
		one := object{
			{"type", []string{"string", "number", "boolean", "object", "null"}},
			{"properties", properties},
			{"additionalProperties", false},
		}
		return append(append(object{{"type", []string{"string", "number", "boolean", "array", "object", "null"}}}, one[1:]...), member{"items", one})
	})
	sentence := object{
		{"type", []string{"string", "object"}},
		{"properties", object{
			b.property("text", b.texts(), docSentenceText),
			b.property("set", mapOf(scalar()), docSet),
		}},
		{"required", []string{"text"}},
		{"additionalProperties", false},
	}
	fields, types := mapOf(field), mapOf(mapOf(leaves))
	if b.of != nil {
		var paths, parts object
		b.paths(b.of.Schema.Root, field, leaves, &paths, &parts)
		for _, name := range b.of.Schema.Types {
			if f := typed(b.of.Schema.Root, name); f != nil {
				parts.set(name, b.parts(f, leaves))
			} else {
				parts.set(name, mapOf(leaves))
			}
		}
		fields = object{{"type", "object"}, {"properties", paths}, {"additionalProperties", field}}
		types = object{{"type", "object"}, {"properties", parts}, {"additionalProperties", mapOf(leaves)}}
	}
	scope := closed(object{
		b.property("section", b.texts(), docSection),
		b.property("whole", flag(), docWhole),
		b.property("table", b.texts(), docTable),
		b.property("key", mapOf(b.texts()), docScopeKey),
		b.property("fields", fields, docSelectFields),
		b.property("sentences", listOf(sentence), docSentences),
	})
	return closed(object{
		b.property("ignore", closed(object{
			b.property("titles", b.texts(), docIgnoreTitles), b.property("subjects", b.texts(), docIgnoreSubjects),
		}), docIgnore),
		b.property("words", mapOf(b.texts()), docWords),
		b.property("types", types, docSelectTypes),
		b.property("select", listOf(scope), docSelects),
	})
}

// words is one of some words or a list of them.
func (b *builder) words(names []string) object {
	return object{{"anyOf", []object{word(names...), listOf(word(names...))}}}
}

// paths lists the fields by their paths, and groups and lists with what tells their parts.
func (b *builder) paths(in *dataset.Field, field, leaves object, paths, parts *object) {
	for _, f := range in.Fields {
		if f.Header {
			continue
		}
		paths.set(f.Path(), append(field[:len(field):len(field)], member{"description", f.Title()}))
		if f.Type == dataset.Group || f.Type == dataset.List {
			parts.set(f.Path(), append(b.parts(f, leaves), member{"description", f.Title()}))
		}
		b.paths(f, field, leaves, paths, parts)
	}
}

func (b *builder) parts(f *dataset.Field, leaves object) object {
	var names object
	for _, c := range f.Fields {
		if c.Type != dataset.Group && c.Type != dataset.List {
			names.set(c.Name, append(leaves[:len(leaves):len(leaves)], member{"description", c.Title()}))
		}
	}
	return object{{"type", "object"}, {"properties", names}, {"additionalProperties", leaves}}
}

// typed is a field of a named type.
func typed(in *dataset.Field, name string) *dataset.Field {
	for _, f := range in.Fields {
		if f.Use == name {
			return f
		}
		if found := typed(f, name); found != nil {
			return found
		}
	}
	return nil
}

// test is the schema of a file of rule tests.
func (b *builder) test() object {
	var verdicts []string
	for _, v := range finding.Verdicts {
		verdicts = append(verdicts, v.String())
	}
	details := object{}
	for _, key := range ruletest.DetailKeys() {
		part := scalar()
		switch key {
		case "verdict":
			part = word(verdicts...)
		case "severity":
			part = severities()
		case "near", "unlikely":
			part = object{{"enum", []any{true, false, "true", "false"}}}
		case "missing":
			part = b.texts()
		}
		details = append(details, b.property(key, part, detailTexts[key]))
	}
	isObject := object{{"type", "object"}}
	// Editors look for words to offer beside alternatives, not within.
	one := b.define("verdict", func() object {
		return object{{"if", isObject}, {"then", closed(details, "verdict")}, {"else", word(verdicts...)}, {"examples", verdicts}}
	})
	// A mapping with the key verdict says more of the rule itself, any other is one of instances.
	want := b.define("want", func() object {
		return object{
			{"if", object{{"type", "object"}, {"not", object{{"required", []string{"verdict"}}}}}},
			{"then", object{{"additionalProperties", one}}},
			{"else", one},
			{"examples", verdicts},
		}
	})
	rules := object{b.property(rule.RestatedID, want, docRestated)}
	for _, r := range b.of.Rules {
		rules = append(rules, b.property(r.ID, want, words.Text{ZH: r.Title, EN: r.Title}))
	}
	wants := closed(rules)
	wants[0].value = []string{"object", "array", "null"}
	wants.set("maxItems", 0)
	data := b.define("dataset", func() object { return b.record(b.of.Schema.Root, b.header()) })
	return listOf(closed(object{
		b.property("name", scalar(), docName),
		b.property("data", data, docData),
		b.property("prior", object{{"if", object{{"type", "array"}}}, {"then", listOf(data)}, {"else", data}}, docTestPrior),
		b.property("budget", data, docTestBudget),
		b.property("children", listOf(data), docTestChildren),
		b.property("peers", listOf(data), docTestPeers),
		b.property("want", wants, docWant),
	}, "name", "data", "want"))
}
