package main

import (
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/sample"
)

// form is one way to judge datasets whose figures are decoded.
type form struct {
	name string
	// prepare readies the rules and the figures of units. What it gives judges all units once, and tells each rule of each
	// unit that does not hold.
	prepare func(units []*sample.Unit) (judge func(fail func(unit, rule int)) error, err error)
}

var forms = []form{
	{"by hand", byHand},
	{"gouji", byEngine},
	{"expr", byExpr},
	{"cel-go", byCEL},
	{"OPA", byOPA},
}

// byHand judges by the code that one would write for these rules alone.
func byHand(units []*sample.Unit) (func(func(unit, rule int)) error, error) {
	return func(fail func(unit, rule int)) error {
		var tallies [sample.RuleCount]sample.Tally
		for i, u := range units {
			u.Judge(&tallies)
			for r := range tallies {
				if tallies[r].Fail > 0 {
					fail(i, r)
				}
			}
		}
		return nil
	}, nil
}

// translated are the rules in another language: those of the groups, in which S stands for the group, and those on lists.
func translated(section [sample.SectionRules]string, lists [sample.ListRules]string) []string {
	var all []string
	for i := range sample.Sections {
		for _, text := range section {
			all = append(all, strings.ReplaceAll(text, "S.", "s"+strconv.Itoa(i)+"."))
		}
	}
	return append(all, lists[:]...)
}
