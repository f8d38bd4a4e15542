package extract

import "strings"

// frame is a list whose parts stand in paragraphs of their own, as after 其中: at the end of one.
type frame struct {
	head  topic
	heads []int
	// opener is the rank of the paragraph that opened it, or of the heading above, rank that of its parts, 0 before the
	// first.
	opener, rank int
	// title is the key of the part whose heading stands above, "" for none.
	title string
	// member: the paragraph being read is one of the parts.
	member bool
	// stop is how the last part in plain paragraphs ended.
	stop rune
	// over: no further part belongs to it.
	over bool
}

// descend ends the lists that a paragraph of this rank is not in, and finds out whether it is a part of the innermost.
func (r *reading) descend(rank int) {
	r.rank = rank
	if rank == 0 {
		r.rank = rankPlain
	}
	for n := len(r.frames); n > 0; n-- {
		f := r.frames[n-1]
		over := f.over || f.rank != 0 && r.rank < f.rank || f.rank == 0 && r.rank <= f.opener
		if !over {
			break
		}
		r.frames = r.frames[:n-1]
	}
	for _, f := range r.frames {
		f.member = false
	}
	if n := len(r.frames); n > 0 {
		f := r.frames[n-1]
		if f.rank == 0 {
			f.rank = r.rank
		}
		f.member = f.rank == r.rank
		if f.member {
			f.title = ""
		}
	}
}

// await makes the paragraph below a heading the part that the heading names.
func (r *reading) await(title string) {
	if n := len(r.frames); n > 0 && r.frames[n-1].member {
		r.frames[n-1].title = title
	}
}

// enter ties the paragraph's facts to the list that it is a part of, and opens the list that its end announces.
func (p *prose) enter() {
	if p.at.row >= 0 {
		return
	}
	if n := len(p.frames); n > 0 {
		p.part(p.frames[n-1])
	}
	if l := p.ending; l != nil && len(l.members) == 0 {
		opener := p.rank
		if n := len(p.headings); opener == rankPlain {
			if opener = 0; n > 0 {
				opener = p.headings[n-1].rank
			}
		}
		p.frames = append(p.frames, &frame{head: l.head, heads: l.heads, opener: opener})
	}
}

// part ties the facts of a paragraph that is a part of a list to the facts of its head.
func (p *prose) part(f *frame) {
	titled := f.title != "" && !f.member
	title := f.title
	f.title = ""
	if !f.member && !titled {
		return
	}
	first := -1
	for i, key := range p.keys {
		if k := p.kinds[i]; (k == money || k == count) && !p.aside[i] && !p.Facts[p.first+i].Reason && p.Facts[p.first+i].Measure != Change {
			if titled && key != title && !strings.HasSuffix(title, key) {
				return
			}
			first = i
			break
		}
	}
	if f.rank == rankPlain {
		f.over = first != 0 || f.stop != 0 && f.stop != p.stop()
		if first != 0 {
			return
		}
		f.stop = p.stop()
	}
	if first < 0 || p.keys[first] == f.head.key {
		return
	}
	done := map[int]bool{}
	for i, key := range p.keys {
		fact := &p.Facts[p.first+i]
		if key != p.keys[first] || p.aside[i] || fact.Reason || fact.Total >= 0 {
			continue
		}
		for _, h := range f.heads {
			head := &p.Facts[h]
			same := fact.Measure == head.Measure || came(fact.Measure) && came(head.Measure)
			if !same || done[h] || !onePlan(fact, head) || fact.Basis != head.Basis || fact.Unit != head.Unit {
				continue
			}
			switch fact.Measure {
			case Value, Final, Budget, Change:
				fact.Total, done[h] = h, true
			}
			if fact.Total >= 0 {
				break
			}
		}
	}
}

// came reports whether a measure is that of an amount that came true.
func came(m Measure) bool { return m == Value || m == Final }

// stop is the character that ends the paragraph.
func (p *prose) stop() rune {
	s := strings.TrimRight(p.f.s, "”)")
	for _, stop := range []rune{'。', ';', ','} {
		if strings.HasSuffix(s, string(stop)) {
			return stop
		}
	}
	return 0
}
