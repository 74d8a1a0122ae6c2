package client

import (
	"container/list"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/cause"
)

// A waiter is a caller who needs a session.
type waiter struct {
	counts bool // it has a command of Exchange
	again  bool // which had a session before: it goes to the head of the queue
	sent   bool // and was sent on it
	alone  bool // it needs one that nobody else uses

	since time.Time
	place *list.Element // in the queue
	// got has room for what comes: a session, or why there is none.
	got chan grant
}

type grant struct {
	m   *member
	err error
}

// acquire returns a session that has room for a command, which is then the caller's
// until it calls release, or giveBack.
func (p *Pool) acquire(ctx context.Context, w *waiter) (*member, error) {
	m, err := p.enqueue(ctx, w)
	if m == nil && err == nil {
		select {
		case g := <-w.got:
			m, err = g.m, g.err
		case <-ctx.Done():
			m, err = p.leave(ctx, w)
		}
	}
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.inside--
		switch {
		case !w.counts:
		case w.sent:
			p.stats.Unknown++
		default:
			p.stats.NotSent++
		}
		p.settle()
		return nil, err
	}
	return m, nil
}

// enqueue gives a session to w at once, where one is free and nobody waits, or puts it
// into the queue.
func (p *Pool) enqueue(ctx context.Context, w *waiter) (*member, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !w.again {
		p.inside++
	}
	if w.counts && !w.again {
		p.stats.Commands++
	}
	if ctx.Err() != nil {
		return nil, cause.Of(ctx)
	}
	switch {
	case p.phase != running && !w.again, p.phase > draining:
		return nil, ErrClosed
	case p.waiting.Len() == 0:
		if m := p.free(w.alone); m != nil {
			p.take(m, w.alone)
			return m, nil
		}
	}
	if err := p.hopeless(); err != nil {
		return nil, err
	}
	if !w.again && p.waiting.Len() >= p.opts.Load().MaxWaiting {
		p.stats.QueueFull++
		return nil, fmt.Errorf("%w: %d", ErrQueueFull, p.waiting.Len())
	}
	w.since, w.got = time.Now(), make(chan grant, 1)
	if w.again {
		w.place = p.waiting.PushFront(w)
	} else {
		w.place = p.waiting.PushBack(w)
	}
	p.rouse()
	return nil, nil
}

// hopeless returns why no session will come, or none soon where the callers do not wait for
// one, if that is so.
func (p *Pool) hopeless() error {
	stopped, failFast := p.opening.stopped, p.opts.Load().FailFast
	if stopped == nil && !failFast || slices.ContainsFunc(p.members, func(m *member) bool { return m.retiring == "" && !m.over() }) {
		return nil
	}
	switch last, rest := p.opening.last, time.Until(p.opening.retry); {
	case stopped != nil:
		return fmt.Errorf("%w: %w", ErrStopped, stopped)
	case last != nil && rest > 0:
		return fmt.Errorf("no session is open, and the next attempt is in %v: %w", rest.Round(time.Millisecond), last)
	}
	return nil
}

// leave takes a caller whose context has ended out of the queue. It may have got a
// session just now.
func (p *Pool) leave(ctx context.Context, w *waiter) (*member, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case g := <-w.got:
		if g.m == nil {
			return nil, g.err
		}
		return g.m, nil // its first step will see that the context has ended
	default:
	}
	p.waiting.Remove(w.place)
	p.stats.WaitingTime += time.Since(w.since)
	p.settle()
	err := cause.Of(ctx)
	if last := p.opening.last; last != nil {
		return nil, fmt.Errorf("no session within the time: %w; the last attempt to open one: %w", err, last)
	}
	return nil, fmt.Errorf("no session was free within the time: %w", err)
}

// free returns the session that has the least to do, and of several the one that was
// used last, so that those beyond the need grow idle. It returns nil where all are busy.
func (p *Pool) free(alone bool) *member {
	var best *member
	for _, m := range p.members {
		switch {
		case m.retiring != "", m.held, m.load >= p.opts.Load().Depth, alone && m.load > 0, m.over():
		case best == nil, m.load < best.load, m.load == best.load && m.lastUse.After(best.lastUse):
			best = m
		}
	}
	return best
}

// take gives a session to a caller.
func (p *Pool) take(m *member, alone bool) {
	m.load++
	if alone {
		m.held = true
	}
	if m.load > 1 {
		p.rouse() // another session may be better
	}
}

// release gives back what acquire gave, after an exchange. A command whose outcome is
// unknown still takes its place: until its answer comes, or its session is over.
func (p *Pool) release(m *member, r *epp.Response, err error, n next) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.commands++
	if !OutcomeUnknown(err) {
		m.load--
	}
	switch {
	case err == nil && !broken(r):
		m.lastUse = time.Now()
		m.spoke(p)
	case broken(r), m.over():
		p.lose(m)
	}
	switch {
	case n == moved:
		p.stats.Moved++
	case n == repeated:
		p.stats.Repeated++
	case err == nil:
		p.stats.Answered++
	case OutcomeUnknown(err):
		p.stats.Unknown++
	case SafeToRetry(err):
		p.stats.NotSent++
	}
	if n == done {
		p.inside--
	}
	p.settle()
}

// dropped is called when the answer has come whose caller had gone.
func (p *Pool) dropped(m *member) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !m.held {
		m.load--
		p.settle()
	}
}

// giveBack gives back a session that was not used for an exchange by the pool; alone says
// that nobody else used it.
func (p *Pool) giveBack(m *member, alone bool) {
	if alone {
		if n := m.s.underWay(); n > 0 {
			m.s.end(fmt.Errorf("who held the session left %d commands without an answer", n))
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inside--
	m.load--
	if alone {
		m.held, m.lastUse = false, time.Now()
		m.commands++
	}
	if m.over() {
		p.lose(m)
	}
	p.settle()
}

// settle does what follows from any change: it gives sessions to those who wait, tells
// keepers whose session is to be logged out that it is free, and tells Shutdown that
// nothing is under way. It is called with mu held.
func (p *Pool) settle() {
	for e := p.waiting.Front(); e != nil; e = p.waiting.Front() {
		w := e.Value.(*waiter)
		m := p.free(w.alone)
		if m == nil {
			break
		}
		p.take(m, w.alone)
		p.grant(e, grant{m: m})
	}
	if p.waiting.Len() > 0 {
		if err := p.hopeless(); err != nil {
			p.failAll(err)
		} else {
			p.rouse()
		}
	}
	for _, m := range p.members {
		if m.retiring != "" && m.load == 0 {
			m.retire.Do(func() { close(m.quit) })
		}
	}
	if p.phase == draining && p.inside == 0 {
		p.phase = drainedOut
		close(p.drained)
	}
	if p.phase == drainedOut && len(p.members) == 0 && !p.opening.busy {
		p.phase = closed
		close(p.emptied)
	}
}

// failAll tells all who wait that no session will come.
func (p *Pool) failAll(err error) {
	for e := p.waiting.Front(); e != nil; e = p.waiting.Front() {
		p.grant(e, grant{err: err})
	}
}

func (p *Pool) grant(e *list.Element, g grant) {
	w := p.waiting.Remove(e).(*waiter)
	p.stats.WaitingTime += time.Since(w.since)
	w.got <- g
}
