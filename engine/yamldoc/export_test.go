package yamldoc

import (
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/source"
)

// Exact reports whether the places of a scalar are known character by character.
func Exact(n *Node) bool { return n.exact }

// ReadDirect reads a file without yaml.v3; nil leaves it to yaml.v3.
func ReadDirect(f *source.File) *Node { return readDirect(f) }

// ParseWithYAML3 reads a file with yaml.v3.
func ParseWithYAML3(f *source.File) (*Node, diag.List) { return parse(f) }

// Body is where a scalar begins after its tag.
func Body(n *Node) int { return n.body }
