package office_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/doctest"
	"github.com/gouji/gouji/engine/document/office"
	"github.com/gouji/gouji/engine/document/xlsx"
	"github.com/gouji/gouji/engine/source"
)

func libreOffice(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	return program
}

// convert makes another format of a workbook.
func convert(t *testing.T, content []byte, to string) []byte {
	t.Helper()
	dir := t.TempDir()
	in := filepath.Join(dir, "in.xlsx")
	if err := os.WriteFile(in, content, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(libreOffice(t), "-env:UserInstallation=file://"+filepath.Join(dir, "p"), "--headless", "--convert-to", to, "--outdir", dir, in).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	content, err = os.ReadFile(filepath.Join(dir, "in."+to))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func table() *document.Document {
	var l document.Lines
	cell := func(row, col, cols int, s string) document.Cell {
		return document.Cell{Row: row, Col: col, RowSpan: 1, ColSpan: cols, Text: document.Text{S: s}}
	}
	l.Grid(document.Table, &document.Grid{Rows: 3, Cols: 3, Name: "收入表", Cells: []document.Cell{
		cell(0, 0, 1, "科目"), cell(0, 1, 2, "决算"),
		cell(1, 0, 1, "水费"), cell(1, 1, 1, "1,141.36"), cell(1, 2, 1, "56.80%"),
		cell(2, 0, 1, "020"), cell(2, 1, 1, "-0.50"), cell(2, 2, 1, "—"),
	}})
	return &l.Document
}

func TestSpreadsheets(t *testing.T) {
	libreOffice(t)
	d := table()
	made := doctest.Xlsx(d)
	for _, format := range []string{"xls", "ods"} {
		content := convert(t, made, format)
		if !office.Is(content) {
			t.Errorf("%s is not told by its content", format)
		}
		f, list := office.Convert(context.Background(), source.New("表."+format, content), document.Usual)
		if f == nil {
			t.Fatal(format, list)
		}
		got, list := xlsx.Read(context.Background(), f, document.Usual)
		if got == nil || len(list) > 0 || got.Text() != d.Text() {
			t.Errorf("%s: %v\n%s", format, list, got.Text())
		} else if p := got.Blocks[0].Grid.At(1, 1).Text.At(0); p.Cell != "收入表!B2" {
			t.Errorf("%s: the figure stands at %v", format, p)
		}
	}
}

// xlsb is a binary workbook of one sheet, which LibreOffice reads and does not write: records of a number, a length and
// their data, as [MS-XLSB] has them.
func xlsb(t *testing.T, sheet string, rows ...[]any) []byte {
	t.Helper()
	var b []byte
	record := func(number int, parts ...any) {
		var data []byte
		for _, p := range parts {
			switch p := p.(type) {
			case string:
				u := utf16.Encode([]rune(p))
				data = binary.LittleEndian.AppendUint32(data, uint32(len(u)))
				for _, c := range u {
					data = binary.LittleEndian.AppendUint16(data, c)
				}
			case float64:
				data = binary.LittleEndian.AppendUint64(data, math.Float64bits(p))
			case int:
				data = binary.LittleEndian.AppendUint32(data, uint32(p))
			case []byte:
				data = append(data, p...)
			}
		}
		if number >= 128 {
			b = append(b, byte(number)&0x7f|0x80)
			number >>= 7
		}
		b = append(append(b, byte(number)), binary.AppendUvarint(nil, uint64(len(data)))...)
		b = append(b, data...)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	part := func(name string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
		b = nil
	}
	const package2006 = `"http://schemas.openxmlformats.org/package/2006/`
	relation := func(name, kind, target string) {
		b = []byte(`<Relationships xmlns=` + package2006 + `relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` +
			kind + `" Target="` + target + `"/></Relationships>`)
		part(name)
	}
	b = []byte(`<Types xmlns=` + package2006 + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>` +
		`<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/></Types>`)
	part("[Content_Types].xml")
	relation("_rels/.rels", "officeDocument", "xl/workbook.bin")
	relation("xl/_rels/workbook.bin.rels", "worksheet", "worksheets/sheet1.bin")
	const beginBook, endBook, beginSheets, endSheets, oneSheet = 131, 132, 143, 144, 156
	record(beginBook)
	record(beginSheets)
	record(oneSheet, 0, 1, "rId1", sheet)
	record(endSheets)
	record(endBook)
	part("xl/workbook.bin")
	const beginSheet, endSheet, beginData, endData, row, real, text = 129, 130, 145, 146, 0, 5, 6
	record(beginSheet)
	record(beginData)
	for r, cells := range rows {
		record(row, r, 0, []byte{44, 1, 0, 0, 0}, 0)
		for c, v := range cells {
			kind := real
			if _, ok := v.(string); ok {
				kind = text
			}
			record(kind, c, 0, v)
		}
	}
	record(endData)
	record(endSheet)
	part("xl/worksheets/sheet1.bin")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBinaryWorkbook(t *testing.T) {
	libreOffice(t)
	content := xlsb(t, "收入表", []any{"项目", "金额"}, []any{"水费", 1141.5}, []any{"合计", 1141.5})
	if !office.Is(content) {
		t.Error("it is not told by its content")
	}
	f, list := office.Convert(context.Background(), source.New("表.xlsb", content), document.Usual)
	if f == nil {
		t.Fatal(list)
	}
	got, list := xlsx.Read(context.Background(), f, document.Usual)
	if got == nil || len(list) > 0 || got.Text() != "项目\t金额\n水费\t1141.5\n合计\t1141.5\n" {
		t.Errorf("%v\n%s", list, got.Text())
	} else if p := got.Blocks[0].Grid.At(1, 1).Text.At(0); p.Cell != "收入表!B2" {
		t.Errorf("the figure stands at %v", p)
	}
}

func TestText(t *testing.T) {
	libreOffice(t)
	f, list := office.Convert(context.Background(), source.New("文.rtf", []byte(`{\rtf1\ansi\uc0 \u25910\u20837 12.5\par}`)), document.Usual)
	if f == nil {
		t.Fatal(list)
	}
	if z, err := zip.NewReader(bytes.NewReader(f.Content), int64(len(f.Content))); err != nil || !strings.Contains(names(z), "word/document.xml") {
		t.Errorf("the result is no .docx file: %v", err)
	}
}

func names(z *zip.Reader) string {
	var all []string
	for _, f := range z.File {
		all = append(all, f.Name)
	}
	return strings.Join(all, "\n")
}

const ole = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// stream is a file with a stream of that name, which begins like this.
func stream(name, content string) string {
	head := ole + wide(name)
	return head + strings.Repeat("\x00", 512-len(head)) + content
}

func wide(s string) string {
	return strings.Join(strings.Split(s, ""), "\x00") + "\x00\x00\x00"
}

func TestRefused(t *testing.T) {
	var locked bytes.Buffer
	z := zip.NewWriter(&locked)
	const mime = "application/vnd.oasis.opendocument.text"
	// As OpenDocument asks for, the first file is stored as it is.
	w, _ := z.CreateRaw(&zip.FileHeader{
		Name: "mimetype", CRC32: crc32.ChecksumIEEE([]byte(mime)), CompressedSize64: uint64(len(mime)), UncompressedSize64: uint64(len(mime)),
	})
	w.Write([]byte(mime))
	w, _ = z.Create("META-INF/manifest.xml")
	w.Write([]byte("<manifest:encryption-data/>"))
	z.Close()
	for name, c := range map[string]struct {
		content string
		want    diag.Code
	}{
		"modern with a password": {ole + wide("EncryptedPackage"), diag.DocumentLocked},
		"xls with a password": {
			stream("Workbook", "\x09\x08\x10\x00\x00\x06\x05\x00"+strings.Repeat("\x00", 12)+"\x2f\x00\x36\x00"), diag.DocumentLocked,
		},
		"doc with a password": {stream("WordDocument", "\xec\xa5"+strings.Repeat("\x00", 8)+"\x00\x01"+strings.Repeat("\x00", 12)), diag.DocumentLocked},
		"odt with a password": {locked.String(), diag.DocumentLocked},
	} {
		if !office.Is([]byte(c.content)) {
			t.Errorf("%s is not told by its content", name)
		}
		f, list := office.Convert(context.Background(), source.New("", []byte(c.content)), document.Usual)
		if f != nil || len(list) != 1 || list[0].Code != c.want {
			t.Errorf("%s: %v", name, list)
		}
	}
	for _, other := range []string{"", "PK", ole, ole + wide("PowerPoint Document"), "rtf"} {
		if office.Is([]byte(other)) {
			t.Errorf("%q is taken for a document", other)
		}
	}
}

func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	f, list := office.Convert(context.Background(), source.New("", []byte(ole+wide("WordDocument"))), document.Usual)
	if f != nil || len(list) != 1 || list[0].Code != diag.DocumentConverter {
		t.Skip("LibreOffice stands outside the path: ", list)
	}
}

// program puts a program named soffice on the path.
func program(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "soffice"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func TestTime(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "alive")
	program(t, "(sleep 2; touch '"+mark+"') & wait")
	short := document.Usual
	short.Time = 300 * time.Millisecond
	start := time.Now()
	f, list := office.Convert(context.Background(), source.New("", []byte(ole+wide("Workbook"))), short)
	if f != nil || len(list) != 1 || list[0].Code != diag.DocumentLimit {
		t.Errorf("%v", list)
	}
	if took := time.Since(start); took > 1500*time.Millisecond {
		t.Errorf("it took %v", took)
	}
	time.Sleep(2500 * time.Millisecond)
	if _, err := os.Stat(mark); err == nil {
		t.Error("a child of the program lives on")
	}
}

func TestFailing(t *testing.T) {
	for script, want := range map[string]string{"echo bad file >&2; exit 3": "bad file", "exit 0": "no result"} {
		program(t, script)
		f, list := office.Convert(context.Background(), source.New("", []byte(ole+wide("Book"))), document.Usual)
		if f != nil || len(list) != 1 || list[0].Code != diag.DocumentConverted || !strings.Contains(list[0].Message(diag.English), want) {
			t.Errorf("%s: %v", script, list)
		}
	}
}
