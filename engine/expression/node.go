package expression

import (
	"regexp"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
)

// kind is what a node gives.
type kind uint8

const (
	// kindBad is a part that is wrong and was reported; whatever holds it stays silent.
	kindBad kind = iota
	kindNumber
	kindBool
	kindText
	kindDate
	kindRows
	kindGroup
	kindStream
)

type op uint8

const (
	opBad op = iota

	// Leaves.
	opLiteral // number, text, bool or date
	opField   // a figure, text, bool or date at frame+cell
	opRows    // a list at frame+list
	opGroup   // a group at frame, or a row

	// Numbers.
	opAdd // n-ary; neg marks subtracted terms
	opMul
	opDiv
	opNeg
	opAbs
	opMin
	opMax
	opRound // num holds the decimals
	opFloor
	opCeil
	opSum   // over a stream
	opCount // over a stream, of the rows whose body holds
	opLeast // over a stream
	opGreatest
	opLen      // characters of a text
	opDecimals // printed decimals of a figure
	opDays     // days from one date to another
	opConvert  // a figure of varying unit brought to the unit of the node or of unitOf

	// Any kind.
	opIf       // test, then, else
	opCoalesce // x ?? v

	// Truth.
	opEq
	opNe
	opLt
	opLe
	opGt
	opGe
	opAnd
	opOr
	opNot // of a leaf of truth; comparisons are turned instead
	opAll // over a stream
	opAny
	opSame
	opPresent
	opBlank
	opExplained
	opMatches
	opContains
	opStartsWith
	opEndsWith
	opDistinct // of its arguments, or over a stream
)

// node is one part of a checked expression: names are resolved to frames and offsets, units are settled, array
// literals are expanded, negations are pushed down to the comparisons.
type node struct {
	op   op
	kind kind
	span place
	args []*node

	// num is the value of a number, bool or date literal, rat that of a number of any size.
	num number.Number
	rat number.Rat
	str string
	re  *regexp.Regexp

	// field, frame, cell and list address fields, rows and groups: the offset from the beginning of the frame.
	field      *dataset.Field
	frame      int
	cell, list int

	// neg marks the subtracted arguments of opAdd.
	neg []bool

	// stream is what a fold walks; its body is args[0].
	stream *stream

	// unit is the unit of a number, "" when it has none that matters.
	unit string
	// varying is the figure in whose unit the number is, when that unit stands beside the figure in the data; else nil.
	varying *node
	// mixed: the number is made of a fold over rows of varying units. It has no unit until it meets one, into which
	// each row is then brought.
	mixed bool
	// from is the figure in whose unit the argument of opConvert is, unitOf that to whose unit it is brought; nil when
	// that is unit.
	from, unitOf *node
}

// stream is a walk over the rows of a list: those that satisfy every filter, each giving value (nil: the row).
type stream struct {
	rows    *node
	frame   int
	filters []*node
	value   *node
	// elements are the parts of an array literal, instead of rows.
	elements []element
}

// element is one part of an array literal; guard is nil or the condition under which it is there.
type element struct{ value, guard *node }

func bad(span place) *node { return &node{op: opBad, kind: kindBad, span: span} }

// in gives the node the unit of the first of others that has one.
func (n *node) in(others ...*node) *node {
	for _, o := range others {
		if !o.unitless() {
			n.unit, n.varying, n.mixed = o.unit, o.varying, o.mixed
			break
		}
	}
	return n
}

// unitless reports whether a number has no unit: it is in that of whatever it meets.
func (n *node) unitless() bool { return n.unit == "" && n.varying == nil && !n.mixed }

// fixed reports whether a number has a unit that the data does not change.
func (n *node) fixed() bool { return !n.unitless() && n.varying == nil && !n.mixed }

// figure reports whether the node is one figure: a side that is only this is bare.
func (n *node) figure() bool {
	if n.op == opConvert {
		return n.args[0].figure()
	}
	return n.op == opField && n.kind == kindNumber
}
