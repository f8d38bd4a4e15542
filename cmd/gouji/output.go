package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/term"

	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/store"
)

// This file writes results. The rules are:
//   - A file appears, or is replaced, only once it is complete: it is written beside and renamed. Whatever goes wrong on the
//     way, an interruption too, the old file stays and nothing else is left.
//   - Through a link its file is replaced, not the link, and keeps its mode. Devices and pipes are written directly.
//   - Where nothing may be written beside a file that itself may be written, it is overwritten, and emptied should that fail.
//   - A reader of stdout that goes away, such as head, is no news, but the output is not whole: status 2.

// defaultWidth is the width of text that does not go to a terminal, in columns.
const defaultWidth = 100

// textWidth is the number of columns that text may take: that of the terminal, where it goes to one, else $COLUMNS or 100.
func textWidth(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		return columns
	}
	return defaultWidth
}

// output is one report to be written, or a store to be written to.
type output struct {
	format report.Format
	// store is nil for reports.
	store *store.Kind
	// path is the file; "" is stdout. Of a store it may be an address, which only shown may show.
	path string
}

// name is what a user types to choose the format.
func (o *output) name() string {
	if o.store != nil {
		return o.store.Name
	}
	return o.format.Name
}

// shown is the path without passwords.
func (o *output) shown() string {
	if o.store != nil {
		return o.store.Show(o.path)
	}
	return o.path
}

// formatNames lists the names of all formats and kinds of stores.
func formatNames() []string {
	names := report.Names()
	for _, k := range store.Kinds {
		names = append(names, k.Name)
	}
	return names
}

// formatOf is the format of that name, or the kind of store.
func formatOf(name string) (o output, ok bool) {
	if k, ok := store.Lookup(name); ok {
		return output{store: &k}, true
	}
	format, ok := report.Lookup(name)
	return output{format: format}, ok
}

// standard are the names of stdout.
var standard = []string{"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}

// outputs is what the flags ask for: each format is NAME, which goes to stdout or to the file of --output, or NAME=FILE.
// Without a format, the ending of the file tells it.
func (a *app) outputs(formats []string, file string) ([]output, error) {
	if file != "" && len(formats) == 0 {
		formats = []string{report.ByFile(file).Name}
		if k, ok := store.ByTarget(file); ok {
			formats[0] = k.Name
		}
	}
	if len(formats) == 0 {
		formats = []string{report.Formats[0].Name}
	}
	var out []output
	for _, value := range formats {
		name, path, own := strings.Cut(value, "=")
		if name == "" || own && path == "" {
			return nil, a.problem(textNoValue, "--format "+strings.TrimSpace(value))
		}
		o, ok := formatOf(name)
		if !ok {
			return nil, a.unknown(wordFormat, name, formatNames())
		}
		if !own {
			path, file = file, ""
		}
		if slices.Contains(standard, path) {
			path = ""
		}
		if o.path = path; o.store != nil && (path == "" || !o.store.Takes(path)) {
			p := a.problem(textNoStore, name)
			p.hint = a.sayf(textStoreTarget, name, o.store.Example)
			return nil, p
		}
		if k, ok := store.ByTarget(path); ok && o.store == nil && !k.File() {
			return nil, a.problem(textNoFile, k.Show(path), k.Name, o.name())
		}
		out = append(out, o)
	}
	if file != "" {
		if k, ok := store.ByTarget(file); ok {
			file = k.Show(file)
		}
		return nil, a.problem(textOutputUnused, file)
	}
	for i, o := range out {
		for _, other := range out[:i] {
			switch {
			case o.path == "" && other.path == "":
				p := a.problem(textStdoutTwice, other.name(), o.name())
				p.hint = a.sayf(textOwnFile, o.format.Name)
				return nil, p
			case o.path != "" && other.path != "" && sameFile(o.path, other.path):
				return nil, a.problem(textSameOutput, other.name(), o.name(), o.shown())
			}
		}
		if f, ok := a.stdout.(*os.File); ok && o.path == "" && o.format.Binary && term.IsTerminal(int(f.Fd())) {
			p := a.problem(textBinary, o.format.Name)
			p.hint = a.sayf(textOwnFile, o.format.Name)
			return nil, p
		}
	}
	return out, nil
}

// sameFile reports whether two paths name one file that would be replaced, there already or not.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return os.SameFile(x, y) && x.Mode().IsRegular()
	}
	clean := func(path string) string {
		dir, name := filepath.Split(path)
		if resolved, err := filepath.EvalSymlinks(filepath.Clean(dir)); err == nil {
			dir = resolved
		}
		if abs, err := filepath.Abs(dir); err == nil {
			dir = abs
		}
		return filepath.Join(dir, name)
	}
	return errors.Is(errX, fs.ErrNotExist) && errors.Is(errY, fs.ErrNotExist) && clean(a) == clean(b)
}

// print writes results to stdout.
func (a *app) print(render func(w io.Writer) error) error {
	b := bufio.NewWriter(a.stdout)
	if err := render(b); err != nil {
		return err
	}
	return b.Flush()
}

// printed is print for results that may take long, which an interruption ends.
func (a *app) printed(ctx context.Context, render func(w io.Writer) error) error {
	_, err := interruptible(ctx, func() (struct{}, error) { return struct{}{}, a.print(render) })
	return err
}

// target is a file to be written.
type target struct {
	// path is that of the file itself, behind all links.
	path string
	// old is what is there; nil for nothing.
	old fs.FileInfo
}

// target looks at what a path names, and refuses what must not be overwritten: folders, and the inputs of the run.
func (a *app) target(path string, inputs []string) (target, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if strings.HasSuffix(filepath.ToSlash(path), "/") {
			return target{}, &fs.PathError{Op: "open", Path: path, Err: syscall.EISDIR}
		}
		if path, err = follow(path); err != nil {
			return target{}, err
		}
		if _, err := os.Stat(filepath.Dir(path)); err != nil {
			return target{}, err
		}
		return target{path: path}, nil
	case err != nil:
		return target{}, err
	case info.IsDir():
		return target{}, a.problem(textIsFolder, path)
	case !info.Mode().IsRegular():
		return target{path, info}, nil
	}
	for _, in := range inputs {
		if input, err := os.Stat(filepath.FromSlash(in)); err == nil && os.SameFile(info, input) {
			return target{}, a.problem(textIsInput, path)
		}
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return target{path, info}, nil
}

// follow is the file that a link names, though it does not exist.
func follow(path string) (string, error) {
	for range 40 {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil
		}
		if !filepath.IsAbs(to) {
			dir, err := filepath.EvalSymlinks(filepath.Dir(path))
			if err != nil {
				return "", err
			}
			to = filepath.Join(dir, to)
		}
		path = to
	}
	return "", &fs.PathError{Op: "open", Path: path, Err: syscall.ELOOP}
}

// save writes results to a file.
func (a *app) save(ctx context.Context, path string, inputs []string, render func(w io.Writer) error) error {
	t, err := a.target(path, inputs)
	if err != nil {
		return named(path, err)
	}
	if t.old != nil && !t.old.Mode().IsRegular() {
		_, err := interruptible(ctx, func() (struct{}, error) {
			f, err := os.OpenFile(t.path, os.O_WRONLY, 0)
			if err != nil {
				return struct{}{}, err
			}
			return struct{}{}, fill(f, render)
		})
		return named(path, err)
	}
	f, err := t.beside()
	if err != nil {
		if t.old == nil || !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
			return named(path, err)
		}
		content, err := interruptible(ctx, func() ([]byte, error) {
			var b bytes.Buffer
			err := render(&b)
			return b.Bytes(), err
		})
		if err == nil {
			err = t.overwrite(bytes.NewReader(content))
		}
		return named(path, err)
	}
	_, err = interruptible(ctx, func() (struct{}, error) { return struct{}{}, fill(f, render) })
	if err == nil && ctx.Err() != nil {
		err = errInterrupted
	}
	if err == nil {
		err = t.replace(f.Name())
	}
	if err != nil {
		// It is still open after an interruption. Whether it goes away does not matter beside why it was no use.
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
	return named(path, err)
}

// fill writes a file to its end and closes it.
func fill(f *os.File, render func(w io.Writer) error) error {
	b := bufio.NewWriter(f)
	err := render(b)
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		// Some disks tell only now that they are full; what is no disk cannot be synced.
		if err = f.Sync(); !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EIO) {
			err = nil
		}
	}
	return errors.Join(err, f.Close())
}

// beside opens a new file in the folder of the target, with the mode that the target has or would get.
func (t target) beside() (*os.File, error) {
	for n := 0; ; n++ {
		name := filepath.Join(filepath.Dir(t.path), fmt.Sprintf(".gouji-%d-%d.tmp", os.Getpid(), n))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) && n < 1000 {
			continue
		}
		if err != nil || t.old == nil {
			return f, err
		}
		// Where a mode cannot be set, none is kept there anyway.
		_ = f.Chmod(t.old.Mode().Perm())
		return f, nil
	}
}

// replace puts a complete file in the place of the target.
func (t target) replace(complete string) error {
	err := os.Rename(complete, t.path)
	if t.old == nil || !errors.Is(err, syscall.EBUSY) {
		return err
	}
	// A file that is mounted by itself, as containers do, cannot be replaced.
	f, err := os.Open(complete)
	if err != nil {
		return err
	}
	err = t.overwrite(f)
	return errors.Join(err, f.Close(), os.Remove(complete))
}

// overwrite writes over the target itself.
func (t target) overwrite(content io.Reader) error {
	f, err := os.OpenFile(t.path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	err = fill(f, func(w io.Writer) error {
		_, err := io.Copy(w, content)
		return err
	})
	if err != nil {
		// A part must not look like the whole.
		_ = os.Truncate(t.path, 0)
	}
	return err
}

// named gives an error the name of the file that the user asked for, unless it is about a file for what is too much for memory:
// that is on another disk, where room has to be made.
func named(path string, err error) error {
	var inner *fs.PathError
	var renamed *os.LinkError
	switch {
	case errors.Is(err, errInterrupted):
	case errors.As(err, &inner) && filepath.Dir(inner.Path) == filepath.Clean(os.TempDir()) && strings.HasPrefix(filepath.Base(inner.Path), "gouji-"):
	case errors.As(err, &inner):
		return &fs.PathError{Op: inner.Op, Path: path, Err: inner.Err}
	case errors.As(err, &renamed):
		return &fs.PathError{Op: renamed.Op, Path: path, Err: renamed.Err}
	}
	return err
}
