package engine

import (
	"bytes"
	"context"
	"iter"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

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
