package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/sample"
)

// All forms find the same rules broken in the same datasets.
func TestAllJudgeAlike(t *testing.T) {
	if err := alike(bureau(40)); err != nil {
		t.Error(err)
	}
}

// failures are those of a form.
func failures(t *testing.T, f form, units []*sample.Unit) [][]int {
	t.Helper()
	all, err := f.failures(units)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The forms that know no roundings agree on figures that are put wrong at random, until every rule was broken once.
func TestPeersAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rules := sample.Rules()
	var units []*sample.Unit
	for i := range 100 {
		u := sample.New(3, i)
		// Of what is negative the forms round quotients in ways of their own.
		u.Disturb(r, 1+r.IntN(20), i%2 == 0)
		if i == 1 {
			for j := range u.Projects {
				u.Projects[j].Executed = -1 - u.Projects[j].Executed
			}
		}
		units = append(units, u)
	}
	want := failures(t, forms[0], units)
	broken := map[int]bool{}
	for _, f := range forms {
		if f.name == "gouji" {
			continue
		}
		for i, got := range failures(t, f, units) {
			for n, rule := range rules {
				if i%2 == 1 && strings.Contains(rule.Check, "/") {
					continue
				}
				holds := !slices.Contains(want[i], n)
				if holds == slices.Contains(got, n) {
					t.Errorf("%s, unit %d: %s holds by hand: %v", f.name, i, rule.Check, holds)
				}
				if !holds {
					broken[n] = true
				}
			}
		}
	}
	for n, rule := range rules {
		if !broken[n] && n >= sample.Sections*sample.SectionRules {
			t.Errorf("%s never failed: the comparison proves nothing of it", rule.Check)
		}
	}
	for kind := range sample.SectionRules {
		tried := false
		for i := range sample.Sections {
			tried = tried || broken[i*sample.SectionRules+kind]
		}
		if !tried {
			t.Errorf("%s never failed: the comparison proves nothing of it", rules[kind].Check)
		}
	}
}
