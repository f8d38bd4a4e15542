package report

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/finding"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		name, text string
		width      int
		want       []string
	}{
		{"empty", "", 10, []string{""}},
		{"fits", "合计 10.00", 10, []string{"合计 10.00"}},
		{"between characters", "本年支出合计", 8, []string{"本年支出", "合计"}},
		{"an odd column is left empty", "本年支出合计", 7, []string{"本年支", "出合计"}},
		{"number stays whole", "支出合计1,141.36万元", 12, []string{"支出合计", "1,141.36万元"}},
		{"number with sign, cut and percent", "相差-0.0053…%。", 8, []string{"相差", "-0.0053…", "%。"}},
		{"full-width number", "合计８６７．０１", 12, []string{"合计", "８６７．０１"}},
		{"no closing mark begins a line", "本年支出（合计），", 8, []string{"本年支出", "（合", "计），"}},
		{"no opening mark ends a line", "依据《规程》", 6, []string{"依据", "《规", "程》"}},
		{"lines stay", "一\n二\r\n\n三", 10, []string{"一", "二", "", "三"}},
		{"spaces at a break go", "aa bb cc", 5, []string{"aa bb", "cc"}},
		{"a name moves whole", "规则 income-share", 13, []string{"规则", "income-share"}},
		{"a long name breaks at hyphens", "procurement-sme-by-kind", 14, []string{"procurement-", "sme-by-kind"}},
		{"a path breaks at its parts", "classes[206].items[2060404]", 16, []string{"classes[206].", "items[2060404]"}},
		{"no break before a negative number", "x-y -1.00", 6, []string{"x-y", "-1.00"}},
		{"a file keeps its line", "datasets/ordos/2023.yaml:31", 14, []string{"datasets/", "ordos/", "2023.yaml:31"}},
		{"too long for any line", "1234567890", 4, []string{"1234", "5678", "90"}},
		{"combining marks stay with their letter", "e\u0301e\u0301e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Wrap(test.text, test.width)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever is wrapped, to whatever width, comes out complete and in order.
func FuzzWrap(f *testing.F) {
	for _, s := range []string{"本年支出合计 867.01 与分项之和 867.00 相差 0.01", "a-b/c.d[e]", "（（（）））", "\x1b[0m\xff", strings.Repeat("9", 64), "🇨🇳👨‍👩‍👧"} {
		f.Add(s, uint8(7))
	}
	// A mark without a width stays before what it stands before.
	f.Add("\u059c 0000", uint8(181))
	f.Fuzz(func(t *testing.T, s string, w uint8) {
		width := 2 + int(w)%60
		lines := Wrap(s, width)
		for _, line := range lines {
			if Measure(line) > width {
				t.Errorf("%q is wider than %d", line, width)
			}
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := squeeze(strings.Join(lines, "")), squeeze(clean(s)); got != want {
			t.Errorf("%q was wrapped to %q", want, got)
		}
	})
}

func TestGridWidths(t *testing.T) {
	g := grid{
		columns: []Column{{Head: "级别"}, {Head: "规则", Weight: 1}, {Head: "不符之处", Weight: 2}, {Head: "差额", Right: true}},
		rows:    [][]string{{"错误", strings.Repeat("规", 30), strings.Repeat("文", 60), "-1,141.36"}},
	}
	for _, test := range []struct {
		available int
		want      []int
	}{
		{300, []int{4, 60, 120, 9}}, // no more than they want
		{73, []int{4, 20, 40, 9}},   // by weight, the rigid ones whole
		{10, []int{2, 2, 3, 3}},     // no space at all: still never more than there is
	} {
		if diff := cmp.Diff(test.want, g.widths(test.available)); diff != "" {
			t.Errorf("%d columns: %s", test.available, diff)
		}
	}
}

// Whatever stands in the cells, the columns stand one below another with two spaces between them.
func TestGridAligned(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"本年支出合计", "a", "-0.01", "（完成率 —，", "12,345.67", "procurement-sme-by-kind", "“9”", "…"}
	cell := func() string {
		var s []string
		for range r.IntN(7) {
			s = append(s, words[r.IntN(len(words))])
		}
		return strings.Join(s, []string{" ", "", "\n"}[r.IntN(3)])
	}
	for range 500 {
		var g grid
		for i := range 1 + r.IntN(4) {
			g.columns = append(g.columns, Column{Head: words[r.IntN(len(words))], Weight: r.IntN(3), Right: i > 0 && r.IntN(2) == 0})
		}
		for range 1 + r.IntN(4) {
			var row []string
			for range g.columns {
				row = append(row, cell())
			}
			g.rows = append(g.rows, row)
		}
		width := 40 + r.IntN(120)
		var out strings.Builder
		if err := g.write(&out, width); err != nil {
			t.Fatal(err)
		}
		// A column is as wide as the widest line in it.
		widths := g.widths(width - len(between)*(len(g.columns)-1))
		for i, most := range widths {
			lines := Wrap(g.columns[i].Head, most)
			for _, row := range g.rows {
				lines = append(lines, Wrap(row[i], most)...)
			}
			widths[i] = 0
			for _, line := range lines {
				widths[i] = max(widths[i], Measure(line))
			}
		}
		for n, line := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
			if Measure(line) > width {
				t.Fatalf("%d columns, not %d:\n%s", Measure(line), width, out.String())
			}
			if n == 1 || strings.HasPrefix(line, "──") {
				continue
			}
			// One element a column of the terminal; a wide character takes two.
			var taken []rune
			for _, c := range line {
				taken = append(taken, c)
				for range Measure(string(c)) - 1 {
					taken = append(taken, 0)
				}
			}
			at := 0
			for _, w := range widths[:len(widths)-1] {
				at += w
				if gap := taken[min(at, len(taken)):min(at+len(between), len(taken))]; strings.Trim(string(gap), " ") != "" {
					t.Fatalf("something stands between the columns %v of line %d:\n%s", widths, n+1, out.String())
				}
				at += len(between)
			}
		}
	}
}

func TestSpans(t *testing.T) {
	at := func(pairs ...int) (places []finding.Place) {
		for i := 0; i < len(pairs); i += 2 {
			places = append(places, finding.Place{Line: pairs[i], Column: pairs[i+1]})
		}
		return places
	}
	for _, test := range []struct {
		name   string
		places []finding.Place
		want   string
	}{
		{"none", nil, ""},
		{"without a line", at(0, 0), ""},
		{"one", at(62, 40), "62:40"},
		{"the same twice", at(62, 40, 62, 40), "62:40"},
		{"several on a line", at(39, 10, 39, 67, 39, 20), "39"},
		{"two lines need no columns, in order", at(62, 40, 45, 12), "45 62"},
		{"two in a row are no range", at(62, 40, 63, 22), "62 63"},
		{"three are", at(64, 1, 62, 40, 63, 22), "62–64"},
		{"without a column", at(7, 0), "7"},
		{"pages", []finding.Place{{Page: 9, Line: 700}, {Page: 7, Line: 512, Column: 3}, {Page: 7, Line: 530}}, "第7页 第9页"},
		{"pages in a row", []finding.Place{{Page: 7}, {Page: 9}, {Page: 8}}, "第7–9页"},
		{"a cell on a page", []finding.Place{{Page: 7, Cell: "表3!B4", Column: 2}, {Page: 7, Cell: "表3!B4"}}, "第7页表3!B4"},
		{"cells on a page", []finding.Place{{Page: 7, Cell: "表3!B4"}, {Page: 7, Cell: "表3!C4"}}, "第7页"},
		{"cells", []finding.Place{{Cell: "收入表!C9"}, {Cell: "表3!B4"}, {Cell: "收入表!D9"}, {Cell: "收入表!C9", Column: 4}}, "收入表!C9 D9 表3!B4"},
		{"all kinds", []finding.Place{{Cell: "表3!B4"}, {Page: 7, Line: 9}, {Line: 9, Column: 2}}, "9:2 第7页 表3!B4"},
	} {
		if got := strings.Join(spans("zh", test.places, true), " "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if got := spans("zh", at(31, 5), false); got[0] != "31" {
		t.Errorf("a column is told against orders: %q", got)
	}
}

func TestPlaces(t *testing.T) {
	operand := func(document string, line int, data string) finding.Operand {
		o := finding.Operand{Value: "1", Data: finding.Place{Path: data, Line: line + 100}}
		o.Place = o.Data
		if document != "" {
			o.Place = finding.Place{Path: document, Line: line, Column: 3}
		}
		return o
	}
	own := []finding.Operand{operand("公开报告", 5, "d/2023.yaml"), operand("公开报告", 9, "d/2023.yaml")}
	many := []finding.Operand{}
	for i := range 9 {
		many = append(many, operand("公开报告", 10*i+10, "d/2023.yaml"))
	}
	for _, test := range []struct {
		name         string
		operands     []finding.Operand
		report, data string
	}{
		{"the only document and the data file need no name", own, "5、9", "(105、109)"},
		{"others do", []finding.Operand{own[0], operand("d/预算报告", 9, `d\2022.yaml`), operand("", 20, "d/2023.yaml")},
			"公开报告 5:3；预算报告 9:3", "(105、120；2022.yaml 109)"},
		{"many are cut and have no columns", many, "10、20…", "(110、120…)"},
		{"texts without a place are left out beside figures", []finding.Operand{
			{Value: "1", Data: finding.Place{Path: "d/2023.yaml", Line: 7}}, {Text: "甲", Data: finding.Place{Path: "d/2023.yaml", Line: 8}},
		}, "", "(7)"},
		{"none", []finding.Operand{{}}, "", ""},
		{"a file without lines", []finding.Operand{{Data: finding.Place{Path: "x.bin"}}}, "", "(x.bin)"},
	} {
		l, _ := newLocator("zh", "d/2023.yaml", []finding.Finding{{Operands: test.operands}})
		if report, data := l.places(test.operands); report != test.report || data != test.data {
			t.Errorf("%s: %q, %q, want %q, %q", test.name, report, data, test.report, test.data)
		}
	}
}

func TestHeadings(t *testing.T) {
	at := func(cell string, titles ...string) finding.Operand {
		return finding.Operand{Value: "1", Place: finding.Place{Path: "d", Line: 1, Cell: cell, Section: strings.Join(titles, "\n")}}
	}
	for _, test := range []struct {
		operands []finding.Operand
		want     string
	}{
		{nil, ""},
		{[]finding.Operand{at("")}, ""},
		{[]finding.Operand{at("", "三、支出说明")}, "位于“三、支出说明”"},
		{[]finding.Operand{at("", "第二部分", "三、支出说明", "（一）总体情况")}, "位于“三、支出说明 › （一）总体情况”"},
		{[]finding.Operand{at("表3!B4", "附表", "支出决算表"), at("收入表!B4", "收入表")}, "位于表3（支出决算表）"},
		{[]finding.Operand{at("", "一"), at("", "一"), at("", "二"), at("", "三")}, "位于“一”、“二”…"},
		{[]finding.Operand{{Text: "甲", Place: finding.Place{Path: "d", Line: 1, Section: "一"}}}, ""},
	} {
		if got := (locator{lang: "zh"}).under(test.operands); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestCut(t *testing.T) {
	for number, want := range map[string]string{
		"-0.021777…": "-0.0217…", "8.9631…": "8.9631…", "0.000012…": "0.000012…", "-780.299": "-780.299", "0.123456": "0.123456",
		"3…": "3…", "": "",
	} {
		if got := cut(number); got != want {
			t.Errorf("%s is cut to %s, want %s", number, got, want)
		}
	}
}

func TestShortNames(t *testing.T) {
	got := shortNames([]finding.Input{{Path: "d/a/2023.yaml"}, {Path: "d/b/2023.yaml"}, {Path: `d\b\2022.yaml`}, {Path: "x"}, {Path: "y/x"}, {Path: ""}})
	want := map[string]string{"d/a/2023.yaml": "a/2023.yaml", "d/b/2023.yaml": "b/2023.yaml", `d\b\2022.yaml`: "2022.yaml", "x": "x", "y/x": "y/x", "": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
