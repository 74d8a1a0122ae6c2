package netim

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

var errNoToken = errors.New("the answer has no access_token")

type wireSession struct {
	Token string `json:"access_token"`
}

// openSession logs in. The call is not repeated: each session counts towards a quota.
// But no code is touched by it, so that its error is never Unknown. How long a session
// lasts nobody says.
func (c *Client) openSession(ctx context.Context) (token authcode.Secret, until time.Time, err error) {
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
		return "", until, err
	}
	q.Safe = true // what follows is about the answer
	if !r.OK() {
		return "", until, c.http.Login(q, r, c.failure(q, r))
	}
	var w wireSession
	if _, err := jsonwire.Unmarshal(r.Body, &w); err != nil {
		return "", until, c.http.Error(q, r, false, err)
	}
	if w.Token == "" {
		return "", until, c.http.Error(q, r, false, errNoToken)
	}
	return authcode.Secret(w.Token), until, nil
}

// Close ends the session at Netim, if there is one. A call after that opens another:
// close when no call is under way.
func (c *Client) Close(ctx context.Context) error {
	token := c.session.Take()
	if token == "" {
		return nil
	}
	q := httpcall.Call{
		Op: "DELETE session", Method: http.MethodDelete, Path: "/session/", Header: c.header(), Safe: true,
	}
	r, err := c.http.Do(ctx, q.Bearing(token))
	switch {
	case err != nil:
		return err
	case r.OK(), r.Status == http.StatusUnauthorized: // ended already
		return nil
	}
	return c.failure(q, r)
}
