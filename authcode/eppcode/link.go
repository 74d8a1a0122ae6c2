package eppcode

import (
	"context"
	"sync"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// dialTimeout bounds a Dial that does not bound itself, as client.Dial does.
const dialTimeout = 2 * time.Minute

// A Link is a client.Doer that keeps one session. It dials when the first command
// comes, and again when one comes after the session has ended. No command is sent
// twice: one that the end of a session catches has failed. Any number of goroutines
// may use it at once.
type Link struct {
	// Dial makes a session and logs it in. Its context is for that alone, and not
	// a command's: all who wait share what comes of it.
	Dial func(ctx context.Context) (*client.Session, error)

	mu      sync.Mutex
	cur     *attempt
	cancel  context.CancelFunc // of cur
	closed  bool
	closing sync.Once
	err     error // of Close
}

// An attempt is a dial, shared by all who wait for it, and what came of it.
type attempt struct {
	done chan struct{}
	s    *client.Session
	err  error
}

// over reports whether another attempt is needed.
func (a *attempt) over() bool {
	select {
	case <-a.done:
	default:
		return false
	}
	return a.err != nil || a.s.Err() != nil
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
	case l.cur != nil && !l.cur.over():
		return l.cur, nil
	}
	old, a := l.cur, &attempt{done: make(chan struct{})}
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	l.cur, l.cancel = a, cancel
	go func() {
		defer close(a.done) // which Close waits for
		defer cancel()
		if old != nil && old.s != nil {
			old.s.Close()
		}
		a.s, a.err = l.Dial(ctx)
	}()
	return a, nil
}

// Close logs the session out and waits until nothing of the Link runs any more. What
// was sent before gets its answer. Commands that come later are not sent. When ctx
// ends, the connection is cut.
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
	<-a.done
	switch {
	case a.s == nil:
		return nil
	case a.s.Err() != nil:
		return a.s.Close()
	}
	return a.s.Logout(ctx)
}
