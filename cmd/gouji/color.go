package main

import (
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/gouji/gouji/engine/color"
)

// The values of --color.
const (
	colorAuto   = "auto"
	colorAlways = "always"
	colorNever  = "never"
)

var colors = []string{colorAuto, colorAlways, colorNever}

// colorMode is the value of --color; like the language it is needed before flags are parsed.
func colorMode(args []string) string {
	mode := flagValue(args, "color")
	if !slices.Contains(colors, mode) {
		return colorAuto
	}
	return mode
}

// flagValue is the value of a flag among arguments that are not parsed yet, "" for none; the last one counts.
func flagValue(args []string, name string) string {
	found := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			found = value
		} else if arg == "--"+name && i+1 < len(args) {
			found = args[i+1]
		}
	}
	return found
}

// painter tells whether what goes to w is coloured: on terminals, unless the user or the terminal does not want it.
// --color goes before the environment, and there NO_COLOR before CLICOLOR_FORCE.
func (a *app) painter(w io.Writer) color.Painter {
	set := func(name string) bool { v := os.Getenv(name); return v != "" && v != "0" }
	switch {
	case a.color != colorAuto:
		return a.color == colorAlways
	case os.Getenv("NO_COLOR") != "":
		return false
	case set("CLICOLOR_FORCE"):
		return true
	case os.Getenv("TERM") == "dumb" || os.Getenv("CLICOLOR") == "0":
		return false
	}
	return color.Painter(isTerminal(w)) && enableColor(w)
}

// isTerminal reports whether w shows what is written to people.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
