// Package office turns documents of older office programs, and of others than Word and Excel, into .docx and .xlsx files:
// .doc .xls .wps .et .rtf .odt .ods .xlsb, by the LibreOffice of the machine.
//
// LibreOffice runs once for each file, in a folder and with a profile of its own that are gone afterwards, without macros
// and without following links, and is ended with all it started when the time is up.
package office

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/archive"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/words"
)

// Extensions are the usual ends of the names of files that can be converted.
var Extensions = []string{".doc", ".dot", ".wps", ".wpt", ".xls", ".xlt", ".et", ".ett", ".xlsb", ".rtf", ".odt", ".ods"}

// kind is one kind of files: the ends of names that LibreOffice knows them and what they become by.
type kind struct{ from, to string }

var (
	word     = kind{"doc", "docx"}
	excel    = kind{"xls", "xlsx"}
	rtf      = kind{"rtf", "docx"}
	odt      = kind{"odt", "docx"}
	ods      = kind{"ods", "xlsx"}
	xlsb     = kind{"xlsb", "xlsx"}
	unopened = kind{}
)

// kindOf tells of which kind content is. Modern files with a password look like old ones; files with one are
// of the kind unopened.
func kindOf(content []byte) (k kind, ok bool) {
	switch {
	case bytes.HasPrefix(content, []byte("{\\rtf")):
		return rtf, true
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		// The names of the streams within tell.
		for _, s := range []struct {
			name string
			kind kind
		}{{"EncryptedPackage", unopened}, {"WordDocument", word}, {"Workbook", excel}, {"Book", excel}} {
			if !bytes.Contains(content, wide(s.name+"\x00")) {
				continue
			}
			if locked(content) {
				return unopened, true
			}
			return s.kind, true
		}
	case bytes.HasPrefix(content, []byte("PK")):
		if archive.Holds(content, func(name string) bool { return strings.EqualFold(name, "xl/workbook.bin") }) {
			return xlsb, true
		}
		// The first file of an OpenDocument says what it is, and is not packed.
		const mime = "mimetypeapplication/vnd.oasis.opendocument."
		if at := bytes.Index(content[:min(len(content), 256)], []byte(mime)); at > 0 {
			rest := content[at+len(mime):]
			switch {
			case bytes.HasPrefix(rest, []byte("text")):
				return odt, true
			case bytes.HasPrefix(rest, []byte("spreadsheet")):
				return ods, true
			}
		}
	}
	return kind{}, false
}

// locked reports whether an old file has a password: by the flag at the beginning of a Word stream, the record behind the
// first one of an Excel stream. Streams begin where sectors do.
func locked(content []byte) bool {
	const sector = 512
	for rest := content[min(sector, len(content)):]; len(rest) >= 24; rest = rest[min(sector, len(rest)):] {
		switch {
		case bytes.HasPrefix(rest, []byte{0xec, 0xa5}) && rest[11]&1 != 0,
			bytes.HasPrefix(rest, []byte{9, 8, 16, 0, 0, 6}) && rest[20] == 0x2f && rest[21] == 0:
			return true
		}
	}
	return false
}

// wide is a text as old files write names.
func wide(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// Is reports whether the content is of a file that can be converted, or that only its password keeps from being read.
func Is(content []byte) bool {
	_, ok := kindOf(content)
	return ok
}

// Convert makes a .docx or .xlsx file of a document; it is nil where that failed.
func Convert(ctx context.Context, f *source.File, l document.Limits) (*source.File, diag.List) {
	content, err := convert(ctx, f.Content, l)
	if err != nil {
		return nil, diag.List{archive.Diagnose(f.Path, err)}
	}
	return source.New(f.Path, content), nil
}

func convert(ctx context.Context, content []byte, l document.Limits) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	if int64(len(content)) > l.Bytes {
		return nil, fault(diag.DocumentLimit, document.Size(l.Bytes))
	}
	k, _ := kindOf(content)
	if k == unopened {
		return nil, fault(diag.DocumentLocked)
	}
	if bytes.HasPrefix(content, []byte("PK")) {
		if err := inspect(ctx, content, l); err != nil {
			return nil, err
		}
	}
	program := find()
	if program == "" {
		return nil, fault(diag.DocumentConverter, "."+k.from)
	}
	dir, err := os.MkdirTemp("", "gouji-")
	if err != nil {
		return nil, fault(diag.DocumentConverted, err.Error())
	}
	defer os.RemoveAll(dir)
	if err := run(ctx, program, dir, k, content); err != nil {
		if ctx.Err() != nil {
			return nil, fault(diag.DocumentLimit, document.Duration(l.Time))
		}
		return nil, fault(diag.DocumentConverted, err.Error())
	}
	result := filepath.Join(dir, "out", "document."+k.to)
	info, err := os.Lstat(result)
	switch {
	case err != nil || !info.Mode().IsRegular():
		// LibreOffice ends well even when it could not load the file.
		return nil, fault(diag.DocumentConverted, words.Text{ZH: "没有得到结果", EN: "no result"})
	case info.Size() > l.Bytes:
		return nil, fault(diag.DocumentLimit, document.Size(l.Bytes))
	}
	out, err := os.ReadFile(result)
	if err != nil {
		return nil, fault(diag.DocumentConverted, err.Error())
	}
	return out, nil
}

func fault(code diag.Code, args ...any) error { return &archive.Fault{Code: code, Args: args} }

// inspect refuses archives that are unsafe to unpack or cannot be opened without a password.
func inspect(ctx context.Context, content []byte, l document.Limits) error {
	a, err := archive.Open(ctx, content, l)
	if err != nil {
		return err
	}
	for _, name := range a.Names() {
		part, err := a.Read(name)
		if err != nil {
			return err
		}
		if name == "META-INF/manifest.xml" && bytes.Contains(part, []byte("encryption-data")) {
			return fault(diag.DocumentLocked)
		}
	}
	return nil
}

// find is the path of the program, "" where there is none.
func find() string {
	for _, name := range []string{
		"soffice", "libreoffice", "/opt/libreoffice/program/soffice",
		"/Applications/LibreOffice.app/Contents/MacOS/soffice", `C:\Program Files\LibreOffice\program\soffice.com`,
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// profile are the settings that LibreOffice starts with.
//
//go:embed profile.xcu
var profile []byte

// run converts a file within a folder: document.doc to out/document.docx.
func run(ctx context.Context, program, dir string, k kind, content []byte) error {
	user := filepath.Join(dir, "profile", "user")
	if err := os.MkdirAll(user, 0o700); err != nil {
		return err
	}
	in := filepath.Join(dir, "document."+k.from)
	err := errors.Join(os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), profile, 0o600), os.WriteFile(in, content, 0o600))
	if err != nil {
		return err
	}
	url := filepath.ToSlash(filepath.Join(dir, "profile"))
	if !strings.HasPrefix(url, "/") {
		url = "/" + url
	}
	cmd := exec.CommandContext(ctx, program, "-env:UserInstallation=file://"+url, "--headless", "--norestore", "--nolockcheck", "--nodefault",
		"--convert-to", k.to, "--outdir", filepath.Join(dir, "out"), in)
	cmd.Dir = dir
	// What asks for a web page all the same is sent to a port where nobody listens.
	cmd.Env = append(os.Environ(), "http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9", "ftp_proxy=http://127.0.0.1:9", "no_proxy=",
		"HOME="+dir, "TMPDIR="+dir, "SAL_USE_VCLPLUGIN=svp")
	var said bytes.Buffer
	cmd.Stderr = &said
	together(cmd)
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		if line, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n"); line != "" {
			return errors.New(err.Error() + ": " + line)
		}
		return err
	}
	return nil
}
