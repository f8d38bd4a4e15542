// Package datasettest compares datasets in tests, and puts them one upon another.
package datasettest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/number"
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

// Stack puts datasets of one layout one upon another.
func Stack(t testing.TB, datasets []*dataset.Dataset) *dataset.Stack {
	t.Helper()
	lowest := datasets[0]
	s := &dataset.Stack{Lowest: lowest, N: len(datasets), Aligned: make([]int64, len(lowest.Aligned.Values)*dataset.Height)}
	layout := func(d *dataset.Dataset) []number.Number {
		cells := slices.Clone(d.Cells)
		for i := range cells {
			if d.Facts()[i].Field.Type.Numeric() {
				cells[i].Coef = 0
			}
		}
		return cells
	}
	for i, d := range datasets {
		if !slices.Equal(layout(lowest), layout(d)) || !slices.Equal(lowest.Texts, d.Texts) || !slices.Equal(lowest.Lists, d.Lists) || lowest.Rounding != d.Rounding {
			t.Fatalf("dataset %d has another layout (-lowest +this)\n%s", i, cmp.Diff(layout(lowest), layout(d)))
		}
		for c, v := range d.Aligned.Values {
			s.Aligned[c*dataset.Height+i] = v
		}
	}
	return s
}

// Builders are a builder of facts and one of values.
type Builders struct{ Facts, Values *dataset.Builder }

// NewBuilders makes builders of datasets of a schema.
func NewBuilders(s *dataset.Schema) *Builders {
	return &Builders{dataset.NewBuilder(s), dataset.NewValues(s, nil)}
}

// Load has load fill both builders from a text and compares what comes of it with the dataset that is wanted, nil where the text is
// wrong. It reports whether load read the dataset, and whether it read its values alone.
func (b *Builders) Load(t *testing.T, want *dataset.Dataset, text string, load func(*dataset.Builder) (*dataset.Dataset, bool)) (loaded, valued bool) {
	t.Helper()
	check := func(to *dataset.Builder, diff func(want, got *dataset.Dataset) string) bool {
		t.Helper()
		d, ok := load(to)
		if !ok {
			return false
		}
		if want == nil {
			t.Fatalf("loaded although it is wrong: %s", text)
		}
		if diff := diff(want, d); diff != "" {
			t.Fatalf("(-want +got)\n%s\n%s", diff, text)
		}
		return true
	}
	valued = check(b.Values, DiffValues)
	return check(b.Facts, Diff), valued
}

// same compares field by field; the schema and the file datasets share.
var same = cmp.Options{
	cmp.AllowUnexported(dataset.Dataset{}, dataset.Statement{}),
	cmp.Comparer(func(a, b *dataset.Field) bool { return a == b }),
	cmp.Comparer(func(a, b *dataset.Schema) bool { return a == b }),
	cmp.Comparer(func(a, b *source.File) bool { return a == b }),
	cmpopts.EquateEmpty(),
}
