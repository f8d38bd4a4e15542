package entities

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/reader/csv"
	"github.com/gouji/gouji/engine/reader/sheet"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

const (
	// maxText is the size of the largest list that is no table.
	maxText = 64 << 20
	// maxFaults is how many faults are told of a list.
	maxFaults = 1000
	// maxCycle is how many names of a cycle are told.
	maxCycle = 10
	// What is meant by a name is sought among so many at most.
	maxSuggested = 2000
)

// part is what a column or key says of an entity.
type part int

const (
	called part = iota
	parent
	region
	aliases
	parts
)

// words are the names of the parts, the one that messages use first.
var words = [parts][]string{
	called:  {"entity", "单位", "单位名称"},
	parent:  {"parent", "上级", "上级单位", "主管部门"},
	region:  {"region", "地区", "区划", "行政区划"},
	aliases: {"aliases", "别名", "曾用名"},
}

// mark begins the name of a column that is not read, and divider stands between the aliases in a cell.
const mark, divider = "#", "|"

// partOf is the part of that name.
func partOf(name string) (part, bool) {
	name = strings.ToLower(dataset.Fold(name))
	for p, all := range words {
		if slices.Contains(all, name) {
			return part(p), true
		}
	}
	return 0, false
}

// partNames are the names of all parts.
func partNames() []string { return slices.Concat(words[:]...) }

// value is what is written of a part: its text, which holds until the next entity is read, and its place.
type value struct {
	text string
	at   position
}

// entry is an entity as it is written, with as many aliases as it likes.
type entry [parts][]value

// one is the single value of a part.
func (e *entry) one(p part) value {
	if len(e[p]) == 0 {
		return value{}
	}
	return e[p][0]
}

// extensions are the ends of the names of lists.
var extensions = slices.Concat([]string{".csv", ".tsv", ".yaml", ".yml", ".json"}, reader.Workbooks)

// Read reads a list. Its format is that of its name, less the ending of a compressed one; r is what it holds. The list is
// nil where it has errors. The error is that of reading.
func Read(ctx context.Context, name string, r io.Reader) (*List, diag.List, error) {
	sum := sha256.New()
	b := &builder{list: &List{path: name, seed: maphash.MakeSeed(), regions: []string{""}}, regions: map[string]uint32{"": 0}}
	r = io.TeeReader(r, sum)
	var err error
	format, _ := reader.Lookup(name)
	switch ext := strings.ToLower(path.Ext(reader.Uncompressed(name))); {
	case !slices.Contains(extensions, ext):
		b.add(diag.New(diag.UnknownFormat, source.Span{File: source.New(name, nil)}, ext, strings.Join(extensions, ", ")))
	case format.Name == csv.Name:
		err = b.table(name, r)
	case slices.Contains(reader.Workbooks, ext):
		err = b.workbook(ctx, name, r)
	default:
		err = b.document(name, r, format)
	}
	if err == nil {
		b.above()
	}
	b.faults.Sort()
	if err != nil || b.faults.HasErrors() {
		return nil, b.faults, err
	}
	b.list.arrange()
	b.list.sum = [sha256.Size]byte(sum.Sum(nil))
	return b.list, b.faults, nil
}

// builder makes a list.
type builder struct {
	list    *List
	regions map[string]uint32
	faults  diag.List
	// unders are the places where the names above others are given, by the indexes of the others, in blocks.
	unders []*[blockSize]position
	// entry is memory for the entity at hand.
	entry entry
}

// add tells a fault. It is false when there are too many.
func (b *builder) add(d diag.Diagnostic) bool {
	if len(b.faults) < maxFaults {
		b.faults.Add(d)
	}
	return len(b.faults) < maxFaults
}

// table reads a table.
func (b *builder) table(name string, r io.Reader) error {
	var head []int
	for line, err := range csv.Lines(name, r) {
		switch {
		case err != nil:
			return err
		case len(line.Wrong) > 0:
			if !b.add(line.Wrong[0]) {
				return nil
			}
		case head == nil:
			if head = b.columns(line); head == nil {
				return nil
			}
		default:
			if !b.row(line, head) {
				return nil
			}
		}
	}
	if head == nil && len(b.faults) == 0 {
		b.add(diag.New(diag.YAMLEmpty, source.Span{File: source.New(name, nil)}))
	}
	return nil
}

// workbook reads the first sheet whose first row names a column of entities.
func (b *builder) workbook(ctx context.Context, name string, r io.Reader) error {
	f, err := b.whole(name, r, document.Usual.Bytes)
	if f == nil {
		return err
	}
	doc, list := reader.Document(ctx, f, document.Usual)
	b.faults = append(b.faults, list...)
	if err := context.Cause(ctx); doc == nil || err != nil {
		return err
	}
	rows := sheet.Rows(doc, func(first *sheet.Row) bool {
		for i := range first.Len() {
			if p, ok := partOf(first.Text(i)); ok && p == called {
				return true
			}
		}
		return false
	})
	if len(rows) == 0 {
		b.add(diag.New(diag.EntitiesNoColumn, source.Span{File: source.New(name, nil)}))
		return nil
	}
	b.list.sheet = rows[0].Span(0).File.Cells.Sheet
	head := b.columns(rows[0])
	for _, row := range rows[1:] {
		if head == nil || !b.row(row, head) {
			break
		}
	}
	return nil
}

// whole reads a file that is no longer than a limit; nil where it cannot be read.
func (b *builder) whole(name string, r io.Reader, limit int64) (*source.File, error) {
	content, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > limit {
		b.add(diag.New(diag.DocumentLimit, source.Span{File: source.New(name, nil)}, fmt.Sprintf("%d MiB", limit>>20)))
		return nil, nil
	}
	return source.New(name, content), nil
}

// line is a row of a table.
type line interface {
	Len() int
	Text(i int) string
	Position(i int) source.Position
	Span(i int) source.Span
	Whole() source.Span
}

// columns reads the names of the columns: of each its part, -1 where it is not read. It is nil where they are not those of
// a list.
func (b *builder) columns(line line) []int {
	var head []int
	first := map[part]int{}
	for i := range line.Len() {
		text := line.Text(i)
		p, ok := partOf(text)
		switch {
		case text == "" || strings.HasPrefix(text, mark):
			head = append(head, -1)
			continue
		case !ok:
			b.add(diag.New(diag.EntitiesColumn, line.Span(i), strings.Clone(text)).WithSuggestion(diag.Suggest(text, partNames())))
		}
		if at, twice := first[p]; ok && twice {
			b.add(diag.New(diag.EntitiesColumnTwice, line.Span(i), strings.Clone(text)).WithRelated(diag.FirstDefined, line.Span(at)))
		}
		first[p] = i
		head = append(head, int(p))
	}
	if !slices.Contains(head, int(called)) && !b.faults.HasErrors() {
		b.add(diag.New(diag.EntitiesNoColumn, line.Whole()))
	}
	if b.faults.HasErrors() {
		return nil
	}
	return head
}

// row reads a row. It is false when no more is wanted.
func (b *builder) row(line line, head []int) bool {
	n := line.Len()
	for n > len(head) && line.Text(n-1) == "" {
		n--
	}
	if n != len(head) {
		return b.add(diag.New(diag.TableWidth, line.Whole(), n, len(head)))
	}
	e := &b.entry
	for p := range e {
		e[p] = e[p][:0]
	}
	for i, p := range head {
		switch text := line.Text(i); {
		case p < 0 || text == "":
		case part(p) == aliases:
			for alias := range strings.SplitSeq(text, divider) {
				if alias = strings.TrimSpace(alias); alias != "" {
					e[p] = append(e[p], value{alias, positionOf(line.Position(i))})
				}
			}
		default:
			e[p] = append(e[p], value{text, positionOf(line.Position(i))})
		}
	}
	if len(e[called]) == 0 {
		return b.add(diag.New(diag.EntitiesNoName, line.Span(slices.Index(head, int(called)))))
	}
	return b.take(e)
}

// document reads a list of mappings.
func (b *builder) document(name string, r io.Reader, format reader.Format) error {
	f, err := b.whole(name, r, maxText)
	if f == nil {
		return err
	}
	doc, list := format.Read(f)
	b.faults = append(b.faults, list...)
	if doc == nil || list.HasErrors() {
		return nil
	}
	if doc.Kind != yamldoc.Sequence {
		b.add(diag.New(diag.WantList, doc.Span))
		return nil
	}
	for _, n := range doc.Items {
		if n.Kind != yamldoc.Mapping {
			if !b.add(diag.New(diag.WantMapping, n.Span)) {
				return nil
			}
			continue
		}
		if e, ok := b.mapping(n); ok && !b.take(&e) {
			return nil
		}
	}
	return nil
}

// mapping reads an entity. It is false when that has faults.
func (b *builder) mapping(n *yamldoc.Node) (e entry, ok bool) {
	ok = true
	wrong := func(d diag.Diagnostic) {
		ok = false
		b.add(d)
	}
	for _, k := range n.Entries {
		p, known := partOf(k.Key.Value)
		if !known {
			wrong(diag.New(diag.UnknownKey, k.Key.Span, k.Key.Value).WithSuggestion(diag.Suggest(k.Key.Value, partNames())))
			continue
		}
		if len(e[p]) > 0 {
			wrong(diag.New(diag.DuplicateKey, k.Key.Span, k.Key.Value))
			continue
		}
		values := []*yamldoc.Node{k.Value}
		if k.Value.Kind == yamldoc.Sequence && p == aliases {
			values = k.Value.Items
		}
		for _, v := range values {
			switch {
			case v.Kind != yamldoc.Scalar:
				wrong(diag.New(diag.WantText, v.Span))
			case !v.Null && strings.TrimSpace(v.Value) != "":
				e[p] = append(e[p], value{strings.TrimSpace(v.Value), positionOf(v.Span.Position())})
			}
		}
	}
	if ok && len(e[called]) == 0 {
		wrong(diag.New(diag.MissingKey, n.Span, words[called][0]))
	}
	return e, ok
}

// take adds an entity to the list. It is false when no more is wanted.
func (b *builder) take(e *entry) bool {
	l := b.list
	i, ok := b.define(e.one(called))
	if !ok {
		return len(b.faults) < maxFaults
	}
	for _, alias := range e[aliases] {
		if a, ok := b.define(alias); ok {
			l.name(a).of = i
		}
	}
	n := l.name(i)
	if above := e.one(parent); above.text != "" {
		n.above = b.index(above.text) + 1
		*b.under(i) = above.at
	}
	text := e.one(region).text
	at, known := b.regions[text]
	if !known {
		at, text = uint32(len(l.regions)), strings.Clone(text)
		l.regions, b.regions[text] = append(l.regions, text), at
	}
	n.region = at
	return len(b.faults) < maxFaults
}

// define is the index of a name that is listed here. It is false where it was before.
func (b *builder) define(v value) (i uint32, ok bool) {
	i = b.index(v.text)
	n := b.list.name(i)
	if n.at.line > 0 {
		twice := diag.New(diag.EntityTwice, b.list.span(v.at), strings.Clone(v.text))
		b.add(twice.WithRelated(diag.FirstDefined, b.list.span(n.at)))
		return 0, false
	}
	n.at = v.at
	return i, true
}

// index is that of a name, which is new unless it is there.
func (b *builder) index(text string) uint32 {
	if i, ok := b.list.find(dataset.Fold(text)); ok {
		return i
	}
	return b.list.add(text)
}

// under is the place where the name above another one is given.
func (b *builder) under(i uint32) *position {
	for int(i/blockSize) >= len(b.unders) {
		b.unders = append(b.unders, new([blockSize]position))
	}
	return &b.unders[i/blockSize][i%blockSize]
}

func positionOf(p source.Position) position { return position{uint32(p.Line), uint32(p.Column)} }

func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.line, other.line), cmp.Compare(p.column, other.column))
}

// above looks at what stands above the entities: names that are not listed, and entities that are above themselves.
func (b *builder) above() {
	l := b.list
	var known []string
	if l.count <= maxSuggested {
		for i := range l.count {
			if l.name(i).at.line > 0 {
				known = append(known, l.text(i))
			}
		}
	}
	// Of a name that is not listed, the first place.
	told := map[uint32]uint32{}
	// seen are the turns in which the names were come by.
	seen := make([]uint32, l.count)
	for i := range l.count {
		n := l.name(i)
		if n.above > 0 && l.name(n.above-1).at.line == 0 {
			first, ok := told[n.above]
			if !ok || b.under(i).compare(*b.under(first)) < 0 {
				told[n.above] = i
			}
		}
		turn := i + 1
		for at := i; seen[at] == 0; {
			seen[at] = turn
			above := l.name(at).above
			if above == 0 {
				break
			}
			if at = l.name(above - 1).of; seen[at] == turn && !b.cycle(at) {
				return
			}
		}
	}
	first := slices.Collect(maps.Values(told))
	slices.SortFunc(first, func(x, y uint32) int { return b.under(x).compare(*b.under(y)) })
	for _, i := range first {
		n := l.name(i)
		above := l.text(n.above - 1)
		if !b.add(diag.New(diag.EntityUnlisted, l.span(*b.under(i)), above, l.text(i)).WithSuggestion(diag.Suggest(above, known))) {
			return
		}
	}
}

// cycle tells of the entities that are above themselves, one of which is at an index. It is false when no more is wanted.
func (b *builder) cycle(at uint32) bool {
	l := b.list
	next := func(i uint32) uint32 { return l.name(l.name(i).above - 1).of }
	// It is told at the first of them in the list.
	start := at
	for i := next(at); i != at; i = next(i) {
		if b.under(i).compare(*b.under(start)) < 0 {
			start = i
		}
	}
	names := []string{l.text(start)}
	for i := next(start); ; i = next(i) {
		if len(names) == maxCycle && i != start {
			names = append(names, "…")
			break
		}
		names = append(names, l.text(i))
		if i == start {
			break
		}
	}
	return b.add(diag.New(diag.EntityCycle, l.span(*b.under(start)), l.text(start), strings.Join(names, " → ")))
}
