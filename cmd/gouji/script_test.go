package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gouji": main})
}

// TestScripts runs the scripts in testdata/script with the real program. Each finds the pack mini and the datasets
// good.yaml and wrong.yaml of testdata in its folder. UPDATE_GOLDEN=1 rewrites the files that scripts compare.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_GOLDEN") != "",
		Setup: func(e *testscript.Env) error {
			if err := os.CopyFS(filepath.Join(e.WorkDir, "mini"), os.DirFS(filepath.Join("testdata", "mini"))); err != nil {
				return err
			}
			for _, name := range []string{"good.yaml", "wrong.yaml"} {
				content, err := os.ReadFile(filepath.Join("testdata", name))
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(e.WorkDir, name), content, 0o644); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    wantStatus,
			"write":     writeFile,
			"uncolored": uncolored,
		},
	})
}

// wantStatus is `status N PROGRAM ARG…`: the program must end with that exit status.
func wantStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM ARG…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// writeFile is `write FILE PART…`: each part is text with the escapes of Go; a part xN repeats the one before it N times.
func writeFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: write FILE PART…")
	}
	var content, last string
	for _, part := range args[1:] {
		if n, err := strconv.Atoi(strings.TrimPrefix(part, "x")); err == nil && strings.HasPrefix(part, "x") {
			content += strings.Repeat(last, n-1)
			continue
		}
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(part, `"`, `\"`) + `"`)
		ts.Check(err)
		content, last = content+text, text
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(content), 0o644))
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// uncolored is `uncolored FILE WANT`: without its colours, the one file is the other. FILE may be stdout.
func uncolored(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: uncolored FILE WANT")
	}
	got, want := ts.ReadFile(args[0]), ts.ReadFile(args[1])
	if !sgr.MatchString(got) || sgr.ReplaceAllString(got, "") != want {
		ts.Fatalf("got %q, want %q", got, want)
	}
}
