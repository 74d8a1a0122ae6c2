package client

import (
	"context"
	"net"
	"time"
)

// stagger is how long one of several ways has to itself before the next one is tried
// beside it (RFC 8305, section 5).
const stagger = 250 * time.Millisecond

// race dials n ways, each a while after the one before or as soon as one has failed, and
// returns the first connection and the number of its way, or why there is none, an error
// for each. A negative delay starts the next only when one has failed. All dials have
// ended when it returns.
func race(ctx context.Context, n int, delay time.Duration, dial func(ctx context.Context, i int) (net.Conn, error)) (net.Conn, int, []error) {
	type result struct {
		i    int
		conn net.Conn
		err  error
	}
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan result, n)
	started, pending := 0, 0
	start := func() {
		i := started
		started++
		pending++
		go func() {
			conn, err := dial(within, i)
			results <- result{i, conn, err}
		}()
	}
	var due <-chan time.Time
	if delay >= 0 {
		ticker := time.NewTicker(max(delay, 1))
		defer ticker.Stop()
		due = ticker.C
	}
	var won *result
	var errs []error
	for start(); pending > 0; {
		failed := false
		select {
		case r := <-results:
			pending--
			switch {
			case r.err == nil && won == nil:
				won = &r
				cancel() // the others end, and are waited for
			case r.err == nil:
				r.conn.Close()
			case won == nil:
				errs, failed = append(errs, r.err), true
			}
			if !failed {
				continue
			}
		case <-due:
		}
		if started < n && won == nil && ctx.Err() == nil {
			start()
		}
	}
	if won == nil {
		return nil, 0, errs
	}
	return won.conn, won.i, nil
}

// share gives one of several ways that are left to be tried its part of the time that is
// left.
func share(ctx context.Context, left int) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ok && left > 1 {
		return context.WithTimeout(ctx, time.Until(end)/time.Duration(left))
	}
	return context.WithCancel(ctx)
}
