package run_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/run"
)

const suspectSchema = `
fields:
  total: {type: amount}
  again: {type: amount}
  a: {type: amount}
  b: {type: amount}
  rate: {type: percent}
  other: {type: amount}
  left: {type: amount}
  right: {type: amount}
  note: {type: text}
`

const suspectRules = `
- {id: sum, title: sum, check: total == a + b}
- {id: same, title: same, check: 'same(total, again)'}
- {id: rate, title: rate, when: total != 0, check: rate == a / total * 100}
- {id: less, title: less, severity: warning, check: other <= total}
- {id: left, title: left, check: left == other}
- {id: right, title: right, check: left == right}
- {id: noted, title: noted, when: left > 50, check: explained(note)}
`

func judge(t *testing.T, item *run.Item) *finding.Report {
	t.Helper()
	r, err := run.Run(context.Background(), 1, func(int) (*run.Item, error) { return item, nil }, run.Options{Suspects: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// suspected writes the suspects of a dataset: the figure, what it would be, and what that settles.
func suspected(r *finding.Report) []string {
	var out []string
	for _, s := range r.Suspects {
		var settled []string
		for _, f := range r.Findings {
			if slices.Contains(s.Settles, f.Fingerprint) {
				settled = append(settled, f.Rule)
			}
		}
		slices.Sort(settled)
		out = append(out, fmt.Sprintf("%s %s→%s %s", s.Figure.Field, s.Figure.Text, s.Value, strings.Join(settled, ",")))
	}
	return out
}

func TestSuspects(t *testing.T) {
	p := compile(t, suspectSchema, suspectRules)
	for _, test := range []struct {
		name, data string
		want       []string
	}{
		{"nothing fails", "total: 100.00, again: 100.00, a: 40.00, b: 60.00, rate: 40.00%", nil},
		{"a wrong total breaks everything about it", "total: 10.00, again: 100.00, a: 40.00, b: 60.00, rate: 40.00%, other: 30.00, left: 30.00",
			[]string{"total 10.00→100.00 less,rate,same,sum"}},
		{"a rounding settles too", "total: 10.00, again: 100.00, a: 40.00, b: 60.01, rate: 40.00%", []string{"total 10.00→100.00 rate,same,sum"}},
		{"a denominator", "total: 100.00, a: 44.00, b: 60.00, rate: 40.00%", []string{"a 44.00→40.00 rate,sum"}},
		{"one fail needs no suspect", "total: 100.00, again: 101.00", nil},
		{"two fails that want different values have no common cause", "left: 30.00, other: 31.00, right: 32.00, total: 90.00", nil},
		{"what breaks another rule settles nothing", "left: 30.00, other: 60.00, right: 60.00", nil},
		{"a rule may cease to apply", "left: 70.00, other: 30.00, right: 30.00", []string{"left 70.00→30.00 left,noted,right"}},
		{"but that alone explains nothing", "left: 70.00, other: 30.00", nil},
		{"it does hold with a note", "left: 30.00, other: 60.00, right: 60.00, note: 因故", []string{"left 30.00→60.00 left,right"}},
		{"a statement that others contradict", "total: [10.00, 100.00], a: 40.00, b: 60.00", []string{"total 10.00→100.00 restated,sum"}},
		{"two misprints", "total: 10.00, again: 100.00, a: 40.00, b: 60.00, rate: 40.00%, left: 30.00, other: 3.00, right: 3.00",
			[]string{"total 10.00→100.00 rate,same,sum", "left 30.00→3.00 left,right"}},
		{"published in another unit", "unit: 元, total: 100000.00, again: 1000000.00, a: 400000.00, b: 600000.00",
			[]string{"total 100000.00→100.000000 same,sum"}},
	} {
		text := "entity: e\nperiod: 2023\n" + strings.ReplaceAll(test.data, ", ", "\n") + "\n"
		// The list of statements holds a comma of its own.
		text = strings.ReplaceAll(text, "[10.00\n100.00]", "[10.00, 100.00]")
		got := suspected(judge(t, build(t, p, "d.yaml", text)))
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// On misprinted reports every suspect keeps its promise: printed as it says, the fails that it settles are gone and no
// new one is there. Most misprints of a total that several rules read are found.
func TestSuspectsKeepTheirPromise(t *testing.T) {
	p := shippedPlan(t, "juesuan")
	d := newDice(seedOf(t), 7<<32)
	data := shippedData(t)
	found := 0
	for _, name := range sorted(data) {
		for range 60 {
			text := d.misprint(data[name])
			before := judge(t, build(t, p, name, text))
			lines := strings.Split(text, "\n")
			edits := slices.Clone(before.Suspects)
			slices.SortFunc(edits, func(a, b finding.Suspect) int {
				return cmp.Or(cmp.Compare(b.Figure.Data.Line, a.Figure.Data.Line), cmp.Compare(b.Figure.Data.Column, a.Figure.Data.Column))
			})
			settled := map[string]bool{}
			for _, s := range edits {
				found++
				for _, id := range s.Settles {
					settled[id] = true
				}
				at := s.Figure.Data
				line := []rune(lines[at.Line-1])
				old := s.Figure.Text
				if !strings.HasPrefix(string(line[at.Column-1:]), old) {
					t.Fatalf("%s does not stand at %d:%d: %s", old, at.Line, at.Column, string(line))
				}
				value := s.Value
				if strings.HasSuffix(old, "%") {
					value += "%"
				}
				lines[at.Line-1] = string(line[:at.Column-1]) + value + string(line[at.Column-1+len([]rune(old)):])
			}
			fails := func(r *finding.Report) map[string]bool {
				m := map[string]bool{}
				for _, f := range r.Findings {
					if f.Verdict == finding.Fail {
						m[f.Fingerprint] = true
					}
				}
				return m
			}
			was := fails(before)
			after := judge(t, build(t, p, name, strings.Join(lines, "\n")))
			for id := range fails(after) {
				if settled[id] || !was[id] {
					t.Fatalf("%s: with %v, rule instance %s fails", name, suspected(before), id)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d suspects", found)
	}
}

// TestSuspectsOfMany: what is found with little wrong beside a list is found beside a list that is all wrong. However much is
// wrong, looking for suspects takes little beside judging: where rows come first, there is no work left for what comes behind.
func TestSuspectsOfMany(t *testing.T) {
	schema := suspectSchema + "  rows: {type: list, key: name, fields: {name: {type: text}, x: {type: amount}, y: {type: amount}, z: {type: amount}}}\n"
	rows := `
- {id: x, title: x, each: r in rows, check: r.x == r.y}
- {id: y, title: y, each: r in rows, check: r.x + r.y == r.z}
- {id: z, title: z, each: r in rows, check: r.z == r.x}
`
	behind, before := compile(t, schema, suspectRules+rows), compile(t, schema, rows+suspectRules)
	for _, c := range []struct {
		plan           *plan.Plan
		rows, suspects int
	}{{behind, 0, 1}, {behind, 10, 1}, {behind, 2_000, 1}, {before, 10, 1}, {before, 2_000, 0}} {
		var text strings.Builder
		text.WriteString("entity: e\nperiod: 2023\ntotal: 10.00\nagain: 100.00\na: 40.00\nb: 60.00\nrate: 40.00%\nrows:\n")
		for i := range c.rows {
			fmt.Fprintf(&text, "  - {name: r%d, x: %d.00, y: %d.00, z: %d.00}\n", i, i+1, 3*i+20, 7*i+90)
		}
		item := build(t, c.plan, "d.yaml", text.String())
		r := judge(t, item)
		if len(r.Suspects) != c.suspects || r.Summary.Fail != 3+3*c.rows {
			t.Errorf("%d rows: suspects %q, %d fails", c.rows, suspected(r), r.Summary.Fail)
		}
	}
}
