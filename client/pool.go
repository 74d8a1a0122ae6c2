package client

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// ErrQueueFull is in the chain of the error of a command for which no session was free,
// while as many callers as may waited already. It was never sent.
var ErrQueueFull = errors.New("too many callers wait for a session")

// ErrStopped is in the chain of the errors of a pool that has no session and opens none,
// until [Pool.Resume] or [Pool.Reconfigure] is called. What stopped it is in the chain
// too.
var ErrStopped = errors.New("the pool opens no more sessions")

// A Pool is a [Doer] that keeps sessions with a registry: as many as are needed and
// allowed, kept alive, replaced when they are old or lost. Any number of goroutines may
// use it. It is made with [NewPool] and ended with [Pool.Shutdown] or [Pool.Close].
//
// Callers get a session in the order in which they came. A command that was never sent
// goes to another session when its own ends; a query whose answer got lost is sent
// again; a transform whose answer got lost is not: its caller gets an error for which
// [OutcomeUnknown] is true.
//
// After a failure the pool waits before it connects again, longer with each in a row.
// Callers wait meanwhile, until their contexts end, or do not: see FailFast. What would fail in the same way
// until somebody changes something stops it: see [Stopped].
type Pool struct {
	ctx      context.Context // of everything that runs; ends with Close
	cancel   context.CancelFunc
	dialing  context.Context // of dials; ends before ctx
	stopDial context.CancelFunc
	wg       sync.WaitGroup              // opener, keepers
	wake     chan struct{}               // to the opener: there may be something to do
	notify   chan struct{}               // to the notifier: there are events
	told     chan struct{}               // closed when the notifier has ended
	drained  chan struct{}               // closed when a pool that drains has nothing under way
	emptied  chan struct{}               // closed when it has no sessions either
	opts     atomic.Pointer[PoolOptions] // which nobody changes; replaced with mu held
	config   sync.Mutex                  // of who replaces them, locked before mu
	consumer turn                        // of the queue of messages

	mu       sync.Mutex
	members  []*member
	inside   int       // callers of Exchange and Hold
	waiting  list.List // of *waiter
	phase    phase
	greeting *epp.Greeting // the last one that opened a session
	events   []Event
	quiet    bool // no more events are told
	opening  opening
	stats    PoolStats // what is counted
}

// A phase of a pool's life.
type phase uint8

const (
	running    phase = iota
	draining         // takes no more commands
	drainedOut       // has none either
	closed
)

// NewPool makes a pool. It does no I/O; sessions are opened when commands come, or at
// once where MinSessions says so. The error is about the options.
func NewPool(opts PoolOptions) (*Pool, error) {
	opts = opts.own().withDefaults()
	if err := opts.check(); err != nil {
		return nil, &Error{Op: "pool", Err: err}
	}
	p := &Pool{
		wake: make(chan struct{}, 1), notify: make(chan struct{}, 1), told: make(chan struct{}),
		drained: make(chan struct{}), emptied: make(chan struct{}),
	}
	p.opts.Store(&opts)
	p.opening.limit = opts.MaxSessions
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.dialing, p.stopDial = context.WithCancel(p.ctx)
	p.wg.Add(1)
	go p.open()
	go p.tell()
	if opts.MinSessions > 0 {
		p.rouse()
	}
	return p, nil
}

// Schema returns the set of namespaces that the sessions speak.
func (p *Pool) Schema() *epp.Schema { return p.opts.Load().Schema }

// Greeting returns the greeting of the session that was opened last, or nil before the
// first. It must not be changed.
func (p *Pool) Greeting() *epp.Greeting {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.greeting
}

// Ready waits until a session is open and can take a command. The error is an [*Error];
// it says why there is none.
func (p *Pool) Ready(ctx context.Context) error {
	return p.with(ctx, false, func(*member) error { return nil })
}

// Exchange sends a command on a session that is free, and returns its answer, whatever
// its result code. The error is an [*Error]. Sessions are the pool's own matter: a login
// or a logout is refused.
func (p *Pool) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	if cmd == nil {
		cmd = new(epp.Command)
	}
	fail := func(err error) error { return &Error{Op: nameOf(cmd).Qualified(), ClTRID: cmd.ClTRID, Err: err} }
	switch cmd.Request.(type) {
	case *epp.Login, *epp.Logout:
		return nil, fail(errors.New("a pool logs in and out by itself"))
	}
	ctx, cancel := p.opts.Load().within(ctx)
	defer cancel()
	w := &waiter{counts: true}
	var lost error // why a query has to be repeated
	for repeats := 0; ; {
		r, next, err := p.try(ctx, w, cmd, repeats)
		switch {
		case next == none && lost != nil: // it was sent before
			return nil, &Error{Op: nameOf(cmd).Qualified(), ClTRID: cmd.ClTRID, Fate: Unknown, Err: fmt.Errorf("%w; before that: %w", err, lost)}
		case next == none:
			return nil, fail(err)
		case next == done:
			return r, err
		case next == repeated:
			repeats++
			if lost = err; err == nil {
				lost = r.Err()
			}
		}
		w = &waiter{counts: true, again: true, sent: lost != nil}
	}
}

// try sends a command on a session, when there is one.
func (p *Pool) try(ctx context.Context, w *waiter, cmd *epp.Command, repeats int) (*epp.Response, next, error) {
	m, err := p.acquire(ctx, w)
	if err != nil {
		return nil, none, err
	}
	released := false
	defer func() {
		if !released { // something of the caller's has panicked before anything was sent
			p.giveBack(m, false)
		}
	}()
	w.gotSession(ctx, m)
	r, err := m.s.Exchange(ctx, cmd)
	next := p.judge(ctx, m, cmd, r, err, repeats)
	released = true
	p.release(m, r, err, next)
	return r, next, err
}

// What becomes of a command after an exchange.
type next uint8

const (
	done     next = iota
	none          // there was no session for it
	moved         // it was never sent, and goes to another session
	repeated      // it is a query, and is sent again
)

// judge says whether a command has to be sent again because its session is over.
func (p *Pool) judge(ctx context.Context, m *member, cmd *epp.Command, r *epp.Response, err error, repeats int) next {
	switch {
	case err == nil && !broken(r), ctx.Err() != nil, m.s.Err() == nil:
		return done
	case SafeToRetry(err):
		return moved
	case cmd.IsQuery() && (err == nil || OutcomeUnknown(err)) && repeats < p.opts.Load().MaxRepeats:
		return repeated
	}
	return done
}

// broken reports whether the answer to a command says that the session is over (RFC
// 5730, section 3: 2500 to 2502).
func broken(r *epp.Response) bool { return r != nil && r.Code().Closes() && !r.Code().OK() }

// Hold runs f with a session that nobody else uses meanwhile: for commands that belong
// together, such as the preparation of a list and the fetching of its parts at FRED. What
// f leaves without an answer ends the session. The error is that of f, or an [*Error]
// where there is no session.
func (p *Pool) Hold(ctx context.Context, f func(ctx context.Context, s *Session) error) error {
	return p.with(ctx, true, func(m *member) error { return f(ctx, m.s) })
}

// with runs f with a session. The time that it waits for one has the default deadline,
// where ctx has none.
func (p *Pool) with(ctx context.Context, alone bool, f func(*member) error) error {
	wait, cancel := p.opts.Load().within(ctx)
	w := &waiter{alone: alone}
	m, err := p.acquire(wait, w)
	cancel()
	if err != nil {
		return &Error{Op: "pool", Err: err}
	}
	defer p.giveBack(m, alone)
	w.gotSession(ctx, m)
	return f(m)
}

// Stats returns the state of the pool, and what it has counted.
func (p *Pool) Stats() PoolStats {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.stats
	n.Open, n.Waiting, n.Limit = len(p.members), p.waiting.Len(), p.opening.limit
	n.Stopped = p.opening.stopped
	if p.opening.busy {
		n.Opening = 1
	}
	if retry := p.opening.retry; retry.After(time.Now()) {
		n.Retry = retry
	}
	for _, m := range p.members {
		n.Busy += m.load
		if m.retiring != "" {
			n.Retiring++
		}
		n.Sessions = append(n.Sessions, SessionStats{
			Address: m.addr, Opened: m.opened, LastUse: m.lastUse, Busy: m.load, Commands: m.commands, Retiring: m.retiring != "",
		})
	}
	return n
}
