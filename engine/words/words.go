// Package words holds the shape of every message: a text in both languages. Each package that speaks to people keeps its
// texts in tables of this shape, and the test of this package reads all of them.
package words

import "fmt"

// Text is a phrase, or a format of package fmt, in both languages.
type Text struct{ ZH, EN string }

// In is the phrase in one language: Chinese for "zh", else English.
func (t Text) In(lang string) string {
	if lang == "zh" {
		return t.ZH
	}
	return t.EN
}

// Format fills the phrase in one language.
func (t Text) Format(lang string, args ...any) string { return fmt.Sprintf(t.In(lang), args...) }
