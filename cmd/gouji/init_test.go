package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
)

// TestHostOf tells the hosts of remotes apart from paths that look like them.
func TestHostOf(t *testing.T) {
	for remote, want := range map[string]string{
		"git@github.com:a/b.git": "github.com", "https://user:secret@GitHub.com/a/b": "github.com", "ssh://git@gitlab.example.com:2222/a": "gitlab.example.com",
		"github.com:a/b": "github.com", "../github": "", "/srv/github/a.git": "", "./git:hub": "", "file:///srv/github": "", "git@example.com:github/b": "example.com",
	} {
		if got := hostOf(remote); got != want {
			t.Errorf("host of %s is %q, want %q", remote, got, want)
		}
	}
}

// TestInitWithoutGit asserts that there is data at least, and that the rest is told.
func TestInitWithoutGit(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("PATH", t.TempDir())
	var out, errs bytes.Buffer
	a := &app{stdout: &out, stderr: &errs}
	if s := a.main(context.Background(), []string{"--lang", "en", "init"}); s != success || !strings.Contains(errs.String(), "git is not installed") {
		t.Errorf("status %d, %q", s, errs.String())
	}
	if _, err := os.Stat(filepath.Join(datasetsFolder, filepath.FromSlash(exampleFile))); err != nil {
		t.Error(err)
	}
}

// TestExample holds the dataset that gouji init writes to having nothing to tell, and to be judged all the same.
func TestExample(t *testing.T) {
	t.Chdir(t.TempDir())
	a := &app{stdout: io.Discard, stderr: io.Discard, lang: "en"}
	if err := a.addData("."); err != nil {
		t.Fatal(err)
	}
	result, err := engine.Check(context.Background(), []string{datasetsFolder}, engine.Options{Options: run.Options{}})
	if err != nil || len(result.Diagnostics) > 0 {
		t.Fatal(err, result.Diagnostics)
	}
	if n := result.Report.Summary.Pass; n < 20 {
		t.Errorf("only %d instances pass", n)
	}
	for _, f := range result.Report.Findings {
		if f.Verdict != finding.NotEvaluated {
			t.Errorf("%s: %s %s", f.Rule, f.Verdict, f.Message)
		}
	}
}
