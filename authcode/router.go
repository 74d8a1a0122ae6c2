package authcode

import (
	"context"
	"fmt"
)

// A Router is a Provider that asks the one that has the domain: the one of the longest
// suffix in Suffixes, or what Lookup returns where there is no such suffix.
type Router struct {
	// Suffixes are by names such as "cz", "co.uk" or "alpha.example", in
	// canonical form ([CanonicalSuffix]); "" is for all other domains.
	Suffixes map[string]Provider
	// Lookup, unless nil, finds the provider of a domain that has no suffix in
	// Suffixes. Nil stands for none. Its error is returned as it is.
	Lookup func(ctx context.Context, domain string) (Provider, error)
}

// NewRouter makes a Router of suffixes in any form, such as ".CZ". The error names one
// that is none, or that is there twice.
func NewRouter(suffixes map[string]Provider) (*Router, error) {
	p := &Router{Suffixes: make(map[string]Provider, len(suffixes))}
	for suffix, to := range suffixes {
		name, err := CanonicalSuffix(suffix)
		if err != nil {
			return nil, fmt.Errorf("authcode: %q is not the end of the name of a domain", suffix)
		}
		if _, twice := p.Suffixes[name]; twice {
			return nil, fmt.Errorf("authcode: the suffix %q is there twice", name)
		}
		p.Suffixes[name] = to
	}
	return p, nil
}

// Choose returns the provider of a domain. The error is a Refused of class NotYours
// where there is none.
func (p *Router) Choose(ctx context.Context, domain string) (Provider, error) {
	name, err := CanonicalDomain(domain)
	if err != nil {
		return nil, err
	}
	for suffix := range suffixes(name) {
		if to := p.Suffixes[suffix]; to != nil {
			return to, nil
		}
	}
	if p.Lookup != nil {
		if to, err := p.Lookup(ctx, name); err != nil || to != nil {
			return to, err
		}
	}
	return nil, Refused{Class: NotYours, Text: "no system is known that has this domain"}
}

// Capabilities are those of the domain's provider. The error is Choose's where there is
// none.
func (p *Router) Capabilities(ctx context.Context, domain string) (Capabilities, error) {
	to, err := p.Choose(ctx, domain)
	if err != nil {
		return Capabilities{}, err
	}
	return to.Capabilities(ctx, domain)
}

// HandOver asks the domain's provider.
func (p *Router) HandOver(ctx context.Context, r Request) (Outcome, error) {
	to, err := p.Choose(ctx, r.Domain)
	if err != nil {
		return AsOutcome(nil, err)
	}
	return to.HandOver(ctx, r)
}
