package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	model "github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/source"
)

// TestHTMLIndex: the cells count what has to be looked at, by input and rule, and every link leads somewhere.
func TestHTMLIndex(t *testing.T) {
	r := realistic()
	got := render(t, "html", r, report.Options{Lang: "zh"})
	sum, want := 0, 0
	cell := regexp.MustCompile(`<td class="heat(\d) (\w+)"><a href="#([^"]+)">(\d+)</a></td>`)
	for _, m := range cell.FindAllStringSubmatch(got, -1) {
		n, err := strconv.Atoi(m[4])
		if err != nil {
			t.Fatal(err)
		}
		sum += n
		if !strings.Contains(got, `<li id="`+m[3]+`" class="finding `+m[2]+`"`) {
			t.Errorf("%s leads to no %s", m[0], m[2])
		}
	}
	for _, f := range r.Findings {
		if f.Verdict == finding.Fail || f.Severity >= finding.Warning {
			want++
		}
	}
	if sum != want {
		t.Errorf("the cells count %d findings, want %d", sum, want)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(got, -1) {
		if ids[m[1]] {
			t.Errorf("the id %s stands twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(got, -1) {
		if !ids[m[1]] {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	// The rule that both inputs break comes first.
	if m := regexp.MustCompile(`<th scope="col" title="([^"]+)">`).FindStringSubmatch(got); m == nil || m[1] != "same-expenditure-across-sections" {
		t.Errorf("first is %v", m)
	}
	if one := page(t); strings.Contains(one, `id="index"`) {
		t.Error("one input has an index")
	}
}

// TestHTMLOfMany: of many inputs the page leaves out what holds, and of their documents what is not around a figure, and
// says so.
func TestHTMLOfMany(t *testing.T) {
	_, one := shown()
	r := &finding.Report{}
	for i := range 11 {
		in := one.Inputs[0]
		in.Path = fmt.Sprintf("%d.docx", i)
		r.Inputs = append(r.Inputs, in)
		for _, f := range one.Findings {
			f.Input = in.Path
			f.Operands = slices.Clone(f.Operands[:1])
			f.Operands[0].Place = finding.Place{Path: in.Path, Line: 3, Column: 1}
			f.Operands[0].Data = f.Operands[0].Place
			r.Findings = append(r.Findings, f)
		}
	}
	doc := func(path string) *model.Document {
		d := &model.Document{Path: path, Format: "docx"}
		for i, text := range []string{"一、标题", "前一段", "1,030.50 万元", "后一段", "二、别处", "再一段"} {
			kind := model.Paragraph
			if i%4 == 0 {
				kind = model.Heading
			}
			d.Blocks = append(d.Blocks, model.Block{Kind: kind, Text: model.Text{S: text, Marks: []model.Mark{{Place: source.Place{Line: i + 1, Column: 1}}}}})
		}
		return d
	}
	for _, n := range []int{10, 11} {
		few := *r
		few.Inputs, few.Findings = r.Inputs[:n], r.Findings[:2*n]
		got := render(t, "html", &few, report.Options{Lang: "zh", Document: doc})
		whole := n == 10
		for text, want := range map[string]bool{
			"一、标题": true, `class="n error" tabindex="0">1,030.50</b> 万元`: true,
			"前一段": whole, "二、别处": whole, `class="finding pass"`: whole, "通过的 1 处没有列出": !whole, `class="gap"`: !whole,
		} {
			if strings.Contains(got, text) != want {
				t.Errorf("%d inputs: %q is there: %v", n, text, !want)
			}
		}
	}
}

// TestHTMLAccepted: what was accepted is there with its reason, counted, and shown when it is asked for.
func TestHTMLAccepted(t *testing.T) {
	r := tallied(1, []finding.Input{input2023}, accepted()...)
	for _, all := range []bool{false, true} {
		got := render(t, "html", r, report.Options{Lang: "zh", All: all})
		box := map[bool]string{false: `value="accepted">`, true: `value="accepted" checked>`}[all]
		for _, want := range []string{box + " 已接受 3", "接受理由：按合同签订时的口径统计，已与采购办核对（李明，至 2026-12-31）", `class="finding accepted"`} {
			if !strings.Contains(got, want) {
				t.Errorf("all %v: the page lacks %s", all, want)
			}
		}
	}
}

// TestHTMLIndexInBrowser goes from the index to a finding and back.
func TestHTMLIndexInBrowser(t *testing.T) {
	got := browse(t, render(t, "html", realistic(), report.Options{Lang: "zh"}), `
var visible = function (q) { return all(q).filter(function (e) { return e.offsetParent; }).map(function (e) { return e.id; }); };
var go = function (hash) { history.replaceState(null, "", hash); window.dispatchEvent(new HashChangeEvent("hashchange")); };
out.index = visible("#index, main.input");
go(document.querySelector("td.warning a").getAttribute("href"));
out.cell = visible("#index, main.input").concat(texts(".finding.on code"));
key("ArrowDown"); key("ArrowDown"); key("ArrowDown"); key("ArrowDown"); key("ArrowDown"); key("ArrowDown");
out.stays = visible(".finding.on").map(function (id) { return id.split("-")[0]; });
go("#input1");
out.input = visible("#index, main.input").concat(texts("#where"));
go("#index");
out.back = visible("#index, main.input").concat(texts(".finding.on"));
`)
	want := map[string][]string{
		"index": {"index"},
		"cell":  {"input0", "same-expenditure-across-sections"},
		"stays": {"f0"},
		"input": {"input1", "› " + entity + " 2022"},
		"back":  {"index"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
