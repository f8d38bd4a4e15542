package dataset

import (
	"math/rand/v2"
	"testing"
)

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
