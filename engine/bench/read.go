package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gouji/gouji/engine/sample"
)

// kind is a way in which datasets lie on the disk.
type kind struct {
	name string
	// bar is how many datasets are to be checked a second and core.
	bar int
	// write writes n datasets below a folder and tells where they are.
	write func(folder string, n int) (path string, err error)
}

var kinds = []kind{
	{"JSON Lines", 40_000, writeJSONLines},
	{"CSV, wide", 40_000, writeCSV},
	{"Parquet, columns of texts", 80_000, writeParquet(false)},
	{"Parquet, columns of DECIMAL", 80_000, writeParquet(true)},
	{"YAML files", 10_000, writeYAML},
}

// written creates a file and has it filled.
func written(path string, fill func(w *bufio.Writer) error) (string, error) {
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	return path, errors.Join(fill(w), w.Flush(), f.Close())
}

func writeJSONLines(folder string, n int) (string, error) {
	return written(filepath.Join(folder, "all.jsonl"), func(w *bufio.Writer) error {
		var line []byte
		for i := range n {
			line = append(sample.New(seed, i).AppendJSON(line[:0]), '\n')
			if _, err := w.Write(line); err != nil {
				return err
			}
		}
		return nil
	})
}

func writeCSV(folder string, n int) (string, error) {
	return written(filepath.Join(folder, "all.csv"), func(w *bufio.Writer) error {
		line := []byte(sample.CSVHead())
		for i := range n {
			if _, err := w.Write(sample.New(seed, i).AppendCSV(line)); err != nil {
				return err
			}
			line = line[:0]
		}
		return nil
	})
}

func writeParquet(decimals bool) func(string, int) (string, error) {
	return func(folder string, n int) (string, error) {
		return written(filepath.Join(folder, fmt.Sprintf("all-%v.parquet", decimals)), func(w *bufio.Writer) error {
			return sample.WriteParquet(w, seed, n, decimals)
		})
	}
}

// writeYAML writes a file for each dataset, a thousand in a folder.
func writeYAML(folder string, n int) (string, error) {
	folder = filepath.Join(folder, "yaml")
	var content []byte
	for i := range n {
		within := filepath.Join(folder, fmt.Sprintf("%04d", i/1000))
		if i%1000 == 0 {
			if err := os.MkdirAll(within, 0o777); err != nil {
				return "", err
			}
		}
		content = sample.New(seed, i).AppendYAML(content[:0])
		if err := os.WriteFile(filepath.Join(within, fmt.Sprintf("%d.yaml", i)), content, 0o666); err != nil {
			return "", err
		}
	}
	return folder, nil
}

// writePack writes a pack of so many rules below a folder and tells where it is.
func writePack(folder string, rules int) (string, error) {
	folder = filepath.Join(folder, fmt.Sprintf("rules%d", rules))
	pack, err := fs.Sub(sample.PackOf(rules), sample.PackName)
	if err != nil {
		return "", err
	}
	return folder, os.CopyFS(folder, pack)
}

// broken counts the broken ones of n datasets.
func broken(n int) int {
	all := 0
	for i := range n {
		if sample.New(seed, i).Broken {
			all++
		}
	}
	return all
}

// agree proves that gouji finds in a file of each kind what is broken there.
func (b *bench) agree(n int) error {
	want := 2 * broken(n)
	for _, s := range kinds {
		path, err := s.write(b.folder, n)
		if err != nil {
			return err
		}
		out, err := b.gouji(1, "check", "-r", b.pack, "-f", "jsonl", path).Output()
		if code := exitCode(err); code != 1 {
			return fmt.Errorf("%s: status %d: %w", s.name, code, err)
		}
		if got := bytes.Count(out, []byte("\n")); got != want {
			return fmt.Errorf("%s: %d findings of %d datasets, want %d", s.name, got, n, want)
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// decoding measures how long it takes only to decode a file of JSON Lines.
func decoding(path string) (cost, error) {
	f, err := os.Open(path)
	if err != nil {
		return cost{}, err
	}
	defer f.Close()
	begin, err := processor()
	if err != nil {
		return cost{}, err
	}
	d := json.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	for n := 0; ; n++ {
		var values map[string]any
		if err := d.Decode(&values); err == io.EOF {
			end, err := processor()
			return cost{Processor: end - begin, Datasets: n}, err
		} else if err != nil {
			return cost{}, err
		}
	}
}
