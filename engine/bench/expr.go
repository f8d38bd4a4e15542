package main

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/shopspring/decimal"

	"github.com/gouji/gouji/engine/sample"
)

// program is a rule for expr's virtual machine.
type program struct {
	// variable is that of the rule's loop, "" for a rule without one.
	variable    string
	when, check *vm.Program
}

// figures are those of a unit for the virtual machine.
type figures struct {
	env map[string]any
	// rows are those that a loop with the variable p walks, or q.
	rows map[string][]any
}

// byExpr judges by expr's virtual machine, on the decimals of shopspring.
func byExpr(units []*sample.Unit) (func(func(unit, rule int)) error, error) {
	all := make([]figures, len(units))
	for i, u := range units {
		all[i] = decimalsOf(u)
	}
	var programs []program
	options := append(decimalOperators(), expr.Env(all[0].env))
	compile := func(text string) (*vm.Program, error) {
		if text == "" {
			return nil, nil
		}
		return expr.Compile(exprText(text), options...)
	}
	for _, r := range sample.Rules() {
		variable, _, _ := strings.Cut(r.Each, " in ")
		when, err := compile(r.When)
		if err != nil {
			return nil, err
		}
		check, err := compile(r.Check)
		if err != nil {
			return nil, err
		}
		programs = append(programs, program{variable, when, check})
	}
	var machine vm.VM
	is := func(p *vm.Program, env map[string]any) (bool, error) {
		v, err := machine.Run(p, env)
		if err != nil {
			return false, err
		}
		return v.(bool), nil
	}
	holds := func(p *program, env map[string]any) (bool, error) {
		if p.when != nil {
			if applies, err := is(p.when, env); err != nil || !applies {
				return true, err
			}
		}
		return is(p.check, env)
	}
	return func(fail func(unit, rule int)) error {
		for i, f := range all {
			for n := range programs {
				p := &programs[n]
				all := true
				for _, row := range f.rows[p.variable] {
					if p.variable != "" {
						f.env[p.variable] = row
					}
					ok, err := holds(p, f.env)
					if err != nil {
						return err
					}
					all = all && ok
				}
				if !all {
					fail(i, n)
				}
			}
		}
		return nil
	}, nil
}

func decimalsOf(u *sample.Unit) figures {
	f := figures{env: map[string]any{}, rows: map[string][]any{}}
	for _, p := range u.Projects {
		f.rows["p"] = append(f.rows["p"], decimals(p))
	}
	for i, s := range u.Sections {
		group := decimals(s)
		f.env[fmt.Sprintf("s%d", i)], f.rows["q"] = group, append(f.rows["q"], group)
	}
	list := reflect.MakeSlice(reflect.SliceOf(reflect.TypeOf(f.rows["p"][0])), 0, sample.Projects)
	for _, p := range f.rows["p"] {
		list = reflect.Append(list, reflect.ValueOf(p))
	}
	f.env["projects"], f.env["p"], f.env["q"] = list.Interface(), f.rows["p"][0], f.rows["q"][0]
	// A rule without a loop has one row, which is not looked at.
	f.rows[""] = []any{nil}
	return f
}

// exprText is an expression for the virtual machine, whose decimals have other functions, and where a rounded
// side has to say so.
func exprText(text string) string {
	for _, r := range exprWords {
		text = r.from.ReplaceAllString(text, r.to)
	}
	return text
}

var exprWords = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`^same\((.+), (.+)\)$`), "$1 == $2"},
	{regexp.MustCompile(`sum\((filter\(.+?\)|\w+), ([^)]+)\)`), "added(map($1, $2))"},
	{regexp.MustCompile(`^(\S+) == (.+ / .+)$`), "$1 == round2($2)"},
}

// decimals is a struct of decimals, with the names that rules know, of one of hundredths.
func decimals(hundredths any) any {
	from := reflect.ValueOf(hundredths)
	var fields []reflect.StructField
	for i := range from.NumField() {
		f := from.Type().Field(i)
		fields = append(fields, reflect.StructField{
			Name: f.Name, Type: reflect.TypeFor[decimal.Decimal](), Tag: reflect.StructTag(fmt.Sprintf("expr:%q", named(f))),
		})
	}
	to := reflect.New(reflect.StructOf(fields))
	for i := range fields {
		to.Elem().Field(i).Set(reflect.ValueOf(decimal.New(from.Field(i).Int(), -2)))
	}
	return to.Interface()
}

// named is the field of a dataset in the field of a struct: share_a in ShareA.
func named(f reflect.StructField) string {
	return strings.ToLower(inner.ReplaceAllString(f.Name, "${1}_$2"))
}

var inner = regexp.MustCompile(`([a-z])([A-Z])`)

// decimalOperators are expr's operators on decimals, and the functions that it has for floats alone.
func decimalOperators() []expr.Option {
	type number = decimal.Decimal
	of := func(v any) number {
		if i, ok := v.(int); ok {
			return decimal.NewFromInt(int64(i))
		}
		return v.(number)
	}
	binary := func(name, operator string, f func(a, b number) any, types ...any) []expr.Option {
		return []expr.Option{
			expr.Operator(operator, name),
			expr.Function(name, func(args ...any) (any, error) { return f(of(args[0]), of(args[1])), nil }, types...),
		}
	}
	var options []expr.Option
	for operator, f := range map[string]func(a, b number) any{
		"+": func(a, b number) any { return a.Add(b) },
		"-": func(a, b number) any { return a.Sub(b) },
		"*": func(a, b number) any { return a.Mul(b) },
		"/": func(a, b number) any { return a.Div(b) },
	} {
		options = append(options, binary("calculate"+operator, operator, f,
			new(func(number, number) number), new(func(number, int) number))...)
	}
	for operator, f := range map[string]func(a, b number) any{
		"==": func(a, b number) any { return a.Equal(b) },
		"!=": func(a, b number) any { return !a.Equal(b) },
		"<":  func(a, b number) any { return a.LessThan(b) },
		"<=": func(a, b number) any { return a.LessThanOrEqual(b) },
		">":  func(a, b number) any { return a.GreaterThan(b) },
		">=": func(a, b number) any { return a.GreaterThanOrEqual(b) },
	} {
		options = append(options, binary("compare"+operator, operator, f,
			new(func(number, number) bool), new(func(number, int) bool))...)
	}
	return append(options,
		expr.Function("round2", func(args ...any) (any, error) { return args[0].(number).Round(2), nil }, new(func(number) number)),
		expr.Function("added", func(args ...any) (any, error) {
			var total number
			for _, v := range args[0].([]any) {
				total = total.Add(v.(number))
			}
			return total, nil
		}, new(func([]any) number)))
}
