package reader

import (
	"unsafe"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/reader/json"
	"github.com/gouji/gouji/engine/reader/keys"
	"github.com/gouji/gouji/engine/reader/yaml"
	"github.com/gouji/gouji/engine/source"
)

// Loader reads datasets of one schema, one after another, in the shapes that nearly all have. It makes the same datasets
// as the general reading with dataset.Build, in a fraction of the time, and leaves to these whatever else there is: other
// shapes, and everything that is wrong.
//
// A dataset whose memory is used again has its values alone: most pass, and nobody asks what was printed. It is read once
// more for its facts where somebody does.
//
// One goroutine uses a Loader at a time.
type Loader struct {
	schema        *dataset.Schema
	json          *json.Loader
	yaml          *yaml.Loader
	values, facts *dataset.Builder
	// record and head are those of the dataset that was loaded last.
	record *Record
	head   Head
	stack  dataset.Stack
}

// NewLoader makes a loader of datasets of a schema.
func NewLoader(s *dataset.Schema) *Loader {
	l := &Loader{schema: s, json: json.NewLoader(s), yaml: yaml.NewLoader(s), facts: dataset.NewBuilder(s)}
	l.values = dataset.NewValues(s, func() []dataset.Fact {
		d, ok := l.load(l.facts, l.record, l.head, true)
		if !ok {
			panic("a dataset whose values were read has no facts")
		}
		return d.Facts()
	})
	return l
}

// Head is the beginning of a record: the header of the dataset.
type Head struct {
	keys.Head
	format, text string
}

// Head reads the header of a record. It is false when that has another shape, when something is wrong with it, or when a
// Loader does not read the format.
func (f Format) Head(r *Record) (Head, bool) {
	if r.Row != nil {
		h, ok := r.Row.Header()
		return Head{Head: keys.Head{Header: h}}, ok
	}
	var read func(*source.File, string) (keys.Head, bool)
	switch f.Name {
	case json.Name, json.LinesName:
		read = json.ReadHead
	case yaml.Name:
		read = yaml.ReadHead
	}
	if r.File == nil || read == nil {
		return Head{}, false
	}
	// The content of a file does not change.
	text := unsafe.String(unsafe.SliceData(r.File.Content), len(r.File.Content))
	h, ok := read(r.File, text)
	return Head{h, f.Name, text}, ok
}

// Load reads the dataset of a record behind its header. It is false when it has another shape or something is wrong
// with it. With reuse the dataset takes the memory of the last one, which must not be used any more, and the record is
// needed as long as the dataset.
func (l *Loader) Load(r *Record, h Head, reuse bool) (*dataset.Dataset, bool) {
	if reuse {
		l.record, l.head = r, h
		if d, ok := l.load(l.values, r, h, true); ok {
			return d, true
		}
	}
	return l.load(l.facts, r, h, reuse)
}

// Stack reads the datasets of the block of rows that a record begins, as far as they lie upon another; it is false where they do not.
// They hold until the loader reads again, and the record is needed as long.
func (l *Loader) Stack(r *Record, h Head) (*dataset.Stack, bool) {
	l.record, l.head = r, h
	return &l.stack, r.Row.Stack(l.values, h.Header, l.schema, &l.stack)
}

// Turn makes a dataset that has the cells of another one of its stack that of a record: its header and what is printed of it. That holds
// until the loader reads again, and the record is needed as long.
func (l *Loader) Turn(d *dataset.Dataset, r *Record, h Head) {
	l.record, l.head = r, h
	l.values.Turn(d, h.Header, r.Row.File)
}

func (l *Loader) load(to *dataset.Builder, r *Record, h Head, reuse bool) (*dataset.Dataset, bool) {
	if r.Row != nil {
		return r.Row.Load(to, h.Header, l.schema, reuse)
	}
	if h.format == yaml.Name {
		return l.yaml.Load(to, r.File, h.text, h.Head, reuse)
	}
	return l.json.Load(to, r.File, h.text, h.Head, reuse)
}
