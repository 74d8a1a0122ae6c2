package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

func (a *app) watchCommand() *cobra.Command {
	var w watch
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Show each message as it comes, and remove it after it was shown",
		Long: `Show the messages of the queue one after another. Each is acknowledged, which
removes it, once it has been written to standard output. When the queue is empty,
wait and ask again; that also keeps the session open.

It ends, with exit status 0, when it is interrupted; with --max or --until-empty
earlier. When the connection breaks, it ends with an error: what it was showing
then may be shown again by the next run.

With -o json each message is an object on a line of its own.`,
		Example: "  eppkit poll watch -o json >>messages.jsonl\n  eppkit poll watch --until-empty",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case w.interval <= 0:
				return usage("--interval must be more than 0")
			case w.max < 0:
				return usage("--max must not be negative")
			}
			return a.watch(cmd.Context(), w)
		},
	}
	cmd.Flags().DurationVar(&w.interval, "interval", 10*time.Second, "`TIME` after which to ask again when the queue was empty")
	cmd.Flags().IntVar(&w.max, "max", 0, "end after `N` messages (default: never)")
	cmd.Flags().BoolVar(&w.untilEmpty, "until-empty", false, "end when the queue is empty")
	cmd.Flags().BoolVar(&w.noAck, "no-ack", false, "show the first message, leave it in the queue, and end")
	withFlags(cmd, "config", "profile", "mock", "registry", "output", "verbose")
	cmd.Annotations[flagNamespaces] = epp.NS
	cmd.Annotations["usage of output"] = "`FORMAT` of a message: text, json (an object a line), xml (indented) or raw (as it came)"
	return cmd
}

// A watch takes messages from a queue.
type watch struct {
	interval          time.Duration
	max               int // 0 is no limit
	untilEmpty, noAck bool

	doer client.Doer
	show func(*epp.Response) error
	note func(string)                         // says what is not a message
	wait func(context.Context, time.Duration) // ends early with its context
}

// watch connects, watches, and logs out, though it may have been told to end.
func (a *app) watch(ctx context.Context, w watch) error {
	return a.session(ctx, func(ctx context.Context, s *client.Session) error {
		w.doer, w.show, w.note, w.wait = s, a.showMessage, a.note, pause
		return w.run(ctx)
	})
}

// pause waits for a time, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// run shows messages until it is to end. The end of ctx is no error.
func (w *watch) run(ctx context.Context) error {
	gone := "" // the message that was acknowledged last
	idle := false
	for shown := 0; ctx.Err() == nil; {
		ans, err := client.Call(ctx, w.doer, &epp.Poll{Op: epp.PollReq})
		switch {
		case ctx.Err() != nil:
			return nil // whatever has come: it stays in the queue
		case err != nil:
			return err
		case ans.Code() == epp.NoMessages || ans.MsgQ == nil && ans.Code() != epp.AckToDequeue:
			if w.untilEmpty || w.noAck {
				return nil
			}
			if !idle {
				w.note(fmt.Sprintf("the queue is empty; asking every %s", w.interval))
				idle = true
			}
			w.wait(ctx, w.interval)
			continue
		case ans.MsgQ == nil || epp.Collapse(ans.MsgQ.ID) == "":
			if err := w.show(ans.Response); err != nil {
				return err
			}
			return fmt.Errorf("%w: a message without an id, which can't be acknowledged", client.ErrInvalidAnswer)
		case ans.MsgQ.ID == gone:
			return fmt.Errorf("%w: the message %q is still the first, though it was acknowledged", client.ErrInvalidAnswer, gone)
		}
		idle = false
		if err := w.show(ans.Response); err != nil || w.noAck {
			return err
		}
		gone = ans.MsgQ.ID
		if err := w.ack(ctx, gone); err != nil {
			return err
		}
		if shown++; shown == w.max {
			return nil
		}
	}
	return nil
}

// ack removes a message that was shown, even where the run is to end meanwhile.
func (w *watch) ack(ctx context.Context, id string) error {
	_, err := client.Call(context.WithoutCancel(ctx), w.doer, &epp.Poll{Op: epp.PollAck, MsgID: id})
	if errors.Is(err, epp.ObjectDoesNotExist) {
		w.note(fmt.Sprintf("somebody else has acknowledged the message %s", id))
		return nil
	}
	return err
}

// showMessage writes a message in one piece, so that it was written or was not.
func (a *app) showMessage(r *epp.Response) error {
	var b bytes.Buffer
	switch a.flags.output {
	case "json":
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(responseObject(r)); err != nil {
			return err
		}
	case "xml":
		fmt.Fprintln(&b, indent([]byte(r.Frame)))
	case "raw":
		fmt.Fprintln(&b, r.Frame)
	default:
		printMessage(&b, r)
		fmt.Fprintln(&b)
	}
	if _, err := a.out.Write(b.Bytes()); err != nil {
		return &configError{fmt.Errorf("writing a message, which stays in the queue: %w", err)}
	}
	return nil
}
