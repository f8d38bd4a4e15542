package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// role is what the cells of a column are for.
type role uint8

const (
	// figures are of the label of their row, measured as the head says.
	figures role = iota + 1
	// names tell the rows apart, levels stand before them; codes are those of accounts.
	names
	levels
	codes
	orders
	units
	operators
	// reasons explain the figures beside them, texts say other things.
	reasons
	texts
)

// head is what a label says of the figures that it stands above or beside.
type head struct {
	// role is what its column is for, 0 where the words do not tell; measure is "" where they do not tell.
	role        role
	measure     Measure
	basis, unit string
	// word are the words for the measure; falls: they say that it goes down.
	word  string
	falls bool
	// text is the label without its numbering and what it says of the unit, rest what is left without the words for the
	// measure.
	text, rest string
	// formula is how it is computed, as in (B/A); year is one other than the report's or none: 2015年.
	formula, year string
	// code stands before the name of an account.
	code string
}

var (
	formula = regexp.MustCompile(`[(]?[A-Z①-⑳]([-/÷+×*=][A-Z①-⑳0-9%*]+)*[)]?$|[(]\d([-/÷+×*=][(]?\d[)]?)*[)]$`)
	yearly  = regexp.MustCompile(`^(20\d\d|19\d\d)(?:年度?)?`)
)

// head reads a label.
func (w *Words) head(name string) head {
	f := w.fold(name)
	from, to := 0, len(f.s)
	h := head{}
	if word := w.parts.prefix(f.s); strings.HasPrefix(word, "其中") {
		from = len(word)
	}
	for _, word := range []string{"加:", "减:", "#", "*", ":"} {
		if strings.HasPrefix(f.s[from:], word) {
			from += len(word)
		}
	}
	if _, n := numbering(f.s[from:]); n > 0 && from+n < to {
		from += n
	}
	if n := digits(f.s[from:]); (n == 3 || n == 5 || n == 7) && from+n < to && hanAfter(strings.TrimLeft(f.s[from+n:], "- ")) {
		h.code = f.s[from : from+n]
		from = to - len(strings.TrimLeft(f.s[from+n:], "- "))
	}
	to = w.trimHead(f, from, to, &h)
	text := f.s[from:to]
	h.text = f.part(name, from, to)
	if m := yearly.FindString(text); m != "" {
		rest := strings.TrimLeft(text[len(m):], "的")
		if rest == "" || w.measureOf(rest, &head{}) || w.columnPlain.has(rest) {
			h.year = m[:4] + "年"
			h.rest = ""
			if rest != "" {
				w.measureOf(rest, &h)
			}
			if h.measure == Change || h.measure == ChangeRate {
				h.year = ""
			}
			return h
		}
	}
	if w.measureOf(text, &h) {
		rest := f.s[from:to]
		if h.rest == "" {
			return h
		}
		at := strings.Index(rest, h.rest)
		h.rest = f.part(name, from+at, from+at+len(h.rest))
		return h
	}
	if !w.columnPlain.has(text) {
		h.rest = h.text
	}
	h.role = w.roleOf(text)
	return h
}

// trimHead cuts the unit, the formula and the stop at the end of a label.
func (w *Words) trimHead(f *folded, from, to int, h *head) int {
	for to > from {
		s := f.s[from:to]
		switch {
		case strings.HasSuffix(s, ":") || strings.HasSuffix(s, "、") || strings.HasSuffix(s, ","):
			_, size := utf8.DecodeLastRuneInString(s)
			to -= size
			continue
		case strings.HasSuffix(s, "%") && h.unit == "":
			h.unit, to = "%", to-1
			continue
		case strings.HasSuffix(s, ")"):
			open := strings.LastIndexByte(s, '(')
			if open < 0 {
				return to
			}
			inner := strings.TrimSuffix(s[open+1:], ")")
			for _, word := range w.tableUnits {
				inner = strings.TrimPrefix(inner, word+":")
			}
			if u := w.unitNamed(inner); u != "" {
				h.unit, to = u, from+open
				continue
			}
			if n := digits(inner); n > 0 && inner[n:] == "分" {
				to = from + open
				continue
			}
		}
		if m := formula.FindString(s); m != "" && len(m) < len(s) && h.formula == "" {
			h.formula = strings.Trim(m, "()")
			to -= len(m)
			continue
		}
		if at := strings.LastIndexAny(s, "/,:"); at > 0 && h.unit == "" {
			if u := w.unitNamed(s[at+1:]); u != "" && (w.money.has(u) || u == "%") {
				h.unit, to = u, from+at
				continue
			}
		}
		return to
	}
	return to
}

// measureOf finds the words for a measure in a label and reports whether there are any.
func (w *Words) measureOf(text string, h *head) bool {
	set := func(m Measure, unit string) bool {
		h.measure, h.word = m, text
		if unit != "" && (h.unit == "" || m != Weight && m != Score) {
			h.unit = unit
		}
		return true
	}
	switch {
	case w.columnTargets.has(text):
		return set(Target, "")
	case w.columnActuals.has(text):
		return set(Actual, "")
	case w.pointsFull.has(text):
		return set(Weight, "分")
	case w.pointsWon.has(text):
		return set(Score, "分")
	case w.budget.has(text):
		return set(Budget, "")
	case w.final.has(text):
		return set(Final, "")
	case w.priors.has(text):
		h.year = strings.TrimSuffix(text, "数")
		return set(Value, "")
	}
	if word := w.completion.suffix(text); word != "" && (word == text || len(word) > len("完成率")) {
		if h.rest = strings.TrimSuffix(text, word); w.budget.has(h.rest) {
			h.basis, h.rest = unnumber(h.rest), ""
		}
		return set(CompletionRate, "%")
	}
	if done := w.done.prefix(text); h.unit == "%" && done != "" {
		if of := strings.TrimSuffix(text[len(done):], "的"); w.budget.has(of) {
			h.basis = unnumber(of)
			return set(CompletionRate, "%")
		}
	}
	if at := strings.Index(text, "占"); at >= 0 && (h.unit == "%" || w.share.has(text) || w.share.suffix(text[at+len("占"):]) != "" || strings.HasSuffix(text, "比") || strings.HasSuffix(text, "比例")) || w.share.has(text) {
		if at >= 0 {
			of := text[at+len("占"):]
			of = strings.TrimSuffix(of, w.share.suffix(of))
			for _, tail := range []string{"比例", "百分比", "比", "的"} {
				of = strings.TrimSuffix(of, tail)
			}
			h.basis = of
		}
		return set(Share, "%")
	}
	if w.compares(text) {
		h.basis = w.basisIn(text)
		h.falls = w.fallen(text)
		if h.unit == "%" || strings.ContainsAny(text, "率幅%") || strings.Contains(text, "比例") {
			return set(ChangeRate, "%")
		}
		return set(Change, "")
	}
	for _, role := range []struct {
		list    list
		measure Measure
	}{{w.budget, Budget}, {w.final, Final}} {
		word := role.list.suffix(text)
		if utf8.RuneCountInString(word) < 3 || !strings.HasSuffix(word, "数") && !strings.HasPrefix(word, "年初") && !strings.HasPrefix(word, "全年") && !strings.HasPrefix(word, "调整") {
			continue
		}
		if word == "决算数" || word == "预算数" || word == "执行数" || utf8.RuneCountInString(word) > 3 {
			h.rest = strings.TrimRight(strings.TrimSuffix(text, word), "的")
			set(role.measure, "")
			h.word = word
			return true
		}
	}
	return false
}

// unnumber is the name of a budget or final account without 数 at its end.
func unnumber(s string) string { return strings.TrimSuffix(s, "数") }

// roleOf is what a column with a head is for, 0 where the words do not tell.
func (w *Words) roleOf(text string) role {
	for _, kind := range []struct {
		list  list
		role  role
		parts bool
	}{
		{w.columnCodes, codes, false}, {w.columnOrders, orders, false}, {w.columnUnits, units, false}, {w.columnOperators, operators, false},
		{w.columnLevels, levels, false}, {w.columnNames, names, false}, {w.columnTexts, texts, false}, {w.columnReasons, reasons, true},
	} {
		if kind.list.has(text) || kind.parts && (kind.list.suffix(text) != "" || kind.list.prefix(text) != "") {
			return kind.role
		}
	}
	switch {
	case strings.HasSuffix(text, "编码") || strings.HasSuffix(text, "代码"):
		return codes
	case strings.HasSuffix(text, "科目名称"):
		return names
	}
	return 0
}

// compares reports whether a label is that of changes: 增减额, 比上年增长%.
func (w *Words) compares(text string) bool {
	rest := text
	if m := yearly.FindString(rest); m != "" {
		rest = rest[len(m):]
	}
	against := w.against.prefix(rest) != ""
	for _, l := range []list{w.either, w.up, w.down} {
		at, word := l.in(rest)
		if at < 0 || word == "" || !against && at > 0 {
			continue
		}
		tail := strings.TrimRight(rest[at+len(word):], "额率数值%幅度比例情况金")
		if tail == "" || w.up.has(strings.Trim(tail, "(/、或)")) || w.down.has(strings.Trim(tail, "(/、或)")) {
			return against || utf8.RuneCountInString(word) > 1
		}
	}
	return false
}

// fallen reports whether a label of changes says that they go down.
func (w *Words) fallen(text string) bool {
	if at, _ := w.either.in(text); at >= 0 {
		return false
	}
	up, _ := w.up.in(text)
	down, _ := w.down.in(text)
	return down >= 0 && up < 0
}

// basisIn is what a label compares with: 比2015年增减 has 2015年.
func (w *Words) basisIn(text string) string {
	_, word := w.against.in(text)
	if word == "" {
		return ""
	}
	_, rest, _ := strings.Cut(text, word)
	end := len(rest)
	for _, l := range []list{w.up, w.down, w.either, w.againstAfter} {
		if at, _ := l.in(rest); at >= 0 && at < end {
			end = at
		}
	}
	return unnumber(rest[:end])
}

// unitIn is the unit of amounts that a line gives: 单位：万元. "" for none.
func (w *Words) unitIn(s string) string {
	for _, word := range w.tableUnits {
		_, rest, ok := strings.Cut(s, word)
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, ":为是( ")
		rest = strings.TrimPrefix(rest, "人民币")
		if u := w.money.prefix(rest); u != "" && !hanAfter(rest[len(u):]) {
			return w.unitNamed(u)
		}
	}
	return ""
}

// unitNamed is the unit that a word is, "" when it is none.
func (w *Words) unitNamed(word string) string {
	switch word = strings.TrimSpace(word); word {
	case "":
		return ""
	case "万":
		return "万元"
	case "亿":
		return "亿元"
	case "百分比", "百分率", "百分数":
		return "%"
	case "人民币元":
		return "元"
	case "人民币万元":
		return "万元"
	}
	// (台,套)
	for _, word := range []string{word, strings.NewReplacer(",", "", "、", "").Replace(word)} {
		for _, l := range []list{w.money, w.percent, w.score, w.counts, w.points} {
			if l.has(word) {
				return unitName(word)
			}
		}
	}
	return ""
}

// hanAfter reports whether text begins with a Chinese character.
func hanAfter(s string) bool {
	first, size := utf8.DecodeRuneInString(s)
	return size > 0 && first >= 0x2e80
}
