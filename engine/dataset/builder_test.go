package dataset

import (
	"math/rand/v2"
	"testing"

	"github.com/gouji/gouji/engine/number"
)

// Figures that are looked at eight signs at a time are what they are sign by sign.
func TestScanFigure(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	const signs = "0123456789.,%@: \"-\x00"
	read := 0
	for range 1_000_000 {
		s := pick("", "x", "\"", "9") + pick("-", "增加", "", "", "", "", "") + pick("0", "5", "12", "700", "1,234", "12,345", "1234567", "123456789", ",1", "1.", "1,23")
		s += pick("", "", ".5", ".25", ".125", ".,5") + pick("", "", "%", "%%") + pick("", " @1:2", " @20:141", " @12345:6", " @123456:789", " @0:1", " @1:0", " @7", " @", " 5", " @1:2:3")
		s += pick("\"", "\"", ",", " ", "|", "") + pick("", "\", \"合计\": \"5\"", "\n1,2,3 @4:5,6 @7:8,9", "00000000000000000000")
		if b := []byte(s); r.IntN(4) == 0 && len(b) > 0 {
			b[r.IntN(len(b))] = signs[r.IntN(len(signs))]
			s = string(b)
		}
		from, percent, to := r.IntN(min(3, len(s)+1)), r.IntN(2) == 0, []int{ToQuote, ToComma, -int(32)}[r.IntN(3)]
		if r.IntN(2) == 0 {
			to = from + r.IntN(len(s)-from+1)
		}
		n, text, end := ScanFigure(s, from, to, percent)
		if want, wantText, wantEnd := scanFigure(s, from, to, percent); end != wantEnd || end > 0 && (n != want || text != wantText) {
			t.Fatalf("%q from %d to %d: %v to %d and %d, want %v to %d and %d", s, from, to, n, text, end, want, wantText, wantEnd)
		}
		if end == 0 {
			continue
		}
		read++
		if to < 0 && int(s[end]) != -to || to >= 0 && end != to {
			t.Fatalf("%q from %d to %d ends at %d", s, from, to, end)
		}
		if n.Has(number.Blank) {
			continue
		}
		p, err := number.Parse(s[from:text])
		if p.Number.Decimals = int8(p.Decimals); err != nil || p.Number != n || p.Percent && !percent {
			t.Fatalf("%q from %d to %d: %v, want %v (%v)", s, from, text, n, p.Number, err)
		}
	}
	if read < 50_000 {
		t.Errorf("only %d read", read)
	}
}

// Places that are looked at all signs together end where they do sign by sign.
func TestPlaced(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const signs = "00123456789123456789123456789::::\" @,/;\x00\xba"
	read := 0
	for range 1_000_000 {
		var b [10]byte
		for i := range b {
			b[i] = signs[r.IntN(len(signs))]
		}
		s := " @" + string(b[:1+r.IntN(len(b))])
		end := placed(s, 0)
		if end > 0 {
			read++
		}
		if _, _, want := readPlace(s, 0); end != want {
			t.Fatalf("%q ends at %d, want %d", s, end, want)
		}
	}
	if read < 300_000 {
		t.Errorf("only %d read", read)
	}
}
