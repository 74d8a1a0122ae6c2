package middleware

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// A Trouble is a reason to try again. They can be joined by |.
type Trouble uint8

// What a [Retry] can try again after.
const (
	// NeverSent: no octet of the command left; the one trouble after which a transform
	// is tried again, too.
	NeverSent Trouble = 1 << iota
	// Lost: the connection ended before the answer was there.
	Lost
	// TimedOut: there was no answer in time, but the caller's context has some left.
	TimedOut
	// Failed: the server answered 2400, command failed.
	Failed
	// Ended: the server answered with a code that ends the session, 2500 to 2502.
	Ended
	// AnyTrouble is all of them.
	AnyTrouble = NeverSent | Lost | TimedOut | Failed | Ended
)

// RetryOptions configure a [Retry].
type RetryOptions struct {
	// Attempts are how many there may be in all, the first included; 3.
	Attempts int
	// Min is how long to wait before the second attempt, 250 ms; twice as long before
	// each further one, and Max at most, 10 s. Of that a random part between half and
	// all is waited.
	Min, Max time.Duration
	// AttemptTimeout is how long one attempt of a query may take, so that there can be
	// another one; 0 leaves it to the caller's context. Transforms are not cut short: that
	// would make their outcome unknown.
	AttemptTimeout time.Duration
	// On is what to try again after; 0 means AnyTrouble.
	On Trouble
	// Rand gives numbers in [0, 1) for jitter, to any number of goroutines; nil means
	// math/rand/v2.
	Rand func() float64
}

// A Retry tries commands again: queries ([epp.Command.IsQuery]) after any [Trouble], and
// all others only when they were never sent ([client.SafeToRetry]). A transform that may
// have been executed is never sent again. It does not try again what this side refused on
// purpose ([ErrOpen], [ErrLimited], [client.ErrQueueFull], [client.ErrStopped],
// [client.ErrClosed]), nor when the caller's time would be over before the next attempt.
//
// An attempt after a lost connection needs a Doer that connects anew, such as a
// [client.Pool].
type Retry struct {
	opts    RetryOptions
	repeats atomic.Uint64
}

// NewRetry makes a Retry.
func NewRetry(opts RetryOptions) *Retry {
	if opts.Attempts <= 0 {
		opts.Attempts = 3
	}
	if opts.Min <= 0 {
		opts.Min = 250 * time.Millisecond
	}
	if opts.Max <= 0 {
		opts.Max = 10 * time.Second
	}
	if opts.On == 0 {
		opts.On = AnyTrouble
	}
	if opts.Rand == nil {
		opts.Rand = rand.Float64
	}
	return &Retry{opts: opts}
}

// Repeats is how many attempts there were so far beside the first ones.
func (r *Retry) Repeats() uint64 { return r.repeats.Load() }

// Exchange passes the command on until it has an answer that counts, or must not or can't
// be tried again; it returns what came of the last attempt.
func (r *Retry) Exchange(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error) {
	query := cmd.IsQuery()
	for n := 1; ; n++ {
		resp, err := r.attempt(ctx, cmd, query, next)
		trouble := troubleOf(resp, err)
		switch {
		case trouble&r.opts.On == 0, n >= r.opts.Attempts:
			return resp, err
		case !query && trouble != NeverSent:
			return resp, err
		case !pause(ctx, r.before(n+1)):
			return resp, err
		}
		r.repeats.Add(1)
	}
}

func (r *Retry) attempt(ctx context.Context, cmd *epp.Command, query bool, next client.Doer) (*epp.Response, error) {
	if query && r.opts.AttemptTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.opts.AttemptTimeout)
		defer cancel()
	}
	return next.Exchange(ctx, cmd)
}

// troubleOf says what went wrong, or 0 for what is not to be tried again.
func troubleOf(resp *epp.Response, err error) Trouble {
	var e *client.Error
	switch {
	case err == nil && resp == nil:
		return 0
	case err == nil && resp.Code() == epp.CommandFailed:
		return Failed
	case err == nil && resp.Code() > epp.CommandFailed && resp.Code().Closes():
		return Ended
	case err == nil, deliberate(err), errors.Is(err, context.Canceled), !errors.As(err, &e):
		return 0
	case client.SafeToRetry(err):
		return NeverSent
	case e.Fate != client.Unknown:
		return 0
	case errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	}
	return Lost
}

// deliberate reports whether a command was refused on this side, on purpose.
func deliberate(err error) bool {
	for _, target := range []error{ErrOpen, ErrLimited, client.ErrQueueFull, client.ErrStopped, client.ErrClosed} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// before is how long to wait before the nth attempt.
func (r *Retry) before(n int) time.Duration {
	return client.Backoff{Min: r.opts.Min, Max: r.opts.Max}.After(n-1, r.opts.Rand)
}

// pause waits, and reports whether there is still time after it. It does not wait when
// there would be none.
func pause(ctx context.Context, d time.Duration) bool {
	if until, ok := ctx.Deadline(); ok && time.Until(until) <= d {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
