package opensrs

import (
	"context"
	"strings"

	"github.com/eppkit/eppkit/authcode"
)

// Capabilities are the same for all domains: the code can be had and replaced, and sent
// to the administrative contact.
func (c *Client) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return authcode.Capabilities{
		Retrieve:   authcode.Ability{Outcomes: authcode.KindCode},
		Regenerate: authcode.Ability{Outcomes: authcode.KindCode | authcode.KindPending, NewCode: true, Chosen: true},
		Send: map[authcode.Recipient]authcode.Ability{
			authcode.Admin: {Outcomes: authcode.KindSent | authcode.KindPending, NewCode: c.opts.SendRenews},
		},
	}, nil
}

// HandOver carries out a request. A Regenerate makes the code here, unless the request
// has one, and sets it. Where that is Pending, the code can be retrieved afterwards.
func (c *Client) HandOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	return authcode.AsOutcome(c.handOver(ctx, r))
}

func (c *Client) handOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	r, err := authcode.Begin(ctx, c, r)
	if err != nil {
		return nil, err
	}
	switch r.Verb {
	case authcode.Retrieve:
		return c.retrieve(ctx, r.Domain)
	case authcode.Regenerate:
		return c.regenerate(ctx, r)
	}
	a, err := c.SendAuthCode(ctx, r.Domain)
	if err != nil {
		return nil, err
	}
	if a.Pending() {
		return pending(a), nil
	}
	return authcode.Sent{To: []authcode.Recipient{authcode.Admin}}, nil
}

func (c *Client) retrieve(ctx context.Context, domain string) (authcode.Outcome, error) {
	a, err := c.DomainAuthInfo(ctx, domain)
	if err != nil {
		return nil, err
	}
	if a.DomainAuthInfo == "" {
		return authcode.Refused{
			Class: authcode.Unset, Code: a.ResponseCode, Text: "the domain has no code",
			HTTPStatus: a.HTTPStatus, Body: a.Body,
		}, nil
	}
	return authcode.Code{Value: a.DomainAuthInfo, Scope: authcode.External}, nil
}

func (c *Client) regenerate(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	code := r.Value
	if code == "" {
		var err error
		if code, err = authcode.Generate(c.opts.Rand, c.opts.Limits); err != nil {
			return nil, &authcode.Error{System: c.http.System(), Op: "modify", Domain: r.Domain, Err: err}
		}
	}
	a, err := c.SetDomainAuthInfo(ctx, r.Domain, code)
	if no, refused := authcode.AsRefused(err); refused {
		no.Text = hide(no.Text, code)
		return no, nil
	}
	if err != nil {
		return nil, err
	}
	if a.Pending() {
		p := pending(a)
		p.Text = hide(p.Text, code)
		return p, nil
	}
	return authcode.Code{Value: code, Scope: authcode.External}, nil
}

// hide is a text of the system, unless it quotes the code.
func hide(text string, code authcode.Secret) string {
	if strings.Contains(text, code.Reveal()) {
		return "what the system said is not shown: it quotes the code"
	}
	return text
}

func pending(a *Answer) authcode.Pending {
	return authcode.Pending{Operation: a.TransactionID(), Text: a.ResponseText}
}

// Describe tells whether a domain is locked.
func (c *Client) Describe(ctx context.Context, domain string) (authcode.Domain, error) {
	name, err := authcode.CanonicalDomain(domain)
	if err != nil {
		return authcode.Domain{}, err
	}
	s, err := c.LockState(ctx, name)
	if err != nil {
		return authcode.Domain{}, err
	}
	return authcode.Domain{Name: name, Locked: authcode.TruthOf(s.LockState), Lockable: s.CanModify}, nil
}

// SetLock locks or unlocks a domain. An answer that is Pending is an *authcode.Error
// whose outcome is unknown: the lock is not changed yet.
func (c *Client) SetLock(ctx context.Context, domain string, locked bool) error {
	name, err := authcode.CanonicalDomain(domain)
	if err != nil {
		return err
	}
	a, failed, err := c.do(ctx, c.lock(name, locked))
	if err != nil {
		return err
	}
	if a.Pending() {
		return failed(errAccepted)
	}
	return nil
}
