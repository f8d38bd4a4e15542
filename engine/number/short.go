package number

import (
	"encoding/binary"
	"math/bits"
)

// short reads the digits of a number of at most eight signs, with a point and a separator at most, all eight at a time:
// how long numbers are and where their points are differs from one to the next, so that a processor guesses wrong where code
// asks for it. length is 0 where the number is longer or is none: then long tells.
//
// In what follows a byte has its high bit set where its sign is what the name says.
func short(s string) (coef int64, scale uint8, length int) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	w, ninth := uint64(0), byte(0)
	switch n := len(s); {
	case n > 8:
		w, ninth = binary.LittleEndian.Uint64([]byte(s)), s[8]
	case n >= 4:
		// Both fours hold what is in the middle.
		w = uint64(binary.LittleEndian.Uint32([]byte(s))) | uint64(binary.LittleEndian.Uint32([]byte(s[n-4:])))<<(8*(n-4))
	default:
		for i := range n {
			w |= uint64(s[i]) << (8 * i)
		}
	}
	// No sum of two bytes below 0x80 carries into the next one.
	low := w &^ highs
	digit := (low + (0x80-'0')*ones) &^ (low + (0x80-'9'-1)*ones) &^ w & highs
	points, commas := zeros(w^'.'*ones), zeros(w^','*ones)
	// All that follows counts bits: end is where the number ends, point where its point is, comma where its separator is.
	end := bits.TrailingZeros64(^(digit|points|commas)&highs) &^ 7
	within := uint64(1)<<end - 1
	points, commas = points&within, commas&within
	point, comma := min(bits.TrailingZeros64(points)&^7, end), bits.TrailingZeros64(commas)&^7
	separated := int(commas|-commas) >> 63
	wrong := points&(points-1) | commas&(commas-1) | // more than one
		commas&0x80 | commas>>32 | uint64((point-comma-4*8)&separated) | // not before three digits, behind one to three
		uint64(end/64)&uint64(inNumber[ninth]) // not all of the number
	if wrong != 0 || point == 0 {
		return 0, 0, 0
	}
	length = end / 8
	w &= within
	below := uint64(1)<<comma - 1
	w = w&below | w>>8&^below
	point, end = point+(separated&-8), end+(separated&-8)
	if point < end {
		if end -= 8; point == end {
			return 0, 0, 0
		}
		below = uint64(1)<<point - 1
		w = w&below | w>>8&^below
		scale = uint8((end - point) / 8)
	}
	// The last digit is the highest byte now. Two digits make one number, four and eight likewise.
	w = w << (64 - end) & (0x0F * ones)
	w = w*10 + w>>8
	const pairs = 0x000000FF000000FF
	w = (w&pairs*(100+1000000<<32) + w>>16&pairs*(1+10000<<32)) >> 32
	return int64(w), scale, length
}

// inNumber tells the signs that go on with a number.
var inNumber = [256]uint8{
	'0': 1, '1': 1, '2': 1, '3': 1, '4': 1, '5': 1, '6': 1, '7': 1, '8': 1, '9': 1, '.': 1, ',': 1,
}

// zeros are the bytes that are 0.
func zeros(x uint64) uint64 {
	const highs = 0x8080808080808080
	return ^(x&^highs + ^uint64(highs) | x) & highs
}
