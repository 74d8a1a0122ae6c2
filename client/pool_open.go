package client

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
)

// opening is what a pool knows about opening sessions.
type opening struct {
	busy bool // a session is being opened
	owed int  // sessions that replace others, which are gone

	limit      int // how many there may be now
	allowed    int // how many the registry allowed when it refused another
	refusals   int // of another, in a row
	limitUntil time.Time

	failures int // in a row, without an answer to a command between
	retry    time.Time
	last     error // of the last attempt, or why the last session was lost
	stopped  error

	prefer string  // the address that served last
	change *change // of the password, which is asked for
	doubt  doubt
}

// rouse wakes the opener.
func (p *Pool) rouse() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// open is the opener's goroutine. It opens one session at a time, so that a registry
// that refuses hears of it once.
func (p *Pool) open() {
	defer p.wg.Done()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for p.dialing.Err() == nil {
		step, wait := p.plan()
		if step != nil {
			step()
			continue
		}
		timer.Reset(wait)
		select {
		case <-p.wake:
		case <-timer.C:
		case <-p.dialing.Done():
		}
	}
}

// plan says what the opener has to do now, or for how long there is nothing to do unless
// it is woken.
func (p *Pool) plan() (step func(), wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	const nothing = time.Hour
	o, now := p.opts.Load(), time.Now()
	if p.phase > draining {
		return nil, nothing
	}
	switch opening := &p.opening; {
	case opening.refusals == 0:
		opening.limit = o.MaxSessions
	case now.Before(opening.limitUntil):
		opening.limit = min(opening.allowed, o.MaxSessions)
	default: // another one may be allowed now
		opening.limit = min(opening.allowed+1, o.MaxSessions)
	}
	room := len(p.members) < p.opening.limit
	if step, wait, ok := p.planChange(room, now); ok {
		return step, cmp.Or(wait, nothing)
	}
	if step, wait := p.planReplacement(room, now); step != nil || wait > 0 {
		return step, wait
	}
	switch {
	case p.opening.stopped != nil, !p.wanted():
		return nil, nothing
	case !room:
		return nil, cmp.Or(max(p.opening.limitUntil.Sub(now), 0), nothing)
	case now.Before(p.opening.retry):
		return nil, p.opening.retry.Sub(now)
	}
	p.opening.busy = true
	return p.openOne, 0
}

// wanted reports whether another session is needed.
func (p *Pool) wanted() bool {
	if p.waiting.Len() > 0 {
		return true
	}
	if p.phase != running {
		return false
	}
	o, n, least := p.opts.Load(), 0, math.MaxInt
	for _, m := range p.members {
		if m.retiring == "" {
			n++
			least = min(least, m.load)
		}
	}
	return n < o.MinSessions || p.opening.owed > 0 || n > 0 && o.Depth > 1 && least > 0
}

// planReplacement finds what there is to do for sessions that are to be replaced: one
// at a time, and the new one first where there is room for it. One that is needed stays
// until another can be opened.
func (p *Pool) planReplacement(room bool, now time.Time) (step func(), wait time.Duration) {
	o := p.opts.Load()
	i := slices.IndexFunc(p.members, func(m *member) bool { return m.stale != "" && m.retiring == "" })
	if i < 0 || slices.ContainsFunc(p.members, func(m *member) bool { return m.retiring != "" && m.stale != "" }) {
		return nil, 0
	}
	m := p.members[i]
	out := func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.putOut(m, m.stale)
	}
	needed := p.phase == running && (m.load > 0 || p.active() <= o.MinSessions || now.Sub(m.lastUse) < max(o.KeepAlive, time.Minute))
	switch {
	case !needed:
		return out, 0
	case p.opening.stopped != nil:
		return nil, 0
	case now.Before(p.opening.retry):
		return nil, p.opening.retry.Sub(now)
	case !room:
		if len(p.members) <= p.opening.limit {
			p.opening.owed++
		}
		return out, 0
	}
	p.opening.busy = true
	return func() {
		p.openOne()
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.opening.last == nil || len(p.members) >= p.opening.limit { // there is a new one, or no room after all
			p.putOut(m, m.stale)
		}
	}, 0
}

// openOne opens a session, and notes what came of it.
func (p *Pool) openOne() {
	p.mu.Lock()
	o, doubt := *p.opts.Load(), p.opening.doubt
	p.mu.Unlock()
	if !doubt.of(o.Credentials) {
		p.openWith(&o)
		return
	}
	// The registry has one of two passwords.
	with := o.own()
	with.Credentials.PW = doubt.pw
	m, err := p.dial(p.dialing, &with)
	switch {
	case err == nil:
		p.changed(o.Credentials, doubt.pw)
	case errors.Is(err, epp.AuthenticationError):
		p.mu.Lock()
		p.opening.doubt.pw = ""
		p.stats.Refused++
		p.noticesOf("", err)
		p.mu.Unlock()
		p.openWith(&o)
		return
	}
	p.opened(m, err)
}

// openWith opens a session with other options.
func (p *Pool) openWith(o *PoolOptions) {
	m, err := p.dial(p.dialing, o)
	p.opened(m, err)
}

// dial connects and logs in.
func (p *Pool) dial(ctx context.Context, o *PoolOptions) (*member, error) {
	p.mu.Lock()
	prefer := p.opening.prefer
	p.stats.Dials++
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	m := &member{quit: make(chan struct{}), opened: time.Now()}
	addrs := o.Addresses
	if i := slices.Index(addrs, prefer); i > 0 {
		addrs = slices.Concat(addrs[i:], addrs[:i])
	}
	var err error
	if m.s, m.addr, err = connect(ctx, &o.Options, addrs, func(s *Session) { s.dropped = func() { p.dropped(m) } }); err != nil {
		return nil, err
	}
	m.took = time.Since(m.opened)
	m.opened = m.opened.Add(m.took)
	m.lastUse, m.heard = m.opened, m.opened
	return m, nil
}

// opened notes what came of opening a session.
func (p *Pool) opened(m *member, err error) {
	var greeting *epp.Greeting
	var login *epp.Response
	if err == nil {
		greeting, login = m.s.Greeting(), m.s.LoginResponse()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opening.busy = false
	defer p.settle()
	switch {
	case p.dialing.Err() != nil && err == nil: // the pool ends meanwhile
		p.wg.Go(func() { m.s.Close() })
		return
	case p.dialing.Err() != nil:
		return
	case err != nil:
		p.noticesOf("", err)
		p.fail(err)
		return
	}
	if o := p.opts.Load(); o.MaxAge > 0 {
		m.expiry = m.opened.Add(o.MaxAge - time.Duration(o.Rand()*float64(o.MaxAge/10)))
	}
	p.stats.Opened++
	p.members = append(p.members, m)
	p.opening.last, p.opening.prefer = nil, m.addr
	p.opening.owed = max(0, p.opening.owed-1)
	if len(p.members) > p.opening.allowed {
		p.opening.refusals = 0
	}
	p.emit(Opened{Address: m.addr, Took: m.took, Sessions: len(p.members)})
	p.compare(m.addr, greeting)
	p.notices(m.addr, login)
	p.wg.Add(1)
	go p.keep(m)
}

// fail notes that no session could be opened. It is called with mu held.
func (p *Pool) fail(err error) {
	o := p.opts.Load()
	p.opening.last = err
	switch v := verdictOf(err); {
	case v == stop:
		p.stats.Refused += refusal(err)
		p.opening.stopped = err
		p.emit(Stopped{Err: err})
		return
	case v == limited && len(p.members) > 0:
		p.stats.Refused++
		p.stats.Limited++
		p.opening.refusals++
		p.opening.limit, p.opening.allowed = len(p.members), len(p.members)
		p.opening.owed = 0
		wait := jitter(double(o.Backoff.Limit, p.opening.refusals, 16*o.Backoff.Limit), o.Rand)
		p.opening.limitUntil = time.Now().Add(wait)
		p.emit(Limited{Err: err, Sessions: len(p.members), Retry: wait})
		return
	case v == limited:
		p.stats.Refused++
		p.stats.Limited++
	default:
		p.stats.Refused += refusal(err)
	}
	p.backOff(err)
}

// backOff has the next attempt wait. It is called with mu held.
func (p *Pool) backOff(err error) {
	o := p.opts.Load()
	p.opening.last = err
	p.opening.failures++
	wait := o.Backoff.After(p.opening.failures, o.Rand)
	p.opening.retry = time.Now().Add(wait)
	p.emit(OpenFailed{Err: err, Failures: p.opening.failures, Retry: wait})
}

// refusal is 1 for a login that was refused.
func refusal(err error) uint64 {
	if _, ok := errors.AsType[*LoginError](err); ok {
		return 1
	}
	return 0
}

// compare tells when a server offers something else than the one before. It is called
// with mu held.
func (p *Pool) compare(addr string, g *epp.Greeting) {
	was := p.greeting
	p.greeting = g
	if was == nil {
		return
	}
	now, before := slices.Concat(g.ObjURI, g.ExtURI), slices.Concat(was.ObjURI, was.ExtURI)
	e := ServicesChanged{Address: addr, Added: missing(now, before), Removed: missing(before, now)}
	if len(e.Added)+len(e.Removed) > 0 {
		p.emit(e)
	}
}

// missing is what a has and b has not.
func missing(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(uri string) bool { return slices.Contains(b, uri) })
}

// notices tells what a server says of a login. It is called with mu held.
func (p *Pool) notices(addr string, r *epp.Response) {
	if r == nil {
		return
	}
	for _, e := range r.Extension {
		if data, ok := e.(*loginsec.LoginSecData); ok {
			for _, event := range data.Events {
				p.emit(SecurityNotice{Address: addr, Event: event})
			}
		}
	}
}

// noticesOf is notices of a login that was refused.
func (p *Pool) noticesOf(addr string, err error) {
	if refused, ok := errors.AsType[*epp.ResultError](err); ok {
		p.notices(addr, refused.Response)
	}
}

// A verdict says what a failure to open a session means for the next attempt.
type verdict uint8

const (
	again   verdict = iota // after a while
	limited                // with fewer sessions
	stop                   // when somebody has looked
)

// verdictOf reads why a session could not be opened.
func verdictOf(err error) verdict {
	if all, ok := errors.AsType[*addressesError](err); ok {
		return all.verdict()
	}
	var e *Error
	switch {
	case errors.Is(err, epp.SessionLimitExceeded):
		return limited
	case errors.Is(err, epp.AuthenticationError), errors.Is(err, epp.AuthenticationErrorClosing):
		return stop
	case errors.Is(err, epp.CommandFailed), errors.Is(err, epp.CommandFailedClosing):
		return again
	case refusal(err) == 1: // the login itself does not do
		return stop
	case errors.As(err, &e) && permanent(e):
		return stop
	}
	return again
}
