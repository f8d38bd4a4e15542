package sample

import (
	"bytes"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
)

// printer prints the figures of a unit one after another, as a report would.
type printer struct {
	r    rand.PCG
	line int
}

func (u *Unit) printer() *printer { return &printer{r: u.print, line: 20} }

// one draws one of n.
func (p *printer) one(n uint64) uint64 { return (p.r.Uint64() >> 33) % n }

// statements appends the printed statements of a figure, without their quotes: two of them in one of ten.
func (p *printer) statements(b []byte, f field, v int64, open, between, end string) []byte {
	if p.one(10) > 0 {
		return p.statement(append(b, '"'), f, v, '"')
	}
	b = p.statement(append(append(b, open...), '"'), f, v, '"')
	b = p.statement(append(append(b, between...), '"'), f, v, '"')
	return append(b, end...)
}

// statement appends a figure as printed, with its place.
func (p *printer) statement(b []byte, f field, v int64, quote byte) []byte {
	b = p.figure(b, f, v)
	p.line += int(p.one(2))
	b = append(b, " @"...)
	b = strconv.AppendInt(b, int64(p.line), 10)
	b = append(b, ':')
	b = strconv.AppendInt(b, int64(1+p.one(160)), 10)
	return append(b, quote)
}

// figure appends a figure as printed.
func (p *printer) figure(b []byte, f field, v int64) []byte {
	switch how := p.one(6); {
	case v == 0 && !f.percent && how < 3:
		return append(b, '-')
	case f.label == "较上年变动" || f.label == "变动率":
		b = append(b, "增加"...)
	}
	whole, cents := v/100, v%100
	if whole >= 1000 && p.one(2) == 0 {
		b = strconv.AppendInt(b, whole/1000, 10)
		b = append(b, ',', byte('0'+whole/100%10), byte('0'+whole/10%10), byte('0'+whole%10))
	} else {
		b = strconv.AppendInt(b, whole, 10)
	}
	short := p.one(3) == 0
	if cents != 0 || !short {
		b = append(b, '.', byte('0'+cents/10))
		if cents%10 != 0 || !short {
			b = append(b, byte('0'+cents%10))
		}
	}
	if f.percent {
		b = append(b, '%')
	}
	return b
}

// AppendJSON appends the dataset as one JSON text without a line break.
func (u *Unit) AppendJSON(b []byte) []byte {
	p := u.printer()
	b = append(b, `{"entity": "`...)
	b = append(append(b, u.Entity...), `", "period": "`...)
	b = append(append(b, u.Period...), `", "unit": "万元"`...)
	fields := func(fields []field, figures []int64) {
		for i, f := range fields {
			if i > 0 {
				b = append(b, `, `...)
			}
			b = append(append(append(b, '"'), f.label...), `": `...)
			b = p.statements(b, f, figures[i], "[", ", ", "]")
		}
		b = append(b, '}')
	}
	for i := range u.Sections {
		b = append(append(append(b, `, "`...), sectionLabels[i]...), `": {`...)
		figures := u.Sections[i].figures()
		fields(sectionNames[:], figures[:])
	}
	b = append(b, `, "项目": [`...)
	for i := range u.Projects {
		if i > 0 {
			b = append(b, `, `...)
		}
		b = strconv.AppendInt(append(b, `{"名称": "第`...), int64(i+1), 10)
		b = append(b, `号项目", `...)
		figures := u.Projects[i].figures()
		fields(projectNames[:], figures[:])
	}
	return append(b, "]}"...)
}

// AppendYAML appends the dataset as a YAML file.
func (u *Unit) AppendYAML(b []byte) []byte {
	p := u.printer()
	b = append(append(b, "entity: "...), u.Entity...)
	b = append(append(b, "\nperiod: "...), u.Period...)
	b = append(b, "\nunit: 万元\n"...)
	// plain appends a figure without quotes, which a comma between brackets and a lone stroke need.
	var one []byte
	statement := func(f field, v int64, within bool) {
		one = p.statement(one[:0], f, v, 0)
		one = one[:len(one)-1]
		quote := one[0] == '-'
		for _, c := range one {
			quote = quote || within && c == ','
		}
		if quote {
			b = append(b, '"')
		}
		if b = append(b, one...); quote {
			b = append(b, '"')
		}
	}
	figure := func(f field, v int64, within bool) {
		b = append(append(b, f.label...), ": "...)
		if p.one(10) > 0 {
			statement(f, v, within)
			return
		}
		b = append(b, '[')
		statement(f, v, true)
		b = append(b, ", "...)
		statement(f, v, true)
		b = append(b, ']')
	}
	for i := range u.Sections {
		b = append(append(append(b, '\n'), sectionLabels[i]...), ":\n"...)
		for j, v := range u.Sections[i].figures() {
			b = append(b, "  "...)
			figure(sectionNames[j], v, false)
			b = append(b, '\n')
		}
	}
	b = append(b, "\n项目:\n"...)
	for i := range u.Projects {
		b = strconv.AppendInt(append(b, "  - {名称: 第"...), int64(i+1), 10)
		b = append(b, "号项目"...)
		for j, v := range u.Projects[i].figures() {
			b = append(b, ", "...)
			figure(projectNames[j], v, true)
		}
		b = append(b, "}\n"...)
	}
	return b
}

// headers counts the columns before those of figures.
const headers = 3

// Columns are the columns of the datasets in a wide table: the header, and the addresses of the figures.
func Columns() []string {
	columns := []string{"entity", "period", "unit"}
	for _, section := range sectionLabels {
		for _, f := range sectionNames {
			columns = append(columns, section+"."+f.label)
		}
	}
	for i := range Projects {
		for _, f := range projectNames {
			columns = append(columns, "项目[第"+strconv.Itoa(i+1)+"号项目]."+f.label)
		}
	}
	return columns
}

// CSVHead is the first line of a wide table in CSV.
func CSVHead() string { return strings.Join(Columns(), ",") + "\n" }

// AppendCSV appends the dataset as a line of a wide table.
func (u *Unit) AppendCSV(b []byte) []byte {
	b = append(append(append(append(b, u.Entity...), ','), u.Period...), ",万元"...)
	var one []byte
	for v := range u.cells(&one) {
		if b = append(b, ','); bytes.IndexByte(v, ',') >= 0 {
			b = append(append(append(b, '"'), v...), '"')
		} else {
			b = append(b, v...)
		}
	}
	return append(b, '\n')
}

// figures are the figures in the order of Columns, in hundredths.
func (u *Unit) figures() iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for i := range u.Sections {
			for _, v := range u.Sections[i].figures() {
				if !yield(v) {
					return
				}
			}
		}
		for i := range u.Projects {
			for _, v := range u.Projects[i].figures() {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// cells are the printed figures in the order of Columns, written into one: statements of a figure have a stroke between them.
func (u *Unit) cells(one *[]byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		p := u.printer()
		cell := func(f field, v int64) bool {
			first := p.one(10) > 0
			b := p.statement((*one)[:0], f, v, ' ')
			if b = b[:len(b)-1]; !first {
				b = p.statement(append(b, " | "...), f, v, ' ')
				b = b[:len(b)-1]
			}
			*one = b
			return yield(b)
		}
		for i := range u.Sections {
			for j, v := range u.Sections[i].figures() {
				if !cell(sectionNames[j], v) {
					return
				}
			}
		}
		for i := range u.Projects {
			for j, v := range u.Projects[i].figures() {
				if !cell(projectNames[j], v) {
					return
				}
			}
		}
	}
}
