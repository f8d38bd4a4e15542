package run

import (
	"cmp"
	"maps"
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
	value         number.Rat
}

// repair notes a proposal for the finding that was added last.
func (c *checker) repair(cell int, value number.Rat) {
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
	for i := range e.rules {
		e.rules[i] = 1
	}
	for i := range r.Findings {
		e.rules[r.rules[i]] += 1 + len(r.Findings[i].Operands)
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
	// findings are the fails, by their index, that a value of this figure might settle, and asked their rules, by their index
	// among the tallies.
	findings, asked []int
	data            *dataset.Dataset
	outcome
}

// outcome is how rules came out on a dataset, those of which all passes left out.
type outcome struct {
	// rules are in order; fails and tally add them up.
	rules []ruled
	fails map[failed]bool
	tally doubts
}

// ruled is how one rule came out, the one of an index among the tallies: the instances that fail, and those that do not pass
// either.
type ruled struct {
	rule  int
	fails []string
	tally doubts
}

// doubts count what does neither pass nor fail.
type doubts struct{ rounding, notEvaluated int }

// failed is an instance of a rule, of an index among the tallies, that fails.
type failed struct {
	rule     int
	instance string
}

func outcomeOf(rules []ruled) outcome {
	o := outcome{rules: rules, fails: map[failed]bool{}}
	for _, one := range rules {
		o.tally.rounding += one.tally.rounding
		o.tally.notEvaluated += one.tally.notEvaluated
		for _, instance := range one.fails {
			o.fails[failed{one.rule, instance}] = true
		}
	}
	return o
}

// found is how all rules came out, by what was found.
func found(r *result) outcome {
	byRule := map[int]*ruled{}
	for i := range r.Findings {
		f, index := &r.Findings[i], r.rules[i]
		of := byRule[index]
		if of == nil {
			of = &ruled{rule: index}
			byRule[index] = of
		}
		switch f.Verdict {
		case finding.Fail:
			of.fails = append(of.fails, f.Instance)
		case finding.Rounding:
			of.tally.rounding++
		case finding.NotEvaluated:
			of.tally.notEvaluated++
		}
	}
	var rules []ruled
	for _, index := range slices.Sorted(maps.Keys(byRule)) {
		rules = append(rules, *byRule[index])
	}
	return outcomeOf(rules)
}

// suspects finds figures that explain several fails: with another value of that one figure these hold, or at least do
// not fail any more, while no other rule fails or ceases to be evaluated. The one that explains most comes first; then the rest is looked at.
func (c *checker) suspects(r *result, d *dataset.Dataset) []finding.Suspect {
	trials := proposals(r, d)
	if len(trials) == 0 {
		return nil
	}
	if c.readers == nil || c.readers.plan != r.plan {
		c.readers = readersOf(r.plan)
	}
	if c.probe == nil {
		c.probe = &checker{options: c.options, brief: true}
		c.probe.options.Suspects, c.probe.options.All = false, false
	}
	probe, readers, work := c.probe, c.readers, newEffort(r, d)
	now := &trial{data: d, outcome: found(r)}
	var all []finding.Suspect
	var spare *dataset.Dataset
	for first := true; len(trials) > 0 && work.left > 0; first = false {
		// With the figures that were found so far.
		var left []*trial
		var best *trial
		for _, t := range trials {
			// What promises something has to be looked at once more.
			if first && work.left < maxEffort/2 || !work.take(t.asked) {
				break
			}
			t.data = now.data.With(t.cell, t.value, spare)
			if spare = t.data; !probe.promises(r, now, t) {
				continue
			}
			read := readers.of(t)
			if !work.take(read) {
				break
			}
			t.outcome = now.but(read, probe.some(r, t.data, read))
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
			if f := r.failed(i); now.fails[f] && !best.fails[f] {
				suspect.Settles = append(suspect.Settles, r.Findings[i].Fingerprint)
			}
		}
		all = append(all, suspect)
		now, trials = best, slices.DeleteFunc(left, func(t *trial) bool { return t.cell == best.cell })
	}
	return all
}

// failed is the instance that the finding at an index is of.
func (r *result) failed(i int) failed { return failed{r.rules[i], r.Findings[i].Instance} }

// readers are the rules of a plan that read a field, by their index among the tallies.
type readers struct {
	plan   *plan.Plan
	fields map[*dataset.Field][]int
	// walked are the rules that walk groups, by the names of the fields that they read: any group may have these.
	walked map[string][]int
}

func readersOf(p *plan.Plan) *readers {
	r := &readers{p, map[*dataset.Field][]int{}, map[string][]int{}}
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

// some judges rules, by their index among the tallies and in order, on a dataset.
func (c *checker) some(r *result, d *dataset.Dataset, rules []int) []ruled {
	out, counted := c.judgeSome(r, d, rules)
	byRule := make([]ruled, len(counted))
	for i, tally := range c.counted.tallies {
		byRule[i] = ruled{rule: counted[i], tally: doubts{tally.Rounding, tally.NotEvaluated}}
	}
	for i := range out.Findings {
		if f := &out.Findings[i]; f.Verdict == finding.Fail {
			at, _ := slices.BinarySearch(counted, out.rules[i])
			byRule[at].fails = append(byRule[at].fails, f.Instance)
		}
	}
	return slices.DeleteFunc(byRule, func(of ruled) bool { return len(of.fails) == 0 && of.tally == doubts{} })
}

// judgeSome is the result of rules, by their index among the tallies and in order, and which rules are counted: these, and the
// built-in one.
func (c *checker) judgeSome(r *result, d *dataset.Dataset, rules []int) (out *result, counted []int) {
	pack := *r.plan.Pack
	some := &plan.Plan{Pack: &pack, Dated: r.plan.Dated, Rules: make([]*plan.Rule, 0, len(rules))}
	if !slices.Contains(rules, 0) {
		pack.Restated = 0
	}
	counted = []int{0}
	for _, i := range rules {
		if i > 0 {
			some.Rules, some.Screens = append(some.Rules, r.plan.Rules[i-1]), append(some.Screens, r.plan.Screens[i-1])
			counted = append(counted, i)
		}
	}
	c.counts = &Counts{}
	out = c.judge(some, d, r.Input)
	for i, of := range out.rules {
		out.rules[i] = counted[of]
	}
	return out, counted
}

// promises reports whether a trial settles two at least of the fails for which its figure was proposed. Most do not, and
// judging the rules of these tells.
func (c *checker) promises(r *result, now, t *trial) bool {
	fails := outcomeOf(c.some(r, t.data, t.asked)).fails
	settled := 0
	for _, i := range t.findings {
		if f := r.failed(i); now.fails[f] && !fails[f] {
			settled++
		}
	}
	return settled >= 2
}

// but is the outcome where some rules, in order, came out in another way.
func (o *outcome) but(rules []int, how []ruled) outcome {
	all := slices.Clone(how)
	for _, of := range o.rules {
		if _, again := slices.BinarySearch(rules, of.rule); !again {
			all = append(all, of)
		}
	}
	slices.SortFunc(all, func(a, b ruled) int { return a.rule - b.rule })
	return outcomeOf(all)
}

// text is the value as it would be printed.
func (t *trial) text() string { return t.data.Facts()[t.cell].Statement().Text }

// better reports whether a trial explains more than another, or as much by a smaller misprint.
func (t *trial) better(other *trial, d *dataset.Dataset) bool {
	misprint := func(t *trial) int { return misprinted(d.Facts()[t.cell].Statement().Text, t.text()) }
	return cmp.Or(
		cmp.Compare(len(t.fails), len(other.fails)), cmp.Compare(misprint(t), misprint(other)),
		cmp.Compare(t.tally.rounding, other.tally.rounding),
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
	out, _ := c.judgeSome(r, t.data, rules)
	c.options.All = false
	n := 0
	for i := range out.Findings {
		f := &out.Findings[i]
		if before.fails[out.failed(i)] && (f.Verdict == finding.Pass || f.Verdict == finding.Rounding) {
			n++
		}
	}
	return n >= 2
}

// settledBy reports whether a trial settles two fails or more and does nothing worse.
func (t *trial) settledBy(other *trial) bool {
	if len(other.fails)+2 > len(t.fails) || other.tally.notEvaluated > t.tally.notEvaluated {
		return false
	}
	for f := range other.fails {
		if !t.fails[f] {
			return false
		}
	}
	return true
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
	seen := map[int][]number.Rat{}
	for _, p := range r.repairs {
		same := func(v number.Rat) bool { return v.Cmp(p.value) == 0 }
		if len(in[p.cell]) < 2 || same(number.RatOf(d.Facts()[p.cell].Statement().Value())) || slices.ContainsFunc(seen[p.cell], same) {
			continue
		}
		seen[p.cell] = append(seen[p.cell], p.value)
		if value, err := number.Parse(p.value.String()); err == nil {
			trials = append(trials, &trial{cell: p.cell, value: value.Value(), findings: in[p.cell], asked: asked(r, d, p.cell, in[p.cell])})
		}
	}
	slices.SortStableFunc(trials, func(a, b *trial) int { return cmp.Compare(len(in[b.cell]), len(in[a.cell])) })
	return trials[:min(len(trials), maxTrials)]
}

// asked are the rules of fails, by their index among the tallies, and the built-in one where it looks at the cell.
func asked(r *result, d *dataset.Dataset, cell int, fails []int) []int {
	var rules []int
	if d.IsRestated(cell) {
		rules = append(rules, 0)
	}
	for _, i := range fails {
		rules = append(rules, r.rules[i])
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}
