package main

import (
	"context"
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
type question interface {
	// request is what is asked.
	request() epp.Element
	// ask asks it, and prints the answer.
	ask(a *app, cmd *cobra.Command, exts ...maker) error
}

// ask makes a question. words writes the data of the answer for people; nil lists it.
func ask[R epp.Element](q epp.Request[R], words func(io.Writer, *epp.Response)) question {
	return asked[R]{q, words}
}

type asked[R epp.Element] struct {
	q     epp.Request[R]
	words func(io.Writer, *epp.Response)
}

func (q asked[R]) request() epp.Element { return q.q }

func (q asked[R]) ask(a *app, cmd *cobra.Command, exts ...maker) error {
	if q.words == nil {
		return do(a, cmd, q.q, nil, exts...)
	}
	return do(a, cmd, q.q, func(w io.Writer, r *client.Answer[R]) {
		q.words(w, r.Response)
		printRest(w, r.Response)
	}, exts...)
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

// An objectType is a type of objects, with the commands about them.
type objectType struct {
	name, short string
	verbs       []verb
}

// objectTypes are those that this program knows.
func objectTypes() []objectType {
	return []objectType{domainVerbs(), contactVerbs(), hostVerbs(), nssetVerbs(), keysetVerbs(), orgVerbs()}
}

// objectCommand is the group of commands about one type of object.
func (a *app) objectCommand(o objectType) *cobra.Command {
	group := group(o.name, o.short)
	for _, v := range o.verbs {
		group.AddCommand(a.verbCommand(o.name, v))
	}
	return group
}

func (v verb) name() string {
	name, _, _ := strings.Cut(v.use, " ")
	return name
}

// command is a command about objects that does nothing yet.
func (v verb) command(object string) *cobra.Command {
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
	return cmd
}

func (a *app) verbCommand(object string, v verb) *cobra.Command {
	cmd := v.command(object)
	for _, example := range v.examples {
		cmd.Example += "  eppkit " + object + " " + v.name() + " " + example + "\n"
	}
	cmd.Example = strings.TrimSuffix(cmd.Example, "\n")
	sheet := newSheet(object, v, additions(), cmd, a.in, registries...)
	for _, f := range sheet.fields {
		if len(f.uris) > 0 {
			ofNamespaces(cmd.Flags().Lookup(f.name), f.uris)
		}
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		kind, err := a.kind()
		if err != nil {
			return err
		}
		q, exts, err := sheet.question(cmd.Context(), kind, args)
		if err != nil {
			return err
		}
		return q.ask(a, cmd, exts...)
	}
	return cmd
}

// A sheet is a form for one question: its flags, and what makes a request of what they
// were given.
type sheet struct {
	*form
	object, name string
	build        map[string]builder    // by kind of registry
	extend       map[string][]extender // by kind of registry
}

// newSheet makes the sheet of a command, with what extensions add, for some kinds of
// registry. Its flags become those of cmd, where that is not nil.
func newSheet(object string, v verb, adds []addition, cmd *cobra.Command, stdin io.Reader, kinds ...string) *sheet {
	x := &sheet{
		form:   &form{cmd: cmd, stdin: stdin, rules: make(map[string][]func() error)},
		object: object, name: v.name(),
		build: make(map[string]builder), extend: make(map[string][]extender),
	}
	at := object + " " + x.name
	for _, kind := range kinds {
		describe := v.fred
		if kind == "gtld" {
			describe = v.gtld
		}
		if describe == nil {
			continue
		}
		fields := &fields{x.form, kind}
		x.build[kind] = describe(fields)
		for _, add := range adds {
			if on := add.on[at]; add.kind == kind && on != nil {
				had := len(x.fields)
				x.extend[kind] = append(x.extend[kind], on(fields))
				for _, f := range x.fields[had:] {
					f.uris = add.uris
				}
			}
		}
	}
	if len(x.build) == 2 {
		x.label()
	}
	return x
}

// question reads what was given, for a kind of registry. It can be done once.
func (x *sheet) question(ctx context.Context, kind string, args []string) (question, []maker, error) {
	if x.build[kind] == nil {
		return nil, nil, usage("%s %s is a command of registries of the kind %s; this one is of the kind %s", x.object, x.name, otherKind(kind), kind)
	}
	if x.name == "update" && !x.anyGiven() {
		return nil, nil, usage("there is nothing to change; say with flags what")
	}
	if kind == "gtld" && (x.object == "domain" || x.object == "host") {
		var err error
		if args, err = asciiNames(args); err != nil {
			return nil, nil, err
		}
	}
	if err := x.fill(ctx, kind); err != nil {
		return nil, nil, err
	}
	q, err := x.build[kind](args)
	if err != nil {
		return nil, nil, err
	}
	var exts []maker
	for _, extend := range x.extend[kind] {
		ext, err := extend(args)
		if err != nil {
			return nil, nil, err
		}
		if ext != nil {
			exts = append(exts, ext)
		}
	}
	return q, exts, nil
}
