package eppcode

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

const (
	// dialTimeout bounds a Dial that does not bound itself, as client.Dial does.
	dialTimeout = 2 * time.Minute
	// leastRest, doubled with each failure in a row, up to mostRest, is how long a
	// Link does not dial after one.
	leastRest = time.Second
	mostRest  = time.Minute
	// leastLoginRest and mostLoginRest are the same after a login that was refused:
	// registries lock accounts after a few.
	leastLoginRest = time.Minute
	mostLoginRest  = 15 * time.Minute
)

// A Link is a client.Doer that keeps one session. It dials when the first command
// comes, and again when one comes after the session has ended. No command is sent
// twice: one that the end of a session catches has failed.
//
// After a dial that failed it does not dial for a while, and the commands that come
// meanwhile fail as it did: from a second to a minute, longer with each failure in a
// row, and from a minute to a quarter of an hour where the registry does not take the
// login.
//
// Any number of goroutines may use a Link at once.
type Link struct {
	// Dial makes a session and logs it in. Its context is for that alone, and not
	// a command's: all who wait share what comes of it.
	Dial func(ctx context.Context) (*client.Session, error)
	// Now is the time; time.Now.
	Now func() time.Time

	mu      sync.Mutex
	cur     *attempt
	cancel  context.CancelFunc // of cur
	closed  bool
	left    bool // Close did not wait for cur
	closing sync.Once
	err     error // of Close
}

// An attempt is a dial, shared by all who wait for it, and what came of it.
type attempt struct {
	done     chan struct{}
	s        *client.Session
	err      error
	failures int       // in a row, with this one
	rest     time.Time // after a failure, when another dial may be made
}

// over reports whether another attempt is needed, and may be made.
func (a *attempt) over(now time.Time) bool {
	select {
	case <-a.done:
	default:
		return false
	}
	if a.err != nil {
		return !now.Before(a.rest)
	}
	return a.s.Err() != nil
}

// fail notes how long there is to be no other dial.
func (a *attempt) fail(err error, earlier int, now time.Time) {
	a.err, a.failures = err, earlier+1
	rest, most := leastRest, mostRest
	var login *client.LoginError
	if errors.As(err, &login) && refusedLogin(login).Class == authcode.Unauthorized {
		rest, most = leastLoginRest, mostLoginRest
	}
	for range earlier {
		rest = min(2*rest, most)
	}
	a.rest = now.Add(rest)
}

// Exchange sends a command on the session. Where there is none to be had it is a
// *client.Error that says that the command was not sent.
func (l *Link) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	s, err := l.session(ctx)
	if err != nil {
		return nil, &client.Error{Op: "dial", Fate: client.NotSent, Err: err}
	}
	return s.Exchange(ctx, cmd)
}

// Connect makes the session where there is none, and says whether the registry can be
// reached.
func (l *Link) Connect(ctx context.Context) error {
	_, err := l.session(ctx)
	return err
}

func (l *Link) session(ctx context.Context) (*client.Session, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	a, err := l.current()
	if err != nil {
		return nil, err
	}
	select {
	case <-a.done:
		return a.s, a.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (l *Link) current() (*attempt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return nil, client.ErrClosed
	case l.cur != nil && !l.cur.over(l.now()):
		return l.cur, nil
	}
	old, a := l.cur, &attempt{done: make(chan struct{})}
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	l.cur, l.cancel = a, cancel
	go func() { // Close waits for it
		defer cancel()
		var failures int
		if old != nil {
			if failures = old.failures; old.s != nil {
				old.s.Close()
			}
		}
		s, err := l.Dial(ctx)
		if a.s = s; err != nil {
			a.fail(err, failures, l.now())
		}
		l.mu.Lock()
		left := l.left
		close(a.done)
		l.mu.Unlock()
		if left && s != nil {
			s.Close()
		}
	}()
	return a, nil
}

func (l *Link) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

// Close logs the session out and waits until nothing of the Link runs any more. What
// was sent before gets its answer. Commands that come later are not sent. When ctx
// ends, the connection is cut, and a Dial that does not heed its own context is waited
// for no longer.
func (l *Link) Close(ctx context.Context) error {
	l.closing.Do(func() { l.err = l.logout(ctx) })
	return l.err
}

func (l *Link) logout(ctx context.Context) error {
	l.mu.Lock()
	a := l.cur
	l.closed = true
	if l.cancel != nil {
		l.cancel()
	}
	l.mu.Unlock()
	if a == nil {
		return nil
	}
	select {
	case <-a.done:
	case <-ctx.Done():
		if l.leave(a) {
			return context.Cause(ctx)
		}
	}
	switch {
	case a.s == nil:
		return nil
	case a.s.Err() != nil:
		return a.s.Close()
	}
	return a.s.Logout(ctx)
}

// leave has a dial that is still going on close the session itself that it makes.
func (l *Link) leave(a *attempt) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-a.done:
		return false
	default:
		l.left = true
		return true
	}
}
