package chunk

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// Whatever the size of the pieces, and however little comes at a time, the pieces put together are the text, each ends
// with a line, and the lines before it are counted.
func TestCut(t *testing.T) {
	lines := func(text []byte) int { return bytes.LastIndexByte(text, '\n') + 1 }
	for _, text := range []string{"", "a", "a\n", "a\nb", "\n\n\n", "long long line\nb\n\nc", "一\n二\r\n三\n", strings.Repeat("x\n", 1000)} {
		for size := 1; size < 20; size++ {
			for name, r := range map[string]func(io.Reader) io.Reader{"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "data and end": iotest.DataErrReader} {
				for _, live := range []bool{false, true} {
					var got strings.Builder
					for c, err := range cut(r(strings.NewReader("\uFEFF"+text)), live, lines, max(size, 4), 100) {
						if err != nil {
							t.Fatal(err)
						}
						if want := strings.Count(got.String(), "\n"); c.Before != want {
							t.Fatalf("%q in %d: %q has %d lines before it, want %d", text, size, c.Content, c.Before, want)
						}
						got.Write(c.Content)
						if !bytes.HasSuffix(c.Content, []byte("\n")) && got.String() != text {
							t.Fatalf("%q in %d: %q ends within a line", text, size, c.Content)
						}
					}
					if got.String() != text {
						t.Fatalf("%q in %d, %s, live %v: %q", text, size, name, live, got.String())
					}
				}
			}
		}
	}
}

// Pieces of a live text come before it ends.
func TestLive(t *testing.T) {
	in, out := io.Pipe()
	next := make(chan Chunk)
	go func() {
		for c := range Lines(in, true) {
			next <- c
		}
		close(next)
	}()
	for _, line := range []string{"a\n", "b\n"} {
		if _, err := out.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		if c := <-next; string(c.Content) != line {
			t.Errorf("%q, want %q", c.Content, line)
		}
	}
	out.Close()
	if c, more := <-next; more {
		t.Errorf("then %q", c.Content)
	}
}

// The whole records before an error are not lost, and a record without an end is told with its place.
func TestErrors(t *testing.T) {
	broken := errors.New("broken")
	var got []string
	var last error
	for c, err := range Lines(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), false) {
		if last = err; err == nil {
			got = append(got, string(c.Content))
		}
	}
	if strings.Join(got, "|") != "a\n" || !errors.Is(last, broken) {
		t.Errorf("%q, %v", got, last)
	}
	lines := func(text []byte) int { return bytes.LastIndexByte(text, '\n') + 1 }
	for _, err := range cut(strings.NewReader("a\n"+strings.Repeat("x", 100)), false, lines, 4, 50) {
		last = err
	}
	var long *TooLongError
	if !errors.As(last, &long) || long.Line != 2 {
		t.Errorf("%v", last)
	}
}
