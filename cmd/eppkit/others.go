package main

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
)

func (a *app) helloCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "hello",
		Short: "Show the registry's greeting, without logging in",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.flags.dryRun {
				return a.printMessage(&epp.Hello{})
			}
			return a.connected(cmd.Context(), false, func(ctx context.Context, s *client.Session) error {
				g, err := s.Hello(ctx)
				if err != nil {
					return err
				}
				switch a.flags.output {
				case "xml", "raw":
					return a.printMessage(g)
				case "json":
					return a.printJSON(object{{"greeting", view(reflect.ValueOf(g))}})
				}
				printObject(a.out, view(reflect.ValueOf(g)))
				return nil
			})
		},
	}
}

func (a *app) creditCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "credit",
		Short:   "Show the registrar's credit in each zone (FRED)",
		Example: "  eppkit credit -o json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.needFRED("creditInfo"); err != nil {
				return err
			}
			return do(a, cmd, &fred.CreditInfo{}, func(w io.Writer, r *client.Answer[*fred.ResCreditInfo]) {
				for _, z := range r.Data.ZoneCredit {
					fmt.Fprintf(w, "%s  %s\n", z.Zone, z.Credit)
				}
			})
		},
	}
}

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

func (a *app) rawCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "raw FILE|-",
		Short: "Send a frame from a file or standard input as it is, after logging in",
		Long: `Send a document, without the four octets of length, as it is: valid or not.
The registry's answer is printed, whatever its code.`,
		Example: "  eppkit raw frame.xml -o xml\n  eppkit contact info CID-MYOWN --dry-run | eppkit raw - -o xml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			doc, err := readFile(args[0], a.in)
			if err != nil {
				return err
			}
			if a.flags.dryRun {
				_, err := a.out.Write(doc)
				return err
			}
			return a.session(cmd.Context(), func(ctx context.Context, s *client.Session) error {
				m, err := s.SendRaw(ctx, doc)
				if err != nil {
					return err
				}
				r, ok := m.(*epp.Response)
				if !ok {
					return a.printMessage(m)
				}
				if err := a.printResponse(r, nil); err != nil {
					return err
				}
				return r.Err()
			})
		},
	}
}

// printMessage writes a message that is no answer.
func (a *app) printMessage(m epp.Message) error {
	doc, err := epp.Append(nil, m)
	if err != nil {
		return err
	}
	if a.flags.output == "raw" {
		_, err = a.out.Write(doc)
	} else {
		_, err = fmt.Fprintln(a.out, indent(doc))
	}
	return err
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version of eppkit and of Go",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			version, goVersion := "(devel)", ""
			if info, ok := debug.ReadBuildInfo(); ok {
				goVersion = info.GoVersion
				if info.Main.Version != "" {
					version = info.Main.Version
				}
			}
			_, err := fmt.Fprintf(a.out, "eppkit %s %s\n", version, goVersion)
			return err
		},
	}
}
