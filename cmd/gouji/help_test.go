package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/gouji/gouji/engine/report"
)

// TestHelp holds the help of every command in both languages to its width, and its languages apart.
func TestHelp(t *testing.T) {
	commands := []string{""}
	for _, build := range subcommands {
		commands = append(commands, build(&app{lang: "en"}).Name())
	}
	for _, lang := range languages {
		for _, name := range commands {
			t.Run(lang+" "+name, func(t *testing.T) {
				var out, errs bytes.Buffer
				a := &app{stdout: &out, stderr: &errs}
				args := []string{"--lang", lang, "help"}
				if name != "" {
					args = append(args, name)
				}
				if s := a.main(context.Background(), args); s != success || errs.Len() > 0 {
					t.Fatalf("status %d, stderr %q", s, errs.String())
				}
				for line := range strings.Lines(out.String()) {
					line = strings.TrimSuffix(line, "\n")
					if n := report.Measure(line); n > helpWidth {
						t.Errorf("%d columns: %s", n, line)
					}
				}
				if chinese := strings.Contains(out.String(), "用法"); chinese != (lang == "zh") {
					t.Errorf("not in %s:\n%s", lang, out.String())
				}
			})
		}
	}
}
