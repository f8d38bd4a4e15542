package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gouji/gouji/engine/sample"
)

// childJudge and childDecode are the commands by which the program measures in a process of its own.
const (
	childJudge  = "judge"
	childDecode = "decode"
)

// cost is what judging a number of datasets takes.
type cost struct {
	Datasets int
	// Processor is the time of processors, Elapsed that of the clock.
	Processor, Elapsed time.Duration
	// Memory is the most that the process has had, in bytes; 0 where it was too short to tell.
	Memory int64 `json:"-"`
	// Allocations are those for each dataset.
	Allocations float64
}

// each is the time of processors for each dataset, in microseconds.
func (c cost) each() float64 { return float64(c.Processor) / float64(c.Datasets) / 1e3 }

// best are the least costs of two measurements of the same.
func (c cost) best(other cost) cost {
	if c.Datasets == 0 {
		return other
	}
	if other.each() < c.each() {
		c.Processor, c.Datasets = other.Processor, other.Datasets
	}
	c.Elapsed, c.Memory, c.Allocations = min(c.Elapsed, other.Elapsed), min(c.Memory, other.Memory), min(c.Allocations, other.Allocations)
	return c
}

// bench is one run of all measurements.
type bench struct {
	// folder is for files, program is the command gouji, own this program, and pack the folder of all rules.
	folder, program, own, pack string
	datasets, rounds           int
}

// newBench builds the command and proves that what is to be measured does the same work.
func newBench(folder string, datasets, rounds int) (*bench, error) {
	b := &bench{folder: folder, program: filepath.Join(folder, "gouji"), datasets: datasets, rounds: rounds}
	var err error
	if b.own, err = os.Executable(); err != nil {
		return nil, err
	}
	if b.pack, err = writePack(folder, sample.RuleCount); err != nil {
		return nil, err
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/gouji/gouji").Output()
	if err != nil {
		return nil, err
	}
	if out, err := exec.Command("go", "-C", strings.TrimSpace(string(root)), "build", "-trimpath", "-o", b.program, "./cmd/gouji").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build gouji: %w\n%s", err, out)
	}
	if err := alike(bureau(20)); err != nil {
		return nil, err
	}
	return b, b.agree(300)
}

// gouji is the command with a number of workers, on as many processors.
func (b *bench) gouji(jobs int, args ...string) *exec.Cmd {
	c := exec.Command(b.program, args...)
	c.Args = append(c.Args, "-j", strconv.Itoa(jobs))
	c.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(jobs))
	return c
}

// check measures gouji as a process, from its start to its end: it writes the findings, and the summary for people.
func (b *bench) check(path, pack string, datasets, jobs int) (cost, error) {
	c := b.gouji(jobs, "check", "-r", pack, "-f", "jsonl="+os.DevNull, "-f", "table", path)
	var wrong strings.Builder
	c.Stderr = &wrong
	begin := time.Now()
	if err := c.Start(); err != nil {
		return cost{}, err
	}
	memory, err := watched(c)
	elapsed := time.Since(begin)
	if code := exitCode(err); code > 1 || wrong.Len() > 0 {
		return cost{}, fmt.Errorf("%s: status %d: %s", path, code, wrong.String())
	}
	p := c.ProcessState
	return cost{Datasets: datasets, Processor: p.UserTime() + p.SystemTime(), Elapsed: elapsed, Memory: memory}, nil
}

// self measures something in a process of this program.
func (b *bench) self(args ...string) (cost, error) {
	c := exec.Command(b.own, args...)
	c.Env = append(os.Environ(), "GOMAXPROCS=1")
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, os.Stderr
	if err := c.Start(); err != nil {
		return cost{}, err
	}
	memory, err := watched(c)
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	one := cost{Memory: memory}
	return one, json.Unmarshal(out.Bytes(), &one)
}

// exitCode is the status with which a command has ended; -1 if it has not run.
func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}

// measurement is one line to be measured.
type measurement func() (cost, error)

// measure measures each in turn, round after round, and gives the best of each.
func (b *bench) measure(all ...measurement) ([]cost, error) {
	best := make([]cost, len(all))
	for range b.rounds {
		for i, m := range all {
			one, err := m()
			if err != nil {
				return nil, err
			}
			best[i] = best[i].best(one)
		}
	}
	return best, nil
}

// judging prints how long each form takes to judge a dataset whose figures are decoded.
func (b *bench) judging() error {
	var all []measurement
	for _, f := range forms {
		all = append(all, func() (cost, error) { return b.self(childJudge, f.name) })
	}
	best, err := b.measure(all...)
	if err != nil {
		return err
	}
	fmt.Println("\n| judging alone | µs a dataset | ÷ by hand | ÷ gouji | allocations a dataset |\n|---|---|---|---|---|")
	for i, c := range best {
		fmt.Printf("| %s | %s | %s | %s | %.0f |\n", forms[i].name, micros(c), ratio(c, best[0]), ratio(c, best[1]), c.Allocations)
	}
	return nil
}

// reading prints what checking files takes.
func (b *bench) reading() error {
	var all []measurement
	for i, s := range kinds {
		path, err := s.write(b.folder, b.datasets)
		if err != nil {
			return err
		}
		defer os.RemoveAll(path)
		if i == 0 {
			all = append(all, func() (cost, error) { return b.self(childDecode, path) })
		}
		for _, jobs := range []int{1, 2} {
			all = append(all, func() (cost, error) { return b.check(path, b.pack, b.datasets, jobs) })
		}
	}
	best, err := b.measure(all...)
	if err != nil {
		return err
	}
	floor := best[0]
	fmt.Printf("\n| %d datasets from | datasets/s and core | bar | ÷ only decoding JSON | -j 2 ÷ -j 1 | memory, -j 2 |\n|---|---|---|---|---|---|\n", b.datasets)
	fmt.Printf("| JSON Lines, only decoded by encoding/json | %s | | 1 | | %s |\n", rate(floor), megabytes(floor))
	for i, s := range kinds {
		one, two := best[1+2*i], best[2+2*i]
		fmt.Printf("| %s | %s | %d | %s | %.2f | %s |\n", s.name, rate(one), s.bar, ratio(one, floor),
			float64(one.Elapsed)/float64(two.Elapsed), megabytes(two))
	}
	return nil
}

// growth prints how the cost grows with datasets and rules.
func (b *bench) growth() error {
	sizes := []struct{ datasets, rules int }{
		{1, sample.RuleCount}, {b.datasets / 100, sample.RuleCount}, {b.datasets / 10, sample.RuleCount},
		{b.datasets, sample.RuleCount / 4}, {b.datasets, sample.RuleCount / 2}, {b.datasets, sample.RuleCount},
	}
	var all []measurement
	var path string
	for i, size := range sizes {
		if i == 0 || size.datasets != sizes[i-1].datasets {
			folder := filepath.Join(b.folder, strconv.Itoa(size.datasets))
			if err := os.Mkdir(folder, 0o777); err != nil {
				return err
			}
			defer os.RemoveAll(folder)
			var err error
			if path, err = writeJSONLines(folder, size.datasets); err != nil {
				return err
			}
		}
		path := path
		pack, err := writePack(filepath.Join(b.folder, "growth"+strconv.Itoa(i)), size.rules)
		if err != nil {
			return err
		}
		all = append(all, func() (cost, error) { return b.check(path, pack, size.datasets, 1) })
	}
	best, err := b.measure(all...)
	if err != nil {
		return err
	}
	start := best[0].Processor
	fmt.Println("\n| JSON Lines, datasets | rules | ms | µs a dataset, without the start | memory |\n|---|---|---|---|---|")
	for i, c := range best {
		beyond := micros(cost{Datasets: c.Datasets, Processor: c.Processor - start})
		if i == 0 {
			beyond = ""
		}
		fmt.Printf("| %d | %d | %d | %s | %s |\n", c.Datasets, sizes[i].rules, c.Processor.Milliseconds(), beyond, megabytes(c))
	}
	return nil
}

// micros is the time for each dataset.
func micros(c cost) string { return significant(c.each()) }

// ratio is how often the time for each dataset is another.
func ratio(c, of cost) string { return significant(c.each() / of.each()) }

// rate is how many datasets a second of a processor does.
func rate(c cost) string { return fmt.Sprintf("%.0f", float64(c.Datasets)/c.Processor.Seconds()) }

func megabytes(c cost) string {
	if c.Memory == 0 {
		return ""
	}
	return fmt.Sprintf("%d MB", c.Memory>>20)
}

// significant is a number with two digits at least, and not many decimals.
func significant(v float64) string {
	switch {
	case v >= 10:
		return fmt.Sprintf("%.0f", v)
	case v >= 1:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
