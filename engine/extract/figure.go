package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// figure reads the figure t of a clause. from is where its label may begin, limit where the next figure begins. It
// returns where the label of the next one may begin.
func (p *prose) figure(from, limit int, body span, t *token) int {
	s := p.f.s
	to := t.from
	if t.minus {
		to--
	}
	if from > to {
		from = to
	}
	row := strings.Trim(s[from:to], "、,和及与") == "" && p.last >= 0 && from > body.from
	if row && len(p.queue) > 0 {
		return p.queued(t)
	}
	l := p.w.label(s, from, to, t, p.basis != "" || p.reason)
	if row {
		l = p.alike(t, &l)
	} else {
		p.queue = nil
	}
	next := t.end
	subject := l.subject
	if t.kind == count || t.kind == money && subject.empty() {
		if behind := p.behind(from, limit, t, &l); !behind.empty() {
			subject, next = behind, behind.to
			l.behind = true
		}
	}
	if t.kind == score && l.word.empty() && from == body.from && p.before == '(' {
		l.measure = Weight
	} else if t.kind == score && l.measure == Value && p.last >= 0 && p.Facts[p.last].Measure == Score {
		l.measure = Score
	}
	p.ofAmount(from, body, t, &l)
	p.tellYear(&l, subject, from, body)
	of := p.subjectOf(t, &l, subject, body, from)
	p.like = l
	if l.each || len(p.parts) > 0 && subject.empty() {
		p.spread(of, t, &l)
		if len(p.queue) > 0 {
			return p.queued(t)
		}
	}
	p.emit(t, &l, of)
	return next
}

// ofAmount reads a percentage of the amount before it: 完成年初预算80万元的(90%), 占总支出500万元的(16%).
func (p *prose) ofAmount(from int, body span, t *token, l *label) {
	s := p.f.s
	if t.kind != percent || l.measure != Value || p.last < p.first || from <= body.from || s[from:t.from] != "的" {
		return
	}
	of := &p.Facts[p.last]
	i, _ := slices.BinarySearchFunc(p.tokens, from, func(t token, at int) int { return t.end - at })
	if i == len(p.tokens) || p.f.from[p.tokens[i].from] != of.From || p.kinds[p.last-p.first] != money {
		return
	}
	before := span{body.from, p.tokens[i].from}
	for i--; i >= 0 && p.tokens[i].end > before.from; i-- {
		if p.tokens[i].figure {
			before.from = p.tokens[i].end
			break
		}
	}
	before.to = p.w.fillers(s, before.from, before.to, &label{})
	text := s[before.from:before.to]
	if at := strings.LastIndex(text, "占"); at >= 0 {
		l.measure, l.word = Share, span{before.from + at, before.from + at + len("占")}
		l.basis = p.w.subject(s, span{l.word.to, before.to})
		return
	}
	role := p.w.budget.suffix(text)
	if done := p.w.done.suffix(strings.TrimSuffix(text, role)); role != "" && (of.Measure == Budget) {
		l.measure, l.basis = CompletionRate, span{before.to - len(role), before.to}
		l.word = span{l.basis.from - len(done), l.basis.from}
	}
}

// alike reads a figure that only 、 parts from the one before: both say the same of their subjects.
func (p *prose) alike(t *token, own *label) label {
	l := p.like
	l.about, l.each, l.subject = own.about, false, span{}
	before := p.kinds[p.last-p.first]
	switch {
	case l.measure == Change && t.kind == percent:
		l.measure = ChangeRate
	case l.measure == ChangeRate && (t.kind == money || t.kind == count):
		l.measure = Change
	case before != t.kind && (before == percent || t.kind == percent):
		return *own
	}
	return l
}

// all stands for several things that were named before.
var all = regexp.MustCompile(`^(?:以上|上述|这)?[两二三四五六](?:项|者|类)$`)

// spread makes the parts of a subject wait for the figures that follow one another: 分别为1辆和130辆.
func (p *prose) spread(of topic, t *token, l *label) {
	n := 1
	for i := range p.tokens {
		if p.tokens[i].from != t.from {
			continue
		}
		end := t.end
		for _, next := range p.tokens[i+1:] {
			if between := p.f.s[end:next.from]; !next.figure || between == "" || strings.Trim(between, "、,和及与") != "" {
				break
			}
			n, end = n+1, next.end
		}
	}
	parts := divide(of.name)
	if all.MatchString(of.key) {
		// 两项分别占: of the amounts before.
		parts = nil
		for i := len(p.Facts) - 1; i >= p.first && len(parts) < n; i-- {
			if f := &p.Facts[i]; amount(f) && !p.aside[i-p.first] && p.kinds[i-p.first] == money {
				parts = append(parts, f.Subject)
			}
		}
		slices.Reverse(parts)
	}
	if n == 1 || len(parts) != n {
		if parts = p.parts; n == 1 || len(parts) != n || l.measure == Value {
			return
		}
	}
	p.queue, p.like, p.parts = parts, *l, parts
}

// queued reads a figure whose subject and measure were said before the first of its row.
func (p *prose) queued(t *token) int {
	name := p.queue[0]
	p.queue = p.queue[1:]
	l := p.like
	of := topic{name, p.w.key(name), false}
	if l.measure == Value {
		// 预算数和决算数分别为: each part may end with a role of its own.
		part := p.w.amountLabel(of.key, span{0, len(of.key)}, "", false, t.kind, &l)
		if part = p.w.unrole(of.key, part); part.to < len(of.key) {
			name = string([]rune(name)[:utf8.RuneCountInString(name)-utf8.RuneCountInString(of.key[part.to:])])
			if of = (topic{name, of.key[:part.to], false}); name == "" {
				of = firstOf(p.main, p.heading)
			}
		}
	}
	p.emit(t, &l, of)
	return t.end
}

// firstOf is the first of the topics that says something.
func firstOf(topics ...topic) topic {
	for _, t := range topics {
		if t.name != "" {
			return t
		}
	}
	return topic{}
}

// behind is the label of a count that stands after it: 10个项目.
func (p *prose) behind(from, limit int, t *token, l *label) span {
	s := p.f.s
	before := s[l.subject.from:l.subject.to]
	rest := s[t.end:limit]
	possessive := strings.HasPrefix(rest, "的")
	rest = strings.TrimPrefix(rest, "的")
	if rest == "" || rest[0] == '(' || l.measure != Value || l.ofBasis {
		return span{}
	}
	left := s[from:t.from]
	open := before == "" || possessive || p.w.acts.suffix(before) != "" || strings.HasPrefix(left, "与") || strings.Contains(left, "来自") ||
		strings.HasSuffix(left, "的") || strings.HasSuffix(left, "、") || strings.HasSuffix(left, "和") || strings.HasSuffix(left, "及")
	if t.kind == money {
		open = before == "" && p.main.name == ""
	}
	if !open {
		return span{}
	}
	start := limit - len(rest)
	end := start
	for end < limit {
		if p.w.labelEnds.prefix(s[end:limit]) != "" && end > start {
			break
		}
		if p.w.labelEnds.prefix(s[end:limit]) != "" {
			return span{}
		}
		c, size := utf8.DecodeRuneInString(s[end:])
		if c == '(' {
			end += closing(s[end:limit])
			if end < limit {
				end++
			}
			continue
		}
		if c == ')' {
			break
		}
		end += size
	}
	label := span{start, min(end, limit)}
	// One character says no more than the unit: 购置5台车.
	if utf8.RuneCountInString(s[label.from:label.to]) < 2 && before != "" {
		return span{}
	}
	return label
}

// subjectOf is what a figure is of.
func (p *prose) subjectOf(t *token, l *label, subject, body span, from int) topic {
	s := p.f.s
	var of topic
	switch {
	case !subject.empty():
		of = p.topic(subject)
		of.loose = l.whole
		if last := p.lastTopic(); t.kind == count && subject == l.subject && p.w.acts.has(of.key) && strings.HasSuffix(core(last.key), of.key) {
			of = topic{cutTail(last.name, last.key), core(last.key), false}
		} else if p.w.generic.has(of.key) {
			of.loose = true
			if c := p.holder(); c.name != "" && c.key != of.key {
				of = topic{c.name + "/" + of.name, c.key + "/" + of.key, true}
			}
		}
		if p.prior != "" && !strings.HasPrefix(of.key, p.prior) {
			of = topic{p.prior + "/" + of.name, p.prior + "/" + of.key, of.loose}
		}
	case from == body.from && p.before == '(' && p.pending(body) != (topic{}):
		of = p.pending(body)
		p.lifted = true
	case strings.Trim(s[from:t.from], "、,和及与") == "" && p.last >= 0 && from > body.from:
		of = p.lastTopic()
	case (t.kind == percent || t.kind == points || t.kind == score) && p.last >= 0:
		of = p.lastTopic()
	case t.kind == count && p.counted.name != "" && (l.measure != Value || p.last >= 0):
		of = p.counted
	default:
		of = firstOf(p.main, p.heading)
		// 收入预算50万元: where nothing else says of what, the flow does.
		if l.flow != "" && (p.main.name == "" && (p.heading.name == "" || twoSided(p.heading.key)) || p.w.flows.has(p.main.key)) {
			of = topic{l.flow, l.flow, false}
			p.main = of
		}
	}
	if l.ofBasis && l.measure == Value || l.old && !l.basis.empty() {
		if t.kind == money {
			p.main = of
		}
		name := p.basisName(l.basis)
		if of.name == "" {
			return topic{name, name, true}
		}
		of = topic{of.name + "/" + name, of.key + "/" + name, true}
	}
	return of
}

// pending is the label before a bracket that holds a figure alone: 项目支出(5万元).
func (p *prose) pending(body span) topic {
	s := p.f.s
	end := body.from - 1
	if end < 1 || digit(rune(s[end-1])) {
		return topic{}
	}
	from := strings.LastIndexAny(s[:end], ",;:)。、") + 1
	for from < end && !utf8.RuneStart(s[from]) {
		from++
	}
	for _, t := range p.tokens {
		if t.end > from && t.end <= end {
			from = t.end
		}
	}
	if q := p.w.subject(s, span{from, end}); !q.empty() {
		return p.topic(q)
	}
	return topic{}
}

// lastTopic is what the last figure was of.
func (p *prose) lastTopic() topic {
	if p.last >= 0 && !p.aside[p.last-p.first] {
		return topic{p.Facts[p.last].Subject, p.keys[p.last-p.first], false}
	}
	return p.main
}

// holder is what says more than a subject that says little.
func (p *prose) holder() topic {
	if p.container.name != "" {
		return p.container
	}
	if p.counted.name != "" && p.last >= 0 && !p.w.generic.has(p.counted.key) {
		return p.counted
	}
	return topic{}
}

// cutTail cuts a name by what core cuts of its key.
func cutTail(name, key string) string {
	n := utf8.RuneCountInString(key) - utf8.RuneCountInString(core(key))
	runes := []rune(name)
	return string(runes[:max(0, len(runes)-n)])
}

// emit keeps a fact.
func (p *prose) emit(t *token, l *label, of topic) {
	number := p.f.from[t.from]
	fact := Fact{
		Text: p.f.part(p.text.S, t.from, t.to), Value: t.value, Decimals: t.decimals, Unit: unitName(t.unit), Measure: l.measure, Subject: of.name,
		Section: p.at.section, Place: p.place(t.from), Block: p.at.block, From: number, To: p.f.to[t.to-1], Row: p.at.row, Col: p.at.col,
		Base: -1, Total: -1, Reason: p.reason, About: t.about || l.about || p.w.aboutAfter.prefix(p.f.s[t.end:]) != "",
	}
	if t.minus || l.negative && (l.measure == Change || l.measure == ChangeRate) {
		fact.Value = fact.Value.Abs().Neg()
	}
	if !l.word.empty() {
		fact.Word = p.f.s[l.word.from:l.word.to]
	}
	if !l.basis.empty() {
		fact.Basis = p.basisName(l.basis)
		if l.measure == Share {
			fact.Basis = p.w.name(p.f, p.text.S, l.basis)
		}
	}
	switch l.measure {
	case Change, ChangeRate:
		if fact.Basis == "" {
			fact.Basis = p.basis
		}
		p.basis = fact.Basis
	case Share:
		if fact.Basis == "" {
			fact.Basis = p.whole()
		}
	}
	if l.ofBasis || l.old {
		p.basis = fact.Basis
		fact.Basis = ""
	}
	// What it was before is told in passing where nothing says when that was.
	if l.old && l.basis.empty() {
		p.main, fact.Reason = of, true
	}
	named := !l.subject.empty() || l.behind || len(p.queue) > 0
	if aside := l.ofBasis || l.old; !aside {
		fact.Base = p.base(&fact, of, t.kind, named)
		p.member(&fact, len(p.Facts), of, t.kind, named, l.final || l.measure == Budget)
		p.said(&fact, of, t.kind)
	}
	p.Facts = append(p.Facts, fact)
	p.keys = append(p.keys, of.key)
	p.kinds = append(p.kinds, t.kind)
	p.finals = append(p.finals, l.final)
	p.owned = append(p.owned, named)
	p.aside = append(p.aside, l.ofBasis || l.old || l.whole)
	p.last = len(p.Facts) - 1
	if word := p.w.open.prefix(p.f.s[t.end:]); word != "" && p.w.notOpen.prefix(p.f.s[t.end:]) == "" {
		p.openEnded()
	}
}

// said makes what a figure is of the subject of what follows.
func (p *prose) said(f *Fact, of topic, k kind) {
	if of.loose {
		return
	}
	switch k {
	case count, score:
		p.counted = of
	case money:
		p.main = of
		if f.Measure == Value {
			if p.fresh {
				p.row, p.fresh = nil, false
			}
			if !slices.Contains(p.row, of.key) {
				p.row = append(slices.Clip(p.row), of.key)
			}
		}
		if f.Measure == Value && !p.reason && len(p.lists) == 0 && !slices.Contains(p.named, of.key) {
			p.named = append(slices.Clip(p.named), of.key)
		}
	}
}

// unitName is a unit in its usual writing.
func unitName(u string) string {
	switch u {
	case "万", "亿":
		u += "元"
	case "元整":
		u = "元"
	case "万元整":
		u = "万元"
	}
	if strings.Contains(u, "(") {
		u = strings.NewReplacer("(", "（", ")", "）").Replace(u)
	}
	return u
}

// settle decides what only the whole text shows: an amount that came true is Final where its budget is told as well.
func (p *prose) settle() {
	p.reattach()
	for i, final := range p.finals {
		if !final {
			continue
		}
		fact := &p.Facts[p.first+i]
		for k := range p.keys {
			other := &p.Facts[p.first+k]
			if other.Measure == Budget && (p.keys[k] == p.keys[i] || k == i-1 && !strings.ContainsAny(p.text.S[other.To:fact.From], "。；;")) {
				fact.Measure = Final
			}
		}
	}
	p.enter()
}

// tellYear notes for which year a sentence tells its amounts, where that is not the report's.
func (p *prose) tellYear(l *label, subject span, from int, body span) {
	if subject.empty() || p.year == "" || l.measure == Change || l.measure == ChangeRate || l.ofBasis || l.old {
		return
	}
	s := p.f.s[body.from:max(body.from, subject.from)]
	if from > body.from {
		s = p.f.s[from:max(from, subject.from)]
	}
	for i := len(s); i >= len("2023年"); i-- {
		if !strings.HasPrefix(s[i-len("年"):], "年") || i < 7 || digits(s[i-7:]) != 4 || i > 7 && digit(rune(s[i-8])) {
			continue
		}
		p.prior = s[i-7 : i]
		if p.prior == p.year+"年" {
			p.prior = ""
		}
		return
	}
}
