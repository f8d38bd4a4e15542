package store

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/snappy"
)

// parquetRows and parquetBytes are how many rows, and bytes of text in them, are gathered at most for a row group, which
// bounds the memory.
const (
	parquetRows  = 50_000
	parquetBytes = 4 << 20
)

// parquetRun begins the names of the folders of runs. Many readers make a column of it.
const parquetRun = "run="

// parquetStore writes a folder for each run, which holds a file for each table. It is written under another name and
// renamed once it is whole. A run is named by the first digits of its key, which is known at the end only: no table has
// it as a column.
type parquetStore struct {
	ctx context.Context
	// folder holds the runs; made: it was not there. dir is where this one is written.
	folder, dir string
	made        bool
	files       [tables]parquetFile
}

// parquetFile is a file of one table.
type parquetFile interface {
	// write takes a row with that many bytes of text.
	write(row any, bytes int) error
	close() error
	abandon()
}

func openParquet(ctx context.Context, folder string, _ *Run) (backend, error) {
	s := &parquetStore{ctx: ctx, folder: filepath.Clean(folder)}
	if err := s.open(); err != nil {
		return nil, errors.Join(s.failed(err), s.close())
	}
	return s, nil
}

func (s *parquetStore) open() error {
	entries, err := os.ReadDir(s.folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.Mkdir(s.folder, 0o777); err != nil {
			return err
		}
		s.made = true
	case errors.Is(err, syscall.ENOTDIR):
		return errorf(textIsFile)
	case err != nil:
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), parquetRun) && !strings.HasPrefix(e.Name(), ".") {
			return errorf(textOtherFolder, e.Name())
		}
	}
	if s.dir, err = os.MkdirTemp(s.folder, ".gouji-*.tmp"); err != nil {
		return err
	}
	// Its mode is that of the folder, not for one user alone.
	if info, err := os.Stat(s.folder); err == nil {
		_ = os.Chmod(s.dir, info.Mode().Perm())
	}
	return errors.Join(
		create[runRow](s, runs), create[inputRow](s, inputs), create[ruleRow](s, rules), create[findingRow](s, findings),
		create[operandRow](s, operands),
	)
}

// columns is a file of rows of one type.
type columns[Row any] struct {
	file   *os.File
	buffer *bufio.Writer
	writer *parquet.GenericWriter[Row]
	one    [1]Row
	bytes  int
}

func create[Row any](s *parquetStore, t table) error {
	f, err := os.Create(filepath.Join(s.dir, tableNames[t]+".parquet"))
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<16)
	w := parquet.NewGenericWriter[Row](b, parquet.Compression(&snappy.Codec{}), parquet.MaxRowsPerRowGroup(parquetRows),
		parquet.KeyValueMetadata("gouji.store", strconv.Itoa(Version)))
	s.files[t] = &columns[Row]{file: f, buffer: b, writer: w}
	return nil
}

func (c *columns[Row]) write(row any, bytes int) error {
	c.one[0] = *row.(*Row)
	if _, err := c.writer.Write(c.one[:]); err != nil {
		return err
	}
	if c.bytes += bytes; c.bytes < parquetBytes {
		return nil
	}
	c.bytes = 0
	return c.writer.Flush()
}

func (c *columns[Row]) close() error {
	err := errors.Join(c.writer.Close(), c.buffer.Flush())
	if err == nil {
		err = c.file.Sync()
	}
	return errors.Join(err, c.file.Close())
}

func (c *columns[Row]) abandon() { c.file.Close() }

func (s *parquetStore) number() int64 { return 0 }

func (s *parquetStore) put(t table, row any, values []any) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	bytes := 0
	for _, v := range values {
		text, _ := v.(string)
		bytes += len(text)
	}
	return s.failed(s.files[t].write(row, bytes))
}

func (s *parquetStore) commit(run *runRow) (Stored, error) {
	stored, err := s.end(run)
	return stored, s.failed(err)
}

func (s *parquetStore) end(run *runRow) (Stored, error) {
	// A name of digits alone, or with an e among them, would be a number to some readers.
	name := "r" + run.Key[:15]
	stored := Stored{Run: name}
	others, err := filepath.Glob(filepath.Join(globbed(s.folder), parquetRun+"*", tableNames[runs]+".parquet"))
	if err != nil {
		return Stored{}, err
	}
	place := filepath.Join(s.folder, parquetRun+name)
	for _, other := range others {
		rows, err := parquet.ReadFile[runRow](other)
		if err != nil {
			return Stored{}, &fs.PathError{Op: "read", Path: other, Err: err}
		}
		for _, row := range rows {
			run.Turn = max(run.Turn, row.Turn)
			if filepath.Dir(other) == place {
				stored.Again, stored.First = true, row.Started
				run.Started, run.Times = row.Started, row.Times+1
			}
		}
	}
	run.Turn++
	if err := s.files[runs].write(run, 0); err != nil {
		return Stored{}, err
	}
	for t, f := range s.files {
		s.files[t] = nil
		if err := f.close(); err != nil {
			return Stored{}, err
		}
	}
	if stored.Again {
		// The results are there; when they came in is new.
		of := tableNames[runs] + ".parquet"
		return stored, os.Rename(filepath.Join(s.dir, of), filepath.Join(place, of))
	}
	if err := os.Rename(s.dir, place); err != nil {
		return Stored{}, err
	}
	s.dir, s.made = "", false
	return stored, nil
}

// globbed keeps the signs of patterns in a path from being one.
func globbed(path string) string {
	if filepath.Separator == '\\' {
		return path
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

func (s *parquetStore) close() error {
	for _, f := range s.files {
		if f != nil {
			f.abandon()
		}
	}
	s.files = [tables]parquetFile{}
	var err error
	if s.dir != "" {
		err = os.RemoveAll(s.dir)
		s.dir = ""
	}
	if s.made {
		// Another run may have put something there.
		_ = os.Remove(s.folder)
		s.made = false
	}
	return s.failed(err)
}

// failed is an error about the folder, or about a file in it that is not this run's.
func (s *parquetStore) failed(err error) error {
	var told *fs.PathError
	var linked *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &told) && told.Op == "read":
		return err
	case errors.As(err, &told):
		err = told.Err
	case errors.As(err, &linked):
		err = linked.Err
	}
	return failed(s.folder, err)
}
