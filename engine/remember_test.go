package engine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/gouji/gouji/engine/cache"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/sample"
)

// remembering is a file system with a pack and three files of data, and a cache.
func remembering(t *testing.T) (fstest.MapFS, *Options) {
	files := fstest.MapFS{}
	for name, f := range sample.Pack().(fstest.MapFS) {
		files["packs/"+name] = f
	}
	broken := strings.Replace(string(sample.New(2, 1).AppendJSON(nil)), `"合计": "`, `"合计": "9`, 1)
	files["data/one.json"] = &fstest.MapFile{Data: []byte(broken)}
	files["data/two.yaml"] = &fstest.MapFile{Data: append(append(sample.New(2, 2).AppendYAML(nil), "---\n"...), sample.New(2, 3).AppendYAML(nil)...)}
	files["data/many.jsonl"] = &fstest.MapFile{Data: []byte(broken + "\n" + string(sample.New(2, 5).AppendJSON(nil)) + "\n")}
	c, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return files, &Options{Files: files, Rules: "packs/sample", Cache: c, Engine: "1", Options: run.Options{Jobs: 1}}
}

// TestRemembered: what is kept is what is found, and what is kept is judged no more.
func TestRemembered(t *testing.T) {
	files, o := remembering(t)
	check := func(o Options) *finding.Report {
		t.Helper()
		r, err := Check(context.Background(), []string{"data"}, o)
		if err != nil || len(r.Diagnostics) > 0 || len(r.Report.Inputs) != 5 {
			t.Fatal(err, r)
		}
		return r.Report
	}
	fresh := *o
	fresh.Cache = nil
	first := check(*o)
	if diff := cmp.Diff(check(fresh), first); diff != "" {
		t.Errorf("with an empty cache (-none +empty)\n%s", diff)
	}
	if diff := cmp.Diff(first, check(*o)); diff != "" {
		t.Errorf("from the cache (-first +second)\n%s", diff)
	}
	if len(first.Findings) < 4 {
		t.Fatalf("%d findings prove little", len(first.Findings))
	}
	judged := judgedAgain(t, *o)
	if len(judged) > 0 {
		t.Errorf("judged again: %v", judged)
	}
	// Whatever may change the outcome has the data judged again: another rule, figure, option or program.
	for name, change := range map[string]func(files fstest.MapFS, o *Options){
		"a rule": func(files fstest.MapFS, _ *Options) {
			f := *files["packs/sample/rules.yaml"]
			f.Data = []byte(strings.Replace(string(f.Data), "第1条", "第一条", 1))
			files["packs/sample/rules.yaml"] = &f
		},
		"the options": func(_ fstest.MapFS, o *Options) { o.Skip = []string{"r1"} },
		"the program": func(_ fstest.MapFS, o *Options) { o.Engine = "2" },
	} {
		changed, with := maps.Clone(files), *o
		with.Files = changed
		change(changed, &with)
		if judged := judgedAgain(t, with); len(judged) != 5 {
			t.Errorf("with %s changed only these were judged again: %v", name, judged)
		}
	}
	changed, with := maps.Clone(files), *o
	with.Files = changed
	changed["data/one.json"] = &fstest.MapFile{Data: []byte(strings.Replace(string(files["data/one.json"].Data), "9", "8", 1))}
	if judged := judgedAgain(t, with); len(judged) != 1 || judged[0] != "data/one.json" {
		t.Errorf("with one figure changed these were judged again: %v", judged)
	}
}

// judgedAgain are the inputs that are not taken from the cache.
func judgedAgain(t *testing.T, o Options) []string {
	t.Helper()
	c := newChecking(o)
	c.by = o.judgedBy()
	files, err := c.files(context.Background(), []string{"data"})
	if err != nil {
		t.Fatal(err)
	}
	var judged []string
	judge := func(pieces iter.Seq2[*piece, error]) {
		for p, err := range pieces {
			if err != nil {
				t.Fatal(err)
			}
			err := p.Judge(listing{&judged}, func() error { return errors.New("so little is no part") })
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if o.Join {
		c.join = table.NewJoin(t.TempDir(), c.joinMemory)
		defer c.join.Close()
	}
	judge(c.pieces(context.Background(), files))
	if o.Join {
		judge(c.joined(context.Background()))
	}
	return judged
}

// TestNotRemembered: what was accepted is applied each time, and faults are told each time.
func TestNotRemembered(t *testing.T) {
	files, o := remembering(t)
	delete(files, "data/two.yaml")
	files["data/bad.json"] = &fstest.MapFile{Data: []byte(`{"entity": "甲", "period": "2023", "nonsense": 1}`)}
	files["data/table.csv"] = &fstest.MapFile{Data: []byte("entity,period,nonsense\n甲,2023,1\n")}
	r, err := Check(context.Background(), []string{"data/one.json"}, *o)
	if err != nil {
		t.Fatal(err)
	}
	files["data/one.json.accepted.yaml"] = &fstest.MapFile{Data: []byte("accepted:\n- {rule: " + r.Report.Findings[0].Rule + ", reason: 是}\n")}
	var counts [2][2]int
	for i := range counts {
		r, err := Check(context.Background(), []string{"data"}, *o)
		if err != nil {
			t.Fatal(err)
		}
		reasoned, _ := r.Report.Accepted()
		counts[i] = [2]int{reasoned, len(r.Diagnostics)}
	}
	if counts[0] != counts[1] || counts[0][0] == 0 || counts[0][1] != 2 {
		t.Errorf("accepted and told, first and then: %v", counts)
	}
	// A cache that cannot be written any more does not keep the data from being judged.
	if err := o.Cache.Close(); err != nil {
		t.Fatal(err)
	}
	o.Engine = "2"
	if r, err := Check(context.Background(), []string{"data"}, *o); err != nil || len(r.Report.Inputs) != 3 {
		t.Error(err, r)
	}
	if err := o.Cache.Close(); err == nil || errors.Is(err, context.Canceled) {
		t.Error("what was not written is not told")
	}
}

// TestRememberedTables: the names of the columns belong to every piece of a table.
func TestRememberedTables(t *testing.T) {
	files, o := remembering(t)
	maps.DeleteFunc(files, func(name string, _ *fstest.MapFile) bool { return strings.HasPrefix(name, "data/") })
	rows := "甲,2023,5,6\n乙,2023,5,5\n"
	files["data/x.csv"] = &fstest.MapFile{Data: []byte("entity,period,教育.合计,教育.表列合计\n" + rows)}
	if r, err := Check(context.Background(), []string{"data"}, *o); err != nil || len(r.Diagnostics) > 0 || len(r.Report.Inputs) != 2 {
		t.Fatal(err, r)
	}
	if judged := judgedAgain(t, *o); len(judged) != 0 {
		t.Errorf("%v are judged again", judged)
	}
	files["data/x.csv"] = &fstest.MapFile{Data: []byte("entity,period,教育.合计,教育.工资福利支出\n" + rows)}
	if judged := judgedAgain(t, *o); len(judged) != 2 {
		t.Errorf("with other columns only %v are judged again", judged)
	}
}

// TestParquetRemembered: of a file in Parquet, the row groups that did not change are not judged again, and it is closed.
func TestParquetRemembered(t *testing.T) {
	table := func(third string) []byte {
		w := wideTable{{"entity", "period", "农林水.合计"}, {"甲", "2023", "1.00"}, {"乙", "2023", "1.00"}, {"丙", "2023", third}}
		var out bytes.Buffer
		columns := parquet.Group{}
		for _, name := range w[0] {
			columns[name] = parquet.String()
		}
		p := parquet.NewWriter(&out, parquet.NewSchema("t", columns), parquet.MaxRowsPerRowGroup(2))
		for _, row := range w[1:] {
			if err := p.Write(map[string]string{w[0][0]: row[0], w[0][1]: row[1], w[0][2]: row[2]}); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	c, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, test := range []struct {
		third string
		want  int
	}{{"1.00", 3}, {"1.00", 0}, {"2.00", 1}} {
		open := &countedFiles{MapFS: joinFiles(map[string][]byte{"x.parquet": table(test.third)})}
		o := Options{Files: open, Rules: "packs/sample", Cache: c, Engine: "1"}
		if judged := judgedAgain(t, o); len(judged) != test.want {
			t.Errorf("%s: %v were judged, want %d", test.third, judged, test.want)
		}
		r, err := Check(context.Background(), []string{"data"}, o)
		o.Cache = nil
		fresh, failed := Check(context.Background(), []string{"data"}, o)
		if err != nil || failed != nil || len(r.Diagnostics) > 0 {
			t.Fatal(err, failed, r.Diagnostics)
		}
		if diff := cmp.Diff(fresh.Report, r.Report); diff != "" {
			t.Errorf("%s (-fresh +kept)\n%s", test.third, diff)
		}
		if n := open.open.Load(); n != 0 {
			t.Errorf("%s: %d files are open", test.third, n)
		}
	}
}

// countedFiles counts the files of tables that are open.
type countedFiles struct {
	fstest.MapFS
	open atomic.Int32
}

type countedFile struct {
	fs.File
	io.ReaderAt
	open *atomic.Int32
}

func (c *countedFiles) Open(name string) (fs.File, error) {
	f, err := c.MapFS.Open(name)
	if at, ok := f.(io.ReaderAt); ok && err == nil && strings.HasSuffix(name, ".parquet") {
		c.open.Add(1)
		return &countedFile{f, at, &c.open}, nil
	}
	return f, err
}

func (c *countedFile) Close() error {
	c.open.Add(-1)
	return c.File.Close()
}

// listing is a judge that lists what it is given.
type listing struct{ paths *[]string }

func (l listing) Dataset(item *run.Item) (*finding.Outcome, error) {
	*l.paths = append(*l.paths, item.Path)
	return &finding.Outcome{Input: finding.Input{Path: item.Path, Within: item.Within}}, nil
}

func (listing) Stack(*plan.Plan, *dataset.Stack) (*run.Stacked, error) { return &run.Stacked{}, nil }
