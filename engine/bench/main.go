// Command bench measures gouji beside its peers, on the datasets of package sample: 300 figures and 200 rules each, one in a
// hundred broken.
//
//	go run . -n 20000
//
// It prints three tables: judging alone, of figures that are decoded, by the engine, by the code that one would write by
// hand, by expr's machine, cel-go and OPA; checking files with the command gouji, findings and summary written, beside a
// program that only decodes; and how the cost grows. First it proves that all of them judge alike.
//
// What counts is the time of processors, which other work on the machine disturbs least, and of several rounds the best.
// Each measurement is a process of its own, so that none pays for the garbage of another; GOMAXPROCS is the number of jobs.
// It is a module of its own, so that the peers are no dependencies of gouji. It needs Linux.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

// seed is that of all datasets.
const seed = 1

func main() {
	if err := measured(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measured(args []string) error {
	if len(args) == 2 && args[0] == childJudge {
		return child(judging(args[1]))
	}
	if len(args) == 2 && args[0] == childDecode {
		return child(decoding(args[1]))
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	n := flags.Int("n", 20_000, "the number of datasets in files; each takes 40 kB of the disk")
	rounds := flags.Int("rounds", 3, "how often each is measured, of which the best counts")
	parts := flags.String("parts", "judging,reading,growth", "what is measured")
	dir := flags.String("dir", "", "the folder for the files, which are deleted in the end (default: that of the system)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *n < 1000 || *rounds < 1 {
		return fmt.Errorf("no arguments are taken, at least 1000 datasets and one round")
	}
	work, err := os.MkdirTemp(*dir, "gouji-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b, err := newBench(work, *n, *rounds)
	if err != nil {
		return err
	}
	fmt.Println(versions())
	for _, part := range strings.Split(*parts, ",") {
		switch part {
		case "judging":
			err = b.judging()
		case "reading":
			err = b.reading()
		case "growth":
			err = b.growth()
		default:
			err = fmt.Errorf("no part %q", part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// child prints what a measurement in a process of its own has come to.
func child(c cost, err error) error {
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(c)
}

// versions tells which peers are measured.
func versions() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	names := []string{info.GoVersion}
	for _, m := range info.Deps {
		switch m.Path {
		case "github.com/expr-lang/expr", "github.com/shopspring/decimal", "cel.dev/cel-go", "github.com/open-policy-agent/opa":
			names = append(names, m.Path+" "+m.Version)
		}
	}
	return strings.Join(names, ", ")
}
