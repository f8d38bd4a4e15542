package store

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/finding"
)

// The queries that the page shows give what it says.
func TestQueries(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	queries := map[string]string{}
	for _, m := range regexp.MustCompile("(?s)```sql query=([a-z]+)\n(.*?)```").FindAllSubmatch(page, -1) {
		queries[string(m[1])] = string(m[2])
	}
	want := map[string][]string{
		"worst": {"丙|2024|3|0", "甲|2024|2|0", "甲|2023|1|0", "乙|2024|0|1"},
		"years": {"share|2023|1|1|2", "share|2024|1|1|4", "sum|2024|4|2|4"},
		"changed": {
			"gone|甲|2024|old||-0.27", "new|甲|2024|share||-0.27", "changed|甲|2024|sum||-0.50",
		},
		"greatest": {"甲|2024|sum|-0.50|合计|135.29|7", "甲|2024|sum|-0.50|分项|135.79|8"},
		"since": {
			"2026-03-01T01:00:00Z 丙 sum 1", "2026-03-01T01:00:00Z 丙 sum 1", "2026-03-01T01:00:00Z 丙 sum 1", "2026-03-01T01:00:00Z 乙 near 1",
			"2026-03-01T01:00:00Z 甲 old 1", "2026-03-01T01:00:00Z 甲 share 1", "2026-03-01T01:00:00Z 甲 sum 2", "2026-03-01T03:00:00Z 甲 share 1",
		},
	}
	for name := range queries {
		if want[name] == nil {
			t.Errorf("nothing is known of the query %s", name)
		}
	}
	everywhere(t, func(t *testing.T, p place) {
		if p.ask == nil {
			t.Skip("it cannot be asked without another program")
		}
		now := clock()
		near := unit("乙", "2024", "near")
		near.Findings[0].Severity, near.Findings[0].Verdict = finding.Warning, finding.Rounding
		accepted := unit("丁", "2024", "sum")
		accepted.Findings[0].Accepted = &finding.Acceptance{Reason: "核对过"}
		stored(t, p, now,
			unit("甲", "2023", "share"), unit("甲", "2024", "old", "sum"), unit("丙", "2024", "sum:a", "sum:b", "sum:c"), near,
			unit("丁", "2023"), accepted)
		later := unit("甲", "2024", "share", "sum")
		f := &later.Findings[1]
		f.Message, f.Difference = "相差 -0.50", "-0.50"
		f.Operands = []finding.Operand{
			{Label: "合计", Text: "135.29", Place: finding.Place{Line: 7}}, {Label: "分项", Text: "135.79", Place: finding.Place{Line: 8}},
			{Label: "另见", Context: true},
		}
		stored(t, p, now, later)
		for name, want := range want {
			if queries[name] == "" {
				t.Errorf("the page does not show %s", name)
				continue
			}
			var got []string
			for _, row := range p.ask(t, queries[name]) {
				if name == "since" {
					got = append(got, strings.Join([]string{row[3], row[1], row[2], row[4]}, " "))
					continue
				}
				got = append(got, strings.Join(row, "|"))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}
