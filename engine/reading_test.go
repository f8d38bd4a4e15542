package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
)

const report2023 = "testdata/documents/公开.txt"

func checkFiles(t *testing.T, o engine.Options, paths ...string) *engine.Result {
	t.Helper()
	result, err := engine.Check(context.Background(), paths, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// A document and the dataset that is read from it are judged alike, whatever is asked for.
func TestDocumentsAreJudgedAsTheirDatasets(t *testing.T) {
	d, list, err := engine.ReadDocument(context.Background(), report2023, engine.Options{})
	if err != nil || len(list) > 0 {
		t.Fatal(list, err)
	}
	data, list := d.Data()
	if len(list) > 0 {
		t.Fatal(list)
	}
	saved := filepath.Join(t.TempDir(), "2023.yaml")
	if err := os.WriteFile(saved, data, 0o644); err != nil {
		t.Fatal(err)
	}
	options := engine.Options{Options: run.Options{All: true, Suspects: true}}
	document, dataset := checkFiles(t, options, report2023), checkFiles(t, options, saved)
	for _, r := range []*engine.Result{document, dataset} {
		if len(r.Diagnostics)+len(r.Unreadable) > 0 {
			t.Fatal(r.Diagnostics, r.Unreadable)
		}
	}
	// Nothing but where the figures stand differs, and what the document claims by its own wording.
	alike := func(r *finding.Report) *finding.Report {
		r.Findings = slices.DeleteFunc(r.Findings, func(f finding.Finding) bool { return f.Pack == "tongyong" })
		r.Rules = slices.DeleteFunc(r.Rules, func(r finding.Rule) bool {
			return !slices.ContainsFunc(dataset.Report.Rules, func(o finding.Rule) bool { return o.ID == r.ID })
		})
		r.Summary, r.Labels = finding.Tally{}, nil
		for _, rule := range r.Rules {
			r.Summary.Merge(rule.Tally)
		}
		for i := range r.Inputs {
			r.Inputs[i].Path, r.Inputs[i].SHA256, r.Inputs[i].Document = "", "", false
		}
		for i := range r.Findings {
			f := &r.Findings[i]
			f.Input = ""
			for k := range f.Operands {
				o := &f.Operands[k]
				if o.Place == o.Data {
					o.Place = finding.Place{}
				}
				o.Place.Path, o.Data = "", finding.Place{}
			}
		}
		return r
	}
	if diff := cmp.Diff(alike(dataset.Report), alike(document.Report)); diff != "" {
		t.Errorf("(-dataset +document):\n%s", diff)
	}
}

// What is wrong in a document is told where it stands there.
func TestDocumentPlaces(t *testing.T) {
	r := checkFiles(t, engine.Options{Keep: true}, report2023).Report
	in := r.Inputs[0]
	if in.Path != report2023 || !in.Document || in.Entity != "东川市水务局" || in.Period != "2023" || in.Unbound != 1 || in.Figures != 13 {
		t.Errorf("the input is %+v", in)
	}
	i := slices.IndexFunc(r.Findings, func(f finding.Finding) bool { return f.Rule == "expenditure-share" && f.Verdict == finding.Fail })
	if i < 0 {
		t.Fatal("the share is not found wrong")
	}
	content, err := os.ReadFile(report2023)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	for _, o := range r.Findings[i].Operands {
		if o.Data != (finding.Place{}) || o.Place.Path != report2023 || !strings.HasSuffix(o.Place.Section, "\n二、支出决算情况说明") {
			t.Errorf("%s stands at %+v, %+v", o.Text, o.Place, o.Data)
		}
		if line := []rune(lines[o.Place.Line-1]); !strings.HasPrefix(string(line[o.Place.Column-1:]), o.Text) {
			t.Errorf("%s does not stand at %d:%d", o.Text, o.Place.Line, o.Place.Column)
		}
	}
}

// What a document claims by its own wording stands under its headings as well.
func TestClaimsStandUnderHeadings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "公开.txt")
	text := "东川市水务局2023年度工作总结\n\n一、饮水工程\n全年投入饮水工程90.00万元，其中：管网改造50.00万元，水质监测30.00万元，其他20.00万元。\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	claimed := 0
	for _, f := range checkFiles(t, engine.Options{}, path).Report.Findings {
		if f.Pack != "tongyong" {
			continue
		}
		for _, o := range f.Operands {
			if claimed++; o.Place.Section != "一、饮水工程" {
				t.Errorf("%s of %s stands under %q", o.Text, f.Rule, o.Place.Section)
			}
		}
	}
	if claimed == 0 {
		t.Error("the list is not found to be more than its total")
	}
}

func TestDocumentText(t *testing.T) {
	kept := checkFiles(t, engine.Options{Keep: true}, report2023)
	if doc := kept.Document(report2023); doc == nil || doc.Format != "txt" {
		t.Errorf("the document that was kept is %+v", doc)
	}
	if doc := kept.Document("公开.txt"); doc != nil {
		t.Errorf("another path has the document %+v", doc)
	}
}

func TestUsed(t *testing.T) {
	d, _, err := engine.ReadDocument(context.Background(), report2023, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := d.Reading.Coverage()
	used, err := d.Used(context.Background(), run.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// 收入 and 支出 tie to one another, in the lists and their shares; nothing stands beside 三公经费 to check it by but its
	// own sum. The years, and the numbers of nothing else, are no values.
	if c.Values != 14 || c.Labelled != 14 || c.Bound != 13 || c.Numbers != 19 || used < 10 || used > c.Bound {
		t.Errorf("coverage is %+v, used %d", c, used)
	}
	one, err := d.Used(context.Background(), run.Options{Only: []string{"income-parts-sum"}})
	if err != nil || one != 0 {
		t.Errorf("a rule that decides nothing uses %d figures, %v", one, err)
	}
}

// A file is what its content says, not what it is called; the options say what the document does not.
func TestDocumentsByContent(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return filepath.ToSlash(path)
	}
	content, err := os.ReadFile(report2023)
	if err != nil {
		t.Fatal(err)
	}
	named := write("决算公开", string(content))
	if r := checkFiles(t, engine.Options{}, named); len(r.Report.Inputs) != 1 || !r.Report.Inputs[0].Document {
		t.Errorf("a document without an extension is not read: %v", r.Diagnostics)
	}
	none := write("无年度.txt", "东川市水务局决算：收入总计10.00万元。\n")
	r := checkFiles(t, engine.Options{}, none)
	if len(r.Report.Inputs) != 0 || len(r.Diagnostics) != 1 || r.Diagnostics[0].Code != diag.DocumentNoPeriod {
		t.Errorf("a document without a year: %v", r.Diagnostics)
	}
	r = checkFiles(t, engine.Options{Period: "2021", Entity: "西川市水务局"}, none)
	if len(r.Report.Inputs) != 1 || r.Report.Inputs[0].Entity != "西川市水务局" || r.Report.Inputs[0].Period != "2021" {
		t.Errorf("what the options say is not taken: %+v", r.Report.Inputs)
	}
	if r := checkFiles(t, engine.Options{Period: "2021"}, none); r.Report.Inputs[0].Entity != "无年度" {
		t.Errorf("the entity is %q, want the file's name", r.Report.Inputs[0].Entity)
	}
}

// A file that could not be a report is not taken into memory.
func TestFileTooLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "公开.txt")
	f, err := os.Create(path)
	if err == nil {
		err = errors.Join(f.Truncate(document.Usual.Bytes+1), f.Close())
	}
	if err != nil {
		t.Skip(err)
	}
	_, list, err := engine.ReadDocument(context.Background(), path, engine.Options{})
	if err != nil || len(list) != 1 || list[0].Code != diag.DocumentLimit {
		t.Errorf("%v, %v", list, err)
	}
	r := checkFiles(t, engine.Options{}, path)
	if len(r.Diagnostics) != 1 || r.Diagnostics[0].Code != diag.DocumentLimit || len(r.Report.Inputs) != 0 {
		t.Errorf("%v", r.Diagnostics)
	}
}
