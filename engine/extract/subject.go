package extract

import (
	"strings"
	"unicode/utf8"
)

// subject finds the phrase in p that says what a figure is of: without the time, the reporting unit as a pronoun, and
// small words at both ends. It is empty when nothing is left.
func (w *Words) subject(s string, p span) span {
	if date, end := w.time(s[p.from:p.to]); end > 0 {
		// “教育支出”(类)2023年度 tells the year behind the name.
		if rest := (span{p.from + end, p.to}); date > 0 && w.small(s[rest.from:rest.to]) == s[rest.from:rest.to] {
			p.to = p.from + date
		} else {
			p = rest
		}
	}
	for changed := true; changed && p.from < p.to; {
		changed = false
		text := s[p.from:p.to]
		if n := w.lead(text); n > 0 {
			p.from += n
			changed = true
			continue
		}
		if word := w.small(text); word != "" {
			p.to -= len(word)
			changed = true
			continue
		}
		if last, size := utf8.DecodeLastRuneInString(text); last == '(' || last == '的' || last == ',' || last == '“' || last == '-' {
			p.to -= size
			changed = true
		} else if word := w.pronouns.suffix(text); strings.HasPrefix(word, "全") && len(text) > 2*len(word) {
			p.to -= len(word)
			changed = true
		}
	}
	if p.from >= p.to {
		return span{p.from, p.from}
	}
	text := s[p.from:p.to]
	for _, cause := range w.causes {
		if at := strings.Index(text, cause); at > 0 && w.notCauses.prefix(text[at:]) == "" {
			return w.subject(s, span{p.from, p.from + at})
		}
	}
	for _, owns := range []string{"共有", "现有"} {
		if at := strings.LastIndex(text, owns); at >= 0 && at+len(owns) < len(text) {
			p.from += at + len(owns)
			break
		}
	}
	return p
}

// lead is the length of the words at the start of text that do not belong to a subject, 0 for none.
func (w *Words) lead(text string) int {
	if first, size := utf8.DecodeRuneInString(text); first == ')' || first == '”' || first == ',' || first == '。' || first == '.' {
		return size
	}
	if cause := w.causes.prefix(text); cause != "" && w.notCauses.prefix(text) == "" {
		return len(cause)
	}
	// The code of an account.
	if d := digits(text); (d == 3 || d == 5 || d == 7) && d < len(text) && w.money.prefix(text[d:]) == "" && !year(text[d:]) && (text[d] >= 0x80 || text[d] == '-') {
		return d
	}
	if _, n := numbering(text); n > 0 {
		return n
	}
	if w.generic.prefix(text) != "" || w.labelStarts.prefix(text) != "" {
		return 0
	}
	if word := w.pronouns.prefix(text); word != "" && utf8.RuneCountInString(text[len(word):]) > 2 {
		return len(word)
	}
	if word := w.parts.prefix(text); word != "" {
		return len(word)
	}
	if word := w.light.prefix(text); len(word) < len(text) && len(word) > 0 {
		return len(word)
	}
	return len(w.adverbs.prefix(text))
}

// time finds the year that a subject is told for, in 某某局2023年度收入总计: where the last date begins and where it ends,
// with all that stands before it.
func (w *Words) time(text string) (date, end int) {
	last := 0
	for i := 0; i < len(text); {
		d := digits(text[i:])
		if d == 0 {
			i++
			continue
		}
		next := i + d
		switch rest := text[next:]; {
		case strings.HasPrefix(rest, "年初"), strings.HasPrefix(rest, "年末"):
		case strings.HasPrefix(rest, "年度"):
			next += len("年度")
		case strings.HasPrefix(rest, "年"), strings.HasPrefix(rest, "月"), strings.HasPrefix(rest, "日"):
			next += len("年")
		default:
			i = next
			continue
		}
		// 绩效自评的2024年度项目 goes on with what it began.
		if !strings.HasSuffix(text[:i], "的") && !strings.HasSuffix(text[:i], "(") {
			if last != i || end == 0 {
				date = i
			}
			end, last = next, next
		}
		i = next
	}
	if strings.HasPrefix(text[end:], "的") {
		end += len("的")
	}
	return date, end
}

// name is the subject in the document's own writing, without remarks in brackets and without 决算 before 合计.
func (w *Words) name(f *folded, original string, p span) string {
	var b strings.Builder
	from := p.from
	for i := p.from; i < p.to; {
		if n := w.silent(f.s[i:p.to], i > p.from); n > 0 {
			b.WriteString(f.part(original, from, i))
			i += n
			from = i
			continue
		}
		_, size := utf8.DecodeRuneInString(f.s[i:])
		i += size
	}
	b.WriteString(f.part(original, from, p.to))
	return b.String()
}

// silent is the length of what stands at the start of s within a subject and is not part of its name.
func (w *Words) silent(s string, within bool) int {
	if inner, ok := strings.CutPrefix(s, "("); ok {
		end := strings.IndexByte(inner, ')')
		if end > 0 && w.remarks.prefix(inner) != "" {
			return len("(") + end + len(")")
		}
		return 0
	}
	if !within || !strings.HasPrefix(s, "决算") {
		return 0
	}
	for _, tail := range []string{"合计", "总计", "数合计", "数总计", "总额"} {
		if strings.HasPrefix(s[len("决算"):], tail) {
			return len("决算") + len(tail) - len(strings.TrimPrefix(tail, "数"))
		}
	}
	return 0
}

// key is a subject as two of them are compared: folded, without brackets and quotation marks.
func (w *Words) key(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("()[]<>《》〈〉“”\"'‘’【】、", r) {
			return -1
		}
		return r
	}, w.Fold(s))
}

// divide parts a subject that names several things: 收、支总计 are 收总计 and 支总计.
func divide(name string) []string {
	var parts []string
	depth, from := 0, 0
	for i, r := range name {
		size := 0
		switch r {
		case '(', '（', '“':
			depth++
		case ')', '）', '”':
			depth--
		case '、':
			size = len("、")
		case '和', '及', '与':
			size = utf8.RuneLen(r)
		}
		if size > 0 && depth == 0 && i > from {
			parts = append(parts, name[from:i])
			from = i + size
		}
	}
	parts = append(parts, name[from:])
	last := parts[len(parts)-1]
	first := utf8.RuneCountInString(parts[0])
	runes := []rune(last)
	if len(runes) <= first {
		return parts
	}
	for i, p := range parts[:len(parts)-1] {
		if utf8.RuneCountInString(p) != first {
			return parts
		}
		parts[i] = p + string(runes[first:])
	}
	return parts
}

// core is the name of an account without the word for its flow, as counts are told of it: 国内公务接待支出 is 国内公务接待.
func core(key string) string {
	for _, tail := range []string{"费用支出", "费支出", "经费", "支出", "费用", "费"} {
		if short, ok := strings.CutSuffix(key, tail); ok && short != "" {
			return short
		}
	}
	return key
}
