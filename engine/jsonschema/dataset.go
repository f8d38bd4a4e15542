package jsonschema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/words"
)

// The patterns are read by the regular expressions of JavaScript with the flag u and by RE2 alike. They are written for
// texts as they stand in the file, before full-width forms are made narrow.
const (
	space  = `[\s\p{Z}]`
	digit  = `[0-9０-９]`
	sign   = `[-+−－＋]`
	stroke = `[-—–―−‐‑─－]`
	// A place stands at the end, behind a space where something stands before it.
	count      = `0*[1-9][0-9]{0,8}`
	column     = `(?::` + count + `)?`
	place      = `(?:` + count + `/)?(?:` + count + column + `|(?:'(?:[^']|'')+'|[^@!':/\s\p{Z}\p{Cc}]+)![A-Z]{1,4}[1-9][0-9]{0,8}` + column + `)`
	withPlace  = `(?: @` + space + `*` + place + space + `*)?`
	aPlace     = `^` + space + `*` + place + space + `*$`
	onlyPlace  = `@` + space + `*` + place + space + `*`
	blankCell  = space + `*(?:[/／]|` + stroke + `*)` + space + `*`
	directions = `(?:增加|增长|上升|提高|增|减少|下降|降低|减)` + space + `*`
	digits     = `(?:` + digit + `{1,3}(?:[,，]` + digit + `{3})+(?:[.．]` + digit + `*)?|` + digit + `+(?:[.．]` + digit + `*)?|[.．]` + digit + `+)`
	body       = digits + `(?:[eEｅＥ][-+－＋]?` + digit + `+)?`
)

// figurePattern is the pattern of printed figures before a suffix.
func figurePattern(suffix string) string {
	suffix = `(?:` + space + `*` + suffix + `)?`
	number := `(?:` + directions + `(?:[+＋]` + space + `*)?|` + sign + space + `*)?` + body + suffix +
		`|[(（]` + body + suffix + space + `*[)）]|[(（]` + digits + `[)）]` + suffix
	return `^(?:` + onlyPlace + `|(?:` + blankCell + `|` + space + `*(?:` + number + `)` + space + `*)` + withPlace + `)$`
}

// statement is a field's value: a scalar, the long form, or a list of these. The keywords of one type say nothing of the
// others, so that no alternatives are needed and editors tell what is wrong with the one that was written.
func (b *builder) statement(types []string, pattern string, wrong words.Text, more ...member) object {
	scalar := object{{"type", types}}
	if pattern != "" {
		scalar = append(scalar, member{"pattern", pattern}, member{"patternErrorMessage", wrong.In(b.lang)})
	}
	// Texts beside a place need none behind them, but may have one.
	long := object{
		{"type", "object"},
		{"properties", object{
			b.property("text", scalar, docLongText),
			b.property("unit", object{{"type", []string{"string", "number", "null"}}}, docLongUnit),
			b.property("at", b.place(), docLongAt),
		}},
		{"required", []string{"text"}},
		{"additionalProperties", false},
	}
	one := append(append(object{{"type", append(slices.Clone(types), "object")}}, scalar[1:]...), long[1:]...)
	value := append(append(object{{"type", append(slices.Clone(types), "object", "array")}}, scalar[1:]...), long[1:]...)
	value = append(value, more...)
	value.set("items", one)
	return value
}

func (b *builder) place() object {
	return b.define("place", func() object {
		return object{{"type", []string{"string", "number"}}, {"pattern", aPlace}, {"patternErrorMessage", errorPlace.In(b.lang)}}
	})
}

// value is what a leaf holds.
func (b *builder) value(f *dataset.Field) object {
	figure := []string{"number", "string", "null"}
	switch f.Type {
	case dataset.Text:
		return b.define("words", func() object {
			return b.statement([]string{"string", "number", "boolean", "null"}, "", words.Text{})
		})
	case dataset.Date:
		return b.define("date", func() object {
			return b.statement(figure, `^(?:`+onlyPlace+`|`+blankCell+withPlace+`|`+space+`*`+digit+`{4}(?:[^0-9０-９].*)?)$`, errorDate)
		})
	case dataset.Bool:
		return b.define("yes-or-no", func() object {
			return b.statement([]string{"boolean", "string", "null"},
				`^(?:`+onlyPlace+`|(?:`+blankCell+`|`+space+`*(?:true|false|是|有|否|无)`+space+`*)`+withPlace+`)$`, errorBool,
				member{"examples", []string{"是", "否"}})
		})
	case dataset.Percent:
		return b.define("percent", func() object { return b.statement(figure, figurePattern(`[%％]`), errorPercent) })
	}
	switch {
	case f.UnitFrom != nil:
		return b.define("measured", func() object { return b.statement(figure, figurePattern(`(?:[%％]|\p{L}+)`), errorFigure) })
	case f.Unit == "":
		return b.define("figure", func() object { return b.statement(figure, figurePattern(`\p{L}+`), errorFigure) })
	}
	i := slices.Index(b.units, f.Unit)
	if i < 0 {
		i = len(b.units)
		b.units = append(b.units, f.Unit)
	}
	name := fmt.Sprintf("figure-%d", i+1)
	if dataset.IsMoney(f.Unit) {
		name = "money"
	}
	return b.define(name, func() object {
		var units []string
		for _, unit := range append(dataset.MoneyUnits(), f.Unit) {
			if _, ok := dataset.Convert(unit, f.Unit); ok {
				units = append(units, quoteMeta(unit))
			}
		}
		text := words.Text{ZH: fmt.Sprintf(errorUnit.ZH, f.Unit), EN: fmt.Sprintf(errorUnit.EN, f.Unit)}
		return b.statement(figure, figurePattern(`(?:`+strings.Join(units, "|")+`)`), text)
	})
}

// quoteMeta is text that a pattern takes as it is.
func quoteMeta(text string) string {
	var s strings.Builder
	for _, r := range text {
		if strings.ContainsRune(`\.+*?()|[]{}^$/`, r) {
			s.WriteByte('\\')
		}
		s.WriteRune(r)
	}
	return s.String()
}

// field is the part of a field, with what editors show of it.
func (b *builder) field(f *dataset.Field) object {
	var part object
	switch f.Type {
	case dataset.Group:
		part = b.group(f)
	case dataset.List:
		part = object{{"type", []string{"array", "null"}}, {"items", b.group(f)}}
	default:
		part = b.value(f)
	}
	return append(part[:len(part):len(part)], member{"title", f.Title()}, member{"description", b.about(f)})
}

// about says of a field what its key does not.
func (b *builder) about(f *dataset.Field) string {
	about := typeTexts[f.Type].In(b.lang)
	switch {
	case f.UnitFrom != nil:
		about += textUnitFrom.Format(b.lang, f.UnitFrom.Title())
	case f.Unit != "" && f.Type.Numeric():
		about += textUnit.Format(b.lang, f.Unit)
	}
	if f.Key != nil {
		about += textKey.Format(b.lang, f.Key.Title())
	}
	if f.BlankZero {
		about += textBlankZero.In(b.lang)
	}
	about += textPath.Format(b.lang, f.Path())
	if len(f.Aliases) > 0 {
		about += textAliases.Format(b.lang, strings.Join(f.Aliases, textComma.In(b.lang)))
	}
	return about
}

// group is the object of a group or of a row; those of one named type share it.
func (b *builder) group(f *dataset.Field) object {
	name := "field-" + f.Path()
	if f.Use != "" {
		name = "type-" + f.Use
	}
	return b.define(name, func() object {
		o := b.record(f, nil)
		o[0].value = []string{"object", "null"}
		return o
	})
}

// record is an object with the fields of a group, a row or the root behind other keys. A field goes by its name, its label
// or an alias, but by one of them only; editors offer the label.
func (b *builder) record(f *dataset.Field, first object) object {
	properties := first
	var twice object
	for _, c := range f.Fields {
		if c.Header {
			continue
		}
		part := b.field(c)
		names := fieldNames(c)
		for i, name := range names {
			if i == 1 {
				part = with(part, member{"doNotSuggest", true})
			}
			properties.set(name, part)
			if rest := names[i+1:]; len(rest) > 0 {
				var others object
				for _, other := range rest {
					others.set(other, false)
				}
				twice.set(name, object{{"properties", others}})
			}
		}
	}
	o := closed(properties)
	if len(twice) > 0 {
		o.set("dependencies", twice)
	}
	return o
}

// fieldNames are the names of a field, its label first.
func fieldNames(f *dataset.Field) []string {
	var names []string
	for _, name := range slices.Concat([]string{f.Label, f.Name}, f.Aliases) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (b *builder) dataset() object {
	o := b.record(b.of.Schema.Root, b.header())
	o.set("required", []string{"entity", "period"})
	return o
}

// header are the keys before the figures.
func (b *builder) header() object {
	unbound := object{
		b.property("label", object{{"type", []string{"string", "number", "boolean", "null"}}}, docUnboundLabel),
		b.property("measure", object{{"type", []string{"string", "number", "boolean", "null"}}}, docUnboundMeasure),
		b.property("text", object{{"type", []string{"string", "number", "boolean", "null"}}}, docUnboundText),
		b.property("at", b.place(), docLongAt),
		b.property("section", object{{"type", []string{"string", "number", "boolean", "null"}}}, docUnboundSection),
	}
	return object{
		b.property("entity", b.text(), docEntity),
		b.property("period", b.text(), docPeriod),
		b.property("kind", b.text(), docKind),
		b.property("parent", b.text(), docParent),
		b.property("pack", with(b.text(), member{"examples", []string{b.of.ID}}), docPackName),
		b.property("unit", word(dataset.MoneyUnits()...), docUnit),
		b.property("decimals", mapOf(decimals()), docDecimals),
		b.property("rounding", word(number.Modes()...), docRounding),
		b.property("source", b.text(), docSource),
		b.property("sections", b.headings(), docSections),
		b.property("unbound", object{{"type", []string{"array", "null"}}, {"items", closed(unbound)}}, docUnbound),
		b.property("accepted", b.accepted(), docAccepted),
	}
}

// accepted is the list of findings that may stand.
func (b *builder) accepted() object {
	printed := []string{"string", "number", "boolean", "null"}
	entry := object{
		b.property("rule", b.text(), docAcceptedRule),
		b.property("instance", b.text(), docAcceptedInstance),
		b.property("entity", b.text(), docAcceptedEntity),
		b.property("period", b.text(), docAcceptedEntity),
		b.property("reason", b.text(), docAcceptedReason),
		b.property("by", b.text(), docAcceptedBy),
		b.property("until", object{{"type", "string"}, {"pattern", `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`}, {"patternErrorMessage", errorDay.In(b.lang)}}, docAcceptedUntil),
		b.property("verdict", word("fail", "rounding", "not_evaluated"), docAcceptedState),
		b.property("difference", scalar(), docAcceptedState),
		b.property("values", mapOf(object{{"type", append(printed, "array")}, {"items", object{{"type", printed}}}}), docAcceptedState),
	}
	return object{{"type", []string{"array", "null"}}, {"items", closed(entry, "rule", "reason")}}
}

// headings are titles with their places, a list behind one for those below it.
func (b *builder) headings() object {
	return b.define("headings", func() object {
		return object{
			{"type", []string{"array", "null"}},
			{"items", object{
				{"type", []string{"string", "array"}},
				{"pattern", `^.*[^\s\p{Z}].* @` + space + `*` + place + space + `*$`},
				{"patternErrorMessage", errorHeading.In(b.lang)},
				{"items", object{{"$ref", "#/definitions/headings/items"}}},
			}},
		}
	})
}

// decimals is a number of decimals.
func decimals() object {
	return object{{"type", []string{"integer", "string"}}, {"minimum", 0}, {"maximum", 18}, {"pattern", `^(?:[0-9]|0[0-9]|1[0-8])$`}}
}
