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
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/document/text"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/reader/json"
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
	// Take, where it is not nil, tells by its path and the name of its pack whether an input is judged; others are left out,
	// faults and all. The name is "" where it cannot be read. Several goroutines may call it at a time.
	Take func(path, pack string) bool
	// Accepted are files of accepted findings, for whatever is checked. Those beside a document or dataset, and those within
	// a dataset, are read in any case.
	Accepted []string
	// Baseline is a file of old findings that are to stay quiet; "" is none.
	Baseline string
	// Today is the day by which acceptances may have ended, as 2026-12-31; "" is that of the clock.
	Today string
	// Keep keeps the datasets in the result.
	Keep bool
	// Progress, unless nil, is told how many files of how many are done. It is called by several goroutines and must be quick.
	Progress func(done, total int)
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
	// BadPack: a pack has errors, and nothing was checked. The report is nil.
	BadPack bool
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
// are not followed.
func Check(ctx context.Context, paths []string, o Options) (*Result, error) {
	c := newChecking(o)
	files, err := c.files(ctx, paths)
	if err != nil {
		return nil, err
	}
	if o.Rules != "" {
		if _, err := c.plan(o.Rules); err != nil {
			return c.outcome(nil, err)
		}
	}
	baseline, err := c.acceptances()
	if err != nil {
		return nil, err
	}
	inputs := make([]input, len(files))
	var done atomic.Int64
	report, err := run.Run(ctx, len(files), func(i int) (*run.Item, error) {
		if o.Progress != nil {
			defer func() { o.Progress(int(done.Add(1)), len(files)) }()
		}
		in := &inputs[i]
		item, claims, list, unreadable, err := c.load(ctx, files[i])
		in.claims, in.list, in.unreadable = claims, list, unreadable
		if err != nil || item == nil || !c.accepted(in, item) {
			return nil, err
		}
		in.path, in.plan = item.Path, item.Plan
		if o.Keep {
			in.dataset = item.Dataset
		}
		return item, nil
	}, o.Options)
	for i := range inputs {
		in := &inputs[i]
		c.result.Diagnostics = append(c.result.Diagnostics, in.list...)
		if in.unreadable != nil {
			c.result.Unreadable = append(c.result.Unreadable, in.unreadable)
		}
		if in.dataset != nil {
			c.result.Datasets = append(c.result.Datasets, in.dataset)
		}
		if in.entries != nil {
			c.result.Accepted = append(c.result.Accepted, acceptance.Scope{Input: in.path, Entries: in.entries})
		}
	}
	if err == nil {
		err = c.unknownRules()
	}
	if err == nil && slices.ContainsFunc(inputs, func(in input) bool { return in.claims != nil }) {
		var claimed *finding.Report
		o := o.Options
		o.Suspects = false
		if claimed, err = run.Run(ctx, len(inputs), func(i int) (*run.Item, error) { return inputs[i].claims, nil }, o); err == nil {
			join(report, claimed)
		}
	}
	if err == nil {
		err = c.accept(report, inputs, baseline)
	}
	return c.outcome(report, err)
}

// input is what stays of a file while the others are judged.
type input struct {
	// path and plan are those of the item that was judged; the plan is nil where there was none.
	path string
	plan *plan.Plan
	// dataset is nil unless it is to be kept.
	dataset *dataset.Dataset
	// claims is nil but for documents.
	claims *run.Item
	// entries are the acceptances in the file and beside it.
	entries    []*acceptance.Entry
	list       diag.List
	unreadable error
}

// checking is one call of Check.
type checking struct {
	options Options
	result  Result
	mu      sync.Mutex
	plans   map[string]*plan.Plan
	// bound are the plans whose selectors were read.
	bound map[*plan.Plan]bool
	// loaders are those of the datasets in JSON that a plan judges.
	loaders map[*plan.Plan]*sync.Pool
	// words are read when the first document is.
	words func() *extract.Words
}

func newChecking(o Options) *checking {
	return &checking{
		options: o, result: Result{documents: map[string]*document.Document{}},
		plans: map[string]*plan.Plan{}, bound: map[*plan.Plan]bool{}, loaders: map[*plan.Plan]*sync.Pool{}, words: sync.OnceValue(extract.ShippedWords),
	}
}

// errBadPack ends a check whose pack has errors; the diagnostics say which.
var errBadPack = errors.New("bad pack")

func (c *checking) outcome(report *finding.Report, err error) (*Result, error) {
	if errors.Is(err, errBadPack) {
		c.result.BadPack = true
		c.result.Report = nil
		return &c.result, nil
	}
	if err != nil {
		return nil, err
	}
	c.result.Report = report
	return &c.result, nil
}

// plan is the compiled pack of that name, compiled once.
func (c *checking) plan(name string) (*plan.Plan, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.plans[name]; ok {
		if p == nil {
			return nil, errBadPack
		}
		return p, nil
	}
	p, list, err := c.options.load(name)
	if err != nil {
		return nil, err
	}
	c.result.Diagnostics = append(c.result.Diagnostics, list...)
	if c.plans[name] = p; p == nil {
		return nil, errBadPack
	}
	return p, nil
}

// unknownRules reports names in Only and Skip that no pack has.
func (c *checking) unknownRules() error {
	if len(c.plans) == 0 {
		return nil
	}
	known := []string{rule.RestatedID}
	for _, p := range c.plans {
		for _, r := range p.Rules {
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

// load reads one dataset or document, and of a document what it claims by its wording. A dataset with faults gives
// diagnostics and no item, a file that cannot be opened a reason.
func (c *checking) load(ctx context.Context, file string) (item, claims *run.Item, list diag.List, unreadable, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &run.Fault{Path: file, Panic: p, Stack: debug.Stack()}
		}
	}()
	fsys, _ := c.options.source(file)
	content, list, err := readFile(fsys, file)
	if content == nil {
		if !c.takes(file, "") {
			return nil, nil, nil, nil, nil
		}
		return nil, nil, list, err, nil
	}
	if isDocument(file, content) {
		d, list, err := c.read(ctx, file, content)
		if d == nil || err != nil {
			return nil, nil, list, nil, err
		}
		if c.options.Keep {
			c.mu.Lock()
			c.result.documents[file] = d.Text
			c.mu.Unlock()
		}
		item, wrong := d.item()
		list = append(list, wrong...)
		if item == nil {
			return nil, nil, list, nil, nil
		}
		switch c.options.Rules {
		case "":
			claims, err = c.claims(ctx, d, item.Dataset)
		case generalPack:
			item, err = c.claims(ctx, d, item.Dataset)
		}
		return item, claims, list, nil, err
	}
	if item, done, err := c.quick(file, content); done || err != nil {
		return item, nil, nil, nil, err
	}
	doc, header, list := Read(file, content)
	if !c.takes(file, header.Pack) {
		return nil, nil, nil, nil, nil
	}
	if doc == nil || doc.Kind != yamldoc.Mapping {
		return nil, nil, list, nil, nil
	}
	// A faulty header does not hide what is wrong below it, unless the pack to read it by is in doubt.
	if n := doc.Get("pack"); list.HasErrors() && c.options.Rules == "" && n != nil && header.Pack != strings.TrimSpace(n.Value) {
		return nil, nil, list, nil, nil
	}
	name := c.packOf(header)
	if name == "" {
		at := doc.Span
		if n := doc.Get("pack"); n != nil {
			at = n.Span
		}
		list.Add(diag.New(diag.UnknownPack, at, header.Pack).WithSuggestion(diag.Suggest(header.Pack, c.options.names())))
		return nil, nil, list, nil, nil
	}
	p, err := c.plan(name)
	if err != nil {
		return nil, nil, list, nil, err
	}
	d, wrong := dataset.Build(doc, header, p.Pack.Schema)
	list = append(list, wrong...)
	list.Sort()
	if list.HasErrors() {
		return nil, nil, list, nil, nil
	}
	return itemOf(p, d, content), nil, list, nil, nil
}

// itemOf is a dataset whose file has the content, with the plan that judges it.
func itemOf(p *plan.Plan, d *dataset.Dataset, content []byte) *run.Item {
	sum := sha256.Sum256(content)
	return &run.Item{Plan: p, Dataset: d, Path: d.File.Path, SHA256: hex.EncodeToString(sum[:])}
}

// packOf is the pack that judges a dataset with this header, as Load takes it; "" when the one that it names is not there.
func (c *checking) packOf(h dataset.Header) string {
	if c.options.Rules != "" {
		return c.options.Rules
	}
	return c.options.named(h.Pack)
}

// quick reads a dataset in JSON in the shape that nearly all have. It is not done with others, and with those that have
// faults. The item is nil when the dataset is to be left out.
func (c *checking) quick(file string, content []byte) (item *run.Item, done bool, err error) {
	if format, _ := reader.Lookup(file); format.Name != json.Name {
		return nil, false, nil
	}
	f, text := source.New(file, content), string(content)
	head, ok := json.ReadHead(f, text)
	if !ok {
		return nil, false, nil
	}
	if !c.takes(file, head.Pack) {
		return nil, true, nil
	}
	name := c.packOf(head.Header)
	if name == "" {
		return nil, false, nil
	}
	p, err := c.plan(name)
	if err != nil {
		return nil, false, err
	}
	loaders := c.loadersOf(p)
	loader := loaders.Get().(*json.Loader)
	defer loaders.Put(loader)
	d, ok := loader.Load(f, text, head, false)
	if !ok {
		return nil, false, nil
	}
	return itemOf(p, d, content), true, nil
}

// loadersOf are the loaders of a plan's datasets.
func (c *checking) loadersOf(p *plan.Plan) *sync.Pool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loaders[p] == nil {
		c.loaders[p] = &sync.Pool{New: func() any { return json.NewLoader(p.Pack.Schema) }}
	}
	return c.loaders[p]
}

// takes reports whether an input is judged; pack is the one that it calls for.
func (c *checking) takes(file, pack string) bool {
	return c.options.Take == nil || c.options.Take(file, cmp.Or(c.options.Rules, pack))
}

// Read reads the document and the header of a dataset in the format that its name tells.
func Read(name string, content []byte) (*yamldoc.Node, dataset.Header, diag.List) {
	f := source.New(name, content)
	format, ok := reader.Lookup(name)
	if !ok {
		return nil, dataset.Header{}, diag.List{diag.New(diag.UnknownFormat, source.Span{File: f}, path.Ext(name), strings.Join(reader.Extensions(), ", "))}
	}
	doc, list := format.Read(f)
	if doc == nil || list.HasErrors() {
		return nil, dataset.Header{}, list
	}
	h, wrong := dataset.ReadHeader(doc, false)
	return doc, h, append(list, wrong...)
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
		return slices.ContainsFunc(p.Rules, func(r *plan.Rule) bool { return r.ID == id && r.Pack != p.Pack.ID })
	}
	result.NeverFails = slices.DeleteFunc(result.NeverFails, inherited)
	result.NeverPasses = slices.DeleteFunc(result.NeverPasses, inherited)
	return result, list, nil
}
