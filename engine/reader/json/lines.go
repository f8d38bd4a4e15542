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
		from := 0
		for n, end := range c.Ends {
			line := bytes.TrimSuffix(c.Content[from:end], []byte("\n"))
			from = end
			if len(bytes.TrimSpace(line)) > 0 && !yield(&source.File{Path: path, Content: line, Before: c.Before + n}) {
				return
			}
		}
	}
}
