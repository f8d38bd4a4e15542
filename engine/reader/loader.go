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
// One goroutine uses a Loader at a time.
type Loader struct {
	schema *dataset.Schema
	json   *json.Loader
	yaml   *yaml.Loader
	rows   *dataset.Builder
}

// NewLoader makes a loader of datasets of a schema.
func NewLoader(s *dataset.Schema) *Loader {
	return &Loader{schema: s, json: json.NewLoader(s), yaml: yaml.NewLoader(s), rows: dataset.NewBuilder(s)}
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
// with it. With reuse the dataset takes the memory of the last one, which must not be used any more.
func (l *Loader) Load(r *Record, h Head, reuse bool) (*dataset.Dataset, bool) {
	if r.Row != nil {
		return r.Row.Load(l.rows, h.Header, l.schema, reuse)
	}
	if h.format == yaml.Name {
		return l.yaml.Load(r.File, h.text, h.Head, reuse)
	}
	return l.json.Load(r.File, h.text, h.Head, reuse)
}
