package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manCommand writes the man pages of all commands, for packages of the program. It is hidden from help.
func manCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  a.say(shortMan),
		Long:   a.say(longMan),
		Hidden: true,
		Args:   a.argCount(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			for _, lang := range languages {
				dir := filepath.Join(args[0], "man1")
				if lang == "zh" {
					dir = filepath.Join(args[0], "zh_CN", "man1")
				}
				if err := a.manPages(c.Context(), dir, lang); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// manPages writes a page for each command in one language.
func (a *app) manPages(ctx context.Context, dir, lang string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	b := &app{stdout: a.stdout, stderr: a.stderr, lang: lang}
	root := rootCommand(b)
	commands := []*cobra.Command{root}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			commands = append(commands, c)
		}
	}
	for _, c := range commands {
		name := manName(c)
		page := b.manPage(c, commands)
		err := a.save(ctx, filepath.Join(dir, name+".1"), nil, func(w io.Writer) error { _, err := io.WriteString(w, page); return err })
		if err != nil {
			return err
		}
	}
	return nil
}

func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage is the page of a command in roff.
func (a *app) manPage(c *cobra.Command, all []*cobra.Command) string {
	var s strings.Builder
	section := func(t text) { fmt.Fprintf(&s, ".SH %s\n", roff(a.say(t))) }
	fmt.Fprintf(&s, ".TH \"%s\" 1 \"\" \"%s\" gouji\n", roff(strings.ToUpper(manName(c))), roff("gouji "+buildVersion()))
	section(manSectionName)
	fmt.Fprintf(&s, "%s \\- %s\n", roff(manName(c)), roff(c.Short))
	section(manSectionUsage)
	if c.HasParent() {
		fmt.Fprintf(&s, "%s\n", roff(c.UseLine()))
	} else {
		fmt.Fprintf(&s, "%s\n", roff("gouji COMMAND …"))
	}
	if about := strings.TrimSpace(c.Long); about != "" {
		section(manSectionAbout)
		filled := true
		for line := range strings.SplitSeq(about, "\n") {
			// Lines with an indent are tables, which stay as they are.
			if indented := strings.HasPrefix(line, " "); indented == filled {
				filled = !indented
				s.WriteString(map[bool]string{true: ".fi\n", false: ".nf\n"}[filled])
			}
			if line == "" {
				s.WriteString(".PP\n")
				continue
			}
			s.WriteString(roff(line) + "\n")
		}
		if !filled {
			s.WriteString(".fi\n")
		}
	}
	if !c.HasParent() {
		section(manSectionCommands)
		for _, sub := range all[1:] {
			fmt.Fprintf(&s, ".TP\n\\fB%s\\fR\n%s\n", roff(sub.Use), roff(sub.Short))
		}
	}
	section(manSectionFlags)
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.AddFlagSet(c.LocalFlags())
	flags.AddFlagSet(c.InheritedFlags())
	flags.VisitAll(func(f *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		fmt.Fprintf(&s, ".TP\n\\fB%s\\fR %s\n%s\n", roff(name), roff(value), roff(strings.ReplaceAll(usage, "\n", " ")))
	})
	section(manSectionSee)
	var others []string
	for _, other := range all {
		if other != c {
			others = append(others, fmt.Sprintf("\\fB%s\\fR(1)", roff(manName(other))))
		}
	}
	s.WriteString(strings.Join(others, ", ") + "\n")
	return s.String()
}

// roff is text that roff prints as it is.
func roff(text string) string {
	text = strings.ReplaceAll(text, `\`, `\e`)
	text = strings.ReplaceAll(text, "-", `\-`)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return strings.ReplaceAll(text, `"`, `\(dq`)
}
