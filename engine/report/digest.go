package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// This file tells of many inputs what a reader of thousands can take in: which rules are broken, under whom and by which
// units, the worst first. It keeps counts alone, so that its memory does not grow with the inputs.

const (
	// Of so many inputs at most each is told by itself, unless everything is to be.
	digestFrom = 20
	// How many rows a table of the digest has.
	digestRows = 20
	// Of more folders the rest is counted together.
	digestFolders = 10_000
)

// counts are how many findings are open of each severity, as far as a reader has to look at them, and how many were
// accepted.
type counts struct {
	severities         [finding.Error + 1]int
	reasoned, baseline int
}

// add counts a finding that is open or accepted.
func (c *counts) add(f *finding.Finding) {
	switch a := f.Accepted; {
	case a != nil && a.Baseline:
		c.baseline++
	case a != nil:
		c.reasoned++
	case f.Open():
		c.severities[f.Severity]++
	}
}

// worst is the greatest severity that was counted, 0 for none.
func (c *counts) worst() finding.Severity {
	for _, s := range finding.Severities {
		if c.severities[s] > 0 {
			return s
		}
	}
	return 0
}

// compare orders the worse before the better.
func (c *counts) compare(other *counts) int {
	for _, s := range finding.Severities {
		if d := cmp.Compare(other.severities[s], c.severities[s]); d != 0 {
			return d
		}
	}
	return 0
}

// digest counts over inputs.
type digest struct {
	inputs int
	// outcomes counts inputs by their worst finding, clean those where nothing is worse than info, and idle those in which
	// nothing was decided, some of which are named.
	outcomes    [finding.Error + 1]int
	clean, idle int
	named       []string
	rules       map[string]*broken
	folders     map[string]*folder
	// units are the worst ones, the worst first; those that are alike in their order.
	units []unitCounts
	total counts
	// all are the counts of every input in short, for what rules across datasets find of it later.
	all []inShort
}

// inShort are the counts of an input by severity, as far as they go, and whether something was decided in it.
type inShort struct {
	severities [finding.Error]uint16
	decided    bool
}

// broken is a rule that is broken somewhere.
type broken struct {
	id, title string
	counts
	units int
	// example is the unit where it is broken first.
	example string
	last    int
}

type folder struct {
	name string
	counts
	units, clean int
}

type unitCounts struct {
	title, path string
	counts
}

func (d *digest) add(o *finding.Outcome) {
	d.inputs++
	u := unitCounts{title: titleOf(o.Input), path: o.Input.Path}
	d.count(o, &u, d.inputs)
	short := inShort{decided: o.Tally.Decided() > 0}
	short.add(&u)
	d.all = append(d.all, short)
	d.settle(&u, short.decided, 1)
	d.place(o.Input, &u, 1)
}

// across adds what rules across datasets find of an input that was added.
func (d *digest) across(o *finding.Outcome) {
	more := unitCounts{title: titleOf(o.Input), path: o.Input.Path}
	d.count(o, &more, -1-o.Index)
	d.place(o.Input, &more, 0)
	if o.Index >= len(d.all) {
		return
	}
	short := &d.all[o.Index]
	u := unitCounts{title: more.title, path: more.path}
	for s := range short.severities {
		u.severities[1+s] = int(short.severities[s])
	}
	if more.worst() > 0 && u.worst() == 0 {
		d.folders[d.folderOf(o.Input)].clean--
	}
	d.settle(&u, short.decided, -1)
	short.add(&more)
	short.decided = short.decided || o.Tally.Decided() > 0
	for s, n := range more.severities {
		u.severities[s] += n
	}
	d.settle(&u, short.decided, 1)
}

func (s *inShort) add(u *unitCounts) {
	for i := range s.severities {
		s.severities[i] = uint16(min(int(s.severities[i])+u.severities[1+i], math.MaxUint16))
	}
}

// count counts the findings of an input, and those that a reader has to look at for the unit; number tells inputs apart.
func (d *digest) count(o *finding.Outcome, u *unitCounts, number int) {
	for i := range o.Findings {
		f := &o.Findings[i]
		d.total.add(f)
		if f.Accepted != nil || !loud(f) {
			continue
		}
		u.add(f)
		r := d.rules[f.Rule]
		if r == nil {
			if d.rules == nil {
				d.rules = map[string]*broken{}
			}
			r = &broken{id: f.Rule, title: f.Title, example: u.title}
			d.rules[f.Rule] = r
		}
		if r.add(f); r.last != number {
			r.last = number
			r.units++
		}
	}
}

// settle counts a unit, or takes it back, by how it came out.
func (d *digest) settle(u *unitCounts, decided bool, n int) {
	worst := u.worst()
	if d.outcomes[worst] += n; worst > 0 {
		if n > 0 {
			d.rank(*u)
		} else {
			d.units = slices.DeleteFunc(d.units, func(one unitCounts) bool { return one.path == u.path })
		}
	}
	switch {
	case !decided && n > 0:
		if d.idle++; len(d.named) < gathered {
			d.named = append(d.named, u.title)
		}
	case !decided:
		d.idle--
		d.named = slices.DeleteFunc(d.named, func(name string) bool { return name == u.title })
	case worst < finding.Warning:
		d.clean += n
	}
}

// rank puts a unit among the worst, if it is one of them.
func (d *digest) rank(u unitCounts) {
	at, _ := slices.BinarySearchFunc(d.units, u, func(a, b unitCounts) int {
		// It comes behind those that are alike.
		return cmp.Or(a.compare(&b.counts), -1)
	})
	if at < digestRows {
		d.units = slices.Insert(d.units, at, u)
		d.units = d.units[:min(len(d.units), digestRows)]
	}
}

// folderOf is what an input is counted under: its region, the entity above it, or its folder.
func (d *digest) folderOf(in finding.Input) string {
	name := cmp.Or(in.Region, in.Parent, path.Dir(cmp.Or(in.Within, in.Path)))
	if d.folders[name] == nil && len(d.folders) >= digestFolders {
		return "…"
	}
	return name
}

// place counts a unit in its folder, and what was counted of it.
func (d *digest) place(in finding.Input, u *unitCounts, n int) {
	name := d.folderOf(in)
	f := d.folders[name]
	if f == nil {
		if d.folders == nil {
			d.folders = map[string]*folder{}
		}
		f = &folder{name: name}
		d.folders[name] = f
	}
	if f.units += n; u.worst() == 0 {
		f.clean += n
	}
	for s, n := range u.severities {
		f.severities[s] += n
	}
}

// titleOf is what people call an input.
func titleOf(in finding.Input) string {
	return cmp.Or(strings.TrimSpace(in.Entity+" "+in.Period), in.Path)
}

// tables is the stream of tables for people: as long as the inputs are few they are told one by one.
type tables struct {
	w       io.Writer
	options Options
	few     *finding.Gathering
	digest  digest
}

func streamTable(w io.Writer, o Options) Stream {
	return &tables{w: w, options: o, few: &finding.Gathering{}}
}

func (s *tables) Add(o *finding.Outcome) error {
	s.digest.add(o)
	if s.few != nil {
		s.few.Add(o)
		if s.digest.inputs > digestFrom && !s.options.All {
			s.few = nil
		}
	}
	return nil
}

func (s *tables) Across(o *finding.Outcome) error {
	s.digest.across(o)
	if s.few != nil {
		s.few.Across(o)
	}
	return nil
}

func (s *tables) End(counted *finding.Report) error {
	if s.few != nil {
		return writeTable(s.w, s.few.Report(counted), s.options)
	}
	p := newPage(counted, s.options)
	if err := p.digest(&s.digest); err != nil {
		return err
	}
	_, err := s.w.Write(p.Bytes())
	return err
}

func (s *tables) Close() error { return nil }

// digest writes what was counted over many inputs.
func (p *page) digest(d *digest) error {
	p.title(p.sayf(headDigest, d.inputs))
	var parts []string
	for _, part := range []struct {
		text Text
		n    int
	}{
		{textWorstError, d.outcomes[finding.Error]}, {textWorstWarn, d.outcomes[finding.Warning]},
		{textClean, d.clean}, {textIdleInput, d.idle},
	} {
		if part.n > 0 {
			parts = append(parts, p.sayf(part.text, part.n))
		}
	}
	p.line(2, p.list(parts)+p.say(wordStop))
	if err := p.brokenRules(d); err != nil {
		return err
	}
	if err := p.worstFolders(d); err != nil {
		return err
	}
	if err := p.worstUnits(d); err != nil {
		return err
	}
	if d.idle > 0 {
		p.head(p.say(headIdle) + p.say(wordColon) + p.list(d.named) + p.more(d.idle-len(d.named)))
	}
	if err := p.roll(); err != nil {
		return err
	}
	p.unbound()
	p.total(d.inputs, d.total.reasoned, d.total.baseline)
	p.notBound()
	p.line(0, p.say(textWholeList)+p.say(wordStop))
	return nil
}

// more says that n others are not listed.
func (p *page) more(n int) string {
	if n <= 0 {
		return ""
	}
	return p.say(wordComma) + p.sayf(textUnlisted, n)
}

// brokenRules is a row for each rule that is broken.
func (p *page) brokenRules(d *digest) error {
	rules := make([]*broken, 0, len(d.rules))
	for _, r := range d.rules {
		rules = append(rules, r)
	}
	slices.SortFunc(rules, func(a, b *broken) int {
		return cmp.Or(a.compare(&b.counts), cmp.Compare(a.id, b.id))
	})
	var rows [][]string
	for _, r := range rules {
		rows = append(rows, append(append([]string{named(line(r.title), r.id)}, p.severityCells(&r.counts)...), fmt.Sprint(r.units), line(r.example)))
	}
	return p.ranking(headRules, wordBroken, []Text{wordUnits, wordExample}, rows, 1)
}

// worstFolders is a row for each folder, where there are several.
func (p *page) worstFolders(d *digest) error {
	if len(d.folders) < 2 {
		return nil
	}
	folders := make([]*folder, 0, len(d.folders))
	for _, f := range d.folders {
		folders = append(folders, f)
	}
	slices.SortFunc(folders, func(a, b *folder) int {
		return cmp.Or(a.compare(&b.counts), cmp.Compare(a.name, b.name))
	})
	var rows [][]string
	for _, f := range folders {
		rows = append(rows, append(append([]string{line(f.name)}, p.severityCells(&f.counts)...), fmt.Sprintf("%d/%d", f.units-f.clean, f.units)))
	}
	return p.ranking(headRegions, wordFolder, []Text{wordUnits}, rows, 0)
}

// worstUnits is a row for each of the worst units.
func (p *page) worstUnits(d *digest) error {
	var rows [][]string
	for _, u := range d.units {
		rows = append(rows, append(append([]string{line(u.title)}, p.severityCells(&u.counts)...), line(u.path)))
	}
	bad := d.outcomes[finding.Error] + d.outcomes[finding.Warning] + d.outcomes[finding.Info]
	head := Text{fmt.Sprintf(headUnits.ZH, len(rows), bad), fmt.Sprintf(headUnits.EN, len(rows), bad)}
	return p.ranking(head, wordUnit, []Text{wordInput}, rows, 1)
}

func (p *page) severityCells(c *counts) []string {
	var cells []string
	for _, s := range finding.Severities {
		cells = append(cells, fmt.Sprint(c.severities[s]))
	}
	return cells
}

// ranking writes a table whose rows begin with what they are of and go on with the severities; the last cells are text,
// as many as texts says.
func (p *page) ranking(head, of Text, after []Text, rows [][]string, texts int) error {
	if len(rows) == 0 {
		return nil
	}
	p.head(p.say(head))
	g := grid{columns: []Column{{Head: p.say(of), Weight: 2}}}
	for _, s := range finding.Severities {
		g.columns = append(g.columns, Column{Head: p.say(SeverityText(s)), Right: true})
	}
	for i, t := range after {
		c := Column{Head: p.say(t), Right: true}
		if i >= len(after)-texts {
			c = Column{Head: p.say(t), Weight: 1}
		}
		g.columns = append(g.columns, c)
	}
	g.rows = rows[:min(len(rows), digestRows)]
	if err := g.write(p, p.Width); err != nil {
		return err
	}
	if n := len(rows) - len(g.rows); n > 0 {
		p.line(2, p.sayf(textUnlisted, n)+p.say(wordStop))
	}
	return nil
}
