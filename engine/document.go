package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/extract"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
)

// Document is a published document that was read, and what it says.
type Document struct {
	// Text is the document as its reader understood it; places count its lines.
	Text *document.Document
	// Reading holds its figures, those that are statements of fields bound to them.
	Reading *extract.Reading
	// Header is what the document is, as it says itself or as the options say. Its entity is never empty.
	Header extract.Header
	// Plan judges it.
	Plan *plan.Plan

	file   *source.File
	sha256 string
	data   []byte
}

// ReadDocument reads a published document and binds its figures to the fields of a pack: that of the options, else the
// one that the document calls for. The document is nil when nothing of it could be read.
func ReadDocument(ctx context.Context, file string, o Options) (*Document, diag.List, error) {
	fsys, file := o.source(file)
	content, list, err := readFile(fsys, file)
	if content == nil {
		return nil, list, err
	}
	c := newChecking(o)
	d, list, err := c.read(ctx, file, content, c.plan)
	for _, one := range c.packs {
		list = append(list, one.take()...)
	}
	list.Sort()
	if errors.Is(err, errBadPack) {
		return nil, list, nil
	}
	return d, list, err
}

// read reads a published document; use gives compiled packs.
func (c *checking) read(ctx context.Context, shown string, content []byte, use func(string) (*plan.Plan, error)) (*Document, diag.List, error) {
	text, list, err := c.text(ctx, shown, content)
	if text == nil || err != nil {
		return nil, list, err
	}
	return c.say(ctx, text, list, shown, content, use)
}

// text reads the text of a published document.
func (c *checking) text(ctx context.Context, shown string, content []byte) (*document.Document, diag.List, error) {
	text, list := reader.Document(ctx, source.New(shown, content), document.Usual)
	if err := context.Cause(ctx); err != nil {
		return nil, nil, err
	}
	if text == nil && !c.takes(shown, "") {
		list = nil
	}
	return text, list, nil
}

// say finds what the text of a document says.
func (c *checking) say(ctx context.Context, text *document.Document, list diag.List, shown string, content []byte, use func(string) (*plan.Plan, error)) (*Document, diag.List, error) {
	f := source.New(shown, content)
	sum := sha256.Sum256(content)
	d := &Document{Text: text, Reading: extract.Read(text, c.words()), file: f, sha256: hex.EncodeToString(sum[:])}
	d.Header = d.Reading.Header()
	name := path.Base(shown)
	d.Header.Entity = cmp.Or(c.options.Entity, d.Header.Entity, strings.TrimSuffix(name, path.Ext(name)))
	d.Header.Period = cmp.Or(c.options.Period, d.Header.Period)
	pack := packFor(d.Header.Entity)
	if !c.takes(shown, pack) {
		return nil, nil, nil
	}
	p, err := c.binding(cmp.Or(c.options.Rules, c.options.named(pack)), use)
	if err != nil {
		return nil, list, err
	}
	d.Plan = p
	words := c.words()
	if len(p.Pack.Words) > 0 {
		words, _ = extract.WordsOf(p.Pack)
		d.Reading = extract.Read(text, words)
	}
	h := dataset.Header{
		Entity: d.Header.Entity, Period: d.Header.Period, Kind: d.Header.Kind, Pack: p.Pack.ID, Source: name,
	}
	if c.options.named(h.Pack) == "" {
		// A dataset cannot name it.
		h.Pack = ""
	}
	d.data = extract.Data(d.Reading, p.Pack, h, words)
	return d, list, nil
}

// packFor is the shipped pack of the region that a unit's name tells, else the default one.
func packFor(entity string) string {
	for _, region := range []struct {
		pack  string
		names []string
	}{
		{"neimenggu", []string{
			"内蒙古", "呼和浩特", "包头", "乌海", "赤峰", "通辽", "鄂尔多斯", "呼伦贝尔", "巴彦淖尔", "乌兰察布", "兴安盟", "锡林郭勒", "阿拉善",
		}},
		{"shanghai", []string{"上海"}},
	} {
		for _, name := range region.names {
			if strings.Contains(entity, name) {
				return region.pack
			}
		}
	}
	return dataset.DefaultPack
}

// binding is the compiled pack of that name, whose selectors are in order.
func (c *checking) binding(name string, use func(string) (*plan.Plan, error)) (*plan.Plan, error) {
	p, err := use(name)
	if err != nil {
		return nil, err
	}
	_, list := p.Pack.Selectors()
	if len(p.Pack.Words) > 0 {
		_, wrong := extract.WordsOf(p.Pack)
		list = append(list, wrong...)
	}
	one, err := c.load(name)
	if err != nil {
		return nil, err
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	if !one.bound {
		one.bound, one.list = true, append(one.list, list...)
	}
	if list.HasErrors() {
		return nil, errBadPack
	}
	return p, nil
}

// Data writes the dataset of the document in YAML. It is nil when the document does not say of which year it is.
func (d *Document) Data() ([]byte, diag.List) {
	if d.Header.Period == "" {
		return nil, diag.List{diag.New(diag.DocumentNoPeriod, source.Span{File: source.New(d.file.Path, nil)})}
	}
	return d.data, nil
}

// item is the document as a dataset to be judged.
func (d *Document) item() (*run.Item, diag.List) {
	data, list := d.Data()
	if data == nil {
		return nil, list
	}
	doc, header, list := Read(d.file.Path+".yaml", data)
	if doc == nil {
		return nil, list
	}
	header.Source = d.file.Path
	built, wrong := dataset.Build(doc, header, d.Plan.Pack.Schema)
	list = append(list, wrong...)
	for i := range list {
		// What one figure lacks leaves the others as they are.
		list[i].Severity = diag.Warning
	}
	item := &run.Item{Plan: d.Plan, Dataset: built, Path: d.file.Path, SHA256: d.sha256, Document: true}
	if id := d.Plan.Pack.ID; id != dataset.DefaultPack {
		item.Pack = strings.TrimSpace(id + " " + d.Plan.Pack.Title)
	}
	return item, list
}

// Used counts the figures of the document that a rule judged.
func (d *Document) Used(ctx context.Context, o run.Options) (int, error) {
	judged, err := d.judged(ctx, o)
	if err != nil {
		return 0, err
	}
	n := 0
	for i := range d.Reading.Facts {
		if f := &d.Reading.Facts[i]; f.Field != "" && len(judged[d.Reading.Cite(f)]) > 0 {
			n++
		}
	}
	return n, nil
}

// judged are the findings that decided something of the figure at a place.
func (d *Document) judged(ctx context.Context, o run.Options) (map[source.Place][]*finding.Finding, error) {
	item, _ := d.item()
	if item == nil {
		return nil, nil
	}
	o.All, o.Suspects = true, false
	report, err := run.Run(ctx, 1, func(int) (*run.Item, error) { return item, nil }, o)
	if err != nil {
		return nil, err
	}
	judged := map[source.Place][]*finding.Finding{}
	for i := range report.Findings {
		f := &report.Findings[i]
		if f.Verdict == finding.NotEvaluated || f.Verdict == finding.NotApplicable {
			continue
		}
		for _, o := range f.Operands {
			if o.Context {
				continue
			}
			p := source.Place{Line: o.Place.Line, Column: o.Place.Column, Page: o.Place.Page, Cell: o.Place.Cell}
			judged[p] = append(judged[p], f)
		}
	}
	return judged, nil
}

// generalPack judges what documents claim by their own wording.
const generalPack = "tongyong"

// claims is a dataset of what the document claims by its own wording and no rule of its pack judges, to be judged by the
// pack tongyong; nil where the document does not say of which year it is. bound is what its pack judges.
func (c *checking) claims(ctx context.Context, d *Document, bound *dataset.Dataset, use func(string) (*plan.Plan, error)) (*run.Item, error) {
	p, err := use(generalPack)
	if err != nil || d.Header.Period == "" {
		return nil, err
	}
	judged, err := d.judged(ctx, c.options.Options)
	if err != nil {
		return nil, err
	}
	at := func(i int) []*finding.Finding { return judged[d.Reading.Cite(&d.Reading.Facts[i])] }
	known := func(facts []int) bool {
		return slices.ContainsFunc(at(facts[0]), func(found *finding.Finding) bool {
			if found.Verdict == finding.Fail && len(found.Operands) == 1 {
				// What is said of the figure alone needs no other reason to be wrong.
				return true
			}
			shared := 0
			for _, i := range facts[1:] {
				if slices.Contains(at(i), found) {
					shared++
				}
			}
			if d.Reading.Facts[facts[0]].Measure == d.Reading.Facts[facts[1]].Measure {
				// A total and one of its two parts tell a share, and nothing of the sum.
				return 2*shared > len(facts)-1
			}
			return 2*shared >= len(facts)-1
		})
	}
	h := dataset.Header{Entity: d.Header.Entity, Period: d.Header.Period, Pack: generalPack, Source: d.file.Path}
	data, err := extract.Relate(d.Reading).Data(d.Reading, h, known)
	if err != nil {
		return nil, err
	}
	doc, header, list := Read(d.file.Path+".json", data)
	if doc == nil || list.HasErrors() {
		return nil, fmt.Errorf("the claims of %s: %v", d.file.Path, list)
	}
	built, _ := dataset.Build(doc, header, p.Pack.Schema)
	built.StandUnder(bound)
	return &run.Item{Plan: p, Dataset: built, Path: d.file.Path, SHA256: d.sha256, Document: true}, nil
}

// isDocument reports whether a file is a published document and no data file: by its content, and where that is text by
// its name.
func isDocument(name string, content []byte) bool {
	_, data := reader.Lookup(name)
	if !data {
		return true
	}
	for _, f := range reader.DocumentFormats {
		if f.Name != "txt" && f.Is(content) {
			return true
		}
	}
	return false
}

// hasDocumentName reports whether a file is a published document by its name.
func hasDocumentName(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return slices.ContainsFunc(reader.DocumentFormats, func(f reader.DocumentFormat) bool { return slices.Contains(f.Extensions, ext) })
}
