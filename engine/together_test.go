package engine

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/sample"
)

// TestStacked: datasets that are judged many together come out as they do one by one.
func TestStacked(t *testing.T) {
	const idle = `
- {id: never, title: 从不, when: s0.total < 0, check: s0.a == 1}
- {id: nowhere, title: 无处, each: p in projects, when: p.executed < 0, check: p.rate == 1}
- {id: some, title: 有时, when: s0.total > 3000, check: s0.basic >= 0}
- {id: rows, title: 各行, each: p in projects, when: p.previous > 50, check: p.rate >= 0}
- {id: pairs, title: 各对, each: ["q in [s0, s1, s2]", "p in projects"], when: p.budget > q.a, check: q.total >= 0 and p.budget > 0}
`
	tests := map[string]struct {
		rules   string
		options run.Options
		// n is how many datasets there are, of which about so many percent are judged by themselves.
		n, apart int
	}{
		"the pack":           {"", run.Options{}, 640, 1},
		"rules that idle":    {idle, run.Options{}, 640, 1},
		"none is broken":     {idle, run.Options{}, 64, 0},
		"one in ten fails":   {idle + "- {id: high, title: 高, check: s0.a < 300}\n", run.Options{Suspects: true}, 640, 13},
		"a rule of names":    {"- {id: named, title: 名, check: 'entity != \"第7号单位\"'}\n", run.Options{}, 640, 100},
		"a rule of periods":  {"- {id: year, title: 年, since: 2023, check: s0.a >= 0}\n", run.Options{}, 640, 100},
		"some of the rules":  {"", run.Options{Only: []string{"r1", "r2"}}, 640, 100},
		"all is wanted":      {"", run.Options{All: true}, 64, 100},
		"several at a time":  {idle, run.Options{Jobs: 3}, 640, 1},
		"rules across years": {"- {id: prior, title: 上年, check: s0.last == prior.s0.total}\n", run.Options{}, 640, 100},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var data bytes.Buffer
			if err := sample.WriteParquet(&data, 5, test.n, true); err != nil {
				t.Fatal(err)
			}
			files := fstest.MapFS{"data/x.parquet": {Data: data.Bytes()}}
			for name, f := range sample.Pack().(fstest.MapFS) {
				files["packs/"+name] = &fstest.MapFile{Data: bytes.Clone(f.Data)}
			}
			rules := files["packs/sample/rules.yaml"]
			rules.Data = append(rules.Data, test.rules...)
			var reports []*finding.Report
			var tallies [][]finding.Tally
			for _, keep := range []bool{true, false} {
				o := Options{Files: files, Rules: "packs/sample", Keep: keep, Options: test.options}
				r, err := Check(context.Background(), []string{"data"}, o)
				if err != nil || len(r.Diagnostics) > 0 || len(r.Report.Inputs) != test.n {
					t.Fatal(err, r.Diagnostics)
				}
				reports = append(reports, r.Report)
				alone, each := judgedAlone(t, o)
				tallies = append(tallies, each)
				if percent := 100 * alone / test.n; keep && alone != test.n || !keep && (percent < test.apart/2 || percent > 2*test.apart) {
					t.Errorf("kept %v, %d of %d datasets are judged by themselves", keep, alone, test.n)
				}
			}
			if diff := cmp.Diff(reports[0], reports[1]) + cmp.Diff(tallies[0], tallies[1]); diff != "" {
				t.Errorf("(-one by one +together)\n%.3000s", diff)
			}
		})
	}
}

// TestStackedAnyhow: so they do in tables of any kind, with rows of other packs, with gaps and with faults among them.
func TestStackedAnyhow(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	one := func(n int) bool { return r.IntN(n) == 0 }
	const schema = `
fields:
  a: {type: amount}
  b: {type: amount, unit: 元}
  c: {type: count}
  p: {type: percent}
  g: {fields: {x: {type: amount, decimals: own}}}
  L: {type: list, key: k, fields: {k: {type: text}, x: {type: amount}, y: {type: amount}}}
  N: {type: list, fields: {x: {type: amount}}}
`
	figures := []string{"a", "b", "c", "p", "g.x", "L[甲].x", "L[甲].y", "L[乙].x", "L[乙].y", "N[1].x"}
	rules := []string{
		"check: a >= 0", "check: a + b - g.x < 100", "check: not (p == a / g.x * 100)", "check: p != (a + b) / sum(L, .x)", "check: all(L, .x >= 0)",
		"check: sum(L, .x - .y) >= -100\n  when: c != 3", "check: same(a, a)", "check: present(c) or b >= 0", "check: 'c == 1 ? a >= 0 : b != 7.5'",
		"each: q in L\n  check: q.x + q.y <= a + 100\n  when: q.x != 1", "each: q in L\n  check: q.y != q.x + 0.5", "check: abs(a) < 50",
		"each: q in N\n  check: q.x >= 0\n  when: q.x < 4\n  missing: fail", "check: count(L, .x > .y) <= 2\n  missing: zero",
	}
	alone, all, faults := 0, 0, 0
	for round := range 60 {
		calm := !one(3)
		nodes := parquet.Group{}
		for _, name := range []string{"entity", "period", "pack", "parent"} {
			nodes[name] = parquet.Optional(parquet.String())
		}
		base, varies := map[string]int64{}, map[string]bool{}
		for _, name := range figures {
			if calm && one(12) || !calm && one(3) {
				continue
			}
			scale, node := r.IntN(4), parquet.Node(nil)
			switch r.IntN(4) {
			case 0:
				node = parquet.Decimal(scale, 9, parquet.Int32Type)
			case 1:
				node = parquet.Decimal(scale, 76, parquet.FixedLenByteArrayType(32))
			default:
				node = parquet.Decimal(scale, 18, parquet.Int64Type)
			}
			if one(3) {
				node = parquet.Encoded(node, &parquet.RLEDictionary)
			}
			nodes[name], base[name], varies[name] = parquet.Optional(node), r.Int64N(5), one(2)
			for range scale {
				base[name] *= 10
			}
		}
		var data, list bytes.Buffer
		out := parquet.NewGenericWriter[any](&data, parquet.NewSchema("x", nodes), parquet.MaxRowsPerRowGroup(int64(64+r.IntN(200))), parquet.PageBufferSize(100+r.IntN(2000)))
		list.WriteString("单位,上级\n局,\n厅,\n")
		names := slices.Sorted(maps.Keys(nodes))
		for i := range 64 + r.IntN(200) {
			fmt.Fprintf(&list, "第%d号,局\n", i)
			texts := map[string]string{"entity": fmt.Sprintf("第%d号", i), "period": "2023", "pack": "p", "parent": "局"}
			switch {
			case one(40):
				texts["parent"] = "厅"
			case !calm && one(20):
				texts["pack"] = "q"
			case one(100):
				delete(texts, "entity")
			}
			blank := one(200)
			row := make(parquet.Row, len(names))
			for k, name := range names {
				if text, ok := texts[name]; ok && !blank {
					row[k] = parquet.ByteArrayValue([]byte(text)).Level(0, 1, k)
				}
				n, ok := base[name]
				if !ok || blank || !calm && one(100) {
					row[k] = row[k].Level(0, row[k].DefinitionLevel(), k)
					continue
				}
				if varies[name] && one(4) {
					n += r.Int64N(300) - 100
				}
				wide := bytes.Repeat([]byte{byte(n >> 63)}, 32)
				if binary.BigEndian.PutUint64(wide[24:], uint64(n)); one(300) {
					wide[0], wide[20] = wide[0]^byte(r.IntN(2)), 1
				}
				v := parquet.FixedLenByteArrayValue(wide)
				switch nodes[name].Type().Kind() {
				case parquet.Int32:
					v = parquet.Int32Value(int32(n))
				case parquet.Int64:
					v = parquet.Int64Value(n)
				}
				row[k] = v.Level(0, 1, k)
			}
			if _, err := out.WriteRows([]parquet.Row{row}); err != nil {
				t.Fatal(err)
			}
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		files := fstest.MapFS{"data/x.parquet": {Data: data.Bytes()}, "list.csv": {Data: list.Bytes()}}
		for _, pack := range []string{"p", "q"} {
			var some strings.Builder
			for i, k := range r.Perm(len(rules))[:1+r.IntN(4)] {
				fmt.Fprintf(&some, "- id: r%d\n  title: 第%d条\n  %s\n", i, k, rules[k])
			}
			files["packs/"+pack+"/pack.yaml"] = &fstest.MapFile{Data: []byte("id: " + pack + "\ntitle: 样本\n")}
			files["packs/"+pack+"/schema.yaml"] = &fstest.MapFile{Data: []byte(schema)}
			files["packs/"+pack+"/rules.yaml"] = &fstest.MapFile{Data: []byte(some.String())}
		}
		o := Options{Files: files, Packs: "packs", EntityList: "list.csv", Options: run.Options{Jobs: 1 + r.IntN(3), Suspects: one(2), Strict: one(2)}}
		var reports []*Result
		for _, keep := range []bool{true, false} {
			o.Keep = keep
			one, err := Check(context.Background(), []string{"data"}, o)
			if err != nil || one.Report == nil {
				t.Fatal(round, err, one)
			}
			one.Report.Roll, one.Datasets, one.documents = nil, nil, nil
			reports = append(reports, one)
		}
		if diff := cmp.Diff(reports[0].Report, reports[1].Report) + cmp.Diff(fmt.Sprint(reports[0].Diagnostics), fmt.Sprint(reports[1].Diagnostics)); diff != "" {
			t.Fatalf("round %d (-one by one +together)\n%.3000s", round, diff)
		}
		n, each := judgedAlone(t, o)
		alone, all, faults = alone+n, all+len(each), faults+len(reports[0].Diagnostics)
	}
	if alone > all*9/10 || faults < 100 {
		t.Errorf("%d of %d datasets are judged by themselves, and there are %d faults", alone, all, faults)
	}
}

// judgedAlone counts the datasets that are judged by themselves, and tells the tallies of all.
func judgedAlone(t *testing.T, o Options) (alone int, all []finding.Tally) {
	t.Helper()
	c := newChecking(o)
	files, err := c.files(context.Background(), []string{"data"})
	if err != nil {
		t.Fatal(err)
	}
	c.across = run.NewAcross(o.Options, t.TempDir(), 1<<20)
	defer c.across.Close()
	var n atomic.Int64
	err = run.Stream(context.Background(), func(yield func(watched, error) bool) {
		for p, err := range iter.Seq2[*piece, error](c.pieces(context.Background(), files)) {
			if !yield(watched{p, &n}, err) {
				return
			}
		}
	}, o.Options, func(w watched, _ *run.Counts) error {
		for _, in := range w.inputs {
			all = append(all, in.outcome.Tally)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return int(n.Load()), all
}

// watched is a piece whose datasets that are judged by themselves are counted.
type watched struct {
	*piece
	n *atomic.Int64
}

func (w watched) Judge(j run.Judge, part func() error) error {
	return w.piece.Judge(counting{j, w.n}, part)
}

// counting is a judge that counts the datasets that it is given one by one.
type counting struct {
	run.Judge
	n *atomic.Int64
}

func (c counting) Dataset(item *run.Item) (*finding.Outcome, error) {
	c.n.Add(1)
	return c.Judge.Dataset(item)
}
