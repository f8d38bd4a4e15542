package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/words"
)

// This file holds every kind of store to the same behaviour; PostgreSQL is left out where no server can be started.

// place is where a test of a kind stores, and how it reads what is stored.
type place struct {
	Kind
	target string
	// ask runs a query; nil for kinds that cannot.
	ask func(t *testing.T, query string) [][]string
	// rows are all rows of a table but for the number of their run, in the order of runs.
	rows func(t *testing.T, of table) [][]string
}

func everywhere(t *testing.T, test func(t *testing.T, p place)) {
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) { test(t, newPlace(t, k)) })
	}
}

func newPlace(t *testing.T, k Kind) place {
	p := place{Kind: k}
	switch k.Name {
	case "sqlite":
		p.target = filepath.Join(t.TempDir(), "结果 %20?#.sqlite")
		p.ask = func(t *testing.T, query string) [][]string { return askSQLite(t, p.target, query) }
	case "postgres":
		p.target = postgres(t)
		p.ask = func(t *testing.T, query string) [][]string { return askPostgres(t, p.target, query) }
	default:
		p.target = filepath.Join(t.TempDir(), "结果 [1].parquet")
		p.rows = func(t *testing.T, of table) [][]string { return parquetRowsOf(t, p.target, of) }
		return p
	}
	p.rows = func(t *testing.T, of table) [][]string {
		rows := p.ask(t, "SELECT * FROM "+tableNames[of]+" ORDER BY 1, 2, 3")
		for i := range rows {
			rows[i] = rows[i][1:]
		}
		return rows
	}
	return p
}

func askSQLite(t *testing.T, path, query string) [][]string {
	t.Helper()
	db, err := sql.Open("sqlite", sqliteName(path, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%v: %s", err, query)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		row := make([]any, len(names))
		for i := range row {
			row[i] = new(any)
		}
		if err := rows.Scan(row...); err != nil {
			t.Fatal(err)
		}
		var text []string
		for _, v := range row {
			text = append(text, shown(*v.(*any)))
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// shown is a value as PostgreSQL shows it.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool:
		if v {
			return "1"
		}
		return "0"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

func parquetRowsOf(t *testing.T, folder string, of table) [][]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	type one struct {
		turn int64
		rows [][]string
	}
	var all []one
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), parquetRun) {
			t.Errorf("the folder holds %s", e.Name())
			continue
		}
		dir := filepath.Join(folder, e.Name())
		run := read[runRow](t, filepath.Join(dir, "runs.parquet"))[0]
		rows := map[table]func(*testing.T, string) []any{runs: boxed[runRow], inputs: boxed[inputRow], rules: boxed[ruleRow], findings: boxed[findingRow], operands: boxed[operandRow]}[of](t, filepath.Join(dir, tableNames[of]+".parquet"))
		o := one{turn: run.Turn}
		for _, row := range rows {
			var text []string
			for _, v := range values(nil, row)[1:] {
				text = append(text, shown(v))
			}
			o.rows = append(o.rows, text)
		}
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b one) int { return int(a.turn - b.turn) })
	var rows [][]string
	for _, o := range all {
		rows = append(rows, o.rows...)
	}
	return rows
}

func read[Row any](t *testing.T, path string) []Row {
	t.Helper()
	rows, err := parquet.ReadFile[Row](path)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func boxed[Row any](t *testing.T, path string) []any {
	var all []any
	for _, row := range read[Row](t, path) {
		all = append(all, &row)
	}
	return all
}

// clock gives times one hour apart.
func clock() func() time.Time {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.FixedZone("", 8*3600))
	return func() time.Time {
		now = now.Add(time.Hour)
		return now
	}
}

// unit is an outcome of a unit with fails of these rules, written rule or rule:instance.
func unit(entity, period string, fails ...string) *finding.Outcome {
	o := &finding.Outcome{
		Input: finding.Input{Path: "数据/" + entity + "/" + period + ".yaml", SHA256: strings.Repeat("0a", 32), Entity: entity, Period: period, Figures: 300},
		Tally: finding.Tally{Pass: 200 - len(fails), Fail: len(fails)},
	}
	for _, fail := range fails {
		rule, instance, _ := strings.Cut(fail, ":")
		o.Findings = append(o.Findings, finding.Finding{
			Rule: rule, Title: "标题 " + rule, Pack: "juesuan", Severity: finding.Error, Verdict: finding.Fail, Input: o.Input.Path,
			Entity: entity, Period: period, Instance: instance, Message: "不符", Difference: "-0.27",
			Fingerprint: finding.Fingerprint("juesuan", rule, entity, period, instance),
		})
	}
	return o
}

func begin(t *testing.T, p place, run Run) *Store {
	t.Helper()
	s, err := p.Open(t.Context(), p.target, run)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// stored stores a whole run.
func stored(t *testing.T, p place, now func() time.Time, outcomes ...*finding.Outcome) Stored {
	t.Helper()
	s := begin(t, p, Run{Version: "1.0", Options: "{}", Now: now})
	var r finding.Report
	for _, o := range outcomes {
		if err := s.Add(o); err != nil {
			t.Fatal(err)
		}
		r.Summary.Merge(o.Tally)
		for _, f := range o.Findings {
			if !slices.ContainsFunc(r.Rules, func(x finding.Rule) bool { return x.ID == f.Rule }) {
				r.Rules = append(r.Rules, finding.Rule{ID: f.Rule, Title: f.Title, Severity: f.Severity})
			}
		}
	}
	done, err := s.End(&r, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	return done
}

// hostile is text that formats take for something else.
const hostile = "甲\t乙\n丙\\N\\.'\";--\r$1 😀 \\"

func everything() *finding.Outcome {
	o := unit("某单位", "2023", "sum", "share:projects["+hostile+"]", "near", "text", "old", "holds")
	o.Input.Absent, o.Input.Pack, o.Input.Unbound = []string{"a", "b"}, "juesuan", 3
	f := o.Findings
	f[0].Left, f[0].Right, f[0].Difference = "12345678901234567890123456789012345678901234567890.10", "0.20", "12345678901234567890123456789012345678901234567889.90"
	f[0].Allowed = &finding.Interval{Low: "-0.0058…", LowOpen: true}
	f[0].Operands = []finding.Operand{
		{Field: "total", Label: "合计", Text: "1,234.50", Value: "1234.50", Unit: "万元", Decimals: 2,
			Place: finding.Place{Path: "公开.docx", Line: 1, Column: 2, Page: 3, Cell: "表!C9", Section: "一\n二"}, Data: finding.Place{Path: "a.yaml", Line: 4, Column: 5}},
		{Field: "name", Label: hostile, Text: "", Decimals: -1, Context: true},
	}
	f[1].Message, f[1].Difference, f[1].Cause, f[1].Basis, f[1].Hint = hostile, "-0.0053…", "padded", "依据", "提示"
	f[1].Missing, f[1].Tolerance, f[1].Verdict, f[1].Severity = []string{"x", "y"}, "rounding", finding.NotEvaluated, finding.Info
	f[2].Near, f[2].Unlikely, f[2].Verdict, f[2].Severity = true, true, finding.Rounding, finding.Warning
	f[3].Left, f[3].Right, f[3].Difference = "甲", "乙", ""
	f[3].Accepted = &finding.Acceptance{Reason: "核对过", By: "张三", Until: "2026-12-31"}
	f[4].Accepted = &finding.Acceptance{Baseline: true}
	f[5].Verdict = finding.Pass
	return o
}

// What is stored of a run is what it found, with every figure as it is written, and the same in all kinds of stores.
func TestEverything(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := begin(t, p, Run{Version: "1.2", Options: `{"only":["a"]}`, All: true, Now: clock()})
		for _, o := range []*finding.Outcome{everything(), unit("乙", "2024")} {
			if err := s.Add(o); err != nil {
				t.Fatal(err)
			}
		}
		report := &finding.Report{Summary: finding.Tally{Pass: 1, Rounding: 2, Fail: 3, NotApplicable: 4, NotEvaluated: 5}, Rules: []finding.Rule{
			{ID: "sum", Title: "合计", Severity: finding.Warning, Tally: finding.Tally{Pass: 6, Rounding: 7, Fail: 8, NotApplicable: 9, NotEvaluated: 10}},
			{ID: "none", Severity: finding.Info, Unbound: finding.Unbound{Reason: "missing", Missing: []string{"u", "v"}}},
		}}
		if _, err := s.End(report, 7); err != nil {
			t.Fatal(err)
		}
		s.Close()
		zeros := strings.Repeat("0a", 32)
		want := [tables][]string{
			runs: {"2026-03-01T01:00:00Z|2026-03-01T02:00:00Z|1.2|{\"only\":[\"a\"]}|2|7|600|1|2|3|4|5|1|1|1|1|1"},
			inputs: {
				"1|数据/某单位/2023.yaml|" + zeros + "|juesuan|某单位|2023|300|3|a\nb|194|0|6|0|0|1|1|1|1|1",
				"2|数据/乙/2024.yaml|" + zeros + "||乙|2024|300|0||200|0|0|0|0|0|0|0|0|0",
			},
			rules: {"1|sum|合计|warning|6|7|8|9|10||", "2|none||info|0|0|0|0|0|missing|u\nv"},
			findings: {
				"1|juesuan|sum|标题 sum|error|fail|1|0|0|某单位|2023||不符|12345678901234567890123456789012345678901234567890.10|0.20|12345678901234567890123456789012345678901234567889.90|0|-0.0058|NULL|||||||||",
				"1|juesuan|share|标题 share|info|not_evaluated|1|0|0|某单位|2023|projects[" + hostile + "]|" + hostile + "|||-0.0053|1|NULL|NULL|rounding|padded|x\ny|依据|提示||||",
				"1|juesuan|near|标题 near|warning|rounding|1|1|1|某单位|2023||不符|||-0.27|0|NULL|NULL|||||||||",
				"1|juesuan|text|标题 text|error|fail|0|0|0|某单位|2023||不符|甲|乙|NULL|0|NULL|NULL||||||reason|核对过|张三|2026-12-31",
				"1|juesuan|old|标题 old|error|fail|0|0|0|某单位|2023||不符|||-0.27|0|NULL|NULL||||||baseline|||",
				"1|juesuan|holds|标题 holds|error|pass|0|0|0|某单位|2023||不符|||-0.27|0|NULL|NULL|||||||||",
			},
			operands: {
				"1|1|total|合计|1,234.50|1234.50|万元|2|0|公开.docx|1|2|3|表!C9|一\n二|a.yaml|4|5",
				"1|2|name|" + hostile + "||NULL||NULL|1||0|0|0||||0|0",
			},
		}
		for of, want := range want {
			var got []string
			for i, row := range p.rows(t, table(of)) {
				switch table(of) {
				case runs:
					if len(row[0]) != 64 || row[1] != "1" || row[2] != "1" {
						t.Errorf("the run has the key, turn and times %q", row[:3])
					}
					row = row[3:]
				case findings:
					if n := strconv.Itoa(i + 1); row[0] != n || len(row[2]) != 16 {
						t.Errorf("finding %s is %q", n, row[:3])
					}
					row = slices.Concat(row[1:2], row[3:])
				}
				got = append(got, strings.Join(row, "|"))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", tableNames[of], diff)
			}
		}
	})
}

// What holds is kept only where it was asked for.
func TestOnlyWhatIsTold(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		stored(t, p, clock(), everything())
		if n := len(p.rows(t, findings)); n != 5 {
			t.Errorf("%d findings", n)
		}
	})
}

// A run that comes in again is not stored again, and is the latest all the same.
func TestAgain(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		now := clock()
		a, b := unit("甲", "2024", "sum"), unit("甲", "2024", "sum", "share")
		first := stored(t, p, now, a)
		if first.Again || first.Run == "" {
			t.Errorf("the first run is %+v", first)
		}
		second := stored(t, p, now, b)
		if second.Again || second.Run == first.Run {
			t.Errorf("the second run is %+v", second)
		}
		if n := len(p.rows(t, findings)); n != 3 {
			t.Fatalf("%d findings", n)
		}
		again := stored(t, p, now, a)
		if want := (Stored{first.Run, true, "2026-03-01T01:00:00Z"}); again != want {
			t.Errorf("the third run is %+v", again)
		}
		if n := len(p.rows(t, findings)); n != 3 {
			t.Errorf("%d findings", n)
		}
		var came []string
		for _, row := range p.rows(t, runs) {
			came = append(came, strings.Join(row[1:5], " "))
		}
		slices.Sort(came)
		want := []string{"2 1 2026-03-01T03:00:00Z 2026-03-01T04:00:00Z", "3 2 2026-03-01T01:00:00Z 2026-03-01T06:00:00Z"}
		if diff := cmp.Diff(want, came); diff != "" {
			t.Error(diff)
		}
		if p.ask != nil {
			if diff := cmp.Diff([][]string{{first.Run, "1"}}, p.ask(t, "SELECT run, errors FROM latest")); diff != "" {
				t.Error(diff)
			}
		}
		// A new one has a number of its own.
		if c := stored(t, p, now, unit("甲", "2024")); c.Again || c.Run == first.Run || c.Run == second.Run {
			t.Errorf("the fourth run is %+v", c)
		}
	})
}

// Runs are in the order in which they came, whatever the clock says.
func TestClockGoesBack(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		forth := clock()
		back := func() time.Time { return forth().AddDate(-20, 0, 0) }
		stored(t, p, forth, unit("甲", "2024", "sum"))
		last := stored(t, p, back, unit("甲", "2024", "sum", "share"))
		if last.Again {
			t.Errorf("%+v", last)
		}
		if p.ask != nil {
			if diff := cmp.Diff([][]string{{last.Run, "2"}}, p.ask(t, "SELECT run, errors FROM latest")); diff != "" {
				t.Error(diff)
			}
		}
		if again := stored(t, p, back, unit("甲", "2024", "sum", "share")); again.Run != last.Run || !again.Again || len(p.rows(t, findings)) != 3 {
			t.Errorf("%+v", again)
		}
	})
}

// What rules across datasets find comes when all inputs have come, and counts for its input.
func TestAcross(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := begin(t, p, Run{})
		for _, o := range []*finding.Outcome{unit("甲", "2024", "sum"), unit("乙", "2024"), unit("丙", "2024")} {
			if err := s.Add(o); err != nil {
				t.Fatal(err)
			}
		}
		for i, o := range []*finding.Outcome{unit("丙", "2024", "opening", "stale"), unit("甲", "2024", "opening")} {
			o.Index, o.Across, o.Tally = 2-2*i, true, finding.Tally{Pass: 10, Fail: 2 - i}
			if err := s.Across(o); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.End(nothing, 0); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range p.rows(t, inputs) {
			got = append(got, strings.Join([]string{row[0], row[4], row[6], row[9], row[11], row[14]}, " "))
		}
		if diff := cmp.Diff([]string{"1 甲 300 209 2 2", "2 乙 300 200 0 0", "3 丙 300 210 2 2"}, got); diff != "" {
			t.Error(diff)
		}
		got = nil
		for _, row := range p.rows(t, findings) {
			got = append(got, strings.Join([]string{row[0], row[1], row[4]}, " "))
		}
		if diff := cmp.Diff([]string{"1 1 sum", "2 3 opening", "3 3 stale", "4 1 opening"}, got); diff != "" {
			t.Error(diff)
		}
		if row := p.rows(t, runs)[0]; row[15] != "4" {
			t.Errorf("the run is %q", row)
		}
	})
}

// Whatever is stored makes another run.
func TestKey(t *testing.T) {
	seen := map[string]string{}
	add := func(name string, run Run, broken int, o *finding.Outcome, r finding.Report) {
		t.Helper()
		p := newPlace(t, Kinds[1])
		s := begin(t, p, run)
		if err := s.Add(o); err != nil {
			t.Fatal(err)
		}
		done, err := s.End(&r, broken)
		if err != nil {
			t.Fatal(err)
		}
		if other, same := seen[done.Run]; same {
			t.Errorf("%s is the run %s", name, other)
		}
		seen[done.Run] = name
	}
	run := Run{Version: "1"}
	add("the first", run, 0, everything(), finding.Report{})
	add("another version", Run{Version: "2"}, 0, everything(), finding.Report{})
	add("other options", Run{Version: "1", Options: "x"}, 0, everything(), finding.Report{})
	add("more broken data", run, 1, everything(), finding.Report{})
	add("another rule", run, 0, everything(), finding.Report{Rules: []finding.Rule{{ID: "x"}}})
	o := everything()
	o.Input.SHA256 = strings.Repeat("0b", 32)
	add("another file", run, 0, o, finding.Report{})
	o = everything()
	o.Input.Figures++
	add("more figures", run, 0, o, finding.Report{})
	o = everything()
	o.Tally.Pass--
	add("another tally", run, 0, o, finding.Report{})
	o = everything()
	o.Findings[0].Operands[0].Text = "1,234.51"
	add("another figure", run, 0, o, finding.Report{})
}

// The tables have the columns that the types of rows have, in their order.
func TestColumns(t *testing.T) {
	p := newPlace(t, Kinds[0])
	stored(t, p, clock(), everything())
	for of, row := range [tables]any{runRow{}, inputRow{}, ruleRow{}, findingRow{}, operandRow{}} {
		want := []string{"run"}
		var fields func(reflect.Type)
		fields = func(row reflect.Type) {
			for i := range row.NumField() {
				f := row.Field(i)
				if f.Anonymous {
					fields(f.Type)
				} else if name, _, _ := strings.Cut(f.Tag.Get("parquet"), ","); name != "-" {
					want = append(want, name)
				}
			}
		}
		fields(reflect.TypeOf(row))
		var got []string
		for _, row := range p.ask(t, "SELECT name FROM pragma_table_info('"+tableNames[of]+"')") {
			got = append(got, row[0])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", tableNames[of], diff)
		}
	}
}

// Whoever gives up a run leaves what was there.
func TestClose(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		for range 2 {
			s := begin(t, p, Run{})
			if err := s.Add(everything()); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(s.Close(), s.Close()); err != nil {
				t.Fatal(err)
			}
			if p.File() {
				if left, _ := filepath.Glob(filepath.Join(globbed(filepath.Dir(p.target)), "*")); left != nil {
					t.Errorf("left: %v", left)
				}
			}
		}
		stored(t, p, clock(), unit("甲", "2024", "sum"))
		s := begin(t, p, Run{})
		if err := s.Add(everything()); err != nil {
			t.Fatal(err)
		}
		s.Close()
		if n := len(p.rows(t, findings)); n != 1 {
			t.Errorf("%d findings", n)
		}
		if p.File() {
			if left, _ := filepath.Glob(filepath.Join(globbed(filepath.Dir(p.target)), "*")); len(left) != 1 {
				t.Errorf("left: %v", left)
			}
		}
	})
}

// An interrupted run ends without a word of its own, and leaves nothing.
func TestInterrupted(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		stored(t, p, clock(), unit("甲", "2024", "sum"))
		ctx, cancel := context.WithCancel(t.Context())
		s, err := p.Open(ctx, p.target, Run{})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		for range 100_000 {
			if err = s.Add(everything()); err != nil {
				break
			}
		}
		if err == nil {
			t.Error("it does not end")
		}
		s.Close()
		if n := len(p.rows(t, findings)); n != 1 {
			t.Errorf("%d findings", n)
		}
	})
}

// said is an error in both languages, which tells of its target.
func said(t *testing.T, k Kind, target string, err error) (zh, en string) {
	t.Helper()
	var path *fs.PathError
	if !errors.As(err, &path) {
		t.Fatalf("%v", err)
	}
	if want := k.Show(target); path.Path != want {
		t.Errorf("it tells of %s, not of %s", path.Path, want)
	}
	return words.Explain(path.Err, "zh"), words.Explain(path.Err, "en")
}

func refused(t *testing.T, k Kind, target, zh, en string) {
	t.Helper()
	s, err := k.Open(t.Context(), target, Run{})
	if err == nil {
		s.Close()
		t.Fatalf("%s is taken", target)
	}
	gotZH, gotEN := said(t, k, target, err)
	if gotZH != zh || gotEN != en {
		t.Errorf("%s: %q, %q", target, gotZH, gotEN)
	}
}

func TestRefusedSQLite(t *testing.T) {
	k := Kinds[0]
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := file("text.sqlite", strings.Repeat("no database\n", 100))
	refused(t, k, text, "不是 SQLite 数据库", "is no SQLite database")
	refused(t, k, file("short.sqlite", "x"), "不是 SQLite 数据库", "is no SQLite database")
	if content, _ := os.ReadFile(text); string(content) != strings.Repeat("no database\n", 100) {
		t.Error("the file was changed")
	}
	refused(t, k, dir, "是文件夹", "is a folder")
	refused(t, k, filepath.Join(dir, "none", "x.sqlite"), "没有这个文件或文件夹", "no such file or folder")
	refused(t, k, filepath.Join(text, "x.sqlite"), "路径中有一段不是文件夹", "a part of the path is no folder")

	p := place{Kind: k, target: filepath.Join(dir, "new.sqlite")}
	stored(t, p, clock(), everything())
	change := func(path string, statements ...string) {
		t.Helper()
		db, err := sql.Open("sqlite", sqliteName(path, nil))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	change(p.target, "UPDATE gouji_store SET version = 9")
	refused(t, k, p.target, "其中的结果表是第 9 版，这个 gouji 只认第 1 版；请写入另一个库，或换用写它的 gouji",
		"its tables of results are of version 9, and this gouji knows version 1; write to another database, or use the gouji that wrote it")
	other := filepath.Join(dir, "other.sqlite")
	change(other, "CREATE TABLE findings (x)")
	refused(t, k, other, "其中已有同名的表或视图，不是 gouji 的；请写入另一个库（PostgreSQL 也可用 ?search_path=模式名）",
		"it holds tables or views of the same names that are not gouji's; write to another database, or in PostgreSQL to another schema with ?search_path=NAME")
	if got := askSQLite(t, other, "SELECT name FROM sqlite_master"); len(got) != 1 {
		t.Errorf("it now holds %v", got)
	}
	// An empty file is an empty database, as SQLite itself says.
	empty := place{Kind: k, target: file("empty.sqlite", "")}
	stored(t, empty, clock(), everything())
}

// Where another database has appeared meanwhile, it stays.
func TestAppeared(t *testing.T) {
	p := newPlace(t, Kinds[0])
	slow := begin(t, p, Run{})
	stored(t, p, clock(), everything())
	_, err := slow.End(&finding.Report{}, 0)
	zh, en := said(t, p.Kind, p.target, err)
	if zh != "运行期间出现了这个文件，没有覆盖它；请再运行一次" || en != "the file appeared in the meantime and was not overwritten; run it again" {
		t.Errorf("%q, %q", zh, en)
	}
	if n := len(p.ask(t, "SELECT * FROM inputs")); n != 1 {
		t.Errorf("%d inputs", n)
	}
}

func TestRefusedParquet(t *testing.T) {
	k := Kinds[1]
	dir := t.TempDir()
	file := filepath.Join(dir, "a.parquet")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	refused(t, k, file, "是文件；Parquet 结果写入文件夹，每次运行一个子文件夹", "is a file; results in Parquet go into a folder, one folder a run")
	refused(t, k, dir, "文件夹中有别的文件（a.parquet）；请写入空文件夹或新文件夹", "the folder holds something else, a.parquet; write to an empty or a new folder")
	refused(t, k, filepath.Join(dir, "none", "x.parquet"), "没有这个文件或文件夹", "no such file or folder")
}

func TestByTarget(t *testing.T) {
	for target, want := range map[string]string{
		"a.sqlite": "sqlite", "A.SQLITE": "sqlite", "x/a.db": "sqlite", "a.parquet": "parquet", "a.parquet/": "parquet",
		"postgres://u@h/d": "postgres", "postgresql:///d?x=.sqlite": "postgres", "a.json": "", "postgres": "", "": "",
	} {
		if k, _ := ByTarget(target); k.Name != want {
			t.Errorf("%s is %q", target, k.Name)
		}
	}
}

func TestPlain(t *testing.T) {
	for figure, want := range map[string]struct {
		digits decimal
		cut    bool
	}{
		"": {}, "0": {"0", false}, "-0.27": {"-0.27", false}, "-0.0053…": {"-0.0053", true}, "12": {"12", false}, "甲": {}, "1,234": {}, "47.20%": {}, "-": {},
		"…": {}, "1.": {}, ".5": {}, "1.2.3": {}, "1e5": {}, "--1": {}, "NaN": {}, "Infinity": {},
	} {
		if digits, cut := plain(figure); digits != want.digits || cut != want.cut {
			t.Errorf("%q is %q, %v", figure, digits, cut)
		}
	}
}

// TestSums: inputs within a file have its hash, which is known when all were stored.
func TestSums(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s, err := p.Open(t.Context(), p.target, Run{Version: "1"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for _, in := range []finding.Input{
			{Path: "a.jsonl:1", Within: "a.jsonl", Entity: "甲"}, {Path: "b.jsonl:1", Within: "b.jsonl", Entity: "乙"}, {Path: "c.yaml", SHA256: "c", Entity: "丙"},
		} {
			if err := s.Add(&finding.Outcome{Input: in}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.End(&finding.Report{Files: []finding.File{{Path: "a.jsonl", SHA256: "a"}}}, 0); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range p.rows(t, inputs) {
			got = append(got, row[1]+" "+row[2])
		}
		slices.Sort(got)
		if diff := cmp.Diff([]string{"a.jsonl:1 a", "b.jsonl:1 ", "c.yaml c"}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
