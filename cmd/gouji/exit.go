package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/color"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/git"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/words"
)

// status is an exit status. Of several that apply the highest counts.
type status int

const (
	// success: nothing at or above --fail-on.
	success status = iota
	// found: findings, or rule tests that fail.
	found
	// unusable: wrong usage, a bad pack, unreadable data, an interruption, or nothing was checked.
	unusable
	// fault: an error of the program.
	fault
)

func (a *app) raise(s status) { a.status = max(a.status, s) }

// problem is something the user has to put right.
type problem struct {
	text, hint string
	// lines are what there is instead, one a line.
	lines []string
}

func (p *problem) Error() string { return p.text }

// errInterrupted ends a run that a signal has interrupted.
var errInterrupted = errors.New("interrupted")

func (a *app) problem(t text, args ...any) *problem { return &problem{text: a.sayf(t, args...)} }

// unknown is the problem that a name is none of those known.
func (a *app) unknown(kind text, name string, known []string) *problem {
	p := a.problem(textUnknown, a.say(kind), name)
	p.hint = a.meant(name, known)
	if len(known) > 0 && len(known) <= 20 {
		p.hint += a.sayf(textKnown, a.list(known))
	}
	return p
}

// meant is a hint at the candidate that is nearest to name; "" when none is near.
func (a *app) meant(name string, candidates []string) string {
	if s := diag.Suggest(name, candidates); s != "" {
		return a.sayf(textMeant, s)
	}
	return ""
}

// tell writes one message to stderr, with a hint on a line of its own.
func (a *app) tell(text, hint string) {
	paint := a.painter(a.stderr)
	fmt.Fprintf(a.stderr, "%s %s\n", paint.Paint(color.Strong, "gouji:"), visible(text))
	if hint != "" {
		fmt.Fprintf(a.stderr, "  %s%s\n", paint.Paint(color.Info, a.say(wordHint)), visible(hint))
	}
}

// complain says why the command ended early and raises the status.
func (a *app) complain(ctx context.Context, err error) {
	var (
		wrong    *problem
		internal *run.Fault
		path     *fs.PathError
		noPack   *engine.NoPackError
		noRule   *engine.UnknownRuleError
	)
	switch {
	case errors.As(err, &path) && path.Path == os.Stdout.Name() && errors.Is(err, syscall.EPIPE):
		// Whoever reads the output has seen enough.
		a.raise(unusable)
	case errors.As(err, &internal):
		a.raise(fault)
		a.tell(a.sayf(textFault, internal.Panic), "")
		if internal.Rule != "" {
			fmt.Fprintf(a.stderr, "  %s%s\n", a.say(wordRule), internal.Rule)
		}
		if internal.Path != "" {
			fmt.Fprintf(a.stderr, "  %s%s\n", a.say(wordFile), internal.Path)
		}
		fmt.Fprintf(a.stderr, "  gouji %s\n%s", buildVersion(), internal.Stack)
	case errors.Is(err, errInterrupted), ctx.Err() != nil:
		a.raise(unusable)
		a.tell(a.say(textInterrupted), "")
	case errors.As(err, &wrong):
		a.raise(unusable)
		a.tell(wrong.text, wrong.hint)
		for _, line := range wrong.lines {
			fmt.Fprintf(a.stderr, "  %s\n", visible(line))
		}
	case errors.As(err, &noPack):
		a.raise(unusable)
		a.noPack(noPack)
	case errors.As(err, &noRule):
		a.raise(unusable)
		hint := ""
		if noRule.Suggestion != "" {
			hint = a.sayf(textMeant, noRule.Suggestion)
		}
		a.tell(a.sayf(textUnknown, a.say(wordRuleName), noRule.Name), hint+a.say(textSeeList))
	case errors.As(err, &path):
		a.raise(unusable)
		a.tell(path.Path+a.say(wordColon)+a.reason(path.Err), "")
	default:
		a.raise(fault)
		a.tell(a.sayf(textFault, err), "")
	}
}

// noPack says that there is no such pack, and which there are.
func (a *app) noPack(err *engine.NoPackError) {
	names := engine.Shipped().Names()
	if !err.Folder {
		p := a.unknown(wordPack, err.Name, names)
		a.tell(p.text, p.hint)
		return
	}
	hint := ""
	if packs, _ := packsIn(err.Name); len(packs) > 0 {
		hint = a.sayf(textPacksInside, a.list(packs))
	}
	a.tell(a.sayf(textNoPackFile, err.Name), hint)
}

// unreadable says why something could not be read.
func (a *app) unreadable(err error) {
	a.raise(unusable)
	var path *fs.PathError
	var empty *engine.NoDatasetsError
	switch {
	case errors.As(err, &path):
		a.tell(path.Path+a.say(wordColon)+a.reason(path.Err), "")
	case errors.As(err, &empty):
		a.tell(a.sayf(textNoDatasets, empty.Path), "")
	default:
		a.tell(a.reason(err), "")
	}
}

// reason is an error of the operating system in words.
func (a *app) reason(err error) string {
	switch {
	case errors.Is(err, git.ErrSubmodule):
		return a.say(textSubmodule)
	case errors.Is(err, git.ErrLinkLeaves):
		return a.say(textLinkLeaves)
	}
	return words.Explain(err, a.lang)
}

// unknownCommand is the problem that there is no such command.
func (a *app) unknownCommand(root *cobra.Command, name string) *problem {
	return a.unknown(wordCommand, name, commandNames(root))
}

func commandNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}

// flagError words what is wrong with the flags of a command.
func (a *app) flagError(c *cobra.Command, err error) error {
	// Flags of a misspelt command are no fault of their own.
	if !c.HasParent() {
		if args := c.Flags().Args(); len(args) > 0 {
			return a.unknownCommand(c, args[0])
		}
	}
	var (
		none    *pflag.NotExistError
		lacking *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		p       *problem
	)
	switch {
	case errors.As(err, &none):
		var known []string
		c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		slices.Sort(known)
		name := none.GetSpecifiedName()
		if none.GetSpecifiedShortnames() != "" {
			p = a.problem(textUnknown, a.say(wordFlag), "-"+name)
			break
		}
		p = a.problem(textUnknown, a.say(wordFlag), "--"+name)
		if s := diag.Suggest(name, known); s != "" {
			p.hint = a.sayf(textMeant, "--"+s)
		}
	case errors.As(err, &lacking):
		p = a.problem(textNoValue, "--"+lacking.GetFlag().Name)
	case errors.As(err, &invalid):
		p = a.problem(textBadValue, invalid.GetValue(), "--"+invalid.GetFlag().Name)
	default:
		p = &problem{text: err.Error()}
	}
	p.hint += a.sayf(textSeeHelp, c.CommandPath())
	return p
}

// emptyFlags refuses flags with an empty value: an unset variable in a script must not mean "all" or "default".
func (a *app) emptyFlags(c *cobra.Command) error {
	var err error
	c.Flags().Visit(func(f *pflag.Flag) {
		if v := f.Value.String(); err == nil && (v == "" || v == "[]") {
			p := a.problem(textNoValue, "--"+f.Name)
			p.hint = a.sayf(textSeeHelp, c.CommandPath())
			err = p
		}
	})
	return err
}

// argCount accepts between least and most arguments; most < 0 is no limit.
func (a *app) argCount(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		var p *problem
		switch {
		case len(args) < least:
			p = a.problem(textTooFew)
		case most >= 0 && len(args) > most:
			p = a.problem(textTooMany, args[most])
		default:
			return nil
		}
		p.hint = a.sayf(textSeeHelp, c.CommandPath())
		return p
	}
}
