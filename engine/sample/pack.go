package sample

import (
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"
)

// Rule is one rule of the pack, in the language of rules.
type Rule struct{ Each, When, Check string }

// field is a field of a group or of a row.
type field struct {
	name, label string
	percent     bool
}

var sectionNames = [sectionFields]field{
	{"total", "合计", false}, {"a", "工资福利支出", false}, {"b", "商品和服务支出", false}, {"c", "对个人和家庭的补助", false},
	{"d", "资本性支出", false}, {"e", "对企业补助", false}, {"f", "债务利息支出", false}, {"g", "对社会保障基金补助", false},
	{"h", "其他支出", false}, {"basic", "基本支出", false}, {"project", "项目支出", false}, {"stated", "表列合计", false},
	{"budget", "年初预算", false}, {"last", "上年决算", false}, {"change", "较上年变动", false}, {"rate", "完成率", true},
	{"growth", "变动率", true}, {"share_a", "工资福利支出占比", true}, {"share_basic", "基本支出占比", true},
	{"share_project", "项目支出占比", true},
}

var projectNames = [projectFields]field{
	{"budget", "年初预算", false}, {"executed", "执行数", false}, {"surplus", "结余", false}, {"previous", "上年结转", false},
	{"rate", "执行率", true},
}

var sectionLabels = [Sections]string{
	"一般公共服务", "科学技术", "教育", "卫生健康", "社会保障和就业", "农林水", "城乡社区", "交通运输", "住房保障", "节能环保",
}

// sectionRules are those of one group, S.
var sectionRules = [SectionRules]Rule{
	{Check: "S.total == S.basic + S.d + S.e + S.f + S.g + S.h"},
	{Check: "S.stated == S.a + S.b + S.c + S.d + S.e + S.f + S.g + S.h"},
	{Check: "S.basic == S.a + S.b + S.c"},
	{Check: "S.project == S.d + S.e + S.f + S.g + S.h"},
	{Check: "S.total == S.a + S.b + S.c + S.project"},
	{Check: "S.change == S.total - S.last"},
	{When: "S.budget != 0", Check: "S.rate == S.total / S.budget * 100"},
	{When: "S.last != 0", Check: "S.growth == S.change / S.last * 100"},
	{When: "S.total != 0", Check: "S.share_a == S.a / S.total * 100"},
	{When: "S.total != 0", Check: "S.share_basic == S.basic / S.total * 100"},
	{When: "S.total != 0", Check: "S.share_project == S.project / S.total * 100"},
	{Check: "S.total <= S.budget"},
	{Check: "S.a >= 0 and S.b >= 0 and S.c >= 0"},
	{Check: "S.change < S.last"},
	{When: "S.total > S.last", Check: "S.growth > 0"},
	{When: "S.project > 0", Check: "S.share_project > 0"},
	{Check: "S.project == (S.basic == 0 ? S.total : S.total - S.basic)"},
	{Check: "same(S.total, S.stated)"},
}

var listRules = [ListRules]Rule{
	{Check: "s0.total == sum(projects, .executed)"},
	{Check: "s1.total == sum(projects, .budget)"},
	{Check: "s2.total == sum(projects, .surplus)"},
	{Check: "s3.total == sum(projects, .previous)"},
	{Check: "s4.total == sum(projects, .budget - .executed)"},
	{Check: "s5.total == sum(filter(projects, .previous > 0), .executed)"},
	{Check: "s6.total >= sum(projects, .executed)"},
	{Check: "s7.rate == sum(projects, .executed) / sum(projects, .budget) * 100"},
	{Check: "count(projects, .executed > .budget) == 0"},
	{Check: "all(projects, .surplus >= 0)"},
	{Check: "any(projects, .executed > 0)"},
	{Each: "p in projects", When: "p.budget != 0", Check: "p.rate == p.executed / p.budget * 100"},
	{Each: "p in projects", Check: "p.surplus == p.budget - p.executed"},
	{Each: "p in projects", Check: "p.executed <= p.budget"},
	{Each: "p in projects", When: "p.executed == 0", Check: "p.rate == 0"},
	{Each: "p in projects", Check: "p.executed == p.budget ? p.rate == 100 : p.rate <= 100"},
	{Each: "p in projects", Check: "p.budget == p.executed + p.surplus"},
	{Each: "p in projects", When: "p.previous != 0", Check: "p.budget <= s1.total and p.executed <= s0.total"},
	{Each: "q in [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9]", Check: "q.total >= q.basic"},
	{Each: "q in [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9]", When: "q.basic != 0", Check: "q.share_basic <= 100 and q.share_project <= 100"},
}

const (
	// SectionRules is the number of rules of each group, which come first, and ListRules that of the others.
	SectionRules = 18
	ListRules    = 20
	// RuleCount is the number of all rules.
	RuleCount = Sections*SectionRules + ListRules
)

// Rules are the rules of the pack.
func Rules() []Rule {
	var all []Rule
	for i := range Sections {
		at := strings.NewReplacer("S.", fmt.Sprintf("s%d.", i))
		for _, r := range sectionRules {
			all = append(all, Rule{When: at.Replace(r.When), Check: at.Replace(r.Check)})
		}
	}
	return append(all, listRules[:]...)
}

// PackName is the name of the pack, a folder of Pack.
const PackName = "sample"

// Pack holds the pack that judges the datasets.
func Pack() fs.FS { return PackOf(RuleCount) }

// PackOf holds a pack of n of the rules, of all kinds alike.
func PackOf(n int) fs.FS {
	var rules strings.Builder
	for i, r := range Rules() {
		if i*n%RuleCount >= n {
			continue
		}
		fmt.Fprintf(&rules, "- id: r%d\n  title: 第%d条\n  check: >-\n    %s\n", i, i, r.Check)
		if r.Each != "" {
			fmt.Fprintf(&rules, "  each: >-\n    %s\n", r.Each)
		}
		if r.When != "" {
			fmt.Fprintf(&rules, "  when: >-\n    %s\n", r.When)
		}
	}
	return fstest.MapFS{
		PackName + "/pack.yaml":   {Data: []byte("id: " + PackName + "\ntitle: 样本\n")},
		PackName + "/schema.yaml": {Data: []byte(schema())},
		PackName + "/rules.yaml":  {Data: []byte(rules.String())},
	}
}

func schema() string {
	var s strings.Builder
	s.WriteString("types:\n  section:\n    fields:\n")
	declare := func(indent string, fields []field) {
		for _, f := range fields {
			kind := "amount, unit: 万元, blank: zero"
			if f.percent {
				kind = "percent"
			}
			fmt.Fprintf(&s, "%s%s: {type: %s, label: %s}\n", indent, f.name, kind, f.label)
		}
	}
	declare("      ", sectionNames[:])
	s.WriteString("fields:\n")
	for i, label := range sectionLabels {
		fmt.Fprintf(&s, "  s%d: {use: section, label: %s}\n", i, label)
	}
	s.WriteString("  projects:\n    type: list\n    label: 项目\n    key: name\n    fields:\n      name: {type: text, label: 名称}\n")
	declare("      ", projectNames[:])
	return s.String()
}
