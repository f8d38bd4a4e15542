package source_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/source"
)

func TestPosition(t *testing.T) {
	tests := []struct {
		name, content string
		offset        int
		want          source.Position
	}{
		{"beginning", "收入\n", 0, source.Position{Line: 1, Column: 1}},
		{"after a wide character", "收入\n", 3, source.Position{Line: 1, Column: 2}},
		{"inside a character", "收入\n", 5, source.Position{Line: 1, Column: 2}},
		{"line feed", "收入\n", 6, source.Position{Line: 1, Column: 3}},
		{"after the last line", "收入\n", 7, source.Position{Line: 2, Column: 1}},
		{"second line", "a\r\nb", 3, source.Position{Line: 2, Column: 1}},
		{"carriage return", "a\r\nb", 1, source.Position{Line: 1, Column: 2}},
		{"lone carriage return", "a\rb", 2, source.Position{Line: 1, Column: 3}},
		{"before the file", "a\nb", -1, source.Position{Line: 1, Column: 1}},
		{"behind the file", "a\nb", 99, source.Position{Line: 2, Column: 2}},
		{"empty file", "", 0, source.Position{Line: 1, Column: 1}},
		{"byte order mark", "\uFEFFab", 1, source.Position{Line: 1, Column: 2}},
		{"invalid bytes", "\xca\xd5b", 2, source.Position{Line: 1, Column: 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := source.New("a.txt", []byte(test.content)).Position(test.offset)
			if got != test.want {
				t.Errorf("Position(%d) in %q = %v, want %v", test.offset, test.content, got, test.want)
			}
		})
	}
}

// slowPosition counts from the beginning of the file.
func slowPosition(content []byte, offset int) source.Position {
	p := source.Position{Line: 1, Column: 1}
	for i := 0; i < offset; {
		_, size := utf8.DecodeRune(content[i:])
		if i+size > offset {
			break
		}
		if p.Column++; content[i] == '\n' {
			p = source.Position{Line: p.Line + 1, Column: 1}
		}
		i += size
	}
	return p
}

// TestPositionInLongLines covers the marks inside lines.
func TestPositionInLongLines(t *testing.T) {
	content := []byte(strings.Repeat("收a", 3000) + "\n" + strings.Repeat("支出", 700) + "\xff\r\n" + strings.Repeat("b", 5000))
	f := source.New("a.txt", content)
	for offset := range len(content) + 1 {
		if got, want := f.Position(offset), slowPosition(content, offset); got != want {
			t.Fatalf("Position(%d) = %v, want %v", offset, got, want)
		}
	}
}

func FuzzPosition(f *testing.F) {
	f.Add([]byte("收入\r\n支出\n"), 4)
	f.Add([]byte("\xff\xfea\x00"), 2)
	f.Add([]byte(strings.Repeat("万", 1000)), 2000)
	f.Fuzz(func(t *testing.T, content []byte, offset int) {
		file := source.New("a.txt", content)
		got := file.Position(offset)
		if want := slowPosition(file.Content, min(max(offset, 0), len(file.Content))); got != want {
			t.Errorf("Position(%d) = %v, want %v", offset, got, want)
		}
		lines := strings.Split(string(file.Content), "\n")
		for i, want := range lines {
			if i+1 < len(lines) {
				want = strings.TrimSuffix(want, "\r")
			}
			if line := file.Line(i + 1); line != want {
				t.Errorf("Line(%d) = %q, want %q", i+1, line, want)
			}
		}
		defect := file.Check()
		switch clean := utf8.Valid(file.Content) && !strings.Contains(string(file.Content), "\x00"); {
		case clean != (defect == nil):
			t.Errorf("Check() = %v", defect)
		case defect != nil && defect.Kind != source.UTF16 && !utf8.Valid(file.Content[:defect.Offset]):
			t.Errorf("Check() = %v, but there is an invalid byte before it", defect)
		}
	})
}

func TestLine(t *testing.T) {
	tests := []struct {
		content string
		want    []string
	}{
		{"", nil},
		{"\n", []string{""}},
		{"收入", []string{"收入"}},
		{"收入\r\n\n支出\n", []string{"收入", "", "支出"}},
		{"a\rb\r\n\r\n", []string{"a\rb", ""}},
	}
	for _, test := range tests {
		f := source.New("a.txt", []byte(test.content))
		var got []string
		for n := range f.Lines() {
			got = append(got, f.Line(n+1))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("lines of %q (-want +got):\n%s", test.content, diff)
		}
		for _, n := range []int{-1, 0, f.Lines() + 1, f.Lines() + 2} {
			if line := f.Line(n); line != "" {
				t.Errorf("line %d of %q = %q", n, test.content, line)
			}
		}
	}
}

func TestSpan(t *testing.T) {
	f := source.New("a.txt", []byte("收入: 1\n支出: 2\n"))
	s := source.Span{File: f, Start: 10, End: 16}
	if got, want := fmt.Sprintf("%v %v %q %v", s, s.EndPosition(), s.Text(), s.IsZero()), `a.txt:2:1 2:3 "支出" false`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := (source.Span{File: f, Start: -3, End: 99}).Text(); got != string(f.Content) {
		t.Errorf("text of a span beyond the file = %q", got)
	}
	if got := (source.Span{File: f, Start: 5, End: 3}).Text(); got != "" {
		t.Errorf("text of a span that ends before it begins = %q", got)
	}
	s.File = source.New("", f.Content)
	if got := s.String(); got != "2:1" {
		t.Errorf("span of a file without a path = %q", got)
	}
	var zero source.Span
	if got, want := fmt.Sprintf("%q %q %v %v %v", zero.String(), zero.Text(), zero.Position(), zero.EndPosition(), zero.IsZero()), `"" "" 0:0 0:0 true`; got != want {
		t.Errorf("zero span: got %s, want %s", got, want)
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		content string
		want    *source.Defect
	}{
		{"", nil},
		{"\uFEFF收入 \uFFFD", nil},
		{"收\xca\xd5\x00", &source.Defect{Offset: 3, Kind: source.InvalidUTF8}},
		{"收\x00\xca", &source.Defect{Offset: 3, Kind: source.NUL}},
		{"收\xe6\x94", &source.Defect{Offset: 3, Kind: source.InvalidUTF8}},
		{"\xff\xfea\x00", &source.Defect{Offset: 0, Kind: source.UTF16}},
		{"\xfe\xff\x00a", &source.Defect{Offset: 0, Kind: source.UTF16}},
		{"a\xff\xfe", &source.Defect{Offset: 1, Kind: source.InvalidUTF8}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, source.New("a.txt", []byte(test.content)).Check()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.content, diff)
		}
	}
}

// TestConcurrentUse is of use under the race detector.
func TestConcurrentUse(t *testing.T) {
	f := source.New("a.txt", []byte(strings.Repeat("收入\n", 1000)))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got := f.Position(7 * 500); got != (source.Position{Line: 501, Column: 1}) {
				t.Errorf("got %v", got)
			}
		})
	}
	group.Wait()
}
