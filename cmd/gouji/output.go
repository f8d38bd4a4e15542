package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/term"

	"github.com/gouji/gouji/engine/finding"
)

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

// print writes results to stdout.
func (a *app) print(render func(w io.Writer) error) error {
	b := bufio.NewWriter(a.stdout)
	if err := render(b); err != nil {
		return err
	}
	return b.Flush()
}

// save writes results to a file that is only replaced once they are complete. Devices and pipes are written directly.
func (a *app) save(ctx context.Context, path string, inputs []finding.Input, render func(w io.Writer) error) error {
	// Through a link, the file that it names is replaced, not the link.
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	flags, temporary := os.O_WRONLY|os.O_CREATE|os.O_EXCL, path+fmt.Sprintf(".%d.tmp", os.Getpid())
	mode := fs.FileMode(0o666)
	switch info, err := os.Stat(path); {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case err != nil:
	case info.IsDir():
		return a.problem(textIsFolder, path)
	case !info.Mode().IsRegular():
		flags, temporary = os.O_WRONLY, ""
	default:
		mode = info.Mode().Perm()
		for _, in := range inputs {
			if input, err := os.Stat(filepath.FromSlash(in.Path)); err == nil && os.SameFile(info, input) {
				return a.problem(textIsInput, path)
			}
		}
	}
	name := temporary
	if temporary == "" {
		name = path
	}
	f, err := os.OpenFile(name, flags, mode)
	if err != nil {
		return named(path, err)
	}
	b := bufio.NewWriter(f)
	err = render(b)
	err = errors.Join(err, b.Flush(), f.Close())
	if temporary == "" {
		return named(path, err)
	}
	if err == nil && ctx.Err() != nil {
		err = errInterrupted
	}
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		// Whether the temporary file goes away does not matter beside why it was no use.
		_ = os.Remove(temporary)
		return named(path, err)
	}
	return nil
}

// named gives an error the name of the file that the user asked for.
func named(path string, err error) error {
	var inner *fs.PathError
	var renamed *os.LinkError
	switch {
	case errors.As(err, &inner):
		return &fs.PathError{Op: inner.Op, Path: path, Err: inner.Err}
	case errors.As(err, &renamed):
		return &fs.PathError{Op: renamed.Op, Path: path, Err: renamed.Err}
	}
	return err
}
