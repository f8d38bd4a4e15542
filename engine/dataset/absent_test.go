package dataset_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAbsent: a part of which anything is given, if only a blank zero or an empty list, is there.
func TestAbsent(t *testing.T) {
	const schema = `fields:
  a: {type: amount, label: 甲}
  z: {type: amount, blank: zero}
  note: {type: text}
  flat:
    fields: {x: {type: amount}, y: {type: amount}}
  deep:
    fields:
      total: {type: amount}
      inner:
        fields:
          leaf: {fields: {x: {type: amount}}}
      listed:
        fields:
          rows: {type: list, key: name, fields: {name: {type: text}, x: {type: amount}}}
      plain: {fields: {x: {type: amount}}}
  rows: {type: list, key: name, fields: {name: {type: text}, x: {type: amount}, deep: {fields: {l: {type: list, key: n, fields: {n: {type: text}}}}}}}
`
	for _, tt := range []struct {
		name, data string
		want       []string
	}{
		{"nothing", "", []string{"flat", "deep", "rows"}},
		{"leaves", "a: 1\nz: —\nnote: 无\n", []string{"flat", "deep", "rows"}},
		{"a part of a part", "deep: {total: 1}\n", []string{"flat", "deep.inner", "deep.listed", "rows"}},
		{"one leaf far below", "deep: {inner: {leaf: {x: 1}}}\nflat: {y: 1}\n", []string{"deep.listed", "rows"}},
		{"an empty list", "deep: {listed: {rows: []}}\nrows: []\n", []string{"flat", "deep.inner"}},
		{"rows", "rows: [{name: 一, x: 1}, {name: 二}]\n", []string{"flat", "deep"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, list := build(t, parseSchema(t, schema), "entity: e\nperiod: 2023\n"+tt.data)
			if len(list) > 0 {
				t.Fatal(told(list))
			}
			if diff := cmp.Diff(tt.want, d.Absent()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
