package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	domainr "github.com/domainr/epp"

	"github.com/eppkit/eppkit/bench/echo"
	"github.com/eppkit/eppkit/bench/sample"
	"github.com/eppkit/eppkit/bench/turns"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

func (at *addresses) tls() (*tls.Config, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(at.CA) {
		return nil, errors.New("no certificate of the servers")
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: "localhost"}, nil
}

// echo opens the floor.
func (at *addresses) echo(conns, deep int, sz echo.Size) (*turns.Contender, error) {
	cfg, err := at.tls()
	if err != nil {
		return nil, err
	}
	c := &turns.Contender{Name: "TLS echo"}
	for range conns {
		e, err := echo.Dial(at.Echo, cfg, sz)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.Closers = append(c.Closers, e.Close)
		c.Workers = append(c.Workers, func(stop *atomic.Bool) (int, error) { return e.Run(deep, stop) })
	}
	return c, nil
}

// A command is a round trip by a session or a pool, which fails on a wrong answer.
type command func(client.Doer) error

func info(s client.Doer) error {
	d, err := client.Do(context.Background(), s, sample.InfoRequest())
	if err == nil && (d.Name != sample.Name || len(d.Hosts) == 0) {
		err = errors.New("not the answer to the info")
	}
	return err
}

func check(s client.Doer) error {
	d, err := client.Do(context.Background(), s, &domain.Check{Names: []string{sample.Name, "echo-" + sample.Name}})
	if err == nil && (len(d.CD) != 2 || d.CD[0].Avail || !d.CD[1].Avail) {
		err = errors.New("not the answer to the check")
	}
	return err
}

// dial opens a session; trace may be nil.
func (at *addresses) dial(trace func(client.Direction, []byte)) (*client.Session, error) {
	opts, err := at.options()
	if err != nil {
		return nil, err
	}
	opts.Trace = trace
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return client.Dial(ctx, at.EPP, opts)
}

func (at *addresses) options() (client.Options, error) {
	cfg, err := at.tls()
	return client.Options{
		Schema: sample.Schema(), TLS: cfg,
		Credentials: &client.Credentials{ClID: "REG-BENCH", PW: "metronome"},
	}, err
}

// sizeOf finds out how many octets a command and its answer have on the wire.
func (at *addresses) sizeOf(cmd command) (echo.Size, error) {
	var ask, answer atomic.Int64
	s, err := at.dial(func(dir client.Direction, frame []byte) {
		if dir == client.Sent {
			ask.Store(int64(len(frame)) + 4)
		} else {
			answer.Store(int64(len(frame)) + 4)
		}
	})
	if err != nil {
		return echo.Size{}, err
	}
	defer s.Close()
	err = cmd(s)
	return echo.Size{Ask: int(ask.Load()), Answer: int(answer.Load())}, err
}

// eppkit opens sessions, which callers share evenly.
func (at *addresses) eppkit(conns, callers int, cmd command) (*turns.Contender, error) {
	c := &turns.Contender{Name: "eppkit"}
	for range conns {
		s, err := at.dial(nil)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.Closers = append(c.Closers, s.Close)
		for range callers / conns {
			c.Workers = append(c.Workers, turns.Repeat(func() error { return cmd(s) }))
		}
	}
	return c, nil
}

// pool opens a pool of so many sessions, with so many commands on their way on each,
// for all callers.
func (at *addresses) pool(conns, deep, callers int, cmd command) (*turns.Contender, error) {
	opts, err := at.options()
	if err != nil {
		return nil, err
	}
	p, err := client.NewPool(client.PoolOptions{
		Options: opts, Addresses: []string{at.EPP}, MinSessions: conns, MaxSessions: conns, Depth: deep,
	})
	if err != nil {
		return nil, err
	}
	c := &turns.Contender{Name: "eppkit's Pool", Closers: []func() error{p.Close}}
	for p.Stats().Open < conns {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		err := p.Ready(ctx)
		cancel()
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		time.Sleep(time.Millisecond)
	}
	for range callers {
		c.Workers = append(c.Workers, turns.Repeat(func() error { return cmd(p) }))
	}
	return c, nil
}

// domainr opens connections of domainr/epp, each used by one goroutine: it does not
// match answers to commands.
func (at *addresses) domainr(conns int, once func(*domainr.Conn) error) (*turns.Contender, error) {
	cfg, err := at.tls()
	if err != nil {
		return nil, err
	}
	c := &turns.Contender{Name: "domainr/epp"}
	for range conns {
		t, err := tls.Dial("tcp", at.EPP, cfg)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.Closers = append(c.Closers, t.Close)
		d, err := domainr.NewTimeoutConn(t, 30*time.Second)
		if err == nil {
			_, err = d.Login("REG-BENCH", "metronome", "")
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("domainr/epp: %w", err), c.Close())
		}
		c.Workers = append(c.Workers, turns.Repeat(func() error { return once(d) }))
	}
	return c, nil
}

func domainrInfo(d *domainr.Conn) error {
	r, err := d.DomainInfo(sample.Name, nil)
	if err == nil && r.Domain != sample.Name {
		err = epp.ObjectDoesNotExist
	}
	return err
}

func domainrCheck(d *domainr.Conn) error {
	r, err := d.CheckDomain(sample.Names()...)
	if err == nil && len(r.Checks) != 2 {
		err = errors.New("not the answer to the check")
	}
	return err
}
