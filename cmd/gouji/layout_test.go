package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAlign(t *testing.T) {
	got := align([][]string{{"ab", "", "合计", "x"}, {"a", "", "c"}}, 1)
	if diff := cmp.Diff(" ab  合计  x\n a   c\n", got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
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
