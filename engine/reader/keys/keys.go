// Package keys finds the keys of datasets for readers that take one dataset after another without a document in between:
// those of the header, and those of the fields. Datasets of one maker have the same keys in the same order, so that the
// next one is guessed before it is looked for.
package keys

import (
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

// Head is the beginning of a dataset: its header.
type Head struct {
	dataset.Header
	// EntitySpan and PeriodSpan are where these stand.
	EntitySpan, PeriodSpan source.Span
	// Rest is the offset at which the figures begin.
	Rest int
	seen int
}

// NewHead is a header of which nothing is known yet.
func NewHead() Head { return Head{Header: dataset.Header{Pack: dataset.DefaultPack}} }

// Set takes a key of the header with its value, which is no blank. known is false for every other key, ok when the key was
// set before.
func (h *Head) Set(key, value string, span source.Span) (known, ok bool) {
	into, bit := h.text(key)
	if into == nil {
		return false, true
	}
	if value == "" || h.seen&bit != 0 {
		return true, false
	}
	h.seen |= bit
	switch *into = value; into {
	case &h.Entity:
		h.EntitySpan = span
	case &h.Period:
		h.PeriodSpan = span
	}
	return true, true
}

// Complete reports whether a header has what it needs.
func (h *Head) Complete() bool {
	return h.Entity != "" && h.Period != "" && (h.Unit == "" || dataset.IsMoney(h.Unit))
}

// text is where a header key of a text is kept; bit tells the keys apart.
func (h *Head) text(key string) (into *string, bit int) {
	switch key {
	case "entity":
		return &h.Entity, 1
	case "period":
		return &h.Period, 2
	case "kind":
		return &h.Kind, 4
	case "pack":
		return &h.Pack, 8
	case "unit":
		return &h.Unit, 16
	case "source":
		return &h.Source, 32
	case "parent":
		return &h.Parent, 64
	}
	return nil, 0
}

// Record is what a mapping for a group or a row of a list holds.
type Record struct {
	// Keys are by the names of the fields, their labels and aliases.
	Keys map[string]*Key
	// all are the keys by their numbers, which begin with 1.
	all []*Key
	// fields counts the fields of the group; first is the key that came first the last time.
	fields int
	first  *Key
}

// Key is one key of a record.
type Key struct {
	Field *dataset.Field
	// Text is the key as it is written, and Behind with what stands before it behind another member.
	Text, Behind string
	// Within is what the value holds where it is a group or a list.
	Within *Record
	// Plain: it is a figure whose unit does not stand beside it. Refused is what such a one cannot be, and Cell that of the field in
	// its record.
	Plain   bool
	Refused number.Flags
	Cell    int
	// word and bit tell the field among those of its group.
	word uint8
	bit  uint64
	// number is that of the key, and next the key that came behind it the last time.
	number int
	next   *Key
}

// Of are the keys of a group or list: between is what stands between two members, and written tells how a name is written.
func Of(f *dataset.Field, between string, written func(name string) string) *Record {
	r := &Record{Keys: map[string]*Key{}, all: []*Key{nil}, fields: len(f.Fields)}
	for i, c := range f.Fields {
		if c.Header {
			continue
		}
		var within *Record
		if c.Type == dataset.Group || c.Type == dataset.List {
			within = Of(c, between, written)
		}
		for _, name := range append([]string{c.Name, c.Label}, c.Aliases...) {
			if name != "" && r.Keys[name] == nil {
				text := written(name)
				k := &Key{
					Field: c, Text: text, Behind: between + text, Within: within, Plain: c.Plain(), Refused: c.Refused(), Cell: c.Cell,
					word: uint8(i / 64 % words), bit: 1 << (i % 64), number: len(r.all),
				}
				r.Keys[name], r.all = k, append(r.all, k)
			}
		}
	}
	return r
}

// words is how many words of 64 bits tell which fields of a group came.
const words = 4

// Walk goes through the keys of one mapping for a record.
type Walk struct {
	record *Record
	// last is the number of the key that came last, 0 for none.
	last int
	seen [words]uint64
}

// Walk begins with a mapping. It is false for a record with too many fields.
func (r *Record) Walk() (Walk, bool) {
	return Walk{record: r}, r.fields <= 64*words
}

// Next is the key that is likely to come next; nil where there is no telling.
func (w *Walk) Next() *Key {
	if w.last == 0 {
		return w.record.first
	}
	return w.record.all[w.last].next
}

// Of is the key of a name; nil for none.
func (w *Walk) Of(name string) *Key { return w.record.Keys[name] }

// Take takes the key that came. It is false when its field came before.
func (w *Walk) Take(k *Key) bool {
	if w.Next() != k {
		if w.last == 0 {
			w.record.first = k
		} else {
			w.record.all[w.last].next = k
		}
	}
	_, ok := w.Follow(k)
	return ok
}

// Follow is Take for the key that was likely to come. It also tells the next one.
func (w *Walk) Follow(k *Key) (next *Key, ok bool) {
	seen := &w.seen[k.word%words]
	ok = *seen&k.bit == 0
	*seen |= k.bit
	w.last = k.number
	return k.next, ok
}
