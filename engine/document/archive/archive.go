// Package archive opens the zip files that documents are made of, and the XML in them, whatever they may hold: names that
// lead elsewhere, bombs, entities and endless nesting are refused, and nothing that a file refers to outside itself is
// ever looked up.
package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/words"
)

const (
	// maxEntries is how many files an archive may hold.
	maxEntries = 20_000
	// maxRatio is how many times its packed size a file of more than minBomb bytes may be. Real parts stay below 100.
	maxRatio, minBomb = 300, 4 << 20
)

// Fault is why a file, or a part of it, is not read: the code of a diagnostic and the arguments of its text.
type Fault struct {
	Code diag.Code
	Args []any
}

func (f *Fault) Error() string {
	return diag.New(f.Code, source.Span{}, f.Args...).Message(diag.English)
}

// In is the message in one language, for diagnostics that tell it as a reason.
func (f *Fault) In(lang string) string {
	return diag.New(f.Code, source.Span{}, f.Args...).Message(diag.Lang(lang))
}

// Beyond is the Fault of a document that goes beyond a limit.
func Beyond(limit words.Text) error { return &Fault{diag.DocumentLimit, []any{limit}} }

// Why is an error as a diagnostic tells it.
func Why(err error) any {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return err.Error()
}

func fault(code diag.Code, t words.Text, args ...any) error {
	return &Fault{code, []any{words.Errorf(t, args...)}}
}

// Diagnose is the diagnostic of an error that reading a document ended with: that of a Fault, else that the file is damaged.
func Diagnose(path string, err error) diag.Diagnostic {
	whole := source.Span{File: source.New(path, nil)}
	var f *Fault
	if errors.As(err, &f) {
		return diag.New(f.Code, whole, f.Args...)
	}
	return diag.New(diag.DocumentDamaged, whole, err.Error())
}

// Fatal reports whether an error is about the whole file and not just the part that was read: a part may be damaged and
// the rest readable, but nothing more is read of a file that is unsafe or beyond a limit.
func Fatal(err error) bool {
	var f *Fault
	return errors.As(err, &f) && f.Code != diag.DocumentDamaged
}

// Archive is an open zip file.
type Archive struct {
	ctx    context.Context
	limits document.Limits
	// files are found by their names in lower case.
	files map[string]*zip.File
	names []string
	// left is how many bytes may still be unpacked.
	left int64
}

// Open opens a zip file. Its errors are Faults.
func Open(ctx context.Context, content []byte, l document.Limits) (*Archive, error) {
	if int64(len(content)) > l.Bytes {
		return nil, Beyond(document.Size(l.Bytes))
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, fault(diag.DocumentDamaged, words.Text{ZH: "%v", EN: "%v"}, err)
	}
	if len(z.File) > maxEntries {
		return nil, Beyond(document.Count(maxEntries, "个文件（压缩包内）", "files in an archive"))
	}
	a := &Archive{ctx: ctx, limits: l, files: map[string]*zip.File{}, left: l.Expanded}
	for _, f := range z.File {
		key := strings.ToLower(f.Name)
		switch {
		case f.Flags&1 != 0:
			return nil, &Fault{Code: diag.DocumentLocked}
		case !clean(f.Name):
			return nil, fault(diag.DocumentUnsafe, words.Text{ZH: "文件名 %q", EN: "the name %q"}, f.Name)
		case a.files[key] != nil:
			return nil, fault(diag.DocumentUnsafe, words.Text{ZH: "有两个文件都叫 %s", EN: "two files named %s"}, f.Name)
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return nil, fault(diag.DocumentDamaged, words.Text{ZH: "%s 的压缩方法 %d 无法识别", EN: "%s is packed by the unknown method %d"}, f.Name, f.Method)
		}
		a.files[key] = f
		a.names = append(a.names, f.Name)
	}
	return a, nil
}

// clean reports whether a name stays within the archive.
func clean(name string) bool {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, `\:`) {
		return false
	}
	for _, part := range strings.Split(strings.TrimSuffix(name, "/"), "/") {
		if part == ".." || part == "." || part == "" {
			return false
		}
	}
	return true
}

// Names are the names of all files, in the order of the archive.
func (a *Archive) Names() []string { return a.names }

// Has reports whether there is a file of this name. As everywhere in office files, case does not matter.
func (a *Archive) Has(name string) bool { return a.files[strings.ToLower(name)] != nil }

// Read unpacks a file.
func (a *Archive) Read(name string) ([]byte, error) {
	f := a.files[strings.ToLower(name)]
	if f == nil {
		return nil, fault(diag.DocumentDamaged, words.Text{ZH: "缺少 %s", EN: "%s is missing"}, name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fault(diag.DocumentDamaged, words.Text{ZH: "%s：%v", EN: "%s: %v"}, name, err)
	}
	defer r.Close()
	// What a file says of its size is not believed.
	var out bytes.Buffer
	packed := max(int64(f.CompressedSize64), 1)
	for {
		if a.ctx.Err() != nil {
			return nil, Beyond(document.Duration(a.limits.Time))
		}
		n, err := io.CopyN(&out, r, 1<<20)
		if a.left -= n; a.left < 0 {
			return nil, Beyond(document.Size(a.limits.Expanded))
		}
		if size := int64(out.Len()); size > minBomb && size/packed > maxRatio {
			return nil, fault(diag.DocumentUnsafe, words.Text{ZH: "%s 解压后超过其大小的 %d 倍", EN: "%s unpacks to more than %d times its size"}, name, maxRatio)
		}
		if errors.Is(err, io.EOF) {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, fault(diag.DocumentDamaged, words.Text{ZH: "%s：%v", EN: "%s: %v"}, name, err)
		}
	}
}

// Holds reports whether content is a zip file that holds a file whose name satisfies is. It finds the names in a file that
// was cut off as well.
func Holds(content []byte, is func(name string) bool) bool {
	const local = "PK\x03\x04"
	if !bytes.HasPrefix(content, []byte(local)) {
		return false
	}
	if z, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err == nil {
		for _, f := range z.File {
			if is(f.Name) {
				return true
			}
		}
		return false
	}
	for rest := content; len(rest) > 30; {
		if n := int(binary.LittleEndian.Uint16(rest[26:])); 30+n <= len(rest) && is(string(rest[30:30+n])) {
			return true
		}
		next := bytes.Index(rest[4:], []byte(local))
		if next < 0 {
			break
		}
		rest = rest[4+next:]
	}
	return false
}
