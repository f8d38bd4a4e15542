package report

import (
	"strings"
)

// escapeMarkdown writes text so that Markdown shows it as it is, on one line: no markup, no HTML, no link, no picture,
// no mention of a user or an issue, and no cell of a table ends.
func escapeMarkdown(text string) string {
	var out strings.Builder
	runes := []rune(line(text))
	digit := func(i int) bool { return i >= 0 && i < len(runes) && '0' <= runes[i] && runes[i] <= '9' }
	for i, r := range runes {
		switch {
		case r == '&':
			out.WriteString("&amp;")
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '@' || r == '#' && digit(i+1):
			// Names are looked for in what is shown, so that no escape helps: a joiner, which has no width, parts them.
			out.WriteString(string(r) + "\u2060")
		case r == ':' && digit(i-1) && digit(i+1):
			// As in places, 62:40.
			out.WriteRune(r)
		case strings.ContainsRune("\\`*_{}[]|~!#$:^", r), r == '.' && i >= 3 && strings.EqualFold(string(runes[i-3:i]), "www"):
			out.WriteString(`\` + string(r))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
