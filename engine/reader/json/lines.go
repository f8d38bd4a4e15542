package json

import (
	"bytes"
	"iter"

	"github.com/gouji/gouji/engine/reader/chunk"
	"github.com/gouji/gouji/engine/source"
)

// LinesName is the name of the format of one dataset a line.
const LinesName = "jsonl"

// Lines are the lines of a part of a file, but for blank ones. Each is a text of its own, whose lines are counted on.
func Lines(path string, c chunk.Chunk) iter.Seq[*source.File] {
	return func(yield func(*source.File) bool) {
		rest := c.Content
		for n := c.Before; len(rest) > 0; n++ {
			line := rest
			if end := bytes.IndexByte(rest, '\n'); end >= 0 {
				line = rest[:end]
				rest = rest[end+1:]
			} else {
				rest = nil
			}
			if len(bytes.TrimSpace(line)) > 0 && !yield(&source.File{Path: path, Content: line, Before: n}) {
				return
			}
		}
	}
}
