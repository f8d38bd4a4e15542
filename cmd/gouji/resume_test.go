//go:build unix

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/gouji/gouji/engine/sample"
)

// TestKilled kills the program at any moment, again and again: it goes on where it was, nothing is lost or doubled, and a
// report is there only when it is whole.
func TestKilled(t *testing.T) {
	program := build(t)
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "caches"))
	t.Setenv("HOME", dir)
	if err := os.CopyFS(filepath.Join(dir, "packs"), sample.Pack()); err != nil {
		t.Fatal(err)
	}
	var all []byte
	for i := range 1200 {
		all = append(sample.New(4, i).AppendJSON(all), '\n')
	}
	if err := os.WriteFile(filepath.Join(dir, "all.jsonl"), all, 0o600); err != nil {
		t.Fatal(err)
	}
	check := func(more ...string) *exec.Cmd {
		cmd := exec.Command(program, append([]string{"check", "-r", "packs/sample", "-j", "1", "all.jsonl"}, more...)...)
		cmd.Dir = dir
		return cmd
	}
	if got := exitStatus(t, check("-o", "whole.json").Run()); got != found {
		t.Fatalf("exit status %d", got)
	}
	want, err := os.ReadFile(filepath.Join(dir, "whole.json"))
	if err != nil {
		t.Fatal(err)
	}
	folders := filepath.Join(dir, "caches", "gouji", "resume", "*")
	out := filepath.Join(dir, "out.json")
	for range 6 {
		cmd := check("--resume", "-o", "out.json")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(250)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if cmd.Wait(); cmd.ProcessState.Exited() {
			// It was faster.
			os.Remove(out)
			continue
		}
		if content, err := os.ReadFile(out); err == nil && !bytes.Equal(content, want) {
			t.Fatal("a report that is not whole was left behind")
		}
	}
	if got := exitStatus(t, check("--resume", "-o", "out.json").Run()); got != found {
		t.Fatalf("exit status %d", got)
	}
	if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the report differs from that of a run that was not killed (%v)", err)
	}
	if left, _ := filepath.Glob(folders); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	// A report that cannot be written leaves as much to go on with as a run that was killed.
	if _, err := os.Stat("/dev/full"); err != nil {
		return
	}
	if got := exitStatus(t, check("--resume", "-f", "json=/dev/full").Run()); got != unusable {
		t.Errorf("exit status %d", got)
	}
	if left, _ := filepath.Glob(folders); len(left) != 1 {
		t.Errorf("to go on with: %v", left)
	}
}
