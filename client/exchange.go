package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/cause"
)

// A call is one command, or one hello, on its way.
type call struct {
	name  epp.Name // of what is asked for, for error texts
	id    string
	hello bool    // a greeting is its answer
	raw   bool    // a greeting or a response is
	anyID bool    // its clTRID is not known; any answer will do
	frame *[]byte // from the pool, until it is written
	size  int     // of the frame
	// answer has room for the one answer or error that comes, so that nobody
	// waits for a caller who has gone.
	answer chan answer

	// Guarded by the session's mu.
	taken bool // the writer has it
	left  bool // its caller has gone; its answer is dropped
	fate  Fate // once taken: what a failure of the session means for it
}

type answer struct {
	msg epp.Message
	err error
}

// fail is called with the session's mu held.
func (c *call) fail(fate Fate, err error) { c.answer <- answer{err: c.error(fate, err)} }

func (c *call) error(fate Fate, err error) *Error {
	return &Error{Op: c.name.Qualified(), ClTRID: c.id, Fate: fate, Err: err}
}

// frames are buffers for one frame each. Only who holds one may touch it: the
// caller until it is in the queue, then the writer.
var frames = sync.Pool{New: func() any { return new([]byte) }}

// recycle gives a buffer back. One that a long frame has grown would be kept for
// short ones, and is left to the garbage collector.
func recycle(frame *[]byte) {
	if cap(*frame) <= 64<<10 {
		frames.Put(frame)
	}
}

// Exchange sends a command and returns its answer, whatever its result code. A
// command without a clTRID gets one; white space in the caller's own is collapsed,
// as xs:token has it. The error is an [*Error].
//
// When ctx ends before the answer is there, Exchange returns at once; the answer,
// if it comes later, is dropped.
func (s *Session) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	c, err := s.prepare(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return responseOf(s.dispatch(ctx, c))
}

// responseOf is the answer to a command.
func responseOf(m epp.Message, err error) (*epp.Response, error) {
	if err != nil {
		return nil, err
	}
	return m.(*epp.Response), nil
}

// prepare makes the call of a command, with its frame.
func (s *Session) prepare(ctx context.Context, cmd *epp.Command) (*call, error) {
	if cmd == nil {
		cmd = new(epp.Command) // the error of one without a request says it
	}
	q := *cmd
	c := &call{name: nameOf(&q)}
	if _, ok := q.Request.(epp.Enveloper); ok {
		q.Envelope = nil // it is made anew, around the clTRID
	}
	if q.Envelope != nil { // nothing can be put into it
		c.id, c.anyID = idIn(q.Envelope)
	} else {
		if q.ClTRID = epp.Collapse(q.ClTRID); q.ClTRID == "" {
			q.ClTRID = epp.Collapse(s.newTRID())
		}
		if c.id = q.ClTRID; c.id == "" {
			return nil, c.error(NotSent, errors.New("the option NewTRID made an empty clTRID"))
		}
	}
	s.expectQuotes(&q)
	return c, s.frame(ctx, c, func(dst []byte) ([]byte, error) { return s.opts.Schema.AppendFrame(dst, &q) })
}

// idIn returns the clTRID in a protocol extension's envelope, or that any will do
// because there is none that can be found.
func idIn(envelope epp.Element) (id string, anyID bool) {
	if p, ok := envelope.(epp.ProtocolCommand); ok {
		_, id = p.Unwrap()
	}
	id = epp.Collapse(id)
	return id, id == ""
}

// Hello asks the server for a new greeting, which also keeps the session alive (RFC
// 5730, section 2.3).
func (s *Session) Hello(ctx context.Context) (*epp.Greeting, error) {
	m, err := s.submit(ctx, &call{name: new(epp.Hello).XMLName(), hello: true}, func(dst []byte) ([]byte, error) {
		return s.opts.Schema.AppendFrame(dst, new(epp.Hello))
	})
	if err != nil {
		return nil, err
	}
	return m.(*epp.Greeting), nil
}

// nameOf is the name of what a command carries.
func nameOf(q *epp.Command) epp.Name {
	if q != nil && q.Request != nil {
		if n := q.Request.XMLName(); n.Local != "" {
			return n
		}
	}
	return epp.Name{Local: "command"}
}

// submit makes the frame of a call, sends it and waits for its answer.
func (s *Session) submit(ctx context.Context, c *call, appendTo func([]byte) ([]byte, error)) (epp.Message, error) {
	if err := s.frame(ctx, c, appendTo); err != nil {
		return nil, err
	}
	return s.dispatch(ctx, c)
}

// dispatch puts a call that has its frame into the queue and waits for its answer.
func (s *Session) dispatch(ctx context.Context, c *call) (epp.Message, error) {
	if err := s.enqueue(ctx, c); err != nil {
		return nil, c.error(NotSent, err)
	}
	return s.await(ctx, c)
}

// frame makes the frame of a call.
func (s *Session) frame(ctx context.Context, c *call, appendTo func([]byte) ([]byte, error)) error {
	frame := frames.Get().(*[]byte)
	var err error
	if *frame, err = appendTo((*frame)[:0]); err == nil && s.opts.Validator != nil && !c.raw {
		err = s.opts.Validator.Validate(ctx, (*frame)[4:])
	}
	if err != nil {
		recycle(frame)
		return c.error(NotSent, err)
	}
	c.frame, c.size, c.answer = frame, len(*frame), make(chan answer, 1)
	return nil
}

// enqueue puts calls into the queue, all of them or none, with nothing between them.
func (s *Session) enqueue(ctx context.Context, calls ...*call) (err error) {
	defer func() {
		if err != nil {
			for _, c := range calls {
				recycle(c.frame)
			}
		}
	}()
	if ctx.Err() != nil {
		return cause.Of(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.err != nil:
		return s.err
	case s.greeting == nil:
		return errNoGreeting
	}
	s.queue = append(s.queue, calls...)
	s.rouse()
	return nil
}

// await waits for the answer to a call that is in the queue.
func (s *Session) await(ctx context.Context, c *call) (epp.Message, error) {
	var timeout <-chan time.Time
	if _, ok := ctx.Deadline(); !ok {
		t := time.NewTimer(s.opts.Timeout)
		defer t.Stop()
		timeout = t.C
	}
	select {
	case a := <-c.answer:
		return a.msg, a.err
	case <-ctx.Done():
		return s.abandon(c, cause.Of(ctx))
	case <-timeout:
		return s.abandon(c, fmt.Errorf("no answer within %v: %w", s.opts.Timeout, context.DeadlineExceeded))
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
	if c.taken {
		c.left = true
		return nil, c.error(Unknown, why)
	}
	s.queue = slices.DeleteFunc(s.queue, func(q *call) bool { return q == c })
	recycle(c.frame)
	return nil, c.error(NotSent, why)
}

// answeredBy reports whether r can be the answer to c. A server that could not
// read the command has no clTRID to repeat.
func (c *call) answeredBy(r *epp.Response) bool {
	id := r.TrID.ClTRID
	return id == c.id || c.anyID || id == "" && !r.Code().OK()
}
