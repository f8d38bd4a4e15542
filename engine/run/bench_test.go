package run

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/sample"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// The mix is what package sample makes: 200 rules over 300 figures, in about the proportions of the shipped pack (sums,
// rates and shares, half of the rules with a condition, few conditionals within): ten sections with 18 rules each, and 20
// rules on lists. It is judged by the engine and by the Go that one would write by hand for these rules alone. A test holds
// the two together, the benchmark compares their speed; engine/bench measures them beside the machines of others.

// made are the figures of a dataset that has two fails or none.
func made(broken bool, from int) *sample.Unit {
	for i := from; ; i++ {
		if u := sample.New(1, i); u.Broken == broken {
			return u
		}
	}
}

// written writes the fields of a struct of hundredths as a YAML mapping.
func written(hundredths any) string {
	var parts []string
	v := reflect.ValueOf(hundredths)
	for i := range v.NumField() {
		parts = append(parts, fmt.Sprintf("%s: %s", named(v.Type().Field(i)), decimal.New(v.Field(i).Int(), -2).StringFixed(2)))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// named is the field of a dataset in the field of a struct: share_a in ShareA.
func named(f reflect.StructField) string {
	return strings.ToLower(inner.ReplaceAllString(f.Name, "${1}_$2"))
}

var inner = regexp.MustCompile(`([a-z])([A-Z])`)

// stated are the figures of a unit with two decimals each.
func stated(t testing.TB, u *sample.Unit, schema *dataset.Schema) *dataset.Dataset {
	var text strings.Builder
	text.WriteString("entity: x\nperiod: 2023\n")
	for i, s := range u.Sections {
		fmt.Fprintf(&text, "s%d: %s\n", i, written(s))
	}
	text.WriteString("projects:\n")
	for _, p := range u.Projects {
		fmt.Fprintf(&text, "- %s\n", written(p))
	}
	doc, list := yamldoc.Parse(source.New("mix.yaml", []byte(text.String())))
	if len(list) > 0 {
		t.Fatal(list)
	}
	header, list := dataset.ReadHeader(doc, false)
	d, wrong := dataset.Build(doc, header, schema)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	return d
}

// compiled is the mix as a plan.
func compiled(t testing.TB) *plan.Plan {
	pack, list, err := rule.Load(sample.Pack(), sample.PackName, sample.PackName, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, wrong := plan.Compile(pack)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	if len(p.Rules) != sample.RuleCount {
		t.Fatalf("%d rules, want %d", len(p.Rules), sample.RuleCount)
	}
	return p
}

// TestMixAgrees holds the two forms of the mix together, on figures that pass and on figures put wrong at random.
func TestMixAgrees(t *testing.T) {
	p, r := compiled(t), rand.New(rand.NewPCG(1, 2))
	texts := sample.Rules()
	fails := make([]int, sample.RuleCount)
	for round := range 100 {
		u := made(false, round)
		if round%10 > 0 {
			u.Disturb(r, 1+r.IntN(20), false)
			for i := range u.Projects {
				if round%10 == 1 {
					u.Projects[i].Executed = -1 - u.Projects[i].Executed
				}
			}
		}
		var hand [sample.RuleCount]sample.Tally
		u.Judge(&hand)
		c := checker{}
		c.check(p, stated(t, u, p.Pack.Schema), finding.Input{})
		for i, h := range hand {
			// The first tally is the built-in rule's.
			tally := c.counted.tallies[1+i]
			if tally.Pass != h.Pass || tally.NotApplicable != h.NotApplicable {
				t.Errorf("round %d: %s: the engine counts %+v, the code by hand %+v", round, texts[i].Check, tally, h)
			}
			if round%10 == 0 && (tally.Rounding+tally.Fail+tally.NotEvaluated > 0 || !tally.Bound()) {
				t.Errorf("round %d: %s does not pass: %+v", round, texts[i].Check, tally)
			}
			fails[i] += tally.Rounding + tally.Fail
		}
	}
	for i, n := range fails {
		if i < sample.Sections*sample.SectionRules {
			// The sections have the same rules: one that failed in any of them was tried.
			fails[i%sample.SectionRules] += n
		}
	}
	for i, n := range fails {
		if n == 0 && (i < sample.SectionRules || i >= sample.Sections*sample.SectionRules) {
			t.Errorf("%s never failed: the comparison proves nothing of it", texts[i].Check)
		}
	}
}

func TestBrokenMix(t *testing.T) {
	p := compiled(t)
	c := checker{}
	c.check(p, stated(t, made(true, 0), p.Pack.Schema), finding.Input{})
	failed := 0
	for _, tally := range c.counted.tallies {
		if tally.Fail > 0 {
			failed++
		}
	}
	if failed*100 != sample.RuleCount {
		t.Errorf("%d of %d rules fail, want one in a hundred", failed, sample.RuleCount)
	}
}

// TestPassingAllocatesNothing: what a dataset costs in allocations does not grow with the rules that pass.
func TestPassingAllocatesNothing(t *testing.T) {
	p := compiled(t)
	d := stated(t, made(false, 0), p.Pack.Schema)
	allocations := func(from, to int) float64 {
		part := plan.Plan{Pack: p.Pack, Rules: p.Rules[from:to], Screens: p.Screens[from:to]}
		c := checker{}
		return testing.AllocsPerRun(100, func() { c.check(&part, d, finding.Input{}) })
	}
	without := allocations(0, 0)
	for i, text := range sample.Rules() {
		if got := allocations(i, i+1); got != without {
			t.Errorf("%s allocates %v times", text.Check, got-without)
		}
	}
	if got := allocations(0, sample.RuleCount); got != without {
		t.Errorf("all rules allocate %v times", got-without)
	}
}

// BenchmarkMix measures one dataset: the engine judging it, and the code by hand.
func BenchmarkMix(b *testing.B) {
	for _, figures := range []struct {
		name   string
		broken bool
	}{{"passing", false}, {"broken", true}} {
		p, u := compiled(b), made(figures.broken, 0)
		d := stated(b, u, p.Pack.Schema)
		c := checker{}
		var tallies [sample.RuleCount]sample.Tally
		engine := func() { c.check(p, d, finding.Input{}) }
		hand := func() { u.Judge(&tallies) }
		for _, form := range []struct {
			name string
			run  func()
		}{{"engine", engine}, {"hand", hand}} {
			b.Run(figures.name+"/"+form.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					form.run()
				}
			})
		}
		// The two take turns, and the best of many turns counts: the ratio holds also on a machine that is busy.
		b.Run(figures.name+"/ratio", func(b *testing.B) {
			e, h := never, never
			for b.Loop() {
				e = min(e, timed(20, engine))
				h = min(h, timed(20, hand))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(e)/float64(h), "engine/hand")
		})
	}
}

const never = time.Duration(math.MaxInt64)

func timed(n int, f func()) time.Duration {
	begin := time.Now()
	for range n {
		f()
	}
	return time.Since(begin)
}
