package mockserver

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
)

// This file is where commands meet faults.

// A blow is the faults that strike one event.
type blow struct {
	ctx    context.Context // ends when the faults are reset
	faults []fault.Fault
	frame  *match.Frame
}

func (b *blow) none() bool { return b == nil || len(b.faults) == 0 }

// find returns the first fault of one of the kinds, or nil.
func (b *blow) find(kinds ...fault.Kind) *fault.Fault {
	if b.none() {
		return nil
	}
	i := slices.IndexFunc(b.faults, func(f fault.Fault) bool { return slices.Contains(kinds, f.Kind) })
	if i < 0 {
		return nil
	}
	return &b.faults[i]
}

// String names the faults, for the journal.
func (b *blow) String() string {
	if b.none() {
		return ""
	}
	names := make([]string, len(b.faults))
	for i := range b.faults {
		names[i] = string(b.faults[i].Kind)
	}
	return strings.Join(names, ", ")
}

// handled names those of the faults by which the command itself is executed otherwise: not
// at all, not for an answer, twice, or on an older state.
func (b *blow) handled() string {
	var own blow
	if !b.none() {
		for _, f := range b.faults {
			switch f.Kind {
			case fault.Reset, fault.CloseWithoutNotify, fault.HalfOpen,
				fault.CommitThenDrop, fault.DropBeforeCommit, fault.CommitTwice, fault.StaleRead:
				own.faults = append(own.faults, f)
			case fault.Result:
				if !f.Commit {
					own.faults = append(own.faults, f)
				}
			}
		}
	}
	return own.String()
}

// A struckError is a fault that ended a connection.
type struckError struct{ fault.Fault }

func (e *struckError) Error() string {
	return fmt.Sprintf("mockserver: the fault %s (%s) ended the connection", e.ID, e.Kind)
}

// strike asks for the faults of an event of this connection.
func (c *conn) strike(point fault.Point, f *match.Frame) *blow {
	if !c.srv.faults.Active() {
		return nil
	}
	ctx, struck := c.srv.faults.Strike(fault.Event{
		Point: point, Frame: f, Connection: c.number, Remote: c.sess.RemoteAddr,
	})
	if len(struck) == 0 {
		return nil
	}
	return &blow{ctx, struck, f}
}

// begin greets, unless a fault has it otherwise.
func (c *conn) begin() (end bool, err error) {
	if !c.srv.faults.Active() {
		return false, c.greet()
	}
	f := match.NewFrame(func() string { return "" })
	f.Verb, f.Session, f.ClID = fault.VerbGreeting, c.sess.ID, c.sess.CertFor
	b := c.strike(fault.Connected, f)
	if b.none() {
		return false, c.greet()
	}
	if err := c.suffer(b); err != nil {
		return true, err
	}
	if f := b.find(fault.StallBeforeGreeting); f != nil {
		c.wait(b.ctx, f.Delay)
		c.cut()
		return true, &struckError{*f}
	}
	if f := b.find(fault.LateGreeting); f != nil {
		c.wait(b.ctx, f.Delay)
	}
	if b.find(fault.MissingGreeting) != nil {
		return false, nil
	}
	c.blow = b
	err = c.greet()
	c.blow = nil
	if err != nil {
		return true, err
	}
	return false, c.spoil(b)
}

// answer enters a command into the journal, as e, executes it and answers it, under the
// faults that strike it. run executes the command, which decides on it.
func (c *conn) answer(x *Exchange, frame []byte, e Entry, run func(*Exchange) (epp.Element, error)) (end bool, err error) {
	var b *blow
	if c.srv.faults.Active() {
		f := c.matchable(x.Command, frame)
		if q, ok := x.Command.Request.(*epp.Login); ok && f.ClID == "" {
			f.ClID = q.ClID // the registrar that it is meant for
		}
		b = c.strike(fault.Commanded, f)
	}
	e.Fault = b.handled()
	c.enter(frame, e)
	if b.none() {
		data, failure := run(x)
		return c.deliver(x, data, failure)
	}
	// What was answered before is not this command's to spoil.
	if err := c.flush(); err != nil {
		return true, err
	}
	if err := c.suffer(b); err != nil {
		return true, err
	}
	if b.find(fault.Greeting) != nil {
		if err := c.greet(); err != nil {
			return true, err
		}
	}
	before := len(c.out)
	c.blow = b
	end, err = c.execute(b, x, run)
	c.blow = nil
	if err != nil {
		return true, err
	}
	return c.after(b, before, end)
}

// execute runs a command as often as the faults have it, and makes its answer.
func (c *conn) execute(b *blow, x *Exchange, run func(*Exchange) (epp.Element, error)) (end bool, err error) {
	if f := b.find(fault.StaleRead); f != nil {
		x.Stale = max(f.Stale, 1)
	}
	if f := b.find(fault.Result); f != nil {
		if f.Commit {
			_, _ = run(x)
			x.settle(false)
		}
		svTRID := x.svTRID // the one that a commit has noted
		x = c.exchange(x.Command)
		x.svTRID = svTRID
		if f.Code.OK() && f.Code.Known() {
			x.Code = f.Code
			return c.reply(x, nil, nil)
		}
		code := f.Code
		if !code.Known() || code.OK() {
			code = epp.CommandFailed // and the number is put in later
		}
		return c.reply(x, nil, epp.Refuse(code))
	}
	data, failure := run(x)
	if b.find(fault.CommitTwice) != nil {
		again := c.exchange(x.Command)
		again.Stale = x.Stale
		_, _ = run(again)
		again.settle(false)
	}
	return c.deliver(x, data, failure)
}

// deliver answers a command, or a hello.
func (c *conn) deliver(x *Exchange, data epp.Element, failure error) (end bool, err error) {
	if x.mute {
		return true, nil
	}
	if _, hello := x.Command.Request.(*epp.Hello); hello && x.script == nil {
		if failure != nil { // of a stub that has no answer after all
			c.logFailure(x, "", failure)
		}
		return false, c.greet()
	}
	return c.reply(x, data, failure)
}

// settle tells those who asked that an exchange was not answered, or was.
func (x *Exchange) settle(sent bool) {
	for _, f := range x.unsent {
		f(sent)
	}
	x.unsent = nil
}

// closes reports whether the connection ends after an answer.
func (c *conn) closes(code epp.Code) bool {
	if f := c.blow.find(fault.Result); f != nil {
		if f.Close != nil {
			return *f.Close
		}
		return f.Code.Closes()
	}
	return code.Closes()
}
