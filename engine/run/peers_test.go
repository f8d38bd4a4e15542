package run_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/entities"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/run"
)

const peersSchema = `
fields:
  spent: {type: amount, label: 支出}
  staff: {type: count, label: 人数}
  level: {type: text, label: 级别}
  reason: {type: text, label: 原因}
  classes:
    type: list
    key: code
    fields:
      code: {type: text}
      amount: {type: amount}
      note: {type: text}
`

const peersRules = `
- {id: figure, title: t, outlier: spent, peers: {least: 4, limit: "1.349"}, message: "{left} {right} {difference} {low} {high} {mad} {units}"}
- {id: head, title: t, when: staff > 1, outlier: spent / staff, peers: {by: [level, parent], least: 3, limit: "2.5"}, missing: zero}
- {id: row, title: t, each: c in classes, outlier: c.amount, peers: {least: 5}}
- {id: text, title: t, unique: reason, peers: {length: 2}, message: "{units}: {others}"}
- {id: twin, title: t, when: present(spent) and staff > 2, unique: spent, message: "{units}: {others}"}
- {id: note, title: t, each: c in classes, unique: c.note, peers: {by: level, length: 1}, message: "{units}: {others}"}
`

// peer is a dataset in numbers; what is below zero, or "", is not printed.
type peer struct {
	entity, parent, kind, period string
	level, reason                string
	spent, staff                 int
	listed                       bool
	classes                      []peerClass
}

type peerClass struct {
	code   string
	amount int
	note   string
}

// randomPeer makes a dataset whose amounts lie closer or farther apart.
func randomPeer(r *rand.Rand, apart int) *peer {
	pick := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	amount := func() int {
		switch r.IntN(8) {
		case 0:
			return -1
		case 1:
			return r.IntN(5000)
		}
		return 100 + r.IntN(apart)
	}
	p := &peer{
		entity: fmt.Sprintf("单位%d", r.IntN(40)), parent: pick("", "甲局", "乙局"), kind: pick("", "决算", "单位决算", "单位预算"),
		period: pick("2022", "2023", "2023", "2023年度", "2023-01", "某时"), level: pick("", "县", "市", " 市 "), reason: pick("", "增", "增加", "增加 ", "减少了", "人员增加"),
		spent: amount(), staff: r.IntN(6) - 1, listed: r.IntN(4) > 0,
	}
	for range r.IntN(4) {
		p.classes = append(p.classes, peerClass{code: pick("x", "y"), amount: amount(), note: pick("", "甲", "乙", "丙")})
	}
	return p
}

func (p *peer) yaml() string {
	var s strings.Builder
	text := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&s, "%s: %q\n", key, value)
		}
	}
	text("entity", p.entity)
	text("period", p.period)
	text("parent", p.parent)
	text("kind", p.kind)
	text("level", p.level)
	text("reason", p.reason)
	if p.spent >= 0 {
		fmt.Fprintf(&s, "spent: %d.%02d\n", p.spent/100, p.spent%100)
	}
	if p.staff >= 0 {
		fmt.Fprintf(&s, "staff: %d\n", p.staff)
	}
	if p.listed {
		s.WriteString("classes:")
		for _, c := range p.classes {
			fmt.Fprintf(&s, "\n  - {code: %s", c.code)
			if c.amount >= 0 {
				fmt.Fprintf(&s, ", amount: %d.%02d", c.amount/100, c.amount%100)
			}
			if c.note != "" {
				fmt.Fprintf(&s, ", note: %s", c.note)
			}
			s.WriteString("}")
		}
		if len(p.classes) == 0 {
			s.WriteString(" []")
		}
		s.WriteString("\n")
	}
	return s.String()
}

// asked is one instance of a rule, as the oracle sees it.
type asked struct {
	of             int
	rule, instance string
	group, text    string
	value          *big.Rat
	// verdict is known where the instance is not held against others.
	verdict string
}

// asks are the instances of a dataset, by the words of the rules.
func (p *peer) asks(i int) []asked {
	period, kind := strings.TrimSuffix(p.period, "年度"), ""
	if strings.Contains(p.kind, "预算") {
		kind = "预算"
	}
	if strings.Contains(p.kind, "单位") {
		kind += "单位"
	}
	if period == "某时" {
		var all []asked
		for _, rule := range []string{"figure", "head", "row", "text", "twin", "note"} {
			all = append(all, asked{of: i, rule: rule, verdict: "not_evaluated missing"})
		}
		return all
	}
	cents := func(n int) *big.Rat { return big.NewRat(int64(n), 100) }
	in := func(rule, instance string, by ...string) asked {
		a := asked{of: i, rule: rule, instance: instance, group: strings.Join(append(by, rule, period, kind), "|")}
		if slices.Contains(by, "") {
			a.verdict = "not_evaluated missing"
		}
		return a
	}
	level := strings.TrimSpace(p.level)
	var all []asked
	a := in("figure", "")
	if a.value = cents(p.spent); p.spent < 0 {
		a.verdict = "not_evaluated missing"
	}
	all = append(all, a)

	a = in("head", "", level, p.parent)
	switch {
	case p.staff < 2:
		a.verdict = "not_applicable"
	default:
		a.value = new(big.Rat).Quo(cents(max(p.spent, 0)), big.NewRat(int64(p.staff), 1))
	}
	all = append(all, a)

	a = in("twin", "")
	a.text = fmt.Sprint(p.spent)
	if p.spent < 0 || p.staff >= 0 && p.staff <= 2 {
		a.verdict = "not_applicable"
	} else if p.staff < 0 {
		a.verdict = "not_evaluated missing"
	}
	all = append(all, a)

	a = in("text", "")
	a.text = strings.TrimSpace(p.reason)
	switch {
	case a.text == "":
		a.verdict = "not_evaluated missing"
	case len([]rune(a.text)) < 2:
		a.verdict = "not_applicable"
	}
	all = append(all, a)

	if !p.listed {
		return append(all, asked{of: i, rule: "row", verdict: "not_evaluated missing"}, asked{of: i, rule: "note", verdict: "not_evaluated missing"})
	}
	seen := map[string]int{}
	for _, c := range p.classes {
		name := c.code
		if seen[c.code]++; seen[c.code] > 1 {
			name += fmt.Sprint("#", seen[c.code])
		}
		a = in("row", "classes["+name+"]", name)
		if a.value = cents(c.amount); c.amount < 0 {
			a.verdict = "not_evaluated missing"
		}
		all = append(all, a)
		a = in("note", "classes["+name+"]", level)
		if a.text = c.note; c.note == "" {
			a.verdict = "not_evaluated missing"
		}
		all = append(all, a)
	}
	return all
}

func median(sorted []*big.Rat) *big.Rat {
	n := len(sorted)
	sum := new(big.Rat).Add(sorted[(n-1)/2], sorted[n/2])
	return sum.Mul(sum, big.NewRat(1, 2))
}

// decide gives every instance its verdict with everything in memory.
func decide(peers []*peer) []string {
	groups := map[string][]asked{}
	var told []string
	say := func(a asked, what string) {
		told = append(told, fmt.Sprintf("%03d %s %s %s", a.of, a.rule, a.instance, what))
	}
	for i, p := range peers {
		for _, a := range p.asks(i) {
			if a.verdict != "" {
				say(a, a.verdict)
				continue
			}
			groups[a.group] = append(groups[a.group], a)
		}
	}
	for _, group := range groups {
		if group[0].value == nil {
			entities := map[string]bool{}
			for _, a := range group {
				entities[peers[a.of].entity] = true
			}
			for _, a := range group {
				var others []string
				for _, b := range group {
					if e := peers[b.of].entity; b.text == a.text && e != peers[a.of].entity && !slices.Contains(others, e) {
						others = append(others, e)
					}
				}
				slices.Sort(others)
				switch {
				case len(entities) == 1:
					say(a, "not_applicable few-peers")
				case len(others) == 0:
					say(a, "pass")
				default:
					say(a, fmt.Sprintf("fail %d: %s", len(others), strings.Join(others[:min(len(others), 3)], "、")))
				}
			}
			continue
		}
		least, limit := map[string]int{"figure": 4, "head": 3, "row": 5}[group[0].rule], map[string]*big.Rat{"figure": big.NewRat(1349, 1000), "head": big.NewRat(5, 2), "row": big.NewRat(7, 2)}[group[0].rule]
		// A dataset that is there twice is one unit.
		var values []*big.Rat
		seen := map[string]bool{}
		for _, a := range group {
			p := peers[a.of]
			key := p.entity + "|" + p.kind + "|" + a.value.String()
			if !seen[key] {
				seen[key] = true
				values = append(values, a.value)
			}
		}
		if len(values) < least {
			for _, a := range group {
				say(a, "not_applicable few-peers")
			}
			continue
		}
		sort := func(v []*big.Rat) { slices.SortFunc(v, func(a, b *big.Rat) int { return a.Cmp(b) }) }
		sort(values)
		m := median(values)
		var apart []*big.Rat
		for _, v := range values {
			d := new(big.Rat).Sub(v, m)
			apart = append(apart, d.Abs(d))
		}
		sort(apart)
		mad := median(apart)
		for _, a := range group {
			// A limit of 1.349 is twice 0.6745: figures can lie just on it.
			if mad.Sign() == 0 {
				say(a, "not_applicable no-spread")
				continue
			}
			score := new(big.Rat).Sub(a.value, m)
			score.Abs(score).Mul(score, big.NewRat(6745, 10000))
			verdict := "pass"
			if score.Cmp(new(big.Rat).Mul(limit, mad)) > 0 {
				verdict = "fail"
			}
			if a.rule == "figure" {
				verdict += fmt.Sprintf(" %d %s", len(values), mad.FloatString(3))
			}
			say(a, verdict)
		}
	}
	slices.Sort(told)
	return told
}

// outline is what came out, as the oracle says it.
func outline(out []*run.AcrossOutcome) []string {
	var told []string
	for _, o := range out {
		for _, f := range o.Findings {
			line := fmt.Sprintf("%03d %s %s %s", o.Number, f.Rule, f.Instance, f.Verdict)
			if f.Cause != "" {
				line += " " + f.Cause
			}
			switch parts := strings.Fields(f.Message); {
			case f.Verdict != finding.Pass && f.Verdict != finding.Fail:
			case f.Rule == "figure":
				mad, _ := new(big.Rat).SetString(parts[5])
				line += fmt.Sprintf(" %s %s", parts[6], mad.FloatString(3))
			case f.Verdict == finding.Fail && (f.Rule == "text" || f.Rule == "twin" || f.Rule == "note"):
				line += " " + f.Message
			}
			told = append(told, line)
		}
	}
	slices.Sort(told)
	return told
}

// verdictOf finds the rule and the verdict with its cause in a line of the oracle.
var verdictOf = regexp.MustCompile(`^\d+ (\w+) \S* ((?:not_\w+ ?)?[a-z-]*).*`)

// TestPeers: groups of any make are judged as an oracle judges them that holds everything in memory, whatever the memory,
// the number of workers and the order.
func TestPeers(t *testing.T) {
	p := acrossPlan(t, peersSchema, peersRules)
	counts := map[string]int{}
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 7))
		var peers []*peer
		apart := 1 + r.IntN(8)
		var items []*run.Item
		for i := range 5 + r.IntN(120) {
			one := randomPeer(r, apart)
			if i > 0 && r.IntN(10) == 0 {
				one = peers[r.IntN(len(peers))]
			}
			peers = append(peers, one)
			items = append(items, acrossItem(t, p, fmt.Sprint("f", i), one.yaml()))
		}
		want := decide(peers)
		for _, line := range want {
			counts[verdictOf.ReplaceAllString(line, "$1 $2")]++
		}
		var first []finding.Outcome
		for k, memory := range []int{900, 9000, 1 << 20} {
			out, rules := judgeAcross(t, items, r.Perm(len(items)), 1+2*k, memory, run.Options{All: true})
			if diff := gocmp.Diff(want, outline(out)); diff != "" {
				t.Fatalf("seed %d, %d bytes (-want +got):\n%s", seed, memory, diff)
			}
			var sum finding.Tally
			for _, one := range rules {
				sum.Merge(one.Tally)
			}
			if n := sum.Decided() + sum.NotApplicable + sum.NotEvaluated; n != len(want) {
				t.Errorf("%d verdicts are counted of %d", n, len(want))
			}
			whole := make([]finding.Outcome, len(out))
			for i, o := range out {
				whole[i] = o.Outcome
			}
			if first == nil {
				first = whole
			} else if diff := gocmp.Diff(first, whole); diff != "" {
				t.Fatalf("seed %d: it comes out in another way with %d bytes:\n%s", seed, memory, diff)
			}
			for _, o := range out {
				for i := range o.Findings {
					sharedBy(t, &o.Findings[i], peers)
				}
			}
			// Without what passes all else is the same.
			few, _ := judgeAcross(t, items, r.Perm(len(items)), 2, memory, run.Options{})
			for i, o := range out {
				var told []finding.Finding
				for _, f := range o.Findings {
					if f.Told() {
						told = append(told, f)
					}
				}
				if diff := gocmp.Diff(told, few[i].Findings); diff != "" {
					t.Fatalf("seed %d (-all +few):\n%s", seed, diff)
				}
				if o.Tally != few[i].Tally {
					t.Errorf("%+v is counted with what passes, %+v without", o.Tally, few[i].Tally)
				}
			}
		}
	}
	for _, want := range []string{
		"figure fail", "figure pass", "figure not_applicable few-peers", "figure not_applicable no-spread", "figure not_evaluated missing",
		"head fail", "head pass", "row fail", "row pass", "text fail", "text pass", "text not_applicable few-peers",
		"text not_applicable", "twin fail", "twin pass", "note fail", "note pass",
	} {
		if counts[want] == 0 {
			t.Errorf("no case has %s, so that nothing was proven of it: %v", want, counts)
		}
	}
}

// sharedBy asserts that a finding tells where those that its message names have the same.
func sharedBy(t *testing.T, f *finding.Finding, peers []*peer) {
	t.Helper()
	var names []string
	if _, others, ok := strings.Cut(f.Message, ": "); ok && f.Verdict == finding.Fail && slices.Contains([]string{"text", "twin", "note"}, f.Rule) {
		names = strings.Split(others, "、")
	}
	var told []string
	for _, o := range f.Operands {
		if !o.Peer {
			continue
		}
		name, _, _ := strings.Cut(o.Label, "·")
		told = append(told, name)
		i, err := strconv.Atoi(strings.TrimPrefix(o.Data.Path, "f"))
		if err != nil || peers[i].entity != name || !strings.HasPrefix(o.Field, "peers["+name+"].") || o.Place != o.Data || o.Text != f.Operands[0].Text {
			t.Errorf("%s %s: %+v", f.Entity, f.Rule, o)
			continue
		}
		line := []rune(strings.Split(peers[i].yaml(), "\n")[o.Data.Line-1])
		if !strings.HasPrefix(strings.TrimPrefix(string(line[o.Data.Column-1:]), `"`), o.Text) {
			t.Errorf("%s %s: %q does not stand at %d:%d of %s", f.Entity, f.Rule, o.Text, o.Data.Line, o.Data.Column, string(line))
		}
	}
	if !slices.Equal(names, told) {
		t.Errorf("%s %s names %v, and tells the places of %v", f.Entity, f.Rule, names, told)
	}
}

// TestPeersEntities: the list of entities says of which region and below whom an entity is, and which names are those of one.
func TestPeersEntities(t *testing.T) {
	p := acrossPlan(t, peersSchema, `
- {id: region, title: t, outlier: spent, peers: {by: region, least: 3}}
- {id: parent, title: t, outlier: spent, peers: {by: parent, least: 3}}
- {id: own, title: t, unique: reason, peers: {length: 2}, message: "{units}: {others}"}
`)
	list, wrong, err := entities.Read(context.Background(), "list.csv", strings.NewReader("entity,parent,region,aliases\n甲,局,东,甲所\n乙,局,东,\n丙,局,西,\n丁,,东,\n局,,东,\n"))
	if err != nil || len(wrong) > 0 {
		t.Fatal(err, wrong)
	}
	var items []*run.Item
	for i, text := range []string{
		"entity: 甲\nspent: 1.00\nreason: 增加了", "entity: 甲所\nkind: 决算\nspent: 1.10\nreason: 增加了", "entity: 乙\nspent: 1.20\nreason: 减少了",
		"entity: 丙\nspent: 9.00\nreason: 减少了", "entity: 丁\nspent: 9.00", "entity: 戊\nspent: 9.00\nreason: 持平了",
	} {
		items = append(items, acrossItem(t, p, fmt.Sprint("f", i), text+"\nperiod: 2023\n"))
	}
	out, _ := judgeAcross(t, items, []int{5, 3, 1, 0, 2, 4}, 2, 1000, run.Options{All: true, Entities: list})
	var got []string
	for _, o := range out {
		for _, f := range o.Findings {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.Entity, f.Rule, f.Verdict, strings.Join(append(f.Missing, f.Cause, strings.TrimPrefix(f.Message, "t")), " "))))
		}
	}
	slices.Sort(got)
	for i := range got {
		got[i] = strings.Join(strings.Fields(got[i]), " ")
	}
	want := []string{
		"丁 own not_evaluated reason missing",
		"丁 parent not_evaluated parent missing",
		"丁 region fail : 9.00 | 1.15 (0.6310… – 1.6689…, 4)",
		"丙 own fail 1: 乙",
		"丙 parent fail : 9.00 | 1.15 (0.6310… – 1.6689…, 4)",
		"丙 region not_applicable few-peers",
		"乙 own fail 1: 丙",
		"乙 parent pass : 1.20 | 1.15 (0.6310… – 1.6689…, 4)",
		"乙 region pass : 1.20 | 1.15 (0.6310… – 1.6689…, 4)",
		"戊 own pass 0: —",
		"戊 parent not_evaluated parent missing",
		"戊 region not_evaluated region missing",
		"甲 own pass 0: —",
		"甲 parent pass : 1.00 | 1.15 (0.6310… – 1.6689…, 4)",
		"甲 region pass : 1.00 | 1.15 (0.6310… – 1.6689…, 4)",
		"甲所 own pass 0: —",
		"甲所 parent pass : 1.10 | 1.15 (0.6310… – 1.6689…, 4)",
		"甲所 region pass : 1.10 | 1.15 (0.6310… – 1.6689…, 4)",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
