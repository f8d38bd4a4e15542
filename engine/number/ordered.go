package number

import (
	"encoding/binary"
	"math/big"
)

// This file writes rational numbers as bytes that are ordered as the numbers are, so that who sorts bytes sorts numbers,
// exactly. A number is written as its continued fraction [a; b, c, …] = a + 1/(b + 1/(c + …)): the first term in which two
// of them differ tells which is greater, the other way round for each second one.

const (
	// What begins a term: how many bytes follow, or that their number follows in four.
	termShort = 0x80
	termLong  = 0xF0
	// termEnd stands behind the last term, which is as if an endless one followed.
	termEnd = 0xFF
)

// AppendOrdered appends a number to buf. The bytes of two numbers compare as the numbers do, and those of one never begin
// those of another.
func AppendOrdered(buf []byte, x Rat) []byte {
	num, den := x.fraction()
	term, rest := new(big.Int), new(big.Int)
	flip := byte(0)
	for ; den.Sign() != 0; flip = ^flip {
		term.DivMod(num, den, rest)
		num, den, rest = den, rest, num
		from := len(buf)
		digits := term.Bytes()
		if n := len(digits); n < termLong-termShort {
			buf = append(buf, byte(termShort+n))
		} else {
			buf = binary.BigEndian.AppendUint32(append(buf, termLong), uint32(n))
		}
		buf = append(buf, digits...)
		if term.Sign() < 0 {
			flipAll(buf[from:], ^flip)
		} else {
			flipAll(buf[from:], flip)
		}
	}
	return append(buf, termEnd^flip)
}

// CutOrdered reads the number that stands at the beginning of bytes; ok is false where AppendOrdered wrote none there.
func CutOrdered(b []byte) (x Rat, rest []byte, ok bool) {
	// The terms so far come to num/den, those before the last one to a/c.
	num, a, den, c := big.NewInt(1), new(big.Int), new(big.Int), big.NewInt(1)
	for flip := byte(0); len(b) > 0; flip = ^flip {
		head := b[0] ^ flip
		if head == termEnd {
			if den.Sign() <= 0 {
				return Rat{}, nil, false
			}
			return settled(new(big.Rat).SetFrac(num, den)), b[1:], true
		}
		of := flip
		if head < termShort {
			head, of = ^head, ^flip
		}
		b = b[1:]
		n := int(head) - termShort
		if head >= termLong {
			if head > termLong || len(b) < 4 {
				return Rat{}, nil, false
			}
			flipped := [4]byte(b)
			flipAll(flipped[:], of)
			n, b = int(binary.BigEndian.Uint32(flipped[:])), b[4:]
		}
		if n > len(b) {
			return Rat{}, nil, false
		}
		digits := append([]byte(nil), b[:n]...)
		flipAll(digits, of)
		term := new(big.Int).SetBytes(digits)
		if of != flip {
			term.Neg(term)
		}
		b = b[n:]
		num, a = a.Add(a, new(big.Int).Mul(term, num)), num
		den, c = c.Add(c, term.Mul(term, den)), den
	}
	return Rat{}, nil, false
}

func flipAll(b []byte, by byte) {
	for i := range b {
		b[i] ^= by
	}
}
