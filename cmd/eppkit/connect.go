package main

import (
	"context"
	"fmt"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/mockserver"
)

// extensions are the namespaces that a kind of registry speaks. An extension is
// added here, and nowhere else in this program.
func extensions(kind string) []epp.Extension {
	if kind == "gtld" {
		return []epp.Extension{domain.Extension(), contact.Extension()}
	}
	return fred.Extensions()
}

// A target is a registry to talk to.
type target struct {
	kind   string
	schema *epp.Schema
	addr   string
	opts   client.Options
	close  func() error
}

// kind is the kind of registry that a command is for, without connecting to it.
func (a *app) kind() (string, error) {
	p, err := a.chosenProfile()
	if err != nil {
		return "", err
	}
	if p != nil {
		return p.Registry, nil
	}
	return a.flags.registry, nil
}

// target prepares for talking to the registry of the profile, or to the mock.
func (a *app) target(ctx context.Context) (*target, error) {
	p, err := a.chosenProfile()
	if err != nil {
		return nil, err
	}
	if p == nil {
		return a.mockTarget()
	}
	schema, err := epp.NewSchema(extensions(p.Registry)...)
	if err != nil {
		return nil, err
	}
	cfg, err := p.tls()
	if err != nil {
		return nil, &usageError{fmt.Errorf("profile %s: %w", p.name, err)}
	}
	pw, err := p.Password.read(ctx, p, a.getenv)
	if err != nil {
		return nil, &usageError{fmt.Errorf("profile %s: %w", p.name, err)}
	}
	return &target{
		kind: p.Registry, schema: schema, addr: p.Address,
		opts: client.Options{
			Schema: schema, TLS: cfg, Trace: a.trace(),
			Credentials: &client.Credentials{ClID: p.ClID, PW: pw, Lang: p.Lang},
		},
		close: func() error { return nil },
	}, nil
}

// mockTarget starts the mock registry inside this process.
func (a *app) mockTarget() (*target, error) {
	reg, registrars, err := newMock(mockOptions{kind: a.flags.registry, disclose: a.flags.registry == "fred"})
	if err != nil {
		return nil, err
	}
	login := registrars[0]
	srv, err := mockserver.New(mockserver.Options{Registry: reg, RequireClientCert: true})
	if err != nil {
		return nil, err
	}
	if err := srv.Start(); err != nil {
		return nil, err
	}
	fmt.Fprintf(a.err, "eppkit: no registry is configured; this is the mock registry inside eppkit (%s, on %s)\n", a.flags.registry, srv.Addr())
	return &target{
		kind: a.flags.registry, schema: reg.Schema(), addr: srv.Addr(),
		opts: client.Options{
			Schema: reg.Schema(), TLS: srv.ClientTLS(login.ClID), Trace: a.trace(),
			Credentials: &client.Credentials{ClID: login.ClID, PW: login.PW},
		},
		close: srv.Close,
	}, nil
}

// trace shows frames on standard error where --verbose asks for it.
func (a *app) trace() func(client.Direction, []byte) {
	if !a.flags.verbose {
		return nil
	}
	return func(dir client.Direction, frame []byte) {
		mark := "C:"
		if dir == client.Received {
			mark = "S:"
		}
		fmt.Fprintf(a.err, "%s %s\n", mark, indent(epp.Redact(frame)))
	}
}

// session runs f with a session that is logged in, and logs out after it.
func (a *app) session(ctx context.Context, f func(context.Context, *client.Session) error) error {
	return a.connected(ctx, true, f)
}

// connected runs f with a session, logged in where login says so.
func (a *app) connected(ctx context.Context, login bool, f func(context.Context, *client.Session) error) error {
	ctx, cancel := context.WithTimeout(ctx, a.flags.timeout)
	defer cancel()
	t, err := a.target(ctx)
	if err != nil {
		return err
	}
	defer t.close()
	if !login {
		t.opts.Credentials = nil
	}
	s, err := client.Dial(ctx, t.addr, t.opts)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := f(ctx, s); err != nil {
		return err
	}
	if login && s.Err() == nil {
		if err := s.Logout(ctx); err != nil {
			// The command was answered; a logout that fails changes nothing.
			fmt.Fprintf(a.err, "eppkit: %v\n", err)
		}
	}
	return nil
}
