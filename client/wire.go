package client

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// A call is one command, or one hello, on its way.
type call struct {
	op, id string
	hello  bool
	frame  *[]byte // from the pool, until it is written
	answer chan answer

	// Guarded by the session's mu.
	taken     bool // the writer has it
	abandoned bool // nobody waits any more; the answer is dropped
	fate      Fate // once taken: what a failure of the session means for it
}

type answer struct {
	msg epp.Message
	err error
}

func (c *call) fail(fate Fate, err error) {
	c.answer <- answer{err: &Error{Op: c.op, ClTRID: c.id, Fate: fate, Err: err}}
}

var frames = sync.Pool{New: func() any { return new([]byte) }}

// Exchange sends a command and returns its answer, whatever its result code. A
// command without a clTRID gets one. The error is an [*Error].
//
// When ctx ends before the answer is there, Exchange returns at once; the answer,
// if it comes later, is dropped.
func (s *Session) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	q := *cmd
	if q.ClTRID == "" {
		q.ClTRID = s.opts.NewTRID()
	}
	m, err := s.roundTrip(ctx, &call{op: opName(&q), id: epp.Collapse(q.ClTRID)}, &q)
	if err != nil {
		return nil, err
	}
	return m.(*epp.Response), nil
}

// Hello asks the server for a new greeting, which also keeps the session alive (RFC
// 5730, section 2.3).
func (s *Session) Hello(ctx context.Context) (*epp.Greeting, error) {
	m, err := s.roundTrip(ctx, &call{op: "hello", hello: true}, &epp.Hello{})
	if err != nil {
		return nil, err
	}
	return m.(*epp.Greeting), nil
}

// opName names a command for an error text.
func opName(q *epp.Command) string {
	if q.Request == nil {
		return "command"
	}
	n := q.Request.XMLName()
	if p := epp.PrefixOf(n.Space); p != "" {
		return p + ":" + n.Local
	}
	return n.Local
}

func (s *Session) roundTrip(ctx context.Context, c *call, m epp.Message) (epp.Message, error) {
	frame := frames.Get().(*[]byte)
	var err error
	if *frame, err = epp.AppendFrame((*frame)[:0], m); err != nil {
		frames.Put(frame)
		return nil, &Error{Op: c.op, ClTRID: c.id, Err: err}
	}
	return s.submit(ctx, c, frame)
}

// submit puts a frame into the queue and waits for its answer.
func (s *Session) submit(ctx context.Context, c *call, frame *[]byte) (epp.Message, error) {
	c.frame, c.answer = frame, make(chan answer, 1)
	var timeout <-chan time.Time
	if _, ok := ctx.Deadline(); !ok {
		t := time.NewTimer(s.opts.Timeout)
		defer t.Stop()
		timeout = t.C
	}
	if err := s.enqueue(ctx, c); err != nil {
		return nil, &Error{Op: c.op, ClTRID: c.id, Err: err}
	}
	select {
	case a := <-c.answer:
		return a.msg, a.err
	case <-ctx.Done():
		return s.abandon(c, context.Cause(ctx))
	case <-timeout:
		return s.abandon(c, fmt.Errorf("no answer within %v: %w", s.opts.Timeout, context.DeadlineExceeded))
	}
}

func (s *Session) enqueue(ctx context.Context, c *call) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.err != nil:
		return s.err
	case s.greeting == nil:
		return fmt.Errorf("the greeting has not been received yet; call Greet first")
	}
	s.queue = append(s.queue, c)
	s.rouse()
	return nil
}

// rouse wakes the writer.
func (s *Session) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// abandon gives up waiting for c. A command that is still here is taken back; the
// answer to one that is not is dropped when it comes.
func (s *Session) abandon(c *call, why error) (epp.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case a := <-c.answer: // it came just now
		return a.msg, a.err
	default:
	}
	fate := Unknown
	if c.taken {
		c.abandoned = true
	} else {
		fate = NotSent
		s.queue = slices.DeleteFunc(s.queue, func(q *call) bool { return q == c })
	}
	return nil, &Error{Op: c.op, ClTRID: c.id, Fate: fate, Err: why}
}

// write is the writer's goroutine: it sends all commands that wait with one write,
// and ends the session when answers stay away too long.
func (s *Session) write() {
	defer s.wg.Done()
	stall := time.NewTimer(s.opts.StallTimeout)
	stall.Stop()
	armed := false
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
			batch := s.take()
			if len(batch) == 0 {
				continue
			}
			if !armed {
				armed = true
				stall.Reset(s.opts.StallTimeout)
			}
			buf = s.send(batch, buf[:0])
			if cap(buf) > 1<<20 {
				buf = nil
			}
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

// take moves as many waiting calls into flight as the pipeline has room for.
func (s *Session) take() []*call {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.queue), s.opts.Pipeline-len(s.flight))
	if n <= 0 {
		return nil
	}
	batch := slices.Clone(s.queue[:n])
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
	ends := make([]int, 0, 8)
	for _, c := range batch {
		s.opts.frame(Sent, (*c.frame)[4:])
		buf = append(buf, *c.frame...)
		ends = append(ends, len(buf))
		frames.Put(c.frame)
		c.frame = nil
	}
	_ = s.conn.SetWriteDeadline(time.Now().Add(s.opts.Timeout))
	n, err := s.conn.Write(buf)
	if err == nil {
		return buf
	}
	s.mu.Lock()
	start := 0
	for i, c := range batch {
		if start >= n {
			c.fate = NotSent
		}
		start = ends[i]
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
		s.opts.frame(Received, frame)
		m, err := s.opts.Schema.Parse(frame)
		if err != nil {
			s.end(invalid("%w", err))
			return
		}
		if err := s.deliver(m); err != nil {
			s.end(err)
			return
		}
	}
}

// deliver gives a message to the first call in flight, to which it must belong: by
// its kind, and by its clTRID. It returns why the session is over, if it is.
func (s *Session) deliver(m epp.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	r, _ := m.(*epp.Response)
	if len(s.flight) == 0 {
		if r != nil && r.Code().Closes() {
			return fmt.Errorf("the server ended the session: %w", r.Err())
		}
		return invalid("%s, and no command waits for one", describe(m))
	}
	c := s.flight[0]
	g, isGreeting := m.(*epp.Greeting)
	switch {
	case isGreeting && c.hello:
		s.greeting = g
	case r == nil || c.hello:
		return invalid("%s where the answer to %s is due", describe(m), c.op)
	case r.TrID.ClTRID == c.id:
	case r.TrID.ClTRID == "" && !r.Code().OK():
		// A server that could not read the command has no clTRID to repeat.
	default:
		return invalid("the clTRID %q where the answer to %s (clTRID %q) is due", r.TrID.ClTRID, c.op, c.id)
	}
	s.flight[0] = nil
	s.flight = s.flight[1:]
	s.progress = time.Now()
	if !c.abandoned {
		c.answer <- answer{msg: m}
	}
	if r != nil && r.Code().Closes() {
		if r.Code() == epp.EndingSession {
			return ErrClosed
		}
		return fmt.Errorf("the server ended the session: %w", r.Err())
	}
	if len(s.queue) > 0 {
		s.rouse()
	}
	return nil
}

func describe(m epp.Message) string {
	if r, ok := m.(*epp.Response); ok {
		return fmt.Sprintf("a response (code %04d, clTRID %q)", r.Code(), r.TrID.ClTRID)
	}
	return "a " + m.XMLName().Local
}
