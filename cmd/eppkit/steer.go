package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/control"
	"github.com/eppkit/eppkit/mockserver/registry"
	"github.com/eppkit/eppkit/mockserver/relay"
)

// listenControl opens the port of the control; nil where there is to be none. Without a
// host it is loopback's: whoever reaches a control sees everything.
func (o *mockServeOptions) listenControl() (net.Listener, error) {
	if o.control == "" {
		if len(o.controlHosts) > 0 {
			return nil, usage("--control-host needs --control")
		}
		return nil, nil
	}
	host, port, err := net.SplitHostPort(o.control)
	if err != nil {
		return nil, usage("--control %s is no address: %v", o.control, err)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); len(o.controlHosts) == 0 && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, usage("whoever reaches the control sees everything: --control %s needs --control-host with the names that it is for", o.control)
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("the control: %w", err)
	}
	return l, nil
}

// controlAddr is where the control is reached.
func (o *mockServeOptions) controlAddr(l net.Listener) string {
	addr := l.Addr().(*net.TCPAddr)
	if addr.IP.IsUnspecified() {
		return net.JoinHostPort(o.controlHosts[0], strconv.Itoa(addr.Port))
	}
	return addr.String()
}

// mainTenant is the registry that "mock serve" begins with.
const mainTenant = "main"

// startControl serves the control of a registry, and of those of the tenants to come,
// until it is closed. When it can't go on, broken hears why.
func (a *app) startControl(o *mockServeOptions, reg *mockRegistry, srv *mockserver.Server, l net.Listener, broken chan<- error) (closeControl func() error, err error) {
	c, err := control.New(control.Options{
		Mocks: []*control.Mock{reg.controlled(mainTenant, srv)},
		Make:  func(_ context.Context, t *control.Tenant) (*control.Mock, error) { return o.tenant(t) },
		Hosts: o.controlHosts,
		Log:   a.log(),
	})
	if err != nil {
		return nil, err
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := c.Serve(l); err != nil {
			broken <- fmt.Errorf("the control: %w", err)
		}
	})
	return sync.OnceValue(func() error {
		defer wg.Wait()
		return c.Close()
	}), nil
}

// tenant makes a registry of its own, on a free port of the same host. It begins as the
// main one did, but for what the tenant wants otherwise.
func (o *mockServeOptions) tenant(t *control.Tenant) (*control.Mock, error) {
	m := mockOptions{kind: cmp.Or(t.Registry, o.mock.kind)}
	if err := oneOf("registry", m.kind, registries); err != nil {
		return nil, err
	}
	if m.kind == o.mock.kind {
		m = o.mock
	}
	m.Options = registry.Options{Seed: t.Seed, Log: o.mock.Log}
	var err error
	if m.Clock, err = o.newClock(); err != nil {
		return nil, err
	}
	if !t.Time.IsZero() {
		m.Clock = registry.NewClock(t.Time)
	}
	if t.Fixtures != "" {
		m.fixtures, m.document = "", []byte(t.Fixtures)
	}
	reg, err := newMock(m)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(o.server.Listen)
	if err != nil {
		return nil, err
	}
	so := mockserver.Options{
		Registry: reg.Registry, Listen: net.JoinHostPort(host, "0"), Hosts: o.server.Hosts,
		RequireClientCert: o.server.RequireClientCert,
	}
	if err := o.spoiled.spoil(&so, t.Seed); err != nil {
		return nil, err
	}
	srv, err := mockserver.New(so)
	if err != nil {
		return nil, err
	}
	if err := srv.Start(); err != nil {
		return nil, err
	}
	return reg.controlled(t.Name, srv), nil
}

// controlled is the registry as a control has it.
func (m *mockRegistry) controlled(tenant string, srv *mockserver.Server) *control.Mock {
	return &control.Mock{Name: tenant, Server: srv, State: m.state, Seed: m.seed, Acts: m.acts}
}

// relayServer is the mail server that --relay means, as HOST:PORT; "" for none.
func (o *mockServeOptions) relayServer() (string, error) {
	if o.relay == "" {
		if o.relayAnywhere {
			return "", usage("--relay-anywhere needs --relay")
		}
		return "", nil
	}
	u, err := url.Parse(o.relay)
	if err != nil || u.Scheme != "smtp" || u.Hostname() == "" || u.User != nil || (u.Path != "" && u.Path != "/") {
		return "", usage("--relay must be a URL as in smtp://127.0.0.1:1025")
	}
	return net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "25")), nil
}

// relayTime is what the last of the mail may take at the end.
const relayTime = 5 * time.Second

// startRelay brings the mail of the outbox to a server, until it is stopped: what is
// there by then is sent still.
func (a *app) startRelay(o *mockServeOptions, s *registry.State, server string) (stop func(), err error) {
	r, err := relay.New(relay.Options{Outbox: s.Outbox, Server: server, Anywhere: o.relayAnywhere, Log: a.log()})
	if err != nil {
		return nil, &configError{fmt.Errorf("--relay: %w", err)}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	return func() {
		cancel()
		<-done
		last, end := context.WithTimeout(context.Background(), relayTime)
		defer end()
		if err := r.Flush(last); err != nil {
			a.note("mail is left in the outbox: " + err.Error())
		}
	}, nil
}
