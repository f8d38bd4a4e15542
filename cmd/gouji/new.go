package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/plan"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/ruletest"
)

// newFlags are the flags of gouji new.
type newFlags struct{ rules, topic, title, each, when, severity string }

// newKinds are what gouji new makes.
var newKinds = []string{"rule"}

func newCommand(a *app) *cobra.Command {
	var o newFlags
	c := &cobra.Command{
		Use:   "new rule ID CHECK",
		Short: a.say(shortNew),
		Long:  a.say(longNew),
		Args:  a.argCount(3, 3),
		RunE: func(c *cobra.Command, args []string) error {
			if !slices.Contains(newKinds, args[0]) {
				return a.unknown(wordNewKind, args[0], newKinds)
			}
			return a.newRule(c.Context(), args[1], args[2], &o)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			switch len(args) {
			case 0:
				return newKinds, cobra.ShellCompDirectiveNoFileComp
			case 2:
				return a.completeFields(o.rules, typed)
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.rules, "rules", "r", "", a.say(flagNewRules))
	f.StringVar(&o.topic, "topic", "", a.say(flagTopic))
	f.StringVar(&o.title, "title", "", a.say(flagTitle))
	f.StringVar(&o.each, "each", "", a.say(flagEach))
	f.StringVar(&o.when, "when", "", a.say(flagWhen))
	f.StringVar(&o.severity, "severity", "", a.say(flagSeverity))
	var names []string
	for _, s := range finding.Severities {
		names = append(names, s.String())
	}
	a.complete(c, "severity", names)
	for _, name := range []string{"each", "when"} {
		_ = c.RegisterFlagCompletionFunc(name, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeFields(o.rules, typed)
		})
	}
	return c
}

// completeFields offers the fields of a pack, with their labels, for the last name of an expression.
func (a *app) completeFields(pack, typed string) ([]string, cobra.ShellCompDirective) {
	none := cobra.ShellCompDirectiveNoFileComp
	dir, err := a.ownPack(pack)
	if err != nil {
		return nil, none
	}
	p, _, err := engine.Load(dir)
	if err != nil || p == nil {
		return nil, none
	}
	before := strings.TrimRightFunc(typed, func(r rune) bool {
		return r == '.' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
	})
	var offered []string
	var visit func(f *dataset.Field)
	visit = func(f *dataset.Field) {
		for _, c := range f.Fields {
			offered = append(offered, before+c.Path()+"\t"+c.Title())
			if c.Type == dataset.Group {
				visit(c)
			}
		}
	}
	visit(p.Pack.Schema.Root)
	return offered, none | cobra.ShellCompDirectiveNoSpace
}

// newRule adds a rule to a topic of a pack, with the cases that gouji finds for it. Nothing is written unless the pack
// compiles with it.
func (a *app) newRule(ctx context.Context, id, check string, o *newFlags) error {
	dir, err := a.ownPack(o.rules)
	if err != nil {
		return err
	}
	before, err := a.load(dir)
	if err != nil {
		return err
	}
	known := []string{rule.RestatedID}
	for _, r := range before.All() {
		known = append(known, r.ID)
		if r.ID == id {
			return a.problem(textRuleExists, id, r.Span.String())
		}
	}
	if slices.Contains(known, id) {
		return a.problem(textRuleExists, id, dir)
	}
	topic := o.topic
	if topic == "" {
		topic = nearestTopic(before, check)
	}
	topic = strings.TrimSuffix(topic, ".yaml") + ".yaml"
	if strings.ContainsAny(topic, `/\`) || rule.IsTest(topic) || slices.Contains([]string{rule.PackFile, "schema.yaml", "select.yaml", ".yaml"}, topic) {
		return a.problem(textBadValue, topic, "--topic")
	}
	w := &newFiles{dir: dir, topic: topic, test: strings.TrimSuffix(topic, ".yaml") + "_test.yaml"}
	title := o.title
	if title == "" {
		title = id
	}
	if err := w.add(topic, ruleText(id, title, check, o)); err != nil {
		return err
	}
	p, err := a.compiled(w)
	if err != nil {
		return err
	}
	if o.title == "" {
		// The formula in words says what must hold until somebody says it better.
		i := slices.IndexFunc(p.All(), func(r *plan.Rule) bool { return r.ID == id })
		title = p.All()[i].Check.Formula(p.All()[i].Loops, diag.Lang(a.lang))
		w.content = nil
		if err := w.add(topic, ruleText(id, title, check, o)); err != nil {
			return err
		}
	}
	type examples struct{ pass, fail *ruletest.Example }
	found, err := interruptible(ctx, func() (examples, error) {
		pass, fail, err := ruletest.Examples(ctx, p, id)
		return examples{pass, fail}, err
	})
	if err != nil {
		return err
	}
	for _, e := range []*ruletest.Example{found.pass, found.fail} {
		if e == nil {
			continue
		}
		name := a.sayf(textCaseFails, id)
		if e == found.pass {
			name = a.sayf(textCasePasses, id)
		}
		if err := w.add(w.test, fmt.Sprintf("- name: %s\n  data: %s\n  want: {%s}\n", quoted(name), e.Data, wanted(e.Wants))); err != nil {
			return err
		}
	}
	if _, err := a.compiled(w); err != nil {
		return err
	}
	for _, file := range slices.Sorted(maps.Keys(w.content)) {
		content := w.content[file]
		if err := a.save(ctx, filepath.Join(dir, file), nil, func(out io.Writer) error { _, err := out.Write(content); return err }); err != nil {
			return err
		}
	}
	return a.print(func(out io.Writer) error {
		fmt.Fprintln(out, a.sayf(textNewRule, id, filepath.ToSlash(filepath.Join(dir, topic))))
		if found.pass != nil || found.fail != nil {
			fmt.Fprintln(out, a.sayf(textNewCases, filepath.ToSlash(filepath.Join(dir, w.test))))
		}
		if found.pass == nil {
			fmt.Fprintln(out, a.sayf(textNoPassing, filepath.ToSlash(filepath.Join(dir, w.test))))
		}
		if found.fail == nil {
			fmt.Fprintln(out, a.sayf(textNoFailing, filepath.ToSlash(filepath.Join(dir, w.test))))
		}
		_, err := fmt.Fprintln(out, a.sayf(textNewNext, dir, id))
		return err
	})
}

// wanted are the verdicts that a test wants, on one line.
func wanted(wants []ruletest.Want) string {
	var rules []string
	instances := map[string][]string{}
	for _, w := range wants {
		if instances[w.Rule] == nil {
			rules = append(rules, w.Rule)
		}
		verdict := w.Verdict.String()
		if w.Instance != "" {
			verdict = quoted(w.Instance) + ": " + verdict
		}
		instances[w.Rule] = append(instances[w.Rule], verdict)
	}
	for i, id := range rules {
		verdicts := strings.Join(instances[id], ", ")
		if strings.Contains(verdicts, ": ") {
			verdicts = "{" + verdicts + "}"
		}
		rules[i] = id + ": " + verdicts
	}
	return strings.Join(rules, ", ")
}

// ownPack is the folder of the pack to write to: that of --rules, the current folder, or the only pack in ./rules.
func (a *app) ownPack(name string) (string, error) {
	if name != "" {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			return "", &engine.NoPackError{Name: name}
		}
		return name, nil
	}
	if packs, err := packsIn("."); err == nil && slices.Contains(packs, ".") {
		return ".", nil
	}
	packs, _ := packsIn(rulesFolder)
	if len(packs) != 1 {
		p := a.problem(textWhichPack)
		if len(packs) > 1 {
			p.hint = a.sayf(textPacksInside, a.list(packs))
		}
		return "", p
	}
	return packs[0], nil
}

// nearestTopic is the file whose rules speak of the same fields as an expression, else a new one.
func nearestTopic(p *plan.Plan, check string) string {
	fields := map[string]bool{}
	for _, name := range names(check) {
		if f := p.Pack.Schema.Root.Child(name); f != nil {
			fields[f.Name] = true
		}
	}
	rules, counts := map[string]int{}, map[string]int{}
	best := ""
	for _, r := range p.Rules {
		if r.Pack != p.Pack.ID {
			continue
		}
		file := path.Base(r.Span.File.Path)
		rules[file]++
		speaks := func(text string) bool {
			return slices.ContainsFunc(names(text), func(name string) bool {
				f := p.Pack.Schema.Root.Child(name)
				return f != nil && fields[f.Name]
			})
		}
		if slices.ContainsFunc(expressions(r.Rule), speaks) {
			counts[file]++
		}
	}
	// The file that is called like one of them, or else speaks of them in most of its rules.
	for _, name := range names(check) {
		if f := p.Pack.Schema.Root.Child(name); f != nil && rules[f.Name+".yaml"] > 0 {
			return f.Name
		}
	}
	for _, file := range slices.Sorted(maps.Keys(counts)) {
		if best == "" || counts[file]*rules[best] > counts[best]*rules[file] {
			best = file
		}
	}
	return cmp.Or(best, "rules")
}

// ruleText is a rule as it is written.
func ruleText(id, title, check string, o *newFlags) string {
	var s strings.Builder
	fmt.Fprintf(&s, "- id: %s\n  title: %s\n", id, quoted(title))
	for _, key := range []struct{ name, value string }{{"severity", o.severity}, {"each", o.each}, {"when", o.when}, {"check", check}} {
		if key.value != "" {
			fmt.Fprintf(&s, "  %s: %s\n", key.name, quoted(key.value))
		}
	}
	return s.String()
}

// quoted is a text as a value of YAML, in quotes where it needs them.
func quoted(text string) string {
	if strings.ContainsAny(text, "\n\"\\") || strings.TrimSpace(text) != text {
		if !strings.ContainsAny(text, "\n") && strings.TrimSpace(text) == text {
			return "'" + strings.ReplaceAll(text, "'", "''") + "'"
		}
		return strconv.Quote(text)
	}
	if text == "" || strings.ContainsAny(text[:1], "!&*[]{}|>@`'%#,?:-") || strings.Contains(text, ": ") || strings.Contains(text, " #") ||
		strings.HasSuffix(text, ":") || strings.ContainsAny(text, "[]{},") {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return text
}

// newFiles are the files of a pack as they are to be.
type newFiles struct {
	dir, topic, test string
	content          map[string][]byte
}

// add appends text to a file.
func (w *newFiles) add(file, text string) error {
	content, ok := w.content[file]
	if !ok {
		old, err := os.ReadFile(filepath.Join(w.dir, file))
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		content = old
	}
	if len(content) > 0 && content[len(content)-1] != '\n' {
		content = append(content, '\n')
	}
	content = append(slices.Clip(content), text...)
	if w.content == nil {
		w.content = map[string][]byte{}
	}
	w.content[file] = content
	return nil
}

// compiled is the pack with its new files. What is wrong with it is told.
func (a *app) compiled(w *newFiles) (*plan.Plan, error) {
	abs, err := filepath.Abs(w.dir)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(abs)
	over := overlay{os.DirFS(filepath.Dir(abs)), name, w.content}
	pack, list, err := rule.Load(over, name, filepath.ToSlash(filepath.Clean(w.dir)), engine.Shipped())
	if err != nil {
		return nil, err
	}
	p, wrong := plan.Compile(pack)
	list = append(list, wrong...)
	if !list.HasErrors() {
		_, wrong, err := ruletest.Load(over, name, filepath.ToSlash(filepath.Clean(w.dir)), p)
		if err != nil {
			return nil, err
		}
		list = append(list, wrong...)
	}
	if err := a.diagnostics(a.stderr, list); err != nil {
		return nil, err
	}
	if list.HasErrors() {
		return nil, a.problem(textNothingNew)
	}
	return p, nil
}

// overlay is a file system with some files in the place of those in one of its folders, or beside them.
type overlay struct {
	fs.FS
	dir   string
	files map[string][]byte
}

// ReadFile reads a file.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if content, ok := o.files[path.Base(name)]; ok && path.Dir(name) == o.dir {
		return content, nil
	}
	return fs.ReadFile(o.FS, name)
}

// ReadDir lists a folder.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	if err != nil || name != o.dir {
		return entries, err
	}
	for file := range o.files {
		if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == file }) {
			entries = append(entries, newEntry(file))
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// newEntry is a file that is not there yet.
type newEntry string

func (e newEntry) Name() string             { return string(e) }
func (newEntry) IsDir() bool                { return false }
func (newEntry) Type() fs.FileMode          { return 0 }
func (newEntry) Info() (fs.FileInfo, error) { return nil, fs.ErrNotExist }
