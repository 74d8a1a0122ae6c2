package record

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// lingerTime is how long a client whose server has closed may go on sending: to close
// with input unread would reset the connection, and it would lose the last answers.
const lingerTime = 500 * time.Millisecond

// A session is a client's connection and the one to the server.
type session struct {
	*Proxy
	id             int64
	client, server net.Conn

	mu     sync.Mutex
	why    string // it ended
	failed error
}

// errStopping ends a session because of Close.
var errStopping = errors.New("the proxy was closed")

// relay passes frames both ways until both are done.
func (s *session) relay() {
	defer context.AfterFunc(s.draining, func() { s.client.SetReadDeadline(time.Unix(1, 0)) })()
	up := make(chan struct{})
	var patience *time.Timer // with a server that was asked something still
	go func() {
		defer close(up)
		s.ended("the client closed", s.pump(s.client, s.server, true))
		finish(s.server)
		patience = time.AfterFunc(s.opts.DrainTimeout, func() { abort(s.server) })
	}()
	s.ended("the server closed", s.pump(s.server, s.client, false))
	finish(s.client)
	linger := time.AfterFunc(lingerTime, func() { abort(s.client) })
	<-up
	linger.Stop()
	patience.Stop()
}

// pump passes the frames of one side on, and records them.
func (s *session) pump(from, to net.Conn, fromClient bool) error {
	in := epp.FrameReader{R: bufio.NewReader(from), Max: s.opts.MaxFrame}
	count := &s.counts[0]
	if fromClient {
		count = &s.counts[1]
	}
	var out []byte
	for {
		from.SetReadDeadline(time.Now().Add(s.opts.IdleTimeout))
		if fromClient && s.draining.Err() != nil { // whose deadline was overwritten
			return errStopping
		}
		doc, err := in.Next()
		if err != nil {
			return err
		}
		// First, so that an answer never stands before its command.
		_ = s.out.frame(s.id, s.opts.Now(), fromClient, doc) // Close tells of it
		if out, err = epp.AppendDataUnit(out[:0], doc); err != nil {
			return err
		}
		to.SetWriteDeadline(time.Now().Add(s.opts.WriteTimeout))
		if _, err := to.Write(out); err != nil {
			return fmt.Errorf("passing a frame on: %w", err)
		}
		count.frames.Add(1)
		count.octets.Add(int64(len(out)))
	}
}

// ended notes why one direction ended. The first tells why the session did, and the
// other follows from it.
func (s *session) ended(closed string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.why != "":
	case err == io.EOF:
		s.why = closed
	case err == errStopping, s.draining.Err() != nil && errors.Is(err, os.ErrDeadlineExceeded):
		s.why = errStopping.Error()
	default:
		s.why = err.Error()
		s.failed = fmt.Errorf("record: session %d: %w", s.id, err)
	}
}

// finish ends one half of a connection, where there are halves.
func finish(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}
