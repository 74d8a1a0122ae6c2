package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
)

// A fredName is a command under the name that FRED's own client has for it.
type fredName struct {
	name, args, is string // is what it is of ours: "domain check"
	gtld           string // where it is something else at a registry of that kind
	// secret says that the last of args is one; it may be left out where optional.
	secret bool
	// rest makes of further arguments those that ours has; nil leaves them as they are.
	rest func(args []string) ([]string, error)
}

// fredNames are those that stand for a command of ours. Where FRED's client has a grammar
// of its own for many values, as in create_domain, ours are given in its place.
var fredNames = func() (all []fredName) {
	for _, object := range []string{"contact", "domain", "nsset", "keyset"} {
		id := "ID"
		if object == "domain" {
			id = "NAME"
		}
		all = append(all,
			fredName{name: "check_" + object, args: id + "...", is: object + " check"},
			fredName{name: "info_" + object, args: id + " [PASSWORD]", is: object + " info", secret: true},
			fredName{name: "create_" + object, args: id + " [FLAGS]", is: object + " create"},
			fredName{name: "update_" + object, args: id + " [FLAGS]", is: object + " update"},
			fredName{name: "delete_" + object, args: id, is: object + " delete"},
			fredName{name: "transfer_" + object, args: id + " PASSWORD", is: object + " transfer", gtld: object + " transfer request", secret: true},
			fredName{name: "sendauthinfo_" + object, args: id, is: object + " send-authinfo"},
			fredName{name: "list_" + object + "s", is: "list " + object + "s"},
		)
	}
	return append(all,
		fredName{name: "renew_domain", args: "NAME CUR_EXP_DATE [(PERIOD y)]", is: "domain renew", rest: renewal},
		fredName{name: "technical_test", args: "ID [LEVEL [(NAME...)]]", is: "nsset test", rest: technicalTest},
		fredName{name: "credit_info", is: "credit"},
	)
}()

func fredNameOf(name string) *fredName {
	i := slices.IndexFunc(fredNames, func(f fredName) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return &fredNames[i]
}

// asOurs is a line in the words of the command line, with what it is to read. The secret
// of a FRED name goes there: a command line has no place for one.
func (c *console) asOurs(words []string) (ours []string, in string, err error) {
	f := fredNameOf(words[0])
	if f == nil {
		return words, "", nil
	}
	ours = strings.Fields(f.is)
	if f.gtld != "" {
		switch kind, err := c.kind(); {
		case err != nil:
			return nil, "", err
		case kind == "gtld":
			ours = strings.Fields(f.gtld)
		}
	}
	args, flags := words[1:], []string(nil)
	if i := slices.IndexFunc(args, func(w string) bool { return strings.HasPrefix(w, "-") && w != "-" }); i >= 0 {
		args, flags = args[:i], args[i:]
	}
	switch {
	case f.secret && len(args) == 2 && args[1] != "-":
		ours, in = append(ours, args[0], "--authinfo-file=-"), args[1]+"\n"
	case f.secret && len(args) == 2:
		ours = append(ours, args[0], "--authinfo-file=-")
	case f.rest != nil && len(args) > 1:
		rest, err := f.rest(args[1:])
		if err != nil {
			return nil, "", usage("%w\nUsage: %s %s", err, f.name, f.args)
		}
		ours = append(append(ours, args[0]), rest...)
	default:
		ours = append(ours, args...)
	}
	return append(ours, flags...), in, nil
}

// fredList are the words of a list as FRED's client has it, as in "(2 y)" and "(a, b)".
func fredList(args []string) []string {
	return strings.FieldsFunc(strings.Join(args, " "), func(r rune) bool { return strings.ContainsRune("(), ", r) })
}

// renewal are the date and the period of a renew.
func renewal(args []string) ([]string, error) {
	out := []string{"--cur-exp-date=" + args[0]}
	period := fredList(args[1:])
	switch len(period) {
	case 0:
	case 1:
		out = append(out, "--period="+period[0])
	case 2:
		out = append(out, "--period="+period[0]+period[1])
	default:
		return nil, fmt.Errorf("%q is no period", strings.Join(args[1:], " "))
	}
	return out, nil
}

// technicalTest are the level and the names of a test.
func technicalTest(args []string) ([]string, error) {
	var out []string
	if args[0] != "NULL" {
		out = append(out, "--level="+args[0])
	}
	for _, name := range fredList(args[1:]) {
		out = append(out, "--name="+name)
	}
	return out, nil
}

// preparingCommands are FRED's commands for lists in the steps that the protocol has: one
// that prepares a list, and get_results, each of which fetches one part. They belong to a
// shell because what comes between them does.
func (a *app) preparingCommands() []*cobra.Command {
	results := &cobra.Command{
		Use: "get_results", Short: "Fetch the next part of the list that was prepared last (FRED)", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.needFRED("getResults"); err != nil {
				return err
			}
			return do(a, cmd, &fred.GetResults{}, func(w io.Writer, r *client.Answer[*fred.ResultsList]) {
				if len(r.Data.Items) == 0 {
					fmt.Fprintln(w, "There is no more.")
				}
				for _, item := range r.Data.Items {
					fmt.Fprintln(w, oneLine(item))
				}
			})
		},
	}
	all := []*cobra.Command{results}
	for _, l := range listings() {
		all = append(all, a.preparingCommand("prep_"+l.what, l.what, nil, func(string) epp.Request[*fred.InfoResponse] { return l.all }))
		for _, b := range l.by {
			by := strings.TrimPrefix(b.flag, "by-")
			all = append(all, a.preparingCommand("prep_"+l.what+"_by_"+by, l.what+" by "+by, &by, b.q))
		}
	}
	return all
}

func (a *app) preparingCommand(name, what string, by *string, q func(string) epp.Request[*fred.InfoResponse]) *cobra.Command {
	cmd := &cobra.Command{Use: name, Short: "Prepare a list of " + what + " (FRED)", Args: cobra.NoArgs}
	if by != nil {
		cmd.Use += " " + strings.ToUpper(*by)
		cmd.Args = cobra.ExactArgs(1)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := a.needFRED(name); err != nil {
			return err
		}
		of := ""
		if by != nil {
			of = args[0]
		}
		return do(a, cmd, q(of), func(w io.Writer, r *client.Answer[*fred.InfoResponse]) {
			fmt.Fprintf(w, "%d prepared; get_results fetches them, part after part\n", r.Data.Count)
		})
	}
	return cmd
}
