package expression

import (
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/diag"
)

func TestFormulas(t *testing.T) {
	b := newBench(t, read(t, "schema.yaml"), read(t, "data.yaml"))
	for _, test := range []struct{ each, check, zh, en, filled string }{
		{check: "c == a + b", zh: "丙 = 甲 + 乙", en: "丙 = 甲 + 乙", filled: "0.30 = 0.10 + 0.20 = 0.30"},
		{check: "c == a - (b - a)", zh: "丙 = 甲 - 乙 + 甲", filled: "0.30 ≠ 0.10 - 0.20 + 0.10 = 0.00"},
		{check: "c == -(a + b)", zh: "丙 = -(甲 + 乙)", filled: "0.30 ≠ -(0.10 + 0.20) = -0.30"},
		{check: "c == a / (b * c)", zh: "丙 = 甲 ÷ (乙 × 丙)", filled: "0.30 ≠ 0.10 ÷ (0.20 × 0.30) = 1.666666…"},
		{check: "rate == a / c * 100", zh: "率 = 甲 ÷ 丙 × 100%", filled: "33.33% = 0.10 ÷ 0.30 × 100% = 33.333333…%"},
		{check: "a == income.basic.amount * income.basic.share / 100", zh: "甲 = 基本 × 基本·占比", filled: "0.10 ≠ 1.00 × 33.33% = 0.3333"},
		{check: "income.basic.share + income.other.share == 100", zh: "基本·占比 + 其他·占比 = 100%", filled: "33.33% + 66.67% = 100%"},
		{check: "income.basic.share + income.other.share == 99.99", zh: "基本·占比 + 其他·占比 = 99.99%", filled: "33.33% + 66.67% = 100.00% ≠ 99.99%"},
		{check: "a <= b and (b < c or c == 1)", zh: "甲 ≤ 乙 且 (乙 < 丙 或 丙 = 1)", en: "甲 ≤ 乙 and (乙 < 丙 or 丙 = 1)", filled: "0.10 ≤ 0.20 且 0.20 < 0.30"},
		{check: "a > b or b > c", zh: "甲 > 乙 或 乙 > 丙", filled: "0.10 ≤ 0.20 且 0.20 ≤ 0.30"},
		{check: "a < b and b > c", zh: "甲 < 乙 且 乙 > 丙", filled: "0.20 ≤ 0.30"},
		{check: "income.basic.amount == sum(projects, .executed) - 5", zh: "基本 = 各项目的执行之和 - 5", en: "基本 = the sum of 执行 over 项目 - 5", filled: "1.00 = 1.00 + 5.00 + 0.00 - 5 = 1.00"},
		{check: "a == sum(filter(projects, .budget > 3), .executed)", zh: "甲 = 各项目（限 预算 > 3）的执行之和", en: "甲 = the sum of 执行 over 项目 (where 预算 > 3)", filled: "0.10 ≠ 5.00 + 0.00 = 5.00"},
		{check: "a == sum(projects, sum(.parts, .amount))", zh: "甲 = 各项目的各子项的金额之和", filled: "0.10 ≠ (1.00 + 2.00) + 0 + 8.00 = 11.00"},
		{check: "len(projects) == people", zh: "项目的个数 = 人数", filled: "3 = 3"},
		{check: "count(projects, .budget > 3) == 1", zh: "满足（预算 > 3）的项目个数 = 1", filled: "2 ≠ 1"},
		{check: "all(projects, .executed <= .budget)", zh: "每个项目都满足（执行 ≤ 预算）", en: "for each 项目 (执行 ≤ 预算)", filled: "1.00 ≤ 3.00 且 5.00 ≤ 5.00 且 0.00 ≤ 8.00"},
		{check: "all(projects, .executed < .budget)", zh: "每个项目都满足（执行 < 预算）", filled: "5.00 ≥ 5.00"},
		{check: "any(projects, .executed == 5)", zh: "有一个项目满足（执行 = 5）", filled: "5.00 = 5"},
		{check: "same(a, b, c)", zh: "甲、乙、丙 一致", en: "甲, 乙, 丙 agree", filled: "0.10 ≠ 0.20 ≠ 0.30"},
		{check: "present(a) and !present(gone) and blank(empty) and explained(note) and not explained(silent)",
			zh: "印有 甲 且 没有印出 缺 且 空 空白 且 说明 有说明 且 无说 没有说明", en: "甲 is printed and 缺 is not printed and 空 is blank and 说明 says something and 无说 says nothing",
			filled: "印有 甲 0.10 且 没有印出 缺 且 空 - 空白 且 说明 本年新增２台设备 有说明 且 无说 无 没有说明"},
		{check: "(gone ?? 0) + a == 0.1", zh: "缺（空缺时为 0） + 甲 = 0.1", en: "缺 (or 0 where not printed) + 甲 = 0.1", filled: "0 + 0.10 = 0.1"},
		{check: `note matches "设备" and not (note contains "房屋")`, zh: "说明 写有 “设备” 且 并非 (说明 含有 “房屋”)", filled: "“本年新增２台设备” 写有 “设备” 且 并非 “本年新增２台设备” 含有 “房屋”"},
		{check: "decimals(a) == 2", zh: "甲 的小数位数 = 2", filled: "0.10 的小数位数 = 2"},
		{check: "abs(a - b) <= 0.1", zh: "|甲 - 乙| ≤ 0.1", filled: "|0.10 - 0.20| ≤ 0.1"},
		{check: "max(a, b) == 0.2", zh: "甲、乙 中最大的 = 0.2", filled: "0.10、0.20 中最大的 = 0.2"},
		{check: "a == (open ? b : c)", zh: "甲 = (若 公开，则 乙，否则 丙)", filled: "0.10 ≠ 0.20"},
		{check: "open ? true : a > b ? b == c : note == \"x\" ? c == a : a == b", zh: "若 公开，则 成立；若 甲 > 乙，则 乙 = 丙；若 说明 = “x”，则 丙 = 甲；否则 甲 = 乙",
			en: "it holds if 公开; 乙 = 丙 if 甲 > 乙; 丙 = 甲 if 说明 = “x”; else 甲 = 乙", filled: "是"},
		{check: "note in [\"x\", \"y\"] or a in [1, 0.1]", zh: "说明 为 “x”、“y” 之一 或 甲 为 1、0.1 之一", en: "说明 is one of “x”, “y” or 甲 is one of 1, 0.1", filled: "0.10 = 0.1"},
		{check: "note not in [\"x\", \"y\"] and a < b", zh: "说明 不为 “x”、“y” 且 甲 < 乙", en: "说明 is none of “x”, “y” and 甲 < 乙", filled: "“本年新增２台设备” ≠ “x” 且 “本年新增２台设备” ≠ “y” 且 0.10 < 0.20"},
		{check: "yuan == a / 2", zh: "元数 = 甲 ÷ 2 × 10000", filled: "1000.00 元 ≠ 0.10 万元 ÷ 2 × 10000 = 500.00 元"},
		{check: "gone == a", zh: "缺 = 甲", filled: "— = 0.10"},
		{each: "p in projects", check: "p.rate == p.executed / p.budget * 100", zh: "执行率 = 执行 ÷ 预算 × 100%", filled: "33.33% = 1.00 ÷ 3.00 × 100% = 33.333333…%"},
		{each: "p in projects", check: "p.budget == sum(filter(projects, .name == p.name), .budget)", zh: "预算 = 各项目（限 名称 = 项目·名称）的预算之和", filled: "3.00 = 3.00"},
		{each: "q in [income.basic, income.other]", check: "q.share == q.amount / a", zh: "占比 = 金额 ÷ 甲", filled: "33.33% ≠ 1.00 ÷ 0.10 = 10.00%"},
	} {
		s := b.names.NewScope()
		var loops []*Loop
		if test.each != "" {
			l, _, list := s.Loop(scalar(test.each))
			if len(list) > 0 {
				t.Fatal(wrong(list))
			}
			loops = append(loops, l)
			l.Enter(b.env, 0)
		}
		c, list := s.Check(scalar(test.check), Tolerance{Kind: Exactly}, false)
		if len(list) > 0 {
			t.Errorf("%s: %s", test.check, wrong(list))
			continue
		}
		if got := c.Formula(loops, diag.Chinese); got != test.zh {
			t.Errorf("%s is written %q, want %q", test.check, got, test.zh)
		}
		if got := c.Formula(loops, diag.English); test.en != "" && got != test.en {
			t.Errorf("%s is written %q, want %q", test.check, got, test.en)
		}
		if got := c.Filled(b.env, diag.Chinese); got != test.filled {
			t.Errorf("%s is filled %q, want %q", test.check, got, test.filled)
		}
	}
}

func TestFormulaOfRounding(t *testing.T) {
	b := newBench(t, read(t, "schema.yaml"), []byte("a: 0.10\nb: 0.20\nc: 0.31\n"))
	c, list := b.names.NewScope().Check(scalar("c == a + b and c >= a + b + 0.02"), Tolerance{}, false)
	if len(list) > 0 {
		t.Fatal(wrong(list))
	}
	if got, want := c.Filled(b.env, diag.English), "0.31 ≈ 0.10 + 0.20 = 0.30 and 0.31 ≈ 0.10 + 0.20 + 0.02 = 0.32"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLoopFormulas(t *testing.T) {
	b := newBench(t, read(t, "schema.yaml"), read(t, "data.yaml"))
	for each, want := range map[string]string{
		"p in projects": "每个项目", "q in [income.basic, income.other]": "基本、其他",
	} {
		l, _, list := b.names.NewScope().Loop(scalar(each))
		if len(list) > 0 {
			t.Fatal(wrong(list))
		}
		if got := l.Formula(diag.Chinese); got != want {
			t.Errorf("%s is written %q, want %q", each, got, want)
		}
	}
}

// Whatever the language can say has a formula, with figures and without.
func TestFormulasOfCorpus(t *testing.T) {
	n := 0
	corpus(t, func(b *bench, _, expression, want string) string {
		c, list := b.names.NewScope().Check(scalar(expression), Tolerance{Kind: Exactly}, false)
		if len(list) > 0 {
			return want
		}
		n++
		for _, lang := range []diag.Lang{diag.Chinese, diag.English} {
			for _, got := range []string{c.Formula(nil, lang), c.Filled(b.env, lang)} {
				if got == "" && c.node.op != opAll && c.node.op != opAny || strings.Contains(got, "%!") || strings.Contains(got, "==") {
					t.Errorf("%s is written %q", expression, got)
				}
			}
		}
		return want
	})
	if n < 100 {
		t.Errorf("only %d checks in the corpus", n)
	}
}
