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
	name string
	*backend
	conns, deep int
	cmd         command
	// loop and peer are nil where they can't do the job.
	loop func(*loop) error
	peer func(*domainr.Conn) error
}

func scenarios(b *backend) []scenario {
	var out []scenario
	for _, c := range []struct {
		name string
		cmd  command
		loop func(*loop) error
		peer func(*domainr.Conn) error
	}{{"info", info, (*loop).info, domainrInfo}, {"check", check, (*loop).check, domainrCheck}} {
		for _, conns := range []int{1, 16, 64} {
			out = append(out, scenario{
				name:    fmt.Sprintf("%s, %d connections", c.name, conns),
				backend: b, conns: conns, deep: 1, cmd: c.cmd, loop: c.loop, peer: c.peer,
			})
		}
		out = append(out, scenario{name: c.name + ", 16 deep on one", backend: b, conns: 1, deep: 16, cmd: c.cmd})
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
	if s.loop != nil {
		opening = append(opening, func() (*contender, error) { return s.at.loops(s.conns, s.loop) })
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
	// By contender and round: round trips a second, and µs of processor time a
	// round trip, of both ends.
	rates, cpu [][]float64
}

// measure lets the contenders take turns.
func (s *scenario) measure(rounds int, turn time.Duration) (r result, err error) {
	all, sz, err := s.open()
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, closeAll(all)) }()
	r.size, r.rates, r.cpu = sz, make([][]float64, len(all)), make([][]float64, len(all))
	for _, c := range all {
		r.names = append(r.names, c.name)
	}
	for round := -1; round < rounds; round++ { // the first one warms up
		for i, c := range all {
			before, err := s.cpu()
			if err != nil {
				return r, err
			}
			n, took, err := c.turn(turn)
			if err != nil {
				return r, fmt.Errorf("%s: %w", c.name, err)
			}
			after, err := s.cpu()
			if err != nil {
				return r, err
			}
			if round >= 0 {
				r.rates[i] = append(r.rates[i], float64(n)/took.Seconds())
				r.cpu[i] = append(r.cpu[i], (after-before).Seconds()*1e6/float64(n))
			}
		}
	}
	return r, nil
}

// turn lets all workers run for a while, and counts their round trips.
func (c *contender) turn(d time.Duration) (n int64, took time.Duration, err error) {
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
	return total.Load(), time.Since(start), errors.Join(errs...)
}
