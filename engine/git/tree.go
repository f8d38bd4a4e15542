package git

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The modes of entries that are no plain files.
const (
	modeLink       = "120000"
	modeRepository = "160000"
)

// Tree is the files of the index or of a revision, as a file system. Links are followed within it; a Git LFS pointer is
// read as the file it stands for where that is here. It may be used by several goroutines. Close ends the program that
// it reads from.
type Tree struct {
	// Unmerged are the names of files with conflicts, which have no content.
	Unmerged []string

	repository *Repository
	// entries are in the order of their paths' bytes.
	entries []entry
	objects objects
}

// entry is one file; the path is that from the top folder, the mode as git prints it.
type entry struct{ path, id, mode string }

// largest is the size of a file beyond which its content is not taken into memory.
const largest = 256 << 20

// Index is what the index holds: what a commit would hold now.
func (r *Repository) Index(ctx context.Context) (*Tree, error) {
	out, err := r.run(ctx, "ls-files", "--stage", "-z")
	if err != nil {
		return nil, err
	}
	return r.tree(ctx, out, func(meta []string) (id string, merged bool) { return meta[1], meta[2] == "0" })
}

// Tree is what a revision holds.
func (r *Repository) Tree(ctx context.Context, revision string) (*Tree, error) {
	id, err := r.commit(ctx, revision)
	if err != nil {
		return nil, err
	}
	out, err := r.run(ctx, "ls-tree", "-r", "-z", "--full-tree", id)
	if err != nil {
		return nil, err
	}
	return r.tree(ctx, out, func(meta []string) (id string, merged bool) { return meta[2], true })
}

// tree reads lines of three words, a tab and a name.
func (r *Repository) tree(ctx context.Context, out []byte, read func(meta []string) (id string, merged bool)) (*Tree, error) {
	t := &Tree{repository: r, objects: objects{start: func() *exec.Cmd { return r.command(ctx, "cat-file", "--batch") }}}
	for _, one := range records(out) {
		head, name, ok := strings.Cut(one, "\t")
		meta := strings.Split(head, " ")
		if !ok || len(meta) != 3 {
			return nil, fmt.Errorf("git printed %q", one)
		}
		id, merged := read(meta)
		switch {
		case merged:
			t.entries = append(t.entries, entry{path: name, id: id, mode: meta[0]})
		case !slices.Contains(t.Unmerged, name):
			t.Unmerged = append(t.Unmerged, name)
		}
	}
	slices.SortFunc(t.entries, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	return t, nil
}

// Close ends the program that contents are read from.
func (t *Tree) Close() error { return t.objects.close() }

// Open opens a file or folder.
func (t *Tree) Open(name string) (fs.File, error) {
	e, err := t.find("open", name, 0)
	if err != nil {
		return nil, err
	}
	i := &info{tree: t, name: path.Base(name), entry: e}
	if i.IsDir() {
		return &folder{info: i, path: e.path}, nil
	}
	if e.mode == modeRepository {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrSubmodule}
	}
	content, size, err := t.content(e)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	i.size = func() int64 { return size }
	return &file{info: i, Reader: bytes.NewReader(content), short: int64(len(content)) < size}, nil
}

// Stat describes a file or folder, without reading it.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	e, err := t.find("stat", name, 0)
	if err != nil {
		return nil, err
	}
	return &info{tree: t, name: path.Base(name), entry: e}, nil
}

// Resolve is the name of the file that a name leads to through links, and the name itself where it leads to none.
func (t *Tree) Resolve(name string) string {
	if e, err := t.find("stat", name, 0); err == nil {
		return e.path
	}
	return name
}

// ReadDir lists a folder in the order of names.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := t.find("readdir", name, 0)
	if err != nil {
		return nil, err
	}
	if e.mode != "" {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: syscall.ENOTDIR}
	}
	return t.list(e.path), nil
}

// list lists the folder of that path.
func (t *Tree) list(dir string) []fs.DirEntry {
	prefix := ""
	if dir != "." {
		prefix = dir + "/"
	}
	var list []fs.DirEntry
	for i := t.search(prefix); i < len(t.entries) && strings.HasPrefix(t.entries[i].path, prefix); {
		e := t.entries[i]
		name, _, deeper := strings.Cut(e.path[len(prefix):], "/")
		if deeper {
			// The character after the slash ends what lies in the folder.
			i = t.search(prefix + name + string(rune('/'+1)))
			e = entry{path: prefix + name}
		} else {
			i++
		}
		list = append(list, fs.FileInfoToDirEntry(&info{tree: t, name: name, entry: e}))
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// search is the index of the first entry whose path is not less.
func (t *Tree) search(name string) int {
	i, _ := slices.BinarySearchFunc(t.entries, name, func(e entry, name string) int { return strings.Compare(e.path, name) })
	return i
}

// mostLinks is the number of links that a name may lead through.
const mostLinks = 40

// find is the entry of a name, behind links. That of a folder has its path alone.
func (t *Tree) find(op, name string, links int) (entry, error) {
	fail := func(err error) (entry, error) { return entry{}, &fs.PathError{Op: op, Path: name, Err: err} }
	if name == "" || path.IsAbs(name) || path.Clean(name) != name || name == ".." || strings.HasPrefix(name, "../") {
		return fail(fs.ErrInvalid)
	}
	if name == "." {
		return entry{path: name}, nil
	}
	i := t.search(name)
	if i < len(t.entries) && t.entries[i].path == name && t.entries[i].mode != modeLink {
		return t.entries[i], nil
	}
	if i := t.search(name + "/"); i < len(t.entries) && strings.HasPrefix(t.entries[i].path, name+"/") {
		return entry{path: name}, nil
	}
	// The name, or a folder on its way, may be a link.
	for end := 1; end <= len(name); end++ {
		if end < len(name) && name[end] != '/' {
			continue
		}
		i := t.search(name[:end])
		if i >= len(t.entries) || t.entries[i].path != name[:end] {
			continue
		}
		if t.entries[i].mode != modeLink {
			break
		}
		if links >= mostLinks {
			return fail(syscall.ELOOP)
		}
		target, _, err := t.objects.read(t.entries[i].id)
		if err != nil {
			return fail(err)
		}
		to := path.Join(path.Dir(name[:end]), string(target), name[end:])
		if path.IsAbs(string(target)) || to == ".." || strings.HasPrefix(to, "../") {
			return fail(fmt.Errorf("%w: %s", ErrLinkLeaves, target))
		}
		e, err := t.find(op, to, links+1)
		var inner *fs.PathError
		if errors.As(err, &inner) {
			return fail(inner.Err)
		}
		return e, err
	}
	return fail(fs.ErrNotExist)
}

var (
	// ErrLinkLeaves says that a link leads out of the repository.
	ErrLinkLeaves = errors.New("the link leads out of the repository")
	// ErrSubmodule says that a path is a repository of its own.
	ErrSubmodule = errors.New("a repository of its own")
)

// content is that of a plain file; it is nil where its size is beyond largest.
func (t *Tree) content(e entry) (content []byte, size int64, err error) {
	content, size, err = t.objects.read(e.id)
	if err != nil || !IsPointer(content) {
		return content, size, err
	}
	if stored, ok := t.repository.stored(content); ok {
		return stored, int64(len(stored)), nil
	}
	return content, size, nil
}

const pointerStart = "version https://git-lfs.github.com/spec/v1\n"

// IsPointer reports whether content is a Git LFS pointer, which stands for a file that is kept elsewhere.
func IsPointer(content []byte) bool {
	return len(content) < 1024 && bytes.HasPrefix(content, []byte(pointerStart))
}

// stored is the file that a Git LFS pointer stands for, where the repository has it.
func (r *Repository) stored(pointer []byte) ([]byte, bool) {
	var id string
	for line := range strings.Lines(string(pointer)) {
		if hash, ok := strings.CutPrefix(strings.TrimSpace(line), "oid sha256:"); ok {
			id = hash
		}
	}
	if sum, err := hex.DecodeString(id); err != nil || len(sum) != sha256.Size {
		return nil, false
	}
	// Linked work trees share the folder of the repository.
	dir := r.Dir
	if common, err := os.ReadFile(filepath.Join(dir, "commondir")); err == nil {
		if dir = strings.TrimSpace(string(common)); !filepath.IsAbs(dir) {
			dir = filepath.Join(r.Dir, dir)
		}
	}
	name := filepath.Join(dir, "lfs", "objects", id[:2], id[2:4], id)
	if f, err := os.Stat(name); err != nil || f.Size() > largest {
		return nil, false
	}
	content, err := os.ReadFile(name)
	sum := sha256.Sum256(content)
	return content, err == nil && hex.EncodeToString(sum[:]) == id
}

// info describes a file or folder of a tree.
type info struct {
	tree  *Tree
	name  string
	entry entry
	// size is nil until the file was read.
	size func() int64
}

func (i *info) Name() string       { return i.name }
func (i *info) IsDir() bool        { return i.entry.mode == "" }
func (i *info) ModTime() time.Time { return time.Time{} }
func (i *info) Sys() any           { return nil }

// Size asks git, for a file that was not opened; it is -1 where git fails.
func (i *info) Size() int64 {
	switch {
	case i.IsDir() || i.entry.mode == modeRepository:
		return 0
	case i.size != nil:
		return i.size()
	}
	_, size, err := i.tree.content(i.entry)
	if err != nil {
		return -1
	}
	return size
}

func (i *info) Mode() fs.FileMode {
	switch i.entry.mode {
	case "":
		return fs.ModeDir | 0o555
	case modeLink:
		return fs.ModeSymlink | 0o444
	case modeRepository:
		return fs.ModeIrregular | 0o444
	}
	return 0o444
}

// file is an opened file.
type file struct {
	*info
	*bytes.Reader
	// short: the content is too large to be read.
	short bool
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Size() int64                { return f.info.Size() }
func (f *file) Close() error               { return nil }

func (f *file) Read(b []byte) (int, error) {
	if f.short {
		return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: syscall.EFBIG}
	}
	return f.Reader.Read(b)
}

// folder is an opened folder.
type folder struct {
	*info
	path string
	next int
}

func (f *folder) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *folder) Close() error               { return nil }

func (f *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.path, Err: syscall.EISDIR}
}

// ReadDir lists the next n entries, or all that are left for n <= 0.
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	list := f.tree.list(f.path)
	list = list[min(f.next, len(list)):]
	if n > 0 {
		if len(list) == 0 {
			return nil, io.EOF
		}
		list = list[:min(n, len(list))]
	}
	f.next += len(list)
	return list, nil
}

// objects reads contents by their ids from one process of git, which is started when it is first needed.
type objects struct {
	start func() *exec.Cmd

	mu     sync.Mutex
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr bytes.Buffer
	err    error
}

// read is the content of an object and its size. The content is nil where it is larger than can be held.
func (o *objects) read(id string) (content []byte, size int64, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil && o.cmd == nil {
		o.err = o.begin()
	}
	if o.err != nil {
		return nil, 0, o.err
	}
	content, size, err = o.ask(id)
	var missing *missingError
	if err != nil && !errors.As(err, &missing) {
		// What comes next cannot be told from the rest of this answer.
		o.err = err
		if text := strings.TrimSpace(o.stderr.String()); text != "" {
			o.err = &CommandError{Command: "cat-file", Text: text}
		}
		return nil, 0, o.err
	}
	return content, size, err
}

func (o *objects) begin() error {
	cmd := o.start()
	cmd.Stderr = &o.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	o.cmd, o.in, o.out = cmd, in, bufio.NewReaderSize(out, 64<<10)
	return nil
}

// missingError says that the repository lacks an object.
type missingError struct{ id string }

func (e *missingError) Error() string { return "the repository lacks the object " + e.id }

func (o *objects) ask(id string) ([]byte, int64, error) {
	if _, err := io.WriteString(o.in, id+"\n"); err != nil {
		return nil, 0, err
	}
	head, err := o.out.ReadString('\n')
	if err != nil {
		return nil, 0, err
	}
	words := strings.Fields(head)
	if len(words) == 2 {
		return nil, 0, &missingError{id}
	}
	if len(words) != 3 {
		return nil, 0, fmt.Errorf("git printed %q", head)
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil {
		return nil, 0, err
	}
	var content []byte
	if size > largest {
		_, err = io.CopyN(io.Discard, o.out, size)
	} else {
		content = make([]byte, size)
		_, err = io.ReadFull(o.out, content)
	}
	if err == nil {
		_, err = o.out.ReadByte()
	}
	return content, size, err
}

func (o *objects) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.err = cmp.Or(o.err, fs.ErrClosed)
	if o.cmd == nil {
		return nil
	}
	cmd := o.cmd
	o.cmd = nil
	return errors.Join(o.in.Close(), cmd.Wait())
}
