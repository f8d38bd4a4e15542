package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/cache"
)

// keeping is where the results of a check are kept: for good, or until the check has come to its end.
type keeping struct {
	*cache.Cache
	folder string
	// passing: it goes away at the end.
	passing bool
}

// keep opens the cache that the flags ask for; nil is none.
func (a *app) keep(o *checkFlags, paths []string, options *engine.Options) (*keeping, error) {
	if o.cache == "" && !o.resume {
		return nil, nil
	}
	k := &keeping{folder: o.cache}
	if o.cache == "" {
		folder, err := a.passing(o, paths)
		if err != nil {
			return nil, err
		}
		k.folder, k.passing = folder, true
	}
	program, err := programSum()
	if err != nil {
		return nil, err
	}
	k.Cache, err = cache.Open(k.folder)
	switch {
	case errors.Is(err, cache.ErrBusy):
		return nil, a.problem(textCacheBusy, k.folder)
	case errors.Is(err, cache.ErrForeign):
		return nil, a.problem(textCacheForeign, filepath.Join(k.folder, cache.File))
	case err != nil:
		return nil, err
	}
	options.Cache, options.Engine = k.Cache, program
	return k, nil
}

// passing is the folder for the results of this very command in this folder, until it has come to its end.
func (a *app) passing(o *checkFlags, paths []string) (string, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	text, err := json.Marshal([]any{here, paths, o.rules, o.entity, o.period, o.entities, o.only, o.skip, o.all, o.strict, o.join, o.formats, o.output})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return filepath.Join(folder, "gouji", "resume", hex.EncodeToString(sum[:8])), nil
}

// end closes the cache; whole tells that the check has come to its end and its reports are written, after which there is
// nothing to go on with.
func (k *keeping) end(whole bool) error {
	if k == nil {
		return nil
	}
	err := k.Close()
	if whole && k.passing {
		err = errors.Join(err, os.RemoveAll(k.folder))
	}
	return err
}

// programSum names this very program: another build may judge otherwise.
func programSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
