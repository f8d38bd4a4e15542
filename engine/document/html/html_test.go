package html_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/html"
	"github.com/gouji/gouji/engine/source"
)

func read(content string) (*document.Document, diag.List) {
	return html.Read(context.Background(), source.New("报告.html", []byte(content)), document.Usual)
}

// show writes a document down: # before headings, a table with ^ and < where a cell reaches from above and from the left,
// · where there is none, and ⏎ for a line break.
func show(d *document.Document) string {
	var out strings.Builder
	for _, b := range d.Blocks {
		if b.Grid == nil {
			out.WriteString(strings.Repeat("#", b.Level) + b.Text.S + "\n")
			continue
		}
		out.WriteString(b.Grid.Name + "\n")
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
				t.Fatalf("%q of %q does not stand at %d:%d of %q", c, x.S, p.Line, p.Column, d.Text())
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

func TestPages(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"paragraphs and headings": {
			"<!DOCTYPE html><title>页</title><h1>某单位决算</h1><h2>一、收入</h2><p>本年收入 <b>12.00</b>万\n  元，\n占&nbsp;100&#37;。</p>文字<div>另起</div><h3>整段都被标成标题的话，虽然只是为了好看，却仍然是一段正文，这里写得足够长，任何人都不会把它当作一个标题来看待，并且以句号结束。</h3>",
			"#某单位决算\n##一、收入\n本年收入 12.00万元，占\u00a0100%。\n文字\n另起\n整段都被标成标题的话，虽然只是为了好看，却仍然是一段正文，这里写得足够长，任何人都不会把它当作一个标题来看待，并且以句号结束。\n",
		},
		"hidden": {
			"<p>甲<span style='Display : none'>乙</span><script>var 丙</script><template>丁</template></p><!-- 戊 --><p hidden>己</p><style>庚{}</style><p style='color:red'>辛\u200b壬</p>",
			"甲\n辛壬\n",
		},
		"definitions": {"<dl><dt>机关运行费<dd>维持运转的支出。<dt>其他<dd>见表<table><tr><td>甲<td>1<tr><td>乙<td>2</table></dl>", "机关运行费\n维持运转的支出。\n其他\n见表\n表1\n  甲|1\n  乙|2\n"},
		"as a browser saves it": {
			"<!DOCTYPE html>\n<!-- saved from url=(0030)https://example.invalid/ -->\n<html><head><meta http-equiv='Content-Type' content='text/html; charset=UTF-8'><title>决算</title><script>a</script></head><body>" +
				"<header><a href='x'>某某市人民政府</a></header><nav><ul><li>2022年度决算</ul></nav><div role=navigation>上一篇：2021年度决算</div><form><input value=找><button>搜索</button></form>" +
				"<div class=TRS_Editor><p class=MsoNormal><b>一、</b><b>收入</b></p><p><span>本年收入</span><span lang=EN-US>12.00</span>万元<o:p></o:p></p><p>&nbsp;</p></div><iframe src=x>框</iframe><noscript>无</noscript></body></html>",
			"某某市人民政府\n一、收入\n本年收入12.00万元\n",
		},
		"characters by name and number": {"<p>&ldquo;三公&rdquo;&#32463;&#x8D39;&nbsp;&mdash;&lt;1&gt;&amp;", "“三公”经费\u00a0—<1>&\n"},
		"breaks within cells":           {"<table><tr><td>项目<br>名称<td>金额<br>（万元）<tr><td>水费<br/><td><br>1.00</table>", "表1\n  项目⏎名称|金额⏎（万元）\n  水费|1.00\n"},
		"line breaks":                   {"<div>&nbsp;&nbsp;一、概况<br>共有<br/><br/>　　车辆</div>", "一、概况\n共有\n车辆\n"},
		"preformatted":                  {"<pre>收入   1.00\n  支出   2.00\n</pre><p>完", "收入   1.00\n支出   2.00\n完\n"},
		"lists": {
			"<ol start=3><li>甲<ol type=a><li>子</ol><li value=7><p>乙</p><p>续</p><li>（9）丙</ol><ul><li>丁</ul><ol style='list-style-type: cjk-ideographic'><li>戊</ol><ol reversed type=I><li>己<li>庚</ol>",
			"3. 甲\na. 子\n7. 乙\n续\n（9）丙\n丁\n一、戊\nII. 己\nI. 庚\n",
		},
		"table": {
			"<p>见表</p><table><caption>收入表<thead><tr><th rowspan=2>科目<th colspan=2>金额<tr><th>预算<th>决算<tbody><tr><td>水费<td>1.00<td><p>0.90</p><p>（注）</p><tr><td>电费<td colspan=2><tr style='display:none'><td>藏<tfoot><tr><td>合计<td>1.00<td>0.90</table><p>完",
			"见表\n收入表\n表1\n  科目|金额|<\n  ^|预算|决算\n  水费|1.00|0.90⏎（注）\n  电费||<\n  合计|1.00|0.90\n完\n",
		},
		"spans beyond the table": {
			"<table><tr><td colspan=9>标题<tr><td rowspan=99>甲<td>1<tr><td>2<tr><td rowspan=0>3</table><table><tr><td colspan=3>甲<td colspan=2>乙<tr><td colspan=3>1<td colspan=2>2</table>",
			"表1\n  标题|<\n  甲|1\n  ^|2\n  ^|3\n表2\n  甲|乙\n  1|2\n",
		},
		"spans that meet": {
			"<table><tr><td>甲<td rowspan=2>乙<td>丙<tr><td colspan=3>丁<td>戊</table>",
			"表1\n  甲|乙|丙\n  丁|^|戊\n",
		},
		"a table that arranges the page": {
			"<table><tr><td>首页 | 公开<tr><td><table><tr><td>项目<td>金额<tr><td>水费<td>1.00</table></table><table><tr><td><p>本单位某年度收入总计为一百万元，支出总计为一百万元，与上年相比没有变化，特此予以公开说明。</p><p>本单位某年度没有购置车辆，也没有发生任何因公出国费用，各项支出都控制在预算之内，特此说明。</p><td>栏目</table>",
			"首页 | 公开\n表1\n  项目|金额\n  水费|1.00\n本单位某年度收入总计为一百万元，支出总计为一百万元，与上年相比没有变化，特此予以公开说明。\n本单位某年度没有购置车辆，也没有发生任何因公出国费用，各项支出都控制在预算之内，特此说明。\n栏目\n",
		},
		"a table in a cell": {
			"<table><tr><td>名称<td>培训<tr><td>明细<td>见内<table><tr><td>次数<td>7<tr><td>人数<td>90</table><tr><td>得分<td>9</table>",
			"表1\n  名称|培训\n  明细|见内\n  得分|9\n表2\n  次数|7\n  人数|90\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if !html.Is([]byte(c.in)) {
				t.Error("not taken for a page")
			}
			d, list := read(c.in)
			if len(list) > 0 {
				t.Fatal(list)
			}
			if diff := cmp.Diff(c.want, show(d)); diff != "" {
				t.Error(diff)
			}
			wellPlaced(t, d)
			wellPlaced(t, d.Flow())
		})
	}
}

func TestPlaces(t *testing.T) {
	d, _ := read("<p>前言<table><tr><td rowspan=2>科目<td>金额<td>备注<tr><td>12.5<td>无</table>")
	if want := "前言\n科目\t金额\t备注\n\t12.5\t无\n"; d.Text() != want {
		t.Errorf("the text is %q, want %q", d.Text(), want)
	}
	want := source.Place{Line: 3, Column: 2, Cell: "表1!B2"}
	if got := d.Blocks[1].Grid.At(1, 1).Text.At(0); got != want {
		t.Errorf("the figure stands at %+v, want %+v", got, want)
	}
}

func TestEncodings(t *testing.T) {
	const body = "<html><head><meta charset=gb2312></head><body><p>经费１２万元</p></body></html>"
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(body)
	wide, _ := utf16.UTF16(utf16.BigEndian, utf16.UseBOM).NewEncoder().String(body)
	for name, content := range map[string]string{
		"gb2312": gb, "gb2312 that says nothing": strings.Replace(gb, " charset=gb2312", "", 1), "gb2312 that says UTF-8": strings.Replace(gb, "gb2312", "utf-8", 1),
		"UTF-8 that says gb2312": body, "UTF-8 with a mark": "\ufeff" + body, "UTF-16": wide,
	} {
		if !html.Is([]byte(content)) {
			t.Errorf("%s is not taken for a page", name)
		}
		if d, list := read(content); len(list) > 0 || show(d) != "经费１２万元\n" {
			t.Errorf("%s: %v %+v", name, list, d)
		}
	}
	for _, other := range []string{"收入 < 支出", "<?xml version='1.0'?><svg/>", "a: <b>", "%PDF-1.7 <html>", "<html>\x00"} {
		if html.Is([]byte(other)) {
			t.Errorf("%q is taken for a page", other)
		}
	}
}

func TestLimits(t *testing.T) {
	change := func(f func(*document.Limits)) document.Limits {
		l := document.Usual
		f(&l)
		return l
	}
	for name, c := range map[string]struct {
		limits document.Limits
		in     string
		want   diag.Code
	}{
		"bytes":  {change(func(l *document.Limits) { l.Bytes = 3 }), "<p>收入", diag.DocumentLimit},
		"text":   {change(func(l *document.Limits) { l.Text = 3 }), "<p>收入", diag.DocumentLimit},
		"cells":  {change(func(l *document.Limits) { l.Cells = 3 }), "<table><tr><td>1<td>2<tr><td>3<td>4</table>", diag.DocumentLimit},
		"spans":  {change(func(l *document.Limits) { l.Cells = 900 }), "<table><tr><td colspan=1000>1</table>", diag.DocumentLimit},
		"depth":  {change(func(l *document.Limits) { l.Depth = 9 }), strings.Repeat("<div>", 20) + "甲", diag.DocumentLimit},
		"deeper": {document.Usual, strings.Repeat("<div>", 1_000_000) + "甲", diag.DocumentLimit},
		"tables": {document.Usual, strings.Repeat("<table><tr><td>", 100_000) + "甲", diag.DocumentLimit},
		"empty":  {document.Usual, "<html><body><p>&nbsp;</p><table><tr><td></table></body></html>", diag.DocumentEmpty},
	} {
		start := time.Now()
		d, list := html.Read(context.Background(), source.New("", []byte(c.in)), c.limits)
		if d != nil || len(list) != 1 || list[0].Code != c.want {
			t.Errorf("%s: %v", name, list)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// FuzzRead holds whatever is read to its promises: every character stands in its place, and joining lines keeps them all.
func FuzzRead(f *testing.F) {
	f.Add([]byte("<!doctype html><h1>甲</h1><p>乙 <b>丙</b><br>丁<ol><li>一<li>二</ol>"))
	f.Add([]byte("<table><tr><th rowspan=2>科目<th colspan=2>金额<tr><td>1<td>2<table><tr><td>x<td>y</table></table>"))
	f.Add([]byte("<pre> a\n b</pre><table><tr><td><p>长</p><p>短</p></table>"))
	f.Add([]byte("<html><meta charset=gbk>\xd2\xbb\xa1\xa2"))
	f.Fuzz(func(t *testing.T, content []byte) {
		html.Is(content)
		d, list := read(string(content))
		if d == nil {
			if len(list) == 0 {
				t.Fatal("nothing was read and nothing is said of it")
			}
			return
		}
		wellPlaced(t, d)
		for _, b := range d.Blocks {
			if b.Grid == nil {
				continue
			}
			covered := map[[2]int]bool{}
			for _, c := range b.Grid.Cells {
				for r := c.Row; r < c.Row+c.RowSpan; r++ {
					for k := c.Col; k < c.Col+c.ColSpan; k++ {
						if covered[[2]int{r, k}] || r >= b.Grid.Rows || k >= b.Grid.Cols {
							t.Fatalf("cells overlap or stick out at %d, %d", r, k)
						}
						covered[[2]int{r, k}] = true
					}
				}
			}
		}
		flow := d.Flow()
		wellPlaced(t, flow)
		if got, want := letters(show(flow)), letters(show(d)); got != want {
			t.Fatalf("%q was joined to %q", want, got)
		}
	})
}

// letters are the characters of a text in order of their codes, less spaces and what show adds.
func letters(s string) string {
	r := []rune(strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || strings.ContainsRune("|#^<·⏎表", c) {
			return -1
		}
		return c
	}, s))
	slices.Sort(r)
	return string(r)
}
