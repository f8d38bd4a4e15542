package run_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/entities"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

const acrossSchema = `
types:
  compared:
    fields:
      amount: {type: amount, label: 金额}
      change: {type: amount, label: 变动}
      unread: {type: amount}
fields:
  unread: {type: amount}
  opening: {type: amount, label: 年初}
  closing: {type: amount, label: 年末}
  total: {use: compared, label: 总计}
  income: {fields: {current: {use: compared}, unread: {type: text}}}
  classes:
    type: list
    key: code
    fields:
      code: {type: text}
      amount: {type: amount}
      unread: {type: list, fields: {x: {type: amount}}}
      items: {type: list, key: code, fields: {code: {type: text}, amount: {type: amount}}}
  open: {type: bool}
`

const acrossRules = `
- {id: opening, title: t, tolerance: exact, check: opening == prior.closing}
- {id: change, title: t, tolerance: exact, each: q in compared, check: q.amount - q.change == q.prior.amount}
- {id: two, title: t, when: opening > 0, check: closing > prior.prior.closing}
- {id: within, title: t, check: total.amount <= budget.total.amount and total.amount > 0, tolerance: exact}
- {id: below, title: t, tolerance: exact, check: "total.amount == sum(children, .total.amount) + sum(children, sum(.classes, .amount))"}
- {id: class, title: t, tolerance: exact, each: c in classes, check: "c.amount + sum(c.items, .amount) >= sum(filter(prior.classes, .code == c.code), .amount)"}
- {id: alone, title: t, check: opening >= 0}
`

func acrossPlan(t testing.TB, schema, rules string) *plan.Plan {
	t.Helper()
	pack, list, err := rule.Load(fstest.MapFS{
		"p/pack.yaml": {Data: []byte("id: p\n")}, "p/schema.yaml": {Data: []byte(schema)}, "p/rules.yaml": {Data: []byte(rules)},
	}, "p", "p", nil)
	if err != nil {
		t.Fatal(err)
	}
	p, wrong := plan.Compile(pack)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	return p
}

func acrossItem(t testing.TB, p *plan.Plan, path, data string) *run.Item {
	t.Helper()
	doc, list := yamldoc.Parse(source.New(path, []byte(data)))
	h, wrong := dataset.ReadHeader(doc, false)
	list = append(list, wrong...)
	d, wrong := dataset.Build(doc, h, p.Pack.Schema)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	return &run.Item{Plan: p, Dataset: d, Path: path}
}

// judgeAcross adds items in an order, by some goroutines, and gathers what comes out, in the order of the numbers.
func judgeAcross(t testing.TB, items []*run.Item, order []int, jobs, memory int, o run.Options) ([]*run.AcrossOutcome, []finding.Rule) {
	t.Helper()
	dir := t.TempDir()
	o.Jobs = jobs
	a := run.NewAcross(o, dir, memory)
	var wait sync.WaitGroup
	for part := range slices.Chunk(order, max(1, len(order)/jobs)) {
		wait.Go(func() {
			for _, i := range part {
				if err := a.Add(uint64(i), items[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	var out []*run.AcrossOutcome
	if err := a.Judge(context.Background(), func(o *run.AcrossOutcome) error { out = append(out, o); return nil }); err != nil {
		t.Fatal(err)
	}
	rules := a.Rules()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	slices.SortFunc(out, func(a, b *run.AcrossOutcome) int { return cmp.Compare(a.Number, b.Number) })
	return out, rules
}

// world is a bureau in numbers, from which both the datasets and what must be said of them are made. A number below zero
// is not printed.
type world struct {
	entity, parent, kind string
	period               string
	// year counts periods of one length; -1 is no period.
	span, year             int
	opening, closing       int
	total, totalChange     int
	current, currentChange int
	listed                 bool
	classes                []worldClass
	budget                 bool
	of                     string
	// below are the entities that a list puts below it.
	below []string
}

type worldClass struct {
	code   string
	amount int
	items  []int
}

func randomWorld(r *rand.Rand) *world {
	number := func() int { return r.IntN(4) - 1 }
	w := &world{
		entity: string(rune('A' + r.IntN(5))), opening: number(), closing: number(), total: number(), totalChange: number(),
		current: number(), currentChange: number(), listed: r.IntN(3) > 0,
	}
	if r.IntN(2) == 0 {
		w.parent = string(rune('A' + r.IntN(5)))
	}
	switch year := 2020 + r.IntN(4); r.IntN(8) {
	case 0:
		w.period, w.span, w.year = fmt.Sprintf("%d-01", year), 2, year*12
	case 1:
		w.period, w.span, w.year = fmt.Sprintf("%d-12", year), 2, year*12+11
	case 2:
		w.period, w.year = "某时", -1
	case 3:
		w.period, w.span, w.year = fmt.Sprintf("%d年度", year), 1, year
	default:
		w.period, w.span, w.year = fmt.Sprint(year), 1, year
	}
	k := []struct {
		kind   string
		budget bool
		of     string
	}{{"", false, ""}, {"决算", false, ""}, {"单位决算", false, "单位"}, {"部门决算", false, "部门"}, {"预算", true, ""}, {"部门预算", true, "部门"}}[r.IntN(6)]
	w.kind, w.budget, w.of = k.kind, k.budget, k.of
	for range r.IntN(3) {
		c := worldClass{code: string(rune('x' + r.IntN(2))), amount: number()}
		for range r.IntN(3) {
			c.items = append(c.items, number())
		}
		w.classes = append(w.classes, c)
	}
	return w
}

func (w *world) yaml() string {
	var s strings.Builder
	fmt.Fprintf(&s, "entity: %s\nperiod: %s\n", w.entity, w.period)
	figure := func(indent, key string, n int) {
		if n >= 0 {
			fmt.Fprintf(&s, "%s%s: %d.00\n", indent, key, n)
		}
	}
	if w.parent != "" {
		fmt.Fprintf(&s, "parent: %s\n", w.parent)
	}
	if w.kind != "" {
		fmt.Fprintf(&s, "kind: %s\n", w.kind)
	}
	s.WriteString("unread: 1.00\nopen: 是\n")
	figure("", "opening", w.opening)
	figure("", "closing", w.closing)
	s.WriteString("total:\n  unread: 3.00\n")
	figure("  ", "amount", w.total)
	figure("  ", "change", w.totalChange)
	s.WriteString("income:\n  unread: 字\n  current:\n    unread: 2.00\n")
	figure("    ", "amount", w.current)
	figure("    ", "change", w.currentChange)
	if w.listed {
		s.WriteString("classes:")
		if len(w.classes) == 0 {
			s.WriteString(" []")
		}
		s.WriteString("\n")
		for _, c := range w.classes {
			fmt.Fprintf(&s, "  - code: %s\n    unread: [{x: 4.00}]\n", c.code)
			figure("    ", "amount", c.amount)
			s.WriteString("    items:")
			if len(c.items) == 0 {
				s.WriteString(" []")
			}
			s.WriteString("\n")
			for i, n := range c.items {
				fmt.Fprintf(&s, "      - code: i%d\n", i)
				figure("        ", "amount", n)
			}
		}
	}
	return s.String()
}

// partner finds, by looking at everybody, what a dataset is compared with.
func (w *world) partner(all []*world, budget bool, back int) (found *world, cause string) {
	var same, like []*world
	for _, o := range all {
		if o.entity != w.entity || w.year < 0 || o.span != w.span || o.year != w.year-back || o.budget != budget {
			continue
		}
		if o.of == w.of {
			same = append(same, o)
		} else if o.of == "" || w.of == "" {
			like = append(like, o)
		}
	}
	return only(same, like)
}

// only is the one of the first that there are.
func only(groups ...[]*world) (*world, string) {
	var same []*world
	for _, g := range groups {
		if len(same) == 0 {
			same = g
		}
	}
	switch len(same) {
	case 0:
		return nil, "no-partner"
	case 1:
		return same[0], ""
	}
	return nil, "several-partners"
}

func (w *world) children(all []*world) (found []*world, several, absent bool) {
	department := slices.ContainsFunc(all, func(o *world) bool {
		return o.entity == w.entity && o.span == w.span && o.year == w.year && !o.budget && o.of == "部门"
	})
	if w.of == "单位" && !w.budget && w.year >= 0 && department {
		return nil, false, false
	}
	for _, entity := range []string{"A", "B", "C", "D", "E"} {
		var same, like, other []*world
		for _, o := range all {
			if o.entity != entity || o.parent != w.entity || o.parent == o.entity || w.year < 0 || o.span != w.span || o.year != w.year || o.budget != w.budget {
				continue
			}
			if o.of == w.of {
				same = append(same, o)
			} else if o.of == "" || w.of == "" {
				like = append(like, o)
			} else {
				other = append(other, o)
			}
		}
		o, cause := only(same, like, other)
		if o != nil {
			found = append(found, o)
		}
		several = several || cause == "several-partners"
		absent = absent || cause == "no-partner" && slices.Contains(w.below, entity)
	}
	return found, several, absent
}

// sum adds numbers; ok is false when one is not printed.
func sum(numbers ...int) (total int, ok bool) {
	ok = true
	for _, n := range numbers {
		ok = ok && n >= 0
		total += n
	}
	return total, ok
}

func decided(holds, known bool) string {
	switch {
	case !known:
		return "not_evaluated missing"
	case holds:
		return "pass"
	}
	return "fail"
}

// want is what must come out: "rule instance: verdict cause", without causes of fails.
func (w *world) want(all []*world) []string {
	var want []string
	say := func(rule, instance, verdict string) { want = append(want, rule+" "+instance+": "+verdict) }
	lacking := func(rule, cause string) bool {
		if w.year < 0 {
			cause = "missing"
		}
		if cause != "" {
			say(rule, "", "not_evaluated "+cause)
		}
		return cause != ""
	}
	prior, cause := w.partner(all, w.budget, 1)
	if !lacking("opening", cause) {
		_, ok := sum(w.opening, prior.closing)
		say("opening", "", decided(w.opening == prior.closing, ok))
	}
	if !lacking("change", cause) {
		_, ok := sum(w.total, w.totalChange, prior.total)
		say("change", "total", decided(w.total-w.totalChange == prior.total, ok))
		_, ok = sum(w.current, w.currentChange, prior.current)
		say("change", "income.current", decided(w.current-w.currentChange == prior.current, ok))
	}
	if earlier, cause := w.partner(all, w.budget, 2); !lacking("two", cause) {
		_, ok := sum(w.closing, earlier.closing)
		switch {
		case w.opening < 0:
			say("two", "", "not_evaluated missing")
		case w.opening == 0:
			say("two", "", "not_applicable")
		default:
			say("two", "", decided(w.closing > earlier.closing, ok))
		}
	}
	if b, cause := w.partner(all, true, 0); w.budget && w.year >= 0 {
		say("within", "", "not_applicable")
	} else if !lacking("within", cause) {
		_, ok := sum(w.total, b.total)
		holds := decided(w.total <= b.total && w.total > 0, ok)
		if w.total == 0 {
			holds = "fail"
		}
		say("within", "", holds)
	}
	switch children, several, absent := w.children(all); {
	case w.year < 0:
		lacking("below", "")
	case several:
		say("below", "", "not_evaluated several-partners")
	case absent:
		say("below", "", "not_evaluated no-partner")
	case len(children) == 0:
		say("below", "", "not_applicable")
	default:
		numbers := []int{}
		ok := w.total >= 0
		for _, c := range children {
			numbers = append(numbers, c.total)
			ok = ok && c.listed
			for _, class := range c.classes {
				numbers = append(numbers, class.amount)
			}
		}
		s, known := sum(numbers...)
		say("below", "", decided(w.total == s, ok && known))
	}
	if lacking("class", cause) {
		return want
	}
	if !w.listed {
		return append(want, "class : not_evaluated missing")
	}
	names := map[string]int{}
	for _, c := range w.classes {
		left, ok := sum(append(slices.Clone(c.items), c.amount)...)
		right := 0
		ok = ok && prior.listed
		for _, o := range prior.classes {
			if o.code == c.code {
				right += o.amount
				ok = ok && o.amount >= 0
			}
		}
		name := "classes[" + c.code + "]"
		if names[c.code]++; names[c.code] > 1 {
			name = fmt.Sprintf("classes[%s#%d]", c.code, names[c.code])
		}
		say("class", name, decided(left >= right, ok))
	}
	return want
}

// TestAcrossOracle: whatever datasets there are, what is found is what looking through all of them finds; the order in
// which they come, the workers and the memory make no difference.
func TestAcrossOracle(t *testing.T) {
	p := acrossPlan(t, acrossSchema, acrossRules)
	seen := map[string]int{}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		var all []*world
		var items []*run.Item
		for i := range 1 + r.IntN(60) {
			w := randomWorld(r)
			all = append(all, w)
			items = append(items, acrossItem(t, p, fmt.Sprintf("%d.yaml", i), w.yaml()))
		}
		order := r.Perm(len(items))
		base, rules := judgeAcross(t, items, order, 1, 1<<20, run.Options{All: true})
		brief, _ := judgeAcross(t, items, order, 2, 1<<20, run.Options{})
		for _, how := range []struct{ jobs, memory int }{{1, 1_000}, {3, 3_000}, {8, 20_000}} {
			other, otherRules := judgeAcross(t, items, r.Perm(len(items)), how.jobs, how.memory, run.Options{All: true})
			if diff := gocmp.Diff(base, other, gocmp.Comparer(func(a, b diag.List) bool { return fmt.Sprint(a) == fmt.Sprint(b) })); diff != "" {
				t.Fatalf("seed %d, %v (-one +other):\n%s", seed, how, diff)
			}
			if diff := gocmp.Diff(rules, otherRules); diff != "" {
				t.Fatalf("seed %d, %v: rules (-one +other):\n%s", seed, how, diff)
			}
		}
		if len(base) != len(items) {
			t.Fatalf("seed %d: %d datasets, %d outcomes", seed, len(items), len(base))
		}
		var total finding.Tally
		for i, out := range base {
			var got []string
			var tally finding.Tally
			for _, f := range out.Findings {
				tally.Add(f.Verdict)
				total.Add(f.Verdict)
				text := f.Rule + " " + f.Instance + ": " + f.Verdict.String()
				if f.Verdict == finding.NotEvaluated {
					text += " " + f.Cause
				}
				got = append(got, text)
			}
			if tally != out.Tally || tally != brief[i].Tally {
				t.Fatalf("seed %d, dataset %d: %+v counted, %+v found, %+v counted in brief", seed, i, out.Tally, tally, brief[i].Tally)
			}
			for _, f := range brief[i].Findings {
				if !slices.ContainsFunc(out.Findings, func(o finding.Finding) bool { return gocmp.Equal(f, o) }) {
					t.Fatalf("seed %d, dataset %d: in brief %+v", seed, i, f)
				}
			}
			want := all[i].want(all)
			slices.Sort(want)
			slices.Sort(got)
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d, dataset %d (-want +got):\n%s\n%s", seed, i, diff, all[i].yaml())
			}
			for _, w := range want {
				rule, _, _ := strings.Cut(w, " ")
				_, verdict, _ := strings.Cut(w, ": ")
				seen[rule+" "+verdict]++
			}
		}
		sums := map[finding.Verdict]int{}
		for _, r := range rules {
			for _, v := range finding.Verdicts {
				sums[v] += r.Tally.Of(v)
			}
		}
		for v, n := range sums {
			if n != total.Of(v) {
				t.Fatalf("seed %d: rules count %d %s, there are %d", seed, n, v, total.Of(v))
			}
		}
	}
	for _, id := range []string{"opening", "change", "two", "within", "below", "class"} {
		for _, verdict := range []string{"pass", "fail", "not_evaluated missing"} {
			if seen[id+" "+verdict] == 0 {
				t.Errorf("%s never comes out as %s: %v", id, verdict, seen)
			}
		}
	}
}

// randomList lists some of the entities of a world, with what is above them and with small letters as further names. It
// gives the list, and how the datasets are to be taken by it.
func randomList(t *testing.T, r *rand.Rand, all []*world) (*entities.List, []*world) {
	t.Helper()
	var text strings.Builder
	text.WriteString("entity,parent,aliases\n")
	above, listed := map[string]string{}, map[string]bool{}
	for i, name := range []string{"A", "B", "C", "D", "E"} {
		if r.IntN(4) == 0 {
			continue
		}
		listed[name] = true
		if i < 4 && r.IntN(3) > 0 {
			above[name] = string(rune('A' + i + 1 + r.IntN(4-i)))
		}
		fmt.Fprintf(&text, "%s,%s,%s\n", name, above[name], strings.ToLower(name))
	}
	list, wrong, err := entities.Read(t.Context(), "list.csv", strings.NewReader(text.String()))
	if err != nil || wrong.HasErrors() {
		t.Fatal(err, wrong)
	}
	called := func(name string) string {
		if upper := strings.ToUpper(name); listed[upper] {
			return upper
		}
		return name
	}
	var taken []*world
	for _, w := range all {
		if r.IntN(3) == 0 && listed[w.entity] {
			w.entity = strings.ToLower(w.entity)
		}
		if r.IntN(3) == 0 && listed[w.parent] {
			w.parent = strings.ToLower(w.parent)
		}
		as := *w
		as.entity, as.parent = called(w.entity), called(w.parent)
		as.parent = cmp.Or(above[as.entity], as.parent)
		for child, parent := range above {
			if parent == as.entity {
				as.below = append(as.below, child)
			}
		}
		taken = append(taken, &as)
	}
	return list, taken
}

// TestAcrossEntities: a list of entities goes before what datasets say of themselves.
func TestAcrossEntities(t *testing.T) {
	p := acrossPlan(t, acrossSchema, acrossRules)
	seen := map[string]int{}
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 8))
		var all []*world
		for range 1 + r.IntN(40) {
			all = append(all, randomWorld(r))
		}
		list, taken := randomList(t, r, all)
		var items []*run.Item
		for i, w := range all {
			items = append(items, acrossItem(t, p, fmt.Sprintf("%d.yaml", i), w.yaml()))
		}
		base, _ := judgeAcross(t, items, r.Perm(len(items)), 2, 2_000, run.Options{All: true, Entities: list})
		for i, out := range base {
			var got []string
			for _, f := range out.Findings {
				text := f.Rule + " " + f.Instance + ": " + f.Verdict.String()
				if f.Verdict == finding.NotEvaluated {
					text += " " + f.Cause
				}
				got = append(got, text)
			}
			want := taken[i].want(taken)
			slices.Sort(want)
			slices.Sort(got)
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d, dataset %d (-want +got):\n%s\n%s", seed, i, diff, all[i].yaml())
			}
			for _, w := range want {
				if strings.HasPrefix(w, "below") {
					seen[w]++
				}
			}
			if out.Input.Parent != taken[i].parent {
				t.Fatalf("seed %d, dataset %d is below %q, want %q", seed, i, out.Input.Parent, taken[i].parent)
			}
		}
	}
	for _, verdict := range []string{"pass", "fail", "not_applicable", "not_evaluated no-partner", "not_evaluated several-partners"} {
		if seen["below : "+verdict] == 0 {
			t.Errorf("the children never come out as %s: %v", verdict, seen)
		}
	}
}

// TestAcrossTells: a finding tells of each figure in which file it stands and in which document, and for people whose it is.
func TestAcrossTells(t *testing.T) {
	p := acrossPlan(t, acrossSchema, `
- {id: opening, title: t, check: opening == prior.closing, message: "{opening} {prior.closing}"}
- {id: class, title: t, each: c in classes, check: "c.amount == sum(filter(prior.classes, .code == c.code), .amount)"}
- {id: below, title: t, check: "closing == sum(children, .closing)"}
`)
	items := []*run.Item{
		acrossItem(t, p, "a/2022.yaml", "entity: 甲\nperiod: 2022\nsource: 上年.pdf\nsections: [一、总体 @1/2:1]\nclosing: 5.00 @1/3:4\nclasses: [{code: x, amount: 1.00}]\n"),
		acrossItem(t, p, "a/2023.yaml", "entity: 甲\nperiod: 2023\nopening: 7.00\nclosing: 1.00\nclasses: [{code: x, amount: 3.00}]\n"),
		acrossItem(t, p, "b.yaml", "entity: 乙\nperiod: 2023\nparent: 甲\nclosing: 9.00\n"),
	}
	items[0].Dataset.File.Path, items[0].Document = "a/2022.pdf.yaml", true
	out, _ := judgeAcross(t, items, []int{2, 0, 1}, 1, 0, run.Options{})
	type told struct{ Field, Label, Place, Data string }
	got := map[string][]told{}
	for _, f := range out[1].Findings {
		for _, o := range f.Operands {
			at := func(p finding.Place) string {
				return fmt.Sprintf("%s %d:%d %d %s", p.Path, p.Line, p.Column, p.Page, p.Section)
			}
			got[f.Rule] = append(got[f.Rule], told{o.Field, o.Label, at(o.Place), at(o.Data)})
		}
	}
	want := map[string][]told{
		"opening": {
			{"opening", "年初", "a/2023.yaml 3:10 0 ", "a/2023.yaml 3:10 0 "},
			{"prior.closing", "上期·年末", "上年.pdf 3:4 1 一、总体", " 0:0 0 "},
		},
		"class": {
			{"classes[x].amount", "x·amount", "a/2023.yaml 5:29 0 ", "a/2023.yaml 5:29 0 "},
			{"classes[x].code", "x·code", "a/2023.yaml 5:18 0 ", "a/2023.yaml 5:18 0 "},
			{"prior.classes[x].amount", "上期·x·amount", "a/2022.yaml 6:29 0 ", "a/2022.yaml 6:29 0 "},
		},
		"below": {
			{"closing", "年末", "a/2023.yaml 4:10 0 ", "a/2023.yaml 4:10 0 "},
			{"children[乙].closing", "乙·年末", "b.yaml 4:10 0 ", "b.yaml 4:10 0 "},
		},
	}
	_ = want
	if diff := gocmp.Diff(want["opening"], got["opening"]); diff != "" {
		t.Errorf("opening (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff(want["below"], got["below"]); diff != "" {
		t.Errorf("below (-want +got):\n%s", diff)
	}
	if len(got["class"]) == 0 || !slices.ContainsFunc(got["class"], func(o told) bool { return o.Field == "prior.classes[x].amount" && o.Label == "上期·x·amount" }) {
		t.Errorf("class: %+v", got["class"])
	}
	if m := out[1].Findings[0].Message; m != "7.00 5.00" {
		t.Errorf("message %q", m)
	}
	missing := out[0].Findings[0]
	if fmt.Sprint(missing.Missing) != "[prior[甲 2021]]" || out[0].Labels[missing.Missing[0]] != "上期[甲 2021]" {
		t.Errorf("missing %v, labels %v", missing.Missing, out[0].Labels)
	}
}

// TestAcrossModes: each figure has the true values that the rounding of its own publisher allows, and its own decimals.
func TestAcrossModes(t *testing.T) {
	p := acrossPlan(t, acrossSchema, `
- {id: half, title: t, check: opening == prior.closing / 2}
- {id: bare, title: t, check: opening == prior.closing}
- {id: sum, title: t, check: prior.closing == opening + closing}
- {id: zero, title: t, missing: zero, check: opening == prior.closing + prior.opening}
`)
	for _, c := range []struct{ own, prior, want string }{
		// What is cut off to 0.19 is not below it, so that its half is not below 0.095, as what rounds to 0.09 is.
		{"opening: 0.09", "closing: 0.19", "half rounding bare fail"},
		{"opening: 0.09", "rounding: truncate\nclosing: 0.19", "half fail bare fail"},
		{"rounding: truncate\nopening: 0.09", "closing: 0.19", "half pass bare fail"},
		{"rounding: truncate\nopening: 0.10", "rounding: truncate\nclosing: 0.19", "half fail bare fail"},
		{"opening: 0.125", "closing: 0.12", "bare rounding"},
		{"opening: 0.125", "rounding: truncate\nclosing: 0.12", "bare pass"},
		{"rounding: truncate\nopening: 0.125", "closing: 0.13", "bare pass"},
		// 0.126 is cut off to 0.12, as the own figures are, and rounds to 0.13, as the prior one would.
		{"rounding: truncate\nopening: 0.063\nclosing: 0.063", "closing: 0.12", "sum fail"},
		{"opening: 0.063\nclosing: 0.063", "rounding: truncate\nclosing: 0.12", "sum pass"},
		// The zero for what is missing is as exact as the figures beside it.
		{"decimals: {万元: 2}\nopening: 0.90", "decimals: {万元: 0}\nclosing: 0", "zero rounding"},
		{"decimals: {万元: 2}\nopening: 0.2", "decimals: {万元: 0}\nclosing: 0", "bare pass"},
	} {
		items := []*run.Item{
			acrossItem(t, p, "1", "entity: 甲\nperiod: 2022\n"+c.prior+"\n"), acrossItem(t, p, "2", "entity: 甲\nperiod: 2023\n"+c.own+"\n"),
		}
		got := map[string]string{"half": "pass", "bare": "pass", "sum": "pass", "zero": "pass"}
		for _, all := range []bool{true, false} {
			out, _ := judgeAcross(t, items, []int{0, 1}, 1, 1<<20, run.Options{All: all})
			for _, f := range out[1].Findings {
				if got[f.Rule] = f.Verdict.String(); !all && got[f.Rule] == "pass" {
					t.Errorf("%q after %q: %s passes, and is told", c.own, c.prior, f.Rule)
				}
			}
			if n := out[1].Tally.Pass; n != strings.Count(fmt.Sprint(got), ":pass") {
				t.Errorf("%q after %q: %d pass, %v", c.own, c.prior, n, got)
			}
		}
		words := strings.Fields(c.want)
		for i := 0; i < len(words); i += 2 {
			if got[words[i]] != words[i+1] {
				t.Errorf("%q after %q: %s is %s, want %s", c.own, c.prior, words[i], got[words[i]], words[i+1])
			}
		}
	}
}

// TestAcrossTwice: of datasets that say to be the same each later one is told, with the first one's place.
func TestAcrossTwice(t *testing.T) {
	p := acrossPlan(t, acrossSchema, acrossRules)
	var items []*run.Item
	for i, data := range []string{
		"entity: 甲\nperiod: 2023\n", "period: 2023年度\nentity: 甲\n", "entity: 甲\nperiod: 2023\nkind: 预算\n", "entity: 甲\nperiod: 2023-01\n", "entity:  甲\nperiod: 2023\n",
		"entity: 乙\nperiod: 某时\n", "entity: 乙\nperiod: 他时\n", "entity: 乙\nperiod: 某时\n",
	} {
		items = append(items, acrossItem(t, p, fmt.Sprintf("%d.yaml", i), data))
	}
	out, _ := judgeAcross(t, items, []int{7, 6, 5, 4, 3, 2, 1, 0}, 2, 0, run.Options{})
	var got []string
	for _, o := range out {
		for _, d := range o.Diagnostics {
			got = append(got, fmt.Sprintf("%s %s", d.Span, d.Related[0].Span))
		}
	}
	if diff := gocmp.Diff([]string{"1.yaml:2:9 0.yaml:1:9", "4.yaml:1:10 0.yaml:1:9", "7.yaml:1:9 5.yaml:1:9"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAcrossStops: an error of who takes the outcomes, a full folder and a call to stop end the work, and nothing is left.
func TestAcrossStops(t *testing.T) {
	p := acrossPlan(t, acrossSchema, acrossRules)
	var items []*run.Item
	for i := range 100 {
		items = append(items, acrossItem(t, p, fmt.Sprint(i), fmt.Sprintf("entity: 甲%d\nperiod: 2023\nclosing: 1.00\n", i)))
	}
	stop := errors.New("stop")
	for _, jobs := range []int{1, 4} {
		a := run.NewAcross(run.Options{Jobs: jobs}, t.TempDir(), 100)
		for i, item := range items {
			if err := a.Add(uint64(i), item); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		if err := a.Judge(context.Background(), func(*run.AcrossOutcome) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
			t.Errorf("%v after %d outcomes", err, n)
		}
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(stop)
		if err := a.Judge(ctx, func(*run.AcrossOutcome) error { return nil }); !errors.Is(err, stop) {
			t.Errorf("called off: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	a := run.NewAcross(run.Options{}, "/nowhere", 0)
	_ = a.Add(0, items[0])
	if err := a.Add(1, items[1]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}
