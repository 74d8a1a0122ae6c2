package authcode

import (
	"context"
	"time"
)

// A Provider hands over codes. Any number of goroutines may use it at once.
//
// A Provider may also be a Describer, a Locker, an Operator, a Directory or a
// Revoker. [Find] looks for these behind a router or a wrapper too, if that is a Chooser:
// what wraps a Provider and has no Choose hides them.
type Provider interface {
	// Capabilities says what can be asked for a domain, without side effects. The
	// error is an *Error, or a Refused where there is no such domain here.
	Capabilities(ctx context.Context, domain string) (Capabilities, error)
	// HandOver carries out a request. A request that the system turns down has
	// the outcome Refused and no error. The error is an *Error.
	HandOver(ctx context.Context, r Request) (Outcome, error)
}

// A Describer tells about domains. The error is a Refused or an *Error.
type Describer interface {
	Describe(ctx context.Context, domain string) (Domain, error)
}

// A Domain is what systems tell of a domain beside its code.
type Domain struct {
	Name string
	// Locked says that a transfer is forbidden by the domain's status, whoever
	// set it; Lockable that the caller can change that.
	Locked, Lockable Truth
	Status           []string // in the system's words
	ROID             string
	Registrant       string   // contacts by their identifiers, "" for none
	Admin, Tech      []string // likewise
	Billing          []string
	NS               []string // names of the name servers
	// Created, Updated and Expires are zero where they are not known.
	Created, Updated, Expires time.Time
}

// A Truth is whether something is so, as far as a system tells. The zero Truth is that
// it does not tell, which is no No.
type Truth int8

// The truths.
const (
	Untold Truth = iota
	No
	Yes
)

// TruthOf is Yes or No.
func TruthOf(yes bool) Truth {
	if yes {
		return Yes
	}
	return No
}

func (t Truth) String() string {
	switch t {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "not told"
}

// A Locker sets and clears the lock that forbids transfers, where the caller asks for
// it in so many words: nothing in eppkit unlocks a domain by itself. The error is a
// Refused or an *Error.
type Locker interface {
	SetLock(ctx context.Context, domain string, locked bool) error
}

// An Operator says what became of an operation that was Pending. The error is an
// *Error; an operation that is not known is a Refused of class NotFound.
type Operator interface {
	Operation(ctx context.Context, domain, operation string) (Outcome, error)
}

// A Directory says where mail for a recipient goes: one address, several, or none.
// The error is a Refused or an *Error.
type Directory interface {
	Addresses(ctx context.Context, domain string, to Recipient) ([]Address, error)
}

// A Revoker ends a domain's code. The error is a Refused or an *Error.
type Revoker interface {
	Revoke(ctx context.Context, domain string) error
}

// A Chooser is a Provider made of others: it says which one has a domain. It is how
// Find looks through routers and wrappers. The error is a Refused or an *Error.
type Chooser interface {
	Choose(ctx context.Context, domain string) (Provider, error)
}

// Find returns p as a T, such as a Describer, or else the provider that p stands for
// where the domain is concerned. It is false where there is none.
func Find[T any](ctx context.Context, p Provider, domain string) (t T, ok bool, err error) {
	for p != nil {
		if t, ok := p.(T); ok {
			return t, true, nil
		}
		c, ok := p.(Chooser)
		if !ok {
			break
		}
		if p, err = c.Choose(ctx, domain); err != nil {
			return t, false, err
		}
	}
	return t, false, nil
}
