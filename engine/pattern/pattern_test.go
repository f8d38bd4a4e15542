package pattern_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/pattern"
)

func simple(r rune) rune {
	switch r {
	case '經':
		return '经'
	case '費':
		return '费'
	}
	return r
}

var folding = &pattern.Folding{Ignore: []string{"决算", "的"}, Simple: simple}

func kind(name string) (string, bool) {
	switch name {
	case "数":
		return pattern.Number, true
	case "日":
		return pattern.Date, true
	case "类":
		return pattern.Words([]string{"教育支出", "其他支出", "其他教育支出"}, folding), true
	}
	return "", false
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		// want are what the slots took, nil when it does not match.
		want []string
	}{
		{"收入合计", "收入合计", []string{}},
		{"收入合计", "本年收入合计", nil},
		{"*收入合计", "本年收入合计", []string{}},
		{"*收入*", "收入", []string{}},
		{"收入合计", "收入决算　合 计", []string{}},
		{"收入决算合计", "收入合计", []string{}},
		{"“三公”经费", "三公經(jīng)費", []string{}},
		{"三公经费", "三公经费(GDP)", nil},
		{"因公出国（境）费", "因公出国(境)费", []string{}},
		{"{name}（类）", "教育支出(类)", []string{"教育支出"}},
		{"{name}（类）", "（类）", nil},
		{"{name}（类）{of}（款）", "教育 支出（类）普通教育（款）", []string{"教育 支出", "普通教育"}},
		{"{name}（类）", "其他的支出的（类）", []string{"其他的支出"}},
		{"{name:类}", "其他教育支出", []string{"其他教育支出"}},
		{"{name:类}", "其他教育支出等", nil},
		{"{_}：{name:类}", "第1项：教育支出", []string{"第1项", "教育支出"}},
		{"{a:数}个", "１,２３４.50个", []string{"１,２３４.50"}},
		{"{a:日}", "2024 年 12 月 31 日", []string{"2024 年 12 月 31 日"}},
		{"{a:日}", "2024-12", []string{"2024-12"}},
		{"a.c", "abc", nil},
	} {
		p, err := pattern.Parse(c.pattern, folding, kind)
		if err != nil {
			t.Fatalf("%s: %v", c.pattern, err)
		}
		text := folding.Fold(c.text)
		captures, ok := p.Match(text)
		got := []string{}
		for _, x := range captures {
			got = append(got, c.text[x.From:x.To])
		}
		if !ok {
			got = nil
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s on %s: (-want +got)\n%s", c.pattern, c.text, diff)
		}
	}
}

func TestFind(t *testing.T) {
	const text = "其中：货物 12.50 万元；服务3万元。工程，0万元"
	p, err := pattern.ParsePart("{name}{a:数}万元", &pattern.Folding{}, kind)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, f := range p.Find((&pattern.Folding{}).Fold(text)) {
		row := []string{text[f.From:f.To]}
		for _, c := range f.Captures {
			row = append(row, c.Slot.Name+"="+text[c.From:c.To])
		}
		got = append(got, row)
	}
	want := [][]string{{"货物 12.50 万元", "name=货物", "a=12.50"}, {"服务3万元", "name=服务", "a=3"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		pattern  string
		want     error
		from, to int
	}{
		{"一{name", pattern.ErrBrace, 1, 2},
		{"一}", pattern.ErrBrace, 1, 2},
		{"一{}", pattern.ErrEmpty, 2, 2},
		{"决算", pattern.ErrEmpty, 0, 2},
		{"", pattern.ErrEmpty, 0, 0},
		{"一{甲:无}", pattern.ErrKind, 4, 5},
	} {
		_, err := pattern.Parse(c.pattern, folding, kind)
		if err == nil || !errors.Is(err, c.want) || err.From != c.from || err.To != c.to {
			t.Errorf("%q: %v, want %v at %d to %d", c.pattern, err, c.want, c.from, c.to)
		}
	}
}

// FuzzFold holds every span of a folded text against the text that it was made of.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"本年收入决算　合计 867.01万元", "經(jīng)費", "“㈱”ﬁ①", "\xff\xfe决", "a\u0301的"} {
		f.Add(s)
	}
	p, err := pattern.Parse("*{x}*", folding, kind)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := folding.Fold(s)
		for i := range text.Folded {
			from, to := text.Span(i, i+1)
			if from < 0 || to > len(s) || from >= to {
				t.Fatalf("byte %d of %q comes from [%d, %d) of %q", i, text.Folded, from, to, s)
			}
		}
		if captures, ok := p.Match(text); ok && len(captures) != 1 {
			t.Fatal(captures)
		}
	})
}
