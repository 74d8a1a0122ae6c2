package client

import (
	"context"
	"time"
)

// A CommandTrace is told what becomes of one command on its way through a [Pool]. It is
// put into the command's context with [WithTrace]. A nil function is not called.
type CommandTrace struct {
	// GotSession is called each time that the caller has got a session: once for most
	// commands, again for one that goes to another session, and also for
	// [Pool.Hold] and [Pool.Ready]. waited is the time that it was in the queue, and addr
	// the server of the session, with its port. The command goes on when it returns.
	GotSession func(waited time.Duration, addr string)
}

type traceKey struct{}

// WithTrace returns a context that carries a trace for what is done with it. A trace that
// ctx has already is told too, after this one.
func WithTrace(ctx context.Context, t *CommandTrace) context.Context {
	if outer := traceOf(ctx); outer != nil && outer.GotSession != nil {
		inner := t.GotSession
		t = &CommandTrace{GotSession: func(waited time.Duration, addr string) {
			if inner != nil {
				inner(waited, addr)
			}
			outer.GotSession(waited, addr)
		}}
	}
	return context.WithValue(ctx, traceKey{}, t)
}

// traceOf is the trace of a context, or nil.
func traceOf(ctx context.Context) *CommandTrace {
	t, _ := ctx.Value(traceKey{}).(*CommandTrace)
	return t
}

// gotSession tells the trace of a caller, if there is one.
func (w *waiter) gotSession(ctx context.Context, m *member) {
	t := traceOf(ctx)
	if t == nil || t.GotSession == nil {
		return
	}
	var waited time.Duration
	if w.place != nil {
		waited = time.Since(w.since)
	}
	t.GotSession(waited, withPort(m.addr))
}
