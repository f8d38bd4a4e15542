package document_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

func lines(text string) *document.Document {
	d := &document.Document{}
	for n, line := range strings.Split(text, "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if indent == len(line) {
			continue
		}
		d.Blocks = append(d.Blocks, document.Block{Kind: document.Paragraph, Text: document.Text{
			S: strings.TrimSpace(line), Marks: []document.Mark{{Place: source.Place{Line: n + 1, Column: indent + 1}}},
		}})
	}
	return d
}

// TestFlow: lines broken at a margin come together, headings and items stay apart, and every character keeps its place.
func TestFlow(t *testing.T) {
	broken := lines(strings.Join([]string{
		"（一）车辆情况说明。",
		"本单位二〇二三年末共有各类车辆 12 辆，比上年增",
		"加 2 辆；全年支出合计 129.5 万元，完成全年预算的",
		"95.2%，其中公务用车运行维护费 100 万元、其他费用",
		"29.5 万元。",
		"1. 主要变动如下，原因是车辆更新和保养的费用比上",
		"年减少。",
	}, "\n"))
	flow := broken.Flow()
	var got []string
	for i := range flow.Blocks {
		b := &flow.Blocks[i]
		got = append(got, b.Text.S)
		for at, c := range b.Text.S {
			p := b.Text.At(at)
			if r := []rune(broken.Blocks[p.Line-1].Text.S); r[p.Column-1] != c {
				t.Errorf("%q is said to stand at %d:%d", c, p.Line, p.Column)
			}
		}
	}
	want := []string{
		"（一）车辆情况说明。",
		"本单位二〇二三年末共有各类车辆 12 辆，比上年增加 2 辆；全年支出合计 129.5 万元，完成全年预算的95.2%，其中公务用车运行维护费 100 万元、其他费用29.5 万元。",
		"1. 主要变动如下，原因是车辆更新和保养的费用比上年减少。",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	whole := lines("一、概况\n共有车辆 12 辆\n二、支出\n支出 5 万元\n三、收入\n收入 5 万元，其中拨款 5 万元\n四、其他")
	if n := len(whole.Flow().Blocks); n != len(whole.Blocks) {
		t.Errorf("short lines were joined to %d blocks", n)
	}
}

// joined is what Flow makes of lines, one paragraph a line.
func joined(text string) string {
	var out []string
	for _, b := range lines(text).Flow().Blocks {
		out = append(out, b.Text.S)
	}
	return strings.Join(out, "\n")
}

func TestFlowShapes(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"indents tell paragraphs apart": {
			"   一、收入情况说明\n" +
				"   本年收入合计为一百二十万元整，其中财政拨款收入一百万元，\n" +
				"事业收入二十万元。收入比上年有所增加的原因是人员有所增加。\n" +
				"其余各项与上年相同。\n" +
				"   本年没有其他收入，因此本段结束在页边处而下一段另起一行。\n" +
				"   另有说明如下，这里继续写一些文字好让这一行到达页边处，并\n" +
				"在此结束。\n",
			"一、收入情况说明\n" +
				"本年收入合计为一百二十万元整，其中财政拨款收入一百万元，事业收入二十万元。收入比上年有所增加的原因是人员有所增加。其余各项与上年相同。\n" +
				"本年没有其他收入，因此本段结束在页边处而下一段另起一行。\n" +
				"另有说明如下，这里继续写一些文字好让这一行到达页边处，并在此结束。",
		},
		"blank lines everywhere": {
			"本年收入合计为一百二十万元整，其中财政拨款收入一百万元，本\n\n年支出合计为一百二十万元整，比上年增加的原因是新进了三名工\n\n" +
				"作人员，因此工资福利支出有所增加，日常公用经费也随之有所增\n\n加。\n\n二、支出\n\n支出共计三元。",
			"本年收入合计为一百二十万元整，其中财政拨款收入一百万元，本年支出合计为一百二十万元整，比上年增加的原因是新进了三名工" +
				"作人员，因此工资福利支出有所增加，日常公用经费也随之有所增加。\n二、支出\n支出共计三元。",
		},
		"the number of a page": {
			"本年收入合计为一百二十万元整，其中财政拨款收入一百万元，本\n年支出合计为一百二十万元整，比上年增加的原因是新进了三名工\n- 12 -\n" +
				"作人员，因此工资福利支出有所增加，日常公用经费也随之有所增\n加。",
			"本年收入合计为一百二十万元整，其中财政拨款收入一百万元，本年支出合计为一百二十万元整，比上年增加的原因是新进了三名工" +
				"作人员，因此工资福利支出有所增加，日常公用经费也随之有所增加。\n- 12 -",
		},
		"numbers and marks at a break": {
			"本年支出合计为一百二十万元整，完成年初预算的百分之一百零一\n。其中基本支出共计一百万元，项目支出共计二十万元，占比分别为\n" +
				"83.33%和16.67%，与上年相比没有发生较大的变化，各项支出均在\n预算之内。",
			"本年支出合计为一百二十万元整，完成年初预算的百分之一百零一。其中基本支出共计一百万元，项目支出共计二十万元，占比分别为" +
				"83.33%和16.67%，与上年相比没有发生较大的变化，各项支出均在预算之内。",
		},
		"a list of equals": {
			"本年一般公共预算财政拨款收入共计一百二十万元，占百分之五十；\n本年政府性基金预算财政拨款收入共计一百零万元，占百分之四十；\n" +
				"本年国有资本经营预算财政拨款收入一共十二万元，占百分之五；\n本年其他收入共计十二万元，占百分之五。",
			"本年一般公共预算财政拨款收入共计一百二十万元，占百分之五十；\n本年政府性基金预算财政拨款收入共计一百零万元，占百分之四十；\n" +
				"本年国有资本经营预算财政拨款收入一共十二万元，占百分之五；\n本年其他收入共计十二万元，占百分之五。",
		},
		"contents": {
			"一、某某单位二〇二三年度收入支出决算总体情况说明如下所列内容\n二、某某单位二〇二三年度财政拨款收入支出决算总体情况说明内容\n" +
				"三、某某单位二〇二三年度一般公共预算财政拨款支出决算情况说明\n四、某某单位二〇二三年度政府性基金预算财政拨款支出决算的说明",
			"一、某某单位二〇二三年度收入支出决算总体情况说明如下所列内容\n二、某某单位二〇二三年度财政拨款收入支出决算总体情况说明内容\n" +
				"三、某某单位二〇二三年度一般公共预算财政拨款支出决算情况说明\n四、某某单位二〇二三年度政府性基金预算财政拨款支出决算的说明",
		},
		"words of letters": {
			"The income of the unit in the year was one hundred and twenty\nthousand, of which the grants were one hundred thousand, and the\nrest came from its own work, which " +
				"is a little more than in the\nyear before.",
			"The income of the unit in the year was one hundred and twenty thousand, of which the grants were one hundred thousand, and the rest came from its own work, which " +
				"is a little more than in the year before.",
		},
	} {
		if got := joined(c.in); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// table is a table of two columns on a page.
func table(page int, cells ...string) document.Block {
	g := &document.Grid{Rows: len(cells) / 2, Cols: 2, Name: "表"}
	for i, s := range cells {
		g.Cells = append(g.Cells, document.Cell{Row: i / 2, Col: i % 2, RowSpan: 1, ColSpan: 1, Text: document.Text{
			S: s, Marks: []document.Mark{{Place: source.Place{Page: page, Line: i/2 + 1, Column: 1}}},
		}})
	}
	return document.Block{Kind: document.Table, Grid: g}
}

func TestFlowTables(t *testing.T) {
	number := document.Block{Kind: document.Paragraph, Text: document.Text{S: "第 1 页", Marks: []document.Mark{{Place: source.Place{Page: 1, Line: 9, Column: 1}}}}}
	title := document.Block{Kind: document.Paragraph, Text: document.Text{S: "支出决算表", Marks: []document.Mark{{Place: source.Place{Page: 2, Line: 1, Column: 1}}}}}
	for name, c := range map[string]struct {
		blocks []document.Block
		rows   []int
	}{
		"head repeated":       {[]document.Block{table(1, "项目", "金额", "水费", "1"), number, table(2, "项目", "金额", "电费", "2"), table(3, "项 目", "金额", "合计", "3")}, []int{4}},
		"head not repeated":   {[]document.Block{table(1, "项目", "金额", "水费", "1"), table(2, "电费", "2")}, []int{3}},
		"a title in between":  {[]document.Block{table(1, "项目", "金额"), title, table(2, "项目", "金额")}, []int{1, 1}},
		"on the same page":    {[]document.Block{table(1, "项目", "金额"), table(1, "项目", "金额")}, []int{1, 1}},
		"a page further on":   {[]document.Block{table(1, "项目", "金额"), table(3, "项目", "金额")}, []int{1, 1}},
		"formats of no pages": {[]document.Block{table(0, "项目", "金额"), table(0, "项目", "金额")}, []int{1, 1}},
	} {
		d := &document.Document{Blocks: c.blocks}
		var rows []int
		for _, b := range d.Flow().Blocks {
			if b.Grid != nil {
				rows = append(rows, b.Grid.Rows)
				for _, cell := range b.Grid.Cells {
					if cell.Row >= b.Grid.Rows {
						t.Errorf("%s: a cell in row %d of %d", name, cell.Row, b.Grid.Rows)
					}
				}
			}
		}
		if !slices.Equal(rows, c.rows) {
			t.Errorf("%s: tables of %v rows, want %v", name, rows, c.rows)
		}
	}
}

// FuzzFlow: joining lines keeps every character, in order and in its place.
func FuzzFlow(f *testing.F) {
	f.Add("一、收入\n  本年收入合计一百二十万元，其中财政拨款收入一百万元，其余为事\n业收入二十万元，与上年相比增加十万元，增长百分之九，主要原因\n是人员增加。\n\n- 1 -\n二、支出")
	f.Add("a\n，\n12\n%")
	f.Fuzz(func(t *testing.T, text string) {
		d := lines(strings.ToValidUTF8(text, "?"))
		flow := d.Flow()
		var before, after strings.Builder
		at := map[source.Place]rune{}
		for _, b := range d.Blocks {
			for i, c := range b.Text.S {
				before.WriteRune(c)
				at[b.Text.At(i)] = c
			}
		}
		for _, b := range flow.Blocks {
			offset := -1
			for _, m := range b.Text.Marks {
				if m.Offset <= offset && offset > 0 || m.Offset > len(b.Text.S) {
					t.Fatalf("marks at %d and %d of %q", offset, m.Offset, b.Text.S)
				}
				offset = m.Offset
			}
			for i, c := range b.Text.S {
				after.WriteRune(c)
				if want, ok := at[b.Text.At(i)]; ok && want != c {
					t.Fatalf("%q of %q is said to stand where %q stands", c, b.Text.S, want)
				}
			}
		}
		// The number of a page moves behind the paragraph that it interrupts.
		sorted := func(s string) string {
			r := []rune(strings.Join(strings.Fields(s), ""))
			slices.Sort(r)
			return string(r)
		}
		if got, want := sorted(after.String()), sorted(before.String()); got != want {
			t.Fatalf("%q was joined to %q", want, got)
		}
	})
}

// TestFlowByBoxes: where lines end is told by where they stand on the page. Figures are set closer than Chinese type, so
// that a full line of them has more columns.
func TestFlowByBoxes(t *testing.T) {
	d := &document.Document{}
	for i, l := range []struct {
		s     string
		right float32
	}{
		{"全年支出合计五百二十九万元，其中人员经费三百元", 300},
		{"公用经费229.00万元（229.00），水费12.50万元（12.50），", 300},
		{"元，比上年增加12.50万元，增长2.42%，变动原因：", 291},
		{"本年新增人员一名。", 170},
		{"全年收入合计529.00万元，其中：", 220},
		{"财政拨款收入529.00万元。", 190},
	} {
		last := document.Box{Left: l.right - 12, Right: l.right, Top: 10, Bottom: 22}
		at := source.Place{Page: 1, Line: i + 1, Column: 1}
		d.Blocks = append(d.Blocks, document.Block{Kind: document.Paragraph, Text: document.Text{S: l.s, Marks: []document.Mark{
			{Place: at, Box: document.Box{Left: 36, Right: 48, Top: 10, Bottom: 22}}, {Offset: len(l.s) - 3, Place: at, Box: last},
		}}})
	}
	var got []string
	for _, b := range d.Flow().Blocks {
		got = append(got, string([]rune(b.Text.S)[:2]))
	}
	if want := []string{"全年", "全年", "财政"}; !slices.Equal(got, want) {
		t.Errorf("paragraphs begin with %q, want %q", got, want)
	}
}
