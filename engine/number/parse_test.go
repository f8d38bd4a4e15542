package number_test

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/gouji/gouji/engine/number"
)

// printed is what Parse says, with the value as text.
type printed struct {
	Value    string
	Decimals int
	Percent  bool
	Blank    bool
	Unit     string
}

func TestParse(t *testing.T) {
	sixtyFour := strings.Repeat("9", 64)
	tests := []struct {
		text string
		want printed
		err  error
	}{
		{"867.01", printed{Value: "867.01", Decimals: 2}, nil},
		{"867.00", printed{Value: "867", Decimals: 2}, nil},
		{"8", printed{Value: "8"}, nil},
		{"007", printed{Value: "7"}, nil},
		{".5", printed{Value: "0.5", Decimals: 1}, nil},
		{"5.", printed{Value: "5"}, nil},
		{"0.00", printed{Value: "0", Decimals: 2}, nil},
		{"-0.00", printed{Value: "0", Decimals: 2}, nil},
		{"+3.5", printed{Value: "3.5", Decimals: 1}, nil},
		{"  12.5　", printed{Value: "12.5", Decimals: 1}, nil},
		{"\u00a012.5\u00a0", printed{Value: "12.5", Decimals: 1}, nil},

		// Thousand separators.
		{"2,008.37", printed{Value: "2008.37", Decimals: 2}, nil},
		{"1,234,567", printed{Value: "1234567"}, nil},
		{"12,345", printed{Value: "12345"}, nil},
		{"1,23", printed{}, number.ErrSeparators},
		{"1234,567", printed{}, number.ErrSeparators},
		{"1,2345", printed{}, number.ErrSeparators},
		{",123", printed{}, number.ErrSeparators},
		{"1,,234", printed{}, number.ErrSeparators},
		{"1,234,", printed{}, number.ErrSeparators},
		{",", printed{}, number.ErrSeparators},
		{"1.234,567", printed{}, number.ErrNotANumber},

		// Full-width digits and punctuation.
		{"１，２３４．５６", printed{Value: "1234.56", Decimals: 2}, nil},
		{"－５６．８３％", printed{Value: "-56.83", Decimals: 2, Percent: true}, nil},
		{"＋７", printed{Value: "7"}, nil},
		{"（１．２３）", printed{Value: "-1.23", Decimals: 2}, nil},

		// Signs.
		{"-1.23", printed{Value: "-1.23", Decimals: 2}, nil},
		{"−1.23", printed{Value: "-1.23", Decimals: 2}, nil},
		{"- 1.23", printed{Value: "-1.23", Decimals: 2}, nil},
		{"(1.23)", printed{Value: "-1.23", Decimals: 2}, nil},
		{"(1,234.50)", printed{Value: "-1234.5", Decimals: 2}, nil},
		{"(5%)", printed{Value: "-5", Percent: true}, nil},
		{"(5)%", printed{Value: "-5", Percent: true}, nil},
		{"(361)元", printed{Value: "-361", Unit: "元"}, nil},
		{"--1", printed{}, number.ErrNotANumber},
		{"-(1)", printed{}, number.ErrNotANumber},
		{"+(1)", printed{}, number.ErrNotANumber},
		{"(1", printed{}, number.ErrNotANumber},
		{"1)", printed{}, number.ErrNotANumber},
		{"()", printed{}, number.ErrNotANumber},
		{"((1))", printed{}, number.ErrNotANumber},
		{"(1)2", printed{}, number.ErrNotANumber},
		{"(1).5", printed{}, number.ErrNotANumber},
		{"(1)e3", printed{}, number.ErrNotANumber},
		{"(1万)元", printed{}, number.ErrNotANumber},

		// Direction words give the sign of a change.
		{"减少1,141.36", printed{Value: "-1141.36", Decimals: 2}, nil},
		{"减少 1,141.36万元", printed{Value: "-1141.36", Decimals: 2, Unit: "万元"}, nil},
		{"增加0.00", printed{Value: "0", Decimals: 2}, nil},
		{"增长12.5%", printed{Value: "12.5", Decimals: 1, Percent: true}, nil},
		{"上升3", printed{Value: "3"}, nil},
		{"提高3", printed{Value: "3"}, nil},
		{"增3", printed{Value: "3"}, nil},
		{"下降12.5%", printed{Value: "-12.5", Decimals: 1, Percent: true}, nil},
		{"降低3", printed{Value: "-3"}, nil},
		{"减3", printed{Value: "-3"}, nil},
		{"减少-3", printed{}, number.ErrTwoSigns},
		{"增加-3", printed{}, number.ErrTwoSigns},
		{"减少(3)", printed{}, number.ErrTwoSigns},
		{"减少", printed{}, number.ErrNotANumber},
		{"增加减少3", printed{}, number.ErrNotANumber},

		// Percents and units.
		{"56.83%", printed{Value: "56.83", Decimals: 2, Percent: true}, nil},
		{"56.83 ％", printed{Value: "56.83", Decimals: 2, Percent: true}, nil},
		{"361元", printed{Value: "361", Unit: "元"}, nil},
		{"3 个", printed{Value: "3", Unit: "个"}, nil},
		{"20 EUR", printed{Value: "20", Unit: "EUR"}, nil},
		{"5%个", printed{}, number.ErrNotANumber},
		{"5%%", printed{}, number.ErrNotANumber},
		{"5‰", printed{}, number.ErrNotANumber},
		{"%", printed{}, number.ErrNotANumber},
		{"元", printed{}, number.ErrNotANumber},
		{"约3", printed{}, number.ErrNotANumber},
		{"3元5", printed{}, number.ErrNotANumber},
		{"5元/人", printed{}, number.ErrNotANumber},
		{"1 000", printed{}, number.ErrNotANumber},
		{"1.2.3", printed{}, number.ErrNotANumber},
		{".", printed{}, number.ErrNotANumber},
		{"0x10", printed{}, number.ErrNotANumber},
		{"NaN", printed{}, number.ErrNotANumber},
		{"Inf", printed{}, number.ErrNotANumber},
		{"三", printed{}, number.ErrNotANumber},
		{"٣", printed{}, number.ErrNotANumber},

		// Blanks.
		{"", printed{Blank: true}, nil}, {" \t　", printed{Blank: true}, nil},
		{"-", printed{Blank: true}, nil}, {"－", printed{Blank: true}, nil}, {"—", printed{Blank: true}, nil},
		{"——", printed{Blank: true}, nil}, {"--", printed{Blank: true}, nil}, {"/", printed{Blank: true}, nil},
		{"／", printed{Blank: true}, nil}, {"–", printed{Blank: true}, nil}, {"−", printed{Blank: true}, nil},

		// Exponents, as JSON has them.
		{"1.5e3", printed{Value: "1500"}, nil},
		{"1.5E+3", printed{Value: "1500"}, nil},
		{"1.25e1", printed{Value: "12.5", Decimals: 1}, nil},
		{"15e-3", printed{Value: "0.015", Decimals: 3}, nil},
		{"1e", printed{}, number.ErrNotANumber},
		{"1e+", printed{}, number.ErrNotANumber},
		{"1e--5", printed{}, number.ErrNotANumber},
		{"1e+-5", printed{}, number.ErrNotANumber},
		{"1e0.5", printed{}, number.ErrNotANumber},
		{"1e65", printed{}, number.ErrTooLong},
		{"1e-65", printed{}, number.ErrTooLong},
		{"1e99999999999999999999", printed{}, number.ErrTooLong},

		// Absurd lengths.
		{sixtyFour, printed{Value: sixtyFour}, nil},
		{"9" + sixtyFour, printed{}, number.ErrTooLong},
		{sixtyFour[:32] + "." + sixtyFour[:32], printed{Value: sixtyFour[:32] + "." + sixtyFour[:32], Decimals: 32}, nil},
		{sixtyFour[:32] + "." + sixtyFour[:33], printed{}, number.ErrTooLong},
		{sixtyFour + "e1", printed{}, number.ErrTooLong},
		{"." + sixtyFour + "e-1", printed{}, number.ErrTooLong},
		{"." + sixtyFour + "e-64", printed{}, number.ErrTooLong},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			p, err := number.Parse(tt.text)
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Fatalf("the error is %v, want %v", err, tt.err)
			}
			if err != nil {
				return
			}
			got := printed{Decimals: p.Decimals, Percent: p.Percent, Blank: p.Blank, Unit: p.Unit}
			if !p.Blank {
				got.Value = p.Value().String()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDirected(t *testing.T) {
	for text, want := range map[string]bool{
		"减少1,141.36": true, " 增加0.00": true, "降低 3": true, "3": false, "-3": false, "": false, "比上年减少3": false,
	} {
		if got := number.Directed(text); got != want {
			t.Errorf("Directed(%q) = %t", text, got)
		}
	}
}

func TestParseLiteral(t *testing.T) {
	for text, want := range map[string]string{
		"0.1": "0.1", "1_000": "1000", "1.50": "1.5", ".5": "0.5", "2e3": "2000", "9007199254740993": "9007199254740993",
		"0.1000000000000000055511151231257827": "0.1000000000000000055511151231257827",
	} {
		d, err := number.ParseLiteral(text)
		if err != nil || d.String() != want {
			t.Errorf("%s is %s, %v; want %s", text, d, err, want)
		}
	}
	for _, text := range []string{"", "-", "5%", "5元", "0x10", "0b1", "0o7", "1e400", "_"} {
		if d, err := number.ParseLiteral(text); err == nil {
			t.Errorf("%q is %s", text, d)
		}
	}
}

func TestFormat(t *testing.T) {
	tests := []struct {
		x    string
		d    int
		want string
	}{
		{"867", 2, "867"}, {"867.1", 2, "867.1"}, {"867.12", 2, "867.12"}, {"867.125", 2, "867.12…"},
		{"2/3", 4, "0.6666…"}, {"-2/3", 4, "-0.6666…"}, {"1/300", 2, "0.00…"}, {"-1/300", 2, "-0.00…"},
		{"1/3", 0, "0…"}, {"1200", 0, "1200"}, {"5/2", -3, "2…"}, {"0", 3, "0"},
	}
	for _, tt := range tests {
		x, _ := new(big.Rat).SetString(tt.x)
		if got := number.Format(number.RatOfBig(x), tt.d); got != tt.want {
			t.Errorf("Format(%s, %d) = %s, want %s", tt.x, tt.d, got, tt.want)
		}
	}
}

func TestFormatFixed(t *testing.T) {
	tests := []struct {
		x       string
		d, most int
		want    string
	}{
		{"867", 2, 6, "867.00"}, {"867.1", 2, 6, "867.10"}, {"867.125", 2, 6, "867.125"}, {"-0.01", 2, 6, "-0.01"},
		{"2/3", 2, 6, "0.666666…"}, {"1/128", 2, 6, "0.007812…"}, {"0", 2, 6, "0.00"}, {"0", 0, 4, "0"},
		{"1200", -2, 2, "1200"}, {"-1/3", 0, 4, "-0.3333…"},
	}
	for _, tt := range tests {
		x, _ := new(big.Rat).SetString(tt.x)
		if got := number.FormatFixed(number.RatOfBig(x), tt.d, tt.most); got != tt.want {
			t.Errorf("FormatFixed(%s, %d, %d) = %s, want %s", tt.x, tt.d, tt.most, got, tt.want)
		}
	}
}

// reading is an independent reading of a printed figure: a regular expression and big.Rat.
var reading = regexp.MustCompile(`^(增加|增长|上升|提高|增|减少|下降|降低|减)? *([-−+])? *(\()?([0-9.,]+)(e[-+]?[0-9]+)? *\)? *%? *\)? *\p{L}* *\)?$`)

func read(text string) (value *big.Rat, ok bool) {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToLower(strings.TrimSpace(text)))
	m := reading.FindStringSubmatch(s)
	if m == nil {
		return nil, false
	}
	digits := strings.ReplaceAll(m[4], ",", "")
	value, ok = new(big.Rat).SetString(digits + m[5])
	if !ok {
		return nil, false
	}
	if strings.HasPrefix(m[1], "减") || m[1] == "下降" || m[1] == "降低" || m[2] == "-" || m[2] == "−" || m[3] == "(" {
		value.Neg(value)
	}
	return value, true
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"867.01", "2,008.37", "１，２３４．５６％", "(1.23)", "减少1,141.36", "增加0.00", "361元", "1.5e-3", "-", "—", "", "/",
		"+(5)%", "0.0000000000001", "99999999999999999999999999999999", "(1)2", "1e--5", "5 %", ".5", "5.",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 300 {
			return
		}
		p, err := number.Parse(text)
		if err != nil || p.Blank {
			return
		}
		value := number.RatOf(p.Value())
		if want, ok := read(text); ok && want.Cmp(value.Big()) != 0 {
			t.Fatalf("%q is %s, want %s", text, value, want)
		} else if !ok && !strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f }) {
			t.Fatalf("%q was read as %s", text, value)
		}
		if p.Decimals < 0 || p.Decimals > 64 {
			t.Fatalf("%q has %d decimals", text, p.Decimals)
		}
		if scaled := value.Mul(number.Pow10(p.Decimals)); !scaled.IsInt() {
			t.Fatalf("%q is %s, which does not end at %d decimals", text, value, p.Decimals)
		}
		// Printed again with the same digits it is the same figure.
		again := p.Value().StringFixed(int32(p.Decimals))
		if strings.Count(again, "")-1 > 64 {
			return
		}
		switch {
		case p.Percent:
			again += "%"
		case p.Unit != "":
			again += " " + p.Unit
		}
		q, err := number.Parse(again)
		if err != nil {
			t.Fatalf("%q is printed as %q: %v", text, again, err)
		}
		p.Text, q.Text = "", ""
		if !p.Value().Equal(q.Value()) || p.Decimals != q.Decimals || p.Percent != q.Percent || p.Unit != q.Unit {
			t.Fatalf("%q is %+v, printed as %q it is %+v", text, p, again, q)
		}
	})
}
