package mockserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/internal/variant"
)

const (
	readBuffer = 8 << 10  // holds a dozen pipelined commands
	flushAt    = 64 << 10 // answers that are written even if more commands wait
	// What a connection that is being closed still reads, see linger.
	lingerTime   = 500 * time.Millisecond
	lingerOctets = 1 << 20
)

// A conn is one connection, served by one goroutine.
type conn struct {
	srv      *Server
	nc       net.Conn
	src      source
	*buffers                   // in, and out: frames that were made and not written yet
	unsent   []func(sent bool) // of [Exchange.OnSent], for the answers in out
	held     *held             // an answer that a fault holds back, or nil
	blow     *blow             // the faults of the answer that is being made, or nil
	pace     pace
	hostile  *variant.Writer // or nil
	number   int64           // of the connection, as faults count them
	asked    int64           // the number of the frame in hand in the journal
	play     Play            // that answers frames, or nil
	sess     *Session
	place    string // the registrar among whose sessions it counts, or ""
	failures int    // of logins
	loginBy  time.Time
	ctx      context.Context

	mu       sync.Mutex
	stopping bool
	halted   chan struct{} // closed by stop; nil when nobody waits

	gone chan struct{} // closed when the connection has ended
}

// past is a deadline that ends a read at once.
var past = time.Unix(1, 0)

// newConn enters a connection that Close then waits for; nil when it has begun.
func (s *Server) newConn(nc net.Conn, number int64) *conn {
	c := &conn{
		srv:     s,
		nc:      nc,
		src:     source{Conn: nc},
		sess:    &Session{},
		loginBy: time.Now().Add(s.profile.LoginTimeout),
		number:  number,
		gone:    make(chan struct{}),
	}
	if a := nc.RemoteAddr(); a != nil {
		c.sess.RemoteAddr = a.String()
	}
	if t, ok := nc.(*tls.Conn); ok {
		if certs := t.ConnectionState().PeerCertificates; len(certs) > 0 {
			c.sess.Cert = certs[0]
			c.sess.CertFor = s.ca.issuedFor(certs[0])
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.lastID++
	c.sess.ID = s.lastID
	if s.player != nil {
		c.play = s.player.Play(c.sess)
	}
	if h := s.opts.Hostile; h != nil {
		c.hostile = variant.New(h.Seed, uint64(c.sess.ID))
	}
	s.conns[c] = struct{}{}
	s.wg.Add(1)
	if s.opts.Trace != nil && !s.traces {
		s.traces = true
		s.traced.Go(s.trace)
	}
	return c
}

// stop makes the connection end after the command in progress.
func (c *conn) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.halted != nil && !c.stopping {
		close(c.halted)
	}
	c.stopping = true
	c.nc.SetReadDeadline(past)
}

// cut ends the connection at once, without TLS's good-bye.
func (c *conn) cut() {
	c.raw().Close()
}

// allow sets the deadline of the next read; false when the connection is to stop.
func (c *conn) allow(until time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopping {
		c.nc.SetReadDeadline(until)
	}
	return !c.stopping
}

// told reports whether stop was called.
func (c *conn) told() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopping
}

// serve greets, and answers frames until one of them or the peer ends it.
func (c *conn) serve() (err error) {
	ctx, cancel := context.WithCancel(c.srv.serving)
	defer cancel()
	c.ctx = ctx
	c.takeBuffers()
	defer c.dropBuffers()
	// Deferred, for a handler may end the goroutine, as t.FailNow does.
	defer c.nc.Close()
	defer func() { err = c.end(err) }()

	end, err := c.begin()
	for err == nil && !end {
		var frame []byte
		if frame, err = c.next(); err == nil {
			end, err = c.handle(frame)
		}
	}
	return err
}

// end writes what is due before the connection is closed, whatever ends it: the
// commands have been executed. It returns what [Server.ServeConn] does.
func (c *conn) end(cause error) error {
	c.release() // before the client can know: it may come back at once
	c.unhold()
	err := c.flush()
	c.settle(false) // what a command registered that was not answered
	heard := errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF)
	if !heard && (cause != errStopping || c.in.R.Buffered() > 0) {
		c.linger()
	}
	switch {
	case cause == nil, cause == io.EOF, cause == errStopping:
		return err
	case errors.Is(cause, os.ErrDeadlineExceeded):
		return fmt.Errorf("mockserver: timed out: %w", cause)
	}
	return cause
}

var errStopping = errors.New("mockserver: the server closes")

// next reads a frame. Answers go out first, unless a further command is there
// already.
func (c *conn) next() ([]byte, error) {
	if err := c.awaitNext(); err != nil {
		return nil, err
	}
	if !c.in.Buffered() || len(c.out) > flushAt || len(c.unsent) > 0 {
		if err := c.flush(); err != nil {
			return nil, err
		}
	}
	until := c.loginBy
	if c.sess.ClID != "" {
		until = time.Now().Add(c.srv.profile.IdleTimeout)
	}
	if !c.allow(until) {
		return nil, errStopping
	}
	var frame []byte
	err := c.arrive()
	if err == nil {
		frame, err = c.in.Next()
	}
	if err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		if c.told() {
			return nil, errStopping
		}
		c.idle()
	}
	return frame, err
}

// idle has a session that timed out told so, where the registry does that.
func (c *conn) idle() {
	if code := c.srv.profile.IdleCode; code != 0 && c.sess.ClID != "" {
		c.reply(&Exchange{Command: &epp.Command{}, Session: c.sess, ctx: c.ctx, reg: c.srv.reg}, nil, epp.Refuse(code))
	}
}

// flush writes the answers that wait.
func (c *conn) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	err := c.writePieces(c.out)
	if err != nil {
		c.cut() // TLS's good-bye would wait for the same peer
	}
	c.settle(err == nil)
	if c.out = c.out[:0]; cap(c.out) > flushAt {
		c.out = nil // a long answer must not stay with an idle session
	}
	return err
}

// settle tells those who asked whether the answers that waited were written.
func (c *conn) settle(sent bool) {
	for _, f := range c.unsent {
		f(sent)
	}
	c.unsent = nil
}

// linger ends the Server's half, and reads for a moment what the client still
// sends: to close with input unread resets the connection, and the client would
// lose the last answers.
func (c *conn) linger() {
	if t, ok := c.nc.(*tls.Conn); ok {
		_ = t.CloseWrite()
	}
	drain(c.raw())
}

// drain ends one half of a connection, and reads the other for a moment.
func drain(raw net.Conn) {
	half, ok := raw.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	raw.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.CopyN(io.Discard, raw, lingerOctets)
}
