// Package numfmt shows numbers as the number formats of office files say, exactly, from the digits that a file holds.
//
// It knows what Chinese programs show for the formats that files name by a number alone. Fractions and powers of ten are
// no plain decimals and are shown with the digits that count.
package numfmt

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gouji/gouji/engine/number"
)

// Builtin are the number formats that every workbook knows, as a Chinese program shows them.
var Builtin = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
	5: `"¥"#,##0;"¥"\-#,##0`, 6: `"¥"#,##0;"¥"\-#,##0`, 7: `"¥"#,##0.00;"¥"\-#,##0.00`, 8: `"¥"#,##0.00;"¥"\-#,##0.00`,
	9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m-d-yy", 31: `yyyy"年"m"月"d"日"`, 32: `h"时"mm"分"`, 33: `h"时"mm"分"ss"秒"`,
	34: `上午/下午h"时"mm"分"`, 35: `上午/下午h"时"mm"分"ss"秒"`, 36: `yyyy"年"m"月"`,
	37: `#,##0;\-#,##0`, 38: `#,##0;\-#,##0`, 39: `#,##0.00;\-#,##0.00`, 40: `#,##0.00;\-#,##0.00`,
	41: `_ * #,##0_ ;_ * \-#,##0_ ;_ * "-"_ ;_ @_ `, 42: `_ "¥"* #,##0_ ;_ "¥"* \-#,##0_ ;_ "¥"* "-"_ ;_ @_ `,
	43: `_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ `, 44: `_ "¥"* #,##0.00_ ;_ "¥"* \-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ `,
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0", 49: "@",
	50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`, 54: `m"月"d"日"`, 55: `上午/下午h"时"mm"分"`,
	56: `上午/下午h"时"mm"分"ss"秒"`, 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

// Format is a number format. The zero Format is General.
type Format struct{ sections []section }

// section is what a format says for some numbers: all, those below zero, zeros, or those that satisfy a condition.
type section struct {
	parts []part
	// test is a comparison with limit: "", < <= > >= = <>.
	test  string
	limit number.Decimal
	// date: the parts make a date of the number. text: they are for text.
	date, text bool
	// whole and decimals count the places for digits before and behind the point; scale is the power of ten that the
	// number is shown in, 2 for percent. exponent: the number is shown as a power of ten, or in another way that is no
	// plain decimal.
	whole, decimals, scale int
	grouped, exponent      bool
}

// kind says what a part of a section is.
type kind uint8

const (
	literal kind = iota
	digit        // a place for a digit: 0 # ?
	point
	general
	text
	date // letters of a date or time
	skip
)

type part struct {
	kind kind
	s    string
}

// Parse reads the code of a number format, as in #,##0.00;[Red]-#,##0.00.
func Parse(code string) Format {
	var f Format
	for more := code != ""; more && len(f.sections) < 4; {
		var s section
		s, code, more = parseSection(code)
		f.sections = append(f.sections, s)
	}
	return f
}

// parseSection reads the section that code begins with, and gives what is behind its semicolon, where it has one.
func parseSection(code string) (s section, rest string, more bool) {
	commas, pointed, percents := 0, false, 0
	add := func(k kind, text string) { s.parts = append(s.parts, part{k, text}) }
	for code != "" {
		c, size := utf8.DecodeRuneInString(code)
		switch {
		case c == ';':
			code, rest, more = "", code[1:], true
			continue
		case c == '"':
			quoted, after, _ := strings.Cut(code[1:], `"`)
			add(literal, quoted)
			code = after
			continue
		case c == '[':
			inside, after, _ := strings.Cut(code[1:], "]")
			s.bracket(inside, add)
			code = after
			continue
		case strings.ContainsRune(`\!_*`, c):
			next, n := utf8.DecodeRuneInString(code[size:])
			switch {
			case n == 0:
			case c == '_':
				add(literal, " ")
			case c != '*':
				add(literal, string(next))
			}
			size += n
		case len(code) >= 7 && strings.EqualFold(code[:7], "General"):
			add(general, "")
			size = 7
		case c == '0' || c == '#' || c == '?':
			if commas > 0 && s.whole > 0 && !pointed {
				s.grouped = true
			}
			commas = 0
			add(digit, string(c))
			if pointed {
				s.decimals++
			} else {
				s.whole++
			}
		case c == '.' && !pointed && !s.date:
			pointed = true
			// Commas behind the last digit before the point divide by a thousand each.
			s.scale -= 3 * commas
			commas = 0
			add(point, ".")
		case c == ',' && s.whole+s.decimals > 0:
			commas++
		case c == '%':
			percents++
			add(literal, "%")
		case (c == 'E' || c == 'e') && len(code) > 1 && (code[1] == '+' || code[1] == '-') && s.whole+s.decimals > 0:
			s.exponent = true
			size = 2
		case c == '/' && s.whole > 0:
			s.exponent = true
		case c == '@':
			s.text = true
			add(text, "")
		case strings.HasPrefix(code, "上午/下午"):
			s.date, size = true, len("上午/下午")
			add(date, "上午/下午")
		case len(code) >= 5 && strings.EqualFold(code[:5], "AM/PM"):
			s.date, size = true, 5
			add(date, "AM/PM")
		case strings.ContainsRune("yYmMdDhHsSeEgG", c):
			size = len(code) - len(strings.TrimLeft(code, strings.ToLower(string(c))+strings.ToUpper(string(c))))
			s.date = true
			add(date, strings.ToLower(code[:size]))
		default:
			add(literal, string(c))
		}
		code = code[size:]
	}
	s.scale += 2*percents - 3*commas
	return s, rest, more
}

// bracket reads what stands between brackets: a condition, a currency, a time that passes the day. Colours, languages and
// ways to write digits change nothing here.
func (s *section) bracket(inside string, add func(kind, string)) {
	if symbol, ok := strings.CutPrefix(inside, "$"); ok {
		symbol, _, _ = strings.Cut(symbol, "-")
		add(literal, symbol)
		return
	}
	if n := len(inside) - len(strings.TrimLeft(inside, "<>=")); n > 0 {
		if limit, err := number.ParseLiteral(inside[n:]); err == nil {
			s.test, s.limit = inside[:n], limit
		}
		return
	}
	if lower := strings.ToLower(inside); lower != "" && (strings.Trim(lower, "h") == "" || strings.Trim(lower, "m") == "" || strings.Trim(lower, "s") == "") {
		s.date = true
		add(date, "["+lower[:1])
	}
}

func (s *section) holds(v number.Decimal) bool {
	c := v.Cmp(s.limit)
	switch s.test {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "=":
		return c == 0
	case "<>":
		return c != 0
	}
	return false
}

// section is what the format says for a number, nil where it says nothing. unsigned: the section shows the sign itself.
func (f Format) section(v number.Decimal) (s *section, unsigned bool) {
	numbers := f.sections
	if n := len(numbers); n == 4 || n > 0 && numbers[n-1].text {
		numbers = numbers[:n-1]
	}
	if len(numbers) == 0 {
		return nil, false
	}
	tested := false
	for i := range numbers[:min(len(numbers), 2)] {
		if s := &numbers[i]; s.test != "" {
			if tested = true; s.holds(v) {
				return s, i == 1 || strings.HasPrefix(s.test, "<") && s.limit.Sign() <= 0
			}
		}
	}
	switch {
	case tested && numbers[0].test == "":
		return &numbers[0], false
	case tested:
		return &numbers[len(numbers)-1], len(numbers) == 2 && v.IsNegative()
	case len(numbers) > 2 && v.IsZero():
		return &numbers[2], true
	case len(numbers) > 1 && v.IsNegative():
		return &numbers[1], true
	}
	return &numbers[0], false
}

// Text is how the format shows text.
func (f Format) Text(s string) string {
	n := len(f.sections)
	if n == 0 || n < 4 && !f.sections[n-1].text {
		return s
	}
	var out strings.Builder
	for _, p := range f.sections[n-1].parts {
		switch p.kind {
		case text, general:
			out.WriteString(s)
		case literal:
			out.WriteString(p.s)
		}
	}
	return strings.Trim(out.String(), " ")
}

// Digits are how many digits of a number office programs count; what stands behind them in a file is only the trace of how
// computers hold numbers.
const Digits = 15

// Read reads a number as files store it; ok is false where it is none.
func Read(stored string) (v number.Decimal, ok bool) {
	v, err := number.ParseLiteral(stored)
	if err != nil || strings.Trim(stored, "+-0123456789.eE") != "" {
		return v, false
	}
	return significant(v, Digits), true
}

// Number is how the format shows a number, and the exact number in the same unit: that of a percentage is counted in
// percent. exact is "" where what is shown is no plain decimal. epoch1904: days are counted from 1904.
func (f Format) Number(v number.Decimal, epoch1904 bool) (shown, exact string) {
	s, unsigned := f.section(v)
	if s == nil {
		return plain(v), v.String()
	}
	if s.date {
		return s.calendar(v, epoch1904), ""
	}
	v = v.Shift(int32(s.scale))
	if s.exponent {
		return scientific(v.Shift(int32(-s.scale)), Digits), v.String()
	}
	exact = v.String()
	sign := ""
	if v.IsNegative() && !unsigned {
		sign = "-"
	}
	rounded := v.Abs().Round(int32(s.decimals))
	whole, fraction, _ := strings.Cut(rounded.StringFixed(int32(s.decimals)), ".")
	digits := s.fill(strings.TrimLeft(whole, "0"))
	var out strings.Builder
	behind := false
	places := 0
	for _, p := range s.parts {
		switch p.kind {
		case literal:
			if places > 0 && places < s.whole && strings.TrimSpace(p.s) != "" {
				exact = ""
			}
			out.WriteString(p.s)
		case general:
			out.WriteString(plain(v.Abs()))
		case point:
			behind = true
			if strings.TrimRight(s.fraction(fraction), " ") != "" {
				out.WriteString(".")
			}
			out.WriteString(s.fraction(fraction))
		case digit:
			if !behind {
				out.WriteString(digits[places])
				places++
			}
		}
	}
	shown = strings.Trim(out.String(), " ")
	if shown == "" {
		return "", exact
	}
	return sign + shown, exact
}

// fill says what stands at each place for a digit before the point.
func (s *section) fill(whole string) []string {
	var codes []byte
	for _, p := range s.parts {
		if p.kind == point {
			break
		}
		if p.kind == digit {
			codes = append(codes, p.s[0])
		}
	}
	out := make([]string, len(codes))
	for i := range codes {
		at := len(whole) - (len(codes) - i)
		switch {
		case at >= 0:
			out[i] = whole[at : at+1]
		case codes[i] == '0':
			out[i] = "0"
		case codes[i] == '?':
			out[i] = " "
		}
		if more := len(whole) - len(codes); i == 0 && more > 0 {
			// The first place takes all digits that have none.
			out[0] = whole[:more] + out[0]
		}
		if !s.grouped {
			continue
		}
		// The digits of this place are followed by right others.
		right := len(codes) - i - 1
		grouped := ""
		for k := len(out[i]) - 1; k >= 0; k-- {
			if behind := right + len(out[i]) - 1 - k; behind > 0 && behind%3 == 0 && out[i][k] != ' ' {
				grouped = "," + grouped
			}
			grouped = out[i][k:k+1] + grouped
		}
		out[i] = grouped
	}
	return out
}

// fraction says what stands behind the point.
func (s *section) fraction(digits string) string {
	var codes []byte
	behind := false
	for _, p := range s.parts {
		behind = behind || p.kind == point
		if behind && p.kind == digit {
			codes = append(codes, p.s[0])
		}
	}
	out := []byte(digits)
	for i := len(out) - 1; i >= 0 && out[i] == '0' && i < len(codes) && codes[i] != '0'; i-- {
		out = out[:i]
	}
	return string(out)
}

// plain is a number without a format: as many digits as eleven characters hold, and all before the point.
func plain(v number.Decimal) string {
	if !v.IsZero() && v.Abs().Shift(9).IntPart() == 0 {
		return scientific(v, 6)
	}
	whole := len(v.Abs().Truncate(0).String())
	return v.Round(int32(max(10-whole, 0))).String()
}

// scientific is a number as a power of ten, with at most so many digits.
func scientific(v number.Decimal, digits int) string {
	if v.IsZero() {
		return "0"
	}
	v = significant(v, digits)
	coefficient := v.Coefficient().String()
	sign := ""
	if coefficient[0] == '-' {
		sign, coefficient = "-", coefficient[1:]
	}
	exponent := int(v.Exponent()) + len(coefficient) - 1
	mantissa := strings.TrimRight(coefficient[:1]+"."+coefficient[1:], "0")
	out := sign + strings.TrimSuffix(mantissa, ".") + "E"
	if exponent < 0 {
		out += "-"
		exponent = -exponent
	} else {
		out += "+"
	}
	if exponent < 10 {
		out += "0"
	}
	return out + strconv.Itoa(exponent)
}

// significant rounds a number to so many digits.
func significant(v number.Decimal, digits int) number.Decimal {
	if n := v.NumDigits(); n > digits {
		return v.Round(int32(digits) - int32(n) - v.Exponent())
	}
	return v
}
