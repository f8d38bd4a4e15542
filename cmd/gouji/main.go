// Command gouji checks published figures against consistency rules (勾稽).
//
// It turns flags into options of package engine, and what the engine says into text and an exit status: results go to
// stdout, everything else to stderr. It judges no figures and words no diagnostics; its own few sentences stand in
// words.go in both languages.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/run"
)

// subcommands are the commands in the order in which help lists them.
var subcommands = []func(*app) *cobra.Command{
	checkCommand, readCommand, testCommand, lintCommand, listCommand, explainCommand, acceptCommand, baselineCommand, diffCommand, newCommand, fmtCommand,
	schemaCommand, hookCommand, initCommand, versionCommand,
}

func main() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		collectLate()
	}
	// A reader that goes away, such as head, shows as an error of writing instead of ending the program.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks to end; a second one ends at once.
	context.AfterFunc(ctx, stop)
	a := &app{stdout: os.Stdout, stderr: os.Stderr}
	os.Exit(int(a.main(ctx, os.Args[1:])))
}

// firstCollection is how much memory is taken before garbage is collected for the first time, and mostGarbage how much of it
// there may be from then on, unless that is little beside what is in use.
const firstCollection, mostGarbage = 64 << 20, 64 << 20

// collectLate puts off collecting garbage. Most runs are short and end before there is much of it; longer ones collect as
// often as pays in processor time.
func collectLate() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(firstCollection)
	collected := 0
	var adjust func(struct{})
	after := func() {
		// What nothing refers to any more goes with the next collection.
		runtime.AddCleanup(new([64]byte), adjust, struct{}{})
	}
	adjust = func(struct{}) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if percent := collectAt(live[0].Value.Uint64()); percent != collected {
			debug.SetGCPercent(percent)
			debug.SetMemoryLimit(math.MaxInt64)
			collected = percent
		}
		after()
	}
	after()
}

// collectAt is at how much garbage it is collected, in percent of what is in use, in tens.
func collectAt(live uint64) int {
	return int(min(max(mostGarbage*10/max(live, 1), 5), 40)) * 10
}

// app is one run of the command.
type app struct {
	stdout, stderr io.Writer
	// args are the arguments without the name of the program.
	args []string
	// lang is "zh" or "en".
	lang string
	// color is a value of --color.
	color string
	// status only ever grows.
	status status
}

// main runs the command that the arguments name.
func (a *app) main(ctx context.Context, args []string) (s status) {
	defer func() {
		if p := recover(); p != nil {
			a.complain(ctx, &run.Fault{Panic: p, Stack: debug.Stack()})
			s = a.status
		}
	}()
	a.args = args
	a.lang = language(args, os.Getenv)
	a.color = colorMode(args)
	root := rootCommand(a)
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		a.complain(ctx, err)
	}
	return a.status
}

// rootCommand is the command that the subcommands belong to.
func rootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "gouji",
		Short:         a.say(shortRoot),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			lang, err := c.Flags().GetString("lang")
			if err == nil && lang != "" && !slices.Contains(languages, lang) {
				return a.unknown(wordLanguage, lang, languages)
			}
			if mode, err := c.Flags().GetString("color"); err == nil && mode != "" && !slices.Contains(colors, mode) {
				return a.unknown(wordColorMode, mode, colors)
			}
			return a.emptyFlags(c)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return a.unknownCommand(c, args[0])
			}
			// Nothing was asked for and nothing is checked: that is no success.
			a.raise(unusable)
			c.SetOut(a.stderr)
			return c.Help()
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.PersistentFlags().String("lang", "", a.say(flagLang))
	root.PersistentFlags().String("color", "", a.say(flagColor))
	root.PersistentFlags().BoolP("help", "h", false, a.say(flagHelp))
	root.SetHelpFunc(a.help)
	root.SetUsageFunc(func(c *cobra.Command) error { return a.usage(a.stderr, c) })
	root.SetFlagErrorFunc(a.flagError)
	root.SetHelpCommand(helpCommand(a))
	root.AddCommand(manCommand(a))
	for _, build := range subcommands {
		root.AddCommand(build(a))
	}
	a.complete(root, "lang", languages)
	a.complete(root, "color", colors)
	return root
}

var languages = []string{string(diag.Chinese), string(diag.English)}

// language is the language of messages: that of --lang, else that of the locale. It is needed before flags are parsed,
// for help and for what is wrong with flags.
func language(args []string, env func(string) string) string {
	if value := flagValue(args, "lang"); slices.Contains(languages, value) {
		return value
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := env(name); locale != "" {
			if strings.HasPrefix(strings.ToLower(locale), "zh") {
				return string(diag.Chinese)
			}
			break
		}
	}
	return string(diag.English)
}

func (a *app) say(t text) string { return t.in(a.lang) }

func (a *app) sayf(t text, args ...any) string { return fmt.Sprintf(t.in(a.lang), args...) }

func (a *app) list(words []string) string { return strings.Join(words, a.say(wordComma)) }

// diagnostics tells what is wrong with packs and data files.
func (a *app) diagnostics(w io.Writer, list diag.List) error {
	if list.HasErrors() {
		a.raise(unusable)
	}
	to := w
	if w != a.stderr {
		to = a.stdout
	}
	return diag.Render(w, diag.Lang(a.lang), a.painter(to), list)
}

// interruptible runs work and waits for it no longer than until ctx is done: a file that cannot be read to its end must
// not keep the program from ending. A panic becomes a fault.
func interruptible[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if p := recover(); p != nil {
				o.err = &run.Fault{Panic: p, Stack: debug.Stack()}
			}
			done <- o
		}()
		o.value, o.err = work()
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, errors.Join(errInterrupted, context.Cause(ctx))
	}
}
