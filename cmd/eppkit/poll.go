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
			return do(a, cmd, &epp.Poll{Op: epp.PollReq}, printMsgQ)
		},
	}
	ack := &cobra.Command{
		Use:     "ack ID",
		Short:   "Remove a message from the queue",
		Example: "  eppkit poll ack 12345",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return do(a, cmd, &epp.Poll{Op: epp.PollAck, MsgID: args[0]}, printMsgQ)
		},
	}
	poll := group("poll", "Read the queue of messages from the registry", req, ack)
	poll.Long = "Read the queue of messages that the registry has for the registrar.\nWithout a subcommand: poll req."
	poll.RunE = req.RunE
	return poll
}

func printMsgQ(w io.Writer, r *client.Answer[*epp.NoData]) {
	q := r.MsgQ
	if q == nil {
		return
	}
	fmt.Fprintf(w, "%d in the queue, id %s", q.Count, oneLine(q.ID))
	if !q.QDate.IsZero() {
		fmt.Fprintf(w, ", of %s", q.QDate.Format(time.RFC3339))
	}
	fmt.Fprintln(w)
	if q.Msg != nil {
		fmt.Fprintln(w, oneLine(epp.Collapse(q.Msg.Text)))
		for _, e := range q.Msg.Elements {
			printObject(w, viewElement(e))
		}
	}
	for _, e := range r.ResData {
		printObject(w, viewElement(e))
	}
}
