package client

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Why a session of a pool is over: see [Closed].
const (
	whyLost          = "lost"
	whyIdle          = "idle"
	whyAge           = "age"
	whyClosing       = "closing"
	whyConfiguration = "configuration"
	whyPassword      = "password"
)

// A member is a session of a pool.
type member struct {
	s      *Session
	addr   string
	opened time.Time
	took   time.Duration // the opening
	expiry time.Time     // when it is old; zero is never
	quit   chan struct{}
	retire sync.Once // closes quit: it takes no more commands, and has none

	// Guarded by the pool's mu.
	load     int       // commands on their way
	held     bool      // by one caller
	lastUse  time.Time // when a command was last answered
	heard    time.Time // when anything was
	commands uint64
	answered bool   // anything since the login
	stale    string // why it is to be replaced
	retiring string // why it takes no more commands
	gone     bool
}

// over reports whether the session has ended. It takes no lock.
func (m *member) over() bool {
	select {
	case <-m.s.ended:
		return true
	default:
		return false
	}
}

// spoke notes that the server answers. The first answer proves that sessions can be opened
// again; those of sessions from before the failures do not. It is called with the pool's mu
// held.
func (m *member) spoke(p *Pool) {
	if !m.answered {
		p.opening.failures = 0
	}
	m.heard, m.answered = time.Now(), true
}

// keep is the keeper's goroutine of one session: it says hello, logs out what is idle,
// and notes the end.
func (p *Pool) keep(m *member) {
	defer p.wg.Done()
	timer := time.NewTimer(p.rest(m))
	defer timer.Stop()
	for {
		select {
		case <-m.s.ended:
			// Closing may take a while where the peer does not read.
			p.mu.Lock()
			p.lose(m)
			p.settle()
			p.mu.Unlock()
			m.s.Close()
			return
		case <-m.quit:
			p.logOut(m)
			return
		case <-p.ctx.Done():
			m.s.Close()
			p.remove(m, whyClosing, nil)
			return
		case <-timer.C:
			p.tend(m)
			timer.Reset(p.rest(m))
		}
	}
}

// rest is how long nothing has to be done for a session.
func (p *Pool) rest(m *member) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	o, now := p.opts.Load(), time.Now()
	least := time.Hour
	for _, due := range []struct {
		on bool
		at time.Time
	}{
		{o.KeepAlive > 0, m.heard.Add(o.KeepAlive)},
		{o.MaxIdle > 0 && p.active() > o.MinSessions, m.lastUse.Add(o.MaxIdle)},
		{!m.expiry.IsZero() && m.stale == "", m.expiry},
	} {
		if due.on && due.at.Before(now.Add(least)) {
			least = due.at.Sub(now)
		}
	}
	if least <= 0 { // it is busy, which says that it is alive; look again soon
		return max(o.Timeout, time.Second)
	}
	return least
}

// active is how many sessions take commands.
func (p *Pool) active() (n int) {
	for _, m := range p.members {
		if m.retiring == "" {
			n++
		}
	}
	return n
}

// tend does what is due for a session.
func (p *Pool) tend(m *member) {
	p.mu.Lock()
	o, now := p.opts.Load(), time.Now()
	if !m.expiry.IsZero() && !now.Before(m.expiry) && m.stale == "" {
		m.stale = whyAge
		p.rouse()
	}
	if o.MaxIdle > 0 && now.Sub(m.lastUse) >= o.MaxIdle && m.load == 0 && m.retiring == "" && p.active() > o.MinSessions {
		p.putOut(m, whyIdle)
	}
	silent := o.KeepAlive > 0 && now.Sub(m.heard) >= o.KeepAlive && m.load == 0 && m.retiring == ""
	if silent {
		p.stats.Hellos++
		m.load++
	}
	p.mu.Unlock()
	if silent {
		p.hello(m, o.Timeout)
	}
}

// hello asks whether the server is there, which keeps the session alive (RFC 5730,
// section 2.3). It takes the place of a command. A session on which it is not answered is
// over.
func (p *Pool) hello(m *member, timeout time.Duration) {
	ctx, cancel := context.WithTimeout(p.ctx, timeout)
	defer cancel()
	if _, err := m.s.Hello(ctx); err != nil {
		m.s.mu.Lock()
		m.s.finish(fmt.Errorf("a hello was not answered: %w", err))
		m.s.mu.Unlock() // the keeper closes it
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	m.load--
	m.spoke(p)
	p.settle()
}

// putOut has a session take no more commands, and be logged out when those under way are
// answered. It is called with mu held, and followed by settle.
func (p *Pool) putOut(m *member, why string) {
	if m.retiring == "" {
		m.retiring = why
		p.settle()
	}
}

// logOut ends a session in order.
func (p *Pool) logOut(m *member) {
	ctx, cancel := context.WithTimeout(p.ctx, p.opts.Load().Timeout)
	defer cancel()
	err := m.s.logout(ctx)
	p.remove(m, m.retiring, err) // retiring does not change any more
	m.s.Close()
}

// lose removes a session that has ended by itself. It is called with mu held.
func (p *Pool) lose(m *member) {
	if m.over() {
		p.drop(m, whyLost, m.s.err) // which does not change any more
	}
}

// remove notes that a session is over.
func (p *Pool) remove(m *member, why string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop(m, why, err)
	p.settle()
}

// drop is remove with mu held, without settle.
func (p *Pool) drop(m *member, why string, err error) {
	if m.gone {
		return
	}
	m.gone = true
	p.members = slices.DeleteFunc(p.members, func(o *member) bool { return o == m })
	switch {
	case why == whyLost && !m.answered: // it was of no use; the login shows that nothing is to be mended
		p.stats.Lost++
		p.backOff(err)
	case why == whyLost:
		p.stats.Lost++
	default:
		p.stats.LoggedOut++
	}
	p.emit(Closed{Address: m.addr, Age: time.Since(m.opened), Why: why, Err: err, Sessions: len(p.members)})
	p.rouse()
}
