package ruletest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Example is small data and how a rule comes out on it.
type Example struct {
	// Data is a dataset in braces, on one line, by the labels of the fields.
	Data string
	// Wants are what a test of the data has to want: the verdict of the rule, then what other rules have to say.
	Wants []Want
}

// tries bounds the search for examples.
const tries = 2000

// Examples looks for data on which a rule passes, and such on which it fails, while other rules have as little to say as
// may be. It
// begins with nothing and adds what the rule misses, with values of few digits. The search is the same each time; nil
// stands for what it did not find.
func Examples(ctx context.Context, p *plan.Plan, id string) (pass, fail *Example, err error) {
	if !slices.ContainsFunc(p.Rules, func(r *plan.Rule) bool { return r.ID == id }) {
		// It would take several datasets.
		return nil, nil, nil
	}
	r := rand.New(rand.NewPCG(1, 1))
	wanted := map[*dataset.Field]bool{}
	for range tries {
		if ctx.Err() != nil {
			return pass, fail, context.Cause(ctx)
		}
		data := "{" + strings.Join(sample(p.Pack.Schema.Root, wanted, r), ", ") + "}"
		findings, err := judge(ctx, p, data)
		if err != nil {
			return nil, nil, err
		}
		var own []finding.Finding
		var others []Want
		for _, f := range findings {
			if f.Rule == id {
				own = append(own, f)
				for _, path := range f.Missing {
					if f := fieldAt(p.Pack.Schema.Root, path); f != nil {
						wanted[f] = true
					}
				}
				continue
			}
			quiet := f.Verdict == finding.Pass || f.Verdict == finding.NotApplicable ||
				f.Verdict == finding.NotEvaluated && f.Cause == expression.CauseMissing
			if !quiet {
				others = append(others, Want{Rule: f.Rule, Instance: f.Instance, Verdict: f.Verdict})
			}
		}
		if len(own) != 1 {
			continue
		}
		first := Want{Rule: id, Instance: own[0].Instance, Verdict: own[0].Verdict}
		e := &Example{Data: data, Wants: append([]Want{first}, others...)}
		better := func(old *Example) bool { return old == nil || len(e.Wants) < len(old.Wants) }
		switch {
		case first.Verdict == finding.Pass && better(pass):
			pass = e
		case first.Verdict == finding.Fail && better(fail):
			fail = e
		}
		if pass != nil && fail != nil && len(pass.Wants) == 1 && len(fail.Wants) == 1 {
			break
		}
	}
	return pass, fail, nil
}

// judge judges a dataset in braces by every rule of a plan.
func judge(ctx context.Context, p *plan.Plan, data string) ([]finding.Finding, error) {
	doc, list := yamldoc.Parse(source.New("data.yaml", []byte(data)))
	if doc == nil || list.HasErrors() {
		return nil, nil
	}
	h, _ := dataset.ReadHeader(doc, true)
	h.Entity, h.Period = "测试单位", "2023"
	d, wrong := dataset.Build(doc, h, p.Pack.Schema)
	if wrong.HasErrors() {
		return nil, nil
	}
	report, err := run.Run(ctx, 1, func(int) (*run.Item, error) {
		return &run.Item{Plan: p, Dataset: d, Path: "data.yaml"}, nil
	}, run.Options{All: true, Jobs: 1})
	if err != nil {
		return nil, err
	}
	return report.Findings, nil
}

// fieldAt is the field of a path, whose rows do not count.
func fieldAt(f *dataset.Field, path string) *dataset.Field {
	for name := range strings.SplitSeq(path, ".") {
		name, _, _ = strings.Cut(name, "[")
		if f = f.Child(name); f == nil {
			return nil
		}
	}
	return f
}

// sample writes the wanted fields within a group with values by chance.
func sample(in *dataset.Field, wanted map[*dataset.Field]bool, r *rand.Rand) []string {
	var parts []string
	for _, f := range in.Fields {
		if f.Header || !within(f, wanted) {
			continue
		}
		value := ""
		switch f.Type {
		case dataset.Group:
			value = "{" + strings.Join(sample(f, wanted, r), ", ") + "}"
		case dataset.List:
			var row []string
			if f.Key != nil && !wanted[f.Key] {
				row = append(row, f.Key.Title()+": "+valueOf(f.Key, r))
			}
			value = "[{" + strings.Join(append(row, sample(f, wanted, r)...), ", ") + "}]"
		default:
			value = valueOf(f, r)
		}
		parts = append(parts, f.Title()+": "+value)
	}
	return parts
}

// within reports whether a field, or one in it, is wanted.
func within(f *dataset.Field, wanted map[*dataset.Field]bool) bool {
	return wanted[f] || slices.ContainsFunc(f.Fields, func(c *dataset.Field) bool { return within(c, wanted) })
}

func valueOf(f *dataset.Field, r *rand.Rand) string {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	switch f.Type {
	case dataset.Percent:
		return pick("100.00%", "50.00%", "25.00%", "0.00%", "150.00%")
	case dataset.Count:
		return fmt.Sprint(r.IntN(4))
	case dataset.Text:
		return pick("甲", "无", "已完成")
	case dataset.Date:
		return pick("2022年", "2023年6月", "2024年8月")
	case dataset.Bool:
		return pick("是", "否")
	}
	return pick("1.00", "2.00", "3.00", "4.00", "0.00", "-1.00")
}
