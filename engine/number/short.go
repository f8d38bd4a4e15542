package number

// Signs are eight signs of a text, each in a byte, the first one lowest. A number of at most eight signs is read all signs at a
// time: how long numbers are and where their points are differs from one to the next, so that a processor guesses wrong where code
// asks for it.
type Signs uint64

const ones, highs = 0x0101010101010101, 0x8080808080808080

// SignsAt are the eight signs from an offset on.
func SignsAt(s string, i int) Signs {
	s = s[i : i+8]
	return Signs(s[0]) | Signs(s[1])<<8 | Signs(s[2])<<16 | Signs(s[3])<<24 | Signs(s[4])<<32 | Signs(s[5])<<40 | Signs(s[6])<<48 | Signs(s[7])<<56
}

// Others tells the signs that are no digits, up to the first one that is not of ASCII, by the lowest bits of their bytes. What it
// tells of those behind that may be wrong.
func (w Signs) Others() uint64 {
	w ^= '0' * ones
	// No sum of two bytes below 0x80 carries into the next one.
	return uint64((w + (0x80-10)*ones | w) & highs >> 7)
}

// Digits is the number that eight signs make that are digits or zero.
func (w Signs) Digits() int64 {
	// Two digits make one number, four and eight likewise.
	w = w & (0x0F * ones) * (10<<8 + 1) >> 8 & 0x00FF00FF00FF00FF
	w = w * (100<<16 + 1) >> 16 & 0x0000FFFF0000FFFF
	return int64(w * (10_000<<32 + 1) >> 32)
}
