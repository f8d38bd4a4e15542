// Package expression turns the expressions of rules into verdicts.
//
// The language is expr-lang's: its lexer, parser and type checker read every expression, and what they say is passed
// on with its place. The figures are computed here: expr declares all numeric fields as float64 for type checking
// only, and its virtual machine never runs. A checked expression becomes
//
//   - closures over the cells of a dataset, for the question that is asked most: does it hold as printed? They
//     allocate nothing, and say so when a number does not fit;
//   - an exact evaluation on rationals, which answers whatever the closures cannot;
//   - for a comparison that does not hold, a form over the figures as unknowns (linear, a ratio, multilinear, or
//     monotone), from which it is decided whether true values exist that print so and make it hold.
//
// A construct that none of these knows is an error at its place, never a silent fallback.
package expression

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/checker/nature"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/types"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/yamldoc"
)

// Frames is how deep loops and predicates of one rule may nest, the dataset itself included.
const Frames = 32

// Names are the names of a schema as expressions see them, prepared once for all its rules.
type Names struct {
	schema    *dataset.Schema
	functions map[string]function
	// natures describe groups and the rows of lists to expr's checker, each once.
	natures map[*dataset.Field]nature.Nature
	// config is what all scopes tell expr alike.
	config conf.Config
	// walked are the configurations of scopes with a loop variable.
	walked map[walkedScope]*conf.Config
	// groups are those of the schema, but for those in lists.
	groups func() []*dataset.Field
	// sample is built when the first rule is examined over it.
	sample func() *dataset.Dataset
}

// reserved are words of the language that cannot name a field.
var reserved = []string{
	"let", "if", "else", "in", "not", "and", "or", "matches", "contains", "startsWith", "endsWith", "true", "false", "nil",
}

// NewNames prepares a schema and reports names that expressions could not use.
func NewNames(schema *dataset.Schema) (*Names, diag.List) {
	var list diag.List
	table := functions()
	var check func(f *dataset.Field)
	check = func(f *dataset.Field) {
		for _, c := range f.Fields {
			if c.Header || c.Partner != 0 {
				continue
			}
			for _, name := range append([]string{c.Name, c.Label}, c.Aliases...) {
				_, function := table[name]
				if slices.Contains(reserved, name) || f.Parent == nil && (function || slices.Contains(dataset.HeaderKeys(), name)) {
					at := c.NameSpan(name)
					// The fields of a type are met at each use and told once.
					if !slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Span == at }) {
						list.Add(diag.New(diag.ReservedName, at, name))
					}
				}
			}
			check(c)
		}
	}
	check(schema.Root)
	c := conf.CreateNew()
	c.Optimize = false
	c.MaxNodes = maxNodes
	for name, f := range table {
		if len(f.types) > 0 {
			c.Functions[name] = &builtin.Function{Name: name, Func: neverCalled, Types: f.types}
		}
	}
	n := &Names{schema: schema, functions: table, natures: map[*dataset.Field]nature.Nature{}, config: *c}
	n.walked = map[walkedScope]*conf.Config{}
	n.groups = sync.OnceValue(func() []*dataset.Field { return groupsWithin(schema.Root) })
	n.sample = sync.OnceValue(func() *dataset.Dataset { return sample(schema) })
	n.config.Env, n.config.Strict = n.nature(schema.Root), true
	return n, list
}

// nature is how expr checks a group or a row of a list: as a map with these keys.
func (n *Names) nature(record *dataset.Field) nature.Nature {
	if known, ok := n.natures[record]; ok {
		return known
	}
	if like(record) {
		// Those of all partners are described once.
		n.natures[record] = n.nature(record.Of)
		return n.natures[record]
	}
	fields := make(map[string]nature.Nature, len(record.Fields))
	for _, f := range record.Fields {
		switch f.Type {
		case dataset.Group:
			fields[f.Name] = n.nature(f)
		case dataset.List:
			fields[f.Name] = n.natureOfRows(f)
		default:
			fields[f.Name] = natureOf(f.Type)
		}
	}
	described := nature.NatureOf(map[string]any{})
	described.TypeData, described.Strict = &nature.TypeData{Fields: fields}, true
	n.natures[record] = described
	return described
}

// like reports whether a record of joined datasets has the fields that it has in the dataset of a partner, and no other.
func like(record *dataset.Field) bool {
	if record.Of == nil || len(record.Fields) != len(record.Of.Fields) {
		return false
	}
	return !slices.ContainsFunc(record.Fields, func(f *dataset.Field) bool {
		return f.Of == nil || f.Link || (f.Type == dataset.Group || f.Type == dataset.List) && !like(f)
	})
}

// natureOfRows is how expr checks a list.
func (n *Names) natureOfRows(list *dataset.Field) nature.Nature {
	row := n.nature(list)
	described := nature.NatureOf([]any{})
	described.TypeData, described.Ref = &nature.TypeData{}, &row
	return described
}

// natureOfNode is how expr checks what a node gives.
func (n *Names) natureOfNode(of *node) nature.Nature {
	switch of.kind {
	case kindNumber:
		return natureOf(dataset.Amount)
	case kindBool:
		return natureOf(dataset.Bool)
	case kindText:
		return natureOf(dataset.Text)
	case kindDate:
		return natureOf(dataset.Date)
	case kindRows:
		return n.natureOfRows(of.field)
	case kindGroup:
		return n.nature(of.field)
	}
	return anything
}

// natureOf is how expr checks a figure, text, date or truth.
func natureOf(t dataset.Type) nature.Nature {
	switch t {
	case dataset.Text:
		return types.String.Nature()
	case dataset.Bool:
		return types.Bool.Nature()
	case dataset.Date:
		return types.TypeOf(time.Time{}).Nature()
	}
	return types.Float64.Nature()
}

// anything is how expr checks what was reported already.
var anything = types.Any.Nature()

// Scope is the names that the expressions of one rule may use: fields, loop variables and lets.
type Scope struct {
	names *Names
	vars  map[string]*node
	// frames counts the frames taken so far.
	frames int
	inLet  bool
	loops  []*Loop
	reads  []*dataset.Field
	lets   map[string]*let
	// config is one that other scopes have as well, until the scope has names of its own.
	config *conf.Config
	own    bool
}

// walkedScope is a scope, and a loop variable in it.
type walkedScope struct {
	outer *conf.Config
	name  string
	row   nature.Nature
}

type let struct {
	key, value *yamldoc.Node
	tree       ast.Node
	// node is nil while the let is not compiled; a let that is wrong is a node of kind bad.
	node *node
}

// NewScope is the scope of one rule.
func (n *Names) NewScope() *Scope {
	return &Scope{names: n, vars: map[string]*node{}, frames: 1, lets: map[string]*let{}, config: &n.config}
}

// Reads are the figures, texts and dates that what was compiled so far reads, each once: as fields of the group or row that
// a loop walks first.
func (s *Scope) Reads() []*dataset.Field { return slices.Clone(s.reads) }

// taken reports whether a new name would hide another.
func (s *Scope) taken(name string) bool {
	_, function := s.names.functions[name]
	_, variable := s.vars[name]
	_, letName := s.lets[name]
	return function || variable || letName || s.names.schema.Root.Child(name) != nil || slices.Contains(reserved, name)
}

// Knows reports whether a name means something in the scope.
func (s *Scope) Knows(name string) bool { return s.taken(name) }

// declare makes a name known to expr's checker.
func (s *Scope) declare(name string, n nature.Nature) {
	if !s.own {
		s.config, s.own = extended(s.config), true
	}
	s.config.Env.Fields[name] = n
}

// declareVariable is declare for a loop variable, which many rules declare alike.
func (s *Scope) declareVariable(name string, n nature.Nature) {
	key := walkedScope{s.config, name, n}
	if s.own {
		s.declare(name, n)
		return
	}
	if s.names.walked[key] == nil {
		c := extended(s.config)
		c.Env.Fields[name] = n
		s.names.walked[key] = c
	}
	s.config = s.names.walked[key]
}

// extended is a configuration with room for further names.
func extended(c *conf.Config) *conf.Config {
	more := *c
	more.Env.TypeData = &nature.TypeData{Fields: maps.Clone(c.Env.Fields)}
	return &more
}

// neverCalled stands for the bodies of functions: expr only checks their types.
func neverCalled(...any) (any, error) { panic("expr must not run") }

// maxNodes bounds the size of one expression.
const maxNodes = 2000

// Lets declares the lets of a rule. Their order does not matter. One whose value is nil was reported already, and what
// uses it stays silent.
func (s *Scope) Lets(entries []yamldoc.Entry) diag.List {
	var list diag.List
	for _, e := range entries {
		name := e.Key.Value
		if s.taken(name) {
			list.Add(diag.New(diag.NameTaken, e.Key.Span, name))
			continue
		}
		if !isIdentifier(name) {
			list.Add(diag.New(diag.BadName, e.Key.Span, name))
			continue
		}
		s.lets[name] = &let{key: e.Key, value: e.Value}
	}
	for _, name := range slices.Sorted(maps.Keys(s.lets)) {
		l := s.lets[name]
		if l.value != nil {
			tree, wrong := s.parse(l.value)
			l.tree, list = tree, append(list, wrong...)
		}
		if l.tree == nil {
			l.node = bad(place{text: l.key})
			s.declare(name, anything)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.lets)) {
		list = append(list, s.let(name, nil)...)
	}
	return list
}

// let compiles one let after those it uses; chain holds the lets that wait for it.
func (s *Scope) let(name string, chain []string) diag.List {
	l := s.lets[name]
	if i := slices.Index(chain, name); i >= 0 {
		for _, n := range chain[i:] {
			s.lets[n].node = bad(place{text: s.lets[n].key})
			s.declare(n, anything)
		}
		return diag.List{diag.New(diag.Cycle, l.key.Span, strings.Join(append(chain[i:len(chain):len(chain)], name), " → "))}
	}
	if l.node != nil {
		return nil
	}
	var list diag.List
	var uses identifiers
	ast.Walk(&l.tree, &uses)
	for _, used := range uses {
		if s.lets[used] != nil {
			list = append(list, s.let(used, append(chain, name))...)
		}
	}
	if l.node != nil {
		return list
	}
	s.inLet = true
	n, wrong := s.lower(l.value, l.tree)
	s.inLet = false
	list = append(list, wrong...)
	l.node = n
	s.declare(name, s.names.natureOfNode(n))
	return list
}

// identifiers gathers the names that an expression uses.
type identifiers []string

func (i *identifiers) Visit(n *ast.Node) {
	if id, ok := (*n).(*ast.IdentifierNode); ok {
		*i = append(*i, id.Value)
	}
}

// Loop is one `x in list` of a rule.
type Loop struct {
	Var string
	// List is the list that is walked; nil when the loop walks groups.
	List *dataset.Field
	// Groups are the groups that are walked, alternatively: those written, or all of a type.
	Groups []*dataset.Field
	// Frame is the frame that holds the row or group.
	Frame int
	rows  *node
	at    []*node
	// step leads from one group to the next, where they lie at equal steps; else it is zero.
	step dataset.Frame
}

// evenly is the step from one group to the next; zero where they do not lie at equal steps.
func evenly(groups []*node) (step dataset.Frame) {
	for i := 1; i < len(groups); i++ {
		a, b := groups[i-1], groups[i]
		s := dataset.Frame{Cell: int32(b.cell - a.cell), List: int32(b.list - a.list)}
		if a.frame != b.frame || i > 1 && s != step {
			return dataset.Frame{}
		}
		step = s
	}
	return step
}

// Loop declares the loop variable of one clause of `each`. The loop is nil when the clause is wrong. Where it does not
// even declare a variable, named is false: what uses the variable must not be told to use an unknown name.
func (s *Scope) Loop(clause *yamldoc.Node) (loop *Loop, named bool, list diag.List) {
	tree, list := s.parse(clause)
	if tree == nil {
		return nil, false, list
	}
	in, ok := tree.(*ast.BinaryNode)
	var name *ast.IdentifierNode
	if ok {
		name, ok = in.Left.(*ast.IdentifierNode)
	}
	if !ok || in.Operator != "in" {
		return nil, false, diag.List{diag.New(diag.BadEach, clause.Span)}
	}
	l := s.lowerer(clause)
	span := l.span(name)
	if s.taken(name.Value) {
		l.add(diag.NameTaken, span, name.Value)
		return nil, false, l.list
	}
	loop = &Loop{Var: name.Value, Frame: s.frames}
	var element *dataset.Field
	if groups, ok := l.groups(in.Right); ok {
		for _, g := range groups {
			switch {
			case g.kind == kindBad:
				continue
			case g.kind != kindGroup:
				l.add(diag.EachOverGroups, g.span)
				continue
			case element == nil:
				element = g.field
			case element.Use == "" || element.Use != g.field.Use:
				l.add(diag.EachOverGroups, g.span)
			}
			loop.Groups, loop.at = append(loop.Groups, g.field), append(loop.at, g)
		}
	} else {
		rows := l.lower(in.Right)
		if rows.kind != kindRows && rows.kind != kindBad {
			l.add(diag.EachOverList, l.span(in.Right))
		} else if rows.kind == kindRows {
			element, loop.List, loop.rows = rows.field, rows.field, rows
		}
	}
	if element == nil || len(l.list) > 0 {
		// Uses of the variable must not complain a second time.
		s.vars[loop.Var] = bad(span)
		s.declare(loop.Var, anything)
		return nil, true, l.list
	}
	if s.frames++; s.frames > Frames {
		l.add(diag.TooDeep, place{text: clause})
		return nil, false, l.list
	}
	loop.step = evenly(loop.at)
	s.vars[loop.Var] = &node{op: opGroup, kind: kindGroup, field: element, frame: loop.Frame, span: span}
	s.declareVariable(loop.Var, s.names.nature(element))
	s.loops = append(s.loops, loop)
	return loop, true, nil
}

// groups are what a clause of `each` walks, written as [group, …] or as the name of their type; ok is false when it is
// to walk a list. A type that could be walked must not share its name with anything else.
func (l *lowerer) groups(walked ast.Node) (groups []*node, ok bool) {
	switch n := walked.(type) {
	case *ast.ArrayNode:
		for _, e := range n.Nodes {
			groups = append(groups, l.lower(e).at(l.span(e)))
		}
		if len(n.Nodes) == 0 {
			l.add(diag.BadEach, place{text: l.text})
		}
		return groups, true
	case *ast.IdentifierNode:
		known := l.vars[n.Value] != nil || l.names.schema.Root.Child(n.Value) != nil
		groups = l.groupsOf(n.Value, l.span(n))
		switch {
		case known && len(groups) > 0:
			l.add(diag.AmbiguousType, l.span(n), n.Value)
		case known:
			return nil, false
		case len(groups) > 0:
		case slices.Contains(l.names.schema.Types, n.Value):
			l.add(diag.TypeWithoutGroups, l.span(n), n.Value)
		default:
			l.unknownName(n, l.names.schema.Types)
		}
		return groups, true
	}
	return nil, false
}

// groupsOf are the groups of a named type, in the order of the schema; those in lists are left out.
func (l *lowerer) groupsOf(use string, span place) []*node {
	var groups []*node
	for _, f := range l.names.groups() {
		if f.Use == use {
			groups = append(groups, &node{op: opGroup, kind: kindGroup, field: f, cell: f.Cell, list: f.List, span: span})
		}
	}
	return groups
}

// groupsWithin lists the groups within a group, and those within them.
func groupsWithin(in *dataset.Field) []*dataset.Field {
	var groups []*dataset.Field
	for _, f := range in.Fields {
		if f.Type == dataset.Group && f.Partner == 0 {
			groups = append(append(groups, f), groupsWithin(f)...)
		}
	}
	return groups
}
