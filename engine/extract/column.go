package extract

import (
	"strings"
	"unicode/utf8"
)

// role is what the cells of a column are for.
type role uint8

const (
	// figures: numbers of the row's name, measured as the column's head says.
	figures role = iota + 1
	// names tell the rows apart, levels stand before them; codes are those of accounts.
	names
	levels
	codes
	orders
	units
	operators
	reasons
	texts
)

// column is a column of a table, as its heads describe it.
type column struct {
	role role
	// head are the heads above it, outermost first; plain: they say no more than that figures stand below.
	head  []string
	plain bool
	// measure and basis are what its figures are; unit is what the heads say, "" for nothing.
	measure     Measure
	basis, unit string
	// word is the head that made it so.
	word string
}

// column describes a column by its heads, outermost first.
func (w *Words) column(heads []string) column {
	c := column{role: figures, head: heads, measure: Value}
	if len(heads) == 0 {
		return column{}
	}
	last := heads[len(heads)-1]
	for _, h := range heads {
		if u := w.unitIn(h); u != "" {
			c.unit = u
		}
	}
	text, folded := w.unbracketed(last), w.Fold(last)
	c.word = text
	for _, kind := range []struct {
		list list
		role role
	}{
		{w.columnCodes, codes}, {w.columnOrders, orders}, {w.columnUnits, units}, {w.columnOperators, operators}, {w.columnLevels, levels},
		{w.columnNames, names}, {w.columnTexts, texts}, {w.columnReasons, reasons},
	} {
		if kind.list.has(text) || kind.role == reasons && (kind.list.suffix(text) != "" || kind.list.prefix(text) != "") {
			c.role = kind.role
			return c
		}
	}
	switch {
	case w.columnTargets.has(text):
		c.measure = Target
	case w.columnActuals.has(text):
		c.measure = Actual
	case w.pointsFull.has(text):
		c.measure, c.unit = Weight, "分"
	case w.pointsWon.has(text):
		c.measure, c.unit = Score, "分"
	case w.completion.suffix(text) != "":
		c.measure, c.unit = CompletionRate, "%"
	case strings.Contains(text, "占") && (c.unit == "%" || w.share.suffix(text) != "" || strings.Contains(text, "比")):
		c.measure, c.unit = Share, "%"
		if _, of, ok := strings.Cut(text, "占"); ok {
			c.basis = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(of, "比重"), "比"), "的")
		}
	case w.compares(text):
		c.measure = Change
		if c.unit == "%" || strings.ContainsAny(text, "率幅%") || strings.Contains(text, "比例") {
			c.measure, c.unit = ChangeRate, "%"
		}
		c.basis = w.basisIn(text)
	case w.budget.has(text) || w.budget.suffix(text) != "" && utf8.RuneCountInString(text) <= 8:
		c.measure = Budget
	case w.final.has(text):
		c.measure = Final
	}
	c.plain = w.columnPlain.has(text) || w.columnPlain.has(folded) || c.measure != Value
	return c
}

// compares reports whether a head or a row's name is that of changes.
func (w *Words) compares(text string) bool {
	for _, l := range []list{w.up, w.down, w.either} {
		for _, word := range l {
			if len(word) > len("增") && strings.Contains(text, word) && !w.columnPlain.has(word) {
				return true
			}
		}
	}
	return false
}

// basisIn is what a head compares with: 比2015年增减% has 2015年.
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
	return rest[:end]
}

// unbracketed is a head as it is compared: folded, without spaces and what stands in brackets.
func (w *Words) unbracketed(s string) string {
	s = strings.Join(strings.Fields(w.Fold(s)), "")
	for {
		open := strings.IndexByte(s, '(')
		close := strings.IndexByte(s, ')')
		if open < 0 || close < open {
			return s
		}
		s = s[:open] + s[close+1:]
	}
}

// unitIn is the unit that a head holds in brackets or says with 单位：, "" for none.
func (w *Words) unitIn(head string) string {
	s := strings.Join(strings.Fields(w.Fold(head)), "")
	for rest := s; ; {
		open := strings.IndexByte(rest, '(')
		close := strings.IndexByte(rest, ')')
		if open < 0 || close < open {
			break
		}
		if u := w.unitNamed(rest[open+1 : close]); u != "" {
			return u
		}
		rest = rest[close+1:]
	}
	for _, word := range w.tableUnits {
		if _, u, ok := strings.Cut(s, word+":"); ok {
			return w.unitNamed(w.money.prefix(u))
		}
	}
	if strings.HasSuffix(s, "%") {
		return "%"
	}
	return ""
}

// unitNamed is the unit that a word is, "" when it is none.
func (w *Words) unitNamed(word string) string {
	word = strings.TrimSpace(word)
	for _, l := range []list{w.money, w.percent, w.score, w.counts, w.points} {
		if l.has(word) {
			switch word {
			case "万":
				return "万元"
			case "亿":
				return "亿元"
			}
			return unitName(word)
		}
	}
	return ""
}
