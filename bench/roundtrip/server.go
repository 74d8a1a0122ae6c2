package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"time"

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
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-"+serveFlag, fmt.Sprintf("-nojournal=%t", opts.noJournal),
		fmt.Sprintf("-validate=%t", opts.validate), "-cpuprofile="+opts.serverCPU)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	dec := json.NewDecoder(out)
	b := &backend{stop: func() error { in.Close(); return cmd.Wait() }}
	b.cpu = func() (theirs time.Duration, err error) {
		if _, err = io.WriteString(in, "cpu\n"); err == nil {
			err = dec.Decode(&theirs)
		}
		return turns.CPUTime() + theirs, err
	}
	if err := dec.Decode(&b.at); err != nil {
		return nil, errors.Join(fmt.Errorf("the server's process: %w", err), b.stop())
	}
	return b, nil
}

// serve is the server's process: it says its addresses, and for each line that it
// reads how much processor time it has used. It ends with its parent, whose end
// closes in.
func serve(o options, in io.Reader, out io.Writer) error {
	s, err := newServers(o)
	if err != nil {
		return err
	}
	enc, lines := json.NewEncoder(out), bufio.NewScanner(in)
	for err = enc.Encode(s.at); err == nil && lines.Scan(); {
		err = enc.Encode(turns.CPUTime())
	}
	return errors.Join(err, lines.Err(), s.close())
}

type servers struct {
	at   addresses
	mock *mockserver.Server
	echo *echoServer
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
	echo, err := newEchoServer()
	if err != nil {
		return nil, errors.Join(err, mock.Close())
	}
	s := &servers{mock: mock, echo: echo}
	s.at = addresses{Echo: echo.listener.Addr().String(), EPP: mock.Addr(), CA: append(mock.CAPEM(), echo.ca...)}
	return s, nil
}

func (s *servers) close() error { return errors.Join(s.echo.close(), s.mock.Close()) }

// ignoreClosed drops the error of a listener or a connection that was closed on
// purpose.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
