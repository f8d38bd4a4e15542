package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/gouji/gouji/engine/reader"
)

const preCommitHooks = "../../.pre-commit-hooks.yaml"

// TestPreCommitFiles holds the pattern of files that pre-commit passes to all formats that can be read.
func TestPreCommitFiles(t *testing.T) {
	content, err := os.ReadFile(preCommitHooks)
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct{ ID, Files string }
	if err := yaml.Unmarshal(content, &hooks); err != nil || len(hooks) != 2 {
		t.Fatal(len(hooks), err)
	}
	for _, hook := range hooks {
		files, err := regexp.Compile(hook.Files)
		if err != nil {
			t.Fatal(err)
		}
		extensions := reader.Extensions()
		for _, format := range reader.DocumentFormats {
			extensions = append(extensions, format.Extensions...)
		}
		for _, ext := range extensions {
			if !files.MatchString("datasets/甲" + ext) {
				t.Errorf("%s does not pass files that end in %s", hook.ID, ext)
			}
		}
		if files.MatchString("main.go") || files.MatchString("yaml") {
			t.Errorf("%s passes what gouji does not read", hook.ID)
		}
	}
}

// TestPreCommit commits where the program pre-commit runs the hook.
func TestPreCommit(t *testing.T) {
	if _, err := exec.LookPath("pre-commit"); err != nil {
		t.Skip("pre-commit is not installed")
	}
	program := build(t)
	if named := filepath.Join(filepath.Dir(program), "gouji"); runtime.GOOS != "windows" {
		if err := os.Rename(program, named); err != nil {
			t.Fatal(err)
		}
		program = named
	}
	h := newHooked(t, program)
	t.Setenv("PRE_COMMIT_HOME", t.TempDir())
	t.Setenv("PRE_COMMIT_COLOR", "never")
	hooks := *h
	hooks.dir = filepath.Join(filepath.Dir(h.dir), "hooks")
	manifest, err := os.ReadFile(preCommitHooks)
	if err != nil {
		t.Fatal(err)
	}
	hooks.write(".pre-commit-hooks.yaml", string(manifest))
	hooks.git("init", "-q", "-b", "main")
	hooks.git("add", "-A")
	hooks.git("commit", "-q", "-m", "hooks")
	rev, err := hooks.try("rev-parse", "HEAD")
	if err != nil {
		t.Fatal(err)
	}

	if err := os.Remove(filepath.Join(h.dir, ".git", "hooks", "pre-commit")); err != nil {
		t.Fatal(err)
	}
	preCommit := func(args ...string) (string, error) {
		cmd := exec.Command("pre-commit", args...)
		cmd.Dir = h.dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	h.write(".pre-commit-config.yaml", "repos:\n- repo: ../hooks\n  rev: "+strings.TrimSpace(rev)+"\n  hooks:\n  - id: gouji-system\n")
	h.git("add", "-A")
	if out, err := preCommit("install"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	passes := func(message string) {
		t.Helper()
		if out, err := h.try("commit", "-q", "-m", message); err != nil || !strings.Contains(out, "Passed") {
			t.Errorf("%s: %v\n%s", message, err, out)
		}
	}
	passes("the settings")
	// What is staged counts; pre-commit puts what is not aside.
	h.write("datasets/新 的.yaml", wrongData)
	h.git("add", "-A")
	h.write("datasets/新 的.yaml", rightData)
	h.refuses([]string{"Unstaged files detected", "Failed", "datasets/新 的.yaml" + wrongAt}, "wrong")
	h.git("add", "-A")
	h.write("datasets/新 的.yaml", wrongData)
	passes("right")
	h.git("checkout", "-q", "HEAD", "--", ".")
	// Of a deleted file pre-commit passes no name.
	h.git("rm", "-q", "rules/mini/sums_test.yaml")
	h.refuses([]string{"parts-sum: no test shows it failing"}, "deleted")
	h.git("reset", "-q", "--hard")

	h.write("datasets/old.yaml", wrongData)
	h.git("add", "-A")
	h.git("commit", "-q", "--no-verify", "-m", "wrong")
	if out, err := preCommit("run"); err != nil {
		t.Errorf("nothing is staged: %v\n%s", err, out)
	}
	if out, err := preCommit("run", "--all-files"); err == nil || !strings.Contains(out, "datasets/old.yaml"+wrongAt) {
		t.Errorf("all files: %v\n%s", err, out)
	}
	if out, err := preCommit("run", "--from-ref", "HEAD^", "--to-ref", "HEAD"); err == nil || !strings.Contains(out, "datasets/old.yaml"+wrongAt) {
		t.Errorf("the last commit: %v\n%s", err, out)
	}
	// gouji leaves the hook of pre-commit alone.
	cmd := exec.Command(program, "hook", "install")
	cmd.Dir = h.dir
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), ".pre-commit-config.yaml") {
		t.Errorf("hook install: %v\n%s", err, out)
	}
}
