package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/run"
)

// build builds the program and returns its path.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gouji.exe")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// TestBinary asserts the exit statuses of the program as it is shipped, in English whatever the locale of the machine.
func TestBinary(t *testing.T) {
	program := build(t)
	mini := filepath.Join("testdata", "mini")
	tests := []struct {
		name           string
		args           []string
		status         status
		stdout, stderr string
	}{
		{"nothing wrong", []string{"check", "-r", mini, filepath.Join("testdata", "good.yaml")}, success, "Nothing is wrong", ""},
		{"findings", []string{"check", "-r", mini, filepath.Join("testdata", "wrong.yaml")}, found, "parts-sum", ""},
		{"wrong usage", []string{"check", "-f", "jsn"}, unusable, "", `did you mean "json"?`},
		{"nothing there", []string{"check", "nowhere"}, unusable, "", "nothing was checked"},
		{"shipped pack", []string{"list", "juesuan"}, success, "income-share", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.Command(program, append([]string{"--lang", "en"}, tt.args...)...)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if got := exitStatus(t, cmd.Run()); got != tt.status {
				t.Errorf("exit status %d, want %d\n%s", got, tt.status, stderr.String())
			}
			for _, one := range []struct{ name, got, want string }{
				{"stdout", stdout.String(), tt.stdout}, {"stderr", stderr.String(), tt.stderr},
			} {
				if !strings.Contains(one.got, one.want) || one.want == "" && one.got != "" {
					t.Errorf("%s is %q, want %q in it", one.name, one.got, one.want)
				}
			}
		})
	}
}

// exitStatus is the status with which a program has ended.
func exitStatus(t *testing.T, err error) status {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return success
	case errors.As(err, &exit):
		return status(exit.ExitCode())
	}
	t.Fatal(err)
	return 0
}

// TestBrokenPipe closes stdout before the program writes: it ends quietly, but not as if the output were whole.
func TestBrokenPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	cmd := exec.Command(build(t), "check", "-r", filepath.Join("testdata", "mini"), filepath.Join("testdata", "wrong.yaml"))
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = w, &stderr
	err = cmd.Run()
	w.Close()
	if got := exitStatus(t, err); got != unusable || stderr.Len() > 0 {
		t.Errorf("exit status %d and %q on stderr, want %d and nothing", got, stderr.String(), unusable)
	}
}

// TestFault asserts that an error of the program is told as one, with what is needed to report it.
func TestFault(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want []string
	}{
		{"rule", &run.Fault{Rule: "parts-sum", Path: "a.yaml", Panic: "boom", Stack: []byte("goroutine 1")},
			[]string{"please report it", "boom", "parts-sum", "a.yaml", "goroutine 1"}},
		{"other", errors.New("surprise"), []string{"please report it", "surprise"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stderr bytes.Buffer
			a := &app{stdout: &bytes.Buffer{}, stderr: &stderr, status: found}
			a.complain(context.Background(), tt.err)
			if a.status != fault {
				t.Errorf("status %d, want %d", a.status, fault)
			}
			for _, want := range tt.want {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("%q is not in:\n%s", want, stderr.String())
				}
			}
		})
	}
	_, err := interruptible(context.Background(), func() (int, error) { panic("boom") })
	var internal *run.Fault
	if !errors.As(err, &internal) || internal.Panic != "boom" {
		t.Errorf("a panic comes back as %v", err)
	}
}
