package rule_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
)

// folders makes file systems of an archive: lib/… is the library, the rest the folder that holds the pack p.
func folders(archive *txtar.Archive) (fsys fs.FS, library rule.Library) {
	here, lib := fstest.MapFS{}, fstest.MapFS{}
	for _, f := range archive.Files {
		switch name, shipped := strings.CutPrefix(f.Name, "lib/"); {
		case strings.HasPrefix(f.Name, "want/"):
		case shipped:
			lib[name] = &fstest.MapFile{Data: f.Data}
		default:
			here[name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return here, rule.Library{lib}
}

// outline tells what a pack holds.
func outline(p *rule.Pack) string {
	var b strings.Builder
	fmt.Fprintf(&b, "pack %q %q version %q region %q years %q in %s\n", p.ID, p.Title, p.Version, p.Region, p.Years, p.Dir)
	fmt.Fprintf(&b, "schema %s of %s\n", p.SchemaFile.Path, strings.Join(p.Schema.Root.Names(), " "))
	restated := "off"
	if p.Restated != 0 {
		restated = fmt.Sprintf("%s near %s", p.Restated, p.RestatedNear)
	}
	fmt.Fprintf(&b, "restated %s\n", restated)
	for _, r := range p.Rules {
		fmt.Fprintf(&b, "rule %s %q of %s, topic %s, at %s: %s near %s rounding %s", r.ID, r.Title, r.Pack, r.Topic, r.Span, r.Severity, r.Near, r.Rounding)
		for _, e := range r.Each {
			fmt.Fprintf(&b, ", each %q", e.Value)
		}
		if r.When != nil {
			fmt.Fprintf(&b, ", when %q", r.When.Value)
		}
		for _, e := range r.Let {
			fmt.Fprintf(&b, ", let %s %q", e.Key.Value, e.Value.Value)
		}
		if p := r.Peers; p == nil {
			fmt.Fprintf(&b, ", check %q", r.Check.Value)
		} else {
			fmt.Fprintf(&b, ", %s %q, least %d, limit %v, length %d", p.Kind.Name(), r.Asks().Value, p.Least, p.Limit, p.Length)
			for _, by := range p.By {
				fmt.Fprintf(&b, ", by %q", by.Value)
			}
		}
		if r.Tolerance.Kind != rule.Rounding {
			fmt.Fprintf(&b, ", tolerance %d", r.Tolerance.Kind)
			if r.Tolerance.Amount != nil {
				fmt.Fprintf(&b, " %s", r.Tolerance.Amount.Value)
			}
		}
		if r.Missing != rule.Skip {
			fmt.Fprintf(&b, ", missing %d", r.Missing)
		}
		if r.Message != nil {
			fmt.Fprintf(&b, ", message %q", r.Message.Value)
		}
		for _, s := range [][2]string{{"hint", r.Hint}, {"basis", r.Basis}, {"tags", strings.Join(r.Tags, " ")}} {
			if s[1] != "" {
				fmt.Fprintf(&b, ", %s %q", s[0], s[1])
			}
		}
		if r.Since != 0 || r.Until != 0 {
			fmt.Fprintf(&b, ", %d–%d", r.Since, r.Until)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// selectors tells how documents are searched.
func selectors(s *rule.Selectors) string {
	var b strings.Builder
	sources := func(key string, patterns []rule.Pattern) {
		for i, p := range patterns {
			fmt.Fprintf(&b, "%s %q", key, p.Source)
			for j, f := range p.Fields {
				if f != nil {
					fmt.Fprintf(&b, " %s=%s", p.Slots[j].Name, f.Path())
				}
			}
			if key = ","; i == len(patterns)-1 {
				key = ""
			}
		}
	}
	leaf := func(l rule.Leaf) {
		fmt.Fprintf(&b, "    %s", l.Field.Path())
		if len(l.Measures) > 0 {
			fmt.Fprintf(&b, " %s", strings.Join(l.Measures, "|"))
		}
		for _, p := range []struct {
			key      string
			patterns []rule.Pattern
		}{{" of", l.Basis}, {" word", l.Words}, {" column", l.Columns}, {" label", l.Labels}, {" text", l.Texts}} {
			sources(p.key, p.patterns)
		}
		if l.Note != "" {
			fmt.Fprintf(&b, " note %s", l.Note)
		}
		b.WriteByte('\n')
	}
	for _, scope := range s.Scopes {
		fmt.Fprintf(&b, "scope of pack %d", scope.Pack)
		sources(" section", scope.Sections)
		sources(" table", scope.Tables)
		for _, k := range scope.Keys {
			fmt.Fprintf(&b, " key %s", k.Field.Path())
			sources("", k.Labels)
		}
		b.WriteByte('\n')
		for _, f := range scope.Fields {
			fmt.Fprintf(&b, "  %s", f.Field.Path())
			sources(" subject", f.Subjects)
			sources(" row", f.Rows)
			if f.Of != nil {
				fmt.Fprintf(&b, " of %s", f.Of.Path())
			}
			if f.Like {
				b.WriteString(" like")
			}
			b.WriteByte('\n')
			for _, l := range f.Leaves {
				leaf(l)
			}
		}
		for _, x := range scope.Sentences {
			sources("  sentence", []rule.Pattern{x.Pattern})
			for _, set := range x.Set {
				fmt.Fprintf(&b, " set %s %q", set.Field.Path(), set.Text)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// TestLoad loads the pack p of each archive of testdata and tells what it holds and what is wrong. UPDATE_GOLDEN=1
// rewrites what is wanted.
func TestLoad(t *testing.T) {
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
			fsys, library := folders(archive)
			p, list, err := rule.Load(fsys, "p", "p", library)
			if err != nil {
				t.Fatal(err)
			}
			selected, wrong := p.Selectors()
			list = append(list, wrong...)
			list.Sort()
			var b bytes.Buffer
			if err := diag.Render(&b, diag.English, false, list); err != nil {
				t.Fatal(err)
			}
			got := &txtar.Archive{Comment: archive.Comment}
			for _, f := range archive.Files {
				if !strings.HasPrefix(f.Name, "want/") {
					got.Files = append(got.Files, f)
				}
			}
			got.Files = append(got.Files, txtar.File{Name: "want/pack", Data: []byte(outline(p))}, txtar.File{Name: "want/diagnostics", Data: b.Bytes()})
			if len(selected.Scopes) > 0 {
				got.Files = append(got.Files, txtar.File{Name: "want/selectors", Data: []byte(selectors(selected))})
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

// TestLoadNothing: a pack whose files hold nothing, or not what they should, is reported and can still be compiled.
func TestLoadNothing(t *testing.T) {
	const schema = "fields: {a: {type: amount}}\n"
	for name, files := range map[string]map[string]string{
		"empty pack.yaml":          {"pack.yaml": "", "schema.yaml": schema},
		"pack.yaml is a comment":   {"pack.yaml": "# nothing\n", "schema.yaml": schema},
		"pack.yaml is a list":      {"pack.yaml": "- id: p\n", "schema.yaml": schema},
		"pack.yaml is a scalar":    {"pack.yaml": "p\n", "schema.yaml": schema},
		"pack.yaml is no YAML":     {"pack.yaml": "id: [p\n", "schema.yaml": schema},
		"pack.yaml is no text":     {"pack.yaml": "\xff\xfe", "schema.yaml": schema},
		"empty schema.yaml":        {"pack.yaml": "id: p\ntitle: p\n", "schema.yaml": ""},
		"schema.yaml is a list":    {"pack.yaml": "id: p\ntitle: p\n", "schema.yaml": "- a\n"},
		"no schema":                {"pack.yaml": "id: p\ntitle: p\n"},
		"empty topic":              {"pack.yaml": "id: p\ntitle: p\n", "schema.yaml": schema, "topic.yaml": ""},
		"topic is a mapping":       {"pack.yaml": "id: p\ntitle: p\n", "schema.yaml": schema, "topic.yaml": "id: x\n"},
		"rule is a scalar":         {"pack.yaml": "id: p\ntitle: p\n", "schema.yaml": schema, "topic.yaml": "- x\n"},
		"the base has no pack":     {"pack.yaml": "id: p\ntitle: p\nextends: q\n", "../q/pack.yaml": "- x\n"},
		"the base has no schema":   {"pack.yaml": "id: p\ntitle: p\nextends: q\n", "../q/pack.yaml": "id: q\ntitle: q\n"},
		"schema in another folder": {"pack.yaml": "id: p\ntitle: p\nschema: ../q/schema.yaml\n", "schema.yaml": schema},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for file, content := range files {
				fsys[strings.TrimPrefix("p/"+file, "p/../")] = &fstest.MapFile{Data: []byte(content)}
			}
			p, list, err := rule.Load(fsys, "p", "p", nil)
			if err != nil {
				t.Fatal(err)
			}
			if !list.HasErrors() {
				t.Error("nothing is told")
			}
			compiled, _ := plan.Compile(p)
			if len(compiled.Rules) > 0 {
				t.Error("there are rules")
			}
		})
	}
	if _, _, err := rule.Load(fstest.MapFS{}, "p", "p", nil); err == nil {
		t.Error("a folder without pack.yaml was loaded")
	}
}

func TestLibrary(t *testing.T) {
	file := &fstest.MapFile{Data: []byte("id: x\n")}
	first := fstest.MapFS{"a/pack.yaml": file, "b/other.yaml": file, "README.md": file}
	second := fstest.MapFS{"a/pack.yaml": file, "c/pack.yaml": file, "c/d/pack.yaml": file}
	library := rule.Library{first, second}
	if names := library.Names(); !slices.Equal(names, []string{"a", "c"}) {
		t.Errorf("the packs are %v", names)
	}
	for name, want := range map[string]bool{"a": true, "b": false, "c": true, "": false, ".": false, "..": false, "../a": false, "/a": false, "README.md": false} {
		if got := library.Find(name) != nil; got != want {
			t.Errorf("Find(%q) finds: %t", name, got)
		}
	}
	if got := library.Find("a"); fmt.Sprintf("%p", got) != fmt.Sprintf("%p", first) {
		t.Error("not the first that has the folder")
	}
	for name, want := range map[string]bool{"a_test.yaml": true, "a.yaml": false, "test.yaml": false, "_test.yaml": true} {
		if rule.IsTest(name) != want {
			t.Errorf("IsTest(%q) is %t", name, !want)
		}
	}
}

// FuzzLoad loads packs of any text, with the archives of testdata as seeds. Nothing panics, also when the pack is
// compiled; what is wrong stands in a file; a pack without faults is the same when it is loaded again.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no test files: %v", err)
	}
	for _, name := range files {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		content := map[string]string{}
		for _, file := range archive.Files {
			content[file.Name] = string(file.Data)
		}
		f.Add(content["p/pack.yaml"], content["p/schema.yaml"], content["p/topic.yaml"], content["lib/base/pack.yaml"])
	}
	f.Fuzz(func(t *testing.T, pack, schema, topic, base string) {
		if len(pack)+len(schema)+len(topic)+len(base) > 10_000 {
			return
		}
		load := func() (*rule.Pack, diag.List) {
			fsys := fstest.MapFS{
				"p/pack.yaml": {Data: []byte(pack)}, "p/schema.yaml": {Data: []byte(schema)}, "p/topic.yaml": {Data: []byte(topic)},
			}
			library := rule.Library{fstest.MapFS{"base/pack.yaml": {Data: []byte(base)}, "base/schema.yaml": {Data: []byte(schema)}}}
			p, list, err := rule.Load(fsys, "p", "p", library)
			if err != nil {
				t.Fatal(err)
			}
			compiled, wrong := plan.Compile(p)
			if compiled == nil {
				t.Fatal("no plan")
			}
			return p, append(list, wrong...)
		}
		p, list := load()
		for _, d := range list {
			if d.Span == (source.Span{}) || d.Span.Start > d.Span.End || d.Span.End > len(d.Span.File.Content) {
				t.Fatalf("%s stands at %v", d.Code, d.Span)
			}
		}
		if list.HasErrors() {
			return
		}
		again, _ := load()
		if diff := cmp.Diff(outline(p), outline(again)); diff != "" {
			t.Fatal(diff)
		}
	})
}
