package number

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What plain reads, scan reads alike.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{
		"867.01", "2,008.37", "-1,234,567.8", "56.83%", "减少1,141.36", "增加0.00%", "1234,567", "1,23.4", "12,345,67", "5.", ".5", "1,234.",
		"123456789012345678", "1234567890123456789", "0.123456789012345678", "-", "减-5", "1.2.3", "1,234,5678", ",123", "-0.00", "5%%", "5%元",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { samePlain(t, text) })
}

func samePlain(t *testing.T, text string) (read bool) {
	fast := Printed{Text: text}
	if !fast.plain() {
		return false
	}
	slow := Printed{Text: text}
	if err := slow.scan(fold(text)); err != nil || IsBlank(text) {
		t.Fatalf("%q was read as %+v, but is wrong: %v", text, fast, err)
	}
	slow.wide = Decimal{}
	if fast != slow {
		t.Fatalf("%q was read as %+v, want %+v", text, fast, slow)
	}
	return true
}

// The common forms are read by plain, and none of their neighbours otherwise than by scan.
func TestPlain(t *testing.T) {
	for _, s := range []string{"867.01", "0", "2,008.37", "-21.86", "56.83%", "减少1,141.36", "增长147.79%", "1,234,567"} {
		if !samePlain(t, s) {
			t.Errorf("%q was left to scan", s)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"1", "2", "0", "345", ",", ".", "-", "%", "减少", "增加", "元", " ", "１"}
	for range 200_000 {
		var s strings.Builder
		for range 1 + r.IntN(8) {
			s.WriteString(parts[min(r.IntN(len(parts)), r.IntN(len(parts)+4))])
		}
		samePlain(t, s.String())
	}
}
