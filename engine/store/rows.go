package store

import (
	"reflect"
	"strings"

	"github.com/gouji/gouji/engine/finding"
)

// This file holds the rows of the tables, which schema.sql explains. The order of the fields is that of the columns there,
// and their tags are the names of the columns.

// decimal is a number in plain decimal notation; "" is NULL.
type decimal string

type tally struct {
	Pass          int64 `parquet:"pass"`
	Rounding      int64 `parquet:"rounding"`
	Fail          int64 `parquet:"fail"`
	NotApplicable int64 `parquet:"not_applicable"`
	NotEvaluated  int64 `parquet:"not_evaluated"`
}

func tallyOf(t finding.Tally) tally {
	return tally{int64(t.Pass), int64(t.Rounding), int64(t.Fail), int64(t.NotApplicable), int64(t.NotEvaluated)}
}

func (t *tally) merge(other tally) {
	t.Pass += other.Pass
	t.Rounding += other.Rounding
	t.Fail += other.Fail
	t.NotApplicable += other.NotApplicable
	t.NotEvaluated += other.NotEvaluated
}

// counts are findings by what they mean for a reader.
type counts struct {
	Errors   int64 `parquet:"errors"`
	Warnings int64 `parquet:"warnings"`
	Infos    int64 `parquet:"infos"`
	Accepted int64 `parquet:"accepted"`
	Baseline int64 `parquet:"baseline"`
}

func (c *counts) add(f *finding.Finding) {
	switch {
	case f.Accepted != nil && f.Accepted.Baseline:
		c.Baseline++
	case f.Accepted != nil:
		c.Accepted++
	case !f.Open():
	case f.Severity == finding.Error:
		c.Errors++
	case f.Severity == finding.Warning:
		c.Warnings++
	default:
		c.Infos++
	}
}

func (c *counts) merge(other counts) {
	c.Errors += other.Errors
	c.Warnings += other.Warnings
	c.Infos += other.Infos
	c.Accepted += other.Accepted
	c.Baseline += other.Baseline
}

type runRow struct {
	Run      int64  `parquet:"-"`
	Key      string `parquet:"key"`
	Turn     int64  `parquet:"turn"`
	Times    int64  `parquet:"times"`
	Started  string `parquet:"started"`
	Finished string `parquet:"finished"`
	Version  string `parquet:"version"`
	Options  string `parquet:"options"`
	Inputs   int64  `parquet:"inputs"`
	Broken   int64  `parquet:"broken"`
	Figures  int64  `parquet:"figures"`
	tally
	counts
}

type inputRow struct {
	Run     int64  `parquet:"-"`
	Input   int64  `parquet:"input"`
	Path    string `parquet:"path"`
	SHA256  string `parquet:"sha256"`
	Pack    string `parquet:"pack,dict"`
	Entity  string `parquet:"entity"`
	Period  string `parquet:"period,dict"`
	Figures int64  `parquet:"figures"`
	Unbound int64  `parquet:"unbound"`
	Absent  string `parquet:"absent,dict"`
	tally
	counts
}

func newInput(number int64, o *finding.Outcome) inputRow {
	in := &o.Input
	row := inputRow{
		Input: number, Path: in.Path, SHA256: in.SHA256, Pack: in.Pack, Entity: in.Entity, Period: in.Period,
		Figures: int64(in.Figures), Unbound: int64(in.Unbound), Absent: list(in.Absent), tally: tallyOf(o.Tally),
	}
	for i := range o.Findings {
		row.add(&o.Findings[i])
	}
	return row
}

type ruleRow struct {
	Run      int64  `parquet:"-"`
	Place    int64  `parquet:"place"`
	Rule     string `parquet:"rule"`
	Title    string `parquet:"title"`
	Severity string `parquet:"severity"`
	tally
	Unbound string `parquet:"unbound"`
	Missing string `parquet:"missing"`
}

func newRule(place int64, r *finding.Rule) ruleRow {
	return ruleRow{
		Place: place, Rule: r.ID, Title: r.Title, Severity: r.Severity.String(), tally: tallyOf(r.Tally),
		Unbound: r.Unbound.Reason, Missing: list(r.Unbound.Missing),
	}
}

type findingRow struct {
	Run           int64   `parquet:"-"`
	Finding       int64   `parquet:"finding"`
	Input         int64   `parquet:"input"`
	Fingerprint   string  `parquet:"fingerprint"`
	Pack          string  `parquet:"pack,dict"`
	Rule          string  `parquet:"rule,dict"`
	Title         string  `parquet:"title,dict"`
	Severity      string  `parquet:"severity,dict"`
	Verdict       string  `parquet:"verdict,dict"`
	Open          bool    `parquet:"open"`
	Near          bool    `parquet:"near"`
	Unlikely      bool    `parquet:"unlikely"`
	Entity        string  `parquet:"entity,dict"`
	Period        string  `parquet:"period,dict"`
	Instance      string  `parquet:"instance,dict"`
	Message       string  `parquet:"message"`
	LeftSide      string  `parquet:"left_side"`
	RightSide     string  `parquet:"right_side"`
	Difference    decimal `parquet:"difference,optional"`
	Cut           bool    `parquet:"cut"`
	AllowedLow    decimal `parquet:"allowed_low,optional"`
	AllowedHigh   decimal `parquet:"allowed_high,optional"`
	Tolerance     string  `parquet:"tolerance,dict"`
	Cause         string  `parquet:"cause,dict"`
	Missing       string  `parquet:"missing,dict"`
	Basis         string  `parquet:"basis,dict"`
	Hint          string  `parquet:"hint,dict"`
	Accepted      string  `parquet:"accepted,dict"`
	Reason        string  `parquet:"reason,dict"`
	AcceptedBy    string  `parquet:"accepted_by,dict"`
	AcceptedUntil string  `parquet:"accepted_until,dict"`
}

func newFinding(number, input int64, f *finding.Finding) findingRow {
	row := findingRow{
		Finding: number, Input: input, Fingerprint: f.Fingerprint, Pack: f.Pack, Rule: f.Rule, Title: f.Title,
		Severity: f.Severity.String(), Verdict: f.Verdict.String(), Open: f.Open(), Near: f.Near, Unlikely: f.Unlikely,
		Entity: f.Entity, Period: f.Period, Instance: f.Instance, Message: f.Message, LeftSide: f.Left, RightSide: f.Right,
		Tolerance: f.Tolerance, Cause: f.Cause, Missing: list(f.Missing), Basis: f.Basis, Hint: f.Hint,
	}
	row.Difference, row.Cut = plain(f.Difference)
	if a := f.Allowed; a != nil {
		row.AllowedLow, _ = plain(a.Low)
		row.AllowedHigh, _ = plain(a.High)
	}
	if a := f.Accepted; a != nil {
		row.Accepted, row.Reason, row.AcceptedBy, row.AcceptedUntil = "reason", a.Reason, a.By, a.Until
		if a.Baseline {
			row.Accepted = "baseline"
		}
	}
	return row
}

type operandRow struct {
	Run          int64   `parquet:"-"`
	Finding      int64   `parquet:"finding"`
	Operand      int64   `parquet:"operand"`
	Field        string  `parquet:"field,dict"`
	Label        string  `parquet:"label,dict"`
	Printed      string  `parquet:"printed"`
	Value        decimal `parquet:"value,optional"`
	Unit         string  `parquet:"unit,dict"`
	Decimals     *int64  `parquet:"decimals,optional"`
	Context      bool    `parquet:"context"`
	PlacePath    string  `parquet:"place_path,dict"`
	PlaceLine    int64   `parquet:"place_line"`
	PlaceColumn  int64   `parquet:"place_column"`
	PlacePage    int64   `parquet:"place_page"`
	PlaceCell    string  `parquet:"place_cell,dict"`
	PlaceSection string  `parquet:"place_section,dict"`
	DataPath     string  `parquet:"data_path,dict"`
	DataLine     int64   `parquet:"data_line"`
	DataColumn   int64   `parquet:"data_column"`
}

func newOperand(finding, number int64, o *finding.Operand) operandRow {
	row := operandRow{
		Finding: finding, Operand: number, Field: o.Field, Label: o.Label, Printed: o.Text, Unit: o.Unit, Context: o.Context || o.Peer,
		PlacePath: o.Place.Path, PlaceLine: int64(o.Place.Line), PlaceColumn: int64(o.Place.Column),
		PlacePage: int64(o.Place.Page), PlaceCell: o.Place.Cell, PlaceSection: o.Place.Section,
		DataPath: o.Data.Path, DataLine: int64(o.Data.Line), DataColumn: int64(o.Data.Column),
	}
	row.Value, _ = plain(o.Value)
	if o.Decimals >= 0 {
		decimals := int64(o.Decimals)
		row.Decimals = &decimals
	}
	return row
}

// list writes a list as text, one item a line.
func list(items []string) string { return strings.Join(items, "\n") }

// plain takes a figure as reports write it: its digits, and whether it goes on behind them. It is "" for what is no number.
func plain(figure string) (digits decimal, cut bool) {
	text, cut := strings.CutSuffix(figure, "…")
	whole, fraction, point := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if !isDigits(whole) || point && !isDigits(fraction) {
		return "", false
	}
	return decimal(text), cut
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// values are the values of a row in the order of its columns: int64, string, bool, or nil for NULL. They are put behind
// those that are there.
func values(to []any, row any) []any { return fields(to, reflect.ValueOf(row).Elem()) }

func fields(to []any, row reflect.Value) []any {
	for i := range row.NumField() {
		switch f := row.Field(i); f.Kind() {
		case reflect.Struct:
			to = fields(to, f)
		case reflect.Int64:
			to = append(to, f.Int())
		case reflect.Bool:
			to = append(to, f.Bool())
		case reflect.Pointer:
			if f.IsNil() {
				to = append(to, nil)
			} else {
				to = append(to, f.Elem().Int())
			}
		default:
			if s := f.String(); s == "" && f.Type() == decimalType {
				to = append(to, nil)
			} else {
				to = append(to, s)
			}
		}
	}
	return to
}

var decimalType = reflect.TypeFor[decimal]()
