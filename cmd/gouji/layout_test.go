package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAlign(t *testing.T) {
	got := align([][]string{{"ab", "", "合计", "x"}, {"a", "", "c"}}, 1)
	if diff := cmp.Diff(" ab  合计  x\n a   c\n", got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFold(t *testing.T) {
	tests := []struct {
		name, text string
		limit      int
		want       []string
	}{
		{"short", "a b", 10, []string{"a b"}},
		{"empty", "", 10, []string{""}},
		{"at spaces", "aaa bbb ccc", 7, []string{"aaa bbb", "ccc"}},
		{"a long word stays whole", "aaaaaaaaaa bb", 4, []string{"aaaaaaaaaa", "bb"}},
		{"around wide characters", "合计等于", 5, []string{"合计", "等于"}},
		{"a stop never begins a line", "合计，等于", 5, []string{"合", "计，", "等于"}},
		{"words between wide characters", "按total计算", 9, []string{"按total计", "算"}},
		{"control characters", "a\x1b[2Jb\nc", 20, []string{"a\ufffd[2Jb c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := fold(tt.text, tt.limit)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if slices.ContainsFunc(got, func(s string) bool { return len(s) > 0 && s[0] == ' ' }) {
				t.Errorf("a line begins with a space: %q", got)
			}
		})
	}
}

// TestLanguage asserts which of the arguments and variables decides.
func TestLanguage(t *testing.T) {
	tests := []struct {
		name string
		args []string
		env  map[string]string
		want string
	}{
		{"nothing set", nil, nil, "en"},
		{"locale", nil, map[string]string{"LANG": "zh_CN.UTF-8"}, "zh"},
		{"LC_ALL first", nil, map[string]string{"LC_ALL": "C", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, "en"},
		{"LC_MESSAGES second", nil, map[string]string{"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"},
		{"flag", []string{"check", "--lang", "en"}, map[string]string{"LANG": "zh_CN"}, "en"},
		{"flag with =", []string{"--lang=zh"}, nil, "zh"},
		{"after --", []string{"--", "--lang=zh"}, nil, "en"},
		{"unknown", []string{"--lang=fr"}, map[string]string{"LANG": "zh_CN"}, "zh"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := language(tt.args, func(name string) string { return tt.env[name] }); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
