package document

import (
	"fmt"
	"time"

	"github.com/gouji/gouji/engine/words"
)

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

// Limits as diagnostics name them.

// Size is a number of bytes, in whole MiB.
func Size(bytes int64) words.Text {
	s := fmt.Sprintf("%d MiB", bytes>>20)
	return words.Text{ZH: s, EN: s}
}

// Duration is a time, in whole seconds.
func Duration(d time.Duration) words.Text { return Count(int(d/time.Second), "秒", "s") }

// Cells is a number of cells.
func Cells(n int) words.Text { return Count(n, "个单元格", "cells") }

// Count is a number of what is named in both languages.
func Count(n int, zh, en string) words.Text {
	return words.Text{ZH: fmt.Sprintf("%d %s", n, zh), EN: fmt.Sprintf("%d %s", n, en)}
}
