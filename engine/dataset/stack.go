package dataset

// Height is the most datasets that a Stack has.
const Height = 64

// Stack is some datasets of one layout, one upon another: they have the same lists, and the texts, dates, flags, scales
// and decimals of their cells are the same, so that nothing but the coefficients of figures differs. The entity and the
// period differ as well: rules that read them are not to be asked of a Stack.
type Stack struct {
	// Lowest is the first of them, which tells what all have in common.
	Lowest *Dataset
	// N is how many there are.
	N int
	// In has a bit for each one that is of this layout. What is told of the others means nothing.
	In uint64
	// Aligned are the aligned values of the cells, those of one cell side by side: that of cell c in the i-th dataset
	// stands at (1+c)*Height+i. The first Height are zeros, as the first of number.Aligned.Values is.
	Aligned []int64
}
