package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/gouji/gouji/engine/words"
)

// postgresBatch is how many bytes of rows are copied at a time.
const postgresBatch = 4 << 20

// postgresWait is how long a server may take to accept a connection, where the address does not say.
const postgresWait = 20 * time.Second

// SQL that PostgreSQL alone needs.
const (
	pgThere = "SELECT to_regclass('gouji_store') IS NOT NULL"
	// pgAlone keeps two first runs from making the tables at the same time. The number is gouji's own.
	pgAlone = "SELECT pg_advisory_xact_lock(32010)"
)

// postgresStore writes to a PostgreSQL database, in one transaction. A connection copies to one table at a time, so rows are
// gathered first.
type postgresStore struct {
	ctx  context.Context
	name string
	conn *pgconn.PgConn
	run  int64
	// waiting are rows in the text format of COPY.
	waiting [tables]bytes.Buffer
	size    int
}

// postgresName is the address without what may be secret.
func postgresName(address string) string {
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		return "postgres://…"
	}
	u := url.URL{Scheme: "postgres", User: url.User(config.User), Host: net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))), Path: config.Database}
	if strings.HasPrefix(config.Host, "/") {
		u.Host, u.RawQuery = "", "host="+config.Host
		if config.Database == "" {
			u.Path = "/"
		}
	}
	return u.String()
}

func openPostgres(ctx context.Context, address string, _ *Run) (backend, error) {
	s := &postgresStore{ctx: ctx, name: postgresName(address)}
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		// What it says may quote a part of the password.
		return nil, failed(s.name, errorf(textBadAddress))
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = postgresWait
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "gouji"
	}
	config.RuntimeParams["client_encoding"] = "UTF8"
	if s.conn, err = pgconn.ConnectConfig(ctx, config); err != nil {
		return nil, s.failed(err)
	}
	if err := s.open(); err != nil {
		s.close()
		return nil, s.failed(err)
	}
	return s, nil
}

func (s *postgresStore) open() error {
	there, err := s.ask(pgThere)
	if err != nil {
		return err
	}
	if there != "t" {
		if err := s.make(); err != nil {
			return err
		}
	}
	version, err := s.number64(sqlVersion)
	if err != nil {
		return err
	}
	if version != Version {
		return errorf(textOtherVersion, version, Version)
	}
	// It stands outside the transaction: others need not wait for the end of this run to begin theirs.
	if s.run, err = s.number64(sqlRun); err != nil {
		return err
	}
	return s.do("BEGIN")
}

// make makes the tables, all or none, unless they have been made meanwhile.
func (s *postgresStore) make() error {
	if err := s.do("BEGIN"); err != nil {
		return err
	}
	if err := s.do(pgAlone); err != nil {
		return err
	}
	there, err := s.ask(pgThere)
	if err != nil {
		return err
	}
	if there != "t" {
		for _, statement := range []string{schema, fmt.Sprintf(sqlNew, Version)} {
			if err := s.do(statement); err != nil {
				return err
			}
		}
	}
	return s.do("COMMIT")
}

// do runs statements without an answer.
func (s *postgresStore) do(statements string) error {
	_, err := s.conn.Exec(s.ctx, statements).ReadAll()
	return err
}

// row is the first row that a statement answers, nil where there is none.
func (s *postgresStore) row(statement string, args ...string) ([][]byte, error) {
	params := make([][]byte, len(args))
	for i, a := range args {
		params[i] = []byte(a)
	}
	answer := s.conn.ExecParams(s.ctx, statement, params, nil, nil, nil).Read()
	if answer.Err != nil || len(answer.Rows) == 0 {
		return nil, answer.Err
	}
	return answer.Rows[0], nil
}

// ask is the one value that a statement answers, "" where there is none.
func (s *postgresStore) ask(statement string) (string, error) {
	row, err := s.row(statement)
	if err != nil || row == nil {
		return "", err
	}
	return string(row[0]), nil
}

func (s *postgresStore) number64(statement string) (int64, error) {
	text, err := s.ask(statement)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

func (s *postgresStore) number() int64 { return s.run }

func (s *postgresStore) put(t table, _ any, values []any) error {
	b := &s.waiting[t]
	before := b.Len()
	line := b.AvailableBuffer()
	for i, v := range values {
		if i > 0 {
			line = append(line, '\t')
		}
		line = appendCopy(line, v)
	}
	b.Write(append(line, '\n'))
	if s.size += b.Len() - before; s.size < postgresBatch {
		return nil
	}
	return s.failed(s.flush())
}

// appendCopy writes a value in the text format of COPY. PostgreSQL takes neither NUL nor what is no UTF-8.
func appendCopy(to []byte, v any) []byte {
	switch v := v.(type) {
	case int64:
		return strconv.AppendInt(to, v, 10)
	case bool:
		if v {
			return append(to, 't')
		}
		return append(to, 'f')
	case string:
		for _, r := range v {
			switch r {
			case '\\':
				to = append(to, '\\', '\\')
			case '\t':
				to = append(to, '\\', 't')
			case '\n':
				to = append(to, '\\', 'n')
			case '\r':
				to = append(to, '\\', 'r')
			case 0:
				to = append(to, "\uFFFD"...)
			default:
				to = append(to, string(r)...)
			}
		}
		return to
	}
	return append(to, '\\', 'N')
}

// flush copies the rows that wait.
func (s *postgresStore) flush() error {
	for t := range s.waiting {
		b := &s.waiting[t]
		if b.Len() == 0 {
			continue
		}
		if _, err := s.conn.CopyFrom(s.ctx, b, "COPY "+tableNames[t]+" FROM STDIN"); err != nil {
			return err
		}
		b.Reset()
	}
	s.size = 0
	return nil
}

func (s *postgresStore) commit(run *runRow) (Stored, error) {
	stored, err := s.end(run)
	return stored, s.failed(err)
}

func (s *postgresStore) end(run *runRow) (Stored, error) {
	// From here to the end of the transaction others wait for this one, so that none stores the same run.
	var err error
	if run.Turn, err = s.number64(sqlTurn); err != nil {
		return Stored{}, err
	}
	known, err := s.row(sqlKnown, run.Key)
	if err != nil {
		return Stored{}, err
	}
	if known != nil {
		stored := Stored{string(known[0]), true, string(known[1])}
		if err := s.do("ROLLBACK; BEGIN"); err != nil {
			return Stored{}, err
		}
		if run.Turn, err = s.number64(sqlTurn); err != nil {
			return Stored{}, err
		}
		if _, err := s.row(sqlAgain, strconv.FormatInt(run.Turn, 10), run.Finished, run.Key); err != nil {
			return Stored{}, err
		}
		return stored, s.do("COMMIT")
	}
	if err := s.put(runs, nil, values(nil, run)); err != nil {
		return Stored{}, err
	}
	if err := s.flush(); err != nil {
		return Stored{}, err
	}
	return Stored{Run: strconv.FormatInt(s.run, 10)}, s.do("COMMIT")
}

// close ends the connection, and with it a transaction that has not come to its end.
func (s *postgresStore) close() error {
	if s.conn == nil || s.conn.IsClosed() {
		return nil
	}
	// A server that does not answer must not keep the program from ending.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), time.Second)
	defer cancel()
	// What it says of the end changes nothing: what was not committed is not there.
	_ = s.conn.Close(ctx)
	return nil
}

// failed words an error of the server or of the connection.
func (s *postgresStore) failed(err error) error {
	var told interface{ Timeout() bool }
	var server *pgconn.PgError
	var connect *pgconn.ConnectError
	var network *net.OpError
	var host *net.DNSError
	var spoken words.Speaker
	switch {
	case err == nil:
		return nil
	case errors.As(err, &spoken):
	case errors.As(err, &server):
		switch server.Code {
		case "53100":
			err = errorf(textServerFull)
		case "42P07", "42710":
			err = errorf(textOtherTables)
		case "3F000":
			err = errorf(textNoSchema)
		default:
			err = errorf(textRefused, server.Message)
		}
	case errors.As(err, &connect):
		switch {
		case errors.As(err, &host):
			err = errorf(textNoHost, host.Name)
		case errors.As(err, &told) && told.Timeout():
			err = errorf(textNoServer, os.ErrDeadlineExceeded)
		case errors.As(err, &network):
			err = errorf(textNoServer, network.Err)
		default:
			err = errorf(textNoServer, connect.Unwrap())
		}
	case s.conn != nil && s.conn.IsClosed() && s.ctx.Err() == nil:
		err = errorf(textLost)
	}
	return failed(s.name, err)
}
