package dataset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// tree writes the fields of a schema, one a line, with what was settled about them.
func tree(f *dataset.Field) []string {
	var lines []string
	for _, c := range f.Fields {
		line := fmt.Sprintf("%s %s %s", c.Path(), c.Type, c.Title())
		if len(c.Aliases) > 0 {
			line += " = " + strings.Join(c.Aliases, " = ")
		}
		if c.Unit != "" {
			line += " in " + c.Unit
		}
		if c.UnitFrom != nil {
			line += " in that of " + c.UnitFrom.Name
		}
		if c.BlankZero {
			line += ", blank is zero"
		}
		if c.OwnDecimals {
			line += ", own decimals"
		}
		if c.Key != nil {
			line += ", key " + c.Key.Name
		}
		if c.Use != "" {
			line += ", a " + c.Use
		}
		line += fmt.Sprintf(" @%d", c.Cell)
		if c.Type == dataset.List || c.Type == dataset.Group {
			line += fmt.Sprintf("+%d, lists @%d+%d", c.Cells, c.List, c.Lists)
		}
		lines = append(lines, line)
		lines = append(lines, tree(c)...)
	}
	return lines
}

func TestParseSchema(t *testing.T) {
	s := parseSchema(t, `
units: {亩: 1, 元: 0}
types:
  item:
    fields:
      budget: {type: amount, aliases: [年初预算, 全年预算]}
      share: {type: percent, label: 占比}
fields:
  yuan: {type: amount, unit: 元, blank: zero}
  a: {use: item, label: 甲}
  group:
    label: 组
    fields:
      score: {type: score, decimals: own}
      b: {use: item}
      rows:
        type: list
        key: name
        fields:
          name: {type: text}
          unit: {type: text}
          value: {type: amount, unit: {from: unit}}
          parts: {type: list, fields: {n: {type: count, unit: 个}}}
      item: {type: group, use: item}
  plain: {type: list, use: item}
  when: {type: date}
  yes: {type: bool}
`)
	want := []string{
		"yuan amount yuan in 元, blank is zero @0",
		"a group 甲, a item @1+2, lists @0+0",
		"a.budget amount budget = 年初预算 = 全年预算 in 万元 @1",
		"a.share percent 占比 @2",
		"group group 组 @3+5, lists @0+1",
		"group.score score score in 分, own decimals @3",
		"group.b group b, a item @4+2, lists @0+0",
		"group.b.budget amount budget = 年初预算 = 全年预算 in 万元 @4",
		"group.b.share percent 占比 @5",
		"group.rows list rows, key name @6+3, lists @0+1",
		"group.rows.name text name @0",
		"group.rows.unit text unit @1",
		"group.rows.value amount value in that of unit @2",
		"group.rows.parts list parts @3+1, lists @0+0",
		"group.rows.parts.n count n in 个 @0",
		"group.item group item, a item @6+2, lists @1+0",
		"group.item.budget amount budget = 年初预算 = 全年预算 in 万元 @6",
		"group.item.share percent 占比 @7",
		"plain list plain, a item @8+2, lists @1+0",
		"plain.budget amount budget = 年初预算 = 全年预算 in 万元 @0",
		"plain.share percent 占比 @1",
		"when date when @8",
		"yes bool yes @9",
		"entity text 编制单位 @10",
		"period date 决算年度 @11",
	}
	if diff := gocmp.Diff(want, tree(s.Root)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for unit, want := range map[string]int{"亩": 1, "元": 0, "万元": 2, "亿元": 2, "分": 2, "个": -1} {
		got, ok := s.Decimals(unit)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("the decimals of %s are %d, want %d", unit, got, want)
		}
	}
}

func TestConvert(t *testing.T) {
	tests := []struct {
		from, to string
		power    int
		ok       bool
	}{
		{"元", "万元", -4, true}, {"万元", "元", 4, true}, {"亿元", "万元", 4, true}, {"千元", "元", 3, true}, {"百万元", "亿元", -2, true},
		{"万元", "万元", 0, true}, {"个", "个", 0, true}, {"", "", 0, true},
		{"个", "元", 0, false}, {"分", "元", 0, false}, {"元", "分", 0, false}, {"", "元", 0, false}, {"%", "元", 0, false},
	}
	for _, tt := range tests {
		if power, ok := dataset.Convert(tt.from, tt.to); ok != tt.ok || power != tt.power {
			t.Errorf("Convert(%s, %s) = %d, %t", tt.from, tt.to, power, ok)
		}
	}
}

func TestSchemaDiagnostics(t *testing.T) {
	tests := []struct {
		name, schema string
		want         []string
	}{
		{"no fields", "units: {}", []string{"1:1 missing-key fields"}},
		{"not a mapping", "- a", []string{"1:1 want-mapping"}},
		{"unknown key of a schema", "feilds: {}\nfields: {a: {type: text}}", []string{"1:1 unknown-key feilds → fields"}},
		{"unknown key of a field", "fields:\n  a: {type: text, lable: 甲}", []string{"2:19 unknown-key lable → label"}},
		{"a field that is no mapping", "fields:\n  a: text", []string{"2:6 want-mapping"}},
		{"no type", "fields:\n  a: {label: 甲}", []string{"2:6 missing-key type"}},
		{"unknown type", "fields:\n  a: {type: amout}", []string{"2:13 unknown-type amout → amount"}},
		{"unknown named type", "types: {item: {fields: {b: {type: text}}}}\nfields:\n  a: {use: itme}", []string{"3:12 unknown-type itme → item"}},
		{"a type without fields", "types: {item: {label: 项}}\nfields:\n  a: {use: item}", []string{"1:15 missing-key fields", "1:16 unknown-key label"}},
		{"a type of nothing", "types: {item: {fields: {}}}\nfields:\n  a: {use: item}", []string{"3:3 no-fields a"}},
		{"types within themselves", "types:\n  x: {fields: {y: {use: y}}}\n  y: {fields: {x: {use: x}}}\nfields:\n  a: {use: x}",
			[]string{"3:25 cycle x → y → x"}},
		{"a type's fault is told once", "types: {item: {fields: {b: {type: txt}}}}\nfields: {a: {use: item}, c: {use: item}}", []string{"1:35 unknown-type txt → text"}},
		{"use and fields", "types: {item: {fields: {b: {type: text}}}}\nfields:\n  a: {use: item, fields: {c: {type: text}}}", []string{"3:26 use-and-fields"}},
		{"a group of nothing", "fields: {a: {fields: {}}}", []string{"1:10 no-fields a"}},
		{"a list of nothing", "fields: {a: {type: list}}", []string{"1:10 no-fields a"}},
		{"a figure with fields", "fields: {a: {type: amount, fields: {b: {type: text}}}}", []string{"1:10 leaf-with-fields a amount"}},
		{"a bad name", "fields: {3a: {type: text}, 甲: {type: text}, a-b: {type: text}}",
			[]string{"1:10 bad-name 3a", "1:28 bad-name 甲", "1:45 bad-name a-b"}},
		{"one name twice", "fields:\n  a: {type: text, label: 甲}\n  b: {type: text, label: 甲}", []string{"3:26 duplicate-name 甲 (first-defined 2:26)"}},
		{"an alias that is another's name", "fields:\n  a: {type: text, aliases: [b]}\n  b: {type: text}", []string{"3:3 duplicate-name b (first-defined 2:29)"}},
		{"an alias that is the own label", "fields:\n  a: {type: text, label: 甲, aliases: [甲]}", []string{"2:39 duplicate-name 甲 (first-defined 2:26)"}},
		{"the same name in two groups", "fields: {a: {fields: {c: {type: text}}}, b: {fields: {c: {type: text}}}}", []string{}},
		{"a label that is no text", "fields: {a: {type: text, label: [甲]}}", []string{"1:33 want-text"}},
		{"aliases that are no list", "fields: {a: {type: text, aliases: 甲}}", []string{"1:35 want-list"}},
		{"a key outside a list", "fields: {a: {type: text, key: b}}", []string{"1:31 key-outside-list"}},
		{"an unknown key field", "fields: {a: {type: list, key: nmae, fields: {name: {type: text}}}}", []string{"1:31 unknown-field nmae → name"}},
		{"a key that is no text", "fields: {a: {type: list, key: n, fields: {n: {type: count}}}}", []string{"1:31 want-text-field n"}},
		{"unit of an unknown sibling", "fields: {a: {type: amount, unit: {from: b}}}", []string{"1:41 unknown-field b"}},
		{"unit of a sibling that is no text", "fields: {a: {type: amount, unit: {from: b}}, b: {type: count}}", []string{"1:41 want-text-field b"}},
		{"unit from nowhere", "fields: {a: {type: amount, unit: {}}}", []string{"1:34 missing-key from"}},
		{"unit with another key", "fields: {a: {type: amount, unit: {form: b}}, b: {type: text}}", []string{"1:34 missing-key from", "1:35 unknown-key form → from"}},
		{"blank but not zero", "fields: {a: {type: amount, blank: nil}}", []string{"1:35 want-word blank zero"}},
		{"decimals but not own", "fields: {a: {type: amount, decimals: 2}}", []string{"1:38 want-word decimals own"}},
		{"decimals of a unit", "units: {万元: x}\nfields: {a: {type: text}}", []string{"1:13 bad-decimals"}},
		{"all of them at once", "fields:\n  a: {type: txt}\n  b: {type: list}\n  c: {key: x, type: text}", []string{"2:13 unknown-type txt → text", "3:3 no-fields b", "4:12 key-outside-list"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, list := yamldoc.Parse(source.New("schema.yaml", []byte(tt.schema)))
			if len(list) > 0 {
				t.Fatal(list)
			}
			_, list = dataset.ParseSchema(doc)
			if diff := gocmp.Diff(tt.want, told(list)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if s, list := dataset.ParseSchema(nil); s == nil || s.Root == nil || len(list) > 0 {
		t.Errorf("no document: %v, %v", s, list)
	}
}

func TestLabels(t *testing.T) {
	doc, list := yamldoc.Parse(source.New("schema.yaml", []byte(`
types:
  part: {fields: {amount: {type: amount, label: 金额}, share: {type: percent, label: 占比}}}
fields:
  income:
    label: 收入
    fields: {total: {type: amount, label: 合计}, grant: {use: part, label: 财政拨款}, other: {use: part, label: 其他}}
  spending:
    label: 支出
    fields: {total: {type: amount, label: 合计}, other: {use: part, label: 其他}, basic: {use: part, label: 基本支出}}
  staff: {type: count}
  classes:
    type: list
    key: name
    label: 类
    fields:
      name: {type: text, label: 名称}
      cost: {use: part, label: 决算}
      items: {type: list, key: name, label: 项, fields: {name: {type: text, label: 名称}, final: {type: amount, label: 决算}}}
  notes: {type: list, label: 说明, fields: {text: {type: text, label: 内容}}}
  tables:
    label: 附表
    fields: {spending: {label: 支出表, fields: {total: {type: amount, label: 合计}, basic: {type: amount, label: 基本支出}}}}
`)))
	s, wrong := dataset.ParseSchema(doc)
	if len(list)+len(wrong) > 0 {
		t.Fatal(list, wrong)
	}
	for path, want := range map[string]string{
		"income.total":                     "收入·合计",
		"income.grant.amount":              "财政拨款",
		"income.grant":                     "财政拨款",
		"income.grant.share":               "财政拨款·占比",
		"income.other.amount":              "收入·其他",
		"spending.other.share":             "支出·其他·占比",
		"spending.basic.amount":            "基本支出",
		"tables.spending.basic":            "支出表·基本支出",
		"tables.spending.total":            "支出表·合计",
		"staff":                            "staff",
		"classes":                          "类",
		"classes[甲]":                       "甲",
		"classes[甲].cost.amount":           "甲·决算",
		"classes[甲].cost.share":            "甲·占比",
		"classes[甲].items":                 "甲·项",
		"classes[甲[1]#2].items[乙.丙].final": "甲[1]#2·乙.丙·决算",
		"notes[2].text":                    "说明[2]·内容",
		"notes[2":                          "notes[2",
		"unknown.path":                     "unknown.path",
	} {
		if got := s.Label(path); got != want {
			t.Errorf("%s is called %q, want %q", path, got, want)
		}
	}
}

// FuzzBuild reads any schema and any dataset. A schema without fault takes every dataset without a panic; what is said
// of it has places, and what was read lies in order.
func FuzzBuild(f *testing.F) {
	for _, data := range []string{
		"{合计: 8, 基本: 59.9}", "合计: [867.00 @50:20, 867 @1368:159]", "指标: [{名称: a, 单位: 个, 值: 3}, {}]", "{unit: 元, decimals: {元: 2}, 合计: 3}",
		"合计: {text: \"1,000\", unit: 元, at: \"39:41\"}", "entity: 甲\n完成: 2023年12月\n公开: 是", "合计: 99999999999999999999e60\n占比: 0.0001%", "{合计: ' @ @3 @4'}",
		"合计: {at: [3], text: 3}", "classes: [{编码: 'a]', 项: [{名称: '[[', 金额: 1}, {名称: '].', 金额: 1}]}]", "合计: {at: 3, text: [3]}",
	} {
		f.Add(figures, data)
		f.Add(nested, data)
	}
	f.Fuzz(func(t *testing.T, schemaText, data string) {
		if len(schemaText) > 5000 || len(data) > 5000 {
			return
		}
		doc, list := yamldoc.Parse(source.New("schema.yaml", []byte(schemaText)))
		if doc == nil || len(list) > 0 {
			return
		}
		s, list := dataset.ParseSchema(doc)
		placed(t, list)
		if list.HasErrors() {
			return
		}
		doc, list = yamldoc.Parse(source.New("data.yaml", []byte(data)))
		if doc == nil || len(list) > 0 {
			return
		}
		h, list := dataset.ReadHeader(doc, true)
		placed(t, list)
		d, list := dataset.Build(doc, h, s)
		placed(t, list)
		if len(d.Cells) != len(d.Facts()) {
			t.Fatalf("%d cells, %d facts", len(d.Cells), len(d.Facts()))
		}
		for i := range d.Facts() {
			fact := &d.Facts()[i]
			if a := d.Address(i); a == "" || s.Label(a) == "" {
				t.Fatalf("cell %d is called %q, %q", i, a, s.Label(a))
			}
			printed := slices.IndexFunc(fact.Statements, func(s dataset.Statement) bool { return !s.Blank })
			if fact.Chosen != max(printed, 0) {
				t.Fatalf("%s: rules read statement %d, the first printed is %d", d.Address(i), fact.Chosen, printed)
			}
		}
	})
}

// placed fails unless every diagnostic stands somewhere.
func placed(t *testing.T, list diag.List) {
	t.Helper()
	for _, d := range list {
		if d.Span.File == nil {
			t.Fatalf("%s has no place", d.Code)
		}
	}
}
