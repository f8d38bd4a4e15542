package engine_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/reader/chunk"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/store"
	"github.com/gouji/gouji/engine/yamldoc"
)

// This file runs what the READMEs show. The words behind the language of a fenced block say what it is:
//
//	yaml example=NAME/FILE      a file of the pack NAME. A pack without pack.yaml gets one; a pack without schema.yaml gets
//	                            that of the pack demo. The pack must have no faults, and its rule tests must come out.
//	yaml data=FILE pack=NAME want=RULE:VERDICT,…
//	                            a dataset judged by that pack. Each rule's worst verdict is the one given.
//	yaml expressions-data       the data of the expressions below it.
//	text expressions            one check a line, and its verdict behind //.
//	yaml refused=CODE           a file of rules with that fault and no other.
//	text excerpt=RULE,…         lines of what `gouji check` prints about the shipped datasets: the head, the findings of
//	                            these rules, and the summary. UPDATE_GOLDEN=1 writes them anew.
//	csv table=FILE              a table that is joined with the others of the page
//	text document=FILE          a published document, for the commands.
//	csv entities=FILE           a list of entities, by which the datasets of the page are judged too.
//	sh                          commands; each runs as written.
//
// The tables of keys, functions, causes and statuses are held against the code.

const (
	readme      = "../README.md"
	readmeZH    = "../README.zh.md"
	rulesReadme = "../rules/README.md"
	dataReadme  = "../datasets/README.md"
	lineWidth   = 100
)

// fence is one fenced block of a page.
type fence struct {
	info []string
	text string
	line int
}

// of is what an info word of this name says; ok is false when there is none.
func (f *fence) of(name string) (value string, ok bool) {
	for _, word := range f.info {
		if key, value, _ := strings.Cut(word, "="); key == name {
			return value, true
		}
	}
	return "", false
}

func page(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func fences(t *testing.T, path string) []fence {
	t.Helper()
	var all []fence
	var open *fence
	for i, line := range strings.SplitAfter(page(t, path), "\n") {
		switch {
		case !strings.HasPrefix(line, "```") && open != nil:
			open.text += line
		case open != nil:
			all, open = append(all, *open), nil
		case strings.HasPrefix(line, "```"):
			open = &fence{info: strings.Fields(strings.TrimLeft(line, "`")), line: i + 2}
		}
	}
	if open != nil {
		t.Fatalf("%s:%d: the block does not end", path, open.line)
	}
	return all
}

// packs writes the example packs of a page into a folder and returns their names.
func packs(t *testing.T, path, dir string) []string {
	t.Helper()
	files := map[string]map[string]string{}
	for _, f := range fences(t, path) {
		if at, ok := f.of("example"); ok {
			name, file, _ := strings.Cut(at, "/")
			if files[name] == nil {
				files[name] = map[string]string{}
			}
			if files[name][file] != "" {
				t.Errorf("%s:%d: %s is shown twice", path, f.line, at)
			}
			files[name][file] = f.text
		}
	}
	var names []string
	for name, pack := range files {
		if pack["pack.yaml"] == "" {
			pack["pack.yaml"] = "id: " + name + "\n"
		}
		if pack["schema.yaml"] == "" && !strings.Contains(pack["pack.yaml"], "extends:") {
			pack["schema.yaml"] = files["demo"]["schema.yaml"]
		}
		for file, content := range pack {
			write(t, filepath.Join(dir, name, file), content)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestExamples runs the packs of the pages and judges the datasets by them.
func TestExamples(t *testing.T) {
	for _, path := range []string{readme, readmeZH, rulesReadme} {
		t.Run(strings.TrimPrefix(path, "../"), func(t *testing.T) {
			dir := t.TempDir()
			names := packs(t, path, dir)
			if len(names) == 0 {
				t.Fatal("no example packs")
			}
			for _, name := range names {
				examplePack(t, filepath.Join(dir, name))
			}
			for _, f := range fences(t, path) {
				if file, ok := f.of("data"); ok {
					exampleData(t, dir, file, f)
				}
			}
		})
	}
}

func examplePack(t *testing.T, dir string) {
	t.Helper()
	result, list, err := engine.Test(context.Background(), dir)
	if err != nil {
		t.Error(err)
	}
	for _, d := range list {
		t.Error(d)
	}
	if result == nil {
		return
	}
	for _, f := range result.Failures {
		t.Errorf("%v: %s: rule %s, instance %q: %s is %q, want %q", f.Span, f.Case, f.Rule, f.Instance, f.Key, f.Got, f.Want)
	}
	for _, id := range result.NeverFails {
		// A rule that no case decides would show nothing.
		if result.Cases > 0 && slices.Contains(result.NeverPasses, id) {
			t.Errorf("%s: no case decides %s", dir, id)
		}
	}
}

func exampleData(t *testing.T, dir, file string, f fence) {
	t.Helper()
	write(t, filepath.Join(dir, file), f.text)
	want := map[string]string{}
	verdicts, _ := f.of("want")
	for _, w := range strings.Split(verdicts, ",") {
		id, verdict, _ := strings.Cut(w, ":")
		want[id] = verdict
	}
	pack, _ := f.of("pack")
	worst := map[string]finding.Verdict{}
	for _, got := range check(t, []string{filepath.Join(dir, file)}, filepath.Join(dir, pack)).Findings {
		worst[got.Rule] = max(worst[got.Rule], got.Verdict)
	}
	for id, verdict := range want {
		if got, ok := worst[id]; !ok || got.String() != verdict {
			t.Errorf("%s, line %d: %s is %s, want %s", file, f.line, id, got, verdict)
		}
	}
	if len(worst) != len(want) {
		t.Errorf("%s, line %d: the rules judged are %v", file, f.line, worst)
	}
}

// check judges datasets, with a finding for every instance, and wants no diagnostics.
func check(t *testing.T, paths []string, pack string) *finding.Report {
	t.Helper()
	result, err := engine.Check(context.Background(), paths, engine.Options{Rules: pack, Options: run.Options{All: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range result.Diagnostics {
		t.Error(d)
	}
	for _, err := range result.Unreadable {
		t.Error(err)
	}
	if result.Report == nil {
		t.FailNow()
	}
	return result.Report
}

// TestExpressions judges each expression of the pages by itself.
func TestExpressions(t *testing.T) {
	dir := t.TempDir()
	packs(t, rulesReadme, dir)
	var rules strings.Builder
	want := map[string]string{}
	data := ""
	for _, f := range fences(t, rulesReadme) {
		if _, ok := f.of("expressions-data"); ok {
			data = f.text
		}
		if _, ok := f.of("expressions"); !ok {
			continue
		}
		for i, line := range strings.Split(strings.TrimSpace(f.text), "\n") {
			id := fmt.Sprintf("line-%d", f.line+i)
			_, verdict, ok := strings.Cut(line, "//")
			if !ok {
				t.Errorf("%s: no verdict behind %q", id, line)
			}
			want[id] = strings.TrimSpace(verdict)
			fmt.Fprintf(&rules, "- id: %s\n  title: x\n  tolerance: exact\n  check: |-\n    %s\n", id, line)
		}
	}
	write(t, filepath.Join(dir, "one", "pack.yaml"), "id: one\n")
	write(t, filepath.Join(dir, "one", "schema.yaml"), page(t, filepath.Join(dir, "demo", "schema.yaml")))
	write(t, filepath.Join(dir, "one", "rules.yaml"), rules.String())
	write(t, filepath.Join(dir, "data.yaml"), "entity: 某单位\nperiod: 2024\n"+data)
	for _, f := range check(t, []string{filepath.Join(dir, "data.yaml")}, filepath.Join(dir, "one")).Findings {
		if expected := want[f.Rule]; expected != f.Verdict.String() && expected != f.Verdict.String()+" "+f.Cause {
			t.Errorf("%s is %s %s, want %s", f.Rule, f.Verdict, f.Cause, expected)
		}
		delete(want, f.Rule)
	}
	if len(want) > 0 || rules.Len() == 0 {
		t.Errorf("not judged: %v", want)
	}
}

// TestRefused compiles what the page says is refused.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	packs(t, rulesReadme, dir)
	refuse := func(what, rules, code string) {
		t.Helper()
		bad := filepath.Join(dir, "bad")
		write(t, filepath.Join(bad, "pack.yaml"), "id: bad\n")
		write(t, filepath.Join(bad, "schema.yaml"), page(t, filepath.Join(dir, "demo", "schema.yaml")))
		write(t, filepath.Join(bad, "rules.yaml"), rules)
		p, list, err := engine.Load(bad)
		if err != nil {
			t.Fatal(err)
		}
		if p != nil || len(list) != 1 || list[0].Code != diag.Code(code) {
			t.Errorf("%s gives %v, want %s", what, list, code)
		}
	}
	rows := table(t, rulesReadme, "expression", "code")
	if len(rows) == 0 {
		t.Error("no table of refused expressions")
	}
	for _, row := range rows {
		expression := unquote(row[0])
		refuse(expression, "- id: bad\n  title: x\n  check: |-\n    "+expression+"\n", unquote(row[1]))
	}
	for _, f := range fences(t, rulesReadme) {
		if code, ok := f.of("refused"); ok {
			refuse(fmt.Sprintf("line %d", f.line), f.text, code)
		}
	}
}

// table finds the rows of the tables of a page whose head begins with these words.
func table(t *testing.T, path string, head ...string) [][]string {
	t.Helper()
	var rows [][]string
	inside := false
	for _, line := range strings.Split(page(t, path), "\n") {
		if !strings.HasPrefix(line, "|") {
			inside = false
			continue
		}
		cells := strings.Split(strings.Trim(strings.ReplaceAll(line, `\|`, "\x00"), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(strings.ReplaceAll(cells[i], "\x00", "|"))
		}
		switch {
		case len(cells) >= len(head) && slices.Equal(cells[:len(head)], head):
			inside = true
		case inside && !strings.HasPrefix(cells[0], "-"):
			rows = append(rows, cells)
		}
	}
	return rows
}

func unquote(cell string) string {
	return strings.TrimSpace(strings.Trim(cell, "`"))
}

var quoted = regexp.MustCompile("`([^`]+)`")

// firstWords are the words in backticks of the first column, up to a bracket.
func firstWords(t *testing.T, rows [][]string) []string {
	t.Helper()
	var words []string
	for _, row := range rows {
		for _, m := range quoted.FindAllStringSubmatch(row[0], -1) {
			word, _, _ := strings.Cut(m[1], "(")
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// literals are the strings of the list that follows a pattern in a file of the engine.
func literals(t *testing.T, file, pattern string) []string {
	t.Helper()
	source := page(t, file)
	at := regexp.MustCompile(pattern).FindStringIndex(source)
	if at == nil {
		t.Fatalf("%s holds no %s", file, pattern)
	}
	list, _, _ := strings.Cut(source[at[1]:], "\n}")
	if i := strings.Index(list, ")"); i >= 0 && strings.HasSuffix(pattern, `\(`) {
		list = list[:i]
	} else if i := strings.Index(list, "}"); i >= 0 {
		list = list[:i]
	}
	var words []string
	for _, m := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(list, -1) {
		words = append(words, m[1])
	}
	slices.Sort(words)
	return words
}

// TestTables holds the tables of the pages against the code.
func TestTables(t *testing.T) {
	var ruleFields []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[rule.Rule]()) {
		if f.Name != "Pack" && f.Name != "Topic" && f.Name != "Span" {
			ruleFields = append(ruleFields, strings.ToLower(f.Name))
		}
	}
	slices.Sort(ruleFields)
	var causes []string
	for _, m := range regexp.MustCompile(`Cause\w+ += "([^"]+)"`).FindAllStringSubmatch(page(t, "expression/cause.go"), -1) {
		causes = append(causes, m[1])
	}
	slices.Sort(causes)
	var verdicts []string
	for _, v := range finding.Verdicts {
		verdicts = append(verdicts, v.String())
	}
	slices.Sort(verdicts)
	for _, c := range []struct {
		head string
		want []string
	}{
		{"rule key", ruleFields},
		{"rule key", literals(t, "rule/parse.go", `var ruleKeys = \[\]string\{`)},
		{"pack key", literals(t, "rule/rule.go", `!l\.keys\(head, `)},
		{"field key", literals(t, "dataset/schema.go", `var fieldKeys = \[\]string\{`)},
		{"schema key", literals(t, "dataset/schema.go", `!p\.keys\(doc, `)},
		{"want key", literals(t, "ruletest/ruletest.go", `var detailKeys = \[\]string\{`)},
		{"function", expression.Functions()},
		{"cause", causes},
		{"verdict", verdicts},
	} {
		if got := firstWords(t, table(t, rulesReadme, c.head)); !slices.Equal(got, c.want) {
			t.Errorf("the table %q lists\n%v, the code has\n%v", c.head, got, c.want)
		}
	}
	for _, path := range []string{readme, readmeZH} {
		head := map[string]string{readme: "status", readmeZH: "退出状态"}[path]
		var statuses []string
		for _, row := range table(t, path, head) {
			statuses = append(statuses, unquote(row[0]))
		}
		if !slices.Equal(statuses, []string{"0", "1", "2", "3"}) {
			t.Errorf("%s lists the statuses %v", path, statuses)
		}
		var formats []string
		for _, row := range table(t, path, map[string]string{readme: "format", readmeZH: "格式"}[path]) {
			formats = append(formats, unquote(row[0]))
		}
		names := report.Names()
		for _, k := range store.Kinds {
			names = append(names, k.Name)
		}
		if !slices.Equal(formats, names) {
			t.Errorf("%s lists the formats %v, the code has %v", path, formats, names)
		}
	}
}

// TestSameContent holds the Chinese README against the English one: the same commands, files and output.
func TestSameContent(t *testing.T) {
	blocks := func(path string) []string {
		var all []string
		for _, f := range fences(t, path) {
			text := f.text
			if len(f.info) > 0 && (f.info[0] == "sh" || f.info[0] == "yaml") {
				text = regexp.MustCompile(`(?m) *#.*$`).ReplaceAllString(text, "")
			}
			all = append(all, strings.Join(f.info, " ")+"\n"+text)
		}
		return all
	}
	en, zh := blocks(readme), blocks(readmeZH)
	if len(en) != len(zh) {
		t.Fatalf("%d blocks in English, %d in Chinese", len(en), len(zh))
	}
	for i := range en {
		if en[i] != zh[i] {
			t.Errorf("the blocks differ:\n%s\nand\n%s", en[i], zh[i])
		}
	}
	for path, other := range map[string]string{readme: "](README.zh.md)", readmeZH: "](README.md)"} {
		top := strings.Join(strings.Split(page(t, path), "\n")[:5], "\n")
		if !strings.Contains(top, other) {
			t.Errorf("%s does not link the other language at its top", path)
		}
	}
}

// TestExcerpts holds the output that the pages show against the real one.
func TestExcerpts(t *testing.T) {
	t.Chdir("..")
	result, err := engine.Check(context.Background(), []string{"datasets"}, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := report.Formats[0].Write(&out, result.Report, report.Options{Lang: "zh", Width: lineWidth}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{readme, readmeZH} {
		path = strings.TrimPrefix(path, "../")
		lines := strings.SplitAfter(page(t, path), "\n")
		all := fences(t, path)
		shown := 0
		// From the end, since writing moves what follows.
		for _, f := range slices.Backward(all) {
			rules, ok := f.of("excerpt")
			if !ok {
				continue
			}
			shown++
			want := excerpt(out.String(), strings.Split(rules, ","))
			if want == f.text {
				continue
			}
			if os.Getenv("UPDATE_GOLDEN") == "" {
				t.Errorf("%s:%d: the output is now\n%s(UPDATE_GOLDEN=1 go test ./engine writes it)", path, f.line, want)
				continue
			}
			lines = slices.Replace(lines, f.line-1, f.line-1+strings.Count(f.text, "\n"), want)
			write(t, path, strings.Join(lines, ""))
		}
		if shown == 0 {
			t.Errorf("%s shows no output", path)
		}
	}
}

// excerpt is a printed report without the entries of its tables that tell of other rules; … stands for what is left out.
func excerpt(out string, rules []string) string {
	var b strings.Builder
	table, left := false, false
	lines := strings.SplitAfter(out, "\n")
	for i := 0; i < len(lines); i++ {
		entry := lines[i]
		switch {
		case strings.HasPrefix(entry, "──"):
			table = true
		case entry == "\n":
			table, left = false, false
		case table:
			// What belongs to an entry is indented below it.
			for strings.HasPrefix(lines[i+1], " ") {
				i++
				entry += lines[i]
			}
			if !slices.ContainsFunc(rules, func(id string) bool { return slices.Contains(strings.Fields(entry), id) }) {
				if left {
					continue
				}
				entry = "…\n"
			}
			left = entry == "…\n"
		}
		b.WriteString(entry)
	}
	return b.String()
}

// TestRealCases holds the figures of the three cases against the shipped datasets and what is found in them.
func TestRealCases(t *testing.T) {
	var out strings.Builder
	r := check(t, []string{"../datasets"}, "")
	if err := report.Formats[0].Write(&out, r, report.Options{Lang: "zh", All: true, Width: 1000}); err != nil {
		t.Fatal(err)
	}
	for path, head := range map[string]string{readme: "printed", readmeZH: "报告所印"} {
		rows := table(t, path, head)
		if len(rows) != 3 {
			t.Errorf("%s tells %d cases", path, len(rows))
		}
		for _, row := range rows {
			for _, figure := range regexp.MustCompile(`\d+\.\d+%?`).FindAllString(row[0]+" "+row[1], -1) {
				whole := `(^|[^\d.])` + regexp.QuoteMeta(strings.TrimSuffix(figure, "%")) + `($|[^\d])`
				if !regexp.MustCompile(whole).MatchString(out.String()) {
					t.Errorf("%s: %s is in no finding", path, figure)
				}
			}
		}
	}
}

// TestDatasetExamples judges the datasets of the page about them.
func TestDatasetExamples(t *testing.T) {
	if _, err := os.Stat(dataReadme); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	shown := 0
	var lists, tables []string
	for _, f := range fences(t, dataReadme) {
		if name, ok := f.of("table"); ok {
			tables = append(tables, filepath.Join(dir, name))
			write(t, filepath.Join(dir, name), f.text)
		}
		if len(f.info) == 0 || !slices.Contains([]string{"yaml", "json", "csv"}, f.info[0]) {
			continue
		}
		if name, ok := f.of("entities"); ok {
			name = filepath.Join(dir, name)
			write(t, name, f.text)
			lists = append(lists, name)
			continue
		}
		shown++
		file := filepath.Join(dir, "data", fmt.Sprintf("line-%d.%s", f.line, f.info[0]))
		write(t, file, f.text)
		if r := check(t, []string{file}, ""); !r.Summary.Bound() {
			t.Errorf("line %d: no rule decides anything", f.line)
		}
	}
	if shown == 0 || len(lists) == 0 {
		t.Error("no examples")
	}
	for _, list := range lists {
		r, err := engine.Check(context.Background(), []string{filepath.Join(dir, "data")}, engine.Options{EntityList: list})
		if err != nil || r.Diagnostics.HasErrors() {
			t.Fatalf("%s: %v %v", list, r.Diagnostics, err)
		}
		// 某市第一中学 is there, 某市教育局 is not.
		if p := r.Report.Roll.Periods; len(p) != 1 || p[0].Absent != r.Report.Roll.Listed-1 {
			t.Errorf("%s: %+v", list, r.Report.Roll)
		}
	}
	joined, err := engine.Check(context.Background(), tables, engine.Options{Join: true})
	if err != nil || len(joined.Diagnostics) > 0 || len(tables) < 2 {
		t.Fatal(tables, err, joined)
	}
	figures := 0
	for _, table := range tables {
		for _, in := range check(t, []string{table}, "").Inputs {
			figures += in.Figures
		}
	}
	for _, in := range joined.Report.Inputs {
		figures -= in.Figures
	}
	if len(joined.Report.Inputs) != 2 || figures != 0 || joined.Report.Summary.Fail > 0 {
		t.Errorf("joined: %+v", joined.Report.Inputs)
	}
}

// TestArchitecture holds the page about the engine against the code: the floors and the limits.
func TestArchitecture(t *testing.T) {
	rows := table(t, "README.md", "floor")
	if len(rows) != len(floors) {
		t.Fatalf("%d floors on the page, %d in the table of TestImports", len(rows), len(floors))
	}
	for i, row := range rows {
		var want []string
		for _, p := range floors[i] {
			want = append(want, strings.TrimPrefix(p, "engine/"))
		}
		if got := strings.Fields(strings.ReplaceAll(row[1], "`", "")); row[0] != fmt.Sprint(i) || !slices.Equal(got, want) {
			t.Errorf("floor %s has %v, want %d with %v", row[0], got, i, want)
		}
	}
	constant := func(file, name string) string {
		m := regexp.MustCompile(name + ` += ([^/\n]+)`).FindStringSubmatch(page(t, file))
		if m == nil {
			t.Fatalf("%s holds no constant %s", file, name)
		}
		return strings.TrimSpace(m[1])
	}
	want := []string{
		constant("number/parse.go", "maxDigits"), fmt.Sprint(yamldoc.MaxSize>>20) + " MiB", fmt.Sprint(chunk.Max>>20) + " MiB", fmt.Sprint(yamldoc.MaxDepth),
		fmt.Sprint(expression.Frames), constant("expression/judge.go", "maxBranches"), constant("expression/decide.go", "maxFixed"),
	}
	var got []string
	for _, row := range table(t, "README.md", "limit") {
		got = append(got, row[1])
	}
	if !slices.Equal(got, want) {
		t.Errorf("the limits are %v, want %v", got, want)
	}
	u := document.Usual
	grouped := func(n int) string {
		return regexp.MustCompile(`(\d)(\d{3})\b`).ReplaceAllString(fmt.Sprint(n), "$1,$2")
	}
	of := map[string]string{
		"size of the file": fmt.Sprintf("%d MiB", u.Bytes>>20), "text": fmt.Sprintf("%d MiB", u.Text>>20),
		"elements, archives and tables within one another": fmt.Sprint(u.Depth), "pages": grouped(u.Pages),
		"time": fmt.Sprintf("%.0f minutes", u.Time.Minutes()),
	}
	for _, row := range table(t, "README.md", "of a document") {
		if want, known := of[row[0]]; known && row[1] != want {
			t.Errorf("%s: %s, want %s", row[0], row[1], want)
		}
		delete(of, row[0])
	}
	if len(of) > 0 {
		t.Errorf("the page does not tell of %v", of)
	}
}

// TestLinks follows the links of the pages within the repository.
func TestLinks(t *testing.T) {
	headings := map[string][]string{}
	for _, path := range []string{readme, readmeZH, rulesReadme, "../rules/juesuan/README.md", dataReadme, "../cmd/README.md", "README.md"} {
		for _, m := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(page(t, path), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, _ := strings.Cut(m[1], "#")
			target := path
			if file != "" {
				target = filepath.Join(filepath.Dir(path), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links %s: %v", path, m[1], err)
				continue
			}
			if anchor != "" && headings[target] == nil {
				headings[target] = anchors(t, target)
			}
			if anchor != "" && !slices.Contains(headings[target], anchor) {
				t.Errorf("%s links %s: there is no such heading", path, m[1])
			}
		}
	}
}

// anchors are the headings of a page, as links name them.
func anchors(t *testing.T, path string) []string {
	t.Helper()
	var all []string
	sign := regexp.MustCompile(`[^\pL\pN_-]`)
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(page(t, path), -1) {
		all = append(all, sign.ReplaceAllString(strings.ReplaceAll(strings.ToLower(m[1]), " ", "-"), ""))
	}
	return all
}

// TestCommands runs the commands that the pages show, where the example packs and the shipped folders are.
func TestCommands(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "gouji")
	if out, err := exec.Command("go", "build", "-o", bin, "../cmd/gouji").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	packs(t, readme, dir)
	for _, folder := range []string{"datasets", "rules"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS("../"+folder)); err != nil {
			t.Fatal(err)
		}
	}
	all := fences(t, readme)
	for _, f := range all {
		for _, kind := range []string{"data", "document"} {
			if file, ok := f.of(kind); ok {
				write(t, filepath.Join(dir, file), f.text)
			}
		}
	}
	status := func(args ...string) (int, string) {
		c := exec.Command(bin, args...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		if c.ProcessState == nil {
			t.Fatal(err)
		}
		return c.ProcessState.ExitCode(), string(out)
	}
	// The data of a bureau.
	if err := os.CopyFS(filepath.Join(dir, "units"), os.DirFS("../datasets")); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	line := `{"entity": "甲", "period": "2023", "收支总体": {"收支总计": {"金额": "100.00"}}}` + "\n"
	if _, err := z.Write([]byte(line)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"2023.jsonl": line, "2022.jsonl.gz": packed.String(), "all.jsonl.gz": packed.String(), "名单.csv": "单位,地区\n甲,某市\n"} {
		write(t, filepath.Join(dir, name), text)
	}
	for _, f := range fences(t, dataReadme) {
		if name, ok := f.of("table"); ok {
			write(t, filepath.Join(dir, name), f.text)
		}
	}
	ran := 0
	for _, f := range all {
		if len(f.info) == 0 || f.info[0] != "sh" {
			continue
		}
		for _, line := range strings.Split(f.text, "\n") {
			line, _, _ = strings.Cut(line, " #")
			args := strings.Fields(line)
			if first, second, piped := strings.Cut(line, " | "); piped && strings.HasPrefix(second, "./gouji ") && runtime.GOOS != "windows" {
				c := exec.Command("sh", "-ec", first+" | "+bin+strings.TrimPrefix(second, "./gouji"))
				c.Dir = dir
				if out, err := c.CombinedOutput(); c.ProcessState == nil || c.ProcessState.ExitCode() > 1 {
					t.Errorf("%s ends with %v:\n%s", line, err, out)
				}
				ran++
				continue
			}
			switch {
			case len(args) > 2 && args[0] == "go" && args[1] == "run":
				args = args[3:]
			case len(args) > 0 && args[0] == "./gouji":
				args = args[1:]
			default:
				continue
			}
			ran++
			if got, out := status(args...); got > 1 {
				t.Errorf("%s ends with status %d:\n%s", line, got, out)
			}
		}
	}
	if ran < 5 {
		t.Errorf("only %d commands ran", ran)
	}
	for want, args := range map[int][]string{
		0: {"check", "--fail-on", "never"},
		1: {"check"},
		2: {"check", "--no-such-flag"},
	} {
		if got, out := status(args...); got != want {
			t.Errorf("gouji %v ends with status %d, the page says %d:\n%s", args, got, want, out)
		}
	}
}
