package authcode

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/eppkit/eppkit/internal/secret"
)

// Secret is the type of a code, and of what opens an interface: passwords, keys and
// tokens. It prints, logs and encodes redacted; Reveal is the secret itself.
type Secret = secret.Secret

// A Verb is what is to be done with a code.
type Verb string

// The verbs.
const (
	// Retrieve asks for the code that a domain has.
	Retrieve Verb = "retrieve"
	// Regenerate has a new code made, and shown where the system shows codes.
	// The one before ends.
	Regenerate Verb = "regenerate"
	// Send has the code sent to somebody, and not shown.
	Send Verb = "send"
)

// A Recipient is to whom a code is sent.
type Recipient string

// The recipients.
const (
	Registrant Recipient = "registrant" // the holder of the domain
	Reseller   Recipient = "reseller"   // who asks
	Admin      Recipient = "admin"      // the administrative contact
)

// Recipients are all recipients.
var Recipients = [...]Recipient{Registrant, Reseller, Admin}

// A Scope is what a code is good for.
type Scope string

// The scopes. The zero Scope is External.
const (
	External Scope = "external" // a transfer to another registrar
	Internal Scope = "internal" // a transfer between two customers of one upstream
)

// OrExternal is the scope, with External for the zero one.
func (s Scope) OrExternal() Scope { return cmp.Or(s, External) }

// A Request asks for the code of one domain.
type Request struct {
	Domain string // in any case, with U-labels or A-labels
	Verb   Verb
	To     Recipient // of Send
	Scope  Scope
	// Fresh asks a Send to make a new code first, where the code that the domain
	// has could be sent as well. Systems that always do the one or the other take
	// no notice.
	Fresh bool
	// Value is the code to set, for a Regenerate where the caller is to choose
	// it. "" leaves that to the system.
	Value Secret
	// Reseller is where mail to the reseller goes that eppkit sends itself.
	// Upstreams have it on record and take no notice.
	Reseller []Address
}

// Canonical returns the request with the domain's canonical name. The error is a
// Refused of class Invalid.
func (r Request) Canonical() (Request, error) {
	name, err := CanonicalDomain(r.Domain)
	if err != nil {
		return r, err
	}
	r.Domain = name
	bad := func(format string, args ...any) (Request, error) {
		return r, Refused{Class: Invalid, Text: fmt.Sprintf(format, args...)}
	}
	switch {
	case r.Verb != Retrieve && r.Verb != Regenerate && r.Verb != Send:
		return bad("there is no verb %q", r.Verb)
	case r.Verb == Send && !slices.Contains(Recipients[:], r.To):
		return bad("there is no recipient %q", r.To)
	case r.Verb != Send && r.To != "":
		return bad("%s has no recipient", r.Verb)
	case r.Verb != Send && r.Fresh:
		return bad("%s can't be asked for a fresh code", r.Verb)
	case r.Verb != Regenerate && r.Value != "":
		return bad("%s takes no code", r.Verb)
	case r.Scope.OrExternal() != External && r.Scope != Internal:
		return bad("there is no scope %q", r.Scope)
	}
	return r, nil
}

// String tells the request without its code.
func (r Request) String() string {
	s := string(r.Verb)
	if r.Scope == Internal {
		s += " internal"
	}
	if r.Fresh {
		s += " fresh"
	}
	if r.To != "" {
		s += " to " + string(r.To)
	}
	return s + " " + r.Domain
}
