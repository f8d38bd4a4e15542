package expression

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// The corpus of the language is testdata/*.txtar: lines `expression => outcome`. The outcome is
//
//   - a number, text or date; a fraction for a number that does not end;
//   - for a condition true, false or unknown, followed by its verdict as a check where that is another one than pass,
//     fail and not_evaluated, or by the error that a check of it is;
//   - unknown (cause: fields) when it cannot be told;
//   - column: message [code] for an error.
//
// Each case is evaluated by the closures and on rationals, which must not disagree. A section schema.yaml or data.yaml
// replaces the common file of that name. UPDATE_GOLDEN=1 rewrites the outcomes.

// bench is a schema and a dataset to try expressions on.
type bench struct {
	names *Names
	env   *Env
}

func newBench(t testing.TB, schema, data []byte) *bench {
	t.Helper()
	doc, list := yamldoc.Parse(source.New("schema.yaml", schema))
	if len(list) > 0 {
		t.Fatal(list)
	}
	s, list := dataset.ParseSchema(doc)
	if len(list) > 0 {
		t.Fatal(list)
	}
	names, list := NewNames(s)
	if len(list) > 0 {
		t.Fatal(list)
	}
	b := &bench{names: names, env: &Env{}}
	b.env.Reset(b.data(t, data))
	return b
}

func (b *bench) data(t testing.TB, data []byte) *dataset.Dataset {
	t.Helper()
	doc, list := yamldoc.Parse(source.New("data.yaml", data))
	if len(list) > 0 {
		t.Fatal(list)
	}
	h, list := dataset.ReadHeader(doc, true)
	if len(list) > 0 {
		t.Fatal(list)
	}
	d, list := dataset.Build(doc, h, b.names.schema)
	if len(list) > 0 {
		t.Fatal(list)
	}
	return d
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// indent is what stands before an expression in the block that holds it, so that columns can be told from its start.
const indent = 2

func scalar(expression string) *yamldoc.Node {
	doc, list := yamldoc.Parse(source.New("rule.yaml", []byte("|-\n"+strings.Repeat(" ", indent)+expression+"\n")))
	if len(list) > 0 {
		panic(list)
	}
	return doc
}

// wrong writes diagnostics as "column: message [code]".
func wrong(list diag.List) string {
	list = slices.Clone(list)
	list.Sort()
	var parts []string
	for _, d := range list {
		part := fmt.Sprintf("%d: %s [%s]", d.Span.Position().Column-indent, d.Message(diag.English), d.Code)
		if d.Suggestion != "" {
			part += fmt.Sprintf(" did you mean %q?", d.Suggestion)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func unknownText(cause string, missing []string) string {
	return strings.TrimSuffix(fmt.Sprintf("unknown (%s: %s", cause, strings.Join(missing, " ")), ": ") + ")"
}

func valueText(v number.Rat) string {
	if s := number.Format(v, 40); !strings.HasSuffix(s, "…") {
		return s
	}
	return v.String()
}

// outcome is what an expression comes to.
func (b *bench) outcome(t testing.TB, expression string) string {
	t.Helper()
	n := scalar(expression)
	root, list := b.names.NewScope().compile(n)
	if len(list) > 0 {
		return wrong(list)
	}
	x := exact{Env: b.env}
	switch root.kind {
	case kindNumber:
		return b.number(t, root, &x)
	case kindBool:
		return b.condition(t, n)
	case kindText:
		s, ok := x.text(root)
		if f := fastText(root); f != nil {
			if fs, fok := f(b.env); fok != ok || ok && fs != s {
				t.Errorf("the closure says %q %t, the exact evaluation %q %t", fs, fok, s, ok)
			}
		}
		if !ok {
			return unknownText(x.cause(), x.missing())
		}
		return fmt.Sprintf("%q", s)
	case kindDate:
		d, ok := x.date(root)
		if !ok {
			return unknownText(x.cause(), x.missing())
		}
		return fmt.Sprintf("%08d", d.Coef)[:d.Scale]
	}
	return map[kind]string{kindRows: "a list", kindGroup: "a group", kindStream: "a list", kindBad: "nothing"}[root.kind]
}

func (b *bench) number(t testing.TB, root *node, x *exact) string {
	t.Helper()
	v, ok := x.number(root)
	switch f := fastNumber(root)(b.env); {
	case f.Has(number.Missing):
		if ok {
			t.Errorf("the closure says missing, the exact evaluation %s", v)
		}
	case !f.Has(number.Overflow):
		if !ok || f.Rat().Cmp(v) != 0 {
			t.Errorf("the closure says %s, the exact evaluation %v", f.Rat(), v)
		}
	}
	if !ok {
		return unknownText(x.cause(), x.missing())
	}
	return valueText(v)
}

func (b *bench) condition(t testing.TB, n *yamldoc.Node) string {
	t.Helper()
	condition, list := b.names.NewScope().Condition(n, false)
	if len(list) > 0 {
		return wrong(list)
	}
	x := exact{Env: b.env}
	want := x.truth(condition.node)
	test := testOf(condition.node)
	if fast := test.eval(b.env); fast != unfit && fast != want {
		t.Errorf("the closure says %s, the exact evaluation %s", truthNames[fast], truthNames[want])
	}
	if got := condition.Eval(b.env); got != Truth(want) {
		t.Errorf("the condition is %s, the exact evaluation %s", truthNames[got], truthNames[want])
	}
	outcome := truthNames[want]
	verdicts := map[truth]finding.Verdict{yes: finding.Pass, no: finding.Fail, unknown: finding.NotEvaluated}
	scope := b.names.NewScope()
	check, list := scope.Check(n, Tolerance{}, false)
	if len(list) == 0 && check.node.plain() {
		if refused := scope.examine(check.node); len(refused) > 0 {
			t.Errorf("taken for plain, but %s", wrong(refused))
		}
	}
	if len(list) > 0 {
		if want == unknown {
			outcome = unknownText(condition.Obstacles(b.env))
		}
		return outcome + ", as a check " + wrong(list)
	}
	screen := NewScreen(nil, nil, check)
	j := check.Judge(b.env)
	if screen.Try(b.env) == Passed && j.Verdict != finding.Pass {
		t.Errorf("the check passes by the closure, and its verdict is %s", j.Verdict)
	}
	if together := Passing(b.env, []Screen{screen}) == 1; together != (screen.Try(b.env) == Passed) {
		t.Errorf("among others the check passes: %v, alone %v", together, !together)
	}
	if want == yes && j.Verdict != finding.Pass || want == no && j.Verdict == finding.Pass {
		t.Errorf("the condition is %s, the verdict %s", outcome, j.Verdict)
	}
	switch {
	case j.Verdict == finding.NotEvaluated:
		cause, missing := condition.Obstacles(b.env)
		if want == unknown {
			outcome = unknownText(cause, missing)
		}
		if want != unknown || cause != j.Cause || !slices.Equal(missing, j.Missing) {
			outcome += ", as a check " + unknownText(j.Cause, j.Missing)
		}
		return outcome
	case j.Verdict != verdicts[want]:
		outcome += ", " + j.Verdict.String()
	}
	return outcome
}

var truthNames = [...]string{no: "false", yes: "true", unknown: "unknown", unfit: "unfit"}

// corpus calls visit with each case of the corpus and rewrites the files when the outcomes are to be updated.
func corpus(t testing.TB, visit func(b *bench, section, expression, want string) (got string)) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		section := func(name string) []byte {
			for _, f := range archive.Files {
				if f.Name == name {
					return f.Data
				}
			}
			return read(t, name)
		}
		b := newBench(t, section("schema.yaml"), section("data.yaml"))
		changed := false
		for i, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".yaml") {
				continue
			}
			lines := strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
			for j, line := range lines {
				if line == "" || strings.HasPrefix(line, "# ") {
					continue
				}
				at := strings.LastIndex(line, " =>")
				if at < 0 {
					t.Fatalf("%s: no outcome: %s", file, line)
				}
				expression, want := strings.TrimSpace(line[:at]), strings.TrimSpace(line[at+len(" =>"):])
				got := visit(b, strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+f.Name, expression, want)
				if got != want {
					lines[j], changed = line[:at]+" => "+got, true
				}
			}
			archive.Files[i].Data = []byte(strings.Join(lines, "\n") + "\n")
		}
		if changed && os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestCorpus(t *testing.T) {
	update := os.Getenv("UPDATE_GOLDEN") != ""
	corpus(t, func(b *bench, section, expression, want string) (got string) {
		t.Run(section+"/"+expression, func(t *testing.T) {
			got = b.outcome(t, expression)
			if diff := gocmp.Diff(want, got); diff != "" && !update {
				t.Errorf("%s (-want +got):\n%s", expression, diff)
			}
		})
		return cmp.Or(got, want)
	})
}

// writer writes random expressions over the common schema.
type writer struct{ *rand.Rand }

func (w writer) pick(options ...string) string { return options[w.IntN(len(options))] }

// number is an expression of a number; row says that rows' fields may stand in it.
func (w writer) number(depth int, row bool) string {
	if depth == 0 || w.IntN(6) == 0 {
		if row && w.IntN(2) == 0 {
			return w.pick(".x", ".y")
		}
		return w.pick("a", "b", "c", "zero", "gone", "empty", "filled", "big", "yuan", "0", "0.1", "1", "2.5", "income.basic.amount")
	}
	sub := func() string { return w.number(depth-1, row) }
	switch w.IntN(16) {
	case 0, 1, 2:
		return "(" + sub() + w.pick(" + ", " - ") + sub() + ")"
	case 3:
		return "(" + sub() + w.pick(" * ", " / ") + w.pick("2", "0.3", "10", sub()) + ")"
	case 4:
		return "-" + sub()
	case 5:
		return "abs(" + sub() + ")"
	case 6:
		return w.pick("min", "max") + "(" + sub() + ", " + sub() + ")"
	case 7:
		return "round(" + sub() + ", " + w.pick("0", "1", "2") + ")"
	case 8:
		return w.pick("gone", "empty", "a", "filled") + " ?? " + w.pick("1", "b", "gone")
	case 9:
		return "(" + w.truth(depth-1, row) + " ? " + sub() + " : " + sub() + ")"
	case 10:
		return w.pick("sum", "sum", "min", "max") + "(map(" + w.rows(depth-1) + ", " + w.number(depth-1, true) + "))"
	case 11:
		return "count(" + w.rows(depth-1) + ", " + w.truth(depth-1, true) + ")"
	case 12:
		return w.pick("floor", "ceil") + "(" + sub() + ")"
	case 13:
		return "sum([" + sub() + ", " + sub() + "])"
	}
	return "(" + sub() + " - " + sub() + ")"
}

func (w writer) rows(depth int) string {
	list := w.pick("partial", "partial", "hollow", "nowhere")
	if depth > 0 && w.IntN(2) == 0 {
		return "filter(" + list + ", " + w.truth(depth-1, true) + ")"
	}
	return list
}

func (w writer) truth(depth int, row bool) string {
	number := func() string { return w.number(max(depth-1, 0), row) }
	if depth > 0 {
		sub := func() string { return w.truth(depth-1, row) }
		switch w.IntN(8) {
		case 0, 1:
			return "(" + sub() + w.pick(" and ", " or ") + sub() + ")"
		case 2:
			return "not (" + sub() + ")"
		case 3:
			return w.pick("all", "any", "none") + "(" + w.rows(depth-1) + ", " + w.truth(depth-1, true) + ")"
		case 4:
			return "same(" + number() + ", " + w.pick("a", "b", "yuan", number()) + ")"
		case 5:
			return "(" + sub() + " ? " + sub() + " : " + sub() + ")"
		}
	}
	if row && w.IntN(4) == 0 {
		return w.pick("present(.x)", "blank(.y)", `.s == "甲"`, `.s != "甲"`)
	}
	if w.IntN(8) == 0 {
		return w.pick("open", "unsaid", "present(gone)", `note contains "新"`, `lost == "x"`, "day <= month", "true")
	}
	return number() + w.pick(" == ", " == ", " != ", " < ", " <= ", " > ", " >= ") + number()
}

// TestClosuresAgree evaluates random expressions by the closures and on rationals.
func TestClosuresAgree(t *testing.T) {
	b := newBench(t, read(t, "schema.yaml"), read(t, "data.yaml"))
	w := writer{rand.New(rand.NewPCG(3, 4))}
	outcomes := map[string]int{}
	for range 6000 {
		expression := w.truth(3, false)
		got := b.outcome(t, expression)
		if t.Failed() {
			t.Fatalf("%s => %s", expression, got)
		}
		word, _, _ := strings.Cut(got, " ")
		outcomes[strings.TrimSuffix(word, ",")]++
	}
	for _, word := range []string{"true", "false", "unknown"} {
		if outcomes[word] < 500 {
			t.Errorf("only %d expressions are %s: %v", outcomes[word], word, outcomes)
		}
	}
}

// FuzzCompile compiles any text as an expression, with the corpus as its seeds. Nothing panics; what is wrong stands
// somewhere in the text; what compiles is evaluated, and the closures and the exact evaluation agree.
func FuzzCompile(f *testing.F) {
	corpus(f, func(_ *bench, _, expression, want string) string {
		f.Add(expression)
		return want
	})
	schema, data := read(f, "schema.yaml"), read(f, "data.yaml")
	b := newBench(f, schema, data)
	f.Fuzz(func(t *testing.T, expression string) {
		if len(expression) > 400 || strings.TrimSpace(expression) == "" {
			return
		}
		doc, list := yamldoc.Parse(source.New("rule.yaml", []byte("|-\n"+strings.Repeat(" ", indent)+expression+"\n")))
		if doc == nil || len(list) > 0 || doc.Kind != yamldoc.Scalar || doc.Value != expression {
			return
		}
		b.outcome(t, expression)
		scope := b.names.NewScope()
		if loop, _, list := scope.Loop(doc); loop == nil && len(list) == 0 {
			t.Error("no loop and no reason")
		}
	})
}
