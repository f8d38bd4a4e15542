package diag

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

var (
	verb        = regexp.MustCompile(`%(?:\[(\d+)\][a-zA-Z]|%)`)
	codePattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
)

// arguments returns the sorted verbs of a text, such as "[1]q", and fails on a verb without an index.
func arguments(t *testing.T, text string) []string {
	t.Helper()
	if strings.Contains(verb.ReplaceAllString(text, ""), "%") {
		t.Errorf("a verb of %q has no index", text)
	}
	verbs := verb.FindAllString(text, -1)
	slices.Sort(verbs)
	return slices.Compact(verbs)
}

// TestMessages holds every line of the table against the rules at its top.
func TestMessages(t *testing.T) {
	for _, code := range Codes() {
		t.Run(string(code), func(t *testing.T) {
			m := messages[code]
			if !codePattern.MatchString(string(code)) {
				t.Error("the code is not lower case with hyphens")
			}
			if m.severity != Error && m.severity != Warning {
				t.Errorf("severity %d", m.severity)
			}
			if m.en == "" || m.zh == "" {
				t.Error("a language is missing")
			}
			if (m.hintEn == "") != (m.hintZh == "") {
				t.Error("the hint of one language is missing")
			}
			if en, zh := arguments(t, m.en), arguments(t, m.zh); !slices.Equal(en, zh) {
				t.Errorf("the messages use the arguments %v and %v", en, zh)
			}
			if en, zh := arguments(t, m.hintEn), arguments(t, m.hintZh); !slices.Equal(en, zh) {
				t.Errorf("the hints use the arguments %v and %v", en, zh)
			}
			if strings.HasSuffix(m.en, ".") || strings.HasSuffix(m.zh, "。") {
				t.Error("the message ends with a period")
			}
			isHan := func(r rune) bool { return unicode.Is(unicode.Han, r) }
			if strings.ContainsFunc(m.en+m.hintEn, isHan) || !strings.ContainsFunc(m.zh, isHan) {
				t.Error("the languages are mixed up")
			}
			if r, _ := utf8.DecodeRuneInString(m.en); unicode.IsUpper(r) && !strings.HasPrefix(m.en, "NUL") && !strings.HasPrefix(m.en, "YAML") {
				t.Error("the message begins with a capital")
			}
		})
	}
}
