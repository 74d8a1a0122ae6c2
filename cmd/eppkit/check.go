package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/epp"
)

// checkVerb asks whether names or handles can be had.
func checkVerb(arg, what string, gtld, fred func(*fields) builder, examples ...string) verb {
	return verb{
		use: "check " + arg + "...", short: "Ask whether " + what + " can be registered", examples: examples,
		args: cobra.MinimumNArgs(1), gtld: gtld, fred: fred,
	}
}

func check[R epp.Element](q func([]string) epp.Request[R]) func(*fields) builder {
	return func(*fields) builder {
		return func(args []string) (question, error) { return ask(q(args), printAvailable), nil }
	}
}

// printAvailable writes what a check was answered: a line for each object.
func printAvailable(w io.Writer, r *epp.Response) {
	for _, e := range r.ResData {
		list, ok := dataOf(e).at("cd").([]any)
		if !ok {
			printData(w, []epp.Element{e})
			continue
		}
		for _, cd := range list {
			printAvail(w, cd.(object))
		}
	}
}

func printAvail(w io.Writer, cd object) {
	name := cd.at("name")
	if name == nil {
		name = cd.at("id")
	}
	line := fmt.Sprintf("%s  available", name)
	if cd.at("avail") != true {
		line = fmt.Sprintf("%s  not available", name)
	}
	if reason, ok := cd.at("reason").(object); ok && reason.at("text") != nil {
		line += fmt.Sprintf(" (%s)", reason.at("text"))
	}
	fmt.Fprintln(w, oneLine(line))
}
