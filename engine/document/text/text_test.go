package text_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/text"
	"github.com/gouji/gouji/engine/source"
)

func read(content string) (*document.Document, diag.List) {
	return text.Read(context.Background(), source.New("报告.txt", []byte(content)), document.Usual)
}

// show writes a document down: a paragraph as it is, a table with ^ and < where a cell reaches from above and from the
// left, · where there is none, and ⏎ for a line break.
func show(d *document.Document) string {
	var out strings.Builder
	for _, b := range d.Blocks {
		if b.Grid == nil {
			out.WriteString(b.Text.S + "\n")
			continue
		}
		out.WriteString(map[document.Kind]string{document.Table: "表", document.Chart: "图"}[b.Kind] + "\n")
		for r, row := range b.Grid.Lay() {
			var cells []string
			for k, c := range row {
				switch {
				case c == nil:
					cells = append(cells, "·")
				case c.Row != r:
					cells = append(cells, "^")
				case c.Col != k:
					cells = append(cells, "<")
				default:
					cells = append(cells, strings.ReplaceAll(c.Text.S, "\n", "⏎"))
				}
			}
			out.WriteString("  " + strings.Join(cells, "|") + "\n")
		}
	}
	return out.String()
}

// wellPlaced reports every character of a document that does not stand where it is said to.
func wellPlaced(t *testing.T, d *document.Document) {
	t.Helper()
	lines := strings.Split(d.Text(), "\n")
	check := func(x *document.Text) {
		for i, c := range x.S {
			if unicode.IsSpace(c) {
				continue
			}
			p := x.At(i)
			if p.Line < 1 || p.Line > len(lines) {
				t.Fatalf("%q stands on line %d", c, p.Line)
			}
			if line := []rune(lines[p.Line-1]); p.Column < 1 || p.Column > len(line) || line[p.Column-1] != c {
				t.Fatalf("%q of %q does not stand at %d:%d", c, x.S, p.Line, p.Column)
			}
		}
	}
	for i := range d.Blocks {
		b := &d.Blocks[i]
		check(&b.Text)
		if b.Grid != nil {
			for k := range b.Grid.Cells {
				check(&b.Grid.Cells[k].Text)
			}
		}
	}
}

func TestShapes(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"prose": {"一、概况\n\n\t本单位共有车辆3辆。\n  运行情况良好。\n", "一、概况\n本单位共有车辆3辆。\n运行情况良好。\n"},
		"a cell on each line": {
			"综述如下：\n\t自评表\n（某年）\n\n\t名称\n\t培训\n\n\t资金\n\t\n\t预算\n\t得分\n\n\t\n\t总额\n\t30.00\n\t9.5\n\n\t\n\t其中：拨款\n\t30.00\n\t\n\n\t总分\n\t97.5\n\n\n\n下文。\n",
			"综述如下：\n表\n  自评表⏎（某年）|<|<|<\n  名称|培训|<|<\n  资金||预算|得分\n  ^|总额|30.00|9.5\n  ^|其中：拨款|30.00|\n  总分|<|<|97.5\n下文。\n",
		},
		"paragraphs indented by a tab": {
			"\t本年收入合计12.00万元。\n\t本年支出合计12.00万元。\n\n\t结余0.00万元。\n\n\t以上数据已核对。\n",
			"本年收入合计12.00万元。\n本年支出合计12.00万元。\n结余0.00万元。\n以上数据已核对。\n",
		},
		"a paragraph indented by a tab behind a table": {
			"\t项目\n\t金额\n\n\t办公费\n\t3.00\n\n\t以上均已公开。\n",
			"表\n  项目|金额\n  办公费|3.00\n以上均已公开。\n",
		},
		"between bars": {
			"指标（90分）| 一级 | 二级 | 指标值 | 单位 | 权重 |\n产出 | 数量 | 20 | 场 | 45 |\n效益 | 质量 | 90 | % | 45 |\n评价 | 良好 |||||\n",
			"表\n  指标（90分）|一级|二级|指标值|单位|权重\n  ^|产出|数量|20|场|45\n  ^|效益|质量|90|%|45\n  评价|良好|<|<|<|<\n",
		},
		"markdown": {
			"| 项目 | 金额 |\n| --- | ---: |\n| 水费 | 1.20 |\n| 电费 | |\n",
			"表\n  项目|金额\n  水费|1.20\n  电费|<\n",
		},
		"a bar on a line of its own": {
			"对比如下\n年度\n|\n合计\n|\n接待费\n|\n用车购置和运行费\n|\n小计\n|\n购置\n|\n运行\n|\n甲年\n|\n30\n|\n10\n|\n20\n|\n5\n|\n15\n|\n增减%\n|\n-1.5\n|\n0\n|\n2\n|\n0\n|\n3\n|\n完。\n",
			"对比如下\n表\n  年度|合计|接待费|用车购置和运行费|<|<\n  ^|^|^|小计|购置|运行\n  甲年|30|10|20|5|15\n  增减%|-1.5|0|2|0|3\n完。\n",
		},
		"the covering cell in the middle": {
			"年度\n|\n合计\n|\n用车购置和运行费\n|\n接待费\n|\n用车购置费\n|\n用车运行费\n|\n甲年\n|\n30\n|\n5\n|\n15\n|\n10\n|\n",
			"表\n  年度|合计|用车购置和运行费|<|接待费\n  ^|^|用车购置费|用车运行费|^\n  甲年|30|5|15|10\n",
		},
		"between tabs": {
			"科目\t名称\t金额\n201\t一般公共服务\t3.00\n\t其他\t1.00\n合计\t4.00\n",
			"表\n  科目|名称|金额\n  201|一般公共服务|3.00\n  |其他|1.00\n  合计|<|4.00\n",
		},
		"two sides": {
			"收入\t金额\t支出\t金额\n拨款\t3.00\t人员\t2.00\n\t\t公用\t1.00\n",
			"表\n  收入|金额|支出|金额\n  拨款|3.00|人员|2.00\n  ||公用|1.00\n",
		},
		"by columns, codes above their names or right before them": {
			"科目编码    科目名称        金额\n302     商品和服务支出        9.00\n30201    办公费            4.00\n30202    印刷费            2.00\n30203    咨询费            3.00\n30226\n       劳务费             0.00\n310资本性支出              6.00\n31001\n       房屋购建            1.00\n31002\n       设备购置            5.00\n       信息网络购置和\n30207                   0.00\n       更新\n31099   其他               0.00\n",
			"表\n  科目编码|科目名称|金额\n  302|商品和服务支出|9.00\n  30201|办公费|4.00\n  30202|印刷费|2.00\n  30203|咨询费|3.00\n  30226|劳务费|0.00\n  310|资本性支出|6.00\n  31001|房屋购建|1.00\n  31002|设备购置|5.00\n  30207|信息网络购置和更新|0.00\n  31099|其他|0.00\n",
		},
		"drawn with lines": {
			"┌──────┬──────┐\n│ 项目 │ 金额 │\n├──────┼──────┤\n│ 水费 │ 1.20 │\n│ 电费 │ 0.30 │\n├──────┼──────┤\n│ 合计 │ 1.50 │\n└──────┴──────┘\n完。\n",
			"表\n  项目|金额\n  水费|1.20\n  电费|0.30\n  合计|1.50\n完。\n",
		},
		"drawn with signs, a label over two lines": {
			"+------+------+\n| 项目 | 金额 |\n+------+------+\n| 维修 | 7.00 |\n| 护费 |      |\n+------+------+\n| 合计 | 7.00 |\n+------+------+\n",
			"表\n  项目|金额\n  维修护费|7.00\n  合计|7.00\n",
		},
		"columns of spaces, each character one wide": {
			"支出表\n                          单位：万元\n         项目\n 功能分类              合计      基本支出   项目支出\n          科目名称\n 科目编码\n          合 计       90.00    70.00   20.00\n\n" +
				"205     教育支出       80.00    70.00   10.00\n\n        中等职业教育\n20503                80.00    70.00   10.00\n        支出\n208     社会保障支出     10.00            10.00\n注：本表反映支出。\n",
			"支出表\n单位：万元\n表\n  ·|项目|·|·|·\n  功能分类科目编码|科目名称|合计|基本支出|项目支出\n  |合 计|90.00|70.00|20.00\n  205|教育支出|80.00|70.00|10.00\n" +
				"  20503|中等职业教育支出|80.00|70.00|10.00\n  208|社会保障支出|10.00||10.00\n注：本表反映支出。\n",
		},
		"columns of spaces, Chinese characters two wide": {
			"项目                  预算数    决算数\n因公出国（境）费        0.00      0.00\n公务接待费              5.00      3.00\n公务用车运行维护费     10.00          \n合计                   15.00      3.00\n",
			"表\n  项目|预算数|决算数\n  因公出国（境）费|0.00|0.00\n  公务接待费|5.00|3.00\n  公务用车运行维护费|10.00|\n  合计|15.00|3.00\n",
		},
		"columns that move with the page": {
			"科目        预算      决算\n办公费      11.00    10.00\n水费        12.00     9.00\n电费        13.00     8.00\n\f\n邮电费    14.00   7.00\n差旅费    15.00   6.00\n",
			"表\n  科目|预算|决算\n  办公费|11.00|10.00\n  水费|12.00|9.00\n  电费|13.00|8.00\n  邮电费|14.00|7.00\n  差旅费|15.00|6.00\n",
		},
		"wide spaces in prose": {
			"  全年收入  100.00万元。\n  全年支出   90.00万元。\n  年末结余   10.00万元。\n联系电话：   0472-1234567\n",
			"全年收入  100.00万元。\n全年支出   90.00万元。\n年末结余   10.00万元。\n联系电话：   0472-1234567\n",
		},
		"numbering before a tab": {"1.\t本年收入3.00万元\n2.\t本年支出3.00万元\n3.\t无结余\n", "1.\t本年收入3.00万元\n2.\t本年支出3.00万元\n3.\t无结余\n"},
		"chart": {
			"图1 支出\n\n 基本支出 \t项目支出\t其他 \t409.27\t457.73\t0\t\n\n",
			"图1 支出\n图\n  ·|·\n  基本支出|409.27\n  项目支出|457.73\n  其他|0\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, end := range []string{"\n", "\r\n"} {
				d, list := read(strings.ReplaceAll(c.in, "\n", end))
				if len(list) > 0 {
					t.Fatal(list)
				}
				if diff := cmp.Diff(c.want, show(d)); diff != "" {
					t.Error(diff)
				}
				if d.Text() != c.in {
					t.Errorf("the document's text is not the file: %q", d.Text())
				}
				wellPlaced(t, d)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	const report = "一、收入情况\r\n本年收入合计1,234.50万元，占100％。\r\n"
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(report)
	little, _ := utf16.UTF16(utf16.LittleEndian, utf16.UseBOM).NewEncoder().String(report)
	big, _ := utf16.UTF16(utf16.BigEndian, utf16.UseBOM).NewEncoder().String(report)
	for name, content := range map[string]string{
		"UTF-8": report, "UTF-8 with a mark": "\ufeff" + report, "GB18030": gb, "UTF-16 little endian": little, "UTF-16 big endian": big,
		"old line breaks": strings.ReplaceAll(report, "\r\n", "\r"),
	} {
		if !text.Is([]byte(content)) {
			t.Errorf("%s is not taken for text", name)
		}
		d, list := read(content)
		if len(list) > 0 {
			t.Fatalf("%s: %v", name, list)
		}
		if show(d) != "一、收入情况\n本年收入合计1,234.50万元，占100％。\n" {
			t.Errorf("%s was read as %q", name, show(d))
		}
		if p := d.Blocks[1].Text.At(strings.Index(d.Blocks[1].Text.S, "万元")); p != (source.Place{Line: 2, Column: 15}) {
			t.Errorf("%s: 万元 stands at %+v", name, p)
		}
	}
	for name, content := range map[string]string{
		"NUL": "收入\x00支出", "archive": "PK\x03\x04\x14\x00\x06\x00", "OLE": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "control": "a\x01b",
		"half a character": gb[:len(gb)-7] + "\xa1", "PNG": "\x89PNG\r\n\x1a\n",
	} {
		if text.Is([]byte(content)) {
			t.Errorf("%s is taken for text", name)
		}
		if d, list := read(content); d != nil || len(list) != 1 {
			t.Errorf("%s was read", name)
		}
	}
}

func TestLimits(t *testing.T) {
	usual := document.Usual
	for name, c := range map[string]struct {
		limits document.Limits
		in     string
		want   diag.Code
	}{
		"bytes": {document.Limits{Bytes: 3, Text: usual.Text, Cells: usual.Cells}, "收入", diag.DocumentLimit},
		"text":  {document.Limits{Bytes: usual.Bytes, Text: 3, Cells: usual.Cells}, "收入", diag.DocumentLimit},
		"cells": {document.Limits{Bytes: usual.Bytes, Text: usual.Text, Cells: 3}, "甲\t乙\n丙\t丁\n", diag.DocumentLimit},
		"empty": {usual, "\ufeff \n\t\n", diag.DocumentEmpty},
	} {
		d, list := text.Read(context.Background(), source.New("", []byte(c.in)), c.limits)
		if d != nil || len(list) != 1 || list[0].Code != c.want {
			t.Errorf("%s: %v", name, list)
		}
	}
}

// TestSamples reads the samples of published reports: their text is the file, and every character stands where it is said
// to, before and after lines are joined.
func TestSamples(t *testing.T) {
	var paths []string
	for _, pattern := range []string{"samples/*.txt", "seed/report.txt"} {
		found, _ := filepath.Glob("../../../../shared/" + pattern)
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		t.Skip("no samples beside the repository")
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d, list := read(string(content))
		if len(list) > 0 {
			t.Fatalf("%s: %v", path, list)
		}
		if strings.TrimRight(d.Text(), "\n") != strings.TrimRight(string(content), "\n") {
			t.Errorf("%s: the document's text is not the file", path)
		}
		wellPlaced(t, d)
		wellPlaced(t, d.Flow())
	}
}

// FuzzRead holds whatever is read to its promises: every character that is no space is kept once, in its place, and
// joining lines keeps it so.
func FuzzRead(f *testing.F) {
	f.Add([]byte("一、概况\n\t名称\n\t金额\n\n\t水费\n\t1.2\n\n共 3 辆。"))
	f.Add([]byte("甲 | 乙 | 丙 |\n丁 | 1 | 2 ||\n"))
	f.Add([]byte("甲\n|\n乙\n|\n丙\n|\n1\n|\n2\n|"))
	f.Add([]byte("甲\t乙\t1\t2\n\n科目\t金额\n\t3\n"))
	f.Add([]byte("  收入      支出\n项目   金额   项目   金额\n拨款   1.00   人员   2.00\n       其他   3.00\n\f合计   1.00   合计   2.00\n"))
	f.Add([]byte("\xd2\xbb\xa1\xa2\xca\xd5\xc8\xeb\r\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		d, list := read(string(content))
		if d == nil {
			if text.Is(content) && list[0].Code != diag.DocumentEmpty {
				t.Fatalf("%q is text and was not read: %v", content, list)
			}
			return
		}
		wellPlaced(t, d)
		want := letters(d.Text())
		if got := letters(show(d)); got != want {
			t.Fatalf("%q was read as %q", want, got)
		}
		flow := d.Flow()
		wellPlaced(t, flow)
		if got := letters(show(flow)); got != want {
			t.Fatalf("%q was joined to %q", want, got)
		}
	})
}

// letters are the characters of a text in order of their codes, less spaces and what stands between cells.
func letters(s string) string {
	r := []rune(strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || strings.ContainsRune("|-:=^<·⏎表图", c) {
			return -1
		}
		return c
	}, s))
	slices.Sort(r)
	return string(r)
}
