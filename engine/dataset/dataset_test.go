package dataset_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// parseSchema reads a schema that must be without fault.
func parseSchema(t testing.TB, text string) *dataset.Schema {
	t.Helper()
	doc, list := yamldoc.Parse(source.New("schema.yaml", []byte(text)))
	if len(list) > 0 {
		t.Fatal(list)
	}
	s, list := dataset.ParseSchema(doc)
	if len(list) > 0 {
		t.Fatalf("schema: %v", list)
	}
	return s
}

// build reads a dataset without entity and period; the document must be YAML.
func build(t testing.TB, s *dataset.Schema, text string) (*dataset.Dataset, diag.List) {
	t.Helper()
	doc, list := yamldoc.Parse(source.New("data.yaml", []byte(text)))
	if len(list) > 0 {
		t.Fatalf("%s: %v", text, list)
	}
	h, list := dataset.ReadHeader(doc, true)
	d, wrong := dataset.Build(doc, h, s)
	return d, append(list, wrong...)
}

// told writes diagnostics as "line:column code arguments → suggestion", in order of place.
func told(list diag.List) []string {
	list = slices.Clone(list)
	list.Sort()
	lines := []string{}
	for _, d := range list {
		at := d.Span.Position()
		line := fmt.Sprintf("%d:%d %s", at.Line, at.Column, d.Code)
		for _, a := range d.Args {
			line += fmt.Sprintf(" %v", a)
		}
		if d.Suggestion != "" {
			line += " → " + d.Suggestion
		}
		for _, r := range d.Related {
			line += fmt.Sprintf(" (%s %d:%d)", r.Code, r.Span.Position().Line, r.Span.Position().Column)
		}
		lines = append(lines, line)
	}
	return lines
}

// cell writes what rules read of one field: value, decimals and flags.
func cell(n number.Number) string {
	var parts []string
	if !n.Has(number.Missing) {
		if n.Has(number.Overflow) {
			parts = append(parts, "overflow")
		} else {
			parts = append(parts, n.Decimal().String())
		}
		if n.Decimals == number.Exact {
			parts = append(parts, "exact")
		} else {
			parts = append(parts, fmt.Sprintf("d%d", n.Decimals))
		}
	}
	for _, f := range []struct {
		flag number.Flags
		name string
	}{{number.Missing, "missing"}, {number.Blank, "blank"}, {number.Point, "point"}} {
		if n.Has(f.flag) {
			parts = append(parts, f.name)
		}
	}
	return strings.Join(parts, " ")
}

// outline writes every present cell of a dataset as "address: what rules read".
func outline(d *dataset.Dataset) []string {
	lines := []string{}
	for i := range d.Facts() {
		f := &d.Facts()[i]
		if f.Statement() == nil {
			continue
		}
		line := d.Address(i) + ": "
		switch f.Field.Type {
		case dataset.Text:
			line += fmt.Sprintf("%q", d.Texts[i])
			if d.Cells[i].Has(number.Missing) {
				line += " missing"
			}
		case dataset.Date:
			line += fmt.Sprintf("%d/%d", d.Cells[i].Coef, d.Cells[i].Scale)
		default:
			line += cell(d.Cells[i])
		}
		lines = append(lines, line)
	}
	return lines
}

func decimals(d *dataset.Dataset) string {
	var parts []string
	for unit, n := range d.Decimals {
		parts = append(parts, fmt.Sprintf("%s:%d", unit, n))
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

const figures = `
units: {亩: 1}
fields:
  total: {type: amount, label: 合计, unit: 万元}
  basic: {type: amount, label: 基本, unit: 万元}
  project: {type: amount, label: 项目, unit: 万元, blank: zero}
  small: {type: amount, label: 小额, unit: 元}
  target: {type: amount, label: 目标, unit: 万元, decimals: own}
  land: {type: amount, label: 土地, unit: 亩}
  share: {type: percent, label: 占比}
  score: {type: score, label: 得分}
  people: {type: count, label: 人数, unit: 人}
  note: {type: text, label: 说明}
  done: {type: date, label: 完成}
  public: {type: bool, label: 公开}
  indicators:
    type: list
    label: 指标
    key: name
    fields:
      name: {type: text, label: 名称}
      unit: {type: text, label: 单位}
      value: {type: amount, label: 值, unit: {from: unit}, decimals: own}
`

// TestDecimals: D(unit) of contract §1, and what each figure makes of it.
func TestDecimals(t *testing.T) {
	tests := []struct {
		name, data string
		decimals   string
		want       []string
	}{
		{"the finest printed", "{合计: 8, 基本: 59.9, 项目: 1393.25}", "万元:2",
			[]string{"total: 8 d2", "basic: 59.9 d2", "project: 1393.25 d2"}},
		{"zeros count", "{合计: 8, 基本: 0.00}", "万元:2", []string{"total: 8 d2", "basic: 0 d2"}},
		{"trailing zeros count", "{合计: 8, 基本: 9.10}", "万元:2", []string{"total: 8 d2", "basic: 9.1 d2"}},
		{"no finer than the schema's", "{合计: 8, 基本: 1.2345}", "万元:2", []string{"total: 8 d2", "basic: 1.2345 d4"}},
		{"the schema's own unit", "{土地: [3.25, 3], 合计: 1}", "万元:0 亩:1", []string{"total: 1 d0", "land: 3.25 d2"}},
		{"none printed", "{合计: 8, 基本: 9}", "万元:0", []string{"total: 8 d0", "basic: 9 d0"}},
		{"declared wins over printed", "{decimals: {万元: 2}, 合计: 8}", "万元:2", []string{"total: 8 d2"}},
		{"declared below printed keeps own digits", "{decimals: {万元: 0}, 合计: 8, 基本: 9.25}", "万元:0",
			[]string{"total: 8 d0", "basic: 9.25 d2"}},
		{"declared beyond the schema's", "{decimals: {万元: 4}, 合计: 8}", "万元:4", []string{"total: 8 d4"}},
		{"over every statement, chosen or not", "{合计: [8, 8.00], 基本: 9}", "万元:2", []string{"total: 8 d2", "basic: 9 d2"}},
		{"blanks have no decimals", "{合计: 8, 基本: -}", "万元:0", []string{"total: 8 d0", "basic: missing blank"}},
		{"own decimals", "{目标: 3, 合计: 8.25}", "万元:2", []string{"total: 8.25 d2", "target: 3 d0"}},
		{"each unit by itself", "{合计: 8.25, 小额: 3, 得分: 9.5}", "万元:2 元:0 分:1",
			[]string{"total: 8.25 d2", "small: 3 d0", "score: 9.5 d1 point"}},
		{"scores share theirs", "{得分: 9, decimals: {分: 2}}", "分:2", []string{"score: 9 d2 point"}},
		{"percents keep their own", "{占比: 56.8%, 合计: 8.25}", "万元:2", []string{"total: 8.25 d2", "share: 56.8 d1"}},
		{"counts are exact", "{人数: 3}", "", []string{"people: 3 exact point"}},
		{"blank: zero has D", "{合计: 8.25, 项目: —}", "万元:2", []string{"total: 8.25 d2", "project: 0 d2 blank"}},
		{"blank: zero is no missing key", "{合计: 8.25}", "万元:2", []string{"total: 8.25 d2"}},
		{"zero is not blank", "{项目: 0}", "万元:0", []string{"project: 0 d0"}},

		// Conversion: exact, decimals shifted along, D in the published unit.
		{"361元", "{合计: 8.25, 基本: 361元}", "万元:2 元:0", []string{"total: 8.25 d2", "basic: 0.0361 d4"}},
		{"元 with 角分", "{合计: 8.25, 基本: 361.5元, 小额: 0.25}", "万元:2 元:2",
			[]string{"total: 8.25 d2", "basic: 0.03615 d6", "small: 0.25 d2"}},
		{"亿元", "{合计: 1.25亿元, 基本: 3}", "万元:0 亿元:2", []string{"total: 12500 d-2", "basic: 3 d0"}},
		{"published unit of the dataset", "{unit: 元, 合计: 361, 小额: 12.5, 目标: 1000}", "元:1",
			[]string{"total: 0.0361 d5", "small: 12.5 d1", "target: 0.1 d4"}},
		{"a written unit overrides the dataset's", "{unit: 元, 合计: 8万元, 基本: 361}", "万元:0 元:0",
			[]string{"total: 8 d0", "basic: 0.0361 d4"}},
		{"the dataset's unit leaves other quantities alone", "{unit: 元, 土地: 3, 得分: 9, 人数: 3}", "亩:0 分:0",
			[]string{"land: 3 d0", "score: 9 d0 point", "people: 3 exact point"}},
		{"declared in the published unit", "{unit: 元, decimals: {元: 2}, 合计: 361}", "元:2", []string{"total: 0.0361 d6"}},
		{"blank: zero in the published unit", "{unit: 元, 合计: 361.25, 项目: -}", "元:2",
			[]string{"total: 0.036125 d6", "project: 0 d6 blank"}},
		{"the unit of the long form", `{合计: {text: "361", unit: 元}, 基本: 8}`, "万元:0 元:0",
			[]string{"total: 0.0361 d4", "basic: 8 d0"}},

		// Units beside the figure.
		{"unit from a sibling", "{指标: [{名称: a, 单位: 个, 值: 3}, {名称: b, 单位: 万元, 值: 8.5}, {名称: c, 单位: '%', 值: 95}, {名称: d, 值: 95%}], 合计: 1}",
			"万元:1", []string{"total: 1 d1",
				`indicators[a].name: "a"`, `indicators[a].unit: "个"`, "indicators[a].value: 3 d0",
				`indicators[b].name: "b"`, `indicators[b].unit: "万元"`, "indicators[b].value: 8.5 d1",
				`indicators[c].name: "c"`, `indicators[c].unit: "%"`, "indicators[c].value: 95 d0",
				`indicators[d].name: "d"`, "indicators[d].value: 95 d0"}},
		{"a figure beyond int64", "{合计: 12345678901234567890.12}", "万元:2", []string{"total: overflow d2"}},
	}
	s := parseSchema(t, figures)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, list := build(t, s, tt.data)
			if len(list) > 0 {
				t.Fatal(told(list))
			}
			if got := decimals(d); got != tt.decimals {
				t.Errorf("D is %q, want %q", got, tt.decimals)
			}
			if diff := gocmp.Diff(tt.want, outline(d)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// statement writes what is known of one statement.
func statement(st *dataset.Statement) string {
	at := ""
	if !st.Place.IsZero() {
		at = " @" + st.Place.String()
	}
	blank := ""
	if st.Blank {
		blank = " blank"
	}
	pos := st.Span.Position()
	return strings.TrimSpace(fmt.Sprintf("%q %s%s%s [%d:%d]", st.Text, cmp.Or(st.Unit, "·"), at, blank, pos.Line, pos.Column))
}

func TestStatements(t *testing.T) {
	tests := []struct {
		name, data string
		want       []string
		chosen     int
	}{
		{"bare", "合计: 867.01", []string{`"867.01" 万元 [1:5]`}, 0},
		{"with a line", "合计: 867.01 @49", []string{`"867.01" 万元 @49 [1:5]`}, 0},
		{"with line and column", "合计: 867.01 @49:40", []string{`"867.01" 万元 @49:40 [1:5]`}, 0},
		{"direction word", "合计: 减少1,141.36 @39:67", []string{`"减少1,141.36" 万元 @39:67 [1:5]`}, 0},
		{"written unit", "合计: 361元 @4", []string{`"361元" 元 @4 [1:5]`}, 0},
		{"several", "合计: [867.00 @50:20, 867 @1368:159]", []string{`"867.00" 万元 @50:20 [1:6]`, `"867" 万元 @1368:159 [1:21]`}, 0},
		{"quoted for its comma", `合计: ["1,867.00 @50:20", 1867]`, []string{`"1,867.00" 万元 @50:20 [1:6]`, `"1867" 万元 [1:25]`}, 0},
		{"the first that is not blank", "合计: [-, '', 8, 9]", []string{`"-" 万元 blank [1:6]`, `"" 万元 blank [1:9]`, `"8" 万元 [1:13]`, `"9" 万元 [1:16]`}, 2},
		{"all blank", "合计: [—, /]", []string{`"—" 万元 blank [1:6]`, `"/" 万元 blank [1:9]`}, 0},
		{"none", "合计: []", nil, 0},
		{"nothing", "合计:", []string{`"" 万元 blank [1:4]`}, 0},
		{"a blank with a place", "合计: — @3:4", []string{`"—" 万元 @3:4 blank [1:5]`}, 0},
		{"only a place", `合计: "@3:4"`, []string{`"" 万元 @3:4 blank [1:5]`}, 0},
		{"long form", `合计: {text: "1,000", unit: 元, at: "39:41"}`, []string{`"1,000" 元 @39:41 [1:5]`}, 0},
		{"long form without the rest", `合计: {text: 8}`, []string{`"8" 万元 [1:5]`}, 0},
		{"long form in a list", "合计:\n  - 8\n  - {text: 9, at: 7}", []string{`"8" 万元 [2:5]`, `"9" 万元 @7 [3:5]`}, 0},
		{"text with a place", "说明: 无 @46:24", []string{`"无" · @46:24 [1:5]`}, 0},
		{"text with an at sign of its own", "说明: 联系 @张三", []string{`"联系 @张三" · [1:5]`}, 0},
		{"the last at sign is the place", "说明: 联系 @张三 @5", []string{`"联系 @张三" · @5 [1:5]`}, 0},
		{"on a page", "合计: 867.01 @7/62:31", []string{`"867.01" 万元 @7/62:31 [1:5]`}, 0},
		{"in a sheet", "合计: 867.01 @收入表!C9", []string{`"867.01" 万元 @收入表!C9 [1:5]`}, 0},
		{"in a table's cell", "合计: 867.01 @7/表3!B4:17", []string{`"867.01" 万元 @7/表3!B4:17 [1:5]`}, 0},
		{"in a sheet with a strange name", "合计: 867.01 @'收 @入''s'!C9", []string{`"867.01" 万元 @'收 @入''s'!C9 [1:5]`}, 0},
		{"long form in a sheet", `合计: {text: 9, at: "'收 入'!C9"}`, []string{`"9" 万元 @'收 入'!C9 [1:5]`}, 0},
		{"text with a mail address", "说明: 寄 @收入!表", []string{`"寄 @收入!表" · [1:5]`}, 0},
		{"percent", "占比: 56.83% @3:1", []string{`"56.83%" % @3:1 [1:5]`}, 0},
		{"percent without its sign", "占比: 56.83", []string{`"56.83" % [1:5]`}, 0},
		{"full-width", "合计: ８６７．０１", []string{`"８６７．０１" 万元 [1:5]`}, 0},
	}
	s := parseSchema(t, figures)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, list := build(t, s, tt.data)
			if len(list) > 0 {
				t.Fatal(told(list))
			}
			var got []string
			chosen := 0
			for i := range d.Facts() {
				for j := range d.Facts()[i].Statements {
					got = append(got, statement(&d.Facts()[i].Statements[j]))
				}
				chosen = max(chosen, d.Facts()[i].Chosen)
			}
			if diff := gocmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if chosen != tt.chosen {
				t.Errorf("rules read statement %d, want %d", chosen, tt.chosen)
			}
		})
	}
}

// TestFigures: the report tells how many figures were read, every statement once.
func TestFigures(t *testing.T) {
	s := parseSchema(t, figures)
	d, _ := build(t, s, "{合计: [8, 8.00], 占比: 5%, 说明: 无, 指标: [{名称: a, 值: 3}]}")
	if d.Figures != 4 {
		t.Errorf("%d figures, want 4", d.Figures)
	}
}

// TestBlank: missing, blank and zero are three things, for every type.
func TestBlank(t *testing.T) {
	s := parseSchema(t, figures)
	for _, stroke := range []string{"", `""`, `"-"`, "—", "/", "－", "'  '", "——", "／", "--- ", "──", "— @3:4"} {
		for _, label := range []string{"合计", "占比", "得分", "人数", "完成", "说明", "公开"} {
			d, list := build(t, s, label+": "+stroke)
			if len(list) > 0 {
				t.Fatal(told(list))
			}
			for i := range d.Facts() {
				if d.Facts()[i].Field.Label == label && !(d.Cells[i].Has(number.Missing) && d.Cells[i].Has(number.Blank)) {
					t.Errorf("%s: %s is %s", label, stroke, cell(d.Cells[i]))
				}
			}
		}
	}
	d, _ := build(t, s, "{}")
	for i := range d.Cells {
		if got := cell(d.Cells[i]); got != "missing" {
			t.Errorf("%s is %s in an empty dataset", d.Address(i), got)
		}
	}
	for data, want := range map[string]string{"公开: 是": "1 exact point", "公开: false": "0 exact point", "公开: ": "missing blank", "公开: 无": "0 exact point"} {
		d, list := build(t, s, data)
		if got := outline(d); len(list) > 0 || len(got) != 1 || got[0] != "public: "+want {
			t.Errorf("%s is %v %v", data, got, told(list))
		}
	}
}

const nested = `
types:
  item:
    fields:
      budget: {type: amount, label: 预算, aliases: [年初预算, 全年预算]}
      final: {type: amount, label: 决算}
fields:
  overall:
    label: 收支
    fields:
      income: {use: item, label: 收入}
      expenditure: {use: item, label: 支出}
      sources:
        type: list
        label: 来源
        fields:
          amount: {type: amount, label: 金额}
  classes:
    type: list
    label: 类
    key: code
    fields:
      code: {type: text, label: 编码}
      total: {use: item, label: 合计}
      items:
        type: list
        label: 项
        key: name
        fields:
          name: {type: text, label: 名称}
          amount: {type: amount, label: 金额}
`

// TestBlankTexts: a blank name names no row, a blank unit is none.
func TestBlankTexts(t *testing.T) {
	d, list := build(t, parseSchema(t, figures), "指标: [{名称: ——, 单位: —, 值: 3}, {名称: 乙, 单位: －, 值: 4元}]")
	want := []string{`indicators[1].name: "" missing`, `indicators[1].unit: "" missing`, "indicators[1].value: 3 d0",
		`indicators[乙].name: "乙"`, `indicators[乙].unit: "" missing`, "indicators[乙].value: 4 d0"}
	if diff := gocmp.Diff(want, outline(d)); diff != "" || len(list) > 0 {
		t.Errorf("(-want +got):\n%s%v", diff, told(list))
	}
}

// TestAddress: names, labels and aliases as keys; rows by key, repeated keys, empty keys, rows without a key.
func TestAddress(t *testing.T) {
	s := parseSchema(t, nested)
	d, list := build(t, s, `
收支:
  收入: {年初预算: 1, 决算: 2}
  expenditure: {全年预算: 3, final: 4}
  来源: [{金额: 5}, {amount: 6}]
classes:
  - {编码: "206", 合计: {预算: 7}, 项: [{名称: 甲, 金额: 8}, {名称: 甲, 金额: 9}, {名称: " 甲 ", 金额: 10}]}
  - {编码: "206", 项: [{名称: 乙, 金额: 11}]}
  - {项: [{金额: 12}]}
  - {编码: "208"}
`)
	if len(list) > 0 {
		t.Fatal(told(list))
	}
	want := []string{
		"overall.income.budget: 1 d0", "overall.income.final: 2 d0", "overall.expenditure.budget: 3 d0", "overall.expenditure.final: 4 d0",
		"overall.sources[1].amount: 5 d0", "overall.sources[2].amount: 6 d0",
		`classes[206].code: "206"`, "classes[206].total.budget: 7 d0",
		`classes[206#2].code: "206"`,
		`classes[208].code: "208"`,
		`classes[206].items[甲].name: "甲"`, "classes[206].items[甲].amount: 8 d0",
		`classes[206].items[甲#2].name: "甲"`, "classes[206].items[甲#2].amount: 9 d0",
		`classes[206].items[甲#3].name: "甲"`, "classes[206].items[甲#3].amount: 10 d0",
		`classes[206#2].items[乙].name: "乙"`, "classes[206#2].items[乙].amount: 11 d0",
		"classes[3].items[1].amount: 12 d0",
	}
	if diff := gocmp.Diff(want, outline(d)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var lists []string
	for i := range d.Lists {
		lists = append(lists, d.ListAddress(i))
	}
	want = []string{"overall.sources", "classes", "classes[206].items", "classes[206#2].items", "classes[3].items", "classes[208].items"}
	if diff := gocmp.Diff(want, lists); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
}

// TestRowKeys: no two rows have one name, whatever their keys are.
func TestRowKeys(t *testing.T) {
	s := parseSchema(t, figures)
	for keys, want := range map[string]string{
		"甲 乙":               "甲 乙",
		"甲 甲 甲":             "甲 甲#2 甲#3",
		"甲 甲#2 甲":           "甲 甲#2 甲#3",
		"甲 甲 甲#2":           "甲 甲#3 甲#2",
		"甲 甲 甲#2 甲 甲#3":     "甲 甲#4 甲#2 甲#5 甲#3",
		"甲 甲#2 甲#2 甲":       "甲 甲#2 甲#2#2 甲#3",
		"甲 甲#2 甲#2 甲 甲#2#2": "甲 甲#2 甲#2#3 甲#3 甲#2#2",
		"- 1":               "1#2 1",
		"- 1 1":             "1#2 1 1#3",
		"3 3 - 乙":           "3 3#2 3#3 乙",
		"- 乙 -":             "1 乙 3",
	} {
		data := "指标: ["
		for _, key := range strings.Fields(keys) {
			data += "{名称: '" + key + "'}, "
		}
		d, list := build(t, s, data+"]")
		if len(list) > 0 {
			t.Fatal(told(list))
		}
		var got []string
		for i := range int(d.Lists[0].Count) {
			got = append(got, d.RowKey(s.Root.Child("indicators"), d.Lists[0], i))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s are named %s, want %s", keys, strings.Join(got, " "), want)
		}
	}
}

func TestBuildDiagnostics(t *testing.T) {
	long := strings.Repeat("9", 65)
	tests := []struct {
		name, data string
		want       []string
	}{
		{"unknown field", "合记: 3", []string{"1:1 unknown-field 合记 → 合计"}},
		{"unknown header key", "entitty: 甲", []string{"1:1 unknown-field entitty → entity"}},
		{"unknown field of a row", "指标:\n  - 值: 3\n    单: 个", []string{"3:5 unknown-field 单 → 单位"}},
		{"one field twice", "合计: 3\ntotal: 4", []string{"2:1 field-twice total (first-defined 1:1)"}},
		{"not a mapping", "[1, 2]", []string{"1:1 want-group ", "1:1 want-mapping"}},
		{"a list that is none", "指标: 3", []string{"1:5 want-rows 指标"}},
		{"a row that is none", "指标: [3]", []string{"1:6 want-group 指标"}},
		{"statements within statements", "合计: [[1]]", []string{"1:6 want-figure 合计"}},
		{"a field of a figure", "合计: {金额: 3}", []string{"1:6 not-a-group 合计 金额"}},
		{"long form without text", "合计: {unit: 元}", []string{"1:5 missing-key text"}},
		{"long form with a list", "合计: {text: [1]}", []string{"1:12 want-text"}},
		{"not a number", "合计: 约8万", []string{"1:5 not-a-number 约8万"}},
		{"separators", `合计: "1,23"`, []string{"1:5 bad-separators 1,23"}},
		{"too long", "合计: " + long, []string{"1:5 number-too-long " + long[:40] + "…"}},
		{"two signs", "合计: 减少-3", []string{"1:5 two-signs 减少-3"}},
		{"percent in an amount", "合计: 5%", []string{"1:5 percent-in-field 5% 合计 amount"}},
		{"percent in a count", "人数: 5%", []string{"1:5 percent-in-field 5% 人数 count"}},
		{"unit that does not convert", "合计: 3个", []string{"1:5 unit-in-field 个 合计 万元"}},
		{"unit in a percent", "占比: 3元", []string{"1:5 unit-in-field 元 占比 %"}},
		{"another unit than the long form's", "合计: {text: 3元, unit: 万元}", []string{"1:12 unit-in-field 元 合计 万元"}},
		{"bad place", "合计: 3 @x", []string{"1:5 bad-place  @x"}},
		{"bad cell", "合计: 3 @收入表!9C", []string{"1:5 bad-place  @收入表!9C"}},
		{"bad sheet", "合计: 3 @收 入!C9", []string{"1:5 bad-place  @收 入!C9"}},
		{"place zero", "合计: 3 @0", []string{"1:5 bad-place  @0"}},
		{"column zero", "合计: 3 @4:0", []string{"1:5 bad-place  @4:0"}},
		{"bad place of the long form", "合计: {text: 3, at: 四}", []string{"1:19 bad-place 四"}},
		{"not true or false", "公开: 也许", []string{"1:5 want-bool 也许"}},
		{"not a date", "完成: 明年", []string{"1:5 want-date 明年"}},
		{"a tag", "合计: !x 3", []string{"1:5 unknown-tag !x"}},
		{"all of them at once", "合计: x\n占比: y\n人数: z", []string{"1:5 not-a-number x", "2:5 not-a-number y", "3:5 not-a-number z"}},
	}
	s := parseSchema(t, figures)
	seen := map[diag.Code]bool{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, list := build(t, s, tt.data)
			if diff := gocmp.Diff(tt.want, told(list)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, w := range list {
				seen[w.Code] = true
			}
			outline(d)
		})
	}
	for _, code := range []diag.Code{
		diag.UnknownField, diag.FieldTwice, diag.WantGroup, diag.WantRows, diag.WantFigure, diag.NotAGroup, diag.NotANumber,
		diag.BadSeparators, diag.NumberTooLong, diag.TwoSigns, diag.PercentInField, diag.UnitInField, diag.BadPlace,
		diag.WantBool, diag.WantDate, diag.UnknownTag,
	} {
		if !seen[code] {
			t.Errorf("no case of %s", code)
		}
	}
}

func TestReadHeader(t *testing.T) {
	read := func(text string, optional bool) (dataset.Header, []string) {
		doc, list := yamldoc.Parse(source.New("data.yaml", []byte(text)))
		if len(list) > 0 {
			t.Fatal(list)
		}
		h, wrong := dataset.ReadHeader(doc, optional)
		return h, told(wrong)
	}
	h, wrong := read("entity: 甲\nperiod: 2023\n", false)
	want := dataset.Header{Entity: "甲", Period: "2023", Pack: "juesuan", Declared: map[string]int{}}
	if diff := gocmp.Diff(want, h); diff != "" || len(wrong) > 0 {
		t.Errorf("the defaults (-want +got):\n%s%v", diff, wrong)
	}
	h, wrong = read("{entity: 甲, period: 2023-06, kind: 单位决算, pack: p, unit: 元, decimals: {元: 2, 个: 0}, rounding: truncate, source: s.pdf}", false)
	want = dataset.Header{Entity: "甲", Period: "2023-06", Kind: "单位决算", Pack: "p", Unit: "元", Source: "s.pdf",
		Rounding: number.Truncate, Declared: map[string]int{"元": 2, "个": 0}}
	if diff := gocmp.Diff(want, h); diff != "" || len(wrong) > 0 {
		t.Errorf("all keys (-want +got):\n%s%v", diff, wrong)
	}
	if h.Year() != 2023 {
		t.Errorf("the year is %d", h.Year())
	}
	for period, year := range map[string]int{"2023": 2023, "2023年": 2023, "第23期": 0, "": 0, "20230": 0, "202": 0} {
		if got := (dataset.Header{Period: period}).Year(); got != year {
			t.Errorf("the year of %q is %d", period, got)
		}
	}
	tests := []struct {
		text     string
		optional bool
		want     []string
	}{
		{"合计: 3", false, []string{"1:1 missing-key entity", "1:1 missing-key period"}},
		{"合计: 3", true, []string{}},
		{"- 3", false, []string{"1:1 want-mapping"}},
		{"entity: ''\nperiod: [2023]", false, []string{"1:9 want-text", "2:9 want-text"}},
		{"unit: 个", true, []string{"1:7 unknown-unit 个 元、千元、万元、百万元、亿元"}},
		{"rounding: up", true, []string{"1:11 unknown-word up half-up, nearest, truncate"}},
		{"decimals: 2", true, []string{"1:11 want-mapping"}},
		{"decimals: {万元: two}", true, []string{"1:16 bad-decimals"}},
		{"decimals: {万元: 19}", true, []string{"1:16 bad-decimals"}},
		{"decimals: {万元: -1}", true, []string{"1:16 bad-decimals"}},
		{"source: !x a", true, []string{"1:9 want-text"}},
	}
	for _, tt := range tests {
		if _, got := read(tt.text, tt.optional); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.text, got, tt.want)
		}
	}
}
