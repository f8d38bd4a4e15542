package run

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
)

// result is the outcome of one dataset. What passed is only counted.
type result struct {
	finding.Outcome
	plan *plan.Plan
	// rules are those of the findings, by their index among the tallies.
	rules []int
	// repairs are ways to settle one fail each, while suspects are sought.
	repairs []repair
}

// checker judges one dataset after another. One goroutine uses it at a time.
type checker struct {
	options Options
	// counts are those of the batch, and counted those of the plan that is being run. lacking: a rule has missed something.
	counts  *Counts
	counted *counted
	claims  bool
	lacking bool
	// unsuspected: no suspects are sought.
	unsuspected bool
	// decimals are those of the last input.
	decimals map[string]int
	env      expression.Env
	data     *dataset.Dataset
	path     string
	// document: the path is that of the published document, and there is no data file.
	document bool
	// origins are the datasets that a joined one is made of; nil while each is judged by itself.
	origins map[*dataset.Dataset]*member
	peers   peers
	out     *result
	// brief: findings tell their verdict and instance alone.
	brief bool
	// probe judges trials while suspects are sought, and readers are the rules that read a field; nil before that is asked.
	probe   *checker
	readers *readers
	// rule, screen, tally and why are those of the rule being run, and index is its index among the tallies.
	rule   *plan.Rule
	index  int
	screen *expression.Screen
	tally  *finding.Tally
	why    finding.Unbound
	// at are the rows or groups where the loops stand.
	at []int
	// stacked is room for what rules say of datasets that lie upon another.
	stacked Stacked
}

// notApplicable is the reason of a rule that decided nothing because it applies nowhere.
const notApplicable = "not-applicable"

// check runs all rules of a plan over a dataset.
func (c *checker) check(p *plan.Plan, d *dataset.Dataset, in finding.Input) *result {
	r := c.judge(p, d, in)
	if c.options.Suspects && !c.unsuspected {
		r.Suspects = c.suspects(r, d)
	}
	return r
}

// judge gives every rule's verdicts on a dataset.
func (c *checker) judge(p *plan.Plan, d *dataset.Dataset, in finding.Input) *result {
	c.data, c.path, c.document, c.out = d, in.Path, in.Document, &result{plan: p}
	c.out.Input = in
	c.env.Reset(d)
	if c.counts == nil {
		c.counts = &Counts{}
	}
	c.counted, c.lacking = c.counts.of(p, c.claims), false
	tallies := c.counted.tallies
	if p.Pack.Restated != 0 && c.options.Runs(rule.RestatedID) {
		c.rule, c.index, c.tally = nil, 0, &tallies[0]
		before := c.tally.Decided()
		c.restated(p.Pack)
		c.bound(before)
	}
	year, everything := d.Year(), len(c.options.Only)+len(c.options.Skip) == 0
	together := everything && !c.options.All && !p.Dated
	for i := 0; i < len(p.Rules); i++ {
		if together {
			// Most rules pass, and need nothing else.
			passing := expression.Passing(&c.env, p.Screens[i:])
			passed := tallies[1+i:][:passing]
			for k := range passed {
				passed[k].Pass++
			}
			c.out.Tally.Pass += passing
			i += passing
			if i == len(p.Rules) {
				break
			}
		}
		r := p.Rules[i]
		if !everything && !c.options.Runs(r.ID) {
			continue
		}
		c.rule, c.index, c.screen, c.tally = r, 1+i, &p.Screens[i], &tallies[1+i]
		before := c.tally.Decided()
		switch {
		case p.Dated && (r.Since > 0 && year < r.Since || r.Until > 0 && year > r.Until):
			c.why.Reason = "period"
		case len(r.Loops) == 0:
			c.instance()
		default:
			c.loop(0)
		}
		if c.why.Reason != "" {
			c.bound(before)
		}
	}
	c.absent()
	return c.out
}

// absent notes of which parts of the schema the dataset gives nothing, where rules lacked something.
func (c *checker) absent() {
	if !c.lacking || c.brief {
		return
	}
	c.out.Input.Absent = c.data.Absent()
	for _, path := range c.out.Input.Absent {
		c.label(path, c.data.Schema.Label(path))
	}
}

// bound notes why the rule being run has decided no more than before.
func (c *checker) bound(before int) {
	if c.tally.Decided() == before {
		c.lacking = c.lacking || len(c.why.Missing) > 0
		if first := &c.counted.unbound[c.index]; first.Reason == "" {
			*first = c.why
		}
	}
	c.why = finding.Unbound{}
}

// has reports whether the rule of an index among the tallies runs.
func (o *Options) has(p *plan.Plan, i int) bool {
	if i == 0 {
		return p.Pack.Restated != 0 && o.Runs(rule.RestatedID)
	}
	return o.Runs(p.Rules[i-1].ID)
}

// loop walks the rule's loops from the given depth inward.
func (c *checker) loop(depth int) {
	l := c.rule.Loops[depth]
	n, ok := l.Len(&c.env)
	if !ok {
		j := expression.Judgement{
			Verdict: finding.NotEvaluated, Cause: expression.CauseMissing, Missing: []string{l.Name(&c.env, -1)},
		}
		c.note(c.mustExist(j))
		return
	}
	if n == 0 && c.why.Reason == "" {
		c.why.Reason = expression.CauseEmptyList
	}
	c.at = append(c.at, 0)
	if depth+1 == len(c.rule.Loops) {
		c.rows(l, n)
	} else {
		for i := range n {
			c.at[depth] = i
			l.Enter(&c.env, i)
			c.loop(depth + 1)
		}
	}
	c.at = c.at[:depth]
}

// rows judges the rule at the rows of its innermost loop: as many as possible together, the others one by one.
func (c *checker) rows(l *expression.Loop, n int) {
	for from := 0; from < n; from += expression.Block {
		var passed, unmet uint64
		if !c.options.All {
			passed, unmet = c.screen.Over(&c.env, l, from, n)
			c.passed(bits.OnesCount64(passed))
			if unmet != 0 {
				c.unmet(bits.OnesCount64(unmet))
			}
		}
		rows := min(n-from, expression.Block)
		if passed|unmet == ^uint64(0)>>(expression.Block-rows) {
			continue
		}
		for i := range rows {
			if (passed|unmet)>>i&1 == 0 {
				c.at[len(c.at)-1] = from + i
				l.Enter(&c.env, from+i)
				c.instance()
			}
		}
	}
}

// passed counts instances that pass.
func (c *checker) passed(n int) {
	c.tally.Pass += n
	c.out.Tally.Pass += n
}

// unmet counts instances to which the rule does not apply.
func (c *checker) unmet(n int) {
	c.tally.NotApplicable += n
	c.out.Tally.NotApplicable += n
	if c.why.Reason == "" {
		c.why.Reason = notApplicable
	}
}

// mustExist turns a check that a missing figure keeps from being evaluated into a fail where the rule wants that.
func (c *checker) mustExist(j expression.Judgement) expression.Judgement {
	if c.rule.Missing == rule.MustExist && j.Verdict == finding.NotEvaluated && j.Cause == expression.CauseMissing {
		j.Verdict = finding.Fail
	}
	return j
}

// instance judges the rule at the rows where the loops stand.
func (c *checker) instance() {
	r := c.rule
	outcome := expression.Open
	if !c.options.All {
		outcome = c.screen.Try(&c.env)
	}
	switch {
	case outcome == expression.Passed:
		c.passed(1)
		return
	case outcome == expression.Unmet:
		c.unmet(1)
		return
	case outcome == expression.Open && r.When != nil:
		switch r.When.Eval(&c.env) {
		case expression.False:
			c.note(expression.Judgement{Verdict: finding.NotApplicable})
			return
		case expression.Unknown:
			outcome = expression.Doubted
		}
	}
	switch {
	case outcome == expression.Doubted && c.brief:
		c.note(expression.Judgement{Verdict: finding.NotEvaluated})
	case outcome == expression.Doubted:
		cause, missing := r.When.Obstacles(&c.env)
		c.note(expression.Judgement{Verdict: finding.NotEvaluated, Cause: cause, Missing: missing})
	case r.Peers != nil:
		c.peer()
	case c.brief:
		c.note(c.mustExist(r.Check.Verdict(&c.env)))
	default:
		c.note(c.mustExist(r.Check.Judge(&c.env)))
	}
}

// note counts a judgement and, where it is worth telling, makes a finding of it.
func (c *checker) note(j expression.Judgement) {
	c.add(j.Verdict)
	for _, path := range j.Missing {
		c.label(path)
	}
	switch u := &c.why; {
	case j.Verdict == finding.NotApplicable && (u.Reason == "" || u.Reason == notApplicable):
		u.Reason = cmp.Or(j.Cause, notApplicable)
	case j.Verdict == finding.NotEvaluated:
		if u.Reason == "" || u.Reason == notApplicable || u.Reason == expression.CauseEmptyList {
			u.Reason, u.Missing = j.Cause, j.Missing
		}
	}
	if !c.options.All && (j.Verdict == finding.Pass || j.Verdict == finding.NotApplicable) {
		return
	}
	r := c.rule
	if c.brief {
		if j.Verdict != finding.NotEvaluated {
			c.out.add(finding.Finding{Verdict: j.Verdict, Instance: c.instanceName()}, c.index)
		}
		return
	}
	f := finding.Finding{
		Rule: r.ID, Title: r.Title, Pack: r.Pack, Verdict: j.Verdict, Near: j.Near, Unlikely: j.Unlikely,
		Severity: c.severity(j), Instance: c.instanceName(), Left: j.Left, Right: j.Right, Difference: j.Difference,
		Allowed: j.Allowed, Tolerance: tolerance(r.Rule), Cause: j.Cause, Missing: j.Missing, Basis: r.Basis, Hint: r.Hint,
	}
	f.Message = c.message(&f)
	if c.options.Formulas != "" && f.Verdict != finding.NotApplicable && c.stands() {
		f.Formula = c.filled(&j)
	}
	f.Operands = c.operands(j.Operands)
	if f.Verdict == finding.Fail && !slices.ContainsFunc(f.Operands, stands) {
		around := c.operands(c.around())
		for i := range around {
			around[i].Context = true
		}
		f.Operands = append(f.Operands, around...)
	}
	f.Operands = append(f.Operands, c.peers.others...)
	c.found(f)
	if c.options.Suspects && f.Verdict == finding.Fail && c.stands() {
		for _, r := range r.Check.Repairs(&c.env) {
			c.repair(r.Cell, r.Value)
		}
	}
}

// stands reports whether the rule stands at rows of all its loops. Where a list is missing it does not, and its expressions are not to
// be evaluated.
func (c *checker) stands() bool { return len(c.at) == len(c.rule.Loops) }

// filled is what the rule asks, with the figures in their places.
func (c *checker) filled(j *expression.Judgement) string {
	if c.rule.Peers != nil {
		return c.peersFormula(j)
	}
	return c.rule.Check.Filled(&c.env, c.options.Formulas)
}

// label notes the name for people of a path, or of several, that the report shows.
func (c *checker) label(path string, parts ...string) {
	if c.brief {
		return
	}
	if c.out.Labels == nil {
		c.out.Labels = map[string]string{}
	}
	if len(parts) == 0 {
		parts = []string{path}
	}
	labels := make([]string, len(parts))
	for i, part := range parts {
		labels[i] = c.data.Schema.Label(part)
	}
	c.out.Labels[path] = strings.Join(labels, "、")
}

// add counts a verdict.
func (c *checker) add(v finding.Verdict) {
	c.tally.Add(v)
	c.out.Tally.Add(v)
	c.lacking = c.lacking || v == finding.NotEvaluated
}

func (c *checker) found(f finding.Finding) {
	f.Input, f.Entity, f.Period = c.path, c.out.Input.Entity, c.out.Input.Period
	f.Left, f.Right = strings.Clone(f.Left), strings.Clone(f.Right)
	f.Fingerprint = finding.Fingerprint(f.Pack, f.Rule, f.Entity, f.Period, f.Instance)
	c.out.add(f, c.index)
}

// add adds a finding of the rule of an index among the tallies.
func (r *result) add(f finding.Finding, rule int) {
	r.Findings, r.rules = append(r.Findings, f), append(r.rules, rule)
}

func (c *checker) severity(j expression.Judgement) finding.Severity {
	r := c.rule
	switch j.Verdict {
	case finding.Fail:
		if j.Near {
			return r.Near
		}
		if expression.Forgivable(j.Cause) {
			return min(r.Severity, finding.Warning)
		}
		return r.Severity
	case finding.Rounding:
		if j.Unlikely {
			return max(r.Rounding, finding.Warning)
		}
		return r.Rounding
	case finding.NotEvaluated:
		if c.options.Strict {
			return r.Severity
		}
	}
	return finding.Info
}

// instanceName names the rows where the loops stand. A row of a list within a row is named by its own path alone.
func (c *checker) instanceName() string {
	var names []string
	for i, at := range c.at {
		name := c.rule.Loops[i].Name(&c.env, at)
		if n := len(names); n > 0 && strings.HasPrefix(name, names[n-1]) {
			names = names[:n-1]
		}
		names = append(names, name)
	}
	name := strings.Join(names, ", ")
	c.label(name, names...)
	return name
}

func tolerance(r *rule.Rule) string {
	switch {
	case r.Peers == nil:
	case r.Peers.Kind == rule.Outlier:
		return "limit " + number.FormatFixed(r.Peers.Limit, 0, 18)
	default:
		return ""
	}
	name := [...]string{rule.Rounding: "rounding", rule.Exact: "exact", rule.Abs: "abs", rule.Rel: "rel", rule.Cap: "cap"}[r.Tolerance.Kind]
	if r.Tolerance.Amount != nil {
		return name + " " + r.Tolerance.Amount.Value
	}
	return name
}

// message puts the figures into the rule's sentence. A rule without one tells its title and the sides.
func (c *checker) message(f *finding.Finding) string {
	if f.Verdict == finding.NotEvaluated || f.Verdict == finding.NotApplicable ||
		f.Verdict == finding.Fail && f.Cause == expression.CauseMissing {
		return f.Title
	}
	if c.rule.Message == nil {
		if c.rule.Peers != nil {
			return c.peersMessage(f)
		}
		if f.Difference == "" {
			return f.Title
		}
		return fmt.Sprintf("%s: %s | %s (%s)", f.Title, f.Left, f.Right, f.Difference)
	}
	var s strings.Builder
	for _, p := range c.rule.Message {
		text := p.Text
		switch {
		case p.Side == "left":
			text = f.Left
		case p.Side == "right":
			text = f.Right
		case p.Side == "difference":
			text = f.Difference
		case p.Side != "":
			text = c.peers.sides[p.Side]
		case p.Value != nil:
			text = p.Value.Text(&c.env)
		}
		if text == "" {
			text = "—"
		}
		s.WriteString(text)
	}
	return strings.TrimSpace(s.String())
}

// operands tell what is stated of cells.
func (c *checker) operands(cells []int) []finding.Operand {
	var operands []finding.Operand
	for _, cell := range cells {
		if st := c.data.Facts()[cell].Statement(); st != nil {
			operands = append(operands, c.operand(cell, st))
		}
	}
	return operands
}

func stands(o finding.Operand) bool { return o.Place != finding.Place{} }

// around are the cells beside which a rule asks for something: those that `when` and the message read, else those of the
// innermost row or group of the loops of which anything is stated.
func (c *checker) around() []int {
	var cells []int
	read := func(more []int) {
		for _, cell := range more {
			if c.data.Facts()[cell].Statement() != nil && !slices.Contains(cells, cell) {
				cells = append(cells, cell)
			}
		}
	}
	if c.rule.When != nil && c.stands() {
		read(c.rule.When.Reads(&c.env))
	}
	for _, p := range c.rule.Message {
		if p.Value != nil && c.stands() {
			read(p.Value.Reads(&c.env))
		}
	}
	for i := len(c.at) - 1; i >= 0 && len(cells) == 0; i-- {
		read(c.rule.Loops[i].Cells(&c.env, c.at[i]))
	}
	return cells
}

// operand tells one statement of a cell.
func (c *checker) operand(cell int, st *dataset.Statement) finding.Operand {
	field := c.data.Facts()[cell].Field
	at := st.Span.Position()
	address := c.data.Address(cell)
	o := finding.Operand{
		Field: address, Label: c.data.Schema.Label(address), Text: strings.Clone(st.Text), Unit: field.Unit, Decimals: -1,
	}
	from, path, document := c.data, cmp.Or(c.out.Input.Within, c.path), c.document
	if c.origins != nil {
		from = c.data.Origin(cell)
		other := c.origins[from]
		path, document = cmp.Or(other.within, other.path), other.document
	}
	if f := st.Span.File; f != nil && f.Path != "" {
		// A dataset may have been put together from several files.
		path = f.Path
	}
	if !document {
		o.Data = finding.Place{Path: path, Line: at.Line, Column: at.Column, Cell: st.Span.Cell()}
	}
	o.Place = o.Data
	if p := st.Place; !p.IsZero() {
		o.Place = finding.Place{
			Path: strings.Clone(from.Source), Line: p.Line, Column: p.Column, Page: p.Page, Cell: strings.Clone(p.Cell),
			Section: strings.Clone(from.Section(p)),
		}
	}
	if field.Type == dataset.Percent {
		o.Unit = "%"
	}
	if field.UnitFrom != nil {
		o.Unit = strings.Clone(st.In)
	}
	if field.Type.Numeric() && !st.Number.Has(number.Missing) {
		o.Value = st.Value().String()
		if d := st.Number.Decimals; d != number.Exact {
			o.Decimals = int(d)
			o.Value = st.Value().StringFixed(max(int32(d), 0))
		}
	}
	return o
}

const restatedTitle = "同一数字多处表述一致"

// restated checks that all statements of each field agree.
func (c *checker) restated(p *rule.Pack) {
	for _, again := range c.data.Restated {
		if again.Agree && !c.options.All {
			c.passed(1)
			continue
		}
		cell := again.Cell
		fact := &c.data.Facts()[cell]
		var stated []*dataset.Statement
		for i := range fact.Statements {
			if !fact.Statements[i].Blank {
				stated = append(stated, &fact.Statements[i])
			}
		}
		j := restatement(fact.Field, stated, c.data.Rounding)
		c.add(j.Verdict)
		if j.Verdict == finding.Pass && !c.options.All {
			continue
		}
		if c.brief {
			c.out.add(finding.Finding{Verdict: j.Verdict, Instance: c.data.Address(cell)}, c.index)
			continue
		}
		f := finding.Finding{
			Rule: rule.RestatedID, Title: restatedTitle, Pack: builtinPack, Verdict: j.Verdict, Near: j.Near,
			Severity: finding.Info, Instance: c.data.Address(cell), Left: j.Left, Right: j.Right, Difference: j.Difference,
			Tolerance: "exact",
		}
		if j.Verdict == finding.Fail {
			f.Severity = p.Restated
			if j.Near {
				f.Severity = p.RestatedNear
			}
		}
		c.label(f.Instance)
		f.Message = fmt.Sprintf("%s：%s ≠ %s", c.out.Labels[f.Instance], j.Left, j.Right)
		for _, st := range stated {
			f.Operands = append(f.Operands, c.operand(cell, st))
		}
		c.found(f)
		if c.options.Suspects && f.Verdict == finding.Fail && fact.Field.Type.Numeric() {
			for _, st := range stated {
				c.repair(cell, number.RatOf(st.Value()))
			}
		}
	}
	c.why.Reason = notApplicable
}

// builtinPack is the pack of the rules that every pack has.
const builtinPack = "gouji"

// restatement compares the statements of one field.
func restatement(f *dataset.Field, stated []*dataset.Statement, m number.Mode) expression.Judgement {
	j := expression.Judgement{Verdict: finding.Pass, Left: stated[0].Text, Right: stated[1].Text}
	if !f.Type.Numeric() {
		first := stated[0]
		for _, st := range stated[1:] {
			agree := dataset.Fold(st.Text) == dataset.Fold(first.Text)
			switch f.Type {
			case dataset.Date:
				agree = dataset.CompareDates(first.Number, st.Number) == 0
			case dataset.Bool:
				agree = first.Number.Coef == st.Number.Coef
			}
			if !agree {
				j.Verdict, j.Right = finding.Fail, st.Text
				break
			}
		}
		return j
	}
	d := number.Exact
	var values []number.Rat
	var far number.Rat
	for _, st := range stated {
		v := number.RatOf(st.Value())
		values = append(values, v)
		d = min(d, st.Number.Decimals)
		if diff := values[0].Sub(v); diff.CmpAbs(far) > 0 {
			far, j.Right = diff, st.Text
		}
	}
	agree, near := expression.Same(values, d, m)
	j.Near = near
	if !agree {
		j.Verdict = finding.Fail
	}
	shown := max(int(stated[0].Number.Decimals), 0)
	if stated[0].Number.Decimals == number.Exact {
		shown = 0
	}
	j.Difference = number.FormatFixed(far, shown, shown+4)
	return j
}
