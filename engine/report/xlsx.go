package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/gouji/gouji/engine/finding"
)

// This file writes a workbook, for auditors who sort, filter and print: the findings, one a row; counts by unit and by rule;
// what could not be evaluated; and the form to be signed. Its rules are:
//   - Text is text: no cell holds a formula, whatever it begins with, and nothing is put before it.
//   - A figure is a number, shown with the decimals and thousands as printed, where that changes nothing: spreadsheets keep 15
//     digits in a binary float, and every decimal of up to 15 digits comes back from one. Longer figures, those that were cut
//     (0.3333…) and those with words stay text.
//   - What a sheet cannot hold is counted in its last row.

const (
	xlsxRows  = 1_048_576
	xlsxChars = 32_767
	// Forms of so many inputs are in the workbook, and so many inputs lead to their findings.
	xlsxForms = 200
	xlsxLinks = 20_000
	// How wide columns become where they say nothing else, in characters of half width, and how high a line and a row, in points.
	xlsxWidest, xlsxNarrowest = 48, 8
	xlsxLine, xlsxHighest     = 15, 405
)

// xlsxColumn is a column of a sheet.
type xlsxColumn struct {
	head string
	// figures: its cells are numbers where they can be.
	figures bool
	// widest is the most that it takes, where that is not xlsxWidest.
	widest int
}

// xlsxSheet is a sheet to be written.
type xlsxSheet struct {
	name    string
	columns []xlsxColumn
	rows    [][]string
	// printed is how many columns paper holds.
	printed int
	// links are the cells that lead somewhere.
	links map[string]bool
}

// workbook is a workbook in the making.
type workbook struct {
	*page
	*excelize.File
	styles map[string]int
}

func writeXLSX(w io.Writer, r *finding.Report, o Options) (err error) {
	b := &workbook{page: &page{Report: r, Options: o}, File: excelize.NewFile(), styles: map[string]int{}}
	defer func() { err = cmp.Or(err, b.File.Close()) }()
	units := b.units()
	first, err := b.findings(units)
	if err != nil {
		return err
	}
	for _, sheet := range []func() error{
		func() error { return b.byUnit(units, first) },
		func() error { return b.byRule(units) },
		func() error { return b.open(units) },
		b.absent,
		func() error { return b.form(units) },
	} {
		if err := sheet(); err != nil {
			return err
		}
	}
	b.SetActiveSheet(0)
	b.SetZipWriter(func(w io.Writer) excelize.ZipWriter {
		return &sortedZip{Writer: zip.NewWriter(w), parts: map[string]*bytes.Buffer{}}
	})
	_, err = b.File.WriteTo(w)
	return err
}

// sortedZip is an archive whose parts stand in the order of their names: excelize writes sheets in the order of a map.
type sortedZip struct {
	*zip.Writer
	parts map[string]*bytes.Buffer
}

func (z *sortedZip) Create(name string) (io.Writer, error) {
	z.parts[name] = &bytes.Buffer{}
	return z.parts[name], nil
}

func (z *sortedZip) Close() error {
	for _, name := range slices.Sorted(maps.Keys(z.parts)) {
		w, err := z.Writer.Create(name)
		if err != nil {
			return err
		}
		if _, err := w.Write(z.parts[name].Bytes()); err != nil {
			return err
		}
	}
	return z.Writer.Close()
}

// findings is the sheet of findings. It returns the row at which those of each unit begin, 0 for none.
func (b *workbook) findings(units []unit) ([]int, error) {
	name := b.say(htmlTitle)
	if err := b.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	text := func(t Text, widest int) xlsxColumn { return xlsxColumn{b.say(t), false, widest} }
	number := func(t Text) xlsxColumn { return xlsxColumn{b.say(t), true, 16} }
	columns := []xlsxColumn{
		text(wordLevel, 0), text(xlsxVerdict, 0), text(checkUnit, 24), text(checkPeriod, 0), text(checkItem, 30), text(xlsxInstance, 24),
		text(xlsxMessage, 0), number(xlsxLeft), number(xlsxRight), number(xlsxDifference), number(xlsxLow), number(xlsxHigh), text(xlsxReport, 24),
		text(xlsxData, 16), text(xlsxFigures, 0), text(xlsxSection, 30), text(xlsxCause, 30), text(xlsxHint, 30), text(xlsxBasis, 30),
		text(xlsxReason, 30), text(xlsxBy, 0), text(xlsxUntil, 0), text(xlsxRule, 30), text(checkFile, 40), text(xlsxFingerprint, 0),
	}
	first := make([]int, len(units))
	var rows [][]string
	for i, u := range units {
		for _, f := range u.findings {
			if !f.Told() && !b.All {
				continue
			}
			if first[i] == 0 {
				first[i] = len(rows) + 2
			}
			rows = append(rows, b.row(f))
		}
	}
	// Paper holds what tells of a finding; the rest is for the screen.
	return first, b.sheet(xlsxSheet{name: name, columns: columns, rows: rows, printed: 14})
}

// row is the cells of one finding.
func (b *workbook) row(f *finding.Finding) []string {
	where := locator{lang: b.Lang, known: []string{f.Input}}
	report, _ := where.places(f.Operands)
	var data []finding.Place
	for i := range f.Operands {
		data = append(data, f.Operands[i].Data)
	}
	cause := ""
	if f.Cause != "" {
		cause = CauseText(f.Cause, b.Lang)
	}
	if len(f.Missing) > 0 {
		cause = b.reason(f.Cause, f.Missing)
	}
	a := finding.Acceptance{}
	if f.Accepted != nil {
		a = *f.Accepted
		if a.Baseline {
			a.Reason = b.say(wordOld)
		}
	}
	message := f.Message
	if message == f.Title {
		message = ""
	}
	for _, more := range []struct {
		set  bool
		text Text
	}{{f.Near, textNear}, {f.Unlikely, textUnlikely}} {
		if more.set {
			message = strings.Join(distinct([]string{message, b.say(more.text)}), b.say(wordSemicolon))
		}
	}
	var sections []string
	for i := range f.Operands {
		sections = append(sections, csvSection(&f.Operands[i]))
	}
	figures := strings.ReplaceAll(joinOperands(f, csvOperand), "; ", "\n")
	return []string{
		b.level(f), b.say(VerdictText(f.Verdict)), f.Entity, f.Period, cmp.Or(f.Title, f.Rule),
		b.instance(f), message, f.Left, f.Right, f.Difference,
		allowed(f).Low, allowed(f).High, report, where.text(data, false), figures,
		strings.Join(distinct(sections), "\n"), cause, f.Hint, f.Basis, a.Reason,
		a.By, a.Until, f.Rule, f.Input, f.Fingerprint,
	}
}

// byUnit is the sheet of counts by unit, whose names lead to their findings and files.
func (b *workbook) byUnit(units []unit, first []int) error {
	name := b.say(xlsxByUnit)
	columns := []xlsxColumn{{head: b.say(checkUnit)}, {head: b.say(checkPeriod)}, {head: b.say(checkFile)}, {head: b.say(xlsxCount), figures: true}}
	heads, counts := b.counts(units)
	for _, head := range heads[1:] {
		columns = append(columns, xlsxColumn{head: head, figures: true})
	}
	var rows [][]string
	for i, u := range units {
		in := u.input
		rows = append(rows, append([]string{cmp.Or(in.Entity, in.Path), in.Period, in.Path, fmt.Sprint(in.Figures)}, counts[i][1:]...))
	}
	if _, err := b.NewSheet(name); err != nil {
		return err
	}
	links := map[string]bool{}
	set := func(cell, to, kind string) error {
		links[cell] = true
		return b.SetCellHyperLink(name, cell, to, kind)
	}
	for i, u := range units[:min(len(units), xlsxLinks)] {
		if first[i] > 0 && first[i] <= xlsxRows {
			if err := set(fmt.Sprintf("A%d", i+2), fmt.Sprintf("'%s'!A%d", b.say(htmlTitle), first[i]), "Location"); err != nil {
				return err
			}
		}
		if b.Link != nil {
			// Longer addresses are none in a workbook.
			if to := b.Link(u.input.Path); to != "" && utf8.RuneCountInString(to) < 2000 {
				if err := set(fmt.Sprintf("C%d", i+2), to, "External"); err != nil {
					return err
				}
			}
		}
	}
	return b.sheet(xlsxSheet{name: name, columns: columns, rows: rows, printed: len(columns), links: links})
}

// byRule is the sheet of counts by rule.
func (b *workbook) byRule(units []unit) error {
	columns := []xlsxColumn{{head: b.say(xlsxRule)}, {head: b.say(checkItem)}, {head: b.say(wordLevel)}}
	for _, v := range finding.Verdicts {
		columns = append(columns, xlsxColumn{head: b.say(VerdictText(v)), figures: true})
	}
	columns = append(columns, xlsxColumn{head: b.say(wordAccepted), figures: true}, xlsxColumn{head: b.say(xlsxUnits), figures: true}, xlsxColumn{head: b.say(xlsxIdle)})
	failing, accepted := map[string]int{}, map[string]int{}
	for _, u := range units {
		seen := map[string]bool{}
		for _, f := range u.findings {
			switch {
			case f.Accepted != nil:
				accepted[f.Rule]++
			case loud(f) && !seen[f.Rule]:
				seen[f.Rule] = true
				failing[f.Rule]++
			}
		}
	}
	var rows [][]string
	for _, r := range b.Rules {
		row := []string{r.ID, r.Title, b.say(SeverityText(r.Severity))}
		for _, v := range finding.Verdicts {
			row = append(row, fmt.Sprint(r.Tally.Of(v)))
		}
		idle := ""
		if r.Unbound.Reason != "" {
			idle = b.reason(r.Unbound.Reason, r.Unbound.Missing)
		}
		rows = append(rows, append(row, fmt.Sprint(accepted[r.ID]), fmt.Sprint(failing[r.ID]), idle))
	}
	return b.newSheet(b.say(xlsxByRule), columns, rows)
}

// open is the sheet of what could not be evaluated.
func (b *workbook) open(units []unit) error {
	columns := []xlsxColumn{
		{head: b.say(checkUnit)}, {head: b.say(checkPeriod)}, {head: b.say(checkItem)}, {head: b.say(xlsxInstance)}, {head: b.say(xlsxCause)}, {head: b.say(xlsxRule)},
		{head: b.say(checkFile)},
	}
	var rows [][]string
	for _, u := range units {
		for _, f := range u.findings {
			if f.Verdict == finding.NotEvaluated {
				rows = append(rows, []string{f.Entity, f.Period, cmp.Or(f.Title, f.Rule), b.instance(f), b.reason(f.Cause, f.Missing), f.Rule, f.Input})
			}
		}
	}
	return b.newSheet(b.say(VerdictText(finding.NotEvaluated)), columns, rows)
}

// absent is the sheet of the entities of a list that have no data, period by period.
func (b *workbook) absent() error {
	if b.Roll == nil {
		return nil
	}
	columns := []xlsxColumn{
		{head: b.say(wordAbsent)}, {head: b.say(checkPeriod)}, {head: b.say(wordParent)}, {head: b.say(wordRegion)}, {head: b.say(wordListed), figures: true},
	}
	var rows [][]string
	for _, p := range b.Roll.Periods {
		kind := textAccounts
		if p.Budget {
			kind = textBudgets
		}
		for e := range p.Entities {
			rows = append(rows, []string{e.Name, b.sayf(kind, p.Period), e.Parent, e.Region, fmt.Sprint(e.Place.Line)})
		}
	}
	return b.newSheet(b.say(xlsxAbsent), columns, rows)
}

// form is the sheet of the form to be signed; there is none for very many inputs.
func (b *workbook) form(units []unit) error {
	if len(units) > xlsxForms {
		return nil
	}
	columns := []xlsxColumn{{head: b.say(checkUnit)}, {head: b.say(checkPeriod)}}
	for i, head := range b.checkHeads() {
		columns = append(columns, xlsxColumn{head: head, figures: i == 0})
	}
	columns = append(columns, xlsxColumn{head: b.say(xlsxSigned)})
	var rows [][]string
	for _, f := range b.forms() {
		for i := range f.rows {
			rows = append(rows, append(append([]string{f.input.Entity, f.input.Period}, f.rows[i].cells(i)...), ""))
		}
	}
	return b.newSheet(b.say(xlsxForm), columns, rows)
}

var (
	xlsxTop      = &excelize.Alignment{Vertical: "top", Horizontal: "left", Indent: 1, WrapText: true}
	xlsxTopRight = &excelize.Alignment{Vertical: "top", Horizontal: "right", WrapText: true}
	xlsxBelow    = []excelize.Border{{Type: "bottom", Color: "D9D9D9", Style: 1}}
)

// style is the number of a style, made once.
func (b *workbook) style(key string, s *excelize.Style) (int, error) {
	if id, ok := b.styles[key]; ok {
		return id, nil
	}
	s.Border = xlsxBelow
	id, err := b.NewStyle(s)
	b.styles[key] = id
	return id, err
}

func (b *workbook) newSheet(name string, columns []xlsxColumn, rows [][]string) error {
	if _, err := b.NewSheet(name); err != nil {
		return err
	}
	return b.sheet(xlsxSheet{name: name, columns: columns, rows: rows, printed: len(columns)})
}

// sheet writes a sheet: a head that stays and filters, and rows. Pages are in landscape, as wide as the first columns that are
// printed.
func (b *workbook) sheet(s xlsxSheet) error {
	name, columns, rows, printed := s.name, s.columns, s.rows, s.printed
	landscape, zero, fit := "landscape", 0, true
	if err := b.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, FitToHeight: &zero}); err != nil {
		return err
	}
	if err := b.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	out, err := b.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	dropped := 0
	if most := xlsxRows - 2; len(rows) > most {
		rows, dropped = rows[:most], len(rows)-most
	}
	widths := xlsxWidths(columns, rows)
	for i, width := range widths {
		if err := out.SetColWidth(i+1, i+1, float64(width)); err != nil {
			return err
		}
	}
	cells := make([]any, len(columns))
	for i, c := range columns {
		alignment := xlsxTop
		if c.figures {
			alignment = xlsxTopRight
		}
		head, err := b.style(fmt.Sprint("head", c.figures), &excelize.Style{
			Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE7F3"}}, Alignment: alignment,
		})
		if err != nil {
			return err
		}
		cells[i] = excelize.Cell{StyleID: head, Value: c.head}
	}
	if err := out.SetRow("A1", cells); err != nil {
		return err
	}
	for k, row := range rows {
		lines := 1
		for i, text := range row {
			ref, err := excelize.CoordinatesToCellName(i+1, k+2)
			if err != nil {
				return err
			}
			if cells[i], err = b.cell(columns[i], text, s.links[ref]); err != nil {
				return err
			}
			if i < printed {
				lines = max(lines, len(Wrap(text, widths[i]-3)))
			}
		}
		height := excelize.RowOpts{Height: float64(min(lines*xlsxLine, xlsxHighest))}
		if err := out.SetRow(fmt.Sprintf("A%d", k+2), cells, height); err != nil {
			return err
		}
	}
	if dropped > 0 {
		if err := out.SetRow(fmt.Sprintf("A%d", len(rows)+2), []any{b.sayf(textDroppedRows, dropped)}); err != nil {
			return err
		}
	}
	if len(rows) > 0 {
		last, err := excelize.CoordinatesToCellName(len(columns), len(rows)+1)
		if err != nil {
			return err
		}
		stripes := true
		if err := out.AddTable(&excelize.Table{Range: "A1:" + last, StyleName: "TableStyleLight1", ShowRowStripes: &stripes}); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	end, err := excelize.CoordinatesToCellName(printed, len(rows)+1, true)
	if err != nil {
		return err
	}
	quoted := "'" + name + "'!"
	for _, defined := range [][2]string{{"_xlnm.Print_Titles", quoted + "$1:$1"}, {"_xlnm.Print_Area", quoted + "$A$1:" + end}} {
		if err := b.SetDefinedName(&excelize.DefinedName{Name: defined[0], RefersTo: defined[1], Scope: name}); err != nil {
			return err
		}
	}
	return nil
}

// cell is a cell as text, or as the number that it is.
func (b *workbook) cell(c xlsxColumn, text string, leads bool) (excelize.Cell, error) {
	if c.figures {
		if value, format, ok := xlsxFigure(text); ok {
			style, err := b.style("number "+format, &excelize.Style{CustomNumFmt: &format, Alignment: xlsxTopRight})
			return excelize.Cell{StyleID: style, Value: value}, err
		}
	}
	key, style := "text", &excelize.Style{Alignment: xlsxTop}
	if c.figures {
		key, style = "figure", &excelize.Style{Alignment: xlsxTopRight}
	}
	for s, color := range map[finding.Severity]string{finding.Error: "C00000", finding.Warning: "B45F06", finding.Info: "1F5C99"} {
		if c.head == b.say(wordLevel) && text == b.say(SeverityText(s)) {
			key, style = s.String(), &excelize.Style{Font: &excelize.Font{Bold: true, Color: color}, Alignment: xlsxTop}
		}
	}
	if leads {
		key, style = "link", &excelize.Style{Font: &excelize.Font{Color: "0563C1", Underline: "single"}, Alignment: xlsxTop}
	}
	id, err := b.style(key, style)
	return excelize.Cell{StyleID: id, Value: clip(xmlText(text), xlsxChars)}, err
}

var figure = regexp.MustCompile(`^(-?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?(%?)$`)

// xlsxFigure is a printed figure as a number and the format that shows it as printed; it is none where the number would not be
// the figure itself. Percents keep their number, 47.20% is 47.2: their sign is part of the format.
func xlsxFigure(text string) (value float64, format string, ok bool) {
	m := figure.FindStringSubmatch(text)
	if m == nil {
		return 0, "", false
	}
	whole, decimals := strings.ReplaceAll(m[2], ",", ""), m[3]
	plain := m[1] + whole
	format = "0"
	if whole != m[2] {
		format = "#,##0"
	}
	if decimals != "" {
		plain += "." + decimals
		format += "." + strings.Repeat("0", len(decimals))
	}
	if m[4] != "" {
		format += `"%"`
	}
	if len(strings.TrimLeft(whole+decimals, "0")) > 15 || len(whole) > 1 && whole[0] == '0' || len(decimals) > 15 {
		return 0, "", false
	}
	value, err := strconv.ParseFloat(plain, 64)
	// A negative zero would lose its sign.
	return value, format, err == nil && (value != 0 || m[1] == "") && strconv.FormatFloat(value, 'f', len(decimals), 64) == plain
}

// xlsxWidths is how wide the columns become: as their widest line, within limits.
func xlsxWidths(columns []xlsxColumn, rows [][]string) []int {
	out := make([]int, len(columns))
	for i, c := range columns {
		// The arrow of the filter takes room beside the head.
		width := Measure(clean(c.head)) + 4
		for k, row := range rows {
			if k == 1000 {
				break
			}
			for line := range strings.SplitSeq(row[i], "\n") {
				width = max(width, Measure(clean(line))+4)
			}
		}
		out[i] = min(max(width, xlsxNarrowest), max(cmp.Or(c.widest, xlsxWidest), Measure(clean(c.head))+4))
	}
	return out
}
