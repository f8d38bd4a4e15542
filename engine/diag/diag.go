// Package diag holds diagnostics: what is wrong with a rule pack or a data file, where, and what to do about it, in
// English and in Chinese.
//
// Every diagnostic has a stable code, and every text stands in one table (messages.go), so that both languages, the
// severity and the hint of a code are read side by side. A package that finds a fault calls New with the code, the place
// and the arguments of the text; Render writes a list for people.
//
// Figures that break a rule are findings and not diagnostics, and failures to read or write are Go errors.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/color"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/words"
)

// Lang is the language of texts for people. Any other value counts as English.
type Lang string

// The languages.
const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// Severity says how bad a diagnostic is. The zero Severity is invalid.
type Severity int

// The severities.
const (
	// Error makes the pack or the data unusable.
	Error Severity = iota + 1
	// Warning does not.
	Warning
)

// String returns the severity in English.
func (s Severity) String() string { return s.Text(English) }

// Text returns the severity in a language.
func (s Severity) Text(lang Lang) string {
	switch s {
	case Error:
		return pick(lang, "error", "错误")
	case Warning:
		return pick(lang, "warning", "警告")
	default:
		return fmt.Sprintf("Severity(%d)", int(s))
	}
}

// Code names a kind of diagnostic. Codes are stable: they are printed, tested for and searched for.
type Code string

// Diagnostic is one thing wrong with a pack or a data file.
type Diagnostic struct {
	Code     Code
	Severity Severity
	// Span is the place. For something missing it is the thing that lacks it. The zero Span is no place.
	Span source.Span
	// Args are the arguments of the texts of the code, in the order in which the table numbers them.
	Args []any
	// Suggestion is what was probably meant, shown as a hint. It may be empty; Suggest finds one.
	Suggestion string
	// Related are further places that explain this one.
	Related []Related
}

// Related is a further place that explains a diagnostic, such as that of an earlier definition.
type Related struct {
	Code Code
	Span source.Span
	Args []any
}

// New returns a diagnostic with the severity that the table gives to code. An unknown code is an error whose message is
// the bare code and the arguments.
func New(code Code, span source.Span, args ...any) Diagnostic {
	severity := Error
	if m, ok := messages[code]; ok {
		severity = m.severity
	}
	return Diagnostic{Code: code, Severity: severity, Span: span, Args: args}
}

// Unreadable returns the diagnostic for a file that cannot be read as text because of d.
func Unreadable(f *source.File, d *source.Defect) Diagnostic {
	span := source.Span{File: f, Start: d.Offset, End: min(d.Offset+1, len(f.Content))}
	switch d.Kind {
	case source.UTF16:
		return New(UTF16, span)
	case source.NUL:
		return New(NULByte, span)
	default:
		return New(InvalidUTF8, span)
	}
}

// WithSuggestion returns d with a suggestion; "" takes it away.
func (d Diagnostic) WithSuggestion(s string) Diagnostic {
	d.Suggestion = s
	return d
}

// WithRelated returns d with a further place.
func (d Diagnostic) WithRelated(code Code, span source.Span, args ...any) Diagnostic {
	d.Related = append(slices.Clip(d.Related), Related{Code: code, Span: span, Args: args})
	return d
}

// Message returns what is wrong, without the place and the code.
func (d Diagnostic) Message(lang Lang) string {
	return text(d.Code, lang, d.Args)
}

// Hint returns what to do about it: the suggestion and the hint of the code. It is "" when there is neither.
func (d Diagnostic) Hint(lang Lang) string {
	var hints []string
	if d.Suggestion != "" {
		hints = append(hints, fmt.Sprintf(pick(lang, "did you mean %q?", "是否想写 %q？"), d.Suggestion))
	}
	m := messages[d.Code]
	if hint := format(lang, pick(lang, m.hintEn, m.hintZh), d.Args); hint != "" {
		hints = append(hints, hint)
	}
	return strings.Join(hints, pick(lang, " ", ""))
}

// Message returns what the related place is.
func (r Related) Message(lang Lang) string {
	return text(r.Code, lang, r.Args)
}

// String returns "path:line:column: severity: message [code]" in English.
func (d Diagnostic) String() string { return d.line(English, false) }

// line returns the first line of a diagnostic, without a line ending.
func (d Diagnostic) line(lang Lang, paint color.Painter) string {
	severity := paint.Paint(severityStyles[d.Severity], d.Severity.Text(lang)+":")
	return paint.Paint(color.Strong, place(d.Span)) + severity + " " + d.Message(lang) + " [" + string(d.Code) + "]"
}

// place returns the place for the front of a line, and "" when there is none. A file without places is only named.
func place(s source.Span) string {
	if s.IsZero() {
		return ""
	}
	if !s.File.HasPlaces() {
		return s.File.Path + ": "
	}
	return s.String() + ": "
}

// text returns the message of a code, or the bare code and the arguments when the table does not know it.
func text(code Code, lang Lang, args []any) string {
	m, ok := messages[code]
	if !ok {
		return strings.TrimSuffix(fmt.Sprintln(append([]any{string(code)}, args...)...), "\n")
	}
	return format(lang, pick(lang, m.en, m.zh), args)
}

// format leaves a text without verbs alone: fmt would complain about the arguments that only another text of the code
// uses. Arguments that are texts in both languages themselves are given in that of the message.
func format(lang Lang, text string, args []any) string {
	if !strings.Contains(text, "%[") {
		return strings.ReplaceAll(text, "%%", "%")
	}
	return fmt.Sprintf(text, words.Spoken(string(lang), args)...)
}

func pick(lang Lang, en, zh string) string {
	if lang == Chinese {
		return zh
	}
	return en
}

// List is a list of diagnostics. The zero List is empty and ready to use.
type List []Diagnostic

// Add appends diagnostics.
func (l *List) Add(d ...Diagnostic) { *l = append(*l, d...) }

// Sort orders the list by path, place and code, and leaves diagnostics that are equal in these as they are.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			strings.Compare(path(a.Span), path(b.Span)),
			comparePlaces(a.Span, b.Span),
			strings.Compare(string(a.Code), string(b.Code)),
		)
	})
}

// comparePlaces orders places of one path, which may be in parts of its file.
func comparePlaces(a, b source.Span) int {
	if a.File == b.File {
		return cmp.Compare(a.Start, b.Start)
	}
	p, q := a.Position(), b.Position()
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

func path(s source.Span) string {
	if s.File == nil {
		return ""
	}
	return s.File.Path
}

// HasErrors reports whether a diagnostic of the list is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Err returns nil when the list holds no errors, else a *ListError with the whole list.
func (l List) Err() error {
	if !l.HasErrors() {
		return nil
	}
	return &ListError{List: l}
}

// ListError is a list with errors in it as a Go error.
type ListError struct {
	// List is the whole list, warnings included.
	List List
}

// Error returns the first error in English with its place, and how many more errors there are.
func (e *ListError) Error() string {
	var first string
	more := -1
	for _, d := range e.List {
		if d.Severity != Error {
			continue
		}
		if more++; more == 0 {
			first = place(d.Span) + d.Message(English)
		}
	}
	if more > 0 {
		return fmt.Sprintf("%s (and %d more)", first, more)
	}
	return first
}
