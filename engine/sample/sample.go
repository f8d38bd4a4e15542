// Package sample makes the datasets of a whole bureau from a seed, and the pack that judges them: for benchmarks, for
// trials of size, and for tests that compare one reader with another.
//
// Every dataset has 300 figures, in ten groups and a list, nested and printed as published ones are: trailing zeros
// dropped here and there, thousand separators, blanks for zeros, words of direction, places, one figure in ten printed
// twice. All 200 rules of the pack hold, but in one dataset of a hundred. The same seed gives the same bytes anywhere.
// It needs no file and no other package of the engine.
package sample

import (
	"math/rand/v2"
	"reflect"
	"strconv"
)

const (
	// Sections is the number of groups and Projects that of the rows of the list.
	Sections = 10
	Projects = 20
	// Figures counts the figures of a dataset, a figure printed twice as one.
	Figures = Sections*sectionFields + Projects*projectFields
)

const (
	sectionFields = 20
	projectFields = 5
)

// Section is a group of figures; amounts are in hundredths of 万元, rates and shares in hundredths of a percent.
type Section struct {
	Total, A, B, C, D, E, F, G, H, Basic, Project, Stated, Budget, Last, Change, Rate, Growth, ShareA, ShareBasic, ShareProject int64
}

// Project is a row of the list, in hundredths like Section.
type Project struct {
	Budget, Executed, Surplus, Previous, Rate int64
}

// Unit is one dataset.
type Unit struct {
	// Number is its place among those of the seed; Entity and Period name it.
	Number         int
	Entity, Period string
	Sections       [Sections]Section
	Projects       [Projects]Project
	// Broken: two rules do not hold.
	Broken bool
	// print draws how figures are printed.
	print rand.PCG
}

// New makes dataset number i of a seed, in any order.
func New(seed uint64, i int) *Unit {
	u := &Unit{Number: i, Entity: "第" + strconv.Itoa(i+1) + "号单位", Period: "2023"}
	source := rand.NewPCG(seed, uint64(i))
	r := rand.New(source)
	u.fill(r)
	// One of a hundred, and always the same ones of a seed.
	if u.Broken = r.IntN(100) == 0; u.Broken {
		u.Sections[5].Stated += 100
	}
	u.print.Seed(r.Uint64(), r.Uint64())
	return u
}

// fill makes figures of which all rules hold.
func (u *Unit) fill(r *rand.Rand) {
	var budget, executed, previous, continued int64
	for i := range u.Projects {
		p := &u.Projects[i]
		p.Budget = 1 + r.Int64N(500_00)
		p.Executed = 1 + r.Int64N(p.Budget)
		if i == 3 {
			p.Executed = 0
		}
		if i%4 != 0 {
			p.Previous = 1 + r.Int64N(500_00)
			continued += p.Executed
		}
		p.Surplus = p.Budget - p.Executed
		p.Rate = percent(p.Executed, p.Budget)
		budget, executed, previous = budget+p.Budget, executed+p.Executed, previous+p.Previous
	}
	totals := [Sections]int64{executed, budget, budget - executed, previous, budget - executed, continued, executed + 1, executed}
	for i := range u.Sections {
		s := &u.Sections[i]
		if s.Total = totals[i]; s.Total == 0 {
			s.Total = 2000_00 + r.Int64N(5000_00)
		}
		for j, part := range []*int64{&s.A, &s.B, &s.C, &s.D, &s.E, &s.F, &s.G} {
			// Some parts are zero, which is where blanks come from.
			if j%3 != 2 || r.IntN(3) > 0 {
				*part = 1 + r.Int64N(max(s.Total/8, 1))
			}
		}
		s.H = s.Total - s.A - s.B - s.C - s.D - s.E - s.F - s.G
		s.Basic, s.Project = s.A+s.B+s.C, s.D+s.E+s.F+s.G+s.H
		s.Stated = s.Total
		s.Budget = s.Total + r.Int64N(1000_00)
		if i == 7 {
			s.Budget = budget
		}
		s.Last = s.Total - min(5_00+r.Int64N(10_00), s.Total/3)
		s.Change = s.Total - s.Last
		s.Rate, s.Growth = percent(s.Total, s.Budget), percent(s.Change, s.Last)
		s.ShareA, s.ShareBasic, s.ShareProject = percent(s.A, s.Total), percent(s.Basic, s.Total), percent(s.Project, s.Total)
	}
}

// percent is n/d·100 in hundredths, half away from zero.
func percent(n, d int64) int64 {
	n *= 100_00
	if (n < 0) != (d < 0) {
		return (n - d/2) / d
	}
	return (n + d/2) / d
}

// Disturb changes n figures of the groups and as many of the rows at random, by a little or by much. No figure becomes 0,
// and where positive is true none falls below.
func (u *Unit) Disturb(r *rand.Rand, n int, positive bool) {
	change := func(v reflect.Value) {
		by := []int64{-1, 1, 5, -300, 1000_00, -1000_00, -20_000_00, 20_000_00}[r.IntN(8)]
		at := v.Field(r.IntN(v.NumField()))
		if now := at.Int() + by; now > 0 || now < 0 && !positive {
			at.SetInt(now)
		}
	}
	for range n {
		change(reflect.ValueOf(&u.Sections[r.IntN(Sections)]).Elem())
		change(reflect.ValueOf(&u.Projects[r.IntN(Projects)]).Elem())
	}
}

// figures are the figures of a group in the order of sectionNames.
func (s *Section) figures() [sectionFields]int64 {
	return [...]int64{
		s.Total, s.A, s.B, s.C, s.D, s.E, s.F, s.G, s.H, s.Basic, s.Project, s.Stated, s.Budget, s.Last, s.Change, s.Rate, s.Growth,
		s.ShareA, s.ShareBasic, s.ShareProject,
	}
}

// figures are the figures of a row in the order of projectNames.
func (p *Project) figures() [projectFields]int64 {
	return [...]int64{p.Budget, p.Executed, p.Surplus, p.Previous, p.Rate}
}
