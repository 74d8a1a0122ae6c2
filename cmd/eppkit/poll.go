package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

func (a *app) pollCommand() *cobra.Command {
	req := &cobra.Command{
		Use:   "req",
		Short: "Show the first message of the queue; it stays there",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return do(a, cmd, &epp.Poll{Op: epp.PollReq}, printPolled)
		},
	}
	ack := &cobra.Command{
		Use:     "ack ID",
		Short:   "Remove a message from the queue",
		Example: "  eppkit poll ack 12345",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return do(a, cmd, &epp.Poll{Op: epp.PollAck, MsgID: args[0]}, printPolled)
		},
	}
	poll := group("poll", "Read the queue of messages from the registry", req, ack, a.watchCommand())
	poll.Long = "Read the queue of messages that the registry has for the registrar.\nWithout a subcommand: poll req."
	poll.RunE = req.RunE
	return poll
}

func printPolled(w io.Writer, r *client.Answer[*epp.NoData]) { printMessage(w, r.Response) }

// printMessage writes a message with whatever a registry has put into its answer.
func printMessage(w io.Writer, r *epp.Response) {
	q := r.MsgQ
	if q == nil {
		return
	}
	fmt.Fprintf(w, "%d in the queue, id %s", q.Count, oneLine(q.ID))
	if !q.QDate.IsZero() {
		fmt.Fprintf(w, ", of %s", q.QDate.Format(time.RFC3339))
	}
	fmt.Fprintln(w)
	if r.Unread != nil {
		fmt.Fprintf(w, "not readable: %s\n", oneLine(r.Unread.Error()))
	}
	if q.Msg != nil {
		if text := epp.Collapse(q.Msg.Text); text != "" {
			fmt.Fprintln(w, oneLine(text))
		}
		printData(w, q.Msg.Elements)
	}
	printData(w, r.ResData)
	printRest(w, r)
}
