package httpcall

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// A Session is a token that all calls of a client share. It is opened when it is first
// needed, and renewed, by one goroutine for all.
type Session struct {
	c    *Caller
	open func(context.Context) (token authcode.Secret, until time.Time, err error)

	mu      sync.Mutex
	token   authcode.Secret // "" for none
	until   time.Time       // when to get another; zero for never
	opening *opening        // nil when nobody is at it
}

// An opening is one goroutine's try, for which the others wait.
type opening struct {
	done  chan struct{} // closed at the end, when the rest is set
	token authcode.Secret
	err   error
	// left says that the goroutine gave up because of its own context, which says
	// nothing about the session.
	left bool
}

// NewSession makes a Session. open gets a token, and says when it is too old to be used;
// the zero time is never. Its error is that of the call which had to wait for it.
func NewSession(c *Caller, open func(context.Context) (authcode.Secret, time.Time, error)) *Session {
	return &Session{c: c, open: open}
}

// GivenSession makes a Session of a token that nobody can renew.
func GivenSession(c *Caller, token authcode.Secret) *Session {
	return &Session{c: c, token: token}
}

// Do makes a call with the token. refused is asked about each answer whether it says that
// the system does not know the token: such a call was not carried out, and is made again,
// once, with a new one.
func (s *Session) Do(ctx context.Context, q Call, refused func(*Reply) bool) (*Reply, error) {
	var stale authcode.Secret
	for {
		token, err := s.get(ctx, q, stale)
		if err != nil {
			return nil, err
		}
		r, err := s.c.Do(ctx, q.Bearing(token))
		if err != nil || !refused(r) || stale != "" || s.open == nil {
			return r, err
		}
		stale = token
	}
}

// Bearing is the call with a token in its header.
func (q Call) Bearing(token authcode.Secret) Call {
	q.Header = q.Header.Clone()
	if q.Header == nil {
		q.Header = http.Header{}
	}
	q.Header.Set("Authorization", "Bearer "+token.Reveal())
	return q
}

// get returns a token for a call, other than the stale one, which the system did not take;
// "" for the first. It opens a session at most once for all who ask.
func (s *Session) get(ctx context.Context, q Call, stale authcode.Secret) (authcode.Secret, error) {
	for {
		s.mu.Lock()
		if s.token != "" && s.token != stale && (s.until.IsZero() || s.c.Now().Before(s.until)) {
			defer s.mu.Unlock()
			return s.token, nil
		}
		o := s.opening
		if o == nil {
			o = &opening{done: make(chan struct{})}
			s.opening, s.token = o, ""
			s.mu.Unlock()
			return s.try(ctx, o)
		}
		s.mu.Unlock()
		select {
		case <-o.done:
			if !o.left {
				return o.token, o.err
			}
		case <-ctx.Done():
			return "", s.c.Error(q, nil, false, context.Cause(ctx))
		}
	}
}

// try opens a session, and tells those who wait.
func (s *Session) try(ctx context.Context, o *opening) (authcode.Secret, error) {
	var until time.Time
	o.left = true // unless open returns
	defer func() {
		s.mu.Lock()
		s.token, s.until, s.opening = o.token, until, nil
		s.mu.Unlock()
		close(o.done)
	}()
	o.token, until, o.err = s.open(ctx)
	o.left = o.err != nil && ctx.Err() != nil
	return o.token, o.err
}

// Take returns the token and forgets it; "" for none.
func (s *Session) Take() authcode.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := s.token
	s.token = ""
	return token
}
