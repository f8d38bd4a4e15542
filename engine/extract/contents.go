package extract

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/document"
)

// A table of contents is often set as a table. The numbers of its pages say nothing of the report.

var (
	// contentsTitle stands above a table of contents, without white space.
	contentsTitle = regexp.MustCompile(`^(?:目[录錄次]|contents)$`)
	// pageOf is the number of a page behind a title.
	pageOf = regexp.MustCompile(`^[-—–(（·.…]*(\d{1,4})[-—–)）]*$`)
	// titled are titles of parts, sections and tables.
	titled = regexp.MustCompile(`^第.{1,3}(?:部分|章|节)|^附[件表录]|(?:说明|概况|解释|情况|职责|职能|设置|构成|[^图]表)$`)
)

// contents reports whether the table is one of contents: behind titles stand pages, none before the one above, and a title
// says so, or most of what is listed is called like a part of a report.
func (g *sheet) contents() bool {
	pages, titles, last := 0, 0, 0
	for _, row := range g.cells {
		var page, title string
		var before *cell
		for _, c := range row {
			if c == nil || c == before || c.shape == shapeBlank {
				continue
			}
			before = c
			if m := pageOf.FindStringSubmatch(c.s); m != nil && title != "" && page == "" {
				page = m[1]
				continue
			}
			if page != "" || c.shape == shapeProse || c.shape == shapeNumber && title != "" {
				return false
			}
			title += strings.TrimRight(c.name, ".…·")
		}
		if contentsTitle.MatchString(title) && page == "" {
			continue
		}
		if titled.MatchString(title) {
			titles++
		}
		if page != "" {
			n, _ := strconv.Atoi(page)
			if n < last {
				return false
			}
			last = n
			pages++
		}
	}
	return pages > 2 && pages*2 > len(g.cells) && (titles*2 > len(g.cells) || g.headed())
}

// headed reports whether 目录 stands right above the table or in its first row.
func (g *sheet) headed() bool {
	blocks := g.Document.Blocks
	for i := g.block - 1; i >= 0 && i >= g.block-2; i-- {
		if b := &blocks[i]; b.Kind != document.Table && contentsTitle.MatchString(strings.Join(strings.Fields(b.Text.S), "")) {
			return true
		}
	}
	for _, c := range g.cells[0] {
		if c != nil && contentsTitle.MatchString(c.name) {
			return true
		}
	}
	return false
}
