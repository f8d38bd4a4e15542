package main

import (
	"io"
	"os"

	"golang.org/x/sys/windows"

	"github.com/gouji/gouji/engine/color"
)

// enableColor makes the console read escape sequences, which it does since Windows 10.
func enableColor(w io.Writer) color.Painter {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	var mode uint32
	console := windows.Handle(f.Fd())
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
