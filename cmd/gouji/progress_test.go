package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestProgress: what is shown is wiped away, and nothing is shown too early, too often or after the end.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{app: &app{stderr: &out, lang: "zh"}, next: time.Now().Add(time.Hour)}
	p.show(1, 100)
	if out.Len() > 0 {
		t.Fatalf("too early: %q", out.String())
	}
	p.next = time.Time{}
	p.show(99, 100)
	p.show(99, 100)
	if got := out.String(); strings.Count(got, "\r") != 1 || !strings.Contains(got, "99") {
		t.Fatalf("%q", got)
	}
	p.next = time.Time{}
	p.show(5, 100)
	p.done()
	p.show(6, 100)
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
	p.show(1, 2)
	p.done()
}
