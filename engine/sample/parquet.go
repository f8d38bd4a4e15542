package sample

import (
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// group is how many rows a row group has.
const group = 2000

// WriteParquet writes the first n datasets of a seed as a wide table: the columns of figures are texts, which hold what
// AppendCSV writes, or DECIMAL, which hold the figures alone.
func WriteParquet(w io.Writer, seed uint64, n int, decimals bool) error {
	columns := Columns()
	nodes := parquet.Group{}
	for i, name := range columns {
		node := parquet.String()
		if decimals && i >= headers {
			node = parquet.Decimal(2, 18, parquet.Int64Type)
		}
		nodes[name] = parquet.Compressed(parquet.Optional(node), &parquet.Snappy)
	}
	schema := parquet.NewSchema(PackName, nodes)
	// The library orders columns by their names.
	sorted := slices.Sorted(slices.Values(columns))
	at := make([]int, len(columns))
	for i, name := range columns {
		at[i], _ = slices.BinarySearch(sorted, name)
	}
	out := parquet.NewGenericWriter[any](w, schema, parquet.MaxRowsPerRowGroup(group))
	row := make(parquet.Row, len(columns))
	var one []byte
	for i := range n {
		u := New(seed, i)
		set := func(i int, v parquet.Value) { row[at[i]] = v.Level(0, 1, at[i]) }
		for i, text := range []string{u.Entity, u.Period, "万元"} {
			set(i, parquet.ByteArrayValue([]byte(text)))
		}
		c := headers
		if decimals {
			for v := range u.figures() {
				set(c, parquet.Int64Value(v))
				c++
			}
		} else {
			for text := range u.cells(&one) {
				set(c, parquet.ByteArrayValue(slices.Clone(text)))
				c++
			}
		}
		if _, err := out.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
	}
	return out.Close()
}
