package main

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	domainr "github.com/domainr/epp"
)

// A scenario is what all contenders do, on as many connections.
type scenario struct {
	name        string
	at          addresses
	conns, deep int
	cmd         command
	peer        func(*domainr.Conn) error
}

func scenarios(at addresses) []scenario {
	var out []scenario
	for _, c := range []struct {
		name string
		cmd  command
		peer func(*domainr.Conn) error
	}{{"info", info, domainrInfo}, {"check", check, domainrCheck}} {
		for _, conns := range []int{1, 16, 64} {
			out = append(out, scenario{
				name: fmt.Sprintf("%s, %d connections", c.name, conns),
				at:   at, conns: conns, deep: 1, cmd: c.cmd, peer: c.peer,
			})
		}
		out = append(out, scenario{name: c.name + ", 16 deep on one", at: at, conns: 1, deep: 16, cmd: c.cmd})
	}
	return out
}

// open opens the contenders; the echo is the first.
func (s *scenario) open() (all []*contender, sz size, err error) {
	if sz, err = s.at.sizeOf(s.cmd); err != nil {
		return nil, sz, err
	}
	opening := []func() (*contender, error){
		func() (*contender, error) { return s.at.echo(s.conns, s.deep, sz) },
		func() (*contender, error) { return s.at.eppkit(s.conns, s.deep, s.cmd) },
	}
	if s.peer != nil {
		opening = append(opening, func() (*contender, error) { return s.at.domainr(s.conns, s.peer) })
	}
	for _, f := range opening {
		c, err := f()
		if err != nil {
			return nil, sz, errors.Join(err, closeAll(all))
		}
		all = append(all, c)
	}
	return all, sz, nil
}

func closeAll(all []*contender) error {
	var errs []error
	for _, c := range all {
		errs = append(errs, c.close())
	}
	return errors.Join(errs...)
}

type result struct {
	size  size
	names []string
	rates [][]float64 // round trips a second, by contender and round
}

// measure lets the contenders take turns.
func (s *scenario) measure(rounds int, turn time.Duration) (r result, err error) {
	all, sz, err := s.open()
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, closeAll(all)) }()
	r.size, r.rates = sz, make([][]float64, len(all))
	for _, c := range all {
		r.names = append(r.names, c.name)
	}
	for round := -1; round < rounds; round++ { // the first one warms up
		for i, c := range all {
			rate, err := c.turn(turn)
			if err != nil {
				return r, fmt.Errorf("%s: %w", c.name, err)
			}
			if round >= 0 {
				r.rates[i] = append(r.rates[i], rate)
			}
		}
	}
	return r, nil
}

// turn lets all workers run for a while and returns their rate.
func (c *contender) turn(d time.Duration) (rate float64, err error) {
	var (
		stop  atomic.Bool
		total atomic.Int64
		wg    sync.WaitGroup
		errs  = make([]error, len(c.workers))
	)
	start := time.Now()
	for i, w := range c.workers {
		wg.Go(func() {
			n, err := w(&stop)
			total.Add(int64(n))
			errs[i] = err
		})
	}
	time.Sleep(d)
	stop.Store(true)
	wg.Wait()
	return float64(total.Load()) / time.Since(start).Seconds(), errors.Join(errs...)
}
