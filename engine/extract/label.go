package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// span is the bytes [from, to) of folded text.
type span struct{ from, to int }

func (s span) empty() bool { return s.from >= s.to }

// label is what the words before a number say of it.
type label struct {
	measure Measure
	// negative: a word of decrease. word is the direction or predicate word, in folded text.
	negative bool
	word     span
	about    bool
	// subject is the phrase for what the figure is of, empty where the words name none.
	subject span
	// flow is the word for it, 收入 or 支出, that such words hold.
	flow string
	// basis is what the figure is compared with, empty where the words name none.
	basis span
	// ofBasis: the figure is the amount of the basis itself, as in 比上年支出433万元减少.
	ofBasis bool
	// final: a word says that the amount came true. It is Final beside a budget and Value alone.
	final bool
	// whole: it is the amount that a share behind it is of, as in 占总支出500万元的16%.
	whole bool
	// each: 分别 or 各 stands before the number.
	each bool
	// behind: the subject stands behind the number.
	behind bool
	// old: 由 or 从 stands before the number, the amount before a change.
	old bool
}

// label reads the words [from, to) before a number. compared says that a basis holds from the clauses before.
func (w *Words) label(s string, from, to int, t *token, compared bool) label {
	l := label{measure: Value, about: t.about}
	p := span{from, w.fillers(s, from, to, &l)}
	gap := s[p.to:to]
	if w.before(s, p, gap, &l) {
		return l
	}
	if w.ofBasis(s, p, t, &l) {
		return l
	}
	switch t.kind {
	case percent:
		p = w.percentLabel(s, p, gap, compared, &l)
	case points:
		l.word, l.negative = w.change(s, p, compared)
		if !l.word.empty() {
			l.measure, p.to = Change, l.word.from
		}
	case score:
		l.measure = Score
		if word := w.pointsFull.suffix(s[p.from:p.to]); word != "" {
			l.measure, l.word, p.to = Weight, span{p.to - len(word), p.to}, p.to-len(word)
		} else if word := w.pointsWon.suffix(s[p.from:p.to]); word != "" {
			l.word = span{p.to - len(word), p.to}
		} else if !strings.Contains(s[p.from:p.to], "分") && !strings.Contains(s[p.from:p.to], "评") {
			l.measure = Value
		}
	default:
		if of, ok := strings.CutPrefix(s[p.from:p.to], "占"); ok && t.kind == money && strings.HasPrefix(s[t.end:], "的") {
			l.subject, l.whole = w.subject(s, span{p.to - len(of), p.to}), true
			return l
		}
		if word, _ := w.change(s, p, compared); l.each && word.empty() && len(divide(s[p.from:p.to])) > 1 {
			l.subject = w.subject(s, p)
			return l
		}
		if w.increase(s, p, compared, &l) {
			return l
		}
		p = w.amountLabel(s, p, gap, compared, t.kind, &l)
		if l.measure == Change && t.unit == "倍" {
			l.measure = ChangeRate
		}
	}
	if l.measure == Change || l.measure == ChangeRate {
		p = w.compared(s, p, &l)
	}
	if t.kind != count {
		q := w.unrole(s, p)
		if w.subject(s, q).empty() {
			l.flow = w.flows.prefix(s[q.to:p.to])
		}
		p = q
	}
	if l.measure == Value && (t.kind == count || t.kind == percent) {
		for _, of := range []struct {
			words   list
			measure Measure
		}{{w.target, Target}, {w.actual, Actual}} {
			if word := of.words.suffix(s[p.from:p.to]); len(word) > 0 && w.subject(s, p).from == p.to-len(word) {
				l.measure, l.word = of.measure, span{p.to - len(word), p.to}
				p.to -= len(word)
			}
		}
	}
	for _, word := range []string{"各", "分别"} {
		l.each = l.each || strings.HasSuffix(s[p.from:p.to], word)
	}
	l.subject = w.subject(s, p)
	if past := s[l.subject.from:l.subject.to]; past != "" && l.measure == Value && (t.kind == money || t.kind == count) && earlier.MatchString(past) && w.core(past) == len(past) {
		// 上年决算数为(10万元)
		l.ofBasis, l.basis, l.subject = true, span{l.subject.from, max(l.word.to, l.subject.to)}, span{p.from, p.from}
	}
	return l
}

// before reads 由(10万元)增加到 and 由上年的(10万元)增加到.
func (w *Words) before(s string, p span, gap string, l *label) bool {
	at := -1
	for _, word := range w.from {
		if i := strings.LastIndex(s[p.from:p.to], word); i > at {
			at = i
		}
	}
	if at < 0 || gap != "" {
		return false
	}
	core := span{p.from + at + len("由"), p.to}
	if !core.empty() && w.core(s[core.from:core.to]) != core.to-core.from {
		return false
	}
	l.old, l.basis = true, core
	l.subject = w.subject(s, span{p.from, p.from + at})
	return true
}

// small is the small word at the end of text that belongs to no label, "" for none.
func (w *Words) small(text string) string {
	if word := w.beforeNumber.suffix(text); len(w.notBeforeNumber.suffix(text)) <= len(word) {
		return word
	}
	return ""
}

// unrole takes the words off the end of a subject that say which column of the accounts is meant.
func (w *Words) unrole(s string, p span) span {
	text := s[p.from:p.to]
	if whole(text) || w.planned.suffix(text) != "" {
		return p
	}
	word := w.final.suffix(text)
	if budget := w.budget.suffix(text); len(budget) > len(word) {
		word = budget
	}
	if word == "" {
		return p
	}
	p.to -= len(word)
	if flow := w.flows.prefix(word); flow != "" && !w.subject(s, p).empty() {
		p.to += len(flow)
	}
	return p
}

// earlier begins a name of the time before.
var earlier = regexp.MustCompile(`^(?:上|去年|前年|同期)`)

// toYear is the year that an amount changed to.
var toYear = regexp.MustCompile(`[到至](?:20\d\d年度?|今年|本年度?)的?$`)

// fillers steps back over the small words between a label and its number.
func (w *Words) fillers(s string, from, to int, l *label) int {
	// 减少到2022年的
	if m := toYear.FindStringIndex(s[from:to]); m != nil {
		to = from + m[0]
	}
	for {
		word := w.small(s[from:to])
		if word == "" {
			break
		}
		l.about = l.about || w.aboutBefore.has(word)
		l.each = l.each || strings.HasPrefix(word, "各") || strings.HasPrefix(word, "分别")
		to -= len(word)
	}
	return to
}

// ofBasis reads 比上年支出(433万元) and 与年初预算(100万元)相比.
func (w *Words) ofBasis(s string, p span, t *token, l *label) bool {
	if t.kind != money && t.kind != count {
		return false
	}
	open, core, ok := w.lastBasis(s, p)
	if !ok || core.to < p.to && strings.Trim(s[core.to:p.to], "的为数") != "" {
		return false
	}
	if word := s[open.from:open.to]; (word == "与" || word == "同" || word == "和") && w.againstAfter.prefix(s[t.end:]) == "" {
		return false
	}
	l.basis, l.ofBasis = core, true
	if strings.Contains(s[core.from:core.to], "预算") {
		l.measure = Budget
	}
	l.subject = w.subject(s, span{p.from, open.from})
	return true
}

// percentLabel tells rates of change, shares and completion rates apart.
func (w *Words) percentLabel(s string, p span, gap string, compared bool, l *label) span {
	text := s[p.from:p.to]
	if l.word, l.negative = w.change(s, p, compared); !l.word.empty() {
		l.measure = ChangeRate
		if to := w.to.prefix(gap); to == "到" || to == "至" {
			l.measure = Value
		}
		p.to = l.word.from
		return p
	}
	if word := w.completion.suffix(text); word != "" {
		named := w.subject(s, span{p.from, p.to - len(word)})
		if named.empty() || len(word) > len("完成率") && word != "完成比例" && word != "完成进度" {
			l.measure, l.word = CompletionRate, span{p.to - len(word), p.to}
			p.to -= len(word)
			return p
		}
	}
	end := p.to
	for _, tail := range []string{"的比例", "的比重", "的百分比", "比例", "比重", "的"} {
		if strings.HasSuffix(s[p.from:end], tail) {
			end -= len(tail)
			break
		}
	}
	// 占本年支出合计(的), 占
	if at := strings.LastIndex(s[p.from:end], "占"); at >= 0 && !strings.HasPrefix(s[p.from+at:end], "占用") {
		l.measure, l.word = Share, span{p.from + at, p.from + at + len("占")}
		p.to = l.word.from
		if part := s[l.word.to:end]; part == "" || w.share.has(s[l.word.from:end]) {
			return p
		}
		if l.basis = w.subject(s, span{l.word.to, end}); l.basis.empty() {
			l.basis = span{l.word.to, end}
		}
		if w.budget.has(s[l.basis.from:l.basis.to]) {
			l.measure = CompletionRate
		}
		return p
	}
	if word := w.share.suffix(text); word != "" {
		l.measure, l.word = Share, span{p.to - len(word), p.to}
		p.to -= len(word)
		return p
	}
	// 完成年初预算(的), 为预算的
	if role := w.budget.suffix(s[p.from:end]); role != "" {
		before := s[p.from : end-len(role)]
		if done := w.done.suffix(before); done != "" || before == "" && strings.HasSuffix(text, "的") {
			l.measure, l.basis = CompletionRate, span{end - len(role), end}
			l.word = span{l.basis.from - len(done), l.basis.from}
			p.to = l.word.from
			return p
		}
	}
	if at := strings.LastIndex(s[p.from:end], "完成"); at >= 0 && strings.Contains(s[p.from+at:end], "预算") {
		l.measure, l.word = CompletionRate, span{p.from + at, p.from + at + len("完成")}
		l.basis = span{l.word.to, end}
		p.to = l.word.from
	}
	return p
}

// amountLabel tells changes, budgets and amounts that came true apart.
func (w *Words) amountLabel(s string, p span, gap string, compared bool, k kind, l *label) span {
	text := s[p.from:p.to]
	if l.word, l.negative = w.change(s, p, compared); !l.word.empty() {
		p.to = l.word.from
		if w.to.prefix(gap) != "" && !strings.ContainsAny(s[l.word.from:l.word.to], "额率幅数度") {
			return w.compared(s, p, l)
		}
		l.measure = Change
		return p
	}
	// 决算数大于预算数(5万元)
	for _, roles := range []list{w.budget, w.final} {
		role := roles.suffix(text)
		if role == "" {
			continue
		}
		before := text[:len(text)-len(role)]
		greater, less := w.greater.suffix(before), w.less.suffix(before)
		if greater+less == "" {
			break
		}
		l.measure, l.negative, l.basis = Change, less != "", span{p.to - len(role), p.to}
		l.word = span{l.basis.from - len(greater) - len(less), l.basis.from}
		p.to = l.word.from
		return p
	}
	if k != money {
		return p
	}
	if w.planned.suffix(text) != "" {
		l.measure = Budget
		return p
	}
	if whole(text) {
		return p
	}
	budget, final := w.budget.suffix(text), w.final.suffix(text)
	word := budget
	if len(final) > len(budget) {
		word = final
	}
	if word == "" {
		q := w.subject(s, p)
		text := s[q.from:p.to]
		for _, roles := range []list{w.budget, w.final} {
			role := roles.prefix(text)
			if !strings.HasPrefix(role, "年初") && !strings.HasPrefix(role, "全年") && !strings.HasPrefix(role, "实际") && role != "预算安排" {
				continue
			}
			if len(text) > len(role) {
				if l.final = len(w.final.prefix(text)) == len(role); !l.final {
					l.measure = Budget
				}
				p.from = q.from + len(role)
				break
			}
		}
		return p
	}
	l.word = span{p.to - len(word), p.to}
	if l.final = len(final) > len(budget); !l.final {
		l.measure = Budget
	}
	if open := w.against.prefix(text); open != "" && !l.final {
		l.ofBasis, l.basis = true, l.word
		p.from += len(open)
	}
	return p
}

// increase reads a word of change that what has changed follows: 较上年增加资金(5万元).
func (w *Words) increase(s string, p span, compared bool, l *label) bool {
	q := p
	if _, core, ok := w.lastBasis(s, p); ok {
		q.from = core.to + len(w.againstAfter.prefix(s[core.to:p.to]))
		l.basis = core
	} else if !compared {
		return false
	}
	q.from = w.subject(s, q).from
	text := s[q.from:q.to]
	up, down := w.up.prefix(text), w.down.prefix(text)
	word := up
	if len(down) > len(up) {
		word = down
	}
	if len(word) < len("增加") || len(word) == len(text) || text[len(word)] == '(' || text[len(word)] == '/' || w.small(text[len(word):]) == text[len(word):] {
		l.basis = span{}
		return false
	}
	l.word = span{q.from, q.from + len(word)}
	l.subject = w.subject(s, span{l.word.to, q.to})
	if l.subject.empty() {
		l.word, l.basis = span{}, span{}
		return false
	}
	l.measure, l.negative = Change, word == down
	return true
}

// whole reports whether text ends with a name that only looks like a word for a plan.
func whole(text string) bool {
	for _, name := range []string{"总决算", "公共预算", "基金预算", "经营预算", "保险基金预算"} {
		if strings.HasSuffix(text, name) {
			return true
		}
	}
	return false
}

// change finds the word of change at the end of p.
func (w *Words) change(s string, p span, compared bool) (word span, negative bool) {
	text := s[p.from:p.to]
	// 增加(减少) and 增加/减少 are left over from a template; the first word is taken.
	for _, cut := range []string{"(", "/"} {
		if at := strings.LastIndex(text, cut); at > 0 {
			inner := strings.TrimSuffix(text[at+1:], ")")
			if (w.down.has(inner) || w.up.has(inner)) && w.up.suffix(text[:at])+w.down.suffix(text[:at]) != "" {
				text = text[:at]
			}
		}
	}
	up, down, either := w.up.suffix(text), w.down.suffix(text), w.either.suffix(text)
	found := up
	for _, other := range []string{down, either} {
		if len(other) > len(found) {
			found = other
		}
	}
	if found == "" || len(w.acts.suffix(text)) > len(found) {
		return span{}, false
	}
	// A word of one character is one of change only where something is compared, or in 降至.
	if utf8.RuneCountInString(found) == 1 && w.to.prefix(s[p.to:]) == "" {
		if _, _, ok := w.lastBasis(s, p); !ok && !compared {
			return span{}, false
		}
	}
	at := p.from + len(text) - len(found)
	return span{at, p.to}, found == down && found != up && found != either
}

// compared takes the basis out of the words before a word of change: of 收支较上年决算数 the subject 收支 is left.
func (w *Words) compared(s string, p span, l *label) span {
	if word := w.samePeriod.suffix(s[p.from:p.to]); word != "" {
		l.basis = span{p.to - len(word), p.to}
		p.to -= len(word)
	}
	open, core, ok := w.lastBasis(s, p)
	if !ok {
		return p
	}
	l.basis = core
	after := core.to + len(w.againstAfter.prefix(s[core.to:p.to]))
	if before := (span{p.from, open.from}); !w.subject(s, before).empty() {
		return before
	}
	return span{after, p.to}
}

// lastBasis finds the last phrase such as 较上年决算数: the word that opens it, and what it compares with.
func (w *Words) lastBasis(s string, p span) (open, core span, ok bool) {
	for i := p.to; i > p.from; {
		_, size := utf8.DecodeLastRuneInString(s[p.from:i])
		i -= size
		word := w.against.prefix(s[i:p.to])
		if word == "" {
			continue
		}
		core = span{i + len(word), i + len(word) + w.core(s[i+len(word):p.to])}
		if core.empty() {
			continue
		}
		open = span{i, i + len(word)}
		// 较之, 相比较: the word may be the tail of a longer one.
		for {
			longer := w.against.suffix(s[p.from:open.to])
			if len(longer) <= open.to-open.from {
				break
			}
			open.from = open.to - len(longer)
		}
		switch s[open.from:open.to] {
		case "与", "同", "和", "跟":
			rest := s[core.to:p.to]
			if rest != "" && w.againstAfter.prefix(rest) == "" && w.flat.prefix(rest) == "" && w.equal.prefix(rest) == "" {
				continue
			}
		}
		return open, core, true
	}
	return span{}, span{}, false
}

// core is the length of the words at the start of s that say what is compared with: 上年决算数, 2022年度, 年初预算.
func (w *Words) core(s string) int {
	n, holds := 0, false
	for n < len(s) {
		if d := digits(s[n:]); d > 0 {
			if !year(s[n+d:]) && !(d == 4 && (s[n] == '1' || s[n] == '2')) {
				break
			}
			n, holds = n+d, true
			continue
		}
		word := w.basisParts.prefix(s[n:])
		if holds && s[n] == '(' {
			// 上年(2022年)
			if end := closing(s[n:]); n+end < len(s) && end > 1 && w.core(s[n+1:n+end]) == end-1 {
				word = s[n : n+end+1]
			}
		}
		if word == "" {
			break
		}
		if at, _ := w.basis.in(word); at >= 0 {
			holds = true
		}
		n += len(word)
	}
	if !holds {
		return 0
	}
	return n
}
