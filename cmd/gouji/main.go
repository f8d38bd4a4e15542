package main

import (
	"context"
	"fmt"
	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/report"
	"os"
)

func main() {
	args := os.Args[1:]
	if len(args) == 0 {
		args = []string{"datasets"}
	}
	r, err := engine.Check(context.Background(), args, engine.Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	diag.Render(os.Stderr, "zh", r.Diagnostics)
	for _, e := range r.Unreadable {
		fmt.Fprintln(os.Stderr, e)
	}
	if r.Report != nil {
		report.Formats[0].Write(os.Stdout, r.Report, report.Options{Lang: "zh", Width: 100})
	}
}
