package document

import "time"

// Limits bound what a reader takes in. A document beyond them gets a diagnostic that names the limit.
type Limits struct {
	// Bytes is the size of the file; Expanded that of what its archives and streams hold, together.
	Bytes, Expanded int64
	// Depth is how deep elements, archives and tables may nest.
	Depth int
	// Cells counts the cells of all tables, Pages the pages, Text the bytes of all text.
	Cells, Pages, Text int
	// Time is how long reading may take.
	Time time.Duration
}

// Usual are limits that no honest report comes near.
var Usual = Limits{
	Bytes: 256 << 20, Expanded: 1 << 30, Depth: 256, Cells: 5_000_000, Pages: 5000, Text: 256 << 20, Time: 2 * time.Minute,
}
