package opensrs

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// The addresses of the interface.
const (
	LiveBase = "https://rr-n1-tor.opensrs.net:55443"
	TestBase = "https://horizon.opensrs.net:55443"
)

// Options say how the interface is reached and who asks. Username and Key are required;
// a zero field has the default named beside it.
type Options struct {
	authcode.HTTP // Base is LiveBase
	Username      string
	Key           authcode.Secret
	// Test makes TestBase the Base.
	Test bool

	// Limits are what the registries take for codes that Regenerate makes. Rand
	// makes them; crypto/rand.Reader.
	Limits authcode.Limits
	Rand   io.Reader

	// Classes are of response codes of which the document says nothing, or where
	// it is wrong, such as "465".
	Classes map[string]authcode.Class
	// SendRenews says that send_authcode makes a new code.
	SendRenews bool
	// NoDoctype leaves out the DOCTYPE.
	NoDoctype bool
}

// A Client makes requests. It is an authcode.Provider, Describer and Locker. Any number
// of goroutines may use it at once.
//
// The errors of its methods are a Refused or an *authcode.Error.
type Client struct {
	opts *Options // a pointer, because package fmt shows secrets in fields it may not call
	http *httpcall.Caller
}

// New makes a Client. The error says which option is missing or makes no sense.
func New(o Options) (*Client, error) {
	base := LiveBase
	if o.Test {
		base = TestBase
	}
	if o.Username == "" || o.Key == "" {
		return nil, errors.New("opensrs: Username and Key are required")
	}
	if _, err := o.Limits.Length(); err != nil {
		return nil, err
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	caller, err := httpcall.New("opensrs", base, o.HTTP)
	if err != nil {
		return nil, err
	}
	return &Client{opts: &o, http: caller}, nil
}

// SendAuthCode has a domain's code sent to its administrative contact (send_authcode).
// The answer can be Pending.
func (c *Client) SendAuthCode(ctx context.Context, domain string) (*Answer, error) {
	a, _, err := c.do(ctx, request{
		action: "send_authcode", domain: domain, asksCode: true,
		attributes: Assoc{{"domain_name", Text(domain)}},
	})
	return a, err
}

// DomainAuthInfo asks for a domain's code (get, type domain_auth_info).
func (c *Client) DomainAuthInfo(ctx context.Context, domain string) (*AuthInfo, error) {
	a, failed, err := c.do(ctx, request{
		action: "get", domain: domain, safe: true, asksCode: true,
		attributes: Assoc{{"domain", Text(domain)}, {"type", Text("domain_auth_info")}},
	})
	if err != nil {
		return nil, err
	}
	v, ok := a.Attributes.Get("domain_auth_info")
	if !ok || !v.IsText() || a.Pending() {
		return nil, failed(errMissing)
	}
	return &AuthInfo{Answer: a, DomainAuthInfo: v.Text}, nil
}

// SetDomainAuthInfo gives a domain a code (modify, data domain_auth_info). The answer
// can be Pending.
func (c *Client) SetDomainAuthInfo(ctx context.Context, domain string, code authcode.Secret) (*Answer, error) {
	if code == "" || !xmltree.ValidChars(code.Reveal()) {
		return nil, authcode.Refused{Class: authcode.Invalid, Text: "the code is empty, or XML can't hold it"}
	}
	a, _, err := c.do(ctx, request{
		action: "modify", domain: domain,
		attributes: Assoc{
			{"domain", Text(domain)},
			{"data", Text("domain_auth_info")},
			{"domain_auth_info", Value{Text: code}},
		},
	})
	return a, err
}

// LockState asks whether a domain is locked (get, type status).
func (c *Client) LockState(ctx context.Context, domain string) (*Status, error) {
	a, failed, err := c.do(ctx, request{
		action: "get", domain: domain, safe: true,
		attributes: Assoc{{"domain", Text(domain)}, {"type", Text("status")}},
	})
	if err != nil {
		return nil, err
	}
	state := a.Attributes.Word("lock_state")
	if state != "0" && state != "1" {
		return nil, failed(errMissing)
	}
	s := &Status{Answer: a, LockState: state == "1"}
	switch a.Attributes.Word("can_modify") {
	case "1":
		s.CanModify = authcode.Yes
	case "0":
		s.CanModify = authcode.No
	}
	return s, nil
}

// SetLockState locks or unlocks a domain (modify, data status). The answer can be
// Pending.
func (c *Client) SetLockState(ctx context.Context, domain string, locked bool) (*Answer, error) {
	a, _, err := c.do(ctx, c.lock(domain, locked))
	return a, err
}

func (c *Client) lock(domain string, locked bool) request {
	return request{
		action: "modify", domain: domain,
		attributes: Assoc{
			{"domain", Text(domain)}, {"data", Text("status")}, {"lock_state", Text(flag(locked))},
		},
	}
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// A request is about a domain.
type request struct {
	action, domain string
	attributes     Assoc
	safe           bool // it changes nothing
	asksCode       bool // it asks for a code
}

// do makes a request. failed makes an error about an answer of which the caller finds
// that it is of no use.
func (c *Client) do(ctx context.Context, r request) (a *Answer, failed func(error) error, err error) {
	e := Envelope{Doctype: !c.opts.NoDoctype, Data: Assoc{
		{"protocol", Text("XCP")},
		{"action", Text(r.action)},
		{"object", Text("domain")},
		{"attributes", Value{Assoc: r.attributes}},
	}}
	doc, err := e.XML()
	if err != nil {
		return nil, nil, authcode.Refused{Class: authcode.Invalid, Text: "XML can't hold the domain's name"}
	}
	q := httpcall.Call{
		Op: r.action, Domain: r.domain, Method: http.MethodPost, Path: "/", Body: doc, Safe: r.safe,
		Header: http.Header{
			"Content-Type": {"text/xml"},
			"X-Username":   {c.opts.Username},
			"X-Signature":  {Sign(doc, c.opts.Key)},
		},
	}
	reply, err := c.http.Do(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	a, err = readAnswer(reply.Body)
	if err != nil {
		return nil, nil, c.http.Foreign(q, reply, err)
	}
	a.HTTPStatus = reply.Status
	failed = func(err error) error {
		e := c.http.Error(q, reply, !r.safe, err)
		e.Code = a.ResponseCode
		return e
	}
	switch {
	case a.IsSuccess && !reply.OK():
		return nil, nil, failed(errContradiction)
	case !a.IsSuccess:
		if a.ResponseCode == "350" {
			c.http.CloseIdle() // the connection has had its number of requests
		}
		if !r.safe && !c.decided(a) {
			return nil, nil, failed(errInternal)
		}
		return nil, nil, c.refused(a, r.asksCode)
	}
	return a, failed, nil
}
