package engine

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/gouji/gouji/engine/cache"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/sample"
)

// wideTable is a table as people write it: the first row names the columns.
type wideTable [][]string

// write writes the table as a file of a format and returns the ending of its name.
func (w wideTable) write(t *testing.T, format string) ([]byte, string) {
	t.Helper()
	var out bytes.Buffer
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	text := func(rows [][]string, comma rune) {
		c := csv.NewWriter(&out)
		c.Comma = comma
		must(c.WriteAll(rows))
	}
	switch format {
	case "csv":
		text(w, ',')
	case "tsv":
		text(w, '\t')
	case "csv.gz":
		text(w, ';')
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, err := z.Write(out.Bytes())
		must(err)
		must(z.Close())
		return packed.Bytes(), format
	case "xlsx":
		x := excelize.NewFile()
		for i, row := range w {
			must(x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
		}
		must(x.Write(&out))
	case "parquet":
		columns := parquet.Group{}
		for _, name := range w[0] {
			columns[name] = parquet.Optional(parquet.String())
		}
		p := parquet.NewWriter(&out, parquet.NewSchema("t", columns), parquet.MaxRowsPerRowGroup(7))
		for _, row := range w[1:] {
			one := map[string]string{}
			for i, v := range row {
				if v != "" {
					one[w[0][i]] = v
				}
			}
			must(p.Write(one))
		}
		must(p.Close())
	case "long.csv":
		// The figures of a unit may stand anywhere in the table.
		rows := [][]string{{"entity", "period", "field", "value", "kind"}}
		for _, row := range w[1:] {
			for i, name := range w[0] {
				if slices.Contains([]string{"entity", "period", "unit"}, name) || row[i] == "" {
					continue
				}
				for v := range strings.SplitSeq(row[i], "|") {
					rows = append(rows, []string{row[0], row[1], name, strings.TrimSpace(v), ""})
				}
			}
		}
		r := rand.New(rand.NewPCG(1, uint64(len(rows))))
		// Statements of one figure keep their order.
		key := map[string]int{}
		for _, row := range rows[1:] {
			key[row[0]+row[2]] = r.Int()
		}
		slices.SortStableFunc(rows[1:], func(a, b []string) int { return cmp.Compare(key[a[0]+a[2]], key[b[0]+b[2]]) })
		text(rows, ',')
	}
	return out.Bytes(), format
}

// joinFiles are the pack of package sample and a folder of files.
func joinFiles(data map[string][]byte) fstest.MapFS {
	files := fstest.MapFS{}
	for name, f := range sample.Pack().(fstest.MapFS) {
		files["packs/"+name] = f
	}
	for name, content := range data {
		files["data/"+name] = &fstest.MapFile{Data: content}
	}
	return files
}

// joinedWith checks with that many bytes of rows in memory.
func joinedWith(t *testing.T, o Options, memory int) *Result {
	t.Helper()
	c := newChecking(o)
	g := &gathering{}
	c.sink, c.joinMemory = g, memory
	if err := c.stream(context.Background(), []string{"data"}); err != nil {
		t.Fatal(err)
	}
	c.result.Diagnostics, c.result.Unreadable = g.list, g.unreadable
	c.result.Report = g.all.Report(c.result.Report)
	return &c.result
}

// toldOf are the findings of a report and what it counts, but for where figures stand and in which order.
func toldOf(r *Result) []string {
	var told []string
	for _, d := range r.Diagnostics {
		told = append(told, string(d.Code))
	}
	for _, f := range r.Report.Findings {
		var operands []string
		for _, o := range f.Operands {
			operands = append(operands, fmt.Sprint(o.Field, " ", o.Text, " ", o.Value, o.Unit, o.Decimals, o.Place))
		}
		slices.Sort(operands)
		told = append(told, fmt.Sprint(f.Entity, f.Period, f.Rule, f.Instance, f.Verdict, f.Message, f.Left, f.Right, f.Difference, f.Cause, operands))
	}
	slices.Sort(told)
	for _, r := range r.Report.Rules {
		told = append(told, fmt.Sprint(r.ID, r.Tally))
	}
	inputs := map[string]bool{}
	for _, in := range r.Report.Inputs {
		inputs[fmt.Sprint(in.Entity, in.Period, in.Figures, in.Decimals)] = true
	}
	return append(told, fmt.Sprint(r.Report.Summary, slices.Sorted(maps.Keys(inputs))))
}

// TestJoinedTablesAreTheWhole cuts random datasets into random tables, of all formats and in any order, and holds what is
// found of them against what is found of the whole; in as little memory as there may be, by any number of workers, and
// every figure at the cell where it stands.
func TestJoinedTablesAreTheWhole(t *testing.T) {
	formats := []string{"csv", "tsv", "csv.gz", "xlsx", "parquet", "long.csv"}
	for seed := range uint64(8) {
		if seed == 6 {
			// Long tables alone are read as one.
			formats = []string{"long.csv"}
		}
		r := rand.New(rand.NewPCG(8, seed))
		units := 5 + r.IntN(40)
		whole := wideTable{sample.Columns()}
		for i := range units {
			u := sample.New(seed, i)
			if i%3 == 0 {
				u.Disturb(r, 3, true)
			}
			row, err := csv.NewReader(bytes.NewReader(u.AppendCSV(nil))).Read()
			if err != nil {
				t.Fatal(err)
			}
			for j := range row[3:] {
				if r.IntN(20) == 0 {
					row[3+j] = ""
				}
			}
			whole = append(whole, row)
		}
		content, _ := whole.write(t, "csv")
		want := toldOf(joinedWith(t, Options{Files: joinFiles(map[string][]byte{"x.csv": content}), Rules: "packs/sample"}, 0))

		count := 2 + r.IntN(4)
		tables := make([][]int, count)
		for column := range whole[0][3:] {
			i := r.IntN(count)
			tables[i] = append(tables[i], 3+column)
		}
		data := map[string][]byte{}
		for i, columns := range tables {
			r.Shuffle(len(columns), func(a, b int) { columns[a], columns[b] = columns[b], columns[a] })
			part := wideTable{}
			for _, row := range whole {
				cells := []string{row[0], row[1], row[2]}
				for _, c := range columns {
					cells = append(cells, row[c])
				}
				part = append(part, cells)
			}
			r.Shuffle(units, func(a, b int) { part[1+a], part[1+b] = part[1+b], part[1+a] })
			content, ending := part.write(t, formats[(int(seed)+i)%len(formats)])
			data[fmt.Sprintf("%d.%s", i, ending)] = content
		}
		o := Options{Files: joinFiles(data), Rules: "packs/sample", Join: true}
		first := joinedWith(t, o, 1<<30)
		if diff := gocmp.Diff(want, toldOf(first)); diff != "" {
			t.Fatalf("seed %d, %v (-whole +joined)\n%s", seed, slices.Sorted(maps.Keys(data)), diff)
		}
		if len(first.Report.Findings) < 3 || len(first.Report.Inputs) != units {
			t.Errorf("%d findings of %d inputs prove little", len(first.Report.Findings), len(first.Report.Inputs))
		}
		standThere(t, first.Report, data)
		for _, jobs := range []int{1, 5} {
			o.Jobs = jobs
			if diff := gocmp.Diff(first.Report, joinedWith(t, o, 20_000).Report); diff != "" {
				t.Errorf("seed %d, %d workers with little memory (-first +this)\n%s", seed, jobs, diff)
			}
		}
	}
}

// standThere holds the places of figures in texts and workbooks against what stands there.
func standThere(t *testing.T, r *finding.Report, data map[string][]byte) {
	t.Helper()
	seen := 0
	books := map[string]*excelize.File{}
	for _, f := range r.Findings {
		for _, o := range f.Operands {
			at := o.Data
			content, ok := data[path.Base(at.Path)]
			var there string
			switch path.Ext(at.Path) {
			case ".csv", ".tsv":
				line := []rune(strings.Split(string(content), "\n")[at.Line-1])
				there = strings.TrimPrefix(string(line[at.Column-1:]), `"`)
			case ".xlsx":
				x, err := books[at.Path], error(nil)
				if x == nil {
					if x, err = excelize.OpenReader(bytes.NewReader(content)); err != nil {
						t.Fatal(err)
					}
					books[at.Path] = x
				}
				if there, err = x.GetCellValue("Sheet1", strings.TrimPrefix(at.Cell, "Sheet1!")); err != nil {
					t.Fatal(err)
				}
			default:
				if at.Line == 0 {
					t.Errorf("%s stands nowhere: %+v", o.Field, at)
				}
				continue
			}
			if seen++; !ok || !strings.Contains(cmp.Or(there, "-"), o.Text) && o.Text != "" {
				t.Fatalf("%s %q stands at %+v, where there is %q", o.Field, o.Text, at, there)
			}
		}
	}
	if seen == 0 {
		t.Log("no places to see")
	}
}

// TestJoinInFiles: what memory does not hold is written to files.
func TestJoinInFiles(t *testing.T) {
	content, _ := wideTable{{"entity", "period", "农林水.合计"}, {"甲", "2023", "1.00"}, {"乙", "2023", "1.00"}}.write(t, "csv")
	o := Options{Files: joinFiles(map[string][]byte{"x.csv": content}), Rules: "packs/sample", Join: true}
	t.Setenv("TMPDIR", "/nowhere")
	if os.TempDir() != "/nowhere" {
		t.Skip("the folder for temporary files is another one here")
	}
	c := newChecking(o)
	c.sink, c.joinMemory = &gathering{}, 1
	if err := c.stream(context.Background(), []string{"data"}); err == nil {
		t.Error("nothing was written")
	}
}

// TestJoin: what tables say of one unit, and what is wrong with it.
func TestJoin(t *testing.T) {
	const head = "entity,period,"
	for name, test := range map[string]struct {
		files map[string]string
		// inputs are those that were judged, and want the places of diagnostics and of what is related to them.
		inputs, want string
	}{
		"a unit in one table alone": {map[string]string{
			"a.csv": head + "教育.合计\n甲,2023,5\n乙,2023,5\n", "b.csv": head + "教育.表列合计\n乙,2023年度,5\n"},
			"data/b.csv:2? data/a.csv:3 data/a.csv:2", ""},
		"years": {map[string]string{
			"a.csv": head + "教育.合计\n甲,2023,5\n甲,2022,5\n", "b.csv": head + "教育.表列合计\n甲,2022,5\n甲,2023,5\n"},
			"data/a.csv:3 data/a.csv:2", ""},
		"twice in one table": {map[string]string{
			"a.csv": head + "教育.合计\n甲,2023,5\n乙,2023,5\n甲,2023,6\n", "b.csv": head + "教育.表列合计\n甲,2023,5\n"},
			"data/a.csv:3", "data/a.csv:4:1 join-twice data/a.csv:2:1"},
		"a row with a fault": {map[string]string{
			"a.csv": head + "教育.合计\n甲,2023,5,6\n乙,2023,5\n", "b.csv": head + "教育.表列合计\n甲,2023,5\n乙,2023,5\n"},
			"data/a.csv:3", "data/a.csv:2:1 table-width"},
		"a figure with a fault": {map[string]string{
			"a.csv": head + "教育.合计\n甲,2023,五\n乙,2023,5\n", "b.csv": head + "教育.表列合计\n甲,2023,5\n乙,2023,5\n"},
			"data/a.csv:3", "data/a.csv:2:8 not-a-number"},
		"a column with a fault": {map[string]string{
			"a.csv": head + "教育.合记\n甲,2023,5\n乙,2023,5\n", "b.csv": head + "教育.表列合计\n甲,2023,5\n丙,2023,5\n"},
			"data/b.csv:3", "data/a.csv:1:15 unknown-column"},
		"no period": {map[string]string{
			"a.csv": head + "教育.合计\n甲,,5\n乙,2023,5\n", "b.csv": head + "教育.表列合计\n乙,2023,5\n"},
			"data/a.csv:3", "data/a.csv:2:1 missing-key"},
		"kinds": {map[string]string{
			"a.csv": head + "kind,教育.合计\n甲,2023,预算,5\n甲,2023,决算,5\n", "b.csv": head + "kind,教育.表列合计\n甲,2023,决算,5\n甲,2023,预算,5\n"},
			"data/a.csv:2 data/a.csv:3", ""},
		"a kind in one table": {map[string]string{
			"a.csv": head + "教育.合计\n甲,2023,5\n", "b.csv": head + "kind,教育.表列合计\n甲,2023,决算,5\n"},
			"data/a.csv:2", ""},
		"no kind beside several": {map[string]string{
			"a.csv": head + "教育.合计\n甲,2023,5\n", "b.csv": head + "kind,教育.表列合计\n甲,2023,决算,5\n甲,2023,预算,5\n"},
			"", "data/a.csv:2:1 join-unclear data/b.csv:2:8 data/b.csv:3:8"},
		"parents": {map[string]string{
			"a.csv": head + "parent,教育.合计\n甲,2023,局,5\n", "b.csv": head + "parent,教育.表列合计\n甲,2023,厅,5\n"},
			"", "data/b.csv:2:8 join-differs data/a.csv:2:8"},
		"a unit that is none": {map[string]string{
			"a.csv": head + "教育.合计\n甲,2023,5\n", "b.csv": head + "unit,教育.表列合计\n甲,2023,斤,5\n"},
			"", "data/b.csv:2:8 unknown-unit"},
		"other data": {map[string]string{
			"a.csv": head + "教育.合计\n甲,2023,5\n", "b.json": `{"entity": "甲", "period": "2023", "教育": {"合计": "5"}}`},
			"data/b.json data/a.csv:2", ""},
	} {
		t.Run(name, func(t *testing.T) {
			data := map[string][]byte{}
			for name, content := range test.files {
				data[name] = []byte(content)
			}
			r := joinedWith(t, Options{Files: joinFiles(data), Rules: "packs/sample", Join: true}, 1<<20)
			var inputs, got []string
			for _, in := range r.Report.Inputs {
				inputs = append(inputs, in.Path)
			}
			for _, d := range r.Diagnostics {
				one := fmt.Sprint(d.Span, " ", d.Code)
				for _, at := range d.Related {
					one += fmt.Sprint(" ", at.Span)
				}
				got = append(got, one)
			}
			if a, b := strings.Join(inputs, " "), strings.Join(got, "; "); a != strings.Replace(test.inputs, "data/b.csv:2? ", "", 1) || b != test.want {
				t.Errorf("%s; %s\nwant %s; %s", a, b, test.inputs, test.want)
			}
		})
	}
}

// TestJoinedNames: tables with several listed names of a unit are joined.
func TestJoinedNames(t *testing.T) {
	files := joinFiles(map[string][]byte{
		"a.csv": []byte("entity,period,教育.合计\n某市教委,2023,5\n"), "b.csv": []byte("entity,period,教育.表列合计\n某市教育局,2023,5\n"),
	})
	files["list.csv"] = &fstest.MapFile{Data: []byte("单位,曾用名\n某市教育局,某市教委\n")}
	for list, want := range map[string]int{"list.csv": 1, "": 2} {
		r := joinedWith(t, Options{Files: files, Rules: "packs/sample", Join: true, EntityList: list}, 1<<20)
		if len(r.Report.Inputs) != want {
			t.Errorf("list %q: %+v", list, r.Report.Inputs)
		}
	}
}

// TestWorkbooksOfFolders: of a folder that holds other data too, the workbooks of datasets are joined, and reports are
// left out; without joining both are.
func TestWorkbooksOfFolders(t *testing.T) {
	a, _ := wideTable{{"entity", "period", "教育.合计"}, {"甲", "2023", "1.00"}}.write(t, "xlsx")
	b, _ := wideTable{{"entity", "period", "教育.表列合计"}, {"甲", "2023", "1.00"}}.write(t, "csv")
	report, _ := wideTable{{"2023年度收入决算表"}, {"单位", "年度"}}.write(t, "xlsx")
	files := joinFiles(map[string][]byte{"a.xlsx": a, "b.csv": b, "c.xlsx": report, "d.xlsx": []byte("none")})
	for join, want := range map[bool][]string{true: {"data/a.xlsx", "data/b.csv"}, false: {"data/b.csv"}} {
		got, unreadable, err := List(context.Background(), []string{"data"}, Options{Files: files, Join: join})
		if err != nil || len(unreadable) > 0 || !slices.Equal(got, want) {
			t.Errorf("join %v: %v, %v, %v; want %v", join, got, unreadable, err, want)
		}
	}
}

// TestJoinedFigures: a figure in several tables is stated several times, each in the unit of its table, and rows of lists
// are put together by their names, wherever they stand.
func TestJoinedFigures(t *testing.T) {
	const names = "项目[1].名称,项目[2].名称,"
	data := map[string][]byte{
		"a.csv": []byte("entity,period,unit,教育.合计,教育.表列合计," + names + "项目[1].年初预算,项目[2].年初预算\n甲,2023,元,50000,50000,一,二,10000,20000\n"),
		"b.csv": []byte("entity,period,教育.合计," + names + "项目[1].执行数,项目[2].执行数\n甲,2023,6.00,二,一,2.00,3.00\n"),
		"c.csv": []byte("entity,period,项目[二].结余,项目[三].结余\n甲,2023,0.00,1.00\n"),
	}
	r := joinedWith(t, Options{Files: joinFiles(data), Rules: "packs/sample", Join: true, Options: run.Options{All: true}}, 1<<20)
	if len(r.Diagnostics) > 0 {
		t.Fatal(r.Diagnostics)
	}
	var got []string
	for _, f := range r.Report.Findings {
		if f.Rule == "restated" || strings.HasPrefix(f.Instance, "projects[") && slices.ContainsFunc(f.Operands, func(o finding.Operand) bool { return strings.HasSuffix(o.Field, ".executed") }) && len(f.Operands) == 3 {
			one := fmt.Sprint(f.Instance, " ", f.Verdict)
			for _, o := range f.Operands {
				one += fmt.Sprintf(" %s=%s@%d:%d", o.Value, o.Data.Path[5:], o.Data.Line, o.Data.Column)
			}
			got = append(got, one)
		}
	}
	want := []string{
		"s2.total fail 5.0000=a.csv@2:10 6.00=b.csv@2:8",
		"projects[二] pass 0.00=c.csv@2:8 2.0000=a.csv@2:32 2.00=b.csv@2:17",
		"projects[二] pass 2.0000=a.csv@2:32 2.00=b.csv@2:17 0.00=c.csv@2:8",
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestJoinedLong: the figures of a list in several long tables are of one row where these call it alike, at their places.
func TestJoinedLong(t *testing.T) {
	const head = "entity,period,field,value\n"
	for name, test := range map[string]struct {
		a, b string
		want []string
	}{
		"of one table alone":    {"教育.合计,5", "项目[甲].执行数,1.00\n甲,2023,项目[甲].年初预算,2.00", []string{"projects[甲] 2.00@b.csv:3 1.00@b.csv:2"}},
		"rows called alike":     {"项目[甲].年初预算,2.00", "项目[甲].执行数,1.00\n乙,2023,教育.合计,5", []string{"projects[甲] 2.00@a.csv:2 1.00@b.csv:2"}},
		"in two ways":           {"项目[Ａ].年初预算,2.00", "项目[A].执行数,1.00", []string{"projects[A] 2.00@a.csv:2 1.00@b.csv:2"}},
		"named by their cells":  {"项目[1].名称,甲\n甲,2023,项目[1].年初预算,2.00", "项目[2].名称,甲\n甲,2023,项目[2].执行数,1.00", []string{"projects[甲] 2.00@a.csv:3 1.00@b.csv:3"}},
		"the second of a name":  {"项目[甲].年初预算,9.00\n甲,2023,项目[甲#2].年初预算,2.00", "项目[甲#2].执行数,1.00", []string{"projects[甲#2] 2.00@a.csv:3 1.00@b.csv:2"}},
		"with a unit beside it": {"项目[甲].年初预算,2.00", "项目[甲].执行数,1.00", []string{"projects[甲] 2.00@a.csv:2 1.00@b.csv:2"}},
	} {
		data := map[string][]byte{"a.csv": []byte(head + "甲,2023," + test.a + "\n"), "b.csv": []byte(head + "甲,2023," + test.b + "\n")}
		if strings.HasPrefix(name, "with a unit") {
			data["b.csv"] = []byte("entity,period,field,value,unit\n甲,2023,项目[甲].执行数,10000,元\n")
			test.want[0] = "projects[甲] 2.00@a.csv:2 1.0000@b.csv:2"
		}
		r := joinedWith(t, Options{Files: joinFiles(data), Rules: "packs/sample", Join: true, Keep: true, Options: run.Options{All: true}}, 1<<20)
		if len(r.Diagnostics) > 0 {
			t.Fatal(name, r.Diagnostics)
		}
		for _, f := range r.Datasets[0].Facts() {
			st := f.Statement()
			if st == nil || f.Field.Name != "name" {
				continue
			}
			if text := string(st.Span.File.Content[st.Span.Start:st.Span.End]); !strings.Contains(text, strings.TrimSuffix(st.Text, "#2")) {
				t.Errorf("%s: %q does not stand at %s, where there is %q", name, st.Text, st.Span, text)
			}
		}
		var got []string
		for _, f := range r.Report.Findings {
			of := func(field string) string {
				i := slices.IndexFunc(f.Operands, func(o finding.Operand) bool { return strings.HasSuffix(o.Field, field) })
				if i < 0 {
					return ""
				}
				o := &f.Operands[i]
				return fmt.Sprintf(" %s@%s:%d", o.Value, o.Data.Path[5:], o.Data.Line)
			}
			if budget, executed := of(".budget"), of(".executed"); f.Instance != "" && budget != "" && executed != "" {
				if one := f.Instance + budget + executed; !slices.Contains(got, one) {
					got = append(got, one)
				}
			}
		}
		if diff := gocmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestJoinRemembered: with a cache, only datasets of which a table changed are judged again, and a run without joining
// takes nothing that was joined.
func TestJoinRemembered(t *testing.T) {
	tables := func(changed string) fstest.MapFS {
		a, b := "entity,period,a\n", "entity,period,b\n"
		for i := range 600 {
			v := "5.00"
			if fmt.Sprint(i) == changed {
				v = "6.00"
			}
			a += fmt.Sprintf("第%03d号,2023,5.00\n", i)
			b += fmt.Sprintf("第%03d号,2023,%s\n", i, v)
		}
		return fstest.MapFS{
			"p/pack.yaml":   {Data: []byte("id: p\n")},
			"p/schema.yaml": {Data: []byte("fields: {a: {type: amount}, b: {type: amount}}\n")},
			"p/rules.yaml":  {Data: []byte("- {id: alike, title: 一致, check: 'same(a, b)'}\n")},
			"data/a.csv":    {Data: []byte(a)}, "data/b.csv": {Data: []byte(b)},
		}
	}
	c, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	check := func(files fstest.MapFS, join, cached bool) *finding.Report {
		t.Helper()
		o := Options{Files: files, Rules: "p", Join: join, Engine: "1"}
		if cached {
			o.Cache = c
		}
		r := joinedWith(t, o, 1<<20)
		if len(r.Diagnostics) > 0 {
			t.Fatal(r.Diagnostics)
		}
		return r.Report
	}
	for _, changed := range []string{"", "300", ""} {
		for _, join := range []bool{true, false, true} {
			if diff := gocmp.Diff(check(tables(changed), join, false), check(tables(changed), join, true)); diff != "" {
				t.Errorf("%q changed, join %v (-without a cache +with)\n%s", changed, join, diff)
			}
		}
	}
	o := Options{Files: tables("301"), Rules: "p", Join: true, Engine: "1", Cache: c}
	if judged := judgedAgain(t, o); len(judged) != 256 {
		t.Errorf("%d of 600 were judged again, want those of one piece", len(judged))
	}
}
