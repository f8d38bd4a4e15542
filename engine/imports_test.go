package engine_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/gouji/gouji/"

// floors is the order of the packages: each imports only packages of floors below its own.
var floors = [][]string{
	{"engine/number", "engine/source", "engine/reader/chunk", "engine/cache", "engine/finding", "engine/pattern", "engine/words", "engine/color", "engine/git", "engine/sample", "engine/sorter", "rules"},
	{"engine/diag"},
	{"engine/yamldoc", "engine/document"},
	{"engine/document/archive", "engine/document/numfmt", "engine/acceptance"},
	{"engine/document/drawing", "engine/dataset"},
	{"engine/dataset/datasettest", "engine/reader/table", "engine/reader/keys", "engine/document/doctest", "engine/document/docx", "engine/document/xlsx", "engine/document/office", "engine/document/text", "engine/document/html", "engine/document/pdf"},
	{"engine/reader/yaml", "engine/reader/json", "engine/reader/csv", "engine/reader/parquet", "engine/reader/sheet", "engine/rule", "engine/expression"},
	{"engine/reader", "engine/layout", "engine/plan", "engine/extract"},
	{"engine/entities"},
	{"engine/run"},
	{"engine/report", "engine/store", "engine/ruletest"},
	{"engine/jsonschema"},
	{"engine"},
	{"cmd/gouji"},
}

// importers are the only packages that may import a module, outside tests, with spaces between them.
var importers = map[string]string{
	"github.com/shopspring/decimal":         "engine/number",
	"gopkg.in/yaml.v3":                      "engine/yamldoc",
	"github.com/expr-lang/expr":             "engine/expression",
	"github.com/olekukonko/tablewriter":     "engine/report",
	"golang.org/x/net":                      "engine/document/html",
	"github.com/klauspost/compress":         "engine engine/reader",
	"go.etcd.io/bbolt":                      "engine/cache",
	"github.com/spf13/cobra":                "cmd/gouji",
	"modernc.org/sqlite":                    "engine/store",
	"github.com/jackc/pgx":                  "engine/store",
	"github.com/parquet-go/parquet-go":      "engine/store engine/reader/parquet engine/sample",
	"github.com/xuri/excelize":              "engine/document/doctest engine/report",
	"github.com/klippa-app/go-pdfium":       "engine/document/pdf",
	"github.com/tetratelabs/wazero":         "engine/document/pdf",
	"github.com/rogpeppe/go-internal":       "cmd/gouji",
	"github.com/google/go-cmp":              "engine/dataset/datasettest",
	"github.com/santhosh-tekuri/jsonschema": "",
	"github.com/owenrumney/go-sarif":        "",
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,CgoFiles", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	floor := map[string]int{}
	for i, packages := range floors {
		for _, p := range packages {
			floor[module+p] = i
		}
	}
	floor[module+"engine"] = slices.IndexFunc(floors, func(p []string) bool { return slices.Contains(p, "engine") })
	seen := map[string]bool{}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Imports    []string
			CgoFiles   []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen[p.ImportPath] = true
		own, known := floor[p.ImportPath]
		if !known {
			t.Errorf("%s stands on no floor: add it to the table", p.ImportPath)
		}
		if len(p.CgoFiles) > 0 {
			t.Errorf("%s needs cgo", p.ImportPath)
		}
		for _, i := range p.Imports {
			if other, ours := floor[i]; ours && other >= own {
				t.Errorf("%s (floor %d) imports %s (floor %d)", p.ImportPath, own, i, other)
			}
			for prefix, only := range importers {
				if (i == prefix || strings.HasPrefix(i, prefix+"/")) && !slices.Contains(strings.Fields(only), strings.TrimPrefix(p.ImportPath, module)) {
					t.Errorf("%s imports %s; only %q may", p.ImportPath, i, only)
				}
			}
		}
	}
	for p := range floor {
		if !seen[p] {
			t.Errorf("%s is on a floor but does not exist", p)
		}
	}
}
