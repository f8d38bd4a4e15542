package expression

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/diag"
)

// schemaWriter writes a random schema with the types outer and inner, and a dataset in which every x differs.
type schemaWriter struct {
	*rand.Rand
	names int
	// groups are the paths of the groups of each type outside lists, in order; steps are these with the x in them.
	groups, steps map[string][]string
}

// fields writes fields below a path, which is "" for the root, and their data.
func (w *schemaWriter) fields(depth int, path string, inList bool) (schema, data string) {
	var fields, values []string
	add := func(name, field, value string) {
		fields = append(fields, name+": "+field)
		if value != "" {
			values = append(values, name+": "+value)
		}
	}
	use := func(kind, at, x string) {
		if !inList {
			w.groups[kind] = append(w.groups[kind], at)
			w.steps[kind] = append(w.steps[kind], at+" = "+x)
		}
	}
	for range 1 + w.IntN(4) {
		w.names++
		name := fmt.Sprintf("f%d", w.names)
		at := strings.TrimPrefix(path+"."+name, ".")
		switch kind := w.IntN(6); {
		case kind == 0:
			add(name, "{type: amount}", "1")
		case kind == 1:
			use("inner", at, fmt.Sprint(w.names))
			add(name, "{use: inner}", fmt.Sprintf("{x: %d}", w.names))
		case kind == 2:
			use("outer", at, fmt.Sprint(w.names))
			use("inner", at+".part", fmt.Sprintf("%d.5", w.names))
			add(name, "{use: outer}", fmt.Sprintf("{x: %d, part: {x: %d.5}}", w.names, w.names))
		case depth == 0:
			add(name, "{type: list, use: inner}", "")
		case kind == 3:
			inside, _ := w.fields(depth-1, at, true)
			add(name, "{type: list, fields: "+inside+"}", "")
		default:
			inside, given := w.fields(depth-1, at, inList)
			add(name, "{fields: "+inside+"}", given)
		}
	}
	return "{" + strings.Join(fields, ", ") + "}", "{" + strings.Join(values, ", ") + "}"
}

// walk is what a clause walks: each group by its name and the x in it.
func (b *bench) walk(t *testing.T, clause string) ([]string, diag.List) {
	t.Helper()
	scope := b.names.NewScope()
	loop, _, list := scope.Loop(scalar(clause))
	if loop == nil {
		return nil, list
	}
	x, list := scope.compile(scalar("q.x"))
	if len(list) > 0 {
		t.Fatal(list)
	}
	var steps []string
	n, _ := loop.Len(b.env)
	for i := range n {
		loop.Enter(b.env, i)
		steps = append(steps, loop.Name(b.env, i)+" = "+b.number(t, x, &exact{Env: b.env}))
	}
	return steps, nil
}

// TestTypeIsItsGroups walks each type of random schemas by its name and by the list of its groups.
func TestTypeIsItsGroups(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 1))
	walked, none := 0, 0
	for range 400 {
		w := &schemaWriter{Rand: random, groups: map[string][]string{}, steps: map[string][]string{}}
		fields, data := w.fields(3, "", false)
		schema := `types:
  inner: {fields: {x: {type: amount}}}
  outer: {fields: {rows: {type: list, use: inner}, x: {type: amount}, part: {use: inner}}}
fields: ` + fields
		b := newBench(t, []byte(schema), []byte("{entity: e, period: 2023, "+strings.TrimPrefix(data, "{")))
		for _, kind := range []string{"inner", "outer"} {
			got, list := b.walk(t, "q in "+kind)
			groups := w.groups[kind]
			if len(groups) == 0 {
				if none++; len(list) != 1 || list[0].Code != diag.TypeWithoutGroups {
					t.Fatalf("%s\n%s without groups: %v, %v", schema, kind, got, list)
				}
				continue
			}
			written, wrong := b.walk(t, "q in ["+strings.Join(groups, ", ")+"]")
			if len(list)+len(wrong) > 0 {
				t.Fatalf("%s\n%s: %v %v", schema, kind, list, wrong)
			}
			for _, steps := range [][]string{got, written} {
				if diff := gocmp.Diff(w.steps[kind], steps); diff != "" {
					t.Fatalf("%s\n%s (-want +got):\n%s", schema, kind, diff)
				}
			}
			walked += len(got)
		}
	}
	if walked < 400 || none < 20 {
		t.Errorf("%d groups walked, %d types without any", walked, none)
	}
}
