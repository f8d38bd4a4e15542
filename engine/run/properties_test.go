package run_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/rules"
)

// written is the report as JSON that some number of workers come to.
func written(t *testing.T, items []*run.Item, jobs int) string {
	t.Helper()
	r, err := run.Run(context.Background(), len(items), func(i int) (*run.Item, error) { return items[i], nil },
		run.Options{All: true, Jobs: jobs})
	if err != nil {
		t.Fatal(err)
	}
	format, ok := report.Lookup("json")
	if !ok {
		t.Fatal("no JSON format")
	}
	var out bytes.Buffer
	if err := format.Write(&out, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func sameForAnyWorkers(t *testing.T, items []*run.Item) {
	t.Helper()
	alone := written(t, items, 1)
	if !strings.Contains(alone, `"fail"`) {
		t.Error("nothing fails: the reports would hardly differ")
	}
	for _, jobs := range []int{2, 16} {
		if got := written(t, items, jobs); got != alone {
			at := 0
			for at < min(len(got), len(alone)) && got[at] == alone[at] {
				at++
			}
			t.Errorf("%d workers write another report than one, from byte %d: …%.200s…", jobs, at, got[at:])
		}
	}
}

func TestReportDoesNotDependOnWorkers(t *testing.T) {
	d := newDice(seedOf(t), 5<<32)
	draw := func() *form {
		switch d.IntN(3) {
		case 0:
			return d.ratioForm()
		case 1:
			return d.productForm()
		}
		return d.linearForm()
	}
	b := d.newBench(30, 40, draw, func(*sheet, *form, int) {})
	p := compile(t, schemaText(len(b.forms)), b.rules())
	var items []*run.Item
	for i, s := range b.sheets {
		items = append(items, build(t, p, fmt.Sprintf("d%d.yaml", i), s.write(fmt.Sprintf("d%d", i))))
	}
	sameForAnyWorkers(t, items)
}

// shippedPlan compiles a pack of the binary.
func shippedPlan(t *testing.T, name string) *plan.Plan {
	t.Helper()
	pack, list, err := rule.Load(rules.Packs, name, name, rule.Library{rules.Packs})
	if err != nil {
		t.Fatal(err)
	}
	p, wrong := plan.Compile(pack)
	for _, one := range append(list, wrong...) {
		t.Fatal(one)
	}
	return p
}

// shippedData reads the datasets of the repository.
func shippedData(t *testing.T) map[string]string {
	t.Helper()
	data := map[string]string{}
	root := os.DirFS(filepath.Join("..", "..", "datasets"))
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(name, ".yaml") {
			var content []byte
			content, err = fs.ReadFile(root, name)
			data[name] = string(content)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(data) == 0 {
		t.Fatal("the repository holds no datasets")
	}
	return data
}

// misprint changes one digit behind a decimal point.
func (d dice) misprint(text string) string {
	var at []int
	for i := 1; i < len(text); i++ {
		if text[i-1] == '.' && text[i] >= '0' && text[i] <= '9' {
			at = append(at, i)
		}
	}
	out := []byte(text)
	out[at[d.IntN(len(at))]] = byte('0' + d.IntN(10))
	return string(out)
}

func TestShippedReportDoesNotDependOnWorkers(t *testing.T) {
	p := shippedPlan(t, "juesuan")
	d := newDice(seedOf(t), 6<<32)
	data := shippedData(t)
	var items []*run.Item
	for _, name := range sorted(data) {
		items = append(items, build(t, p, name, data[name]))
		for i := range 20 {
			text := data[name]
			for range 1 + d.IntN(5) {
				text = d.misprint(text)
			}
			items = append(items, build(t, p, fmt.Sprintf("%d/%s", i, name), text))
		}
	}
	sameForAnyWorkers(t, items)
}

// Rules that say the same in other words.

// permuted is the expression with the terms of sums and the factors of products in another order.
func (d dice) permuted(n *node) *node {
	out := *n
	out.args = nil
	for _, a := range n.args {
		out.args = append(out.args, d.permuted(a))
	}
	out.minus = slices.Clone(n.minus)
	switch n.op {
	case "+":
		d.Shuffle(len(out.args), func(i, j int) {
			out.args[i], out.args[j] = out.args[j], out.args[i]
			out.minus[i], out.minus[j] = out.minus[j], out.minus[i]
		})
	case "*", "min", "max":
		d.Shuffle(len(out.args), func(i, j int) { out.args[i], out.args[j] = out.args[j], out.args[i] })
	}
	return &out
}

// rewritten is the rule with its expressions rewritten.
func (f *form) rewritten(expression func(*node) *node) *form {
	out := *f
	out.lets, out.parts = nil, nil
	for _, l := range f.lets {
		out.lets = append(out.lets, let{l.name, expression(l.body)})
	}
	for _, c := range f.parts {
		out.parts = append(out.parts, &comparison{c.op, expression(c.left), expression(c.right)})
	}
	return &out
}

// pair runs the same rules in two wordings and compares each verdict.
func pair(t *testing.T, before, after *bench, agree func(before, after finding.Finding) bool) {
	t.Helper()
	first, second := before.judged(t), after.judged(t)
	if len(first) != len(second) {
		t.Errorf("%d instances became %d", len(first), len(second))
	}
	decided := 0
	for at, f := range first {
		g, ok := second[at]
		if !ok || !agree(f, g) {
			var r int
			fmt.Sscanf(at.rule, "r-%d", &r)
			t.Fatalf("instance %q: %v (difference %s) became %v (%s)\n%s\n%s", at.instance, f.Verdict, f.Difference, g.Verdict,
				g.Difference, before.show(r, at.sheet), after.show(r, at.sheet))
		}
		if f.Verdict == finding.Rounding || f.Verdict == finding.Pass {
			decided++
		}
	}
	if decided*10 < len(first) {
		t.Errorf("only %d of %d instances pass or are a rounding", decided, len(first))
	}
}

func sameVerdict(f, g finding.Finding) bool { return f.Verdict == g.Verdict }

func TestOrderOfTermsDoesNotMatter(t *testing.T) {
	d := newDice(seedOf(t), 7<<32)
	draws := map[string]func() *form{"linear": d.linearForm, "ratio": d.ratioForm, "product": d.productForm}
	for _, name := range sorted(draws) {
		plant := d.plant
		if name == "product" {
			plant = d.plantProduct
		}
		before := d.newBench(40, 12, draws[name], plant)
		after := &bench{sheets: before.sheets}
		for _, f := range before.forms {
			after.forms = append(after.forms, f.rewritten(d.permuted))
		}
		pair(t, before, after, sameVerdict)
	}
}

// moved takes a term of one side to the other; nil when the side is no sum.
func (d dice) moved(f *form) *form {
	c := f.parts[0]
	if len(f.parts) > 1 || c.op != "==" || c.left.op == "round" || c.right.op == "round" {
		return nil
	}
	from, to, swapped := c.right, c.left, d.chance(50)
	if swapped {
		from, to = to, from
	}
	if from.op != "+" || from.list {
		return nil
	}
	i := d.IntN(len(from.args))
	rest := sumNode()
	for j, a := range from.args {
		if j != i {
			rest.args, rest.minus = append(rest.args, a), append(rest.minus, from.minus[j])
		}
	}
	if len(rest.args) == 1 && !rest.minus[0] {
		rest = rest.args[0]
	}
	other := sumNode(to, from.args[i])
	other.minus[1] = !from.minus[i]
	out := *f
	out.parts = []*comparison{{"==", other, rest}}
	if swapped {
		out.parts[0].left, out.parts[0].right = rest, other
	}
	return &out
}

// TestMovingTermNeverFails: a term moved across the sign may make a side bare or not, and so turn a pass into a rounding
// and back, but what can hold still can.
func TestMovingTermNeverFails(t *testing.T) {
	d := newDice(seedOf(t), 8<<32)
	before, after := &bench{}, &bench{}
	for len(before.forms) < 40 {
		f := d.linearForm()
		// A bare score is met by whatever rounds to it in the first step, and is exact in the second: moved, it may fail.
		if c := f.parts[0]; f.bareSide(c.left) == "s" || f.bareSide(c.right) == "s" {
			continue
		}
		if g := d.moved(f); g != nil && f.bareSide(g.parts[0].left) != "s" && f.bareSide(g.parts[0].right) != "s" {
			before.forms, after.forms = append(before.forms, f), append(after.forms, g)
		}
	}
	for range 20 {
		s := d.newSheet(before.forms)
		for i, f := range before.forms {
			d.plant(s, f, i)
		}
		s.settle()
		before.sheets = append(before.sheets, s)
	}
	after.sheets = before.sheets
	pair(t, before, after, func(f, g finding.Finding) bool {
		return (f.Verdict == finding.Fail) == (g.Verdict == finding.Fail) &&
			(f.Verdict == finding.NotEvaluated) == (g.Verdict == finding.NotEvaluated)
	})
}

// bareSide is the name of the figure that a side is, "" when it is none.
func (f *form) bareSide(n *node) string {
	for n.op == "let" {
		for _, l := range f.lets {
			if l.name == n.name {
				n = l.body
				break
			}
		}
	}
	if n.op == "fig" {
		return n.name
	}
	return ""
}

// homogeneous reports whether an expression grows tenfold when all its figures do.
func homogeneous(n *node) bool {
	switch n.op {
	case "lit", "round":
		return false
	case "fig":
		return fields[n.name].kind != "count" && n.name != "x.g"
	case "rows":
		return n.name != "g"
	case "*", "/":
		left, right := n.args[0], n.args[1]
		constant := func(a *node) bool {
			return a.op == "lit" || a.op == "fig" && fields[a.name].kind == "count"
		}
		return constant(right) && homogeneous(left) || n.op == "*" && constant(left) && homogeneous(right)
	}
	if n.test != nil && !(homogeneous(n.test.left) && homogeneous(n.test.right)) {
		return false
	}
	for _, a := range n.args {
		if !homogeneous(a) {
			return false
		}
	}
	return true
}

// TestScaleDoesNotMatter: figures printed ten times as large with one decimal less have the same verdicts.
func TestScaleDoesNotMatter(t *testing.T) {
	d := newDice(seedOf(t), 9<<32)
	before, after := &bench{}, &bench{}
	for len(before.forms) < 40 {
		f := d.linearForm()
		fits := true
		for _, c := range f.parts {
			fits = fits && homogeneous(c.left) && homogeneous(c.right)
		}
		for _, l := range f.lets {
			fits = fits && homogeneous(l.body)
		}
		if fits {
			before.forms = append(before.forms, f)
		}
	}
	after.forms = before.forms
	for range 25 {
		s := d.newSheet(before.forms)
		s.declared = 1 + d.IntN(3)
		s.settle()
		for i, f := range before.forms {
			d.plant(s, f, i)
		}
		large := &sheet{mode: s.mode, unit: s.unit, declared: s.declared - 1}
		for _, of := range s.facts {
			large.facts = append(large.facts, of.tenfold())
		}
		s.settle()
		large.settle()
		before.sheets, after.sheets = append(before.sheets, s), append(after.sheets, large)
	}
	pair(t, before, after, sameVerdict)
}

// tenfold gives every rounded figure a decimal, should it have none, and returns the figures ten times as large.
func (f *facts) tenfold() *facts {
	scaled := func(m map[string]*figure) map[string]*figure {
		out := map[string]*figure{}
		for name, x := range m {
			y := *x
			if x.kind.kind != "count" && x.coef != nil {
				if x.digits == 0 {
					x.coef, x.digits = new(big.Int).Mul(x.coef, big.NewInt(10)), 1
				}
				y.coef, y.digits = x.coef, x.digits-1
			}
			out[name] = &y
		}
		return out
	}
	out := &facts{figures: scaled(f.figures), list: f.list}
	for _, r := range f.rows {
		out.rows = append(out.rows, scaled(r))
	}
	return out
}

// verdictsOf runs rules over one dataset, once with each way of evaluating, and returns the verdict of each rule.
func verdictsOf(t *testing.T, schema, rules, data string) map[string]finding.Verdict {
	t.Helper()
	p := compile(t, schema, rules)
	item := build(t, p, "d.yaml", data)
	out := map[string]finding.Verdict{}
	for _, all := range []bool{true, false} {
		r, err := run.Run(context.Background(), 1, func(int) (*run.Item, error) { return item, nil }, run.Options{All: all})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range r.Rules {
			for _, v := range finding.Verdicts {
				if one.Tally.Of(v) == 0 {
					continue
				}
				if before, seen := out[one.ID]; seen && before != v {
					t.Errorf("rule %s: the fast evaluation says %v, the exact one %v", one.ID, v, before)
				}
				out[one.ID] = v
			}
		}
	}
	return out
}

// TestSumsBeyondMachineWords: many rows of figures that fit whose sums do not, in rules whose verdict is known.
func TestSumsBeyondMachineWords(t *testing.T) {
	const schema = "fields:\n  rows:\n    type: list\n    fields:\n      v: {type: amount}\n      w: {type: amount}\n"
	bodies := []string{".v", ".v + .w", ".v + .v + .w", ".v + .v + .w + .w", ".v - .w + .v + .v + .v + .w + .v + .v"}
	values := []string{
		"4503599627.370495", "4503599627.370496", "4503599000", "2251799813.685248", "9007199254740991", "9007199254.740992",
		"45035996273704.95", "92233720368547.75807", "9223372036854.775807", "4611686018427.387904", "922337203685477580.7",
	}
	for _, value := range values {
		for _, n := range []int{256, 512, 513} {
			var rules strings.Builder
			for i, body := range bodies {
				fmt.Fprintf(&rules, "- {id: le-%d, title: t, check: \"sum(rows, %s) <= 0\"}\n", i, body)
				fmt.Fprintf(&rules, "- {id: ge-%d, title: t, check: \"sum(rows, %s) >= 0\"}\n", i, body)
			}
			data := "entity: x\nperiod: 2023\nrows:\n" + strings.Repeat("  - {v: "+value+", w: "+value+"}\n", n)
			for id, got := range verdictsOf(t, schema, rules.String(), data) {
				want := finding.Fail
				if strings.HasPrefix(id, "ge") {
					want = finding.Pass
				}
				if id != rule.RestatedID && got != want {
					t.Errorf("rule %s over %d rows of %s: %v, want %v", id, n, value, got, want)
				}
			}
		}
	}
}

// TestUnitsOfComputedSides: figures whose units stand beside them in the data meet figures of other units within sums,
// products and lists. Each rule holds once everything is in one unit: it must pass, or be refused when it is compiled;
// it must not be judged on numbers of different units.
func TestUnitsOfComputedSides(t *testing.T) {
	const schema = `fields:
  a: {type: amount, unit: 万元}
  iu: {type: text}
  i: {type: amount, unit: {from: iu}}
  ju: {type: text}
  j: {type: amount, unit: {from: ju}}
  n: {type: count}
  rows:
    type: list
    fields:
      ru: {type: text}
      v: {type: amount, unit: {from: ru}}
`
	const data = `{entity: x, period: 2023, a: "2", iu: 元, i: "10000", ju: 万元, j: "1", n: "1", rows: [{ru: 元, v: "10000"}, {ru: 万元, v: "1"}]}`
	for _, check := range []string{
		"i + j == a", "a == i + j", "a == i + i", "2 * i == a", "-i >= -a / 2", "sum([i, j]) == a", "i + i - a == 0",
		"(n > 0 ? i : j) * 2 == a", "i / 2 * 4 == a", "a / 2 == max(i, j)", "sum(rows, .v) == a", "a == sum(rows, .v)",
		"max(map(rows, .v)) * 2 == a", "sum(rows, .v) == i + j", "i == j", "i <= a", "i / a == 0.5",
	} {
		pack := fstest.MapFS{
			"p/pack.yaml":   {Data: []byte("id: p\ntitle: p\nversion: \"1\"\n")},
			"p/schema.yaml": {Data: []byte(schema)},
			"p/topic.yaml":  {Data: fmt.Appendf(nil, "- {id: r, title: t, check: %q}\n", check)},
		}
		loaded, _, err := rule.Load(pack, "p", "p", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, refused := plan.Compile(loaded); len(refused) > 0 {
			t.Logf("%s is refused: %v", check, refused[0])
			continue
		}
		if got := verdictsOf(t, schema, fmt.Sprintf("- {id: r, title: t, check: %q}\n", check), data)["r"]; got != finding.Pass {
			t.Errorf("%s is %v where every figure is 1万元 and a is 2万元", check, got)
		}
	}
}
