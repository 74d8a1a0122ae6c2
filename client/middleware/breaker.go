package middleware

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// ErrOpen is in the chain of the error of a command that a [Breaker] refused. The
// [*OpenError] there says when it tries again.
var ErrOpen = errors.New("the circuit is open")

// An OpenError is why a [Breaker] refused a command.
type OpenError struct {
	// Until is when the first commands are let through again. It is in the past while
	// the outcome of those is waited for.
	Until time.Time
}

func (e *OpenError) Error() string {
	return fmt.Sprintf("%v: too many commands failed; it tries again from %s", ErrOpen, e.Until.Format(time.RFC3339))
}

// Is reports whether target is [ErrOpen].
func (e *OpenError) Is(target error) bool { return target == ErrOpen }

// State is what a [Breaker] does with commands.
type State uint8

// The states of a Breaker.
const (
	Closed   State = iota // lets all through, as a closed circuit does
	Open                  // refuses all
	HalfOpen              // lets a few through, to see what becomes of them
)

func (s State) String() string {
	switch s {
	case Closed:
		return "closed"
	case Open:
		return "open"
	}
	return "half-open"
}

// BreakerOptions configure a [Breaker].
type BreakerOptions struct {
	// Share is the share of failures, more than 0 and at most 1, that opens the circuit;
	// 0.5.
	Share float64
	// Window is of which time commands are counted, to a tenth of it; 10 s. A
	// registry that stops answering is noticed after its Share of that.
	Window time.Duration
	// MinCommands is how many there must have been before their share counts; 20.
	MinCommands int
	// OpenFor is how long all are refused before some are let through; 10 s.
	OpenFor time.Duration
	// Probes is how many are let through then. When all of them succeed the circuit is
	// closed; with the first that fails it is open again; 3.
	Probes int
	// OnChange is told of each change, one at a time and in order. It may read the
	// Breaker, but must not send a command through it.
	OnChange func(from, to State)
}

// A Breaker refuses commands at once while a registry does not work, so that callers need
// not wait for what will fail, and the registry can recover.
//
// A command that was lost, timed out, or was answered with 2400 or one of the codes from
// 2500 on, is a failure. A refusal by a rule is a success: the registry works. What its
// caller cancelled, and what was refused on this side, counts as neither.
type Breaker struct {
	opts  BreakerOptions
	start time.Time

	mu      sync.Mutex
	state   State
	turn    uint64 // counts the states, so that an outcome counts in that in which its command began
	until   time.Time
	slots   [slots]slot
	probing int // commands on their way while half open
	passed  int // of them those that succeeded
	stats   BreakerStats
	changes []change // that OnChange is to be told of

	telling sync.Mutex
}

// slots is in how many parts the window moves on.
const slots = 10

// A slot counts the outcomes of a tenth of the window.
type slot struct {
	at                 int64 // which tenth, since the start
	commands, failures int
}

type change struct{ from, to State }

// BreakerStats is the state of a [Breaker], and what it has counted.
type BreakerStats struct {
	State    State
	Until    time.Time // while it is open: when it tries again
	Commands int       // that ended within the window, in this state
	Failures int       // of Commands

	Opened  uint64 // how often it has opened so far
	Refused uint64 // commands so far
}

// NewBreaker makes a Breaker, closed.
func NewBreaker(opts BreakerOptions) *Breaker {
	if opts.Share <= 0 {
		opts.Share = 0.5
	}
	if opts.Window <= 0 {
		opts.Window = 10 * time.Second
	}
	opts.Window = max(opts.Window, slots)
	if opts.MinCommands <= 0 {
		opts.MinCommands = 20
	}
	if opts.OpenFor <= 0 {
		opts.OpenFor = 10 * time.Second
	}
	if opts.Probes <= 0 {
		opts.Probes = 3
	}
	return &Breaker{opts: opts, start: time.Now()}
}

// Exchange passes the command on, or refuses it with [ErrOpen].
func (b *Breaker) Exchange(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error) {
	turn, err := b.enter()
	b.tell()
	if err != nil {
		return nil, notSent(cmd, err)
	}
	v := neither
	defer func() { // even where next panics, so that the place of a probe is free again
		b.leave(turn, v)
		b.tell()
	}()
	resp, err := next.Exchange(ctx, cmd)
	v = judge(resp, err)
	return resp, err
}

type verdict uint8

const (
	neither verdict = iota
	success
	failure
)

func judge(resp *epp.Response, err error) verdict {
	if err == nil {
		if resp == nil || troubled(resp.Code()) {
			return failure
		}
		return success
	}
	var e *client.Error
	switch {
	case deliberate(err), errors.Is(err, context.Canceled):
		return neither
	case !errors.As(err, &e):
		return failure
	case e.Fate == client.Answered:
		return success
	case e.Fate == client.NotSent && !client.SafeToRetry(err): // it can't be written
		return neither
	}
	return failure
}

// enter reports in which turn a command begins, or why it must not.
func (b *Breaker) enter() (turn uint64, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == Open && !time.Now().Before(b.until) {
		b.become(HalfOpen)
	}
	if b.state == Open || b.state == HalfOpen && b.probing+b.passed >= b.opts.Probes {
		b.stats.Refused++
		return 0, &OpenError{Until: b.until}
	}
	if b.state == HalfOpen {
		b.probing++
	}
	return b.turn, nil
}

// leave counts how a command ended that began in a turn.
func (b *Breaker) leave(turn uint64, v verdict) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if turn != b.turn { // it says nothing about now
		return
	}
	if b.state == Closed {
		b.count(v)
		return
	}
	b.probing--
	switch v {
	case failure:
		b.become(Open)
	case success:
		if b.passed++; b.passed >= b.opts.Probes {
			b.become(Closed)
		}
	}
}

// count enters an outcome into the window, and opens the circuit where it has to be.
func (b *Breaker) count(v verdict) {
	if v == neither {
		return
	}
	at := b.tenth()
	s := &b.slots[at%slots]
	if s.at != at {
		*s = slot{at: at}
	}
	s.commands++
	if v == success {
		return
	}
	s.failures++
	commands, failures := b.sum(at)
	if commands >= b.opts.MinCommands && float64(failures) >= b.opts.Share*float64(commands) {
		b.become(Open)
	}
}

func (b *Breaker) tenth() int64 { return int64(time.Since(b.start) / (b.opts.Window / slots)) }

func (b *Breaker) sum(at int64) (commands, failures int) {
	for _, s := range b.slots {
		if s.at > at-slots {
			commands, failures = commands+s.commands, failures+s.failures
		}
	}
	return commands, failures
}

func (b *Breaker) become(s State) {
	b.changes = append(b.changes, change{b.state, s})
	b.state, b.probing, b.passed, b.slots = s, 0, 0, [slots]slot{}
	b.turn++
	if s == Open {
		b.until = time.Now().Add(b.opts.OpenFor)
		b.stats.Opened++
	}
}

// tell tells OnChange of what has changed.
func (b *Breaker) tell() {
	if b.opts.OnChange == nil || !b.changed() {
		return
	}
	b.telling.Lock()
	defer b.telling.Unlock()
	for b.changed() {
		b.mu.Lock()
		c := b.changes[0]
		b.changes = b.changes[1:]
		b.mu.Unlock()
		b.opts.OnChange(c.from, c.to)
	}
}

func (b *Breaker) changed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.changes) > 0
}

// Stats returns the state and the counts.
func (b *Breaker) Stats() BreakerStats {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.stats
	s.State = b.state
	if s.State == Open {
		s.Until = b.until
	}
	s.Commands, s.Failures = b.sum(b.tenth())
	return s
}
