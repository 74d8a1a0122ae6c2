package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/eppkit/eppkit/internal/cause"
)

var errOldTLS = errors.New("versions before TLS 1.2 are not supported")

// defaultPort is EPP's (RFC 5734, section 7).
const defaultPort = "700"

// Dial connects to a server over TLS, waits for its greeting and, where the options
// hold credentials, logs in. An address without a port means port 700.
//
// The error is an [*Error] whose Op is dial, tls or greeting, or what
// [Session.Login] returns.
func Dial(ctx context.Context, addr string, opts Options) (*Session, error) {
	opts = opts.withDefaults()
	if err := opts.check(); err != nil {
		return nil, &Error{Op: "dial", Err: err}
	}
	cfg, err := tlsConfig(addr, opts.TLS)
	if err != nil {
		return nil, &Error{Op: "tls", Err: err}
	}
	ctx, cancel := opts.within(ctx)
	defer cancel()
	conn, err := opts.DialContext(ctx, "tcp", withPort(addr))
	if err != nil {
		return nil, &Error{Op: "dial", Err: withCause(ctx, err)}
	}
	return establish(ctx, conn, addr, cfg, opts, nil)
}

// establish makes a session of a connection: TLS, the greeting and, where the options
// hold credentials, the login. prepare, where it is given, is called with the session
// before anything is read.
func establish(ctx context.Context, conn net.Conn, addr string, cfg *tls.Config, opts Options, prepare func(*Session)) (*Session, error) {
	tc := tls.Client(conn, cfg)
	if err := tc.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, &Error{Op: "tls", Err: fmt.Errorf("with %s: %w", withPort(addr), withCause(ctx, err))}
	}
	s := New(tc, opts)
	if prepare != nil {
		prepare(s)
	}
	if _, err := s.Greet(ctx); err != nil {
		s.Close()
		return nil, err
	}
	if opts.Credentials != nil {
		if err := s.Login(ctx, *opts.Credentials); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// withCause adds why ctx ended to an error that came of it.
func withCause(ctx context.Context, err error) error {
	if ctx.Err() == nil || errors.Is(err, context.Cause(ctx)) {
		return err
	}
	return fmt.Errorf("%w: %w", cause.Of(ctx), err)
}

// withPort completes an address: a host, an IPv6 address with or without brackets,
// or either with a port.
func withPort(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	switch {
	case err != nil:
		return net.JoinHostPort(strings.Trim(addr, "[]"), defaultPort)
	case port == "":
		return net.JoinHostPort(host, defaultPort)
	}
	return addr
}

// tlsConfig completes the caller's configuration. It refuses versions before 1.2
// (RFC 9325).
func tlsConfig(addr string, cfg *tls.Config) (*tls.Config, error) {
	if cfg == nil {
		cfg = new(tls.Config)
	}
	cfg = cfg.Clone()
	switch {
	case cfg.MinVersion == 0:
		cfg.MinVersion = tls.VersionTLS12
	case cfg.MinVersion < tls.VersionTLS12:
		return nil, errOldTLS
	}
	if cfg.MaxVersion != 0 && cfg.MaxVersion < tls.VersionTLS12 {
		return nil, errOldTLS
	}
	if cfg.ServerName == "" {
		host, _, err := net.SplitHostPort(withPort(addr))
		switch {
		case err != nil:
			return nil, fmt.Errorf("address %q: %w", addr, err)
		case host == "":
			return nil, fmt.Errorf("address %q: there is no host in it", addr)
		}
		cfg.ServerName = host
	}
	return cfg, nil
}
