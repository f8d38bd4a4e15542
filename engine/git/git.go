// Package git asks the program git what a repository holds and what changed in it.
//
// Files of the index and of revisions come as an fs.FS (Tree), so that what is about to be committed can be read without
// the work tree. Names are passed with NUL between them and are never taken for patterns: they may hold anything. The
// environment is left to git, which tells hooks by it which repository and which index they are for.
//
// But for Init, the package changes nothing; it knows nothing of what files hold.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Repository is a repository with its work tree.
type Repository struct {
	// Root is the top folder of the work tree, absolute and without links.
	Root string
	// Dir is the folder that git keeps for this work tree, absolute: .git, or a folder in it for a linked work tree.
	Dir string
}

// What keeps git from answering.
var (
	ErrNoProgram    = errors.New("the program git is not installed")
	ErrNoRepository = errors.New("not a git repository")
	ErrNoWorkTree   = errors.New("the git repository has no work tree")
)

// CommandError is a failure of git itself, in its own words.
type CommandError struct{ Command, Text string }

func (e *CommandError) Error() string { return fmt.Sprintf("git %s: %s", e.Command, e.Text) }

// RevisionError says that there is no such revision.
type RevisionError struct {
	Name string
	// Shallow: the clone lacks the older history, in which it may be.
	Shallow bool
}

func (e *RevisionError) Error() string { return fmt.Sprintf("no revision %q", e.Name) }

// Init makes a folder a repository.
func Init(ctx context.Context, dir string) error {
	_, err := (&Repository{Root: dir}).run(ctx, "init", "--quiet")
	return err
}

// Open finds the repository in whose work tree the folder dir lies.
func Open(ctx context.Context, dir string) (*Repository, error) {
	r := &Repository{Root: dir}
	root, err := r.line(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	if r.Dir, err = r.line(ctx, "rev-parse", "--absolute-git-dir"); err != nil {
		return nil, err
	}
	r.Root = filepath.FromSlash(root)
	r.Dir = filepath.FromSlash(r.Dir)
	return r, nil
}

// Path is the name of a file or folder from the top folder of the work tree, in slashes; "." is that folder. ok is false
// for what lies elsewhere. The file need not exist.
func (r *Repository) Path(name string) (below string, ok bool) {
	name, err := filepath.Abs(name)
	if err != nil {
		return "", false
	}
	if inside(r.Root, name) == "" {
		// The folder may have been named through a link; the file itself may be one.
		dir, err := filepath.EvalSymlinks(filepath.Dir(name))
		if err != nil {
			return "", false
		}
		name = filepath.Join(dir, filepath.Base(name))
	}
	below = inside(r.Root, name)
	return below, below != ""
}

// inside is the path of name below dir, in slashes, and "" when it lies elsewhere.
func inside(dir, name string) string {
	rel, err := filepath.Rel(dir, name)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// Hooks is the folder of the hooks: that of core.hooksPath, else the one in the repository.
func (r *Repository) Hooks(ctx context.Context) (string, error) {
	dir, err := r.line(ctx, "rev-parse", "--git-path", "hooks")
	if err != nil {
		return "", err
	}
	// Relative paths are relative to where git runs hooks.
	if dir = filepath.FromSlash(dir); !filepath.IsAbs(dir) {
		dir = filepath.Join(r.Root, dir)
	}
	return dir, nil
}

// Remotes are the addresses of the repository's remotes, that of origin first.
func (r *Repository) Remotes(ctx context.Context) ([]string, error) {
	out, err := r.run(ctx, "config", "-z", "--get-regexp", `^remote\..*\.url$`)
	if err != nil {
		// There are none: git says nothing and fails.
		var command *CommandError
		if errors.As(err, &command) && command.Text == "" {
			return nil, nil
		}
		return nil, err
	}
	var urls []string
	for _, one := range records(out) {
		key, url, _ := strings.Cut(one, "\n")
		if key == "remote.origin.url" {
			urls = append([]string{url}, urls...)
		} else {
			urls = append(urls, url)
		}
	}
	return urls, nil
}

// commit is the id of the commit that a revision names.
func (r *Repository) commit(ctx context.Context, revision string) (string, error) {
	if revision != "" && !strings.HasPrefix(revision, "-") && !strings.ContainsAny(revision, "\x00\n") {
		id, err := r.line(ctx, "rev-parse", "--quiet", "--verify", revision+"^{commit}")
		var command *CommandError
		if err == nil || !errors.As(err, &command) {
			return id, err
		}
	}
	shallow, err := r.line(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return "", err
	}
	return "", &RevisionError{Name: revision, Shallow: shallow == "true"}
}

// line is what git prints, without the end of its line.
func (r *Repository) line(ctx context.Context, args ...string) (string, error) {
	out, err := r.run(ctx, args...)
	return strings.TrimRight(string(out), "\r\n"), err
}

// run is what git prints.
func (r *Repository) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := r.command(ctx, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	text := strings.TrimSpace(stderr.String())
	var exit *exec.ExitError
	switch {
	case err == nil:
		return stdout.Bytes(), nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return nil, ErrNoProgram
	case !errors.As(err, &exit):
		return nil, err
	case strings.Contains(text, "not a git repository"):
		return nil, ErrNoRepository
	case strings.Contains(text, "must be run in a work tree"):
		return nil, ErrNoWorkTree
	}
	return nil, &CommandError{Command: args[0], Text: text}
}

// command runs in the top folder, from which names count, and where git runs hooks.
func (r *Repository) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.Root
	// Messages are told apart by their English; asking must not wait for, or make, locks.
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	return cmd
}

// records splits what git prints with -z.
func records(out []byte) []string {
	text := strings.TrimSuffix(string(out), "\x00")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\x00")
}
