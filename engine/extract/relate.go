package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
)

// Relations are the claims that a document makes by its own wording: that parts make up a total, that a rate is that of
// two printed amounts, that a quantity printed twice is one. They are the rows of the pack tongyong, and need no other.
type Relations struct {
	Sums, ChangeSums []List
	Tallies          []List
	ShareLists       []List
	Shares           []Portion
	Changes          []Comparison
	Completions      []Completion
	Repeated         []Repetition
	Wordings         []Wording
}

// A List is a total and its parts. Facts are named by their index in the reading; None is no fact.
type List struct {
	Name  string
	Total int
	Parts []int
	// Whole: the text leaves no doubt that the list names every part.
	Whole bool
}

// None stands for a fact that is not printed.
const None = -1

// Portion claims that Part is Share of Whole.
type Portion struct {
	Name, Of           string
	Part, Whole, Share int
}

// Comparison claims that Current differs from Base by Change, which is Rate of it.
type Comparison struct {
	Name, Basis                 string
	Current, Base, Change, Rate int
	// Flat is the phrase that says that there is no change.
	Flat string
}

// Completion claims that Final is Rate of Budget, and beyond it by Over.
type Completion struct {
	Name, Basis               string
	Budget, Final, Over, Rate int
	// Wording is 大于, 小于 or 持平 where the text compares in words.
	Wording string
}

// Repetition is one quantity printed several times.
type Repetition struct {
	Name  string
	Facts []int
}

// Relate finds the relations that a reading's sentences and tables claim.
func Relate(r *Reading) *Relations {
	x := &relating{Reading: r, period: r.Header().Period, parts: map[int][]int{}, after: map[int][]int{}}
	for i, f := range r.Facts {
		if f.Total != None {
			x.parts[f.Total] = append(x.parts[f.Total], i)
		}
		if f.Base != None {
			x.after[f.Base] = append(x.after[f.Base], i)
		}
	}
	x.lists()
	x.shares()
	x.comparisons()
	x.completions()
	x.repetitions()
	x.wordings()
	x.copies()
	return &x.Relations
}

// relating is one call of Relate.
type relating struct {
	*Reading
	Relations
	// period is the year of the report.
	period string
	// parts are the facts of the list below a total, after those that tell a rate, share or change of a base.
	parts, after map[int][]int
}

// isMoney reports whether a fact is an amount of money.
func isMoney(f *Fact) bool {
	switch f.Unit {
	case "元", "千元", "万元", "百万元", "亿元":
		return true
	}
	return false
}

// amount reports whether a fact is a quantity as such, not one compared or scored.
func amount(f *Fact) bool { return f.Measure == Value || f.Measure == Final || f.Measure == Budget }

// lists finds totals with their parts.
func (x *relating) lists() {
	for total := range x.Facts {
		t := &x.Facts[total]
		var alike []int
		open := false
		for _, p := range x.parts[total] {
			f := &x.Facts[p]
			open = open || f.Open || f.About
			if average(f.Subject) {
				continue
			}
			if f.Unit == t.Unit || isMoney(f) && isMoney(t) {
				if f.Measure == t.Measure || amount(f) && amount(t) {
					alike = append(alike, p)
				}
			}
		}
		if open || t.About || len(alike) < 2 || t.Measure == ChangeRate || t.Measure == Share {
			continue
		}
		l := List{Name: t.Subject, Total: total, Parts: alike}
		switch {
		case t.Measure == Change:
			l.Whole = x.whole(l)
			x.ChangeSums = append(x.ChangeSums, l)
			x.otherBases(l)
			continue
		case !amount(t):
			continue
		}
		l.Whole = x.whole(l)
		if isMoney(t) {
			x.Sums = append(x.Sums, l)
			x.changeList(l)
			x.shareList(l)
		} else if l.Whole || x.sum(l.Parts).Cmp(t.Value) > 0 {
			// Of things that are counted, 其中 often names a few only.
			x.Tallies = append(x.Tallies, l)
		}
	}
}

// average reports whether a figure is one for each of several things, and so no part of their sum.
func average(subject string) bool {
	s := plainOf(subject[strings.LastIndexByte(subject, '/')+1:])
	first, size := utf8.DecodeRuneInString(s)
	return size > 0 && strings.HasPrefix(s[size:], "均") && first != '全' || strings.Contains(s, "平均") || strings.HasPrefix(s, "单价")
}

// whole reports whether a list of parts is surely all of its total: it names the rest, its shares add up to about 100 or,
// where it prints none, its parts to nine tenths of the total and more.
func (x *relating) whole(l List) bool {
	for _, p := range l.Parts {
		if strings.Contains(x.Facts[p].Subject, "其他") || strings.Contains(x.Facts[p].Subject, "其它") {
			return true
		}
	}
	if shares := x.sharesOf(l); shares != nil {
		s := x.sum(shares).Round(0).IntPart()
		return 99 <= s && s <= 101
	}
	total, sum := x.Facts[l.Total].Value.Abs(), x.sum(l.Parts).Abs()
	return total.Sub(sum).Shift(1).Cmp(total) <= 0
}

// sum adds facts in the unit of the first.
func (x *relating) sum(facts []int) number.Decimal {
	var sum number.Decimal
	for _, p := range facts {
		v := x.Facts[p].Value
		if power, ok := dataset.Convert(x.Facts[p].Unit, x.Facts[facts[0]].Unit); ok {
			v = v.Shift(int32(power))
		}
		sum = sum.Add(v)
	}
	return sum
}

// changeList makes a list of the changes of the parts of a list, where the total and every part print one of one basis, or
// that it is as it was.
func (x *relating) changeList(l List) {
	for _, c := range x.after[l.Total] {
		total := &x.Facts[c]
		if total.Measure != Change || total.Basis == "" || len(x.parts[c]) > 0 {
			continue
		}
		changes, unchanged := List{Name: l.Name, Total: c, Whole: l.Whole}, 0
		for _, p := range l.Parts {
			if i := slices.IndexFunc(x.after[p], func(i int) bool {
				return x.Facts[i].Measure == Change && x.sameBasis(x.Facts[i].Basis, total.Basis)
			}); i >= 0 {
				changes.Parts = append(changes.Parts, x.after[p][i])
			} else if slices.ContainsFunc(x.Notes, func(n Note) bool {
				return n.Kind == noteWording && n.Base == p && flat(n.Text) && x.sameBasis(n.Basis, total.Basis)
			}) {
				unchanged++
			}
		}
		if len(changes.Parts) > 0 && len(changes.Parts)+unchanged == len(l.Parts) && l.Whole {
			x.ChangeSums = append(x.ChangeSums, changes)
		}
	}
}

// flat reports whether a wording says that nothing changed.
func flat(text string) bool {
	return strings.Contains(text, "持平") && !strings.Contains(text, "基本")
}

// sameBasis reports whether two changes are relative to the same: 上年 is the year before the report's.
func (x *relating) sameBasis(a, b string) bool {
	year := func(basis string) string {
		if m := yearIn.FindStringSubmatch(basis); m != nil {
			return m[1]
		}
		if y, err := strconv.Atoi(x.period); err == nil && basis != "" && lastYear(basis, x.period) {
			return strconv.Itoa(y - 1)
		}
		return ""
	}
	return a == b || year(a) != "" && year(a) == year(b) && planned(a) == planned(b)
}

// otherBases makes the lists of the changes of the same subjects with other bases: 比上年 and 比年初预算 in one sentence.
func (x *relating) otherBases(l List) {
	of := func(fact int, basis string) int {
		f := &x.Facts[fact]
		return slices.IndexFunc(x.Facts, func(g Fact) bool {
			return g.Measure == Change && g.Block == f.Block && g.Subject == f.Subject && g.Basis == basis && isMoney(&g) == isMoney(f)
		})
	}
	total := &x.Facts[l.Total]
	for i := range x.Facts {
		f := &x.Facts[i]
		if f.Measure != Change || f.Block != total.Block || f.Subject != total.Subject || f.Basis == total.Basis || f.Basis == "" || len(x.parts[i]) > 0 {
			continue
		}
		other := List{Name: l.Name, Total: i, Whole: l.Whole}
		for _, p := range l.Parts {
			if k := of(p, f.Basis); k >= 0 {
				other.Parts = append(other.Parts, k)
			}
		}
		if len(other.Parts) == len(l.Parts) {
			x.ChangeSums = append(x.ChangeSums, other)
		}
	}
}

// sharesOf are the shares of the parts of a list, nil when one prints none.
func (x *relating) sharesOf(l List) []int {
	var shares []int
	for _, p := range l.Parts {
		i := slices.IndexFunc(x.after[p], func(i int) bool {
			f := &x.Facts[i]
			return f.Measure == Share && (f.Basis == "" || similar(f.Basis, x.Facts[l.Total].Subject))
		})
		if i < 0 {
			return nil
		}
		shares = append(shares, x.after[p][i])
	}
	return shares
}

func (x *relating) shareList(l List) {
	if shares := x.sharesOf(l); shares != nil && l.Whole {
		x.ShareLists = append(x.ShareLists, List{Name: l.Name, Total: None, Parts: shares, Whole: true})
	}
}

// shares finds what each share is a share of: the total of its list, what the text names, or what the share before it in
// its paragraph is of.
func (x *relating) shares() {
	last, block := None, None
	for i := range x.Facts {
		f := &x.Facts[i]
		if f.Block != block {
			last, block = None, f.Block
		}
		if f.Measure != Share || f.Base == None || f.About {
			continue
		}
		part := &x.Facts[f.Base]
		whole := None
		switch {
		case part.Total != None && (f.Basis == "" || similar(f.Basis, x.Facts[part.Total].Subject)):
			whole = part.Total
		case last != None && (f.Basis == "" || f.Basis == x.Facts[x.Shares[len(x.Shares)-1].Share].Basis):
			whole = last
		case f.Basis != "":
			whole = x.named(f.Basis, f.Base, part.Unit)
		}
		if whole == None || whole == f.Base || !amount(&x.Facts[whole]) || !sameKind(part, &x.Facts[whole]) {
			continue
		}
		x.Shares = append(x.Shares, Portion{Name: part.Subject, Of: x.Facts[whole].Subject, Part: f.Base, Whole: whole, Share: i})
		last = whole
	}
	x.sharesOfSums()
	x.shared()
}

// sharesOfSums finds what the shares of a paragraph are of where nothing names it: an amount before it in the section that
// is what all the parts make up.
func (x *relating) sharesOfSums() {
	told := map[int]bool{}
	for _, p := range x.Shares {
		told[x.Facts[p.Share].Block] = true
	}
	shares := map[int][]int{}
	var order []int
	for i := range x.Facts {
		f := &x.Facts[i]
		if f.Measure != Share || f.Row >= 0 || told[f.Block] {
			continue
		}
		if f.Base == None || f.Basis != "" || f.About || f.Reason || x.Facts[f.Base].Total != None || !isMoney(&x.Facts[f.Base]) {
			told[f.Block] = true
			continue
		}
		if shares[f.Block] == nil {
			order = append(order, f.Block)
		}
		shares[f.Block] = append(shares[f.Block], i)
	}
	for _, block := range order {
		if told[block] || len(shares[block]) < 2 {
			continue
		}
		var parts []int
		for _, i := range shares[block] {
			parts = append(parts, x.Facts[i].Base)
		}
		first := &x.Facts[parts[0]]
		sum := x.sum(parts)
		for i := parts[0] - 1; i >= 0 && slices.Equal(x.Facts[i].Section, first.Section); i-- {
			f := &x.Facts[i]
			if (f.Measure == Value || f.Measure == Final) && f.Unit == first.Unit && !f.Reason && !f.About && f.Value.Equal(sum) && !sum.IsZero() {
				for k, share := range shares[block] {
					x.Shares = append(x.Shares, Portion{Name: x.Facts[parts[k]].Subject, Of: f.Subject, Part: parts[k], Whole: i, Share: share})
				}
				break
			}
		}
	}
}

// shared makes lists of the parts whose shares of one whole, in one paragraph, add up to 100.
func (x *relating) shared() {
	type key struct{ whole, block int }
	lists := map[key]*List{}
	shares := map[key][]int{}
	var order []key
	for _, p := range x.Shares {
		if x.Facts[p.Part].Total != None {
			continue
		}
		k := key{p.Whole, x.Facts[p.Part].Block}
		if lists[k] == nil {
			lists[k] = &List{Name: p.Of, Total: p.Whole, Whole: true}
			order = append(order, k)
		}
		lists[k].Parts = append(lists[k].Parts, p.Part)
		shares[k] = append(shares[k], p.Share)
	}
	for _, k := range order {
		sum := x.sum(shares[k]).Round(0).IntPart()
		if l := lists[k]; len(l.Parts) > 1 && 99 <= sum && sum <= 101 {
			x.Sums = append(x.Sums, *l)
			x.ShareLists = append(x.ShareLists, List{Name: l.Name, Total: None, Parts: shares[k], Whole: true})
		}
	}
}

// named is the amount that a phrase names: the nearest one before the fact that has it for a subject, in its section,
// else anywhere, if all of that name agree.
func (x *relating) named(phrase string, before int, unit string) int {
	found := None
	for i := before - 1; i >= 0; i-- {
		f := &x.Facts[i]
		if !amount(f) || f.Measure == Budget && x.Facts[before].Measure != Budget || f.Reason || !similar(phrase, f.Subject) || !sameKind(f, &Fact{Unit: unit}) {
			continue
		}
		if slices.Equal(f.Section, x.Facts[before].Section) {
			return i
		}
		if found != None && !x.Facts[found].Value.Equal(f.Value) {
			return None
		}
		if found == None {
			found = i
		}
	}
	return found
}

// sameKind reports whether two amounts can be compared: both money, or in one unit.
func sameKind(a, b *Fact) bool { return isMoney(a) && isMoney(b) || a.Unit == b.Unit }

// comparisons gathers the change and the rate of each amount for each basis, and the amount it is compared with where
// that is printed too.
func (x *relating) comparisons() {
	type key struct {
		base  int
		basis string
	}
	rows := map[key]*Comparison{}
	var order []key
	row := func(k key) *Comparison {
		if rows[k] == nil {
			rows[k] = &Comparison{Name: x.Facts[k.base].Subject, Basis: k.basis, Current: k.base, Base: None, Change: None, Rate: None}
			order = append(order, k)
		}
		return rows[k]
	}
	for i := range x.Facts {
		f := &x.Facts[i]
		if f.Measure != Change && f.Measure != ChangeRate || f.About {
			continue
		}
		current := f.Base
		switch {
		case current != None:
		case f.Row >= 0:
			current = x.beside(f)
		default:
			current = x.namesake(i)
		}
		if current == None || !amount(&x.Facts[current]) || x.Facts[current].About {
			continue
		}
		r := row(key{current, f.Basis})
		switch {
		case f.Measure == Change && r.Change == None && sameKind(f, &x.Facts[current]):
			r.Change = i
		case f.Measure == ChangeRate && r.Rate == None:
			r.Rate = i
		}
	}
	for _, n := range x.Notes {
		if n.Kind == noteWording && n.Base != None && flat(n.Text) {
			base := n.Base
			if f := &x.Facts[base]; f.Measure == Change || f.Measure == ChangeRate {
				base = f.Base
			}
			if base != None {
				if r := rows[key{base, n.Basis}]; r != nil {
					r.Flat = n.Text
				}
			}
		}
	}
	for _, k := range order {
		r := rows[k]
		r.Base = x.baseOf(r)
		if r.Change != None || r.Rate != None && r.Base != None {
			x.Changes = append(x.Changes, *r)
		}
	}
}

// beside is the amount of the same subject in the same table as a change or rate.
func (x *relating) beside(f *Fact) int {
	return slices.IndexFunc(x.Facts, func(g Fact) bool {
		return g.Block == f.Block && g.Row >= 0 && amount(&g) && g.Subject == f.Subject
	})
}

// namesake is the amount before a change that has its subject, in the same section: the nearest one. Of 收支 it is the
// income, where income and expenditure are printed alike.
func (x *relating) namesake(change int) int {
	f := &x.Facts[change]
	if f.Reason {
		return None
	}
	var both []int
	for i := change - 1; i >= 0; i-- {
		g := &x.Facts[i]
		if !slices.Equal(g.Section, f.Section) {
			break
		}
		if g.Row >= 0 || g.Reason || g.Measure != Value && g.Measure != Final || isMoney(f) && !isMoney(g) {
			continue
		}
		if x.earlier(i) {
			continue
		}
		if stem(g.Subject) == stem(f.Subject) {
			return i
		}
		if g.Block == f.Block && strings.HasPrefix(stem(f.Subject), "收") && strings.Contains(f.Subject, "支") &&
			(strings.HasPrefix(g.Subject, "收入") || strings.HasPrefix(g.Subject, "支出")) {
			if both = append(both, i); len(both) == 2 && x.Facts[both[0]].Value.Equal(x.Facts[both[1]].Value) {
				return i
			}
		}
	}
	return None
}

// baseOf is the amount that a comparison is relative to, where the same sentence or table prints it: the budget of the
// same subject, or what the basis names.
func (x *relating) baseOf(r *Comparison) int {
	current := &x.Facts[r.Current]
	for i := range x.Facts {
		f := &x.Facts[i]
		if i == r.Current || !amount(f) || !sameKind(f, current) || f.About || !slices.Equal(f.Section, current.Section) || f.Reason != current.Reason {
			continue
		}
		near := f.Block == current.Block || current.Block-f.Block == 1
		switch {
		case near && lastYear(r.Basis, x.period) && f.Measure != Budget && x.earlier(i) && stem(strings.TrimPrefix(f.Subject, yearOf(f.Subject)+"年/")) == stem(current.Subject):
			return i
		case near && r.Basis != "" && f.Subject == r.Basis+"/"+current.Subject,
			f.Block == current.Block && r.Basis != "" && f.Subject == current.Subject+"/"+r.Basis,
			near && f.Measure == Budget && current.Measure != Budget && planned(r.Basis) && stem(f.Subject) == stem(current.Subject) && planOf(f, r.Basis):
			return i
		}
	}
	return None
}

// earlier reports whether the text gives an amount for another year than the report's.
func (x *relating) earlier(i int) bool { return yearOf(x.Facts[i].Subject) != "" }

// yearOf is the year for which a subject is told, "" for that of the report.
func yearOf(subject string) string {
	year, _, _ := strings.Cut(subject, "年/")
	if year4(year) {
		return year
	}
	return ""
}

// yearIn finds the years that a text names.
var yearIn = regexp.MustCompile(`(20\d\d)\s*年`)

// lastYear reports whether a basis is the year before the report's.
func lastYear(basis, period string) bool {
	if basis == "" || strings.Contains(basis, "上年") || strings.Contains(basis, "去年") || strings.Contains(basis, "上一年") {
		return true
	}
	m := yearIn.FindStringSubmatch(basis)
	return m != nil && m[1] < period
}

// planned reports whether a basis is a budget.
func planned(basis string) bool {
	return strings.Contains(basis, "预算") || strings.Contains(basis, "預算")
}

// planOf reports whether a budget is the one that a basis names. 年初预算 and 全年预算 are two; 预算 may be either.
func planOf(f *Fact, basis string) bool {
	printed, wanted := stage(f.Word), stage(basis)
	return printed == "" || wanted == "" || printed == wanted
}

// onePlan reports whether two figures are of one budget, or may be: the part of a budget is no part of another one.
func onePlan(part, whole *Fact) bool { return part.Measure != Budget || planOf(part, whole.Word) }

// stage is which budget a phrase names: that of the beginning of the year, of all of it, or as adjusted.
func stage(phrase string) string {
	for word, stage := range map[string]string{"年初": "年初", "全年": "全年", "调整": "全年", "調整": "全年"} {
		if strings.Contains(phrase, word) {
			return stage
		}
	}
	return ""
}

// completions gathers budget, actual and rate.
func (x *relating) completions() {
	for i := range x.Facts {
		f := &x.Facts[i]
		if f.Measure != CompletionRate || f.Base == None || f.About {
			continue
		}
		c := Completion{Name: x.Facts[f.Base].Subject, Basis: f.Basis, Final: f.Base, Budget: None, Over: None, Rate: i}
		c.Budget = x.baseOf(&Comparison{Basis: cmp.Or(f.Basis, "预算"), Current: f.Base})
		for _, k := range x.after[f.Base] {
			if g := &x.Facts[k]; g.Measure == Change && planned(g.Basis) && c.Budget == None {
				c.Over = k
			}
		}
		for _, n := range x.Notes {
			if n.Kind == noteWording && n.Base == f.Base && planned(n.Basis) && (stage(n.Basis) != "" && planOf(&Fact{Word: f.Basis}, n.Basis) || !x.plansOf(f.Base)) {
				c.Wording = cmp.Or(c.Wording, overUnder(n.Text))
			}
		}
		if c.Budget != None || c.Over != None {
			x.Completions = append(x.Completions, c)
		}
	}
}

// plansOf reports whether several budgets of an amount are printed beside it, so that 预算 alone may be any of them.
func (x *relating) plansOf(final int) bool {
	found, current := "", &x.Facts[final]
	for i := range x.Facts {
		f := &x.Facts[i]
		if f.Measure == Budget && (f.Block == current.Block || current.Block-f.Block == 1) && stem(f.Subject) == stem(current.Subject) {
			switch s := stage(f.Word); {
			case s == "" || s == found:
			case found == "":
				found = s
			default:
				return true
			}
		}
	}
	return false
}

// overUnder tells 大于, 小于 and 持平 apart; "" for what says none of them plainly.
func overUnder(text string) string {
	var found []string
	for _, w := range []string{"大于", "小于", "持平"} {
		if strings.Contains(text, w) {
			found = append(found, w)
		}
	}
	if len(found) == 1 && !strings.Contains(text, "基本持平") {
		return found[0]
	}
	return ""
}

// repetitions finds totals that are printed more than once under one name. Other names often stand for several
// quantities: 办公费 is one of basic and one of project expenditure.
func (x *relating) repetitions() {
	type key struct{ name, of, kind string }
	groups := map[key][]int{}
	var order []key
	for i := range x.Facts {
		f := &x.Facts[i]
		if f.Measure != Value && f.Measure != Final || f.Reason || f.About || f.Row >= 0 || x.earlier(i) || !strings.ContainsAny(f.Subject, "总總合") {
			continue
		}
		name := coreOf(f.Subject)
		if !strings.HasSuffix(name, "合计") && !strings.HasSuffix(name, "总计") && !strings.HasSuffix(name, "总额") {
			continue
		}
		if len([]rune(name)) < 4 {
			continue
		}
		k := key{name: name, kind: f.Unit}
		if isMoney(f) {
			k.kind = "元"
		}
		if f.Total != None {
			k.of = x.Facts[f.Total].Subject
		}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], i)
	}
	for _, k := range order {
		if len(groups[k]) > 1 {
			x.Repeated = append(x.Repeated, Repetition{k.name, groups[k]})
		}
	}
}

// coreOf is a subject without the words that only say which column of the accounts is meant, in narrow forms and without
// brackets and quotation marks.
func coreOf(subject string) string {
	s := plainOf(subject)
	for _, word := range []string{"决算", "決算", "本年度", "年度"} {
		s = strings.ReplaceAll(s, word, "")
	}
	return s
}

// plainOf is a phrase as it is compared: in narrow forms, without space, brackets and quotation marks.
func plainOf(phrase string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || strings.ContainsRune("()[]<>《》〈〉【】“”‘’\"'", c) {
			return -1
		}
		return c
	}, dataset.Fold(phrase))
}

// stem is a subject without the words behind it that only say that it is spent, planned or summed up.
func stem(subject string) string {
	s := coreOf(subject)
	for again := true; again; {
		again = false
		for _, word := range []string{"合计", "合計", "总计", "總計", "总额", "總額", "支出", "金额", "金額", "预算", "預算", "总数", "费用", "經費", "经费", "费", "費"} {
			if short, ok := strings.CutSuffix(s, word); ok && utf8.RuneCountInString(short) >= 2 {
				s, again = short, true
			}
		}
	}
	return s
}

// grand tells two kinds of sums apart: 1 for 总计, what is carried over with it; -1 for 合计, that of the year; else 0.
func grand(phrase string) int {
	switch s := plainOf(phrase); {
	case strings.HasSuffix(s, "总计"), strings.HasSuffix(s, "總計"):
		return 1
	case strings.HasSuffix(s, "合计"), strings.HasSuffix(s, "合計"), strings.HasPrefix(s, "本年"):
		return -1
	}
	return 0
}

// similar reports whether a phrase names a subject: one ends with the other, of three characters or more.
func similar(phrase, subject string) bool {
	a, b := coreOf(phrase), coreOf(subject)
	if len(a) > len(b) {
		a, b = b, a
	}
	if strings.HasSuffix(b, a) && utf8.RuneCountInString(a) >= 3 {
		return true
	}
	if grand(phrase)*grand(subject) < 0 {
		return false
	}
	a, b = stem(phrase), stem(subject)
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len([]rune(a)) >= 3 && strings.HasSuffix(b, a)
}
