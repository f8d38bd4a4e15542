package report

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// This file writes Markdown as GitHub and GitLab show it, for a comment or a page: the tables that people read on a
// terminal, in whole, and what could not be checked folded away.

func writeMarkdown(w io.Writer, r *finding.Report, o Options) error {
	// Nothing is wrapped: lines are as long as they are.
	o.Width = 1 << 20
	p := &page{Report: r, Options: o}
	var out bytes.Buffer
	units := p.units()
	fmt.Fprintf(&out, "# %s\n\n", p.say(htmlTitle))
	for _, text := range p.totals() {
		fmt.Fprintf(&out, "%s\n\n", escapeMarkdown(text))
	}
	if len(units) > 1 {
		p.markdownOverview(&out, units)
	}
	for _, u := range units {
		p.markdownUnit(&out, u)
	}
	p.markdownRest(&out)
	_, err := w.Write(append(bytes.TrimRight(out.Bytes(), "\n"), '\n'))
	return err
}

// markdownTable writes a table; right tells the columns that are aligned to the right. Lines within cells stay apart.
func markdownTable(w *bytes.Buffer, heads []string, right []int, rows [][]string) {
	write := func(cells []string) {
		for i, cell := range cells {
			lines := strings.Split(cell, "\n")
			for k := range lines {
				lines[k] = escapeMarkdown(strings.TrimSpace(lines[k]))
			}
			fmt.Fprintf(w, "| %s ", strings.Join(lines, "<br>"))
			if i == len(cells)-1 {
				w.WriteString("|\n")
			}
		}
	}
	write(heads)
	for i := range heads {
		w.WriteString("|---")
		if slices.Contains(right, i) {
			w.WriteString(":")
		}
	}
	w.WriteString("|\n")
	for _, row := range rows {
		write(row)
	}
	w.WriteString("\n")
}

// markdownOverview is one row of counts per input.
func (p *page) markdownOverview(w *bytes.Buffer, units []unit) {
	heads, rows := p.counts(units)
	var right []int
	for i := 1; i < len(heads); i++ {
		right = append(right, i)
	}
	markdownTable(w, heads, right, rows)
}

func (p *page) markdownUnit(w *bytes.Buffer, u unit) {
	findings := u.values()
	where, documents := newLocator(p.Lang, u.input.Path, findings)
	fmt.Fprintf(w, "## %s\n\n", escapeMarkdown(u.title()))
	about := []string{p.sayf(textData, u.input.Path)}
	if u.input.Document {
		about[0] = p.sayf(textDocument, u.input.Path)
	}
	for _, d := range documents {
		if text := p.published(u.input, d, findings); text != "" {
			about = append(about, text)
		}
	}
	fmt.Fprintf(w, "%s\n\n", escapeMarkdown(strings.Join(about, p.say(wordComma))))
	if text := p.outcome(findings); text != "" {
		fmt.Fprintf(w, "%s\n\n", escapeMarkdown(text))
	}
	heard := slices.DeleteFunc(findings, p.unheard)
	var rows [][]string
	for _, e := range finding.Entries(heard, p.Suspects) {
		rows = append(rows, p.entry(where, e)...)
	}
	if len(rows) == 0 {
		return
	}
	place := wordWhere
	if u.input.Document {
		place = wordPlace
	}
	markdownTable(w, []string{p.say(wordLevel), p.say(wordFinding), p.say(wordDifference), p.say(place)}, []int{2}, rows)
}

// markdownRest folds away what could not be checked, and why.
func (p *page) markdownRest(w *bytes.Buffer) {
	inputs := p.inputs()
	findings := slices.Clone(p.Findings)
	finding.Sort(findings, inputs)
	text := &page{Report: p.Report, Options: p.Options}
	text.notEvaluated(inputs, findings)
	text.unbound()
	open := false
	for paragraph := range strings.Lines(text.String()) {
		paragraph = strings.TrimSuffix(paragraph, "\n")
		switch body := strings.TrimLeft(paragraph, " "); {
		case body == "":
		case body != paragraph:
			fmt.Fprintf(w, "- %s\n", escapeItem(body))
		default:
			if open {
				w.WriteString("\n</details>\n\n")
			}
			head, only, single := strings.Cut(body, p.say(wordColon))
			fmt.Fprintf(w, "<details><summary>%s</summary>\n\n", escapeMarkdown(head))
			if open = true; single {
				fmt.Fprintf(w, "- %s\n", escapeItem(only))
			}
		}
	}
	if open {
		w.WriteString("\n</details>\n")
	}
}

// blockStart is what begins a list within an item.
var blockStart = regexp.MustCompile(`^(?:[-+=]|[0-9]+[.)])`)

// escapeItem is escapeMarkdown for text that begins an item of a list.
func escapeItem(text string) string {
	text = escapeMarkdown(text)
	if at := blockStart.FindStringIndex(text); at != nil {
		return text[:at[1]-1] + `\` + text[at[1]-1:]
	}
	return text
}
