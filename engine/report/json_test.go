package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

// validate checks JSON text against the published schema, or one of its definitions ("#/$defs/finding").
func validate(t *testing.T, part, text string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(report.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:gouji:report:1", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("urn:gouji:report:1" + part)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func TestJSONFollowsItsSchema(t *testing.T) {
	for name, r := range map[string]*finding.Report{
		"realistic": realistic(),
		"accepted":  tallied(1, nil, accepted()...),
		"word":      word(realistic().Findings...),
		"workbook":  workbook(realistic().Findings...),
		"empty":     {},
		"no texts":  {Findings: []finding.Finding{about(finding.Finding{Rule: "r", Operands: []finding.Operand{{Decimals: -1}}})}},
	} {
		if err := validate(t, "", render(t, "json", r, report.Options{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The schema must be able to say no, or the test above is worth nothing.
func TestSchemaIsStrict(t *testing.T) {
	good := render(t, "json", realistic(), report.Options{})
	for _, change := range [][2]string{
		{`"format": "gouji.report/1"`, `"format": "gouji.report/2"`},
		{`"near": false`, `"near": "no"`},
		{`"left": "135.56"`, `"left": 135.56`},
		{`"accepted": null,`, ``},
		{`"basis":`, `"extra": 1, "basis":`},
		{`"line": 121`, `"line": "121"`},
		{`"page": 0,`, ``},
		{`"section": []`, `"section": ""`},
		{`"severity": "error"`, `"severity": "fatal"`},
		{`"unbound": null`, `"unbound": false`},
		{`"missing": []`, `"missing": null`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Errorf("the output has no %s", change[0])
		} else if validate(t, "", bad) == nil {
			t.Errorf("the schema accepts %s", change[1])
		}
	}
}

func TestJSON(t *testing.T) {
	f := wrongShare()
	f.Operands = append(f.Operands[:1], finding.Operand{Field: "note", Label: "说明", Text: "<无 & 空>", Decimals: -1})
	r := tallied(180, []finding.Input{input2023}, f, accepted()[0])
	r.Rules = append(r.Rules, idle("fund-parts", "政府性基金支出小计等于基本加项目", "missing", "funds.total"), idle("fund-sum", "基金合计", "empty-list"))
	golden(t, "report.json.golden", render(t, "json", r, report.Options{}))
}

func TestJSONLIsTheFindingsOfJSON(t *testing.T) {
	r := realistic()
	var whole struct{ Findings []any }
	if err := json.Unmarshal([]byte(render(t, "json", r, report.Options{})), &whole); err != nil {
		t.Fatal(err)
	}
	var lines []any
	for line := range strings.Lines(render(t, "jsonl", r, report.Options{})) {
		if err := validate(t, "#/$defs/finding", line); err != nil {
			t.Error(err)
		}
		var f any
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, f)
	}
	if len(lines) != len(r.Findings) {
		t.Errorf("%d lines for %d findings", len(lines), len(r.Findings))
	}
	if diff := cmp.Diff(whole.Findings, lines); diff != "" {
		t.Error(diff)
	}
}
