package client

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp/loginsec"
)

// An Event is something that happened to a [Pool]: one of [Opened], [Closed],
// [OpenFailed], [Limited], [Stopped], [Resumed], [ServicesChanged], [SecurityNotice] and
// [PasswordChanged]. Its String is a line for people, without secrets.
type Event interface {
	fmt.Stringer
	// Level says how much it matters: slog's Debug, Info, Warn or Error.
	Level() slog.Level
}

// Opened is a session that was opened and logged in.
type Opened struct {
	Address  string        // of the server
	Took     time.Duration // from the dial to the answer to the login
	Sessions int           // that are open now
}

// Closed is a session that is over: logged out for the reason that Why gives, or lost by
// Err.
type Closed struct {
	Address  string
	Age      time.Duration
	Why      string // "idle", "age", "closing", "configuration" or "password"; "lost" by Err
	Err      error  // also of a logout that failed
	Sessions int    // that are open now
}

// OpenFailed is a session that could not be opened, or that ended before it answered
// anything. The pool tries again.
type OpenFailed struct {
	Err      error
	Failures int           // in a row
	Retry    time.Duration // until the next attempt
}

// Limited is a login that the registry refused because there are enough sessions (2502):
// the pool keeps to those it has for a while.
type Limited struct {
	Err      error
	Sessions int           // that are open, and the limit for now
	Retry    time.Duration // until the pool tries for another one
}

// Stopped says that the pool opens no more sessions, because the next attempt would be
// refused as this one was, and might have the account locked: a login that is refused
// (2200, 2501, ...), a certificate, a name that does not exist. Somebody has to look;
// [Pool.Resume] and [Pool.Reconfigure] go on.
type Stopped struct{ Err error }

// Resumed says that a pool that was stopped opens sessions again.
type Resumed struct{}

// ServicesChanged says that a server offers other services in its greeting than the one
// before. Sessions ask for what is offered from now on.
type ServicesChanged struct {
	Address        string
	Added, Removed []string // URIs of objects and extensions
}

// SecurityNotice is what a server says with a login of what will soon not work, or does
// not any more: a password or a certificate that expires, a cipher, a protocol version,
// failed logins (RFC 8807, section 3.1).
type SecurityNotice struct {
	Address string
	loginsec.Event
}

// PasswordChanged says that the account has a new password, which the pool uses from
// now on: see [Pool.ChangePassword].
type PasswordChanged struct{ ClID string }

// Level is Info.
func (Opened) Level() slog.Level { return slog.LevelInfo }

// Level is Warn for a session that was lost, and else Info.
func (e Closed) Level() slog.Level {
	if e.Why == whyLost {
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// Level is Warn.
func (OpenFailed) Level() slog.Level { return slog.LevelWarn }

// Level is Warn.
func (Limited) Level() slog.Level { return slog.LevelWarn }

// Level is Error.
func (Stopped) Level() slog.Level { return slog.LevelError }

// Level is Info.
func (Resumed) Level() slog.Level { return slog.LevelInfo }

// Level is Warn.
func (ServicesChanged) Level() slog.Level { return slog.LevelWarn }

// Level is Warn, and Error for what does not work any more.
func (e SecurityNotice) Level() slog.Level {
	if e.Event.Level == loginsec.Error {
		return slog.LevelError
	}
	return slog.LevelWarn
}

// Level is Info.
func (PasswordChanged) Level() slog.Level { return slog.LevelInfo }

func (e Opened) String() string {
	return fmt.Sprintf("a session with %s was opened in %v; %d open", e.Address, e.Took.Round(time.Millisecond), e.Sessions)
}

func (e Closed) String() string {
	why := e.Why
	if e.Err != nil {
		why += ": " + e.Err.Error()
	}
	return fmt.Sprintf("a session with %s is over after %v (%s); %d open", e.Address, e.Age.Round(time.Second), why, e.Sessions)
}

func (e OpenFailed) String() string {
	return fmt.Sprintf("a session could not be opened, or ended before it was of use (failure %d in a row); the next attempt is in %v: %v", e.Failures, e.Retry.Round(time.Millisecond), e.Err)
}

func (e Limited) String() string {
	return fmt.Sprintf("the registry allows no more than %d sessions now; the next attempt for another one is in %v: %v", e.Sessions, e.Retry.Round(time.Second), e.Err)
}

func (e Stopped) String() string {
	return fmt.Sprintf("no more sessions are opened until somebody has looked: %v", e.Err)
}

func (Resumed) String() string { return "sessions are opened again" }

func (e ServicesChanged) String() string {
	s := "the server " + e.Address + " offers other services than before"
	if len(e.Added) > 0 {
		s += "; new: " + strings.Join(e.Added, ", ")
	}
	if len(e.Removed) > 0 {
		s += "; gone: " + strings.Join(e.Removed, ", ")
	}
	return s
}

func (e SecurityNotice) String() string { return "the registry says of the login: " + e.Event.String() }

func (e PasswordChanged) String() string { return "the password of " + e.ClID + " was changed" }

// emit has an event told. It is called with mu held.
func (p *Pool) emit(e Event) {
	if o := p.opts.Load(); p.quiet || o.OnEvent == nil && o.Log == nil {
		return
	}
	p.events = append(p.events, e)
	select {
	case p.notify <- struct{}{}:
	default:
	}
}

// tell is the notifier's goroutine, which tells events in their order.
func (p *Pool) tell() {
	defer close(p.told)
	for range p.notify {
		p.mu.Lock()
		events, o := p.events, p.opts.Load()
		p.events = nil
		p.mu.Unlock()
		for _, e := range events {
			if o.Log != nil {
				o.Log.Log(context.Background(), e.Level(), "EPP pool: "+e.String())
			}
			if o.OnEvent != nil {
				o.OnEvent(e)
			}
		}
	}
}

// silence ends the notifier, when it has told everything.
func (p *Pool) silence() {
	p.mu.Lock()
	if !p.quiet {
		p.quiet = true
		close(p.notify)
	}
	p.mu.Unlock()
	<-p.told
}
