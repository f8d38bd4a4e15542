// Package reader reads data files in any known format into documents that a schema can be laid over.
package reader

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/reader/chunk"
	"github.com/gouji/gouji/engine/reader/csv"
	"github.com/gouji/gouji/engine/reader/json"
	"github.com/gouji/gouji/engine/reader/parquet"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/reader/yaml"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Format is one format of data files.
type Format struct {
	Name string
	// Extensions are the ends of the names of its files.
	Extensions []string
	// Read reads the text of one dataset; the node is nil when nothing could be read. It is nil where the datasets of a file
	// are no texts of their own.
	Read func(*source.File) (*yamldoc.Node, diag.List)
	// Split tells where the datasets of a file begin that may hold several; nil where a file holds one.
	Split func(content []byte) []chunk.Chunk
	// Pieces reads a file of many datasets piece by piece, each to be taken apart by itself; nil where files are read whole.
	// The error, with which it ends, is that of reading.
	Pieces func(Stream) iter.Seq2[Piece, error]
}

// Stream is a file that is read from its beginning.
type Stream struct {
	Path string
	io.Reader
	// Live: what is there already is to be read, without waiting for more.
	Live bool
	// Memory is that of released pieces, which later ones are read into; it may be nil.
	Memory *sync.Pool
	// Open opens the file once more, for reading anywhere in it; it is nil, or errors.ErrUnsupported comes of it, where that
	// cannot be.
	Open func() (Opened, error)
}

// Opened is a file that can be read anywhere in it.
type Opened struct {
	io.ReaderAt
	Size  int64
	Close func() error
}

// Piece is a part of a file, with some of its datasets.
type Piece interface {
	// Records are its datasets in their order. They may be read several at a time with other pieces.
	Records() iter.Seq[Record]
}

// Record is one dataset of a file of many.
type Record struct {
	// Line is where it begins, from 1: of a sheet or table it is the row.
	Line int
	// File is its text, to be read as Format.Read does; nil where it is no text.
	File *source.File
	// Row is what a table says of it, until the next record; nil where it is no table, or where List says why.
	Row  *table.Row
	List diag.List
	// Unit is of which unit a row with faults is.
	Unit table.Unit
}

// Formats lists the formats that can be read.
var Formats = []Format{
	{Name: yaml.Name, Extensions: []string{".yaml", ".yml"}, Read: yaml.Read, Split: yaml.Split},
	{Name: json.Name, Extensions: []string{".json"}, Read: json.Read},
	{Name: json.LinesName, Extensions: []string{".jsonl", ".ndjson"}, Read: json.Read, Pieces: lines},
	{Name: csv.Name, Extensions: []string{".csv", ".tsv"}, Pieces: func(s Stream) iter.Seq2[Piece, error] {
		return tables(csv.Read(s.Path, s, s.Live, s.Memory), func(p *csv.Piece) Piece { return csvPiece{p, tablePiece{p}} })
	}},
	{Name: parquet.Name, Extensions: []string{".parquet"}, Pieces: columns},
}

// lines reads JSON Lines.
func lines(s Stream) iter.Seq2[Piece, error] {
	return func(yield func(Piece, error) bool) {
		for c, err := range chunk.Lines(s, s.Live, s.Memory) {
			if !yield(linesPiece{s.Path, c}, err) {
				return
			}
		}
	}
}

type linesPiece struct {
	path  string
	chunk chunk.Chunk
}

// Content writes the text of the piece, and tells how many lines are before it.
func (p linesPiece) Content(to io.Writer) (before int, err error) {
	_, err = to.Write(p.chunk.Content)
	return p.chunk.Before, err
}

// Release gives the memory of the text back: nothing may refer to it any more.
func (p linesPiece) Release() { p.chunk.Release() }

func (p linesPiece) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for f := range json.Lines(p.path, p.chunk) {
			if !yield(Record{Line: f.Before + 1, File: f}) {
				return
			}
		}
	}
}

// columns reads Parquet.
func columns(s Stream) iter.Seq2[Piece, error] {
	return func(yield func(Piece, error) bool) {
		in, err := s.anywhere()
		if err != nil {
			yield(nil, err)
			return
		}
		tables(parquet.Read(s.Path, parquet.File(in)), func(p *parquet.Piece) Piece { return parquetPiece{p, tablePiece{p}} })(yield)
	}
}

// maxWhole is the size of the largest file that is read into memory because it cannot be read anywhere in it.
const maxWhole = 256 << 20

// anywhere is the file for reading anywhere in it; what cannot be opened so is read into memory.
func (s *Stream) anywhere() (Opened, error) {
	if s.Open != nil {
		if in, err := s.Open(); !errors.Is(err, errors.ErrUnsupported) {
			return in, err
		}
	}
	all, err := io.ReadAll(io.LimitReader(s, maxWhole+1))
	if err == nil && len(all) > maxWhole {
		err = &chunk.TooLongError{Line: 1}
	}
	return Opened{ReaderAt: bytes.NewReader(all), Size: int64(len(all))}, err
}

// rows is a piece of a table.
type rows interface{ Records() iter.Seq[table.Record] }

// tables are the pieces of a table.
func tables[P rows](pieces iter.Seq2[P, error], piece func(P) Piece) iter.Seq2[Piece, error] {
	return func(yield func(Piece, error) bool) {
		for p, err := range pieces {
			if !yield(piece(p), err) {
				return
			}
		}
	}
}

type tablePiece struct{ rows }

type csvPiece struct {
	piece *csv.Piece
	tablePiece
}

// Content writes the text of the piece, and tells how many lines are before it.
func (p csvPiece) Content(to io.Writer) (before int, err error) { return p.piece.Text(to) }

// Release gives the memory of the text back: nothing may refer to it any more.
func (p csvPiece) Release() { p.piece.Release() }

type parquetPiece struct {
	piece *parquet.Piece
	tablePiece
}

// Content writes what the piece is made of, and tells how many rows are before it.
func (p parquetPiece) Content(to io.Writer) (before int, err error) { return p.piece.Content(to) }

// Skip leaves the piece unread.
func (p parquetPiece) Skip() { p.piece.Skip() }

// Joined is a part of what several tables say.
func Joined(b *table.Batch) Piece { return joinedPiece{b, tablePiece{b}} }

type joinedPiece struct {
	batch *table.Batch
	tablePiece
}

// Content writes all that the datasets of the piece are made of.
func (p joinedPiece) Content(to io.Writer) (before int, err error) { return 0, p.batch.Content(to) }

func (p tablePiece) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for r := range p.rows.Records() {
			if !yield(Record{Line: r.Line, Row: r.Row, List: r.List, Unit: r.Unit}) {
				return
			}
		}
	}
}

// Lookup finds the format of a file by its name, less the ending of a compressed one.
func Lookup(name string) (Format, bool) {
	ext := strings.ToLower(path.Ext(Uncompressed(name)))
	for _, f := range Formats {
		if slices.Contains(f.Extensions, ext) {
			return f, true
		}
	}
	return Format{}, false
}

// IsTable reports whether a file may hold a table, by its name.
func IsTable(name string) bool {
	f, data := Lookup(name)
	return data && f.Read == nil || slices.Contains(Workbooks, strings.ToLower(path.Ext(name)))
}

// Extensions lists the ends of the names of all files that can be read.
func Extensions() []string {
	var all []string
	for _, f := range Formats {
		all = append(all, f.Extensions...)
	}
	return all
}
