package number

import (
	"encoding/binary"
	"math/bits"
)

// A number of at most eight signs is read all signs at a time (Scan): how long numbers are and where their points are differs from one to
// the next, so that a processor guesses wrong where code asks for it. Where the signs stand that are no digits, and what the
// first two of them are, tells the shape of the number, and the shape where its digits are to go.

const ones, highs = 0x0101010101010101, 0x8080808080808080

// shape is how a number of at most eight signs is made of its digits, each in a byte.
type shape struct {
	// head are the digits before a separator, tail those behind the point, and body those between them.
	head, body, tail uint64
	// up is by how many bits each of them goes up, so that they stand together and the last digit is in the highest byte.
	headUp, bodyUp, tailUp uint8
	// scale counts the digits of the tail; length is that of the number, 0 where the shape is that of none.
	scale, length uint8
}

// What a sign says to a number that is no digit.
const (
	strange = iota
	point
	separator
)

// signs tell what each sign that is no digit says.
var signs = [256]uint8{'.': point, ',': separator}

// shapes are those of all numbers, by shapeIndex.
var shapes = makeShapes()

// shapeIndex is the index of a shape: by where signs stand that are no digits, a bit for each, and the first two of them.
func shapeIndex(where, first, second uint8) int { return int(where) | int(first)<<8 | int(second)<<10 }

// makeShapes makes the shape of each way in which digits and others may stand in eight signs. What is behind the end of a number
// may be anything.
func makeShapes() (all [1 << 12]shape) {
	for where := range 1 << 8 {
		// Where no sign is left the number goes to the end.
		at, rest := [3]int{8, 8, 8}, uint(where)
		for i := range at {
			if rest != 0 {
				at[i] = bits.TrailingZeros(rest)
				rest &= rest - 1
			}
		}
		for second := range uint8(3) {
			end := at[0]
			all[shapeIndex(uint8(where), strange, second)] = shapeOf(-1, end, end)
			all[shapeIndex(uint8(where), point, second)] = shapeOf(-1, at[0], at[1])
			comma, dot, end := at[0], at[1], at[1]
			if second == point {
				end = at[2]
			}
			all[shapeIndex(uint8(where), separator, second)] = shapeOf(comma, dot, end)
		}
	}
	return all
}

// shapeOf is the shape of a number with a separator, -1 for none, a point, the end for none, and an end at these signs.
func shapeOf(comma, dot, end int) shape {
	if dot == comma+1 || dot == end-1 || comma == 0 || comma > 0 && (comma > 3 || dot != comma+4) {
		return shape{}
	}
	// digits are those from one sign to another.
	digits := func(from, to int) uint64 { return uint64(0x0F*ones) >> (64 - 8*(to-from)) << (8 * from) }
	s := shape{length: uint8(end), body: digits(comma+1, dot), bodyUp: uint8(8 * (8 - end))}
	if dot < end {
		s.tail, s.tailUp, s.scale = digits(dot+1, end), s.bodyUp, uint8(end-dot-1)
		s.bodyUp += 8
	}
	if comma > 0 {
		s.head, s.headUp = digits(0, comma), s.bodyUp+8
	}
	return s
}

// Signs are the first eight signs of a text, each in a byte, the first one lowest, and zeros behind its end.
type Signs uint64

// SignsOf are the first signs of a text.
func SignsOf(s string) Signs {
	if len(s) < 8 {
		return few(s)
	}
	return Signs(binary.LittleEndian.Uint64([]byte(s)))
}

func few(s string) (w Signs) {
	if n := len(s); n >= 4 {
		// Both fours hold what is in the middle.
		return Signs(binary.LittleEndian.Uint32([]byte(s))) | Signs(binary.LittleEndian.Uint32([]byte(s[n-4:])))<<(8*(n-4))
	}
	for i := range len(s) {
		w |= Signs(s[i]) << (8 * i)
	}
	return w
}

// Marks are some of eight signs: the high bit of each one's byte is set.
type Marks uint64

// Others are the signs that are no digits.
func (w Signs) Others() Marks {
	w ^= '0' * ones
	// No sum of two bytes below 0x80 carries into the next one.
	return Marks((w&^highs + (0x80-10)*ones | w) & highs)
}

// At is the first of some signs, and the first of all where there are none.
func (w Signs) At(m Marks) byte { return byte(w >> (m.first() & 63)) }

// first is the lowest bit of the first sign.
func (m Marks) first() int { return bits.TrailingZeros64(uint64(m)) &^ 7 }

// Index has a bit for each sign, the lowest one for the first.
func (m Marks) Index() uint8 { return uint8(m >> 7 * 0x0102040810204080 >> 56) }
