package openprovider

import (
	"context"
	"encoding/json"
	"net/http"
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
	Username string         `json:"username"`
	Password jsonwire.Exact `json:"password"`
	IP       string         `json:"ip,omitempty"`
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
	if c.account.username == "" {
		return nil, authcode.Refused{Class: authcode.Unauthorized, Text: "a username is required for a login"}
	}
	body, err := jsonwire.Marshal(loginRequest{
		Username: c.account.username, Password: jsonwire.Exact(c.account.password), IP: c.account.ip,
	})
	if err != nil {
		return nil, authcode.Refused{Class: authcode.Unauthorized, Text: "the password is not UTF-8"}
	}
	q := httpcall.Call{
		Op: loginOp, Method: http.MethodPost, Path: "/auth/login", Header: jsonHeader(), Body: body,
		Safe: true, // one session more changes nothing
	}
	r, err := c.http.Do(ctx, q)
	if err != nil {
		return nil, err
	}
	e, err := c.judge(q, r)
	if err != nil {
		return nil, c.http.Login(q, r, err)
	}
	var d loginData
	extra, err := e.read(&d)
	if err != nil {
		return nil, c.unusable(q, r, e)
	}
	return &Login{Token: authcode.Secret(d.Token), ResellerID: int64(d.ResellerID), Extra: extra, Reply: e.reply()}, nil
}

// account is who logs in. A username of "" is nobody.
type account struct {
	username, ip string
	password     authcode.Secret
}

// open gets the token that all calls share.
func (c *Client) open(ctx context.Context) (token authcode.Secret, until time.Time, err error) {
	at := c.http.Now()
	l, err := c.Login(ctx)
	if err != nil {
		return "", until, err
	}
	return l.Token, at.Add(c.ttl), nil
}
