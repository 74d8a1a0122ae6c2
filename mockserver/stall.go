package mockserver

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"

	"github.com/eppkit/eppkit/mockserver/fault"
)

// This file is what faults do to a connection.

const (
	holdTime        = time.Second // of an answer that waits for the next one
	smallRecord     = 16
	piecesPerSecond = 10 // in which a slow connection's octets come
)

// A pace is how a connection writes.
type pace struct {
	size int // of a write; 0 is any
	rate int // octets per second; 0 is any
	ctx  context.Context
}

// suffer has the connection end, or slow down, where a fault has it so.
func (c *conn) suffer(b *blow) error {
	for _, f := range b.faults {
		switch f.Kind {
		case fault.Reset:
			c.reset()
		case fault.CloseWithoutNotify, fault.DropBeforeCommit:
			c.hangUp()
		case fault.HalfOpen:
			c.sleep(b.ctx, f.Delay)
			c.cut()
		case fault.Bandwidth:
			c.pace.rate, c.pace.ctx = f.Rate, b.ctx
			continue
		case fault.OctetByOctet:
			c.pace.size, c.pace.ctx = 1, b.ctx
			continue
		case fault.SmallRecords:
			c.pace.size, c.pace.ctx = f.Size, b.ctx
			if f.Size == 0 {
				c.pace.size = smallRecord
			}
			continue
		default:
			continue
		}
		return &struckError{f}
	}
	return nil
}

// raw is the connection below TLS.
func (c *conn) raw() net.Conn {
	if t, ok := c.nc.(*tls.Conn); ok {
		return t.NetConn()
	}
	return c.nc
}

// reset ends the connection at once, and has TCP say so.
func (c *conn) reset() {
	c.release() // before the client can know: it may come back at once
	abort(c.raw())
}

func abort(nc net.Conn) {
	if t, ok := nc.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	nc.Close()
}

// hangUp ends the connection without TLS's good-bye. What was written arrives.
func (c *conn) hangUp() {
	c.release()
	drain(c.raw())
	c.cut()
}

// wait waits for so long, or without a limit when d is 0. It ends early when the
// Server closes, when the client does, and with ctx, which is that of the faults.
func (c *conn) wait(ctx context.Context, d time.Duration) {
	var until time.Time
	if d > 0 {
		until = time.Now().Add(d)
	}
	var over, done bool // guarded by mu
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if over = true; !done {
			c.nc.SetReadDeadline(past)
		}
	})
	defer stop()
	arm := func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.stopping || over {
			return false
		}
		c.nc.SetReadDeadline(until)
		return true
	}
	for arm() {
		// To read is the way to learn that the client has closed.
		_, err := c.in.R.Peek(c.in.R.Buffered() + 1)
		if errors.Is(err, bufio.ErrBufferFull) {
			c.sleepUntil(ctx, until)
		}
		if err != nil {
			break
		}
	}
	c.mu.Lock()
	done = true
	c.mu.Unlock()
}

// sleep is wait for a connection that reads nothing any more.
func (c *conn) sleep(ctx context.Context, d time.Duration) {
	var until time.Time
	if d > 0 {
		until = time.Now().Add(d)
	}
	c.sleepUntil(ctx, until)
}

func (c *conn) sleepUntil(ctx context.Context, until time.Time) {
	var expired <-chan time.Time
	if !until.IsZero() {
		t := time.NewTimer(time.Until(until))
		defer t.Stop()
		expired = t.C
	}
	select {
	case <-c.halt():
	case <-ctx.Done():
	case <-expired:
	}
}

// halt is closed when the connection is to stop.
func (c *conn) halt() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.halted == nil {
		c.halted = make(chan struct{})
		if c.stopping {
			close(c.halted)
		}
	}
	return c.halted
}

// write writes at the connection's pace.
func (c *conn) write(b []byte) error {
	for len(b) > 0 {
		n, pause := len(b), time.Duration(0)
		if p := c.pace; p.ctx != nil && p.ctx.Err() == nil {
			if p.rate > 0 {
				n = min(n, max(1, p.rate/piecesPerSecond))
			}
			if p.size > 0 {
				n = min(n, p.size)
			}
			if p.rate > 0 {
				pause = time.Duration(n) * time.Second / time.Duration(p.rate)
			}
		}
		c.nc.SetWriteDeadline(time.Now().Add(c.srv.opts.WriteTimeout))
		if _, err := c.nc.Write(b[:n]); err != nil {
			return err
		}
		if b = b[n:]; pause > 0 {
			c.wait(c.pace.ctx, pause)
		}
	}
	return nil
}

// A held answer waits for the next one.
type held struct {
	frame  []byte
	unsent []func(sent bool)
	first  bool // it comes before the next one, as it should
	until  time.Time
}

// hold keeps the answers in out back.
func (c *conn) hold(f *fault.Fault) {
	d := f.Delay
	if d == 0 {
		d = holdTime
	}
	c.held = &held{
		frame: append([]byte(nil), c.out...), unsent: c.unsent,
		first: f.Kind == fault.TwoFrames, until: time.Now().Add(d),
	}
	c.out, c.unsent = c.out[:0], nil
}

// unhold puts the answer that was held beside those in out.
func (c *conn) unhold() {
	h := c.held
	if h == nil {
		return
	}
	c.held = nil
	if h.first {
		c.out = append(h.frame, c.out...)
	} else {
		c.out = append(c.out, h.frame...)
	}
	c.unsent = append(h.unsent, c.unsent...)
}

// awaitNext gives an answer that is held its time, while no further command comes.
func (c *conn) awaitNext() error {
	if c.held != nil && len(c.out) > 0 {
		c.unhold()
	}
	if c.held == nil || c.in.Buffered() {
		return nil
	}
	if c.allow(c.held.until) {
		if _, err := c.in.R.Peek(1); err == nil {
			return nil
		}
	}
	c.unhold()
	return c.flush()
}
