package client

import (
	"errors"
	"fmt"
	"io"

	"github.com/eppkit/eppkit/epp"
)

// ErrInvalidAnswer is in the chain of every error about an answer that is not what
// the protocol has at its place: not EPP, no greeting where one is due, the answer
// to another command, a success without its data.
var ErrInvalidAnswer = errors.New("invalid answer")

// ErrClosed is in the chain of the errors of a session that was closed by Close or
// Logout.
var ErrClosed = errors.New("the session is closed")

// Fate is how far a command came.
type Fate uint8

// The fates of a command.
const (
	// NotSent: no octet of the command left this program.
	NotSent Fate = iota
	// Unknown: the server may have executed the command or not.
	Unknown
	// Answered: the command was executed, but its answer is of no use.
	Answered
)

func (f Fate) String() string {
	switch f {
	case NotSent:
		return "not sent"
	case Unknown:
		return "outcome unknown"
	}
	return "executed"
}

// An Error is anything that went wrong other than a refusal by the server.
type Error struct {
	Op     string // the step or the command: dial, tls, greeting, domain:check, …
	ClTRID string // of the command, where there is one
	Fate   Fate
	Err    error
}

func (e *Error) Error() string {
	var same *Error // such as of a dial whose error several commands share
	if e.ClTRID == "" && e.Fate == NotSent && errors.As(e.Err, &same) && same.Op == e.Op {
		return e.Err.Error()
	}
	s := "client: " + e.Op
	if e.ClTRID != "" {
		s += fmt.Sprintf(" (clTRID %s)", e.ClTRID)
	}
	switch {
	case e.Fate != NotSent:
		s += ": " + e.Fate.String()
	case e.ClTRID != "":
		s += ": not sent"
	}
	return s + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// SafeToRetry reports whether the command that failed with err was never sent, so
// that sending it again can't execute it twice: on another session, where this one
// has ended. It is false for a refusal by the server and for a command that can't
// be written, which would fail again, and for nil.
func SafeToRetry(err error) bool {
	var e, other *Error
	var field *epp.FieldError
	if !errors.As(err, &e) || e.Fate != NotSent {
		return false
	}
	// A field with a line is of an answer, which ended the session; one of another command
	// is of the login, perhaps.
	unwritable := errors.As(e.Err, &field) && field.Line == 0 && !errors.As(e.Err, &other)
	return !unwritable
}

// OutcomeUnknown reports whether the server may have executed the command that
// failed with err.
func OutcomeUnknown(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Fate == Unknown
}

// A LoginError is a login that the server refused. Err is the *epp.ResultError.
type LoginError struct {
	ClID string
	Err  error
}

func (e *LoginError) Error() string { return fmt.Sprintf("client: login of %s: %v", e.ClID, e.Err) }

func (e *LoginError) Unwrap() error { return e.Err }

// An UnreadableError is an answer that is no message of EPP, or that the Validator of the
// options refused. It is in the chain of the [*Error] of the command whose answer was due,
// of no other, and keeps the frame for who can do something with it: to put a message of
// the queue aside, say.
type UnreadableError struct {
	Err error // what is wrong with it

	frame []byte
}

func (e *UnreadableError) Error() string { return e.Err.Error() }

func (e *UnreadableError) Unwrap() error { return e.Err }

// Frame returns the answer as it came, without its header, secrets and all. It must not
// be changed.
func (e *UnreadableError) Frame() []byte { return e.frame }

// Format writes what Error says, whatever the verb: the frame may hold a secret.
func (e *UnreadableError) Format(f fmt.State, _ rune) { io.WriteString(f, e.Error()) }

var errNoGreeting = errors.New("the greeting has not been received yet; call Greet first")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrInvalidAnswer, fmt.Errorf(format, args...))
}
