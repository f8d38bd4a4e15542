package sorter_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/sorter"
)

// TestSorted: whatever the memory, and however many goroutines add, records come back once each, in order. So little memory
// also means more runs than are open at a time.
func TestSorted(t *testing.T) {
	for _, memory := range []int{0, 100, 5_000, 1 << 20} {
		t.Run(fmt.Sprint(memory), func(t *testing.T) {
			dir := t.TempDir()
			s := sorter.New(dir, memory)
			random := rand.New(rand.NewPCG(1, 2))
			var want []string
			for i := range 1000 {
				want = append(want, fmt.Sprintf("%04d/%s", i, make([]byte, random.IntN(30))))
			}
			shuffled := slices.Clone(want)
			random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			var wait sync.WaitGroup
			for part := range slices.Chunk(shuffled, 250) {
				wait.Go(func() {
					for _, r := range part {
						if err := s.Add([]byte(r[:4]), []byte(r[4:])); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wait.Wait()
			if left, _ := os.ReadDir(dir); (len(left) > 0) != (memory < 10_000) {
				t.Errorf("%d folders are made with %d bytes of memory", len(left), memory)
			}
			var got []string
			if err := s.Sorted(func(key, value []byte) error {
				got = append(got, string(key)+string(value))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}

// TestSequence: readers that are at different places each read everything in order, whatever the memory.
func TestSequence(t *testing.T) {
	for _, memory := range []int{0, 5_000, 1 << 20} {
		t.Run(fmt.Sprint(memory), func(t *testing.T) {
			dir := t.TempDir()
			s := sorter.New(dir, memory)
			var want []string
			for i := range 300 {
				want = append(want, fmt.Sprintf("%03d:%s", i, make([]byte, i%7)))
			}
			for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(len(want)) {
				if err := s.Add([]byte(want[i][:4]), []byte(want[i][4:])); err != nil {
					t.Fatal(err)
				}
			}
			all, err := s.Sequence()
			if err != nil {
				t.Fatal(err)
			}
			readers := []*sorter.Reader{all.Reader(), all.Reader(), all.Reader()}
			// The second is behind the first, and the third takes two steps for one of theirs.
			var got [3][]string
			read := func(k int) {
				if key, value, err := readers[k].Next(); !errors.Is(err, io.EOF) {
					got[k] = append(got[k], fmt.Sprintf("%s%s%v", key, value, err))
				}
			}
			for i := range 2 * len(want) {
				read(0)
				read(2)
				read(2)
				if i > 10 {
					read(1)
				}
			}
			for i := range want {
				want[i] += "<nil>"
			}
			for k := range got {
				if diff := cmp.Diff(want, got[k]); diff != "" {
					t.Errorf("reader %d (-want +got):\n%s", k, diff)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}

// TestFaults: errors of writing and of who visits come back, and what comes after a close is refused.
func TestFaults(t *testing.T) {
	s := sorter.New("/nowhere", 0)
	_ = s.Add([]byte("a"), nil)
	if err := s.Add([]byte("b"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a folder: %v", err)
	}
	if err := s.Sorted(nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the error does not stay: %v", err)
	}
	s = sorter.New(t.TempDir(), 0)
	for i := range 10 {
		if err := s.Add([]byte{byte(i)}, nil); err != nil {
			t.Fatal(err)
		}
	}
	stop := errors.New("stop")
	visited := 0
	if err := s.Sorted(func(_, _ []byte) error { visited++; return stop }); !errors.Is(err, stop) || visited != 1 {
		t.Errorf("%v after %d records", err, visited)
	}
	_ = s.Close()
	if s.Add(nil, nil) == nil || s.Close() != nil {
		t.Error("a closed sorter takes records")
	}
}
