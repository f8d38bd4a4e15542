package extract_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/text"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/source"
)

func TestHeader(t *testing.T) {
	for _, tt := range []struct {
		name, text           string
		entity, period, kind string
	}{
		{"a title", "东川市水务局2023年度部门决算公开\n\n一、收入情况\n本年收入100.00万元，比2022年增加3万元，比2022年预算减少2万元。\n", "东川市水务局", "2023", "部门决算"},
		{"spaces in it", "东 川 市 水 务 局 ２０２３ 年度单位 决算\n", "东川市水务局", "2023", "单位决算"},
		{"a title of two lines", "东川市档案馆\n2021年度单位决算公开说明\n", "东川市档案馆", "2021", "单位决算"},
		{"the year first", "2022年度东川市地震监测中心单位决算\n", "东川市地震监测中心", "2022", "单位决算"},
		{"the year in Chinese digits", "东川市水务局二〇二三年度部门决算\n", "东川市水务局", "2023", "部门决算"},
		{"traditional characters", "東川市幼兒園2017年度部門決算公開\n", "東川市幼兒園", "2017", "部门决算"},
		{"a part's title", "第三部分 东川市水务局 2024 年度部门决算情况说明\n与 2023 年度相比，总计增加 307 万元。\n", "东川市水务局", "2024", "部门决算"},
		{"the unit's own accounts", "东川市水务局（本级）2023年度单位决算\n", "东川市水务局（本级）", "2023", "单位决算"},
		{"all units of a department", "东川市水务局（汇总）2023年度部门决算\n", "东川市水务局", "2023", "部门决算"},
		{"introduced", "根据要求，现将东川市安平镇2021年度“三公”经费决算情况公布如下：\n", "东川市安平镇", "2021", ""},
		{"again and again in the text", "一、总体情况\n　　东川市水务局 2023年度收入总计 10万元。\n二、收入\n　　东川市水务局部门2023年度收入合计 10万元。\n", "东川市水务局", "2023", ""},
		{"a caption", "收入决算表\n编制单位：东川市水务局    2023年度    金额单位：万元\n", "东川市水务局", "2023", ""},
		{"a caption with the unit of amounts", "收入决算表\n部门：东川市水务局　　单位：万元\n", "东川市水务局", "", ""},
		{"once in passing", "支出情况。比如，东川市水务局2019年度采购支出30万元。\n", "", "2019", ""},
		{"nobody", "本单位2023年度部门决算\n我局2023年度收入1万元。本部门2023年度支出1万元。\n", "", "2023", "部门决算"},
		{"no name before the year", "2022年一般公共预算“三公”经费决算说明\n日期:2024-11-17\n", "", "2022", ""},
		{"another year most often", "东川市水务局2023年度部门决算\n与2022年度相比减少。较2022年度相比减少。比2022年度相比减少。截至2023年底。\n", "东川市水务局", "2023", "部门决算"},
		{"days of the year after", "东川市水务局2023年度部门决算\n发布时间：2024年10月8日\n经财政局2024年9月6日批复。截至2023年12月31日，2024年9月公开。\n", "东川市水务局", "2023", "部门决算"},
		{"days alone", "收入合计10万元，2021年3月到账。\n", "", "2021", ""},
		{"two names alike", "东川市水务局2023年度部门决算\n西川市水务局2023年度部门决算\n", "", "2023", "部门决算"},
		{"no year", "东川市水务局部门决算\n收入总计10万元。\n", "", "", "部门决算"},
		{"nothing", "收入\n", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, list := text.Read(context.Background(), source.New("a.txt", []byte(tt.text)), document.Usual)
			if len(list) > 0 {
				t.Fatal(list)
			}
			h := extract.Read(doc, extract.ShippedWords()).Header()
			want := extract.Header{Entity: tt.entity, Period: tt.period, Kind: tt.kind}
			if diff := cmp.Diff(want, h); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHeaderOfTables(t *testing.T) {
	r := extract.Reading{Document: &document.Document{Blocks: []document.Block{{Kind: document.Table, Grid: &document.Grid{
		Rows: 2, Cols: 1, Cells: []document.Cell{
			{Text: document.Text{S: "公开01表"}, RowSpan: 1, ColSpan: 1},
			{Row: 1, Text: document.Text{S: "部门：东川市水务局"}, RowSpan: 1, ColSpan: 1},
			{Row: 2, Text: document.Text{S: "2022年度"}, RowSpan: 1, ColSpan: 1},
			{Row: 8, Text: document.Text{S: "项目支出绩效自评表（2021年度）"}, RowSpan: 1, ColSpan: 1},
			{Row: 9, Text: document.Text{S: "单位：东川市别的局"}, RowSpan: 1, ColSpan: 1},
		},
	}}}}}
	if diff := cmp.Diff(extract.Header{Entity: "东川市水务局", Period: "2022"}, r.Header()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
