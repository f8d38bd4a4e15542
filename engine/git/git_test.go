package git_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/git"
)

// hard are names that break programs which split lines, quote or take names for patterns.
var hard = []string{
	"a b.yaml", "数据/某市财政局 2023.yaml", "new\nline.yaml", "tab\t.yaml", `quote".yaml`, "-dash.yaml", "*.yaml", ":(glob)x.yaml", "a-b.yaml", "a/b.yaml", "a0.yaml",
}

// repo is a repository in a temporary folder, whatever is configured on this machine.
type repo struct {
	t   *testing.T
	dir string
}

func newRepo(t *testing.T, args ...string) *repo {
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
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	t.Setenv("GIT_ALLOW_PROTOCOL", "file")
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		t.Setenv("GIT_"+who+"_NAME", "test")
		t.Setenv("GIT_"+who+"_EMAIL", "test@example.com")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &repo{t, filepath.Join(dir, "仓 库")}
	if err := os.Mkdir(r.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r.git(append([]string{"init", "-q", "-b", "main"}, args...)...)
	return r
}

// git runs git in the repository and returns what it prints.
func (r *repo) git(args ...string) string {
	r.t.Helper()
	out, err := r.try(args...)
	if err != nil {
		r.t.Fatalf("git %q: %v\n%s", args, err, out)
	}
	return out
}

func (r *repo) try(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	return strings.TrimRight(string(out), "\n"), err
}

func (r *repo) write(name, content string) {
	r.t.Helper()
	file := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644)); err != nil {
		r.t.Fatal(err)
	}
}

// commit commits files and their contents.
func (r *repo) commit(files ...string) {
	r.t.Helper()
	for i := 0; i+1 < len(files); i += 2 {
		r.write(files[i], files[i+1])
	}
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", "x")
}

func (r *repo) open() *git.Repository {
	r.t.Helper()
	opened, err := git.Open(r.t.Context(), r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	return opened
}

func (r *repo) staged() *git.Changes {
	r.t.Helper()
	c, err := r.open().Staged(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *repo) since(revision string) *git.Changes {
	r.t.Helper()
	c, err := r.open().Since(r.t.Context(), revision)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *repo) index() *git.Tree {
	r.t.Helper()
	tree, err := r.open().Index(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { tree.Close() })
	return tree
}

func same(t *testing.T, what string, got map[string]bool, want ...string) {
	t.Helper()
	slices.Sort(want)
	if d := cmp.Diff(want, slices.Sorted(maps.Keys(got)), cmp.Transformer("nil", func(s []string) []string { return append([]string{}, s...) })); d != "" {
		t.Errorf("%s -want +got:\n%s", what, d)
	}
}

func read(t *testing.T, fsys fs.FS, name, want string) {
	t.Helper()
	got, err := fs.ReadFile(fsys, name)
	if err != nil || string(got) != want {
		t.Errorf("%s is %q (%v), want %q", name, got, err, want)
	}
}

// TestStaged asserts what a commit would change, and that contents are those of the index.
func TestStaged(t *testing.T) {
	r := newRepo(t)
	same(t, "an empty repository", r.staged().New)
	var names []string
	for _, name := range hard {
		if runtime.GOOS == "windows" && strings.ContainsAny(name, "\n\t\"*:") {
			continue
		}
		r.write(name, "first "+name)
		names = append(names, name)
	}
	r.git("add", "-A")
	c := r.staged()
	same(t, "the first commit", c.New, names...)
	same(t, "the first commit touches", c.Touched, names...)
	r.git("commit", "-q", "-m", "x")
	same(t, "after it", r.staged().Touched)

	r.write("a b.yaml", "staged")
	r.write("a/b.yaml", "staged too")
	r.git("add", "-A")
	r.write("a b.yaml", "work tree")
	r.write("untracked.yaml", "untracked")
	r.git("rm", "-q", "a-b.yaml")
	r.git("mv", "数据/某市财政局 2023.yaml", "数据/改名.yaml")
	c = r.staged()
	same(t, "new", c.New, "a b.yaml", "a/b.yaml", "数据/改名.yaml")
	same(t, "touched", c.Touched, "a b.yaml", "a/b.yaml", "a-b.yaml", "数据/改名.yaml", "数据/某市财政局 2023.yaml")
	index := r.index()
	read(t, index, "a b.yaml", "staged")
	read(t, index, "数据/改名.yaml", "first 数据/某市财政局 2023.yaml")
	if _, err := fs.ReadFile(index, "untracked.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an untracked file: %v", err)
	}
}

// TestTemporaryIndex asserts that the index which git names to hooks is the one that counts.
func TestTemporaryIndex(t *testing.T) {
	r := newRepo(t)
	r.commit("a.yaml", "1", "b.yaml", "1")
	r.write("a.yaml", "2")
	r.write("b.yaml", "2")
	r.git("add", "b.yaml")
	// git commit a.yaml commits a.yaml alone, by an index of its own.
	t.Setenv("GIT_INDEX_FILE", filepath.Join(r.dir, ".git", "next"))
	r.git("read-tree", "HEAD")
	r.git("add", "a.yaml")
	same(t, "new", r.staged().New, "a.yaml")
	read(t, r.index(), "b.yaml", "1")
}

// TestMerge asserts that of a merge only what no parent has is new.
func TestMerge(t *testing.T) {
	r := newRepo(t)
	r.commit("both.yaml", "1", "ours.yaml", "1", "theirs.yaml", "1")
	r.git("switch", "-q", "-c", "theirs")
	r.commit("both.yaml", "3", "theirs.yaml", "3")
	r.git("switch", "-q", "main")
	r.commit("both.yaml", "2", "ours.yaml", "2")
	if out, err := r.try("merge", "-q", "theirs"); err == nil {
		t.Fatalf("no conflict: %s", out)
	}
	if got := r.index().Unmerged; !slices.Equal(got, []string{"both.yaml"}) {
		t.Errorf("files with conflicts: %q", got)
	}
	r.write("both.yaml", "4")
	r.git("add", "both.yaml")
	c := r.staged()
	same(t, "new", c.New, "both.yaml")
	same(t, "touched", c.Touched, "both.yaml", "ours.yaml", "theirs.yaml")
}

// TestSince asserts what has changed in the work tree since it left a revision.
func TestSince(t *testing.T) {
	r := newRepo(t)
	r.commit("old.yaml", "1", "gone.yaml", "1", "committed.yaml", "1", "touched.yaml", "1", "staged.yaml", "1")
	r.git("tag", "start")
	r.commit("committed.yaml", "2")
	r.git("branch", "side")
	r.write("staged.yaml", "2")
	r.git("add", "-A")
	r.write("work\ntree.yaml", "new")
	r.write(".gitignore", "ignored.yaml")
	r.write("ignored.yaml", "new")
	r.write("touched.yaml", "1")
	if err := os.Remove(filepath.Join(r.dir, "gone.yaml")); err != nil {
		t.Fatal(err)
	}
	want := []string{".gitignore", "committed.yaml", "staged.yaml", "work\ntree.yaml"}
	c := r.since("start")
	same(t, "new", c.New, want...)
	same(t, "touched", c.Touched, append(want, "gone.yaml")...)
	same(t, "since the last commit", r.since("HEAD").New, ".gitignore", "staged.yaml", "work\ntree.yaml")
	r.git("config", "diff.relative", "true")
	r.git("config", "core.quotePath", "true")
	same(t, "with settings that change what diff prints", r.since("start").New, want...)

	// What the other branch has done since is no change of this one.
	r.git("stash", "-q", "-u")
	r.git("switch", "-q", "side")
	r.commit("old.yaml", "changed aside")
	r.git("switch", "-q", "main")
	same(t, "since a branch", r.since("side").New)
	r.git("checkout", "-q", "--orphan", "other")
	r.commit("old.yaml", "other")
	same(t, "without common history", r.since("side").New, "old.yaml")
}

// TestRevisions asserts what is said of revisions that are not there.
func TestRevisions(t *testing.T) {
	r := newRepo(t)
	r.commit("a.yaml", "1")
	r.git("tag", "first")
	r.commit("a.yaml", "2")
	for _, name := range []string{"nowhere", "-x", "--help", "", "HEAD\n", "HEAD:a.yaml", "first..HEAD"} {
		var wrong *git.RevisionError
		if _, err := r.open().Since(t.Context(), name); !errors.As(err, &wrong) || wrong.Name != name || wrong.Shallow {
			t.Errorf("revision %q: %v", name, err)
		}
	}
	tree, err := r.open().Tree(t.Context(), "first")
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	read(t, tree, "a.yaml", "1")

	clone := &repo{t, filepath.Join(filepath.Dir(r.dir), "shallow")}
	r.git("clone", "-q", "--depth", "1", "file://"+filepath.ToSlash(r.dir), clone.dir)
	var wrong *git.RevisionError
	if _, err := clone.open().Since(t.Context(), r.git("rev-parse", "first")); !errors.As(err, &wrong) || !wrong.Shallow {
		t.Errorf("in a shallow clone: %v", err)
	}
}

// TestOpen asserts what is said where there is no work tree of a repository, and what folders are.
func TestOpen(t *testing.T) {
	r := newRepo(t)
	r.commit("a/b.yaml", "1")
	elsewhere := t.TempDir()
	if _, err := git.Open(t.Context(), elsewhere); !errors.Is(err, git.ErrNoRepository) {
		t.Errorf("no repository: %v", err)
	}
	r.git("clone", "-q", "--bare", r.dir, filepath.Join(elsewhere, "bare"))
	if _, err := git.Open(t.Context(), filepath.Join(elsewhere, "bare")); !errors.Is(err, git.ErrNoWorkTree) {
		t.Errorf("a bare repository: %v", err)
	}
	opened, err := git.Open(t.Context(), filepath.Join(r.dir, "a"))
	if err != nil || opened.Root != r.dir {
		t.Errorf("from a folder below: %+v %v", opened, err)
	}
	for name, want := range map[string]string{".": ".", "a": "a", "a/../a/b.yaml": "a/b.yaml", "a/new.yaml": "a/new.yaml", "..": "", "../x": "", "..x": "..x"} {
		if got, ok := opened.Path(filepath.Join(r.dir, name)); got != want || ok != (want != "") {
			t.Errorf("path of %s is %q", name, got)
		}
	}
	hooks := func(dir, want string) {
		t.Helper()
		opened, err := git.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := opened.Hooks(t.Context()); err != nil || got != want {
			t.Errorf("hooks of %s: %q %v, want %q", dir, got, err, want)
		}
	}
	hooks(filepath.Join(r.dir, "a"), filepath.Join(r.dir, ".git", "hooks"))
	linked := filepath.Join(filepath.Dir(r.dir), "linked")
	r.git("worktree", "add", "-q", linked, "-b", "linked")
	hooks(linked, filepath.Join(r.dir, ".git", "hooks"))
	r.git("config", "core.hooksPath", ".githooks")
	hooks(filepath.Join(r.dir, "a"), filepath.Join(r.dir, ".githooks"))
	r.git("config", "core.hooksPath", filepath.ToSlash(elsewhere))
	hooks(r.dir, elsewhere)

	if urls, err := opened.Remotes(t.Context()); err != nil || urls != nil {
		t.Errorf("no remotes: %q %v", urls, err)
	}
	r.git("remote", "add", "aside", "https://example.com/aside")
	r.git("remote", "add", "origin", "git@example.com:a/b.git")
	if urls, err := opened.Remotes(t.Context()); err != nil || !slices.Equal(urls, []string{"git@example.com:a/b.git", "https://example.com/aside"}) {
		t.Errorf("remotes: %q %v", urls, err)
	}
	t.Setenv("PATH", elsewhere)
	if _, err := git.Open(t.Context(), r.dir); !errors.Is(err, git.ErrNoProgram) {
		t.Errorf("without git: %v", err)
	}
}

// TestTree holds the index to what a file system has to do.
func TestTree(t *testing.T) {
	r := newRepo(t)
	var names []string
	for _, name := range hard {
		if runtime.GOOS != "windows" || !strings.ContainsAny(name, "\n\t\"*:") {
			names = append(names, name)
			r.write(name, strings.Repeat(name, 3))
		}
	}
	r.write("empty.yaml", "")
	r.write("deep/er/and/deeper.yaml", "1")
	r.git("add", "-A")
	if err := fstest.TestFS(r.index(), append(names, "empty.yaml", "deep/er/and/deeper.yaml")...); err != nil {
		t.Error(err)
	}
	tree := r.index()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for _, name := range names {
				read(t, tree, name, strings.Repeat(name, 3))
			}
		})
	}
	wait.Wait()
	if err := tree.Close(); err != nil {
		t.Error(err)
	}
	if _, err := fs.ReadFile(tree, "a b.yaml"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after it was closed: %v", err)
	}
}

// TestLinks asserts that links are followed within the repository and nowhere else.
func TestLinks(t *testing.T) {
	r := newRepo(t)
	r.write("data/2023.yaml", "figures")
	for name, target := range map[string]string{
		"link.yaml": "data/2023.yaml", "folder": "data", "twice.yaml": "folder/2023.yaml", "data/up.yaml": "../link.yaml",
		"loop.yaml": "loop.yaml", "dangling.yaml": "none.yaml", "out.yaml": "../elsewhere.yaml", "root.yaml": "/etc/hostname",
	} {
		if err := os.Symlink(target, filepath.Join(r.dir, name)); err != nil {
			t.Skip("no links here:", err)
		}
	}
	r.git("add", "-A")
	index := r.index()
	for _, name := range []string{"link.yaml", "twice.yaml", "data/up.yaml", "folder/2023.yaml", "folder/up.yaml"} {
		read(t, index, name, "figures")
	}
	if info, err := fs.Stat(index, "folder"); err != nil || !info.IsDir() {
		t.Errorf("a link to a folder: %v %v", info, err)
	}
	for name, want := range map[string]string{
		"loop.yaml": "too many", "dangling.yaml": "not exist", "out.yaml": "leads out", "root.yaml": "leads out", "dangling.yaml/x": "not exist", "data/2023.yaml/x": "not exist",
	} {
		if _, err := fs.ReadFile(index, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	var kinds []string
	entries, err := fs.ReadDir(index, ".")
	for _, e := range entries {
		if e.Type() == fs.ModeSymlink {
			kinds = append(kinds, e.Name())
		}
	}
	if len(kinds) != 7 || err != nil {
		t.Errorf("links: %q %v", kinds, err)
	}
}

// TestSubmodule asserts that a submodule is one changed entry, and no file.
func TestSubmodule(t *testing.T) {
	r := newRepo(t)
	inner := &repo{t, filepath.Join(filepath.Dir(r.dir), "inner")}
	r.git("init", "-q", "-b", "main", inner.dir)
	inner.commit("a.yaml", "1")
	r.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.dir, "sub")
	c := r.staged()
	same(t, "new in the first commit", c.New, ".gitmodules", "sub")
	r.git("commit", "-q", "-m", "x")
	sub := &repo{t, filepath.Join(r.dir, "sub")}
	sub.commit("a.yaml", "2")
	if c := r.since("HEAD"); !c.Has("sub/a.yaml") || c.Has("subtle.yaml") {
		t.Errorf("since: %+v", c)
	}
	r.git("add", "sub")
	c = r.staged()
	same(t, "new", c.New)
	same(t, "touched", c.Touched, "sub")
	index := r.index()
	if _, err := fs.ReadFile(index, "sub"); err == nil {
		t.Error("a submodule was read")
	}
	if info, err := fs.Stat(index, "sub"); err != nil || info.Mode().IsRegular() || info.IsDir() {
		t.Errorf("a submodule is %v %v", info, err)
	}
	if opened := sub.open(); opened.Root != sub.dir || opened.Dir != filepath.Join(r.dir, ".git", "modules", "sub") {
		t.Errorf("within it: %+v", opened)
	}
}

// TestPointer asserts that a Git LFS pointer is read as its file where the repository has that.
func TestPointer(t *testing.T) {
	r := newRepo(t)
	content := "figures"
	sum := sha256.Sum256([]byte(content))
	id := hex.EncodeToString(sum[:])
	pointer := fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", id, len(content))
	r.commit("a.yaml", pointer)
	read(t, r.index(), "a.yaml", pointer)
	stored := ".git/lfs/objects/" + id[:2] + "/" + id[2:4] + "/" + id
	r.write(stored, content)
	read(t, r.index(), "a.yaml", content)
	if info, err := fs.Stat(r.index(), "a.yaml"); err != nil || info.Size() != int64(len(content)) {
		t.Errorf("its size is %d %v", info.Size(), err)
	}
	linked := &repo{t, filepath.Join(filepath.Dir(r.dir), "linked")}
	r.git("worktree", "add", "-q", linked.dir, "-b", "linked")
	read(t, linked.index(), "a.yaml", content)
	r.write(stored, "damaged")
	read(t, r.index(), "a.yaml", pointer)
}

// TestSparse asserts that files outside of a sparse checkout are in the index, whichever way it is kept.
func TestSparse(t *testing.T) {
	r := newRepo(t)
	r.commit("in/a.yaml", "1", "out/deep/b.yaml", "2")
	if out, err := r.try("sparse-checkout", "set", "--cone", "--sparse-index", "in"); err != nil {
		t.Skip("this git has no sparse index:", out)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "out")); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("nothing is sparse: %v", err)
	}
	r.write("in/a.yaml", "3")
	r.git("add", "in/a.yaml")
	same(t, "touched", r.staged().Touched, "in/a.yaml")
	read(t, r.index(), "out/deep/b.yaml", "2")
	same(t, "since", r.since("HEAD").Touched, "in/a.yaml")
}

// TestFails asserts that failures of git come back in its own words, and that an interrupted call ends.
func TestFails(t *testing.T) {
	r := newRepo(t)
	r.commit("a.yaml", "1", "b.yaml", "2")
	id := r.git("rev-parse", "HEAD:a.yaml")
	if err := os.Remove(filepath.Join(r.dir, ".git", "objects", id[:2], id[2:])); err != nil {
		t.Fatal(err)
	}
	index := r.index()
	if _, err := fs.ReadFile(index, "a.yaml"); err == nil || !strings.Contains(err.Error(), id) {
		t.Errorf("a missing object: %v", err)
	}
	read(t, index, "b.yaml", "2")
	ctx, cancel := context.WithCancel(t.Context())
	opened := r.open()
	cancel()
	if _, err := opened.Index(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	r.write(".git/index", "nonsense")
	var failed *git.CommandError
	if _, err := opened.Index(t.Context()); !errors.As(err, &failed) || failed.Text == "" {
		t.Errorf("a broken index: %v", err)
	}
}
