package report_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	// It carries the official schema, which is not ours to keep here.
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

// sarifSchema is the official schema of SARIF 2.1.0, a constant of the package above.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(lit.Value) > len(text) {
			text, _ = strconv.Unquote(lit.Value)
		}
		return true
	})
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("urn:sarif", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("urn:sarif")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestSARIFFollowsTheSchema(t *testing.T) {
	schema := sarifSchema(t)
	for name, r := range map[string]*finding.Report{
		"realistic": realistic(), "accepted": tallied(1, []finding.Input{input2023}, accepted()...),
		"word": word(realistic().Findings...), "pdf": pdf(realistic().Findings...), "workbook": workbook(realistic().Findings...),
		"empty": {}, "no texts": {Findings: []finding.Finding{about(finding.Finding{Rule: "r", Operands: []finding.Operand{{Decimals: -1}}})}},
	} {
		for _, o := range []report.Options{{}, {Lang: "zh", All: true}} {
			text := render(t, "sarif", r, o)
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := sarif.FromString(text); err != nil {
				t.Errorf("%s: another reader: %v", name, err)
			}
		}
	}
	// It must be able to say no.
	bad := strings.Replace(render(t, "sarif", realistic(), report.Options{}), `"startLine": 36`, `"startLine": 0`, 1)
	if value, err := jsonschema.UnmarshalJSON(strings.NewReader(bad)); err != nil || schema.Validate(value) == nil {
		t.Error("the schema accepts a line 0")
	}
}

func TestSARIF(t *testing.T) {
	r := tallied(180, []finding.Input{input2023}, wrongShare(), roundingTotal(), accepted()[0])
	golden(t, "report.sarif.golden", render(t, "sarif", r, report.Options{Lang: "zh"}))
}

// log is a SARIF log as far as tests ask.
type log struct {
	Runs []struct {
		Tool struct {
			Driver struct{ Rules []struct{ ID string } }
		}
		Invocations []struct {
			ToolExecutionNotifications []struct{ Level, Message any }
		}
		Artifacts []struct{ Location struct{ URI string } }
		Results   []struct {
			RuleID, Level, Kind string
			RuleIndex           int
			Message             struct{ Text string }
			Locations           []location
			RelatedLocations    []location
			PartialFingerprints map[string]string
			Suppressions        []struct{ Kind, Justification string }
		}
	}
}

type location struct {
	PhysicalLocation struct {
		ArtifactLocation struct{ URI string }
		Region           *struct{ StartLine, StartColumn int }
	}
	LogicalLocations []struct{ Name, FullyQualifiedName, Kind string }
}

func parseSARIF(t *testing.T, r *finding.Report, o report.Options) log {
	t.Helper()
	var l log
	if err := json.Unmarshal([]byte(render(t, "sarif", r, o)), &l); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestSARIFTellsWhatMatters: fails and what is as bad are results, what is accepted is a suppressed one, the rest is
// counted, and with All everything is there.
func TestSARIFTellsWhatMatters(t *testing.T) {
	r := realistic()
	for _, f := range accepted() {
		f.Instance = "elsewhere"
		f.Fingerprint = finding.Fingerprint(f.Pack, f.Rule, f.Entity, f.Period, f.Instance)
		r.Findings = append(r.Findings, f)
	}
	for _, all := range []bool{false, true} {
		run := parseSARIF(t, r, report.Options{All: all}).Runs[0]
		told := map[string]bool{}
		for _, result := range run.Results {
			told[result.PartialFingerprints["gouji/v1"]] = true
			if rule := run.Tool.Driver.Rules[result.RuleIndex]; rule.ID != result.RuleID {
				t.Errorf("%s has the rule %s", result.RuleID, rule.ID)
			}
			if (result.Kind == "fail") == (result.Level == "none") {
				t.Errorf("%s is %s and %s", result.RuleID, result.Kind, result.Level)
			}
		}
		for _, f := range r.Findings {
			want := all || f.Accepted != nil || f.Verdict == finding.Fail || f.Severity >= finding.Warning
			if told[f.Fingerprint] != want {
				t.Errorf("all %v: %s %s is told: %v", all, f.Rule, f.Verdict, !want)
			}
		}
		if n := len(run.Invocations[0].ToolExecutionNotifications); (n == 0) != all {
			t.Errorf("all %v: %d notifications", all, n)
		}
	}
}

// TestSARIFPlaces: lines are those of a file that is there.
func TestSARIFPlaces(t *testing.T) {
	for _, test := range []struct {
		report *finding.Report
		want   []string
	}{
		{tallied(1, nil, nearSame()), []string{
			"datasets/ordos-keji/2023.yaml 18:11 收支总体.本年支出合计 | 2023年度单位决算公开报告 45:12",
			"datasets/ordos-keji/2023.yaml 35:11 支出.本年支出合计 | 2023年度单位决算公开报告 62:40"}},
		{pdf(nearSame()), []string{
			"%E5%86%B3%E7%AE%97%E5%85%AC%E5%BC%80.pdf 收支总体.本年支出合计 | 第7页",
			"%E5%86%B3%E7%AE%97%E5%85%AC%E5%BC%80.pdf 支出.本年支出合计 | 第19页表3!C5"}},
		{workbook(nearSame()), []string{
			"%E5%86%B3%E7%AE%97%E8%A1%A8.xlsx 收支总体.本年支出合计 | 支出决算表!C5",
			"%E5%86%B3%E7%AE%97%E8%A1%A8.xlsx 支出.本年支出合计 | 支出决算表!D5"}},
		{inFile("a b.txt", []finding.Place{{Line: 3, Column: 9}}, []finding.Finding{nearSame()}), []string{
			"a%20b.txt 3:9 收支总体.本年支出合计", "a%20b.txt 3:9 支出.本年支出合计"}},
	} {
		result := parseSARIF(t, test.report, report.Options{Lang: "zh"}).Runs[0].Results[0]
		var got []string
		for _, l := range result.RelatedLocations {
			text := l.PhysicalLocation.ArtifactLocation.URI
			if at := l.PhysicalLocation.Region; at != nil {
				text += fmt.Sprintf(" %d:%d", at.StartLine, at.StartColumn)
			}
			for i, logical := range l.LogicalLocations {
				text += []string{" ", " | "}[min(i, 1)] + logical.Name
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(result.RelatedLocations[0].PhysicalLocation, result.Locations[0].PhysicalLocation); diff != "" {
			t.Errorf("the result stands elsewhere than its first figure:\n%s", diff)
		}
	}
}

// many is a report of so many fails, warnings among them.
func many(n int) *finding.Report {
	r := &finding.Report{}
	for i := range n / 50 {
		r.Inputs = append(r.Inputs, finding.Input{Path: fmt.Sprintf("datasets/%04d.yaml", i), Entity: fmt.Sprintf("某单位%d", i), Period: "2023"})
	}
	for i := range n {
		f := wrongShare()
		if i%10 == 9 {
			f = wrongSum()
		}
		in := r.Inputs[i*len(r.Inputs)/n]
		f.Input, f.Entity, f.Instance = in.Path, in.Entity, fmt.Sprintf("items[%d]", i)
		f.Fingerprint = finding.Fingerprint(f.Pack, f.Rule, f.Entity, f.Period, f.Instance)
		f.Operands = f.Operands[:1]
		f.Operands[0].Data.Path = in.Path
		r.Summary.Add(f.Verdict)
		r.Findings = append(r.Findings, f)
	}
	r.Rules = []finding.Rule{
		{ID: "expenditure-share", Severity: finding.Warning, Tally: finding.Tally{Fail: n - n/10}},
		{ID: "procurement-sme-by-kind", Severity: finding.Error, Tally: finding.Tally{Fail: n / 10}},
	}
	return r
}

// TestSARIFLimits: beyond what GitHub takes the worst stay, and what is left out is counted.
func TestSARIFLimits(t *testing.T) {
	const n = 25_100
	r := many(n)
	for i := range r.Findings {
		f := &r.Findings[i]
		*f = finding.Finding{Rule: f.Rule, Severity: f.Severity, Verdict: f.Verdict, Input: f.Input}
	}
	whole := render(t, "sarif", r, report.Options{})
	for text, want := range map[string]int{`"ruleId"`: 25_000, `"kind": "fail",` + "\n" + `     "level": "error"`: n / 10, "100 are left out": 1} {
		if got := strings.Count(whole, text); got != want {
			t.Errorf("%s stands there %d times, want %d", text, got, want)
		}
	}

	f := wrongSum()
	f.Message = strings.Repeat("长", 5000)
	f.Title = strings.Repeat("题", 5000)
	f.Hint = f.Message
	for i := range 500 {
		f.Operands = append(f.Operands, amount(fmt.Sprint(i), "数", "1.00", i+1, 1, i+1))
	}
	text := render(t, "sarif", tallied(1, nil, f), report.Options{})
	run := parseSARIF(t, tallied(1, nil, f), report.Options{}).Runs[0]
	if got := len([]rune(run.Results[0].Message.Text)); got > 1024 {
		t.Errorf("a message of %d characters", got)
	}
	if got := len(run.Results[0].RelatedLocations); got != 100 {
		t.Errorf("%d related locations", got)
	}
	if len(text) > 200_000 {
		t.Errorf("%d bytes for one result", len(text))
	}
}

// TestSARIFMessagesAreText: what reports print is no link and no argument.
func TestSARIFMessagesAreText(t *testing.T) {
	f := wrongSum()
	f.Message = "[点此](http://example.org) {0}"
	f.Operands = f.Operands[:1]
	f.Operands[0].Label = "a](b)"
	got := parseSARIF(t, tallied(1, nil, f), report.Options{}).Runs[0].Results[0].Message.Text
	if want := `[点此]\(http://example.org) {{0}}` + "\n" + `figures: [a\](b) 135.56 万元](1)`; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
