package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/eppkit/eppkit/bench/child"
	"github.com/eppkit/eppkit/bench/echo"
	"github.com/eppkit/eppkit/bench/turns"
	"github.com/eppkit/eppkit/mockserver"
)

const serveFlag = "serve"

// addresses are what a client has to know of the servers.
type addresses struct {
	Echo, EPP string
	CA        []byte // PEM, of both
}

// A backend is the servers that are measured against.
type backend struct {
	at addresses
	// cpu is the processor time used so far by both ends, 0 where it can't be
	// known.
	cpu  func() (time.Duration, error)
	stop func() error
}

// start starts the servers, here or in a process of their own.
func start(opts options) (*backend, error) {
	if opts.inProcess {
		s, err := newServers(opts)
		if err != nil {
			return nil, err
		}
		return &backend{at: s.at, cpu: func() (time.Duration, error) { return turns.CPUTime(), nil }, stop: s.close}, nil
	}
	b := new(backend)
	p, err := child.Start(&b.at, "-"+serveFlag, fmt.Sprintf("-nojournal=%t", opts.noJournal),
		fmt.Sprintf("-validate=%t", opts.validate), "-cpuprofile="+opts.serverCPU)
	if err != nil {
		return nil, err
	}
	b.stop = p.Stop
	b.cpu = func() (theirs time.Duration, err error) {
		err = p.Ask("cpu", &theirs)
		return turns.CPUTime() + theirs, err
	}
	return b, nil
}

// serve is the server's process: it says its addresses, and for each question how much
// processor time it has used.
func serve(o options, in io.Reader, out io.Writer) error {
	s, err := newServers(o)
	if err != nil {
		return err
	}
	err = child.Serve(in, out, s.at, func(string) any { return turns.CPUTime() })
	return errors.Join(err, s.close())
}

type servers struct {
	at   addresses
	mock *mockserver.Server
	echo *echo.Server
}

func newServers(o options) (*servers, error) {
	opts := mockserver.Options{Registry: newRegistry(), Unvalidated: !o.validate}
	if o.noJournal {
		opts.JournalSize = -1
	}
	mock, err := mockserver.New(opts)
	if err != nil {
		return nil, err
	}
	if err := mock.Start(); err != nil {
		return nil, err
	}
	floor, err := echo.NewServer()
	if err != nil {
		return nil, errors.Join(err, mock.Close())
	}
	s := &servers{mock: mock, echo: floor}
	s.at = addresses{Echo: floor.Addr(), EPP: mock.Addr(), CA: append(mock.CAPEM(), floor.CA()...)}
	return s, nil
}

func (s *servers) close() error { return errors.Join(s.echo.Close(), s.mock.Close()) }
