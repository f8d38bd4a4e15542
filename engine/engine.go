// Package engine checks published figures against rule packs: the library behind the gouji command.
//
// Load reads a pack, Check judges datasets by it, Test runs a pack's own tests. What is wrong with packs and data
// files comes back as diagnostics (package diag), what is wrong with the figures as findings (package finding), and
// what went wrong with the work itself as Go errors.
package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/cache"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/text"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/ruletest"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
	"github.com/gouji/gouji/rules"
)

// Options says how to check. The zero value judges each dataset by the pack it names, with every rule.
type Options struct {
	// Files is where datasets, documents and folders of packs lie; paths are those in it, and messages show them so. Nil is
	// the disk, with paths as the system spells them. It may be used by several goroutines at a time.
	Files fs.FS
	// Rules is the name of a shipped pack or a folder that holds one; "" takes the pack that each dataset names.
	Rules string
	// Packs is a folder of packs which data can name; they go before shipped packs of the same name. "" is none.
	Packs string
	// Entity and Period are what published documents do not say of themselves, or say wrongly.
	Entity, Period string
	// Take, where it is not nil, tells by the path of its file and the name of its pack whether an input is judged; others are left out,
	// faults and all. The name is "" where it cannot be read. Several goroutines may call it at a time.
	Take func(path, pack string) bool
	// Accepted are files of accepted findings, for whatever is checked. Those beside a document or dataset, and those within
	// a dataset, are read in any case.
	Accepted []string
	// Baseline is a file of old findings that are to stay quiet; "" is none.
	Baseline string
	// EntityList is a file that lists entities, with the one above each and its region; "" is none.
	EntityList string
	// Today is the day by which acceptances may have ended, as 2026-12-31; "" is that of the clock.
	Today string
	// Join puts together what all tables among the data say of one entity and period: a row of one goes with those of the
	// others. What comes of tables is then found last, in the order of entities and periods.
	Join bool
	// Sums has the report tell the hashes of files that hold several datasets.
	Sums bool
	// Keep keeps the datasets in the result.
	Keep bool
	// Stdin is read where a path is Stdin.
	Stdin io.Reader
	// Cache, unless nil, keeps what comes of the data, and gives it where the same data are judged again by the same rules and
	// the same program, which Engine names. It is not used where datasets are kept or a matter of choice.
	Cache  *cache.Cache
	Engine string
	// Progress, unless nil, is told how far the work is.
	Progress func(Progress)
	run.Options
}

// Shipped is the library of the packs in the binary.
func Shipped() rule.Library { return rule.Library{rules.Packs} }

// Load reads and compiles the pack of that name, or the one in the folder of that name. The plan is nil when the pack
// has errors. The error is a *NoPackError or one of reading.
func Load(name string) (*plan.Plan, diag.List, error) { return LoadIn(nil, name) }

// LoadIn is Load of a pack that lies in files; nil is the disk.
func LoadIn(files fs.FS, name string) (*plan.Plan, diag.List, error) {
	return (&Options{Files: files}).load(name)
}

func (o *Options) load(name string) (*plan.Plan, diag.List, error) {
	pack, list, err := o.pack(name)
	if err != nil {
		return nil, nil, err
	}
	p, wrong := plan.Compile(pack)
	list = append(list, wrong...)
	list.Sort()
	if list.HasErrors() {
		return nil, list, nil
	}
	return p, list, nil
}

// Pack reads the pack that Load reads, without compiling its rules. It is usable as far as it was understood.
func Pack(name string) (*rule.Pack, diag.List, error) { return (&Options{}).pack(name) }

func (o *Options) pack(name string) (*rule.Pack, diag.List, error) {
	fsys, dir, shown, err := o.folder(name)
	if err != nil {
		return nil, nil, err
	}
	pack, list, err := rule.Load(fsys, dir, shown, Shipped())
	if err != nil {
		return nil, nil, fmt.Errorf("read pack %s: %w", name, err)
	}
	return pack, list, nil
}

// NoPackError says that there is no such pack.
type NoPackError struct {
	Name string
	// Folder: the name is that of a folder, which holds no pack.yaml.
	Folder bool
}

func (e *NoPackError) Error() string {
	if e.Folder {
		return fmt.Sprintf("%s holds no pack.yaml", e.Name)
	}
	return fmt.Sprintf("no pack %q", e.Name)
}

// Result is what a check says.
type Result struct {
	Report *finding.Report
	// Diagnostics tell what is wrong with packs and data files. A dataset with errors is left out of the report.
	Diagnostics diag.List
	// Unreadable are the paths that could not be read, with the reason.
	Unreadable []error
	// BadPack: a pack has errors, and nothing was checked. BadList: the list of entities has. The report is nil.
	BadPack, BadList bool
	// Datasets are those of the report's inputs, in the same order; nil unless they were to be kept.
	Datasets []*dataset.Dataset
	// Accepted are the acceptances that were read, in the order of the inputs; those of files in Options come first.
	Accepted []acceptance.Scope
	// Baseline is what has become of the baseline; nil where there is none.
	Baseline *acceptance.Outcome
	// documents are the published documents among the inputs, by their paths; nil unless they were to be kept.
	documents map[string]*document.Document
}

// Document is the text that the places in an input count: the published document, or of a dataset its own file. It is nil
// for other paths, and where datasets were not kept.
func (r *Result) Document(path string) *document.Document {
	if doc := r.documents[path]; doc != nil {
		return doc
	}
	for _, d := range r.Datasets {
		if d.File != nil && d.File.Path == path {
			doc, _ := text.Read(context.Background(), d.File, document.Usual)
			return doc
		}
	}
	return nil
}

// UnknownRuleError says that an option names a rule that no pack has.
type UnknownRuleError struct{ Name, Suggestion string }

func (e *UnknownRuleError) Error() string { return fmt.Sprintf("no rule %q", e.Name) }

// Check judges the datasets and the published documents in files and folders, on the disk or in o.Files. Folders are
// searched for data files, in the order of their names, and for documents where they hold no data files; links to folders
// are not followed. Files may hold many datasets; the path Stdin stands for the standard input.
func Check(ctx context.Context, paths []string, o Options) (*Result, error) {
	g := &gathering{}
	r, err := Stream(ctx, paths, o, g)
	if err != nil {
		return nil, err
	}
	r.Diagnostics, r.Unreadable = g.list, g.unreadable
	if r.Report == nil {
		return r, nil
	}
	r.Report = g.all.Report(r.Report)
	return r, nil
}

// gathering is a sink that keeps everything.
type gathering struct {
	all        finding.Gathering
	list       diag.List
	unreadable []error
}

func (g *gathering) Found(o *finding.Outcome) error {
	g.all.Add(o)
	return nil
}

func (g *gathering) Across(o *finding.Outcome) error {
	g.all.Across(o)
	return nil
}

func (g *gathering) Wrong(list diag.List) error {
	g.list = append(g.list, list...)
	return nil
}

func (g *gathering) Unreadable(err error) error {
	g.unreadable = append(g.unreadable, err)
	return nil
}

// checking is one call of Check or Stream.
type checking struct {
	options Options
	sink    Sink
	result  Result
	// unreadable are paths that were found to be so before anything was judged.
	unreadable []error
	accepting  *acceptance.Applying
	across     *run.Across
	// entriesAcross are the acceptances of findings of rules across datasets, by the numbers of the inputs.
	entriesAcross map[uint64][]*acceptance.Entry
	// starts are the indexes of the first inputs of the pieces, and found counts the inputs.
	starts []int
	found  int
	// failed is what went wrong with looking for rules elsewhere.
	failed error
	// roll notes of which entities datasets came; nil where no list says which there are.
	roll *roll
	// sums are the hashes of files that were read.
	sums []finding.File
	// memory is that of parts of files that were released, which later ones are read into.
	memory sync.Pool
	// made counts the pieces, datasets the inputs that were judged, and progress is how far the work is.
	made, datasets int
	progress       Progress
	// join, unless nil, takes the rows of tables until all were read, of which joinMemory bytes stay in memory.
	join       *table.Join
	joinMemory int
	// most is how many inputs, findings and diagnostics of a piece are in memory.
	most int
	// by is the part of the keys of results that is common to all.
	by      []byte
	loaders loaders
	mu      sync.Mutex
	packs   []*loaded
	// words are read when the first document is.
	words func() *extract.Words
}

func newChecking(o Options) *checking {
	return &checking{
		options: o, result: Result{documents: map[string]*document.Document{}}, entriesAcross: map[uint64][]*acceptance.Entry{},
		words: sync.OnceValue(extract.ShippedWords), joinMemory: table.JoinMemory, most: mostInMemory,
	}
}

// loaded is a pack that was read; the plan is nil when it has errors.
type loaded struct {
	name string
	plan *plan.Plan
	mu   sync.Mutex
	// list is what is wrong with it and was not told yet; bound: that of its selectors is known.
	list  diag.List
	bound bool
	sum   func() [sha256.Size]byte
}

func (l *loaded) compiled() (*plan.Plan, error) {
	if l.plan == nil {
		return nil, errBadPack
	}
	return l.plan, nil
}

// take is what is wrong with the pack, the first time.
func (l *loaded) take() diag.List {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.list
	l.list = nil
	return list
}

// errBadPack ends a check whose pack has errors, errBadList one whose list of entities has; the diagnostics say which.
var errBadPack, errBadList = errors.New("bad pack"), errors.New("bad list of entities")

// load is the pack of that name, read and compiled once.
func (c *checking) load(name string) (*loaded, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.packs {
		if l.name == name {
			return l, nil
		}
	}
	p, list, err := c.options.load(name)
	if err != nil {
		return nil, err
	}
	l := &loaded{name: name, plan: p, list: list}
	if p != nil {
		l.sum = sync.OnceValue(p.Pack.Sum)
	}
	c.packs = append(c.packs, l)
	return l, nil
}

// plan is the compiled pack of that name.
func (c *checking) plan(name string) (*plan.Plan, error) {
	l, err := c.load(name)
	if err != nil {
		return nil, err
	}
	return l.compiled()
}

// plans are those of all packs that were read.
func (c *checking) plans() []*plan.Plan {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*plan.Plan
	for _, l := range c.packs {
		if l.plan != nil {
			all = append(all, l.plan)
		}
	}
	return all
}

// unknownRules reports names in Only and Skip that no pack has.
func (c *checking) unknownRules() error {
	plans := c.plans()
	if len(plans) == 0 {
		return nil
	}
	known := []string{rule.RestatedID}
	for _, p := range plans {
		for _, r := range p.All() {
			known = append(known, r.ID)
		}
	}
	slices.Sort(known)
	for _, id := range slices.Concat(c.options.Only, c.options.Skip) {
		if !slices.Contains(known, id) {
			return &UnknownRuleError{Name: id, Suggestion: diag.Suggest(id, known)}
		}
	}
	return nil
}

// packOf is the pack that judges a dataset with this header, as Load takes it; "" when the one that it names is not there.
func (c *checking) packOf(h dataset.Header) string {
	if c.options.Rules != "" {
		return c.options.Rules
	}
	return c.options.named(h.Pack)
}

// takes reports whether an input is judged; pack is the one that it calls for.
func (c *checking) takes(file, pack string) bool {
	return c.options.Take == nil || c.options.Take(file, cmp.Or(c.options.Rules, pack))
}

// Read reads the document and the header of a dataset in the format that its name tells.
func Read(name string, content []byte) (*yamldoc.Node, dataset.Header, diag.List) {
	var r record
	r.File = source.New(name, content)
	r.format, _ = reader.Lookup(name)
	return r.header()
}

// unknownFormat says that the name of a file tells no format of datasets.
func unknownFormat(f *source.File) diag.Diagnostic {
	return diag.New(diag.UnknownFormat, source.Span{File: f}, path.Ext(f.Path), strings.Join(reader.Extensions(), ", "))
}

// Tests reads a pack, named as for Load, with the tests that it carries. The plan is nil when the pack has errors; there
// are no cases when its tests have.
func Tests(name string) (*plan.Plan, []ruletest.Case, diag.List, error) {
	return (&Options{}).tests(name)
}

func (o *Options) tests(name string) (*plan.Plan, []ruletest.Case, diag.List, error) {
	p, list, err := o.load(name)
	if err != nil || p == nil {
		return nil, nil, list, err
	}
	_, wrong := p.Pack.Selectors()
	list = append(list, wrong...)
	if len(p.Pack.Words) > 0 {
		_, wrong = extract.WordsOf(p.Pack)
		list = append(list, wrong...)
	}
	fsys, dir, shown, err := o.folder(name)
	if err != nil {
		return nil, nil, list, err
	}
	cases, wrong, err := ruletest.Load(fsys, dir, shown, p)
	list = append(list, wrong...)
	if err != nil || wrong.HasErrors() {
		return p, nil, list, err
	}
	return p, cases, list, nil
}

// Test runs the tests of a pack, named as for Load. The result is nil when the pack or its tests have errors. Rules that
// the pack takes over from another are tested there and need no cases here.
func Test(ctx context.Context, name string) (*ruletest.Result, diag.List, error) {
	return TestIn(ctx, nil, name)
}

// TestIn is Test of a pack that lies in files; nil is the disk.
func TestIn(ctx context.Context, files fs.FS, name string) (*ruletest.Result, diag.List, error) {
	p, cases, list, err := (&Options{Files: files}).tests(name)
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	result, err := ruletest.Run(ctx, p, cases)
	if err != nil {
		return nil, list, err
	}
	inherited := func(id string) bool {
		return slices.ContainsFunc(p.All(), func(r *plan.Rule) bool { return r.ID == id && r.Pack != p.Pack.ID })
	}
	result.NeverFails = slices.DeleteFunc(result.NeverFails, inherited)
	result.NeverPasses = slices.DeleteFunc(result.NeverPasses, inherited)
	return result, list, nil
}
