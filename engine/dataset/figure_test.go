package dataset

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/number"
	"github.com/gouji/gouji/engine/source"
)

// Figures that are looked at eight signs at a time are what they are sign by sign.
func TestScanFigure(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	digits := func(most int) string {
		b := make([]byte, 1+r.IntN(most))
		for i := range b {
			b[i] = byte('0' + r.IntN(10))
		}
		return string(b)
	}
	const signs = "0123456789.,%@: \"-\x00\xbaé元"
	short, read := 0, 0
	for range 2_000_000 {
		s := pick("", "x", "\"", "9") + pick("-", "增加", "减", "", "", "", "", "", "") + pick("", "1,", "12,", "123,", "1234,", ",") + digits(4) + pick("", "", digits(6))
		s += pick("", "", ".", ",", ",123.") + pick("", digits(3), digits(3), digits(9)) + pick("", "%", "%%")
		s += pick("", " @"+digits(3)+":"+digits(3), " @"+digits(3)+":"+digits(3), " @"+digits(9)+":"+digits(9), " @7", " @", " 5", " @1:2:3", "元")
		s += pick("\"", "\"", ",", " ", "|", "") + pick("", "\", \"合计\": \"5\"", "\n1,2,3 @4:5,6 @7:8,9", "0000000000000000000000000000000")
		if b := []byte(s); r.IntN(4) == 0 {
			b[r.IntN(len(b))] = signs[r.IntN(len(signs))]
			s = string(b)
		}
		from, grouped := r.IntN(min(3, len(s)+1)), r.IntN(2) == 0
		if n, end := ScanShort(s, from, grouped); end > 0 {
			short++
			if want, wantEnd := scanLong(s, from, grouped); n != want || end != wantEnd {
				t.Fatalf("%q from %d: %v to %d, want %v to %d", s, from, n, end, want, wantEnd)
			}
		}
		to := from + r.IntN(len(s)-from+1)
		n, end := ScanFigure(s, from, to, grouped)
		want, wantEnd := scanLong(s[:to], from, grouped)
		if wantEnd == 0 && from < to && s[from] == '-' && (from+1 == to || s[from+1]-'0' > 9) {
			want, wantEnd = number.Number{Flags: number.Blank}, placed(s[:to], from+1)
		}
		if n != want || end != wantEnd {
			t.Fatalf("%q from %d to %d: %v to %d, want %v to %d", s, from, to, n, end, want, wantEnd)
		}
		if end != to || end == from || n.Has(number.Blank) {
			continue
		}
		read++
		text, _, _ := source.CutPlace(s[from:to])
		p, err := number.Parse(text)
		if p.Number.Decimals = int8(p.Decimals); p.Percent {
			p.Number.Flags |= number.Percent
		}
		if err != nil || p.Number != n {
			t.Fatalf("%q: %v, want %v (%v)", s[from:to], n, p.Number, err)
		}
	}
	if short < 80_000 || read < 100_000 {
		t.Errorf("only %d are short, and %d read", short, read)
	}
}

// Nothing of the most common forms is left to what reads sign by sign.
func TestScanShort(t *testing.T) {
	for _, number := range []string{"0", "7.5", "0.00", "81.21", "347.3", "1234567", "12345678", "12345.67", "1,234", "1,234.56", "12,345.6", "123,456"} {
		for _, percent := range []string{"", "%"} {
			for _, place := range []string{"", " @1:2", " @20:43", " @123:456", " @1234:56"} {
				for _, behind := range []string{";", "\"", " | 5", "\n"} {
					figure := number + percent + place
					if _, end := ScanShort("\""+figure+behind+strings.Repeat(" ", 32), 1, true); end != 1+len(figure) {
						t.Errorf("%s%s ends at %d", figure, behind, end)
					}
				}
			}
		}
	}
}
