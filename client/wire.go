package client

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// rouse wakes the writer.
func (s *Session) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// write is the writer's goroutine: it sends all commands that wait with one write,
// and ends the session when answers stay away too long.
func (s *Session) write() {
	defer s.wg.Done()
	stall := time.NewTimer(s.opts.StallTimeout)
	defer stall.Stop()
	armed := true
	var batch []*call
	var buf []byte
	for {
		select {
		case <-s.ended:
			return
		case <-stall.C:
			left, waiting := s.stalled()
			if armed = waiting; !waiting {
				continue
			}
			if left <= 0 {
				s.end(fmt.Errorf("no answer came for %v", s.opts.StallTimeout))
				return
			}
			stall.Reset(left)
		case <-s.wake:
			// Callers that were woken together have their commands ready
			// together too: let them, and send all with one write.
			runtime.Gosched()
			if batch = s.take(batch[:0]); len(batch) == 0 {
				continue
			}
			if !armed {
				armed = true
				stall.Reset(s.opts.StallTimeout)
			}
			if buf = s.send(batch, buf[:0]); cap(buf) > 1<<20 {
				buf = nil
			}
			clear(batch) // an idle session keeps no calls
		}
	}
}

// stalled returns how long the session may still wait for an answer, and whether
// it waits for one.
func (s *Session) stalled() (left time.Duration, waiting bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts.StallTimeout - time.Since(s.progress), len(s.flight) > 0
}

// take moves as many waiting calls into flight as the pipeline has room for, and
// appends them to batch.
func (s *Session) take(batch []*call) []*call {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.queue), s.opts.Pipeline-len(s.flight))
	if n <= 0 {
		return batch
	}
	batch = append(batch, s.queue[:n]...)
	s.queue = slices.Delete(s.queue, 0, n)
	for _, c := range batch {
		c.taken, c.fate = true, Unknown
	}
	if len(s.flight) == 0 {
		s.progress = time.Now()
	}
	s.flight = append(s.flight, batch...)
	return batch
}

// send writes the frames of batch at once. After a failure the commands of which
// nothing was written are marked as not sent.
func (s *Session) send(batch []*call, buf []byte) []byte {
	for _, c := range batch {
		s.opts.frame(Sent, (*c.frame)[4:], s.passwords.Load())
		buf = append(buf, *c.frame...)
		recycle(c.frame)
		c.frame = nil
	}
	_ = s.conn.SetWriteDeadline(time.Now().Add(s.opts.Timeout))
	n, err := s.conn.Write(buf)
	if err == nil {
		// TLS itself writes now and then, and must not meet an old deadline.
		_ = s.conn.SetWriteDeadline(time.Time{})
		return buf
	}
	s.mu.Lock()
	start := 0
	for _, c := range batch {
		if start >= n {
			c.fate = NotSent
		}
		start += c.size
	}
	s.mu.Unlock()
	s.end(fmt.Errorf("writing: %w", err))
	return buf
}

// read is the reader's goroutine: it gives each answer to the call that it answers.
func (s *Session) read() {
	defer s.wg.Done()
	for {
		frame, err := s.in.Next()
		if err != nil {
			s.end(ended(err))
			return
		}
		s.opts.frame(Received, frame, s.passwords.Load())
		m, err := s.opts.Schema.Parse(frame)
		if err != nil {
			s.unreadable(&UnreadableError{Err: err, frame: bytes.Clone(frame)})
			return
		}
		if err := s.deliver(m, s.valid(frame)); err != nil {
			s.end(err)
			return
		}
	}
}

// unreadable ends the session because of a frame. It is given to the call whose answer
// is due, and to no other.
func (s *Session) unreadable(err *UnreadableError) {
	s.mu.Lock()
	if len(s.flight) > 0 {
		c := s.flight[0]
		s.flight = slices.Delete(s.flight, 0, 1)
		c.fail(c.fate, invalid("%w", err))
	}
	s.finish(invalid("%w", err.Err))
	s.mu.Unlock()
	_ = s.conn.Close()
}

// valid asks the validator of a frame that came.
func (s *Session) valid(frame []byte) error {
	if s.opts.Validator == nil {
		return nil
	}
	if err := s.opts.Validator.Validate(context.Background(), frame); err != nil {
		return invalid("%w", &UnreadableError{Err: err, frame: bytes.Clone(frame)})
	}
	return nil
}

// deliver gives a message to the call that it answers, or why it is not valid. It
// returns why the session is over, if it is.
func (s *Session) deliver(m epp.Message, notValid error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		if err := s.match(m, notValid); err != nil {
			s.finish(err)
		}
	}
	return s.err
}

// match gives a message to the first call in flight, to which it must belong: by
// its kind, and by its clTRID. It returns why the session has to end, if it has to.
func (s *Session) match(m epp.Message, notValid error) error {
	r, _ := m.(*epp.Response)
	closing := r != nil && r.Code().Closes()
	if closing || r != nil && len(s.flight) > 0 && s.flight[0].name == loginName {
		s.passwords.Load().unquote(r)
	}
	if len(s.flight) == 0 {
		if closing {
			return endedBy(r)
		}
		return invalid("%s, and no command waits for one", describe(m))
	}
	c := s.flight[0]
	g, isGreeting := m.(*epp.Greeting)
	switch {
	case isGreeting && (c.hello || c.raw):
		s.greeting = g
	case r != nil && (!c.hello || c.raw) && c.answeredBy(r):
	case closing: // the server's last word, in answer to nothing
		return endedBy(r)
	case r == nil || c.hello:
		return invalid("%s where the answer to %s is due", describe(m), c.name.Qualified())
	default:
		return invalid("the clTRID %q where the answer to %s (clTRID %q) is due", r.TrID.ClTRID, c.name.Qualified(), c.id)
	}
	s.flight = slices.Delete(s.flight, 0, 1)
	s.progress = time.Now()
	if c.left && s.dropped != nil {
		s.dropped()
	}
	if notValid != nil && !c.raw {
		if r != nil && r.Err() != nil {
			notValid = fmt.Errorf("%w, to a command that failed: %w", notValid, r.Err())
		}
		c.fail(Answered, notValid)
	} else {
		c.answer <- answer{msg: m}
	}
	switch {
	case closing && r.Code() == epp.EndingSession:
		return ErrClosed
	case closing:
		return endedBy(r)
	case len(s.queue) > 0:
		s.rouse()
	}
	return nil
}

// endedBy says that the server ended the session, and how.
func endedBy(r *epp.Response) error {
	err := r.Err()
	if err == nil {
		err = r.Code()
	}
	return fmt.Errorf("the server ended the session: %w", err)
}

func describe(m epp.Message) string {
	if r, ok := m.(*epp.Response); ok {
		return fmt.Sprintf("a response (code %04d, clTRID %q)", r.Code(), r.TrID.ClTRID)
	}
	return "a " + m.XMLName().Local
}
