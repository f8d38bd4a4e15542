//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestInterrupt interrupts the program while it waits for a file: it ends soon, says so and leaves no output behind.
func TestInterrupt(t *testing.T) {
	program := build(t)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			dir := t.TempDir()
			pipe, out := filepath.Join(dir, "pipe.yaml"), filepath.Join(dir, "out.json")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			mini := filepath.Join("testdata", "mini")
			cmd := exec.Command(program, "check", "--lang", "en", "-r", mini, "-f", "json", "-o", out, pipe)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// The program is reading as soon as the pipe can be opened for writing.
			writer := waitForReader(t, pipe)
			defer writer.Close()
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			late := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
			defer late.Stop()
			if got := exitStatus(t, cmd.Wait()); got != unusable {
				t.Errorf("exit status %d, want %d", got, unusable)
			}
			if got := strings.TrimSpace(stderr.String()); got != "gouji: interrupted" {
				t.Errorf("stderr is %q", got)
			}
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != 1 {
				t.Errorf("the folder holds %v (%v), want the pipe alone", entries, err)
			}
		})
	}
}

// waitForReader opens a pipe for writing once somebody reads it.
func waitForReader(t *testing.T, pipe string) *os.File {
	t.Helper()
	for range 2000 {
		f, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil {
			return f
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the program does not read the pipe")
	return nil
}
