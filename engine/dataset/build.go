package dataset

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

var headerKeys = []string{"entity", "period", "kind", "parent", "pack", "unit", "decimals", "rounding", "source", "sections", "unbound", "accepted"}

// HeaderKeys lists the keys that stand before a dataset's figures. No top-level field may have such a name.
func HeaderKeys() []string { return slices.Clone(headerKeys) }

// MoneyUnits lists the units of money, smallest first.
func MoneyUnits() []string {
	var names []string
	for name, u := range units {
		if u.dimension == "money" {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(units[a].power, units[b].power) })
	return names
}

// DefaultPack judges datasets that name no pack.
const DefaultPack = "juesuan"

// ReadHeader reads what stands before the figures. Entity and period are required unless optional is set.
func ReadHeader(doc *yamldoc.Node, optional bool) (Header, diag.List) {
	h := Header{Pack: DefaultPack, Declared: map[string]int{}}
	var list diag.List
	add := func(code diag.Code, span source.Span, args ...any) {
		list = append(list, diag.New(code, span, args...))
	}
	if doc.Kind != yamldoc.Mapping {
		add(diag.WantMapping, doc.Span)
		return h, list
	}
	texts := map[string]*string{
		"entity": &h.Entity, "period": &h.Period, "kind": &h.Kind, "parent": &h.Parent, "pack": &h.Pack, "unit": &h.Unit, "source": &h.Source,
	}
	for _, key := range headerKeys {
		n := doc.Get(key)
		switch {
		case n == nil:
			if !optional && (key == "entity" || key == "period") {
				add(diag.MissingKey, doc.Span, key)
			}
		case key == "sections", key == "unbound", key == "accepted":
			// They say more of the figures than how to read them: Build keeps them.
		case key == "decimals":
			if n.Kind != yamldoc.Mapping {
				add(diag.WantMapping, n.Span)
				break
			}
			for _, e := range n.Entries {
				if d, ok := decimalsOf(e.Value); ok {
					h.Declared[e.Key.Value] = d
				} else {
					add(diag.BadDecimals, e.Value.Span)
				}
			}
		case n.Kind != yamldoc.Scalar || n.Null || n.Tag != "" || strings.TrimSpace(n.Value) == "":
			add(diag.WantText, n.Span)
		case key == "rounding":
			mode, err := number.ParseMode(n.Value)
			if err != nil {
				add(diag.UnknownWord, n.Span, n.Value, strings.Join(number.Modes(), ", "))
			}
			h.Rounding = mode
		default:
			*texts[key] = strings.TrimSpace(n.Value)
		}
	}
	if h.Unit != "" && !IsMoney(h.Unit) {
		add(diag.UnknownUnit, doc.Get("unit").Span, h.Unit, strings.Join(MoneyUnits(), "、"))
	}
	return h, list
}

// Build binds a document to a schema. What could be read is in the dataset even when there are diagnostics.
func Build(doc *yamldoc.Node, h Header, s *Schema) (*Dataset, diag.List) {
	return BuildParts(doc, h, nil, s)
}

// BuildParts is Build of a document that was put together from several files. Of those that print amounts in another unit
// than the header says, units tells in which; "" is each field's own.
func BuildParts(doc *yamldoc.Node, h Header, units map[*source.File]string, s *Schema) (*Dataset, diag.List) {
	b := newBuilder(s)
	b.parts = units
	b.d.Header, b.d.File, b.d.Accepted = h, doc.Span.File, doc.Get("accepted")
	b.grow(s.Root, 1, -1)
	b.record(s.Root, Frame{}, doc)
	b.header(doc)
	b.sections(doc.Get("sections"))
	b.unbound(doc.Get("unbound"))
	b.settle()
	return b.d, b.list
}

// header gives rules what stands before the figures. A period that is no date is missing.
func (b *builder) header(doc *yamldoc.Node) {
	for _, f := range b.d.Schema.Root.Fields {
		if n := doc.Get(f.Name); f.Header && n != nil {
			b.head(f, n.Span)
		}
	}
}

// head gives the field of the entity or the period its statement.
func (b *builder) head(f *Field, span source.Span) {
	st := Statement{Text: b.d.Entity, Span: span}
	if f.Type == Date {
		date, ok := ParseDate(b.d.Period)
		if !ok {
			return
		}
		st.Text, st.Number = b.d.Period, date
	}
	if st.Text != "" {
		if b.values != nil {
			b.d.Cells[f.Cell], b.d.Texts[f.Cell] = st.Number, Fold(st.Text)
			return
		}
		b.d.facts[f.Cell].Statements = []Statement{st}
	}
}

type builder struct {
	d    *Dataset
	list diag.List
	// units are those in which the dataset publishes amounts and scores.
	units []publishedUnit
	// siblings are the cells with statements whose unit stands beside them.
	siblings []int
	// empty holds the records of the schema as they are before anything is read; recent is the one that was asked for last.
	empty  map[*Field]*empty
	recent *empty
	// values is nil while facts are read.
	values *values
	// parts are the files that print amounts in units of their own.
	parts map[*source.File]string
}

func newBuilder(s *Schema) *builder {
	return &builder{d: &Dataset{Schema: s, Decimals: map[string]int{}}, empty: map[*Field]*empty{}}
}

// filling is a builder of a dataset whose empty records are known.
func filling(s *Schema, empty map[*Field]*empty) *builder {
	return &builder{d: &Dataset{Schema: s}, empty: empty}
}

func (b *builder) add(code diag.Code, span source.Span, args ...any) {
	b.list = append(b.list, diag.New(code, span, args...))
}

// grow appends n empty records: the root, or the rows of the list at an index in Lists.
func (b *builder) grow(record *Field, n, list int) Frame {
	d := b.d
	at := Frame{int32(len(d.Cells)), int32(len(d.Lists))}
	e := b.emptyOf(record)
	for i := range n {
		d.Cells, d.Texts = append(d.Cells, e.cells...), append(d.Texts, e.texts...)
		if b.values == nil {
			d.facts = append(d.facts, e.facts...)
		}
		for _, field := range e.lists {
			d.Lists = append(d.Lists, Rows{Field: field, In: int32(list), At: int32(i)})
		}
	}
	return at
}

func (b *builder) emptyOf(record *Field) *empty {
	if b.recent != nil && b.recent.record == record {
		return b.recent
	}
	e := b.empty[record]
	if e == nil {
		e = emptyRecord(record)
		b.empty[record] = e
	}
	b.recent = e
	return e
}

// empty is a record before anything is read of it.
type empty struct {
	record *Field
	cells  []number.Number
	texts  []string
	facts  []Fact
	lists  []*Field
	// terms are those of the record for a builder of values.
	terms *terms
}

// emptyRecords are those of a record and of the lists below it.
func emptyRecords(record *Field) map[*Field]*empty {
	all := map[*Field]*empty{record: emptyRecord(record)}
	for _, list := range all[record].lists {
		maps.Copy(all, emptyRecords(list))
	}
	return all
}

func emptyRecord(record *Field) *empty {
	e := &empty{record: record}
	var visit func(f *Field)
	visit = func(f *Field) {
		for _, c := range f.Fields {
			switch {
			case c.Link:
			case c.Type == Group:
				visit(c)
			case c.Type == List:
				e.lists = append(e.lists, c)
			default:
				e.cells = append(e.cells, number.Number{Flags: number.Missing, Decimals: number.Exact})
				e.facts = append(e.facts, Fact{Field: c})
			}
		}
	}
	visit(record)
	e.texts = make([]string, len(e.cells))
	return e
}

// record reads the fields of a record or of a group within the record that begins at frame.
func (b *builder) record(f *Field, at Frame, n *yamldoc.Node) {
	if n.Null {
		return
	}
	if n.Kind != yamldoc.Mapping {
		b.add(diag.WantGroup, n.Span, f.Title())
		return
	}
	seen := map[*Field]source.Span{}
	for _, e := range n.Entries {
		if f.Parent == nil && slices.Contains(headerKeys, e.Key.Value) {
			continue
		}
		c := f.Child(e.Key.Value)
		if c == nil || c.Header {
			d := diag.New(diag.UnknownField, e.Key.Span, e.Key.Value)
			names := f.Names()
			if f.Parent == nil {
				names = append(names, headerKeys...)
			}
			d.Suggestion = diag.Suggest(e.Key.Value, names)
			b.list = append(b.list, d)
			continue
		}
		if first, twice := seen[c]; twice {
			d := diag.New(diag.FieldTwice, e.Key.Span, e.Key.Value)
			d.Related = append(d.Related, diag.Related{Span: first, Code: diag.FirstDefined})
			b.list = append(b.list, d)
			continue
		}
		seen[c] = e.Key.Span
		switch c.Type {
		case Group:
			b.record(c, at, e.Value)
		case List:
			b.rows(c, int(at.List)+c.List, e.Value)
		default:
			b.fact(c, int(at.Cell)+c.Cell, e.Value)
		}
	}
}

func (b *builder) rows(f *Field, list int, n *yamldoc.Node) {
	if n.Null {
		return
	}
	if n.Kind != yamldoc.Sequence {
		b.add(diag.WantRows, n.Span, f.Title())
		return
	}
	rows := b.open(f, list, len(n.Items))
	for i, item := range n.Items {
		b.record(f, rows.Row(f, i), item)
	}
}

// open gives the list at an index in Lists its rows, all empty.
func (b *builder) open(f *Field, list, n int) Rows {
	at := b.grow(f, n, list)
	rows := &b.d.Lists[list]
	rows.Present = true
	rows.Cell, rows.List, rows.Count = at.Cell, at.List, int32(n)
	return *rows
}

// fact reads the statements of one field: a scalar, the long form {text, unit, at}, or a list of these.
func (b *builder) fact(f *Field, cell int, n *yamldoc.Node) {
	items := []*yamldoc.Node{n}
	if n.Kind == yamldoc.Sequence {
		items = n.Items
	}
	fact := &b.d.facts[cell]
	for _, item := range items {
		if st, ok := b.statement(f, item); ok {
			fact.Statements = append(fact.Statements, st)
			b.stated(cell, &st)
		}
	}
	fact.Chosen = max(slices.IndexFunc(fact.Statements, func(s Statement) bool { return !s.Blank }), 0)
}

func (b *builder) statement(f *Field, n *yamldoc.Node) (Statement, bool) {
	st := Statement{Span: n.Span}
	text, at := n, (*yamldoc.Node)(nil)
	switch n.Kind {
	case yamldoc.Sequence:
		b.add(diag.WantFigure, n.Span, f.Title())
		return st, false
	case yamldoc.Mapping:
		for _, e := range n.Entries {
			switch {
			case e.Value.Kind != yamldoc.Scalar:
				b.add(diag.WantText, e.Value.Span)
			case e.Key.Value == "unit":
				st.Unit = e.Value.Value
			case e.Key.Value == "text", e.Key.Value == "at":
			default:
				d := diag.New(diag.NotAGroup, e.Key.Span, f.Title(), e.Key.Value)
				b.list = append(b.list, d)
				return st, false
			}
		}
		if text, at = n.Get("text"), n.Get("at"); text == nil {
			b.add(diag.MissingKey, n.Span, "text")
			return st, false
		}
	}
	if text.Kind != yamldoc.Scalar {
		return st, false
	}
	if text.Tag != "" {
		b.add(diag.UnknownTag, text.Span, text.Tag)
		return st, false
	}
	st.Text = text.Value
	if text.Null {
		st.Text = ""
	}
	if at != nil {
		st.Place = b.place(at)
	} else if cut, p, ok := source.CutPlace(st.Text); ok {
		st.Text, st.Place = cut, p
	} else if f.Type.Numeric() && misplaced(st.Text) {
		b.add(diag.BadPlace, text.Span, st.Text[max(strings.LastIndex(st.Text, " @"), 0):])
		return st, false
	}
	st.Text = strings.TrimSpace(st.Text)
	code, args := b.value(f, &st)
	if code != "" {
		b.add(code, text.Span, args...)
	}
	return st, code == ""
}

// misplaced reports whether a figure has a sign of a place behind it, which none could be read from.
func misplaced(text string) bool { return strings.HasPrefix(text, "@") || strings.Contains(text, " @") }

// place reads a place that stands by itself.
func (b *builder) place(n *yamldoc.Node) source.Place {
	p, ok := source.ParsePlace(n.Value)
	if !ok {
		b.add(diag.BadPlace, n.Span, n.Value)
	}
	return p
}

// value reads the statement's text as the field's type wants it; the code tells what is wrong with it.
func (b *builder) value(f *Field, st *Statement) (code diag.Code, args []any) {
	wrong := func(code diag.Code, args ...any) (diag.Code, []any) { return code, args }
	if !f.Type.Numeric() && number.IsBlank(st.Text) {
		st.Blank = true
		return "", nil
	}
	switch f.Type {
	case Text:
		return "", nil
	case Bool:
		switch Fold(st.Text) {
		case "true", "是", "有":
			st.Number = number.Int(1)
		case "false", "否", "无":
			st.Number = number.Int(0)
		default:
			return wrong(diag.WantBool, st.Text)
		}
		return "", nil
	case Date:
		d, ok := ParseDate(st.Text)
		if !ok {
			return wrong(diag.WantDate, st.Text)
		}
		st.Number = d
		return "", nil
	}
	p, err := number.Parse(st.Text)
	b.d.Figures++
	if err != nil {
		return wrong(figureErrors[err], clip(st.Text))
	}
	st.Blank, st.Own = p.Blank, p.Decimals
	st.set(p.Number, p.Value)
	switch {
	case p.Percent && f.Type != Percent && !(f.UnitFrom != nil):
		return wrong(diag.PercentInField, st.Text, f.Title(), f.Type.String())
	case p.Percent:
		p.Unit = "%"
	case f.Type == Percent && p.Unit != "":
		return wrong(diag.UnitInField, p.Unit, f.Title(), "%")
	}
	if st.Unit == "" {
		st.Unit = p.Unit
	} else if p.Unit != "" && p.Unit != st.Unit {
		return wrong(diag.UnitInField, p.Unit, f.Title(), st.Unit)
	}
	if f.Type == Percent {
		if st.Unit != "" && st.Unit != "%" {
			return wrong(diag.UnitInField, st.Unit, f.Title(), "%")
		}
		st.Unit = "%"
	}
	if st.Unit == "" && f.UnitFrom == nil {
		st.Unit = b.unit(f)
		if unit, ok := b.parts[st.Span.File]; ok {
			st.Unit = f.in(unit)
		}
	}
	// A field without a unit takes whatever is counted.
	if f.UnitFrom == nil && f.Type != Percent && f.Unit != "" {
		if _, ok := Convert(st.Unit, f.Unit); !ok {
			return wrong(diag.UnitInField, st.Unit, f.Title(), cmp.Or(f.Unit, "—"))
		}
	}
	return "", nil
}

// unit is the unit in which a field is published where none is printed beside it.
func (b *builder) unit(f *Field) string { return f.in(b.d.Unit) }

// in is the unit of a field whose file prints amounts in a unit.
func (f *Field) in(unit string) string {
	if f.Type == Amount && unit != f.Unit {
		if _, ok := Convert(unit, f.Unit); ok {
			return unit
		}
	}
	return f.Unit
}

var figureErrors = map[error]diag.Code{
	number.ErrNotANumber: diag.NotANumber,
	number.ErrSeparators: diag.BadSeparators,
	number.ErrTooLong:    diag.NumberTooLong,
	number.ErrTwoSigns:   diag.TwoSigns,
}

// clip keeps an absurdly long text readable in a message.
func clip(s string) string {
	r := []rune(s)
	if len(r) <= 40 {
		return s
	}
	return string(r[:40]) + "…"
}

// stated notes a statement of a cell that was read: in which unit it is published, and how finely.
func (b *builder) stated(cell int, st *Statement) {
	if f := b.d.facts[cell].Field; f.UnitFrom != nil {
		b.siblings = append(b.siblings, cell)
	} else {
		b.publish(f, st)
	}
}

// publish notes the decimals of a statement whose unit is known.
func (b *builder) publish(f *Field, st *Statement) {
	if f.measured() && !st.Blank && st.Unit != "%" {
		b.published(st.Unit).take(st.Own, !f.OwnDecimals)
	}
}

// settle finds the decimals of each published unit, over every statement, and gives every cell its value.
func (b *builder) settle() {
	d := b.d
	for i, cell := range b.siblings {
		// Several statements of a field stand one after another.
		if fact := &d.facts[cell]; i == 0 || cell != b.siblings[i-1] {
			b.siblingUnit(cell)
			for j := range fact.Statements {
				b.publish(fact.Field, &fact.Statements[j])
			}
		}
	}
	b.share()
	for i := range d.facts {
		fact := &d.facts[i]
		if len(fact.Statements) == 0 {
			continue
		}
		f := fact.Field
		for j := range fact.Statements {
			st := &fact.Statements[j]
			if f.UnitFrom == nil {
				st.In = f.Unit
				if f.Type == Percent {
					st.In = "%"
				}
			}
			b.number(f, st)
		}
		st := fact.Statement()
		d.Cells[i] = st.Number
		if !st.Blank && !f.Type.Numeric() {
			d.Texts[i] = Fold(st.Text)
		}
		if len(fact.Statements) > 1 {
			if agree, several := fact.agree(d.Rounding); several {
				d.Restated = append(d.Restated, Restatement{i, agree})
			}
		}
	}
	b.units, b.siblings = b.units[:0], b.siblings[:0]
	d.Aligned = number.Align(d.Cells, d.Aligned.Values)
}

// agree reports whether all statements agree, as far as that takes no large numbers, and whether several are not blank.
func (f *Fact) agree(m number.Mode) (alike, several bool) {
	var room [8]stated
	all := room[:0]
	for i := range f.Statements {
		if st := &f.Statements[i]; !st.Blank {
			one := stated{n: st.Number}
			if f.Field.Type == Text {
				one.text = Fold(st.Text)
			}
			all = append(all, one)
		}
	}
	return len(all) > 1 && agree(f.Field, all, m), len(all) > 1
}

// share settles the decimals of the published units.
func (b *builder) share() {
	d := b.d
	for i := range b.units {
		if u := &b.units[i]; u.needed {
			d.Decimals[u.name] = u.decimals
		}
	}
	maps.Copy(d.Decimals, d.Declared)
	for i := range b.units {
		b.units[i].decimals = d.Decimals[b.units[i].name]
	}
}

// publishedUnit is a unit in which a dataset publishes amounts or scores.
type publishedUnit struct {
	name string
	// decimals are those at which its figures are taken, at most finest where they are found from the figures.
	decimals, finest int
	// needed: a figure takes them.
	needed bool
}

// take notes a figure with that many digits after its point. shared: it is taken at the decimals of its unit.
func (u *publishedUnit) take(digits int, shared bool) {
	u.decimals = max(u.decimals, min(digits, u.finest))
	u.needed = u.needed || shared
}

// decimals are those at which figures published in a unit are taken at the least.
func (b *builder) decimals(unit string) int {
	for i := range b.units {
		if b.units[i].name == unit {
			return b.units[i].decimals
		}
	}
	return b.d.Decimals[unit]
}

// published is what is known of a unit, of which a dataset has a few.
func (b *builder) published(unit string) *publishedUnit {
	for i := range b.units {
		if b.units[i].name == unit {
			return &b.units[i]
		}
	}
	finest, ok := b.d.Schema.Decimals(unit)
	if !ok {
		finest = math.MaxInt
	}
	b.units = append(b.units, publishedUnit{name: unit, finest: finest})
	return &b.units[len(b.units)-1]
}

// siblingUnit takes a figure's unit from the text beside it.
func (b *builder) siblingUnit(cell int) {
	fact := &b.d.facts[cell]
	unit := ""
	if st := b.d.facts[cell-fact.Field.Cell+fact.Field.UnitFrom.Cell].Statement(); st != nil && !st.Blank {
		unit = Fold(st.Text)
	}
	for j := range fact.Statements {
		st := &fact.Statements[j]
		if st.Unit == "" {
			st.Unit = unit
		}
		st.In = cmp.Or(unit, st.Unit)
		if _, ok := Convert(st.Unit, st.In); !ok && !st.Blank {
			b.add(diag.UnitInField, st.Span, st.Unit, fact.Field.Title(), unit)
		}
	}
}

// number settles the value of a statement for rules.
func (b *builder) number(f *Field, st *Statement) {
	n := &st.Number
	if st.Blank && (!f.BlankZero || !f.Type.Numeric()) {
		*n = number.Number{Flags: number.Missing | number.Blank, Decimals: number.Exact}
		return
	}
	if !f.Type.Numeric() {
		return
	}
	decimals := st.Own
	if f.measured() && !f.OwnDecimals {
		decimals = max(decimals, b.decimals(st.Unit))
	}
	if power, ok := Convert(st.Unit, st.In); power != 0 && ok {
		before := st.Value()
		st.set(n.Shift(power), func() number.Decimal { return before.Shift(int32(power)) })
		decimals -= power
	}
	if f.Type == Count {
		decimals = int(number.Exact)
	}
	n.Decimals = int8(decimals)
	if st.Blank {
		n.Flags |= number.Blank
	}
	if f.Type == Count || f.Type == Score {
		n.Flags |= number.Point
	}
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
