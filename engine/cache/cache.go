// Package cache keeps results on disk under keys that say what they are of, so that what was done once need not be done
// again: by a run that was killed, or by the next one over data that did not change.
//
// It knows nothing of what it keeps. A cache whose writer was killed holds what was written up to about a second before;
// one process uses it at a time. It is the only importer of bbolt.
package cache

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// File is the name of the file in the folder of a cache.
const File = "gouji-results.db"

// format is the version of what the file holds.
var format = []byte("gouji.results/1")

var (
	results = []byte("results")
	about   = []byte("about")
	version = []byte("format")
)

// ErrBusy says that another process uses the cache.
var ErrBusy = errors.New("in use by another run")

// ErrForeign says that the file is no cache, or one of another version.
var ErrForeign = errors.New("no results of this version of gouji")

// Key says what a result is of.
type Key [sha256.Size]byte

// Cache is an open cache. Its methods may be called by several goroutines.
type Cache struct {
	db *bbolt.DB
	mu sync.Mutex
	// waiting is what was not written yet, of a size; written is when the last was.
	waiting map[Key][]byte
	size    int
	written time.Time
	// err is what went wrong with writing; nothing is written afterwards.
	err error
}

const (
	// waitingMost is how much waits to be written at most, in bytes, and waitingLong for how long.
	waitingMost = 8 << 20
	waitingLong = time.Second
)

// Open opens the cache in a folder, which is made where it is not there.
func Open(folder string) (*Cache, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	name := filepath.Join(folder, File)
	// What cannot be read any more is only slower: the list of free pages is made anew after a crash.
	db, err := bbolt.Open(name, 0o666, &bbolt.Options{Timeout: time.Second, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		err = ErrBusy
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, bolterrors.ErrChecksum):
		err = ErrForeign
	}
	if err == nil {
		err = db.Update(func(tx *bbolt.Tx) error {
			a, err := tx.CreateBucketIfNotExists(about)
			if err != nil {
				return err
			}
			if _, err := tx.CreateBucketIfNotExists(results); err != nil {
				return err
			}
			if was := a.Get(version); was == nil {
				return a.Put(version, format)
			} else if !bytes.Equal(was, format) {
				return ErrForeign
			}
			return nil
		})
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			return nil, err
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Cache{db: db, waiting: map[Key][]byte{}, written: time.Now()}, nil
}

// Get is the result of a key, nil where there is none.
func (c *Cache) Get(k Key) []byte {
	c.mu.Lock()
	value := c.waiting[k]
	c.mu.Unlock()
	if value != nil {
		return value
	}
	_ = c.db.View(func(tx *bbolt.Tx) error {
		value = bytes.Clone(tx.Bucket(results).Get(k[:]))
		return nil
	})
	return value
}

// Put keeps the result of a key. The error may be that of an earlier call.
func (c *Cache) Put(k Key, value []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting[k] = value
	if c.size += len(value); c.size < waitingMost && time.Since(c.written) < waitingLong {
		return c.err
	}
	return c.write()
}

func (c *Cache) write() error {
	if c.err == nil {
		c.err = c.db.Update(func(tx *bbolt.Tx) error {
			b := tx.Bucket(results)
			for k, value := range c.waiting {
				if err := b.Put(k[:], value); err != nil {
					return err
				}
			}
			return nil
		})
	}
	clear(c.waiting)
	c.size, c.written = 0, time.Now()
	return c.err
}

// Close writes what is left and frees the cache for others.
func (c *Cache) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.write(), c.db.Close())
}
