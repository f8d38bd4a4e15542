package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/number"
)

// kind says what a number counts.
type kind uint8

const (
	bare kind = iota + 1
	money
	percent
	points
	score
	count
)

// token is one number in folded text, [from, to) without sign and unit; end is where its unit ends.
type token struct {
	from, to, end int
	value         number.Decimal
	decimals      int
	unit          string
	kind          kind
	// figure: it may be a fact. The others are dates, ordinals, codes and limits, and part of the text around them.
	figure bool
	// minus: a minus sign stands before it. about: it is printed as not exact. joined: its unit stands behind the next
	// number.
	minus, about, joined bool
}

// tokens finds the numbers.
func (w *Words) tokens(s string) []token {
	var all []token
	for i := 0; i < len(s); {
		if !digit(rune(s[i])) {
			i++
			continue
		}
		t := token{from: i, to: numeral(s[i:]) + i}
		t.end = t.to
		if before, _ := utf8.DecodeLastRuneInString(s[:i]); code(s, &t) || letter(before) || before == '_' || before == '·' {
			all = append(all, t)
			i = t.end
			continue
		}
		p, err := number.Parse(s[t.from:t.to])
		t.value, t.decimals = p.Value(), p.Decimals
		w.unit(s, &t)
		t.figure = err == nil && w.figure(s, &t)
		if n := len(all); n > 0 {
			w.pair(s, &all[n-1], &t)
		}
		all = append(all, t)
		i = t.end
	}
	for i := len(all) - 2; i >= 0; i-- {
		w.shared(s, &all[i], &all[i+1])
	}
	return all
}

// numeral is the length of the number at the start of s: digits, in groups of three where commas part them, and decimals.
func numeral(s string) int {
	n := digits(s)
	if n <= 3 {
		for n < len(s) && s[n] == ',' && digits(s[n+1:]) == 3 {
			n += 4
		}
	}
	if n+1 < len(s) && s[n] == '.' && digits(s[n+1:]) > 0 && !(n <= 2 && year(s[n+1:])) {
		n += 1 + digits(s[n+1:])
	}
	return n
}

func digits(s string) int {
	n := 0
	for n < len(s) && digit(rune(s[n])) {
		n++
	}
	return n
}

// code takes in the rest of what is no number: 1.2.3, 51092T03, 023-45855004, 3:1.
func code(s string, t *token) bool {
	rest := s[t.to:]
	if len(rest) > 1 && (rest[0] == '.' || rest[0] == ':' || rest[0] == '/') && digit(rune(rest[1])) {
		t.end += 1 + digits(rest[1:])
		return true
	}
	if len(rest) > 7 && rest[0] == '-' && s[t.from] == '0' && t.to-t.from <= 4 && digits(rest[1:]) >= 7 {
		t.end += 1 + digits(rest[1:])
		return true
	}
	if rest == "" || !letter(rune(rest[0])) {
		return false
	}
	n := 0
	for n < len(rest) && (letter(rune(rest[n])) || digit(rune(rest[n]))) {
		n++
	}
	switch rest[:n] {
	case "m", "m2", "m3", "km", "kg", "TB", "GB", "MB", "Mbps", "kW", "kWh", "t":
		return false
	}
	t.end += n
	return true
}

// unit reads what stands behind the number.
func (w *Words) unit(s string, t *token) {
	rest := s[t.to:]
	skip := 0
	if m := w.more.prefix(rest); m != "" {
		t.about, skip = true, len(m)
	}
	longest := ""
	for _, kinds := range []struct {
		words list
		kind  kind
	}{{w.money, money}, {w.percent, percent}, {w.points, points}, {w.score, score}, {w.counts, count}, {w.limits, bare}, {w.dates, bare}} {
		if u := kinds.words.prefix(rest[skip:]); len(u) > len(longest) && len(w.notCounts.prefix(rest[skip:])) <= len(u) {
			longest, t.kind = u, kinds.kind
		}
	}
	if longest == "" {
		t.kind, t.about = bare, false
		return
	}
	t.unit, t.end = longest, t.to+skip+len(longest)
	switch t.unit {
	case "万", "亿":
		// 100万余元, 3万多名
		if m := w.more.prefix(s[t.end:]); m != "" {
			if u := list(append([]string{"元"}, w.counts...)).prefix(s[t.end+len(m):]); u != "" {
				t.about, t.unit, t.end = true, t.unit+u, t.end+len(m)+len(u)
				if u != "元" {
					t.kind = count
				}
				return
			}
		}
		if u := w.counts.prefix(s[t.end:]); u != "" && w.money.prefix(s[t.end:]) == "" {
			t.unit, t.kind, t.end = t.unit+u, count, t.end+len(u)
			return
		}
		t.unit += "元"
	case "元整", "万元整":
		t.unit = strings.TrimSuffix(t.unit, "整")
	}
}

// figure reports whether the number may be a fact, by what stands before and behind it.
func (w *Words) figure(s string, t *token) bool {
	before, after := s[:t.from], s[t.end:]
	if t.minus = strings.HasSuffix(before, "-"); t.minus {
		before = before[:len(before)-1]
	}
	if w.dates.has(t.unit) || w.limits.has(t.unit) {
		return t.unit == "年" && t.to-t.from <= 2 && w.lasting(before)
	}
	if w.idioms.prefix(s[t.from:]) != "" || strings.HasSuffix(before, "×") {
		return false
	}
	if w.limitsAfter.prefix(after) != "" {
		return false
	}
	if w.limitsBefore.suffix(before) != "" {
		return false
	}
	if o := w.ordinals.suffix(before); o != "" && !(t.kind == money || t.kind == percent) {
		return false
	}
	switch t.kind {
	case bare:
		named := strings.TrimRight(before, "为是达到:")
		if w.pointsWon.suffix(named) != "" || w.pointsFull.suffix(named) != "" {
			t.kind = score
			return true
		}
		ended := after == "" || strings.IndexAny(after, ",;。、)") == 0
		if t.decimals > 0 {
			return ended && hanBefore(before)
		}
		// 工程支出0, without a unit.
		if after != "" && ended && t.unit == "" && w.flows.suffix(named)+w.amounts.suffix(named) != "" {
			t.kind = money
			return true
		}
		return false
	case score:
		return !strings.HasSuffix(before, "时") && !strings.HasSuffix(before, "点")
	}
	if u := t.unit; u == "次" && strings.HasSuffix(before, "第") {
		return false
	}
	return true
}

// lasting reports whether a number of years that follows is a quantity.
func (w *Words) lasting(before string) bool {
	return strings.HasSuffix(before, "为") || strings.HasSuffix(before, "达") || strings.HasSuffix(before, "达到")
}

// pair tells ranges, which are no figures, and years that stand in a row, from two numbers.
func (w *Words) pair(s string, a, b *token) {
	between := s[a.end:b.from]
	if between == "" {
		return
	}
	r := w.ranges.suffix(between)
	if r == between && !(a.unit != "" && (r == "到" || r == "至") && w.from.suffix(s[:a.from]) != "") {
		a.figure, b.figure, b.minus = false, false, false
		return
	}
	if b.minus && strings.TrimRight(between, "-") == "" {
		b.minus = false
	}
}

// shared gives a number without a unit that of the next one: 各减少3.5、2.1万元.
func (w *Words) shared(s string, a, b *token) {
	if a.kind != bare || a.unit != "" || !b.figure || b.unit == "" {
		return
	}
	switch s[a.end:b.from] {
	case "、", ",", "和", "及", "与", "/":
		if w.ordinals.suffix(s[:a.from]) == "" && hanBefore(s[:a.from]) {
			a.unit, a.kind, a.figure, a.joined = b.unit, b.kind, true, true
		}
	}
}

// hanBefore reports whether text ends with a word and not with a stop or a number.
func hanBefore(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	return unicode.Is(unicode.Han, last) || last == ')' || last == '”' || last == ':' && len(s) > 1
}
