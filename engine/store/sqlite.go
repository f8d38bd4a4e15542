package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/gouji/gouji/engine/words"
)

//go:embed schema.sql
var schema string

// sqlThere tells whether a SQLite database has the tables.
const sqlThere = "SELECT count(*) FROM sqlite_master WHERE name = 'gouji_store'"

// The statements that SQLite and PostgreSQL share.
const (
	sqlNew     = "INSERT INTO gouji_store VALUES (%d, 0, 0)"
	sqlVersion = "SELECT version FROM gouji_store"
	sqlRun     = "UPDATE gouji_store SET runs = runs + 1 RETURNING runs"
	sqlTurn    = "UPDATE gouji_store SET turns = turns + 1 RETURNING turns"
	sqlKnown   = "SELECT run, started FROM runs WHERE key = $1"
	sqlAgain   = "UPDATE runs SET turn = $1, times = times + 1, finished = $2 WHERE key = $3"
)

// sqliteBatch is how many rows an INSERT adds: about a third of the time of one row each.
const sqliteBatch = 16

// sqliteHead begins every database.
const sqliteHead = "SQLite format 3\x00"

// sqliteStore writes to a SQLite database: to one that is there in a transaction, of which its journal knows should the
// program end, and to a new one beside its place.
type sqliteStore struct {
	ctx context.Context
	// path is the database, and file what is written: path itself, or a new file beside it.
	path, file string
	db         *sql.DB
	tx         *sql.Tx
	run        int64
	// one and many insert one row and sqliteBatch rows.
	one, many [tables]*sql.Stmt
	columns   [tables]int
	// waiting are the values of rows that are still to be inserted.
	waiting [tables][]any
}

func openSQLite(ctx context.Context, path string, _ *Run) (backend, error) {
	s := &sqliteStore{ctx: ctx, path: path, file: path}
	if err := s.open(); err != nil {
		s.close()
		return nil, s.failed(err)
	}
	return s, nil
}

func (s *sqliteStore) open() error {
	info, err := os.Stat(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f, err := os.CreateTemp(filepath.Dir(s.path), ".gouji-*.tmp")
		if err != nil {
			return err
		}
		s.file = f.Name()
		// CreateTemp finds the name; the mode is to be that of any new file.
		if err := errors.Join(f.Close(), os.Remove(s.file)); err != nil {
			return err
		}
		if f, err = os.OpenFile(s.file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	case err != nil:
		return err
	case info.IsDir():
		return syscall.EISDIR
	case !info.Mode().IsRegular():
		return errorf(textNoDatabase)
	default:
		if err := existing(s.path); err != nil {
			return err
		}
	}
	options := []string{"busy_timeout(5000)", "cache_size(-16000)"}
	if s.file != s.path {
		// Nobody sees it before it is whole.
		options = append(options, "journal_mode(off)", "synchronous(off)")
	}
	if s.db, err = sql.Open("sqlite", sqliteName(s.file, options)); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	if err := s.begin(); err != nil {
		return err
	}
	var there int
	if err := s.tx.QueryRowContext(s.ctx, sqlThere).Scan(&there); err != nil {
		return err
	}
	if there == 0 {
		for _, statement := range []string{strings.ReplaceAll(schema, "NUMERIC", "TEXT"), fmt.Sprintf(sqlNew, Version)} {
			if _, err := s.tx.ExecContext(s.ctx, statement); err != nil {
				return err
			}
		}
	}
	var version int
	if err := s.tx.QueryRowContext(s.ctx, sqlVersion).Scan(&version); err != nil {
		return err
	}
	if version != Version {
		return errorf(textOtherVersion, version, Version)
	}
	if err := s.tx.QueryRowContext(s.ctx, sqlRun).Scan(&s.run); err != nil {
		return err
	}
	return nil
}

// existing refuses a file that SQLite would open for reading only, and a short one that it would take for an empty database.
func existing(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, len(sqliteHead))
	switch n, err := io.ReadFull(f, head); {
	case n == 0 && err == io.EOF:
		return nil
	case err != nil && err != io.ErrUnexpectedEOF:
		return err
	case string(head) != sqliteHead:
		return errorf(textNoDatabase)
	}
	return nil
}

// sqliteName names a database with its settings.
func sqliteName(path string, pragmas []string) string {
	settings := url.Values{"_txlock": {"immediate"}, "_pragma": pragmas}
	name := url.URL{Path: filepath.ToSlash(path)}
	return "file:" + strings.TrimPrefix(name.EscapedPath(), "//") + "?" + settings.Encode()
}

func (s *sqliteStore) begin() (err error) {
	s.tx, err = s.db.BeginTx(s.ctx, nil)
	return err
}

func (s *sqliteStore) number() int64 { return s.run }

func (s *sqliteStore) put(t table, _ any, values []any) error {
	if s.many[t] == nil {
		row := "(" + strings.Repeat("?, ", len(values)-1) + "?)"
		insert := "INSERT INTO " + tableNames[t] + " VALUES " + row
		var err, wrong error
		s.one[t], err = s.tx.PrepareContext(s.ctx, insert)
		s.many[t], wrong = s.tx.PrepareContext(s.ctx, insert+strings.Repeat(", "+row, sqliteBatch-1))
		if err := errors.Join(err, wrong); err != nil {
			return s.failed(err)
		}
	}
	s.columns[t] = len(values)
	s.waiting[t] = append(s.waiting[t], values...)
	if len(s.waiting[t]) < sqliteBatch*len(values) {
		return nil
	}
	_, err := s.many[t].ExecContext(s.ctx, s.waiting[t]...)
	s.waiting[t] = s.waiting[t][:0]
	return s.failed(err)
}

func (s *sqliteStore) commit(run *runRow) (Stored, error) {
	stored, err := s.end(run)
	if err == nil && s.file != s.path {
		err = s.appear()
	}
	return stored, s.failed(err)
}

func (s *sqliteStore) end(run *runRow) (Stored, error) {
	var turn, known int64
	var first string
	if err := s.tx.QueryRowContext(s.ctx, sqlTurn).Scan(&turn); err != nil {
		return Stored{}, err
	}
	switch err := s.tx.QueryRowContext(s.ctx, sqlKnown, run.Key).Scan(&known, &first); {
	case err == nil:
		if err := s.tx.Rollback(); err != nil {
			return Stored{}, err
		}
		if err := s.begin(); err != nil {
			return Stored{}, err
		}
		if err := s.tx.QueryRowContext(s.ctx, sqlTurn).Scan(&turn); err != nil {
			return Stored{}, err
		}
		if _, err := s.tx.ExecContext(s.ctx, sqlAgain, turn, run.Finished, run.Key); err != nil {
			return Stored{}, err
		}
		return Stored{strconv.FormatInt(known, 10), true, first}, s.tx.Commit()
	case !errors.Is(err, sql.ErrNoRows):
		return Stored{}, err
	}
	run.Turn = turn
	if err := s.put(runs, nil, values(nil, run)); err != nil {
		return Stored{}, err
	}
	for t, waiting := range s.waiting {
		for ; len(waiting) > 0; waiting = waiting[s.columns[t]:] {
			if _, err := s.one[t].ExecContext(s.ctx, waiting[:s.columns[t]]...); err != nil {
				return Stored{}, err
			}
		}
	}
	// A sample of the rows tells SQLite how to answer queries.
	if _, err := s.tx.ExecContext(s.ctx, "PRAGMA analysis_limit = 400; ANALYZE"); err != nil {
		return Stored{}, err
	}
	return Stored{Run: strconv.FormatInt(s.run, 10)}, s.tx.Commit()
}

// appear puts a new database, which is whole, in its place.
func (s *sqliteStore) appear() error {
	if err := s.db.Close(); err != nil {
		return err
	}
	f, err := os.OpenFile(s.file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	// A database that another run has put there meanwhile must not be lost.
	switch err := os.Link(s.file, s.path); {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return errorf(textAppeared)
	}
	// There are no links on this disk.
	if _, err := os.Lstat(s.path); err == nil {
		return errorf(textAppeared)
	}
	return os.Rename(s.file, s.path)
}

func (s *sqliteStore) close() error {
	if s.tx != nil {
		// Where it fails, SQLite has ended the transaction itself.
		_ = s.tx.Rollback()
	}
	var err error
	if s.db != nil {
		// After a full disk, the next reading puts the old content back.
		var there int
		_ = s.db.QueryRow(sqlThere).Scan(&there)
		err = s.db.Close()
	}
	if s.file != s.path {
		if wrong := os.Remove(s.file); !errors.Is(wrong, fs.ErrNotExist) {
			err = errors.Join(err, wrong)
		}
	}
	return s.failed(err)
}

// failed words an error of SQLite.
func (s *sqliteStore) failed(err error) error {
	var told *fs.PathError
	if errors.As(err, &told) && told.Path == s.path {
		return err
	}
	var own *sqlite.Error
	var spoken words.Speaker
	switch {
	case err == nil:
		return nil
	case errors.As(err, &told) && told.Path == s.file:
		err = told.Err
	case errors.As(err, &spoken):
	case errors.As(err, &own):
		// The low byte is the kind of the error, the rest says more of it.
		switch own.Code() & 0xff {
		case sqlite3.SQLITE_NOTADB:
			err = errorf(textNoDatabase)
		case sqlite3.SQLITE_CORRUPT:
			err = errorf(textDamaged)
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			err = errorf(textBusy)
		case sqlite3.SQLITE_FULL:
			err = syscall.ENOSPC
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
			err = fs.ErrPermission
		case sqlite3.SQLITE_IOERR:
			err = syscall.EIO
		case sqlite3.SQLITE_ERROR:
			if strings.Contains(own.Error(), "already") {
				err = errorf(textOtherTables)
			}
		}
	}
	return failed(s.path, err)
}
