package client

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/internal/cause"
)

// ErrConsuming is the error of a second consumer of a queue, while the first one is at
// it.
var ErrConsuming = errors.New("the queue of messages has a consumer already")

// MessagesOptions configure [Messages]. The zero value of a field stands for the default
// that is named beside it.
type MessagesOptions struct {
	// Interval is how long to wait before asking again when the queue was empty; 1
	// minute. It is 5 minutes at most: asking keeps a session open.
	Interval time.Duration
	// Max ends a run after so many messages were acknowledged; 0 is no limit.
	Max int
	// Park, where it is given, is called with an unreadable message that the handler
	// returned an error for, and with the error. When it returns nil it has put the
	// message aside, which is then acknowledged, so that the queue moves on.
	Park func(ctx context.Context, m *Message, err error) error
	// NoPipelining sends the next request only when the acknowledgement before it was
	// answered. It is for registries that do not take both at once. Where sending them
	// together fails twice before it ever succeeded, they go one by one anyway.
	NoPipelining bool
	// Lock, where it is given, is called at the beginning of a run, and unlock at its
	// end. It is for a lock that keeps out the consumers of other processes. Its
	// error is the run's.
	Lock func(ctx context.Context) (unlock func(), err error)
	// Backoff is how long to wait before asking again after a failure over a Pool.
	Backoff Backoff
	// OnEvent is told of [AckedElsewhere], [Parked], [QueueEmpty] and [Retrying],
	// one at a time. The run waits for it.
	OnEvent func(Event)
	// Rand gives numbers in [0, 1) for jitter; nil means math/rand/v2.
	Rand func() float64
}

const (
	defaultInterval = time.Minute
	maxInterval     = 5 * time.Minute
)

// withDefaults is the one place where the defaults are.
func (o MessagesOptions) withDefaults() MessagesOptions {
	if o.Interval <= 0 {
		o.Interval = defaultInterval
	}
	o.Interval = min(o.Interval, maxInterval)
	o.Backoff.Min = or(o.Backoff.Min, time.Second)
	o.Backoff.Max = max(or(o.Backoff.Max, time.Minute), o.Backoff.Min)
	if o.OnEvent == nil {
		o.OnEvent = func(Event) {}
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	return o
}

// Messages takes the messages of a registrar's queue (RFC 5730, section 2.9.2.3), one
// after another, from a [Session], a [Pool], or a [Doer] around one. It is made with
// [NewMessages].
//
// A message is acknowledged, which removes it from the queue, after its handler returned
// nil, and never before. So each is handed over at least once: again when the process
// ended in between, or the handler failed. Its ID shows the repeat. A message that was
// handled, but for which the answer to the acknowledgement did not come, is not handed
// over again by the same Messages: the next request shows whether it is still the first,
// and it is then only acknowledged again.
//
// Over a Pool a run goes on, after a wait, when a session is lost, or the registry can't
// answer for now (2400, 2500 to 2502); it ends when the pool is closed or stopped. Over a
// Session it ends with the error; another run, by the same Messages, goes on from there.
//
// An acknowledgement and the request for the next message leave together. That is so over
// a Session, over a Pool, by [Pool.Hold], and over a Doer that has the method Pipeline of
// a Session; through any other each passes by itself. No session is held while a handler
// is at work, so that it may use the pool too.
//
// What is around a Session or a Pool needs a method
//
//	Unwrap() Doer
//
// for its kind to be found, and for there to be one consumer of it at a time.
type Messages struct {
	doer Doer
	opts MessagesOptions
	root Doer // what the doer is around
	turn *turn

	// These are of the run that has the turn.
	handled string // the id of a message that was handled and may still be in the queue
	acked   string // the id of the message that was acknowledged last
	// What was sent together was answered before, or how often it was not.
	proven      bool
	pairsFailed int
}

// A Handler is given each message. When it returns nil, the message is acknowledged. An
// error ends the run, and leaves the message in the queue.
type Handler func(ctx context.Context, m *Message) error

// NewMessages makes a consumer of the queue. It does no I/O.
func NewMessages(d Doer, opts MessagesOptions) *Messages {
	q := &Messages{doer: d, opts: opts.withDefaults(), root: d, turn: new(turn)}
	for {
		around, ok := q.root.(interface{ Unwrap() Doer })
		if !ok || around.Unwrap() == nil {
			break
		}
		q.root = around.Unwrap()
	}
	switch root := q.root.(type) {
	case *Session:
		q.turn = &root.consumer
	case *Pool:
		q.turn = &root.consumer
	}
	return q
}

// A turn is had by one consumer at a time.
type turn struct{ taken atomic.Bool }

// Run hands each message to h as it comes, and waits for more when the queue is empty. It
// returns nil when ctx ends: a message that was handled by then is still acknowledged,
// within 5 seconds. The error is a [*MessageError] where it is about a message that stays
// in the queue, [ErrConsuming], or that of the Doer. [Messages.Watch] is the same as a loop.
func (q *Messages) Run(ctx context.Context, h Handler) error {
	_, err := q.consume(ctx, false, h)
	return err
}

// Drain hands each message that waits to h, and returns when the queue is empty: how many
// were handled and acknowledged. Its errors are those of [Messages.Run], and the end of ctx
// is one. [Messages.All] is the same as a loop.
func (q *Messages) Drain(ctx context.Context, h Handler) (n int, err error) {
	n, err = q.consume(ctx, true, h)
	if err == nil && ctx.Err() != nil {
		err = cause.Of(ctx)
	}
	return n, err
}

// errLeft is the error of a loop that was left.
var errLeft = errors.New("the loop was left")

// Watch is a loop over the messages as they come, which waits for more when the queue is
// empty, and is over when ctx ends. A message is acknowledged when the loop goes on to the
// next; leaving the loop with break or return leaves it in the queue. An error, as
// [Messages.Run] has them, is the last that it brings, with a nil Message.
func (q *Messages) Watch(ctx context.Context) iter.Seq2[*Message, error] {
	return q.loop(func(h Handler) error { return q.Run(ctx, h) })
}

// All is a loop over the messages that wait, which is over when the queue is empty. A
// message is acknowledged when the loop goes on to the next; leaving the loop with break or
// return leaves it in the queue. An error, as [Messages.Drain] has them, is the last that it
// brings, with a nil Message: the end of ctx is one.
func (q *Messages) All(ctx context.Context) iter.Seq2[*Message, error] {
	return q.loop(func(h Handler) error { _, err := q.Drain(ctx, h); return err })
}

func (q *Messages) loop(run func(Handler) error) iter.Seq2[*Message, error] {
	return func(yield func(*Message, error) bool) {
		err := run(func(_ context.Context, m *Message) error {
			if !yield(m, nil) {
				return errLeft
			}
			return nil
		})
		if err != nil && !errors.Is(err, errLeft) {
			yield(nil, err)
		}
	}
}

// A MessageError is a message that was not taken and stays in the queue.
type MessageError struct {
	ID  string // "" where the message has none that can be read
	Err error  // of the handler, or what is wrong with the message
}

func (e *MessageError) Error() string {
	if e.ID == "" {
		return "client: a message without an id stays in the queue: " + e.Err.Error()
	}
	return "client: the message " + e.ID + " stays in the queue: " + e.Err.Error()
}

func (e *MessageError) Unwrap() error { return e.Err }
