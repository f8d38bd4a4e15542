package dataset_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

const joinSchema = `
types:
  pair:
    fields:
      amount: {type: amount, label: 金额}
      rate: {type: percent, label: 率}
      inner: {fields: {x: {type: amount}, words: {type: text}}}
fields:
  budget: {type: amount, label: 年初预算}
  total: {use: pair, label: 总计}
  part: {fields: {one: {use: pair, label: 甲}, two: {use: pair, label: 乙}}}
  day: {type: date}
  open: {type: bool}
  staff: {type: count, unit: 人}
  classes:
    type: list
    key: code
    label: 类
    fields:
      code: {type: text, label: 编码}
      unit: {type: text}
      goal: {type: amount, unit: {from: unit}, decimals: own, label: 目标}
      items: {type: list, label: 项, fields: {note: {type: text}, amount: {type: amount, blank: zero}}}
`

func joined(t testing.TB, text string) *dataset.Dataset {
	t.Helper()
	schema, _ := yamldoc.Parse(source.New("schema.yaml", []byte(joinSchema)))
	s, list := dataset.ParseSchema(schema)
	doc, wrong := yamldoc.Parse(source.New("data.yaml", []byte(text)))
	list = append(list, wrong...)
	h, wrong := dataset.ReadHeader(doc, false)
	list = append(list, wrong...)
	d, wrong := dataset.Build(doc, h, s)
	if list = append(list, wrong...); len(list) > 0 {
		t.Fatal(list)
	}
	return d
}

const joinData = `entity: 甲
period: 2023
kind: 单位决算
parent: 上级
source: 公开.pdf
rounding: truncate
decimals: {万元: 3}
sections: [一、总体 @1/2:1, 表 @2/表1!A1]
total: {amount: [—, "1,234.50 @1/3:4"], rate: 减少3.10% @2/表1!B2, inner: {words: 见附件}}
part: {two: {amount: 123456789012345678901234567890.12, rate: 5%, inner: {x: 361元}}}
day: 2024年8月
open: 是
staff: 12人
classes:
  - {code: 206, unit: 元, goal: 500, items: [{note: 无}, {amount: —}, {amount: -3.00}]}
  - {code: 208, items: []}
  - {code: 206, unit: 个, goal: 2.50}
`

// lines tells everything of a dataset that rules and findings ask for, by address.
func lines(d *dataset.Dataset) []string {
	var all []string
	for i := range d.Cells {
		st := d.Facts()[i].Statement()
		if st == nil {
			continue
		}
		at := st.Span.Position()
		all = append(all, fmt.Sprint(d.Address(i), " ", d.Cells[i], " ", d.Aligned.Values[1+i], " ", st.Text, " ", st.Value(), " ", st.In, " ", st.Unit, " ",
			st.Own, " ", st.Blank, " ", st.Place, " ", d.Section(st.Place), " ", at, " ", d.Texts[i]))
	}
	for i, l := range d.Lists {
		if l.Present {
			all = append(all, fmt.Sprint(d.ListAddress(i), " ", l.Count))
		}
	}
	slices.Sort(all)
	return all
}

// fieldsOf lists the fields below one.
func fieldsOf(f *dataset.Field) []*dataset.Field {
	var all []*dataset.Field
	for _, c := range f.Fields {
		all = append(append(all, c), fieldsOf(c)...)
	}
	return all
}

// TestProjection: whatever is needed is kept as it was, also by way of bytes; of the rest only what names and measures it.
func TestProjection(t *testing.T) {
	d := joined(t, joinData)
	whole := lines(d)
	all := fieldsOf(d.Schema.Root)
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		needed := map[*dataset.Field]bool{}
		for _, f := range all {
			if f.Type != dataset.Group && r.IntN(1+int(seed%7)) == 0 {
				needed[f] = true
			}
		}
		p := dataset.NewProjection(d.Schema, needed)
		alike := map[string]string{}
		for _, f := range fieldsOf(p.Schema.Root) {
			if f.UnitFrom == nil && f.Name == "goal" {
				t.Fatalf("seed %d: %s has lost its unit", seed, f.Path())
			}
			if f.Use == "" {
				continue
			}
			var below []string
			for _, c := range fieldsOf(f) {
				below = append(below, fmt.Sprint(strings.TrimPrefix(c.Path(), f.Path()), c.Cell-f.Cell))
			}
			if all := fmt.Sprint(below); alike[f.Use] == "" {
				alike[f.Use] = all
			} else if alike[f.Use] != all {
				t.Fatalf("seed %d: %s holds %s, others of its type %s", seed, f.Path(), all, alike[f.Use])
			}
		}
		part := p.Dataset(d)
		got := lines(part)
		for _, line := range got {
			if !slices.Contains(whole, line) {
				t.Fatalf("seed %d: %s is not in the whole", seed, line)
			}
		}
		for f := range needed {
			count := func(lines []string) (n int) {
				for _, l := range lines {
					address, _, _ := strings.Cut(l, " ")
					if path := plain(address); path == f.Path() {
						n++
					}
				}
				return n
			}
			if want, n := count(whole), count(got); want != n {
				t.Fatalf("seed %d: %s is there %d times, in the whole %d", seed, f.Path(), n, want)
			}
		}
		data := p.Append([]byte("x"), part)
		back, err := p.Read(data[1:])
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(got, lines(back)); diff != "" {
			t.Fatalf("seed %d (-before +after):\n%s", seed, diff)
		}
		if diff := cmp.Diff(fmt.Sprint(part.Entity, part.Period, part.Kind, part.Parent, part.Source, part.Rounding, part.Decimals, part.Figures),
			fmt.Sprint(back.Entity, back.Period, back.Kind, back.Parent, back.Source, back.Rounding, back.Decimals, back.Figures)); diff != "" {
			t.Fatal(diff)
		}
		for n := range len(data) - 1 {
			if _, err := p.Read(data[1 : 1+n]); err == nil {
				t.Fatalf("seed %d: %d of %d bytes are taken for the whole", seed, n, len(data)-1)
			}
		}
	}
}

// plain is an address without keys of rows.
func plain(address string) string {
	for {
		i, j := strings.IndexByte(address, '['), strings.IndexByte(address, ']')
		if i < 0 {
			return address
		}
		address = address[:i] + address[j+1:]
	}
}

// FuzzDamaged: no bytes make reading fail in another way than by saying that they are damaged.
func FuzzDamaged(f *testing.F) {
	d := joined(f, joinData)
	needed := map[*dataset.Field]bool{}
	for _, field := range fieldsOf(d.Schema.Root) {
		needed[field] = true
	}
	p := dataset.NewProjection(d.Schema, needed)
	f.Add(p.Append(nil, p.Dataset(d)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if back, err := p.Read(data); err == nil {
			lines(back)
		}
	})
}

// TestJoin: a joined dataset holds what its parts hold, each under its partner's name, and knows whose a cell is. A partner
// whose name the schema has itself is left out.
func TestJoin(t *testing.T) {
	own := joined(t, joinData)
	s := own.Schema
	prior := rebuilt(t, s, "entity: 甲\nperiod: 2022\ntotal: {amount: 3.00}\nclasses: [{code: 206, items: [{amount: 1.00}]}]\n")
	child := func(name string) *dataset.Dataset {
		return rebuilt(t, s, "entity: "+name+"\nperiod: 2023\ntotal: {amount: 1.00}\nclasses: [{code: 1, items: [{amount: 2.00}]}]\n")
	}
	first, second := child("丙"), child("乙")
	j := dataset.NewJoin(s, dataset.Partners...)
	if j.Has(dataset.Budget) || !j.Has(dataset.Prior) {
		t.Error("the schema has a budget of its own, and no prior")
	}
	d := j.Dataset(own, dataset.Together{Prior: prior, Children: []*dataset.Dataset{first, second}})
	var want []string
	for _, part := range []struct {
		of     *dataset.Dataset
		prefix string
	}{{own, ""}, {prior, "prior."}, {first, "children[丙]."}, {second, "children[乙]."}} {
		for _, line := range lines(part.of) {
			want = append(want, part.prefix+line)
		}
	}
	want = append(want, "children 2")
	got := lines(d)
	// Sections are those of the parts.
	strip := func(lines []string) []string {
		for i := range lines {
			lines[i] = strings.ReplaceAll(strings.ReplaceAll(lines[i], "一、总体", ""), " 表 ", "  ")
		}
		slices.Sort(lines)
		return lines
	}
	if diff := cmp.Diff(strip(want), strip(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i := range d.Cells {
		address := d.Address(i)
		of := own
		switch {
		case strings.HasPrefix(address, "prior.prior"):
			continue
		case strings.HasPrefix(address, "prior"):
			of = prior
		case strings.HasPrefix(address, "children[丙]"):
			of = first
		case strings.HasPrefix(address, "children[乙]"):
			of = second
		}
		if d.Origin(i) != of {
			t.Errorf("%s is of %s %s", address, d.Origin(i).Entity, d.Origin(i).Period)
		}
	}
	for path, label := range map[string]string{
		"part.one.amount": "甲", "prior.part.one.amount": "上期·甲", "prior.prior.total.rate": "上上期·率", "prior.classes[206].items[1].amount": "上期·206·项[1]·amount",
		"children[丙].total.amount": "丙·总计", "children[丙].classes[1].goal": "丙·1·目标", "prior[甲 2022]": "上期[甲 2022]", "classes[206].goal": "206·目标",
	} {
		if got := j.Schema.Label(path); got != label {
			t.Errorf("%s is called %s, not %s", path, got, label)
		}
	}
}

func rebuilt(t *testing.T, s *dataset.Schema, text string) *dataset.Dataset {
	doc, _ := yamldoc.Parse(source.New("other.yaml", []byte(text)))
	h, _ := dataset.ReadHeader(doc, false)
	d, list := dataset.Build(doc, h, s)
	if len(list) > 0 {
		t.Fatal(list)
	}
	return d
}
