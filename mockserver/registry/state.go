package registry

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

// State is what every mock registry is built on.
type State struct {
	Clock    *Clock
	Rand     *Rand
	Hasher   *Hasher
	Accounts *Accounts
	Outbox   *Outbox
	Queue    *Queue

	opts     Options
	schema   *epp.Schema
	commands atomic.Uint64
}

// Options are what every mock registry lets its user choose.
type Options struct {
	// Clock is the registry's time; nil is the machine's.
	Clock *Clock
	// Seed decides all that is random. Two registries with the same seed,
	// fixtures and commands give the same answers.
	Seed uint64
	// HashIterations is how often passwords and authInfos are hashed; 0 means
	// DefaultIterations.
	HashIterations int
	// Extensions are namespaces that the registry speaks beside its own: it
	// announces them and understands what they hold.
	Extensions []epp.Extension
	// Routes, unless nil, binds handlers for the commands of Extensions. One
	// for a command that the registry has a handler for is an error (see
	// [mockserver.Handle]). The registry's own handlers take no notice of
	// command extensions that they don't know.
	Routes func(*mockserver.Mux)
}

// NewState makes the state of a registry that speaks these extensions and the
// options', and has these registrars and messages.
func NewState(o Options, exts []epp.Extension, registrars []Account, messages []Message) (*State, error) {
	if o.Clock == nil {
		o.Clock = SystemClock()
	}
	s := &State{
		Clock: o.Clock, Rand: NewRand(o.Seed), Outbox: new(Outbox), Queue: &Queue{Clock: o.Clock}, opts: o,
	}
	s.Hasher = &Hasher{Rand: s.Rand, Iterations: o.HashIterations}
	var err error
	if s.schema, err = epp.NewSchema(slices.Concat(exts, o.Extensions)...); err != nil {
		return nil, err
	}
	if s.Accounts, err = NewAccounts(s.Hasher, registrars); err != nil {
		return nil, err
	}
	s.Queue.load(messages)
	return s, nil
}

// Schema is what the registry speaks.
func (s *State) Schema() *epp.Schema { return s.schema }

// Routes binds the handlers that all registries share, and those of Options.Routes.
func (s *State) Routes(m *mockserver.Mux) {
	mockserver.Handle(m, s.Queue.Poll)
	if s.opts.Routes != nil {
		s.opts.Routes(m)
	}
}

// Now is the time by the registry's clock.
func (s *State) Now() time.Time { return s.Clock.Now() }

// SessionLimit is how many sessions a registrar may have open, or 0 where that is
// left to the registry's profile (see [mockserver.SessionLimiter]).
func (s *State) SessionLimit(clID string) int { return s.Accounts.SessionLimit(clID) }

// NextCommand counts commands, from 1. It is for transaction identifiers.
func (s *State) NextCommand() uint64 { return s.commands.Add(1) }
