// Package finding holds what a check says about figures: verdicts, findings and the report that gathers them.
//
// A finding is plain data, ready to be written in any format: figures are text, places are lines and columns.
// It never speaks of a wrong pack or an unreadable file; that is package diag.
package finding

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Verdict is the outcome of one rule for one instance.
// Pass to Fail are ordered: `and` takes the greatest of its parts, `or` the least.
type Verdict uint8

const (
	// Pass: the rule holds on the printed figures.
	Pass Verdict = iota
	// Rounding: it does not hold as printed, but true values exist that print exactly so and satisfy it (尾差).
	Rounding
	// NotEvaluated: it cannot be decided; the finding's Cause says why.
	NotEvaluated
	// Fail: no true values that print so can satisfy it.
	Fail
	// NotApplicable: the rule's `when` is false. It stands outside the order.
	NotApplicable
)

// Verdicts lists every verdict in the order in which summaries show them.
var Verdicts = []Verdict{Pass, Rounding, Fail, NotApplicable, NotEvaluated}

// String is the verdict's name in packs, tests and JSON.
func (v Verdict) String() string {
	switch v {
	case Pass:
		return "pass"
	case Rounding:
		return "rounding"
	case NotEvaluated:
		return "not_evaluated"
	case Fail:
		return "fail"
	case NotApplicable:
		return "not_applicable"
	}
	return "invalid"
}

// ParseVerdict finds a verdict by its name.
func ParseVerdict(name string) (Verdict, bool) {
	for _, v := range Verdicts {
		if v.String() == name {
			return v, true
		}
	}
	return 0, false
}

// Severity ranks findings; the zero value is no severity.
type Severity uint8

const (
	Info Severity = iota + 1
	Warning
	Error
)

// Severities lists every severity, worst first.
var Severities = []Severity{Error, Warning, Info}

// String is the severity's name in packs, flags and JSON; "" for none.
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return ""
}

// ParseSeverity finds a severity by its name.
func ParseSeverity(name string) (Severity, bool) {
	for _, s := range Severities {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// Place is where something stands. Line and Column are 1-based and count characters; 0 means unknown.
type Place struct {
	Path string
	// Column counts the characters of the cell where there is a Cell and no Line.
	Line, Column int
	// Page is the page of a published document, 0 where it has none.
	Page int
	// Cell is the cell of a sheet or table of a published document, as in 收入表!C9; "" elsewhere.
	Cell string
	// Section is the headings of the published document above the place, outermost first, one a line. Of a cell the last
	// is the title of its table. It is "" where nothing says so.
	Section string
}

// Headings are the headings above the place, outermost first.
func (p Place) Headings() []string {
	if p.Section == "" {
		return nil
	}
	return strings.Split(p.Section, "\n")
}

// Operand is one figure or text that took part in the comparison.
type Operand struct {
	// Field is the path from the dataset's root, list rows named by their key: projects[科技培训经费].executed.
	Field string
	// Label is the field's Chinese name, with the labels of the groups around it where it needs them.
	Label string
	// Text is the figure as printed; Value the exact value in Unit, "" for texts and missing fields.
	Text, Value string
	Unit        string
	// Decimals is the place of the last digit that counts in Unit; -1 for exact values and texts.
	Decimals int
	// Place is where the figure stands in the published document when the dataset says so, else Data.
	Place Place
	// Data is where it stands in the data file.
	Data Place
	// Context: the check did not compare it. It tells where to look when nothing is printed that the check asks for.
	Context bool
	// Peer: it is of a like entity, which has the same. Which of these are told may change with any dataset: it is no part of what
	// was accepted.
	Peer bool
}

// Interval is a range of differences; an open end does not belong to it. "" is an unknown end.
type Interval struct {
	Low, High         string
	LowOpen, HighOpen bool
}

// Acceptance says why a finding may stand: somebody accepted it, or it is an old one that a baseline holds. An accepted
// finding is counted apart and fails no run; its verdict stays what it is.
type Acceptance struct {
	// Reason is why, in the words of who accepted it; "" for what a baseline holds.
	Reason string
	// By is who accepted it, and Until the last day on which that counts, as 2026-12-31; "" where it is not told.
	By, Until string
	// Baseline: a baseline holds the finding, and nobody gave a reason.
	Baseline bool
	// Place is where the acceptance is written.
	Place Place
}

// Finding is one rule instance and its verdict.
type Finding struct {
	Rule, Title string
	// Pack is the id of the pack that defines the rule.
	Pack     string
	Severity Severity
	Verdict  Verdict
	// Near: statements of one quantity differ by one unit of the last digit.
	Near bool
	// Unlikely: a rounding so large that genuine rounding hardly explains it.
	Unlikely bool
	// Message is the rule's sentence with the numbers in it.
	Message string
	// Input is the path of the dataset.
	Input                    string
	Entity, Period, Instance string
	// Left, Right and Difference are the sides of the deciding comparison; "" where there is none.
	Left, Right, Difference string
	// Allowed holds the differences that would not be a fail; nil where there are none to tell.
	Allowed *Interval
	// Tolerance is the tolerance used, as the rule writes it.
	Tolerance string
	// Cause is a probable cause of a fail, or why the rule could not be evaluated; "" when unknown.
	Cause    string
	Operands []Operand
	// Missing names the fields without which the rule could not be evaluated.
	Missing     []string
	Basis, Hint string
	// Formula is the check with the figures in their places, where it was asked for.
	Formula     string
	Fingerprint string
	// Accepted is why the finding may stand; nil where nobody accepted it.
	Accepted *Acceptance
}

// Told reports whether a finding is more than an instance that holds or to which its rule does not apply.
func (f *Finding) Told() bool { return f.Verdict != Pass && f.Verdict != NotApplicable }

// Open reports whether a finding counts: it is a fail, a rounding or not evaluated, and nobody accepted it.
func (f *Finding) Open() bool { return f.Told() && f.Accepted == nil }

// Fingerprint names a rule instance for good: the first 16 hex digits of sha256 over the JSON array
// [pack, rule, entity, period, instance].
func Fingerprint(pack, rule, entity, period, instance string) string {
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	// Strings always encode.
	_ = enc.Encode([]string{pack, rule, entity, period, instance})
	sum := sha256.Sum256([]byte(strings.TrimSuffix(text.String(), "\n")))
	return hex.EncodeToString(sum[:8])
}

// Input is one dataset that was checked.
type Input struct {
	// Path names it. Within is the file that holds it among others, and Path then is file:line; "" where Path is the file.
	Path, Within string
	// SHA256 is the hash of the file in hex, "" where that is not read as a whole: Report.Files may tell it.
	SHA256         string
	Entity, Period string
	// Kind is what was published, in the words of the dataset.
	Kind string
	// Parent is the entity whose accounts take in this one's, and Region where it belongs; "" where that is not told.
	Parent, Region string
	// Figures counts the figures of the dataset, every statement once.
	Figures int
	// Decimals holds, for each unit, the decimals at which its figures are taken.
	Decimals map[string]int
	// Absent are the parts of the pack's schema of which the dataset gives nothing, as far as rules asked for them.
	Absent []string
	// Document: Path is the published document itself, which was read. Unbound counts its figures that are no statements
	// of any field.
	Document bool
	Unbound  int
	// Pack names the pack that judged it, where readers have to be told: of a document, which cannot name one, when it is
	// not the usual one.
	Pack string
}

// Tally counts verdicts.
type Tally struct {
	Pass, Rounding, Fail, NotApplicable, NotEvaluated int
}

// Add counts one verdict.
func (t *Tally) Add(v Verdict) { *t.of(v)++ }

// AddN counts a verdict n times.
func (t *Tally) AddN(v Verdict, n int) { *t.of(v) += n }

// Of is the count of one verdict.
func (t Tally) Of(v Verdict) int { return *t.of(v) }

func (t *Tally) of(v Verdict) *int {
	switch v {
	case Pass:
		return &t.Pass
	case Rounding:
		return &t.Rounding
	case Fail:
		return &t.Fail
	case NotApplicable:
		return &t.NotApplicable
	}
	return &t.NotEvaluated
}

// Merge adds the counts of another tally.
func (t *Tally) Merge(other Tally) {
	for _, v := range Verdicts {
		*t.of(v) += other.Of(v)
	}
}

// Decided counts the instances that were decided: pass, rounding or fail.
func (t *Tally) Decided() int { return t.Pass + t.Rounding + t.Fail }

// Bound reports whether an instance was decided.
func (t Tally) Bound() bool { return t.Decided() > 0 }

// Rule is what a run says of one rule over all inputs.
type Rule struct {
	ID, Title string
	Severity  Severity
	Tally     Tally
	// Unbound is why the rule decided nothing in any input; "" when it did.
	Unbound Unbound
}

// Unbound says why a rule decided nothing.
type Unbound struct {
	// Reason is "missing", "not-applicable", "empty-list", "period", "partial", or the cause of its instances not being
	// evaluated; "" for a bound rule.
	Reason string
	// Missing names the fields whose absence kept the rule from being evaluated.
	Missing []string
}

// Outcome is what was found of one input.
type Outcome struct {
	Input Input
	// Index counts the inputs of a run, in their order.
	Index int
	// Across: this is what rules across datasets find of an input whose outcome came before.
	Across bool
	// Tally counts the verdicts of all rules.
	Tally Tally
	// Findings are in the order of Sort.
	Findings []Finding
	// Suspects and Labels are those of a Report.
	Suspects []Suspect
	Labels   map[string]string
}

// Sort orders the findings as those of a report are.
func (o *Outcome) Sort() {
	slices.SortStableFunc(o.Findings, func(a, b Finding) int { return worse(&a, &b) })
}

// Report is the outcome of one run.
type Report struct {
	// Version is the version of the tool.
	Version  string
	Inputs   []Input
	Summary  Tally
	Rules    []Rule
	Findings []Finding
	// Suspects are the figures that explain several fails at once, where they were asked for.
	Suspects []Suspect
	// Labels are the names for people of the fields, rows and groups that findings name as instances or as missing.
	Labels map[string]string
	// Files are those that hold several datasets, as far as they were read from beginning to end and their hashes asked for.
	Files []File
	// Roll tells of which entities datasets came; nil where no list of entities says which there are.
	Roll *Roll
}

// File is a file and its hash in hex.
type File struct{ Path, SHA256 string }

// Roll holds a list of entities against the datasets that came.
type Roll struct {
	// Path is the file of the list, and Listed counts its entities.
	Path   string
	Listed int
	// Periods are those of which there are datasets, the latest first, of each the accounts before the budgets.
	Periods []RollPeriod
	// Unlisted counts the datasets of entities that are not listed; Examples names the entities of some.
	Unlisted int
	Examples []string
}

// RollPeriod are the entities of which there is no dataset of a period.
type RollPeriod struct {
	Period string
	// Budget: it is about budgets, else about accounts.
	Budget bool
	// Absent counts the entities, which Entities are in the order of the list.
	Absent   int
	Entities iter.Seq[RollEntity]
}

// RollEntity is an entity of a list.
type RollEntity struct {
	Name, Parent, Region string
	// Place is where it is listed.
	Place Place
}

// Gathering makes a report of outcomes that come one by one. The zero value holds none.
type Gathering struct {
	report Report
	// across: findings came that belong before those of other inputs.
	across bool
}

// Add adds the outcome of the next input.
func (g *Gathering) Add(o *Outcome) {
	g.report.Inputs = append(g.report.Inputs, o.Input)
	g.report.Suspects = append(g.report.Suspects, o.Suspects...)
	g.found(o)
}

// Across adds what rules across datasets found of an input that was added.
func (g *Gathering) Across(o *Outcome) {
	g.across = g.across || len(o.Findings) > 0
	g.found(o)
}

func (g *Gathering) found(o *Outcome) {
	g.report.Findings = append(g.report.Findings, o.Findings...)
	if g.report.Labels == nil {
		g.report.Labels = map[string]string{}
	}
	maps.Copy(g.report.Labels, o.Labels)
}

// Report is the report of all that was added, with what is counted over it. It is the last call.
func (g *Gathering) Report(counted *Report) *Report {
	r := &g.report
	if g.across {
		Sort(r.Findings, r.Inputs)
	}
	if r.Labels == nil {
		r.Labels = map[string]string{}
	}
	r.Version, r.Rules, r.Summary = counted.Version, counted.Rules, counted.Summary
	r.Files, r.Roll = counted.Files, counted.Roll
	return r
}

// BySeverity counts the findings that are a fail, a rounding or not evaluated and that nobody accepted.
func (r *Report) BySeverity() map[Severity]int {
	n := make(map[Severity]int, len(Severities))
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Open() {
			n[f.Severity]++
		}
	}
	return n
}

// Worst is the greatest severity among fails, roundings and what could not be evaluated, as far as nobody accepted them;
// 0 when there is none.
func (r *Report) Worst() Severity {
	var worst Severity
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Open() {
			worst = max(worst, f.Severity)
		}
	}
	return worst
}

// Accepted counts the findings that somebody accepted, and those that a baseline holds.
func (r *Report) Accepted() (reasoned, baseline int) {
	for i := range r.Findings {
		switch a := r.Findings[i].Accepted; {
		case a == nil:
		case a.Baseline:
			baseline++
		default:
			reasoned++
		}
	}
	return reasoned, baseline
}

// Sort orders findings for people and for files: inputs as given, then what may be wrong before what was accepted and
// what is not wrong, then worst first; findings that tie keep the order in which the pack lists their rules.
func Sort(findings []Finding, inputs []Input) {
	order := make(map[string]int, len(inputs))
	for i, in := range inputs {
		order[in.Path] = i
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(order[a.Input], order[b.Input]), worse(&a, &b))
	})
}

// Compare tells which of two findings matters more to a reader, as Sort does within an input: it is negative for f.
func (f *Finding) Compare(other *Finding) int { return worse(f, other) }

// worse compares by what matters to a reader: what may be wrong, then what was accepted, then the rest; then the severity.
func worse(a, b *Finding) int {
	quiet := func(f *Finding) int {
		switch {
		case f.Open():
			return 0
		case f.Told():
			return 1
		}
		return 2
	}
	return cmp.Or(
		cmp.Compare(quiet(a), quiet(b)), cmp.Compare(b.Severity, a.Severity), cmp.Compare(rank(a.Verdict), rank(b.Verdict)),
	)
}

func rank(v Verdict) int {
	return slices.Index([]Verdict{Fail, Rounding, NotEvaluated, NotApplicable, Pass}, v)
}
