package drawing_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
	"github.com/gouji/gouji/engine/document/drawing"
)

const names = `xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"`

// open opens an element that holds s.
func open(t *testing.T, s string) *archive.XML {
	t.Helper()
	x := archive.NewXML(context.Background(), "x", []byte(`<x `+names+`>`+s+`</x>`), document.Usual)
	if _, err := x.Root(); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestCharts: figures are what the labels of the chart show, and exactly what the file keeps.
func TestCharts(t *testing.T) {
	val := func(code string, points string) string {
		return `<c:val><c:numRef><c:f>Sheet1!$B$2</c:f><c:numCache><c:formatCode>` + code + `</c:formatCode><c:ptCount val="2"/>` + points + `</c:numCache></c:numRef></c:val>`
	}
	const cat = `<c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>基本支出</c:v></c:pt><c:pt idx="1"><c:v>项目支出</c:v></c:pt></c:strCache></c:strRef></c:cat>`
	const two = `<c:pt idx="0"><c:v>0.29</c:v></c:pt><c:pt idx="1"><c:v>0.70999999999999996</c:v></c:pt>`
	ser := func(in string) string {
		return `<c:chart><c:plotArea><c:pieChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>占比</c:v></c:pt></c:strCache></c:strRef></c:tx>` + in +
			`</c:ser></c:pieChart></c:plotArea></c:chart>`
	}
	for name, c := range map[string]struct{ in, want string }{
		"percent":           {ser(cat + val("0%", two)), "|占比; 基本支出|29%=29; 项目支出|71%=71"},
		"decimals":          {ser(cat + val("0.00%", two)), "|占比; 基本支出|29.00%=29; 项目支出|71.00%=71"},
		"general":           {ser(cat + val("General", two)), "|占比; 基本支出|0.29=0.29; 项目支出|0.71=0.71"},
		"no format":         {ser(cat + `<c:val><c:numLit><c:pt idx="0"><c:v>0.29</c:v></c:pt></c:numLit></c:val>`), "|占比; 基本支出|0.29=0.29"},
		"a point's own":     {ser(cat + val("General", `<c:pt idx="0" formatCode="0.0%"><c:v>0.29</c:v></c:pt><c:pt idx="1"><c:v>1</c:v></c:pt>`)), "|占比; 基本支出|29.0%=29; 项目支出|1=1"},
		"labels' own":       {ser(`<c:dLbls><c:numFmt formatCode="0.0%" sourceLinked="0"/></c:dLbls>` + cat + val("General", two)), "|占比; 基本支出|29.0%=29; 项目支出|71.0%=71"},
		"labels as cells":   {ser(`<c:dLbls><c:numFmt formatCode="0" sourceLinked="1"/></c:dLbls>` + cat + val("0%", two)), "|占比; 基本支出|29%=29; 项目支出|71%=71"},
		"labels of a group": {strings.Replace(ser(cat+val("General", two)), "</c:pieChart>", `<c:dLbls><c:numFmt formatCode="0%" sourceLinked="0"/></c:dLbls></c:pieChart>`, 1), "|占比; 基本支出|29%=29; 项目支出|71%=71"},
		"amounts":           {ser(cat + val("#,##0.00", `<c:pt idx="1"><c:v>1141.365</c:v></c:pt>`)), "|占比; 基本支出|; 项目支出|1,141.37=1141.365"},
		"years":             {ser(`<c:cat><c:numRef><c:numCache><c:formatCode>General</c:formatCode><c:pt idx="0"><c:v>2023</c:v></c:pt></c:numCache></c:numRef></c:cat>` + val("0", `<c:pt idx="0"><c:v>5</c:v></c:pt>`)), "|占比; 2023|5=5"},
		"a long way off":    {ser(cat + val("0", `<c:pt idx="2000000000"><c:v>5</c:v></c:pt><c:pt idx="-1"><c:v>5</c:v></c:pt>`)), ""},
	} {
		var chart drawing.Chart
		if err := chart.Read(open(t, c.in)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var rows []string
		if g := chart.Grid(false); g != nil {
			for _, row := range g.Lay() {
				var cells []string
				for _, c := range row {
					s := c.Text.S
					if c.Value != "" {
						s += "=" + c.Value
					}
					cells = append(cells, s)
				}
				rows = append(rows, strings.Join(cells, "|"))
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(rows, "; ")); diff != "" {
			t.Errorf("%s\n%s", name, diff)
		}
	}
}

func TestText(t *testing.T) {
	got, err := drawing.Text(open(t, `<a:txBody><a:p><a:r><a:t>甲</a:t></a:r><a:r><a:t>乙</a:t></a:r></a:p><a:p><a:fld><a:t>丙</a:t></a:fld></a:p></a:txBody>`))
	if diff := cmp.Diff([]string{"甲乙", "丙"}, got); diff != "" || err != nil {
		t.Errorf("%s%v", diff, err)
	}
}
