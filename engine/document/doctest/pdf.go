package doctest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
)

// PDF writes a document of pages on which everything is placed by hand. Lengths are points, y grows downwards from the
// upper edge. It carries its own type, in which every character is a box: ideographs are as wide as high, the characters
// of ASCII half as wide.
type PDF struct {
	// Standard: the type is the Chinese one that programs bring with them, and no part of the file.
	Standard bool
	pages    []pdfPage
	// used are the characters that are written.
	used map[uint16]bool
}

type pdfPage struct {
	width, height float64
	rotate        int
	content       bytes.Buffer
}

// The size of a page of A4.
const (
	A4Width  = 595.0
	A4Height = 842.0
)

// Page begins a page, shown turned by rotate degrees clockwise.
func (p *PDF) Page(width, height float64, rotate int) {
	p.pages = append(p.pages, pdfPage{width: width, height: height, rotate: rotate})
}

func (p *PDF) page() *pdfPage { return &p.pages[len(p.pages)-1] }

// Text writes a line whose baseline begins at x, y.
func (p *PDF) Text(x, y, size float64, s string) { p.text("1 0 0 1", 0, x, y, size, s) }

// Upwards writes a line that runs from the bottom to the top of the page, as on one that is printed sideways.
func (p *PDF) Upwards(x, y, size float64, s string) { p.text("0 1 -1 0", 0, x, y, size, s) }

// Unseen writes a line that is not painted, as the text behind a scan.
func (p *PDF) Unseen(x, y, size float64, s string) { p.text("1 0 0 1", 3, x, y, size, s) }

func (p *PDF) text(turn string, mode int, x, y, size float64, s string) {
	var hex strings.Builder
	if p.used == nil {
		p.used = map[uint16]bool{}
	}
	for _, c := range utf16.Encode([]rune(s)) {
		p.used[c] = true
		fmt.Fprintf(&hex, "%04X", c)
	}
	page := p.page()
	fmt.Fprintf(&page.content, "BT /F %g Tf %d Tr %s %.2f %.2f Tm <%s> Tj ET\n", size, mode, turn, x, page.height-y, hex.String())
}

// Line draws a line.
func (p *PDF) Line(x1, y1, x2, y2 float64) {
	page := p.page()
	fmt.Fprintf(&page.content, "0.5 w %.2f %.2f m %.2f %.2f l S\n", x1, page.height-y1, x2, page.height-y2)
}

// Picture fills an area with a picture of nothing.
func (p *PDF) Picture(x, y, width, height float64) {
	page := p.page()
	fmt.Fprintf(&page.content, "q %.2f 0 0 %.2f %.2f %.2f cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q\n", width, height, x, page.height-y-height)
}

// Raw adds what no method writes, in the language of PDF.
func (p *PDF) Raw(content string) { p.page().content.WriteString(content + "\n") }

// Width is how wide a line is.
func Width(s string, size float64) float64 {
	width := 0.0
	for _, c := range s {
		if c < 0x80 {
			width += size / 2
		} else {
			width += size
		}
	}
	return width
}

// Bytes is the file.
func (p *PDF) Bytes() []byte {
	var out bytes.Buffer
	var at []int
	object := func(format string, args ...any) {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n", len(at))
		fmt.Fprintf(&out, format, args...)
		out.WriteString("\nendobj\n")
	}
	out.WriteString("%PDF-1.4\n")
	const first = 9
	var kids strings.Builder
	for i := range p.pages {
		fmt.Fprintf(&kids, "%d 0 R ", first+2*i)
	}
	stream := func(content []byte, more string) {
		var packed bytes.Buffer
		z := zlib.NewWriter(&packed)
		// Writing to memory does not fail.
		_, _ = z.Write(content)
		_ = z.Close()
		object("<</Filter/FlateDecode/Length %d%s>>\nstream\n%s\nendstream", packed.Len(), more, packed.String())
	}
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Count %d/Kids[%s]>>", len(p.pages), kids.String())
	const metrics = "/Flags 6/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93"
	if p.Standard {
		object("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>")
		object("<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/W[1 95 500]/FontDescriptor 5 0 R>>")
		object("<</Type/FontDescriptor/FontName/STSong-Light" + metrics + ">>")
		object("null")
		object("null")
		object("null")
	} else {
		object("<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Boxes/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 7 0 R>>")
		object("<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Boxes/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W[32 126 500]/CIDToGIDMap 8 0 R/FontDescriptor 5 0 R>>")
		object("<</Type/FontDescriptor/FontName/ABCDEF+Boxes/FontFile2 6 0 R" + metrics + ">>")
		font := boxes()
		stream(font, fmt.Sprintf("/Length1 %d", len(font)))
		// The number of each character is that of Unicode.
		cmap := "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Boxes def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
		for codes := range slices.Chunk(slices.Sorted(maps.Keys(p.used)), 100) {
			cmap += fmt.Sprintf("%d beginbfchar\n", len(codes))
			for _, c := range codes {
				cmap += fmt.Sprintf("<%04X> <%04[1]X>\n", c)
			}
			cmap += "endbfchar\n"
		}
		stream([]byte(cmap+"endcmap end end"), "")
		glyphs := make([]byte, 2<<16)
		for c := '!'; c <= 0xffff; c++ {
			if c != '\u3000' {
				glyphs[2*c+1] = 2
			}
		}
		stream(glyphs, "")
	}
	for i := range p.pages {
		page := &p.pages[i]
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Rotate %d/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>", page.width, page.height, page.rotate, first+2*i+1)
		object("<</Length %d>>\nstream\n%s\nendstream", page.content.Len(), page.content.String())
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return out.Bytes()
}

// boxes is a TrueType font of three glyphs: nothing and, twice, a box: pdfium finds no bounds of the second glyph of fonts.
func boxes() []byte {
	words := func(values ...int) []byte {
		var out []byte
		for _, v := range values {
			out = binary.BigEndian.AppendUint16(out, uint16(v))
		}
		return out
	}
	// One contour of four points on the curve, x and y as words.
	box := slices.Concat(words(1, 50, 0, 950, 800, 3, 0), []byte{1, 1, 1, 1}, words(50, 0, 900, 0, 0, 800, 0, -800))
	tables := []struct {
		name    string
		content []byte
	}{
		{"glyf", slices.Concat(box, box)},
		{"head", words(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, -120, 1000, 880, 0, 8, 2, 0, 0)},
		{"hhea", words(1, 0, 880, -120, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 3)},
		{"hmtx", words(1000, 0, 1000, 50, 1000, 50)},
		{"loca", words(0, 0, len(box)/2, len(box))},
		{"maxp", words(1, 0, 3, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)},
	}
	head := words(0, 1, len(tables), 64, 2, len(tables)*16-64)
	var body []byte
	at := len(head) + 16*len(tables)
	for _, t := range tables {
		head = append(head, t.name...)
		head = binary.BigEndian.AppendUint32(head, 0)
		head = binary.BigEndian.AppendUint32(head, uint32(at+len(body)))
		head = binary.BigEndian.AppendUint32(head, uint32(len(t.content)))
		body = append(body, t.content...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	return append(head, body...)
}
