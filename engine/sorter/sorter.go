// Package sorter puts any number of records in the order of their keys with bounded memory: what does not fit is written
// to a temporary folder in sorted runs, and these are merged.
//
// It knows nothing of what records hold. Keys and values are bytes; records with the same key come in no certain order, so
// that who needs a certain one makes keys unique.
package sorter

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sync"
)

// Sorter takes records and gives them back in order. Add may be called by several goroutines; Sorted or Sequence is called
// once, when all has been added, and Close in any case.
type Sorter struct {
	// dir is where the temporary folder is made; "" is the system's.
	dir    string
	memory int

	mu sync.Mutex
	// blocks hold the bytes of the records; size is what these take, and last the block that is being filled.
	blocks  [][]byte
	last    int
	size    int
	records []record
	folder  string
	runs    []*os.File
	err     error
}

// record is one in a block: a key and a value, one after the other.
type record struct{ block, at, key, value int32 }

const (
	// recordSize is what a record takes beside its bytes.
	recordSize = 16
	// blockSize is the size of the blocks of memory; a larger record has one of its own.
	blockSize = 1 << 20
)

// New makes a sorter that keeps at most about so many bytes in memory, a megabyte at the least to be of use. Runs are written to
// a folder of their own in dir, the system's folder for temporary files where that is "", and only when they are needed.
func New(dir string, memory int) *Sorter { return &Sorter{dir: dir, memory: memory} }

// Add takes a record. The bytes are copied. An error of writing stays: all that follows fails with it.
func (s *Sorter) Add(key, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	n := len(key) + len(value)
	if s.size+n+(len(s.records)+1)*recordSize > s.memory && len(s.records) > 0 {
		if s.err = s.spill(); s.err != nil {
			return s.err
		}
	}
	for s.last < len(s.blocks) && len(s.blocks[s.last])+n > cap(s.blocks[s.last]) {
		s.last++
	}
	if s.last == len(s.blocks) {
		s.blocks = append(s.blocks, make([]byte, 0, max(n, min(blockSize, s.memory))))
	}
	block := &s.blocks[s.last]
	s.records = append(s.records, record{int32(s.last), int32(len(*block)), int32(len(key)), int32(len(value))})
	*block = append(append(*block, key...), value...)
	s.size += n
	return nil
}

func (s *Sorter) key(r record) []byte { return s.blocks[r.block][r.at : r.at+r.key] }

func (s *Sorter) value(r record) []byte { return s.blocks[r.block][r.at+r.key : r.at+r.key+r.value] }

func (s *Sorter) sort() {
	slices.SortFunc(s.records, func(a, b record) int { return bytes.Compare(s.key(a), s.key(b)) })
}

// spill writes what is in memory as a sorted run.
func (s *Sorter) spill() error {
	if s.folder == "" {
		folder, err := os.MkdirTemp(s.dir, "gouji-sort-")
		if err != nil {
			return fmt.Errorf("sort: %w", err)
		}
		s.folder = folder
	}
	f, err := s.create()
	if err != nil {
		return err
	}
	s.runs = append(s.runs, f)
	s.sort()
	w := bufio.NewWriterSize(f, buffered)
	var sizes []byte
	for _, r := range s.records {
		sizes = binary.AppendUvarint(binary.AppendUvarint(sizes[:0], uint64(r.key)), uint64(r.value))
		// A bufio.Writer keeps its first error.
		_, _ = w.Write(sizes)
		_, _ = w.Write(s.blocks[r.block][r.at : r.at+r.key+r.value])
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	for i := range s.blocks {
		s.blocks[i] = s.blocks[i][:0]
	}
	s.last, s.size, s.records = 0, 0, s.records[:0]
	// Many runs would take many files: they are merged to one.
	if len(s.runs) == maxRuns {
		return s.compact()
	}
	return nil
}

// create makes a file for a run. Where the system lets it, the name is taken away at once, so that nothing is left of a
// program that is killed.
func (s *Sorter) create() (*os.File, error) {
	f, err := os.CreateTemp(s.folder, "run-")
	if err != nil {
		return nil, fmt.Errorf("sort: %w", err)
	}
	_ = os.Remove(f.Name())
	return f, nil
}

const (
	buffered = 1 << 16
	maxRuns  = 128
)

// compact merges all runs to one.
func (s *Sorter) compact() error {
	f, err := s.create()
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, buffered)
	var sizes []byte
	err = s.merge(func(key, value []byte) error {
		sizes = binary.AppendUvarint(binary.AppendUvarint(sizes[:0], uint64(len(key))), uint64(len(value)))
		_, _ = w.Write(sizes)
		_, _ = w.Write(key)
		_, err := w.Write(value)
		return err
	})
	if err == nil {
		err = w.Flush()
	}
	old := s.runs
	s.runs = []*os.File{f}
	for _, r := range old {
		_ = r.Close()
		_ = os.Remove(r.Name())
	}
	if err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	return nil
}

// Sorted calls visit for each record in the order of keys, and stops at its first error, which it returns. The bytes are
// valid during the call only.
func (s *Sorter) Sorted(visit func(key, value []byte) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	if len(s.runs) == 0 {
		s.sort()
		for _, r := range s.records {
			if err := visit(s.key(r), s.value(r)); err != nil {
				return err
			}
		}
		return nil
	}
	if len(s.records) > 0 {
		if s.err = s.spill(); s.err != nil {
			return s.err
		}
	}
	s.blocks, s.records = nil, nil
	return s.merge(visit)
}

// Sequence puts the records in order for several readers, each of which reads them all at a pace of its own.
func (s *Sorter) Sequence() (*Sequence, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	if len(s.runs) == 0 {
		s.sort()
		return &Sequence{sorter: s}, nil
	}
	if len(s.records) > 0 {
		s.err = s.spill()
	}
	s.blocks, s.records = nil, nil
	if s.err == nil && len(s.runs) > 1 {
		s.err = s.compact()
	}
	if s.err != nil {
		return nil, s.err
	}
	return &Sequence{file: s.runs[0]}, nil
}

// Sequence is records in order. It is of use until its sorter is closed.
type Sequence struct {
	// file holds the records, where they are not all in the memory of the sorter.
	file   *os.File
	sorter *Sorter
}

// Reader begins to read the records.
func (q *Sequence) Reader() *Reader {
	r := &Reader{sorter: q.sorter}
	if q.file != nil {
		r.run = &run{from: bufio.NewReaderSize(io.NewSectionReader(q.file, 0, math.MaxInt64), buffered)}
	}
	return r
}

// Reader reads records one after another. One goroutine uses it at a time.
type Reader struct {
	run    *run
	sorter *Sorter
	next   int
}

// Next is the next record, whose bytes are valid until the one after it is read; io.EOF says that there is none.
func (r *Reader) Next() (key, value []byte, err error) {
	if r.run == nil {
		if r.next == len(r.sorter.records) {
			return nil, nil, io.EOF
		}
		record := r.sorter.records[r.next]
		r.next++
		return r.sorter.key(record), r.sorter.value(record), nil
	}
	switch err := r.run.next(); {
	case errors.Is(err, io.EOF):
		return nil, nil, io.EOF
	case err != nil:
		return nil, nil, fmt.Errorf("sort: %w", err)
	}
	return r.run.record[:r.run.key], r.run.record[r.run.key:], nil
}

// merge visits the records of all runs in order.
func (s *Sorter) merge(visit func(key, value []byte) error) error {
	var h runs
	for _, f := range s.runs {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("sort: %w", err)
		}
		r := &run{from: bufio.NewReaderSize(f, buffered)}
		switch err := r.next(); {
		case errors.Is(err, io.EOF):
		case err != nil:
			return fmt.Errorf("sort: %w", err)
		default:
			h = append(h, r)
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		r := h[0]
		if err := visit(r.record[:r.key], r.record[r.key:]); err != nil {
			return err
		}
		switch err := r.next(); {
		case errors.Is(err, io.EOF):
			heap.Pop(&h)
		case err != nil:
			return fmt.Errorf("sort: %w", err)
		default:
			heap.Fix(&h, 0)
		}
	}
	return nil
}

// Close removes what was written.
func (s *Sorter) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.runs {
		_ = f.Close()
	}
	s.runs, s.blocks, s.records = nil, nil, nil
	if s.err == nil {
		s.err = errClosed
	}
	if s.folder == "" {
		return nil
	}
	folder := s.folder
	s.folder = ""
	return os.RemoveAll(folder)
}

// errClosed is what a sorter says after it was closed.
var errClosed = errors.New("sort: closed")

// run is a sorted run and the record in it that comes next.
type run struct {
	from   *bufio.Reader
	record []byte
	key    int
}

func (r *run) next() error {
	key, err := binary.ReadUvarint(r.from)
	if err != nil {
		return err
	}
	value, err := binary.ReadUvarint(r.from)
	if err == nil {
		r.key = int(key)
		r.record = slices.Grow(r.record[:0], int(key+value))[:key+value]
		_, err = io.ReadFull(r.from, r.record)
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// runs is a heap of runs by their next keys.
type runs []*run

func (h runs) Len() int { return len(h) }
func (h runs) Less(i, j int) bool {
	return bytes.Compare(h[i].record[:h[i].key], h[j].record[:h[j].key]) < 0
}
func (h runs) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *runs) Push(x any)   { *h = append(*h, x.(*run)) }
func (h *runs) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
