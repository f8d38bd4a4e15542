package expression

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/yamldoc"
)

// maxLength bounds the characters of one expression.
const maxLength = 20_000

// parse reads an expression; the tree is nil when it is not one.
func (s *Scope) parse(n *yamldoc.Node) (tree ast.Node, list diag.List) {
	if utf8.RuneCountInString(n.Value) > maxLength {
		return nil, diag.List{diag.New(diag.ExpressionTooLong, n.Span, maxLength)}
	}
	defer func() {
		if r := recover(); r != nil {
			tree, list = nil, diag.List{diag.New(diag.Syntax, n.Span, fmt.Sprint(r))}
		}
	}()
	t, err := parser.ParseWithConfig(n.Value, s.config)
	if err != nil {
		if text := withoutLongNumbers(n.Value); text != n.Value {
			t, err = parser.ParseWithConfig(text, s.config)
		}
	}
	if err != nil {
		return nil, diag.List{fault(diag.Syntax, n, err)}
	}
	return t.Node, nil
}

// withoutLongNumbers puts zeros for the numbers that expr's parser could not hold. They are read from the text, as all
// numbers are, once their places are known.
func withoutLongNumbers(text string) string {
	tokens, err := lexer.Lex(file.NewSource(text))
	if err != nil {
		return text
	}
	runes := []rune(text)
	for _, t := range tokens {
		if t.Kind != lexer.Number {
			continue
		}
		_, err := strconv.ParseInt(t.Value, 0, 64)
		if strings.ContainsAny(t.Value, ".eE") && !strings.HasPrefix(strings.ToLower(t.Value), "0x") {
			_, err = strconv.ParseFloat(t.Value, 64)
		}
		if err != nil {
			for i := t.From; i < t.To; i++ {
				runes[i] = '0'
			}
		}
	}
	return string(runes)
}

// check lets expr check the types of a tree whose names are resolved.
func (s *Scope) check(n *yamldoc.Node, tree ast.Node) (list diag.List) {
	defer func() {
		if r := recover(); r != nil {
			list = diag.List{diag.New(diag.TypeMismatch, n.Span, fmt.Sprint(r))}
		}
	}()
	t := &parser.Tree{Node: tree, Source: file.NewSource(n.Value)}
	// The checker puts other nodes for whole literals that are arguments, and forgets where they stand.
	var before, after literals
	ast.Walk(&tree, &before)
	_, err := checker.Check(t, s.config)
	if len(before) > 0 {
		ast.Walk(&tree, &after)
	}
	for i := range min(len(before), len(after)) {
		after[i].node.SetLocation(before[i].at)
	}
	if err != nil {
		d := fault(diag.TypeMismatch, n, err)
		d.Args[0] = goTypes.ReplaceAllStringFunc(d.Args[0].(string), typeWord)
		return diag.List{d}
	}
	return nil
}

// literals gathers the number literals of a tree with their places, in order.
type literals []struct {
	node ast.Node
	at   file.Location
}

func (l *literals) Visit(n *ast.Node) {
	switch (*n).(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		*l = append(*l, struct {
			node ast.Node
			at   file.Location
		}{*n, (*n).Location()})
	}
}

// goTypes finds the types of Go, under which expr checks fields; typeWords are the words of rules for them.
var (
	goTypes   = regexp.MustCompile(`(\[\])?(map\[string\]interface \{\}|interface \{\}|\b(float64|int|string|bool|time\.Time)\b)`)
	typeWords = map[string]string{
		"float64": "number", "int": "number", "string": "text", "bool": "condition", "time.Time": "date",
		"map[string]interface {}": "group", "interface {}": "anything",
	}
)

func typeWord(t string) string {
	if strings.HasPrefix(t, "[]") {
		return "list"
	}
	return typeWords[t]
}

// fault places an error of expr.
func fault(code diag.Code, n *yamldoc.Node, err error) diag.Diagnostic {
	var e *file.Error
	if !errors.As(err, &e) {
		return diag.New(code, n.Span, err.Error())
	}
	from, to := e.From, max(e.To, e.From+1)
	if length := len([]rune(n.Value)); from >= length {
		from, to = max(length-1, 0), length
	}
	return diag.New(code, n.SubSpan(from, to), e.Message)
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if !(r == '_' || unicode.IsLetter(r) || i > 0 && unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}
