package expression

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// function is one function of the language.
type function struct {
	// types are the signatures for expr's checker; none for functions that expr has built in.
	types []reflect.Type
	// lower makes the call's node of its arguments.
	lower func(l *lowerer, c *call) *node
}

func signature(f any) []reflect.Type { return []reflect.Type{reflect.TypeOf(f)} }

var (
	numberToNumber = func(float64) float64 { return 0 }
	anyToBool      = func(any) bool { return false }
)

// functions is the table of all functions: what expressions may call, what a misspelt name is compared with, and
// what names a field must not have.
func functions() map[string]function {
	return map[string]function{
		"sum":       {nil, (*lowerer).sum},
		"count":     {nil, (*lowerer).count},
		"min":       {nil, (*lowerer).extreme},
		"max":       {nil, (*lowerer).extreme},
		"abs":       {nil, (*lowerer).unary},
		"floor":     {nil, (*lowerer).unary},
		"ceil":      {nil, (*lowerer).unary},
		"round":     {append(signature(numberToNumber), signature(func(float64, int) float64 { return 0 })...), (*lowerer).round},
		"len":       {nil, (*lowerer).len},
		"all":       {nil, (*lowerer).quantifier},
		"any":       {nil, (*lowerer).quantifier},
		"none":      {nil, (*lowerer).quantifier},
		"filter":    {nil, (*lowerer).rowsOf},
		"map":       {nil, (*lowerer).rowsOf},
		"same":      {signature(func(float64, float64, ...float64) bool { return false }), (*lowerer).same},
		"present":   {signature(anyToBool), (*lowerer).state},
		"blank":     {signature(anyToBool), (*lowerer).state},
		"explained": {signature(func(string) bool { return false }), (*lowerer).state},
		"value":     {signature(numberToNumber), (*lowerer).value},
		"decimals":  {signature(numberToNumber), (*lowerer).decimals},
		"distinct":  {signature(anyToBool), (*lowerer).distinct},
		"date":      {signature(func(string) time.Time { return time.Time{} }), (*lowerer).date},
		"days":      {signature(func(time.Time, time.Time) float64 { return 0 }), (*lowerer).days},
	}
}

// Functions lists the names of the functions.
func Functions() []string { return slices.Sorted(maps.Keys(functions())) }
