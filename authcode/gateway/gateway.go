package gateway

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// Options say what a Gateway stands on. Provider and Accounts are required; a zero
// field has the default named beside it.
type Options struct {
	Provider authcode.Provider
	Accounts Store

	// Timeout bounds what a request may cause; 60 s.
	Timeout time.Duration
	// MaxBody is the most octets of a request's body; 64 KiB.
	MaxBody int64
	// Rate is how often an account may ask; no limit.
	Rate Rate
	// SessionTTL is how long a session lasts that a client opened; the
	// interface's own. MaxSessions is how many an account may have open; 100.
	SessionTTL  time.Duration
	MaxSessions int
	// NoCodes are suffixes, such as "nu", whose domains have no codes.
	NoCodes []string

	// Now is the clock; time.Now. Rand makes session tokens; crypto/rand.Reader.
	Now  func() time.Time
	Rand io.Reader
	// Audit is called after each hand-over and each try at one. It is called by
	// many goroutines at once.
	Audit func(context.Context, Entry)
	// Log gets what goes wrong. Nil logs nothing.
	Log *slog.Logger
}

// A Gateway lets accounts use a Provider. The handlers of several interfaces can share
// one. Any number of goroutines may use it at once.
type Gateway struct {
	opts Options
	rate limiter
}

// New makes a Gateway.
func New(o Options) (*Gateway, error) {
	if o.Provider == nil || o.Accounts == nil {
		return nil, errors.New("gateway: a Provider and Accounts are required")
	}
	o.Timeout = cmp.Or(o.Timeout, time.Minute)
	o.MaxBody = cmp.Or(o.MaxBody, 64<<10)
	o.MaxSessions = cmp.Or(o.MaxSessions, 100)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Audit == nil {
		o.Audit = func(context.Context, Entry) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Gateway{opts: o, rate: limiter{rate: o.Rate}}, nil
}

// Accounts is the store of accounts.
func (g *Gateway) Accounts() Store { return g.opts.Accounts }

// Now is the time by the options' clock.
func (g *Gateway) Now() time.Time { return g.opts.Now() }

// MaxBody is the most octets of a request's body.
func (g *Gateway) MaxBody() int64 { return g.opts.MaxBody }

// Log gets what goes wrong.
func (g *Gateway) Log() *slog.Logger { return g.opts.Log }

// Allow reports whether an account may ask once more now.
func (g *Gateway) Allow(who *Account) bool { return g.rate.allow(who.Name, g.Now()) }

// RetryAfter is how long an account waits at most whom Allow has refused, in whole
// seconds. It is 0 where there is no limit.
func (g *Gateway) RetryAfter() time.Duration { return g.opts.Rate.wait() }

// A Caller is who asks, and by which interface.
type Caller struct {
	*Account
	Via  string // the interface, as in netim
	Addr string // the client's network address
}

// HandOver carries out an account's request. What the account has no right to, what
// the Provider can't do and what a Provider says no to is Refused; the error is an
// *authcode.Error. accept are the kinds of outcome that the interface has words for: a
// request that may have another one is refused before anything is done.
func (g *Gateway) HandOver(ctx context.Context, who Caller, r authcode.Request, accept authcode.Kinds) (authcode.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	out, err := g.handOver(ctx, who, &r, accept)
	g.opts.Audit(ctx, entry(g.Now(), who, r, out, err))
	return out, err
}

func (g *Gateway) handOver(ctx context.Context, who Caller, r *authcode.Request, accept authcode.Kinds) (authcode.Outcome, error) {
	q, err := r.Canonical()
	if err == nil {
		err = g.may(who.Account, q.Domain)
	}
	if no, refused := authcode.AsRefused(err); refused {
		return no, nil
	}
	q.Reseller = who.Mail
	*r = q
	caps, err := g.opts.Provider.Capabilities(ctx, q.Domain)
	if no, refused := authcode.AsRefused(err); refused {
		return upstream(no), nil
	}
	if err != nil {
		return nil, g.failed(err)
	}
	if no, refused := caps.Refuse(q); refused {
		return no, nil
	}
	if other := caps.For(q).Outcomes &^ accept; other != 0 {
		return authcode.Refused{
			Class: authcode.Unsupported,
			Text:  fmt.Sprintf("the result may be of a kind (%s) for which this interface has no words", other),
		}, nil
	}
	out, err := g.opts.Provider.HandOver(ctx, q)
	if err != nil {
		return nil, g.failed(err)
	}
	if no, refused := out.(authcode.Refused); refused {
		return upstream(no), nil
	}
	if out.Kind()&^accept != 0 {
		// Something was done, and not what the interface promises.
		return nil, g.failed(&authcode.Error{
			System: "gateway", Op: q.String(), Domain: q.Domain, Unknown: true,
			Err: fmt.Errorf("the outcome is of a kind that was not announced: %s", out.Kind()),
		})
	}
	return out, nil
}

// failed logs an error of the Provider, which has no code and no password in it.
func (g *Gateway) failed(err error) error {
	g.opts.Log.Error("no outcome", "error", err)
	return err
}

// upstream is a refusal as the client is to see it. That an upstream does not know the
// gateway is no fault of the client's.
func upstream(no authcode.Refused) authcode.Refused {
	if no.Class == authcode.Unauthorized {
		no.Class, no.Text = authcode.Unavailable, "the upstream does not let the gateway in"
	}
	return no
}

// may refuses a domain that is not the account's, and one without codes.
func (g *Gateway) may(who *Account, domain string) error {
	switch holder := g.opts.Accounts.Holder(domain); {
	case holder == nil:
		return authcode.Refused{Class: authcode.NotFound, Text: "there is no such domain"}
	case holder.Name != who.Name:
		return authcode.Refused{Class: authcode.NotYours, Text: "the domain is not in this account"}
	}
	for _, suffix := range g.opts.NoCodes {
		if strings.HasSuffix(domain, "."+suffix) {
			return authcode.Refused{Class: authcode.NoCodes, Text: "domains under " + suffix + " have no codes"}
		}
	}
	return nil
}

// Capabilities are what can be asked for a domain of the account. The error is a
// Refused or an *authcode.Error.
func (g *Gateway) Capabilities(ctx context.Context, who Caller, domain string) (authcode.Capabilities, error) {
	ctx, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	domain, err := g.own(who, domain)
	if err != nil {
		return authcode.Capabilities{}, err
	}
	caps, err := g.opts.Provider.Capabilities(ctx, domain)
	return caps, neighbour(err)
}

// Describe tells about a domain of the account. Where the Provider is no Describer it
// tells the name alone. The error is a Refused or an *authcode.Error.
func (g *Gateway) Describe(ctx context.Context, who Caller, domain string) (authcode.Domain, error) {
	d, _, err := g.describe(ctx, who, domain)
	return d, err
}

// Status is Describe where the name alone would not do: it is Refused, of class
// Unsupported, where the Provider is no Describer.
func (g *Gateway) Status(ctx context.Context, who Caller, domain string) (authcode.Domain, error) {
	d, told, err := g.describe(ctx, who, domain)
	if err == nil && !told {
		return authcode.Domain{}, authcode.Refused{Class: authcode.Unsupported, Text: "the status of this domain is not known here"}
	}
	return d, err
}

// describe reports too whether there was a Describer to tell.
func (g *Gateway) describe(ctx context.Context, who Caller, domain string) (tells authcode.Domain, told bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	if domain, err = g.own(who, domain); err != nil {
		return authcode.Domain{}, false, err
	}
	d, told, err := authcode.Find[authcode.Describer](ctx, g.opts.Provider, domain)
	if err != nil || !told {
		return authcode.Domain{Name: domain}, false, neighbour(err)
	}
	tells, err = d.Describe(ctx, domain)
	return tells, true, neighbour(err)
}

// SetLock locks or unlocks a domain of the account, because its client asks for that.
// The error is a Refused or an *authcode.Error.
func (g *Gateway) SetLock(ctx context.Context, who Caller, domain string, locked bool) error {
	ctx, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	domain, err := g.own(who, domain)
	if err != nil {
		return err
	}
	l, ok, err := authcode.Find[authcode.Locker](ctx, g.opts.Provider, domain)
	if err != nil {
		return neighbour(err)
	}
	if !ok {
		return authcode.Refused{Class: authcode.Unsupported, Text: "the lock of this domain can't be changed here"}
	}
	return neighbour(l.SetLock(ctx, domain, locked))
}

// Operation says what became of an operation that was Pending. The error is a Refused
// or an *authcode.Error.
func (g *Gateway) Operation(ctx context.Context, who Caller, domain, operation string) (authcode.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	domain, err := g.own(who, domain)
	if err != nil {
		return nil, err
	}
	o, ok, err := authcode.Find[authcode.Operator](ctx, g.opts.Provider, domain)
	if err != nil {
		return nil, neighbour(err)
	}
	if !ok {
		return nil, authcode.Refused{Class: authcode.NotFound, Text: "nothing is known of this operation"}
	}
	out, err := o.Operation(ctx, domain, operation)
	return out, neighbour(err)
}

// own returns the canonical name of a domain that is the account's.
func (g *Gateway) own(who Caller, domain string) (string, error) {
	name, err := authcode.CanonicalDomain(domain)
	if err != nil {
		return "", err
	}
	if holder := g.opts.Accounts.Holder(name); holder == nil || holder.Name != who.Name {
		return "", g.may(who.Account, name)
	}
	return name, nil
}

// neighbour is the error of a call beside the hand-over, as the client is to see it.
func neighbour(err error) error {
	if no, refused := authcode.AsRefused(err); refused {
		return upstream(no)
	}
	return err
}
