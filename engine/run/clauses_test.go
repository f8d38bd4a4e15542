package run_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// The tests of this file go through sections 2 and 4 of the contract clause by clause: one rule, a few figures, and what
// must come out. The oracles beside them ask the same of many figures; these say which clause is broken.

const clauseSchema = `
types:
  item:
    fields:
      amount: {type: amount, label: 金额}
      share: {type: percent, label: 占比}
fields:
  total: {type: amount, label: 合计}
  a: {type: amount}
  b: {type: amount}
  c: {type: amount}
  d: {type: amount}
  e: {type: amount}
  gone: {type: amount, label: 缺}
  own: {type: amount, decimals: own}
  yuan: {type: amount, unit: 元}
  rate: {type: percent}
  rate2: {type: percent}
  score: {type: score}
  points: {type: score}
  people: {type: count, unit: 人}
  men: {type: count, unit: 人}
  note: {type: text}
  note2: {type: text}
  day: {type: date}
  open: {type: bool}
  income:
    fields:
      basic: {use: item, label: 基本}
      other: {use: item, label: 其他}
      rest: {use: item, label: 其余}
      sum: {type: amount}
  year:
    fields:
      current: {type: amount}
      previous: {type: amount}
      change: {type: amount}
      rate: {type: percent}
      part: {type: amount}
      part2: {type: amount}
  projects:
    type: list
    key: name
    fields:
      name: {type: text}
      budget: {type: amount}
      executed: {type: amount}
      rate: {type: percent}
      parts: {type: list, key: code, fields: {code: {type: text}, amount: {type: amount}}}
  rows: {type: list, fields: {x: {type: amount}, y: {type: amount}}}
`

// clause is one rule, given by its keys beside id and title, or by its check alone; some figures; and the findings
// wanted, one after the other for rules of several instances: "instance: verdict word word…".
//
// Words are the severity, near, unlikely, left=…, right=…, diff=…, allowed=…, tol=…, cause=… and missing=…. Verdict, near,
// unlikely and cause must be complete, the others only right where they are given.
type clause struct {
	name, rule, data string
	want             []string
}

func clausePlan(t testing.TB, rules string) (*plan.Plan, diag.List) {
	t.Helper()
	pack, list, err := rule.Load(fstest.MapFS{
		"p/pack.yaml":   {Data: []byte("id: p\ntitle: p\n")},
		"p/schema.yaml": {Data: []byte(clauseSchema)},
		"p/topic.yaml":  {Data: []byte(rules)},
	}, "p", "p", nil)
	if err != nil {
		t.Fatal(err)
	}
	p, wrong := plan.Compile(pack)
	return p, append(list, wrong...)
}

// clauseRule is the YAML of a rule.
func clauseRule(id, keys string) string {
	if !strings.Contains(keys, "check:") {
		keys = "check: >-\n  " + keys
	}
	return "- id: " + id + "\n  title: t\n" + strings.TrimRight("  "+strings.ReplaceAll(strings.TrimSpace(keys), "\n", "\n  "), " ") + "\n"
}

// clauseData builds a dataset whose amounts have two decimals unless it says otherwise.
func clauseData(t testing.TB, p *plan.Plan, data string) *dataset.Dataset {
	t.Helper()
	text := "entity: 甲\n"
	if !strings.Contains(data, "period:") {
		text += "period: 2023\n"
	}
	if !strings.Contains(data, "decimals:") {
		text += "decimals: {万元: 2, 分: 1}\n"
	}
	text += strings.TrimSpace(data)
	doc, list := yamldoc.Parse(source.New("data.yaml", []byte(text)))
	if len(list) > 0 {
		t.Fatalf("%s\n%v", text, list)
	}
	h, list := dataset.ReadHeader(doc, false)
	d, wrong := dataset.Build(doc, h, p.Pack.Schema)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatalf("%s\n%v", text, list)
	}
	return d
}

func clauseReport(t testing.TB, p *plan.Plan, data string, o run.Options) *finding.Report {
	t.Helper()
	d := clauseData(t, p, data)
	o.All = true
	report, err := run.Run(context.Background(), 1, func(int) (*run.Item, error) {
		return &run.Item{Plan: p, Dataset: d, Path: "data.yaml"}, nil
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// words are what a want may say of a finding.
func words(f *finding.Finding) []string {
	w := []string{f.Verdict.String(), f.Severity.String(), "left=" + f.Left, "right=" + f.Right, "diff=" + f.Difference,
		"tol=" + strings.ReplaceAll(f.Tolerance, " ", ":"), "missing=" + strings.Join(f.Missing, ",")}
	if a := f.Allowed; a != nil {
		open, closing := "[", "]"
		if a.LowOpen {
			open = "("
		}
		if a.HighOpen {
			closing = ")"
		}
		w = append(w, "allowed="+open+a.Low+","+a.High+closing)
	} else {
		w = append(w, "allowed=")
	}
	if f.Near {
		w = append(w, "near")
	}
	if f.Unlikely {
		w = append(w, "unlikely")
	}
	if f.Cause != "" {
		w = append(w, "cause="+f.Cause)
	}
	return w
}

// complete reports whether a word may not be left out of a want.
func complete(word string) bool {
	return word == "near" || word == "unlikely" || strings.HasPrefix(word, "cause=")
}

func (c *clause) run(t *testing.T) {
	p, list := clausePlan(t, clauseRule("x", c.rule))
	if len(list) > 0 {
		t.Fatal(list)
	}
	var findings []finding.Finding
	for _, f := range clauseReport(t, p, c.data, run.Options{}).Findings {
		if f.Rule == "x" {
			findings = append(findings, f)
		}
	}
	if len(findings) != len(c.want) {
		t.Errorf("%d findings, want %d", len(findings), len(c.want))
	}
	for _, want := range c.want {
		instance, rest := "", want
		if i := strings.LastIndex(want, ": "); i >= 0 {
			instance, rest = want[:i], want[i+2:]
		}
		i := slices.IndexFunc(findings, func(f finding.Finding) bool { return f.Instance == instance })
		if i < 0 {
			t.Errorf("no instance %q", instance)
			continue
		}
		got := words(&findings[i])
		wanted := strings.Fields(rest)
		for _, w := range wanted {
			if !slices.Contains(got, w) {
				t.Errorf("%q: want %s, got %s", instance, w, strings.Join(got, " "))
			}
		}
		if wanted[0] != got[0] {
			t.Errorf("%q: want %s, got %s", instance, wanted[0], strings.Join(got, " "))
		}
		for _, g := range got {
			if complete(g) && !slices.Contains(wanted, g) {
				t.Errorf("%q: %s is not wanted", instance, g)
			}
		}
	}
}

func runClauses(t *testing.T, clauses []clause) {
	t.Helper()
	for _, c := range clauses {
		t.Run(c.name, c.run)
	}
}

// one is the want of a rule with a single instance.
func one(want string) []string { return []string{want} }

// TestPrinted is contract §2.1, step 1: what passes on the printed figures.
func TestPrinted(t *testing.T) {
	runClauses(t, []clause{
		{"one bare side takes the other at its decimals", "rate == a / b * 100", "{a: 1.00, b: 3.00, rate: 33.33%}", one("pass")},
		{"and the other way round", "a / b * 100 == rate", "{a: 1.00, b: 3.00, rate: 33.33%}", one("pass")},
		{"its own decimals for a percent", "rate == a / b * 100", "{a: 1.00, b: 3.00, rate: 33.3%}", one("pass")},
		{"D for an amount printed without them", "total == a / b", "{a: 4.00, b: 3.00, total: 1.3}", one("fail diff=-0.033333…")},
		{"own decimals for a field that has them", "own == a / b", "{a: 4.00, b: 3.00, own: 1.3}", one("pass")},
		{"the half goes away from zero", "total == a / 2", "{a: 0.01, total: 0.01}", one("pass")},
		{"also below zero", "total == a / 2", "{a: -0.01, total: -0.01}", one("pass")},
		{"and not towards it", "total == a / 2", "{a: 0.01, total: 0.00}", one("rounding")},
		{"nearest: either way at the half", "total == a / 2", "{rounding: nearest, a: 0.01, total: 0.00}", one("pass")},
		{"nearest: upwards too", "total == a / 2", "{rounding: nearest, a: 0.01, total: 0.01}", one("pass")},
		{"truncate: towards zero", "total == a / 2", "{rounding: truncate, a: 0.03, total: 0.01}", one("pass")},
		{"truncate: below zero", "total == a / 2", "{rounding: truncate, a: -0.03, total: -0.01}", one("pass")},
		{"truncate: never up", "total == a / 2", "{rounding: truncate, a: 0.03, total: 0.02}", one("fail")},
		{"both bare at the smaller d", "own == total", "{own: 8, total: 8.37}", one("pass")},
		{"both bare, the half up", "own == total", "{own: 8, total: 8.50}", one("rounding")},
		{"both bare, beyond", "own == total", "{own: 8, total: 9.51}", one("fail")},
		{"both bare, nearest", "own == total", "{rounding: nearest, own: 8, total: 8.50}", one("pass")},
		{"both bare, truncated", "own == total", "{rounding: truncate, own: 8, total: 8.99}", one("pass")},
		{"both bare in two units", "yuan == total", "{decimals: {万元: 2, 元: 0}, yuan: 8049, total: 0.80}", one("pass")},
		{"neither bare: exactly equal", "total - a == b + c", "{total: 3.00, a: 1.00, b: 1.50, c: 0.50}", one("pass")},
		{"neither bare: not rounded", "total - a == b / 3", "{total: 1.33, a: 1.00, b: 1.00}", one("rounding")},
		{"a figure on both sides is not bare", "a == a * 1.001", "{a: 1.00}", one("fail diff=-0.001")},
		{"nor by another name", "each: q in [income.basic, income.other]\ncheck: q.amount == income.basic.amount * 1.001",
			"income: {basic: {amount: 1.00}, other: {amount: 1.00}}", []string{"income.basic: fail", "income.other: pass"}},
		{"a let that is one figure is bare", "let: {x: a}\ncheck: x == b / 3", "{a: 0.33, b: 1.00}", one("pass")},
		{"a let that is a sum is not", "let: {x: a + 0}\ncheck: x == b / 3", "{a: 0.33, b: 1.00}", one("rounding")},
		{"a let hides no figure", "let: {x: a * 1.001}\ncheck: a == x", "{a: 1.00}", one("fail")},
		{"moving a term may turn a pass into a rounding", "total - b == a / 3", "{total: 1.33, b: 1.00, a: 1.00}", one("rounding")},
		{"which passes with the term where it was", "total == a / 3 + b", "{total: 1.33, b: 1.00, a: 1.00}", one("pass")},
		{"a ratio moved into a product", "rate * b == a * 100", "{a: 1.00, b: 3.00, rate: 33.33%}", one("rounding")},
		{"a literal is exact", "a + 0 == 0.104", "{a: 0.10}", one("rounding")},
		{"and not bare", "0.1 == a / 3", "{a: 0.31}", one("fail")},
		{"a figure against a literal takes it at its decimals", "a == 0.104", "{a: 0.10}", one("pass")},
		{"a count is bare and exact", "people == men / 2", "{people: 3, men: 7}", one("fail")},
		{"a score counts its decimals", "score == points / 2", "{score: 4.8, points: 9.5}", one("pass")},
		{"zero decimals are kept", "total == a", "{total: 0.00, a: 0}", one("pass")},
		{"not equal means == does not pass", "own != total", "{own: 8, total: 8.37}", one("fail")},
		{"a rounding is not equal", "total != a + b", "{total: 9.01, a: 4.00, b: 5.00}", one("pass")},
		{"less is printed", "a < b", "{a: 1.00, b: 1.00}", one("fail allowed=")},
		{"greater is printed", "a > b", "{a: 1.00, b: 1.00}", one("fail allowed=")},
		{"texts are printed", "note == note2", "{note: 甲, note2: 乙}", one("fail left=甲 right=乙 diff= allowed=")},
		{"texts after NFKC and trimming", "note == note2", `{note: Ａ（1）, note2: "A(1) "}`, one("pass")},
	})
}

// TestTrueValues is contract §2.1, step 2, for linear comparisons: intervals, one unknown for each figure, what is
// allowed.
func TestTrueValues(t *testing.T) {
	runClauses(t, []clause{
		{"a sum within its roundings", "total == a + b", "{total: 9.01, a: 4.00, b: 5.00}",
			one("rounding info left=9.01 right=9.00 diff=0.01 allowed=(-0.015,0.015) tol=rounding")},
		{"a sum beyond them", "total == a + b", "{total: 9.02, a: 4.00, b: 5.00}", one("fail error diff=0.02 allowed=(-0.015,0.015)")},
		{"the end of a half-up interval is open above", "a + 0 == b + 0.01", "{a: 1.00, b: 1.00}", one("fail allowed=(-0.01,0.01)")},
		{"and closed below", "a + 0 == 0.995", "{a: 1.00}", one("rounding allowed=(-0.005,0.005]")},
		{"mirrored below zero", "a + 0 == -0.995", "{a: -1.00}", one("rounding allowed=[-0.005,0.005)")},
		{"open above below zero", "a + 0 == -1.005", "{a: -1.00}", one("fail allowed=[-0.005,0.005)")},
		{"around zero both are open", "a + 0 == 0.005", "{a: 0.00}", one("fail allowed=(-0.005,0.005)")},
		{"nearest closes both", "a + 0 == 1.005", "{rounding: nearest, a: 1.00}", one("rounding allowed=[-0.005,0.005]")},
		{"nearest around zero", "a + 0 == 0.005", "{rounding: nearest, a: 0.00}", one("rounding allowed=[-0.005,0.005]")},
		{"truncate: the whole unit above", "a + 0 == 1.009", "{rounding: truncate, a: 1.00}", one("rounding allowed=(-0.01,0]")},
		{"truncate: nothing below", "a + 0 == 0.999", "{rounding: truncate, a: 1.00}", one("fail")},
		{"truncate: mirrored", "a + 0 == -1.009", "{rounding: truncate, a: -1.00}", one("rounding allowed=[0,0.01)")},
		{"truncate: both ways around zero", "a + 0 == -0.009", "{rounding: truncate, a: 0.00}", one("rounding allowed=(-0.01,0.01)")},
		{"truncate: the open end", "a + 0 == 1.01", "{rounding: truncate, a: 1.00}", one("fail")},
		{"a figure twice is one unknown", "a - a == 0.001", "{a: 1.00}", one("fail allowed=[0,0]")},
		{"so it is by a let", "let: {x: a}\ncheck: a - x == 0.001", "{a: 1.00}", one("fail")},
		{"so it is by a loop", "each: q in [income.basic]\ncheck: q.amount - income.basic.amount == 0.001", "income: {basic: {amount: 1.00}}",
			one("income.basic: fail")},
		{"so it is in a sum of rows", "each: p in projects\ncheck: sum(projects, .budget) - p.budget == 0.001", "projects: [{name: 甲, budget: 1.00}]",
			one("projects[甲]: fail")},
		{"two figures that print alike are two", "a - b == 0.001", "{a: 1.00, b: 1.00}", one("rounding")},
		{"equal terms are collected", "total == a + a", "{total: 2.02, a: 1.00}", one("fail allowed=(-0.015,0.015)")},
		{"with their signs", "total - a == b - a", "{total: 1.02, a: 1.00, b: 1.00}", one("fail allowed=(-0.01,0.01)")},
		{"with coefficients", "2 * total == 3 * a - b / 4", "{total: 1.38, a: 1.00, b: 1.00}", one("rounding diff=0.01 allowed=(-0.02625,0.02625)")},
		{"counts are points", "total == people * a", "{total: 3.02, people: 3, a: 1.00}", one("fail")},
		{"scaled by a count", "total == people * a", "{total: 3.01, people: 3, a: 1.00}", one("rounding allowed=(-0.02,0.02)")},
		{"scores are points", "score + 0 == points / 2", "{score: 4.8, points: 9.5}", one("fail allowed=[0,0]")},
		{"converted figures keep their decimals", "total == a + b", "{decimals: {万元: 2, 元: 0}, total: 9.00, a: 4.00, b: 50100元}",
			one("rounding allowed=(-0.01005,0.01005)")},
		{"own decimals", "own == a + 2", "{own: 8.1, a: 6.20}", one("fail allowed=(-0.055,0.055)")},
		{"blanks that count as zero are unknowns too", "missing: zero\ncheck: total == a + gone", "{total: 1.01, a: 1.00}", one("rounding allowed=(-0.015,0.015)")},
		{"at most, as printed", "a <= b", "{a: 1.00, b: 1.00}", one("pass")},
		{"at most, within roundings", "a <= b + c", "{a: 2.01, b: 1.00, c: 1.00}", one("rounding allowed=[,0.015)")},
		{"at most, beyond", "a <= b + c", "{a: 2.02, b: 1.00, c: 1.00}", one("fail allowed=[,0.015)")},
		{"at most, at an end that is not reached", "a <= b", "{a: 1.01, b: 1.00}", one("fail allowed=[,0.01)")},
		{"at most, at an end that is", "a <= b", "{rounding: nearest, a: 1.01, b: 1.00}", one("rounding allowed=[,0.01]")},
		{"at least, within roundings", "a + b >= c", "{a: 1.00, b: 1.00, c: 2.01}", one("rounding allowed=(-0.015,]")},
		{"at least, beyond", "a + b >= c", "{a: 1.00, b: 1.00, c: 2.02}", one("fail")},
	})
}

// TestForms is contract §2.2: ratios, products and what grows with every figure.
func TestForms(t *testing.T) {
	runClauses(t, []clause{
		{"a ratio within its roundings", "rate == a / b * 100", "{rate: 33.34%, a: 1.00, b: 3.00}", one("rounding left=33.34% right=33.333333…")},
		{"a ratio beyond", "rate == a / b * 100", "{rate: 34.00%, a: 1.00, b: 3.00}", one("fail diff=0.666666…")},
		{"a ratio on the left", "a / b * 100 == rate", "{rate: 33.34%, a: 1.00, b: 3.00}", one("rounding")},
		{"a ratio and a constant", "rate == a / b * 100 - 100", "{rate: 50.01%, a: 3.00, b: 2.00}", one("rounding")},
		{"one minus a ratio", "rate == (1 - a / b) * 100", "{rate: 66.66%, a: 1.00, b: 3.00}", one("rounding")},
		{"a share of a sum that holds it", "rate == a / (a + b) * 100", "{rate: 50.25%, a: 1.00, b: 1.00}", one("rounding")},
		{"which is one unknown above and below", "rate == a / (a + b) * 100", "{rate: 50.26%, a: 1.00, b: 1.00}", one("fail")},
		{"below a negative denominator", "rate == a / (b - c) * 100", "{rate: -33.34%, a: 1.00, b: 1.00, c: 4.00}", one("rounding")},
		{"at most a ratio", "rate <= a / b * 100", "{rate: 33.50%, a: 1.00, b: 3.00}", one("rounding")},
		{"beyond a ratio", "rate <= a / b * 100", "{rate: 33.60%, a: 1.00, b: 3.00}", one("fail")},
		{"at least a ratio", "rate >= a / b * 100", "{rate: 33.20%, a: 1.00, b: 3.00}", one("rounding")},
		{"a constant against a ratio", "0.334 == a / b", "{a: 1.00, b: 3.00}", one("rounding")},
		{"a multiple of the side", "rate / 100 == a / b", "{rate: 33.34%, a: 1.00, b: 3.00}", one("rounding")},
		{"the printed denominator is zero", "rate == a / b * 100", "{rate: 0.00%, a: 1.00, b: 0.00}", one("not_evaluated info cause=zero-denominator")},
		{"a difference that is zero", "rate == a / (b - c) * 100", "{rate: 0.00%, a: 1.00, b: 1.00, c: 1.00}", one("not_evaluated cause=zero-denominator")},
		{"a denominator that may be zero", "rate == a / (b - c - d) * 100", "{rate: 0.00%, a: 1.00, b: 2.01, c: 1.00, d: 1.00}",
			one("not_evaluated cause=denominator-may-be-zero")},
		{"it may, but the rule passes as printed", "rate == a / (b - c - d)", "{rate: 100.00%, a: 1.00, b: 2.01, c: 1.00, d: 1.00}", one("pass")},
		{"zero at an end that is not reached", "rate == a / (b - c)", "{rate: 200.00%, a: 1.00, b: 1.01, c: 1.00}", one("rounding")},
		{"a denominator of zero by counts", "rate == a / (people - 3)", "{rate: 1.00%, a: 1.00, people: 3}", one("not_evaluated cause=zero-denominator")},
		{"a division by a literal is no ratio", "total == (a + b) / 2 + c", "{total: 2.01, a: 1.00, b: 1.00, c: 1.00}", one("rounding allowed=(-0.015,0.015)")},

		{"a product within its roundings", "total == a * rate / 100", "{total: 0.33, a: 1.00, rate: 33.85%}", one("rounding")},
		{"a product beyond", "total == a * rate / 100", "{total: 0.33, a: 1.00, rate: 33.90%}", one("fail")},
		{"a sum of products", "total == a * rate / 100 + b * rate2 / 100", "{total: 1.01, a: 1.00, rate: 50.00%, b: 1.00, rate2: 50.00%}", one("rounding")},
		{"products that share a figure", "a * b - a * c == 0", "{a: 1.00, b: 1.00, c: 1.01}", one("fail")},
		{"a share of a product", "a * b == a * c + 0", "{a: 0.00, b: 1.00, c: 5.00}", one("pass")},
		{"a free figure reaches an open end", "a * (b - c) <= -0.005", "{a: 1.00, b: 1.00, c: 1.00}", one("rounding")},

		{"the greatest within roundings", "total == max(a, b) + 0", "{total: 5.00, a: 5.005, b: 3.00}", one("rounding")},
		{"the greatest at an open end", "total == max(a, b)", "{total: 5.00, a: 5.01, b: 3.00}", one("fail")},
		{"the least", "total >= min(a, b) + c", "{total: 2.00, a: 1.01, b: 3.00, c: 1.00}", one("rounding")},
		{"the greatest of rows", "total == max(map(projects, .budget)) + a", "{total: 6.01, a: 1.00, projects: [{name: 甲, budget: 5.00}, {name: 乙, budget: 4.00}]}",
			one("rounding")},
		{"an absolute value at most", "abs(a - b) <= 0.015", "{a: 1.02, b: 1.00}", one("rounding")},
		{"an absolute value at most, turned", "0.015 >= abs(a - b)", "{a: 1.00, b: 1.02}", one("rounding")},
		{"an absolute value beyond", "abs(a - b) <= 0.01", "{a: 1.03, b: 1.00}", one("fail")},
		{"an absolute value at an open end", "abs(a - b) <= 0.01", "{a: 1.02, b: 1.00}", one("fail")},

		{"round as a whole side", "total == round(a / 3, 2)", "{total: 0.33, a: 1.00}", one("pass")},
		{"round is dropped for true values", "total == round(a + b, 1)", "{total: 1.98, a: 0.98, b: 1.00}", one("rounding")},
		{"round on the left", "round(a + b, 1) == total", "{total: 1.98, a: 0.98, b: 1.00}", one("rounding")},
		{"round beyond", "total == round(a + b, 1)", "{total: 1.96, a: 0.98, b: 1.00}", one("fail")},
		{"round of what is no figure", "total == people + round(people / 2, 1)", "{total: 4.50, people: 3}", one("pass")},

		{"a branch that printed values choose", "total == (a > 1 ? b + c : b - c)", "{total: 2.01, a: 1.50, b: 1.00, c: 1.00}", one("rounding")},
		{"the other branch", "total == (a > 1 ? b + c : b - c)", "{total: 2.01, a: 0.50, b: 1.00, c: 1.00}", one("fail")},
		{"a product beyond a filter", "total == sum(filter(projects, .budget > 1), .executed)", "{total: 5.01, projects: [{name: 甲, budget: 2.00, executed: 5.00}, {name: 乙, budget: 0.50, executed: 9.00}]}",
			one("rounding")},
	})
}

// TestSame is §2.1 on statements of one quantity.
func TestSame(t *testing.T) {
	runClauses(t, []clause{
		{"equal", "same(a, b)", "{a: 8.37, b: 8.37}", one("pass")},
		{"at the lowest decimals", "same(own, total)", "{own: 8, total: 8.37}", one("pass")},
		{"half up", "same(own, total)", "{own: 8, total: 8.50}", one("fail warning near")},
		{"truncated", "same(own, total)", "{rounding: truncate, own: 8, total: 8.99}", one("pass")},
		{"one unit of the last digit", "same(a, b)", "{a: 8.37, b: 8.38}", one("fail warning near left=8.37 right=8.38 diff=-0.01")},
		{"two units", "same(a, b)", "{a: 8.37, b: 8.39}", one("fail error")},
		{"one unit of the lowest decimals", "same(own, total)", "{own: 8, total: 9.20}", one("fail warning near")},
		{"near as the rule says", "near: error\ncheck: same(a, b)", "{a: 8.37, b: 8.38}", one("fail error near")},
		{"near of a lesser rule", "near: info\nseverity: warning\ncheck: same(a, b)", "{a: 8.37, b: 8.38}", one("fail info near")},
		{"three statements, the farthest apart count", "same(a, b, c)", "{a: 8.37, b: 8.38, c: 8.36}", one("fail error")},
		{"three statements near", "same(a, b, c)", "{a: 8.37, b: 8.37, c: 8.36}", one("fail near right=8.36 diff=0.01")},
		{"true values are never considered", "same(a, b)", "{a: 8.37, b: 8.38}", one("fail near allowed=")},
		{"a missing statement", "same(a, gone)", "{a: 8.37}", one("not_evaluated cause=missing missing=gone")},
		{"counts", "same(people, men)", "{people: 3, men: 4}", one("fail error")},
		{"percents", "same(rate, rate2)", "{rate: 56.8%, rate2: 56.83%}", one("pass")},
		{"tolerance is not for same", "tolerance: {abs: \"1\"}\ncheck: same(a, b)", "{a: 8.37, b: 8.39}", one("fail")},
	})
}

// TestCombining is §2.3: the greatest of all parts, the least of any, comparison by comparison.
func TestCombining(t *testing.T) {
	parts := []struct {
		check   string
		verdict finding.Verdict
		not     finding.Verdict
	}{
		{"people == 3", finding.Pass, finding.Fail},
		{"total == a + b", finding.Rounding, finding.Pass},
		{"gone == 1", finding.NotEvaluated, finding.NotEvaluated},
		{"people == 4", finding.Fail, finding.Pass},
	}
	const data = "{people: 3, total: 9.01, a: 4.00, b: 5.00}"
	for _, x := range parts {
		for _, y := range parts {
			both, either := max(x.verdict, y.verdict), min(x.verdict, y.verdict)
			for check, want := range map[string]finding.Verdict{
				x.check + " and " + y.check:                   both,
				x.check + " && " + y.check:                    both,
				x.check + " or " + y.check:                    either,
				x.check + " || " + y.check:                    either,
				"all([" + x.check + ", " + y.check + "], #)":  both,
				"any([" + x.check + ", " + y.check + "], #)":  either,
				"none([" + x.check + ", " + y.check + "], #)": max(x.not, y.not),
				"not (" + x.check + " and " + y.check + ")":   min(x.not, y.not),
				"not (" + x.check + " or " + y.check + ")":    max(x.not, y.not),
			} {
				t.Run(check, func(t *testing.T) {
					p, list := clausePlan(t, clauseRule("x", check))
					if len(list) > 0 {
						t.Fatal(list)
					}
					for _, f := range clauseReport(t, p, data, run.Options{}).Findings {
						if f.Rule == "x" && f.Verdict != want {
							t.Errorf("%s, want %s", f.Verdict, want)
						}
					}
				})
			}
		}
	}
	const rows = "{a: 1.00, projects: [{name: 甲, budget: 3.00, executed: 1.00, rate: 33.33%}, {name: 乙, budget: 3.00, executed: 1.00, rate: 33.34%}, {name: 丙, budget: 3.00, executed: 1.00, rate: 40.00%}, {name: 丁}]}"
	ratio := ".rate == .executed / .budget * 100"
	runClauses(t, []clause{
		{"decided one by one, never jointly", "total == a + b and total - 0.02 == a + b", "{total: 9.01, a: 4.00, b: 5.00}", one("rounding")},
		{"all rows", "all(projects, " + ratio + ")", rows, one("fail left=40.00%")},
		{"any row", "any(projects, " + ratio + ")", rows, one("pass")},
		{"no row", "none(projects, " + ratio + ")", rows, one("fail")},
		{"all of the first two", "all(filter(projects, .rate < 35), " + ratio + ")", strings.Replace(rows, ", {name: 丁}", "", 1), one("rounding left=33.34%")},
		{"any but the first", "any(filter(projects, .rate > 33.33), " + ratio + ")", strings.Replace(rows, ", {name: 丁}", "", 1), one("rounding left=33.34%")},
		{"a row in doubt", "all(filter(projects, .rate < 35), " + ratio + ")", rows, one("not_evaluated cause=missing missing=projects[丁].rate")},
		{"all of nothing", "all(projects, .budget > 0)", "projects: []", one("pass")},
		{"any of nothing", "any(projects, .budget > 0)", "projects: []", one("fail")},
		{"all of a missing list", "all(projects, .budget > 0)", "{}", one("not_evaluated cause=missing missing=projects")},
		{"not is pushed down to a strict comparison", "not (a < b)", "{a: 1.00, b: 1.01}", one("fail")},
		{"where it becomes a weak one that may round", "not (a < b + c)", "{a: 2.00, b: 1.00, c: 1.01}", one("rounding")},
		{"not of a weak one is strict", "not (a <= b)", "{rounding: nearest, a: 1.00, b: 1.01}", one("fail")},
		{"an unknown test, the branches agree", "gone > 0 ? people == 3 : people != 4", "{people: 3}", one("pass")},
		{"an unknown test, the branches round", "gone > 0 ? total == a + b : a + b == total", "{total: 9.01, a: 4.00, b: 5.00}", one("rounding")},
		{"an unknown test, the branches differ", "gone > 0 ? people == 3 : people == 4", "{people: 3}", one("not_evaluated cause=missing missing=gone")},
		{"a known test", "a > 0 ? people == 4 : people == 3", "{a: 1.00, people: 3}", one("fail")},
		{"a test that would round is false", "total == a + b ? people == 3 : people == 4", "{people: 3, total: 9.01, a: 4.00, b: 5.00}", one("fail")},
		{"when is true", "when: a > 0\ncheck: people == 3", "{a: 1.00, people: 3}", one("pass")},
		{"when is false", "when: a > 1\ncheck: people == 3", "{a: 1.00, people: 3}", one("not_applicable")},
		{"when would round", "when: total == a + b\ncheck: people == 3", "{people: 3, total: 9.01, a: 4.00, b: 5.00}", one("not_applicable")},
		{"when passes at a bare side's decimals", "when: rate == a / b * 100\ncheck: people == 3", "{people: 3, rate: 33.33%, a: 1.00, b: 3.00}", one("pass")},
		{"when is unknown", "when: gone > 0\ncheck: people == 3", "{people: 3}", one("not_evaluated info cause=missing missing=gone")},
		{"when divides by zero", "when: a / b > 1\ncheck: people == 3", "{people: 3, a: 1.00, b: 0.00}", one("not_evaluated cause=zero-denominator")},
		{"when decides in spite of something unknown", "when: gone > 0 or a > 0\ncheck: people == 3", "{people: 3, a: 1.00}", one("pass")},
		{"a missing figure", "total == a + gone", "{total: 1.00, a: 1.00}", one("not_evaluated info cause=missing missing=gone diff=")},
		{"a missing figure times zero", "total == a + gone * 0", "{total: 1.00, a: 1.00}", one("not_evaluated cause=missing")},
		{"all missing figures are named", "total == b + gone + c", "{total: 1.00}", one("not_evaluated cause=missing missing=b,gone,c")},
		{"a text that is missing", "note == '甲'", "{}", one("not_evaluated cause=missing missing=note")},
	})
}

// TestEach: one instance, one verdict; instances are named by keys.
func TestEach(t *testing.T) {
	const data = "projects: [{name: 甲, budget: 1.00, parts: [{code: \"01\", amount: 1.00}, {code: \"02\", amount: 2.00}]}, {name: 乙, budget: 2.00, parts: []}, {name: 甲, budget: 3.00}]"
	runClauses(t, []clause{
		{"rows by key, repeated keys numbered", "each: p in projects\ncheck: p.budget == 1", data,
			[]string{"projects[甲]: pass", "projects[乙]: fail", "projects[甲#2]: fail"}},
		{"rows without a key by number", "each: r in rows\ncheck: r.x == r.y", "rows: [{x: 1.00, y: 1.00}, {x: 1.00, y: 3.00}]", []string{"rows[1]: pass", "rows[2]: fail"}},
		{"rows within rows", "each: [p in projects, q in p.parts]\ncheck: q.amount == p.budget", data,
			[]string{"projects[甲].parts[01]: pass", "projects[甲].parts[02]: fail", "projects[甲#2]: not_evaluated cause=missing missing=projects[甲#2].parts"}},
		{"rows of two lists", "each: [p in projects, r in rows]\ncheck: p.budget == r.x", "{projects: [{name: 甲, budget: 1.00}], rows: [{x: 1.00}, {x: 3.00}]}",
			[]string{"projects[甲], rows[1]: pass", "projects[甲], rows[2]: fail"}},
		{"a missing list", "each: p in projects\ncheck: p.budget == 1", "{}", one("not_evaluated cause=missing missing=projects")},
		{"an empty list", "each: p in projects\ncheck: p.budget == 1", "projects: []", nil},
		{"groups of one type", "each: q in [income.basic, income.other]\ncheck: q.amount == income.sum", "income: {basic: {amount: 1.00}, other: {amount: 3.00}, sum: 1.00}",
			[]string{"income.basic: pass", "income.other: fail"}},
		{"when is asked of each", "each: p in projects\nwhen: p.budget > 1\ncheck: p.budget == 2", data, []string{"projects[甲]: not_applicable", "projects[乙]: pass", "projects[甲#2]: fail"}},
		{"no each: one instance without a name", "a == 1", "a: 1.00", one("pass")},
		{"a list that must be published", "missing: fail\neach: p in projects\ncheck: p.budget == 1", "{}", one("fail error cause=missing missing=projects")},
	})
}
