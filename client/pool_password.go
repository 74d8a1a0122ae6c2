package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/cause"
)

// A change of the password that waits for the opener.
type change struct {
	ctx  context.Context
	cred *Credentials // of the account
	pw   epp.Secret
	done chan error // has room for the one answer
}

// A doubt is a new password that the registry has or has not, in place of that of cred.
type doubt struct {
	cred *Credentials
	pw   epp.Secret
}

// of reports whether there is a doubt, and it is about these credentials.
func (d doubt) of(cred *Credentials) bool { return d.pw != "" && sameLogin(d.cred, cred) }

// sameLogin reports whether two credentials are of one account with one password.
func sameLogin(a, b *Credentials) bool {
	return a != nil && b != nil && a.ClID == b.ClID && a.PW == b.PW
}

// ChangePassword gives the account a new password, by a login of its own (RFC 5730,
// section 2.9.1.1; a password of more than 16 characters needs the option
// Credentials.Extend). The pool logs in with it from then on; sessions that are open
// stay. Store the new password before the call, beside the old one: an error for which
// [OutcomeUnknown] is true leaves it open which of the two the registry has. The pool
// then tries the new one at its next login, or before another change, and the old one only
// if that is refused, each once; [PasswordChanged] tells when it is the new one. A new
// password that the registry refuses as such, by 2306 for instance, changes nothing.
//
// It works with a pool that was stopped because the password has expired, too.
func (p *Pool) ChangePassword(ctx context.Context, pw epp.Secret) error {
	o := p.opts.Load()
	switch {
	case o.Credentials == nil:
		return &Error{Op: "login", Err: errors.New("the pool has no credentials")}
	case pw == "":
		return &Error{Op: "login", Err: errors.New("the new password is empty")}
	}
	ctx, cancel := o.within(ctx)
	defer cancel()
	c := &change{ctx: ctx, cred: o.Credentials, pw: pw, done: make(chan error, 1)}
	if err := p.ask(c); err != nil {
		return &Error{Op: "login", Err: err}
	}
	defer p.answered()
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
	case <-p.ctx.Done():
	}
	if p.withdraw(c) { // nothing was sent
		if p.ctx.Err() != nil {
			return &Error{Op: "login", Err: ErrClosed}
		}
		return &Error{Op: "login", Err: cause.Of(ctx)}
	}
	return <-c.done // the opener works with the same context
}

// ask hands a change to the opener.
func (p *Pool) ask(c *change) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.phase != running:
		return ErrClosed
	case p.opening.change != nil:
		return errors.New("another change of the password is under way")
	}
	p.opening.change = c
	p.inside++
	p.rouse()
	return nil
}

// withdraw takes back a change that the opener has not begun with.
func (p *Pool) withdraw(c *change) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.opening.change != c {
		return false
	}
	p.opening.change = nil
	return true
}

// answered lets the pool end without a change.
func (p *Pool) answered() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inside--
	p.settle()
}

// planChange is plan for a change of the password. It reports whether there is one. A doubt
// about an earlier one is resolved first; a session makes room for it where there is none.
func (p *Pool) planChange(room bool, now time.Time) (step func(), wait time.Duration, ok bool) {
	c, o := p.opening.change, p.opts.Load()
	if c == nil {
		return nil, 0, false
	}
	inDoubt := p.opening.doubt.of(o.Credentials)
	switch {
	case !inDoubt && !sameLogin(c.cred, o.Credentials):
		return p.refuse(c, errors.New("the credentials were changed meanwhile")), 0, true
	case !room:
		return p.makeRoom(), 0, true
	case inDoubt && now.Before(p.opening.retry):
		return nil, p.opening.retry.Sub(now), true
	case inDoubt:
		p.opening.busy = true
		return func() {
			p.openOne()
			p.mu.Lock()
			stopped := p.opening.stopped
			c.cred = p.opts.Load().Credentials // with the password that it is
			p.mu.Unlock()
			if stopped != nil {
				p.refuse(c, fmt.Errorf("%w: %w", ErrStopped, stopped))()
			}
		}, 0, true
	}
	p.opening.change, p.opening.busy = nil, true
	return func() { c.done <- p.carryOut(c) }, 0, true
}

// refuse is the step that answers a change of which nothing was sent.
func (p *Pool) refuse(c *change, err error) func() {
	return func() {
		if p.withdraw(c) {
			c.done <- &Error{Op: "login", Err: err}
		}
	}
}

// makeRoom is the step that logs out the session with the least to do, or nil where one is
// going already.
func (p *Pool) makeRoom() func() {
	var out *member
	for _, m := range p.members {
		if m.retiring != "" {
			return nil
		}
		if out == nil || m.load < out.load {
			out = m
		}
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.putOut(out, whyPassword)
	}
}

// carryOut logs in with a new password.
func (p *Pool) carryOut(c *change) error {
	o := p.opts.Load().own()
	cred := *c.cred
	cred.NewPW = c.pw
	o.Credentials = &cred
	ctx, cancel := context.WithCancel(c.ctx)
	defer context.AfterFunc(p.dialing, cancel)()
	defer cancel()
	m, err := p.dial(ctx, &o)
	var e *Error
	login := errors.As(err, &e) && e.Op == "login"
	switch {
	case err == nil:
		p.changed(c.cred, c.pw)
	case login && e.Fate != NotSent:
		p.mu.Lock()
		if sameLogin(c.cred, p.opts.Load().Credentials) {
			p.opening.doubt = doubt{c.cred, c.pw}
		}
		p.mu.Unlock()
	}
	if own := refusal(err) == 1 && !aboutAccount(err) || login && e.Fate == NotSent; own || err != nil && ctx.Err() != nil {
		// It is about this change alone, or was called off: another login may be good.
		p.mu.Lock()
		p.opening.busy = false
		p.settle()
		p.mu.Unlock()
	} else {
		p.opened(m, err)
	}
	return err
}

// aboutAccount reports whether a login was refused for what any login would be.
func aboutAccount(err error) bool {
	return errors.Is(err, epp.AuthenticationError) || errors.Is(err, epp.AuthenticationErrorClosing) || errors.Is(err, epp.SessionLimitExceeded)
}

// changed notes that an account has a new password in place of that of was, unless the pool
// has other credentials by now.
func (p *Pool) changed(was *Credentials, pw epp.Secret) {
	p.config.Lock()
	defer p.config.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.opts.Load().own()
	if !sameLogin(was, o.Credentials) {
		return
	}
	o.Credentials.PW, o.Credentials.NewPW = pw, ""
	p.opts.Store(&o)
	p.opening.doubt = doubt{}
	p.unstop()
	p.emit(PasswordChanged{ClID: o.Credentials.ClID})
}
