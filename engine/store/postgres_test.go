package store

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// server is a PostgreSQL server for the tests of this package: a cluster in a folder of its own, which listens on a socket
// in it alone.
var server struct {
	sync.Once
	dir       string
	why       string
	databases int
	stop      func()
}

func TestMain(m *testing.M) {
	if crash := os.Getenv("GOUJI_STORE_CRASH"); crash != "" {
		crashes(crash)
	}
	code := m.Run()
	if server.stop != nil {
		server.stop()
	}
	os.Exit(code)
}

// postgres makes a database and gives its address. The test is skipped where there is no server.
func postgres(t testing.TB) string {
	t.Helper()
	server.Do(startServer)
	if server.why != "" {
		t.Skip(server.why)
	}
	server.databases++
	name := fmt.Sprintf("gouji%d", server.databases)
	askPostgres(t, address("postgres", ""), "CREATE DATABASE "+name)
	return address(name, "")
}

// address is that of a database on the server.
func address(database, more string) string {
	return "postgres:///" + database + "?host=" + url.QueryEscape(server.dir) + "&user=gouji" + more
}

// startServer starts the server of Debian's package postgresql, or of whatever else there is.
func startServer() {
	bin := ""
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if initdb, err = filepath.EvalSymlinks(initdb); err == nil {
			bin = filepath.Dir(initdb)
		}
	} else if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) > 0 {
		bin = filepath.Dir(found[len(found)-1])
	}
	if bin == "" {
		server.why = "there is no PostgreSQL server: install Debian's package postgresql"
		return
	}
	dir, err := os.MkdirTemp("", "gouji-postgres-")
	if err != nil {
		server.why = err.Error()
		return
	}
	server.dir = dir
	remove := func() { os.RemoveAll(dir) }
	server.stop = remove
	attributes, err := unprivileged(dir)
	if err != nil {
		server.why = err.Error()
		return
	}
	run := func(program string, args ...string) error {
		c := exec.Command(filepath.Join(bin, program), args...)
		c.Dir, c.SysProcAttr = dir, attributes
		c.Env = append(os.Environ(), "LC_ALL=C", "HOME="+dir)
		var out bytes.Buffer
		log, err := os.CreateTemp("", "gouji-postgres-*.log")
		if err != nil {
			return err
		}
		defer os.Remove(log.Name())
		defer log.Close()
		// Not a pipe: the server would keep it open.
		c.Stdout, c.Stderr = log, log
		if err := c.Run(); err != nil {
			said, _ := os.ReadFile(log.Name())
			out.Write(said)
			return fmt.Errorf("%s: %w: %s", program, err, out.String())
		}
		return nil
	}
	data := filepath.Join(dir, "data")
	if err := run("initdb", "-D", data, "-U", "gouji", "-A", "trust", "-E", "UTF8", "--no-sync"); err != nil {
		server.why = err.Error()
		return
	}
	// Who is called guarded needs a password.
	hba := "local all guarded scram-sha-256\nlocal all all trust\n"
	if err := os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte(hba), 0o600); err != nil {
		server.why = err.Error()
		return
	}
	options := "-c listen_addresses='' -c fsync=off -c unix_socket_directories='" + dir + "'"
	if err := run("pg_ctl", "-D", data, "-l", filepath.Join(dir, "log"), "-w", "-o", options, "start"); err != nil {
		said, _ := os.ReadFile(filepath.Join(dir, "log"))
		server.why = err.Error() + string(said)
		return
	}
	server.stop = func() {
		_ = run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
		remove()
	}
}

// askPostgres runs a query and shows its answer as askSQLite does.
func askPostgres(t testing.TB, address, query string) [][]string {
	t.Helper()
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	results, err := conn.Exec(ctx, query).ReadAll()
	if err != nil {
		t.Fatalf("%v: %s", err, query)
	}
	var all [][]string
	last := results[len(results)-1]
	for _, row := range last.Rows {
		var text []string
		for i, v := range row {
			switch s := string(v); {
			case v == nil:
				s = "NULL"
				fallthrough
			case last.FieldDescriptions[i].DataTypeOID != 16:
				text = append(text, s)
			default:
				text = append(text, map[string]string{"t": "1", "f": "0"}[s])
			}
		}
		all = append(all, text)
	}
	return all
}

func TestRefusedPostgres(t *testing.T) {
	k := Kinds[2]
	bad := "这个地址无法理解；写作 postgres://用户@主机:端口/数据库，密码中的特殊字符写作 %XX，也可放在 PGPASSWORD 中"
	badEN := "this address is not understood; write postgres://USER@HOST:PORT/DATABASE, special characters of a password as %XX, or put the password into PGPASSWORD"
	refused(t, k, "postgres://u:geheim%zz@h/d", bad, badEN)
	refused(t, k, "postgres://u:geheim@h:port/d", bad, badEN)
	refused(t, k, "postgres://u:geheim@127.0.0.1:1/d", "连不上服务器：没有服务在听这个端口", "the server cannot be reached: nothing listens on the port")
	if got := k.Show("postgres://u:geheim@h.example:5433/d?password=geheim&sslmode=disable"); got != "postgres://u@h.example:5433/d" {
		t.Error(got)
	}

	p := newPlace(t, k)
	askPostgres(t, p.target, "CREATE ROLE guarded LOGIN PASSWORD 'richtig'")
	guarded := strings.Replace(p.target, "user=gouji", "user=guarded&password=geheim", 1)
	refused(t, k, guarded, `服务器拒绝：password authentication failed for user "guarded"`, `the server refuses: password authentication failed for user "guarded"`)
	guarded = strings.Replace(guarded, "geheim", "richtig", 1)
	refused(t, k, guarded, "服务器拒绝：permission denied for schema public", "the server refuses: permission denied for schema public")
	refused(t, k, address("none", ""), `服务器拒绝：database "none" does not exist`, `the server refuses: database "none" does not exist`)
	refused(t, k, p.target+"&search_path=none", "search_path 指的模式不存在；先在服务器上 CREATE SCHEMA", "the schema in search_path does not exist; CREATE SCHEMA on the server first")

	askPostgres(t, p.target, "CREATE TABLE rules (x int)")
	refused(t, k, p.target, "其中已有同名的表或视图，不是 gouji 的；请写入另一个库（PostgreSQL 也可用 ?search_path=模式名）",
		"it holds tables or views of the same names that are not gouji's; write to another database, or in PostgreSQL to another schema with ?search_path=NAME")
	// In a schema of its own there is room.
	askPostgres(t, p.target, "CREATE SCHEMA results")
	p.target += "&search_path=results"
	stored(t, p, clock(), everything())
	if got := askPostgres(t, p.target, "SELECT count(*) FROM results.findings"); got[0][0] != "5" {
		t.Errorf("%v findings", got)
	}
	askPostgres(t, p.target, "UPDATE gouji_store SET version = 9")
	refused(t, k, p.target, "其中的结果表是第 9 版，这个 gouji 只认第 1 版；请写入另一个库，或换用写它的 gouji",
		"its tables of results are of version 9, and this gouji knows version 1; write to another database, or use the gouji that wrote it")
}

// PostgreSQL takes neither NUL nor what is no UTF-8.
func TestPostgresText(t *testing.T) {
	p := newPlace(t, Kinds[2])
	o := unit("甲", "2024", "sum")
	o.Findings[0].Message = "a\x00b\xffc"
	stored(t, p, clock(), o)
	if got := askPostgres(t, p.target, "SELECT message FROM findings"); got[0][0] != "a\uFFFDb\uFFFDc" {
		t.Errorf("%q", got)
	}
}

// Runs at the same time add up, and the same run is stored once.
func TestPostgresTogether(t *testing.T) {
	p := newPlace(t, Kinds[2])
	a, b, c := begin(t, p, Run{}), begin(t, p, Run{}), begin(t, p, Run{})
	for i, s := range []*Store{a, b, c} {
		if err := s.Add(unit("甲", strconv.Itoa(2024+i/2), "sum")); err != nil {
			t.Fatal(err)
		}
	}
	want := []Stored{{Run: "3"}, {Run: "2"}, {Run: "2", Again: true}}
	for i, s := range []*Store{c, b, a} {
		done, err := s.End(nothing, 0)
		if done.First = ""; err != nil || done != want[i] {
			t.Errorf("%+v, %v", done, err)
		}
	}
}

// A server that goes away in the middle is told, and nothing of the run is there.
func TestPostgresLost(t *testing.T) {
	p := newPlace(t, Kinds[2])
	s := begin(t, p, Run{})
	if err := s.Add(everything()); err != nil {
		t.Fatal(err)
	}
	askPostgres(t, address("postgres", ""), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gouji'")
	_, err := s.End(nothing, 0)
	zh, en := said(t, p.Kind, p.target, err)
	if !strings.HasPrefix(zh, "服务器拒绝：terminating connection") && zh != "与服务器的连接断了" {
		t.Errorf("%q, %q", zh, en)
	}
	if n := len(p.rows(t, inputs)); n != 0 {
		t.Errorf("%d inputs", n)
	}
}
