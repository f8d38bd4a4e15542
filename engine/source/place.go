package source

// Place is where something stands in a published document. Line and Column are 1-based and count the document's text,
// line by line and character by character; 0 means unknown. The text of a plain text file is the file itself; every
// other document has one line for each paragraph, each row of a table and each line of a PDF page.
type Place struct {
	Line, Column int
	// Page is the page, from 1; 0 where the format has none.
	Page int
	// Cell is the cell of a sheet or table, as in 收入表!C9 or 表3!B4; "" elsewhere.
	Cell string
}

// IsZero reports whether the place is unknown.
func (p Place) IsZero() bool { return p == Place{} }
