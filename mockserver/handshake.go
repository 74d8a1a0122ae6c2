package mockserver

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"time"

	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
)

// This file is what happens to a connection before there is TLS, and what faults do to
// it then.

// handshake makes the connection a TLS one, and serves it in a fresh goroutine, so
// that an idle session does not keep the stack that the handshake grew.
func (s *Server) handshake(c net.Conn) {
	number := s.connections.Add(1)
	t, limit := s.open(c, number)
	if t == nil {
		return
	}
	ctx, cancel := s.accepting, context.CancelFunc(func() {})
	if limit > 0 {
		ctx, cancel = context.WithTimeout(ctx, limit)
	}
	defer cancel()
	if err := t.HandshakeContext(ctx); err != nil {
		s.log.Warn("TLS handshake", "remote", c.RemoteAddr().String(), "error", err)
		c.Close()
		return
	}
	if !s.spawn(func() { _ = s.serveConn(context.Background(), t, number) }) {
		t.Close()
	}
}

// open makes the Server's side of a connection's TLS, and says how long the handshake
// may last, 0 for ever; nil when a fault has ended the connection.
func (s *Server) open(c net.Conn, number int64) (*tls.Conn, time.Duration) {
	cfg, limit := s.tls, s.opts.HandshakeTimeout
	if !s.faults.Active() {
		return tls.Server(c, cfg), limit
	}
	reset, struck := s.faults.Strike(fault.Event{
		Point: fault.Connecting, Connection: number, Remote: c.RemoteAddr().String(),
		Frame: match.NewFrame(func() string { return "" }),
	})
	for _, f := range struck {
		s.log.Debug("fault", "id", f.ID, "kind", string(f.Kind), "connection", number)
		switch f.Kind {
		case fault.Refuse:
			abort(c)
			return nil, 0
		case fault.AcceptDelay:
			ctx, cancel := s.spell(reset, f.Delay)
			<-ctx.Done()
			cancel()
			if s.accepting.Err() != nil {
				c.Close()
				return nil, 0
			}
		case fault.StallBeforeTLS:
			s.stall(reset, c, f.Delay)
			drain(c)
			c.Close()
			return nil, 0
		case fault.StallInTLS:
			c, limit = &stallingConn{Conn: c, stall: func(c net.Conn) { s.stall(reset, c, f.Delay) }}, 0
		case fault.OldTLS:
			cfg = cfg.Clone()
			cfg.MinVersion, cfg.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		default:
			cert, err := s.ca.bad(f.Kind)
			if err != nil {
				s.log.Error("making a certificate for a fault", "id", f.ID, "error", err)
				c.Close()
				return nil, 0
			}
			cfg = cfg.Clone()
			cfg.Certificates = []tls.Certificate{cert}
		}
	}
	return tls.Server(c, cfg), limit
}

// spell ends when Close begins, when the faults are reset, and after d unless it is 0.
func (s *Server) spell(reset context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := s.accepting, context.CancelFunc(nil)
	if d > 0 {
		ctx, cancel = context.WithTimeout(ctx, d)
	} else {
		ctx, cancel = context.WithCancel(ctx)
	}
	stop := context.AfterFunc(reset, cancel)
	return ctx, func() { stop(); cancel() }
}

// stall is silent until the client closes, or as long as spell says.
func (s *Server) stall(reset context.Context, c net.Conn, d time.Duration) {
	ctx, cancel := s.spell(reset, d)
	defer cancel()
	defer context.AfterFunc(ctx, func() { c.SetReadDeadline(past) })()
	_, _ = io.Copy(io.Discard, c)
}

// A stallingConn lets the first TLS record through, and then nothing.
type stallingConn struct {
	net.Conn
	stall func(net.Conn)
	wrote bool
}

var errStalled = errors.New("a fault stalled the handshake")

func (c *stallingConn) Write(p []byte) (int, error) {
	if c.wrote {
		return 0, errStalled
	}
	c.wrote = true
	const header = 5 // type, version, length
	n := len(p)
	if n >= header {
		n = min(n, header+int(binary.BigEndian.Uint16(p[3:])))
	}
	if _, err := c.Conn.Write(p[:n]); err != nil {
		return 0, err
	}
	c.stall(c.Conn)
	return n, errStalled
}
