package gateway

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
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
	// Denied is called after each request with wrong credentials. It is called by
	// many goroutines at once.
	Denied func(context.Context, Denial)
	// Log gets what goes wrong. Nil logs nothing.
	Log *slog.Logger
}

// A Gateway lets accounts use a Provider. The handlers of several interfaces can share
// one. Any number of goroutines may use it at once.
type Gateway struct {
	opts Options
	rate limiter
	rand sync.Mutex // of opts.Rand
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
	if o.Denied == nil {
		o.Denied = func(context.Context, Denial) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	noCodes := make([]string, len(o.NoCodes))
	for i, suffix := range o.NoCodes {
		name, err := authcode.CanonicalSuffix(suffix)
		if err != nil || name == "" {
			return nil, fmt.Errorf("gateway: there are no domains under %q", suffix)
		}
		noCodes[i] = name
	}
	o.NoCodes = noCodes
	return &Gateway{opts: o, rate: limiter{rate: o.Rate}}, nil
}

// Accounts is the store of accounts.
func (g *Gateway) Accounts() Store { return g.opts.Accounts }

// Now is the time by the options' clock.
func (g *Gateway) Now() time.Time { return g.opts.Now() }

// MaxBody is the most octets of a request's body.
func (g *Gateway) MaxBody() int64 { return g.opts.MaxBody }

// token makes what nobody guesses: 32 hexadecimal digits.
func (g *Gateway) token() (string, error) {
	g.rand.Lock()
	defer g.rand.Unlock()
	b := make([]byte, 16)
	_, err := io.ReadFull(g.opts.Rand, b)
	return hex.EncodeToString(b), err
}

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
// request that may have another one is refused before anything is done, and so is every
// request where there are none. Only one that may be Pending is carried out all the
// same; if it then is, the outcome is unknown. KindRefused among them says that there
// are words for a Refused that is Partial, of which the outcome is unknown otherwise.
func (g *Gateway) HandOver(ctx context.Context, who Caller, r authcode.Request, accept authcode.Kinds) (authcode.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	var out authcode.Outcome
	var err error = &authcode.Error{System: "gateway", Op: "hand over", Unknown: true} // of a panic
	defer func() { g.audit(ctx, entry(g.Now(), who, r, out, err)) }()
	out, err = g.handOver(ctx, who, &r, accept)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// TurnedDown writes into the audit that an interface refused a request before HandOver:
// for a domain that has no name here, because its number is not the account's.
func (g *Gateway) TurnedDown(ctx context.Context, who Caller, r authcode.Request, no authcode.Refused) {
	g.audit(ctx, entry(g.Now(), who, r, no, nil))
}

// audit writes an entry down, also where what it is about took too long.
func (g *Gateway) audit(ctx context.Context, e Entry) {
	g.opts.Audit(context.WithoutCancel(ctx), e)
}

// handOver returns both an outcome and an error where the outcome can't be said.
func (g *Gateway) handOver(ctx context.Context, who Caller, r *authcode.Request, accept authcode.Kinds) (authcode.Outcome, error) {
	q, err := r.Canonical()
	*r = q
	if err == nil {
		err = g.may(who.Account, q.Domain)
	}
	if err == nil {
		err = g.codes(q.Domain)
	}
	if no, refused := authcode.AsRefused(err); refused {
		return no, nil
	}
	q.Reseller = who.Mail
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
	// Where there are no words for what is pending, unknown says the same.
	if other := caps.For(q).Outcomes &^ accept &^ authcode.KindPending; other != 0 || accept == 0 {
		return authcode.Refused{
			Class: authcode.Unsupported,
			Text:  fmt.Sprintf("the result may be of a kind (%s) for which this interface has no words", cmp.Or(other, caps.For(q).Outcomes)),
		}, nil
	}
	out, err := g.opts.Provider.HandOver(ctx, q)
	if err != nil {
		return nil, g.failed(err)
	}
	if no, refused := out.(authcode.Refused); refused && (!no.Partial() || accept&authcode.KindRefused != 0) {
		return upstream(no), nil
	}
	if why := unsayable(q, out, accept); why != "" {
		return out, g.failed(&authcode.Error{
			System: "gateway", Op: q.String(), Domain: q.Domain, Unknown: true, Err: errors.New(why),
		})
	}
	return out, nil
}

// unsayable is why an outcome is not what an interface promises its client; "" where it
// is. Where a request that is no Send has the code sent, that means to the registrant.
func unsayable(q authcode.Request, out authcode.Outcome, accept authcode.Kinds) string {
	if no, refused := out.(authcode.Refused); refused {
		return "it was refused (" + string(no.Class) + "), and the interface has no words for what was done all the same"
	}
	if out.Kind()&^accept != 0 {
		return "the outcome is of a kind for which the interface has no words: " + out.Kind().String()
	}
	to := cmp.Or(q.To, authcode.Registrant)
	if sent, ok := out.(authcode.Sent); ok && len(sent.To) > 0 && !slices.Contains(sent.To, to) {
		return fmt.Sprintf("the interface would say that the code was sent to the %s, and it was sent to %v", to, sent.To)
	}
	return ""
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

// may refuses a domain that is not the account's.
func (g *Gateway) may(who *Account, domain string) error {
	switch holder := g.opts.Accounts.Holder(domain); {
	case holder == nil:
		return authcode.Refused{Class: authcode.NotFound, Text: "there is no such domain"}
	case holder.Name != who.Name:
		return authcode.Refused{Class: authcode.NotYours, Text: "the domain is not in this account"}
	}
	return nil
}

// codes refuses a domain without codes.
func (g *Gateway) codes(domain string) error {
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
	if g.codes(domain) != nil {
		return authcode.Capabilities{}, nil
	}
	caps, err := g.opts.Provider.Capabilities(ctx, domain)
	return caps, neighbour(err)
}

// Describe tells about a domain of the account. Where the Provider is no Describer it
// tells the name alone. The error is a Refused or an *authcode.Error.
func (g *Gateway) Describe(ctx context.Context, who Caller, domain string) (authcode.Domain, error) {
	ctx, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	domain, err := g.own(who, domain)
	if err != nil {
		return authcode.Domain{}, err
	}
	d, told, err := authcode.Find[authcode.Describer](ctx, g.opts.Provider, domain)
	if err != nil || !told {
		return authcode.Domain{Name: domain}, neighbour(err)
	}
	tells, err := d.Describe(ctx, domain)
	if no, refused := authcode.AsRefused(err); refused && no.Class == authcode.Unsupported {
		return authcode.Domain{Name: domain}, nil // such as a client of what is no Describer
	}
	return tells, neighbour(err)
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

// Operation says what became of an operation that was Pending. A code that somebody
// got by it is written into the audit. The error is a Refused or an *authcode.Error.
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
	switch it := out.(type) {
	case authcode.Refused: // the operation, or that it was asked for
		out = upstream(it)
	case authcode.Code, authcode.Sent:
		e := entry(g.Now(), who, authcode.Request{Domain: domain}, out, nil)
		e.Operation = operation
		g.audit(ctx, e)
	}
	return out, neighbour(err)
}

// own returns the canonical name of a domain that is the account's.
func (g *Gateway) own(who Caller, domain string) (string, error) {
	name, err := authcode.CanonicalDomain(domain)
	if err != nil {
		return "", err
	}
	return name, g.may(who.Account, name)
}

// neighbour is the error of a call beside the hand-over, as the client is to see it.
func neighbour(err error) error {
	if no, refused := authcode.AsRefused(err); refused {
		return upstream(no)
	}
	return err
}
