// Package yaml reads datasets written as YAML, one dataset a file.
package yaml

import (
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Name is the name of the format.
const Name = "yaml"

// Read reads a file. The node is nil when nothing could be read.
func Read(f *source.File) (*yamldoc.Node, diag.List) { return yamldoc.Parse(f) }
