// Package ruletest runs the tests that rule packs carry: small facts and the verdicts they must give.
//
// A test is strict both ways: what it wants must come true, and a fail or rounding of any rule of the pack that it does
// not want fails it. A rule that could not be evaluated for want of fields need not be mentioned, since the facts are
// small by design; any other reason must be.
package ruletest

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/expression"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Case is one test.
type Case struct {
	Name  string
	Wants []Want
	Span  source.Span
	data  *dataset.Dataset
	// others are the datasets beside it, for rules across datasets.
	others []*dataset.Dataset
}

// Want is what a test wants of one instance of a rule. Fields that the test does not name are "".
type Want struct {
	Rule, Instance string
	Verdict        finding.Verdict
	// Details are further keys, such as severity or difference, with the value wanted.
	Details []Detail
	Span    source.Span
}

// Detail is one wanted property of a finding.
type Detail struct {
	Key, Value string
	Span       source.Span
}

// Failure is one thing in which a test and the pack disagree.
type Failure struct {
	Case string
	// Span is where the want stands, or the test for what it does not want.
	Span source.Span
	// Got and Want tell the disagreement; Want is "" for what the test does not mention, Got for what did not happen.
	Rule, Instance string
	Key            string
	Got, Want      string
}

// Result is the outcome of the tests of one pack.
type Result struct {
	Cases    int
	Failures []Failure
	// Report holds what is found in the cases, every instance of every rule; its inputs are the cases in their order.
	Report *finding.Report
	// NeverFails and NeverPasses are the rules that no case shows failing, or passing.
	NeverFails, NeverPasses []string
}

// OK reports whether every test came out as it wants and every rule has a case that fails it and one that passes it.
func (r *Result) OK() bool {
	return len(r.Failures) == 0 && len(r.NeverFails) == 0 && len(r.NeverPasses) == 0
}

// Load reads the tests in the folder dir of fsys; shown is what messages call it.
func Load(fsys fs.FS, dir, shown string, p *plan.Plan) ([]Case, diag.List, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, nil, err
	}
	l := loader{plan: p}
	for _, e := range entries {
		if e.IsDir() || !rule.IsTest(e.Name()) {
			continue
		}
		content, err := fs.ReadFile(fsys, path.Join(dir, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		doc, list := yamldoc.Parse(source.New(path.Join(shown, e.Name()), content))
		l.list = append(l.list, list...)
		if doc != nil {
			l.file(doc)
		}
	}
	l.list.Sort()
	return l.cases, l.list, nil
}

type loader struct {
	plan  *plan.Plan
	list  diag.List
	cases []Case
}

func (l *loader) add(code diag.Code, span source.Span, args ...any) {
	l.list.Add(diag.New(code, span, args...))
}

func (l *loader) keys(n *yamldoc.Node, known ...string) bool {
	if n.Kind != yamldoc.Mapping {
		l.add(diag.WantMapping, n.Span)
		return false
	}
	for _, e := range n.Entries {
		if !slices.Contains(known, e.Key.Value) {
			l.list.Add(diag.New(diag.UnknownKey, e.Key.Span, e.Key.Value).WithSuggestion(diag.Suggest(e.Key.Value, known)))
			return false
		}
	}
	return true
}

func (l *loader) file(doc *yamldoc.Node) {
	if doc.Kind != yamldoc.Sequence {
		l.add(diag.WantList, doc.Span)
		return
	}
	for _, item := range doc.Items {
		if !l.keys(item, "name", "data", keyPrior, keyBudget, keyChildren, keyPeers, "want") {
			continue
		}
		c := Case{Span: item.Span}
		missing := false
		for _, key := range []string{"name", "data", "want"} {
			if item.Get(key) == nil {
				l.add(diag.MissingKey, item.Span, key)
				missing = true
			}
		}
		if missing {
			continue
		}
		c.Name, c.Span = item.Get("name").Value, item.Get("name").Span
		c.Wants = l.wants(item.Get("want"))
		c.data = l.dataset(item.Get("data"), dataset.Header{Entity: "测试单位", Period: "2023"})
		c.others = l.others(item, c.data.Header)
		l.cases = append(l.cases, c)
	}
}

// Keys of the datasets beside that of a test.
const (
	keyPrior    = "prior"
	keyBudget   = "budget"
	keyChildren = "children"
	keyPeers    = "peers"
)

// dataset reads a dataset; what its header does not say is as in other.
func (l *loader) dataset(n *yamldoc.Node, other dataset.Header) *dataset.Dataset {
	h, wrong := dataset.ReadHeader(n, true)
	l.list = append(l.list, wrong...)
	h.Entity, h.Period = cmp.Or(h.Entity, other.Entity), cmp.Or(h.Period, other.Period)
	h.Kind, h.Parent = cmp.Or(h.Kind, other.Kind), cmp.Or(h.Parent, other.Parent)
	d, wrong := dataset.Build(n, h, l.plan.Pack.Schema)
	l.list = append(l.list, wrong...)
	return d
}

// others reads the datasets beside that of a test: those of the years before, its budget, those of the units below, and those
// of the units that are like its own.
func (l *loader) others(item *yamldoc.Node, own dataset.Header) []*dataset.Dataset {
	var others []*dataset.Dataset
	for _, key := range []string{keyPrior, keyBudget, keyChildren, keyPeers} {
		n := item.Get(key)
		if n == nil {
			continue
		}
		nodes := []*yamldoc.Node{n}
		if n.Kind == yamldoc.Sequence && key != keyBudget {
			nodes = n.Items
		}
		for i, n := range nodes {
			h := dataset.Header{Entity: own.Entity, Period: own.Period, Kind: own.Kind}
			switch key {
			case keyPrior:
				h.Period = strconv.Itoa(own.Year() - 1 - i)
			case keyBudget:
				h.Kind = dataset.BudgetKind
			case keyChildren:
				h.Entity, h.Parent = "下级单位"+strconv.Itoa(1+i), own.Entity
			case keyPeers:
				h.Entity, h.Parent = "同类单位"+strconv.Itoa(1+i), own.Parent
			}
			others = append(others, l.dataset(n, h))
		}
	}
	return others
}

var detailKeys = []string{
	"verdict", "severity", "near", "unlikely", "left", "right", "difference", "cause", "message", "missing",
}

// DetailKeys lists the keys of what a test may want of a finding, the verdict first.
func DetailKeys() []string { return slices.Clone(detailKeys) }

// wants reads the wanted verdicts: rule: verdict, rule: {verdict: …, …}, or rule: {instance: one of these}.
func (l *loader) wants(n *yamldoc.Node) []Want {
	if n.Kind == yamldoc.Sequence && len(n.Items) == 0 || n.Null {
		return nil
	}
	if n.Kind != yamldoc.Mapping {
		l.add(diag.WantMapping, n.Span)
		return nil
	}
	known := []string{rule.RestatedID}
	for _, r := range l.plan.All() {
		known = append(known, r.ID)
	}
	var wants []Want
	for _, e := range n.Entries {
		id := e.Key.Value
		if !slices.Contains(known, id) {
			l.list.Add(diag.New(diag.UnknownRule, e.Key.Span, id).WithSuggestion(diag.Suggest(id, known)))
			continue
		}
		if e.Value.Kind == yamldoc.Scalar || e.Value.Get("verdict") != nil {
			wants = l.want(wants, id, "", e.Value)
			continue
		}
		if e.Value.Kind != yamldoc.Mapping {
			l.add(diag.WantMapping, e.Value.Span)
			continue
		}
		for _, instance := range e.Value.Entries {
			wants = l.want(wants, id, instance.Key.Value, instance.Value)
		}
	}
	return wants
}

func (l *loader) want(wants []Want, id, instance string, n *yamldoc.Node) []Want {
	w := Want{Rule: id, Instance: instance, Span: n.Span}
	verdict := n
	if n.Kind == yamldoc.Mapping {
		if !l.keys(n, detailKeys...) {
			return wants
		}
		if verdict = n.Get("verdict"); verdict == nil {
			l.add(diag.MissingKey, n.Span, "verdict")
			return wants
		}
		for _, e := range n.Entries {
			if e.Key.Value != "verdict" {
				w.Details = append(w.Details, Detail{e.Key.Value, detailText(e.Value), e.Value.Span})
			}
		}
	}
	v, ok := finding.ParseVerdict(verdict.Value)
	if !ok {
		var names []string
		for _, v := range finding.Verdicts {
			names = append(names, v.String())
		}
		l.add(diag.UnknownWord, verdict.Span, verdict.Value, strings.Join(names, ", "))
		return wants
	}
	w.Verdict = v
	return append(wants, w)
}

// detailText is a wanted value as text; a list is joined as findings are compared.
func detailText(n *yamldoc.Node) string {
	if n.Kind != yamldoc.Sequence {
		return n.Value
	}
	var items []string
	for _, i := range n.Items {
		items = append(items, i.Value)
	}
	return strings.Join(items, ", ")
}

// Run runs the tests of a plan.
func Run(ctx context.Context, p *plan.Plan, cases []Case) (*Result, error) {
	r := &Result{Cases: len(cases)}
	failed, passed := map[string]bool{}, map[string]bool{}
	report, err := run.Run(ctx, len(cases), func(i int) (*run.Item, error) {
		return &run.Item{Plan: p, Dataset: cases[i].data, Path: fmt.Sprint(i)}, nil
	}, run.Options{All: true})
	if err != nil {
		return nil, err
	}
	r.Report = report
	for i := range cases {
		if err := cases[i].across(ctx, p, i, report); err != nil {
			return nil, err
		}
	}
	byCase := make(map[string][]finding.Finding, len(cases))
	for _, f := range report.Findings {
		byCase[f.Input] = append(byCase[f.Input], f)
		failed[f.Rule] = failed[f.Rule] || f.Verdict == finding.Fail
		passed[f.Rule] = passed[f.Rule] || f.Verdict == finding.Pass
	}
	for i := range cases {
		r.Failures = append(r.Failures, cases[i].compare(byCase[fmt.Sprint(i)])...)
	}
	for _, rule := range p.All() {
		if !failed[rule.ID] {
			r.NeverFails = append(r.NeverFails, rule.ID)
		}
		if !passed[rule.ID] {
			r.NeverPasses = append(r.NeverPasses, rule.ID)
		}
	}
	return r, nil
}

// across adds what rules across datasets say of the i-th case, where it has other datasets or wants something of such a rule.
func (c *Case) across(ctx context.Context, p *plan.Plan, i int, report *finding.Report) error {
	if p.Across == nil || len(c.others) == 0 && !slices.ContainsFunc(c.Wants, func(w Want) bool {
		return slices.ContainsFunc(p.Across.Rules, func(r *plan.Rule) bool { return r.ID == w.Rule })
	}) {
		return nil
	}
	a := run.NewAcross(run.Options{All: true, Jobs: 1}, "", run.AcrossMemory)
	defer a.Close()
	for k, d := range append([]*dataset.Dataset{c.data}, c.others...) {
		path := fmt.Sprint(i)
		if k > 0 {
			path += "/" + fmt.Sprint(k)
		}
		if err := a.Add(uint64(k), &run.Item{Plan: p, Dataset: d, Path: path}); err != nil {
			return err
		}
	}
	return a.Judge(ctx, func(out *run.AcrossOutcome) error {
		if out.Number == 0 {
			report.Findings = append(report.Findings, out.Findings...)
			maps.Copy(report.Labels, out.Labels)
		}
		return nil
	})
}

// compare holds findings against what the test wants.
func (c *Case) compare(findings []finding.Finding) []Failure {
	var failures []Failure
	wanted := make([]bool, len(findings))
	for _, w := range c.Wants {
		i := slices.IndexFunc(findings, func(f finding.Finding) bool { return f.Rule == w.Rule && f.Instance == w.Instance })
		fail := func(key, got, want string, span source.Span) {
			failures = append(failures, Failure{Case: c.Name, Span: span, Rule: w.Rule, Instance: w.Instance, Key: key, Got: got, Want: want})
		}
		if i < 0 {
			fail("instance", "", w.Verdict.String(), w.Span)
			continue
		}
		wanted[i] = true
		f := &findings[i]
		if f.Verdict != w.Verdict {
			fail("verdict", f.Verdict.String(), w.Verdict.String(), w.Span)
		}
		for _, d := range w.Details {
			if got := detail(f, d.Key); got != d.Value {
				fail(d.Key, got, d.Value, d.Span)
			}
		}
	}
	for i := range findings {
		f := &findings[i]
		switch {
		case wanted[i] || f.Verdict == finding.Pass || f.Verdict == finding.NotApplicable:
			continue
		case f.Verdict == finding.NotEvaluated && (f.Cause == expression.CauseMissing || f.Cause == run.CauseNoPartner):
			continue
		}
		got := f.Verdict.String()
		if f.Cause != "" {
			got += " (" + f.Cause + ")"
		}
		failures = append(failures, Failure{Case: c.Name, Span: c.Span, Rule: f.Rule, Instance: f.Instance, Key: "verdict", Got: got})
	}
	return failures
}

func detail(f *finding.Finding, key string) string {
	switch key {
	case "severity":
		return f.Severity.String()
	case "near":
		return fmt.Sprint(f.Near)
	case "unlikely":
		return fmt.Sprint(f.Unlikely)
	case "left":
		return f.Left
	case "right":
		return f.Right
	case "difference":
		return f.Difference
	case "cause":
		return f.Cause
	case "message":
		return f.Message
	}
	return strings.Join(f.Missing, ", ")
}
