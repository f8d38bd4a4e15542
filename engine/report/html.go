package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/finding"
)

// This file writes one page for a browser, which needs nothing beside it: the findings, and where the document is at
// hand its text and tables, in which every figure that took part in a rule is marked by the worst that was found of it.

var (
	//go:embed html/page.html
	pageHTML string
	//go:embed html/page.css
	pageCSS string
	//go:embed html/page.js
	pageJS string
)

// htmlClass is how a finding is shown and filtered.
type htmlClass struct {
	Name  string
	Label string
	Count int
	// On: shown before anything is chosen.
	On bool
}

// The classes, worst first.
var htmlClasses = []string{"error", "warning", "info", "unevaluated", "rounding", "accepted", "pass"}

func classOf(f *finding.Finding) string {
	if f.Accepted != nil {
		return "accepted"
	}
	switch f.Verdict {
	case finding.Fail:
		return f.Severity.String()
	case finding.Rounding:
		if f.Severity >= finding.Warning {
			return f.Severity.String()
		}
		return "rounding"
	case finding.Pass:
		return "pass"
	}
	return "unevaluated"
}

type (
	htmlPage struct {
		Lang, Title string
		Words       map[string]string
		Classes     []htmlClass
		// Index is there where there are several inputs.
		Index  *htmlIndex
		Inputs []htmlInput
		Style  template.CSS
		Script template.JS
	}
	htmlInput struct {
		ID                           int
		Title, Path, SHA256, Outcome string
		// Rest says what is left out of the page.
		Rest    string
		Entries []htmlEntry
		Blocks  []htmlBlock
	}
	htmlEntry struct {
		Suspect  string
		Findings []htmlFinding
	}
	htmlFinding struct {
		ID string
		// Number tells findings apart on paper; 0 for those that say nothing of a figure.
		Number                                       int
		Class, Level, Rule, Title, Instance, Message string
		// Where is where to look it up.
		Where string
		// Facts are the difference, what would be allowed, the probable cause, the hint.
		Facts []string
		// Targets are the ids of the marked figures.
		Targets  string
		Operands []htmlOperand
	}
	htmlOperand struct{ ID, Text, Label, Where string }
	htmlBlock   struct {
		// Gap: blocks are left out here.
		Gap     bool
		Heading bool
		// Page is the page that begins with the block, "" within one.
		Page string
		Line int
		Runs []htmlRun
		// Name is what places call the table by.
		Name string
		Rows []htmlRow
	}
	htmlRow struct {
		Line  int
		Cells []htmlCell
	}
	htmlCell struct {
		RowSpan, ColSpan int
		// Figure: the cell holds nothing but one.
		Figure bool
		Runs   []htmlRun
	}
	htmlRun struct{ Text, ID, Class string }
)

func writeHTML(w io.Writer, r *finding.Report, o Options) error {
	p := &page{Report: r, Options: o}
	out := htmlPage{
		Lang: cmp.Or(o.Lang, "en"), Title: p.say(htmlTitle), Style: template.CSS(pageCSS), Script: template.JS(pageJS),
		Words: map[string]string{
			"Keys": p.say(htmlKeys), "Search": p.say(htmlSearch), "Findings": p.say(wordFinding), "Document": p.say(htmlDocument),
			"Index": p.say(htmlAll), "Unit": p.say(checkUnit), "Units": p.say(xlsxUnits), "More": p.say(htmlMore),
			"NoDocument": p.say(htmlNoDocument), "NoMatch": p.say(htmlNoMatch),
		},
	}
	inputs := p.inputs()
	findings := slices.Clone(r.Findings)
	finding.Sort(findings, inputs)
	counts := map[string]int{}
	own := map[string][]finding.Finding{}
	for _, f := range findings {
		if f.Verdict != finding.NotApplicable {
			own[f.Input] = append(own[f.Input], f)
		}
	}
	whole := len(inputs) <= htmlWhole
	for i, in := range inputs {
		rest := ""
		if !whole {
			told := slices.DeleteFunc(slices.Clone(own[in.Path]), func(f finding.Finding) bool { return !f.Told() })
			if n := len(own[in.Path]) - len(told); n > 0 {
				rest = p.sayf(htmlRest, n)
			}
			own[in.Path] = told
		}
		for _, f := range own[in.Path] {
			counts[classOf(&f)]++
		}
		out.Inputs = append(out.Inputs, p.htmlInput(i, in, own[in.Path], whole))
		out.Inputs[i].Rest = rest
	}
	if len(inputs) > 1 {
		out.Index = p.htmlIndex(out.Inputs, own)
	}
	if len(out.Inputs) == 1 {
		out.Title = out.Inputs[0].Title
	}
	for _, name := range htmlClasses {
		if counts[name] > 0 {
			out.Classes = append(out.Classes, htmlClass{name, p.say(classText(name)), counts[name], !slices.Contains([]string{"pass", "unevaluated", "accepted"}, name) || name == "accepted" && p.All})
		}
	}
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := t.Execute(&body, out); err != nil {
		return err
	}
	_, err = w.Write(body.Bytes())
	return err
}

func classText(class string) Text {
	switch class {
	case "rounding":
		return VerdictText(finding.Rounding)
	case "accepted":
		return wordAccepted
	case "pass":
		return VerdictText(finding.Pass)
	case "unevaluated":
		return VerdictText(finding.NotEvaluated)
	}
	s, _ := finding.ParseSeverity(class)
	return SeverityText(s)
}

// htmlInput lays out one input: its findings, and its document with the figures marked, whole or what is around these.
func (p *page) htmlInput(id int, in finding.Input, findings []finding.Finding, whole bool) htmlInput {
	out := htmlInput{
		ID: id, Title: titleOf(in), Path: in.Path, SHA256: in.SHA256,
		Outcome: p.outcome(findings),
	}
	var doc *document.Document
	if p.Document != nil {
		doc = p.Document(in.Path)
	}
	m := newMarker(id, doc)
	where, _ := newLocator(p.Lang, in.Path, findings)
	number, next := 0, 0
	for _, e := range finding.Entries(findings, p.Suspects) {
		entry := htmlEntry{}
		if e.Suspect != nil {
			entry.Suspect = p.sayf(textSuspect, e.Suspect.Figure.Label, e.Suspect.Figure.Text, e.Suspect.Value, len(e.Findings))
		}
		for i := range e.Findings {
			f := p.htmlFinding(m, where, &e.Findings[i])
			f.ID = fmt.Sprintf("f%d-%d", id, next)
			next++
			if f.Class != "pass" && f.Class != "unevaluated" {
				number++
				f.Number = number
			}
			entry.Findings = append(entry.Findings, f)
		}
		out.Entries = append(out.Entries, entry)
	}
	if doc != nil {
		out.Blocks = p.blocks(m, titles(findings, doc))
		if !whole {
			out.Blocks = excerpt(out.Blocks)
		}
	}
	return out
}

func (p *page) htmlFinding(m *marker, where locator, f *finding.Finding) htmlFinding {
	class := classOf(f)
	out := htmlFinding{
		Class: class, Level: p.say(classText(class)), Rule: f.Rule, Title: f.Title, Instance: p.label(f.Instance), Message: f.Message,
		Where: p.whereabouts(where, f.Operands),
	}
	if f.Verdict != finding.Pass {
		if f.Difference != "" {
			out.Facts = append(out.Facts, p.labelled(htmlDifference, f.Difference))
		}
		if f.Cause != "" {
			out.Facts = append(out.Facts, p.labelled(textCause, CauseText(f.Cause, p.Lang)))
		}
		if reason := p.acceptance(f); reason != "" {
			out.Facts = append(out.Facts, reason)
		}
		if f.Hint != "" {
			out.Facts = append(out.Facts, f.Hint)
		}
		if f.Basis != "" {
			out.Facts = append(out.Facts, p.labelled(htmlBasis, f.Basis))
		}
	}
	var targets []string
	figures := slices.ContainsFunc(f.Operands, isFigure)
	section, apart := "", false
	for _, o := range f.Operands {
		if isFigure(o) {
			apart = apart || section != "" && o.Place.Section != section
			section = o.Place.Section
		}
	}
	for i := range f.Operands {
		o := &f.Operands[i]
		place := o.Data
		if m.holds(o.Place) {
			place = o.Place
		}
		id := m.mark(place, o.Text, class)
		if id == "" && o.Value == "" && m.doc != nil && figures {
			// A name by which figures were found is not printed among them.
			continue
		}
		if id != "" && !slices.Contains(targets, id) {
			targets = append(targets, id)
		}
		at, data := where.places(f.Operands[i : i+1])
		at = cmp.Or(at, data)
		if titles := o.Place.Headings(); apart && len(titles) > 0 {
			at = strings.Join(titles[max(len(titles)-2, 0):], " › ") + p.say(wordComma) + at
		}
		out.Operands = append(out.Operands, htmlOperand{id, o.Text, o.Label, at})
	}
	out.Targets = strings.Join(targets, " ")
	return out
}

// whereabouts is where a finding's figures stand, as a person looks it up: 位于“三、支出决算情况说明”，第62行.
func (p *page) whereabouts(where locator, operands []finding.Operand) string {
	var places []finding.Place
	inLines, figures := true, slices.ContainsFunc(operands, isFigure)
	for _, o := range operands {
		if figures && !isFigure(o) {
			continue
		}
		places = append(places, o.Place)
		inLines = inLines && o.Place.Page == 0 && o.Place.Cell == ""
	}
	at := where.text(places, false)
	if at == "" {
		return ""
	}
	if inLines {
		at = p.sayf(htmlLine, at)
	}
	if under := where.under(operands); under != "" {
		at = under + p.say(wordComma) + at
	}
	return at
}

func isFigure(o finding.Operand) bool { return o.Value != "" }

// titles are the headings that figures stand under, and the last block that reads so: those before it are the table of
// contents.
func titles(findings []finding.Finding, doc *document.Document) map[string]int {
	all := map[string]int{}
	for i := range findings {
		for k := range findings[i].Operands {
			for _, title := range findings[i].Operands[k].Place.Headings() {
				all[title] = 0
			}
		}
	}
	for i := range doc.Blocks {
		title := strings.TrimSpace(doc.Blocks[i].Text.S)
		if _, known := all[title]; known {
			all[title] = i
		}
	}
	return all
}

// marker finds figures in a document and marks them.
type marker struct {
	input int
	doc   *document.Document
	// runs are the runs of the document by their line; cells those of its cells by name.
	runs  map[int][]run
	cells map[string]*document.Text
	// marks are the marked figures of each text, found by where they begin.
	marks map[*document.Text]map[int]*mark
	next  int
}

type run struct {
	text   *document.Text
	column int
	offset int
}

type mark struct {
	id       string
	from, to int
	class    int
}

func newMarker(input int, doc *document.Document) *marker {
	m := &marker{input: input, doc: doc, runs: map[int][]run{}, cells: map[string]*document.Text{}, marks: map[*document.Text]map[int]*mark{}}
	if doc == nil {
		return m
	}
	add := func(t *document.Text) {
		for _, k := range t.Marks {
			m.runs[k.Place.Line] = append(m.runs[k.Place.Line], run{t, k.Place.Column, k.Offset})
		}
		if len(t.Marks) > 0 && t.Marks[0].Place.Cell != "" {
			m.cells[t.Marks[0].Place.Cell] = t
		}
	}
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		add(&b.Text)
		if b.Grid != nil {
			for k := range b.Grid.Cells {
				add(&b.Grid.Cells[k].Text)
			}
		}
	}
	return m
}

// holds reports whether a place is in the document.
func (m *marker) holds(p finding.Place) bool {
	t, _ := m.find(p)
	return t != nil
}

// find is the text that holds a place, and the offset in it.
func (m *marker) find(p finding.Place) (*document.Text, int) {
	if m.doc == nil || p.Path != m.doc.Path {
		return nil, 0
	}
	if p.Cell != "" {
		if t := m.cells[p.Cell]; t != nil {
			return t, offset(t.S, 0, max(p.Column, 1)-1)
		}
		return nil, 0
	}
	var best *run
	for i, r := range m.runs[p.Line] {
		if r.column <= max(p.Column, 1) && (best == nil || r.column > best.column) {
			best = &m.runs[p.Line][i]
		}
	}
	if best == nil {
		return nil, 0
	}
	return best.text, offset(best.text.S, best.offset, max(p.Column, 1)-best.column)
}

// offset is the byte offset of the character n characters behind the one at from.
func offset(s string, from, n int) int {
	for i := range s[from:] {
		if n == 0 {
			return from + i
		}
		n--
	}
	return len(s)
}

// printed is a figure as documents print it, with the word of direction that datasets keep with it.
var printed = regexp.MustCompile(`^(?:增加|增长|上升|提高|减少|下降|降低|增|减)?[-+－−]?[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?[%％]?`)

// mark marks the figure or text at a place and is its id, "" when the document does not hold the place.
func (m *marker) mark(p finding.Place, shown, class string) string {
	t, from := m.find(p)
	if t == nil || from >= len(t.S) {
		return ""
	}
	to := from + len(printed.FindString(t.S[from:]))
	if strings.HasPrefix(t.S[from:], shown) {
		to = max(to, from+len(shown))
	}
	if to == from {
		to = offset(t.S, from, 1)
	}
	if m.marks[t] == nil {
		m.marks[t] = map[int]*mark{}
	}
	k := m.marks[t][from]
	if k == nil {
		m.next++
		k = &mark{fmt.Sprintf("n%d-%d", m.input, m.next), from, to, len(htmlClasses)}
		m.marks[t][from] = k
	}
	k.class = min(k.class, slices.Index(htmlClasses, class))
	return k.id
}

// blocks is the document with its figures marked. Headings that the format does not mark are known by their titles.
func (p *page) blocks(m *marker, titles map[string]int) []htmlBlock {
	var out []htmlBlock
	last := 0
	for i := range m.doc.Blocks {
		b := &m.doc.Blocks[i]
		shown := htmlBlock{}
		first := b.Text.At(0)
		if b.Grid != nil && len(b.Grid.Cells) > 0 {
			first = b.Grid.Cells[0].Text.At(0)
		}
		if first.Page > last {
			last = first.Page
			shown.Page = p.sayf(textPage, last)
		}
		if b.Grid == nil {
			at, known := titles[strings.TrimSpace(b.Text.S)]
			shown.Heading = b.Kind == document.Heading || known && at == i
			shown.Runs = m.split(&b.Text)
			if first.Page == 0 {
				shown.Line = first.Line
			}
			out = append(out, shown)
			continue
		}
		if first.Cell != "" {
			shown.Name = b.Grid.Name
		}
		for r, laid := range b.Grid.Lay() {
			row := htmlRow{}
			if first.Cell == "" && first.Page == 0 {
				row.Line = lineOf(laid, r)
			}
			for c, cell := range laid {
				switch {
				case cell == nil:
					row.Cells = append(row.Cells, htmlCell{RowSpan: 1, ColSpan: 1})
				case cell.Row == r && cell.Col == c:
					s := strings.TrimSpace(cell.Text.S)
					figure := s != "" && printed.FindString(s) == s
					row.Cells = append(row.Cells, htmlCell{cell.RowSpan, cell.ColSpan, figure, m.split(&cell.Text)})
				}
			}
			shown.Rows = append(shown.Rows, row)
		}
		out = append(out, shown)
	}
	return out
}

// lineOf is the line at which a row of a table begins, that of the row above where no cell begins in it.
func lineOf(laid []*document.Cell, row int) int {
	line := 0
	for _, cell := range laid {
		if cell == nil {
			continue
		}
		at := cell.Text.At(0).Line
		if cell.Row == row && at > 0 {
			return at
		}
		line = max(line, at)
	}
	return line
}

// split cuts a text at its marks. Where two overlap the earlier one stays.
func (m *marker) split(t *document.Text) []htmlRun {
	var marks []*mark
	for _, k := range m.marks[t] {
		marks = append(marks, k)
	}
	slices.SortFunc(marks, func(a, b *mark) int { return a.from - b.from })
	var out []htmlRun
	at := 0
	for i, k := range marks {
		to := k.to
		if i+1 < len(marks) {
			to = min(to, marks[i+1].from)
		}
		if k.from > at {
			out = append(out, htmlRun{Text: t.S[at:k.from]})
		}
		out = append(out, htmlRun{t.S[k.from:to], k.id, htmlClasses[k.class]})
		at = to
	}
	if at < len(t.S) {
		out = append(out, htmlRun{Text: t.S[at:]})
	}
	return out
}
