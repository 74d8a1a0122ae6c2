package netim

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A session is one that all goroutines of a client share. It is opened when it is first
// needed.
type session struct {
	open func(context.Context) (authcode.Secret, error)

	mu      sync.Mutex
	token   authcode.Secret // "" for none
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

// get returns a token other than the stale one, which Netim did not take; "" for the
// first. It opens a session at most once for all who ask. gone makes the error of one
// who stopped waiting.
func (s *session) get(ctx context.Context, stale authcode.Secret, gone func(error) error) (authcode.Secret, error) {
	for {
		s.mu.Lock()
		if s.token != "" && s.token != stale {
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
			return "", gone(context.Cause(ctx))
		}
	}
}

// try opens a session, and tells those who wait.
func (s *session) try(ctx context.Context, o *opening) (authcode.Secret, error) {
	o.left = true // unless open returns
	defer func() {
		s.mu.Lock()
		s.token, s.opening = o.token, nil
		s.mu.Unlock()
		close(o.done)
	}()
	o.token, o.err = s.open(ctx)
	o.left = o.err != nil && ctx.Err() != nil
	return o.token, o.err
}

// take returns the token and forgets it.
func (s *session) take() authcode.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := s.token
	s.token = ""
	return token
}

var errNoToken = errors.New("the answer has no access_token")

type wireSession struct {
	Token string `json:"access_token"`
}

// openSession logs in. The call is not repeated: each session counts towards a quota.
// But no code is touched by it, so that its error is never Unknown.
func (c *Client) openSession(ctx context.Context) (authcode.Secret, error) {
	h := c.header()
	req := http.Request{Header: h}
	req.SetBasicAuth(c.opts.ID, c.opts.Secret.Reveal())
	q := httpcall.Call{Op: "POST session", Method: http.MethodPost, Path: "/session/", Header: h, Body: []byte("{}")}
	r, err := c.http.Do(ctx, q)
	if err != nil {
		var e *authcode.Error
		if errors.As(err, &e) {
			e.Unknown = false
		}
		return "", err
	}
	q.Safe = true // what follows is about the answer
	if !r.OK() {
		return "", c.failure(q, r)
	}
	var w wireSession
	if _, err := jsonwire.Unmarshal(r.Body, &w); err != nil {
		return "", c.http.Error(q, r, false, err)
	}
	if w.Token == "" {
		return "", c.http.Error(q, r, false, errNoToken)
	}
	return authcode.Secret(w.Token), nil
}

// Close ends the session at Netim, if there is one. A call after that opens another:
// close when no call is under way.
func (c *Client) Close(ctx context.Context) error {
	token := c.session.take()
	if token == "" {
		return nil
	}
	q := httpcall.Call{Op: "DELETE session", Method: http.MethodDelete, Path: "/session/", Safe: true}
	r, err := c.send(ctx, q, token)
	switch {
	case err != nil:
		return err
	case r.OK(), r.Status == http.StatusUnauthorized: // ended already
		return nil
	}
	return c.failure(q, r)
}
