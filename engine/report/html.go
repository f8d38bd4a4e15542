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
var htmlClasses = []string{"error", "warning", "info", "unevaluated", "rounding", "pass"}

func classOf(f *finding.Finding) string {
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
		Inputs      []htmlInput
		Style       template.CSS
		Script      template.JS
	}
	htmlInput struct {
		ID                   int
		Title, Path, Outcome string
		Entries              []htmlEntry
		Blocks               []htmlBlock
	}
	htmlEntry struct {
		Suspect  string
		Findings []htmlFinding
	}
	htmlFinding struct {
		Class, Level, Rule, Instance, Message string
		// Facts are the difference, what would be allowed, the probable cause, the hint.
		Facts []string
		// Targets are the ids of the marked figures.
		Targets  string
		Operands []htmlOperand
	}
	htmlOperand struct{ ID, Text, Label, Where string }
	htmlBlock   struct {
		Heading bool
		Line    int
		Runs    []htmlRun
		Rows    [][]htmlCell
	}
	htmlCell struct {
		RowSpan, ColSpan int
		Runs             []htmlRun
	}
	htmlRun struct{ Text, ID, Class string }
)

func writeHTML(w io.Writer, r *finding.Report, o Options) error {
	p := &page{Report: r, Options: o}
	out := htmlPage{
		Lang: cmp.Or(o.Lang, "en"), Title: p.say(htmlTitle), Style: template.CSS(pageCSS), Script: template.JS(pageJS),
		Words: map[string]string{
			"Keys": p.say(htmlKeys), "Search": p.say(htmlSearch), "Findings": p.say(wordFinding), "Document": p.say(htmlDocument),
			"NoDocument": p.say(htmlNoDocument),
		},
	}
	inputs := p.inputs()
	findings := slices.Clone(r.Findings)
	finding.Sort(findings, inputs)
	counts := map[string]int{}
	for i, in := range inputs {
		var own []finding.Finding
		for _, f := range findings {
			if f.Input == in.Path && f.Verdict != finding.NotApplicable {
				own = append(own, f)
				counts[classOf(&f)]++
			}
		}
		out.Inputs = append(out.Inputs, p.htmlInput(i, in, own))
	}
	if len(out.Inputs) == 1 {
		out.Title = out.Inputs[0].Title
	}
	for _, name := range htmlClasses {
		if counts[name] > 0 {
			out.Classes = append(out.Classes, htmlClass{name, p.say(classText(name)), counts[name], name != "pass" && name != "unevaluated"})
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
	case "pass":
		return VerdictText(finding.Pass)
	case "unevaluated":
		return VerdictText(finding.NotEvaluated)
	}
	s, _ := finding.ParseSeverity(class)
	return SeverityText(s)
}

// htmlInput lays out one input: its findings, and its document with the figures marked.
func (p *page) htmlInput(id int, in finding.Input, findings []finding.Finding) htmlInput {
	out := htmlInput{
		ID: id, Title: cmp.Or(strings.TrimSpace(in.Entity+" "+in.Period), in.Path), Path: in.Path, Outcome: p.outcome(findings),
	}
	var doc *document.Document
	if p.Document != nil {
		doc = p.Document(in.Path)
	}
	m := newMarker(id, doc)
	where, _ := newLocator(p.Lang, in.Path, findings)
	for _, e := range finding.Entries(findings, p.Suspects) {
		entry := htmlEntry{}
		if e.Suspect != nil {
			entry.Suspect = p.sayf(textSuspect, e.Suspect.Figure.Label, e.Suspect.Figure.Text, e.Suspect.Value, len(e.Findings))
		}
		for i := range e.Findings {
			entry.Findings = append(entry.Findings, p.htmlFinding(m, where, &e.Findings[i]))
		}
		out.Entries = append(out.Entries, entry)
	}
	if doc != nil {
		out.Blocks = m.blocks()
	}
	return out
}

func (p *page) htmlFinding(m *marker, where locator, f *finding.Finding) htmlFinding {
	class := classOf(f)
	out := htmlFinding{
		Class: class, Level: p.say(classText(class)), Rule: f.Rule, Instance: p.label(f.Instance), Message: cmp.Or(f.Message, f.Title),
	}
	if f.Verdict != finding.Pass {
		if f.Difference != "" {
			out.Facts = append(out.Facts, p.labelled(htmlDifference, f.Difference))
		}
		if f.Cause != "" {
			out.Facts = append(out.Facts, p.labelled(textCause, CauseText(f.Cause, p.Lang)))
		}
		if f.Hint != "" {
			out.Facts = append(out.Facts, f.Hint)
		}
		if f.Basis != "" {
			out.Facts = append(out.Facts, f.Basis)
		}
	}
	var targets []string
	for i := range f.Operands {
		o := &f.Operands[i]
		place := o.Data
		if m.holds(o.Place) {
			place = o.Place
		}
		id := m.mark(place, o.Text, class)
		if id != "" && !slices.Contains(targets, id) {
			targets = append(targets, id)
		}
		at, data := where.places(f.Operands[i : i+1])
		at = cmp.Or(at, data)
		if titles := o.Place.Headings(); len(titles) > 0 {
			at = strings.Join(titles, " › ") + p.say(wordComma) + at
		}
		out.Operands = append(out.Operands, htmlOperand{id, o.Text, o.Label, at})
	}
	out.Targets = strings.Join(targets, " ")
	return out
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

// blocks is the document with its figures marked.
func (m *marker) blocks() []htmlBlock {
	var out []htmlBlock
	for i := range m.doc.Blocks {
		b := &m.doc.Blocks[i]
		if b.Grid == nil {
			out = append(out, htmlBlock{Heading: b.Kind == document.Heading, Line: b.Text.At(0).Line, Runs: m.split(&b.Text)})
			continue
		}
		rows := make([][]htmlCell, b.Grid.Rows)
		for r, laid := range b.Grid.Lay() {
			for c, cell := range laid {
				switch {
				case cell == nil:
					rows[r] = append(rows[r], htmlCell{RowSpan: 1, ColSpan: 1})
				case cell.Row == r && cell.Col == c:
					rows[r] = append(rows[r], htmlCell{cell.RowSpan, cell.ColSpan, m.split(&cell.Text)})
				}
			}
		}
		out = append(out, htmlBlock{Rows: rows})
	}
	return out
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
