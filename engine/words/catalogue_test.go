package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// This file reads the source of the whole program and holds what it says to people against these rules:
//
//   - a text stands in both languages, and both use the same arguments;
//   - no text stands there without being said;
//   - nothing else is said: no sentence and no Chinese stands outside the texts, but for what is listed here.

// source is one file of the program.
type source struct {
	path, pkg string
	file      *ast.File
}

// sources are all files of the program. They are read while tests run: what is read before that, go test would not look at when it asks
// whether a result that it keeps still holds.
var sources = sync.OnceValue(func() []source {
	var all []source
	set := token.NewFileSet()
	for _, root := range []string{"../../cmd", "../../engine", "../../rules"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
					// It is a module of its own, and no part of the program.
					return filepath.SkipDir
				}
			}
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(set, path, content, parser.SkipObjectResolution)
			path = strings.TrimPrefix(filepath.ToSlash(path), "../../")
			all = append(all, source{path, filepath.ToSlash(filepath.Dir(path)), file})
			return err
		})
		if err != nil {
			panic(err)
		}
	}
	return all
})

// textTypes are the names of the types of texts: structs of two strings, zh and en.
func textTypes() map[string]bool {
	types := map[string]bool{}
	for _, s := range sources() {
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if st, ok := spec.Type.(*ast.StructType); ok {
				var names []string
				for _, f := range st.Fields.List {
					for _, name := range f.Names {
						names = append(names, strings.ToLower(name.Name))
					}
				}
				if slices.Equal(names, []string{"zh", "en"}) {
					types[spec.Name.Name] = true
				}
			}
			return true
		})
	}
	return types
}

// text is one text of the program.
type text struct {
	at     source
	lit    *ast.CompositeLit
	zh, en string
}

func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		x, okx := literal(e.X)
		y, oky := literal(e.Y)
		return x + y, okx && oky && e.Op == token.ADD
	}
	return "", false
}

// texts lists every text.
func texts(t *testing.T) []text {
	types := textTypes()
	isText := func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.Ident:
			return types[e.Name]
		case *ast.SelectorExpr:
			return types[e.Sel.Name]
		case *ast.ArrayType:
			// Chinese, then English.
			n, two := e.Len.(*ast.BasicLit)
			of, isIdent := e.Elt.(*ast.Ident)
			return two && n.Value == "2" && isIdent && of.Name == "string"
		}
		return false
	}
	var all []text
	for _, s := range sources() {
		add := func(lit *ast.CompositeLit) {
			var parts [2]string
			for i, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if i = 0; strings.EqualFold(kv.Key.(*ast.Ident).Name, "en") {
						i = 1
					}
					e = kv.Value
				}
				value, ok := literal(e)
				if !ok {
					// It is made of other texts.
					return
				}
				parts[i] = value
			}
			if len(lit.Elts) > 0 {
				all = append(all, text{s, lit, parts[0], parts[1]})
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			var element ast.Expr
			switch t := lit.Type.(type) {
			case *ast.MapType:
				element = t.Value
			case *ast.ArrayType:
				element = t.Elt
			}
			if element != nil && isText(element) {
				for _, e := range lit.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						e = kv.Value
					}
					if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil {
						add(inner)
					}
				}
			}
			if lit.Type != nil && isText(lit.Type) {
				add(lit)
			}
			return true
		})
	}
	if len(all) < 300 {
		t.Fatalf("only %d texts", len(all))
	}
	return all
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+#0]*[0-9]*(?:\.[0-9]+)?([a-zA-Z%])`)

// arguments are the verbs of a text by the arguments that they show.
func arguments(s string) map[string]string {
	found := map[string]string{}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		found[strconv.Itoa(next)] = m[2]
		next++
	}
	return found
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func TestBothLanguages(t *testing.T) {
	for _, x := range texts(t) {
		switch {
		case strings.TrimSpace(x.zh) == "" && strings.TrimSpace(x.en) == "":
		case x.zh == "" && strings.ContainsFunc(x.en, unicode.IsLetter), x.en == "" && strings.ContainsFunc(x.zh, unicode.IsLetter):
			t.Errorf("%s: a language is missing: %q, %q", x.at.path, x.zh, x.en)
		case strings.ContainsFunc(x.en, isHan) && !strings.ContainsFunc(x.zh, isHan):
			t.Errorf("%s: the languages are mixed up: %q, %q", x.at.path, x.zh, x.en)
		case x.zh == x.en && sentence.MatchString(x.en):
			t.Errorf("%s: not translated: %q", x.at.path, x.en)
		}
		zh, en := arguments(x.zh), arguments(x.en)
		same := len(zh) == len(en)
		for i, v := range zh {
			same = same && en[i] == v
		}
		if !same {
			t.Errorf("%s: the languages show different arguments: %q, %q", x.at.path, x.zh, x.en)
		}
	}
}

// TestEveryTextIsSaid finds texts and codes of diagnostics that nothing uses.
func TestEveryTextIsSaid(t *testing.T) {
	used := map[string]int{}
	for _, s := range sources() {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name]++
			}
			return true
		})
	}
	lits := map[*ast.CompositeLit]bool{}
	for _, x := range texts(t) {
		lits[x.lit] = true
	}
	for _, s := range sources() {
		for _, d := range s.file.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				v, ok := spec.(*ast.ValueSpec)
				if !ok || len(v.Values) != len(v.Names) {
					continue
				}
				for i, name := range v.Names {
					lit, isLit := v.Values[i].(*ast.CompositeLit)
					// A code stands in its constant and in its line of the table.
					least := 1
					id, isIdent := v.Type.(*ast.Ident)
					if isCode := gen.Tok == token.CONST && isIdent && id.Name == "Code" && s.pkg == "engine/diag"; isCode {
						least = 2
					} else if !isLit || !lits[lit] {
						continue
					}
					if used[name.Name] <= least {
						t.Errorf("%s: nothing says %s", s.path, name.Name)
					}
				}
			}
		}
	}
}

// sentence is what reads as words of English.
var sentence = regexp.MustCompile(`(?:^|[^A-Za-z])[A-Za-z]{2,}[,:;]? [a-z]{2,}(?:[^A-Za-z]|$)`)

// dataPackages read and write Chinese as data: published documents, datasets, packs.
var dataPackages = []string{
	"engine/number", "engine/dataset", "engine/extract", "engine/document", "engine/pattern", "engine/sample", "engine/finding",
	"engine/rule", "engine/jsonschema", "engine/expression", "engine/source", "engine/yamldoc", "engine/plan", "engine/reader/table",
	"engine/entities",
}

// inner are sentences that no user reads as they stand: the program words them anew, or they tell of a fault of its own.
var inner = map[string][]string{
	// yaml.v3 and regexp, whose errors are worded as diagnostics.
	"engine/expression": {"error parsing regexp: "},
	// Errors that the command words.
	"engine": {
		"no pack %q", "%s holds no pack.yaml", "no rule %q", "%s holds no datasets", "bad pack", "bad list of entities", "read pack %s: %w", "the claims of %s: %v",
		"内蒙古", "呼和浩特", "包头", "乌海", "赤峰", "通辽", "鄂尔多斯", "呼伦贝尔", "巴彦淖尔", "乌兰察布", "兴安盟", "锡林郭勒", "阿拉善", "上海",
		`(?:Unit,Year,File,No\.|单位,年度,文件,序号),`,
	},
	"engine/dataset":        {"damaged dataset"},
	"engine/cache":          {"in use by another run", "no results of this version of gouji"},
	"engine/sorter":         {"sort: closed"},
	"engine/reader/table":   {"damaged row"},
	"engine/reader/parquet": {"it does not end as Parquet does", "a column has fewer values than there are rows"},
	"engine/reader/chunk":   {"line %d begins a record of more than %d MiB"},
	"engine/git": {
		"git printed %q", "not a git repository", "the repository lacks the object ", "the link leads out of the repository", "oid sha256:",
		"a repository of its own", "the program git is not installed", "the git repository has no work tree", "no revision %q",
		"must be run in a work tree",
	},
	"engine/pattern": {"unknown kind of slot", "a pattern or a slot that says nothing", "a brace without its other one"},
	"engine/number": {
		"unknown rounding mode %q", "thousand separators do not stand before every three digits", "more than 64 digits",
		"a negative number after a direction word",
	},
	"engine/acceptance": {"cannot be changed safely", "no baseline"},
	// Faults of the program.
	"engine/run":    {"read sorted datasets: %w", "internal fault: rule %s on %s: %v", "同一数字多处表述一致"},
	"engine/layout": {"the layout would change what the file says"},
	// Words of languages, of packs and of files.
	"engine/store": {
		"SELECT to_regclass('gouji_store') IS NOT NULL", "SELECT pg_advisory_xact_lock(32010)",
		"SELECT count(*) FROM sqlite_master WHERE name = 'gouji_store'", "INSERT INTO gouji_store VALUES (%d, 0, 0)",
		"SELECT version FROM gouji_store", "UPDATE gouji_store SET runs = runs + 1 RETURNING runs",
		"UPDATE gouji_store SET turns = turns + 1 RETURNING turns", "SELECT run, started FROM runs WHERE key = $1",
		"UPDATE runs SET turn = $1, times = times + 1, finished = $2 WHERE key = $3", "PRAGMA analysis_limit = 400; ANALYZE",
		"SQLite format 3\x00",
	},
	"engine/source":           {"NUL byte"},
	"engine/rule":             {"skip, fail, zero", "error, warning, info"},
	"engine/sample":           {"p in projects", "amount, unit: 万元, blank: zero"},
	"engine/ruletest":         {"测试单位", "下级单位", "同类单位"},
	"engine/document/doctest": {"endcmap end end"},
	// What a test says.
	"engine/dataset/datasettest": {"dataset %d has another layout (-lowest +this)\n%s", "loaded although it is wrong: %s"},
	"engine/report": {
		"gouji explain ", `^(?:增加|增长|上升|提高|减少|下降|降低|增|减)?[-+－−]?[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?[%％]?`,
	},
	"cmd/gouji": {"gouji list ", "new rule ID CHECK", "示例单位/2024.yaml", "hook run"},
}

// TestNothingElseIsSaid finds sentences, and Chinese where it is no data, outside the texts.
func TestNothingElseIsSaid(t *testing.T) {
	within := map[ast.Node]bool{}
	for _, x := range texts(t) {
		ast.Inspect(x.lit, func(n ast.Node) bool {
			within[n] = true
			return true
		})
	}
	listed := map[string]map[string]bool{}
	for pkg, all := range inner {
		listed[pkg] = map[string]bool{}
		for _, s := range all {
			listed[pkg][s] = false
		}
	}
	for _, s := range sources() {
		// syntax.go is a table of what yaml.v3 says.
		if slices.Contains([]string{"engine/diag/messages.go", "engine/words/words.go", "engine/yamldoc/syntax.go"}, s.path) {
			continue
		}
		data := slices.ContainsFunc(dataPackages, func(p string) bool { return s.pkg == p || strings.HasPrefix(s.pkg, p+"/") })
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.Field:
				if n.Tag != nil {
					within[n.Tag] = true
				}
			case *ast.CallExpr:
				// Chinese and English may stand side by side as arguments.
				for i, a := range n.Args {
					if value, ok := literal(a); ok && i > 0 && sentence.MatchString(value) {
						if zh, ok := literal(n.Args[i-1]); ok && strings.ContainsFunc(zh, isHan) {
							within[a] = true
						}
					}
				}
				// What a panic says is of the program.
				if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "panic" || id.Name == "pick") {
					for _, a := range n.Args {
						ast.Inspect(a, func(n ast.Node) bool { within[n] = true; return true })
					}
				}
			case *ast.BasicLit:
				value, ok := literal(n)
				if !ok || within[n] {
					return true
				}
				if !(strings.ContainsFunc(value, isHan) && !data || sentence.MatchString(value) && !said(value)) {
					return true
				}
				if _, ok := listed[s.pkg][value]; ok {
					listed[s.pkg][value] = true
					return true
				}
				t.Errorf("%s says %q outside the texts", s.path, value)
			}
			return true
		})
	}
	for pkg, all := range listed {
		for s, found := range all {
			if !found {
				t.Errorf("%s does not say %q any more", pkg, s)
			}
		}
	}
}

// said reports whether what looks like a sentence is code for another program.
func said(s string) bool {
	return strings.ContainsAny(s, "<{`") || strings.HasPrefix(s, "--") || strings.Contains(s, "://")
}
