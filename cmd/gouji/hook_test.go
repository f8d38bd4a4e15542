package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const (
	rightData = "entity: 甲\nperiod: 2023\npack: mini\n合计: 10.00\n基本: 4.00\n项目: 6.00\n占比: 40.00%\n"
	wrongData = "entity: 甲\nperiod: 2023\npack: mini\n合计: 10.00\n基本: 4.00\n项目: 5.00\n占比: 40.00%\n"
	// wrongAt is where wrongData is wrong.
	wrongAt = ":4:5: error: 合计 10.00 与分项之和 9.00 相差 1.00 [parts-sum]"
)

// hooked is a repository with the hook, its pack and a good dataset committed.
type hooked struct {
	t       *testing.T
	program string
	dir     string
}

func newHooked(t *testing.T, program string) *hooked {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	// What a hook around this test tells git is not meant for it.
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "GIT_") {
			t.Setenv(name, "")
			os.Unsetenv(name)
		}
	}
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_ALLOW_PROTOCOL": "file", "LC_ALL": "C",
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
		"PATH": filepath.Dir(program) + string(filepath.ListSeparator) + os.Getenv("PATH"),
	} {
		t.Setenv(name, value)
	}
	h := &hooked{t, program, filepath.Join(t.TempDir(), "仓 库")}
	if err := os.CopyFS(filepath.Join(h.dir, "rules", "mini"), os.DirFS(filepath.Join("testdata", "mini"))); err != nil {
		t.Fatal(err)
	}
	h.git("init", "-q", "-b", "main")
	h.write("datasets/right.yaml", rightData)
	h.install()
	h.git("add", "-A")
	h.commits("first")
	return h
}

func (h *hooked) install() {
	h.t.Helper()
	cmd := exec.Command(h.program, "hook", "install")
	cmd.Dir = h.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		h.t.Fatalf("hook install: %v\n%s", err, out)
	}
}

func (h *hooked) write(name, content string) {
	h.t.Helper()
	file := filepath.Join(h.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644)); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hooked) try(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = h.dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (h *hooked) git(args ...string) {
	h.t.Helper()
	if out, err := h.try(args...); err != nil {
		h.t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

// commits commits, which the hook must let pass without a word.
func (h *hooked) commits(args ...string) {
	h.t.Helper()
	if out, err := h.try(append([]string{"commit", "-q", "-m"}, args...)...); err != nil || out != "" {
		h.t.Errorf("commit %q: %v\n%s", args, err, out)
	}
}

// refuses commits, which the hook must refuse, saying each of wants.
func (h *hooked) refuses(wants []string, args ...string) {
	h.t.Helper()
	out, err := h.try(append([]string{"commit", "-q", "-m"}, args...)...)
	if err == nil {
		h.t.Errorf("commit %q was not refused", args)
	}
	for _, want := range wants {
		if !strings.Contains(out, want) {
			h.t.Errorf("commit %q: %q is not in:\n%s", args, want, out)
		}
	}
}

// TestHook commits in real repositories, in the ways in which git tells a hook what is to be committed.
func TestHook(t *testing.T) {
	program := build(t)
	// The hook looks for a program of this name.
	if named := filepath.Join(filepath.Dir(program), "gouji"); runtime.GOOS != "windows" {
		if err := os.Rename(program, named); err != nil {
			t.Fatal(err)
		}
		program = named
	}
	tests := []struct {
		name string
		run  func(t *testing.T, h *hooked)
	}{
		{"names", func(t *testing.T, h *hooked) {
			names := []string{"数据 一.yaml", "a b/c.yaml", "-r.yaml"}
			if runtime.GOOS != "windows" {
				names = append(names, "new\nline.yaml", `q"'.yaml`, "*.yaml", ":(top)x.yaml")
			}
			var wants []string
			for _, name := range names {
				h.write("datasets/"+name, wrongData)
				wants = append(wants, "datasets/"+strings.ReplaceAll(name, "\n", " ")+wrongAt)
			}
			h.git("add", "-A")
			h.refuses(wants, "names")
			for _, name := range names {
				h.write("datasets/"+name, rightData)
			}
			h.git("add", "-A")
			h.commits("names")
		}},
		{"commit -a and commit PATH use an index of their own", func(t *testing.T, h *hooked) {
			h.write("datasets/right.yaml", wrongData)
			h.refuses([]string{"datasets/right.yaml" + wrongAt}, "x", "-a")
			h.refuses([]string{"datasets/right.yaml" + wrongAt}, "x", "datasets/right.yaml")
			h.write("notes.md", "1")
			h.git("add", "-A")
			// The wrong file is staged, and not committed.
			h.commits("x", "notes.md")
		}},
		{"deleted and renamed", func(t *testing.T, h *hooked) {
			h.git("mv", "datasets/right.yaml", "datasets/改名.yaml")
			h.commits("renamed")
			h.write("datasets/改名.yaml", wrongData)
			h.git("add", "-A")
			h.git("mv", "datasets/改名.yaml", "datasets/again.yaml")
			h.refuses([]string{"datasets/again.yaml" + wrongAt}, "renamed and changed")
			h.git("rm", "-q", "-f", "datasets/again.yaml")
			h.commits("deleted")
		}},
		{"a folder below, and another repository named by the environment", func(t *testing.T, h *hooked) {
			h.write("datasets/right.yaml", wrongData)
			h.git("add", "-A")
			h.refuses([]string{"datasets/right.yaml" + wrongAt}, "x")
			cmd := exec.Command("git", "commit", "-q", "-m", "x")
			cmd.Dir = filepath.Join(h.dir, "datasets")
			if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "datasets/right.yaml"+wrongAt) {
				t.Errorf("from a folder below: %v\n%s", err, out)
			}
			cmd = exec.Command("git", "commit", "-q", "-m", "x")
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "GIT_DIR="+filepath.Join(h.dir, ".git"), "GIT_WORK_TREE="+h.dir)
			if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "datasets/right.yaml"+wrongAt) {
				t.Errorf("from elsewhere: %v\n%s", err, out)
			}
		}},
		{"a merge", func(t *testing.T, h *hooked) {
			h.write("datasets/both.yaml", rightData)
			h.git("add", "-A")
			h.commits("base")
			h.git("switch", "-q", "-c", "theirs")
			h.write("datasets/both.yaml", rightData+"说明: 乙\n")
			h.write("datasets/theirs.yaml", wrongData)
			h.git("add", "-A")
			h.git("commit", "-q", "--no-verify", "-m", "theirs")
			h.git("switch", "-q", "main")
			h.write("datasets/both.yaml", rightData+"说明: 甲\n")
			h.git("add", "-A")
			h.commits("ours")
			if out, err := h.try("merge", "theirs"); err == nil {
				t.Fatalf("no conflict:\n%s", out)
			}
			h.write("datasets/both.yaml", wrongData)
			h.git("add", "-A")
			out, err := h.try("commit", "-q", "--no-edit")
			if err == nil || !strings.Contains(out, "datasets/both.yaml"+wrongAt) || strings.Contains(out, "datasets/theirs.yaml") {
				t.Errorf("of a merge only what is new counts: %v\n%s", err, out)
			}
			h.write("datasets/both.yaml", rightData)
			h.git("add", "-A")
			h.git("commit", "-q", "--no-edit")
			// What they committed judged by a pack that we changed is new.
			h.git("switch", "-q", "-c", "rules", "HEAD^")
			h.write("rules/mini/pack.yaml", "id: mini\ntitle: 小包\nversion: \"2\"\n")
			h.write("datasets/both.yaml", rightData+"说明: 丙\n")
			h.git("add", "-A")
			h.commits("rules")
			if out, err := h.try("merge", "theirs"); err == nil {
				t.Fatalf("no conflict:\n%s", out)
			}
			h.write("datasets/both.yaml", rightData)
			h.git("add", "-A")
			h.refuses([]string{"datasets/theirs.yaml" + wrongAt}, "merged")
		}},
		{"a linked work tree", func(t *testing.T, h *hooked) {
			linked := *h
			linked.dir = filepath.Join(filepath.Dir(h.dir), "linked")
			h.git("worktree", "add", "-q", linked.dir, "-b", "linked")
			linked.write("datasets/right.yaml", wrongData)
			linked.git("add", "-A")
			linked.refuses([]string{"datasets/right.yaml" + wrongAt}, "x")
			h.commits("x", "--allow-empty")
		}},
		{"a submodule", func(t *testing.T, h *hooked) {
			outer := *h
			outer.dir = filepath.Join(filepath.Dir(h.dir), "outer")
			outer.write("datasets/right.yaml", strings.Replace(rightData, "pack: mini\n", "", 1))
			outer.git("init", "-q", "-b", "main")
			outer.git("submodule", "--quiet", "add", h.dir, "datasets/sub")
			outer.install()
			outer.git("add", "datasets/sub", ".gitmodules")
			outer.commits("a submodule alone")
			inner := *h
			inner.dir = filepath.Join(outer.dir, "datasets", "sub")
			inner.install()
			inner.write("datasets/right.yaml", wrongData)
			inner.git("add", "-A")
			inner.refuses([]string{"datasets/right.yaml" + wrongAt}, "x")
			inner.git("commit", "-q", "--no-verify", "-m", "x")
			outer.git("add", "datasets/sub")
			outer.commits("a submodule is for its own hook to check")
		}},
		{"line endings", func(t *testing.T, h *hooked) {
			h.git("config", "core.autocrlf", "true")
			h.git("config", "core.safecrlf", "false")
			h.write("datasets/right.yaml", strings.ReplaceAll(wrongData, "\n", "\r\n"))
			h.git("add", "-A")
			h.refuses([]string{"datasets/right.yaml" + wrongAt}, "x")
			h.write("datasets/right.yaml", strings.ReplaceAll(rightData, "\n", "\r\n")+"说明: 甲\r\n")
			h.git("add", "-A")
			h.commits("x")
		}},
		{"links", func(t *testing.T, h *hooked) {
			h.write("aside/甲.yaml", rightData)
			for name, target := range map[string]string{"link.yaml": "../aside/甲.yaml", "folder": "../aside"} {
				if err := os.Symlink(target, filepath.Join(h.dir, "datasets", name)); err != nil {
					t.Skip("no links here:", err)
				}
			}
			h.git("add", "-A")
			h.commits("links")
			h.write("aside/甲.yaml", wrongData)
			h.git("add", "-A")
			h.refuses([]string{"datasets/link.yaml" + wrongAt}, "x")
			h.git("checkout", "-q", "HEAD", "--", "aside")
			for name, want := range map[string]string{"out.yaml": "the link leads out of the repository", "none.yaml": "no such file or folder"} {
				if err := os.Symlink("../../"+name, filepath.Join(h.dir, "datasets", name)); err != nil {
					t.Fatal(err)
				}
				if name == "none.yaml" {
					h.git("config", "core.symlinks", "true")
					os.Remove(filepath.Join(h.dir, "datasets", name))
					if err := os.Symlink("nothing.yaml", filepath.Join(h.dir, "datasets", name)); err != nil {
						t.Fatal(err)
					}
				}
				h.git("add", "-A")
				h.refuses([]string{"datasets/" + name, want}, "x")
				h.git("rm", "-q", "-f", "datasets/"+name)
			}
		}},
		{"Git LFS", func(t *testing.T, h *hooked) {
			sum := sha256.Sum256([]byte(wrongData))
			id := hex.EncodeToString(sum[:])
			h.write("datasets/big.yaml", fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", id, len(wrongData)))
			h.git("add", "-A")
			h.refuses([]string{"datasets/big.yaml: error: this is a Git LFS pointer", "git lfs pull"}, "x")
			h.write(".git/lfs/objects/"+id[:2]+"/"+id[2:4]+"/"+id, wrongData)
			h.refuses([]string{"datasets/big.yaml" + wrongAt}, "x")
		}},
		{"a sparse checkout", func(t *testing.T, h *hooked) {
			h.write("datasets/out/wrong.yaml", wrongData)
			h.write("datasets/in/right.yaml", rightData)
			h.git("add", "-A")
			h.git("commit", "-q", "--no-verify", "-m", "x")
			if out, err := h.try("sparse-checkout", "set", "--cone", "datasets/in", "rules/mini"); err != nil {
				t.Skip("this git has no sparse checkout:", out)
			}
			h.write("datasets/in/right.yaml", rightData+"说明: 甲\n")
			h.git("add", "-A")
			h.commits("x")
			h.write("rules/mini/pack.yaml", "id: mini\ntitle: 小包\nversion: \"2\"\n")
			h.git("add", "-A")
			h.refuses([]string{"datasets/out/wrong.yaml" + wrongAt}, "x")
		}},
		{"added by intent, and a program that is gone", func(t *testing.T, h *hooked) {
			h.write("datasets/later.yaml", wrongData)
			h.git("add", "-N", "datasets/later.yaml")
			h.write("notes.md", "1")
			h.git("add", "notes.md")
			h.commits("x")
			hook := filepath.Join(h.dir, ".git", "hooks", "pre-commit")
			script, err := os.ReadFile(hook)
			if err != nil {
				t.Fatal(err)
			}
			gone := strings.ReplaceAll(string(script), "/gouji", "/no-such-program")
			h.write(".git/hooks/pre-commit", strings.ReplaceAll(gone, "gouji=gouji", "gouji=no-such-program"))
			h.git("add", "-A")
			h.refuses([]string{"gouji: not found", "--no-verify"}, "x")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, newHooked(t, program)) })
	}
}
