package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"time"
)

// stagger is how long an address has to itself before the next one is tried beside it
// (RFC 8305, section 5).
const stagger = 250 * time.Millisecond

// connect makes a session with one of the addresses, the preferred one first. Of those
// that take a connection the first one that does is used; if it goes no further, the
// others are tried.
func connect(ctx context.Context, o *PoolOptions, prefer string, prepare func(*Session)) (*Session, string, error) {
	addrs := slices.Clone(o.Addresses)
	if i := slices.Index(addrs, prefer); i > 0 {
		addrs = append(addrs[i:], addrs[:i]...)
	}
	var failed addressesError
	for len(addrs) > 0 {
		conn, i, errs := race(ctx, addrs, o.DialContext)
		failed.errs = append(failed.errs, errs...)
		if conn == nil {
			break
		}
		s, err := establishOne(ctx, conn, addrs[i], len(addrs), o, prepare)
		if err == nil {
			return s, addrs[i], nil
		}
		failed.errs = append(failed.errs, err)
		if v := verdictOf(err); v == limited || v == stop && refusal(err) == 1 {
			return nil, "", err // another address has the same account
		}
		addrs = slices.Delete(addrs, i, i+1)
	}
	if len(failed.errs) == 1 {
		return nil, "", failed.errs[0]
	}
	return nil, "", &failed
}

// establishOne gives one of several addresses its share of the time that is left.
func establishOne(ctx context.Context, conn net.Conn, addr string, of int, o *PoolOptions, prepare func(*Session)) (*Session, error) {
	if end, ok := ctx.Deadline(); ok && of > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(end)/time.Duration(of))
		defer cancel()
	}
	cfg, err := tlsConfig(addr, o.TLS)
	if err != nil { // the options were checked
		conn.Close()
		return nil, &Error{Op: "tls", Err: err}
	}
	return establish(ctx, conn, addr, cfg, o.Options, prepare)
}

// race connects to the addresses, each a while after the one before or when that has
// failed, and returns the first connection and the index of its address; or why there is
// none, an error for each.
func race(ctx context.Context, addrs []string, dial func(ctx context.Context, network, address string) (net.Conn, error)) (net.Conn, int, []error) {
	type result struct {
		i    int
		conn net.Conn
		err  error
	}
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan result, len(addrs))
	started, pending := 0, 0
	start := func() {
		i := started
		started++
		pending++
		go func() {
			conn, err := dial(within, "tcp", withPort(addrs[i]))
			results <- result{i, conn, err}
		}()
	}
	timer := time.NewTimer(stagger)
	defer timer.Stop()
	var won *result
	var errs []error
	for start(); pending > 0; {
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
				errs = append(errs, &Error{Op: "dial", Err: withCause(ctx, r.err)})
				if started < len(addrs) && ctx.Err() == nil {
					start()
					timer.Reset(stagger)
				}
			}
		case <-timer.C:
			if started < len(addrs) && won == nil && ctx.Err() == nil {
				start()
				timer.Reset(stagger)
			}
		}
	}
	if won == nil {
		return nil, 0, errs
	}
	return won.conn, won.i, nil
}

// An addressesError is why none of several addresses gave a session.
type addressesError struct{ errs []error }

func (e *addressesError) Error() string {
	words := make([]string, len(e.errs))
	for i, err := range e.errs {
		words[i] = err.Error()
	}
	return strings.Join(words, "; ")
}

func (e *addressesError) Unwrap() []error { return e.errs }

// verdict is stop only where each address needs somebody to look.
func (e *addressesError) verdict() verdict {
	for _, err := range e.errs {
		if verdictOf(err) != stop {
			return again
		}
	}
	return stop
}

// Alerts that do not mean that the next connection would fail as well (RFC 8446, section
// 6.2).
const (
	internalError tls.AlertError = 80
	userCanceled  tls.AlertError = 90
)

// permanent reports whether connecting would fail in the same way again: the name does
// not exist, the certificates or the versions of TLS do not do, a proxy refuses.
func permanent(e *Error) bool {
	var (
		name *net.DNSError
		op   *net.OpError
		said interface{ Permanent() bool }
		wire net.Error
	)
	switch {
	case errors.As(e, &said):
		return said.Permanent()
	case errors.As(e, &name):
		return name.IsNotFound
	case errors.As(e, &op) && op.Op == "remote error": // how crypto/tls has an alert, whose type has no name
		alert := op.Err.Error()
		return alert != internalError.Error() && alert != userCanceled.Error()
	case e.Op != "tls", errors.As(e, &wire), errors.Is(e, io.EOF), errors.Is(e, io.ErrUnexpectedEOF),
		errors.Is(e, context.Canceled), errors.Is(e, context.DeadlineExceeded), errors.Is(e, net.ErrClosed):
		return false
	}
	return true // what crypto/tls has no types for
}
