package expression

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/number"
)

// This file writes checks and conditions as formulas for people who read no code: fields by their labels, or with a
// dataset at hand the printed figures in their places, and signs and words instead of operators and functions.

// Formula is the check with the labels of its fields; loops are those of its rule.
func (c *Check) Formula(loops []*Loop, lang diag.Lang) string {
	w := formula{lang: lang, loops: loops}
	return w.write(c.node, lowest)
}

// Filled is the check with the figures as printed, at the rows where the loops stand. It says what is the case, of the
// parts that decide: the values of computed sides stand beside them, and ≈ or ≠ where the rule has = and does not hold as
// printed.
func (c *Check) Filled(e *Env, lang diag.Lang) string {
	w := formula{lang: lang, exact: &exact{Env: e, zero: c.zero}, check: c}
	var facts []string
	w.facts(c.node, func(fact string) {
		if !slices.Contains(facts, fact) {
			facts = append(facts, fact)
		}
	})
	return strings.Join(facts, w.say("and"))
}

// Formula is the condition with the labels of its fields.
func (c *Condition) Formula(loops []*Loop, lang diag.Lang) string {
	w := formula{lang: lang, loops: loops}
	return w.write(c.node, lowest)
}

// Formula names what the loop walks.
func (l *Loop) Formula(lang diag.Lang) string {
	w := formula{lang: lang}
	if l.List != nil {
		return w.say("each", listTitle(l.List))
	}
	var names []string
	for _, g := range l.Groups {
		names = append(names, g.Short)
	}
	return strings.Join(names, w.say("list"))
}

// formula writes nodes. With exact it writes figures, else labels.
type formula struct {
	lang  diag.Lang
	loops []*Loop
	exact *exact
	check *Check
	// walks counts the walks around what is written.
	walks int
	// units: figures are written with their units, since these differ.
	units bool
}

// words holds the words of formulas, Chinese and English, by what they say.
var words = map[string][2]string{
	"list":       {"、", ", "},
	"and":        {" 且 ", " and "},
	"or":         {" 或 ", " or "},
	"not":        {"并非 %s", "not %s"},
	"between":    {"；", "; "},
	"case":       {"若 %s，则 %s", "%[2]s if %[1]s"},
	"else":       {"否则 %s", "else %s"},
	"holds":      {"成立", "it holds"},
	"oneOf":      {"%s 为 %s 之一", "%s is one of %s"},
	"noneOf":     {"%s 不为 %s", "%s is none of %s"},
	"if":         {"若 %s，则 %s，否则 %s", "%[2]s if %[1]s, else %[3]s"},
	"coalesce":   {"%s（空缺时为 %s）", "%s (or %s where not printed)"},
	"each":       {"每个%s", "each %s"},
	"same":       {"%s 一致", "%s agree"},
	"present":    {"印有 %s", "%s is printed"},
	"absent":     {"没有印出 %s", "%s is not printed"},
	"blank":      {"%s 空白", "%s is blank"},
	"filled":     {"%s 不空白", "%s is not blank"},
	"explained":  {"%s 有说明", "%s says something"},
	"silent":     {"%s 没有说明", "%s says nothing"},
	"matches":    {"%s 写有 %s", "%s matches %s"},
	"contains":   {"%s 含有 %s", "%s contains %s"},
	"startsWith": {"%s 以 %s 开头", "%s starts with %s"},
	"endsWith":   {"%s 以 %s 结尾", "%s ends with %s"},
	"distinct":   {"%s 互不相同", "%s all differ"},
	"all":        {"每个%s都满足（%s）", "for each %s (%s)"},
	"any":        {"有一个%s满足（%s）", "for some %s (%s)"},
	"sum":        {"各%s的%s之和", "the sum of %[2]s over %[1]s"},
	"sums":       {"各%s的%s", "%[2]s, over %[1]s"},
	"least":      {"各%s的%s中最小的", "the least %[2]s over %[1]s"},
	"greatest":   {"各%s的%s中最大的", "the greatest %[2]s over %[1]s"},
	"count":      {"%s的个数", "the number of %s"},
	"countOf":    {"满足（%[2]s）的%[1]s个数", "the number of %[1]s with (%[2]s)"},
	"where":      {"%s（限 %s）", "%s (where %s)"},
	"min":        {"%s 中最小的", "the least of %s"},
	"max":        {"%s 中最大的", "the greatest of %s"},
	"days":       {"%s 至 %s 的天数", "the days from %s to %s"},
	"round":      {"%s 四舍五入到 %d 位小数", "%s rounded to %d decimals"},
	"floor":      {"%s 舍去小数", "%s rounded down"},
	"ceil":       {"%s 进到整数", "%s rounded up"},
	"len":        {"%s 的字数", "the length of %s"},
	"decimals":   {"%s 的小数位数", "the decimals of %s"},
	"among":      {"%s，%d 家的中位数为 %s", "%s; the median of %d is %s"},
	"shared":     {"%[1]s，与 %[3]s 共 %[2]d 家相同", "%[1]s, the same as that of %[2]d others: %[3]s"},
	"true":       {"是", "true"},
	"false":      {"否", "false"},
}

func (w *formula) say(word string, args ...any) string {
	text := words[word][1]
	if w.lang == diag.Chinese {
		text = words[word][0]
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// How tightly parts hold together; a part in one that is as tight or tighter goes into brackets, "and" and "or" in one
// another as well: who remembers which comes first?
const (
	lowest = iota
	holdsAnd
	holdsComparison
	holdsSum
	holdsProduct
	holdsTight
)

// infix are the signs between the arguments of a node.
var infix = map[op]struct {
	sign  string
	holds int
}{
	opEq: {" = ", holdsComparison}, opNe: {" ≠ ", holdsComparison}, opLt: {" < ", holdsComparison},
	opLe: {" ≤ ", holdsComparison}, opGt: {" > ", holdsComparison}, opGe: {" ≥ ", holdsComparison},
	opMul: {" × ", holdsProduct}, opDiv: {" ÷ ", holdsProduct},
	opAnd: {"and", holdsAnd}, opOr: {"or", holdsAnd},
}

// named are the words for nodes of one argument, and for their opposites.
var named = map[op]struct{ word, opposite string }{
	opPresent: {"present", "absent"}, opBlank: {"blank", "filled"}, opExplained: {"explained", "silent"},
	opFloor: {"floor", ""}, opCeil: {"ceil", ""}, opLen: {"len", ""}, opDecimals: {"decimals", ""}, opNot: {"not", ""},
}

var testWords = map[op]string{opMatches: "matches", opContains: "contains", opStartsWith: "startsWith", opEndsWith: "endsWith"}

// write writes a node within a part that holds so tightly.
func (w *formula) write(n *node, within int) string {
	text, holds := w.part(n)
	if holds < within {
		return "(" + text + ")"
	}
	return text
}

func (w *formula) part(n *node) (text string, holds int) {
	if w.exact != nil && (n.op == opSame || n.op >= opEq && n.op <= opGe) {
		return w.compared(n), holdsComparison
	}
	switch n.op {
	case opLiteral:
		return w.literal(n), holdsTight
	case opField, opRows, opGroup:
		if text = w.field(n); strings.HasPrefix(text, "-") {
			return text, holdsSum
		}
		return text, holdsTight
	case opConvert:
		return w.part(n.args[0])
	case opAdd:
		return w.sum(n), holdsSum
	case opNeg:
		return "-" + w.write(n.args[0], holdsTight), holdsSum
	case opAbs:
		return "|" + w.write(n.args[0], lowest) + "|", holdsTight
	case opDiv:
		if shared(n) {
			return w.part(n.args[0])
		}
		return w.write(n.args[0], holdsProduct) + " ÷ " + w.write(n.args[1], holdsTight), holdsProduct
	case opMul:
		return w.write(n.args[0], holdsProduct) + " × " + w.write(n.args[1], holdsTight) + hundred(n), holdsProduct
	case opRound:
		return w.say("round", w.write(n.args[0], holdsTight), n.num.Coef), holdsTight
	case opDays:
		return w.say("days", w.write(n.args[0], holdsTight), w.write(n.args[1], holdsTight)), holdsTight
	case opMin, opMax:
		return w.say(map[op]string{opMin: "min", opMax: "max"}[n.op], w.list(n.args)), holdsTight
	case opSum, opLeast, opGreatest, opCount, opAll, opAny:
		return w.walked(n)
	case opIf:
		if w.exact != nil {
			if chosen, ok := w.exact.branch(n); ok {
				return w.part(chosen)
			}
		}
		return w.conditional(n), lowest
	case opCoalesce:
		if w.exact != nil {
			return w.part(w.exact.coalesce(n))
		}
		return w.say("coalesce", w.write(n.args[0], holdsTight), w.write(n.args[1], holdsTight)), holdsTight
	case opNot:
		if inner := n.args[0]; w.exact == nil && named[inner.op].opposite != "" {
			return w.say(named[inner.op].opposite, w.write(inner.args[0], holdsTight)), holdsComparison
		}
		if w.exact != nil {
			return w.part(n.args[0])
		}
	case opPresent, opBlank, opExplained:
		if w.exact != nil {
			return w.state(n), holdsComparison
		}
	case opSame:
		return w.say("same", w.list(n.args)), holdsComparison
	case opMatches, opContains, opStartsWith, opEndsWith:
		text := w.say(testWords[n.op], w.write(n.args[0], holdsTight), w.write(n.args[1], holdsTight))
		if w.exact != nil && (&exact{Env: w.exact.Env, zero: w.exact.zero}).truth(n) == no {
			text = w.say("not", text)
		}
		return text, holdsComparison
	case opDistinct:
		if n.stream != nil {
			return w.say("distinct", w.rows(n.stream)), holdsComparison
		}
		return w.say("distinct", w.list(n.args)), holdsComparison
	}
	if one, ok := named[n.op]; ok {
		holds := holdsTight
		if n.kind == kindBool {
			holds = holdsComparison
		}
		return w.say(one.word, w.write(n.args[0], holdsTight)), holds
	}
	sign := infix[n.op]
	if n.op == opAnd || n.op == opOr {
		sign.sign = w.say(sign.sign)
	}
	var parts []string
	for i := 0; i < len(n.args); {
		if text, many := w.oneOf(n, n.args[i:]); many > 1 {
			parts = append(parts, text)
			i += many
			continue
		}
		parts = append(parts, w.side(n, i, sign.holds))
		i++
	}
	if len(parts) == 1 {
		return parts[0], holdsComparison
	}
	return strings.Join(parts, sign.sign), sign.holds
}

// conditional writes a ? b : c, and a chain of them one case after the other.
func (w *formula) conditional(n *node) string {
	branch := func(n *node) string {
		if n.op == opLiteral && n.kind == kindBool && n.num.Coef != 0 {
			return w.say("holds")
		}
		return w.write(n, holdsAnd)
	}
	if n.args[2].op != opIf {
		return w.say("if", w.write(n.args[0], holdsAnd), branch(n.args[1]), branch(n.args[2]))
	}
	var cases []string
	for ; n.op == opIf; n = n.args[2] {
		cases = append(cases, w.say("case", w.write(n.args[0], holdsAnd), branch(n.args[1])))
	}
	return strings.Join(append(cases, w.say("else", branch(n))), w.say("between"))
}

// oneOf writes x in [a, b], which is x == a or x == b, and its opposite: the first of the parts, as many as speak of the
// same field.
func (w *formula) oneOf(n *node, parts []*node) (text string, many int) {
	each, word := opEq, "oneOf"
	switch {
	case w.exact != nil || n.op != opOr && n.op != opAnd:
		return "", 0
	case n.op == opAnd:
		each, word = opNe, "noneOf"
	}
	var name string
	var values []*node
	for _, a := range parts {
		if a.op != each || a.args[0].op != opField || a.args[1].op != opLiteral {
			break
		}
		text := w.write(a.args[0], holdsTight)
		if name != "" && text != name {
			break
		}
		name, values = text, append(values, a.args[1])
	}
	if len(values) < 2 {
		return "", 0
	}
	return w.say(word, name, w.list(values)), len(values)
}

// side is one of the parts that a sign stands between. A number that is compared with a percent is one.
func (w *formula) side(n *node, i, holds int) string {
	text := w.write(n.args[i], holds+1)
	if n.args[i].op == opLiteral && n.op >= opEq && n.op <= opGe && n.args[1-i].unit == "%" {
		text += "%"
	}
	return text
}

// facts tells what is the case of the parts that decide a check: where it holds, what makes it hold, and where not, what
// does not hold.
func (w *formula) facts(n *node, tell func(string)) {
	verdict := func(n *node) finding.Verdict {
		return w.check.judge(&exact{Env: w.exact.Env, zero: w.exact.zero}, n).Verdict
	}
	whole := verdict(n)
	told := false
	part := func(a *node) {
		switch v := verdict(a); {
		case n.op == opAnd || n.op == opAll:
			// Every part must hold.
			if whole == finding.Fail && v != finding.Fail {
				return
			}
		case whole != finding.Fail && (told || v != whole):
			// One part is enough.
			return
		}
		told = true
		w.facts(a, tell)
	}
	switch n.op {
	case opAnd, opOr:
		for _, a := range n.args {
			part(a)
		}
	case opAll, opAny:
		w.exact.walk(n.stream, func() { part(n.args[0]) })
	default:
		tell(w.write(n, lowest))
	}
}

// truly are the signs that say the opposite.
var truly = map[op]op{opEq: opNe, opNe: opEq, opLt: opGe, opGe: opLt, opGt: opLe, opLe: opGt, opSame: opNe}

// compared is a comparison of figures and what it comes to.
func (w *formula) compared(n *node) string {
	x := exact{Env: w.exact.Env, zero: w.exact.zero}
	j := w.check.leaf(&x, n)
	sign := infix[n.op].sign
	if n.op == opSame {
		sign = infix[opEq].sign
	}
	switch j.Verdict {
	case finding.Rounding:
		sign = " ≈ "
	case finding.Fail:
		sign = infix[truly[n.op]].sign
	}
	defer func(before bool) { w.units = before }(w.units)
	w.units = x.mixed(x.touched)
	var parts []string
	for i, a := range n.args {
		text := w.side(n, i, holdsComparison)
		// The value of a computed left side would stand between equal signs.
		computed := a.kind == kindNumber && n.op != opSame && !a.figure() && a.op != opLiteral && (i > 0 || j.Verdict != finding.Pass)
		if value := []string{j.Left, j.Right}[min(i, 1)]; computed && value != "" {
			if a.unit == "%" || n.args[1-i].unit == "%" {
				value += "%"
			} else if w.units && a.unit != "" {
				value += " " + a.unit
			}
			if value != text {
				text += " = " + value
			}
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, sign)
}

// state is what there is to say of a field: whether it is printed, is blank, or says something.
func (w *formula) state(n *node) string {
	word := named[n.op].word
	if w.exact.state(n) == no {
		word = named[n.op].opposite
	}
	f := n.args[0]
	name := f.field.Short
	if f.op == opField {
		cell := w.exact.cell(f)
		name = w.exact.data.Schema.Label(w.exact.data.Address(cell))
		if st := w.exact.fact(cell).Statement(); st != nil && st.Text != "" {
			name += " " + strings.Trim(w.field(f), "“”")
		}
	}
	return w.say(word, name)
}

// shared reports whether a node divides a product with a percent in it by 100: the percent sign says that already.
func shared(n *node) bool {
	return n.op == opDiv && n.args[0].op == opMul && isHundred(n.args[1]) &&
		slices.ContainsFunc(n.args[0].args, func(a *node) bool { return a.unit == "%" })
}

// hundred is the percent sign of a ratio that is multiplied by 100.
func hundred(n *node) string {
	if isHundred(n.args[1]) && n.args[0].unit != "%" {
		return "%"
	}
	return ""
}

func isHundred(n *node) bool {
	return n.op == opLiteral && n.kind == kindNumber && n.rat.Cmp(number.NewRat(100, 1)) == 0
}

func (w *formula) literal(n *node) string {
	switch n.kind {
	case kindText:
		return "“" + n.str + "”"
	case kindBool:
		if n.num.Coef != 0 {
			return w.say("true")
		}
		return w.say("false")
	case kindDate:
		return n.span.source().Text()
	}
	v, _ := (&exact{}).number(n)
	return number.FormatFixed(v, 0, 18)
}

// field is the figure as printed, or the field's label.
func (w *formula) field(n *node) string {
	if w.exact == nil {
		return w.label(n)
	}
	if n.op != opField {
		return n.field.Short
	}
	cell := w.exact.cell(n)
	st := w.exact.fact(cell).Statement()
	switch {
	case st == nil || st.Text == "":
		return "—"
	case n.kind != kindNumber:
		return "“" + st.Text + "”"
	case number.Directed(st.Text):
		// A direction in words would read badly among signs.
		text := number.FormatFixed(number.RatOf(st.Value()), st.Own, st.Own+4)
		if n.field.Type == dataset.Percent {
			text += "%"
		}
		return text
	case w.units && st.In != "" && st.In != "%" && !strings.HasSuffix(st.Text, st.In):
		return st.Text + " " + st.In
	}
	return st.Text
}

// mixed reports whether amounts of money among the cells are printed in more than one unit.
func (x *exact) mixed(cells []int) bool {
	first := ""
	for _, cell := range cells {
		st := x.fact(cell).Statement()
		if st == nil || !slices.Contains(dataset.MoneyUnits(), st.In) {
			continue
		}
		if first == "" {
			first = st.In
		} else if st.In != first {
			return true
		}
	}
	return false
}

// label is the name of a field as the rule means it: of the groups that a loop walks, only what lies below them.
func (w *formula) label(n *node) string {
	for _, l := range w.loops {
		switch {
		case l.Frame != n.frame:
		case l.List == nil:
			if n.field == l.Groups[0] {
				return n.field.Title()
			}
			name := n.field.Title()
			first := l.Groups[0]
			for g := n.field.Parent; g != nil && g != first; g = g.Parent {
				if g.Of != nil && g.Of == first.Of {
					// Its like in the dataset of another period.
					return partnerOf(g) + "·" + name
				}
				name = g.Title() + "·" + name
			}
			return name
		case w.walks > 0:
			return listTitle(l.List) + "·" + n.field.Short
		}
	}
	return n.field.Short
}

// listTitle is what a list is called, behind whose it is where that is another dataset's.
func listTitle(list *dataset.Field) string {
	if of := partnerOf(list); of != "" && list.Partner == 0 && list.Record().Parent == nil {
		return of + "·" + list.Title()
	}
	return list.Title()
}

// partnerOf is what the dataset of a field is called.
func partnerOf(f *dataset.Field) string {
	for ; f != nil; f = f.Parent {
		if f.Partner != 0 {
			return f.Partner.Label()
		}
	}
	return ""
}

func (w *formula) sum(n *node) string {
	var s strings.Builder
	for i, a := range n.args {
		sign := " + "
		if n.neg[i] {
			sign = " - "
		}
		if i == 0 && !n.neg[0] {
			s.WriteString(w.write(a, holdsSum))
			continue
		}
		s.WriteString(sign + w.write(a, holdsProduct))
	}
	return s.String()
}

func (w *formula) list(nodes []*node) string {
	var parts []string
	for _, a := range nodes {
		parts = append(parts, w.write(a, holdsSum))
	}
	return strings.Join(parts, w.say("list"))
}

// rows names the rows of a walk.
func (w *formula) rows(s *stream) string {
	name := listTitle(s.rows.field)
	for _, f := range s.filters {
		name = w.say("where", name, w.within(func() string { return w.write(f, lowest) }))
	}
	return name
}

func (w *formula) within(write func() string) string {
	w.walks++
	defer func() { w.walks-- }()
	return write()
}

// walked is what a walk over rows makes.
func (w *formula) walked(n *node) (text string, holds int) {
	if w.exact != nil && n.kind == kindNumber {
		return w.walkedFigures(n)
	}
	body := w.within(func() string { return w.write(n.args[0], lowest) })
	rows := w.rows(n.stream)
	switch n.op {
	case opSum:
		if n.args[0].op == opSum {
			return w.say("sums", rows, body), holdsTight
		}
		return w.say("sum", rows, body), holdsTight
	case opCount:
		if n.args[0].op == opLiteral {
			return w.say("count", rows), holdsTight
		}
		return w.say("countOf", rows, body), holdsTight
	}
	return w.say(map[op]string{opLeast: "least", opGreatest: "greatest", opAll: "all", opAny: "any"}[n.op], rows, body), holdsComparison
}

// walkedFigures writes the figure of each row.
func (w *formula) walkedFigures(n *node) (text string, holds int) {
	if n.op == opCount {
		if v, ok := (&exact{Env: w.exact.Env, zero: w.exact.zero}).number(n); ok {
			return number.FormatFixed(v, 0, 0), holdsTight
		}
		return "—", holdsTight
	}
	var parts []string
	inner := map[op]int{opSum: holdsProduct}[n.op]
	if !w.exact.walk(n.stream, func() { parts = append(parts, w.write(n.args[0], inner)) }) && len(parts) == 0 {
		return "—", holdsTight
	}
	switch {
	case n.op == opSum && len(parts) == 0:
		return "0", holdsTight
	case n.op == opSum && len(parts) == 1:
		return parts[0], holdsProduct
	case n.op == opSum:
		return strings.Join(parts, " + "), holdsSum
	}
	return w.say(map[op]string{opLeast: "min", opGreatest: "max"}[n.op], strings.Join(parts, w.say("list"))), holdsComparison
}
