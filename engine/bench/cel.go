package main

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/ext"

	"github.com/gouji/gouji/engine/sample"
)

// byCEL judges by cel-go, on integers. A rule is one program, compiled and optimized beforehand; it walks the rows of a loop
// itself, and ends at the first that does not hold. The figures of groups are variables and rows the structs that they are:
// structs alone, maps of integers and maps of CEL's own values were all slower.
func byCEL(units []*sample.Unit) (func(func(unit, rule int)) error, error) {
	options := []cel.EnvOption{
		ext.NativeTypes(reflect.TypeFor[sample.Section](), reflect.TypeFor[sample.Project](), types.ParseStructField(named)),
		ext.Bindings(),
		cel.Variable("projects", cel.ListType(cel.ObjectType("sample.Project"))),
		cel.Variable("sections", cel.ListType(cel.ObjectType("sample.Section"))),
		cel.Function("sum", cel.Overload("sum_list_int", []*cel.Type{cel.ListType(cel.IntType)}, cel.IntType, cel.UnaryBinding(sum))),
	}
	for i := range sample.Sections {
		for _, f := range reflect.VisibleFields(reflect.TypeFor[sample.Section]()) {
			options = append(options, cel.Variable(fmt.Sprintf("s%d.%s", i, named(f)), cel.IntType))
		}
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, err
	}
	var programs []cel.Program
	for _, text := range translated(celSection, celLists) {
		ast, issues := env.Compile(text)
		if issues.Err() != nil {
			return nil, fmt.Errorf("%s: %w", text, issues.Err())
		}
		p, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
		programs = append(programs, p)
	}
	activations := make([]cel.Activation, len(units))
	for i, u := range units {
		vars := map[string]any{"projects": u.Projects[:], "sections": u.Sections[:]}
		for i := range u.Sections {
			r := reflect.ValueOf(u.Sections[i])
			for j := range r.NumField() {
				vars[fmt.Sprintf("s%d.%s", i, named(r.Type().Field(j)))] = types.Int(r.Field(j).Int())
			}
		}
		if activations[i], err = cel.NewActivation(vars); err != nil {
			return nil, err
		}
	}
	return func(fail func(unit, rule int)) error {
		for i, a := range activations {
			for n, p := range programs {
				out, _, err := p.Eval(a)
				if err != nil {
					return err
				}
				if out != types.True {
					fail(i, n)
				}
			}
		}
		return nil
	}, nil
}

// sum adds up a list, which CEL itself cannot.
func sum(list ref.Val) ref.Val {
	total := types.Int(0)
	for it := list.(traits.Lister).Iterator(); it.HasNext() == types.True; {
		total += it.Next().(types.Int)
	}
	return total
}

var celSection = [sample.SectionRules]string{
	"S.total == S.basic + S.d + S.e + S.f + S.g + S.h",
	"S.stated == S.a + S.b + S.c + S.d + S.e + S.f + S.g + S.h",
	"S.basic == S.a + S.b + S.c",
	"S.project == S.d + S.e + S.f + S.g + S.h",
	"S.total == S.a + S.b + S.c + S.project",
	"S.change == S.total - S.last",
	"S.budget == 0 || S.rate == (S.total * 10000 + S.budget / 2) / S.budget",
	"S.last == 0 || S.growth == (S.change * 10000 + S.last / 2) / S.last",
	"S.total == 0 || S.share_a == (S.a * 10000 + S.total / 2) / S.total",
	"S.total == 0 || S.share_basic == (S.basic * 10000 + S.total / 2) / S.total",
	"S.total == 0 || S.share_project == (S.project * 10000 + S.total / 2) / S.total",
	"S.total <= S.budget",
	"S.a >= 0 && S.b >= 0 && S.c >= 0",
	"S.change < S.last",
	"S.total <= S.last || S.growth > 0",
	"S.project <= 0 || S.share_project > 0",
	"S.project == (S.basic == 0 ? S.total : S.total - S.basic)",
	"S.total == S.stated",
}

var celLists = [sample.ListRules]string{
	"s0.total == sum(projects.map(p, p.executed))",
	"s1.total == sum(projects.map(p, p.budget))",
	"s2.total == sum(projects.map(p, p.surplus))",
	"s3.total == sum(projects.map(p, p.previous))",
	"s4.total == sum(projects.map(p, p.budget - p.executed))",
	"s5.total == sum(projects.map(p, p.previous > 0, p.executed))",
	"s6.total >= sum(projects.map(p, p.executed))",
	"cel.bind(budget, sum(projects.map(p, p.budget)), s7.rate == (sum(projects.map(p, p.executed)) * 10000 + budget / 2) / budget)",
	"!projects.exists(p, p.executed > p.budget)",
	"projects.all(p, p.surplus >= 0)",
	"projects.exists(p, p.executed > 0)",
	"projects.all(p, p.budget == 0 || p.rate == (p.executed * 10000 + p.budget / 2) / p.budget)",
	"projects.all(p, p.surplus == p.budget - p.executed)",
	"projects.all(p, p.executed <= p.budget)",
	"projects.all(p, p.executed != 0 || p.rate == 0)",
	"projects.all(p, p.executed == p.budget ? p.rate == 10000 : p.rate <= 10000)",
	"projects.all(p, p.budget == p.executed + p.surplus)",
	"projects.all(p, p.previous == 0 || p.budget <= s1.total && p.executed <= s0.total)",
	"sections.all(q, q.total >= q.basic)",
	"sections.all(q, q.basic == 0 || q.share_basic <= 10000 && q.share_project <= 10000)",
}
