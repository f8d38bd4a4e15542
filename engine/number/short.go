package number

import (
	"encoding/binary"
	"math/bits"
)

// A number of at most eight signs is read all signs at a time (Signs.Shape): how long numbers are and where their points are differs from one to
// the next, so that a processor guesses wrong where code asks for it. Where the signs stand that are no digits, and what the
// first two of them are, tells the shape of the number, and the shape where its digits are to go.

const ones, highs = 0x0101010101010101, 0x8080808080808080

// Shape is how a number of at most eight signs is made of its digits, each in a byte.
type Shape struct {
	// head are the digits before a separator, tail those behind the point, and body those between them.
	head, body, tail uint64
	// others are the bytes of the separator and the point, and signs these themselves.
	others, signs uint64
	// up is by how many bits each of the digits goes up, so that they stand together and the last one is in the highest byte.
	headUp, bodyUp, tailUp uint8
	// Scale counts the digits of the tail; Length is that of the number, 0 where the shape is that of none.
	Scale, Length uint8
}

// Two bits of a sign that is no digit tell a point from a separator, and both from what ends most numbers. Shape.Is asks for all bits.
const (
	telling   = 1<<1 | 1<<3
	point     = '.' & telling
	separator = ',' & telling
)

// goesOn tells the signs with which a number goes on.
var goesOn = [256]bool{'.': true, ',': true, '0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true, '8': true, '9': true}

// shapes are those of all numbers, by shapeIndex.
var shapes = makeShapes()

// shapeIndex is the index of a shape: by where signs stand that are no digits, a bit for each, and what the first two of them tell.
func shapeIndex(where, first, second Signs) int {
	return int(where | first&telling<<7 | second&telling<<8)
}

// makeShapes makes the shape of each way in which digits and others may stand in eight signs. What is behind the end of a number
// may be anything.
func makeShapes() (all [1 << 12]Shape) {
	for where := range Signs(1 << 8) {
		// Where no sign is left the number goes to the end.
		at, rest := [3]int{8, 8, 8}, uint(where)
		for i := range at {
			if rest != 0 {
				at[i] = bits.TrailingZeros(rest)
				rest &= rest - 1
			}
		}
		for _, second := range []Signs{0, 1 << 1, point, separator} {
			for _, first := range []Signs{0, 1 << 1} {
				all[shapeIndex(where, first, second)] = shapeOf(-1, at[0], at[0])
			}
			all[shapeIndex(where, point, second)] = shapeOf(-1, at[0], at[1])
			comma, dot, end := at[0], at[1], at[1]
			if second == point {
				end = at[2]
			}
			all[shapeIndex(where, separator, second)] = shapeOf(comma, dot, end)
		}
	}
	return all
}

// shapeOf is the shape of a number with a separator, -1 for none, a point, the end for none, and an end at these signs.
func shapeOf(comma, dot, end int) Shape {
	if dot == comma+1 || dot == end-1 || comma == 0 || comma > 0 && (comma > 3 || dot != comma+4) {
		return Shape{}
	}
	// digits are those from one sign to another.
	digits := func(from, to int) uint64 { return uint64(0x0F*ones) >> (64 - 8*(to-from)) << (8 * from) }
	s := Shape{Length: uint8(end), body: digits(comma+1, dot), bodyUp: uint8(8 * (8 - end))}
	if dot < end {
		s.tail, s.tailUp, s.Scale = digits(dot+1, end), s.bodyUp, uint8(end-dot-1)
		s.bodyUp += 8
		s.others, s.signs = s.others|0xFF<<(8*dot), s.signs|'.'<<(8*dot)
	}
	if comma > 0 {
		s.head, s.headUp = digits(0, comma), s.bodyUp+8
		s.others, s.signs = s.others|0xFF<<(8*comma), s.signs|','<<(8*comma)
	}
	return s
}

// Shape is the shape of the number that begins a text with these signs, if one does (Is).
func (w Signs) Shape() *Shape {
	m := w.Others()
	return &shapes[shapeIndex(Signs(m.Index()), w.From(m), w.From(m&(m-1)))&(len(shapes)-1)]
}

// Is reports whether signs begin with a number of the shape.
func (s *Shape) Is(w Signs) bool { return s.Length > 0 && uint64(w)&s.others == s.signs }

// Grouped reports whether numbers of the shape have a separator.
func (s *Shape) Grouped() bool { return s.head != 0 }

// Coef is the number that signs of the shape begin with, without its point.
func (s *Shape) Coef(w Signs) int64 {
	d := uint64(w)
	d = d&s.head<<(s.headUp&63) | d&s.body<<(s.bodyUp&63) | d&s.tail<<(s.tailUp&63)
	// Two digits make one number, four and eight likewise.
	d = d*10 + d>>8
	const pairs = 0x000000FF000000FF
	return int64((d&pairs*(100+1000000<<32) + d>>16&pairs*(1+10000<<32)) >> 32)
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

// SignsAt are the eight signs from an offset on.
func SignsAt(s string, i int) Signs {
	s = s[i : i+8]
	return Signs(s[0]) | Signs(s[1])<<8 | Signs(s[2])<<16 | Signs(s[3])<<24 | Signs(s[4])<<32 | Signs(s[5])<<40 | Signs(s[6])<<48 | Signs(s[7])<<56
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

// Marks are some of eight signs: the lowest bit of each one's byte is set.
type Marks uint64

// Others are the signs that are no digits.
func (w Signs) Others() Marks {
	w ^= '0' * ones
	// No sum of two bytes below 0x80 carries into the next one.
	return Marks((w&^highs + (0x80-10)*ones | w) & highs >> 7)
}

// From are the signs from the first one of some on, and all where there are none.
func (w Signs) From(m Marks) Signs { return w >> (bits.TrailingZeros64(uint64(m)) & 63) }

// Index has a bit for each sign, the lowest one for the first.
func (m Marks) Index() uint8 { return uint8(m * 0x0102040810204080 >> 56) }
