package engine

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/entities"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/run"
)

// This file reads the list of entities and holds it against the datasets that come.

// list reads the list of entities that the options name. It tells what is wrong with it; with errors the check ends.
func (c *checking) list(ctx context.Context) error {
	if c.options.EntityList == "" {
		return nil
	}
	files, name := c.options.source(c.options.EntityList)
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	var list *entities.List
	var wrong diag.List
	plain, err := reader.Decompress(name, newCounted(name, f))
	if err == nil {
		defer plain.Close()
		list, wrong, err = entities.Read(ctx, name, plain)
	}
	if at := (*fs.PathError)(nil); err != nil && !errors.As(err, &at) {
		err = &fs.PathError{Op: "read", Path: name, Err: err}
	}
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		if err := c.sink.Wrong(wrong); err != nil {
			return err
		}
	}
	if list == nil {
		return errBadList
	}
	if c.options.Options.Entities = list; c.options.Take == nil {
		c.roll = &roll{list: list, periods: map[rollKey]*rollPeriod{}}
	}
	return nil
}

// misplaced tells of a dataset that names another parent than the list of entities.
func (p *piece) misplaced(item *run.Item) {
	d, list := item.Dataset, p.options.Entities
	e, ok := list.Find(d.Entity)
	if !ok || d.Parent == "" || e.Parent() == "" || dataset.Fold(list.Called(d.Parent)) == dataset.Fold(e.Parent()) {
		return
	}
	p.list.Add(diag.New(diag.EntityParent, item.Where(), d.Entity, d.Parent, e.Parent()).WithRelated(diag.EntityListed, e.Span()))
}

// mostPeriods is of how many periods, the latest, it is told which entities are absent.
const mostPeriods = 64

// mostUnlisted is how many entities that are not listed are named.
const mostUnlisted = 20

// roll notes of which entities datasets came.
type roll struct {
	list     *entities.List
	periods  map[rollKey]*rollPeriod
	unlisted int
	examples []string
}

type rollKey struct {
	period string
	budget bool
}

// compare puts the later first, of each period accounts before budgets.
func (k rollKey) compare(other rollKey) int {
	order := func(k rollKey) int {
		if k.budget {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(other.period, k.period), cmp.Compare(order(k), order(other)))
}

// rollPeriod are the entities that came, by the bits of their indexes.
type rollPeriod struct {
	came  []uint64
	count int
}

func (p *rollPeriod) has(e entities.Entity) bool { return p.came[e.Index()/64]>>(e.Index()%64)&1 > 0 }

// add notes a dataset.
func (r *roll) add(in *finding.Input) {
	if r == nil {
		return
	}
	e, listed := r.list.Find(in.Entity)
	if !listed {
		r.unlisted++
		if len(r.examples) < mostUnlisted && !slices.Contains(r.examples, in.Entity) {
			r.examples = append(r.examples, in.Entity)
		}
	}
	k := rollKey{run.Period(in.Period), dataset.KindOf(in.Kind).Budget}
	if p := r.period(k); p != nil && listed && !p.has(e) {
		p.came[e.Index()/64] |= 1 << (e.Index() % 64)
		p.count++
	}
}

// period is what came of a period, nil where that is not noted.
func (r *roll) period(k rollKey) *rollPeriod {
	p := r.periods[k]
	if p != nil || k.period == "" {
		return p
	}
	if len(r.periods) == mostPeriods {
		earliest := slices.MaxFunc(slices.Collect(maps.Keys(r.periods)), rollKey.compare)
		if k.compare(earliest) > 0 {
			return nil
		}
		delete(r.periods, earliest)
	}
	p = &rollPeriod{came: make([]uint64, r.list.Names()/64+1)}
	r.periods[k] = p
	return p
}

// report is what there is to tell in the end.
func (r *roll) report() *finding.Roll {
	if r == nil {
		return nil
	}
	out := &finding.Roll{Path: r.list.Path(), Listed: r.list.Len(), Unlisted: r.unlisted, Examples: r.examples}
	for _, k := range slices.SortedFunc(maps.Keys(r.periods), rollKey.compare) {
		p := r.periods[k]
		out.Periods = append(out.Periods, finding.RollPeriod{
			Period: k.period, Budget: k.budget, Absent: r.list.Len() - p.count,
			Entities: func(yield func(finding.RollEntity) bool) {
				for e := range r.list.All() {
					if p.has(e) {
						continue
					}
					at := e.Span().Position()
					one := finding.RollEntity{Name: e.Name(), Parent: e.Parent(), Region: e.Region()}
					one.Place = finding.Place{Path: r.list.Path(), Line: at.Line, Column: at.Column, Cell: e.Span().Cell()}
					if !yield(one) {
						return
					}
				}
			},
		})
	}
	return out
}
