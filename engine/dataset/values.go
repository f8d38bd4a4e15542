package dataset

import (
	"math"
	"slices"

	"github.com/gouji/gouji/engine/number"
)

// values read of a dataset what rules read, and none of its facts. Until all is read a cell holds a figure as it is
// printed, with the digits after its point for Decimals.
//
// What takes facts they leave to a builder of these: their methods are false then.
type values struct {
	// unit is that in which the datasets are published for which the terms of the records are, where prepared is set.
	unit     string
	prepared bool
	// units counts the published units of the terms, which stand before those that texts tell.
	units int
	// shares are the ways in which figures are taken at decimals that they share, and digits the most of these behind the points
	// of those that were read, -1 where none was. The terms of all have one.
	shares []share
	digits []int8
	// floors are the decimals at which figures are taken at the least.
	floors []int8
	// again are the statements of cells that have one already, those of one cell one after another.
	again []again
	// beside are the units that are printed with figures whose unit stands beside them.
	beside []besideUnit
	// statement is room for the statement, and alike for the statements of one cell, that are looked at.
	statement Statement
	alike     []stated
}

// terms are those of a record, by the cells of its fields.
type terms struct {
	cells []term
	// plain are what settling takes of each, side by side.
	plain []plain
	// shares are those in which figures tell the decimals of a unit, and beside tells that some have their unit beside them.
	shares []uint16
	beside bool
}

// term says how the number of a field comes of what is printed.
type term struct {
	field *Field
	// share is the index of how the decimals are shared.
	share uint16
	// flags are added to those of the number.
	flags number.Flags
	// power leads from the published unit to that of the field.
	power int8
	// numeric: it is a figure; zero: a blank one is zero.
	numeric, zero bool
	// beside: the unit stands beside the figure, and has decimals that count, those of it alone where shared is not set.
	beside, shared bool
}

// plain is what comes of a figure of a field: where it is set nothing but the decimals and flags changes of one that is no blank.
type plain struct {
	share uint16
	flags number.Flags
	set   bool
}

// share says at which decimals figures are taken. The zero value is for those that are taken as they are printed.
type share struct {
	// unit is one more than the index of the published unit, of which all figures tell the decimals, and shared whether these are
	// taken; 0 where there is none.
	unit   int
	shared bool
	// exact: they are rounded to nothing.
	exact bool
}

// besideUnit is the unit that a cell is to tell.
type besideUnit struct {
	cell int
	unit string
}

// again is one more statement of a cell.
type again struct {
	cell int
	term *term
	n    number.Number
	text string
}

// Plain reports whether a field is of figures whose unit does not stand beside them.
func (f *Field) Plain() bool { return f.Type.Numeric() && f.UnitFrom == nil }

// Refused are the flags of figures of a common form that a plain field does not take: a percent sign stands behind those of a percent
// alone.
func (f *Field) Refused() number.Flags {
	if f.Type == Percent {
		return 0
	}
	return number.Percent
}

// measured reports whether a field is one of amounts or scores, which are taken at the decimals of their unit.
func (f *Field) measured() bool { return f.Type == Amount || f.Type == Score }

// prepare finds the terms for the unit of the dataset.
func (b *builder) prepare() {
	v := b.values
	v.again, v.beside = v.again[:0], v.beside[:0]
	if v.prepared && v.unit == b.d.Unit {
		return
	}
	v.unit, v.prepared, v.shares, b.units = b.d.Unit, true, v.shares[:0], b.units[:0]
	var record func(f *Field)
	record = func(f *Field) {
		e := b.emptyOf(f)
		all := &terms{cells: make([]term, len(e.facts)), plain: make([]plain, len(e.facts))}
		for i := range e.facts {
			t := b.term(e.facts[i].Field)
			all.cells[i], all.beside = t, all.beside || t.beside
			all.plain[i] = plain{t.share, t.flags, t.numeric && !t.beside && t.power == 0}
			if v.shares[t.share].unit > 0 && !slices.Contains(all.shares, t.share) {
				all.shares = append(all.shares, t.share)
			}
		}
		e.terms = all
		for _, list := range e.lists {
			record(list)
		}
	}
	record(b.d.Schema.Root)
	v.units = len(b.units)
}

func (b *builder) term(f *Field) term {
	t := term{
		field: f, shared: f.measured() && !f.OwnDecimals, beside: f.measured() && f.UnitFrom != nil,
		numeric: f.Type.Numeric(), zero: f.BlankZero && f.Type.Numeric(),
	}
	if f.Type == Count || f.Type == Score {
		t.flags = number.Point
	}
	how := share{exact: f.Type == Count}
	if f.measured() && f.UnitFrom == nil {
		unit := b.unit(f)
		power, _ := Convert(unit, f.Unit)
		b.published(unit)
		t.power = int8(power)
		how.unit, how.shared = 1+slices.IndexFunc(b.units, func(u publishedUnit) bool { return u.name == unit }), t.shared
	}
	v := b.values
	at := slices.Index(v.shares, how)
	if at < 0 {
		at, v.shares = len(v.shares), append(v.shares, how)
	}
	t.share = uint16(at)
	return t
}

// first gives a cell a figure, unless it has one: most are printed once.
func (d *Dataset) first(cell int, n number.Number) bool {
	if d.Cells[cell].Flags != number.Missing {
		return false
	}
	d.Cells[cell] = n
	return true
}

// valued gives a cell one statement of its field: a number, whose Decimals are the digits after its point, or a folded text.
// Rules read the first that is not blank.
func (b *builder) valued(f *Field, cell int, n number.Number, text string) {
	if c := &b.d.Cells[cell]; c.Flags != number.Missing {
		t := &b.emptyOf(f.Record()).terms.cells[f.Cell]
		if !c.Has(number.Blank) || n.Has(number.Blank) {
			b.values.again = append(b.values.again, again{cell, t, n, text})
			return
		}
		b.values.again = append(b.values.again, again{cell: cell, term: t, n: *c})
	}
	b.d.Cells[cell] = n
	if text != "" {
		b.d.Texts[cell] = text
	}
}

// valuedOf gives a cell one statement of its field, from its text.
func (b *builder) valuedOf(f *Field, cell int, text string) bool {
	st := &b.values.statement
	*st = Statement{}
	if !b.read(f, st, text) || st.wide != nil {
		return false
	}
	n, folded := st.Number, ""
	if f.UnitFrom != nil && st.Unit != "" {
		b.values.beside = append(b.values.beside, besideUnit{cell - f.Cell + f.UnitFrom.Cell, st.Unit})
	}
	switch {
	case f.measured() && f.UnitFrom == nil && st.Unit != b.unit(f):
		return false
	case st.Blank:
		n = number.Number{Flags: number.Blank}
	case f.Type.Numeric():
		n.Decimals = int8(st.Own)
	default:
		folded = Fold(st.Text)
	}
	b.valued(f, cell, n, folded)
	return true
}

// settleValues finds the decimals of each published unit, over every statement, and gives every cell its value, as settle
// does.
func (b *builder) settleValues() bool {
	d, v := b.d, b.values
	for _, u := range v.beside {
		if d.Texts[u.cell] != u.unit {
			return false
		}
	}
	b.units = b.units[:v.units]
	for i := range b.units {
		b.units[i].decimals, b.units[i].needed = 0, false
	}
	v.digits = v.digits[:0]
	for range v.shares {
		v.digits = append(v.digits, -1)
	}
	b.records(b.publishValues)
	for i := range v.again {
		if a := &v.again[i]; !a.n.Has(number.Blank) {
			b.publishValue(a.term, a.cell, a.n.Decimals)
		}
	}
	for i, how := range v.shares {
		if how.unit > 0 && v.digits[i] >= 0 {
			b.units[how.unit-1].take(int(v.digits[i]), how.shared)
		}
	}
	b.share()
	v.floors = v.floors[:0]
	for _, how := range v.shares {
		floor := int8(math.MinInt8)
		switch {
		case how.exact:
			floor = number.Exact
		case how.shared && how.unit > 0:
			floor = int8(b.units[how.unit-1].decimals)
		}
		v.floors = append(v.floors, floor)
	}
	settled := true
	b.records(func(all *terms, at int) { settled = b.settleRecord(all, at) && settled })
	d.Aligned = number.Align(d.Cells, d.Aligned.Values)
	for more := v.again; len(more) > 0; {
		first := more[0]
		v.alike = v.alike[:0]
		if n := d.Cells[first.cell]; !n.Has(number.Blank) {
			v.alike = append(v.alike, stated{n, d.Texts[first.cell]})
		}
		for ; len(more) > 0 && more[0].cell == first.cell; more = more[1:] {
			if n := &more[0].n; !n.Has(number.Blank) {
				settled = b.settleValue(first.term, first.cell, n) && settled
				v.alike = append(v.alike, stated{*n, more[0].text})
			}
		}
		if len(v.alike) > 1 {
			d.Restated = append(d.Restated, Restatement{first.cell, agree(first.term.field, v.alike, d.Rounding)})
		}
	}
	slices.SortFunc(d.Restated, func(a, b Restatement) int { return a.Cell - b.Cell })
	return settled
}

// records visits the records of the dataset: their terms, and their first cells.
func (b *builder) records(visit func(all *terms, at int)) {
	visit(b.emptyOf(b.d.Schema.Root).terms, 0)
	for i := range b.d.Lists {
		if rows := &b.d.Lists[i]; rows.Count > 0 {
			all := b.emptyOf(rows.Field).terms
			for row := range int(rows.Count) {
				visit(all, int(rows.Cell)+row*len(all.cells))
			}
		}
	}
}

// publishValues notes the decimals of the figures of a record, as long as there may be more than those that are known.
func (b *builder) publishValues(all *terms, at int) {
	if !b.finer(all) {
		return
	}
	digits, cells := b.values.digits, b.d.Cells[at:][:len(all.cells)]
	for i := range cells {
		n, t := &cells[i], &all.cells[i]
		switch {
		case n.Has(number.Missing | number.Blank):
		case t.beside:
			b.publishValue(t, at+i, n.Decimals)
		case n.Decimals > digits[t.share]:
			if digits[t.share] = n.Decimals; !b.finer(all) {
				return
			}
		}
	}
}

// finer reports whether more figures of a record may tell more decimals of a unit.
func (b *builder) finer(all *terms) bool {
	v := b.values
	for _, share := range all.shares {
		if int(v.digits[share]) < b.units[v.shares[share].unit-1].finest {
			return true
		}
	}
	return all.beside
}

// publishValue notes the decimals of a figure that is not blank.
func (b *builder) publishValue(t *term, cell int, digits int8) {
	if !t.beside {
		b.values.digits[t.share] = max(b.values.digits[t.share], digits)
	} else if unit := b.besideOf(t, cell); unit != "%" {
		b.published(unit).take(int(digits), t.shared)
	}
}

// besideOf is the unit that stands beside a figure.
func (b *builder) besideOf(t *term, cell int) string {
	return b.d.Texts[cell-t.field.Cell+t.field.UnitFrom.Cell]
}

// settleRecord gives every cell of a record its value.
func (b *builder) settleRecord(all *terms, at int) (settled bool) {
	plain, floors := all.plain, b.values.floors
	cells := b.d.Cells[at:][:len(plain)]
	settled = true
	for i := range cells {
		n, p := &cells[i], &plain[i]
		switch {
		case p.set && n.Flags == 0:
			if floor := floors[p.share]; n.Decimals < floor {
				n.Decimals = floor
			}
			n.Flags = p.flags
		case n.Flags != number.Missing && !b.settleValue(&all.cells[i], at+i, n):
			settled = false
		}
	}
	return settled
}

// settleValue makes the number that rules take of what is printed.
func (b *builder) settleValue(t *term, cell int, n *number.Number) bool {
	if n.Has(number.Blank) && !t.zero {
		*n = number.Number{Flags: number.Missing | number.Blank, Decimals: number.Exact}
		return true
	}
	if !t.numeric {
		return true
	}
	decimals := max(n.Decimals, b.values.floors[t.share])
	if t.beside && t.shared {
		decimals = max(decimals, int8(b.decimals(b.besideOf(t, cell))))
	}
	if t.power != 0 {
		*n = n.Shift(int(t.power))
		decimals -= t.power
	}
	n.Decimals = decimals
	n.Flags |= t.flags
	return !n.Has(number.Overflow)
}

// stated is what one statement of a field says: a number, or a folded text.
type stated struct {
	n    number.Number
	text string
}

// agree reports whether the statements of a field agree, as far as that takes no large numbers.
func agree(f *Field, all []stated, m number.Mode) bool {
	d := number.Exact
	for i := range all {
		d = min(d, all[i].n.Decimals)
	}
	first := &all[0]
	for i := 1; i < len(all); i++ {
		alike, ok := false, true
		switch other := &all[i]; f.Type {
		case Text:
			alike = first.text == other.text
		case Date:
			alike = CompareDates(first.n, other.n) == 0
		case Bool:
			alike = first.n.Coef == other.n.Coef
		default:
			alike, ok = number.AgreeRounded(first.n, other.n, d, m)
		}
		if !alike || !ok {
			return false
		}
	}
	return true
}
