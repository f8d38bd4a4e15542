package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/gouji/gouji/engine/sample"
)

// byOPA judges by OPA as a library: one policy for all rules, prepared beforehand, which gives the set of those that do not
// hold; figures are integers in values of its own.
func byOPA(units []*sample.Unit) (func(func(unit, rule int)) error, error) {
	ctx := context.Background()
	var policy strings.Builder
	policy.WriteString("package sample\n\nany_executed if { some p in input.projects; p.executed > 0 }\n")
	for n, text := range translated(regoSection, regoLists) {
		for _, body := range strings.Split(text, " OR ") {
			fmt.Fprintf(&policy, "deny contains %d if { %s }\n", n, body)
		}
	}
	query, err := rego.New(rego.Query("data.sample.deny"), rego.Module("sample.rego", policy.String())).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	inputs := make([]ast.Value, len(units))
	for i, u := range units {
		rows := make([]*ast.Term, sample.Projects)
		for i := range u.Projects {
			rows[i] = object(u.Projects[i])
		}
		input := ast.NewObject(ast.Item(ast.StringTerm("projects"), ast.ArrayTerm(rows...)))
		for i := range u.Sections {
			input.Insert(ast.StringTerm(fmt.Sprintf("s%d", i)), object(u.Sections[i]))
		}
		inputs[i] = input
	}
	return func(fail func(unit, rule int)) error {
		for i, input := range inputs {
			results, err := query.Eval(ctx, rego.EvalParsedInput(input))
			if err != nil {
				return err
			}
			for _, rule := range results[0].Expressions[0].Value.([]any) {
				n, err := rule.(json.Number).Int64()
				if err != nil {
					return err
				}
				fail(i, int(n))
			}
		}
		return nil
	}, nil
}

// object is a struct of hundredths.
func object(hundredths any) *ast.Term {
	v := reflect.ValueOf(hundredths)
	var items [][2]*ast.Term
	for i := range v.NumField() {
		items = append(items, ast.Item(ast.StringTerm(named(v.Type().Field(i))), ast.NumberTerm(json.Number(fmt.Sprint(v.Field(i).Int())))))
	}
	return ast.ObjectTerm(items...)
}

// regoSection and regoLists say when a rule does not hold.
var regoSection = [sample.SectionRules]string{
	"input.S.total != input.S.basic + input.S.d + input.S.e + input.S.f + input.S.g + input.S.h",
	"input.S.stated != input.S.a + input.S.b + input.S.c + input.S.d + input.S.e + input.S.f + input.S.g + input.S.h",
	"input.S.basic != input.S.a + input.S.b + input.S.c",
	"input.S.project != input.S.d + input.S.e + input.S.f + input.S.g + input.S.h",
	"input.S.total != input.S.a + input.S.b + input.S.c + input.S.project",
	"input.S.change != input.S.total - input.S.last",
	"d := input.S.budget; d != 0; input.S.rate != floor((input.S.total * 20000 + d) / (2 * d))",
	"d := input.S.last; d != 0; input.S.growth != floor((input.S.change * 20000 + d) / (2 * d))",
	"d := input.S.total; d != 0; input.S.share_a != floor((input.S.a * 20000 + d) / (2 * d))",
	"d := input.S.total; d != 0; input.S.share_basic != floor((input.S.basic * 20000 + d) / (2 * d))",
	"d := input.S.total; d != 0; input.S.share_project != floor((input.S.project * 20000 + d) / (2 * d))",
	"input.S.total > input.S.budget",
	"input.S.a < 0 OR input.S.b < 0 OR input.S.c < 0",
	"input.S.change >= input.S.last",
	"input.S.total > input.S.last; input.S.growth <= 0",
	"input.S.project > 0; input.S.share_project <= 0",
	"input.S.basic == 0; input.S.project != input.S.total OR input.S.basic != 0; input.S.project != input.S.total - input.S.basic",
	"input.S.total != input.S.stated",
}

var regoLists = [sample.ListRules]string{
	"input.s0.total != sum([p.executed | some p in input.projects])",
	"input.s1.total != sum([p.budget | some p in input.projects])",
	"input.s2.total != sum([p.surplus | some p in input.projects])",
	"input.s3.total != sum([p.previous | some p in input.projects])",
	"input.s4.total != sum([d | some p in input.projects; d := p.budget - p.executed])",
	"input.s5.total != sum([p.executed | some p in input.projects; p.previous > 0])",
	"input.s6.total < sum([p.executed | some p in input.projects])",
	"d := sum([p.budget | some p in input.projects]); input.s7.rate != floor((sum([p.executed | some p in input.projects]) * 20000 + d) / (2 * d))",
	"some p in input.projects; p.executed > p.budget",
	"some p in input.projects; p.surplus < 0",
	"not any_executed",
	"some p in input.projects; p.budget != 0; p.rate != floor((p.executed * 20000 + p.budget) / (2 * p.budget))",
	"some p in input.projects; p.surplus != p.budget - p.executed",
	"some p in input.projects; p.executed > p.budget",
	"some p in input.projects; p.executed == 0; p.rate != 0",
	"some p in input.projects; p.executed == p.budget; p.rate != 10000 OR some p in input.projects; p.executed != p.budget; p.rate > 10000",
	"some p in input.projects; p.budget != p.executed + p.surplus",
	"some p in input.projects; p.previous != 0; p.budget > input.s1.total OR some p in input.projects; p.previous != 0; p.executed > input.s0.total",
	"some q in [input.s0, input.s1, input.s2, input.s3, input.s4, input.s5, input.s6, input.s7, input.s8, input.s9]; q.total < q.basic",
	"some q in [input.s0, input.s1, input.s2, input.s3, input.s4, input.s5, input.s6, input.s7, input.s8, input.s9]; q.basic != 0; q.share_basic > 10000 OR some q in [input.s0, input.s1, input.s2, input.s3, input.s4, input.s5, input.s6, input.s7, input.s8, input.s9]; q.basic != 0; q.share_project > 10000",
}
