package expression_test

import (
	"fmt"
	"io/fs"
	"math/bits"
	"reflect"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/dataset/datasettest"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/sample"
)

// rule is a compiled rule.
type rule struct {
	text   string
	loops  []*expression.Loop
	screen expression.Screen
}

// bureau is the rules of the sample over its schema.
type bureau struct {
	schema *dataset.Schema
	rules  []rule
}

func newBureau(t testing.TB) *bureau {
	t.Helper()
	text, err := fs.ReadFile(sample.Pack(), sample.PackName+"/schema.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, list := dataset.ParseSchema(parsed(t, string(text)))
	if len(list) > 0 {
		t.Fatal(list)
	}
	names, list := expression.NewNames(s)
	b := &bureau{schema: s}
	for _, r := range sample.Rules() {
		b.rules = append(b.rules, b.compile(t, names.NewScope(), r))
	}
	if len(list) > 0 {
		t.Fatal(list)
	}
	return b
}

func (b *bureau) compile(t testing.TB, scope *expression.Scope, r sample.Rule) rule {
	t.Helper()
	c := rule{text: r.Check}
	var all, list diag.List
	if r.Each != "" {
		var loop *expression.Loop
		loop, _, all = scope.Loop(parsed(t, fmt.Sprintf("%q", r.Each)))
		c.loops = append(c.loops, loop)
	}
	var when *expression.Condition
	if r.When != "" {
		when, list = scope.Condition(parsed(t, fmt.Sprintf("%q", r.When)), false)
		all = append(all, list...)
	}
	check, list := scope.Check(parsed(t, fmt.Sprintf("%q", r.Check)), expression.Tolerance{}, false)
	if all = append(all, list...); len(all) > 0 {
		t.Fatal(all)
	}
	c.screen = expression.NewScreen(c.loops, when, check)
	return c
}

// data prints the figures of a unit with two decimals each, so that all units have one layout.
func (b *bureau) data(t testing.TB, u *sample.Unit) *dataset.Dataset {
	t.Helper()
	var text strings.Builder
	record := func(fields []*dataset.Field, figures reflect.Value) {
		for i, f := range fields {
			v, end := figures.Field(i).Int(), ", "
			if f.Type == dataset.Percent {
				end = "%, "
			}
			fmt.Fprintf(&text, "%s: %d.%02d%s", f.Name, v/100, v%100, end)
		}
		text.WriteString("}\n")
	}
	for i := range u.Sections {
		section := b.schema.Root.Fields[i]
		fmt.Fprintf(&text, "%s: {", section.Name)
		record(section.Fields, reflect.ValueOf(u.Sections[i]))
	}
	text.WriteString("projects:\n")
	for i := range u.Projects {
		fmt.Fprintf(&text, "- {name: 第%d号项目, ", i+1)
		record(b.schema.Root.Child("projects").Fields[1:], reflect.ValueOf(u.Projects[i]))
	}
	d, list := dataset.Build(parsed(t, text.String()), dataset.Header{}, b.schema)
	if len(list) > 0 {
		t.Fatal(list)
	}
	return d
}

// through calls visit with what is told of each rule at each row.
func (b *bureau) through(e *expression.Env, visit func(rule int, passed, unmet uint64)) {
	for i := range b.rules {
		r := &b.rules[i]
		if len(r.loops) == 0 {
			passed, unmet := r.screen.Through(e)
			visit(i, passed, unmet)
			continue
		}
		n, _ := r.loops[0].Len(e)
		for row := range n {
			r.loops[0].Enter(e, row)
			passed, unmet := r.screen.Through(e)
			visit(i, passed, unmet)
		}
	}
}

// TestSampleThrough judges stacks of the sample, and compares with the code by hand.
func TestSampleThrough(t *testing.T) {
	b := newBureau(t)
	var env expression.Env
	for _, n := range []int{1, 3, 63, 64} {
		var datasets []*dataset.Dataset
		var want [sample.RuleCount]sample.Tally
		for i := 0; len(datasets) < n; i++ {
			u := sample.New(uint64(n), i)
			if u.Broken {
				continue
			}
			datasets = append(datasets, b.data(t, u))
			var tallies [sample.RuleCount]sample.Tally
			u.Judge(&tallies)
			for k, c := range tallies {
				want[k].Pass, want[k].NotApplicable = want[k].Pass+c.Pass, want[k].NotApplicable+c.NotApplicable
			}
		}
		env.Stack(datasettest.Stack(t, datasets))
		var got [sample.RuleCount]sample.Tally
		b.through(&env, func(rule int, passed, unmet uint64) {
			got[rule].Pass += bits.OnesCount64(passed)
			got[rule].NotApplicable += bits.OnesCount64(unmet)
		})
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s of %d datasets: %+v, want %+v", b.rules[i].text, n, got[i], want[i])
			}
		}
		if n := testing.AllocsPerRun(10, func() { b.through(&env, func(int, uint64, uint64) {}) }); n > 0 {
			t.Errorf("it allocates %v times", n)
		}
	}
}

// alone is through for one dataset: it counts what is told.
func (b *bureau) alone(e *expression.Env) (told int) {
	for i := range b.rules {
		r := &b.rules[i]
		if len(r.loops) == 0 {
			if o := r.screen.Try(e); o == expression.Passed || o == expression.Unmet {
				told++
			}
			continue
		}
		n, _ := r.loops[0].Len(e)
		passed, unmet := r.screen.Over(e, r.loops[0], 0, n)
		told += bits.OnesCount64(passed | unmet)
	}
	return told
}

// BenchmarkThrough asks the sample's rules of 64 datasets: of the stack, and of one after another.
func BenchmarkThrough(b *testing.B) {
	all := newBureau(b)
	var datasets []*dataset.Dataset
	for i := range dataset.Height {
		datasets = append(datasets, all.data(b, sample.New(1, i)))
	}
	stack := datasettest.Stack(b, datasets)
	var env expression.Env
	for _, way := range []struct {
		name string
		ask  func() (told int)
	}{
		{"stack", func() (told int) {
			env.Stack(stack)
			all.through(&env, func(_ int, passed, unmet uint64) { told += bits.OnesCount64(passed | unmet) })
			return told
		}},
		{"alone", func() (told int) {
			for _, d := range datasets {
				env.Reset(d)
				told += all.alone(&env)
			}
			return told
		}},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			told := 0
			for b.Loop() {
				told = way.ask()
			}
			b.ReportMetric(float64(told)/dataset.Height, "told/dataset")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/dataset.Height, "ns/dataset")
		})
	}
}
