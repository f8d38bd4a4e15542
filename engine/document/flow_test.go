package document_test

import (
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

func lines(text string) *document.Document {
	d := &document.Document{}
	for n, line := range strings.Split(text, "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " "))
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
