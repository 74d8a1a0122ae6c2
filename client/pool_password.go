package client

import (
	"context"
	"errors"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/cause"
)

// A change of the password that waits for the opener.
type change struct {
	ctx  context.Context
	pw   epp.Secret
	done chan error // has room for the one answer
}

// ChangePassword gives the account a new password, by a login of its own (RFC 5730,
// section 2.9.1.1; a password of more than 16 characters needs the option
// Credentials.Extend). The pool logs in with it from then on; sessions that are open
// stay. Store the new password before the call, beside the old one: an error for which
// [OutcomeUnknown] is true leaves it open which of the two the registry has. The pool
// then tries the new one at its next login, and the old one only if that is refused, each
// once; [PasswordChanged] tells when it is the new one.
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
	c := &change{ctx: ctx, pw: pw, done: make(chan error, 1)}
	if err := p.ask(c); err != nil {
		return &Error{Op: "login", Err: err}
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
	case <-p.ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.opening.change == c { // nothing was sent
		p.opening.change = nil
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
	p.rouse()
	return nil
}

// planChange is plan for a change of the password. It reports whether there is one; a
// session makes room for it where there is none.
func (p *Pool) planChange(room bool) (step func(), ok bool) {
	c := p.opening.change
	if c == nil {
		return nil, false
	}
	if !room {
		var out *member
		for _, m := range p.members {
			if m.retiring != "" {
				return nil, true // one is going
			}
			if out == nil || m.load < out.load {
				out = m
			}
		}
		return func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.putOut(out, whyPassword)
		}, true
	}
	p.opening.change, p.opening.busy = nil, true
	return func() { c.done <- p.change(c) }, true
}

// change logs in with a new password.
func (p *Pool) change(c *change) error {
	o := *p.opts.Load()
	cred := *o.Credentials
	cred.NewPW = c.pw
	o.Credentials = &cred
	ctx, cancel := context.WithCancel(c.ctx)
	defer context.AfterFunc(p.dialing, cancel)()
	defer cancel()
	m, err := p.dial(ctx, &o)
	var e *Error
	switch {
	case err == nil:
		p.changed(c.pw)
	case errors.As(err, &e) && e.Op == "login" && e.Fate != NotSent:
		p.mu.Lock()
		p.opening.doubt = c.pw
		p.mu.Unlock()
	}
	if err == nil || ctx.Err() == nil {
		p.opened(m, err)
	} else { // it was called off, which says nothing about the registry
		p.mu.Lock()
		p.opening.busy = false
		p.settle()
		p.mu.Unlock()
	}
	return err
}

// changed notes that the account has a new password.
func (p *Pool) changed(pw epp.Secret) {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := *p.opts.Load()
	cred := *o.Credentials
	cred.PW, cred.NewPW = pw, ""
	o.Credentials = &cred
	p.opts.Store(&o)
	p.opening.doubt, p.opening.stopped = "", nil
	p.emit(PasswordChanged{ClID: cred.ClID})
}
