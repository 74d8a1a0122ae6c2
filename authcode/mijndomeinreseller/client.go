package mijndomeinreseller

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

const (
	system   = "mijndomeinreseller"
	liveBase = "https://api.mijndomeinreseller.nl"
	testBase = "https://api-test.mijndomeinreseller.nl"
)

// Options say how a Client reaches the interface. Key is required.
type Options struct {
	// HTTP has the interface's own Base for "": the test environment's with Test,
	// or else the live one's.
	authcode.HTTP
	// Key is the API key: 8 characters, a dash and 64 characters. Another form is
	// a warning in the log, and no error.
	Key  authcode.Secret
	Test bool
	// Classify, unless nil, says which answers are refusals, since the document
	// does not. It is asked about every answer that is neither 204 nor a 2xx with
	// a code. Where it returns false, the package goes by the body that its own
	// handler writes, and by the status.
	Classify func(status int, body []byte) (authcode.Class, bool)
}

// A Client makes calls to the interface. It is an authcode.Provider. Any number of
// goroutines may use it at once.
type Client struct {
	call *httpcall.Caller
	opts *Options // a pointer, because package fmt shows the secrets of unexported fields
}

// documented is the form of an API key.
var documented = regexp.MustCompile(`^.{8}-.{64}$`)

// New makes a Client. It makes no call.
func New(o Options) (*Client, error) {
	switch {
	case o.Key == "":
		return nil, errors.New(system + ": an API key is required")
	case strings.ContainsFunc(string(o.Key), func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, errors.New(system + ": the API key has characters that can't be sent")
	}
	base := liveBase
	if o.Test {
		base = testBase
	}
	call, err := httpcall.New(system, base, o.HTTP)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if !documented.MatchString(string(o.Key)) {
		o.Log.Warn("the API key has not the documented form", "system", system)
	}
	return &Client{call: call, opts: &o}, nil
}

// AuthCode has a new code made and shown, or the code mailed to the registrant (POST
// /v2/domains/{domain}/auth_code). The registry decides which. The error is a Refused
// or an *authcode.Error, whose Unknown says that the code may have been replaced.
func (c *Client) AuthCode(ctx context.Context, domain string) (*Result, error) {
	name, err := authcode.CanonicalDomain(domain)
	if err != nil {
		return nil, err
	}
	q := httpcall.Call{
		Op: "POST auth_code", Domain: name,
		Method: http.MethodPost,
		Path:   httpcall.Path("v2", "domains", name, "auth_code"),
		Header: http.Header{
			"Authorization": {"Bearer " + c.opts.Key.Reveal()},
			"Accept":        {"application/json"},
		},
	}
	r, err := c.call.Do(ctx, q)
	if err != nil {
		return nil, err
	}
	res, err := c.opts.read(r.Status, r.Body)
	if no, refused := authcode.AsRefused(err); refused {
		return nil, no
	}
	if err != nil {
		return nil, c.call.Error(q, r, true, err)
	}
	if res.Code != nil && res.Code.Expires.IsZero() && res.Code.Expiry != "" {
		c.opts.Log.WarnContext(ctx, "a code has an expiry that can't be read", "system", system, "domain", name)
	}
	return res, nil
}
