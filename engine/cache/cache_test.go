package cache_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/gouji/gouji/engine/cache"
)

func key(i int) cache.Key { return sha256.Sum256([]byte(fmt.Sprint(i))) }

// What was put is found again, before and after it was written, and what was not is not.
func TestCache(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "folder")
	c, err := cache.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3000 {
		if err := c.Put(key(i), []byte(fmt.Sprint("result ", i))); err != nil {
			t.Fatal(err)
		}
	}
	check := func() {
		t.Helper()
		for i := range 3000 {
			if got := string(c.Get(key(i))); got != fmt.Sprint("result ", i) {
				t.Fatalf("the result of %d is %q", i, got)
			}
		}
		if c.Get(key(-1)) != nil {
			t.Error("there is a result of what was never done")
		}
	}
	check()
	if _, err := cache.Open(folder); !errors.Is(err, cache.ErrBusy) {
		t.Errorf("opened twice: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if c, err = cache.Open(folder); err != nil {
		t.Fatal(err)
	}
	check()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// A file that is something else is left as it is.
func TestForeign(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, cache.File)
	content := make([]byte, 1<<16)
	copy(content, "something else")
	if err := os.WriteFile(name, content, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Open(folder); !errors.Is(err, cache.ErrForeign) {
		t.Errorf("the error is %v", err)
	}
	if now, _ := os.ReadFile(name); string(now) != string(content) {
		t.Error("it was changed")
	}
}
