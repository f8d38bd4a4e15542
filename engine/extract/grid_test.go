package extract_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/source"
)

// tableCase is one case of testdata/tables.txt.
type tableCase struct {
	name  string
	doc   *document.Document
	facts []string
	notes []string
}

// tableOf lays the rows of a case out; < goes on the cell to the left, ^ the one above.
func tableOf(rows []string, line int) *document.Grid {
	g := &document.Grid{Name: "表1", Rows: len(rows)}
	at := map[[2]int]int{}
	for r, row := range rows {
		for c, text := range strings.Split(strings.Trim(row, "|"), "|") {
			g.Cols = max(g.Cols, c+1)
			switch text = strings.TrimSpace(text); text {
			case "<":
				i := at[[2]int{r, c - 1}]
				at[[2]int{r, c}] = i
				if g.Cells[i].Row == r {
					g.Cells[i].ColSpan = c - g.Cells[i].Col + 1
				}
			case "^":
				i := at[[2]int{r - 1, c}]
				at[[2]int{r, c}] = i
				g.Cells[i].RowSpan = r - g.Cells[i].Row + 1
			default:
				at[[2]int{r, c}] = len(g.Cells)
				text = strings.ReplaceAll(text, "⏎", "\n")
				place := source.Place{Line: line + r, Column: 1, Cell: "表1!" + document.CellName(r, c)}
				g.Cells = append(g.Cells, document.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Text: document.Text{S: text, Marks: []document.Mark{{Place: place}}}})
			}
		}
	}
	return g
}

func tableCases(t *testing.T) []tableCase {
	content, err := os.ReadFile("testdata/tables.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []tableCase
	var rows []string
	kind := document.Table
	for i, line := range append(strings.Split(string(content), "\n"), "") {
		if !strings.HasPrefix(line, "|") && rows != nil {
			c := &all[len(all)-1]
			c.doc.Blocks = append(c.doc.Blocks, document.Block{Kind: kind, Grid: tableOf(rows, i-len(rows)+1)})
			rows, kind = nil, document.Table
		}
		switch {
		case strings.HasPrefix(line, "= "):
			all = append(all, tableCase{name: line[2:], doc: &document.Document{Format: "docx"}})
			// The year of the report.
			all[len(all)-1].doc.Blocks = []document.Block{{Kind: document.Paragraph, Text: document.Text{S: "某某局2022年度部门决算"}}}
		case strings.HasPrefix(line, "> "):
			c := &all[len(all)-1]
			c.doc.Blocks = append(c.doc.Blocks, document.Block{Kind: document.Paragraph, Text: document.Text{
				S: line[2:], Marks: []document.Mark{{Place: source.Place{Line: i + 1, Column: 1}}},
			}})
		case strings.HasPrefix(line, "|"):
			rows = append(rows, line)
		case line == "# chart":
			kind = document.Chart
		case line == "", strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "! "):
			all[len(all)-1].notes = append(all[len(all)-1].notes, line[2:])
		default:
			all[len(all)-1].facts = append(all[len(all)-1].facts, line)
		}
	}
	return all
}

func TestTables(t *testing.T) {
	for _, c := range tableCases(t) {
		t.Run(c.name, func(t *testing.T) {
			r := extract.Read(c.doc, extract.ShippedWords())
			var facts []extract.Fact
			for _, f := range r.Facts {
				if f.Row >= 0 {
					facts = append(facts, f)
				}
			}
			for i := range max(len(facts), len(c.facts)) {
				switch {
				case i >= len(c.facts):
					t.Errorf("at %s: read %s, more than there is", facts[i].Place.Cell, inTable(facts[i]))
				case i >= len(facts):
					t.Errorf("missed %s", c.facts[i])
				case !agrees(c.facts[i], facts[i]):
					t.Errorf("at %s: read %s\n\twant %s", facts[i].Place.Cell, inTable(facts[i]), c.facts[i])
				}
			}
			var notes []string
			for _, n := range r.Notes {
				notes = append(notes, n.Kind+" | "+n.Subject)
			}
			for _, want := range c.notes {
				kind, star := strings.CutSuffix(want, "*")
				at := slices.IndexFunc(notes, func(n string) bool { return n == want || star && strings.HasPrefix(n, kind) })
				if at < 0 {
					t.Errorf("no note %s among %q", want, notes)
					continue
				}
				notes = slices.Delete(notes, at, at+1)
			}
		})
	}
}

func inTable(f extract.Fact) string {
	return strings.Join([]string{
		f.Value.String(), f.Unit, string(f.Measure), f.Subject, f.Basis, f.Word, "code=" + f.Code,
		"path=" + strings.Join(f.RowPath, ">") + " @ " + strings.Join(f.ColPath, ">"),
	}, " | ")
}

// agrees compares a fact with a line of a case.
func agrees(want string, f extract.Fact) bool {
	got := []string{f.Value.String(), f.Unit, string(f.Measure), f.Subject, f.Basis, f.Word}
	n := 0
	for _, part := range strings.Split(want, "|") {
		part = strings.TrimSpace(part)
		code, isCode := strings.CutPrefix(part, "code=")
		path, isPath := strings.CutPrefix(part, "path=")
		switch {
		case isCode:
			if code != f.Code {
				return false
			}
			continue
		case isPath:
			if path != strings.Join(f.RowPath, ">")+" @ "+strings.Join(f.ColPath, ">") {
				return false
			}
			continue
		case part == "*", n > 3 && part == "":
		case part != got[n]:
			return false
		}
		n++
	}
	return true
}
