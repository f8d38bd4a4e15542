package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/git"
	"github.com/gouji/gouji/engine/report"
	"github.com/gouji/gouji/engine/run"
)

// hookFlags are the flags of gouji hook.
type hookFlags struct {
	rules, failOn      string
	data, accepted     []string
	baseline, entities string
	join               bool
}

// hookActions are what gouji hook can do.
var hookActions = []string{"install", "uninstall", "run"}

func hookCommand(a *app) *cobra.Command {
	var o hookFlags
	c := &cobra.Command{
		Use:       "hook ACTION [FILE…]",
		Short:     a.say(shortHook),
		Long:      a.say(longHook),
		ValidArgs: hookActions,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.argCount(1, -1)(c, args)
			}
			if !slices.Contains(hookActions, args[0]) {
				return a.unknown(wordAction, args[0], hookActions)
			}
			if len(args) > 1 && args[0] != "run" {
				return a.argCount(1, 1)(c, args)
			}
			if _, ok := finding.ParseSeverity(o.failOn); !ok {
				return a.unknown(wordSeverity, o.failOn, failOns()[:len(finding.Severities)])
			}
			repo, err := a.repository(c.Context())
			if err != nil {
				return err
			}
			switch args[0] {
			case "install":
				return a.installHook(c.Context(), repo, &o)
			case "uninstall":
				return a.uninstallHook(c.Context(), repo)
			}
			return a.runHook(c.Context(), repo, args[1:], &o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringArrayVar(&o.data, "data", nil, a.sayf(flagData, datasetsFolder))
	f.StringVarP(&o.rules, "rules", "r", "", a.say(flagRules))
	f.StringVar(&o.failOn, "fail-on", finding.Error.String(), a.sayf(flagHookFailOn, a.list(failOns()[:len(finding.Severities)])))
	f.StringArrayVar(&o.accepted, "accepted", nil, a.say(flagAccepted))
	f.StringVar(&o.baseline, "baseline", "", a.say(flagBaseline))
	entitiesFlag(a, c, &o.entities)
	joinFlag(a, c, &o.join)
	f.Lookup("fail-on").DefValue = ""
	a.complete(c, "fail-on", failOns()[:len(finding.Severities)])
	completePacks(c)
	return c
}

// scope is what a hook looks at, named from the top of the repository.
type scope struct {
	// data are the folders and files that hold data; rules is a pack, "" for those that data names.
	data  []string
	rules string
	// accepted are files of accepted findings, baseline one of old ones, or "", and entities a list of entities, or "".
	accepted []string
	baseline string
	entities string
	// join: tables are put together.
	join bool
}

// flags are those that bring about the scope.
func (s *scope) flags() []string {
	var flags []string
	if !slices.Equal(s.data, []string{datasetsFolder}) {
		for _, name := range s.data {
			flags = append(flags, "--data", shellQuote(name))
		}
	}
	return append(flags, s.checkFlags()...)
}

// checkFlags are those of flags that gouji check has too.
func (s *scope) checkFlags() []string {
	var flags []string
	if s.rules != "" {
		flags = append(flags, "--rules", shellQuote(s.rules))
	}
	for _, name := range s.accepted {
		flags = append(flags, "--accepted", shellQuote(name))
	}
	if s.baseline != "" {
		flags = append(flags, "--baseline", shellQuote(s.baseline))
	}
	if s.entities != "" {
		flags = append(flags, "--entities", shellQuote(s.entities))
	}
	if s.join {
		flags = append(flags, "--join")
	}
	return flags
}

// scope takes the paths of the flags, which count from the folder in which gouji runs.
func (a *app) scope(repo *git.Repository, o *hookFlags) (scope, error) {
	s := scope{rules: o.rules, join: o.join}
	place := func(names []string) (below []string, err error) {
		for _, name := range names {
			path, ok := repo.Path(name)
			if !ok {
				return nil, a.problem(textOutside, name)
			}
			below = append(below, path)
		}
		return below, nil
	}
	var err error
	if s.data, err = place(o.data); err != nil {
		return s, err
	}
	if s.accepted, err = place(o.accepted); err != nil {
		return s, err
	}
	for _, file := range []struct {
		name string
		into *string
	}{{o.baseline, &s.baseline}, {o.entities, &s.entities}} {
		if file.name == "" {
			continue
		}
		files, err := place([]string{file.name})
		if err != nil {
			return s, err
		}
		*file.into = files[0]
	}
	if len(s.data) == 0 {
		s.data = []string{datasetsFolder}
	}
	if s.rules != "" && !isShipped(s.rules) {
		below, ok := repo.Path(s.rules)
		if !ok {
			return s, a.problem(textOutside, s.rules)
		}
		if !strings.Contains(below, "/") {
			// A name without a slash may be a shipped pack's.
			below = "./" + below
		}
		s.rules = below
	}
	return s, nil
}

// runHook checks what is staged, and files besides, and says nothing when all is well.
//
// A pack that changed is tested too: a commit that breaks its rules would let wrong data pass from then on, and its tests
// are small. Warnings are left to gouji lint and gouji check, since a hook that talks at every commit is soon switched off.
func (a *app) runHook(ctx context.Context, repo *git.Repository, files []string, o *hookFlags) error {
	s, err := a.scope(repo, o)
	if err != nil {
		return err
	}
	changes, err := repo.Staged(ctx)
	if err != nil {
		return a.gitTrouble(err)
	}
	for _, file := range files {
		name, ok := repo.Path(file)
		if !ok {
			return a.problem(textOutside, file)
		}
		changes.New[name], changes.Touched[name] = true, true
	}
	if len(changes.Touched) == 0 {
		return nil
	}
	index, err := repo.Index(ctx)
	if err != nil {
		return a.gitTrouble(err)
	}
	defer index.Close()
	for _, name := range index.Unmerged {
		a.raise(unusable)
		a.tell(a.sayf(textUnmerged, name), "")
	}
	packs := changesOfPacks(index, changes)
	dirs := packs.below(rulesFolder)
	if s.rules != "" && !isShipped(s.rules) {
		dirs = nil
		if dir := path.Clean(s.rules); packs.changed(dir) {
			dirs = []string{dir}
		}
	}
	sound, err := a.testPacks(ctx, index, dirs)
	if err != nil || !sound {
		return err
	}
	return a.checkStaged(ctx, index, s, changes, dirs, o)
}

// testPacks runs the tests of packs, as far as they are there, and tells what is wrong with them. A pack with errors is
// not sound: nothing can be checked by it.
func (a *app) testPacks(ctx context.Context, index *git.Tree, dirs []string) (sound bool, err error) {
	sound = true
	for _, dir := range dirs {
		result, list, err := engine.TestIn(ctx, index, "./"+dir)
		var none *engine.NoPackError
		switch {
		case errors.As(err, &none):
			// It was deleted.
			continue
		case err != nil:
			return false, err
		case list.HasErrors():
			sound = false
			if err := a.diagnostics(a.stderr, onlyErrors(list)); err != nil {
				return false, err
			}
			continue
		case result.OK():
			continue
		}
		a.raise(found)
		plan, _, err := engine.LoadIn(index, "./"+dir)
		if err != nil {
			return false, err
		}
		if err := a.print(func(w io.Writer) error { return a.tested(w, plan, result) }); err != nil {
			return false, err
		}
	}
	return sound, nil
}

// checkStaged checks the inputs that changed, and those that a changed pack judges.
func (a *app) checkStaged(ctx context.Context, index *git.Tree, s scope, changes *git.Changes, packs []string, o *hookFlags) error {
	options := engine.Options{
		Files: index, Rules: s.rules, Packs: rulesFolder, Accepted: s.accepted, Baseline: s.baseline, EntityList: s.entities, Join: s.join,
		Options: run.Options{Version: buildVersion()},
	}
	// A folder that the commit does not have holds nothing to check.
	inputs, unreadable, err := engine.List(ctx, s.data, options)
	if err != nil {
		return err
	}
	for _, err := range unreadable {
		var path *fs.PathError
		if errors.As(err, &path) && changes.Has(path.Path) {
			a.unreadable(err)
		}
	}
	// What is accepted for all data concerns all, and so does the list of entities.
	all := changes.Touched[s.baseline] || changes.Touched[s.entities] || slices.ContainsFunc(s.accepted, func(name string) bool { return changes.Touched[name] })
	isNew := map[string]bool{}
	for _, name := range inputs {
		isNew[name] = all || changes.Has(name) || changes.Has(index.Resolve(name)) || changes.Touched[name+acceptance.Suffix]
	}
	spread(isNew, inputs, changes, &options)
	if len(packs) == 0 {
		inputs = slices.DeleteFunc(inputs, func(name string) bool { return !isNew[name] })
	}
	if len(inputs) == 0 {
		return nil
	}
	changed := map[string]bool{}
	for _, dir := range packs {
		changed[path.Base(dir)] = true
		changed[s.rules] = s.rules != ""
	}
	options.Take = func(name, pack string) bool { return isNew[name] || changed[pack] }
	result, err := interruptible(ctx, func() (*engine.Result, error) { return engine.Check(ctx, inputs, options) })
	if err != nil {
		return err
	}
	if err := a.diagnostics(a.stderr, onlyErrors(result.Diagnostics)); err != nil {
		return err
	}
	for _, err := range result.Unreadable {
		a.unreadable(err)
	}
	if result.BadPack {
		return a.problem(textBadPack)
	}
	if result.BadList {
		return a.problem(textBadList)
	}
	return a.refuse(result.Report, s, o)
}

// mostRefused is how many findings a hook shows.
const mostRefused = 20

// refuse tells the findings for which a commit is refused, one a line in the form that editors can follow.
func (a *app) refuse(r *finding.Report, s scope, o *hookFlags) error {
	failOn, _ := finding.ParseSeverity(o.failOn)
	var lines, files []string
	within := map[string]string{}
	for i := range r.Inputs {
		within[r.Inputs[i].Path] = r.Inputs[i].Within
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.Open() || f.Severity < failOn {
			continue
		}
		lines = append(lines, a.refused(f))
		if file := cmp.Or(within[f.Input], f.Input); !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	a.raise(found)
	count := len(lines)
	lines = lines[:min(count, mostRefused)]
	err := a.print(func(w io.Writer) error {
		_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
		return err
	})
	// A table of those that are joined says nothing by itself.
	paths := files[:1]
	if s.join {
		paths = s.data
	}
	args := s.checkFlags()
	for _, name := range paths {
		args = append(args, shellQuote(name))
	}
	a.tell(a.sayf(textRefused, count, len(files)), a.sayf(hintRefused, strings.Join(args, " ")))
	return err
}

// refused is one finding in one line.
func (a *app) refused(f *finding.Finding) string {
	at := visible(f.Input)
	for i := range f.Operands {
		o := &f.Operands[i]
		if spot := report.Spot(o.Place, a.lang); o.Data.Line > 0 {
			at = fmt.Sprintf("%s:%d:%d", visible(o.Data.Path), o.Data.Line, max(o.Data.Column, 1))
		} else if spot != "" {
			at += ":" + visible(spot)
		} else {
			continue
		}
		break
	}
	severity := report.SeverityText(f.Severity)
	return fmt.Sprintf("%s: %s%s%s [%s]", at, severity.In(a.lang), a.say(wordColon), visible(f.Message), visible(f.Rule))
}

// onlyErrors are the diagnostics that keep something from being checked.
func onlyErrors(list diag.List) diag.List {
	return slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
}

// hookName is the hook that git runs before a commit is made.
const hookName = "pre-commit"

// hookMark is the line by which a hook of gouji's is known.
const hookMark = "# Written by `gouji hook install`; `gouji hook uninstall` removes it."

// installHook writes the hook, unless there is another one.
func (a *app) installHook(ctx context.Context, repo *git.Repository, o *hookFlags) error {
	s, err := a.scope(repo, o)
	if err != nil {
		return err
	}
	call := append([]string{"hook", "run"}, s.flags()...)
	if o.failOn != finding.Error.String() {
		call = append(call, "--fail-on", o.failOn)
	}
	dir, err := repo.Hooks(ctx)
	if err != nil {
		return a.gitTrouble(err)
	}
	file := filepath.Join(dir, hookName)
	old, ours, err := readHook(file)
	if err != nil {
		return err
	}
	line := "gouji " + strings.Join(call, " ")
	if old != nil && !ours {
		p := a.problem(textForeignHook, file)
		p.hint = a.sayf(hintForeignHook, line)
		if bytes.Contains(old, []byte("pre-commit.com")) {
			p.hint = a.say(hintPreCommit)
		}
		return p
	}
	script := hookScript(a.ownPath(repo, dir), strings.Join(call, " "))
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	// Beside and renamed: a commit at this moment finds one hook or the other.
	if err := writeBeside(file, script, 0o755); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(repo.Root, filepath.FromSlash(s.data[0]))); errors.Is(err, fs.ErrNotExist) {
		a.tell(a.sayf(textNoDataYet, s.data[0]), a.say(hintNoDataYet))
	}
	return a.print(func(w io.Writer) error {
		_, err := fmt.Fprintln(w, a.sayf(textHookInstalled, shown(file)))
		return err
	})
}

func (a *app) uninstallHook(ctx context.Context, repo *git.Repository) error {
	dir, err := repo.Hooks(ctx)
	if err != nil {
		return a.gitTrouble(err)
	}
	file := filepath.Join(dir, hookName)
	old, ours, err := readHook(file)
	switch {
	case err != nil:
		return err
	case old != nil && !ours:
		return a.problem(textNotOurHook, file)
	}
	text := textNoHook
	if old != nil {
		text = textHookRemoved
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return a.print(func(w io.Writer) error {
		_, err := fmt.Fprintln(w, a.sayf(text, shown(file)))
		return err
	})
}

// readHook reads a hook and reports whether gouji wrote it; the content is nil where there is none.
func readHook(file string) (content []byte, ours bool, err error) {
	info, err := os.Lstat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if !info.Mode().IsRegular() {
		// A link is somebody's, wherever it leads.
		return []byte{}, false, nil
	}
	content, err = os.ReadFile(file)
	if content == nil {
		content = []byte{}
	}
	return content, bytes.Contains(content, []byte(hookMark+"\n")), err
}

// ownPath is where this program lies, for a hook in dir; "" where that would not last, or is of no use to others: a hook
// within the work tree is committed.
func (a *app) ownPath(repo *git.Repository, dir string) string {
	program, err := os.Executable()
	if err != nil || strings.HasPrefix(program, os.TempDir()+string(filepath.Separator)) {
		return ""
	}
	if _, ok := repo.Path(dir); ok {
		if rel, err := filepath.Rel(repo.Dir, dir); err != nil || !filepath.IsLocal(rel) {
			return ""
		}
	}
	return filepath.ToSlash(program)
}

// hookScript is the hook: it runs the program that installed it or, where that is gone, the one that the shell finds.
func hookScript(program, call string) []byte {
	var s strings.Builder
	fmt.Fprintf(&s, "#!/bin/sh\n%s\n", hookMark)
	if program == "" {
		s.WriteString("gouji=gouji\n")
	} else {
		fmt.Fprintf(&s, "gouji=%s\n[ -x \"$gouji\" ] || gouji=gouji\n", shellQuote(program))
	}
	s.WriteString(`command -v "$gouji" >/dev/null || {
	echo "gouji: not found; install it, or commit without checking: git commit --no-verify" >&2
	exit 1
}
`)
	fmt.Fprintf(&s, "exec \"$gouji\" %s\n", call)
	return []byte(s.String())
}

// shellQuote writes a word so that a shell takes it as it is.
func shellQuote(word string) string {
	plain := func(r rune) bool {
		return r > 127 || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("_-./", r)
	}
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// writeBeside writes a file that is there whole or not at all.
func writeBeside(file string, content []byte, mode fs.FileMode) error {
	temporary := fmt.Sprintf("%s.%d.tmp", file, os.Getpid())
	err := os.WriteFile(temporary, content, mode)
	if err == nil {
		err = os.Rename(temporary, file)
	}
	if err != nil {
		_ = os.Remove(temporary)
		return named(file, err)
	}
	return nil
}

// shown is a path as short as it can be from here.
func shown(file string) string {
	if here, err := filepath.Abs("."); err == nil {
		if rel, err := filepath.Rel(here, file); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return file
}
