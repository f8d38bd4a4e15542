package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/git"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/rule"
)

// repository is the git repository in which gouji runs.
func (a *app) repository(ctx context.Context) (*git.Repository, error) {
	r, err := git.Open(ctx, ".")
	return r, a.gitTrouble(err)
}

// gitTrouble words what git could not do.
func (a *app) gitTrouble(err error) error {
	var (
		none    *git.RevisionError
		command *git.CommandError
		p       *problem
	)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, git.ErrNoProgram):
		p = a.problem(textNoGit)
	case errors.Is(err, git.ErrNoRepository):
		p = a.problem(textNoRepository)
		p.hint = a.say(hintNoRepository)
	case errors.Is(err, git.ErrNoWorkTree):
		p = a.problem(textNoWorkTree)
	case errors.As(err, &none):
		p = a.problem(textUnknown, a.say(wordRevision), none.Name)
		p.hint = a.say(hintRevision)
		if none.Shallow {
			p.hint = a.say(hintShallow)
		}
	case errors.As(err, &command):
		p = a.problem(textGitFails, command.Command, command.Text)
	default:
		return err
	}
	return p
}

// packChanges tells which packs are not what they were. Folders are named from the top of the repository, as in files.
type packChanges struct {
	files fs.FS
	// touched are the folders in which a file changed, was added or deleted.
	touched map[string]bool
}

func changesOfPacks(files fs.FS, c *git.Changes) packChanges {
	p := packChanges{files, map[string]bool{}}
	for name := range c.Touched {
		p.touched[path.Dir(name)] = true
	}
	return p
}

// changed reports whether the pack in a folder, or one that it extends, has changed.
func (p packChanges) changed(dir string) bool {
	for seen := map[string]bool{}; dir != "" && !seen[dir]; {
		if p.touched[dir] {
			return true
		}
		seen[dir] = true
		base := rule.Base(p.files, dir)
		if base == "" || strings.ContainsAny(base, `/\.`) {
			return false
		}
		// A base that does not stand beside the pack is a shipped one, unless it has just been deleted there.
		dir = path.Join(path.Dir(dir), base)
	}
	return false
}

// below lists the changed packs in a folder of packs, those deleted included.
func (p packChanges) below(packs string) []string {
	var dirs []string
	entries, _ := fs.ReadDir(p.files, packs)
	for _, e := range entries {
		dirs = append(dirs, path.Join(packs, e.Name()))
	}
	for dir := range p.touched {
		if path.Dir(dir) == packs {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	return slices.DeleteFunc(dirs, func(dir string) bool { return !p.changed(dir) })
}

// since lists the inputs at the paths that have changed since a revision, or whose pack has, and which of them are to be
// judged, which the options then say; paths that cannot be read are told.
func (a *app) since(ctx context.Context, revision string, paths []string, o *engine.Options) (inputs []string, err error) {
	repo, err := a.repository(ctx)
	if err != nil {
		return nil, err
	}
	changes, err := repo.Since(ctx, revision)
	if err != nil {
		return nil, a.gitTrouble(err)
	}
	files, unreadable, err := engine.List(ctx, paths, *o)
	if err != nil {
		return nil, err
	}
	for _, err := range unreadable {
		a.unreadable(err)
	}
	has := func(file string) bool {
		name, ok := repo.Path(file)
		return ok && (changes.Has(name) || changes.Touched[name+acceptance.Suffix])
	}
	touched := func(file string) bool {
		name, ok := repo.Path(file)
		return ok && changes.Touched[name]
	}
	// What is accepted for all data concerns all, and so does the list of entities.
	all := o.Baseline != "" && touched(o.Baseline) || o.EntityList != "" && touched(o.EntityList) || slices.ContainsFunc(o.Accepted, touched)
	isNew := map[string]bool{}
	for _, file := range files {
		isNew[file] = all || has(file)
		if info, err := os.Lstat(file); err == nil && info.Mode().Type() == fs.ModeSymlink && !isNew[file] {
			target, err := filepath.EvalSymlinks(file)
			isNew[file] = err == nil && has(target)
		}
	}
	spread(isNew, files, changes, o)
	packs := changesOfPacks(os.DirFS(repo.Root), changes)
	changed := map[string]bool{}
	if o.Rules != "" {
		if dir, ok := repo.Path(o.Rules); ok && packs.changed(dir) && !isShipped(o.Rules) {
			changed[o.Rules] = true
		}
	} else if dir, ok := repo.Path(rulesFolder); ok {
		for _, pack := range packs.below(dir) {
			changed[path.Base(pack)] = true
		}
	}
	if len(changed) == 0 {
		return slices.DeleteFunc(files, func(file string) bool { return !isNew[file] }), nil
	}
	o.Take = func(file, pack string) bool { return isNew[file] || changed[pack] }
	return files, nil
}

// spread takes all tables among the files for new where one of them changed and they are joined: a row of any may be of the same
// unit. It tells the options whether files are left out.
func spread(isNew map[string]bool, files []string, changes *git.Changes, o *engine.Options) {
	if o.Join && slices.ContainsFunc(slices.Collect(maps.Keys(changes.Touched)), reader.IsTable) {
		for _, file := range files {
			isNew[file] = isNew[file] || reader.IsTable(file)
		}
	}
	o.Partial = slices.ContainsFunc(files, func(file string) bool { return !isNew[file] })
}

// isShipped reports whether --rules names a pack in the program rather than a folder.
func isShipped(name string) bool {
	return engine.Shipped().Find(name) != nil && !strings.ContainsAny(name, `/\.`)
}
