// Package reader reads data files in any known format into documents that a schema can be laid over.
package reader

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/reader/json"
	"github.com/gouji/gouji/engine/reader/yaml"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Format is one format of data files.
type Format struct {
	Name string
	// Extensions are the ends of the names of its files.
	Extensions []string
	// Read reads a file; the node is nil when nothing could be read.
	Read func(*source.File) (*yamldoc.Node, diag.List)
}

// Formats lists the formats that can be read.
var Formats = []Format{
	{"yaml", []string{".yaml", ".yml"}, yaml.Read},
	{json.Name, []string{".json"}, json.Read},
}

// Lookup finds the format of a file by its name.
func Lookup(path string) (Format, bool) {
	ext := strings.ToLower(filepath.Ext(path))
	for _, f := range Formats {
		if slices.Contains(f.Extensions, ext) {
			return f, true
		}
	}
	return Format{}, false
}

// Extensions lists the ends of the names of all files that can be read.
func Extensions() []string {
	var all []string
	for _, f := range Formats {
		all = append(all, f.Extensions...)
	}
	return all
}
