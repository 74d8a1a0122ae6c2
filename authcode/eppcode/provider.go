package eppcode

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/client"
)

// A Kind is how a registry deals with codes.
type Kind uint8

// The kinds of registry.
const (
	RFC  Kind = iota // the registrar sets them (RFC 5731, RFC 9154)
	FRED             // the registry makes and mails them (CZ.NIC)
)

// DefaultTTL is how long a code lives unless told otherwise.
const DefaultTTL = 7 * 24 * time.Hour

// Options configure a Provider. Doer is needed, and ClID for a registry by the RFCs.
type Options struct {
	// Doer carries the commands: a client.Pool, or a session that has logged in. A
	// pool that has FailFast answers at once while the registry can't be reached.
	Doer client.Doer
	// ClID is the registrar that Doer logs in. What another one sponsors is
	// NotYours.
	ClID string
	Kind Kind

	// What follows is for a registry by the RFCs.

	// TTL is how long a code lives that the Provider sets; DefaultTTL.
	TTL time.Duration
	// Limits are what the registry takes for a code, a random one or the caller's.
	// Without a Min the caller's must have 16 characters; without an Alphabet it
	// may have any that EPP can carry.
	Limits authcode.Limits
	// Hidden says that the registry never shows codes (RFC 9154), so that there is
	// no Retrieve. Otherwise the Provider finds that out by what it is shown.
	Hidden bool
	// Rand is where codes come from; crypto/rand.Reader.
	Rand io.Reader
	// Now is the time; time.Now. Run waits by the machine's clock all the same.
	Now func() time.Time
	// Ledger remembers when codes are to end. The default is in memory: the
	// codes that are in force when the program ends stay in force. Where other
	// Providers make codes for the same registrar they have to share a
	// SharedLedger, such as a Dir.
	Ledger Ledger
	// IgnoreLock makes new codes for domains that can't be transferred, too.
	IgnoreLock bool
	// Log gets what Run and Expire do, and codes that the registry did not
	// take; never a code. Nil logs nothing.
	Log *slog.Logger
}

// A Provider hands over the codes of one registry to one registrar. Any number of
// goroutines may use it at once.
//
// Beside an authcode.Provider it is a Describer. For a registry by the RFCs it is a
// Locker, a Directory and a Revoker too; for FRED these refuse as Unsupported.
type Provider struct {
	opts Options
	busy busy
	sees sight
	wake chan struct{} // to Run: there is a new entry in the ledger
}

var (
	_ authcode.Provider  = (*Provider)(nil)
	_ authcode.Describer = (*Provider)(nil)
	_ authcode.Locker    = (*Provider)(nil)
	_ authcode.Directory = (*Provider)(nil)
	_ authcode.Revoker   = (*Provider)(nil)
)

// New makes a Provider. The error says which option is missing or wrong.
func New(o Options) (*Provider, error) {
	switch {
	case o.Doer == nil:
		return nil, errors.New("eppcode: no Doer")
	case o.Kind > FRED:
		return nil, fmt.Errorf("eppcode: there is no kind %d of registry", o.Kind)
	case o.Kind == RFC && o.ClID == "":
		return nil, errors.New("eppcode: no ClID")
	case o.TTL < 0:
		return nil, fmt.Errorf("eppcode: a TTL of %v", o.TTL)
	}
	if _, err := o.Limits.Length(); err != nil {
		return nil, fmt.Errorf("eppcode: %w", err)
	}
	if o.TTL == 0 {
		o.TTL = DefaultTTL
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Ledger == nil {
		o.Ledger = new(memory)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Provider{opts: o, wake: make(chan struct{}, 1)}, nil
}

// Capabilities are the same for all domains. Retrieve goes when the registry turns out to
// show no codes.
func (p *Provider) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	caps := p.able()
	if p.sees.hidden(p.opts.Now()) {
		caps.Retrieve = authcode.Ability{}
	}
	return caps, nil
}

// able is what the options let the Provider do.
func (p *Provider) able() authcode.Capabilities {
	if p.opts.Kind == FRED {
		mails := authcode.Ability{Outcomes: authcode.KindSent, NewCode: true}
		return authcode.Capabilities{
			Regenerate: mails,
			Send:       map[authcode.Recipient]authcode.Ability{authcode.Registrant: mails, authcode.Admin: mails},
		}
	}
	caps := authcode.Capabilities{Regenerate: authcode.Ability{
		Outcomes: authcode.KindCode | authcode.KindPending, NewCode: true, Chosen: true,
	}}
	if !p.opts.Hidden {
		caps.Retrieve = authcode.Ability{Outcomes: authcode.KindCode}
	}
	return caps
}

// HandOver carries out a request.
func (p *Provider) HandOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	return authcode.AsOutcome(p.handOver(ctx, r))
}

func (p *Provider) handOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	r, err := r.Canonical()
	if err != nil {
		return nil, err
	}
	// A Retrieve is carried out although the registry has shown none so far: it is by
	// looking that one finds out, and who asked for the capabilities before counts on it.
	if no, refused := p.able().Refuse(r); refused {
		return nil, no
	}
	switch {
	case p.opts.Kind == FRED:
		return p.mail(ctx, r)
	case r.Verb == authcode.Retrieve:
		return p.retrieve(ctx, r.Domain)
	}
	return p.regenerate(ctx, r.Domain, r.Value)
}

// notHere refuses what only a registry by the RFCs can do.
func (p *Provider) notHere(what string) error {
	if p.opts.Kind == RFC {
		return nil
	}
	return authcode.Refused{Class: authcode.Unsupported, Text: "FRED " + what}
}
