package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
)

// Data writes what a document states of the fields of a pack as a dataset, in YAML: the figures as printed, each with
// its place, and at the end those that no field took. A header without a unit gets the one that most amounts are in.
func Data(r *Reading, p *rule.Pack, h dataset.Header, w *Words) []byte {
	if h.Unit == "" {
		h.Unit = usualUnit(r.Facts)
	}
	return Bind(r, p, h, w).YAML()
}

// usualUnit is the unit of money that most facts are in.
func usualUnit(facts []Fact) string {
	counts := map[string]int{}
	best := ""
	for _, f := range facts {
		if _, money := dataset.Convert(f.Unit, "元"); !money {
			continue
		}
		if counts[f.Unit]++; best == "" || counts[f.Unit] > counts[best] {
			best = f.Unit
		}
	}
	return best
}

// YAML writes the dataset.
func (b *Binding) YAML() []byte {
	w := &writer{}
	w.header(b.Header)
	w.sections(b.Reading)
	short := false
	for _, f := range b.Schema.Root.Fields {
		if f.Header {
			continue
		}
		text := w.field(b.root, f, 0)
		if text == "" {
			continue
		}
		// Fields of one line stand together, the others apart.
		line := strings.Count(text, "\n") == 1
		if !line || !short {
			w.b.WriteString("\n")
		}
		w.b.WriteString(text)
		short = line
	}
	w.unbound(b.Reading)
	return []byte(w.b.String())
}

type writer struct{ b strings.Builder }

// width is how many columns a line may take; Chinese characters take two.
const width = 110

func (w *writer) header(h dataset.Header) {
	for _, e := range []struct{ key, value string }{
		{"entity", h.Entity}, {"period", h.Period}, {"kind", h.Kind}, {"pack", h.Pack}, {"unit", h.Unit}, {"source", h.Source},
	} {
		if e.value != "" {
			w.b.WriteString(e.key + ": " + scalar(e.value, false) + "\n")
		}
	}
}

// sections writes the headings as printed, and the titles of tables below the headings that they stand under. What
// stands below a heading is a list behind it.
func (w *writer) sections(r *Reading) {
	all := slices.Clone(r.Headings)
	for i, name := 0, ""; i < len(r.Facts); i++ {
		f := &r.Facts[i]
		if p := r.Cite(f); p.Table() != name {
			if name = p.Table(); name != "" && f.Table != "" {
				p.Cell, p.Column = name+"!A1", 0
				all = append(all, Heading{Level: len(f.Section) + 1, Title: f.Table, Place: p, Block: f.Block})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Heading) int { return cmp.Compare(a.Block, b.Block) })
	if len(all) == 0 {
		return
	}
	w.b.WriteString("\nsections:\n")
	levels := []int{all[0].Level}
	for _, h := range all {
		switch {
		case h.Level > levels[len(levels)-1]:
			w.b.WriteString(strings.Repeat("  ", len(levels)) + "-\n")
			levels = append(levels, h.Level)
		default:
			for len(levels) > 1 && h.Level <= levels[len(levels)-2] {
				levels = levels[:len(levels)-1]
			}
			levels[len(levels)-1] = h.Level
		}
		number := strings.TrimSpace(h.Number)
		if strings.HasSuffix(number, "分") {
			// 第一部分 单位概况, but 一、收入.
			number += " "
		}
		title := strings.Join(strings.Fields(number+h.Title), " ")
		w.b.WriteString(strings.Repeat("  ", len(levels)) + "- " + scalar(title+at(h.Place), false) + "\n")
	}
}

func at(p source.Place) string {
	if s := p.String(); s != "" {
		return " @" + s
	}
	return ""
}

// field writes a field of a record with its key, in lines; "" when nothing is stated of it.
func (w *writer) field(r *record, f *dataset.Field, depth int) string {
	indent := strings.Repeat("  ", depth)
	if short, ok := flow(r, f); ok {
		if short == "" {
			return ""
		}
		if line := indent + f.Title() + ": " + short + "\n"; columns(line) <= width {
			return line
		}
	}
	switch f.Type {
	case dataset.Group:
		var parts strings.Builder
		for _, c := range f.Fields {
			parts.WriteString(w.field(r, c, depth+1))
		}
		return indent + f.Title() + ":\n" + parts.String()
	case dataset.List:
		return indent + f.Title() + ":\n" + w.rows(r, f, depth+1)
	}
	return indent + f.Title() + ": " + value(r, f, false) + "\n"
}

func (w *writer) rows(r *record, l *dataset.Field, depth int) string {
	var all strings.Builder
	indent := strings.Repeat("  ", depth)
	for _, row := range r.rows[l] {
		if short, ok := flowOf(row, l.Fields); ok {
			if line := indent + "- " + short + "\n"; columns(line) <= width {
				all.WriteString(line)
				continue
			}
		}
		var parts strings.Builder
		for _, c := range l.Fields {
			parts.WriteString(w.field(row, c, depth+1))
		}
		all.WriteString(indent + "- " + strings.TrimPrefix(parts.String(), indent+"  "))
	}
	switch {
	case r.open[l] && l.Key != nil:
		all.WriteString(indent + "- {" + l.Key.Title() + ": " + Others + "}\n")
	case r.open[l]:
		all.WriteString(indent + "- {}\n")
	}
	return all.String()
}

// Others is the key of a row that stands for what a list leaves out: its figures are missing, so that no rule takes the
// sum of the others for the whole.
const Others = "等"

// flow writes what is stated of a field in one line without its key. It is "" when nothing is; ok is false when it does
// not fit in a line.
func flow(r *record, f *dataset.Field) (text string, ok bool) {
	switch f.Type {
	case dataset.Group:
		text, ok = flowOf(r, f.Fields)
		if text == "{}" {
			text = ""
		}
		return text, ok
	case dataset.List:
		return "", len(r.rows[f]) == 0
	}
	if len(r.leaves[f]) == 0 {
		return "", true
	}
	return value(r, f, true), true
}

func flowOf(r *record, fields []*dataset.Field) (string, bool) {
	var parts []string
	for _, f := range fields {
		text, ok := flow(r, f)
		if !ok || f.Type == dataset.Group && text != "" && f.Parent.Type == dataset.Group && f.Parent.Parent != nil && len(parts) > 3 {
			return "", false
		}
		if text != "" {
			parts = append(parts, f.Title()+": "+text)
		}
	}
	return "{" + strings.Join(parts, ", ") + "}", true
}

// value writes the statements of a field.
func value(r *record, f *dataset.Field, within bool) string {
	all := r.leaves[f]
	var parts []string
	for _, s := range all {
		text := s.text
		if f.UnitFrom != nil && len(r.leaves[f.UnitFrom]) > 0 && strings.TrimSpace(r.leaves[f.UnitFrom][0].text) != "%" {
			text = strings.TrimSuffix(text, "%")
		}
		parts = append(parts, scalar(text+at(s.place), within || len(all) > 1))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// scalar writes a text so that YAML reads it back: plain where it can be, else in double quotes. within says that it
// stands between braces or brackets.
func scalar(s string, within bool) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == '\u0085' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	first, _ := utf8.DecodeRuneInString(s)
	plain := s != "" && s == strings.TrimSpace(s) && !strings.ContainsRune("!&*-?|>@%{}[],#\"'`:~=<", first) &&
		!strings.Contains(s, ": ") && !strings.Contains(s, " #") && !strings.HasSuffix(s, ":") &&
		!slices.Contains([]string{"null", "Null", "NULL", "---", "..."}, s) && !(within && strings.ContainsAny(s, ",[]{}?"))
	if plain {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// columns is how wide a line is on a screen.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if r >= 0x1100 {
			n++
		}
		n++
	}
	return n
}

// unbound writes the figures that no field took.
func (w *writer) unbound(r *Reading) {
	first := true
	for _, f := range r.Facts {
		if f.Field != "" {
			continue
		}
		if first {
			w.b.WriteString("\nunbound:\n")
			first = false
		}
		section := ""
		if n := len(f.Section); n > 0 {
			section = f.Section[n-1]
		}
		var parts []string
		for _, e := range []struct{ key, value string }{
			{"label", f.Subject}, {"measure", string(f.Measure)}, {"text", strings.TrimSpace(f.Text) + f.Unit}, {"at", r.Cite(&f).String()},
			{"section", cmp.Or(section, f.Table)},
		} {
			if e.value != "" {
				parts = append(parts, e.key+": "+scalar(strings.Join(strings.Fields(e.value), " "), true))
			}
		}
		w.b.WriteString("  - {" + strings.Join(parts, ", ") + "}\n")
	}
}
