package dataset

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/gouji/gouji/engine/number"
)

// Fold brings a text to the form in which texts are compared: NFKC, without surrounding space.
func Fold(s string) string {
	if folded(s) == len(s) {
		return s
	}
	return strings.TrimFunc(norm.NFKC.String(s), unicode.IsSpace)
}

// NameKey is a name as names are compared, without the sign 0, which may end it in a key of several parts.
func NameKey(s string) string { return strings.ReplaceAll(Fold(s), "\x00", " ") }

// folded is the length of the beginning of a text that Fold leaves as it is: letters, digits and signs of ASCII, and Chinese
// characters.
func folded(s string) int {
	i := 0
	for i < len(s) {
		switch c := s[i]; {
		case c > ' ' && c < 0x7F:
			i++
		// U+4000 to U+9FFF; what is not encoded as it must be ends it.
		case c >= 0xE4 && c <= 0xE9 && i+2 < len(s) && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80:
			i += 3
		default:
			return i
		}
	}
	return i
}

// nothings are texts that explain nothing.
var nothings = []string{"无", "没有", "略", "不适用", "n/a", "na", "none"}

// Explains reports whether a folded text says something: more than 无 or a bare number.
func Explains(folded string) bool {
	s := strings.TrimRight(strings.ToLower(folded), "。.;；,，、!！")
	for _, n := range nothings {
		if s == n {
			return false
		}
	}
	if p, err := number.Parse(s); err == nil {
		// What stands behind a bare number is a unit, short or known: 3人因公出国 says something.
		if _, known := units[p.Unit]; known || utf8.RuneCountInString(p.Unit) <= 2 {
			return false
		}
	}
	return strings.ContainsFunc(s, unicode.IsLetter)
}

// ParseDate reads a date with the precision it is written in: 2023, 2023年12月, 2023-12-31, also before 前, 底 or
// what happened then (2023年12月已完成). Of a span of time (2023年1月-2023年12月) it is the end. The number is yyyymmdd with absent parts 0; Scale is its digits: 4, 6 or 8.
func ParseDate(text string) (number.Number, bool) {
	s := Fold(text)
	if from, to := span(s); to != "" {
		if _, ok := parseDate(from); !ok {
			return number.Number{}, false
		}
		s = to
	}
	return parseDate(s)
}

func parseDate(s string) (number.Number, bool) {
	var parts [3]int
	n := 0
	for n < 3 {
		digits := 0
		for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
			digits++
		}
		if digits == 0 {
			break
		}
		if n == 0 && digits != 4 || n > 0 && digits > 2 {
			return number.Number{}, false
		}
		for _, c := range s[:digits] {
			parts[n] = parts[n]*10 + int(c-'0')
		}
		s = s[digits:]
		n++
		rest, separated := cutAny(s, [...][]string{{"年", "-", "/", ".", "、"}, {"月份", "月", "-", "/", "."}, {"日", "号"}}[n-1])
		s = rest
		if !separated {
			break
		}
	}
	month, day := parts[1], parts[2]
	switch {
	case n == 0, n > 1 && (month < 1 || month > 12), n > 2 && (day < 1 || day > daysIn(parts[0], month)):
		return number.Number{}, false
	case strings.ContainsAny(s, "0123456789"):
		return number.Number{}, false
	}
	return number.Number{Coef: int64(parts[0]*10000 + month*100 + day), Scale: uint8(2 + 2*n), Decimals: number.Exact}, true
}

// span cuts a span of time before the year of its end; to is empty when there is none.
func span(s string) (from, to string) {
	for i, r := range s {
		if !strings.ContainsRune("-~—–至", r) {
			continue
		}
		to := s[i+utf8.RuneLen(r):]
		if len(to) >= 4 && !strings.ContainsFunc(to[:4], func(r rune) bool { return r < '0' || r > '9' }) {
			return s[:i], to
		}
	}
	return s, ""
}

func cutAny(s string, prefixes []string) (string, bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return rest, true
		}
	}
	return s, false
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && year%100 != 0 || year%400 == 0 {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// CompareDates orders two dates at the coarser of their precisions.
func CompareDates(a, b number.Number) int {
	unit := int64(1)
	switch min(a.Scale, b.Scale) {
	case 4:
		unit = 10000
	case 6:
		unit = 100
	}
	x, y := a.Coef/unit, b.Coef/unit
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// Days is the number of days from one date to another, negative when the second is earlier; ok is false unless both
// name a day.
func Days(from, to number.Number) (days int64, ok bool) {
	if from.Scale != dayPrecision || to.Scale != dayPrecision {
		return 0, false
	}
	number := func(d number.Number) int64 {
		return time.Date(int(d.Coef/10000), time.Month(d.Coef/100%100), int(d.Coef%100), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
	}
	return number(to) - number(from), true
}

// dayPrecision is the scale of a date that names a day: its digits.
const dayPrecision = 8
