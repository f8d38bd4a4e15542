package chunk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

// Whatever the size of the pieces, and however little comes at a time, the pieces put together are the text, each ends
// with a line, and the lines before it are counted.
func TestCut(t *testing.T) {
	for _, text := range []string{"", "a", "a\n", "a\nb", "\n\n\n", "long long line\nb\n\nc", "一\n二\r\n三\n", strings.Repeat("x\n", 1000)} {
		for size := 1; size < 20; size++ {
			for name, r := range map[string]func(io.Reader) io.Reader{"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "data and end": iotest.DataErrReader} {
				for _, live := range []bool{false, true} {
					// Every other time where the ends of lines are told.
					next := nextLine
					if size%2 == 0 {
						next = nil
					}
					var got strings.Builder
					memory := new(sync.Pool)
					for c, err := range cut(r(strings.NewReader("\uFEFF"+text)), live, lastLine, next, max(size, 4), 100, memory) {
						if err != nil {
							t.Fatal(err)
						}
						if want := strings.Count(got.String(), "\n"); c.Before != want {
							t.Fatalf("%q in %d: %q has %d lines before it, want %d", text, size, c.Content, c.Before, want)
						}
						from := 0
						for _, end := range c.Ends {
							line := c.Content[from:end]
							if i := bytes.IndexByte(line, '\n'); i >= 0 && i < len(line)-1 || i < 0 && end < len(c.Content) {
								t.Fatalf("%q in %d: %q is told to be a line", text, size, line)
							}
							from = end
						}
						if lined := next != nil; lined != (from == len(c.Content)) {
							t.Fatalf("%q in %d: lines of %q end at %d", text, size, c.Content, from)
						}
						got.Write(c.Content)
						if !bytes.HasSuffix(c.Content, []byte("\n")) && got.String() != text {
							t.Fatalf("%q in %d: %q ends within a line", text, size, c.Content)
						}
						// What serves again may be overwritten.
						if size%3 > 0 {
							copy(c.Content, bytes.Repeat([]byte("#"), len(c.Content)))
							c.Release()
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
		for c := range Lines(in, true, nil) {
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
	for c, err := range Lines(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), false, nil) {
		if last = err; err == nil {
			got = append(got, string(c.Content))
		}
	}
	if strings.Join(got, "|") != "a\n" || !errors.Is(last, broken) {
		t.Errorf("%q, %v", got, last)
	}
}

// TestTooLong: a record that is too long is told with its place, and the others are read where it can be told where they begin.
func TestTooLong(t *testing.T) {
	long := strings.Repeat("x", 200)
	for text, want := range map[string]string{
		"a\n" + long:                            "a|long 2",
		"a\n" + long + "\n":                     "a|long 2",
		"a\n" + long + "\nb\nc":                 "a|long 2|b 2|c 3",
		long + "\n" + long + "\nb\n":            "long 1|long 2|b 2",
		long + "\nb\n" + long + "\n" + long:     "long 1|b 1|long 3|long 4",
		long + "\n\n\n" + long + "\nb\n\nc\n\n": "long 1| 1| 2|long 4|b 4| 5|c 6| 7",
	} {
		for size := 4; size < 40; size += 3 {
			for name, r := range map[string]func(io.Reader) io.Reader{"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "data and end": iotest.DataErrReader} {
				var got []string
				for c, err := range cut(r(strings.NewReader(text)), false, lastLine, nextLine, size, 50, nil) {
					var long *TooLongError
					if errors.As(err, &long) {
						got = append(got, fmt.Sprint("long ", long.Line))
						continue
					} else if err != nil {
						t.Fatal(err)
					}
					for i, line := range strings.Split(strings.TrimSuffix(string(c.Content), "\n"), "\n") {
						got = append(got, fmt.Sprint(line, " ", c.Before+i))
					}
				}
				if got := strings.Join(got, "|"); strings.Replace(got, "a 0", "a", 1) != want {
					t.Fatalf("%.20q… in %d, %s: %s, want %s", text, size, name, got, want)
				}
			}
		}
	}
	var got []error
	for _, err := range Cut(strings.NewReader(strings.Repeat("x", Max)+"\nb\n"), false, lastLine, nil) {
		got = append(got, err)
	}
	if len(got) != 1 || got[0] == nil || !strings.Contains(got[0].Error(), "line 1 ") {
		t.Errorf("%v", got)
	}
}

// letters give one letter after the other.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	p[0] = 'x'
	return 1, nil
}

// TestAhead: what a live text gave meanwhile comes together, as much of it as is wanted, and no more is read ahead than is said.
func TestAhead(t *testing.T) {
	a := newAhead(letters{})
	defer a.stop()
	for range 3 {
		for len(a.blocks) < blocksAhead {
			runtime.Gosched()
		}
		text, err := a.fill([]byte("abc"), blocksAhead)
		if string(text) != "abc"+strings.Repeat("x", blocksAhead-3) || err != nil {
			t.Fatalf("%q, %v", text, err)
		}
		if text, err = a.fill(nil, 3); string(text) != "xxx" || err != nil {
			t.Fatalf("%q, %v", text, err)
		}
	}
}
