// Package entities holds a list of entities (单位名单): units and departments, each with the one above it, its region and
// further names. A list is a table in CSV or in a workbook, or a list of mappings in YAML or JSON.
//
// A million entities take about 50 MB and their names. Which datasets there are of them is nothing to this package.
package entities

import (
	"crypto/sha256"
	"hash/maphash"
	"iter"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/source"
)

// List is a list of entities. A nil List has none. It does not change, and may be used by several goroutines.
type List struct {
	path string
	// sheet is the name of the sheet that holds it; "" where it is none.
	sheet string
	sum   [sha256.Size]byte
	// blocks hold all names that are listed or stand above others; count counts them. slots finds them: 1 + the index of a
	// name, 0 for none.
	blocks []*block
	count  uint32
	slots  []uint32
	seed   maphash.Seed
	// regions are the different ones; the first is none.
	regions []string
	// order are the entities in the order of the list. Those directly below one that has the index i are below[first[i]:first[i+1]].
	order, first, below []uint32
}

// block is a number of names, with their texts one behind the other. A list that grows is never copied, and few things in
// it are to be looked at when garbage is collected.
type block struct {
	texts strings.Builder
	names [blockSize]name
}

const blockSize = 1 << 12

// name is what an entity is called, in the list or by those below it.
type name struct {
	// end is where its text ends among those of its block.
	end uint64
	// of is the index of the entity, which is its own where this is no further name of another.
	of uint32
	// above is 1 + the index of the name of the entity above it, 0 for none.
	above  uint32
	region uint32
	// at is where it is listed, with line 0 where it is not.
	at position
}

// position is a line and a column, from 1.
type position struct{ line, column uint32 }

// Entity is one that is listed.
type Entity struct {
	list  *List
	index uint32
}

// Path names the file of the list.
func (l *List) Path() string { return l.path }

// Sum is the hash of what the list was read from.
func (l *List) Sum() [sha256.Size]byte { return l.sum }

// Len counts the entities.
func (l *List) Len() int {
	if l == nil {
		return 0
	}
	return len(l.order)
}

// All are the entities in the order of the list.
func (l *List) All() iter.Seq[Entity] {
	if l == nil {
		return func(func(Entity) bool) {}
	}
	return l.these(l.order)
}

func (l *List) these(indexes []uint32) iter.Seq[Entity] {
	return func(yield func(Entity) bool) {
		for _, i := range indexes {
			if !yield(Entity{l, i}) {
				return
			}
		}
	}
}

// Find finds an entity by one of its names.
func (l *List) Find(called string) (e Entity, ok bool) {
	if l == nil {
		return Entity{}, false
	}
	i, ok := l.find(dataset.Fold(called))
	if !ok || l.name(i).at.line == 0 {
		return Entity{}, false
	}
	return Entity{l, l.name(i).of}, true
}

// Called is the name under which an entity is listed, and the name itself of one that is not.
func (l *List) Called(name string) string {
	if e, ok := l.Find(name); ok {
		return e.Name()
	}
	return name
}

// Above is the entity above another one and its region, each "" where it is not told. said is what it says itself of the
// one above it, which counts where the list tells none.
func (l *List) Above(entity, said string) (parent, region string) {
	if e, ok := l.Find(entity); ok {
		if region = e.Region(); e.Parent() != "" {
			return e.Parent(), region
		}
	}
	return l.Called(said), region
}

// Below are the entities directly below one, which need not be listed itself, in the order of the list.
func (l *List) Below(entity string) iter.Seq[Entity] {
	if l == nil {
		return func(func(Entity) bool) {}
	}
	i, ok := l.find(dataset.Fold(entity))
	if !ok {
		return l.these(nil)
	}
	of := l.name(i).of
	return l.these(l.below[l.first[of]:l.first[of+1]])
}

// Index tells the entities of a list apart. It is less than Names of the list.
func (e Entity) Index() int { return int(e.index) }

// Names counts the names of the list.
func (l *List) Names() int { return int(l.count) }

// Name is what it is listed as.
func (e Entity) Name() string { return e.list.text(e.index) }

// Parent is the name of the entity above it, "" where the list tells none.
func (e Entity) Parent() string {
	above := e.list.name(e.index).above
	if above == 0 {
		return ""
	}
	return e.list.text(e.list.name(above - 1).of)
}

// Region is its region, or that of the nearest entity above it that has one.
func (e Entity) Region() string {
	for {
		n := e.list.name(e.index)
		if n.region != 0 || n.above == 0 {
			return e.list.regions[n.region]
		}
		e.index = e.list.name(n.above - 1).of
	}
}

// Span is where it is listed.
func (e Entity) Span() source.Span { return e.list.span(e.list.name(e.index).at) }

func (l *List) span(p position) source.Span {
	return source.Known(l.path, l.sheet).Mark(source.Position{Line: int(p.line), Column: int(p.column)})
}

// find finds a folded name.
func (l *List) find(folded string) (uint32, bool) {
	if len(l.slots) == 0 {
		return 0, false
	}
	for at := l.slot(folded); l.slots[at] != 0; at = (at + 1) % uint64(len(l.slots)) {
		if i := l.slots[at] - 1; dataset.Fold(l.text(i)) == folded {
			return i, true
		}
	}
	return 0, false
}

func (l *List) slot(folded string) uint64 {
	return maphash.String(l.seed, folded) % uint64(len(l.slots))
}

func (l *List) name(i uint32) *name { return &l.blocks[i/blockSize].names[i%blockSize] }

// text is how a name is written.
func (l *List) text(i uint32) string {
	b, begin := l.blocks[i/blockSize], uint64(0)
	if i %= blockSize; i > 0 {
		begin = b.names[i-1].end
	}
	return b.texts.String()[begin:b.names[i].end]
}

// add adds a name and gives its index.
func (l *List) add(text string) uint32 {
	i := l.count
	if i%blockSize == 0 {
		l.blocks = append(l.blocks, &block{})
	}
	b := l.blocks[i/blockSize]
	b.texts.WriteString(text)
	b.names[i%blockSize] = name{end: uint64(b.texts.Len()), of: i}
	l.count++
	from := i
	if 4*int(l.count) > 3*len(l.slots) {
		l.slots, from = make([]uint32, max(1024, 2*len(l.slots))), 0
	}
	for n := from; n < l.count; n++ {
		at := l.slot(dataset.Fold(l.text(n)))
		for l.slots[at] != 0 {
			at = (at + 1) % uint64(len(l.slots))
		}
		l.slots[at] = n + 1
	}
	return i
}

// arrange puts the entities in order, with those below each.
func (l *List) arrange() {
	for i := range l.count {
		if n := l.name(i); n.at.line > 0 && n.of == i {
			l.order = append(l.order, i)
		}
	}
	slices.SortFunc(l.order, func(a, b uint32) int { return l.name(a).at.compare(l.name(b).at) })
	l.first = make([]uint32, l.count+1)
	for _, i := range l.order {
		if above := l.name(i).above; above > 0 {
			l.first[l.name(above-1).of+1]++
		}
	}
	for i := range l.count {
		l.first[i+1] += l.first[i]
	}
	l.below = make([]uint32, l.first[l.count])
	next := slices.Clone(l.first)
	for _, i := range l.order {
		if above := l.name(i).above; above > 0 {
			of := l.name(above - 1).of
			l.below[next[of]] = i
			next[of]++
		}
	}
}
