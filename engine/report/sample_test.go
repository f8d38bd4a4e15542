package report_test

import (
	"fmt"
	"slices"

	"github.com/gouji/gouji/engine/finding"
)

const (
	entity    = "内蒙古自治区鄂尔多斯市科技事业服务中心"
	published = "2023年度单位决算公开报告"
	path2023  = "datasets/ordos-keji/2023.yaml"
	path2022  = "datasets/ordos-keji/2022.yaml"
)

var input2023 = finding.Input{
	Path: path2023, SHA256: "5f2c7c4d1f5b1a6c1c3b27f2d1a9f8e6b4a2d0c8e6f4a2b0c8d6e4f2a0b8c6d4", Entity: entity, Period: "2023",
	Figures: 640, Decimals: map[string]int{"万元": 2, "分": 1},
}

var input2022 = finding.Input{
	Path: path2022, SHA256: "0000000000000000000000000000000000000000000000000000000000000000", Entity: entity, Period: "2022",
	Figures: 612, Decimals: map[string]int{"万元": 2},
}

// amount is an operand in 万元 at a line and column of the published report and a line of the data file.
func amount(field, label, text string, line, column, data int) finding.Operand {
	return finding.Operand{
		Field: field, Label: label, Text: text, Value: text, Unit: "万元", Decimals: 2,
		Place: finding.Place{Path: published, Line: line, Column: column}, Data: finding.Place{Path: path2023, Line: data, Column: 11},
	}
}

func percent(field, label, text, value string, line, column, data int) finding.Operand {
	o := amount(field, label, text, line, column, data)
	o.Value, o.Unit = value, ""
	return o
}

// about fills in what all findings of the first input share.
func about(f finding.Finding) finding.Finding {
	f.Pack, f.Input, f.Entity, f.Period = "juesuan", path2023, entity, "2023"
	f.Fingerprint = finding.Fingerprint(f.Pack, f.Rule, f.Entity, f.Period, f.Instance)
	if f.Tolerance == "" {
		f.Tolerance = "rounding"
	}
	return f
}

func wrongShare() finding.Finding {
	return about(finding.Finding{
		Rule: "expenditure-share", Title: "支出占比等于分项除以本年支出合计", Severity: finding.Warning, Verdict: finding.Fail,
		Instance: "expenditure.basic", Cause: "padded", Basis: "决算公开表 03",
		Message: "基本支出占比 47.20%，按 409.27 ÷ 867.00 计算应为 47.2053…%，相差 -0.0053…",
		Left:    "47.20", Right: "47.2053…", Difference: "-0.0053…",
		Allowed: &finding.Interval{Low: "-0.0058…", High: "0.0058…", LowOpen: true, HighOpen: true},
		Operands: []finding.Operand{
			percent("expenditure.basic.share", "基本支出占比", "47.20%", "47.20", 63, 22, 36),
			amount("expenditure.basic.amount", "基本支出", "409.27", 63, 11, 36),
			amount("expenditure.total", "本年支出合计", "867.00", 62, 40, 35),
		},
	})
}

func wrongSum() finding.Finding {
	return about(finding.Finding{
		Rule: "procurement-sme-by-kind", Title: "中小企业合同金额等于各类采购支出乘以占比之和", Severity: finding.Error, Verdict: finding.Fail,
		Message: "授予中小企业合同金额 135.56 与按货物、工程、服务三类占比计算的 135.29… 相差 0.27",
		Left:    "135.56", Right: "135.29…", Difference: "0.27",
		Allowed: &finding.Interval{Low: "-0.0214", High: "0.0214", HighOpen: true},
		Basis:   "《地方预决算公开操作规程》（财预〔2016〕143号）", Hint: "请核对货物类占比，或把金额改为按合同逐笔相加",
		Operands: []finding.Operand{
			amount("procurement.sme", "授予中小企业合同金额", "135.56", 121, 108, 88),
			amount("procurement.goods", "货物支出", "3.20", 121, 44, 89),
			amount("procurement.works", "工程支出", "0.00", 121, 61, 90),
			amount("procurement.services", "服务支出", "132.36", 121, 78, 91),
		},
	})
}

// inDocument is a finding on figures of a document that was read itself, at these places, one for each operand in turn.
func inDocument(f finding.Finding, path string, places ...finding.Place) finding.Finding {
	f.Input = path
	f.Operands = slices.Clone(f.Operands)
	for i := range f.Operands {
		p := places[i%len(places)]
		p.Path = path
		f.Operands[i].Place, f.Operands[i].Data = p, finding.Place{}
	}
	return f
}

func document(path string) finding.Input {
	in := input2023
	in.Path, in.Document, in.Unbound = path, true, 12
	return in
}

// The same findings on a report in Word, in PDF and in a workbook.
func word(findings ...finding.Finding) *finding.Report {
	return inFile("决算公开.docx", []finding.Place{
		{Line: 62, Column: 40, Section: "第二部分 决算情况说明\n三、支出决算情况说明"},
		{Cell: "表3!C5", Section: "第四部分 附表\n支出决算表"},
	}, findings)
}

func pdf(findings ...finding.Finding) *finding.Report {
	return inFile("决算公开.pdf", []finding.Place{
		{Page: 7, Line: 212, Column: 9, Section: "第二部分 决算情况说明\n三、支出决算情况说明"}, {Page: 19, Cell: "表3!C5"},
	}, findings)
}

func workbook(findings ...finding.Finding) *finding.Report {
	return inFile("决算表.xlsx", []finding.Place{{Cell: "支出决算表!C5", Section: "支出决算表"}, {Cell: "支出决算表!D5", Section: "支出决算表"}}, findings)
}

func inFile(path string, places []finding.Place, findings []finding.Finding) *finding.Report {
	all := slices.Clone(findings)
	for i := range all {
		all[i] = inDocument(all[i], path, places...)
	}
	return tallied(180, []finding.Input{document(path)}, all...)
}

func wrongRate() finding.Finding {
	instance := "projects[蒙科聚科技成果转化与技术咨询服务经费（鄂尔多斯分中心运营）].indicators[技术合同成交额]"
	return about(finding.Finding{
		Rule: "project-execution-rate", Title: "项目预算执行率等于全年执行数除以全年预算数", Severity: finding.Error, Verdict: finding.Fail,
		Instance: instance, Message: "执行率 4.59%，按 55.09 ÷ 1,113.00 计算应为 4.9496…%\n全年预算数 1,113.00\n全年执行数 55.09",
		Left: "4.59", Right: "4.9496…", Difference: "-0.3596…", Cause: "digit-swap",
		Operands: []finding.Operand{
			percent("projects.rate", "执行率", "4.59%", "4.59", 347, 9, 210),
			amount("projects.executed", "全年执行数", "55.09", 346, 9, 209),
			amount("projects.budget", "全年预算数", "1,113.00", 344, 9, 208),
		},
	})
}

func nearSame() finding.Finding {
	return about(finding.Finding{
		Rule: "same-expenditure-across-sections", Title: "本年支出合计多处一致", Severity: finding.Warning, Verdict: finding.Fail, Near: true,
		Message: "说明一的本年支出合计 867.01 与说明三的 867.00 不同", Left: "867.01", Right: "867.00", Difference: "0.01",
		Operands: []finding.Operand{
			amount("overall.expenditure.current", "收支总体.本年支出合计", "867.01", 45, 12, 18),
			amount("expenditure.total", "支出.本年支出合计", "867.00", 62, 40, 35),
		},
	})
}

func unlikelySum() finding.Finding {
	f := about(finding.Finding{
		Rule: "gp-item-sum", Title: "一般公共预算支出等于各项之和", Severity: finding.Warning, Verdict: finding.Rounding, Unlikely: true,
		Message: "一般公共预算支出 867.00 与 24 项之和 866.91 相差 0.09", Left: "867.00", Right: "866.91", Difference: "0.09",
		Allowed: &finding.Interval{Low: "-0.125", High: "0.125", HighOpen: true},
	})
	for i := range 24 {
		f.Operands = append(f.Operands, amount(fmt.Sprintf("gp.items[%d]", i), fmt.Sprintf("第%d项", i+1), "36.12", 75+i, 20, 50+i))
	}
	return f
}

// roundingShares is many roundings of one rule.
func roundingShares(n int) []finding.Finding {
	var all []finding.Finding
	for i := range n {
		d := []string{"0.01", "-0.01", "0.003"}[i%3]
		all = append(all, about(finding.Finding{
			Rule: "income-share", Title: "收入占比等于分项除以本年收入合计", Severity: finding.Info, Verdict: finding.Rounding,
			Instance: fmt.Sprintf("income.items[%d]", i), Message: fmt.Sprintf("第 %d 项收入占比 12.3%d%% 与计算值相差 %s", i+1, i%10, d),
			Left: fmt.Sprintf("12.3%d", i%10), Right: "12.34", Difference: d,
			Operands: []finding.Operand{
				percent("income.share", "占比", "12.34%", "12.34", 50+i*(1+i%3), 31, 20+i),
				amount("income.amount", "金额", "107.00", 50+i*(1+i%3), 20, 20+i),
			},
		}))
	}
	return all
}

func roundingTotal() finding.Finding {
	return about(finding.Finding{
		Rule: "income-parts-sum", Title: "本年收入合计等于各分项之和", Severity: finding.Info, Verdict: finding.Rounding,
		Message: "本年收入合计 867.01 与分项之和 867.00 相差 0.01", Left: "867.01", Right: "867.00", Difference: "0.01",
		Allowed: &finding.Interval{Low: "-0.045", High: "0.045", HighOpen: true}, Basis: "决算公开表 02",
		Operands: []finding.Operand{
			amount("income.total", "本年收入合计", "867.01", 49, 40, 19), amount("income.general_public", "一般公共预算财政拨款收入", "867.00", 50, 20, 20),
		},
	})
}

func missing(rule, title, instance string, fields ...string) finding.Finding {
	return about(finding.Finding{
		Rule: rule, Title: title, Severity: finding.Info, Verdict: finding.NotEvaluated, Instance: instance, Cause: "missing", Missing: fields,
	})
}

func zeroBase() finding.Finding {
	return about(finding.Finding{
		Rule: "item-completion-rate", Title: "完成率等于决算数除以年初预算数", Severity: finding.Info, Verdict: finding.NotEvaluated,
		Instance: "classes[206].items[2060404]", Cause: "zero-denominator",
	})
}

// accepted are three findings that may stand: two for a reason, one as an old one.
func accepted() []finding.Finding {
	sum, share, rate := wrongSum(), wrongShare(), roundingTotal()
	at := finding.Place{Path: path2023, Line: 412, Column: 5}
	sum.Accepted = &finding.Acceptance{Reason: "按合同签订时的口径统计，已与采购办核对", By: "李明", Until: "2026-12-31", Place: at}
	share.Accepted = &finding.Acceptance{Reason: "=已说明", Place: at}
	rate.Accepted = &finding.Acceptance{Baseline: true, Place: finding.Place{Path: "基线.json", Line: 3, Column: 5}}
	return []finding.Finding{sum, share, rate}
}

// tallied gathers findings into a report and counts them; passes are added to the summary alone.
func tallied(passes int, inputs []finding.Input, findings ...finding.Finding) *finding.Report {
	r := &finding.Report{Version: "0.1.0", Inputs: inputs, Findings: findings, Summary: finding.Tally{Pass: passes}}
	at := map[string]int{}
	for _, f := range findings {
		r.Summary.Add(f.Verdict)
		i, ok := at[f.Rule]
		if !ok {
			i = len(r.Rules)
			at[f.Rule] = i
			r.Rules = append(r.Rules, finding.Rule{ID: f.Rule, Title: f.Title, Severity: finding.Error})
		}
		r.Rules[i].Tally.Add(f.Verdict)
	}
	for i := range r.Rules {
		if rule := &r.Rules[i]; !rule.Tally.Bound() {
			for _, f := range findings {
				if f.Rule == rule.ID {
					rule.Unbound = finding.Unbound{Reason: f.Cause, Missing: f.Missing}
				}
			}
		}
	}
	finding.Sort(r.Findings, r.Inputs)
	return r
}

func idle(id, title, reason string, fields ...string) finding.Rule {
	return finding.Rule{ID: id, Title: title, Severity: finding.Error, Unbound: finding.Unbound{Reason: reason, Missing: fields}}
}

// realistic is a report with something of everything.
func realistic() *finding.Report {
	other := nearSame()
	other.Input, other.Period = path2022, "2022"
	other.Operands = nil
	lacking := missing("operating-equals-public", "机构运行经费等于公用经费", "", "operating.total")
	lacking.Input, lacking.Period = path2022, "2022"
	findings := []finding.Finding{wrongShare(), wrongSum(), wrongRate(), nearSame(), unlikelySum(), roundingTotal(), zeroBase(), other, lacking}
	findings = append(findings, roundingShares(23)...)
	findings = append(findings,
		missing("procurement-sum", "采购合计等于货物、工程、服务之和", "", "procurement.total", "procurement.works"),
		missing("procurement-le-expenditure", "采购合计不超过本年支出", "", "procurement.total", "procurement.works"),
		missing("perf-exec-rate", "项目预算执行率", "projects[科技特派员工作经费]", "projects[科技特派员工作经费].budget"),
		missing("perf-exec-rate", "项目预算执行率", "projects[科技培训经费]", "projects[科技培训经费].budget"),
	)
	r := tallied(180, []finding.Input{input2023, input2022}, findings...)
	r.Rules = append(r.Rules,
		idle("three-public-zero-explained", "三公经费为零须说明原因", "not-applicable"),
		idle("fund-rollforward", "政府性基金年末结转等于年初加收入减支出", "empty-list"),
		idle("fund-parts", "政府性基金支出小计等于基本加项目", "empty-list"),
		idle("perf-grade-count", "等级项目数之和等于自评项目数", "period"),
	)
	r.Summary.NotApplicable = 12
	return r
}
