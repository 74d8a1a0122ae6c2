package load

import (
	"context"
	"time"
)

// A Class is a kind of command that has a service level of its own.
type Class string

// The classes, as ICANN's service levels have them: login, logout and hello; what asks;
// and what changes something.
const (
	ClassSession   Class = "session"
	ClassQuery     Class = "query"
	ClassTransform Class = "transform"
)

// A Fate is how a command ended.
type Fate uint8

// The fates.
const (
	// Answered: with whatever code.
	Answered Fate = iota
	// NotSent: the server never saw it.
	NotSent
	// Unknown: it was sent, and no answer came.
	Unknown
	// Invalid: what came is no answer.
	Invalid
	// NotStarted: it was due, and there was no session or no room for it to wait.
	NotStarted
	// NoValue: there was no name for it, such as of what nothing has created yet.
	NoValue
)

var fates = [...]string{"answered", "not sent", "outcome unknown", "invalid answer", "not started", "no value"}

func (f Fate) String() string { return fates[f] }

// A Command is one that is ready to be sent.
type Command struct {
	Name    string // such as domain:check
	Class   Class
	Payload any // the target's
}

// An Outcome is what became of a command.
type Outcome struct {
	Fate Fate
	Code int   // of the answer
	Err  error // why there is none
	// Facts are values of the answer that later commands may use, such as exDate.
	Facts map[string]string
	// Parts are what the command consists of, where it is more than one; each has its
	// own line in the figures.
	Parts []Part
}

// A Part is one of several commands that were sent as one.
type Part struct {
	Name string
	Took time.Duration
	Outcome
}

// A Target is what the load is put on. Its methods are called by many goroutines.
type Target interface {
	// Open opens a session.
	Open(ctx context.Context) (Session, error)
	// Prepare makes a command of a step and its values. The time that it takes counts for
	// nothing. An error ends the run.
	Prepare(step *Step, v Values) (Command, error)
}

// A Session carries out commands, as many at once as the scenario's depth.
type Session interface {
	Do(ctx context.Context, cmd Command) Outcome
	// Done is closed when the session is over.
	Done() <-chan struct{}
	// Close ends it in order, and waits for that.
	Close(ctx context.Context) Outcome
}
