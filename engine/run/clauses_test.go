package run_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	text := "{entity: 甲"
	if !strings.Contains(data, "period:") {
		text += ", period: 2023"
	}
	if !strings.Contains(data, "decimals:") {
		text += ", decimals: {万元: 2, 分: 1}"
	}
	if inner, braced := strings.CutPrefix(data, "{"); braced {
		data = strings.TrimSuffix(inner, "}")
	}
	if data != "" {
		text += ", " + data
	}
	text += "}"
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
	var operands []string
	for _, o := range f.Operands {
		operands = append(operands, o.Field)
	}
	w = append(w, "of="+strings.Join(operands, ","))
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
		{"truncate: the whole unit above", "a + 0 == 1.009", "{rounding: truncate, a: 1.00}", one("rounding warning unlikely allowed=(-0.01,0.00]")},
		{"truncate: nothing below", "a + 0 == 0.999", "{rounding: truncate, a: 1.00}", one("fail")},
		{"truncate: mirrored", "a + 0 == -1.009", "{rounding: truncate, a: -1.00}", one("rounding unlikely allowed=[0.00,0.01)")},
		{"truncate: both ways around zero", "a + 0 == -0.009", "{rounding: truncate, a: 0.00}", one("rounding unlikely allowed=(-0.01,0.01)")},
		{"truncate: the open end", "a + 0 == 1.01", "{rounding: truncate, a: 1.00}", one("fail")},
		{"a figure twice is one unknown", "a - a == 0.001", "{a: 1.00}", one("fail allowed=[0.00,0.00]")},
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
		{"scores are points", "score + 0 == points / 2", "{score: 4.8, points: 9.5}", one("fail allowed=[0.0,0.0]")},
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
		{"a row against each other row, and itself", "each: [p in projects, q in projects]\ncheck: p.budget == a / q.budget",
			"{a: 6.00, projects: [{name: 甲, budget: 2.00}, {name: 乙, budget: 3.00}]}",
			[]string{"projects[甲], projects[乙]: pass", "projects[乙], projects[甲]: pass",
				"projects[甲]: not_evaluated cause=undecidable", "projects[乙]: not_evaluated cause=undecidable"}},
		{"a row against the other rows", "each: p in projects\ncheck: p.budget == a / sum(filter(projects, .name != p.name), .budget)",
			"{a: 6.00, projects: [{name: 甲, budget: 2.00}, {name: 乙, budget: 3.00}]}",
			[]string{"projects[甲]: pass", "projects[乙]: pass"}},
		{"a division by a literal is no ratio", "total == (a + b) / 2 + c", "{total: 2.01, a: 1.00, b: 1.00, c: 1.00}", one("rounding allowed=(-0.015,0.015)")},

		{"a product within its roundings", "total == a * rate / 100", "{total: 0.33, a: 1.00, rate: 33.60%}", one("rounding")},
		{"a product beyond", "total == a * rate / 100", "{total: 0.33, a: 1.00, rate: 33.90%}", one("fail error")},
		{"a sum of products", "total == a * rate / 100 + b * rate2 / 100", "{total: 1.01, a: 1.00, rate: 50.00%, b: 1.00, rate2: 50.00%}", one("rounding")},
		{"products that share a figure", "a * b - a * c == 0", "{a: 1.00, b: 1.00, c: 1.01}", one("fail")},
		{"a share of a product", "a * b == a * c + 0", "{a: 0.00, b: 1.00, c: 5.00}", one("pass")},
		{"a free figure reaches an open end", "a * (b - c) <= -0.005", "{a: 1.00, b: 1.00, c: 1.00}", one("rounding")},

		{"the greatest within roundings", "total == max(a, b) + 0", "{total: 5.00, a: 5.005, b: 3.00}", one("rounding")},
		{"the greatest at an open end", "total == max(a, b)", "{total: 5.00, a: 5.01, b: 3.00}", one("fail cause=padded")},
		{"the least", "total >= min(a, b) + c", "{total: 2.00, a: 1.01, b: 3.00, c: 1.00}", one("rounding")},
		{"the greatest of rows", "total == max(map(projects, .budget)) + a", "{total: 6.01, a: 1.00, projects: [{name: 甲, budget: 5.00}, {name: 乙, budget: 4.00}]}",
			one("rounding")},
		{"an absolute value at most", "abs(a - b) <= 0.015", "{a: 1.02, b: 1.00}", one("rounding")},
		{"an absolute value at most, turned", "0.015 >= abs(a - b)", "{a: 1.00, b: 1.02}", one("rounding")},
		{"an absolute value beyond", "abs(a - b) <= 0.01", "{a: 1.03, b: 1.00}", one("fail")},
		{"an absolute value at an open end", "abs(a - b) <= 0.01", "{a: 1.02, b: 1.00}", one("fail")},

		{"round as a whole side", "total == round(a / 3, 2)", "{total: 0.33, a: 1.00}", one("pass")},
		{"round is dropped for true values", "total == round(a + b, 1)", "{total: 1.99, a: 0.98, b: 1.00}", one("rounding")},
		{"what is unlikely is told without the round", "total == round(a + b + c + d, 1)", "{total: 3.01, a: 1.00, b: 1.00, c: 0.52, d: 0.51}",
			one("rounding warning unlikely diff=0.01")},
		{"however far the round goes", "total == round(a + b + c + d, 1)", "{total: 3.06, a: 1.00, b: 1.00, c: 0.52, d: 0.53}",
			one("rounding info diff=-0.04")},
		{"round on the left", "round(a + b, 1) == total", "{total: 1.99, a: 0.98, b: 1.00}", one("rounding")},
		{"round beyond", "total == round(a + b, 1)", "{total: 1.96, a: 0.98, b: 1.00}", one("fail")},
		{"round of what is no figure", "total == a + b + round(7 / 2, 0)", "{total: 6.01, a: 1.00, b: 1.00}", one("rounding")},

		{"a branch that printed values choose", "total == (a > 1 ? b + c : b - c)", "{total: 2.01, a: 1.50, b: 1.00, c: 1.00}", one("rounding")},
		{"the other branch", "total == (a > 1 ? b + c : b - c)", "{total: 2.01, a: 0.50, b: 1.00, c: 1.00}", one("fail")},
		{"a sum of filtered rows", "total == sum(filter(projects, .budget > 1), .executed)", "{total: 8.01, projects: [{name: 甲, budget: 2.00, executed: 5.00}, {name: 乙, budget: 0.50, executed: 9.00}, {name: 丙, budget: 2.00, executed: 3.00}]}",
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
	runClauses(t, []clause{
		{"parts of a failing or tell their operands together", "check: (people == 4 and a == 1) or b == 2 or people > men",
			"{people: 3, men: 3, a: 4.00, b: 5.00}", one("fail of=people,b,men left=3 right=4")},
		{"of a failing and the first part tells its own", "check: a == 4 and b == 2 and people == 4",
			"{people: 3, a: 4.00, b: 5.00}", one("fail of=b")},
	})
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

// TestTolerance is §2.4 on tolerances.
func TestTolerance(t *testing.T) {
	off := func(total string) string { return "{total: " + total + ", a: 4.00, b: 5.00}" }
	rule := func(tolerance string) string { return "tolerance: " + tolerance + "\ncheck: total == a + b" }
	runClauses(t, []clause{
		{"rounding is the default", "total == a + b", off("9.01"), one("rounding tol=rounding")},
		{"rounding by name", rule("rounding"), off("9.01"), one("rounding tol=rounding")},
		{"exact", rule("exact"), off("9.01"), one("fail error tol=exact allowed=")},
		{"exact still takes a bare side at its decimals", "tolerance: exact\ncheck: rate == a / b * 100", "{rate: 33.33%, a: 1.00, b: 3.00}", one("pass tol=exact")},
		{"exact of a product", "tolerance: exact\ncheck: total == a * a", "{total: 1.00, a: 1.00}", one("pass")},
		{"an amount", rule(`{abs: "0.02"}`), off("9.02"), one("rounding tol=abs:0.02 allowed=[-0.02,0.02]")},
		{"beyond an amount", rule(`{abs: "0.02"}`), off("9.03"), one("fail tol=abs:0.02")},
		{"an amount below", rule(`{abs: "0.02"}`), off("8.98"), one("rounding")},
		{"less than roundings", rule(`{abs: "0.005"}`), off("9.01"), one("fail")},
		{"an amount in the left side's unit", "tolerance: {abs: \"50\"}\ncheck: yuan == a + b", "{decimals: {万元: 2, 元: 0}, yuan: 9050, a: 0.40, b: 0.50}", one("rounding diff=50")},
		{"beyond in the left side's unit", "tolerance: {abs: \"49\"}\ncheck: yuan == a + b", "{decimals: {万元: 2, 元: 0}, yuan: 9050, a: 0.40, b: 0.50}", one("fail diff=50")},
		{"an amount for at most", "tolerance: {abs: \"0.02\"}\ncheck: total <= a + b", off("9.02"), one("rounding allowed=[,0.02]")},
		{"beyond an amount for at most", "tolerance: {abs: \"0.02\"}\ncheck: total <= a + b", off("9.03"), one("fail")},
		{"an amount for at least", "tolerance: {abs: \"0.02\"}\ncheck: total >= a + b", off("8.98"), one("rounding allowed=[-0.02,]")},
		{"no amount for less", "tolerance: {abs: \"0.02\"}\ncheck: total < a + b", off("9.00"), one("fail")},
		{"no amount for unlike", "tolerance: {abs: \"0.02\"}\ncheck: total != a + b", off("9.01"), one("pass")},
		{"a share of the larger side", "tolerance: {rel: 0.1%}\ncheck: total == a + b", "{total: 1001.00, a: 500.00, b: 500.00}", one("rounding tol=rel:0.1% allowed=[-1.001,1.001]")},
		{"beyond a share", "tolerance: {rel: 0.1%}\ncheck: total == a + b", "{total: 1001.01, a: 500.00, b: 500.00}", one("fail")},
		{"a share as a number", `tolerance: {rel: "0.001"}` + "\ncheck: total == a + b", "{total: 1001.00, a: 500.00, b: 500.00}", one("rounding")},
		{"a share of negative sides", "tolerance: {rel: 0.1%}\ncheck: total == a + b", "{total: -1001.00, a: -500.00, b: -500.00}", one("rounding")},
		{"a cap that roundings stay below", rule(`{cap: "0.01"}`), off("9.01"), one("rounding tol=cap:0.01 allowed=[-0.01,0.01]")},
		{"a cap that they do not", rule(`{cap: "0.005"}`), off("9.01"), one("fail allowed=[-0.005,0.005]")},
		{"a cap allows no more than roundings", rule(`{cap: "0.05"}`), off("9.02"), one("fail allowed=(-0.015,0.015)")},
		{"every comparison of a check", rule(`{abs: "0.02"}`) + " and total - 0.02 <= a + b", off("9.02"), one("rounding")},
		{"no condition", `tolerance: {abs: "0.02"}` + "\nwhen: total == a + b\ncheck: total > 0", off("9.01"), one("not_applicable")},
		{"no test of a branch", `tolerance: {abs: "0.02"}` + "\ncheck: 'total == a + b ? total == 0 : total > 0'", off("9.01"), one("pass")},
	})
}

// TestSeverity is §2.4 on severities and on roundings that are hardly any.
func TestSeverity(t *testing.T) {
	runClauses(t, []clause{
		{"a fail is an error", "a == b", "{a: 1.00, b: 7.25}", one("fail error")},
		{"or as the rule says", "severity: warning\ncheck: a == b", "{a: 1.00, b: 7.25}", one("fail warning")},
		{"or less", "severity: info\ncheck: a == b", "{a: 1.00, b: 7.25}", one("fail info")},
		{"a rounding is info", "total == a + b", "{total: 9.01, a: 4.00, b: 5.00}", one("rounding info")},
		{"or as the rule says of roundings", "rounding: warning\ncheck: total == a + b", "{total: 9.01, a: 4.00, b: 5.00}", one("rounding warning")},
		{"a likely rounding", "total == a + b + c + d", "{total: 10.01, a: 2.50, b: 2.50, c: 2.50, d: 2.50}", one("rounding info")},
		{"an unlikely one is a warning", "total == a + b + c + d", "{total: 10.02, a: 2.50, b: 2.50, c: 2.50, d: 2.50}", one("rounding warning unlikely")},
		{"and stays an error where roundings are", "rounding: error\ncheck: total == a + b + c + d", "{total: 10.02, a: 2.50, b: 2.50, c: 2.50, d: 2.50}", one("rounding error unlikely")},
		{"coefficients weigh", "total == 2 * a + 3 * b", "{total: 5.02, a: 1.00, b: 1.00}", one("rounding info")},
		{"coefficients weigh more", "total == 2 * a + 3 * b", "{total: 5.03, a: 1.00, b: 1.00}", one("fail")},
		{"a ratio is never unlikely", "rate == a / b * 100", "{rate: 33.55%, a: 1.00, b: 3.00}", one("rounding info")},
		{"an amount allowed is never unlikely", `tolerance: {abs: "1"}` + "\ncheck: total == a + b", "{total: 9.90, a: 4.00, b: 5.00}", one("rounding info")},
		{"not evaluated is info", "a == gone", "a: 1.00", one("not_evaluated info cause=missing missing=gone")},
	})
	p, list := clausePlan(t, clauseRule("x", "severity: warning\ncheck: a == gone"))
	if len(list) > 0 {
		t.Fatal(list)
	}
	for _, f := range clauseReport(t, p, "a: 1.00", run.Options{Strict: true}).Findings {
		if f.Severity != finding.Warning {
			t.Errorf("strict: not evaluated is %s", f.Severity)
		}
	}
}

// TestMissing is §2.4 on figures that are not there.
func TestMissing(t *testing.T) {
	runClauses(t, []clause{
		{"skip is the default", "total == a + gone", "{total: 1.00, a: 1.00}", one("not_evaluated info cause=missing missing=gone")},
		{"skip by name", "missing: skip\ncheck: total == a + gone", "{total: 1.00, a: 1.00}", one("not_evaluated info cause=missing missing=gone")},
		{"fail", "missing: fail\ncheck: total == a + gone", "{total: 1.00, a: 1.00}", one("fail error cause=missing missing=gone")},
		{"fail with the rule's severity", "severity: warning\nmissing: fail\ncheck: total == a + gone", "{total: 1.00, a: 1.00}", one("fail warning cause=missing missing=gone")},
		{"fail leaves other reasons alone", "missing: fail\ncheck: rate == a / b", "{rate: 1.00%, a: 1.00, b: 0.00}", one("not_evaluated cause=zero-denominator")},
		{"fail when nothing is missing", "missing: fail\ncheck: total == a", "{total: 1.00, a: 1.00}", one("pass")},
		{"fail does not concern when", "missing: fail\nwhen: gone > 0\ncheck: total == a", "{total: 1.00, a: 1.00}", one("not_evaluated cause=missing missing=gone")},
		{"zero", "missing: zero\ncheck: total == a + gone", "{total: 1.00, a: 1.00}", one("pass")},
		{"zero that does not fit", "missing: zero\ncheck: total == a + gone", "{total: 8.00, a: 1.00}", one("fail")},
		{"zero has D decimals", "missing: zero\ncheck: total == a + gone", "{total: 1.01, a: 1.00}", one("rounding allowed=(-0.015,0.015)")},
		{"zero for blanks", "missing: zero\ncheck: total == a + gone", "{total: 1.00, a: 1.00, gone: —}", one("pass")},
		{"zero below a division", "missing: zero\ncheck: rate == a / gone", "{rate: 1.00%, a: 1.00}", one("not_evaluated cause=zero-denominator")},
		{"zero for conditions too", "missing: zero\nwhen: gone == 0\ncheck: total == a", "{total: 1.00, a: 1.00}", one("pass")},
		{"zero is not present", "missing: zero\ncheck: present(gone) or total == 1", "total: 8.00", one("fail")},
		{"zero is no text", "missing: zero\ncheck: note == '0'", "{}", one("not_evaluated cause=missing missing=note")},
		{"zero is no list", "missing: zero\ncheck: sum(projects, .budget) == 0", "{}", one("not_evaluated cause=missing missing=projects")},
		{"every part tells what is missing", "total == gone and note == '甲' and a > 0", "{a: 1.00, note2: 甲}",
			one("not_evaluated cause=missing missing=total,gone,note")},
		{"so does a choice", "a / b > 1 or total == gone or gone > 1", "{a: 1.00, b: 0.00, total: 1.00}", one("not_evaluated cause=missing missing=gone")},
		{"and a missing figure comes before other causes", "missing: fail\ncheck: a / b > 1 and total == gone", "{a: 1.00, b: 0.00, total: 1.00}",
			one("fail cause=missing missing=gone")},
		{"every row tells", "all(rows, .x == .y)", "rows: [{x: 1.00}, {x: 1.00, y: 1.00}, {y: 2.00}]",
			one("not_evaluated cause=missing missing=rows[1].y,rows[3].x")},
		{"an unknown test and both branches", "gone > 0 ? total == 1 : note == '甲'", "{}", one("not_evaluated cause=missing missing=gone,total,note")},
		{"missing or blank, coalesced", "total == a + (gone ?? 0)", "{total: 1.00, a: 1.00}", one("pass")},
		{"present, coalesced", "total == a + (gone ?? 0)", "{total: 1.00, a: 1.00, gone: 7.00}", one("fail")},
	})
}

// A fail that has nothing to point at, since what it asks for is not printed, tells the figures beside it.
func TestAround(t *testing.T) {
	runClauses(t, []clause{
		{"what when reads", "when: a != b\ncheck: explained(note)", "{a: 1.00, b: 2.00, c: 3.00}", one("fail of=a,b")},
		{"as far as it is printed", "when: present(gone) or present(a)\ncheck: explained(note)", "a: 1.00", one("fail of=a")},
		{"and what the message shows", "when: a == 1\ncheck: explained(note)\nmessage: '{a} {b} {k} {gone}'\nlet: {k: c + d}", "{a: 1.00, b: 2.00, c: 3.00, d: 4.00}",
			one("fail of=a,b,c,d")},
		{"else the row", "each: p in projects\ncheck: explained(note)", "projects: [{name: 甲, executed: 1.00}]",
			one("projects[甲]: fail of=projects[甲].name,projects[甲].executed")},
		{"or the row around it", "each: [p in projects, q in p.parts]\ncheck: present(q.amount)", "projects: [{name: 甲, parts: [{amount: —}, {}]}]",
			[]string{"projects[甲].parts[1]: fail of=projects[甲].parts[1].amount", "projects[甲].parts[2]: fail of=projects[甲].name"}},
		{"or the group", "each: q in item\ncheck: present(q.share)", "income: {basic: {amount: 1.00}, other: {amount: 2.00, share: 1.00%}, rest: {}}",
			[]string{"income.basic: fail of=income.basic.amount", "income.other: pass of=income.other.share", "income.rest: fail of="}},
		{"nothing where a list is missing", "missing: fail\neach: p in projects\nwhen: p.executed > 0 or a == 1\ncheck: p.budget > 0\nmessage: '{p.budget}'", "a: 1.00",
			one("fail error cause=missing missing=projects of=")},
		{"or the row in which one is", "missing: fail\neach: [p in projects, q in p.parts]\nwhen: q.amount > 0\ncheck: q.amount > 0", "projects: [{name: 甲, executed: 1.00}]",
			one("projects[甲]: fail cause=missing missing=projects[甲].parts of=projects[甲].name,projects[甲].executed")},
		{"not where something is printed", "when: a == 1\ncheck: explained(note)", "{a: 1.00, note: 无}", one("fail of=note")},
		{"nor of what passes", "when: a == 1\ncheck: blank(note)", "{a: 1.00}", one("pass of=")},
	})
}

// TestCause is §2.4 on what probably went wrong: one figure, and one explanation of it.
func TestCause(t *testing.T) {
	const q = "rate == a / b * 100"
	runClauses(t, []clause{
		{"truncated", q, "{rate: 66.66%, a: 2000.00, b: 3000.00}", one("fail warning cause=truncated")},
		{"truncated where that is how the publisher rounds", q, "{rounding: truncate, rate: 66.65%, a: 2000.00, b: 3000.00}", one("fail error")},
		{"padded", q, "{rate: 66.70%, a: 2000.00, b: 3000.00}", one("fail warning cause=padded")},
		{"plugged", "each: q in [income.basic, income.other, income.rest]\ncheck: q.share == q.amount / income.sum * 100",
			"{income: {sum: 3000.00, basic: {amount: 1000.00, share: 33.33%}, other: {amount: 1000.00, share: 33.33%}, rest: {amount: 1000.00, share: 33.34%}}}",
			[]string{"income.basic: pass", "income.other: pass", "income.rest: fail warning cause=plugged"}},
		{"plugged among rows", "each: p in projects\ncheck: p.rate == p.executed / p.budget * 100",
			"{projects: [{name: 甲, executed: 1000.00, budget: 3000.00, rate: 33.33%}, {name: 乙, executed: 1000.00, budget: 3000.00, rate: 33.33%}, {name: 丙, executed: 1000.00, budget: 3000.00, rate: 33.34%}]}",
			[]string{"projects[甲]: pass", "projects[乙]: pass", "projects[丙]: fail warning cause=plugged"}},
		{"plugged, since it was cut off", "each: q in [income.basic, income.other, income.rest]\ncheck: q.share == q.amount / income.sum * 100",
			"{income: {sum: 307.82, basic: {amount: 264.87, share: 86.05%}, other: {amount: 13.53, share: 4.40%}, rest: {amount: 29.42, share: 9.55%}}}",
			[]string{"income.basic: pass", "income.other: pass", "income.rest: fail warning cause=truncated"}},
		{"a lesser severity is not raised", "severity: info\ncheck: " + q, "{rate: 66.66%, a: 2000.00, b: 3000.00}", one("fail info cause=truncated")},
		{"digits swapped below a round", "total == round(a + b, 1)", "{total: 3.00, a: 1.52, b: 1.77}", one("fail diff=-0.30 cause=digit-swap")},
		{"digits swapped in the sum", "total == a + b", "{total: 1234.00, a: 1102.00, b: 141.00}", one("fail error cause=digit-swap")},
		{"digits swapped in a part", "total == a + b", "{total: 1400.00, a: 1076.00, b: 342.00}", one("fail error cause=digit-swap")},
		{"digits swapped across the point", "total == a + b", "{total: 1400.75, a: 1073.20, b: 325.75}", one("fail error cause=digit-swap")},
		{"a sign", "total == a + b", "{total: 2.00, a: 5.00, b: 3.00}", one("fail error cause=sign")},
		{"元 for 万元", "total == a + b", "{total: 8.00, a: 50000.00, b: 3.00}", one("fail error cause=unit-slip")},
		{"万元 for 元", "total == a + b", "{total: 80300.00, a: 8.00, b: 300.00}", one("fail error cause=unit-slip")},
		{"the rate is the amount's text", q, "{rate: 36.52%, a: 36.52, b: 200.00}", one("fail error cause=amount-copied")},
		{"change by current", "year.rate == year.change / (year.current - year.change) * 100", "{year: {current: 150.00, change: 增加50.00, rate: 33.33%}}",
			one("fail error cause=wrong-base")},
		{"last year's figure is also told as a part left out", "year.current == year.part + year.part2", "{year: {current: 100.00, change: 增加20.00, part: 70.00, part2: 50.00}}",
			one("fail error cause=stale of=year.current,year.part,year.part2")},
		{"last year's figure beside one of another group", "income.sum == income.basic.amount + year.current",
			"{income: {sum: 150.00, basic: {amount: 30.00}}, year: {current: 100.00, change: 增加20.00}}", one("fail error cause=stale")},
		{"a part left out", "total == a + b", "{total: 10.00, a: 4.00, b: 5.25, c: 0.75}", one("fail error cause=missing-part")},
		{"none when two explain: two parts left out", "total == a + b", "{total: 10.00, a: 4.00, b: 5.25, c: 0.75, d: 0.75}", one("fail error")},
		{"none when two explain: truncated or digits swapped", "total == a * rate / 100", "{total: 0.33, a: 1.00, rate: 33.90%}", one("fail error")},
		{"none when nothing does", "total == a + b", "{total: 10.00, a: 4.00, b: 5.33}", one("fail error")},
		{"none for an inequality", "total <= a + b", "{total: 1243.00, a: 1000.00, b: 234.00}", one("fail error")},
		{"none for unlike", "total != a", "{total: 5.00, a: 5.00}", one("fail error")},
		{"none for a rounding", q, "{rate: 33.34%, a: 1.00, b: 3.00}", one("rounding")},
	})
}

// TestRestated is §1 on restatement: all statements of a field agree.
func TestRestated(t *testing.T) {
	tests := []struct {
		name, pack, data string
		want             string
	}{
		{"agreeing", "", "total: [867.00, 867]", "total: pass"},
		{"one unit apart", "", "total: [867.00, 867.01]", "total: fail warning near left=867.00 right=867.01 diff=-0.01"},
		{"two units apart", "", "total: [867.00, 867.02]", "total: fail error diff=-0.02"},
		{"at the lowest decimals", "", "own: [8, 8.37]", "own: pass"},
		{"percents at the lowest", "", "rate: [56.8%, 56.83%]", "rate: pass"},
		{"in two units", "", "{decimals: {万元: 2, 元: 0}, total: [0.80, 8049元]}", "total: pass"},
		{"truncated", "", "{rounding: truncate, own: [8, 8.99]}", "own: pass"},
		{"the farthest of three", "", "total: [867.00, 867.01, 866.98]", "total: fail error right=866.98 diff=0.02"},
		{"blanks say nothing", "", "total: [867.00, '-', 867.00]", "total: pass"},
		{"one printed statement", "", "total: [867.00, '-']", ""},
		{"one statement", "", "total: 867.00", ""},
		{"a figure of a row", "", "projects: [{name: 甲, budget: [1.00, 2.00]}]", "projects[甲].budget: fail error"},
		{"texts", "", "note: [甲, ' 甲 ']", "note: pass"},
		{"texts that differ", "", "note: [甲, 乙]", "note: fail error left=甲 right=乙"},
		{"counts", "", "people: [3, 4]", "people: fail error"},
		{"near as the pack says", "{restated: {near: error}}", "total: [867.00, 867.01]", "total: fail error near"},
		{"severity as the pack says", "{restated: {severity: info}}", "total: [867.00, 868]", "total: fail info"},
		{"switched off", "{restated: off}", "total: [867.00, 868]", ""},
		{"dates in two spellings are told apart", "", "day: [2023年12月, 2023-12]", "day: pass"},
		{"dates of two precisions agree at the coarser", "", "day: [2023年12月31日, 2023-12]", "day: pass"},
		{"truth in two spellings is told apart", "", "open: [是, 有]", "open: pass"},
		{"dates that differ", "", "day: [2023-11, 2023-12]", "day: fail error left=2023-11 right=2023-12"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			head := "id: p\ntitle: p\n"
			if tt.pack != "" {
				head += "rules: " + tt.pack + "\n"
			}
			pack, list, err := rule.Load(fstest.MapFS{
				"p/pack.yaml": {Data: []byte(head)}, "p/schema.yaml": {Data: []byte(clauseSchema)},
			}, "p", "p", nil)
			if err != nil || len(list) > 0 {
				t.Fatal(err, list)
			}
			p, list := plan.Compile(pack)
			if len(list) > 0 {
				t.Fatal(list)
			}
			got := []string{}
			findings := clauseReport(t, p, tt.data, run.Options{}).Findings
			for i := range findings {
				f := &findings[i]
				if f.Rule != rule.RestatedID {
					t.Errorf("a finding of %s", f.Rule)
				}
				for _, w := range words(f) {
					if complete(w) || slices.Contains(strings.Fields(tt.want), w) {
						got = append(got, w)
					}
				}
				got = append([]string{f.Instance + ":"}, got...)
			}
			want := strings.Fields(tt.want)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// TestPeriod: since and until are inclusive years of the period.
func TestPeriod(t *testing.T) {
	for _, tt := range []struct {
		keys, period string
		runs         bool
	}{
		{"since: 2020", "2019", false}, {"since: 2020", "2020", true}, {"since: 2020", "2021", true}, {"until: 2020", "2019", true},
		{"until: 2020", "2020", true}, {"until: 2020", "2021", false}, {"since: 2020\nuntil: 2020", "2020", true},
		{"since: 2020", "2020年", true}, {"since: 2020", "2020-06", true},
	} {
		p, list := clausePlan(t, clauseRule("x", tt.keys+"\ncheck: a == 1"))
		if len(list) > 0 {
			t.Fatal(list)
		}
		report := clauseReport(t, p, "{period: "+tt.period+", a: 1.00}", run.Options{})
		for _, r := range report.Rules {
			if r.ID == "x" && (r.Tally.Pass == 1) != tt.runs {
				t.Errorf("%s in %s: %+v", strings.ReplaceAll(tt.keys, "\n", " "), tt.period, r)
			}
			if r.ID == "x" && !tt.runs && r.Unbound.Reason != "period" {
				t.Errorf("%s in %s is unbound because of %q", tt.keys, tt.period, r.Unbound.Reason)
			}
		}
	}
}

// TestUnbound: a rule that decides nothing is listed with the reason.
func TestUnbound(t *testing.T) {
	for _, tt := range []struct{ name, rule, data, reason, missing string }{
		{"pass", "a == 1", "a: 1.00", "", ""},
		{"rounding", "total == a + b", "{total: 9.01, a: 4.00, b: 5.00}", "", ""},
		{"fail", "a == 1", "a: 3.00", "", ""},
		{"missing", "a == gone", "a: 1.00", "missing", "gone"},
		{"missing list", "each: p in projects\ncheck: p.budget == 1", "{}", "missing", "projects"},
		{"empty list", "each: p in projects\ncheck: p.budget == 1", "projects: []", "empty-list", ""},
		{"not applicable", "when: a > 3\ncheck: a == 1", "a: 1.00", "not-applicable", ""},
		{"when unknown", "when: gone > 3\ncheck: a == 1", "a: 1.00", "missing", "gone"},
		{"zero denominator", "rate == a / b", "{rate: 1.00%, a: 1.00, b: 0.00}", "zero-denominator", ""},
		{"one instance of many", "each: p in projects\ncheck: p.budget == 1", "projects: [{name: 甲}, {name: 乙, budget: 1.00}]", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, list := clausePlan(t, clauseRule("x", tt.rule))
			if len(list) > 0 {
				t.Fatal(list)
			}
			report := clauseReport(t, p, tt.data, run.Options{})
			i := slices.IndexFunc(report.Rules, func(r finding.Rule) bool { return r.ID == "x" })
			if i < 0 {
				t.Fatal("the rule is not listed")
			}
			r := report.Rules[i]
			if r.Unbound.Reason != tt.reason || strings.Join(r.Unbound.Missing, ",") != tt.missing || r.Tally.Bound() != (tt.reason == "") {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestFingerprint is §4: the first 16 hex digits of sha256 over a JSON array.
func TestFingerprint(t *testing.T) {
	p, list := clausePlan(t, clauseRule("x", "each: p in projects\ncheck: p.budget == 1"))
	if len(list) > 0 {
		t.Fatal(list)
	}
	findings := clauseReport(t, p, "projects: [{name: '\"<&> 乙', budget: [1.00, 7.00]}]", run.Options{}).Findings
	want := map[string]string{
		"x":        `["p","x","甲","2023","projects[\"<&> 乙]"]`,
		"restated": `["gouji","restated","甲","2023","projects[\"<&> 乙].budget"]`,
	}
	for _, f := range findings {
		sum := sha256.Sum256([]byte(want[f.Rule]))
		if got := hex.EncodeToString(sum[:])[:16]; f.Fingerprint != got {
			t.Errorf("%s %s has the fingerprint %s, want %s", f.Rule, f.Instance, f.Fingerprint, got)
		}
	}
	if len(findings) != 2 {
		t.Errorf("%d findings", len(findings))
	}
}

// TestRefused: what cannot be decided is refused when rules are compiled, at its place, unless a tolerance makes true
// values needless.
func TestRefused(t *testing.T) {
	tests := []struct{ check, want string }{
		{"a / b == c / d", "1 not-ratio"},
		{"rate == a / b + c / d", "9 not-ratio"},
		{"a + b == c / d", "1 not-ratio"},
		{"a == a / b", "1 not-ratio"},
		{"a == b / a", "1 not-ratio"},
		{"a == b * c / d", "6 not-ratio"},
		{"a == b / (c / d)", "6 not-ratio"},
		{"a == b / c * d", "6 not-ratio"},
		{"a == b / (c * d)", "6 not-ratio"},
		{"a * a == b", "1 not-multilinear"},
		{"a * b * a == c", "1 not-multilinear"},
		{"(a + b) * (a + c) == d", "2 not-multilinear"},
		{"abs(a) == b", "1 not-monotone"},
		{"abs(a - b) >= c", "1 not-monotone"},
		{"abs(a - b) == 0", "1 not-monotone"},
		{"max(a, b) - min(a, b) == c", "1 not-monotone"},
		{"max(a, 3 - a) == b", "1 not-monotone"},
		{"max(a * b, c) == d", "1 not-monotone"},
		{"max(a, b) * c == d", "1 not-monotone"},
		{"floor(a) == b", "1 not-monotone"},
		{"ceil(a) <= b", "1 not-monotone"},
		{"round(a, 1) <= b", "1 not-monotone"},
		{"a == round(b, 1) + c", "6 not-monotone"},
		{"a + b == round(c, 1)", "10 not-monotone"},
		{"round(a, 1) == round(b, 1)", "1 not-monotone"},
		{"sum(projects, .budget) * sum(projects, .executed) == total", "1 too-many-products"},
		{"a == (a > 1 ? 1 : 2) + (a > 2 ? 1 : 2) + (a > 3 ? 1 : 2) + (a > 4 ? 1 : 2) + (a > 5 ? 1 : 2) + (a > 6 ? 1 : 2) + (a > 7 ? 1 : 2)",
			"1 too-many-branches"},
		{"not same(a, b)", "5 not-same"},
		{"none(projects, same(.budget, .executed))", "16 not-same"},
		{"people == 3 and a * a == b", "17 not-multilinear"},
		{"people == 3 or (a > 1 and a * a == b)", "27 not-multilinear"},
		{"all(projects, .budget * .budget == .executed)", "15 not-multilinear"},
		{"not (a * a != b)", "6 not-multilinear"},
		{"a > 1 ? a * a == b : a == b", "9 not-multilinear"},
		{"a == (b > 1 ? c * c : d)", "15 not-multilinear"},
		{"a ** 2 == b", "3 unsupported-operator"},

		// What needs no true values.
		{"a * a < b", ""}, {"a * a != b", ""}, {"abs(a) > b", ""}, {"a == (b * b > c ? c : d)", ""},
		{"count(projects, .budget * .budget == .executed) == 0", ""}, {"a / b < c / d", ""}, {"floor(a) > 0", ""},
		{"a == round(b / c, 2)", ""}, {"round(b / c, 2) == a", ""}, {"abs(a - b) <= c", ""}, {"c >= abs(a - b)", ""},
		{"people * people == men", ""}, {"a * people / 2 == b", ""}, {"people / men == a / b", ""},
		{"a * b == c * d", ""}, {"max(a, b) <= c", ""}, {"max(a, b) - c == min(d, e)", ""},
	}
	for _, tt := range tests {
		t.Run(tt.check, func(t *testing.T) {
			p, list := clausePlan(t, "- id: x\n  title: t\n  check: |-\n    "+tt.check+"\n")
			got := ""
			for _, d := range list {
				if d.Span.Position().Line != 4 {
					t.Errorf("%s is told at %s", d.Code, d.Span)
				}
				got += fmt.Sprintf("%d %s", d.Span.Position().Column-4, d.Code)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if compiled := slices.ContainsFunc(p.Rules, func(r *plan.Rule) bool { return r.ID == "x" }); compiled != (tt.want == "") {
				t.Errorf("compiled: %t", compiled)
			}
			if strings.Contains(tt.want, "same") || strings.Contains(tt.want, "operator") {
				return
			}
			for _, tolerance := range []string{"exact", `{abs: "1"}`, `{rel: 1%}`} {
				if _, list := clausePlan(t, "- id: x\n  title: t\n  tolerance: "+tolerance+"\n  check: |-\n    "+tt.check+"\n"); len(list) > 0 {
					t.Errorf("with the tolerance %s: %v", tolerance, list)
				}
			}
			if _, list := clausePlan(t, "- id: x\n  title: t\n  tolerance: {cap: \"1\"}\n  check: |-\n    "+tt.check+"\n"); (len(list) > 0) != (tt.want != "") {
				t.Errorf("with a cap: %v", list)
			}
		})
	}
}
