package engine_test

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
)

// elsewhere is a repository that lies on no disk: packs, one of which extends another, data that names one, and a document.
func elsewhere() fstest.MapFS {
	files := fstest.MapFS{}
	for name, content := range map[string]string{
		"rules/base/pack.yaml":         "id: base",
		"rules/base/schema.yaml":       "fields: {total: {type: amount, label: 合计}, part: {type: amount, label: 其中}}",
		"rules/base/sums.yaml":         "- {id: part-of-total, title: 其中不大于合计, check: part <= total}",
		"rules/strict/pack.yaml":       "{id: strict, extends: base}",
		"rules/strict/sums.yaml":       "- {id: all-of-total, title: 其中等于合计, check: part == total}",
		"rules/strict/sums_test.yaml":  "- {name: 不符, data: {合计: 2.00, 其中: 1.00}, want: {part-of-total: pass, all-of-total: fail}}\n- {name: 相符, data: {合计: 2.00, 其中: 2.00}, want: {part-of-total: pass, all-of-total: pass}}",
		"data/甲\n乙/2023.yaml":          "{entity: 甲, period: 2023, pack: strict, 合计: 2.00, 其中: 1.00}",
		"data/甲\n乙/.hidden/2022.yaml":  "nonsense",
		"data/甲\n乙/notes.txt":          "甲局2023年度单位决算\n甲局2023年度收入合计1.00万元。",
		"documents/甲局2023年度单位决算公开.txt": "甲局2023年度单位决算公开\n一、收入决算情况说明\n甲局2023年度本年收入合计500.00万元，其中：一般公共预算财政拨款收入450.00万元，占90.00%；事业收入50.00万元，占11.00%。\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(content), Mode: 0o644}
	}
	return files
}

// TestTake leaves out what is not taken, by its pack, in every format.
func TestTake(t *testing.T) {
	files := elsewhere()
	delete(files, "data/甲\n乙/2023.yaml")
	for name, content := range map[string]string{
		"data/strict.json": `{"entity": "甲", "period": 2023, "pack": "strict", "合计": 2.00, "其中": 1.00}`,
		"data/base.json":   `{"entity": "乙", "period": 2023, "pack": "base", "合计": 2.00, "其中": 3.00}`,
		"data/strict.yaml": "{entity: 丙, period: 2023, pack: strict, 合计: 2.00, 其中: 1.00}",
		"data/base.yaml":   "{entity: 丁, period: 2023, pack: base, 合计: 2.00, 其中: 3.00}",
		"data/z.jsonl": `{"entity": "甲", "period": 2023, "pack": "base", "合计": 2.00, "其中": 1.00}
{"entity": "甲", "period": 2023, "pack": "strict", "合计": 2.00, "其中": 1.00}
`,
	} {
		files[name] = &fstest.MapFile{Data: []byte(content), Mode: 0o644}
	}
	result, err := engine.Check(t.Context(), []string{"data"}, engine.Options{
		Files: files, Packs: "rules", Take: func(path, pack string) bool {
			// It is asked of files, not of what they hold.
			return pack == "strict" && files[path] != nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, in := range result.Report.Inputs {
		got = append(got, in.Path)
	}
	if d := cmp.Diff([]string{"data/strict.json", "data/strict.yaml", "data/z.jsonl:2"}, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestFiles checks datasets, documents and packs that lie on no disk, and looks for them nowhere else.
func TestFiles(t *testing.T) {
	files := elsewhere()
	tests := []struct {
		name  string
		paths []string
		o     engine.Options
		// want are the findings that fail, with their path; diagnostics the codes.
		want        []string
		diagnostics []diag.Code
	}{
		{"a folder, by the pack that data names", []string{"data"}, engine.Options{Packs: "rules"}, []string{"data/甲\n乙/2023.yaml all-of-total"}, nil},
		{"a file twice", []string{"data/甲\n乙/2023.yaml", "./data/甲\n乙/../甲\n乙/2023.yaml"}, engine.Options{Packs: "rules"}, []string{"data/甲\n乙/2023.yaml all-of-total"}, nil},
		{"a pack by its folder", []string{"data"}, engine.Options{Rules: "rules/strict"}, []string{"data/甲\n乙/2023.yaml all-of-total"}, nil},
		{"packs of no folder", []string{"data"}, engine.Options{}, nil, []diag.Code{diag.UnknownPack}},
		{"a document", []string{"documents"}, engine.Options{Options: run.Options{Only: []string{"income-share"}}}, []string{"documents/甲局2023年度单位决算公开.txt income-share"}, nil},
		{"the folder of the disk", []string{"testdata"}, engine.Options{}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Files = files
			result, err := engine.Check(t.Context(), tt.paths, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range result.Report.Findings {
				if f.Verdict.String() == "fail" {
					got = append(got, f.Input+" "+f.Rule)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("findings -want +got:\n%s", d)
			}
			var codes []diag.Code
			for _, d := range result.Diagnostics {
				codes = append(codes, d.Code)
			}
			if d := cmp.Diff(tt.diagnostics, codes); d != "" {
				t.Errorf("diagnostics -want +got:\n%s", d)
			}
		})
	}
	result, list, err := engine.TestIn(t.Context(), files, "rules/strict")
	if err != nil || list.HasErrors() || !result.OK() || result.Cases != 2 {
		t.Errorf("tests of the pack: %+v %v %v", result, list, err)
	}
	if _, _, err := engine.TestIn(t.Context(), files, "testdata/manual/shop"); err == nil {
		t.Error("a pack of the disk was found elsewhere")
	}
}

// TestFilesFail asserts that files which cannot be read are told by their path, and the others checked.
func TestFilesFail(t *testing.T) {
	files := failing{elsewhere(), "data/甲\n乙/2023.yaml"}
	files.MapFS["data/c.pdf"] = &fstest.MapFile{Data: []byte("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n")}
	files.MapFS["data/b.yaml"] = &fstest.MapFile{Data: []byte("{entity: 乙, period: 2023, pack: base, 合计: 1.00, 其中: 1.00}")}
	result, err := engine.Check(t.Context(), []string{"data", "data/c.pdf", "none.yaml"}, engine.Options{Files: files, Packs: "rules"})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Unreadable) != 2 || len(result.Report.Inputs) != 1 {
		t.Errorf("unreadable %v, inputs %v", result.Unreadable, result.Report.Inputs)
	}
	if list := result.Diagnostics; len(list) != 1 || list[0].Code != diag.FilePointer {
		t.Errorf("a Git LFS pointer: %v", list)
	}
}

// TestResultsAreNoData: whatever gouji writes in a format of data is left out where it lies among these, which is told.
func TestResultsAreNoData(t *testing.T) {
	files := elsewhere()
	files["data/b.yaml"] = &fstest.MapFile{Data: []byte("{entity: 乙, period: 2023, pack: base, 合计: 1.00, 其中: 3.00}")}
	files["data/c.json"] = &fstest.MapFile{Data: []byte(`{"entity": "丙", "period": "2023", "pack": "base", "合计": "1.00"}`)}
	options := engine.Options{Files: files, Packs: "rules", Options: run.Options{All: true}}
	first, err := engine.Check(t.Context(), []string{"data"}, options)
	if err != nil || len(first.Report.Findings) == 0 {
		t.Fatal(first, err)
	}
	written := 0
	add := func(name string, write func(io.Writer) error) {
		t.Helper()
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		if json.Valid(out.Bytes()) {
			name += ".json"
		} else if strings.HasPrefix(out.String(), "{") {
			name += ".jsonl"
		} else if strings.Contains(name, "csv") {
			name += ".csv"
		} else {
			return
		}
		files["data/"+name] = &fstest.MapFile{Data: out.Bytes()}
		written++
	}
	for _, lang := range []string{"en", "zh"} {
		for _, f := range report.Formats {
			add(f.Name+lang, func(w io.Writer) error { return f.Write(w, first.Report, report.Options{Lang: lang}) })
		}
		for _, f := range report.DiffFormats {
			comparison := finding.Compare(&finding.Report{}, first.Report)
			add("diff-"+f.Name+lang, func(w io.Writer) error {
				return f.Write(w, &comparison, report.DiffOptions{Options: report.Options{Lang: lang}})
			})
		}
	}
	add("baseline", acceptance.NewBaseline(first.Report, finding.Info).Write)
	again, err := engine.Check(t.Context(), []string{"data"}, options)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, d := range again.Diagnostics {
		if told++; d.Code != diag.ResultFile {
			t.Error(d)
		}
	}
	if told != written || written < 10 {
		t.Errorf("%d of %d are left out", told, written)
	}
	if diff := cmp.Diff(first.Report, again.Report); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestPacks asserts which pack the name in a dataset means: that of the folder before the shipped one of its name, and
// never a folder elsewhere.
func TestPacks(t *testing.T) {
	files := elsewhere()
	data := func(pack string) {
		files["data.yaml"] = &fstest.MapFile{Data: []byte("{entity: 甲, period: 2023, pack: " + pack + ", 合计: 2.00, 其中: 1.00}")}
	}
	check := func() *engine.Result {
		t.Helper()
		result, err := engine.Check(t.Context(), []string{"data.yaml"}, engine.Options{Files: files, Packs: "rules"})
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	for _, pack := range []string{"../rules/strict", "rules/strict", ".", "strict/", `"\\strict"`} {
		data(pack)
		if list := check().Diagnostics; len(list) != 1 || list[0].Code != diag.UnknownPack {
			t.Errorf("pack %s: %v", pack, list)
		}
	}
	data("strickt")
	if list := check().Diagnostics; len(list) != 1 || list[0].Suggestion != "strict" {
		t.Errorf("a misspelt pack: %v", list)
	}
	for name, file := range elsewhere() {
		if rest, ok := strings.CutPrefix(name, "rules/strict"); ok {
			files["rules/juesuan"+rest] = file
		}
	}
	data("juesuan")
	if result := check(); len(result.Report.Findings) == 0 || result.Report.Findings[0].Rule != "all-of-total" {
		t.Errorf("the pack of the folder was not taken: %v", result.Diagnostics)
	}
}

// failing is files one of which cannot be read.
type failing struct {
	fstest.MapFS
	name string
}

func (f failing) Open(name string) (fs.File, error) {
	if name == f.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.Open(name)
}
