package dataset_test

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/source"
)

func TestSections(t *testing.T) {
	d, list := build(t, parseSchema(t, figures), `
sections:
  - 第二部分  决算说明 @60:1
  - - 一、收入 @62:3
    - - （一）来源 @64
    - 二、支出 @7/80:1
    - - 支出表 @表3!A1
  - 第三部分 附表 @100
  - - 收 入 @'收 入'!A1
    - 收入（续） @'收 入'!A9
合计: 3 @65:9
`)
	if len(list) > 0 {
		t.Fatal(told(list))
	}
	for _, tt := range []struct{ place, want string }{
		{"1:1", ""},
		{"59:99", ""},
		{"60:1", "第二部分 决算说明"},
		{"62:2", "第二部分 决算说明"},
		{"62:3", "第二部分 决算说明/一、收入"},
		{"64", "第二部分 决算说明/一、收入/（一）来源"},
		{"79:4", "第二部分 决算说明/一、收入/（一）来源"},
		{"7/80:1", "第二部分 决算说明/二、支出"},
		{"99", "第二部分 决算说明/二、支出"},
		{"100:1", "第三部分 附表"},
		{"表3!B4:17", "第二部分 决算说明/二、支出/支出表"},
		{"8/表3!B4", "第二部分 决算说明/二、支出/支出表"},
		{"表4!B4", ""},
		{"'收 入'!C30", "第三部分 附表/收 入"},
	} {
		p, ok := source.ParsePlace(tt.place)
		if !ok {
			t.Fatalf("%s is no place", tt.place)
		}
		if got := strings.ReplaceAll(d.Section(p), "\n", "/"); got != tt.want {
			t.Errorf("%s stands under %q, want %q", tt.place, got, tt.want)
		}
	}
	if got := d.Section(source.Place{}); got != "" {
		t.Errorf("an unknown place stands under %q", got)
	}
	if got := (&dataset.Dataset{}).Section(source.Place{Line: 3}); got != "" {
		t.Errorf("without sections a place stands under %q", got)
	}
}

func TestUnbound(t *testing.T) {
	d, list := build(t, parseSchema(t, figures), `
合计: 3
unbound:
  - {label: 公务接待费, measure: change, text: 减少1.14万元, at: "62:31", section: 三公经费}
  - label: 其他
    text: 不是数字
    at: 表3!B4
  - {}
`)
	if len(list) > 0 {
		t.Fatal(told(list))
	}
	want := []dataset.Unbound{
		{Label: "公务接待费", Measure: "change", Text: "减少1.14万元", Section: "三公经费", Place: source.Place{Line: 62, Column: 31}},
		{Label: "其他", Text: "不是数字", Place: source.Place{Cell: "表3!B4"}},
		{},
	}
	if diff := gocmp.Diff(want, d.Unbound); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if d.Figures != 1 {
		t.Errorf("%d figures, want the bound one alone", d.Figures)
	}
}

func TestSectionDiagnostics(t *testing.T) {
	for _, tt := range []struct {
		data string
		want []string
	}{
		{"sections:\nunbound:", []string{}},
		{"sections: 一、收入 @3", []string{"1:11 want-list"}},
		{"sections: [{一: 二}, 一、收入, '@3', !x 一 @3, 二 @4]", []string{
			"1:12 want-text", "1:20 want-place 一、收入", "1:26 want-place @3", "1:32 want-text"}},
		{"unbound: 3", []string{"1:10 want-list"}},
		{"unbound: [3, {lable: 甲, text: [1], at: 四}]", []string{
			"1:11 want-mapping", "1:15 unknown-key lable → label", "1:31 want-text", "1:40 bad-place 四"}},
	} {
		_, list := build(t, parseSchema(t, figures), tt.data)
		if diff := gocmp.Diff(tt.want, told(list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.data, diff)
		}
	}
}
