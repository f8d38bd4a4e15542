package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// large is a report of more than a pipe or a small disk holds.
var large = []string{"check", "--lang", "en", filepath.Join("..", "..", "datasets"), "-f"}

// ran runs the program and returns its status and what it says on stderr.
func ran(t *testing.T, cmd *exec.Cmd) (status, string) {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	return exitStatus(t, cmd.Run()), strings.TrimSpace(stderr.String())
}

// only fails unless the folder holds just these names.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %q, want %q", dir, got, names)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestFullDisk: a report that finds no room is an error that names it. The old file stays, nothing else is left, and the
// other reports are written.
func TestFullDisk(t *testing.T) {
	program := build(t)
	t.Run("/dev/full", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out.csv")
		s, said := ran(t, exec.Command(program, append(large, "json=/dev/full", "-f", "csv="+out)...))
		if s != unusable || said != "gouji: /dev/full: the disk is full" {
			t.Errorf("status %d, %q", s, said)
		}
		if !strings.Contains(content(t, out), "perf-target-met") {
			t.Error("the other report is missing")
		}
	})
	t.Run("a small disk", func(t *testing.T) {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
			t.Skipf("no disk can be mounted here: %v", err)
		}
		t.Cleanup(func() { syscall.Unmount(dir, 0) })
		out := filepath.Join(dir, "out.json")
		if err := os.WriteFile(out, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"out.json", "new.json"} {
			s, said := ran(t, exec.Command(program, append(large, "json="+filepath.Join(dir, name))...))
			if s != unusable || !strings.HasSuffix(said, name+": the disk is full") {
				t.Errorf("status %d, %q", s, said)
			}
		}
		only(t, dir, "out.json")
		if content(t, out) != "old" {
			t.Error("the old file is gone")
		}
	})
	t.Run("files for what is too much for memory", func(t *testing.T) {
		dir := t.TempDir()
		t.Setenv("TMPDIR", dir)
		full := &fs.PathError{Op: "write", Path: filepath.Join(dir, "gouji-1"), Err: syscall.ENOSPC}
		if err := named("out.json", full); err != full {
			t.Errorf("it is about another file: %v", err)
		}
		full.Path = filepath.Join(dir, ".gouji-1-1.tmp")
		if err := named("out.json", full); err.Error() != "write out.json: no space left on device" {
			t.Error(err)
		}
	})
}

// TestClosedPipe: a pipe whose reader goes away is an error that names it.
func TestClosedPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() {
		if f, err := os.Open(pipe); err == nil {
			f.Close()
		}
	}()
	s, said := ran(t, exec.Command(build(t), append(large, "json="+pipe)...))
	if s != unusable || said != "gouji: "+pipe+": nobody reads it any more; it is not complete" {
		t.Errorf("status %d, %q", s, said)
	}
}

// TestInterruptedWrite interrupts the program while it waits for somebody to read a pipe.
func TestInterruptedWrite(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out.csv")
	cmd := exec.Command(build(t), append(large, "csv="+out, "-f", "json="+pipe)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The reports are written in order: once the first is there, the second is being opened.
	for range 2000 {
		if _, err := os.Stat(out); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	cmd.Process.Signal(os.Interrupt)
	late := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	defer late.Stop()
	if got := exitStatus(t, cmd.Wait()); got != unusable || strings.TrimSpace(stderr.String()) != "gouji: interrupted" {
		t.Errorf("status %d, %q", got, stderr.String())
	}
	only(t, dir, "out.csv", "pipe")
}

// TestReplacedFiles: what stands at the path decides how it is written.
func TestReplacedFiles(t *testing.T) {
	program := build(t)
	wrong, mini := filepath.Join("testdata", "wrong.yaml"), filepath.Join("testdata", "mini")
	check := func(t *testing.T, path string) (status, string) {
		t.Helper()
		return ran(t, exec.Command(program, "check", "--lang", "en", "-r", mini, wrong, "-f", "csv="+path))
	}
	written := func(t *testing.T, path string) {
		t.Helper()
		if s, said := check(t, path); s != found || said != "" {
			t.Errorf("status %d, %q", s, said)
		}
	}
	t.Run("its mode is kept", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out.csv")
		for _, mode := range []fs.FileMode{0o600, 0o666, 0o664} {
			if err := os.WriteFile(out, nil, mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(out, mode); err != nil {
				t.Fatal(err)
			}
			written(t, out)
			if info, err := os.Stat(out); err != nil || info.Mode() != mode || info.Size() == 0 {
				t.Errorf("%v (%v), want %v", info.Mode(), err, mode)
			}
		}
	})
	t.Run("links stay", func(t *testing.T) {
		dir := t.TempDir()
		for _, name := range []string{"there", "elsewhere"} {
			if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		// One link leads through another to a file that is not there yet.
		for link, to := range map[string]string{"link.csv": "there/second.csv", "there/second.csv": "../elsewhere/out.csv"} {
			if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			written(t, filepath.Join(dir, "link.csv"))
			only(t, dir, "elsewhere", "link.csv", "there")
			only(t, filepath.Join(dir, "there"), "second.csv")
			if !strings.Contains(content(t, filepath.Join(dir, "elsewhere", "out.csv")), "parts-sum") {
				t.Error("nothing is written")
			}
		}
	})
	t.Run("long names", func(t *testing.T) {
		dir := t.TempDir()
		name := strings.Repeat("决", 83) + ".csv"
		written(t, filepath.Join(dir, name))
		only(t, dir, name)
		if s, said := check(t, filepath.Join(dir, "决"+name)); s != unusable || !strings.HasSuffix(said, "the name is too long") {
			t.Errorf("status %d, %q", s, said)
		}
	})
	t.Run("a folder that is missing", func(t *testing.T) {
		for _, path := range []string{"nowhere/out.csv", "new/"} {
			if s, said := check(t, filepath.Join(t.TempDir())+"/"+path); s != unusable || said == "" {
				t.Errorf("%s: status %d, %q", path, s, said)
			}
		}
	})
	t.Run("a folder that may not be written", func(t *testing.T) {
		if os.Getuid() != 0 {
			t.Skip("only root can run the program as another user")
		}
		dir, err := os.MkdirTemp("", "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		if err := os.WriteFile(filepath.Join(dir, "out.csv"), []byte(strings.Repeat("old", 9999)), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(dir, "mini"), os.DirFS(mini)); err != nil {
			t.Fatal(err)
		}
		for from, to := range map[string]string{program: "gouji", wrong: "wrong.yaml"} {
			if err := os.WriteFile(filepath.Join(dir, to), []byte(content(t, from)), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		for name, mode := range map[string]fs.FileMode{"out.csv": 0o666, "": 0o755} {
			if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
				t.Fatal(err)
			}
		}
		as := func(out string) (status, string) {
			cmd := exec.Command("./gouji", "check", "--lang", "en", "-r", "mini", "wrong.yaml", "-f", "csv="+out)
			cmd.Dir = dir
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			return ran(t, cmd)
		}
		if s, said := as("out.csv"); s != found || said != "" {
			t.Errorf("status %d, %q", s, said)
		}
		if got := content(t, filepath.Join(dir, "out.csv")); !strings.Contains(got, "parts-sum") || strings.Contains(got, "old") {
			t.Errorf("the file is %q", got)
		}
		if s, said := as("new.csv"); s != unusable || said != "gouji: new.csv: permission denied" {
			t.Errorf("status %d, %q", s, said)
		}
	})
}
