package store

import (
	"fmt"
	"testing"

	"github.com/gouji/gouji/engine/finding"
)

// BenchmarkAdd stores datasets of which each has two findings of four figures.
func BenchmarkAdd(b *testing.B) {
	for _, k := range Kinds {
		b.Run(k.Name, func(b *testing.B) {
			var target string
			switch k.Name {
			case "postgres":
				target = postgres(b)
			default:
				target = b.TempDir() + "/x." + k.Name
			}
			s, err := k.Open(b.Context(), target, Run{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n++
				o := unit(fmt.Sprintf("单位%06d", n), "2024", "sum", "share:projects[科技培训经费]")
				for i := range o.Findings {
					f := &o.Findings[i]
					f.Message, f.Left, f.Right = "合计 135.29，按各分项计算为 135.56，相差 -0.27", "135.29", "135.56"
					for j := range 4 {
						f.Operands = append(f.Operands, finding.Operand{Field: fmt.Sprintf("projects[科技培训经费].amount%d", j), Label: "金额", Text: "135.29", Value: "135.29", Unit: "万元", Decimals: 2,
							Place: finding.Place{Path: o.Input.Path, Line: n, Column: 3}, Data: finding.Place{Path: o.Input.Path, Line: n, Column: 3}})
					}
				}
				if err := s.Add(o); err != nil {
					b.Fatal(err)
				}
			}
			if _, err := s.End(nothing, 0); err != nil {
				b.Fatal(err)
			}
		})
	}
}
