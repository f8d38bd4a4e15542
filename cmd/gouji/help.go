package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/report"
)

// helpWidth is the number of columns that help takes at most.
const helpWidth = 80

// helpCommand is `gouji help [COMMAND]`.
func helpCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "help",
		Short:  a.say(shortHelp),
		Hidden: true,
		Args:   a.argCount(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			if len(args) == 0 {
				return root.Help()
			}
			for _, sub := range root.Commands() {
				if sub.Name() == args[0] {
					return sub.Help()
				}
			}
			return a.unknownCommand(root, args[0])
		},
	}
}

func (a *app) help(c *cobra.Command, _ []string) {
	about := c.Long
	if about == "" {
		about = c.Short
	}
	w := c.OutOrStdout()
	for line := range strings.SplitSeq(strings.TrimSpace(about), "\n") {
		// Lines that are short enough keep their indents.
		lines := []string{line}
		if report.Measure(line) > helpWidth {
			lines = report.Wrap(line, helpWidth)
		}
		fmt.Fprintln(w, strings.Join(lines, "\n"))
	}
	fmt.Fprintln(w)
	a.usage(w, c)
}

// usage writes how a command is called, its flags and its subcommands.
func (a *app) usage(w io.Writer, c *cobra.Command) error {
	var s strings.Builder
	if c.HasParent() {
		fmt.Fprintf(&s, "%s\n  %s\n", a.say(headUsage), c.UseLine())
	} else {
		fmt.Fprintf(&s, "%s\n  gouji COMMAND …\n\n%s\n", a.say(headUsage), a.say(headCommands))
		var rows [][]string
		// The commands are told in the order of the table, which cobra would sort.
		for _, build := range subcommands {
			sub := build(a)
			rows = append(rows, []string{sub.Use, sub.Short})
		}
		s.WriteString(align(rows, 2))
	}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.AddFlagSet(c.LocalFlags())
	flags.AddFlagSet(c.InheritedFlags())
	fmt.Fprintf(&s, "\n%s\n%s", a.say(headFlags), flags.FlagUsages())
	if !c.HasParent() {
		fmt.Fprintf(&s, "\n%s\n", a.say(textMoreHelp))
	}
	_, err := io.WriteString(w, s.String())
	return err
}

// complete offers fixed words as values of a flag.
func (a *app) complete(c *cobra.Command, flag string, words []string) {
	// The only error is a flag that does not exist, which every test would show.
	_ = c.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	})
}

// completeRules offers the ids of the rules of the pack that --rules names, of all shipped packs without it.
func completeRules(c *cobra.Command) []string {
	packs := engine.Shipped().Names()
	if name, err := c.Flags().GetString("rules"); err == nil && name != "" {
		packs = []string{name}
	}
	var ids []string
	for _, name := range packs {
		if p, _, err := engine.Load(name); err == nil && p != nil {
			for _, r := range p.All() {
				// Packs that extend one another share rules; zsh completes no word that it is given twice.
				if id := r.ID + "\t" + r.Title; !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}
