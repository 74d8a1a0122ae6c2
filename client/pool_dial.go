package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// DialAny is [Dial] for a registry that has several servers with one state. Of those that
// take a connection the first one that does is used; if it goes no further, the others are
// tried. A login that is refused, or that may have changed the password, is not tried
// elsewhere. It returns the address with which the session is.
func DialAny(ctx context.Context, addrs []string, opts Options) (s *Session, addr string, err error) {
	opts = opts.withDefaults()
	if err := opts.check(); err != nil {
		return nil, "", &Error{Op: "dial", Err: err}
	}
	ctx, cancel := opts.within(ctx)
	defer cancel()
	return connect(ctx, &opts, addrs, nil)
}

// connect makes a session with one of the addresses. prepare is as that of establish.
func connect(ctx context.Context, o *Options, addrs []string, prepare func(*Session)) (*Session, string, error) {
	addrs = slices.Clone(addrs)
	var failed addressesError
	for len(addrs) > 0 {
		conn, i, errs := race(ctx, len(addrs), stagger, func(ctx context.Context, i int) (net.Conn, error) {
			return o.DialContext(ctx, "tcp", withPort(addrs[i]))
		})
		for _, err := range errs {
			failed.errs = append(failed.errs, &Error{Op: "dial", Err: withCause(ctx, err)})
		}
		if conn == nil {
			break
		}
		s, err := establishOne(ctx, conn, addrs[i], len(addrs), o, prepare)
		if err == nil {
			return s, addrs[i], nil
		}
		if failed.errs = append(failed.errs, err); final(o, err) {
			return nil, "", err
		}
		addrs = slices.Delete(addrs, i, i+1)
	}
	switch len(failed.errs) {
	case 0:
		return nil, "", &Error{Op: "dial", Err: errors.New("there is no address")}
	case 1:
		return nil, "", failed.errs[0]
	}
	return nil, "", &failed
}

// final reports whether a failure would be the same, or worse, at another address, which
// has the same accounts.
func final(o *Options, err error) bool {
	var e *Error
	switch v := verdictOf(err); {
	case v == limited, v == stop && refusal(err) == 1:
		return true
	}
	return o.Credentials != nil && o.Credentials.NewPW != "" && errors.As(err, &e) && e.Op == "login" && e.Fate != NotSent
}

// establishOne is establish for one of several addresses.
func establishOne(ctx context.Context, conn net.Conn, addr string, of int, o *Options, prepare func(*Session)) (*Session, error) {
	ctx, cancel := share(ctx, of)
	defer cancel()
	cfg, err := tlsConfig(addr, o.TLS)
	if err != nil {
		conn.Close()
		return nil, &Error{Op: "tls", Err: err}
	}
	return establish(ctx, conn, addr, cfg, *o, prepare)
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
// not exist, the certificates or the versions of TLS do not do, a proxy refuses, the login
// can't be written.
func permanent(e *Error) bool {
	var (
		login *epp.FieldError
		name  *net.DNSError
		op    *net.OpError
		said  interface{ Permanent() bool }
		wire  net.Error
	)
	switch {
	case errors.As(e, &said):
		return said.Permanent()
	case errors.As(e, &login):
		return login.Line == 0 // otherwise it was read
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
