package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/run"
)

// TestReportsKeepNoFiles: what a report tells of datasets does not hold the text of their files in memory.
func TestReportsKeepNoFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, folder := range []string{"mine", "data"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	write("mine/pack.yaml", "id: mine\n")
	write("mine/schema.yaml", "fields:\n  a: {type: amount}\n  b: {type: amount}\n  note: {type: text}\n  parts: {type: list, key: name, fields: {name: {type: text}, x: {type: amount}}}\n")
	write("mine/rules.yaml", "- {id: one, title: 一, check: 'same(a, b)', message: '{note}'}\n- {id: two, title: 二, each: p in parts, check: p.x == a}\n- {id: three, title: 三, check: note == \"甲\"}\n")
	const files, size = 16, 1 << 20
	comment := strings.Repeat("# 注释注释注释注释\n", size/30)
	for i := range files {
		write(fmt.Sprintf("data/%d.yaml", i), fmt.Sprintf("entity: 单位%d\nperiod: 2024\na: 1.00\nb: 5.00元\nnote: 乙\nparts: [{name: 丙, x: 3.00}]\n%s", i, comment))
	}
	used := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := used()
	result, err := engine.Check(t.Context(), []string{filepath.Join(dir, "data")}, engine.Options{
		Rules: filepath.Join(dir, "mine"), Options: run.Options{All: true},
	})
	if err != nil || len(result.Diagnostics) > 0 || len(result.Report.Findings) != 3*files {
		t.Fatal(result.Diagnostics, err)
	}
	if grown := used() - min(before, used()); grown > files*size/8 {
		t.Errorf("the report holds %d bytes", grown)
	}
	runtime.KeepAlive(result)
}
