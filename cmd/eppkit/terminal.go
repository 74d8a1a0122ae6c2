package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

func isTerminal(w io.Writer) bool { return terminalOf(w) != nil }

// terminalOf is the terminal that w is, or nil.
func terminalOf(w io.Writer) *os.File {
	if one, ok := w.(*oneAtATime); ok {
		w = one.w
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// lineFitter returns what cuts a line to the width that a terminal has just then, so that
// the line can be written over; nil where w is no terminal.
func lineFitter(w io.Writer) func(string) string {
	f := terminalOf(w)
	if f == nil {
		return nil
	}
	return func(line string) string {
		width, _, err := term.GetSize(int(f.Fd()))
		if err != nil {
			return line
		}
		return cutTo(line, width)
	}
}

// cutTo cuts a line for a terminal of some columns; 0 is one of which they are not known.
// The last column stays free: some terminals begin a new line after it.
func cutTo(line string, columns int) string {
	if r := []rune(line); columns > 0 && len(r) >= columns {
		return string(r[:columns-1])
	}
	return line
}
