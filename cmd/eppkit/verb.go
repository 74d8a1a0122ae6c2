package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// A verb is a command about objects of one type, as the kinds of registry have it.
type verb struct {
	use         string // "create NAME"
	short, long string
	examples    []string             // what follows "eppkit domain create"
	args        cobra.PositionalArgs // nil is one
	valid       []string             // arguments for completion
	// gtld and fred describe the command for a kind of registry; nil where that
	// has no such command.
	gtld, fred func(*fields) builder
}

// A builder makes a request of arguments and of what the flags have been filled with.
type builder func(args []string) (question, error)

// A question is a request that is ready to be asked, with its answer's type.
type question func(a *app, cmd *cobra.Command, exts ...maker) error

// ask makes a question. words writes the data of the answer for people; nil lists it.
func ask[R epp.Element](q epp.Request[R], words func(io.Writer, *epp.Response)) question {
	return func(a *app, cmd *cobra.Command, exts ...maker) error {
		if words == nil {
			return do(a, cmd, q, nil, exts...)
		}
		return do(a, cmd, q, func(w io.Writer, r *client.Answer[R]) {
			words(w, r.Response)
			printRest(w, r.Response)
		}, exts...)
	}
}

// oneOfKind is a kind of object with its article.
func oneOfKind(object string) string {
	if object == "org" || object == "nsset" {
		return "an " + object
	}
	return "a " + object
}

// namesHelp says of kinds of object what becomes of their names.
var namesHelp = map[string]string{
	"domain": `A name may have the characters of any language: a registry of the kind gtld gets it in
A-labels (xn--...). One of the kind fred gets it as it is given.`,
	"host": `A name may have the characters of any language: the registry gets it in A-labels
(xn--...).`,
}

// objectCommand is the group of commands about one type of object.
func (a *app) objectCommand(object, short string, verbs ...verb) *cobra.Command {
	group := group(object, short)
	for _, v := range verbs {
		group.AddCommand(a.verbCommand(object, v))
	}
	return group
}

func (a *app) verbCommand(object string, v verb) *cobra.Command {
	name, _, _ := strings.Cut(v.use, " ")
	at := object + " " + name
	cmd := &cobra.Command{Use: v.use, Short: v.short, Long: v.long, Args: v.args, ValidArgs: v.valid}
	if cmd.Args == nil {
		cmd.Args = cobra.ExactArgs(1)
	}
	if help := namesHelp[object]; help != "" {
		if cmd.Long == "" {
			cmd.Long = v.short + "."
		}
		cmd.Long += "\n\n" + help
	}
	for _, example := range v.examples {
		cmd.Example += "  eppkit " + at + " " + example + "\n"
	}
	cmd.Example = strings.TrimSuffix(cmd.Example, "\n")
	form := &form{cmd: cmd, stdin: a.in, rules: make(map[string][]func() error)}
	build := make(map[string]builder)
	extend := make(map[string][]extender)
	for _, kind := range registries {
		describe := v.fred
		if kind == "gtld" {
			describe = v.gtld
		}
		if describe == nil {
			continue
		}
		x := &fields{form, kind}
		build[kind] = describe(x)
		for _, add := range additions() {
			if on := add.on[at]; add.kind == kind && on != nil {
				had := len(form.fields)
				extend[kind] = append(extend[kind], on(x))
				for _, f := range form.fields[had:] {
					ofNamespaces(cmd.Flags().Lookup(f.name), add.uris)
				}
			}
		}
	}
	if len(build) == 2 {
		form.label()
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		kind, err := a.kind()
		if err != nil {
			return err
		}
		if build[kind] == nil {
			return usage("%s is a command of registries of the kind %s; this one is of the kind %s", at, otherKind(kind), kind)
		}
		if name == "update" && !form.anyGiven() {
			return usage("there is nothing to change; say with flags what")
		}
		if kind == "gtld" && (object == "domain" || object == "host") {
			if args, err = asciiNames(args); err != nil {
				return err
			}
		}
		if err := form.fill(cmd.Context(), kind); err != nil {
			return err
		}
		ask, err := build[kind](args)
		if err != nil {
			return err
		}
		var exts []maker
		for _, extend := range extend[kind] {
			ext, err := extend(args)
			if err != nil {
				return err
			}
			if ext != nil {
				exts = append(exts, ext)
			}
		}
		return ask(a, cmd, exts...)
	}
	return cmd
}
