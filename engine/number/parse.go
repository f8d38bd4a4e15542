package number

import (
	"errors"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"golang.org/x/text/width"
)

// Printed is a figure as it was read.
type Printed struct {
	// Text is the figure as printed, without surrounding space.
	Text string
	// Number is the number, for a percent the one before the sign, unless it says Overflow.
	Number Number
	// Decimals counts the digits printed after the point.
	Decimals int
	// Percent: a percent sign follows.
	Percent bool
	// Blank: the cell is empty, or says so with -, — or /. It has no value then.
	Blank bool
	// Unit is what is printed behind the number: 元, 万元, 个.
	Unit string
	// wide is the number where Number says Overflow.
	wide Decimal
}

// Value is the number, of any size; for a percent the number before the sign.
func (p *Printed) Value() Decimal {
	if p.Number.Has(Overflow) {
		return p.wide
	}
	return p.Number.Decimal()
}

// The ways in which a text is no figure.
var (
	ErrNotANumber = errors.New("not a number")
	ErrSeparators = errors.New("thousand separators do not stand before every three digits")
	ErrTooLong    = errors.New("more than 64 digits")
	ErrTwoSigns   = errors.New("a negative number after a direction word")
)

const maxDigits = 64

// directions are the words before an amount of change; they give its sign. Longer words stand first.
var directions = []struct {
	word     string
	negative bool
}{
	{"增加", false}, {"增长", false}, {"上升", false}, {"提高", false}, {"增", false},
	{"减少", true}, {"下降", true}, {"降低", true}, {"减", true},
}

// Parse reads a figure as published: thousand separators, full-width digits and punctuation, a minus sign or
// parentheses for negative numbers, a direction word before the amount of a change (减少1,141.36 is negative),
// a percent sign or a unit behind. Blank cells and the strokes that stand for them are blank.
func Parse(text string) (Printed, error) {
	p := Printed{Text: text}
	if p.plain() {
		return p, nil
	}
	text = strings.TrimFunc(text, unicode.IsSpace)
	p = Printed{Text: text}
	s := fold(text)
	if p.Blank = IsBlank(s); p.Blank {
		return p, nil
	}
	return p, p.scan(s)
}

// plain reads the common forms and reports whether the text is one of these. It leaves all others, those with faults as
// well, to scan. What both read they read alike.
func (p *Printed) plain() bool {
	coef, scale, length := Scan(p.Text)
	if length == 0 {
		return false
	}
	percent := p.Text[length:] == "%"
	if length < len(p.Text) && !percent {
		return false
	}
	p.Number, p.Decimals, p.Percent = Number{Coef: coef, Scale: scale}, int(scale), percent
	return true
}

// Scan reads a figure of a common form at the beginning of a text: a number of at most 18 digits and separators, with a
// minus sign or a direction word before it. scale is the number of digits printed after the point. The length is that of what
// was read, 0 when the text begins with no such figure; what follows decides whether it is one.
func Scan(s string) (coef int64, scale uint8, length int) {
	at, negative := Sign(s)
	if at > 0 && (at == len(s) || s[at]-'0' > 9) {
		return 0, 0, 0
	}
	coef, scale, length = unsigned(s, at)
	if negative {
		coef = -coef
	}
	return coef, scale, length
}

// Sign is the length of the minus sign or the direction word that a text begins with, 0 for none, and whether it makes a number
// negative.
func Sign(s string) (length int, negative bool) {
	if strings.HasPrefix(s, "-") {
		return 1, true
	}
	return direction(s)
}

// unsigned reads the digits of a number that begins at an offset; end is 0 where there is none.
func unsigned(s string, i int) (coef int64, scale uint8, end int) {
	first, group, point := i, 0, -1
	for ; i < len(s); i++ {
		c := s[i]
		if c-'0' <= 9 {
			coef = coef*10 + int64(c-'0')
			continue
		}
		if c == '.' && point < 0 && i > first && (group == 0 || i-group == 4) {
			point = i
			continue
		}
		if c == ',' && point < 0 && (group > 0 && i-group == 4 || group == 0 && i > first && i-first <= 3) {
			group = i
			continue
		}
		break
	}
	if i-first > maxScale || i == first || point < 0 && group > 0 && i-group != 4 {
		return 0, 0, 0
	}
	if point >= 0 {
		scale = uint8(i - point - 1)
	}
	return coef, scale, i
}

// direction is the length of the direction word that a text begins with, 0 for none, and its sign.
func direction(s string) (length int, negative bool) {
	if s == "" || s[0] < utf8.RuneSelf {
		return 0, false
	}
	for _, d := range directions {
		if strings.HasPrefix(s, d.word) {
			return len(d.word), d.negative
		}
	}
	return 0, false
}

// IsBlank reports whether a cell is blank: it is empty, or holds strokes alone or one slash.
func IsBlank(text string) bool {
	s := strings.TrimFunc(text, unicode.IsSpace)
	return s == "/" || s == "／" || strings.Trim(s, "-－—–―−‐‑─") == ""
}

// Directed reports whether a printed figure begins with a direction word, as the amount of a change does.
func Directed(text string) bool {
	length, _ := direction(strings.TrimSpace(text))
	return length > 0
}

// fold makes full-width forms narrow, so that one spelling remains of each digit and sign.
func fold(s string) string { return width.Fold.String(s) }

func (p *Printed) scan(s string) error {
	word, negative := direction(s)
	worded := word > 0
	if worded {
		s = strings.TrimSpace(s[word:])
	}
	sign := ""
	for _, c := range []string{"-", "−", "+"} {
		if rest, ok := strings.CutPrefix(s, c); ok {
			s, sign = strings.TrimSpace(rest), c
			break
		}
	}
	signed := sign != "" && sign != "+"
	if inner, ok := strings.CutPrefix(s, "("); ok {
		inner, behind, closed := strings.Cut(inner, ")")
		// A unit or a percent sign stands either within the brackets or behind them, and never more of the number: (1)2
		// is no −12.
		const numeric = "0123456789.,"
		if !closed || sign != "" || behind != "" && (strings.Contains(numeric+"eE", behind[:1]) || strings.TrimRight(inner, numeric) != "") {
			return ErrNotANumber
		}
		s, signed = inner+behind, true
	}
	if signed && worded {
		return ErrTwoSigns
	}
	end := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.,", r) })
	body, rest := s, ""
	if end >= 0 {
		body, rest = s[:end], s[end:]
	}
	exp := 0
	if rest != "" && (rest[0] == 'e' || rest[0] == 'E') {
		var err error
		if exp, rest, err = exponent(rest[1:]); err != nil {
			return err
		}
	}
	rest = strings.TrimSpace(rest)
	if after, ok := strings.CutPrefix(rest, "%"); ok {
		p.Percent, rest = true, strings.TrimSpace(after)
	}
	if strings.ContainsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) }) || p.Percent && rest != "" {
		return ErrNotANumber
	}
	p.Unit = rest
	return p.digits(body, exp, negative != signed)
}

// exponent reads the power of ten of a number such as 1.5e3, a form that JSON allows.
func exponent(s string) (exp int, rest string, err error) {
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	i := 0
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		if exp = exp*10 + int(s[i]-'0'); exp > maxDigits {
			return 0, "", ErrTooLong
		}
	}
	if i == 0 {
		return 0, "", ErrNotANumber
	}
	if negative {
		exp = -exp
	}
	return exp, s[i:], nil
}

func (p *Printed) digits(body string, exp int, negative bool) error {
	whole, fraction, _ := strings.Cut(body, ".")
	if strings.ContainsAny(fraction, ".,") || len(body) == 0 || body == "." {
		return ErrNotANumber
	}
	if strings.Contains(whole, ",") {
		groups := strings.Split(whole, ",")
		for i, g := range groups {
			if len(g) != 3 && (i > 0 || len(g) == 0 || len(g) > 3) {
				return ErrSeparators
			}
		}
		whole = strings.Join(groups, "")
	}
	if len(whole)+len(fraction) > maxDigits || len(whole)+exp > maxDigits || len(fraction)-exp > maxDigits {
		return ErrTooLong
	}
	coef, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok {
		return ErrNotANumber
	}
	if negative {
		coef.Neg(coef)
	}
	p.Decimals = max(len(fraction)-exp, 0)
	p.wide = decimal.NewFromBigInt(coef, int32(exp-len(fraction)))
	p.Number = Of(p.wide, 0)
	return nil
}

// ParseLiteral reads a number as expressions write it: digits with an optional point, exponent and underscores.
func ParseLiteral(text string) (Decimal, error) {
	p, err := Parse(strings.ReplaceAll(text, "_", ""))
	switch {
	case err != nil:
		return Decimal{}, err
	case p.Blank || p.Percent || p.Unit != "":
		return Decimal{}, ErrNotANumber
	}
	return p.Value(), nil
}

// Format writes x with all its digits when it ends within d decimals, else cut at d decimals with … behind.
func Format(x Rat, d int) string {
	d = max(d, 0)
	scaled := x.Mul(Pow10(d))
	if !scaled.IsInt() {
		return fixed(scaled.Trunc(), d, x.Sign() < 0) + "…"
	}
	s := fixed(scaled, d, x.Sign() < 0)
	if d > 0 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// FormatFixed writes x with at least d decimals when it ends within most decimals, else cut there with … behind.
func FormatFixed(x Rat, d, most int) string {
	d, most = max(d, 0), max(most, 0)
	if scaled := x.Mul(Pow10(d)); scaled.IsInt() {
		return fixed(scaled, d, x.Sign() < 0)
	}
	return Format(x, most)
}

// fixed writes a whole number with a point before the last d digits.
func fixed(x Rat, d int, negative bool) string {
	s := x.whole()
	if len(s) <= d {
		s = strings.Repeat("0", d+1-len(s)) + s
	}
	if d > 0 {
		s = s[:len(s)-d] + "." + s[len(s)-d:]
	}
	if negative {
		s = "-" + s
	}
	return s
}
