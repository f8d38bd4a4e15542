package expression

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// rows writes n rows of figures, some missing, some with more digits than can be aligned.
func (w writer) list(n int) string {
	var text strings.Builder
	for range n {
		var parts []string
		for _, name := range []string{"x", "y"} {
			v := w.pick("1.00", "2.00", "3.00", "0.10", "0.20", "0.00", "-1.00", "-", fmt.Sprintf("%d.%02d", w.IntN(4), w.IntN(100)), "12345678901234567.12")
			if w.IntN(12) > 0 {
				parts = append(parts, name+": "+v)
			}
		}
		parts = append(parts, "s: "+w.pick("甲", "乙"))
		text.WriteString("- {" + strings.Join(parts, ", ") + "}\n")
	}
	return text.String()
}

// TestRowsTogether asks random conditions of many rows at once, and of each row by the exact evaluation.
func TestRowsTogether(t *testing.T) {
	w := writer{rand.New(rand.NewPCG(5, 6))}
	data, _, _ := strings.Cut(string(read(t, "data.yaml")), "partial:")
	decided, all := 0, 0
	for _, n := range []int{1, 63, 64, 65, 150} {
		b := newBench(t, read(t, "schema.yaml"), []byte(data+"partial:\n"+w.list(n)))
		for range 150 {
			condition := w.truth(2, true)
			root, list := b.names.NewScope().compile(scalar("all(partial, " + condition + ")"))
			if len(list) > 0 || root.op != opAll {
				continue
			}
			test, rows := testOf(root.args[0]), &b.env.lists[b.env.rows(root.stream.rows)]
			for from := 0; from < n; from += Block {
				block := root.stream.block(rows, from)
				asked := w.Uint64() & block.every()
				v := test.over(b.env, &block, asked)
				if v.yes&v.no != 0 || (v.yes|v.no)&^asked != 0 {
					t.Fatalf("%s: of %b it says that %b hold and %b do not", condition, asked, v.yes, v.no)
				}
				for i := range block.n {
					if asked>>i&1 == 0 {
						continue
					}
					block.enter(b.env, i)
					all++
					x := exact{Env: b.env}
					want, got := x.truth(root.args[0]), unknown
					switch {
					case v.yes>>i&1 == 1:
						got = yes
					case v.no>>i&1 == 1:
						got = no
					default:
						continue
					}
					decided++
					if got != want {
						t.Fatalf("%s at row %d of %d is %s, with the rows together %s", condition, from+i+1, n, truthNames[want], truthNames[got])
					}
				}
			}
		}
	}
	if decided < all/3 {
		t.Errorf("the rows together decide %d of %d conditions", decided, all)
	}
}

// TestLoopsTogether judges rules at the rows and groups of a loop together and one by one.
func TestLoopsTogether(t *testing.T) {
	const schema = `
types: {pair: {fields: {x: {type: amount}, y: {type: amount}, parts: {type: list, fields: {z: {type: amount}}}}}}
fields:
  g0: {use: pair}
  g1: {use: pair}
  g2: {use: pair}
  total: {type: amount}
  g3: {use: pair}
  rows: {type: list, fields: {x: {type: amount}, y: {type: amount}, parts: {type: list, fields: {z: {type: amount}}}}}
`
	var data strings.Builder
	pairs := func(i int) string {
		return fmt.Sprintf("{x: %d.00, y: %d.00, parts: [{z: %d.00}, {z: 1.00}]}", i%5, i%3, i%4)
	}
	for i := range 4 {
		fmt.Fprintf(&data, "g%d: %s\n", i, pairs(i))
	}
	data.WriteString("total: 2.00\nrows:\n")
	for i := range 70 {
		fmt.Fprintf(&data, "- %s\n", pairs(i))
	}
	b := newBench(t, []byte(schema), []byte(data.String()))
	for _, walked := range []string{"[g0, g1, g2]", "[g2, g1, g0]", "[g0, g2, g3]", "[g1]", "rows"} {
		for _, check := range []string{
			"q.x == q.y", "q.x <= total", "q.x == sum(q.parts, .z)", "q.x + q.y >= total and q.x < 4", "q.x == q.y / total * 2",
			"q.x == q.y ? q.x == total : q.y < total", "count(q.parts, .z > q.x) == 1", "total == sum(q.parts, .z) or q.x == 3",
		} {
			for _, when := range []string{"", "q.x != 0", "any(q.parts, .z == 0)"} {
				scope := b.names.NewScope()
				loop, _, list := scope.Loop(scalar("q in " + walked))
				var condition *Condition
				if when != "" {
					c, wrong := scope.Condition(scalar(when), false)
					condition, list = c, append(list, wrong...)
				}
				c, wrongs := scope.Check(scalar(check), Tolerance{}, false)
				if list = append(list, wrongs...); len(list) > 0 {
					t.Fatalf("%s: %s", check, wrong(list))
				}
				screen := NewScreen([]*Loop{loop}, condition, c)
				n, _ := loop.Len(b.env)
				for from := 0; from < n; from += Block {
					passed, unmet := screen.Over(b.env, loop, from, n)
					for i := range min(Block, n-from) {
						loop.Enter(b.env, from+i)
						together := Open
						switch {
						case passed>>i&1 == 1:
							together = Passed
						case unmet>>i&1 == 1:
							together = Unmet
						}
						if alone := screen.Try(b.env); together != Open && together != alone {
							t.Errorf("%s when %q at %s %d: %d together, %d alone", check, when, walked, from+i, together, alone)
						}
						if walked == "[g0, g1, g2]" && together == Open && screen.Try(b.env) == Passed {
							t.Errorf("%s when %q at %s %d is left open", check, when, walked, from+i)
						}
					}
				}
			}
		}
	}
}
