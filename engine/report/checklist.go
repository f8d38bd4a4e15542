package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// This file writes the form in which units check themselves before they publish: 检查项, 是否合格, 问题, 位置, a row for each
// rule that applies, in the order of the pack, to be signed. It comes as text, as Markdown, as CSV, and as a sheet of the
// workbook.

// checkRow is one row of the form.
type checkRow struct {
	// item is what must hold, rule its id.
	item, rule string
	// answer is whether it does: yes, no, to be looked at, not evaluated; class is its class as pages name them.
	answer, class string
	// problem and place tell of each finding that keeps it from holding, one a line.
	problem, place string
}

// checkForm is the form of one input.
type checkForm struct {
	unit
	rows []checkRow
	// counts are the answers, in order.
	counts []string
}

// forms is a form for each input.
func (p *page) forms() []checkForm {
	order := make(map[string]int, len(p.Rules))
	for i, r := range p.Rules {
		order[r.ID] = i + 1
	}
	var out []checkForm
	for _, u := range p.units() {
		form := checkForm{unit: u}
		same := groupBy(u.findings, func(f *finding.Finding) string { return f.Pack + "\n" + f.Rule })
		slices.SortStableFunc(same, func(a, b []*finding.Finding) int { return order[a[0].Rule] - order[b[0].Rule] })
		where, _ := newLocator(p.Lang, u.input.Path, u.values())
		answers := map[string]int{}
		for _, findings := range same {
			if row, ok := p.checkRow(where, findings); ok {
				form.rows = append(form.rows, row)
				answers[row.answer]++
			}
		}
		for _, t := range []Text{checkYes, checkNo, checkLook, checkAccepted, checkOpen} {
			if n := answers[p.say(t)]; n > 0 {
				form.counts = append(form.counts, fmt.Sprintf("%s %d", p.say(t), n))
			}
		}
		out = append(out, form)
	}
	return out
}

// checkRow is the row of one rule; there is none where the rule does not apply.
func (p *page) checkRow(where locator, findings []*finding.Finding) (checkRow, bool) {
	first := findings[0]
	row := checkRow{item: first.Title, rule: first.Rule}
	if row.item == "" {
		row.item = first.Rule
	}
	var bad []*finding.Finding
	var worst finding.Severity
	var tally finding.Tally
	var reasons []string
	accepted := 0
	for _, f := range findings {
		switch {
		case f.Accepted != nil:
			accepted++
		case loud(f):
			bad = append(bad, f)
			worst = max(worst, f.Severity)
		default:
			tally.Add(f.Verdict)
			if f.Verdict == finding.NotEvaluated {
				reasons = append(reasons, p.reason(f.Cause, f.Missing))
			}
		}
	}
	var problems []string
	switch {
	case worst >= finding.Warning:
		row.answer, row.class = p.say(checkNo), worst.String()
	case worst > 0:
		row.answer, row.class = p.say(checkLook), worst.String()
	case accepted > 0:
		row.answer, row.class = p.say(checkAccepted), "accepted"
	case tally.Pass+tally.Rounding > 0:
		row.answer, row.class = p.say(checkYes), "pass"
	case tally.NotEvaluated > 0:
		row.answer, row.class = p.say(checkOpen), "unevaluated"
	default:
		return row, false
	}
	shown := findings[:0:0]
	for i, f := range bad {
		if i == gathered && f.Severity < finding.Error && !p.All {
			problems = append(problems, p.sayf(textRest, len(bad)-i))
			break
		}
		problems = append(problems, p.sentence(f))
		shown = append(shown, f)
	}
	if accepted > 0 {
		problems = append(problems, p.sayf(textAccepted, accepted))
		for _, f := range findings {
			if f.Accepted != nil && (p.All || len(bad) == 0) {
				problems = append(problems, strings.Join(distinct([]string{p.sentence(f), p.acceptance(f)}), p.say(wordSemicolon)))
			}
		}
	}
	if tally.Rounding > 0 {
		problems = append(problems, p.sayf(textRoundings, tally.Rounding))
	}
	if tally.NotEvaluated > 0 {
		text := p.sayf(headNotEvaluated, tally.NotEvaluated)
		problems = append(problems, p.say(VerdictText(finding.NotEvaluated))+p.say(wordColon)+p.first(reasons, gathered/2))
		if tally.NotEvaluated > 1 {
			problems[len(problems)-1] = text + p.say(wordColon) + p.first(reasons, gathered/2)
		}
	}
	row.problem = strings.Join(problems, "\n")
	var operands []finding.Operand
	for _, f := range shown {
		operands = append(operands, f.Operands...)
	}
	row.place = lines(where.places(operands))
	return row, true
}

// checkHeads are the heads of the form.
func (p *page) checkHeads() []string {
	return []string{p.say(checkNumber), p.say(checkItem), p.say(checkAnswer), p.say(checkProblem), p.say(wordPlace)}
}

// about says whose form it is.
func (p *page) about(f checkForm) []string {
	in := f.input
	var out []string
	for _, part := range []struct {
		word Text
		text string
	}{{checkUnit, in.Entity}, {checkPeriod, in.Period}, {checkFile, in.Path}} {
		if part.text != "" {
			out = append(out, p.labelled(part.word, part.text))
		}
	}
	return out
}

// cells is a row with its number.
func (r *checkRow) cells(i int) []string {
	return []string{fmt.Sprint(i + 1), r.item, r.answer, r.problem, r.place}
}

func writeChecklist(w io.Writer, r *finding.Report, o Options) error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	o.Width = max(o.Width, leastWidth)
	p := &page{Report: r, Options: o}
	for _, f := range p.forms() {
		p.head(p.say(checkTitle))
		for _, text := range p.about(f) {
			p.line(0, text)
		}
		g := grid{columns: []Column{
			{Head: p.say(checkNumber), Right: true}, {Head: p.say(checkItem), Weight: 3}, {Head: p.say(checkAnswer)},
			{Head: p.say(checkProblem), Weight: 4}, {Head: p.say(wordPlace), Weight: 1},
		}}
		for i := range f.rows {
			g.rows = append(g.rows, f.rows[i].cells(i))
		}
		if err := g.write(p, p.Width); err != nil {
			return err
		}
		if len(f.counts) > 0 {
			p.line(0, p.sayf(checkCounts, len(f.rows), strings.Join(f.counts, p.say(wordComma))))
		}
		p.line(0, p.say(checkSigned))
	}
	if len(r.Inputs) == 0 && p.Len() == 0 {
		p.head(p.say(textNothing))
	}
	_, err := w.Write(p.Bytes())
	return err
}

func writeChecklistMarkdown(w io.Writer, r *finding.Report, o Options) error {
	p := &page{Report: r, Options: o}
	var out bytes.Buffer
	forms := p.forms()
	for i, f := range forms {
		if i > 0 {
			out.WriteString("\n")
		}
		fmt.Fprintf(&out, "# %s\n\n", p.say(checkTitle))
		for _, text := range p.about(f) {
			fmt.Fprintf(&out, "- %s\n", escapeMarkdown(text))
		}
		out.WriteString("\n")
		var rows [][]string
		for i := range f.rows {
			rows = append(rows, f.rows[i].cells(i))
		}
		markdownTable(&out, p.checkHeads(), []int{0}, rows)
		if len(f.counts) > 0 {
			fmt.Fprintf(&out, "%s\n\n", escapeMarkdown(p.sayf(checkCounts, len(f.rows), strings.Join(f.counts, p.say(wordComma)))))
		}
		fmt.Fprintf(&out, "%s\n", escapeMarkdown(p.say(checkSigned)))
	}
	if len(forms) == 0 {
		fmt.Fprintf(&out, "%s\n", p.say(textNothing))
	}
	_, err := w.Write(out.Bytes())
	return err
}

// writeChecklistCSV writes the rows of all forms below one another, each with its unit, year and file, and a column for the
// id of the rule. Its cells are kept from being formulas as those of the csv format are.
func writeChecklistCSV(w io.Writer, r *finding.Report, o Options) error {
	p := &page{Report: r, Options: o}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{append([]string{p.say(checkUnit), p.say(checkPeriod), p.say(checkFile)}, append(p.checkHeads(), p.say(wordRule))...)}
	for _, f := range p.forms() {
		for i := range f.rows {
			cells := append([]string{f.input.Entity, f.input.Period, f.input.Path}, f.rows[i].cells(i)...)
			rows = append(rows, append(cells, f.rows[i].rule))
		}
	}
	for _, row := range rows {
		for k := range row {
			row[k] = harmless(row[k])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
