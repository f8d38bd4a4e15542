package dataset

import (
	"math/bits"
	"strings"
	"unsafe"

	"github.com/gouji/gouji/engine/number"
)

// Figures of a common form are numbers as number.Scan reads them, with a percent sign behind some, of which the number says Percent,
// and strokes, which are blank; a place may stand behind each. As they are read the numbers have the digits behind their points for
// Decimals.

// shortRoom is how many signs ScanShort looks at.
const shortRoom = 32

// ScanShort is ScanFigure for a figure that goes on to a sign that is none of its own: for numbers of at most eight signs, without one
// before them, and places of at most seven. Most are such. It reports no others, and none that stands at the end of the text.
func ScanShort(s string, from int, grouped bool) (n number.Number, end int) {
	if from < 0 || from > len(s)-shortRoom {
		return n, 0
	}
	s = s[from : from+shortRoom]
	w := number.SignsAt(s, 0)
	others := w.Others()
	first := bits.TrailingZeros64(others)
	if first == 0 {
		return n, 0
	}
	if byte(w>>(first&63)) == ',' {
		// The digits before the separator move to those behind it.
		head := number.Signs(1)<<(first&63) - 1
		w = w&head<<8 | w&^(head<<8|0xFF)
		others, first = others&(others-1), first+4*8
		if !grouped || first > 7*8 || bits.TrailingZeros64(others) != first || byte(w>>(first&63)) == ',' {
			return n, 0
		}
	}
	last, whole := first, number.Signs(0)
	if byte(w>>(first&63)) == '.' {
		last = bits.TrailingZeros64(others & (others - 1))
		fraction := last - first - 8
		n.Scale, n.Decimals = uint8(fraction>>3), int8(fraction>>3)
		whole = ^number.Signs(0) >> (fraction & 63)
	}
	// The last digit goes to the highest byte, and those before the point to those behind it.
	w <<= -last & 63
	n.Coef = (w ^ (w^w<<8)&whole).Digits()
	if end = last >> 3 & 15; s[end] == '%' {
		n.Flags = number.Percent
		end++
	}
	end &= 15
	const lead = len(" @")
	if behind := uint16(s[end]) | uint16(s[end+1])<<8; behind != ' '|'@'<<8 {
		// A number of more signs goes on.
		if byte(behind)-'.' <= '9'-'.' {
			return n, 0
		}
		return n, from + end
	}
	p := number.SignsAt(s[lead:], end)
	others = p.Others()
	rest := others & (others - 1)
	if rest == 0 || byte(p)-'1' > 8 {
		return n, 0
	}
	if p >>= bits.TrailingZeros64(others) & 63; byte(p) != ':' || byte(p>>8)-'1' > 8 {
		return n, 0
	}
	return n, from + end + lead + bits.TrailingZeros64(rest)>>3
}

// ScanFigure reads the figure of a common form that a text begins with from one offset to another. end is where it ends, with its
// place, 0 where there is no such figure; what stands there the caller looks at. grouped tells that a comma may be a separator of
// thousands; else it ends the figure.
func ScanFigure(s string, from, to int, grouped bool) (n number.Number, end int) {
	s = s[:to]
	digits, negative := from, false
	if signAt(s, from)-'0' > 9 {
		length, minus := number.Sign(s[from:])
		if digits, negative = from+length, minus; signAt(s, digits)-'0' > 9 {
			if signAt(s, from) != '-' {
				return n, 0
			}
			return number.Number{Flags: number.Blank}, placed(s, digits)
		}
	}
	if n, end = ScanShort(s, digits, grouped); end == 0 {
		n, end = scanLast(s, digits, grouped)
	}
	if end == 0 {
		n, end = scanLong(s, digits, grouped)
	}
	if negative {
		n.Coef = -n.Coef
	}
	return n, end
}

// scan reads a figure between two offsets with no digit behind it.
func scan(s string, from, to int) (n number.Number, end int) {
	if n, end = ScanShort(s, from, true); end == 0 || end > to {
		n, end = ScanFigure(s, from, to, true)
	}
	return n, end
}

// scanLast is ScanShort for what stands at the end of the text.
func scanLast(s string, from int, grouped bool) (n number.Number, end int) {
	if len(s)-from >= shortRoom {
		return n, 0
	}
	var room [shortRoom]byte
	copy(room[:], s[from:])
	if n, end = ScanShort(unsafe.String(&room[0], len(room)), 0, grouped); end > 0 {
		end += from
	}
	return n, end
}

// scanLong reads a figure sign by sign.
func scanLong(s string, from int, grouped bool) (n number.Number, end int) {
	whole := s[from:]
	if !grouped {
		whole, _, _ = strings.Cut(whole, ",")
	}
	coef, scale, length := number.Scan(whole)
	if length == 0 {
		return n, 0
	}
	n, end = number.Number{Coef: coef, Scale: scale, Decimals: int8(scale)}, from+length
	if signAt(s, end) == '%' {
		n.Flags = number.Percent
		end++
	}
	return n, placed(s, end)
}

// placed is where the place behind a figure ends that ends at an offset; without one it is the offset.
func placed(s string, from int) (end int) {
	if !strings.HasPrefix(s[from:], " @") {
		return from
	}
	if _, _, end = readPlace(s, from+len(" @")); end == 0 {
		return from
	}
	return end
}

// signAt is a sign of a text, 0 behind its end.
func signAt(s string, i int) byte {
	if uint(i) < uint(len(s)) {
		return s[i]
	}
	return 0
}

// readPlace reads a place by line and column. end is 0 where something is wrong with it.
func readPlace(s string, from int) (line, column, end int) {
	if line, end = digits(s, from); line == 0 {
		return 0, 0, 0
	}
	if end < len(s) && s[end] == ':' {
		if column, end = digits(s, end+1); column == 0 {
			return 0, 0, 0
		}
	}
	return line, column, end
}

// digits reads a number from 1 of at most eight digits at an offset; it is 0 when there is none.
func digits(s string, i int) (n, end int) {
	for from := i; i < len(s) && s[i]-'0' <= 9 && i-from < 8; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n, i
}
