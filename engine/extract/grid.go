package extract

import "github.com/gouji/gouji/engine/document"

// grid reads a table or a chart.
func (r *reading) grid(block int, b document.Block) {}
