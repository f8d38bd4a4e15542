package run

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/plan"
)

// repair is a value of one figure that may settle the finding at an index.
type repair struct {
	finding, cell int
	value         *big.Rat
}

// repair notes a proposal for the finding that was added last.
func (c *checker) repair(cell int, value *big.Rat) {
	c.out.repairs = append(c.out.repairs, repair{len(c.out.Findings) - 1, cell, value})
}

// maxTrials bounds the values that are tried in one dataset, since for each the rules that read it are judged anew.
const maxTrials = 256

// maxEffort bounds the work of looking for suspects in one dataset, in figures that rules which do not pass compare: each
// takes some microseconds. A report of 675 figures in which 60 are misprinted needs half of it.
const maxEffort = 25_000

// effort is how much work is left, and what judging each rule takes, by its index among the tallies. It is counted and not
// measured, so that every machine finds the same.
type effort struct {
	left  int
	rules []int
	// dataset is what a dataset with another value takes.
	dataset int
}

func newEffort(r *result, d *dataset.Dataset) *effort {
	e := &effort{left: maxEffort, rules: make([]int, 1+len(r.plan.Rules)), dataset: 1 + len(d.Cells)/100}
	index := map[string]int{}
	for i := range e.rules {
		e.rules[i], index[described(r.plan, i).ID] = 1, i
	}
	for i := range r.Findings {
		e.rules[index[r.Findings[i].Rule]] += 1 + len(r.Findings[i].Operands)
	}
	return e
}

// take takes the work of judging rules. It is false when too little is left.
func (e *effort) take(rules []int) bool {
	e.left -= e.dataset
	for _, i := range rules {
		e.left -= e.rules[i]
	}
	return e.left >= 0
}

// trial is a dataset in which one figure has another value, and how it came out.
type trial struct {
	cell  int
	value number.Decimal
	// findings are the fails, by their index, that a value of this figure might settle.
	findings []int
	data     *dataset.Dataset
	// rules are the outcomes of the rules, by their index among the tallies; fails and tally add them up.
	rules []ruled
	fails map[string]bool
	tally finding.Tally
}

// ruled is how one rule came out: the fingerprints of its fails, and what is counted.
type ruled struct {
	fails []string
	tally finding.Tally
}

// suspects finds figures that explain several fails: with another value of that one figure these hold, or at least do
// not fail any more, while no other rule fails or ceases to be evaluated. The one that explains most comes first; then the rest is looked at.
func (c *checker) suspects(r *result, d *dataset.Dataset) []finding.Suspect {
	trials := proposals(r, d)
	if len(trials) == 0 {
		return nil
	}
	probe := checker{options: c.options, brief: true}
	probe.options.Suspects, probe.options.All = false, false
	readers := readersOf(r.plan)
	everything := make([]int, 1+len(r.plan.Rules))
	for i := range everything {
		everything[i] = i
	}
	work := newEffort(r, d)
	if !work.take(everything) {
		return nil
	}
	now := probe.try(r, &trial{data: d, rules: make([]ruled, len(everything))}, everything)
	var all []finding.Suspect
	var spare *dataset.Dataset
	for first := true; len(trials) > 0 && work.left > 0; first = false {
		// With the figures that were found so far.
		var left []*trial
		var best *trial
		for _, t := range trials {
			// What promises something has to be looked at once more.
			asked := t.asked(r, d)
			if first && work.left < maxEffort/2 || !work.take(asked) {
				break
			}
			t.data = now.data.With(t.cell, t.value, spare)
			if spare = t.data; !probe.promises(r, now, t, asked) {
				continue
			}
			read := readers.of(t)
			if !work.take(read) {
				break
			}
			t.rules = slices.Clone(now.rules)
			probe.try(r, t, read)
			if !now.settledBy(t) {
				continue
			}
			left, spare = append(left, t), nil
			if best == nil || t.better(best, d) {
				best = t
			}
		}
		if best == nil {
			break
		}
		if !probe.holds(r, now, best, readers.of(best)) {
			trials = slices.DeleteFunc(left, func(t *trial) bool { return t == best })
			continue
		}
		suspect := finding.Suspect{Input: c.path, Figure: c.operand(best.cell, d.Facts()[best.cell].Statement()), Value: best.text()}
		for i := range r.Findings {
			if id := r.Findings[i].Fingerprint; now.fails[id] && !best.fails[id] {
				suspect.Settles = append(suspect.Settles, id)
			}
		}
		all = append(all, suspect)
		now, trials = best, slices.DeleteFunc(left, func(t *trial) bool { return t.cell == best.cell })
	}
	return all
}

// readers are the rules that read a field, by their index among the tallies.
type readers struct {
	fields map[*dataset.Field][]int
	// walked are the rules that walk groups, by the names of the fields that they read: any group may have these.
	walked map[string][]int
}

func readersOf(p *plan.Plan) *readers {
	r := &readers{fields: map[*dataset.Field][]int{}, walked: map[string][]int{}}
	for i, rule := range p.Rules {
		i++
		walks := slices.ContainsFunc(rule.Loops, func(l *expression.Loop) bool { return l.List == nil })
		for _, f := range rule.Reads {
			if !walks {
				r.fields[f] = append(r.fields[f], i)
			} else if !slices.Contains(r.walked[f.Name], i) {
				r.walked[f.Name] = append(r.walked[f.Name], i)
			}
		}
	}
	return r
}

// of are the rules that may come out in another way with the trial's value.
func (r *readers) of(t *trial) []int {
	f := t.data.Facts()[t.cell].Field
	rules := slices.Concat(r.fields[f], r.walked[f.Name])
	if t.data.IsRestated(t.cell) {
		rules = append(rules, 0)
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}

// some judges rules, by their index among the tallies, on a trial.
func (c *checker) some(r *result, t *trial, rules []int) *result {
	pack := *r.plan.Pack
	some := &plan.Plan{Pack: &pack, Dated: r.plan.Dated, Rules: make([]*plan.Rule, 0, len(rules))}
	if !slices.Contains(rules, 0) {
		pack.Restated = 0
	}
	for _, i := range rules {
		if i > 0 {
			some.Rules, some.Screens = append(some.Rules, r.plan.Rules[i-1]), append(some.Screens, r.plan.Screens[i-1])
		}
	}
	c.counts = &Counts{}
	return c.judge(some, t.data, r.Input)
}

// asked are the rules of the fails for which the trial's figure was proposed, by their index among the tallies.
func (t *trial) asked(r *result, d *dataset.Dataset) []int {
	var rules []int
	if d.IsRestated(t.cell) {
		rules = append(rules, 0)
	}
	for i, rule := range r.plan.Rules {
		if slices.ContainsFunc(t.findings, func(i int) bool { return r.Findings[i].Rule == rule.ID }) {
			rules = append(rules, 1+i)
		}
	}
	return rules
}

// promises reports whether a trial settles two at least of the fails for which its figure was proposed. Most do not, and
// judging the rules of these tells.
func (c *checker) promises(r *result, now, t *trial, rules []int) bool {
	fails := map[string]bool{}
	out := c.some(r, t, rules)
	for i := range out.Findings {
		if f := &out.Findings[i]; f.Verdict == finding.Fail {
			fails[f.Fingerprint] = true
		}
	}
	settled := 0
	for _, i := range t.findings {
		if id := r.Findings[i].Fingerprint; now.fails[id] && !fails[id] {
			settled++
		}
	}
	return settled >= 2
}

// try judges some rules, in order, on a trial that has the outcomes of the others.
func (c *checker) try(r *result, t *trial, rules []int) *trial {
	out := c.some(r, t, rules)
	place := map[string]int{}
	for _, i := range rules {
		t.rules[i] = ruled{}
		place[described(r.plan, i).ID] = i
	}
	for i := range out.Findings {
		if f := &out.Findings[i]; f.Verdict == finding.Fail {
			of := &t.rules[place[f.Rule]]
			of.fails = append(of.fails, f.Fingerprint)
		}
	}
	for i, tally := range c.counted.tallies {
		if id := described(out.plan, i).ID; i > 0 || out.plan.Pack.Restated != 0 {
			t.rules[place[id]].tally = tally
		}
	}
	t.fails, t.tally = map[string]bool{}, finding.Tally{}
	for _, of := range t.rules {
		t.tally.Merge(of.tally)
		for _, id := range of.fails {
			t.fails[id] = true
		}
	}
	return t
}

// text is the value as it would be printed.
func (t *trial) text() string { return t.data.Facts()[t.cell].Statement().Text }

// better reports whether a trial explains more than another, or as much by a smaller misprint.
func (t *trial) better(other *trial, d *dataset.Dataset) bool {
	misprint := func(t *trial) int { return misprinted(d.Facts()[t.cell].Statement().Text, t.text()) }
	return cmp.Or(
		cmp.Compare(len(t.fails), len(other.fails)), cmp.Compare(misprint(t), misprint(other)),
		cmp.Compare(t.tally.Rounding, other.tally.Rounding),
	) < 0
}

// misprinted counts the characters in which two texts differ.
func misprinted(a, b string) int {
	n := max(len(a), len(b))
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			n--
		}
	}
	return n
}

// holds reports whether two at least of the fails that a trial settles do hold, and not just fall under no rule any more.
func (c *checker) holds(r *result, before, t *trial, rules []int) bool {
	c.options.All = true
	out := c.some(r, t, rules)
	c.options.All = false
	n := 0
	for i := range out.Findings {
		if f := &out.Findings[i]; before.fails[f.Fingerprint] && (f.Verdict == finding.Pass || f.Verdict == finding.Rounding) {
			n++
		}
	}
	return n >= 2
}

// settledBy reports whether a trial settles two fails or more and does nothing worse.
func (t *trial) settledBy(other *trial) bool {
	return len(other.fails)+2 <= len(t.fails) && other.tally.NotEvaluated <= t.tally.NotEvaluated &&
		!slices.ContainsFunc(slices.Collect(maps.Keys(other.fails)), func(id string) bool { return !t.fails[id] })
}

// proposals are the values worth trying, those of the figures in most fails first: a figure in one fail alone is no
// common cause.
func proposals(r *result, d *dataset.Dataset) []*trial {
	in := map[int][]int{}
	for _, p := range r.repairs {
		if !slices.Contains(in[p.cell], p.finding) {
			in[p.cell] = append(in[p.cell], p.finding)
		}
	}
	var trials []*trial
	seen := map[int][]*big.Rat{}
	for _, p := range r.repairs {
		same := func(v *big.Rat) bool { return v.Cmp(p.value) == 0 }
		if len(in[p.cell]) < 2 || same(number.RatOf(d.Facts()[p.cell].Statement().Value())) || slices.ContainsFunc(seen[p.cell], same) {
			continue
		}
		seen[p.cell] = append(seen[p.cell], p.value)
		places, _ := p.value.FloatPrec()
		if value, err := number.Parse(p.value.FloatString(places)); err == nil {
			trials = append(trials, &trial{cell: p.cell, value: value.Value(), findings: in[p.cell]})
		}
	}
	slices.SortStableFunc(trials, func(a, b *trial) int { return cmp.Compare(len(in[b.cell]), len(in[a.cell])) })
	return trials[:min(len(trials), maxTrials)]
}
