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
		fmt.Fprintln(w, oneLine(epp.Collapse(q.Msg.Text)))
		printElements(w, q.Msg.Elements)
	}
	printElements(w, r.ResData)
	printElements(w, r.Extension)
	for _, result := range r.Results { // data that have no place elsewhere (RFC 9038)
		for _, v := range result.Values {
			if v.Reason != nil {
				fmt.Fprintln(w, oneLine(epp.Collapse(v.Reason.Text)))
			}
			printElements(w, v.Value.Elements)
		}
	}

	for _, e := range r.Extra {
		fmt.Fprintf(w, "in %s, unexpected:\n", oneLine(e.Path))
		printObject(w, viewExtra(e))
	}
}

// viewExtra makes the object of what has no place in a message.
func viewExtra(e epp.Extra) any {
	switch {
	case e.Element != nil:
		return viewElement(e.Element)
	case e.Attr != nil:
		return object{{"attribute", e.Attr.Name.Local}, {"namespace", e.Attr.Name.Space}, {"value", e.Attr.Value}}
	}
	return object{{"text", e.Text}}
}

// appendExtra adds what has no place in a message, and where it stands.
func appendExtra(o object, extra []epp.Extra) object {
	var list []any
	for _, e := range extra {
		list = append(list, object{{"in", e.Path}, {"unexpected", viewExtra(e)}})
	}
	if list == nil {
		return o
	}
	return append(o, field{"extra", list})
}

func printElements(w io.Writer, elements []epp.Element) {
	for _, e := range elements {
		printObject(w, viewElement(e))
	}
}
