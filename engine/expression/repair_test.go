package expression

import "testing"

// TestSlopes: of sums, the slopes give the repairs that three evaluations give for each figure.
func TestSlopes(t *testing.T) {
	b := newBench(t, read(t, "schema.yaml"), read(t, "data.yaml"))
	for expression, figures := range map[string]int{
		"c == a + b + 0.07":                                  3,
		"a + a - 3 * b == c / 4":                             3,
		"yuan == 7 * (a - income.basic.amount)":              3,
		"sum(projects, .budget - .executed) + a == 0":        7,
		"c >= 100 * (gone ?? b) - -a":                        3,
		"value(points) == a":                                 1,
		"sum(filter(projects, .budget > 4), .executed) == 0": 0,
		"rate == a / (b + c) * 100":                          4,
		"(a + b) / sum(projects, .budget) == -c":             0,
		"(a + b) / sum(projects, .budget) * 7 == c":          6,
		"a * b == c":                        0,
		"count(projects, .budget > 4) == a": 0,
		"same(a, b)":                        0,
	} {
		check, list := b.names.NewScope().Check(scalar(expression), Tolerance{}, false)
		if len(list) > 0 {
			t.Fatal(expression, list)
		}
		x := exact{Env: b.env}
		slopes, now := x.slopes(check.node)
		for _, k := range slopes.linear {
			want, ok := check.root(b.env, check.node.args[0], check.node.args[1], k.cell)
			if got := b.env.cells[k.cell].Rat().Sub(now.Quo(k.coef)); !ok || got.Cmp(want) != 0 {
				t.Errorf("%s: %s of figure %d, want %s", expression, got, k.cell, want)
			}
		}
		if len(slopes.linear) != figures {
			t.Errorf("%s: %d figures, want %d", expression, len(slopes.linear), figures)
		}
	}
}
