package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/git"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/reader/csv"
	"github.com/gouji/gouji/engine/reader/json"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
)

// disk is the file system of the machine. Its names are paths of the system, absolute ones and those that begin with
// ".." too, which fs.FS does not ask for.
type disk struct{}

func (disk) Open(name string) (fs.File, error)          { return os.Open(name) }
func (disk) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (disk) ReadFile(name string) ([]byte, error)       { return os.ReadFile(name) }
func (disk) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// source is where the datasets, documents and packs lie, and name the path of one of them there, in slashes.
func (o *Options) source(name string) (files fs.FS, at string) {
	if o.Files != nil {
		return o.Files, path.Clean(name)
	}
	return disk{}, filepath.ToSlash(filepath.Clean(name))
}

// folder finds a pack: the shipped one of that name, or the folder of that name. A name with a slash or a dot in it is
// always a folder's. Beside the folder dir of fsys stand the packs that it can extend; shown is what messages call it.
func (o *Options) folder(name string) (fsys fs.FS, dir, shown string, err error) {
	if fsys := Shipped().Find(name); fsys != nil && !strings.ContainsAny(name, `/\.`) {
		return fsys, name, name, nil
	}
	fsys, shown = o.source(name)
	info, err := fs.Stat(fsys, shown)
	if err != nil || !info.IsDir() {
		return nil, "", "", &NoPackError{Name: name}
	}
	dir = shown
	if o.Files == nil {
		abs, err := filepath.Abs(name)
		if err != nil {
			return nil, "", "", fmt.Errorf("read pack %s: %w", name, err)
		}
		fsys, dir = os.DirFS(filepath.Dir(abs)), filepath.Base(abs)
	}
	if _, err := fs.Stat(fsys, path.Join(dir, rule.PackFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, "", "", &NoPackError{Name: name, Folder: true}
	}
	return fsys, dir, shown, nil
}

// named is the pack that data calls by that name, as Load takes it: the one in the folder Packs, else the shipped one;
// "" when there is neither. Data names no other folders: which of these judges it is for the user to say.
func (o *Options) named(name string) string {
	if name == "" || strings.ContainsAny(name, `/\.`) {
		return ""
	}
	if o.Packs != "" {
		files, at := o.source(path.Join(o.Packs, name))
		if _, err := fs.Stat(files, path.Join(at, rule.PackFile)); err == nil {
			return at
		}
	}
	if Shipped().Find(name) == nil {
		return ""
	}
	return name
}

// names are the packs that data can name.
func (o *Options) names() []string {
	names := Shipped().Names()
	if o.Packs != "" {
		files, at := o.source(o.Packs)
		entries, _ := fs.ReadDir(files, at)
		for _, e := range entries {
			if o.named(e.Name()) != "" {
				names = append(names, e.Name())
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// readFile reads a file, unless it is larger than any that could be a report or stands for one that is elsewhere. The
// content is nil where it was not read.
func readFile(files fs.FS, name string) ([]byte, diag.List, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	span := source.Span{File: source.New(name, nil)}
	limit, raw := document.Usual.Bytes, newCounted(name, f)
	if raw.size > limit {
		return nil, diag.List{diag.New(diag.DocumentLimit, span, fmt.Sprintf("%d MiB", limit>>20))}, nil
	}
	plain, err := reader.Decompress(name, raw)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	defer plain.Close()
	// What a file is said to hold is only what to expect.
	var all bytes.Buffer
	all.Grow(int(raw.size) + bytes.MinRead)
	_, err = all.ReadFrom(io.LimitReader(plain, limit+1))
	content := all.Bytes()
	switch {
	case int64(len(content)) > limit:
		return nil, diag.List{diag.New(diag.DocumentLimit, span, fmt.Sprintf("%d MiB", limit>>20))}, nil
	case err != nil:
		return nil, nil, err
	case git.IsPointer(content):
		return nil, diag.List{diag.New(diag.FilePointer, span)}, nil
	}
	return content, nil, nil
}

// NoDatasetsError says that a path holds nothing to check.
type NoDatasetsError struct{ Path string }

func (e *NoDatasetsError) Error() string { return fmt.Sprintf("%s holds no datasets", e.Path) }

// List names the data files and documents that Check would judge at the paths, and why others cannot be read.
func List(ctx context.Context, paths []string, o Options) (files []string, unreadable []error, err error) {
	c := newChecking(o)
	files, err = c.files(ctx, paths)
	return files, c.unreadable, err
}

// files lists the data files and documents at the paths, each once. Of a folder they are its data files, or its documents
// where it has none: the documents beside datasets are where these come from. Paths that cannot be read are noted.
func (c *checking) files(ctx context.Context, paths []string) ([]string, error) {
	var files []string
	seen := map[string]bool{}
	for _, p := range paths {
		if p == Stdin {
			files = append(files, Stdin)
			continue
		}
		fsys, at := c.options.source(p)
		// What is accepted of a file is checked with it.
		at = strings.TrimSuffix(at, acceptance.Suffix)
		info, err := fs.Stat(fsys, at)
		if err != nil {
			c.unreadable = append(c.unreadable, err)
			continue
		}
		found := []string{at}
		if info.IsDir() {
			if found, err = c.walk(ctx, fsys, at); err != nil {
				return nil, err
			}
			if c.options.EntityList != "" {
				// It may lie among the data.
				_, list := c.options.source(c.options.EntityList)
				found = slices.DeleteFunc(found, func(file string) bool { return file == list })
			}
		}
		for _, file := range found {
			// One path alone holds nothing twice.
			if len(paths) > 1 {
				if seen[file] {
					continue
				}
				seen[file] = true
			}
			files = append(files, file)
		}
	}
	return files, nil
}

// results are the beginnings of the files in data formats that gouji writes.
var results = regexp.MustCompile(`^\x{FEFF}?\s*(?:` + strings.Join([]string{
	`\{\s*"format":\s*"gouji\.`,
	`\{\s*"\$schema":\s*"[^"]*/sarif-`,
	`\[\s*\{\s*"description":.*\s*"check_name":`,
	`\{"rule":".*","title":".*","pack":".*","severity":"[a-z]*","verdict":"`,
	`severity,verdict,rule,title,input,entity,period,`,
	`(?:Unit,Year,File,No\.|单位,年度,文件,序号),`,
}, "|") + `)`)

// resultsWithin is how far a file is looked at to tell whether it holds results.
const resultsWithin = 4 << 10

// mayHoldResults reports whether results of gouji are written in a format of data.
func mayHoldResults(format reader.Format) bool {
	return format.Name == json.Name || format.Name == json.LinesName || format.Name == csv.Name
}

// holdsResults reports whether a file holds results of gouji, by its format and its beginning.
func holdsResults(format reader.Format, content []byte) bool {
	return mayHoldResults(format) && results.Match(content[:min(len(content), resultsWithin)])
}

// results notes that the file of the piece holds results of gouji, and is left out.
func (p *piece) results() {
	p.list.Add(diag.New(diag.ResultFile, source.Span{File: source.New(p.file, nil)}))
}

// resultsFolder begins the names of folders that package store fills with results, which are no data.
const resultsFolder = "run="

// walk lists the data files in a folder, or its documents where it has none. Where tables are joined, workbooks of datasets are
// data too. A folder given as a link is walked; links to folders within it are not followed.
func (c *checking) walk(ctx context.Context, fsys fs.FS, root string) ([]string, error) {
	type found struct {
		file string
		data bool
	}
	var all []found
	err := fs.WalkDir(fsys, root, func(file string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		switch {
		case err != nil:
			c.unreadable = append(c.unreadable, err)
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() && file != root && (strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), resultsFolder)):
			return fs.SkipDir
		case entry.IsDir() || strings.HasPrefix(entry.Name(), ".") || strings.HasSuffix(entry.Name(), acceptance.Suffix):
			return nil
		}
		_, data := reader.Lookup(file)
		if !data && !hasDocumentName(file) {
			return nil
		}
		if !entry.Type().IsRegular() {
			info, err := fs.Stat(fsys, file)
			if err != nil && data {
				c.unreadable = append(c.unreadable, err)
				return nil
			}
			// Reading a pipe in a folder could wait for ever.
			if err == nil && !info.Mode().IsRegular() {
				return nil
			}
		}
		all = append(all, found{file, data})
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		c.unreadable = append(c.unreadable, &NoDatasetsError{Path: root})
	}
	some := slices.ContainsFunc(all, func(f found) bool { return f.data })
	var files []string
	for _, f := range all {
		if f.data || !some || c.options.Join && holdsTables(ctx, fsys, f.file) {
			files = append(files, f.file)
		}
	}
	return files, nil
}

// holdsTables reports whether a file is a workbook of datasets. What cannot be read is none.
func holdsTables(ctx context.Context, fsys fs.FS, file string) bool {
	if !reader.IsTable(file) {
		return false
	}
	content, _, err := readFile(fsys, file)
	return err == nil && reader.HoldsTables(ctx, content, document.Usual)
}
