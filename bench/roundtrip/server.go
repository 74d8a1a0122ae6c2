package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"

	"github.com/eppkit/eppkit/mockserver"
)

const serveFlag = "serve"

// addresses are what a client has to know of the servers.
type addresses struct {
	Echo, EPP string
	CA        []byte // PEM, of both
}

// start starts the servers, here or in a process of their own. stop ends them.
func start(opts options) (at addresses, stop func() error, err error) {
	if opts.inProcess {
		s, err := newServers(opts.noJournal)
		if err != nil {
			return at, nil, err
		}
		return s.at, s.close, nil
	}
	self, err := os.Executable()
	if err != nil {
		return at, nil, err
	}
	args := []string{"-" + serveFlag, fmt.Sprintf("-nojournal=%t", opts.noJournal), "-cpuprofile=" + opts.serverCPU}
	cmd := exec.Command(self, args...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return at, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return at, nil, err
	}
	if err := cmd.Start(); err != nil {
		return at, nil, err
	}
	stop = func() error { in.Close(); return cmd.Wait() }
	if err := json.NewDecoder(out).Decode(&at); err != nil {
		return at, nil, errors.Join(fmt.Errorf("the server's process: %w", err), stop())
	}
	return at, stop, nil
}

// serveUntilEOF is the server's process. It ends with its parent, whose end closes
// in.
func serveUntilEOF(noJournal bool, in io.Reader, out io.Writer) error {
	s, err := newServers(noJournal)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(s.at); err != nil {
		return errors.Join(err, s.close())
	}
	_, err = io.Copy(io.Discard, in)
	return errors.Join(err, s.close())
}

type servers struct {
	at   addresses
	mock *mockserver.Server
	echo *echoServer
}

func newServers(noJournal bool) (*servers, error) {
	opts := mockserver.Options{Registry: newRegistry()}
	if noJournal {
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
