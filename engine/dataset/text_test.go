package dataset_test

import (
	"fmt"
	"testing"

	"github.com/gouji/gouji/engine/dataset"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"  无　": "无", "（一）": "(一)", "ＡＢ１２": "AB12", "㎡": "m2", "①": "1", "e\u0301": "é", "\u00a0x": "x", "a b": "a b",
	} {
		if got := dataset.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestExplains(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "无": false, "无。": false, "没有": false, "略": false, "不适用": false, "-": false, "—": false, "/": false,
		"N/A": false, "None": false, "0.00": false, "1,234.5": false, "0万元": false, "5%": false, "！！": false, "。": false, "…": false,
		"本年无因公出国（境）": true, "无因公出国": true, "无变化": true, "2023年未安排": true, "3人因公出国": true, "ok": true, "3人次": false,
		"1.5百万元": false,
	} {
		if got := dataset.Explains(dataset.Fold(text)); got != want {
			t.Errorf("Explains(%q) = %t", text, got)
		}
	}
}

func TestParseDate(t *testing.T) {
	type date struct {
		coef  int64
		scale uint8
	}
	for text, want := range map[string]date{
		"2023": {20230000, 4}, "2023年": {20230000, 4}, "2023年底": {20230000, 4}, "2023年度": {20230000, 4},
		"2023年12月": {20231200, 6}, "2023-12": {20231200, 6}, "2023.12": {20231200, 6}, "2023/1": {20230100, 6},
		"2023年12月前": {20231200, 6}, "2023年12月份": {20231200, 6}, "2023年12月已完成": {20231200, 6}, "２０２３年１２月": {20231200, 6},
		"2023-12-31": {20231231, 8}, "2023年12月31日": {20231231, 8}, "2023年12月31日前": {20231231, 8}, "2024-02-29": {20240229, 8},
		"2000-02-29": {20000229, 8}, "2023年6月1号": {20230601, 8},
		"2023、1-2023、12": {20231200, 6}, "2022年1月至2023年6月30日": {20230630, 8}, "2023-2025": {20250000, 4}, "2023-01—2023-12": {20231200, 6},
	} {
		d, ok := dataset.ParseDate(text)
		if got := (date{d.Coef, d.Scale}); !ok || got != want {
			t.Errorf("%s is %v %t, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "明年", "23年", "20231231", "2023-13", "2023-00", "2023-02-29", "1900-02-29", "2023-04-31", "2023-12-32", "2023-12-0",
		"明年-2023", "2023-2025-2026", "2023-13至2024", "2023-12-31-1", "12月", "2023年12月 31日",
	} {
		if d, ok := dataset.ParseDate(text); ok {
			t.Errorf("%q is %v", text, d)
		}
	}
}

// TestCompareDates: two precisions compare at the coarser one.
func TestCompareDates(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"2023", "2023-12", 0}, {"2023-12", "2023", 0}, {"2023-12-31", "2023年12月", 0}, {"2023-11-30", "2023-12", -1},
		{"2024-01", "2023", 1}, {"2023-12-30", "2023-12-31", -1}, {"2022-12-31", "2023", -1}, {"2023-12-31", "2023-12-31", 0},
	}
	for _, tt := range tests {
		a, oka := dataset.ParseDate(tt.a)
		b, okb := dataset.ParseDate(tt.b)
		if got := dataset.CompareDates(a, b); !oka || !okb || got != tt.want {
			t.Errorf("%s against %s is %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// TestDays walks a calendar day by day, over leap years and centuries: every day is one more than the day before it.
func TestDays(t *testing.T) {
	first, _ := dataset.ParseDate("1899-12-31")
	walked := int64(0)
	for year := 1900; year <= 2100; year++ {
		for month := 1; month <= 12; month++ {
			for day := 1; day <= 31; day++ {
				d, ok := dataset.ParseDate(fmt.Sprintf("%d-%d-%d", year, month, day))
				if !ok {
					continue
				}
				walked++
				forth, ok1 := dataset.Days(first, d)
				back, ok2 := dataset.Days(d, first)
				if !ok1 || !ok2 || forth != walked || back != -walked {
					t.Fatalf("%d-%d-%d is %d days on and %d back, want %d", year, month, day, forth, back, walked)
				}
			}
		}
	}
	for _, text := range []string{"2023", "2023-12"} {
		d, _ := dataset.ParseDate(text)
		if _, ok := dataset.Days(first, d); ok {
			t.Errorf("the days to %s are counted", text)
		}
		if _, ok := dataset.Days(d, first); ok {
			t.Errorf("the days from %s are counted", text)
		}
	}
}
