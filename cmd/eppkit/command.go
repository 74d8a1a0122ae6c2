package main

import (
	"cmp"
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// named gives each command the clTRID that the user chose, and marks what became of a
// query.
type named struct {
	client.Doer
	clTRID string
}

// Exchange sends the command.
func (d named) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	q := *cmd
	q.ClTRID = d.clTRID
	r, err := d.Doer.Exchange(ctx, &q)
	if err != nil && q.IsQuery() {
		err = &queryError{err}
	}
	return r, err
}

// do carries out one request and prints its answer; words writes the data as text.
func do[R epp.Element](a *app, cmd *cobra.Command, q epp.Request[R], words func(io.Writer, *client.Answer[R]), exts ...maker) error {
	elements, err := extensionsFor(nil, nil, exts)
	if err != nil {
		return err
	}
	dry := a.dryCommand(q, elements...)
	if a.flags.dryRun {
		return a.printFrame(dry)
	}
	if _, err := a.frame(dry); err != nil {
		return err // before connecting for nothing
	}
	return a.asking(cmd.Context(), func(ctx context.Context, s peer) error {
		elements, err := extensionsFor(s.Greeting(), s.Schema(), exts)
		if err != nil {
			return err
		}
		ans, err := client.Call(ctx, named{s, a.flags.clTRID}, q, elements...)
		if err != nil {
			return a.refused(err)
		}
		var text func(io.Writer)
		if words != nil {
			text = func(w io.Writer) { words(w, ans) }
		}
		return a.printResponse(ans.Response, text)
	})
}

// dryCommand is a command that is not sent.
func (a *app) dryCommand(q epp.Element, exts ...epp.Element) *epp.Command {
	return &epp.Command{Request: q, Extension: exts, ClTRID: cmp.Or(a.flags.clTRID, "eppkit-dry-run")}
}

// refused prints the answer that says no where a program reads it, and passes the
// error on.
func (a *app) refused(err error) error {
	var re *epp.ResultError
	if errors.As(err, &re) && re.Response != nil && a.flags.output != "text" {
		if perr := a.printResponse(re.Response, nil); perr != nil {
			return perr
		}
	}
	return err
}

// frame is the frame of a message for the registry of the profile.
func (a *app) frame(m epp.Message) ([]byte, error) {
	set, err := a.schema()
	if err != nil {
		return nil, err
	}
	return set.Append(nil, m)
}

// printFrame is the dry run: the frame that would be sent.
func (a *app) printFrame(m epp.Message) error {
	frame, err := a.frame(m)
	if err != nil {
		return err
	}
	return a.printDocument(frame)
}
