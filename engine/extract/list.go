package extract

import (
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/number"
)

// listing is a list of parts that is open.
type listing struct {
	// head is what the list breaks down, heads its facts; none where that is in doubt.
	head  topic
	heads []int
	// count is the count that a list of counts breaks down, -1 for none.
	count int
	// partial: nothing shows that the list is meant to be whole.
	partial bool
	members []int
	// parted: a semicolon stands behind some of the members; row: several stand before the first.
	parted, row bool
	// bare: nothing stands behind the word that opens the list in its clause.
	bare bool
}

// opens reads a word that opens a list of parts at the start of a clause and returns its length.
func (p *prose) opens(body span, stop byte) int {
	text := p.f.s[body.from:body.to]
	word := p.w.parts.prefix(text)
	if word == "" || len(text) > len(word) && digit(rune(text[len(word)])) && !strings.Contains(word, "包") {
		return 0
	}
	l := &listing{head: p.main, count: -1}
	p.fresh, p.row = true, nil
	counted := len(p.Facts) > p.first && p.kinds[len(p.kinds)-1] == count
	if !counted && !p.several() && !twoSided(p.main.key) {
		for i := p.first; i < len(p.Facts); i++ {
			if p.keys[i-p.first] == p.main.key && !p.Facts[i].Reason && !p.aside[i-p.first] {
				l.heads = append(l.heads, i)
			}
		}
	}
	if p.last >= 0 && p.kinds[p.last-p.first] == count && !p.Facts[p.last].Reason {
		l.count = p.last
	}
	rest := text[len(word):]
	l.bare = rest == ""
	l.partial = rest != "" && rest[0] != ':' && !strings.Contains(word, "为") && stop != ':' || strings.HasPrefix(word, "其中") && strings.Contains(word, "包括")
	p.lists = append(p.lists, l)
	return len(word)
}

// several reports whether the sentence before named amounts of several things, so that a list might break down any.
func (p *prose) several() bool {
	if (len(p.lists) > 0 || p.depth > 0) && p.last >= 0 && p.keys[p.last-p.first] == p.main.key {
		return false // a part of a list that is broken down in its turn
	}
	named := p.named
	if len(named) == 0 {
		named = p.earlier
	}
	return len(named) > 1 || len(named) == 1 && named[0] != p.main.key
}

// twoSided reports whether a subject stands for income and expenditure at once, of which a list breaks down neither.
func twoSided(key string) bool {
	return strings.Contains(key, "收") && strings.Contains(key, "支") && !strings.Contains(key, "收支结余") && !strings.Contains(key, "收支差额")
}

// member enters a fact in the list that is open.
func (p *prose) member(f *Fact, index int, of topic, k kind, named, role bool) {
	if len(p.lists) == 0 || p.reason {
		return
	}
	l := p.lists[len(p.lists)-1]
	if n := len(l.members); !named && n > 0 {
		named = p.keys[l.members[n-1]-p.first] == of.key
	}
	if !named || of.key == l.head.key {
		return
	}
	if k == count && f.Measure == Value {
		if l.count >= 0 && p.Facts[l.count].Unit == f.Unit {
			f.Total = l.count
			l.members = append(l.members, index)
		}
		return
	}
	for _, h := range l.heads {
		head := &p.Facts[h]
		if p.kinds[h-p.first] != k {
			continue
		}
		if !role && f.Measure == Value && head.Measure == Budget && !p.hasAmount(l.heads) {
			f.Measure = Budget
		}
		if f.Measure != head.Measure || !onePlan(f, head) || f.Basis != head.Basis || f.Measure == Value && p.finals[h-p.first] && !role && p.hasBudget(l.heads) {
			continue
		}
		if f.Measure == Value || f.Measure == Budget || f.Measure == Change {
			f.Total = h
		}
	}
	if f.Total >= 0 {
		l.members = append(l.members, index)
	}
}

func (p *prose) hasAmount(heads []int) bool {
	return slices.ContainsFunc(heads, func(h int) bool { return p.Facts[h].Measure == Value })
}

func (p *prose) hasBudget(heads []int) bool {
	return slices.ContainsFunc(heads, func(h int) bool { return p.Facts[h].Measure == Budget })
}

// closeLists ends the lists of the sentence: what follows is said of what they broke down.
func (p *prose) closeLists() {
	if len(p.lists) > 0 && p.lists[0].head.name != "" {
		p.main = p.lists[0].head
	}
	for len(p.lists) > 0 {
		p.closeList()
	}
}

// closeList ends the innermost list.
func (p *prose) closeList() {
	l := p.lists[len(p.lists)-1]
	p.lists = p.lists[:len(p.lists)-1]
	totals := map[int]int{}
	for _, m := range l.members {
		totals[p.Facts[m].Total]++
	}
	for _, m := range l.members {
		if l.partial && (p.kinds[m-p.first] == count || totals[p.Facts[m].Total] == 1) {
			p.Facts[m].Open = true
		}
	}
}

// openEnded marks the list that is open as one that goes on unnamed: 等.
func (p *prose) openEnded() {
	if n := len(p.lists); n > 0 {
		for _, m := range p.lists[n-1].members {
			p.Facts[m].Open = true
		}
	}
}

// semicolon ends what holds no longer than to one.
func (p *prose) semicolon(c clause) {
	text := p.f.s[c.from:c.to]
	if p.before == ';' && p.reason && (len(p.figures(c.span)) > 0 || p.compares(c.span)) && !p.counts(text) {
		p.unreason()
	}
	for p.before == ';' && len(p.lists) > 1 {
		p.closeList()
	}
	if n := len(p.lists); p.before == ';' && n > 0 {
		l := p.lists[n-1]
		if !l.parted {
			l.parted, l.row = true, len(l.members) > 1
		}
		if l.row && p.reached(l) {
			p.main = l.head
			p.closeList()
		}
	}
}

// reached reports whether the members of a list make up its total.
func (p *prose) reached(l *listing) bool {
	sums := map[int]number.Decimal{}
	for _, m := range l.members {
		t := p.Facts[m].Total
		if p.Facts[m].Unit != p.Facts[t].Unit {
			return false
		}
		sums[t] = sums[t].Add(p.Facts[m].Value)
	}
	for t, sum := range sums {
		if !sum.Equal(p.Facts[t].Value) {
			return false
		}
	}
	return len(sums) > 0
}

// counts reports whether a clause goes on counting reasons: 二是.
func (p *prose) counts(text string) bool {
	rank, _ := numbering(text)
	return rank > 0 || len(text) > 6 && strings.Contains(chinese, text[:3]) && text[3:6] == "是"
}

// whole is the subject that shares without a basis are of.
func (p *prose) whole() string {
	if p.container.name != "" {
		return p.container.name
	}
	if n := len(p.lists); n > 0 {
		return p.lists[n-1].head.name
	}
	if n := len(p.frames); n > 0 && p.frames[n-1].member {
		return p.frames[n-1].head.name
	}
	return ""
}

// base is the amount whose change, rate or share a figure is, -1 where that is in doubt.
func (p *prose) base(f *Fact, of topic, k kind, named bool) int {
	switch f.Measure {
	case Change, ChangeRate, Share, CompletionRate:
	default:
		return -1
	}
	if len(p.row) > 1 && slices.Contains(p.row, of.key) && (f.Measure == Change || f.Measure == ChangeRate) && !named {
		return -1
	}
	found := -1
	for i := len(p.Facts) - 1; i >= p.first; i-- {
		other := &p.Facts[i]
		own := p.kinds[i-p.first]
		if other.Measure != Value || own != money && own != count || f.Measure == Change && own != k || p.aside[i-p.first] || other.Reason != f.Reason {
			continue
		}
		if !sameFlow(p.keys[i-p.first], of.key) {
			continue
		}
		if found >= 0 && !p.Facts[found].Value.Equal(other.Value) {
			return -1
		}
		if found < 0 {
			found = i
		}
	}
	return found
}

// sameFlow reports whether two keys name the same amount, one of them perhaps in short: 收支总计 is 收入支出总计.
func sameFlow(long, short string) bool {
	if long == short {
		return true
	}
	if !twoSided(long) || !twoSided(short) {
		return false
	}
	brief := strings.NewReplacer("收入", "收", "支出", "支", "和", "", "与", "")
	return strings.HasSuffix(brief.Replace(long), brief.Replace(short))
}

// reattach gives a change that follows a part named in passing (收入总计100万元，其中上年结转5万元，较上年增加…) to what the part
// belongs to, where the rate shows that it is the change of that and not of the part.
func (p *prose) reattach() {
	for i := p.first; i+1 < len(p.Facts); i++ {
		change, rate := &p.Facts[i], &p.Facts[i+1]
		part := change.Base
		if change.Measure != Change || rate.Measure != ChangeRate || p.owned[i-p.first] || part < p.first || rate.Base != part || rate.Basis != change.Basis {
			continue
		}
		whole := p.Facts[part].Total
		if whole < p.first || changed(&p.Facts[part], change, rate) || !changed(&p.Facts[whole], change, rate) {
			continue
		}
		for k := i; k <= i+1; k++ {
			p.Facts[k].Base, p.Facts[k].Subject, p.keys[k-p.first] = whole, p.Facts[whole].Subject, p.keys[whole-p.first]
		}
	}
}

// changed reports whether a change has a rate, give or take a digit.
func changed(current, change, rate *Fact) bool {
	before := current.Value.Sub(change.Value)
	off := change.Value.Shift(2).Sub(rate.Value.Mul(before)).Abs()
	return current.Unit == change.Unit && off.Cmp(before.Abs().Shift(-int32(rate.Decimals))) <= 0
}
