package number

import "math/big"

// Big is the number as its oracle.
func (a Rat) Big() *big.Rat { return new(big.Rat).Set(a.big()) }

// RatOfBig is Big the other way round.
func RatOfBig(r *big.Rat) Rat { return settled(new(big.Rat).Set(r)) }

// Wide reports whether two words do not hold the number.
func (a Rat) Wide() bool { return a.wide != nil }

// Alike reports whether two numbers are held alike, as equal ones are.
func (a Rat) Alike(b Rat) bool {
	return a.num == b.num && a.less == b.less && (a.wide == nil) == (b.wide == nil)
}
