package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
	"github.com/eppkit/eppkit/bench/turns"
)

// A scenario is hand-overs in one dialect by as many callers.
type scenario struct {
	options
	dialect dialect
	callers int
}

func scenarios(o options) []scenario {
	var out []scenario
	for _, d := range slices.Concat([]dialect{mijn}, others) {
		for _, callers := range []int{1, 64} {
			out = append(out, scenario{options: o, dialect: d, callers: callers})
		}
	}
	return out
}

func (s *scenario) name() string { return fmt.Sprintf("%s, %d at once", s.dialect.name, s.callers) }

// hashes of the FRED: what its mock has by default, which is little, and next to none.
const (
	defaultHash = 0
	oneHash     = 1
)

// open opens the contenders; the floor is the first.
func (s *scenario) open() ([]*turns.Contender, error) {
	type opening = func() (*turns.Contender, error)
	with := func(name string, open func(options) (*upstream, error), by caller) opening {
		return func() (*turns.Contender, error) { return s.contender(name, open, by) }
	}
	list := []opening{
		with("at once", atOnce, s.raw),
		with("EPP, gtld", gtldMock, s.raw),
	}
	if s.dialect.name == mijn.name {
		list = append(list,
			with("EPP, FRED", fredMock(defaultHash), s.raw),
			with("EPP, FRED, one hash", fredMock(oneHash), s.raw),
			with("at once, our client", atOnce, s.ours),
			with("EPP, gtld, our client", gtldMock, s.ours),
			with("EPP, gtld, no HTTP", gtldMock, s.direct),
			with("EPP, FRED, one hash, no HTTP", fredMock(oneHash), s.direct),
		)
	}
	return turns.Open(list...)
}

// A caller makes the function that hands over the i-th domain; what it opens has to be
// closed before the provider.
type caller func(p authcode.Provider) (handOver func(i int) error, closers []func() error, err error)

// contender opens an upstream and what calls it. Every caller has domains of its own,
// if there are enough, and goes through them.
func (s *scenario) contender(name string, open func(options) (*upstream, error), by caller) (*turns.Contender, error) {
	u, err := open(s.options)
	if err != nil {
		return nil, err
	}
	c := &turns.Contender{Name: name, Closers: u.closers}
	handOver, closers, err := by(u.Provider)
	c.Closers = slices.Concat(closers, c.Closers)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	for i := range s.callers {
		at := i
		c.Workers = append(c.Workers, turns.Repeat(func() error {
			d := at % s.domains
			at += s.callers
			return handOver(d)
		}))
	}
	return c, nil
}

// direct calls the provider.
func (s *scenario) direct(p authcode.Provider) (func(int) error, []func() error, error) {
	return func(i int) error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		return had(p.HandOver(ctx, authcode.Request{Domain: name(i), Verb: authcode.Regenerate}))
	}, nil, nil
}

// had is why an outcome hands no code over.
func had(out authcode.Outcome, err error) error {
	if no, refused := out.(authcode.Refused); refused && err == nil {
		return no
	}
	return err
}

// ours calls the handler by the dialect's client.
func (s *scenario) ours(p authcode.Provider) (func(int) error, []func() error, error) {
	base, hc, closers, err := s.serve(p)
	if err != nil {
		return nil, nil, err
	}
	c, err := mijndomeinreseller.New(mijndomeinreseller.Options{
		HTTP: authcode.HTTP{Base: base, Client: hc}, Key: key,
	})
	if err != nil {
		return nil, closers, err
	}
	handOver, _, err := s.direct(c)
	return handOver, closers, err
}

// raw calls the handler with requests that are ready.
func (s *scenario) raw(p authcode.Provider) (func(int) error, []func() error, error) {
	base, hc, closers, err := s.serve(p)
	if err != nil {
		return nil, nil, err
	}
	requests := make([]rawRequest, s.domains)
	for i := range requests {
		requests[i] = s.dialect.request(i)
	}
	return func(i int) error {
		q := &requests[i]
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, q.method, base+q.path, bytes.NewReader(q.body))
		if err != nil {
			return err
		}
		req.Header = q.header
		resp, err := hc.Do(req)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err == nil && !s.dialect.good(resp.StatusCode, body) {
			err = fmt.Errorf("status %d, %s", resp.StatusCode, body)
		}
		return err
	}, closers, nil
}

// serve puts the dialect's handler before a provider, and makes a client that has a
// connection for each caller.
func (s *scenario) serve(p authcode.Provider) (base string, hc *http.Client, closers []func() error, err error) {
	g, err := newGateway(p, s.options)
	if err != nil {
		return "", nil, nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, nil, err
	}
	srv := &http.Server{Handler: s.dialect.handler(g), ReadHeaderTimeout: 10 * time.Second}
	var (
		wg     sync.WaitGroup
		served error
	)
	wg.Go(func() { served = srv.Serve(l) })
	transport := &http.Transport{MaxIdleConnsPerHost: s.callers}
	shut := func() error {
		transport.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err := srv.Shutdown(ctx)
		wg.Wait()
		if !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}
	return "http://" + l.Addr().String(), &http.Client{Transport: transport}, []func() error{shut}, nil
}

// measure lets the contenders take turns. The processor time is that of all: callers,
// handler, EPP client and registry.
func (s *scenario) measure() (turns.Result, error) {
	all, err := s.open()
	if err != nil {
		return turns.Result{}, err
	}
	r, err := turns.Measure(all, s.rounds, s.turn, func() (time.Duration, error) { return turns.CPUTime(), nil })
	return r, errors.Join(err, turns.Close(all))
}
