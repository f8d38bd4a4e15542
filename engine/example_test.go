package engine_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
)

// Check judges files and folders. What is worth telling comes back as findings, worst first.
func ExampleCheck() {
	result, err := engine.Check(context.Background(), []string{"testdata/manual/2024.yaml"}, engine.Options{
		Rules: "testdata/manual/shop",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range result.Report.Findings {
		fmt.Println(f.Severity, f.Verdict, f.Rule, f.Message)
	}
	fmt.Println(result.Report.Worst() == finding.Error)
	// Output:
	// error fail part-share 乙印 33.35%，应为 33.33%
	// info rounding parts-sum 合计 100.00，各分项之和 99.99，相差 0.01
	// true
}

// The report is written in one of the formats of package report.
func ExampleCheck_write() {
	result, err := engine.Check(context.Background(), []string{"testdata/manual/2024.yaml"}, engine.Options{
		Rules:   "testdata/manual/shop",
		Options: run.Options{Only: []string{"parts-sum"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	format, _ := report.Lookup("table")
	if err := format.Write(os.Stdout, result.Report, report.Options{Lang: "zh", Width: 80}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 某单位 2024
	//   数据 testdata/manual/2024.yaml，5 个数字，精度 2 位小数
	//   报告 2024年度公开报告，位置写作 行:列
	//   没有不符。尾差 1（四舍五入，不算错）。
	// 级别  检查结果                      差额(允许)  位置(数据)
	// ──────────────────────────────────────────────────────────
	// 尾差  合计等于各分项之和 parts-sum        0.01  12–14
	//
	// 共 1 处：尾差 1。规则 1 条。
}

// A report of one's own: which figures took part in each fail, where they stand, and by how much it may differ.
func ExampleCheck_report() {
	result, err := engine.Check(context.Background(), []string{"testdata/manual"}, engine.Options{
		Rules:   "testdata/manual/shop",
		Options: run.Options{Skip: []string{"restated"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range result.Report.Findings {
		if f.Verdict != finding.Fail {
			continue
		}
		fmt.Printf("%s %s：%s\n", f.Entity, f.Period, f.Title)
		fmt.Printf("  %s: %s, allowed %s to %s, cause %s\n",
			f.Instance, f.Difference, f.Allowed.Low, f.Allowed.High, cmp.Or(f.Cause, "unknown"))
		for _, o := range f.Operands {
			fmt.Printf("  %s %s at %s:%d:%d\n", o.Label, o.Text, o.Place.Path, o.Place.Line, o.Place.Column)
		}
	}
	// Output:
	// 某单位 2024：占比按合计计算
	//   parts[乙]: 0.02, allowed -0.011666… to 0.011666…, cause unknown
	//   乙·占比 33.35% at 2024年度公开报告:14:15
	//   乙·金额 33.33 at 2024年度公开报告:14:5
	//   合计 100.00 at 2024年度公开报告:12:8
}

// What is wrong with data files and packs are diagnostics. The other datasets are still judged.
func ExampleCheck_diagnostics() {
	result, err := engine.Check(context.Background(), []string{"testdata/manual/wrong.yaml", "testdata/manual/2024.yaml"},
		engine.Options{Rules: "testdata/manual/shop"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range result.Diagnostics {
		fmt.Println(d.Span, d.Message(diag.English))
		fmt.Println(d.Hint(diag.English))
	}
	fmt.Println(len(result.Report.Inputs), "dataset judged")
	// Output:
	// testdata/manual/wrong.yaml:3:1 unknown field "合记"
	// did you mean "合计"?
	// 1 dataset judged
}

// A published document that is read by itself: what it is, how much of it was understood, and a dataset to keep.
func ExampleReadDocument() {
	d, diagnostics, err := engine.ReadDocument(context.Background(), "testdata/documents/公开.txt", engine.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Header.Entity, d.Header.Period, len(diagnostics))
	fmt.Printf("%+v\n", d.Reading.Coverage())
	for _, f := range d.Reading.Facts {
		if f.Field == "" {
			fmt.Printf("%s%s %s at %v\n", f.Text, f.Unit, f.Subject, d.Reading.Cite(&f))
		}
	}
	data, _ := d.Data()
	fmt.Println(strings.Contains(string(data), "本年收入合计: 500.00 @6:19"))
	// Output:
	// 东川市水务局 2023 0
	// {Numbers:19 Values:14 Labelled:14 Bound:13}
	// 12户 走访养殖户 at 12:66
	// true
}

// Load compiles a pack without data.
func ExampleLoad() {
	plan, diagnostics, err := engine.Load("testdata/manual/shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Pack.ID, len(diagnostics))
	for _, r := range plan.Rules {
		fmt.Println(r.ID, r.Title)
	}

	_, _, err = engine.Load("no-such-pack")
	var missing *engine.NoPackError
	fmt.Println(errors.As(err, &missing), err)
	// Output:
	// shop 0
	// parts-sum 合计等于各分项之和
	// part-share 占比按合计计算
	// true no pack "no-such-pack"
}

// Test runs the tests that a pack carries.
func ExampleTest() {
	result, _, err := engine.Test(context.Background(), "testdata/manual/shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Cases, "cases, all well:", result.OK())
	// Output:
	// 2 cases, all well: true
}
