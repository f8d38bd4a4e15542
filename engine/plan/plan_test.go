package plan_test

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
)

// load reads a pack from the files of an archive; the schema is the common one unless the archive holds its own.
func load(t testing.TB, archive *txtar.Archive) (*plan.Plan, diag.List) {
	t.Helper()
	schema, err := os.ReadFile("testdata/schema.yaml")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{
		"p/pack.yaml":   {Data: []byte("id: p\ntitle: p\n")},
		"p/schema.yaml": {Data: schema},
	}
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "want/") {
			fsys[path.Join("p", f.Name)] = &fstest.MapFile{Data: f.Data}
		}
	}
	pack, list, err := rule.Load(fsys, "p", "p", nil)
	if err != nil {
		t.Fatal(err)
	}
	p, wrong := plan.Compile(pack)
	return p, append(list, wrong...)
}

// TestDiagnostics renders what is wrong with the rules of each archive in both languages. UPDATE_GOLDEN=1 rewrites what
// is wanted.
func TestDiagnostics(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, list := load(t, archive)
			got := &txtar.Archive{Comment: archive.Comment}
			for _, f := range archive.Files {
				if !strings.HasPrefix(f.Name, "want/") {
					got.Files = append(got.Files, f)
				}
			}
			for _, lang := range []diag.Lang{diag.English, diag.Chinese} {
				var b bytes.Buffer
				if err := diag.Render(&b, lang, false, list); err != nil {
					t.Fatal(err)
				}
				got.Files = append(got.Files, txtar.File{Name: "want/" + string(lang), Data: b.Bytes()})
			}
			diff := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(got)))
			switch {
			case diff == "":
			case os.Getenv("UPDATE_GOLDEN") == "":
				t.Errorf("(-want +got):\n%s", diff)
			default:
				if err := os.WriteFile(name, txtar.Format(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestFaultsKeepOtherRules: a rule with a fault is left out, the others are there.
func TestFaultsKeepOtherRules(t *testing.T) {
	p, list := load(t, txtar.Parse([]byte(`-- topic.yaml --
- {id: good, title: t, check: a == b}
- {id: bad, title: t, check: a == x}
- {id: cut, title: t, let: {x: [a]}, check: x == 1}
- {id: unused, title: t, let: {x: [a]}, check: a == b}
- {id: better, title: t, check: b == a}
`)))
	if len(list) != 3 || len(p.Rules) != 2 || p.Rules[0].ID != "good" || p.Rules[1].ID != "better" {
		t.Errorf("%d rules, %v", len(p.Rules), list)
	}
}

// TestTypeInExtendedPack: a rule taken over walks the groups of the schema at hand.
func TestTypeInExtendedPack(t *testing.T) {
	p, list := load(t, txtar.Parse([]byte(`-- pack.yaml --
id: p
extends: base
-- schema.yaml --
types: {item: {fields: {amount: {type: amount}}}}
fields: {new: {use: item}, old: {use: item}, group: {fields: {newer: {use: item}}}}
-- ../base/pack.yaml --
id: base
-- ../base/schema.yaml --
types: {item: {fields: {amount: {type: amount}}}}
fields: {old: {use: item}}
-- ../base/topic.yaml --
- {id: each-item, title: t, each: q in item, check: q.amount > 0}
`)))
	if len(list) > 0 || len(p.Rules) != 1 {
		t.Fatalf("%d rules, %v", len(p.Rules), list)
	}
	var paths []string
	for _, g := range p.Rules[0].Loops[0].Groups {
		paths = append(paths, g.Path())
	}
	if diff := cmp.Diff([]string{"new", "old", "group.newer"}, paths); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
