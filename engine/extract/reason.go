package extract

// why opens the reason that a clause gives, and moves the clause behind the word for it.
func (p *prose) why(body *span, c clause) {
	text := p.f.s[body.from:body.to]
	if p.reason {
		return
	}
	at, word := p.w.reasons.in(text)
	if at < 0 {
		if cause := p.w.causes.prefix(text); cause != "" && p.w.notCauses.prefix(text) == "" {
			at, word = 0, cause
		}
	}
	if at < 0 {
		return
	}
	if figures := p.figures(span{body.from, body.from + at}); len(figures) > 0 {
		return
	}
	if at > 0 {
		p.words(span{body.from, body.from + at}, c)
	}
	saved := p.state
	p.resume, p.reason = &saved, true
	body.from += at + len(word)
}

// unreason ends a reason: what was said in it is no subject of what follows.
func (p *prose) unreason() {
	p.state = *p.resume
}
