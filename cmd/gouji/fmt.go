package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/layout"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
)

// stdinName is the argument that means the standard input.
const stdinName = "-"

// fmtFlags are the flags of gouji fmt.
type fmtFlags struct{ check, diff bool }

func fmtCommand(a *app) *cobra.Command {
	var o fmtFlags
	c := &cobra.Command{
		Use:   "fmt [PATH…]",
		Short: a.say(shortFmt),
		Long:  a.say(longFmt),
		RunE: func(c *cobra.Command, paths []string) error {
			if slices.Contains(paths, stdinName) {
				if len(paths) > 1 {
					return a.problem(textTooMany, paths[1])
				}
				return a.fmtStdin(c.InOrStdin(), &o)
			}
			return a.fmtFiles(c.Context(), paths, &o)
		},
	}
	c.Flags().SortFlags = false
	c.Flags().BoolVar(&o.check, "check", false, a.say(flagFmtCheck))
	c.Flags().BoolVar(&o.diff, "diff", false, a.say(flagFmtDiff))
	return c
}

// fmtStdin lays out what it reads. A file with faults gives nothing.
func (a *app) fmtStdin(in io.Reader, o *fmtFlags) error {
	content, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	out, err := a.laidOut("<stdin>", content)
	if out == nil || err != nil {
		return err
	}
	if o.check || o.diff {
		return a.differs("<stdin>", content, out, o)
	}
	return a.print(func(w io.Writer) error { _, err := w.Write(out); return err })
}

// fmtFiles lays out the files at the paths, and names those that change.
func (a *app) fmtFiles(ctx context.Context, paths []string, o *fmtFlags) error {
	if len(paths) == 0 {
		for _, folder := range []string{datasetsFolder, rulesFolder} {
			if info, err := os.Stat(folder); err == nil && info.IsDir() {
				paths = append(paths, folder)
			}
		}
		if len(paths) == 0 {
			return a.problem(textNoFolders, datasetsFolder, rulesFolder)
		}
	}
	for _, path := range paths {
		files, err := a.fmtPath(path)
		if err != nil {
			a.unreadable(err)
			continue
		}
		for _, file := range files {
			if ctx.Err() != nil {
				return errInterrupted
			}
			if err := a.fmtFile(ctx, file, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// hasLayout reports whether a file is one of those that have a canonical form, by its name: no table, and not compressed.
func hasLayout(file string) bool {
	format, ok := reader.Lookup(file)
	return ok && format.Pieces == nil && reader.Uncompressed(file) == file
}

func (a *app) fmtFile(ctx context.Context, file string, o *fmtFlags) error {
	if _, data := reader.Lookup(file); data && !hasLayout(file) {
		f := source.New(filepath.ToSlash(file), nil)
		return a.diagnostics(a.stderr, diag.List{diag.New(diag.UnknownFormat, source.Span{File: f}, filepath.Ext(file), ".yaml, .yml, .json")})
	}
	content, err := os.ReadFile(file)
	if err != nil {
		a.unreadable(err)
		return nil
	}
	out, err := a.laidOut(filepath.ToSlash(file), content)
	if out == nil || err != nil || bytes.Equal(content, out) {
		return err
	}
	if o.check || o.diff {
		return a.differs(file, content, out, o)
	}
	if err := a.save(ctx, file, nil, func(w io.Writer) error { _, err := w.Write(out); return err }); err != nil {
		return err
	}
	return a.print(func(w io.Writer) error { _, err := fmt.Fprintln(w, visible(file)); return err })
}

// laidOut is the content of a file in canonical form, nil for one with faults, which are told.
func (a *app) laidOut(name string, content []byte) ([]byte, error) {
	out, list, err := layout.Format(source.New(name, content))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, a.diagnostics(a.stderr, list)
}

// differs tells that a file is not in canonical form: its name, or how it would change. With --check that counts as found.
func (a *app) differs(file string, before, after []byte, o *fmtFlags) error {
	if bytes.Equal(before, after) {
		return nil
	}
	if o.check {
		a.raise(found)
	}
	return a.print(func(w io.Writer) error {
		if !o.diff {
			_, err := fmt.Fprintln(w, visible(file))
			return err
		}
		_, err := w.Write(diff.Diff(file, before, file, after))
		return err
	})
}

// fmtPath lists the files of a path: the file itself; of a folder the files of packs and the datasets. Other YAML and JSON
// that may lie there is not gouji's.
func (a *app) fmtPath(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, err
	}
	var files []string
	root := path
	// A folder given as a link is walked; links within it are not followed.
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		root = resolved
	}
	err = filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, file)
		shown := filepath.Join(path, rel)
		switch {
		case err != nil:
			a.unreadable(err)
			return nil
		case rel != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return nil
		}
		if hasLayout(file) && (a.ofPack(file) || isDataset(file)) {
			files = append(files, shown)
		}
		return nil
	})
	return files, err
}

// ofPack reports whether a file is one of a pack.
func (a *app) ofPack(file string) bool {
	_, err := os.Stat(filepath.Join(filepath.Dir(file), rule.PackFile))
	return err == nil && filepath.Ext(file) == ".yaml"
}

// isDataset reports whether a file has the header of a dataset. A file that cannot be read, or has faults, may be one.
func isDataset(file string) bool {
	content, err := os.ReadFile(file)
	if err != nil {
		return true
	}
	format, _ := reader.Lookup(file)
	doc, list := format.Read(source.New(file, content))
	return doc == nil && list.HasErrors() || doc.Get("entity") != nil
}
