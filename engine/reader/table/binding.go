package table

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

// Binding is the columns of a table bound to the fields of a schema. It may be used by several goroutines.
type Binding struct {
	schema *dataset.Schema
	root   *record
	faults []fault
	// apart: of tables side by side, each is to be read by itself.
	apart bool
	// named: some rows of lists are named by their cells. unfolded: some are called otherwise than names are compared.
	named, unfolded bool

	mu   sync.Mutex
	told bool
	// list is what is wrong with the names of the columns of a wide table.
	list diag.List
}

// record is what columns say of the root or of a row of a list. Its fields and lists stand in the order of the schema.
type record struct {
	fields []fact
	lists  []*rows
	// figures are those of fields with one column and no unit beside it, in a wide table, and others the fields that have none of these.
	figures []figured
	others  []fact
	// called is what the columns call the row, and named one of them; name is that less the number behind it. key is the
	// column of the field that names it, -1 for none.
	called, name string
	named        int
	key          int
	// columns are those of the record and of the rows within it.
	columns []int
}

// fact is the columns of one field.
type fact struct {
	field *dataset.Field
	// columns is one, but in a long table and where several stand side by side.
	columns []int
}

// figured is a column of figures: where it stands in rows, the cell of its figure in the record, what it cannot be, and the index
// of its field.
type figured struct {
	column, cell, fact uint32
	refused            number.Flags
}

// rows is a list.
type rows struct {
	field *dataset.Field
	rows  []*record
	at    map[string]*record
}

// fault is what is wrong with the name of a column.
type fault struct {
	column     int
	code       diag.Code
	args       []any
	suggestion string
	// first is the column that says the same, -1 for none.
	first int
}

func (f *fault) tell(at func(column int) source.Span) diag.Diagnostic {
	d := diag.New(f.code, at(f.column), f.args...).WithSuggestion(f.suggestion)
	if f.first >= 0 {
		d = d.WithRelated(diag.FirstDefined, at(f.first))
	}
	return d
}

// Bind finds the fields of a wide table.
func (h *Head) Bind(s *dataset.Schema) *Binding {
	if b, ok := h.bindings.Load(s); ok {
		return b.(*Binding)
	}
	columns := make([]string, len(h.columns))
	for i, c := range h.columns {
		columns[i] = h.names[c].Text
	}
	b := bind(s, columns, h.sides != nil)
	b.root.stand(h.columns)
	if h.sides != nil {
		// What is wrong with a table is told of it alone.
		b.faults = nil
		b.apart = b.unfolded || b.root.crosses(h.side) || slices.ContainsFunc(h.sides, func(one *Head) bool { return one.Bind(s).Faulty() })
	}
	for i := range b.faults {
		b.list = append(b.list, b.faults[i].tell(func(i int) source.Span { return h.names[h.columns[i]].Span }))
	}
	actual, _ := h.bindings.LoadOrStore(s, b)
	return actual.(*Binding)
}

// Take is what is wrong with the names of columns, the first time.
func (b *Binding) Take() diag.List {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.told {
		return nil
	}
	b.told = true
	return b.list
}

// bind finds the fields of columns, which may name one several times where repeats is set.
func bind(s *dataset.Schema, columns []string, repeats bool) *Binding {
	b := &Binding{schema: s, root: &record{key: -1}}
	first := map[string]int{}
	for i, name := range columns {
		if n, twice := first[name]; twice && !repeats {
			b.faults = append(b.faults, fault{column: i, code: diag.ColumnTwice, args: []any{name}, first: n})
			continue
		} else if !twice {
			first[name] = i
		}
		b.column(i, name, repeats)
	}
	b.root.settle()
	b.named = b.root.names()
	return b
}

// column finds the field of one column.
func (b *Binding) column(i int, name string, repeats bool) {
	wrong := func(code diag.Code, first int, suggestion string, args ...any) {
		b.faults = append(b.faults, fault{i, code, append([]any{name}, args...), suggestion, first})
	}
	unknown := diag.UnknownColumn
	if repeats {
		unknown = diag.UnknownField
	}
	f, r := b.schema.Root, b.root
	through := []*record{r}
	for rest := name; ; {
		text, key, behind, ok := segment(rest)
		before := name[:len(name)-len(rest)]
		var c *dataset.Field
		if ok {
			c = f.Child(text)
		}
		if c == nil || c.Header || key != "" && c.Type != dataset.List {
			suggestion := diag.Suggest(text, f.Names())
			if suggestion != "" {
				suggestion = before + suggestion + rest[len(text):]
			}
			wrong(unknown, -1, suggestion)
			return
		}
		f, rest = c, behind
		switch {
		case f.Type == dataset.List && (key == "" || rest == ""):
			wrong(diag.WantRowName, -1, "", before+text+"["+cmp.Or(key, "1")+"]."+f.Fields[0].Title())
			return
		case f.Type == dataset.Group && rest == "":
			wrong(diag.WantFieldName, -1, "", name+"."+f.Fields[0].Title())
			return
		case f.Type == dataset.List:
			b.unfolded = b.unfolded || dataset.Fold(key) != key
			if r = r.list(f).row(key, i); !slices.Contains(through, r) {
				through = append(through, r)
			}
		case f.Type != dataset.Group:
			if rest != "" {
				wrong(unknown, -1, strings.TrimSuffix(name, "."+rest))
				return
			}
			at := slices.IndexFunc(r.fields, func(one fact) bool { return one.field == f })
			switch {
			case at < 0:
				r.fields = append(r.fields, fact{field: f, columns: []int{i}})
			case repeats:
				r.fields[at].columns = append(r.fields[at].columns, i)
			default:
				wrong(diag.ColumnTwice, r.fields[at].columns[0], "")
				return
			}
			for _, one := range through {
				one.columns = append(one.columns, i)
			}
			return
		}
	}
}

// segment cuts the first name off an address, with the name of a row behind it.
func segment(s string) (name, key, rest string, ok bool) {
	end := strings.IndexAny(s, ".[")
	if end < 0 {
		return s, "", "", s != ""
	}
	if name, rest = s[:end], s[end:]; name == "" {
		return name, "", "", false
	}
	if rest[0] == '[' {
		depth := 0
		end := strings.IndexFunc(rest, func(r rune) bool {
			switch r {
			case '[':
				depth++
			case ']':
				depth--
			}
			return depth == 0
		})
		if end < 2 {
			return name, "", "", false
		}
		key, rest = rest[1:end], rest[end+1:]
		if rest == "" {
			return name, key, "", true
		}
		if rest[0] != '.' {
			return name, "", "", false
		}
	}
	return name, key, rest[1:], len(rest) > 1
}

func (r *record) list(f *dataset.Field) *rows {
	for _, l := range r.lists {
		if l.field == f {
			return l
		}
	}
	l := &rows{field: f, at: map[string]*record{}}
	r.lists = append(r.lists, l)
	return l
}

func (l *rows) row(name string, column int) *record {
	if l.at[name] == nil {
		l.at[name] = &record{called: name, named: column, key: -1}
		l.rows = append(l.rows, l.at[name])
	}
	return l.at[name]
}

// crosses reports whether there is a list whose rows are named by their cells, and of which several sides say something.
func (r *record) crosses(side func(column int) int) bool {
	return slices.ContainsFunc(r.lists, func(l *rows) bool {
		sides := map[int]bool{}
		named, below := false, false
		for _, row := range l.rows {
			named, below = named || row.key >= 0, below || row.crosses(side)
			for _, c := range row.columns {
				sides[side(c)] = true
			}
		}
		return below || named && len(sides) > 1
	})
}

// names reports whether there is a row of a list that is named by a cell.
func (r *record) names() bool {
	return slices.ContainsFunc(r.lists, func(l *rows) bool {
		return slices.ContainsFunc(l.rows, func(row *record) bool { return row.key >= 0 || row.names() })
	})
}

// settle brings fields and lists into the order of the schema and finds what rows are called.
func (r *record) settle() {
	slices.SortStableFunc(r.fields, func(a, b fact) int { return cmp.Compare(a.field.Cell, b.field.Cell) })
	slices.SortStableFunc(r.lists, func(a, b *rows) int { return cmp.Compare(a.field.List, b.field.List) })
	for _, l := range r.lists {
		for _, row := range l.rows {
			row.settle()
			for _, f := range row.fields {
				if f.field == l.field.Key {
					row.key = f.columns[0]
				}
			}
		}
		for _, row := range l.rows {
			row.name = nameOf(row.called, func(name string) bool { return l.at[name] != nil })
		}
	}
}

// stand tells where the figures stand, by their columns.
func (r *record) stand(columns []int) {
	for i, f := range r.fields {
		// What has several cells takes more.
		if !f.field.Plain() || len(f.columns) > 1 {
			r.others = append(r.others, f)
			continue
		}
		one := figured{column: uint32(columns[f.columns[0]]), cell: uint32(f.field.Cell), fact: uint32(i)}
		one.refused = number.Missing | number.Restated | f.field.Refused()
		r.figures = append(r.figures, one)
	}
	for _, l := range r.lists {
		for _, row := range l.rows {
			row.stand(columns)
		}
	}
}

// nameOf is the name of a row that columns call so: what findings call 甲#2 is the second row of the name 甲.
func nameOf(called string, known func(name string) bool) string {
	if at := strings.LastIndexByte(called, '#'); at > 0 && known(called[:at]) {
		if n, err := strconv.Atoi(called[at+1:]); err == nil && n > 1 {
			return called[:at]
		}
	}
	return called
}
