package pdf

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
)

// TestCacheDir: pdfium as compiled is code that is run, so it is kept only where nobody else can write.
func TestCacheDir(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the folder is told by XDG_CACHE_HOME on Linux")
	}
	base := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", base)
	dir, ok := cacheDir()
	if info, err := os.Stat(dir); !ok || err != nil || info.Mode().Perm() != 0o700 || dir != filepath.Join(base, "gouji") {
		t.Errorf("the cache is at %s, %v, %v", dir, ok, err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, ok := cacheDir(); ok {
		t.Error("a folder that others can write to is used")
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), dir); err != nil {
		t.Fatal(err)
	}
	if _, ok := cacheDir(); ok {
		t.Error("a link to another folder is used")
	}
	for _, home := range []string{"", filepath.Join(base, "nothing"), "relative"} {
		t.Setenv("XDG_CACHE_HOME", home)
		t.Setenv("HOME", home)
		if home == filepath.Join(base, "nothing") {
			if err := os.WriteFile(home, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if dir, ok := cacheDir(); ok {
			t.Errorf("with the home %q the cache is at %s", home, dir)
		}
	}
}

// TestCache: processes that compile pdfium at once into one cache do not get in each other's way, the next one finds it
// there, and what is damaged is written anew.
func TestCache(t *testing.T) {
	if os.Getenv("GOUJI_TEST_CACHE") != "" {
		m, err := start(context.Background(), 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		m.close()
		return
	}
	if runtime.GOOS != "linux" || testing.Short() {
		t.Skip("the folder is told by XDG_CACHE_HOME on Linux, and compiling takes seconds")
	}
	base := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", base)
	t.Setenv("GOUJI_TEST_CACHE", "1")
	var running []*exec.Cmd
	for range 2 {
		c := exec.Command(os.Args[0], "-test.run=^TestCache$")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, c)
	}
	for _, c := range running {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	}
	again := func() []string {
		m, err := start(context.Background(), 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		m.close()
		files, _ := filepath.Glob(filepath.Join(base, "gouji", "wazero-*", "*"))
		return files
	}
	files, _ := filepath.Glob(filepath.Join(base, "gouji", "wazero-*", "*"))
	largest, size := "", int64(0)
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || filepath.Ext(file) == ".tmp" {
			t.Errorf("%s is left over, %v", file, err)
			continue
		}
		if info.Size() > size {
			largest, size = file, info.Size()
		}
	}
	if size < 1<<20 {
		t.Fatalf("the cache holds %v", files)
	}
	written := func() time.Time {
		info, err := os.Stat(largest)
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	before := written()
	if got := again(); !slices.Equal(got, files) || !written().Equal(before) {
		t.Errorf("the cache was written again: %v, then %v", files, got)
	}
	if _, err := start(context.Background(), 1<<20); err == nil || !written().Equal(before) {
		t.Errorf("with hardly any memory: %v, and the cache is gone: %v", err, written())
	}
	if err := os.Truncate(largest, size/2); err != nil {
		t.Fatal(err)
	}
	dir, _ := cacheDir()
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := startWith(context.Background(), 1<<30, cache); err == nil {
		m.close()
		t.Error("pdfium starts from a damaged file")
	} else if !damaged(err) {
		t.Errorf("the file is not taken for damaged: %v", err)
	}
	if forget(dir); !written().IsZero() {
		t.Error("the damaged file is kept")
	}
}

// FuzzLay lays out characters and rules wherever they may stand: none gets lost, and tables are sound.
func FuzzLay(f *testing.F) {
	f.Add([]byte("\x01\x10\x10\x10\x10\x02\x10\x20\x60\x00\x02\x10\x40\x60\x00\x03\x10\x10\x00\x60\x03\x60\x10\x00\x60\x03\x30\x10\x00\x60"))
	f.Add([]byte("\x00\x20\x30\x04\x05\x00\x24\x30\x04\x05\x00\x60\x30\x04\x05\x00\x20\x40\x04\x05"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &sheet{width: 256, height: 256, shown: func(r rect) rect { return r }}
		for ; len(data) >= 5 && len(s.glyphs)+len(s.rules) < 400; data = data[5:] {
			x, y, w, h := float64(data[1]), float64(data[2]), float64(data[3]), float64(data[4])
			switch data[0] % 4 {
			case 0:
				s.glyphs = append(s.glyphs, glyph{text: string(rune('0' + data[3]%10)), box: rect{x, y, x + 1 + w/32, y + 1 + h/16}})
			case 1:
				s.glyphs = append(s.glyphs, glyph{text: string(rune('一' + len(s.glyphs))), box: rect{x, y, x + 1 + w/16, y + 1 + w/16}})
			case 2:
				s.rules = append(s.rules, rect{x, y, x + w, y})
			case 3:
				s.rules = append(s.rules, rect{x, y, x, y + h})
			}
		}
		// The second page continues the first: what parts a row, or a figure, between them may go over to the first.
		layouts := []*layout{lay(s, 1), lay(s, 1)}
		continuing(layouts)
		n := 0
		for _, l := range layouts {
			n += held(t, l)
		}
		pages := len(layouts)
		// What is printed twice at one place is bold type.
		if n > pages*len(s.glyphs) {
			t.Fatalf("%d characters on each page became %d", len(s.glyphs), n)
		}
		different := map[string]bool{}
		for _, g := range s.glyphs {
			different[g.text] = true
		}
		if n < pages*len(different) {
			t.Fatalf("of %d different characters on each page %d are left", len(different), n)
		}
	})
}

// held counts the characters of a page, whose tables must be sound.
func held(t *testing.T, l *layout) int {
	n := 0
	for _, it := range l.items {
		if it.table == nil {
			n += len(it.line.glyphs)
			continue
		}
		covered := map[[2]int]bool{}
		for _, c := range it.table.cells {
			for _, ln := range c.lines {
				n += len(ln.glyphs)
			}
			for r := c.row; r < c.row+c.rowSpan; r++ {
				for k := c.col; k < c.col+c.colSpan; k++ {
					if covered[[2]int{r, k}] || r >= it.table.rows() || k >= it.table.cols() {
						t.Fatalf("cells overlap or stick out at %d, %d", r, k)
					}
					covered[[2]int{r, k}] = true
				}
			}
		}
	}
	return n
}
