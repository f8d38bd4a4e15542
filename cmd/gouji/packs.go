package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gouji/gouji/engine"
)

// rulesFolder is where packs are looked for when none is named.
const rulesFolder = "rules"

// packsIn lists the packs in a folder: the folder itself when it is one, else those of its folders that are.
func packsIn(folder string) ([]string, error) {
	isPack := func(name string) bool {
		_, err := os.Stat(filepath.Join(name, "pack.yaml"))
		return err == nil
	}
	if isPack(folder) {
		return []string{folder}, nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var packs []string
	for _, e := range entries {
		if name := filepath.Join(folder, e.Name()); !strings.HasPrefix(e.Name(), ".") && isPack(name) {
			packs = append(packs, name)
		}
	}
	return packs, nil
}

// packs lists the packs that arguments name: shipped packs, packs and folders of packs. Without arguments it is the packs
// in ./rules, or the shipped ones where there is no such folder. What is no pack is in rest.
func (a *app) packs(args []string) (packs, rest []string, err error) {
	if len(args) == 0 {
		if info, err := os.Stat(rulesFolder); err != nil || !info.IsDir() {
			return engine.Shipped().Names(), nil, nil
		}
		packs, err := packsIn(rulesFolder)
		if err == nil && len(packs) == 0 {
			err = &engine.NoPackError{Name: rulesFolder, Folder: true}
		}
		return packs, nil, err
	}
	for _, arg := range args {
		info, err := os.Stat(arg)
		shipped := engine.Shipped().Find(arg) != nil
		switch {
		case shipped && (err != nil || !strings.ContainsAny(arg, `/\.`)):
			packs = append(packs, arg)
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil, &engine.NoPackError{Name: arg}
		case err != nil:
			return nil, nil, err
		case !info.IsDir():
			rest = append(rest, arg)
		default:
			inside, err := packsIn(arg)
			if err != nil {
				return nil, nil, err
			}
			if len(inside) == 0 {
				rest = append(rest, arg)
			}
			packs = append(packs, inside...)
		}
	}
	return packs, rest, nil
}
