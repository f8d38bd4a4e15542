// Package rule holds rule packs as they are written: the keys of each rule with the places where they stand.
//
// It knows the shape of packs and nothing of what expressions mean; package plan binds them to a schema.
package rule

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Rule is one rule as written. Absent keys are nil or zero.
type Rule struct {
	ID, Title string
	// Pack is the id of the pack that defines the rule; fingerprints hold it.
	Pack string
	// Topic is what the rule's file is about: the comment in its first line, else its name.
	Topic string
	// Severity is that of a fail, Near that of statements one unit apart, Rounding that of a rounding.
	Severity, Near, Rounding finding.Severity
	// Each holds one clause `x in list` for each level of nesting.
	Each []*yamldoc.Node
	// When is an expression; it may be nil.
	When *yamldoc.Node
	// One of these is an expression: the condition that must hold, or what is held against that of like entities.
	Check, Outlier, Unique *yamldoc.Node
	// Peers says which entities are alike; nil for a rule with a check.
	Peers *Peers
	// Let holds names and their expressions; an expression is nil where none stands, which was reported.
	Let       []yamldoc.Entry
	Tolerance Tolerance
	Missing   Missing
	// Message may be nil.
	Message     *yamldoc.Node
	Hint, Basis string
	Tags        []string
	// Since and Until are the first and last year of the period for which the rule holds; 0 means no limit.
	Since, Until int
	// Span is where the rule's id stands.
	Span source.Span
}

// Asks is the expression of a rule, whatever kind of rule it is; nil where none stands, which was reported.
func (r *Rule) Asks() *yamldoc.Node { return cmp.Or(r.Check, r.Outlier, r.Unique) }

// Peers says which entities are alike: those whose datasets are of the same pack, kind and period, and have the same values
// of By.
type Peers struct {
	Kind PeersKind
	// By holds expressions, or the words ByParent and ByRegion.
	By []*yamldoc.Node
	// Least is the number of figures that a group must have, and Limit the modified z-score beyond which one of them is an
	// outlier.
	Least int
	Limit number.Rat
	// Length is the number of characters from which on a text counts.
	Length int
}

// PeersKind is a way to hold datasets of like entities against one another.
type PeersKind uint8

const (
	// Outlier: a figure must not lie far from those of the others.
	Outlier PeersKind = iota
	// Unique: no other entity may have the same text or figure.
	Unique
)

// Name is the key that asks for it.
func (k PeersKind) Name() string { return [...]string{Outlier: "outlier", Unique: "unique"}[k] }

// Words for what like entities have in common beside the figures and texts of their datasets.
const (
	// ByParent is the entity above, from the header or from the list of entities.
	ByParent = "parent"
	// ByRegion is the region, from the list of entities.
	ByRegion = "region"
)

// ToleranceKind says how far the sides of a comparison may lie apart.
type ToleranceKind uint8

const (
	// Rounding: as far as true values that print so allow.
	Rounding ToleranceKind = iota
	// Exact: not at all.
	Exact
	// Abs: by an amount in the left side's unit.
	Abs
	// Rel: by a share of the larger side.
	Rel
	// Cap: as Rounding, but not beyond an amount.
	Cap
)

// Tolerance is a rule's tolerance; Amount is the limit of Abs and Cap, and for Rel the share (0.1% is 0.001).
type Tolerance struct {
	Kind   ToleranceKind
	Amount *yamldoc.Node
}

// Missing says what a missing figure does to a rule.
type Missing uint8

const (
	// Skip: the rule is not evaluated.
	Skip Missing = iota
	// MustExist: the rule fails.
	MustExist
	// Zero: the figure counts as zero.
	Zero
)

// Pack is a folder of rules.
type Pack struct {
	ID, Title, Version, Region, Years string
	// Dir is the folder, as messages name it.
	Dir    string
	Schema *dataset.Schema
	// SchemaFile is the file the schema was read from.
	SchemaFile *source.File
	// Rules are the pack's rules, inherited ones first, in the order of files by name and rules as written.
	Rules []*Rule
	// Restated is the severity of the built-in rule that all statements of a field agree; 0 switches it off.
	Restated, RestatedNear finding.Severity

	// Words are the files that add to the words by which documents are read, inherited ones first.
	Words []*source.File

	// files is what the pack was read from, with that of the packs it extends.
	files []*source.File
	// selects are the files of selectors, the pack's own first, and selectors what they say, once it was asked for.
	selects   []*source.File
	selectors func() (*Selectors, diag.List)
}

// RestatedID is the id of the built-in rule that all statements of a field agree.
const RestatedID = "restated"

// Library finds packs by name. Each file system holds one folder per pack, as the shipped rules do; the first that
// has the folder wins.
type Library []fs.FS

// Find is the file system that holds the pack, nil when there is none.
func (l Library) Find(name string) fs.FS {
	if name == "" || name == "." || !fs.ValidPath(name) {
		return nil
	}
	for _, fsys := range l {
		if _, err := fs.Stat(fsys, path.Join(name, PackFile)); err == nil {
			return fsys
		}
	}
	return nil
}

// Names lists the packs of the library.
func (l Library) Names() []string {
	var names []string
	for _, fsys := range l {
		entries, err := fs.ReadDir(fsys, ".")
		if err != nil {
			continue
		}
		for _, e := range entries {
			if !slices.Contains(names, e.Name()) && l.Find(e.Name()) != nil {
				names = append(names, e.Name())
			}
		}
	}
	slices.Sort(names)
	return names
}

// PackFile is the file that makes a folder a pack.
const PackFile = "pack.yaml"

const (
	schemaFile = "schema.yaml"
	wordsFile  = "words.yaml"
	testSuffix = "_test.yaml"
)

// IsTest reports whether a file of a pack holds rule tests.
func IsTest(name string) bool { return strings.HasSuffix(name, testSuffix) }

// Load reads the pack in folder dir of fsys; shown is what messages call the folder. Packs that it extends are
// looked for beside it and then in the library. All faults of all files are in the list; the pack is usable as far as
// it was understood. The error is of reading, not of content.
func Load(fsys fs.FS, dir, shown string, library Library) (*Pack, diag.List, error) {
	l := loader{library: library, seen: map[string]source.Span{}}
	p, err := l.pack(fsys, dir, shown)
	if p != nil && p.Schema == nil {
		p.noSchema(shown)
	}
	if p != nil {
		p.selectors, p.files = sync.OnceValues(p.readSelectors), l.files
	}
	l.list.Sort()
	return p, l.list, err
}

// Sum is a hash (SHA-256) of all files that the pack was read from, those of the packs that it extends too. Packs of one
// sum judge alike.
func (p *Pack) Sum() [sha256.Size]byte {
	sum := sha256.New()
	for _, f := range p.files {
		fmt.Fprintf(sum, "%d %d %s", len(f.Path), len(f.Content), f.Path)
		sum.Write(f.Content)
	}
	return [sha256.Size]byte(sum.Sum(nil))
}

// Base is the name of the pack that the one in folder dir of fsys extends; "" when it extends none or cannot be read.
func Base(fsys fs.FS, dir string) string {
	content, err := fs.ReadFile(fsys, path.Join(dir, PackFile))
	if err != nil {
		return ""
	}
	if head, _ := yamldoc.Parse(source.New("", content)); head != nil {
		if n := head.Get("extends"); n != nil {
			return strings.TrimSpace(n.Value)
		}
	}
	return ""
}

// noSchema gives the pack a schema without fields, so that it can be compiled all the same.
func (p *Pack) noSchema(shown string) {
	p.Schema = &dataset.Schema{Root: &dataset.Field{Type: dataset.Group}}
	p.SchemaFile = source.New(path.Join(shown, schemaFile), nil)
}

type loader struct {
	parser
	library Library
	// chain holds the ids of the packs being extended, to find cycles.
	chain []string
	// seen holds where each rule id was defined.
	seen map[string]source.Span
	// files are those that were read.
	files []*source.File
}

func (l *loader) file(fsys fs.FS, dir, shown, name string) (*source.File, error) {
	content, err := fs.ReadFile(fsys, path.Join(dir, name))
	if err != nil {
		return nil, err
	}
	f := source.New(path.Join(shown, name), content)
	l.files = append(l.files, f)
	return f, nil
}

func (l *loader) read(fsys fs.FS, dir, shown, name string) (*yamldoc.Node, error) {
	f, err := l.file(fsys, dir, shown, name)
	if err != nil {
		return nil, err
	}
	doc, list := yamldoc.Parse(f)
	l.list = append(l.list, list...)
	return doc, nil
}

func (l *loader) pack(fsys fs.FS, dir, shown string) (*Pack, error) {
	p := &Pack{Dir: shown, Restated: finding.Error, RestatedNear: finding.Warning}
	head, err := l.read(fsys, dir, shown, PackFile)
	if err != nil {
		return nil, err
	}
	if head == nil || !l.keys(head, "id", "title", "version", "region", "years", "schema", "extends", "topics", "rules") {
		return p, nil
	}
	for key, into := range map[string]*string{
		"id": &p.ID, "title": &p.Title, "version": &p.Version, "region": &p.Region, "years": &p.Years,
	} {
		if n := head.Get(key); n != nil {
			*into = l.text(n)
		} else if key == "id" {
			l.add(diag.MissingKey, head.Span, key)
		}
	}
	if n := head.Get("id"); n != nil && !validID(p.ID) {
		l.add(diag.BadID, n.Span, p.ID)
	}
	if n := head.Get("extends"); n != nil {
		if err := l.extend(p, fsys, dir, shown, n); err != nil {
			return nil, err
		}
	}
	if err := l.schema(p, fsys, dir, shown, head); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	schemaName := path.Base(p.SchemaFile.Path)
	for _, name := range l.ordered(entries, head.Get("topics")) {
		if path.Ext(name) != ".yaml" || name == PackFile || name == schemaName || IsTest(name) ||
			strings.HasPrefix(name, ".") {
			continue
		}
		if name == selectFile || name == wordsFile {
			f, err := l.file(fsys, dir, shown, name)
			if err != nil {
				return nil, err
			}
			if name == selectFile {
				p.selects = append([]*source.File{f}, p.selects...)
			} else {
				p.Words = append(slices.Clip(p.Words), f)
			}
			continue
		}
		doc, err := l.read(fsys, dir, shown, name)
		if err != nil {
			return nil, err
		}
		if doc == nil {
			continue
		}
		topic := topicOf(doc.Span.File, name)
		for _, r := range l.rules(p.ID, doc) {
			r.Topic = topic
			p.Rules = append(p.Rules, r)
		}
	}
	if n := head.Get("rules"); n != nil {
		l.override(p, n)
	}
	return p, nil
}

// ordered are the names of a folder's files, those of the topics that the pack lists first.
func (l *loader) ordered(entries []fs.DirEntry, topics *yamldoc.Node) []string {
	var names, first []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	if topics == nil {
		return names
	}
	if topics.Kind != yamldoc.Sequence {
		l.add(diag.WantList, topics.Span)
		return names
	}
	for _, n := range topics.Items {
		before := len(l.list)
		name := l.text(n) + ".yaml"
		switch {
		case len(l.list) > before:
		case !slices.Contains(names, name):
			l.add(diag.UnknownTopic, n.Span, name)
		case !slices.Contains(first, name):
			first = append(first, name)
		}
	}
	return append(first, slices.DeleteFunc(names, func(name string) bool { return slices.Contains(first, name) })...)
}

// modeline begins the comment by which a file tells editors its schema.
const modeline = "yaml-language-server:"

// topicOf is what a file of rules is about. A comment for editors may stand before it.
func topicOf(f *source.File, name string) string {
	for line := range bytes.Lines(f.Content) {
		comment, ok := bytes.CutPrefix(line, []byte("#"))
		title := string(bytes.TrimSpace(bytes.TrimLeft(comment, "#")))
		switch {
		case ok && strings.HasPrefix(title, modeline):
		case ok && title != "":
			return title
		default:
			return name
		}
	}
	return name
}

// extend takes over the rules and the schema of another pack.
func (l *loader) extend(p *Pack, fsys fs.FS, dir, shown string, n *yamldoc.Node) error {
	before := len(l.list)
	name := l.text(n)
	if len(l.list) > before {
		return nil
	}
	if i := slices.Index(append(l.chain, p.ID), name); i >= 0 {
		l.add(diag.Cycle, n.Span, strings.Join(append(append(l.chain, p.ID)[i:], name), " → "))
		return nil
	}
	parent, at := l.library.Find(name), name
	shownParent := name
	if beside := path.Join(path.Dir(dir), name); dir != "." && fs.ValidPath(beside) {
		if _, err := fs.Stat(fsys, path.Join(beside, PackFile)); err == nil {
			parent, at, shownParent = fsys, beside, path.Join(path.Dir(shown), name)
		}
	}
	if parent == nil {
		l.list.Add(diag.New(diag.UnknownPack, n.Span, name).WithSuggestion(diag.Suggest(name, l.library.Names())))
		return nil
	}
	l.chain = append(l.chain, p.ID)
	base, err := l.pack(parent, at, shownParent)
	l.chain = l.chain[:len(l.chain)-1]
	if err != nil {
		return err
	}
	p.Rules, p.selects, p.Words = base.Rules, base.selects, base.Words
	p.Schema, p.SchemaFile = base.Schema, base.SchemaFile
	p.Restated, p.RestatedNear = base.Restated, base.RestatedNear
	return nil
}

func (l *loader) schema(p *Pack, fsys fs.FS, dir, shown string, head *yamldoc.Node) error {
	name := schemaFile
	n := head.Get("schema")
	if n != nil {
		name = l.text(n)
		if !fs.ValidPath(path.Join(dir, name)) || strings.ContainsAny(name, `/\`) {
			l.add(diag.BadFileName, n.Span, name)
			name = schemaFile
		}
	}
	_, err := fs.Stat(fsys, path.Join(dir, name))
	if err != nil && p.Schema != nil && n == nil {
		return nil
	}
	if err != nil {
		switch {
		case n != nil:
			l.add(diag.NoSchema, n.Span, name)
		case head.Get("extends") == nil:
			l.add(diag.NoSchema, head.Span, name)
		}
		// Without a schema of its own, a pack that extends one lacks it because of a fault that was told.
		p.noSchema(shown)
		return nil
	}
	doc, err := l.read(fsys, dir, shown, name)
	if err != nil {
		return err
	}
	schema, list := dataset.ParseSchema(doc)
	l.list = append(l.list, list...)
	p.Schema, p.SchemaFile = schema, source.New(path.Join(shown, name), nil)
	return nil
}

// override switches rules off or changes their severities.
func (l *loader) override(p *Pack, n *yamldoc.Node) {
	if n.Kind != yamldoc.Mapping {
		l.add(diag.WantMapping, n.Span)
		return
	}
	for _, e := range n.Entries {
		id := e.Key.Value
		i := slices.IndexFunc(p.Rules, func(r *Rule) bool { return r.ID == id })
		if i < 0 && id != RestatedID {
			ids := []string{RestatedID}
			for _, r := range p.Rules {
				ids = append(ids, r.ID)
			}
			l.list.Add(diag.New(diag.UnknownRule, e.Key.Span, id).WithSuggestion(diag.Suggest(id, ids)))
			continue
		}
		changed := Rule{Severity: p.Restated, Near: p.RestatedNear}
		if i >= 0 {
			changed = *p.Rules[i]
		}
		switch {
		case e.Value.Kind == yamldoc.Scalar && e.Value.Value == "off":
			if i < 0 {
				p.Restated = 0
			} else {
				p.Rules = slices.Delete(slices.Clone(p.Rules), i, i+1)
			}
			continue
		case e.Value.Kind != yamldoc.Mapping:
			l.add(diag.UnknownWord, e.Value.Span, strings.TrimSpace(firstLine(e.Value.Span.Text())), "off, {severity: …}")
			continue
		case !l.keys(e.Value, "severity", "near", "rounding"):
			continue
		}
		l.severities(&changed, e.Value)
		if i < 0 {
			p.Restated, p.RestatedNear = changed.Severity, changed.Near
		} else {
			p.Rules = slices.Clone(p.Rules)
			p.Rules[i] = &changed
		}
	}
}

// validID reports whether an id is lower-case words joined by hyphens.
func validID(id string) bool {
	for i, r := range id {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || i > 0 && r == '-') {
			return false
		}
	}
	return id != ""
}
