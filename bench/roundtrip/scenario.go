package main

import (
	"errors"
	"fmt"
	"time"

	domainr "github.com/domainr/epp"

	"github.com/eppkit/eppkit/bench/echo"
	"github.com/eppkit/eppkit/bench/turns"
)

// A scenario is what all contenders do, on as many connections.
type scenario struct {
	name string
	*backend
	conns, deep int // of commands on their way on each
	callers     int // of all connections together
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
				backend: b, conns: conns, deep: 1, callers: conns, cmd: c.cmd, loop: c.loop, peer: c.peer,
			})
		}
		out = append(out,
			scenario{name: c.name + ", 16 deep on one", backend: b, conns: 1, deep: 16, callers: 16, cmd: c.cmd},
			scenario{name: c.name + ", 1000 callers on 5", backend: b, conns: 5, deep: 64, callers: 1000, cmd: c.cmd})
	}
	return out
}

// open opens the contenders; the echo is the first.
func (s *scenario) open() (all []*turns.Contender, sz echo.Size, err error) {
	if sz, err = s.at.sizeOf(s.cmd); err != nil {
		return nil, sz, err
	}
	opening := []func() (*turns.Contender, error){
		func() (*turns.Contender, error) { return s.at.echo(s.conns, s.deep, sz) },
		func() (*turns.Contender, error) { return s.at.eppkit(s.conns, s.callers, s.cmd) },
		func() (*turns.Contender, error) { return s.at.pool(s.conns, s.deep, s.callers, s.cmd) },
	}
	if s.loop != nil {
		opening = append(opening, func() (*turns.Contender, error) { return s.at.loops(s.conns, s.loop) })
	}
	if s.peer != nil {
		opening = append(opening, func() (*turns.Contender, error) { return s.at.domainr(s.conns, s.peer) })
	}
	all, err = turns.Open(opening...)
	return all, sz, err
}

// measure lets the contenders take turns. The processor time is that of both ends.
func (s *scenario) measure(rounds int, turn time.Duration) (r turns.Result, sz echo.Size, err error) {
	all, sz, err := s.open()
	if err != nil {
		return r, sz, err
	}
	r, err = turns.Measure(all, rounds, turn, s.cpu)
	return r, sz, errors.Join(err, turns.Close(all))
}
