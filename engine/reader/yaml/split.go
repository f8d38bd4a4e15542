package yaml

import (
	"bytes"

	"github.com/gouji/gouji/engine/reader/chunk"
)

// Split tells the documents of a file, each with the line "---" in front of it. Blank lines and comments alone are no
// document of their own, unless there is nothing else.
func Split(content []byte) []chunk.Chunk {
	if !bytes.Contains(content, []byte("\n---")) {
		return []chunk.Chunk{{Content: content}}
	}
	var all []chunk.Chunk
	// The document that is being read: where it begins, how many lines are before it, and whether it says anything.
	start, before, says := 0, 0, false
	at, n := 0, 0
	for line := range bytes.Lines(content) {
		if marks(line) && says {
			all = append(all, chunk.Chunk{Content: content[start:at:at], Before: before})
			start, before, says = at, n, false
		}
		// A document may begin behind its mark; directives, with a percent sign, stand in front of one.
		text := bytes.TrimSpace(bytes.TrimPrefix(line, []byte("---")))
		says = says || len(text) > 0 && text[0] != '#' && text[0] != '%' && string(text) != "..."
		at += len(line)
		n++
	}
	if says || len(all) == 0 {
		all = append(all, chunk.Chunk{Content: content[start:], Before: before})
	}
	return all
}

// marks reports whether a line begins a document. Nothing else can begin so, a line of a text block neither.
func marks(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("---"))
	return ok && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n"), rest[0]) >= 0)
}
