package acceptance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/source"
)

func written(t *testing.T, b *acceptance.Baseline) string {
	t.Helper()
	var out strings.Builder
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestBaselineIsWrittenLineByLine(t *testing.T) {
	first, second := wrong("a<b", "-0.01", "1,141.36", "2%"), wrong("", "0.5")
	second.Missing, second.Verdict, second.Severity = []string{"c"}, finding.NotEvaluated, finding.Info
	reasoned, old, holds := wrong("r", ""), wrong("o", ""), wrong("p", "")
	reasoned.Accepted = &finding.Acceptance{Reason: "是"}
	old.Accepted = &finding.Acceptance{Baseline: true}
	holds.Verdict = finding.Pass
	all := []finding.Finding{first, second, reasoned, old, holds, first}
	got := written(t, acceptance.NewBaseline(&finding.Report{Findings: all}, finding.Info))
	want := `{
  "format": "gouji.baseline/1",
  "findings": [
    {"entity":"甲","period":"2023","rule":"sum","instance":"","verdict":"not_evaluated","severity":"info","difference":"0.5","values":{"c":[]},"fingerprint":"` + second.Fingerprint + `"},
    {"entity":"甲","period":"2023","rule":"sum","instance":"a<b","verdict":"fail","severity":"error","difference":"-0.01","values":{"a":["1,141.36"],"b":["2%"]},"fingerprint":"` + first.Fingerprint + `"},
    {"entity":"甲","period":"2023","rule":"sum","instance":"o","verdict":"fail","severity":"error","difference":"","values":{},"fingerprint":"` + old.Fingerprint + `"}
  ]
}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	slices.Reverse(all)
	slices.Reverse(all[0].Operands)
	if again := written(t, acceptance.NewBaseline(&finding.Report{Findings: all}, finding.Info)); again != got {
		t.Errorf("in another order it is\n%s", again)
	}
	read, list := acceptance.ReadBaseline(source.New("b", []byte(got)))
	if len(list) > 0 {
		t.Fatal(list)
	}
	if again := written(t, read); again != got {
		t.Errorf("read and written again it is\n%s", again)
	}
	if at := read.Old[1].Place; at != (finding.Place{Path: "b", Line: 5, Column: 5}) {
		t.Errorf("the second finding stands at %v", at)
	}
	if n := len(acceptance.NewBaseline(&finding.Report{Findings: all}, finding.Error).Old); n != 3 {
		t.Errorf("%d errors", n)
	}
	for _, text := range []string{got, written(t, &acceptance.Baseline{})} {
		if err := validate(t, text); err != nil {
			t.Error(err)
		}
	}
	for _, change := range [][2]string{{"baseline/1", "baseline/2"}, {`"verdict":"fail"`, `"verdict":"pass"`}, {`{"c":[]}`, `{"c":""}`}, {`"period":"2023",`, ""}} {
		if bad := strings.Replace(got, change[0], change[1], 1); bad == got || validate(t, bad) == nil {
			t.Errorf("the schema takes %s", change[1])
		}
	}
}

func validate(t *testing.T, text string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(acceptance.BaselineSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("s", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("s")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func TestReadBaselineFaults(t *testing.T) {
	for _, test := range []struct{ content, want string }{
		{"", "json-syntax"},
		{"{}", "want-baseline"},
		{"[]", "want-baseline"},
		{`{"format": "gouji.report/1", "findings": []}`, "want-baseline"},
		{`{"format": "gouji.baseline/2", "findings": []}`, "want-baseline"},
		{`{"format": "gouji.baseline/1"}`, "want-baseline"},
		{`{"format": "gouji.baseline/1", "findings": [`, "json-syntax"},
		{`{"format": "gouji.baseline/1", "findings": [}`, "json-syntax"},
		{`{"format": "gouji.baseline/1", "findings": [{}]}`, "want-baseline"},
		{`{"format": "gouji.baseline/1", "findings": [{"verdict": 1}]}`, "json-syntax"},
		{`{"format": "gouji.baseline/1", "later": [1, {"a": 2}], "findings": []}`, ""},
	} {
		b, list := acceptance.ReadBaseline(source.New("b", []byte(test.content)))
		var codes []string
		for _, d := range list {
			codes = append(codes, string(d.Code))
		}
		if got := strings.Join(codes, " "); got != test.want || (b == nil) != (got != "") {
			t.Errorf("%s: %q, want %q", test.content, got, test.want)
		}
	}
}

func TestBaselineApply(t *testing.T) {
	was := wrong("x", "-0.02", "1.00", "2.00")
	was.Verdict, was.Severity = finding.Rounding, finding.Warning
	for _, test := range []struct {
		name   string
		change func(f *finding.Finding)
		want   string
	}{
		{"the same", func(*finding.Finding) {}, "kept"},
		{"other words", func(f *finding.Finding) { f.Message, f.Cause, f.Input = "m", "c", "elsewhere" }, "kept"},
		{"a smaller difference", func(f *finding.Finding) { f.Difference = "0.01" }, "kept"},
		{"the other direction", func(f *finding.Finding) { f.Difference = "0.02" }, "kept"},
		{"a lower severity", func(f *finding.Finding) { f.Severity = finding.Info }, "kept"},
		{"a greater difference", func(f *finding.Finding) { f.Difference = "0.0200…" }, "kept"},
		{"a greater difference", func(f *finding.Finding) { f.Difference = "0.0201…" }, "worse difference -0.02 0.0201…"},
		{"a higher severity", func(f *finding.Finding) { f.Severity = finding.Error }, "worse severity warning error"},
		{"a fail", func(f *finding.Finding) { f.Verdict = finding.Fail }, "worse verdict rounding fail"},
		{"not evaluated", func(f *finding.Finding) { f.Verdict = finding.NotEvaluated }, "worse verdict rounding not_evaluated"},
		{"another figure", func(f *finding.Finding) { f.Operands[1].Text, f.Difference = "2.01", "-0.01" }, "changed b 2.00 2.01"},
		{"another instance", func(f *finding.Finding) { f.Fingerprint = "0" }, "new, gone"},
		{"it holds", func(f *finding.Finding) { f.Verdict = finding.Pass }, "gone"},
		{"accepted", func(f *finding.Finding) { f.Accepted = &finding.Acceptance{Reason: "是"} }, "accepted"},
	} {
		now := wrong("x", "-0.02", "1.00", "2.00")
		now.Verdict, now.Severity = finding.Rounding, finding.Warning
		test.change(&now)
		b, _ := acceptance.ReadBaseline(source.New("b", []byte(written(t, acceptance.NewBaseline(&finding.Report{Findings: []finding.Finding{was}}, finding.Info)))))
		r := &finding.Report{Inputs: []finding.Input{{Path: input, Entity: "甲", Period: "2023"}}, Findings: []finding.Finding{now}}
		_, out := apply(r, nil, b)
		var got []string
		drift := func(word string, all []acceptance.Drift) {
			for _, d := range all {
				got = append(got, fmt.Sprint(word, " ", d.Change.Field, " ", d.Change.Was, " ", d.Change.Is))
			}
		}
		drift("worse", out.Worse)
		drift("changed", out.Changed)
		switch a := r.Findings[0].Accepted; {
		case a != nil && !a.Baseline:
			got = append(got, "accepted")
		case a != nil && out.Kept == 1:
			got = append(got, "kept")
		case len(got) == 0 && now.Told():
			got = append(got, "new")
		}
		if len(out.Gone) > 0 {
			got = append(got, "gone")
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
	}
}

// What was not looked at is not gone: another year, or a rule that did not run.
func TestBaselineGone(t *testing.T) {
	other, rate := wrong("x", ""), wrong("y", "")
	other.Period, other.Fingerprint = "2022", "1"
	rate.Rule, rate.Fingerprint = "rate", "2"
	b := acceptance.NewBaseline(&finding.Report{Findings: []finding.Finding{other, rate, wrong("z", "")}}, finding.Info)
	_, out := apply(&finding.Report{Inputs: []finding.Input{{Path: input, Entity: "甲", Period: "2023"}}}, nil, b)
	if len(out.Gone) != 1 || out.Gone[0].Instance != "z" {
		t.Errorf("gone: %v", out.Gone)
	}
}

// Two inputs may be of one unit and year, with other figures.
func TestBaselineHoldsEither(t *testing.T) {
	data, document := wrong("x", "1", "1"), wrong("x", "2", "2")
	document.Input = "甲.docx"
	r := &finding.Report{Findings: []finding.Finding{document, data}}
	_, out := apply(r, nil, acceptance.NewBaseline(r, finding.Info))
	if out.Kept != 2 || r.Worst() != 0 {
		t.Errorf("%+v", out)
	}
}

// What drifted is told of as it was found, whatever becomes of the order of the report.
func TestDriftIsTheFindingItself(t *testing.T) {
	was, now := wrong("x", "", "1"), wrong("x", "", "2")
	r := &finding.Report{Findings: []finding.Finding{now, wrong("y", "", "1")}}
	_, out := apply(r, nil, acceptance.NewBaseline(&finding.Report{Findings: []finding.Finding{was}}, finding.Info))
	slices.Reverse(r.Findings)
	if out.Changed[0].Finding.Instance != "x" {
		t.Errorf("it became %q", out.Changed[0].Finding.Instance)
	}
}
