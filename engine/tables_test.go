package engine_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/sample"
)

// judgedAlike is what is found of the datasets of a file by the pack of package sample, but for where they stand.
func judgedAlike(t *testing.T, name string, content []byte, o run.Options) []string {
	t.Helper()
	files := fstest.MapFS{"data/" + name: {Data: content}}
	if err := addPack(files); err != nil {
		t.Fatal(err)
	}
	r := checkFiles(t, engine.Options{Files: files, Rules: "packs/sample", Options: o}, "data")
	for _, d := range r.Diagnostics {
		t.Error(d)
	}
	var found []string
	for _, f := range r.Report.Findings {
		one := fmt.Sprint(f.Entity, f.Rule, f.Instance, f.Verdict, f.Left, f.Right, f.Difference)
		for _, o := range f.Operands {
			one += fmt.Sprint(" ", o.Field, o.Text, o.Value, o.Unit, o.Decimals, o.Place.Line, o.Place.Column)
			if o.Data.Path != "data/"+name || o.Data.Line == 0 && o.Data.Cell == "" {
				t.Errorf("%s stands at %+v", o.Field, o.Data)
			}
		}
		found = append(found, one)
	}
	return append(found, fmt.Sprint(r.Report.Summary))
}

// addPack adds the pack of package sample.
func addPack(files fstest.MapFS) error {
	for _, name := range []string{"pack.yaml", "schema.yaml", "rules.yaml"} {
		content, err := sample.Pack().(fstest.MapFS).ReadFile(sample.PackName + "/" + name)
		if err != nil {
			return err
		}
		files["packs/sample/"+name] = &fstest.MapFile{Data: content}
	}
	return nil
}

// Datasets are judged alike whatever they are written in, whole and by several workers.
func TestDatasetsOfAllFormatsAreJudgedAlike(t *testing.T) {
	var lines, csv, parquet bytes.Buffer
	if err := sample.WriteParquet(&parquet, 5, 300, false); err != nil {
		t.Fatal(err)
	}
	csv.WriteString(sample.CSVHead())
	for i := range 300 {
		u := sample.New(5, i)
		lines.Write(append(u.AppendJSON(nil), '\n'))
		csv.Write(u.AppendCSV(nil))
	}
	want := judgedAlike(t, "x.jsonl", lines.Bytes(), run.Options{Jobs: 1})
	if len(want) < 4 {
		t.Errorf("only %q", want)
	}
	for _, jobs := range []int{1, 3} {
		if diff := cmp.Diff(want, judgedAlike(t, "x.csv", csv.Bytes(), run.Options{Jobs: jobs})); diff != "" {
			t.Errorf("CSV, %d workers (-JSON Lines +CSV)\n%s", jobs, diff)
		}
		if diff := cmp.Diff(want, judgedAlike(t, "x.parquet", parquet.Bytes(), run.Options{Jobs: jobs})); diff != "" {
			t.Errorf("Parquet, %d workers (-JSON Lines +Parquet)\n%s", jobs, diff)
		}
	}
}

// What is wrong with a table is told at its place, once, and the rest of it is judged.
func TestFaultsOfTables(t *testing.T) {
	head := "entity,period,农林水.合计,"
	for name, test := range map[string]struct {
		content string
		inputs  int
		want    []string
	}{
		"a row":    {head + "教育.合计\n甲,2023,5,6\n乙,2023,5\n丙,2023,五,6\n丁,2023,5,6\n", 2, []string{"x.csv:3:1", "x.csv:4:8"}},
		"a column": {head + "教育.合记\n甲,2023,5,6\n乙,2023,5,6\n", 0, []string{"x.csv:1:22"}},
		"no rows":  {head + "教育.合计\n", 0, []string{"x.csv:1:1"}},
		"empty":    {"", 0, []string{"x.csv:1:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{"x.csv": {Data: []byte(test.content)}}
			if err := addPack(files); err != nil {
				t.Fatal(err)
			}
			r := checkFiles(t, engine.Options{Files: files, Rules: "packs/sample"}, "x.csv")
			var got []string
			for _, d := range r.Diagnostics {
				got = append(got, d.Span.String())
			}
			if !slices.Equal(got, test.want) || len(r.Report.Inputs) != test.inputs || len(r.Unreadable) > 0 {
				t.Errorf("%v, %d inputs, %v; want %v, %d", r.Diagnostics, len(r.Report.Inputs), r.Unreadable, test.want, test.inputs)
			}
		})
	}
}

// A workbook whose first row names an entity and a period holds datasets; findings name its cells.
func TestWorkbookOfDatasets(t *testing.T) {
	x := excelize.NewFile()
	for i, row := range [][]any{{"单位", "期间", "教育.合计", "教育.表列合计"}, {"甲", 2023, "5.00", "6.00"}, {"乙", 2023, 5, 5}, {"丙", 2023, "五", 5}} {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var content bytes.Buffer
	if err := x.Write(&content); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"x.xlsx": {Data: content.Bytes()}}
	if err := addPack(files); err != nil {
		t.Fatal(err)
	}
	r := checkFiles(t, engine.Options{Files: files, Rules: "packs/sample"}, "x.xlsx")
	if len(r.Diagnostics) != 1 || r.Diagnostics[0].Span.String() != "x.xlsx:Sheet1!C4" || len(r.Report.Inputs) != 2 || r.Report.Inputs[0].Document {
		t.Errorf("%v, %+v", r.Diagnostics, r.Report.Inputs)
	}
	places := map[string]bool{}
	for _, f := range r.Report.Findings {
		if f.Verdict == finding.Fail {
			for _, o := range f.Operands {
				places[o.Data.Path+" "+o.Data.Cell] = true
			}
		}
	}
	if want := map[string]bool{"x.xlsx Sheet1!C2": true, "x.xlsx Sheet1!D2": true}; !maps.Equal(places, want) {
		t.Errorf("the finding stands at %v", places)
	}
}

// plainFiles are files that can only be read from the beginning, as those in git.
type plainFiles struct{ fstest.MapFS }

func (p plainFiles) Open(name string) (fs.File, error) {
	f, err := p.MapFS.Open(name)
	if err != nil || strings.HasSuffix(name, "/") {
		return nil, err
	}
	if d, ok := f.(fs.ReadDirFile); ok {
		return d, nil
	}
	return struct{ fs.File }{f}, nil
}

// Parquet is read from files and file systems that know no reading anywhere, too.
func TestParquetFromTheBeginning(t *testing.T) {
	var content bytes.Buffer
	if err := sample.WriteParquet(&content, 5, 3, true); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"x.parquet": {Data: content.Bytes()}}
	if err := addPack(files); err != nil {
		t.Fatal(err)
	}
	r := checkFiles(t, engine.Options{Files: plainFiles{files}, Rules: "packs/sample"}, "x.parquet")
	if len(r.Report.Inputs) != 3 || len(r.Diagnostics)+len(r.Unreadable) > 0 {
		t.Errorf("%d inputs, %v, %v", len(r.Report.Inputs), r.Diagnostics, r.Unreadable)
	}
}
