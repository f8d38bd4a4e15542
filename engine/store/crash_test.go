package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/gouji/gouji/engine/finding"
)

var nothing = &finding.Report{}

// crashes stores a run without end, for a test to kill. It tells on stdout when it has begun.
func crashes(target string) {
	k, _ := ByTarget(target)
	s, err := k.Open(context.Background(), target, Run{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("begun")
	for {
		if err := s.Add(everything()); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

// Of a run that is killed nothing is there, whenever that is, and the next one goes well.
func TestKilled(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		now := clock()
		for round := range 4 {
			if round == 1 {
				stored(t, p, now, unit("甲", "2024", "sum"))
			}
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), "GOUJI_STORE_CRASH="+p.target)
			out, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil || line != "begun\n" {
				more, _ := io.ReadAll(out)
				t.Fatalf("%v: %s%s", err, line, more)
			}
			// Long enough for pages to be written before the end.
			time.Sleep(time.Duration(rand.IntN(600)) * time.Millisecond)
			_ = c.Process.Kill()
			_ = c.Wait()
			if round == 0 {
				if _, err := os.Stat(p.target); err == nil && p.Name == "sqlite" {
					t.Error("there is a database")
				}
				continue
			}
			if n := len(p.rowsBesides(t, findings)); n != 1 {
				t.Errorf("%d findings", n)
			}
		}
		stored(t, p, now, unit("乙", "2024", "sum"))
		if n := len(p.rowsBesides(t, findings)); n != 2 {
			t.Errorf("%d findings", n)
		}
	})
}

// rowsBesides are the rows of a table in spite of what a killed run has left beside them.
func (p *place) rowsBesides(t *testing.T, of table) [][]string {
	t.Helper()
	if p.Name == "parquet" {
		left, err := filepath.Glob(filepath.Join(globbed(p.target), ".gouji-*.tmp"))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range left {
			if err := os.RemoveAll(l); err != nil {
				t.Fatal(err)
			}
		}
	}
	return p.rows(t, of)
}

// noise is text that cannot be made shorter.
func noise() string {
	b := make([]byte, 20_000)
	for i := range b {
		b[i] = byte('!' + rand.IntN(90))
	}
	return string(b)
}

// A full disk is told, and leaves what was there.
func TestFullDisk(t *testing.T) {
	for _, k := range Kinds {
		if !k.File() {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			dir := smallDisk(t)
			p := newPlace(t, k)
			p.target = filepath.Join(dir, filepath.Base(p.target))
			for round := range 2 {
				if round == 1 {
					stored(t, p, clock(), unit("甲", "2024", "sum"))
				}
				s := begin(t, p, Run{})
				var err error
				for i := 0; i < 200_000 && err == nil; i++ {
					o := everything()
					o.Findings[0].Message = noise()
					err = s.Add(o)
				}
				if err == nil {
					_, err = s.End(nothing, 0)
				}
				zh, en := said(t, k, p.target, err)
				if zh != "磁盘已满" || en != "the disk is full" {
					t.Errorf("%q, %q", zh, en)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				left, _ := os.ReadDir(dir)
				if len(left) != round {
					t.Errorf("left: %v", left)
				}
			}
			p = place{Kind: k, target: p.target, rows: func(t *testing.T, of table) [][]string {
				if k.Name == "sqlite" {
					return askSQLite(t, p.target, "SELECT * FROM "+tableNames[of])
				}
				return parquetRowsOf(t, p.target, of)
			}}
			if n := len(p.rows(t, findings)); n != 1 {
				t.Errorf("%d findings", n)
			}
		})
	}
}
