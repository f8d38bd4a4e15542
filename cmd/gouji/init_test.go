package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

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

// TestStarterCI runs the shell steps of the CI files as the services do, in a clone: without a base all is checked, with
// one only what differs from it.
func TestStarterCI(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the files are for shells of Linux")
	}
	program := build(t)
	if err := os.Rename(program, filepath.Join(filepath.Dir(program), "gouji")); err != nil {
		t.Fatal(err)
	}
	h := newHooked(t, filepath.Join(filepath.Dir(program), "gouji"))
	h.write("datasets/old.yaml", wrongData)
	h.git("add", "-A")
	h.git("commit", "-q", "--no-verify", "-m", "old")
	clone := *h
	clone.dir = filepath.Join(filepath.Dir(h.dir), "clone")
	h.git("clone", "-q", h.dir, clone.dir)
	clone.write("datasets/right.yaml", rightData+"说明: 甲\n")
	clone.git("add", "-A")
	clone.git("commit", "-q", "-m", "new")
	base, err := h.try("rev-parse", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	steps := map[string][]string{}
	var github struct {
		Jobs map[string]struct{ Steps []struct{ Run string } }
	}
	var gitlab map[string]struct{ Script []string }
	for name, into := range map[string]any{"github.yaml": &github, "gitlab.yaml": &gitlab} {
		content, err := starterFile(name, "VERSION", "latest", "DATA", shellQuote("datasets"))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(content, into); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range github.Jobs["check"].Steps {
		steps["github.yaml"] = append(steps["github.yaml"], step.Run)
	}
	steps["gitlab.yaml"] = gitlab["gouji"].Script
	for name, lines := range steps {
		for _, one := range []struct {
			variable string
			want     status
			all      bool
		}{{"", found, true}, {map[string]string{"github.yaml": "BASE=main", "gitlab.yaml": "CI_MERGE_REQUEST_DIFF_BASE_SHA=" + strings.TrimSpace(base)}[name], success, false}} {
			ran := 0
			for _, line := range lines {
				if line == "" || strings.HasPrefix(line, "go install") {
					continue
				}
				ran++
				cmd := exec.Command("sh", "-ec", line)
				cmd.Dir = clone.dir
				cmd.Env = append(os.Environ(), one.variable)
				out, err := cmd.CombinedOutput()
				want := success
				if strings.HasPrefix(line, "gouji check") {
					want = one.want
					if strings.Contains(string(out), "old.yaml") != one.all {
						t.Errorf("%s, %q prints\n%s", name, one.variable, out)
					}
				}
				if got := exitStatus(t, err); got != want {
					t.Errorf("%s, %q: status %d of %s, want %d\n%s", name, one.variable, got, line, want, out)
				}
			}
			if ran != 2 {
				t.Errorf("%s: %d steps ran", name, ran)
			}
		}
	}
	for _, file := range []string{"gouji.html", "gouji.json"} {
		if _, err := os.Stat(filepath.Join(clone.dir, file)); err != nil {
			t.Error(err)
		}
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
