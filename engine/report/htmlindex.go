package report

import (
	"cmp"
	"slices"

	"github.com/gouji/gouji/engine/finding"
)

// This file is the index of a page of several inputs: a row for each, a column for each rule that is broken, and in the cells how
// often, coloured by the worst.

const (
	// Of more inputs the page does not show what holds, and of their documents only what is around the figures that are marked.
	htmlWhole = 10
	// How many rules have a column of their own.
	htmlColumns = 40
)

type (
	htmlIndex struct {
		Rules []htmlColumn
		// More: rules are broken that have no column.
		More bool
		Rows []htmlUnit
	}
	htmlColumn struct {
		ID, Title string
		// Units is how many inputs break the rule.
		Units int
	}
	htmlUnit struct {
		ID             int
		Title, Outcome string
		Cells          []htmlHeat
		More           int
	}
	htmlHeat struct {
		Count int
		// Class is that of the worst, Heat how many there are: 1, 2 or 3; Finding is the id of the first.
		Class   string
		Heat    int
		Finding string
	}
)

// htmlIndex counts what has to be looked at by input and rule. The rules that most inputs break come first.
func (p *page) htmlIndex(inputs []htmlInput, own map[string][]finding.Finding) *htmlIndex {
	titles := map[string]string{}
	units := map[string]int{}
	var rules []string
	counts := make([]map[string]htmlHeat, len(inputs))
	for i, in := range inputs {
		counts[i] = map[string]htmlHeat{}
		first := map[string]string{}
		for _, e := range in.Entries {
			for _, f := range e.Findings {
				if _, ok := first[f.Rule+" "+f.Class]; !ok {
					first[f.Rule+" "+f.Class] = f.ID
				}
			}
		}
		for _, f := range own[in.Path] {
			if f.Accepted != nil || !loud(&f) {
				continue
			}
			cell, seen := counts[i][f.Rule]
			if !seen {
				if units[f.Rule]++; units[f.Rule] == 1 {
					rules = append(rules, f.Rule)
					titles[f.Rule] = cmp.Or(f.Title, f.Rule)
				}
				// What comes first is the worst.
				cell.Class = classOf(&f)
				cell.Finding = first[f.Rule+" "+cell.Class]
			}
			cell.Count++
			cell.Heat = 1 + min(cell.Count/2, 2)
			counts[i][f.Rule] = cell
		}
	}
	slices.SortStableFunc(rules, func(a, b string) int { return units[b] - units[a] })
	shown := rules[:min(len(rules), htmlColumns)]
	index := &htmlIndex{More: len(shown) < len(rules)}
	for _, rule := range shown {
		index.Rules = append(index.Rules, htmlColumn{rule, titles[rule], units[rule]})
	}
	for i, in := range inputs {
		row := htmlUnit{ID: in.ID, Title: in.Title, Outcome: in.Outcome}
		for _, rule := range shown {
			row.Cells = append(row.Cells, counts[i][rule])
		}
		for _, rule := range rules[len(shown):] {
			row.More += counts[i][rule].Count
		}
		index.Rows = append(index.Rows, row)
	}
	return index
}

// excerpt is the blocks with marked figures, those beside them and the headings above; what is left out between them is a
// gap. Of tables the rows are left out likewise.
func excerpt(blocks []htmlBlock) []htmlBlock {
	marked := func(b *htmlBlock) bool {
		return slices.ContainsFunc(b.Runs, func(r htmlRun) bool { return r.ID != "" }) || slices.ContainsFunc(b.Rows, markedRow)
	}
	keep := make([]bool, len(blocks))
	for i := range blocks {
		if !marked(&blocks[i]) {
			continue
		}
		keep[i] = true
		// The heading above tells what it is about.
		for k := i - 1; k >= 0 && !keep[k]; k-- {
			if blocks[k].Heading {
				keep[k] = true
				break
			}
		}
	}
	var out []htmlBlock
	for i, b := range blocks {
		if !keep[i] {
			if n := len(out); n > 0 && !out[n-1].Gap {
				out = append(out, htmlBlock{Gap: true})
			}
			continue
		}
		if len(b.Rows) > 0 {
			b.Rows = excerptRows(b.Rows)
		}
		out = append(out, b)
	}
	return out
}

func markedRow(row htmlRow) bool {
	return slices.ContainsFunc(row.Cells, func(c htmlCell) bool {
		return slices.ContainsFunc(c.Runs, func(r htmlRun) bool { return r.ID != "" })
	})
}

// excerptRows keeps the head and the rows with marked figures. Where a cell reaches over several rows all stay: they would not
// fit together otherwise.
func excerptRows(rows []htmlRow) []htmlRow {
	const head = 3
	var out []htmlRow
	for i, row := range rows {
		if slices.ContainsFunc(row.Cells, func(c htmlCell) bool { return c.RowSpan > 1 && i >= head }) {
			return rows
		}
		if i < head || markedRow(row) {
			out = append(out, row)
		}
	}
	return out
}
