package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io"
	"slices"

	"github.com/klauspost/compress/s2"

	"github.com/gouji/gouji/engine/cache"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/run"
)

// This file keeps what comes of a piece of data, and takes it from there when the same piece is to be judged by the same
// rules again. What was accepted is no part of it: that is applied each time. Pieces of which something was told beside
// their outcomes, such as a fault, are judged each time as well.

// content is a piece whose bytes say all that it is, with the lines before it.
type content interface {
	// Content writes them, and tells how many lines there are. Of what fails nothing is kept.
	Content(to io.Writer) (before int, err error)
}

// skipping is a piece that is to know when it will not be read.
type skipping interface{ Skip() }

// whole is the content of a whole file.
type whole []byte

func (t whole) Content(to io.Writer) (before int, err error) {
	_, err = to.Write(t)
	return 0, err
}

// remembers reports whether outcomes are kept at all: not where they are a matter of choice, or where datasets are asked for.
func (o *Options) remembers() bool { return o.Cache != nil && !o.Keep && o.Take == nil }

// judgedBy says in the keys of results by what they were made, but for the packs.
func (o *Options) judgedBy() []byte {
	var list [sha256.Size]byte
	if o.Entities != nil {
		list = o.Entities.Sum()
	}
	text, err := json.Marshal([]any{
		list, o.Engine, o.Rules, o.Packs, o.Entity, o.Period, o.Only, o.Skip, o.All, o.Strict, o.Suspects, o.Formulas, o.Join,
	})
	if err != nil {
		panic(err) // texts and truths always encode
	}
	sum := sha256.Sum256(text)
	return sum[:]
}

// remembered is what is kept of a piece.
type remembered struct {
	Packs  []rememberedPack
	Inputs []rememberedInput
	Counts []rememberedCounts
}

// rememberedPack is a pack that judged something; another sum is another pack.
type rememberedPack struct {
	Name string
	Sum  [sha256.Size]byte
}

// rememberedInput is one outcome. Pack and Claims are indexes of the packs that judged it; Claims is -1 where nothing was
// claimed.
type rememberedInput struct {
	Outcome      *finding.Outcome
	Pack, Claims int
	// Across is what rules across datasets need; nil where there are none.
	Across *run.AcrossRecord
}

// rememberedCounts is what is counted of one pack: for each rule the five counts of a tally, and why rules decided nothing
// by their index.
type rememberedCounts struct {
	Pack    int
	Claims  bool
	Tallies []int
	Unbound map[int]finding.Unbound
}

// keyOf is the key of the piece, which has a content.
func (p *piece) keyOf(c content) (cache.Key, error) {
	sum := sha256.New()
	sum.Write(p.by)
	sum.Write([]byte(p.file))
	sum.Write([]byte{0})
	before, err := c.Content(sum)
	var numbers [17]byte
	binary.LittleEndian.PutUint64(numbers[:], uint64(before))
	binary.LittleEndian.PutUint64(numbers[8:], uint64(len(p.file)))
	if p.index >= suspected {
		numbers[16] = 1
	}
	sum.Write(numbers[:])
	return cache.Key(sum.Sum(nil)), err
}

// recall takes what came of the piece from the cache, where it is there and its packs are the same. Where it is not, what
// comes of it will be kept.
func (p *piece) recall(c content) (bool, error) {
	if !p.options.remembers() {
		return false, nil
	}
	var err error
	if p.key, err = p.keyOf(c); err != nil {
		// Reading it tells why.
		return false, nil
	}
	p.keeps = true
	packed := p.options.Cache.Get(p.key)
	if packed == nil {
		return false, nil
	}
	var r remembered
	plain, err := s2.Decode(nil, packed)
	if err != nil || json.Unmarshal(plain, &r) != nil {
		// It is made anew.
		return false, nil
	}
	plans := make([]*plan.Plan, len(r.Packs))
	for i, pack := range r.Packs {
		compiled, err := p.use(pack.Name)
		if err != nil {
			return false, err
		}
		at := slices.IndexFunc(p.packs, func(l *loaded) bool { return l.name == pack.Name })
		if plans[i] = compiled; p.packs[at].sum() != pack.Sum {
			return false, nil
		}
	}
	p.keeps = false
	for _, in := range r.Inputs {
		one := judged{number: p.number(), outcome: in.Outcome, plan: plans[in.Pack]}
		if in.Across != nil {
			if err := p.across.AddRecord(one.number, one.plan, in.Across); err != nil {
				return false, err
			}
		}
		if in.Claims >= 0 {
			one.claims = plans[in.Claims]
		}
		if in.Outcome.Input.Within == "" {
			entries, list := p.beside(in.Outcome.Input.Path)
			p.list, one.entries = append(p.list, list...), entries
		} else {
			p.several = true
		}
		p.inputs = append(p.inputs, one)
	}
	var all []run.Counted
	for _, c := range r.Counts {
		one := run.Counted{Plan: plans[c.Pack], Claims: c.Claims}
		n := 1 + len(one.Plan.Rules)
		one.Tallies, one.Unbound = make([]finding.Tally, n), make([]finding.Unbound, n)
		for i := range one.Tallies {
			for j, v := range finding.Verdicts {
				one.Tallies[i].AddN(v, c.Tallies[len(finding.Verdicts)*i+j])
			}
		}
		for i, u := range c.Unbound {
			one.Unbound[i] = u
		}
		all = append(all, one)
	}
	p.counts = run.CountsOf(all)
	return true, nil
}

// Counted takes what is counted in the piece, and keeps what came of it.
func (p *piece) Counted(counts *run.Counts) (*run.Counts, error) {
	if p.counts != nil {
		return p.counts, nil
	}
	if !p.keeps || len(p.list) > 0 || len(p.columns) > 0 || p.unreadable != nil {
		return counts, nil
	}
	var r remembered
	packOf := func(of *plan.Plan) int {
		return slices.IndexFunc(p.packs, func(l *loaded) bool { return l.plan == of })
	}
	for _, l := range p.packs {
		r.Packs = append(r.Packs, rememberedPack{l.name, l.sum()})
	}
	for i := range p.inputs {
		in := &p.inputs[i]
		one := rememberedInput{in.outcome, packOf(in.plan), -1, in.record}
		if in.claims != nil {
			one.Claims = packOf(in.claims)
		}
		r.Inputs = append(r.Inputs, one)
	}
	for _, c := range counts.Plans() {
		one := rememberedCounts{Pack: packOf(c.Plan), Claims: c.Claims}
		for i := range c.Tallies {
			for _, v := range finding.Verdicts {
				one.Tallies = append(one.Tallies, c.Tallies[i].Of(v))
			}
			if u := c.Unbound[i]; u.Reason != "" {
				if one.Unbound == nil {
					one.Unbound = map[int]finding.Unbound{}
				}
				one.Unbound[i] = u
			}
		}
		r.Counts = append(r.Counts, one)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	// What cannot be kept is found again the next time; closing the cache tells why.
	_ = p.options.Cache.Put(p.key, s2.Encode(nil, text))
	return counts, nil
}
