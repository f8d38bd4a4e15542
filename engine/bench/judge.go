package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/gouji/gouji/engine/sample"
)

// bureau is n units, of which the last is broken and the others are not.
func bureau(n int) []*sample.Unit {
	var units []*sample.Unit
	for i := 0; len(units) < n; i++ {
		if u := sample.New(seed, i); u.Broken == (len(units) == n-1) {
			units = append(units, u)
		}
	}
	return units
}

// failures are the rules of each unit that do not hold, as a form says.
func (f form) failures(units []*sample.Unit) ([][]int, error) {
	judge, err := f.prepare(units)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	all := make([][]int, len(units))
	// What is left of one time must not change the next.
	for range 2 {
		clear(all)
		if err := judge(func(unit, rule int) { all[unit] = append(all[unit], rule) }); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	for i := range all {
		slices.Sort(all[i])
		all[i] = slices.Compact(all[i])
	}
	return all, nil
}

// alike proves that all forms find the same rules broken in the same units: two in each broken one, none elsewhere.
func alike(units []*sample.Unit) error {
	broken := []int{5*sample.SectionRules + 1, 5*sample.SectionRules + 17}
	for _, f := range forms {
		all, err := f.failures(units)
		if err != nil {
			return err
		}
		for i, got := range all {
			if units[i].Broken && !slices.Equal(got, broken) || !units[i].Broken && len(got) > 0 {
				return fmt.Errorf("%s, unit %d, broken %v: rules %v do not hold", f.name, i, units[i].Broken, got)
			}
		}
	}
	return nil
}

// long is how long a form judges at least, again and again.
const long = 500 * time.Millisecond

// judging measures how long a form takes to judge one of a hundred datasets, one of which is broken.
func judging(name string) (cost, error) {
	at := slices.IndexFunc(forms, func(f form) bool { return f.name == name })
	if at < 0 {
		return cost{}, fmt.Errorf("no form %q", name)
	}
	units := bureau(100)
	judge, err := forms[at].prepare(units)
	if err != nil {
		return cost{}, err
	}
	found := 0
	fail := func(int, int) { found++ }
	if err := judge(fail); err != nil {
		return cost{}, err
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin, err := processor()
	if err != nil {
		return cost{}, err
	}
	for n := 1; ; n++ {
		if err := judge(fail); err != nil {
			return cost{}, err
		}
		now, err := processor()
		if err != nil {
			return cost{}, err
		}
		if spent := now - begin; spent >= long {
			runtime.ReadMemStats(&after)
			judged := n * len(units)
			if found != 2*(n+1) {
				return cost{}, fmt.Errorf("%s finds %d in %d rounds", name, found, n+1)
			}
			return cost{Processor: spent, Datasets: judged, Allocations: float64(after.Mallocs-before.Mallocs) / float64(judged)}, nil
		}
	}
}
