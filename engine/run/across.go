package run

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/entities"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/sorter"
	"github.com/gouji/gouji/engine/source"
)

// Causes why a rule across datasets is not evaluated.
const (
	// CauseNoPartner: there is no dataset of the entity and period that it needs.
	CauseNoPartner = "no-partner"
	// CauseSeveralPartners: there are several, and none of them is taken.
	CauseSeveralPartners = "several-partners"
)

// Across judges the rules that look at other datasets. All datasets are added first, in any order and by any number of
// goroutines; of each only what these rules read is kept, in order of entity and period, in files where memory is short.
// Then every dataset is judged together with its partners:
//
//   - prior is the dataset of the same entity and kind of the period before, and its prior that of two before;
//   - budget is that of the same entity and period whose kind is a budget;
//   - children are those of the same period whose header names the entity as their parent.
//
// A list of entities in the options goes before the headers: it says what is above an entity, and that further names are
// those of one. Where it lists a child of which no dataset is there, rules about the children are not evaluated.
//
// Partners are judged by the same pack. Of several that could be meant none is taken.
//
// Rules about like entities are judged at the same time: see peers.go. They are not where the data are partial, nor are those
// about children.
type Across struct {
	options Options
	sorter  *sorter.Sorter
	// values are what instances hold against those of like entities, and standings where they stand among these.
	values, standings *sorter.Sorter
	collectors        sync.Pool

	mu    sync.Mutex
	plans map[string]*plan.Plan
	rules map[*plan.Plan][]finding.Rule
	// first says of which dataset, by its number, the reason is why a rule decided nothing.
	first map[*plan.Plan][]uint64
}

// AcrossMemory is how many bytes of datasets stay in memory while they are sorted.
const AcrossMemory = 16 << 20

// NewAcross begins. Files are written in dir, the system's folder for temporary files where that is "", when the datasets
// take more than memory bytes, or what they hold against one another more than half as many.
func NewAcross(o Options, dir string, memory int) *Across {
	o.Suspects = false
	return &Across{
		options: o, sorter: sorter.New(dir, memory), values: sorter.New(dir, memory/2), standings: sorter.New(dir, memory/2),
		plans: map[string]*plan.Plan{}, rules: map[*plan.Plan][]finding.Rule{}, first: map[*plan.Plan][]uint64{},
	}
}

// AcrossRecord is what the rules across datasets need of one dataset, plainly.
type AcrossRecord struct {
	// Entity is the name by which partners find it, and Parent that of the entity above it.
	Entity, Period, Kind, Parent string
	// Value holds its paths and the figures that the rules read.
	Value []byte
	// Peers are what rules about like entities hold against those of other datasets.
	Peers []PeerRecord
}

// Add adds a dataset. Numbers tell datasets apart and put those that are alike in order. The dataset may be changed afterwards.
func (a *Across) Add(number uint64, item *Item) error {
	r := a.Record(item)
	if r == nil {
		return nil
	}
	return a.AddRecord(number, item.Plan, r)
}

// Record is what Add takes of a dataset; nil where no rule needs it.
func (a *Across) Record(item *Item) *AcrossRecord {
	p := item.Plan
	if p.Across == nil || !slices.ContainsFunc(p.Across.Rules, func(r *plan.Rule) bool { return a.options.Runs(r.ID) }) {
		return nil
	}
	value := appendText(appendText(nil, item.Path), item.Within)
	document := byte(0)
	if item.Document {
		document = 1
	}
	d, of := item.Dataset, a.options.Entities
	parent, _ := of.Above(d.Entity, d.Parent)
	return &AcrossRecord{
		Entity: strings.Clone(of.Called(d.Entity)), Period: strings.Clone(d.Period), Kind: strings.Clone(d.Kind), Parent: strings.Clone(parent),
		Value: p.Across.Projection.Append(append(value, document), p.Across.Projection.Dataset(d)),
		Peers: a.collect(item),
	}
}

// AddRecord is Add of a dataset of a plan whose record is at hand.
func (a *Across) AddRecord(number uint64, p *plan.Plan, d *AcrossRecord) error {
	value := d.Value
	name := p.Pack.ID + "\n" + p.Pack.Dir
	a.mu.Lock()
	a.plans[name] = p
	a.mu.Unlock()
	span, at, _ := periodOf(d.Period)
	entity := dataset.NameKey(d.Entity)
	if span == noPeriod {
		// What is of no certain period has no partners, but may be there twice.
		entity += "\n" + dataset.NameKey(d.Period)
	}
	key := func(entity string, rank byte, call string) []byte {
		k := append(append([]byte(name), 0), entity...)
		k = append(binary.BigEndian.AppendUint32(append(k, 0, span), uint32(at)), rank)
		return binary.BigEndian.AppendUint64(append(append(k, call...), 0), number)
	}
	rank := accounts
	if kind := dataset.KindOf(d.Kind); kind.Budget {
		rank = budgets
	} else if kind.Of == dataset.OfDepartment {
		rank = departments
	}
	own := key(entity, rank, dataset.NameKey(d.Kind))
	if err := a.sorter.Add(own, value); err != nil {
		return err
	}
	if err := a.addPeers(name, d, span, at, own); err != nil {
		return err
	}
	if parent := dataset.NameKey(d.Parent); parent != "" && parent != entity && span != noPeriod && p.Across.Join.Has(dataset.Children) {
		return a.sorter.Add(key(parent, child, entity+"\n"+dataset.NameKey(d.Kind)), value)
	}
	return nil
}

// The ranks of what stands together under an entity and a period, in the order in which it is needed.
const (
	child byte = iota
	budgets
	departments
	accounts
)

// member is a dataset of a group.
type member struct {
	plan   *plan.Plan
	number uint64
	// under is the entity that it is sorted by, with the plan and the length of the period; at counts periods.
	under string
	at    int
	rank  byte
	// call is what tells it apart from others of the rank: its kind, of a child also its entity.
	call  string
	value []byte

	once     sync.Once
	path     string
	within   string
	document bool
	data     *dataset.Dataset
	err      error
}

// memberOf reads what Add wrote.
func (a *Across) memberOf(key, value []byte) *member {
	name := bytes.IndexByte(key, 0)
	entity := name + 1 + bytes.IndexByte(key[name+1:], 0)
	tail := key[entity+1:]
	m := &member{under: string(key[:entity+2]), value: slices.Clone(value), rank: tail[5]}
	m.at, m.call = int(binary.BigEndian.Uint32(tail[1:])), string(tail[6:len(tail)-9])
	m.number = binary.BigEndian.Uint64(tail[len(tail)-8:])
	m.plan = a.plans[string(key[:name])]
	return m
}

// read gives the member its dataset.
func (m *member) read() error {
	m.once.Do(func() {
		path, rest, ok := cutText(m.value)
		within, rest, also := cutText(rest)
		if !ok || !also || len(rest) == 0 {
			m.err = dataset.ErrDamaged
			return
		}
		m.path, m.within, m.document = path, within, rest[0] == 1
		m.data, m.err = m.plan.Across.Projection.Read(rest[1:])
		m.value = nil
	})
	return m.err
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func cutText(b []byte) (s string, rest []byte, ok bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return "", nil, false
	}
	return string(b[size : size+int(n)]), b[size+int(n):], true
}

// Periods are years, or months: each is followed by the next of the same length.
const (
	noPeriod byte = iota
	years
	months
)

// periodOf counts the period of a dataset; span is its length, and ok is false where it is neither a year nor a month.
func periodOf(text string) (span byte, at int, ok bool) {
	d, ok := dataset.ParseDate(text)
	if !ok {
		return noPeriod, 0, false
	}
	year, month := int(d.Coef/10000), int(d.Coef/100%100)
	switch {
	case d.Coef%100 != 0:
		return noPeriod, 0, false
	case month != 0:
		return months, year*12 + month - 1, true
	}
	return years, year, true
}

// Period is the year or month of a dataset, as in 2023 and 2023-05, by which other datasets find it; "" where it is none.
func Period(text string) string {
	span, at, ok := periodOf(text)
	if !ok {
		return ""
	}
	return periodText(span, at)
}

// periodText writes a period that periodOf counts.
func periodText(span byte, at int) string {
	if span == months {
		return fmt.Sprintf("%04d-%02d", at/12, at%12+1)
	}
	return fmt.Sprint(at)
}

// AcrossOutcome is what the rules across datasets say of one dataset.
type AcrossOutcome struct {
	// Number is that by which the dataset was added.
	Number uint64
	// Outcome says of the input no more than its paths, entity and period.
	finding.Outcome
	// Diagnostics tell of datasets that are there twice.
	Diagnostics diag.List
}

// group is the work that a dataset makes: it is judged with the others of its entity at hand.
type group struct {
	own *member
	// before are the datasets of the entity of its period, of the one before and of the one before that; children those
	// below it. Of those that are called alike there are two at most.
	before   [3][]*member
	children []*member
	// first is one that says to be the same as it and came earlier; nil where there is none.
	first     *member
	standings []standing
	out       chan judged
}

type judged struct {
	outcome *AcrossOutcome
	plan    *plan.Plan
	tallies []finding.Tally
	why     []finding.Unbound
	err     error
}

// Judge judges what was added and calls emit for each dataset, in the order of packs, entities and periods, one at a
// time. It stops at the first error, also of emit, and when ctx is done.
func (a *Across) Judge(ctx context.Context, emit func(*AcrossOutcome) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	jobs := a.options.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	if err := a.compare(ctx); err != nil {
		return err
	}
	// Whoever waits in one queue waits in the other as well, so that outcomes come in order.
	work, order := make(chan *group, jobs), make(chan *group, 2*jobs)
	var wait sync.WaitGroup
	for range jobs {
		wait.Go(func() {
			c := &checker{options: a.options}
			for g := range work {
				g.out <- c.together(g)
			}
		})
	}
	var read error
	wait.Go(func() {
		defer close(order)
		defer close(work)
		read = a.groups(func(g *group) error {
			g.out = make(chan judged, 1)
			for _, queue := range []chan *group{order, work} {
				select {
				case queue <- g:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
	})
	for g := range order {
		var r judged
		select {
		case r = <-g.out:
		case <-ctx.Done():
			continue
		}
		if ctx.Err() != nil {
			continue
		}
		if r.err == nil {
			a.count(r)
			r.err = emit(r.outcome)
		}
		if r.err != nil {
			cancel(r.err)
		}
	}
	wait.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return read
}

// groups finds the groups of all datasets, in order. In memory are those of an entity and three periods.
func (a *Across) groups(visit func(*group) error) error {
	var before [3][]*member
	var children []*member
	under, at := "", 0
	// last is the first of those that are called as the one at hand, and alike counts these.
	var last *member
	alike := 0
	standings, err := a.standingsInOrder()
	if err != nil {
		return err
	}
	return a.sorter.Sorted(func(key, value []byte) error {
		m := a.memberOf(key, value)
		if m.under != under || m.at != at {
			switch passed := m.at - at; {
			case m.under != under || passed > 2:
				before = [3][]*member{}
			case passed == 2:
				before = [3][]*member{nil, nil, before[0]}
			default:
				before = [3][]*member{nil, before[0], before[1]}
			}
			under, at, children, last = m.under, m.at, nil, nil
		}
		if last == nil || last.rank != m.rank || last.call != m.call {
			last, alike = m, 0
		}
		alike++
		if m.rank == child {
			if alike <= 2 {
				children = append(children, m)
			}
			return nil
		}
		g := &group{own: m, before: before, children: children}
		var err error
		if g.standings, err = standings.of(key); err != nil {
			return err
		}
		if alike > 1 {
			g.first = last
		}
		if alike <= 2 {
			before[0] = append(before[0], m)
		}
		return visit(g)
	})
}

// count adds an outcome to what is said of the rules.
func (a *Across) count(r judged) {
	rules := a.rules[r.plan]
	if rules == nil {
		for _, one := range r.plan.Across.Rules {
			rules = append(rules, finding.Rule{ID: one.ID, Title: one.Title, Severity: one.Severity})
		}
		a.rules[r.plan], a.first[r.plan] = rules, make([]uint64, len(rules))
	}
	for i := range rules {
		rules[i].Tally.Merge(r.tallies[i])
		if first := &a.first[r.plan][i]; r.why[i].Reason != "" && (rules[i].Unbound.Reason == "" || r.outcome.Number < *first) {
			rules[i].Unbound, *first = r.why[i], r.outcome.Number
		}
	}
}

// Rules are what there is to say of the rules over all datasets, once these were judged; those of packs come in the order of their names.
func (a *Across) Rules() []finding.Rule {
	var all []finding.Rule
	index := map[string]int{}
	names := make([]string, 0, len(a.plans))
	for name := range a.plans {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, r := range a.rules[a.plans[name]] {
			if !a.options.Runs(r.ID) {
				continue
			}
			if i, known := index[r.ID]; known {
				all[i].Tally.Merge(r.Tally)
				continue
			}
			index[r.ID] = len(all)
			all = append(all, r)
		}
	}
	for i := range all {
		if all[i].Tally.Bound() {
			all[i].Unbound = finding.Unbound{}
		}
	}
	return all
}

// Judges reports whether a rule of that id is judged of those that were added.
func (a *Across) Judges(id string) bool {
	for _, p := range a.plans {
		for _, r := range p.Across.Rules {
			if r.ID == id && a.options.Runs(id) && a.options.judgesAcross(r) {
				return true
			}
		}
	}
	return false
}

// Close removes what was written.
func (a *Across) Close() error {
	return errors.Join(a.sorter.Close(), a.values.Close(), a.standings.Close())
}

// together judges the dataset of a group, and turns a panic into a fault.
func (c *checker) together(g *group) (j judged) {
	defer func() {
		if p := recover(); p != nil {
			f := &Fault{Path: g.own.path, Panic: p, Stack: debug.Stack()}
			if c.rule != nil {
				f.Rule = c.rule.ID
			}
			j.err = f
		}
	}()
	members := slices.Concat(g.before[0], g.before[1], g.before[2], g.children, []*member{g.own})
	if g.first != nil {
		members = append(members, g.first)
	}
	for _, m := range members {
		if err := m.read(); err != nil {
			return judged{err: fmt.Errorf("read sorted datasets: %w", err)}
		}
	}
	across, own := g.own.plan.Across, g.own
	t := newPartners(g, c.options.Entities)
	d := across.Join.Dataset(own.data, t.together)
	c.data, c.path, c.document = d, own.path, own.document
	c.origins, c.peers = t.members, peers{standings: g.standings}
	c.out = &result{plan: own.plan}
	c.out.Input = finding.Input{
		Path: own.path, Within: own.within, Entity: own.data.Entity, Period: own.data.Period, Kind: own.data.Kind, Figures: own.data.Figures,
		Document: own.document,
	}
	c.out.Input.Parent, c.out.Input.Region = c.options.Entities.Above(own.data.Entity, own.data.Parent)
	c.env.Reset(d)
	j = judged{plan: own.plan, tallies: make([]finding.Tally, len(across.Rules)), why: make([]finding.Unbound, len(across.Rules))}
	year, mixed := d.Year(), d.Mixed()
	for i, r := range across.Rules {
		if !c.options.Runs(r.ID) {
			continue
		}
		c.rule, c.index, c.screen, c.tally, c.why = r, i, &across.Screens[i], &j.tallies[i], finding.Unbound{}
		if mixed {
			c.screen = expression.Blind()
		}
		cause, missing := t.lacking(r)
		switch {
		case !holdsIn(r, year):
			c.why.Reason = "period"
		case !c.options.judgesAcross(r):
			c.why.Reason = "partial"
		case cause == notApplicable:
			c.why.Reason = cause
			c.note(expression.Judgement{Verdict: finding.NotApplicable})
		case cause != "":
			for _, p := range r.Partners {
				c.label(p.Path())
			}
			c.note(expression.Judgement{Verdict: finding.NotEvaluated, Cause: cause, Missing: missing})
		default:
			c.run(i, r, &j.tallies[i])
		}
		if !c.tally.Bound() {
			j.why[i] = c.why
		}
	}
	c.out.Sort()
	j.outcome = &AcrossOutcome{Number: own.number, Outcome: c.out.Outcome}
	if g.first != nil {
		twice := diag.New(diag.DatasetTwice, own.where(), own.data.Entity, own.data.Period)
		j.outcome.Diagnostics.Add(twice.WithRelated(diag.DatasetFirst, g.first.where()))
	}
	return j
}

// whereEntity is where a dataset says what it is of; the path alone of what was read from a document.
func whereEntity(d *dataset.Dataset, path string, document bool) source.Span {
	for _, f := range d.Schema.Root.Fields {
		if st := d.Facts()[f.Cell].Statement(); f.Header && f.Name == "entity" && st != nil && !document {
			return st.Span
		}
	}
	return source.Span{File: source.New(path, nil)}
}

// Where is where the dataset says what it is of.
func (i *Item) Where() source.Span { return whereEntity(i.Dataset, i.Path, i.Document) }

func (m *member) where() source.Span { return whereEntity(m.data, m.path, m.document) }

// partners are the partners of a dataset, and why some of them are not there.
type partners struct {
	group    *group
	together dataset.Together
	// members are the partners by their datasets.
	members map[*dataset.Dataset]*member
	// several are the partners of which there is more than one; those of children name the entities.
	several  map[dataset.Partner]bool
	children []string
	// absent are the children that a list of entities names and of which there is no dataset.
	absent []string
}

func newPartners(g *group, listed *entities.List) *partners {
	t := &partners{group: g, members: map[*dataset.Dataset]*member{g.own.data: g.own}, several: map[dataset.Partner]bool{}}
	if _, _, ok := periodOf(g.own.data.Period); !ok {
		return t
	}
	of := dataset.KindOf(g.own.data.Kind)
	for _, p := range []struct {
		partner dataset.Partner
		from    []*member
		kind    dataset.Kind
		into    **dataset.Dataset
	}{
		{dataset.Prior, g.before[1], of, &t.together.Prior},
		{dataset.Earlier, g.before[2], of, &t.together.Earlier},
		{dataset.Budget, g.before[0], dataset.Kind{Budget: true, Of: of.Of}, &t.together.Budget},
	} {
		if p.partner == dataset.Budget && of.Budget {
			continue
		}
		m, several := pick(p.from, p.kind, false)
		if t.several[p.partner] = several; m != nil {
			*p.into = m.data
			t.members[m.data] = m
		}
	}
	if !g.own.plan.Across.Join.Has(dataset.Children) || alone(g, of) {
		return t
	}
	there := map[string]bool{}
	for rest := g.children; len(rest) > 0; {
		// Those of one entity stand together.
		entity := rest[0].entity()
		n := 1
		for n < len(rest) && rest[n].entity() == entity {
			n++
		}
		// The accounts of a department take in those of units.
		m, several := pick(rest[:n], of, true)
		switch {
		case several:
			t.children = append(t.children, rest[0].data.Entity)
		case m != nil:
			t.together.Children = append(t.together.Children, m.data)
			t.members[m.data] = m
		}
		there[entity] = m != nil || several
		rest = rest[n:]
	}
	for child := range listed.Below(g.own.data.Entity) {
		if name := child.Name(); !there[dataset.NameKey(name)] {
			t.absent = append(t.absent, name)
		}
	}
	return t
}

// alone reports whether accounts are of a unit by itself: those of its department, which take in others, are there as well.
func alone(g *group, of dataset.Kind) bool {
	return of == dataset.Kind{Of: dataset.OfUnit} && slices.ContainsFunc(g.before[0], func(m *member) bool { return m.rank == departments })
}

// entity is the name by which partners find a child.
func (m *member) entity() string {
	name, _, _ := strings.Cut(m.call, "\n")
	return name
}

// lacking says why a rule cannot be judged, and which datasets it would take; "" where it can.
func (t *partners) lacking(r *plan.Rule) (cause string, missing []string) {
	own := t.group.own
	span, at, ok := periodOf(own.data.Period)
	if !ok && (len(r.Partners) > 0 || r.Peers != nil) {
		return expression.CauseMissing, []string{"period"}
	}
	for _, p := range r.Partners {
		back, there := 0, true
		switch p {
		case dataset.Prior:
			back, there = 1, t.together.Prior != nil
		case dataset.Earlier:
			back, there = 2, t.together.Earlier != nil
		case dataset.Budget:
			if dataset.KindOf(own.data.Kind).Budget {
				return notApplicable, nil
			}
			there = t.together.Budget != nil
		case dataset.Children:
			for i, entity := range t.absent {
				if cause = cmp.Or(cause, CauseNoPartner); i == mostAbsent {
					missing = append(missing, partnerText(p, fmt.Sprintf("… +%d", len(t.absent)-i), periodText(span, at)))
					break
				}
				missing = append(missing, partnerText(p, entity, periodText(span, at)))
			}
			for _, entity := range t.children {
				cause = CauseSeveralPartners
				missing = append(missing, partnerText(p, entity, periodText(span, at)))
			}
			if len(t.together.Children)+len(t.children)+len(t.absent) == 0 {
				return notApplicable, nil
			}
			continue
		}
		if there {
			continue
		}
		if cause == "" || t.several[p] {
			cause = CauseNoPartner
			if t.several[p] {
				cause = CauseSeveralPartners
			}
		}
		missing = append(missing, partnerText(p, own.data.Entity, periodText(span, at-back)))
	}
	return cause, missing
}

// mostAbsent is how many children that are not there a rule names.
const mostAbsent = 20

// partnerText names a dataset that would be needed.
func partnerText(p dataset.Partner, entity, period string) string {
	return p.Path() + "[" + entity + " " + period + "]"
}

// pick finds the dataset of a kind: that of the very same, else the only one of which that is not told, else where others
// do as well the only one of these. several: more than one could be meant.
func pick(from []*member, k dataset.Kind, others bool) (found *member, several bool) {
	var same, like, other []*member
	for _, m := range from {
		switch is := dataset.KindOf(m.data.Kind); {
		case is.Budget != k.Budget:
		case is.Of == k.Of:
			same = append(same, m)
		case is.Of == "" || k.Of == "":
			like = append(like, m)
		case others:
			other = append(other, m)
		}
	}
	for _, these := range [][]*member{same, like, other} {
		switch len(these) {
		case 0:
			continue
		case 1:
			return these[0], false
		}
		return nil, true
	}
	return nil, false
}
