package extract

import (
	"strings"
	"unicode/utf8"
)

// The kinds of notes.
const (
	noteReason  = "reason"
	noteWording = "wording"
	noteItem    = "item"
	noteAbsence = "absence"
)

// why opens the reason that a clause gives, and moves the clause behind the word for it.
func (p *prose) why(body *span, c clause) {
	text := p.f.s[body.from:body.to]
	if p.reason {
		return
	}
	at, word := p.w.reasons.in(text)
	cause := false
	if at < 0 {
		if word = p.w.causes.prefix(text); word == "" || p.w.notCauses.prefix(text) != "" {
			return
		}
		at, cause = 0, true
	}
	before := span{body.from, body.from + at}
	if len(p.figures(before)) > 0 {
		return
	}
	if !before.empty() {
		p.words(before, c)
	}
	saved := p.state
	p.resume, p.reason, p.cause = &saved, true, cause
	body.from += at + len(word)
	p.told = span{}
	p.tell(*body)
}

// tell adds a clause to the reason that is being given.
func (p *prose) tell(body span) {
	if p.told.empty() {
		for {
			text := p.f.s[body.from:body.to]
			word := p.w.causes.prefix(text)
			if word == "" || p.w.notCauses.prefix(text) != "" {
				word = p.w.reasons.prefix(text)
			}
			if word == "" {
				for _, lead := range []string{"是", "为", "系", ":", "说明"} {
					if strings.HasPrefix(text, lead) && !strings.HasPrefix(text, "为了") {
						word = lead
						break
					}
				}
			}
			if word == "" {
				break
			}
			body.from += len(word)
		}
		p.told = body
		return
	}
	p.told.to = max(p.told.to, body.to)
}

// unreason ends a reason: what was said in it is no subject of what follows.
func (p *prose) unreason() {
	p.state = *p.resume
	if !p.told.empty() {
		p.note(noteReason, p.told, p.main, p.basis, p.spokenOf(p.main, p.basis))
	}
	p.told = span{}
}

// resumes reports whether a clause behind a comma ends a reason that 因 or 由于 opened: 因机构改革，本年支出120万元.
func (p *prose) resumes(c clause) bool {
	if !p.cause || p.before != ',' {
		return false
	}
	text := p.f.s[c.from:c.to]
	return p.w.results.prefix(text) == "" && (len(p.figures(c.span)) > 0 || p.w.against.prefix(text) != "" && p.compares(c.span))
}

func (p *prose) compares(s span) bool {
	_, _, ok := p.w.lastBasis(p.f.s, s)
	return ok
}

// spokenOf is the fact that a note about a subject and a comparison speaks of: the change, else the amount. -1 where
// that is in doubt.
func (p *prose) spokenOf(of topic, basis string) int {
	found := -1
	for i := len(p.Facts) - 1; i >= p.first; i-- {
		f := &p.Facts[i]
		if p.keys[i-p.first] != of.key || f.Reason || p.aside[i-p.first] {
			continue
		}
		switch f.Measure {
		case Change, ChangeRate:
			if f.Basis == basis && (found < 0 || p.Facts[found].Measure != Change) {
				found = i
			}
		case Value:
			if found < 0 && p.kinds[i-p.first] == money {
				found = i
			}
		}
		if found >= 0 && p.Facts[found].Measure == Change {
			break
		}
	}
	return found
}

// note keeps a note of the folded text s.
func (p *prose) note(kind string, s span, of topic, basis string, base int) {
	for s.to > s.from {
		last, size := utf8.DecodeLastRuneInString(p.f.s[s.from:s.to])
		if !strings.ContainsRune("。,;:.、", last) {
			break
		}
		s.to -= size
	}
	if s.empty() {
		return
	}
	from, to := p.f.from[s.from], p.f.to[s.to-1]
	p.Notes = append(p.Notes, Note{
		Kind: kind, Text: p.f.part(p.text.S, s.from, s.to), Subject: of.name, Basis: basis, Section: p.at.section, Place: p.place(s.from),
		Block: p.at.block, From: from, To: to, Row: p.at.row, Col: p.at.col, Base: base,
	})
}

// item reads what stands behind 结余分配事项: and the like; p.items says that such words stand before the clause.
func (p *prose) item(c clause) {
	if p.items && !c.empty() {
		p.note(noteItem, c.span, p.main, "", -1)
	}
	p.items = c.stop == ':' && p.w.items.suffix(p.f.s[c.from:c.to]) != ""
}

// wording reads how a clause without figures compares or denies.
func (p *prose) wording(body span) {
	s := p.f.s
	text := s[body.from:body.to]
	if p.reason || text == "" {
		return
	}
	if open, core, ok := p.w.lastBasis(s, body); ok {
		if at, word := p.w.flat.in(s[core.to:body.to]); at >= 0 {
			p.compare(span{open.from, core.to + at + len(word)}, core, open.from, body)
			return
		}
	}
	for _, roles := range []list{p.w.budget} {
		for _, compare := range []list{p.w.greater, p.w.less, p.w.equal} {
			at, word := compare.in(text)
			if at <= 0 {
				continue
			}
			to := body.from + at + len(word)
			if role := roles.prefix(s[to:body.to]); role != "" && p.w.final.suffix(text[:at]) != "" {
				core := span{to, to + len(role)}
				p.compare(span{body.from + at - len(p.w.final.suffix(text[:at])), core.to}, core, body.from+at, body)
				return
			}
		}
	}
	if at, word := p.w.flat.in(text); at >= 0 && p.basis != "" && (strings.HasPrefix(word, "无") || strings.HasPrefix(word, "没") || strings.HasPrefix(word, "未")) {
		of := firstOf(p.main, p.heading)
		if subject := p.w.subject(s, p.w.unrole(s, span{body.from, body.from + at})); !subject.empty() {
			of = p.topic(subject)
		}
		p.note(noteWording, span{body.from + at, body.from + at + len(word)}, of, p.basis, p.spokenOf(of, p.basis))
		return
	}
	p.absence(body)
}

// compare notes the words that compare the subject, named before at or not, with core.
func (p *prose) compare(words, core span, at int, body span) {
	of := p.main
	if subject := p.w.subject(p.f.s, p.w.unrole(p.f.s, span{body.from, at})); !subject.empty() {
		if name := p.f.s[subject.from:subject.to]; p.accountLike(name) || p.w.moneyWords.suffix(name) != "" && p.another(name) {
			of = p.topic(subject)
		}
	}
	if of.name == "" {
		of = p.heading
	}
	basis := p.basisName(core)
	if strings.HasPrefix(p.basis, basis) {
		basis = p.basis
	}
	// 决算数与预算数持平 is told whole.
	if role := p.w.final.suffix(p.f.s[body.from:words.from]); role != "" {
		words.from -= len(role)
	}
	p.note(noteWording, words, of, basis, p.spokenOf(of, basis))
}

// another reports whether a name is that of something else than what is spoken of.
func (p *prose) another(name string) bool {
	key := p.w.key(name)
	return core(key) != core(p.main.key) && !strings.HasSuffix(p.main.key, key)
}

// absence notes that there is none of something.
func (p *prose) absence(body span) {
	text := p.f.s[body.from:body.to]
	at, word := p.w.absent.in(text)
	if at < 0 || p.w.absentNot.prefix(text[at:]) != "" || p.w.flat.prefix(text[at:]) != "" || strings.HasSuffix(text[:at], "有") || strings.HasSuffix(text[:at], "并") {
		return
	}
	rest := span{body.from + at + len(word), body.to}
	if n := utf8.RuneCountInString(p.f.s[rest.from:rest.to]); n > 40 || n < 2 && word == "无" {
		return
	}
	of := p.main
	if of.name == "" {
		of = p.heading
	}
	for _, verb := range []string{"进行", "开展"} {
		if at := strings.Index(p.f.s[rest.from:rest.to], verb); at >= 0 {
			rest.from += at + len(verb)
		}
	}
	if subject := p.w.subject(p.f.s, rest); !subject.empty() && !strings.HasPrefix(word, "不存在") {
		of = p.topic(subject)
	} else if subject := p.w.subject(p.f.s, span{body.from, body.from + at}); !subject.empty() && p.accountLike(p.f.s[subject.from:subject.to]) {
		of = p.topic(subject)
	}
	p.note(noteAbsence, body, of, "", -1)
}
