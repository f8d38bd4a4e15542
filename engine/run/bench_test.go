package run

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/shopspring/decimal"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// The mix is 200 rules over 300 figures, in about the proportions of the shipped pack (sums, rates and shares, half of
// the rules with a condition, few conditionals within): ten sections with 18 rules each, and 20 rules on lists. It stands here three times: as rules, as the Go that one would
// write by hand for these rules alone, and as expressions for expr's virtual machine on decimals. A test holds the
// three together, the benchmark compares their speed.

const (
	sections     = 10
	projects     = 20
	sectionRules = 18
	listRules    = 20
	rules        = sections*sectionRules + listRules
)

// section and project hold hundredths for the Go by hand, decimals for the virtual machine.
type section[T any] struct {
	Total        T `expr:"total"`
	A            T `expr:"a"`
	B            T `expr:"b"`
	C            T `expr:"c"`
	D            T `expr:"d"`
	E            T `expr:"e"`
	F            T `expr:"f"`
	G            T `expr:"g"`
	H            T `expr:"h"`
	Basic        T `expr:"basic"`
	Project      T `expr:"project"`
	Stated       T `expr:"stated"`
	Budget       T `expr:"budget"`
	Last         T `expr:"last"`
	Change       T `expr:"change"`
	Rate         T `expr:"rate"`
	Growth       T `expr:"growth"`
	ShareA       T `expr:"share_a"`
	ShareBasic   T `expr:"share_basic"`
	ShareProject T `expr:"share_project"`
}

type project[T any] struct {
	Budget   T `expr:"budget"`
	Executed T `expr:"executed"`
	Surplus  T `expr:"surplus"`
	Previous T `expr:"previous"`
	Rate     T `expr:"rate"`
}

type figures struct {
	sections [sections]section[int64]
	projects [projects]project[int64]
}

// mixed is one rule of the mix. The virtual machine needs another text where decimals have no operator or function
// of the language, and where a side is rounded.
type mixed struct {
	each, when, check string
	vmWhen, vmCheck   string
	// exact: the virtual machine decides it without rounding or division.
	exact bool
}

func mix() []mixed {
	var all []mixed
	for i := range sections {
		for _, r := range []mixed{
			{check: "S.total == S.basic + S.d + S.e + S.f + S.g + S.h", exact: true},
			{check: "S.stated == S.a + S.b + S.c + S.d + S.e + S.f + S.g + S.h", exact: true},
			{check: "S.basic == S.a + S.b + S.c", exact: true},
			{check: "S.project == S.d + S.e + S.f + S.g + S.h", exact: true},
			{check: "S.total == S.a + S.b + S.c + S.project", exact: true},
			{check: "S.change == S.total - S.last", exact: true},
			{when: "S.budget != 0", check: "S.rate == S.total / S.budget * 100", vmCheck: "S.rate == round2(S.total / S.budget * 100)"},
			{when: "S.last != 0", check: "S.growth == S.change / S.last * 100", vmCheck: "S.growth == round2(S.change / S.last * 100)"},
			{when: "S.total != 0", check: "S.share_a == S.a / S.total * 100", vmCheck: "S.share_a == round2(S.a / S.total * 100)"},
			{when: "S.total != 0", check: "S.share_basic == S.basic / S.total * 100", vmCheck: "S.share_basic == round2(S.basic / S.total * 100)"},
			{when: "S.total != 0", check: "S.share_project == S.project / S.total * 100", vmCheck: "S.share_project == round2(S.project / S.total * 100)"},
			{check: "S.total <= S.budget", exact: true},
			{check: "S.a >= 0 and S.b >= 0 and S.c >= 0", exact: true},
			{check: "S.change < S.last", exact: true},
			{when: "S.total > S.last", check: "S.growth > 0", exact: true},
			{when: "S.project > 0", check: "S.share_project > 0", exact: true},
			{check: "S.project == (S.basic == 0 ? S.total : S.total - S.basic)", exact: true},
			{check: "same(S.total, S.stated)", vmCheck: "S.total == S.stated", exact: true},
		} {
			at := strings.NewReplacer("S.", fmt.Sprintf("s%d.", i))
			r.when, r.check, r.vmCheck = at.Replace(r.when), at.Replace(r.check), at.Replace(r.vmCheck)
			all = append(all, r)
		}
	}
	groups := "q in [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9]"
	all = append(all, []mixed{
		{check: "s0.total == sum(projects, .executed)", vmCheck: "s0.total == added(map(projects, .executed))", exact: true},
		{check: "s1.total == sum(projects, .budget)", vmCheck: "s1.total == added(map(projects, .budget))", exact: true},
		{check: "s2.total == sum(projects, .surplus)", vmCheck: "s2.total == added(map(projects, .surplus))", exact: true},
		{check: "s3.total == sum(projects, .previous)", vmCheck: "s3.total == added(map(projects, .previous))", exact: true},
		{check: "s4.total == sum(projects, .budget - .executed)", vmCheck: "s4.total == added(map(projects, .budget - .executed))", exact: true},
		{
			check:   "s5.total == sum(filter(projects, .previous > 0), .executed)",
			vmCheck: "s5.total == added(map(filter(projects, .previous > 0), .executed))", exact: true,
		},
		{check: "s6.total >= sum(projects, .executed)", vmCheck: "s6.total >= added(map(projects, .executed))", exact: true},
		{
			check:   "s7.rate == sum(projects, .executed) / sum(projects, .budget) * 100",
			vmCheck: "s7.rate == round2(added(map(projects, .executed)) / added(map(projects, .budget)) * 100)",
		},
		{check: "count(projects, .executed > .budget) == 0", exact: true},
		{check: "all(projects, .surplus >= 0)", exact: true},
		{check: "any(projects, .executed > 0)", exact: true},
		{each: "p in projects", when: "p.budget != 0", check: "p.rate == p.executed / p.budget * 100", vmCheck: "p.rate == round2(p.executed / p.budget * 100)"},
		{each: "p in projects", check: "p.surplus == p.budget - p.executed", exact: true},
		{each: "p in projects", check: "p.executed <= p.budget", exact: true},
		{each: "p in projects", when: "p.executed == 0", check: "p.rate == 0", exact: true},
		{each: "p in projects", check: "p.executed == p.budget ? p.rate == 100 : p.rate <= 100", exact: true},
		{each: "p in projects", check: "p.budget == p.executed + p.surplus", exact: true},
		{each: "p in projects", when: "p.previous != 0", check: "p.budget <= s1.total and p.executed <= s0.total", exact: true},
		{each: groups, check: "q.total >= q.basic", exact: true},
		{each: groups, when: "q.basic != 0", check: "q.share_basic <= 100 and q.share_project <= 100", exact: true},
	}...)
	for i := range all {
		r := &all[i]
		if r.vmWhen == "" {
			r.vmWhen = r.when
		}
		if r.vmCheck == "" {
			r.vmCheck = r.check
		}
	}
	return all
}

// check is the mix by hand: how the instances of each rule came out, as far as they are told apart on the printed
// figures: pass, not applicable, or else a case for a closer look.
func (f *figures) check(tallies *[rules]finding.Tally) {
	*tallies = [rules]finding.Tally{}
	for i := range f.sections {
		s := &f.sections[i]
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
	out := (*[listRules]finding.Tally)(tallies[sections*sectionRules:])
	count(&out[0], f.sections[0].Total == f.sum(func(p *project[int64]) int64 { return p.Executed }))
	count(&out[1], f.sections[1].Total == f.sum(func(p *project[int64]) int64 { return p.Budget }))
	count(&out[2], f.sections[2].Total == f.sum(func(p *project[int64]) int64 { return p.Surplus }))
	count(&out[3], f.sections[3].Total == f.sum(func(p *project[int64]) int64 { return p.Previous }))
	count(&out[4], f.sections[4].Total == f.sum(func(p *project[int64]) int64 { return p.Budget - p.Executed }))
	count(&out[5], f.sections[5].Total == f.sum(func(p *project[int64]) int64 {
		if p.Previous > 0 {
			return p.Executed
		}
		return 0
	}))
	count(&out[6], f.sections[6].Total >= f.sum(func(p *project[int64]) int64 { return p.Executed }))
	budget := f.sum(func(p *project[int64]) int64 { return p.Budget })
	count(&out[7], budget != 0 &&
		f.sections[7].Rate == percent(f.sum(func(p *project[int64]) int64 { return p.Executed }), budget))
	over, negative, executed := 0, false, false
	for i := range f.projects {
		p := &f.projects[i]
		over += one(p.Executed > p.Budget)
	}
	for i := range f.projects {
		if f.projects[i].Surplus < 0 {
			negative = true
			break
		}
	}
	for i := range f.projects {
		if f.projects[i].Executed > 0 {
			executed = true
			break
		}
	}
	count(&out[8], over == 0)
	count(&out[9], !negative)
	count(&out[10], executed)
	for i := range f.projects {
		p := &f.projects[i]
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
		countWhen(&out[17], p.Previous != 0, p.Budget <= f.sections[1].Total && p.Executed <= f.sections[0].Total)
	}
	for i := range f.sections {
		s := &f.sections[i]
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

func (f *figures) sum(of func(*project[int64]) int64) int64 {
	total := int64(0)
	for i := range f.projects {
		total += of(&f.projects[i])
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

// passing makes figures of which all rules hold.
func passing(r *rand.Rand) *figures {
	f := &figures{}
	var budget, executed, previous, continued int64
	for i := range f.projects {
		p := &f.projects[i]
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
	totals := map[int]int64{
		0: executed, 1: budget, 2: budget - executed, 3: previous, 4: budget - executed, 5: continued, 6: executed + 1, 7: executed,
	}
	for i := range f.sections {
		s := &f.sections[i]
		s.Total = 2000_00 + r.Int64N(5000_00)
		if total, ok := totals[i]; ok {
			s.Total = total
		}
		for _, part := range []*int64{&s.A, &s.B, &s.C, &s.D, &s.E, &s.F, &s.G} {
			*part = 1 + r.Int64N(s.Total/8)
		}
		s.H = s.Total - s.A - s.B - s.C - s.D - s.E - s.F - s.G
		s.Basic, s.Project = s.A+s.B+s.C, s.D+s.E+s.F+s.G+s.H
		s.Stated = s.Total
		s.Budget = s.Total + r.Int64N(1000_00)
		if i == 7 {
			s.Budget = budget
		}
		s.Last = s.Total - 500 - r.Int64N(1000)
		s.Change = s.Total - s.Last
		s.Rate, s.Growth = percent(s.Total, s.Budget), percent(s.Change, s.Last)
		s.ShareA, s.ShareBasic, s.ShareProject = percent(s.A, s.Total), percent(s.Basic, s.Total), percent(s.Project, s.Total)
	}
	return f
}

// broken breaks one rule in a hundred: a total that stands in two of them.
func broken(r *rand.Rand) *figures {
	f := passing(r)
	f.sections[5].Stated += 100
	return f
}

// names are the fields of a struct of figures as rules call them.
func names(figures any) []string {
	t := reflect.TypeOf(figures)
	var names []string
	for i := range t.NumField() {
		names = append(names, t.Field(i).Tag.Get("expr"))
	}
	return names
}

// printed writes the fields of a struct of hundredths as a YAML mapping.
func printed(figures any) string {
	var parts []string
	for i, name := range names(figures) {
		v := reflect.ValueOf(figures).Field(i).Int()
		parts = append(parts, fmt.Sprintf("%s: %s", name, decimal.New(v, -2).StringFixed(2)))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// decimals fills a struct of decimals from one of hundredths.
func decimals[T any](hundredths any) *T {
	out := new(T)
	from, to := reflect.ValueOf(hundredths), reflect.ValueOf(out).Elem()
	for i := range from.NumField() {
		to.Field(i).Set(reflect.ValueOf(decimal.New(from.Field(i).Int(), -2)))
	}
	return out
}

func (f *figures) dataset(t testing.TB, schema *dataset.Schema) *dataset.Dataset {
	var text strings.Builder
	text.WriteString("entity: x\nperiod: 2023\n")
	for i, s := range f.sections {
		fmt.Fprintf(&text, "s%d: %s\n", i, printed(s))
	}
	text.WriteString("projects:\n")
	for _, p := range f.projects {
		fmt.Fprintf(&text, "- %s\n", printed(p))
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
	declared := func(figures any) string {
		var fields []string
		for _, name := range names(figures) {
			kind := "amount"
			if strings.HasPrefix(name, "share") || name == "rate" || name == "growth" {
				kind = "percent"
			}
			fields = append(fields, fmt.Sprintf("%s: {type: %s}", name, kind))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	schema := "types:\n  section: {fields: " + declared(section[int64]{}) + "}\nfields:\n" +
		"  projects: {type: list, fields: " + declared(project[int64]{}) + "}\n"
	for i := range sections {
		schema += fmt.Sprintf("  s%d: {use: section}\n", i)
	}
	var text strings.Builder
	for i, r := range mix() {
		fmt.Fprintf(&text, "- id: r%d\n  title: rule %d\n  check: >-\n    %s\n", i, i, r.check)
		if r.each != "" {
			fmt.Fprintf(&text, "  each: >-\n    %s\n", r.each)
		}
		if r.when != "" {
			fmt.Fprintf(&text, "  when: >-\n    %s\n", r.when)
		}
	}
	pack, list, err := rule.Load(fstest.MapFS{
		"mix/pack.yaml":   {Data: []byte("id: mix\ntitle: mix\n")},
		"mix/schema.yaml": {Data: []byte(schema)},
		"mix/rules.yaml":  {Data: []byte(text.String())},
	}, "mix", "mix", nil)
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
	rows  map[string][]any
}

type program struct {
	// variable is that of the rule's loop, "" for a rule without one.
	variable    string
	when, check *vm.Program
}

func newMachine(t testing.TB, f *figures) *machine {
	m := &machine{env: map[string]any{}, rows: map[string][]any{}}
	var list []*project[decimal.Decimal]
	for _, p := range f.projects {
		row := decimals[project[decimal.Decimal]](p)
		list, m.rows["p"] = append(list, row), append(m.rows["p"], row)
	}
	for i, s := range f.sections {
		group := decimals[section[decimal.Decimal]](s)
		m.env[fmt.Sprintf("s%d", i)], m.rows["q"] = group, append(m.rows["q"], group)
	}
	m.env["projects"], m.env["p"], m.env["q"] = list, m.rows["p"][0], m.rows["q"][0]
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
	for _, r := range mix() {
		variable, _, _ := strings.Cut(r.each, " in ")
		m.rules = append(m.rules, program{variable, compile(r.vmWhen), compile(r.vmCheck)})
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

func seeded() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// TestMixAgrees holds the three forms of the mix together, on figures that pass and on figures put wrong at random.
func TestMixAgrees(t *testing.T) {
	p, r := compiled(t), seeded()
	texts := mix()
	fails := make([]int, rules)
	for round := range 100 {
		f := passing(r)
		if round%10 > 0 {
			for range 1 + r.IntN(20) {
				disturb(reflect.ValueOf(&f.sections[r.IntN(sections)]).Elem(), r)
				disturb(reflect.ValueOf(&f.projects[r.IntN(projects)]).Elem(), r)
			}
			for i := range f.projects {
				if round%10 == 1 {
					f.projects[i].Executed = -1 - f.projects[i].Executed
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
				t.Errorf("round %d: %s: the engine counts %+v, the code by hand %+v", round, texts[i].check, tally, h)
			}
			if texts[i].exact && machine[i] != hand[i].Pass {
				t.Errorf("round %d: %s: the machine passes %d, the code by hand %d", round, texts[i].check, machine[i], hand[i].Pass)
			}
			if round%10 == 0 && (tally.Rounding+tally.Fail+tally.NotEvaluated > 0 || !tally.Bound()) {
				t.Errorf("round %d: %s does not pass: %+v", round, texts[i].check, tally)
			}
			fails[i] += tally.Rounding + tally.Fail
		}
	}
	for i, n := range fails {
		if i < sections*sectionRules {
			// The sections have the same rules: one that failed in any of them was tried.
			fails[i%sectionRules] += n
		}
	}
	for i, n := range fails {
		if n == 0 && (i < sectionRules || i >= sections*sectionRules) {
			t.Errorf("%s never failed: the comparison proves nothing of it", texts[i].check)
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
	c.check(p, broken(seeded()).dataset(t, p.Pack.Schema), finding.Input{})
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
	d := passing(seeded()).dataset(t, p.Pack.Schema)
	allocations := func(from, to int) float64 {
		part := plan.Plan{Pack: p.Pack, Rules: p.Rules[from:to], Screens: p.Screens[from:to]}
		c := checker{}
		return testing.AllocsPerRun(100, func() { c.check(&part, d, finding.Input{}) })
	}
	without := allocations(0, 0)
	for i, text := range mix() {
		if got := allocations(i, i+1); got != without {
			t.Errorf("%s allocates %v times", text.check, got-without)
		}
	}
	if got := allocations(0, rules); got != without {
		t.Errorf("all rules allocate %v times", got-without)
	}
}

// BenchmarkMix measures one dataset: the engine judging it, the code by hand, the virtual machine.
func BenchmarkMix(b *testing.B) {
	for _, figures := range []struct {
		name string
		make func(*rand.Rand) *figures
	}{{"passing", passing}, {"broken", broken}} {
		p, f := compiled(b), figures.make(seeded())
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
