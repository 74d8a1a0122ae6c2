package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// A queueRun is one run of [Messages], from its beginning to its end.
type queueRun struct {
	*Messages
	handler    Handler
	untilEmpty bool

	n        int  // messages that were handled and are out of the queue
	due      bool // handled is the first in the queue and is to be acknowledged
	again    bool // it was acknowledged before, with an outcome that is not known
	idle     bool // the queue was empty
	failures int  // in a row
}

// consume has the turn for one run.
func (q *Messages) consume(ctx context.Context, untilEmpty bool, h Handler) (int, error) {
	if !q.turn.taken.CompareAndSwap(false, true) {
		return 0, ErrConsuming
	}
	defer q.turn.taken.Store(false)
	if q.opts.Lock != nil {
		unlock, err := q.opts.Lock(ctx)
		if err != nil {
			return 0, fmt.Errorf("client: locking the queue of messages: %w", err)
		}
		defer unlock()
	}
	x := &queueRun{Messages: q, handler: h, untilEmpty: untilEmpty, again: true}
	err := x.run(ctx)
	return x.n, err
}

func (x *queueRun) run(ctx context.Context) error {
	for x.due || ctx.Err() == nil && !x.enough(0) {
		m, err := x.next(ctx)
		switch {
		case err != nil && ctx.Err() != nil && x.handled == "":
			return nil
		case err != nil:
			err = x.retry(ctx, err)
		case ctx.Err() != nil || x.enough(0):
			return nil // m, if there is one, stays in the queue
		case m == nil && x.untilEmpty:
			return nil
		case m == nil:
			x.rest(ctx)
		default:
			err = x.take(ctx, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// enough reports whether no more messages are wanted, once some more are out of the queue.
func (x *queueRun) enough(more int) bool { return x.opts.Max > 0 && x.n+more >= x.opts.Max }

// take has a message handled, unless it was, and makes its acknowledgement due.
func (x *queueRun) take(ctx context.Context, m *Message) error {
	x.idle = false
	switch {
	case m.ID != "" && m.ID == x.handled:
		x.due, x.again = true, true
		return nil
	case m.ID != "" && m.ID == x.acked:
		return &MessageError{m.ID, invalid("it is still the first, though it was acknowledged")}
	}
	x.gone()
	if x.enough(0) {
		return nil
	}
	if err := x.hand(ctx, m); err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return nil
		}
		return err
	}
	if m.ID == "" {
		return &MessageError{"", invalid("it can't be acknowledged without one")}
	}
	x.handled, x.due, x.again = m.ID, true, false
	return nil
}

// hand gives a message to its handler, and to Park where that could not take it.
func (x *queueRun) hand(ctx context.Context, m *Message) error {
	err := x.handler(ctx, m)
	if err == nil {
		return nil
	}
	if m.Err != nil && x.opts.Park != nil && !errors.Is(err, errLeft) {
		parking := x.opts.Park(ctx, m, err)
		if parking == nil {
			x.opts.OnEvent(Parked{m.ID, err})
			return nil
		}
		err = fmt.Errorf("%w; parking it: %w", err, parking)
	}
	return &MessageError{m.ID, err}
}

// gone notes that the message that was handled is out of the queue.
func (x *queueRun) gone() {
	if x.handled != "" {
		x.acked, x.handled = x.handled, ""
		x.n++
	}
}

// next acknowledges the message for which that is due and asks for the next one, where
// there may be one. It returns nil where the queue is empty.
func (x *queueRun) next(ctx context.Context) (*Message, error) {
	req := &epp.Command{Request: &epp.Poll{Op: epp.PollReq}}
	if !x.due {
		return x.read(x.send(ctx, req)[0], true)
	}
	x.due = false
	cmds := []*epp.Command{{Request: &epp.Poll{Op: epp.PollAck, MsgID: x.handled}}}
	if ctx.Err() == nil && !x.enough(1) {
		cmds = append(cmds, req)
	}
	late, cancel := grace(ctx)
	defer cancel()
	out := x.send(late, cmds...)
	switch err := x.acknowledged(out[0]); {
	case err != nil || len(cmds) == 1:
		return nil, err
	case len(out) == 1:
		return x.next(ctx)
	}
	return x.read(out[1], !x.lasting())
}

// send sends commands, together where that can be, and returns what became of them. Where
// not, those behind one that failed are not sent.
func (x *queueRun) send(ctx context.Context, cmds ...*epp.Command) []Outcome {
	if len(cmds) > 1 && !x.opts.NoPipelining && x.pairsFailed < 2 {
		if out := x.together(ctx, cmds); out != nil {
			x.learn(out)
			return out
		}
	}
	var out []Outcome
	for _, cmd := range cmds {
		r, err := x.doer.Exchange(ctx, cmd)
		out = append(out, Outcome{r, err})
		if err != nil || r.Err() != nil {
			break
		}
	}
	return out
}

// together sends commands with one write. It returns nil where the Doer has no way to.
func (x *queueRun) together(ctx context.Context, cmds []*epp.Command) (out []Outcome) {
	switch d := x.doer.(type) {
	case interface {
		Pipeline(context.Context, ...*epp.Command) []Outcome
	}:
		return d.Pipeline(ctx, cmds...)
	case *Pool:
		err := d.Hold(ctx, func(ctx context.Context, s *Session) error {
			out = s.Pipeline(ctx, cmds...)
			return nil
		})
		if out == nil {
			out = []Outcome{{Err: err}, {Err: err}}
		}
	}
	return out
}

// learn notes whether the registry takes commands together: once it did, what fails has
// other reasons.
func (x *queueRun) learn(out []Outcome) {
	switch {
	case out[0].Err == nil && out[1].Err == nil:
		x.proven = true
	case !x.proven && !SafeToRetry(out[1].Err):
		x.pairsFailed++
	}
}

// acknowledged reads the answer to an acknowledgement.
func (x *queueRun) acknowledged(o Outcome) error {
	if o.Err != nil {
		return fmt.Errorf("client: the message %s was handled; acknowledging it: %w", x.handled, o.Err)
	}
	x.failures = 0
	switch err := o.Response.Err(); {
	case err == nil:
	case errors.Is(err, epp.ObjectDoesNotExist):
		if !x.again {
			x.opts.OnEvent(AckedElsewhere{x.handled})
		}
	default:
		return &MessageError{x.handled, err}
	}
	x.gone()
	return nil
}

// read reads the answer to a request. final says that asking again would bring nothing
// better where it can't be parsed: a Pool repeats a request itself, but not one that was
// sent with an acknowledgement.
func (x *queueRun) read(o Outcome, final bool) (*Message, error) {
	r, m := o.Response, (*Message)(nil)
	if o.Err != nil {
		var wreck *UnreadableError
		if errors.As(o.Err, &wreck) {
			m = unreadableMessage(wreck, x.schema(), x.greeting())
		}
		if m == nil || m.Response == nil && !final {
			return nil, o.Err
		}
		r = m.Response
	}
	x.failures = 0
	if r == nil {
		return m, nil
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	if r.Code() == epp.NoMessages || r.MsgQ == nil && r.Code() != epp.AckToDequeue {
		if m != nil { // a Validator refused it
			return nil, o.Err
		}
		x.gone()
		x.acked = "" // an id may be used again
		return nil, nil
	}
	if m == nil {
		m = messageOf(r, x.schema(), x.greeting())
	}
	return m, nil
}

// lasting reports whether what is behind the Doer outlives a connection.
func (x *queueRun) lasting() bool {
	_, ok := x.root.(*Pool)
	return ok
}

func (x *queueRun) schema() *epp.Schema {
	if s, ok := x.root.(interface{ Schema() *epp.Schema }); ok {
		return s.Schema()
	}
	return nil
}

func (x *queueRun) greeting() *epp.Greeting {
	if s, ok := x.root.(interface{ Greeting() *epp.Greeting }); ok {
		return s.Greeting()
	}
	return nil
}

// retry waits before something that failed is tried again. It returns the error where
// that makes no sense.
func (x *queueRun) retry(ctx context.Context, err error) error {
	if !x.lasting() || ctx.Err() != nil || !passing(err) {
		return err
	}
	x.failures++
	wait := x.opts.Backoff.After(x.failures, x.opts.Rand)
	x.opts.OnEvent(Retrying{Err: err, Failures: x.failures, Retry: wait})
	pause(ctx, wait)
	return nil
}

// passing reports whether what failed over a Pool may succeed later, without anybody's
// doing.
func passing(err error) bool {
	var refusal *epp.ResultError
	var field *epp.FieldError
	switch {
	case errors.Is(err, ErrStopped), errors.Is(err, ErrClosed) && SafeToRetry(err):
		return false
	case errors.As(err, &refusal) && !errors.As(err, new(*Error)):
		return refusal.Code() == epp.CommandFailed || refusal.Code().Closes()
	case errors.As(err, &field) && field.Line == 0: // it can't be written
		return false
	}
	return true
}

// rest waits until it is time to ask an empty queue again.
func (x *queueRun) rest(ctx context.Context) {
	if !x.idle {
		x.idle = true
		x.opts.OnEvent(QueueEmpty{x.opts.Interval})
	}
	pause(ctx, x.opts.Interval)
}

// pause waits for a time, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// graceTime is what the acknowledgement of a message that was handled may take of a run
// that was told to end.
const graceTime = 5 * time.Second

// grace is a context that ends some time after another.
func grace(ctx context.Context) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		pause(late, graceTime)
		cancel(context.Cause(ctx))
	})
	return late, func() { stop(); cancel(nil) }
}
