package run

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/sorter"
)

// This file judges rules about like entities. What they hold against one another is taken of every dataset and sorted by
// rule, group and value, so that each group can be read from its least value to its greatest, by several readers at once and
// without holding it. Where an instance stands in its group is then sorted back to its dataset.

// Causes why a rule about like entities does not apply.
const (
	// CauseFewPeers: there are too few figures in the group, or nothing of another entity.
	CauseFewPeers = "few-peers"
	// CauseNoSpread: more than half of the figures are the same, so that there is no scale for how far others lie from them.
	CauseNoSpread = "no-spread"
)

// PeerRecord is what one instance of a rule about like entities holds against those of other datasets.
type PeerRecord struct {
	// Rule is the index of the rule among those across datasets, and Ordinal counts its instances in the dataset.
	Rule, Ordinal int
	// Group is what like entities have in common beside the period and the kind. Value is a figure in bytes that are ordered as
	// figures are, or the hash of a text.
	Group, Value []byte
	// Operand is what is told of it to those that have the same; nil where that is not asked for.
	Operand []byte
}

// peers is what a rule about like entities needs while a dataset is looked at.
type peers struct {
	// collect takes what is held against other datasets; where it is nil, the rule is judged.
	collect func(PeerRecord)
	// standings are those of the dataset, in the order of their rules and ordinals.
	standings []standing
	// rule is the index of the rule at hand, and ordinal counts its instances.
	rule, ordinal int
	// sides are the texts of the instance at hand for a message, and units is the number among them.
	sides map[string]string
	units int
	// others are what like entities have, which is the same as the instance at hand.
	others []finding.Operand
}

// collect takes what the rules about like entities hold of a dataset against others.
func (a *Across) collect(item *Item) []PeerRecord {
	across := item.Plan.Across
	if _, _, ok := periodOf(item.Dataset.Period); !ok || !slices.ContainsFunc(across.Peers, func(r *plan.Rule) bool { return r != nil }) {
		return nil
	}
	c, _ := a.collectors.Get().(*checker)
	if c == nil {
		c = &checker{options: a.options, brief: true, screen: expression.Blind()}
	}
	defer a.collectors.Put(c)
	var records []PeerRecord
	c.data, c.out, c.at = item.Dataset, &result{plan: item.Plan}, c.at[:0]
	c.path, c.out.Input.Within, c.document = item.Path, item.Within, item.Document
	c.env.Reset(item.Dataset)
	c.peers = peers{collect: func(r PeerRecord) { records = append(records, r) }}
	year := item.Dataset.Year()
	var tally finding.Tally
	for i, r := range across.Peers {
		if r != nil && a.options.Runs(r.ID) && holdsIn(r, year) {
			c.run(i, r, &tally)
		}
	}
	return records
}

// holdsIn reports whether a rule holds for a year.
func holdsIn(r *plan.Rule, year int) bool {
	return (r.Since == 0 || year >= r.Since) && (r.Until == 0 || year <= r.Until)
}

// run walks the instances of a rule across datasets, the one of an index.
func (c *checker) run(i int, r *plan.Rule, tally *finding.Tally) {
	c.rule, c.tally, c.peers.rule, c.peers.ordinal = r, tally, i, 0
	if len(r.Loops) == 0 {
		c.instance()
	} else {
		c.loop(0)
	}
}

// peer judges a rule about like entities at the rows where the loops stand, or takes what it holds against others.
func (c *checker) peer() {
	p := c.rule.Peers
	ordinal := c.peers.ordinal
	c.peers.ordinal++
	group, j, ok := c.alike()
	if !ok {
		c.note(c.mustExist(j))
		return
	}
	var value []byte
	var figure number.Rat
	if !p.Value.IsText() {
		if figure, j, ok = p.Value.Number(&c.env); !ok {
			c.note(c.mustExist(j))
			return
		}
		value = number.AppendOrdered(nil, figure)
	} else {
		var text string
		if text, j, ok = p.Value.Folded(&c.env); !ok {
			c.note(c.mustExist(j))
			return
		}
		if utf8.RuneCountInString(text) < p.Length {
			c.note(expression.Judgement{Verdict: finding.NotApplicable})
			return
		}
		sum := sha256.Sum256([]byte(text))
		value = sum[:]
	}
	if c.peers.collect != nil {
		r := PeerRecord{Rule: c.peers.rule, Ordinal: ordinal, Group: group, Value: value}
		if p.Kind == rule.Unique {
			r.Operand = c.shared(j.Operands)
		}
		c.peers.collect(r)
		return
	}
	c.stand(j, figure, ordinal)
}

// shared is what is told to others of the first of some cells of which anything is stated.
func (c *checker) shared(cells []int) []byte {
	for _, cell := range cells {
		if st := c.data.Facts()[cell].Statement(); st != nil {
			o := c.operand(cell, st)
			entity := c.options.Entities.Called(c.data.Entity)
			o.Field, o.Label = "peers["+entity+"]."+o.Field, entity+"·"+o.Label
			return appendOperand(nil, &o)
		}
	}
	return nil
}

// alike is what the instance has in common with those that it is held against: its own name, of texts that of its field,
// and whatever the rule names.
func (c *checker) alike() (group []byte, j expression.Judgement, ok bool) {
	p := c.rule.Peers
	add := func(text string) { group = append(append(group, dataset.NameKey(text)...), 0) }
	if p.Kind == rule.Outlier {
		add(c.instanceName())
	} else {
		var fields []string
		for i, l := range c.rule.Loops {
			of := l.List
			if of == nil {
				of = l.Groups[c.at[i]]
			}
			fields = append(fields, of.Path())
		}
		add(strings.Join(fields, " "))
	}
	parent, region := c.options.Entities.Above(c.data.Entity, c.data.Parent)
	for _, by := range p.By {
		text := ""
		switch by.Word {
		case rule.ByParent:
			text = parent
		case rule.ByRegion:
			text = region
		default:
			if text, j, ok = by.Folded(&c.env); !ok {
				return nil, j, false
			}
		}
		if by.Word != "" && text == "" {
			return nil, expression.Judgement{Verdict: finding.NotEvaluated, Cause: expression.CauseMissing, Missing: []string{by.Word}}, false
		}
		add(text)
	}
	return group, j, true
}

// stand judges an instance by where it stands among its like.
func (c *checker) stand(j expression.Judgement, figure number.Rat, ordinal int) {
	p := c.rule.Peers
	at, found := slices.BinarySearchFunc(c.peers.standings, standing{rule: c.peers.rule, ordinal: ordinal}, standing.compare)
	// Nothing is kept of what needs no words.
	s := standing{verdict: finding.Pass}
	if found {
		s = c.peers.standings[at]
	}
	j.Verdict, j.Cause = s.verdict, s.cause
	var names []string
	for _, other := range s.others {
		names = append(names, other.entity)
		if o, ok := readOperand(other.operand); ok {
			c.peers.others = append(c.peers.others, o)
		}
	}
	c.peers.sides, c.peers.units = map[string]string{"units": strconv.Itoa(s.units), "others": strings.Join(names, "、")}, s.units
	if p.Kind == rule.Unique {
		if s.verdict == finding.Fail || s.verdict == finding.Pass {
			j.Left = p.Value.Show(&c.env)
		}
	} else if s.mad.Sign() > 0 {
		show := func(v number.Rat) string { return p.Value.Format(&c.env, v, 4) }
		about := func(v number.Rat) string { return p.Value.Format(&c.env, v, 2) }
		reach := reachOf(p.Peers, s.mad)
		j.Left, j.Right, j.Difference = p.Value.Show(&c.env), show(s.median), show(figure.Sub(s.median))
		j.Allowed = &finding.Interval{Low: about(reach.Neg()), High: about(reach)}
		c.peers.sides["low"], c.peers.sides["high"] = about(s.median.Sub(reach)), about(s.median.Add(reach))
		c.peers.sides["mad"] = about(s.mad)
	}
	c.note(j)
	c.peers.sides, c.peers.units, c.peers.others = nil, 0, nil
}

// reachOf is how far from the median a figure may lie: its modified z-score, 0.6745·|x − median| / MAD, is not above the limit.
func reachOf(p *rule.Peers, mad number.Rat) number.Rat {
	return p.Limit.Mul(mad).Mul(number.NewRat(10000, 6745))
}

// peersFormula is what a rule about like entities asks, with the figures in their places.
func (c *checker) peersFormula(j *expression.Judgement) string {
	value, lang := c.rule.Peers.Value, c.options.Formulas
	switch others := c.peers.sides["others"]; {
	case j.Right != "":
		return value.Among(&c.env, lang, c.peers.units, j.Right)
	case others != "":
		return value.Shared(&c.env, lang, c.peers.units, others)
	}
	return value.Filled(&c.env, lang)
}

// peersMessage is the sentence of a finding whose rule has none.
func (c *checker) peersMessage(f *finding.Finding) string {
	sides := c.peers.sides
	switch {
	case f.Right != "":
		return f.Title + ": " + f.Left + " | " + f.Right + " (" + sides["low"] + " – " + sides["high"] + ", " + sides["units"] + ")"
	case sides["others"] != "":
		return f.Title + ": " + sides["others"] + " (" + sides["units"] + ")"
	}
	return f.Title
}

// standing is where an instance stands among its like.
type standing struct {
	rule, ordinal int
	verdict       finding.Verdict
	cause         string
	// units counts the figures of the group, or the other entities that have the same; others are some of these.
	units  int
	others []other
	// median and mad are those of the group; mad is 0 where none are told.
	median, mad number.Rat
}

// other is another entity, and what is told of what it has.
type other struct {
	entity  string
	operand []byte
}

func (s standing) compare(other standing) int {
	if s.rule != other.rule {
		return s.rule - other.rule
	}
	return s.ordinal - other.ordinal
}

// append writes the standing behind buf, but for its rule and ordinal.
func (s *standing) append(buf []byte) []byte {
	buf = appendText(append(buf, byte(s.verdict)), s.cause)
	buf = binary.AppendUvarint(buf, uint64(s.units))
	buf = binary.AppendUvarint(buf, uint64(len(s.others)))
	for _, o := range s.others {
		buf = appendText(appendText(buf, o.entity), string(o.operand))
	}
	if s.mad.Sign() == 0 {
		return buf
	}
	return number.AppendOrdered(number.AppendOrdered(buf, s.median), s.mad)
}

// readStanding reads what append wrote.
func readStanding(b []byte) (s standing, ok bool) {
	if len(b) == 0 {
		return s, false
	}
	s.verdict = finding.Verdict(b[0])
	if s.cause, b, ok = cutText(b[1:]); !ok {
		return s, false
	}
	counts := [2]uint64{}
	for i := range counts {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			return s, false
		}
		counts[i], b = n, b[size:]
	}
	s.units = int(counts[0])
	for range counts[1] {
		var name, operand string
		if name, b, ok = cutText(b); ok {
			operand, b, ok = cutText(b)
		}
		if !ok {
			return s, false
		}
		s.others = append(s.others, other{name, []byte(operand)})
	}
	if len(b) == 0 {
		return s, true
	}
	if s.median, b, ok = number.CutOrdered(b); ok {
		s.mad, b, ok = number.CutOrdered(b)
	}
	return s, ok && len(b) == 0
}

// appendOperand writes an operand behind buf.
func appendOperand(buf []byte, o *finding.Operand) []byte {
	for _, text := range []string{o.Field, o.Label, o.Text, o.Value, o.Unit} {
		buf = appendText(buf, text)
	}
	buf = binary.AppendVarint(buf, int64(o.Decimals))
	places := []finding.Place{o.Data, o.Place}
	if o.Data == o.Place {
		places = places[:1]
	}
	for _, p := range places {
		buf = appendText(appendText(appendText(buf, p.Path), p.Cell), p.Section)
		for _, n := range []int{p.Line, p.Column, p.Page} {
			buf = binary.AppendUvarint(buf, uint64(n))
		}
	}
	return buf
}

// readOperand reads what appendOperand wrote.
func readOperand(b []byte) (o finding.Operand, ok bool) {
	o.Peer = true
	for _, text := range []*string{&o.Field, &o.Label, &o.Text, &o.Value, &o.Unit} {
		if *text, b, ok = cutText(b); !ok {
			return o, false
		}
	}
	decimals, size := binary.Varint(b)
	if size <= 0 {
		return o, false
	}
	o.Decimals, b = int(decimals), b[size:]
	for _, p := range []*finding.Place{&o.Data, &o.Place} {
		if len(b) == 0 && p == &o.Place {
			o.Place = o.Data
			return o, true
		}
		for _, text := range []*string{&p.Path, &p.Cell, &p.Section} {
			if *text, b, ok = cutText(b); !ok {
				return o, false
			}
		}
		for _, n := range []*int{&p.Line, &p.Column, &p.Page} {
			v, size := binary.Uvarint(b)
			if size <= 0 {
				return o, false
			}
			*n, b = int(v), b[size:]
		}
	}
	return o, len(b) == 0
}

// addPeers takes what a dataset holds against others; own is the key of the dataset.
func (a *Across) addPeers(name string, d *AcrossRecord, span byte, at int, own []byte) error {
	kind := dataset.KindOf(d.Kind)
	for _, r := range d.Peers {
		key := binary.BigEndian.AppendUint16(append([]byte(name), 0), uint16(r.Rule))
		key = binary.BigEndian.AppendUint32(append(key, span), uint32(at))
		key = append(append(append(key, flag(kind.Budget)), dataset.NameKey(kind.Of)...), 0)
		key = append(key, r.Group...)
		value := binary.AppendUvarint(nil, uint64(len(key)))
		value = binary.AppendUvarint(binary.AppendUvarint(value, uint64(len(r.Value))), uint64(r.Ordinal))
		value = append(appendText(binary.BigEndian.AppendUint16(value, uint16(r.Rule)), d.Entity), r.Operand...)
		if err := a.values.Add(append(append(key, r.Value...), own...), value); err != nil {
			return err
		}
	}
	return nil
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// cursor reads what instances hold against one another, in the order of their groups and values.
type cursor struct {
	from *sorter.Reader
	// more: key is that of a record at hand, which begins with its group and its value.
	more         bool
	key          []byte
	group, value int
	ordinal      int
	rule         uint16
	entity       string
	operand      []byte
	// taken is the key of the record that was taken last.
	taken []byte
}

// cursors are several at the first record each.
func cursors(all *sorter.Sequence, n int) ([]*cursor, error) {
	list := make([]*cursor, n)
	for i := range list {
		list[i] = &cursor{from: all.Reader()}
		if err := list[i].next(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// next turns to the next record.
func (c *cursor) next() error {
	key, value, err := c.from.Next()
	if errors.Is(err, io.EOF) {
		c.more = false
		return nil
	}
	if err != nil {
		return err
	}
	var numbers [3]int
	for i := range numbers {
		n, size := binary.Uvarint(value)
		if size <= 0 {
			return dataset.ErrDamaged
		}
		numbers[i], value = int(n), value[size:]
	}
	if len(value) < 2 || numbers[0]+numbers[1]+numberSize > len(key) {
		return dataset.ErrDamaged
	}
	c.more, c.key, c.group, c.value, c.ordinal = true, key, numbers[0], numbers[1], numbers[2]
	c.rule = binary.BigEndian.Uint16(value)
	var ok bool
	if c.entity, c.operand, ok = cutText(value[2:]); !ok {
		return dataset.ErrDamaged
	}
	return nil
}

// numberSize is the size of the number that ends the key of a dataset.
const numberSize = 8

// of reports whether the record at hand is of a group.
func (c *cursor) of(group []byte) bool { return c.more && bytes.Equal(c.key[:c.group], group) }

// held is the value of the record at hand, and own the key of its dataset.
func (c *cursor) held() []byte { return c.key[c.group : c.group+c.value] }
func (c *cursor) own() []byte  { return c.key[c.group+c.value:] }

// take gives the value of the record at hand and turns to the next one; nil where that at hand is not of the group. What is
// given twice, of the same entity, is taken once. The bytes are valid until the next call.
func (c *cursor) take(group []byte) ([]byte, error) {
	if !c.of(group) {
		return nil, nil
	}
	from, to := c.group, c.group+c.value
	c.taken = append(c.taken[:0], c.key[:len(c.key)-numberSize]...)
	for {
		if err := c.next(); err != nil {
			return nil, err
		}
		if !c.more || !bytes.Equal(c.key[:len(c.key)-numberSize], c.taken) {
			return c.taken[from:to], nil
		}
	}
}

// skip turns to the record behind a group.
func (c *cursor) skip(group []byte) error {
	for c.of(group) {
		if err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// entityOf is the part of the key of a dataset that tells its pack and entity.
func entityOf(own []byte) []byte {
	pack := bytes.IndexByte(own, 0) + 1
	return own[:pack+bytes.IndexByte(own[pack:], 0)]
}

// compare finds where all instances stand among their like, and sorts that back to their datasets.
func (a *Across) compare(ctx context.Context) error {
	all, err := a.values.Sequence()
	if err != nil {
		return err
	}
	at, err := cursors(all, 4)
	if err != nil {
		return err
	}
	var group []byte
	for last := at[3]; last.more; {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		group = append(group[:0], last.key[:last.group]...)
		p := a.plans[string(group[:bytes.IndexByte(group, 0)])]
		r := p.Across.Rules[last.rule].Peers.Peers
		place := outliers
		if r.Kind == rule.Unique {
			place = copies
		}
		if err := place(ctx, r, group, at, a.place); err != nil {
			return err
		}
		for _, c := range at {
			if err := c.skip(group); err != nil {
				return err
			}
		}
	}
	return nil
}

// place keeps where an instance stands. What passes needs no words unless they are asked for.
func (a *Across) place(c *cursor, s *standing) error {
	if s.verdict == finding.Pass && !a.options.All {
		return nil
	}
	key := binary.BigEndian.AppendUint16(slices.Clone(c.own()), c.rule)
	return a.standings.Add(binary.BigEndian.AppendUint32(key, uint32(c.ordinal)), s.append(nil))
}

// outliers tells which figures of a group lie far from the others. The first three cursors find what is usual, the last one
// reads what is told.
func outliers(ctx context.Context, p *rule.Peers, group []byte, at []*cursor, place func(*cursor, *standing) error) error {
	units := 0
	for {
		v, err := at[0].take(group)
		if err != nil {
			return err
		}
		if v == nil {
			break
		}
		units++
	}
	usual := standing{verdict: finding.NotApplicable, cause: CauseFewPeers, units: units}
	var low, high []byte
	if units >= p.Least {
		median, mad, err := spread(units, group, at[1], at[2])
		if err != nil {
			return err
		}
		if usual.cause = CauseNoSpread; mad.Sign() > 0 {
			usual = standing{verdict: finding.Pass, units: units, median: median, mad: mad}
			reach := reachOf(p, mad)
			low = number.AppendOrdered(nil, median.Sub(reach))
			high = number.AppendOrdered(nil, median.Add(reach))
		}
	}
	for c, n := at[3], 0; c.of(group); n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		one := usual
		if low != nil && (bytes.Compare(c.held(), low) < 0 || bytes.Compare(c.held(), high) > 0) {
			one.verdict = finding.Fail
		}
		if err := place(c, &one); err != nil {
			return err
		}
		if err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// spread is the median of the n figures of a group and the median of how far they lie from it (MAD). The cursors are at the
// first figure of the group, and end somewhere in it.
func spread(n int, group []byte, near, far *cursor) (median, mad number.Rat, err error) {
	figure := func(c *cursor) (x number.Rat, err error) {
		v, err := c.take(group)
		if err != nil {
			return x, err
		}
		x, _, ok := number.CutOrdered(v)
		if !ok {
			return x, dataset.ErrDamaged
		}
		return x, nil
	}
	half := func(a, b number.Rat) number.Rat { return a.Add(b).Mul(number.NewRat(1, 2)) }
	// The figures in the middle are the k-th and, of an even number, the one behind it. So are the deviations in the middle.
	k := (n + 1) / 2
	for range k - 1 {
		if _, err := far.take(group); err != nil {
			return median, mad, err
		}
	}
	greatest, err := figure(far)
	if err != nil {
		return median, mad, err
	}
	// behind is the figure behind the greatest, where there is one.
	var behind number.Rat
	more := false
	ahead := func() error {
		if more = far.of(group); more {
			behind, err = figure(far)
		}
		return err
	}
	if err := ahead(); err != nil {
		return median, mad, err
	}
	if median = greatest; n%2 == 0 {
		median = half(greatest, behind)
	}
	// The k figures nearest to the median are k that stand together. Of all such the one whose ends are nearest is sought: the
	// least figure comes nearer from one to the next, the greatest goes away.
	var least, next number.Rat
	for i := range n - k + 1 {
		from, err := figure(near)
		if err != nil {
			return median, mad, err
		}
		below, above := median.Sub(from), greatest.Sub(median)
		if d := greater(below, above); i == 0 || d.Cmp(least) < 0 {
			least = d
		}
		if more {
			if d := greater(below, behind.Sub(median)); i == 0 || d.Cmp(next) < 0 {
				next = d
			}
		}
		if above.Cmp(below) >= 0 {
			break
		}
		greatest = behind
		if err := ahead(); err != nil {
			return median, mad, err
		}
	}
	if mad = least; n%2 == 0 {
		mad = half(least, next)
	}
	return median, mad, nil
}

// greater is the greater of two numbers.
func greater(a, b number.Rat) number.Rat {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

// toldOthers is how many other entities that have the same are called by their names.
const toldOthers = 3

// copies tells which texts or figures of a group several entities have.
func copies(ctx context.Context, _ *rule.Peers, group []byte, at []*cursor, place func(*cursor, *standing) error) error {
	// Whether there is another entity at all.
	first, several := slices.Clone(entityOf(at[0].own())), false
	for at[0].of(group) && !several {
		several = !bytes.Equal(entityOf(at[0].own()), first)
		if err := at[0].next(); err != nil {
			return err
		}
	}
	look, last := at[1], at[3]
	var same []byte
	for n := 0; look.of(group); {
		same = append(same[:0], look.held()...)
		// What is the same comes dataset by dataset. Of each entity the first instance of the first dataset is told.
		units, some, ordinal := 0, []other(nil), 0
		for before := []byte(nil); look.of(group) && bytes.Equal(look.held(), same); {
			switch own := look.own(); {
			case units == 0 || !bytes.Equal(entityOf(own), entityOf(before)):
				before, ordinal = append(before[:0], own...), look.ordinal
				if units++; len(some) <= toldOthers {
					some = append(some, other{look.entity, slices.Clone(look.operand)})
				}
			case len(some) == units && look.ordinal < ordinal && bytes.Equal(own, before):
				some[len(some)-1].operand, ordinal = slices.Clone(look.operand), look.ordinal
			}
			if err := look.next(); err != nil {
				return err
			}
		}
		for ; last.of(group) && bytes.Equal(last.held(), same); n++ {
			if n%1000 == 0 && ctx.Err() != nil {
				return context.Cause(ctx)
			}
			one := standing{verdict: finding.Pass}
			switch {
			case !several:
				one.verdict, one.cause = finding.NotApplicable, CauseFewPeers
			case units > 1:
				one.verdict, one.units = finding.Fail, units-1
				self := dataset.NameKey(last.entity)
				one.others = slices.DeleteFunc(slices.Clone(some), func(o other) bool { return dataset.NameKey(o.entity) == self })
				one.others = one.others[:min(len(one.others), toldOthers)]
			}
			if err := place(last, &one); err != nil {
				return err
			}
			if err := last.next(); err != nil {
				return err
			}
		}
	}
	return nil
}

// standings reads where the instances of datasets stand, in the order of the datasets.
type standings struct {
	from       *sorter.Reader
	key, value []byte
	more       bool
}

func (a *Across) standingsInOrder() (*standings, error) {
	all, err := a.standings.Sequence()
	if err != nil {
		return nil, err
	}
	s := &standings{from: all.Reader()}
	return s, s.next()
}

func (s *standings) next() (err error) {
	s.key, s.value, err = s.from.Next()
	if s.more = err == nil; errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// of are the standings of the dataset of a key.
func (s *standings) of(own []byte) ([]standing, error) {
	var all []standing
	for s.more && bytes.HasPrefix(s.key, own) {
		one, ok := readStanding(s.value)
		if !ok || len(s.key) != len(own)+6 {
			return nil, dataset.ErrDamaged
		}
		one.rule = int(binary.BigEndian.Uint16(s.key[len(own):]))
		one.ordinal = int(binary.BigEndian.Uint32(s.key[len(own)+2:]))
		all = append(all, one)
		if err := s.next(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
