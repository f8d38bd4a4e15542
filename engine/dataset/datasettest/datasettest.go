// Package datasettest compares datasets in tests.
package datasettest

import (
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/source"
)

// Diff tells in what two datasets of one schema and file differ, "" in nothing.
func Diff(want, got *dataset.Dataset) string {
	return DiffValues(want, got) + cmp.Diff(want.Facts(), got.Facts(), same)
}

// DiffValues is Diff but for what was printed.
func DiffValues(want, got *dataset.Dataset) string {
	return cmp.Diff(want, got, same, cmpopts.IgnoreFields(dataset.Dataset{}, "facts", "later"))
}

// same compares field by field; the schema and the file datasets share.
var same = cmp.Options{
	cmp.AllowUnexported(dataset.Dataset{}, dataset.Statement{}),
	cmp.Comparer(func(a, b *dataset.Field) bool { return a == b }),
	cmp.Comparer(func(a, b *dataset.Schema) bool { return a == b }),
	cmp.Comparer(func(a, b *source.File) bool { return a == b }),
	cmpopts.EquateEmpty(),
}
