package extract

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/document"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/pattern"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
)

// Binding is what a document states of the fields of a pack.
type Binding struct {
	Reading *Reading
	Schema  *dataset.Schema
	Header  dataset.Header
	root    *record
}

// record is the root or a list row: the leaves of its groups stand beside its own.
type record struct {
	list   *dataset.Field
	parent *record
	leaves map[*dataset.Field][]statement
	rows   map[*dataset.Field][]*record
	// open: the list of a field goes on beyond what is printed or could be read.
	open map[*dataset.Field]bool
}

// statement is one printed occurrence of a field.
type statement struct {
	text  string
	place source.Place
	// block and at order statements as the document does.
	block, at int
}

// Bind finds out which facts and notes of a reading are statements of which fields, and writes the fields' paths into
// them. The header's entity and period are left out of subjects and headings.
func Bind(r *Reading, p *rule.Pack, h dataset.Header, w *Words) *Binding {
	// What is wrong with selectors is for those who load the pack.
	selectors, _ := p.Selectors()
	b := &binder{
		Binding:  Binding{Reading: r, Schema: p.Schema, Header: h, root: newRecord(nil, nil)},
		s:        selectors,
		titles:   folding(selectors.Titles, w),
		subjects: folding(selectors.Subjects, w),
		plain:    folding(pattern.Folding{}, w),
		owners:   map[spot]string{},
		spots:    make([]*spot, len(r.Facts)),
		rowNames: map[*dataset.Field][]rowName{},
		scopes:   map[string][]scoped{},
		grids:    map[int]*table{},
		folded:   map[string]pattern.Text{},
		rowNamed: map[string]string{},
	}
	b.years = relativeYears(h)
	b.headings()
	b.names()
	b.sentences()
	b.tables()
	for i := range b.Reading.Facts {
		b.fact(i)
	}
	b.alike()
	for i := range b.Reading.Notes {
		b.note(i)
	}
	b.incomplete()
	for i, at := range b.spots {
		if at != nil {
			r.Facts[i].Field = b.path(at)
		}
	}
	return &b.Binding
}

func folding(f pattern.Folding, w *Words) *pattern.Folding {
	f.Simple = w.narrow
	return &f
}

type binder struct {
	Binding
	s                       *rule.Selectors
	titles, subjects, plain *pattern.Folding
	years                   *strings.Replacer
	// sections are the headings above each block, outermost first.
	sections [][]string
	// owners tell which section the statements of a field stand in, for each way to find them.
	owners map[spot]string
	// spots are where the facts went, nil while unbound.
	spots []*spot
	// rowNames are the patterns that name rows of a list.
	rowNames map[*dataset.Field][]rowName
	// scopes are those that hold below headings, by the headings.
	scopes map[string][]scoped
	// grids are the tables, by their blocks.
	grids map[int]*table
	// folded are subjects and rowNamed names of rows made comparable.
	folded   map[string]pattern.Text
	rowNamed map[string]string
}

// spot is where a fact is stated: a leaf of a record, and what found it there; nil for a sentence.
type spot struct {
	record *record
	leaf   *dataset.Field
	by     *rule.Select
}

// rowName is a pattern that names rows, of headings or of subjects.
type rowName struct {
	rule.Pattern
	title bool
}

// scoped is a scope that holds, the heading or title that says so, and the rows that it names.
type scoped struct {
	*rule.Scope
	id   string
	keys keys
}

// keys are texts of list rows that tell which row is meant.
type keys map[*dataset.Field]string

func newRecord(list *dataset.Field, parent *record) *record {
	return &record{list: list, parent: parent, leaves: map[*dataset.Field][]statement{}, rows: map[*dataset.Field][]*record{}, open: map[*dataset.Field]bool{}}
}

// relativeYears leaves out the year of the report and calls the one before it 上年.
func relativeYears(h dataset.Header) *strings.Replacer {
	words := []string{}
	if h.Entity != "" {
		words = append(words, h.Entity, "")
	}
	if y := h.Year(); y > 0 {
		for _, end := range []string{"年度", "年"} {
			words = append(words, strconv.Itoa(y)+end, "", strconv.Itoa(y-1)+end, "上年")
		}
	}
	return strings.NewReplacer(words...)
}

// headings finds the headings above each block.
func (b *binder) headings() {
	b.sections = make([][]string, len(b.Reading.Document.Blocks))
	var levels []int
	var titles []string
	next := 0
	for i := range b.sections {
		for next < len(b.Reading.Headings) && b.Reading.Headings[next].Block <= i {
			h := b.Reading.Headings[next]
			for len(levels) > 0 && levels[len(levels)-1] >= h.Level {
				levels, titles = levels[:len(levels)-1], titles[:len(titles)-1]
			}
			levels, titles = append(levels, h.Level), append(slices.Clone(titles), h.Title)
			next++
		}
		b.sections[i] = titles
	}
}

// names gathers the patterns that name the rows of lists.
func (b *binder) names() {
	add := func(patterns []rule.Pattern, title bool) {
		for _, p := range patterns {
			for _, f := range p.Fields {
				if f == nil {
					continue
				}
				l := f.Record()
				b.rowNames[l] = append(b.rowNames[l], rowName{p, title})
			}
		}
	}
	for _, s := range b.s.Scopes {
		add(s.Sections, true)
		for _, f := range s.Fields {
			if f.Field.Type == dataset.List && f.Of == nil {
				add(f.Subjects, false)
			}
		}
	}
}

// match is the first of the patterns that a text is as a whole, with the texts of its slots.
func match(patterns []rule.Pattern, t pattern.Text) (keys, bool) {
	for _, p := range patterns {
		if captures, ok := p.Match(t); ok {
			return keysOf(p, t, captures), true
		}
	}
	return nil, false
}

func keysOf(p rule.Pattern, t pattern.Text, captures []pattern.Capture) keys {
	k := keys{}
	for i, c := range captures {
		if f := p.Fields[i]; f != nil {
			k[f] = clean(t.Source[c.From:c.To])
		}
	}
	return k
}

// clean is a name without the spaces that a page's layout puts into it.
func clean(s string) string { return strings.Join(strings.Fields(s), "") }

// holding lists the scopes that hold below headings, in a table those of its titles. Of each pack it is the first that
// the innermost heading calls for; those that name no heading hold where there is none.
func (b *binder) holding(section []string, block int) []scoped {
	inTable := b.Reading.Document.Blocks[block].Grid != nil
	key := strings.Join(section, "\n")
	if inTable {
		key += "\x00" + strconv.Itoa(block)
	}
	found, known := b.scopes[key]
	if !known {
		if inTable {
			found = b.tableScopes(section, block, key)
		} else {
			found = b.textScopes(section, key)
		}
		b.scopes[key] = found
	}
	return found
}

func (b *binder) textScopes(section []string, id string) []scoped {
	var found []scoped
	// at adds the scopes that a heading calls for, the first of each pack.
	at := func(depth int, whole bool) bool {
		title := b.titles.Fold(b.years.Replace(section[depth-1]))
		pack := -1
		for _, s := range b.s.Scopes {
			if len(s.Tables) > 0 || s.Pack == pack || whole && !s.Whole {
				continue
			}
			if k, ok := match(s.Sections, title); ok {
				found = append(found, scoped{s, strings.Join(section[:b.outermost(s, section)], "\n"), k})
				pack = s.Pack
			}
		}
		return len(found) > 0
	}
	for depth := range section {
		if at(depth+1, true) {
			return found
		}
	}
	for depth := len(section); depth > 0; depth-- {
		if at(depth, false) {
			return found
		}
	}
	for _, s := range b.s.Scopes {
		if len(s.Tables)+len(s.Sections) == 0 {
			found = append(found, scoped{s, id, keys{}})
		}
	}
	return found
}

// outermost is how deep the outermost heading is that a scope names: the parts of a section are one section.
func (b *binder) outermost(s *rule.Scope, section []string) int {
	for i, title := range section {
		if _, ok := match(s.Sections, b.titles.Fold(b.years.Replace(title))); ok {
			return i + 1
		}
	}
	return len(section)
}

func (b *binder) tableScopes(section []string, block int, id string) []scoped {
	var found []scoped
	titles := b.titlesOf(block)
	for _, s := range b.s.Scopes {
		if len(s.Tables) == 0 {
			continue
		}
		c := scoped{s, id, keys{}}
		below := len(s.Sections) == 0
		for _, title := range section {
			if k, ok := match(s.Sections, b.titles.Fold(b.years.Replace(title))); ok {
				below = true
				maps.Copy(c.keys, k)
			}
		}
		for _, title := range titles {
			if k, ok := match(s.Tables, b.titles.Fold(b.years.Replace(unnumbered(title)))); ok && below {
				maps.Copy(c.keys, k)
				found = append(found, c)
				break
			}
		}
	}
	return found
}

// titlesOf are what may be the title of a table: the lines before it and its own first rows that hold one text.
func (b *binder) titlesOf(block int) []string {
	blocks := b.Reading.Document.Blocks
	g := blocks[block].Grid
	titles := []string{g.Name}
	for i := range b.Reading.Facts {
		if f := &b.Reading.Facts[i]; f.Block == block && f.Table != "" {
			titles = append(titles, f.Table)
			break
		}
	}
	for i := block - 1; i >= 0 && i >= block-3 && blocks[i].Grid == nil; i-- {
		if s := blocks[i].Text.S; utf8.RuneCountInString(s) <= maxTitle {
			titles = append(titles, s)
		}
	}
	for r := range min(g.Rows, 3) {
		only := ""
		for i := range g.Cells {
			if c := &g.Cells[i]; c.Row == r && strings.TrimSpace(c.Text.S) != "" {
				if only != "" {
					return titles
				}
				only = c.Text.S
			}
		}
		titles = append(titles, strings.SplitN(strings.TrimSpace(only), "\n", 2)[0])
	}
	return titles
}

// maxTitle is how many characters the title of a table may have.
const maxTitle = 60

// fact finds the field of a fact.
func (b *binder) fact(i int) {
	f := &b.Reading.Facts[i]
	if b.spots[i] != nil || f.About {
		return
	}
	subject := b.subject(f.Subject)
	for _, scope := range b.holding(f.Section, f.Block) {
		for _, s := range scope.Fields {
			if s.Like || len(s.Subjects) == 0 || s.Reason != f.Reason {
				continue
			}
			k, ok := match(s.Subjects, subject)
			if !ok {
				continue
			}
			leaf := b.leaf(s, i)
			if leaf == nil {
				continue
			}
			var of *record
			if s.Of != nil {
				if of = b.whole(i, s.Of); of == nil {
					continue
				}
			}
			for field, text := range scope.keys {
				if _, taken := k[field]; !taken {
					k[field] = text
				}
			}
			if b.take(i, b.locate(s.Field, k, f.Section, of), leaf, s, scope.id) {
				return
			}
		}
	}
}

// subject makes what a figure is of comparable.
func (b *binder) subject(s string) pattern.Text {
	t, known := b.folded[s]
	if !known {
		t = b.subjects.Fold(b.years.Replace(s))
		b.folded[s] = t
	}
	return t
}

// leaf is the first field of a selector that takes the fact's measure, basis and unit; nil when none does.
func (b *binder) leaf(s *rule.Select, i int) *dataset.Field {
	for _, l := range s.Leaves {
		if l.Note == "" && b.accepts(l, i) {
			return l.Field
		}
	}
	return nil
}

func (b *binder) accepts(l rule.Leaf, i int) bool {
	f := &b.Reading.Facts[i]
	if !slices.Contains(l.Measures, string(f.Measure)) || !fits(f, l) {
		return false
	}
	holds := func(patterns []rule.Pattern, text func() string) bool {
		if len(patterns) == 0 {
			return true
		}
		_, ok := match(patterns, b.subject(text()))
		return ok
	}
	if len(l.Columns) > 0 && (f.Row < 0 || !b.table(f.Block).headed(l.Columns, f.Row, f.Col)) {
		return false
	}
	return holds(l.Basis, func() string { return f.Basis }) &&
		(holds(l.Words, func() string { return b.lead(i) }) || holds(l.Words, func() string { return f.Word }))
}

// fits reports whether a figure in the fact's unit can be one of the field.
func fits(f *Fact, l rule.Leaf) bool {
	if len(l.Units) > 0 && !slices.Contains(l.Units, f.Unit) {
		return false
	}
	_, money := dataset.Convert(f.Unit, "元")
	switch t := l.Field; t.Type {
	case dataset.Percent:
		return f.Unit == "%" || f.Unit == "" && f.Row >= 0
	case dataset.Score:
		return f.Unit == "分" || f.Unit == ""
	case dataset.Count:
		return !money && f.Unit != "%"
	case dataset.Amount:
		_, ok := dataset.Convert(f.Unit, t.Unit)
		return ok || t.UnitFrom != nil || f.Unit == "" && f.Row >= 0
	}
	return false
}

// lead is what stands before a figure in its clause.
func (b *binder) lead(i int) string {
	f := &b.Reading.Facts[i]
	if f.Row >= 0 {
		return ""
	}
	from := 0
	if i > 0 {
		if before := &b.Reading.Facts[i-1]; before.Block == f.Block && before.To <= f.From {
			from = before.To
		}
	}
	text := b.Reading.Document.Blocks[f.Block].Text.S[from:f.From]
	if end := strings.LastIndexAny(text, "。；;，,：:"); end >= 0 {
		text = strings.TrimLeft(text[end:], "。；;，,：:")
	}
	return text
}

// whole is the record in which the figure that a part belongs to is stated: one of the group or list of, nil when it is
// not.
func (b *binder) whole(i int, of *dataset.Field) *record {
	t := b.Reading.Facts[i].Total
	if t < 0 || b.spots[t] == nil {
		return nil
	}
	for in := b.spots[t].leaf.Parent; in != nil; in = in.Parent {
		if in == of {
			return b.spots[t].record
		}
	}
	return nil
}

// locate finds the record that holds a field, and makes the rows that lead there where they are new. Rows that keys do
// not tell are those of the record of, of a heading above, or the last ones.
func (b *binder) locate(f *dataset.Field, k keys, section []string, of *record) *record {
	var lists []*dataset.Field
	for in := f; in != nil; in = in.Parent {
		if in.Type == dataset.List {
			lists = append(lists, in)
		}
	}
	at := b.root
	for _, l := range slices.Backward(lists) {
		for r := of; r != nil; r = r.parent {
			if r.list == l {
				at = r
			}
		}
		if at.list == l {
			continue
		}
		own := keys{}
		for field, text := range k {
			if field.Record() == l {
				own[field] = text
			}
		}
		if len(own) == 0 {
			own = b.above(l, section)
		}
		at = at.row(l, own, b)
	}
	return at
}

// above is how the innermost heading names a row of a list.
func (b *binder) above(l *dataset.Field, section []string) keys {
	for _, title := range slices.Backward(section) {
		title = b.years.Replace(title)
		for _, name := range b.rowNames[l] {
			fold := b.subjects
			if name.title {
				fold = b.titles
			}
			own := keys{}
			if all, ok := match([]rule.Pattern{name.Pattern}, fold.Fold(title)); ok {
				for field, text := range all {
					if field.Record() == l {
						own[field] = text
					}
				}
			}
			if len(own) > 0 {
				return own
			}
		}
	}
	return nil
}

// row is the last row of a list that agrees with what is known of it, or a new one.
func (r *record) row(l *dataset.Field, own keys, b *binder) *record {
	rows := r.rows[l]
	if len(own) == 0 && len(rows) > 0 {
		return rows[len(rows)-1]
	}
	for _, row := range slices.Backward(rows) {
		agrees := len(own) > 0
		for field, text := range own {
			if have := row.leaves[field]; len(have) > 0 && b.nameOf(have[0].text) != b.nameOf(text) {
				agrees = false
			} else if len(have) == 0 && field == l.Key {
				agrees = false
			}
		}
		if agrees {
			row.name(own)
			return row
		}
	}
	row := newRecord(l, r)
	row.name(own)
	r.rows[l] = append(rows, row)
	return row
}

// nameOf is a name as names are compared.
func (b *binder) nameOf(s string) string {
	name, known := b.rowNamed[s]
	if !known {
		name = b.plain.Fold(s).Folded
		b.rowNamed[s] = name
	}
	return name
}

func (r *record) name(own keys) {
	for field, text := range own {
		if len(r.leaves[field]) == 0 {
			r.leaves[field] = []statement{{text: text}}
		}
	}
}

// take makes a fact a statement of a field, unless the field is stated in another section already.
func (b *binder) take(i int, r *record, leaf *dataset.Field, by *rule.Select, id string) bool {
	f := &b.Reading.Facts[i]
	text, ok := b.printed(f, leaf)
	c := spot{r, leaf, by}
	if owner, claimed := b.owners[c]; !ok || claimed && owner != id {
		return false
	}
	said := statement{text, b.Reading.Cite(f), f.Block, f.From}
	if f.Row >= 0 {
		said.at = f.Row<<16 + f.Col
	}
	for j, at := range b.spots {
		if len(r.leaves[leaf]) == 0 || f.Row >= 0 {
			break
		}
		// Two different figures of one paragraph are hardly of the same quantity.
		if other := &b.Reading.Facts[j]; at != nil && at.record == r && at.leaf == leaf && at.by == by && other.Block == f.Block && (!other.Value.Equal(f.Value) || other.Unit != f.Unit) {
			return false
		}
	}
	b.owners[c] = id
	r.add(leaf, said)
	b.spots[i] = &spot{r, leaf, by}
	for _, l := range by.Leaves {
		if l.Note == "unit" && len(r.leaves[l.Field]) == 0 && f.Unit != "" {
			r.add(l.Field, statement{text: f.Unit, block: f.Block})
		}
	}
	return true
}

func (r *record) add(leaf *dataset.Field, s statement) {
	all := append(r.leaves[leaf], s)
	slices.SortStableFunc(all, func(a, b statement) int { return cmp.Or(a.block-b.block, a.at-b.at) })
	r.leaves[leaf] = all
}

// printed is a figure as datasets write it: the direction word before it, its unit behind where it is not the
// dataset's own.
func (b *binder) printed(f *Fact, leaf *dataset.Field) (string, bool) {
	p, err := number.Parse(f.Text)
	if err != nil || p.Blank {
		return "", false
	}
	text := strings.TrimSpace(f.Text)
	changed := f.Measure == Change || f.Measure == ChangeRate
	switch {
	case p.Value().Equal(f.Value) && !(changed && !f.Value.IsNegative() && number.Directed(f.Word)):
	case p.Value().Equal(f.Value), p.Value().Neg().Equal(f.Value) && number.Directed(f.Word):
		text = f.Word + text
	case p.Value().Neg().Equal(f.Value):
		text = "减少" + text
	default:
		return "", false
	}
	if !p.Percent && p.Unit == "" && leaf.Type != dataset.Count && leaf.Type != dataset.Score {
		text += f.Unit
	}
	return b.fitted(text, leaf)
}

// fitted is a figure with the unit that it needs in a field, if it can be one of the field at all.
func (b *binder) fitted(text string, leaf *dataset.Field) (string, bool) {
	p, err := number.Parse(text)
	if err != nil || p.Blank {
		return "", false
	}
	bare := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), p.Unit))
	_, money := dataset.Convert(p.Unit, "元")
	switch {
	case leaf.UnitFrom != nil:
		// The unit stands beside the field.
		if !p.Percent {
			text = bare
		}
	case p.Percent:
		return text, leaf.Type == dataset.Percent
	case leaf.Type == dataset.Count && !money, leaf.Type == dataset.Score && p.Unit == "分":
		text = bare
	case p.Unit == "":
	case leaf.Type == dataset.Amount && p.Unit == b.Header.Unit && money:
		text = bare
	default:
		_, ok := dataset.Convert(p.Unit, leaf.Unit)
		return text, ok
	}
	return text, true
}

// note finds the field of a note: one of the subject that it is of.
func (b *binder) note(i int) {
	n := &b.Reading.Notes[i]
	var base *spot
	if n.Base >= 0 {
		base = b.spots[n.Base]
	}
	if base != nil && base.by != nil {
		if leaf := b.noteLeaf(base.by, n); leaf != nil {
			b.say(i, base.record, leaf)
			return
		}
	}
	subject := b.subject(n.Subject)
	for _, scope := range b.holding(n.Section, n.Block) {
		for _, s := range scope.Fields {
			k, ok := match(s.Subjects, subject)
			if !ok || s.Like || s.Of != nil {
				continue
			}
			leaf := b.noteLeaf(s, n)
			if leaf == nil {
				continue
			}
			for field, text := range scope.keys {
				if _, taken := k[field]; !taken {
					k[field] = text
				}
			}
			b.say(i, b.locate(s.Field, k, n.Section, nil), leaf)
			return
		}
	}
}

func (b *binder) noteLeaf(s *rule.Select, n *Note) *dataset.Field {
	for _, l := range s.Leaves {
		if l.Note != n.Kind {
			continue
		}
		if len(l.Basis) == 0 {
			return l.Field
		}
		if _, ok := match(l.Basis, b.subject(n.Basis)); ok {
			return l.Field
		}
	}
	return nil
}

// say makes a note a statement of a text. What is said twice with other words is no second statement: the first is kept.
func (b *binder) say(i int, r *record, leaf *dataset.Field) {
	n := &b.Reading.Notes[i]
	if len(r.leaves[leaf]) > 0 {
		return
	}
	r.add(leaf, statement{strings.Join(strings.Fields(n.Text), " "), b.Reading.cite(n.Place, n.Block, n.Row, n.Col, n.From), n.Block, n.From})
	n.Field = b.path(&spot{r, leaf, nil})
}

// sentences tries the patterns for running text.
func (b *binder) sentences() {
	for i, block := range b.Reading.Document.Blocks {
		texts := []document.Text{block.Text}
		if block.Grid != nil {
			texts = texts[:0]
			for _, c := range block.Grid.Cells {
				texts = append(texts, c.Text)
			}
		}
		scopes := b.holding(b.sections[i], i)
		if t := b.tableAbove(i); t >= 0 {
			scopes = slices.Concat(b.holding(b.sections[t], t), scopes)
		}
		for _, text := range texts {
			b.sentencesOf(scopes, i, text)
		}
	}
}

// tableAbove is the table to which a paragraph is a note (注, 说明), -1 for none: one of the few lines below it.
func (b *binder) tableAbove(block int) int {
	for i := block - 1; i >= 0 && i >= block-4; i-- {
		if blocks := b.Reading.Document.Blocks; blocks[block].Grid == nil && blocks[i].Grid != nil {
			return i
		}
	}
	return -1
}

func (b *binder) sentencesOf(scopes []scoped, block int, text document.Text) {
	if text.S == "" {
		return
	}
	var folded pattern.Text
	for _, scope := range scopes {
		for _, s := range scope.Sentences {
			if folded.Source == "" {
				folded = b.plain.Fold(text.S)
			}
			for _, found := range s.Find(folded) {
				b.sentence(scope, s, block, text, found)
			}
		}
	}
}

// sentence binds what a pattern found: fields get what their slots took, and facts what the others say of them.
func (b *binder) sentence(scope scoped, s *rule.Sentence, block int, text document.Text, found pattern.Found) {
	k := keys{}
	for field, key := range scope.keys {
		k[field] = key
	}
	said := Fact{Block: block, Row: -1, Col: -1, Base: -1, Total: -1, Section: b.sections[block]}
	for i, c := range found.Captures {
		took := strings.TrimSpace(text.S[c.From:c.To])
		switch f := s.Fields[i]; {
		case f != nil && f.Record().Key == f:
			k[f] = clean(took)
		case f == nil && c.Slot.Name == "subject":
			said.Subject = took
		case f == nil && c.Slot.Name == "basis":
			said.Basis = took
		}
	}
	for i, c := range found.Captures {
		took := strings.TrimSpace(text.S[c.From:c.To])
		f := s.Fields[i]
		switch {
		case f != nil && f.Record().Key != f:
			switch {
			case f.Type.Numeric():
				took = strings.TrimRight(clean(took), "亿百千万元")
			case f.Type == dataset.Date:
				took = clean(took)
			}
			r := b.locate(f, k, b.sections[block], nil)
			if len(r.leaves[f]) > 0 && !f.Type.Numeric() {
				continue
			}
			r.add(f, statement{took, text.At(c.From), block, c.From})
			for j := range b.Reading.Facts {
				if at := &b.Reading.Facts[j]; at.Block == block && at.From >= c.From && at.To <= c.To && at.Row < 0 {
					b.spots[j] = &spot{r, f, nil}
				}
			}
		case f == nil && slices.Contains(rule.Measures(), c.Slot.Name):
			for j := range b.Reading.Facts {
				if at := &b.Reading.Facts[j]; at.Block == block && at.From >= c.From && at.To <= c.To && at.Row < 0 {
					at.Subject, at.Basis, at.Measure = cmp.Or(said.Subject, at.Subject), cmp.Or(said.Basis, at.Basis), Measure(c.Slot.Name)
				}
			}
		}
	}
	for _, set := range s.Set {
		r := b.locate(set.Field, k, b.sections[block], nil)
		r.add(set.Field, statement{set.Text, text.At(found.From), block, found.From})
	}
}

// incomplete marks the lists that go on beyond what is printed or could be read.
func (b *binder) incomplete() {
	for i := range b.Reading.Facts {
		f := &b.Reading.Facts[i]
		if at := b.spots[i]; at != nil && f.Open && at.record.list != nil {
			at.record.parent.open[at.record.list] = true
		}
		// A part that no row took belongs to the list that the other parts of its whole went to.
		if b.spots[i] == nil && f.Total >= 0 {
			for j := range b.Reading.Facts {
				if at := b.spots[j]; at != nil && b.Reading.Facts[j].Total == f.Total && at.by != nil && at.by.Of != nil {
					at.record.parent.open[at.record.list] = true
				}
			}
		}
	}
}

// path is the path of a leaf from the root, rows by their keys.
func (b *binder) path(s *spot) string { return s.record.address() + relative(s.leaf) }

func relative(leaf *dataset.Field) string {
	record := leaf.Record()
	if record.Parent == nil {
		return leaf.Path()
	}
	return leaf.Path()[len(record.Path()):]
}

func (r *record) address() string {
	if r.list == nil {
		return ""
	}
	key, same := r.key(), 0
	rows := r.parent.rows[r.list]
	for i, row := range rows {
		if row == r {
			if key == "" {
				key = strconv.Itoa(i + 1)
			}
			break
		}
		if row.key() == key {
			same++
		}
	}
	if same > 0 {
		key = fmt.Sprintf("%s#%d", key, same+1)
	}
	return r.parent.address() + relative(r.list) + "[" + key + "]"
}

func (r *record) key() string {
	if k := r.list.Key; k != nil && len(r.leaves[k]) > 0 {
		return r.leaves[k][0].text
	}
	return ""
}
