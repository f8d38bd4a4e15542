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

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
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
// rules on lists. It is judged in three forms: by the engine, by the Go that one would write by hand for these rules alone,
// and by expr's virtual machine on decimals. A test holds the three together, the benchmark compares their speed.

const (
	sectionRules = 18
	listRules    = 20
	rules        = sample.Sections*sectionRules + listRules
)

// figures are those of a dataset, in hundredths.
type figures struct{ *sample.Unit }

// vmText is an expression of the mix for the virtual machine, whose decimals have other functions, and where a rounded
// side has to say so.
func vmText(text string) string {
	for _, r := range vmWords {
		text = r.from.ReplaceAllString(text, r.to)
	}
	return text
}

var vmWords = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`^same\((.+), (.+)\)$`), "$1 == $2"},
	{regexp.MustCompile(`sum\((filter\(.+?\)|\w+), ([^)]+)\)`), "added(map($1, $2))"},
	{regexp.MustCompile(`^(\S+) == (.+ / .+)$`), "$1 == round2($2)"},
}

// exact: the virtual machine decides the rule without rounding or division.
func exact(r sample.Rule) bool { return !strings.Contains(r.Check, "/") }

// check is the mix by hand: how the instances of each rule came out, as far as they are told apart on the printed
// figures: pass, not applicable, or else a case for a closer look.
func (f figures) check(tallies *[rules]finding.Tally) {
	*tallies = [rules]finding.Tally{}
	for i := range f.Sections {
		s := &f.Sections[i]
		out := (*[sectionRules]finding.Tally)(tallies[i*sectionRules:])
		count(&out[0], s.Total == s.Basic+s.D+s.E+s.F+s.G+s.H)
		count(&out[1], s.Stated == s.A+s.B+s.C+s.D+s.E+s.F+s.G+s.H)
		count(&out[2], s.Basic == s.A+s.B+s.C)
		count(&out[3], s.Project == s.D+s.E+s.F+s.G+s.H)
		count(&out[4], s.Total == s.A+s.B+s.C+s.Project)
		count(&out[5], s.Change == s.Total-s.Last)
		countRate(&out[6], s.Rate, s.Total, s.Budget)
		countRate(&out[7], s.Growth, s.Change, s.Last)
		countRate(&out[8], s.ShareA, s.A, s.Total)
		countRate(&out[9], s.ShareBasic, s.Basic, s.Total)
		countRate(&out[10], s.ShareProject, s.Project, s.Total)
		count(&out[11], s.Total <= s.Budget)
		count(&out[12], s.A >= 0 && s.B >= 0 && s.C >= 0)
		count(&out[13], s.Change < s.Last)
		countWhen(&out[14], s.Total > s.Last, s.Growth > 0)
		countWhen(&out[15], s.Project > 0, s.ShareProject > 0)
		if s.Basic == 0 {
			count(&out[16], s.Project == s.Total)
		} else {
			count(&out[16], s.Project == s.Total-s.Basic)
		}
		count(&out[17], s.Total == s.Stated)
	}
	out := (*[listRules]finding.Tally)(tallies[sample.Sections*sectionRules:])
	count(&out[0], f.Sections[0].Total == f.sum(func(p *sample.Project) int64 { return p.Executed }))
	count(&out[1], f.Sections[1].Total == f.sum(func(p *sample.Project) int64 { return p.Budget }))
	count(&out[2], f.Sections[2].Total == f.sum(func(p *sample.Project) int64 { return p.Surplus }))
	count(&out[3], f.Sections[3].Total == f.sum(func(p *sample.Project) int64 { return p.Previous }))
	count(&out[4], f.Sections[4].Total == f.sum(func(p *sample.Project) int64 { return p.Budget - p.Executed }))
	count(&out[5], f.Sections[5].Total == f.sum(func(p *sample.Project) int64 {
		if p.Previous > 0 {
			return p.Executed
		}
		return 0
	}))
	count(&out[6], f.Sections[6].Total >= f.sum(func(p *sample.Project) int64 { return p.Executed }))
	budget := f.sum(func(p *sample.Project) int64 { return p.Budget })
	count(&out[7], budget != 0 &&
		f.Sections[7].Rate == percent(f.sum(func(p *sample.Project) int64 { return p.Executed }), budget))
	over, negative, executed := 0, false, false
	for i := range f.Projects {
		p := &f.Projects[i]
		over += one(p.Executed > p.Budget)
	}
	for i := range f.Projects {
		if f.Projects[i].Surplus < 0 {
			negative = true
			break
		}
	}
	for i := range f.Projects {
		if f.Projects[i].Executed > 0 {
			executed = true
			break
		}
	}
	count(&out[8], over == 0)
	count(&out[9], !negative)
	count(&out[10], executed)
	for i := range f.Projects {
		p := &f.Projects[i]
		countRate(&out[11], p.Rate, p.Executed, p.Budget)
		count(&out[12], p.Surplus == p.Budget-p.Executed)
		count(&out[13], p.Executed <= p.Budget)
		countWhen(&out[14], p.Executed == 0, p.Rate == 0)
		if p.Executed == p.Budget {
			count(&out[15], p.Rate == 100_00)
		} else {
			count(&out[15], p.Rate <= 100_00)
		}
		count(&out[16], p.Budget == p.Executed+p.Surplus)
		countWhen(&out[17], p.Previous != 0, p.Budget <= f.Sections[1].Total && p.Executed <= f.Sections[0].Total)
	}
	for i := range f.Sections {
		s := &f.Sections[i]
		count(&out[18], s.Total >= s.Basic)
		countWhen(&out[19], s.Basic != 0, s.ShareBasic <= 100_00 && s.ShareProject <= 100_00)
	}
}

func count(t *finding.Tally, holds bool) {
	if holds {
		t.Pass++
	} else {
		t.Fail++
	}
}

func countWhen(t *finding.Tally, when, holds bool) {
	if when {
		count(t, holds)
	} else {
		t.NotApplicable++
	}
}

func countRate(t *finding.Tally, rate, n, d int64) {
	if d != 0 {
		count(t, rate == percent(n, d))
	} else {
		t.NotApplicable++
	}
}

func (f figures) sum(of func(*sample.Project) int64) int64 {
	total := int64(0)
	for i := range f.Projects {
		total += of(&f.Projects[i])
	}
	return total
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// percent is n/d·100 in hundredths, half away from zero.
func percent(n, d int64) int64 {
	n *= 100_00
	if (n < 0) != (d < 0) {
		return (n - d/2) / d
	}
	return (n + d/2) / d
}

// made are the figures of a dataset that has two fails or none.
func made(broken bool, from int) figures {
	for i := from; ; i++ {
		if u := sample.New(1, i); u.Broken == broken {
			return figures{u}
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

// decimals is a struct of decimals, with the names that rules know, of one of hundredths.
func decimals(hundredths any) any {
	from := reflect.ValueOf(hundredths)
	var fields []reflect.StructField
	for i := range from.NumField() {
		f := from.Type().Field(i)
		fields = append(fields, reflect.StructField{
			Name: f.Name, Type: reflect.TypeFor[decimal.Decimal](), Tag: reflect.StructTag(fmt.Sprintf("expr:%q", named(f))),
		})
	}
	to := reflect.New(reflect.StructOf(fields))
	for i := range fields {
		to.Elem().Field(i).Set(reflect.ValueOf(decimal.New(from.Field(i).Int(), -2)))
	}
	return to.Interface()
}

func (f figures) dataset(t testing.TB, schema *dataset.Schema) *dataset.Dataset {
	var text strings.Builder
	text.WriteString("entity: x\nperiod: 2023\n")
	for i, s := range f.Sections {
		fmt.Fprintf(&text, "s%d: %s\n", i, written(s))
	}
	text.WriteString("projects:\n")
	for _, p := range f.Projects {
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
	if len(p.Rules) != rules {
		t.Fatalf("%d rules, want %d", len(p.Rules), rules)
	}
	return p
}

// machine is the mix on expr's virtual machine.
type machine struct {
	vm    vm.VM
	rules []program
	env   map[string]any
	// rows are those that a loop with the variable p walks, or q.
	rows map[string][]any
}

type program struct {
	// variable is that of the rule's loop, "" for a rule without one.
	variable    string
	when, check *vm.Program
}

func newMachine(t testing.TB, f figures) *machine {
	m := &machine{env: map[string]any{}, rows: map[string][]any{}}
	for _, p := range f.Projects {
		m.rows["p"] = append(m.rows["p"], decimals(p))
	}
	for i, s := range f.Sections {
		group := decimals(s)
		m.env[fmt.Sprintf("s%d", i)], m.rows["q"] = group, append(m.rows["q"], group)
	}
	list := reflect.MakeSlice(reflect.SliceOf(reflect.TypeOf(m.rows["p"][0])), 0, sample.Projects)
	for _, p := range m.rows["p"] {
		list = reflect.Append(list, reflect.ValueOf(p))
	}
	m.env["projects"], m.env["p"], m.env["q"] = list.Interface(), m.rows["p"][0], m.rows["q"][0]
	options := append(decimalOperators(), expr.Env(m.env))
	compile := func(text string) *vm.Program {
		if text == "" {
			return nil
		}
		p, err := expr.Compile(text, options...)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, r := range sample.Rules() {
		variable, _, _ := strings.Cut(r.Each, " in ")
		m.rules = append(m.rules, program{variable, compile(vmText(r.When)), compile(vmText(r.Check))})
	}
	return m
}

// check runs the mix: what passed of each rule.
func (m *machine) check(passed *[rules]int) {
	*passed = [rules]int{}
	for i := range m.rules {
		r := &m.rules[i]
		if r.variable == "" {
			passed[i] = one(m.holds(r))
			continue
		}
		for _, row := range m.rows[r.variable] {
			m.env[r.variable] = row
			passed[i] += one(m.holds(r))
		}
	}
}

func (m *machine) holds(r *program) bool { return m.is(r.when, true) && m.is(r.check, false) }

// is runs a condition; absent is what it says when there is none.
func (m *machine) is(p *vm.Program, absent bool) bool {
	if p == nil {
		return absent
	}
	v, err := m.vm.Run(p, m.env)
	if err != nil {
		panic(err)
	}
	return v.(bool)
}

// decimalOperators are expr's operators on decimals, and the functions that it has for floats alone.
func decimalOperators() []expr.Option {
	type number = decimal.Decimal
	of := func(v any) number {
		if i, ok := v.(int); ok {
			return decimal.NewFromInt(int64(i))
		}
		return v.(number)
	}
	binary := func(name, operator string, f func(a, b number) any, types ...any) []expr.Option {
		return []expr.Option{
			expr.Operator(operator, name),
			expr.Function(name, func(args ...any) (any, error) { return f(of(args[0]), of(args[1])), nil }, types...),
		}
	}
	var options []expr.Option
	for operator, f := range map[string]func(a, b number) any{
		"+": func(a, b number) any { return a.Add(b) },
		"-": func(a, b number) any { return a.Sub(b) },
		"*": func(a, b number) any { return a.Mul(b) },
		"/": func(a, b number) any { return a.Div(b) },
	} {
		options = append(options, binary("calculate"+operator, operator, f,
			new(func(number, number) number), new(func(number, int) number))...)
	}
	for operator, f := range map[string]func(a, b number) any{
		"==": func(a, b number) any { return a.Equal(b) },
		"!=": func(a, b number) any { return !a.Equal(b) },
		"<":  func(a, b number) any { return a.LessThan(b) },
		"<=": func(a, b number) any { return a.LessThanOrEqual(b) },
		">":  func(a, b number) any { return a.GreaterThan(b) },
		">=": func(a, b number) any { return a.GreaterThanOrEqual(b) },
	} {
		options = append(options, binary("compare"+operator, operator, f,
			new(func(number, number) bool), new(func(number, int) bool))...)
	}
	return append(options,
		expr.Function("round2", func(args ...any) (any, error) { return args[0].(number).Round(2), nil }, new(func(number) number)),
		expr.Function("added", func(args ...any) (any, error) {
			var total number
			for _, v := range args[0].([]any) {
				total = total.Add(v.(number))
			}
			return total, nil
		}, new(func([]any) number)))
}

// TestMixAgrees holds the three forms of the mix together, on figures that pass and on figures put wrong at random.
func TestMixAgrees(t *testing.T) {
	p, r := compiled(t), rand.New(rand.NewPCG(1, 2))
	texts := sample.Rules()
	fails := make([]int, rules)
	for round := range 100 {
		f := made(false, round)
		if round%10 > 0 {
			for range 1 + r.IntN(20) {
				disturb(reflect.ValueOf(&f.Sections[r.IntN(sample.Sections)]).Elem(), r)
				disturb(reflect.ValueOf(&f.Projects[r.IntN(sample.Projects)]).Elem(), r)
			}
			for i := range f.Projects {
				if round%10 == 1 {
					f.Projects[i].Executed = -1 - f.Projects[i].Executed
				}
			}
		}
		var hand [rules]finding.Tally
		var machine [rules]int
		f.check(&hand)
		newMachine(t, f).check(&machine)
		c := checker{}
		c.check(p, f.dataset(t, p.Pack.Schema), finding.Input{})
		for i := range rules {
			// The first tally is the built-in rule's.
			tally := c.counted.tallies[1+i]
			if h := hand[i]; tally.Pass != h.Pass || tally.NotApplicable != h.NotApplicable {
				t.Errorf("round %d: %s: the engine counts %+v, the code by hand %+v", round, texts[i].Check, tally, h)
			}
			if exact(texts[i]) && machine[i] != hand[i].Pass {
				t.Errorf("round %d: %s: the machine passes %d, the code by hand %d", round, texts[i].Check, machine[i], hand[i].Pass)
			}
			if round%10 == 0 && (tally.Rounding+tally.Fail+tally.NotEvaluated > 0 || !tally.Bound()) {
				t.Errorf("round %d: %s does not pass: %+v", round, texts[i].Check, tally)
			}
			fails[i] += tally.Rounding + tally.Fail
		}
	}
	for i, n := range fails {
		if i < sample.Sections*sectionRules {
			// The sections have the same rules: one that failed in any of them was tried.
			fails[i%sectionRules] += n
		}
	}
	for i, n := range fails {
		if n == 0 && (i < sectionRules || i >= sample.Sections*sectionRules) {
			t.Errorf("%s never failed: the comparison proves nothing of it", texts[i].Check)
		}
	}
}

// disturb changes one figure, by a little or by much.
func disturb(figures reflect.Value, r *rand.Rand) {
	at := figures.Field(r.IntN(figures.NumField()))
	by := []int64{-1, 1, 5, -300, 1000_00, -1000_00, -20_000_00, 20_000_00}[r.IntN(8)]
	// Without a figure's value the three would differ in what they call the outcome.
	if at.Int()+by != 0 {
		at.SetInt(at.Int() + by)
	}
}

func TestBrokenMix(t *testing.T) {
	p := compiled(t)
	c := checker{}
	c.check(p, made(true, 0).dataset(t, p.Pack.Schema), finding.Input{})
	failed := 0
	for _, tally := range c.counted.tallies {
		failed += one(tally.Fail > 0)
	}
	if failed*100 != rules {
		t.Errorf("%d of %d rules fail, want one in a hundred", failed, rules)
	}
}

// TestPassingAllocatesNothing: what a dataset costs in allocations does not grow with the rules that pass.
func TestPassingAllocatesNothing(t *testing.T) {
	p := compiled(t)
	d := made(false, 0).dataset(t, p.Pack.Schema)
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
	if got := allocations(0, rules); got != without {
		t.Errorf("all rules allocate %v times", got-without)
	}
}

// BenchmarkMix measures one dataset: the engine judging it, the code by hand, the virtual machine.
func BenchmarkMix(b *testing.B) {
	for _, figures := range []struct {
		name   string
		broken bool
	}{{"passing", false}, {"broken", true}} {
		p, f := compiled(b), made(figures.broken, 0)
		d, m := f.dataset(b, p.Pack.Schema), newMachine(b, f)
		c := checker{}
		var tallies [rules]finding.Tally
		var passed [rules]int
		engine := func() { c.check(p, d, finding.Input{}) }
		hand := func() { f.check(&tallies) }
		machine := func() { m.check(&passed) }
		for _, form := range []struct {
			name string
			run  func()
		}{{"engine", engine}, {"hand", hand}, {"machine", machine}} {
			b.Run(figures.name+"/"+form.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					form.run()
				}
			})
		}
		// The three take turns, and the best of many turns counts: the ratios hold also on a machine that is busy.
		b.Run(figures.name+"/ratios", func(b *testing.B) {
			e, h, v := never, never, never
			for b.Loop() {
				e = min(e, timed(20, engine))
				h = min(h, timed(20, hand))
				v = min(v, timed(1, machine)*20)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(e)/float64(h), "engine/hand")
			b.ReportMetric(float64(v)/float64(e), "machine/engine")
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
