package eppcode

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/epp/domain"
)

const (
	// tidyTimeout bounds the work on the ledger after a command. It is done even
	// when the caller has given up.
	tidyTimeout = 10 * time.Second
	// recheck is how often Run looks for entries that other processes made, and
	// how long it waits for a time that Now says never comes.
	recheck = time.Minute
	// leastWait keeps Run from spinning while Now stands still.
	leastWait = 100 * time.Millisecond
	// leastBackoff, doubled with each failure in a row, up to mostBackoff, is how
	// long Run waits after one.
	leastBackoff = time.Second
	mostBackoff  = 5 * time.Minute
)

// A term is the life of a new code, as far as the ledger knows it.
type term struct {
	p       *Provider
	entry   Entry
	earlier []Entry // of the codes before
}

// begin notes when the code that is about to be set ends.
func (p *Provider) begin(ctx context.Context, name string) (*term, error) {
	t := &term{p: p, entry: Entry{Domain: name, Due: p.opts.Now().Add(p.opts.TTL).UTC().Round(0)}}
	var err error
	if t.earlier, err = p.terms(ctx, name); err != nil {
		return nil, err
	}
	if err := p.opts.Ledger.Add(ctx, t.entry); err != nil {
		return nil, ledgerError("entries", name, err)
	}
	if p.opts.TTL < recheck { // otherwise Run looks at the ledger in time
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
	return t, nil
}

// confirm says that the code was set, and returns when it ends.
func (t *term) confirm(ctx context.Context) time.Time {
	due := t.entry.Due
	for _, e := range t.earlier {
		if !e.is(t.entry) && t.p.forget(ctx, e) != nil && !e.Untold && e.Due.Before(due) {
			due = e.Due // it stays, and will end the new code as well
		}
	}
	return due
}

// cancel says that the code was not set.
func (t *term) cancel(ctx context.Context) {
	if !slices.ContainsFunc(t.earlier, t.entry.is) {
		_ = t.p.forget(ctx, t.entry)
	}
}

// forget removes an entry, whatever became of the caller.
func (p *Provider) forget(ctx context.Context, e Entry) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTimeout)
	defer cancel()
	err := p.opts.Ledger.Remove(ctx, e)
	if err != nil {
		p.opts.Log.Error("the ledger keeps an entry that is void", "domain", e.Domain, "due", e.Due, "error", err)
	}
	return err
}

func (p *Provider) terms(ctx context.Context, name string) ([]Entry, error) {
	list, err := p.opts.Ledger.Entries(ctx, name)
	if err != nil {
		return nil, ledgerError("entries", name, err)
	}
	return list, nil
}

func ledgerError(op, name string, err error) error {
	return &authcode.Error{System: "ledger", Op: op, Domain: name, Err: err}
}

// Revoke ends a domain's code now, if it has one. See [Provider.Expire] for what that
// means where a domain has to have one.
func (p *Provider) Revoke(ctx context.Context, name string) error {
	name, err := authcode.CanonicalDomain(name)
	if err == nil {
		err = p.notHere("ends codes itself")
	}
	if err != nil {
		return err
	}
	leave, err := p.enter(ctx, name)
	if err != nil {
		return err
	}
	defer leave()
	return p.end(ctx, name)
}

// Expire ends the codes whose time is over, and returns the domains that had one. A
// domain that is gone, or another registrar's by now, is forgotten; any other failure
// is left for the next time and is part of err.
//
// A registry from before RFC 9154 may refuse that a domain has no code, whether by
// null or by an empty one. Then it gets a random one that nobody is told: Retrieve
// does not show it either, as long as the ledger remembers, and is Unset until the
// next Regenerate.
//
// A Provider for FRED has nothing to do.
func (p *Provider) Expire(ctx context.Context) (ended []string, err error) {
	if p.opts.Kind == FRED {
		return nil, nil
	}
	all, err := p.terms(ctx, "")
	if err != nil {
		return nil, err
	}
	var failed []error
	tried := make(map[string]bool)
	for _, e := range live(all) {
		if p.opts.Now().Before(e.Due) {
			break
		}
		if tried[e.Domain] {
			continue
		}
		tried[e.Domain] = true
		done, err := p.expire(ctx, e.Domain)
		switch {
		case done:
			ended = append(ended, e.Domain)
			p.opts.Log.Info("a code was ended: its time is over", "domain", e.Domain, "due", e.Due)
		case gone(err):
			p.opts.Log.Info("a code needs no end: the domain is not ours any more", "domain", e.Domain, "due", e.Due, "why", err)
		case err != nil:
			failed = append(failed, fmt.Errorf("eppcode: the code of %s could not be ended: %w", e.Domain, err))
			if unreachable(err) || ctx.Err() != nil {
				return ended, errors.Join(failed...)
			}
		}
	}
	return ended, errors.Join(failed...)
}

// expire ends the code of a domain, unless there is a new one by now.
func (p *Provider) expire(ctx context.Context, name string) (done bool, err error) {
	leave, err := p.enter(ctx, name)
	if err != nil {
		return false, err
	}
	defer leave()
	terms, err := p.terms(ctx, name)
	terms = live(terms)
	if err != nil || len(terms) == 0 || p.opts.Now().Before(terms[0].Due) {
		return false, err
	}
	err = p.end(ctx, name)
	return err == nil, err
}

// end unsets a domain's code. The entries that there were before it go: whichever of
// the codes was in force is in force no more.
func (p *Provider) end(ctx context.Context, name string) error {
	terms, err := p.terms(ctx, name)
	if err != nil {
		return err
	}
	untold := Entry{Domain: name, Due: p.opts.Now().UTC().Round(0), Untold: true}
	why := p.alter(ctx, name, domain.AuthInfoChg{Null: true})
	err = why
	if mustHave(err) {
		err = p.alter(ctx, name, domain.AuthInfoChg{}) // RFC 9154, section 5.2: empty unsets too
	}
	if mustHave(err) {
		err = p.replace(ctx, untold)
		if err != nil && !authcode.OutcomeUnknown(err) && !slices.ContainsFunc(terms, untold.is) {
			_ = p.forget(ctx, untold)
		}
		if _, refused := authcode.AsRefused(err); refused {
			err = why
		}
	}
	if err == nil || gone(err) {
		for _, e := range terms {
			if !e.is(untold) {
				_ = p.forget(ctx, e)
			}
		}
	}
	return err
}

// alter updates a domain's authInfo.
func (p *Provider) alter(ctx context.Context, name string, to domain.AuthInfoChg) error {
	return p.update(ctx, &domain.Update{Name: name, Chg: &domain.Chg{AuthInfo: &to}})
}

// mustHave reports whether a registry does not let a domain be without a code, or not
// in this way.
func mustHave(err error) bool {
	no, refused := authcode.AsRefused(err)
	return refused && (no.Class == authcode.Invalid || no.Class == authcode.Unsupported)
}

// replace ends a code by another one that nobody is told.
func (p *Provider) replace(ctx context.Context, untold Entry) error {
	value, err := authcode.Generate(p.opts.Rand, p.opts.Limits)
	if err != nil {
		return updating(untold.Domain).error(false, err)
	}
	if err := p.opts.Ledger.Add(ctx, untold); err != nil {
		return ledgerError("entries", untold.Domain, err)
	}
	return p.alter(ctx, untold.Domain, domain.AuthInfoChg{PW: value})
}

// gone reports whether a domain was refused because it is not there, or not ours.
func gone(err error) bool {
	no, refused := authcode.AsRefused(err)
	return refused && (no.Class == authcode.NotFound || no.Class == authcode.NotYours)
}

// unreachable reports whether the next domain would fail just so.
func unreachable(err error) bool {
	no, refused := authcode.AsRefused(err)
	if refused {
		return no.Class == authcode.Unauthorized || no.Class == authcode.Unavailable || no.Class == authcode.RateLimited
	}
	return authcode.SafeToRetry(err) && !errors.Is(err, errOtherProcess)
}

// Run ends each code when its time is over, until ctx ends, whose error it returns.
// What fails it logs, and tries again after a while. Of several processes that share
// a ledger one should run it.
func (p *Provider) Run(ctx context.Context) error {
	var backoff time.Duration
	for {
		_, err := p.Expire(ctx)
		var wait time.Duration
		if err == nil {
			wait, err = p.untilNext(ctx)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		wake := p.wake
		if err == nil {
			backoff = 0
		} else {
			backoff = min(max(2*backoff, leastBackoff), mostBackoff)
			wait, wake = backoff, nil
			p.opts.Log.Warn("codes could not be ended; trying again", "in", wait, "error", err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-wake:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// untilNext is how long Run can rest.
func (p *Provider) untilNext(ctx context.Context) (time.Duration, error) {
	all, err := p.terms(ctx, "")
	all = live(all)
	if err != nil || len(all) == 0 || p.opts.Kind == FRED {
		return recheck, err
	}
	return min(max(all[0].Due.Sub(p.opts.Now()), leastWait), recheck), nil
}
