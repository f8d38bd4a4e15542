package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
)

// where says where a text belongs in the document.
type where struct {
	block, row, col int
	section         []string
}

// topic is what figures are said of.
type topic struct {
	name, key string
	// loose: it is only of the figure beside it and not what is said on.
	loose bool
}

// year is the year that a topic of another year begins with, as in 2021年/收入总计.
func (t topic) year() string {
	if year, _, ok := strings.Cut(t.key, "/"); ok && digits(year) == 4 {
		return year
	}
	return ""
}

// clause is the words between two stops, [from, to) of the folded text. stop is the character that ends it; depth counts
// the brackets around it.
type clause struct {
	span
	stop  byte
	depth int
}

// sentences reads running text: a paragraph, or a cell that holds prose. subject is what it is about where it names
// nothing, such as the heading above it.
func (r *reading) sentences(text document.Text, at where, subject string) {
	p := &prose{reading: r, w: r.words, text: text, at: at, f: r.words.fold(text.S)}
	p.tokens = p.w.tokens(p.f.s)
	p.first = len(r.Facts)
	if subject != "" {
		p.heading = topic{subject, p.w.key(subject), false}
	}
	for _, c := range p.clauses() {
		p.clause(c)
	}
	if n := len(p.lists); n > 0 && p.lists[n-1].bare {
		p.ending = p.lists[n-1]
	}
	p.sentence("")
	p.settle()
}

// prose is one text being read.
type prose struct {
	*reading
	w       *Words
	text    document.Text
	at      where
	f       *folded
	tokens  []token
	heading topic
	// first is the index of the text's first fact. Of the facts from there on, keys are the subjects' keys and kinds what
	// they count; finals came true by a word, and those aside are amounts that others are compared with.
	first  int
	keys   []string
	kinds  []kind
	finals []bool
	aside  []bool
	// owned are the facts whose own words name what they are of.
	owned []bool

	state
	// outer are the states around the brackets that are open.
	outer []state
	// before is what ended the clause before.
	before byte
	depth  int
	// told are the words of the reason that is being given; items says that the words for an item stand before.
	told  span
	items bool
	// ending is the list that the text opens at its end and leaves to the paragraphs below.
	ending *listing
}

// state is what holds at a place of a text.
type state struct {
	// main is what amounts are said of, counted what counts are said of; last is the last fact of the sentence, -1 for
	// none.
	main, counted topic
	last          int
	basis         string
	// prior is the year that amounts are told for, where that is not the report's: 2021年.
	prior string
	// container is what 在…中 or a list names for what says little alone.
	container topic
	// queue are the parts of a subject that the next figures are of, one by one, and like how the first of them is read.
	queue []string
	like  label
	// parts are the subjects of the last such figures.
	parts []string
	// row are the keys of the amounts that stand in a row, so that a change behind them may be that of any; fresh says that
	// the next amount begins another.
	row   []string
	fresh bool
	// named are the keys of the amounts that the sentence has named, earlier those of the sentence before.
	named, earlier []string
	// reason: a reason is being given; cause: by 因 or 由于, which a comma may end.
	reason, cause bool
	// lifted: the bracket's figure is of the words before the bracket, and so is what follows it.
	lifted bool
	// resume is what held before the reason.
	resume *state
	lists  []*listing
}

// clauses parts the text at its stops. Brackets that hold figures are scopes, the others are words.
func (p *prose) clauses() []clause {
	s := p.f.s
	var all []clause
	var closes []int
	next, start := 0, 0
	end := func(i, size int, stop byte) {
		all = append(all, clause{span{start, i}, stop, len(closes)})
		start = i + size
	}
	for i := 0; i < len(s); {
		for next < len(p.tokens) && p.tokens[next].from < i {
			next++
		}
		if next < len(p.tokens) && p.tokens[next].from == i {
			t := p.tokens[next]
			i = t.end
			if t.joined && i < len(s) && s[i] == ',' {
				i++
			}
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		switch c {
		case '“':
			if n := strings.Index(s[i:], "”"); n > 0 && n < 200 && !strings.Contains(s[i:i+n], "。") {
				i += n
				continue
			}
		case '(':
			close := i + closing(s[i:])
			if p.scope(i, close) {
				end(i, size, '(')
				closes = append(closes, close)
			} else if close < len(s) {
				i = close
				continue
			}
		case ')':
			if n := len(closes); n > 0 && closes[n-1] == i {
				end(i, size, ')')
				closes = closes[:n-1]
			}
		case ',', ';', ':', '\t':
			end(i, size, s[i])
		case '。', '!', '?', '！', '？':
			end(i, size, '.')
		case '.':
			if last, _ := utf8.DecodeLastRuneInString(s[:i]); i > 0 && !digit(last) && !letter(last) {
				end(i, size, '.')
			}
		}
		i += size
	}
	end(len(s), 0, '.')
	return all
}

// closing is the offset of the bracket that closes the one at the start of s, its length when none does.
func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// scope reports whether the bracket [open, close) holds figures.
func (p *prose) scope(open, close int) bool {
	i, _ := slices.BinarySearchFunc(p.tokens, open, func(t token, at int) int { return t.from - at })
	for ; i < len(p.tokens) && p.tokens[i].from < close; i++ {
		if p.tokens[i].figure {
			return true
		}
	}
	return false
}

// clause reads one clause.
func (p *prose) clause(c clause) {
	s := p.f.s
	for p.depth < c.depth {
		p.outer = append(p.outer, p.state)
		p.depth++
		p.lists, p.lifted = nil, false
	}
	for p.depth > c.depth && len(p.outer) > 0 {
		inner := p.state
		p.state = p.outer[len(p.outer)-1]
		p.outer = p.outer[:len(p.outer)-1]
		if inner.lifted {
			p.main, p.last = inner.main, inner.last
		}
		p.depth--
	}
	body := c.span
	if p.before == '.' || p.before == 0 {
		p.sentence(s[body.from:body.to])
	}
	if p.before == ';' || p.before == '.' {
		p.fresh = true
		p.semicolon(c)
	}
	if p.reason && p.resumes(c) {
		p.unreason()
	}
	p.item(c)
	body.from += p.opens(body, c.stop)
	if p.reason {
		p.tell(c.span)
	} else {
		p.why(&body, c)
	}
	figures := p.figures(body)
	if len(figures) == 0 {
		p.words(body, c)
	}
	from := body.from
	for i, t := range figures {
		limit := body.to
		if i+1 < len(figures) {
			limit = figures[i+1].from
		}
		from = p.figure(from, limit, body, t)
	}
	p.before = c.stop
}

// figures are the tokens in a clause that may be facts.
func (p *prose) figures(c span) []*token {
	var all []*token
	i, _ := slices.BinarySearchFunc(p.tokens, c.from, func(t token, at int) int { return t.from - at })
	for ; i < len(p.tokens) && p.tokens[i].from < c.to; i++ {
		if p.tokens[i].figure {
			all = append(all, &p.tokens[i])
		}
	}
	return all
}

// sentence begins a sentence: what the one before compared with, listed and gave reasons for is over.
func (p *prose) sentence(text string) {
	p.last = -1
	if len(p.named) > 0 {
		p.named, p.earlier = nil, p.named
	}
	p.queue, p.parts, p.container = nil, nil, topic{}
	if p.reason {
		p.unreason()
	}
	if w := p.w.parts.prefix(text); w != "" && strings.HasPrefix(w, "其中") {
		return
	}
	p.basis, p.prior = "", ""
	p.closeLists()
	if name, ok := strings.CutPrefix(p.main.key, p.main.year()+"/"); ok && p.main.year() != "" && p.year != "" && strings.HasPrefix(text, p.year) {
		_, own, _ := strings.Cut(p.main.name, "/")
		p.main = topic{own, name, false}
	}
}

// words reads a clause without figures: it may say what the following ones are compared with or said of.
func (p *prose) words(body span, c clause) {
	s := p.f.s
	text := s[body.from:body.to]
	p.wording(body)
	if open, core, ok := p.w.lastBasis(s, body); ok {
		rest := strings.TrimPrefix(s[core.to:body.to], p.w.againstAfter.prefix(s[core.to:body.to]))
		if rest == "" || p.w.againstAfter.prefix(s[core.to:body.to]) != "" || p.reasonBehind(c) {
			p.basis = p.basisName(core)
			if subject := p.w.subject(s, p.w.unrole(s, span{body.from, open.from})); !subject.empty() && rest == "" {
				if name := s[subject.from:subject.to]; p.accountLike(name) || (p.w.moneyWords.suffix(name) != "" || twoSided(name)) && p.another(name) {
					p.main = p.topic(subject)
				}
			}
			return
		}
	}
	if strings.HasPrefix(text, "在") || strings.HasSuffix(text, "中") {
		inner := strings.TrimSuffix(strings.TrimPrefix(text, "在"), "中")
		if len(inner) < len(text) && strings.HasSuffix(text, "中") {
			from := body.from + strings.Index(text, inner)
			q := p.w.subject(s, span{from, from + len(inner)})
			if role := p.w.final.suffix(s[q.from:q.to]); role != "" && q.to-len(role) > q.from {
				q.to -= len(role)
				q.to += len(p.w.flows.prefix(role))
			}
			p.container = p.topic(q)
			return
		}
	}
	if p.reason || p.w.purposes.prefix(text) != "" || c.stop == ':' {
		return
	}
	if subject := p.w.subject(s, body); !subject.empty() && p.accountLike(s[subject.from:subject.to]) {
		p.main = p.topic(subject)
	}
}

func (p *prose) reasonBehind(c clause) bool { return strings.Contains(p.f.s[c.from:c.to], "原因") }

// accountLike reports whether a phrase that stands alone is the name of an account: (项), 支出, 经费.
func (p *prose) accountLike(text string) bool {
	if utf8.RuneCountInString(text) > 60 || strings.Contains(text, "。") {
		return false
	}
	for _, tail := range []string{"(项)", "(款)", "(类)"} {
		if strings.HasSuffix(text, tail) {
			return true
		}
	}
	return false
}

func (p *prose) topic(s span) topic {
	name := p.w.name(p.f, p.text.S, s)
	return topic{name, p.w.key(name), false}
}

// basisName is the basis in one writing: 上年决算数 is 上年决算.
func (p *prose) basisName(s span) string {
	name, _, _ := strings.Cut(strings.Trim(p.f.s[s.from:s.to], "的、,"), "(")
	if name == "同比" || name == "可比口径" || name == "同口径" {
		return "上年"
	}
	for _, tail := range []string{"算数", "支出数", "收入数", "执行数", "调整数"} {
		if strings.HasSuffix(name, tail) {
			return strings.TrimSuffix(name, "数")
		}
	}
	return name
}

// place is where the folded byte stands in the document.
func (p *prose) place(at int) source.Place { return p.text.At(p.f.from[at]) }
