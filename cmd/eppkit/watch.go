package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// A watch is how messages are taken from the queue.
type watch struct {
	interval          time.Duration
	max               int // 0 is no limit
	untilEmpty, noAck bool
	to                string
	reconnect         bool
}

func (a *app) watchCommand() *cobra.Command {
	var w watch
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Show or keep each message as it comes, and remove it after that",
		Long: `Take the messages of the queue one after another. Each is acknowledged, which
removes it, once it has been written: to standard output, or to the directory that
--to names. When the queue is empty, wait and ask again; that also keeps the session
open.

It ends, with exit status 0, when it is interrupted; with --max or --until-empty
earlier. When the connection breaks after it once was there, it is made again, and no
message is written twice for that; with --reconnect=false that is an error, as is a
first connection that fails. A run that was killed may write the last message again.

With -o json each message is an object on a line of its own; --to - is the same.

With --to DIR each message is on the disk, as DIR/ID.json and DIR/ID.xml, before it is
acknowledged. Characters of an ID that are not for file names are written as % and two
hexadecimal digits. A message that is there already is not written again, and another
one of the same ID becomes DIR/ID~2. What can't be read goes to DIR/unreadable, as it
came, so that the queue moves on. Messages may hold authInfo: the files are for their
owner alone. One process at a time can use a directory.`,
		Example: "  eppkit poll watch --to messages\n  eppkit poll watch -o json >>messages.jsonl\n  eppkit poll watch --until-empty",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			output := cmd.Flags().Changed("output")
			switch {
			case w.interval <= 0:
				return usage("--interval must be more than 0")
			case w.max < 0:
				return usage("--max must not be negative")
			case cmd.Flags().Changed("to") && w.to == "":
				return usage("--to needs a directory, or - for standard output")
			case w.to != "" && output && a.flags.output != "json":
				return usage("--to has forms of its own; it does not go with --output %s", a.flags.output)
			}
			return a.watch(cmd.Context(), w)
		},
	}
	cmd.Flags().DurationVar(&w.interval, "interval", 10*time.Second, "`TIME` after which to ask again when the queue was empty, 5m at most")
	cmd.Flags().IntVar(&w.max, "max", 0, "end after `N` messages (default: never)")
	cmd.Flags().BoolVar(&w.untilEmpty, "until-empty", false, "end when the queue is empty")
	cmd.Flags().BoolVar(&w.noAck, "no-ack", false, "take the first message, leave it in the queue, and end")
	cmd.Flags().StringVar(&w.to, "to", "", "write each message durably into `DIR`, as JSON and XML, or as a line of JSON to standard output for -")
	cmd.Flags().BoolVar(&w.reconnect, "reconnect", true, "connect again when the connection breaks")
	withFlags(cmd, "config", "profile", "mock", "registry", "output", "verbose")
	cmd.Annotations[flagNamespaces] = epp.NS
	cmd.Annotations["usage of output"] = "`FORMAT` of a message: text, json (an object a line), xml (indented) or raw (as it came)"
	return cmd
}

// errTaken is the error of a message that is to be left in the queue.
var errTaken = errors.New("it was taken")

// watch connects, takes messages, and logs out, though it may have been told to end.
func (a *app) watch(ctx context.Context, w watch) error {
	take, done, err := a.taker(w.to)
	if err != nil {
		return err
	}
	defer done()
	taken := 0
	err = a.queue(ctx, w.reconnect, func(ctx context.Context, d client.Doer) error {
		return w.run(ctx, d, func(m *client.Message) error {
			err := take(m)
			if err == nil {
				taken++
			}
			return err
		}, a.note)
	})
	if err == nil && w.to != "" && w.to != "-" {
		a.note(w.sum(taken))
	}
	return err
}

// sum says at the end what became of the messages for a directory: nothing was shown of them.
func (w *watch) sum(taken int) string {
	switch taken {
	case 0:
		return "there were no messages for " + w.to
	case 1:
		return "1 message is in " + w.to
	}
	return fmt.Sprintf("%d messages are in %s", taken, w.to)
}

// run takes messages until it is to end. The end of ctx is no error.
func (w *watch) run(ctx context.Context, d client.Doer, take func(*client.Message) error, note func(string)) error {
	q := client.NewMessages(d, client.MessagesOptions{
		Interval: w.interval, Max: w.max,
		OnEvent: func(e client.Event) { note(e.String()) },
	})
	handle := func(_ context.Context, m *client.Message) error {
		if err := take(m); err != nil || !w.noAck {
			return err
		}
		return errTaken
	}
	if !w.untilEmpty && !w.noAck {
		return q.Run(ctx, handle)
	}
	_, err := q.Drain(ctx, handle)
	if errors.Is(err, errTaken) || ctx.Err() != nil && errors.Is(err, ctx.Err()) && !client.OutcomeUnknown(err) {
		return nil
	}
	return err
}

// queue runs f with what the queue can be read from: with what the run shares, with a
// session, or with a pool of one, which outlives a connection. The first connection has
// to succeed.
func (a *app) queue(ctx context.Context, lasting bool, f func(context.Context, client.Doer) error) error {
	if !lasting || a.shared != nil || a.lasting != nil {
		return a.asking(ctx, func(ctx context.Context, p peer) error { return f(ctx, p) })
	}
	t, err := a.target(ctx, true)
	if err != nil {
		return err
	}
	defer t.close()
	opts := t.pool()
	opts.MaxSessions, opts.MinSessions, opts.Depth = 1, 0, 1
	opening, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	var open atomic.Bool
	opts.OnEvent = func(e client.Event) {
		switch e := e.(type) {
		case client.Opened:
			open.Store(true)
		case client.Stopped:
			return // it is the error with which f ends
		case client.OpenFailed:
			giveUp(e.Err)
		case client.Limited:
			giveUp(e.Err)
		}
		if e.Level() >= slog.LevelWarn && (open.Load() || opening.Err() == nil) {
			a.note(e.String())
		}
	}
	pool, err := client.NewPool(opts)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := pool.Ready(opening); err != nil {
		pool.Close()
		if ctx.Err() == nil && opening.Err() != nil {
			err = context.Cause(opening)
		}
		return a.refused(err)
	}
	if err := f(ctx, pool); err != nil {
		return err
	}
	a.logOut(ctx, pool)
	return nil
}

// logOut ends a pool in order, though the run may have been told to end. All was answered;
// a logout that fails changes nothing.
func (a *app) logOut(ctx context.Context, pool *client.Pool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), logoutTime)
	defer cancel()
	if err := pool.Shutdown(ctx); err != nil {
		a.note(err.Error())
	}
}
