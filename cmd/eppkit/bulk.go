package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/bulk"
)

const aboutBulk = `Carry out a command for each row of a file, over several sessions at once.

The file is CSV, whose first line names the columns, or JSONL, an object a line. A column
has the name of an argument of the command in small letters, such as name or id, or of a
flag without its dashes. What a row leaves empty, or null, is not given; flags on the
command line are for the rows that don't give them. A secret may stand in the file in a
column without "-file", such as authinfo; then the file must be its owner's alone.

A flag that may be given several times is a list in JSONL; in CSV there may be several
columns of its name, or a cell has its values with | between them (--separator). --empty
says what stands for an empty value in CSV; in JSONL that is "".

There is no credit and no list for rows: they are about nothing that a row could name.

All rows are checked before anything is sent. Each row has its result as a line of JSON:

  row, line  where it is in the file
  object     that it was about
  status     done; refused by the registry; failed: it changed nothing, and stays to be
             done; unknown: the registry may have done it or not; not-done: it was
             unknown, and --reconcile has found that it was not done
  code, message, svTRID, answer   what the registry said; answer is as -o json has it,
             without its secrets
  clTRID, sent, seconds, error

Before a command that changes something is sent, that is written to the resume file, and
its result after it was answered. The same command with the same file then goes on where
an earlier run was cut off, whatever ended it, and sends no such command again: not what
has a result, and not what has none, which is of unknown outcome. The results of a run
are those of all rows, also of earlier runs. To carry the file out once more, remove the
resume file. To do the refused rows alone again, put them right in a file of their own.

--reconcile asks the registry what became of the rows of unknown outcome; with
--reconcile=retry those that were not done are done then. Of several lines about a row the last one counts.

Exit status, the first that applies: 6 a row is of unknown outcome; 4, 3, 5 or 2 what
ended the run early; 3 a row failed; 1 a row was refused or not done; 0 all are done.`

// timeoutOfEach is the annotation of a command whose --timeout is not of all that it does.
const timeoutOfEach = "timeout of each"

// A bulkWork is a command for many rows: what its flags say.
type bulkWork struct {
	*app
	rows func(kind string, set *epp.Schema, args []string) rowSource // for a kind of registry

	from, format, separator, empty string
	results, resume                string
	workers, maxErrors             int
	rate                           float64
	reconcile                      string
	quiet                          bool
}

func (a *app) bulkCommand() *cobra.Command {
	top := group("bulk", "Carry out a command for each row of a file")
	top.Long = aboutBulk
	types := append(objectTypes(), objectType{"poll", "Messages from the registry", []verb{ackVerb()}})
	for _, o := range types {
		g := group(o.name, o.short)
		for _, v := range o.verbs {
			g.AddCommand(a.bulkVerb(o.name, v))
		}
		top.AddCommand(g)
	}
	top.AddCommand(a.bulkRaw())
	return top
}

// ackVerb is "poll ack" for rows.
func ackVerb() verb {
	ack := func(*fields) builder {
		return func(args []string) (question, error) {
			return ask[*epp.NoData](&epp.Poll{Op: epp.PollAck, MsgID: args[0]}, nil), nil
		}
	}
	return verb{use: "ack ID", short: "Remove a message from the queue", gtld: ack, fred: ack}
}

func (a *app) bulkVerb(object string, v verb) *cobra.Command {
	cmd := v.command(object)
	cmd.Use, cmd.Args, cmd.ValidArgs = v.name(), cobra.NoArgs, nil
	params := v.params()
	if params[0].optional {
		cmd.Use, cmd.Args, cmd.ValidArgs = v.name()+" ["+strings.ToUpper(params[0].name)+"]", cobra.MaximumNArgs(1), v.valid
	}
	var columns []string
	for _, p := range params {
		columns = append(columns, p.name)
	}
	cmd.Short += ", for each row of a file"
	cmd.Long = cmd.Short + ".\n\nThe columns are " + strings.Join(columns, ", ") + `, and the flags without their dashes that are not of
bulk itself. "eppkit bulk --help" has the rest.`
	cmd.Example = "  eppkit bulk " + object + " " + v.name() + " --from rows.csv --results results.jsonl"
	defaults := newSheet(object, v, additions(), cmd, a.in, registries...).form
	return a.bulkOf(cmd, func(kind string, set *epp.Schema, args []string) rowSource {
		return &rowForm{object: object, verb: v, kind: kind, defaults: defaults, args: args, set: set, adds: additions()}
	})
}

// bulkOf makes a command one for rows.
func (a *app) bulkOf(cmd *cobra.Command, rows func(kind string, set *epp.Schema, args []string) rowSource) *cobra.Command {
	w := &bulkWork{app: a, rows: rows}
	f := cmd.Flags()
	f.StringVar(&w.from, "from", "", "read the rows from this `FILE`, or from standard input for -")
	f.StringVar(&w.format, "format", "", "`FORMAT` of that: csv or jsonl (default by its name)")
	f.StringVar(&w.separator, "separator", "|", "`TEXT` between the values in a cell of CSV; empty for none")
	f.StringVar(&w.empty, "empty", "", "`TEXT` of a cell of CSV whose value is empty (default: there is none)")
	f.StringVar(&w.results, "results", "", "write the results to this `FILE` (default standard output)")
	f.StringVar(&w.resume, "resume", "", "the resume `FILE` (default FILE.resume, where rows change something; none for the mock inside eppkit)")
	f.IntVar(&w.workers, "workers", 0, "`N` rows at once (default as many as the sessions of the profile take)")
	f.Float64Var(&w.rate, "rate", 0, "at most `N` rows a second (default: no limit)")
	f.IntVar(&w.maxErrors, "max-errors", 0, "end when `N` rows are not done as they should be (default: never)")
	f.StringVar(&w.reconcile, "reconcile", "", "ask what became of rows of unknown outcome; `HOW` is look alone, or retry, which does those again that were not done")
	f.Lookup("reconcile").NoOptDefVal = "look"
	f.BoolVar(&w.quiet, "quiet", false, "show no progress")
	complete(cmd, "format", []string{"csv", "jsonl"})
	complete(cmd, "reconcile", []string{"look", "retry"})
	check := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if how := args[max(0, len(args)-1):]; w.reconcile == "look" && slices.Contains([]string{"look", "retry"}, strings.Join(how, "")) {
			return usage("write --reconcile=%s", how[0])
		}
		return check(cmd, args)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := w.checkFlags(cmd); err != nil {
			return err
		}
		return w.run(cmd.Context(), args)
	}
	withFlags(cmd, "config", "profile", "mock", "registry", "dry-run", "verbose", "timeout")
	cmd.Annotations[timeoutOfEach] = "yes"
	cmd.Annotations["usage of timeout"] = "give up on a row after this `TIME`"
	cmd.Annotations["usage of dry-run"] = "print the frames that would be sent, secrets redacted, and send nothing"
	return cmd
}

func (w *bulkWork) checkFlags(cmd *cobra.Command) error {
	for _, name := range []string{"results", "resume", "format", "empty"} {
		if isEmpty(cmd.Flags().Lookup(name)) {
			return usage("--%s is empty", name)
		}
	}
	if w.format == "" {
		w.format = strings.TrimPrefix(filepath.Ext(w.from), ".")
	}
	switch {
	case w.from == "":
		return usage("--from is missing")
	case w.format != string(bulk.CSV) && w.format != string(bulk.JSONL):
		return usage("say with --format whether %s is csv or jsonl", inputName(w.from))
	case w.workers < 0, w.rate < 0, w.maxErrors < 0:
		return usage("--workers, --rate and --max-errors must not be negative")
	case w.reconcile != "":
		return oneOf("--reconcile", w.reconcile, []string{"look", "retry"})
	}
	return nil
}

// maxRows is how large a file with rows may be.
const maxRows = 1 << 30

// run checks all rows, and carries them out.
func (w *bulkWork) run(ctx context.Context, args []string) error {
	kind, err := w.kind()
	if err != nil {
		return err
	}
	set, err := w.schema()
	if err != nil {
		return err
	}
	data, err := readUpTo(ctx, w.from, w.in, maxRows)
	if err != nil {
		return err
	}
	x := w.rows(kind, set, args)
	many, secret := x.about()
	in := &bulk.Input{Format: bulk.Format(w.format), Data: data, Separator: w.separator, Empty: w.empty, Many: many}
	var each func([]byte) error
	if w.flags.dryRun {
		each = func(frame []byte) error { return w.printDocument(set.Redact(frame)) }
	}
	seen, err := checkRows(ctx, x, set, in, secret, each)
	if err != nil || w.flags.dryRun {
		return err
	}
	if seen.secret != "" && w.from != "-" {
		if err := private("the file", w.from); err != nil {
			return &configError{fmt.Errorf("%w, for there are secrets in its column %s", err, seen.secret)}
		}
	}
	return w.carryOut(ctx, x, in, seen)
}

// A bulkError is that not all rows are done.
type bulkError struct {
	status int
	err    error // what ended the run early, or nil
	counts bulk.Counts
}

func (e *bulkError) Error() string {
	switch {
	case e.err == nil:
		return e.counts.Summary()
	case errors.Is(e.err, context.Canceled):
		return "the run was told to end; " + e.counts.Summary()
	}
	return fmt.Sprintf("the run ended early: %v; %s", e.err, e.counts.Summary())
}

func (e *bulkError) Unwrap() error { return e.err }

// outcome is nil when all rows are done, and otherwise an error with the exit status.
//
// What ends a run is never a wrong command line: that was checked before.
func outcome(c bulk.Counts, halt error) error {
	if file := new(bulk.JournalError); errors.As(halt, &file) || exitStatus(halt) == exitUsage {
		halt = asConfig(halt)
	}
	e := &bulkError{err: halt, counts: c}
	many := errors.Is(halt, bulk.ErrTooManyErrors)
	switch {
	case c.Unknown > 0:
		e.status = exitUnknown
	case halt != nil && !many:
		e.status = exitStatus(halt)
	case c.Failed > 0:
		e.status = exitConnection
	case c.Refused+c.NotDone > 0, many:
		e.status = exitRefused
	default:
		return nil
	}
	return e
}

// graceTime is how long rows that are under way may take when the run was told to end.
const graceTime = 10 * time.Second
