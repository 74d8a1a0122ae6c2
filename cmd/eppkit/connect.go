package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/namespaces"
)

// extensions are the namespaces that a kind of registry may speak.
func extensions(kind string) []epp.Extension {
	if kind == "gtld" {
		return namespaces.RFC()
	}
	return fred.Extensions()
}

// A target is a registry to talk to.
type target struct {
	addrs    []string // that are tried in this order
	addr     string   // of a session: the one that it is with
	opts     client.Options
	sessions sessions // of a pool
	close    func() error
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

// target prepares for talking to the registry of the profile, or to the mock. The
// password is fetched where it is needed: to log in.
func (a *app) target(ctx context.Context, login bool) (*target, error) {
	p, err := a.chosenProfile()
	if err != nil {
		return nil, err
	}
	var t *target
	if p == nil {
		t, err = a.mockTarget(login)
	} else {
		t, err = a.profileTarget(ctx, p, login)
	}
	if err != nil || !login || a.become == nil {
		return t, err
	}
	if err := a.become(t.opts.Credentials); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

// profileTarget prepares for talking to the registry of a profile.
func (a *app) profileTarget(ctx context.Context, p *profile, login bool) (*target, error) {
	schema, err := p.schema(extensions(p.Registry))
	if err != nil {
		return nil, err
	}
	cfg, err := p.tls()
	if err != nil {
		return nil, &configError{fmt.Errorf("profile %s: %w", p.name, err)}
	}
	t := &target{
		addrs:    p.reachable(),
		opts:     client.Options{Schema: schema, TLS: cfg},
		sessions: p.Sessions,
		close:    func() error { return nil },
	}
	t.opts.Trace = a.trace(schema, t)
	d, err := p.dialerWith(ctx, a.getenv)
	if err != nil {
		return nil, p.noPassword(ctx, err)
	}
	t.opts.DialContext = d.DialContext
	if !login {
		return t, nil
	}
	pw, err := p.Password.read(ctx, p, a.getenv)
	if err != nil {
		return nil, p.noPassword(ctx, err)
	}
	t.opts.Credentials = &client.Credentials{ClID: p.ClID, PW: pw, Lang: p.Lang, UserAgent: p.userAgent(), Extend: loginsec.ExtendFor(schema)}
	return t, nil
}

// noPassword is why a password could not be fetched.
func (p *profile) noPassword(ctx context.Context, err error) error {
	err = fmt.Errorf("profile %s: %w", p.name, err)
	if ctx.Err() != nil {
		return err
	}
	return &configError{err}
}

// mockTarget is the mock registry inside this process: the shell's, or one of its own.
func (a *app) mockTarget(login bool) (*target, error) {
	if a.within != nil {
		a.mocked = true
		t := a.within.target(a, login)
		t.close = func() error { return nil }
		return t, nil
	}
	m, err := a.announcedMock()
	if err != nil {
		return nil, err
	}
	return m.target(a, login), nil
}

// announcedMock starts the mock registry, and says so.
func (a *app) announcedMock() (*startedMock, error) {
	m, err := a.startMock(a.flags.registry, "")
	if err != nil {
		return nil, err
	}
	a.mocked = true
	why := "no registry is configured"
	if a.flags.mock {
		why = "as --mock asks"
	}
	fmt.Fprintf(a.err, "eppkit: %s; this is the mock registry inside eppkit (%s, on %s)\n", why, a.flags.registry, m.Addr())
	return m, nil
}

// A startedMock is a mock registry inside this process.
type startedMock struct {
	*mockserver.Server
	reg *mockRegistry
}

// startMock starts one with the objects of a file of fixtures, or the built-in ones for "".
func (a *app) startMock(kind, fixtures string) (*startedMock, error) {
	reg, err := newMock(mockOptions{kind: kind, fixtures: fixtures, disclose: kind == "fred"})
	if err != nil {
		return nil, err
	}
	srv, err := mockserver.New(mockserver.Options{Registry: reg.Registry, RequireClientCert: true})
	if err != nil {
		return nil, err
	}
	if err := srv.Start(); err != nil {
		return nil, err
	}
	return &startedMock{srv, reg}, nil
}

// target is how its first registrar talks to it.
func (m *startedMock) target(a *app, login bool) *target {
	me := m.reg.registrars[0]
	t := &target{
		addrs: []string{m.Addr()},
		opts:  client.Options{Schema: m.reg.Schema(), TLS: m.ClientTLS(me.ClID)},
		close: m.Close,
	}
	t.opts.Trace = a.trace(m.reg.Schema(), t)
	if login {
		t.opts.Credentials = &client.Credentials{ClID: me.ClID, PW: me.PW, Extend: loginsec.ExtendFor(m.reg.Schema())}
	}
	return t
}

// trace keeps the latest frame that came, and shows all of them on standard error
// where --verbose asks for it, without the passwords that the target has.
func (a *app) trace(set *epp.Schema, t *target) func(dir client.Direction, frame []byte) {
	return func(dir client.Direction, frame []byte) {
		mark := "C:"
		if dir == client.Received {
			mark = "S:"
			a.received.Store(new(bytes.Clone(frame)))
		}
		if a.flags.verbose {
			frame = set.Redact(frame)
			if cred := t.opts.Credentials; cred != nil {
				frame = cred.Redact(frame)
			}
			a.showFrame(mark, frame)
		}
	}
}

// showFrame writes a frame, without its secrets, on standard error.
func (a *app) showFrame(mark string, frame []byte) {
	fmt.Fprintf(a.err, "%s %s\n", mark, printable(indent(frame)))
}

// logoutTime is what a logout may take of a run that was told to end.
const logoutTime = 5 * time.Second

// A peer is a registry that commands are sent to: a session, or a pool of them.
type peer interface {
	client.Doer
	Greeting() *epp.Greeting
	Schema() *epp.Schema
}

// asking runs f with what the run shares, or else with a session of its own.
func (a *app) asking(ctx context.Context, f func(context.Context, peer) error) error {
	if a.shared != nil {
		return f(ctx, a.shared)
	}
	return a.session(ctx, func(ctx context.Context, s *client.Session) error { return f(ctx, s) })
}

// session runs f with a session that is logged in, and logs out after it. One that the
// run shares is left open.
func (a *app) session(ctx context.Context, f func(context.Context, *client.Session) error) error {
	return a.connected(ctx, true, f)
}

// connected runs f with a session, logged in where login says so.
func (a *app) connected(ctx context.Context, login bool, f func(context.Context, *client.Session) error) error {
	if s, ok := a.shared.(*client.Session); ok {
		return f(ctx, s)
	}
	if a.lasting != nil {
		s, err := a.lasting(ctx)
		if err != nil {
			return err
		}
		return f(ctx, s)
	}
	t, err := a.target(ctx, login)
	if err != nil {
		return err
	}
	return a.on(ctx, t, func(ctx context.Context, s *client.Session) error {
		if login {
			a.warn(s.LoginResponse())
		}
		return f(ctx, s)
	})
}

// on is connected for a target that was prepared.
func (a *app) on(ctx context.Context, t *target, f func(context.Context, *client.Session) error) error {
	defer t.close()
	s, err := t.dial(ctx)
	if err != nil {
		var re *epp.ResultError
		if errors.As(err, &re) && re.Response != nil && t.opts.Credentials != nil {
			a.warn(re.Response)
		}
		return a.refused(err)
	}
	defer s.Close()
	if err := f(ctx, s); err != nil {
		return err
	}
	if t.opts.Credentials != nil && s.Err() == nil {
		if ctx.Err() != nil { // it was told to end
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), logoutTime)
			defer cancel()
		}
		if err := s.Logout(ctx); err != nil {
			// The command was answered; a logout that fails changes nothing.
			a.note(err.Error())
		}
	}
	return nil
}

// note says on standard error what is no error.
func (a *app) note(text string) { fmt.Fprintf(a.err, "eppkit: %s\n", oneLine(text)) }
