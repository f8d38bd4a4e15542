package expression_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/shopspring/decimal"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// figures are what the rules below read, in hundredths for the Go by hand and as decimals for expr's virtual machine.
type figures[T any] struct {
	Total T        `expr:"total"`
	A     T        `expr:"a"`
	B     T        `expr:"b"`
	C     T        `expr:"c"`
	D     T        `expr:"d"`
	Rate  T        `expr:"rate"`
	Last  T        `expr:"last"`
	Rows  []row[T] `expr:"rows"`
}

type row[T any] struct {
	Amount T `expr:"amount"`
}

const schemaText = `
fields:
  total: {type: amount}
  a: {type: amount}
  b: {type: amount}
  c: {type: amount}
  d: {type: amount}
  rate: {type: percent}
  last: {type: amount}
  rows:
    type: list
    fields:
      amount: {type: amount}
`

// form is one kind of rule, three times: as a rule, by hand, and for the virtual machine where that needs other words.
type form struct {
	name, when, check, vmCheck string
	hand                       func(f *figures[int64]) bool
	// exact: the virtual machine decides it without rounding.
	exact bool
}

var forms = []form{
	{
		name: "sum of four", check: "total == a + b + c + d", exact: true,
		hand: func(f *figures[int64]) bool { return f.Total == f.A+f.B+f.C+f.D },
	},
	{
		name: "rate", check: "rate == a / b * 100", vmCheck: "rate == round2(a / b * 100)",
		hand: func(f *figures[int64]) bool { return f.B != 0 && f.Rate == percent(f.A, f.B) },
	},
	{
		name: "list of 20", check: "last == sum(rows, .amount)", vmCheck: "last == added(map(rows, .amount))", exact: true,
		hand: func(f *figures[int64]) bool {
			sum := int64(0)
			for i := range f.Rows {
				sum += f.Rows[i].Amount
			}
			return f.Last == sum
		},
	},
	{
		name: "conditional", when: "a != 0", check: "total == (d > c ? a + b + c + d : last)",
		vmCheck: "total == (d > c ? a + b + c + d : last)", exact: true,
		hand: func(f *figures[int64]) bool {
			if f.A == 0 {
				return false
			}
			if f.D > f.C {
				return f.Total == f.A+f.B+f.C+f.D
			}
			return f.Total == f.Last
		},
	},
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
func passing(r *rand.Rand) *figures[int64] {
	f := &figures[int64]{A: 1 + r.Int64N(500_00), B: 1 + r.Int64N(500_00), C: 1 + r.Int64N(500_00)}
	f.D = f.C + 1 + r.Int64N(500_00)
	f.Total = f.A + f.B + f.C + f.D
	f.Rate = percent(f.A, f.B)
	for range 20 {
		f.Rows = append(f.Rows, row[int64]{1 + r.Int64N(500_00)})
		f.Last += f.Rows[len(f.Rows)-1].Amount
	}
	return f
}

// disturb changes one or two figures, by a little or by much, and never to zero.
func disturb(f *figures[int64], r *rand.Rand) {
	v := reflect.ValueOf(f).Elem()
	for range 1 + r.IntN(2) {
		at := v.Field(r.IntN(v.NumField() - 1))
		if r.IntN(4) == 0 {
			at = v.FieldByName("Rows").Index(r.IntN(20)).Field(0)
		}
		if by := []int64{-1, 1, 5, -300, 1000_00, -1000_00}[r.IntN(6)]; at.Int()+by != 0 {
			at.SetInt(at.Int() + by)
		}
	}
}

func (f *figures[T]) printed() string {
	var text strings.Builder
	v := reflect.ValueOf(f).Elem()
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("expr"); name != "rows" {
			fmt.Fprintf(&text, "%s: %s\n", name, decimal.New(v.Field(i).Int(), -2).StringFixed(2))
		}
	}
	text.WriteString("rows:\n")
	for i := range f.Rows {
		fmt.Fprintf(&text, "- amount: %s\n", decimal.New(reflect.ValueOf(f.Rows[i].Amount).Int(), -2).StringFixed(2))
	}
	return text.String()
}

func decimals(f *figures[int64]) *figures[decimal.Decimal] {
	d := &figures[decimal.Decimal]{}
	from, to := reflect.ValueOf(f).Elem(), reflect.ValueOf(d).Elem()
	for i := range from.NumField() {
		if from.Field(i).CanInt() {
			to.Field(i).Set(reflect.ValueOf(decimal.New(from.Field(i).Int(), -2)))
		}
	}
	for _, r := range f.Rows {
		d.Rows = append(d.Rows, row[decimal.Decimal]{decimal.New(r.Amount, -2)})
	}
	return d
}

func parsed(t testing.TB, text string) *yamldoc.Node {
	doc, list := yamldoc.Parse(source.New("test.yaml", []byte(text)))
	if len(list) > 0 {
		t.Fatal(list)
	}
	return doc
}

func schemaOf(t testing.TB) *dataset.Schema {
	s, list := dataset.ParseSchema(parsed(t, schemaText))
	if len(list) > 0 {
		t.Fatal(list)
	}
	return s
}

// compiled is a rule over a dataset.
type compiled struct {
	env     expression.Env
	screens [1]expression.Screen
}

func compile(t testing.TB, f *figures[int64], r form) *compiled {
	s := schemaOf(t)
	names, list := expression.NewNames(s)
	scope := names.NewScope()
	c := &compiled{}
	var when *expression.Condition
	if r.when != "" {
		var wrong diag.List
		when, wrong = scope.Condition(parsed(t, fmt.Sprintf("%q", r.when)), false)
		list = append(list, wrong...)
	}
	check, wrong := scope.Check(parsed(t, fmt.Sprintf("%q", r.check)), expression.Tolerance{}, false)
	list = append(list, wrong...)
	d, wrong := dataset.Build(parsed(t, f.printed()), dataset.Header{}, s)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	c.env.Reset(d)
	c.screens[0] = expression.NewScreen(nil, when, check)
	return c
}

func (c *compiled) passes() bool {
	return expression.Passing(&c.env, c.screens[:]) == 1
}

// machine is a rule on expr's virtual machine.
type machine struct {
	vm          vm.VM
	env         *figures[decimal.Decimal]
	when, check *vm.Program
}

func newMachine(t testing.TB, f *figures[int64], r form) *machine {
	m := &machine{env: decimals(f)}
	compile := func(text string) *vm.Program {
		if text == "" {
			return nil
		}
		p, err := expr.Compile(text, append(decimalOperators(), expr.Env(m.env))...)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	check := r.vmCheck
	if check == "" {
		check = r.check
	}
	m.when, m.check = compile(r.when), compile(check)
	return m
}

func (m *machine) passes() bool { return m.is(m.when) && m.is(m.check) }

func (m *machine) is(p *vm.Program) bool {
	if p == nil {
		return true
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
	calculation := []any{new(func(number, number) number), new(func(number, int) number)}
	comparison := []any{new(func(number, number) bool), new(func(number, int) bool)}
	var options []expr.Option
	for _, o := range []struct {
		operator string
		types    []any
		f        func(a, b number) any
	}{
		{"+", calculation, func(a, b number) any { return a.Add(b) }},
		{"*", calculation, func(a, b number) any { return a.Mul(b) }},
		{"/", calculation, func(a, b number) any { return a.Div(b) }},
		{"==", comparison, func(a, b number) any { return a.Equal(b) }},
		{"!=", comparison, func(a, b number) any { return !a.Equal(b) }},
		{">", comparison, func(a, b number) any { return a.GreaterThan(b) }},
	} {
		name := "decimal" + o.operator
		options = append(options, expr.Operator(o.operator, name),
			expr.Function(name, func(args ...any) (any, error) { return o.f(of(args[0]), of(args[1])), nil }, o.types...))
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

// TestFormsAgree holds the three together, on figures that pass and on figures put wrong at random.
func TestFormsAgree(t *testing.T) {
	for _, form := range forms {
		r, passed, failed := seeded(), 0, 0
		for round := range 400 {
			f := passing(r)
			if round%10 > 0 {
				disturb(f, r)
			}
			engine, hand, machine := compile(t, f, form).passes(), form.hand(f), newMachine(t, f, form).passes()
			if engine != hand {
				t.Errorf("%s: the engine says %v, the code by hand %v of\n%s", form.name, engine, hand, f.printed())
			}
			if form.exact && machine != hand {
				t.Errorf("%s: the machine says %v, the code by hand %v of\n%s", form.name, machine, hand, f.printed())
			}
			if round%10 == 0 && !engine {
				t.Errorf("%s does not pass:\n%s", form.name, f.printed())
			}
			if engine {
				passed++
			} else {
				failed++
			}
		}
		if passed < 40 || failed < 40 {
			t.Errorf("%s: %d passes, %d fails: the comparison proves nothing", form.name, passed, failed)
		}
	}
}

func TestPassAllocatesNothing(t *testing.T) {
	f := passing(seeded())
	for _, form := range append([]form{
		{check: "total - a == b + c + d"},
		{check: "total >= a and total < 1000000 and a != b"},
		{check: "same(total, total)"},
		{check: "count(rows, .amount > 0) == 20"},
		{check: "all(rows, .amount > 0) and any(rows, .amount != 0)"},
		{check: "sum(filter(rows, .amount > 0), .amount - 0) == last"},
		{check: "present(total) and not blank(a)"},
		{check: "max(a, b) < a + b and abs(a) > 0"},
		{check: "rate * b == rate * b"},
	}, forms...) {
		c := compile(t, f, form)
		if !c.passes() {
			t.Errorf("%s does not pass", form.check)
		}
		if n := testing.AllocsPerRun(100, func() { c.passes() }); n > 0 {
			t.Errorf("%s allocates %v times", form.check, n)
		}
	}
}

// BenchmarkForms measures one evaluation of each form: the engine, the code by hand, the virtual machine.
func BenchmarkForms(b *testing.B) {
	f := passing(seeded())
	for _, form := range forms {
		c, m := compile(b, f, form), newMachine(b, f, form)
		runs := []struct {
			name string
			pass func() bool
		}{{"engine", c.passes}, {"hand", func() bool { return form.hand(f) }}, {"machine", m.passes}}
		for _, run := range runs {
			b.Run(form.name+"/"+run.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if !run.pass() {
						b.Fatal("does not pass")
					}
				}
			})
		}
		// The three take turns, and the best of many turns counts: the ratios hold also on a machine that is busy.
		b.Run(form.name+"/ratios", func(b *testing.B) {
			e, h, v := never, never, never
			for b.Loop() {
				e = min(e, timed(10_000, runs[0].pass))
				h = min(h, timed(10_000, runs[1].pass))
				v = min(v, timed(100, runs[2].pass)*100)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(e)/float64(h), "engine/hand")
			b.ReportMetric(float64(v)/float64(e), "machine/engine")
		})
	}
}

const never = time.Duration(math.MaxInt64)

func timed(n int, f func() bool) time.Duration {
	begin := time.Now()
	for range n {
		f()
	}
	return time.Since(begin)
}
