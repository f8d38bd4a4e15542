package engine

import (
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/reader/table"
	"github.com/gouji/gouji/engine/run"
)

// This file has the rows of a table judged many together, where they differ in numbers alone.

// together are datasets of one block of a table that are judged together.
type together struct {
	judge run.Judge
	// block is the last one that was asked, which begins behind some rows, and plan by what.
	block  *table.Block
	before int
	plan   *plan.Plan
	// answer is what came of it; dataset is that of the row at hand, which has the cells of the first one.
	answer  *run.Stacked
	dataset dataset.Dataset
}

// ask tells the outcome of a row of a block of which all rules pass, where that was found of many rows together; nil elsewhere.
func (p *piece) ask(r *record, head reader.Head, by *plan.Plan, loader *reader.Loader) (judging, error) {
	t := &p.together
	if r.Row == nil || r.Row.Block == nil || p.options.Keep {
		return nil, nil
	}
	block := r.Row.Block
	if t.block != block || t.before != block.Before || t.plan != by {
		t.block, t.before, t.plan, t.answer = block, block.Before, by, nil
		s, ok := loader.Stack(&r.Record, head)
		if !ok {
			return nil, nil
		}
		var err error
		if t.answer, err = t.judge.Stack(by, s); err != nil {
			return nil, err
		}
		t.dataset = *s.Lowest
	}
	if t.answer == nil || t.answer.Passed>>r.Row.At&1 == 0 {
		return nil, nil
	}
	loader.Turn(&t.dataset, &r.Record, head)
	return func(item *run.Item) (*finding.Outcome, error) { return t.answer.Outcome(r.Row.At, item), nil }, nil
}
