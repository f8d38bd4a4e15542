// Package chunk cuts long texts that hold many records into pieces of whole ones, so that each can be read by itself and
// only a few are in memory at a time.
package chunk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"
)

// Chunk is a piece of a text.
type Chunk struct {
	Content []byte
	// Before counts the lines in front of it.
	Before int
	// Ends are the offsets behind its lines, where these are the records.
	Ends []int
	// text is the memory that the content stands in, and memory where it serves again; nil where it does not.
	text   []byte
	memory *sync.Pool
}

// Release gives the memory of the content back for a later piece: nothing may refer to it any more. It need not be called, and
// only once.
func (c *Chunk) Release() {
	if text := c.text; c.memory != nil {
		c.memory.Put(&text)
	}
}

// Size is how long pieces are, unless a record is longer.
const Size = 1 << 20

// Max is the longest record; more is taken for a mistake.
const Max = 64 << 20

// TooLongError says that a record is longer than Max. Lines goes on behind it, Cut does not.
type TooLongError struct {
	// Line is where it begins.
	Line int
}

func (e *TooLongError) Error() string {
	return fmt.Sprintf("line %d begins a record of more than %d MiB", e.Line, Max>>20)
}

// Lines cuts a text whose lines are records. Pieces stand in memory that others left there that were released, unless it is nil.
func Lines(r io.Reader, live bool, memory *sync.Pool) iter.Seq2[Chunk, error] {
	return cut(r, live, lastLine, nextLine, Size, Max, memory)
}

// ends are the offsets behind the lines of a text.
func ends(text []byte) (all []int) {
	for at := 0; at < len(text); {
		n := nextLine(text[at:])
		if n == 0 {
			n = len(text) - at
		}
		at += n
		all = append(all, at)
	}
	return all
}

func lastLine(text []byte) int { return bytes.LastIndexByte(text, '\n') + 1 }
func nextLine(text []byte) int { return bytes.IndexByte(text, '\n') + 1 }

// Cut cuts a text where last says: it tells how much of a text that begins with a record are whole ones; 0 is none. Of a
// live text, such as what a person types, pieces come as soon as there are whole records. A byte order mark in front is
// left out. The error, with which it ends, is that of reading; the records that were read whole before are yielded first.
func Cut(r io.Reader, live bool, last func(text []byte) int, memory *sync.Pool) iter.Seq2[Chunk, error] {
	return cut(r, live, last, nil, Size, Max, memory)
}

// cut goes on behind a record that is too long where next tells how far the first one of a text goes, 0 for all of it.
func cut(r io.Reader, live bool, last, next func(text []byte) int, size, max int, memory *sync.Pool) iter.Seq2[Chunk, error] {
	return func(yield func(Chunk, error) bool) {
		var rest []byte
		before := 0
		fill := func(text []byte, want int) ([]byte, error) { return fill(r, text, want) }
		if live {
			a := newAhead(r)
			defer a.stop()
			fill = a.fill
		}
		for start := true; ; start = false {
			want := size
			// Each piece has memory of its own, since others may still be read.
			var text []byte
			if memory != nil {
				if free, ok := memory.Get().(*[]byte); ok {
					text = *free
				}
			}
			text = append(text[:0], rest...)
			var n int
			var err error
			for {
				text, err = fill(text, want)
				if start {
					text = bytes.TrimPrefix(text, []byte("\uFEFF"))
				}
				// At the end the last record is whole; at an error nobody knows.
				if n = last(text); errors.Is(err, io.EOF) {
					n = len(text)
				}
				if n > 0 || err != nil {
					break
				}
				if len(text) >= max {
					if !yield(Chunk{}, &TooLongError{Line: before + 1}) || next == nil {
						return
					}
					var lines int
					text, lines, err = skip(fill, text, next, size)
					before += lines
					if want = size; err == nil {
						continue
					}
					if n = last(text); errors.Is(err, io.EOF) {
						n = len(text)
					}
					break
				}
				// Looking for an end twice as far on costs no more than what was looked through.
				if len(text) >= want {
					want = 2 * len(text)
				}
			}
			c := Chunk{Content: text[:n:n], Before: before}
			if cap(text) <= size {
				// That of a long record goes away.
				c.text, c.memory = text, memory
			}
			if next != nil {
				// Its lines are counted by looking for their ends.
				c.Ends = ends(c.Content)
				before += len(c.Ends)
			} else {
				before += bytes.Count(c.Content, []byte("\n"))
			}
			// What stands behind the piece goes with its memory.
			rest = append(rest[:0], text[n:]...)
			if n > 0 && !yield(c, nil) {
				return
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					yield(Chunk{}, err)
				}
				return
			}
		}
	}
}

// skip reads on behind the first record of a text. What is left begins with the next one; lines are those before it.
func skip(fill func(text []byte, want int) ([]byte, error), text []byte, next func(text []byte) int, size int) (rest []byte, lines int, err error) {
	for err == nil {
		lines += bytes.Count(text, []byte("\n"))
		if text, err = fill(text[:0], size); err == nil || errors.Is(err, io.EOF) {
			if n := next(text); n > 0 {
				// The memory of the long one goes away.
				return append(make([]byte, 0, size), text[n:]...), lines + bytes.Count(text[:n], []byte("\n")), err
			}
		}
	}
	return nil, lines, err
}

// fill reads until a text has a length. The error is io.EOF at the end.
func fill(r io.Reader, text []byte, want int) ([]byte, error) {
	if cap(text) < want {
		text = append(make([]byte, 0, want), text...)
	}
	for len(text) < want {
		n, err := r.Read(text[len(text):want])
		text = text[:len(text)+n]
		if err != nil {
			return text, err
		}
	}
	return text, nil
}

// ahead reads a live text ahead of those who look at it, so that a pipe, which gives a little at a time, gives together what has come
// meanwhile.
type ahead struct {
	blocks chan block
	// free are blocks whose memory serves again. There are blocksAhead in all, so that both channels take all of them.
	free chan []byte
	done chan struct{}
	// text is the block at hand, taken of it what was taken, and err what came behind it.
	text  []byte
	taken int
	err   error
}

// block is what was read at once, and the error that came with it.
type block struct {
	text []byte
	err  error
}

const (
	// blockSize is how much a pipe holds, and blocksAhead how many blocks are read ahead.
	blockSize   = 64 << 10
	blocksAhead = Size / blockSize
)

func newAhead(r io.Reader) *ahead {
	a := &ahead{blocks: make(chan block, blocksAhead), free: make(chan []byte, blocksAhead), done: make(chan struct{})}
	go a.read(r)
	return a
}

func (a *ahead) read(r io.Reader) {
	for made := 0; ; {
		var text []byte
		if made < blocksAhead {
			text = make([]byte, blockSize)
			made++
		} else {
			select {
			case text = <-a.free:
			case <-a.done:
				return
			}
		}
		n, err := r.Read(text[:blockSize])
		a.blocks <- block{text[:n], err}
		if err != nil {
			return
		}
	}
}

// stop reads no further. A read that waits goes on waiting.
func (a *ahead) stop() { close(a.done) }

// fill waits for something, and takes what else is there, until a text has a length. The error is io.EOF at the end.
func (a *ahead) fill(text []byte, want int) ([]byte, error) {
	for came := false; len(text) < want; {
		if a.taken == len(a.text) {
			if a.err != nil {
				return text, a.err
			}
			a.release()
			var b block
			select {
			case b = <-a.blocks:
			default:
				if came {
					return text, nil
				}
				b = <-a.blocks
			}
			a.text, a.err = b.text, b.err
		}
		n := min(len(a.text)-a.taken, want-len(text))
		if !came {
			// About as much as there is.
			text = slices.Grow(text, min(n+len(a.blocks)*blockSize, want-len(text)))
		}
		text = append(text, a.text[a.taken:a.taken+n]...)
		if a.taken += n; a.taken == len(a.text) {
			a.release()
		}
		came = came || n > 0
	}
	return text, nil
}

// release gives the block at hand back.
func (a *ahead) release() {
	if a.text != nil {
		a.free <- a.text
		a.text, a.taken = nil, 0
	}
}
