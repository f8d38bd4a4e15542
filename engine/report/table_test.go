package report_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/width"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

func TestTable(t *testing.T) {
	one := []finding.Input{input2023}
	two := []finding.Input{input2023, input2022}
	second := func(f finding.Finding) finding.Finding {
		f.Input, f.Period, f.Operands = path2022, "2022", nil
		return f
	}
	severe := missing("procurement-sum", "采购合计等于货物、工程、服务之和", "", "procurement.total")
	severe.Severity = finding.Error
	mystery := wrongShare()
	mystery.Cause, mystery.Tolerance = "phase-of-the-moon", `{abs: "0.01"}`
	mystery.Allowed = &finding.Interval{High: "0.01"}
	required := missing("three-public-total", "三公经费合计", "", "three_public.total")
	required.Verdict, required.Severity, required.Message = finding.Fail, finding.Error, "三公经费合计必须公开"
	plain := wrongSum()
	plain.Message, plain.Allowed, plain.Hint, plain.Basis = "", nil, "", ""
	for i := range plain.Operands {
		plain.Operands[i].Place = plain.Operands[i].Data
	}
	holds := about(finding.Finding{Rule: "income-share", Title: "收入占比", Severity: finding.Error, Verdict: finding.Pass, Message: "占比 100.00% 相符", Instance: "income.general_public"})
	idles := about(finding.Finding{Rule: "income-share", Title: "收入占比", Verdict: finding.NotApplicable, Instance: "income.business"})
	unbound := tallied(180, one)
	unbound.Rules = []finding.Rule{
		idle("three-public-zero-explained", "三公经费为零须说明原因", "not-applicable"),
		idle("fund-rollforward", "政府性基金年末结转等于年初加收入减支出", "empty-list"),
		idle("fund-parts", "政府性基金支出小计等于基本加项目", "empty-list"),
		idle("perf-grade-count", "等级项目数之和等于自评项目数", "missing", "performance.grades"),
	}

	// Two datasets that lack whole parts, one of them both; rules that need these are no lines of their own.
	lacks, lacksMore := input2023, input2022
	lacks.Absent = []string{"fiscal", "tables.overall"}
	lacksMore.Absent = []string{"income", "fiscal", "tables"}
	lack1 := missing("income-sum", "收入合计", "", "income.total")
	lack1.Input, lack1.Period = path2022, "2022"
	lack2 := missing("income-share", "收入占比", "income.business", "income.business.share")
	lack2.Input, lack2.Period = path2022, "2022"
	partly := missing("procurement-sum", "采购合计等于货物、工程、服务之和", "", "procurement.total")
	absent := tallied(180, []finding.Input{lacks, lacksMore}, lack1, lack2, partly)
	absent.Labels = map[string]string{"fiscal": "财政拨款", "tables.overall": "收入支出决算总表", "income": "收入", "tables": "附表"}
	absent.Rules = []finding.Rule{
		{ID: "income-sum", Severity: finding.Error, Tally: finding.Tally{Pass: 1}},
		{ID: "income-share", Severity: finding.Error, Tally: finding.Tally{Pass: 1}},
		{ID: "procurement-sum", Severity: finding.Error, Tally: finding.Tally{Pass: 1}},
		idle("fiscal-le-all", "财政拨款不超过全部", "missing", "overall.total", "fiscal.total"),
		idle("perf-grade-count", "等级项目数", "missing", "performance.grades"),
		idle("fiscal-first", "不是财政拨款的一部分", "missing", "fiscally.total"),
	}
	for i := range 8 {
		absent.Rules = append(absent.Rules, idle(fmt.Sprintf("quiet-%d", i), "不适用", "not-applicable"))
		absent.Rules = append(absent.Rules, idle(fmt.Sprintf("table-%d", i), "附表", "missing", "tables.overall.total"))
	}

	// Nine fails that one figure explains.
	var broken []finding.Finding
	suspect := finding.Suspect{Input: path2023, Figure: amount("income.total", "本年收入合计", "876.01", 41, 13, 25), Value: "867.01"}
	for i := range 9 {
		f := wrongSum()
		f.Rule, f.Title = fmt.Sprintf("rule-%d", i), fmt.Sprintf("第 %d 条", i+1)
		if i > 1 {
			f.Severity = finding.Warning
		}
		f = about(f)
		suspect.Settles = append(suspect.Settles, f.Fingerprint)
		broken = append(broken, f)
	}
	suspected := tallied(180, one, append(broken, wrongShare())...)
	suspected.Suspects = []finding.Suspect{suspect}
	// Four rows of one rule, and how the report calls them.
	var rows []finding.Finding
	labels := map[string]string{}
	for i, name := range []string{"科技培训经费", "专家服务经费", "人才", "科普"} {
		path := "projects[" + name + "]"
		labels[path] = name
		f := about(finding.Finding{
			Rule: "perf-goal-text", Title: "绩效目标须写明内容", Severity: finding.Warning, Verdict: finding.Fail, Instance: path,
			Message:  []string{"绩效目标只写了“9”", "专家服务经费只写了“9”", "人才的绩效目标只写了“9”", "绩效目标只写了“9”"}[i],
			Operands: []finding.Operand{amount(path+".goal", name+"·目标", "9", 200+7*i, 5, 300+i)},
		})
		rows = append(rows, f)
	}
	named := tallied(180, one, rows...)
	named.Labels = labels

	for _, test := range []struct {
		name    string
		report  *finding.Report
		options report.Options
	}{
		{"suspect", suspected, report.Options{}},
		{"suspect-all", suspected, report.Options{All: true}},
		{"suspect-english", suspected, report.Options{Lang: "en"}},
		{"rows-of-one-rule", named, report.Options{}},
		{"fail", tallied(180, one, wrongSum()), report.Options{}},
		{"cause", tallied(180, one, wrongShare()), report.Options{}},
		{"cause-unknown", tallied(180, one, mystery), report.Options{}},
		{"near", tallied(180, one, nearSame()), report.Options{}},
		{"lines-and-long-instance", tallied(180, one, wrongRate()), report.Options{}},
		{"unlikely", tallied(180, one, unlikelySum()), report.Options{}},
		{"missing-is-a-fail", tallied(180, one, required), report.Options{}},
		{"no-published-place", tallied(180, one, plain), report.Options{}},
		{"roundings-gathered", tallied(180, one, append(roundingShares(23), roundingTotal())...), report.Options{}},
		{"roundings-all", tallied(180, one, append(roundingShares(2), roundingTotal())...), report.Options{All: true}},
		{"every-instance", tallied(180, one, holds, idles, zeroBase(), nearSame()), report.Options{All: true}},
		{"accepted", tallied(180, one, append(accepted(), nearSame())...), report.Options{}},
		{"accepted-all", tallied(180, one, append(accepted(), nearSame())...), report.Options{All: true}},
		{"accepted-alone", tallied(180, two, accepted()...), report.Options{Lang: "en"}},
		{"not-evaluated", tallied(180, one, zeroBase(),
			missing("procurement-sum", "采购合计等于货物、工程、服务之和", "", "procurement.total"),
			missing("procurement-le-expenditure", "采购合计不超过本年支出", "", "procurement.total"),
			missing("perf-exec-rate", "项目预算执行率", "projects[科技特派员工作经费]", "projects[科技特派员工作经费].budget"),
			missing("perf-exec-rate", "项目预算执行率", "projects[科技培训经费]", "projects[科技培训经费].budget"),
		), report.Options{}},
		{"not-evaluated-strict", tallied(180, one, severe), report.Options{}},
		{"not-evaluated-two-inputs", tallied(180, two, zeroBase(), second(zeroBase()), second(severe)), report.Options{}},
		{"unbound", unbound, report.Options{}},
		{"absent", absent, report.Options{}},
		{"absent-all", absent, report.Options{All: true}},
		{"two-inputs", tallied(180, two, nearSame(), second(wrongShare())), report.Options{}},
		{"clean", tallied(180, one), report.Options{}},
		{"clean-english", tallied(180, one), report.Options{Lang: "en"}},
		{"nothing-bound", tallied(0, one), report.Options{}},
		{"no-input", tallied(0, nil), report.Options{}},
		{"english", tallied(180, one, wrongShare(), nearSame(), roundingTotal(), zeroBase()), report.Options{Lang: "en"}},
		{"narrow", tallied(180, one, wrongShare(), roundingTotal()), report.Options{Width: 60}},
		{"document-word", word(wrongSum(), wrongShare(), roundingTotal()), report.Options{}},
		{"document-pdf", pdf(wrongSum(), wrongShare(), roundingTotal()), report.Options{}},
		{"document-workbook", workbook(wrongSum(), wrongShare(), roundingTotal()), report.Options{}},
		{"document-english", pdf(wrongSum(), wrongShare(), roundingTotal()), report.Options{Lang: "en", Width: 80}},
		{"document-rows", word(rows...), report.Options{Width: 80}},
		{"wide", tallied(180, one, wrongShare(), roundingTotal()), report.Options{Width: 160}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.options.Lang == "" {
				test.options.Lang = "zh"
			}
			golden(t, test.name+".golden", render(t, "table", test.report, test.options))
		})
	}
}

// columns measures as a terminal does, by other means than the package under test.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n++
		}
		n++
	}
	return n
}

func TestDefaultWidthIs100(t *testing.T) {
	r := realistic()
	if got, want := render(t, "table", r, report.Options{}), render(t, "table", r, report.Options{Width: 100}); got != want {
		t.Error("no width is not the same as 100 columns")
	}
}

// checkWidths reports lines that are too wide, and those of a table that are wider than the rule below its head.
func checkWidths(t *testing.T, text string, limit int) {
	t.Helper()
	table := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		n := columns(line)
		if n > limit || table > 0 && n > table {
			t.Errorf("%d columns wide, limit %d, table %d: %s", n, limit, table, line)
		}
		switch {
		case strings.HasPrefix(line, "──"):
			table = n
		case line == "":
			table = 0
		}
	}
	if t.Failed() {
		t.Fatalf("width %d:\n%s", limit, text)
	}
}

func TestTableWidths(t *testing.T) {
	all := realistic().Findings
	for _, r := range []*finding.Report{realistic(), word(all...), pdf(all...), workbook(all...)} {
		for w := 40; w <= 200; w++ {
			for _, o := range []report.Options{{Lang: "zh"}, {Lang: "en"}, {Lang: "zh", All: true}} {
				if w%7 != 0 && (o.All || o.Lang != "zh") {
					continue
				}
				o.Width = w
				checkWidths(t, render(t, "table", r, o), w)
			}
		}
	}
}

var numbers = regexp.MustCompile(`-?[0-9][0-9,]*(\.[0-9]+)?…?`)

// checkNumbers reports numbers of a finding that do not stand whole in the text.
func checkNumbers(t *testing.T, text string, f *finding.Finding) {
	t.Helper()
	for _, n := range numbers.FindAllString(f.Message+" "+strings.TrimSuffix(f.Difference, "…"), -1) {
		if !strings.Contains(text, n) {
			t.Fatalf("%s is not to be found, of %q in\n%s", n, f.Message, text)
		}
	}
}

// random makes reports out of Chinese and ASCII words, punctuation and numbers.
type random struct{ *rand.Rand }

func (r random) pick(from ...string) string { return from[r.IntN(len(from))] }

func (r random) number() string {
	n := fmt.Sprint(r.IntN(1000))
	for range r.IntN(3) {
		n += fmt.Sprintf(",%03d", r.IntN(1000))
	}
	for i := range r.IntN(5) {
		if i == 0 {
			n += "."
		}
		n += fmt.Sprint(r.IntN(10))
	}
	return r.pick("", "", "-") + n
}

func (r random) text(words int) string {
	var out strings.Builder
	for range r.IntN(words + 1) {
		switch r.IntN(6) {
		case 0:
			out.WriteString(" " + r.number() + r.pick(" ", "万元", "%，", "）", "\n"))
		case 1:
			out.WriteString(r.pick(" expenditure", " sme-by-kind", " projects[科技培训经费].budget", " a", " (b)", "\tc"))
		case 2:
			out.WriteString(r.pick("，", "。", "《", "》", "（", "）", "、", "：", "—", "“", "”", "…"))
		default:
			out.WriteString(r.pick("本年支出合计", "与", "分项之和", "㎡", "ｗｉｄｅ", "１２３．４５", "鄂尔多斯市", "科技事业服务中心", "café", "𠮷"))
		}
	}
	return out.String()
}

func (r random) finding() finding.Finding {
	verdict := finding.Verdicts[r.IntN(len(finding.Verdicts))]
	f := about(finding.Finding{
		Rule: r.pick("income-share", "a", "procurement-sme-by-kind", "long-"+strings.Repeat("name-", r.IntN(9))+"x"), Title: r.text(6),
		Severity: finding.Severity(1 + r.IntN(3)), Verdict: verdict, Near: r.IntN(5) == 0, Unlikely: r.IntN(5) == 0,
		Message: r.text(20), Instance: r.text(5), Difference: r.number(), Cause: r.pick("", "truncated", "missing", "strange"),
		Hint: r.text(5), Basis: r.text(5),
	})
	for range r.IntN(3) {
		f.Missing = append(f.Missing, r.text(3))
	}
	for range r.IntN(8) {
		o := amount("f", "l", r.number(), r.IntN(2000), r.IntN(100), 1+r.IntN(900))
		if r.IntN(3) == 0 {
			o.Place.Page, o.Place.Section = r.IntN(30), r.text(4)+"\n"+r.text(9)
		}
		if r.IntN(4) == 0 {
			o.Place.Cell = r.pick("收入支出决算总表", "表3", "Sheet 1", "附表02(续)") + "!" + r.pick("A1", "C9", "ZZ100")
		}
		f.Operands = append(f.Operands, o)
	}
	return f
}

func TestRandomReportsKeepWidthsAndNumbers(t *testing.T) {
	r := random{rand.New(rand.NewPCG(7, 11))}
	rounds := 400
	if testing.Short() {
		rounds = 40
	}
	for range rounds {
		var findings []finding.Finding
		for range 1 + r.IntN(12) {
			findings = append(findings, r.finding())
		}
		made := tallied(r.IntN(50), []finding.Input{input2023}, findings...)
		w, all := 60+r.IntN(141), r.IntN(2) == 0
		text := render(t, "table", made, report.Options{Lang: r.pick("zh", "en"), Width: w, All: all})
		checkWidths(t, text, w)
		for i := range made.Findings {
			f := &made.Findings[i]
			// What is less than an error may only be counted, where there is much of it.
			if f.Verdict == finding.Fail && f.Severity == finding.Error || all && f.Verdict != finding.NotEvaluated {
				checkNumbers(t, text, f)
			}
		}
	}
}

func TestRealisticNumbersStayWhole(t *testing.T) {
	r := realistic()
	for w := 60; w <= 200; w += 5 {
		text := render(t, "table", r, report.Options{Lang: "zh", Width: w, All: true})
		for i := range r.Findings {
			checkNumbers(t, text, &r.Findings[i])
		}
	}
}

// A finding of an input that the report does not list is shown all the same.
func TestFindingOfUnlistedInput(t *testing.T) {
	r := tallied(1, nil, wrongSum())
	if text := render(t, "table", r, report.Options{Lang: "zh"}); !strings.Contains(text, "135.56") || !strings.Contains(text, path2023) {
		t.Errorf("the finding is lost:\n%s", text)
	}
}

// Text of published files must not reach the terminal as commands, nor move text about.
func TestControlCharactersDoNotReachTheTerminal(t *testing.T) {
	f := wrongSum()
	f.Message = "合计\x1b[2J\a 1.00\r\t与\u200b\u202e 2.00 不符\u2028"
	r := tallied(1, []finding.Input{{Path: path2023, Entity: "中心\x1b]0;x\a"}}, f)
	text := render(t, "table", r, report.Options{Lang: "zh"})
	if i := strings.IndexAny(text, "\x1b\a\r\t\u200b\u202e\u2028"); i >= 0 {
		t.Errorf("%q stands in the output", text[i:i+6])
	}
	if !strings.Contains(text, "1.00") || !strings.Contains(text, "2.00") {
		t.Errorf("numbers are lost:\n%s", text)
	}
}
