package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/source"
)

// A report that was read again says all that the format holds.
func TestReadJSON(t *testing.T) {
	for name, r := range map[string]*finding.Report{
		"realistic": realistic(), "accepted": tallied(1, []finding.Input{input2023}, accepted()...), "pdf": pdf(realistic().Findings...), "empty": {},
	} {
		got, list := report.ReadJSON(source.New("r.json", []byte(render(t, "json", r, report.Options{}))))
		if got == nil {
			t.Fatal(list)
		}
		want := *r
		want.Labels, want.Suspects = nil, nil
		want.Inputs = nil
		for _, in := range r.Inputs {
			in.Document, in.Pack = false, ""
			want.Inputs = append(want.Inputs, in)
		}
		if diff := cmp.Diff(&want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReadJSONFaults(t *testing.T) {
	for _, test := range []struct{ content, want string }{
		{"", "r.json:1:1: error: not valid JSON: EOF [json-syntax]"},
		{"{\n  oops", "r.json:2:3: error: not valid JSON: invalid character 'o' looking for beginning of object key string [json-syntax]"},
		{"[]", "r.json:1:1: error: this is no report of the format gouji.report/1 [want-report]"},
		{`{"format": "gouji.report/2"}`, "r.json:1:1: error: this is no report of the format gouji.report/1 [want-report]"},
		{`{"format": "gouji.report/1", "findings": 1}`, "r.json:1:1: error: this is no report of the format gouji.report/1 [want-report]"},
		{`{"format": "gouji.report/1", "later": 1}`, ""},
	} {
		got, list := report.ReadJSON(source.New("r.json", []byte(test.content)))
		text := ""
		if len(list) > 0 {
			text = list[0].String()
		}
		if text != test.want || (got == nil) != (text != "") {
			t.Errorf("%q: %s", test.content, text)
		}
	}
}

// twoReports are reports of which everything that can change does.
func twoReports() (old, now *finding.Report) {
	worse, other, renewed := wrongShare(), wrongRate(), nearSame()
	was := wrongShare()
	was.Verdict, was.Severity, was.Difference = finding.Rounding, finding.Info, "-0.0021…"
	was.Operands[1].Text = "409.28"
	before := wrongRate()
	before.Operands[0].Text, before.Difference = "4.58%", "-0.3696…"
	ended := nearSame()
	ended.Accepted = &finding.Acceptance{Reason: "两处口径不同"}
	fresh := accepted()[0]
	inputs := []finding.Input{input2023, input2022}
	old = tallied(180, inputs, was, before, ended, roundingTotal(), unlikelySum())
	now = tallied(180, inputs[:1], worse, other, renewed, fresh, zeroBase(), unlikelySum())
	left := wrongSum()
	left.Input, left.Period, left.Instance = path2022, "2022", "y"
	left.Fingerprint = finding.Fingerprint(left.Pack, left.Rule, left.Entity, left.Period, left.Instance)
	old.Findings = append(old.Findings, left)
	return old, now
}

func TestDiffTable(t *testing.T) {
	c := finding.Compare(twoReports())
	for name, o := range map[string]report.Options{
		"diff": {Lang: "zh"}, "diff-all": {Lang: "zh", All: true, Width: 80}, "diff-english": {Lang: "en"},
	} {
		var out bytes.Buffer
		if err := report.DiffFormats[0].Write(&out, &c, report.DiffOptions{Options: o}); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".golden", out.String())
	}
	same := finding.Compare(realistic(), realistic())
	var out bytes.Buffer
	if err := report.DiffFormats[0].Write(&out, &same, report.DiffOptions{}); err != nil || out.String() != "nothing changed, same 36.\n" {
		t.Errorf("%v %q", err, out.String())
	}
}

func TestDiffJSONFollowsItsSchema(t *testing.T) {
	c := finding.Compare(twoReports())
	var out bytes.Buffer
	if err := report.DiffFormats[1].Write(&out, &c, report.DiffOptions{Version: "1"}); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	for _, text := range []string{report.Schema, report.DiffSchema} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(doc.(map[string]any)["$id"].(string), doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile("urn:gouji:diff:1")
	if err != nil {
		t.Fatal(err)
	}
	valid := func(text string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	if err := valid(out.String()); err != nil {
		t.Error(err)
	}
	for _, change := range [][2]string{{`"worse": 2`, `"worse": "2"`}, {`"kind": "new"`, `"kind": "old"`}, {`"aspects": []`, `"aspects": null`}, {`"left": `, `"lefty": `}} {
		if bad := strings.Replace(out.String(), change[0], change[1], 1); bad == out.String() || valid(bad) == nil {
			t.Errorf("the schema takes %s", change[1])
		}
	}
}
