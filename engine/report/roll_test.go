package report_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
)

// rolled is a report of a list of entities, of which n have no dataset of the latest period.
func rolled(n int) *finding.Report {
	r := bureau(3)
	absent := func(n int) finding.RollPeriod {
		return finding.RollPeriod{Period: "2023", Absent: n, Entities: func(yield func(finding.RollEntity) bool) {
			for i := range n {
				e := finding.RollEntity{Name: fmt.Sprintf("第%d小学", i), Parent: "某市教育局", Place: finding.Place{Path: "list.csv", Line: i + 2, Column: 1}}
				if i%3 > 0 {
					e.Region = fmt.Sprintf("第%d区", i%70)
				}
				if !yield(e) {
					return
				}
			}
		}}
	}
	r.Findings = nil
	r.Roll = &finding.Roll{Path: "list.csv", Listed: 1000, Unlisted: 9, Examples: []string{"甲", "乙", "丙", "丁", "戊", "己", "\x1b庚"}}
	r.Roll.Periods = []finding.RollPeriod{absent(n), absent(1000)}
	r.Roll.Periods[1].Budget = true
	return r
}

// TestRoll: people are told of some entities without data, however many there are, and programs of each.
func TestRoll(t *testing.T) {
	for _, n := range []int{0, 2, 300} {
		r := rolled(n)
		var tables strings.Builder
		for _, lang := range []string{"zh", "en"} {
			_, own, _ := strings.Cut(render(t, "table", r, report.Options{Lang: lang, Width: 80}), "list.csv")
			own, _, _ = strings.Cut(own, "\n\n")
			tables.WriteString(own + "\n")
			if strings.Contains(own, "\x1b") {
				t.Error("a name reaches the terminal as a control sequence")
			}
		}
		golden(t, fmt.Sprintf("roll-%d.golden", n), tables.String())
		text := streamed(t, "json", r, report.Options{})
		if err := validate(t, "", text); err != nil {
			t.Errorf("%d: %v", n, err)
		}
		var got struct {
			Roll struct {
				Periods []struct{ Entities []struct{ Name string } }
			}
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if p := got.Roll.Periods; len(p) != 2 || len(p[0].Entities) != n || len(p[1].Entities) != 1000 || p[1].Entities[999].Name != "第999小学" {
			t.Errorf("%d: %+v", n, got)
		}
	}
	all := table(t, book(t, render(t, "xlsx", rolled(300), report.Options{Lang: "zh"})), "没有数据")
	if len(all) != 1301 || strings.Join(all[300], "|") != "第299小学|2023 决算|某市教育局|第19区|301" || strings.Join(all[1300], "|") != "第999小学|2023 预算|某市教育局||1001" {
		t.Errorf("%d rows, %q, %q", len(all), all[300], all[len(all)-1])
	}
	// All of them are told where everything is asked for.
	if all := render(t, "table", rolled(300), report.Options{All: true}); !strings.Contains(all, "第299小学") {
		t.Error("not all are told")
	}
}
