package git

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Changes are names of files that changed, from the top folder of the work tree, in slashes.
type Changes struct {
	// New have content that is new: they were added or modified, in a merge against each parent.
	New map[string]bool
	// Touched are those of New, those deleted, and in a merge those that differ from one parent.
	Touched map[string]bool
	// Folders are repositories within the work tree that changed: submodules, and others that git does not track.
	Folders []string
}

// Has reports whether the content of a file is new.
func (c *Changes) Has(name string) bool {
	if c.New[name] {
		return true
	}
	for _, folder := range c.Folders {
		if strings.HasPrefix(name, folder+"/") {
			return true
		}
	}
	return false
}

// Staged are the changes that a commit would make now. Of a merge in progress, what one parent has already is not new.
func (r *Repository) Staged(ctx context.Context) (*Changes, error) {
	parents, err := r.parents(ctx)
	if err != nil {
		return nil, err
	}
	c := &Changes{New: map[string]bool{}, Touched: map[string]bool{}}
	if len(parents) == 0 {
		// The first commit: all is new.
		index, err := r.Index(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range index.entries {
			c.New[e.path], c.Touched[e.path] = true, true
		}
		return c, nil
	}
	differ := map[string]int{}
	for _, parent := range parents {
		out, err := r.run(ctx, "diff-index", "--cached", "--ita-invisible-in-index", "--raw", "-z", "--no-renames", "--no-abbrev", parent, "--")
		if err != nil {
			return nil, err
		}
		raw(out, func(name string, deleted, repository bool) {
			c.Touched[name] = true
			if !deleted && !repository {
				differ[name]++
			}
		})
	}
	for name, n := range differ {
		if n == len(parents) {
			c.New[name] = true
		}
	}
	return c, nil
}

// parents are those of the commit to come: none for the first one, several to conclude a merge.
func (r *Repository) parents(ctx context.Context) ([]string, error) {
	head, err := r.commit(ctx, "HEAD")
	var none *RevisionError
	if errors.As(err, &none) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	merged, err := os.ReadFile(filepath.Join(r.Dir, "MERGE_HEAD"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return append([]string{head}, strings.Fields(string(merged))...), nil
}

// Since are the changes of the work tree since it left the history of a revision, files that git does not know yet
// included. Where the two have no common history, or a shallow clone does not know it, they are those against the
// revision itself.
func (r *Repository) Since(ctx context.Context, revision string) (*Changes, error) {
	base, err := r.commit(ctx, revision)
	if err != nil {
		return nil, err
	}
	var command *CommandError
	switch common, err := r.line(ctx, "merge-base", base, "HEAD"); {
	case err == nil && common != "":
		base = common
	case err != nil && !errors.As(err, &command):
		return nil, err
	}
	// diff, unlike diff-index, compares contents where only times differ.
	out, err := r.run(ctx, "-c", "diff.relative=false", "diff", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-color",
		"--no-ext-diff", "--ignore-submodules=none", base, "--")
	if err != nil {
		return nil, err
	}
	c := &Changes{New: map[string]bool{}, Touched: map[string]bool{}}
	raw(out, func(name string, deleted, repository bool) {
		c.Touched[name] = true
		switch {
		case deleted:
		case repository:
			c.Folders = append(c.Folders, name)
		default:
			c.New[name] = true
		}
	})
	out, err = r.run(ctx, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	for _, name := range records(out) {
		if folder, ok := strings.CutSuffix(name, "/"); ok {
			c.Folders = append(c.Folders, folder)
			continue
		}
		c.New[name], c.Touched[name] = true, true
	}
	return c, nil
}

// raw reads what git diff prints with --raw -z: a line of modes, ids and the kind of change, then the name.
func raw(out []byte, change func(name string, deleted, repository bool)) {
	fields := records(out)
	for i := 0; i+1 < len(fields); i += 2 {
		meta := strings.Fields(strings.TrimPrefix(fields[i], ":"))
		if len(meta) < 5 {
			continue
		}
		change(fields[i+1], meta[4] == "D", meta[1] == modeRepository)
	}
}
