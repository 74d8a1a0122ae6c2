package openprovider

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A Login is a token, and whose it is.
type Login struct {
	Token      authcode.Secret
	ResellerID int64
	// Extra are further fields of the data.
	Extra map[string]json.RawMessage
	Reply Reply
}

const loginOp = "POST auth/login"

type loginRequest struct {
	Username string `json:"username"`
	Password string `json:"password"`
	IP       string `json:"ip,omitempty"`
}

type loginData struct {
	Token      string       `json:"token"`
	ResellerID jsonwire.Int `json:"reseller_id"`
}

func (d *loginData) complete() bool { return d.Token != "" }

// Login opens a session with the username and the password of the options. The other
// methods do so by themselves, and keep the token to themselves. The error is a Refused
// or an *authcode.Error.
func (c *Client) Login(ctx context.Context) (*Login, error) {
	if c.session.username == "" {
		return nil, authcode.Refused{Class: authcode.Unauthorized, Text: "a username is required for a login"}
	}
	q := httpcall.Call{
		Op: loginOp, Method: http.MethodPost, Path: "/auth/login", Header: jsonHeader(),
		Body: jsonwire.Append(loginRequest{
			Username: c.session.username, Password: c.session.password.Reveal(), IP: c.session.ip,
		}),
		Safe: true, // one session more changes nothing
	}
	r, err := c.http.Do(ctx, q)
	if err != nil {
		return nil, err
	}
	e, err := c.judge(q, r)
	if err != nil {
		return nil, err
	}
	var d loginData
	extra, err := e.read(&d)
	if err != nil {
		return nil, c.unusable(q, r, e)
	}
	return &Login{Token: authcode.Secret(d.Token), ResellerID: int64(d.ResellerID), Extra: extra, Reply: e.reply()}, nil
}

// session is the token that all calls of a client share.
type session struct {
	username, ip string
	password     authcode.Secret
	ttl          time.Duration

	mu    sync.Mutex
	token authcode.Secret
	until time.Time // when to renew it; zero for never
	under *login    // the one under way; nil for none
}

// login is one try to get a token.
type login struct {
	done  chan struct{} // closed at its end
	token authcode.Secret
	err   error
	// gaveUp says that the caller who made it went away, which says nothing to
	// those who wait for it.
	gaveUp bool
}

// bearer returns the token, after a login where there is none. Of several callers one
// logs in, and the others wait, each as long as its context lasts.
func (c *Client) bearer(ctx context.Context, q httpcall.Call) (authcode.Secret, error) {
	s := c.session
	for {
		s.mu.Lock()
		if s.token != "" && (s.until.IsZero() || c.http.Now().Before(s.until)) {
			defer s.mu.Unlock()
			return s.token, nil
		}
		l := s.under
		if l == nil {
			l = &login{done: make(chan struct{})}
			s.under = l
			s.mu.Unlock()
			c.lead(ctx, l)
			return l.token, l.err
		}
		s.mu.Unlock()
		select {
		case <-l.done:
			if !l.gaveUp {
				return l.token, l.err
			}
		case <-ctx.Done():
			return "", c.http.Error(q, nil, false, context.Cause(ctx))
		}
	}
}

// lead makes the login that others wait for.
func (c *Client) lead(ctx context.Context, l *login) {
	s := c.session
	l.gaveUp = true
	defer func() {
		s.mu.Lock()
		s.under = nil
		s.mu.Unlock()
		close(l.done)
	}()
	at := c.http.Now()
	got, err := c.Login(ctx)
	l.err, l.gaveUp = err, err != nil && ctx.Err() != nil
	if err == nil {
		l.token = got.Token
		s.mu.Lock()
		s.token, s.until = got.Token, at.Add(s.ttl)
		s.mu.Unlock()
	}
}

// renew forgets a token that was not accepted, and reports whether another can be had.
func (s *session) renew(refused authcode.Secret) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.username == "" {
		return false
	}
	if s.token == refused {
		s.token = ""
	}
	return true
}
