package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/gouji/gouji/engine"
)

// TestProgress: what is shown is wiped away, and nothing is shown too early, too often or after the end.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{app: &app{stderr: &out, lang: "zh"}, start: time.Now().Add(-99 * time.Second), next: time.Now().Add(time.Hour)}
	p.show(engine.Progress{Datasets: 1, Done: 1, Total: 100})
	if out.Len() > 0 {
		t.Fatalf("too early: %q", out.String())
	}
	p.next = time.Time{}
	p.show(engine.Progress{Datasets: 99, Done: 99, Total: 100})
	p.show(engine.Progress{Datasets: 99, Done: 99, Total: 100})
	if got := out.String(); strings.Count(got, "\r") != 1 || !strings.Contains(got, "99 个") || !strings.Contains(got, "99%，约剩 1s") {
		t.Fatalf("%q", got)
	}
	p.next = time.Time{}
	p.show(engine.Progress{Datasets: 5, Done: 5, Total: 100})
	p.done()
	p.show(engine.Progress{Datasets: 6, Done: 6, Total: 100})
	lines := strings.Split(out.String(), "\r")
	if last := lines[len(lines)-2]; len(lines) != 5 || strings.TrimSpace(last) != "" || len(last) == 0 || lines[len(lines)-1] != "" {
		t.Fatalf("%q", out.String())
	}
}

// Where there is no terminal, nothing is shown.
func TestNoProgressInPipes(t *testing.T) {
	var out bytes.Buffer
	p := (&app{stderr: &out, lang: "zh"}).progress()
	if p != nil {
		t.Fatal("there is progress")
	}
	p.show(engine.Progress{Datasets: 1, Done: 1, Total: 2})
	p.done()
}
