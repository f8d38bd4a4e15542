package report_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	model "github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/source"
)

// hostile are texts that would act in one format or another, were they not escaped. Each holds a word to find it by.
var hostile = []string{
	`<hostile-tag onhostile="x">hostile</hostile-tag>`,
	`"><hostile-tag>`, `' onhostile='x`, `</script><hostile-tag>`, `]]><hostile-tag>`, `&lt;hostile-tag&gt;`,
	`=HYPERLINK("http://hostile.example","hostile")`, `+hostile`, `-hostile`, `@hostile`, "\t=hostile", "\r=hostile", "＝hostile", "－hostile",
	`-1+hostile`, "\n=hostile",
	`hostile|hostile`, "`hostile`", "[hostile](http://hostile.example)", "![hostile](http://hostile.example/x.png)", "**hostile**",
	"@hostile-user", "#1 hostile", "www.hostile.example", "http://hostile.example", "# hostile", "hostile\n# hostile\n- hostile", "$hostile$", ":hostile:",
	"~~~\nhostile", "<!-- hostile", "javascript:hostile()",
	"::error::hostile", "\n::error::hostile", "hostile\r\n::set-output name=a::hostile", "##[error]hostile", "%0A::error::hostile", "hostile,line=1:2",
	"\x1b[31mhostile", "hostile\u202ehostile", "hostile\x00\x01\ufffe", "hostile\xff",
}

// hostileReport says a hostile text in every field of texts.
func hostileReport(text string) *finding.Report {
	place := finding.Place{Path: text, Line: 3, Column: 5, Page: 2, Cell: text, Section: text}
	f := finding.Finding{
		Rule: text, Title: text, Pack: text, Severity: finding.Error, Verdict: finding.Fail, Message: text, Input: text, Entity: text, Period: text,
		Instance: text, Left: text, Right: text, Difference: text, Allowed: &finding.Interval{Low: text, High: text}, Tolerance: text, Cause: text,
		Operands: []finding.Operand{{Field: text, Label: text, Text: text, Value: text, Unit: text, Place: place, Data: finding.Place{Path: text, Line: 1, Column: 1}}},
		Basis:    text, Hint: text, Formula: text, Fingerprint: text,
	}
	accepted, missing := f, f
	accepted.Accepted = &finding.Acceptance{Reason: text, By: text, Until: text, Place: place}
	missing.Verdict, missing.Severity, missing.Missing = finding.NotEvaluated, finding.Info, []string{text}
	passes := f
	passes.Verdict = finding.Pass
	return &finding.Report{
		Version: text, Inputs: []finding.Input{{Path: text, SHA256: text, Entity: text, Period: text, Decimals: map[string]int{text: 2}, Pack: text, Document: true}, {Path: "other" + text}},
		Summary:  finding.Tally{Fail: 2, Pass: 1, NotEvaluated: 1},
		Rules:    []finding.Rule{{ID: text, Title: text, Severity: finding.Error}, {ID: "idle", Title: text, Unbound: finding.Unbound{Reason: text, Missing: []string{text}}}},
		Findings: []finding.Finding{f, accepted, missing, passes},
		Suspects: []finding.Suspect{{Input: text, Figure: f.Operands[0], Value: text, Settles: []string{text}}},
		Labels:   map[string]string{text: text},
	}
}

// harms looks for what acts in the output of each format. A format that is not here has no test and fails.
var harms = map[string]func(t *testing.T, out string){
	"table":  textHarms,
	"json":   jsonHarms,
	"jsonl":  func(t *testing.T, out string) { each(out, func(line string) { jsonHarms(t, line) }) },
	"sarif":  jsonHarms,
	"gitlab": jsonHarms,
	"csv":    csvHarms,

	"xlsx": func(t *testing.T, out string) {
		each := func(sheet, ref, cell string, b *excelize.File) {
			formula, err := b.GetCellFormula(sheet, ref)
			kind, wrong := b.GetCellType(sheet, ref)
			if formula != "" || err != nil || wrong != nil {
				t.Errorf("%s!%s is the formula %q (%v, %v)", sheet, ref, formula, err, wrong)
			}
			if strings.Contains(cell, "hostile") && kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
				t.Errorf("%s!%s is no text but %v: %q", sheet, ref, kind, cell)
			}
		}
		cells(t, out, each)
	},
	"checklist": textHarms, "checklist-csv": csvHarms,
	"markdown": markdownHarms, "checklist-markdown": markdownHarms,
	"junit": func(t *testing.T, out string) {
		dec := xml.NewDecoder(strings.NewReader(out))
		for {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := token.(xml.StartElement); ok && strings.Contains(e.Name.Local, "hostile") {
				t.Errorf("an element %s", e.Name.Local)
			}
		}
	},
	"github": func(t *testing.T, out string) {
		each(out, func(line string) {
			switch ours := githubCommand.MatchString(line); {
			case ours:
			case strings.HasPrefix(strings.TrimSpace(line), "::"), strings.Contains(line, "##["):
				t.Errorf("not a command of ours: %q", line)
			}
		})
	},
	"html": func(t *testing.T, out string) {
		z := html.NewTokenizer(strings.NewReader(out))
		for z.Next() != html.ErrorToken {
			token := z.Token()
			if token.Type == html.TextToken || token.Type == html.CommentToken {
				continue
			}
			if strings.Contains(token.Data, "hostile") {
				t.Errorf("an element %s", token.Data)
			}
			for _, a := range token.Attr {
				if strings.Contains(a.Key, "hostile") || strings.HasPrefix(a.Key, "on") ||
					(a.Key == "href" || a.Key == "src") && strings.Contains(a.Val, "hostile") && !strings.HasPrefix(a.Val, "#") {
					t.Errorf("an attribute %s=%q", a.Key, a.Val)
				}
			}
		}
	},
}

var githubCommand = regexp.MustCompile(
	`^::(error|warning|notice)( (file|line|col|title)=[^:,]*(,(file|line|col|title)=[^:,]*)*)?::[^\r]*$|^::group::[^\r]*$|^::endgroup::$`)

func each(out string, do func(line string)) {
	for line := range strings.Lines(out) {
		do(strings.TrimSuffix(line, "\n"))
	}
}

func jsonHarms(t *testing.T, out string) {
	if !json.Valid([]byte(out)) {
		t.Errorf("no JSON: %q", out)
	}
}

func textHarms(t *testing.T, out string) {
	for _, r := range out {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			t.Errorf("a control character %q", r)
		}
	}
}

// markdownHarms takes away what is escaped and what is ours; what acts in the rest is not.
func markdownHarms(t *testing.T, out string) {
	out = regexp.MustCompile(`\\[[:punct:]]|&(?:amp|lt|gt);`).ReplaceAllString(out, "")
	out = regexp.MustCompile("<br>|</?details>|</?summary>").ReplaceAllString(out, "")
	each(out, func(line string) {
		if heading := regexp.MustCompile("^##? ").FindString(line); heading != "" {
			line = "x" + line[len(heading):]
		}
		cells := strings.Split(line, " | ")
		if strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "|---") && !slices.Contains([]int{4, 5, 8}, len(cells)) {
			t.Errorf("a row of %d cells: %q", len(cells), line)
		}
		if m := regexp.MustCompile("[<>`*_\\[\\]~$^]|@[\\w-]|#\\d|www\\.|://|^[-+=~#\t>]+[^ \\-|]").FindString(strings.TrimSuffix(line, "____________")); m != "" {
			t.Errorf("%q acts in %q", m, line)
		}
	})
	textHarms(t, strings.ReplaceAll(out, "\u2060", ""))
}

func csvHarms(t *testing.T, out string) {
	for _, row := range rows(t, out) {
		for name, cell := range row {
			if cell != "" && strings.ContainsAny(string([]rune(cell)[:1]), "=+-@\t\r\n＝＋－＠") {
				t.Errorf("the cell %s is %q", name, cell)
			}
		}
	}
}

// TestHostileTexts: whatever reports print, it is text in every format.
func TestHostileTexts(t *testing.T) {
	doc := func(text string) func(string) *model.Document {
		return func(path string) *model.Document {
			return &model.Document{Path: path, Format: "docx", Blocks: []model.Block{
				{Kind: model.Heading, Level: 1, Text: model.Text{S: text, Marks: []model.Mark{{Place: source.Place{Line: 3, Column: 1}}}}},
			}}
		}
	}
	for _, f := range report.Formats {
		check := harms[f.Name]
		if check == nil {
			t.Errorf("%s: nothing tells what would act in it", f.Name)
			continue
		}
		for _, text := range hostile {
			for _, o := range []report.Options{{Lang: "zh", All: true}, {}} {
				o.Document = doc(text)
				r := hostileReport(text)
				out := render(t, f.Name, r, o)
				check(t, out)
				if !strings.Contains(out, "hostile") && !f.Binary {
					t.Errorf("%s says nothing of %q", f.Name, text)
				}
				if t.Failed() {
					t.Fatalf("%s, all %v: %q in\n%s", f.Name, o.All, text, out)
				}
			}
		}
	}
}

// TestManyFindings: ten thousand findings on two hundred inputs are told, input by input.
func TestManyFindings(t *testing.T) {
	r := many(10_000)
	for _, f := range report.Formats {
		out := render(t, f.Name, r, report.Options{})
		for _, in := range r.Inputs {
			if !f.Binary && !strings.Contains(out, in.Path) && !strings.Contains(out, in.Entity) {
				t.Fatalf("%s does not tell of %s", f.Name, in.Path)
			}
		}
	}
}
