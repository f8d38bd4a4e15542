package report_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	model "github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/source"
)

// shown is a document of a heading, a sentence and a table, and a report on it.
func shown() (*model.Document, *finding.Report) {
	const path = "报告.docx"
	at := func(s string, line int, cell string) model.Text {
		return model.Text{S: s, Marks: []model.Mark{{Place: source.Place{Line: line, Column: 1, Cell: cell}}}}
	}
	doc := &model.Document{Path: path, Format: "docx", Blocks: []model.Block{
		{Kind: model.Heading, Level: 1, Text: at("收入<情况>", 1, "")},
		{Kind: model.Paragraph, Text: at("收入合计 １，０３０.50万元，比上年减少3.50万元；拨款1,000.00万元。", 2, "")},
		{Kind: model.Table, Grid: &model.Grid{Rows: 2, Cols: 2, Name: "表1", Cells: []model.Cell{
			{Row: 0, Col: 0, RowSpan: 1, ColSpan: 2, Text: at("收入<script>alert(1)</script>", 3, "表1!A1")},
			{Row: 1, Col: 0, RowSpan: 1, ColSpan: 1, Text: at("其他", 4, "表1!A2")},
			{Row: 1, Col: 1, RowSpan: 1, ColSpan: 1, Text: at("30.00", 4, "表1!B2")},
		}}},
	}}
	operand := func(text string, line, column int, cell string) finding.Operand {
		place := finding.Place{Path: path, Line: line, Column: column, Cell: cell}
		return finding.Operand{Field: "income", Label: "收入", Text: text, Value: text, Unit: "万元", Place: place, Data: place}
	}
	total := operand("1,030.50", 2, 6, "")
	r := &finding.Report{
		Inputs: []finding.Input{{Path: path, Entity: "某某中心", Period: "2023", Figures: 4}},
		Findings: []finding.Finding{
			{Rule: "sum", Title: "合计", Severity: finding.Error, Verdict: finding.Fail, Input: path, Entity: "某某中心", Period: "2023",
				Message: "合计 <b>1,030.50</b> 与各项之和不符", Difference: "0.50",
				Operands: []finding.Operand{total, operand("1,000.00", 2, 31, ""), operand("30.00", 0, 0, "表1!B2")}},
			{Rule: "change", Title: "变动", Severity: finding.Error, Verdict: finding.Pass, Input: path, Entity: "某某中心", Period: "2023",
				Operands: []finding.Operand{total, operand("减少3.50", 2, 20, "")}},
		},
	}
	r.Summary = finding.Tally{Pass: 1, Fail: 1}
	return doc, r
}

func page(t *testing.T) string {
	doc, r := shown()
	return render(t, "html", r, report.Options{Lang: "zh", Document: func(path string) *model.Document {
		if path != doc.Path {
			t.Errorf("asked for %s", path)
		}
		return doc
	}})
}

// TestHTMLMarks: every figure of a rule is marked where it stands, with the worst that was found of it.
func TestHTMLMarks(t *testing.T) {
	got := page(t)
	var marks []string
	for _, m := range regexp.MustCompile(`<b id="[^"]*" class="n ([a-z]+)" tabindex="0">([^<]*)</b>`).FindAllStringSubmatch(got, -1) {
		marks = append(marks, m[1]+" "+m[2])
	}
	if diff := cmp.Diff([]string{"error １，０３０.50", "pass 减少3.50", "error 1,000.00", "error 30.00"}, marks); diff != "" {
		t.Errorf("marked figures (-want +got):\n%s", diff)
	}
	for _, want := range []string{`收入&lt;情况&gt;`, `合计 &lt;b&gt;1,030.50&lt;/b&gt;`, `&lt;script&gt;alert(1)&lt;/script&gt;`, `<td colspan="2">`} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	// Where a person looks it up: the line of what stands in one, the cell of a table, and the table's name above it.
	for _, want := range []string{`<p class="at">第2行`, `<p data-line="2">`, `<div class="name">表1</div>`, `<td class="figure"><b id=`} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	// Nothing may come from elsewhere.
	if m := regexp.MustCompile(`(?:src|href)="[^#"]|url\(|@import|https?://`).FindString(got); m != "" {
		t.Errorf("the page refers to something outside: %s", m)
	}
}

// TestHTMLWithoutDocument: the findings are told when the document is not at hand.
func TestHTMLWithoutDocument(t *testing.T) {
	_, r := shown()
	got := render(t, "html", r, report.Options{Lang: "en"})
	if !strings.Contains(got, "The document is not at hand") || strings.Count(got, `class="finding `) != 2 {
		t.Errorf("findings are missing:\n%s", got)
	}
}

// TestHTMLPages: pages begin where they do in the file, and a row of a table in a text has its line.
func TestHTMLPages(t *testing.T) {
	doc, r := shown()
	text := func(s string, page, line int) model.Text {
		return model.Text{S: s, Marks: []model.Mark{{Place: source.Place{Page: page, Line: line, Column: 1}}}}
	}
	doc.Blocks = []model.Block{
		{Kind: model.Paragraph, Text: text("甲", 1, 1)}, {Kind: model.Paragraph, Text: text("乙", 1, 2)}, {Kind: model.Paragraph, Text: text("丙", 3, 3)},
		{Kind: model.Table, Grid: &model.Grid{Rows: 2, Cols: 2, Cells: []model.Cell{
			{RowSpan: 2, ColSpan: 1, Text: text("丁", 0, 7)}, {Col: 1, RowSpan: 1, ColSpan: 1, Text: text("戊", 0, 7)},
			{Row: 1, Col: 1, RowSpan: 1, ColSpan: 1, Text: text("己", 0, 9)},
		}}},
	}
	got := render(t, "html", r, report.Options{Lang: "zh", Document: func(string) *model.Document { return doc }})
	parts := regexp.MustCompile(`<div class="page">[^<]*|<p>[一-龟]|<th data-line="\d+">|<td[^>]*>.`).FindAllString(got, -1)
	want := []string{
		`<div class="page">第1页`, `<p>甲`, `<p>乙`, `<div class="page">第3页`, `<p>丙`,
		`<th data-line="7">`, `<td rowspan="2">丁`, `<td>戊`, `<th data-line="9">`, `<td>己`,
	}
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// browse runs a script at the end of a page in a real browser and is what it leaves in out.
func browse(t *testing.T, page, script string, flags ...string) map[string][]string {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("no Chromium here: the page is not tried in a browser")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	script = `<script>
var all = function (q) { return Array.prototype.slice.call(document.querySelectorAll(q)); };
var texts = function (q) { return all(q).map(function (e) { return e.textContent; }); };
var key = function (k) { document.dispatchEvent(new KeyboardEvent("keydown", {key: k, bubbles: true})); };
var out = {};
` + script + `
document.body.setAttribute("data-out", JSON.stringify(out));
</script></body>`
	if err := os.WriteFile(file, []byte(strings.Replace(page, "</body>", script, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + dir, "--dump-dom"}, flags...)
	dom, err := exec.Command(browser, append(args, "file://"+file)...).Output()
	if err != nil {
		t.Skipf("the browser does not start here: %v", err)
	}
	m := regexp.MustCompile(`data-out="([^"]*)"`).FindSubmatch(dom)
	if m == nil {
		t.Fatalf("the script of the page stopped:\n%s", dom)
	}
	var got map[string][]string
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(m[1]), "&quot;", `"`)), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestHTMLOnPhone: on a narrow screen a finding and its figures, far down in a long document, are seen together.
func TestHTMLOnPhone(t *testing.T) {
	doc, r := shown()
	var filler []model.Block
	for i := range 300 {
		filler = append(filler, model.Block{Kind: model.Paragraph, Text: model.Text{S: strings.Repeat("某某 ", 40),
			Marks: []model.Mark{{Place: source.Place{Line: 100 + i, Column: 1}}}}})
	}
	doc.Blocks = append(filler, doc.Blocks...)
	for range 30 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	html := render(t, "html", r, report.Options{Lang: "zh", Document: func(string) *model.Document { return doc }})
	got := browse(t, html, `
out.seen = [];
var list = all(".finding:not(.hidden)");
var last = list[list.length - 1];
last.click();
[last, all(".n.on")[0]].forEach(function (e) {
  var b = e.getBoundingClientRect(), w = e.closest("section, article").getBoundingClientRect();
  out.seen.push(b.bottom > w.top && b.top < w.bottom && b.top < window.innerHeight && b.top >= 0 ? "seen" : "not seen: " + [b.top, b.bottom, w.top, w.bottom, window.innerHeight]);
});
out.wide = [document.documentElement.scrollWidth > window.innerWidth ? "wider than the screen" : "fits"];
`, "--window-size=500,800")
	if diff := cmp.Diff(map[string][]string{"seen": {"seen", "seen"}, "wide": {"fits"}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestHTMLInBrowser chooses findings as a reader does, in a real browser.
func TestHTMLInBrowser(t *testing.T) {
	got := browse(t, page(t), `
out.first = texts(".finding:not(.hidden) code");
all(".finding")[0].click();
out.clicked = texts(".n.on");
key("Escape");
out.cleared = texts(".n.on");
document.querySelector("input[value=pass]").click();
out.filtered = texts(".finding:not(.hidden) code");
key("ArrowDown"); key("ArrowDown");
out.moved = texts(".finding.on code").concat(texts(".n.on"));
all(".n")[3].click();
out.figure = texts(".finding.on code");
document.querySelector("#search").value = "变动";
document.querySelector("#filters").dispatchEvent(new Event("input"));
out.searched = texts(".finding:not(.hidden) code");
document.querySelector("#search").value = "";
key("2"); key("1");
out.keys = texts(".finding:not(.hidden) code").concat(all(".nothing:not(.hidden)").map(function () { return "nothing"; }));
key("1");
out.refs = all(".n").map(function (n) { return n.dataset.refs || ""; });
`)
	want := map[string][]string{
		"first":    {"sum"},
		"clicked":  {"１，０３０.50", "1,000.00", "30.00"},
		"cleared":  {},
		"filtered": {"sum", "change"},
		"moved":    {"change", "１，０３０.50", "减少3.50"},
		"figure":   {"sum"},
		"searched": {"change"},
		"keys":     {"nothing"},
		"refs":     {"1", "", "1", "1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
