// Package store keeps the results of runs where they can be asked: in a SQLite database, a PostgreSQL database or a folder
// of Parquet files. README.md shows the tables and asks them.
//
// It takes outcomes as they come, in memory that does not grow with their number. A run is there as a whole or not at all.
// Runs add up; one with the same results under the same version, options and inputs is stored once. No figure becomes a
// binary float.
//
// It is the only importer of modernc.org/sqlite, pgx and, but for the reader of datasets, parquet-go.
package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/sorter"
	"github.com/gouji/gouji/engine/words"
)

// Version is that of the tables. It changes when a column goes away or changes its meaning, or one is added.
const Version = 1

// inputsMemory is how many bytes of rows of inputs are kept in memory.
const inputsMemory = 4 << 20

// Run is what is known of a run before its first outcome.
type Run struct {
	// Version is that of the tool. Options are those that bear on results, as JSON.
	Version, Options string
	// All keeps the instances that hold or to which their rule does not apply, too.
	All bool
	// Now is the clock; nil is that of the system.
	Now func() time.Time
}

// Stored says what has become of a run.
type Stored struct {
	// Run is its number, in a folder of Parquet files its name.
	Run string
	// Again: the same results were there; First is when they first came in, as 2026-12-31T23:59:59Z.
	Again bool
	First string
}

// Store takes the results of one run. One goroutine uses it at a time.
type Store struct {
	run     Run
	backend backend
	key     hash.Hash
	row     runRow
	finding int64
	// inputs are the rows of inputs, each with what rules across datasets find of it later.
	inputs *sorter.Sorter
	// values and text are room for a row.
	values []any
	text   []byte
}

// backend is what is particular to a kind of store.
type backend interface {
	// number is that of the run, 0 where it has none.
	number() int64
	// put adds a row: a pointer to one of the types of rows, and its values.
	put(t table, row any, values []any) error
	// commit ends the run: all of it is there, or nothing. Of the row, the number, the turn and the times are the backend's
	// to find.
	commit(run *runRow) (Stored, error)
	// close gives up what was not committed.
	close() error
}

// table is one of the tables that hold the results of a run.
type table int

const (
	runs table = iota
	inputs
	rules
	findings
	operands
	tables
)

var tableNames = [tables]string{"runs", "inputs", "rules", "findings", "operands"}

// Kind is a kind of store.
type Kind struct {
	// Name is what a user types to choose it.
	Name string
	// Doc is one line of help.
	Doc words.Text
	// Example is a target.
	Example string
	// begins and ends are what its targets begin or end in.
	begins, ends []string
	open         func(ctx context.Context, target string, run *Run) (backend, error)
	// name is the target in messages, without passwords; nil is the target itself.
	name func(target string) string
}

// Kinds holds every kind of store, in the order in which help lists them.
var Kinds = []Kind{
	{Name: "sqlite", Doc: words.Text{ZH: "SQLite 数据库，各次运行累积", EN: "a SQLite database, to which runs are added"}, Example: "FILE.sqlite", ends: []string{".sqlite", ".sqlite3", ".db"}, open: openSQLite},
	{Name: "parquet", Doc: words.Text{ZH: "Parquet 文件夹，每次运行一个子文件夹", EN: "a folder of Parquet files, one folder a run"}, Example: "FOLDER.parquet", ends: []string{".parquet"}, open: openParquet},
	{Name: "postgres", Doc: words.Text{ZH: "PostgreSQL 数据库 postgres://…，各次运行累积", EN: "a PostgreSQL database, postgres://…, to which runs are added"}, Example: "postgres://USER@HOST/DATABASE", begins: []string{"postgres://", "postgresql://"}, open: openPostgres, name: postgresName},
}

// Lookup finds a kind by its name.
func Lookup(name string) (Kind, bool) {
	for _, k := range Kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// ByTarget is the kind that a file's name or an address tells.
func ByTarget(target string) (Kind, bool) {
	lower := strings.ToLower(strings.TrimRight(target, `/\`))
	for _, k := range Kinds {
		if k.name != nil && k.Takes(target) {
			return k, true
		}
	}
	for _, k := range Kinds {
		if slices.ContainsFunc(k.ends, func(end string) bool { return strings.HasSuffix(lower, end) }) {
			return k, true
		}
	}
	return Kind{}, false
}

// Takes reports whether a target can be one of the kind: files may have any name, addresses begin alike.
func (k Kind) Takes(target string) bool {
	return k.name == nil || slices.ContainsFunc(k.begins, func(begin string) bool { return strings.HasPrefix(strings.ToLower(target), begin) })
}

// File reports whether the targets of a kind are files or folders.
func (k Kind) File() bool { return k.name == nil }

// Show is a target as messages show it, without passwords.
func (k Kind) Show(target string) string {
	if k.name == nil {
		return target
	}
	return k.name(target)
}

// Open begins to store a run. Errors are *fs.PathError with the target as Show gives it, and speak both languages.
func (k Kind) Open(ctx context.Context, target string, run Run) (*Store, error) {
	if run.Now == nil {
		run.Now = time.Now
	}
	s := &Store{run: run, key: sha256.New()}
	s.row = runRow{Version: run.Version, Options: run.Options, Started: s.now(), Times: 1}
	s.hash(-1, []any{nil, int64(Version), run.Version, run.Options, run.All})
	var err error
	if s.backend, err = k.open(ctx, target, &run); err != nil {
		return nil, err
	}
	s.inputs = sorter.New("", inputsMemory)
	return s, nil
}

// now is the time by the clock.
func (s *Store) now() string { return s.run.Now().UTC().Format(time.RFC3339) }

// Add stores the outcome of the next input.
func (s *Store) Add(o *finding.Outcome) error {
	s.row.Inputs++
	s.row.Figures += int64(o.Input.Figures)
	in := newInput(s.row.Inputs, o)
	s.row.counts.merge(in.counts)
	if err := s.later(&in, o.Input.Within); err != nil {
		return err
	}
	return s.findings(in.Input, o.Findings)
}

// Across stores what rules across datasets find of an input that was added, when all were.
func (s *Store) Across(o *finding.Outcome) error {
	more := newInput(int64(o.Index)+1, &finding.Outcome{Tally: o.Tally, Findings: o.Findings})
	s.row.counts.merge(more.counts)
	if err := s.later(&more, ""); err != nil {
		return err
	}
	return s.findings(more.Input, o.Findings)
}

// later keeps the row of an input, or what is to be added to it, until all is known.
func (s *Store) later(in *inputRow, within string) error {
	value, err := json.Marshal(waiting{in, within})
	if err != nil {
		return err
	}
	// The row itself comes before what is added to it.
	key := binary.BigEndian.AppendUint64(nil, uint64(in.Input))
	if in.Path == "" {
		key = append(key, 1)
	}
	return s.inputs.Add(key, value)
}

// waiting is the row of an input that is not stored yet, and the file that holds the input among others.
type waiting struct {
	*inputRow
	Within string
}

// putInputs stores the rows of the inputs. Of those within a file, the hash of that is known only now.
func (s *Store) putInputs(files []finding.File) error {
	sums := make(map[string]string, len(files))
	for _, f := range files {
		sums[f.Path] = f.SHA256
	}
	var last inputRow
	put := func() error {
		if last.Input == 0 {
			return nil
		}
		last.Run = s.backend.number()
		return s.put(inputs, &last)
	}
	err := s.inputs.Sorted(func(_, value []byte) error {
		var row inputRow
		in := waiting{inputRow: &row}
		if err := json.Unmarshal(value, &in); err != nil {
			return err
		}
		row.SHA256 = cmp.Or(row.SHA256, sums[in.Within])
		if row.Input == last.Input {
			last.tally.merge(row.tally)
			last.counts.merge(row.counts)
			return nil
		}
		if err := put(); err != nil {
			return err
		}
		last = row
		return nil
	})
	if err != nil {
		return err
	}
	return put()
}

// findings stores findings of an input.
func (s *Store) findings(input int64, found []finding.Finding) error {
	run := s.backend.number()
	for i := range found {
		f := &found[i]
		if !s.run.All && !f.Told() {
			continue
		}
		s.finding++
		row := newFinding(s.finding, input, f)
		row.Run = run
		if err := s.put(findings, &row); err != nil {
			return err
		}
		for j := range f.Operands {
			row := newOperand(s.finding, int64(j+1), &f.Operands[j])
			row.Run = run
			if err := s.put(operands, &row); err != nil {
				return err
			}
		}
	}
	return nil
}

// End stores what is counted over all inputs and makes the run part of the store. Broken counts the datasets and files that
// could not be checked.
func (s *Store) End(r *finding.Report, broken int) (Stored, error) {
	if err := s.putInputs(r.Files); err != nil {
		return Stored{}, err
	}
	for i := range r.Rules {
		row := newRule(int64(i+1), &r.Rules[i])
		row.Run = s.backend.number()
		if err := s.put(rules, &row); err != nil {
			return Stored{}, err
		}
	}
	s.row.Run, s.row.Broken, s.row.tally, s.row.Finished = s.backend.number(), int64(broken), tallyOf(r.Summary), s.now()
	s.hash(runs, []any{nil, s.row.Broken})
	s.row.Key = hex.EncodeToString(s.key.Sum(nil))
	return s.backend.commit(&s.row)
}

// Close gives up a run that has not come to its end, and does nothing after End.
func (s *Store) Close() error { return errors.Join(s.inputs.Close(), s.backend.close()) }

// put adds a row, which is part of the key of the run but for its number.
func (s *Store) put(t table, row any) error {
	s.values = values(s.values[:0], row)
	s.hash(t, s.values)
	return s.backend.put(t, row, s.values)
}

// hash adds the values of a row, but for the first, to the key.
func (s *Store) hash(t table, values []any) {
	s.text = append(s.text[:0], byte(t))
	for _, v := range values[1:] {
		switch v := v.(type) {
		case string:
			s.text = append(binary.AppendUvarint(append(s.text, 't'), uint64(len(v))), v...)
		case int64:
			s.text = binary.AppendVarint(append(s.text, 'n'), v)
		case bool:
			s.text = append(s.text, 'f')
			if v {
				s.text[len(s.text)-1] = 'w'
			}
		default:
			s.text = append(s.text, '0')
		}
	}
	s.key.Write(s.text)
}

// failed is an error about a target.
func failed(target string, err error) error {
	return &fs.PathError{Op: "write", Path: target, Err: err}
}
