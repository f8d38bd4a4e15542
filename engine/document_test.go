package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
)

// readReport reads a published report into a dataset, and checks that.
func readReport(t *testing.T, path string, h dataset.Header) (yaml string, report *finding.Report) {
	t.Helper()
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here: published reports lie beside the project", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, list := reader.Document(context.Background(), source.New(path, content), document.Usual)
	for _, d := range list {
		t.Error(d)
	}
	plan, list, err := engine.Load("juesuan")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		t.Error(d)
	}
	words := extract.ShippedWords()
	data := extract.Data(extract.Read(doc, words), plan.Pack, h, words)
	file := filepath.Join(t.TempDir(), "read.yaml")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	result, err := engine.Check(context.Background(), []string{file}, engine.Options{Options: run.Options{All: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range result.Diagnostics {
		t.Error(d)
	}
	if result.Report == nil || len(result.Report.Inputs) == 0 {
		t.Fatalf("what was read is no dataset:\n%s", data)
	}
	return string(data), result.Report
}

// TestDocument holds what the published report of 2023 says, read as text, against the dataset that people made of it:
// every relation of the truth about it must be judged alike, and nothing else may be an error.
func TestDocument(t *testing.T) {
	h := dataset.Header{Entity: "内蒙古自治区鄂尔多斯市科技事业服务中心", Period: "2023", Pack: "juesuan"}
	yaml, read := readReport(t, "../../shared/seed/report.txt", h)
	if out := os.Getenv("GOUJI_READ"); out != "" {
		os.WriteFile(out, []byte(yaml), 0o644)
	}
	type key struct{ rule, instance string }
	verdicts := map[key]finding.Finding{}
	for _, f := range read.Findings {
		verdicts[key{f.Rule, f.Instance}] = f
	}
	// known are the instances that come out otherwise, with the reason.
	known := map[key]string{}
	for _, r := range readCSV(t, "testdata/document_2023.csv") {
		known[key{r["rule"], r["instance"]}] = r["verdict"]
	}
	judged, otherwise := map[key]bool{}, map[key]bool{}
	var other []string
	for _, r := range readCSV(t, "testdata/truth_2023.csv") {
		if r["rule"] == "" {
			continue
		}
		found := false
		rows, all := strings.CutSuffix(r["instance"], "*]")
		for k, f := range verdicts {
			if k.rule != r["rule"] || k.instance != r["instance"] && !(all && strings.HasPrefix(k.instance, rows)) {
				continue
			}
			found, judged[k] = true, true
			got := f.Verdict.String()
			if got == r["expected"] && (r["severity"] == "" || f.Severity.String() == r["severity"]) {
				continue
			}
			if known[k] != got {
				t.Errorf("relation %s: %s %q is %s, %s (%s | %s; missing %v), want %s %s", r["n"], f.Rule, f.Instance, f.Verdict, f.Severity, f.Left, f.Right, f.Missing, r["expected"], r["severity"])
			}
			other = append(other, strings.Join([]string{r["n"], k.rule, k.instance, got}, ","))
			otherwise[k] = true
		}
		if k := (key{r["rule"], r["instance"]}); !found {
			if known[k] != "none" {
				t.Errorf("relation %s: no instance %q of rule %s", r["n"], r["instance"], r["rule"])
			}
			other = append(other, strings.Join([]string{r["n"], k.rule, k.instance, "none"}, ","))
			otherwise[k] = true
		}
	}
	for k := range known {
		if otherwise[k] {
			continue
		}
		t.Errorf("%s %q comes out as it should, and is listed as coming out otherwise", k.rule, k.instance)
	}
	if out := os.Getenv("GOUJI_OTHER"); out != "" {
		os.WriteFile(out, []byte(strings.Join(other, "\n")+"\n"), 0o644)
	}
	for k, f := range verdicts {
		if f.Verdict == finding.Fail && f.Severity == finding.Error && !judged[k] {
			t.Errorf("%s %q fails (%s), which no relation wants: %s", f.Rule, f.Instance, f.Severity, f.Message)
		}
	}
}

// TestDocumentTexts holds what the report's sentences say of one another, which no dataset keeps: relations 176 and 191
// of the truth about it.
func TestDocumentTexts(t *testing.T) {
	path := "../../shared/seed/report.txt"
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here: published reports lie beside the project", path)
	}
	result, err := engine.Check(context.Background(), []string{path}, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range result.Report.Findings {
		if f.Rule == "text-copy-differs" || f.Rule == "duplicate-sentence" {
			line := fmt.Sprint(f.Rule, " ", f.Verdict, " ", f.Severity)
			for _, o := range f.Operands {
				line += fmt.Sprintf(" %d:%d", o.Place.Line, o.Place.Column)
			}
			got = append(got, line)
		}
	}
	slices.Sort(got)
	want := []string{"duplicate-sentence fail info 1085:193", "text-copy-differs fail info 627:245 691:155"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestDisclosure reads when accounts were approved and published, as pages and reports say it. A budget, which is published
// in its own year, is no matter of it.
func TestDisclosure(t *testing.T) {
	for text, want := range map[string]string{
		"东川市水务局2023年度部门决算公开\n发布时间：2024-09-26 10:12:33  来源：本局\n根据东川市财政局于2024年9月6日批复的2023年度部门决算，现予公开。\n": "pass pass",
		"东川市水务局2023年度部门决算公开\n公开日期：2024年9月27日\n本部门2023年度决算已于2024年9月6日经东川市财政局批复。\n":                      "fail pass",
		"东川市水务局2023年度部门决算公开\n发布日期：2023年9月27日\n决算批复时间：2024年9月6日\n":                                      "pass fail",
		"东川市水务局2023年部门预算公开\n发布日期：2023年2月27日\n根据东川市财政局于2023年2月6日批复的2023年度部门预算，现予公开。2023年收入100.00万元。\n":  "not_applicable not_applicable",
	} {
		path := filepath.Join(t.TempDir(), "公开.txt")
		write(t, path, text)
		result, err := engine.Check(context.Background(), []string{path}, engine.Options{Options: run.Options{All: true}})
		if err != nil || len(result.Diagnostics) > 0 {
			t.Fatal(result.Diagnostics, err)
		}
		verdicts := map[string]string{}
		for _, f := range result.Report.Findings {
			verdicts[f.Rule] = f.Verdict.String()
		}
		if got := verdicts["disclosure-deadline"] + " " + verdicts["disclosure-order"]; got != want {
			t.Errorf("within 20 days, and in order: %s, want %s\n%s", got, want, text)
		}
	}
}

// TestReadingExamples reads the documents of the page about rules with the packs beside them.
func TestReadingExamples(t *testing.T) {
	dir := t.TempDir()
	packs(t, rulesReadme, dir)
	read := 0
	for _, f := range fences(t, rulesReadme) {
		if name, ok := f.of("document"); ok {
			write(t, filepath.Join(dir, name), f.text)
		}
		name, ok := f.of("read")
		if !ok {
			continue
		}
		read++
		d, list, err := engine.ReadDocument(context.Background(), filepath.Join(dir, name), engine.Options{Rules: filepath.Join(dir, filepath.Dir(name))})
		if err != nil || len(list) > 0 {
			t.Fatal(list, err)
		}
		data, list := d.Data()
		for _, l := range list {
			t.Error(l)
		}
		got := string(data)
		// The page leaves out the header and the sections.
		first, _, _ := strings.Cut(f.text, "\n")
		if i := strings.Index(got, "\n"+first+"\n"); i >= 0 {
			got = got[i+1:]
		}
		if diff := cmp.Diff(f.text, got); diff != "" {
			t.Errorf("line %d: (-page +read)\n%s\n%s", f.line, diff, got)
		}
	}
	if read == 0 {
		t.Error("no examples")
	}
}

// sampleErrors are the errors in the samples of other reports that rules about fields find, as the truths beside them
// say. No other rule about fields may find one: that would be a figure bound to the wrong field.
var sampleErrors = map[string][]string{
	"19-sh-putuo-shehuigongzuobu-2024.txt": {
		"procurement-reserved ",
		"zero-base-rate fiscal.total",
		"zero-base-rate overall.total",
	},
}

// TestSamples reads the samples of other reports.
func TestSamples(t *testing.T) {
	files, err := filepath.Glob("../../shared/samples/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the samples are not here: published reports lie beside the project")
	}
	plan, _, err := engine.Load(dataset.DefaultPack)
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]bool{rule.RestatedID: true}
	for _, r := range plan.Rules {
		own[r.ID] = true
	}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasSuffix(name, ".tables.txt") {
			continue
		}
		t.Run(strings.TrimSuffix(name, ".txt"), func(t *testing.T) {
			year := regexp.MustCompile(`20[0-9]{2}`).FindString(name)
			result, err := engine.Check(context.Background(), []string{file}, engine.Options{Period: year})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range result.Diagnostics {
				t.Error(d)
			}
			var errors []string
			for _, f := range result.Report.Findings {
				if f.Verdict == finding.Fail && f.Severity == finding.Error && own[f.Rule] {
					errors = append(errors, f.Rule+" "+f.Instance)
				}
			}
			slices.Sort(errors)
			if diff := cmp.Diff(sampleErrors[name], errors); diff != "" {
				t.Errorf("(-truth +read)\n%s", diff)
			}
		})
	}
}

// wholeSample is what is wrong or rounded in the sample that is a whole report, as the truth beside it says: the rule, the
// instance, the verdict, its severity and its cause.
var wholeSample = []string{
	"basic-personnel-public : rounding info ",
	"change-from-zero changes[一般公共预算财政拨款支出]: fail error ",
	"change-from-zero changes[机关运行经费支出]: fail error ",
	"completion-of-zero completions[一般公共预算财政拨款支出]: fail error ",
	"procurement-reserved : fail error ",
	"structure-share general_public.classes[住房保障支出]: fail warning truncated",
	"table-basic-05-06 : rounding info ",
	"tables-basic-account-sum tables.basic.accounts[302]: rounding info ",
	"zero-base-rate fiscal.total: fail error ",
	"zero-base-rate overall.total: fail error ",
}

// TestWholeSample reads a whole report of another city, its nine tables included, as published and as text: the same
// figures in the same fields, and every relation between them judged right.
func TestWholeSample(t *testing.T) {
	const sample = "../../shared/samples/19-sh-putuo-shehuigongzuobu-2024"
	var text []byte
	for _, part := range []string{".tables.txt", ".txt"} {
		content, err := os.ReadFile(sample + part)
		if err != nil {
			t.Skip("the sample is not here: published reports lie beside the project")
		}
		text = append(text, content...)
	}
	asText := filepath.Join(t.TempDir(), "公开.txt")
	write(t, asText, string(text))
	var figures [][]string
	for _, file := range []string{sample + ".pdf", asText} {
		d, list, err := engine.ReadDocument(context.Background(), file, engine.Options{})
		if err != nil || len(list) > 0 {
			t.Fatal(list, err)
		}
		var all []string
		for _, f := range d.Reading.Facts {
			all = append(all, fmt.Sprintf("%s %s %s%s", f.Field, f.Measure, f.Value, f.Unit))
		}
		slices.Sort(all)
		figures = append(figures, all)

		result, err := engine.Check(context.Background(), []string{file}, engine.Options{Options: run.Options{All: true}})
		if err != nil {
			t.Fatal(err)
		}
		passed := map[string]int{}
		var found []string
		for _, f := range result.Report.Findings {
			if f.Verdict == finding.Pass {
				passed[f.Rule]++
			}
			// What is said of words and scope is told as a hint.
			if f.Verdict == finding.Rounding || f.Verdict == finding.Fail && f.Severity > finding.Info {
				found = append(found, fmt.Sprintf("%s %s: %s %s %s", f.Rule, f.Instance, f.Verdict, f.Severity, f.Cause))
			}
		}
		slices.Sort(found)
		if diff := cmp.Diff(wholeSample, found); diff != "" {
			t.Errorf("%s (-truth +read)\n%s", filepath.Base(file), diff)
		}
		for _, want := range []struct {
			rule  string
			times int
		}{
			{"list-sum", 2}, {"expenditure-share", 2}, {"class-sum", 1}, {"item-sum", 4}, {"structure-share", 3},
			{"share-closed-list-100-classes", 1}, {"tables-basic-account-sum", 3}, {"procurement-sum", 1}, {"completion", 3},
			{"text-table-items", 9}, {"text-table-classes", 4},
		} {
			if passed[want.rule] < want.times {
				t.Errorf("%s: %s passes %d times, want %d", filepath.Base(file), want.rule, passed[want.rule], want.times)
			}
		}
	}
	if diff := cmp.Diff(figures[0], figures[1]); diff != "" || len(figures[0]) < 290 {
		t.Errorf("%d figures (-pdf +text)\n%s", len(figures[0]), diff)
	}
}
